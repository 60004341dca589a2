/* confine_lock.c - a process gives up what it does not need to parse */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <stdlib.h>
#include <unistd.h>

#include "confine_int.h"

static bool
limit(int what, rlim_t soft, rlim_t hard)
{
	const struct rlimit l = { soft, hard };

	return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

/* Files are open already; a core would hold what was judged. */
static bool
lock_rlimits(const struct vt_confine_task *task)
{
	unsigned cpu = vt_confine_cpu_s(task);
	/* The soft limit sends SIGXCPU, which nothing else does. */
	rlim_t size = task->nscratch > 0 ? VT_CONFINE_SCRATCH : 0;
	bool ok = limit(RLIMIT_CPU, cpu, cpu + 1) &&
		  limit(RLIMIT_FSIZE, size, size) &&
		  limit(RLIMIT_NOFILE, 0, 0) && limit(RLIMIT_NPROC, 0, 0) &&
		  limit(RLIMIT_CORE, 0, 0);

#ifndef __SANITIZE_ADDRESS__ /* whose shadow is terabytes of addresses */
	ok = limit(RLIMIT_AS, VT_CONFINE_MEMORY, VT_CONFINE_MEMORY) && ok;
#endif
	return ok;
}

static bool
lock_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static int
by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Close all but standard error, PIPE and TASK's files. */
static bool
lock_files(const struct vt_confine_task *task, int pipe)
{
	int keep[VT_CONFINE_FILES + 2];
	size_t i, n = 0;
	unsigned from = 0;

	keep[n++] = STDERR_FILENO;
	keep[n++] = pipe;
	for (i = 0; i < task->nfiles; i++)
		keep[n++] = task->files[i];
	for (i = 0; i < task->nscratch; i++)
		keep[n++] = task->scratch[i];
	qsort(keep, n, sizeof(keep[0]), by_number);
	for (i = 0; i < n; i++) {
		if (keep[i] < 0 || (unsigned)keep[i] < from)
			continue;
		if ((unsigned)keep[i] > from &&
		    syscall(SYS_close_range, from, (unsigned)keep[i] - 1, 0) !=
			0)
			return false;
		from = (unsigned)keep[i] + 1;
	}
	return syscall(SYS_close_range, from, ~0u, 0) == 0;
}

unsigned
vt_confine_lock(const struct vt_confine_task *task, int pipe)
{
	unsigned held = 0, want = VT_CONFINE_ALL & ~task->without;

	if ((want & VT_CONFINE_CLOSED) != 0 && lock_files(task, pipe))
		held |= VT_CONFINE_CLOSED;
	/* The two below ask for it, unless the caller is root. */
	if ((want & (VT_CONFINE_NO_PRIVS | VT_CONFINE_LANDLOCK |
			VT_CONFINE_SECCOMP)) != 0 &&
	    lock_privs())
		held |= VT_CONFINE_NO_PRIVS & want;
	if ((want & VT_CONFINE_LANDLOCK) != 0 && vt_confine_landlock())
		held |= VT_CONFINE_LANDLOCK;
	if ((want & VT_CONFINE_RLIMITS) != 0 && lock_rlimits(task))
		held |= VT_CONFINE_RLIMITS;
	if ((want & VT_CONFINE_SECCOMP) != 0 && vt_confine_seccomp())
		held |= VT_CONFINE_SECCOMP;
	return held;
}
