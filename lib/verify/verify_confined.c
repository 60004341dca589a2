/* verify_confined.c - the same judgement in a worker that can do nothing else
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/confine.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/pdf.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/x509.h"
#include "vanthu/xml.h"
#include "verify_confined_int.h"
#include "verify_int.h"
#include "verify_used.h"
#include "verify_want.h"
#include "verify_wire.h"

#define FIRST_MAX (512u * 1024) /* bytes */

/* ---- in the worker ---- */

static int
work(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const struct vt_verify_job *job = ctx;
	struct vt_verify_options opts = job->opts;
	struct vt_trust_used used = { 0 };
	struct vt_report *report = NULL;
	int rc;

	opts.unhashed = true; /* the parent does that meanwhile */
	opts.fetch = job->wants != NULL ? vt_wants_note : NULL;
	opts.fetch_ctx = job->wants;
	opts.scratch = job->nscratch > 0 ? job->scratch : NULL;
	opts.used = job->opts.used != NULL ? &used : NULL;
	rc = vt_verify_source(job->src, job->name, &opts, &report, err);
	if (rc == VT_OK)
		rc = vt_verify_wire_put(report, answer, err);
	if (rc == VT_OK && job->wants != NULL)
		rc = vt_wants_put(job->wants, answer, err);
	if (rc == VT_OK && opts.used != NULL)
		rc = vt_verify_used_put(&used, answer, err);
	if (rc == VT_OK && opts.used != NULL && opts.used_whole)
		rc = vt_verify_used_put_rest(&used, opts.trust, answer, err);
	vt_trust_used_release(&used);
	vt_report_free(report);
	return rc;
}

/* ---- in the parent ---- */

int
vt_verify_warm(const struct vt_trust *trust, struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];

	(void)vt_tr("the worker died");
	(void)vt_tr("the worker was killed");
	if (trust != NULL)
		vt_trust_warm(trust);
	return vt_sha256(VT_BYTES_LIT(""), digest, err);
}

void
vt_verify_prepare(size_t n)
{
	if (n >= VT_VERIFY_MANY)
		vt_x509_prepare();
}

/* XML begins so, and an envelope is that.  What is all blank may still. */
static bool
may_be_xml(struct vt_source *src)
{
	struct vt_bytes head;
	size_t i;

	if (vt_source_view(src, 0, 64, &head, NULL) != VT_OK)
		return false;
	for (i = vt_bytes_starts(head, "\xef\xbb\xbf") ? 3 : 0; i < head.len;
	     i++)
		if (strchr(" \t\r\n", head.data[i]) == NULL)
			return head.data[i] == '<';
	return true;
}

/*
 * Of a PDF the parent digests all, and the worker nearly all once more.  Where
 * that takes less than a fork it is done once, before it; else at one time.
 */
static bool
digested_first(struct vt_source *src)
{
	bool is_pdf = false;

	return vt_source_size(src) <= FIRST_MAX &&
	       vt_source_descriptor(src) < 0 &&
	       vt_pdf_probe(src, &is_pdf, NULL) == VT_OK && is_pdf;
}

void
vt_verify_job_close(struct vt_verify_job *job)
{
	while (job->nscratch > 0)
		close(job->scratch[--job->nscratch]);
}

/* Without them all is judged but what holds much; that is an error then. */
static void
scratch_open(struct vt_verify_job *job)
{
	while (job->nscratch < VT_ENVELOPE_SCRATCH) {
		if (vt_file_nameless(NULL, &job->scratch[job->nscratch],
			NULL) != VT_OK) {
			vt_verify_job_close(job);
			return;
		}
		job->nscratch++;
	}
}

int
vt_verify_job_work(struct vt_verify_job *job, struct vt_error *err)
{
	int files[2];
	struct vt_confine_task task = { .fn = work,
		.ctx = job,
		.files = files,
		.scratch = job->scratch,
		.input = vt_source_size(job->src) };
	int rc;

	if (job->nscratch == 0 && may_be_xml(job->src))
		scratch_open(job);
	task.nscratch = job->nscratch;
	if ((files[task.nfiles] = vt_source_descriptor(job->src)) >= 0)
		task.nfiles++;
	if (job->content != NULL) {
		task.input += vt_source_size(job->content);
		if ((files[task.nfiles] = vt_source_descriptor(job->content)) >=
		    0)
			task.nfiles++;
	}
	/* Files of others may be hidden from their workers; its own are not. */
	vt_source_hide(job->src, false);
	if (job->content != NULL)
		vt_source_hide(job->content, false);
	rc = vt_confine_start(&task, &job->worker, err);
	vt_source_hide(job->src, true);
	if (job->content != NULL)
		vt_source_hide(job->content, true);
	return rc;
}

