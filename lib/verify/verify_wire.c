/* verify_wire.c - a report as bytes, between a worker and its parent */
#include <stdlib.h>
#include <string.h>

#include "vanthu/confine.h"
#include "vanthu/error.h"
#include "vanthu/time.h"
#include "vanthu/x509.h"
#include "verify_int.h"
#include "verify_wire.h"

/* The words that stand in a report beside reasons; all static. */
static const char *const words[] = {
	/* formats of signatures */
	"cades", "cms", "pades", "pkcs7", "pkcs1", "rfc3161", "pdf", "xades",
	"xmldsig",
	/* levels */
	"B", "T", "LT", "LTA",
	/* kinds of time stamps */
	"signature", "archive", "document", "content",
	/* an envelope's signature */
	"absent", "placeholder", "valid", "invalid", "undetermined", "unsigned"
};

enum kind {
	BOOL,
	SMALL, /* an enum or an unsigned, at most MAX */
	I64,
	U64,
	SIZE,
	SHA256,
	TEXT, /* char *, owned, or NULL */
	WORD, /* one of the above, or NULL */
	CODE, /* a reason */
	LIST, /* struct vt_list */
	MANY  /* pointer and count of structs of TABLE, at most MAX */
};

struct field {
	enum kind kind;
	size_t off;
	unsigned max;
	size_t count_off;
	const struct table *table;
};

struct table {
	size_t size; /* of the struct */
	const struct field *fields;
	size_t n;
};

#define F(type, kind, name)                                                    \
	{                                                                      \
		kind, offsetof(struct type, name), 0, 0, NULL                  \
	}
#define F_SMALL(type, name, max)                                               \
	{                                                                      \
		SMALL, offsetof(struct type, name), max, 0, NULL               \
	}
#define F_MANY(type, name, count, table, max)                                  \
	{                                                                      \
		MANY, offsetof(struct type, name), max,                        \
		    offsetof(struct type, count), table                        \
	}
#define TABLE(type, fields)                                                    \
	{                                                                      \
		sizeof(struct type), fields,                                   \
		    sizeof(fields) / sizeof(fields[0])                         \
	}

#define STAMP(kind, name) F(vt_report_stamp, kind, name)
static const struct field stamp_fields[] = {
	STAMP(WORD, kind),
	STAMP(I64, time),
	STAMP(TEXT, authority),
	F_SMALL(vt_report_stamp, verdict, VT_REPORT_INVALID),
	STAMP(CODE, reason),
};
static const struct table stamp_table = TABLE(vt_report_stamp, stamp_fields);

#define SIG(kind, name) F(vt_report_signature, kind, name)
static const struct field signature_fields[] = {
	SIG(SIZE, index),
	SIG(WORD, format),
	SIG(WORD, level),
	SIG(TEXT, field),
	F_SMALL(vt_report_signature, verdict, VT_REPORT_INVALID),
	SIG(CODE, reason),
	SIG(TEXT, detail),
	SIG(BOOL, intact),
	SIG(BOOL, have_certificate),
	SIG(SHA256, certificate_sha256),
	SIG(TEXT, signer.name),
	SIG(TEXT, signer.organization),
	SIG(TEXT, signer.unit),
	SIG(TEXT, signer.email),
	SIG(TEXT, signer.uid),
	SIG(TEXT, signer.serial),
	SIG(TEXT, issuer),
	SIG(TEXT, tree),
	SIG(LIST, path),
	SIG(I64, claimed_time),
	SIG(BOOL, claimed_shifted),
	SIG(I64, timestamp),
	SIG(I64, instant),
	F_MANY(vt_report_signature, stamps, nstamps, &stamp_table,
	    VT_VERIFY_STAMPS),
	SIG(I64, not_before),
	SIG(I64, not_after),
	F_SMALL(vt_report_signature, revocation, VT_REVOKED_YES),
	SIG(I64, revoked_at),
	F_SMALL(vt_report_signature, covers, VT_COVERS_WHOLE),
	SIG(U64, covered_to),
	SIG(BOOL, changed_after),
	SIG(LIST, changes),
	SIG(LIST, weak),
	SIG(LIST, notes),
};
static const struct table signature_table =
    TABLE(vt_report_signature, signature_fields);

