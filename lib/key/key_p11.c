/* key_p11.c - a key in a token as a signer, from a URI */
#include <stdlib.h>
#include <string.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/key.h"
#include "vanthu/signer.h"

/* The way up from OWN, among what the token holds. */
static int
chain_of(struct vt_cert *own, const struct vt_certs *all,
    const char *chain_path, struct vt_certs *ret, struct vt_error *err)
{
	struct vt_certs path = { 0 };
	const struct vt_cert *below = own;
	size_t i = 0;
	int rc = VT_OK;

	while (i < all->n && path.n < VT_KEY_CHAIN_MAX && rc == VT_OK) {
		if (vt_certs_has(&path, all->items[i]) ||
		    vt_cert_equal(all->items[i], own) ||
		    !vt_cert_issued_by(below, all->items[i])) {
			i++;
			continue;
		}
		rc = vt_certs_add(&path, all->items[i], err);
		below = all->items[i];
		i = 0;
	}
	if (rc == VT_OK)
		rc = vt_key_chain(&path, own, chain_path, ret, err);
	vt_certs_release(&path);
	return rc;
}

/* SESSION goes over to the signer where VT_OK. */
static int
signer_make(struct p11_session *session, const struct p11_key *key,
    struct vt_cert *cert, const struct vt_certs *chain, struct vt_signer **ret,
    struct vt_error *err)
{
	struct p11_signer *p;
	int rc;

	if ((rc = vt_key_check(vt_cert_key(cert), err)) != VT_OK)
		return rc;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return vt_error_nomem(err);
	p->key = *key;
	p->cert = vt_cert_ref(cert);
	rc = vt_signer_new(&vt_key_p11_ops, p, cert, chain, ret, err);
	if (rc != VT_OK) {
		vt_cert_free(p->cert);
		free(p);
		return rc;
	}
	p->session = *session;
	memset(session, 0, sizeof(*session));
	if (!key->each_time)
		vt_secret_release(&p->session.pin);
	return VT_OK;
}

static int
check_uri(const struct vt_key_uri *uri, struct vt_error *err)
{
	if (uri->type == VT_KEY_CLASS_ANY ||
	    uri->type == VT_KEY_CLASS_PRIVATE || uri->type == VT_KEY_CLASS_CERT)
		return VT_OK;
	return vt_error_set(err, VT_EARG, "RFC 7512, 2.3",
	    "the URI names no private key: type is private, or cert for the "
	    "key of a certificate");
}

int
vt_key_token(const struct vt_key_token *how, struct vt_signer **ret,
    struct vt_error *err)
{
	struct vt_certs own = { 0 }, all = { 0 }, chain = { 0 };
	struct p11_session session = { 0 };
	struct vt_key_slot slot = { 0 };
	struct vt_key_uri uri = { 0 };
	struct p11_key key = { 0 };
	char *path = NULL;
	int rc;

	if ((rc = vt_key_uri_parse(how->uri, &uri, err)) != VT_OK ||
	    (rc = check_uri(&uri, err)) != VT_OK ||
	    (rc = vt_key_p11_choose(how, &uri, &path, &slot, err)) != VT_OK ||
	    (rc = vt_key_p11_login(how, path, &slot, &session, err)) != VT_OK ||
	    (rc = vt_key_p11_key(&session, &uri, how->cert_path, &key, &own,
		 &all, err)) != VT_OK ||
	    (rc = chain_of(own.items[0], &all, how->chain_path, &chain, err)) !=
		VT_OK)
		goto out;
	rc = signer_make(&session, &key, own.items[0], &chain, ret, err);
out:
	vt_key_p11_close(&session);
	vt_certs_release(&chain);
	vt_certs_release(&all);
	vt_certs_release(&own);
	vt_key_p11_slot_release(&slot);
	free(path);
	vt_key_uri_release(&uri);
	return rc;
}
