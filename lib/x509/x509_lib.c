/* x509_lib.c - the key of a certificate, without asking every decoder there is
 *
 * d2i_X509() reads the key as well.  For that it asks all of OpenSSL's decoders
 * and key managers, some ninety, whether they are meant, for every certificate
 * anew: most of what a certificate costs, and in a forked worker a copy of
 * every page that they lie in.  Here are libraries (OSSL_LIB_CTX) of our own
 * whose one provider hands on what the default provider has, but of decoders
 * and key managers only those of one kind of key.  The code that reads the key
 * is the same, and what such a library cannot read is read as ever.
 *
 * To set them up costs as much as a few certificates, so it is asked for.
 */
#include <pthread.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include "x509_der.h"
#include "x509_int.h"

#define OFFERED_MAX 4 /* decoders, and key managers, of one kind of key */

enum kind { RSA_KEYS, EC_KEYS, NKINDS };

/* What the provider of one library offers; each list ends in an empty one. */
struct library {
	const char *name; /* of its key manager */
	struct vt_bytes oid;
	OSSL_LIB_CTX *ctx; /* NULL: it cannot be had */
	OSSL_ALGORITHM decoders[OFFERED_MAX + 1];
	OSSL_ALGORITHM managers[OFFERED_MAX + 1];
};

#define OID(...)                                                               \
	{                                                                      \
		(const unsigned char[]){ __VA_ARGS__ },                        \
		    sizeof((const unsigned char[]){ __VA_ARGS__ })             \
	}

/* Set up once, by one thread; then only read, by whoever sees READY. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_bool ready;
static OSSL_PROVIDER *whole; /* the default one, of OpenSSL's own library */
static struct library libraries[NKINDS] = {
	[RSA_KEYS] = { .name = "RSA",
	    .oid = OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01) },
	[EC_KEYS] = { .name = "EC",
	    .oid = OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01) },
};

/* Is NAME one of NAMES, which are parted by colons? */
static bool
is_named(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (; names != NULL; names = strchr(names, ':')) {
		if (*names == ':')
			names++;
		if (strncmp(names, name, len) == 0 &&
		    (names[len] == ':' || names[len] == '\0'))
			return true;
	}
	return false;
}

static bool
reads_certificates(const OSSL_ALGORITHM *a)
{
	const char *p = a->property_definition;

	return p != NULL && strstr(p, "input=der") != NULL &&
	       strstr(p, "structure=SubjectPublicKeyInfo") != NULL;
}

/* What the default provider has for OPERATION by LIB's name. */
static void
choose(const struct library *lib, int operation, OSSL_ALGORITHM *ret)
{
	const OSSL_ALGORITHM *a;
	size_t n = 0;
	int no_cache = 0;

	a = OSSL_PROVIDER_query_operation(whole, operation, &no_cache);
	for (; a != NULL && a->algorithm_names != NULL && n < OFFERED_MAX; a++)
		if (is_named(a->algorithm_names, lib->name) &&
		    (operation != OSSL_OP_DECODER || reads_certificates(a)))
			ret[n++] = *a;
}

static const OSSL_ALGORITHM *
offer(const struct library *lib, int operation, int *no_cache)
{
	*no_cache = 0;
	switch (operation) {
	case OSSL_OP_DECODER:
		return lib->decoders;
	case OSSL_OP_KEYMGMT:
		return lib->managers;
	default:
		return OSSL_PROVIDER_query_operation(whole, operation,
		    no_cache);
	}
}

/* The context of a provider is the default one's, so each has its own call. */
static const OSSL_ALGORITHM *
offer_rsa(void *ctx, int operation, int *no_cache)
{
	(void)ctx;
	return offer(&libraries[RSA_KEYS], operation, no_cache);
}

static const OSSL_ALGORITHM *
offer_ec(void *ctx, int operation, int *no_cache)
{
	(void)ctx;
	return offer(&libraries[EC_KEYS], operation, no_cache);
}

static const OSSL_DISPATCH calls_rsa[] = {
	{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))offer_rsa },
	{ 0, NULL },
};
static const OSSL_DISPATCH calls_ec[] = {
	{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))offer_ec },
	{ 0, NULL },
};

static int
init_rsa(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
    const OSSL_DISPATCH **out, void **ctx)
{
	(void)handle;
	(void)in;
	*out = calls_rsa;
	*ctx = OSSL_PROVIDER_get0_provider_ctx(whole);
	return 1;
}

static int
init_ec(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
    const OSSL_DISPATCH **out, void **ctx)
{
	(void)handle;
	(void)in;
	*out = calls_ec;
	*ctx = OSSL_PROVIDER_get0_provider_ctx(whole);
	return 1;
}

