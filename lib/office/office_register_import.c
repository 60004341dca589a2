/* office_register_import.c - records as JSON lines, with their numbers */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

#include "office_lines.h"
#include "office_register_int.h"

#define BATCH 2000 /* lines of one transaction */

struct done {
	size_t line;
	struct vt_record rec; /* where nothing failed */
	bool existing;
	struct vt_error failure;
};

struct import {
	struct vt_office *o;
	vt_office_import_fn *fn;
	void *ctx;
	size_t missing; /* files that are not in objects/ */
	struct done done[BATCH];
	size_t ndone;
};

/* What must agree where a record is there already. */
static const char *const same_keys[] = { "code", "date", "type", "subject",
	"organ_id", "organ_name" };

static int
same_record(const struct vt_record *there, const struct vt_record *rec,
    bool *ret, struct vt_error *err)
{
	char *a, *b;
	size_t i;
	int rc;

	*ret = true;
	for (i = 0; i < sizeof(same_keys) / sizeof(same_keys[0]); i++) {
		a = b = NULL;
		/* an outgoing code is made from number and notation */
		if (i == 0 && !vt_record_incoming(rec)) {
			*ret = there->notation != NULL &&
			       rec->notation != NULL &&
			       strcmp(there->notation, rec->notation) == 0;
			continue;
		}
		rc = vt_record_field_text(there, same_keys[i], &a, err);
		if (rc == VT_OK)
			rc = vt_record_field_text(rec, same_keys[i], &b, err);
		if (rc == VT_OK && b != NULL &&
		    (a == NULL || strcmp(a, b) != 0))
			*ret = false;
		free(a);
		free(b);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* Enter REC, or find it there; in the batch's transaction. */
static int
import_enter(struct import *im, struct vt_record *rec, bool *ret_existing,
    struct vt_error *err)
{
	struct vt_record there;
	struct vt_ref ref = { .year = rec->year, .number = rec->number };
	struct vt_error why = { 0 };
	char text[VT_REF_TEXT];
	int64_t id;
	bool same;
	int rc;

	memcpy(ref.book, rec->book, strlen(rec->book) + 1);
	rc = vt_store_ref_find(im->o->store, &ref, 0, &id, &why);
	if (rc == VT_ENOTFOUND) {
		*ret_existing = false;
		return vt_store_record_add(im->o->store, rec, "imported", NULL,
		    err);
	}
	if (rc != VT_OK)
		return vt_error_set(err, why.code, why.clause, "%s", why.text);
	if ((rc = vt_store_record_get(im->o->store, id, &there, err)) != VT_OK)
		return rc;
	rc = same_record(&there, rec, &same, err);
	if (rc == VT_OK && !same)
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "another record is %s already", vt_record_ref(rec, text));
	if (rc == VT_OK) {
		vt_record_release(rec);
		*rec = there;
		*ret_existing = true;
	} else
		vt_record_release(&there);
	return rc;
}

/* What the line need not say. */
static int
import_defaults(struct import *im, struct vt_record *rec, struct vt_error *err)
{
	int rc = VT_OK;

	if (rec->number == 0)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "\"number\" is missing");
	if (rec->book == NULL)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "\"book\" is missing");
	if (rec->registered == VT_TIME_NONE)
		rec->registered = vt_time_now();
	if (vt_record_incoming(rec)) {
		if (rec->arrived == VT_TIME_NONE && rec->date.year != 0)
			rec->arrived = vt_date_start(rec->date);
		return VT_OK;
	}
	if (rec->organ_id == NULL)
		rc = vt_record_put(&rec->organ_id, im->o->organ_id, err);
	if (rc == VT_OK && rec->organ_name == NULL)
		rc = vt_record_put(&rec->organ_name, im->o->name, err);
	return rc;
}

static int
import_record(struct import *im, struct vt_bytes text, struct vt_record *rec,
    bool *ret_existing, struct vt_error *err)
{
	struct vt_json *json = NULL;
	size_t i;
	int rc;

	if ((rc = vt_json_parse(text, &json, err)) != VT_OK)
		return rc;
	rc = vt_store_record_from_json(json, rec, err);
	vt_json_free(json);
	if (rc == VT_OK && (rc = import_defaults(im, rec, err)) == VT_OK &&
	    (rc = vt_record_check_history(rec, NULL, err)) == VT_OK &&
	    (rc = import_enter(im, rec, ret_existing, err)) == VT_OK)
		for (i = 0; i < rec->nfiles; i++)
			im->missing += !vt_objects_has(im->o->objects,
			    rec->files[i].sha256);
	return rc;
}

/* Commit what was entered, and tell of all that was dealt with. */
static int
batch_end(struct import *im, struct vt_error *err)
{
	struct done *d;
	size_t i;
	int rc;

	if (im->ndone == 0)
		return VT_OK;
	rc = vt_store_commit(im->o->store, err);
	for (i = 0; i < im->ndone; i++) {
		d = &im->done[i];
		if (rc == VT_OK)
			rc = im->fn(im->ctx, d->line,
			    d->failure.code == VT_OK ? &d->rec : NULL,
			    d->existing,
			    d->failure.code == VT_OK ? NULL : &d->failure, err);
		vt_record_release(&d->rec);
	}
	im->ndone = 0;
	return rc;
}

/* The store's trouble ends the import; the line's own does not. */
static bool
ends_import(int rc)
{
	return rc == VT_EIO || rc == VT_ENOMEM;
}

static int
import_line(void *ctx, size_t line, struct vt_bytes text, bool too_long,
    struct vt_error *err)
{
	struct import *im = ctx;
	struct done *d = &im->done[im->ndone];
	int rc;

	if (im->ndone == 0 && (rc = vt_store_begin(im->o->store, err)) != VT_OK)
		return rc;
	memset(d, 0, sizeof(*d));
	vt_record_init(&d->rec);
	d->line = line;
	im->ndone++;
	if (too_long)
		rc = vt_error_set(&d->failure, VT_ELIMIT, NULL,
		    "the line is longer than %u bytes", VT_OFFICE_LINE_MAX);
	else
		rc =
		    import_record(im, text, &d->rec, &d->existing, &d->failure);
	if (ends_import(rc)) {
		if (err != NULL && err->code == VT_OK)
			*err = d->failure;
		return rc;
	}
	/* the line is the input: what it breaks makes it malformed */
	if (rc == VT_EARG || rc == VT_ENOTFOUND)
		d->failure.code = VT_EFORMAT;
	else if (rc == VT_EEXISTS)
		d->failure.code = VT_EREFUSED;
	return im->ndone == BATCH ? batch_end(im, err) : VT_OK;
}

int
vt_office_register_import(struct vt_office *o, struct vt_source *src,
    vt_office_import_fn *fn, void *ctx, struct vt_list *notes,
    struct vt_error *err)
{
	struct import *im = calloc(1, sizeof(*im));
	int rc;

	if (im == NULL)
		return vt_error_nomem(err);
	im->o = o;
	im->fn = fn;
	im->ctx = ctx;
	rc = vt_office_lines(src, import_line, im, err);
	if (rc == VT_OK)
		rc = batch_end(im, err);
	if (rc == VT_OK && im->missing > 0)
		rc = vt_office_note(notes, err,
		    VT_N_("%zu files that the records name are not here"),
		    im->missing);
	vt_store_rollback(o->store);
	while (im->ndone > 0)
		vt_record_release(&im->done[--im->ndone].rec);
	free(im);
	return rc;
}
