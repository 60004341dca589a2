/* test_cms_forge.c - messages made to deceive, and what is said of them */
#include "test_cms_forge.h"

static void
the_builder_itself_is_right(void **state)
{
	struct spec s = usual;
	struct vt_buf a;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	assert_judged(&s, VT_CMS_FINE, VT_CMS_FINE);
	vt_buf_release(&a);
}

static void
algorithms_must_fit(void **state)
{
	struct spec s = usual;
	struct vt_buf a;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	/* digest of the signature algorithm */
	s.sig_oid = B(rsa_sha512);
	s.sig_params = VT_BYTES_LIT("\x05\x00");
	assert_judged(&s, VT_CMS_BAD_ALGORITHMS, VT_CMS_BAD_ALGORITHMS);
	/* not in the message's list */
	s = usual;
	s.attrs = vt_buf_bytes(&a);
	s.listed = CMS_SHA512;
	assert_judged(&s, VT_CMS_BAD_ALGORITHMS, VT_CMS_BAD_ALGORITHMS);
	/* an algorithm of another key */
	s = usual;
	s.attrs = vt_buf_bytes(&a);
	s.sig_oid = B(ecdsa_sha256);
	assert_judged(&s, VT_CMS_BAD_KEY, VT_CMS_BAD_KEY);
	/* unknown */
	s.sig_oid = B(a_other);
	assert_judged(&s, VT_CMS_UNSUPPORTED, VT_CMS_UNSUPPORTED);
	/* parameters where none belong */
	s.sig_oid = B(rsa);
	s.sig_params = VT_BYTES_LIT("\x04\x00");
	assert_judged(&s, VT_CMS_BAD_PARAMETERS, VT_CMS_BAD_PARAMETERS);
	s = usual;
	s.attrs = vt_buf_bytes(&a);
	s.md_params = VT_BYTES_LIT("\x30\x00");
	assert_judged(&s, VT_CMS_BAD_PARAMETERS, VT_CMS_BAD_PARAMETERS);
	s.md_params = VT_BYTES_LIT("\x05\x00");
	assert_judged(&s, VT_CMS_FINE, VT_CMS_FINE);
	vt_buf_release(&a);
}

static void
versions_must_fit(void **state)
{
	static const struct {
		unsigned version, signer;
		enum vt_cms_reason reason;
	} cases[] = {
		{ 1, 1, VT_CMS_FINE },
		{ 3, 1, VT_CMS_BAD_VERSION },
		{ 4, 1, VT_CMS_BAD_VERSION },
		{ 1, 3, VT_CMS_BAD_VERSION },
		{ 3, 3, VT_CMS_BAD_VERSION },
		{ 1, 0, VT_CMS_BAD_VERSION },
	};
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_buf a, der;
	struct spec s = usual;
	size_t i;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s.version = cases[i].version;
		s.signer_version = cases[i].signer;
		assert_judged(&s, cases[i].reason, cases[i].reason);
	}
	for (i = 0; i < 8; i++) { /* those that there are not */
		if (i == 1 || i == 3 || i == 4 || i == 5)
			continue;
		s.version = (unsigned)i;
		vt_buf_init(&der, 1 << 20);
		build(&der, &s);
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_cms_parse(vt_buf_bytes(&der), 0, &cms, &err),
		    &err, VT_EFORMAT);
		vt_buf_release(&der);
	}
	vt_buf_release(&a);
}

static void
the_same_signer_twice_is_refused(void **state)
{
	struct spec s = usual;
	struct vt_buf a, der;
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	s.copies = 2;
	assert_judged(&s, VT_CMS_BAD_SIGNER, VT_CMS_BAD_SIGNER);
	s.copies = VT_CMS_SIGNERS_MAX + 1;
	vt_buf_init(&der, 1 << 20);
	build(&der, &s);
	assert_vt_error(vt_cms_parse(vt_buf_bytes(&der), 0, &cms, &err), &err,
	    VT_ELIMIT);
	vt_buf_release(&der);
	vt_buf_release(&a);
}

/* The names that the signer's certificate has, on an attacker's key. */
static void
certificate_of_the_same_name_does_not_help(void **state)
{
	struct vt_cert *fake = pki_cert("impostor");
	struct vt_error err = { 0 };
	struct vt_certs extra = { 0 };
	struct spec s = usual;
	struct checked c;
	struct vt_buf a, der;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	s.cert = "impostor"; /* embedded in place of the signer's */
	assert_judged(&s, VT_CMS_NO_CERTIFICATE, VT_CMS_NO_CERTIFICATE);
	/* and the other way round: signed by the impostor, named officer */
	vt_buf_init(&der, 1 << 20);
	s = usual;
	s.signer = "impostor";
	s.cert = "officer";
	s.attrs = vt_buf_bytes(&a);
	build(&der, &s);
	assert_vt_ok(vt_certs_add(&extra, fake, &err), &err);
	check(vt_buf_bytes(&der), 0, NULL, &extra, &c);
	assert_true(c.facts.intact); /* with the impostor's own certificate */
	assert_true(vt_cert_equal(c.facts.cert, fake));
	assert_false(c.facts.cades);
	assert_int_equal(c.facts.cades_reason, VT_CMS_WRONG_SIGNING_CERT);
	checked_free(&c);
	vt_certs_release(&extra);
	vt_cert_free(fake);
	vt_buf_release(&der);
	vt_buf_release(&a);
}

