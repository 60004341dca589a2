#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "test_dir.h"

static void
holds(const char *path, const char *want)
{
	struct vt_buf buf;

	test_read(path, &buf);
	assert_bytes_str(vt_buf_bytes(&buf), want);
	vt_buf_release(&buf);
}

/* How the argument of a system call is looked at. */
enum test { ANY, BITS, UNLESS };

/*
 * From here on the system call NR fails with ERROR in this process, where its
 * argument ARG (counted from 0) has a bit of VALUE, or is not VALUE.
 */
static void
forbid_if(int nr, int error, unsigned int arg, enum test test, uint32_t value)
{
	struct sock_filter any = BPF_STMT(BPF_MISC | BPF_TAX, 0);
	struct sock_filter bits =
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, value, 0, 1);
	struct sock_filter unless =
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    (uint32_t)(offsetof(struct seccomp_data, args) + 8 * arg)),
		test == ANY    ? any
		: test == BITS ? bits
			       : unless,
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(99);
}

static void
forbid(int nr, int error)
{
	forbid_if(nr, error, 0, ANY, 0);
}

static void
forbid_tmpfile(void)
{
	forbid_if(SYS_openat, EOPNOTSUPP, 2, BITS, O_TMPFILE & ~O_DIRECTORY);
}

/* RUN in a process of its own; the code that it returned. */
static int
apart(int (*run)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
write_a(void)
{
	return vt_file_write("a", VT_BYTES_LIT("hello"), NULL);
}

static void
reads_a_whole_file(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf buf;

	(void)state;
	assert_vt_ok(vt_file_write("a", VT_BYTES("x\0y", 3), &err), &err);
	assert_vt_ok(vt_file_read("a", 3, &buf, &err), &err);
	assert_bytes_equal(vt_buf_bytes(&buf), VT_BYTES("x\0y", 3));
	vt_buf_release(&buf);
	assert_vt_error(vt_file_read("a", 2, &buf, &err), &err, VT_ELIMIT);
	vt_error_clear(&err);
	assert_vt_ok(vt_file_write("empty", VT_BYTES(NULL, 0), &err), &err);
	assert_vt_ok(vt_file_read("empty", 0, &buf, &err), &err);
	assert_int_equal(buf.len, 0);
	vt_buf_release(&buf);
}

static void
reading_refuses_what_is_no_file(void **state)
{
	static const char *const names[] = { "none", ".", "fifo", "/dev/zero",
		"loop", "" };
	struct vt_error err;
	struct vt_buf buf;
	size_t i;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_file_read(names[i], 10, &buf, &err), &err,
		    VT_EIO);
	}
}

static void
nothing_is_there_before_commit(void **state)
{
	struct vt_error err = { 0 };
	struct vt_out *out;

	(void)state;
	assert_vt_ok(vt_out_open("a", &out, &err), &err);
	assert_vt_ok(vt_out_write(out, VT_BYTES_LIT("hel"), &err), &err);
	assert_int_equal(access("a", F_OK), -1);
	assert_vt_ok(vt_out_write(out, VT_BYTES_LIT("lo"), &err), &err);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	holds("a", "hello");
	assert_int_equal(test_dir_count("."), 1);
}

static void
abort_leaves_nothing(void **state)
{
	struct vt_error err = { 0 };
	struct vt_out *out;

	(void)state;
	vt_out_abort(NULL);
	assert_vt_ok(vt_out_open("a", &out, &err), &err);
	assert_vt_ok(vt_out_write(out, VT_BYTES_LIT("hel"), &err), &err);
	vt_out_abort(out);
	assert_int_equal(test_dir_count("."), 0);
}

static void
an_existing_name_is_kept(void **state)
{
	static const char *const names[] = { "file", "folder", "dangling",
		"fifo" };
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	assert_vt_ok(vt_file_write("file", VT_BYTES_LIT("old"), &err), &err);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_file_write(names[i], VT_BYTES_LIT("new"),
				    &err),
		    &err, VT_EEXISTS);
		assert_error_text(&err, names[i]);
	}
	holds("file", "old");
	assert_int_equal(access("nowhere", F_OK), -1);
	assert_int_equal(test_dir_count("."), 4);
}

