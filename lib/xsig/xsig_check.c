/* xsig_check.c - what holds of one signature (XMLDSig 1.1, 3.2) */
#include <string.h>

#include "vanthu/error.h"
#include "xsig_int.h"

#define RSA_BITS_MIN 2048
#define EC_BITS_MIN 224

static void
weak_note(const struct xsig_sig *s, struct vt_xsig_facts *f)
{
	enum xsig_md worst = s->alg.md, md;
	enum vt_key_type type;
	size_t i;
	int bits;

	for (i = 0; i < s->nrefs; i++) {
		md = s->refs[i].md;
		if (md < worst)
			worst = md;
	}
	f->weakest_digest = vt_xsig_md_name(worst);
	if (vt_xsig_md_weak(worst)) {
		f->weak |= VT_XSIG_WEAK_DIGEST;
		f->weak_digest = vt_xsig_md_name(worst);
	}
	if (f->cert == NULL)
		return;
	type = vt_cert_key_type(f->cert);
	bits = vt_cert_key_bits(f->cert);
	f->key_bits = (unsigned)bits;
	if (bits > 0 &&
	    bits < (type == VT_KEY_EC || type == VT_KEY_ED ? EC_BITS_MIN
							   : RSA_BITS_MIN))
		f->weak |= VT_XSIG_WEAK_KEY;
}

/* Which of two reasons is told: what is wrong before what is open. */
static enum vt_xsig_reason
worse(enum vt_xsig_reason a, enum vt_xsig_reason b)
{
	if (a == VT_XSIG_FINE ||
	    (vt_xsig_reason_open(a) && !vt_xsig_reason_open(b) &&
		b != VT_XSIG_FINE))
		return b;
	return a;
}

/*
 * One content was given, and several references ask for some: where one of
 * them is for it, the others are for something that is not at hand.
 */
static void
contents_sort(struct xsig_sig *s)
{
	struct xsig_ref *r;
	bool found = false;
	size_t i;

	for (i = 0; i < s->nrefs; i++)
		found = found || (s->refs[i].outside && s->refs[i].pub.holds);
	for (i = 0; i < s->nrefs && found; i++) {
		r = &s->refs[i];
		if (r->outside && r->pub.reason == VT_XSIG_DIGEST_DIFFERS)
			r->pub.reason = VT_XSIG_NO_CONTENT;
	}
}

static int
refs_check(struct vt_xsig *xs, struct xsig_sig *s, struct vt_source *content,
    enum vt_xsig_reason *ret, struct vt_error *err)
{
	struct xsig_content c = { .src = content };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < s->nrefs && rc == VT_OK; i++) {
		rc = vt_xsig_ref_check(xs, s, &s->refs[i], &c, err);
		s->refs[i].pub.properties =
		    s->properties != NULL && s->refs[i].target == s->properties;
	}
	vt_xsig_content_release(&c);
	if (rc != VT_OK)
		return rc;
	contents_sort(s);
	for (i = 0; i < s->nrefs; i++)
		*ret = worse(*ret, s->refs[i].pub.reason);
	return VT_OK;
}

static int
judge(struct vt_xsig *xs, struct xsig_sig *s, struct vt_source *content,
    const struct vt_certs *extra, struct vt_xsig_facts *f, struct vt_error *err)
{
	enum vt_xsig_reason refs = VT_XSIG_FINE;
	bool counter = s->pub.parent != VT_XSIG_NO_PARENT;
	int rc;

	f->reason = s->form;
	f->signature = vt_xsig_family_name(s->alg.family);
	f->digest = vt_xsig_md_name(s->alg.md);
	if (s->form != VT_XSIG_FINE)
		return VT_OK;
	if ((rc = refs_check(xs, s, content, &refs, err)) != VT_OK ||
	    (rc = vt_xsig_key_check(xs, s, extra, f, err)) != VT_OK)
		return rc;
	f->reason = worse(f->reason, refs);
	if (f->reason != VT_XSIG_FINE)
		return VT_OK;
	if ((rc = vt_xsig_cover(xs, s, f, err)) != VT_OK ||
	    f->reason != VT_XSIG_FINE)
		return rc;
	if (counter && f->covers != VT_XSIG_COVERS_SIGNATURE)
		f->reason = VT_XSIG_MISPLACED;
	else if (f->covers == VT_XSIG_COVERS_NOTHING)
		f->reason = VT_XSIG_NOTHING;
	return VT_OK;
}

int
vt_xsig_check(struct vt_xsig *xs, size_t i, struct vt_source *content,
    const struct vt_certs *extra, struct vt_xsig_facts *ret,
    struct vt_error *err)
{
	struct vt_xsig_facts f = { .reason = VT_XSIG_NOT_CHECKED,
		.xades_reason = VT_XSIG_NOT_CHECKED };
	struct xsig_sig *s;
	int rc;

	if (i >= xs->nsigs)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such signature");
	s = &xs->sigs[i];
	if ((rc = judge(xs, s, content, extra, &f, err)) != VT_OK)
		return rc;
	weak_note(s, &f);
	f.intact = f.reason == VT_XSIG_FINE;
	if (!f.intact)
		f.xades_reason = f.reason;
	f.xades = f.xades_reason == VT_XSIG_FINE;
	*ret = f;
	return VT_OK;
}
