/* tools.c - the programs vanthu-TOOL that lie beside this one */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

#define PREFIX "vanthu-"
#define TOOLS_MAX 256

extern char **environ;

int
tools_dir(char **ret, struct vt_error *err)
{
	char *dir = vt_program_dir();

	if (dir == NULL)
		return vt_error_io(err, "cannot tell where this program lies");
	*ret = dir;
	return VT_OK;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
tools_find(const char *dir, struct vt_list *ret, struct vt_error *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = VT_OK;

	if (d == NULL)
		return vt_error_io(err, "cannot read the folder %s", dir);
	while (rc == VT_OK && ret->n < TOOLS_MAX && (e = readdir(d)) != NULL)
		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) == 0 &&
		    e->d_name[strlen(PREFIX)] != '\0' &&
		    faccessat(dirfd(d), e->d_name, X_OK, 0) == 0)
			rc = vt_list_add(ret, e->d_name + strlen(PREFIX), err);
	closedir(d);
	if (ret->n > 1)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_name);
	return rc;
}

/* Run PATH, its standard output going to FD; the process, or -1. */
static pid_t
spawn_summary(const char *path, int fd)
{
	char option[] = "--completion=summary";
	char *argv[] = { (char *)(uintptr_t)path, option, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO) !=
		0 ||
	    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
		"/dev/null", O_WRONLY, 0) != 0 ||
	    posix_spawn(&pid, path, &actions, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

void
tools_summary(const char *dir, const char *name, struct vt_buf *ret)
{
	char line[256] = "";
	struct vt_buf path;
	int fds[2], status;
	size_t n = 0;
	pid_t pid = -1;

	vt_buf_reset(ret);
	vt_buf_init(&path, 8192);
	if (vt_buf_printf(&path, "%s/" PREFIX "%s", dir, name) != VT_OK ||
	    pipe2(fds, O_CLOEXEC) != 0)
		goto out;
	pid = spawn_summary(vt_buf_str(&path), fds[1]);
	close(fds[1]);
	if (pid > 0)
		(void)vt_fd_read(fds[0], line, sizeof(line) - 1, &n, NULL);
	close(fds[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	(void)vt_buf_put(ret, line, strcspn(line, "\n"));
out:
	vt_buf_release(&path);
}
