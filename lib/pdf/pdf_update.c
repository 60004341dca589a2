/* pdf_update.c - incremental updates (ISO 32000-2, 7.5.6) */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"
#include "vanthu/file.h"

#define OFFSET_MAX UINT64_C(9999999999) /* ten digits in a table (7.5.4) */
#define PENDING_MAX (64u * 1024)        /* bytes gathered before a write */
#define SIZE_SLACK 1000000 /* a /Size further off is not believed */

struct put {
	struct vt_pdf_ref ref;
	struct vt_buf body;
	uint64_t off;      /* of "num gen obj", from the header */
	uint64_t body_off; /* in the file */
	size_t order;
	enum vt_pdf_xref_type kept; /* else free: an object that stays */
	uint32_t index;             /* kept in object stream OFF */
};

struct vt_pdf_update {
	struct vt_pdf *pdf;
	uint32_t highest; /* number given out, or used before */
	struct put *items;
	size_t n, cap;
	bool kept;        /* the others of a rebuilt document are among them */
	uint64_t written; /* length of the new file */
};

int
vt_pdf_update_new(struct vt_pdf *pdf, struct vt_pdf_update **ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *size =
	    vt_pdf_find(vt_pdf_trailer(pdf), "Size");
	struct vt_pdf_update *up;

	if (pdf->mode != VT_PDF_STRICT)
		return vt_error_set(err, VT_EARG, NULL,
		    "only a document without damage can be updated");
	if ((up = calloc(1, sizeof(*up))) == NULL)
		return vt_error_nomem(err);
	up->pdf = pdf;
	/*
	 * A number that something refers to, though no object has it, is not
	 * given out: the reference would come to mean our object.
	 */
	up->highest =
	    pdf->highest > pdf->referred ? pdf->highest : pdf->referred;
	if (size != NULL && size->type == VT_PDF_INT &&
	    size->u.integer > up->highest &&
	    size->u.integer <= (int64_t)up->highest + SIZE_SLACK)
		up->highest = (uint32_t)size->u.integer - 1;
	*ret = up;
	return VT_OK;
}

void
vt_pdf_update_free(struct vt_pdf_update *up)
{
	size_t i;

	if (up == NULL)
		return;
	for (i = 0; i < up->n; i++)
		vt_buf_release(&up->items[i].body);
	free(up->items);
	free(up);
}

int
vt_pdf_update_alloc(struct vt_pdf_update *up, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	if (up->highest >= PDF_NUM_HIGHEST)
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, Annex C",
		    "the document's object numbers go up to %u, and not all "
		    "readers take one above %d",
		    up->highest, PDF_NUM_HIGHEST);
	*ret = (struct vt_pdf_ref){ ++up->highest, 0 };
	return VT_OK;
}

/* BODY as it will stand in the file. */
static int
encrypted(struct vt_pdf *pdf, struct vt_pdf_ref ref, struct vt_bytes body,
    struct vt_buf *ret, struct vt_error *err)
{
	int rc;

	if (pdf->crypt != NULL) {
		vt_buf_init(ret, VT_PDF_DECODED_MAX);
		rc = vt_pdf_crypt_body(pdf, ref, body, ret, err);
	} else {
		vt_buf_init(ret, body.len);
		if ((rc = vt_buf_bytes_put(ret, body)) != VT_OK)
			vt_pdf_buf_error(rc, err);
	}
	if (rc != VT_OK)
		vt_buf_release(ret);
	return rc;
}

