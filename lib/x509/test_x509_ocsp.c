/* OCSP answers as bytes: what is read, and what is refused. */
#include "test_util.h"

#include <openssl/ec.h>
#include <openssl/ocsp.h>

#include "vanthu/ocsp.h"
#include "vanthu/time.h"

#define T INT64_C(1750000000)

static EVP_PKEY *ca_key, *other_key;
static struct vt_cert *ca, *other;

static struct vt_cert *
make_cert(const char *cn, EVP_PKEY *key, long serial)
{
	struct vt_error err = { 0 };
	struct vt_cert *cert;
	X509 *x = X509_new();
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)cn, -1, -1, 0);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	X509_set_subject_name(x, name);
	X509_set_issuer_name(x, name);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_vt_ok(vt_cert_of_x509(x, &cert, &err), &err);
	X509_NAME_free(name);
	X509_free(x);
	return cert;
}

static int
setup(void **state)
{
	(void)state;
	ca_key = EVP_EC_gen("P-256");
	other_key = EVP_EC_gen("P-256");
	ca = make_cert("CA (TEST)", ca_key, 7);
	other = make_cert("Other (TEST)", other_key, 8);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	vt_cert_free(ca);
	vt_cert_free(other);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(other_key);
	return 0;
}

/* What one answer is made of. */
struct spec {
	int status;           /* of OpenSSL's V_OCSP_CERTSTATUS_ */
	int64_t until;        /* 0: none */
	const char *critical; /* "response", "single": an unknown extension */
	unsigned long flags;  /* OCSP_RESPID_KEY: by key */
	int response_status;
	int more_singles; /* about other certificates */
	int more_certs;   /* that come with it */
};

static ASN1_TIME *
gtime(int64_t t)
{
	return ASN1_GENERALIZEDTIME_set(NULL, (time_t)t);
}

static X509_EXTENSION *
unknown_extension(void)
{
	return X509V3_EXT_nconf(NULL, NULL, "1.3.6.1.4.1.99999.9",
	    "critical,DER:0500");
}

/* In DER; the bare answer where BASIC. */
static void
make(struct spec spec, bool basic, struct vt_buf *ret)
{
	OCSP_BASICRESP *bs = OCSP_BASICRESP_new();
	OCSP_CERTID *id =
	    OCSP_cert_to_id(EVP_sha1(), vt_cert_x509(ca), vt_cert_x509(ca));
	ASN1_TIME *revoked = gtime(T - 9), *from = gtime(T),
		  *until = spec.until != 0 ? gtime(spec.until) : NULL;
	OCSP_RESPONSE *resp;
	OCSP_SINGLERESP *s;
	X509_EXTENSION *ext;
	unsigned char *der = NULL;
	int n;

	s = OCSP_basic_add1_status(bs, id, spec.status,
	    OCSP_REVOKED_STATUS_KEYCOMPROMISE,
	    spec.status == V_OCSP_CERTSTATUS_REVOKED ? revoked : NULL, from,
	    until);
	for (n = 0; n < spec.more_singles; n++) {
		OCSP_CERTID *about = OCSP_CERTID_dup(id);
		ASN1_INTEGER *serial;

		OCSP_id_get0_info(NULL, NULL, NULL, &serial, about);
		ASN1_INTEGER_set(serial, 1000 + n);
		assert_non_null(OCSP_basic_add1_status(bs, about,
		    V_OCSP_CERTSTATUS_GOOD, -1, NULL, from, until));
		OCSP_CERTID_free(about);
	}
	for (n = 0; n < spec.more_certs; n++)
		assert_true(OCSP_basic_add1_cert(bs, vt_cert_x509(other)));
	if (spec.critical != NULL) {
		ext = unknown_extension();
		if (strcmp(spec.critical, "single") == 0)
			OCSP_SINGLERESP_add_ext(s, ext, -1);
		else
			OCSP_BASICRESP_add_ext(bs, ext, -1);
		X509_EXTENSION_free(ext);
	}
	assert_true(OCSP_basic_sign(bs, vt_cert_x509(ca), ca_key, EVP_sha256(),
	    NULL, spec.flags));
	resp = OCSP_response_create(spec.response_status, bs);
	n = basic ? i2d_OCSP_BASICRESP(bs, &der)
		  : i2d_OCSP_RESPONSE(resp, &der);
	assert_true(n > 0);
	vt_buf_init(ret, VT_OCSP_MAX + 2);
	assert_int_equal(vt_buf_put(ret, der, (size_t)n), VT_OK);
	OPENSSL_free(der);
	OCSP_RESPONSE_free(resp);
	OCSP_BASICRESP_free(bs);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(revoked);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
}

