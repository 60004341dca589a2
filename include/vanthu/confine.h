/* confine.h - hostile bytes are parsed by a process that can do nothing else */
#ifndef VANTHU_CONFINE_H
#define VANTHU_CONFINE_H

#include <stdbool.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"
#include "vanthu/limits.h"

/*
 * A worker is forked for one input and never used again.  It inherits what its
 * parent has in memory, the files that are named to it, open for reading, and
 * standard error; it may compute, read those files, and write one answer.  What
 * does not fit in memory it may keep in scratch files, which have no name.
 */

/* What holds a worker, as bits. */
#define VT_CONFINE_RLIMITS 1u  /* memory, time, files, processes */
#define VT_CONFINE_NO_PRIVS 2u /* no_new_privs, not to be traced or dumped */
#define VT_CONFINE_LANDLOCK 4u /* no path can be opened; kernel 5.13 and on */
#define VT_CONFINE_SECCOMP 8u  /* only the system calls that it needs */
#define VT_CONFINE_CLOSED 16u  /* no descriptor but those named */
#define VT_CONFINE_ALL 31u

/*
 * What of VT_CONFINE_ALL the kernel and this build offer, found out once by a
 * worker that does nothing.  Under a sanitizer the limit on memory is left out.
 */
unsigned vt_confine_layers(void);
/* The I-th layer's bit and its name, "rlimits", ...; false behind the last. */
bool vt_confine_layer(size_t i, unsigned *ret_bit, const char **ret_name);

struct vt_confine_task {
	/*
	 * Runs in the worker.  What it returns and the error it sets are what
	 * vt_confine_finish() returns and sets; only with VT_OK is there an
	 * answer.  ANSWER has the maximum VT_CONFINE_ANSWER.
	 */
	int (*fn)(void *ctx, struct vt_buf *answer, struct vt_error *err);
	void *ctx;
	const int *files; /* descriptors that stay open, read-only ones */
	size_t nfiles;
	const int *scratch; /* those that may be written, too */
	size_t nscratch;
	uint64_t input;   /* bytes to be read, for the time allowed */
	unsigned without; /* layers left out: for the tests of each alone */
};

struct vt_confine_worker;

/*
 * Fork.  On VT_OK *RET is the caller's, for vt_confine_finish().  TASK and what
 * it points to need not outlive the call.  VT_EIO; VT_ENOMEM; VT_EARG: more
 * than VT_CONFINE_FILES.
 */
int vt_confine_start(const struct vt_confine_task *task,
    struct vt_confine_worker **ret, struct vt_error *err);

/* Wait until one of N workers has ended or its time is over; *RET which. */
int vt_confine_wait(struct vt_confine_worker *const *workers, size_t n,
    size_t *ret, struct vt_error *err);

enum vt_confine_end {
	VT_CONFINE_ANSWERED,   /* FN returned, whatever it returned */
	VT_CONFINE_DIED,       /* a crash, or it did what it must not */
	VT_CONFINE_KILLED,     /* by somebody else, as for want of memory */
	VT_CONFINE_LATE,       /* killed after so long, as where all are slow */
	VT_CONFINE_SPENT,      /* killed for the processor's time it took */
	VT_CONFINE_MEMORYLESS, /* it ran out of the memory it may have */
	VT_CONFINE_BABBLED     /* an answer too long, too short or not one */
};

/*
 * Wait for WORKER, free it, and say how it ended.  ANSWER is filled only with
 * VT_CONFINE_ANSWERED and VT_OK, and is still foreign: check all of it. *LAYERS
 * (may be NULL) is what held the worker, as it says itself.  Returns FN's code,
 * or VT_ELIMIT for every other end, with its text.
 */
int vt_confine_finish(struct vt_confine_worker *worker,
    enum vt_confine_end *ret_end, unsigned *layers, struct vt_buf *answer,
    struct vt_error *err);
/* End it at once and free it; NULL is allowed. */
void vt_confine_abandon(struct vt_confine_worker *worker);

/*
 * A process of our own that starts workers, one for each of many inputs, and
 * waits for them, while its parent does something else.  It is forked once:
 * what a worker is given must be in memory by then, not in a file.  It ends
 * with its parent, and its workers with it.
 */
struct vt_confine_desk;

/*
 * Runs in the desk, once for each I below N in their order: start the worker
 * for it, as by vt_confine_start().  Where that fails, the desk has no outcome
 * for I.
 */
typedef int vt_confine_begin_fn(void *ctx, size_t i,
    struct vt_confine_worker **ret, struct vt_error *err);

/*
 * At most MOST of N workers run at once, and one at least.  CTX as it is now is
 * what BEGIN gets.  VT_EIO; VT_ENOMEM.
 */
int vt_confine_desk_open(size_t n, size_t most, vt_confine_begin_fn *begin,
    void *ctx, struct vt_confine_desk **ret, struct vt_error *err);

/* What vt_confine_finish() tells of the worker for I. */
struct vt_confine_outcome {
	size_t i;
	int rc;
	enum vt_confine_end end;
	unsigned layers;
	struct vt_buf answer; /* for vt_buf_release() */
	struct vt_error why;  /* where RC is not VT_OK */
};

/*
 * Wait for the next outcome, in the order in which workers end; each comes
 * once.  false: there is none any more, also where the desk itself has died or
 * what it says makes no sense: of inputs without one nothing is known.
 */
bool vt_confine_desk_next(struct vt_confine_desk *desk,
    struct vt_confine_outcome *ret);
/* End it at once, with its workers, and free it; NULL is allowed. */
void vt_confine_desk_free(struct vt_confine_desk *desk);

#endif
