/* cms_stamp.c - which attributes are time stamps (EN 319 122-1, 5.2.8 to 5.5)
 */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/error.h"

static int
stamp_add(struct cms_signer *s, enum vt_cms_stamp_kind kind,
    struct vt_bytes token, size_t value, struct vt_error *err)
{
	struct cms_stamp *more;
	size_t n = s->nstamps;

	if (n == VT_CMS_STAMPS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d time stamps in one signature",
		    VT_CMS_STAMPS_MAX);
	if ((n & (n - 1)) == 0) { /* the array grows by doubling */
		more = realloc(s->stamps, (n == 0 ? 1 : n * 2) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		s->stamps = more;
	}
	s->stamps[s->nstamps++] = (struct cms_stamp){ { kind, token }, value };
	return VT_OK;
}

/* Those in signed attributes, which have been read already. */
static int
content_stamps_add(struct cms_signer *s, struct vt_error *err)
{
	struct vt_bytes in = s->pub.signed_attrs;
	struct cms_tlv set, attr, oid, values, t;
	int rc = VT_OK;

	if (s->attrs.reason != VT_CMS_FINE || !vt_cms_tlv(&in, CMS_DER, &set))
		return VT_OK;
	while (rc == VT_OK && vt_cms_tlv(&set.value, CMS_DER, &attr)) {
		if (!vt_cms_tlv(&attr.value, CMS_DER, &oid) ||
		    !vt_bytes_equal(oid.value, vt_cms_oid_content_stamp) ||
		    !vt_cms_tlv(&attr.value, CMS_DER, &values))
			continue;
		while (rc == VT_OK && vt_cms_tlv(&values.value, CMS_DER, &t))
			rc = stamp_add(s, VT_CMS_STAMP_CONTENT, t.whole,
			    CMS_SIGNED, err);
	}
	return rc;
}

int
vt_cms_stamps_read(struct cms_signer *s, struct vt_error *err)
{
	size_t i, archives = 0;
	int rc;

	rc = content_stamps_add(s, err);
	for (i = 0; i < s->nvalues && rc == VT_OK; i++) {
		struct vt_bytes token = s->values[i].pub.value;

		switch (s->values[i].pub.kind) {
		case VT_CMS_ATTR_TIMESTAMP:
			rc =
			    stamp_add(s, VT_CMS_STAMP_SIGNATURE, token, i, err);
			break;
		case VT_CMS_ATTR_ARCHIVE_OLD:
			rc = stamp_add(s, VT_CMS_STAMP_ARCHIVE_OLD, token, i,
			    err);
			break;
		case VT_CMS_ATTR_ARCHIVE:
			if (archives++ == VT_CMS_ARCHIVES_MAX)
				return vt_error_set(err, VT_ELIMIT, NULL,
				    "more than %d time stamps in one signature",
				    VT_CMS_ARCHIVES_MAX);
			rc = stamp_add(s, VT_CMS_STAMP_ARCHIVE, token, i, err);
			break;
		default:
			break;
		}
	}
	return rc;
}

size_t
vt_cms_nstamps(const struct vt_cms *cms, size_t i)
{
	return i < cms->nsigners ? cms->signers[i].nstamps : 0;
}

struct vt_cms_stamp
vt_cms_stamp(const struct vt_cms *cms, size_t i, size_t k)
{
	return cms->signers[i].stamps[k].pub;
}
