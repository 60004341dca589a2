/* office_agency_near.c - which agency may have been meant by a code */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_agency_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/office_agency.h"
#include "vanthu/time.h"

#define NEAR_MAX 3
#define LOOK_AT 5000 /* codes that begin alike */

struct nearing {
	struct vt_office *o;
	const char *code;
	struct vt_date today;
	struct vt_list *found;
	struct vt_list codes; /* of those */
};

static int
add(struct nearing *n, const struct vt_agency *a, struct vt_error *err)
{
	char line[VT_TEXT_MAX];
	size_t i;
	int rc;

	if (n->found->n == NEAR_MAX || !vt_agency_valid(a, n->today))
		return VT_OK;
	for (i = 0; i < n->codes.n; i++)
		if (strcmp(n->codes.items[i], a->code) == 0)
			return VT_OK;
	snprintf(line, sizeof(line), "%s (%s)", a->code, a->name);
	if ((rc = vt_list_add(&n->codes, a->code, err)) != VT_OK)
		return rc;
	return vt_list_add(n->found, line, err);
}

static int
add_code(struct nearing *n, const char *code, struct vt_error *err)
{
	struct vt_agency a = { 0 };
	int64_t id;
	int rc;

	rc = vt_store_agency_find(n->o->store, code, n->today, &id, err);
	if (rc != VT_OK || id == 0)
		return rc;
	if ((rc = vt_store_agency_get(n->o->store, id, &a, err)) == VT_OK)
		rc = add(n, &a, err);
	vt_agency_release(&a);
	return rc;
}

/* ---- the other generation ---- */

/*
 * The groups of CODE the other way round: H37.02 of 000.00.02.H37 or 02.H37,
 * in which zeros stand for nothing, and 000.00.02.H37 of H37.02.  A guess, and
 * no more: the codes of a generation are not made from the other's.
 */
static bool
turn(const char *code, bool fill, char out[VT_RECORD_ORGAN_MAX + 1])
{
	static const char *const absent[] = { "000.00.00.", "000.00.", "000.",
		"" };
	const char *groups[8];
	size_t n = 0, len = 0, i, width;
	const char *p;

	for (p = code; p != NULL && n < 8; p = strchr(p, '.')) {
		p += *p == '.';
		groups[n++] = p;
	}
	if (p != NULL || (fill && n > 4))
		return false;
	out[0] = '\0';
	if (fill)
		len = (size_t)snprintf(out, VT_RECORD_ORGAN_MAX + 1, "%s",
		    absent[n - 1]);
	for (i = n; i > 0; i--) {
		width = strcspn(groups[i - 1], ".");
		if (!fill && strspn(groups[i - 1], "0") == width)
			continue;
		if (len + width + 1 > VT_RECORD_ORGAN_MAX)
			return false;
		len +=
		    (size_t)snprintf(out + len, VT_RECORD_ORGAN_MAX + 1 - len,
			"%s%.*s", len > 0 && out[len - 1] != '.' ? "." : "",
			(int)width, groups[i - 1]);
	}
	return len > 0;
}

static int
add_turned(struct nearing *n, struct vt_error *err)
{
	char code[VT_RECORD_ORGAN_MAX + 1];
	int rc = VT_OK;

	if (turn(n->code, false, code))
		rc = add_code(n, code, err);
	if (rc == VT_OK && turn(n->code, true, code))
		rc = add_code(n, code, err);
	return rc;
}

/* ---- slips of the hand ---- */

/* One sign too many, too few or wrong, two swapped, or the case. */
static bool
slip(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), i = 0, ends = 0;

	while (i < la && i < lb &&
	       toupper((unsigned char)a[i]) == toupper((unsigned char)b[i]))
		i++;
	while (ends < la - i && ends < lb - i &&
	       toupper((unsigned char)a[la - 1 - ends]) ==
		   toupper((unsigned char)b[lb - 1 - ends]))
		ends++;
	la -= i + ends;
	lb -= i + ends;
	if (la == 2 && lb == 2)
		return a[i] == b[i + 1] && a[i + 1] == b[i];
	return la <= 1 && lb <= 1;
}