int
vt_verify_job_ready(struct vt_verify_job *job, struct vt_error *err)
{
	int rc;

	job->rounds = 1;
	if (!job->opts.unhashed && digested_first(job->src)) {
		rc = vt_source_digest(job->src, job->sha256, err);
		if (rc != VT_OK)
			return rc;
		job->digested = true;
	}
	if (job->opts.fetch != NULL && job->opts.trust != NULL) {
		if ((job->wants = calloc(1, sizeof(*job->wants))) == NULL)
			return vt_error_nomem(err);
		job->wants->aia = job->opts.aia;
	}
	if (may_be_xml(job->src))
		(void)vt_xml_ready(NULL); /* else the worker tells */
	return VT_OK;
}

/* What was judged is named by ourselves. */
static int
digest(struct vt_verify_job *job, struct vt_error *err)
{
	int rc;

	if (job->opts.unhashed || job->digested)
		return VT_OK;
	rc = vt_sha256_source(job->src, job->sha256, err);
	job->digested = rc == VT_OK;
	return rc;
}

int
vt_verify_job_start(struct vt_verify_job *job, struct vt_error *err)
{
	int rc;

	if ((rc = vt_verify_job_ready(job, err)) != VT_OK ||
	    (rc = vt_verify_job_work(job, err)) != VT_OK)
		return rc;
	return digest(job, err); /* while it works */
}

/* A worker that gave no answer: all that can be said of the file. */
static int
unanswered(struct vt_verify_job *job, enum vt_confine_end end,
    const struct vt_error *why, struct vt_error *err)
{
	struct vt_report *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return vt_error_nomem(err);
	job->report = r;
	r->size = vt_source_size(job->src);
	r->judged_at =
	    job->opts.at == VT_TIME_NONE ? vt_time_now() : job->opts.at;
	r->anchors =
	    job->opts.trust != NULL && vt_trust_anchors(job->opts.trust) > 0;
	return vt_report_conclude(r, VT_REPORT_UNDETERMINED,
	    end == VT_CONFINE_LATE || end == VT_CONFINE_SPENT ||
		    end == VT_CONFINE_MEMORYLESS
		? "limit"
		: "worker-died",
	    why->text, err);
}

/* What it was judged by: of TRUST, of what was fetched, of the file. */
static int
read_used(struct vt_verify_job *job, struct vt_bytes *answer,
    struct vt_error *err)
{
	struct vt_trust_used *used = job->opts.used;
	struct vt_bytes digests = *answer;
	struct vt_trust *had = NULL;
	int rc = vt_verify_used_get(answer, job->opts.trust, used, err);

	if (rc != VT_OK || !job->opts.used_whole)
		return rc;
	/* A long list is not told whole: it is here. */
	if (job->wants != NULL &&
	    (rc = vt_wants_had(job->wants, &had, err)) == VT_OK)
		rc = vt_verify_used_get(&digests, had, used, err);
	vt_trust_free(had);
	return rc == VT_OK ? vt_verify_used_get_rest(answer, used, err) : rc;
}

static int
read_answer(struct vt_verify_job *job, struct vt_bytes answer,
    struct vt_error *err)
{
	int rc;

	if ((job->report = calloc(1, sizeof(*job->report))) == NULL)
		return vt_error_nomem(err);
	rc = vt_verify_wire_get(&answer, job->report, err);
	if (rc == VT_OK && job->wants != NULL)
		rc = vt_wants_get(&answer, job->wants, err);
	if (rc == VT_OK && job->opts.used != NULL)
		rc = read_used(job, &answer, err);
	if (rc == VT_OK && answer.len > 0)
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "the worker's report is not one");
	return rc;
}

