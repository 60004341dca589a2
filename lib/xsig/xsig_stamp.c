/* xsig_stamp.c - time stamps among the properties, and what they are over */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "xsig_int.h"

static const struct {
	const char *name;
	enum vt_xsig_stamp_kind kind;
} kinds[] = {
	{ "SignatureTimeStamp", VT_XSIG_STAMP_SIGNATURE },
	{ "ArchiveTimeStamp", VT_XSIG_STAMP_ARCHIVE },
	{ "SigAndRefsTimeStamp", VT_XSIG_STAMP_REFS },
	{ "RefsOnlyTimeStamp", VT_XSIG_STAMP_REFS },
	{ "SigAndRefsTimeStampV2", VT_XSIG_STAMP_REFS },
	{ "RefsOnlyTimeStampV2", VT_XSIG_STAMP_REFS },
	{ "AllDataObjectsTimeStamp", VT_XSIG_STAMP_CONTENT },
	{ "IndividualDataObjectsTimeStamp", VT_XSIG_STAMP_CONTENT },
};

/* --- reading --- */

static bool
is_individual(const struct vt_xml_node *property)
{
	return vt_xsig_is_xades(property, "IndividualDataObjectsTimeStamp");
}

/* The element that an Include names: by a unique Id, and nothing else. */
static const struct vt_xml_node *
include_target(const struct vt_xsig *xs, const struct vt_xml_node *node)
{
	const struct vt_xml_attr *a = vt_xml_node_attr(node, "URI");
	const struct vt_xml_node *target = NULL;

	if (a == NULL)
		a = vt_xml_node_attr(node, "uri");
	if (a == NULL || !vt_bytes_starts(a->value, "#") ||
	    vt_xsig_child(node) != NULL ||
	    vt_xsig_id_find(xs, vt_bytes_slice(a->value, 1, a->value.len),
		&target) != VT_XSIG_FINE)
		return NULL;
	return target;
}

/*
 * The reference of SignedInfo whose data NODE includes (EN 319 132-1, 5.1.4.4.2
 * and 5.2.8.3), or NULL: none, the ds:Reference itself, or the properties that
 * the stamp is part of.
 */
static const struct xsig_ref *
included(const struct vt_xsig *xs, const struct xsig_sig *s,
    const struct vt_xml_node *node)
{
	const struct vt_xml_attr *a = vt_xml_node_attr(node, "referencedData");
	const struct vt_xml_node *target = include_target(xs, node);
	size_t i;

	if (target == NULL || a == NULL ||
	    (!vt_bytes_equal_str(a->value, "true") &&
		!vt_bytes_equal_str(a->value, "1")))
		return NULL;
	for (i = 0; i < s->nown; i++)
		if (s->refs[i].node == target)
			return s->refs[i].target != NULL &&
				       s->refs[i].target == s->properties
				   ? NULL
				   : &s->refs[i];
	return NULL;
}

/*
 * Include (EN 319 132-1, 5.1.4.4.2), HashDataInfo before 1.3.2: a signature
 * time stamp may say that it is over the SignatureValue, which it is anyway.
 */
static bool
include_fits(const struct vt_xsig *xs, const struct xsig_sig *s,
    enum vt_xsig_stamp_kind kind, const struct vt_xml_node *property,
    const struct vt_xml_node *node)
{
	const struct vt_xml_node *target;

	if (is_individual(property))
		return vt_xsig_is_xades(node, "Include") &&
		       included(xs, s, node) != NULL;
	target = include_target(xs, node);
	return kind == VT_XSIG_STAMP_SIGNATURE && target != NULL &&
	       target == s->value_node;
}

/* What stands before the tokens. */
static int
head_read(const struct vt_xsig *xs, const struct xsig_sig *s,
    enum vt_xsig_stamp_kind kind, const struct vt_xml_node *property,
    const struct vt_xml_node **cur, struct xsig_c14n *c14n, bool *supported,
    struct vt_error *err)
{
	const struct vt_xml_node *n;
	bool known;
	int rc;

	*c14n = (struct xsig_c14n){ .method = VT_XML_C14N };
	for (n = *cur; vt_xsig_is_xades(n, "Include") ||
		       vt_xsig_is_xades(n, "HashDataInfo") ||
		       vt_xsig_is_xades(n, "ReferenceInfo");
	     n = vt_xsig_next(n))
		if (!include_fits(xs, s, kind, property, n))
			*supported = false;
	if (is_individual(property) && n == *cur) /* of nothing */
		*supported = false;
	*cur = n;
	if (!vt_xml_node_is(n, XSIG_NS, "CanonicalizationMethod"))
		return VT_OK;
	*cur = vt_xsig_next(n);
	if ((rc = vt_xsig_c14n_read(n, c14n, &known, err)) == VT_OK && !known)
		*supported = false;
	return rc;
}