static int
look_at(void *ctx, const struct vt_agency *a, struct vt_error *err)
{
	struct nearing *n = ctx;
	bool near = slip(n->code, a->code);
	size_t i;

	for (i = 0; i < a->aliases.n && !near; i++)
		near = slip(n->code, a->aliases.items[i]);
	return near ? add(n, a, err) : VT_OK;
}

static int
add_slips(struct nearing *n, struct vt_error *err)
{
	char begins[VT_RECORD_ORGAN_MAX + 1];
	struct vt_agency_query q = { .like = begins,
		.on = n->today,
		.valid = true,
		.limit = LOOK_AT };
	const char *dot = strrchr(n->code, '.');
	size_t i;

	if (strlen(n->code) > VT_RECORD_ORGAN_MAX)
		return VT_OK;
	snprintf(begins, sizeof(begins), "%.*s",
	    dot != NULL ? (int)(dot - n->code) : 1, n->code);
	for (i = 0; begins[i] != '\0'; i++)
		begins[i] = (char)toupper((unsigned char)begins[i]);
	return vt_store_agencies(n->o->store, &q, look_at, n, err);
}

/* ---- what has expired lives on under its name ---- */

static int
add_named(void *ctx, const struct vt_agency *a, struct vt_error *err)
{
	return add(ctx, a, err);
}

static int
add_same_name(struct nearing *n, struct vt_error *err)
{
	struct vt_agency_query q = { .on = n->today,
		.valid = true,
		.limit = NEAR_MAX };
	struct vt_agency a = { 0 };
	int64_t id;
	int rc;

	rc = vt_store_agency_find(n->o->store, n->code, n->today, &id, err);
	if (rc != VT_OK || id == 0)
		return rc;
	if ((rc = vt_store_agency_get(n->o->store, id, &a, err)) == VT_OK) {
		q.name = a.name;
		rc = vt_store_agencies(n->o->store, &q, add_named, n, err);
	}
	vt_agency_release(&a);
	return rc;
}

int
vt_office_agency_near(struct vt_office *o, const char *code,
    struct vt_list *ret, struct vt_error *err)
{
	struct nearing n = { .o = o,
		.code = code,
		.today = vt_date_of(vt_time_now()),
		.found = ret };
	int rc;

	if ((rc = add_same_name(&n, err)) == VT_OK &&
	    (rc = add_turned(&n, err)) == VT_OK && ret->n < NEAR_MAX)
		rc = add_slips(&n, err);
	vt_list_release(&n.codes);
	return rc;
}

/* In one line in RET, "" for nobody; for free(). */
static int
near_line(struct vt_office *o, const char *code, char **ret,
    struct vt_error *err)
{
	struct vt_list near = { NULL, 0 };
	struct vt_buf line;
	size_t i;
	int rc;

	vt_buf_init(&line, VT_TEXT_MAX);
	rc = vt_office_agency_near(o, code, &near, err);
	for (i = 0; i < near.n && rc == VT_OK; i++)
		(void)vt_buf_printf(&line, "%s%s", i > 0 ? ", " : "",
		    near.items[i]);
	if (rc == VT_OK && (*ret = strdup(vt_buf_str(&line))) == NULL)
		rc = vt_error_nomem(err);
	vt_buf_release(&line);
	vt_list_release(&near);
	return rc;
}

int
vt_office_agency_unknown(struct vt_office *o, const char *code, int rc,
    struct vt_error *err)
{
	char *near = NULL;
	int failed;

	if ((failed = near_line(o, code, &near, err)) != VT_OK)
		return failed;
	if (near[0] == '\0')
		rc = vt_error_set(err, (enum vt_code)rc, NULL,
		    "%s is not in the directory of agencies", code);
	else
		rc = vt_error_set(err, (enum vt_code)rc, NULL,
		    "%s is not in the directory of agencies; it may be %s",
		    code, near);
	free(near);
	return rc;
}

int
vt_office_agency_closed(struct vt_office *o, const char *code,
    const struct vt_agency *a, struct vt_error *err)
{
	char *near = NULL;
	int rc;

	if ((rc = near_line(o, code, &near, err)) != VT_OK)
		return rc;
	if (near[0] == '\0')
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "%s (%s) is not valid today", code, a->name);
	else
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "%s (%s) is not valid today; it may be %s", code, a->name,
		    near);
	free(near);
	return rc;
}
