/* office_act.c - what a recall, an update or a replacement does to the book */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/encode.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/store.h"

#define CLAUSE_MAIN "NĐ 30/2020, Đ.18"

/* ---- what is told ---- */

/* The sender's reason, and who has the document on the desk. */
static void
tell(struct vt_office_intake *in, const struct vt_record *rec,
    const char *reason)
{
	vt_record_ref(rec, in->ref);
	if (rec->keeper != NULL)
		snprintf(in->detail, sizeof(in->detail),
		    vt_tr("%s; it is with %s"), reason != NULL ? reason : "-",
		    rec->keeper);
	else
		snprintf(in->detail, sizeof(in->detail), "%s",
		    reason != NULL ? reason : "");
}

/* The row of the message: dealt with, and 15 or 16 queued in its turn. */
static int
done(struct vt_office_intake *in, enum vt_inbox_result result, int64_t record,
    const char *code, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	int rc;

	row->result = result;
	row->record = record;
	if ((rc = vt_str_set(&row->reason, code, err)) != VT_OK ||
	    (rc = vt_str_set(&row->detail, NULL, err)) != VT_OK)
		return rc;
	return vt_office_answer_in_turn(in->o, row, in->env, err);
}

/* A document that never came into the book waits no longer. */
static int
end_held(struct vt_office_intake *in, const struct vt_office_target *t,
    const char *code, struct vt_error *err)
{
	struct vt_inbox m;
	int rc;

	if (t->record != 0 || t->result != VT_INBOX_HELD)
		return VT_OK;
	if ((rc = vt_store_inbox_get(in->o->store, t->inbox, &m, err)) != VT_OK)
		return rc;
	m.result = VT_INBOX_DONE;
	if ((rc = vt_str_set(&m.reason, code, err)) == VT_OK)
		rc = vt_store_inbox_update(in->o->store, &m, err);
	vt_inbox_release(&m);
	return rc;
}

/* Recalled or replaced, where it is in the book and not over. */
static int
end_record(struct vt_office_intake *in, const struct vt_office_target *t,
    enum vt_state state, const char *reason, struct vt_error *err)
{
	const char *what = vt_state_name(state);
	struct vt_record rec;
	int rc;

	if (t->record == 0)
		return end_held(in, t, what, err);
	if ((rc = vt_store_record_get(in->o->store, t->record, &rec, err)) !=
	    VT_OK)
		return rc;
	if (vt_state_follows(true, rec.state, state))
		rc = vt_store_state_set(in->o->store, t->record, state, what,
		    reason, err);
	tell(in, &rec, reason);
	vt_record_release(&rec);
	return rc;
}

/* ---- recalled ---- */

int
vt_office_act_recall(struct vt_office_intake *in,
    const struct vt_office_target *t, const char *reason, struct vt_error *err)
{
	int rc;

	if ((rc = end_record(in, t, VT_STATE_RECALLED, reason, err)) == VT_OK)
		rc = vt_office_end_waiting(in, t, err);
	return rc == VT_OK ? done(in, VT_INBOX_DONE, t->record, "recalled", err)
			   : rc;
}

int
vt_office_act_vain(struct vt_office_intake *in,
    const struct vt_office_target *t, struct vt_error *err)
{
	return done(in, VT_INBOX_REFUSED, t->record, "recalled", err);
}

/* ---- updated ---- */

/* Which of the record's files the I-th of NEW is a version of; -1: none. */
static int
file_of(const struct vt_record *rec, const struct vt_record *new, size_t i)
{
	size_t k;

	for (k = 0; k < rec->nfiles; k++)
		if (strcmp(rec->files[k].name, new->files[i].name) == 0)
			return rec->files[k].seq;
	return i == 0 && rec->nfiles > 0 ? 0 : -1;
}

static bool
has_file(const struct vt_record *rec, const unsigned char *sha256)
{
	size_t k;

	for (k = 0; k < rec->nfiles; k++)
		if (memcmp(rec->files[k].sha256, sha256, VT_SHA256_LEN) == 0)
			return true;
	return false;
}

