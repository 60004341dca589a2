/* verify_confined_int.h - one file on its way through workers */
#ifndef VANTHU_VERIFY_CONFINED_INT_H
#define VANTHU_VERIFY_CONFINED_INT_H

#include "vanthu/digest.h"   /* VT_SHA256_LEN */
#include "vanthu/envelope.h" /* VT_ENVELOPE_SCRATCH */
#include "vanthu/error.h"
#include "vanthu/verify.h"

struct vt_confine_outcome;
struct vt_confine_worker;
struct vt_wants;

#define VT_VERIFY_MANY 8 /* files, from which on it pays to prepare more */

/* One file on its way. */
struct vt_verify_job {
	bool used, done;
	size_t item;
	struct vt_source *src, *content;
	struct vt_verify_options opts;
	const char *name;
	int scratch[VT_ENVELOPE_SCRATCH];
	size_t nscratch; /* 0, or all of them are open */
	struct vt_confine_worker *worker;
	unsigned rounds;
	bool killed; /* one of its workers was, and another began anew */
	struct vt_wants *wants; /* NULL: nothing is fetched */
	bool digested;          /* SHA256 is set */
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_report *report;
	struct vt_error err;
};

/* What a library does once, and by opening files, is done before the fork. */
int vt_verify_warm(const struct vt_trust *trust, struct vt_error *err);
/* What only many files are worth, if N are; once in a process is enough. */
void vt_verify_prepare(size_t n);
/* What is best done before the fork. */
int vt_verify_job_ready(struct vt_verify_job *job, struct vt_error *err);
/* A worker is on its way, the first or another one. */
int vt_verify_job_work(struct vt_verify_job *job, struct vt_error *err);
/*
 * Its worker ended with O.  *RET_AGAIN: something that it wanted was fetched,
 * and is worth another worker, or it was killed, for the first time.  Else the
 * report is complete.
 */
int vt_verify_job_take(struct vt_verify_job *job,
    const struct vt_confine_outcome *o, bool *ret_again, struct vt_error *err);
/* It is ready, and its first worker is on its way. */
int vt_verify_job_start(struct vt_verify_job *job, struct vt_error *err);
/* Wait for its worker.  *RET_AGAIN: another one is on its way. */
int vt_verify_job_end(struct vt_verify_job *job, bool *ret_again,
    struct vt_error *err);
void vt_verify_job_close(struct vt_verify_job *job); /* its scratch files */
void vt_verify_job_release(struct vt_verify_job *job);

#endif
