/* test_pdf_compare_cover.c - which bytes a signature covers */
#include "test_pdf_compare.h"

static void
whole_file_is_covered(void **state)
{
	const struct vt_pdf_signature *p;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 1);
	assert_int_equal(vt_pdf_signed_strays(j.s), 0);
	p = vt_pdf_signed_at(j.s, 0);
	assert_true(p->sound);
	assert_null(p->code);
	assert_int_equal(p->covers, VT_PDF_COVERS_WHOLE);
	assert_int_equal(p->end, d.b.len);
	assert_string_equal(p->field->name, "One");
	assert_false(p->removed);
	judge_end(&j);
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
}

/* Where the revision begins that a signature closed. */
static void
revisions_begin_where_others_end(void **state)
{
	size_t first, second;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	first = d.b.len;
	update(&d, P({ 60, "(nobody's)" }), "");
	second = d.b.len;
	update(&d, second_new, 5, "");
	seal(&d);
	update(&d, P({ 61, "(nobody's)" }), "");
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 2);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->start, 0);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->end, first);
	assert_int_equal(vt_pdf_signed_at(j.s, 1)->start, second);
	assert_true(vt_pdf_signed_at(j.s, 1)->end < d.b.len);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	assert_in_range(piece.len, 1, 65536);
	return vt_buf_bytes_put(ctx, piece);
}

/* The covered bytes are all but the gap, in order. */
static void
covered_bytes_are_handed_out(void **state)
{
	struct vt_buf got;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	judge(&j, &d);
	vt_buf_init(&got, FILE_MAX);
	assert_vt_ok(vt_pdf_signed_stream(j.s, 0, to_buf, &got, &j.err),
	    &j.err);
	judge_end(&j);
	assert_int_equal(got.len, d.b.len - HOLE - 2);
	assert_memory_equal(got.data, d.b.data, d.contents);
	assert_memory_equal(got.data + d.contents,
	    d.b.data + d.contents + HOLE + 2, got.len - d.contents);
	vt_buf_release(&got);
	vt_buf_release(&d.b);
}

static void
white_space_behind_is_nothing(void **state)
{
	static const char *const tails[] = { "\n", "\r\n\r\n", " ", "\n\n\n" };
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_at(j.s, 0)->covers,
		    VT_PDF_COVERS_REVISION);
		judge_end(&j);
		assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
		vt_buf_release(&d.b);
	}
}

static void
bytes_behind_are_a_change(void **state)
{
	static const char *const tails[] = { "x", "4 0 obj null endobj\n",
		"%%EOF\n", "%\n" };
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		assert_compared(&d, 1, VT_PDF_CHANGED, NULL);
		vt_buf_release(&d.b);
	}
}

/* The numbers moved by hand: [0 a b c] with A, B, C added to each. */
static void
numbers_must_leave_out_contents_alone(void **state)
{
	static const struct {
		long from, a, b, c;
		const char *code;
	} cases[] = {
		{ 0, 0, 0, 0, NULL },
		{ 1, 0, 0, 0, "start" },
		{ 0, -1, 0, 0, "gap" },
		{ 0, 1, 0, 0, "gap" },
		{ 0, 0, 1, -1, "gap" },
		{ 0, 0, -1, 1, "gap" },
		{ 0, 0, 1, 0, "end" },
		{ 0, 0, 0, 1, "end" },
		{ 0, 0, 999999999, 0, "end" },
		{ 0, 0, 0, 8999999999, "end" },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vt_pdf_signature *p;
		struct judged j;
		char text[64];
		size_t end;

		signed_doc(&d, NULL, 0);
		end = d.contents + HOLE + 2;
		snprintf(text, sizeof(text), "[%ld %010ld %010ld %010ld]",
		    cases[i].from, (long)d.contents + cases[i].a,
		    (long)end + cases[i].b, (long)(d.b.len - end) + cases[i].c);
		memcpy(d.b.data + d.range + 10, text, strlen(text));
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1);
		p = vt_pdf_signed_at(j.s, 0);
		if (cases[i].code == NULL) {
			assert_true(p->sound);
		} else {
			assert_false(p->sound);
			assert_string_equal(p->code, cases[i].code);
			assert_non_null(p->text);
			assert_non_null(p->clause);
			assert_vt_error(vt_pdf_signed_stream(j.s, 0, NULL, NULL,
					    &j.err),
			    &j.err, VT_EFORMAT);
		}
		judge_end(&j);
		vt_buf_release(&d.b);
	}
}

