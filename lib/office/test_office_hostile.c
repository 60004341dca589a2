/* test_office_hostile.c - messages that are made to mislead or to block */
#include "test_office_mail.h"

#include "test_armour.h"

#include "vanthu/envelope.h"

/* ---- signatures beside what they sign ---- */

static void
detached_signatures_are_judged_with_what_they_sign(void **state)
{
	struct world *w = *state;
	struct vt_buf good = { 0 }, bad = { 0 };
	struct vt_bytes p7m = vt_buf_bytes(&w->good);
	const struct vt_bytes text = VT_BYTES_LIT("công văn"),
			      other = VT_BYTES_LIT("công văn khác");
	struct message m[] = {
		{ .name = "a.txt", .file = text, .name2 = "a.txt.p7s" },
		{ .name = "a.txt", .file = other, .name2 = "a.txt.p7s" },
		/* of two signatures the worse one counts, in any order */
		{ .name = "a.txt",
		    .file = text,
		    .name2 = "a.txt.p7s",
		    .name3 = "a.txt.p7s" },
		{ .name = "a.txt",
		    .file = text,
		    .name2 = "a.txt.p7s",
		    .name3 = "a.txt.p7s" },
		/* beside a good main file none may be bad */
		{ .name = "a.p7m", .file = p7m, .name2 = "a.p7m.p7s" },
		{ .name = "a.p7m",
		    .file = p7m,
		    .name2 = "b.txt",
		    .file2 = text,
		    .name3 = "b.txt.p7s" },
		{ .name = "a.p7m",
		    .file = p7m,
		    .name2 = "b.txt.p7s",
		    .name3 = "b.txt",
		    .file3 = other },
	};
	static const char *const want[] = {
		"registered:in/%d/1:;",
		"held::digest-mismatch;",
		"held::digest-mismatch;",
		"held::digest-mismatch;",
		"held::attachment-invalid;",
		"registered:in/%d/2:;",
		"held::attachment-invalid;",
	};
	char id[32];
	size_t i;

	sign_as(w->dir, "officer.p12", "công văn", false, &good);
	sign_as(w->dir, "officer.p12", "công văn giả", false, &bad);
	m[0].file2 = m[1].file2 = vt_buf_bytes(&good);
	m[2].file2 = m[3].file3 = vt_buf_bytes(&good);
	m[2].file3 = m[3].file2 = vt_buf_bytes(&bad);
	m[4].file2 = m[5].file3 = m[6].file2 = vt_buf_bytes(&good);
	for (i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
		snprintf(id, sizeof(id), "id-%zu", i);
		m[i].document_id = m[i].number = id;
		drop_message(w, &m[i]);
		assert_took(w, w->b, want[i]);
	}
	vt_buf_release(&good);
	vt_buf_release(&bad);
}

/* What is too long to wait for what it signs may be invalid. */
static void
a_detached_signature_has_a_size(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.name2 = "b.txt.p7s",
		.name3 = "b.txt",
		.file3 = VT_BYTES_LIT("công văn") };
	struct vt_buf good = { 0 }, long_one;
	size_t more;

	sign_as(w->dir, "officer.p12", "công văn", false, &good);
	for (more = 0; more < 2; more++) {
		test_armour(vt_buf_bytes(&good), VT_VERIFY_LATE_BYTES + more,
		    &long_one);
		m.file2 = vt_buf_bytes(&long_one);
		m.document_id = m.number = more == 0 ? "id-0" : "id-1";
		drop_message(w, &m);
		assert_took(w, w->b,
		    more == 0 ? "registered:in/%d/1:;" : "held::limit;");
		vt_buf_release(&long_one);
	}
	vt_buf_release(&good);
}

/*
 * A sound document in an envelope of its own: what that says of it is not
 * signed, and nobody who opens the message opens it.
 */
static void
an_envelope_is_no_document(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct vt_buf inner;

	put_message(w, &m, &inner);
	m.document_id = m.number = "id-1";
	m.name = "a.edxml";
	m.file = vt_buf_bytes(&inner);
	drop_message(w, &m);
	assert_took(w, w->b, "held::nested;");
	/* beside the document it is one more file */
	m.document_id = m.number = "id-2";
	m.name = "a.p7m";
	m.file = vt_buf_bytes(&w->good);
	m.name2 = "a.edxml";
	m.file2 = vt_buf_bytes(&inner);
	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	vt_buf_release(&inner);
}

/* ---- what can not be ended must not keep the others out ---- */

