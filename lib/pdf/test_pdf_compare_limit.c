/* test_pdf_compare_limit.c - both sides of the comparison's limits */
#include "pdf_compare_int.h"
#include "test_pdf_compare.h"

/* As often as we count, an object is used; and once more. */
static void
uses_are_counted(void **state)
{
	struct vt_buf b;
	struct doc d;
	size_t n, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, FILE_MAX);
		vt_buf_putc(&b, '[');
		for (n = 0; n < VT_PDF_USES_MAX + more; n++)
			vt_buf_puts(&b, "30 0 R ");
		vt_buf_putc(&b, ']');
		signed_doc(&d, P({ 30, "(x)" }, { 31, vt_buf_str(&b) }));
		update(&d, P({ 30, "(y)" }), "");
		if (more == 0)
			assert_compared(&d, 1, VT_PDF_CHANGED, "object 30");
		else
			assert_not_compared(&d, 0, "100000 places");
		vt_buf_release(&d.b);
		vt_buf_release(&b);
	}
}

static void
new_fields_are_counted(void **state)
{
	struct part parts[3] = { { 0 } };
	struct vt_buf fields;
	struct doc d;
	size_t n, i;

	(void)state;
	for (n = VT_PDF_NEW_FIELDS_MAX; n <= VT_PDF_NEW_FIELDS_MAX + 1; n++) {
		vt_buf_init(&fields, FILE_MAX);
		vt_buf_puts(&fields, "<</SigFlags 3/Fields[6 0 R 9 0 R");
		signed_doc(&d, NULL, 0);
		/* each a revision of its own; the form is the last */
		for (i = 0; i < n; i++) {
			char text[64];

			snprintf(text, sizeof(text), "<</FT/Sig/T(F%zu)>>", i);
			update(&d, P({ (unsigned)(100 + i), text }), "");
			vt_buf_printf(&fields, " %zu 0 R", 100 + i);
		}
		vt_buf_puts(&fields, "]>>");
		parts[0] = (struct part){ 5, vt_buf_str(&fields) };
		update(&d, parts, 1, "");
		assert_compared(&d, 1,
		    n == VT_PDF_NEW_FIELDS_MAX ? VT_PDF_UNCHANGED
					       : VT_PDF_CHANGED,
		    n == VT_PDF_NEW_FIELDS_MAX ? NULL : "object 5");
		vt_buf_release(&d.b);
		vt_buf_release(&fields);
	}
}

/* Many states of many objects: the work for all of them is bounded. */
static void
objects_are_counted(void **state)
{
	enum { N = 20000, SIGNATURES = 120 };
	static const char sig[] = SIG("");
	char field[64], number[16];
	struct vt_buf b, fields;
	struct doc d;
	size_t i, *off = calloc(N, sizeof(*off));

	(void)state;
	assert_non_null(off);
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	for (i = 0; i < N; i++) {
		off[i] = d.b.len;
		vt_buf_printf(&d.b, "%zu 0 obj\n1\nendobj\n", 1000 + i);
	}
	d.xref = d.b.len;
	vt_buf_printf(&d.b, "xref\n1000 %d\n", N);
	for (i = 0; i < N; i++)
		vt_buf_printf(&d.b, "%010zu 00000 n \n", off[i]);
	vt_buf_printf(&d.b,
	    "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
	    1000 + N, d.xref);
	update(&d, base, NBASE, "");
	seal(&d);
	vt_buf_init(&b, FILE_MAX);
	vt_buf_init(&fields, FILE_MAX);
	vt_buf_puts(&fields, "<</SigFlags 3/Fields[6 0 R 9 0 R");
	for (i = 0; i < SIGNATURES; i++) {
		snprintf(field, sizeof(field), "<</FT/Sig/T(F%zu)/V %zu 0 R>>",
		    i, 101 + 2 * i);
		snprintf(number, sizeof(number), " %zu 0 R", 100 + 2 * i);
		vt_buf_puts(&fields, number);
		vt_buf_reset(&b);
		vt_buf_puts(&b, vt_buf_str(&fields));
		vt_buf_puts(&b, "]>>");
		update(&d,
		    P({ (unsigned)(100 + 2 * i), field },
			{ (unsigned)(101 + 2 * i), sig },
			{ 5, vt_buf_str(&b) }),
		    "");
		seal(&d);
	}
	assert_not_compared(&d, 0, "2000000 objects");
	vt_buf_release(&d.b);
	vt_buf_release(&b);
	vt_buf_release(&fields);
	free(off);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uses_are_counted),
		cmocka_unit_test(new_fields_are_counted),
		cmocka_unit_test(objects_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
