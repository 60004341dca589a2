/* cms_check.c - what holds of one signature (RFC 5652, 5.4 and 5.6) */
#include <string.h>

#include "cms_int.h"
#include "vanthu/error.h"

#define RSA_BITS_MIN 2048
#define EC_BITS_MIN 224

uint32_t
vt_cms_version_of(const struct vt_cms *cms)
{
	size_t i;

	if (cms->other_certs || cms->other_crls)
		return 5;
	if (cms->attr_certs_v2)
		return 4;
	if (cms->attr_certs_v1 || !vt_cms_is_data(cms))
		return 3;
	for (i = 0; i < cms->nsigners; i++)
		if (cms->signers[i].version == 3)
			return 3;
	return 1;
}

/* CMSAlgorithmProtection (RFC 6211): the same algorithms as outside. */
static bool
protection_fits(const struct cms_signer *s)
{
	struct vt_bytes in = s->attrs.protection;
	struct cms_tlv seq;
	struct cms_alg alg;

	if (in.len == 0)
		return true;
	if (!vt_cms_tlv_of(&in, CMS_DER, CMS_SEQUENCE, &seq) || in.len > 0 ||
	    !vt_cms_alg_read(&seq.value, CMS_DER, &alg) ||
	    !vt_bytes_equal(alg.oid, s->digest_alg.oid))
		return false;
	/* signatureAlgorithm [1] IMPLICIT: only the tag is another. */
	return vt_cms_tlv_is(seq.value, CMS_CTX1) &&
	       seq.value.len == s->signature_alg.whole.len &&
	       vt_bytes_equal(vt_bytes_slice(seq.value, 1, seq.value.len),
		   vt_bytes_slice(s->signature_alg.whole, 1, seq.value.len));
}

/* What a SignerInfo must be within its message. */
static enum vt_cms_reason
message_check(const struct vt_cms *cms, const struct cms_signer *s)
{
	size_t i, same = 0;

	if (cms->version != vt_cms_version_of(cms))
		return VT_CMS_BAD_VERSION;
	for (i = 0; i < cms->nsigners; i++)
		if (vt_bytes_equal(cms->signers[i].pub.signature,
			s->pub.signature))
			same++;
	return same == 1 ? VT_CMS_FINE : VT_CMS_BAD_SIGNER;
}

/*
 * The algorithms that a SignerInfo names.  *RET_ODD: those that are clear, and
 * can be verified by, but that we do not accept; or VT_CMS_FINE.
 */
static enum vt_cms_reason
algorithms_check(const struct cms_signer *s, struct cms_sigalg *ret,
    enum vt_cms_reason *ret_odd)
{
	enum vt_cms_reason r;

	if (s->md >= CMS_NMD)
		return VT_CMS_UNSUPPORTED;
	if (!vt_cms_alg_plain(&s->digest_alg))
		return VT_CMS_BAD_PARAMETERS;
	if ((r = vt_cms_sigalg_read(&s->signature_alg, ret)) != VT_CMS_FINE)
		return r;
	if (ret->md == CMS_MD_ANY)
		ret->md = s->md;
	/*
	 * RFC 4056, 3, asks for one digest in PSS; of the others nobody does,
	 * but two digests in one signature are how algorithms get substituted.
	 */
	*ret_odd = ret->md != s->md ? VT_CMS_BAD_ALGORITHMS
		   : ret->odd       ? VT_CMS_BAD_PARAMETERS
				    : VT_CMS_FINE;
	return VT_CMS_FINE;
}

/*
 * What can be said without content and certificate.  COUNTER: a signature over
 * a signature, which has no content type (RFC 5652, 11.4).
 */
static enum vt_cms_reason
form_check(const struct vt_cms *cms, const struct cms_signer *s, bool counter,
    struct cms_sigalg *ret, enum vt_cms_reason *ret_odd)
{
	enum vt_cms_reason r;

