/* test_record_entry.c - texts for search, fields by name, the checks */
#include "test_util.h"

#include "vanthu/record.h"

static void
assert_made(int (*fn)(const char *, char **, struct vt_error *),
    const char *text, const char *want)
{
	struct vt_error err = { 0 };
	char *made = NULL;

	assert_vt_ok(fn(text, &made, &err), &err);
	assert_string_equal(made, want);
	free(made);
}

static void
texts_are_brought_to_one_form(void **state)
{
	struct vt_error err = { 0 };
	char *field = NULL;

	(void)state;
	assert_made(vt_record_clean, "  a \t\n b\xc2\xa0", "a b");
	assert_made(vt_record_clean, "ca\xcc\x89i", "cải");
	assert_made(vt_record_clean, "", "");
	assert_vt_error(vt_record_clean("a\x01", &field, &err), &err,
	    VT_EFORMAT);
	vt_error_clear(&err);
	assert_vt_error(vt_record_clean("a\xc3", &field, &err), &err,
	    VT_EFORMAT);
	vt_error_clear(&err);
	assert_vt_error(vt_record_clean("\xed\xa0\x80", &field, &err), &err,
	    VT_EFORMAT);
	assert_null(field);
	assert_int_equal(vt_record_put(&field, "x", NULL), VT_OK);
	assert_string_equal(field, "x");
	assert_int_equal(vt_record_put(&field, "a\x01", NULL), VT_EFORMAT);
	assert_string_equal(field, "x"); /* untouched */
	assert_int_equal(vt_record_put(&field, " ", NULL), VT_OK);
	assert_null(field);
}

static void
tones_stand_in_one_place(void **state)
{
	(void)state;
	assert_made(vt_record_lower, "HÓA", "hoá");
	assert_made(vt_record_lower, "hoá", "hoá");
	assert_made(vt_record_lower, "Ủy ban, UỶ BAN", "uỷ ban, uỷ ban");
	assert_made(vt_record_lower, "khỏe loè lòe", "khoẻ loè loè");
	assert_made(vt_record_lower, "mùa quý hoàn", "mùa quý hoàn");
	assert_made(vt_record_lower, "ĐẨY", "đẩy");
	assert_made(vt_record_lower, "\xc3\x90\xe1\xba\xa9y", "đẩy"); /* eth */
	assert_made(vt_record_lower,
	    "o\xcc\x81"
	    "a",
	    "oá");
	assert_made(vt_record_lower, "", "");
	assert_made(vt_record_lower, "\xffX", "\xef\xbf\xbdx");
}

static void
folding_takes_off_every_mark(void **state)
{
	(void)state;
	assert_made(vt_record_fold, "Đẩy mạnh cải cách thủ tục",
	    "day manh cai cach thu tuc");
	assert_made(vt_record_fold, "phương thức Ủy ban đôn đốc",
	    "phuong thuc uy ban don doc");
	assert_made(vt_record_fold, "ươ ưỡ ă ắ â ậ ê ệ ô ộ",
	    "uo uo a a a a e e o o");
	assert_made(vt_record_fold,
	    "ca\xcc\x89i ca\xcc\x81"
	    "ch",
	    "cai cach");
	assert_made(vt_record_fold, "131/NQ-CP", "131/nq-cp");
	assert_true(vt_record_same("Uỷ ban", "ỦY BAN"));
	assert_false(vt_record_same("uy ban", "uyban"));
}

static void
names_of_agencies_are_compared_softly(void **state)
{
	(void)state;
	assert_made(vt_record_organ_key, "  UBND  TP. Thủ-Đức (TEST) ",
	    "uy ban nhan dan thanh pho thu duc test");
	assert_made(vt_record_organ_key, "Uỷ ban nhân dân thành phố Thủ Đức",
	    "uy ban nhan dan thanh pho thu duc");
	assert_made(vt_record_organ_key, "HĐND, UBND xã 5",
	    "hoi dong nhan dan uy ban nhan dan xa 5");
	/* an abbreviation is a word */
	assert_made(vt_record_organ_key, "Tpa UBNDX", "tpa ubndx");
	assert_made(vt_record_organ_key, "...", "");
}

static bool
one_name(const char *a, const char *b)
{
	char *one = NULL, *other = NULL;
	bool same;

	assert_int_equal(vt_record_organ_name(a, &one, NULL), VT_OK);
	assert_int_equal(vt_record_organ_name(b, &other, NULL), VT_OK);
	same = vt_record_organ_same(one, other);
	assert_true(same == vt_record_organ_same(other, one));
	free(one);
	free(other);
	return same;
}

