/* test_office_receive.c - documents of others */
#include "test_office_mail.h"

/* ---- what is held ---- */

static void
what_is_not_beyond_doubt_is_held(void **state)
{
	struct world *w = *state;
	struct vt_buf bad = { 0 }, stranger = { 0 };
	struct vt_bytes good = vt_buf_bytes(&w->good);
	struct message m[] = {
		{ .name = "a.txt", .file = VT_BYTES_LIT("unsigned") },
		{ .name = "a.p7m" }, /* damaged */
		{ .name = "a.p7m" }, /* of an unknown tree */
		{ .name = "a.p7m", .file = good, .name2 = "b.p7m" },
		{ 0 }, /* no file */
		{ .name = "a.p7m", .file = good, .to = "H99.03" },
		{ .name = "a.pdf", .file = good }, /* opened as none */
	};
	static const char *const want[] = {
		"held::unsigned;",
		"held::digest-mismatch;",
		"held::no-trust-anchor;",
		"held::attachment-invalid;",
		"held::no-file;",
		"held::not-addressed;",
		"held::malformed;",
	};
	struct vt_buf b;
	char id[32];
	size_t i;

	vt_buf_init(&bad, 1u << 20);
	assert_int_equal(vt_buf_bytes_put(&bad, good), VT_OK);
	bad.data[vt_bytes_find(good, 0, "dung")] ^= 1;
	sign_text(w->dir, "impostor.p12", "nội dung", &stranger);
	m[1].file = m[3].file2 = vt_buf_bytes(&bad);
	m[2].file = vt_buf_bytes(&stranger);
	for (i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
		snprintf(id, sizeof(id), "id-%zu", i);
		m[i].document_id = id;
		put_message(w, &m[i], &b);
		drop(w, B, "m", vt_buf_bytes(&b));
		vt_buf_release(&b);
		assert_received(w->b, want[i]);
		assert_int_equal(waiting(w, A), 1); /* 01 */
		assert_took(w, w->a, "quarantined::unknown-document;");
	}
	assert_int_equal(count_in(w->b), 0);
	vt_buf_release(&bad);
	vt_buf_release(&stranger);
}

static void
a_valid_main_file_with_unsigned_attachments_is_registered(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.name2 = "../../phụ lục.xlsx",
		.file2 = VT_BYTES_LIT("PK not really") };
	struct vt_record rec;

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	assert_vt_ok(vt_store_record_get(w->b->store, 1, &rec, NULL), NULL);
	assert_int_equal(rec.nfiles, 2);
	assert_null(strchr(rec.files[1].name, '/'));
	vt_record_release(&rec);
}

