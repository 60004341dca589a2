/* xsig_digest.c - what references mean, through their transforms, digested */
#include <string.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "xsig_int.h"

#define NODE_WORK 32 /* going over one node, as bytes of a digest */

/* Counts what passes. */
struct meter {
	struct vt_xsig *xs;
	vt_sink_fn *fn;
	void *ctx;
	bool over;
};

static int
work_add(struct meter *m, uint64_t work, struct vt_error *err)
{
	m->xs->work += work;
	if (m->xs->work <= VT_XSIG_WORK_MAX)
		return VT_OK;
	m->over = true;
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "the signatures ask for more than %u bytes to be digested",
	    VT_XSIG_WORK_MAX);
}

bool
vt_xsig_work(struct vt_xsig *xs, const struct vt_xml_node *node)
{
	struct meter m = { .xs = xs };
	uint64_t nodes = (uint64_t)node->last - node->first + 1;

	return work_add(&m, NODE_WORK * nodes, NULL) == VT_OK;
}

/* The same for a meter: whatever comes out, it costs that. */
static int
work_node(struct meter *m, const struct vt_xml_node *node, struct vt_error *err)
{
	uint64_t nodes = (uint64_t)node->last - node->first + 1;

	return work_add(m, NODE_WORK * nodes, err);
}

static int
meter_put(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct meter *m = ctx;
	int rc = work_add(m, piece.len, err);

	return rc == VT_OK ? m->fn(m->ctx, piece, err) : rc;
}

int
vt_xsig_canonical(struct vt_xsig *xs, const struct vt_xml_node *node,
    const struct xsig_c14n *c, vt_sink_fn *fn, void *ctx, struct vt_error *err)
{
	const struct vt_xml_c14n how = { .method = c->method,
		.comments = c->comments,
		.prefixes = &c->prefixes };
	struct meter m = { .xs = xs, .fn = fn, .ctx = ctx };
	int rc;

	if ((rc = work_node(&m, node, err)) != VT_OK)
		return rc;
	return vt_xml_canonical(xs->tree, node, &how, meter_put, &m, err);
}

/* --- one reference --- */

/*
 * XMLDSig, 4.4.3.3 and 6.6.1: comments are left out unless an XPointer names
 * the nodes and the canonicalisation keeps them; without one it is Canonical
 * XML 1.0.  6.6.4: the signature is taken out.
 */
static int
nodes_stream(struct vt_xml_tree *tree, const struct vt_xml_node *node,
    const struct xsig_sig *s, const struct xsig_ref *r, struct meter *m,
    struct vt_error *err)
{
	const struct vt_xml_c14n how = {
		.method = r->canonical ? r->c14n.method : VT_XML_C14N,
		.comments = r->canonical && r->c14n.comments &&
			    (r->comments || r->outside),
		.prefixes = r->canonical ? &r->c14n.prefixes : NULL,
		.without = r->enveloped ? s->node : NULL,
	};
	int rc;

	if ((rc = work_node(m, node, err)) != VT_OK)
		return rc;
	return vt_xml_canonical(tree, node, &how, meter_put, m, err);
}

/* 6.6.2; a mark or an element within is not text that all would read alike. */
static int
base64_stream(const struct vt_xml_node *object, struct meter *m,
    enum vt_xsig_reason *reason, struct vt_error *err)
{
	unsigned char out[VT_XML_TEXT_PIECE / 4 * 3 + 3];
	struct vt_base64_decoder d = { 0 };
	const struct vt_xml_node *n;
	size_t len;
	int rc;

	*reason = VT_XSIG_MALFORMED;
	for (n = object->child; n != NULL; n = n->next) {
		if (n->kind != VT_XML_TEXT ||
		    !vt_base64_decode(&d, n->text, out, &len))
			return VT_OK;
		if ((rc = meter_put(m, VT_BYTES(out, len), err)) != VT_OK)
			return rc;
	}
	if (vt_base64_decode_end(&d))
		*reason = VT_XSIG_FINE;
	return VT_OK;
}

/*
 * In a comment, which is not signed, a whole PDF may stand; readers look for
 * its header so far.
 */
static int
opened_as_pdf(struct vt_source *src, bool *ret, struct vt_error *err)
{
	struct vt_bytes head;
	int rc = vt_source_view(src, 0, 1024, &head, err);

	*ret = rc == VT_OK && vt_bytes_find(head, 0, "%PDF-") != SIZE_MAX;
	return rc;
}

static int
outside_stream(const struct xsig_sig *s, const struct xsig_ref *r,
    struct xsig_content *c, struct meter *m, enum vt_xsig_reason *reason,
    struct vt_error *err)
{
	int rc;

	if (c->src == NULL) {
		*reason = VT_XSIG_NO_CONTENT;
		return VT_OK;
	}
	if (!r->canonical)
		return vt_source_stream(c->src, 0, vt_source_size(c->src),
		    m->fn, m->ctx, err);
	if (c->tree == NULL && !c->no_tree) {
		if ((rc = opened_as_pdf(c->src, &c->no_tree, err)) != VT_OK)
			return rc;
		rc = c->no_tree ? VT_EFORMAT
				: vt_xml_tree_read(c->src, &c->tree, NULL);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc == VT_EIO)
			return vt_error_set(err, VT_EIO, NULL,
			    "the content cannot be read");
		c->no_tree = rc != VT_OK;
	}
	if (c->no_tree) { /* it may be XML, but not for us */
		*reason = VT_XSIG_UNSUPPORTED_TRANSFORM;
		return VT_OK;
	}
	return nodes_stream(c->tree, vt_xml_tree_document(c->tree), s, r, m,
	    err);
}

