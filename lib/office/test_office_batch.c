/* test_office_batch.c - many messages in one run: each as if it came alone */
#include "test_office_mail.h"

#include <signal.h>
#include <sys/wait.h>

#define MANY 70 /* more than are taken in together */

/* Names that sort as their numbers do. */
static void
drop_numbered(struct world *w, int i, struct message *m)
{
	char id[16], name[16];

	snprintf(id, sizeof(id), "id-%03d", i);
	snprintf(name, sizeof(name), "m%03d", i);
	m->document_id = m->number = id;
	m->drop = name;
	drop_message(w, m);
}

/* More than one batch, with what is refused or held in between. */
static void
results_come_in_the_order_of_arrival(void **state)
{
	struct world *w = *state;
	struct message good = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	struct message bare = { .name = "a.txt",
		.file = VT_BYTES_LIT("unsigned") };
	struct message own = { .from = B,
		.name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	char want[sizeof(((struct got *)0)->text)] = "";
	struct got got;
	size_t len = 0;
	int i, n = 0;

	w->b->jobs = 3;
	for (i = 0; i < MANY; i++) {
		char name[16];

		snprintf(name, sizeof(name), "m%03d", i);
		if (i % 10 == 3)
			drop(w, B, name, VT_BYTES(name, strlen(name)));
		else
			drop_numbered(w, i,
			    i % 10 == 5   ? &bare
			    : i % 10 == 7 ? &own
					  : &good);
		if (i % 10 == 3)
			len += (size_t)snprintf(want + len, sizeof(want) - len,
			    "quarantined::malformed;");
		else if (i % 10 == 5)
			len += (size_t)snprintf(want + len, sizeof(want) - len,
			    "held::unsigned;");
		else if (i % 10 == 7)
			len += (size_t)snprintf(want + len, sizeof(want) - len,
			    "quarantined::from-ourselves;");
		else
			len += (size_t)snprintf(want + len, sizeof(want) - len,
			    "registered:in/%d/%d:;", w->year, ++n);
	}
	receive(w->b, &got);
	assert_string_equal(got.text, want);
	assert_int_equal(waiting(w, B), 0);
	assert_int_equal(dead(w, B), 2 * 2 * MANY / 10); /* and reasons */
	assert_int_equal(count_in(w->b), n);
	/* 01 of each document, 03 of each that is in the book */
	assert_int_equal(waiting(w, A), n + n + MANY / 10);
}

/* Three batches. */
#define MORE 140

/* One who hears what was taken in, and kills what is at work meanwhile. */
struct killer {
	struct got got;
	unsigned killed;
	bool wrong; /* something was told out of turn */
	size_t n;
};

static pid_t
child(void)
{
	char path[64];
	int pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
	    (int)getpid());
	assert_non_null(f = fopen(path, "r"));
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	fclose(f);
	return pid;
}

static int
note_and_kill(void *ctx, const struct vt_office_received *r,
    struct vt_error *err)
{
	struct killer *k = ctx;
	char id[16];
	pid_t pid = child();

	(void)err;
	snprintf(id, sizeof(id), "id-%03zu", k->n++);
	if (r->result != VT_RECEIVED_REGISTERED ||
	    strcmp(r->document_id, id) != 0)
		k->wrong = true;
	if (pid > 0 && kill(pid, SIGKILL) == 0)
		k->killed++;
	return VT_OK;
}

/*
 * While a batch is entered the next one is judged, by a process of its own:
 * its death loses nothing and lets nothing in that was not judged.
 */
static void
what_judges_the_next_batch_is_killed(void **state)
{
	struct world *w = *state;
	struct message good = { .name = "a.p7m",
		.file = vt_buf_bytes(&w->good) };
	struct killer k = { .killed = 0 };
	struct vt_error err = { 0 };
	int i;

	for (i = 0; i < MORE; i++)
		drop_numbered(w, i, &good);
	assert_vt_ok(vt_office_receive(w->b, 0, note_and_kill, &k, NULL, &err),
	    &err);
	assert_true(k.killed > 0);
	assert_false(k.wrong);
	assert_int_equal(k.n, MORE);
	assert_int_equal(waiting(w, B), 0);
	assert_int_equal(count_in(w->b), MORE);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/*
 * The document is the last of a batch, or the first of the next: what comes
 * behind it finds it in the book.
 */
static void
a_change_comes_behind_its_document(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct message last = m, update = m;
	struct vt_error err = { 0 };
	struct got *got = calloc(2, sizeof(*got));
	int at, i, total = 0;

	assert_non_null(got);
	for (at = 63; at < 65; at++) {
		char id[32];

		for (i = 0; i < at; i++) {
			struct message before = m;
			char name[16];

			snprintf(id, sizeof(id), "id-%d-%d", at, i);
			snprintf(name, sizeof(name), "m%03d", i);
			before.document_id = before.number = id;
			before.drop = name;
			drop_message(w, &before);
		}
		snprintf(id, sizeof(id), "changed-%d", at);
		last.document_id = last.number = update.document_id =
		    update.number = id;
		last.drop = "n1";
		drop_message(w, &last);
		update.drop = "n2";
		update.business = VT_BUSINESS_UPDATE;
		update.subject = "khác";
		drop_message(w, &update);
		memset(got, 0, sizeof(*got));
		assert_vt_ok(vt_office_receive(w->b, 0, note, got, NULL, &err),
		    &err);
		total += at + 1;
		assert_int_equal(got->n, at + 2);
		/* it is a change of a record, not one that waits for it */
		assert_null(strstr(got->text, "held"));
		assert_int_equal(count_in(w->b), total);
		assert_int_equal(pending(w->b), 0);
	}
	free(got);
}

/* The second of the same, in one batch with the first. */
static void
a_duplicate_beside_its_first_is_one(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };

	m.drop = "a";
	drop_message(w, &m);
	m.drop = "b";
	drop_message(w, &m);
	m.drop = "c"; /* another of the same id */
	m.subject = "khác";
	drop_message(w, &m);
	assert_took(w, w->b,
	    "registered:in/%d/1:;duplicate:in/%d/1:;"
	    "quarantined::id-in-use;");
	assert_int_equal(count_in(w->b), 1);
	assert_int_equal(waiting(w, A), 2);
}