static int
note_main(struct vt_office_intake *in, const struct vt_record *rec,
    struct vt_error *err)
{
	char line[VT_TEXT_MAX], ref[VT_REF_TEXT];

	if (in->notes == NULL)
		return VT_OK;
	snprintf(line, sizeof(line),
	    vt_tr("%s: the update changes the main document; %s wants a "
		  "replacement or a correction"),
	    vt_record_ref(rec, ref), CLAUSE_MAIN);
	return vt_list_add(in->notes, line, err);
}

/* What was current is so again: what came is older than it. */
static int
put_back(struct vt_office_intake *in, const struct vt_record *rec, int seq,
    const char *what, const char *reason, struct vt_error *err)
{
	struct vt_record_file file;
	size_t k;

	for (k = 0; k < rec->nfiles; k++)
		if (rec->files[k].seq == seq)
			break;
	if (k == rec->nfiles)
		return VT_OK;
	file = rec->files[k]; /* its name is borrowed */
	return vt_store_file_add(in->o->store, rec->id, &file, what, reason,
	    err);
}

static int
note_late(struct vt_office_intake *in, const struct vt_record *rec,
    struct vt_error *err)
{
	char line[VT_TEXT_MAX], ref[VT_REF_TEXT];

	if (in->notes == NULL)
		return VT_OK;
	snprintf(line, sizeof(line),
	    vt_tr("%s: a later update came before it, and what that brought "
		  "stays current"),
	    vt_record_ref(rec, ref));
	return vt_list_add(in->notes, line, err);
}

/* Old versions stay, new ones are current. */
int
vt_office_take_files(struct vt_office_intake *in, const struct vt_record *rec,
    const struct vt_record *new, const char *what, const char *reason,
    bool *ret_main, struct vt_error *err)
{
	bool update = strcmp(what, "updated") == 0;
	struct vt_record_file file;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < new->nfiles &&rc == VT_OK; i++) {
		if (has_file(rec, new->files[i].sha256))
			continue;
		file = new->files[i]; /* its name is borrowed */
		file.seq = file_of(rec, new, i);
		if (!in->late &&
		    (file.seq == 0 || (i == 0 && rec->nfiles == 0)))
			*ret_main = true;
		if (update && !in->late && file.seq == 0 &&
		    (rc = note_main(in, rec, err)) != VT_OK)
			return rc;
		rc = vt_store_file_add(in->o->store, rec->id, &file, what,
		    reason, err);
		if (rc == VT_OK && in->late)
			rc = put_back(in, rec, file.seq, what, reason, err);
	}
	return rc;
}

/* What a header may change; code, date and arrival number stay. */
static int
update_fields(struct vt_record *rec, struct vt_record *new,
    struct vt_error *err)
{
	const struct {
		char **field;
		const char *text;
	} texts[] = {
		{ &rec->subject, new->subject },
		{ &rec->signer, new->signer },
		{ &rec->position, new->position },
	};
	struct vt_list places = rec->places;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++)
		if (texts[i].text != NULL)
			rc = vt_record_put(texts[i].field, texts[i].text, err);
	rec->competence = new->competence;
	rec->urgency = new->urgency;
	rec->due = new->due;
	rec->pages = new->pages;
	rec->copies = new->copies;
	if (new->places.n > 0) {
		rec->places = new->places;
		new->places = places;
	}
	return rc;
}

static int
update_record(struct vt_office_intake *in, const struct vt_office_judged *j,
    struct vt_record *rec, const char *reason, struct vt_error *err)
{
	struct vt_record new;
	bool main = false;
	int rc;

	if ((rc = vt_office_record_of(in->env, in->now, j->verdict, &new, NULL,
		 err)) != VT_OK)
		return rc;
	rc = vt_office_take_files(in, rec, &new, "updated", reason, &main, err);
	if (rc == VT_OK && in->late)
		rc = note_late(in, rec, err);
	if (rc == VT_OK && main)
		rc = vt_record_put(&rec->verdict, new.verdict, err);
	if (rc == VT_OK && !in->late &&
	    (rc = update_fields(rec, &new, err)) == VT_OK)
		rc = vt_store_record_update(in->o->store, rec, "updated",
		    reason, err);
	vt_record_release(&new);
	return rc;
}

