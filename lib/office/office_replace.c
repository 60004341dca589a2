/* office_replace.c - one document of ours takes the place of another */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office_change.h"
#include "vanthu/record.h"
#include "vanthu/store.h"

#define DETAIL_MAX (4 * 1024 * 1024)

/* ---- may it be? ---- */

struct linked {
	char want[VT_REF_TEXT + 32]; /* the detail of the event */
	bool found;
};

static int
look_at_event(void *ctx, const struct vt_event *e, struct vt_error *err)
{
	struct linked *l = ctx;

	(void)err;
	if (strcmp(e->what, "linked") == 0 && e->detail != NULL &&
	    strstr(e->detail, "\"replaced_by\"") != NULL &&
	    strstr(e->detail, l->want) != NULL)
		l->found = true;
	return VT_OK;
}

/* Was OLD replaced by BY before? */
static int
replaced_by(struct vt_office *o, const struct vt_record *old,
    const struct vt_record *by, bool *ret, struct vt_error *err)
{
	char ref[VT_REF_TEXT];
	struct linked l = { .found = false };
	int rc;

	snprintf(l.want, sizeof(l.want), "\"%s\"", vt_record_ref(by, ref));
	rc = vt_store_events(o->store, old->id, look_at_event, &l, err);
	*ret = l.found && old->state == VT_STATE_REPLACED &&
	       by->state == VT_STATE_ISSUED;
	return rc;
}

static int
may_replace(const struct vt_record *old, const struct vt_record *by,
    struct vt_error *err)
{
	char ref[VT_REF_TEXT];
	int rc;

	if (old->id == by->id)
		return vt_error_set(err, VT_EARG, NULL,
		    "a document cannot replace itself");
	if (vt_record_incoming(old))
		return vt_error_set(err, VT_EARG, NULL,
		    "only outgoing documents are replaced");
	if (!vt_state_follows(false, old->state, VT_STATE_REPLACED))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "%s is \"%s\" and cannot become \"%s\"",
		    vt_record_ref(old, ref), vt_state_name(old->state),
		    vt_state_name(VT_STATE_REPLACED));
	if ((rc = vt_office_may_go(by, err)) != VT_OK)
		return rc;
	if (by->state == VT_STATE_ISSUED)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "%s is issued already, not in the place of another",
		    vt_record_ref(by, ref));
	return VT_OK;
}

/* ---- to whom ---- */

