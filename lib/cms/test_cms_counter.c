/* test_cms_counter.c - counter-signatures, right and made to deceive */
#include "test_cms_splice.h"

static const unsigned char a_counter[] = { P9, 0x06 };

/* Signed attributes of a counter-signature over OVER. */
static void
counter_attrs(struct vt_buf *out, struct vt_bytes over, const char *cert)
{
	vt_buf_init(out, 1 << 16);
	digest_attr(out, CMS_SHA256, over);
	ess_attr(out, true, CMS_SHA256, cert, cert);
	sort(out);
}

/* A SignerInfo of SIGNER over OVER; ATTRS empty: as it should be. */
static void
counter_put(struct vt_buf *out, const char *signer, struct vt_bytes over,
    struct vt_bytes attrs)
{
	struct spec s = usual;
	struct vt_buf a, set;

	counter_attrs(&a, over, signer);
	vt_buf_init(&set, 1 << 16);
	put(&set, CMS_SET, attrs.len > 0 ? attrs : vt_buf_bytes(&a));
	s.signer = signer;
	signer_info(out, &s, vt_buf_bytes(&set));
	vt_buf_release(&a);
	vt_buf_release(&set);
}

/* Append the attribute with VALUES to P's unsigned ones. */
static void
counter_attr(struct parts *p, struct vt_bytes values)
{
	attr(&p->attrs, B(a_counter), values);
}

static void
facts(const struct parts *p, size_t k, size_t n, struct vt_cms_facts *ret)
{
	struct vt_certs extra = { 0 };
	struct vt_cert *cert = pki_cert("agency");
	struct vt_error err = { 0 };
	struct opened o;

	assert_vt_ok(vt_certs_add(&extra, cert, &err), &err);
	parts_open(p, &o);
	assert_int_equal(vt_cms_ncounters(o.cms, 0), n);
	/* Whatever they are, the signature itself is what it was. */
	assert_vt_ok(vt_cms_check(o.cms, 0, o.content, NULL, ret, &err), &err);
	assert_true(ret->intact && ret->cades);
	assert_vt_ok(vt_cms_counter_check(o.cms, 0, k, &extra, ret, &err),
	    &err);
	ret->cert = NULL;
	opened_free(&o);
	vt_certs_release(&extra);
	vt_cert_free(cert);
}

static void
a_counter_signature_holds(void **state)
{
	struct vt_error err = { 0 };
	struct vt_cms_facts f;
	struct vt_buf c;
	struct parts p;
	struct opened o;

	(void)state;
	parts_usual(&p);
	vt_buf_init(&c, 1 << 16);
	counter_put(&c, "agency", p.signature, NONE);
	counter_attr(&p, vt_buf_bytes(&c));
	facts(&p, 0, 1, &f);
	assert_int_equal(f.reason, VT_CMS_FINE);
	assert_true(f.intact && f.cades);
	/* Who is nowhere to be found. */
	parts_open(&p, &o);
	assert_true(vt_cms_signer(o.cms, 0)->has_countersigners);
	assert_true(vt_cms_counter(o.cms, 0, 0)->of == VT_CMS_OF_SIGNER);
	assert_bytes_equal(vt_cms_counter(o.cms, 0, 0)->signer.der,
	    vt_buf_bytes(&c));
	assert_vt_ok(vt_cms_counter_check(o.cms, 0, 0, NULL, &f, &err), &err);
	assert_int_equal(f.reason, VT_CMS_NO_CERTIFICATE);
	assert_vt_error(vt_cms_counter_check(o.cms, 0, 1, NULL, &f, &err), &err,
	    VT_EARG);
	opened_free(&o);
	parts_release(&p);
	vt_buf_release(&c);
}

static void
what_is_no_counter_signature(void **state)
{
	static const struct {
		const char *what;
		enum vt_cms_reason reason, cades;
	} cases[] = {
		/* over another signature: taken from elsewhere */
		{ "other", VT_CMS_DIGEST_DIFFERS, VT_CMS_DIGEST_DIFFERS },
		/* RFC 5652, 11.4: there is no content type */
		{ "type", VT_CMS_CONTENT_TYPE, VT_CMS_CONTENT_TYPE },
		{ "no digest", VT_CMS_NO_MESSAGE_DIGEST,
		    VT_CMS_NO_MESSAGE_DIGEST },
		{ "unbound", VT_CMS_FINE, VT_CMS_NO_SIGNING_CERT },
		{ "another's", VT_CMS_FINE, VT_CMS_WRONG_SIGNING_CERT },
		{ "flipped", VT_CMS_SIGNATURE_WRONG, VT_CMS_SIGNATURE_WRONG },
		{ "cut", VT_CMS_MALFORMED, VT_CMS_MALFORMED },
	};
	struct vt_cms_facts f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_buf a, c;
		struct parts p;

#define IS(x) (strcmp(cases[i].what, x) == 0)
		parts_usual(&p);
		vt_buf_init(&a, 1 << 16);
		vt_buf_init(&c, 1 << 16);
		if (IS("type"))
			type_attr(&a, B(oid_data));
		if (!IS("no digest"))
			digest_attr(&a, CMS_SHA256,
			    IS("other") ? TEXT : p.signature);
		if (!IS("unbound"))
			ess_attr(&a, true, CMS_SHA256,
			    IS("another's") ? "officer" : "agency", NULL);
		sort(&a);
		counter_put(&c, "agency", p.signature, vt_buf_bytes(&a));
		if (IS("flipped"))
			c.data[c.len - 1] ^= 1;
		if (IS("cut")) {
			vt_buf_reset(&c);
			vt_buf_puts(&c, "0\x03\x02\x01\x01");
		}
		counter_attr(&p, vt_buf_bytes(&c));
		facts(&p, 0, 1, &f);
		if (f.reason != cases[i].reason ||
		    f.cades_reason != cases[i].cades)
			fail_msg("%s: %s, %s", cases[i].what,
			    vt_cms_reason_name(f.reason),
			    vt_cms_reason_name(f.cades_reason));
		assert_int_equal(f.intact, cases[i].reason == VT_CMS_FINE);
		assert_int_equal(f.cades, cases[i].cades == VT_CMS_FINE);
		parts_release(&p);
		vt_buf_release(&a);
		vt_buf_release(&c);
	}
}

