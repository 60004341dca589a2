/* xsig_read.c - reading one ds:Signature (XMLDSig 1.1, 4) */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "xsig_int.h"

#define MANIFEST_TYPE "http://www.w3.org/2000/09/xmldsig#Manifest"

/* --- SignedInfo --- */

static int
signature_method_read(struct xsig_sig *s, const struct vt_xml_node *node,
    struct vt_error *err)
{
	char *uri = NULL;
	int rc;

	if ((rc = vt_xsig_attr(node, "Algorithm", &uri, err)) != VT_OK)
		return rc;
	if (uri == NULL || !vt_xsig_structure(node, false))
		s->form = VT_XSIG_MALFORMED;
	else if (vt_xsig_child(node) == NULL) /* no parameters are known */
		s->alg = vt_xsig_alg_of(uri);
	free(uri);
	return VT_OK;
}

static int
signed_info_read(struct vt_xsig *xs, struct xsig_sig *s, struct vt_error *err)
{
	const struct vt_xml_node *cur = vt_xsig_child(s->signed_info), *c14n,
				 *method, *ref;
	bool known;
	int rc;

	c14n = vt_xsig_take(&cur, XSIG_NS, "CanonicalizationMethod");
	method = c14n != NULL ? vt_xsig_take(&cur, XSIG_NS, "SignatureMethod")
			      : NULL;
	if (method == NULL || cur == NULL ||
	    !vt_xsig_structure(s->signed_info, false)) {
		s->form = VT_XSIG_MALFORMED;
		return VT_OK;
	}
	if ((rc = signature_method_read(s, method, err)) != VT_OK ||
	    (rc = vt_xsig_c14n_read(c14n, &s->c14n, &known, err)) != VT_OK)
		return rc;
	while ((ref = vt_xsig_take(&cur, XSIG_NS, "Reference")) != NULL)
		if ((rc = vt_xsig_ref_read(xs, s, ref, err)) != VT_OK)
			return rc;
	if (cur != NULL) /* something else */
		s->form = VT_XSIG_MALFORMED;
	else if (s->form == VT_XSIG_FINE &&
		 (!known || s->alg.family == XSIG_FAMILY_NONE))
		s->form = VT_XSIG_UNSUPPORTED;
	s->nown = s->nrefs;
	return VT_OK;
}

/*
 * XMLDSig, 5.1: whoever signs a Manifest may mean what it lists or may not;
 * here all of that must hold too.
 */
static int
manifests_read(struct vt_xsig *xs, struct xsig_sig *s, struct vt_error *err)
{
	const struct vt_xml_node *seen[VT_XSIG_MANIFESTS_MAX], *m, *cur, *ref;
	size_t n = 0, i, k;
	int rc;

	for (i = 0; i < s->nrefs; i++) {
		m = s->refs[i].target;
		if (!vt_xml_node_is(m, XSIG_NS, "Manifest"))
			continue;
		for (k = 0; k < n && seen[k] != m; k++)
			;
		if (k < n)
			continue;
		if (n == VT_XSIG_MANIFESTS_MAX) {
			s->form = VT_XSIG_LIMIT;
			return VT_OK;
		}
		seen[n++] = m;
		cur = vt_xsig_child(m);
		if (cur == NULL || !vt_xsig_structure(m, false))
			s->form = VT_XSIG_MALFORMED;
		while ((ref = vt_xsig_take(&cur, XSIG_NS, "Reference")) != NULL)
			if ((rc = vt_xsig_ref_read(xs, s, ref, err)) != VT_OK)
				return rc;
		if (cur != NULL)
			s->form = VT_XSIG_MALFORMED;
	}
	return VT_OK;
}

/* --- KeyInfo --- */

/* Certificates are candidates, so what is not one is passed over. */
static int
key_info_read(struct xsig_sig *s, struct vt_error *err)
{
	const struct vt_xml_node *data, *n;
	int rc;

	for (data = vt_xsig_child(s->key_info); data != NULL;
	     data = vt_xsig_next(data)) {
		if (!vt_xml_node_is(data, XSIG_NS, "X509Data"))
			continue;
		for (n = vt_xsig_child(data); n != NULL; n = vt_xsig_next(n)) {
			rc = VT_OK;
			if (vt_xml_node_is(n, XSIG_NS, "X509Certificate"))
				rc = vt_xsig_cert_put(s, n, err);
			else if (vt_xml_node_is(n, XSIG_NS, "X509CRL"))
				rc = vt_xsig_value_put(&s->crls, &s->ncrls, n,
				    err);
			if (rc != VT_OK)
				return rc;
		}
	}
	s->nkey_certs = s->certs.n;
	return VT_OK;
}

int
vt_xsig_read(struct vt_xsig *xs, struct xsig_sig *s, struct vt_error *err)
{
	const struct vt_xml_node *cur = vt_xsig_child(s->node);
	bool ok = false;
	int rc;

	s->form = VT_XSIG_FINE;
	if ((rc = vt_xsig_attr(s->node, "Id", &s->id, err)) != VT_OK)
		return rc;
	s->pub.id = s->id;
	s->pub.line = s->node->line;
	s->pub.claimed_time = VT_TIME_NONE;
	vt_buf_init(&s->value, VT_XSIG_SIGNATURE_VALUE_MAX);
	s->signed_info = vt_xsig_take(&cur, XSIG_NS, "SignedInfo");
	if (s->signed_info != NULL)
		s->value_node = vt_xsig_take(&cur, XSIG_NS, "SignatureValue");
	s->key_info = vt_xsig_take(&cur, XSIG_NS, "KeyInfo");
	s->objects = cur;
	while (vt_xsig_take(&cur, XSIG_NS, "Object") != NULL)
		;
	if (s->value_node == NULL || cur != NULL ||
	    !vt_xsig_structure(s->node, true)) {
		s->form = VT_XSIG_MALFORMED;
		return VT_OK;
	}
	if ((rc = vt_xsig_base64(s->value_node, &s->value, &ok, err)) != VT_OK)
		return rc;
	if (!ok || s->value.len == 0)
		s->form = VT_XSIG_MALFORMED;
	if ((s->key_info != NULL && (rc = key_info_read(s, err)) != VT_OK) ||
	    (rc = signed_info_read(xs, s, err)) != VT_OK ||
	    (rc = manifests_read(xs, s, err)) != VT_OK)
		return rc;
	return vt_xsig_xades_read(xs, s, err);
}
