/* test_office_line.c - what is made of a document goes behind what was before
 */
#include "test_office_word.h"

#define NOWHERE "spool:/dev/null/x"

/* Where A's messages go; NULL: to nowhere yet. */
static void
way(struct world *w, const char *url)
{
	struct vt_error err = { 0 };

	assert_vt_ok(vt_conf_set(w->a->conf, "transport", "url", url, &err),
	    &err);
}

static void
open_way(struct world *w)
{
	char url[512];

	snprintf(url, sizeof(url), "spool:%s/axis", w->dir);
	way(w, url);
}

static void
assert_sent(struct world *w, size_t n)
{
	struct vt_office_delivered done = { 0 };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
	assert_int_equal(done.sent, n);
}

static void
change(struct world *w, int64_t id, bool adds)
{
	struct vt_list b = { 0 };
	const struct vt_office_update what = { .add = adds ? &b : NULL,
		.remove = adds ? NULL : &b };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_list_add(&b, B, &err), &err);
	assert_vt_ok(vt_office_update(w->a, id, &what, adds ? "lại" : "bỏ",
			 NULL, &err),
	    &err);
	vt_list_release(&b);
}

static void
recall(struct world *w, int64_t id)
{
	struct vt_error err = { 0 };

	assert_vt_ok(vt_office_recall(w->a, id, NULL, "nhầm", NULL, &err),
	    &err);
}

static void
a_recall_does_not_overtake_an_update(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	int64_t other = make_record(w, vt_buf_bytes(&w->good), "V/v hai");

	sent(w->a, id, B);
	assert_took(w, w->b, "registered:in/%d/1:;");
	way(w, NOWHERE);
	update_with(w, id, "phu-luc.txt", "một", "thêm");
	recall(w, id);
	open_way(w);
	try_at(w->a, "update", vt_time_now() + 3600);
	try_at(w->a, "recall", vt_time_now() - 60);
	assert_sent(w, 0);
	/* nothing else is held up */
	sent(w->a, other, B);
	assert_int_equal(waiting(w, B), 1);
	assert_took(w, w->b, "registered:in/%d/2:;");

	try_at(w->a, "update", vt_time_now() - 60);
	assert_sent(w, 2);
	assert_took(w, w->b, "done:in/%d/1:updated;done:in/%d/1:recalled;");
	assert_answers(w, id, "update=accepted[];recall=accepted[];");
}

static void
nor_does_what_brings_it_once_more_a_recall(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");

	sent(w->a, id, B);
	assert_took(w, w->b, "registered:in/%d/1:;");
	way(w, NOWHERE);
	change(w, id, false);
	change(w, id, true);
	open_way(w);
	try_at(w->a, "recall", vt_time_now() + 3600);
	assert_sent(w, 0);
	try_at(w->a, "recall", vt_time_now() - 60);
	assert_sent(w, 2);
	assert_took(w, w->b, "done:in/%d/1:recalled;registered:in/%d/2:;");
}

/* What was given up keeps nothing back. */
static void
what_has_failed_is_overtaken(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");

	sent(w->a, id, B);
	assert_took(w, w->b, "registered:in/%d/1:;");
	way(w, NOWHERE);
	update_with(w, id, "phu-luc.txt", "một", "thêm");
	note_tries(w->a, "update", VT_DELIVERY_FAILED, VT_TIME_NONE);
	open_way(w);
	recall(w, id);
	assert_took(w, w->b, "done:in/%d/1:recalled;");
}

static void
an_update_of_what_never_left_does_not_leave(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");

	way(w, NULL);
	sent(w->a, id, B);
	update_with(w, id, "phu-luc.txt", "một", "thêm");
	recall(w, id);
	assert_states(w->a, id, "H99.02=failed[];");
	open_way(w);
	assert_sent(w, 0);
	assert_answers(w, id, "update=failed[recalled-unsent];");
	assert_int_equal(waiting(w, B), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_recall_does_not_overtake_an_update),
		TEST(nor_does_what_brings_it_once_more_a_recall),
		TEST(what_has_failed_is_overtaken),
		TEST(an_update_of_what_never_left_does_not_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
