/* How much of a message is read, at each bound and past it. */
#include "test_cms_splice.h"

#include "vanthu/cms_extend.h"

/* Impostors, each another certificate; the last of the set is the signer's. */
static void
certificates_of_one_name_are_counted(void **state)
{
	struct vt_cert *cert = pki_cert("officer");
	EVP_PKEY *key = pki_key("impostor");
	X509 *fake = X509_dup(vt_cert_x509(cert));
	unsigned char *der = NULL;
	struct vt_error err = { 0 };
	struct vt_certs extra = { 0 };
	struct spec s = usual;
	struct checked c;
	struct vt_buf a, message;
	size_t i, n;
	int len;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	s.cert = "duty-ca"; /* not the signer's */
	vt_buf_init(&message, 1 << 20);
	build(&message, &s);
	vt_cert_free(cert);
	X509_set_pubkey(fake, key);
	assert_true(X509_sign(fake, key, EVP_sha256()) > 0);
	len = i2d_X509(fake, &der);
	assert_true(len > 0);
	for (n = VT_CMS_TRIES_MAX - 1; n <= VT_CMS_TRIES_MAX; n++) {
		for (i = 0; i < n; i++) {
			der[len - 1] = (unsigned char)i;
			assert_vt_ok(vt_cert_parse(VT_BYTES(der, (size_t)len),
					 &cert, &err),
			    &err);
			assert_vt_ok(vt_certs_add(&extra, cert, &err), &err);
			vt_cert_free(cert);
		}
		cert = pki_cert("officer");
		assert_vt_ok(vt_certs_add(&extra, cert, &err), &err);
		vt_cert_free(cert);
		assert_int_equal(extra.n, n + 1);
		check(vt_buf_bytes(&message), 0, NULL, &extra, &c);
		assert_vt_ok(c.rc, &c.err);
		assert_int_equal(c.facts.reason,
		    n < VT_CMS_TRIES_MAX ? VT_CMS_FINE : VT_CMS_LIMIT);
		assert_int_equal(c.facts.intact, n < VT_CMS_TRIES_MAX);
		assert_int_equal(c.facts.cades, n < VT_CMS_TRIES_MAX);
		checked_free(&c);
		vt_certs_release(&extra);
	}
	X509_free(fake);
	EVP_PKEY_free(key);
	OPENSSL_free(der);
	vt_buf_release(&message);
	vt_buf_release(&a);
}

static void
a_salt_has_a_length(void **state)
{
	unsigned char params[] = { CMS_SEQUENCE, 6, CMS_CTX2, 4, CMS_INTEGER, 2,
		0, 0 };
	const struct cms_alg alg = {
		.oid = VT_BYTES_LIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"),
		.params = { params, sizeof(params) },
	};
	struct cms_sigalg sig;
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++) {
		params[6] = (unsigned char)((VT_CMS_SALT_MAX + more) >> 8);
		params[7] = (unsigned char)(VT_CMS_SALT_MAX + more);
		assert_int_equal(vt_cms_sigalg_read(&alg, &sig),
		    more == 0 ? VT_CMS_FINE : VT_CMS_BAD_PARAMETERS);
	}
}

/* digestAlgorithms of many, and one that fills it up. */
static void
its_head_has_a_length(void **state)
{
	struct vt_bytes in;
	struct vt_buf set, middle;
	struct cms_tlv t;
	struct opened o;
	struct parts p;
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++) {
		parts_usual(&p);
		in = p.middle;
		next(&in, CMS_SET, &t);
		vt_buf_init(&set, 2 * VT_CMS_HEAD_MAX);
		vt_buf_init(&middle, 4 * VT_CMS_HEAD_MAX);
		/* less the set's own head, of four bytes */
		while (set.len + t.value.len + 64 < VT_CMS_HEAD_MAX - 4)
			vt_buf_bytes_put(&set, t.value);
		vt_buf_putc(&set, CMS_SEQUENCE);
		vt_buf_putc(&set,
		    (unsigned char)(VT_CMS_HEAD_MAX - 4 - set.len - 1 + more));
		vt_buf_putc(&set, CMS_OID);
		vt_buf_putc(&set,
		    (unsigned char)(VT_CMS_HEAD_MAX - 4 - set.len - 1 + more));
		while (set.len < VT_CMS_HEAD_MAX - 4 + more)
			vt_buf_putc(&set, 0x2a);
		put(&middle, CMS_SET, vt_buf_bytes(&set));
		assert_int_equal(middle.len, VT_CMS_HEAD_MAX + more);
		vt_buf_bytes_put(&middle, in);
		p.middle = vt_buf_bytes(&middle);
		if (more == 0) {
			parts_open(&p, &o);
			opened_free(&o);
		} else {
			assert_int_equal(parts_refused(&p), VT_ELIMIT);
		}
		parts_release(&p);
		vt_buf_release(&set);
		vt_buf_release(&middle);
	}
}