static void
marks_tell_two_agencies_apart(void **state)
{
	(void)state;
	assert_made(vt_record_organ_name, "  UBND  TP. Thủ-Đức (TEST) ",
	    "uỷ ban nhân dân thành phố thủ đức test");
	assert_made(vt_record_organ_name, "TX. Hòa", "thị xã hoà");
	assert_made(vt_record_organ_name, "UBND TP. HCM",
	    "uy ban nhan dan thanh pho hcm");
	assert_true(one_name("UBND xã Tân Hà", "Ủy Ban Nhân Dân XÃ TÂN HÀ"));
	assert_true(one_name("HĐND xã Hoà", "Hội đồng nhân dân xã Hòa"));
	assert_true(one_name("HĐND xã Hoà", "HDND - xã Hòa"));
	/* two communes, two offices, two words */
	assert_false(one_name("UBND xã Tân Hà", "UBND xã Tân Hạ"));
	assert_false(one_name("Sở Tài chính", "Sở Tái chinh"));
	assert_false(one_name("UBND xã Đa", "UBND xã Da"));
	/* a name without marks tells nothing of them */
	assert_true(one_name("UBND xa Tan Ha", "UBND xã Tân Hạ"));
	assert_true(one_name("Ủy ban nhân dân thành phố HCM", "UBND TP. HCM"));
	assert_false(one_name("UBND xa Tan Hb", "UBND xã Tân Hạ"));
	assert_false(one_name("", "UBND"));
}

static void
fill_out(struct vt_record *rec)
{
	vt_record_init(rec);
	assert_int_equal(vt_record_put(&rec->book, "out", NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec->type, "CV", NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec->notation, "UBND-NVK", NULL),
	    VT_OK);
	assert_int_equal(vt_record_put(&rec->subject, "Về việc", NULL), VT_OK);
	rec->date = (struct vt_date){ 2026, 11, 23 };
	rec->year = 2026;
	rec->state = VT_STATE_REGISTERED;
}

static void
outgoing_records_keep_the_decree(void **state)
{
	static const struct {
		const char *key, *value;
		enum vt_code want;
	} cases[] = {
		{ "subject", "", VT_EARG },
		{ "type", "", VT_EARG },
		{ "type", "XX", VT_EARG },
		{ "type", "Công văn", VT_EARG },
		{ "notation", "", VT_EARG },
		{ "notation", "QĐ-UBND", VT_EARG },
		{ "date", "", VT_EARG },
		{ "date", "2025-11-23", VT_EARG },
		{ "due", "2026-11-22", VT_EARG },
		{ "due", "2026-11-23", VT_OK },
		{ "state", "done", VT_EARG },
		{ "state", "", VT_EARG },
		{ "secrecy", "mat", VT_EREFUSED },
		{ "organ_id", "a/b", VT_EARG },
		{ "urgency", "khan", VT_OK },
		{ "pages", "1000", VT_OK },
	};
	struct vt_record rec;
	struct vt_error err;
	char longer[VT_RECORD_SUBJECT_MAX * 3 + 8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fill_out(&rec);
		assert_int_equal(vt_record_field_set(&rec, cases[i].key,
				     cases[i].value, NULL),
		    VT_OK);
		vt_error_clear(&err);
		if (vt_record_check(&rec, NULL, &err) != (int)cases[i].want)
			fail_msg("%s=%s: %s", cases[i].key, cases[i].value,
			    err.text);
		vt_record_release(&rec);
	}
	/* lengths are characters, not bytes */
	fill_out(&rec);
	for (i = 0; i < VT_RECORD_SUBJECT_MAX; i++)
		memcpy(longer + 3 * i, "ế", 3);
	longer[3 * VT_RECORD_SUBJECT_MAX] = '\0';
	assert_int_equal(vt_record_field_set(&rec, "subject", longer, NULL),
	    VT_OK);
	assert_int_equal(vt_record_check(&rec, NULL, NULL), VT_OK);
	memcpy(longer + 3 * VT_RECORD_SUBJECT_MAX, "x", 2);
	assert_int_equal(vt_record_field_set(&rec, "subject", longer, NULL),
	    VT_OK);
	vt_error_clear(&err);
	assert_vt_error(vt_record_check(&rec, NULL, &err), &err, VT_EARG);
	vt_record_release(&rec);
}

