/* test_store_evidence.c - evidence kept and pruned, derived files, upgrades */
#include "test_evidence.h"
#include "test_store_util.h"

#include "vanthu/store_derived.h"

static void
part(struct vt_evidence_part *p, enum vt_evidence_kind kind, int digest)
{
	memset(p, 0, sizeof(*p));
	p->kind = kind;
	p->sha256[0] = (unsigned char)digest;
}

/* A check of record ID at AT, decided by certificate 1 and list LIST. */
static void
keep(struct vt_store *s, int64_t id, int64_t at, int list)
{
	struct vt_evidence_part parts[2];

	part(&parts[0], VT_EVIDENCE_SIGNER, 1);
	part(&parts[1], VT_EVIDENCE_CRL, list);
	test_evidence_keep(s, id, at, parts, 2);
}

static int
tell(void *ctx, const struct vt_evidence *e, struct vt_error *err)
{
	size_t i;

	(void)err;
	assert_int_equal(e->before[0], 0xb);
	assert_int_equal(e->after[0], 0xa);
	assert_int_equal(vt_buf_printf(ctx, "%lld %lld %s %s %s",
			     (long long)e->record, (long long)e->at, e->who,
			     e->signer, e->verdict),
	    VT_OK);
	for (i = 0; i < e->nparts; i++)
		assert_int_equal(vt_buf_printf(ctx, " %s %d",
				     vt_evidence_kind_name(e->parts[i].kind),
				     e->parts[i].sha256[0]),
		    VT_OK);
	return vt_buf_printf(ctx, "\n");
}

static void
assert_kept(struct vt_store *s, int64_t record, int64_t before,
    const char *want)
{
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 10000);
	assert_vt_ok(vt_buf_printf(&b, "%s", ""), &err);
	assert_vt_ok(vt_store_evidence_list(s, record, before, tell, &b, &err),
	    &err);
	assert_string_equal(vt_buf_str(&b), want);
	vt_buf_release(&b);
}

static int
tell_unwanted(void *ctx, const unsigned char sha256[VT_SHA256_LEN], bool owned,
    struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%d%s ", sha256[0], owned ? "!" : "");
}

static void
assert_unwanted(struct vt_store *s, const char *want)
{
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 10000);
	assert_vt_ok(vt_buf_printf(&b, "%s", ""), &err);
	assert_vt_ok(vt_store_unwanted(s, tell_unwanted, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), want);
	vt_buf_release(&b);
}

static int64_t
prune(struct vt_store *s, int64_t record, int64_t before)
{
	struct vt_error err = { 0 };
	int64_t n;

	assert_vt_ok(vt_store_begin(s, &err), &err);
	assert_vt_ok(vt_store_evidence_prune(s, record, before, "cũ", &n, &err),
	    &err);
	assert_vt_ok(vt_store_commit(s, &err), &err);
	return n;
}

static int
count_pruned(void *ctx, const struct vt_event *e, struct vt_error *err)
{
	(void)err;
	if (strcmp(e->what, "evidence-pruned") == 0) {
		assert_string_equal(e->who, "thuhà");
		assert_string_equal(e->reason, "cũ");
		++*(int *)ctx;
	}
	return VT_OK;
}

static void
what_is_kept_is_told(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	int64_t a = enter(f->s, "out", "một"), b = enter(f->s, "in", "hai"), n;
	bool has;

	keep(f->s, a, 100, 2);
	keep(f->s, b, 200, 3);
	keep(f->s, a, 300, 2);
	assert_kept(f->s, 0, VT_TIME_NONE,
	    "1 100 thuhà Lê Hoàng Vũ valid signer 1 crl 2\n"
	    "2 200 thuhà Lê Hoàng Vũ valid signer 1 crl 3\n"
	    "1 300 thuhà Lê Hoàng Vũ valid signer 1 crl 2\n");
	assert_kept(f->s, b, VT_TIME_NONE,
	    "2 200 thuhà Lê Hoàng Vũ valid signer 1 crl 3\n");
	assert_kept(f->s, a, 300,
	    "1 100 thuhà Lê Hoàng Vũ valid signer 1 crl 2\n");
	assert_vt_ok(vt_store_evidence_count(f->s, a, &n, &err), &err);
	assert_int_equal(n, 2);
	assert_vt_ok(vt_store_evidence_has(f->s,
			 (const unsigned char[VT_SHA256_LEN]){ 3 }, &has, &err),
	    &err);
	assert_true(has);
	assert_vt_ok(vt_store_evidence_has(f->s,
			 (const unsigned char[VT_SHA256_LEN]){ 4 }, &has, &err),
	    &err);
	assert_false(has);
	assert_int_equal(findings(f->s), 0);
}

