/* test_office_status.c - what recipients tell of our documents */
#include "test_office_mail.h"

/* ---- statuses ---- */

static void
statuses_of_strangers_count_for_nothing(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_record rec;

	sent(w->a, id, B);
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	drop_status(w, "H66.01", A, rec.document_id, "03", "đã nhận");
	assert_received(w->a, "quarantined::unknown-document;");
	drop_status(w, B, A, "H99.01,2020/01/01,1/X", "03", "đã nhận");
	assert_received(w->a, "quarantined::unknown-document;");
	drop_status(w, B, A, rec.document_id, "99", "?");
	assert_received(w->a, "quarantined::unknown-status;");
	drop_status(w, B, A, rec.document_id, "13", "trả lại");
	assert_received(w->a, "quarantined::unknown-document;");
	assert_states(w->a, id, "H99.02=sent[];");
	vt_record_release(&rec);
}

static void
statuses_are_kept_in_any_order(void **state)
{
	static const struct {
		const char *codes; /* in the order of coming */
		const char *state;
	} cases[] = {
		{ "01 03 04 05 06", "H99.02=done[01 03 04 05 06];" },
		{ "01 02", "H99.02=refused[01 02];" },
		{ "01 03 02", "H99.02=refused[01 03 02];" },
		{ "03 01", "H99.02=accepted[03! 01];" },
		{ "06 05 03 01", "H99.02=done[06! 05! 03! 01];" },
		{ "02", "H99.02=refused[02!];" },
		{ "01 03 06 02", "H99.02=done[01 03 06 02!];" },
		{ "01 02 03", "H99.02=refused[01 02 03!];" },
		{ "06 01 02", "H99.02=done[06! 01 02!];" },
		{ "02 01 03 06", "H99.02=refused[02! 01 03 06!];" },
	};
	struct world *w = *state;
	struct vt_record rec;
	char codes[64], *next, *code, *axis = in(w->dir, "axis/" B);
	struct got got;
	int64_t id;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
		sent(w->a, id, B);
		assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL),
		    NULL);
		snprintf(codes, sizeof(codes), "%s", cases[i].codes);
		next = codes;
		while ((code = strsep(&next, " ")) != NULL) {
			drop_status(w, B, A, rec.document_id, code, "lý do");
			receive(w->a, &got);
			assert_int_equal(strncmp(got.text, "status:", 7), 0);
			drop_status(w, B, A, rec.document_id, code, "lý do");
			receive(w->a, &got); /* once more: nothing new */
			assert_int_equal(strncmp(got.text, "duplicate:", 10),
			    0);
		}
		assert_states(w->a, id, cases[i].state);
		vt_record_release(&rec);
	}
	free(axis);
}

static void
requests_to_undo_wait_for_a_clerk(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.document_id = "of-a" };
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_record rec;

	sent(w->a, id, B);
	assert_took(w, w->b, "registered:in/%d/1:;");
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	drop_status(w, B, A, rec.document_id, "15", "đồng ý");
	drop_status(w, "H66.01", A, rec.document_id, "16", "không");
	assert_took(w, w->a,
	    "status:out/%d/1:;status:out/%d/1:;"
	    "status:out/%d/1:unusual-order;" /* nobody was asked */
	    "quarantined::unknown-document;");
	vt_record_release(&rec);

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/2:;");
	drop_status(w, A, B, "of-a", "13", "gửi nhầm");
	assert_took(w, w->b, "held:in/%d/2:take-back;");
	drop_status(w, "H66.01", B, "of-a", "13", "gửi nhầm");
	assert_received(w->b, "quarantined::unknown-document;");
}

static void
a_status_that_overtakes_the_queue_ends_it(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_office_delivered done;
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct got got;
	char *way = close_way(w);

	/* the transport took it, but we could not write that down */
	assert_vt_ok(send_to(w->a, id, B, NULL, &err), &err);
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	drop_status(w, B, A, rec.document_id, "01", "đã đến");
	receive(w->a, &got);
	assert_states(w->a, id, "H99.02=arrived[01];");
	assert_int_equal(unlink(way), 0);
	let_time_pass(w->a);
	assert_vt_ok(vt_office_deliver(w->a, &done, NULL, &err), &err);
	assert_int_equal(done.sent, 0);
	vt_record_release(&rec);
	free(way);
}

/* The status CODE that lies in A's folder. */
static enum vt_received_result
taken(struct world *w, const char *code, const char *who)
{
	struct vt_error err = { 0 };
	enum vt_received_result r;
	struct vt_inbox row;
	char rel[64], *path;
	struct vt_buf text;

	snprintf(rel, sizeof(rel), "axis/" A "/s%s-" B ".edxml", code);
	path = in(w->dir, rel);
	assert_vt_ok(vt_file_read(path, 1u << 20, &text, &err), &err);
	r = take_as(w->a, vt_buf_bytes(&text), who, &row);
	vt_inbox_release(&row);
	vt_buf_release(&text);
	free(path);
	return r;
}

static void
nobody_speaks_for_another_recipient(void **state)
{
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	struct vt_record rec;

	sent(w->a, id, B);
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	drop_status(w, B, A, rec.document_id, "01", "đã đến");
	drop_status(w, B, A, rec.document_id, "03", "đã nhận");
	know(w->a, B, "H66.01", "00.66.W00");
	assert_int_equal(taken(w, "03", "H66.01"), VT_RECEIVED_QUARANTINED);
	assert_states(w->a, id, "H99.02=sent[];");
	/* a centre's word, that of who is not known, and B's */
	assert_int_equal(taken(w, "01", "00.66.W00"), VT_RECEIVED_STATUS);
	assert_int_equal(taken(w, "01", "H66.02"), VT_RECEIVED_DUPLICATE);
	/* what was forged keeps nothing out */
	assert_int_equal(taken(w, "03", B), VT_RECEIVED_STATUS);
	assert_states(w->a, id, "H99.02=accepted[01 03];");
	vt_record_release(&rec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(statuses_of_strangers_count_for_nothing),
		TEST(statuses_are_kept_in_any_order),
		TEST(requests_to_undo_wait_for_a_clerk),
		TEST(a_status_that_overtakes_the_queue_ends_it),
		TEST(nobody_speaks_for_another_recipient),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