/* One more, the last: of no text yet. */
static int
put_new(struct vt_pdf_update *up, struct vt_pdf_ref ref, struct vt_error *err)
{
	struct put *items;
	size_t cap;

	if (up->n == up->cap) {
		cap = up->cap == 0 ? 8 : 2 * up->cap;
		items = realloc(up->items, cap * sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(err);
		up->items = items;
		up->cap = cap;
	}
	up->items[up->n] = (struct put){ .ref = ref, .order = up->n };
	up->n++;
	return VT_OK;
}

int
vt_pdf_update_put(struct vt_pdf_update *up, struct vt_pdf_ref ref,
    struct vt_bytes body, struct vt_error *err)
{
	struct vt_buf copy;
	size_t i;
	int rc;

	if ((rc = encrypted(up->pdf, ref, body, &copy, err)) != VT_OK)
		return rc;
	for (i = 0; i < up->n; i++)
		if (up->items[i].ref.num == ref.num) {
			vt_buf_release(&up->items[i].body);
			up->items[i].body = copy;
			return VT_OK;
		}
	if ((rc = put_new(up, ref, err)) != VT_OK)
		vt_buf_release(&copy);
	else
		up->items[up->n - 1].body = copy;
	return rc;
}

/* --- writing --- */

struct writer {
	struct vt_out *out;
	struct vt_buf pending;
	uint64_t pos; /* in the file, behind what is pending */
	struct vt_error *err;
};

static int
flush(struct writer *w)
{
	int rc = vt_out_write(w->out, vt_buf_bytes(&w->pending), w->err);

	vt_buf_reset(&w->pending);
	return rc;
}

static int
emit(struct writer *w, struct vt_bytes b)
{
	int rc;

	w->pos += b.len;
	if (w->pending.len + b.len > PENDING_MAX && w->pending.len > 0 &&
	    (rc = flush(w)) != VT_OK)
		return rc;
	if (b.len > PENDING_MAX)
		return vt_out_write(w->out, b, w->err);
	rc = vt_buf_bytes_put(&w->pending, b);
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, w->err);
}

static int emitf(struct writer *w, const char *fmt, ...) VT_PRINTF(2, 3);

static int
emitf(struct writer *w, const char *fmt, ...)
{
	char text[160];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return emit(w, VT_BYTES(text, (size_t)n));
}

static int
copy_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_out_write(ctx, piece, err);
}

static int
copy_source(struct vt_pdf_update *up, struct writer *w)
{
	struct vt_source *src = up->pdf->src;
	uint64_t size = vt_source_size(src);
	unsigned char last;
	int rc;

	rc = vt_source_stream(src, 0, size, copy_piece, w->out, w->err);
	if (rc != VT_OK)
		return rc;
	w->pos = size;
	if ((rc = vt_source_read(src, size - 1, &last, 1, w->err)) != VT_OK)
		return rc;
	return last == '\n' || last == '\r' ? VT_OK : emitf(w, "\n");
}

