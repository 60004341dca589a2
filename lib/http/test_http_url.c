/* test_http_url.c - which URLs and addresses a request may have */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "http_int.h"
#include "test_util.h"
#include "vanthu/http.h"

static enum http_address
kind_of(const char *text)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return vt_http_address((const struct sockaddr *)&in);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return vt_http_address((const struct sockaddr *)&in6);
}

/* Both edges of each block. */
static void
addresses(void **state)
{
	static const struct {
		const char *text;
		enum http_address kind;
	} cases[] = {
		{ "0.0.0.0", HTTP_NOBODY },
		{ "0.255.255.255", HTTP_NOBODY },
		{ "1.0.0.0", HTTP_PUBLIC },
		{ "9.255.255.255", HTTP_PUBLIC },
		{ "10.0.0.0", HTTP_SPECIAL },
		{ "10.255.255.255", HTTP_SPECIAL },
		{ "11.0.0.0", HTTP_PUBLIC },
		{ "100.63.255.255", HTTP_PUBLIC },
		{ "100.64.0.0", HTTP_SPECIAL },
		{ "100.127.255.255", HTTP_SPECIAL },
		{ "100.128.0.0", HTTP_PUBLIC },
		{ "126.255.255.255", HTTP_PUBLIC },
		{ "127.0.0.1", HTTP_SPECIAL },
		{ "127.255.255.255", HTTP_SPECIAL },
		{ "128.0.0.0", HTTP_PUBLIC },
		{ "169.253.255.255", HTTP_PUBLIC },
		{ "169.254.169.254", HTTP_SPECIAL },
		{ "169.255.0.0", HTTP_PUBLIC },
		{ "172.15.255.255", HTTP_PUBLIC },
		{ "172.16.0.0", HTTP_SPECIAL },
		{ "172.31.255.255", HTTP_SPECIAL },
		{ "172.32.0.0", HTTP_PUBLIC },
		{ "192.0.0.255", HTTP_SPECIAL },
		{ "192.0.1.0", HTTP_PUBLIC },
		{ "192.0.2.255", HTTP_SPECIAL },
		{ "192.88.99.1", HTTP_SPECIAL },
		{ "192.167.255.255", HTTP_PUBLIC },
		{ "192.168.0.0", HTTP_SPECIAL },
		{ "192.168.255.255", HTTP_SPECIAL },
		{ "192.169.0.0", HTTP_PUBLIC },
		{ "198.17.255.255", HTTP_PUBLIC },
		{ "198.18.0.0", HTTP_SPECIAL },
		{ "198.19.255.255", HTTP_SPECIAL },
		{ "198.20.0.0", HTTP_PUBLIC },
		{ "198.51.100.7", HTTP_SPECIAL },
		{ "203.0.113.7", HTTP_SPECIAL },
		{ "203.0.114.0", HTTP_PUBLIC },
		{ "223.255.255.255", HTTP_PUBLIC },
		{ "224.0.0.1", HTTP_NOBODY },
		{ "239.255.255.255", HTTP_NOBODY },
		{ "240.0.0.0", HTTP_SPECIAL },
		{ "255.255.255.254", HTTP_SPECIAL },
		{ "255.255.255.255", HTTP_NOBODY },
		{ "::", HTTP_NOBODY },
		{ "::1", HTTP_SPECIAL },
		{ "::127.0.0.1", HTTP_SPECIAL },
		{ "::ffff:127.0.0.1", HTTP_SPECIAL },
		{ "::ffff:224.0.0.1", HTTP_NOBODY },
		{ "::ffff:8.8.8.8", HTTP_PUBLIC },
		{ "64:ff9b::10.0.0.1", HTTP_SPECIAL },
		{ "64:ff9b::8.8.8.8", HTTP_PUBLIC },
		{ "64:ff9b:1::8.8.8.8", HTTP_SPECIAL },
		{ "100::1", HTTP_SPECIAL },
		{ "1fff:ffff::1", HTTP_SPECIAL },
		{ "2000::1", HTTP_PUBLIC },
		{ "2001::1", HTTP_SPECIAL },
		{ "2001:1ff:ffff::1", HTTP_SPECIAL },
		{ "2001:200::1", HTTP_PUBLIC },
		{ "2001:db7::1", HTTP_PUBLIC },
		{ "2001:db8::1", HTTP_SPECIAL },
		{ "2001:db9::1", HTTP_PUBLIC },
		{ "2002:7f00:1::1", HTTP_SPECIAL },
		{ "2003::1", HTTP_PUBLIC },
		{ "3ffe:ffff::1", HTTP_PUBLIC },
		{ "3fff:0fff::1", HTTP_SPECIAL },
		{ "3fff:1000::1", HTTP_PUBLIC },
		{ "4000::1", HTTP_SPECIAL },
		{ "fc00::1", HTTP_SPECIAL },
		{ "fdff::1", HTTP_SPECIAL },
		{ "fe80::1", HTTP_SPECIAL },
		{ "fec0::1", HTTP_SPECIAL },
		{ "ff02::1", HTTP_NOBODY },
	};
	struct sockaddr other = { .sa_family = AF_UNIX };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (kind_of(cases[i].text) != cases[i].kind)
			fail_msg("%s is %d", cases[i].text,
			    (int)kind_of(cases[i].text));
		assert_int_equal(vt_http_host(cases[i].text), cases[i].kind);
	}
	assert_int_equal(vt_http_address(&other), HTTP_NOBODY);
}

