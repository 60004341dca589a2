/* test_record.c - numbers, codes, agencies, words, references */
#include "test_util.h"

#include "vanthu/record.h"

static void
types_are_those_of_annex_iii(void **state)
{
	static const char *const codes[] = { "NQ", "QĐ", "CT", "QC", "QyĐ",
		"TC", "TB", "HD", "CTr", "KH", "PA", "ĐA", "DA", "BC", "BB",
		"TTr", "HĐ", "CĐ", "BGN", "BTT", "GUQ", "GM", "GGT", "GNP",
		"PG", "PC", "PB" };
	static const char *const wrong[] = { "", "qđ", "QD", "QYĐ", "TTR",
		"CTR", "thc", "cv", "XX", "QĐ ", "Q" };
	const struct vt_record_type *type;
	size_t i, n = 0, prefixed = 0;

	(void)state;
	for (i = 0; (type = vt_record_type_at(i)) != NULL; i++) {
		n++;
		prefixed += type->prefix && !type->copy;
		assert_ptr_equal(vt_record_type_find(type->code), type);
		assert_ptr_equal(vt_record_type_by_name(type->name), type);
	}
	assert_int_equal(n, 32); /* and CV, ThC, three copies */
	assert_int_equal(prefixed, 27);
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_non_null(type = vt_record_type_find(codes[i]));
		assert_true(type->prefix);
	}
	assert_false(vt_record_type_find("CV")->prefix);
	assert_false(vt_record_type_find("ThC")->prefix);
	assert_string_equal(vt_record_type_find("QĐ")->name, "Quyết định");
	assert_string_equal(vt_record_type_find("QyĐ")->name, "Quy định");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(vt_record_type_find(wrong[i]));
}

static void
types_are_found_by_name_in_any_spelling(void **state)
{
	(void)state;
	assert_string_equal(vt_record_type_by_name(" CÔNG VĂN ")->code, "CV");
	assert_string_equal(vt_record_type_by_name("Bản thoả thuận")->code,
	    "BTT");
	assert_string_equal(vt_record_type_by_name("Giấy uỷ quyền")->code,
	    "GUQ");
	/* decomposed */
	assert_string_equal(vt_record_type_by_name(
				"Quye\xcc\x82\xcc\x81t \xc4\x91i\xcc\xa3nh")
				->code,
	    "QĐ");
	assert_null(vt_record_type_by_name("Thông tư"));
	assert_null(vt_record_type_by_name(""));
}

static void
numbers_below_ten_have_a_zero(void **state)
{
	char out[VT_RECORD_NUMBER_TEXT];

	(void)state;
	assert_string_equal(vt_record_number_text(1, out), "01");
	assert_string_equal(vt_record_number_text(9, out), "09");
	assert_string_equal(vt_record_number_text(10, out), "10");
	assert_string_equal(vt_record_number_text(VT_RECORD_NUMBER_MAX, out),
	    "99999999");
}

static void
codes_that_we_issue_keep_the_rules(void **state)
{
	static const struct {
		const char *code;
		int number, year;
		const char *notation;
	} good[] = {
		{ "15/QĐ-UBND", 15, 0, "QĐ-UBND" },
		{ "05/BNV-VP", 5, 0, "BNV-VP" },
		{ "1816/UBND-NVK", 1816, 0, "UBND-NVK" },
		{ "12/UBND-VX", 12, 0, "UBND-VX" },
		{ "28/2018/QĐ-TTg", 28, 2018, "QĐ-TTg" },
		{ "03/SY-UBND", 3, 0, "SY-UBND" },
		{ "131/NQ-CP", 131, 0, "NQ-CP" },
		{ "07/SGD&ĐT-VP", 7, 0, "SGD&ĐT-VP" },
		{ "2018/QĐ-UBND", 2018, 0, "QĐ-UBND" },
	};
	static const char *const bad[] = { "5/QĐ-UBND", "15 /QĐ-UBND",
		"15-QĐ/UBND", "15/QD-UBND", "00/QĐ-UBND", "0/QĐ-UBND",
		"005/QĐ-UBND", "015/QĐ-UBND", "15/ QĐ-UBND", "15/QĐ -UBND",
		"15/QĐ-", "15/-UBND", "15/QĐ--UBND", "15/QĐ", "15/", "/QĐ-UBND",
		"15", "", "15/qđ-ubnd", "15/QĐ-ubnd", "15/QĐ–UBND",
		"15/QĐ-UBND/X", "15/TTR-UBND", "15/QYĐ-UBND", "-5/QĐ-UBND",
		"100000000/QĐ-UBND", "99999999999999999999999/QĐ-UBND",
		"15/QĐ-\xff", "15/QĐ-U\xcc\x83", "15/Q\xd0\x90-UBND",
		"15/QĐ-UBNDUBNDUBNDUBNDUBNDUBNDUBND" };
	struct vt_record_code c;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		vt_error_clear(&err);
		assert_vt_ok(vt_record_code_parse(good[i].code, &c, &err),
		    &err);
		assert_int_equal(c.number, good[i].number);
		assert_int_equal(c.year, good[i].year);
		assert_string_equal(c.notation, good[i].notation);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		vt_error_clear(&err);
		if (vt_record_code_parse(bad[i], &c, &err) == VT_OK)
			fail_msg("%s was taken", bad[i]);
		assert_int_equal(err.code, VT_EFORMAT);
		assert_int_not_equal(err.clause[0], '\0');
	}
}