/*
 * Digits at random, the same million again and again: packed, half of each byte
 * is left.
 */
static void
fill_digits(struct vt_buf *b, size_t millions)
{
	char *one = malloc(1u << 20);
	uint32_t x = 1;
	size_t i;

	assert_non_null(one);
	for (i = 0; i < 1u << 20; i++) {
		x = x * 1664525u + 1013904223u;
		one[i] = "0123456789abcdef"[x >> 28];
	}
	vt_buf_init(b, millions << 20);
	for (i = 0; i < millions; i++)
		assert_int_equal(vt_buf_put(b, one, 1u << 20), VT_OK);
	free(one);
}

/* What is too much for memory, packed or not, is taken in between. */
static void
a_large_message_keeps_its_place(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	struct message large = m;
	struct vt_buf digits;

	fill_digits(&digits, 17);
	large.file2 = vt_buf_bytes(&digits);
	large.name2 = "b.pdf"; /* as it is: the message is large */
	drop_numbered(w, 0, &m);
	drop_numbered(w, 1, &large);
	drop_numbered(w, 2, &m);
	assert_took(w, w->b,
	    "registered:in/%d/1:;registered:in/%d/2:;registered:in/%d/3:;");
	large.name2 = "b.txt"; /* packed: what is in it is large */
	drop_numbered(w, 3, &m);
	drop_numbered(w, 4, &large);
	drop_numbered(w, 5, &m);
	assert_took(w, w->b,
	    "registered:in/%d/4:;registered:in/%d/5:;registered:in/%d/6:;");
	assert_state(w->b, 5, VT_STATE_REGISTERED, 2);
	vt_buf_release(&digits);
}

/* The object folder is a file: nothing is taken in, and nothing is lost. */
static void
a_batch_that_can_not_be_kept_stays_on_the_way(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	char *objects = in(w->dir, "b/objects"), *aside = in(w->dir, "aside");
	struct vt_error err = { 0 };
	struct got got = { 0 };
	int i, rc;

	for (i = 0; i < 3; i++)
		drop_numbered(w, i, &m);
	assert_int_equal(rename(objects, aside), 0);
	assert_vt_ok(vt_file_write(objects, VT_BYTES_LIT("no folder"), &err),
	    &err);
	rc = vt_office_receive(w->b, 0, note, &got, NULL, &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_int_equal(got.n, 0);
	assert_int_equal(count_in(w->b), 0);
	assert_int_equal(waiting(w, B), 3);
	assert_int_equal(unlink(objects), 0);
	assert_int_equal(rename(aside, objects), 0);
	assert_took(w, w->b,
	    "registered:in/%d/1:;registered:in/%d/2:;registered:in/%d/3:;");
	free(aside);
	free(objects);
}

/* The message that waits in the folder of ID, any of them. */
static void
open_waiting(const struct world *w, const char *id, struct vt_source **ret)
{
	struct vt_error err = { 0 };
	char rel[64], *path, *file = NULL;
	struct dirent *e;
	DIR *dir;

	snprintf(rel, sizeof(rel), "axis/%s", id);
	path = in(w->dir, rel);
	assert_non_null(dir = opendir(path));
	while (file == NULL && (e = readdir(dir)) != NULL)
		if (strstr(e->d_name, ".edxml") != NULL)
			file = in(path, e->d_name);
	closedir(dir);
	assert_non_null(file);
	assert_vt_ok(vt_source_open(file, ret, &err), &err);
	free(file);
	free(path);
}

/* It repeats the document's date, which was known when it was queued. */
static void
an_answer_needs_no_original(void **state)
{
	struct world *w = *state;
	struct message m = { .name = "a.p7m", .file = vt_buf_bytes(&w->good) };
	char *way = in(w->dir, "axis/" A), *objects = in(w->dir, "b/objects");
	char *aside = in(w->dir, "aside");
	struct vt_office_delivered done;
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_envelope env;

	(void)rmdir(way);
	assert_vt_ok(vt_file_write(way, VT_BYTES_LIT("no folder"), &err), &err);
	drop_message(w, &m);
	assert_took(w, w->b, "registered:in/%d/1:;");
	assert_int_equal(unlink(way), 0);
	assert_int_equal(rename(objects, aside), 0);
	let_time_pass(w->b);
	assert_vt_ok(vt_office_deliver(w->b, &done, NULL, &err), &err);
	assert_int_equal(done.sent, 2);
	open_waiting(w, A, &src);
	assert_vt_ok(vt_envelope_read(src, &env, &err), &err);
	assert_int_equal(env.kind, VT_ENVELOPE_STATUS);
	assert_int_equal(env.response_for[0].date.year, 2026);
	assert_int_equal(env.response_for[0].date.month, 1);
	assert_int_equal(env.response_for[0].date.day, 5);
	vt_envelope_release(&env);
	vt_source_free(src);
	free(aside);
	free(objects);
	free(way);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(results_come_in_the_order_of_arrival),
		TEST(what_judges_the_next_batch_is_killed),
		TEST(a_change_comes_behind_its_document),
		TEST(a_duplicate_beside_its_first_is_one),
		TEST(a_large_message_keeps_its_place),
		TEST(a_batch_that_can_not_be_kept_stays_on_the_way),
		TEST(an_answer_needs_no_original),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
