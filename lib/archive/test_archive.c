/* test_archive.c - hồ sơ, and what the check of all that is kept finds */
#include "test_archive_util.h"

/* ---- hồ sơ ---- */

static void
open_is_as_good_twice_as_once(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_dossier a, b;
	int rc;

	assert_vt_ok(vt_archive_open(w->s, " 01.VP ", "Cải  cách", 10, &a, NULL,
			 &err),
	    &err);
	assert_string_equal(a.code, "01.VP");
	assert_string_equal(a.title, "Cải cách");
	assert_vt_ok(vt_archive_open(w->s, "01.VP", "Cải cách", 10, &b, NULL,
			 &err),
	    &err);
	assert_int_equal(a.id, b.id);
	vt_dossier_release(&a);
	vt_dossier_release(&b);
	rc = vt_archive_open(w->s, "01.VP", "Việc khác", 10, NULL, NULL, &err);
	assert_vt_error(rc, &err, VT_EEXISTS);
	vt_error_clear(&err);
	rc = vt_archive_open(w->s, "01.VP", "Cải cách", VT_RETENTION_FOREVER,
	    NULL, NULL, &err);
	assert_vt_error(rc, &err, VT_EEXISTS);
}

static void
open_refuses_what_is_no_file_of_records(void **state)
{
	static const struct {
		const char *code, *title;
		int retention;
	} bad[] = {
		{ "", "t", 10 },
		{ "  ", "t", 10 },
		{ NULL, "t", 10 },
		{ "01\x01", "t", 10 },
		{ "01\xff", "t", 10 },
		{ "012345678901234567890123456789012345678901234567890", "t",
		    10 },
		{ "01", "", 10 },
		{ "01", NULL, 10 },
		{ "01", "\x1b[2J", 10 },
		{ "01", "t", 0 },
		{ "01", "t", -2 },
		{ "01", "t", 1000 },
	};
	struct world *w = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };
		int rc = vt_archive_open(w->s, bad[i].code, bad[i].title,
		    bad[i].retention, NULL, NULL, &err);

		assert_vt_error(rc, &err, VT_EARG);
	}
}

static void
a_long_code_is_noted(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_list notes = { 0 };

	/* 20 characters of more bytes */
	assert_vt_ok(vt_archive_open(w->s, "01.ĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐ", "t", 5, NULL,
			 &notes, &err),
	    &err);
	assert_int_equal(notes.n, 0);
	assert_vt_ok(vt_archive_open(w->s, "01.ĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐ", "t", 5,
			 NULL, &notes, &err),
	    &err);
	assert_int_equal(notes.n, 1);
	vt_list_release(&notes);
}

static void
adding_again_changes_nothing(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_dossier_member m, again;
	char *file = in(w->dir, "Biên bản.txt");
	bool existing = true;

	assert_vt_ok(vt_file_write(file, vt_bytes_str("minutes"), &err), &err);
	assert_vt_ok(vt_archive_open(w->s, "01", "t", 10, NULL, NULL, &err),
	    &err);
	assert_vt_ok(vt_archive_add_record(w->s, "01", w->record, &m, &existing,
			 &err),
	    &err);
	assert_false(existing);
	assert_int_equal(m.seq, 1);
	assert_int_equal(m.record, w->record);
	vt_dossier_member_release(&m);
	assert_vt_ok(vt_archive_add_record(w->s, "01", w->record, &m, &existing,
			 &err),
	    &err);
	assert_true(existing);
	assert_int_equal(m.seq, 1);
	vt_dossier_member_release(&m);

	assert_vt_ok(vt_archive_add_file(w->s, w->objects, "01", file, &m,
			 &existing, &err),
	    &err);
	assert_false(existing);
	assert_int_equal(m.seq, 2);
	assert_string_equal(m.name, "Biên bản.txt");
	assert_int_equal(m.size, 7);
	assert_true(vt_objects_has(w->objects, m.sha256));
	assert_vt_ok(vt_archive_add_file(w->s, w->objects, "01", file, &again,
			 &existing, &err),
	    &err);
	assert_true(existing);
	assert_int_equal(again.seq, 2);
	assert_string_equal(again.name, m.name);
	vt_dossier_member_release(&m);
	vt_dossier_member_release(&again);
	free(file);
}

static void
add_keeps_nothing_where_it_fails(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	char *file = in(w->dir, "f"), *bad = in(w->dir, "a\nb");
	char *missing = in(w->dir, "missing");
	size_t before = test_dir_count(w->objects_dir);
	int rc;

	assert_vt_ok(vt_file_write(file, vt_bytes_str("new content"), &err),
	    &err);
	assert_vt_ok(vt_file_write(bad, vt_bytes_str("new content"), &err),
	    &err);
	rc = vt_archive_add_file(w->s, w->objects, "none", file, NULL, NULL,
	    &err);
	assert_vt_error(rc, &err, VT_ENOTFOUND);
	vt_error_clear(&err);
	assert_vt_ok(vt_archive_open(w->s, "01", "t", 10, NULL, NULL, &err),
	    &err);
	rc = vt_archive_add_file(w->s, w->objects, "01", missing, NULL, NULL,
	    &err);
	assert_vt_error(rc, &err, VT_EIO);
	vt_error_clear(&err);
	rc = vt_archive_add_file(w->s, w->objects, "01", w->dir, NULL, NULL,
	    &err);
	assert_vt_error(rc, &err, VT_EIO);
	vt_error_clear(&err);
	rc = vt_archive_add_record(w->s, "01", 99, NULL, NULL, &err);
	assert_vt_error(rc, &err, VT_ENOTFOUND);
	vt_error_clear(&err);
	rc = vt_archive_add_record(w->s, "none", w->record, NULL, NULL, &err);
	assert_vt_error(rc, &err, VT_ENOTFOUND);
	assert_int_equal(test_dir_count(w->objects_dir), before);
	free(file);
	free(bad);
	free(missing);
}

