/* office_register_edit.c - records are corrected, completed, returned */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/store.h"

#include "office_mail_int.h"
#include "office_register_int.h"

/* Keys that a clerk may set; LOCKED: not after issue. */
static const struct {
	const char *key;
	bool out, in, locked;
} keys[] = {
	{ "code", true, true, true },
	{ "notation", true, false, true },
	{ "date", true, true, true },
	{ "type", true, true, true },
	{ "subject", true, true, false },
	{ "signer", true, true, false },
	{ "position", true, true, false },
	{ "competence", true, true, false },
	{ "urgency", true, true, false },
	{ "secrecy", true, true, false },
	{ "due", true, true, false },
	{ "pages", true, true, false },
	{ "copies", true, true, false },
	{ "keeper", true, true, false },
	{ "places", true, true, false },
	{ "reply_to", true, true, false },
	{ "paper", true, true, false },
	{ "state", true, true, false },
	{ "arrived", false, true, false },
	{ "organ_id", false, true, false },
	{ "organ_name", false, true, false },
	{ "sender_id", false, true, false },
	{ "sender_name", false, true, false },
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static int
locked(const struct vt_record *rec, const char *key, struct vt_error *err)
{
	char ref[VT_REF_TEXT];

	return vt_error_set(err, VT_EREFUSED, NULL,
	    "%s is issued: \"%s\" can no longer be changed",
	    vt_record_ref(rec, ref), key);
}

/* What is out of force stays as it was, its metadata, too. */
static int
frozen(const struct vt_record *rec, struct vt_error *err)
{
	char ref[VT_REF_TEXT];

	return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020, PL.VI I.III.8",
	    "%s is \"%s\" and can no longer be changed",
	    vt_record_ref(rec, ref), vt_state_name(rec->state));
}

/* The notation of an outgoing code whose number is the record's. */
static int
code_set(struct vt_record *rec, const char *value, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_record_code code;
	char *clean = NULL;
	int rc;

	if ((rc = vt_record_clean(value, &clean, err)) != VT_OK)
		return rc;
	if (vt_record_code_parse(clean, &code, &why) != VT_OK)
		rc = vt_error_set(err, VT_EARG, why.clause, "%s", why.text);
	else if (code.number != rec->number)
		rc = vt_error_set(err, VT_EARG, NULL,
		    "the number of a record cannot be changed");
	else
		rc = vt_record_put(&rec->notation, strchr(clean, '/') + 1, err);
	free(clean);
	return rc;
}

/* May a clerk set this state by hand? */
static int
state_check(const struct vt_record *rec, enum vt_state from,
    struct vt_error *err)
{
	bool in = vt_record_incoming(rec);
	char ref[VT_REF_TEXT];

	if (rec->state == from)
		return VT_OK;
	if (!in && !rec->paper)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the state of %s follows from signing and sending it",
		    vt_record_ref(rec, ref));
	if (rec->state == VT_STATE_RETURNED)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "a document is returned by its own command, with a reason");
	if (!vt_state_follows(in, from, rec->state))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "%s is \"%s\" and cannot become \"%s\"",
		    vt_record_ref(rec, ref), vt_state_name(from),
		    vt_state_name(rec->state));
	return VT_OK;
}

static int
assign(struct vt_record *rec, const char *assignment, struct vt_error *err)
{
	const char *equals = strchr(assignment, '=');
	bool in = vt_record_incoming(rec);
	struct vt_error why = { 0 };
	size_t i, n;
	int rc;

	if (equals == NULL || equals == assignment)
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is not KEY=VALUE", assignment);
	n = (size_t)(equals - assignment);
	for (i = 0; i < NKEYS; i++)
		if (strlen(keys[i].key) == n &&
		    strncmp(keys[i].key, assignment, n) == 0 &&
		    (in ? keys[i].in : keys[i].out))
			break;
	if (i == NKEYS)
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%.*s\" is not a field that can be set", (int)n,
		    assignment);
	if (!in && vt_state_locked(rec->state) && rec->state != VT_STATE_ISSUED)
		return frozen(rec, err);
	if (!in && keys[i].locked && vt_state_locked(rec->state))
		return locked(rec, keys[i].key, err);
	if (!in && strcmp(keys[i].key, "code") == 0)
		return code_set(rec, equals + 1, err);
	rc = vt_record_field_set(rec, keys[i].key, equals + 1, &why);
	if (rc == VT_OK)
		return VT_OK;
	/* a value from the command line: the line is wrong, not a file */
	return vt_error_set(err, rc == VT_ENOMEM ? VT_ENOMEM : VT_EARG,
	    why.clause, "%s", why.text);
}

