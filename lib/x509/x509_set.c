/* x509_set.c - sets of references to certificates and lists */
#include <stdlib.h>
#include <string.h>

#include "x509_int.h"

static int
too_many(struct vt_error *err)
{
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "more than %d certificates or revocation lists", VT_X509_OBJECTS);
}

/* Room for one more pointer: the array doubles at powers of two. */
int
vt_x509_set_grow(void **items, size_t n, struct vt_error *err)
{
	void *more;

	if (n >= VT_X509_OBJECTS)
		return too_many(err);
	if ((n & (n - 1)) != 0)
		return VT_OK;
	more = realloc(*items, (n == 0 ? 1 : 2 * n) * sizeof(void *));
	if (more == NULL)
		return vt_error_nomem(err);
	*items = more;
	return VT_OK;
}

bool
vt_certs_has(const struct vt_certs *set, const struct vt_cert *cert)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (vt_cert_equal(set->items[i], cert))
			return true;
	return false;
}

int
vt_certs_add(struct vt_certs *set, struct vt_cert *cert, struct vt_error *err)
{
	void *items = set->items;
	int rc;

	if (vt_certs_has(set, cert))
		return VT_OK;
	if ((rc = vt_x509_set_grow(&items, set->n, err)) != VT_OK)
		return rc;
	set->items = items;
	set->items[set->n++] = vt_cert_ref(cert);
	return VT_OK;
}

int
vt_certs_add_all(struct vt_certs *set, const struct vt_certs *more,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < more->n && rc == VT_OK; i++)
		rc = vt_certs_add(set, more->items[i], err);
	return rc;
}

void
vt_certs_release(struct vt_certs *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		vt_cert_free(set->items[i]);
	free(set->items);
	memset(set, 0, sizeof(*set));
}

int
vt_crls_add(struct vt_crls *set, struct vt_crl *crl, struct vt_error *err)
{
	void *items = set->items;
	size_t i;
	int rc;

	for (i = 0; i < set->n; i++)
		if (set->items[i] == crl ||
		    memcmp(vt_crl_sha256(set->items[i]), vt_crl_sha256(crl),
			VT_SHA256_LEN) == 0)
			return VT_OK;
	if ((rc = vt_x509_set_grow(&items, set->n, err)) != VT_OK)
		return rc;
	set->items = items;
	set->items[set->n++] = vt_crl_ref(crl);
	return VT_OK;
}

void
vt_crls_release(struct vt_crls *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		vt_crl_free(set->items[i]);
	free(set->items);
	memset(set, 0, sizeof(*set));
}
