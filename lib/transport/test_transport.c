/* test_transport.c - the spool: what is handed over, taken and passed by */
#include "test_util.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "vanthu/source.h"
#include "vanthu/transport.h"

#define A "H99.01"
#define B "H99.02"
#define NOBODY 65534

struct world {
	char *dir; /* of the test */
	char *url;
	struct vt_transport *a, *b; /* the offices A and B */
};

static char *
in(const char *dir, const char *name)
{
	char *path = vt_path_join(dir, name);

	assert_non_null(path);
	return path;
}

static struct vt_transport *
opened(const char *url, const char *own)
{
	struct vt_error err = { 0 };
	struct vt_transport *t = NULL;

	assert_vt_ok(vt_transport_open(url, own, NULL, &t, &err), &err);
	return t;
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	size_t size;

	assert_non_null(w);
	w->dir = test_dir_new();
	size = strlen(w->dir) + sizeof("spool:/axis/here");
	w->url = malloc(size);
	assert_non_null(w->url);
	snprintf(w->url, size, "spool:%s/axis/here", w->dir);
	w->a = opened(w->url, A);
	w->b = opened(w->url, B);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	vt_transport_close(w->a);
	vt_transport_close(w->b);
	test_dir_free(w->dir);
	free(w->url);
	free(w);
	return 0;
}

/* DIR/axis/here/B/NAME, for free(). */
static char *
inbox(const struct world *w, const char *name)
{
	char *axis = in(w->dir, "axis/here/" B);
	char *path = in(axis, name);

	free(axis);
	return path;
}

static int
offer(struct vt_transport *t, const char *to, const char *name,
    const char *text, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, NULL), NULL);
	rc = vt_transport_offer(t, VT_TRANSPORT_DOCUMENT, to, name, src, err);
	vt_source_free(src);
	return rc;
}

/* As others do it: a file of any name, MTIME seconds old. */
static void
drop(const struct world *w, const char *name, const char *text, time_t mtime)
{
	struct timespec times[2] = { { mtime, 0 }, { mtime, 0 } };
	struct vt_error err = { 0 };
	char *path = inbox(w, name);

	assert_vt_ok(vt_file_write(path, vt_bytes_str(text), &err), &err);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(path);
}

enum what { DONE, FAIL, LEAVE, STOP };

struct visit {
	enum what what;
	char seen[4096]; /* "ID=CONTENT;" */
	size_t n;
	const char *swap; /* replaced while it is handled */
	const struct world *w;
};

static int
take(void *ctx, struct vt_transport *t, const struct vt_transport_message *m,
    struct vt_error *err)
{
	struct visit *v = ctx;
	struct vt_bytes b;
	size_t len = strlen(v->seen);

	v->n++;
	assert_vt_ok(vt_source_view(m->content, 0,
			 (size_t)vt_source_size(m->content), &b, err),
	    err);
	snprintf(v->seen + len, sizeof(v->seen) - len, "%s=%.*s;", m->id,
	    (int)b.len, (const char *)b.data);
	if (v->swap != NULL) {
		char *from = inbox(v->w, ".new"), *to = inbox(v->w, m->id);

		assert_vt_ok(vt_file_write(from, vt_bytes_str(v->swap), err),
		    err);
		assert_int_equal(rename(from, to), 0);
		free(from);
		free(to);
		v->swap = NULL;
	}
	switch (v->what) {
	case DONE:
		return vt_transport_done(t, m, err);
	case FAIL:
		return vt_transport_fail(t, m, "vì sao", err);
	case STOP:
		return vt_error_set(err, VT_EIO, NULL, "stop");
	case LEAVE:
		break;
	}
	return VT_OK;
}

static void
fetch(struct world *w, struct visit *v, enum what what, size_t max)
{
	struct vt_error err = { 0 };

	memset(v, 0, sizeof(*v));
	v->what = what;
	v->w = w;
	assert_vt_ok(vt_transport_fetch(w->b, max, take, v, &err), &err);
}

/* ---- addresses and names ---- */

