/* test_office_change.c - recalls, updates, replacements: who, and in any order
 */
#include "test_office_post.h"

static struct vt_office *
fresh_b(const struct world *w, int i)
{
	char name[16];

	snprintf(name, sizeof(name), "b%d", i);
	return make_office(w, name, B);
}

/* ---- orders ---- */

static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
	{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

static void
any_order_recalls_and_keeps_one_record(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };
	struct vt_office *b;
	bool late;
	int i, k;

	sent(w->a, id, B);
	update_with(w, id, "phu-luc.txt", "một", "thêm phụ lục");
	assert_vt_ok(vt_office_recall(w->a, id, NULL, "gửi nhầm", NULL, &err),
	    &err);
	collect(w, &post);
	assert_int_equal(post.n, 3);
	for (i = 0; i < 6; i++) {
		struct got got = { 0 };

		b = fresh_b(w, i);
		for (k = 0; k < 3; k++)
			come(w, b, &post, (size_t)orders[i][k], &got);
		for (k = 0; k < 3; k++) /* and all of them once more */
			come(w, b, &post, (size_t)orders[i][k], &got);
		/* an update that comes behind the recall changes nothing */
		late = (orders[i][0] == 2 || orders[i][2] == 1) &&
		       !(orders[i][2] == 2);
		assert_int_equal(count_in(b), 1);
		assert_state(b, 1, VT_STATE_RECALLED, late ? 1 : 2);
		assert_int_equal(pending(b), 0); /* nor waits */
		vt_office_close(b);
	}
	post_release(&post);
}

static void
any_order_updates_to_the_last(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct post post = { .n = 0 };
	struct vt_record rec;
	struct vt_office *b;
	int i, k;

	sent(w->a, id, B);
	update_with(w, id, "phu-luc.txt", "một", "lần 1");
	sleep(1); /* a trace counts seconds */
	update_with(w, id, "phu-luc.txt", "hai, sửa", "lần 2");
	collect(w, &post);
	assert_int_equal(post.n, 3);
	for (i = 0; i < 6; i++) {
		struct got got = { 0 };

		b = fresh_b(w, i);
		for (k = 0; k < 3; k++)
			come(w, b, &post, (size_t)orders[i][k], &got);
		assert_int_equal(count_in(b), 1);
		assert_vt_ok(vt_store_record_get(b->store, 1, &rec, NULL),
		    NULL);
		assert_int_equal(rec.nfiles, 2);
		assert_int_equal(rec.files[1].size, strlen("hai, sửa"));
		vt_record_release(&rec);
		vt_office_close(b);
	}
	post_release(&post);
}

static void
any_order_replaces(void **state)
{
	struct world *w = *state;
	int64_t old = make_record(w, vt_buf_bytes(&w->good), "V/v cũ");
	int64_t by = make_record(w, vt_buf_bytes(&w->good), "V/v mới");
	struct vt_error err = { 0 };
	struct post post = { .n = 0 };
	struct vt_office *b;
	int i;

	sent(w->a, old, B);
	assert_vt_ok(vt_office_replace(w->a, old, by, "sai", NULL, &err), &err);
	assert_vt_ok(vt_office_replace(w->a, old, by, "sai", NULL, &err), &err);
	assert_state(w->a, old, VT_STATE_REPLACED, 1);
	assert_state(w->a, by, VT_STATE_ISSUED, 1);
	collect(w, &post);
	assert_int_equal(post.n, 2);
	for (i = 0; i < 2; i++) {
		struct got got = { 0 };

		b = fresh_b(w, i);
		come(w, b, &post, (size_t)i, &got);
		come(w, b, &post, (size_t)!i, &got);
		come(w, b, &post, (size_t)i, &got); /* once more */
		assert_int_equal(count_in(b), 2);
		assert_state(b, i == 0 ? 1 : 2, VT_STATE_REPLACED, 1);
		assert_state(b, i == 0 ? 2 : 1, VT_STATE_REGISTERED, 1);
		assert_int_equal(pending(b), 0);
		vt_office_close(b);
	}
	post_release(&post);
}

/* ---- what is odd ---- */

