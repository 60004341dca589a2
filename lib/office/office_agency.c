/* office_agency.c - lists of agencies come in, from a file or from the axis */
#include "vanthu/office_agency.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_agency_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define SHRINK_FROM 10 /* a directory of fewer may change as it likes */

void
vt_office_directory_release(struct vt_office_directory *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		free(d->items[i].code);
		free(d->items[i].name);
	}
	free(d->items);
	memset(d, 0, sizeof(*d));
}

/* ---- one import ---- */

struct import {
	struct vt_office *o;
	const struct vt_office_import_how *how;
	int64_t number;
	struct vt_office_directory d;
};

static int
note_change(struct vt_office_directory *d, enum vt_agency_change what,
    const struct vt_agency *a, struct vt_error *err)
{
	size_t cap = d->cap == 0 ? 64 : 2 * d->cap;
	struct vt_office_agency_change *items;

	d->counts[what]++;
	if (what == VT_AGENCY_SAME)
		return VT_OK;
	if (d->n == d->cap) {
		items = reallocarray(d->items, cap, sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(err);
		d->items = items;
		d->cap = cap;
	}
	d->items[d->n].what = what;
	d->items[d->n].code = strdup(a->code);
	d->items[d->n].name = strdup(a->name);
	d->n++;
	return d->items[d->n - 1].code != NULL &&
		       d->items[d->n - 1].name != NULL
		   ? VT_OK
		   : vt_error_nomem(err);
}

static int
put(void *ctx, struct vt_agency *a, struct vt_error *err)
{
	struct import *im = ctx;
	struct vt_error why = { 0 };
	enum vt_agency_change what;
	int rc;

	rc = vt_store_agency_put(im->o->store, a, im->number, &what, &why);
	if (rc == VT_OK)
		return note_change(&im->d, what, a, err);
	return vt_error_set(err, rc == VT_EEXISTS ? VT_EFORMAT : why.code,
	    why.clause, "%s", why.text);
}

static int
gone(void *ctx, const struct vt_agency *a, struct vt_error *err)
{
	struct import *im = ctx;

	return note_change(&im->d, VT_AGENCY_GONE, a, err);
}

/* BEFORE were valid.  A list that was cut short must not close the directory.
 */
static int
check_shrink(struct import *im, int64_t before, struct vt_error *err)
{
	int64_t valid, all;
	int rc;

	rc = vt_store_agency_count(im->o->store, vt_date_of(vt_time_now()),
	    &valid, &all, err);
	if (rc != VT_OK || im->how->shrink || before < SHRINK_FROM ||
	    valid >= before / 2)
		return rc;
	return vt_error_set(err, VT_EREFUSED, NULL,
	    "%lld agencies would be left of %lld; nothing was changed. Where "
	    "that is meant: --shrink",
	    (long long)valid, (long long)before);
}

static int
add_event(struct import *im, struct vt_error *err)
{
	struct vt_json_out *o = vt_json_out_new();
	struct vt_buf detail;
	int rc;

	vt_buf_init(&detail, VT_JSON_MAX);
	vt_json_put_int(o, "new", (int64_t)im->d.counts[VT_AGENCY_NEW]);
	vt_json_put_int(o, "changed", (int64_t)im->d.counts[VT_AGENCY_CHANGED]);
	vt_json_put_int(o, "gone", (int64_t)im->d.counts[VT_AGENCY_GONE]);
	if ((rc = vt_json_write(o, &detail, err)) == VT_OK)
		rc = vt_store_event_add(im->o->store, 0, "agencies", NULL,
		    vt_buf_str(&detail), err);
	vt_json_out_free(o);
	vt_buf_release(&detail);
	return rc;
}

typedef int fill_fn(struct import *im, void *ctx, struct vt_error *err);

static int
import_in(struct import *im, fill_fn *fill, void *ctx, struct vt_error *err)
{
	int64_t before, all;
	int rc;

	if ((rc = vt_store_agency_count(im->o->store, vt_date_of(vt_time_now()),
		 &before, &all, err)) != VT_OK ||
	    (rc = vt_store_agency_import(im->o->store, &im->number, err)) !=
		VT_OK ||
	    (rc = fill(im, ctx, err)) != VT_OK)
		return rc;
	if (im->d.n + im->d.counts[VT_AGENCY_SAME] == 0)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "there is no agency in the list");
	if (!im->how->partial && (rc = vt_store_agency_gone(im->o->store,
				      im->number, gone, im, err)) != VT_OK)
		return rc;
	if ((rc = check_shrink(im, before, err)) != VT_OK || im->d.n == 0)
		return rc;
	if ((rc = vt_store_agency_index(im->o->store, &im->d.shared, err)) !=
	    VT_OK)
		return rc;
	return add_event(im, err);
}

