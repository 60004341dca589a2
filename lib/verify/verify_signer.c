/* verify_signer.c - one SignerInfo: its CMS facts and its certificate's path */
#include <stdio.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "verify_int.h"

static int
add_once(struct vt_list *list, const char *s, struct vt_error *err)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], s) == 0)
			return VT_OK;
	return vt_list_add(list, s, err);
}

static const char *
key_word(const struct vt_cert *cert)
{
	switch (vt_cert_key_type(cert)) {
	case VT_KEY_RSA:
	case VT_KEY_RSA_PSS:
		return "rsa";
	case VT_KEY_EC:
		return "ec";
	case VT_KEY_DSA:
		return "dsa";
	case VT_KEY_OTHER:
	case VT_KEY_ED:
		break;
	}
	return "key";
}

static int
put_weak(const struct vt_cms_facts *c, struct vt_report_signature *sig,
    struct vt_error *err)
{
	char text[64];
	int rc;

	if ((c->weak & VT_CMS_WEAK_DIGEST) != 0 && c->weak_digest != NULL &&
	    (rc = add_once(&sig->weak, c->weak_digest, err)) != VT_OK)
		return rc;
	if ((c->weak & VT_CMS_WEAK_KEY) != 0 && c->cert != NULL) {
		snprintf(text, sizeof(text), "%s-%u", key_word(c->cert),
		    c->key_bits);
		if ((rc = add_once(&sig->weak, text, err)) != VT_OK)
			return rc;
	}
	if ((c->weak & VT_CMS_WEAK_REFERENCE) != 0)
		return add_once(&sig->weak, "signing-certificate-sha1", err);
	return VT_OK;
}

static int
put_certificate(const struct vt_cert *cert, struct vt_report_signature *sig,
    struct vt_error *err)
{
	const char *issuer = vt_cert_issuer(cert, VT_NAME_CN);
	int rc;

	sig->have_certificate = true;
	memcpy(sig->certificate_sha256, vt_cert_sha256(cert), VT_SHA256_LEN);
	sig->not_before = vt_cert_not_before(cert);
	sig->not_after = vt_cert_not_after(cert);
	if (issuer == NULL)
		issuer = vt_cert_issuer_line(cert);
	if ((rc = vt_report_set(&sig->signer.name,
		 vt_cert_subject(cert, VT_NAME_CN), err)) != VT_OK ||
	    (rc = vt_report_set(&sig->signer.organization,
		 vt_cert_subject(cert, VT_NAME_O), err)) != VT_OK ||
	    (rc = vt_report_set(&sig->signer.unit,
		 vt_cert_subject(cert, VT_NAME_OU), err)) != VT_OK ||
	    (rc = vt_report_set(&sig->signer.email,
		 vt_cert_subject(cert, VT_NAME_EMAIL), err)) != VT_OK ||
	    (rc = vt_report_set(&sig->signer.uid,
		 vt_cert_subject(cert, VT_NAME_UID), err)) != VT_OK ||
	    (rc = vt_report_set(&sig->signer.serial, vt_cert_serial(cert),
		 err)) != VT_OK)
		return rc;
	return vt_report_set(&sig->issuer, issuer, err);
}

/* The lists that came with the message; one that does not parse is no list. */
static int
message_crls(const struct vt_cms *cms, struct vt_crls *ret,
    struct vt_error *err)
{
	struct vt_crl *crl;
	size_t i;
	int rc;

	for (i = 0; i < vt_cms_ncrls(cms); i++) {
		rc = vt_crl_parse(vt_cms_crl(cms, i), &crl, NULL);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc != VT_OK)
			continue;
		rc = vt_crls_add(ret, crl, err);
		vt_crl_free(crl);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
judge_certificate(const struct vt_verify_run *run, const struct vt_cms *cms,
    const struct vt_cert *cert, struct vt_report_signature *sig,
    struct vt_facts *f, struct vt_error *err)
{
	struct vt_crls crls = { 0 };
	struct vt_trust_query q = { 0 };
	struct vt_cert *own = NULL;
	size_t i;
	int rc;

	if ((rc = message_crls(cms, &crls, err)) != VT_OK ||
	    (rc = vt_cert_parse(vt_cert_der(cert), &own, err)) != VT_OK)
		goto out;
	q.cert = own;
	q.certs = vt_cms_certs(cms);
	q.crls = &crls;
	q.at = sig->instant = run->at;
	q.purpose = VT_PURPOSE_SIGN;
	if ((rc = vt_trust_judge(run->trust, &q, &f->trust, err)) != VT_OK)
		goto out;
	f->trust_judged = true;
	sig->revocation = f->trust.revocation;
	sig->revoked_at = f->trust.revoked_at;
	if ((rc = vt_report_set(&sig->tree, f->trust.tree, err)) != VT_OK)
		goto out;
	for (i = 1; i < f->trust.chain.n; i++)
		if ((rc = vt_list_add(&sig->path,
			 vt_cert_title(f->trust.chain.items[i]), err)) != VT_OK)
			goto out;
	for (i = 0; i < f->trust.weak.n; i++)
		if ((rc = add_once(&sig->weak, f->trust.weak.items[i], err)) !=
		    VT_OK)
			goto out;
out:
	vt_cert_free(own);
	vt_crls_release(&crls);
	return rc;
}

int
vt_verify_signer(const struct vt_verify_run *run, const struct vt_cms *cms,
    size_t i, struct vt_cms_digest *content, bool loose,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	const struct vt_cms_signer *signer = vt_cms_signer(cms, i);
	struct vt_cms_facts c = { 0 };
	int rc;

	rc = vt_cms_check(cms, i, content, vt_trust_certs(run->trust), &c, err);
	if (rc != VT_OK)
		return rc;
	f->signature = vt_verify_finding_cms(c.intact ? VT_CMS_FINE : c.reason);
	f->binding =
	    vt_verify_finding_cms(c.cades ? VT_CMS_FINE : c.cades_reason);
	/* A format that does not ask for the reference may lack it. */
	if (loose && c.cades_reason == VT_CMS_NO_SIGNING_CERT)
		f->binding = vt_verify_finding_cms(VT_CMS_FINE);
	f->weak = (c.weak & (VT_CMS_WEAK_DIGEST | VT_CMS_WEAK_KEY)) != 0;
	sig->intact = c.intact;
	if (c.cades) {
		sig->format = "cades";
		sig->level = "B";
	}
	if (sig->claimed_time == VT_TIME_NONE)
		sig->claimed_time = signer->claimed_time;
	if (signer->has_countersigners &&
	    (rc = vt_list_add(&sig->notes,
		 vt_tr("it was countersigned; countersignatures are not "
		       "judged and are no approval"),
		 err)) != VT_OK)
		return rc;
	if ((rc = put_weak(&c, sig, err)) != VT_OK)
		return rc;
	if (c.cert == NULL)
		return VT_OK;
	if ((rc = put_certificate(c.cert, sig, err)) != VT_OK)
		return rc;
	return judge_certificate(run, cms, c.cert, sig, f, err);
}
