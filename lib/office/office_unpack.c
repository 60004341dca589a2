/* office_unpack.c - a message is read once, while its files are judged */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

#define FILES_MAX (64u << 20) /* bytes of all files of a message in memory */

_Static_assert(VT_OFFICE_JOBS == VT_VERIFY_JOBS, "as many as there may be");

static void
forget(struct vt_office_judging *j, const struct vt_verify_task *task)
{
	size_t i, n = 0;

	for (i = 0; i < j->n; i++)
		if (j->running[i] != task && !vt_verify_ended(j->running[i]))
			j->running[n++] = j->running[i];
	j->n = n;
}

static int
grow(struct vt_office_unpacked *u, struct vt_error *err)
{
	size_t cap = u->cap == 0 ? 4 : 2 * u->cap;
	struct vt_source **files;
	struct vt_verify_task **tasks;

	if (u->n < u->cap)
		return VT_OK;
	if ((files = reallocarray(u->files, cap, sizeof(*files))) == NULL)
		return vt_error_nomem(err);
	u->files = files;
	if ((tasks = reallocarray(u->tasks, cap, sizeof(*tasks))) == NULL)
		return vt_error_nomem(err);
	u->tasks = tasks;
	u->cap = cap;
	return VT_OK;
}

static int
take_file(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct vt_office_unpacked *u = ctx;
	uint64_t size = vt_source_size(content);
	int rc;

	(void)a;
	if (size > VT_SOURCE_COPY_MAX || size > FILES_MAX - u->bytes) {
		u->large = true;
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the files of the message are too much for memory");
	}
	if ((rc = grow(u, err)) != VT_OK ||
	    (rc = vt_source_copy(content, &u->files[index], err)) != VT_OK)
		return rc;
	vt_source_hide(u->files[index], true);
	u->bytes += size;
	u->tasks[index] = NULL;
	u->n++;
	return VT_OK;
}

static void
abandon(struct vt_office_judging *judging, struct vt_office_unpacked *u)
{
	size_t i;

	for (i = 0; i < u->n; i++) {
		if (u->tasks[i] != NULL)
			forget(judging, u->tasks[i]);
		vt_verify_abandon(u->tasks[i]);
		u->tasks[i] = NULL;
	}
	vt_trust_used_release(&u->used);
}

void
vt_office_unpack(struct vt_office *o, struct vt_source *src,
    struct vt_office_unpacked *u)
{
	struct vt_envelope env;

	u->rc =
	    vt_envelope_unpack(src, &env, o->home, NULL, take_file, u, &u->why);
	vt_source_hide(src, true);
	if (u->rc != VT_OK)
		return;
	if ((u->env = malloc(sizeof(env))) != NULL) {
		*u->env = env;
	} else {
		vt_envelope_release(&env);
		u->rc = vt_error_nomem(&u->why);
	}
}

/* Of what is not used nothing is judged. */
static bool
to_be_judged(const struct vt_office_unpacked *u)
{
	return u->rc == VT_OK && !vt_envelope_secret(u->env);
}

static int
begin(struct vt_office *o, const struct vt_trust *trust,
    struct vt_office_judging *j, struct vt_office_unpacked *u, size_t i)
{
	int rc = VT_OK;

	forget(j, NULL);
	while (j->n >= j->most && rc == VT_OK) {
		rc = vt_verify_wait(j->running, j->n, &u->judged_why);
		forget(j, NULL);
	}
	if (rc == VT_OK &&
	    (rc = vt_office_judge_start(o, trust, u->files[i],
		 u->env->attachments[i].name, i == 0 ? &u->used : NULL,
		 &u->tasks[i], &u->judged_why)) == VT_OK)
		j->running[j->n++] = u->tasks[i];
	return rc;
}

void
vt_office_unpacked_begin(struct vt_office *o, const struct vt_trust *trust,
    struct vt_office_judging *judging, struct vt_office_unpacked *u)
{
	size_t i;

	if (!to_be_judged(u))
		return;
	for (i = 0; i < u->n && u->judged_rc == VT_OK; i++)
		u->judged_rc = begin(o, trust, judging, u, i);
}

void
vt_office_unpacked_judge(struct vt_office *o, const struct vt_trust *trust,
    struct vt_office_judging *judging, struct vt_office_unpacked *u)
{
	size_t i;

	if (!to_be_judged(u) || u->judged_rc != VT_OK)
		return;
	for (i = 0; i < u->n; i++)
		forget(judging, u->tasks[i]);
	u->judged_rc = vt_office_judge_unpacked(o, trust, u->env, u->files,
	    u->tasks, &u->used, &u->judged, &u->judged_why);
}

void
vt_office_unpacked_release(struct vt_office_judging *judging,
    struct vt_office_unpacked *u)
{
	size_t i;

	abandon(judging, u);
	for (i = 0; i < u->n; i++)
		vt_source_free(u->files[i]);
	free(u->files);
	free(u->tasks);
	if (u->env != NULL)
		vt_envelope_release(u->env);
	free(u->env);
	vt_office_judged_release(&u->judged);
	*u = (struct vt_office_unpacked){ 0 };
}
