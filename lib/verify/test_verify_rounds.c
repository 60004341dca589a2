/* test_verify_rounds.c - what one worker wants, and the next one has */
#include <sys/resource.h>
#include <sys/wait.h>

#include <pthread.h>
#include <signal.h>

#include "test_verify_time.h"

#include "vanthu/confine.h"
#include "vanthu/digest.h"

#define URL "http://pki.test.invalid/"
#define DOWN URL "down"

/* Addresses that were asked, and what is had there. */
static struct {
	const struct vt_crl *list; /* at "good" */
	char text[1024];
} web;

static int
serve(void *ctx, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	const char *name = want->url + strlen(URL);

	(void)ctx;
	(void)err;
	snprintf(web.text + strlen(web.text),
	    sizeof(web.text) - strlen(web.text), "%s ", name);
	if (strcmp(name, "good") == 0)
		return vt_buf_bytes_put(ret, vt_crl_der(web.list));
	if (strncmp(name, "bad", 3) == 0)
		return vt_buf_puts(ret, "no list");
	return VT_ENET;
}

/* Judge what a signer whose certificate has EXT and MORE signs. */
static void
judge(struct world *w, const char *ext, const char *more, const char *reason,
    const char *asked)
{
	const struct vt_verify_options opts = { .trust = w->trust,
		.at = VT_TIME_NONE,
		.fetch = serve };
	struct vt_report *r = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	CMS_ContentInfo *cms;
	struct vt_buf b;

	signer_is(w, party_new((struct spec){ .cn = "Signer",
			 .issuer = &w->ca,
			 .until = IN(100),
			 .ext = { LEAF_EXT, ext, more } }));
	cms = signs(&w->signer, today);
	cms_put(cms, &b);
	CMS_ContentInfo_free(cms);
	web.text[0] = '\0';
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err), &err);
	assert_vt_ok(vt_verify_confined(src, "a.p7m", &opts, &r, &err), &err);
	assert_string_equal(web.text, asked);
	assert_string_equal(r->reason, reason);
	vt_report_free(r);
	vt_source_free(src);
	vt_buf_release(&b);
}

static void
begin(struct world *w, struct vt_crls *lists)
{
	world_bare(w);
	store_list(w, &w->root, AGO(1), IN(1));
	set_list(lists, &w->ca, AGO(1), IN(1));
	web.list = lists->items[0];
}

/* A server that is down is no reason not to ask the next. */
static void
where_one_address_fails_the_next_is_asked(void **state)
{
	struct vt_crls lists = { 0 };
	struct world w;

	(void)state;
	begin(&w, &lists);
	judge(&w, "crlDistributionPoints=URI:" URL "good", NULL, "ok", "good ");
	judge(&w, "crlDistributionPoints=URI:" DOWN ",URI:" URL "good", NULL,
	    "ok", "down good ");
	judge(&w, "authorityInfoAccess=OCSP;URI:" DOWN,
	    "crlDistributionPoints=URI:" URL "good", "ok", "down good ");
	judge(&w, "authorityInfoAccess=OCSP;URI:" DOWN, NULL,
	    "revocation-unknown", "down ");
	vt_crls_release(&lists);
	world_free(&w);
}

/* Each worker learns that one more address has no list. */
static void
workers_are_counted(void **state)
{
	struct vt_crls lists = { 0 };
	struct vt_buf ext, asked;
	struct world w;
	size_t more, i;

	(void)state;
	begin(&w, &lists);
	for (more = 0; more < 2; more++) {
		vt_buf_init(&ext, 1024);
		vt_buf_init(&asked, 1024);
		assert_int_equal(vt_buf_puts(&ext, "crlDistributionPoints="),
		    VT_OK);
		for (i = 1; i + 1 < VT_VERIFY_ROUNDS + more; i++) {
			vt_buf_printf(&ext, "URI:" URL "bad%zu,", i);
			vt_buf_printf(&asked, "bad%zu ", i);
		}
		vt_buf_puts(&ext, "URI:" URL "good");
		if (more == 0)
			vt_buf_puts(&asked, "good ");
		judge(&w, vt_buf_str(&ext), NULL,
		    more == 0 ? "ok" : "revocation-unknown",
		    vt_buf_str(&asked));
		vt_buf_release(&ext);
		vt_buf_release(&asked);
	}
	vt_crls_release(&lists);
	world_free(&w);
}

/* ---- workers that are killed ---- */