/* Whoever has OLD, or had it and gave it back; for what it is for. */
static int
recipients(const struct vt_office_holders *h, struct vt_list *ret,
    enum vt_role **ret_roles, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	if ((*ret_roles = calloc(h->n + 1, sizeof(**ret_roles))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < h->n && rc == VT_OK; i++) {
		if (!vt_office_holder_has(&h->items[i]) &&
		    !h->items[i].recalled)
			continue;
		(*ret_roles)[ret->n] = h->items[i].role;
		rc = vt_list_add(ret, h->items[i].organ_id, err);
	}
	return rc;
}

/* What the envelope says of it, for the queue to make it again. */
static int
detail_of(const char *document_id, const struct vt_list *to, struct vt_buf *ret,
    struct vt_error *err)
{
	struct vt_json_out *json = vt_json_out_new();
	size_t i;
	int rc;

	vt_buf_init(ret, DETAIL_MAX);
	vt_json_put_str(json, "document_id", document_id);
	vt_json_begin_array(json, "to");
	for (i = 0; i < to->n; i++)
		vt_json_put_str(json, NULL, to->items[i]);
	vt_json_end(json);
	rc = vt_json_write(json, ret, err);
	vt_json_out_free(json);
	return rc;
}

/* ---- the transaction ---- */

struct replacement {
	const struct vt_record *old, *by;
	const char *reason;
	struct vt_office_holders all;
	struct vt_list to;
	enum vt_role *roles; /* of those */
	struct vt_office_message m;
};

/* By hand, as the old one: a message that nothing carries. */
static int
add_by_hand(struct vt_office *o, struct replacement *r, struct vt_error *err)
{
	int rc;

	if (r->all.units.n + r->all.post.n == 0)
		return VT_OK;
	if (r->m.row.id == 0 &&
	    ((rc = vt_office_message_fill(&r->m, r->by, err)) != VT_OK ||
		(rc = vt_store_outbox_add(o->store, &r->m.row, err)) != VT_OK))
		return rc;
	rc = vt_office_add_deliveries(o, &r->m.row, &r->all.units,
	    VT_OFFICE_INSIDE, NULL, err);
	return rc == VT_OK ? vt_office_add_deliveries(o, &r->m.row,
				 &r->all.post, VT_OFFICE_POST, NULL, err)
			   : rc;
}

static int
change_books(struct vt_office *o, struct replacement *r, struct vt_error *err)
{
	const struct vt_office_named lists[] = { { "to", &r->to },
		{ "unit", &r->all.units }, { "post", &r->all.post } };
	char old[VT_REF_TEXT], by[VT_REF_TEXT];
	struct vt_store *s = o->store;
	int rc;

	vt_record_ref(r->old, old);
	vt_record_ref(r->by, by);
	if ((rc = vt_store_document_id_set(s, r->by->id, r->m.document_id,
		 err)) != VT_OK ||
	    (rc = vt_store_state_set(s, r->by->id, VT_STATE_ISSUED, "issued",
		 r->reason, err)) != VT_OK ||
	    (rc = vt_office_event_lists(o, r->by->id, "sent", NULL, lists, 3,
		 err)) != VT_OK ||
	    (rc = vt_store_state_set(s, r->old->id, VT_STATE_REPLACED,
		 "replaced", r->reason, err)) != VT_OK ||
	    (rc = vt_office_link(o, r->old->id, "replaced_by", by, err)) !=
		VT_OK)
		return rc;
	if ((rc = vt_office_link_answered(o, r->by, err)) != VT_OK)
		return rc;
	return vt_office_link(o, r->by->id, "replaces", old, err);
}

/* *RET_DONE false: somebody was faster. */
static int
enter(struct vt_office *o, struct replacement *r, bool *ret_done,
    struct vt_error *err)
{
	struct vt_office_holders all = { 0 };
	enum vt_role *roles = NULL;
	struct vt_record old, by;
	struct vt_list to = { 0 };
	int rc;

	vt_record_init(&old);
	vt_record_init(&by);
	if ((rc = vt_store_record_get(o->store, r->old->id, &old, err)) !=
		VT_OK ||
	    (rc = vt_store_record_get(o->store, r->by->id, &by, err)) !=
		VT_OK ||
	    (rc = vt_office_holders(o, r->old->id, &all, err)) != VT_OK ||
	    (rc = recipients(&all, &to, &roles, err)) != VT_OK)
		goto out;
	*ret_done = vt_office_unchanged(r->old, &old) &&
		    vt_office_unchanged(r->by, &by) &&
		    vt_office_same_list(&to, &r->to) &&
		    vt_office_same_list(&all.units, &r->all.units) &&
		    vt_office_same_list(&all.post, &r->all.post);
	if (*ret_done &&
	    (rc = vt_office_messages_queue(o, &r->m, 1, err)) == VT_OK &&
	    (rc = add_by_hand(o, r, err)) == VT_OK)
		rc = change_books(o, r, err);
out:
	vt_office_holders_release(&all);
	vt_list_release(&to);
	free(roles);
	vt_record_release(&old);
	vt_record_release(&by);
	return rc;
}

static int
replace_once(struct vt_office *o, const struct vt_record *old,
    const struct vt_record *by, const char *reason, struct vt_list *notes,
    bool *ret_done, struct vt_error *err)
{
	struct replacement r = { .old = old, .by = by, .reason = reason };
	struct vt_buf detail = { 0 };
	char *id = NULL;
	int rc;

	if ((rc = replaced_by(o, old, by, ret_done, err)) != VT_OK || *ret_done)
		return rc;
	if ((rc = may_replace(old, by, err)) != VT_OK ||
	    (rc = vt_office_may_go_as_signed(o, by, notes, err)) != VT_OK ||
	    (rc = vt_office_holders(o, old->id, &r.all, err)) != VT_OK ||
	    (rc = recipients(&r.all, &r.to, &r.roles, err)) != VT_OK ||
	    (rc = detail_of(old->document_id, &r.to, &detail, err)) != VT_OK ||
	    (rc = vt_record_document_id(o->organ_id, by->date, by->code, &id,
		 err)) != VT_OK)
		goto out;
	r.m = (struct vt_office_message){ .business = "replace",
		.reason = reason,
		.detail = vt_buf_str(&detail),
		.document_id = id,
		.to = &r.to,
		.roles = r.roles };
	if ((rc = vt_office_messages_write(o, by, &r.m, 1, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	rc = enter(o, &r, ret_done, err);
	if (rc == VT_OK && *ret_done)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	if (rc == VT_OK && *ret_done)
		vt_office_messages_keep(o, &r.m, 1);
out:
	vt_office_messages_release(&r.m, 1);
	vt_office_holders_release(&r.all);
	vt_list_release(&r.to);
	free(r.roles);
	vt_buf_release(&detail);
	free(id);
	return rc;
}

int
vt_office_replace(struct vt_office *o, int64_t old, int64_t by,
    const char *reason, struct vt_list *notes, struct vt_error *err)
{
	struct vt_record a, b;
	char *clean = NULL;
	bool done = false;
	int i, rc;

	if ((rc = vt_office_clean_reason(reason, &clean, err)) != VT_OK)
		return rc;
	vt_record_init(&a);
	vt_record_init(&b);
	for (i = 0; i < VT_OFFICE_ROUNDS && !done && rc == VT_OK; i++) {
		vt_record_release(&a);
		vt_record_release(&b);
		if ((rc = vt_store_record_get(o->store, old, &a, err)) ==
			VT_OK &&
		    (rc = vt_store_record_get(o->store, by, &b, err)) == VT_OK)
			rc = replace_once(o, &a, &b, clean,
			    i == 0 ? notes : NULL, &done, err);
	}
	vt_record_release(&a);
	vt_record_release(&b);
	free(clean);
	if (rc != VT_OK)
		return rc;
	if (!done)
		return vt_error_set(err, VT_EIO, NULL,
		    "the record is being changed by others; try again");
	if ((rc = vt_office_note_by_hand(o, by, notes, err)) != VT_OK ||
	    (rc = vt_office_hurry(o, by, err)) != VT_OK)
		return rc;
	return vt_office_deliver_after(o, notes, err);
}
