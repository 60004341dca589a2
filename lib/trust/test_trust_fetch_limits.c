/* How much is asked for, at each bound and past it. */
#include "test_trust_web.h"

#include <openssl/pem.h>

static void
addresses_are_bounded(void **state)
{
	struct party many[4];
	char value[4096], name[16];
	struct vt_trust *trust;
	size_t i, k;
	int n;

	(void)state;
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	trust = p.trust;
	for (k = 0; k < 4; k++) {
		n = snprintf(value, sizeof(value), "crlDistributionPoints=");
		for (i = 0; i < 12; i++)
			n += snprintf(value + n, sizeof(value) - (size_t)n,
			    "%sURI:http://h.invalid/%zu/%zu", i > 0 ? "," : "",
			    k, i);
		snprintf(name, sizeof(name), "M%zu", k);
		many[k] = party_new((struct spec){ .cn = name,
		    .issuer = k == 0 ? &p.root : &many[k - 1],
		    .ext = { CA_EXT, value } });
		add_cert(trust, &many[k]);
	}
	web.rc = VT_ENOTFOUND;
	assert_judged(trust, QUERY(many[3], ONLINE), VT_UNDECIDED,
	    "revocation-unknown");
	assert_int_equal(web.n, VT_TRUST_FETCHES);
	assert_true(web.genuine);
	for (k = 0; k < 4; k++)
		party_free(&many[k]);
}

/* So many addresses of one kind, and so long ones. */
static void
addresses_of_one_certificate(void **state)
{
	char value[8192];
	struct party odd;
	size_t i, more;
	int n;

	(void)state;
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	web.rc = VT_ENOTFOUND;
	for (more = 0; more < 2; more++) {
		n = snprintf(value, sizeof(value), "crlDistributionPoints=");
		for (i = 0; i < VT_TRUST_URLS_MAX + more; i++)
			n += snprintf(value + n, sizeof(value) - (size_t)n,
			    "%sURI:http://h.invalid/%zu", i > 0 ? "," : "", i);
		odd = party_new((struct spec){ .cn = "Odd",
		    .issuer = &p.ca,
		    .ext = { LEAF_EXT, value } });
		assert_judged(p.trust, QUERY(odd, ONLINE), VT_UNDECIDED,
		    "revocation-unknown");
		assert_int_equal(web.n, VT_TRUST_URLS_MAX);
		while (web.n > 0)
			free(web.urls[--web.n]);
		party_free(&odd);

		n = snprintf(value, sizeof(value),
		    "crlDistributionPoints=URI:http://h.invalid/");
		while ((size_t)n < strlen("crlDistributionPoints=URI:") +
				       VT_TRUST_URL_MAX + more)
			value[n++] = 'x';
		value[n] = '\0';
		odd = party_new((struct spec){ .cn = "Odd",
		    .issuer = &p.ca,
		    .ext = { LEAF_EXT, value } });
		assert_judged(p.trust, QUERY(odd, ONLINE), VT_UNDECIDED,
		    "revocation-unknown");
		assert_int_equal(web.n, 1 - more);
		while (web.n > 0)
			free(web.urls[--web.n]);
		party_free(&odd);
	}
}

/* One answer more than is looked at might be the one that revokes. */
static void
answers_are_counted(void **state)
{
	struct vt_ocsps answers = { 0 };
	int64_t i;

	(void)state;
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	for (i = 0; i < VT_TRUST_ANSWERS_MAX; i++)
		answer_add(NULL, &answers,
		    (struct answer){ .about = &p.leaf,
			.issuer = &p.ca,
			.from = NOW - 100 - i });
	assert_int_equal(answers.n, VT_TRUST_ANSWERS_MAX);
	assert_judged(p.trust, QUERY(p.leaf, .ocsps = &answers), VT_PASSED,
	    "ok");
	answer_add(NULL, &answers,
	    (struct answer){ .about = &p.leaf,
		.issuer = &p.ca,
		.from = NOW - 100 - i });
	assert_judged(p.trust, QUERY(p.leaf, .ocsps = &answers), VT_UNDECIDED,
	    "revocation-unknown");
	vt_ocsps_release(&answers);
}

