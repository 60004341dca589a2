/* office_unpack.c - a message is read once, while its files are judged */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

#define FILES_MAX (64u << 20) /* bytes of all files of a message in memory */

_Static_assert(VT_OFFICE_JOBS == VT_VERIFY_JOBS, "as many as there may be");

static int
grow(struct vt_office_unpacked *u, struct vt_error *err)
{
	size_t cap = u->cap == 0 ? 4 : 2 * u->cap;
	struct vt_source **files;

	if (u->n < u->cap)
		return VT_OK;
	if ((files = reallocarray(u->files, cap, sizeof(*files))) == NULL)
		return vt_error_nomem(err);
	u->files = files;
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
	u->n++;
	return VT_OK;
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

/* Of what is not used nothing is judged, nor written. */
static bool
to_be_judged(const struct vt_office_unpacked *u)
{
	return u->rc == VT_OK && !vt_envelope_secret(u->env);
}

void
vt_office_unpacked_ahead(const struct vt_office *o,
    struct vt_objects_ahead *ahead, struct vt_source *src,
    const struct vt_office_unpacked *u)
{
	size_t i;

	if (!to_be_judged(u))
		return;
	vt_objects_ahead_add(ahead, o->objects, src);
	for (i = 0; i < u->n; i++)
		vt_objects_ahead_add(ahead, o->objects, u->files[i]);
}

void
vt_office_unpacked_add(struct vt_office *o, const struct vt_trust *trust,
    struct vt_verify_desk *desk, struct vt_office_unpacked *u)
{
	size_t i, last = 0;

	if (!to_be_judged(u))
		return;
	for (i = 0; i < u->n && u->judged_rc == VT_OK; i++)
		u->judged_rc = vt_office_judge_add(o, trust, desk, u->files[i],
		    u->env->attachments[i].name, i == 0 ? &u->used : NULL,
		    i == 0 ? &u->first : &last, &u->judged_why);
}

void
vt_office_unpacked_judge(struct vt_office *o, const struct vt_trust *trust,
    struct vt_verify_desk *desk, struct vt_office_unpacked *u)
{
	if (!to_be_judged(u) || u->judged_rc != VT_OK)
		return;
	u->judged_rc = vt_office_judge_unpacked(o, trust, u->env, u->files,
	    desk, u->first, &u->used, &u->judged, &u->judged_why);
}

void
vt_office_unpacked_release(struct vt_office_unpacked *u)
{
	size_t i;

	vt_trust_used_release(&u->used);
	for (i = 0; i < u->n; i++)
		vt_source_free(u->files[i]);
	free(u->files);
	if (u->env != NULL)
		vt_envelope_release(u->env);
	free(u->env);
	vt_office_judged_release(&u->judged);
	*u = (struct vt_office_unpacked){ 0 };
}
