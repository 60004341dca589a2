/* trust_algorithms.c - the dated table of what is acceptable */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trust_int.h"
#include "vanthu/algorithms.h"
#include "vanthu/digest.h"
#include "vanthu/file.h"

#define LINE_MAX_BYTES 256
#define WORDS_MAX 6
#define BITS_MAX 100000
#define WEAK_NAME 64 /* bytes of one finding */

enum kind { DIGEST, RSA_KEY, DSA_KEY, EC_KEY, ED_KEY, NKINDS };

static const char *const kinds[NKINDS] = { "digest", "rsa", "dsa", "ec", "ed" };

struct line {
	enum kind kind;
	char name[32]; /* of a digest */
	int bits;
	int64_t from, until; /* UNTIL is the first second after; or none */
};

struct vt_algorithms {
	struct line lines[VT_ALGORITHMS_LINES];
	size_t n;
	unsigned char sha256[VT_SHA256_LEN];
};

/* Words between spaces and tabs; 0 for an empty line or a comment. */
static size_t
split(char *text, char *words[WORDS_MAX + 1])
{
	size_t n = 0;
	char *p = text;

	text[strcspn(text, "#")] = '\0';
	while (n <= WORDS_MAX) {
		p += strspn(p, " \t\r");
		if (*p == '\0')
			break;
		words[n++] = p;
		p += strcspn(p, " \t\r");
		if (*p != '\0')
			*p++ = '\0';
	}
	return n;
}

static bool
read_bits(const char *text, int *ret)
{
	char *end;
	long n;

	if (text[0] < '1' || text[0] > '9')
		return false;
	n = strtol(text, &end, 10);
	if (*end != '\0' || n > BITS_MAX)
		return false;
	*ret = (int)n;
	return true;
}

/* [from DATE] [until DATE] in WORDS[0..N). */
static bool
read_dates(char *const *words, size_t n, struct line *l)
{
	struct vt_date d;
	size_t i;

	l->from = l->until = VT_TIME_NONE;
	for (i = 0; i + 1 < n; i += 2) {
		if (!vt_date_parse(words[i + 1], &d))
			return false;
		if (i == 0 && strcmp(words[i], "from") == 0)
			l->from = vt_date_start(d);
		else if (l->until == VT_TIME_NONE &&
			 strcmp(words[i], "until") == 0)
			l->until = vt_date_start(d) + 86400;
		else
			return false;
	}
	return i == n && (l->until == VT_TIME_NONE || l->from < l->until);
}

static bool
same_subject(const struct line *a, const struct line *b)
{
	return a->kind == b->kind && a->bits == b->bits &&
	       strcmp(a->name, b->name) == 0;
}

static bool
add_line(struct vt_algorithms *a, char *const *words, size_t n)
{
	struct line l = { 0 };
	size_t i;

	for (i = 0; i < NKINDS && strcmp(words[0], kinds[i]) != 0; i++)
		;
	if (i == NKINDS || n < 2)
		return false;
	l.kind = (enum kind)i;
	if (l.kind != DIGEST && !read_bits(words[1], &l.bits))
		return false;
	if (l.kind == DIGEST) {
		if (strlen(words[1]) >= sizeof(l.name))
			return false;
		memcpy(l.name, words[1], strlen(words[1]) + 1);
	}
	if (!read_dates(words + 2, n - 2, &l))
		return false;
	for (i = 0; i < a->n; i++)
		if (same_subject(&a->lines[i], &l))
			return false;
	a->lines[a->n++] = l;
	return true;
}

static int
parse_line(struct vt_algorithms *a, struct vt_bytes text, size_t number,
    struct vt_error *err)
{
	char line[LINE_MAX_BYTES], *words[WORDS_MAX + 1];
	size_t n;

	if (text.len >= sizeof(line) || memchr(text.data, 0, text.len) != NULL)
		goto bad;
	memcpy(line, text.data, text.len);
	line[text.len] = '\0';
	if ((n = split(line, words)) == 0)
		return VT_OK;
	if (a->n == VT_ALGORITHMS_LINES)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d algorithms", VT_ALGORITHMS_LINES);
	if (n <= WORDS_MAX && add_line(a, words, n))
		return VT_OK;
bad:
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "line %zu is not an algorithm with its dates", number);
}

int
vt_algorithms_parse(struct vt_bytes text, struct vt_algorithms **ret,
    struct vt_error *err)
{
	struct vt_algorithms *a;
	size_t at = 0, end, number = 0;
	int rc;

