/* record_organ.c - names of agencies, compared softly */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"

#define KEY_MAX 8192 /* bytes */

static const struct {
	const char *word, *means; /* without marks */
	const char *marked;       /* what it means, with them */
} abbreviations[] = {
	{ "hdnd", "hoi dong nhan dan", "hội đồng nhân dân" },
	{ "hđnd", "hoi dong nhan dan", "hội đồng nhân dân" },
	{ "ubnd", "uy ban nhan dan", "uỷ ban nhân dân" },
	{ "ubmttq", "uy ban mat tran to quoc", "uỷ ban mặt trận tổ quốc" },
	{ "tp", "thanh pho", "thành phố" },
	{ "tx", "thi xa", "thị xã" },
	{ "tt", "thi tran", "thị trấn" },
};

static int
put_word(struct vt_buf *key, const char *word, size_t len, bool marked)
{
	size_t i, n = sizeof(abbreviations) / sizeof(abbreviations[0]);
	int rc = key->len > 0 ? vt_buf_putc(key, ' ') : VT_OK;

	for (i = 0; i < n; i++)
		if (strlen(abbreviations[i].word) == len &&
		    memcmp(abbreviations[i].word, word, len) == 0)
			break;
	if (rc != VT_OK)
		return rc;
	if (i < n)
		return vt_buf_puts(key,
		    marked ? abbreviations[i].marked : abbreviations[i].means);
	return vt_buf_put(key, word, len);
}

/* Letters of other scripts stand as they are. */
static bool
in_word(char c)
{
	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c);
}

static bool
is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

/* The words of TEXT, which is in lower case already. */
static int
key_of(const char *text, bool marked, char **ret, struct vt_error *err)
{
	const char *p, *end;
	struct vt_buf key;
	int rc;

	vt_buf_init(&key, KEY_MAX);
	rc = vt_buf_puts(&key, "");
	for (p = text; *p != '\0' && rc == VT_OK; p = end) {
		while (*p != '\0' && !in_word(*p))
			p++;
		for (end = p; in_word(*end); end++)
			;
		if (end > p)
			rc = put_word(&key, p, (size_t)(end - p), marked);
	}
	if (rc == VT_ELIMIT) /* no agency is called so */
		vt_buf_reset(&key);
	else if (rc != VT_OK) {
		vt_buf_release(&key);
		return vt_error_nomem(err);
	}
	*ret = strdup(vt_buf_str(&key));
	vt_buf_release(&key);
	return *ret != NULL ? VT_OK : vt_error_nomem(err);
}

int
vt_record_organ_key(const char *name, char **ret, struct vt_error *err)
{
	char *folded = NULL;
	int rc;

	if ((rc = vt_record_fold(name, &folded, err)) == VT_OK)
		rc = key_of(folded, false, ret, err);
	free(folded);
	return rc;
}

int
vt_record_organ_name(const char *name, char **ret, struct vt_error *err)
{
	char *lower = NULL;
	int rc;

	if ((rc = vt_record_lower(name, &lower, err)) == VT_OK)
		rc = key_of(lower, !is_ascii(lower), ret, err);
	free(lower);
	return rc;
}

bool
vt_record_organ_same(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return true;
	return (is_ascii(a) || is_ascii(b)) && vt_record_same(a, b);
}