struct origin {
	struct vt_office *o;
	enum vt_status status;
	const char *reason;
	bool told;
};

/* The newest document in the inbox that became the record. */
static int
origin_tell(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct origin *origin = ctx;
	struct vt_inbox row = *m; /* borrows */
	int rc;

	if (origin->told || m->kind != VT_MESSAGE_DOCUMENT ||
	    !vt_status_follows(m->answered, origin->status))
		return VT_OK;
	origin->told = true;
	rc = vt_office_answer(origin->o, &row, NULL, origin->status,
	    origin->reason, err);
	return rc == VT_OK ? vt_store_inbox_update(origin->o->store, &row, err)
			   : rc;
}

int
vt_office_state_answer(struct vt_office *o, const struct vt_record *rec,
    const char *reason, struct vt_error *err)
{
	const struct vt_inbox_query q = { .record = rec->id };
	struct origin origin = { o, vt_status_of_state(rec->state), reason,
		false };

	if (!vt_record_incoming(rec) || origin.status == VT_STATUS_NONE)
		return VT_OK;
	return vt_store_inbox_list(o->store, &q, origin_tell, &origin, err);
}

/* Commit where RC is VT_OK, else roll back. */
static int
finish(struct vt_office *o, int rc, struct vt_error *err)
{
	if (rc == VT_OK)
		return vt_store_commit(o->store, err);
	vt_store_rollback(o->store);
	return rc;
}

/* Apply all ASSIGNMENTS to REC, and see that it is still fit. */
static int
correct(struct vt_record *rec, const struct vt_list *assignments,
    struct vt_list *notes, struct vt_error *err)
{
	enum vt_state state = rec->state;
	struct vt_date date = rec->date;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < assignments->n && rc == VT_OK; i++)
		rc = assign(rec, assignments->items[i], err);
	if (rc != VT_OK ||
	    (rc = vt_secrecy_allow(rec->secrecy, err)) != VT_OK ||
	    (rc = state_check(rec, state, err)) != VT_OK)
		return rc;
	if (!vt_record_incoming(rec) && vt_date_compare(date, rec->date) != 0 &&
	    vt_date_compare(rec->date, vt_date_of(vt_time_now())) > 0)
		return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020, Đ.15 k1",
		    "the date of a document cannot be in the future");
	return vt_record_check(rec, notes, err);
}

