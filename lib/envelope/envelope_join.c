/* envelope_join.c - manifest and attachments, and the message as a whole */
#include <stdlib.h>
#include <string.h>

#include "envelope_read.h"
#include "vanthu/error.h"

static struct vt_attachment *
attachment_by_id(struct vt_envelope *env, const char *id)
{
	size_t i;

	for (i = 0; i < env->nattachments; i++)
		if (env->attachments[i].content_id != NULL &&
		    strcmp(env->attachments[i].content_id, id) == 0)
			return &env->attachments[i];
	return NULL;
}

static void
fill(char **field, char **from)
{
	if (*field != NULL)
		return;
	*field = *from;
	*from = NULL;
}

void
vt_edxml_join(struct vt_edxml_reader *r, struct vt_attachment *a)
{
	struct vt_reference *ref;
	size_t i;

	for (i = 0; i < r->nreferences && a->content_id != NULL; i++) {
		ref = &r->references[i];
		if (ref->content_id == NULL ||
		    strcmp(ref->content_id, a->content_id) != 0)
			continue;
		fill(&a->name, &ref->name);
		fill(&a->description, &ref->description);
		fill(&a->content_type, &ref->content_type);
	}
}

/* What the manifest promises must be there; what it says more is taken over. */
static int
join_all(struct vt_edxml_reader *r, struct vt_error *err)
{
	struct vt_reference *ref;
	struct vt_attachment *a;
	size_t i, j;

	for (i = 0; i < r->nreferences; i++) {
		ref = &r->references[i];
		a = ref->content_id != NULL
			? attachment_by_id(r->env, ref->content_id)
			: NULL;
		if (a == NULL)
			return vt_error_set(err, VT_EFORMAT, QCVN,
			    "the manifest names the attachment %s, which is "
			    "not there",
			    ref->content_id != NULL ? ref->content_id : "\"\"");
		for (j = 0; j < i; j++)
			if (strcmp(r->references[j].content_id,
				ref->content_id) == 0)
				return vt_error_set(err, VT_EFORMAT, QCVN,
				    "two attachments have the ContentId %s",
				    ref->content_id);
		vt_edxml_join(r, a);
	}
	return VT_OK;
}

static int
check_attachments(struct vt_edxml_reader *r, struct vt_error *err)
{
	struct vt_attachment *a;
	size_t i;
	int rc;

	if ((rc = join_all(r, err)) != VT_OK)
		return rc;
	for (i = 0; i < r->env->nattachments; i++) {
		a = &r->env->attachments[i];
		if (a->content_id != NULL &&
		    attachment_by_id(r->env, a->content_id) != a)
			return vt_error_set(err, VT_EFORMAT, QCVN,
			    "two attachments have the ContentId %s",
			    a->content_id);
		if (a->name == NULL)
			return vt_edxml_missing("AttachmentName", err);
		if (a->content_type == NULL && a->wire_type != NULL &&
		    (a->content_type = strdup(a->wire_type)) == NULL)
			return vt_error_nomem(err);
	}
	return VT_OK;
}

/* Bkav's axis answers so to what it does not take. */
static int
only_errors(const struct vt_envelope *env, struct vt_error *err)
{
	const struct vt_axis_error *e = &env->errors[0];
	const char *code = e->code != NULL ? e->code : "";
	const char *text = e->description != NULL ? e->description : "";

	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "an ErrorList without a message: %s %s", code, text);
}

int
vt_edxml_finish(struct vt_edxml_reader *r, struct vt_error *err)
{
	struct vt_envelope *env = r->env;
	int rc;

	env->secret = r->secret.found;
	env->perhaps_secret = r->secret.like;
	if (!r->message && env->nerrors > 0)
		return only_errors(env, err);
	if (r->status || env->status.code != NULL)
		env->kind = VT_ENVELOPE_STATUS;
	if (env->kind == VT_ENVELOPE_STATUS &&
	    (env->nattachments > 0 || r->nreferences > 0))
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "a status message has an attachment");
	if ((rc = vt_edxml_check(env, VT_EFORMAT, err)) != VT_OK)
		return rc;
	return check_attachments(r, err);
}
