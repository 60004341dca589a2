#include "test_util.h"
#include "vanthu/json.h"
#include "vanthu/time.h"

static void
written(const struct vt_json_out *o, const char *want)
{
	struct vt_error err = { 0 };
	struct vt_buf buf;

	vt_buf_init(&buf, 100000);
	assert_vt_ok(vt_json_write(o, &buf, &err), &err);
	assert_bytes_str(vt_buf_bytes(&buf), want);
	vt_buf_release(&buf);
}

static void
members_keep_their_order(void **state)
{
	unsigned char digest[32] = { 0xab };
	struct vt_json_out *o = vt_json_out_new();

	(void)state;
	written(o, "{}");
	vt_json_put_str(o, "schema", "vanthu.test/1");
	vt_json_put_int(o, "z", -5);
	vt_json_put_int(o, "min", INT64_MIN);
	vt_json_put_bool(o, "a", true);
	vt_json_put_null(o, "n");
	vt_json_put_str(o, "none", NULL);
	vt_json_put_time(o, "t", 1795400130);
	vt_json_put_time(o, "no", VT_TIME_NONE);
	vt_json_put_sha256(o, "d", digest);
	vt_json_put_sha256(o, "nd", NULL);
	vt_json_begin_array(o, "list");
	vt_json_put_int(o, NULL, 1);
	vt_json_begin_object(o, NULL);
	vt_json_put_bool(o, "b", false);
	vt_json_end(o);
	vt_json_begin_array(o, NULL);
	vt_json_end(o);
	vt_json_end(o);
	vt_json_put_str(o, "last", "");
	written(o,
	    "{\"schema\":\"vanthu.test/1\",\"z\":-5,"
	    "\"min\":-9223372036854775808,\"a\":true,\"n\":null,\"none\":null,"
	    "\"t\":\"2026-11-23T02:15:30Z\",\"no\":null,\"d\":\"sha256:ab00000"
	    "000000000000000000000000000000000000000000000000000000000\","
	    "\"nd\":null,\"list\":[1,{\"b\":false},[]],\"last\":\"\"}");
	vt_json_out_free(o);
}

static void
strings_are_escaped(void **state)
{
	struct vt_json_out *o = vt_json_out_new();

	(void)state;
	vt_json_put_bytes(o, "q\"\\", VT_BYTES("\"\\/\n\t\r\0\x7f", 8));
	vt_json_put_str(o, "vi", "Công văn \u202e\U000e0041\U0001f4dc");
	vt_json_put_bytes(o, "bad", VT_BYTES("a\xff\xe1\xbb", 4));
	written(o,
	    "{\"q\\\"\\\\\":\"\\\"\\\\/\\n\\u0009\\u000d\\u0000\\u007f\","
	    "\"vi\":\"Công văn \\u202e\\udb40\\udc41\U0001f4dc\","
	    "\"bad\":\"a\ufffd\ufffd\ufffd\"}");
	vt_json_out_free(o);
}

static void
open_values_are_closed(void **state)
{
	struct vt_json_out *o = vt_json_out_new();

	(void)state;
	vt_json_begin_array(o, "a");
	vt_json_begin_object(o, NULL);
	written(o, "{\"a\":[{}]}");
	written(o, "{\"a\":[{}]}"); /* writing changed nothing */
	vt_json_out_free(o);
}

static void
failures_stick(void **state)
{
	struct vt_json_out *o = vt_json_out_new();
	struct vt_error err = { 0 };
	struct vt_buf buf;
	char *long_text = malloc(VT_JSON_MAX);
	int i;

	(void)state;
	vt_buf_init(&buf, 2 * VT_JSON_MAX);
	vt_buf_puts(&buf, "kept");
	vt_json_end(o);
	vt_json_put_int(o, "a", 1);
	vt_json_end(o);
	assert_vt_error(vt_json_write(o, &buf, &err), &err, VT_EARG);
	vt_json_out_free(o);
	vt_error_clear(&err);

	o = vt_json_out_new();
	for (i = 0; i < VT_JSON_DEPTH; i++)
		vt_json_begin_array(o, "a");
	vt_json_put_int(o, "a", 1);
	assert_vt_error(vt_json_write(o, &buf, &err), &err, VT_ELIMIT);
	vt_json_out_free(o);
	vt_error_clear(&err);

	o = vt_json_out_new();
	memset(long_text, 'x', VT_JSON_MAX - 1);
	long_text[VT_JSON_MAX - 1] = '\0';
	vt_json_put_str(o, "a", long_text);
	assert_vt_error(vt_json_write(o, &buf, &err), &err, VT_ELIMIT);
	vt_json_out_free(o);
	vt_error_clear(&err);
	free(long_text);

	o = vt_json_out_new();
	vt_json_put_int(o, "a", 12345);
	buf.max = 10;
	assert_vt_error(vt_json_write(o, &buf, &err), &err, VT_ELIMIT);
	assert_string_equal(vt_buf_str(&buf), "kept");
	vt_json_out_free(o);
	vt_buf_release(&buf);
}

