/* test_office_send.c - documents of ours on their way out */
#include "test_office_mail.h"

/* ---- the story ---- */

static void
a_document_goes_out_and_its_answers_come_back(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_record rec;

	sent(w->a, id, B);
	assert_states(w->a, id, "H99.02=sent[];");
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	assert_int_equal(rec.state, VT_STATE_ISSUED);
	assert_non_null(rec.document_id);
	vt_record_release(&rec);

	assert_took(w, w->b, "registered:in/%d/1:;");
	assert_int_equal(waiting(w, B), 0);
	assert_int_equal(waiting(w, A), 2);
	assert_took(w, w->a, "status:out/%d/1:;status:out/%d/1:;");
	assert_states(w->a, id, "H99.02=accepted[01 03];");
	assert_received(w->b, "");
	assert_received(w->a, "");
}

static void
what_was_registered_is_what_was_sent(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v  đầy đủ");
	struct vt_record out, in;
	int64_t found;
	struct got got;

	sent(w->a, id, B);
	receive(w->b, &got);
	assert_vt_ok(vt_store_record_get(w->a->store, id, &out, NULL), NULL);
	assert_vt_ok(vt_store_document_find(w->b->store, out.document_id, true,
			 &found, NULL),
	    NULL);
	assert_vt_ok(vt_store_record_get(w->b->store, found, &in, NULL), NULL);
	assert_string_equal(in.code, "01/SA-VP");
	assert_string_equal(in.subject, "V/v đầy đủ");
	assert_string_equal(in.type, "CV");
	assert_string_equal(in.organ_id, A);
	assert_string_equal(in.organ_name, ORGAN);
	assert_string_equal(in.verdict, "valid");
	assert_int_equal(in.urgency, VT_URGENCY_KHAN);
	assert_int_equal(in.nfiles, 1);
	assert_string_equal(in.files[0].name, "cv.p7m");
	assert_memory_equal(in.files[0].sha256, out.files[0].sha256,
	    VT_SHA256_LEN);
	assert_true(vt_objects_has(w->b->objects, in.files[0].sha256));
	vt_record_release(&in);
	vt_record_release(&out);
}

static void
sending_again_sends_nothing_twice(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");

	sent(w->a, id, B);
	sent(w->a, id, B " " B);
	assert_int_equal(waiting(w, B), 1);
	sent(w->a, id, B " H99.03");
	assert_int_equal(waiting(w, B), 1);
	assert_int_equal(waiting(w, "H99.03"), 1);
	assert_states(w->a, id, "H99.02=sent[];H99.03=sent[];");
}

static void
units_and_the_post_are_kept_and_not_delivered(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_list units = { 0 }, post = { 0 };
	const struct vt_office_issue issue = { .units = &units, .post = &post };
	char endless[VT_RECORD_NAME_MAX + 2];
	const char *const bad[] = { "", "  ", "a\x1b[2J", "\xff", endless };
	struct vt_error err = { 0 };
	size_t k;
	int i, rc;

	memset(endless, 'n', sizeof(endless));
	endless[sizeof(endless) - 1] = '\0';
	assert_vt_ok(vt_list_add(&units, "Phòng Hành chính", &err), &err);
	assert_vt_ok(vt_list_add(&post, "Ông Nguyễn Văn A", &err), &err);
	for (i = 0; i < 2; i++)
		assert_vt_ok(vt_office_send(w->a, id, &issue, NULL, &err),
		    &err);
	assert_states(w->a, id, "-=sent[];-=sent[];");
	vt_list_release(&units);
	for (k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		vt_list_release(&post);
		assert_vt_ok(vt_list_add(&post, bad[k], &err), &err);
		rc = vt_office_send(w->a, id, &issue, NULL, &err);
		assert_vt_error(rc, &err, VT_EARG);
		vt_error_clear(&err);
	}
	vt_list_release(&post);
}

static void
what_is_not_soundly_signed_does_not_go_out(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_buf bad = { 0 };
	int64_t id;
	int rc;

	id = make_record(w, VT_BYTES_LIT("plain text"), "V/v không ký");
	rc = send_to(w->a, id, B, NULL, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	vt_error_clear(&err);

	vt_buf_init(&bad, 1u << 20);
	assert_int_equal(vt_buf_bytes_put(&bad, vt_buf_bytes(&w->good)), VT_OK);
	bad.data[vt_bytes_find(vt_buf_bytes(&bad), 0, "dung")] ^= 1;
	id = make_record(w, vt_buf_bytes(&bad), "V/v ký hỏng");
	rc = send_to(w->a, id, B, NULL, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	vt_error_clear(&err);
	vt_buf_release(&bad);

	assert_int_equal(waiting(w, B), 0);
	assert_int_equal(vt_office_recipients(w->a, id, add_state, NULL, &err),
	    VT_ENOTFOUND);
}

static void
bad_recipients_are_refused_before_anything_is_issued(void **state)
{
	static const char *const bad[] = { "", "..", "H99/..", "h99*01", A,
		B " ../x", "0123456789012345678901234567890123456789" };
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_record rec;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };
		int rc = send_to(w->a, id, bad[i], NULL, &err);

		assert_vt_error(rc, &err, VT_EARG);
	}
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	assert_int_equal(rec.state, VT_STATE_SIGNED);
	vt_record_release(&rec);
}

