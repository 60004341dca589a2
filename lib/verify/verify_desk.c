/* verify_desk.c - many files, judged while their caller does something else */
#include <stdlib.h>
#include <string.h>

#include "vanthu/confine.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "verify_confined_int.h"

struct vt_verify_desk {
	struct vt_verify_job *jobs; /* each as it was added */
	size_t n, cap, most;
	struct vt_confine_desk *desk; /* NULL: nothing is on its way */
	size_t *open; /* those of the jobs that it works at, NOPEN of them */
	size_t nopen;
	unsigned desks; /* one after the other, so far */
};

int
vt_verify_desk_new(size_t jobs, struct vt_verify_desk **ret,
    struct vt_error *err)
{
	struct vt_verify_desk *d;

	if (jobs == 0 || jobs > VT_VERIFY_JOBS)
		return vt_error_set(err, VT_EARG, NULL,
		    "between 1 and %d files at once", VT_VERIFY_JOBS);
	if ((d = calloc(1, sizeof(*d))) == NULL)
		return vt_error_nomem(err);
	d->most = jobs;
	*ret = d;
	return VT_OK;
}

static int
grow(struct vt_verify_desk *d, struct vt_error *err)
{
	size_t cap = d->cap == 0 ? 16 : 2 * d->cap;
	struct vt_verify_job *jobs;
	size_t *open;

	if (d->n < d->cap)
		return VT_OK;
	if ((jobs = reallocarray(d->jobs, cap, sizeof(*jobs))) == NULL)
		return vt_error_nomem(err);
	d->jobs = jobs;
	if ((open = reallocarray(d->open, cap, sizeof(*open))) == NULL)
		return vt_error_nomem(err);
	d->open = open;
	d->cap = cap;
	return VT_OK;
}

int
vt_verify_desk_add(struct vt_verify_desk *d, struct vt_source *src,
    const char *name, const struct vt_verify_options *opts, size_t *ret,
    struct vt_error *err)
{
	struct vt_verify_job *job;
	int rc;

	if ((d->n == 0 || d->jobs[d->n - 1].opts.trust != opts->trust) &&
	    (rc = vt_verify_warm(opts->trust, err)) != VT_OK)
		return rc;
	if ((rc = grow(d, err)) != VT_OK)
		return rc;
	job = &d->jobs[d->n];
	*job = (struct vt_verify_job){ .src = src,
		.content = opts->content,
		.opts = *opts,
		.name = name };
	if ((rc = vt_verify_job_ready(job, err)) != VT_OK) {
		vt_verify_job_release(job);
		return rc;
	}
	*ret = d->n++;
	return VT_OK;
}

static void
hide(struct vt_verify_desk *d, bool hidden)
{
	size_t i;

	for (i = 0; i < d->nopen; i++) {
		const struct vt_verify_job *job = &d->jobs[d->open[i]];

		vt_source_hide(job->src, hidden);
		if (job->content != NULL)
			vt_source_hide(job->content, hidden);
	}
}

/* In the desk. */
static int
begin(void *ctx, size_t i, struct vt_confine_worker **ret, struct vt_error *err)
{
	struct vt_verify_desk *d = ctx;
	struct vt_verify_job *job = &d->jobs[d->open[i]];
	int rc;

	if (i == 0)
		hide(d, true);
	if ((rc = vt_verify_job_work(job, err)) == VT_OK)
		*ret = job->worker;
	vt_verify_job_close(job); /* the worker has its own */
	return rc;
}

/* What is in files that were opened here a desk has not. */
static bool
in_memory(const struct vt_verify_job *job)
{
	return vt_source_descriptor(job->src) < 0 &&
	       (job->content == NULL || vt_source_descriptor(job->content) < 0);
}

/* All that has no result yet; a single one is as well judged when asked for. */
static void
set_to_work(struct vt_verify_desk *d)
{
	size_t i;

	vt_confine_desk_free(d->desk);
	d->desk = NULL;
	for (d->nopen = i = 0; i < d->n; i++)
		if (!d->jobs[i].done && in_memory(&d->jobs[i]))
			d->open[d->nopen++] = i;
	if (d->nopen < 2 || d->desks == VT_VERIFY_ROUNDS)
		return;
	if (d->desks++ == 0)
		vt_verify_prepare(d->nopen);
	hide(d, false);
	if (vt_confine_desk_open(d->nopen, d->most, begin, d, &d->desk, NULL) !=
	    VT_OK)
		d->desk = NULL;
	hide(d, true);
}

void
vt_verify_desk_start(struct vt_verify_desk *d)
{
	set_to_work(d);
}

/* The next outcome; behind the last one, another desk for what is left. */
static void
step(struct vt_verify_desk *d)
{
	struct vt_confine_outcome o;
	struct vt_verify_job *job;
	bool again = false;

	if (!vt_confine_desk_next(d->desk, &o)) {
		set_to_work(d);
		return;
	}
	job = &d->jobs[d->open[o.i]];
	job->done =
	    vt_verify_job_take(job, &o, &again, &job->err) != VT_OK || !again;
	vt_buf_release(&o.answer);
}

/* By a worker of our own: no desk has it. */
static int
judge(struct vt_verify_job *job, struct vt_error *err)
{
	bool again = true;
	int rc = vt_verify_job_work(job, err);

	while (rc == VT_OK && again)
		rc = vt_verify_job_end(job, &again, err);
	return rc;
}

int
vt_verify_desk_end(struct vt_verify_desk *d, size_t i, struct vt_report **ret,
    struct vt_error *err)
{
	struct vt_verify_job *job = &d->jobs[i];

	while (!job->done && d->desk != NULL)
		step(d);
	if (!job->done) {
		(void)judge(job, &job->err);
		job->done = true;
	}
	if (job->err.code != VT_OK) {
		if (err != NULL && err->code == VT_OK)
			*err = job->err;
		return (int)job->err.code;
	}
	*ret = job->report;
	job->report = NULL;
	return VT_OK;
}

void
vt_verify_desk_free(struct vt_verify_desk *d)
{
	size_t i;

	if (d == NULL)
		return;
	vt_confine_desk_free(d->desk);
	for (i = 0; i < d->n; i++) {
		d->jobs[i].src = d->jobs[i].content = NULL; /* still hidden */
		vt_verify_job_release(&d->jobs[i]);
	}
	free(d->jobs);
	free(d->open);
	free(d);
}
