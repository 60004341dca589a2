/* test_axis_look.c - what the end of a worker says of the message it read */
#include "test_util.h"

#include "axis_int.h"

static void
only_what_comes_again_is_final(void **state)
{
	static const struct {
		enum vt_confine_end end;
		int rc, want;
	} cases[] = {
		{ VT_CONFINE_ANSWERED, VT_OK, VT_OK },
		{ VT_CONFINE_ANSWERED, VT_EFORMAT, VT_EFORMAT },
		{ VT_CONFINE_ANSWERED, VT_EIO, VT_EIO },
		/* of the machine, or of who stops the axis */
		{ VT_CONFINE_KILLED, VT_ELIMIT, VT_EIO },
		{ VT_CONFINE_LATE, VT_ELIMIT, VT_EIO },
		/* of the message */
		{ VT_CONFINE_DIED, VT_ELIMIT, VT_ELIMIT },
		{ VT_CONFINE_SPENT, VT_ELIMIT, VT_ELIMIT },
		{ VT_CONFINE_MEMORYLESS, VT_ELIMIT, VT_ELIMIT },
		{ VT_CONFINE_BABBLED, VT_ELIMIT, VT_ELIMIT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(vt_axis_look_end(cases[i].end, cases[i].rc),
		    cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_comes_again_is_final),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
