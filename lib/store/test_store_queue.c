/* test_store_queue.c - outbox, inbox, hồ sơ */
#include "test_store_util.h"

/* A message to two offices; its id. */
static int64_t
queue(struct vt_store *s, int64_t record, const char *document_id,
    enum vt_urgency urgency, int64_t next_try)
{
	struct vt_outbox m = { .record = record, .urgency = urgency };
	struct vt_delivery d = { .next_try = next_try };
	struct vt_error err = { 0 };
	const char *const to[] = { "H40.01", "H40.02" };
	size_t i;
	int64_t id;

	m.business = strdup("new");
	m.document_id = strdup(document_id);
	assert_vt_ok(vt_store_outbox_add(s, &m, &err), &err);
	for (i = 0; i < 2; i++) {
		d.outbox = m.id;
		d.organ_id = strdup(to[i]);
		assert_vt_ok(vt_store_delivery_add(s, &d, &err), &err);
		free(d.organ_id);
	}
	id = m.id;
	vt_outbox_release(&m);
	return id;
}

static int
show_delivery(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s>%s:%s ", m->document_id, d->organ_id,
	    vt_delivery_state_name(d->state));
}

static void
assert_deliveries(struct vt_store *s, const struct vt_delivery_query *q,
    const char *want)
{
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 10000);
	assert_vt_ok(vt_store_deliveries(s, q, show_delivery, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), want);
	vt_buf_release(&b);
}

static bool
to_second(const void *ctx, const struct vt_delivery *d)
{
	return strcmp(d->organ_id, ctx) == 0;
}

static void
deliveries_are_found_urgent_ones_first(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_delivery_query q = { .due = VT_TIME_NONE };
	int64_t record = enter(f->s, "out", "a"), first;

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	first = queue(f->s, record, "x", VT_URGENCY_NONE, 100);
	queue(f->s, 0, "y", VT_URGENCY_HOA_TOC, 100);
	queue(f->s, 0, "z", VT_URGENCY_NONE, 101);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);

	assert_deliveries(f->s, &q,
	    "x>H40.01:queued x>H40.02:queued y>H40.01:queued "
	    "y>H40.02:queued z>H40.01:queued z>H40.02:queued ");
	q.due = 99;
	assert_deliveries(f->s, &q, "");
	q.due = 100;
	assert_deliveries(f->s, &q,
	    "y>H40.01:queued y>H40.02:queued x>H40.01:queued "
	    "x>H40.02:queued ");
	q.first = to_second;
	q.first_ctx = "H40.02";
	assert_deliveries(f->s, &q,
	    "y>H40.02:queued x>H40.02:queued y>H40.01:queued "
	    "x>H40.01:queued ");
	q.first = NULL;
	q.limit = 1;
	assert_deliveries(f->s, &q, "y>H40.01:queued ");
	q.limit = 0;
	/* further off than any pause: a clock was wrong */
	q.due = 101 - VT_DELIVERY_PAUSE_MAX;
	assert_deliveries(f->s, &q, "");
	q.due--;
	assert_deliveries(f->s, &q, "z>H40.01:queued z>H40.02:queued ");
	q.due = VT_TIME_NONE;
	q.record = record;
	assert_deliveries(f->s, &q, "x>H40.01:queued x>H40.02:queued ");
	q.record = 0;
	q.outbox = first;
	q.organ_id = "H40.02";
	assert_deliveries(f->s, &q, "x>H40.02:queued ");
	q.outbox = 0;
	q.document_id = "z";
	assert_deliveries(f->s, &q, "z>H40.02:queued ");
}

static int
count_delivery(void *ctx, const struct vt_outbox *m,
    const struct vt_delivery *d, struct vt_error *err)
{
	(void)m;
	(void)d;
	(void)err;
	++*(size_t *)ctx;
	return VT_OK;
}

/* Every delivery is changed while they are walked through. */
static int
move_on(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_delivery next = *d;
	struct vt_store_status st = { .delivery = d->id, .timestamp = 5 };
	int rc;

	(void)m;
	next.state = VT_DELIVERY_ACCEPTED;
	next.status = VT_STATUS_ACCEPTED;
	next.attempts = 3;
	next.next_try = VT_TIME_NONE;
	st.code = strdup("03");
	st.description = strdup("Đã tiếp nhận");
	rc = vt_store_delivery_update(ctx, &next, err);
	if (rc == VT_OK)
		rc = vt_store_status_add(ctx, &st, err);
	vt_store_status_release(&st);
	return rc;
}

