/* test_pdf_dss.c - the validation data that a PDF carries */
#include "test_pdf_compare.h"

#include "vanthu/pdf_dss.h"
#include "vanthu/time.h"

#define STREAM(text) "<</Length 4>>\nstream\n" text "\nendstream"

/* The test document, signed, with the DSS of PARTS in a later revision. */
static void
with_dss(struct doc *d, struct judged *j, const struct part *parts, size_t n)
{
	signed_doc(d, NULL, 0);
	update(d, parts, n, "");
	judge(j, d);
}

static void
end(struct doc *d, struct judged *j, struct vt_pdf_dss *dss)
{
	vt_pdf_dss_release(dss);
	judge_end(j);
	vt_buf_release(&d->b);
}

static void
all_of_it_is_read(void **state)
{
	struct vt_pdf_dss dss = { 0 };
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	with_dss(&d, &j,
	    P({ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/DSS 20 0 R>>" },
		{ 20, "<</Type/DSS/Certs[21 0 R 22 0 R 21 0 R]/CRLs 25 0 R"
		      "/OCSPs[24 0 R]/VRI<</AB12 26 0 R/CD<</Cert[21 0 R]>>"
		      ">>>>" },
		{ 21, STREAM("cer1") }, { 22, STREAM("cer2") },
		{ 23, STREAM("crl1") }, { 24, STREAM("ocsp") },
		{ 25, "[23 0 R]" },
		{ 26, "<</Cert[22 0 R 27 0 R]/CRL[23 0 R]/OCSP[24 0 R]"
		      "/TU(D:20260102030405Z)/TS 28 0 R>>" },
		{ 27, STREAM("cer3") }, { 28, STREAM("time") }));
	assert_vt_ok(vt_pdf_dss_read(vt_pdf_signed_pdf(j.s), &dss, &j.err),
	    &j.err);
	assert_true(dss.present);
	assert_false(dss.cut);
	assert_int_equal(dss.unreadable, 0);
	assert_int_equal(dss.n, 5);
	for (i = 0; i < dss.n; i++)
		assert_int_equal(dss.items[i].len, 4);
	assert_int_equal(dss.nvri, 2);
	assert_string_equal(dss.vri[0].name, "AB12");
	assert_int_equal(dss.vri[0].n, 4);
	assert_memory_equal(dss.vri[0].items[0]->der, "cer2", 4);
	assert_memory_equal(dss.vri[0].items[1]->der, "cer3", 4);
	assert_int_equal(dss.vri[0].items[1]->kind, VT_PDF_DSS_CERT);
	assert_memory_equal(dss.vri[0].items[2]->der, "crl1", 4);
	assert_int_equal(dss.vri[0].items[2]->kind, VT_PDF_DSS_CRL);
	assert_memory_equal(dss.vri[0].items[3]->der, "ocsp", 4);
	assert_int_equal(dss.vri[0].items[3]->kind, VT_PDF_DSS_OCSP);
	assert_int_equal(dss.vri[0].made,
	    vt_time_of_fields(2026, 1, 2, 3, 4, 5));
	assert_int_equal(dss.vri[0].ts_len, 4);
	assert_memory_equal(dss.vri[0].ts, "time", 4);
	assert_int_equal(dss.vri[1].n, 1);
	assert_int_equal(dss.vri[1].made, VT_TIME_NONE);
	assert_null(dss.vri[1].ts);
	vt_pdf_dss_release(&dss);

	/* What the signature closed had none yet. */
	assert_vt_ok(vt_pdf_signed_dss(j.s, 0, &dss, &j.err), &j.err);
	assert_false(dss.present);
	end(&d, &j, &dss);
}

static void
what_cannot_be_read_is_counted(void **state)
{
	struct vt_pdf_dss dss = { 0 };
	struct judged j;
	struct doc d;

	(void)state;
	with_dss(&d, &j,
	    P({ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/DSS 20 0 R>>" },
		{ 20, "<</Certs[21 0 R 22 0 R 23 0 R 99 0 R 7]/CRLs(x)"
		      "/OCSPs[24 0 R]/VRI 20 0 R>>" },
		{ 21, STREAM("cer1") }, { 22, "<</Odd true>>" },
		{ 23, "<</Length 999999>>\nstream\nx\nendstream" },
		{ 24, "<</Length 4/Filter/FlateDecode>>\nstream\nnope\n"
		      "endstream" }));
	assert_vt_ok(vt_pdf_dss_read(vt_pdf_signed_pdf(j.s), &dss, &j.err),
	    &j.err);
	assert_true(dss.present);
	assert_int_equal(dss.n, 1);
	assert_int_equal(dss.unreadable, 6);
	assert_int_equal(dss.nvri, 4); /* itself: entries without anything */
	end(&d, &j, &dss);
}

/* More than the limit: what lies within it is there, and it is told. */
static void
limits_cut(void **state)
{
	struct vt_pdf_dss dss = { 0 };
	struct judged j;
	struct vt_buf b;
	struct doc d;
	size_t i, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, FILE_MAX);
		vt_buf_puts(&b, "<</VRI<</A<</Cert[");
		for (i = 0; i < VT_PDF_VRI_REFS_MAX + more; i++)
			vt_buf_puts(&b, "21 0 R ");
		vt_buf_puts(&b, "]>>>>>>");
		with_dss(&d, &j,
		    P({ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			   "/DSS 20 0 R>>" },
			{ 20, vt_buf_str(&b) }, { 21, STREAM("cer1") }));
		assert_vt_ok(vt_pdf_dss_read(vt_pdf_signed_pdf(j.s), &dss,
				 &j.err),
		    &j.err);
		assert_int_equal(dss.n, 1);
		assert_int_equal(dss.nvri, 1);
		assert_int_equal(dss.vri[0].n, VT_PDF_VRI_REFS_MAX);
		assert_int_equal(dss.cut, more);
		end(&d, &j, &dss);

		vt_buf_reset(&b);
		vt_buf_puts(&b, "<</VRI<<");
		for (i = 0; i < VT_PDF_VRI_MAX + more; i++)
			vt_buf_printf(&b, "/K%zu<<>>", i);
		vt_buf_puts(&b, ">>>>");
		with_dss(&d, &j,
		    P({ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			   "/DSS 20 0 R>>" },
			{ 20, vt_buf_str(&b) }));
		assert_vt_ok(vt_pdf_dss_read(vt_pdf_signed_pdf(j.s), &dss,
				 &j.err),
		    &j.err);
		assert_int_equal(dss.nvri, VT_PDF_VRI_MAX);
		assert_int_equal(dss.cut, more);
		end(&d, &j, &dss);
		vt_buf_release(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_read),
		cmocka_unit_test(what_cannot_be_read_is_counted),
		cmocka_unit_test(limits_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
