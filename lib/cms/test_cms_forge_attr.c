/* test_cms_forge_attr.c - signed attributes made to deceive */
#include "test_cms_forge.h"

static void
attribute_sets_must_be_unambiguous(void **state)
{
	static const struct {
		const char *what;
		enum vt_cms_reason reason, cades;
	} cases[] = {
		{ "type missing", VT_CMS_CONTENT_TYPE, VT_CMS_CONTENT_TYPE },
		{ "digest missing", VT_CMS_NO_MESSAGE_DIGEST,
		    VT_CMS_NO_MESSAGE_DIGEST },
		{ "ess missing", VT_CMS_FINE, VT_CMS_NO_SIGNING_CERT },
		{ "type twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "digest twice", VT_CMS_BAD_ATTRIBUTES,
		    VT_CMS_BAD_ATTRIBUTES },
		{ "ess twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "time twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "other twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "stamp twice", VT_CMS_FINE, VT_CMS_FINE },
		{ "two digests", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "no digest value", VT_CMS_BAD_ATTRIBUTES,
		    VT_CMS_BAD_ATTRIBUTES },
		{ "digest no string", VT_CMS_BAD_ATTRIBUTES,
		    VT_CMS_BAD_ATTRIBUTES },
		{ "short digest", VT_CMS_DIGEST_DIFFERS,
		    VT_CMS_DIGEST_DIFFERS },
		{ "unsorted", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "long length", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "rubbish", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "other type", VT_CMS_CONTENT_TYPE, VT_CMS_CONTENT_TYPE },
		{ "no time", VT_CMS_FINE, VT_CMS_BAD_SIGNING_TIME },
		{ "month 13", VT_CMS_FINE, VT_CMS_BAD_SIGNING_TIME },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *w = cases[i].what;
		struct spec s = usual;
		struct vt_buf a;
		size_t n;

#define IS(x) (strcmp(w, x) == 0)
		vt_buf_init(&a, 1 << 16);
		for (n = 0; n < (IS("type twice") ? 2u : 1u); n++)
			if (!IS("type missing"))
				type_attr(&a, IS("other type") ? B(oid_tst)
							       : B(oid_data));
		for (n = 0; n < (IS("digest twice") ? 2u : 1u); n++)
			if (IS("two digests"))
				attr(&a, B(a_digest),
				    VT_BYTES_LIT("\x04\x01"
						 "a\x04\x01"
						 "b"));
			else if (IS("no digest value"))
				attr(&a, B(a_digest), NONE);
			else if (IS("digest no string"))
				attr(&a, B(a_digest),
				    VT_BYTES_LIT("\x02\x01\x01"));
			else if (IS("short digest"))
				attr(&a, B(a_digest),
				    VT_BYTES_LIT("\x04\x01\x01"));
			else if (!IS("digest missing"))
				digest_attr(&a, CMS_SHA256, TEXT);
		for (n = 0; n < (IS("ess twice") ? 2u : 1u); n++)
			if (!IS("ess missing"))
				ess_attr(&a, true, CMS_SHA256, "officer", NULL);
		for (n = 0; n < 2; n++) {
			if (IS("time twice"))
				attr(&a, B(a_time),
				    VT_BYTES_LIT("\x17\x0d"
						 "250101000000Z"));
			if (IS("other twice"))
				attr(&a, B(a_other), VT_BYTES_LIT("\5\0"));
			if (IS("stamp twice"))
				attr(&a, B(a_stamp), VT_BYTES_LIT("\5\0"));
		}
		if (IS("no time"))
			attr(&a, B(a_time), VT_BYTES_LIT("\5\0"));
		if (IS("month 13"))
			attr(&a, B(a_time),
			    VT_BYTES_LIT("\x17\x0d"
					 "251301000000Z"));
		if (IS("rubbish"))
			vt_buf_puts(&a, "\5");
		else
			sort(&a);
		if (IS("unsorted")) { /* the first one goes last */
			struct vt_bytes in = vt_buf_bytes(&a);
			struct cms_tlv t;
			struct vt_buf tmp;

			vt_buf_init(&tmp, 1 << 16);
			assert_true(vt_cms_tlv(&in, CMS_DER, &t));
			vt_buf_bytes_put(&tmp, in);
			vt_buf_bytes_put(&tmp, t.whole);
			vt_buf_release(&a);
			a = tmp;
		}
		if (IS("long length")) { /* 30 18 as 30 81 18 */
			struct vt_buf tmp;

			vt_buf_init(&tmp, 1 << 16);
			assert_true(a.data[1] < 0x80);
			vt_buf_putc(&tmp, a.data[0]);
			vt_buf_putc(&tmp, 0x81);
			vt_buf_put(&tmp, a.data + 1, a.len - 1);
			vt_buf_release(&a);
			a = tmp;
		}
		s.attrs = vt_buf_bytes(&a);
		print_message("%s\n", w);
		assert_judged(&s, cases[i].reason, cases[i].cades);
		vt_buf_release(&a);
	}
}

static void
no_attributes_are_refused(void **state)
{
	struct spec s = usual;

	(void)state;
	s.no_attrs = true;
	assert_judged(&s, VT_CMS_NO_ATTRIBUTES, VT_CMS_NO_ATTRIBUTES);
	s.no_attrs = false;
	s.empty_attrs = true;
	assert_judged(&s, VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES);
	s = usual;
	s.no_attrs = true;
	s.type = B(oid_tst);
	s.version = 3;
	assert_judged(&s, VT_CMS_NO_ATTRIBUTES, VT_CMS_NO_ATTRIBUTES);
}

/*
 * Is the value one of the key over S, whose content is changed where OTHER?  It
 * is refused all the same.
 */
static bool
holds(const struct spec *s, bool other)
{
	struct checked c;
	struct vt_buf der;
	size_t at;
	bool yes;

	vt_buf_init(&der, 1 << 20);
	build(&der, s);
	at = vt_bytes_find(vt_buf_bytes(&der), 0, (const char *)TEXT.data);
	assert_true(at != SIZE_MAX);
	der.data[at] ^= other;
	check(vt_buf_bytes(&der), 0, NULL, NULL, &c);
	assert_vt_ok(c.rc, &c.err);
	assert_false(c.facts.intact);
	assert_int_not_equal(c.facts.reason, VT_CMS_DIGEST_DIFFERS);
	yes = c.facts.holds;
	checked_free(&c);
	vt_buf_release(&der);
	return yes;
}

static void
what_is_refused_may_hold(void **state)
{
	struct spec s = usual;
	struct vt_buf a;
	unsigned digests, n;

	(void)state;
	s.no_attrs = true;
	assert_true(holds(&s, false));
	assert_false(holds(&s, true));
	s.no_attrs = false;
	for (digests = 0; digests < 3; digests++) {
		vt_buf_init(&a, 1 << 16);
		type_attr(&a, s.type);
		for (n = 0; n < 2; n++) /* for which it is refused */
			attr(&a, B(a_time),
			    VT_BYTES_LIT("\x17\x0d"
					 "250101000000Z"));
		for (n = 0; n < digests; n++)
			digest_attr(&a, CMS_SHA256, TEXT);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_int_equal(holds(&s, false), digests == 1);
		assert_false(holds(&s, true));
		vt_buf_release(&a);
	}
}

/*
 * One signature value, two meanings: the DER of the attributes as the content
 * of a signature without any, and the other way round.
 */
static void
confused_attributes_are_refused(void **state)
{
	static const struct {
		const unsigned char *type;
		size_t len;
		unsigned version;
	} types[] = { { oid_data, sizeof(oid_data), 1 },
		{ oid_tst, sizeof(oid_tst), 3 } };
	struct vt_buf a, set;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct spec s = usual;

		s.type = VT_BYTES(types[i].type, types[i].len);
		s.version = types[i].version;
		/* What was signed as attributes, now the content. */
		vt_buf_init(&a, 1 << 16);
		vt_buf_init(&set, 1 << 16);
		type_attr(&a, s.type);
		digest_attr(&a, CMS_SHA256, TEXT);
		ess_attr(&a, true, CMS_SHA256, "officer", "officer");
		sort(&a);
		put(&set, CMS_SET, vt_buf_bytes(&a));
		s.no_attrs = true;
		s.content = vt_buf_bytes(&set);
		assert_judged(&s, VT_CMS_NO_ATTRIBUTES, VT_CMS_NO_ATTRIBUTES);
		vt_buf_release(&a);
		vt_buf_release(&set);
		/*
		 * What was signed as content that an attacker had chosen, now
		 * the attributes.  Nothing tells; but nobody who does not know
		 * the signer's certificate binds it.
		 */
		s = usual;
		s.type = VT_BYTES(types[i].type, types[i].len);
		s.version = types[i].version;
		vt_buf_init(&a, 1 << 16);
		type_attr(&a, s.type);
		digest_attr(&a, CMS_SHA256, TEXT);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, VT_CMS_NO_SIGNING_CERT);
		vt_buf_release(&a);
	}
}

