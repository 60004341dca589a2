/* test_pdf_limits.c - how much of a PDF is read, at each bound and past it */
#include "pdf_compare_int.h"
#include "test_pdf_compare.h"

#include "vanthu/pdf_dss.h"

/* Objects from FIRST on, N times BODY, in updates of some of them. */
static void
update_many(struct doc *d, unsigned first, size_t n, const char *body)
{
	struct part parts[32];
	size_t i, k;

	for (i = 0; i < n; i += k) {
		for (k = 0; k < 32 && i + k < n; k++)
			parts[k] =
			    (struct part){ first + (unsigned)(i + k), body };
		update(d, parts, k, "");
	}
}

static void
refs_put(struct vt_buf *b, unsigned first, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		vt_buf_printf(b, " %zu 0 R", first + i);
}

static void
validation_data_is_counted(void **state)
{
	struct vt_pdf_dss dss = { 0 };
	struct judged j;
	struct vt_buf b;
	struct doc d;
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++) {
		signed_doc(&d, NULL, 0);
		update_many(&d, 100, VT_PDF_DSS_ITEMS_MAX + more,
		    "<</Length 4>>\nstream\ncer1\nendstream");
		vt_buf_init(&b, FILE_MAX);
		vt_buf_puts(&b, "<</Certs[");
		refs_put(&b, 100, VT_PDF_DSS_ITEMS_MAX + more);
		vt_buf_puts(&b, "]>>");
		update(&d,
		    P({ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			   "/DSS 20 0 R>>" },
			{ 20, vt_buf_str(&b) }),
		    "");
		judge(&j, &d);
		assert_vt_ok(vt_pdf_dss_read(vt_pdf_signed_pdf(j.s), &dss,
				 &j.err),
		    &j.err);
		assert_int_equal(dss.n, VT_PDF_DSS_ITEMS_MAX);
		assert_int_equal(dss.cut, more);
		vt_pdf_dss_release(&dss);
		judge_end(&j);
		vt_buf_release(&d.b);
		vt_buf_release(&b);
	}
}

/* N zeros as an object: compressed, and in digits. */
static void
put_zeros(struct vt_buf *b, size_t n)
{
	unsigned char *zeros = calloc(1, n);
	struct vt_buf packed;
	size_t i;

	assert_non_null(zeros);
	build_deflate(VT_BYTES(zeros, n), &packed);
	free(zeros);
	vt_buf_printf(b,
	    "<</Filter[/ASCIIHexDecode/FlateDecode]/Length %zu>>\nstream\n",
	    2 * packed.len + 1);
	for (i = 0; i < packed.len; i++)
		vt_buf_printf(b, "%02x", packed.data[i]);
	assert_int_equal(vt_buf_puts(b, ">\nendstream"), VT_OK);
	vt_buf_release(&packed);
}

/* A large item, and one of four bytes that is still taken, or not. */
static void
bytes_of_validation_data_are_counted(void **state)
{
	struct vt_pdf_dss dss = { 0 };
	struct judged j;
	struct vt_buf b;
	struct doc d;
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, FILE_MAX);
		put_zeros(&b, VT_PDF_DSS_BYTES_MAX - 4 + more);
		signed_doc(&d, NULL, 0);
		update(&d,
		    P({ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			   "/DSS<</Certs[20 0 R 21 0 R]>>>>" },
			{ 20, vt_buf_str(&b) },
			{ 21, "<</Length 4>>\nstream\ncer1\nendstream" }),
		    "");
		judge(&j, &d);
		assert_vt_ok(vt_pdf_dss_read(vt_pdf_signed_pdf(j.s), &dss,
				 &j.err),
		    &j.err);
		assert_int_equal(dss.n, 2 - more);
		assert_int_equal(dss.cut, more);
		vt_pdf_dss_release(&dss);
		judge_end(&j);
		vt_buf_release(&d.b);
		vt_buf_release(&b);
	}
}

/* Each update is a section; the first is the document's own. */
static void
sections_are_counted(void **state)
{
	struct open o;
	struct doc d;
	size_t i;
	int rc;

	(void)state;
	signed_doc(&d, NULL, 0);
	for (i = 1; i < VT_PDF_SECTIONS_MAX; i++)
		update(&d, P({ 60, "0" }), "");
	rc = open_bytes(&o, vt_buf_bytes(&d.b), VT_PDF_STRICT);
	assert_vt_ok(rc, &o.err);
	open_close(&o);
	update(&d, P({ 60, "0" }), "");
	rc = open_bytes(&o, vt_buf_bytes(&d.b), VT_PDF_STRICT);
	assert_vt_error(rc, &o.err, VT_ELIMIT);
	open_close(&o);
	vt_buf_release(&d.b);
}