int
vt_office_register_set(struct vt_office *o, int64_t id,
    const struct vt_list *assignments, const char *reason,
    struct vt_record *ret, struct vt_list *notes, struct vt_error *err)
{
	struct vt_record rec;
	enum vt_state state;
	char *why = NULL;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_clean_reason(reason, &why, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	if ((rc = vt_store_record_get(o->store, id, &rec, err)) == VT_OK) {
		state = rec.state;
		rc = correct(&rec, assignments, notes, err);
		if (rc == VT_OK)
			rc = vt_store_record_update(o->store, &rec, "corrected",
			    why, err);
		if (rc == VT_OK && rec.state != state)
			rc = vt_office_state_answer(o, &rec, why, err);
	}
	if ((rc = finish(o, rc, err)) == VT_OK)
		rc = vt_store_record_get(o->store, id, ret, err);
out:
	vt_record_release(&rec);
	free(why);
	return rc;
}

/* Enter the files of ADDED that the record ID has not. */
static int
attach(struct vt_office *o, int64_t id, struct vt_record *added,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_record rec;
	size_t i, k;
	int rc;

	if ((rc = vt_store_record_get(o->store, id, &rec, err)) != VT_OK)
		return rc;
	if (!vt_record_incoming(&rec) && vt_state_locked(rec.state))
		rc = locked(&rec, "files", err);
	for (i = 0; i < added->nfiles && rc == VT_OK; i++) {
		for (k = 0; k < rec.nfiles; k++)
			if (memcmp(rec.files[k].sha256, added->files[i].sha256,
				VT_SHA256_LEN) == 0)
				break;
		/* so that a killed run can be repeated */
		if (k < rec.nfiles) {
			rc = vt_office_note(notes, err,
			    VT_N_("%s is attached already"),
			    added->files[i].name);
			continue;
		}
		added->files[i].seq = -1;
		rc = vt_store_file_add(o->store, id, &added->files[i],
		    "attached", NULL, err);
	}
	vt_record_release(&rec);
	return rc;
}

int
vt_office_register_attach(struct vt_office *o, int64_t id,
    const struct vt_list *paths, struct vt_record *ret, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_record rec, added;
	int rc;

	vt_record_init(&rec);
	vt_record_init(&added);
	/* told before anything is stored, and again when locked */
	if ((rc = vt_store_record_get(o->store, id, &rec, err)) != VT_OK)
		goto out;
	if (!vt_record_incoming(&rec) && vt_state_locked(rec.state)) {
		rc = locked(&rec, "files", err);
		goto out;
	}
	if ((rc = vt_office_files_keep(o, paths, &added, notes, err)) !=
		VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	rc = finish(o, attach(o, id, &added, notes, err), err);
	if (rc == VT_OK)
		rc = vt_store_record_get(o->store, id, ret, err);
out:
	vt_record_release(&rec);
	vt_record_release(&added);
	return rc;
}

typedef int act_fn(struct vt_office *o, struct vt_record *rec, const char *why,
    struct vt_error *err);

/* One ACT on the record ID, for a REASON, as one transaction. */
static int
with_reason(struct vt_office *o, int64_t id, const char *reason, act_fn *act,
    struct vt_record *ret, struct vt_error *err)
{
	struct vt_record rec;
	char *why = NULL;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_clean_reason(reason, &why, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	if ((rc = vt_store_record_get(o->store, id, &rec, err)) == VT_OK)
		rc = act(o, &rec, why, err);
	if ((rc = finish(o, rc, err)) == VT_OK)
		rc = vt_store_record_get(o->store, id, ret, err);
out:
	vt_record_release(&rec);
	free(why);
	return rc;
}

static int
act_return(struct vt_office *o, struct vt_record *rec, const char *why,
    struct vt_error *err)
{
	char ref[VT_REF_TEXT];
	int rc;

	if (!vt_record_incoming(rec))
		return vt_error_set(err, VT_EARG, NULL,
		    "%s is not an incoming document", vt_record_ref(rec, ref));
	if (rec->state == VT_STATE_RETURNED)
		return VT_OK;
	rc = vt_store_state_set(o->store, rec->id, VT_STATE_RETURNED,
	    "returned", why, err);
	rec->state = VT_STATE_RETURNED;
	return rc == VT_OK ? vt_office_state_answer(o, rec, why, err) : rc;
}

int
vt_office_register_return(struct vt_office *o, int64_t id, const char *reason,
    struct vt_record *ret, struct vt_error *err)
{
	return with_reason(o, id, reason, act_return, ret, err);
}

static int
act_told(struct vt_office *o, struct vt_record *rec, const char *why,
    struct vt_error *err)
{
	return vt_store_event_add(o->store, rec->id, "told", why, NULL, err);
}

int
vt_office_register_told(struct vt_office *o, int64_t id, const char *reason,
    struct vt_record *ret, struct vt_error *err)
{
	return with_reason(o, id, reason, act_told, ret, err);
}