static int
import(struct vt_office *o, const struct vt_office_import_how *how,
    fill_fn *fill, void *ctx, size_t skipped, struct vt_office_directory *ret,
    struct vt_error *err)
{
	struct import im = { .o = o, .how = how, .d = { .skipped = skipped } };
	int rc;

	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	vt_office_organs_forget(o);
	if ((rc = import_in(&im, fill, ctx, err)) == VT_OK)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	if (rc == VT_OK)
		*ret = im.d;
	else
		vt_office_directory_release(&im.d);
	return rc;
}

/* ---- from a file ---- */

static int
fill_from_file(struct import *im, void *src, struct vt_error *err)
{
	return vt_office_agency_read(src, put, im, err);
}

int
vt_office_agency_import(struct vt_office *o, const char *path,
    const struct vt_office_import_how *how, struct vt_office_directory *ret,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_error why = { 0 };
	int rc;

	if ((rc = vt_source_open(path, &src, err)) != VT_OK)
		return rc;
	rc = import(o, how, fill_from_file, src, 0, ret, &why);
	vt_source_free(src);
	if (rc == VT_OK)
		return VT_OK;
	if (why.code == VT_EFORMAT || why.code == VT_ELIMIT)
		vt_error_prefix(&why, path);
	return vt_error_set(err, why.code, why.clause, "%s", why.text);
}

/* ---- from the axis ---- */

/* As it was listed, until all are there: a parent is named by its number. */
struct listed {
	struct vt_agency a;
	char *id, *parent_id;
};

struct listing {
	struct listed *items;
	size_t n, cap;
	size_t skipped;
};

static void
listing_release(struct listing *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		vt_agency_release(&l->items[i].a);
		free(l->items[i].id);
		free(l->items[i].parent_id);
	}
	free(l->items);
}

/*
 * The centre that sends for an agency is another: its code is no alias.  Codes
 * that cannot be any are left out, one by one.
 */
static int
add_aliases(struct vt_agency *a, const char *text, struct vt_error *err)
{
	struct vt_list codes = { NULL, 0 };
	struct vt_error why = { 0 };
	size_t i;
	int rc = VT_OK;

	if (text == NULL)
		return VT_OK;
	if (vt_office_agency_codes(text, &codes, &why) == VT_ENOMEM)
		rc = vt_error_nomem(err);
	for (i = 0; i < codes.n && rc == VT_OK; i++)
		if (vt_record_organ_check(codes.items[i]) != VT_ORGAN_BAD &&
		    vt_transport_organ_valid(codes.items[i]))
			rc = vt_list_add(&a->aliases, codes.items[i], err);
	vt_list_release(&codes);
	return rc;
}

static int
listed_fill(struct listed *l, const struct vt_transport_agency *from,
    struct vt_error *err)
{
	int rc;

