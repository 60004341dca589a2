/* confine_worker.c - start a worker, wait for it, read its one answer */
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "confine_int.h"
#include "vanthu/file.h"

struct vt_confine_worker {
	pid_t pid;
	int fd;
	unsigned cpu_s;      /* that it may have */
	int64_t deadline_ms; /* of the monotonic clock */
	bool late, ended;    /* killed by us; its pipe is at its end */
	bool too_long;
	struct vt_buf got; /* head and answer, as they came */
};

unsigned
vt_confine_cpu_s(const struct vt_confine_task *task)
{
	uint64_t more = task->input / VT_CONFINE_CPU_BYTES;

	return VT_CONFINE_CPU_S + (unsigned)(more < 3600 ? more : 3600);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- in the worker ---- */

static void
reply(int fd, unsigned layers, int rc, const struct vt_buf *answer,
    const struct vt_error *why)
{
	struct confine_head head = { .layers = layers };
	struct confine_error e;
	struct vt_bytes body = vt_confine_pack(rc, answer, why, &head, &e);

	if (vt_fd_write(fd, VT_BYTES(&head, sizeof(head)), NULL) != VT_OK ||
	    vt_fd_write(fd, body, NULL) != VT_OK)
		_exit(1);
}

static _Noreturn void
work(const struct vt_confine_task *task, int fd, pid_t parent)
{
	struct vt_error why = { 0 };
	struct vt_buf answer;
	unsigned layers;
	int rc;

	vt_confine_child(parent);
	vt_buf_init(&answer, VT_CONFINE_ANSWER);
	layers = vt_confine_lock(task, fd);
	rc = task->fn(task->ctx, &answer, &why);
	reply(fd, layers, rc, &answer, &why);
	_exit(0);
}

/* ---- in the parent ---- */

int
vt_confine_start(const struct vt_confine_task *task,
    struct vt_confine_worker **ret, struct vt_error *err)
{
	struct vt_confine_worker *w;
	pid_t self = getpid();
	int pipes[2];

	if (task->nfiles + task->nscratch > VT_CONFINE_FILES)
		return vt_error_set(err, VT_EARG, NULL,
		    "more than %d files for one worker", VT_CONFINE_FILES);
	if ((w = calloc(1, sizeof(*w))) == NULL)
		return vt_error_nomem(err);
	if (pipe2(pipes, O_CLOEXEC) != 0) {
		free(w);
		return vt_error_io(err, "cannot make a pipe");
	}
	if ((w->pid = fork()) < 0) {
		close(pipes[0]);
		close(pipes[1]);
		free(w);
		return vt_error_io(err, "cannot start a worker");
	}
	if (w->pid == 0)
		work(task, pipes[1], self);
	close(pipes[1]);
	w->fd = pipes[0];
	w->cpu_s = vt_confine_cpu_s(task);
	w->deadline_ms =
	    now_ms() + 1000 * (VT_CONFINE_WALL_S + 2 * (int64_t)w->cpu_s);
	vt_buf_init(&w->got, sizeof(struct confine_head) + VT_CONFINE_ANSWER);
	*ret = w;
	return VT_OK;
}

/* Most answers are shorter; each page of a stack is copied after a fork. */
#define PIECE (4u * 1024)

/* Take what has come.  An end of the pipe is the end of the worker. */
static int
take(struct vt_confine_worker *w, struct vt_error *err)
{
	unsigned char piece[PIECE];
	ssize_t n;
	int rc;

	while ((n = read(w->fd, piece, sizeof(piece))) < 0 && errno == EINTR)
		;
	if (n < 0)
		return vt_error_io(err, "cannot read a worker's answer");
	w->ended = n == 0;
	if (n == 0 || w->too_long)
		return VT_OK;
	rc = vt_buf_put(&w->got, piece, (size_t)n);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc == VT_ELIMIT) { /* it may as well stop now */
		w->too_long = true;
		(void)kill(w->pid, SIGKILL);
	}
	return VT_OK;
}

static void
stop_late(struct vt_confine_worker *w, int64_t now)
{
	if (w->late || w->deadline_ms > now)
		return;
	w->late = true;
	(void)kill(w->pid, SIGKILL);
}

int
vt_confine_wait(struct vt_confine_worker *const *workers, size_t n, size_t *ret,
    struct vt_error *err)
{
	struct pollfd *fds = calloc(n, sizeof(*fds));
	int64_t now, first;
	size_t i;
	int rc = VT_OK, ready;

	if (fds == NULL)
		return vt_error_nomem(err);
	for (;;) {
		now = now_ms();
		first = INT64_MAX;
		for (i = 0; i < n; i++) {
			struct vt_confine_worker *w = workers[i];

			if (w->ended)
				goto found;
			if (!w->late && w->deadline_ms < first)
				first = w->deadline_ms;
			fds[i] = (struct pollfd){ w->fd, POLLIN, 0 };
		}
		ready = poll(fds, n,
		    first == INT64_MAX ? -1
		    : first > now      ? (int)(first - now)
				       : 0);
		if (ready < 0 && errno != EINTR) {
			rc = vt_error_io(err, "cannot wait for a worker");
			goto out;
		}
		for (i = 0; ready >= 0 && i < n; i++) {
			if (fds[i].revents != 0 &&
			    (rc = take(workers[i], err)) != VT_OK)
				goto out;
			/* what had ended before we looked is not late */
			if (fds[i].revents == 0)
				stop_late(workers[i], now);
		}
	}
found:
	*ret = i;
out:
	free(fds);
	return rc;
}

static int
reap(pid_t pid, struct rusage *used)
{
	int status = 0;

	while (wait4(pid, &status, 0, used) < 0 && errno == EINTR)
		;
	return status;
}

