/*
 * test_pdf_compare_forge.c - signatures forged without a key
 *
 * Each made here, none of them valid: Mladenov et al., 2019 (universal forgery,
 * incremental saving, signature wrapping).
 */
#include "test_pdf_compare_valid.h"

/* A document that is not sealed: object 7 is what it is. */
static void
unsealed(struct doc *d, const char *sig)
{
	struct part parts[NBASE];
	size_t i;

	memset(d, 0, sizeof(*d));
	vt_buf_init(&d->b, FILE_MAX);
	vt_buf_puts(&d->b, "%PDF-1.7\n");
	memcpy(parts, base, sizeof(base));
	for (i = 0; i < NBASE; i++)
		if (parts[i].num == 7)
			parts[i].body = sig;
	update(d, parts, NBASE, "");
}

static void
the_document_itself_is_valid(void **state)
{
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	assert_true(is_valid(&d));
	update(&d, second_new, 5, "");
	seal(&d);
	assert_true(is_valid(&d));
	vt_buf_release(&d.b);
}

/* --- universal signature forgery: nothing to be verified --- */

static void
forgeries_without_a_signature(void **state)
{
	static const char *const contents[] = { "", "/Contents null",
		"/Contents<>", "/Contents()", "/Contents(0)",
		"/Contents 15 0 R", "/Contents[<00>]", "/Contents/Name",
		"/Contents 0", "/Contents<30820123>", "/Contents<00>",
		"/Contents<30820123>/Contents<>" };
	static const char *const ranges[] = { "", "/ByteRange null",
		"/ByteRange[]", "/ByteRange[0 0 0 0]", "/ByteRange[0 1]",
		"/ByteRange[0 99 120]", "/ByteRange[0 -1 0 -1]",
		"/ByteRange[-0 99 120 99]", "/ByteRange[0 99 120 -99]",
		"/ByteRange[0 100000 200000 100000]", "/ByteRange 15 0 R",
		"/ByteRange[0 100 0 100]", "/ByteRange[0 100 50 100]",
		"/ByteRange[0 1 2 9223372036854775807]",
		"/ByteRange[0 1 18446744073709551615 2]",
		"/ByteRange[0 100 120 100 0 9]", "/ByteRange[0.0 9.0 99.0 9.0]",
		"/ByteRange[15 0 R 15 0 R 15 0 R 15 0 R]",
		"/ByteRange(0 1 2 3)", "/ByteRange<</0 1>>" };
	char sig[512];
	struct doc d;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
		for (k = 0; k < sizeof(ranges) / sizeof(ranges[0]); k++) {
			snprintf(sig, sizeof(sig),
			    "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/"
			    "adbe.pkcs7.detached%s%s>>",
			    contents[i], ranges[k]);
			unsealed(&d, sig);
			assert_forged(&d);
		}
}

/* --- signature wrapping: the signed bytes are somewhere else --- */

static void
wrapped_signatures(void **state)
{
	struct vt_buf old;
	char sig[1024], hex[HOLE + 1];
	size_t a, b, i;
	struct doc d;

	(void)state;
	for (i = 0; i < 6; i++) {
		signed_doc(&d, NULL, 0);
		a = d.contents;
		b = a + HOLE + 2;
		vt_buf_init(&old, FILE_MAX);
		vt_buf_bytes_put(&old, vt_buf_bytes(&d.b));
		memcpy(hex, old.data + a + 1, HOLE);
		hex[HOLE] = '\0';
		/* The rest of the signed bytes once more, behind the update. */
		if (i == 1 || i == 2)
			vt_buf_put(&d.b, old.data + b, old.len - b);
		snprintf(sig, sizeof(sig),
		    "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/"
		    "ETSI.CAdES.detached/ByteRange[%s%zu %zu %zu]/Contents<%s>"
		    ">>",
		    i == 5 ? "0 10 10 " : "0 ", a,
		    i == 1   ? old.len
		    : i == 3 ? b - 1
			     : b,
		    i == 4 ? old.len - b + 1 : old.len - b, hex);
		update(&d,
		    P({ 4,
			  "<</Length 14>>\nstream\n0 0 m 90 90 l \nendstream" },
			{ 7, sig }),
		    "");
		/* The gap holds the update, up to the copy that ends the file.
		 */
		if (i == 2)
			vt_buf_put(&d.b, old.data + b, old.len - b);
		assert_forged(&d);
		vt_buf_release(&old);
	}
}