/* DEPTH counter-signatures, each on the one before. */
static void
nest(struct vt_buf *out, struct vt_bytes over, size_t depth)
{
	struct vt_bytes in, at;
	struct vt_buf one, inner;
	struct cms_tlv t;

	vt_buf_init(&one, 1 << 18);
	vt_buf_init(&inner, 1 << 18);
	counter_put(&one, "agency", over, NONE);
	in = vt_buf_bytes(&one);
	next(&in, CMS_SEQUENCE, &t);
	at = in = t.value;
	while (!vt_cms_tlv_is(in, CMS_OCTETS))
		assert_true(vt_cms_tlv(&in, CMS_DER, &t));
	next(&in, CMS_OCTETS, &t);
	if (depth > 1) {
		struct vt_buf values;

		vt_buf_init(&values, 1 << 18);
		nest(&values, t.value, depth - 1);
		attr(&inner, B(a_counter), vt_buf_bytes(&values));
		wrap(&inner, CMS_CTX1);
		vt_buf_release(&values);
	}
	{
		struct vt_buf body;

		vt_buf_init(&body, 1 << 18);
		vt_buf_bytes_put(&body, at);
		vt_buf_bytes_put(&body, vt_buf_bytes(&inner));
		put(out, CMS_SEQUENCE, vt_buf_bytes(&body));
		vt_buf_release(&body);
	}
	vt_buf_release(&one);
	vt_buf_release(&inner);
}

static void
counter_signatures_on_each_other(void **state)
{
	struct vt_cms_facts f;
	struct vt_buf c;
	struct parts p;
	struct opened o;
	size_t i;

	(void)state;
	parts_usual(&p);
	vt_buf_init(&c, 1 << 18);
	nest(&c, p.signature, VT_CMS_COUNTER_DEPTH);
	counter_put(&c, "agency", p.signature, NONE);
	counter_attr(&p, vt_buf_bytes(&c));
	for (i = 0; i <= VT_CMS_COUNTER_DEPTH; i++) {
		facts(&p, i, VT_CMS_COUNTER_DEPTH + 1, &f);
		assert_true(f.intact && f.cades);
	}
	/* Two on the signature, then one on the first, and so on. */
	parts_open(&p, &o);
	for (i = 0; i <= VT_CMS_COUNTER_DEPTH; i++)
		assert_true(
		    vt_cms_counter(o.cms, 0, i)->of == (i < 2 ? VT_CMS_OF_SIGNER
							   : i == 2 ? 0
								    : i - 1));
	opened_free(&o);
	parts_release(&p);

	parts_usual(&p);
	vt_buf_reset(&c);
	nest(&c, p.signature, VT_CMS_COUNTER_DEPTH + 1);
	counter_attr(&p, vt_buf_bytes(&c));
	assert_int_equal(parts_refused(&p), VT_ELIMIT);
	parts_release(&p);
	vt_buf_release(&c);
}

static void
not_any_number_of_them(void **state)
{
	struct vt_buf c, values;
	struct parts p;
	struct opened o;
	size_t i;

	(void)state;
	parts_usual(&p);
	vt_buf_init(&c, 1 << 18);
	vt_buf_init(&values, 1 << 20);
	counter_put(&c, "agency", p.signature, NONE);
	for (i = 0; i < VT_CMS_COUNTERS_MAX; i++)
		vt_buf_bytes_put(&values, vt_buf_bytes(&c));
	counter_attr(&p, vt_buf_bytes(&values));
	parts_open(&p, &o);
	assert_int_equal(vt_cms_ncounters(o.cms, 0), VT_CMS_COUNTERS_MAX);
	opened_free(&o);
	counter_attr(&p, vt_buf_bytes(&c));
	assert_int_equal(parts_refused(&p), VT_ELIMIT);
	parts_release(&p);
	vt_buf_release(&c);
	vt_buf_release(&values);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counter_signature_holds),
		cmocka_unit_test(what_is_no_counter_signature),
		cmocka_unit_test(counter_signatures_on_each_other),
		cmocka_unit_test(not_any_number_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
