/* xsig_open.c - a document, the Ids in it, and its signatures */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vanthu/error.h"
#include "xsig_int.h"

#define WSU_NS                                                                 \
	"http://docs.oasis-open.org/wss/2004/01/"                              \
	"oasis-200401-wss-wssecurity-utility-1.0.xsd"

/* --- Ids --- */

/*
 * Without a schema nobody knows what an Id is.  References mean the attributes
 * that are one by custom; whatever else is called so can only make doubt.
 */
static bool
id_usable(const struct vt_xml_attr *a)
{
	if (a->ns == NULL)
		return strcmp(a->local, "Id") == 0 ||
		       strcmp(a->local, "ID") == 0 ||
		       strcmp(a->local, "id") == 0;
	return (strcmp(a->ns, VT_XML_NS) == 0 && strcmp(a->local, "id") == 0) ||
	       (strcmp(a->ns, WSU_NS) == 0 && strcmp(a->local, "Id") == 0);
}

static int
by_value(const void *a, const void *b)
{
	const struct xsig_id *x = a, *y = b;

	return vt_xsig_id_order(x->value, y->value);
}

static int
ids_gather(struct vt_xsig *xs, struct vt_error *err)
{
	const struct vt_xml_node *n;
	struct xsig_id *ids;
	size_t i;
	int rc = VT_OK;

	for (n = vt_xml_tree_document(xs->tree); n != NULL;
	     n = vt_xml_node_after(n, NULL))
		for (i = 0; i < n->nattrs; i++) {
			if (strcasecmp(n->attrs[i].local, "id") != 0)
				continue;
			ids = vt_xsig_grown(xs->ids, xs->nids, sizeof(*ids),
			    VT_XSIG_IDS_MAX, &rc, err);
			if (ids == NULL)
				return rc;
			xs->ids = ids;
			xs->ids[xs->nids++] =
			    (struct xsig_id){ n->attrs[i].value, n,
				    id_usable(&n->attrs[i]) };
		}
	if (xs->nids > 1)
		qsort(xs->ids, xs->nids, sizeof(*xs->ids), by_value);
	return VT_OK;
}

/* --- signatures --- */

static int
signatures_find(struct vt_xsig *xs, struct vt_error *err)
{
	const struct vt_xml_node *n;
	struct xsig_sig *sigs;
	int rc = VT_OK;

	for (n = vt_xml_tree_root(xs->tree); n != NULL;
	     n = vt_xml_node_after(n, NULL)) {
		if (!vt_xml_node_is(n, XSIG_NS, "Signature"))
			continue;
		if (xs->nsigs == VT_XSIG_SIGNATURES_MAX)
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "more than %d signatures", VT_XSIG_SIGNATURES_MAX);
		sigs = vt_xsig_grown(xs->sigs, xs->nsigs, sizeof(*sigs),
		    VT_XSIG_SIGNATURES_MAX, &rc, err);
		if (sigs == NULL)
			return rc;
		xs->sigs = sigs;
		xs->sigs[xs->nsigs++].node = n;
	}
	return VT_OK;
}

/* The signature in whose unsigned properties number I is a countersignature. */
static size_t
parent_find(const struct vt_xsig *xs, size_t i)
{
	const struct vt_xml_node *up = xs->sigs[i].node->parent;
	size_t k;

	if (!vt_xsig_is_xades(up, "CounterSignature"))
		return VT_XSIG_NO_PARENT;
	for (k = i; k-- > 0;)
		if (vt_xml_node_within(up, xs->sigs[k].node))
			return xs->sigs[k].unsigned_props == up->parent
				   ? k
				   : VT_XSIG_NO_PARENT;
	return VT_XSIG_NO_PARENT;
}

static int
signatures_read(struct vt_xsig *xs, struct vt_error *err)
{
	struct xsig_sig *s;
	size_t i, k;
	int rc;

	for (i = 0; i < xs->nsigs; i++) {
		s = &xs->sigs[i];
		if ((rc = vt_xsig_read(xs, s, err)) != VT_OK)
			return rc;
		for (k = 0; k < s->nrefs; k++)
			s->pub.detached = s->pub.detached || s->refs[k].outside;
	}
	for (i = 0; i < xs->nsigs; i++)
		xs->sigs[i].pub.parent = parent_find(xs, i);
	return VT_OK;
}

int
vt_xsig_open(struct vt_source *src, struct vt_xsig **ret, struct vt_error *err)
{
	struct vt_xsig *xs;
	int rc;

	if ((xs = calloc(1, sizeof(*xs))) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_xml_tree_read(src, &xs->tree, err)) != VT_OK ||
	    (rc = signatures_find(xs, err)) != VT_OK ||
	    (xs->nsigs > 0 && ((rc = ids_gather(xs, err)) != VT_OK ||
				  (rc = signatures_read(xs, err)) != VT_OK)))
		goto out;
	*ret = xs;
	xs = NULL;
out:
	vt_xsig_free(xs);
	return rc;
}

static void
sig_release(struct xsig_sig *s)
{
	size_t i;

	for (i = 0; i < s->nrefs; i++)
		vt_xsig_ref_release(&s->refs[i]);
	free(s->refs);
	vt_xsig_c14n_release(&s->c14n);
	vt_buf_release(&s->value);
	vt_xsig_stamps_release(s);
	vt_xsig_xades_release(s);
	free(s->uncovered);
	free(s->id);
}

void
vt_xsig_free(struct vt_xsig *xs)
{
	size_t i;

	if (xs == NULL)
		return;
	for (i = 0; i < xs->nsigs; i++)
		sig_release(&xs->sigs[i]);
	free(xs->sigs);
	free(xs->ids);
	vt_xml_tree_free(xs->tree);
	free(xs);
}

/* --- looking --- */

size_t
vt_xsig_count(const struct vt_xsig *xs)
{
	return xs->nsigs;
}

const struct vt_xsig_signature *
vt_xsig_signature(const struct vt_xsig *xs, size_t i)
{
	return &xs->sigs[i].pub;
}

void
vt_xsig_pass_over(struct vt_xsig *xs, const char *ns, const char *local)
{
	xs->pass_ns = ns;
	xs->pass_local = local;
}

const struct vt_certs *
vt_xsig_certs(const struct vt_xsig *xs, size_t i)
{
	return &xs->sigs[i].certs;
}

size_t
vt_xsig_ncrls(const struct vt_xsig *xs, size_t i)
{
	return xs->sigs[i].ncrls;
}

struct vt_bytes
vt_xsig_crl(const struct vt_xsig *xs, size_t i, size_t k)
{
	return vt_buf_bytes(&xs->sigs[i].crls[k]);
}

size_t
vt_xsig_nocsps(const struct vt_xsig *xs, size_t i)
{
	return xs->sigs[i].nocsps;
}

struct vt_bytes
vt_xsig_ocsp(const struct vt_xsig *xs, size_t i, size_t k)
{
	return vt_buf_bytes(&xs->sigs[i].ocsps[k]);
}

size_t
vt_xsig_nreferences(const struct vt_xsig *xs, size_t i)
{
	return xs->sigs[i].nrefs;
}

const struct vt_xsig_reference *
vt_xsig_reference(const struct vt_xsig *xs, size_t i, size_t k)
{
	return &xs->sigs[i].refs[k].pub;
}

size_t
vt_xsig_nstamps(const struct vt_xsig *xs, size_t i)
{
	return xs->sigs[i].nstamps;
}

const struct vt_xsig_stamp *
vt_xsig_stamp(const struct vt_xsig *xs, size_t i, size_t k)
{
	return &xs->sigs[i].stamps[k].pub;
}
