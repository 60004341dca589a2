/* envelope.c - the envelope as data: made, filled, released, named */
#include <stdlib.h>
#include <string.h>

#include "envelope_int.h"

void
vt_envelope_init(struct vt_envelope *env)
{
	*env = (struct vt_envelope){ .type = -1,
		.type_detail = -1,
		.steering_type = -1,
		.other = { .copies = -1, .pages = -1 },
		.status = { .time = VT_TIME_NONE } };
}

static void
release_organ(struct vt_organ *o)
{
	free(o->id);
	free(o->name);
	free(o->in_charge);
	free(o->address);
	free(o->email);
	free(o->telephone);
	free(o->fax);
	free(o->website);
}

static void
release_staff(struct vt_staff *s)
{
	free(s->department);
	free(s->department_id);
	free(s->name);
	free(s->id);
	free(s->email);
	free(s->mobile);
}

static void
release_business(struct vt_envelope *env)
{
	size_t i;

	free(env->business.reason);
	free(env->business.document_id);
	for (i = 0; i < env->business.nreceivers; i++)
		free(env->business.receivers[i].organ_id);
	free(env->business.receivers);
	for (i = 0; i < env->business.nreplaced; i++) {
		free(env->business.replaced[i].document_id);
		vt_list_release(&env->business.replaced[i].organ_ids);
	}
	free(env->business.replaced);
	release_staff(&env->business.staff);
}

static void
release_lists(struct vt_envelope *env)
{
	size_t i;

	for (i = 0; i < env->nto; i++)
		release_organ(&env->to[i]);
	free(env->to);
	for (i = 0; i < env->nresponse_for; i++) {
		free(env->response_for[i].organ_id);
		free(env->response_for[i].code);
		free(env->response_for[i].document_id);
	}
	free(env->response_for);
	for (i = 0; i < env->ntrace; i++)
		free(env->trace[i].organ_id);
	free(env->trace);
	for (i = 0; i < env->nerrors; i++) {
		free(env->errors[i].code);
		free(env->errors[i].description);
	}
	free(env->errors);
	for (i = 0; i < env->nattachments; i++) {
		free(env->attachments[i].content_id);
		free(env->attachments[i].name);
		free(env->attachments[i].description);
		free(env->attachments[i].content_type);
		free(env->attachments[i].wire_type);
	}
	free(env->attachments);
}

void
vt_envelope_release(struct vt_envelope *env)
{
	release_organ(&env->from);
	release_lists(env);
	free(env->document_id);
	free(env->code_number);
	free(env->code_notation);
	free(env->place);
	free(env->type_name);
	free(env->subject);
	free(env->content);
	free(env->competence);
	free(env->position);
	free(env->signer);
	free(env->other.sphere);
	free(env->other.typer_notation);
	vt_list_release(&env->other.appendixes);
	vt_list_release(&env->other.reply_for);
	vt_list_release(&env->other.reference_codes);
	vt_list_release(&env->to_places);
	vt_list_release(&env->tasks);
	free(env->application_type);
	release_business(env);
	free(env->status.code);
	free(env->status.description);
	release_staff(&env->status.staff);
	memset(env, 0, sizeof(*env));
}

int
vt_envelope_set(char **field, const char *value, struct vt_error *err)
{
	return vt_str_set(field,
	    value != NULL && value[0] != '\0' ? value : NULL, err);
}

/* The lists differ in the type of their items only. */
#define DEFINE_ADD(function, type, items, n)                                   \
	int function(struct vt_envelope *env, type **ret,                      \
	    struct vt_error *err)                                              \
	{                                                                      \
		type *list = vt_edxml_grow(env->items, &env->n, sizeof(type)); \
                                                                               \
		if (list == NULL)                                              \
			return vt_error_nomem(err);                            \
		env->items = list;                                             \
		*ret = &list[env->n - 1];                                      \
		return VT_OK;                                                  \
	}

DEFINE_ADD(vt_envelope_add_to, struct vt_organ, to, nto)
DEFINE_ADD(vt_envelope_add_response, struct vt_response, response_for,
    nresponse_for)
DEFINE_ADD(vt_envelope_add_receiver, struct vt_receiver_change,
    business.receivers, business.nreceivers)
DEFINE_ADD(vt_envelope_add_replaced, struct vt_replaced, business.replaced,
    business.nreplaced)
DEFINE_ADD(vt_envelope_add_error, struct vt_axis_error, errors, nerrors)

int
vt_envelope_add_trace(struct vt_envelope *env, struct vt_trace **ret,
    struct vt_error *err)
{
	struct vt_trace *list;

	list = vt_edxml_grow(env->trace, &env->ntrace, sizeof(*list));
	if (list == NULL)
		return vt_error_nomem(err);
	env->trace = list;
	*ret = &list[env->ntrace - 1];
	(*ret)->time = VT_TIME_NONE;
	return VT_OK;
}

const char *
vt_envelope_kind_name(enum vt_envelope_kind kind)
{
	return kind == VT_ENVELOPE_STATUS ? "status" : "document";
}

static const char *const business_names[] = { "new", "recall", "update",
	"replace" };

#define NBUSINESS (sizeof(business_names) / sizeof(business_names[0]))

const char *
vt_business_name(enum vt_business type)
{
	return (size_t)type < NBUSINESS ? business_names[type] : NULL;
}

bool
vt_business_parse(const char *name, enum vt_business *ret)
{
	size_t i;

	for (i = 0; i < NBUSINESS; i++)
		if (strcmp(name, business_names[i]) == 0) {
			*ret = (enum vt_business)i;
			return true;
		}
	return false;
}
