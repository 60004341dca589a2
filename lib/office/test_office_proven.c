/* test_office_proven.c - whose word undoes a document */
#include "test_office_mail.h"

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/trust.h"

/* ---- who says it ---- */

static void
nobody_else_undoes_a_document(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_buf other = { 0 };
	struct got got;

	/* (another person of another organisation, whom B trusts, too) */
	sign_text(w->dir, "agency.p12", "nội dung", &other);
	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");

	m.business = VT_BUSINESS_RECALL;
	m.from = "H66.01"; /* a third office, with A's own document */
	drop_message(w, &m);
	assert_received(w->b, "held::recall;");
	m.from = A;
	m.file = vt_buf_bytes(&other); /* as A, with somebody else's */
	drop_message(w, &m);
	receive(w->b, &got);
	assert_int_equal(strncmp(got.text, "held:in/", 8), 0);
	m.name = "a.txt";
	m.file = VT_BYTES_LIT("unsigned"); /* as A, with nothing */
	drop_message(w, &m);
	receive(w->b, &got);
	assert_int_equal(strncmp(got.text, "held:in/", 8), 0);
	m.name = NULL;
	drop_message(w, &m);
	receive(w->b, &got);
	assert_int_equal(strncmp(got.text, "held:in/", 8), 0);
	drop_status(w, A, B, "H99.01,2026/01/05,7/SA", "13", "lấy lại");
	receive(w->b, &got);
	assert_int_equal(strncmp(got.text, "held:in/", 8), 0);
	assert_state(w->b, 1, VT_STATE_REGISTERED, 1);
	assert_int_equal(pending(w->b), 5);

	/* the next run does not look at them again */
	receive(w->b, &got);
	assert_int_equal(got.n, 0);
	assert_state(w->b, 1, VT_STATE_REGISTERED, 1);
	vt_buf_release(&other);
}

/* Its signer is whose document it is; but not everything holds. */
static void
what_is_broken_undoes_nothing(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_buf broken;
	struct got got;

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	vt_buf_init(&broken, 1u << 20);
	vt_buf_bytes_put(&broken, vt_buf_bytes(&w->good));
	vt_buf_putc(&broken, 'x');

	m.business = VT_BUSINESS_RECALL;
	m.file = vt_buf_bytes(&broken);
	drop_message(w, &m);
	receive(w->b, &got);
	assert_int_equal(strncmp(got.text, "held:in/", 8), 0);
	m.file = vt_buf_bytes(&w->good);
	m.name2 = "b.p7m"; /* another one beside it */
	m.file2 = vt_buf_bytes(&broken);
	drop_message(w, &m);
	receive(w->b, &got);
	assert_int_equal(strncmp(got.text, "held:in/", 8), 0);
	assert_state(w->b, 1, VT_STATE_REGISTERED, 1);
	m.name2 = NULL;
	drop_message(w, &m);
	assert_took(w, w->b, "done:in/%d/1:recalled;");
	vt_buf_release(&broken);
}

/* The row ID of B, looked at as if its transport knew WHO to have sent it. */
static bool
settled(struct world *w, int64_t id, const char *who)
{
	struct vt_office_intake in = { .o = w->b, .vouched = who };
	struct vt_trust *trust = NULL;
	struct vt_error err = { 0 };
	struct vt_inbox row;
	bool done;

	assert_vt_ok(vt_office_trust(w->b, &trust, &err), &err);
	assert_vt_ok(vt_store_inbox_get(w->b->store, id, &row, &err), &err);
	in.trust = trust;
	in.row = &row;
	in.now = vt_time_now();
	assert_vt_ok(vt_office_settle_one(&in, false, &done, &err), &err);
	vt_inbox_release(&row);
	vt_trust_free(trust);
	return done;
}

static void
whom_the_transport_knows_is_believed(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	struct got got;

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	drop_status(w, A, B, "H99.01,2026/01/05,7/SA", "13", "lấy lại");
	receive(w->b, &got);
	assert_false(settled(w, got.id, NULL));
	assert_false(settled(w, got.id, "H66.01"));
	assert_state(w->b, 1, VT_STATE_REGISTERED, 1);
	assert_true(settled(w, got.id, A));
	assert_state(w->b, 1, VT_STATE_RECALLED, 1);
}

static void
whom_the_transport_knew_is_believed_later(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	struct got got;

	drop_status(w, A, B, "H99.01,2026/01/05,7/SA", "13", "lấy lại");
	receive(w->b, &got);
	assert_string_equal(got.text, "held::take-back;");
	assert_false(settled(w, got.id, A)); /* noted, and no more */
	assert_int_equal(pending(w->b), 1);
	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;done:in/%d/1:recalled;");
	assert_state(w->b, 1, VT_STATE_RECALLED, 1);
	assert_int_equal(waiting(w, A), 3); /* 01 03 15 */
}

