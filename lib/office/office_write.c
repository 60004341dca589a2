/* office_write.c - the envelopes that an office sends */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/conf.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

/* Texts that go onto the wire: data, as in the samples of the axis. */
#define REASON_NEW "Văn bản điện tử mới"
#define REASON_SECRET "Văn bản mật không gửi, nhận qua hệ thống này"
#define STEERING_NONE 1 /* not a document of steering */

struct text {
	char **field;
	const char *value;
};

static int
set_texts(const struct text *texts, size_t n, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; rc == VT_OK && i < n; i++)
		rc = vt_envelope_set(texts[i].field, texts[i].value, err);
	return rc;
}

/* Who we are, as far as the configuration says. */
static int
set_from(const struct vt_office *o, struct vt_envelope *env,
    struct vt_error *err)
{
	const struct text texts[] = {
		{ &env->from.id, o->organ_id },
		{ &env->from.name, o->name },
	};

	return set_texts(texts, sizeof(texts) / sizeof(texts[0]), err);
}

static int
set_to(struct vt_envelope *env, const struct vt_list *to, struct vt_error *err)
{
	struct vt_organ *organ;
	size_t i;
	int rc = VT_OK;

	for (i = 0; rc == VT_OK && i < to->n; i++)
		if ((rc = vt_envelope_add_to(env, &organ, err)) == VT_OK &&
		    (rc = vt_envelope_set(&organ->id, to->items[i], err)) ==
			VT_OK)
			/* The name must be there, and is not known here. */
			rc = vt_envelope_set(&organ->name, to->items[i], err);
	return rc;
}

static int
set_trace(struct vt_envelope *env, const char *organ_id, int64_t when,
    struct vt_error *err)
{
	struct vt_trace *trace;
	int rc;

	if ((rc = vt_envelope_add_trace(env, &trace, err)) != VT_OK)
		return rc;
	trace->time = when;
	return vt_envelope_set(&trace->organ_id, organ_id, err);
}

/* The incoming document that this one answers, where the book knows it. */
static int
set_response(struct vt_office *o, struct vt_envelope *env, const char *reply_to,
    struct vt_error *err)
{
	struct vt_error local = { 0 };
	struct vt_response *response;
	struct vt_record rec;
	struct vt_ref ref;
	int64_t id;
	int rc;

	if (reply_to == NULL || !vt_ref_parse(reply_to, false, &ref) ||
	    !vt_book_incoming(ref.book))
		return VT_OK;
	rc = vt_store_ref_find(o->store, &ref, 0, &id, &local);
	if (rc == VT_ENOTFOUND)
		return VT_OK;
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    local.text);
	if ((rc = vt_store_record_get(o->store, id, &rec, err)) != VT_OK)
		return rc;
	rc = vt_envelope_add_response(env, &response, err);
	if (rc == VT_OK) {
		const struct text texts[] = {
			{ &response->organ_id, rec.organ_id },
			{ &response->code, rec.code },
			{ &response->document_id, rec.document_id },
		};

		response->date = rec.date;
		rc = set_texts(texts, sizeof(texts) / sizeof(texts[0]), err);
	}
	vt_record_release(&rec);
	return rc;
}

static int
set_numbers(struct vt_envelope *env, const struct vt_record *rec,
    const struct vt_record_type *type, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	env->date = rec->date;
	env->due_date = rec->due;
	if (type != NULL) {
		env->type = type->edxml_type;
		env->type_detail = type->edxml_detail;
	}
	env->steering_type = STEERING_NONE;
	env->other.priority = (int)rec->urgency;
	if (rec->copies > 0)
		env->other.copies = rec->copies;
	if (rec->pages > 0)
		env->other.pages = rec->pages;
	env->business.type = VT_BUSINESS_NEW;
	env->business.paper = rec->paper;
	for (i = 0; rc == VT_OK && i < rec->places.n; i++)
		rc = vt_list_add(&env->to_places, rec->places.items[i], err);
	return rc;
}

static int
fill_document(struct vt_office *o, const struct vt_record *rec,
    const struct vt_outbox *m, const struct vt_list *to,
    struct vt_envelope *env, struct vt_error *err)
{
	const struct vt_record_type *type = vt_record_type_find(rec->type);
	char *number = NULL, *notation = NULL, competence[16] = "";
	int rc;

	if ((rc = vt_record_code_split(rec->code, &number, &notation, err)) !=
	    VT_OK)
		return rc;
	if (rec->competence != VT_COMPETENCE_NONE)
		snprintf(competence, sizeof(competence), "%s.",
		    vt_competence_name(rec->competence));
	{
		const struct text texts[] = {
			{ &env->document_id, m->document_id },
			{ &env->code_number, number },
			{ &env->code_notation, notation },
			{ &env->place,
			    vt_conf_get(o->conf, "office", "place") },
			{ &env->type_name,
			    type != NULL ? type->name : rec->type },
			{ &env->subject, rec->subject },
			{ &env->content, rec->subject },
			{ &env->competence, competence },
			{ &env->position, rec->position },
			{ &env->signer, rec->signer },
			{ &env->business.reason, REASON_NEW },
		};

		rc = set_texts(texts, sizeof(texts) / sizeof(texts[0]), err);
	}
	free(number);
	free(notation);
	if (rc != VT_OK || (rc = set_from(o, env, err)) != VT_OK ||
	    (rc = set_to(env, to, err)) != VT_OK ||
	    (rc = set_numbers(env, rec, type, err)) != VT_OK ||
	    (rc = set_trace(env, o->organ_id, m->created, err)) != VT_OK)
		return rc;
	return set_response(o, env, rec->reply_to, err);
}

