/* pdf_sign.c - an update with a signature whose value comes later (12.8.1) */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pdf_int.h"
#include "pdf_sign.h"
#include "vanthu/encode.h"
#include "vanthu/file.h"
#include "vanthu/time.h"

#define RANGE_DIGITS 10 /* enough for the longest file that we write */
#define PIECE (64u * 1024)

struct vt_pdf_signing {
	struct vt_out *out;
	struct vt_source *src; /* what OUT begins with */
	uint64_t range[4];
	uint64_t hole_off; /* behind the "<" */
	size_t hole;       /* bytes of DER */
};

/* Where the parts to be filled in stand within the dictionary's text. */
struct places {
	size_t range;
	size_t contents;
};

static int
put_text(struct vt_buf *b, const char *key, const char *text)
{
	int rc;

	if (text == NULL)
		return VT_OK;
	rc = vt_buf_puts(b, key);
	return rc == VT_OK ? vt_pdf_text_put(b, text) : rc;
}

/* 7.9.4, with the working zone of the offices. */
static int
put_date(struct vt_buf *b, int64_t when)
{
	char t[VT_TIME_TEXT];

	if (when == VT_TIME_NONE)
		return VT_OK;
	vt_time_local(when, t); /* 2026-11-23T09:15:30+07:00 */
	return vt_buf_printf(b, "/M(D:%.4s%.2s%.2s%.2s%.2s%.2s+07'00)", t,
	    t + 5, t + 8, t + 11, t + 14, t + 17);
}

static int
put_zeros(struct vt_buf *b, size_t n)
{
	int rc = vt_buf_reserve(b, n);

	for (; n > 0 && rc == VT_OK; n--)
		rc = vt_buf_putc(b, '0');
	return rc;
}

/*
 * What is to be filled in comes before all strings: those grow where the
 * document is encrypted.
 */
static int
signature_text(const struct vt_pdf_sign *how, const struct pdf_target *target,
    struct vt_pdf_ref catalog, struct vt_buf *b, struct places *at)
{
	bool claims = !how->timestamp;
	int rc;

	rc = vt_buf_puts(b,
	    claims ? "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/"
		     "ETSI.CAdES.detached/ByteRange[0 "
		   : "<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/"
		     "ETSI.RFC3161/ByteRange[0 ");
	at->range = b->len;
	if (rc == VT_OK)
		rc = vt_buf_printf(b, "%*d %*d %*d]/Contents<", RANGE_DIGITS, 0,
		    RANGE_DIGITS, 0, RANGE_DIGITS, 0);
	at->contents = b->len;
	if (rc == VT_OK)
		rc = put_zeros(b, 2 * how->hole);
	if (rc == VT_OK)
		rc = vt_buf_puts(b, ">");
	if (rc == VT_OK && claims)
		rc = put_text(b, "/Name", how->name);
	if (rc == VT_OK && claims)
		rc = put_text(b, "/Reason", how->reason);
	if (rc == VT_OK && claims)
		rc = put_text(b, "/Location", how->location);
	if (rc == VT_OK && claims)
		rc = put_date(b, how->when);
	if (rc == VT_OK)
		rc = vt_pdf_lock_put(b, target->lock, catalog);
	if (rc == VT_OK)
		rc = vt_buf_puts(b, ">>");
	return rc;
}

static int
fill_update(struct pdf_signing *s, const struct pdf_target *target,
    struct places *at, struct vt_error *err)
{
	const struct vt_pdf_obj *obj;
	struct vt_pdf_ref value, catalog;
	struct vt_buf text;
	int rc;

	if ((rc = vt_pdf_catalog(s->pdf, &obj, &catalog, err)) != VT_OK ||
	    (rc = vt_pdf_update_alloc(s->up, &value, err)) != VT_OK)
		return rc;
	vt_buf_init(&text, VT_PDF_OBJECT_MAX);
	if ((rc = signature_text(s->how, target, catalog, &text, at)) != VT_OK)
		rc = vt_pdf_buf_error(rc, err);
	else /* the first: its offset comes back first */
		rc = vt_pdf_update_put(s->up, value, vt_buf_bytes(&text), err);
	vt_buf_release(&text);
	if (rc != VT_OK ||
	    (rc = vt_pdf_sign_field(s, target, value, err)) != VT_OK ||
	    (rc = vt_pdf_sign_parts(s, err)) != VT_OK ||
	    (rc = vt_pdf_sign_pages(s, err)) != VT_OK)
		return rc;
	return vt_pdf_sign_form(s, err);
}

