/* key_p11_probe.c - a module is asked in a process that it may take with it */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

#define ANSWER_MAX (VT_KEY_SLOTS_MAX * (256u * 1024)) /* bytes */
#define END_MS 2000 /* that a module may take to end */

/* What stands before an answer. */
struct head {
	uint32_t code; /* of enum vt_code */
	uint32_t len;  /* of what follows: text of the error, or the answer */
};

const char *
vt_key_state_name(enum vt_key_state state)
{
	static const char *const names[] = { "ok", "absent", "refused", "died",
		"late" };

	return names[state];
}

const char *
vt_key_pin_name(enum vt_key_pin pin)
{
	static const char *const names[] = { "good", "low", "last", "locked",
		"unset", "change" };

	return names[pin];
}

/* --- the process that holds the module --- */

static void
alone(int fd)
{
	const struct rlimit none = { 0, 0 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	/* It must neither speak in our place nor leave its memory behind. */
	(void)setrlimit(RLIMIT_CORE, &none);
	for (i = 0; i <= STDERR_FILENO && null >= 0; i++)
		if (i != fd)
			(void)dup2(null, i);
}

static void __attribute__((noreturn)) ask(const char *path, int fd)
{
	struct p11_module m = { 0 };
	struct vt_error err = { 0 };
	struct vt_buf out;
	struct vt_bytes what;
	struct head head;

	alone(fd);
	vt_buf_init(&out, ANSWER_MAX);
	head.code = (uint32_t)vt_key_p11_load(path, &m, &err);
	if (head.code == VT_OK)
		head.code = (uint32_t)vt_key_p11_look(&m, &out, &err);
	what = head.code == VT_OK ? vt_buf_bytes(&out) : vt_bytes_str(err.text);
	head.len = (uint32_t)what.len;
	if (vt_fd_write(fd, VT_BYTES(&head, sizeof(head)), NULL) == VT_OK &&
	    vt_fd_write(fd, what, NULL) == VT_OK)
		vt_key_p11_unload(&m);
	_exit(0);
}

/* --- the process that asks --- */

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/*
 * Add what comes from FD to OUT, until it has WANT bytes.  VT_KEY_MODULE_DIED:
 * it ended before; VT_KEY_MODULE_LATE.
 */
static enum vt_key_state
hear(int fd, int64_t until, size_t want, struct vt_buf *out)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned char piece[16 * 1024];
	int64_t left;
	size_t most;
	ssize_t n;
	int ready;

	while (out->len < want) {
		if ((left = until - now_ms()) <= 0)
			return VT_KEY_MODULE_LATE;
		ready = poll(&p, 1, (int)left);
		if (ready == 0 || (ready < 0 && errno == EINTR))
			continue;
		most = want - out->len;
		most = most < sizeof(piece) ? most : sizeof(piece);
		n = ready < 0 ? -1 : read(fd, piece, most);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || vt_buf_put(out, piece, (size_t)n) != VT_OK)
			return VT_KEY_MODULE_DIED;
	}
	return VT_KEY_MODULE_OK;
}

static enum vt_key_state
hear_all(int fd, struct head *head, struct vt_buf *out)
{
	int64_t until = now_ms() + VT_KEY_PROBE_S * 1000;
	enum vt_key_state state;

	state = hear(fd, until, sizeof(*head), out);
	if (state != VT_KEY_MODULE_OK)
		return state;
	memcpy(head, out->data, sizeof(*head));
	vt_buf_reset(out);
	if (head->len > ANSWER_MAX || head->code >= VT_NCODES)
		return VT_KEY_MODULE_DIED;
	return hear(fd, until, head->len, out);
}

/* It has answered, or never will: let it end, or end it. */
static void
finish(pid_t pid, int fd, bool answered)
{
	struct vt_buf rest;
	int status;

	vt_buf_init(&rest, ANSWER_MAX);
	if (answered)
		(void)hear(fd, now_ms() + END_MS, ANSWER_MAX, &rest);
	vt_buf_release(&rest);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
}

static void
say(struct vt_key_module *m, enum vt_key_state state, const char *text)
{
	m->state = state;
	snprintf(m->reason, sizeof(m->reason), "%s", text);
}

static int
take(enum vt_key_state state, const struct head *head,
    const struct vt_buf *answer, struct vt_key_module *ret,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	if (state == VT_KEY_MODULE_LATE)
		say(ret, state,
		    vt_tr("the module does not answer; it was ended"));
	else if (state == VT_KEY_MODULE_DIED)
		say(ret, state,
		    vt_tr("the module crashed or ended its process"));
	else if (head->code == VT_ENOMEM)
		return vt_error_nomem(err);
	else if (head->code != VT_OK)
		say(ret, VT_KEY_MODULE_REFUSED, vt_buf_str(answer));
	else {
		rc = vt_key_p11_parse(vt_buf_bytes(answer), ret, &why);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc != VT_OK) {
			vt_key_module_release(ret);
			say(ret, VT_KEY_MODULE_DIED, why.text);
		}
	}
	return VT_OK;
}

int
vt_key_module_probe(const char *path, struct vt_key_module *ret,
    struct vt_error *err)
{
	struct vt_key_module m = { 0 };
	enum vt_key_state state;
	struct head head = { 0 };
	struct vt_buf answer;
	int fds[2], rc;
	pid_t pid;

	if (access(path, F_OK) != 0) {
		say(&m, VT_KEY_MODULE_ABSENT, vt_tr("there is no such file"));
		*ret = m;
		return VT_OK;
	}
	if (pipe2(fds, O_CLOEXEC) != 0)
		return vt_error_io(err, "cannot make a pipe");
	if ((pid = fork()) < 0) {
		close(fds[0]);
		close(fds[1]);
		return vt_error_io(err, "cannot start a process");
	}
	if (pid == 0) {
		close(fds[0]);
		ask(path, fds[1]);
	}
	close(fds[1]);
	vt_buf_init(&answer, ANSWER_MAX);
	state = hear_all(fds[0], &head, &answer);
	finish(pid, fds[0], state == VT_KEY_MODULE_OK);
	close(fds[0]);
	if ((rc = take(state, &head, &answer, &m, err)) == VT_OK)
		*ret = m;
	else
		vt_key_module_release(&m);
	vt_buf_release(&answer);
	return rc;
}
