/* show_json.c - what vanthu-json(5) says of vanthu.unpack/1 */
#include "show.h"
#include "vanthu/bytes.h"
#include "vanthu/envelope.h"
#include "vanthu/json.h"

static void
put_date(struct vt_json_out *o, const char *key, struct vt_date d)
{
	char text[VT_TIME_TEXT];

	vt_json_put_str(o, key, d.year != 0 ? vt_date_text(d, text) : NULL);
}

static void
put_number(struct vt_json_out *o, const char *key, int n)
{
	if (n >= 0)
		vt_json_put_int(o, key, n);
	else
		vt_json_put_null(o, key);
}

static void
put_list(struct vt_json_out *o, const char *key, const struct vt_list *list)
{
	size_t i;

	vt_json_begin_array(o, key);
	for (i = 0; i < list->n; i++)
		vt_json_put_str(o, NULL, list->items[i]);
	vt_json_end(o);
}

static void
put_organ(struct vt_json_out *o, const char *key, const struct vt_organ *organ)
{
	vt_json_begin_object(o, key);
	vt_json_put_str(o, "organ_id", organ->id);
	vt_json_put_str(o, "name", organ->name);
	vt_json_put_str(o, "in_charge", organ->in_charge);
	vt_json_put_str(o, "address", organ->address);
	vt_json_put_str(o, "email", organ->email);
	vt_json_put_str(o, "telephone", organ->telephone);
	vt_json_put_str(o, "fax", organ->fax);
	vt_json_put_str(o, "website", organ->website);
	vt_json_end(o);
}

static void
put_staff(struct vt_json_out *o, const struct vt_staff *staff)
{
	vt_json_begin_object(o, "staff");
	vt_json_put_str(o, "department", staff->department);
	vt_json_put_str(o, "department_id", staff->department_id);
	vt_json_put_str(o, "name", staff->name);
	vt_json_put_str(o, "id", staff->id);
	vt_json_put_str(o, "email", staff->email);
	vt_json_put_str(o, "mobile", staff->mobile);
	vt_json_end(o);
}

/* The row of the regulation's lists that is meant, whatever the numbers say. */
static void
put_type(struct vt_json_out *o, const struct vt_envelope *env)
{
	const struct vt_edxml_type *type = vt_envelope_type(env);

	if (type == NULL) {
		vt_json_put_null(o, "type_meant");
		return;
	}
	vt_json_begin_object(o, "type_meant");
	vt_json_put_str(o, "list", type->list == 1 ? "A" : "B");
	vt_json_put_int(o, "index", type->index);
	vt_json_put_str(o, "name", type->name);
	vt_json_end(o);
}

static void
put_errors(struct vt_json_out *o, const struct vt_envelope *env)
{
	size_t i;

	vt_json_begin_array(o, "errors");
	for (i = 0; i < env->nerrors; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "code", env->errors[i].code);
		vt_json_put_str(o, "description", env->errors[i].description);
		vt_json_end(o);
	}
	vt_json_end(o);
}

static void
put_header(struct vt_json_out *o, const struct vt_envelope *env)
{
	size_t i;

	vt_json_begin_array(o, "to");
	for (i = 0; i < env->nto; i++)
		put_organ(o, NULL, &env->to[i]);
	vt_json_end(o);
	vt_json_put_str(o, "document_id", env->document_id);
	vt_json_begin_object(o, "code");
	vt_json_put_str(o, "number", env->code_number);
	vt_json_put_str(o, "notation", env->code_notation);
	vt_json_end(o);
	vt_json_begin_object(o, "promulgation");
	vt_json_put_str(o, "place", env->place);
	put_date(o, "date", env->date);
	vt_json_end(o);
	vt_json_put_str(o, "type", env->type_name);
	vt_json_begin_object(o, "type_code");
	put_number(o, "type", env->type);
	put_number(o, "detail", env->type_detail);
	vt_json_end(o);
	put_type(o, env);
	vt_json_put_str(o, "subject", env->subject);
	vt_json_put_str(o, "content", env->content);
	vt_json_begin_object(o, "signer");
	vt_json_put_str(o, "competence", env->competence);
	vt_json_put_str(o, "position", env->position);
	vt_json_put_str(o, "name", env->signer);
	vt_json_end(o);
	put_date(o, "due_date", env->due_date);
}