static void
open_refuses_what_it_does_not_know(void **state)
{
	static const char *const urls[] = { "", "spool", "spool:", ":/x",
		"http://axis/", "SPOOL:/tmp", "spoolx:/tmp", "../x",
		"spool:axis", "spool:../axis", "spool: /tmp" };
	struct vt_transport *t = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct vt_error err = { 0 };
		int rc = vt_transport_open(urls[i], A, NULL, &t, &err);

		assert_vt_error(rc, &err, VT_EARG);
		assert_null(t);
	}
}

static void
organ_ids_become_folders_only_if_they_are_harmless(void **state)
{
	static const char *const good[] = { A, "000.00.00.G22", "28.22.H17",
		"vxp.saas.03", "0101234567", "H99-1",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678" };
	static const char *const bad[] = { "", ".", "..", ".H99", "H99/..",
		"../H99", "H99..01", "H99 01", "H99\n", "/etc", "H99\\x",
		"H99*", "H99.0\xc3\xa1", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
		"~root", "$HOME" };
	struct world *w = *state;
	char id[VT_TRANSPORT_ORGAN_MAX + 2];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(vt_transport_organ_valid(good[i]));
	assert_false(vt_transport_organ_valid(NULL));
	memset(id, 'a', sizeof(id));
	id[VT_TRANSPORT_ORGAN_MAX] = '\0';
	assert_true(vt_transport_organ_valid(id));
	id[VT_TRANSPORT_ORGAN_MAX] = 'a';
	id[VT_TRANSPORT_ORGAN_MAX + 1] = '\0';
	assert_false(vt_transport_organ_valid(id));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };
		struct vt_transport *t = NULL;
		int rc;

		assert_false(vt_transport_organ_valid(bad[i]));
		rc = offer(w->a, bad[i], "m", "x", &err);
		assert_vt_error(rc, &err, VT_EARG);
		vt_error_clear(&err);
		rc = vt_transport_open(w->url, bad[i], NULL, &t, &err);
		assert_vt_error(rc, &err, VT_EARG);
	}
}