#define REPORT(kind, name) F(vt_report, kind, name)
#define REPORT_FIELDS                                                          \
	REPORT(TEXT, file), REPORT(SHA256, sha256), REPORT(U64, size),         \
	    F_SMALL(vt_report, format, VT_REPORT_EDXML),                       \
	    F_SMALL(vt_report, verdict, VT_REPORT_INVALID),                    \
	    REPORT(CODE, reason), REPORT(TEXT, detail),                        \
	    REPORT(I64, judged_at), REPORT(BOOL, anchors),                     \
	    REPORT(BOOL, encrypted),                                           \
	    F_SMALL(vt_report, confined, VT_CONFINE_ALL),                      \
	    F_MANY(vt_report, signatures, nsignatures, &signature_table,       \
		VT_VERIFY_SIGNATURES),                                         \
	    REPORT(WORD, envelope_signature), REPORT(CODE, envelope_reason),   \
	    REPORT(LIST, notes)

/* An attachment has none of its own. */
static const struct field attachment_fields[] = { REPORT_FIELDS };
static const struct table attachment_table =
    TABLE(vt_report, attachment_fields);
static const struct field report_fields[] = { REPORT_FIELDS,
	F_MANY(vt_report, attachments, nattachments, &attachment_table,
	    VT_VERIFY_ATTACHMENTS) };
static const struct table report_table = TABLE(vt_report, report_fields);

/* ---- writing ---- */

static int
put(struct vt_buf *out, const void *data, size_t len, struct vt_error *err)
{
	int rc = vt_buf_put(out, data, len);

	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc != VT_OK)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the report is longer than %zu bytes", out->max);
	return VT_OK;
}

int
vt_verify_wire_put_bytes(struct vt_bytes b, struct vt_buf *out,
    struct vt_error *err)
{
	uint64_t len = b.len;
	int rc = put(out, &len, sizeof(len), err);

	return rc != VT_OK || b.len == 0 ? rc : put(out, b.data, b.len, err);
}

/* A text of no bytes and none at all are two things. */
static int
put_text(const char *s, struct vt_buf *out, struct vt_error *err)
{
	struct vt_bytes b = VT_BYTES(s, s != NULL ? strlen(s) : 0);
	unsigned char there = s != NULL;
	int rc;

	if (b.len > VT_VERIFY_TEXT_MAX)
		b.len = VT_VERIFY_TEXT_MAX;
	rc = put(out, &there, 1, err);
	return rc != VT_OK || !there ? rc
				     : vt_verify_wire_put_bytes(b, out, err);
}

static int
put_list(const struct vt_list *list, struct vt_buf *out, struct vt_error *err)
{
	size_t i,
	    n = list->n < VT_VERIFY_LIST_MAX ? list->n : VT_VERIFY_LIST_MAX;
	int rc = put(out, &n, sizeof(n), err);

	for (i = 0; i < n && rc == VT_OK; i++)
		rc = put_text(list->items[i], out, err);
	return rc;
}

static int put_many(const struct field *f, const char *base, struct vt_buf *out,
    struct vt_error *err);

static int
put_struct(const struct table *table, const char *base, struct vt_buf *out,
    struct vt_error *err)
{
	const struct field *f = table->fields;
	int rc = VT_OK;

	for (; f < table->fields + table->n && rc == VT_OK; f++) {
		const void *p = base + f->off;

		switch (f->kind) {
		case BOOL:
			rc = put(out, p, sizeof(bool), err);
			break;
		case SMALL:
			rc = put(out, p, sizeof(unsigned), err);
			break;
		case I64:
		case U64:
			rc = put(out, p, sizeof(int64_t), err);
			break;
		case SIZE:
			rc = put(out, p, sizeof(size_t), err);
			break;
		case SHA256:
			rc = put(out, p, VT_SHA256_LEN, err);
			break;
		case TEXT:
		case WORD:
		case CODE:
			rc = put_text(*(const char *const *)p, out, err);
			break;
		case LIST:
			rc = put_list(p, out, err);
			break;
		case MANY:
			rc = put_many(f, base, out, err);
			break;
		}
	}
	return rc;
}

static int
put_many(const struct field *f, const char *base, struct vt_buf *out,
    struct vt_error *err)
{
	const char *items = *(char *const *)(base + f->off);
	size_t i, n = *(const size_t *)(base + f->count_off);
	int rc = put(out, &n, sizeof(n), err);

	for (i = 0; i < n && rc == VT_OK; i++)
		rc = put_struct(f->table, items + i * f->table->size, out, err);
	return rc;
}

int
vt_verify_wire_put(const struct vt_report *r, struct vt_buf *out,
    struct vt_error *err)
{
	return put_struct(&report_table, (const char *)r, out, err);
}

