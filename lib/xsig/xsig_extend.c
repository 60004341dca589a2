/* xsig_extend.c - a time stamp for a signature that is there (XAdES-T) */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "xsig_int.h"

#define CLAUSE "EN 319 132-1, 5.3"
#define OVER_MAX (1u << 20)  /* bytes of a ds:SignatureValue */
#define TOKEN_MAX (1u << 20) /* bytes of a time stamp */

/* It declares what it uses, so that it stands anywhere. */
#define NAMESPACES " xmlns:xades=\"" XSIG_XADES_NS "\" xmlns:ds=\"" XSIG_NS "\""
#define UNSIGNED_OPEN                                                          \
	"<xades:UnsignedProperties xmlns:xades=\"" XSIG_XADES_NS               \
	"\"><xades:UnsignedSignatureProperties>"
#define UNSIGNED_CLOSE                                                         \
	"</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"

/* The last one that is no counter-signature; xs->nsigs: there is none. */
static size_t
last_of(const struct vt_xsig *xs)
{
	size_t i;

	for (i = xs->nsigs; i-- > 0;)
		if (xs->sigs[i].pub.parent == VT_XSIG_NO_PARENT)
			return i;
	return xs->nsigs;
}

static int
keep(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_xsig_buf_error(vt_buf_bytes_put(ctx, piece), err);
}

/* What a stamp of S in exclusive canonical form is over. */
static int
value_of(struct vt_xsig *xs, const struct xsig_sig *s, struct vt_buf *ret,
    struct vt_error *err)
{
	const struct xsig_c14n c14n = { .method = VT_XML_C14N_EXC };

	return vt_xsig_canonical(xs, s->value_node, &c14n, keep, ret, err);
}

static int
property_put(struct vt_buf *out, struct vt_bytes token, struct vt_error *err)
{
	int rc;

	if ((rc = vt_buf_puts(out,
		 "<xades:SignatureTimeStamp" NAMESPACES
		 "><ds:CanonicalizationMethod Algorithm=\"" XSIG_C14N_EXC
		 "\"/><xades:EncapsulatedTimeStamp>")) == VT_OK &&
	    (rc = vt_xsig_base64_put(out, token)) == VT_OK)
		rc = vt_buf_puts(out, "</xades:EncapsulatedTimeStamp>"
				      "</xades:SignatureTimeStamp>");
	return vt_xsig_buf_error(rc, err);
}

/* Where the property goes: behind the others that are not signed. */
static int
frame_of(struct vt_source *src, const struct vt_xsig *xs,
    const struct xsig_sig *s, struct xsig_frame *f, struct vt_error *err)
{
	const struct vt_xml_node *n;

	if (s->unsigned_props != NULL)
		return vt_xsig_frame(src, xs, s->unsigned_props, "", "", f,
		    err);
	for (n = vt_xsig_child(s->qualifying); n != NULL; n = vt_xsig_next(n))
		if (vt_xsig_is_xades(n, "UnsignedProperties"))
			return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
			    "the signature has unsigned properties of another "
			    "kind only");
	return vt_xsig_frame(src, xs, s->qualifying, UNSIGNED_OPEN,
	    UNSIGNED_CLOSE, f, err);
}

/* Which signatures of XS hold. */
static int
held_of(struct vt_xsig *xs, bool held[VT_XSIG_SIGNATURES_MAX],
    struct vt_error *err)
{
	struct vt_xsig_facts f;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < xs->nsigs && rc == VT_OK; i++) {
		rc = vt_xsig_check(xs, i, NULL, NULL, &f, err);
		held[i] = rc == VT_OK && f.intact;
	}
	return rc;
}

