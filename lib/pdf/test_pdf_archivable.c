/*
 * test_pdf_archivable.c - what a signature adds keeps PDF/A (ISO 19005-1 to -3)
 *
 * The rules for annotations, forms and trailers that a signature could break,
 * each asked of every kind of file.
 */
#include "test_pdf_signing.h"

#define XMP                                                                    \
	"<x:xmpmeta xmlns:x='adobe:ns:meta/'><pdfaid:part>2</pdfaid:part>"     \
	"</x:xmpmeta>"

/* -1, 6.1.3 and 6.7; the form is there where KEYS says so. */
static void
build_pdfa(struct build *p, const char *keys)
{
	char catalog[256];

	build_begin(p, "");
	snprintf(catalog, sizeof(catalog),
	    "<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R%s>>", keys);
	build_object(p, 1, catalog);
	build_object(p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	build_object(p, 3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>");
	build_stream(p, 4, "", VT_BYTES_LIT("0 0 m 10 10 l S"));
	build_stream(p, 5, "/Type/Metadata/Subtype/XML", VT_BYTES_LIT(XMP));
	build_table(p, 0, 5, "/Root 1 0 R/ID[<0102><0304>]");
}

static int64_t
number(struct open *o, const struct vt_pdf_obj *dict, const char *key)
{
	const struct vt_pdf_obj *v;

	assert_vt_ok(vt_pdf_lookup(o->pdf, dict, key, &v, &o->err), &o->err);
	return v->type == VT_PDF_INT ? v->u.integer : 0;
}

/* -1, 6.5.3 and 6.9; -2 and -3, 6.3.2, 6.3.3, 6.4. */
static void
check_widget(struct open *o, const struct vt_pdf_obj *w)
{
	static const int hidden = 1 << 1, print = 1 << 2, invisible = 1 << 0,
			 noview = 1 << 5, toggle = 1 << 8;
	const struct vt_pdf_obj *rect = vt_pdf_find(w, "Rect"), *ap;
	int64_t f = number(o, w, "F");
	bool empty;

	assert_non_null(vt_pdf_find(w, "F"));
	assert_int_equal(f & print, print);
	assert_int_equal(f & (hidden | invisible | noview | toggle), 0);
	assert_null(vt_pdf_find(w, "A"));
	assert_null(vt_pdf_find(w, "AA"));
	assert_non_null(rect);
	empty =
	    vt_pdf_equal(&rect->u.array.items[0], &rect->u.array.items[2]) &&
	    vt_pdf_equal(&rect->u.array.items[1], &rect->u.array.items[3]);
	ap = vt_pdf_find(w, "AP");
	assert_true(empty || ap != NULL); /* else it needs an appearance */
	if (ap != NULL) {
		assert_int_equal(ap->u.dict.n, 1);
		assert_non_null(vt_pdf_find(ap, "N"));
	}
}

/* -1, 6.9, and -2, 6.4: no reader may make up what a field looks like. */
static void
check_document(struct open *o, const struct build *p)
{
	const struct vt_pdf_obj *catalog, *form, *need, *id, *meta;
	struct vt_buf xmp;

	assert_vt_ok(vt_pdf_catalog(o->pdf, &catalog, NULL, &o->err), &o->err);
	assert_null(vt_pdf_find(catalog, "OpenAction"));
	assert_null(vt_pdf_find(catalog, "AA"));
	assert_null(vt_pdf_find(catalog, "Perms"));
	assert_vt_ok(vt_pdf_lookup(o->pdf, catalog, "AcroForm", &form, &o->err),
	    &o->err);
	need = vt_pdf_find(form, "NeedAppearances");
	assert_true(need == NULL || !need->u.boolean);
	assert_null(vt_pdf_find(form, "XFA"));
	/* 6.1.3: /ID stays, and nothing says that it is encrypted. */
	id = vt_pdf_find(vt_pdf_trailer(o->pdf), "ID");
	assert_int_equal(id->u.array.n, 2);
	assert_bytes_str(id->u.array.items[0].u.string, "\x01\x02");
	assert_null(vt_pdf_find(vt_pdf_trailer(o->pdf), "Encrypt"));
	/* 6.7: the metadata is the one that it was. */
	assert_vt_ok(vt_pdf_lookup(o->pdf, catalog, "Metadata", &meta, &o->err),
	    &o->err);
	assert_true(meta->u.stream.off < p->b.len);
	vt_buf_init(&xmp, 4096);
	assert_vt_ok(vt_pdf_stream_data(o->pdf, meta, &xmp, &o->err), &o->err);
	assert_bytes_str(vt_buf_bytes(&xmp), XMP);
	vt_buf_release(&xmp);
}

static void
a_signature_breaks_no_rule(void **state)
{
	static const char *const keys[] = { "", "/AcroForm<</Fields[]>>",
		"/AcroForm<</Fields[]/NeedAppearances false>>" };
	const struct vt_pdf_sign how = { .when = 1795478400,
		.name = "Nguyễn Văn A",
		.hole = DUMMY_HOLE };
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		build_pdfa(&p, keys[i]);
		assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err),
		    &err);
		assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s.bytes),
				 VT_PDF_STRICT),
		    &o.err);
		check_document(&o, &p);
		assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields, &o.err),
		    &o.err);
		assert_int_equal(fields.n, 1);
		/* -2, 6.4.3: the whole file, and one CMS, in DER. */
		assert_true(fields.items[0].has_range);
		assert_int_equal(fields.items[0].range[2] +
				     fields.items[0].range[3],
		    s.bytes.len);
		check_widget(&o, get(&o, fields.items[0].field.num));
		assert_int_equal(vt_pdf_nfindings(o.pdf), 0);
		vt_pdf_sigfields_release(&fields);
		open_close(&o);
		signed_release(&s);
		vt_buf_release(&p.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_breaks_no_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
