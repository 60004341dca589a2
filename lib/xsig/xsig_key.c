/* xsig_key.c - which certificate's key, and whether the value verifies */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "vanthu/error.h"
#include "xsig_int.h"

#define TRY_WORK (2u << 20) /* one public-key operation, as bytes digested */

/* --- does a Cert of the properties name this certificate? --- */

static bool
serial_fits(const char *decimal, const struct vt_cert *cert)
{
	BIGNUM *said = NULL, *is;
	bool fits = false;

	if (strlen(decimal) > VT_XSIG_SERIAL_MAX)
		return false;
	is = ASN1_INTEGER_to_BN(X509_get0_serialNumber(vt_cert_x509(cert)),
	    NULL);
	/* The whole of it must be a number. */
	if (is != NULL && decimal[0] != '\0' &&
	    (size_t)BN_dec2bn(&said, decimal) == strlen(decimal))
		fits = BN_cmp(said, is) == 0;
	BN_free(said);
	BN_free(is);
	return fits;
}

/* Step into the element TAG of CLASS at *P, which must end at END. */
static bool
step_into(const unsigned char **p, const unsigned char *end, int tag, int class,
    bool whole, const unsigned char **ret_end)
{
	long len;
	int t, c, flags;

	flags = ASN1_get_object(p, &len, &t, &c, end - *p);
	if (flags != V_ASN1_CONSTRUCTED || t != tag || c != class ||
	    (whole && *p + len != end))
		return false;
	*ret_end = *p + len;
	return true;
}

/*
 * IssuerSerialV2 (EN 319 132-1, 5.2.2.3) is RFC 5035's IssuerSerial in DER:
 * SEQUENCE { SEQUENCE { [4] Name }, INTEGER }.
 */
static bool
issuer_fits(struct vt_bytes der, const struct vt_cert *cert)
{
	const unsigned char *p = der.data, *end = p + der.len, *names, *name;
	X509 *x = vt_cert_x509(cert);
	ASN1_INTEGER *serial = NULL;
	X509_NAME *issuer = NULL;
	bool fits;

	fits =
	    step_into(&p, end, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, true, &end) &&
	    step_into(&p, end, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, false,
		&names) &&
	    step_into(&p, names, 4, V_ASN1_CONTEXT_SPECIFIC, true, &name) &&
	    (issuer = d2i_X509_NAME(NULL, &p, name - p)) != NULL && p == name &&
	    (serial = d2i_ASN1_INTEGER(NULL, &p, end - p)) != NULL &&
	    p == end && X509_NAME_cmp(issuer, X509_get_issuer_name(x)) == 0 &&
	    ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(x)) == 0;
	ERR_clear_error();
	X509_NAME_free(issuer);
	ASN1_INTEGER_free(serial);
	return fits;
}

/* The digests of one certificate that were asked for. */
struct digests {
	const struct vt_cert *cert;
	bool have[XSIG_NMD];
	unsigned char value[XSIG_NMD][EVP_MAX_MD_SIZE];
};

static int
digest_get(struct digests *d, enum xsig_md md, struct vt_error *err)
{
	struct xsig_hash *hash = NULL;
	int rc;

	if (d->have[md])
		return VT_OK;
	if ((rc = vt_xsig_hash_new(md, &hash, err)) != VT_OK)
		return rc;
	rc = vt_xsig_hash_put(hash, vt_cert_der(d->cert), err);
	if (rc == VT_OK)
		rc = vt_xsig_hash_end(hash, d->value[md], err);
	vt_xsig_hash_free(hash);
	d->have[md] = rc == VT_OK;
	return rc;
}

static int
cert_id_names(const struct xsig_cert_id *id, struct digests *d, bool *ret,
    struct vt_error *err)
{
	int rc;

	*ret = false;
	if (id->md == XSIG_MD_UNKNOWN)
		return VT_OK;
	if ((rc = digest_get(d, id->md, err)) != VT_OK)
		return rc;
	*ret =
	    memcmp(d->value[id->md], id->value, vt_xsig_md_len(id->md)) == 0 &&
	    (id->serial == NULL || serial_fits(id->serial, d->cert)) &&
	    (id->issuer_der.len == 0 ||
		issuer_fits(vt_buf_bytes(&id->issuer_der), d->cert));
	return VT_OK;
}

/* By one Cert of every version that is there; *WEAK: only by weak digests. */
static int
properties_name(const struct xsig_sig *s, const struct vt_cert *cert, bool *ret,
    bool *weak, struct vt_error *err)
{
	bool wanted[3] = { false }, found[3] = { false }, one;
	struct digests d = { .cert = cert };
	size_t i;
	int rc;

	*weak = true;
	for (i = 0; i < s->ncert_ids; i++) {
		wanted[s->cert_ids[i].version] = true;
		rc = cert_id_names(&s->cert_ids[i], &d, &one, err);
		if (rc != VT_OK)
			return rc;
		if (!one)
			continue;
		found[s->cert_ids[i].version] = true;
		if (!vt_xsig_md_weak(s->cert_ids[i].md))
			*weak = false;
	}
	*ret =
	    s->ncert_ids > 0 && found[1] == wanted[1] && found[2] == wanted[2];
	return VT_OK;
}

/* --- trying --- */

struct trial {
	struct vt_xsig *xs;
	const struct xsig_sig *s;
	struct vt_bytes message; /* SignedInfo in canonical form */
	struct vt_xsig_facts *f;
	size_t tries;
	bool bound; /* the certificate chosen so far is the one named */
	bool weak;  /* ... by a weak digest */
	bool over;  /* VT_XSIG_WORK_MAX is used up */
	bool left;  /* VT_XSIG_TRIES_MAX are, and there are more with it */
	/*
	 * They do not come with the signature: whom nothing names and whose
	 * key does not fit has nothing to do with it.
	 */
	bool others;
};

