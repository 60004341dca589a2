/* test_cms_cosign.c - a further signature beside others, and over another */
#include <openssl/cms.h>

#include "test_cms_splice.h"
#include "vanthu/cms_extend.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define NOW 1795478400

static const struct vt_cms_sign usual_way = { .signing_time = NOW };

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	assert_true(piece.len > 0 && piece.len <= 64 * 1024);
	return vt_buf_bytes_put(ctx, piece);
}

/* NAME signs TEXT; inside or not. */
static void
first(const char *name, bool attached, struct vt_buf *ret)
{
	struct vt_signer *signer = pki_signer(name);
	struct vt_cms_digest *digest = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	vt_buf_init(ret, 1 << 20);
	assert_vt_ok(vt_source_bytes(TEXT, &src, &err), &err);
	assert_vt_ok(vt_cms_sign_digest(signer, &digest, &err), &err);
	assert_vt_ok(vt_cms_digest_update(digest, TEXT, &err), &err);
	if (attached)
		assert_vt_ok(vt_cms_sign_attached(signer, &usual_way, src,
				 to_buf, NULL, ret, &err),
		    &err);
	else
		assert_vt_ok(vt_cms_sign(signer, &usual_way, digest, ret, &err),
		    &err);
	vt_cms_digest_free(digest);
	vt_source_free(src);
	vt_signer_free(signer);
}

static struct vt_cms *
open_cms(const struct vt_buf *der)
{
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;

	assert_vt_ok(vt_cms_parse(vt_buf_bytes(der), 0, &cms, &err), &err);
	return cms;
}

/* NAME signs what FROM signs, too. */
static int
more(const struct vt_buf *from, const char *name, struct vt_buf *ret,
    struct vt_error *err)
{
	struct vt_signer *signer = pki_signer(name);
	struct vt_cms *cms = open_cms(from);
	struct vt_cms_digest *digest = NULL;
	int rc;

	vt_buf_init(ret, 1 << 20);
	assert_vt_ok(vt_cms_sign_digest(signer, &digest, err), err);
	assert_vt_ok(vt_cms_digest_update(digest, TEXT, err), err);
	rc = vt_cms_cosign(cms, signer, &usual_way, digest, to_buf, ret, err);
	vt_cms_digest_free(digest);
	vt_cms_free(cms);
	vt_signer_free(signer);
	return rc;
}

static int
counter(const struct vt_buf *from, size_t which, const char *name,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_signer *signer = pki_signer(name);
	struct vt_cms *cms = open_cms(from);
	int rc;

	vt_buf_init(ret, 1 << 20);
	rc = vt_cms_countersign(cms, which, signer, &usual_way, to_buf, ret,
	    err);
	vt_cms_free(cms);
	vt_signer_free(signer);
	return rc;
}

/* All N signers are CAdES over TEXT, and every counter-signature holds. */
static void
assert_all_hold(const struct vt_buf *der, size_t n, size_t ncounters)
{
	struct vt_cms *cms = open_cms(der);
	struct vt_cms_digest *content = NULL;
	struct vt_cms_facts f;
	struct vt_error err = { 0 };
	size_t i, k, found = 0;

	assert_int_equal(vt_cms_nsigners(cms), n);
	assert_int_equal(vt_cms_size(cms), der->len);
	assert_vt_ok(vt_cms_digest_new(cms, &content, &err), &err);
	if (vt_cms_attached(cms))
		assert_vt_ok(vt_cms_content(cms, vt_cms_digest_update, content,
				 &err),
		    &err);
	else
		assert_vt_ok(vt_cms_digest_update(content, TEXT, &err), &err);
	for (i = 0; i < n; i++) {
		assert_vt_ok(vt_cms_check(cms, i, content, NULL, &f, &err),
		    &err);
		assert_true(f.cades);
		for (k = 0; k < vt_cms_ncounters(cms, i); k++, found++) {
			assert_vt_ok(vt_cms_counter_check(cms, i, k, NULL, &f,
					 &err),
			    &err);
			assert_true(f.cades);
		}
	}
	assert_int_equal(found, ncounters);
	vt_cms_digest_free(content);
	vt_cms_free(cms);
}

