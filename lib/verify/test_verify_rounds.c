/* test_verify_rounds.c - what one worker wants, and the next one has */
#include <sys/resource.h>

#include <pthread.h>
#include <signal.h>

#include "test_verify_time.h"

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

	if ((kills.which & 1u << (kills.started - 1)) == 0)
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_one_address_fails_the_next_is_asked),
		cmocka_unit_test(workers_are_counted),
		cmocka_unit_test(a_worker_that_is_killed_has_one_more_try),
		cmocka_unit_test(among_many_the_one_is_tried_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
