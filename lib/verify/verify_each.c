/* verify_each.c - many files, each in a worker of its own */
#include <stdlib.h>
#include <string.h>

#include "vanthu/confine.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "verify_confined_int.h"

#define AHEAD 4 /* finished reports that may wait for an earlier one, a job */

struct pool {
	const struct vt_verify_item *items;
	size_t n;
	const struct vt_verify_options *opts;
	vt_verify_done_fn *done;
	void *ctx;
	struct vt_verify_job *jobs; /* a ring: item I is in slot I % NJOBS */
	size_t njobs;
	size_t next; /* to be started */
	size_t told; /* the first that DONE was not called for */
	size_t running, most;
	struct vt_source_room *rooms;       /* MOST of them */
	struct vt_confine_worker **workers; /* of those that run */
	size_t *slots;
};

static void
close_sources(struct vt_verify_job *job)
{
	vt_verify_job_close(job);
	vt_source_free(job->src);
	vt_source_free(job->content);
	job->src = job->content = NULL;
}

/* There are as many as files that are open; or NULL. */
static struct vt_source_room *
free_room(struct pool *p)
{
	size_t i;

	for (i = 0; i < p->most; i++)
		if (!p->rooms[i].lent)
			return &p->rooms[i];
	return NULL;
}

/* What goes wrong with one file is that file's result. */
static void
begin(struct pool *p)
{
	struct vt_verify_job *job = &p->jobs[p->next % p->njobs];
	const struct vt_verify_item *item = &p->items[p->next];
	int rc;

	job->used = true;
	job->item = p->next++;
	job->opts = *p->opts;
	job->name = item->path;
	rc =
	    vt_source_open_into(item->path, free_room(p), &job->src, &job->err);
	if (rc == VT_OK && item->content != NULL &&
	    (rc = vt_source_open(item->content, &job->content, &job->err)) !=
		VT_OK)
		vt_error_prefix(&job->err, item->content);
	job->opts.content = job->content;
	if (rc == VT_OK)
		rc = vt_verify_job_start(job, &job->err);
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
	struct vt_verify_job *job = &p->jobs[p->told % p->njobs];

	while (p->told < p->n && job->used && job->done) {
		p->done(p->ctx, job->item, job->report,
		    job->err.code != VT_OK ? &job->err : NULL);
		vt_verify_job_release(job);
		p->told++;
		job = &p->jobs[p->told % p->njobs];
	}
}

static int
reap(struct pool *p, struct vt_error *err)
{
	struct vt_verify_job *job;
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
	if (vt_verify_job_end(job, &again, &job->err) != VT_OK) {
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
	p.rooms = calloc(jobs, sizeof(*p.rooms));
	for (i = 0; p.rooms != NULL && i < jobs; i++)
		p.rooms[i].huge = n >= VT_VERIFY_MANY;
	if (p.rooms == NULL || p.jobs == NULL || p.workers == NULL ||
	    p.slots == NULL)
		rc = vt_error_nomem(err);
	else if ((rc = vt_verify_warm(opts->trust, err)) == VT_OK) {
		vt_verify_prepare(n);
		rc = pool_run(&p, err);
	}
	for (i = 0; p.jobs != NULL && i < p.njobs; i++) {
		close_sources(&p.jobs[i]);
		vt_verify_job_release(&p.jobs[i]);
	}
	free(p.jobs);
	free(p.workers);
	free(p.slots);
	for (i = 0; p.rooms != NULL && i < jobs; i++)
		vt_source_room_release(&p.rooms[i]);
	free(p.rooms);
	return rc;
}
