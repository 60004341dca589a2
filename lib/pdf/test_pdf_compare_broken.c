/* test_pdf_compare_broken.c - changes to what could never be read
 *
 * Who prepares a document may give it objects that readers repair and we do
 * not.  They must not change unnoticed.
 */
#include "test_pdf_compare_valid.h"

#define STREAM 20 /* the object stream, and 21 the cross-reference stream */

/*
 * The page in an object stream, with a table that names one object more than
 * there is: others show the page, we cannot tell what there is.
 */
static size_t
put_stream(struct doc *d, unsigned stream, const char *page, bool broken)
{
	size_t off = d->b.len;

	vt_buf_printf(&d->b,
	    "%u 0 obj\n<</Type/ObjStm/N 2/First %d/Length %zu>>\nstream\n"
	    "3 0 %s %s 0\nendstream\nendobj\n",
	    stream, broken ? 12 : 9, strlen(page) + (broken ? 14 : 11),
	    broken ? "40 9999" : "40 0", page);
	return off;
}

/* A section that lists the page as INDEX in STREAM, which is at OFF. */
static void
put_section(struct doc *d, unsigned stream, size_t off, unsigned index)
{
	size_t prev = d->xref;
	struct vt_buf rows;

	vt_buf_init(&rows, 4096);
	d->xref = d->b.len;
	build_row(&rows, 2, stream, index);
	build_row(&rows, 1, off, 0);
	build_row(&rows, 1, d->xref, 0);
	vt_buf_printf(&d->b,
	    "%u 0 obj\n<</Type/XRef/W[1 4 2]/Size 99/Index[3 1 %u 2]/Root 1 0 R"
	    "/Info 8 0 R/Prev %zu/Length %zu>>\nstream\n",
	    stream + 1, stream, prev, rows.len);
	vt_buf_bytes_put(&d->b, vt_buf_bytes(&rows));
	vt_buf_printf(&d->b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n",
	    d->xref);
	vt_buf_release(&rows);
}

#define PAGE(contents)                                                         \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents " contents   \
	" 0 R/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R]>>"

static void
what_cannot_be_read_may_not_change(void **state)
{
	struct doc d;
	unsigned broken;
	size_t off;

	(void)state;
	for (broken = 0; broken < 2; broken++) {
		memset(&d, 0, sizeof(d));
		vt_buf_init(&d.b, FILE_MAX);
		vt_buf_puts(&d.b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
		update(&d, base, NBASE, "");
		update(&d, P({ 30, EVIL }), "");
		off = put_stream(&d, STREAM, PAGE("4"), broken != 0);
		put_section(&d, STREAM, off, 0);
		seal(&d);
		assert_true(is_valid(&d)); /* nothing came later */
		/* the same again is the same, as far as we can tell */
		put_section(&d, STREAM, off, 0);
		if (broken)
			assert_not_compared(&d, 0, "cannot be read");
		else
			assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
		off = put_stream(&d, STREAM + 4, PAGE("30"), broken != 0);
		put_section(&d, STREAM + 4, off, 0);
		assert_compared(&d, 1, VT_PDF_CHANGED, "object 3");
		assert_forged(&d);
	}
}

/* The same number of the same stream, but not the same bytes. */
static void
what_cannot_be_read_stays_where_it_is(void **state)
{
	enum { ANOTHER_STREAM, ANOTHER_INDEX, IN_THE_FILE, N };
	struct doc d;
	size_t off;
	int i;

	(void)state;
	for (i = 0; i < N; i++) {
		memset(&d, 0, sizeof(d));
		vt_buf_init(&d.b, FILE_MAX);
		vt_buf_puts(&d.b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
		update(&d, base, NBASE, "");
		off = put_stream(&d, STREAM, PAGE("4"), true);
		put_section(&d, STREAM, off, 0);
		seal(&d);
		if (i == ANOTHER_STREAM)
			off = put_stream(&d, STREAM, PAGE("30"), true);
		if (i == IN_THE_FILE)
			update(&d, P({ 3, "<</Type/Page/Contents 30 0 R" }),
			    "");
		else
			put_section(&d, STREAM, off, i == ANOTHER_INDEX);
		assert_compared(&d, 1, VT_PDF_CHANGED, "object 3");
		assert_forged(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_read_may_not_change),
		cmocka_unit_test(what_cannot_be_read_stays_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