int
vt_xsig_ref_stream(struct vt_xsig *xs, const struct xsig_sig *s,
    const struct xsig_ref *r, struct xsig_content *content, vt_sink_fn *fn,
    void *ctx, enum vt_xsig_reason *reason, struct vt_error *err)
{
	struct meter m = { .xs = xs, .fn = fn, .ctx = ctx };
	struct vt_error own = { 0 }; /* a reason is no error */
	int rc;

	*reason = VT_XSIG_FINE;
	if (r->outside)
		rc = outside_stream(s, r, content, &m, reason, &own);
	else if (r->base64)
		rc = base64_stream(r->target, &m, reason, &own);
	else
		rc = nodes_stream(xs->tree, r->target, s, r, &m, &own);
	if (rc == VT_ELIMIT && m.over) {
		*reason = VT_XSIG_LIMIT;
		return VT_OK;
	}
	if (rc == VT_EUNSUPPORTED) { /* no canonical form */
		*reason = VT_XSIG_UNSUPPORTED_TRANSFORM;
		return VT_OK;
	}
	if (rc != VT_OK && err != NULL && err->code == VT_OK)
		*err = own;
	return rc;
}

static int
digest_make(struct vt_xsig *xs, const struct xsig_sig *s,
    const struct xsig_ref *r, struct xsig_content *content, unsigned char *out,
    enum vt_xsig_reason *reason, struct vt_error *err)
{
	struct xsig_hash *hash = NULL;
	int rc;

	if ((rc = vt_xsig_hash_new(r->md, &hash, err)) != VT_OK)
		return rc;
	rc = vt_xsig_ref_stream(xs, s, r, content, vt_xsig_hash_put, hash,
	    reason, err);
	if (rc == VT_OK && *reason == VT_XSIG_FINE)
		rc = vt_xsig_hash_end(hash, out, err);
	vt_xsig_hash_free(hash);
	return rc;
}

/*
 * A comment that is not signed can be put anywhere and cut a value in two for
 * whoever reads only its first piece, and so can the marks of CDATA sections,
 * which no canonical form keeps.  Between elements and text it shows.
 */
static bool
is_split(const struct vt_xml_node *node, bool comments_signed)
{
	const struct vt_xml_node *c;
	bool text = false, comment = false;

	for (c = node->child; c != NULL; c = c->next) {
		if (c->kind == VT_XML_ELEMENT)
			return false;
		comment = comment || c->kind == VT_XML_COMMENT;
		text =
		    text || (c->kind == VT_XML_TEXT && !vt_xsig_blank(c->text));
	}
	return text && (node->seam || (comment && !comments_signed));
}

static bool
text_is_split(const struct xsig_sig *s, const struct xsig_ref *r,
    const struct xsig_content *content)
{
	const struct vt_xml_node *n, *top = r->target;
	bool comments_signed =
	    r->canonical && r->c14n.comments && (r->comments || r->outside);

	if (r->outside && !r->canonical)
		return false;
	if (r->outside)
		top = vt_xml_tree_document(content->tree);
	for (n = top; n != NULL; n = vt_xml_node_after(n, top))
		if (n->kind == VT_XML_ELEMENT &&
		    !(r->enveloped && vt_xml_node_within(n, s->node)) &&
		    is_split(n, comments_signed))
			return true;
	return false;
}

int
vt_xsig_ref_check(struct vt_xsig *xs, const struct xsig_sig *s,
    struct xsig_ref *r, struct xsig_content *content, struct vt_error *err)
{
	unsigned char own[EVP_MAX_MD_SIZE], *value = own;
	bool plain = r->outside && !r->canonical;
	enum vt_xsig_reason reason = r->form;
	int rc;

	r->pub.holds = false;
	r->pub.reason = reason;
	if (reason != VT_XSIG_FINE)
		return VT_OK;
	if (plain)
		value = content->value[r->md];
	if (!plain || !content->have[r->md]) {
		rc = digest_make(xs, s, r, content, value, &reason, err);
		if (rc != VT_OK)
			return rc;
		if (plain && reason == VT_XSIG_FINE)
			content->have[r->md] = true;
	}
	if (reason == VT_XSIG_FINE &&
	    memcmp(value, r->value, vt_xsig_md_len(r->md)) != 0)
		reason = VT_XSIG_DIGEST_DIFFERS;
	if (reason == VT_XSIG_FINE && text_is_split(s, r, content))
		reason = VT_XSIG_COMMENT;
	r->pub.reason = reason;
	r->pub.holds = reason == VT_XSIG_FINE;
	return VT_OK;
}

void
vt_xsig_content_release(struct xsig_content *c)
{
	vt_xml_tree_free(c->tree);
}