static void
notations_fit_their_type(void **state)
{
	static const struct {
		const char *type, *notation;
		bool good;
	} cases[] = {
		{ "QĐ", "QĐ-UBND", true },
		{ "QĐ", "QĐ-UBND-NC", true },
		{ "QyĐ", "QyĐ-UBND", true },
		{ "CV", "UBND-NVK", true },
		{ "CV", "BNV-VP", true },
		{ "ThC", "UBND-VP", true },
		{ "SY", "SY-UBND", true },
		{ "QĐ", "QyĐ-UBND", false },
		{ "QyĐ", "QĐ-UBND", false },
		{ "QĐ", "QD-UBND", false },
		{ "QĐ", "UBND-QĐ", false },
		{ "QĐ", "QĐ", false },
		{ "QĐ", "QĐUBND", false },
		{ "HD", "HĐ-UBND", false },
		{ "HĐ", "HD-UBND", false },
		{ "TTr", "TTR-UBND", false },
		{ "CV", "QĐ-UBND", false },
		{ "CV", "QD-UBND", false },
		{ "CV", "UBND", false },
		{ "CV", "UBND NVK", false },
		{ "CV", "05/UBND-NVK", false },
		{ "CV", "", false },
		{ "CV", "UBND-\"NVK", false },
		{ "CV", "UBND-NVK\n", false },
		{ "CV", "UBND-12345678901234567890123456", false },
	};
	struct vt_error err;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vt_error_clear(&err);
		rc =
		    vt_record_notation_check(vt_record_type_find(cases[i].type),
			cases[i].notation, &err);
		if ((rc == VT_OK) != cases[i].good)
			fail_msg("%s: %s: %s", cases[i].type, cases[i].notation,
			    err.text);
		if (rc != VT_OK)
			assert_int_equal(rc, VT_EARG);
	}
}

static void
assert_key(const char *code, const char *want)
{
	struct vt_error err = { 0 };
	char *key = NULL;

	assert_vt_ok(vt_record_code_key(code, &key, &err), &err);
	assert_string_equal(key, want);
	free(key);
}

static void
incoming_codes_fold_to_one_key(void **state)
{
	(void)state;
	assert_key("05/QĐ-UBND", "5/qđ-ubnd");
	assert_key("5/QĐ-UBND", "5/qđ-ubnd");
	assert_key(" 0005 / QĐ – UBND ", "5/qđ-ubnd");
	/* decomposed, a no-break space, the letter eth of old code pages */
	assert_key("5/QĐ-U\xc2\xa0"
		   "BND",
	    "5/qđ-ubnd");
	assert_key("5/Q\xc3\x90-UBND", "5/qđ-ubnd");
	assert_key("15-QĐ/TU", "15-qđ/tu");
	assert_key("00/QĐ", "0/qđ");
	assert_key("50/QĐ-UBND", "50/qđ-ubnd");
	assert_key("5/HD-UBND", "5/hd-ubnd"); /* is not HĐ */
	assert_key("5/HĐ-UBND", "5/hđ-ubnd");
	assert_key("", "");
	assert_key("0", "0");
	assert_key("\xff", "\xef\xbf\xbd");
}

static void
codes_split_without_loss(void **state)
{
	static const struct {
		const char *code, *number, *notation;
	} cases[] = {
		{ "05/QĐ-UBND", "05", "QĐ-UBND" },
		{ "28/2018/QĐ-TTg", "28", "2018/QĐ-TTg" },
		{ "15-QĐ/TU", "15-QĐ", "TU" },
		{ "74fass22", "74fass22", "" },
		{ "", "", "" },
		{ "/", "", "" },
	};
	char *number, *notation;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(vt_record_code_split(cases[i].code, &number,
				     &notation, NULL),
		    VT_OK);
		assert_string_equal(number, cases[i].number);
		assert_string_equal(notation, cases[i].notation);
		free(number);
		free(notation);
	}
}