int
vt_office_write_document(struct vt_office *o, const struct vt_record *rec,
    const struct vt_outbox *m, const struct vt_list *to,
    struct vt_office_draft *ret, struct vt_error *err)
{
	struct vt_envelope_file *files = calloc(rec->nfiles, sizeof(*files));
	struct vt_source **sources = calloc(rec->nfiles, sizeof(*sources));
	struct vt_office_draft draft = { 0 };
	struct vt_envelope env;
	size_t i;
	int rc = VT_OK;

	vt_envelope_init(&env);
	if (files == NULL || sources == NULL)
		rc = vt_error_nomem(err);
	for (i = 0; rc == VT_OK && i < rec->nfiles; i++) {
		rc = vt_office_object(o, rec->files[i].sha256,
		    rec->files[i].name, &sources[i], err);
		files[i].name = rec->files[i].name;
		files[i].content = sources[i];
	}
	if (rc == VT_OK &&
	    (rc = fill_document(o, rec, m, to, &env, err)) == VT_OK &&
	    (rc = vt_office_draft_open(o, &draft, err)) == VT_OK &&
	    (rc = vt_envelope_write(&env, files, rec->nfiles, o->home,
		 vt_office_draft_write, draft.out, err)) == VT_OK &&
	    (rc = vt_office_draft_finish(&draft, err)) == VT_OK)
		*ret = draft;
	else
		vt_office_draft_release(&draft);
	vt_envelope_release(&env);
	for (i = 0; sources != NULL && i < rec->nfiles; i++)
		vt_source_free(sources[i]);
	free(sources);
	free(files);
	return rc;
}

/* ---- statuses ---- */

/* What the message M says of itself, where it was kept. */
static int
set_meant(struct vt_office *o, const struct vt_inbox *m,
    struct vt_response *meant, struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_envelope env;
	int rc;

	if (!m->has_envelope)
		return VT_OK;
	if ((rc = vt_objects_get(o->objects, m->envelope, &src, err)) != VT_OK)
		return rc;
	if ((rc = vt_envelope_read(src, &env, err)) == VT_OK) {
		meant->date = env.date;
		vt_envelope_release(&env);
	}
	vt_source_free(src);
	return rc;
}

/*
 * Of a message that was not kept only the id is known; its normal form,
 * ORGANID,YYYY/MM/DD,CODE, holds what readers look for.
 */
static int
set_meant_by_id(struct vt_response *meant, const char *document_id,
    struct vt_error *err)
{
	const char *date, *code;
	struct vt_date d;

	if ((date = strchr(document_id, ',')) == NULL ||
	    (code = strchr(date + 1, ',')) == NULL)
		return VT_OK;
	if (sscanf(date, ",%4d/%2d/%2d,", &d.year, &d.month, &d.day) == 3) {
		char text[VT_TIME_TEXT];

		snprintf(text, sizeof(text), "%04d-%02d-%02d", d.year, d.month,
		    d.day);
		if (vt_date_parse(text, &d))
			meant->date = d;
	}
	return vt_envelope_set(&meant->code, code + 1, err);
}

static const char *
description(const struct vt_outbox *m)
{
	enum vt_status status;

	if (m->reason != NULL && strcmp(m->reason, "secret") == 0)
		return REASON_SECRET;
	if (m->reason != NULL)
		return m->reason;
	return vt_status_parse(m->business, &status) ? vt_status_text(status)
						     : NULL;
}

static int
fill_status(struct vt_office *o, const struct vt_outbox *m,
    const struct vt_inbox *about, struct vt_envelope *env, struct vt_error *err)
{
	struct vt_response *meant;
	int rc;

	env->kind = VT_ENVELOPE_STATUS;
	env->status.time = m->created;
	if ((rc = vt_envelope_add_response(env, &meant, err)) != VT_OK)
		return rc;
	{
		const struct text texts[] = {
			{ &meant->organ_id, about->from_id },
			{ &meant->document_id, about->document_id },
			{ &meant->code, about->code },
			{ &env->status.code, m->business },
			{ &env->status.description, description(m) },
		};

		rc = set_texts(texts, sizeof(texts) / sizeof(texts[0]), err);
	}
	if (rc == VT_OK && (rc = set_from(o, env, err)) == VT_OK)
		rc = set_meant(o, about, meant, err);
	if (rc == VT_OK && about->code == NULL)
		rc = set_meant_by_id(meant, about->document_id, err);
	return rc;
}

int
vt_office_write_status(struct vt_office *o, const struct vt_outbox *m,
    struct vt_office_draft *ret, struct vt_error *err)
{
	struct vt_office_draft draft = { 0 };
	struct vt_inbox about = { 0 };
	struct vt_envelope env;
	int rc;

	vt_envelope_init(&env);
	if ((rc = vt_store_inbox_get(o->store, m->inbox, &about, err)) ==
		VT_OK &&
	    (rc = fill_status(o, m, &about, &env, err)) == VT_OK &&
	    (rc = vt_office_draft_open(o, &draft, err)) == VT_OK &&
	    (rc = vt_envelope_write(&env, NULL, 0, o->home,
		 vt_office_draft_write, draft.out, err)) == VT_OK &&
	    (rc = vt_office_draft_finish(&draft, err)) == VT_OK)
		*ret = draft;
	else
		vt_office_draft_release(&draft);
	vt_inbox_release(&about);
	vt_envelope_release(&env);
	return rc;
}
