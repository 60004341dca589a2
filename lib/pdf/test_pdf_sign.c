/* test_pdf_sign.c - adding signatures: ISO 32000-2, 12.7.5.5 and 12.8 */
#include "test_pdf_signing.h"

static const struct vt_pdf_sign plain = { .when = VT_TIME_NONE,
	.hole = DUMMY_HOLE };

static void
signs(const struct build *p, const struct vt_pdf_sign *how, const char *name)
{
	struct vt_error err = { 0 };
	struct signed_file s;

	assert_vt_ok(sign_bytes(vt_buf_bytes(&p->b), how, &s, &err), &err);
	assert_signed(&s, vt_buf_bytes(&p->b), name);
	signed_release(&s);
}

static void
refuses(const struct build *p, const struct vt_pdf_sign *how, enum vt_code code,
    const char *clause)
{
	struct vt_error err = { 0 };
	struct signed_file s;
	int rc = sign_bytes(vt_buf_bytes(&p->b), how, &s, &err);

	if (clause != NULL)
		assert_error_clause(rc, &err, code, clause);
	else
		assert_vt_error(rc, &err, code);
	signed_release(&s);
}

/* --- every kind of file --- */

static void
build_hybrid(struct build *p)
{
	struct vt_buf rows;
	size_t xref;
	char keys[64];

	vt_buf_init(&rows, 4096);
	build_begin(p, "");
	build_page(p);
	build_row(&rows, 1, p->b.len, 0);
	build_object(p, 5, "(hidden)");
	p->off[5] = 0;
	xref = build_xref_stream(p, 6, "/Size 7/Root 1 0 R/Index[5 1]",
	    vt_buf_bytes(&rows), false);
	snprintf(keys, sizeof(keys), "/Root 1 0 R/XRefStm %zu", xref);
	build_table(p, 0, 6, keys);
	vt_buf_release(&rows);
}

static void
build_junk(struct build *p)
{
	build_begin(p, "junk\n");
	build_page(p);
	build_table(p, 0, 4, "/Root 1 0 R");
}

static void
build_no_eol(struct build *p)
{
	build_minimal(p);
	p->b.len--;
}

static void
each_kind_gets_its_own_kind_of_section(void **state)
{
	static const struct {
		void (*build)(struct build *p);
		enum vt_pdf_xref_kind kind;
	} cases[] = { { build_minimal, VT_PDF_XREF_TABLE },
		{ build_no_eol, VT_PDF_XREF_TABLE },
		{ build_junk, VT_PDF_XREF_TABLE },
		{ build_compressed, VT_PDF_XREF_STREAM },
		{ build_hybrid, VT_PDF_XREF_TABLE } };
	static const char *const names[] = { "Signature1", "Signature2",
		"Signature3" };
	struct vt_error err = { 0 };
	struct signed_file s, next;
	struct vt_bytes before;
	struct build p;
	struct open o;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].build(&p);
		before = vt_buf_bytes(&p.b);
		memset(&s, 0, sizeof(s));
		for (k = 0; k < 3; k++) { /* first, second, third */
			assert_vt_ok(sign_bytes(before, &plain, &next, &err),
			    &err);
			assert_signed(&next, before, names[k]);
			signed_release(&s);
			s = next;
			before = vt_buf_bytes(&s.bytes);
			assert_in_form(&s, names[k]);
		}
		assert_vt_ok(open_bytes(&o, before, VT_PDF_STRICT), &o.err);
		n = vt_pdf_nrevisions(o.pdf);
		assert_int_equal(n, 4);
		for (k = 1; k < n; k++)
			assert_int_equal(vt_pdf_revision(o.pdf, k)->kind,
			    cases[i].kind);
		if (cases[i].build == build_hybrid)
			assert_bytes_str(get(&o, 5)->u.string, "hidden");
		assert_int_equal(vt_pdf_ndamage(o.pdf), 0);
		open_close(&o);
		if (p.junk == 0) /* qpdf warns of the junk itself */
			assert_qpdf_content(before);
		signed_release(&s);
		vt_buf_release(&p.b);
	}
}