/* CMSAlgorithmProtection (RFC 6211) */
static void
protected_algorithms_are_compared(void **state)
{
	static const struct {
		enum cms_md_id md;
		bool same;
		enum vt_cms_reason reason;
	} cases[] = {
		{ CMS_SHA256, true, VT_CMS_FINE },
		{ CMS_SHA512, true, VT_CMS_BAD_ALGORITHMS },
		{ CMS_SHA256, false, VT_CMS_BAD_ALGORITHMS },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct spec s = usual;
		struct vt_buf a, b;

		vt_buf_init(&a, 1 << 16);
		vt_buf_init(&b, 1 << 16);
		type_attr(&a, B(oid_data));
		digest_attr(&a, CMS_SHA256, TEXT);
		ess_attr(&a, true, CMS_SHA256, "officer", NULL);
		alg(&b, vt_cms_md(cases[i].md)->oid, NONE);
		put(&b, CMS_CTX1,
		    cases[i].same
			? VT_BYTES_LIT("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01"
				       "\x01\x01\x05\x00")
			: VT_BYTES_LIT("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01"
				       "\x01\x0b\x05\x00"));
		wrap(&b, CMS_SEQUENCE);
		attr(&a, B(a_protect), vt_buf_bytes(&b));
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, cases[i].reason, cases[i].reason);
		vt_buf_release(&a);
		vt_buf_release(&b);
	}
}

/* Lengths and depths that promise more than there is. */
static void
hostile_structures_are_refused(void **state)
{
	static const struct vt_bytes cases[] = {
		VT_BYTES_LIT("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"),
		VT_BYTES_LIT("\x30\x87\xff\xff\xff\xff\xff\xff\xff"),
		VT_BYTES_LIT("\x30\x84\x7f\xff\xff\xff\x06\x00"),
		VT_BYTES_LIT("\x30\x80"),
		VT_BYTES_LIT("\x30\x80\x00\x00"),
		VT_BYTES_LIT("\x3f\x81\x81\x81"),
		VT_BYTES_LIT("\x00\x00\x00\x00"),
	};
	/* as far as the content of a message in BER */
	static const char head[] =
	    "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0"
	    "\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86"
	    "\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80";
	struct vt_error err;
	struct vt_cms *cms = NULL;
	struct vt_buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_cms_parse(cases[i], 0, &cms, &err), &err,
		    VT_EFORMAT);
	}
	/* a hundred thousand open elements, at each place that allows BER */
	vt_buf_init(&b, 4 << 20);
	for (i = 0; i < 100000; i++)
		vt_buf_put(&b, "\x30\x80", 2);
	memset(&err, 0, sizeof(err));
	assert_int_not_equal(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err),
	    VT_OK);
	vt_buf_reset(&b);
	vt_buf_put(&b, head, sizeof(head) - 1);
	for (i = 0; i < 100000; i++)
		vt_buf_put(&b, "\x24\x80", 2);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err), &err,
	    VT_ELIMIT);
	vt_buf_release(&b);
	assert_null(cms);
}

static void
indefinite_lengths_are_counted(void **state)
{
	struct cms_tlv t;
	struct vt_bytes in;
	struct vt_buf b;
	size_t depth, i;

	(void)state;
	for (depth = VT_CMS_INDEFINITE_MAX; depth <= VT_CMS_INDEFINITE_MAX + 1;
	     depth++) {
		vt_buf_init(&b, 1024);
		for (i = 0; i < depth; i++)
			vt_buf_put(&b, "\x30\x80", 2);
		for (i = 0; i < depth; i++)
			vt_buf_put(&b, "\x00\x00", 2);
		in = vt_buf_bytes(&b);
		assert_int_equal(vt_cms_tlv(&in, CMS_BER, &t),
		    depth == VT_CMS_INDEFINITE_MAX);
		vt_buf_release(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(indefinite_lengths_are_counted),
		cmocka_unit_test(the_builder_itself_is_right),
		cmocka_unit_test(algorithms_must_fit),
		cmocka_unit_test(versions_must_fit),
		cmocka_unit_test(the_same_signer_twice_is_refused),
		cmocka_unit_test(certificate_of_the_same_name_does_not_help),
		cmocka_unit_test(protected_algorithms_are_compared),
		cmocka_unit_test(hostile_structures_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