/* CAs that differ in where their own list is; the last address has it. */
static void
paths_that_wait_are_counted(void **state)
{
	struct party ca[VT_TRUST_OPEN_MAX + 1], leaf;
	char url[64], ext[128];
	struct vt_error err = { 0 };
	size_t i, n;

	(void)state;
	for (i = 0; i <= VT_TRUST_OPEN_MAX; i++) {
		if (i > 0)
			EVP_PKEY_up_ref(ca[0].key);
		snprintf(ext, sizeof(ext),
		    "crlDistributionPoints=URI:http://h.invalid/%zu", i);
		ca[i] = party_new((struct spec){ .cn = "Many",
		    .issuer = &p.root,
		    .key = i > 0 ? ca[0].key : NULL,
		    .ext = { CA_EXT, ext } });
	}
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &ca[0], .ext = { LEAF_EXT } });
	for (n = VT_TRUST_OPEN_MAX; n <= VT_TRUST_OPEN_MAX + 1; n++) {
		vt_trust_free(p.trust);
		assert_vt_ok(vt_trust_new(&p.trust, &err), &err);
		add_anchor(p.trust, &p.root);
		for (i = 0; i < n; i++)
			add_cert(p.trust, &ca[i]);
		list_add(p.trust, NULL, (struct list){ .issuer = &ca[0] });
		snprintf(url, sizeof(url), "http://h.invalid/%zu", n - 1);
		web.more[0].url = url;
		web.more[0].data = vt_crl_der(root_list.items[0]);
		if (n == VT_TRUST_OPEN_MAX)
			assert_judged(p.trust, QUERY(leaf, ONLINE), VT_PASSED,
			    "ok");
		else
			assert_judged(p.trust, QUERY(leaf, ONLINE),
			    VT_UNDECIDED, "revocation-unknown");
		assert_int_equal(web.n, VT_TRUST_OPEN_MAX);
		assert_true(web.genuine);
		while (web.n > 0)
			free(web.urls[--web.n]);
	}
	for (i = 0; i <= VT_TRUST_OPEN_MAX; i++)
		party_free(&ca[i]);
	party_free(&leaf);
}

/* C0 is below the root, each other below the one before it. */
static void
issuers_above_each_other_are_counted(void **state)
{
	struct party c[VT_TRUST_ISSUERS_MAX + 2];
	char name[8], url[VT_TRUST_ISSUERS_MAX + 1][40], ext[80];
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	vt_trust_free(p.trust);
	assert_vt_ok(vt_trust_new(&p.trust, &err), &err);
	add_anchor(p.trust, &p.root);
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	for (i = 0; i < VT_TRUST_ISSUERS_MAX + 2; i++) {
		snprintf(name, sizeof(name), "C%zu", i);
		if (i > 0)
			snprintf(url[i - 1], sizeof(url[0]),
			    "http://h.invalid/%zu", i - 1);
		snprintf(ext, sizeof(ext),
		    "authorityInfoAccess=caIssuers;"
		    "URI:%s",
		    i > 0 ? url[i - 1] : "http://h.invalid/none");
		c[i] = party_new((struct spec){ .cn = name,
		    .issuer = i == 0 ? &p.root : &c[i - 1],
		    .ext = { CA_EXT, ext } });
		list_add(p.trust, NULL, (struct list){ .issuer = &c[i] });
		if (i < VT_TRUST_ISSUERS_MAX + 1) {
			web.more[i].url = url[i];
			web.more[i].data = vt_cert_der(c[i].cert);
		}
	}
	assert_judged(p.trust,
	    QUERY(c[VT_TRUST_ISSUERS_MAX], ONLINE, .aia = true), VT_PASSED,
	    "ok");
	assert_int_equal(web.n, VT_TRUST_ISSUERS_MAX);
	assert_judged(p.trust,
	    QUERY(c[VT_TRUST_ISSUERS_MAX + 1], ONLINE, .aia = true),
	    VT_UNDECIDED, "limit");
	assert_int_equal(web.n, 2 * VT_TRUST_ISSUERS_MAX);
	/* Where the last one names no other, there is none. */
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	web.more[0].url = NULL;
	assert_judged(p.trust,
	    QUERY(c[VT_TRUST_ISSUERS_MAX], ONLINE, .aia = true), VT_UNDECIDED,
	    "no-trust-anchor");
	for (i = 0; i < VT_TRUST_ISSUERS_MAX + 2; i++)
		party_free(&c[i]);
}

