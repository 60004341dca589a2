/* record_text.c - texts in one form, and what search works on */
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/text.h"

#include "record_int.h"

#define REPLACEMENT 0xfffd
#define D_STROKE 0x111
#define ETH 0xf0 /* stands for d with stroke in text from old code pages */

void
vt_record_chars_release(struct vt_record_chars *s)
{
	free(s->c);
	s->c = NULL;
	s->n = 0;
}

/* Bring S to a normal form of Unicode; an empty text is in all of them. */
static int
chars_normalize(struct vt_record_chars *s, uninorm_t form, struct vt_error *err)
{
	uint32_t *c;
	size_t n;

	if (s->n == 0)
		return VT_OK;
	c = u32_normalize(form, s->c, s->n, NULL, &n);
	if (c == NULL)
		return vt_error_nomem(err);
	free(s->c);
	s->c = c;
	s->n = n;
	return VT_OK;
}

int
vt_record_chars_of(struct vt_bytes text, struct vt_record_chars *ret,
    struct vt_error *err)
{
	struct vt_record_chars s = { NULL, 0 };
	size_t pos = 0, size;
	int32_t c;
	int rc;

	if (!vt_mul(text.len + 1, sizeof(*s.c), &size) ||
	    (s.c = malloc(size)) == NULL)
		return vt_error_nomem(err);
	while (pos < text.len) {
		c = vt_utf8_next(text, &pos);
		s.c[s.n++] = c < 0 ? REPLACEMENT : (uint32_t)c;
	}
	if ((rc = chars_normalize(&s, UNINORM_NFC, err)) != VT_OK) {
		vt_record_chars_release(&s);
		return rc;
	}
	*ret = s;
	return VT_OK;
}

void
vt_record_chars_lower(struct vt_record_chars *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		s->c[i] = uc_tolower(s->c[i]);
		if (s->c[i] == ETH)
			s->c[i] = D_STROKE;
	}
}

char *
vt_record_chars_text(const struct vt_record_chars *s)
{
	char *text;
	size_t i, n = 0, size;

	if (!vt_mul(s->n, 4, &size) || !vt_add(size, 1, &size) ||
	    (text = malloc(size)) == NULL)
		return NULL;
	for (i = 0; i < s->n; i++)
		n += vt_utf8_put((int32_t)s->c[i], (unsigned char *)text + n);
	text[n] = '\0';
	return text;
}

bool
vt_record_is_space(uint32_t c)
{
	return uc_is_property_white_space(c);
}

bool
vt_record_is_upper(uint32_t c)
{
	return uc_tolower(c) != c;
}

int
vt_record_clean(const char *text, char **ret, struct vt_error *err)
{
	struct vt_record_chars s = { NULL, 0 };
	struct vt_bytes b = vt_bytes_str(text);
	size_t i, n = 0;
	char *clean;
	int rc;

	if (!vt_utf8_valid(b))
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the text is not UTF-8");
	if ((rc = vt_record_chars_of(b, &s, err)) != VT_OK)
		return rc;
	for (i = 0; i < s.n; i++) {
		if (vt_record_is_space(s.c[i])) {
			if (n > 0 && s.c[n - 1] != ' ')
				s.c[n++] = ' ';
		} else if (uc_is_general_category(s.c[i], UC_CONTROL)) {
			rc = vt_error_set(err, VT_EFORMAT, NULL,
			    "the text holds a control character, U+%04X",
			    (unsigned)s.c[i]);
			goto out;
		} else
			s.c[n++] = s.c[i];
	}
	if (n > 0 && s.c[n - 1] == ' ')
		n--;
	s.n = n;
	if ((clean = vt_record_chars_text(&s)) == NULL)
		rc = vt_error_nomem(err);
	else
		*ret = clean;
out:
	vt_record_chars_release(&s);
	return rc;
}

int
vt_record_put(char **field, const char *text, struct vt_error *err)
{
	char *clean = NULL;
	int rc;

	if (text != NULL && (rc = vt_record_clean(text, &clean, err)) != VT_OK)
		return rc;
	if (clean != NULL && *clean == '\0') {
		free(clean);
		clean = NULL;
	}
	free(*field);
	*field = clean;
	return VT_OK;
}

