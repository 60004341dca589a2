/* office_queue.c - what a message of ours looks like on the wire */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/transport.h"

int
vt_office_keep_envelope(struct vt_office *o, struct vt_outbox *m,
    struct vt_source *envelope, struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	int rc;

	if ((rc = vt_objects_put(o->objects, envelope, sha256, NULL, err)) !=
		VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	rc = vt_store_outbox_envelope_set(o->store, m->id, sha256, err);
	if (rc == VT_OK)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	if (rc != VT_OK)
		return rc;
	memcpy(m->envelope, sha256, sizeof(sha256));
	m->has_envelope = true;
	return VT_OK;
}

/* ---- what a message looks like ---- */

static int
add_recipient(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	(void)m;
	if (d->organ_id == NULL) /* a unit, or an address of the post */
		return VT_OK;
	return vt_list_add(ctx, d->organ_id, err);
}

/*
 * A document whose process ended between its being queued and its envelope
 * being kept: made now, to the same bytes.
 */
static int
make_document(struct vt_office *o, struct vt_outbox *m, struct vt_error *err)
{
	const struct vt_delivery_query q = { .outbox = m->id,
		.due = VT_TIME_NONE };
	struct vt_office_draft draft = { 0 };
	struct vt_list to = { 0 };
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(o->store, m->record, &rec, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_deliveries(o->store, &q, add_recipient, &to, err)) ==
		VT_OK &&
	    (rc = vt_office_write_document(o, &rec, m, &to, &draft, err)) ==
		VT_OK)
		rc = vt_office_keep_envelope(o, m, draft.src, err);
	vt_office_draft_release(&draft);
	vt_list_release(&to);
	vt_record_release(&rec);
	return rc;
}

static int
make_missing(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_office *o = ctx;
	struct vt_outbox copy = *m; /* its texts stay borrowed */

	if (m->kind != VT_MESSAGE_DOCUMENT || m->has_envelope ||
	    d->organ_id == NULL || d->state != VT_DELIVERY_QUEUED)
		return VT_OK;
	return make_document(o, &copy, err);
}

int
vt_office_make_envelopes(struct vt_office *o, int64_t record,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };

	return vt_store_deliveries(o->store, &q, make_missing, o, err);
}

/* The bytes of M, the caller's to free in *RET before TEXT is released. */
static int
envelope_open(struct vt_office *o, struct vt_outbox *m, struct vt_buf *text,
    struct vt_source **ret, struct vt_error *err)
{
	int rc = VT_OK;

	if (m->kind == VT_MESSAGE_STATUS) {
		rc = vt_office_write_status(o, m, text, err);
		return rc == VT_OK
			   ? vt_source_bytes(vt_buf_bytes(text), ret, err)
			   : rc;
	}
	if (!m->has_envelope)
		rc = make_document(o, m, err);
	if (rc == VT_OK)
		rc = vt_objects_get(o->objects, m->envelope, ret, err);
	return rc;
}

/* What was kept and has changed since does not go out. */
static int
envelope_check(const struct vt_outbox *m, const unsigned char *sha256,
    struct vt_error *err)
{
	if (!m->has_envelope || memcmp(m->envelope, sha256, VT_SHA256_LEN) == 0)
		return VT_OK;
	return vt_error_set(err, VT_EIO, NULL,
	    "the message was changed since it was made");
}

/*
 * Its name means its bytes, so that twice is as good as once, and begins with
 * its place in the outbox: what was written within one tick of a clock still
 * arrives in the order of writing.
 */
int
vt_office_hand_over(struct vt_office *o, struct vt_transport *t,
    struct vt_outbox *m, const char *to, vt_office_offer_fn *offer,
    struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	char hex[VT_SHA256_HEX], name[VT_SHA256_HEX + 24];
	struct vt_source *src = NULL;
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, 0);
	if ((rc = envelope_open(o, m, &text, &src, err)) == VT_OK &&
	    (rc = vt_sha256_source(src, sha256, err)) == VT_OK &&
	    (rc = envelope_check(m, sha256, err)) == VT_OK) {
		snprintf(name, sizeof(name), "%012lld-%s", (long long)m->id,
		    vt_hex(VT_BYTES(sha256, sizeof(sha256)), hex));
		rc = offer(t,
		    m->kind == VT_MESSAGE_STATUS ? VT_TRANSPORT_STATUS
						 : VT_TRANSPORT_DOCUMENT,
		    to, name, src, err);
	}
	vt_source_free(src);
	vt_buf_release(&text);
	return rc;
}
