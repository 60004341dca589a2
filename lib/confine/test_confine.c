/* test_confine.c - what a worker may do, and that nothing else works */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>

#include "test_confine_run.h"

/* ---- honest workers ---- */

static int
echo(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)err;
	return vt_buf_puts(answer, ctx);
}

static void
an_answer_comes_back(void **state)
{
	struct outcome o;
	char text[] = "xin chào";

	(void)state;
	run(echo, text, 0, &o);
	assert_vt_ok(o.rc, &o.err);
	assert_int_equal(o.end, VT_CONFINE_ANSWERED);
	assert_bytes_str(vt_buf_bytes(&o.answer), text);
	assert_int_equal(o.layers, vt_confine_layers());
	vt_buf_release(&o.answer);
}

static int
say_wrong(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)vt_buf_puts(answer, "not an answer");
	return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1", "%s is wrong",
	    "it");
}

static void
an_error_comes_back(void **state)
{
	struct outcome o;

	(void)state;
	run(say_wrong, NULL, 0, &o);
	assert_error_clause(o.rc, &o.err, VT_EFORMAT, "RFC 5652, 5.1");
	assert_string_equal(o.err.text, "it is wrong");
	assert_int_equal(o.end, VT_CONFINE_ANSWERED);
	assert_int_equal(o.answer.len, 0);
	vt_buf_release(&o.answer);
}

static int
fill(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	size_t n = *(size_t *)ctx;

	(void)err;
	if (vt_buf_reserve(answer, n) != VT_OK)
		return VT_ELIMIT;
	memset(answer->data, 'x', n);
	answer->len = n;
	return VT_OK;
}

/* An answer that its own buffer refuses never leaves the worker. */
static void
the_longest_answer_and_one_byte_more(void **state)
{
	size_t n = VT_CONFINE_ANSWER;
	struct outcome o;

	(void)state;
	run(fill, &n, 0, &o);
	assert_vt_ok(o.rc, &o.err);
	assert_int_equal(o.answer.len, n);
	vt_buf_release(&o.answer);
	n++;
	run(fill, &n, 0, &o);
	assert_int_equal(o.rc, VT_ELIMIT);
	assert_int_equal(o.answer.len, 0);
	vt_buf_release(&o.answer);
}

static int
read_file(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	char text[64];
	ssize_t n = pread(*(int *)ctx, text, sizeof(text), 0);

	(void)err;
	return n < 0 ? VT_EIO : vt_buf_put(answer, text, (size_t)n);
}

static void
only_files_that_are_named_stay_open(void **state)
{
	int named = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
	int other = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
	struct vt_confine_task task = { .fn = read_file,
		.ctx = &named,
		.files = &named,
		.nfiles = 1 };
	struct outcome o;

	(void)state;
	run_task(&task, &o);
	assert_vt_ok(o.rc, &o.err);
	assert_true(o.answer.len > 0);
	vt_buf_release(&o.answer);
	task.ctx = &other;
	run_task(&task, &o);
	assert_int_equal(o.rc, VT_EIO);
	vt_buf_release(&o.answer);
	task.nfiles = VT_CONFINE_FILES + 1;
	assert_int_equal(vt_confine_start(&task, NULL, NULL), VT_EARG);
	close(named);
	close(other);
}

/* What is written comes back; more than may be is refused, and no death. */
static int
use_scratch(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const int *fds = ctx;
	char text[8];

	(void)err;
	if (ftruncate(fds[0], 0) != 0 || lseek(fds[0], 0, SEEK_SET) != 0 ||
	    write(fds[0], "kept", 4) != 4 || pread(fds[0], text, 8, 0) != 4)
		return VT_EIO;
	if (lseek(fds[1], (off_t)VT_CONFINE_SCRATCH - 1, SEEK_SET) < 0 ||
	    write(fds[1], "x", 1) != 1)
		return VT_EFORMAT;
	if (write(fds[1], "x", 1) != -1 || errno != EFBIG)
		return VT_ELIMIT;
	return vt_buf_put(answer, text, 4);
}

static void
scratch_files_are_written(void **state)
{
	char *dir = test_dir_new();
	int fds[2];
	struct vt_confine_task task = { .fn = use_scratch,
		.ctx = fds,
		.scratch = fds,
		.nscratch = 2 };
	struct outcome o;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(vt_file_nameless(dir, &fds[i], NULL), VT_OK);
		assert_int_equal(write(fds[i], "of before", 9), 9);
	}
	run_task(&task, &o);
	assert_vt_ok(o.rc, &o.err);
	assert_bytes_str(vt_buf_bytes(&o.answer), "kept");
	assert_int_equal(o.layers, vt_confine_layers());
	vt_buf_release(&o.answer);
	/* what is named as a file to be read is not written */
	task.nscratch = 0;
	task.files = fds;
	task.nfiles = 2;
	run_task(&task, &o);
	assert_int_equal(o.rc, VT_EIO);
	vt_buf_release(&o.answer);
	task.nscratch = VT_CONFINE_FILES - 1;
	assert_int_equal(vt_confine_start(&task, NULL, NULL), VT_EARG);
	close(fds[0]);
	close(fds[1]);
	test_dir_free(dir);
}