static void
null_is_allowed(void **state)
{
	(void)state;
	vt_json_begin_object(NULL, "a");
	vt_json_begin_array(NULL, "a");
	vt_json_end(NULL);
	vt_json_put_str(NULL, "a", "b");
	vt_json_put_bytes(NULL, "a", VT_BYTES_LIT("b"));
	vt_json_put_int(NULL, "a", 1);
	vt_json_put_bool(NULL, "a", true);
	vt_json_put_null(NULL, "a");
	vt_json_put_time(NULL, "a", 1);
	vt_json_put_sha256(NULL, "a", NULL);
	vt_json_out_free(NULL);
	vt_json_free(NULL);
	assert_false(vt_json_is_object(NULL));
	assert_false(vt_json_is_array(NULL));
	assert_false(vt_json_is_null(NULL));
	assert_null(vt_json_get(NULL, "a"));
	assert_null(vt_json_at(NULL, 0));
	assert_null(vt_json_str(NULL));
	assert_null(vt_json_key(NULL, 0));
	assert_int_equal(vt_json_len(NULL), 0);
}

static void
a_tree_is_read(void **state)
{
	static const char text[] =
	    " {\"b\": \"v\\u0103n\", \"a\": [1, true, null, 1.5, {}],"
	    "\"n\": -9223372036854775808 }\n";
	struct vt_error err = { 0 };
	const struct vt_json *a;
	struct vt_json *root;
	int64_t n = 7;
	bool b = false;

	(void)state;
	assert_vt_ok(vt_json_parse(VT_BYTES_LIT(text), &root, &err), &err);
	assert_true(vt_json_is_object(root));
	assert_int_equal(vt_json_len(root), 3);
	assert_string_equal(vt_json_str(vt_json_get(root, "b")), "văn");
	assert_string_equal(vt_json_key(root, 0), "b");
	assert_string_equal(vt_json_key(root, 1), "a");
	assert_null(vt_json_key(root, 3));
	a = vt_json_get(root, "a");
	assert_true(vt_json_is_array(a));
	assert_int_equal(vt_json_len(a), 5);
	assert_true(vt_json_int(vt_json_at(a, 0), &n));
	assert_int_equal(n, 1);
	assert_true(vt_json_bool(vt_json_at(a, 1), &b) && b);
	assert_true(vt_json_is_null(vt_json_at(a, 2)));
	assert_false(vt_json_int(vt_json_at(a, 3), &n)); /* no rounding */
	assert_false(vt_json_int(vt_json_at(a, 1), &n));
	assert_null(vt_json_at(a, 5));
	assert_null(vt_json_get(a, "b"));
	assert_null(vt_json_get(root, "c"));
	assert_true(vt_json_int(vt_json_get(root, "n"), &n));
	assert_true(n == INT64_MIN);
	vt_json_free(root);
}

static void
what_is_no_json(void **state)
{
	static const struct {
		const char *text, *part, *clause;
	} cases[] = {
		{ "", "ends too early", "RFC 8259, 2" },
		{ "{", "ends too early", "RFC 8259, 2" },
		{ "{\"a\":1", "ends too early", "RFC 8259, 2" },
		{ "{\"a\":1}x", "line 1, column 8: something follows",
		    "RFC 8259, 2" },
		{ "{}{}", "something follows", "RFC 8259, 2" },
		{ "{\"a\":1,\"a\":2}", "the same name twice", "RFC 8259, 4" },
		{ "{\"a\":1,\"\\u0061\":2}", "the same name twice",
		    "RFC 8259, 4" },
		{ "[{\"x\":{\"a\":1,\n\"a\":1}}]", "line 2", "RFC 8259, 4" },
		{ "{\"a\":\"\xff\"}", "not UTF-8", "RFC 8259, 8.1" },
		{ "{\"a\":\"\xc0\x80\"}", "not UTF-8", "RFC 8259, 8.1" },
		{ "{\"a\":\"\xed\xa0\x80\"}", "not UTF-8", "RFC 8259, 8.1" },
		{ "\xef\xbb\xbf{}", "not JSON", NULL },
		{ "{\"a\":\"\\u0000\"}", "NUL", "RFC 8259, 7" },
		{ "{\"\\u0000\":1}", "NUL", "RFC 8259, 7" },
		{ "{'a':1}", "not JSON", NULL },
		{ "{a:1}", "not JSON", NULL },
		{ "{\"a\":1,}", "not JSON", NULL },
		{ "[1,]", "not JSON", NULL },
		{ "[01]", "not JSON", NULL },
		{ "[+1]", "not JSON", NULL },
		{ "[.5]", "not JSON", NULL },
		{ "[NaN]", "not JSON", NULL },
		{ "[1 2]", "not JSON", NULL },
		{ "[9223372036854775808]", "out of range", "RFC 8259, 6" },
		{ "[1e999]", "out of range", "RFC 8259, 6" },
		{ "[\"\\ud800\"]", "not JSON", NULL },
		{ "[\"\\udc00\\ud800\"]", "not JSON", NULL },
		{ "[\"a\nb\"]", "not JSON", NULL },
		{ "[\"a]", "early", NULL },
		{ "// c\n{}", "not JSON", NULL },
		{ "]", "not JSON", NULL },
		{ "}}}}", "not JSON", NULL },
		{ "{]", "not JSON", NULL },
		{ "TRUE", "not JSON", NULL },
	};
	struct vt_json *root = NULL;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		if (vt_json_parse(vt_bytes_str(cases[i].text), &root, &err) !=
		    VT_EFORMAT)
			fail_msg("accepted: %s", cases[i].text);
		if (strstr(err.text, cases[i].part) == NULL)
			fail_msg("%s: %s", cases[i].text, err.text);
		if (cases[i].clause != NULL)
			assert_string_equal(err.clause, cases[i].clause);
		assert_null(root);
	}
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_json_parse(VT_BYTES("{}\0", 3), &root, &err), &err,
	    VT_EFORMAT);
}

