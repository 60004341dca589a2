/* office_update.c - an issued document gets new files or other recipients */
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "office_register_int.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office_change.h"
#include "vanthu/record.h"
#include "vanthu/store.h"

#define CLAUSE_MAIN "NĐ 30/2020, Đ.18"
#define DETAIL_MAX (4 * 1024 * 1024)

struct plan {
	struct vt_office_holders all;
	struct vt_list keep, added, removed;
	struct vt_list unsent; /* of those removed: they will not get it */
};

static void
plan_release(struct plan *p)
{
	vt_office_holders_release(&p->all);
	vt_list_release(&p->keep);
	vt_list_release(&p->added);
	vt_list_release(&p->removed);
	vt_list_release(&p->unsent);
}

static int
plan_added(const struct vt_office *o, const struct vt_list *add, struct plan *p,
    struct vt_error *err)
{
	const struct vt_office_holder *h;
	size_t i;
	int rc = VT_OK;

	for (i = 0; add != NULL && i < add->n && rc == VT_OK; i++) {
		h = vt_office_holder_find(o, &p->all, add->items[i]);
		if ((h == NULL || !vt_office_holder_has(h)) &&
		    !vt_office_among(o, &p->added, add->items[i]))
			rc = vt_list_add(&p->added, add->items[i], err);
	}
	return rc;
}

static int
make_plan(struct vt_office *o, int64_t record,
    const struct vt_office_update *what, bool alone, struct plan *ret,
    struct vt_error *err)
{
	const struct vt_list *remove = what->remove;
	const struct vt_office_holder *h;
	struct plan p = { 0 };
	struct vt_list *list;
	size_t i;
	int rc;

	rc = vt_office_holders(o, record, &p.all, err);
	for (i = 0; rc == VT_OK && remove != NULL && i < remove->n; i++)
		if (vt_office_holder_find(o, &p.all, remove->items[i]) == NULL)
			rc = vt_error_set(err, VT_EARG, NULL,
			    "%s was not sent the document", remove->items[i]);
	for (i = 0; rc == VT_OK && i < p.all.n; i++) {
		h = &p.all.items[i];
		list = vt_office_holder_has(h) ? &p.keep : NULL;
		if (vt_office_among(o, remove, h->organ_id)) {
			if (vt_office_holder_unsent(h, alone))
				list = &p.unsent;
			else if (list != NULL)
				list = &p.removed;
		}
		if (list != NULL)
			rc = vt_list_add(list, h->organ_id, err);
	}
	if (rc == VT_OK)
		rc = plan_added(o, what->add, &p, err);
	if (rc == VT_OK)
		*ret = p;
	else
		plan_release(&p);
	return rc;
}

static bool
same_plan(const struct plan *a, const struct plan *b)
{
	return vt_office_same_list(&a->keep, &b->keep) &&
	       vt_office_same_list(&a->added, &b->added) &&
	       vt_office_same_list(&a->removed, &b->removed) &&
	       vt_office_same_list(&a->unsent, &b->unsent);
}

/* ---- files ---- */

/*
 * What is refused for its main file is not kept: that is looked at first.
 * Where a signature lies beside it, all of it is, later.
 */
static int
main_check(struct vt_office *o, const struct vt_record *rec,
    const struct vt_list *paths, struct vt_error *err)
{
	const char *main = rec->files[0].name, *path = NULL, *slash, *name;
	size_t i;

	for (i = 0; i < rec->nfiles; i++)
		if (vt_office_signature_of(rec->files[i].name, main))
			return VT_OK;
	for (i = 0; i < paths->n; i++) {
		slash = strrchr(paths->items[i], '/');
		name = slash != NULL ? slash + 1 : paths->items[i];
		if (vt_office_signature_of(name, main))
			return VT_OK;
		if (strcmp(name, main) == 0)
			path = paths->items[i];
	}
	return path != NULL ? vt_office_main_signed(o, path, main, err) : VT_OK;
}

/* Which of REC's files the new one is a version of; -1: none. */
static int
seq_of(const struct vt_record *rec, const char *name)
{
	size_t i;

	for (i = 0; i < rec->nfiles; i++)
		if (strcmp(rec->files[i].name, name) == 0)
			return rec->files[i].seq;
	return -1;
}

static struct vt_record_file *
file_at(struct vt_record *rec, int seq)
{
	size_t i;

	for (i = 0; i < rec->nfiles; i++)
		if (rec->files[i].seq == seq)
			return &rec->files[i];
	return NULL;
}

/*
 * REC as it will be, and in FILES (of NEW->nfiles) what changes it: seq -1 is a
 * further file.  What is there already is passed over.
 */
