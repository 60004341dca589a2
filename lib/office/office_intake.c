/* office_intake.c - what is the same for every message that came */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

#define CENTRE "W00" /* in the code of one that speaks for its members */

int
vt_office_keep_detail(struct vt_office_intake *in, struct vt_error *err)
{
	return vt_str_set(&in->row->detail,
	    in->detail[0] != '\0' ? in->detail : NULL, err);
}

/* A centre speaks for its members, and who is above others may for them. */
static bool
may_speak_for(const char *who, const char *id)
{
	size_t len = strlen(who);

	return strstr(who, CENTRE) != NULL ||
	       (strncmp(who, id, len) == 0 && id[len] == '.');
}

const char *
vt_office_said_by(const struct vt_office_intake *in)
{
	const char *from = in->row->from_id;

	return vt_office_other_organ(in->o, in->vouched, from) &&
		       !may_speak_for(in->vouched, from)
		   ? in->vouched
		   : NULL;
}

void
vt_office_say_by(struct vt_office_intake *in)
{
	snprintf(in->detail, sizeof(in->detail),
	    vt_tr("%s sent it, as the transport tells"), in->vouched);
}

bool
vt_office_damage(int rc)
{
	return rc != VT_OK && rc != VT_EIO && rc != VT_ENOMEM;
}

/* A length before each part: no two lists of parts look the same. */
static int
key_part(struct vt_sha256 *d, const char *part, struct vt_error *err)
{
	unsigned char head[9] = { 0 };
	uint64_t len = part != NULL ? strlen(part) : 0;
	int i, rc;

	head[0] = part != NULL;
	for (i = 1; i < 9; i++, len >>= 8)
		head[i] = (unsigned char)(len & 0xff);
	rc = vt_sha256_update(d, VT_BYTES(head, sizeof(head)), err);
	if (rc == VT_OK && part != NULL)
		rc = vt_sha256_update(d, vt_bytes_str(part), err);
	return rc;
}

int
vt_office_key(const char *const *parts, size_t nparts,
    const unsigned char *digest, unsigned char key[VT_SHA256_LEN],
    struct vt_error *err)
{
	struct vt_sha256 *d = NULL;
	size_t i;
	int rc;

	if ((rc = vt_sha256_new(&d, err)) != VT_OK)
		return rc;
	for (i = 0; i < nparts && rc == VT_OK; i++)
		rc = key_part(d, parts[i], err);
	if (rc == VT_OK && digest != NULL)
		rc = vt_sha256_update(d, VT_BYTES(digest, VT_SHA256_LEN), err);
	if (rc == VT_OK)
		rc = vt_sha256_final(d, key, err);
	vt_sha256_free(d);
	return rc;
}

static enum vt_received_result
result_again(const struct vt_inbox *m)
{
	return m->result == VT_INBOX_QUARANTINED ? VT_RECEIVED_QUARANTINED
						 : VT_RECEIVED_DUPLICATE;
}

int
vt_office_known(struct vt_office_intake *in, bool *ret, struct vt_error *err)
{
	struct vt_error local = { 0 };
	struct vt_inbox known;
	int rc;

	rc = vt_store_inbox_by_key(in->o->store, in->row->key, &known, &local);
	if (rc == VT_ENOTFOUND) {
		*ret = false;
		return VT_OK;
	}
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    local.text);
	vt_inbox_release(in->row);
	*in->row = known;
	*ret = true;
	in->result = result_again(&known);
	if ((rc = vt_office_ref(in->o, known.record, in->ref, err)) != VT_OK ||
	    known.answered == VT_STATUS_NONE ||
	    (rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	rc = vt_office_answer_again(in->o, in->row, err);
	if (rc == VT_OK)
		return vt_store_commit(in->o->store, err);
	vt_store_rollback(in->o->store);
	return rc;
}

int
vt_office_quarantine(struct vt_office_intake *in, const char *code,
    struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	int rc;

	row->result = VT_INBOX_QUARANTINED;
	in->result = VT_RECEIVED_QUARANTINED;
	if ((rc = vt_str_set(&row->reason, code, err)) != VT_OK)
		return rc;
	if (in->src != NULL) {
		rc = vt_objects_put(in->o->quarantine, in->src, row->envelope,
		    NULL, err);
		if (rc != VT_OK)
			return rc;
		row->has_envelope = true;
	}
	if ((rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	rc = vt_store_inbox_add(in->o->store, row, err);
	if (rc == VT_OK)
		rc = vt_store_event_add(in->o->store, 0, "quarantined",
		    in->detail[0] != '\0' ? in->detail : code, NULL, err);
	if (rc == VT_OK)
		return vt_store_commit(in->o->store, err);
	vt_store_rollback(in->o->store);
	return rc;
}

int
vt_office_tell(const struct vt_office_intake *in, vt_office_received_fn *fn,
    void *ctx, struct vt_error *err)
{
	const struct vt_inbox *row = in->row;
	const struct vt_office_received r = {
		.id = row->id,
		.result = in->result,
		.document_id = row->document_id,
		.ref = in->ref[0] != '\0' ? in->ref : NULL,
		.reason = row->reason,
		.detail = in->detail[0] != '\0' ? in->detail : row->detail,
		.from_id = row->from_id,
		.from_name = row->from_name,
		.code = row->code,
		.subject = row->subject,
		.business = row->business,
		.verdict = row->verdict,
		.status_code =
		    row->kind == VT_MESSAGE_STATUS ? row->business : NULL,
		.received = row->received,
	};

	return fn(ctx, &r, err);
}
