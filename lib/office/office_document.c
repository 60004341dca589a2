/* office_document.c - documents that came: into the book, or to a clerk */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/store.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

/* ---- the record that becomes of it ---- */

/* Foreign text may hold what no field does: controls become spaces. */
static int
put_text(char **field, const char *text, struct vt_error *err)
{
	struct vt_bytes b;
	unsigned char c[4];
	struct vt_buf buf;
	size_t pos = 0;
	int32_t ch;
	int rc = VT_OK;

	if (text == NULL)
		return VT_OK;
	b = vt_bytes_str(text);
	vt_buf_init(&buf, b.len + 1);
	while (rc == VT_OK && pos < b.len) {
		ch = vt_utf8_next(b, &pos);
		if (ch < 0x20 || (ch >= 0x7f && ch < 0xa0))
			ch = ' ';
		rc = vt_buf_put(&buf, c, vt_utf8_put(ch, c));
	}
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = vt_record_put(field, vt_buf_str(&buf), err);
	vt_buf_release(&buf);
	return rc;
}

/* "number/notation", each as the sender wrote it. */
static int
put_code(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_error *err)
{
	struct vt_buf code;
	int rc;

	if (env->code_notation == NULL)
		return put_text(&rec->code, env->code_number, err);
	vt_buf_init(&code, 2 * VT_ENVELOPE_TEXT_MAX + 2);
	rc = vt_buf_printf(&code, "%s/%s",
	    env->code_number != NULL ? env->code_number : "",
	    env->code_notation);
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = put_text(&rec->code, vt_buf_str(&code), err);
	vt_buf_release(&code);
	return rc;
}

/* Types are known by their names: the numbers differ from sender to sender. */
static int
put_type(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_error *err)
{
	const struct vt_record_type *type = NULL;

	if (env->type_name != NULL)
		type = vt_record_type_by_name(env->type_name);
	if (type != NULL)
		return put_text(&rec->type, type->code, err);
	/* A công văn is what is nothing else (NĐ 30/2020, Đ.7). */
	return put_text(&rec->type,
	    env->type_name != NULL ? env->type_name : "CV", err);
}

/* "TL. BỘ TRƯỞNG" as well as "TL." */
static enum vt_competence
competence_of(const char *text)
{
	enum vt_competence c = VT_COMPETENCE_NONE;
	char word[8];
	size_t len;

	if (text == NULL)
		return c;
	len = strcspn(text, " .");
	if (len == 0 || len >= sizeof(word))
		return c;
	memcpy(word, text, len);
	word[len] = '\0';
	return vt_competence_parse(word, &c) ? c : VT_COMPETENCE_NONE;
}

static void
put_numbers(const struct vt_envelope *env, int64_t now, struct vt_record *rec)
{
	rec->year = vt_date_of(now).year;
	rec->arrived = rec->registered = now;
	rec->date = env->date;
	rec->due = env->due_date;
	rec->state = VT_STATE_REGISTERED;
	rec->competence = competence_of(env->competence);
	rec->pages = env->other.pages > 0 ? env->other.pages : 0;
	rec->copies = env->other.copies > 0 ? env->other.copies : 0;
	rec->paper = env->business.paper;
	if (env->other.priority >= VT_URGENCY_HOA_TOC)
		rec->urgency = VT_URGENCY_HOA_TOC; /* 4: at a time */
	else if (env->other.priority > 0)
		rec->urgency = (enum vt_urgency)env->other.priority;
}

static int
put_files(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_error *err)
{
	char name[VT_ENVELOPE_NAME_MAX];
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < env->nattachments && rc == VT_OK; i++)
		rc = vt_record_file_add(rec,
		    vt_envelope_file_name(env, i, name),
		    env->attachments[i].size, env->attachments[i].sha256, err);
	return rc;
}

int
vt_office_record_of(const struct vt_envelope *env, int64_t now,
    enum vt_report_verdict verdict, struct vt_record *ret,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_record rec;
	const struct {
		char **field;
		const char *text;
	} texts[] = {
		{ &rec.book, VT_BOOK_IN },
		{ &rec.notation, env->code_notation },
		{ &rec.organ_id, env->from.id },
		{ &rec.organ_name, env->from.name },
		{ &rec.subject, env->subject },
		{ &rec.signer, env->signer },
		{ &rec.position, env->position },
		{ &rec.document_id, env->document_id },
		{ &rec.verdict, vt_report_verdict_name(verdict) },
	};
	size_t i;
	int rc = VT_OK;

	vt_record_init(&rec);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++)
		rc = put_text(texts[i].field, texts[i].text, err);
	put_numbers(env, now, &rec);
	if (rc == VT_OK && (rc = put_code(env, &rec, err)) == VT_OK &&
	    (rc = put_type(env, &rec, err)) == VT_OK &&
	    (rc = put_files(env, &rec, err)) == VT_OK)
		rc = vt_record_check(&rec, notes, err);
	if (rc == VT_OK)
		*ret = rec;
	else
		vt_record_release(&rec);
	return rc;
}

