/* cms_counter.c - signatures over a signature (RFC 5652, 11.4) */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/error.h"

static int
counter_new(struct cms_signer *s, struct cms_counter **ret,
    struct vt_error *err)
{
	struct cms_counter *more;
	size_t n = s->ncounters;

	if (n == VT_CMS_COUNTERS_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 11.4",
		    "a signer has more than %d counter-signatures",
		    VT_CMS_COUNTERS_MAX);
	if ((n & (n - 1)) == 0) {
		more = realloc(s->counters,
		    (n == 0 ? 1 : n * 2) * sizeof(*s->counters));
		if (more == NULL)
			return vt_error_nomem(err);
		s->counters = more;
	}
	*ret = &s->counters[s->ncounters++];
	**ret = (struct cms_counter){ 0 };
	return VT_OK;
}

/* The counter-signatures among VALUES, which are on OF. */
static int
level_read(struct cms_signer *s, const struct cms_value *values, size_t n,
    size_t of, struct vt_error *err)
{
	struct cms_counter *c = NULL;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		if (values[i].pub.kind != VT_CMS_ATTR_COUNTERSIGNATURE)
			continue;
		if ((rc = counter_new(s, &c, err)) != VT_OK)
			return rc;
		rc = vt_cms_signer_read(values[i].pub.value, &c->signer, err);
		/* Somebody else's fault must not hide what is signed. */
		if (rc == VT_EFORMAT) {
			vt_cms_signer_release(&c->signer);
			c->malformed = true;
			c->signer.pub.der = values[i].pub.value;
			rc = VT_OK;
		}
		c->pub.signer = c->signer.pub;
		c->pub.of = of;
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

int
vt_cms_counters_read(struct cms_signer *s, struct vt_error *err)
{
	size_t i, end, depth;
	int rc;

	rc = level_read(s, s->values, s->nvalues, VT_CMS_OF_SIGNER, err);
	for (i = 0, depth = 1; rc == VT_OK && i < s->ncounters; depth++) {
		for (end = s->ncounters; i < end && rc == VT_OK; i++) {
			struct cms_signer *c = &s->counters[i].signer;

			if (depth == VT_CMS_COUNTER_DEPTH &&
			    c->pub.has_countersigners)
				return vt_error_set(err, VT_ELIMIT,
				    "RFC 5652, 11.4",
				    "counter-signatures are nested too "
				    "deeply");
			/* The array may move, what it points at does not. */
			rc = level_read(s, c->values, c->nvalues, i, err);
		}
	}
	return rc;
}

size_t
vt_cms_ncounters(const struct vt_cms *cms, size_t i)
{
	return cms->signers[i].ncounters;
}

const struct vt_cms_counter *
vt_cms_counter(const struct vt_cms *cms, size_t i, size_t k)
{
	return &cms->signers[i].counters[k].pub;
}

int
vt_cms_counter_check(const struct vt_cms *cms, size_t i, size_t k,
    const struct vt_certs *extra, struct vt_cms_facts *ret,
    struct vt_error *err)
{
	const struct cms_signer *s;
	const struct cms_counter *c;

	if (i >= cms->nsigners || k >= cms->signers[i].ncounters)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such signer");
	s = &cms->signers[i];
	c = &s->counters[k];
	if (c->malformed) {
		*ret = (struct vt_cms_facts){ .reason = VT_CMS_MALFORMED,
			.cades_reason = VT_CMS_MALFORMED };
		return VT_OK;
	}
	return vt_cms_check_over(cms, &c->signer,
	    c->pub.of == VT_CMS_OF_SIGNER
		? s->pub.signature
		: s->counters[c->pub.of].pub.signer.signature,
	    extra, ret, err);
}