static void
names_of_messages_cannot_leave_the_folder(void **state)
{
	static const char *const bad[] = { "", ".", "..", ".m", "a/b", "../m",
		"m\n", "m m", "m\xff" };
	char name[VT_TRANSPORT_NAME_MAX + 2];
	struct world *w = *state;
	struct vt_error err = { 0 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int rc = offer(w->a, B, bad[i], "x", &err);

		assert_vt_error(rc, &err, VT_EARG);
		vt_error_clear(&err);
	}
	memset(name, 'm', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(offer(w->a, B, name, "x", &err), VT_EARG);
	vt_error_clear(&err);
	name[sizeof(name) - 2] = '\0';
	assert_vt_ok(offer(w->a, B, name, "x", &err), &err);
}

/* ---- offering ---- */

static void
offered_messages_arrive_whole(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct visit v;

	assert_vt_ok(offer(w->a, B, "m1", "first", &err), &err);
	assert_vt_ok(offer(w->a, B, "m2", "", &err), &err);
	fetch(w, &v, DONE, SIZE_MAX);
	assert_int_equal(v.n, 2);
	assert_non_null(strstr(v.seen, "m1.edxml=first;"));
	assert_non_null(strstr(v.seen, "m2.edxml=;"));
	fetch(w, &v, DONE, SIZE_MAX);
	assert_int_equal(v.n, 0);
}

static void
offering_again_is_as_good_as_once(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct visit v;
	int rc;

	assert_vt_ok(offer(w->a, B, "m", "same", &err), &err);
	assert_vt_ok(offer(w->a, B, "m", "same", &err), &err);
	rc = offer(w->a, B, "m", "sama", &err);
	assert_vt_error(rc, &err, VT_EEXISTS);
	vt_error_clear(&err);
	rc = offer(w->a, B, "m", "same, but longer", &err);
	assert_vt_error(rc, &err, VT_EEXISTS);
	assert_int_equal(offer(w->a, B, "m", "other", NULL), VT_EEXISTS);
	fetch(w, &v, DONE, SIZE_MAX);
	assert_string_equal(v.seen, "m.edxml=same;");
}

static void
a_large_message_is_compared_to_its_end(void **state)
{
	const size_t size = VT_SOURCE_COPY_MAX + 4097;
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	unsigned char *data = malloc(size);
	int rc;

	assert_non_null(data);
	memset(data, 'x', size);
	assert_vt_ok(vt_source_bytes(VT_BYTES(data, size), &src, &err), &err);
	assert_vt_ok(vt_transport_offer(w->a, VT_TRANSPORT_DOCUMENT, B, "big",
			 src, &err),
	    &err);
	assert_vt_ok(vt_transport_offer(w->a, VT_TRANSPORT_DOCUMENT, B, "big",
			 src, &err),
	    &err);
	data[size - 1] = 'y';
	rc = vt_transport_offer(w->a, VT_TRANSPORT_DOCUMENT, B, "big", src,
	    &err);
	assert_vt_error(rc, &err, VT_EEXISTS);
	vt_source_free(src);
	free(data);
}

static void
nothing_is_written_through_links(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	char *there = in(w->dir, "elsewhere");
	char *link = in(w->dir, "axis/here/H99.03");
	char *message = inbox(w, "m.edxml");
	int rc;

	assert_int_equal(mkdir(there, 0700), 0);
	assert_int_equal(symlink(there, link), 0);
	rc = offer(w->a, "H99.03", "m", "x", &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_int_equal(test_dir_count(there), 0);
	vt_error_clear(&err);

	assert_int_equal(symlink("../../../elsewhere/f", message), 0);
	rc = offer(w->a, B, "m", "x", &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_int_equal(test_dir_count(there), 0);
	free(there);
	free(link);
	free(message);
}

static void
a_closed_way_is_told(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	char *path = in(w->dir, "axis/here/H99.03");
	int rc;

	assert_vt_ok(vt_file_write(path, vt_bytes_str("no folder"), &err),
	    &err);
	rc = offer(w->a, "H99.03", "m", "x", &err);
	assert_vt_error(rc, &err, VT_EIO);
	free(path);
}

/* ---- fetching ---- */

static void
the_oldest_come_first_up_to_a_limit(void **state)
{
	struct world *w = *state;
	struct visit v;

	drop(w, "c.edxml", "3", 1000);
	drop(w, "a.edxml", "2", 900);
	drop(w, "b.edxml", "1", 800);
	drop(w, "same1.edxml", "4", 1100);
	drop(w, "same2.edxml", "5", 1100);
	fetch(w, &v, LEAVE, SIZE_MAX);
	assert_string_equal(v.seen, "b.edxml=1;a.edxml=2;c.edxml=3;"
				    "same1.edxml=4;same2.edxml=5;");
	fetch(w, &v, LEAVE, 0);
	assert_int_equal(v.n, 0);
	fetch(w, &v, DONE, 2);
	assert_string_equal(v.seen, "b.edxml=1;a.edxml=2;");
	fetch(w, &v, DONE, 2);
	assert_string_equal(v.seen, "c.edxml=3;same1.edxml=4;");
}

static void
more_than_one_batch_comes_in_order_and_once(void **state)
{
	const size_t n = 3000;
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct visit v;
	char name[32];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "m%04zu.edxml", i);
		/* in an order that is not that of the names */
		drop(w, name, "", (time_t)(1000000 - i * 7919 % n));
	}
	fetch(w, &v, LEAVE, SIZE_MAX);
	assert_int_equal(v.n, n);
	fetch(w, &v, LEAVE, 2500);
	assert_int_equal(v.n, 2500);
	fetch(w, &v, DONE, SIZE_MAX);
	assert_int_equal(v.n, n);
	assert_vt_ok(vt_transport_fetch(w->b, SIZE_MAX, take, &v, &err), &err);
	assert_int_equal(v.n, n);
}

static void
what_is_no_message_is_passed_by(void **state)
{
	struct world *w = *state;
	struct visit v;
	char *fifo = inbox(w, "fifo.edxml"), *dir = inbox(w, "dir.edxml");
	char *link = inbox(w, "link.edxml"), *lost = inbox(w, "lost.edxml");
	char *home = in(w->dir, "axis/here/" B);
	size_t before;

	drop(w, ".unfinished.edxml", "1", 1);
	drop(w, ".edxml", "2", 2);
	drop(w, "plain.txt", "3", 3);
	drop(w, "upper.EDXML", "4", 4);
	drop(w, "edxml", "5", 5);
	drop(w, "m.edxml.part", "6", 6);
	drop(w, "v\xc4\x83n b\xe1\xba\xa3n \xff\x1b[2J.edxml", "yes", 7);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_int_equal(symlink("nowhere", lost), 0);
	before = test_dir_count(home);
	fetch(w, &v, DONE, SIZE_MAX);
	assert_int_equal(v.n, 1);
	assert_non_null(strstr(v.seen, "=yes;"));
	assert_int_equal(test_dir_count(home), before - 1);
	free(fifo);
	free(dir);
	free(link);
	free(lost);
	free(home);
}

static void
what_cannot_be_read_does_not_block_the_rest(void **state)
{
	struct world *w = *state;
	struct visit v;
	char *path = inbox(w, "first.edxml"), *home = inbox(w, ".");
	bool root = geteuid() == 0;

	drop(w, "first.edxml", "1", 1);
	drop(w, "second.edxml", "2", 2);
	assert_int_equal(chmod(path, 0), 0);
	if (root) { /* who reads everything */
		assert_int_equal(chmod(home, 0777), 0);
		assert_int_equal(seteuid(NOBODY), 0);
	}
	fetch(w, &v, DONE, 1);
	if (root)
		assert_int_equal(seteuid(0), 0);
	free(home);
	assert_string_equal(v.seen, "second.edxml=2;");
	free(path);
}

static void
the_takers_failure_ends_the_fetch(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct visit v = { .what = STOP, .w = w };
	int rc;

	drop(w, "a.edxml", "1", 1);
	drop(w, "b.edxml", "2", 2);
	rc = vt_transport_fetch(w->b, SIZE_MAX, take, &v, &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_int_equal(v.n, 1);
	fetch(w, &v, LEAVE, SIZE_MAX);
	assert_int_equal(v.n, 2);
}

/* ---- out of the way ---- */

static void
failed_messages_lie_in_dead_with_the_reason(void **state)
{
	struct world *w = *state;
	struct vt_buf text = { 0 };
	struct visit v;
	char *dead = inbox(w, "dead");
	char *reason = inbox(w, "dead/m.edxml.reason");
	char *second = inbox(w, "dead/m.edxml.1");

	drop(w, "m.edxml", "one", 1);
	fetch(w, &v, FAIL, SIZE_MAX);
	assert_int_equal(v.n, 1);
	drop(w, "m.edxml", "two", 2);
	fetch(w, &v, FAIL, SIZE_MAX);
	assert_int_equal(v.n, 1);
	fetch(w, &v, FAIL, SIZE_MAX);
	assert_int_equal(v.n, 0);
	assert_int_equal(test_dir_count(dead), 4);
	test_read(reason, &text);
	assert_bytes_str(vt_buf_bytes(&text), "vì sao\n");
	vt_buf_release(&text);
	test_read(second, &text);
	assert_bytes_str(vt_buf_bytes(&text), "two");
	vt_buf_release(&text);
	free(dead);
	free(reason);
	free(second);
}

/* The same name again and again, more often than anybody counts. */
static void
a_name_that_is_taken_often_finds_its_place_in_dead(void **state)
{
	static const int there[] = { 1, 2, 3, 7, 100, 10100 };
	struct world *w = *state;
	char rel[64], *dead = inbox(w, "dead"), *path;
	struct vt_error err = { 0 };
	struct visit v;
	int i, n = 0;
	size_t k;

	assert_vt_ok(vt_dir_make(dead, 0700, &err), &err);
	for (k = 0; k < sizeof(there) / sizeof(there[0]); k++) {
		for (i = n; i < there[k]; i++) {
			snprintf(rel, sizeof(rel),
			    i == 0 ? "dead/m.edxml" : "dead/m.edxml.%d", i);
			path = inbox(w, rel);
			assert_int_equal(mknod(path, S_IFREG | 0600, 0), 0);
			free(path);
		}
		n = there[k];
		drop(w, "m.edxml", "one more", 1);
		fetch(w, &v, FAIL, SIZE_MAX);
		assert_int_equal(v.n, 1);
		snprintf(rel, sizeof(rel), "dead/m.edxml.%d", n);
		path = inbox(w, rel);
		assert_int_equal(unlink(path), 0);
		free(path);
		fetch(w, &v, FAIL, SIZE_MAX);
		assert_int_equal(v.n, 0);
	}
	free(dead);
}

static void
the_longest_name_finds_its_place_in_dead(void **state)
{
	struct world *w = *state;
	struct visit v;
	char name[256];
	char *dead = inbox(w, "dead");

	memset(name, 'n', sizeof(name));
	memcpy(name + 249, ".edxml", sizeof(".edxml"));
	drop(w, name, "one", 1);
	fetch(w, &v, FAIL, SIZE_MAX);
	assert_int_equal(v.n, 1);
	assert_int_equal(test_dir_count(dead), 2);
	free(dead);
}

static void
a_message_that_was_replaced_meanwhile_is_not_lost(void **state)
{
	static const enum what ways[] = { DONE, FAIL };
	struct world *w = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		struct vt_error err = { 0 };
		struct visit v = { .what = ways[i], .swap = "new", .w = w };

		drop(w, "m.edxml", "old", 1);
		assert_vt_ok(vt_transport_fetch(w->b, 1, take, &v, &err), &err);
		assert_string_equal(v.seen, "m.edxml=old;");
		fetch(w, &v, DONE, SIZE_MAX);
		assert_string_equal(v.seen, "m.edxml=new;");
	}
}

/* Removes what it is shown before it says what becomes of it. */
static int
take_gone(void *ctx, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err)
{
	struct visit *v = ctx;
	char *path = inbox(v->w, m->id);
	int rc;

	v->n++;
	assert_int_equal(unlink(path), 0);
	free(path);
	rc = v->what == DONE ? vt_transport_done(t, m, err)
			     : vt_transport_fail(t, m, "reason", err);
	return rc;
}

static void
a_message_that_is_gone_is_as_good(void **state)
{
	static const enum what ways[] = { DONE, FAIL };
	struct world *w = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		struct vt_error err = { 0 };
		struct visit v = { .what = ways[i], .w = w };

		drop(w, "m.edxml", "old", 1);
		assert_vt_ok(vt_transport_fetch(w->b, 1, take_gone, &v, &err),
		    &err);
		assert_int_equal(v.n, 1);
	}
}

