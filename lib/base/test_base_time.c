#include <time.h>

#include "test_util.h"
#include "vanthu/time.h"

/* The seconds are those of `date -u -d TEXT +%s`. */
static void
instants(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1969-12-31T23:59:59Z", -1 },
		{ "2026-11-23T02:15:30Z", 1795400130 },
		{ "2026-11-23T09:15:30+07:00", 1795400130 },
		{ "2026-11-23t02:15:30z", 1795400130 },
		{ "2026-11-23T02:15:30.999999999999999999999Z", 1795400130 },
		{ "2026-11-22T21:45:30-04:30", 1795400130 },
		{ "2026-11-23T02:15:30-00:00", 1795400130 },
		{ "2024-02-29T00:00:00Z", 1709164800 },
		{ "2000-02-29T00:00:00Z", 951782400 },
		{ "2016-12-31T23:59:60Z", 1483228800 },
		{ "2017-01-01T06:59:60+07:00", 1483228800 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
		{ "1000-01-01T00:00:00Z", -30610224000 },
		{ "2038-01-19T03:14:08Z", 2147483648 },
		{ "2026-01-01", 1767200400 },
		{ "1900-03-01T00:00:00Z", -2203891200 },
	};
	size_t i;
	int64_t t;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!vt_time_parse(cases[i].text, &t))
			fail_msg("refused: %s", cases[i].text);
		if (t != cases[i].t)
			fail_msg("%s: %lld", cases[i].text, (long long)t);
	}
}

static void
what_is_no_instant(void **state)
{
	static const char *const cases[] = {
		"",
		" ",
		"2026",
		"2026-11",
		"2026-1-1",
		"2026-11-23T",
		"2026-11-23 02:15:30Z",
		"2026-11-23T02:15:30",
		"2026-11-23T02:15Z",
		"2026-11-23T02:15:30.Z",
		"2026-11-23T02:15:30,5Z",
		"2026-11-23T24:00:00Z",
		"2026-11-23T23:60:00Z",
		"2026-11-23T23:59:61Z",
		"2026-11-23T23:59:60Z",
		"2016-12-31T23:58:60Z",
		"2016-12-31T23:59:60+07:00",
		"2026-02-29T00:00:00Z",
		"1900-02-29",
		"2100-02-29",
		"2026-04-31",
		"2026-00-10",
		"2026-13-10",
		"2026-10-00",
		"2026-10-32",
		"0999-10-10",
		"0000-01-01",
		"-026-10-10",
		"+026-10-10",
		"12026-10-10",
		"2026-11-23T02:15:30+07",
		"2026-11-23T02:15:30+0700",
		"2026-11-23T02:15:30+24:00",
		"2026-11-23T02:15:30+07:60",
		"2026-11-23T02:15:30ZZ",
		"2026-11-23T02:15:30Z ",
		" 2026-11-23T02:15:30Z",
		"2026-11-23T 2:15:30Z",
		"2026-11-23T02:15:+0Z",
		"2026/11/23",
		"2026-11-23\n",
		"２026-11-23",
	};
	size_t i;
	int64_t t = 42;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (vt_time_parse(cases[i], &t))
			fail_msg("accepted: %s", cases[i]);
	assert_int_equal(t, 42);
}

/* No part of a good text is one, but for the date. */
static void
truncated_instants(void **state)
{
	static const char whole[] = "2026-11-23T09:15:30.25+07:00";
	char text[sizeof(whole)];
	size_t n;
	int64_t t;

	(void)state;
	for (n = 0; n < sizeof(whole) - 1; n++) {
		memcpy(text, whole, n);
		text[n] = 0;
		assert_int_equal(vt_time_parse(text, &t), n == 10);
	}
}

static void
texts_of_instants(void **state)
{
	char out[VT_TIME_TEXT];

	(void)state;
	assert_string_equal(vt_time_utc(1795400130, out),
	    "2026-11-23T02:15:30Z");
	assert_string_equal(vt_time_local(1795400130, out),
	    "2026-11-23T09:15:30+07:00");
	assert_string_equal(vt_time_utc(-1, out), "1969-12-31T23:59:59Z");
	assert_string_equal(vt_time_utc(253402300799, out),
	    "9999-12-31T23:59:59Z"); /* "no expiry" in certificates */
	assert_string_equal(vt_time_local(253402300799, out),
	    "9999-12-31T23:59:59+07:00");
	assert_string_equal(vt_time_utc(INT64_MAX, out),
	    "9999-12-31T23:59:59Z");
	assert_string_equal(vt_time_local(INT64_MIN + 1, out),
	    "0000-01-01T00:00:00+07:00");
	assert_string_equal(vt_time_utc(INT64_MIN + 1, out),
	    "0000-01-01T00:00:00Z");
	assert_string_equal(vt_time_utc(VT_TIME_NONE, out), "");
}

/* Every day of 1000 to 9999 against the C library, and back. */
static void
every_day(void **state)
{
	struct vt_date d, parsed;
	char text[VT_TIME_TEXT];
	int64_t t, first, last;
	time_t local;
	struct tm tm;

	(void)state;
	first = vt_time_of_fields(1000, 1, 1, 12, 0, 0);
	last = vt_time_of_fields(9999, 12, 31, 12, 0, 0);
	for (t = first; t <= last; t += 86400) {
		d = vt_date_of(t - VT_ZONE_SECONDS);
		local = (time_t)t;
		gmtime_r(&local, &tm);
		if (d.year != tm.tm_year + 1900 || d.month != tm.tm_mon + 1 ||
		    d.day != tm.tm_mday)
			fail_msg("%lld", (long long)t);
		if (vt_date_start(d) != t - 43200 - VT_ZONE_SECONDS)
			fail_msg("start of %s", vt_date_text(d, text));
		if (t % (86400 * 11) == 0 &&
		    (!vt_date_parse(vt_date_text(d, text), &parsed) ||
			vt_date_compare(d, parsed) != 0))
			fail_msg("text %s", text);
	}
}

static void
the_year_turns_at_the_offices_midnight(void **state)
{
	struct vt_date d;

	(void)state;
	d = vt_date_of(1798736399); /* 2026-12-31T16:59:59Z */
	assert_int_equal(d.year, 2026);
	d = vt_date_of(1798736400);
	assert_int_equal(d.year, 2027);
	assert_int_equal(d.day, 1);
	d = vt_date_of(VT_TIME_NONE);
	assert_int_equal(d.year, 0);
	assert_int_equal(vt_date_of(INT64_MAX).year, 9999);
}

static void
dates(void **state)
{
	struct vt_date a, b, none = { 0, 0, 0 };
	char text[VT_TIME_TEXT];

	(void)state;
	assert_true(vt_date_parse("2024-02-29", &a));
	assert_true(vt_date_parse("2024-03-01", &b));
	assert_int_equal(vt_date_compare(a, b), -1);
	assert_int_equal(vt_date_compare(b, a), 1);
	assert_int_equal(vt_date_compare(a, a), 0);
	assert_true(vt_date_parse("2023-12-31", &b));
	assert_int_equal(vt_date_compare(a, b), 1);
	assert_false(vt_date_parse("2024-02-29T00:00:00Z", &a));
	assert_false(vt_date_parse("2024-02-29 ", &a));
	assert_string_equal(vt_date_text(none, text), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants),
		cmocka_unit_test(what_is_no_instant),
		cmocka_unit_test(truncated_instants),
		cmocka_unit_test(texts_of_instants),
		cmocka_unit_test(every_day),
		cmocka_unit_test(the_year_turns_at_the_offices_midnight),
		cmocka_unit_test(dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
