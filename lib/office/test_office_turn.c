/* test_office_turn.c - each change of a document has its own answer */
#include "test_office_word.h"

#include "vanthu/time.h"

/* A sends a document, an update of it, and something behind that. */
static int64_t
updated_and(struct world *w, bool recalled, struct post *post)
{
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };

	sent(w->a, id, B);
	update_with(w, id, "phu-luc.txt", "một", "thêm");
	if (recalled)
		assert_vt_ok(vt_office_recall(w->a, id, NULL, "nhầm", NULL,
				 &err),
		    &err);
	else
		update_with(w, id, "khac.txt", "hai", "nữa");
	collect(w, post);
	assert_int_equal(post->n, 3);
	return id;
}

#define DECLINED "update=refused[Văn bản đã được thu hồi];recall=accepted[];"

static void
a_held_update_of_what_is_recalled_is_declined(void **state)
{
	struct world *w = *state;
	struct post post = { .n = 0 };
	int64_t id = updated_and(w, true, &post), update;
	struct vt_office *b = w->b;

	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	update = held(b, "update");
	assert_comes(w, b, &post, 2, "done:in/%d/1:recalled;");
	may_not_agree(b, update, "does not wait: refused");
	assert_state(b, 1, VT_STATE_RECALLED, 1);
	assert_int_equal(pending(b), 0);
	assert_answers(w, id, DECLINED);
	/* each of them once more */
	assert_comes(w, b, &post, 1, "duplicate:in/%d/1:recalled;");
	assert_comes(w, b, &post, 2, "duplicate:in/%d/1:recalled;");
	assert_answers(w, id, DECLINED);
	post_release(&post);
}

/* Nothing proves the recall, either: a clerk has the word, on it alone. */
static void
a_clerk_who_agrees_to_a_recall_declines_the_update(void **state)
{
	struct world *w = *state;
	struct post post = { .n = 0 };
	int64_t id = updated_and(w, true, &post);
	struct vt_office *b = w->b;
	size_t answers;

	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	come_blind(w, b, &post, 2);
	agree(w, b, held(b, "recall"), "done:in/%d/1:recalled;");
	assert_int_equal(pending(b), 0);
	assert_answers(w, id, DECLINED);

	/* to the recall he says no: its answer comes behind the update's */
	b = other_b(w, b, "decline");
	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	come_blind(w, b, &post, 2);
	answers = waiting(w, A);
	decline(w, b, held(b, "recall"), "refused:in/%d/1:không;");
	assert_int_equal(waiting(w, A), answers);
	agree(w, b, held(b, "update"), "done:in/%d/1:updated;");
	assert_int_equal(waiting(w, A), answers + 2);
	vt_office_close(b);
	post_release(&post);
}

/* What comes behind the recall finds nothing that it could change. */
static void
an_update_behind_the_recall_is_declined(void **state)
{
	struct world *w = *state;
	struct post post = { .n = 0 };
	struct vt_office *b = w->b;
	size_t answers;

	(void)updated_and(w, true, &post);
	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	assert_comes(w, b, &post, 2, "done:in/%d/1:recalled;");
	answers = waiting(w, A);
	assert_comes(w, b, &post, 1, "refused:in/%d/1:recalled;");
	assert_int_equal(waiting(w, A), answers + 1);
	assert_state(b, 1, VT_STATE_RECALLED, 1);
	assert_int_equal(pending(b), 0);

	/* before it was in the book, too */
	b = other_b(w, b, "held");
	come_blind(w, b, &post, 0);
	assert_comes(w, b, &post, 2, "done::recalled;");
	assert_comes(w, b, &post, 1, "refused::recalled;");
	assert_int_equal(pending(b), 0);

	/* and both before their document */
	b = other_b(w, b, "early");
	assert_comes(w, b, &post, 2, "held::recall;");
	assert_comes(w, b, &post, 1, "held::update;");
	assert_comes(w, b, &post, 0,
	    "registered:in/%d/1:;done:in/%d/1:recalled;");
	assert_state(b, 1, VT_STATE_RECALLED, 1);
	assert_int_equal(pending(b), 0);

	/* where the office does nothing by itself a clerk declines it */
	b = other_b(w, b, "asks");
	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	set_ask(b, true);
	assert_comes(w, b, &post, 2, "held:in/%d/1:recall;");
	agree(w, b, held(b, "recall"), "done:in/%d/1:recalled;");
	assert_comes(w, b, &post, 1, "held:in/%d/1:update;");
	decline(w, b, held(b, "update"), "refused:in/%d/1:không;");
	vt_office_close(b);
	post_release(&post);
}

/* An answer names the document alone: each goes in its turn. */
static void
an_answer_waits_for_that_to_the_one_before(void **state)
{
	struct world *w = *state;
	struct post post = { .n = 0 };
	int64_t id = updated_and(w, false, &post);
	struct vt_office *b = w->b;

	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	assert_comes(w, b, &post, 2, "done:in/%d/1:updated;");
	assert_answers(w, id, "update=sent[];update=sent[];");
	assert_comes(w, b, &post, 2, "duplicate:in/%d/1:updated;");
	assert_answers(w, id, "update=sent[];update=sent[];");
	decline(w, b, held(b, "update"), "refused:in/%d/1:không;");
	assert_answers(w, id, "update=refused[không];update=accepted[];");
	/* each update has all files */
	assert_state(b, 1, VT_STATE_REGISTERED, 3);
	post_release(&post);
}

