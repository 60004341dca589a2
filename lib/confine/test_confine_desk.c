/* test_confine_desk.c - a desk has many workers, and nothing else of ours */
#include <sys/mman.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "test_util.h"
#include "vanthu/confine.h"

#define MANY 20

/* What desk, workers and test share. */
struct shared {
	pid_t desk;
	pid_t workers[MANY];
	int running, most; /* workers at once */
	int begun;
};

typedef int work_fn(void *ctx, struct vt_buf *answer, struct vt_error *err);

struct job {
	struct world *w;
	size_t i;
	work_fn *fn;
	bool unstarted;
};

struct world {
	struct shared *shared;
	struct job jobs[MANY];
	struct vt_confine_desk *desk;
	struct vt_confine_outcome got[MANY]; /* by their number */
	bool have[MANY];
	size_t n;
	int fd; /* a file of the test's own */
};

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	size_t i;

	assert_non_null(w);
	w->shared = mmap(NULL, sizeof(*w->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(w->shared != MAP_FAILED);
	w->fd = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
	for (i = 0; i < MANY; i++)
		w->jobs[i] = (struct job){ .w = w, .i = i };
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	size_t i;

	vt_confine_desk_free(w->desk);
	for (i = 0; i < MANY; i++)
		vt_buf_release(&w->got[i].answer);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	munmap(w->shared, sizeof(*w->shared));
	close(w->fd);
	free(w);
	return 0;
}

static int
begin(void *ctx, size_t i, struct vt_confine_worker **ret, struct vt_error *err)
{
	struct world *w = ctx;
	const struct vt_confine_task task = { .fn = w->jobs[i].fn,
		.ctx = &w->jobs[i] };

	w->shared->desk = getpid();
	w->shared->begun++;
	return w->jobs[i].unstarted ? VT_EIO
				    : vt_confine_start(&task, ret, err);
}

static void
open_desk(struct world *w, size_t n, size_t most, work_fn *fn)
{
	struct vt_error err = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		if (w->jobs[i].fn == NULL)
			w->jobs[i].fn = fn;
	assert_vt_ok(vt_confine_desk_open(n, most, begin, w, &w->desk, &err),
	    &err);
}

/* All that it tells. */
static void
listen_to(struct world *w)
{
	struct vt_confine_outcome o;

	while (vt_confine_desk_next(w->desk, &o)) {
		assert_true(o.i < MANY);
		assert_false(w->have[o.i]);
		w->have[o.i] = true;
		w->got[o.i] = o;
		w->n++;
	}
}

/* FN for N, each of which has an outcome. */
static void
run_desk(struct world *w, size_t n, size_t most, work_fn *fn)
{
	open_desk(w, n, most, fn);
	listen_to(w);
	assert_int_equal(w->n, n);
}

static int
number(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const struct job *job = ctx;
	struct shared *s = job->w->shared;
	volatile int spin = 200000;
	int now = __atomic_add_fetch(&s->running, 1, __ATOMIC_SEQ_CST);

	(void)err;
	if (now > __atomic_load_n(&s->most, __ATOMIC_SEQ_CST))
		__atomic_store_n(&s->most, now, __ATOMIC_SEQ_CST);
	while (spin-- > 0)
		;
	__atomic_sub_fetch(&s->running, 1, __ATOMIC_SEQ_CST);
	return vt_buf_printf(answer, "%zu", job->i);
}

static void
each_is_told_once(void **state)
{
	struct world *w = *state;
	struct vt_confine_outcome none;
	char text[16];
	size_t i;

	run_desk(w, MANY, 3, number);
	assert_int_equal(w->shared->begun, MANY);
	assert_true(w->shared->most <= 3);
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "%zu", i);
		assert_int_equal(w->got[i].rc, VT_OK);
		assert_int_equal(w->got[i].end, VT_CONFINE_ANSWERED);
		assert_int_equal(w->got[i].layers, vt_confine_layers());
		assert_bytes_str(vt_buf_bytes(&w->got[i].answer), text);
	}
	assert_false(vt_confine_desk_next(w->desk, &none));
}

static int
wrong(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)answer;
	return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1", "%s is wrong",
	    "it");
}

static int
crash(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)answer;
	(void)err;
	(void)raise(SIGKILL);
	abort();
}

static int
silence(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)answer;
	(void)err;
	_exit(0);
}

static void
their_ends_are_told_apart(void **state)
{
	struct world *w = *state;

	w->jobs[0].fn = wrong;
	w->jobs[1].fn = crash;
	w->jobs[2].fn = silence;
	w->jobs[3].unstarted = true;
	open_desk(w, 5, 2, number);
	listen_to(w);
	assert_int_equal(w->n, 4);
	assert_int_equal(w->got[0].end, VT_CONFINE_ANSWERED);
	assert_int_equal(w->got[0].rc, VT_EFORMAT);
	assert_string_equal(w->got[0].why.text, "it is wrong");
	assert_string_equal(w->got[0].why.clause, "RFC 5652, 5.1");
	assert_int_equal(w->got[1].end, VT_CONFINE_DIED);
	assert_int_equal(w->got[1].rc, VT_ELIMIT);
	assert_int_equal(w->got[2].end, VT_CONFINE_BABBLED);
	assert_int_equal(w->got[2].rc, VT_ELIMIT);
	assert_false(w->have[3]);
	assert_int_equal(w->got[4].rc, VT_OK);
}

