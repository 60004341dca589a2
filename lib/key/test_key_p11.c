/* test_key_p11.c - URIs of tokens, where modules lie, answers of a probe */
#include "test_dir.h"

#include "key_p11_int.h"

static int
parse(const char *text, struct vt_key_uri *uri, struct vt_error *err)
{
	memset(uri, 0, sizeof(*uri));
	memset(err, 0, sizeof(*err));
	return vt_key_uri_parse(text, uri, err);
}

static void
a_uri_says_all_of_it(void **state)
{
	struct vt_key_uri u;
	struct vt_error err;

	(void)state;
	assert_vt_ok(parse("pkcs11:token=S%E1%BB%9F%20Y;manufacturer=M;"
			   "serial=0A;model=m&n;library-manufacturer=L;"
			   "library-description=D;library-version=3.1;"
			   "slot-manufacturer=SM;slot-description=SD;"
			   "slot-id=327;object=k;type=private;id=%00%ffa"
			   "?pin-source=file:/x&module-name=n&"
			   "module-path=/a/b.so&x-vendor=1",
			 &u, &err),
	    &err);
	assert_string_equal(u.token, "Sở Y");
	assert_string_equal(u.manufacturer, "M");
	assert_string_equal(u.serial, "0A");
	assert_string_equal(u.model, "m&n");
	assert_string_equal(u.library_manufacturer, "L");
	assert_string_equal(u.library_description, "D");
	assert_string_equal(u.library_version, "3.1");
	assert_string_equal(u.slot_manufacturer, "SM");
	assert_string_equal(u.slot_description, "SD");
	assert_true(u.has_slot_id);
	assert_int_equal(u.slot_id, 327);
	assert_string_equal(u.object, "k");
	assert_int_equal(u.type, VT_KEY_CLASS_PRIVATE);
	assert_int_equal(u.id_len, 3);
	assert_memory_equal(u.id,
	    "\0\xff"
	    "a",
	    3);
	assert_string_equal(u.pin_source, "file:/x");
	assert_string_equal(u.module_name, "n");
	assert_string_equal(u.module_path, "/a/b.so");
	vt_key_uri_release(&u);
	assert_vt_ok(parse("pkcs11:", &u, &err), &err);
	vt_key_uri_release(&u);
	assert_vt_ok(parse("PKCS11:token=", &u, &err), &err);
	assert_string_equal(u.token, "");
	vt_key_uri_release(&u);
}

static void
what_is_no_uri_is_refused(void **state)
{
	static const char *const bad[] = { "", "pkcs11", "pkcs12:token=a",
		"http://x", "pkcs11:token", "pkcs11:=a", "pkcs11:token=a;",
		"pkcs11:;token=a", "pkcs11:token=a;;model=b",
		"pkcs11:token=a;token=a", "pkcs11:id=%01;id=%01",
		"pkcs11:slot-id=1;slot-id=1", "pkcs11:type=cert;type=cert",
		"pkcs11:token=a b", "pkcs11:token=a/b", "pkcs11:token=a?b",
		"pkcs11:token=a#b", "pkcs11:token=\xc3\xa9", "pkcs11:token=%",
		"pkcs11:token=%4", "pkcs11:token=%4x", "pkcs11:token=%ff",
		"pkcs11:token=%00", "pkcs11:token=a%00b",
		"pkcs11:id=", "pkcs11:slot-id=", "pkcs11:slot-id=-1",
		"pkcs11:slot-id=0x1", "pkcs11:slot-id=99999999999999999999",
		"pkcs11:type=key", "pkcs11:type=", "pkcs11:library-version=",
		"pkcs11:library-version=3.", "pkcs11:library-version=a",
		"pkcs11:library-version=3.1.2", "pkcs11:tokem=a",
		"pkcs11:x-mine=a", "pkcs11:t\xc3\xb4=a", "pkcs11:?",
		"pkcs11:?module-path", "pkcs11:?module-path=a.so",
		"pkcs11:?module-path=", "pkcs11:?module-name=a&module-name=a",
		"pkcs11:?pin-source=a&pin-source=a",
		"pkcs11:?module-name=a;b=c", "pkcs11:token=\"x\"",
		"pkcs11:token=a\nb" };
	struct vt_key_uri u;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		/* "?" alone is an empty query, which the grammar allows. */
		if (strcmp(bad[i], "pkcs11:?") == 0) {
			assert_vt_ok(parse(bad[i], &u, &err), &err);
			vt_key_uri_release(&u);
			continue;
		}
		if (parse(bad[i], &u, &err) != VT_EARG)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_string_equal(err.clause, "RFC 7512, 2.3");
	}
}

static void
a_pin_is_no_argument(void **state)
{
	struct vt_key_uri u;
	struct vt_error err;

	(void)state;
	assert_error_clause(parse("pkcs11:token=a?pin-value=1234", &u, &err),
	    &err, VT_EARG, "RFC 7512, 7");
	assert_null(strstr(err.text, "1234"));
	assert_vt_error(parse("pkcs11:pin-value=1234", &u, &err), &err,
	    VT_EARG);
	assert_null(strstr(err.text, "1234"));
}

static void
a_long_uri_is_refused(void **state)
{
	char text[VT_KEY_URI_MAX + 32];
	struct vt_key_uri u;
	struct vt_error err;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "pkcs11:token=", 13);
	text[sizeof(text) - 1] = '\0';
	assert_vt_error(parse(text, &u, &err), &err, VT_ELIMIT);
	memcpy(text, "pkcs11:id=%0", 12);
	memset(text + 12, '1', sizeof(text) - 12);
	text[12 + VT_KEY_ID_MAX + 5] = '\0';
	assert_vt_error(parse(text, &u, &err), &err, VT_EARG);
}