	if (s->version != (s->pub.key_id.len > 0 ? 3u : 1u))
		return VT_CMS_BAD_VERSION;
	if (!counter && (r = message_check(cms, s)) != VT_CMS_FINE)
		return r;
	if ((r = algorithms_check(s, ret, ret_odd)) != VT_CMS_FINE)
		return r;
	if (!counter && !cms->digests[s->md])
		return VT_CMS_BAD_ALGORITHMS;
	if (s->attrs.reason != VT_CMS_FINE)
		return s->attrs.reason;
	if (!vt_bytes_equal(s->attrs.content_type,
		counter ? VT_BYTES(NULL, 0) : cms->content_type))
		return VT_CMS_CONTENT_TYPE;
	if (!s->attrs.has_digest)
		return VT_CMS_NO_MESSAGE_DIGEST;
	return protection_fits(s) ? VT_CMS_FINE : VT_CMS_BAD_ALGORITHMS;
}

static bool
sid_names(const struct cms_signer *s, const struct vt_cert *cert)
{
	if (s->pub.key_id.len > 0)
		return vt_bytes_equal(vt_cert_ski(cert), s->pub.key_id);
	return vt_cms_issuer_serial(cert, s->pub.issuer, s->pub.serial);
}

/* Does E name CERT? */
static int
ess_names(const struct cms_ess *e, const struct vt_cert *cert, bool *ret,
    struct vt_error *err)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	int rc;

	rc = vt_cms_hash(e->md, VT_BYTES(NULL, 0), vt_cert_der(cert), md, err);
	if (rc != VT_OK)
		return rc;
	*ret = vt_bytes_equal(VT_BYTES(md, vt_cms_md(e->md)->len), e->hash) &&
	       (e->issuer.len == 0 ||
		   vt_cms_issuer_serial(cert, e->issuer, e->serial));
	return VT_OK;
}

/* What one signature is checked with. */
struct judge {
	const struct cms_signer *s;
	struct cms_sigalg alg;
	enum vt_cms_reason odd; /* what we do not accept of ALG */
	struct vt_bytes digest; /* of the signed attributes */
	bool bound;             /* they name the certificate chosen */
	bool left;              /* not all that have its name were tried */
	struct vt_cms_facts *f;
};

/* Try one certificate that the SignerInfo names. */
static int
candidate_try(struct judge *j, const struct vt_cert *cert, struct vt_error *err)
{
	enum vt_cms_reason reason, cades = j->s->attrs.ess_reason;
	EVP_PKEY *key = vt_cert_key(cert);
	bool bound = j->s->attrs.ness > 0, holds;
	size_t i;
	int rc;

	reason = key == NULL ? VT_CMS_BAD_KEY
			     : vt_cms_verify(key, &j->alg, j->digest,
				   j->s->pub.signature);
	holds = reason == VT_CMS_FINE;
	for (i = 0; i < j->s->attrs.ness && bound; i++)
		if ((rc = ess_names(&j->s->attrs.ess[i], cert, &bound, err)) !=
		    VT_OK)
			return rc;
	/* The one that the signature binds counts, then one that verifies. */
	if (j->f->cert != NULL &&
	    (bound == j->bound ? !holds || j->f->intact : j->bound))
		return VT_OK;
	if (cades == VT_CMS_FINE && !bound)
		cades = j->s->attrs.ness == 0 ? VT_CMS_NO_SIGNING_CERT
					      : VT_CMS_WRONG_SIGNING_CERT;
	if (cades == VT_CMS_FINE)
		cades = j->s->attrs.time_reason;
	if (j->odd != VT_CMS_FINE)
		cades = j->odd;
	j->bound = bound;
	j->f->cert = cert;
	j->f->reason = reason;
	j->f->intact = holds;
	j->f->cades_reason = holds ? cades : reason;
	j->f->cades = j->f->cades_reason == VT_CMS_FINE;
	return VT_OK;
}