static int
patch_range(struct vt_pdf_signing *s, uint64_t off, struct vt_error *err)
{
	char text[64];
	int n;

	n = snprintf(text, sizeof(text), "%*llu %*llu %*llu", RANGE_DIGITS,
	    (unsigned long long)s->range[1], RANGE_DIGITS,
	    (unsigned long long)s->range[2], RANGE_DIGITS,
	    (unsigned long long)s->range[3]);
	return vt_out_patch(s->out, off, VT_BYTES(text, (size_t)n), err);
}

static int
write_all(struct vt_pdf *pdf, const struct vt_pdf_sign *how,
    const struct pdf_target *target, struct vt_pdf_signing *s,
    struct vt_error *err)
{
	struct pdf_signing make = { .pdf = pdf, .how = how };
	struct vt_pdf_update *up = NULL;
	struct places at = { 0, 0 };
	uint64_t body = 0;
	int rc;

	if ((rc = vt_pdf_update_new(pdf, &up, err)) != VT_OK)
		goto out;
	make.up = up;
	if ((rc = fill_update(&make, target, &at, err)) != VT_OK ||
	    (rc = vt_pdf_update_write(up, s->out, &body, 1, err)) != VT_OK)
		goto out;
	/* 12.8.1: all but the string of /Contents, its delimiters included. */
	s->hole_off = body + at.contents;
	s->hole = how->hole;
	s->range[0] = 0;
	s->range[1] = s->hole_off - 1;
	s->range[2] = s->hole_off + 2 * (uint64_t)how->hole + 1;
	s->range[3] = vt_pdf_update_written(up) - s->range[2];
	rc = patch_range(s, body + at.range, err);
out:
	vt_pdf_update_free(up);
	return rc;
}

static int
check_form(struct vt_pdf *pdf, struct vt_error *err)
{
	const struct vt_pdf_obj *form, *xfa;
	int rc;

	if ((rc = vt_pdf_form(pdf, &form, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, form, "XFA", &xfa, err)) != VT_OK)
		return rc;
	if (xfa->type != VT_PDF_NULL)
		return vt_error_set(err, VT_EUNSUPPORTED, "ISO 32000-2, 12.7.3",
		    "the form is XFA, which shows what a signature in the PDF "
		    "does not speak of");
	return VT_OK;
}

/* Whoever signed it saw something, and nobody knows what that was. */
static int
check_rebuilt(const struct vt_pdf *pdf, const struct vt_pdf_sigfields *all,
    struct vt_error *err)
{
	size_t i;

	for (i = 0; i < all->n && pdf->repaired; i++)
		if (all->items[i].is_signed)
			return vt_error_set(err, VT_EFORMAT,
			    "ISO 32000-2, 7.5.4",
			    "what is signed already is not repaired");
	return VT_OK;
}

/* The signature's own field, and those that come with it. */
static int
check_locked(const struct vt_pdf_sigfields *all, const struct vt_pdf_sign *how,
    const struct pdf_target *target, struct vt_error *err)
{
	size_t i;
	int rc;

	rc = vt_pdf_sign_unlocked(all,
	    target->field.num != 0 ? how->field : target->name, err);
	for (i = 0; i < how->nparts && rc == VT_OK; i++)
		rc = vt_pdf_sign_unlocked(all, how->parts[i].name, err);
	return rc;
}

int
vt_pdf_sign_prepare(struct vt_pdf *pdf, const struct vt_pdf_sign *how,
    struct vt_out *out, struct vt_pdf_signing **ret, struct vt_error *err)
{
	struct vt_pdf_sigfields all = { 0 };
	struct vt_pdf_signing *s = NULL;
	struct pdf_target *target = NULL;
	size_t mark = vt_pdf_mark(pdf);
	int rc;