static void
hold_then_accept_or_refuse(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.txt",
		.file = VT_BYTES_LIT("unsigned"),
		.document_id = "one" };
	const struct message m2 = { .name = "a.txt",
		.file = VT_BYTES_LIT("unsigned"),
		.document_id = "two" };
	struct vt_error err = { 0 };
	struct got got = { 0 };
	int64_t first, second;
	int rc, i;

	drop_message(w, &m);
	receive(w->b, &got);
	first = got.id;
	drop_message(w, &m2);
	receive(w->b, &got);
	second = got.id;
	memset(&got, 0, sizeof(got));
	assert_vt_ok(vt_office_pending(w->b, note, &got, &err), &err);
	assert_string_equal(got.text, "held::unsigned;held::unsigned;");
	assert_int_equal(got.id, first); /* newest first */

	for (i = 0; i < 2; i++) { /* twice is as good as once */
		assert_vt_ok(vt_office_accept(w->b, first, note, &got, NULL,
				 &err),
		    &err);
		assert_vt_ok(vt_office_refuse(w->b, second, " không  ký ", note,
				 &got, NULL, &err),
		    &err);
	}
	assert_int_equal(count_in(w->b), 1);
	assert_int_equal(waiting(w, A), 4); /* 01 03, 01 02 */
	rc = vt_office_refuse(w->b, first, "why", note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	vt_error_clear(&err);
	rc = vt_office_accept(w->b, second, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	vt_error_clear(&err);
	rc = vt_office_refuse(w->b, first, "  ", note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EARG);
	vt_error_clear(&err);
	rc = vt_office_accept(w->b, 999, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_ENOTFOUND);
	vt_error_clear(&err);
	memset(&got, 0, sizeof(got));
	assert_vt_ok(vt_office_pending(w->b, note, &got, &err), &err);
	assert_string_equal(got.text, "");
}

static void
what_was_changed_while_it_waited_is_not_accepted(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.txt",
		.file = VT_BYTES_LIT("unsigned") };
	struct vt_error err = { 0 };
	struct vt_inbox row;
	struct got got;
	int rc;

	drop_message(w, &m);
	receive(w->b, &got);
	assert_vt_ok(vt_store_inbox_get(w->b->store, got.id, &row, &err), &err);
	spoil(w->b, row.envelope);
	vt_inbox_release(&row);
	rc = vt_office_accept(w->b, got.id, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_int_equal(count_in(w->b), 0);
}

static void
a_refused_id_may_arrive_anew(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.txt",
		.file = VT_BYTES_LIT("unsigned") };
	const struct message better = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.drop = "n" };
	struct vt_error err = { 0 };
	struct vt_inbox row;
	struct got got;
	int64_t first;

	drop_message(w, &m);
	receive(w->b, &got);
	first = got.id;
	assert_vt_ok(vt_office_refuse(w->b, first, "chưa ký", note, &got, NULL,
			 &err),
	    &err);
	drop_message(w, &m); /* the same again: still refused */
	assert_received(w->b, "duplicate::chưa ký;");
	drop_message(w, &better);
	receive(w->b, &got);
	assert_string_equal(strrchr(got.text, ':'), ":;");
	assert_int_equal(count_in(w->b), 1);
	assert_vt_ok(vt_store_inbox_get(w->b->store, got.id, &row, &err), &err);
	assert_int_equal(row.earlier, first);
	vt_inbox_release(&row);
}

static void
ask_leaves_everything_to_the_clerk(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	struct vt_error err = { 0 };
	struct got got;

	assert_vt_ok(vt_conf_set(w->b->conf, "receive", "register", "ask",
			 &err),
	    &err);
	drop_message(w, &m);
	receive(w->b, &got);
	assert_string_equal(got.text, "held::ask;");
	assert_int_equal(waiting(w, A), 1);
	assert_vt_ok(vt_office_accept(w->b, got.id, note, &got, NULL, &err),
	    &err);
	assert_int_equal(count_in(w->b), 1);
	assert_int_equal(waiting(w, A), 2);
}

/* ---- the same id ---- */

static void
the_same_message_is_registered_once(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	const struct message again = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.drop = "another-name" };

	drop_message(w, &m);
	drop_message(w, &again);
	assert_took(w, w->b, "registered:in/%d/1:;duplicate:in/%d/1:;");
	drop_message(w, &m);
	assert_took(w, w->b, "duplicate:in/%d/1:;");
	assert_int_equal(count_in(w->b), 1);
	assert_int_equal(waiting(w, A), 2);
}

static void
a_hop_on_the_way_makes_no_new_document(void **state)
{
	static const char trace[] =
	    "<edXML:TraceHeader><edXML:OrganId>000.00.00.W00</edXML:OrganId>"
	    "<edXML:Timestamp>2026/01/06 10:00:00</edXML:Timestamp>"
	    "</edXML:TraceHeader>";
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	struct vt_buf b, hop;
	size_t at;

	put_message(w, &m, &b);
	drop(w, B, "m1", vt_buf_bytes(&b));
	at = vt_bytes_find(vt_buf_bytes(&b), 0, "</edXML:TraceHeaderList>");
	assert_int_not_equal(at, SIZE_MAX);
	vt_buf_init(&hop, 1u << 20);
	assert_int_equal(vt_buf_put(&hop, b.data, at), VT_OK);
	assert_int_equal(vt_buf_puts(&hop, trace), VT_OK);
	assert_int_equal(vt_buf_put(&hop, b.data + at, b.len - at), VT_OK);
	drop(w, B, "m2", vt_buf_bytes(&hop));
	assert_took(w, w->b, "registered:in/%d/1:;duplicate:in/%d/1:;");
	vt_buf_release(&b);
	vt_buf_release(&hop);
}

