/* test_store_json.c - a record as JSON, and back */
#include "test_store_util.h"

#include "vanthu/json.h"

#define N64 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define SHA                                                                    \
	"sha256:"                                                              \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static int
read_record(const char *text, struct vt_record *ret, struct vt_error *err)
{
	struct vt_json *json = NULL;
	int rc;

	assert_vt_ok(vt_json_parse(vt_bytes_str(text), &json, err), err);
	rc = vt_store_record_from_json(json, ret, err);
	vt_json_free(json);
	return rc;
}

static char *
write_record(const struct vt_record *rec)
{
	struct vt_json_out *o = vt_json_out_new();
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 100000);
	vt_store_record_to_json(rec, o);
	assert_vt_ok(vt_json_write(o, &b, &err), &err);
	vt_json_out_free(o);
	return (char *)vt_buf_take(&b, NULL);
}

static const char whole[] =
    "{\"ref\":\"out/2026/5\",\"book\":\"out\",\"year\":2026,\"number\":5,"
    "\"code\":\"05/QĐ-UBND\",\"date\":\"2026-11-23\",\"arrived\":null,"
    "\"organ_id\":\"H40.16\",\"organ_name\":\"Sở\",\"sender_id\":null,"
    "\"sender_name\":null,\"type\":\"QĐ\",\"subject\":\"Về việc\","
    "\"signer\":\"Nguyễn Văn A\",\"urgency\":\"khan\",\"secrecy\":\"none\","
    "\"due\":\"2026-12-01\",\"state\":\"signed\",\"files\":[{\"name\":"
    "\"a.pdf\",\"size\":3,\"sha256\":\"" SHA "\"}],\"verdict\":\"valid\","
    "\"notation\":\"QĐ-UBND\",\"position\":\"Giám đốc\","
    "\"competence\":\"KT\",\"pages\":2,\"copies\":null,\"keeper\":null,"
    "\"places\":[\"Như trên\",\"Lưu\"],\"reply_to\":null,\"paper\":true,"
    "\"registered\":\"2026-11-23T02:00:00Z\",\"document_id\":null,"
    "\"given\":\"" SHA "\"}";

static void
what_is_written_reads_back_the_same(void **state)
{
	struct vt_error err = { 0 };
	struct vt_record rec;
	char *text;

	(void)state;
	assert_vt_ok(read_record(whole, &rec, &err), &err);
	text = write_record(&rec);
	assert_string_equal(text, whole);
	assert_int_equal(rec.files[0].sha256[31], 0x1f);
	free(text);
	vt_record_release(&rec);
}

static void
little_is_enough(void **state)
{
	struct vt_error err = { 0 };
	struct vt_record rec;

	(void)state;
	assert_vt_ok(read_record("{\"ref\":\"out/2026/07\",\"subject\":\"a\","
				 "\"code\":\"7/QĐ-UBND\",\"later\":{}}",
			 &rec, &err),
	    &err);
	assert_string_equal(rec.book, "out");
	assert_int_equal(rec.number, 7);
	assert_string_equal(rec.notation, "QĐ-UBND");
	assert_int_equal(rec.state, VT_STATE_REGISTERED);
	assert_int_equal(rec.arrived, VT_TIME_NONE);
	vt_record_release(&rec);
}

static void
what_is_not_of_its_kind_is_named(void **state)
{
	static const char *const bad[][2] = {
		{ "[]", "object" },
		{ "{\"number\":\"5\"}", "number" },
		{ "{\"number\":-5}", "number" },
		{ "{\"number\":5.5}", "number" },
		{ "{\"number\":99999999999}", "number" },
		{ "{\"year\":20266}", "year" },
		{ "{\"ref\":\"5/QĐ\"}", "ref" },
		{ "{\"ref\":\"out/2026/5\",\"number\":6}", "disagree" },
		{ "{\"ref\":\"out/2026/5\",\"book\":\"in\"}", "disagree" },
		{ "{\"book\":\"out\",\"number\":5,\"code\":\"6/A-B\"}",
		    "disagree" },
		{ "{\"book\":\"out\",\"number\":5,\"code\":\"5/A-B\","
		  "\"notation\":\"A-C\"}",
		    "disagree" },
		{ "{\"subject\":5}", "subject" },
		{ "{\"subject\":\"a\\u0001\"}", "subject" },
		{ "{\"date\":\"23/11/2026\"}", "date" },
		{ "{\"arrived\":\"yesterday\"}", "arrived" },
		{ "{\"urgency\":\"soon\"}", "urgency" },
		{ "{\"state\":\"lost\"}", "state" },
		{ "{\"pages\":100000}", "pages" },
		{ "{\"paper\":\"true\"}", "paper" },
		{ "{\"places\":\"a\"}", "places" },
		{ "{\"places\":[\"a;b\"]}", "places" },
		{ "{\"given\":\"00\"}", "given" },
		{ "{\"files\":{}}", "files" },
		{ "{\"files\":[5]}", "files" },
		{ "{\"files\":[{\"name\":\"a\",\"size\":3}]}", "files" },
		{ "{\"files\":[{\"name\":\"../a\",\"size\":3,\"sha256\":\"" SHA
		  "\"}]}",
		    "files" },
		{ "{\"files\":[{\"name\":\"..\",\"size\":3,\"sha256\":\"" SHA
		  "\"}]}",
		    "files" },
		{ "{\"files\":[{\"name\":\".\",\"size\":3,\"sha256\":\"" SHA
		  "\"}]}",
		    "files" },
		{ "{\"files\":[{\"name\":\"" N64 N64 N64 N64
		  "\",\"size\":3,\"sha256\":\"" SHA "\"}]}",
		    "files" },
		{ "{\"files\":[{\"name\":\" \",\"size\":3,\"sha256\":\"" SHA
		  "\"}]}",
		    "files" },
		{ "{\"files\":[{\"name\":\"a\",\"size\":-3,\"sha256\":\"" SHA
		  "\"}]}",
		    "files" },
		{ "{\"files\":[{\"name\":\"a\",\"size\":3,\"sha256\":\"" SHA
		  "00\"}]}",
		    "files" },
		{ "{\"secrecy\":\"sometime\"}", "secrecy" },
		{ "{\"secrecy\":5}", "secrecy" },
	};
	struct vt_record rec;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		vt_error_clear(&err);
		if (read_record(bad[i][0], &rec, &err) == VT_OK)
			fail_msg("taken: %s", bad[i][0]);
		assert_int_equal(err.code, VT_EFORMAT);
		assert_error_text(&err, bad[i][1]);
	}
}

static void
a_secret_is_refused_whatever_else_it_says(void **state)
{
	static const char *const secrets[] = {
		"{\"subject\":\"x\",\"secrecy\":\"mat\"}",
		"{\"secrecy\":\"TUYỆT MẬT\",\"number\":\"wrong\"}",
		"{\"secrecy\":\"Tối mật\",\"files\":5}",
	};
	struct vt_record rec;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		vt_error_clear(&err);
		assert_vt_error(read_record(secrets[i], &rec, &err), &err,
		    VT_EREFUSED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(little_is_enough),
		cmocka_unit_test(what_is_not_of_its_kind_is_named),
		cmocka_unit_test(a_secret_is_refused_whatever_else_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
