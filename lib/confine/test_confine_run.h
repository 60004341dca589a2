/* test_confine_run.h - one worker, from its beginning to its end */
#ifndef TEST_CONFINE_RUN_H
#define TEST_CONFINE_RUN_H

#include "test_util.h"
#include "vanthu/confine.h"

typedef int work_fn(void *ctx, struct vt_buf *answer, struct vt_error *err);

struct outcome {
	enum vt_confine_end end;
	unsigned layers;
	int rc;
	struct vt_error err;
	struct vt_buf answer;
};

static inline void
run_task(const struct vt_confine_task *task, struct outcome *o)
{
	struct vt_confine_worker *w = NULL;

	memset(o, 0, sizeof(*o));
	vt_buf_init(&o->answer, VT_CONFINE_ANSWER);
	assert_vt_ok(vt_confine_start(task, &w, &o->err), &o->err);
	o->rc = vt_confine_finish(w, &o->end, &o->layers, &o->answer, &o->err);
}

static inline void
run(work_fn *fn, void *ctx, unsigned without, struct outcome *o)
{
	const struct vt_confine_task task = { .fn = fn,
		.ctx = ctx,
		.without = without };

	run_task(&task, o);
}

#endif
