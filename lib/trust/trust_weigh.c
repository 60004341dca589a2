/* trust_weigh.c - who signed a list or an answer, and what that is worth */
#include <string.h>

#include <openssl/err.h>

#include "trust_int.h"

#define EKU_OCSP "1.3.6.1.5.5.7.3.9"

/* A list or an answer on the scales. */
struct paper {
	struct vt_trust_subject *s;
	const struct vt_crl *list; /* one of the two */
	const struct vt_ocsp *ocsp;
	const char *digest;
	int64_t issued, known;
	enum vt_trust_word word; /* the best so far */
};

static bool
signed_by(const struct paper *p, const struct vt_cert *cert)
{
	const struct vt_trust *trust = p->s->w->trust;

	if (p->list != NULL)
		return vt_trust_signed_crl(trust, p->list, cert);
	return vt_trust_signed_ocsp(trust, p->ocsp, cert);
}

/* By its name, and by the uses of its key. */
static bool
may_sign(const struct paper *p, const struct vt_cert *cert)
{
	const X509_NAME *name = X509_get_subject_name(vt_cert_x509(cert));

	if (p->ocsp != NULL)
		return vt_ocsp_names(p->ocsp, cert);
	return (vt_cert_key_usage(cert) & VT_KU_CRL_SIGN) != 0 &&
	       X509_NAME_cmp(name, vt_crl_issuer(p->list)) == 0;
}

/* RFC 6960, 4.2.2.2: it answers for its issuer. */
static bool
is_delegate(const struct vt_cert *cert)
{
	const struct vt_list *eku = vt_cert_eku(cert);
	size_t i;

	for (i = 0; i < eku->n; i++)
		if (strcmp(eku->items[i], EKU_OCSP) == 0)
			return (vt_cert_key_usage(cert) &
				   (VT_KU_SIGNATURE | VT_KU_COMMITMENT)) != 0;
	return false;
}

/*
 * Its issuer says that nobody is to ask for its status: a responder for whom it
 * waives that (RFC 6960, 4.2.2.2.1), and who lists for itself.  Of a CA on the
 * path nobody can: it is asked for whatever else it issued.
 */
static bool
is_waived(const struct paper *p, const struct vt_cert *signer)
{
	if (p->ocsp != NULL)
		return X509_get_ext_by_NID(vt_cert_x509(signer),
			   NID_id_pkix_OCSP_noCheck, -1) >= 0;
	return vt_cert_equal(signer, p->s->cert);
}

/*
 * None of WAY's was revoked at KNOWN.  Where that is the instant in question,
 * those of the path itself are judged beside this anyway.  Of a responder that
 * nobody is to ask for it is enough that nothing at hand revokes it.
 */
static int
weigh_status(struct paper *p, const struct vt_trust_path *way, size_t beside,
    int64_t known, enum vt_trust_word *word, struct vt_error *err)
{
	size_t i, end = known == p->s->at ? beside : way->n - 1;
	struct vt_trust_status status;
	bool waived;
	int rc;

	for (i = 0; i < end; i++) {
		waived = i == 0 && beside > 0 && is_waived(p, way->certs[0]);
		if (waived && p->list != NULL)
			continue;
		if ((rc = vt_trust_status_nested(p->s->w, way, i, known,
			 p->s->depth + 1, &status, err)) != VT_OK)
			return rc;
		if (status.revocation == VT_REVOKED_YES) {
			*word = VT_WORD_NONE;
			return VT_OK;
		}
		if (status.revocation != VT_REVOKED_NO && !waived)
			*word = VT_WORD_REVOKES;
	}
	return VT_OK;
}

/*
 * WAY leads from the signer to the anchor; its first BESIDE are not of the
 * path.  What is signed is worth all if, when it is first known to exist, its
 * algorithms hold, and all on the way are valid and not revoked.
 */
static int
weigh(struct paper *p, const struct vt_trust_path *way, size_t beside,
    struct vt_error *err)
{
	const struct vt_algorithms *a = p->s->w->trust->algorithms;
	const struct vt_cert *signer = way->certs[0];
	int64_t known = p->known > p->issued ? p->known : p->issued;
	enum vt_trust_word word = VT_WORD_PROVEN;
	size_t i;
	int rc;

	if (!vt_algorithms_digest(a, p->digest, known) ||
	    !vt_algorithms_key(a, vt_cert_key_type(signer),
		vt_cert_key_bits(signer), known))
		return VT_OK;
	for (i = 0; i < way->n; i++) {
		if (i < beside && p->issued < vt_cert_not_before(way->certs[i]))
			return VT_OK;
		/* Whoever has its key now may have signed what looks old. */
		if (known > vt_cert_not_after(way->certs[i]))
			word = VT_WORD_REVOKES;
	}
	if ((rc = weigh_status(p, way, beside, known, &word, err)) != VT_OK)
		return rc;
	if (word > p->word)
		p->word = word;
	return VT_OK;
}

