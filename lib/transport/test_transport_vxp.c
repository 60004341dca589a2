/* test_transport_vxp.c - the settings of the axis' driver, and its secret */
#include <sys/stat.h>

#include "test_util.h"
#include "transport_int.h"
#include "vanthu/transport.h"

#define OWN "H40.16"

static int
opened(const char *url, const struct vt_transport_settings *s,
    struct vt_error *err)
{
	struct vt_transport *t = NULL;
	int rc = vt_transport_open(url, OWN, s, &t, err);

	vt_transport_close(t);
	return rc;
}

static void
addresses(void **state)
{
	static const char *const good[] = { "vxp+https://truc.example.vn",
		"vxp+https://truc.example.vn:8443/XrdAdapter/adapter/",
		"vxp+https://[2001:db8::1]/a", "vxp+http://127.0.0.1:8080" };
	static const char *const bad[] = { "vxp+https:", "vxp+https:/a",
		"vxp+https://", "vxp+https:///a", "vxp+https://u:p@h/",
		"vxp+https://h/?a=b", "vxp+https://h/#a", "vxp+ftp://h/",
		"vxp:https://h/", "vxp+https://h/a b" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct vt_error err = { 0 };

		assert_vt_ok(opened(good[i], NULL, &err), &err);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };

		assert_vt_error(opened(bad[i], NULL, &err), &err, VT_EARG);
	}
}

static void
settings(void **state)
{
	static const struct vt_transport_settings good[] = {
		{ .system_id = "00.53.W00", .timeout = "1" },
		{ .timeout = "3600", .hash_file = "unpadded" },
		{ .hash_file = "padded", .get = "base64" },
		{ .get = "raw", .secret = "not-there-yet" },
	};
	static const struct vt_transport_settings bad[] = {
		{ .system_id = "a/b" },
		{ .timeout = "0" },
		{ .timeout = "3601" },
		{ .timeout = "99999999999999999999" },
		{ .timeout = "5s" },
		{ .timeout = "" },
		{ .hash_file = "Padded" },
		{ .get = "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct vt_error err = { 0 };

		assert_vt_ok(opened("vxp+https://h", &good[i], &err), &err);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };

		assert_vt_error(opened("vxp+https://h", &bad[i], &err), &err,
		    VT_EARG);
	}
}

static void
secret_is_nobody_elses(void **state)
{
	static const struct {
		mode_t mode;
		const char *text, *secret; /* NULL: refused */
	} cases[] = {
		{ 0600, "A7TKG/r2g=\nmore\n", "A7TKG/r2g=" },
		{ 0400, "x", "x" },
		{ 0640, "x\r\n", "x" },
		{ 0604, "x", NULL },
		{ 0602, "x", NULL },
		{ 0601, "x", NULL },
		{ 0620, "x", NULL },
		{ 0600, "", NULL },
		{ 0600, "\nx\n", NULL },
	};
	char *dir = test_dir_new(), *path = vt_path_join(dir, "secret");
	struct vt_secret secret = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_error err = { 0 };
		int rc;

		assert_vt_ok(vt_file_replace(path, vt_bytes_str(cases[i].text),
				 &err),
		    &err);
		assert_int_equal(chmod(path, cases[i].mode), 0);
		rc = vt_transport_secret(path, &secret, &err);
		if (cases[i].secret == NULL) {
			assert_vt_error(rc, &err, VT_EKEY);
			continue;
		}
		assert_vt_ok(rc, &err);
		assert_string_equal(secret.data, cases[i].secret);
		vt_secret_release(&secret);
	}
	{
		struct vt_error err = { 0 };

		assert_vt_error(vt_transport_secret(dir, &secret, &err), &err,
		    VT_EKEY);
	}
	free(path);
	test_dir_free(dir);
}

/* Without a secret nothing goes out, and a call says why. */
static void
needs_a_secret(void **state)
{
	struct vt_transport *t = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_transport_open("vxp+https://127.0.0.1:1", OWN, NULL, &t,
			 &err),
	    &err);
	assert_vt_error(vt_transport_fetch(t, 1, NULL, NULL, &err), &err,
	    VT_EKEY);
	assert_int_equal(vt_transport_retry_after(t), 0);
	vt_transport_close(t);
}

static void
a_folder_has_no_directory(void **state)
{
	char *dir = test_dir_new(), *url = NULL;
	struct vt_transport *t = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_true(asprintf(&url, "spool:%s", dir) > 0);
	assert_vt_ok(vt_transport_open(url, OWN, NULL, &t, &err), &err);
	assert_vt_error(vt_transport_agencies(t, VT_TRANSPORT_AGENCIES, NULL,
			    NULL, &err),
	    &err, VT_EUNSUPPORTED);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_transport_sent_list(t, VT_TRANSPORT_DOCUMENT, NULL,
			    NULL, &err),
	    &err, VT_EUNSUPPORTED);
	assert_int_equal(vt_transport_retry_after(t), 0);
	vt_transport_close(t);
	free(url);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(settings),
		cmocka_unit_test(secret_is_nobody_elses),
		cmocka_unit_test(needs_a_secret),
		cmocka_unit_test(a_folder_has_no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
