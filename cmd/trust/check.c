/* check.c - "trust check": one certificate judged and shown */
#include "check.h"

#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

/* In the order of enum vt_verdict. */
static const char *const verdicts[] = {
	VT_N_("UNDETERMINED"),
	VT_N_("VALID"),
	VT_N_("INVALID"),
};

static const struct {
	uint32_t bit;
	const char *name; /* RFC 5280, 4.2.1.3 */
} usages[] = {
	{ VT_KU_SIGNATURE, "digitalSignature" },
	{ VT_KU_COMMITMENT, "nonRepudiation" },
	{ VT_KU_KEY_ENCIPHERMENT, "keyEncipherment" },
	{ VT_KU_DATA_ENCIPHERMENT, "dataEncipherment" },
	{ VT_KU_KEY_AGREEMENT, "keyAgreement" },
	{ VT_KU_CERT_SIGN, "keyCertSign" },
	{ VT_KU_CRL_SIGN, "cRLSign" },
};

#define NUSAGES (sizeof(usages) / sizeof(usages[0]))

static bool
has_usage(const struct vt_cert *cert, size_t i)
{
	uint32_t usage = vt_cert_key_usage(cert);

	return usage != VT_KU_ANY && (usage & usages[i].bit) != 0;
}

static const char *
key_name(const struct vt_cert *cert)
{
	switch (vt_cert_key_type(cert)) {
	case VT_KEY_RSA:
		return "RSA";
	case VT_KEY_RSA_PSS:
		return "RSA-PSS";
	case VT_KEY_EC:
		return "EC";
	case VT_KEY_DSA:
		return "DSA";
	case VT_KEY_ED:
		return "EdDSA";
	case VT_KEY_OTHER:
		break;
	}
	return "?";
}

static void
put_certificate(struct vt_json_out *o, const struct vt_cert *cert,
    const struct vt_trust_result *r)
{
	const struct vt_list *eku = vt_cert_eku(cert);
	size_t i;

	vt_json_begin_object(o, "certificate");
	vt_json_put_str(o, "subject", vt_cert_subject_line(cert));
	vt_json_put_str(o, "issuer", vt_cert_issuer_line(cert));
	vt_json_put_str(o, "serial", vt_cert_serial(cert));
	vt_json_put_sha256(o, "sha256", vt_cert_sha256(cert));
	vt_json_put_time(o, "not_before", vt_cert_not_before(cert));
	vt_json_put_time(o, "not_after", vt_cert_not_after(cert));
	vt_json_put_str(o, "revocation", vt_revocation_name(r->revocation));
	vt_json_put_time(o, "revoked_at", r->revoked_at);
	vt_json_put_str(o, "revocation_reason", r->revocation_reason);
	vt_json_put_str(o, "key", key_name(cert));
	vt_json_put_int(o, "key_bits", vt_cert_key_bits(cert));
	vt_json_begin_array(o, "key_usage");
	for (i = 0; i < NUSAGES; i++)
		if (has_usage(cert, i))
			vt_json_put_str(o, NULL, usages[i].name);
	vt_json_end(o);
	vt_json_begin_array(o, "extended_key_usage");
	for (i = 0; i < eku->n; i++)
		vt_json_put_str(o, NULL, eku->items[i]);
	vt_json_end(o);
	vt_json_end(o);
}

/* By which lists and answers, of the whole path, revocation was decided. */
static void
put_revocation(struct vt_json_out *o, const struct vt_trust_result *r)
{
	size_t i;

	vt_json_begin_array(o, "revocation_by");
	for (i = 0; i < r->crls.n; i++) {
		const struct vt_crl *crl = r->crls.items[i];

		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "kind", "crl");
		vt_json_put_str(o, "issuer", vt_crl_issuer_line(crl));
		vt_json_put_time(o, "from", vt_crl_this_update(crl));
		vt_json_put_time(o, "until", vt_crl_next_update(crl));
		vt_json_put_sha256(o, "sha256", vt_crl_sha256(crl));
		vt_json_end(o);
	}
	for (i = 0; i < r->ocsps.n; i++) {
		const struct vt_ocsp *ocsp = r->ocsps.items[i];

		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "kind", "ocsp");
		vt_json_put_str(o, "issuer", vt_ocsp_responder(ocsp));
		vt_json_put_time(o, "from", vt_ocsp_produced_at(ocsp));
		vt_json_put_sha256(o, "sha256", vt_ocsp_sha256(ocsp));
		vt_json_end(o);
	}
	vt_json_end(o);
}

static void
show_json(struct vt_json_out *o, const char *path, const struct vt_cert *cert,
    int64_t at, const struct vt_trust_result *r)
{
	size_t i;

	vt_json_put_str(o, "file", path);
	vt_json_put_str(o, "verdict", vt_verdict_name(r->verdict));
	vt_json_put_str(o, "reason", r->reason);
	vt_json_put_str(o, "sub_indication",
	    vt_trust_reason_subindication(r->reason));
	vt_json_put_str(o, "detail", r->detail);
	vt_json_put_time(o, "judged_at", at);
	put_certificate(o, cert, r);
	vt_json_put_str(o, "tree", r->tree);
	vt_json_begin_array(o, "path");
	for (i = 1; i < r->chain.n; i++)
		vt_json_put_str(o, NULL,
		    vt_cert_subject_line(r->chain.items[i]));
	vt_json_end(o);
	vt_json_begin_array(o, "weak");
	for (i = 0; i < r->weak.n; i++)
		vt_json_put_str(o, NULL, r->weak.items[i]);
	vt_json_end(o);
	put_revocation(o, r);
}

