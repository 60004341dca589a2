/* test_transport_kind.c - what a listing for people says of the names in it */
#include "test_util.h"

#include "transport_sftp_int.h"
#include "vanthu/source.h"

static void
lines(void **state)
{
	static const struct {
		const char *line;
		char kind;
		const char *name;
	} cases[] = {
		{ "-rw-r--r--    1 1000     1000          812 Nov 30 14:30 a",
		    '-', "a" },
		{ "prw-rw-rw-    1 nobody   nogroup         0 Nov  3  2025 a b",
		    'p', "a b" },
		{ "-rw-r--r--  1 D\\domain users  g 7 Nov 30 14:30 n", '-',
		    "n" },
		/* a name may look like what stands before it */
		{ "-rw------- 1 a b 1 Nov 30 14:30 x 1 Nov 30 14:31 y", '-',
		    "x 1 Nov 30 14:31 y" },
		{ "-rw------- 1 a b 1 Nov 30 14:30  x", '-', " x" },
		{ "lrwxrwxrwx 1 a b 1 Nov 30 14:30 x -> /dev/zero", 'l',
		    "x -> /dev/zero" },
		{ "-rw------- 1 a b 1 Nov 30 14:30 ", '\0', "" },
		{ "-rw------- 1 a b 1 2026-11-30 14:30 x", '\0', "" },
		{ "-rw------- 1 a b 1 Nov 30 14.30 x", '\0', "" },
		{ "11-30-26  02:30PM    812 x.edxml", '\0', "" },
		{ "total 8", '\0', "" },
		{ "-", '\0', "" },
		{ "", '\0', "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_bytes name = VT_BYTES_LIT("");

		assert_int_equal(vt_sftp_way_kind(vt_bytes_str(cases[i].line),
				     &name),
		    cases[i].kind);
		assert_true(vt_bytes_equal(name, vt_bytes_str(cases[i].name)));
	}
}

#define ROW(kind, name) kind "rw-r--r-- 1 a b 1 Nov 30 14:30 " name "\n"

static void
a_file_stays_one(void **state)
{
	static const char text[] = ROW("d", ".") ROW("-", "a") ROW("p", "a")
	    ROW("p", "b") ROW("-", "b") ROW("p", "c")
		ROW("l", "d -> e -> /dev/zero") ROW("-", "d") "half a line";
	struct transport_item items[] = { { .name = "a" }, { .name = "b" },
		{ .name = "c" }, { .name = "d" }, { .name = "d -> e" },
		{ .name = "f" } };
	struct transport_oldest o = { .items = items, .n = 6 };
	struct vt_source *src = NULL;

	(void)state;
	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, NULL), NULL);
	assert_vt_ok(vt_sftp_way_mark(src, &o, NULL), NULL);
	vt_source_free(src);
	assert_int_equal(items[0].kind, TRANSPORT_FILE);
	assert_int_equal(items[1].kind, TRANSPORT_FILE);
	assert_int_equal(items[2].kind, TRANSPORT_NO_FILE);
	assert_int_equal(items[3].kind, TRANSPORT_FILE);
	assert_int_equal(items[4].kind, TRANSPORT_NO_FILE);
	assert_int_equal(items[5].kind, TRANSPORT_ANY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(a_file_stays_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