static void
names(void **state)
{
	static const char *const local[] = { "localhost", "LOCALHOST",
		"a.localhost", "printer.local", "db.Internal", "x.home.arpa",
		"intranet" };
	static const char *const public[] = { "ca.gov.vn", "local.vn",
		"a.notlocal", "internal.example" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		assert_int_equal(vt_http_host(local[i]), HTTP_SPECIAL);
	for (i = 0; i < sizeof(public) / sizeof(public[0]); i++)
		assert_int_equal(vt_http_host(public[i]), HTTP_PUBLIC);
}

static void
urls_that_are_taken(void **state)
{
	static const struct {
		const char *url, *host;
		unsigned port;
		bool tls;
	} cases[] = {
		{ "http://ca.gov.vn/a.crl", "ca.gov.vn", 80, false },
		{ "HTTPS://Ca.Gov.Vn", "Ca.Gov.Vn", 443, true },
		{ "http://ca.gov.vn.:8080/?a=b#c", "ca.gov.vn", 8080, false },
		{ "http://[2001:200::1]:1024/", "2001:200::1", 1024, false },
		/* one way of reading a number, ours and the resolver's */
		{ "http://0x7f.1/", "127.0.0.1", 80, false },
		{ "http://2130706433/", "127.0.0.1", 80, false },
		{ "http://0177.0.0.1/", "127.0.0.1", 80, false },
		{ "https://a:443/", "a", 443, true },
		{ "https://a:80/", "a", 80, true },
	};
	struct vt_error err = { 0 };
	struct http_target t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(vt_http_target(cases[i].url, NULL, NULL, &t, &err),
		    &err);
		assert_string_equal(t.host, cases[i].host);
		assert_int_equal(t.port, cases[i].port);
		assert_int_equal(t.tls, cases[i].tls);
		assert_false(t.listed);
		vt_http_target_release(&t);
	}
}

static void
urls_that_are_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"a",
		"//host/a",
		"/a",
		"http://",
		"http:///",
		"file:///etc/passwd",
		"FILE://localhost/etc/passwd",
		"ftp://ca.gov.vn/a.crl",
		"ldap://ca.gov.vn/cn=x?certificateRevocationList",
		"gopher://ca.gov.vn/",
		"dict://ca.gov.vn:2628/",
		"javascript:alert(1)",
		"httpx://ca.gov.vn/",
		"http://user@ca.gov.vn/",
		"http://user:secret@ca.gov.vn/",
		"http://ca.gov.vn:22/",
		"https://ca.gov.vn:25/",
		"http://ca.gov.vn:0/",
		"http://ca.gov.vn:65536/",
		"http://ca.gov.vn:x/",
		"http://ca.gov.vn/a b",
		"http://ca.gov.vn/a\r\nHost: x",
		"http://ca.gov.vn/\t",
		"http://ca.gov.vn\\@x/",
		"http://c\xc3\xa1.gov.vn/",
		"http://[::1/",
		"http://[fe80::1%25lo]x/",
	};
	struct vt_error err;
	struct http_target t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		if (vt_http_target(cases[i], NULL, NULL, &t, &err) !=
		    VT_EREFUSED)
			fail_msg("taken: %s", cases[i]);
		assert_true(err.text[0] != '\0');
	}
}

static void
the_longest_url(void **state)
{
	char url[VT_HTTP_URL_MAX + 2];
	struct vt_error err = { 0 };
	struct http_target t;

	(void)state;
	memset(url, 'x', sizeof(url));
	memcpy(url, "http://a/", 9);
	url[VT_HTTP_URL_MAX] = '\0';
	assert_vt_ok(vt_http_target(url, NULL, NULL, &t, &err), &err);
	vt_http_target_release(&t);
	url[VT_HTTP_URL_MAX] = 'x';
	url[VT_HTTP_URL_MAX + 1] = '\0';
	assert_vt_error(vt_http_target(url, NULL, NULL, &t, &err), &err,
	    VT_ELIMIT);
}

