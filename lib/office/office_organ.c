/* office_organ.c - which ids name the same agency */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/store_agency.h"
#include "vanthu/time.h"

/*
 * A document to all communes is one to thousands, each compared with each: the
 * directory is asked once for an id.  A slot holds whoever came last.
 */
#define SLOTS 8192 /* a power of two */

struct vt_office_organs {
	struct {
		char id[VT_RECORD_ORGAN_MAX + 1]; /* "": nothing */
		int64_t agency;                   /* 0: not in there */
	} slots[SLOTS];
};

int
vt_office_organs_new(struct vt_office_organs **ret, struct vt_error *err)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret != NULL ? VT_OK : vt_error_nomem(err);
}

void
vt_office_organs_forget(const struct vt_office *o)
{
	memset(o->organs, 0, sizeof(*o->organs));
}

static size_t
slot_of(const char *id)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *id != '\0'; id++)
		h = (h ^ (unsigned char)*id) * 16777619u;
	return (h ^ (h >> 16)) & (SLOTS - 1);
}

/* The agency that ID names in the directory, or 0. */
static int64_t
agency_of(const struct vt_office *o, const char *id)
{
	size_t len = strlen(id), i = slot_of(id);
	struct vt_error why = { 0 };
	int64_t agency = 0;

	if (len == 0 || len > VT_RECORD_ORGAN_MAX)
		return 0; /* it can not be in there */
	if (strcmp(o->organs->slots[i].id, id) == 0)
		return o->organs->slots[i].agency;
	if (vt_store_agency_find(o->store, id, vt_date_of(vt_time_now()),
		&agency, &why) != VT_OK) {
		vt_log("%s is not looked up: %s", id, why.text);
		return 0;
	}
	memcpy(o->organs->slots[i].id, id, len + 1);
	o->organs->slots[i].agency = agency;
	return agency;
}

bool
vt_office_same_organ(const struct vt_office *o, const char *a, const char *b)
{
	int64_t agency;

	if (a == NULL || b == NULL)
		return false;
	if (strcmp(a, b) == 0)
		return true;
	agency = agency_of(o, a);
	return agency != 0 && agency == agency_of(o, b);
}

bool
vt_office_other_organ(const struct vt_office *o, const char *a, const char *b)
{
	return a != NULL && b != NULL && agency_of(o, a) != 0 &&
	       !vt_office_same_organ(o, a, b);
}

bool
vt_office_among(const struct vt_office *o, const struct vt_list *list,
    const char *id)
{
	size_t i;

	for (i = 0; list != NULL && i < list->n; i++)
		if (vt_office_same_organ(o, list->items[i], id))
			return true;
	return false;
}
