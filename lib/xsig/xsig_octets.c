/* xsig_octets.c - what an object says of octets that are signed in base64 */
#include <string.h>

#include "xsig_int.h"

#define BASE64 "http://www.w3.org/2000/09/xmldsig#base64"

/* NODE is in what another reference covers as it stands. */
static bool
is_covered(const struct xsig_sig *s, const struct vt_xml_node *node)
{
	const struct xsig_ref *r;
	size_t i;

	for (i = 0; i < s->nrefs; i++) {
		r = &s->refs[i];
		if (r->pub.holds && !r->outside && !r->base64 &&
		    vt_xml_node_within(node, r->target) &&
		    !(r->enveloped && vt_xml_node_within(node, s->node)))
			return true;
	}
	return false;
}

/* "#ID" in the attribute LOCAL of NODE, ID being the Id of TARGET. */
static bool
names(const struct vt_xml_node *node, const char *local,
    const struct vt_xml_node *target)
{
	const struct vt_xml_attr *a = vt_xml_node_attr(node, local);
	const struct vt_xml_attr *id = vt_xml_node_attr(target, "Id");

	return a != NULL && id != NULL && vt_bytes_starts(a->value, "#") &&
	       vt_bytes_equal(vt_bytes_slice(a->value, 1, a->value.len),
		   id->value);
}

/* FORMAT's MimeType is TYPE. */
static bool
says_type(const struct vt_xml_node *format, struct vt_bytes type)
{
	const struct vt_xml_node *n = vt_xsig_child(format);

	while (n != NULL && !vt_xsig_is_xades(n, "MimeType"))
		n = vt_xsig_next(n);
	return n != NULL && n->child != NULL && n->child->kind == VT_XML_TEXT &&
	       n->child->next == NULL && vt_bytes_equal(n->child->text, type);
}

/* EN 319 132-1, 5.2.4: DataObjectFormat, which is signed, says the same. */
static bool
type_is_signed(const struct xsig_sig *s, const struct xsig_ref *r,
    struct vt_bytes type)
{
	const struct vt_xml_node *n;

	if (s->properties == NULL || !is_covered(s, s->properties))
		return false;
	for (n = s->properties; n != NULL;
	     n = vt_xml_node_after(n, s->properties))
		if (vt_xsig_is_xades(n, "DataObjectFormat") &&
		    names(n, "ObjectReference", r->node) && says_type(n, type))
			return true;
	return false;
}

static bool
is_harmless(const struct xsig_sig *s, const struct xsig_ref *r,
    const struct vt_xml_attr *a)
{
	if (a->ns != NULL)
		return false;
	if (strcmp(a->local, "Id") == 0)
		return true;
	if (strcmp(a->local, "Encoding") == 0)
		return vt_bytes_equal_str(a->value, BASE64);
	return strcmp(a->local, "MimeType") == 0 &&
	       type_is_signed(s, r, a->value);
}

const struct vt_xml_node *
vt_xsig_octets_bare(const struct xsig_sig *s)
{
	const struct xsig_ref *r;
	size_t i, k;

	for (i = 0; i < s->nrefs; i++) {
		r = &s->refs[i];
		if (!r->pub.holds || !r->base64 || is_covered(s, r->target))
			continue;
		for (k = 0; k < r->target->nattrs; k++)
			if (!is_harmless(s, r, &r->target->attrs[k]))
				return r->target;
	}
	return NULL;
}