static void
a_clerk_agrees_or_declines(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_error err = { 0 };
	struct got got = { 0 };
	int64_t first, second;
	int rc, i;

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	drop_status(w, A, B, "H99.01,2026/01/05,7/SA", "13", "lấy lại");
	receive(w->b, &got);
	first = got.id;
	m.business = VT_BUSINESS_RECALL;
	m.name = NULL;
	drop_message(w, &m);
	receive(w->b, &got);
	second = got.id;
	assert_int_equal(waiting(w, A), 2); /* 01 03 */
	rc = vt_office_decline(w->b, first, " ", note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EARG);
	vt_error_clear(&err);
	for (i = 0; i < 2; i++) /* twice is as good as once */
		assert_vt_ok(vt_office_decline(w->b, first, "đã xong", note,
				 &got, NULL, &err),
		    &err);
	assert_int_equal(waiting(w, A), 3); /* 16 */
	assert_state(w->b, 1, VT_STATE_REGISTERED, 1);
	rc = vt_office_agree(w->b, first, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	vt_error_clear(&err);
	for (i = 0; i < 2; i++)
		assert_vt_ok(vt_office_agree(w->b, second, note, &got, NULL,
				 &err),
		    &err);
	assert_int_equal(waiting(w, A), 4); /* 15 */
	assert_state(w->b, 1, VT_STATE_RECALLED, 1);
	rc = vt_office_agree(w->b, 1, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EREFUSED); /* it is a document */
	vt_error_clear(&err);
	rc = vt_office_agree(w->b, 999, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_ENOTFOUND);
	vt_error_clear(&err);

	/* the same recall again: its answer again, and nothing else */
	drop_message(w, &m);
	receive(w->b, &got);
	assert_int_equal(strncmp(got.text, "duplicate:", 10), 0);
	assert_int_equal(waiting(w, A), 4);

	/* the id may come anew, and is linked to the old arrival */
	m.business = VT_BUSINESS_NEW;
	m.name = "a.p7m";
	m.subject = "V/v mới";
	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/2:;");
}

static void
a_held_document_that_is_recalled_waits_no_more(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_error err = { 0 };
	struct got got = { 0 };
	int64_t id;
	int rc;

	assert_vt_ok(vt_conf_set(w->b->conf, "receive", "register", "ask",
			 &err),
	    &err);
	drop_message(w, &m);
	receive(w->b, &got);
	id = got.id;
	assert_vt_ok(vt_conf_set(w->b->conf, "receive", "register", "auto",
			 &err),
	    &err);
	m.business = VT_BUSINESS_RECALL;
	drop_message(w, &m);
	assert_received(w->b, "done::recalled;");
	assert_int_equal(pending(w->b), 0);
	rc = vt_office_accept(w->b, id, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	assert_int_equal(count_in(w->b), 0);
}

/* M of B's, whom the transport has from WHO; "" where it has none. */
static void
assert_taken(struct world *w, const struct message *m, const char *who,
    enum vt_received_result result, const char *reason)
{
	struct vt_inbox row;
	struct vt_buf text;

	put_message(w, m, &text);
	assert_int_equal(take_as(w->b, vt_buf_bytes(&text), who, &row), result);
	assert_string_equal(row.reason != NULL ? row.reason : "", reason);
	vt_inbox_release(&row);
	vt_buf_release(&text);
}

static void
whom_the_transport_contradicts_is_not_believed(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct got got;

	know(w->b, A, "H66.01", "H99");
	/* a third office has A's own document, and sends it as A's */
	m.document_id = "forged";
	assert_taken(w, &m, "H66.01", VT_RECEIVED_HELD, "sent-by-another");
	m.document_id = "of-a";
	assert_taken(w, &m, A, VT_RECEIVED_REGISTERED, "");
	m.document_id = "above"; /* and of-a as who is above A may send it */
	assert_taken(w, &m, "H99", VT_RECEIVED_REGISTERED, "");
	m.document_id = "unknown"; /* nothing is known of that one */
	assert_taken(w, &m, "H77.01", VT_RECEIVED_REGISTERED, "");

	m.business = VT_BUSINESS_RECALL;
	m.document_id = "of-a";
	assert_taken(w, &m, "H66.01", VT_RECEIVED_HELD, "not-proven");
	assert_state(w->b, 1, VT_STATE_REGISTERED, 1);
	/* nor when its document comes later */
	m.document_id = "later";
	assert_taken(w, &m, "H66.01", VT_RECEIVED_HELD, "not-proven");
	m.business = VT_BUSINESS_NEW;
	assert_taken(w, &m, A, VT_RECEIVED_REGISTERED, "");
	receive(w->b, &got);
	assert_int_equal(got.n, 0);
	assert_state(w->b, 4, VT_STATE_REGISTERED, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nobody_else_undoes_a_document),
		TEST(what_is_broken_undoes_nothing),
		TEST(whom_the_transport_knows_is_believed),
		TEST(whom_the_transport_knew_is_believed_later),
		TEST(whom_the_transport_contradicts_is_not_believed),
		TEST(a_clerk_agrees_or_declines),
		TEST(a_held_document_that_is_recalled_waits_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
