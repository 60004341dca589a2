/* test_pdf_compare.c - what changed after a signature */
#include "test_pdf_compare.h"

/* --- changes --- */

static void
everything_that_changes_is_found(void **state)
{
	static const struct {
		struct part part;
		const char *keys;
		const char *text;
	} cases[] = {
		{ { 4, "<</Length 14>>\nstream\n0 0 m 90 10 l \nendstream" },
		    "", "object 4 was changed" },
		{ { 4, "<</Length 15>>\nstream\n0 0 m 10 10 l  \nendstream" },
		    "", "object 4 was changed" },
		{ { 4, NULL }, "", "object 4 was removed" },
		{ { 4, "null" }, "", "object 4 was removed" },
		{ { 4, "<</Length 14>>" }, "", "object 4 was changed" },
		{ { 4, "<</Length 99999>>\nstream\nx\nendstream" }, "",
		    "object 4 cannot be read" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 12 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R]>>" },
		    "", "object 3 was changed: /Contents" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R]>>" },
		    "", "object 3 was changed: /Annots" },
		{ { 2, "<</Type/Pages/Kids[3 0 R 12 0 R]/Count 2>>" }, "",
		    "object 2 was changed: /Kids" },
		{ { 1, "<</Type/Catalog/Pages 12 0 R/AcroForm 5 0 R>>" }, "",
		    "object 1 was changed: /Pages" },
		{ { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
		       "/OpenAction 12 0 R>>" },
		    "", "object 1 was changed: /OpenAction" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 1>>" }, "",
		    "object 5 was changed: /Fields" },
		{ { 6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)"
		       "/Rect[0 0 99 99]/P 3 0 R/V 7 0 R>>" },
		    "", "object 6 was changed: /Rect" },
		{ { 8, "<</Title[(other)]>>" }, "", "object 8 was changed" },
		{ { 8, "[(other)]" }, "", "object 8 was changed" },
		{ { 10, "[1 0 R]" }, "", "object 10 was changed" },
		{ { 11, "[7 0 R]" }, "", "object 11 was changed" },
		{ { 50, "<</Type/Font>>" }, "", "object 50" },
		{ { 12, "1" }, "/Root 12 0 R/Info 8 0 R",
		    "the trailer was changed: /Root" },
		{ { 12, "1" }, "/Root 1 0 R/Info 12 0 R",
		    "the trailer was changed: /Info" },
		{ { 12, "<</Title 4 0 R>>" }, "/Root 1 0 R/Info 12 0 R",
		    "the trailer was changed: /Info" },
		{ { 12, "1" }, "/Root 1 0 R/Info 8 0 R/Encrypt 12 0 R",
		    "the trailer was changed: /Encrypt" },
		{ { 12, "1" }, "/Root 1 0 R/Info 8 0 R/Odd 12 0 R",
		    "the trailer was changed: /Odd" },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signed_doc(&d, NULL, 0);
		update(&d, &cases[i].part, 1, cases[i].keys);
		assert_compared(&d, 1, VT_PDF_CHANGED, cases[i].text);
		/* The same as a further revision behind an innocent one. */
		vt_buf_release(&d.b);
		signed_doc(&d, NULL, 0);
		update(&d, P({ 60, "(innocent)" }), "");
		update(&d, &cases[i].part, 1, cases[i].keys);
		assert_compared(&d, 1, VT_PDF_CHANGED, cases[i].text);
		vt_buf_release(&d.b);
	}
}

static void
the_page_of_a_change_is_told(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, P({ 3, "<</Type/Page/Parent 2 0 R>>" }), "");
	judge(&j, &d);
	compare(&j, 0, 1, &c);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.total, 1);
	assert_int_equal(c.items[0].code, VT_PDF_D_CHANGED);
	assert_int_equal(c.items[0].ref.num, 3);
	assert_int_equal(c.items[0].page, 0);
	assert_int_equal(c.items[0].end, d.b.len);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static void
what_nobody_reaches_is_no_change(void **state)
{
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	/* new objects; an old one written again, spelled otherwise */
	update(&d,
	    P({ 60, "<</Type/Whatever/R 3 0 R>>" },
		{ 2, "<< /Count 1 /Type /Pages /Kids [ 3 0 R ] >>" },
		{ 4, "<</Length 14>>\nstream\n0 0 m 10 10 l \nendstream" },
		{ 61, NULL }),
	    "/Root 1 0 R/Info 8 0 R/ID[(a)(b)]");
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
}