/* What was there before is there now, in the same place. */
static void
assert_kept(const struct vt_buf *before, const struct vt_buf *after,
    bool signers)
{
	struct vt_cms *a = open_cms(before), *b = open_cms(after);
	size_t i;

	assert_true(vt_cms_ncerts(b) >= vt_cms_ncerts(a));
	for (i = 0; i < vt_cms_ncerts(a); i++)
		assert_bytes_equal(vt_cms_cert(a, i), vt_cms_cert(b, i));
	assert_int_equal(vt_cms_ncrls(a), vt_cms_ncrls(b));
	assert_int_equal(vt_cms_attached(a), vt_cms_attached(b));
	assert_int_equal(vt_cms_content_size(a), vt_cms_content_size(b));
	for (i = 0; i < vt_cms_nsigners(a); i++) {
		assert_bytes_equal(vt_cms_signer(a, i)->signed_attrs,
		    vt_cms_signer(b, i)->signed_attrs);
		assert_bytes_equal(vt_cms_signer(a, i)->signature,
		    vt_cms_signer(b, i)->signature);
		if (signers)
			assert_bytes_equal(vt_cms_signer(a, i)->der,
			    vt_cms_signer(b, i)->der);
	}
	vt_cms_free(a);
	vt_cms_free(b);
}

static void
signers_stand_beside_each_other(void **state)
{
	static const char *const names[] = { "officer", "agency", "officer-ec",
		"officer-pss", "public-org" };
	struct vt_error err = { 0 };
	struct vt_buf all[5];
	size_t i, attached;

	(void)state;
	for (attached = 0; attached < 2; attached++) {
		first(names[0], attached != 0, &all[0]);
		for (i = 1; i < 5; i++) {
			assert_vt_ok(more(&all[i - 1], names[i], &all[i], &err),
			    &err);
			assert_all_hold(&all[i], i + 1, 0);
			assert_kept(&all[i - 1], &all[i], true);
		}
		for (i = 0; i < 5; i++)
			vt_buf_release(&all[i]);
	}
}

/* Its own certificate is not put in twice. */
static void
a_second_of_the_same_signer(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf a, b;
	struct vt_cms *cms;

	(void)state;
	first("officer-ec", false, &a);
	assert_vt_ok(more(&a, "officer-ec", &b, &err), &err);
	cms = open_cms(&b);
	assert_int_equal(vt_cms_ncerts(cms), 1);
	vt_cms_free(cms);
	assert_kept(&a, &b, true);
	vt_buf_release(&a);
	vt_buf_release(&b);
}

static void
counter_signatures_are_over_values(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf a, b, c, d, e;
	struct vt_cms *cms;

	(void)state;
	first("officer", false, &a);
	assert_vt_ok(more(&a, "officer-ec", &b, &err), &err);
	assert_vt_ok(counter(&b, 1, "agency", &c, &err), &err);
	assert_all_hold(&c, 2, 1);
	assert_kept(&b, &c, false);
	cms = open_cms(&c);
	assert_int_equal(vt_cms_ncounters(cms, 0), 0);
	assert_int_equal(vt_cms_ncounters(cms, 1), 1);
	/* 11.4: it has no content-type, and is of nothing but the value. */
	assert_int_equal(vt_cms_counter(cms, 1, 0)->of, VT_CMS_OF_SIGNER);
	assert_int_equal(vt_cms_counter(cms, 1, 0)->signer.mime_type.len, 0);
	vt_cms_free(cms);
	assert_vt_ok(counter(&c, VT_CMS_EACH, "officer-pss", &d, &err), &err);
	assert_all_hold(&d, 2, 3);
	/* One more signer beside those that are countersigned. */
	assert_vt_ok(more(&d, "agency", &e, &err), &err);
	assert_all_hold(&e, 3, 3);
	assert_kept(&d, &e, true);
	vt_buf_release(&e);
	assert_vt_error(counter(&d, 2, "agency", &e, &err), &err, VT_ENOTFOUND);
	assert_int_equal(e.len, 0);
	vt_buf_release(&a);
	vt_buf_release(&b);
	vt_buf_release(&c);
	vt_buf_release(&d);
	vt_buf_release(&e);
}