	l->a.gone = from->deleted;
	if ((rc = vt_str_set(&l->id, from->id, err)) != VT_OK ||
	    (rc = vt_str_set(&l->parent_id, from->parent, err)) != VT_OK ||
	    (rc = vt_str_set(&l->a.code, from->code, err)) != VT_OK ||
	    (rc = vt_str_set(&l->a.name, from->name, err)) != VT_OK ||
	    (rc = vt_str_set(&l->a.email, from->mail, err)) != VT_OK ||
	    (rc = add_aliases(&l->a, from->code102, err)) != VT_OK)
		return rc;
	return add_aliases(&l->a, from->old_code, err);
}

static int
take_listed(void *ctx, const struct vt_transport_agency *from,
    struct vt_error *err)
{
	struct listing *l = ctx;
	size_t cap = l->cap == 0 ? 256 : 2 * l->cap;
	struct vt_error why = { 0 };
	struct listed *items;
	int rc;

	if (l->n == l->cap) {
		if ((items = reallocarray(l->items, cap, sizeof(*items))) ==
		    NULL)
			return vt_error_nomem(err);
		l->items = items;
		l->cap = cap;
	}
	items = &l->items[l->n++];
	memset(items, 0, sizeof(*items));
	if ((rc = listed_fill(items, from, err)) != VT_OK)
		return rc;
	if ((rc = vt_office_agency_check(&items->a, &why)) == VT_OK)
		return VT_OK;
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	vt_log("an agency of the axis is skipped: %s", why.text);
	l->skipped++;
	l->n--;
	vt_agency_release(&items->a);
	free(items->id);
	free(items->parent_id);
	return VT_OK;
}

static int
by_id(const void *x, const void *y)
{
	const struct listed *a = x, *b = y;

	if (a->id == NULL || b->id == NULL)
		return (a->id != NULL) - (b->id != NULL);
	return strcmp(a->id, b->id);
}

static int
set_parents(struct listing *l, struct vt_error *err)
{
	struct listed key = { 0 };
	const struct listed *parent;
	size_t i;
	int rc = VT_OK;

	if (l->n > 0)
		qsort(l->items, l->n, sizeof(*l->items), by_id);
	for (i = 0; i < l->n && rc == VT_OK; i++) {
		if ((key.id = l->items[i].parent_id) == NULL)
			continue;
		parent =
		    bsearch(&key, l->items, l->n, sizeof(*l->items), by_id);
		if (parent != NULL &&
		    strcmp(parent->a.code, l->items[i].a.code) != 0)
			rc = vt_str_set(&l->items[i].a.parent, parent->a.code,
			    err);
	}
	return rc;
}

/* Of two with one code the one that is not deleted counts, else the first. */
static int
fill_from_list(struct import *im, void *ctx, struct vt_error *err)
{
	struct listing *l = ctx;
	struct vt_error why = { 0 };
	size_t i;
	int deleted, rc;

	for (deleted = 0; deleted < 2; deleted++)
		for (i = 0; i < l->n; i++) {
			if (l->items[i].a.gone != (deleted == 1))
				continue;
			rc = put(im, &l->items[i].a, &why);
			if (rc == VT_EFORMAT)
				im->d.skipped += deleted == 0;
			else if (rc != VT_OK)
				return vt_error_set(err, why.code, why.clause,
				    "%s", why.text);
		}
	return VT_OK;
}

int
vt_office_agency_refresh(struct vt_office *o, enum vt_transport_directory which,
    const struct vt_office_import_how *how, struct vt_office_directory *ret,
    struct vt_error *err)
{
	struct vt_transport *t = NULL;
	struct listing l = { 0 };
	int rc;

	/* nobody waits for the register while the axis talks */
	if ((rc = vt_office_transport(o, &t, err)) == VT_OK &&
	    (rc = vt_transport_agencies(t, which, take_listed, &l, err)) ==
		VT_OK &&
	    (rc = set_parents(&l, err)) == VT_OK)
		rc = import(o, how, fill_from_list, &l, l.skipped, ret, err);
	vt_transport_close(t);
	listing_release(&l);
	return rc;
}
