/* office_receive.c - one message that came gets its result */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/text.h"
#include "vanthu/transport.h"

/* ---- a copy that nobody can change any more ---- */

struct copying {
	struct vt_out *out;
	bool full; /* it was our side that failed */
};

static int
copy_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct copying *c = ctx;
	int rc = vt_office_draft_write(c->out, piece, err);

	c->full = rc != VT_OK;
	return rc;
}

int
vt_office_private_copy(struct vt_office *o, struct vt_source *src,
    struct vt_office_draft *draft, struct vt_source **ret, struct vt_error *err)
{
	struct vt_error local = { 0 };
	struct copying c = { NULL, false };
	int rc;

	*ret = NULL;
	if (vt_source_size(src) <= VT_SOURCE_COPY_MAX) {
		*ret = src; /* one already */
		return VT_OK;
	}
	if ((rc = vt_office_draft_open(o, draft, err)) != VT_OK)
		return rc;
	c.out = draft->out;
	rc = vt_source_stream(src, 0, vt_source_size(src), copy_piece, &c,
	    &local);
	if (rc == VT_OK)
		rc = vt_source_unchanged(src, &local);
	if (rc == VT_OK) {
		rc = vt_office_draft_finish(draft, err);
		*ret = draft->src;
		return rc;
	}
	if (!c.full && rc != VT_ENOMEM) {
		vt_log("passed over for now: %s", local.text);
		return VT_OK;
	}
	return vt_error_set(err, (enum vt_code)rc, NULL, "%s", local.text);
}

/* ---- what is no sound message ---- */

/* Known by its bytes alone. */
static int
key_of_bytes(struct vt_office_intake *in, const char *kind,
    struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];
	int rc;

	if ((rc = vt_sha256_source(in->src, digest, err)) != VT_OK)
		return rc;
	return vt_office_key(&kind, 1, digest, in->row->key, err);
}

/*
 * May the sender be told 02?  Not of a document under this id that we have from
 * him, nor where another agency speaks in his name.
 */
static int
may_refuse(const struct vt_office_intake *in, bool *ret, struct vt_error *err)
{
	const struct vt_inbox *row = in->row;
	struct vt_office_target t;
	int rc;

	*ret = row->from_id != NULL && row->kind == VT_MESSAGE_DOCUMENT &&
	       vt_office_said_by(in) == NULL;
	if (!*ret || (rc = vt_office_target_find(in->o, row->document_id,
			  row->from_id, 0, &t, err)) != VT_OK)
		return *ret ? rc : VT_OK;
	*ret = !t.found || !vt_office_target_live(&t);
	return VT_OK;
}

/*
 * Of a secret message only its id, its sender and the time are kept, and a
 * document is answered where the sender is known.
 */
