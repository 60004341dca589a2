/* office_link.c - records that belong together: answers, paper and axis */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/store.h"

/* ---- answers ---- */

/* VT_OK and *RET 0: there is none. */
static int
maybe(int rc, const struct vt_error *why, int64_t *ret, struct vt_error *err)
{
	if (rc == VT_OK)
		return VT_OK;
	*ret = 0;
	if (rc == VT_ENOTFOUND || rc == VT_EARG)
		return VT_OK;
	return vt_error_set(err, (enum vt_code)rc, why->clause, "%s",
	    why->text);
}

/* The outgoing record that R means, by its id, else by its code and year. */
static int
answered(struct vt_office *o, const struct vt_response *r, int64_t *ret,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_ref ref;
	int rc;

	*ret = 0;
	if (r->organ_id != NULL &&
	    !vt_office_same_organ(o, r->organ_id, o->organ_id))
		return VT_OK;
	if (r->document_id != NULL) {
		rc = vt_store_document_find(o->store, r->document_id, false,
		    ret, &why);
		if ((rc = maybe(rc, &why, ret, err)) != VT_OK || *ret != 0)
			return rc;
	}
	if (r->code == NULL || r->date.year == 0 ||
	    !vt_ref_parse(r->code, true, &ref) || ref.book[0] != '\0')
		return VT_OK;
	memset(&why, 0, sizeof(why));
	rc = vt_store_ref_find(o->store, &ref, r->date.year, ret, &why);
	return maybe(rc, &why, ret, err);
}

int
vt_office_reply_of(struct vt_office *o, const struct vt_envelope *env,
    struct vt_record *rec, struct vt_error *err)
{
	char ref[VT_REF_TEXT];
	int64_t id = 0;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < env->nresponse_for && id == 0 && rc == VT_OK; i++)
		rc = answered(o, &env->response_for[i], &id, err);
	if (rc != VT_OK || id == 0)
		return rc;
	if ((rc = vt_office_ref(o, id, ref, err)) != VT_OK)
		return rc;
	return vt_record_put(&rec->reply_to, ref, err);
}

int
vt_office_link_answered(struct vt_office *o, const struct vt_record *by,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	char ref[VT_REF_TEXT];
	struct vt_ref of;
	int64_t id;
	int rc;

	if (by->reply_to == NULL || !vt_ref_parse(by->reply_to, false, &of))
		return VT_OK;
	rc = vt_store_ref_find(o->store, &of, 0, &id, &why);
	if ((rc = maybe(rc, &why, &id, err)) != VT_OK || id == 0)
		return rc;
	return vt_office_link(o, id, "answered_by", vt_record_ref(by, ref),
	    err);
}

/* ---- paper ---- */

/* Is ID one that came on paper, and the same document as REC? */
static int
is_paper(struct vt_office *o, int64_t id, const struct vt_record *rec,
    bool *ret, struct vt_error *err)
{
	struct vt_record known;
	int rc;

	if ((rc = vt_store_record_get(o->store, id, &known, err)) != VT_OK)
		return rc;
	*ret = known.document_id == NULL &&
	       vt_date_compare(known.date, rec->date) == 0 &&
	       known.state != VT_STATE_RETURNED &&
	       known.state != VT_STATE_RECALLED &&
	       known.state != VT_STATE_REPLACED;
	vt_record_release(&known);
	return VT_OK;
}

/*
 * The record by hand of the same document: folded code, date and issuer, by its
 * id or by its name.
 */
static int
find_paper(struct vt_office *o, struct vt_record *rec, int64_t *ret,
    struct vt_error *err)
{
	char *organ_id = rec->organ_id;
	bool paper = false;
	int64_t id = 0;
	int i, rc = VT_OK;

	*ret = 0;
	for (i = 0; i < 2 && !paper && rc == VT_OK; i++) {
		struct vt_error why = { 0 };

		if (i == 1) /* a clerk may know it by its name alone */
			rec->organ_id = NULL;
		if (rec->organ_id == NULL && rec->organ_name == NULL)
			break;
		rc = vt_store_code_find(o->store, rec, &id, &why);
		if ((rc = maybe(rc, &why, &id, err)) == VT_OK && id != 0)
			rc = is_paper(o, id, rec, &paper, err);
	}
	rec->organ_id = organ_id;
	if (rc == VT_OK && paper)
		*ret = id;
	return rc;
}

static int
put_missing(char **field, const char *text, struct vt_error *err)
{
	return *field != NULL ? VT_OK : vt_record_put(field, text, err);
}

/* REC comes to the record ID, which keeps its number and what a clerk said. */
static int
adopt(struct vt_office_intake *in, int64_t id, struct vt_record *rec,
    struct vt_error *err)
{
	struct vt_record known;
	bool main = false;
	int rc;

	if ((rc = vt_store_record_get(in->o->store, id, &known, err)) != VT_OK)
		return rc;
	rc =
	    vt_office_take_files(in, &known, rec, "received", NULL, &main, err);
	if (rc == VT_OK && main)
		rc = vt_record_put(&known.verdict, rec->verdict, err);
	if (rc == VT_OK &&
	    (rc = vt_record_put(&known.document_id, rec->document_id, err)) ==
		VT_OK &&
	    (rc = put_missing(&known.organ_id, rec->organ_id, err)) == VT_OK &&
	    (rc = put_missing(&known.organ_name, rec->organ_name, err)) ==
		VT_OK &&
	    (rc = put_missing(&known.signer, rec->signer, err)) == VT_OK &&
	    (rc = put_missing(&known.position, rec->position, err)) == VT_OK &&
	    (rc = put_missing(&known.reply_to, rec->reply_to, err)) == VT_OK) {
		known.paper = true;
		rc = vt_store_record_update(in->o->store, &known, "received",
		    NULL, err);
	}
	vt_record_release(&known);
	if (rc != VT_OK)
		return rc;
	vt_record_release(rec);
	return vt_store_record_get(in->o->store, id, rec, err);
}

int
vt_office_enter(struct vt_office_intake *in, struct vt_record *rec,
    const char *reason, struct vt_error *err)
{
	char line[VT_REF_TEXT + 256], ref[VT_REF_TEXT];
	int64_t paper;
	int rc;

	if ((rc = vt_office_reply_of(in->o, in->env, rec, err)) != VT_OK ||
	    (rc = find_paper(in->o, rec, &paper, err)) != VT_OK)
		return rc;
	if (paper == 0)
		rc = vt_store_record_add(in->o->store, rec, "registered",
		    reason, err);
	else
		rc = adopt(in, paper, rec, err);
	if (rc == VT_OK &&
	    (rc = vt_office_link_answered(in->o, rec, err)) == VT_OK &&
	    paper != 0 && in->notes != NULL) {
		snprintf(line, sizeof(line),
		    vt_tr("%s came on paper before; its files are with it now"),
		    vt_record_ref(rec, ref));
		rc = vt_list_add(in->notes, line, err);
	}
	return rc;
}