struct listed {
	char text[1024];
};

static int
list_dossier(void *ctx, const struct vt_dossier *d, struct vt_error *err)
{
	struct listed *l = ctx;
	size_t len = strlen(l->text);

	(void)err;
	snprintf(l->text + len, sizeof(l->text) - len, "%s/%d/%zu:", d->code,
	    d->retention, d->nmembers);
	return VT_OK;
}

static int
list_member(void *ctx, const struct vt_dossier_member *m,
    const struct vt_record *rec, struct vt_error *err)
{
	struct listed *l = ctx;
	size_t len = strlen(l->text);
	char ref[VT_REF_TEXT];

	(void)err;
	snprintf(l->text + len, sizeof(l->text) - len, "%d=%s;", m->seq,
	    rec != NULL ? vt_record_ref(rec, ref) : m->name);
	return VT_OK;
}

static void
list_tells_all_in_order(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct listed l = { "" };
	char *file = in(w->dir, "f");

	assert_vt_ok(vt_file_write(file, vt_bytes_str("x"), &err), &err);
	assert_vt_ok(vt_archive_open(w->s, "02", "t", VT_RETENTION_FOREVER,
			 NULL, NULL, &err),
	    &err);
	assert_vt_ok(vt_archive_open(w->s, "01", "t", 10, NULL, NULL, &err),
	    &err);
	assert_vt_ok(vt_archive_add_file(w->s, w->objects, "01", file, NULL,
			 NULL, &err),
	    &err);
	assert_vt_ok(vt_archive_add_record(w->s, "01", w->record, NULL, NULL,
			 &err),
	    &err);
	assert_vt_ok(vt_archive_list(w->s, list_dossier, list_member, &l, &err),
	    &err);
	assert_string_equal(l.text, "01/10/2:1=f;2=out/2026/1;02/-1/0:");
	free(file);
}

/* ---- the check ---- */

static char *
object_path(struct world *w, const unsigned char *sha256)
{
	char *path = vt_objects_path(w->objects, sha256);

	assert_non_null(path);
	return path;
}