static void
what_is_pruned_is_unwanted_unless_named_elsewhere(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record_file file = { .name = (char *)"list.crl", .seq = -1 };
	struct vt_derived d = { .role = "copy", .name = "c.pdf" };
	int64_t a = enter(f->s, "out", "một"), b = enter(f->s, "in", "hai");
	int events = 0;

	keep(f->s, a, 100, 2);
	keep(f->s, b, 200, 3);
	keep(f->s, a, 300, 4);
	assert_int_equal(prune(f->s, a, 100), 0); /* not before it */
	assert_unwanted(f->s, "");
	assert_int_equal(prune(f->s, 0, 101), 1);
	assert_kept(f->s, a, VT_TIME_NONE,
	    "1 300 thuhà Lê Hoàng Vũ valid signer 1 crl 4\n");
	assert_unwanted(f->s, "1! 2 "); /* the signer's is another's, too */
	assert_int_equal(prune(f->s, 0, VT_TIME_NONE), 2);
	assert_unwanted(f->s, "1 2 3 4 ");
	/* a document, and a derived file, of the very same bytes */
	file.sha256[0] = 2;
	d.record = b;
	d.sha256[0] = 3;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_file_add(f->s, a, &file, "attached", NULL, &err),
	    &err);
	assert_vt_ok(vt_store_derived_add(f->s, &d, &err), &err);
	assert_vt_ok(vt_store_unwanted_done(f->s,
			 (const unsigned char[VT_SHA256_LEN]){ 4 }, &err),
	    &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_unwanted(f->s, "1 2! 3! ");
	assert_vt_ok(vt_store_events(f->s, a, count_pruned, &events, &err),
	    &err);
	assert_int_equal(events, 2);
	assert_int_equal(findings(f->s), 0);
}

static void
messages_and_files_of_records_own_theirs(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	int64_t a = enter(f->s, "out", "một");
	struct vt_outbox out = { .record = a, .has_envelope = true };
	struct vt_inbox in = { .has_envelope = true };
	struct vt_dossier d = { .code = (char *)"01", .title = (char *)"t" };
	struct vt_dossier_member m = { .name = (char *)"x" };

	d.retention = 1;
	keep(f->s, a, 100, 2);
	keep(f->s, a, 100, 3);
	keep(f->s, a, 100, 4);
	keep(f->s, a, 100, 5);
	prune(f->s, 0, VT_TIME_NONE);
	out.envelope[0] = 2;
	in.envelope[0] = 3;
	in.result = VT_INBOX_REGISTERED;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_outbox_add(f->s, &out, &err), &err);
	assert_vt_ok(vt_store_inbox_add(f->s, &in, &err), &err);
	/* it lies in quarantine/, not in objects/ */
	in.key[0] = in.envelope[0] = 4;
	in.result = VT_INBOX_QUARANTINED;
	assert_vt_ok(vt_store_inbox_add(f->s, &in, &err), &err);
	assert_vt_ok(vt_store_dossier_add(f->s, &d, &err), &err);
	m.dossier = d.id;
	m.sha256[0] = 5;
	assert_vt_ok(vt_store_member_add(f->s, &m, &err), &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_unwanted(f->s, "1 2! 3! 4 5! ");
}

static void
too_many_parts_are_a_limit(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_evidence e = { .nparts = VT_EVIDENCE_PARTS + 1 };

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_error(vt_store_evidence_add(f->s, &e, &err), &err, VT_ELIMIT);
	vt_store_rollback(f->s);
}