static int
slow_echo(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	volatile unsigned long n = *(unsigned long *)ctx;

	(void)err;
	while (n-- > 0)
		;
	return vt_buf_put(answer, ctx, sizeof(unsigned long));
}

static void
several_at_once(void **state)
{
	struct vt_confine_worker *w[4], *done;
	unsigned long loops[4] = { 30000000, 2, 10000000, 4 }, got;
	enum vt_confine_end end;
	struct vt_error err = { 0 };
	struct vt_buf answer;
	size_t i, n = 4, sum = 0;

	(void)state;
	for (i = 0; i < n; i++) {
		const struct vt_confine_task task = { .fn = slow_echo,
			.ctx = &loops[i] };

		assert_vt_ok(vt_confine_start(&task, &w[i], &err), &err);
	}
	while (n > 0) {
		assert_vt_ok(vt_confine_wait(w, n, &i, &err), &err);
		done = w[i];
		w[i] = w[--n];
		vt_buf_init(&answer, VT_CONFINE_ANSWER);
		assert_vt_ok(vt_confine_finish(done, &end, NULL, &answer, &err),
		    &err);
		memcpy(&got, answer.data, sizeof(got));
		sum += got;
		vt_buf_release(&answer);
	}
	assert_int_equal(sum, 40000006);
}

/* ---- evil workers: each says what it got away with ---- */

static int
say(struct vt_buf *answer, bool got_away)
{
	return vt_buf_puts(answer, got_away ? "done" : "stopped");
}

static int
evil_open(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)err;
	return say(answer, open(ctx, O_RDONLY) >= 0);
}

static int
evil_write(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)err;
	return say(answer, open(ctx, O_WRONLY | O_CREAT, 0600) >= 0);
}

static int
evil_connect(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)ctx;
	(void)err;
	to.sin_port = htons(9);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return say(answer, false);
	return say(answer,
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 ||
		(errno != EACCES && errno != EPERM));
}

static int
evil_exec(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	char *argv[] = { ctx, NULL };

	(void)err;
	execv(ctx, argv);
	return say(answer, false);
}

static int
evil_fork(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	pid_t pid = fork();

	(void)ctx;
	(void)err;
	if (pid == 0)
		_exit(0);
	return say(answer, pid > 0);
}

static int
evil_memory(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	char *p = mmap(NULL, (size_t)1 << 30, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)ctx;
	(void)err;
	return say(answer, p != MAP_FAILED);
}

/* Half of what it may have, and every page of it. */
static int
much_memory(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	size_t n = VT_CONFINE_MEMORY / 2;
	char *p = malloc(n);

	(void)ctx;
	(void)err;
	if (p == NULL)
		return say(answer, false);
	memset(p, 'x', n);
	return say(answer, p[n - 1] == 'x');
}

static int
evil_code(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)ctx;
	(void)err;
	return say(answer, p != MAP_FAILED);
}

static int
evil_kill(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)err;
	return say(answer, kill(getppid(), 0) == 0);
}

static int
evil_trace(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)err;
	return say(answer, prctl(PR_SET_DUMPABLE, 1) == 0);
}

/* Dead, or alive and without what it wanted. */
static void
assert_stopped(const char *what, struct outcome *o)
{
	if (o->end == VT_CONFINE_ANSWERED && o->rc == VT_OK &&
	    vt_bytes_equal_str(vt_buf_bytes(&o->answer), "done"))
		fail_msg("a worker got away with %s", what);
	vt_buf_release(&o->answer);
}

#ifdef __SANITIZE_ADDRESS__
#define MEMORY_HELD 0 /* no limit on addresses under its shadow */
#else
#define MEMORY_HELD 1
#endif