static int
race(void)
{
	struct vt_error err = { 0 };
	struct vt_out *out;
	int fd;

	if (vt_out_open("a", &out, &err) != VT_OK ||
	    vt_out_write(out, VT_BYTES_LIT("ours"), &err) != VT_OK)
		return 98;
	fd = open("a", O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, "theirs", 6) != 6)
		return 97;
	close(fd);
	return vt_out_commit(out, &err);
}

static int
race_without_tmpfile(void)
{
	forbid_tmpfile();
	return race();
}

static int
race_without_renameat2(void)
{
	forbid_tmpfile();
	forbid(SYS_renameat2, EINVAL);
	return race();
}

/* Whichever way names are given here, a name taken meanwhile is kept. */
static void
a_name_taken_meanwhile_is_kept(void **state)
{
	static int (*const ways[])(
	    void) = { race, race_without_tmpfile, race_without_renameat2 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		assert_int_equal(apart(ways[i]), VT_EEXISTS);
		holds("a", "theirs");
		assert_int_equal(test_dir_count("."), 1);
		assert_int_equal(unlink("a"), 0);
	}
}

static int
write_without_tmpfile(void)
{
	forbid_tmpfile();
	return write_a();
}

static int
write_without_renameat2(void)
{
	forbid_tmpfile();
	forbid(SYS_renameat2, ENOSYS);
	return write_a();
}

static int
write_without_proc(void)
{
	forbid(SYS_access, ENOENT);
	forbid(SYS_faccessat, ENOENT);
	return write_a();
}

static void
file_systems_that_can_less(void **state)
{
	static int (*const ways[])(void) = { write_without_tmpfile,
		write_without_renameat2, write_without_proc };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		assert_int_equal(apart(ways[i]), VT_OK);
		holds("a", "hello");
		assert_int_equal(test_dir_count("."), 1);
		assert_int_equal(unlink("a"), 0);
	}
}

static int
full_disk(void)
{
	forbid(SYS_write, ENOSPC);
	return write_a();
}

static int
full_disk_named(void)
{
	forbid_tmpfile();
	return full_disk();
}

static int
failing_fsync(void)
{
	forbid(SYS_fsync, EIO);
	return write_a();
}

static int
failing_fsync_named(void)
{
	forbid_tmpfile();
	return failing_fsync();
}

static int
failing_link(void)
{
	forbid(SYS_linkat, EPERM);
	return write_a();
}

static int
no_memory_for_folders(void)
{
	forbid_if(SYS_openat, ENOMEM, 2, BITS, O_DIRECTORY);
	return write_a();
}

static void
failures_leave_nothing(void **state)
{
	static int (*const ways[])(void) = { full_disk, full_disk_named,
		failing_fsync, failing_fsync_named, failing_link,
		no_memory_for_folders };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		assert_int_equal(apart(ways[i]), VT_EIO);
		assert_int_equal(test_dir_count("."), 0);
	}
}

/* The name is given, then the folder cannot be synced: it goes away again. */
static int
failing_folder_fsync(void)
{
	struct vt_out *out;

	if (vt_out_open("a", &out, NULL) != VT_OK)
		return 98;
	forbid_if(SYS_fsync, EIO, 0, UNLESS, (uint32_t)vt_out_fd(out));
	return vt_out_commit(out, NULL);
}

static void
a_folder_that_cannot_be_synced(void **state)
{
	(void)state;
	assert_int_equal(apart(failing_folder_fsync), VT_EIO);
	assert_int_equal(test_dir_count("."), 0);
}

static int
limited_size(void)
{
	struct rlimit limit = { 1000, 1000 };
	struct vt_error err = { 0 };
	struct vt_out *out;
	char piece[600] = { 0 };
	int rc;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	if (vt_out_open("a", &out, &err) != VT_OK ||
	    vt_out_write(out, VT_BYTES(piece, 600), &err) != VT_OK)
		return 98;
	rc = vt_out_write(out, VT_BYTES(piece, 600), &err);
	vt_out_abort(out);
	if (strstr(err.text, "cannot write a: ") == NULL)
		return 97;
	return rc;
}

static void
a_write_that_stops_half_way(void **state)
{
	(void)state;
	assert_int_equal(apart(limited_size), VT_EIO);
	assert_int_equal(test_dir_count("."), 0);
}