static int
apply_files(struct vt_record *rec, struct vt_record *new, size_t *ret_n,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_record_file *file, *old, swap;
	size_t i, n = 0;
	int rc;

	for (i = 0; i < new->nfiles; i++) {
		file = &new->files[i];
		file->seq = seq_of(rec, file->name);
		old = file->seq >= 0 ? file_at(rec, file->seq) : NULL;
		if (old != NULL &&
		    memcmp(old->sha256, file->sha256, VT_SHA256_LEN) == 0) {
			rc = vt_office_note(notes, err,
			    VT_N_("%s is what it was"), file->name);
			if (rc != VT_OK)
				return rc;
			continue;
		}
		if (file->seq == 0 &&
		    (rc = vt_office_note(notes, err,
			 VT_N_("the main document changes; %s wants a "
			       "replacement or a correction"),
			 CLAUSE_MAIN)) != VT_OK)
			return rc;
		if (old != NULL) {
			old->size = file->size;
			memcpy(old->sha256, file->sha256, VT_SHA256_LEN);
		} else if ((rc = vt_record_file_add(rec, file->name, file->size,
				file->sha256, err)) != VT_OK)
			return rc;
		swap = new->files[n];
		new->files[n++] = *file;
		if (&new->files[n - 1] != file)
			*file = swap;
	}
	*ret_n = n;
	return VT_OK;
}

/* ---- all of it ---- */

struct update {
	const struct vt_office_update *what;
	const char *reason;
	bool alone;
	struct vt_record files; /* what was given, kept in objects/ */
};

/* What the envelope says of it, for the queue to make it again. */
static int
detail_of(const struct plan *p, bool content, struct vt_buf *ret,
    struct vt_error *err)
{
	struct vt_json_out *json = vt_json_out_new();
	size_t i;
	int rc;

	vt_buf_init(ret, DETAIL_MAX);
	vt_json_put_bool(json, "content", content);
	vt_json_begin_array(json, "added");
	for (i = 0; i < p->added.n; i++)
		vt_json_put_str(json, NULL, p->added.items[i]);
	vt_json_end(json);
	vt_json_begin_array(json, "removed");
	for (i = 0; i < p->removed.n; i++)
		vt_json_put_str(json, NULL, p->removed.items[i]);
	for (i = 0; i < p->unsent.n; i++)
		vt_json_put_str(json, NULL, p->unsent.items[i]);
	vt_json_end(json);
	rc = vt_json_write(json, ret, err);
	vt_json_out_free(json);
	return rc;
}

/* In the transaction.  *RET_DONE false: somebody was faster. */
static int
enter(struct vt_office *o, const struct vt_record *rec, const struct update *u,
    size_t nfiles, const struct plan *p, struct vt_office_message *m, size_t n,
    bool *ret_done, struct vt_error *err)
{
	const struct vt_office_named lists[] = { { "added", &p->added },
		{ "removed", &p->removed }, { "unsent", &p->unsent },
		{ "to", &p->keep } };
	struct vt_record again;
	struct plan now = { 0 };
	size_t i;
	int rc;

	if ((rc = vt_store_record_get(o->store, rec->id, &again, err)) != VT_OK)
		return rc;
	if ((rc = make_plan(o, rec->id, u->what, u->alone, &now, err)) != VT_OK)
		goto out;
	*ret_done = vt_office_unchanged(rec, &again) && same_plan(p, &now);
	if (!*ret_done)
		goto out;
	for (i = 0; i < nfiles && rc == VT_OK; i++)
		rc = vt_store_file_add(o->store, rec->id, &u->files.files[i],
		    "updated", u->reason, err);
	if (rc == VT_OK &&
	    (rc = vt_office_cancel_unsent(o, rec->id, &p->unsent, err)) ==
		VT_OK &&
	    (rc = vt_office_messages_queue(o, m, n, err)) == VT_OK)
		rc = vt_office_event_lists(o, rec->id, "update", u->reason,
		    lists, sizeof(lists) / sizeof(lists[0]), err);
out:
	plan_release(&now);
	vt_record_release(&again);
	return rc;
}

struct repeated {
	const char *reason;
	bool found;
};

static int
look_at_event(void *ctx, const struct vt_event *e, struct vt_error *err)
{
	struct repeated *r = ctx;

	(void)err;
	if (strcmp(e->what, "update") == 0 && e->reason != NULL &&
	    strcmp(e->reason, r->reason) == 0)
		r->found = true;
	return VT_OK;
}

/* Nothing changes: a run is repeated, or something was forgotten. */
static int
nothing_new(struct vt_office *o, int64_t record, const char *reason,
    struct vt_error *err)
{
	struct repeated r = { reason, false };
	int rc;

	rc = vt_store_events(o->store, record, look_at_event, &r, err);
	if (rc == VT_OK && !r.found)
		return vt_error_set(err, VT_EARG, NULL,
		    "the update changes nothing");
	return rc;
}