static int
much(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const struct job *job = ctx;

	(void)err;
	if (vt_buf_reserve(answer, VT_CONFINE_ANSWER) != VT_OK)
		return VT_ELIMIT;
	memset(answer->data, 'a' + (int)job->i, VT_CONFINE_ANSWER);
	answer->len = VT_CONFINE_ANSWER;
	return VT_OK;
}

/* More than fits between the two: the desk waits, and nothing is lost. */
static void
the_longest_answers_wait(void **state)
{
	struct world *w = *state;
	size_t i;

	run_desk(w, 3, 2, much);
	for (i = 0; i < 3; i++) {
		const struct vt_buf *b = &w->got[i].answer;

		assert_int_equal(b->len, VT_CONFINE_ANSWER);
		assert_int_equal(b->data[0], 'a' + i);
		assert_int_equal(b->data[b->len - 1], 'a' + i);
	}
}

/* Descriptors that answer at all. */
static int
count_files(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	int fd, n = 0;

	(void)ctx;
	(void)err;
	for (fd = 0; fd < 1024; fd++)
		if (lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF)
			n++;
	return vt_buf_printf(answer, "%d", n);
}

/* Standard error and its own pipe: not the desk's, not another worker's. */
static void
a_worker_has_no_file_of_the_desk(void **state)
{
	struct world *w = *state;
	size_t i;

	run_desk(w, 4, 4, count_files);
	for (i = 0; i < 4; i++)
		assert_bytes_str(vt_buf_bytes(&w->got[i].answer), "2");
}

static int
look_at_files(void *ctx, size_t i, struct vt_confine_worker **ret,
    struct vt_error *err)
{
	struct world *w = ctx;

	if (fcntl(w->fd, F_GETFD) != -1)
		return VT_EIO;
	return begin(ctx, i, ret, err);
}

/* A lock that ours holds must not outlive it in a desk. */
static void
a_desk_has_no_file_of_ours(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };

	assert_true(w->fd > STDERR_FILENO);
	w->jobs[0].fn = number;
	assert_vt_ok(vt_confine_desk_open(1, 1, look_at_files, w, &w->desk,
			 &err),
	    &err);
	listen_to(w);
	assert_int_equal(w->n, 1);
}

static int
stay(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const struct job *job = ctx;
	volatile bool for_ever = true;

	(void)answer;
	(void)err;
	__atomic_store_n(&job->w->shared->workers[job->i], getpid(),
	    __ATOMIC_SEQ_CST);
	while (for_ever)
		;
	return VT_OK;
}

static void
wait_for_workers(struct world *w, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		while (__atomic_load_n(&w->shared->workers[i],
			   __ATOMIC_SEQ_CST) == 0)
			usleep(1000);
}

/* Also where nobody waits for it: then it is a zombie of somebody else's. */
static bool
is_gone(pid_t pid)
{
	char path[64], state = 'Z';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if ((f = fopen(path, "r")) == NULL)
		return true;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(f);
	return state == 'Z' || state == 'X';
}

static void
wait_until_gone(struct world *w, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		while (!is_gone(w->shared->workers[i]))
			usleep(1000);
}

/* What has ended before is told; of the others nothing is. */
static void
a_desk_that_dies_takes_its_workers_along(void **state)
{
	struct world *w = *state;

	w->jobs[2].fn = number;
	open_desk(w, 4, 3, stay);
	assert_true(vt_confine_desk_next(w->desk, &w->got[2]));
	assert_int_equal(w->got[2].i, 2);
	wait_for_workers(w, 2);
	assert_int_equal(kill(w->shared->desk, SIGKILL), 0);
	listen_to(w);
	assert_int_equal(w->n, 0);
	wait_until_gone(w, 2);
}

static void
a_desk_that_is_freed_is_gone(void **state)
{
	struct world *w = *state;

	open_desk(w, 2, 2, stay);
	wait_for_workers(w, 2);
	vt_confine_desk_free(w->desk);
	w->desk = NULL;
	vt_confine_desk_free(NULL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	wait_until_gone(w, 2);
}

/* The signal is for ours alone, as a service manager's may be. */
static void
all_end_with_their_parent(void **state)
{
	struct world *w = *state;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)signal(SIGTERM, SIG_DFL);
		open_desk(w, 2, 2, stay);
		pause();
		_exit(0);
	}
	wait_for_workers(w, 2);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	while (!is_gone(w->shared->desk))
		usleep(1000);
	wait_until_gone(w, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_is_told_once),
		TEST(their_ends_are_told_apart),
		TEST(the_longest_answers_wait),
		TEST(a_worker_has_no_file_of_the_desk),
		TEST(a_desk_has_no_file_of_ours),
		TEST(a_desk_that_dies_takes_its_workers_along),
		TEST(a_desk_that_is_freed_is_gone),
		TEST(all_end_with_their_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
