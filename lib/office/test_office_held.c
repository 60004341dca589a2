/* test_office_held.c - what a change that is held does to those behind it */
#include "test_office_word.h"

#include "vanthu/objects.h"

/* ---- updates ---- */

static void
a_held_update_is_entered_although_it_is_replaced(void **state)
{
	struct world *w = *state;
	int64_t old = make_record(w, vt_buf_bytes(&w->good), "V/v cũ");
	int64_t by = make_record(w, vt_buf_bytes(&w->good), "V/v mới");
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };
	struct vt_office *b = w->b;
	size_t answers;

	sent(w->a, old, B);
	update_with(w, old, "phu-luc.txt", "một", "thêm");
	assert_vt_ok(vt_office_replace(w->a, old, by, "sai", NULL, &err), &err);
	collect(w, &post);
	assert_int_equal(post.n, 3);

	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	assert_comes(w, b, &post, 2, "registered:in/%d/2:;");
	assert_state(b, 1, VT_STATE_REPLACED, 1);
	answers = waiting(w, A);
	agree(w, b, held(b, "update"), "done:in/%d/1:updated;");
	assert_int_equal(waiting(w, A), answers + 1); /* 15 */
	assert_state(b, 1, VT_STATE_REPLACED, 2);
	assert_state(b, 2, VT_STATE_REGISTERED, 1);
	assert_int_equal(pending(b), 0);

	/* by itself it is not done, whatever proves it */
	b = other_b(w, b, "late");
	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	assert_comes(w, b, &post, 2, "registered:in/%d/2:;");
	assert_comes(w, b, &post, 1, "held:in/%d/1:update;");
	assert_state(b, 1, VT_STATE_REPLACED, 1);
	agree(w, b, held(b, "update"), "done:in/%d/1:updated;");
	assert_state(b, 1, VT_STATE_REPLACED, 2);
	vt_office_close(b);
	post_release(&post);
}

static int
add_version(void *ctx, const struct vt_record_file *file, struct vt_error *err)
{
	char *text = ctx;
	size_t len = strlen(text);

	(void)err;
	if (file->seq == 1)
		snprintf(text + len, 64 - len, "%llu ",
		    (unsigned long long)file->size);
	return VT_OK;
}

/* The one that was held is a version, but what the later one brought stays. */
static void
a_held_update_does_not_undo_a_later_one(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };
	struct vt_list notes = { 0 };
	struct got got = { 0 };
	struct vt_record rec;
	char versions[64] = "";

	sent(w->a, id, B);
	update_with(w, id, "a.txt", "1", "lần 1");
	sleep(1); /* a trace counts seconds */
	update_with(w, id, "a.txt", "22", "lần 2");
	collect(w, &post);
	assert_comes(w, w->b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, w->b, &post, 1);
	assert_comes(w, w->b, &post, 2, "done:in/%d/1:updated;");
	assert_vt_ok(vt_office_agree(w->b, held(w->b, "update"), note, &got,
			 &notes, &err),
	    &err);
	assert_got(w, &got, "done:in/%d/1:updated;");
	assert_int_equal(notes.n, 1);
	assert_non_null(strstr(notes.items[0], "a later update"));
	assert_vt_ok(vt_store_record_get(w->b->store, 1, &rec, NULL), NULL);
	assert_int_equal(rec.nfiles, 2);
	assert_int_equal(rec.files[1].size, 2);
	vt_record_release(&rec);
	assert_vt_ok(vt_store_files(w->b->store, 1, add_version, versions,
			 &err),
	    &err);
	assert_string_equal(versions, "2 1 2 ");
	vt_list_release(&notes);
	post_release(&post);
}

/* ---- behind a replacement that is held ---- */

/* A sends a document, another in its place, and recalls that. */
static void
replaced_and_recalled(struct world *w, struct post *post, char **ret_id)
{
	int64_t old = make_record(w, vt_buf_bytes(&w->good), "V/v cũ");
	int64_t by = make_record(w, vt_buf_bytes(&w->good), "V/v mới");
	struct vt_error err = { 0 };
	struct vt_record rec;

	sent(w->a, old, B);
	assert_vt_ok(vt_office_replace(w->a, old, by, "sai", NULL, &err), &err);
	assert_vt_ok(vt_office_recall(w->a, by, NULL, "nhầm", NULL, &err),
	    &err);
	collect(w, post);
	assert_int_equal(post->n, 3);
	if (ret_id == NULL)
		return;
	assert_vt_ok(vt_store_record_get(w->a->store, by, &rec, &err), &err);
	assert_non_null(*ret_id = strdup(rec.document_id));
	vt_record_release(&rec);
}

/* The document, its replacement, which is held, and the recall, behind it. */
static void
come_all(struct world *w, struct vt_office *b, const struct post *post)
{
	assert_comes(w, b, post, 0, "registered:in/%d/1:;");
	come_blind(w, b, post, 1);
	assert_comes(w, b, post, 2, "held::recall;");
	assert_comes(w, b, post, 2, "duplicate::recall;");
	assert_state(b, 1, VT_STATE_REGISTERED, 1);
	assert_int_equal(pending(b), 2);
}

