/* trust_walk.c - OpenSSL's path validation, held to a path that we chose */
#include <openssl/err.h>

#include "trust_int.h"

/* Any policy: without one, OpenSSL refuses what requires an explicit one. */
#define POLICY_ANY "2.5.29.32.0"

struct vt_trust_walk *
vt_trust_walk_of(X509_STORE_CTX *ctx)
{
	return X509_STORE_get_ex_data(X509_STORE_CTX_get0_store(ctx), 0);
}

/*
 * In the walk itself each certificate has the one issuer that the path gives
 * it; the path of a list's signer, which OpenSSL builds inside, is free.
 */
static int
is_issuer(X509_STORE_CTX *ctx, X509 *x, X509 *issuer)
{
	const struct vt_trust_walk *walk = vt_trust_walk_of(ctx);
	const struct vt_trust_path *path = walk->path;
	size_t i;

	if (X509_STORE_CTX_get0_parent_ctx(ctx) != NULL || x == issuer)
		return X509_check_issued(issuer, x) == X509_V_OK;
	for (i = walk->from; i + 1 < path->n; i++)
		if (X509_cmp(vt_cert_x509(path->certs[i]), x) == 0)
			return X509_cmp(vt_cert_x509(path->certs[i + 1]),
				   issuer) == 0;
	return 0;
}

/* The path and MORE hold the references; the stack borrows them. */
static bool
push_all(struct vt_trust_walk *walk, const struct vt_certs *more)
{
	size_t i;

	for (i = walk->from + 1; i + 1 < walk->path->n; i++)
		if (sk_X509_push(walk->others,
			vt_cert_x509(walk->path->certs[i])) <= 0)
			return false;
	for (i = 0; more != NULL && i < more->n; i++)
		if (sk_X509_push(walk->others, vt_cert_x509(more->items[i])) <=
		    0)
			return false;
	return true;
}

/* Times are ours to judge: OpenSSL would not count the last second as valid. */
static bool
set_param(X509_STORE *store, unsigned long flags)
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	ASN1_OBJECT *any;

	X509_VERIFY_PARAM_set_depth(param, VT_TRUST_DEPTH);
	if (!X509_VERIFY_PARAM_set_flags(param,
		flags | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME))
		return false;
	if ((flags & X509_V_FLAG_POLICY_CHECK) == 0)
		return true;
	if ((any = OBJ_txt2obj(POLICY_ANY, 1)) == NULL)
		return false;
	return X509_VERIFY_PARAM_add0_policy(param, any);
}

int
vt_trust_walk_init(struct vt_trust_walk *walk, const struct vt_trust_path *path,
    size_t from, const struct vt_certs *more, unsigned long flags,
    X509_STORE_CTX_verify_cb cb, void *arg, struct vt_error *err)
{
	walk->path = path;
	walk->from = from;
	walk->arg = arg;
	walk->others = sk_X509_new_null();
	walk->store = X509_STORE_new();
	walk->ctx = X509_STORE_CTX_new();
	if (walk->others == NULL || walk->store == NULL || walk->ctx == NULL ||
	    !X509_STORE_set_ex_data(walk->store, 0, walk) ||
	    !X509_STORE_add_cert(walk->store,
		vt_cert_x509(path->certs[path->n - 1])) ||
	    !set_param(walk->store, flags) || !push_all(walk, more))
		goto fail;
	X509_STORE_set_check_issued(walk->store, is_issuer);
	X509_STORE_set_verify_cb(walk->store, cb);
	if (!X509_STORE_CTX_init(walk->ctx, walk->store,
		vt_cert_x509(path->certs[from]), walk->others))
		goto fail;
	return VT_OK;
fail:
	vt_trust_walk_release(walk);
	return vt_error_nomem(err);
}

void
vt_trust_walk_release(struct vt_trust_walk *walk)
{
	X509_STORE_CTX_free(walk->ctx);
	X509_STORE_free(walk->store);
	sk_X509_free(walk->others);
}

bool
vt_trust_walked(const struct vt_trust_walk *walk)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(walk->ctx);
	const struct vt_trust_path *path = walk->path;
	size_t i;

	if (chain == NULL || (size_t)sk_X509_num(chain) != path->n - walk->from)
		return false;
	for (i = walk->from; i < path->n; i++)
		if (X509_cmp(sk_X509_value(chain, (int)(i - walk->from)),
			vt_cert_x509(path->certs[i])) != 0)
			return false;
	return true;
}
