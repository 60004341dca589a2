/* office_address.c - whom a command means: by id, by alias, by group */
#include <stdlib.h>
#include <string.h>

#include "office_agency_int.h"
#include "office_issue_int.h"
#include "office_mail_int.h"
#include "office_register_int.h"
#include "vanthu/error.h"
#include "vanthu/store_agency.h"
#include "vanthu/time.h"

#define CLAUSE "QĐ 20/2020/QĐ-TTg"

struct addressing {
	struct vt_office *o;
	bool check; /* by the directory */
	struct vt_date today;
	struct vt_list *ret, *notes;
};

/* A is to have it under its own code, if it is there at all. */
static int
add_known(struct addressing *to, const char *id, const struct vt_agency *a,
    struct vt_error *err)
{
	int rc = VT_OK;

	if (!vt_agency_valid(a, to->today))
		return vt_office_agency_closed(to->o, id, a, err);
	if (vt_office_listed(to->ret, a->code))
		return VT_OK;
	if (strcmp(a->code, id) != 0)
		rc = vt_office_note(to->notes, err,
		    VT_N_("%s is an alias of %s (%s); it is sent there"), id,
		    a->code, a->name);
	return rc == VT_OK ? vt_list_add(to->ret, a->code, err) : rc;
}

static int
add_id(struct addressing *to, const char *id, struct vt_error *err)
{
	struct vt_agency a = { 0 };
	int64_t agency;
	int rc;

	if (vt_office_among(to->o, to->ret, id))
		return VT_OK;
	if (!to->check || vt_office_is_member(to->o, id))
		return vt_list_add(to->ret, id, err);
	rc = vt_store_agency_find(to->o->store, id, to->today, &agency, err);
	if (rc != VT_OK)
		return rc;
	if (agency == 0)
		return vt_office_agency_unknown(to->o, id, VT_EREFUSED, err);
	if ((rc = vt_store_agency_get(to->o->store, agency, &a, err)) == VT_OK)
		rc = add_known(to, id, &a, err);
	vt_agency_release(&a);
	return rc;
}

/* The office itself may belong to a group, and is left out. */
static int
add_group(struct addressing *to, const char *group, struct vt_error *err)
{
	struct vt_list members = { 0 };
	size_t i;
	int rc;

	rc = vt_store_group_members(to->o->store, group, &members, err);
	if (rc == VT_OK && members.n == 0)
		rc = vt_error_set(err, VT_EARG, NULL,
		    "there is no group @%s, or nobody in it", group);
	for (i = 0; i < members.n && rc == VT_OK; i++)
		if (!vt_office_same_organ(to->o, members.items[i],
			to->o->organ_id))
			rc = add_id(to, members.items[i], err);
	vt_list_release(&members);
	return rc;
}

int
vt_office_address_list(struct vt_office *o, const struct vt_list *list,
    bool check, struct vt_list *ret, struct vt_list *notes,
    struct vt_error *err)
{
	struct addressing to = { o, check, vt_date_of(vt_time_now()), ret,
		notes };
	size_t i;
	int rc = VT_OK;

	if (check)
		rc = vt_store_agency_any(o->store, &to.check, err);
	for (i = 0; list != NULL && i < list->n && rc == VT_OK; i++) {
		if (list->items[i][0] == '@')
			rc = add_group(&to, list->items[i] + 1, err);
		else if ((rc = vt_office_check_id(o, list->items[i], err)) ==
			 VT_OK)
			rc = add_id(&to, list->items[i], err);
	}
	return rc;
}

int
vt_office_address(struct vt_office *o, const struct vt_office_issue *issue,
    struct vt_office_addressed *ret, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_office_addressed a = { 0 };
	int rc;

	rc = vt_office_address_list(o, issue->to, true, &a.to, notes, err);
	a.act = a.to.n;
	if (rc == VT_OK)
		rc = vt_office_address_list(o, issue->report, true, &a.to,
		    notes, err);
	a.report = a.to.n - a.act;
	if (rc == VT_OK)
		rc = vt_office_address_list(o, issue->know, true, &a.to, notes,
		    err);
	if (rc == VT_OK)
		*ret = a;
	else
		vt_list_release(&a.to);
	return rc;
}

enum vt_role
vt_office_role_at(const struct vt_office_addressed *a, size_t i)
{
	if (i < a->act)
		return VT_ROLE_ACT;
	return i < a->act + a->report ? VT_ROLE_REPORT : VT_ROLE_KNOW;
}
