/* test_trust_web.h - one tree for each test, and where the rest of it is */
#ifndef VT_TEST_TRUST_WEB_H
#define VT_TEST_TRUST_WEB_H

#include "test_pki.h"

#define ROOT_URL "http://pki.test.invalid/root.crl"
#define CA_URL "http://pki.test.invalid/ca.crl"
#define DELTA_URL "http://pki.test.invalid/delta.crl"
#define OCSP_URL "http://ocsp.test.invalid/"
#define CA_CERT_URL "http://pki.test.invalid/ca.crt"
#define ASKED_MAX 64

/* root -> ca -> leaf with addresses in them; nothing at hand but the root. */
static struct pki p;
static struct vt_crls root_list, ca_list;
static struct vt_ocsps answer;

static struct {
	char *urls[ASKED_MAX];
	size_t n;
	bool genuine; /* all of them */
	int rc;       /* what every call returns; VT_OK: what there is */
	bool no_ocsp; /* the responder is down */
	const struct vt_crl *delta; /* or NULL: there is none */
	const char *raw;            /* what is got instead */
	struct {
		const char *url;
		struct vt_bytes data;
	} more[8]; /* beside what setup() made */
} web;

static inline int
setup(void **state)
{
	(void)state;
	p.root = party_new((struct spec){ .cn = "Root", .ext = { ROOT_EXT } });
	p.ca = party_new((struct spec){ .cn = "CA",
	    .issuer = &p.root,
	    .ext = { CA_EXT, "crlDistributionPoints=URI:" ROOT_URL } });
	p.leaf = party_new((struct spec){ .cn = "Leaf",
	    .issuer = &p.ca,
	    .ext = { LEAF_EXT, "subjectKeyIdentifier=hash",
		"crlDistributionPoints=URI:" CA_URL,
		"authorityInfoAccess=OCSP;URI:" OCSP_URL
		",caIssuers;URI:" CA_CERT_URL } });
	pki_trust(&p);
	list_add(NULL, &root_list, (struct list){ .issuer = &p.root });
	list_add(NULL, &ca_list, (struct list){ .issuer = &p.ca });
	answer_add(NULL, &answer,
	    (struct answer){ .about = &p.leaf, .issuer = &p.ca });
	memset(&web, 0, sizeof(web));
	web.genuine = true;
	return 0;
}

static inline int
teardown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < web.n; i++)
		free(web.urls[i]);
	vt_crls_release(&root_list);
	vt_crls_release(&ca_list);
	vt_ocsps_release(&answer);
	pki_release(&p);
	return 0;
}

static inline int
serve(void *ctx, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	size_t i;

	(void)err;
	assert_ptr_equal(ctx, &web);
	assert_true(web.n < ASKED_MAX);
	web.urls[web.n++] = strdup(want->url);
	web.genuine = web.genuine && vt_trust_want_genuine(p.trust, want);
	assert_int_equal(want->body.len > 0, want->kind == VT_WANT_OCSP);
	if (web.rc != VT_OK)
		return web.rc;
	if (web.raw != NULL)
		return vt_buf_puts(ret, web.raw);
	for (i = 0; i < 8 && web.more[i].url != NULL; i++)
		if (strcmp(want->url, web.more[i].url) == 0)
			return vt_buf_bytes_put(ret, web.more[i].data);
	if (strcmp(want->url, ROOT_URL) == 0)
		return vt_buf_bytes_put(ret, vt_crl_der(root_list.items[0]));
	if (strcmp(want->url, CA_URL) == 0)
		return vt_buf_bytes_put(ret, vt_crl_der(ca_list.items[0]));
	if (strcmp(want->url, DELTA_URL) == 0 && web.delta != NULL)
		return vt_buf_bytes_put(ret, vt_crl_der(web.delta));
	if (strcmp(want->url, CA_CERT_URL) == 0)
		return vt_buf_bytes_put(ret, vt_cert_der(p.ca.cert));
	if (strcmp(want->url, OCSP_URL) == 0 && !web.no_ocsp)
		return vt_buf_bytes_put(ret, vt_ocsp_der(answer.items[0]));
	return VT_ENOTFOUND;
}

#define ONLINE .fetch = serve, .fetch_ctx = &web

static inline void
asked(const char *a, const char *b, const char *c)
{
	const char *const want[] = { a, b, c };
	size_t i;

	for (i = 0; i < 3 && want[i] != NULL; i++) {
		assert_true(i < web.n);
		assert_string_equal(web.urls[i], want[i]);
	}
	assert_int_equal(web.n, i);
	assert_true(web.genuine);
	while (web.n > 0)
		free(web.urls[--web.n]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