/* --- every shape of form and page --- */

static const char *const forms[] = {
	"", /* none */
	"/AcroForm null",
	"/AcroForm 19 0 R", /* no such object */
	"/AcroForm<</Fields[]>>",
	"/AcroForm<</Fields[10 0 R]/SigFlags 1/DA(/Helv 0 Tf)>>",
	"/AcroForm<</Fields 11 0 R/SigFlags 12 0 R>>",
	"/AcroForm<<>>",
	"/AcroForm<</Fields null/SigFlags 3>>",
	"/AcroForm 13 0 R",
	"/AcroForm 14 0 R",
	"/AcroForm 15 0 R",
};
static const char *const annots[] = {
	"",
	"/Annots null",
	"/Annots 19 0 R",
	"/Annots[]",
	"/Annots[10 0 R]",
	"/Annots 16 0 R",
	"/Annots 11 0 R", /* the same array as /Fields */
	"/Annots[ 10 0 R % the last\n]",
};

static void
build_form(struct build *p, const char *form, const char *annot)
{
	char text[300];

	build_begin(p, "");
	snprintf(text, sizeof(text), "<</Type/Catalog/Pages 2 0 R%s>>", form);
	build_object(p, 1, text);
	build_object(p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]%s>>", annot);
	build_object(p, 3, text);
	build_object(p, 10,
	    "<</Type/Annot/Subtype/Widget/FT/Tx/T(Signature1)/Rect[0 0 9 9]"
	    "/P 3 0 R>>");
	build_object(p, 11, "[10 0 R]");
	build_object(p, 12, "0");
	build_object(p, 13, "<</Fields[10 0 R]>>");
	build_object(p, 14, "<</Fields 11 0 R/SigFlags 0>>");
	build_object(p, 15, "<</SigFlags 3/Fields 16 0 R>>");
	build_object(p, 16, "[]");
	build_table(p, 0, 16, "/Root 1 0 R");
}

static void
each_form_and_each_page(void **state)
{
	struct vt_error err = { 0 };
	struct signed_file s;
	struct vt_bytes b;
	const char *name;
	struct build p;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		for (k = 0; k < sizeof(annots) / sizeof(annots[0]); k++) {
			build_form(&p, forms[i], annots[k]);
			b = vt_buf_bytes(&p.b);
			/* The text field has taken the first name. */
			name = strstr(forms[i], "10 0 R") != NULL ||
				       strstr(forms[i], "11 0 R") != NULL ||
				       strstr(forms[i], "13 0 R") != NULL ||
				       strstr(forms[i], "14 0 R") != NULL
				   ? "Signature2"
				   : "Signature1";
			assert_vt_ok(sign_bytes(b, &plain, &s, &err), &err);
			assert_signed(&s, b, name);
			assert_in_form(&s, name);
			assert_qpdf_content(vt_buf_bytes(&s.bytes));
			signed_release(&s);
			vt_buf_release(&p.b);
		}
}