/* As OpenSSL makes them of a stream: lengths that are not known, segments. */
static void
a_message_in_ber_stays_as_it_is(void **state)
{
	EVP_PKEY *key = pki_key("officer");
	struct vt_cert *cert = pki_cert("officer");
	struct vt_error err = { 0 };
	BIO *in, *out = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms;
	struct vt_buf a, b;
	char *data;
	long len;

	(void)state;
	in = BIO_new_mem_buf(TEXT.data, (int)TEXT.len);
	cms = CMS_sign(vt_cert_x509(cert), key, NULL, in,
	    CMS_BINARY | CMS_CADES | CMS_STREAM);
	assert_non_null(cms);
	assert_int_equal(i2d_CMS_bio_stream(out, cms, in,
			     CMS_BINARY | CMS_CADES | CMS_STREAM),
	    1);
	len = BIO_get_mem_data(out, &data);
	vt_buf_init(&a, 1 << 20);
	assert_int_equal(vt_buf_put(&a, data, (size_t)len), VT_OK);
	assert_int_equal(a.data[1], 0x80);
	assert_vt_ok(more(&a, "agency", &b, &err), &err);
	assert_all_hold(&b, 2, 0);
	assert_kept(&a, &b, true);
	vt_buf_release(&b);
	assert_vt_ok(counter(&a, 0, "agency", &b, &err), &err);
	assert_all_hold(&b, 1, 1);
	vt_buf_release(&a);
	vt_buf_release(&b);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
	vt_cert_free(cert);
	EVP_PKEY_free(key);
}

/* Type and name are signed attributes, whatever is in them. */
static void
the_content_is_described(void **state)
{
	static const struct {
		const char *type, *name, *description;
	} cases[] = {
		{ "text/csv", "b.csv",
		    "Content-Type: text/csv; name=\"b.csv\"" },
		{ "text/plain", "tờ \"a\\b\".txt",
		    "Content-Type: text/plain; name=\"tờ "
		    "\\\"a\\\\b\\\".txt\"" },
		{ "application/zip", NULL, "" },
		{ NULL, "b.csv", "" },
	};
	struct vt_signer *signer = pki_signer("officer-ec");
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vt_cms_sign how = { .signing_time = NOW,
			.mime_type = cases[i].type,
			.name = cases[i].name };
		struct vt_cms_digest *digest = NULL;
		struct vt_buf der;
		struct vt_cms *cms;
		size_t max;

		vt_buf_init(&der, 1 << 20);
		assert_vt_ok(vt_cms_sign_size(signer, &how, &max, &err), &err);
		assert_vt_ok(vt_cms_sign_digest(signer, &digest, &err), &err);
		assert_vt_ok(vt_cms_digest_update(digest, TEXT, &err), &err);
		assert_vt_ok(vt_cms_sign(signer, &how, digest, &der, &err),
		    &err);
		assert_true(der.len <= max);
		assert_all_hold(&der, 1, 0);
		cms = open_cms(&der);
		assert_true(vt_bytes_equal_str(vt_cms_signer(cms, 0)->mime_type,
		    cases[i].type != NULL ? cases[i].type : ""));
		assert_true(
		    vt_bytes_equal_str(vt_cms_signer(cms, 0)->description,
			cases[i].description));
		vt_cms_free(cms);
		vt_cms_digest_free(digest);
		vt_buf_release(&der);
	}
	vt_signer_free(signer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signers_stand_beside_each_other),
		cmocka_unit_test(a_second_of_the_same_signer),
		cmocka_unit_test(counter_signatures_are_over_values),
		cmocka_unit_test(a_message_in_ber_stays_as_it_is),
		cmocka_unit_test(the_content_is_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