/* A later section whose /Prev steps over the signed one. */
static void
a_chain_that_leaves_the_signed_out_is_found(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	char prev[64];
	struct doc d;
	size_t first, i;

	(void)state;
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	/* revision 0: another page; revision 1: the signed one */
	update(&d, base, NBASE, "");
	first = d.xref;
	update(&d, P({ 7, SIG("/Name(x)") }), "");
	seal(&d);
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	snprintf(prev, sizeof(prev), "/Prev %zu", first);
	update(&d, P({ 7, SIG("/Name(x)") }), prev);
	/* the dictionary is another now, the old one is found by its bytes */
	judge(&j, &d);
	for (i = 0;
	     i < vt_pdf_signed_n(j.s) && !vt_pdf_signed_at(j.s, i)->sound; i++)
		;
	assert_true(i < vt_pdf_signed_n(j.s));
	assert_true(vt_pdf_signed_at(j.s, i)->removed);
	compare(&j, i, 1u << i, &c);
	assert_int_equal(c.result, VT_PDF_CHANGED);
	assert_int_equal(c.items[0].code, VT_PDF_D_REMOVED);
	assert_int_equal(c.items[1].code, VT_PDF_D_CHAIN);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* An entry of the signed table leads behind the signed bytes. */
static void
an_object_that_appears_behind_is_found(void **state)
{
	struct doc d;
	struct part parts[16];
	size_t at, xref;
	char entry[32];

	(void)state;
	/* 50 is promised at an offset that the signer's file has not */
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	memcpy(parts, base, sizeof(base));
	parts[NBASE] = (struct part){ 50, "<</Type/Font>>" };
	update(&d, parts, NBASE + 1, "");
	at = vt_bytes_find(vt_buf_bytes(&d.b), d.xref, "50 1\n") + 5;
	snprintf(entry, sizeof(entry), "%010zu", d.b.len);
	memcpy(d.b.data + at, entry, 10);
	seal(&d);
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	xref = d.xref;
	/* no new section: the same startxref, and the object before it */
	vt_buf_printf(&d.b,
	    "50 0 obj\n<</Type/Font/Other true>>\nendobj\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    xref);
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 50");
	vt_buf_release(&d.b);
}

static void
an_unreadable_later_revision_is_found(void **state)
{
	static const char *const tails[] = {
		"startxref\n1\n%%EOF\n",
		"startxref\n99999999\n%%EOF\n",
		"xref\nrubbish\nstartxref\n",
		"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
	};
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		judge(&j, &d);
		assert_null(vt_pdf_signed_pdf(j.s));
		assert_int_not_equal(vt_pdf_signed_damage(j.s)->code, VT_OK);
		judge_end(&j);
		assert_compared(&d, 1, VT_PDF_CHANGED, "cannot be read");
		vt_buf_release(&d.b);
	}
}

static void
a_signature_taken_out_is_seen_still(void **state)
{
	static const struct part cases[][2] = {
		{ { 5, "<</Fields[9 0 R]/SigFlags 1>>" }, { 60, "1" } },
		{ { 1, "<</Type/Catalog/Pages 2 0 R>>" }, { 60, "1" } },
		{ { 6, "<</FT/Sig/T(One)>>" }, { 60, "1" } },
		{ { 7, "null" }, { 60, "1" } },
		{ { 6, NULL }, { 7, NULL } },
	};
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		signed_doc(&d, NULL, 0);
		update(&d, cases[i], 2, "");
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1);
		assert_true(vt_pdf_signed_at(j.s, 0)->removed);
		assert_int_equal(vt_pdf_signed_strays(j.s), 0);
		judge_end(&j);
		assert_compared(&d, 1, VT_PDF_CHANGED, "removed");
		vt_buf_release(&d.b);
	}
}

/* /ByteRange in bytes that are no signature's. */
static void
strays_are_counted(void **state)
{
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d,
	    P({ 60, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<30>>>" },
		{ 61, "(/ByteRange[0 10 20 30])" }));
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 1);
	assert_int_equal(vt_pdf_signed_strays(j.s), 2);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* --- limits --- */