static void
another_document_of_a_live_id_is_kept_apart(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	const struct message other = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.subject = "Việc khác" };
	const struct message stranger = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.from = "H66.01",
		.subject = "Việc của người lạ" };

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	drop_message(w, &other);
	assert_received(w->b, "quarantined::id-in-use;");
	assert_int_equal(dead(w, B), 2);
	drop_message(w, &other); /* and again */
	assert_received(w->b, "quarantined::id-in-use;");
	drop_message(w, &stranger); /* squats on the id of another */
	assert_received(w->b, "held::id-of-another;");
	assert_int_equal(count_in(w->b), 1);
}

static void
a_squatter_does_not_keep_the_owner_out(void **state)
{
	struct world *w = *state;
	const struct message squatter = { .name = "a.txt",
		.file = VT_BYTES_LIT("unsigned"),
		.from = "H66.01" };
	const struct message owner = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.drop = "n" };

	drop_message(w, &squatter);
	assert_received(w->b, "held::unsigned;");
	drop_message(w, &owner);
	assert_received(w->b, "held::id-of-another;");
}

/* ---- recalls, updates, replacements ---- */

static void
what_changes_a_document_that_never_came_waits(void **state)
{
	static const enum vt_business types[] = { VT_BUSINESS_RECALL,
		VT_BUSINESS_UPDATE };
	static const char *const want[] = { "held::recall;", "held::update;" };
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_error err = { 0 };
	struct got got;
	size_t i;
	int rc;

	for (i = 0; i < 2; i++) {
		m.business = types[i];
		drop_message(w, &m);
		receive(w->b, &got);
		assert_string_equal(got.text, want[i]);
		rc = vt_office_accept(w->b, got.id, note, &got, NULL, &err);
		assert_vt_error(rc, &err, VT_EREFUSED);
		vt_error_clear(&err);
		rc =
		    vt_office_refuse(w->b, got.id, "r", note, &got, NULL, &err);
		assert_vt_error(rc, &err, VT_EREFUSED);
		vt_error_clear(&err);
		rc = vt_office_agree(w->b, got.id, note, &got, NULL, &err);
		assert_vt_error(rc, &err, VT_EREFUSED);
		vt_error_clear(&err);
	}
	assert_int_equal(count_in(w->b), 0);
	assert_int_equal(waiting(w, A), 0);
	memset(&got, 0, sizeof(got));
	assert_vt_ok(vt_office_pending(w->b, note, &got, &err), &err);
	assert_int_equal(got.n, 2);
}

/* ---- secrets ---- */

/* M, whose type is "@@@", with WORD for it, comes to B. */
static void
drop_secret(const struct world *w, const struct message *m, const char *word)
{
	struct vt_buf b, secret;
	size_t at;

	put_message(w, m, &b);
	at = vt_bytes_find(vt_buf_bytes(&b), 0, "@@@");
	vt_buf_init(&secret, 1u << 20);
	assert_int_equal(vt_buf_put(&secret, b.data, at), VT_OK);
	assert_int_equal(vt_buf_puts(&secret, word), VT_OK);
	assert_int_equal(vt_buf_put(&secret, b.data + at + 3, b.len - at - 3),
	    VT_OK);
	drop(w, B, "chuyen-kin", vt_buf_bytes(&secret));
	vt_buf_release(&secret);
	vt_buf_release(&b);
}