	if (how->hole == 0 || how->hole > VT_PDF_HOLE_MAX ||
	    pdf->mode != VT_PDF_STRICT)
		return vt_error_set(err, VT_EARG, NULL,
		    "a signature needs room, and a document without damage");
	s = calloc(1, sizeof(*s));
	target = malloc(sizeof(*target));
	if (s == NULL || target == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	s->out = out;
	s->src = pdf->src;
	if ((rc = vt_pdf_check_all(pdf, err)) != VT_OK ||
	    (rc = check_form(pdf, err)) != VT_OK ||
	    (rc = vt_pdf_sigfields_read(pdf, &all, err)) != VT_OK ||
	    (rc = vt_pdf_sign_allowed(pdf, &all, err)) != VT_OK ||
	    (rc = check_rebuilt(pdf, &all, err)) != VT_OK ||
	    (rc = vt_pdf_sign_target(pdf, how, &all, target, err)) != VT_OK ||
	    (rc = check_locked(&all, how, target, err)) != VT_OK ||
	    (rc = vt_pdf_sign_permitted(pdf, vt_pdf_sign_adds(how, target),
		 err)) != VT_OK ||
	    (vt_pdf_sign_shows(how, target) &&
		(rc = vt_pdf_sign_may_show(pdf, &all, err)) != VT_OK) ||
	    (rc = write_all(pdf, how, target, s, err)) != VT_OK)
		goto out;
	*ret = s;
	s = NULL;
out:
	vt_pdf_rewind(pdf, mark);
	vt_pdf_sigfields_release(&all);
	free(target);
	vt_pdf_signing_free(s);
	return rc;
}

/*
 * A copy in memory, which nobody can have changed, was written as it is, and
 * need not be read back.  *RET is how much of [0, LEN) was handed on.
 */
static int
stream_source(struct vt_pdf_signing *s, uint64_t len,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, uint64_t *ret, struct vt_error *err)
{
	uint64_t size = vt_source_size(s->src);

	*ret = 0;
	if (vt_source_descriptor(s->src) >= 0)
		return VT_OK;
	*ret = len < size ? len : size;
	return vt_source_stream(s->src, 0, *ret, fn, ctx, err);
}

static int
stream_range(struct vt_pdf_signing *s, uint64_t off, uint64_t len,
    unsigned char *buf,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	size_t want;
	ssize_t n;
	int rc;

	while (len > 0) {
		want = len < PIECE ? (size_t)len : PIECE;
		n = pread(vt_out_fd(s->out), buf, want, (off_t)off);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vt_error_io(err, "cannot read what was written");
		if (n == 0)
			return vt_error_set(err, VT_EIO, NULL,
			    "the file being written has become shorter");
		rc = fn(ctx, VT_BYTES(buf, (size_t)n), err);
		if (rc != VT_OK)
			return rc;
		off += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return VT_OK;
}

int
vt_pdf_sign_stream(struct vt_pdf_signing *s,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	uint64_t done;
	unsigned char *buf;
	int rc;

	if ((buf = malloc(PIECE)) == NULL)
		return vt_error_nomem(err);
	rc = stream_source(s, s->range[1], fn, ctx, &done, err);
	if (rc == VT_OK)
		rc = stream_range(s, done, s->range[1] - done, buf, fn, ctx,
		    err);
	if (rc == VT_OK)
		rc = stream_range(s, s->range[2], s->range[3], buf, fn, ctx,
		    err);
	free(buf);
	return rc;
}

void
vt_pdf_sign_range(const struct vt_pdf_signing *s, uint64_t ret[4])
{
	memcpy(ret, s->range, sizeof(s->range));
}

int
vt_pdf_sign_finish(struct vt_pdf_signing *s, struct vt_bytes der,
    struct vt_error *err)
{
	char *hex;
	int rc;

	if (der.len > s->hole)
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 12.8.1",
		    "the signature has %zu bytes, and room is only for %zu",
		    der.len, s->hole);
	if ((hex = malloc(2 * der.len + 1)) == NULL)
		return vt_error_nomem(err);
	vt_hex(der, hex);
	rc = vt_out_patch(s->out, s->hole_off, VT_BYTES(hex, 2 * der.len), err);
	free(hex);
	return rc;
}

void
vt_pdf_signing_free(struct vt_pdf_signing *s)
{
	free(s);
}