static void
killed(int (*run)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		run();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status));
}

static int
die_before_commit(void)
{
	struct vt_out *out;

	if (vt_out_open("a", &out, NULL) == VT_OK &&
	    vt_out_write(out, VT_BYTES_LIT("x"), NULL) == VT_OK)
		raise(SIGKILL);
	return 0;
}

static void
killed_before_commit(void **state)
{
	int fd = open(".", O_RDWR | O_TMPFILE, 0600);

	(void)state;
	if (fd < 0)
		skip(); /* this file system cannot */
	close(fd);
	killed(die_before_commit);
	assert_int_equal(test_dir_count("."), 0);
}

static void
folders_that_take_no_file(void **state)
{
	static const char *const names[] = { "none/a", "file/a", "", "dir/",
		"/", "./" };
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	assert_vt_ok(vt_file_write("file", VT_BYTES_LIT("x"), &err), &err);
	assert_int_equal(mkdir("dir", 0700), 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_file_write(names[i], VT_BYTES_LIT("x"),
				    &err),
		    &err, VT_EIO);
	}
	assert_int_equal(test_dir_count("."), 2);
}

static void
permissions_follow_the_umask(void **state)
{
	struct stat st;
	mode_t old = umask(027);

	(void)state;
	assert_int_equal(write_a(), VT_OK);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(unlink("a"), 0);
	assert_int_equal(apart(write_without_tmpfile), VT_OK);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	umask(old);
}

static void
long_names(void **state)
{
	struct vt_error err = { 0 };
	char name[300];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	assert_vt_ok(vt_file_write(name, VT_BYTES_LIT("x"), &err), &err);
	assert_vt_ok(vt_file_replace(name, VT_BYTES_LIT("y"), &err), &err);
	holds(name, "y");
	name[255] = 'n';
	name[256] = '\0';
	assert_vt_error(vt_file_write(name, VT_BYTES_LIT("x"), &err), &err,
	    VT_EIO);
	assert_int_equal(test_dir_count("."), 1);
}