/* Try what SET has; *N counts the candidates. */
static int
candidates_try(struct judge *j, const struct vt_certs *set, size_t *n,
    struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 0; set != NULL && i < set->n; i++) {
		if (j->f->cades)
			return VT_OK;
		if (!sid_names(j->s, set->items[i]))
			continue;
		if (*n == VT_CMS_TRIES_MAX) {
			j->left = true;
			return VT_OK;
		}
		++*n;
		if ((rc = candidate_try(j, set->items[i], err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

static void
weak_note(const struct cms_signer *s, struct vt_cms_facts *f)
{
	enum vt_key_type type;
	size_t i;
	int bits;

	if (s->md < CMS_NMD && vt_cms_md(s->md)->weak) {
		f->weak |= VT_CMS_WEAK_DIGEST;
		f->weak_digest = vt_cms_md(s->md)->name;
	}
	for (i = 0; i < s->attrs.ness; i++)
		if (vt_cms_md(s->attrs.ess[i].md)->weak)
			break;
	/* A second reference by a good digest makes up for a weak one. */
	if (s->attrs.ness > 0 && i < s->attrs.ness &&
	    (s->attrs.ness == 1 || vt_cms_md(s->attrs.ess[1 - i].md)->weak)) {
		f->weak |= VT_CMS_WEAK_REFERENCE;
		if (f->weak_digest == NULL)
			f->weak_digest = vt_cms_md(s->attrs.ess[i].md)->name;
	}
	if (f->cert == NULL)
		return;
	type = vt_cert_key_type(f->cert);
	bits = vt_cert_key_bits(f->cert);
	f->key_bits = (unsigned)bits;
	if (bits > 0 &&
	    bits < (type == VT_KEY_EC || type == VT_KEY_ED ? EC_BITS_MIN
							   : RSA_BITS_MIN))
		f->weak |= VT_CMS_WEAK_KEY;
}

static const char *
family_name(enum cms_family family)
{
	switch (family) {
	case CMS_RSA:
		return "rsa";
	case CMS_PSS:
		return "rsa-pss";
	case CMS_ECDSA:
		return "ecdsa";
	default:
		return NULL;
	}
}

/* What was signed: content that was digested, or a signature. */
struct object {
	struct vt_cms_digest *content;
	bool counter;
	struct vt_bytes over; /* where COUNTER */
};

static int
object_check(const struct cms_signer *s, const struct object *o,
    enum vt_cms_reason *ret, struct vt_error *err)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_bytes digest;
	int rc;

	if (o->counter) {
		rc = vt_cms_hash(s->md, VT_BYTES(NULL, 0), o->over, md, err);
		digest = VT_BYTES(md, vt_cms_md(s->md)->len);
	} else if (o->content != NULL) {
		rc = vt_cms_digest_get(o->content, s->md, &digest, err);
	} else {
		*ret = VT_CMS_NO_CONTENT;
		return VT_OK;
	}
	if (rc == VT_OK && !vt_bytes_equal(digest, s->attrs.message_digest))
		*ret = VT_CMS_DIGEST_DIFFERS;
	return rc;
}

/* The checks in order; the first that fails is the reason. */
static int
judge(const struct vt_cms *cms, const struct cms_signer *s,
    const struct object *o, const struct vt_certs *extra,
    struct vt_cms_facts *f, struct vt_error *err)
{
	static const unsigned char set_tag[] = { CMS_SET };
	unsigned char md[EVP_MAX_MD_SIZE];
	struct judge j = { .s = s, .f = f };
	size_t n = 0;
	int rc;

	f->reason = form_check(cms, s, o->counter, &j.alg, &j.odd);
	f->signature = family_name(j.alg.family);
	if (f->reason != VT_CMS_FINE)
		return VT_OK;
	/* RFC 5652, 5.4: with the tag of a SET OF in place of [0]. */
	rc = vt_cms_hash(j.alg.md, VT_BYTES(set_tag, 1),
	    vt_bytes_slice(s->pub.signed_attrs, 1, s->pub.signed_attrs.len), md,
	    err);
	if (rc != VT_OK)
		return rc;
	j.digest = VT_BYTES(md, vt_cms_md(j.alg.md)->len);
	f->reason = VT_CMS_NO_CERTIFICATE;
	if ((rc = candidates_try(&j, &cms->pool, &n, err)) != VT_OK ||
	    (rc = candidates_try(&j, extra, &n, err)) != VT_OK)
		return rc;
	/* One that was not tried may be the signer's. */
	if (j.left && !f->intact && !j.bound) {
		f->reason = f->cades_reason = VT_CMS_LIMIT;
		f->cert = NULL;
	}
	rc = object_check(s, o, &f->reason, err);
	/* Why it need not be looked at any further. */
	if (f->reason != VT_CMS_FINE && j.odd != VT_CMS_FINE)
		f->reason = j.odd;
	return rc;
}

/* The one message-digest that stands somewhere among the attributes. */
static bool
digest_attribute(const struct cms_signer *s, struct vt_bytes *ret)
{
	struct vt_bytes in = s->pub.signed_attrs;
	struct cms_tlv set, seq, t;
	size_t n = 0;

	if (!vt_cms_tlv(&in, CMS_BER, &set))
		return false;
	while (vt_cms_tlv_of(&set.value, CMS_BER, CMS_SEQUENCE, &seq)) {
		if (!vt_cms_tlv_of(&seq.value, CMS_BER, CMS_OID, &t) ||
		    !vt_bytes_equal(t.value, vt_cms_oid_message_digest))
			continue;
		if (n++ > 0 ||
		    !vt_cms_tlv_of(&seq.value, CMS_BER, CMS_SET, &t) ||
		    !vt_cms_tlv_of(&t.value, CMS_BER, CMS_OCTETS, &t))
			return false;
		*ret = t.value;
	}
	return n == 1;
}

/* Does the value verify, though the message is not one that we accept? */
static int
holds_check(const struct vt_cms *cms, const struct cms_signer *s,
    const struct object *o, const struct vt_certs *extra, bool *ret,
    struct vt_error *err)
{
	static const unsigned char set_tag[] = { CMS_SET };
	const struct vt_certs *sets[] = { &cms->pool, extra };
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_bytes content, digest;
	struct cms_sigalg alg;
	enum vt_cms_reason odd;
	EVP_PKEY *key;
	size_t i, k, n = 0;
	int rc;

	if (o->content == NULL ||
	    algorithms_check(s, &alg, &odd) != VT_CMS_FINE)
		return VT_OK;
	rc = vt_cms_digest_get(o->content, s->md, &content, err);
	if (rc != VT_OK)
		return rc;
	if (s->pub.signed_attrs.len == 0) {
		digest = content;
		if (alg.md != s->md)
			return VT_OK;
	} else {
		if (!digest_attribute(s, &digest) ||
		    !vt_bytes_equal(digest, content))
			return VT_OK;
		rc = vt_cms_hash(alg.md, VT_BYTES(set_tag, 1),
		    vt_bytes_slice(s->pub.signed_attrs, 1,
			s->pub.signed_attrs.len),
		    md, err);
		if (rc != VT_OK)
			return rc;
		digest = VT_BYTES(md, vt_cms_md(alg.md)->len);
	}
	for (k = 0; k < 2; k++)
		for (i = 0; sets[k] != NULL && i < sets[k]->n && !*ret &&
			    n < VT_CMS_TRIES_MAX;
		     i++) {
			key = vt_cert_key(sets[k]->items[i]);
			if (key == NULL || !sid_names(s, sets[k]->items[i]))
				continue;
			n++;
			*ret = vt_cms_verify(key, &alg, digest,
				   s->pub.signature) == VT_CMS_FINE;
		}
	return VT_OK;
}

static int
check(const struct vt_cms *cms, const struct cms_signer *s,
    const struct object *o, const struct vt_certs *extra,
    struct vt_cms_facts *ret, struct vt_error *err)
{
	struct vt_cms_facts f = { .reason = VT_CMS_NOT_CHECKED };
	int rc;

	f.digest = s->pub.digest;
	if ((rc = judge(cms, s, o, extra, &f, err)) != VT_OK)
		return rc;
	weak_note(s, &f);
	if (f.reason != VT_CMS_FINE) {
		f.intact = f.cades = false;
		f.cades_reason = f.reason;
	}
	f.holds = f.intact;
	if (!f.holds && f.reason != VT_CMS_DIGEST_DIFFERS &&
	    (rc = holds_check(cms, s, o, extra, &f.holds, err)) != VT_OK)
		return rc;
	*ret = f;
	return VT_OK;
}

int
vt_cms_check(const struct vt_cms *cms, size_t i, struct vt_cms_digest *content,
    const struct vt_certs *extra, struct vt_cms_facts *ret,
    struct vt_error *err)
{
	struct object o = { .content = content };

	if (i >= cms->nsigners)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such signer");
	return check(cms, &cms->signers[i], &o, extra, ret, err);
}

int
vt_cms_check_over(const struct vt_cms *cms, const struct cms_signer *s,
    struct vt_bytes over, const struct vt_certs *extra,
    struct vt_cms_facts *ret, struct vt_error *err)
{
	struct object o = { .counter = true, .over = over };

	return check(cms, s, &o, extra, ret, err);
}
