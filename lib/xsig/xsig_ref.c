/* xsig_ref.c - reading one ds:Reference: what it means, and through what */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "xsig_int.h"

#define ENVELOPED "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
#define BASE64 "http://www.w3.org/2000/09/xmldsig#base64"

/*
 * The chains that we do: enveloped-signature or not, then a canonicalisation
 * or not; or base64 alone.  Whatever else is in a chain, an unknown name
 * included, makes it one that we do not do.
 */
static int
transform_read(struct xsig_ref *r, const struct vt_xml_node *node,
    struct vt_error *err)
{
	char *uri = NULL;
	bool known = false;
	int rc;

	if ((rc = vt_xsig_attr(node, "Algorithm", &uri, err)) != VT_OK)
		return rc;
	if (uri == NULL) {
		r->form = VT_XSIG_MALFORMED;
	} else if (r->base64 || r->canonical) {
		r->form = VT_XSIG_UNSUPPORTED_TRANSFORM;
	} else if (strcmp(uri, ENVELOPED) == 0 && node->child == NULL) {
		if (r->enveloped)
			r->form = VT_XSIG_UNSUPPORTED_TRANSFORM;
		r->enveloped = true;
	} else if (strcmp(uri, BASE64) == 0 && node->child == NULL) {
		if (r->enveloped)
			r->form = VT_XSIG_UNSUPPORTED_TRANSFORM;
		r->base64 = true;
	} else {
		rc = vt_xsig_c14n_read(node, &r->c14n, &known, err);
		if (rc == VT_OK && !known)
			r->form = VT_XSIG_UNSUPPORTED_TRANSFORM;
		r->canonical = true;
	}
	free(uri);
	return rc;
}

static int
transforms_read(struct xsig_ref *r, const struct vt_xml_node *node,
    struct vt_error *err)
{
	const struct vt_xml_node *t;
	int rc;

	t = vt_xsig_child(node);
	if (!vt_xsig_structure(node, false) || t == NULL) {
		r->form = VT_XSIG_MALFORMED;
		return VT_OK;
	}
	for (; t != NULL && r->form == VT_XSIG_FINE; t = vt_xsig_next(t)) {
		if (!vt_xml_node_is(t, XSIG_NS, "Transform"))
			r->form = VT_XSIG_MALFORMED;
		else if ((rc = transform_read(r, t, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* --- what a URI means --- */

/* XPointer's "id('X')" and "id("X")": X, or empty. */
static struct vt_bytes
pointer_id(const char *uri)
{
	static const char open[] = "#xpointer(id(";
	size_t len = strlen(uri), n = sizeof(open) - 1;
	struct vt_bytes id;

	/* Two quotes and two parentheses behind a name. */
	if (strncmp(uri, open, n) != 0 || len < n + 5 ||
	    strcmp(uri + len - 2, "))") != 0 ||
	    (uri[n] != '\'' && uri[n] != '"') || uri[len - 3] != uri[n])
		return VT_BYTES(NULL, 0);
	id = VT_BYTES(uri + n + 1, len - n - 4);
	return strcspn(uri + n + 1, "'\"()") == id.len ? id : VT_BYTES(NULL, 0);
}

/* XMLDSig, 4.4.3.3: what a reference within the document names. */
static void
target_find(const struct vt_xsig *xs, struct xsig_ref *r)
{
	struct vt_bytes id;

	if (strcmp(r->uri, "") == 0) {
		r->target = vt_xml_tree_document(xs->tree);
		return;
	}
	if (strcmp(r->uri, "#xpointer(/)") == 0) {
		r->target = vt_xml_tree_document(xs->tree);
		r->comments = true;
		return;
	}
	id = pointer_id(r->uri);
	if (id.len > 0) {
		r->comments = true;
	} else if (r->uri[1] == '\0' ||
		   strcspn(r->uri, "()") != strlen(r->uri)) {
		r->form = VT_XSIG_UNSUPPORTED_REFERENCE;
		return;
	} else {
		id = vt_bytes_str(r->uri + 1);
	}
	r->form = vt_xsig_id_find(xs, id, &r->target);
}

/* What the transforms ask of what is referred to. */
static void
target_check(const struct xsig_sig *s, struct xsig_ref *r)
{
	if (r->outside) {
		/* There is no signature in it, and no ds:Object. */
		if (r->enveloped || r->base64)
			r->form = VT_XSIG_UNSUPPORTED_TRANSFORM;
		return;
	}
	if (vt_xml_node_is(r->target, XSIG_NS, "Object")) {
		/* 4.5: it is part of a signature, wherever else it may be. */
		if (!vt_xml_node_is(r->target->parent, XSIG_NS, "Signature"))
			r->form = VT_XSIG_MISPLACED;
	} else if (r->base64) {
		r->form = VT_XSIG_UNSUPPORTED_TRANSFORM;
	}
	/*
	 * 6.6.4: it takes the signature out of what contains it.  Where that
	 * is not so, something was moved.
	 */
	if (r->enveloped &&
	    (r->target == s->node || !vt_xml_node_within(s->node, r->target)))
		r->form = VT_XSIG_MISPLACED;
}

static int
body_read(struct xsig_ref *r, struct vt_error *err)
{
	const struct vt_xml_node *cur = vt_xsig_child(r->node), *t;
	enum vt_xsig_reason form;
	int rc;

	if (!vt_xsig_structure(r->node, false)) {
		r->form = VT_XSIG_MALFORMED;
		return VT_OK;
	}
	t = vt_xsig_take(&cur, XSIG_NS, "Transforms");
	if (t != NULL && (rc = transforms_read(r, t, err)) != VT_OK)
		return rc;
	rc = vt_xsig_digest_read(&cur, &r->md, r->value, &form, err);
	if (rc != VT_OK)
		return rc;
	if (cur != NULL && form == VT_XSIG_FINE)
		form = VT_XSIG_MALFORMED;
	/* What is wrong comes before what is only unknown. */
	if (form != VT_XSIG_FINE &&
	    (r->form == VT_XSIG_FINE || !vt_xsig_reason_open(form)))
		r->form = form;
	return VT_OK;
}

int
vt_xsig_ref_read(struct vt_xsig *xs, struct xsig_sig *s,
    const struct vt_xml_node *node, struct vt_error *err)
{
	struct xsig_ref *r;
	int rc = VT_OK;

	r = vt_xsig_grown(s->refs, s->nrefs, sizeof(*r), VT_XSIG_REFERENCES_MAX,
	    &rc, err);
	if (r == NULL)
		return rc;
	s->refs = r;
	r = &s->refs[s->nrefs++];
	r->node = node;
	r->form = VT_XSIG_FINE;
	r->md = XSIG_MD_UNKNOWN;
	if ((rc = vt_xsig_attr(node, "URI", &r->uri, err)) != VT_OK ||
	    (rc = body_read(r, err)) != VT_OK)
		return rc;
	r->pub.uri = r->uri;
	r->pub.digest = vt_xsig_md_name(r->md);
	r->outside = r->uri == NULL || (r->uri[0] != '\0' && r->uri[0] != '#');
	if (r->form == VT_XSIG_FINE && !r->outside)
		target_find(xs, r);
	if (r->form == VT_XSIG_FINE)
		target_check(s, r);
	if (r->target != NULL) {
		if ((rc = vt_xsig_path(r->target, &r->target_path, err)) !=
		    VT_OK)
			return rc;
		r->pub.target = r->target_path;
	}
	return VT_OK;
}

void
vt_xsig_ref_release(struct xsig_ref *r)
{
	free(r->uri);
	free(r->target_path);
	vt_xsig_c14n_release(&r->c14n);
}