static void
evil_is_stopped(void **state)
{
	static char file[] = "/etc/passwd", program[] = "/bin/true",
		    made[] = "/tmp/vanthu-confine-test";
	static const struct {
		const char *name;
		work_fn *fn;
		void *ctx;
	} deeds[] = {
		{ "open", evil_open, file },
		{ "write", evil_write, made },
		{ "connect", evil_connect, NULL },
		{ "exec", evil_exec, program },
		{ "fork", evil_fork, NULL },
		{ "code", evil_code, NULL },
		{ "kill", evil_kill, NULL },
		{ "trace", evil_trace, NULL },
	};
	struct outcome o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		run(deeds[i].fn, deeds[i].ctx, 0, &o);
		assert_stopped(deeds[i].name, &o);
		/* The deed itself is one that works where nothing holds. */
		if (deeds[i].fn == evil_write || deeds[i].fn == evil_exec)
			continue;
		run(deeds[i].fn, deeds[i].ctx, VT_CONFINE_ALL, &o);
		assert_vt_ok(o.rc, &o.err);
		assert_bytes_str(vt_buf_bytes(&o.answer), "done");
		vt_buf_release(&o.answer);
	}
	assert_int_equal(access(made, F_OK), -1);
	if (MEMORY_HELD) {
		run(evil_memory, NULL, 0, &o);
		assert_stopped("memory", &o);
	}
}

/* Each layer alone stops what it is there for. */
static void
each_layer_alone(void **state)
{
	static char file[] = "/etc/passwd";
	unsigned have = vt_confine_layers();
	struct outcome o;

	(void)state;
	if ((have & VT_CONFINE_LANDLOCK) != 0) {
		run(evil_open, file, VT_CONFINE_ALL & ~VT_CONFINE_LANDLOCK, &o);
		assert_int_equal(o.layers, VT_CONFINE_LANDLOCK);
		assert_stopped("open, by Landlock", &o);
	}
	if ((have & VT_CONFINE_SECCOMP) != 0) {
		run(evil_open, file, VT_CONFINE_ALL & ~VT_CONFINE_SECCOMP, &o);
		assert_int_equal(o.layers, VT_CONFINE_SECCOMP);
		assert_stopped("open, by seccomp", &o);
		run(evil_connect, NULL, VT_CONFINE_ALL & ~VT_CONFINE_SECCOMP,
		    &o);
		assert_stopped("connect, by seccomp", &o);
		run(evil_fork, NULL, VT_CONFINE_ALL & ~VT_CONFINE_SECCOMP, &o);
		assert_stopped("fork, by seccomp", &o);
	}
	run(evil_open, file, VT_CONFINE_ALL & ~VT_CONFINE_RLIMITS, &o);
	assert_stopped("open, by rlimits", &o);
	if (MEMORY_HELD) {
		run(evil_memory, NULL, VT_CONFINE_ALL & ~VT_CONFINE_RLIMITS,
		    &o);
		assert_stopped("memory, by rlimits", &o);
	}
}

static void
memory_within_the_limit_is_had(void **state)
{
	struct outcome o;

	(void)state;
	run(much_memory, NULL, 0, &o);
	assert_vt_ok(o.rc, &o.err);
	assert_bytes_str(vt_buf_bytes(&o.answer), "done");
	vt_buf_release(&o.answer);
}

/* As many files as may be kept open, and one more. */
static void
the_most_files_and_one_more(void **state)
{
	int files[VT_CONFINE_FILES + 1];
	struct vt_confine_task task = { .fn = read_file,
		.ctx = &files[VT_CONFINE_FILES - 1],
		.files = files,
		.nfiles = VT_CONFINE_FILES };
	struct vt_confine_worker *w = NULL;
	struct outcome o;
	size_t i;

	(void)state;
	for (i = 0; i <= VT_CONFINE_FILES; i++)
		files[i] = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
	run_task(&task, &o);
	assert_vt_ok(o.rc, &o.err);
	assert_true(o.answer.len > 0);
	vt_buf_release(&o.answer);
	task.nfiles++;
	memset(&o.err, 0, sizeof(o.err));
	assert_vt_error(vt_confine_start(&task, &w, &o.err), &o.err, VT_EARG);
	for (i = 0; i <= VT_CONFINE_FILES; i++)
		close(files[i]);
}

static void
layers_have_names(void **state)
{
	unsigned bit, all = 0;
	const char *name;
	size_t i;

	(void)state;
	for (i = 0; vt_confine_layer(i, &bit, &name); i++) {
		assert_non_null(name);
		all |= bit;
	}
	assert_int_equal(all, VT_CONFINE_ALL);
	print_message("this kernel offers %x of %x\n", vt_confine_layers(),
	    VT_CONFINE_ALL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_back),
		cmocka_unit_test(an_error_comes_back),
		cmocka_unit_test(the_longest_answer_and_one_byte_more),
		cmocka_unit_test(only_files_that_are_named_stay_open),
		cmocka_unit_test(scratch_files_are_written),
		cmocka_unit_test(several_at_once),
		cmocka_unit_test(evil_is_stopped),
		cmocka_unit_test(each_layer_alone),
		cmocka_unit_test(memory_within_the_limit_is_had),
		cmocka_unit_test(the_most_files_and_one_more),
		cmocka_unit_test(layers_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
