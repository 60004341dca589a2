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
#include "verify_int.h"
#include "verify_used.h"
#include "verify_want.h"
#include "verify_wire.h"

#define AHEAD 4 /* finished reports that may wait for an earlier one, a job */
#define FIRST_MAX (512u * 1024) /* bytes */
#define MANY 8 /* files, from which on vt_x509_prepare() pays */

/* One file on its way. */
struct job {
	bool used, done;
	size_t item;
	struct vt_source *src, *content;
	struct vt_verify_options opts;
	const char *name;
	int scratch[VT_ENVELOPE_SCRATCH];
	size_t nscratch; /* 0, or all of them are open */
	struct vt_confine_worker *worker;
	unsigned rounds;
	struct vt_wants *wants; /* NULL: nothing is fetched */
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_report *report;
	struct vt_error err;
};

/* ---- in the worker ---- */

static int
work(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const struct job *job = ctx;
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

/* What a library does once, and by opening files, is done before the fork. */
static int
warm(const struct vt_trust *trust, struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];

	(void)vt_tr("the worker died");
	if (trust != NULL)
		vt_trust_warm(trust);
	return vt_sha256(VT_BYTES_LIT(""), digest, err);
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

static void
scratch_close(struct job *job)
{
	while (job->nscratch > 0)
		close(job->scratch[--job->nscratch]);
}

/* Without them all is judged but what holds much; that is an error then. */
static void
scratch_open(struct job *job)
{
	while (job->nscratch < VT_ENVELOPE_SCRATCH) {
		if (vt_file_nameless(NULL, &job->scratch[job->nscratch],
			NULL) != VT_OK) {
			scratch_close(job);
			return;
		}
		job->nscratch++;
	}
}

static int
start_worker(struct job *job, struct vt_error *err)
{
	int files[2];
	struct vt_confine_task task = { .fn = work,
		.ctx = job,
		.files = files,
		.scratch = job->scratch,
		.nscratch = job->nscratch,
		.input = vt_source_size(job->src) };

	if ((files[task.nfiles] = vt_source_descriptor(job->src)) >= 0)
		task.nfiles++;
	if (job->content != NULL) {
		task.input += vt_source_size(job->content);
		if ((files[task.nfiles] = vt_source_descriptor(job->content)) >=
		    0)
			task.nfiles++;
	}
	job->rounds++;
	return vt_confine_start(&task, &job->worker, err);
}

static int
start(struct job *job, struct vt_error *err)
{
	bool first = !job->opts.unhashed && digested_first(job->src);
	int rc;

	if (first &&
	    (rc = vt_source_digest(job->src, job->sha256, err)) != VT_OK)
		return rc;
	if (job->opts.fetch != NULL && job->opts.trust != NULL) {
		if ((job->wants = calloc(1, sizeof(*job->wants))) == NULL)
			return vt_error_nomem(err);
		job->wants->aia = job->opts.aia;
	}
	if (may_be_xml(job->src)) {
		(void)vt_xml_ready(NULL); /* else the worker tells */
		scratch_open(job);
	}
	if ((rc = start_worker(job, err)) != VT_OK)
		return rc;
	if (first || job->opts.unhashed)
		return VT_OK;
	/* While it works: what was judged is named by ourselves. */
	return vt_sha256_source(job->src, job->sha256, err);
}

/* A worker that gave no answer: all that can be said of the file. */
static int
unanswered(struct job *job, enum vt_confine_end end, const struct vt_error *why,
    struct vt_error *err)
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
	    end == VT_CONFINE_LATE || end == VT_CONFINE_MEMORYLESS
		? "limit"
		: "worker-died",
	    why->text, err);
}

/* What it was judged by: of TRUST, of what was fetched, of the file. */
static int
read_used(struct job *job, struct vt_bytes *answer, struct vt_error *err)
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
read_answer(struct job *job, struct vt_bytes answer, struct vt_error *err)
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

/* The worker has ended: its report, or what is said in its place. */
static int
take_report(struct job *job, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_buf answer;
	enum vt_confine_end how = VT_CONFINE_DIED;
	unsigned layers = 0;
	int rc;

	vt_buf_init(&answer, VT_CONFINE_ANSWER);
	rc = vt_confine_finish(job->worker, &how, &layers, &answer, &why);
	job->worker = NULL;
	if (rc == VT_OK) {
		rc = read_answer(job, vt_buf_bytes(&answer), &why);
		if (rc == VT_EFORMAT) { /* it lies: nothing of it is used */
			how = VT_CONFINE_BABBLED;
			vt_report_free(job->report);
			job->report = NULL;
		}
	}
	vt_buf_release(&answer);
	if (how != VT_CONFINE_ANSWERED) {
		rc = unanswered(job, how, &why, err);
	} else if (rc != VT_OK && err != NULL && err->code == VT_OK) {
		*err = why;
	}
	if (rc == VT_OK)
		job->report->confined = layers;
	return rc;
}

/*
 * *RET_AGAIN: something that it wanted was fetched, and another worker is on
 * its way with it.  Else the report is complete.
 */
static int
end(struct job *job, bool *ret_again, struct vt_error *err)
{
	int rc;

	*ret_again = false;
	if ((rc = take_report(job, err)) != VT_OK)
		return rc;
	if (job->wants != NULL && job->rounds < VT_VERIFY_ROUNDS &&
	    (rc = vt_wants_fetch(job->wants, job->opts.trust, job->opts.fetch,
		 job->opts.fetch_ctx, ret_again, err)) != VT_OK)
		return rc;
	if (*ret_again) {
		vt_report_free(job->report);
		job->report = NULL;
		return start_worker(job, err);
	}
	memcpy(job->report->sha256, job->sha256, VT_SHA256_LEN);
	if ((rc = vt_report_set(&job->report->file,
		 job->name != NULL ? job->name : "", err)) != VT_OK)
		return rc;
	if (job->content != NULL &&
	    (rc = vt_source_unchanged(job->content, err)) != VT_OK)
		return rc;
	return vt_source_unchanged(job->src, err);
}