static void
differences_are_counted_beyond_the_list(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	size_t n = VT_PDF_DIFFERENCES_MAX + 10, i, first;

	(void)state;
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	update(&d, base, NBASE, "");
	/* many small objects in two tables, before and after a signature */
	for (first = 0; first < 2; first++) {
		size_t *off = calloc(n, sizeof(*off)), prev = d.xref;

		for (i = 0; i < n; i++) {
			off[i] = d.b.len;
			vt_buf_printf(&d.b, "%zu 0 obj\n(%zu)\nendobj\n",
			    100 + i, i + first);
		}
		d.xref = d.b.len;
		vt_buf_printf(&d.b, "xref\n100 %zu\n", n);
		for (i = 0; i < n; i++)
			vt_buf_printf(&d.b, "%010zu 00000 n \n", off[i]);
		vt_buf_printf(&d.b,
		    "trailer\n<</Size %zu/Root 1 0 R/Info 8 0 R/Prev %zu>>\n"
		    "startxref\n%zu\n%%%%EOF\n",
		    100 + n, prev, d.xref);
		free(off);
		if (first == 0) {
			update(&d, P({ 7, SIG("/Name(x)") }), "");
			seal(&d);
		}
	}
	judge(&j, &d);
	compare(&j, 0, 1, &c);
	assert_int_equal(c.result, VT_PDF_CHANGED);
	assert_int_equal(c.n, VT_PDF_DIFFERENCES_MAX);
	assert_int_equal(c.total, n);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* What cannot be looked at is never "unchanged". */
static void
what_cannot_be_read_is_not_compared(void **state)
{
	static const struct part odd[] = {
		/* 50 lies in an object stream with a filter nobody knows */
		{ 30, "<</Type/ObjStm/N 1/First 5/Filter/NoSuch/Length 7>>\n"
		      "stream\n50 0 (x\nendstream" },
	};
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	unsigned char row[] = { 2, 0, 30, 0 };
	size_t at;

	(void)state;
	signed_doc(&d, odd, 1);
	/* a further section, a stream, which lists 50 as lying in 30 */
	at = d.b.len;
	vt_buf_printf(&d.b,
	    "40 0 obj\n<</Type/XRef/Size 99/W[1 2 1]/Index[50 1]/Length 4"
	    "/Root 1 0 R/Info 8 0 R/Prev %zu>>\nstream\n",
	    d.xref);
	vt_buf_put(&d.b, row, sizeof(row));
	vt_buf_printf(&d.b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n",
	    at);
	judge(&j, &d);
	assert_non_null(vt_pdf_signed_pdf(j.s));
	compare(&j, 0, 1, &c);
	assert_int_not_equal(c.result, VT_PDF_UNCHANGED);
	if (c.result == VT_PDF_NOT_COMPARED)
		assert_true(c.reason[0] != '\0');
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static void
unsound_is_not_compared(void **state)
{
	const bool intact[1] = { true };
	struct vt_pdf_comparison c = { 0 };
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	memcpy(d.b.data + d.range + 10, "[1 ", 3);
	judge(&j, &d);
	assert_vt_error(vt_pdf_signed_compare(j.s, 0, intact, &c, &j.err),
	    &j.err, VT_EARG);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static void
what_is_no_pdf_is_refused(void **state)
{
	static const char *const files[] = { "", "x", "%PDF-1.7\n",
		"%PDF-1.7\nstartxref\n5\n%%EOF\n" };
	struct vt_pdf_signed *s = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct vt_error err = { 0 };
		struct vt_source *src = NULL;

		assert_vt_ok(vt_source_bytes(vt_bytes_str(files[i]), &src,
				 &err),
		    &err);
		assert_vt_error(vt_pdf_signed_open(src, &s, &err), &err,
		    VT_EFORMAT);
		assert_null(s);
		vt_source_free(src);
	}
}

/* Truncation and single bytes: no crash, and what is cut is never whole. */
static void
cut_and_changed_files_are_survived(void **state)
{
	struct doc d;
	size_t i, step;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	for (step = 0; step < 2; step++)
		for (i = 0; i < d.b.len; i++) {
			unsigned char *copy = malloc(d.b.len);
			const bool intact[8] = { true, true };
			struct vt_source *src = NULL;
			struct vt_pdf_signed *s = NULL;
			struct vt_error err = { 0 };
			size_t len = step == 0 ? i : d.b.len, k;

			memcpy(copy, d.b.data, len);
			if (step == 1)
				copy[i] ^= 0x11;
			assert_vt_ok(vt_source_bytes(VT_BYTES(copy, len), &src,
					 &err),
			    &err);
			if (vt_pdf_signed_open(src, &s, &err) == VT_OK)
				for (k = 0; k < vt_pdf_signed_n(s); k++) {
					struct vt_pdf_comparison c = { 0 };

					if (!vt_pdf_signed_at(s, k)->sound)
						continue;
					assert_vt_ok(vt_pdf_signed_compare(s, k,
							 intact, &c, &err),
					    &err);
					vt_pdf_comparison_release(&c);
				}
			vt_pdf_signed_free(s);
			vt_source_free(src);
			free(copy);
		}
	vt_buf_release(&d.b);
}

/* Names in a cipher tell nothing, but what is enciphered, and how, is seen. */
static void
encryption_that_changes_is_found(void **state)
{
#define ROOT "/Root 1 0 R/Info 8 0 R"
#define LOCK "<</Filter/Odd/V 1>>"
	static const char signed_so[] = ROOT "/Encrypt 12 0 R/ID[(a)(b)]";
	static const struct {
		bool was;         /* encrypted when it was signed */
		const char *lock; /* of object 12, later; NULL: none */
		const char *keys, *text;
	} cases[] = {
		{ true, NULL, signed_so, NULL },
		{ true, NULL, ROOT "/Encrypt 12 0 R/ID[(a)(c)]", NULL },
		{ true, LOCK, signed_so, NULL }, /* the same, written again */
		{ true, NULL, ROOT "/Encrypt 12 0 R/ID[(c)(b)]", "/ID" },
		{ true, NULL, ROOT "/ID[(a)(b)]", "/Encrypt" },
		{ true, NULL, ROOT "/Encrypt null/ID[(a)(b)]", "/Encrypt" },
		{ true, NULL, ROOT "/Encrypt 13 0 R/ID[(a)(b)]", "/Encrypt" },
		{ true, NULL, ROOT "/Encrypt" LOCK "/ID[(a)(b)]", "/Encrypt" },
		{ true, "<</Filter/Odd/V 2>>", signed_so, "/Encrypt" },
		{ true, "<<", signed_so, "/Encrypt" },
		{ false, LOCK, ROOT "/Encrypt 12 0 R", "/Encrypt" },
		{ false, "1", ROOT "/Encrypt 12 0 R", "/Encrypt" },
		{ false, NULL, ROOT "/Encrypt" LOCK, "/Encrypt" },
	};
	struct part parts[NBASE + 1], later = { 12, NULL };
	struct doc d;
	size_t i, again;

	(void)state;
	memcpy(parts, base, sizeof(base));
	parts[NBASE] = (struct part){ 12, LOCK };
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (again = 0; again < 2; again++) {
			memset(&d, 0, sizeof(d));
			vt_buf_init(&d.b, FILE_MAX);
			vt_buf_puts(&d.b, "%PDF-1.7\n");
			update(&d, parts, NBASE + cases[i].was,
			    cases[i].was ? signed_so : ROOT);
			seal(&d);
			later.body = cases[i].lock;
			update(&d, &later, later.body != NULL, cases[i].keys);
			if (again == 1) /* and as it was, behind that */
				update(&d, NULL, 0,
				    cases[i].was ? signed_so : ROOT);
			assert_compared(&d, 1,
			    cases[i].text != NULL ? VT_PDF_CHANGED
						  : VT_PDF_NOT_COMPARED,
			    cases[i].text);
			vt_buf_release(&d.b);
		}
#undef ROOT
#undef LOCK
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_that_changes_is_found),
		cmocka_unit_test(the_page_of_a_change_is_told),
		cmocka_unit_test(what_nobody_reaches_is_no_change),
		cmocka_unit_test(a_chain_that_leaves_the_signed_out_is_found),
		cmocka_unit_test(an_object_that_appears_behind_is_found),
		cmocka_unit_test(an_unreadable_later_revision_is_found),
		cmocka_unit_test(a_signature_taken_out_is_seen_still),
		cmocka_unit_test(strays_are_counted),
		cmocka_unit_test(differences_are_counted_beyond_the_list),
		cmocka_unit_test(what_cannot_be_read_is_not_compared),
		cmocka_unit_test(unsound_is_not_compared),
		cmocka_unit_test(encryption_that_changes_is_found),
		cmocka_unit_test(what_is_no_pdf_is_refused),
		cmocka_unit_test(cut_and_changed_files_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
