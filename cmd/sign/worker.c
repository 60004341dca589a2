/* worker.c - a process that signs for its parent */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jobs.h"
#include "vanthu/file.h"
#include "vanthu/sign.h"

#define SAID_MAX (16u << 20) /* bytes said of one operand */

int
sign_tell(int fd, const void *data, size_t len)
{
	const unsigned char *p = data;
	ssize_t n;

	while (len > 0) {
		n = send(fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return VT_EIO;
		p += n;
		len -= (size_t)n;
	}
	return VT_OK;
}

/* --- the parent's key --- */

static int
proxy_sign(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	const int *fd = ctx;
	struct sign_word word = { .says = SIGN_SAYS_ASK,
		.alg = alg,
		.hash = hash,
		.len = digest.len };
	struct sign_value value;
	size_t n;

	if (digest.len > sizeof(word.digest))
		return vt_error_set(err, VT_EARG, NULL,
		    "the digest is too long");
	memcpy(word.digest, digest.data, digest.len);
	if (sign_tell(*fd, &word, sizeof(word)) != VT_OK ||
	    vt_fd_read(*fd, &value, sizeof(value), &n, NULL) != VT_OK ||
	    n != sizeof(value) || value.len > sizeof(value.value))
		return vt_error_set(err, VT_EIO, NULL,
		    "the process that holds the key is gone");
	if (value.rc != VT_OK) {
		if (err != NULL && err->code == VT_OK)
			*err = value.err;
		return value.rc;
	}
	memcpy(out, value.value, value.len);
	*ret_len = value.len;
	return VT_OK;
}

static void
proxy_free(void *ctx)
{
	(void)ctx;
}

static const struct vt_signer_ops proxy = { proxy_sign, proxy_free, true };

int
sign_worker_answer(const struct vt_signer *signer, const struct sign_word *word,
    int fd)
{
	struct sign_value value = { 0 };

	value.rc = vt_signer_sign(signer, word->alg, word->hash,
	    VT_BYTES(word->digest, word->len), value.value, &value.len,
	    &value.err);
	return sign_tell(fd, &value, sizeof(value));
}

/* --- what is said --- */

/* A file in memory in the place of the descriptor FD. */
static bool catch (int fd)
{
	int mem = memfd_create("said", MFD_CLOEXEC);
	bool ok;

	ok = mem >= 0 && fcntl(mem, F_SETFL, O_APPEND) == 0 &&
	     dup2(mem, fd) == fd;
	if (mem >= 0)
		close(mem);
	return ok;
}

/* What FD has caught, and nothing is left in it. */
static bool
caught(int fd, struct vt_buf *ret)
{
	off_t len = lseek(fd, 0, SEEK_END);
	size_t n;

	vt_buf_reset(ret);
	if (len == 0)
		return true;
	if (len < 0 || (uintmax_t)len > SAID_MAX ||
	    vt_buf_reserve(ret, (size_t)len) != VT_OK ||
	    lseek(fd, 0, SEEK_SET) < 0 ||
	    vt_fd_read(fd, ret->data, (size_t)len, &n, NULL) != VT_OK ||
	    ftruncate(fd, 0) != 0)
		return false;
	ret->len = n;
	return true;
}

/* --- the work --- */

static bool
one(struct vt_cli *cli, struct sign_plan *plan, const char *file, int fd,
    struct vt_buf *out, struct vt_buf *text)
{
	struct sign_word word = { .says = SIGN_SAYS_DONE };

	cli->status = VT_EXIT_OK;
	cli->warnings = 0;
	free(plan->pending);
	plan->pending = NULL;
	word.outcome = sign_operand(cli, plan, file);
	word.status = cli->status;
	word.warnings = cli->warnings;
	if (fflush(stdout) != 0 || !caught(STDOUT_FILENO, out) ||
	    !caught(STDERR_FILENO, text))
		return false;
	word.nout = out->len;
	word.nerr = text->len;
	if (plan->pending != NULL)
		word.npending = strlen(plan->pending);
	return sign_tell(fd, &word, sizeof(word)) == VT_OK &&
	       sign_tell(fd, out->data, out->len) == VT_OK &&
	       sign_tell(fd, text->data, text->len) == VT_OK &&
	       sign_tell(fd, plan->pending, word.npending) == VT_OK;
}

_Noreturn void
sign_worker(struct vt_cli *cli, struct sign_plan *plan,
    const struct vt_list *files, int fd, pid_t parent)
{
	struct vt_signer *own = plan->opts->signer, *asks = NULL;
	struct sign_order order;
	struct vt_buf out, text;
	size_t n;
	int rc = VT_OK;

	/* Who runs the command again must not meet us still at work. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	sign_stop_ignore();
	vt_buf_init(&out, SAID_MAX);
	vt_buf_init(&text, SAID_MAX);
	if (!own->ops->forks) {
		rc = vt_signer_new(&proxy, &fd, own->cert, &own->chain, &asks,
		    NULL);
		plan->opts->signer = asks;
	}
	if (rc != VT_OK || !catch (STDOUT_FILENO) || !catch (STDERR_FILENO))
		_exit(1);
	while (vt_fd_read(fd, &order, sizeof(order), &n, NULL) == VT_OK &&
	       n == sizeof(order) && order.file < files->n &&
	       one(cli, plan, files->items[order.file], fd, &out, &text))
		;
	/* Nothing of what the parent has set up is ours to close. */
	_exit(0);
}