static void
content_type_follows_the_content(void **state)
{
	struct spec s = usual;
	struct vt_buf a;

	(void)state;
	good_attrs(&a); /* says id-data */
	s.attrs = vt_buf_bytes(&a);
	s.type = B(oid_tst);
	s.version = 3;
	assert_judged(&s, VT_CMS_CONTENT_TYPE, VT_CMS_CONTENT_TYPE);
	vt_buf_release(&a);
	/* another type everywhere is a signature, but not over id-data */
	vt_buf_init(&a, 1 << 16);
	type_attr(&a, B(oid_tst));
	digest_attr(&a, CMS_SHA256, TEXT);
	ess_attr(&a, true, CMS_SHA256, "officer", NULL);
	sort(&a);
	s.attrs = vt_buf_bytes(&a);
	assert_judged(&s, VT_CMS_FINE, VT_CMS_FINE);
	vt_buf_release(&a);
}

static void
signing_certificate_decides(void **state)
{
	static const struct {
		const char *hash1, *name1; /* v1, SHA-1; NULL: none */
		const char *hash2, *name2; /* v2 */
		enum cms_md_id md;
		enum vt_cms_reason cades;
		unsigned weak;
	} cases[] = {
		{ NULL, NULL, "officer", NULL, CMS_SHA256, VT_CMS_FINE, 0 },
		{ NULL, NULL, "officer", "officer", CMS_SHA512, VT_CMS_FINE,
		    0 },
		{ NULL, NULL, "officer", NULL, CMS_SHA1, VT_CMS_FINE,
		    VT_CMS_WEAK_REFERENCE },
		{ "officer", NULL, NULL, NULL, 0, VT_CMS_FINE,
		    VT_CMS_WEAK_REFERENCE },
		{ "officer", "officer", "officer", "officer", CMS_SHA256,
		    VT_CMS_FINE, 0 },
		{ NULL, NULL, "agency", NULL, CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ NULL, NULL, "officer", "agency", CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ NULL, NULL, "agency", "officer", CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ "agency", NULL, "officer", NULL, CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ "officer", NULL, "agency", NULL, CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct spec s = usual;
		struct vt_buf a, der;
		struct checked c;

		vt_buf_init(&a, 1 << 16);
		type_attr(&a, B(oid_data));
		digest_attr(&a, CMS_SHA256, TEXT);
		if (cases[i].hash1 != NULL)
			ess_attr(&a, false, CMS_SHA1, cases[i].hash1,
			    cases[i].name1);
		if (cases[i].hash2 != NULL)
			ess_attr(&a, true, cases[i].md, cases[i].hash2,
			    cases[i].name2);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, cases[i].cades);
		vt_buf_init(&der, 1 << 20);
		build(&der, &s);
		check(vt_buf_bytes(&der), 0, NULL, NULL, &c);
		assert_int_equal(c.facts.weak, cases[i].weak);
		checked_free(&c);
		vt_buf_release(&der);
		vt_buf_release(&a);
	}
}