static int
token_read(struct xsig_sig *s, const struct vt_xsig_stamp *pub,
    const struct vt_xml_node *property, const struct vt_xml_node *node,
    const struct xsig_c14n *c14n, struct vt_error *err)
{
	struct xsig_stamp *t;
	size_t i;
	bool ok;
	int rc = VT_OK;

	t = vt_xsig_grown(s->stamps, s->nstamps, sizeof(*t), VT_XSIG_STAMPS_MAX,
	    &rc, err);
	if (t == NULL)
		return rc;
	s->stamps = t;
	t = &s->stamps[s->nstamps++];
	t->pub = *pub;
	t->property = property;
	t->c14n.method = c14n->method;
	t->c14n.comments = c14n->comments;
	for (i = 0; i < c14n->prefixes.n; i++)
		if ((rc = vt_list_add(&t->c14n.prefixes,
			 c14n->prefixes.items[i], err)) != VT_OK)
			return rc;
	vt_buf_init(&t->token, VT_XML_TREE_MAX); /* tsp knows how much */
	if ((rc = vt_xsig_base64(node, &t->token, &ok, err)) != VT_OK)
		return rc;
	if (ok)
		t->pub.token = vt_buf_bytes(&t->token);
	return VT_OK;
}

int
vt_xsig_stamp_read(const struct vt_xsig *xs, struct xsig_sig *s,
    const struct vt_xml_node *node, struct vt_error *err)
{
	const struct vt_xml_node *cur = vt_xsig_child(node);
	struct vt_xsig_stamp pub = { .line = node->line,
		.nstamps = s->nstamps,
		.ncrls = s->ncrls,
		.nocsps = s->nocsps };
	struct xsig_c14n c14n;
	size_t i, n = sizeof(kinds) / sizeof(kinds[0]);
	int rc;

	for (i = 0; i < n && !vt_xsig_is_xades(node, kinds[i].name); i++)
		;
	if (i == n)
		return VT_OK;
	pub.kind = kinds[i].kind;
	pub.supported = true;
	rc = head_read(xs, s, pub.kind, node, &cur, &c14n, &pub.supported, err);
	for (; cur != NULL && rc == VT_OK; cur = vt_xsig_next(cur))
		if (vt_xsig_is_xades(cur, "EncapsulatedTimeStamp"))
			rc = token_read(s, &pub, node, cur, &c14n, err);
	vt_xsig_c14n_release(&c14n);
	return rc;
}

void
vt_xsig_stamps_release(struct xsig_sig *s)
{
	size_t i;

	for (i = 0; i < s->nstamps; i++) {
		vt_buf_release(&s->stamps[i].token);
		vt_xsig_c14n_release(&s->stamps[i].c14n);
	}
	free(s->stamps);
}

/* --- imprints --- */

struct imprint {
	struct vt_xsig *xs;
	const struct xsig_sig *s;
	const struct xsig_stamp *t;
	struct xsig_content content;
	vt_sink_fn *fn;
	void *ctx;
};

static int
put_node(struct imprint *m, const struct vt_xml_node *node,
    struct vt_error *err)
{
	return vt_xsig_canonical(m->xs, node, &m->t->c14n, m->fn, m->ctx, err);
}

/* What a reference digests; where its transforms leave nodes, in the stamp's
 * canonical form. */
static int
put_ref(struct imprint *m, const struct xsig_ref *r, struct vt_error *err)
{
	struct xsig_ref as = *r; /* borrows */
	enum vt_xsig_reason reason;
	int rc;

	if (r->form != VT_XSIG_FINE)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL, "%s",
		    vt_xsig_reason_text(r->form));
	if (!r->outside && !r->base64 && !r->canonical) {
		as.canonical = true;
		as.c14n = m->t->c14n;
	}
	rc = vt_xsig_ref_stream(m->xs, m->s, &as, &m->content, m->fn, m->ctx,
	    &reason, err);
	if (rc != VT_OK || reason == VT_XSIG_FINE)
		return rc;
	return vt_error_set(err,
	    reason == VT_XSIG_NO_CONTENT ? VT_ENOTFOUND
	    : reason == VT_XSIG_LIMIT    ? VT_ELIMIT
					 : VT_EUNSUPPORTED,
	    vt_xsig_reason_clause(reason), "%s", vt_xsig_reason_text(reason));
}

