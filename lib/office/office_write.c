/* office_write.c - the envelopes that an office sends */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/conf.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/store_agency.h"
#include "vanthu/time.h"

/* Texts that go onto the wire: data, as in the samples of the axis. */
#define REASON_NEW "Văn bản điện tử mới"
#define REASON_RECALL "Thu hồi văn bản điện tử"
#define REASON_UPDATE "Cập nhật văn bản điện tử"
#define REASON_REPLACE "Văn bản thay thế"
#define REASON_SECRET "Văn bản mật không gửi, nhận qua hệ thống này"
#define REASON_INVALID "Chữ ký số trên văn bản không hợp lệ"
#define STATUS_MAX (16u * 1024 * 1024) /* bytes: more than all texts in it */
#define STEERING_NONE 1                /* not a document of steering */

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

/* A name must be there: it is the id where no directory knows another. */
static int
set_name(struct vt_office *o, struct vt_organ *organ, struct vt_date today,
    struct vt_error *err)
{
	struct vt_agency a = { 0 };
	int64_t id;
	int rc;

	rc = vt_store_agency_find(o->store, organ->id, today, &id, err);
	if (rc == VT_OK && id != 0)
		rc = vt_store_agency_get(o->store, id, &a, err);
	if (rc == VT_OK)
		rc = vt_envelope_set(&organ->name,
		    a.name != NULL ? a.name : organ->id, err);
	vt_agency_release(&a);
	return rc;
}

static int
set_to(struct vt_office *o, struct vt_envelope *env, const struct vt_list *to,
    struct vt_error *err)
{
	struct vt_date today = vt_date_of(vt_time_now());
	struct vt_organ *organ;
	size_t i;
	int rc = VT_OK;

	for (i = 0; rc == VT_OK && i < to->n; i++)
		if ((rc = vt_envelope_add_to(env, &organ, err)) == VT_OK &&
		    (rc = vt_envelope_set(&organ->id, to->items[i], err)) ==
			VT_OK)
			rc = set_name(o, organ, today, err);
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
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	env->date = rec->date;
	env->due_date = rec->due;
	env->steering_type = STEERING_NONE;
	env->other.priority = (int)rec->urgency;
	if (rec->copies > 0)
		env->other.copies = rec->copies;
	if (rec->pages > 0)
		env->other.pages = rec->pages;
	env->business.paper = rec->paper;
	for (i = 0; rc == VT_OK && i < rec->places.n; i++)
		rc = vt_list_add(&env->to_places, rec->places.items[i], err);
	return rc;
}

/* ---- what kind of message it is ---- */

static int
set_receivers(struct vt_envelope *env, const struct vt_json *array, bool added,
    struct vt_error *err)
{
	struct vt_receiver_change *r;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < vt_json_len(array) && rc == VT_OK; i++) {
		rc = vt_envelope_add_receiver(env, &r, err);
		if (rc != VT_OK)
			break;
		r->added = added;
		rc = vt_envelope_set(&r->organ_id,
		    vt_json_str(vt_json_at(array, i)), err);
	}
	return rc;
}

static int
set_update(struct vt_envelope *env, const struct vt_json *detail,
    struct vt_error *err)
{
	const struct vt_json *added = vt_json_get(detail, "added");
	const struct vt_json *removed = vt_json_get(detail, "removed");
	int rc;

	(void)vt_json_bool(vt_json_get(detail, "content"),
	    &env->business.content_changed);
	env->business.receivers_changed =
	    vt_json_len(added) + vt_json_len(removed) > 0;
	rc = set_receivers(env, added, true, err);
	return rc == VT_OK ? set_receivers(env, removed, false, err) : rc;
}

static int
set_replaced(struct vt_envelope *env, const struct vt_json *detail,
    struct vt_error *err)
{
	const struct vt_json *to = vt_json_get(detail, "to");
	struct vt_replaced *old;
	const char *id;
	size_t i;
	int rc;

	if ((rc = vt_envelope_add_replaced(env, &old, err)) != VT_OK ||
	    (rc = vt_envelope_set(&old->document_id,
		 vt_json_str(vt_json_get(detail, "document_id")), err)) !=
		VT_OK)
		return rc;
	for (i = 0; i < vt_json_len(to) && rc == VT_OK; i++)
		if ((id = vt_json_str(vt_json_at(to, i))) != NULL)
			rc = vt_list_add(&old->organ_ids, id, err);
	return rc;
}