/* Universal forgeries: what /ByteRange and /Contents may also be. */
static void
odd_values_are_not_sound(void **state)
{
	static const struct {
		const char *sig;
		const char *code;
	} cases[] = {
		{ "<</Type/Sig>>", "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]>>", "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents<>>>",
		    "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents null>>",
		    "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents 1>>",
		    "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents(0)>>",
		    "contents-place" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents 12 0 R>>",
		    "contents-place" },
		{ "<</Type/Sig/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange null/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[]/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1]/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 -3]/Contents<30>>>",
		    "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 3 4 5]/Contents<30>>>",
		    "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 3.0]/Contents<30>>>",
		    "byte-range" },
		{ "<</Type/Sig/ByteRange 13 0 R/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 9223372036854775807]"
		  "/Contents<30>>>",
		    "end" },
		{ "<</Type/Sig/ByteRange[0 0 0 0]/Contents<30>>>", "gap" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct part more[] = { { 7, cases[i].sig },
			{ 12, "<30>" }, { 13, "[0 1 2 3]" } };
		struct judged j;
		struct doc d;
		struct part parts[32];
		size_t k;

		memset(&d, 0, sizeof(d));
		vt_buf_init(&d.b, FILE_MAX);
		vt_buf_puts(&d.b, "%PDF-1.7\n");
		memcpy(parts, base, sizeof(base));
		for (k = 0; k < 3; k++)
			parts[k == 0 ? 6 : NBASE + k - 1] = more[k];
		update(&d, parts, NBASE + 2, "");
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1);
		assert_false(vt_pdf_signed_at(j.s, 0)->sound);
		assert_string_equal(vt_pdf_signed_at(j.s, 0)->code,
		    cases[i].code);
		judge_end(&j);
		vt_buf_release(&d.b);
	}
}

/* A signature whose bytes end before its revision does. */
static void
part_of_a_revision_is_not_a_revision(void **state)
{
	const struct vt_pdf_signature *p;
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	char text[64];
	size_t end;

	(void)state;
	signed_doc(&d, NULL, 0);
	end = d.contents + HOLE + 2;
	/* up to the signature dictionary's end alone */
	snprintf(text, sizeof(text), "[0 %010zu %010zu %010d]", d.contents, end,
	    10);
	memcpy(d.b.data + d.range + 10, text, strlen(text));
	judge(&j, &d);
	p = vt_pdf_signed_at(j.s, 0);
	assert_true(p->sound);
	assert_int_equal(p->covers, VT_PDF_COVERS_PART);
	compare(&j, 0, 1, &c);
	assert_int_equal(c.result, VT_PDF_NOT_COMPARED);
	assert_true(c.reason[0] != '\0');
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* Bytes that no revision has, but the signature covers. */
static void
bytes_behind_the_revision_are_not_covered_as_one(void **state)
{
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	vt_buf_puts(&d.b, "junk\n");
	memcpy(d.b.data + d.range + 10, "[0 0000000000 ", 14);
	seal(&d);
	judge(&j, &d);
	assert_true(vt_pdf_signed_at(j.s, 0)->sound);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->end, d.b.len);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->covers, VT_PDF_COVERS_PART);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* A dictionary that was signed, but was nobody's signature until later. */
static void
a_signature_must_be_in_its_own_revision(void **state)
{
	static const struct part none[] = {
		{ 5, "<</Fields[9 0 R]/SigFlags 1>>" }, { 6, "null" }
	};
	static const struct part another[] = {
		{ 6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)/Rect[0 0 0 0]"
		     "/P 3 0 R/V 12 0 R>>" },
		{ 12, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<30>>>" }
	};
	const struct vt_pdf_signature *p;
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		signed_doc(&d, i == 0 ? none : another, 2);
		/* the form and the field as usual */
		update(&d, base + 4, 2, "");
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1);
		p = vt_pdf_signed_at(j.s, 0);
		assert_false(p->sound);
		assert_string_equal(p->code, "own-revision");
		assert_int_equal(p->end, 0);
		judge_end(&j);
		vt_buf_release(&d.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_file_is_covered),
		cmocka_unit_test(revisions_begin_where_others_end),
		cmocka_unit_test(covered_bytes_are_handed_out),
		cmocka_unit_test(white_space_behind_is_nothing),
		cmocka_unit_test(bytes_behind_are_a_change),
		cmocka_unit_test(numbers_must_leave_out_contents_alone),
		cmocka_unit_test(odd_values_are_not_sound),
		cmocka_unit_test(part_of_a_revision_is_not_a_revision),
		cmocka_unit_test(
		    bytes_behind_the_revision_are_not_covered_as_one),
		cmocka_unit_test(a_signature_must_be_in_its_own_revision),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