/* What stands behind the content, filled up by an unsigned attribute. */
static void
what_is_beside_the_content_has_a_length(void **state)
{
	size_t n = VT_CMS_MAX - 100000, round;
	struct vt_buf value;
	struct opened o;
	struct parts p;

	(void)state;
	for (round = 0; round < 3; round++) {
		parts_usual(&p);
		vt_buf_init(&value, 2 * VT_CMS_MAX);
		assert_int_equal(vt_buf_reserve(&value, n), VT_OK);
		memset(value.data, 0, n);
		value.len = n;
		wrap(&value, CMS_OCTETS);
		wrap(&value, CMS_SET);
		put(&p.attrs, CMS_OID, VT_BYTES_LIT("\x2a\x03"));
		vt_buf_bytes_put(&p.attrs, vt_buf_bytes(&value));
		wrap(&p.attrs, CMS_SEQUENCE);
		if (round < 2) {
			parts_open(&p, &o);
			n += VT_CMS_MAX - o.cms->rest.len;
			if (round == 1)
				assert_int_equal(o.cms->rest.len, VT_CMS_MAX);
			opened_free(&o);
		}
		n += round == 1;
		if (round == 2)
			assert_int_equal(parts_refused(&p), VT_ELIMIT);
		vt_buf_release(&value);
		parts_release(&p);
	}
}

static void
armour_has_a_length(void **state)
{
	static const char begin[] = "-----BEGIN CMS-----\n";
	unsigned char *data = calloc(1, VT_CMS_PEM_MAX + 1);
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;

	(void)state;
	assert_non_null(data);
	memset(data, '\n', VT_CMS_PEM_MAX + 1);
	memcpy(data, begin, sizeof(begin) - 1);
	assert_vt_error(vt_cms_parse(VT_BYTES(data, VT_CMS_PEM_MAX), 0, &cms,
			    &err),
	    &err, VT_EFORMAT);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_cms_parse(VT_BYTES(data, VT_CMS_PEM_MAX + 1), 0,
			    &cms, &err),
	    &err, VT_ELIMIT);
	free(data);
}

static int
count(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	*(size_t *)ctx += piece.len;
	return VT_OK;
}

/* Add an attribute of LEN bytes to the message; *RET: how long it is then. */
static int
extended(struct vt_bytes message, size_t len, size_t *ret, struct vt_error *err)
{
	unsigned char *value = calloc(1, len);
	struct vt_bytes attr = { value, len };
	const struct vt_cms_more more = { .attrs = &attr };
	struct vt_cms *cms = NULL;
	int rc;

	assert_non_null(value);
	*err = (struct vt_error){ 0 };
	*ret = 0;
	assert_vt_ok(vt_cms_parse(message, 0, &cms, err), err);
	rc = vt_cms_extend(cms, &more, count, ret, err);
	vt_cms_free(cms);
	free(value);
	return rc;
}

/* The lengths around it grow with it, and count. */
static void
what_is_added_has_a_length(void **state)
{
	struct vt_error err;
	struct spec s = usual;
	struct vt_buf a, message;
	size_t len, all, most = 0, before;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	vt_buf_init(&message, 1 << 20);
	build(&message, &s);
	before = message.len;
	for (len = VT_CMS_MORE_MAX - 24; len <= VT_CMS_MORE_MAX; len++) {
		if (extended(vt_buf_bytes(&message), len, &all, &err) ==
		    VT_OK) {
			assert_int_equal(most,
			    len == VT_CMS_MORE_MAX - 24 ? 0 : len - 1);
			most = len;
			continue;
		}
		assert_int_equal(err.code, VT_ELIMIT);
	}
	assert_true(most >= VT_CMS_MORE_MAX - 24 && most < VT_CMS_MORE_MAX);
	assert_vt_ok(extended(vt_buf_bytes(&message), most, &all, &err), &err);
	/* all that became longer in what is beside the content, and around it
	 */
	assert_true(all - before >= VT_CMS_MORE_MAX &&
		    all - before <= VT_CMS_MORE_MAX + 8);
	assert_vt_error(extended(vt_buf_bytes(&message), most + 1, &all, &err),
	    &err, VT_ELIMIT);
	vt_buf_release(&message);
	vt_buf_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_has_a_length),
		cmocka_unit_test(certificates_of_one_name_are_counted),
		cmocka_unit_test(a_salt_has_a_length),
		cmocka_unit_test(its_head_has_a_length),
		cmocka_unit_test(what_is_beside_the_content_has_a_length),
		cmocka_unit_test(armour_has_a_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