static void
a_recall_waits_for_the_word_on_its_replacement(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };
	struct vt_office *b = w->b;
	struct got got = { 0 };
	char text[64];
	size_t answers;

	replaced_and_recalled(w, &post, NULL);
	come_all(w, b, &post);
	snprintf(text, sizeof(text), "its document is held, too: message %lld",
	    (long long)held(b, "replace"));
	may_not_agree(b, held(b, "recall"), text);
	agree(w, b, held(b, "replace"),
	    "registered:in/%d/2:;done:in/%d/2:recalled;");
	assert_state(b, 1, VT_STATE_REPLACED, 1);
	assert_state(b, 2, VT_STATE_RECALLED, 1);
	assert_int_equal(pending(b), 0);

	/* it is refused: nothing of it stands, and the old one does */
	b = other_b(w, b, "refuse");
	come_all(w, b, &post);
	answers = waiting(w, A);
	refuse(w, b, held(b, "replace"), "refused::không;done::recalled;");
	assert_int_equal(waiting(w, A), answers + 2); /* 02 and 15 */
	assert_state(b, 1, VT_STATE_REGISTERED, 1);
	assert_int_equal(count_in(b), 1);
	assert_int_equal(pending(b), 0);

	b = other_b(w, b, "decline");
	come_all(w, b, &post);
	assert_vt_ok(vt_office_decline(b, held(b, "replace"), "không", note,
			 &got, NULL, &err),
	    &err);
	assert_got(w, &got, "refused::không;done::recalled;");
	assert_int_equal(pending(b), 0);
	vt_office_close(b);
	post_release(&post);
}

static void
a_status_13_waits_as_a_recall_does(void **state)
{
	struct world *w = *state;
	struct post post = { .n = 0 };
	struct got got;
	char *id = NULL;

	replaced_and_recalled(w, &post, &id);
	assert_comes(w, w->b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, w->b, &post, 1);
	drop_status(w, A, B, id, "13", "lấy lại");
	receive(w->b, &got);
	assert_got(w, &got, "held::take-back;");
	may_not_agree(w->b, held(w->b, "13"), "its document is held, too");
	/* nobody vouches for a status in a folder: the clerk has the word */
	agree(w, w->b, held(w->b, "replace"), "registered:in/%d/2:;");
	agree(w, w->b, held(w->b, "13"), "done:in/%d/2:recalled;");
	assert_state(w->b, 1, VT_STATE_REPLACED, 1);
	assert_state(w->b, 2, VT_STATE_RECALLED, 1);
	free(id);
	post_release(&post);
}

static int
cannot_tell(void *ctx, const struct vt_office_received *r, struct vt_error *err)
{
	(void)ctx;
	(void)r;
	return vt_error_set(err, VT_EIO, NULL, "standard output is full");
}

/* As where it is killed behind the clerk's word. */
static void
the_next_run_takes_up_what_waited(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };
	struct vt_office *b = w->b;

	replaced_and_recalled(w, &post, NULL);
	come_all(w, b, &post);
	assert_int_equal(vt_office_refuse(b, held(b, "replace"), "không",
			     cannot_tell, NULL, NULL, &err),
	    VT_EIO);
	vt_error_clear(&err);
	assert_int_equal(pending(b), 1);
	assert_received(b, "done::recalled;");

	b = other_b(w, b, "accept");
	come_all(w, b, &post);
	assert_int_equal(vt_office_accept(b, held(b, "replace"), cannot_tell,
			     NULL, NULL, &err),
	    VT_EIO);
	assert_state(b, 1, VT_STATE_REPLACED, 1);
	assert_state(b, 2, VT_STATE_REGISTERED, 1);
	assert_took(w, b, "done:in/%d/2:recalled;");
	assert_state(b, 2, VT_STATE_RECALLED, 1);
	vt_office_close(b);
	post_release(&post);
}

/* What may not be done then is looked at once, and left to a clerk. */
static void
where_a_clerk_decides_all_he_does_that_too(void **state)
{
	struct world *w = *state;
	struct post post = { .n = 0 };
	struct vt_office *b = w->b;

	replaced_and_recalled(w, &post, NULL);
	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	set_ask(b, true);
	assert_comes(w, b, &post, 1, "held::ask;");
	assert_comes(w, b, &post, 2, "held::recall;");
	agree(w, b, held(b, "replace"), "registered:in/%d/2:;");
	assert_state(b, 2, VT_STATE_REGISTERED, 1);
	agree(w, b, held(b, "recall"), "done:in/%d/2:recalled;");
	assert_state(b, 1, VT_STATE_REPLACED, 1);
	assert_state(b, 2, VT_STATE_RECALLED, 1);

	b = other_b(w, b, "refuse");
	come_all(w, b, &post);
	set_ask(b, true);
	refuse(w, b, held(b, "replace"), "refused::không;");
	set_ask(b, false);
	assert_received(b, "");
	agree(w, b, held(b, "recall"), "done::recalled;");
	assert_state(b, 1, VT_STATE_REGISTERED, 1);
	assert_int_equal(pending(b), 0);
	vt_office_close(b);
	post_release(&post);
}