/* One of the path itself: who issued the certificate, or who stands above. */
static int
weigh_on_path(struct paper *p, size_t first, size_t last, struct vt_error *err)
{
	const struct vt_trust_path *path = p->s->path;
	struct vt_trust_path way;
	size_t i;
	int rc = VT_OK;

	for (i = first; i <= last && p->word != VT_WORD_PROVEN && rc == VT_OK;
	     i++) {
		if (!may_sign(p, path->certs[i]) ||
		    !signed_by(p, path->certs[i]))
			continue;
		way.n = path->n - i;
		memcpy(way.certs, &path->certs[i],
		    way.n * sizeof(way.certs[0]));
		rc = weigh(p, &way, 0, err);
	}
	return rc;
}

static bool
on_path(const struct vt_trust_path *path, size_t first,
    const struct vt_cert *cert)
{
	size_t i;

	for (i = first; i < path->n; i++)
		if (vt_cert_equal(path->certs[i], cert))
			return true;
	return false;
}

/* CERT beside the path, certified by one of its CAs FIRST to LAST. */
static int
weigh_beside(struct paper *p, struct vt_cert *cert, size_t first, size_t last,
    struct vt_error *err)
{
	const struct vt_trust_path *path = p->s->path;
	struct vt_trust_path way;
	struct vt_trust_fault fault;
	size_t i;
	int rc;

	for (i = first; i <= last && path->n - i < VT_TRUST_DEPTH; i++)
		if (vt_trust_issued(p->s->w->trust, cert, path->certs[i]))
			break;
	if (i > last || path->n - i >= VT_TRUST_DEPTH || !signed_by(p, cert))
		return VT_OK;
	way.n = 1 + path->n - i;
	way.certs[0] = cert;
	memcpy(&way.certs[1], &path->certs[i],
	    (path->n - i) * sizeof(way.certs[0]));
	if ((rc = vt_trust_path_check(&way, NULL, &fault, err)) != VT_OK ||
	    fault.reason != NULL)
		return rc;
	return weigh(p, &way, 1, err);
}

static int
weigh_set(struct paper *p, const struct vt_certs *set, size_t first,
    size_t last, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; set != NULL && i < set->n && rc == VT_OK &&
		    p->word != VT_WORD_PROVEN;
	     i++)
		if (may_sign(p, set->items[i]) &&
		    (p->ocsp == NULL || is_delegate(set->items[i])) &&
		    !on_path(p->s->path, first, set->items[i]))
			rc = weigh_beside(p, set->items[i], first, last, err);
	return rc;
}

/*
 * Names are unique only below one CA: a signer that is not on the path must
 * have been certified by one that is.
 */
int
vt_trust_weigh_list(struct vt_trust_subject *s, const struct vt_crl *list,
    int64_t known, enum vt_trust_word *ret, struct vt_error *err)
{
	struct paper p = { .s = s,
		.list = list,
		.digest = vt_crl_digest(list),
		.issued = vt_crl_this_update(list),
		.known = known };
	size_t first = s->i + 1, last = s->path->n - 1;
	int rc;

	if ((rc = weigh_on_path(&p, first, last, err)) != VT_OK ||
	    (rc = weigh_set(&p, &s->w->trust->certs, first, last, err)) !=
		VT_OK ||
	    (rc = weigh_set(&p, s->w->q->certs, first, last, err)) != VT_OK ||
	    (rc = weigh_set(&p, &s->w->certs, first, last, err)) != VT_OK)
		return rc;
	*ret = p.word;
	return VT_OK;
}

/* The issuer answers itself, or one to whom it gave that right. */
int
vt_trust_weigh_answer(struct vt_trust_subject *s, const struct vt_ocsp *ocsp,
    int64_t known, enum vt_trust_word *ret, struct vt_error *err)
{
	struct paper p = { .s = s,
		.ocsp = ocsp,
		.digest = vt_ocsp_digest(ocsp),
		.issued = vt_ocsp_produced_at(ocsp),
		.known = known };
	size_t by = s->i + 1;
	int rc;

	if ((rc = weigh_on_path(&p, by, by, err)) != VT_OK ||
	    (rc = weigh_set(&p, vt_ocsp_certs(ocsp), by, by, err)) != VT_OK ||
	    (rc = weigh_set(&p, &s->w->trust->certs, by, by, err)) != VT_OK ||
	    (rc = weigh_set(&p, s->w->q->certs, by, by, err)) != VT_OK)
		return rc;
	*ret = p.word;
	return VT_OK;
}