static void
an_update_that_no_book_holds_waits_for_a_clerk(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	char subject[VT_RECORD_TEXT_MAX + 100];
	struct vt_error err = { 0 };
	struct got got;
	int rc;

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	memset(subject, 'a', sizeof(subject) - 1);
	subject[sizeof(subject) - 1] = '\0';
	m.business = VT_BUSINESS_UPDATE;
	m.subject = subject;
	drop_message(w, &m);
	assert_took(w, w->b, "held:in/%d/1:update;");
	assert_int_equal(waiting(w, B), 0);
	assert_vt_ok(vt_office_pending(w->b, note, &got, &err), &err);
	rc = vt_office_agree(w->b, got.id, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EFORMAT);
	vt_error_clear(&err);
	assert_vt_ok(vt_office_decline(w->b, got.id, "dài quá", note, &got,
			 NULL, &err),
	    &err);
	assert_int_equal(waiting(w, A), 3); /* 01 03 16 */
}

/* Whoever vouches for it. */
static void
an_update_that_may_be_a_secret_waits_for_a_clerk(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_inbox row;
	struct vt_buf bytes;

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	m.business = VT_BUSINESS_UPDATE;
	m.type_name = "Tối mật";
	put_message(w, &m, &bytes);
	assert_int_equal(take_as(w->b, vt_buf_bytes(&bytes), A, &row),
	    VT_RECEIVED_HELD);
	assert_string_equal(row.reason, "update");
	assert_non_null(strstr(row.detail, "state secret"));
	vt_inbox_release(&row);
	vt_buf_release(&bytes);
	/* else it is done */
	m.type_name = "Công văn";
	put_message(w, &m, &bytes);
	assert_int_equal(take_as(w->b, vt_buf_bytes(&bytes), A, &row),
	    VT_RECEIVED_DONE);
	vt_inbox_release(&row);
	vt_buf_release(&bytes);
}

static void
who_is_added_by_others_has_it_anew(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	m.business = VT_BUSINESS_RECALL;
	drop_message(w, &m);
	assert_took(w, w->b, "done:in/%d/1:recalled;");
	m.business = VT_BUSINESS_UPDATE;
	m.adds = true;
	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/2:;");
	assert_state(w->b, 1, VT_STATE_RECALLED, 1);
	/* who has it is told of again */
	m.subject = "V/v hai";
	drop_message(w, &m);
	assert_took(w, w->b, "done:in/%d/2:updated;");
	assert_int_equal(count_in(w->b), 2);
}

/* ---- what the recipients answer ---- */

static int
add_asked(void *ctx, const struct vt_office_recipient *r, struct vt_error *err)
{
	char *text = ctx;
	size_t i, k, len = strlen(text);

	(void)err;
	for (i = 0; i < r->nasked; i++) {
		len += (size_t)snprintf(text + len, 1024 - len, "%s %s[",
		    r->asked[i].business,
		    vt_delivery_state_name(r->asked[i].state));
		for (k = 0; k < r->asked[i].nstatuses; k++)
			len += (size_t)snprintf(text + len, 1024 - len, "%s%s",
			    r->asked[i].statuses[k].code,
			    r->asked[i].statuses[k].unusual ? "!" : "");
		len += (size_t)snprintf(text + len, 1024 - len, "];");
	}
	return VT_OK;
}

static void
assert_asked(struct vt_office *o, int64_t id, const char *want)
{
	struct vt_error err = { 0 };
	char text[1024] = "";

	assert_vt_ok(vt_office_recipients(o, id, add_asked, text, &err), &err);
	assert_string_equal(text, want);
}

static void
who_was_removed_may_get_it_anew(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_list b = { 0 };
	const struct vt_office_update remove = { .remove = &b };
	const struct vt_office_update add = { .add = &b };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_list_add(&b, B, &err), &err);
	sent(w->a, id, B);
	assert_took(w, w->b, "registered:in/%d/1:;");
	assert_vt_ok(vt_office_update(w->a, id, &remove, "bỏ", NULL, &err),
	    &err);
	assert_took(w, w->b, "done:in/%d/1:recalled;");
	assert_vt_ok(vt_office_update(w->a, id, &add, "thêm lại", NULL, &err),
	    &err);
	assert_took(w, w->b, "registered:in/%d/2:;");
	assert_state(w->b, 1, VT_STATE_RECALLED, 1);
	/* the recall is of the first one alone, and the next of the second */
	assert_asked(w->a, id, "recall sent[];");
	assert_vt_ok(vt_office_recall(w->a, id, NULL, "lần hai", NULL, &err),
	    &err);
	assert_asked(w->a, id, "recall sent[];recall sent[];");
	vt_list_release(&b);
}