/* ---- the queue ---- */

static void
what_cannot_be_delivered_waits_with_its_reason(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_office_delivered done;
	struct vt_error err = { 0 };
	struct vt_list notes = { 0 };
	char *way;

	receive(w->a, &(struct got){ 0 });
	way = close_way(w);
	assert_vt_ok(send_to(w->a, id, B, &notes, &err), &err);
	assert_int_equal(notes.n, 1);
	assert_non_null(strstr(notes.items[0], B));
	assert_states(w->a, id, "H99.02=queued[];");

	/* at once again, then no more: the pauses grow */
	assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
	assert_int_equal(done.waiting, 1);
	assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
	assert_int_equal(done.waiting, 0);

	assert_int_equal(unlink(way), 0);
	assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
	assert_int_equal(done.sent, 0); /* not due */
	sent(w->a, id, B);              /* a clerk does not wait */
	assert_states(w->a, id, "H99.02=sent[];");
	assert_int_equal(waiting(w, B), 1);
	vt_list_release(&notes);
	free(way);
}

static void
retries_are_bounded_and_a_clerk_can_begin_anew(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_office_delivered done;
	struct vt_error err = { 0 };
	char *way = close_way(w);
	int i;

	assert_vt_ok(send_to(w->a, id, B, NULL, &err), &err);
	for (i = 1; i < VT_OFFICE_TRIES; i++) {
		assert_states(w->a, id, "H99.02=queued[];");
		let_time_pass(w->a);
		assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
		assert_int_equal(done.sent, 0);
	}
	assert_int_equal(done.failed, 1);
	assert_states(w->a, id, "H99.02=failed[];");
	let_time_pass(w->a);
	assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
	assert_int_equal(done.failed + done.waiting + done.sent, 0);

	assert_int_equal(unlink(way), 0);
	assert_vt_ok(vt_office_resend(w->a, id, NULL, &err), &err);
	assert_states(w->a, id, "H99.02=sent[];");
	assert_took(w, w->b, "registered:in/%d/1:;");
	free(way);
}

static void
what_never_can_be_delivered_fails_at_once(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	char rel[512], hex[VT_SHA256_HEX], *path, *dir = in(w->dir, "axis/" B);
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_buf b = { 0 };
	struct dirent *e;
	DIR *d;

	/* its name is taken by something else */
	sent(w->a, id, B);
	assert_non_null(d = opendir(dir));
	while ((e = readdir(d)) != NULL && strstr(e->d_name, ".edxml") == NULL)
		;
	assert_non_null(e);
	snprintf(rel, sizeof(rel), "axis/" B "/%s", e->d_name);
	closedir(d);
	path = in(w->dir, rel);
	test_read(path, &b);
	assert_vt_ok(vt_sha256(vt_buf_bytes(&b), sha256, &err), &err);
	assert_non_null(
	    strstr(path, vt_hex(VT_BYTES(sha256, sizeof(sha256)), hex)));
	assert_vt_ok(vt_file_replace(path, VT_BYTES_LIT("other"), &err), &err);
	assert_vt_ok(vt_office_resend(w->a, id, NULL, &err), &err);
	assert_states(w->a, id, "H99.02=failed[];");
	vt_buf_release(&b);
	free(path);
	free(dir);
}

static void
a_resent_document_is_a_duplicate_and_answered_again(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	char *answers = in(w->dir, "axis/" A);

	sent(w->a, id, B);
	assert_took(w, w->b, "registered:in/%d/1:;");
	/* the answers are lost on the way */
	test_dir_free(answers);
	assert_vt_ok(vt_office_resend(w->a, id, NULL, &err), &err);
	assert_took(w, w->b, "duplicate:in/%d/1:;");
	assert_int_equal(count_in(w->b), 1);
	assert_took(w, w->a, "status:out/%d/1:;status:out/%d/1:;");
	assert_states(w->a, id, "H99.02=accepted[01 03];");

	/* and what arrived is not sent again */
	assert_vt_ok(vt_office_resend(w->a, id, NULL, &err), &err);
	assert_int_equal(waiting(w, B), 0);
}

static int
keep_envelope(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	(void)d;
	(void)err;
	assert_true(m->has_envelope);
	memcpy(ctx, m->envelope, VT_SHA256_LEN);
	return VT_OK;
}