/* A field with as many widgets as are looked at, all on the page. */
static void
widgets_are_counted(void **state)
{
	struct vt_buf field, page;
	struct doc d;
	size_t more, n;

	(void)state;
	for (more = 0; more < 2; more++) {
		n = VT_PDF_WIDGETS_MAX + more;
		vt_buf_init(&field, FILE_MAX);
		vt_buf_init(&page, FILE_MAX);
		vt_buf_puts(&field, "<</FT/Sig/T(Two)/V 13 0 R/Kids[");
		refs_put(&field, 100, n);
		vt_buf_puts(&field, "]>>");
		vt_buf_puts(&page,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		    "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		    "/Annots[6 0 R");
		refs_put(&page, 100, n);
		vt_buf_puts(&page, "]>>");
		signed_doc(&d, NULL, 0);
		update_many(&d, 100, n,
		    "<</Subtype/Widget/Parent 12 0 R/Rect[0 0 0 0]>>");
		update(&d,
		    P({ 12, vt_buf_str(&field) }, { 13, SIG("/Name(two)") },
			{ 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3>>" },
			{ 3, vt_buf_str(&page) }),
		    "");
		seal(&d);
		assert_compared(&d, 3,
		    more == 0 ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    more == 0 ? NULL : "object 5 was changed");
		vt_buf_release(&d.b);
		vt_buf_release(&field);
		vt_buf_release(&page);
	}
}

/* Signatures that later ones took the place of, each in a state of its own. */
static void
older_states_are_counted(void **state)
{
	bool intact[VT_PDF_SIGNATURES_MAX] = { true };
	struct vt_pdf_comparison c;
	char field[128];
	struct judged j;
	struct doc d;
	size_t more, i, n;

	(void)state;
	for (more = 0; more < 2; more++) {
		/* the first is in the base */
		n = VT_PDF_STATES_MAX + more;
		signed_doc(&d, NULL, 0);
		for (i = 1; i < n; i++) {
			snprintf(field, sizeof(field),
			    "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)"
			    "/Rect[0 0 0 0]/P 3 0 R/V %zu 0 R>>",
			    100 + i);
			update(&d,
			    P({ 6, field }, { (unsigned)(100 + i), SIG("") }),
			    "");
			seal(&d);
		}
		update(&d,
		    P({ 6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)"
			   "/Rect[0 0 0 0]/P 3 0 R>>" }),
		    "");
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), VT_PDF_STATES_MAX);
		assert_int_equal(vt_pdf_signed_strays(j.s), more);
		memset(&c, 0, sizeof(c));
		assert_vt_ok(vt_pdf_signed_compare(j.s, 0, intact, &c, &j.err),
		    &j.err);
		assert_int_equal(c.result, VT_PDF_CHANGED);
		vt_pdf_comparison_release(&c);
		judge_end(&j);
		vt_buf_release(&d.b);
	}
}

static void
references_of_a_signature_are_counted(void **state)
{
	struct vt_buf sig;
	struct judged j;
	struct doc d;
	size_t more, i;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&sig, FILE_MAX);
		vt_buf_puts(&sig, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter"
				  "/ETSI.CAdES.detached/Reference[");
		for (i = 0; i < VT_PDF_REFERENCES_MAX + more; i++)
			vt_buf_puts(&sig, "<</TransformMethod/Identity>>");
		vt_buf_printf(&sig,
		    "]/ByteRange[0 0000000000 0000000000 0000000000]"
		    "/Contents<%064d>>>",
		    0);
		signed_doc(&d, P({ 7, vt_buf_str(&sig) }));
		judge(&j, &d);
		/* what is not read is a stray, which nothing is valid with */
		assert_int_equal(vt_pdf_signed_n(j.s), 1 - more);
		assert_int_equal(vt_pdf_signed_strays(j.s), more);
		judge_end(&j);
		vt_buf_release(&d.b);
		vt_buf_release(&sig);
	}
}

/* A lock that names more fields than we read locks them all. */
static void
fields_of_a_lock_are_counted(void **state)
{
	struct vt_buf sig;
	struct doc d;
	size_t more, i;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&sig, FILE_MAX);
		vt_buf_puts(&sig,
		    "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter"
		    "/ETSI.CAdES.detached/Reference[<</TransformMethod/FieldMDP"
		    "/TransformParams<</Action/Include/Fields[");
		for (i = 0; i < VT_PDF_LOCK_FIELDS_MAX + more; i++)
			vt_buf_puts(&sig, "(One)");
		vt_buf_printf(&sig,
		    "]>>>>]/ByteRange[0 0000000000 0000000000 0000000000]"
		    "/Contents<%064d>>>",
		    0);
		signed_doc(&d, P({ 7, vt_buf_str(&sig) }));
		update(&d, second_new, 5, "");
		seal(&d);
		assert_compared(&d, 3,
		    more == 0 ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    more == 0 ? NULL : "/Annots");
		vt_buf_release(&d.b);
		vt_buf_release(&sig);
	}
}

/* The packet and RDF are two of the open elements. */
static void
elements_of_metadata_are_counted(void **state)
{
	struct vt_buf b;
	size_t depth, i;

	(void)state;
	for (depth = VT_PDF_XMP_DEPTH_MAX; depth <= VT_PDF_XMP_DEPTH_MAX + 1;
	     depth++) {
		vt_buf_init(&b, FILE_MAX);
		vt_buf_puts(&b,
		    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf="
		    "'http://www.w3.org/1999/02/22-rdf-syntax-ns#'>");
		for (i = 2; i < depth; i++)
			vt_buf_puts(&b, "<rdf:Description>");
		for (i = 2; i < depth; i++)
			vt_buf_puts(&b, "</rdf:Description>");
		vt_buf_puts(&b, "</rdf:RDF></x:xmpmeta>");
		assert_int_equal(vt_pdf_is_xmp(vt_buf_bytes(&b)),
		    depth == VT_PDF_XMP_DEPTH_MAX);
		vt_buf_release(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(validation_data_is_counted),
		cmocka_unit_test(bytes_of_validation_data_are_counted),
		cmocka_unit_test(sections_are_counted),
		cmocka_unit_test(widgets_are_counted),
		cmocka_unit_test(older_states_are_counted),
		cmocka_unit_test(references_of_a_signature_are_counted),
		cmocka_unit_test(fields_of_a_lock_are_counted),
		cmocka_unit_test(elements_of_metadata_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
