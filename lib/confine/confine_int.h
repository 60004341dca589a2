/* confine_int.h - what the two sides of a worker's pipe agree on */
#ifndef CONFINE_INT_H
#define CONFINE_INT_H

#include <sys/types.h> /* pid_t */

#include "vanthu/confine.h"

#define CONFINE_MAGIC 0x76746366u

/* What a worker writes: this, and LEN bytes. */
struct confine_head {
	uint32_t magic;
	uint32_t layers;
	uint32_t code;
	uint32_t len;
};

/* With a code other than VT_OK: this, instead of an answer. */
struct confine_error {
	char clause[VT_CLAUSE_MAX];
	char text[VT_TEXT_MAX];
};

/*
 * What goes behind *HEAD, whose magic, code and len are set: ANSWER, or where
 * RC is not VT_OK what WHY says, in *E.  Borrows from the one or the other.
 */
struct vt_bytes vt_confine_pack(int rc, const struct vt_buf *answer,
    const struct vt_error *why, struct confine_head *head,
    struct confine_error *e);
/* Could *HEAD be of a worker, and have LEN bytes behind it? */
bool vt_confine_sound(const struct confine_head *head, size_t len);
/* What E says, from a process that may have been taken over; returns CODE. */
int vt_confine_unpack(uint32_t code, const struct confine_error *e,
    struct vt_error *err);

/*
 * In a process that was just forked: the parent's handlers are about the
 * parent, and it ends with PARENT.
 */
void vt_confine_child(pid_t parent);

/* The seconds of processor time that TASK is allowed. */
unsigned vt_confine_cpu_s(const struct vt_confine_task *task);
/*
 * What SIGNAL says of a worker that it ended after US microseconds of processor
 * time, where it might take CPU_S seconds.  No file makes its worker send what
 * only others send: seccomp(2) is SIGSYS.
 */
enum vt_confine_end vt_confine_end_by(int signal, int64_t us, unsigned cpu_s);

/*
 * Close every way out of this process but PIPE and TASK's files.  Returns the
 * layers that hold from now on.  A layer that the kernel does not have is left
 * out; nothing here fails.
 */
unsigned vt_confine_lock(const struct vt_confine_task *task, int pipe);

/* One layer each; false: it does not hold. */
bool vt_confine_landlock(void);
bool vt_confine_seccomp(void);

#endif
