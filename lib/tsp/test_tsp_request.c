/* test_tsp_request.c - asking a real authority, and what it answers */
#include "test_dir.h"
#include "test_tsp_util.h"

/* The authority of the test PKI, as openssl ts is told of it. */
static void
authority(const char *policy)
{
	char *conf = in_dir(dir, "tsa.conf"), *serial = in_dir(dir, "serial");
	char *crt = pki("tsa.crt"), *key = pki("tsa.key");
	char *chain = pki("duty-chain.crt");
	struct vt_buf b;

	vt_buf_init(&b, 65536);
	assert_int_equal(vt_buf_printf(&b,
			     "[tsa]\ndefault_tsa = any\n[any]\nserial = %s\n"
			     "signer_cert = %s\nsigner_key = %s\ncerts = %s\n"
			     "signer_digest = sha256\ndefault_policy = %s\n"
			     "other_policies = 1.2.3.5\ndigests = sha256, "
			     "sha512\n"
			     "ess_cert_id_alg = sha256\n",
			     serial, crt, key, chain, policy),
	    VT_OK);
	write_at(conf, vt_buf_bytes(&b));
	vt_buf_release(&b);
	free(conf);
	free(serial);
	free(crt);
	free(key);
	free(chain);
}

/* What the authority says to QUERY. */
static void
ask(struct vt_bytes query, struct vt_buf *ret)
{
	char *conf = in_dir(dir, "tsa.conf"), *q = in_dir(dir, "q");
	char *r = in_dir(dir, "r");

	write_at(q, query);
	RUN("openssl", "ts", "-reply", "-config", conf, "-section", "any",
	    "-queryfile", q, "-out", r);
	read_at(r, ret);
	free(conf);
	free(q);
	free(r);
}

static void
request(const char *policy, struct vt_tsp_request *req, struct vt_buf *der)
{
	unsigned char md[VT_SHA256_LEN];
	struct vt_error err = { 0 };

	sha256(vt_bytes_str(TEXT), md);
	assert_vt_ok(vt_tsp_request_init(req, "sha256", VT_BYTES(md, 32),
			 policy, &err),
	    &err);
	vt_buf_init(der, 4096);
	assert_vt_ok(vt_tsp_request_der(req, der, &err), &err);
}

static void
a_request_is_answered(void **state)
{
	static const char *const policies[] = { NULL, "1.2.3.5" };
	struct vt_tsp_request req, again;
	struct vt_tsp_facts f;
	struct vt_error err = { 0 };
	struct vt_buf q, r;
	size_t i;

	(void)state;
	authority("1.2.3.4");
	for (i = 0; i < 2; i++) {
		struct vt_tsp *t = NULL;

		request(policies[i], &req, &q);
		assert_vt_ok(vt_tsp_request_parse(vt_buf_bytes(&q), &again,
				 &err),
		    &err);
		assert_memory_equal(req.nonce, again.nonce, VT_TSP_NONCE_LEN);
		assert_memory_equal(req.imprint, again.imprint, 32);
		assert_string_equal(req.policy, again.policy);
		assert_string_equal(again.digest, "sha256");
		ask(vt_buf_bytes(&q), &r);
		assert_vt_ok(vt_tsp_response(vt_buf_bytes(&r), &req, &t, &err),
		    &err);
		assert_vt_ok(check(t, TEXT, NULL, &f, &err), &err);
		assert_true(f.intact);
		assert_string_equal(vt_tsp_info(t)->policy,
		    policies[i] != NULL ? policies[i] : "1.2.3.4");
		vt_tsp_free(t);
		vt_buf_release(&q);
		vt_buf_release(&r);
	}
}

static void
nonces_are_never_the_same(void **state)
{
	struct vt_tsp_request a, b;
	struct vt_buf da, db;

	(void)state;
	request(NULL, &a, &da);
	request(NULL, &b, &db);
	assert_memory_not_equal(a.nonce, b.nonce, VT_TSP_NONCE_LEN);
	assert_int_equal(a.nonce[0] & 0x80, 0);
	assert_int_equal(da.len, db.len);
	vt_buf_release(&da);
	vt_buf_release(&db);
}

