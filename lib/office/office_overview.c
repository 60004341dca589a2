/* office_overview.c - what waits in an office, and the next step */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/office_overview.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

struct overview {
	struct vt_office *o;
	struct vt_waiting_query want;
	enum vt_waiting what;
	int64_t total;
	vt_office_item_fn *fn;
	void *ctx;
};

/* ---- the next step: REF and ids need no quoting in a shell ---- */

#define UNPACK "vanthu unpack --list "

static void
next_put(struct vt_office_item *item, const char *before, const char *ref,
    const char *after)
{
	if (ref[0] != '\0')
		snprintf(item->next, sizeof(item->next), "vanthu %s%s%s",
		    before, ref, after);
}

/*
 * A document that is held comes before what is to become of it; without one, or
 * where it takes no update any more, its sender can only be told so.
 */
static void
next_request(struct vt_office_item *item, const struct vt_office_target *t,
    bool update)
{
	long long id = item->row->id;
	const char *word = "agree", *more = "";

	if (!t->found || (update && !vt_office_target_takes_update(t, true))) {
		word = "decline";
		more = " --reason TEXT";
	} else if (vt_office_target_pending(t)) {
		id = t->inbox;
	} else if (update && t->record == 0) {
		id = t->inbox;
		word = "accept";
	}
	snprintf(item->next, sizeof(item->next), "vanthu receive --%s %lld%s",
	    word, id, more);
}

/* A message that came is a document, or asks for something. */
static int
next_held(struct vt_office *o, struct vt_office_item *item,
    struct vt_error *err)
{
	const char *business = item->row->business;
	struct vt_office_target t = { 0 };
	struct vt_inbox m;
	int rc;

	if ((rc = vt_store_inbox_get(o->store, item->row->id, &m, err)) !=
	    VT_OK)
		return rc;
	if (vt_office_is_document(&m))
		snprintf(item->next, sizeof(item->next),
		    "vanthu receive --%s %lld",
		    business != NULL && strcmp(business, "replace") == 0
			? "agree"
			: "accept",
		    (long long)m.id);
	else if ((rc = vt_office_target_find(o, m.document_id, NULL, m.id, &t,
		      err)) == VT_OK)
		next_request(item, &t,
		    business != NULL && strcmp(business, "update") == 0);
	vt_inbox_release(&m);
	return rc;
}

/* A file, wherever one stands; one whose name is too long is not told. */
static int
next_quarantined(struct vt_office *o, struct vt_office_item *item,
    struct vt_error *err)
{
	struct vt_buf line;
	char *path;
	int rc;

	if (!item->row->has_envelope)
		return VT_OK;
	path = vt_objects_path(o->quarantine, item->row->envelope);
	if (path == NULL)
		return vt_error_nomem(err);
	vt_buf_init(&line, sizeof(item->next) - 1);
	if ((rc = vt_buf_printf(&line, UNPACK)) == VT_OK &&
	    (rc = vt_text_shell(&line, path)) == VT_OK)
		memcpy(item->next, vt_buf_str(&line), line.len + 1);
	vt_buf_release(&line);
	free(path);
	return rc == VT_ENOMEM ? vt_error_nomem(err) : VT_OK;
}

static int
next_set(struct vt_office *o, struct vt_office_item *item, struct vt_error *err)
{
	const struct vt_waiting_row *row = item->row;
	bool seals = vt_conf_get(o->conf, "office", "agency_cert") != NULL;
	const char *url = vt_conf_get(o->conf, "transport", "url");
	bool can_ask = url != NULL && strncmp(url, "vxp+", 4) == 0;
	char id[24] = "";

	switch (item->what) {
	case VT_WAITING_QUEUED:
		next_put(item, "send ", "--queue", "");
		break;
	case VT_WAITING_FAILED:
		if (row->ref[0] == '\0' && row->id != 0)
			snprintf(id, sizeof(id), "%lld", (long long)row->id);
		next_put(item, "send --resend ", id[0] != '\0' ? id : row->ref,
		    "");
		break;
	case VT_WAITING_UNANSWERED:
		/* an axis can say more before it goes once more */
		next_put(item,
		    item->late && !can_ask ? "send --resend "
					   : "send --status ",
		    row->ref, item->late && can_ask ? " --ask" : "");
		break;
	case VT_WAITING_UNISSUED:
		if (seals && strcmp(row->state, "registered") == 0)
			next_put(item, "sign --as agency ", row->ref, "");
		else
			next_put(item, "send ", row->ref, " --to ORGANID");
		break;
	case VT_WAITING_UNASSIGNED:
		next_put(item, "register set ", row->ref,
		    " state=assigned keeper=UNIT --reason TEXT");
		break;
	case VT_WAITING_OVERDUE:
		next_put(item, "register show ", row->ref, "");
		break;
	case VT_WAITING_REFUSED:
	case VT_WAITING_CHANGED:
		next_put(item, "register told ", row->ref, " --reason TEXT");
		break;
	case VT_WAITING_HELD:
		return next_held(o, item, err);
	case VT_WAITING_QUARANTINED:
		return next_quarantined(o, item, err);
	case VT_WAITING_KINDS:
		break;
	}
	return VT_OK;
}

/* ---- all that waits ---- */

static int
tell(void *ctx, const struct vt_waiting_row *row, struct vt_error *err)
{
	const struct overview *v = ctx;
	struct vt_office_item item = { .what = v->what,
		.row = row,
		.total = v->total,
		.late = true };
	int rc;

	if (v->what == VT_WAITING_QUEUED || v->what == VT_WAITING_UNANSWERED)
		item.late = row->since < v->want.today;
	if ((rc = next_set(v->o, &item, err)) != VT_OK)
		return rc;
	return v->fn(v->ctx, &item, err);
}

int
vt_office_overview(struct vt_office *o, int64_t now, size_t limit,
    vt_office_item_fn *fn, void *ctx, struct vt_error *err)
{
	struct overview v = { .o = o, .fn = fn, .ctx = ctx };
	int i, rc;

	v.want.today = vt_date_start(vt_date_of(now));
	v.want.recent = now - VT_OFFICE_RECENT_S;
	v.want.limit = limit;
	if ((rc = vt_office_workday(o->conf, now, &v.want.before, err)) !=
		VT_OK ||
	    (rc = vt_store_begin_read(o->store, err)) != VT_OK)
		return rc;
	for (i = 0; i < VT_WAITING_KINDS && rc == VT_OK; i++) {
		v.what = (enum vt_waiting)i;
		rc = vt_store_waiting(o->store, v.what, &v.want, tell, &v,
		    &v.total, err);
	}
	vt_store_rollback(o->store);
	return rc;
}
