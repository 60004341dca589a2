/* office_issuer.c - does a certificate belong to whoever sent the document? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_policy.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/store_agency.h"
#include "vanthu/time.h"

#define LEVELS_MAX 8 /* of agencies one above the other */
#define TAX "MST:"   /* an agency's own certificate */
#define PERSON "CCCD:"

struct vt_office_issuer {
	struct vt_office *o;
	const char *id;     /* of the envelope; borrowed */
	bool directory;     /* there is one */
	struct vt_agency a; /* id 0: there is none, or he is inside */
	struct vt_date today;
	struct vt_list names; /* keys: each is he, and nobody else */
	/* A key that others have, too; it needs one of ABOVE.  Or NULL. */
	char *shared;
	struct vt_list above; /* keys of those above him */
};

void
vt_office_issuer_free(struct vt_office_issuer *i)
{
	if (i == NULL)
		return;
	vt_agency_release(&i->a);
	vt_list_release(&i->names);
	vt_list_release(&i->above);
	free(i->shared);
	free(i);
}

static bool
has(const struct vt_list *list, const char *key)
{
	size_t i;

	for (i = 0; key != NULL && key[0] != '\0' && i < list->n; i++)
		if (vt_record_organ_same(list->items[i], key))
			return true;
	return false;
}

/* The key of NAME comes to LIST; NULL: nothing does. */
static int
add_name(struct vt_list *list, const char *name, struct vt_error *err)
{
	char *key = NULL;
	int rc;

	if (name == NULL)
		return VT_OK;
	if ((rc = vt_record_organ_name(name, &key, err)) == VT_OK &&
	    key[0] != '\0' && !has(list, key))
		rc = vt_list_add(list, key, err);
	free(key);
	return rc;
}

/* ---- by the directory ---- */

static int
add_above(struct vt_office_issuer *i, struct vt_error *err)
{
	struct vt_agency a = { 0 };
	char *parent = NULL;
	int64_t id;
	int n, rc;

	rc = vt_str_set(&parent, i->a.parent, err);
	for (n = 0; n < LEVELS_MAX && parent != NULL && rc == VT_OK; n++) {
		rc = vt_store_agency_find(i->o->store, parent, i->today, &id,
		    err);
		if (rc != VT_OK || id == 0)
			break;
		if ((rc = vt_store_agency_get(i->o->store, id, &a, err)) !=
			VT_OK ||
		    (rc = add_name(&i->above, a.name, err)) != VT_OK)
			break;
		rc = vt_str_set(&parent, a.parent, err);
		vt_agency_release(&a);
	}
	vt_agency_release(&a);
	free(parent);
	return rc;
}

/* "Sở Nội vụ" below "UBND tỉnh A" is "Sở Nội vụ tỉnh A". */
static int
add_placed(struct vt_office_issuer *i, const char *key, struct vt_error *err)
{
	/* what a province's name begins with, as a key */
	static const char *const committees[] = { "uỷ ban nhân dân ",
		"uy ban nhan dan " };
	const char *place;
	char *full;
	size_t k;
	int rc;

	if (i->above.n == 0)
		return VT_OK;
	place = i->above.items[0];
	for (k = 0; k < sizeof(committees) / sizeof(committees[0]); k++)
		if (strncmp(place, committees[k], strlen(committees[k])) == 0) {
			place += strlen(committees[k]);
			break;
		}
	if (asprintf(&full, "%s %s", key, place) < 0)
		return vt_error_nomem(err);
	rc = vt_list_add(&i->names, full, err);
	free(full);
	return rc;
}

/* Agencies that are called like one. */
struct namesakes {
	const char *key;
	size_t n;
};

static int
count(void *ctx, const struct vt_agency *a, struct vt_error *err)
{
	struct namesakes *all = ctx;
	char *key = NULL;
	int rc;

	if ((rc = vt_record_organ_name(a->name, &key, err)) == VT_OK &&
	    vt_record_organ_same(key, all->key))
		all->n++;
	free(key);
	return rc;
}

static int
fill_known(struct vt_office_issuer *i, struct vt_error *err)
{
	const struct vt_agency_query q = { .name = i->a.name,
		.on = i->today,
		.valid = true };
	struct namesakes all = { NULL, 0 };
	char *key = NULL;
	int rc;

	if ((rc = add_above(i, err)) != VT_OK ||
	    (rc = vt_record_organ_name(i->a.name, &key, err)) != VT_OK)
		return rc;
	all.key = key;
	rc = vt_store_agencies(i->o->store, &q, count, &all, err);
	if (rc == VT_OK)
		rc = add_placed(i, key, err);
	if (rc == VT_OK && all.n < 2)
		rc = vt_list_add(&i->names, key, err);
	else if (rc == VT_OK) {
		i->shared = key;
		key = NULL;
	}
	free(key);
	return rc;
}