/* openssl can read what we ask, and we what it asks. */
static void
others_read_our_requests_and_we_theirs(void **state)
{
	struct vt_tsp_request req;
	struct vt_error err = { 0 };
	struct vt_buf der;
	char *q = in_dir(dir, "q"), *out = in_dir(dir, "out");

	(void)state;
	request("1.2.3.5", &req, &der);
	write_at(q, vt_buf_bytes(&der));
	RUN("openssl", "ts", "-query", "-in", q, "-text", "-out", out);
	vt_buf_release(&der);
	read_at(out, &der);
	assert_true(vt_bytes_find(vt_buf_bytes(&der), 0,
			"Policy OID: 1.2.3.5") != SIZE_MAX);
	assert_true(vt_bytes_find(vt_buf_bytes(&der), 0,
			"Certificate required: yes") != SIZE_MAX);
	vt_buf_release(&der);
	load("stamp-sha1.tsq", &der);
	assert_vt_ok(vt_tsp_request_parse(vt_buf_bytes(&der), &req, &err),
	    &err);
	assert_string_equal(req.digest, "sha1");
	assert_string_equal(req.policy, "");
	vt_buf_release(&der);
	free(q);
	free(out);
}

static void
a_response_to_another_request(void **state)
{
	struct vt_tsp_request req, other;
	struct vt_buf q, r;
	const char *text;
	int i;

	(void)state;
	authority("1.2.3.4");
	request(NULL, &req, &q);
	ask(vt_buf_bytes(&q), &r);
	for (i = 0; i < 4; i++) {
		struct vt_error err = { 0 };
		struct vt_tsp *t = NULL;

		other = req;
		switch (i) {
		case 0:
			other.nonce[15] ^= 1;
			text = "nonce";
			break;
		case 1:
			other.imprint[0] ^= 1;
			text = "something else";
			break;
		case 2:
			other.digest = "sha512";
			text = "something else";
			break;
		default:
			snprintf(other.policy, sizeof(other.policy), "1.2.3.5");
			text = "another policy";
		}
		assert_vt_error(vt_tsp_response(vt_buf_bytes(&r), &other, &t,
				    &err),
		    &err, VT_EFORMAT);
		assert_error_text(&err, text);
		assert_null(t);
	}
	vt_buf_release(&q);
	vt_buf_release(&r);
}

/* The authority's refusal is told in its words. */
static void
a_refusal_is_told(void **state)
{
	struct vt_tsp_request req;
	struct vt_tsp *t = NULL;
	struct vt_error err = { 0 };
	struct vt_buf q, r;

	(void)state;
	authority("1.2.3.4");
	request("1.2.3.9", &req, &q);
	ask(vt_buf_bytes(&q), &r);
	assert_vt_error(vt_tsp_response(vt_buf_bytes(&r), &req, &t, &err), &err,
	    VT_EREFUSED);
	assert_error_text(&err, "policy");
	assert_null(t);
	vt_buf_release(&q);
	vt_buf_release(&r);
}

static void
a_response_without_certificates(void **state)
{
	struct vt_tsp_request req;
	struct vt_tsp *t = NULL;
	struct vt_error err = { 0 };
	struct vt_buf q, r;

	(void)state;
	load("stamp-leafless.tsq", &q);
	load("stamp-leafless.tsr", &r);
	assert_vt_ok(vt_tsp_request_parse(vt_buf_bytes(&q), &req, &err), &err);
	assert_vt_error(vt_tsp_response(vt_buf_bytes(&r), &req, &t, &err), &err,
	    VT_EFORMAT);
	vt_buf_release(&q);
	vt_buf_release(&r);
}

static void
cut_and_padded_responses(void **state)
{
	struct vt_tsp_request req;
	struct vt_tsp *t = NULL;
	struct vt_error err = { 0 };
	struct vt_buf q, r;
	size_t i;

	(void)state;
	authority("1.2.3.4");
	request(NULL, &req, &q);
	ask(vt_buf_bytes(&q), &r);
	for (i = 0; i < r.len; i += i < 64 ? 1 : 37) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_tsp_response(vt_bytes_slice(vt_buf_bytes(&r),
						    0, i),
				    &req, &t, &err),
		    &err, VT_EFORMAT);
	}
	for (i = 0; i < q.len; i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(
		    vt_tsp_request_parse(vt_bytes_slice(vt_buf_bytes(&q), 0, i),
			&req, &err),
		    &err, VT_EFORMAT);
	}
	vt_buf_putc(&r, 0);
	vt_buf_putc(&q, 0);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_tsp_response(vt_buf_bytes(&r), &req, &t, &err), &err,
	    VT_EFORMAT);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_tsp_request_parse(vt_buf_bytes(&q), &req, &err),
	    &err, VT_EFORMAT);
	vt_buf_release(&q);
	vt_buf_release(&r);
}