static int
write_objects(struct vt_pdf_update *up, struct writer *w)
{
	struct put *p;
	size_t i;
	int rc;

	for (i = 0; i < up->n; i++) {
		p = &up->items[i];
		if (p->kept != VT_PDF_FREE)
			continue;
		p->off = w->pos - up->pdf->header;
		if ((rc = emitf(w, "%u %u obj\n", p->ref.num, p->ref.gen)) !=
		    VT_OK)
			return rc;
		p->body_off = w->pos;
		if ((rc = emit(w, vt_buf_bytes(&p->body))) != VT_OK ||
		    (rc = emitf(w, "\nendobj\n")) != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
by_number(const void *va, const void *vb)
{
	const struct put *a = va, *b = vb;

	return a->ref.num < b->ref.num ? -1 : a->ref.num > b->ref.num;
}

static int
by_order(const void *va, const void *vb)
{
	const struct put *a = va, *b = vb;

	return a->order < b->order ? -1 : a->order > b->order;
}

/* How many items from I on have numbers without a gap. */
static size_t
run(const struct vt_pdf_update *up, size_t i)
{
	size_t n = 1;

	while (i + n < up->n &&
	       up->items[i + n].ref.num == up->items[i].ref.num + n)
		n++;
	return n;
}

/*
 * What every trailer has, and all that the last one had but the keys that
 * belong to its own section (7.5.5, Table 15; 7.5.8.2, Table 17).
 */
static int
write_trailer_keys(struct vt_pdf_update *up, struct writer *w)
{
	static const char *const own[] = { "Size", "Prev", "XRefStm", "Type",
		"W", "Index", "Length", "Filter", "DecodeParms", "DL", "F",
		"FFilter", "FDecodeParms" };
	const struct vt_pdf_obj *t = vt_pdf_trailer(up->pdf);
	struct vt_pdf_obj part = { 0 };
	struct vt_buf text;
	size_t i, k;
	int rc;

	vt_buf_init(&text, VT_PDF_OBJECT_MAX);
	rc = emitf(w, "/Size %u", up->highest + 1);
	if (rc == VT_OK && !up->pdf->rebuilt)
		rc = emitf(w, "/Prev %llu",
		    (unsigned long long)up->pdf->startxref);
	for (i = 0; i < t->u.dict.n && rc == VT_OK; i++) {
		for (k = 0; k < sizeof(own) / sizeof(own[0]); k++)
			if (vt_bytes_equal_str(t->u.dict.entries[i].key,
				own[k]))
				break;
		if (k < sizeof(own) / sizeof(own[0]))
			continue;
		if (t->u.dict.entries[i].value.end == 0) { /* nowhere */
			rc = emitf(w, "/Root %u %u R",
			    t->u.dict.entries[i].value.u.ref.num,
			    t->u.dict.entries[i].value.u.ref.gen);
			continue;
		}
		part.start = t->u.dict.entries[i].key_start;
		part.end = t->u.dict.entries[i].value.end;
		vt_buf_reset(&text);
		rc = vt_pdf_source_text(up->pdf, &part, &text, w->err);
		if (rc == VT_OK)
			rc = emit(w, vt_buf_bytes(&text));
	}
	vt_buf_release(&text);
	return rc;
}

/* The head of the list of free objects stays what it was (7.5.4). */
static uint64_t
first_free(const struct vt_pdf *pdf)
{
	size_t i;

	for (i = 0; i < pdf->nsections; i++)
		if (pdf->sections[i].n > 0 &&
		    pdf->sections[i].entries[0].num == 0)
			return pdf->sections[i].entries[0].where;
	return 0;
}

static int
write_table(struct vt_pdf_update *up, struct writer *w)
{
	uint64_t xref = w->pos - up->pdf->header, first;
	size_t i, k, n;
	int rc;

	first = first_free(up->pdf);
	rc = emitf(w, "xref\n0 1\n%010llu 65535 f \n",
	    (unsigned long long)(first <= OFFSET_MAX ? first : 0));
	for (i = 0; i < up->n && rc == VT_OK; i += n) {
		n = run(up, i);
		rc = emitf(w, "%u %zu\n", up->items[i].ref.num, n);
		for (k = i; k < i + n && rc == VT_OK; k++)
			rc = emitf(w, "%010llu %05u n \n",
			    (unsigned long long)up->items[k].off,
			    up->items[k].ref.gen);
	}
	if (rc == VT_OK)
		rc = emitf(w, "trailer\n<<");
	if (rc == VT_OK)
		rc = write_trailer_keys(up, w);
	if (rc == VT_OK)
		rc = emitf(w, ">>\nstartxref\n%llu\n%%%%EOF\n",
		    (unsigned long long)xref);
	return rc;
}

static unsigned
width(uint64_t v)
{
	unsigned n = 1;

	while (v > 0xff) {
		v >>= 8;
		n++;
	}
	return n;
}

/* Type, offset or stream, generation or index (7.5.8.3, Table 18). */
static int
write_entry(struct writer *w, unsigned char type, uint64_t off, unsigned len,
    uint32_t gen)
{
	unsigned char e[11] = { type };
	unsigned i;

	for (i = 0; i < len; i++)
		e[1 + i] = (unsigned char)(off >> (8 * (len - 1 - i)));
	e[1 + len] = (unsigned char)(gen >> 8);
	e[2 + len] = (unsigned char)gen;
	return emit(w, VT_BYTES(e, 3 + len));
}

/* The section is itself an object of the update, with the highest number. */
static int
write_stream(struct vt_pdf_update *up, struct writer *w)
{
	uint64_t xref = w->pos - up->pdf->header;
	unsigned len = width(xref > up->highest ? xref : up->highest);
	struct vt_pdf_ref self = { 0, 0 };
	size_t i, n;
	int rc;

	if ((rc = vt_pdf_update_alloc(up, &self, w->err)) != VT_OK)
		return rc;
	rc = emitf(w, "%u 0 obj\n<</Type/XRef/W[1 %u 2]/Index[", self.num, len);
	for (i = 0; i < up->n && rc == VT_OK; i += n) {
		n = run(up, i);
		rc = emitf(w, "%u %zu ", up->items[i].ref.num, n);
	}
	if (rc == VT_OK)
		rc = emitf(w, "%u 1]/Length %zu", self.num,
		    (up->n + 1) * (3 + len));
	if (rc == VT_OK)
		rc = write_trailer_keys(up, w);
	if (rc == VT_OK)
		rc = emitf(w, ">>\nstream\n");
	for (i = 0; i < up->n && rc == VT_OK; i++)
		rc = up->items[i].kept == VT_PDF_IN_STREAM
			 ? write_entry(w, 2, up->items[i].off, len,
			       up->items[i].index)
			 : write_entry(w, 1, up->items[i].off, len,
			       up->items[i].ref.gen);
	if (rc == VT_OK)
		rc = write_entry(w, 1, xref, len, 0);
	if (rc == VT_OK)
		rc = emitf(w, "\nendstream\nendobj\nstartxref\n%llu\n%%%%EOF\n",
		    (unsigned long long)xref);
	return rc;
}

static int
check_size(const struct vt_pdf_update *up, struct vt_error *err)
{
	uint64_t total = vt_source_size(up->pdf->src);
	size_t i;

	for (i = 0; i < up->n; i++)
		total += up->items[i].body.len;
	if (total > OFFSET_MAX - (1u << 20))
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 7.5.4",
		    "the file would be longer than %llu bytes",
		    (unsigned long long)OFFSET_MAX);
	return VT_OK;
}

/* Of a rebuilt document all that is there is listed, not only what is new. */
static int
keep_others(struct vt_pdf_update *up, struct vt_error *err)
{
	struct vt_pdf_xref x;
	size_t n = up->n, pos = 0, i;
	struct put *p;
	int rc;

	if (!up->pdf->rebuilt || up->kept)
		return VT_OK;
	while (vt_pdf_xref_next(up->pdf, &pos, &x)) {
		for (i = 0; i < n && up->items[i].ref.num != x.ref.num; i++)
			;
		if (i < n)
			continue;
		if ((rc = put_new(up, x.ref, err)) != VT_OK)
			return rc;
		p = &up->items[up->n - 1];
		p->kept = x.type;
		p->off = x.type == VT_PDF_IN_FILE ? x.off - up->pdf->header
						  : x.stream;
		p->index = x.index;
	}
	up->kept = true;
	return VT_OK;
}

int
vt_pdf_update_write(struct vt_pdf_update *up, struct vt_out *out,
    uint64_t *ret_off, size_t noff, struct vt_error *err)
{
	struct writer w = { .out = out, .err = err };
	size_t i;
	int rc;

	vt_buf_init(&w.pending, 2 * PENDING_MAX);
	if ((rc = keep_others(up, err)) != VT_OK ||
	    (rc = check_size(up, err)) != VT_OK ||
	    (rc = copy_source(up, &w)) != VT_OK ||
	    (rc = write_objects(up, &w)) != VT_OK)
		goto out;
	if (up->n > 0)
		qsort(up->items, up->n, sizeof(*up->items), by_number);
	rc = up->pdf->sections[0].kind == VT_PDF_XREF_STREAM
		 ? write_stream(up, &w)
		 : write_table(up, &w);
	if (up->n > 0)
		qsort(up->items, up->n, sizeof(*up->items), by_order);
	if (rc != VT_OK || (rc = flush(&w)) != VT_OK ||
	    (rc = vt_source_unchanged(up->pdf->src, err)) != VT_OK)
		goto out;
	up->written = w.pos;
	for (i = 0; i < noff && i < up->n; i++)
		ret_off[i] = up->items[i].body_off;
out:
	vt_buf_release(&w.pending);
	return rc;
}

uint64_t
vt_pdf_update_written(const struct vt_pdf_update *up)
{
	return up->written;
}