static int
keep_file(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	int rc;

	(void)index;
	rc = vt_objects_put(ctx, content, sha256, NULL, err);
	if (rc == VT_OK && memcmp(sha256, a->sha256, sizeof(sha256)) != 0)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "an attachment changed while it was read");
	return rc;
}

int
vt_office_keep_files(struct vt_office *o, struct vt_source *src,
    struct vt_envelope *env, struct vt_error *err)
{
	return vt_envelope_extract(src, env, o->home, keep_file, o->objects,
	    err);
}

/* ---- what is known under the same id ---- */

struct others {
	struct vt_office *o;
	const char *from;
	bool live;       /* of the same sender, and not over */
	bool foreign;    /* of another sender, and not over */
	int64_t earlier; /* of the same sender, refused or returned */
};

/* Over: the same id may come again as a new arrival. */
static int
is_over(struct vt_office *o, const struct vt_inbox *m, bool *ret,
    struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	*ret = m->result == VT_INBOX_REFUSED;
	if (*ret || m->record == 0)
		return VT_OK;
	if ((rc = vt_store_record_get(o->store, m->record, &rec, err)) != VT_OK)
		return rc;
	*ret = rec.state == VT_STATE_RETURNED || rec.state == VT_STATE_RECALLED;
	vt_record_release(&rec);
	return VT_OK;
}

static int
look_at_other(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct others *others = ctx;
	bool over, same;
	int rc;

	if (m->kind != VT_MESSAGE_DOCUMENT ||
	    m->result == VT_INBOX_QUARANTINED || m->business == NULL ||
	    strcmp(m->business, "new") != 0)
		return VT_OK;
	if ((rc = is_over(others->o, m, &over, err)) != VT_OK)
		return rc;
	same = m->from_id != NULL && strcmp(m->from_id, others->from) == 0;
	if (!over && same)
		others->live = true;
	else if (!over)
		others->foreign = true;
	else if (same && others->earlier == 0)
		others->earlier = m->id; /* the newest comes first */
	return VT_OK;
}

/* ---- what becomes of it ---- */

static bool
addressed(const struct vt_envelope *env, const char *organ_id)
{
	size_t i;

	for (i = 0; i < env->nto; i++)
		if (env->to[i].id != NULL &&
		    strcmp(env->to[i].id, organ_id) == 0)
			return true;
	return false;
}

/* The code of why a clerk must look at it, or NULL: into the book with it. */
static const char *
why_hold(const struct vt_office_intake *in, const struct others *others,
    const struct vt_office_judged *j)
{
	const struct vt_envelope *env = in->env;

	if (env->business.type != VT_BUSINESS_NEW)
		return vt_business_name(env->business.type);
	if (env->nattachments == 0)
		return "no-file";
	if (j->verdict != VT_REPORT_VALID)
		return j->reason;
	if (j->others_invalid)
		return "attachment-invalid";
	if (!addressed(env, in->o->organ_id))
		return "not-addressed";
	if (others->foreign)
		return "id-of-another";
	if (in->ask)
		return "ask";
	return NULL;
}

/* 01, and where it is in the book 03; recalls and updates have their own. */
static int
answer_all(struct vt_office_intake *in, bool registered, struct vt_error *err)
{
	int rc;

	if (in->env->business.type != VT_BUSINESS_NEW)
		return VT_OK;
	rc = vt_office_answer(in->o, in->row, VT_STATUS_ARRIVED, NULL, err);
	if (rc == VT_OK && registered)
		rc = vt_office_answer(in->o, in->row, VT_STATUS_ACCEPTED, NULL,
		    err);
	return rc == VT_OK ? vt_store_inbox_update(in->o->store, in->row, err)
			   : rc;
}

