/* folder.c - a process that makes the folder of results durable */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs.h"
#include "vanthu/file.h"

/* Sync it, each time that a byte comes, and say how that went. */
static _Noreturn void
serve(const char *path, int fd, pid_t parent)
{
	struct sign_synced synced;
	unsigned char ask;
	size_t n;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	sign_stop_ignore();
	while (vt_fd_read(fd, &ask, 1, &n, NULL) == VT_OK && n == 1) {
		memset(&synced, 0, sizeof(synced));
		synced.rc = vt_dir_sync(path, &synced.err);
		if (sign_tell(fd, &synced, sizeof(synced)) != VT_OK)
			break;
	}
	_exit(0);
}

int
sign_folder_start(struct sign_folder *folder, struct vt_error *err)
{
	pid_t parent = getpid();
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return vt_error_io(err, "cannot start a worker");
	(void)fflush(stdout); /* or both would print it */
	if ((folder->pid = fork()) < 0) {
		folder->pid = 0;
		(void)vt_error_io(err, "cannot start a worker");
		close(fds[0]);
		close(fds[1]);
		return VT_EIO;
	}
	if (folder->pid == 0) {
		close(fds[0]);
		serve(folder->path, fds[1], parent);
	}
	close(fds[1]);
	folder->fd = fds[0];
	return VT_OK;
}

void
sign_folder_ask(struct sign_folder *folder)
{
	/* Where nobody listens, sign_folder_hear() finds that out. */
	(void)sign_tell(folder->fd, "", 1);
	folder->asked = true;
}

int
sign_folder_hear(struct sign_folder *folder, struct vt_error *err)
{
	struct sign_synced synced;
	size_t n;

	folder->asked = false;
	if (vt_fd_read(folder->fd, &synced, sizeof(synced), &n, NULL) !=
		VT_OK ||
	    n != sizeof(synced))
		return vt_dir_sync(folder->path, err); /* it broke off */
	*err = synced.err;
	return synced.rc;
}

void
sign_folder_end(struct sign_folder *folder)
{
	if (folder->pid == 0)
		return;
	close(folder->fd);
	while (waitpid(folder->pid, NULL, 0) < 0 && errno == EINTR)
		;
	folder->pid = 0;
}