static void
a_message_that_cannot_be_moved_keeps_nobody_out(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	char *way = in(w->dir, "axis/" B "/dead");
	struct vt_error err = { 0 };
	struct got got = { 0 };
	char want[64];
	int rc;

	/* what is no message can not be moved out of the way */
	assert_vt_ok(vt_file_write(way, VT_BYTES_LIT("no folder"), &err), &err);
	drop(w, B, "a", VT_BYTES_LIT("no message"));
	m.drop = "b";
	drop_message(w, &m);
	rc = vt_office_receive(w->b, 0, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_error_text(&err, "a.edxml");
	snprintf(want, sizeof(want),
	    "quarantined::malformed;registered:in/%d/1:;", w->year);
	assert_string_equal(got.text, want);
	assert_int_equal(waiting(w, B), 1);
	assert_int_equal(waiting(w, A), 2);
	assert_int_equal(unlink(way), 0);
	assert_received(w->b, "quarantined::malformed;");
	assert_int_equal(waiting(w, B), 0);
	free(way);
}

static void
a_damaged_object_stops_its_own_message_alone(void **state)
{
	struct world *w = *state;
	const struct vt_bytes text = VT_BYTES_LIT("tệp đã có ở đây");
	struct message m = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good),
		.name2 = "b.txt",
		.file2 = text };
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct got got = { 0 };
	char *path, want[64];
	int rc;

	assert_vt_ok(vt_source_bytes(text, &src, &err), &err);
	assert_vt_ok(vt_objects_put(w->b->objects, src, sha256, NULL, &err),
	    &err);
	vt_source_free(src);
	spoil(w->b, sha256);
	m.drop = "a";
	drop_message(w, &m);
	m.name2 = NULL;
	m.drop = m.document_id = m.number = "b";
	drop_message(w, &m);
	rc = vt_office_receive(w->b, 0, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EIO);
	snprintf(want, sizeof(want), "registered:in/%d/1:;", w->year);
	assert_string_equal(got.text, want);
	assert_int_equal(waiting(w, B), 1); /* it is not lost */
	path = vt_objects_path(w->b->objects, sha256);
	assert_int_equal(unlink(path), 0);
	free(path);
	assert_took(w, w->b, "registered:in/%d/2:;");
}

static void
several_failures_in_a_row_end_the_run(void **state)
{
	struct world *w = *state;
	char *way = in(w->dir, "axis/" B "/dead"), name[16];
	struct vt_error err = { 0 };
	struct got got = { 0 };
	int i, rc;

	assert_vt_ok(vt_file_write(way, VT_BYTES_LIT("no folder"), &err), &err);
	for (i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		drop(w, B, name, VT_BYTES(name, strlen(name)));
	}
	rc = vt_office_receive(w->b, 0, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_error_text(&err, "m0.edxml");
	assert_int_equal(got.n, 3);
	free(way);
}

/* ---- statuses ---- */

static void
of_a_secret_status_nothing_is_kept(void **state)
{
	static const char mark[] = "<edXML:StatusCode>",
			  secret[] = "<edXML:OtherInfo>"
				     "<edXML:TyperNotation>MẬT"
				     "</edXML:TyperNotation>"
				     "</edXML:OtherInfo>";
	struct world *w = *state;
	int64_t id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
	char *folder = in(w->dir, "axis/" A), *path;
	struct vt_buf text = { 0 }, b, db = { 0 };
	struct vt_record rec;
	size_t at;

	sent(w->a, id, B);
	assert_vt_ok(vt_store_record_get(w->a->store, id, &rec, NULL), NULL);
	drop_status(w, B, A, rec.document_id, "03", "chuyện kín");
	path = in(folder, "s03-" B ".edxml");
	test_read(path, &text);
	assert_int_equal(unlink(path), 0);
	at = vt_bytes_find(vt_buf_bytes(&text), 0, mark);
	assert_int_not_equal(at, SIZE_MAX);
	vt_buf_init(&b, 1u << 20);
	assert_int_equal(vt_buf_put(&b, text.data, at), VT_OK);
	assert_int_equal(vt_buf_puts(&b, secret), VT_OK);
	assert_int_equal(vt_buf_put(&b, text.data + at, text.len - at), VT_OK);
	drop(w, A, "m", vt_buf_bytes(&b));
	assert_received(w->a, "refused::secret;");
	drop(w, A, "m", vt_buf_bytes(&b));
	assert_received(w->a, "duplicate::secret;");
	assert_states(w->a, id, "H99.02=sent[];");
	assert_int_equal(waiting(w, B), 1); /* the document; no answer */
	free(path);
	path = in(w->dir, "a/register.db-wal");
	test_read(path, &db);
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&db), 0, "kín"), SIZE_MAX);
	vt_buf_release(&db);
	vt_buf_release(&b);
	vt_buf_release(&text);
	vt_record_release(&rec);
	free(path);
	free(folder);
}

