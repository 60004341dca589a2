/* test_verify_time_content.c - time stamps of the content, which are signed
 *
 * EN 319 122-1, 5.2.8: a signature that holds one was made behind it.
 */
#include <string.h>

#include "test_verify_time.h"

#define OID_CONTENT_STAMP "1.2.840.113549.1.9.16.2.20"

/* P signs TEXT, and says that it is WHEN, around N tokens over WHAT. */
static CMS_ContentInfo *
signs_behind(const struct party *p, int64_t when, const struct stamp *tokens,
    size_t n, struct vt_bytes what, bool detached)
{
	unsigned flags = detached ? CMS_DETACHED : 0;
	BIO *in = BIO_new_mem_buf(TEXT, sizeof(TEXT) - 1);
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)when);
	ASN1_OBJECT *oid = OBJ_txt2obj(OID_CONTENT_STAMP, 1);
	X509_ATTRIBUTE *attr = NULL;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *si;
	struct vt_buf token;
	size_t i;

	cms = CMS_sign(NULL, NULL, NULL, in, CMS_PARTIAL | CMS_BINARY | flags);
	assert_non_null(cms);
	si = CMS_add1_signer(cms, vt_cert_x509(p->cert), p->key, EVP_sha256(),
	    CMS_CADES | CMS_NOSMIMECAP);
	assert_non_null(si);
	assert_true(CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime,
	    ASN1_STRING_type(t), t, -1));
	for (i = 0; i < n; i++) {
		token_put(tokens[i], what, &token);
		if (i == 0)
			attr = X509_ATTRIBUTE_create_by_OBJ(NULL, oid,
			    V_ASN1_SEQUENCE, token.data, (int)token.len);
		else
			assert_true(X509_ATTRIBUTE_set1_data(attr,
			    V_ASN1_SEQUENCE, token.data, (int)token.len));
		assert_non_null(attr);
		vt_buf_release(&token);
	}
	if (attr != NULL)
		assert_true(CMS_signed_add1_attr(si, attr));
	assert_true(CMS_final(cms, in, NULL, CMS_BINARY | flags));
	X509_ATTRIBUTE_free(attr);
	ASN1_OBJECT_free(oid);
	ASN1_TIME_free(t);
	BIO_free(in);
	return cms;
}

/* One token. */
static CMS_ContentInfo *
behind(const struct party *p, int64_t when, struct stamp token)
{
	return signs_behind(p, when, &token, 1, vt_bytes_str(TEXT), false);
}

static void
it_proves_nothing_of_the_signature(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	cms = behind(&w.signer, AGO(10), BY(&w.tsa, AGO(11)));
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "ok");
	/* not even where nothing else saves the signer */
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	cms = behind(&w.signer, AGO(200), BY(&w.tsa, AGO(200)));
	expect(&w, cms, OPEN, "expired", "B", VT_TIME_NONE, "ok");
	/* and does no harm to what does */
	cms = behind(&w.signer, AGO(200), BY(&w.tsa, AGO(201)));
	add_stamp(cms, BY(&w.tsa, AGO(200)));
	expect(&w, cms, VALID, "ok", "T", AGO(200), "ok");
	world_free(&w);
	/* nor against a revocation */
	world_init(&w);
	store_revoked(&w, &w.signer, AGO(40));
	cms = behind(&w.signer, AGO(50), BY(&w.tsa, AGO(50)));
	expect(&w, cms, INVALID, "revoked", "B", VT_TIME_NONE, "ok");
	world_free(&w);
}

/* By a digest that the signature does not use; up to what a token may be. */
static void
a_long_one_is_judged_as_any_other(void **state)
{
	static const size_t sizes[] = { 60000, 66000, VT_TSP_MAX - 4000 };
	CMS_ContentInfo *cms;
	struct world w;
	size_t i;

	(void)state;
	world_init(&w);
	for (i = 0; i < 3; i++) {
		cms = behind(&w.signer, AGO(10),
		    (struct stamp){ .tsa = &w.tsa,
			.time = AGO(11),
			.md = EVP_sha512(),
			.extension = sizes[i] });
		expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "ok");
	}
	world_free(&w);
}

