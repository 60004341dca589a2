/* confine_desk.c - a process that starts workers and waits for them */
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "confine_int.h"
#include "vanthu/file.h"

/*
 * Room for the outcomes that nobody has asked for yet; the least that any user
 * may have.  Where it is full the desk waits.
 */
#define PIPE_BYTES (1 << 20)

/* What the desk writes of each worker: this, and LEN bytes. */
struct desk_head {
	struct confine_head head; /* as the worker's own, with the code of .. */
	uint32_t end;             /* .. vt_confine_finish() and what it says */
	uint32_t i;
};

struct vt_confine_desk {
	pid_t pid;
	int fd;
	size_t n;
	bool *told; /* N of them */
};

/* ---- in the desk ---- */

struct desk {
	int fd;
	struct vt_confine_worker **workers; /* those that run */
	size_t *which;                      /* .. for what */
	size_t running;
};

/*
 * Locks and the like are the parent's alone.  0 to 2 stay: nothing that is
 * opened here may be taken for one of them.
 */
static void
close_others(int fd)
{
	if (fd > 3)
		(void)syscall(SYS_close_range, 3u, (unsigned)fd - 1, 0);
	(void)syscall(SYS_close_range, (unsigned)fd + 1, ~0u, 0);
}

static int
tell(const struct desk *d, size_t i, enum vt_confine_end end, unsigned layers,
    int rc, const struct vt_buf *answer, const struct vt_error *why)
{
	struct desk_head h = { .head.layers = layers,
		.end = (uint32_t)end,
		.i = (uint32_t)i };
	struct confine_error e;
	struct vt_bytes body = vt_confine_pack(rc, answer, why, &h.head, &e);

	rc = vt_fd_write(d->fd, VT_BYTES(&h, sizeof(h)), NULL);
	return rc == VT_OK ? vt_fd_write(d->fd, body, NULL) : rc;
}

/* Wait until one has ended, and tell how. */
static int
end_one(struct desk *d)
{
	struct vt_error why = { 0 };
	enum vt_confine_end end = VT_CONFINE_DIED;
	struct vt_buf answer;
	unsigned layers = 0;
	size_t k;
	int rc;

	if ((rc = vt_confine_wait(d->workers, d->running, &k, NULL)) != VT_OK)
		return rc;
	vt_buf_init(&answer, VT_CONFINE_ANSWER);
	rc = vt_confine_finish(d->workers[k], &end, &layers, &answer, &why);
	rc = tell(d, d->which[k], end, layers, rc, &answer, &why);
	vt_buf_release(&answer);
	d->running--;
	d->workers[k] = d->workers[d->running];
	d->which[k] = d->which[d->running];
	return rc;
}

static _Noreturn void
serve(size_t n, size_t most, vt_confine_begin_fn *begin, void *ctx, int fd,
    pid_t parent)
{
	struct desk d = { .fd = fd };
	size_t next = 0;

	vt_confine_child(parent);
	close_others(fd);
	most = most > 0 ? most : 1;
	d.workers = calloc(most, sizeof(struct vt_confine_worker *));
	d.which = calloc(most, sizeof(*d.which));
	if (d.workers == NULL || d.which == NULL)
		_exit(1);
	while (next < n || d.running > 0) {
		for (; next < n && d.running < most; next++)
			if (begin(ctx, next, &d.workers[d.running], NULL) ==
			    VT_OK)
				d.which[d.running++] = next;
		if (d.running > 0 && end_one(&d) != VT_OK)
			_exit(1);
	}
	_exit(0);
}

/* ---- in the parent ---- */

int
vt_confine_desk_open(size_t n, size_t most, vt_confine_begin_fn *begin,
    void *ctx, struct vt_confine_desk **ret, struct vt_error *err)
{
	struct vt_confine_desk *d;
	pid_t self = getpid();
	int pipes[2];

	if ((d = calloc(1, sizeof(*d))) == NULL ||
	    (d->told = calloc(n, sizeof(*d->told))) == NULL) {
		free(d);
		return vt_error_nomem(err);
	}
	d->n = n;
	d->fd = -1;
	if (pipe2(pipes, O_CLOEXEC) != 0) {
		vt_confine_desk_free(d);
		return vt_error_io(err, "cannot make a pipe");
	}
	(void)fcntl(pipes[1], F_SETPIPE_SZ, PIPE_BYTES);
	d->fd = pipes[0];
	d->pid = fork();
	if (d->pid == 0)
		serve(n, most, begin, ctx, pipes[1], self);
	close(pipes[1]);
	if (d->pid < 0) {
		d->pid = 0;
		vt_error_io(err, "cannot start a worker");
		vt_confine_desk_free(d);
		return VT_EIO;
	}
	*ret = d;
	return VT_OK;
}

static bool
read_whole(int fd, void *buf, size_t len)
{
	size_t n;

	return vt_fd_read(fd, buf, len, &n, NULL) == VT_OK && n == len;
}

/* Does H make sense? */
static bool
sound(const struct vt_confine_desk *d, const struct desk_head *h)
{
	const struct confine_head *head = &h->head;

	return vt_confine_sound(head, head->len) &&
	       head->len <= VT_CONFINE_ANSWER && h->end <= VT_CONFINE_BABBLED &&
	       (h->end == VT_CONFINE_ANSWERED || head->code != VT_OK) &&
	       h->i < d->n && !d->told[h->i];
}

bool
vt_confine_desk_next(struct vt_confine_desk *d, struct vt_confine_outcome *ret)
{
	struct confine_error e;
	struct desk_head h;

	*ret = (struct vt_confine_outcome){ 0 };
	vt_buf_init(&ret->answer, VT_CONFINE_ANSWER);
	if (!read_whole(d->fd, &h, sizeof(h)) || !sound(d, &h))
		return false;
	ret->i = h.i;
	ret->rc = (int)h.head.code;
	ret->end = (enum vt_confine_end)h.end;
	ret->layers = h.head.layers;
	if (ret->rc != VT_OK) {
		if (!read_whole(d->fd, &e, sizeof(e)))
			return false;
		(void)vt_confine_unpack(h.head.code, &e, &ret->why);
	} else if (vt_buf_reserve(&ret->answer, h.head.len) != VT_OK ||
		   !read_whole(d->fd, ret->answer.data, h.head.len)) {
		vt_buf_release(&ret->answer);
		return false;
	}
	ret->answer.len = h.head.len;
	d->told[h.i] = true;
	return true;
}

void
vt_confine_desk_free(struct vt_confine_desk *d)
{
	if (d == NULL)
		return;
	if (d->pid > 0) {
		(void)kill(d->pid, SIGKILL);
		while (waitpid(d->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (d->fd >= 0)
		close(d->fd);
	free(d->told);
	free(d);
}