void
vt_confine_abandon(struct vt_confine_worker *w)
{
	if (w == NULL)
		return;
	(void)kill(w->pid, SIGKILL);
	(void)reap(w->pid, NULL);
	close(w->fd);
	vt_buf_release(&w->got);
	free(w);
}

/* An answer that is whole: its head, what the head announces, nothing more. */
static bool
whole(const struct vt_confine_worker *w, struct confine_head *ret)
{
	if (w->too_long || w->got.len < sizeof(*ret))
		return false;
	memcpy(ret, w->got.data, sizeof(*ret));
	return vt_confine_sound(ret, w->got.len - sizeof(*ret));
}

/*
 * The hard limit on the processor's time kills as anybody does, and no sooner
 * than the time is used up; but the kernel counts that in ticks, and may have
 * charged whole ones for a part.  Half of it, counted exactly, is told as all:
 * taken for killed, a worker that listens to nothing would be tried again.
 */
static bool
used_up(int64_t us, unsigned cpu_s)
{
	return us >= (int64_t)cpu_s * 1000000 / 2;
}

enum vt_confine_end
vt_confine_end_by(int signal, int64_t us, unsigned cpu_s)
{
	switch (signal) {
	case SIGXCPU:
		return VT_CONFINE_SPENT;
	case SIGKILL:
		return used_up(us, cpu_s) ? VT_CONFINE_SPENT
					  : VT_CONFINE_KILLED;
	case SIGHUP:
	case SIGINT:
	case SIGQUIT:
	case SIGTERM:
		return VT_CONFINE_KILLED;
	default:
		return VT_CONFINE_DIED;
	}
}

static int64_t
us_of(const struct timeval *t)
{
	return (int64_t)t->tv_sec * 1000000 + t->tv_usec;
}

static enum vt_confine_end
end_of(const struct vt_confine_worker *w, struct confine_head *head)
{
	struct rusage used = { 0 };
	int status = reap(w->pid, &used);

	if (w->late)
		return VT_CONFINE_LATE;
	if (w->too_long)
		return VT_CONFINE_BABBLED;
	if (WIFSIGNALED(status))
		return vt_confine_end_by(WTERMSIG(status),
		    us_of(&used.ru_utime) + us_of(&used.ru_stime), w->cpu_s);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return VT_CONFINE_DIED;
	if (!whole(w, head))
		return VT_CONFINE_BABBLED;
	return head->code == VT_ENOMEM ? VT_CONFINE_MEMORYLESS
				       : VT_CONFINE_ANSWERED;
}

static int
answer_of(const struct vt_confine_worker *w, const struct confine_head *head,
    struct vt_buf *answer, struct vt_error *err)
{
	const unsigned char *body = w->got.data + sizeof(*head);
	struct confine_error e;

	if (head->code == VT_OK)
		return vt_buf_put(answer, body, head->len) == VT_OK
			   ? VT_OK
			   : (int)vt_error_nomem(err);
	memcpy(&e, body, sizeof(e));
	return vt_confine_unpack(head->code, &e, err);
}

int
vt_confine_finish(struct vt_confine_worker *w, enum vt_confine_end *ret_end,
    unsigned *layers, struct vt_buf *answer, struct vt_error *err)
{
	struct confine_head head = { 0, 0, 0, 0 };
	size_t i;
	int rc;

	if (!w->ended && (rc = vt_confine_wait(&w, 1, &i, err)) != VT_OK) {
		vt_confine_abandon(w);
		return rc;
	}
	*ret_end = end_of(w, &head);
	if (layers != NULL)
		*layers = head.layers;
	switch (*ret_end) {
	case VT_CONFINE_ANSWERED:
		rc = answer_of(w, &head, answer, err);
		break;
	case VT_CONFINE_LATE:
	case VT_CONFINE_SPENT:
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "the worker was stopped: it took too long");
		break;
	case VT_CONFINE_MEMORYLESS:
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "the worker had no more memory than %llu bytes",
		    VT_CONFINE_MEMORY);
		break;
	case VT_CONFINE_BABBLED:
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "the worker's answer is not one");
		break;
	case VT_CONFINE_KILLED:
		rc =
		    vt_error_set(err, VT_ELIMIT, NULL, "the worker was killed");
		break;
	case VT_CONFINE_DIED:
	default:
		rc = vt_error_set(err, VT_ELIMIT, NULL, "the worker died");
		break;
	}
	close(w->fd);
	vt_buf_release(&w->got);
	free(w);
	return rc;
}

/* ---- what there is ---- */

static const struct {
	unsigned bit;
	const char *name;
} layers_known[] = {
	{ VT_CONFINE_RLIMITS, "rlimits" },
	{ VT_CONFINE_NO_PRIVS, "no-new-privs" },
	{ VT_CONFINE_LANDLOCK, "landlock" },
	{ VT_CONFINE_SECCOMP, "seccomp" },
	{ VT_CONFINE_CLOSED, "closed" },
};

bool
vt_confine_layer(size_t i, unsigned *ret_bit, const char **ret_name)
{
	if (i >= sizeof(layers_known) / sizeof(layers_known[0]))
		return false;
	*ret_bit = layers_known[i].bit;
	*ret_name = layers_known[i].name;
	return true;
}

static int
nothing(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	(void)ctx;
	(void)answer;
	(void)err;
	return VT_OK;
}

unsigned
vt_confine_layers(void)
{
	const struct vt_confine_task task = { .fn = nothing };
	struct vt_confine_worker *w;
	enum vt_confine_end end;
	struct vt_buf answer;
	unsigned layers = 0;

	vt_buf_init(&answer, 1);
	if (vt_confine_start(&task, &w, NULL) == VT_OK)
		(void)vt_confine_finish(w, &end, &layers, &answer, NULL);
	vt_buf_release(&answer);
	return layers;
}