static void
patching_what_was_written(void **state)
{
	struct vt_error err = { 0 };
	struct vt_out *out;
	char back[4];

	(void)state;
	assert_vt_ok(vt_out_open("a", &out, &err), &err);
	assert_vt_ok(vt_out_write(out, VT_BYTES_LIT("0123456789"), &err), &err);
	assert_vt_ok(vt_out_patch(out, 3, VT_BYTES_LIT("abc"), &err), &err);
	assert_int_equal(pread(vt_out_fd(out), back, 4, 2), 4);
	assert_memory_equal(back, "2abc", 4);
	/* moving the descriptor does not move where we write */
	assert_int_equal(lseek(vt_out_fd(out), 1, SEEK_SET), 1);
	assert_vt_ok(vt_out_write(out, VT_BYTES_LIT("+"), &err), &err);
	assert_vt_ok(vt_out_patch(out, 10, VT_BYTES_LIT("!"), &err), &err);
	assert_vt_error(vt_out_patch(out, 10, VT_BYTES_LIT("!!"), &err), &err,
	    VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_out_patch(out, UINT64_MAX, VT_BYTES_LIT("!"), &err),
	    &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	holds("a", "012abc6789!");
}

static void
replacing_is_one_step(void **state)
{
	struct vt_error err = { 0 };
	struct stat before, after;
	int fd;

	(void)state;
	assert_vt_ok(vt_file_replace("a", VT_BYTES_LIT("one"), &err), &err);
	assert_int_equal(chmod("a", 0600), 0);
	fd = open("a", O_RDONLY);
	assert_int_equal(fstat(fd, &before), 0);
	assert_vt_ok(vt_file_replace("a", VT_BYTES_LIT("two"), &err), &err);
	assert_int_equal(stat("a", &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(after.st_mode & 07777, 0600);
	holds("a", "two");
	close(fd);
	assert_int_equal(mkdir("d", 0700), 0);
	assert_vt_error(vt_file_replace("d", VT_BYTES_LIT("x"), &err), &err,
	    VT_EIO);
	assert_int_equal(test_dir_count("."), 2);
}

static int
replace_on_full_disk(void)
{
	forbid(SYS_write, ENOSPC);
	return vt_file_replace("a", VT_BYTES_LIT("new"), NULL);
}

static void
failed_replacing_keeps_the_old(void **state)
{
	(void)state;
	assert_int_equal(write_a(), VT_OK);
	assert_int_equal(apart(replace_on_full_disk), VT_EIO);
	holds("a", "hello");
	assert_int_equal(test_dir_count("."), 1);
}

static void
folders_are_made_with_parents(void **state)
{
	struct vt_error err = { 0 };
	struct stat st;

	(void)state;
	assert_vt_ok(vt_dir_make("a/b//c/", 0700, &err), &err);
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_vt_ok(vt_dir_make("a/b/c", 0700, &err), &err);
	assert_vt_ok(vt_dir_make("/", 0700, &err), &err);
	assert_vt_ok(vt_dir_make(".", 0700, &err), &err);
	assert_vt_ok(vt_file_write("a/f", VT_BYTES_LIT("x"), &err), &err);
	assert_vt_error(vt_dir_make("a/f", 0700, &err), &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_error(vt_dir_make("a/f/g", 0700, &err), &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_error(vt_dir_make("", 0700, &err), &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_ok(vt_dir_sync("a", &err), &err);
	assert_vt_error(vt_dir_sync("a/f", &err), &err, VT_EIO);
}

static void
joining_paths(void **state)
{
	static const char *const cases[][3] = {
		{ "a", "b", "a/b" },
		{ "a/", "b", "a/b" },
		{ "/", "b", "/b" },
		{ "", "b", "b" },
	};
	size_t i;
	char *p;

	(void)state;
	for (i = 0; i < 4; i++) {
		p = vt_path_join(cases[i][0], cases[i][1]);
		assert_string_equal(p, cases[i][2]);
		free(p);
	}
}

static void
the_folder_of_this_program(void **state)
{
	char *here = vt_program_dir(), *path;

	(void)state;
	assert_non_null(here);
	assert_int_equal(here[0], '/');
	path = vt_path_join(here, "test_base_file");
	assert_int_equal(access(path, X_OK), 0);
	free(path);
	free(here);
}

static void *
write_slowly(void *arg)
{
	int fd = *(int *)arg;
	int i;

	for (i = 0; i < 1000; i++)
		if (write(fd, "0123456789", 10) != 10)
			break;
	close(fd);
	return NULL;
}

static void
short_reads_are_completed(void **state)
{
	struct vt_error err = { 0 };
	char buf[20000];
	pthread_t thread;
	int fds[2];
	size_t n;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(pthread_create(&thread, NULL, write_slowly, &fds[1]),
	    0);
	assert_vt_ok(vt_fd_read(fds[0], buf, 4001, &n, &err), &err);
	assert_int_equal(n, 4001);
	assert_vt_ok(vt_fd_read(fds[0], buf, sizeof(buf), &n, &err), &err);
	assert_int_equal(n, 5999);
	assert_int_equal(pthread_join(thread, NULL), 0);
	close(fds[0]);
	assert_vt_error(vt_fd_read(-1, buf, 1, &n, &err), &err, VT_EIO);
}

static void
failed_writes_are_told(void **state)
{
	struct vt_error err = { 0 };
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_vt_error(vt_fd_write(fd, VT_BYTES_LIT("x"), &err), &err, VT_EIO);
	assert_error_text(&err, "no space left on the device");
	close(fd);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(reads_a_whole_file),
		T(reading_refuses_what_is_no_file),
		T(nothing_is_there_before_commit),
		T(abort_leaves_nothing),
		T(an_existing_name_is_kept),
		T(a_name_taken_meanwhile_is_kept),
		T(file_systems_that_can_less),
		T(failures_leave_nothing),
		T(a_folder_that_cannot_be_synced),
		T(a_write_that_stops_half_way),
		T(killed_before_commit),
		T(folders_that_take_no_file),
		T(permissions_follow_the_umask),
		T(long_names),
		T(patching_what_was_written),
		T(replacing_is_one_step),
		T(failed_replacing_keeps_the_old),
		T(folders_are_made_with_parents),
		T(joining_paths),
		T(the_folder_of_this_program),
		T(short_reads_are_completed),
		T(failed_writes_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
