/* cli_tty.c - what is between us and a person: progress, questions, secrets */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cli_int.h"
#include "vanthu/file.h"
#include "vanthu/text.h"

#define PROGRESS_MS 100
#define PROGRESS_WHAT 50 /* characters of a name */
#define SECRET_MAX 1024
#define ANSWER_MAX 64

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A terminal that can erase a line. */
static bool
can_erase(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "dumb") != 0 &&
	       isatty(STDERR_FILENO) == 1;
}

static int
progress_text(struct vt_buf *line, const char *what, uint64_t done,
    uint64_t total)
{
	struct vt_bytes name = vt_bytes_str(what != NULL ? what : "");
	size_t pos = 0, n;
	int rc;

	for (n = 0; n < PROGRESS_WHAT && pos < name.len; n++)
		vt_utf8_next(name, &pos);
	if ((rc = vt_buf_puts(line, "\r\033[K")) == VT_OK)
		rc = vt_text_escape(line, vt_bytes_slice(name, 0, pos));
	if (rc == VT_OK && name.len > 0)
		rc = vt_buf_puts(line, pos < name.len ? "…: " : ": ");
	if (rc != VT_OK)
		return rc;
	if (total == 0)
		return vt_buf_printf(line, "%llu", (unsigned long long)done);
	if (done > total)
		done = total;
	return vt_buf_printf(line, "%d %%",
	    (int)((double)done * 100.0 / (double)total));
}

void
vt_cli_progress(struct vt_cli *cli, const char *what, uint64_t done,
    uint64_t total)
{
	struct vt_buf line;
	int64_t now;

	if (cli->quiet || cli->json)
		return;
	now = clock_ms();
	if (cli->progress_ms != 0 && now - cli->progress_ms < PROGRESS_MS)
		return;
	cli->progress_ms = now;
	if (!can_erase())
		return;
	vt_buf_init(&line, CLI_LINE_MAX);
	if (progress_text(&line, what, done, total) == VT_OK) {
		(void)vt_fd_write(STDERR_FILENO, vt_buf_bytes(&line), NULL);
		cli->progress = true;
	}
	vt_buf_release(&line);
}

void
vt_cli_progress_end(struct vt_cli *cli)
{
	if (cli->progress)
		(void)vt_fd_write(STDERR_FILENO, VT_BYTES_LIT("\r\033[K"),
		    NULL);
	cli->progress = false;
}

/*
 * A line from FD, without its end, byte by byte: what follows belongs to
 * whoever reads next.  The length; -1: nothing came, with errno or 0 for the
 * end; -2: longer than SIZE.
 */
static ssize_t
read_line(int fd, char *buf, size_t size)
{
	size_t n = 0;
	ssize_t got;
	char c;

	for (;;) {
		got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0 && n == 0) {
			errno = 0;
			return -1;
		}
		if (got == 0 || c == '\n')
			break;
		if (n == size)
			return -2;
		buf[n++] = c;
	}
	if (n > 0 && buf[n - 1] == '\r')
		n--;
	return (ssize_t)n;
}

bool
vt_cli_confirm(struct vt_cli *cli, const char *msgid, ...)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char answer[ANSWER_MAX], *question = NULL;
	struct vt_buf line;
	ssize_t n = -1;
	va_list ap;

	if (fd < 0)
		return false;
	vt_cli_progress_end(cli);
	va_start(ap, msgid);
	if (vasprintf(&question, vt_tr(msgid), ap) < 0)
		question = NULL;
	va_end(ap);
	vt_buf_init(&line, CLI_LINE_MAX);
	if (question != NULL &&
	    vt_text_escape(&line, vt_bytes_str(question)) == VT_OK &&
	    vt_buf_printf(&line, " %s ", vt_tr("[y/N]")) == VT_OK &&
	    vt_fd_write(fd, vt_buf_bytes(&line), NULL) == VT_OK)
		n = read_line(fd, answer, sizeof(answer));
	vt_buf_release(&line);
	free(question);
	close(fd);
	/* TRANSLATORS: the letters with which an answer means yes */
	return n > 0 && strchr(vt_tr("yY"), answer[0]) != NULL;
}

static int
secret_take(ssize_t n, char buf[SECRET_MAX], const char *where,
    struct vt_secret *ret, struct vt_error *err)
{
	int rc;

	if (n >= 0)
		rc = vt_secret_set(ret, buf, (size_t)n, err);
	else if (n == -2)
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "the passphrase is longer than %d bytes", SECRET_MAX);
	else
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "there is no passphrase to be read from %s", where);
	explicit_bzero(buf, SECRET_MAX);
	return rc;
}

/*
 * A line typed on the terminal FD, which is asked for by PROMPT once nothing
 * echoes: who answers at once is not seen either.  Signals that would end us
 * are held back until the terminal echoes again.  As read_line(); -3:
 * interrupted.
 */