/* *RET_WHY where the directory does not know the sender. */
static int
look_up(struct vt_office_intake *in, struct vt_office_issuer *i,
    const char **ret_why, struct vt_error *err)
{
	int64_t id;
	int rc;

	if ((rc = vt_store_agency_any(i->o->store, &i->directory, err)) !=
		VT_OK ||
	    !i->directory || (in->inside && vt_office_is_member(i->o, i->id)))
		return rc;
	rc = vt_store_agency_find(i->o->store, i->id, i->today, &id, err);
	if (rc == VT_OK && id != 0)
		rc = vt_store_agency_get(i->o->store, id, &i->a, err);
	if (rc != VT_OK)
		return rc;
	if (id == 0)
		snprintf(in->detail, sizeof(in->detail),
		    vt_tr("%s is not in the directory of agencies"), i->id);
	else if (!vt_agency_valid(&i->a, i->today))
		snprintf(in->detail, sizeof(in->detail),
		    vt_tr("%s (%s) is not valid today"), i->id, i->a.name);
	else
		return VT_OK;
	*ret_why = "sender-unknown";
	return VT_OK;
}

int
vt_office_issuer_new(struct vt_office_intake *in, struct vt_office_issuer **ret,
    const char **ret_why, struct vt_error *err)
{
	const struct vt_organ *from = &in->env->from;
	struct vt_office_issuer *i = calloc(1, sizeof(*i));
	int rc;

	*ret = NULL;
	if (i == NULL)
		return vt_error_nomem(err);
	i->o = in->o;
	i->id = from->id;
	i->today = vt_date_of(in->now);
	if ((rc = look_up(in, i, ret_why, err)) != VT_OK || *ret_why != NULL)
		goto out;
	if (i->a.id != 0)
		rc = fill_known(i, err);
	else if ((rc = add_name(&i->names, from->name, err)) == VT_OK)
		rc = add_name(&i->above, from->in_charge, err);
	if (rc == VT_OK) {
		*ret = i;
		i = NULL;
	}
out:
	vt_office_issuer_free(i);
	return rc;
}

bool
vt_office_issuer_by_directory(const struct vt_office_issuer *i)
{
	return i->directory;
}

/* ---- a certificate ---- */

/* The keys of what it says. */
struct subject {
	char *name, *organization;
	struct vt_list units;
	bool person; /* it is one's own */
	bool agency; /* it is an agency's own */
};

static void
subject_release(struct subject *s)
{
	free(s->name);
	free(s->organization);
	vt_list_release(&s->units);
}

/* Units stand with ", " between, as verify tells them. */
static int
add_units(struct subject *s, const char *unit, struct vt_error *err)
{
	const char *p, *end;
	char *one;
	int rc = add_name(&s->units, unit, err);

	for (p = unit; rc == VT_OK && p != NULL; p = end) {
		end = strstr(p, ", ");
		one = end != NULL ? strndup(p, (size_t)(end - p)) : strdup(p);
		rc = one != NULL ? add_name(&s->units, one, err)
				 : (int)vt_error_nomem(err);
		free(one);
		if (end != NULL)
			end += 2;
	}
	return rc;
}

static int
subject_of(const struct vt_office_signer *from, struct subject *ret,
    struct vt_error *err)
{
	int rc;

	memset(ret, 0, sizeof(*ret));
	ret->person = from->uid != NULL &&
		      strncmp(from->uid, PERSON, strlen(PERSON)) == 0;
	ret->agency =
	    from->uid != NULL && strncmp(from->uid, TAX, strlen(TAX)) == 0;
	rc = vt_record_organ_name(from->name != NULL ? from->name : "",
	    &ret->name, err);
	if (rc == VT_OK)
		rc = vt_record_organ_name(from->organization != NULL
					      ? from->organization
					      : "",
		    &ret->organization, err);
	return rc == VT_OK ? add_units(ret, from->unit, err) : rc;
}

/* ---- is it his? ---- */

/* Do the words of NAME begin with all those of WORDS?  Of one certificate. */
static int
begins(const char *name, const char *words, bool *ret, struct vt_error *err)
{
	char *key = NULL, *start = NULL;
	size_t n;
	int rc;

	*ret = false;
	if ((rc = vt_record_fold(name, &key, err)) == VT_OK &&
	    (rc = vt_record_fold(words, &start, err)) == VT_OK) {
		n = strlen(start);
		*ret = n > 0 && strncmp(key, start, n) == 0 &&
		       (key[n] == '\0' || key[n] == ' ');
	}
	free(key);
	free(start);
	return rc;
}

