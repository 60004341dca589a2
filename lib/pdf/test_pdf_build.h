/* test_pdf_build.h - small PDFs, made in the tests */
#ifndef TEST_PDF_BUILD_H
#define TEST_PDF_BUILD_H

#include "test_util.h"

#include <stdarg.h>
#include <zlib.h>

#include "vanthu/pdf.h"
#include "vanthu/source.h"

#define BUILD_MAX (128u << 20)
#define BUILD_OBJECTS 640

struct build {
	struct vt_buf b;
	size_t off[BUILD_OBJECTS]; /* 0: free, or within a stream */
	size_t junk;               /* bytes before the header */
	size_t last;               /* the last section's offset */
};

static inline void
build_begin(struct build *p, const char *junk)
{
	memset(p, 0, sizeof(*p));
	vt_buf_init(&p->b, BUILD_MAX);
	p->junk = strlen(junk);
	assert_int_equal(vt_buf_puts(&p->b, junk), VT_OK);
	assert_int_equal(vt_buf_puts(&p->b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
	    VT_OK);
}

static inline void build_text(struct build *p, const char *fmt, ...)
    VT_PRINTF(2, 3);

static inline void
build_text(struct build *p, const char *fmt, ...)
{
	char text[4096];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	assert_in_range(n, 0, sizeof(text) - 1);
	assert_int_equal(vt_buf_put(&p->b, text, (size_t)n), VT_OK);
}

static inline void
build_object(struct build *p, unsigned num, const char *body)
{
	p->off[num] = p->b.len - p->junk;
	build_text(p, "%u 0 obj\n", num);
	assert_int_equal(vt_buf_puts(&p->b, body), VT_OK);
	build_text(p, "\nendobj\n");
}

static inline void
build_stream(struct build *p, unsigned num, const char *keys,
    struct vt_bytes data)
{
	p->off[num] = p->b.len - p->junk;
	build_text(p, "%u 0 obj\n<<%s/Length %zu>>\nstream\n", num, keys,
	    data.len);
	assert_int_equal(vt_buf_bytes_put(&p->b, data), VT_OK);
	build_text(p, "\nendstream\nendobj\n");
}

/* A table of objects FROM to TO, and its trailer; the file could end here. */
static inline void
build_table(struct build *p, unsigned from, unsigned to, const char *keys)
{
	size_t xref = p->b.len - p->junk;
	unsigned i;

	build_text(p, "xref\n%u %u\n", from, to - from + 1);
	for (i = from; i <= to; i++)
		if (p->off[i] == 0)
			build_text(p, "0000000000 %s f \n",
			    i == 0 ? "65535" : "00000");
		else
			build_text(p, "%010zu 00000 n \n", p->off[i]);
	build_text(p, "trailer\n<</Size %u%s>>\nstartxref\n%zu\n%%%%EOF\n",
	    to + 1, keys, xref);
	p->last = xref;
}

/* Rows of a cross-reference stream with /W[1 4 2]. */
static inline void
build_row(struct vt_buf *rows, unsigned type, size_t a, unsigned b)
{
	unsigned char r[7] = { (unsigned char)type, (unsigned char)(a >> 24),
		(unsigned char)(a >> 16), (unsigned char)(a >> 8),
		(unsigned char)a, (unsigned char)(b >> 8), (unsigned char)b };

	assert_int_equal(vt_buf_put(rows, r, sizeof(r)), VT_OK);
}

/*
 * The stream object NUM with ROWS; KEYS has /Index, /Root and so on.  Without
 * END a table is to follow that refers to it.
 */
static inline size_t
build_xref_stream(struct build *p, unsigned num, const char *keys,
    struct vt_bytes rows, bool end)
{
	size_t xref = p->b.len - p->junk;
	char all[512];

	snprintf(all, sizeof(all), "/Type/XRef/W[1 4 2]%s", keys);
	build_stream(p, num, all, rows);
	if (end) {
		build_text(p, "startxref\n%zu\n%%%%EOF\n", xref);
		p->last = xref;
	}
	return xref;
}

static inline void
build_deflate(struct vt_bytes data, struct vt_buf *ret)
{
	uLongf len = compressBound((uLong)data.len);

	vt_buf_init(ret, BUILD_MAX);
	assert_int_equal(vt_buf_reserve(ret, len), VT_OK);
	assert_int_equal(compress2(ret->data, &len, data.data, (uLong)data.len,
			     1),
	    Z_OK);
	ret->len = len;
}

/* One page; objects 1 to 4. */
static inline void
build_page(struct build *p)
{
	build_object(p, 1, "<</Type/Catalog/Pages 2 0 R>>");
	build_object(p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	build_object(p, 3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>");
	build_stream(p, 4, "", VT_BYTES_LIT("0 0 m 10 10 l S"));
}

static inline void
build_minimal(struct build *p)
{
	build_begin(p, "");
	build_page(p);
	build_table(p, 0, 4, "/Root 1 0 R");
}

/* The same in a cross-reference stream, all but 4 in object stream 5. */
static inline void
build_compressed(struct build *p)
{
	static const char catalog[] = "<</Type/Catalog/Pages 2 0 R>>";
	static const char pages[] = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
	static const char page[] = "<</Type/Page/Parent 2 0 R/MediaBox"
				   "[0 0 200 200]/Contents 4 0 R>>";
	struct vt_buf rows, data, packed;
	char head[64], keys[64];

	build_begin(p, "");
	vt_buf_init(&rows, 4096);
	vt_buf_init(&data, 4096);
	build_stream(p, 4, "", VT_BYTES_LIT("0 0 m 10 10 l S"));
	snprintf(head, sizeof(head), "1 0 2 %zu 3 %zu ", sizeof(catalog),
	    sizeof(catalog) + sizeof(pages));
	vt_buf_printf(&data, "%s%s %s %s", head, catalog, pages, page);
	build_deflate(vt_buf_bytes(&data), &packed);
	snprintf(keys, sizeof(keys),
	    "/Type/ObjStm/N 3/First %zu/Filter/FlateDecode", strlen(head));
	build_stream(p, 5, keys, vt_buf_bytes(&packed));
	build_row(&rows, 0, 0, 65535);
	build_row(&rows, 2, 5, 0);
	build_row(&rows, 2, 5, 1);
	build_row(&rows, 2, 5, 2);
	build_row(&rows, 1, p->off[4], 0);
	build_row(&rows, 1, p->off[5], 0);
	build_row(&rows, 1, p->b.len, 0);
	build_xref_stream(p, 6, "/Size 7/Root 1 0 R", vt_buf_bytes(&rows),
	    true);
	vt_buf_release(&rows);
	vt_buf_release(&data);
	vt_buf_release(&packed);
}

/* --- using them --- */

struct open {
	struct vt_source *src;
	struct vt_pdf *pdf;
	struct vt_error err;
};

static inline int
open_bytes(struct open *o, struct vt_bytes b, enum vt_pdf_mode mode)
{
	memset(o, 0, sizeof(*o));
	assert_vt_ok(vt_source_bytes(b, &o->src, &o->err), &o->err);
	return vt_pdf_open(o->src, mode, &o->pdf, &o->err);
}

static inline void
open_close(struct open *o)
{
	vt_pdf_free(o->pdf);
	vt_source_free(o->src);
}

static inline void
open_ok(struct open *o, const struct build *p, enum vt_pdf_mode mode)
{
	assert_vt_ok(open_bytes(o, vt_buf_bytes(&p->b), mode), &o->err);
}

static inline void
open_fails(const struct build *p, enum vt_pdf_mode mode, enum vt_code code,
    const char *clause)
{
	struct open o;
	int rc = open_bytes(&o, vt_buf_bytes(&p->b), mode);

	if (clause != NULL)
		assert_error_clause(rc, &o.err, code, clause);
	else
		assert_vt_error(rc, &o.err, code);
	assert_null(o.pdf);
	open_close(&o);
}

static inline const struct vt_pdf_obj *
get(struct open *o, unsigned num)
{
	struct vt_pdf_ref ref = { num, 0 };
	const struct vt_pdf_obj *obj = NULL;

	assert_vt_ok(vt_pdf_get(o->pdf, ref, &obj, &o->err), &o->err);
	return obj;
}

static inline void
get_fails(struct open *o, unsigned num, enum vt_code code, const char *clause)
{
	struct vt_pdf_ref ref = { num, 0 };
	const struct vt_pdf_obj *obj = NULL;
	struct vt_error err = { 0 };
	int rc = vt_pdf_get(o->pdf, ref, &obj, &err);

	assert_error_clause(rc, &err, code, clause);
	assert_null(obj);
}

static inline bool
has_finding(const struct open *o, enum vt_pdf_finding_code code, bool damage)
{
	size_t i;

	for (i = 0; i < vt_pdf_nfindings(o->pdf); i++)
		if (vt_pdf_finding(o->pdf, i)->code == code &&
		    vt_pdf_finding(o->pdf, i)->damage == damage &&
		    vt_pdf_finding(o->pdf, i)->text[0] != '\0')
			return true;
	return false;
}

/* What build_page() made can be read. */
static inline void
check_page(struct open *o)
{
	struct vt_pdf_ref ref;
	size_t n = 0;

	assert_vt_ok(vt_pdf_page_count(o->pdf, &n, &o->err), &o->err);
	assert_int_equal(n, 1);
	assert_vt_ok(vt_pdf_page(o->pdf, 0, NULL, &ref, &o->err), &o->err);
	assert_int_equal(ref.num, 3);
	assert_vt_error(vt_pdf_page(o->pdf, 1, NULL, &ref, &o->err), &o->err,
	    VT_ENOTFOUND);
	vt_error_clear(&o->err);
	assert_int_equal(get(o, 4)->type, VT_PDF_STREAM);
	assert_int_equal(get(o, 4)->u.stream.len, 15);
}

static inline void
replace(struct build *p, const char *from, const char *to)
{
	size_t at = vt_bytes_find(vt_buf_bytes(&p->b), 0, from);

	assert_int_not_equal(at, SIZE_MAX);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(p->b.data + at, to, strlen(to));
}

/* Everything that a caller could look at; only for faults, not for answers. */
static inline void
walk_everything(struct vt_pdf *pdf)
{
	struct vt_pdf_sigfields fields = { 0 };
	const struct vt_pdf_obj *obj;
	struct vt_pdf_xref x;
	struct vt_pdf *old;
	struct vt_buf buf;
	size_t i, n, pos = 0, mark;

	for (i = 0; i < vt_pdf_nrevisions(pdf); i++) {
		old = NULL;
		vt_pdf_open_revision(pdf, i, &old, NULL);
		vt_pdf_free(old);
	}
	vt_pdf_page_count(pdf, &n, NULL);
	if (vt_pdf_sigfields_read(pdf, &fields, NULL) == VT_OK)
		vt_pdf_sigfields_release(&fields);
	while (vt_pdf_xref_next(pdf, &pos, &x)) {
		mark = vt_pdf_mark(pdf);
		vt_buf_init(&buf, 1u << 20);
		if (vt_pdf_get(pdf, x.ref, &obj, NULL) == VT_OK) {
			assert_true(vt_pdf_equal(obj, obj));
			vt_pdf_source_text(pdf, obj, &buf, NULL);
			vt_buf_reset(&buf);
			if (obj->type == VT_PDF_STREAM)
				vt_pdf_stream_data(pdf, obj, &buf, NULL);
		}
		vt_buf_release(&buf);
		vt_pdf_rewind(pdf, mark);
	}
}

#endif