	if (text.len > VT_ALGORITHMS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "longer than %u bytes", VT_ALGORITHMS_MAX);
	if ((a = calloc(1, sizeof(*a))) == NULL)
		return vt_error_nomem(err);
	rc = vt_sha256(text, a->sha256, err);
	while (at < text.len && rc == VT_OK) {
		end = vt_bytes_find(text, at, "\n");
		if (end == SIZE_MAX)
			end = text.len;
		rc = parse_line(a, vt_bytes_slice(text, at, end - at), ++number,
		    err);
		at = end + 1;
	}
	if (rc != VT_OK) {
		vt_algorithms_free(a);
		return rc;
	}
	*ret = a;
	return VT_OK;
}

int
vt_algorithms_new(struct vt_algorithms **ret, struct vt_error *err)
{
	return vt_algorithms_parse(vt_bytes_str(vt_trust_algorithms_text), ret,
	    err);
}

int
vt_algorithms_read(const char *path, struct vt_algorithms **ret,
    struct vt_error *err)
{
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, VT_ALGORITHMS_MAX + 1);
	rc = vt_file_read(path, VT_ALGORITHMS_MAX, &text, err);
	if (rc == VT_OK &&
	    (rc = vt_algorithms_parse(vt_buf_bytes(&text), ret, err)) != VT_OK)
		vt_error_prefix(err, path);
	vt_buf_release(&text);
	return rc;
}

void
vt_algorithms_free(struct vt_algorithms *a)
{
	free(a);
}

const unsigned char *
vt_algorithms_sha256(const struct vt_algorithms *a)
{
	return a->sha256;
}

static bool
in_force(const struct line *l, int64_t at)
{
	return l != NULL && at >= l->from &&
	       (l->until == VT_TIME_NONE || at < l->until);
}

bool
vt_algorithms_digest(const struct vt_algorithms *a, const char *name,
    int64_t at)
{
	size_t i;

	if (name == NULL)
		return false;
	if (name[0] == '\0')
		return true;
	for (i = 0; i < a->n; i++)
		if (a->lines[i].kind == DIGEST &&
		    strcmp(a->lines[i].name, name) == 0)
			return in_force(&a->lines[i], at);
	return false;
}

static enum kind
kind_of(enum vt_key_type type)
{
	switch (type) {
	case VT_KEY_RSA:
	case VT_KEY_RSA_PSS:
		return RSA_KEY;
	case VT_KEY_DSA:
		return DSA_KEY;
	case VT_KEY_EC:
		return EC_KEY;
	case VT_KEY_ED:
		return ED_KEY;
	case VT_KEY_OTHER:
		break;
	}
	return NKINDS;
}

bool
vt_algorithms_key(const struct vt_algorithms *a, enum vt_key_type type,
    int bits, int64_t at)
{
	const struct line *l, *best = NULL;
	size_t i;

	for (i = 0; i < a->n; i++) {
		l = &a->lines[i];
		if (l->kind == kind_of(type) && l->bits <= bits &&
		    (best == NULL || l->bits > best->bits))
			best = l;
	}
	return in_force(best, at);
}

/* ---- findings ---- */

static int
weak_add(struct vt_list *weak, const char *name, struct vt_error *err)
{
	size_t i;

	for (i = 0; i < weak->n; i++)
		if (strcmp(weak->items[i], name) == 0)
			return VT_OK;
	return vt_list_add(weak, name, err);
}

int
vt_algorithms_weak_digest(const struct vt_algorithms *a, const char *name,
    int64_t at, struct vt_list *weak, struct vt_error *err)
{
	if (vt_algorithms_digest(a, name, at))
		return VT_OK;
	return weak_add(weak, name != NULL ? name : "unknown-digest", err);
}

int
vt_algorithms_weak_key(const struct vt_algorithms *a,
    const struct vt_cert *cert, int64_t at, struct vt_list *weak,
    struct vt_error *err)
{
	enum kind kind = kind_of(vt_cert_key_type(cert));
	int bits = vt_cert_key_bits(cert);
	char name[WEAK_NAME];

	if (kind == NKINDS)
		return weak_add(weak, "unknown-key", err);
	if (vt_algorithms_key(a, vt_cert_key_type(cert), bits, at))
		return VT_OK;
	snprintf(name, sizeof(name), "%s-%d", kinds[kind], bits);
	return weak_add(weak, name, err);
}