static void
of_several_all_are_judged(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;
	struct vt_report *r;
	struct vt_buf der;
	size_t k;

	(void)state;
	world_init(&w);
	{
		const struct stamp tokens[] = {
			BY(&w.tsa, AGO(12)),
			{ .tsa = &w.tsa, .time = AGO(11), .md = EVP_sha512() },
			{ .tsa = &w.tsa, .time = AGO(13), .md = EVP_sha384() }
		};

		cms = signs_behind(&w.signer, AGO(10), tokens, 3,
		    vt_bytes_str(TEXT), false);
	}
	cms_put(cms, &der);
	r = judge_at(&w, vt_buf_bytes(&der), VT_TIME_NONE);
	assert_int_equal(r->verdict, VALID);
	assert_int_equal(r->signatures[0].nstamps, 3);
	for (k = 0; k < 3; k++) {
		assert_string_equal(r->signatures[0].stamps[k].kind, "content");
		assert_int_equal(r->signatures[0].stamps[k].verdict, VALID);
	}
	vt_report_free(r);
	vt_buf_release(&der);
	CMS_ContentInfo_free(cms);
	world_free(&w);
}

static void
one_of_something_else(void **state)
{
	struct world w;
	struct stamp token;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	token = BY(&w.tsa, AGO(11));
	cms = signs_behind(&w.signer, AGO(10), &token, 1,
	    vt_bytes_str("Signed\n"), false);
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	/* the octets count, not how they are wrapped */
	cms = signs_behind(&w.signer, AGO(10), &token, 1,
	    vt_bytes_str("\x04\x07" TEXT), false);
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	/* a stamp of the signature does not make up for it */
	cms = signs_behind(&w.signer, AGO(10), &token, 1,
	    vt_bytes_str("Signed\n"), false);
	add_stamp(cms, BY(&w.tsa, AGO(10)));
	expect(&w, cms, OPEN, "time-stamp-broken", "T", AGO(10),
	    "time-stamp-broken");
	world_free(&w);
}

/* EN 319 102-1: it comes before all that are over the signature. */
static void
it_comes_before_the_signature(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	cms = behind(&w.signer, AGO(10), BY(&w.tsa, AGO(10) + 300));
	add_stamp(cms, BY(&w.tsa, AGO(10))); /* two clocks */
	expect(&w, cms, VALID, "ok", "T", AGO(10), "ok");
	cms = behind(&w.signer, AGO(10), BY(&w.tsa, AGO(10) + 301));
	add_stamp(cms, BY(&w.tsa, AGO(10)));
	expect(&w, cms, OPEN, "time-stamp-order", "T", AGO(10),
	    "time-stamp-order");
	/* nor is it of days to come */
	cms = behind(&w.signer, AGO(10), BY(&w.tsa, IN(1)));
	expect(&w, cms, OPEN, "time-stamp-order", "B", VT_TIME_NONE,
	    "time-stamp-order");
	world_free(&w);
}

/* EN 319 102-1, 5.1.3: EXPIRED. */
static void
who_had_expired_before_it_did_not_sign(void **state)
{
	struct party other, stranger;
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	cms = behind(&w.signer, AGO(200), BY(&w.tsa, AGO(100)));
	expect(&w, cms, OPEN, "expired", "B", VT_TIME_NONE, "ok");
	cms = behind(&w.signer, AGO(200), BY(&w.tsa, AGO(100) + 1));
	expect(&w, cms, INVALID, "signed-after-expiry", "B", VT_TIME_NONE,
	    "ok");
	cms = behind(&w.signer, AGO(200), BY(&w.tsa, AGO(90)));
	add_stamp(cms, BY(&w.tsa, AGO(80)));
	expect(&w, cms, INVALID, "signed-after-expiry", "T", AGO(80), "ok");
	/* one that nobody trusts proves nothing, here neither */
	other = root_new("Other", AGO(1000), IN(1000));
	stranger = authority(&other, AGO(1000), IN(1000));
	cms = behind(&w.signer, AGO(200), BY(&stranger, AGO(90)));
	expect(&w, cms, OPEN, "expired", "B", VT_TIME_NONE, "no-trust-anchor");
	party_free(&stranger);
	party_free(&other);
	world_free(&w);
}