static int
tell_derived(void *ctx, const struct vt_derived *d, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%d %s %s %s %d %d\n", d->seq, d->role,
	    d->name, d->words != NULL ? d->words : "-", d->sha256[0],
	    d->source[0]);
}

static int
tell_owner(void *ctx, const unsigned char sha256[VT_SHA256_LEN],
    enum vt_digest_owner owner, int64_t id, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%d:%d:%lld ", sha256[0], (int)owner,
	    (long long)id);
}

static void
derived_files_are_no_files_of_the_document(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	int64_t a = enter(f->s, "in", "một");
	struct vt_derived d = { .record = a, .role = "incoming" };
	struct vt_record rec;
	struct vt_buf b;

	d.name = "a.incoming.pdf";
	d.sha256[0] = 7;
	d.source[0] = 6;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_derived_add(f->s, &d, &err), &err);
	assert_int_equal(d.seq, 1);
	d.role = "comment";
	d.words = "Đồng ý";
	d.sha256[0] = 8;
	assert_vt_ok(vt_store_derived_add(f->s, &d, &err), &err);
	assert_int_equal(d.seq, 2);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_derived_list(f->s, a, tell_derived, &b, &err),
	    &err);
	assert_string_equal(vt_buf_str(&b),
	    "1 incoming a.incoming.pdf - 7 6\n"
	    "2 comment a.incoming.pdf Đồng ý 8 6\n");
	vt_buf_reset(&b);
	assert_vt_ok(vt_store_digests(f->s, tell_owner, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), "7:6:1 8:6:1 ");
	vt_buf_release(&b);
	assert_vt_ok(vt_store_record_get(f->s, a, &rec, &err), &err);
	assert_int_equal(rec.nfiles, 0);
	vt_record_release(&rec);
}

static void
a_register_of_before_is_upgraded(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_store *other = NULL;
	int64_t a = enter(f->s, "out", "một");

	vt_store_close(f->s);
	f->s = NULL;
	assert_int_equal(sqlite_shell(f->path,
			     "DROP INDEX delivery_refused;"
			     "ALTER TABLE inbox DROP COLUMN detail;"
			     "DROP INDEX event_changed;"
			     "DROP TABLE agency_search;"
			     "DROP TABLE agency_group;"
			     "DROP TABLE agency_code; DROP TABLE agency;"
			     "ALTER TABLE delivery DROP COLUMN role;"
			     "DROP INDEX delivery_unanswered;"
			     "DROP INDEX delivery_failed;"
			     "DROP INDEX record_unissued;"
			     "DROP INDEX record_unassigned;"
			     "DROP INDEX record_overdue;"
			     "DROP INDEX inbox_quarantined;"
			     "ALTER TABLE delivery DROP COLUMN kind;"
			     "DROP TABLE evidence_part; DROP TABLE evidence;"
			     "DROP TABLE unwanted; DROP TABLE derived;"
			     "ALTER TABLE outbox DROP COLUMN detail;"
			     "PRAGMA user_version = 1"),
	    0);
	assert_vt_ok(vt_store_open(f->path, "thuhà", &f->s, &err), &err);
	assert_vt_ok(vt_store_open(f->path, "thuhà", &other, &err), &err);
	keep(f->s, a, 100, 2);
	keep(other, a, 100, 2);
	assert_int_equal(hits(f->s, "một"), 1);
	assert_int_equal(findings(f->s), 0);
	vt_store_close(other);
	/* half of it is none: the tables are there, the number is not */
	vt_store_close(f->s);
	f->s = NULL;
	assert_int_equal(sqlite_shell(f->path, "PRAGMA user_version = 1"), 0);
	assert_vt_error(vt_store_open(f->path, "thuhà", &f->s, &err), &err,
	    VT_EIO);
	assert_null(f->s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_kept_is_told),
		TEST(what_is_pruned_is_unwanted_unless_named_elsewhere),
		TEST(messages_and_files_of_records_own_theirs),
		TEST(too_many_parts_are_a_limit),
		TEST(derived_files_are_no_files_of_the_document),
		TEST(a_register_of_before_is_upgraded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