static void
every_truncation_is_refused(void **state)
{
	static const char text[] =
	    "{\"a\":[1,-2,true,null,\"\\u0103\\\\\"],\"b\":{\"c\":{}}}";
	struct vt_json *root;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(text) - 1; n++)
		if (vt_json_parse(VT_BYTES(text, n), &root, NULL) != VT_EFORMAT)
			fail_msg("accepted %zu bytes", n);
}

static void
limits(void **state)
{
	struct vt_error err = { 0 };
	struct vt_json *root;
	struct vt_buf buf;
	char *text = calloc(1, VT_JSON_MAX + 2);
	int i, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		memset(text, '[', (size_t)VT_JSON_DEPTH + more);
		memset(text + VT_JSON_DEPTH + more, ']',
		    (size_t)VT_JSON_DEPTH + more);
		text[2 * (VT_JSON_DEPTH + more)] = '\0';
		if (more == 0) {
			assert_vt_ok(vt_json_parse(vt_bytes_str(text), &root,
					 &err),
			    &err);
			vt_json_free(root);
		} else {
			assert_vt_error(vt_json_parse(vt_bytes_str(text), &root,
					    &err),
			    &err, VT_ELIMIT);
		}
	}
	vt_error_clear(&err);
	memset(text, '[', VT_JSON_MAX);
	assert_vt_error(vt_json_parse(VT_BYTES(text, VT_JSON_MAX), &root, &err),
	    &err, VT_ELIMIT);
	vt_error_clear(&err);
	memset(text, ' ', VT_JSON_MAX + 1);
	text[0] = '1';
	assert_vt_ok(vt_json_parse(VT_BYTES(text, VT_JSON_MAX), &root, &err),
	    &err);
	vt_json_free(root);
	assert_vt_error(vt_json_parse(VT_BYTES(text, VT_JSON_MAX + 1), &root,
			    &err),
	    &err, VT_ELIMIT);
	vt_error_clear(&err);
	free(text);

	for (more = 0; more < 2; more++) {
		vt_buf_init(&buf, 100000);
		/* brackets and commas in strings count for nothing */
		vt_buf_puts(&buf, "[0,[{}],{\"[[[{,,,\\\"{\":0");
		for (i = 1; i < VT_JSON_MEMBERS + more; i++)
			vt_buf_printf(&buf, ",\"%d\":[0,0]", i);
		vt_buf_puts(&buf, "},{}]");
		assert_int_equal(vt_json_parse(vt_buf_bytes(&buf), &root, &err),
		    more ? VT_ELIMIT : VT_OK);
		if (!more)
			vt_json_free(root);
		vt_buf_release(&buf);
	}
}

/* What is written is read back as it was. */
static void
round_trip(void **state)
{
	struct vt_json_out *o = vt_json_out_new();
	struct vt_error err = { 0 };
	unsigned char all[0x800];
	struct vt_json *root;
	struct vt_buf buf;
	size_t n = 0;
	int32_t c;

	(void)state;
	for (c = 1; c < 0x300; c++) {
		if (c >= 0x80)
			all[n++] = (unsigned char)(0xc0 | c >> 6);
		all[n++] = (unsigned char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
	}
	all[n] = '\0';
	vt_json_put_bytes(o, "all", VT_BYTES(all, n));
	vt_json_put_str(o, (char *)all, "\U000e0041\U0010fffd");
	vt_buf_init(&buf, 100000);
	assert_vt_ok(vt_json_write(o, &buf, &err), &err);
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&buf), 0, "\n"), SIZE_MAX);
	assert_vt_ok(vt_json_parse(vt_buf_bytes(&buf), &root, &err), &err);
	assert_string_equal(vt_json_str(vt_json_get(root, "all")), (char *)all);
	assert_string_equal(vt_json_str(vt_json_get(root, (char *)all)),
	    "\U000e0041\U0010fffd");
	vt_json_free(root);
	vt_buf_release(&buf);
	vt_json_out_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_keep_their_order),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(open_values_are_closed),
		cmocka_unit_test(failures_stick),
		cmocka_unit_test(null_is_allowed),
		cmocka_unit_test(a_tree_is_read),
		cmocka_unit_test(what_is_no_json),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(limits),
		cmocka_unit_test(round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