/* ---- reading ---- */

static int
broken(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "the worker's report is not one");
}

static int
get(struct vt_bytes *in, void *ret, size_t len, struct vt_error *err)
{
	if (in->len < len)
		return broken(err);
	memcpy(ret, in->data, len);
	*in = vt_bytes_slice(*in, len, in->len - len);
	return VT_OK;
}

int
vt_verify_wire_get_bytes(struct vt_bytes *in, struct vt_bytes *ret,
    struct vt_error *err)
{
	uint64_t len;
	int rc;

	if ((rc = get(in, &len, sizeof(len), err)) != VT_OK)
		return rc;
	if (len > in->len)
		return broken(err);
	*ret = vt_bytes_slice(*in, 0, (size_t)len);
	*in = vt_bytes_slice(*in, (size_t)len, in->len - (size_t)len);
	return VT_OK;
}

static int
get_text(struct vt_bytes *in, struct vt_bytes *ret, bool *ret_there,
    struct vt_error *err)
{
	unsigned char there;
	int rc;

	*ret = VT_BYTES("", 0);
	if ((rc = get(in, &there, 1, err)) != VT_OK)
		return rc;
	*ret_there = there == 1;
	if (there == 0)
		return VT_OK;
	if (there != 1 ||
	    (rc = vt_verify_wire_get_bytes(in, ret, err)) != VT_OK ||
	    ret->len > VT_VERIFY_TEXT_MAX ||
	    (ret->len > 0 && memchr(ret->data, '\0', ret->len) != NULL))
		return broken(err);
	return VT_OK;
}