static void
a_claim_of_an_earlier_time_is_noted(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;
	struct vt_report *r;
	struct vt_buf der;
	int days;

	(void)state;
	world_init(&w);
	for (days = 10; days <= 12; days++) {
		cms = behind(&w.signer, AGO(days), BY(&w.tsa, AGO(11)));
		cms_put(cms, &der);
		r = judge_at(&w, vt_buf_bytes(&der), VT_TIME_NONE);
		assert_int_equal(r->verdict, VALID);
		assert_int_equal(r->signatures[0].notes.n, days == 12);
		if (days == 12)
			assert_non_null(
			    strstr(r->signatures[0].notes.items[0], "earlier"));
		vt_report_free(r);
		vt_buf_release(&der);
		CMS_ContentInfo_free(cms);
	}
	world_free(&w);
}

static void
of_detached_content_too(void **state)
{
	static const char *const contents[] = { TEXT, "Signed\n", NULL };
	static const char *const reasons[] = { "ok", "digest-mismatch",
		"content-missing" };
	static const char *const stamps[] = { "ok", "time-stamp-broken",
		"time-stamp-unknown" };
	struct vt_source *src, *content;
	struct vt_verify_options opts = { .at = VT_TIME_NONE };
	struct vt_error err = { 0 };
	struct vt_report *r;
	struct stamp token;
	struct world w;
	CMS_ContentInfo *cms;
	struct vt_buf der;
	size_t i;

	(void)state;
	world_init(&w);
	opts.trust = w.trust;
	token = BY(&w.tsa, AGO(11));
	cms = signs_behind(&w.signer, AGO(10), &token, 1, vt_bytes_str(TEXT),
	    true);
	cms_put(cms, &der);
	for (i = 0; i < 3; i++) {
		src = content = NULL;
		r = NULL;
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&der), &src, &err),
		    &err);
		if (contents[i] != NULL)
			assert_vt_ok(vt_source_bytes(vt_bytes_str(contents[i]),
					 &content, &err),
			    &err);
		opts.content = content;
		assert_vt_ok(vt_verify_source(src, "x", &opts, &r, &err), &err);
		assert_string_equal(r->reason, reasons[i]);
		assert_string_equal(r->signatures[0].stamps[0].reason,
		    stamps[i]);
		vt_report_free(r);
		vt_source_free(src);
		vt_source_free(content);
	}
	vt_buf_release(&der);
	CMS_ContentInfo_free(cms);
	world_free(&w);
}

/* MD5 proved nothing any more when it was made. */
static void
a_weak_one_proves_nothing(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	cms = behind(&w.signer, AGO(200),
	    (struct stamp){ .tsa = &w.tsa, .time = AGO(90), .md = EVP_sha1() });
	expect(&w, cms, OPEN, "expired", "B", VT_TIME_NONE, "weak-algorithm");
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_proves_nothing_of_the_signature),
		cmocka_unit_test(a_long_one_is_judged_as_any_other),
		cmocka_unit_test(of_several_all_are_judged),
		cmocka_unit_test(one_of_something_else),
		cmocka_unit_test(it_comes_before_the_signature),
		cmocka_unit_test(who_had_expired_before_it_did_not_sign),
		cmocka_unit_test(a_claim_of_an_earlier_time_is_noted),
		cmocka_unit_test(of_detached_content_too),
		cmocka_unit_test(a_weak_one_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
