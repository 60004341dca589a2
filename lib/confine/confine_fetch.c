/* confine_fetch.c - vanthu-fetch as a child: its request, its answer, its end
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vanthu/error.h"
#include "vanthu/fetch.h"
#include "vanthu/file.h"

#define PROGRAM "vanthu-fetch"
#define GRACE_MS 5000 /* behind its own time */
#define PIECE (64u * 1024)
#define SAID_MAX 2048 /* bytes of what it says that are kept */
#define NUMBER_MAX 24
#define BRIEF 128 /* bytes of a URL in a message */

/* What the kernel hands the child. */
struct streams {
	int in, out, err; /* the child's ends */
	int answer, said; /* ours */
};

struct child {
	pid_t pid;
	int64_t deadline_ms; /* of the monotonic clock */
	bool late, too_long, no_memory;
	struct vt_buf answer;
	char said[SAID_MAX + 1];
	size_t nsaid;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- starting it ---- */

static int
find_program(const struct vt_fetch_options *o, char **ret, struct vt_error *err)
{
	char *dir = NULL, *path;

	if (o->program != NULL)
		path = strdup(o->program);
	else {
		dir = vt_program_dir();
		path = vt_path_join(dir != NULL ? dir : VT_BINDIR, PROGRAM);
		if (path != NULL && access(path, X_OK) != 0) {
			free(path);
			path = strdup(VT_BINDIR "/" PROGRAM);
		}
		free(dir);
	}
	if (path == NULL)
		return vt_error_nomem(err);
	*ret = path;
	return VT_OK;
}

static void
close_all(struct streams *s)
{
	int *const fds[] = { &s->in, &s->out, &s->err, &s->answer, &s->said };
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

/* A file without a name, so that nobody waits for who reads it. */
static int
body_open(struct vt_bytes body, int *ret, struct vt_error *err)
{
	int fd = memfd_create("request", MFD_CLOEXEC), rc;

	if (fd < 0)
		return vt_error_io(err, "cannot hold the request");
	rc = vt_fd_write(fd, body, err);
	if (rc == VT_OK && lseek(fd, 0, SEEK_SET) != 0)
		rc = vt_error_io(err, "cannot hold the request");
	if (rc == VT_OK)
		*ret = fd;
	else
		close(fd);
	return rc;
}

static int
open_streams(const struct vt_fetch_request *r, struct streams *s,
    struct vt_error *err)
{
	int pair[2], rc;

	if ((rc = body_open(r->body, &s->in, err)) != VT_OK)
		return rc;
	if (pipe2(pair, O_CLOEXEC) != 0)
		return vt_error_io(err, "cannot make a pipe");
	s->answer = pair[0];
	s->out = pair[1];
	if (pipe2(pair, O_CLOEXEC) != 0)
		return vt_error_io(err, "cannot make a pipe");
	s->said = pair[0];
	s->err = pair[1];
	if (s->in <= STDERR_FILENO || s->out <= STDERR_FILENO ||
	    s->err <= STDERR_FILENO)
		return vt_error_set(err, VT_EIO, NULL,
		    "a standard stream is closed");
	return VT_OK;
}

static int
spawn(const char *path, char *const argv[], char *const env[],
    const struct streams *s, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int failed;

	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	failed = posix_spawn_file_actions_adddup2(&actions, s->in, 0) != 0 ||
		 posix_spawn_file_actions_adddup2(&actions, s->out, 1) != 0 ||
		 posix_spawn_file_actions_adddup2(&actions, s->err, 2) != 0 ||
		 posix_spawn_file_actions_addclosefrom_np(&actions, 3) != 0;
	failed = failed ? ENOMEM
			: posix_spawn(ret, path, &actions, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

static unsigned
timeout_of(const struct vt_fetch_options *o)
{
	return o->timeout_s > 0 ? o->timeout_s : VT_FETCH_S;
}

static size_t
max_of(const struct vt_fetch_request *r)
{
	return r->max > 0 && r->max < VT_FETCH_MAX ? r->max : VT_FETCH_MAX;
}

/* Options first, the URL behind "--": whatever it is, it is no option. */
static int
start(const struct vt_fetch_options *o, const struct vt_fetch_request *r,
    const struct streams *s, pid_t *ret, struct vt_error *err)
{
	char max[NUMBER_MAX], timeout[NUMBER_MAX], language[64];
	const char *argv[12] = { PROGRAM, "--max", max, "--timeout", timeout };
	char *env[] = { language, NULL };
	char *path = NULL;
	size_t n = 5;
	int failed, rc;

	if ((rc = find_program(o, &path, err)) != VT_OK)
		return rc;
	snprintf(max, sizeof(max), "%zu", max_of(r));
	snprintf(timeout, sizeof(timeout), "%u", timeout_of(o));
	snprintf(language, sizeof(language), "LANGUAGE=%s",
	    o->language != NULL ? o->language : "en");
	if (o->home != NULL) {
		argv[n++] = "--home";
		argv[n++] = o->home;
	}
	if (r->content_type != NULL) {
		argv[n++] = "--post";
		argv[n++] = r->content_type;
	}
	argv[n++] = "--";
	argv[n++] = r->url;
	argv[n] = NULL;
	/* posix_spawn() leaves them as they are */
	failed = spawn(path, (char *const *)(uintptr_t)argv, env, s, ret);
	if (failed != 0) {
		errno = failed;
		rc = vt_error_io(err, "cannot run %s", path);
	}
	free(path);
	return rc;
}

/* ---- its answer ---- */

static void
take_answer(struct child *c, struct vt_bytes piece)
{
	int rc = vt_buf_bytes_put(&c->answer, piece);

	c->too_long = c->too_long || rc == VT_ELIMIT;
	c->no_memory = c->no_memory || rc == VT_ENOMEM;
}

static void
take_said(struct child *c, struct vt_bytes piece)
{
	size_t room = SAID_MAX - c->nsaid;

	piece = vt_bytes_slice(piece, 0, room);
	memcpy(c->said + c->nsaid, piece.data, piece.len);
	c->nsaid += piece.len;
	c->said[c->nsaid] = '\0';
}

/* Read what has come on *FD; close it at its end. */
static void
take(struct child *c, int *fd, void (*to)(struct child *, struct vt_bytes))
{
	unsigned char piece[PIECE];
	ssize_t n = read(*fd, piece, sizeof(piece));

	if (n > 0)
		to(c, VT_BYTES(piece, (size_t)n));
	else if (n == 0 || errno != EINTR) {
		close(*fd);
		*fd = -1;
	}
}

/* Until both pipes are at their end, or enough is known to stop it. */
static void
listen_to(struct child *c, struct streams *s)
{
	struct pollfd fds[2];
	int64_t left;

	while (
	    !c->too_long && !c->no_memory && (s->answer >= 0 || s->said >= 0)) {
		left = c->deadline_ms - now_ms();
		if (left <= 0) {
			c->late = true;
			return;
		}
		fds[0] = (struct pollfd){ s->answer, POLLIN, 0 };
		fds[1] = (struct pollfd){ s->said, POLLIN, 0 };
		if (poll(fds, 2, (int)left) <= 0)
			continue;
		if (fds[0].revents != 0)
			take(c, &s->answer, take_answer);
		if (fds[1].revents != 0)
			take(c, &s->said, take_said);
	}
}

/* Its wait status; one that does not end by itself is ended. */
static int
reap(struct child *c)
{
	const struct timespec pause = { 0, 2000000 };
	bool stop = c->too_long || c->no_memory || c->late;
	int status = -1;
	pid_t pid;

	for (;;) {
		if (stop || (c->late = now_ms() >= c->deadline_ms)) {
			(void)kill(c->pid, SIGKILL);
			break;
		}
		pid = waitpid(c->pid, &status, WNOHANG);
		if (pid == c->pid || (pid < 0 && errno != EINTR))
			return status;
		(void)nanosleep(&pause, NULL);
	}
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* The first line that it said, without its name and the URL. */
static const char *
reason_of(struct child *c, const char *url)
{
	static const char name[] = PROGRAM ": ";
	char *text = c->said;
	size_t len = strlen(url);

	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, name, sizeof(name) - 1) == 0)
		text += sizeof(name) - 1;
	if (strncmp(text, url, len) == 0 && strncmp(text + len, ": ", 2) == 0)
		text += len + 2;
	return text;
}

static int
failure(struct child *c, const char *url, int status, struct vt_error *err)
{
	/* by exit status, see vanthu-exit(7) */
	static const enum vt_code codes[] = { [2] = VT_EARG,
		[4] = VT_ELIMIT,
		[7] = VT_ENET,
		[8] = VT_EREFUSED };
	enum vt_code code = VT_EIO;
	const char *reason = reason_of(c, url);
	size_t i;

	if (!WIFEXITED(status))
		return vt_error_set(err, VT_EIO, NULL, "%s died", PROGRAM);
	i = (size_t)WEXITSTATUS(status);
	if (i < sizeof(codes) / sizeof(codes[0]) && codes[i] != VT_OK)
		code = codes[i];
	if (reason[0] == '\0')
		return vt_error_set(err, code, NULL, "%s ended with status %zu",
		    PROGRAM, i);
	return vt_error_set(err, code, NULL, "%s", reason);
}

static int
outcome(struct child *c, const char *url, int status, struct vt_error *err)
{
	if (c->no_memory)
		return vt_error_nomem(err);
	if (c->too_long)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the answer is longer than %zu bytes", c->answer.max);
	if (c->late)
		return vt_error_set(err, VT_ENET, NULL,
		    "%s was stopped: it took too long", PROGRAM);
	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return VT_OK;
	return failure(c, url, status, err);
}

int
vt_fetch(const struct vt_fetch_options *options,
    const struct vt_fetch_request *r, struct vt_buf *ret, struct vt_error *err)
{
	struct streams s = { -1, -1, -1, -1, -1 };
	struct child c = { .pid = -1 };
	char brief[BRIEF];
	int rc;

	vt_buf_init(&c.answer, max_of(r));
	rc = open_streams(r, &s, err);
	if (rc == VT_OK)
		rc = start(options, r, &s, &c.pid, err);
	if (rc == VT_OK) {
		close(s.in);
		close(s.out);
		close(s.err);
		s.in = s.out = s.err = -1;
		c.deadline_ms =
		    now_ms() + 1000 * (int64_t)timeout_of(options) + GRACE_MS;
		listen_to(&c, &s);
		rc = outcome(&c, r->url, reap(&c), err);
	}
	close_all(&s);
	if (rc == VT_OK)
		*ret = c.answer;
	else {
		vt_buf_release(&c.answer);
		snprintf(brief, sizeof(brief), "%.*s", BRIEF - 1, r->url);
		vt_error_prefix(err, brief);
	}
	return rc;
}