/* The one that the properties name counts, then one that verifies. */
static int
try_one(struct trial *t, const struct vt_cert *cert, struct vt_error *err)
{
	EVP_PKEY *key = vt_cert_key(cert);
	enum vt_xsig_reason reason;
	bool bound, weak;
	int rc;

	if ((rc = properties_name(t->s, cert, &bound, &weak, err)) != VT_OK)
		return rc;
	if (!bound && (t->bound || t->f->reason == VT_XSIG_FINE))
		return VT_OK;
	if (!bound && t->tries == VT_XSIG_TRIES_MAX) {
		t->left = t->left || !t->others;
		return VT_OK;
	}
	t->tries++;
	t->xs->work += TRY_WORK + t->message.len;
	if (t->xs->work > VT_XSIG_WORK_MAX) {
		t->over = true;
		return VT_OK;
	}
	reason = key == NULL ? VT_XSIG_BAD_KEY
			     : vt_xsig_verify(key, t->s->alg, t->message,
				   vt_buf_bytes(&t->s->value));
	if (reason != VT_XSIG_FINE &&
	    (t->f->cert != NULL ? bound == t->bound : t->others && !bound))
		return VT_OK;
	t->f->cert = cert;
	t->f->reason = reason;
	t->bound = bound;
	t->weak = weak;
	return VT_OK;
}

static int
try_all(struct trial *t, const struct vt_certs *set, struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 0; set != NULL && i < set->n; i++) {
		if (t->over || (t->bound && t->f->reason == VT_XSIG_FINE))
			return VT_OK;
		if ((rc = try_one(t, set->items[i], err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* A reference that holds covers KeyInfo, in which CERT stands. */
static bool
key_info_signed(const struct xsig_sig *s, const struct vt_cert *cert)
{
	size_t i;
	bool inside = false;

	for (i = 0; cert != NULL && i < s->nkey_certs; i++)
		inside = inside || vt_cert_equal(s->certs.items[i], cert);
	for (i = 0; inside && i < s->nown; i++)
		if (s->refs[i].pub.holds && s->refs[i].target == s->key_info)
			return true;
	return false;
}

/* EN 319 132-1, 4.4.2: the properties must be one of the things signed. */
static bool
properties_signed(const struct xsig_sig *s)
{
	size_t i;

	for (i = 0; i < s->nown; i++)
		if (s->refs[i].pub.holds && s->refs[i].target == s->properties)
			return true;
	return false;
}

static enum vt_xsig_reason
xades_reason(const struct trial *t)
{
	const struct xsig_sig *s = t->s;

	if (s->xades_form != VT_XSIG_FINE)
		return s->xades_form;
	if (!properties_signed(s))
		return VT_XSIG_PROPERTIES_UNSIGNED;
	if (s->ncert_ids > 0 && !t->bound)
		return VT_XSIG_WRONG_SIGNING_CERT;
	if (s->ncert_ids == 0 && !key_info_signed(s, t->f->cert))
		return VT_XSIG_NO_SIGNING_CERT;
	return s->time_bad ? VT_XSIG_BAD_SIGNING_TIME : VT_XSIG_FINE;
}

static int
gather(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct vt_buf *buf = ctx;
	int rc = vt_buf_bytes_put(buf, piece);

	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	return rc == VT_OK ? VT_OK
			   : vt_error_set(err, VT_ELIMIT, NULL,
				 "what is signed lists too much");
}

int
vt_xsig_key_check(struct vt_xsig *xs, const struct xsig_sig *s,
    const struct vt_certs *extra, struct vt_xsig_facts *f, struct vt_error *err)
{
	struct trial t = { .xs = xs, .s = s, .f = f };
	struct vt_error own = { 0 };
	struct vt_buf info;
	int rc;

	vt_buf_init(&info, VT_XSIG_SIGNED_INFO_MAX);
	rc = vt_xsig_canonical(xs, s->signed_info, &s->c14n, gather, &info,
	    &own);
	if (rc == VT_ELIMIT || rc == VT_EUNSUPPORTED) {
		f->reason =
		    rc == VT_ELIMIT ? VT_XSIG_LIMIT : VT_XSIG_UNSUPPORTED;
		rc = VT_OK;
		goto out;
	}
	if (rc != VT_OK) {
		vt_error_set(err, own.code, NULL, "%s", own.text);
		goto out;
	}
	t.message = vt_buf_bytes(&info);
	f->reason = VT_XSIG_NO_CERTIFICATE;
	if ((rc = try_all(&t, &s->certs, err)) != VT_OK)
		goto out;
	t.others = true;
	if ((rc = try_all(&t, extra, err)) != VT_OK)
		goto out;
	/* The one that is named is not there: none of the others counts. */
	if (!t.bound && s->ncert_ids > 0 && f->reason != VT_XSIG_FINE) {
		f->reason = VT_XSIG_NO_CERTIFICATE;
		f->cert = NULL;
	}
	/* One that was not tried may be the signer's. */
	if (t.left && !t.bound && f->reason != VT_XSIG_FINE) {
		f->reason = VT_XSIG_LIMIT;
		f->cert = NULL;
	}
	if (t.over)
		f->reason = VT_XSIG_LIMIT;
	f->xades_reason = xades_reason(&t);
	if (f->xades_reason == VT_XSIG_FINE && t.bound && t.weak)
		f->weak |= VT_XSIG_WEAK_REFERENCE;
out:
	vt_buf_release(&info);
	return rc;
}