/*
 * The worker ended with O: its report, or what is said in its place.
 * *RET_AGAIN: it was killed, which says nothing of the file; where the next one
 * is killed, too, it may be the file.
 */
static int
take_report(struct vt_verify_job *job, const struct vt_confine_outcome *o,
    bool *ret_again, struct vt_error *err)
{
	struct vt_error why = o->why;
	enum vt_confine_end how = o->end;
	int rc = o->rc;

	if (rc == VT_OK) {
		rc = read_answer(job, vt_buf_bytes(&o->answer), &why);
		if (rc == VT_EFORMAT) { /* it lies: nothing of it is used */
			how = VT_CONFINE_BABBLED;
			vt_report_free(job->report);
			job->report = NULL;
		}
	}
	if (how == VT_CONFINE_KILLED && !job->killed) {
		*ret_again = job->killed = true;
		return VT_OK;
	}
	if (how != VT_CONFINE_ANSWERED) {
		rc = unanswered(job, how, &why, err);
	} else if (rc != VT_OK && err != NULL && err->code == VT_OK) {
		*err = why;
	}
	if (rc == VT_OK)
		job->report->confined = o->layers;
	return rc;
}

int
vt_verify_job_take(struct vt_verify_job *job,
    const struct vt_confine_outcome *o, bool *ret_again, struct vt_error *err)
{
	int rc;

	*ret_again = false;
	if ((rc = take_report(job, o, ret_again, err)) != VT_OK || *ret_again)
		return rc;
	if (job->wants != NULL && job->rounds < VT_VERIFY_ROUNDS &&
	    (rc = vt_wants_fetch(job->wants, job->opts.trust, job->opts.fetch,
		 job->opts.fetch_ctx, ret_again, err)) != VT_OK)
		return rc;
	if (*ret_again) {
		vt_report_free(job->report);
		job->report = NULL;
		job->rounds++;
		return VT_OK;
	}
	if ((rc = digest(job, err)) != VT_OK)
		return rc;
	memcpy(job->report->sha256, job->sha256, VT_SHA256_LEN);
	if ((rc = vt_str_set(&job->report->file,
		 job->name != NULL ? job->name : "", err)) != VT_OK)
		return rc;
	if (job->content != NULL &&
	    (rc = vt_source_unchanged(job->content, err)) != VT_OK)
		return rc;
	return vt_source_unchanged(job->src, err);
}

int
vt_verify_job_end(struct vt_verify_job *job, bool *ret_again,
    struct vt_error *err)
{
	struct vt_confine_outcome o = { .end = VT_CONFINE_DIED };
	int rc;

	vt_buf_init(&o.answer, VT_CONFINE_ANSWER);
	o.rc = vt_confine_finish(job->worker, &o.end, &o.layers, &o.answer,
	    &o.why);
	job->worker = NULL;
	rc = vt_verify_job_take(job, &o, ret_again, err);
	vt_buf_release(&o.answer);
	return rc == VT_OK && *ret_again ? vt_verify_job_work(job, err) : rc;
}

void
vt_verify_job_release(struct vt_verify_job *job)
{
	vt_confine_abandon(job->worker);
	vt_verify_job_close(job);
	if (job->src != NULL)
		vt_source_hide(job->src, false);
	if (job->content != NULL)
		vt_source_hide(job->content, false);
	vt_report_free(job->report);
	if (job->wants != NULL)
		vt_wants_release(job->wants);
	free(job->wants);
	*job = (struct vt_verify_job){ 0 };
}

/* ---- one by itself ---- */

int
vt_verify_confined(struct vt_source *src, const char *name,
    const struct vt_verify_options *opts, struct vt_report **ret,
    struct vt_error *err)
{
	struct vt_verify_job job = { .src = src,
		.content = opts->content,
		.opts = *opts,
		.name = name };
	bool again = true;
	int rc;

	if ((rc = vt_verify_warm(opts->trust, err)) == VT_OK)
		rc = vt_verify_job_start(&job, err);
	while (rc == VT_OK && again)
		rc = vt_verify_job_end(&job, &again, err);
	if (rc == VT_OK) {
		*ret = job.report;
		job.report = NULL;
	}
	vt_verify_job_release(&job);
	return rc;
}
