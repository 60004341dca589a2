/* test_stamp_look.c - the looks of NĐ 30/2020: exact texts and sizes */
#include "test_stamp_kit.h"

#define WHEN INT64_C(1795400130) /* 2026-11-23T09:15:30+07:00 */

/* STAMP, which is freed, says exactly WANTED. */
static void
says(struct vt_stamp *stamp, const char *wanted)
{
	stamp_to_file(stamp, pdf);
	assert_pdftotext(pdf, wanted);
	assert_int_equal(unlink(pdf), 0);
	vt_stamp_free(stamp);
}

static void
numbers(void **state)
{
	static const struct {
		int64_t number;
		const char *notation, *text;
	} cases[] = {
		{ 5, NULL, "05\n" },
		{ 10, NULL, "10\n" },
		{ 1816, "UBND-NVK", "1816/UBND-NVK\n" },
		{ 5, "QĐ-UBND", "05/QĐ-UBND\n" },
	};
	struct vt_error err = { 0 };
	struct vt_stamp *stamp;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(vt_stamp_number(kit, cases[i].number,
				 cases[i].notation, NULL, &stamp, &err),
		    &err);
		says(stamp, cases[i].text);
	}
	assert_vt_error(vt_stamp_number(kit, 0, NULL, NULL, &stamp, &err), &err,
	    VT_EARG);
}

static void
dates(void **state)
{
	static const struct {
		struct vt_date date;
		enum vt_stamp_date_part part;
		const char *text;
	} cases[] = {
		{ { 2020, 1, 5 }, VT_STAMP_DATE,
		    "ngày 05 tháng 01 năm 2020\n" },
		{ { 2026, 2, 10 }, VT_STAMP_DATE,
		    "ngày 10 tháng 02 năm 2026\n" },
		{ { 2026, 3, 9 }, VT_STAMP_DATE, "ngày 09 tháng 3 năm 2026\n" },
		{ { 2026, 11, 23 }, VT_STAMP_DATE,
		    "ngày 23 tháng 11 năm 2026\n" },
		{ { 2026, 9, 1 }, VT_STAMP_DAY, "01\n" },
		{ { 2026, 9, 1 }, VT_STAMP_MONTH, "9\n" },
		{ { 2026, 1, 1 }, VT_STAMP_MONTH, "01\n" },
		{ { 2026, 12, 1 }, VT_STAMP_MONTH, "12\n" },
		{ { 2026, 9, 1 }, VT_STAMP_YEAR, "2026\n" },
	};
	struct vt_error err = { 0 };
	struct vt_stamp *stamp;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(vt_stamp_date(kit, cases[i].date, cases[i].part,
				 NULL, &stamp, &err),
		    &err);
		says(stamp, cases[i].text);
	}
	assert_vt_error(vt_stamp_date(kit, (struct vt_date){ 2026, 13, 1 },
			    VT_STAMP_DATE, NULL, &stamp, &err),
	    &err, VT_EARG);
}

static void
attachment_and_copies(void **state)
{
	struct vt_error err = { 0 };
	struct vt_stamp *stamp;

	(void)state;
	assert_vt_ok(vt_stamp_attachment(kit, "05/QĐ-UBND", WHEN, 300, &stamp,
			 &err),
	    &err);
	says(stamp, "05/QĐ-UBND; 2026-11-23T09:15:30+07:00\n");
	assert_vt_ok(vt_stamp_copy(kit, VT_STAMP_SAO_Y,
			 "Ủy ban nhân dân tỉnh Quảng Ngãi", WHEN, 500, &stamp,
			 &err),
	    &err);
	says(stamp, "Sao y, Ủy ban nhân dân tỉnh Quảng Ngãi, "
		    "2026-11-23T09:15:30+07:00\n");
	assert_vt_ok(vt_stamp_copy(kit, VT_STAMP_SAO_LUC, "Sở Nội vụ", WHEN,
			 150, &stamp, &err),
	    &err);
	assert_true(vt_stamp_width(stamp) <= 150);
	says(stamp, "Sao lục, Sở Nội vụ,\n2026-11-23T09:15:30+07:00\n");
	assert_vt_ok(vt_stamp_copy(kit, VT_STAMP_TRICH_SAO, "Sở Nội vụ", WHEN,
			 500, &stamp, &err),
	    &err);
	says(stamp, "Trích sao, Sở Nội vụ, 2026-11-23T09:15:30+07:00\n");
	/* the size of the letters is the decree's: it is not made smaller */
	assert_vt_error(vt_stamp_attachment(kit, "05/QĐ-UBND", WHEN, 60, &stamp,
			    &err),
	    &err, VT_ELIMIT);
}

static void
arrivals(void **state)
{
	struct vt_stamp_arrival a = { .agency =
					  "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
		.number = "1234",
		.date = { 2026, 11, 23 },
		.to = "Văn phòng",
		.file = "01.TCCB",
		.colour = 0xd00000 };
	struct vt_error err = { 0 };
	struct vt_stamp *stamp;
	char longest[1200];

	(void)state;
	assert_vt_ok(vt_stamp_incoming(kit, &a, &stamp, &err), &err);
	assert_true(vt_stamp_width(stamp) == 50 * VT_STAMP_MM);
	assert_true(vt_stamp_height(stamp) == 35 * VT_STAMP_MM);
	says(stamp, "ỦY BAN NHÂN DÂN TỈNH\nQUẢNG NGÃI\nĐẾN\nSố: 1234\n"
		    "Ngày: 23/11/2026\nChuyển: Văn phòng\n"
		    "Số và ký hiệu HS: 01.TCCB\n");
	a.to = a.file = a.number = NULL;
	a.date = (struct vt_date){ 0 };
	assert_vt_ok(vt_stamp_incoming(kit, &a, &stamp, &err), &err);
	says(stamp, "ỦY BAN NHÂN DÂN TỈNH\nQUẢNG NGÃI\nĐẾN\nSố:\nNgày:\n"
		    "Chuyển:\nSố và ký hiệu HS:\n");
	memset(longest, 'm', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	a.to = longest;
	assert_vt_error(vt_stamp_incoming(kit, &a, &stamp, &err), &err,
	    VT_ELIMIT);
}

static void
comments(void **state)
{
	struct vt_stamp_remark r = { .name = "Phó Chánh Văn phòng",
		.text = "Đồng ý. Giao Sở Nội vụ chủ trì, phối hợp với các đơn "
			"vị liên quan.\nBáo cáo trước ngày 30.",
		.when = WHEN,
		.colour = 0x0000c0 };
	struct vt_error err = { 0 };
	struct vt_stamp *stamp;

	(void)state;
	assert_vt_ok(vt_stamp_comment(kit, &r, 200, 300, &stamp, &err), &err);
	assert_true(vt_stamp_width(stamp) == 200);
	assert_true(vt_stamp_height(stamp) < 90);
	says(stamp, "Phó Chánh Văn phòng\n"
		    "Đồng ý. Giao Sở Nội vụ chủ trì, phối hợp\n"
		    "với các đơn vị liên quan.\n"
		    "Báo cáo trước ngày 30.\n"
		    "2026-11-23T09:15:30+07:00\n");
	assert_vt_error(vt_stamp_comment(kit, &r, 200, 30, &stamp, &err), &err,
	    VT_ELIMIT);
	assert_error_text(&err, "does not fit");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(dates, setup, teardown),
		cmocka_unit_test_setup_teardown(attachment_and_copies, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(arrivals, setup, teardown),
		cmocka_unit_test_setup_teardown(comments, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
