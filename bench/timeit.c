/*
 * timeit - run a command many times and print what one run cost
 *
 * timeit [-n RUNS] [-x FILE] COMMAND [ARG...]
 *
 * Prints the median CPU time (user and system) and the median wall time in
 * milliseconds, and the greatest peak of resident memory in KiB.  FILE is
 * removed before every run.  What the command prints is thrown away.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 1001

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

static double
tv_ms(struct timeval tv)
{
	return (double)tv.tv_sec * 1e3 + (double)tv.tv_usec / 1e3;
}

static void
run(char *argv[], double *cpu, double *wall, long *rss)
{
	struct timespec a, b;
	struct rusage ru;
	pid_t pid;
	int status, null;

	clock_gettime(CLOCK_MONOTONIC, &a);
	if ((pid = fork()) == -1)
		err(2, "fork");
	if (pid == 0) {
		if ((null = open("/dev/null", O_RDWR)) == -1 ||
		    dup2(null, 0) == -1 || dup2(null, 1) == -1 ||
		    dup2(null, 2) == -1)
			_exit(126);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &ru) == -1)
		err(2, "wait4");
	clock_gettime(CLOCK_MONOTONIC, &b);
	/* A verifier may well say no; a command that is not there is fatal. */
	if (!WIFEXITED(status) || WEXITSTATUS(status) >= 126)
		errx(2, "%s did not run", argv[0]);
	*cpu = tv_ms(ru.ru_utime) + tv_ms(ru.ru_stime);
	*wall = (double)(b.tv_sec - a.tv_sec) * 1e3 +
		(double)(b.tv_nsec - a.tv_nsec) / 1e6;
	*rss = ru.ru_maxrss;
}

int
main(int argc, char *argv[])
{
	static double cpu[RUNS_MAX], wall[RUNS_MAX];
	const char *remove_file = NULL;
	long n = 15, i, rss, peak = 0;
	int c;

	while ((c = getopt(argc, argv, "+n:x:")) != -1) {
		switch (c) {
		case 'n':
			n = strtol(optarg, NULL, 10);
			break;
		case 'x':
			remove_file = optarg;
			break;
		default:
			return 2;
		}
	}
	if (optind >= argc || n < 1 || n > RUNS_MAX)
		errx(2, "usage: timeit [-n RUNS] [-x FILE] COMMAND [ARG...]");
	for (i = 0; i < n; i++) {
		if (remove_file != NULL)
			unlink(remove_file);
		run(argv + optind, &cpu[i], &wall[i], &rss);
		if (rss > peak)
			peak = rss;
	}
	printf("%.2f %.2f %ld\n", median(cpu, (size_t)n),
	    median(wall, (size_t)n), peak);
	return 0;
}
