/* test_confine_end.c - how a worker ended is told as it was */
#include <signal.h>
#include <sys/wait.h>

#include "confine_int.h"
#include "test_confine_run.h"

static _Noreturn int
evil_loop(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	volatile unsigned n = 0;

	(void)ctx;
	(void)answer;
	(void)err;
	for (;;)
		n++;
}

static int
evil_crash(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)answer;
	(void)err;
	return raise(SIGSEGV);
}

static int
evil_silence(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)answer;
	(void)err;
	_exit(0);
}

/* Writes past its answer: finds the pipe by trying. */
static int
evil_babble(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	static char much[1 << 20];
	int fd, i;

	(void)ctx;
	(void)answer;
	(void)err;
	for (i = 0; i < 40; i++)
		for (fd = 3; fd < 64; fd++)
			if (write(fd, much, sizeof(much)) > 0)
				break;
	_exit(0);
}

/* Of the processor's time; where that is scarce, of any. */
static bool
ran_out_of_time(const struct outcome *o)
{
	return o->end == VT_CONFINE_SPENT || o->end == VT_CONFINE_LATE;
}

static void
an_endless_worker_is_late(void **state)
{
	struct outcome o;

	(void)state;
	run(evil_loop, NULL, 0, &o);
	assert_true(ran_out_of_time(&o));
	assert_int_equal(o.rc, VT_ELIMIT);
	vt_buf_release(&o.answer);
}

/* The hard limit kills as anybody does; a worker may have got so far. */
static int
evil_deaf_loop(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)signal(SIGXCPU, SIG_IGN);
	return evil_loop(ctx, answer, err);
}

static int
sends_itself(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const int *sig = ctx;

	(void)answer;
	(void)err;
	(void)kill(getpid(), *sig);
	return VT_OK;
}

static void
who_is_killed_from_outside_is_told_apart(void **state)
{
	static const struct {
		int signal;
		enum vt_confine_end end;
	} cases[] = {
		{ SIGKILL, VT_CONFINE_KILLED },
		{ SIGTERM, VT_CONFINE_KILLED },
		{ SIGHUP, VT_CONFINE_KILLED },
		{ SIGSYS, VT_CONFINE_DIED },
		{ SIGBUS, VT_CONFINE_DIED },
		{ SIGXCPU, VT_CONFINE_SPENT },
	};
	struct outcome o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int sig = cases[i].signal;

		run(sends_itself, &sig, VT_CONFINE_SECCOMP, &o);
		assert_int_equal(o.end, cases[i].end);
		assert_int_equal(o.rc, VT_ELIMIT);
		vt_buf_release(&o.answer);
	}
	run(evil_deaf_loop, NULL, VT_CONFINE_SECCOMP, &o);
	assert_true(ran_out_of_time(&o));
	vt_buf_release(&o.answer);
}

static void
ends_well(int signal)
{
	(void)signal;
	_exit(0);
}

static void
a_host_s_handlers_are_not_the_worker_s(void **state)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS,
		SIGABRT, SIGTRAP, SIGPROF };
	const struct sigaction host = { .sa_handler = ends_well };
	struct sigaction before;
	struct outcome o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		int sig = signals[i];

		assert_int_equal(sigaction(sig, &host, &before), 0);
		run(sends_itself, &sig, VT_CONFINE_SECCOMP, &o);
		assert_int_equal(sigaction(sig, &before, NULL), 0);
		assert_int_equal(o.end, VT_CONFINE_DIED);
		vt_buf_release(&o.answer);
	}
}

/* The kernel's ticks may say that all is used long before it is. */
static void
what_the_hard_limit_kills_is_spent(void **state)
{
	static const struct {
		int signal;
		int64_t ms;
		enum vt_confine_end end;
	} cases[] = {
		{ SIGKILL, 0, VT_CONFINE_KILLED },
		{ SIGKILL, 2499, VT_CONFINE_KILLED },
		{ SIGKILL, 2500, VT_CONFINE_SPENT },
		{ SIGKILL, 4999, VT_CONFINE_SPENT },
		{ SIGKILL, 6000, VT_CONFINE_SPENT },
		{ SIGTERM, 6000, VT_CONFINE_KILLED },
		{ SIGXCPU, 0, VT_CONFINE_SPENT },
		{ SIGSEGV, 6000, VT_CONFINE_DIED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(vt_confine_end_by(cases[i].signal,
				     1000 * cases[i].ms, 5),
		    cases[i].end);
}

static void
death_and_babble_are_told_apart(void **state)
{
	struct outcome o;

	(void)state;
	run(evil_crash, NULL, 0, &o);
	assert_int_equal(o.end, VT_CONFINE_DIED);
	assert_int_equal(o.rc, VT_ELIMIT);
	vt_buf_release(&o.answer);
	run(evil_silence, NULL, 0, &o);
	assert_int_equal(o.end, VT_CONFINE_BABBLED);
	assert_int_equal(o.rc, VT_ELIMIT);
	vt_buf_release(&o.answer);
	run(evil_babble, NULL, 0, &o);
	assert_int_equal(o.end, VT_CONFINE_BABBLED);
	assert_int_equal(o.rc, VT_ELIMIT);
	vt_buf_release(&o.answer);
}

static void
an_abandoned_worker_is_gone(void **state)
{
	const struct vt_confine_task task = { .fn = evil_loop };
	struct vt_confine_worker *w = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_confine_start(&task, &w, &err), &err);
	vt_confine_abandon(w);
	vt_confine_abandon(NULL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_endless_worker_is_late),
		cmocka_unit_test(who_is_killed_from_outside_is_told_apart),
		cmocka_unit_test(a_host_s_handlers_are_not_the_worker_s),
		cmocka_unit_test(what_the_hard_limit_kills_is_spent),
		cmocka_unit_test(death_and_babble_are_told_apart),
		cmocka_unit_test(an_abandoned_worker_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
