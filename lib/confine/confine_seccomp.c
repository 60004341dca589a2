/* confine_seccomp.c - only the system calls that a parser needs */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#include "confine_int.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH

#define LOW(i) (offsetof(struct seccomp_data, args) + (i) * sizeof(uint64_t))

#define LOAD(off) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (off))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
/* The next statement where the number is CALL, else the one behind it. */
#define IF(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1)
#define ALLOW(call) IF(call), ANSWER(SECCOMP_RET_ALLOW)
/* "No such thing" rather than death: libraries look for files and live on. */
#define REFUSE(call) IF(call), ANSWER(SECCOMP_RET_ERRNO | EACCES)
/* Memory, but none that could be run: argument 2 has no PROT_EXEC. */
#define ALLOW_MEMORY(call)                                                     \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4), LOAD(LOW(2)),       \
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),             \
	    ANSWER(SECCOMP_RET_KILL_PROCESS), ANSWER(SECCOMP_RET_ALLOW)

/* fstat(2) of the C library is this call with AT_EMPTY_PATH. */
#define ALLOW_FSTAT(call)                                                      \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4), LOAD(LOW(3)),       \
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AT_EMPTY_PATH, 0, 1),          \
	    ANSWER(SECCOMP_RET_ALLOW), ANSWER(SECCOMP_RET_ERRNO | EACCES)

/*
 * What is called most comes first.  When a filter is set, the kernel runs it
 * for every call that there is, 900 times here, to remember which it always
 * allows: 0.1 ms, for a worker that makes thirty calls.  A register copied to
 * no end is what it gives up at.
 */
static struct sock_filter program[] = {
	BPF_STMT(BPF_MISC | BPF_TAX, 0),
	LOAD(offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	ANSWER(SECCOMP_RET_KILL_PROCESS),
	LOAD(offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__) /* the x32 calls are another ABI under this ARCH */
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1),
	ANSWER(SECCOMP_RET_KILL_PROCESS),
#endif
	ALLOW(SYS_pread64),
	ALLOW(SYS_brk),
	ALLOW_MEMORY(SYS_mmap),
	ALLOW(SYS_munmap),
	ALLOW(SYS_mremap),
	ALLOW(SYS_madvise),
	ALLOW_MEMORY(SYS_mprotect),
	ALLOW(SYS_read),
	ALLOW(SYS_write),
	ALLOW(SYS_lseek),
	ALLOW(SYS_ftruncate),
	ALLOW(SYS_fstat),
	ALLOW_FSTAT(SYS_newfstatat),
	ALLOW(SYS_close),
	ALLOW(SYS_futex),
	ALLOW(SYS_clock_gettime),
	ALLOW(SYS_gettimeofday),
	ALLOW(SYS_getrandom),
	ALLOW(SYS_getpid),
	ALLOW(SYS_gettid),
	ALLOW(SYS_sched_yield),
	ALLOW(SYS_rt_sigreturn),
	ALLOW(SYS_rt_sigprocmask),
	ALLOW(SYS_restart_syscall),
	ALLOW(SYS_exit),
	ALLOW(SYS_exit_group),
	REFUSE(SYS_openat),
	REFUSE(SYS_readlinkat),
	REFUSE(SYS_faccessat),
	REFUSE(SYS_sysinfo), /* qsort(3) asks how much memory there is */
	REFUSE(SYS_getrusage),
	REFUSE(SYS_uname),
	REFUSE(SYS_getcwd),
	REFUSE(SYS_sched_getaffinity),
	REFUSE(SYS_getuid),
	REFUSE(SYS_geteuid),
	REFUSE(SYS_getgid),
	REFUSE(SYS_getegid),
	REFUSE(SYS_ioctl),
	REFUSE(SYS_fcntl),
	REFUSE(SYS_prlimit64),
#if defined(__x86_64__)
	ALLOW(SYS_time),
	REFUSE(SYS_open),
	REFUSE(SYS_access),
	REFUSE(SYS_readlink),
	REFUSE(SYS_stat),
#endif
#if defined(__SANITIZE_ADDRESS__) /* what its runtime wants to report */
	ALLOW(SYS_sigaltstack),
	ALLOW(SYS_rt_sigaction),
#endif
	ANSWER(SECCOMP_RET_KILL_PROCESS),
};

bool
vt_confine_seccomp(void)
{
	const struct sock_fprog prog = {
		.len = sizeof(program) / sizeof(program[0]),
		.filter = program,
	};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0;
}

#else

bool
vt_confine_seccomp(void)
{
	return false; /* no table of calls for this processor */
}

#endif
