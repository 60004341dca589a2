/* test_pdf_rebuild.c - a cross-reference that only one can have been */
#include "test_pdf_signing.h"

static int
rebuilt(struct open *o, struct vt_bytes b)
{
	memset(o, 0, sizeof(*o));
	assert_vt_ok(vt_source_bytes(b, &o->src, &o->err), &o->err);
	return vt_pdf_open_rebuilt(o->src, NULL, &o->pdf, &o->err);
}

/* Sign it, and look at the result, of N revisions, with strict eyes. */
static void
signs_as(const struct build *p, size_t n)
{
	const struct vt_pdf_sign how = { .when = VT_TIME_NONE,
		.hole = DUMMY_HOLE };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "signed.pdf");
	struct vt_pdf_signing *s = NULL;
	struct signed_file f = { 0 };
	struct vt_out *out = NULL;
	struct vt_error err = { 0 };
	struct open o;

	vt_buf_init(&f.covered, TEST_FILE_MAX);
	assert_vt_ok(rebuilt(&o, vt_buf_bytes(&p->b)), &o.err);
	check_page(&o);
	assert_true(has_finding(&o, VT_PDF_F_XREF, false));
	assert_vt_ok(vt_out_open(path, &out, &err), &err);
	assert_vt_ok(vt_pdf_sign_prepare(o.pdf, &how, out, &s, &err), &err);
	vt_pdf_sign_range(s, f.range);
	assert_vt_ok(vt_pdf_sign_stream(s, collect_piece, &f.covered, &err),
	    &err);
	assert_vt_ok(vt_pdf_sign_finish(s, VT_BYTES_LIT(DUMMY), &err), &err);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	test_read(path, &f.bytes);
	vt_pdf_signing_free(s);
	open_close(&o);

	assert_signed(&f, vt_buf_bytes(&p->b), "Signature1");
	assert_in_form(&f, "Signature1");
	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&f.bytes), VT_PDF_STRICT),
	    &o.err);
	check_page(&o);
	assert_vt_ok(vt_pdf_check_all(o.pdf, &o.err), &o.err);
	assert_int_equal(vt_pdf_nrevisions(o.pdf), n);
	assert_int_equal(vt_pdf_find(vt_pdf_trailer(o.pdf), "Prev") != NULL,
	    n > 1);
	assert_int_equal(vt_pdf_ndamage(o.pdf), 0);
	open_close(&o);
	assert_qpdf_content(vt_buf_bytes(&f.bytes));
	signed_release(&f);
	free(path);
	test_dir_free(dir);
}

/* All of its objects are listed anew. */
static void
signs(const struct build *p)
{
	signs_as(p, 1);
}

static void
stays_broken(const struct build *p, const char *why)
{
	struct open o;
	int rc = rebuilt(&o, vt_buf_bytes(&p->b));

	assert_vt_error(rc, &o.err, VT_EFORMAT);
	assert_error_text(&o.err, why);
	assert_null(o.pdf);
	open_close(&o);
}

/* Behind the objects: no word of the cross-reference is right. */
static void
cut(struct build *p, const char *word)
{
	size_t at = vt_bytes_find(vt_buf_bytes(&p->b), 0, word);

	assert_int_not_equal(at, SIZE_MAX);
	p->b.len = at;
}

static void
what_has_one_reading_is_signed(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	build_minimal(&p); /* startxref leads nowhere */
	cut(&p, "startxref");
	build_text(&p, "startxref\n99999\n%%%%EOF\n");
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, NULL);
	signs(&p);
	vt_buf_release(&p.b);

	build_minimal(&p); /* one that leads to another object */
	p.off[3] = p.off[4];
	cut(&p, "xref\n");
	build_table(&p, 0, 4, "/Root 1 0 R");
	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&p.b), VT_PDF_STRICT), &o.err);
	assert_vt_error(vt_pdf_check_all(o.pdf, &o.err), &o.err, VT_EFORMAT);
	open_close(&o);
	signs(&p);
	vt_buf_release(&p.b);

	build_minimal(&p); /* no trailer at all, and one catalog */
	cut(&p, "xref\n");
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, NULL);
	signs(&p);
	vt_buf_release(&p.b);

	build_minimal(&p); /* a trailer that does not parse */
	cut(&p, "trailer");
	build_text(&p,
	    "trailer\n<</Root 1 0 R/Size >>\nstartxref\n%zu\n%%%%EOF", p.last);
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, NULL);
	signs(&p);
	vt_buf_release(&p.b);

	build_compressed(&p); /* objects in a stream */
	cut(&p, "startxref");
	signs(&p);
	vt_buf_release(&p.b);
}