/* All that is known of it, in one transaction.  REC NULL: it is held. */
static int
enter(struct vt_office_intake *in, struct vt_record *rec,
    const struct vt_office_judged *j, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	int rc;

	if ((rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	if (rec != NULL && (rc = vt_store_record_add(in->o->store, rec,
				"registered", NULL, err)) == VT_OK)
		row->record = rec->id;
	if (rc == VT_OK && rec != NULL)
		rc = vt_office_judged_enter(in->o, rec->id, j, err);
	if (rc == VT_OK &&
	    (rc = vt_store_inbox_add(in->o->store, row, err)) == VT_OK)
		rc = answer_all(in, rec != NULL, err);
	if (rc == VT_OK)
		return vt_store_commit(in->o->store, err);
	vt_store_rollback(in->o->store);
	return rc;
}

static int
hold(struct vt_office_intake *in, const char *why, struct vt_error *err)
{
	int rc;

	in->row->result = VT_INBOX_HELD;
	in->result = VT_RECEIVED_HELD;
	if ((rc = vt_office_text(&in->row->reason, why, err)) != VT_OK)
		return rc;
	return enter(in, NULL, NULL, err);
}

static int
add_note(struct vt_office_intake *in, const char *text, struct vt_error *err)
{
	char line[VT_REF_TEXT + VT_TEXT_MAX];

	snprintf(line, sizeof(line), "%s: %s", in->ref, text);
	return vt_list_add(in->notes, line, err);
}

/* Other records that this one looks like are told, and do no harm. */
static int
note_same_code(struct vt_office_intake *in, const struct vt_record *rec,
    struct vt_error *err)
{
	struct vt_error local = { 0 };
	char line[VT_REF_TEXT + 256], ref[VT_REF_TEXT];
	int64_t id;
	int rc;

	rc = vt_store_code_find(in->o->store, rec, &id, &local);
	if (rc == VT_ENOTFOUND)
		return VT_OK;
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    local.text);
	if ((rc = vt_office_ref(in->o, id, ref, err)) != VT_OK)
		return rc;
	snprintf(line, sizeof(line),
	    vt_tr("it has the same code and issuer as %s"), ref);
	return add_note(in, line, err);
}

/* What deviates from the rules is taken as it is, and told (NĐ 30/2020). */
static int
note_all(struct vt_office_intake *in, const struct vt_record *rec,
    const struct vt_list *lines, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	if (in->notes == NULL)
		return VT_OK;
	for (i = 0; i < lines->n && rc == VT_OK; i++)
		rc = add_note(in, lines->items[i], err);
	return rc == VT_OK ? note_same_code(in, rec, err) : rc;
}

/* What a book does not take is for a clerk to look at. */
static int
hold_incomplete(struct vt_office_intake *in, const struct vt_error *why,
    struct vt_error *err)
{
	snprintf(in->detail, sizeof(in->detail), "%s", why->text);
	in->row->record = 0;
	return hold(in, "incomplete", err);
}

static int
register_it(struct vt_office_intake *in, struct vt_office_judged *j,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_list lines = { 0 };
	struct vt_record rec;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_record_of(in->env, in->now, j->verdict, &rec,
		 &lines, &why)) == VT_OK &&
	    (rc = vt_office_keep_files(in->o, in->src, in->env, &why)) ==
		VT_OK &&
	    (rc = vt_office_judged_keep(in->o, j, &why)) == VT_OK) {
		in->row->result = VT_INBOX_REGISTERED;
		in->result = VT_RECEIVED_REGISTERED;
		rc = enter(in, &rec, j, &why);
	}
	if (rc == VT_OK) {
		vt_record_ref(&rec, in->ref);
		rc = note_all(in, &rec, &lines, err);
	} else if (vt_office_damage(rc)) {
		rc = hold_incomplete(in, &why, err);
	} else {
		vt_error_set(err, why.code, why.clause, "%s", why.text);
	}
	vt_record_release(&rec);
	vt_list_release(&lines);
	return rc;
}

static int
fill_row(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	struct vt_inbox *row = in->row;
	struct vt_record rec;
	int rc;

	vt_record_init(&rec);
	if ((rc = put_code(env, &rec, err)) == VT_OK &&
	    (rc = vt_office_text(&row->code, rec.code, err)) == VT_OK &&
	    (rc = put_text(&rec.subject, env->subject, err)) == VT_OK)
		rc = vt_office_text(&row->subject, rec.subject, err);
	vt_record_release(&rec);
	return rc;
}

static int
take(struct vt_office_intake *in, struct vt_office_judged *j,
    struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	struct others others = { .o = in->o, .from = row->from_id };
	const struct vt_inbox_query q = { .document_id = row->document_id };
	const char *parts[] = { row->from_id, "document", row->business,
		row->document_id };
	unsigned char digest[VT_SHA256_LEN];
	struct vt_error why = { 0 };
	const char *held;
	bool known;
	int rc;

	rc = vt_office_judge_envelope(in->o, in->trust, in->src, in->env, j,
	    &why);
	if (vt_office_damage(rc)) {
		snprintf(in->detail, sizeof(in->detail), "%s", why.text);
		return vt_office_malformed(in, err);
	}
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    why.text);
	if ((rc = vt_envelope_digest(in->env, digest, err)) != VT_OK ||
	    (rc = vt_office_key(parts, sizeof(parts) / sizeof(parts[0]), digest,
		 row->key, err)) != VT_OK ||
	    (rc = vt_office_known(in, &known, err)) != VT_OK || known ||
	    (rc = vt_store_inbox_list(in->o->store, &q, look_at_other, &others,
		 err)) != VT_OK ||
	    (rc = fill_row(in, err)) != VT_OK)
		return rc;
	if (strcmp(row->from_id, in->o->organ_id) == 0)
		return vt_office_quarantine(in, "from-ourselves", err);
	if (in->env->business.type == VT_BUSINESS_NEW && others.live)
		return vt_office_quarantine(in, "id-in-use", err);
	row->earlier = others.earlier;
	if (in->env->nattachments > 0 &&
	    (rc = vt_office_text(&row->verdict,
		 vt_report_verdict_name(j->verdict), err)) != VT_OK)
		return rc;
	if ((rc = vt_objects_put(in->o->objects, in->src, row->envelope, NULL,
		 err)) != VT_OK)
		return rc;
	row->has_envelope = true;
	held = why_hold(in, &others, j);
	return held != NULL ? hold(in, held, err) : register_it(in, j, err);
}

int
vt_office_take_document(struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_office_judged j = { 0 };
	int rc = take(in, &j, err);

	vt_office_judged_release(&j);
	return rc;
}