/* The bit I is the I-th worker: it gets SIGNAL as its first act. */
static struct {
	unsigned which, started;
	int signal;
} kills;

static void
count_worker(void)
{
	kills.started++;
}

static void
kill_worker(void)
{
	const struct rlimit none = { 0, 0 };

	if (kills.which == 0 || (kills.which & 1u << (kills.started - 1)) == 0)
		return;
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(kills.signal, SIG_DFL);
	(void)raise(kills.signal);
}

static void
kill_workers(int signal, unsigned which)
{
	kills.which = which;
	kills.signal = signal;
	kills.started = 0;
}

static void
a_worker_that_is_killed_has_one_more_try(void **state)
{
	static const struct {
		unsigned which;
		int signal;
		unsigned started;
		const char *reason, *asked;
	} cases[] = {
		{ 0, 0, 2, "ok", "good " },
		{ 1, SIGKILL, 3, "ok", "good " },
		{ 1, SIGTERM, 3, "ok", "good " },
		{ 2, SIGKILL, 3, "ok", "good " },
		{ 3, SIGKILL, 2, "worker-died", "" },
		{ 5, SIGKILL, 3, "worker-died", "good " }, /* once for a file */
		{ 6, SIGKILL, 3, "worker-died", "good " },
		{ 1, SIGSEGV, 1, "worker-died", "" }, /* the file may have */
		{ 1, SIGSYS, 1, "worker-died", "" },
		{ 1, SIGXCPU, 1, "limit", "" },
	};
	struct vt_crls lists = { 0 };
	struct world w;
	size_t i;

	(void)state;
	assert_int_equal(pthread_atfork(count_worker, NULL, kill_worker), 0);
	begin(&w, &lists);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kill_workers(cases[i].signal, cases[i].which);
		judge(&w, "crlDistributionPoints=URI:" URL "good", NULL,
		    cases[i].reason, cases[i].asked);
		assert_int_equal(kills.started, cases[i].started);
	}
	kill_workers(0, 0);
	vt_crls_release(&lists);
	world_free(&w);
}

/* Of many at a time only the one is tried again; what is told is in order. */
static void
told(void *ctx, size_t i, const struct vt_report *r, const struct vt_error *err)
{
	size_t *n = ctx;

	assert_null(err);
	assert_int_equal(i, *n);
	assert_string_equal(r->reason, i == 2 ? "worker-died" : "unsigned");
	++*n;
}

static void
among_many_the_one_is_tried_again(void **state)
{
	char path[] = "/tmp/vt-rounds-XXXXXX";
	struct vt_verify_item items[4] = { { 0 } };
	const struct vt_verify_options opts = { .at = VT_TIME_NONE };
	struct vt_error err = { 0 };
	int fd = mkstemp(path);
	size_t n = 0, i;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "text", 4), 4);
	close(fd);
	for (i = 0; i < 4; i++)
		items[i].path = path;
	/* the second, once; the third, which is the fourth then, twice */
	kill_workers(SIGKILL, 1u << 1 | 1u << 3 | 1u << 4);
	assert_vt_ok(vt_verify_each(items, 4, 1, &opts, told, &n, &err), &err);
	assert_int_equal(n, 4);
	assert_int_equal(kills.started, 6);
	kill_workers(0, 0);
	assert_int_equal(unlink(path), 0);
}

/* ---- the same at a desk ---- */

#define FILES 6

/* Signatures by one whose list is at "good". */
struct at_desk {
	struct world w;
	struct vt_crls lists;
	struct vt_buf files[FILES];
	struct vt_source *srcs[FILES];
	struct vt_verify_desk *desk;
	size_t numbers[FILES];
};

static void
desk_begin(struct at_desk *d, size_t jobs)
{
	struct vt_error err = { 0 };
	size_t i;

	memset(d, 0, sizeof(*d));
	begin(&d->w, &d->lists);
	signer_is(&d->w, party_new((struct spec){ .cn = "Signer",
			     .issuer = &d->w.ca,
			     .until = IN(100),
			     .ext = { LEAF_EXT,
				 "crlDistributionPoints=URI:" URL "good" } }));
	assert_vt_ok(vt_verify_desk_new(jobs, &d->desk, &err), &err);
	for (i = 0; i < FILES; i++) {
		CMS_ContentInfo *cms = signs(&d->w.signer, today);
		const struct vt_verify_options opts = { .trust = d->w.trust,
			.at = VT_TIME_NONE,
			.fetch = i % 2 == 0 ? serve : NULL };

		cms_put(cms, &d->files[i]);
		CMS_ContentInfo_free(cms);
		if (i == 3) /* another text than the one that was signed */
			*(unsigned char *)memmem(d->files[i].data,
			    d->files[i].len, TEXT, strlen(TEXT)) ^= 1;
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&d->files[i]),
				 &d->srcs[i], &err),
		    &err);
		assert_vt_ok(vt_verify_desk_add(d->desk, d->srcs[i], "a.p7m",
				 &opts, &d->numbers[i], &err),
		    &err);
	}
	web.text[0] = '\0';
}

