/* trust_scope.c - of which certificates a list speaks (RFC 5280, 6.3.3) */
#include <openssl/err.h>

#include "trust_int.h"

static bool
same_name(const X509_NAME *a, const X509_NAME *b)
{
	return X509_NAME_cmp(a, b) == 0;
}

static const X509_NAME *
issuer_of(const struct vt_trust_subject *s)
{
	return X509_get_issuer_name(vt_cert_x509(s->cert));
}

static const X509_NAME *
list_issuer(const struct vt_crl *list)
{
	return vt_crl_issuer(list);
}

/* POINT says that NAME lists for the issuer. */
static bool
names_crl_issuer(const DIST_POINT *point, const X509_NAME *name)
{
	const GENERAL_NAME *general;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(point->CRLissuer); i++) {
		general = sk_GENERAL_NAME_value(point->CRLissuer, i);
		if (general->type == GEN_DIRNAME &&
		    same_name(general->d.directoryName, name))
			return true;
	}
	return false;
}

bool
vt_trust_scope_names(const struct vt_trust_subject *s,
    const struct vt_crl *list)
{
	const X509_NAME *name = list_issuer(list);
	int i;

	if (same_name(name, issuer_of(s)))
		return true;
	for (i = 0; i < sk_DIST_POINT_num(s->points); i++)
		if (names_crl_issuer(sk_DIST_POINT_value(s->points, i), name))
			return true;
	return false;
}

/* A name relative to an issuer, made whole (RFC 5280, 4.2.1.13). */
static const X509_NAME *
whole_name(const struct vt_trust_subject *s, const DIST_POINT *point)
{
	const X509_NAME *base = issuer_of(s);
	const GENERAL_NAME *general;

	if (point->distpoint->dpname != NULL)
		return point->distpoint->dpname;
	if (sk_GENERAL_NAME_num(point->CRLissuer) > 0) {
		general = sk_GENERAL_NAME_value(point->CRLissuer, 0);
		if (general->type != GEN_DIRNAME)
			return NULL;
		base = general->d.directoryName;
	}
	if (DIST_POINT_set_dpname(point->distpoint, base) != 1)
		return NULL;
	return point->distpoint->dpname;
}

static bool
has_name(const GENERAL_NAMES *names, const X509_NAME *name)
{
	const GENERAL_NAME *general;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		general = sk_GENERAL_NAME_value(names, i);
		if (general->type == GEN_DIRNAME &&
		    same_name(general->d.directoryName, name))
			return true;
	}
	return false;
}

static bool
share_name(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
	int i, k;

	for (i = 0; i < sk_GENERAL_NAME_num(a); i++)
		for (k = 0; k < sk_GENERAL_NAME_num(b); k++)
			if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i),
				sk_GENERAL_NAME_value(b, k)) == 0)
				return true;
	return false;
}

/*
 * 6.3.3 (b) (2) (i): a name of the list's own is one of the point's; where the
 * point has none, one of the issuers that it names.
 */
static bool
names_agree(const struct vt_trust_subject *s, const DIST_POINT *point,
    const DIST_POINT_NAME *own)
{
	const X509_NAME *name;

	if (point->distpoint == NULL)
		return own->type == 1
			   ? has_name(point->CRLissuer, own->dpname)
			   : share_name(point->CRLissuer, own->name.fullname);
	if (point->distpoint->type == 0)
		return own->type == 1
			   ? has_name(point->distpoint->name.fullname,
				 own->dpname)
			   : share_name(point->distpoint->name.fullname,
				 own->name.fullname);
	if ((name = whole_name(s, point)) == NULL)
		return false;
	return own->type == 1 ? same_name(own->dpname, name)
			      : has_name(own->name.fullname, name);
}

static unsigned int
reasons_of(const ASN1_BIT_STRING *bits)
{
	unsigned int reasons = 0;
	int n;

	if (bits == NULL)
		return VT_TRUST_REASONS;
	n = ASN1_STRING_length(bits);
	if (n > 0)
		reasons = ASN1_STRING_get0_data(bits)[0];
	if (n > 1)
		reasons |= (unsigned int)ASN1_STRING_get0_data(bits)[1] << 8;
	return reasons & VT_TRUST_REASONS;
}

/* 6.3.3 (b) (1): who lists for another says so, and so does the certificate. */
static bool
issuers_agree(const struct vt_trust_subject *s, const DIST_POINT *point,
    const struct vt_crl *list)
{
	const ISSUING_DIST_POINT *scope = vt_crl_scope(list);
	const X509_NAME *name = list_issuer(list);
	bool own = same_name(name, issuer_of(s));

	if (point->CRLissuer == NULL)
		return own;
	return names_crl_issuer(point, name) &&
	       (own || (scope != NULL && scope->indirectCRL > 0));
}

static bool
kind_agrees(const struct vt_trust_subject *s, const ISSUING_DIST_POINT *scope)
{
	if (scope == NULL)
		return true;
	if (scope->onlyattr > 0)
		return false;
	return vt_cert_is_ca(s->cert) ? scope->onlyuser <= 0
				      : scope->onlyCA <= 0;
}

unsigned int
vt_trust_scope(const struct vt_trust_subject *s, const struct vt_crl *list)
{
	const ISSUING_DIST_POINT *scope = vt_crl_scope(list);
	const DIST_POINT_NAME *own = scope != NULL ? scope->distpoint : NULL;
	const DIST_POINT *point;
	unsigned int reasons = 0, some;
	int i;

	if (!vt_crl_sound(list) || !kind_agrees(s, scope))
		return 0;
	some = scope == NULL ? VT_TRUST_REASONS
			     : reasons_of(scope->onlysomereasons);
	ERR_set_mark();
	for (i = 0; i < sk_DIST_POINT_num(s->points); i++) {
		point = sk_DIST_POINT_value(s->points, i);
		if (issuers_agree(s, point, list) &&
		    (own == NULL || names_agree(s, point, own)))
			reasons |= some & reasons_of(point->reasons);
	}
	ERR_pop_to_mark();
	/* The issuer's list of all that it issues needs no point. */
	if (own == NULL && same_name(list_issuer(list), issuer_of(s)))
		reasons |= some;
	return reasons;
}