static void
put_other(struct vt_json_out *o, const struct vt_envelope *env)
{
	vt_json_put_int(o, "priority", env->other.priority);
	vt_json_put_str(o, "sphere", env->other.sphere);
	vt_json_put_str(o, "typer_notation", env->other.typer_notation);
	put_number(o, "copies", env->other.copies);
	put_number(o, "pages", env->other.pages);
	vt_json_put_bool(o, "direction", env->other.direction);
	put_list(o, "appendixes", &env->other.appendixes);
	put_list(o, "reply_for", &env->other.reply_for);
	put_list(o, "reference_codes", &env->other.reference_codes);
	put_number(o, "steering_type", env->steering_type);
	put_list(o, "tasks", &env->tasks);
	vt_json_put_str(o, "application_type", env->application_type);
	put_list(o, "to_places", &env->to_places);
}

static void
put_business(struct vt_json_out *o, const struct vt_envelope *env)
{
	const struct vt_receiver_change *c;
	size_t i;

	vt_json_begin_object(o, "business");
	vt_json_put_str(o, "type", vt_business_name(env->business.type));
	vt_json_put_str(o, "reason", env->business.reason);
	vt_json_put_str(o, "document_id", env->business.document_id);
	vt_json_put_bool(o, "paper", env->business.paper);
	vt_json_put_bool(o, "content_changed", env->business.content_changed);
	vt_json_put_bool(o, "receivers_changed",
	    env->business.receivers_changed);
	vt_json_begin_array(o, "receivers");
	for (i = 0; i < env->business.nreceivers; i++) {
		c = &env->business.receivers[i];
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "organ_id", c->organ_id);
		vt_json_put_str(o, "change", c->added ? "added" : "removed");
		vt_json_end(o);
	}
	vt_json_end(o);
	vt_json_begin_array(o, "replaced");
	for (i = 0; i < env->business.nreplaced; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "document_id",
		    env->business.replaced[i].document_id);
		put_list(o, "organ_ids", &env->business.replaced[i].organ_ids);
		vt_json_end(o);
	}
	vt_json_end(o);
	put_staff(o, &env->business.staff);
	vt_json_end(o);
}

static void
put_responses(struct vt_json_out *o, const struct vt_envelope *env)
{
	const struct vt_response *r;
	size_t i;

	vt_json_begin_array(o, "response_for");
	for (i = 0; i < env->nresponse_for; i++) {
		r = &env->response_for[i];
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "organ_id", r->organ_id);
		vt_json_put_str(o, "code", r->code);
		put_date(o, "date", r->date);
		vt_json_put_str(o, "document_id", r->document_id);
		vt_json_end(o);
	}
	vt_json_end(o);
}

static void
put_trace(struct vt_json_out *o, const struct vt_envelope *env)
{
	size_t i;

	vt_json_begin_array(o, "trace");
	for (i = 0; i < env->ntrace; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "organ_id", env->trace[i].organ_id);
		vt_json_put_time(o, "timestamp", env->trace[i].time);
		vt_json_end(o);
	}
	vt_json_end(o);
}

static void
put_attachments(struct vt_json_out *o, const struct vt_envelope *env,
    const struct vt_list *written)
{
	const struct vt_attachment *a;
	size_t i;

	vt_json_begin_array(o, "attachments");
	for (i = 0; i < env->nattachments; i++) {
		a = &env->attachments[i];
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "name", a->name);
		vt_json_put_str(o, "description", a->description);
		vt_json_put_str(o, "content_id", a->content_id);
		vt_json_put_str(o, "content_type", a->content_type);
		vt_json_put_str(o, "sent_type", a->wire_type);
		vt_json_put_int(o, "size", (int64_t)a->size);
		vt_json_put_sha256(o, "sha256", a->sha256);
		vt_json_put_str(o, "encoding",
		    a->encoding == VT_ATTACHMENT_ZIP ? "zip" : "raw");
		if (i < written->n)
			vt_json_put_str(o, "file", written->items[i]);
		vt_json_end(o);
	}
	vt_json_end(o);
}

void
show_json(struct vt_json_out *o, const struct vt_envelope *env,
    const struct vt_list *written, const char *signature)
{
	bool document = env->kind == VT_ENVELOPE_DOCUMENT;

	vt_json_put_str(o, "kind", vt_envelope_kind_name(env->kind));
	put_organ(o, "from", &env->from);
	if (document) {
		put_header(o, env);
		put_other(o, env);
		put_business(o, env);
	}
	put_responses(o, env);
	if (document) {
		put_trace(o, env);
	} else {
		vt_json_begin_object(o, "status");
		vt_json_put_str(o, "code", env->status.code);
		vt_json_put_str(o, "description", env->status.description);
		vt_json_put_time(o, "timestamp", env->status.time);
		put_staff(o, &env->status.staff);
		vt_json_end(o);
	}
	put_errors(o, env);
	put_attachments(o, env, written);
	vt_json_put_str(o, "signature", signature);
}