/* From the last on: whatever is asked for first, each has its own. */
static void
desk_end(struct at_desk *d)
{
	unsigned char digest[VT_SHA256_LEN];
	struct vt_report *r = NULL;
	struct vt_error err = { 0 };
	size_t i;

	for (i = FILES; i-- > 0;) {
		assert_vt_ok(vt_verify_desk_end(d->desk, d->numbers[i], &r,
				 &err),
		    &err);
		assert_string_equal(r->reason, i == 3 ? "digest-mismatch"
					       : i % 2 == 0
						   ? "ok"
						   : "revocation-unknown");
		assert_int_equal(r->confined, vt_confine_layers());
		assert_string_equal(r->file, "a.p7m");
		vt_sha256(vt_buf_bytes(&d->files[i]), digest, &err);
		assert_memory_equal(r->sha256, digest, sizeof(digest));
		vt_report_free(r);
	}
	vt_verify_desk_free(d->desk);
	for (i = 0; i < FILES; i++) {
		vt_source_free(d->srcs[i]);
		vt_buf_release(&d->files[i]);
	}
	vt_crls_release(&d->lists);
	world_free(&d->w);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void
at_a_desk_each_has_what_it_wanted(void **state)
{
	struct at_desk d;

	(void)state;
	desk_begin(&d, 2);
	vt_verify_desk_start(d.desk);
	desk_end(&d);
	assert_string_equal(web.text, "good good good ");
}

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

/* One after the other: what they leave undone is done all the same. */
static void
a_desk_that_is_killed_leaves_nothing_out(void **state)
{
	struct at_desk d;
	pid_t pid;

	(void)state;
	desk_begin(&d, 1);
	vt_verify_desk_start(d.desk);
	pid = child();
	assert_true(pid > 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	desk_end(&d);
}

/* The desk is the first that is forked here, and a worker the next in it. */
static void
a_worker_that_is_killed_at_a_desk_has_one_more_try(void **state)
{
	struct at_desk d;

	(void)state;
	desk_begin(&d, 2);
	kill_workers(SIGKILL, 1u << 1);
	vt_verify_desk_start(d.desk);
	assert_int_equal(kills.started, 1);
	kill_workers(0, 0);
	desk_end(&d);
}

static void
what_never_started_is_judged_when_asked_for(void **state)
{
	struct at_desk d;

	(void)state;
	desk_begin(&d, VT_VERIFY_JOBS);
	assert_int_equal(child(), 0);
	desk_end(&d);
}

static void
a_desk_is_given_up(void **state)
{
	struct vt_verify_desk *none = NULL;
	struct at_desk d;
	size_t i;

	(void)state;
	desk_begin(&d, 2);
	vt_verify_desk_start(d.desk);
	vt_verify_desk_free(d.desk);
	vt_verify_desk_free(NULL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	for (i = 0; i < FILES; i++) {
		vt_source_free(d.srcs[i]);
		vt_buf_release(&d.files[i]);
	}
	vt_crls_release(&d.lists);
	world_free(&d.w);
	assert_int_equal(vt_verify_desk_new(0, &none, NULL), VT_EARG);
	assert_int_equal(vt_verify_desk_new(VT_VERIFY_JOBS + 1, &none, NULL),
	    VT_EARG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_one_address_fails_the_next_is_asked),
		cmocka_unit_test(workers_are_counted),
		cmocka_unit_test(a_worker_that_is_killed_has_one_more_try),
		cmocka_unit_test(among_many_the_one_is_tried_again),
		cmocka_unit_test(at_a_desk_each_has_what_it_wanted),
		cmocka_unit_test(a_desk_that_is_killed_leaves_nothing_out),
		cmocka_unit_test(
		    a_worker_that_is_killed_at_a_desk_has_one_more_try),
		cmocka_unit_test(what_never_started_is_judged_when_asked_for),
		cmocka_unit_test(a_desk_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