static void
incoming_deviations_are_noted_not_refused(void **state)
{
	struct vt_list notes = { NULL, 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	int i = 0;

	(void)state;
	fill_out(&rec);
	assert_int_equal(vt_record_put(&rec.book, "in", NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec.organ_id, "H40.16", NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec.code, "05/QĐ-UBND", NULL), VT_OK);
	rec.arrived = vt_date_start(rec.date);
	assert_vt_ok(vt_record_check(&rec, &notes, &err), &err);
	assert_int_equal(notes.n, 0);
	/* a Party body's code, a type of law, an odd id, before its date */
	assert_int_equal(vt_record_put(&rec.organ_id, "vxp.saas.03", NULL),
	    VT_OK);
	assert_int_equal(vt_record_put(&rec.code, "15-QĐ/TU", NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec.type, "NĐ", NULL), VT_OK);
	rec.arrived--;
	assert_vt_ok(vt_record_check(&rec, &notes, &err), &err);
	assert_int_equal(notes.n, 4);
	vt_list_release(&notes);
	/* as many places as anybody names, but not a flood */
	while (i++ < VT_RECORD_TEXT_MAX / 5)
		assert_int_equal(vt_list_add(&rec.places, "VT", NULL), VT_OK);
	assert_vt_ok(vt_record_check_history(&rec, NULL, &err), &err);
	while (i++ < VT_RECORD_TEXT_MAX / 3)
		assert_int_equal(vt_list_add(&rec.places, "VT", NULL), VT_OK);
	assert_vt_error(vt_record_check_history(&rec, NULL, &err), &err,
	    VT_EARG);
	vt_error_clear(&err);
	vt_list_release(&rec.places);
	/* but something must be there */
	assert_int_equal(vt_record_put(&rec.code, "", NULL), VT_OK);
	assert_vt_error(vt_record_check(&rec, NULL, &err), &err, VT_EARG);
	vt_record_release(&rec);
}

static void
fields_go_to_text_and_back(void **state)
{
	static const struct {
		const char *key, *value, *want;
	} cases[] = {
		{ "subject", " a  b ", "a b" },
		{ "code", " 5  /Q\xc4\x90 -TU", " 5  /Q\xc4\x90 -TU" },
		{ "date", "2026-02-28", "2026-02-28" },
		{ "arrived", "2026-02-28T09:00:00+07:00",
		    "2026-02-28T02:00:00Z" },
		{ "pages", "012", "12" },
		{ "paper", "true", "true" },
		{ "competence", "KT.", "KT" },
		{ "urgency", "Khẩn", "khan" },
		{ "state", "signed", "signed" },
		{ "places", "Như trên; Lưu: VT, NVK ;;",
		    "Như trên; Lưu: VT, "
		    "NVK" },
	};
	static const char *const bad[][2] = { { "date", "2026-02-29" },
		{ "date", "hôm nay" }, { "pages", "-1" }, { "pages", "100000" },
		{ "paper", "yes" }, { "competence", "XX" },
		{ "urgency", "rất khẩn" }, { "state", "lost" },
		{ "arrived", "9h" } };
	struct vt_record rec, copy;
	struct vt_error err;
	char *text;
	size_t i;

	(void)state;
	vt_record_init(&rec);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vt_error_clear(&err);
		assert_vt_ok(vt_record_field_set(&rec, cases[i].key,
				 cases[i].value, &err),
		    &err);
		assert_vt_ok(vt_record_field_text(&rec, cases[i].key, &text,
				 &err),
		    &err);
		assert_string_equal(text, cases[i].want);
		free(text);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		vt_error_clear(&err);
		assert_vt_error(vt_record_field_set(&rec, bad[i][0], bad[i][1],
				    &err),
		    &err, VT_EARG);
	}
	vt_error_clear(&err);
	assert_vt_error(vt_record_field_set(&rec, "number", "1", &err), &err,
	    VT_ENOTFOUND);
	assert_int_equal(rec.date.day, 28); /* the bad ones changed nothing */
	assert_int_equal(rec.pages, 12);

	assert_int_equal(vt_record_file_add(&rec, "a.pdf", 3,
			     (const unsigned char *)"01234567890123456789"
						    "012345678901",
			     NULL),
	    VT_OK);
	assert_int_equal(vt_record_copy(&rec, &copy, NULL), VT_OK);
	for (i = 0; vt_record_key_at(i) != NULL; i++) {
		char *a = NULL, *b = NULL;

		assert_int_equal(vt_record_field_text(&rec, vt_record_key_at(i),
				     &a, NULL),
		    VT_OK);
		assert_int_equal(vt_record_field_text(&copy,
				     vt_record_key_at(i), &b, NULL),
		    VT_OK);
		assert_int_equal(a == NULL, b == NULL);
		if (a != NULL)
			assert_string_equal(a, b);
		free(a);
		free(b);
	}
	assert_string_equal(copy.files[0].name, "a.pdf");
	vt_record_release(&copy);
	vt_record_release(&rec);
	vt_record_release(&rec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_brought_to_one_form),
		cmocka_unit_test(tones_stand_in_one_place),
		cmocka_unit_test(folding_takes_off_every_mark),
		cmocka_unit_test(names_of_agencies_are_compared_softly),
		cmocka_unit_test(marks_tell_two_agencies_apart),
		cmocka_unit_test(outgoing_records_keep_the_decree),
		cmocka_unit_test(incoming_deviations_are_noted_not_refused),
		cmocka_unit_test(fields_go_to_text_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
