/* envelope_digest.c - what makes two arrivals of one message the same */
#include <stdio.h>
#include <string.h>

#include "envelope_int.h"

struct sum {
	struct vt_sha256 *digest;
	int rc;
	struct vt_error *err;
};

/*
 * "LABEL LEN:BYTES\n", so that no two envelopes give the same text; what is
 * absent gives nothing.
 */
static void
add(struct sum *s, const char *label, struct vt_bytes value)
{
	char head[64];
	int n;

	if (s->rc != VT_OK)
		return;
	n = snprintf(head, sizeof(head), "%s %zu:", label, value.len);
	s->rc = vt_sha256_update(s->digest, VT_BYTES(head, (size_t)n), s->err);
	if (s->rc == VT_OK && value.len > 0)
		s->rc = vt_sha256_update(s->digest, value, s->err);
	if (s->rc == VT_OK)
		s->rc = vt_sha256_update(s->digest, VT_BYTES_LIT("\n"), s->err);
}

static void
add_text(struct sum *s, const char *label, const char *text)
{
	if (text != NULL)
		add(s, label, vt_bytes_str(text));
}

static void
add_number(struct sum *s, const char *label, int64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	add_text(s, label, text);
}

static void
add_date(struct sum *s, const char *label, struct vt_date d)
{
	char text[VT_TIME_TEXT];

	if (d.year != 0)
		add_text(s, label, vt_date_text(d, text));
}

static void
add_list(struct sum *s, const char *label, const struct vt_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		add_text(s, label, list->items[i]);
}

static void
add_organ(struct sum *s, const char *label, const struct vt_organ *o)
{
	add_text(s, label, o->id != NULL ? o->id : "");
	add_text(s, "name", o->name);
	add_text(s, "in_charge", o->in_charge);
	add_text(s, "address", o->address);
	add_text(s, "email", o->email);
	add_text(s, "telephone", o->telephone);
	add_text(s, "fax", o->fax);
	add_text(s, "website", o->website);
}

static void
add_staff(struct sum *s, const struct vt_staff *staff)
{
	add_text(s, "department", staff->department);
	add_text(s, "department_id", staff->department_id);
	add_text(s, "staff", staff->name);
	add_text(s, "staff_id", staff->id);
	add_text(s, "staff_email", staff->email);
	add_text(s, "mobile", staff->mobile);
}

static void
add_header(struct sum *s, const struct vt_envelope *env)
{
	size_t i;

	add_organ(s, "from", &env->from);
	for (i = 0; i < env->nto; i++)
		add_organ(s, "to", &env->to[i]);
	add_text(s, "document_id", env->document_id);
	add_text(s, "number", env->code_number);
	add_text(s, "notation", env->code_notation);
	add_text(s, "place", env->place);
	add_date(s, "date", env->date);
	add_number(s, "type", env->type);
	add_number(s, "type_detail", env->type_detail);
	add_text(s, "type_name", env->type_name);
	add_text(s, "subject", env->subject);
	add_text(s, "content", env->content);
	add_text(s, "competence", env->competence);
	add_text(s, "position", env->position);
	add_text(s, "signer", env->signer);
	add_date(s, "due_date", env->due_date);
	add_list(s, "to_place", &env->to_places);
	add_list(s, "task", &env->tasks);
	add_number(s, "steering_type", env->steering_type);
	add_text(s, "application_type", env->application_type);
	for (i = 0; i < env->nresponse_for; i++) {
		add_text(s, "response_for", "");
		add_text(s, "organ_id", env->response_for[i].organ_id);
		add_text(s, "code", env->response_for[i].code);
		add_date(s, "date", env->response_for[i].date);
		add_text(s, "document_id", env->response_for[i].document_id);
	}
}

static void
add_other(struct sum *s, const struct vt_envelope *env)
{
	add_number(s, "priority", env->other.priority);
	add_text(s, "sphere", env->other.sphere);
	add_text(s, "typer_notation", env->other.typer_notation);
	add_number(s, "copies", env->other.copies);
	add_number(s, "pages", env->other.pages);
	add_number(s, "direction", env->other.direction);
	add_list(s, "appendix", &env->other.appendixes);
	add_list(s, "reply_for", &env->other.reply_for);
	add_list(s, "reference_code", &env->other.reference_codes);
}

static void
add_business(struct sum *s, const struct vt_envelope *env)
{
	size_t i;

	add_number(s, "business", (int)env->business.type);
	add_text(s, "reason", env->business.reason);
	add_text(s, "document_id", env->business.document_id);
	add_number(s, "paper", env->business.paper);
	add_number(s, "content_changed", env->business.content_changed);
	add_number(s, "receivers_changed", env->business.receivers_changed);
	for (i = 0; i < env->business.nreceivers; i++)
		add_text(s,
		    env->business.receivers[i].added ? "added" : "removed",
		    env->business.receivers[i].organ_id);
	for (i = 0; i < env->business.nreplaced; i++) {
		add_text(s, "replaced", "");
		add_text(s, "document_id",
		    env->business.replaced[i].document_id);
		add_list(s, "organ_id", &env->business.replaced[i].organ_ids);
	}
	add_staff(s, &env->business.staff);
}

static void
add_status(struct sum *s, const struct vt_envelope *env)
{
	add_text(s, "status", env->status.code);
	add_text(s, "description", env->status.description);
	add_number(s, "timestamp", env->status.time);
	add_staff(s, &env->status.staff);
}

static void
add_attachments(struct sum *s, const struct vt_envelope *env)
{
	const struct vt_attachment *a;
	size_t i;

	for (i = 0; i < env->nattachments; i++) {
		a = &env->attachments[i];
		add_text(s, "attachment", a->name);
		add(s, "sha256", VT_BYTES(a->sha256, sizeof(a->sha256)));
	}
}

int
vt_envelope_digest(const struct vt_envelope *env,
    unsigned char out[VT_SHA256_LEN], struct vt_error *err)
{
	struct sum s = { .err = err };
	size_t i;

	for (i = 0; i < env->nattachments; i++)
		if (!env->attachments[i].extracted)
			return vt_error_set(err, VT_EARG, NULL,
			    "the attachments were not read yet");
	if ((s.rc = vt_sha256_new(&s.digest, err)) != VT_OK)
		return s.rc;
	add_text(&s, "edxml", vt_envelope_kind_name(env->kind));
	add_header(&s, env);
	add_other(&s, env);
	add_business(&s, env);
	add_status(&s, env);
	add_attachments(&s, env);
	if (s.rc == VT_OK)
		s.rc = vt_sha256_final(s.digest, out, err);
	vt_sha256_free(s.digest);
	return s.rc;
}