/* The bytes between the two parts are the attacker's. */
static void
a_gap_that_holds_more(void **state)
{
	struct doc d;
	size_t i;
	char text[64];

	(void)state;
	for (i = 0; i < 3; i++) {
		static const int by[3][2] = { { -1, 0 }, { 0, 1 }, { -9, 9 } };
		size_t a, b;

		signed_doc(&d, NULL, 0);
		a = d.contents + (size_t)by[i][0];
		b = d.contents + HOLE + 2 + (size_t)by[i][1];
		snprintf(text, sizeof(text), "[0 %010zu %010zu %010zu]", a, b,
		    d.b.len - b);
		memcpy(d.b.data + d.range + 10, text, strlen(text));
		assert_forged(&d);
	}
}

/* --- incremental saving: the update hides from verifiers --- */

static void
saved_incrementally(void **state)
{
	static const char *const tails[] = {
		"4 0 obj\n" EVIL "\nendobj\n",
		"4 0 obj\n" EVIL "\nendobj\nstartxref\n0\n%%EOF\n",
		"4 0 obj\n" EVIL "\nendobj\ntrailer\n<</Root 1 0 R/Size 99>>\n",
		"4 0 obj\n" EVIL "\nendobj\nxref\n0 0\ntrailer\n<</Root 1 0 R>>"
		"\n",
		"4 0 obj\n" EVIL "\nendobj\nxref\ntrailer\n<</Root 1 0 R>>\n"
		"startxref\n9\n%%EOF\n",
		"4 0 obj\n" EVIL "\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n",
		"4 0 obj\n" EVIL "\nendobj\nstartxref\n",
		"4 0 obj\n" EVIL "\nendobj\nstartxref\n99999\n%%EOF\n",
		"\n\n%PDF-1.4\n4 0 obj\n" EVIL "\nendobj\n",
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		assert_forged(&d);
		/* before a revision that lists nothing of it */
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		update(&d, P({ 60, "(innocent)" }), "");
		assert_forged(&d);
		/* and the last startxref once more */
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		vt_buf_printf(&d.b, "\nstartxref\n%zu\n%%%%EOF\n", d.xref);
		assert_forged(&d);
	}
	/* the update brings its own copy of the signature along */
	signed_doc(&d, NULL, 0);
	{
		struct vt_bytes b = vt_buf_bytes(&d.b);
		char *copy;

		b = vt_bytes_slice(b, d.range - 80,
		    d.contents + HOLE + 2 - d.range + 80);
		b = vt_bytes_slice(b, vt_bytes_find(b, 0, "<</Type/Sig"),
		    SIZE_MAX);
		copy = vt_bytes_dup(b);
		assert_non_null(copy);
		copy = realloc(copy, b.len + 3);
		assert_non_null(copy);
		memcpy(copy + b.len, ">>", 3);
		update(&d, P({ 4, EVIL }, { 7, copy }), "");
		free(copy);
	}
	assert_shows(&d, 4, "90 90 l");
	assert_shows(&d, 7, "/ByteRange");
	assert_forged(&d);
	/* behind an object that is listed */
	signed_doc(&d, NULL, 0);
	update(&d, P({ 60, "(x)\nendobj\n4 0 obj\n" EVIL }), "");
	assert_shows(&d, 4, "10 10 l");
	assert_forged(&d);
	/* a section that lists the object, and one before that does not */
	signed_doc(&d, NULL, 0);
	update(&d, P({ 4, EVIL }), "");
	update(&d, P({ 60, "1" }), "");
	assert_forged(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document_itself_is_valid),
		cmocka_unit_test(forgeries_without_a_signature),
		cmocka_unit_test(wrapped_signatures),
		cmocka_unit_test(a_gap_that_holds_more),
		cmocka_unit_test(saved_incrementally),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