static void
of_a_secret_message_nothing_is_kept(void **state)
{
	static const char *const words[] = { "MẬT", "TỐI MẬT", "TUYỆT MẬT" };
	struct world *w = *state;
	struct vt_buf db = { 0 };
	struct vt_inbox row;
	struct got got;
	size_t i, objects, quarantine;
	char *paths[2] = { in(w->dir, "b/objects"),
		in(w->dir, "b/quarantine") };
	char *path, id[64];

	objects = test_dir_count(paths[0]);
	quarantine = test_dir_count(paths[1]);
	for (i = 0; i < 3; i++) {
		struct message m = { .name = "a.p7m",
			.file = vt_buf_bytes(&w->good),
			.type_name = "@@@",
			.subject = "chuyện kín",
			.document_id = id };

		snprintf(id, sizeof(id), "id-of-secret-%zu", i);
		drop_secret(w, &m, words[i]);
		receive(w->b, &got);
		assert_string_equal(got.text, "refused::secret;");
		assert_int_equal(waiting(w, B), 0);
		drop_secret(w, &m, words[i]);
		assert_received(w->b, "duplicate::secret;");
		assert_vt_ok(vt_store_inbox_get(w->b->store, got.id, &row,
				 NULL),
		    NULL);
		assert_null(row.subject);
		assert_null(row.code);
		assert_null(row.message_id);
		assert_false(row.has_envelope);
		assert_int_equal(row.answered, VT_STATUS_REFUSED);
		vt_inbox_release(&row);
	}
	assert_int_equal(waiting(w, A), 6); /* 01 and 02 for each */
	assert_int_equal(dead(w, B), 0);
	assert_int_equal(test_dir_count(paths[0]), objects);
	assert_int_equal(test_dir_count(paths[1]), quarantine);
	path = in(w->dir, "b/register.db-wal");
	test_read(path, &db);
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&db), 0, "kín"), SIZE_MAX);
	vt_buf_release(&db);
	free(path);
	free(paths[0]);
	free(paths[1]);
}

static void
a_secret_of_a_known_id_refuses_no_document(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.document_id = "known" };

	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	assert_int_equal(waiting(w, A), 2); /* 01 03 */
	m.type_name = "@@@"; /* anybody who knows the id can write this */
	drop_secret(w, &m, "MẬT");
	assert_received(w->b, "refused::secret;");
	assert_int_equal(waiting(w, A), 2);
	assert_state(w->b, 1, VT_STATE_REGISTERED, 1);
	/* of another id it is answered */
	m.document_id = "other";
	drop_secret(w, &m, "MẬT");
	assert_received(w->b, "refused::secret;");
	assert_int_equal(waiting(w, A), 4);
}

static void
a_broken_message_that_is_secret_is_not_kept_either(void **state)
{
	static const char text[] =
	    "<edXML xmlns='http://www.mic.gov.vn/TBT/QCVN_102_2016'>"
	    "<edXMLEnvelope><edXMLHeader><MessageHeader><Subject>kín</Subject>"
	    "<OtherInfo><SphereOfPromulgation>TUYỆT MẬT</SphereOfPromulgation>"
	    "</OtherInfo></MessageHeader></edXMLHeader></edXMLEnvelope>"
	    "</edXML>";
	struct world *w = *state;
	char *path = in(w->dir, "b/quarantine");

	drop(w, B, "m", VT_BYTES_LIT(text));
	assert_received(w->b, "refused::secret;");
	assert_int_equal(waiting(w, B), 0);
	assert_int_equal(dead(w, B), 0);
	assert_int_equal(test_dir_count(path), 0);
	free(path);
}

/* ---- what is no message ---- */

static void
what_is_no_sound_message_is_kept_apart(void **state)
{
	static const char *const bad[] = { "", "<", "not xml at all",
		"<edXML/>", "<!DOCTYPE edXML [<!ENTITY a 'b'>]><edXML/>",
		"<html><body>503</body></html>" };
	struct world *w = *state;
	struct vt_buf reason = { 0 };
	char *path, *quarantine = in(w->dir, "b/quarantine");
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		drop(w, B, "m", vt_bytes_str(bad[i]));
		assert_received(w->b, "quarantined::malformed;");
		assert_int_equal(waiting(w, B), 0);
		assert_int_equal(dead(w, B), 2 * (i + 1));
	}
	assert_int_equal(waiting(w, A), 0);
	assert_true(test_dir_count(quarantine) > 0);
	path = in(w->dir, "axis/" B "/dead/m.edxml.reason");
	test_read(path, &reason);
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&reason), 0, "malformed: "),
	    0);
	vt_buf_release(&reason);
	free(path);
	free(quarantine);
}