static void
requests_that_make_no_sense(void **state)
{
	unsigned char md[VT_SHA256_LEN] = { 0 };
	struct vt_tsp_request req;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_error(vt_tsp_request_init(&req, "sha256", VT_BYTES(md, 31),
			    NULL, &err),
	    &err, VT_EARG);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_tsp_request_init(&req, "crc32", VT_BYTES(md, 32),
			    NULL, &err),
	    &err, VT_EARG);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_tsp_request_init(&req, "sha256", VT_BYTES(md, 32),
			    "policy", &err),
	    &err, VT_EARG);
}

/* A dotted one of LEN characters; DER in the same way. */
static void
policy_of(size_t len, char *text, struct vt_buf *der)
{
	ASN1_OBJECT *oid;
	unsigned char *p = NULL;
	size_t i;
	int n;

	memcpy(text, "1.2.3", 5);
	for (i = 5; i + 2 <= len; i += 2)
		memcpy(text + i, i + 3 == len ? ".44" : ".4", 3);
	text[len] = '\0';
	assert_non_null(oid = OBJ_txt2obj(text, 1));
	n = i2d_ASN1_OBJECT(oid, &p);
	assert_true(n > 0);
	vt_buf_init(der, 1024);
	assert_int_equal(vt_buf_put(der, p, (size_t)n), VT_OK);
	OPENSSL_free(p);
	ASN1_OBJECT_free(oid);
}

static void
a_policy_has_a_length(void **state)
{
	char text[VT_TSP_POLICY_MAX + 2];
	static const char *const usual[] = { "-econtent_type",
		"id-smime-ct-TSTInfo", "-cades", NULL };
	struct vt_tsp_request req, again;
	struct vt_error err = { 0 };
	struct vt_tsp *tsp = NULL;
	struct vt_buf oid, imprint, content, der;
	struct tst t = tst_good(&imprint);
	unsigned char md[VT_SHA256_LEN] = { 0 };
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++) {
		policy_of(VT_TSP_POLICY_MAX + more, text, &oid);
		assert_int_equal(strlen(text), VT_TSP_POLICY_MAX + more);
		t.policy = vt_buf_bytes(&oid);
		vt_buf_init(&content, 65536);
		tst_put(&content, &t);
		sign(dir, vt_buf_bytes(&content), usual, &der);
		memset(&err, 0, sizeof(err));
		if (more == 0) {
			assert_vt_ok(vt_tsp_parse(vt_buf_bytes(&der), 0, &tsp,
					 &err),
			    &err);
			assert_string_equal(vt_tsp_info(tsp)->policy, text);
			vt_tsp_free(tsp);
			vt_buf_reset(&der);
			assert_vt_ok(vt_tsp_request_init(&req, "sha256",
					 VT_BYTES(md, 32), text, &err),
			    &err);
			assert_vt_ok(vt_tsp_request_der(&req, &der, &err),
			    &err);
			assert_vt_ok(vt_tsp_request_parse(vt_buf_bytes(&der),
					 &again, &err),
			    &err);
			assert_string_equal(again.policy, text);
		} else {
			assert_vt_error(vt_tsp_parse(vt_buf_bytes(&der), 0,
					    &tsp, &err),
			    &err, VT_ELIMIT);
			memset(&err, 0, sizeof(err));
			assert_vt_error(vt_tsp_request_init(&req, "sha256",
					    VT_BYTES(md, 32), text, &err),
			    &err, VT_EARG);
		}
		vt_buf_release(&der);
		vt_buf_release(&content);
		vt_buf_release(&oid);
	}
	vt_buf_release(&imprint);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_has_a_length),
		cmocka_unit_test(a_request_is_answered),
		cmocka_unit_test(nonces_are_never_the_same),
		cmocka_unit_test(others_read_our_requests_and_we_theirs),
		cmocka_unit_test(a_response_to_another_request),
		cmocka_unit_test(a_refusal_is_told),
		cmocka_unit_test(a_response_without_certificates),
		cmocka_unit_test(cut_and_padded_responses),
		cmocka_unit_test(requests_that_make_no_sense),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