static void
what_was_changed_in_the_store_does_not_go_out(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	const struct vt_delivery_query q = { .record = id,
		.due = VT_TIME_NONE };
	unsigned char envelope[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	struct vt_record rec;
	char *message;
	int rc;

	sent(w->a, id, B);
	receive(w->b, &(struct got){ 0 });
	assert_vt_ok(vt_store_deliveries(w->a->store, &q, keep_envelope,
			 envelope, &err),
	    &err);
	spoil(w->a, envelope);
	assert_vt_ok(vt_office_resend(w->a, id, NULL, &err), &err);
	assert_int_equal(waiting(w, B), 0);
	assert_states(w->a, id, B "=queued[];");

	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, &err), &err);
	spoil(w->a, rec.files[0].sha256);
	vt_record_release(&rec);
	rc = send_to(w->a, id, "H99.03", NULL, &err);
	assert_true(rc == VT_EIO || rc == VT_EREFUSED);
	message = in(w->dir, "axis/H99.03");
	assert_int_not_equal(access(message, F_OK), 0);
	free(message);
}

/* ---- killed runs ---- */

static void
a_message_queued_without_its_envelope_is_made_again(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_error err = { 0 };
	struct vt_outbox m = { .record = id,
		.kind = VT_MESSAGE_DOCUMENT,
		.business = (char *)"new",
		.document_id = (char *)"d-1",
		.created = 1772600000 };
	struct vt_delivery d = { .organ_id = (char *)B,
		.state = VT_DELIVERY_QUEUED };
	struct vt_office_delivered done;
	struct vt_outbox now;
	char *objects = in(w->dir, "a/objects");
	size_t before;

	/* as a process leaves it that is killed after the commit */
	assert_vt_ok(vt_store_begin(w->a->store, &err), &err);
	assert_vt_ok(vt_store_outbox_add(w->a->store, &m, &err), &err);
	d.outbox = m.id;
	assert_vt_ok(vt_store_delivery_add(w->a->store, &d, &err), &err);
	assert_vt_ok(vt_store_commit(w->a->store, &err), &err);
	before = test_dir_count(objects);
	assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
	assert_int_equal(done.sent, 1);
	assert_vt_ok(vt_store_outbox_get(w->a->store, m.id, &now, &err), &err);
	assert_true(now.has_envelope);
	assert_true(vt_objects_has(w->a->objects, now.envelope));
	assert_int_equal(test_dir_count(objects), before + 1);
	vt_outbox_release(&now);

	/* killed once more before it knew of its envelope: the same bytes */
	assert_took(w, w->b, "registered:in/%d/1:;");
	assert_vt_ok(vt_office_resend(w->a, id, NULL, &err), &err);
	assert_took(w, w->b, "duplicate:in/%d/1:;");
	assert_int_equal(test_dir_count(objects), before + 1);
	free(objects);
}

static int
set_queued(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct world *w = ctx;
	struct vt_delivery next = *d;

	(void)m;
	next.state = VT_DELIVERY_QUEUED;
	next.next_try = w->next_try;
	return vt_store_delivery_update(w->a->store, &next, err);
}

/* A clock that ran ahead must not put a document off for years. */
static void
what_a_wrong_clock_put_off_is_due(void **state)
{
	static const struct {
		int64_t ahead; /* seconds */
		size_t sent;
	} cases[] = { { 3600, 0 }, { VT_OFFICE_PAUSE_MAX_S, 0 },
		{ VT_DELIVERY_PAUSE_MAX + 60, 1 }, { INT64_C(300000000), 1 },
		{ -5, 1 } };
	const struct vt_delivery_query q = { .due = VT_TIME_NONE };
	struct world *w = *state;
	struct vt_office_delivered done;
	struct vt_error err = { 0 };
	size_t i;

	sent(w->a, make_record(w, vt_buf_bytes(&w->good), "V/v một"), B);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		w->next_try = vt_time_now() + cases[i].ahead;
		assert_vt_ok(vt_store_begin(w->a->store, &err), &err);
		assert_vt_ok(vt_store_deliveries(w->a->store, &q, set_queued, w,
				 &err),
		    &err);
		assert_vt_ok(vt_store_commit(w->a->store, &err), &err);
		assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
		assert_int_equal(done.sent, cases[i].sent);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_document_goes_out_and_its_answers_come_back),
		TEST(what_was_registered_is_what_was_sent),
		TEST(sending_again_sends_nothing_twice),
		TEST(units_and_the_post_are_kept_and_not_delivered),
		TEST(what_is_not_soundly_signed_does_not_go_out),
		TEST(bad_recipients_are_refused_before_anything_is_issued),
		TEST(what_cannot_be_delivered_waits_with_its_reason),
		TEST(retries_are_bounded_and_a_clerk_can_begin_anew),
		TEST(what_never_can_be_delivered_fails_at_once),
		TEST(a_resent_document_is_a_duplicate_and_answered_again),
		TEST(what_was_changed_in_the_store_does_not_go_out),
		TEST(a_message_queued_without_its_envelope_is_made_again),
		TEST(what_a_wrong_clock_put_off_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