static void
what_is_not_changed_keeps_its_bytes(void **state)
{
	static const char catalog[] = "<< /Type/Catalog %odd\n /Pages 2 0 R "
				      "/Lang<76 69>/X#59(\\061)/AcroForm<<"
				      "/Fields[]/DA(%) >> /Z 1.50 >>";
	struct vt_error err = { 0 };
	struct signed_file s;
	struct vt_bytes after;
	struct build p;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	build_object(&p, 1, catalog);
	build_table(&p, 0, 4,
	    "/Root 1 0 R/Info  4 0 R /ID[<00>(\\\\)]/Other(kept)");
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &plain, &s, &err), &err);
	assert_signed(&s, vt_buf_bytes(&p.b), "Signature1");
	after = vt_bytes_slice(vt_buf_bytes(&s.bytes), p.b.len, SIZE_MAX);
	assert_int_not_equal(vt_bytes_find(after, 0,
				 "<< /Type/Catalog %odd\n /Pages 2 0 R "
				 "/Lang<76 69>/X#59(\\061)/AcroForm <<"
				 "/Fields [6 0 R]/DA(%) /SigFlags 3>> /Z 1.50 "
				 ">>"),
	    SIZE_MAX);
	assert_int_not_equal(vt_bytes_find(after, 0,
				 "/Root 1 0 R/Info  4 0 R/ID[<00>(\\\\)]"),
	    SIZE_MAX);
	assert_int_not_equal(vt_bytes_find(after, 0, "/Other(kept)"), SIZE_MAX);
	signed_release(&s);
	vt_buf_release(&p.b);
}

static void
names_and_texts(void **state)
{
	struct vt_pdf_sign how = plain;
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_error err = { 0 };
	struct signed_file s;
	char out[VT_TIME_TEXT];
	struct build p;
	struct open o;

	(void)state;
	how.field = "Ký tên";
	how.name = "Nguyễn Thị Ánh";
	how.reason = "phê duyệt (a\\b)";
	how.location = "Ha Noi";
	assert_true(vt_time_parse("2026-11-23T23:59:59+07:00", &how.when));
	build_minimal(&p);
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err), &err);
	assert_signed(&s, vt_buf_bytes(&p.b), "Ký tên");
	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s.bytes), VT_PDF_STRICT),
	    &o.err);
	assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields, &o.err), &o.err);
	assert_int_equal(fields.n, 1);
	assert_string_equal(fields.items[0].signer, how.name);
	assert_string_equal(fields.items[0].reason, how.reason);
	assert_string_equal(fields.items[0].location, how.location);
	assert_string_equal(vt_time_local(fields.items[0].claimed, out),
	    "2026-11-23T23:59:59+07:00");
	assert_false(fields.certified);
	assert_int_equal(fields.items[0].docmdp, 0);
	vt_pdf_sigfields_release(&fields);
	open_close(&o);
	signed_release(&s);
	vt_buf_release(&p.b);
}

/* --- fields that are there --- */

static void
build_field(struct build *p, const char *form, const char *field)
{
	char text[200];

	build_begin(p, "");
	build_page(p);
	snprintf(text, sizeof(text),
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<<%s>>>>", form);
	build_object(p, 1, text);
	build_object(p, 5, field);
	build_object(p, 6, "<</FT/Sig/T(inner)/Parent 5 0 R>>");
	build_object(p, 7,
	    "<</Type/Sig/Filter/X/ByteRange[0 1 2 3]"
	    "/Contents<00>>>");
	build_table(p, 0, 7, "/Root 1 0 R");
}

static void
an_empty_field_is_filled(void **state)
{
	struct vt_pdf_sign how = plain;
	struct build p;

	(void)state;
	how.field = "agency";
	build_field(&p, "/Fields[5 0 R]/SigFlags 3", "<</FT/Sig/T(agency)>>");
	signs(&p, &how, "agency");
	vt_buf_release(&p.b);
	build_field(&p, "/Fields[5 0 R]", "<</FT/Sig/T(agency)/V null/F 4>>");
	signs(&p, &how, "agency");
	vt_buf_release(&p.b);
	how.field = "a.inner";
	build_field(&p, "/Fields[5 0 R]", "<</T(a)/Kids[6 0 R]>>");
	signs(&p, &how, "a.inner");
	refuses(&p, &(struct vt_pdf_sign){ .field = "a", .hole = 9 },
	    VT_EREFUSED, "ISO 32000-2, 12.7.5.5");
	refuses(&p, &(struct vt_pdf_sign){ .field = "a.other", .hole = 9 },
	    VT_ENOTFOUND, "ISO 32000-2, 12.7.4.2");
	vt_buf_release(&p.b);
}

static void
fields_that_cannot_be_filled(void **state)
{
	static const struct {
		const char *field;
		enum vt_code code;
	} cases[] = {
		{ "<</FT/Sig/T(f)/V 7 0 R>>", VT_EREFUSED },
		{ "<</FT/Tx/T(f)>>", VT_EREFUSED },
		{ "<</T(f)>>", VT_EREFUSED },
		{ "<</FT/Sig/T(f)/Lock<</Action/Some>>>>", VT_EFORMAT },
		{ "<</FT/Sig/T(f)/SV<</Ff 1/Filter/X>>>>", VT_EREFUSED },
		{ "<</FT/Sig/T(f)/SV<</Cert<</Ff 2>>>>>>", VT_EREFUSED },
	};
	struct vt_pdf_sign how = plain;
	struct build p;
	size_t i;

	(void)state;
	how.field = "f";
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_field(&p, "/Fields[5 0 R]", cases[i].field);
		refuses(&p, &how, cases[i].code, "ISO 32000-2, 12.7.5.5");
		vt_buf_release(&p.b);
	}
	build_field(&p, "/Fields[<</FT/Sig/T(f)>>]", "null");
	refuses(&p, &how, VT_EUNSUPPORTED, "ISO 32000-2, 12.7.3");
	vt_buf_release(&p.b);
}

