/* key_p11_key.c - the private key in a token, and its certificate */
#include <stdio.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/time.h"

#define KEYS_MAX 64     /* objects of one kind that we look at */
#define NUMBER_MAX 2048 /* bytes of a modulus or a point */

/* Do a key in the token and a certificate belong together? */
enum fit { FIT_NO, FIT_UNKNOWN, FIT_YES };

static enum fit
rsa_fits(const struct p11_session *s, CK_OBJECT_HANDLE key, EVP_PKEY *public)
{
	enum fit fit = FIT_UNKNOWN;
	BIGNUM *n = NULL, *have = NULL;
	struct vt_buf modulus;

	vt_buf_init(&modulus, NUMBER_MAX);
	if (vt_key_p11_get(&s->module, s->handle, key, CKA_MODULUS, &modulus) &&
	    EVP_PKEY_get_bn_param(public, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    (have = BN_bin2bn(modulus.data, (int)modulus.len, NULL)) != NULL)
		fit = BN_cmp(n, have) == 0 ? FIT_YES : FIT_NO;
	BN_free(n);
	BN_free(have);
	vt_buf_release(&modulus);
	return fit;
}

/* The point stands in the public key, if that is there. */
static enum fit
ec_fits(const struct p11_session *s, const struct p11_key *key,
    EVP_PKEY *public)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	unsigned char id[VT_KEY_ID_MAX], mine[NUMBER_MAX];
	CK_ATTRIBUTE templ[] = {
		{ CKA_CLASS, &class, sizeof(class) },
		{ CKA_ID, id, key->id_len },
	};
	enum fit fit = FIT_UNKNOWN;
	CK_OBJECT_HANDLE object;
	struct vt_buf point;
	CK_ULONG n = 0;
	size_t len = 0;

	memcpy(id, key->id, sizeof(id));
	vt_buf_init(&point, NUMBER_MAX);
	if (key->id_len > 0 &&
	    vt_key_p11_find(&s->module, s->handle, templ, 2, &object, 1, &n) ==
		CKR_OK &&
	    n == 1 &&
	    vt_key_p11_get(&s->module, s->handle, object, CKA_EC_POINT,
		&point) &&
	    EVP_PKEY_get_octet_string_param(public, OSSL_PKEY_PARAM_PUB_KEY,
		mine, sizeof(mine), &len) == 1 &&
	    point.len >= len) /* bare, or as an OCTET STRING */
		fit = memcmp(point.data + point.len - len, mine, len) == 0
			  ? FIT_YES
			  : FIT_UNKNOWN;
	ERR_clear_error();
	vt_buf_release(&point);
	return fit;
}

static enum fit
fits(const struct p11_session *s, const struct p11_key *key,
    const struct vt_cert *cert)
{
	CK_KEY_TYPE type = CKK_VENDOR_DEFINED;
	EVP_PKEY *public = vt_cert_key(cert);
	CK_ATTRIBUTE a = { CKA_KEY_TYPE, &type, sizeof(type) };
	bool rsa;

	if (public == NULL)
		return FIT_NO;
	rsa = EVP_PKEY_is_a(public, "RSA") || EVP_PKEY_is_a(public, "RSA-PSS");
	if (s->module.f->C_GetAttributeValue(s->handle, key->handle, &a, 1) !=
	    CKR_OK)
		return FIT_UNKNOWN;
	if (type != (rsa ? (CK_KEY_TYPE)CKK_RSA : (CK_KEY_TYPE)CKK_EC))
		return FIT_NO;
	return rsa ? rsa_fits(s, key->handle, public) : ec_fits(s, key, public);
}

/* --- the key --- */

/* Objects of CLASS, of that label and id where they are given. */
static CK_RV
find(const struct p11_session *s, CK_OBJECT_CLASS class, const char *label,
    struct vt_bytes id, CK_OBJECT_HANDLE *out, CK_ULONG *ret_n)
{
	CK_ATTRIBUTE templ[3] = { { CKA_CLASS, &class, sizeof(class) } };
	unsigned char own_id[VT_KEY_ID_MAX];
	char own_label[VT_KEY_URI_MAX + 1];
	CK_ULONG n = 1;