static void
the_first_answer_counts_and_others_are_flagged(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct got got;

	sent(w->a, id, B);
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	assert_vt_ok(vt_office_recall(w->a, id, NULL, "r", NULL, &err), &err);
	drop_status(w, "H66.01", A, rec.document_id, "15", "đồng ý");
	assert_received(w->a, "quarantined::unknown-document;");
	assert_asked(w->a, id, "recall sent[];");
	drop_status(w, B, A, rec.document_id, "16", "không");
	receive(w->a, &got);
	assert_asked(w->a, id, "recall refused[16];");
	drop_status(w, B, A, rec.document_id, "15", "đồng ý");
	receive(w->a, &got);
	assert_asked(w->a, id, "recall refused[1615!];");
	/* the document's own state is another matter */
	drop_status(w, B, A, rec.document_id, "01", "đã đến");
	receive(w->a, &got);
	assert_states(w->a, id, "H99.02=arrived[01];");
	vt_record_release(&rec);
}

static void
what_was_recalled_unsent_is_recalled_where_it_came(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct got got;

	/* queued, and we are killed before we know that it went */
	assert_vt_ok(vt_conf_set(w->a->conf, "transport", "url", NULL, &err),
	    &err);
	sent(w->a, id, B);
	assert_vt_ok(vt_office_recall(w->a, id, NULL, "r", NULL, &err), &err);
	assert_states(w->a, id, "H99.02=failed[];");
	assert_asked(w->a, id, "");
	assert_state(w->a, id, VT_STATE_RECALLED, 1);
	{
		char url[512];

		snprintf(url, sizeof(url), "spool:%s/axis", w->dir);
		assert_vt_ok(vt_conf_set(w->a->conf, "transport", "url", url,
				 &err),
		    &err);
	}
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	drop_status(w, B, A, rec.document_id, "01", "đã đến");
	receive(w->a, &got);
	assert_states(w->a, id, "H99.02=arrived[01];");
	assert_asked(w->a, id, "recall sent[];");
	assert_int_equal(waiting(w, B), 1);
	vt_record_release(&rec);
}

/* ---- what the sender may not do ---- */

static void
what_cannot_be_changed_is_refused(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	int64_t other = make_record(w, vt_buf_bytes(&w->good), "V/v hai");
	const struct vt_office_update none = { 0 };
	struct vt_list to = { 0 };
	struct vt_error err = { 0 };

#define REFUSED(call, code)                                                    \
	do {                                                                   \
		assert_vt_error((call), &err, (code));                         \
		vt_error_clear(&err);                                          \
	} while (0)
	assert_vt_ok(vt_list_add(&to, "H99.07", &err), &err);
	REFUSED(vt_office_update(w->a, id, &none, "r", NULL, &err),
	    VT_EREFUSED); /* not issued */
	REFUSED(vt_office_replace(w->a, id, other, "r", NULL, &err),
	    VT_EREFUSED);
	sent(w->a, id, B);
	REFUSED(vt_office_update(w->a, id, &none, "r", NULL, &err), VT_EARG);
	REFUSED(vt_office_recall(w->a, id, &to, "r", NULL, &err), VT_EARG);
	REFUSED(vt_office_recall(w->a, id, NULL, "", NULL, &err), VT_EARG);
	REFUSED(vt_office_replace(w->a, id, id, "r", NULL, &err), VT_EARG);
	sent(w->a, other, B);
	REFUSED(vt_office_replace(w->a, id, other, "r", NULL, &err),
	    VT_EREFUSED); /* it went out by itself */
	assert_vt_ok(vt_office_recall(w->a, id, NULL, "r", NULL, &err), &err);
	REFUSED(vt_office_update(w->a, id, &none, "r", NULL, &err),
	    VT_EREFUSED);
	REFUSED(send_to(w->a, id, "H99.03", NULL, &err), VT_EREFUSED);
	vt_list_release(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_order_recalls_and_keeps_one_record),
		TEST(any_order_updates_to_the_last),
		TEST(any_order_replaces),
		TEST(an_update_that_no_book_holds_waits_for_a_clerk),
		TEST(an_update_that_may_be_a_secret_waits_for_a_clerk),
		TEST(who_is_added_by_others_has_it_anew),
		TEST(who_was_removed_may_get_it_anew),
		TEST(the_first_answer_counts_and_others_are_flagged),
		TEST(what_was_recalled_unsent_is_recalled_where_it_came),
		TEST(what_cannot_be_changed_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
