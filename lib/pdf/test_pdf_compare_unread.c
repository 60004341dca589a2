/* test_pdf_compare_unread.c - what we did not read of what was signed
 *
 * Who prepares a document may give it objects that readers repair and we do
 * not, or that no list has.  They lead to what is not there yet.
 */
#include "test_pdf_compare_valid.h"

#define FORM "<</Type/XObject/Subtype/Form/BBox[0 0 200 200]"
#define LEADS FORM "/Resources<</XObject<</Y 30 0 R>>>>"
#define SHOWS "stream\n/Y Do\nendstream"
#define FONT "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"

/* The base and MORE, signed, with TEXT between its objects and its table. */
static void
signed_with(struct doc *d, const char *text, const struct part *more, size_t n)
{
	struct part parts[32];
	size_t i;

	memset(d, 0, sizeof(*d));
	vt_buf_init(&d->b, FILE_MAX);
	vt_buf_puts(&d->b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	vt_buf_puts(&d->b, text);
	memcpy(parts, base, sizeof(base));
	for (i = 0; i < n; i++)
		parts[NBASE + i] = more[i];
	update(d, parts, NBASE + n, "");
	seal(d);
}

/* It is valid as it is, and with an object that nothing may lead to. */
static void
add_object(struct doc *d)
{
	assert_true(is_valid(d));
	update(d, P({ 30, FORM "/Length 1>>\nstream\nf\nendstream" }), "");
}

/* Nobody knows whether something leads to it; WHY is NULL: nothing does. */
static void
assert_leads(struct doc *d, const char *why)
{
	add_object(d);
	if (why != NULL)
		assert_not_compared(d, 0, why);
	else
		assert_true(is_valid(d));
	vt_buf_release(&d->b);
}

/* The end of a stream is not known, but what it refers to. */
static void
streams_that_others_repair(void **state)
{
	static const char *const broken[] = {
		LEADS "/Length 900>>\n" SHOWS,
		LEADS "/Length 900000>>\n" SHOWS,
		LEADS "/Length -1>>\n" SHOWS,
		LEADS "/Length 77 0 R>>\n" SHOWS,
		LEADS ">>\n" SHOWS,
		LEADS "/Length 5>>\nstream\n/Y Do\n",
		FORM "/Length 30 0 R>>\n" SHOWS,
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		signed_with(&d, "", P({ 20, broken[i] }));
		add_object(&d);
		assert_compared(&d, 1, VT_PDF_CHANGED, "object 30");
		vt_buf_release(&d.b);
	}
	/* nothing there leads on; but objects might be in such a stream */
	signed_with(&d, "", P({ 20, FORM "/Length 900>>\n" SHOWS }));
	assert_leads(&d, NULL);
	signed_with(&d, "",
	    P({ 20, "<</Type/ObjStm/N 1/First 5/Length 900>>\n"
		    "stream\n21 0 [30 0 R]\nendstream" }));
	assert_leads(&d, "object 20 of what was signed cannot be read");
	/* what is in a stream that can be read is no matter */
	signed_with(&d, "",
	    P({ 20, FORM "/Length 7>>\nstream\n30 0 R \n"
			 "endstream" }));
	assert_leads(&d, NULL);
}

static void
objects_that_others_repair(void **state)
{
	static const char *const broken[] = {
		LEADS "/Q)/Length 5>>\n" SHOWS,
		LEADS "/Q 5 6/Length 5>>\n" SHOWS,
		"<</XObject<</Y 30 0 R>>)>>",
		"[30 0 R)]",
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		signed_with(&d, "", P({ 20, broken[i] }));
		assert_leads(&d, "object 20 of what was signed cannot be read");
	}
}

/* The number is another's: no object of the table stands there. */
static void
objects_elsewhere(void **state)
{
	struct vt_bytes b;
	struct doc d;
	size_t at;

	(void)state;
	signed_with(&d, "", P({ 20, LEADS "/Length 5>>\n" SHOWS }));
	b = vt_buf_bytes(&d.b);
	at = vt_bytes_find(b, 0, "\n20 0 obj\n");
	assert_true(at != SIZE_MAX);
	d.b.data[at + 4] = '1';
	assert_leads(&d, "object 20 of what was signed cannot be read");
}

static void
objects_in_no_list(void **state)
{
	static const char *const heads[] = {
		"20 0 obj\n",
		"20 0 obj<",
		"20 %\n0 %\nobj\n",
		"20 0 objx\n",
	};
	char text[512];
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		snprintf(text, sizeof(text),
		    "%s<" LEADS "/Length 5>>\n" SHOWS "\nendobj\n", heads[i]);
		signed_with(&d, text, P({ 50, FONT }));
		assert_leads(&d, "are in no list");
	}
	/* comments that speak of objects, as tools write them */
	signed_with(&d,
	    "%QDF-1.0\n\n%% Original object ID: 12 0\n%% Contents for page 1\n",
	    P({ 50, FONT }));
	assert_leads(&d, NULL);
}