	if (label != NULL) {
		snprintf(own_label, sizeof(own_label), "%s", label);
		templ[n++] =
		    (CK_ATTRIBUTE){ CKA_LABEL, own_label, strlen(own_label) };
	}
	if (id.len > 0) {
		memcpy(own_id, id.data, id.len);
		templ[n++] = (CK_ATTRIBUTE){ CKA_ID, own_id, id.len };
	}
	*ret_n = 0;
	return vt_key_p11_find(&s->module, s->handle, templ, n, out, KEYS_MAX,
	    ret_n);
}

/* The id of OBJECT into KEY; none is a length of 0. */
static void
take_id(const struct p11_session *s, CK_OBJECT_HANDLE object,
    struct p11_key *key)
{
	struct vt_buf id;

	vt_buf_init(&id, sizeof(key->id));
	key->id_len = 0;
	if (vt_key_p11_get(&s->module, s->handle, object, CKA_ID, &id)) {
		memcpy(key->id, id.data, id.len);
		key->id_len = id.len;
	}
	vt_buf_release(&id);
}

/* Private keys that URI means; by way of a certificate where it must be. */
static CK_RV
find_keys(const struct p11_session *s, const struct vt_key_uri *uri,
    CK_OBJECT_HANDLE *out, CK_ULONG *ret_n)
{
	struct vt_bytes id = VT_BYTES(uri->id, uri->id_len);
	CK_OBJECT_HANDLE certs[KEYS_MAX];
	struct p11_key named = { 0 };
	CK_ULONG n;
	CK_RV rv;

	if (uri->type != VT_KEY_CLASS_CERT) {
		rv = find(s, CKO_PRIVATE_KEY, uri->object, id, out, ret_n);
		if (rv != CKR_OK || *ret_n > 0 || uri->object == NULL ||
		    uri->type == VT_KEY_CLASS_PRIVATE)
			return rv;
	}
	rv = find(s, CKO_CERTIFICATE, uri->object, id, certs, &n);
	*ret_n = 0;
	if (rv != CKR_OK || n == 0)
		return rv;
	/* Several of one id are of one key. */
	take_id(s, certs[0], &named);
	if (named.id_len == 0)
		return CKR_OK;
	return find(s, CKO_PRIVATE_KEY, NULL, VT_BYTES(named.id, named.id_len),
	    out, ret_n);
}

/* --- certificates --- */

static int
read_certs(const struct p11_session *s, struct vt_bytes id,
    struct vt_certs *ret, struct vt_error *err)
{
	CK_OBJECT_HANDLE found[KEYS_MAX];
	struct vt_cert *cert;
	struct vt_buf der;
	CK_ULONG n, i;
	int rc = VT_OK;

	if (find(s, CKO_CERTIFICATE, NULL, id, found, &n) != CKR_OK)
		return VT_OK;
	vt_buf_init(&der, VT_CERT_MAX);
	for (i = 0; i < n && rc == VT_OK; i++) {
		if (!vt_key_p11_get(&s->module, s->handle, found[i], CKA_VALUE,
			&der))
			continue;
		rc = vt_cert_parse(vt_buf_bytes(&der), &cert, NULL);
		if (rc == VT_OK) {
			rc = vt_certs_add(ret, cert, err);
			vt_cert_free(cert);
		} else if (rc != VT_ENOMEM) {
			rc = VT_OK; /* what is none is nobody's */
		} else {
			rc = vt_error_nomem(err);
		}
	}
	vt_buf_release(&der);
	return rc;
}

static bool
holds(const struct vt_cert *cert, int64_t now)
{
	return vt_cert_not_before(cert) <= now &&
	       now <= vt_cert_not_after(cert);
}

/* The one that holds now before others, the later one before the earlier. */
static bool
better(const struct vt_cert *a, const struct vt_cert *b, int64_t now)
{
	if (holds(a, now) != holds(b, now))
		return holds(a, now);
	return vt_cert_not_after(a) > vt_cert_not_after(b);
}

/* Of ALL the best that may be KEY's, into OWN; none leaves it empty. */
static int
take_own(const struct p11_session *s, const struct p11_key *key,
    const struct vt_certs *all, enum fit least, struct vt_certs *own,
    struct vt_error *err)
{
	int64_t now = vt_time_now();
	enum fit fit, best_fit = FIT_NO;
	struct vt_cert *best = NULL;
	size_t i;

	for (i = 0; i < all->n; i++) {
		fit = fits(s, key, all->items[i]);
		if (fit < least || fit < best_fit)
			continue;
		if (best == NULL || fit > best_fit ||
		    better(all->items[i], best, now)) {
			best = all->items[i];
			best_fit = fit;
		}
	}
	return best != NULL ? vt_certs_add(own, best, err) : VT_OK;
}