int
vt_office_act_update(struct vt_office_intake *in,
    const struct vt_office_judged *j, const struct vt_office_target *t,
    const char *reason, struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(in->o->store, t->record, &rec, err)) !=
	    VT_OK)
		return rc;
	if (in->env->nattachments > 0 || in->env->business.content_changed)
		rc = update_record(in, j, &rec, reason, err);
	tell(in, &rec, reason);
	vt_record_release(&rec);
	return rc == VT_OK ? done(in, VT_INBOX_DONE, t->record, "updated", err)
			   : rc;
}

/* ---- replaced ---- */

int
vt_office_act_replaced(struct vt_office_intake *in,
    const struct vt_office_target *t, const struct vt_record *by,
    const char *reason, struct vt_error *err)
{
	char old[VT_REF_TEXT], new[VT_REF_TEXT];
	int rc;

	if ((rc = end_record(in, t, VT_STATE_REPLACED, reason, err)) != VT_OK ||
	    t->record == 0 || t->record == by->id)
		return rc;
	vt_record_ref(by, new);
	if ((rc = vt_office_ref(in->o, t->record, old, err)) != VT_OK ||
	    (rc = vt_office_link(in->o, t->record, "replaced_by", new, err)) !=
		VT_OK)
		return rc;
	return vt_office_link(in->o, by->id, "replaces", old, err);
}

/* Until what is replaced is in the book, a row of its own stands for it. */
static int
keep_in_mind(struct vt_office_intake *in, const char *document_id,
    struct vt_error *err)
{
	const struct vt_inbox *row = in->row;
	const char *parts[] = { row->from_id, "replaced", row->document_id,
		document_id };
	struct vt_inbox wait = { .kind = VT_MESSAGE_DOCUMENT,
		.business = row->business,
		.from_id = row->from_id,
		.from_name = row->from_name,
		.reason = row->business,
		.received = row->received,
		.result = VT_INBOX_HELD,
		.record = row->record,
		.earlier = row->id,
		.has_envelope = row->has_envelope };
	struct vt_error why = { 0 };
	char *id = NULL;
	int rc;

	if ((rc = vt_str_set(&id, document_id, err)) != VT_OK)
		return rc;
	wait.document_id = id;
	memcpy(wait.envelope, row->envelope, sizeof(wait.envelope));
	rc = vt_office_key(parts, sizeof(parts) / sizeof(parts[0]), row->key,
	    wait.key, err);
	if (rc == VT_OK) {
		rc = vt_store_inbox_add(in->o->store, &wait, &why);
		if (rc == VT_EEXISTS) /* it is named twice */
			rc = VT_OK;
		else if (rc != VT_OK)
			vt_error_set(err, why.code, NULL, "%s", why.text);
	}
	free(id);
	return rc;
}

int
vt_office_act_replace(struct vt_office_intake *in, const struct vt_record *by,
    bool *ret_any, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	char buf[VT_OFFICE_DETAIL_MAX];
	const char *reason = vt_office_reason_of(env, buf);
	struct vt_office_target t;
	size_t i;
	int rc;

	*ret_any = false;
	for (i = 0; i < env->business.nreplaced; i++) {
		const struct vt_replaced *old = &env->business.replaced[i];

		if (old->document_id == NULL ||
		    !vt_office_replaced_here(in->o, old))
			continue;
		rc = vt_office_target_find(in->o, old->document_id,
		    in->row->from_id, in->row->id, &t, err);
		if (rc == VT_OK && t.found && !vt_office_target_pending(&t)) {
			*ret_any = true;
			rc = vt_office_act_replaced(in, &t, by, reason, err);
		} else if (rc == VT_OK)
			rc = keep_in_mind(in, old->document_id, err);
		if (rc != VT_OK)
			return rc;
	}
	vt_record_ref(by, in->ref);
	return VT_OK;
}