static void
damaged_attachments_leave_no_object_behind(void **state)
{
	struct world *w = *state;
	const struct message m = { .name = "a.pdf", /* travels as it is */
		.file = VT_BYTES_LIT("%PDF-1.7 and some more of it"),
		.name2 = "b.pdf",
		.file2 = VT_BYTES_LIT("second") };
	char *objects = in(w->dir, "b/objects");
	struct vt_buf b;
	size_t at;

	put_message(w, &m, &b);
	at = vt_bytes_find(vt_buf_bytes(&b), 0, "c2Vjb25k"); /* "second" */
	assert_int_not_equal(at, SIZE_MAX);
	b.data[at + 1] = '*';
	drop(w, B, "m", vt_buf_bytes(&b));
	assert_received(w->b, "quarantined::malformed;");
	assert_int_equal(test_dir_count(objects), 0);
	vt_buf_release(&b);
	free(objects);
}

static void
a_message_from_ourselves_is_kept_apart(void **state)
{
	struct world *w = *state;
	const struct message m = { .from = B,
		.name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };

	drop_message(w, &m);
	assert_received(w->b, "quarantined::from-ourselves;");
}

static void
one_bad_message_does_not_stop_the_others(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	char id[16], name[16];
	struct got got;
	int i;

	for (i = 0; i < 10; i++) {
		snprintf(id, sizeof(id), "id-%d", i);
		snprintf(name, sizeof(name), "m%d", i);
		m.document_id = id;
		m.number = id;
		m.drop = name;
		if (i % 3 == 0)
			drop(w, B, name, VT_BYTES(name, strlen(name)));
		else
			drop_message(w, &m);
	}
	receive(w->b, &got);
	assert_int_equal(got.n, 10);
	assert_int_equal(count_in(w->b), 6);
	assert_int_equal(waiting(w, B), 0);
}

static void
a_limit_leaves_the_rest_for_later(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_error err = { 0 };
	struct got got = { 0 };
	char id[16];
	int i;

	for (i = 0; i < 5; i++) {
		snprintf(id, sizeof(id), "id-%d", i);
		m.document_id = m.number = m.drop = id;
		drop_message(w, &m);
	}
	assert_vt_ok(vt_office_receive(w->b, 2, note, &got, NULL, &err), &err);
	assert_int_equal(got.n, 2);
	assert_int_equal(waiting(w, B), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_not_beyond_doubt_is_held),
		TEST(a_valid_main_file_with_unsigned_attachments_is_registered),
		TEST(hold_then_accept_or_refuse),
		TEST(what_was_changed_while_it_waited_is_not_accepted),
		TEST(a_refused_id_may_arrive_anew),
		TEST(ask_leaves_everything_to_the_clerk),
		TEST(the_same_message_is_registered_once),
		TEST(a_hop_on_the_way_makes_no_new_document),
		TEST(another_document_of_a_live_id_is_kept_apart),
		TEST(a_squatter_does_not_keep_the_owner_out),
		TEST(what_changes_a_document_that_never_came_waits),
		TEST(of_a_secret_message_nothing_is_kept),
		TEST(a_broken_message_that_is_secret_is_not_kept_either),
		TEST(a_secret_of_a_known_id_refuses_no_document),
		TEST(what_is_no_sound_message_is_kept_apart),
		TEST(damaged_attachments_leave_no_object_behind),
		TEST(a_message_from_ourselves_is_kept_apart),
		TEST(one_bad_message_does_not_stop_the_others),
		TEST(a_limit_leaves_the_rest_for_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