static int
show_status(void *ctx, const struct vt_store_status *st, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s %s %lld%s", st->code, st->description,
	    (long long)st->timestamp, st->unusual ? "!" : "");
}

static void
deliveries_change_with_their_statuses(void **state)
{
	struct fixture *f = *state;
	struct vt_delivery_query q = { .due = VT_TIME_NONE };
	struct vt_error err = { 0 };
	struct vt_delivery d = { .id = 99 };
	struct vt_outbox m;
	unsigned char sha256[VT_SHA256_LEN] = { 7 };
	struct vt_buf b;
	size_t due = 0;
	int64_t id;

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	id = queue(f->s, 0, "x", VT_URGENCY_NONE, 100);
	assert_vt_ok(vt_store_deliveries(f->s, &q, move_on, f->s, &err), &err);
	assert_vt_ok(vt_store_outbox_envelope_set(f->s, id, sha256, &err),
	    &err);
	assert_vt_error(vt_store_outbox_envelope_set(f->s, 99, sha256, &err),
	    &err, VT_ENOTFOUND);
	vt_error_clear(&err);
	assert_vt_error(vt_store_delivery_update(f->s, &d, &err), &err,
	    VT_ENOTFOUND);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_deliveries(f->s, &q, "x>H40.01:accepted x>H40.02:accepted ");
	q.due = INT64_MAX;
	assert_vt_ok(vt_store_deliveries(f->s, &q, count_delivery, &due, &err),
	    &err);
	assert_int_equal(due, 0);

	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_statuses(f->s, 1, show_status, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), "03 Đã tiếp nhận 5");
	vt_buf_release(&b);
	assert_vt_ok(vt_store_outbox_get(f->s, id, &m, &err), &err);
	assert_true(m.has_envelope);
	assert_int_equal(m.envelope[0], 7);
	assert_int_not_equal(m.created, 0);
	vt_outbox_release(&m);
	assert_vt_error(vt_store_outbox_get(f->s, 99, &m, &err), &err,
	    VT_ENOTFOUND);
}

static void
a_recipient_has_a_message_once(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_delivery d = { 0 };

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	d.outbox = queue(f->s, 0, "x", VT_URGENCY_NONE, 0);
	d.organ_id = strdup("H40.01");
	assert_vt_error(vt_store_delivery_add(f->s, &d, &err), &err,
	    VT_EEXISTS);
	assert_error_text(&err, "H40.01");
	free(d.organ_id);
	d.organ_id = NULL;
	/* on paper, by name: as often as there are names */
	d.organ_name = strdup("Ông A");
	vt_error_clear(&err);
	assert_vt_ok(vt_store_delivery_add(f->s, &d, &err), &err);
	assert_vt_ok(vt_store_delivery_add(f->s, &d, &err), &err);
	free(d.organ_name);
	vt_store_rollback(f->s);
	d.organ_name = NULL;
	assert_vt_error(vt_store_delivery_add(f->s, &d, &err), &err, VT_EARG);
}

static void
fill_inbox(struct vt_inbox *m, unsigned char key, const char *document_id)
{
	memset(m, 0, sizeof(*m));
	m->key[0] = key;
	m->message_id = strdup("m.edxml");
	m->business = strdup("new");
	m->from_id = strdup("H40.01");
	m->document_id = strdup(document_id);
	m->result = VT_INBOX_HELD;
	m->reason = strdup("unsigned");
	m->detail = strdup("the signature names nobody");
}

static int
show_inbox(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%lld:%s:%s ", (long long)m->id,
	    m->document_id, vt_inbox_result_name(m->result));
}

static void
assert_inbox(struct vt_store *s, const struct vt_inbox_query *q,
    const char *want)
{
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 10000);
	assert_vt_ok(vt_store_inbox_list(s, q, show_inbox, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), want);
	vt_buf_release(&b);
}

