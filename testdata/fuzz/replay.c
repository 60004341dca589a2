/*
 * replay.c - a fuzz target without libFuzzer: seeds and what once broke it
 *
 * fuzz_PARSER FOLDER...: every file in the folders, as it is and changed in
 * ways that are the same each time: cut, one byte another, a piece doubled,
 * a piece left out.  A crash ends the program by itself; 1 where an input takes
 * too long or too much memory, or a folder or a file cannot be read, or there
 * was none.
 */
#include <sys/resource.h>
#include <sys/time.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"
#include "vanthu/file.h"

#define FILE_MAX (16u << 20)
#define SECONDS 5     /* of CPU, for one input */
#define MIB 512       /* of the whole process */
#define CHANGES 48    /* of one file */
#define CHANGE_MS 400 /* of CPU, for all changes of one file */

#if defined(__SANITIZE_ADDRESS__)
#define WEIGHED 0 /* memory says nothing there */
#else
#define WEIGHED 1
#endif

static const char *volatile current = "";

static void
too_long(int sig)
{
	static const char what[] = ": takes too long\n";

	(void)sig;
	(void)!write(STDERR_FILENO, current, strlen(current));
	(void)!write(STDERR_FILENO, what, sizeof(what) - 1);
	_exit(1);
}

static void
run(struct vt_bytes b)
{
	const struct itimerval limit = { .it_value.tv_sec = SECONDS };
	const struct itimerval none = { 0 };
	/* of its own size, so that a sanitizer sees what reads behind it */
	unsigned char *copy = malloc(b.len + (b.len == 0));

	if (copy == NULL)
		abort();
	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	setitimer(ITIMER_PROF, &limit, NULL);
	LLVMFuzzerTestOneInput(copy, b.len);
	setitimer(ITIMER_PROF, &none, NULL);
	free(copy);
}

static uint32_t
next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Append the change N of B. */
static int
change(struct vt_bytes b, unsigned n, struct vt_buf *ret)
{
	uint32_t state = n * 2654435761u + (uint32_t)b.len;
	size_t at = next(&state) % b.len, len = 1 + next(&state) % 64;
	int rc = vt_buf_bytes_put(ret, vt_bytes_slice(b, 0, at));

	if (rc != VT_OK || n % 4 == 0)
		return rc;
	if (n % 4 == 1) {
		rc = vt_buf_putc(ret, (int)(next(&state) & 0xff));
		len = 1;
	} else if (n % 4 == 2) {
		rc = vt_buf_bytes_put(ret, vt_bytes_slice(b, at, len));
		len = 0;
	}
	if (rc == VT_OK)
		rc = vt_buf_bytes_put(ret, vt_bytes_slice(b, at + len, b.len));
	return rc;
}

static int
run_file(const char *path)
{
	struct vt_error err = { 0 };
	struct vt_buf file, changed;
	clock_t end;
	unsigned i;
	int ok;

	current = path;
	vt_buf_init(&file, FILE_MAX);
	vt_buf_init(&changed, FILE_MAX + 64);
	ok = vt_file_read(path, FILE_MAX, &file, &err) == VT_OK;
	if (ok) {
		run(vt_buf_bytes(&file));
		end = clock() + CHANGE_MS * (CLOCKS_PER_SEC / 1000);
		for (i = 0; file.len > 0 && i < CHANGES && clock() < end; i++) {
			vt_buf_reset(&changed);
			if (change(vt_buf_bytes(&file), i, &changed) == VT_OK)
				run(vt_buf_bytes(&changed));
		}
	} else
		fprintf(stderr, "%s: %s\n", path, err.text);
	vt_buf_release(&changed);
	vt_buf_release(&file);
	return ok ? 0 : 1;
}

static int
run_folder(const char *path, size_t *n)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	char *file;
	int bad = 0;

	if (dir == NULL) {
		perror(path);
		return 1;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		file = vt_path_join(path, entry->d_name);
		if (file == NULL)
			abort();
		bad |= run_file(file);
		free(file);
		(*n)++;
	}
	closedir(dir);
	return bad;
}

int
main(int argc, char *argv[])
{
	struct rusage used;
	size_t n = 0;
	int i, bad = 0;

	signal(SIGPROF, too_long);
	for (i = 1; i < argc; i++)
		bad |= run_folder(argv[i], &n);
	if (n == 0) {
		fprintf(stderr, "no input\n");
		return 1;
	}
	if (getrusage(RUSAGE_SELF, &used) != 0 ||
	    (WEIGHED && used.ru_maxrss > MIB * 1024L)) {
		fprintf(stderr, "too much memory: %ld KiB\n", used.ru_maxrss);
		bad = 1;
	}
	printf("%zu files, %ld KiB\n", n, used.ru_maxrss);
	return bad;
}
