/*
 * test_cms_corpora.c - signatures that other people made and judged
 *
 * VANTHU_CORPORA/dss-cades, from the tests of esig/dss.  What that project
 * says of a file is in dss-expected.json beside it; where we differ, why.
 */
#include "test_cms_util.h"

#define DIR_NAME "dss-cades/validation/"

enum row_kind {
	GOOD,      /* technically valid there, intact and CAdES here */
	GOOD_WEAK, /* the same, and weak */
	NEGATIVE,  /* not valid there, not accepted here */
	STRICTER,  /* valid there, refused here */
	LATER      /* the fault is in what this module does not judge */
};

static const struct {
	const char *name;
	enum row_kind kind;
	const char *content; /* a file or "=text"; NULL: inside */
	enum vt_cms_reason reason;
} rows[] = {
	{ "Signature-15-CBp-LT-2.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-C-B-LTA-10.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-C-DE_CRY-3.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-C-HU_MIC-1.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-CBp-B-1.p7m", GOOD_WEAK, NULL, VT_CMS_FINE },
	{ "cades-bes-signeddata-detached.p7s", GOOD, "=Hello World",
	    VT_CMS_FINE },
	{ "cades-lta-duplicated-atst.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "cades_signeddata_extended_after_lta.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "cms-wrong-sign-cert-hash-algo.pkcs7", GOOD_WEAK, NULL, VT_CMS_FINE },
	{ "dss-1220/CAdES-BpLTA_removed_ocsp.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "dss-1401/sig_with_atsv2.p7s", GOOD, NULL, VT_CMS_FINE },
	{ "dss-1419/CAdES-BpB-att-SHA3_256-SHA3_256withRSA.p7m", GOOD, NULL,
	    VT_CMS_FINE },
	{ "evidence-record/C-E-ERS-parallel-ers.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "evidence-record/C-E-ERS_renewed_hashtree.p7m", GOOD, NULL,
	    VT_CMS_FINE },
	{ "evidence-record/Double-C-E-ERS.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "signedFile.pdf.p7s", GOOD, NULL, VT_CMS_FINE },
	{ "d-trust.tsr", GOOD, NULL, VT_CMS_FINE }, /* a time stamp */

	{ "cades-broken-sig-tst.p7m", NEGATIVE, NULL, VT_CMS_SIGNATURE_WRONG },
	{ "cms-no-sign-cert.p7m", NEGATIVE, NULL, VT_CMS_NOT_CHECKED },
	{ "dss-1419/CAdES-BpB-att-SHA256-SHA3_256withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-1419/CAdES-BpB-att-SHA256-SHA512withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-1419/CAdES-BpB-att-SHA3_224-SHA256withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-1419/CAdES-BpB-att-SHA3_384-SHA256withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-951/NexU-CAdES-B-B-Detached-Sha512.p7m", NEGATIVE, "=",
	    VT_CMS_DIGEST_DIFFERS },
	{ "evidence-record/C-E-ERS-detached-ber.p7s", NEGATIVE,
	    "evidence-record/TestDataLogo.png", VT_CMS_FINE },

	/* PSS with a salt of 64 bytes to a digest of 32 */
	{ "dss-1419/CAdES-BpB-att-SHA256-SHA3_256withRSAandMGF1.p7m", STRICTER,
	    NULL, VT_CMS_BAD_PARAMETERS },
	/* two signing-certificate-v2, and zeros behind it */
	{ "cades-double-signing-certificate.p7m", STRICTER, "=",
	    VT_CMS_BAD_ATTRIBUTES },
	/* signed over attributes that are not in DER's order */
	{ "dss-646/CAdES_A_DETACHED.csig", STRICTER, "=",
	    VT_CMS_BAD_ATTRIBUTES },

	/* a counter-signature with two signing times */
	{ "cades-double-signing-time.p7m", LATER, NULL, VT_CMS_FINE },
	/* a time stamp taken from another signature */
	{ "cades-t-copied-sigtst.p7m", LATER, NULL, VT_CMS_FINE },
};

static char *
path_of(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), DIR_NAME "%s", name);
	return test_corpus(path);
}

static void
content_read(const char *name, struct vt_buf *ret)
{
	char *path;

	vt_buf_init(ret, 16 << 20);
	if (name[0] == '=') {
		assert_int_equal(vt_buf_puts(ret, name + 1), VT_OK);
		return;
	}
	path = path_of(name);
	test_read(path, ret);
	free(path);
}

static void
judgement_is_that_of_dss(void **state)
{
	size_t i, bad = 0, seen[LATER + 1] = { 0 };

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *path = path_of(rows[i].name);
		struct vt_buf b, content;
		struct vt_bytes in;
		struct checked c;
		bool ok, good;

		vt_buf_init(&b, 16 << 20);
		test_read(path, &b);
		content_read(rows[i].content != NULL ? rows[i].content : "=",
		    &content);
		in = vt_buf_bytes(&content);
		check(vt_buf_bytes(&b), VT_CMS_ZERO_PADDED,
		    rows[i].content != NULL ? &in : NULL, NULL, &c);
		good = rows[i].kind == GOOD || rows[i].kind == GOOD_WEAK ||
		       rows[i].kind == LATER;
		ok = c.facts.reason == rows[i].reason &&
		     c.facts.cades == good &&
		     (c.facts.weak != 0) == (rows[i].kind == GOOD_WEAK);
		if (rows[i].kind == STRICTER) /* SHA-1, too */
			ok =
			    !c.facts.intact && c.facts.reason == rows[i].reason;
		if (!ok) {
			print_error("%s: %s, %s, weak %x\n", rows[i].name,
			    vt_cms_reason_name(c.facts.reason),
			    vt_cms_reason_name(c.facts.cades_reason),
			    c.facts.weak);
			bad++;
		}
		seen[rows[i].kind]++;
		checked_free(&c);
		vt_buf_release(&b);
		vt_buf_release(&content);
		free(path);
	}
	print_message("%zu good, %zu good but weak, %zu refused as there, "
		      "%zu refused only here, %zu for later\n",
	    seen[GOOD], seen[GOOD_WEAK], seen[NEGATIVE], seen[STRICTER],
	    seen[LATER]);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judgement_is_that_of_dss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