static void
where_a_redirect_leads(void **state)
{
	static const struct {
		const char *url, *host;
		unsigned port;
		bool tls;
	} cases[] = {
		{ "b.crl", "ca.gov.vn", 8443, true },
		{ "//other.vn/x", "other.vn", 443, true },
		{ "http://other.vn:8080/", "other.vn", 8080, false },
	};
	struct vt_error err = { 0 };
	struct http_target base, t;
	size_t i;

	(void)state;
	assert_vt_ok(vt_http_target("https://ca.gov.vn:8443/a/a.crl", NULL,
			 NULL, &base, &err),
	    &err);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(vt_http_target(cases[i].url, base.url, NULL, &t,
				 &err),
		    &err);
		assert_string_equal(t.host, cases[i].host);
		assert_int_equal(t.port, cases[i].port);
		assert_int_equal(t.tls, cases[i].tls);
		vt_http_target_release(&t);
	}
	assert_vt_error(vt_http_target("file:///etc/passwd", base.url, NULL, &t,
			    &err),
	    &err, VT_EREFUSED);
	vt_http_target_release(&base);
}

static void
hosts_that_are_listed(void **state)
{
	static const struct {
		const char *allow, *url;
		bool listed;
	} cases[] = {
		{ "localhost", "http://localhost/", true },
		{ " \tx  LocalHost ", "http://LOCALHOST.:8080/", true },
		{ "localhost:8080", "http://localhost:8080/", true },
		{ "localhost:8080", "http://localhost/", false },
		{ "localhost:80", "http://localhost/", true },
		{ "localhost:443", "https://localhost/", true },
		{ "localhost", "http://a.localhost/", false },
		{ "a.localhost", "http://localhost/", false },
		{ "127.0.0.1", "http://127.1/", true },
		{ "127.0.0.1", "http://localhost/", false },
		{ "127.0.0.1", "http://127.0.0.10/", false },
		{ "[::1]", "http://[0:0::1]/", true },
		{ "[::1]:8080", "http://[::1]:8080/", true },
		{ "[::1]:8080", "http://[::1]:8081/", false },
		{ "", "http://localhost/", false },
	};
	struct vt_error err = { 0 };
	struct http_target t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(vt_http_target(cases[i].url, NULL, cases[i].allow,
				 &t, &err),
		    &err);
		if (t.listed != cases[i].listed)
			fail_msg("%s in \"%s\"", cases[i].url, cases[i].allow);
		vt_http_target_release(&t);
	}
	/* a port of another service only where it is named itself */
	assert_vt_ok(vt_http_target("http://a:81/", NULL, "a:81", &t, &err),
	    &err);
	vt_http_target_release(&t);
	assert_vt_error(vt_http_target("http://a:81/", NULL, "a b:81", &t,
			    &err),
	    &err, VT_EREFUSED);
}

static void
lists_that_are_none(void **state)
{
	static const char *const cases[] = { "a,b", "http://a", "a:", "a:0",
		"a:65536", "a:8080x", "a/", "::1", "[::1", "[::1]8080",
		"[1.2.3.4]", "[]", "a@b", ".a", "good b:c", "*.vn" };
	char many[4 * VT_HTTP_ALLOW_MAX + 8] = "";
	struct vt_error err;
	struct http_target t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		if (vt_http_target("http://good/", NULL, cases[i], &t, &err) !=
		    VT_EFORMAT)
			fail_msg("taken: %s", cases[i]);
		assert_error_text(&err, "allow: ");
	}
	for (i = 0; i < VT_HTTP_ALLOW_MAX; i++)
		memcpy(many + 2 * i, "a ", 3);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_http_target("http://a/", NULL, many, &t, &err), &err);
	vt_http_target_release(&t);
	memcpy(many + 2 * i, "a", 2);
	assert_vt_error(vt_http_target("http://a/", NULL, many, &t, &err), &err,
	    VT_EFORMAT);
}

static void
the_longest_host(void **state)
{
	char url[VT_HTTP_HOST_MAX + 16];
	struct vt_error err = { 0 };
	struct http_target t;
	size_t n;
	int rc;

	(void)state;
	for (n = VT_HTTP_HOST_MAX; n <= VT_HTTP_HOST_MAX + 1; n++) {
		memset(url, 'x', sizeof(url));
		memcpy(url, "http://", 7);
		memcpy(url + 7 + n, "/", 2);
		rc = vt_http_target(url, NULL, NULL, &t, &err);
		assert_int_equal(rc == VT_OK, n == VT_HTTP_HOST_MAX);
		if (rc == VT_OK)
			vt_http_target_release(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_host),
		cmocka_unit_test(addresses),
		cmocka_unit_test(names),
		cmocka_unit_test(urls_that_are_taken),
		cmocka_unit_test(urls_that_are_refused),
		cmocka_unit_test(the_longest_url),
		cmocka_unit_test(where_a_redirect_leads),
		cmocka_unit_test(hosts_that_are_listed),
		cmocka_unit_test(lists_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
