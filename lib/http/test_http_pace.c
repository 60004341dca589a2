/* test_http_pace.c - who moves, who is silent, who is too slow */
#include "http_int.h"
#include "test_util.h"
#include "vanthu/limits.h"

#define SILENT_S 30
#define LATE_S (VT_HTTP_PATIENCE * SILENT_S)
#define START 1000000 /* of the clock */

/*
 * How many seconds a transfer is let go on that moves RATE bytes a second, at
 * most MOST.
 */
static int
lasts(struct http_pace *p, uint64_t rate, int most)
{
	uint64_t moved = p->moved;
	int64_t ms = p->ms;
	int s;

	for (s = 1; s <= most; s++)
		if (vt_http_pace_look(p, moved + rate * (uint64_t)s,
			ms + 1000 * s) != HTTP_MOVES)
			break;
	return s - 1;
}

static void
a_floor_is_kept(void **state)
{
	struct http_pace p;

	(void)state;
	/* VT_HTTP_RATE_MIN is enough, for VT_HTTP_FILE_S */
	vt_http_pace_start(&p, SILENT_S, START);
	assert_int_equal(lasts(&p, VT_HTTP_RATE_MIN, VT_HTTP_FILE_S),
	    VT_HTTP_FILE_S);
	/* a byte less for a while, but not for ever */
	vt_http_pace_start(&p, SILENT_S, START);
	assert_int_equal(lasts(&p, VT_HTTP_RATE_MIN - 1,
			     VT_HTTP_RATE_MIN * LATE_S + 10),
	    VT_HTTP_RATE_MIN * LATE_S);
	/* a drip is given up once it is VT_HTTP_PATIENCE times behind */
	vt_http_pace_start(&p, SILENT_S, START);
	assert_int_equal(lasts(&p, 1, VT_HTTP_FILE_S),
	    LATE_S * VT_HTTP_RATE_MIN / (VT_HTTP_RATE_MIN - 1));
	/* half the floor: twice as long */
	vt_http_pace_start(&p, SILENT_S, START);
	assert_int_equal(lasts(&p, VT_HTTP_RATE_MIN / 2, VT_HTTP_FILE_S),
	    2 * LATE_S);
}

static void
what_came_quickly_pays_for_nothing_later(void **state)
{
	struct http_pace p;

	(void)state;
	vt_http_pace_start(&p, SILENT_S, START);
	assert_int_equal(lasts(&p, 100000000, 10), 10);
	assert_int_equal(lasts(&p, 1, VT_HTTP_FILE_S),
	    LATE_S * VT_HTTP_RATE_MIN / (VT_HTTP_RATE_MIN - 1));
}

static void
a_slow_hour_is_made_up_for(void **state)
{
	struct http_pace p;
	int i;

	(void)state;
	vt_http_pace_start(&p, SILENT_S, START);
	for (i = 0; i < 100; i++) {
		assert_int_equal(lasts(&p, 100, LATE_S / 2), LATE_S / 2);
		assert_int_equal(lasts(&p, 2 * VT_HTTP_RATE_MIN, LATE_S / 2),
		    LATE_S / 2);
	}
}

static void
silence_ends_it_sooner(void **state)
{
	struct vt_error err = { 0 };
	struct http_pace p;

	(void)state;
	vt_http_pace_start(&p, SILENT_S, START);
	assert_int_equal(lasts(&p, 100000, 100), 100);
	assert_int_equal(lasts(&p, 0, 1000), SILENT_S);
	assert_vt_error(vt_http_pace_error(&p, HTTP_STALLED, &err), &err,
	    VT_ENET);
	assert_error_text(&err, "nothing came for 30 seconds");
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_http_pace_error(&p, HTTP_SLOW, &err), &err, VT_ENET);
	assert_error_text(&err, "slower than 2000 bytes a second");
}

/* What a caller did while it waited is not the other side's. */
static void
our_own_time_does_not_count(void **state)
{
	struct http_pace p;
	int i;

	(void)state;
	vt_http_pace_start(&p, SILENT_S, START);
	for (i = 0; i < 100; i++)
		vt_http_pace_waive(&p, p.ms + 1000 * 1000);
	assert_int_equal(lasts(&p, 0, 1000), SILENT_S);
}

/* On a connection that was kept and had gone all is sent once more. */
static void
counting_may_begin_anew(void **state)
{
	struct http_pace p;

	(void)state;
	vt_http_pace_start(&p, SILENT_S, START);
	assert_int_equal(vt_http_pace_look(&p, 5000000, START + 1000),
	    HTTP_MOVES);
	assert_int_equal(vt_http_pace_look(&p, 0, START + 2000), HTTP_MOVES);
	assert_int_equal(lasts(&p, 0, 1000), SILENT_S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_floor_is_kept),
		cmocka_unit_test(what_came_quickly_pays_for_nothing_later),
		cmocka_unit_test(a_slow_hour_is_made_up_for),
		cmocka_unit_test(silence_ends_it_sooner),
		cmocka_unit_test(our_own_time_does_not_count),
		cmocka_unit_test(counting_may_begin_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