int
vt_record_put_verbatim(char **field, const char *text, struct vt_error *err)
{
	char *clean = NULL, *copy = NULL;
	int rc;

	/* the same is refused, and the same is nothing */
	if ((rc = vt_record_put(&clean, text, err)) != VT_OK)
		return rc;
	if (clean != NULL && (copy = strdup(text)) == NULL)
		rc = vt_error_nomem(err);
	if (rc == VT_OK) {
		free(*field);
		*field = copy;
	}
	free(clean);
	return rc;
}

/* The tones in one order: grave, acute, hook, tilde, dot below. */
#define NTONES 5

static const struct {
	uint32_t plain, toned[NTONES];
} vowels[] = {
	{ 'a', { 0xe0, 0xe1, 0x1ea3, 0xe3, 0x1ea1 } },
	{ 'e', { 0xe8, 0xe9, 0x1ebb, 0x1ebd, 0x1eb9 } },
	{ 'o', { 0xf2, 0xf3, 0x1ecf, 0xf5, 0x1ecd } },
	{ 'u', { 0xf9, 0xfa, 0x1ee7, 0x169, 0x1ee5 } },
	{ 'y', { 0x1ef3, 0xfd, 0x1ef7, 0x1ef9, 0x1ef5 } },
};

/* The pairs whose tone is written on either vowel. */
static const struct {
	size_t first, second; /* into vowels */
} pairs[] = { { 2, 0 }, { 2, 1 }, { 3, 4 } };

/* Move the tone of one pair of vowels from the first to the second. */
static void
tone_place(uint32_t *c)
{
	size_t p, tone;

	for (p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++) {
		if (c[1] != vowels[pairs[p].second].plain)
			continue;
		for (tone = 0; tone < NTONES; tone++)
			if (c[0] == vowels[pairs[p].first].toned[tone]) {
				c[0] = vowels[pairs[p].first].plain;
				c[1] = vowels[pairs[p].second].toned[tone];
				return;
			}
	}
}

static int
chars_search(const char *text, struct vt_record_chars *s, struct vt_error *err)
{
	size_t i;
	int rc;

	if ((rc = vt_record_chars_of(vt_bytes_str(text), s, err)) != VT_OK)
		return rc;
	vt_record_chars_lower(s);
	for (i = 0; i + 1 < s->n; i++)
		tone_place(s->c + i);
	return VT_OK;
}

int
vt_record_lower(const char *text, char **ret, struct vt_error *err)
{
	struct vt_record_chars s = { NULL, 0 };
	char *out;
	int rc;

	if ((rc = chars_search(text, &s, err)) != VT_OK)
		return rc;
	if ((out = vt_record_chars_text(&s)) == NULL)
		rc = vt_error_nomem(err);
	else
		*ret = out;
	vt_record_chars_release(&s);
	return rc;
}

int
vt_record_fold(const char *text, char **ret, struct vt_error *err)
{
	struct vt_record_chars s = { NULL, 0 };
	size_t i, n = 0;
	char *out;
	int rc;

	if ((rc = chars_search(text, &s, err)) != VT_OK ||
	    (rc = chars_normalize(&s, UNINORM_NFD, err)) != VT_OK)
		goto out;
	for (i = 0; i < s.n; i++)
		if (!uc_is_general_category(s.c[i], UC_MARK))
			s.c[n++] = s.c[i] == D_STROKE ? 'd' : s.c[i];
	s.n = n;
	if ((rc = chars_normalize(&s, UNINORM_NFC, err)) != VT_OK)
		goto out;
	if ((out = vt_record_chars_text(&s)) == NULL)
		rc = vt_error_nomem(err);
	else
		*ret = out;
out:
	vt_record_chars_release(&s);
	return rc;
}

bool
vt_record_same(const char *a, const char *b)
{
	char *fa = NULL, *fb = NULL;
	bool same;

	same = vt_record_fold(a, &fa, NULL) == VT_OK &&
	       vt_record_fold(b, &fb, NULL) == VT_OK && strcmp(fa, fb) == 0;
	free(fa);
	free(fb);
	return same;
}
