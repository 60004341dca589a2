/* jobs.h - many operands, in several processes at once */
#ifndef CMD_SIGN_JOBS_H
#define CMD_SIGN_JOBS_H

#include <sys/types.h> /* pid_t */

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"

#define SIGN_JOBS 64 /* processes at most */

/*
 * How many at once, unless said: most of the time goes into waiting for the
 * disk, and several that wait are served together.
 */
int64_t sign_jobs_usual(void);

/*
 * Sign FILES, JOBS at once, and say of each in its turn what became of it;
 * then, of several, a summary.  A worker is forked with the key in its memory;
 * where that must not leave this process (a token's), the worker asks for each
 * signature, or, with one job, all is done in this process.  Where all results
 * go to one folder, workers leave that to another process, which makes it
 * durable for several at a time; nothing is said of what is in it before.
 * SIGINT, SIGTERM and SIGHUP end the work behind the files in hand, a second
 * one ends it at once; *RET_SIGNAL is the first where something was left
 * undone, else 0.
 */
void sign_jobs(struct vt_cli *cli, struct sign_plan *plan,
    const struct vt_list *files, size_t jobs, int *ret_signal);

/* --- stop.c --- */

/* From now on those signals are noted; what was ignored stays so. */
void sign_stop_watch(void);
int sign_stopped(void); /* the signal that was noted, or 0 */
/* Those signals keep out, but for sign_stop_wait(). */
struct pollfd;
int sign_stop_wait(struct pollfd *fds, size_t n); /* as ppoll() */
void sign_stop_hold(bool hold);
void sign_stop_ignore(void); /* in a worker */

/* --- folder.c --- */

/*
 * The folder of all results, and the process that syncs it: to sync it once for
 * several takes as long as for one, and nobody else waits for it.
 */
struct sign_folder {
	char *path; /* or NULL: there is none */
	pid_t pid;  /* 0: it was not started */
	int fd;     /* readable when what was asked for is done */
	bool asked; /* and not heard of yet */
};

/* What it says. */
struct sign_synced {
	int rc;
	struct vt_error err;
};

/* VT_EIO: there is no process to be had. */
int sign_folder_start(struct sign_folder *folder, struct vt_error *err);
/* Names made before this are durable when sign_folder_hear() says VT_OK. */
void sign_folder_ask(struct sign_folder *folder);
/* Wait for that.  Where the process broke off, this one does its work. */
int sign_folder_hear(struct sign_folder *folder, struct vt_error *err);
void sign_folder_end(struct sign_folder *folder);

/* --- worker.c --- */

/*
 * What a worker says; behind a SIGN_SAYS_DONE follow NOUT and NERR bytes, and
 * the NPENDING of a file whose folder is to be made durable.
 */
enum sign_says { SIGN_SAYS_DONE, SIGN_SAYS_ASK };

struct sign_word {
	enum sign_says says;
	/* DONE */
	enum sign_outcome outcome;
	enum vt_exit status;
	size_t warnings, nout, nerr, npending;
	/* ASK: sign this */
	enum vt_sigalg alg;
	enum vt_hash hash;
	size_t len;
	unsigned char digest[VT_HASH_MAX];
};

/* What it is told: the next operand, or what it asked for. */
struct sign_order {
	size_t file;
};
struct sign_value {
	int rc;
	struct vt_error err;
	size_t len;
	unsigned char value[VT_SIGNATURE_MAX];
};

/* Work until FD, a socket, or PARENT ends; never returns. */
_Noreturn void sign_worker(struct vt_cli *cli, struct sign_plan *plan,
    const struct vt_list *files, int fd, pid_t parent);
/* Answer a worker's SIGN_SAYS_ASK.  VT_EIO: it is gone. */
int sign_worker_answer(const struct vt_signer *signer,
    const struct sign_word *word, int fd);
/* All of it to a socket, without a signal where nobody listens.  VT_EIO. */
int sign_tell(int fd, const void *data, size_t len);

#endif