/* A certificate behind what is no PEM. */
static void
certificates_that_are_fetched_have_a_size(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf text;
	BIO *bio = BIO_new(BIO_s_mem());
	char *pem;
	size_t len, more;

	(void)state;
	assert_true(PEM_write_bio_X509(bio, vt_cert_x509(p.ca.cert)));
	len = (size_t)BIO_get_mem_data(bio, &pem);
	vt_trust_free(p.trust);
	assert_vt_ok(vt_trust_new(&p.trust, &err), &err);
	add_anchor(p.trust, &p.root);
	add_empty_lists(p.trust, &p.root, &p.ca);
	for (more = 0; more < 2; more++) {
		vt_buf_init(&text, 2 * VT_TRUST_ISSUERS_BYTES);
		while (text.len + len < VT_TRUST_ISSUERS_BYTES + more)
			assert_int_equal(vt_buf_putc(&text, '\n'), VT_OK);
		assert_int_equal(vt_buf_put(&text, pem, len), VT_OK);
		web.more[0].url = CA_CERT_URL;
		web.more[0].data = vt_buf_bytes(&text);
		assert_judged(p.trust, QUERY(p.leaf, ONLINE, .aia = true),
		    more == 0 ? VT_PASSED : VT_UNDECIDED,
		    more == 0 ? "ok" : "no-trust-anchor");
		vt_buf_release(&text);
	}
	BIO_free(bio);
}

/* --- what a store asks for --- */

struct told {
	size_t asked, left, other;
};

static int
count_asked(void *ctx, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	struct told *told = ctx;

	(void)ret;
	told->asked++;
	return vt_error_set(err, VT_ENOTFOUND, NULL, "%s: none", want->url);
}

static void
count_told(void *ctx, const struct vt_trust_update *u)
{
	struct told *told = ctx;

	if (u->why != NULL && u->why->code == VT_ELIMIT)
		told->left++;
	else if (u->why == NULL || u->why->code != VT_ENOTFOUND)
		told->other++;
}

/* "NAME=URI:...", N addresses that nothing else has. */
static void
addresses(const char *name, size_t n, char *out, size_t size)
{
	static size_t next;
	size_t i, len = (size_t)snprintf(out, size, "%s=", name);

	for (i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, size - len,
		    "%sURI:http://h.invalid/%zu", i > 0 ? "," : "", next++);
	assert_true(len < size);
}

/* CERT into the file at PATH, behind what is there. */
static void
append(const char *path, const struct party *party)
{
	BIO *bio = BIO_new_file(path, "a");

	assert_true(PEM_write_bio_X509(bio, vt_cert_x509(party->cert)));
	BIO_free(bio);
}

static void
addresses_of_a_store_are_counted(void **state)
{
	const size_t most = VT_TRUST_UPDATE_URLS_MAX / (2 * VT_TRUST_URLS_MAX);
	char *dir = test_dir_new(), sub[512], name[16], crl[1024], delta[1024];
	struct vt_error err = { 0 };
	struct party ca;
	size_t i, more;

	(void)state;
	assert_int_equal(most * 2 * VT_TRUST_URLS_MAX,
	    VT_TRUST_UPDATE_URLS_MAX);
	snprintf(sub, sizeof(sub), "%s/anchors", dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	snprintf(sub, sizeof(sub), "%s/anchors/root.crt", dir);
	append(sub, &p.root);
	snprintf(sub, sizeof(sub), "%s/intermediates", dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	snprintf(sub, sizeof(sub), "%s/intermediates/all.crt", dir);
	for (i = 0; i <= most; i++) {
		struct told told = { 0 };

		more = i == most; /* one address */
		snprintf(name, sizeof(name), "C%zu", i);
		addresses("crlDistributionPoints", more ? 1 : VT_TRUST_URLS_MAX,
		    crl, sizeof(crl));
		addresses("freshestCRL", VT_TRUST_URLS_MAX, delta,
		    sizeof(delta));
		ca = party_new((struct spec){ .cn = name,
		    .issuer = &p.root,
		    .ext = { CA_EXT, crl, more ? NULL : delta } });
		append(sub, &ca);
		party_free(&ca);
		if (i + 1 < most)
			continue;
		assert_vt_ok(vt_trust_update(dir, NOW, count_asked, &told,
				 count_told, &told, &err),
		    &err);
		assert_int_equal(told.asked, VT_TRUST_UPDATE_URLS_MAX);
		assert_int_equal(told.left, more);
		assert_int_equal(told.other, 0);
	}
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(addresses_are_bounded),
		TEST(addresses_of_one_certificate),
		TEST(answers_are_counted),
		TEST(paths_that_wait_are_counted),
		TEST(issuers_above_each_other_are_counted),
		TEST(certificates_that_are_fetched_have_a_size),
		TEST(addresses_of_a_store_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