static void
job_release(struct job *job)
{
	vt_confine_abandon(job->worker);
	scratch_close(job);
	vt_report_free(job->report);
	if (job->wants != NULL)
		vt_wants_release(job->wants);
	free(job->wants);
	*job = (struct job){ 0 };
}

int
vt_verify_confined(struct vt_source *src, const char *name,
    const struct vt_verify_options *opts, struct vt_report **ret,
    struct vt_error *err)
{
	struct job job = { .src = src,
		.content = opts->content,
		.opts = *opts,
		.name = name };
	bool again = true;
	int rc;

	if ((rc = warm(opts->trust, err)) == VT_OK)
		rc = start(&job, err);
	while (rc == VT_OK && again)
		rc = end(&job, &again, err);
	if (rc == VT_OK) {
		*ret = job.report;
		job.report = NULL;
	}
	job_release(&job);
	return rc;
}

/* ---- many files ---- */

struct pool {
	const struct vt_verify_item *items;
	size_t n;
	const struct vt_verify_options *opts;
	vt_verify_done_fn *done;
	void *ctx;
	struct job *jobs; /* a ring: item I is in slot I % NJOBS */
	size_t njobs;
	size_t next; /* to be started */
	size_t told; /* the first that DONE was not called for */
	size_t running, most;
	struct vt_confine_worker **workers; /* of those that run */
	size_t *slots;
};

static void
close_sources(struct job *job)
{
	scratch_close(job);
	vt_source_free(job->src);
	vt_source_free(job->content);
	job->src = job->content = NULL;
}

/* What goes wrong with one file is that file's result. */
static void
begin(struct pool *p)
{
	struct job *job = &p->jobs[p->next % p->njobs];
	const struct vt_verify_item *item = &p->items[p->next];
	int rc;

	job->used = true;
	job->item = p->next++;
	job->opts = *p->opts;
	job->name = item->path;
	rc = vt_source_open(item->path, &job->src, &job->err);
	if (rc == VT_OK && item->content != NULL &&
	    (rc = vt_source_open(item->content, &job->content, &job->err)) !=
		VT_OK)
		vt_error_prefix(&job->err, item->content);
	job->opts.content = job->content;
	if (rc == VT_OK)
		rc = start(job, &job->err);
	if (rc == VT_OK) {
		p->running++;
		return;
	}
	job->done = true;
	close_sources(job);
}

static void
tell(struct pool *p)
{
	struct job *job = &p->jobs[p->told % p->njobs];

	while (p->told < p->n && job->used && job->done) {
		p->done(p->ctx, job->item, job->report,
		    job->err.code != VT_OK ? &job->err : NULL);
		job_release(job);
		p->told++;
		job = &p->jobs[p->told % p->njobs];
	}
}

static int
reap(struct pool *p, struct vt_error *err)
{
	struct job *job;
	size_t i, k = 0;
	bool again = false;
	int rc;

	for (i = 0; i < p->njobs; i++)
		if (p->jobs[i].worker != NULL) {
			p->workers[k] = p->jobs[i].worker;
			p->slots[k++] = i;
		}
	if ((rc = vt_confine_wait(p->workers, k, &i, err)) != VT_OK)
		return rc;
	job = &p->jobs[p->slots[i]];
	if (end(job, &again, &job->err) != VT_OK) {
		vt_report_free(job->report);
		job->report = NULL;
		vt_confine_abandon(job->worker);
		job->worker = NULL;
	} else if (again) {
		return VT_OK;
	}
	close_sources(job);
	job->done = true;
	p->running--;
	return VT_OK;
}

static int
pool_run(struct pool *p, struct vt_error *err)
{
	int rc = VT_OK;

	while (p->told < p->n && rc == VT_OK) {
		while (p->next < p->n && p->running < p->most &&
		       p->next - p->told < p->njobs)
			begin(p);
		tell(p);
		if (p->running > 0)
			rc = reap(p, err);
		tell(p);
	}
	return rc;
}

int
vt_verify_each(const struct vt_verify_item *items, size_t n, size_t jobs,
    const struct vt_verify_options *opts, vt_verify_done_fn *done, void *ctx,
    struct vt_error *err)
{
	struct pool p = { .items = items,
		.n = n,
		.opts = opts,
		.done = done,
		.ctx = ctx,
		.most = jobs,
		.njobs = AHEAD * jobs };
	size_t i;
	int rc;

	if (jobs == 0 || jobs > VT_VERIFY_JOBS)
		return vt_error_set(err, VT_EARG, NULL,
		    "between 1 and %d files at once", VT_VERIFY_JOBS);
	p.jobs = calloc(p.njobs, sizeof(*p.jobs));
	p.workers = calloc(p.njobs, sizeof(*p.workers));
	p.slots = calloc(p.njobs, sizeof(*p.slots));
	if (p.jobs == NULL || p.workers == NULL || p.slots == NULL)
		rc = vt_error_nomem(err);
	else if ((rc = warm(opts->trust, err)) == VT_OK) {
		if (n >= MANY)
			vt_x509_prepare();
		rc = pool_run(&p, err);
	}
	for (i = 0; p.jobs != NULL && i < p.njobs; i++) {
		close_sources(&p.jobs[i]);
		job_release(&p.jobs[i]);
	}
	free(p.jobs);
	free(p.workers);
	free(p.slots);
	return rc;
}
