/* office_extract.c - one file of a record, out of the office */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "office_mail_int.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/office_register.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/store_derived.h"

struct look {
	const char *name;
	unsigned char sha256[VT_SHA256_LEN];
	bool by_digest;
	struct vt_office_file *ret; /* without a name: nothing was found yet */
};

static bool
is_named(const struct look *l, const char *name, const unsigned char *sha256)
{
	return strcmp(name, l->name) == 0 ||
	       (l->by_digest && memcmp(sha256, l->sha256, VT_SHA256_LEN) == 0);
}

static int
found(struct look *l, const char *name, uint64_t size,
    const unsigned char *sha256, int derived, struct vt_error *err)
{
	free(l->ret->name);
	if ((l->ret->name = strdup(name)) == NULL)
		return vt_error_nomem(err);
	memcpy(l->ret->sha256, sha256, VT_SHA256_LEN);
	l->ret->size = size;
	l->ret->derived = derived;
	return VT_OK;
}

/* Of several with that name the last one is left. */
static int
look_at_derived(void *ctx, const struct vt_derived *d, struct vt_error *err)
{
	struct look *l = ctx;

	return is_named(l, d->name, d->sha256)
		   ? found(l, d->name, d->size, d->sha256, d->seq, err)
		   : VT_OK;
}

static int
find(struct vt_office *o, const char *ref, struct look *l, struct vt_error *err)
{
	struct vt_record rec;
	int64_t id;
	size_t i, len = 0;
	int rc;

	l->by_digest = strlen(l->name) == 2 * VT_SHA256_LEN &&
		       vt_hex_decode(vt_bytes_str(l->name), l->sha256, &len);
	if ((rc = vt_office_record(o, ref, true, &id, &rec, err)) != VT_OK)
		return rc;
	for (i = 0; i < rec.nfiles && l->ret->name == NULL && rc == VT_OK; i++)
		if (is_named(l, rec.files[i].name, rec.files[i].sha256))
			rc = found(l, rec.files[i].name, rec.files[i].size,
			    rec.files[i].sha256, 0, err);
	if (rc == VT_OK && l->ret->name == NULL)
		rc = vt_store_derived_list(o->store, id, look_at_derived, l,
		    err);
	if (rc == VT_OK && l->ret->name == NULL)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the record has no file %s", l->name);
	vt_record_release(&rec);
	return rc;
}

static int
to_stdout(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)ctx;
	return vt_fd_write(STDOUT_FILENO, piece, err);
}

static int
write_to(struct vt_source *src, const char *path, struct vt_error *err)
{
	struct vt_out *out = NULL;
	int rc;

	if (strcmp(path, "-") == 0) {
		rc = vt_source_stream(src, 0, vt_source_size(src), to_stdout,
		    NULL, err);
		return rc == VT_OK ? vt_source_unchanged(src, err) : rc;
	}
	if ((rc = vt_out_open(path, &out, err)) != VT_OK)
		return rc;
	if ((rc = vt_out_source(out, src, err)) == VT_OK)
		return vt_out_commit(out, err);
	vt_out_abort(out);
	return rc;
}

int
vt_office_extract(struct vt_office *o, const char *ref, const char *what,
    const char *path, struct vt_office_file *ret, struct vt_error *err)
{
	struct vt_office_file file = { 0 };
	struct look l = { .name = what, .ret = &file };
	struct vt_source *src = NULL;
	int rc;

	if ((rc = find(o, ref, &l, err)) == VT_OK &&
	    (rc = vt_office_object(o, file.sha256, file.name, &src, err)) ==
		VT_OK)
		rc = write_to(src, path, err);
	vt_source_free(src);
	if (rc == VT_OK)
		*ret = file;
	else
		free(file.name);
	return rc;
}