/* In the stream of another they are there for readers that repair. */
static void
objects_within_others(void **state)
{
	static const char within[] =
	    "<</Length 99>>\nstream\n20 0 obj\n" LEADS "/Length 5>>\n" SHOWS
	    "\nendobj\nendstream";
	char body[512];
	struct doc d;

	(void)state;
	snprintf(body, sizeof(body), "<</Length %zu%s",
	    strlen(within) - strlen("<</Length 99>>\nstream\n\nendstream"),
	    within + strlen("<</Length 99"));
	signed_with(&d, "", P({ 21, body }, { 50, FONT }));
	assert_leads(&d, NULL);
	/* the page leads to a font that is not there */
	signed_with(&d, "", P({ 21, body }));
	assert_leads(&d, "are in no list");
	/* or to another generation of one that is */
	signed_with(&d, "", P({ 21, body }, { 22, "[50 1 R]" }, { 50, FONT }));
	assert_leads(&d, "are in no list");
}

/*
 * What an older section lists stands behind what the newest one does, or was
 * freed: who repairs takes it.  FONT_TOO: nothing dangles, nobody repairs.
 */
static void
an_older_one(struct doc *d, const char *newer, bool font_too)
{
	static const struct part older[] = { { 20, "[30 0 R]" }, { 50, FONT } };
	size_t first, at, n = font_too ? 2 : 1;

	memset(d, 0, sizeof(*d));
	vt_buf_init(&d->b, FILE_MAX);
	vt_buf_puts(&d->b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	first = d->b.len;
	vt_buf_puts(&d->b, "20 0 obj\n[]\nendobj\n");
	update(d, older, n, "");
	update(d, base, NBASE, "");
	at = d->b.len;
	if (strcmp(newer, "[]") == 0)
		vt_buf_printf(&d->b, "xref\n20 1\n%010zu 00000 n \n", first);
	else
		vt_buf_puts(&d->b, "xref\n20 1\n0000000000 00001 f \n");
	vt_buf_printf(&d->b,
	    "trailer\n<</Size 99/Root 1 0 R/Info 8 0 R/Prev %zu>>\nstartxref\n"
	    "%zu\n%%%%EOF\n",
	    d->xref, at);
	d->xref = at;
	seal(d);
}

static void
objects_of_before(void **state)
{
	static const char *const newer[] = { "[]", "free" };
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		an_older_one(&d, newer[i], false);
		assert_leads(&d, "were before");
	}
	an_older_one(&d, "[]", true);
	assert_leads(&d, NULL);
	/* a stream holds more than is listed; or nobody knows what it holds */
	signed_with(&d, "",
	    P({ 20, "<</Type/ObjStm/N 1/First 5/Length 13>>\n"
		    "stream\n21 0 [30 0 R]\nendstream" }));
	assert_leads(&d, "were before");
	signed_with(&d, "",
	    P({ 20, "<</Type/ObjStm/N 1/First 5/Length 13>>\n"
		    "stream\n21 0 [31 0 R]\nendstream" }));
	assert_leads(&d, NULL);
	signed_with(&d, "",
	    P({ 20, "<</Type/ObjStm/N 1/First 5/Length 13>>\n"
		    "stream\n21 9 [31 0 R]\nendstream" }));
	assert_leads(&d, "were before");
	signed_with(&d, "",
	    P({ 20, "<</Type/ObjStm/N 1/First 5/Length 13>>\n"
		    "stream\n21 0 [30 0 R]\nendstream" },
		{ 50, FONT }));
	assert_leads(&d, NULL);
}

/* What was found to have none is not looked through again. */
static void
several_signatures(void **state)
{
	struct doc d;

	(void)state;
	signed_with(&d, "", P({ 50, FONT }));
	update(&d, second_new, sizeof(second_new) / sizeof(second_new[0]), "");
	seal(&d);
	assert_leads(&d, NULL);
	signed_with(&d, "20 0 obj\n[30 0 R]\nendobj\n", P({ 50, FONT }));
	update(&d, second_new, sizeof(second_new) / sizeof(second_new[0]), "");
	seal(&d);
	assert_not_compared(&d, 0, "are in no list");
	assert_forged(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_that_others_repair),
		cmocka_unit_test(objects_that_others_repair),
		cmocka_unit_test(objects_elsewhere),
		cmocka_unit_test(objects_in_no_list),
		cmocka_unit_test(objects_within_others),
		cmocka_unit_test(objects_of_before),
		cmocka_unit_test(several_signatures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