static int
put_refs(struct imprint *m, bool properties, struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 0; i < m->s->nown; i++) {
		if (!properties && m->s->refs[i].target == m->s->properties &&
		    m->s->properties != NULL)
			continue;
		if ((rc = put_ref(m, &m->s->refs[i], err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* What each Include names, in their order. */
static int
put_included(struct imprint *m, struct vt_error *err)
{
	const struct vt_xml_node *n = vt_xsig_child(m->t->property);
	const struct xsig_ref *r;
	int rc = VT_OK;

	for (; rc == VT_OK && vt_xsig_is_xades(n, "Include");
	     n = vt_xsig_next(n))
		if ((r = included(m->xs, m->s, n)) != NULL)
			rc = put_ref(m, r, err);
	return rc;
}

/* The properties of NAMES (NULL: all) that stand before the stamp's own. */
static int
put_properties(struct imprint *m, const char *const *names,
    struct vt_error *err)
{
	const struct vt_xml_node *n;
	size_t i;
	int rc;

	for (n = vt_xsig_child(m->s->unsigned_props);
	     n != NULL && n != m->t->property; n = vt_xsig_next(n)) {
		for (i = 0; names != NULL && names[i] != NULL &&
			    !vt_xsig_is_xades(n, names[i]);
		     i++)
			;
		if (names != NULL && names[i] == NULL)
			continue;
		if ((rc = put_node(m, n, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/*
 * EN 319 132-1, 5.5.2.2; before 1.4.1 (TS 101 903 1.3.2, 7.7.1) without the
 * objects that a reference names.
 */
static int
put_archive(struct imprint *m, struct vt_error *err)
{
	const struct vt_xml_node *o;
	bool later = strcmp(m->t->property->ns, XSIG_XADES_141) == 0, named;
	size_t i;
	int rc;

	if ((rc = put_refs(m, true, err)) != VT_OK ||
	    (rc = put_node(m, m->s->signed_info, err)) != VT_OK ||
	    (rc = put_node(m, m->s->value_node, err)) != VT_OK ||
	    (m->s->key_info != NULL &&
		(rc = put_node(m, m->s->key_info, err)) != VT_OK) ||
	    (rc = put_properties(m, NULL, err)) != VT_OK)
		return rc;
	for (o = m->s->objects; o != NULL; o = vt_xsig_next(o)) {
		named = false;
		for (i = 0; i < m->s->nown && !later; i++)
			named = named || m->s->refs[i].target == o;
		if (named || vt_xml_node_within(m->s->qualifying, o))
			continue;
		if ((rc = put_node(m, o, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* EN 319 132-1, A.1.5.1.2 and A.1.5.2.2; TS 101 903 1.4.2, 7.5. */
static int
put_reference_lists(struct imprint *m, struct vt_error *err)
{
	static const char *const lists[] = { "CompleteCertificateRefs",
		"CompleteRevocationRefs", "AttributeCertificateRefs",
		"AttributeRevocationRefs", NULL };
	static const char *const lists_v2[] = { "CompleteCertificateRefsV2",
		"CompleteRevocationRefs", "AttributeCertificateRefsV2",
		"AttributeRevocationRefs", NULL };
	const char *names[6] = { "SignatureTimeStamp" };
	const char *local = m->t->property->local;
	bool v2 = strstr(local, "V2") != NULL;
	bool with = strncmp(local, "SigAndRefs", 10) == 0;
	int rc;

	memcpy(names + 1, v2 ? lists_v2 : lists, sizeof(lists));
	if (with && (rc = put_node(m, m->s->value_node, err)) != VT_OK)
		return rc;
	return put_properties(m, with ? names : names + 1, err);
}

static int
put_imprint(struct imprint *m, struct vt_error *err)
{
	switch (m->t->pub.kind) {
	case VT_XSIG_STAMP_SIGNATURE:
		return put_node(m, m->s->value_node, err);
	case VT_XSIG_STAMP_ARCHIVE:
		return put_archive(m, err);
	case VT_XSIG_STAMP_REFS:
		return put_reference_lists(m, err);
	case VT_XSIG_STAMP_CONTENT:
		return is_individual(m->t->property) ? put_included(m, err)
						     : put_refs(m, false, err);
	}
	return VT_OK;
}

int
vt_xsig_stamp_imprint(struct vt_xsig *xs, size_t i, size_t k,
    struct vt_source *content, vt_sink_fn *fn, void *ctx, struct vt_error *err)
{
	struct imprint m = { .xs = xs,
		.content = { .src = content },
		.fn = fn,
		.ctx = ctx };
	int rc;

	if (i >= xs->nsigs || k >= xs->sigs[i].nstamps)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such signature");
	m.s = &xs->sigs[i];
	m.t = &m.s->stamps[k];
	if (!m.t->pub.supported || m.s->value_node == NULL)
		return vt_error_set(err, VT_EUNSUPPORTED, "EN 319 132-1, 5.1.4",
		    "what the time stamp is over is named in a way that is not "
		    "accepted");
	rc = put_imprint(&m, err);
	vt_xsig_content_release(&m.content);
	return rc;
}