static void
show_usage(struct vt_cli *cli, const struct vt_cert *cert)
{
	const struct vt_list *eku = vt_cert_eku(cert);
	struct vt_buf line;
	size_t i;

	vt_buf_init(&line, 4096); /* a longer one is cut */
	for (i = 0; i < NUSAGES; i++)
		if (has_usage(cert, i))
			(void)vt_buf_printf(&line, " %s", usages[i].name);
	if (line.len > 0)
		vt_cli_line(cli, vt_tr("    key usage:%s"), vt_buf_str(&line));
	vt_buf_reset(&line);
	for (i = 0; i < eku->n; i++)
		(void)vt_buf_printf(&line, " %s", eku->items[i]);
	if (eku->n > 0)
		vt_cli_line(cli, vt_tr("    extended key usage, not judged:%s"),
		    vt_buf_str(&line));
	vt_buf_release(&line);
}

static void
show_revocation(struct vt_cli *cli, const struct vt_trust_result *r, int64_t at)
{
	char when[VT_TIME_TEXT];

	if (r->revocation == VT_REVOKED_YES)
		vt_cli_line(cli, vt_tr("    revoked: at %s"),
		    vt_time_local(r->revoked_at, when));
	else if (r->revocation == VT_REVOKED_NO)
		vt_cli_line(cli, vt_tr("    revoked: not by %s"),
		    vt_time_local(at, when));
	else
		vt_cli_line(cli, "%s", vt_tr("    revoked: NOT known"));
}

static void
show_text(struct vt_cli *cli, const char *path, const struct vt_cert *cert,
    int64_t at, const struct vt_trust_result *r)
{
	char from[VT_TIME_TEXT], until[VT_TIME_TEXT];
	const char *hint = vt_trust_reason_hint(r->reason);
	size_t i;

	vt_cli_line(cli, "%s: %s: %s", path, vt_tr(verdicts[r->verdict]),
	    vt_trust_reason_text(r->reason));
	if (r->detail != NULL)
		vt_cli_line(cli, "    %s", r->detail);
	vt_cli_line(cli, vt_tr("    certificate: %s"),
	    vt_cert_subject_line(cert));
	vt_cli_line(cli, vt_tr("    serial: %s"), vt_cert_serial(cert));
	for (i = 1; i < r->chain.n; i++)
		vt_cli_line(cli, vt_tr("    above it: %s"),
		    vt_cert_title(r->chain.items[i]));
	if (r->tree != NULL)
		vt_cli_line(cli, vt_tr("    trust tree: %s"), r->tree);
	else
		vt_cli_line(cli, "%s",
		    vt_tr("    trust tree: none that is trusted here"));
	vt_cli_line(cli, vt_tr("    certificate period: %s to %s"),
	    vt_time_local(vt_cert_not_before(cert), from),
	    vt_time_local(vt_cert_not_after(cert), until));
	show_revocation(cli, r, at);
	vt_cli_line(cli, vt_tr("    key: %s, %d bits"), key_name(cert),
	    vt_cert_key_bits(cert));
	show_usage(cli, cert);
	for (i = 0; i < r->weak.n; i++)
		vt_cli_line(cli, vt_tr("    weak: %s"), r->weak.items[i]);
	if (hint != NULL)
		vt_cli_hint(cli, "%s", hint);
}

static enum vt_exit
status_of(enum vt_verdict v)
{
	switch (v) {
	case VT_PASSED:
		return VT_EXIT_OK;
	case VT_FAILED:
		return VT_EXIT_NO;
	case VT_UNDECIDED:
		break;
	}
	return VT_EXIT_UNDECIDED;
}

static void
show(struct vt_cli *cli, const char *path, const struct vt_cert *cert,
    int64_t at, const struct vt_trust_result *r)
{
	struct vt_json_out *o = vt_cli_json(cli);

	if (o != NULL)
		show_json(o, path, cert, at, r);
	else
		show_text(cli, path, cert, at, r);
	vt_cli_json_end(cli, o);
	vt_cli_note(cli, status_of(r->verdict));
}

void
check_file(struct vt_cli *cli, const char *path, const struct vt_trust *trust,
    const struct vt_trust_query *with)
{
	struct vt_error err = { 0 };
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_trust_result r = { 0 };
	struct vt_trust_query q = *with;
	int rc;

	q.certs = &certs;
	q.crls = &crls;
	q.purpose = VT_PURPOSE_ANY;
	rc = vt_x509_read_file(path, &certs, &crls, &err);
	if (rc == VT_OK && certs.n == 0)
		rc = vt_error_set(&err, VT_EFORMAT, NULL,
		    "there is no certificate in it");
	if (rc == VT_OK) {
		q.cert = certs.items[0];
		rc = vt_trust_judge(trust, &q, &r, &err);
	}
	if (rc == VT_OK)
		show(cli, path, certs.items[0], q.at, &r);
	else
		vt_cli_fail(cli, path, &err);
	vt_trust_result_release(&r);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
}