/* --- what certifications and locks say --- */

static void
build_certified(struct build *p, const char *perms, const char *params,
    const char *lock)
{
	char text[300];

	build_begin(p, "");
	build_page(p);
	snprintf(text, sizeof(text),
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>%s>>",
	    perms);
	build_object(p, 1, text);
	snprintf(text, sizeof(text), "<</FT/Sig/T(f)/V 6 0 R%s>>", lock);
	build_object(p, 5, text);
	snprintf(text, sizeof(text),
	    "<</Type/Sig/Filter/X/ByteRange[0 1 2 3]/Contents<00>%s>>", params);
	build_object(p, 6, text);
	build_object(p, 7,
	    "<</Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>"
	    ">>]>>");
	build_table(p, 0, 7, "/Root 1 0 R");
}

#define REFERENCE(p)                                                           \
	"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<<" p \
	">>>>]"

static void
certifications_are_respected(void **state)
{
	static const struct {
		const char *perms, *params, *lock, *clause; /* NULL: allowed */
	} cases[] = {
		{ "/Perms<</DocMDP 6 0 R>>", REFERENCE("/P 1"), "",
		    "ISO 32000-2, 12.8.2.2" },
		{ "", REFERENCE("/P 1"), "", "ISO 32000-2, 12.8.2.2" },
		{ "/Perms<</DocMDP 7 0 R>>", "", "", "ISO 32000-2, 12.8.2.2" },
		{ "/Perms<</DocMDP<<>>>>", "", "", "ISO 32000-2, 12.8.2.2" },
		{ "/Perms<</DocMDP 6 0 R>>", REFERENCE("/P 2"), "", NULL },
		{ "/Perms<</DocMDP 6 0 R>>", REFERENCE("/P 3"), "", NULL },
		{ "/Perms<</DocMDP 6 0 R>>", REFERENCE(""), "", NULL },
		{ "", "", "/Lock<</Action/All/P 1>>", "ISO 32000-2, 12.7.5.5" },
		{ "", "", "/Lock<</Action/All/P 2>>", NULL },
	};
	struct build p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_certified(&p, cases[i].perms, cases[i].params,
		    cases[i].lock);
		if (cases[i].clause != NULL)
			refuses(&p, &plain, VT_EREFUSED, cases[i].clause);
		else
			signs(&p, &plain, "Signature1");
		vt_buf_release(&p.b);
	}
}

/* --- refusals --- */

