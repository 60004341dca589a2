/* xsig_xades.c - reading the properties of XAdES (EN 319 132-1, 4.3 and 5) */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "xsig_int.h"

static const char *const namespaces[] = {
	"http://uri.etsi.org/01903/v1.3.2#",
	"http://uri.etsi.org/01903/v1.4.1#",
	"http://uri.etsi.org/01903/v1.2.2#",
	"http://uri.etsi.org/01903/v1.1.1#",
};

bool
vt_xsig_is_xades(const struct vt_xml_node *node, const char *local)
{
	size_t i;

	for (i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
		if (vt_xml_node_is(node, namespaces[i], local))
			return true;
	return false;
}

/* The one child of this name; NULL: none; *TWICE is set where there are more.
 */
static const struct vt_xml_node *
only_child(const struct vt_xml_node *node, const char *local, bool *twice)
{
	const struct vt_xml_node *n, *found = NULL;

	for (n = vt_xsig_child(node); n != NULL; n = vt_xsig_next(n)) {
		if (!vt_xsig_is_xades(n, local))
			continue;
		if (found != NULL)
			*twice = true;
		found = n;
	}
	return found;
}

/* --- the signing certificate --- */

/* IssuerSerial: a name, which is not compared, and a number. */
static int
serial_read(struct xsig_cert_id *id, const struct vt_xml_node *node,
    struct vt_error *err)
{
	const struct vt_xml_node *cur = vt_xsig_child(node);

	if (vt_xsig_take(&cur, XSIG_NS, "X509IssuerName") == NULL ||
	    !vt_xml_node_is(cur, XSIG_NS, "X509SerialNumber"))
		return VT_OK;
	return vt_xsig_text(cur, &id->serial, err);
}

static int
cert_id_read(struct xsig_sig *s, const struct vt_xml_node *node,
    unsigned version, struct vt_error *err)
{
	const struct vt_xml_node *cur = vt_xsig_child(node), *digest;
	struct xsig_cert_id *id;
	enum vt_xsig_reason form;
	bool ok = true;
	int rc = VT_OK;

	id = vt_xsig_grown(s->cert_ids, s->ncert_ids, sizeof(*id),
	    VT_XSIG_CERT_IDS_MAX, &rc, err);
	if (id == NULL)
		return rc;
	s->cert_ids = id;
	id = &s->cert_ids[s->ncert_ids++];
	id->version = version;
	vt_buf_init(&id->issuer_der, VT_XSIG_TEXT_MAX);
	digest = cur;
	if (!vt_xsig_is_xades(cur, "CertDigest")) {
		s->xades_form = VT_XSIG_BAD_PROPERTIES;
		return VT_OK;
	}
	digest = vt_xsig_child(cur);
	rc = vt_xsig_digest_read(&digest, &id->md, id->value, &form, err);
	if (rc != VT_OK)
		return rc;
	cur = vt_xsig_next(cur);
	if (form == VT_XSIG_UNSUPPORTED)
		id->md = XSIG_MD_UNKNOWN; /* names nothing that we know */
	else if (form != VT_XSIG_FINE)
		s->xades_form = VT_XSIG_BAD_PROPERTIES;
	if (version == 1 && vt_xsig_is_xades(cur, "IssuerSerial")) {
		if ((rc = serial_read(id, cur, err)) != VT_OK)
			return rc;
		ok = id->serial != NULL;
	} else if (version == 2 && vt_xsig_is_xades(cur, "IssuerSerialV2")) {
		rc = vt_xsig_base64(cur, &id->issuer_der, &ok, err);
		if (rc != VT_OK)
			return rc;
	}
	if (!ok)
		s->xades_form = VT_XSIG_BAD_PROPERTIES;
	return VT_OK;
}

static int
cert_ids_read(struct xsig_sig *s, const struct vt_xml_node *node,
    unsigned version, struct vt_error *err)
{
	const struct vt_xml_node *n;
	int rc;

	if (node == NULL)
		return VT_OK;
	if (vt_xsig_child(node) == NULL)
		s->xades_form = VT_XSIG_BAD_PROPERTIES;
	for (n = vt_xsig_child(node); n != NULL; n = vt_xsig_next(n)) {
		if (!vt_xsig_is_xades(n, "Cert"))
			s->xades_form = VT_XSIG_BAD_PROPERTIES;
		else if ((rc = cert_id_read(s, n, version, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* xsd:dateTime; where it has no zone nobody knows when that is. */
static int
time_read(struct xsig_sig *s, const struct vt_xml_node *node,
    struct vt_error *err)
{
	char *text;
	int rc;

	if ((rc = vt_xsig_text(node, &text, err)) != VT_OK)
		return rc;
	s->time_bad = text == NULL || strchr(text, 'T') == NULL ||
		      !vt_time_parse(text, &s->pub.claimed_time);
	if (s->time_bad)
		s->pub.claimed_time = VT_TIME_NONE;
	free(text);
	return VT_OK;
}

static int
signed_read(const struct vt_xsig *xs, struct xsig_sig *s, struct vt_error *err)
{
	const struct vt_xml_node *sig, *data, *time, *v1, *v2, *n;
	bool twice = false;
	int rc;

	sig = only_child(s->properties, "SignedSignatureProperties", &twice);
	data = only_child(s->properties, "SignedDataObjectProperties", &twice);
	for (n = data != NULL ? vt_xsig_child(data) : NULL; n != NULL;
	     n = vt_xsig_next(n))
		if ((rc = vt_xsig_stamp_read(xs, s, n, err)) != VT_OK)
			return rc;
	if (sig != NULL) {
		time = only_child(sig, "SigningTime", &twice);
		v1 = only_child(sig, "SigningCertificate", &twice);
		v2 = only_child(sig, "SigningCertificateV2", &twice);
		if ((rc = cert_ids_read(s, v2, 2, err)) != VT_OK ||
		    (rc = cert_ids_read(s, v1, 1, err)) != VT_OK ||
		    (time != NULL && (rc = time_read(s, time, err)) != VT_OK))
			return rc;
	}
	if (twice)
		s->xades_form = VT_XSIG_BAD_PROPERTIES;
	return VT_OK;
}

/* --- unsigned properties --- */

/* What is too long is of no use, as if it were not there. */
static int
usable(const struct vt_xml_node *node, struct vt_buf *ret, bool *ok,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc = vt_xsig_base64(node, ret, ok, &why);

	if (rc == VT_ELIMIT) {
		*ok = false;
		return VT_OK;
	}
	return rc == VT_OK ? VT_OK
			   : (int)vt_error_set(err, why.code, why.clause, "%s",
				 why.text);
}

int
vt_xsig_cert_put(struct xsig_sig *s, const struct vt_xml_node *node,
    struct vt_error *err)
{
	struct vt_cert *cert = NULL;
	struct vt_buf der;
	bool ok;
	int rc;

	vt_buf_init(&der, VT_CERT_MAX);
	if ((rc = usable(node, &der, &ok, err)) != VT_OK)
		goto out;
	if (s->certs.n == VT_XSIG_CERTS_MAX) {
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %zu parts of a kind in signed XML",
		    (size_t)VT_XSIG_CERTS_MAX);
		goto out;
	}
	if (ok) {
		rc = vt_cert_parse(vt_buf_bytes(&der), &cert, NULL);
		if (rc == VT_OK)
			rc = vt_certs_add(&s->certs, cert, err);
		else if (rc == VT_ENOMEM)
			rc = vt_error_nomem(err);
		else
			rc = VT_OK; /* one that nobody can use */
	}
out:
	vt_cert_free(cert);
	vt_buf_release(&der);
	return rc;
}

int
vt_xsig_value_put(struct vt_buf **values, size_t *n,
    const struct vt_xml_node *node, struct vt_error *err)
{
	struct vt_buf *v;
	bool ok;
	int rc = VT_OK;

	v = vt_xsig_grown(*values, *n, sizeof(*v), VT_XSIG_VALUES_MAX, &rc,
	    err);
	if (v == NULL)
		return rc;
	*values = v;
	v = &v[*n];
	vt_buf_init(v, VT_CRL_MAX);
	if ((rc = usable(node, v, &ok, err)) == VT_OK && ok)
		++*n;
	else
		vt_buf_release(v);
	return rc;
}

static int
values_read(struct xsig_sig *s, const struct vt_xml_node *top,
    struct vt_error *err)
{
	const struct vt_xml_node *n;
	int rc = VT_OK;

	for (n = top; n != NULL && rc == VT_OK; n = vt_xml_node_after(n, top)) {
		if (vt_xsig_is_xades(n, "EncapsulatedX509Certificate"))
			rc = vt_xsig_cert_put(s, n, err);
		else if (vt_xsig_is_xades(n, "EncapsulatedCRLValue"))
			rc = vt_xsig_value_put(&s->crls, &s->ncrls, n, err);
		else if (vt_xsig_is_xades(n, "EncapsulatedOCSPValue"))
			rc = vt_xsig_value_put(&s->ocsps, &s->nocsps, n, err);
	}
	return rc;
}

static int
unsigned_read(const struct vt_xsig *xs, struct xsig_sig *s,
    struct vt_error *err)
{
	const struct vt_xml_node *n;
	int rc;

	for (n = vt_xsig_child(s->unsigned_props); n != NULL;
	     n = vt_xsig_next(n)) {
		if (vt_xsig_is_xades(n, "CounterSignature"))
			continue;
		if ((rc = vt_xsig_stamp_read(xs, s, n, err)) != VT_OK ||
		    (rc = values_read(s, n, err)) != VT_OK)
			return rc;
		if (vt_xsig_is_xades(n, "SignatureTimeStamp"))
			s->pub.has_timestamp = true;
		else if (vt_xsig_is_xades(n, "ArchiveTimeStamp"))
			s->pub.has_archive = true;
		else if (vt_xsig_is_xades(n, "CertificateValues") ||
			 vt_xsig_is_xades(n, "RevocationValues") ||
			 vt_xsig_is_xades(n, "AnyValidationData"))
			s->pub.has_validation = true;
	}
	return VT_OK;
}

/* --- where they are --- */

/* Target names this signature (4.3.1). */
static bool
target_fits(const struct xsig_sig *s)
{
	const struct vt_xml_attr *a = vt_xml_node_attr(s->qualifying, "Target");

	return a != NULL && s->id != NULL && a->value.len > 0 &&
	       a->value.data[0] == '#' &&
	       vt_bytes_equal_str(vt_bytes_slice(a->value, 1, a->value.len),
		   s->id);
}

static void
qualifying_find(struct xsig_sig *s)
{
	const struct vt_xml_node *o, *n;

	for (o = s->objects; o != NULL; o = vt_xsig_next(o))
		for (n = vt_xsig_child(o); n != NULL; n = vt_xsig_next(n)) {
			if (vt_xsig_is_xades(n,
				"QualifyingPropertiesReference"))
				s->xades_form = VT_XSIG_BAD_PROPERTIES;
			if (!vt_xsig_is_xades(n, "QualifyingProperties"))
				continue;
			if (s->qualifying != NULL)
				s->xades_form = VT_XSIG_BAD_PROPERTIES;
			s->qualifying = n;
		}
}

int
vt_xsig_xades_read(const struct vt_xsig *xs, struct xsig_sig *s,
    struct vt_error *err)
{
	const struct vt_xml_node *props;
	bool twice = false;
	int rc;

	s->xades_form = VT_XSIG_FINE;
	qualifying_find(s);
	if (s->qualifying == NULL) {
		if (s->xades_form == VT_XSIG_FINE)
			s->xades_form = VT_XSIG_NO_PROPERTIES;
		return VT_OK;
	}
	s->pub.qualified = true;
	if (!target_fits(s))
		s->xades_form = VT_XSIG_BAD_PROPERTIES;
	s->properties = only_child(s->qualifying, "SignedProperties", &twice);
	props = only_child(s->qualifying, "UnsignedProperties", &twice);
	if (props != NULL)
		s->unsigned_props =
		    only_child(props, "UnsignedSignatureProperties", &twice);
	if (s->properties != NULL && (rc = signed_read(xs, s, err)) != VT_OK)
		return rc;
	if (s->unsigned_props != NULL &&
	    (rc = unsigned_read(xs, s, err)) != VT_OK)
		return rc;
	if (twice)
		s->xades_form = VT_XSIG_BAD_PROPERTIES;
	else if (s->properties == NULL && s->xades_form == VT_XSIG_FINE)
		s->xades_form = VT_XSIG_NO_PROPERTIES;
	return VT_OK;
}

void
vt_xsig_xades_release(struct xsig_sig *s)
{
	size_t i;

	for (i = 0; i < s->ncert_ids; i++) {
		free(s->cert_ids[i].serial);
		vt_buf_release(&s->cert_ids[i].issuer_der);
	}
	free(s->cert_ids);
	for (i = 0; i < s->ncrls; i++)
		vt_buf_release(&s->crls[i]);
	free(s->crls);
	for (i = 0; i < s->nocsps; i++)
		vt_buf_release(&s->ocsps[i]);
	free(s->ocsps);
	vt_certs_release(&s->certs);
}