static void
document_ids_have_the_normal_form(void **state)
{
	const struct vt_date date = { 2015, 9, 30 };
	char *id = NULL;

	(void)state;
	assert_int_equal(vt_record_document_id("000.00.00.G22", date,
			     "7816/VPCP-TTĐT", &id, NULL),
	    VT_OK);
	assert_string_equal(id, "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT");
	free(id);
}

static void
agencies_are_judged_softly(void **state)
{
	static const struct {
		const char *id;
		enum vt_record_organ want;
	} cases[] = {
		{ "H40", VT_ORGAN_GOOD },
		{ "H40.16", VT_ORGAN_GOOD },
		{ "G09.02.15", VT_ORGAN_GOOD },
		{ "H37.DN.001", VT_ORGAN_GOOD },
		{ "000.00.16.H40", VT_ORGAN_GOOD },
		{ "000.00.00.G22", VT_ORGAN_GOOD },
		{ "28.22.H17", VT_ORGAN_GOOD },
		{ "14.00.W00", VT_ORGAN_GOOD },
		{ "0100109106", VT_ORGAN_GOOD },
		{ "0100109106-001", VT_ORGAN_GOOD },
		{ "H4", VT_ORGAN_UNKNOWN },
		{ "001.00.20.TT2", VT_ORGAN_UNKNOWN },
		{ "H40-16", VT_ORGAN_UNKNOWN },
		{ "h40", VT_ORGAN_FOREIGN },
		{ "vxp.saas.03", VT_ORGAN_FOREIGN },
		{ "", VT_ORGAN_BAD },
		{ "H40..16", VT_ORGAN_BAD },
		{ ".H40", VT_ORGAN_BAD },
		{ "H40.", VT_ORGAN_BAD },
		{ "..", VT_ORGAN_BAD },
		{ "H40/16", VT_ORGAN_BAD },
		{ "H40 ", VT_ORGAN_BAD },
		{ "-H40", VT_ORGAN_BAD },
		{ "Đ40", VT_ORGAN_BAD },
		{ "H40\n", VT_ORGAN_BAD },
		{ "H40.12345678901234567890123456789012", VT_ORGAN_BAD },
		{ "H40.1234567890123456789012345678901", VT_ORGAN_GOOD },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (vt_record_organ_check(cases[i].id) != cases[i].want)
			fail_msg("%s", cases[i].id);
}

static void
words_are_read_as_codes_and_in_vietnamese(void **state)
{
	enum vt_urgency u;
	enum vt_secrecy s;
	enum vt_competence c;
	int years;

	(void)state;
	assert_true(vt_urgency_parse("thuong-khan", &u));
	assert_int_equal(u, VT_URGENCY_THUONG_KHAN);
	assert_true(vt_urgency_parse("Hoả tốc", &u));
	assert_int_equal(u, VT_URGENCY_HOA_TOC);
	assert_true(vt_urgency_parse("KHẨN", &u));
	assert_int_equal(u, VT_URGENCY_KHAN);
	assert_string_equal(vt_urgency_name(VT_URGENCY_HOA_TOC), "hoa-toc");
	assert_false(vt_urgency_parse("urgent", &u));
	assert_false(vt_urgency_parse("", &u));

	assert_true(vt_secrecy_parse("none", &s));
	assert_int_equal(s, VT_SECRECY_NONE);
	assert_true(vt_secrecy_parse("mat", &s));
	assert_int_equal(s, VT_SECRECY_MAT);
	assert_true(vt_secrecy_parse("Tối mật", &s));
	assert_int_equal(s, VT_SECRECY_TOI_MAT);
	assert_true(vt_secrecy_parse("TUYỆT MẬT", &s));
	assert_int_equal(s, VT_SECRECY_TUYET_MAT);
	assert_false(vt_secrecy_parse("secret", &s));
	assert_false(vt_secrecy_parse("", &s));

	assert_true(vt_competence_parse("TUQ.", &c));
	assert_int_equal(c, VT_COMPETENCE_TUQ);
	assert_true(vt_competence_parse("Q", &c));
	assert_int_equal(c, VT_COMPETENCE_Q);
	assert_false(vt_competence_parse("tm", &c));
	assert_false(vt_competence_parse("", &c));
	assert_false(vt_competence_parse(".", &c));

	assert_true(vt_retention_parse("vinh-vien", &years));
	assert_int_equal(years, VT_RETENTION_FOREVER);
	assert_true(vt_retention_parse("Vĩnh viễn", &years));
	assert_int_equal(years, VT_RETENTION_FOREVER);
	assert_true(vt_retention_parse("70", &years));
	assert_int_equal(years, 70);
	assert_false(vt_retention_parse("0", &years));
	assert_false(vt_retention_parse("-1", &years));
	assert_false(vt_retention_parse("1000", &years));
	assert_false(vt_retention_parse("20 ", &years));
	assert_false(vt_retention_parse("", &years));
}

static void
an_envelope_is_secret_where_it_says_so_exactly(void **state)
{
	static const struct {
		const char *text;
		enum vt_secrecy want;
	} cases[] = {
		{ "MẬT", VT_SECRECY_MAT },
		{ " TỐI MẬT\n", VT_SECRECY_TOI_MAT },
		{ "TUYỆT MẬT", VT_SECRECY_TUYET_MAT },
		{ "MA\xcc\x82\xcc\xa3T", VT_SECRECY_MAT }, /* decomposed */
		{ "MA\xcc\xa3\xcc\x82T", VT_SECRECY_MAT },
		{ "Mật ong", VT_SECRECY_NONE },
		{ "MẬT ONG", VT_SECRECY_NONE },
		{ "Mật", VT_SECRECY_NONE },
		{ "MAT", VT_SECRECY_NONE },
		{ "", VT_SECRECY_NONE },
		{ "\xff", VT_SECRECY_NONE },
	};
	static const struct {
		const char *text;
		bool like;
	} others[] = {
		{ "Mật", true },
		{ " mật\n", true },
		{ "Tối Mật", true },
		{ "tuyỆt mẬt", true },
		{ "Ma\xcc\xa3\xcc\x82t", true }, /* decomposed */
		{ "Tuyê\xcc\xa3t mật", true },
		{ "MẬT", false },
		{ "Mạt", false },
		{ "Mất", false },
		{ "Mat", false },
		{ "Mậ", false },
		{ "Mật ong", false },
		{ "Mật.", false },
		{ "Công văn mật", false },
		{ "", false },
		{ "\xff", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (vt_secrecy_is_like(others[i].text) != others[i].like)
			fail_msg("%s", others[i].text);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (vt_secrecy_of_text(cases[i].text) != cases[i].want)
			fail_msg("%s", cases[i].text);
}

static void
states_go_one_way(void **state)
{
	enum vt_state s;

	(void)state;
	assert_true(vt_state_parse("issued", &s));
	assert_int_equal(s, VT_STATE_ISSUED);
	assert_false(vt_state_parse("", &s));
	assert_false(vt_state_parse("Issued", &s));

	assert_true(vt_state_fits(false, VT_STATE_SIGNED));
	assert_false(vt_state_fits(true, VT_STATE_SIGNED));
	assert_false(vt_state_fits(false, VT_STATE_RETURNED));
	assert_false(vt_state_fits(false, VT_STATE_NONE));

#define FOLLOWS(in, a, b) vt_state_follows(in, VT_STATE_##a, VT_STATE_##b)
	assert_true(FOLLOWS(false, REGISTERED, SIGNED));
	assert_true(FOLLOWS(false, SIGNED, ISSUED));
	assert_true(FOLLOWS(false, ISSUED, RECALLED));
	assert_true(FOLLOWS(false, RECALLED, ISSUED));
	assert_false(FOLLOWS(false, ISSUED, REGISTERED));
	assert_false(FOLLOWS(false, ISSUED, SIGNED));
	assert_true(FOLLOWS(false, REGISTERED, RECALLED)); /* not sent yet */
	assert_false(FOLLOWS(false, REGISTERED, REPLACED));
	assert_true(FOLLOWS(true, PROCESSING, REPLACED));
	assert_false(FOLLOWS(true, RETURNED, RECALLED));
	assert_false(FOLLOWS(false, REGISTERED, DONE));
	assert_true(FOLLOWS(true, REGISTERED, DONE));
	assert_true(FOLLOWS(true, ASSIGNED, PROCESSING));
	assert_false(FOLLOWS(true, ASSIGNED, RETURNED));
	assert_false(FOLLOWS(true, DONE, PROCESSING));
	assert_false(FOLLOWS(true, RETURNED, REGISTERED));
	assert_false(FOLLOWS(true, REGISTERED, ISSUED));
#undef FOLLOWS
}

static void
statuses_follow_the_table(void **state)
{
	/* DESIGN, section 7: what our own statuses keep to */
	static const struct {
		int from, to[5];
	} next[] = { { 0, { 1 } }, { 1, { 2, 3 } }, { 3, { 4, 5, 6, 2 } },
		{ 4, { 5, 6 } }, { 5, { 6 } }, { 6, { 0 } }, { 2, { 0 } } };
	enum vt_status s;
	size_t i, k;
	int to;
	bool want;

	(void)state;
	for (i = 0; i < sizeof(next) / sizeof(next[0]); i++)
		for (to = 1; to <= 6; to++) {
			want = false;
			for (k = 0; k < 5; k++)
				want = want || next[i].to[k] == to;
			if (vt_status_follows((enum vt_status)next[i].from,
				(enum vt_status)to) != want)
				fail_msg("%d to %d", next[i].from, to);
		}
	assert_true(vt_status_follows(VT_STATUS_DONE, VT_STATUS_TAKE_BACK));
	assert_false(vt_status_follows(VT_STATUS_REFUSED, VT_STATUS_AGREED));
	for (to = 0; to <= 16; to++)
		assert_int_equal(vt_status_is_answer((enum vt_status)to),
		    to == 15 || to == 16);

	assert_true(vt_status_parse("03", &s));
	assert_int_equal(s, VT_STATUS_ACCEPTED);
	assert_true(vt_status_parse("3", &s));
	assert_int_equal(s, VT_STATUS_ACCEPTED);
	assert_true(vt_status_parse("16", &s));
	assert_false(vt_status_parse("07", &s));
	assert_false(vt_status_parse("003", &s));
	assert_false(vt_status_parse("", &s));
	assert_string_equal(vt_status_code(VT_STATUS_TAKE_BACK), "13");
	assert_string_equal(vt_status_text(VT_STATUS_ARRIVED), "Đã đến");
	assert_null(vt_status_code(VT_STATUS_NONE));
	assert_int_equal(vt_status_of_state(VT_STATE_DONE), VT_STATUS_DONE);
}

static void
references_are_read_padded_or_not(void **state)
{
	static const struct {
		const char *text, *book;
		int year, number;
		const char *notation;
	} good[] = {
		{ "out/2026/5", "out", 2026, 5, "" },
		{ "out/2026/0005", "out", 2026, 5, "" },
		{ "in/2026/120", "in", 2026, 120, "" },
		{ "out.HĐND/2026/1", "out.HĐND", 2026, 1, "" },
		{ "05/QĐ-UBND", "", 0, 5, "QĐ-UBND" },
		{ "5/QĐ-UBND", "", 0, 5, "QĐ-UBND" },
	};
	static const char *const bad[] = { "", "/", "out", "out/2026",
		"out/2026/", "out/2026/0", "out/2026/-1", "out/2026/5/6",
		"out/26/5", "out/20266/5", "out/2026/5x", "in.A/2026/5",
		"out./2026/5", "out.a b/2026/5", "out.a.b/2026/5", "Out/2026/5",
		"./out/2026/5", "x/2026/5", "QĐ-UBND/5", "5/", "5",
		"999999999/QĐ-UBND", "out/2026/99999999999999999999" };
	struct vt_ref ref;
	char text[VT_REF_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(vt_ref_parse(good[i].text, true, &ref));
		assert_string_equal(ref.book, good[i].book);
		assert_int_equal(ref.year, good[i].year);
		assert_int_equal(ref.number, good[i].number);
		assert_string_equal(ref.notation, good[i].notation);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (vt_ref_parse(bad[i], true, &ref))
			fail_msg("%s was taken", bad[i]);
	/* a file may be called so */
	assert_false(vt_ref_parse("05/QĐ-UBND", false, &ref));
	assert_true(vt_ref_parse("out/2026/5", false, &ref));
	assert_string_equal(vt_ref_text("out", 2026, 5, text), "out/2026/5");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_those_of_annex_iii),
		cmocka_unit_test(types_are_found_by_name_in_any_spelling),
		cmocka_unit_test(numbers_below_ten_have_a_zero),
		cmocka_unit_test(codes_that_we_issue_keep_the_rules),
		cmocka_unit_test(notations_fit_their_type),
		cmocka_unit_test(incoming_codes_fold_to_one_key),
		cmocka_unit_test(codes_split_without_loss),
		cmocka_unit_test(document_ids_have_the_normal_form),
		cmocka_unit_test(agencies_are_judged_softly),
		cmocka_unit_test(words_are_read_as_codes_and_in_vietnamese),
		cmocka_unit_test(
		    an_envelope_is_secret_where_it_says_so_exactly),
		cmocka_unit_test(states_go_one_way),
		cmocka_unit_test(statuses_follow_the_table),
		cmocka_unit_test(references_are_read_padded_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
