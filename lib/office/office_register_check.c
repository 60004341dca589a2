/* office_register_check.c - do books and objects agree? */
#include <stdio.h>
#include <string.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/store.h"

struct check {
	struct vt_office *o;
	vt_office_finding_fn *fn;
	void *ctx;
};

static int
check_digest(void *ctx, const unsigned char sha256[VT_SHA256_LEN],
    enum vt_digest_owner owner, int64_t id, struct vt_error *err)
{
	const struct check *c = ctx;
	struct vt_objects *objects =
	    owner == VT_DIGEST_QUARANTINED ? c->o->quarantine : c->o->objects;
	static const char *const owners[] = { "", "outbox", "inbox", "inbox",
		"archive" };
	char hex[VT_SHA256_HEX], where[VT_REF_TEXT];
	struct vt_error finding = { 0 };
	struct vt_record rec;
	int rc;

	if (vt_objects_has(objects, sha256))
		return VT_OK;
	if (owner == VT_DIGEST_FILE) {
		rc = vt_store_record_get(c->o->store, id, &rec, err);
		if (rc != VT_OK)
			return rc;
		vt_record_ref(&rec, where);
		vt_record_release(&rec);
	} else
		snprintf(where, sizeof(where), "%s %lld", owners[owner],
		    (long long)id);
	vt_error_set(&finding, VT_EIO, NULL, "the file %s is missing",
	    vt_hex(VT_BYTES(sha256, VT_SHA256_LEN), hex));
	return c->fn(c->ctx, where, finding.text, err);
}

int
vt_office_register_check(struct vt_office *o, vt_office_finding_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct check c = { o, fn, ctx };
	int rc;

	if ((rc = vt_store_begin_read(o->store, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_check(o->store, fn, ctx, err)) == VT_OK)
		rc = vt_store_digests(o->store, check_digest, &c, err);
	vt_store_rollback(o->store);
	return rc;
}
