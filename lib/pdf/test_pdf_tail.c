/* test_pdf_tail.c - header, tail, trailer: ISO 32000-2, 7.5.2 and 7.5.5 */
#include "test_pdf_build.h"

static void
the_tail(void **state)
{
	static const struct {
		const char *tail;
		bool ok;
	} cases[] = {
		{ "startxref\n%zu\n%%%%EOF\n", true },
		{ "startxref\n%zu\n%%%%EOF", true },
		{ "startxref\r%zu\r%%%%EOF\r", true },
		{ "startxref %zu %%%%EOF \n\n\n", true },
		{ "startxref\n%zu\n", true }, /* noted */
		{ "startxref\n%zu\n%%%%EO", true },
		{ "startxref\n%zu\n%%%%EOF\njunk\n", true },
		{ "startxref\n%zu\n%%%%EOF\nstartxref\n0\n%%%%EOF\n", false },
		{ "startxref\n%zu\n%%%%EOF\nstartxref\n%%%%EOF\n", false },
		{ "startxref\n%zu\n%%%%EOF\nstartxref\n-5\n%%%%EOF\n", false },
		{ "startxref\n%zu\n%%%%EOF\nstartxref\n9223372036854775808\n",
		    false },
		{ "startxref\n%zu\n%%%%EOF\nstartxref\n99999\n", false },
		{ "startxre\n%zu\n%%%%EOF\n", false },
		{ "xstartxref\n%zu\n%%%%EOF\n", false },
		{ "", false },
	};
	char tail[200];
	struct build p;
	struct open o;
	size_t i, cut;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_minimal(&p);
		cut = vt_bytes_find(vt_buf_bytes(&p.b), 0, "startxref");
		p.b.len = cut;
		snprintf(tail, sizeof(tail), cases[i].tail, p.last);
		vt_buf_puts(&p.b, tail);
		rc = open_bytes(&o, vt_buf_bytes(&p.b), VT_PDF_STRICT);
		if (cases[i].ok) {
			assert_vt_ok(rc, &o.err);
			check_page(&o);
		} else {
			assert_error_clause(rc, &o.err, VT_EFORMAT,
			    "ISO 32000-2, 7.5.5");
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
the_header(void **state)
{
	char junk[1100];
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	memset(junk, 'x', sizeof(junk));
	for (i = 0; i < 3; i++) {
		junk[i == 0 ? 7 : 1023 + i] = '\0'; /* 7, 1024, 1025 */
		build_begin(&p, junk);
		build_page(&p);
		build_table(&p, 0, 4, "/Root 1 0 R");
		if (i == 2) {
			open_fails(&p, VT_PDF_TOLERANT, VT_EFORMAT,
			    "ISO 32000-2, 7.5.2");
		} else {
			open_ok(&o, &p, VT_PDF_STRICT);
			check_page(&o);
			assert_int_equal(vt_pdf_header(o.pdf), strlen(junk));
			assert_int_equal(vt_pdf_revision(o.pdf, 0)->xref,
			    p.last + strlen(junk));
			assert_int_equal(vt_pdf_revision(o.pdf, 0)->end,
			    p.b.len);
			assert_true(has_finding(&o, VT_PDF_F_HEADER, false));
			open_close(&o);
		}
		vt_buf_release(&p.b);
		memset(junk, 'x', sizeof(junk));
	}
}

static void
cr_alone_ends_lines(void **state)
{
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	build_minimal(&p);
	for (i = 0; i < p.b.len; i++)
		if (p.b.data[i] == '\n')
			p.b.data[i] = '\r';
	open_ok(&o, &p, VT_PDF_STRICT);
	check_page(&o);
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
encryption(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	build_object(&p, 5, "<</Filter/Standard/V 1>>");
	build_table(&p, 0, 5, "/Root 1 0 R/Encrypt 5 0 R");
	open_fails(&p, VT_PDF_STRICT, VT_EUNSUPPORTED, "ISO 32000-2, 7.6.2");
	open_ok(&o, &p, VT_PDF_TOLERANT);
	assert_true(vt_pdf_encrypted(o.pdf));
	check_page(&o);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
stale_size_is_a_warning(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	build_table(&p, 0, 4, "/Root 1 0 R");
	replace(&p, "/Size 5", "/Size 2");
	open_ok(&o, &p, VT_PDF_STRICT);
	check_page(&o);
	assert_true(has_finding(&o, VT_PDF_F_SIZE, false));
	open_close(&o);
	vt_buf_release(&p.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tail),
		cmocka_unit_test(the_header),
		cmocka_unit_test(cr_alone_ends_lines),
		cmocka_unit_test(encryption),
		cmocka_unit_test(stale_size_is_a_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
