/* verify_put.c - what of a signature stands in the report, whatever its format
 */
#include <string.h>

#include "vanthu/algorithms.h"
#include "vanthu/error.h"
#include "vanthu/time.h"
#include "verify_int.h"

#define SHIFT VT_ZONE_SECONDS /* local time called UTC, or the reverse */
#define SHIFT_SLACK 600       /* seconds between two clocks and two steps */

static int
add_once(struct vt_list *list, const char *s, struct vt_error *err)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], s) == 0)
			return VT_OK;
	return vt_list_add(list, s, err);
}

int
vt_verify_put_certificate(const struct vt_cert *cert,
    struct vt_report_signature *sig, struct vt_error *err)
{
	const char *issuer = vt_cert_issuer(cert, VT_NAME_CN);
	int rc;

	sig->have_certificate = true;
	memcpy(sig->certificate_sha256, vt_cert_sha256(cert), VT_SHA256_LEN);
	sig->not_before = vt_cert_not_before(cert);
	sig->not_after = vt_cert_not_after(cert);
	if (issuer == NULL)
		issuer = vt_cert_issuer_line(cert);
	if ((rc = vt_str_set(&sig->signer.name,
		 vt_cert_subject(cert, VT_NAME_CN), err)) != VT_OK ||
	    (rc = vt_str_set(&sig->signer.organization,
		 vt_cert_subject(cert, VT_NAME_O), err)) != VT_OK ||
	    (rc = vt_str_set(&sig->signer.unit,
		 vt_cert_subject(cert, VT_NAME_OU), err)) != VT_OK ||
	    (rc = vt_str_set(&sig->signer.email,
		 vt_cert_subject(cert, VT_NAME_EMAIL), err)) != VT_OK ||
	    (rc = vt_str_set(&sig->signer.uid,
		 vt_cert_subject(cert, VT_NAME_UID), err)) != VT_OK ||
	    (rc = vt_str_set(&sig->signer.serial, vt_cert_serial(cert), err)) !=
		VT_OK)
		return rc;
	return vt_str_set(&sig->issuer, issuer, err);
}

/* What is too weak at an instant. */
static int
weak_at(const struct vt_verify_run *run, const char *digest,
    const struct vt_cert *cert, int64_t at, struct vt_list *ret,
    struct vt_error *err)
{
	const struct vt_algorithms *a = vt_trust_algorithms(run->trust);
	int rc;

	if (digest != NULL &&
	    (rc = vt_algorithms_weak_digest(a, digest, at, ret, err)) != VT_OK)
		return rc;
	return cert == NULL ? VT_OK
			    : vt_algorithms_weak_key(a, cert, at, ret, err);
}

int
vt_verify_put_weak(const struct vt_verify_run *run, const char *digest,
    const struct vt_cert *cert, struct vt_report_signature *sig,
    struct vt_facts *f, struct vt_error *err)
{
	struct vt_list now = { 0 }, then = { 0 };
	int64_t instant = sig->instant != VT_TIME_NONE ? sig->instant : run->at;
	size_t i;
	int rc;

	if ((rc = weak_at(run, digest, cert, run->at, &now, err)) == VT_OK)
		rc = weak_at(run, digest, cert, instant, &then, err);
	for (i = 0; i < now.n && rc == VT_OK; i++)
		rc = add_once(&sig->weak, now.items[i], err);
	if (then.n > 0)
		f->weak = true;
	vt_list_release(&now);
	vt_list_release(&then);
	return rc;
}

int
vt_verify_put_result(struct vt_facts *f, struct vt_report_signature *sig,
    struct vt_error *err)
{
	size_t i;
	int rc;

	f->trust_judged = true;
	sig->revocation = f->trust.revocation;
	sig->revoked_at = f->trust.revoked_at;
	if ((rc = vt_str_set(&sig->tree, f->trust.tree, err)) != VT_OK)
		return rc;
	for (i = 1; i < f->trust.chain.n; i++)
		if ((rc = vt_list_add(&sig->path,
			 vt_cert_title(f->trust.chain.items[i]), err)) != VT_OK)
			return rc;
	for (i = 0; i < f->trust.weak.n; i++)
		if ((rc = add_once(&sig->weak, f->trust.weak.items[i], err)) !=
		    VT_OK)
			return rc;
	return VT_OK;
}

int
vt_verify_put_trust(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_cert *cert,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	int rc;

	rc = vt_verify_certificate(run, d, cert, sig->instant, VT_PURPOSE_SIGN,
	    &f->trust, err);
	return rc != VT_OK ? rc : vt_verify_put_result(f, sig, err);
}

static bool
shifted(int64_t a, int64_t b)
{
	int64_t diff;

	if (a == VT_TIME_NONE || b == VT_TIME_NONE)
		return false;
	diff = a > b ? a - b : b - a;
	return diff >= SHIFT - SHIFT_SLACK && diff <= SHIFT + SHIFT_SLACK;
}

int
vt_verify_put_claim(const struct vt_verify_run *run, int64_t other,
    struct vt_report_signature *sig, struct vt_error *err)
{
	int64_t claim = sig->claimed_time, proven = sig->timestamp;

	if (claim == VT_TIME_NONE)
		return VT_OK;
	/* Without proof: a claim of the future that is 7 h or less ahead. */
	if (shifted(claim, proven) || shifted(claim, other)) {
		sig->claimed_shifted = true;
		return vt_list_add(&sig->notes,
		    vt_tr("the time that the signer claims is 7 hours off: "
			  "local time was written as UTC, or the reverse"),
		    err);
	}
	if (claim > (proven != VT_TIME_NONE ? proven : run->at) + VT_STAMP_SKEW)
		return vt_list_add(&sig->notes,
		    vt_tr("the time that the signer claims is later than "
			  "possible"),
		    err);
	return VT_OK;
}

int
vt_verify_put_after(int64_t after, const struct vt_cert *cert,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	int64_t last, claim = sig->claimed_time;

	if (after == VT_TIME_NONE)
		return VT_OK;
	if (cert != NULL) {
		last = vt_cert_not_after(cert);
		/* Two clocks may differ; who signed in time did. */
		f->late = after > last && (sig->timestamp == VT_TIME_NONE ||
					      sig->timestamp > last);
	}
	if (claim == VT_TIME_NONE || sig->claimed_shifted ||
	    claim >= after - VT_STAMP_SKEW)
		return VT_OK;
	return vt_list_add(&sig->notes,
	    vt_tr("the time that the signer claims is earlier than the time "
		  "stamp of what was signed"),
	    err);
}
