/* office_agency_find.c - who is meant by a code; aliases and groups by hand */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_agency_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office_agency.h"
#include "vanthu/time.h"
#include "vanthu/transport.h"

#define CLAUSE "QĐ 20/2020/QĐ-TTg"
#define GROUP_MAX 100 /* bytes of a name */

const char *
vt_agency_state(const struct vt_agency *a, struct vt_date on)
{
	if (a->gone)
		return "gone";
	return vt_agency_valid(a, on) ? "valid" : "expired";
}

static void
put_date(struct vt_json_out *o, const char *key, struct vt_date d)
{
	char text[VT_TIME_TEXT];

	vt_json_put_str(o, key, d.year != 0 ? vt_date_text(d, text) : NULL);
}

void
vt_office_agency_to_json(const struct vt_agency *a, struct vt_date on,
    struct vt_json_out *o)
{
	size_t i;

	vt_json_put_str(o, "organ_id", a->code);
	vt_json_put_str(o, "name", a->name);
	vt_json_begin_array(o, "aliases");
	for (i = 0; i < a->aliases.n; i++)
		vt_json_put_str(o, NULL, a->aliases.items[i]);
	vt_json_end(o);
	vt_json_put_str(o, "parent", a->parent);
	vt_json_put_str(o, "email", a->email);
	vt_json_put_str(o, "phone", a->phone);
	put_date(o, "valid_from", a->from);
	put_date(o, "valid_to", a->to);
	vt_json_put_str(o, "state", vt_agency_state(a, on));
}

int
vt_office_agency_get(struct vt_office *o, const char *code,
    struct vt_agency *ret, struct vt_error *err)
{
	int64_t id;
	int rc;

	rc = vt_store_agency_find(o->store, code, vt_date_of(vt_time_now()),
	    &id, err);
	if (rc != VT_OK)
		return rc;
	if (id != 0)
		return vt_store_agency_get(o->store, id, ret, err);
	return vt_office_agency_unknown(o, code, VT_ENOTFOUND, err);
}

/* ---- by hand ---- */

static int
check_code(const char *code, struct vt_error *err)
{
	if (vt_record_organ_check(code) == VT_ORGAN_BAD ||
	    !vt_transport_organ_valid(code))
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "\"%s\" is not an agency's identifier", code);
	return VT_OK;
}

static int
end(struct vt_office *o, const char *what, const char *text, int rc,
    struct vt_error *err)
{
	vt_office_organs_forget(o);
	if (rc == VT_OK)
		rc = vt_store_event_add(o->store, 0, what, text, NULL, err);
	if (rc == VT_OK)
		return vt_store_commit(o->store, err);
	vt_store_rollback(o->store);
	return rc;
}

static int
alias_in(struct vt_office *o, const char *old, const struct vt_agency *a,
    struct vt_error *err)
{
	struct vt_date today = vt_date_of(vt_time_now());
	struct vt_agency has = { 0 };
	int64_t id;
	int rc;

	rc = vt_store_agency_find(o->store, old, today, &id, err);
	if (rc == VT_OK && id != 0)
		rc = vt_store_agency_get(o->store, id, &has, err);
	if (rc == VT_OK && has.code != NULL && strcmp(has.code, old) == 0 &&
	    (has.id == a->id || vt_agency_valid(&has, today)))
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "%s is the code of %s itself", old, has.name);
	vt_agency_release(&has);
	return rc == VT_OK ? vt_store_alias_add(o->store, old, a->id, err) : rc;
}

int
vt_office_alias(struct vt_office *o, const char *old, const char *new,
    struct vt_error *err)
{
	struct vt_agency a = { 0 };
	char line[3 * VT_RECORD_ORGAN_MAX];
	int rc;

	if ((rc = check_code(old, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	if ((rc = vt_office_agency_get(o, new, &a, err)) == VT_OK)
		rc = alias_in(o, old, &a, err);
	snprintf(line, sizeof(line), "%s = %s", old,
	    a.code != NULL ? a.code : "");
	rc = end(o, "alias", line, rc, err);
	vt_agency_release(&a);
	return rc;
}

int
vt_office_alias_remove(struct vt_office *o, const char *old,
    struct vt_error *err)
{
	int rc;

	if ((rc = check_code(old, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	rc = vt_store_alias_remove(o->store, old, err);
	return end(o, "alias-removed", old, rc, err);
}

bool
vt_office_group_valid(const char *group)
{
	struct vt_error why = { 0 };
	char *clean = NULL;
	bool valid;

	if (group[0] == '\0' || group[0] == '@' || group[0] == '-' ||
	    strlen(group) > GROUP_MAX || strpbrk(group, " ,;") != NULL)
		return false;
	valid = vt_record_clean(group, &clean, &why) == VT_OK &&
		strcmp(clean, group) == 0;
	free(clean);
	return valid;
}

static int
group_in(struct vt_office *o, const char *group, const struct vt_list *add,
    const struct vt_list *remove, struct vt_error *err)
{
	struct vt_agency a = { 0 };
	bool any = false;
	size_t i;
	int rc;

	rc = vt_store_agency_any(o->store, &any, err);
	for (i = 0; rc == VT_OK && add != NULL && i < add->n; i++) {
		if ((rc = check_code(add->items[i], err)) != VT_OK)
			break;
		if (any && (rc = vt_office_agency_get(o, add->items[i], &a,
				err)) == VT_OK)
			vt_agency_release(&a);
		else if (rc == VT_ENOTFOUND && err != NULL)
			rc = err->code = VT_EREFUSED;
		if (rc == VT_OK)
			rc = vt_store_group_add(o->store, group, add->items[i],
			    err);
	}
	for (i = 0; rc == VT_OK && remove != NULL && i < remove->n; i++) {
		rc = vt_store_group_remove(o->store, group, remove->items[i],
		    err);
		if (rc == VT_ENOTFOUND)
			vt_error_prefix(err, remove->items[i]);
	}
	return rc;
}

int
vt_office_group(struct vt_office *o, const char *group,
    const struct vt_list *add, const struct vt_list *remove,
    struct vt_error *err)
{
	int rc;

	if (!vt_office_group_valid(group))
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is no name for a group: one word, without \"@\"",
		    group);
	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	return end(o, "group", group, group_in(o, group, add, remove, err),
	    err);
}