/* Read as anybody would, it has one stamp more, over OVER; all holds still. */
static int
result_check(const struct vt_buf *result, const struct vt_xsig *before,
    size_t which, const bool *held, struct vt_bytes over, struct vt_error *err)
{
	bool now[VT_XSIG_SIGNATURES_MAX] = { false };
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;
	struct vt_buf imprint;
	size_t n = before->sigs[which].nstamps;
	bool fine = false;
	int rc;

	vt_buf_init(&imprint, OVER_MAX);
	if ((rc = vt_source_bytes(vt_buf_bytes(result), &src, err)) != VT_OK ||
	    (rc = vt_xsig_open(src, &xs, err)) != VT_OK)
		goto out;
	fine = xs->nsigs == before->nsigs && xs->sigs[which].nstamps == n + 1;
	if (fine && (rc = held_of(xs, now, err)) == VT_OK &&
	    (rc = vt_xsig_stamp_imprint(xs, which, n, NULL, keep, &imprint,
		 err)) == VT_OK)
		fine = memcmp(now, held, sizeof(now)) == 0 &&
		       vt_bytes_equal(vt_buf_bytes(&imprint), over);
	if (rc == VT_OK && !fine)
		rc = vt_error_set(err, VT_EREFUSED, CLAUSE,
		    "a time stamp would break a signature in it");
out:
	vt_buf_release(&imprint);
	vt_xsig_free(xs);
	vt_source_free(src);
	return rc;
}

static int
put_stamp(struct vt_source *src, struct vt_xsig *xs, size_t which,
    vt_xsig_stamper_fn *stamper, void *stamper_ctx, struct vt_buf *result,
    struct vt_error *err)
{
	bool held[VT_XSIG_SIGNATURES_MAX] = { false };
	const struct xsig_sig *s = &xs->sigs[which];
	struct vt_buf over, token, property;
	struct vt_xsig_facts facts;
	struct xsig_frame f;
	int rc;

	vt_buf_init(&over, OVER_MAX);
	vt_buf_init(&token, TOKEN_MAX);
	vt_buf_init(&property, XSIG_SIGNATURE_MAX);
	vt_buf_init(&f.text, XSIG_FRAME_MAX);
	if ((rc = vt_xsig_check(xs, which, NULL, NULL, &facts, err)) == VT_OK &&
	    !facts.intact)
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "a signature in it does not hold: %s",
		    vt_xsig_reason_text(facts.reason));
	if (rc == VT_OK)
		rc = held_of(xs, held, err);
	if (rc == VT_OK && (rc = frame_of(src, xs, s, &f, err)) == VT_OK &&
	    (rc = value_of(xs, s, &over, err)) == VT_OK &&
	    (rc = stamper(stamper_ctx, vt_buf_bytes(&over), &token, err)) ==
		VT_OK &&
	    (rc = property_put(&property, vt_buf_bytes(&token), err)) ==
		VT_OK &&
	    (rc = vt_xsig_splice(&f, &property, result, err)) == VT_OK)
		rc = result_check(result, xs, which, held, vt_buf_bytes(&over),
		    err);
	vt_buf_release(&over);
	vt_buf_release(&token);
	vt_buf_release(&property);
	vt_buf_release(&f.text);
	return rc;
}

int
vt_xsig_stamp_add(struct vt_source *src, vt_xsig_stamper_fn *stamper,
    void *stamper_ctx, vt_sink_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_xsig *xs = NULL;
	struct vt_buf result;
	size_t which;
	int rc;

	vt_buf_init(&result, VT_XML_TREE_MAX);
	if ((rc = vt_xsig_open(src, &xs, err)) != VT_OK)
		return rc;
	which = last_of(xs);
	if (which == xs->nsigs || xs->sigs[which].qualifying == NULL ||
	    xs->sigs[which].value_node == NULL ||
	    xs->sigs[which].xades_form != VT_XSIG_FINE)
		rc = vt_error_set(err, VT_EREFUSED, CLAUSE,
		    "its last signature is no XAdES signature, to which a time "
		    "stamp could be added");
	else if ((rc = put_stamp(src, xs, which, stamper, stamper_ctx, &result,
		      err)) == VT_OK)
		rc = vt_xsig_hand_out(&result, fn, ctx, err);
	vt_xsig_free(xs);
	vt_buf_release(&result);
	return rc;
}