static void
a_message_is_taken_in_once(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_inbox_query q = { .held = true };
	struct vt_inbox m, got;
	const unsigned char other[VT_SHA256_LEN] = { 9 };
	int64_t record = enter(f->s, "in", "đến");

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	fill_inbox(&m, 1, "x");
	assert_vt_ok(vt_store_inbox_add(f->s, &m, &err), &err);
	assert_int_equal(m.id, 1);
	assert_vt_error(vt_store_inbox_add(f->s, &m, &err), &err, VT_EEXISTS);
	vt_error_clear(&err);
	vt_inbox_release(&m);
	fill_inbox(&m, 2, "y");
	assert_vt_ok(vt_store_inbox_add(f->s, &m, &err), &err);
	vt_inbox_release(&m);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_inbox(f->s, &q, "2:y:held 1:x:held ");

	assert_vt_ok(vt_store_inbox_get(f->s, 1, &got, &err), &err);
	assert_string_equal(got.reason, "unsigned");
	assert_string_equal(got.detail, "the signature names nobody");
	free(got.detail);
	got.detail = NULL;
	got.result = VT_INBOX_REGISTERED;
	got.record = record;
	got.answered = VT_STATUS_ACCEPTED;
	got.has_envelope = true;
	got.envelope[0] = 3;
	assert_vt_error(vt_store_inbox_update(f->s, &got, &err), &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_inbox_update(f->s, &got, &err), &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_vt_ok(vt_store_inbox_by_key(f->s, got.key, &m, &err), &err);
	assert_int_equal(m.id, 1);
	assert_int_equal(m.answered, VT_STATUS_ACCEPTED);
	assert_int_equal(m.record, record);
	assert_null(m.detail);
	vt_inbox_release(&m);
	vt_inbox_release(&got);
	assert_vt_error(vt_store_inbox_by_key(f->s, other, &m, &err), &err,
	    VT_ENOTFOUND);
	assert_inbox(f->s, &q, "2:y:held ");
	q.held = false;
	q.record = record;
	assert_inbox(f->s, &q, "1:x:registered ");
	q.record = 0;
	q.document_id = "y";
	q.from_id = "H40.02";
	assert_inbox(f->s, &q, "");
	q.from_id = "H40.01";
	assert_inbox(f->s, &q, "2:y:held ");
}

static void
what_is_held_since_version_4_is_held(void **state)
{
	struct fixture *f = *state;
	struct vt_inbox_query q = { .held = true };
	struct vt_error err = { 0 };
	struct vt_inbox m;

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	fill_inbox(&m, 1, "x");
	assert_vt_ok(vt_store_inbox_add(f->s, &m, &err), &err);
	vt_inbox_release(&m);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_store_close(f->s);
	f->s = NULL;
	assert_int_equal(sqlite_shell(f->path,
			     "DROP INDEX delivery_refused;"
			     "ALTER TABLE inbox DROP COLUMN detail;"
			     "PRAGMA user_version = 4"),
	    0);
	assert_vt_ok(vt_store_open(f->path, "thuhà", &f->s, &err), &err);
	assert_inbox(f->s, &q, "1:x:held ");
	assert_vt_ok(vt_store_inbox_get(f->s, 1, &m, &err), &err);
	assert_string_equal(m.reason, "unsigned");
	assert_null(m.detail);
	vt_inbox_release(&m);
	assert_int_equal(findings(f->s), 0);
}

/* One message: taken in, registered and answered, or nothing of it. */
static void
one_message_is_one_transaction(void **state)
{
	struct fixture *f = *state;
	struct vt_delivery_query deliveries = { .due = VT_TIME_NONE };
	struct vt_inbox_query q = { 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct vt_inbox m;
	int round;

	for (round = 0; round < 2; round++) {
		fill(&rec, "in", "một thư");
		fill_inbox(&m, 1, "x");
		assert_vt_ok(vt_store_begin(f->s, &err), &err);
		assert_vt_ok(vt_store_record_add(f->s, &rec, "received", NULL,
				 &err),
		    &err);
		m.record = rec.id;
		assert_vt_ok(vt_store_inbox_add(f->s, &m, &err), &err);
		queue(f->s, rec.id, "x", VT_URGENCY_NONE, 0);
		if (round == 0)
			vt_store_rollback(f->s);
		else
			assert_vt_ok(vt_store_commit(f->s, &err), &err);
		vt_inbox_release(&m);
		vt_record_release(&rec);
		assert_int_equal(hits(f->s, "thư"), round);
		assert_inbox(f->s, &q, round == 0 ? "" : "1:x:held ");
		assert_deliveries(f->s, &deliveries,
		    round == 0 ? "" : "x>H40.01:queued x>H40.02:queued ");
	}
	assert_int_equal(findings(f->s), 0);
}

static int
show_member(void *ctx, const struct vt_dossier_member *m, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%d:%lld:%s ", m->seq, (long long)m->record,
	    m->name != NULL ? m->name : "");
}

static int
show_dossier(void *ctx, const struct vt_dossier *d, struct vt_error *err)
{
	char retention[VT_RETENTION_TEXT];

	(void)err;
	return vt_buf_printf(ctx, "%s %s %s %zu\n", d->code, d->title,
	    vt_retention_text(d->retention, retention), d->nmembers);
}

static void
files_of_records_hold_each_thing_once(void **state)
{
	struct fixture *f = *state;
	struct vt_dossier d = { .retention = VT_RETENTION_FOREVER }, got;
	struct vt_dossier_member m = { 0 };
	struct vt_error err = { 0 };
	struct vt_buf b;
	int64_t record = enter(f->s, "out", "a");

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	d.code = strdup("01.TCCB");
	d.title = strdup("Nhân sự");
	assert_vt_ok(vt_store_dossier_add(f->s, &d, &err), &err);
	m.dossier = d.id;
	assert_vt_error(vt_store_dossier_add(f->s, &d, &err), &err, VT_EEXISTS);
	vt_error_clear(&err);
	m.record = record;
	assert_vt_ok(vt_store_member_add(f->s, &m, &err), &err);
	assert_int_equal(m.seq, 1);
	assert_vt_error(vt_store_member_add(f->s, &m, &err), &err, VT_EEXISTS);
	vt_error_clear(&err);
	m.record = 0;
	m.name = strdup("ảnh.png");
	m.size = 5;
	m.sha256[0] = 1;
	assert_vt_ok(vt_store_member_add(f->s, &m, &err), &err);
	assert_int_equal(m.seq, 2);
	assert_vt_error(vt_store_member_add(f->s, &m, &err), &err, VT_EEXISTS);
	vt_error_clear(&err);
	vt_dossier_member_release(&m);
	vt_dossier_release(&d);
	d.code = strdup("00.KH");
	d.title = strdup("Kế hoạch");
	d.retention = 20;
	assert_vt_ok(vt_store_dossier_add(f->s, &d, &err), &err);
	vt_dossier_release(&d);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);

	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_dossiers(f->s, show_dossier, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b),
	    "00.KH Kế hoạch 20 0\n01.TCCB Nhân sự vinh-vien 2\n");
	vt_buf_reset(&b);
	assert_vt_ok(vt_store_dossier_find(f->s, "01.TCCB", &got, &err), &err);
	assert_vt_ok(vt_store_members(f->s, got.id, show_member, &b, &err),
	    &err);
	assert_string_equal(vt_buf_str(&b), "1:1: 2:0:ảnh.png ");
	vt_buf_release(&b);
	vt_dossier_release(&got);
	assert_vt_error(vt_store_dossier_find(f->s, "x", &got, &err), &err,
	    VT_ENOTFOUND);
}