/* The certificate of KEY: from CERT_PATH, or from the token. */
static int
cert_of(const struct p11_session *s, const struct p11_key *key,
    const char *cert_path, struct vt_certs *own, struct vt_error *err)
{
	struct vt_certs all = { 0 };
	int rc = VT_OK;

	if (cert_path != NULL) {
		rc = vt_x509_read_file(cert_path, &all, NULL, err);
		if (rc != VT_OK)
			vt_error_prefix(err, cert_path);
		else
			rc = take_own(s, key, &all, FIT_UNKNOWN, own, err);
		goto out;
	}
	if (key->id_len > 0 &&
	    (rc = read_certs(s, VT_BYTES(key->id, key->id_len), &all, err)) ==
		VT_OK)
		rc = take_own(s, key, &all, FIT_UNKNOWN, own, err);
	/* Without an id in common only the key itself can tell. */
	if (rc == VT_OK && own->n == 0 &&
	    (rc = read_certs(s, VT_BYTES(NULL, 0), &all, err)) == VT_OK)
		rc = take_own(s, key, &all, FIT_YES, own, err);
out:
	vt_certs_release(&all);
	return rc;
}

static int
no_key(const struct p11_session *s, const struct vt_key_uri *uri,
    struct vt_error *err)
{
	if (uri->object != NULL || uri->has_id)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the token %s has no private key that the URI names; leave "
		    "object= and id= out where there is only one",
		    s->label);
	return vt_error_set(err, VT_EKEY, NULL,
	    "the token %s has no private key", s->label);
}

static int
no_cert(const struct p11_session *s, const char *cert_path,
    struct vt_error *err)
{
	if (cert_path != NULL)
		return vt_error_set(err, VT_EKEY, NULL,
		    "no certificate in %s is that of the key in the token %s",
		    cert_path, s->label);
	return vt_error_set(err, VT_EKEY, NULL,
	    "the token %s has a key, but no certificate for it; give that by "
	    "--cert FILE",
	    s->label);
}

/* Of N keys the one that has a certificate; several are too many. */
static int
pick(const struct p11_session *s, const CK_OBJECT_HANDLE *keys, CK_ULONG n,
    const char *cert_path, struct p11_key *ret, struct vt_certs *own,
    struct vt_error *err)
{
	struct vt_certs certs = { 0 };
	struct p11_key key = { 0 };
	size_t found = 0;
	CK_ULONG i;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++) {
		key.handle = keys[i];
		take_id(s, keys[i], &key);
		rc = cert_of(s, &key, cert_path, &certs, err);
		if (rc == VT_OK && certs.n > 0 && found++ == 0) {
			*ret = key;
			*own = certs;
			memset(&certs, 0, sizeof(certs));
		}
		vt_certs_release(&certs);
	}
	if (rc == VT_OK && found == 0)
		rc = no_cert(s, cert_path, err);
	if (rc == VT_OK && found > 1)
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "%zu keys in the token %s fit the URI; say which, by "
		    "object= or id= (vanthu token list shows them)",
		    found, s->label);
	return rc;
}

int
vt_key_p11_key(const struct p11_session *s, const struct vt_key_uri *uri,
    const char *cert_path, struct p11_key *ret, struct vt_certs *own,
    struct vt_certs *all, struct vt_error *err)
{
	CK_OBJECT_HANDLE found[KEYS_MAX];
	CK_BBOOL each = CK_FALSE;
	CK_ATTRIBUTE a = { CKA_ALWAYS_AUTHENTICATE, &each, sizeof(each) };
	CK_ULONG n = 0;
	CK_RV rv;
	int rc;

	if ((rv = find_keys(s, uri, found, &n)) != CKR_OK)
		return vt_key_p11_error(rv, err);
	if (n == 0)
		return no_key(s, uri, err);
	if ((rc = pick(s, found, n, cert_path, ret, own, err)) != VT_OK)
		return rc;
	if (s->module.f->C_GetAttributeValue(s->handle, ret->handle, &a, 1) ==
		CKR_OK &&
	    a.ulValueLen == sizeof(each))
		ret->each_time = each != CK_FALSE;
	return read_certs(s, VT_BYTES(NULL, 0), all, err);
}