/* An object again in a later revision takes the earlier one's place (7.5.6). */
static void
the_latest_revision_counts(void **state)
{
	static const char *const deletes[] = {
		"xref\n0 1\n0000000005 65535 f \n5 1\n0000000000 00001 f \n",
		"xref\n0 1\n0000000000 65535 f \n5 1\n0000000000 65535 f \n",
		"6 0 obj\n<</Type/XRef/W[1 1 1]/Size 6/Length 0>>stream\n\n"
		"endstream\nendobj\n",
	};
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	build_minimal(&p);
	cut(&p, "xref\n");
	build_object(&p, 5, "(old)");
	build_text(&p, "startxref\n0\n%%%%EOF\n");
	build_object(&p, 5, "(new)");
	build_text(&p,
	    "xref\n0 1\n0000000000 65535 f \n5 1\n0000000099 00000 n \n"
	    "trailer\n<</Root 1 0 R/Prev[]>>\nstartxref\n0\n%%%%EOF\n");
	assert_vt_ok(rebuilt(&o, vt_buf_bytes(&p.b)), &o.err);
	assert_bytes_str(get(&o, 5)->u.string, "new");
	open_close(&o);
	signs(&p);
	vt_buf_release(&p.b);

	/* What is deleted there does not come back. */
	for (i = 0; i < sizeof(deletes) / sizeof(deletes[0]); i++) {
		build_minimal(&p);
		cut(&p, "xref\n");
		build_object(&p, 5, "(old)");
		build_text(&p, "startxref\n0\n%%%%EOF\n");
		build_object(&p, 4, "(new)");
		build_text(&p, "%s", deletes[i]);
		stays_broken(&p, "replaced and deleted");
		vt_buf_release(&p.b);
	}
}

/*
 * A revision that replaces 4 and deletes 5, with MORE objects before its table
 * and KEYS in its trailer; END stands behind that.
 */