static void
an_answer_is_read(void **state)
{
	struct spec spec = { .status = V_OCSP_CERTSTATUS_REVOKED,
		.until = T + 60 };
	struct vt_error err = { 0 };
	struct vt_ocsp_single one;
	struct vt_ocsp *o, *bare;
	struct vt_buf der, basic;
	size_t i = 0;

	(void)state;
	make(spec, false, &der);
	assert_vt_ok(vt_ocsp_parse(vt_buf_bytes(&der), &o, &err), &err);
	assert_true(vt_bytes_equal(vt_ocsp_der(o), vt_buf_bytes(&der)));
	assert_string_equal(vt_ocsp_responder(o), "CN=CA (TEST)");
	assert_string_equal(vt_ocsp_digest(o), "sha256");
	assert_int_equal(vt_ocsp_certs(o)->n, 1);
	assert_true(vt_ocsp_names(o, ca) && !vt_ocsp_names(o, other));
	assert_true(vt_ocsp_signed_by(o, ca) && !vt_ocsp_signed_by(o, other));
	assert_int_equal(vt_ocsp_singles(o), 1);
	assert_true(vt_ocsp_find(o, ca, ca, &i, &one));
	assert_int_equal(one.status, VT_OCSP_REVOKED);
	assert_int_equal(one.this_update, T);
	assert_int_equal(one.next_update, T + 60);
	assert_int_equal(one.revoked_at, T - 9);
	assert_int_equal(one.reason, OCSP_REVOKED_STATUS_KEYCOMPROMISE);
	assert_int_equal(one.archive_cutoff, VT_TIME_NONE);
	assert_false(vt_ocsp_find(o, ca, ca, &i, &one));
	i = 0;
	assert_false(vt_ocsp_find(o, other, ca, &i, &one));
	i = 0;
	assert_false(vt_ocsp_find(o, ca, other, &i, &one));

	/* The bare answer in it is the same answer. */
	vt_buf_init(&basic, VT_OCSP_MAX);
	assert_int_equal(vt_buf_bytes_put(&basic, vt_ocsp_basic(o)), VT_OK);
	assert_vt_ok(vt_ocsp_parse(vt_buf_bytes(&basic), &bare, &err), &err);
	assert_memory_equal(vt_ocsp_sha256(o), vt_ocsp_sha256(bare),
	    VT_SHA256_LEN);
	assert_true(vt_ocsp_signed_by(bare, ca));
	vt_ocsp_free(o);
	vt_ocsp_free(bare);
	vt_buf_release(&der);
	vt_buf_release(&basic);
}

static void
a_responder_may_be_named_by_its_key(void **state)
{
	struct spec spec = { .flags = OCSP_RESPID_KEY };
	struct vt_error err = { 0 };
	struct vt_ocsp *o;
	struct vt_buf der;

	(void)state;
	make(spec, true, &der);
	assert_vt_ok(vt_ocsp_parse(vt_buf_bytes(&der), &o, &err), &err);
	assert_true(
	    vt_bytes_starts(vt_bytes_str(vt_ocsp_responder(o)), "key "));
	assert_true(vt_ocsp_names(o, ca) && !vt_ocsp_names(o, other));
	vt_ocsp_free(o);
	vt_buf_release(&der);
}

static void
refused(struct vt_buf *der, int code)
{
	struct vt_error err = { 0 };
	struct vt_ocsp *o = NULL;

	assert_int_equal(vt_ocsp_parse(vt_buf_bytes(der), &o, &err), code);
	assert_null(o);
	vt_buf_release(der);
}

