/* test_run.h - other programs, as a test asks them */
#ifndef VANTHU_TEST_RUN_H
#define VANTHU_TEST_RUN_H

#include "test_util.h"

#include <fcntl.h>
#include <sys/wait.h>

/* Run a program without a shell; its standard output.  It must succeed. */
static inline void
run(const char *const *argv, struct vt_buf *ret)
{
	int fd, status, pipes[2];
	struct vt_buf out;
	char buf[4096];
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		fd = open("/dev/null", O_RDWR);
		dup2(fd, 0);
		dup2(pipes[1], 1);
		dup2(fd, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(pipes[1]);
	vt_buf_init(&out, TEST_FILE_MAX);
	while ((n = read(pipes[0], buf, sizeof(buf))) > 0)
		assert_int_equal(vt_buf_put(&out, buf, (size_t)n), VT_OK);
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		print_error("%s: status %d\n", argv[0], status);
	assert_int_equal(status, 0);
	if (ret != NULL)
		*ret = out;
	else
		vt_buf_release(&out);
}
#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL }, NULL)

#endif