/* That of an ordinary document is done at once: nothing hangs on it. */
static void
a_recall_of_a_held_document_is_done(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };

	sent(w->a, id, B);
	assert_vt_ok(vt_office_recall(w->a, id, NULL, "nhầm", NULL, &err),
	    &err);
	collect(w, &post);
	come_blind(w, w->b, &post, 0);
	assert_comes(w, w->b, &post, 1, "done::recalled;");
	assert_int_equal(pending(w->b), 0);
	assert_int_equal(count_in(w->b), 0);
	post_release(&post);
}

/* ---- one replacement after the other ---- */

static void
what_replaces_a_held_replacement_does_not_end_it(void **state)
{
	struct world *w = *state;
	int64_t old = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	int64_t r1 = make_record(w, vt_buf_bytes(&w->good), "V/v hai");
	int64_t r2 = make_record(w, vt_buf_bytes(&w->good), "V/v ba");
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };
	struct vt_office *b = w->b;
	struct wanted row = { .business = "replace" };
	struct got got = { 0 };
	int64_t first;

	sent(w->a, old, B);
	assert_vt_ok(vt_office_replace(w->a, old, r1, "sai", NULL, &err), &err);
	assert_vt_ok(vt_office_replace(w->a, r1, r2, "sai", NULL, &err), &err);
	collect(w, &post);
	assert_int_equal(post.n, 3);

	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	first = held(b, "replace");
	assert_comes(w, b, &post, 2, "registered:in/%d/2:;");
	assert_state(b, 1, VT_STATE_REGISTERED, 1);
	/* the newest is told first: the last one is the document */
	assert_vt_ok(vt_office_pending(b, look, &row, &err), &err);
	assert_int_equal(row.n, 2);
	assert_int_equal(row.id, first);
	may_not_agree(b, first + 2, "its document is held, too");
	agree(w, b, first, "registered:in/%d/3:;done:in/%d/3:replaced;");
	assert_state(b, 1, VT_STATE_REPLACED, 1);
	assert_state(b, 2, VT_STATE_REGISTERED, 1);
	assert_state(b, 3, VT_STATE_REPLACED, 1);
	assert_int_equal(pending(b), 0);

	b = other_b(w, b, "refuse");
	assert_comes(w, b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, b, &post, 1);
	first = held(b, "replace");
	assert_comes(w, b, &post, 2, "registered:in/%d/2:;");
	assert_vt_ok(vt_office_refuse(b, first, "không", note, &got, NULL,
			 &err),
	    &err);
	assert_int_equal(pending(b), 0);
	assert_state(b, 1, VT_STATE_REGISTERED, 1);
	assert_state(b, 2, VT_STATE_REGISTERED, 1);
	vt_office_close(b);
	post_release(&post);
}

/* Two in the place of the same: the later one did it. */
static void
a_second_replacement_of_the_same(void **state)
{
	struct world *w = *state;
	struct message m = { .document_id = "H99.01,2025/01/05,6/SA",
		.name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	struct post post = { .n = 3 };

	put_message(w, &m, &post.bytes[0]);
	m.business = VT_BUSINESS_REPLACE;
	m.document_id = "H99.01,2025/01/06,7/SA";
	put_message(w, &m, &post.bytes[1]);
	m.document_id = "H99.01,2025/01/07,8/SA";
	put_message(w, &m, &post.bytes[2]);
	assert_comes(w, w->b, &post, 0, "registered:in/%d/1:;");
	come_blind(w, w->b, &post, 1);
	assert_comes(w, w->b, &post, 2, "registered:in/%d/2:;");
	assert_state(w->b, 1, VT_STATE_REPLACED, 1);
	agree(w, w->b, held(w->b, "replace"), "registered:in/%d/3:;");
	assert_state(w->b, 1, VT_STATE_REPLACED, 1);
	assert_state(w->b, 2, VT_STATE_REGISTERED, 1);
	assert_state(w->b, 3, VT_STATE_REGISTERED, 1);
	assert_int_equal(pending(w->b), 0);
	post_release(&post);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_held_update_is_entered_although_it_is_replaced),
		TEST(a_held_update_does_not_undo_a_later_one),
		TEST(a_recall_waits_for_the_word_on_its_replacement),
		TEST(a_status_13_waits_as_a_recall_does),
		TEST(the_next_run_takes_up_what_waited),
		TEST(where_a_clerk_decides_all_he_does_that_too),
		TEST(a_recall_of_a_held_document_is_done),
		TEST(what_replaces_a_held_replacement_does_not_end_it),
		TEST(a_second_replacement_of_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