static void
what_must_be_understood_is_refused(void **state)
{
	struct spec single = { .critical = "single" },
		    response = { .critical = "response" },
		    none = { .response_status =
				 OCSP_RESPONSE_STATUS_UNAUTHORIZED },
		    later = { .response_status =
				  OCSP_RESPONSE_STATUS_TRYLATER },
		    back = { .until = T - 1 };
	struct vt_buf der;

	(void)state;
	make(single, false, &der);
	refused(&der, VT_EUNSUPPORTED);
	make(response, false, &der);
	refused(&der, VT_EUNSUPPORTED);
	make(none, false, &der);
	refused(&der, VT_EREFUSED);
	make(later, false, &der);
	refused(&der, VT_ENET);
	make(back, true, &der);
	refused(&der, VT_EFORMAT);
}

static void
one_whole_answer_or_none(void **state)
{
	struct spec spec = { 0 };
	struct vt_error err;
	struct vt_ocsp *o;
	struct vt_buf der;
	size_t i, k;
	bool basic;

	(void)state;
	for (k = 0; k < 2; k++) {
		basic = k == 1;
		make(spec, basic, &der);
		for (i = 0; i < der.len; i++) {
			memset(&err, 0, sizeof(err));
			assert_int_not_equal(vt_ocsp_parse(VT_BYTES(der.data,
							       i),
						 &o, &err),
			    VT_OK);
		}
		assert_int_equal(vt_buf_putc(&der, 0), VT_OK);
		refused(&der, VT_EFORMAT);
	}
}

/* TAG, a length of two bytes, what WHAT has, and a NULL where MORE. */
static void
wrap(struct vt_buf *what, unsigned char tag, bool more)
{
	struct vt_buf out;

	if (more)
		vt_buf_put(what, "\x05\0", 2);
	vt_buf_init(&out, VT_OCSP_MAX + 2);
	vt_buf_putc(&out, (char)tag);
	vt_buf_putc(&out, (char)0x82);
	vt_buf_putc(&out, (char)(what->len >> 8));
	vt_buf_putc(&out, (char)what->len);
	vt_buf_bytes_put(&out, vt_buf_bytes(what));
	vt_buf_release(what);
	*what = out;
}

/* In front of what WHAT has. */
static void
put_before(struct vt_buf *what, const char *bytes, size_t len)
{
	struct vt_buf out;

	vt_buf_init(&out, VT_OCSP_MAX + 2);
	vt_buf_put(&out, bytes, len);
	vt_buf_bytes_put(&out, vt_buf_bytes(what));
	vt_buf_release(what);
	*what = out;
}

/* OCSPResponse (RFC 6960, 4.2.1), each part of which has one place. */
static void
nothing_stands_beside_an_answer(void **state)
{
	static const char basic[] = "\x06\x09\x2b\x06\x01\x05\x05\x07\x30"
				    "\x01\x01";
	static const char nonce[] = "\x06\x09\x2b\x06\x01\x05\x05\x07\x30"
				    "\x01\x02";
	struct vt_error err = { 0 };
	struct vt_ocsp *ocsp;
	struct vt_buf b;
	int i;

	(void)state;
	for (i = 0; i < 8; i++) {
		make((struct spec){ 0 }, true, &b);
		if (i == 7) { /* DER has the shortest length */
			assert_int_equal(b.data[1], 0x82);
			b.data[0] = 0x83;
			b.data[1] = 0;
			put_before(&b, "\x30", 1);
		}
		wrap(&b, 0x04, i == 1);
		put_before(&b, i == 5 ? nonce : basic, sizeof(basic) - 1);
		wrap(&b, 0x30, i == 2);
		wrap(&b, 0xa0, i == 3);
		if (i == 6)
			put_before(&b, "\x0a\x02\0\0", 4);
		else
			put_before(&b, "\x0a\x01\0", 3);
		wrap(&b, 0x30, i == 4);
		print_message("case %d\n", i);
		if (i > 0) {
			refused(&b, i == 5 ? VT_EUNSUPPORTED : VT_EFORMAT);
			continue;
		}
		assert_vt_ok(vt_ocsp_parse(vt_buf_bytes(&b), &ocsp, &err),
		    &err);
		vt_ocsp_free(ocsp);
		vt_buf_release(&b);
	}
}