static int
refuse_secret(struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	bool known, answer;
	int rc;

	if ((rc = vt_office_known(in, &known, err)) != VT_OK || known)
		return rc;
	row->result = VT_INBOX_REFUSED;
	in->result = VT_RECEIVED_REFUSED;
	if ((rc = vt_str_set(&row->reason, "secret", err)) != VT_OK ||
	    (rc = vt_str_set(&row->message_id, NULL, err)) != VT_OK ||
	    (rc = may_refuse(in, &answer, err)) != VT_OK ||
	    (rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	rc = vt_store_inbox_add(in->o->store, row, err);
	if (rc == VT_OK && answer &&
	    (rc = vt_office_answer(in->o, row, NULL, VT_STATUS_ARRIVED, NULL,
		 err)) == VT_OK &&
	    (rc = vt_office_answer(in->o, row, NULL, VT_STATUS_REFUSED,
		 "secret", err)) == VT_OK)
		rc = vt_store_inbox_update(in->o->store, row, err);
	if (rc == VT_OK)
		return vt_store_commit(in->o->store, err);
	vt_store_rollback(in->o->store);
	return rc;
}

int
vt_office_malformed(struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_error local = { 0 };
	bool secret = false, known;
	int rc;

	/* What can not be looked at is not known to be secret. */
	rc = vt_envelope_scan_secret(in->src, &secret, &local);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    local.text);
	rc = key_of_bytes(in, secret ? "secret" : "malformed", err);
	if (rc != VT_OK)
		return rc;
	if (secret)
		return refuse_secret(in, err);
	if ((rc = vt_office_known(in, &known, err)) != VT_OK || known)
		return rc;
	return vt_office_quarantine(in, "malformed", err);
}

static int
take_too_large(struct vt_office_intake *in, const char *id, uint64_t size,
    struct vt_error *err)
{
	char text[32];
	const char *parts[] = { "too-large", id, text };
	bool known;
	int rc;

	snprintf(text, sizeof(text), "%llu", (unsigned long long)size);
	snprintf(in->detail, sizeof(in->detail),
	    vt_tr("%s bytes, at most %llu are let in"), text,
	    (unsigned long long)VT_OFFICE_MESSAGE_MAX);
	rc = vt_office_key(parts, sizeof(parts) / sizeof(parts[0]), NULL,
	    in->row->key, err);
	if (rc != VT_OK || (rc = vt_office_known(in, &known, err)) != VT_OK ||
	    known)
		return rc;
	return vt_office_quarantine(in, "too-large", err);
}

/* ---- one message ---- */

static int
take_secret(struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	const char *parts[] = { row->from_id, "secret", row->document_id,
		row->kind == VT_MESSAGE_STATUS ? row->business : NULL };
	size_t n = row->kind == VT_MESSAGE_STATUS ? 4 : 3;
	int rc;

	rc = vt_office_key(parts, n, NULL, row->key, err);
	return rc == VT_OK ? refuse_secret(in, err) : rc;
}

/* What every message says of itself. */
static int
fill_row(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	bool status = env->kind == VT_ENVELOPE_STATUS;
	struct vt_inbox *row = in->row;
	const struct {
		char **field;
		const char *text;
	} texts[] = {
		{ &row->from_id, env->from.id },
		{ &row->from_name, env->from.name },
		{ &row->document_id, status ? env->response_for[0].document_id
					    : env->document_id },
		{ &row->business, status
				      ? env->status.code
				      : vt_business_name(env->business.type) },
	};
	size_t i;
	int rc = VT_OK;

	row->kind = status ? VT_MESSAGE_STATUS : VT_MESSAGE_DOCUMENT;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++)
		rc = vt_str_set(texts[i].field, texts[i].text, err);
	return rc;
}

static int
take_read(struct vt_office_intake *in, struct vt_error *err)
{
	int rc;

	if ((rc = fill_row(in, err)) != VT_OK)
		return rc;
	if (vt_envelope_secret(in->env))
		return take_secret(in, err);
	return in->env->kind == VT_ENVELOPE_STATUS
		   ? vt_office_take_status(in, err)
		   : vt_office_take_document(in, err);
}

static int
take_envelope(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_office_unpacked *u = in->unpacked;
	struct vt_error why = { 0 };
	struct vt_envelope env;
	int rc;

	if (u != NULL) {
		rc = u->rc;
		why = u->why;
	} else {
		rc = vt_envelope_read(in->src, &env, &why);
	}
	if (vt_office_damage(rc)) {
		snprintf(in->detail, sizeof(in->detail), "%s", why.text);
		return vt_office_malformed(in, err);
	}
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    why.text);
	in->env = u != NULL ? u->env : &env;
	rc = take_read(in, err);
	in->env = NULL;
	if (u == NULL)
		vt_envelope_release(&env);
	return rc;
}

int
vt_office_take(struct vt_office_intake *in, const char *id, uint64_t size,
    struct vt_error *err)
{
	int rc = vt_str_set(&in->row->message_id, id, err);

	if (rc != VT_OK)
		return rc;
	return in->src != NULL ? take_envelope(in, err)
			       : take_too_large(in, id, size, err);
}

int
vt_office_finish(const struct vt_office_intake *in, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err)
{
	struct vt_buf reason;
	int rc;

	if (in->result != VT_RECEIVED_QUARANTINED)
		return vt_transport_done(t, m, err);
	/* somebody will read it on a terminal: the detail is foreign */
	vt_buf_init(&reason, 16 * VT_TRANSPORT_REASON_MAX);
	rc = vt_buf_printf(&reason, "%s: %s%s", in->row->reason,
	    vt_received_reason_text(in->row->reason),
	    in->detail[0] != '\0' ? ": " : "");
	if (rc == VT_OK)
		rc = vt_text_escape(&reason, vt_bytes_str(in->detail));
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = vt_transport_fail(t, m, vt_buf_str(&reason), err);
	vt_buf_release(&reason);
	return rc;
}
