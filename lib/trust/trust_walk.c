/* trust_walk.c - OpenSSL's path validation, held to a path that we chose */
#include <openssl/err.h>

#include "trust_int.h"

/* Any policy: without one, OpenSSL refuses what requires an explicit one. */
#define POLICY_ANY "2.5.29.32.0"

struct walk {
	const struct vt_trust_path *path;
	void *arg; /* the callback's */
	STACK_OF(X509) * others;
	X509_STORE *store;
	X509_STORE_CTX *ctx;
};

static struct walk *
walk_of(X509_STORE_CTX *ctx)
{
	return X509_STORE_get_ex_data(X509_STORE_CTX_get0_store(ctx), 0);
}

void *
vt_trust_walk_arg(X509_STORE_CTX *ctx)
{
	return walk_of(ctx)->arg;
}

/* Each certificate has the one issuer that the path gives it. */
static int
is_issuer(X509_STORE_CTX *ctx, X509 *x, X509 *issuer)
{
	const struct vt_trust_path *path = walk_of(ctx)->path;
	size_t i;

	if (x == issuer)
		return X509_check_issued(issuer, x) == X509_V_OK;
	for (i = 0; i + 1 < path->n; i++)
		if (vt_cert_x509(path->certs[i]) == x)
			return vt_cert_x509(path->certs[i + 1]) == issuer;
	return 0;
}

/* Whoever found the path checked them; times are ours to judge. */
static int
no_signatures(X509_STORE_CTX *ctx)
{
	(void)ctx;
	return 1;
}

static bool
add_policy(X509_VERIFY_PARAM *param, const char *oid)
{
	ASN1_OBJECT *policy = OBJ_txt2obj(oid, 1);

	return policy != NULL && X509_VERIFY_PARAM_add0_policy(param, policy);
}

static bool
set_param(X509_STORE *store, const struct vt_trust_policies *policies)
{
	static const struct vt_trust_policies any = { 0 };
	const struct vt_trust_policies *p = policies != NULL ? policies : &any;
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	unsigned long flags =
	    X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN |
	    X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_POLICY_CHECK;
	size_t i;

	if (p->require_explicit)
		flags |= X509_V_FLAG_EXPLICIT_POLICY;
	if (p->inhibit_mapping)
		flags |= X509_V_FLAG_INHIBIT_MAP;
	if (p->inhibit_any)
		flags |= X509_V_FLAG_INHIBIT_ANY;
	X509_VERIFY_PARAM_set_depth(param, VT_TRUST_DEPTH);
	if (!X509_VERIFY_PARAM_set_flags(param, flags))
		return false;
	if (p->oids == NULL || p->oids->n == 0)
		return add_policy(param, POLICY_ANY);
	for (i = 0; i < p->oids->n; i++)
		if (!add_policy(param, p->oids->items[i]))
			return false;
	return true;
}

static bool
walk_init(struct walk *w, const struct vt_trust_policies *policies,
    X509_STORE_CTX_verify_cb cb)
{
	const struct vt_trust_path *path = w->path;
	size_t i;

	w->others = sk_X509_new_null();
	w->store = X509_STORE_new();
	w->ctx = X509_STORE_CTX_new();
	if (w->others == NULL || w->store == NULL || w->ctx == NULL ||
	    !X509_STORE_set_ex_data(w->store, 0, w) ||
	    !X509_STORE_add_cert(w->store,
		vt_cert_x509(path->certs[path->n - 1])) ||
	    !set_param(w->store, policies))
		return false;
	/* The path holds the references; the stack borrows them. */
	for (i = 1; i + 1 < path->n; i++)
		if (sk_X509_push(w->others, vt_cert_x509(path->certs[i])) <= 0)
			return false;
	X509_STORE_set_check_issued(w->store, is_issuer);
	X509_STORE_set_verify(w->store, no_signatures);
	X509_STORE_set_verify_cb(w->store, cb);
	return X509_STORE_CTX_init(w->ctx, w->store,
		   vt_cert_x509(path->certs[0]), w->others) == 1;
}

/* true where the chain that was built is the path. */
static bool
walked(const struct walk *w)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(w->ctx);
	const struct vt_trust_path *path = w->path;
	size_t i;

	if (chain == NULL || (size_t)sk_X509_num(chain) != path->n)
		return false;
	for (i = 0; i < path->n; i++)
		if (sk_X509_value(chain, (int)i) !=
		    vt_cert_x509(path->certs[i]))
			return false;
	return true;
}

int
vt_trust_walk(const struct vt_trust_path *path,
    const struct vt_trust_policies *policies, X509_STORE_CTX_verify_cb cb,
    void *arg, int *ret, struct vt_error *err)
{
	struct walk w = { .path = path, .arg = arg };
	int n, rc = VT_OK;

	ERR_set_mark();
	if (!walk_init(&w, policies, cb)) {
		rc = vt_error_nomem(err);
	} else {
		n = X509_verify_cert(w.ctx);
		*ret = n == 1 && !walked(&w) ? 0 : n;
	}
	ERR_pop_to_mark();
	X509_STORE_CTX_free(w.ctx);
	X509_STORE_free(w.store);
	sk_X509_free(w.others);
	return rc;
}