static ssize_t
read_unseen(int fd, struct vt_bytes prompt, char *buf, size_t size)
{
	static const int held[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = -1, .events = POLLIN } };
	struct termios seen, unseen;
	sigset_t set, old;
	ssize_t n = -3;
	size_t i;

	if (tcgetattr(fd, &seen) != 0)
		return -1;
	sigemptyset(&set);
	for (i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, &old);
	fds[1].fd = signalfd(-1, &set, SFD_CLOEXEC);
	unseen = seen;
	unseen.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	if (fds[1].fd < 0 || tcsetattr(fd, TCSAFLUSH, &unseen) != 0) {
		n = -1;
		goto out;
	}
	if (vt_fd_write(fd, prompt, NULL) != VT_OK) {
		n = -1;
		goto out;
	}
	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (fds[1].revents == 0)
		n = read_line(fd, buf, size);
	(void)vt_fd_write(fd, VT_BYTES_LIT("\n"), NULL);
out:
	tcsetattr(fd, TCSAFLUSH, &seen);
	if (fds[1].fd >= 0)
		close(fds[1].fd);
	sigprocmask(SIG_SETMASK, &old, NULL); /* what was held comes now */
	return n;
}

static int
secret_tty(const char *prompt, struct vt_secret *ret, struct vt_error *err)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char buf[SECRET_MAX];
	struct vt_buf line;
	int rc;

	if (fd < 0)
		return vt_error_set(err, VT_EKEY, NULL,
		    "a passphrase is needed and there is no terminal to ask "
		    "for it: --passphrase names another way");
	vt_buf_init(&line, CLI_LINE_MAX);
	if (vt_text_escape(&line, vt_bytes_str(prompt)) != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = secret_take(read_unseen(fd, vt_buf_bytes(&line), buf,
				     sizeof(buf)),
		    buf, "/dev/tty", ret, err);
	vt_buf_release(&line);
	close(fd);
	return rc;
}

static int
secret_file(const char *path, struct vt_secret *ret, struct vt_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char buf[SECRET_MAX];
	struct vt_error why = { 0 };
	int rc;

	if (fd < 0) {
		vt_error_io(&why, "cannot open %s", path);
		return vt_error_set(err, VT_EKEY, NULL, "%s", why.text);
	}
	rc = secret_take(read_line(fd, buf, sizeof(buf)), buf, path, ret, err);
	close(fd);
	return rc;
}

/* The descriptor that NUMBER is; -1: none can be. */
static int
descriptor(const char *number)
{
	char *end;
	long fd;

	if (number[0] < '0' || number[0] > '9')
		return -1;
	errno = 0;
	fd = strtol(number, &end, 10);
	return errno == 0 && *end == '\0' && fd <= 0xffff ? (int)fd : -1;
}

static int
secret_fd(const char *number, struct vt_secret *ret, struct vt_error *err)
{
	char buf[SECRET_MAX];

	return secret_take(read_line(descriptor(number), buf, sizeof(buf)), buf,
	    vt_tr("the descriptor"), ret, err);
}

static int
secret_env(const char *name, struct vt_secret *ret, struct vt_error *err)
{
	const char *value = getenv(name);

	if (value == NULL)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the environment has no variable %s", name);
	if (strlen(value) > SECRET_MAX)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the passphrase is longer than %d bytes", SECRET_MAX);
	return vt_secret_set(ret, value, strlen(value), err);
}

bool
vt_cli_secret_known(const char *spec)
{
	return strcmp(spec, "tty:") == 0 || strcmp(spec, "tty") == 0 ||
	       (strncmp(spec, "file:", 5) == 0 && spec[5] != '\0') ||
	       (strncmp(spec, "env:", 4) == 0 && spec[4] != '\0') ||
	       (strncmp(spec, "fd:", 3) == 0 && descriptor(spec + 3) >= 0);
}

int
vt_cli_secret(struct vt_cli *cli, const char *spec, const char *prompt,
    struct vt_secret *ret, struct vt_error *err)
{
	vt_cli_progress_end(cli);
	if (spec != NULL && !vt_cli_secret_known(spec))
		/* not shown: it may well be the passphrase itself */
		return vt_error_set(err, VT_EARG, NULL,
		    "a passphrase comes by tty:, file:PATH, fd:N or env:NAME, "
		    "never as an argument");
	if (spec == NULL || spec[0] == 't')
		return secret_tty(prompt, ret, err);
	if (strncmp(spec, "file:", 5) == 0)
		return secret_file(spec + 5, ret, err);
	if (strncmp(spec, "fd:", 3) == 0)
		return secret_fd(spec + 3, ret, err);
	return secret_env(spec + 4, ret, err);
}