static int
get_copy(struct vt_bytes *in, char **ret, struct vt_error *err)
{
	struct vt_bytes text;
	bool there;
	int rc;

	if ((rc = get_text(in, &text, &there, err)) != VT_OK || !there)
		return rc;
	if ((*ret = vt_bytes_dup(text)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

static const char *
word_find(struct vt_bytes text)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (vt_bytes_equal_str(text, words[i]))
			return words[i];
	return NULL;
}

static const char *
code_find(struct vt_bytes text)
{
	const char *code;
	size_t i;

	for (i = 0; (code = vt_reason_at(i)) != NULL; i++)
		if (vt_bytes_equal_str(text, code))
			return code;
	return NULL;
}

static int
get_word(struct vt_bytes *in, const char *(*find)(struct vt_bytes),
    const char **ret, struct vt_error *err)
{
	struct vt_bytes text;
	bool there;
	int rc;

	if ((rc = get_text(in, &text, &there, err)) != VT_OK)
		return rc;
	*ret = there ? find(text) : NULL;
	return there == (*ret != NULL) ? VT_OK : broken(err);
}

static int
get_list(struct vt_bytes *in, struct vt_list *ret, struct vt_error *err)
{
	char *copy;
	size_t i, n;
	int rc;

	if ((rc = get(in, &n, sizeof(n), err)) != VT_OK)
		return rc;
	if (n > VT_VERIFY_LIST_MAX)
		return broken(err);
	for (i = 0; i < n && rc == VT_OK; i++) {
		copy = NULL;
		rc = get_copy(in, &copy, err);
		if (rc == VT_OK)
			rc = copy == NULL ? broken(err)
					  : vt_list_add(ret, copy, err);
		free(copy);
	}
	return rc;
}

static int
get_small(struct vt_bytes *in, unsigned max, void *ret, struct vt_error *err)
{
	unsigned n;
	int rc;

	if ((rc = get(in, &n, sizeof(n), err)) != VT_OK)
		return rc;
	if (n > max)
		return broken(err);
	memcpy(ret, &n, sizeof(n));
	return VT_OK;
}

static int
get_bool(struct vt_bytes *in, bool *ret, struct vt_error *err)
{
	unsigned char c;
	int rc;

	if ((rc = get(in, &c, 1, err)) != VT_OK)
		return rc;
	*ret = c == 1;
	return c > 1 ? broken(err) : VT_OK;
}

static int get_many(struct vt_bytes *in, const struct field *f, char *base,
    struct vt_error *err);

static int
get_struct(struct vt_bytes *in, const struct table *table, char *base,
    struct vt_error *err)
{
	const struct field *f = table->fields;
	int rc = VT_OK;

	for (; f < table->fields + table->n && rc == VT_OK; f++) {
		void *p = base + f->off;

		switch (f->kind) {
		case BOOL:
			rc = get_bool(in, p, err);
			break;
		case SMALL:
			rc = get_small(in, f->max, p, err);
			break;
		case I64:
		case U64:
			rc = get(in, p, sizeof(int64_t), err);
			break;
		case SIZE:
			rc = get(in, p, sizeof(size_t), err);
			break;
		case SHA256:
			rc = get(in, p, VT_SHA256_LEN, err);
			break;
		case TEXT:
			rc = get_copy(in, p, err);
			break;
		case WORD:
			rc = get_word(in, word_find, p, err);
			break;
		case CODE:
			rc = get_word(in, code_find, p, err);
			break;
		case LIST:
			rc = get_list(in, p, err);
			break;
		case MANY:
			rc = get_many(in, f, base, err);
			break;
		}
	}
	return rc;
}

/* The count grows with what is read, so that a part can be released. */
static int
get_many(struct vt_bytes *in, const struct field *f, char *base,
    struct vt_error *err)
{
	size_t n, *count = (size_t *)(base + f->count_off);
	char *items;
	int rc;

	if ((rc = get(in, &n, sizeof(n), err)) != VT_OK || n == 0)
		return rc;
	if (n > f->max)
		return broken(err);
	if ((items = calloc(n, f->table->size)) == NULL)
		return vt_error_nomem(err);
	memcpy(base + f->off, &items, sizeof(items));
	for (; *count < n && rc == VT_OK; ++*count)
		rc = get_struct(in, f->table, items + *count * f->table->size,
		    err);
	return rc;
}

/* ---- is it one that we could have written? ---- */

/* Only what has a valid part, and none worse, is valid. */
static bool
plausible_verdict(const struct vt_report *r)
{
	enum vt_report_verdict worst = VT_REPORT_NONE;
	size_t i;

	for (i = 0; i < r->nsignatures; i++)
		worst = vt_report_worst(worst, r->signatures[i].verdict);
	for (i = 0; i < r->nattachments; i++)
		worst = vt_report_worst(worst, r->attachments[i].verdict);
	if (worst == VT_REPORT_NONE)
		return r->verdict != VT_REPORT_NONE &&
		       r->verdict != VT_REPORT_VALID;
	if (r->verdict == VT_REPORT_VALID && vt_report_only_stamped(r))
		return false;
	return vt_report_worst(worst, r->verdict) == r->verdict;
}

static bool
plausible_stamp(const struct vt_report_stamp *t)
{
	if (t->kind == NULL || t->reason == NULL ||
	    t->verdict == VT_REPORT_NONE)
		return false;
	return t->verdict != VT_REPORT_VALID ||
	       (strcmp(t->reason, "ok") == 0 && t->time != VT_TIME_NONE);
}

static bool
plausible_signature(const struct vt_report_signature *s)
{
	size_t i;

	if (s->format == NULL || s->reason == NULL)
		return false;
	for (i = 0; i < s->nstamps; i++)
		if (!plausible_stamp(&s->stamps[i]))
			return false;
	if (s->verdict != VT_REPORT_VALID)
		return s->verdict != VT_REPORT_NONE;
	return s->intact && s->have_certificate && s->tree != NULL &&
	       !s->changed_after && s->revocation == VT_REVOKED_NO &&
	       strcmp(s->reason, "ok") == 0;
}

/* An envelope's own signature is told by a verdict only with its reason. */
static bool
plausible_envelope(const struct vt_report *r)
{
	const char *word = r->envelope_signature;
	int v;

	if (word == NULL || strcmp(word, "absent") == 0 ||
	    strcmp(word, "placeholder") == 0)
		return r->envelope_reason == NULL;
	for (v = VT_REPORT_VALID; v <= VT_REPORT_INVALID; v++)
		if (strcmp(word,
			vt_report_verdict_name((enum vt_report_verdict)v)) == 0)
			return r->envelope_reason != NULL;
	return false;
}

static bool
plausible(const struct vt_report *r)
{
	size_t i;

	for (i = 0; i < r->nsignatures; i++)
		if (!plausible_signature(&r->signatures[i]))
			return false;
	for (i = 0; i < r->nattachments; i++)
		if (!plausible(&r->attachments[i]))
			return false;
	return r->file != NULL && r->reason != NULL && plausible_verdict(r) &&
	       plausible_envelope(r);
}

int
vt_verify_wire_get(struct vt_bytes *in, struct vt_report *r,
    struct vt_error *err)
{
	int rc = get_struct(in, &report_table, (char *)r, err);

	if (rc == VT_OK && !plausible(r))
		return broken(err);
	return rc;
}