/* Replace a file that is protected by its mode. */
static void
overwrite(const char *path, const char *text)
{
	FILE *f;

	assert_int_equal(chmod(path, 0600), 0);
	assert_non_null(f = fopen(path, "w"));
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void
a_sound_office_has_no_finding(void **state)
{
	struct world *w = *state;
	struct found f;
	struct vt_archive_checked done = check(w, &f);

	assert_string_equal(f.text, "");
	assert_int_equal(done.objects, 3);
	assert_int_equal(done.findings, 0);
}

static void
a_changed_object_is_found_with_its_record(void **state)
{
	struct world *w = *state;
	struct found f;
	char *path = object_path(w, w->main1);

	overwrite(path, "main x"); /* of the same length */
	assert_int_equal(check(w, &f).findings, 1);
	assert_string_equal(f.text,
	    "changed objects record out/2026/1 cv.pdf - 0;");
	free(path);
}

static void
a_missing_object_is_found_with_its_record(void **state)
{
	struct world *w = *state;
	struct found f;
	char *path = object_path(w, w->attached);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(check(w, &f).findings, 1);
	assert_string_equal(f.text,
	    "missing objects record out/2026/1 pl.doc - 0;");
	free(path);
}

static void
something_else_in_its_place_is_found(void **state)
{
	struct world *w = *state;
	struct found f;
	char *path = object_path(w, w->main2);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(check(w, &f).findings, 1);
	assert_string_equal(f.text,
	    "changed objects record out/2026/1 cv.pdf - 0;");
	free(path);
}

static void
each_owner_of_a_changed_object_is_named(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_outbox out = { .record = w->record,
		.kind = VT_MESSAGE_DOCUMENT,
		.business = (char *)"new",
		.document_id = (char *)"d" };
	struct vt_inbox inbox = { .kind = VT_MESSAGE_DOCUMENT,
		.business = (char *)"new",
		.document_id = (char *)"d",
		.result = VT_INBOX_HELD,
		.has_envelope = true };
	struct found f;
	char *path = object_path(w, w->main1), *file = in(w->dir, "copy.pdf");

	assert_vt_ok(vt_file_write(file, vt_bytes_str("main 1"), &err), &err);
	assert_vt_ok(vt_archive_open(w->s, "01", "t", 10, NULL, NULL, &err),
	    &err);
	assert_vt_ok(vt_archive_add_file(w->s, w->objects, "01", file, NULL,
			 NULL, &err),
	    &err);
	memcpy(inbox.envelope, w->main1, VT_SHA256_LEN);
	assert_vt_ok(vt_store_begin(w->s, &err), &err);
	assert_vt_ok(vt_store_outbox_add(w->s, &out, &err), &err);
	assert_vt_ok(vt_store_outbox_envelope_set(w->s, out.id, w->main1, &err),
	    &err);
	assert_vt_ok(vt_store_inbox_add(w->s, &inbox, &err), &err);
	assert_vt_ok(vt_store_commit(w->s, &err), &err);
	overwrite(path, "other");
	assert_int_equal(check(w, &f).findings, 4);
	assert_string_equal(f.text,
	    "changed objects record out/2026/1 cv.pdf - 0;"
	    "changed objects sent out/2026/1 - - 1;"
	    "changed objects received - - - 1;"
	    "changed objects dossier - copy.pdf 01 0;");
	free(path);
	free(file);
}

static void
foreign_objects_are_found(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	unsigned char sha256[VT_SHA256_LEN];
	struct found f;
	char *names[] = { in(w->objects_dir, "note.txt"),
		in(w->objects_dir, "ab"), in(w->objects_dir, "ab/cd"),
		in(w->quarantine_dir, "x\x1b[2J") };
	size_t i;

	put(w->objects, "nobody knows me", sha256);
	assert_int_equal(check(w, &f).findings, 1);
	assert_string_equal(f.text, "foreign objects - - - - 0;");
	assert_int_equal(strlen(f.path), 65);

	put(w->quarantine, "nor me", sha256);
	assert_int_equal(check(w, &f).findings, 2);

	assert_vt_ok(vt_file_write(names[0], vt_bytes_str("x"), &err), &err);
	assert_int_equal(check(w, &f).findings, 3);
	(void)mkdir(names[1], 0700);
	assert_vt_ok(vt_file_write(names[2], vt_bytes_str("x"), &err), &err);
	assert_vt_ok(vt_file_write(names[3], vt_bytes_str("x"), &err), &err);
	assert_int_equal(check(w, &f).findings, 5);
	for (i = 0; i < 4; i++)
		free(names[i]);
}

static void
the_two_folders_are_not_confused(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_inbox inbox = { .kind = VT_MESSAGE_DOCUMENT,
		.result = VT_INBOX_QUARANTINED,
		.has_envelope = true };
	struct found f;

	/* kept apart, though the same bytes are an object of a record too */
	put(w->quarantine, "main 1", inbox.envelope);
	assert_vt_ok(vt_store_begin(w->s, &err), &err);
	assert_vt_ok(vt_store_inbox_add(w->s, &inbox, &err), &err);
	assert_vt_ok(vt_store_commit(w->s, &err), &err);
	assert_int_equal(check(w, &f).findings, 0);
	assert_vt_ok(vt_objects_drop(w->quarantine, inbox.envelope, &err),
	    &err);
	assert_int_equal(check(w, &f).findings, 1);
	assert_string_equal(f.text, "missing quarantine received - - - 1;");
}

static void
many_objects_are_compared_in_order(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_dossier d;
	unsigned char sha256[VT_SHA256_LEN];
	struct found f;
	char text[32];
	int i;

	assert_vt_ok(vt_archive_open(w->s, "01", "t", 10, &d, NULL, &err),
	    &err);
	for (i = 0; i < 200; i++) {
		struct vt_dossier_member m = { .dossier = d.id };

		snprintf(text, sizeof(text), "object %d", i);
		m.name = text;
		put(w->objects, text, m.sha256);
		if (i % 20 == 0)
			continue; /* of which nothing knows */
		assert_vt_ok(vt_store_begin(w->s, &err), &err);
		assert_vt_ok(vt_store_member_add(w->s, &m, &err), &err);
		assert_vt_ok(vt_store_commit(w->s, &err), &err);
	}
	assert_int_equal(check(w, &f).findings, 10);
	put(w->objects, "object 7", sha256);
	assert_vt_ok(vt_objects_drop(w->objects, sha256, &err), &err);
	assert_int_equal(check(w, &f).findings, 11);
	assert_non_null(
	    strstr(f.text, "missing objects dossier - object 7 01 0;"));
	vt_dossier_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open_is_as_good_twice_as_once),
		TEST(open_refuses_what_is_no_file_of_records),
		TEST(a_long_code_is_noted),
		TEST(adding_again_changes_nothing),
		TEST(add_keeps_nothing_where_it_fails),
		TEST(list_tells_all_in_order),
		TEST(a_sound_office_has_no_finding),
		TEST(a_changed_object_is_found_with_its_record),
		TEST(a_missing_object_is_found_with_its_record),
		TEST(something_else_in_its_place_is_found),
		TEST(each_owner_of_a_changed_object_is_named),
		TEST(foreign_objects_are_found),
		TEST(the_two_folders_are_not_confused),
		TEST(many_objects_are_compared_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