/* No byte can be changed: it does not parse, or the signature is gone. */
static void
every_byte_counts(void **state)
{
	struct spec spec = { .until = T + 60 };
	struct vt_ocsp *o;
	struct vt_buf der;
	struct vt_bytes bare;
	size_t i, held = 0;

	(void)state;
	make(spec, true, &der);
	for (i = 0; i < der.len; i++) {
		der.data[i] ^= 1;
		if (vt_ocsp_parse(vt_buf_bytes(&der), &o, NULL) == VT_OK) {
			/* Certificates beside it are not signed over. */
			if (vt_ocsp_signed_by(o, ca) &&
			    vt_ocsp_certs(o)->n == 1)
				held++;
			bare = vt_ocsp_basic(o);
			assert_int_equal(bare.len, der.len);
			vt_ocsp_free(o);
		}
		der.data[i] ^= 1;
	}
	/* All but those in the certificate, which parses changed as well. */
	assert_true(held <= vt_cert_der(ca).len);
	vt_buf_release(&der);
}

static void
limits(void **state)
{
	struct vt_buf der;

	(void)state;
	vt_buf_init(&der, VT_OCSP_MAX + 2);
	assert_int_equal(vt_buf_reserve(&der, VT_OCSP_MAX + 1), VT_OK);
	memset(der.data, 0x30, VT_OCSP_MAX + 1);
	der.len = VT_OCSP_MAX + 1;
	refused(&der, VT_ELIMIT);
}

/* The count is one with the first single, and with the signer's certificate. */
static void
what_is_in_it_is_counted(void **state)
{
	struct spec spec = { .more_singles = VT_OCSP_SINGLES - 1,
		.more_certs = VT_OCSP_CERTS - 1 };
	struct vt_error err = { 0 };
	struct vt_ocsp *o;
	struct vt_buf der;

	(void)state;
	make(spec, true, &der);
	assert_vt_ok(vt_ocsp_parse(vt_buf_bytes(&der), &o, &err), &err);
	assert_int_equal(vt_ocsp_singles(o), VT_OCSP_SINGLES);
	assert_int_equal(vt_ocsp_certs(o)->n, 2); /* each once */
	vt_ocsp_free(o);
	vt_buf_release(&der);
	spec.more_singles++;
	make(spec, true, &der);
	refused(&der, VT_ELIMIT);
	spec.more_singles--;
	spec.more_certs++;
	make(spec, true, &der);
	refused(&der, VT_ELIMIT);
}

static void
a_request_names_what_it_asks_about(void **state)
{
	struct vt_error err = { 0 };
	OCSP_REQUEST *req;
	OCSP_CERTID *want, *id;
	const unsigned char *p;
	struct vt_buf a, b;

	(void)state;
	vt_buf_init(&a, 4096);
	vt_buf_init(&b, 4096);
	assert_vt_ok(vt_ocsp_request(ca, ca, &a, &err), &err);
	assert_vt_ok(vt_ocsp_request(ca, ca, &b, &err), &err);
	assert_true(vt_bytes_equal(vt_buf_bytes(&a), vt_buf_bytes(&b)));
	p = a.data;
	req = d2i_OCSP_REQUEST(NULL, &p, (long)a.len);
	assert_non_null(req);
	assert_ptr_equal(p, a.data + a.len);
	assert_int_equal(OCSP_request_onereq_count(req), 1);
	id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(req, 0));
	want = OCSP_cert_to_id(EVP_sha1(), vt_cert_x509(ca), vt_cert_x509(ca));
	assert_int_equal(OCSP_id_cmp(id, want), 0);
	OCSP_CERTID_free(want);
	OCSP_REQUEST_free(req);
	vt_buf_release(&a);
	vt_buf_init(&a, 3);
	assert_int_equal(vt_ocsp_request(ca, ca, &a, NULL), VT_ELIMIT);
	vt_buf_release(&a);
	vt_buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_read),
		cmocka_unit_test(a_responder_may_be_named_by_its_key),
		cmocka_unit_test(what_must_be_understood_is_refused),
		cmocka_unit_test(one_whole_answer_or_none),
		cmocka_unit_test(nothing_stands_beside_an_answer),
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(limits),
		cmocka_unit_test(what_is_in_it_is_counted),
		cmocka_unit_test(a_request_names_what_it_asks_about),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
