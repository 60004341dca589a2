/* trust_cache.c - signatures that were checked, so that each is checked once */
#include <stdlib.h>
#include <string.h>

#include "trust_int.h"

#define SLOTS_MIN 256 /* powers of two */
#define SLOTS_MAX 65536

struct slot {
	unsigned char what[VT_SHA256_LEN], signer[VT_SHA256_LEN];
	bool used, good;
};

struct vt_trust_cache {
	struct slot *slots;
	size_t size, n;
};

int
vt_trust_cache_new(struct vt_trust_cache **ret, struct vt_error *err)
{
	struct vt_trust_cache *c;

	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    (c->slots = calloc(SLOTS_MIN, sizeof(*c->slots))) == NULL) {
		free(c);
		return vt_error_nomem(err);
	}
	c->size = SLOTS_MIN;
	*ret = c;
	return VT_OK;
}

void
vt_trust_cache_free(struct vt_trust_cache *c)
{
	if (c == NULL)
		return;
	free(c->slots);
	free(c);
}

/* The slot of the pair, or the free one where it would stand. */
static struct slot *
find(struct vt_trust_cache *c, const unsigned char *what,
    const unsigned char *signer)
{
	struct slot *s;
	size_t i;

	/* Digests are as good as random; their first bytes are the hash. */
	memcpy(&i, what, sizeof(i));
	for (;; i++) {
		s = &c->slots[i & (c->size - 1)];
		if (!s->used ||
		    (memcmp(s->what, what, VT_SHA256_LEN) == 0 &&
			memcmp(s->signer, signer, VT_SHA256_LEN) == 0))
			return s;
	}
}

/* Half of the slots stay free.  false: it is full. */
static bool
grow(struct vt_trust_cache *c)
{
	struct vt_trust_cache more = { NULL, 2 * c->size, c->n };
	size_t i;

	if (2 * c->n < c->size)
		return true;
	if (c->size == SLOTS_MAX ||
	    (more.slots = calloc(more.size, sizeof(*more.slots))) == NULL)
		return false;
	for (i = 0; i < c->size; i++)
		if (c->slots[i].used)
			*find(&more, c->slots[i].what, c->slots[i].signer) =
			    c->slots[i];
	free(c->slots);
	*c = more;
	return true;
}

static bool
lookup(struct vt_trust_cache *c, const unsigned char *what,
    const unsigned char *signer, bool *ret)
{
	const struct slot *s = find(c, what, signer);

	*ret = s->good;
	return s->used;
}

static bool
keep(struct vt_trust_cache *c, const unsigned char *what,
    const unsigned char *signer, bool good)
{
	struct slot *s;

	if (!grow(c))
		return good;
	s = find(c, what, signer);
	memcpy(s->what, what, VT_SHA256_LEN);
	memcpy(s->signer, signer, VT_SHA256_LEN);
	s->used = true;
	s->good = good;
	c->n++;
	return good;
}

bool
vt_trust_issued(const struct vt_trust *trust, const struct vt_cert *cert,
    const struct vt_cert *issuer)
{
	const unsigned char *what = vt_cert_sha256(cert),
			    *signer = vt_cert_sha256(issuer);
	bool good;

	if (lookup(trust->cache, what, signer, &good))
		return good;
	return keep(trust->cache, what, signer,
	    vt_cert_issued_by(cert, issuer));
}

bool
vt_trust_signed_crl(const struct vt_trust *trust, const struct vt_crl *crl,
    const struct vt_cert *issuer)
{
	const unsigned char *what = vt_crl_sha256(crl),
			    *signer = vt_cert_sha256(issuer);
	bool good;

	if (lookup(trust->cache, what, signer, &good))
		return good;
	return keep(trust->cache, what, signer, vt_crl_signed_by(crl, issuer));
}

bool
vt_trust_signed_ocsp(const struct vt_trust *trust, const struct vt_ocsp *ocsp,
    const struct vt_cert *issuer)
{
	const unsigned char *what = vt_ocsp_sha256(ocsp),
			    *signer = vt_cert_sha256(issuer);
	bool good;

	if (lookup(trust->cache, what, signer, &good))
		return good;
	return keep(trust->cache, what, signer,
	    vt_ocsp_signed_by(ocsp, issuer));
}

static bool
same_name(const X509_NAME *a, const X509_NAME *b)
{
	return X509_NAME_cmp(a, b) == 0;
}

/* Everything of the store that SIGNER may have signed. */
static void
warm_signer(const struct vt_trust *trust, const struct vt_cert *signer)
{
	const X509_NAME *name = X509_get_subject_name(vt_cert_x509(signer));
	size_t i;

	for (i = 0; i < trust->certs.n; i++)
		if (same_name(name, X509_get_issuer_name(
					vt_cert_x509(trust->certs.items[i]))))
			(void)vt_trust_issued(trust, trust->certs.items[i],
			    signer);
	for (i = 0; i < trust->crls.n; i++) {
		if (!same_name(name, vt_crl_issuer(trust->crls.items[i])))
			continue;
		if (vt_trust_signed_crl(trust, trust->crls.items[i], signer))
			vt_crl_warm(trust->crls.items[i]);
	}
	for (i = 0; i < trust->ocsps.n; i++)
		if (vt_ocsp_names(trust->ocsps.items[i], signer))
			(void)vt_trust_signed_ocsp(trust, trust->ocsps.items[i],
			    signer);
}

void
vt_trust_warm(const struct vt_trust *trust)
{
	size_t i;

	for (i = 0; i < trust->anchors.n; i++)
		warm_signer(trust, trust->anchors.items[i]);
	for (i = 0; i < trust->certs.n; i++)
		warm_signer(trust, trust->certs.items[i]);
}