static int
show_digest(void *ctx, const unsigned char sha256[VT_SHA256_LEN],
    enum vt_digest_owner owner, int64_t id, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%d:%d:%lld ", sha256[0], owner,
	    (long long)id);
}

static void
every_digest_is_named_with_its_owner(void **state)
{
	struct fixture *f = *state;
	struct vt_record_file file = { .seq = -1, .sha256 = { 2 } };
	unsigned char sha256[VT_SHA256_LEN] = { 1 };
	struct vt_error err = { 0 };
	struct vt_inbox m;
	struct vt_buf b;
	int64_t id = enter(f->s, "out", "a");

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	file.name = strdup("a");
	assert_vt_ok(vt_store_file_add(f->s, id, &file, "attached", NULL, &err),
	    &err);
	free(file.name);
	assert_vt_ok(vt_store_outbox_envelope_set(f->s,
			 queue(f->s, 0, "x", VT_URGENCY_NONE, 0), sha256, &err),
	    &err);
	fill_inbox(&m, 1, "x");
	m.has_envelope = true;
	m.envelope[0] = 3;
	m.result = VT_INBOX_QUARANTINED;
	assert_vt_ok(vt_store_inbox_add(f->s, &m, &err), &err);
	vt_inbox_release(&m);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_digests(f->s, show_digest, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), "1:1:1 2:0:1 3:3:1 ");
	vt_buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(deliveries_are_found_urgent_ones_first),
		TEST(deliveries_change_with_their_statuses),
		TEST(a_recipient_has_a_message_once),
		TEST(a_message_is_taken_in_once),
		TEST(what_is_held_since_version_4_is_held),
		TEST(one_message_is_one_transaction),
		TEST(files_of_records_hold_each_thing_once),
		TEST(every_digest_is_named_with_its_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