/* KEY is he: by a name of his own, or by one that many have and his place. */
static bool
named(const struct vt_office_issuer *i, const char *key,
    const struct subject *s)
{
	if (has(&i->names, key))
		return true;
	return i->shared != NULL && vt_record_organ_same(i->shared, key) &&
	       has(&i->above, s->organization);
}

struct below {
	const struct vt_office_issuer *i;
	bool found;
};

static int
look_below(void *ctx, const struct vt_agency *a, struct vt_error *err)
{
	struct below *b = ctx;

	(void)err;
	if (a->id != b->i->a.id && a->parent != NULL &&
	    vt_office_same_organ(b->i->o, a->parent, b->i->a.code))
		b->found = true;
	return VT_OK;
}

/*
 * Is one of the units in the certificate an agency of its own, below him?  A
 * department with the province's name as its organisation is not the province.
 */
static int
is_below(const struct vt_office_issuer *i, const struct subject *s, bool *ret,
    struct vt_error *err)
{
	struct vt_agency_query q = { .on = i->today, .valid = true };
	struct below b = { i, false };
	size_t k;
	int rc = VT_OK;

	for (k = 0; i->a.id != 0 && k < s->units.n && rc == VT_OK; k++) {
		q.name = s->units.items[k];
		rc = vt_store_agencies(i->o->store, &q, look_below, &b, err);
	}
	*ret = b.found;
	return rc;
}

/* *RET_KNOWN: the tax code in the certificate says it, one way or the other. */
static int
by_tax_code(const struct vt_office_issuer *i, const struct vt_office_signer *s,
    bool *ret_known, bool *ret, struct vt_error *err)
{
	const char *code = s->uid + strlen(TAX);
	int64_t id = 0;
	int rc;

	*ret_known = vt_office_same_organ(i->o, code, i->id);
	*ret = *ret_known;
	if (*ret_known || i->a.id == 0)
		return VT_OK;
	rc = vt_store_agency_find(i->o->store, code, i->today, &id, err);
	*ret_known = rc == VT_OK && id != 0; /* another's */
	return rc;
}

/*
 * His organisation: then the certificate is that of somebody there, unless it
 * is the own one of another agency that stands below his name.
 */
static int
by_organisation(const struct vt_office_issuer *i, const struct subject *s,
    bool *ret, struct vt_error *err)
{
	bool below, own = true;
	int rc;

	*ret = false;
	if (!named(i, s->organization, s))
		return VT_OK;
	if (s->agency && s->name[0] != '\0' &&
	    ((rc = begins(s->name, s->organization, &own, err)) != VT_OK ||
		!own))
		return rc;
	rc = is_below(i, s, &below, err);
	*ret = !below;
	return rc;
}

static bool
by_unit(const struct vt_office_issuer *i, const struct subject *s)
{
	size_t k;

	for (k = 0; k < s->units.n; k++)
		if (named(i, s->units.items[k], s) &&
		    (i->above.n == 0 || has(&i->above, s->organization)))
			return true;
	return false;
}

int
vt_office_issuer_is(struct vt_office_issuer *i,
    const struct vt_office_signer *signer, bool *ret, struct vt_error *err)
{
	struct subject s;
	bool known = false;
	int rc;

	*ret = false;
	if ((rc = subject_of(signer, &s, err)) != VT_OK)
		goto out;
	if (s.agency &&
	    ((rc = by_tax_code(i, signer, &known, ret, err)) != VT_OK || known))
		goto out;
	*ret = (!s.person && named(i, s.name, &s)) || by_unit(i, &s);
	if (!*ret)
		rc = by_organisation(i, &s, ret, err);
out:
	subject_release(&s);
	return rc;
}

int
vt_office_signers_agree(const struct vt_office_signer *a,
    const struct vt_office_signer *b, bool *ret, struct vt_error *err)
{
	char *one = NULL, *other = NULL;
	int rc = VT_OK;

	*ret = true;
	if (a->organization == NULL || b->organization == NULL)
		return VT_OK;
	if ((rc = vt_record_organ_name(a->organization, &one, err)) == VT_OK &&
	    (rc = vt_record_organ_name(b->organization, &other, err)) == VT_OK)
		*ret = vt_record_organ_same(one, other);
	free(one);
	free(other);
	return rc;
}