static void
malformed_signing_certificate_is_refused(void **state)
{
	static const struct vt_bytes values[] = {
		VT_BYTES_LIT("\x05\x00"),
		VT_BYTES_LIT("\x30\x00"),
		VT_BYTES_LIT("\x30\x02\x30\x00"),         /* no identifier */
		VT_BYTES_LIT("\x30\x04\x30\x02\x30\x00"), /* no hash */
		VT_BYTES_LIT("\x30\x06\x30\x04\x30\x02\x04\x00"),
		VT_BYTES_LIT("\x30\x08\x30\x04\x30\x02\x04\x00\x05\x00"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct spec s = usual;
		struct vt_buf a;

		vt_buf_init(&a, 1 << 16);
		type_attr(&a, B(oid_data));
		digest_attr(&a, CMS_SHA256, TEXT);
		attr(&a, B(a_ess2), values[i]);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, VT_CMS_BAD_SIGNING_CERT);
		/* a good one of the other kind does not make up for it */
		ess_attr(&a, false, CMS_SHA1, "officer", NULL);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, VT_CMS_BAD_SIGNING_CERT);
		vt_buf_release(&a);
	}
}

/* The first is the signer's; others may follow, but not without end. */
static void
certificate_identifiers_are_counted(void **state)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_cert *cert = pki_cert("officer");
	struct vt_buf a, one, ids;
	struct spec s;
	size_t n, i;

	(void)state;
	assert_vt_ok(vt_cms_hash(CMS_SHA256, NONE, vt_cert_der(cert), md, NULL),
	    NULL);
	vt_buf_init(&one, 1 << 10);
	put(&one, CMS_OCTETS, VT_BYTES(md, vt_cms_md(CMS_SHA256)->len));
	wrap(&one, CMS_SEQUENCE);
	for (n = VT_CMS_ESS_MAX; n <= VT_CMS_ESS_MAX + 1; n++) {
		vt_buf_init(&ids, 1 << 16);
		for (i = 0; i < n; i++)
			vt_buf_bytes_put(&ids, vt_buf_bytes(&one));
		wrap(&ids, CMS_SEQUENCE);
		wrap(&ids, CMS_SEQUENCE);
		vt_buf_init(&a, 1 << 16);
		type_attr(&a, B(oid_data));
		digest_attr(&a, CMS_SHA256, TEXT);
		attr(&a, B(a_ess2), vt_buf_bytes(&ids));
		sort(&a);
		s = usual;
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE,
		    n == VT_CMS_ESS_MAX ? VT_CMS_FINE
					: VT_CMS_BAD_SIGNING_CERT);
		vt_buf_release(&a);
		vt_buf_release(&ids);
	}
	vt_buf_release(&one);
	vt_cert_free(cert);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificate_identifiers_are_counted),
		cmocka_unit_test(attribute_sets_must_be_unambiguous),
		cmocka_unit_test(no_attributes_are_refused),
		cmocka_unit_test(what_is_refused_may_hold),
		cmocka_unit_test(confused_attributes_are_refused),
		cmocka_unit_test(content_type_follows_the_content),
		cmocka_unit_test(signing_certificate_decides),
		cmocka_unit_test(malformed_signing_certificate_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