static void
build_tail(struct build *p, const char *catalog, const char *more,
    const char *keys, const char *end)
{
	size_t first, xref;

	build_begin(p, "");
	build_object(p, 1, catalog);
	build_object(p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	build_object(p, 3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
	    ">>");
	build_stream(p, 4, "", VT_BYTES_LIT("0 0 m"));
	build_object(p, 5, "(deleted)");
	build_object(p, 6, "/Other");
	build_table(p, 0, 6, "/Root 1 0 R");
	first = p->last;
	build_stream(p, 4, "", VT_BYTES_LIT("0 0 m 10 10 l n"));
	build_text(p, "%s", more);
	xref = p->b.len;
	build_text(p,
	    "xref\n0 1\n0000000005 65535 f \n4 2\n%010zu 00000 n \n"
	    "0000000000 00001 f \ntrailer\n<</Size 7/Prev %zu%s>>\n%s",
	    p->off[4], first, keys, end);
	p->last = xref;
}

/* The section that stands right before it is the one that was meant. */
static void
a_startxref_without_an_offset_is_known(void **state)
{
	static const char catalog[] = "<</Type/Catalog/Pages 2 0 R>>";
	static const char root[] = "/Root 1 0 R";
	static const char end[] = "startxref\noops\n%%EOF\n";
	static const struct {
		const char *catalog, *more, *keys, *end;
	} bad[] = {
		/* a number is what it says, wherever it leads */
		{ catalog, "", root, "startxref\n99999\n%%EOF\n" },
		{ catalog, "", root, "startxref\noops\noops\n%%EOF\n" },
		{ catalog, "", root, "startxref\noops\n%%EOF\nmore" },
		{ catalog, "", root, "7 0 obj 1 endobj startxref\n?\n%%EOF" },
		{ catalog, "", "/Size (7)/Root 1 0 R", end },
		{ catalog, "", "", end },
		/* what others, who search, would show instead */
		{ catalog, "6 0 obj /Another endobj\n", root, end },
		{ catalog, "7 0 obj /Unlisted endobj\n", root, end },
		{ "<</Type/Catalog/Pages 2 0 R/Names 5 0 R>>", "", root, end },
		{ catalog, "trailer\n<</Root 6 0 R>>\n", root, end },
		/* signed, or encrypted, as it may be */
		{ catalog, "7 0 obj <</Byte#52ange[0 1 2 3]>> endobj\n", root,
		    end },
		{ catalog, "% /ByteRange\n", root, end },
		{ catalog, "trailer\n<</Root 1 0 R/Encrypt 6 0 R>>\n", root,
		    end },
	};
	struct vt_pdf_xref x;
	struct build p;
	struct open o;
	size_t i;
	int rc;

	(void)state;
	build_tail(&p, catalog, "", root, end);
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, "ISO 32000-2, 7.5.5");
	assert_vt_ok(rebuilt(&o, vt_buf_bytes(&p.b)), &o.err);
	assert_true(vt_pdf_xref_find(o.pdf, 5, &x));
	assert_int_equal(x.type, VT_PDF_FREE);
	open_close(&o);
	signs_as(&p, 3);
	vt_buf_release(&p.b);
	/* on no page */
	build_tail(&p, "<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>", "", root,
	    end);
	signs_as(&p, 3);
	vt_buf_release(&p.b);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		build_tail(&p, bad[i].catalog, bad[i].more, bad[i].keys,
		    bad[i].end);
		rc = rebuilt(&o, vt_buf_bytes(&p.b));
		if (rc != VT_EFORMAT)
			print_error("case %zu\n", i);
		assert_vt_error(rc, &o.err, VT_EFORMAT);
		open_close(&o);
		vt_buf_release(&p.b);
	}
	/* of a linearized file the last section is not the one that counts */
	build_tail(&p, catalog, "", root, end);
	replace(&p, "\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>",
	    "\xe2\xe3\xcf\xd3\n1 0 obj\n<</Linearized 1/L 123456   >>");
	stays_broken(&p, "replaced and deleted");
	vt_buf_release(&p.b);
}

static void
where_somebody_would_have_to_choose_nobody_does(void **state)
{
	struct build p;

	(void)state;
	build_minimal(&p);
	cut(&p, "xref\n");
	build_object(&p, 4, "(again)");
	stays_broken(&p, "object 4 is there more than once");
	vt_buf_release(&p.b);

	build_minimal(&p);
	cut(&p, "xref\n");
	build_object(&p, 5, "<</Type/Catalog/Pages 2 0 R>>");
	stays_broken(&p, "not just one catalog");
	build_text(&p, "trailer\n<</Root 1 0 R>>\ntrailer\n<</Root 5 0 R>>\n");
	stays_broken(&p, "different catalogs");
	vt_buf_release(&p.b);

	build_minimal(&p); /* cut off before the page's content */
	cut(&p, "4 0 obj");
	stays_broken(&p, "object 4 is referred to and is not there");
	vt_buf_release(&p.b);

	build_minimal(&p); /* and within it */
	cut(&p, "endstream");
	stays_broken(&p, "endstream");
	vt_buf_release(&p.b);

	build_begin(&p, ""); /* a text within a stream looks like an object */
	build_page(&p);
	build_stream(&p, 5, "", VT_BYTES_LIT("\n6 0 obj (no) endobj\n"));
	stays_broken(&p, "object 6 begins within another one");
	vt_buf_release(&p.b);

	build_begin(&p, "");
	stays_broken(&p, "no object");
	vt_buf_release(&p.b);
}