/* What a library makes when it is used first: before the fork, not behind it.
 */
static void
use_once(const struct library *lib)
{
	EVP_PKEY *none = NULL;

	OSSL_DECODER_CTX_free(
	    OSSL_DECODER_CTX_new_for_pkey(&none, "DER", "SubjectPublicKeyInfo",
		lib->name, EVP_PKEY_PUBLIC_KEY, lib->ctx, NULL));
	/* the fingerprint that an X509 keeps */
	EVP_MD_free(EVP_MD_fetch(lib->ctx, "SHA1", NULL));
}

static void
set_up(struct library *lib, OSSL_provider_init_fn *init)
{
	choose(lib, OSSL_OP_DECODER, lib->decoders);
	choose(lib, OSSL_OP_KEYMGMT, lib->managers);
	if ((lib->ctx = OSSL_LIB_CTX_new()) == NULL)
		return;
	if (OSSL_PROVIDER_add_builtin(lib->ctx, "vanthu", init) != 1 ||
	    OSSL_PROVIDER_load(lib->ctx, "vanthu") == NULL) {
		OSSL_LIB_CTX_free(lib->ctx);
		lib->ctx = NULL;
		return;
	}
	use_once(lib);
}

/* Whoever runs this process without the default provider goes on without. */
static void
set_up_all(void)
{
	ERR_set_mark();
	if (OSSL_PROVIDER_available(NULL, "default") == 1 &&
	    (whole = OSSL_PROVIDER_try_load(NULL, "default", 1)) != NULL) {
		set_up(&libraries[RSA_KEYS], init_rsa);
		set_up(&libraries[EC_KEYS], init_ec);
	}
	ERR_pop_to_mark();
	atomic_store(&ready, true);
}

void
vt_x509_prepare(void)
{
	(void)pthread_once(&once, set_up_all);
}

/* The OID of the key's algorithm (RFC 5280, 4.1); false: it is not found. */
static bool
key_oid(struct vt_bytes der, struct vt_bytes *ret)
{
	struct vt_der t;
	int i;

	if (!vt_der_take(&der, VT_DER_SEQUENCE, &t))
		return false;
	der = t.body;
	if (!vt_der_take(&der, VT_DER_SEQUENCE, &t))
		return false;
	der = t.body; /* of the TBSCertificate */
	(void)vt_der_take(&der, VT_DER_EXPLICIT0, &t);
	/* serialNumber, signature, issuer, validity, subject */
	for (i = 0; i < 5; i++)
		if (!vt_der_next(&der, &t))
			return false;
	if (!vt_der_take(&der, VT_DER_SEQUENCE, &t))
		return false;
	der = t.body;
	if (!vt_der_take(&der, VT_DER_SEQUENCE, &t))
		return false;
	der = t.body;
	if (!vt_der_take(&der, VT_DER_OID, &t))
		return false;
	*ret = t.body;
	return true;
}

static OSSL_LIB_CTX *
library_for(struct vt_bytes der)
{
	struct vt_bytes oid;
	size_t i;

	if (!atomic_load(&ready) || !key_oid(der, &oid))
		return NULL;
	for (i = 0; i < NKINDS; i++)
		if (vt_bytes_equal(oid, libraries[i].oid))
			return libraries[i].ctx;
	return NULL;
}

X509 *
vt_x509_decode(struct vt_bytes der)
{
	OSSL_LIB_CTX *lib = library_for(der);
	const unsigned char *p = der.data;
	X509 *x = NULL;

	if (lib != NULL && (x = X509_new_ex(lib, NULL)) != NULL &&
	    d2i_X509(&x, &p, (long)der.len) != NULL &&
	    p == der.data + der.len && X509_get0_pubkey(x) != NULL)
		return x;
	X509_free(x);
	p = der.data;
	x = d2i_X509(NULL, &p, (long)der.len);
	if (x != NULL && p == der.data + der.len)
		return x;
	X509_free(x);
	return NULL;
}

bool
vt_x509_signed(struct vt_bytes tbs, const X509_ALGOR *alg,
    const ASN1_BIT_STRING *sig, EVP_PKEY *key)
{
	/* A sequence as such is its own encoding; the bytes stay ours. */
	ASN1_STRING s = { .type = V_ASN1_SEQUENCE,
		.length = (int)tbs.len,
		.data = (unsigned char *)tbs.data };
	ASN1_TYPE any = { .type = V_ASN1_SEQUENCE, .value.sequence = &s };
	bool ok;

	if (key == NULL)
		return false;
	ERR_set_mark();
	ok = ASN1_item_verify(ASN1_ITEM_rptr(ASN1_ANY), alg, sig, &any, key) ==
	     1;
	ERR_pop_to_mark();
	return ok;
}