static int
update_once(struct vt_office *o, const struct vt_record *rec, struct update *u,
    struct vt_list *notes, bool *ret_done, struct vt_error *err)
{
	struct plan p = { 0 };
	struct vt_buf detail = { 0 };
	struct vt_office_message m[] = {
		{ .business = "update", .reason = u->reason, .to = &p.keep },
		/* with a reason: who had it before must not see a duplicate */
		{ .business = "new", .reason = u->reason, .to = &p.added },
		{ .business = "recall", .reason = u->reason, .to = &p.removed },
	};
	size_t n = sizeof(m) / sizeof(m[0]), nfiles = 0, i;
	struct vt_record next;
	int rc;

	if ((rc = vt_record_copy(rec, &next, err)) != VT_OK)
		return rc;
	for (i = 0; i < n; i++)
		m[i].document_id = rec->document_id;
	if ((rc = make_plan(o, rec->id, u->what, u->alone, &p, err)) != VT_OK ||
	    (rc = apply_files(&next, &u->files, &nfiles, notes, err)) != VT_OK)
		goto out;
	if (nfiles + p.added.n + p.removed.n + p.unsent.n == 0) {
		*ret_done = true;
		rc = nothing_new(o, rec->id, u->reason, err);
		goto out;
	}
	if (nfiles > 0 &&
	    (rc = vt_office_may_go_as_signed(o, &next, notes, err)) != VT_OK)
		goto out;
	if ((rc = detail_of(&p, nfiles > 0, &detail, err)) != VT_OK)
		goto out;
	m[0].detail = vt_buf_str(&detail);
	if ((rc = vt_office_messages_write(o, &next, m, n, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	rc = enter(o, rec, u, nfiles, &p, m, n, ret_done, err);
	if (rc == VT_OK && *ret_done)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	if (rc == VT_OK && *ret_done)
		vt_office_messages_keep(o, m, n);
out:
	vt_office_messages_release(m, n);
	vt_buf_release(&detail);
	plan_release(&p);
	vt_record_release(&next);
	return rc;
}

static int
may_update(const struct vt_record *rec, struct vt_error *err)
{
	int rc;

	if ((rc = vt_office_may_go(rec, err)) != VT_OK)
		return rc;
	if (rec->state != VT_STATE_ISSUED)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the document is not issued yet: change its record");
	return VT_OK;
}

/*
 * Messages of which only the queue knew how they look would be made of the new
 * files: they are made before.
 */
static int
update_locked(struct vt_office *o, int64_t record, struct update *u,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_record rec;
	bool done = false;
	int i, rc;

	if ((rc = vt_office_make_envelopes(o, record, err)) != VT_OK)
		return rc;
	for (i = 0; i < VT_OFFICE_ROUNDS && !done; i++) {
		rc = vt_store_record_get(o->store, record, &rec, err);
		if (rc == VT_OK) {
			if ((rc = may_update(&rec, err)) == VT_OK)
				rc = update_once(o, &rec, u,
				    i == 0 ? notes : NULL, &done, err);
			vt_record_release(&rec);
		}
		if (rc != VT_OK)
			return rc;
	}
	if (!done)
		return vt_error_set(err, VT_EIO, NULL,
		    "the record is being changed by others; try again");
	return VT_OK;
}

int
vt_office_update(struct vt_office *o, int64_t record,
    const struct vt_office_update *what, const char *reason,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_list add = { 0 }, remove = { 0 };
	const struct vt_office_update meant = { &add, &remove, what->files };
	struct update u = { .what = &meant };
	struct vt_record rec;
	char *clean = NULL;
	int lock = -1, rc;

	vt_record_init(&u.files);
	if ((rc = vt_office_clean_reason(reason, &clean, err)) != VT_OK ||
	    (rc = vt_office_address_list(o, what->add, true, &add, notes,
		 err)) != VT_OK ||
	    (rc = vt_office_address_list(o, what->remove, false, &remove, notes,
		 err)) != VT_OK)
		goto out;
	u.reason = clean;
	/* told before anything is stored, and again when locked */
	if ((rc = vt_store_record_get(o->store, record, &rec, err)) != VT_OK)
		goto out;
	if ((rc = may_update(&rec, err)) == VT_OK && what->files != NULL)
		rc = main_check(o, &rec, what->files, err);
	vt_record_release(&rec);
	if (rc != VT_OK ||
	    (what->files != NULL && (rc = vt_office_files_keep(o, what->files,
					 &u.files, notes, err)) != VT_OK) ||
	    (rc = vt_office_lock_delivery(o, &lock, err)) != VT_OK)
		goto out;
	u.alone = lock != -1;
	rc = update_locked(o, record, &u, notes, err);
	vt_office_unlock(lock);
	if (rc == VT_OK && what->files != NULL && what->files->n > 0)
		rc = vt_office_note_by_hand(o, record, notes, err);
	if (rc == VT_OK && (rc = vt_office_hurry(o, record, err)) == VT_OK)
		rc = vt_office_deliver_after(o, notes, err);
out:
	vt_record_release(&u.files);
	vt_list_release(&add);
	vt_list_release(&remove);
	free(clean);
	return rc;
}