/* Whoever signed it saw something, and nobody knows any more what that was. */
static void
what_is_signed_is_never_repaired(void **state)
{
	struct build p;

	(void)state;
	build_minimal(&p);
	cut(&p, "xref\n");
	build_object(&p, 5, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>");
	stays_broken(&p, "signed already");
	vt_buf_release(&p.b);
	/* Nor where it is spelt in another way, in an earlier revision. */
	build_minimal(&p);
	cut(&p, "xref\n");
	build_object(&p, 5, "<</Type/Sig/Byte#52ange[0 1 2 3]/Contents<00>>>");
	build_text(&p, "startxref\n0\n%%%%EOF\n");
	build_object(&p, 5, "(replaced)");
	stays_broken(&p, "signed already");
	vt_buf_release(&p.b);
	/* Neither what hides it in a stream that nobody reads. */
	build_minimal(&p);
	cut(&p, "xref\n");
	build_stream(&p, 5, "", VT_BYTES_LIT("/ByteRange"));
	stays_broken(&p, "signed already");
	vt_buf_release(&p.b);
}

/* A trailer that is lost may have said that the rest is encrypted. */
static void
encryption_is_not_forgotten(void **state)
{
	struct build p;

	(void)state;
	build_minimal(&p);
	cut(&p, "xref\n");
	build_text(&p, "trailer\n<</Root 1 0 R/Encrypt 9 0 R/Size >>\n");
	stays_broken(&p, "may be encrypted");
	build_text(&p, "trailer\n<</Root 1 0 R>>\n");
	stays_broken(&p, "not all of its trailers");
	vt_buf_release(&p.b);
}

/* Pieces of the window meet within words and numbers. */
static void
objects_lie_across_windows(void **state)
{
	struct vt_bytes pad;
	struct build p;
	struct vt_buf b;
	struct open o;
	size_t n;

	(void)state;
	vt_buf_init(&b, 1u << 20);
	assert_int_equal(vt_buf_reserve(&b, 70000), VT_OK);
	memset(b.data, 'x', 70000);
	for (n = 65180; n < 65540; n++) {
		pad = VT_BYTES(b.data, n);
		build_begin(&p, "");
		build_stream(&p, 4, "", VT_BYTES_LIT("0 0 m 10 10 l S"));
		build_stream(&p, 9, "", pad);
		build_object(&p, 1, "<</Type/Catalog/Pages 2 0 R>>");
		build_object(&p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		build_object(&p, 3,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents "
		    "4 0 R>>");
		assert_vt_ok(rebuilt(&o, vt_buf_bytes(&p.b)), &o.err);
		check_page(&o);
		open_close(&o);
		vt_buf_release(&p.b);
	}
	vt_buf_release(&b);
}

static void
a_number_may_end_at_endobj(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	p.off[5] = p.b.len;
	build_text(&p, "5 0 obj\n42endobj\n");
	build_table(&p, 0, 5, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(get(&o, 5)->type, VT_PDF_INT);
	assert_int_equal(get(&o, 5)->u.integer, 42);
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	open_close(&o);
	vt_buf_release(&p.b);
	/* No other word does. */
	build_begin(&p, "");
	build_page(&p);
	p.off[5] = p.b.len;
	build_text(&p, "5 0 obj\n42endobjx\nendobj\n");
	build_table(&p, 0, 5, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	get_fails(&o, 5, VT_EFORMAT, "ISO 32000-2, 7.3");
	open_close(&o);
	vt_buf_release(&p.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_one_reading_is_signed),
		cmocka_unit_test(the_latest_revision_counts),
		cmocka_unit_test(a_startxref_without_an_offset_is_known),
		cmocka_unit_test(
		    where_somebody_would_have_to_choose_nobody_does),
		cmocka_unit_test(what_is_signed_is_never_repaired),
		cmocka_unit_test(encryption_is_not_forgotten),
		cmocka_unit_test(objects_lie_across_windows),
		cmocka_unit_test(a_number_may_end_at_endobj),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