/* Queue the document ID of A for B, as if killed before the first try. */
static void
queue(struct world *w, int64_t id, const char *document_id)
{
	struct vt_outbox m = { .record = id,
		.kind = VT_MESSAGE_DOCUMENT,
		.business = (char *)"new",
		.document_id = (char *)document_id };
	struct vt_delivery d = { .organ_id = (char *)B,
		.organ_name = (char *)B,
		.next_try = vt_time_now() };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_store_begin(w->a->store, &err), &err);
	assert_vt_ok(vt_store_outbox_add(w->a->store, &m, &err), &err);
	d.outbox = m.id;
	assert_vt_ok(vt_store_delivery_add(w->a->store, &d, &err), &err);
	assert_vt_ok(vt_store_commit(w->a->store, &err), &err);
}

static int
keep_reason(void *ctx, const struct vt_office_recipient *r,
    struct vt_error *err)
{
	(void)err;
	snprintf(ctx, 64, "%s",
	    r->delivery->reason != NULL ? r->delivery->reason : "");
	return VT_OK;
}

/* Whoever says that it came: what was never tried still goes out. */
static void
a_status_does_not_keep_a_document_here(void **state)
{
	static const struct {
		const char *code, *state, *reason;
	} cases[] = {
		{ "03", "H99.02=accepted[03!];", "" },
		{ "02", "H99.02=refused[02!];", "lý do" },
	};
	struct world *w = *state;
	char document_id[32], reason[64];
	struct vt_error err = { 0 };
	struct got got;
	int64_t id;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		id = make_record(w, vt_buf_bytes(&w->good), "V/v một");
		snprintf(document_id, sizeof(document_id), "id-%zu", i);
		queue(w, id, document_id);
		drop_status(w, B, A, document_id, cases[i].code, "lý do");
		receive(w->a, &got);
		assert_int_equal(strncmp(got.text, "status:", 7), 0);
		assert_int_equal(waiting(w, B), i + 1);
		assert_states(w->a, id, cases[i].state);
		assert_vt_ok(vt_office_recipients(w->a, id, keep_reason, reason,
				 &err),
		    &err);
		assert_string_equal(reason, cases[i].reason);
	}
}

/* ---- the settings ---- */

static void
settings_that_mislead_are_refused(void **state)
{
	static const struct {
		const char *organ_id, *url;
		bool opens;
	} cases[] = {
		{ "../../etc", "spool:/srv", false },
		{ "/", "spool:/srv", false },
		{ "\xe2\x80\xaeH99", "spool:/srv", false },
		{ B, "spool:axis", true },
		{ B, "axis", true },
		{ B, "file:/srv", true },
	};
	struct world *w = *state;
	char *home = in(w->dir, "b"), *path = in(home, VT_CONF_NAME), text[256];
	struct vt_error err = { 0 };
	struct vt_office *o = NULL;
	struct got got = { 0 };
	size_t i;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
		    "[office]\norgan_id = %s\nname = B\n"
		    "[transport]\nurl = %s\n",
		    cases[i].organ_id, cases[i].url);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(vt_file_write(path, vt_bytes_str(text), NULL),
		    VT_OK);
		vt_error_clear(&err);
		rc = vt_office_open(home, "test", &o, &err);
		if (cases[i].opens) {
			assert_vt_ok(rc, &err);
			rc = vt_office_receive(o, 0, note, &got, NULL, &err);
			vt_office_close(o);
			o = NULL;
		}
		assert_vt_error(rc, &err, VT_EFORMAT);
		assert_error_text(&err, VT_CONF_NAME);
		assert_null(o);
	}
	free(path);
	free(home);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(detached_signatures_are_judged_with_what_they_sign),
		TEST(a_detached_signature_has_a_size),
		TEST(an_envelope_is_no_document),
		TEST(a_message_that_cannot_be_moved_keeps_nobody_out),
		TEST(a_damaged_object_stops_its_own_message_alone),
		TEST(several_failures_in_a_row_end_the_run),
		TEST(of_a_secret_status_nothing_is_kept),
		TEST(a_status_does_not_keep_a_document_here),
		TEST(settings_that_mislead_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