static void
damage_anywhere_is_refused(void **state)
{
	struct build p;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	build_object(&p, 5, "(nobody refers to this"); /* no end */
	build_table(&p, 0, 5, "/Root 1 0 R");
	refuses(&p, &plain, VT_EFORMAT, "ISO 32000-2, 7.3");
	vt_buf_release(&p.b);
	build_begin(&p, "");
	build_object(&p, 1, "<</Type/Catalog>>");
	build_table(&p, 0, 1, "/Root 1 0 R");
	refuses(&p, &plain, VT_EFORMAT, "ISO 32000-2, 7.7.2");
	vt_buf_release(&p.b);
	build_begin(&p, "");
	build_page(&p);
	build_table(&p, 0, 4, "");
	refuses(&p, &plain, VT_EFORMAT, "ISO 32000-2, 7.5.5");
	vt_buf_release(&p.b);
	build_form(&p, "/AcroForm 5", "");
	refuses(&p, &plain, VT_EFORMAT, "ISO 32000-2, 12.7.3");
	vt_buf_release(&p.b);
	build_form(&p, "/AcroForm<</Fields 12 0 R>>", "");
	refuses(&p, &plain, VT_EFORMAT, "ISO 32000-2, 12.7.3");
	vt_buf_release(&p.b);
	build_form(&p, "/AcroForm<</XFA[(x) 10 0 R]>>", "");
	refuses(&p, &plain, VT_EUNSUPPORTED, "ISO 32000-2, 12.7.3");
	vt_buf_release(&p.b);
	build_form(&p, "", "/Annots 12 0 R");
	refuses(&p, &plain, VT_EFORMAT, "ISO 32000-2, 7.3.6");
	vt_buf_release(&p.b);
}

static void
options_that_make_no_sense(void **state)
{
	struct vt_pdf_sign how = plain;
	struct build p;

	(void)state;
	build_minimal(&p);
	how.hole = 0;
	refuses(&p, &how, VT_EARG, NULL);
	how.hole = VT_PDF_HOLE_MAX + 1;
	refuses(&p, &how, VT_EARG, NULL);
	how = plain;
	how.field = "";
	refuses(&p, &how, VT_EARG, NULL);
	vt_buf_release(&p.b);
}

static void
the_hole_bounds_the_signature(void **state)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.pdf");
	struct vt_pdf_sign how = plain;
	struct vt_pdf_signing *s = NULL;
	struct vt_error err = { 0 };
	struct vt_out *out = NULL;
	unsigned char der[11];
	struct build p;
	struct open o;

	(void)state;
	memset(der, 0xab, sizeof(der));
	how.hole = 10;
	build_minimal(&p);
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_ok(vt_out_open(path, &out, &err), &err);
	assert_vt_ok(vt_pdf_sign_prepare(o.pdf, &how, out, &s, &err), &err);
	assert_vt_error(vt_pdf_sign_finish(s, VT_BYTES(der, 11), &err), &err,
	    VT_ELIMIT);
	assert_error_text(&err, "11");
	assert_error_text(&err, "10");
	vt_error_clear(&err);
	assert_vt_ok(vt_pdf_sign_finish(s, VT_BYTES(der, 10), &err), &err);
	vt_pdf_signing_free(s);
	vt_out_abort(out);
	assert_int_equal(test_dir_count(dir), 0);
	open_close(&o);
	vt_buf_release(&p.b);
	free(path);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_gets_its_own_kind_of_section),
		cmocka_unit_test(each_form_and_each_page),
		cmocka_unit_test(what_is_not_changed_keeps_its_bytes),
		cmocka_unit_test(names_and_texts),
		cmocka_unit_test(an_empty_field_is_filled),
		cmocka_unit_test(fields_that_cannot_be_filled),
		cmocka_unit_test(certifications_are_respected),
		cmocka_unit_test(damage_anywhere_is_refused),
		cmocka_unit_test(options_that_make_no_sense),
		cmocka_unit_test(the_hole_bounds_the_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