static void
nothing_unfinished_stays_behind(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct visit v;
	char *home = inbox(w, ".");

	assert_vt_ok(offer(w->a, B, "m", "x", &err), &err);
	assert_int_equal(test_dir_count(home), 1);
	fetch(w, &v, DONE, SIZE_MAX);
	assert_int_equal(test_dir_count(home), 0);
	free(home);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_refuses_what_it_does_not_know),
		TEST(organ_ids_become_folders_only_if_they_are_harmless),
		TEST(names_of_messages_cannot_leave_the_folder),
		TEST(offered_messages_arrive_whole),
		TEST(offering_again_is_as_good_as_once),
		TEST(a_large_message_is_compared_to_its_end),
		TEST(nothing_is_written_through_links),
		TEST(a_closed_way_is_told),
		TEST(the_oldest_come_first_up_to_a_limit),
		TEST(more_than_one_batch_comes_in_order_and_once),
		TEST(what_is_no_message_is_passed_by),
		TEST(what_cannot_be_read_does_not_block_the_rest),
		TEST(the_takers_failure_ends_the_fetch),
		TEST(failed_messages_lie_in_dead_with_the_reason),
		TEST(a_name_that_is_taken_often_finds_its_place_in_dead),
		TEST(the_longest_name_finds_its_place_in_dead),
		TEST(a_message_that_was_replaced_meanwhile_is_not_lost),
		TEST(a_message_that_is_gone_is_as_good),
		TEST(nothing_unfinished_stays_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
