/* archive_evidence.c - what signers were checked by: written out, and pruned */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/archive.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store_evidence.h"

#define NAME_DIGITS 16

char *
vt_archive_evidence_name(int kind, const unsigned char *sha256)
{
	static const char *const ends[VT_EVIDENCE_KINDS] = {
		[VT_EVIDENCE_SIGNER] = "crt",
		[VT_EVIDENCE_CERTIFICATE] = "crt",
		[VT_EVIDENCE_CRL] = "crl",
		[VT_EVIDENCE_OCSP] = "ors",
	};
	char hex[VT_SHA256_HEX], *ret;

	vt_hex(VT_BYTES(sha256, VT_SHA256_LEN), hex);
	return asprintf(&ret, "%s-%.*s.%s",
		   vt_evidence_kind_name((enum vt_evidence_kind)kind),
		   NAME_DIGITS, hex, ends[kind]) < 0
		   ? NULL
		   : ret;
}

/* ---- written out ---- */

struct writing {
	struct vt_objects *objects;
	const char *dir;
	bool any;
};

/* A file at PATH with the digest SHA256 is what would be written. */
static bool
is_there(const char *path, const unsigned char *sha256)
{
	unsigned char found[VT_SHA256_LEN];
	struct vt_source *src = NULL;
	bool is = vt_source_open(path, &src, NULL) == VT_OK &&
		  vt_sha256_source(src, found, NULL) == VT_OK &&
		  memcmp(found, sha256, sizeof(found)) == 0;

	vt_source_free(src);
	return is;
}

static int
write_to(struct vt_source *src, const char *path, struct vt_error *err)
{
	struct vt_out *out = NULL;
	int rc;

	if ((rc = vt_out_open(path, &out, err)) != VT_OK)
		return rc;
	if ((rc = vt_out_source(out, src, err)) == VT_OK)
		return vt_out_commit(out, err);
	vt_out_abort(out);
	return rc;
}

static int
write_part(struct writing *w, const struct vt_evidence_part *part,
    struct vt_error *err)
{
	char *name = vt_archive_evidence_name((int)part->kind, part->sha256);
	char *path = name != NULL ? vt_path_join(w->dir, name) : NULL;
	struct vt_source *src = NULL;
	enum vt_object_fact fact = VT_OBJECT_GOOD;
	int rc;

	if (path == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_objects_check(w->objects, part->sha256, &fact, err)) !=
	    VT_OK)
		goto out;
	if (fact == VT_OBJECT_MISSING)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "the evidence %s is missing", name);
	else if (fact != VT_OBJECT_GOOD)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "%s was changed since it was kept", name);
	else if (!is_there(path, part->sha256) &&
		 (rc = vt_objects_get(w->objects, part->sha256, &src, err)) ==
		     VT_OK)
		rc = write_to(src, path, err);
out:
	vt_source_free(src);
	free(name);
	free(path);
	return rc;
}

static int
write_check(void *ctx, const struct vt_evidence *e, struct vt_error *err)
{
	struct writing *w = ctx;
	size_t i;
	int rc = VT_OK;

	if (!w->any)
		rc = vt_dir_make(w->dir, 0777, err);
	w->any = true;
	for (i = 0; i < e->nparts && rc == VT_OK; i++)
		rc = write_part(w, &e->parts[i], err);
	return rc;
}

int
vt_archive_evidence_write(struct vt_store *s, struct vt_objects *objects,
    int64_t record, const char *dir, struct vt_error *err)
{
	struct writing w = { objects, dir, false };
	int rc = vt_store_evidence_list(s, record, VT_TIME_NONE, write_check,
	    &w, err);

	if (rc == VT_OK && !w.any)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "no evidence is kept of this record");
	return rc;
}

/* ---- pruned ---- */

struct dropping {
	struct vt_store *s;
	struct vt_objects *objects;
	struct vt_archive_pruned *done;
};

static int
drop(void *ctx, const unsigned char sha256[VT_SHA256_LEN], bool owned,
    struct vt_error *err)
{
	struct dropping *d = ctx;
	int rc;

	/* Somebody may be about to enter the very same bytes as a document. */
	if (!owned && vt_objects_fresh(d->objects, sha256, VT_ARCHIVE_FRESH)) {
		d->done->left++;
		return VT_OK;
	}
	if (!owned) {
		if ((rc = vt_objects_drop(d->objects, sha256, err)) != VT_OK)
			return rc;
		d->done->objects++;
	}
	return vt_store_unwanted_done(d->s, sha256, err);
}

/* End a transaction by what RC says of it. */
static int
end(struct vt_store *s, int rc, struct vt_error *err)
{
	if (rc == VT_OK)
		return vt_store_commit(s, err);
	vt_store_rollback(s);
	return rc;
}

int
vt_archive_evidence_prune(struct vt_store *s, struct vt_objects *objects,
    int64_t record, int64_t before, const char *reason,
    struct vt_archive_pruned *ret, struct vt_error *err)
{
	struct vt_archive_pruned done = { 0 };
	struct dropping d = { s, objects, &done };
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = end(s,
	    vt_store_evidence_prune(s, record, before, reason, &done.checks,
		err),
	    err);
	/*
	 * The books forget first: no row names what is gone.  Who signs looks
	 * for its parts with the register locked, as it is here.
	 */
	if (rc != VT_OK || (rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = end(s, vt_store_unwanted(s, drop, &d, err), err);
	if (rc == VT_OK)
		*ret = done;
	return rc;
}