static int
set_business(struct vt_envelope *env, const struct vt_outbox *m,
    struct vt_error *err)
{
	static const char *const reasons[] = { [VT_BUSINESS_NEW] = REASON_NEW,
		[VT_BUSINESS_RECALL] = REASON_RECALL,
		[VT_BUSINESS_UPDATE] = REASON_UPDATE,
		[VT_BUSINESS_REPLACE] = REASON_REPLACE };
	enum vt_business type = VT_BUSINESS_NEW;
	struct vt_json *detail = NULL;
	int rc;

	if (m->business != NULL)
		(void)vt_business_parse(m->business, &type);
	env->business.type = type;
	if ((rc = vt_envelope_set(&env->business.reason,
		 m->reason != NULL ? m->reason : reasons[type], err)) != VT_OK)
		return rc;
	if ((type == VT_BUSINESS_RECALL || type == VT_BUSINESS_UPDATE) &&
	    (rc = vt_envelope_set(&env->business.document_id, m->document_id,
		 err)) != VT_OK)
		return rc;
	if (m->detail == NULL)
		return VT_OK;
	if ((rc = vt_json_parse(vt_bytes_str(m->detail), &detail, err)) !=
	    VT_OK)
		return rc;
	if (type == VT_BUSINESS_UPDATE)
		rc = set_update(env, detail, err);
	else if (type == VT_BUSINESS_REPLACE)
		rc = set_replaced(env, detail, err);
	vt_json_free(detail);
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
		};

		rc = set_texts(texts, sizeof(texts) / sizeof(texts[0]), err);
	}
	free(number);
	free(notation);
	if (rc != VT_OK || (rc = set_from(o, env, err)) != VT_OK ||
	    (rc = set_to(o, env, to, err)) != VT_OK ||
	    (rc = set_numbers(env, rec, err)) != VT_OK ||
	    (rc = set_business(env, m, err)) != VT_OK ||
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

/* Where DETAIL, of an answer, has no date nothing is changed. */
static int
set_date(const char *detail, struct vt_date *ret, struct vt_error *err)
{
	struct vt_json *all = NULL;
	const char *text;
	struct vt_date d;
	int rc;

	if ((rc = vt_json_parse(vt_bytes_str(detail), &all, err)) != VT_OK)
		return rc;
	text = vt_json_str(vt_json_get(all, "date"));
	if (text != NULL && vt_date_parse(text, &d))
		*ret = d;
	vt_json_free(all);
	return VT_OK;
}

/*
 * What the message M says of itself: the answer OUT has it, or M itself, where
 * it was kept.
 */
static int
set_meant(struct vt_office *o, const struct vt_outbox *out,
    const struct vt_inbox *m, struct vt_response *meant, struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_envelope env;
	int rc;

	if (out->detail != NULL &&
	    ((rc = set_date(out->detail, &meant->date, err)) != VT_OK ||
		meant->date.year != 0))
		return rc;
	if (!m->has_envelope)
		return VT_OK;
	if ((rc = vt_objects_get(o->objects, m->envelope, &src, err)) != VT_OK)
		return rc;
	if ((rc = vt_envelope_read(src, &env, err)) == VT_OK) {
		meant->date = vt_office_meant_date(&env);
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

const char *
vt_office_return_reason(const char *why, char buf[VT_OFFICE_RETURN_MAX])
{
	static const struct {
		const char *code, *text;
	} known[] = {
		{ "unsigned", "Văn bản không có chữ ký số" },
		{ "another-organisation",
		    "Chữ ký số không phải của cơ quan gửi văn bản" },
		{ "attachment-invalid",
		    "Chữ ký số trên tệp kèm theo không hợp lệ" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].code, why) == 0)
			return known[i].text;
	snprintf(buf, VT_OFFICE_RETURN_MAX, "%s (%s)", REASON_INVALID, why);
	return buf;
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
		rc = set_meant(o, m, about, meant, err);
	if (rc == VT_OK && about->code == NULL)
		rc = set_meant_by_id(meant, about->document_id, err);
	return rc;
}

static int
put_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : (int)vt_error_nomem(err);
}

int
vt_office_write_status(struct vt_office *o, const struct vt_outbox *m,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_inbox about = { 0 };
	struct vt_envelope env;
	struct vt_buf text;
	int rc;

	vt_envelope_init(&env);
	vt_buf_init(&text, STATUS_MAX);
	if ((rc = vt_store_inbox_get(o->store, m->inbox, &about, err)) ==
		VT_OK &&
	    (rc = fill_status(o, m, &about, &env, err)) == VT_OK &&
	    (rc = vt_envelope_write(&env, NULL, 0, o->home, put_piece, &text,
		 err)) == VT_OK)
		*ret = text;
	else
		vt_buf_release(&text);
	vt_inbox_release(&about);
	vt_envelope_release(&env);
	return rc;
}