/* What has failed for now is not overtaken by what comes behind it. */
static void
answers_go_one_behind_the_other(void **state)
{
	struct world *w = *state;
	struct vt_office_delivered done = { 0 };
	struct post post = { .n = 0 };
	struct vt_error err = { 0 };
	struct vt_office *b = w->b;
	int64_t id = updated_and(w, true, &post);
	char *url;
	struct got got;

	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	receive(w->a, &got);
	come_blind(w, b, &post, 2);
	/* nothing leaves while nobody may write there */
	assert_non_null(url = strdup(vt_conf_get(b->conf, "transport", "url")));
	assert_vt_ok(vt_conf_set(b->conf, "transport", "url",
			 "spool:/dev/null/x", &err),
	    &err);
	agree(w, b, held(b, "recall"), "done:in/%d/1:recalled;");
	assert_vt_ok(vt_conf_set(b->conf, "transport", "url", url, &err), &err);
	try_at(b, "16", vt_time_now() + 3600);
	assert_vt_ok(vt_office_deliver(b, &done, NULL, &err), &err);
	assert_int_equal(done.sent, 0);
	assert_answers(w, id, "update=sent[];recall=sent[];");

	try_at(b, "16", vt_time_now() - 60);
	assert_vt_ok(vt_office_deliver(b, &done, NULL, &err), &err);
	assert_int_equal(done.sent, 2);
	assert_answers(w, id, DECLINED);
	free(url);
	post_release(&post);
}

/* A wants the document back, and B's clerk agrees. */
static void
taken_back(struct world *w, struct vt_office *b, const char *description,
    const char *want)
{
	struct got got;

	drop_status(w, A, B, "H99.01,2026/01/05,7/SA", "13", description);
	receive(b, &got);
	agree(w, b, held(b, "13"), want);
}

/* A document, an update of it, and the document again, which is another. */
static void
came_twice(const struct world *w, struct post *post)
{
	struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.subject = "V/v một" };

	put_message(w, &m, &post->bytes[0]);
	m.subject = "V/v hai";
	put_message(w, &m, &post->bytes[2]);
	m.business = VT_BUSINESS_UPDATE;
	m.name2 = "phu-luc.txt";
	m.file2 = vt_bytes_str("cũ");
	put_message(w, &m, &post->bytes[1]);
	post->n = 3;
}

/* A new arrival under the same id has nothing to do with what waits. */
static void
what_is_held_is_of_the_arrival_that_it_came_for(void **state)
{
	struct world *w = *state;
	struct post post = { .n = 0 };
	struct vt_office *b = w->b;
	struct message later;
	char text[64];
	struct got got;

	came_twice(w, &post);
	later = (struct message){ .business = VT_BUSINESS_UPDATE,
		.name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.name2 = "moi.txt",
		.file2 = vt_bytes_str("mới") };
	put_message(w, &later, &post.bytes[3]);
	post.n = 4;
	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	set_ask(b, true);
	taken_back(w, b, "lấy lại", "done:in/%d/1:recalled;");
	assert_comes(w, b, &post, 1, "held:in/%d/1:update;");
	drop_status(w, A, B, "H99.01,2026/01/05,7/SA", "13", "lần hai");
	receive(b, &got);
	set_ask(b, false);
	assert_comes(w, b, &post, 2, "registered:in/%d/2:;");
	snprintf(text, sizeof(text), "in/%d/1 is \"recalled\" and takes no",
	    w->year);
	may_not_agree(b, held(b, "update"), text);
	decline(w, b, held(b, "update"), "refused:in/%d/1:không;");
	/* nor does the former one's recall end what waits for the new one */
	come_blind(w, b, &post, 3);
	agree(w, b, held(b, "13"), "done:in/%d/1:recalled;");
	assert_state(b, 2, VT_STATE_REGISTERED, 1);
	agree(w, b, held(b, "update"), "done:in/%d/2:updated;");
	assert_state(b, 2, VT_STATE_REGISTERED, 2);

	/* the former one came into no book: it was recalled .. */
	b = other_b(w, b, "held");
	set_ask(b, true);
	assert_comes(w, b, &post, 0, "held::ask;");
	taken_back(w, b, "lấy lại", "done::recalled;");
	assert_comes(w, b, &post, 1, "held::update;");
	set_ask(b, false);
	assert_comes(w, b, &post, 2, "registered:in/%d/1:;");
	may_not_agree(b, held(b, "update"), "its document is recalled");
	decline(w, b, held(b, "update"), "refused::không;");
	assert_state(b, 1, VT_STATE_REGISTERED, 1);

	/* .. or refused */
	b = other_b(w, b, "refuse");
	come_blind(w, b, &post, 0);
	come_blind(w, b, &post, 1);
	refuse(w, b, held(b, "new"), "refused::không;");
	assert_comes(w, b, &post, 2, "registered:in/%d/1:;");
	may_not_agree(b, held(b, "update"), "its document was refused");
	assert_state(b, 1, VT_STATE_REGISTERED, 1);
	vt_office_close(b);
	post_release(&post);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_held_update_of_what_is_recalled_is_declined),
		TEST(a_clerk_who_agrees_to_a_recall_declines_the_update),
		TEST(an_update_behind_the_recall_is_declined),
		TEST(an_answer_waits_for_that_to_the_one_before),
		TEST(answers_go_one_behind_the_other),
		TEST(what_is_held_is_of_the_arrival_that_it_came_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