static void
what_is_written_is_read(void **state)
{
	const char name[] = "Sở Y tế; số/05? &%=";
	struct vt_key_uri u;
	struct vt_error err;
	struct vt_buf out;

	(void)state;
	vt_buf_init(&out, 1000);
	assert_int_equal(vt_buf_puts(&out, "pkcs11:"), VT_OK);
	assert_int_equal(vt_key_uri_put(&out, "token", vt_bytes_str(name)),
	    VT_OK);
	assert_vt_ok(parse(vt_buf_str(&out), &u, &err), &err);
	assert_string_equal(u.token, name);
	vt_key_uri_release(&u);
	vt_buf_release(&out);
}

static void
modules_have_names(void **state)
{
	(void)state;
	assert_true(vt_key_module_named("/x/libsofthsm2.so", "softhsm2"));
	assert_true(vt_key_module_named("/x/libsofthsm2.so.1", "softhsm2"));
	assert_true(vt_key_module_named("/x/softhsm2.so", "SoftHSM2"));
	assert_true(vt_key_module_named("/x/libsofthsm2.so", "libsofthsm2"));
	assert_true(vt_key_module_named("/x/libsofthsm2.so", "libsofthsm2.so"));
	assert_false(vt_key_module_named("/x/libsofthsm2.so", "softhsm"));
	assert_false(vt_key_module_named("/softhsm2/x.so", "softhsm2"));
	assert_false(vt_key_module_named("/x/softhsm2", "softhsm"));
}

static void
put(const char *name, const char *text)
{
	char *path = vt_path_join(dir, name);

	assert_non_null(path);
	assert_int_equal(vt_file_write(path, vt_bytes_str(text), NULL), VT_OK);
	free(path);
}

static void
p11_kit_says_where_modules_are(void **state)
{
	struct vt_list found = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	put("a.module", "# module: /no/comment.so\nmodule:   /a/a.so \r\n");
	put("b.module", "module: /b/anchors.so\ntrust-policy: yes\n");
	put("c.module", "module: /c/c.so\ndisable-in: gnome, vanthu\n");
	put("d.module", "enable-in: vanthu-x, vanthu\nmodule: /d/d.so\n");
	put("e.module", "enable-in: firefox\nmodule: /e/e.so\n");
	put("f.module", "remote: |ssh somewhere\n");
	put("g.module", "module: ../../../no-such-thing.so");
	put("h.module", "");
	put("i.conf", "module: /i/i.so\n");
	assert_vt_ok(vt_key_p11_configs(dir, &found, &err), &err);
	assert_int_equal(found.n, 2);
	assert_string_equal(found.items[0], "/a/a.so");
	assert_string_equal(found.items[1], "/d/d.so");
	vt_list_release(&found);
}

static void
named_modules_stand_in_front(void **state)
{
	struct vt_key_module_paths paths = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_key_modules("/x/a.so", "/x/b.so", &paths, &err), &err);
	assert_true(paths.n >= 2);
	assert_string_equal(paths.items[0].path, "/x/a.so");
	assert_int_equal(paths.items[0].source, VT_KEY_FROM_NAMED);
	assert_int_equal(paths.items[1].source, VT_KEY_FROM_CONF);
	vt_key_modules_release(&paths);
	assert_vt_error(vt_key_modules("a.so", NULL, &paths, &err), &err,
	    VT_EARG);
}

/* Any bytes may come from a process that a module has broken. */
static void
answers_are_not_trusted(void **state)
{
	unsigned char text[4096];
	struct vt_key_module m;
	struct vt_error err;
	size_t len, i, taken = 0;

	(void)state;
	for (len = 0; len < 600; len++)
		for (i = 0; i < 3; i++) {
			memset(&m, 0, sizeof(m));
			memset(&err, 0, sizeof(err));
			memset(text, i == 0 ? 0 : 0xff, sizeof(text));
			memcpy(text, "11tv", 4); /* what it begins with */
			if (i == 2)
				memcpy(text + 4, "\1\0\0\0", 4);
			/* no slots at all is an answer, too */
			if (vt_key_p11_parse(VT_BYTES(text, len), &m, &err) ==
			    VT_OK) {
				assert_int_equal(i, 0);
				assert_int_equal(m.nslots, 0);
				taken++;
			} else {
				assert_int_equal(err.code, VT_EFORMAT);
			}
			vt_key_module_release(&m);
		}
	assert_int_equal(taken, 1);
}

static void
a_module_that_is_not_there(void **state)
{
	struct vt_key_module m = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_key_module_probe("/nowhere/x.so", &m, &err), &err);
	assert_int_equal(m.state, VT_KEY_MODULE_ABSENT);
	vt_key_module_release(&m);
	assert_vt_ok(vt_key_module_probe("/etc", &m, &err), &err);
	assert_int_equal(m.state, VT_KEY_MODULE_REFUSED);
	vt_key_module_release(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uri_says_all_of_it),
		cmocka_unit_test(what_is_no_uri_is_refused),
		cmocka_unit_test(a_pin_is_no_argument),
		cmocka_unit_test(a_long_uri_is_refused),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(modules_have_names),
		cmocka_unit_test(p11_kit_says_where_modules_are),
		cmocka_unit_test(named_modules_stand_in_front),
		cmocka_unit_test(answers_are_not_trusted),
		cmocka_unit_test(a_module_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
