/* test_vxp.c - what both ends of the axis' protocol share */
#include "test_util.h"
#include "vanthu/digest.h"
#include "vanthu/encode.h"
#include "vanthu/json.h"
#include "vanthu/time.h"
#include "vanthu/vxp.h"

#define SECRET "A7TKG/r2gOKTEpe1"
#define SIGNED                                                                 \
	"{\"XroadVnpt-systemid\":\"00.53.W00\","                               \
	"\"XroadVnpt-timestamp\":\"23112026T204344+0856\","                    \
	"\"XroadVnpt-Content-Type\":\"application/json\"}"
#define MAC "077ae357ffd178eb295e324d1e9aabf06fe5fe26905a675ce5749a45c2940e8c"

static const struct vt_vxp_value values[] = {
	{ "systemid", "00.53.W00" },
	{ "timestamp", "23112026T204344+0856" },
	{ "Content-Type", "application/json" },
};

/* The value that the official client was seen to send. */
static void
signs_as_the_official_client(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf text, names;
	char mac[VT_SHA256_HEX];

	(void)state;
	assert_vt_ok(vt_vxp_sign_text(values, 3, &text, &names, &err), &err);
	assert_string_equal(vt_buf_str(&text), SIGNED);
	assert_string_equal(vt_buf_str(&names),
	    "systemid;timestamp;Content-Type");
	assert_vt_ok(vt_vxp_hmac(vt_bytes_str(SECRET), vt_buf_bytes(&text), mac,
			 &err),
	    &err);
	assert_string_equal(mac, MAC);
	vt_buf_release(&text);
	vt_buf_release(&names);
}

static bool
holds(const char *secret, const char *text, const char *mac)
{
	struct vt_error err = { 0 };
	bool ret = false;

	assert_vt_ok(vt_vxp_hmac_check(vt_bytes_str(secret), vt_bytes_str(text),
			 mac, &ret, &err),
	    &err);
	return ret;
}

static void
a_secret_has_a_length(void **state)
{
	static const unsigned char secret[VT_VXP_SECRET_MAX + 1];
	char mac[VT_SHA256_HEX];
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_vxp_hmac(VT_BYTES(secret, VT_VXP_SECRET_MAX),
			 VT_BYTES_LIT("x"), mac, &err),
	    &err);
	assert_vt_error(vt_vxp_hmac(VT_BYTES(secret, VT_VXP_SECRET_MAX + 1),
			    VT_BYTES_LIT("x"), mac, &err),
	    &err, VT_ECRYPTO);
}

static void
checks_a_mac(void **state)
{
	char upper[] = MAC, wrong[] = MAC;
	size_t i;

	(void)state;
	assert_true(holds(SECRET, SIGNED, MAC));
	for (i = 0; upper[i] != '\0'; i++)
		if (upper[i] >= 'a')
			upper[i] = (char)(upper[i] - 32);
	assert_true(holds(SECRET, SIGNED, upper));
	for (i = 0; wrong[i] != '\0'; i++) {
		wrong[i] ^= 1;
		assert_false(holds(SECRET, SIGNED, wrong));
		wrong[i] ^= 1;
	}
	assert_false(holds(SECRET, SIGNED, MAC "0"));
	assert_false(holds(SECRET, SIGNED, ""));
	assert_false(holds(SECRET "x", SIGNED, MAC));
	assert_false(holds(SECRET, SIGNED " ", MAC));
	wrong[63] = '\0';
	assert_false(holds(SECRET, SIGNED, wrong));
}

/* A header is one line of ASCII, whatever the values are. */
static void
signed_text_is_ascii(void **state)
{
	const struct vt_vxp_value v[] = {
		{ "description", "Không rõ \"nơi\"\r\nnhận\\ \U0001F600" },
		{ "to", "[\"H40.16\"]" },
	};
	const struct vt_vxp_value bad[] = { { "x", "\xc3" } };
	struct vt_vxp_values *back = NULL;
	struct vt_error err = { 0 };
	struct vt_buf text, names;
	size_t i;

	(void)state;
	assert_vt_ok(vt_vxp_sign_text(v, 2, &text, &names, &err), &err);
	for (i = 0; i < text.len; i++)
		assert_true(text.data[i] >= ' ' && text.data[i] <= '~');
	assert_vt_ok(vt_vxp_values_parse(vt_buf_bytes(&text), &back, &err),
	    &err);
	assert_string_equal(vt_vxp_values_get(back, "Description"), v[0].value);
	assert_string_equal(vt_vxp_values_get(back, "to"), v[1].value);
	assert_null(vt_vxp_values_get(back, "from"));
	vt_vxp_values_free(back);
	vt_buf_release(&text);
	vt_buf_release(&names);
	assert_vt_error(vt_vxp_sign_text(bad, 1, &text, &names, &err), &err,
	    VT_EARG);
}

static void
too_long_values_are_refused(void **state)
{
	char *to = malloc(VT_VXP_HEADER_MAX + 1);
	struct vt_vxp_value v = { "to", to };
	struct vt_error err = { 0 };
	struct vt_buf text, names;

	(void)state;
	assert_non_null(to);
	memset(to, 'a', VT_VXP_HEADER_MAX);
	to[VT_VXP_HEADER_MAX] = '\0';
	assert_vt_error(vt_vxp_sign_text(&v, 1, &text, &names, &err), &err,
	    VT_ELIMIT);
	free(to);
}

static void
ambiguous_values_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{\"XroadVnpt-docId\":1}",
		"{\"XroadVnpt-docId\":\"a\",\"XroadVnpt-docId\":\"a\"}",
		"{\"XroadVnpt-docId\":{\"a\":\"b\"}}",
		"{\"a\":\"b\"} x",
		"{\"a\":\"\\u0000\"}",
	};
	struct vt_vxp_values *v = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };

		assert_vt_error(vt_vxp_values_parse(vt_bytes_str(bad[i]), &v,
				    &err),
		    &err, VT_EFORMAT);
	}
	assert_vt_ok(vt_vxp_values_parse(vt_bytes_str(
					     "{\"docId\":\"no prefix\"}"),
			 &v, NULL),
	    NULL);
	assert_null(vt_vxp_values_get(v, "docId"));
	vt_vxp_values_free(v);
	/* a service object that keeps both spellings */
	assert_vt_ok(vt_vxp_values_parse(vt_bytes_str(
					     "{\"XroadVnpt-docid\":\"b\","
					     "\"XroadVnpt-docId\":\"a\"}"),
			 &v, NULL),
	    NULL);
	assert_string_equal(vt_vxp_values_get(v, "docId"), "a");
	assert_string_equal(vt_vxp_values_get(v, "docid"), "b");
	assert_string_equal(vt_vxp_values_get(v, "DOCID"), "b");
	vt_vxp_values_free(v);
}

static void
time_stamps(void **state)
{
	static const char *const bad[] = { "", "23112026T204344+856",
		"23112026T204344+08560", "23112026 204344+0856",
		"31022026T204344+0856", "23112026T244344+0856",
		"23112026T206344+0856", "23112026T204344-0856",
		"2311202xT204344+0856", "00112026T204344+0856" };
	char out[VT_VXP_TIME_TEXT];
	int64_t t = 0;
	size_t i;

	(void)state;
	assert_true(vt_vxp_time_parse("23112026T204344+0856", &t));
	assert_int_equal(t,
	    vt_time_of_fields(2026, 11, 23, 20, 43, 44) - VT_ZONE_SECONDS);
	assert_string_equal(vt_vxp_time(t, 856, out), "23112026T204344+0856");
	assert_string_equal(vt_vxp_time(t, 7, out), "23112026T204344+0007");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(vt_vxp_time_parse(bad[i], &t));
}

static void
both_forms_of_hash_file(void **state)
{
	unsigned char sha[VT_SHA256_LEN] = { 0xd3, 0xde, 0x0f, 0x07 };
	char out[VT_SHA256_HEX];

	(void)state;
	memset(sha + 4, 0xab, sizeof(sha) - 4);
	assert_true(
	    strncmp(vt_vxp_hash_file(sha, true, out), "d3de0f07ab", 10) == 0);
	assert_int_equal(strlen(out), 64);
	assert_true(vt_vxp_hash_file_is(out, sha));
	assert_true(
	    strncmp(vt_vxp_hash_file(sha, false, out), "d3def7ab", 8) == 0);
	assert_int_equal(strlen(out), 62);
	assert_true(vt_vxp_hash_file_is(out, sha));
	out[0] = 'D';
	assert_true(vt_vxp_hash_file_is(out, sha));
	out[0] = 'e';
	assert_false(vt_vxp_hash_file_is(out, sha));
	assert_false(vt_vxp_hash_file_is("", sha));
}

static void
ids(void **state)
{
	char id[VT_VXP_DOC_ID_MAX + 2];

	(void)state;
	assert_true(vt_vxp_doc_id_valid("2c9f-1_{x}"));
	assert_false(vt_vxp_doc_id_valid(""));
	assert_false(vt_vxp_doc_id_valid("a\r\nX: y"));
	assert_false(vt_vxp_doc_id_valid("a b"));
	assert_false(vt_vxp_doc_id_valid("a\"b"));
	assert_false(vt_vxp_doc_id_valid("\xc3\xa9"));
	memset(id, 'a', sizeof(id));
	id[VT_VXP_DOC_ID_MAX + 1] = '\0';
	assert_false(vt_vxp_doc_id_valid(id));
	id[VT_VXP_DOC_ID_MAX] = '\0';
	assert_true(vt_vxp_doc_id_valid(id));
}

/* ---- answers ---- */

struct got {
	struct vt_buf file;
	char rows[64]; /* their "docId", each with a space behind it */
	int code;      /* what the calls return */
};

static int
take_row(void *ctx, const struct vt_json *row, struct vt_error *err)
{
	const char *id = vt_json_str(vt_json_get(row, "docId"));
	struct got *g = ctx;
	size_t len = strlen(g->rows);

	snprintf(g->rows + len, sizeof(g->rows) - len, "%s ",
	    id != NULL ? id : "?");
	return g->code == VT_OK
		   ? VT_OK
		   : (int)vt_error_set(err, (enum vt_code)g->code, NULL, "no");
}

static int
take_file(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct got *g = ctx;

	(void)err;
	return vt_buf_bytes_put(&g->file, piece);
}

/* Read TEXT in pieces of STEP bytes. */
static int
read_as(const char *text, size_t step, bool file, bool lgsp, struct got *g,
    struct vt_vxp_result *ret, struct vt_error *err)
{
	const struct vt_vxp_answer_calls calls = { take_row,
		file ? take_file : NULL, g, lgsp };
	struct vt_bytes all = vt_bytes_str(text);
	struct vt_vxp_answer *a = NULL;
	size_t i;
	int rc;

	memset(g->rows, 0, sizeof(g->rows));
	vt_buf_init(&g->file, 1024u * 1024);
	rc = vt_vxp_answer_new(&calls, &a, err);
	for (i = 0; rc == VT_OK && i < all.len; i += step)
		rc = vt_vxp_answer_feed(a, vt_bytes_slice(all, i, step), err);
	if (rc == VT_OK)
		rc = vt_vxp_answer_end(a, ret, err);
	vt_vxp_answer_free(a);
	return rc;
}

static int
read_answer(const char *text, size_t step, bool file, struct got *g,
    struct vt_vxp_result *ret, struct vt_error *err)
{
	return read_as(text, step, file, false, g, ret, err);
}

/* A platform's: the file is in "data", as it is or in base64. */
static void
reads_answers_of_a_platform(void **state)
{
	static const struct {
		const char *text, *file, *code, *desc, *id, *rows;
		bool ok, has_data;
	} cases[] = {
		{ "{\"success\":true,\"message\":\"m\",\"docId\":\"d\"}", "",
		    "", "m", "d", "", true, false },
		{ "{\"success\":false,\"message\":\"m\",\"data\":{\"docId\":"
		  "\"d\","
		  "\"errorCode\":\"18\",\"errorDesc\":\"e\"}}",
		    "", "18", "e", "d", "", false, false },
		{ "{\"success\":true,\"count\":2,\"data\":[{\"docId\":\"1\"},"
		  "{\"docId\":\"2\"}]}",
		    "", "", "", "", "1 2 ", true, true },
		{ "{\"data\":{\"docId\":\"d\",\"edxml\":\"PDEvPg==\","
		  "\"attachments\":[{\"edxml\":\"no\",\"x\":\"]\\\"\"},[]]}}",
		    "<1/>", "", "", "d", "", true, true },
		{ "{\"data\":{\"edxml\":\" <a b=\\\"\\u1ec7 "
		  "\\ud83d\\ude00\\\"\\/>"
		  "\\n\"}}",
		    "<a b=\"ệ 😀\"/>\n", "", "", "", "", true, true },
		{ "{\"data\":{\"edxml\":\"\\ufeff\\u003ca/>\"}}",
		    "\xef\xbb\xbf<a/>", "", "", "", "", true, true },
		{ "{\"data\":{\"edxml\":\"\"}}", "", "", "", "", "", true,
		    true },
		{ "{\"data\":{\"edxml\":null}}", "", "", "", "", "", false,
		    false },
		/* not where it should be */
		{ "{\"success\":true,\"edxml\":\"PDEvPg==\",\"a\":{\"edxml\":"
		  "\"x\"}}",
		    "", "", "", "", "", true, false },
	};
	static const char *const bad[] = { "{}", "{\"status\":\"OK\"}",
		"{\"data\":{\"edxml\":\"*\"}}",
		"{\"data\":{\"edxml\":\"PDE\"}}",
		"{\"data\":{\"edxml\":\"<\\ud83d \"}}",
		"{\"data\":{\"edxml\":\"<\\udc00\"}}",
		"{\"data\":{\"edxml\":\"<\\u0000\"}}",
		"{\"data\":{\"edxml\":\"<\\x\"}}",
		"{\"data\":{\"edxml\":\"<\"}" };
	struct vt_vxp_result r;
	struct got g = { 0 };
	size_t i, step;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (step = 1; step < 200; step += step < 4 ? 1 : 97) {
			struct vt_error err = { 0 };

			assert_vt_ok(read_as(cases[i].text, step, true, true,
					 &g, &r, &err),
			    &err);
			assert_bytes_str(vt_buf_bytes(&g.file), cases[i].file);
			assert_string_equal(g.rows, cases[i].rows);
			assert_string_equal(r.code, cases[i].code);
			assert_string_equal(r.text, cases[i].desc);
			assert_string_equal(r.doc_id, cases[i].id);
			assert_int_equal(r.ok, cases[i].ok);
			assert_int_equal(r.has_data, cases[i].has_data);
			vt_buf_release(&g.file);
		}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };

		assert_vt_error(read_as(bad[i], 1, true, true, &g, &r, &err),
		    &err, VT_EFORMAT);
		vt_buf_release(&g.file);
	}
}

static void
reads_answers(void **state)
{
	static const struct {
		const char *text, *rows, *code, *desc, *id;
		bool ok;
		int count;
	} cases[] = {
		{ "{\"status\":\"OK\",\"ErrorCode\":\"0\",\"ErrorDesc\":"
		  "\"Thanh cong\",\"DocId\":\"a-1\"}",
		    "", "0", "Thanh cong", "a-1", true, -1 },
		{ " {\"data\" : [ {\"docId\":\"1\",\"x\":{\"a\":[\"]}\"]}} , "
		  "{\"docId\":\"2\"}],\"status\":\"OK\",\"ErrorCode\":0}\n",
		    "1 2 ", "0", "", "", true, -1 },
		{ "{\"data\":[],\"count\":7,\"status\":\"OK\"}", "", "", "", "",
		    true, 7 },
		{ "\xef\xbb\xbf{\"status\":\"OK\",\"ErrorCode\":\"0\",\"data\":"
		  "\"text\"}",
		    "", "0", "", "", true, -1 },
		{ "{\"status\":\"FAIL\",\"ErrorCode\":\"18\",\"ErrorDesc\":"
		  "\"kh\\u00f4ng \\\"data\\\":[\",\"data\":null}",
		    "", "18", "không \"data\":[", "", false, -1 },
		{ "{\"status\":\"OK\",\"ErrorCode\":\"20\"}", "", "20", "", "",
		    false, -1 },
		{ "{\"status\":\"OK\",\"DocId\":\"a\\r\\nb\"}", "", "", "", "",
		    true, -1 },
		{ "{\"a\":{\"data\":[1]},\"status\":\"OK\"}", "", "", "", "",
		    true, -1 },
		{ "{\"data\":{},\"status\":\"OK\"}", "", "", "", "", true, -1 },
	};
	struct vt_vxp_result r;
	struct got g = { 0 };
	size_t i, step;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (step = 1; step < 400; step += step < 4 ? 1 : 97) {
			struct vt_error err = { 0 };

			assert_vt_ok(read_answer(cases[i].text, step, false, &g,
					 &r, &err),
			    &err);
			assert_string_equal(g.rows, cases[i].rows);
			assert_int_equal(g.file.len, 0);
			assert_string_equal(r.code, cases[i].code);
			assert_string_equal(r.text, cases[i].desc);
			assert_string_equal(r.doc_id, cases[i].id);
			assert_true(r.ok == cases[i].ok);
			assert_int_equal(r.count, cases[i].count);
			vt_buf_release(&g.file);
		}
}

static void
reads_a_file_in_base64(void **state)
{
	struct vt_error err = { 0 };
	struct vt_vxp_result r;
	struct got g = { 0 };

	(void)state;
	assert_vt_ok(read_answer("{\"data\":\"PGVkWE1M\\n\\u002b\\/"
				 "8=\",\"status\":"
				 "\"OK\"}",
			 3, true, &g, &r, &err),
	    &err);
	assert_bytes_str(vt_buf_bytes(&g.file), "<edXML\xfb\xff");
	assert_true(r.ok && r.has_data);
	vt_buf_release(&g.file);
}

/* Longer than what is decoded at once, in pieces that end anywhere. */
static void
reads_a_long_file(void **state)
{
	static const size_t steps[] = { 1, 7, 4095, 4096, 4097, 100000 };
	unsigned char raw[10007];
	struct vt_error err = { 0 };
	struct vt_vxp_result r;
	struct vt_buf text;
	struct got g = { 0 };
	char *coded;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(raw); i++)
		raw[i] = (unsigned char)(i * 7 + i / 251);
	coded = malloc(VT_BASE64_LEN(sizeof(raw)) + 1);
	assert_non_null(coded);
	(void)vt_base64(VT_BYTES(raw, sizeof(raw)), coded);
	vt_buf_init(&text, 64u * 1024);
	assert_vt_ok(vt_buf_printf(&text,
			 "{\"data\":\"%.5000s\\n%s\","
			 "\"status\":\"OK\"}",
			 coded, coded + 5000),
	    NULL);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_vt_ok(read_answer(vt_buf_str(&text), steps[i], true, &g,
				 &r, &err),
		    &err);
		assert_bytes_equal(vt_buf_bytes(&g.file),
		    VT_BYTES(raw, sizeof(raw)));
		vt_buf_release(&g.file);
	}
	vt_buf_release(&text);
	free(coded);
}

static void
refuses_what_is_no_answer(void **state)
{
	static const char *const bad[] = {
		"",
		"<html>503</html>",
		"[]",
		"\"OK\"",
		"{}",
		"{\"status\":1}",
		"{\"status\":\"OK\"",
		"{\"status\":\"OK\"}{",
		"{\"status\":}",
		"{\"status\":\"OK\",\"status\":\"FAIL\"}",
		"{\"data\":[],\"data\":[],\"status\":\"OK\"}",
		"{\"data\":[{},],\"status\":\"OK\"}",
		"{\"data\":[,{}],\"status\":\"OK\"}",
		"{\"data\":[{}{}],\"status\":\"OK\"}",
		"{\"data\":[1],\"status\":\"OK\"}",
		"{\"data\":{\"rows\":[]},\"status\":\"OK\"}",
		"{\"data\":7,\"status\":\"OK\"}",
		"{\"data\":[{],\"status\":\"OK\"}",
		"{\"data\":\"PG\",\"status\":\"OK\"}",
		"{\"data\":\"P!Ev\",\"status\":\"OK\"}",
		"{\"data\":\"PGE\\u00e9\",\"status\":\"OK\"}",
		"{\"data\":\"PGE\\x\",\"status\":\"OK\"}",
		"}",
		"]{",
	};
	struct vt_vxp_result r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_error err = { 0 };
		struct got g = { 0 };
		int rc = read_answer(bad[i], 1, true, &g, &r, &err);

		vt_buf_release(&g.file);
		if (rc != VT_EFORMAT)
			print_error("%s\n", bad[i]);
		assert_vt_error(rc, &err, VT_EFORMAT);
	}
}

/* Its sender has no part in that: it comes whole another time. */
static void
a_file_that_is_cut_is_told_apart(void **state)
{
	static const struct {
		const char *text;
		bool lgsp;
	} cases[] = {
		{ "{\"status\":\"OK\",\"data\":\"", false },
		{ "{\"status\":\"OK\",\"data\":\"PGEv", false },
		{ "{\"status\":\"OK\",\"data\":\"PGEv\\", false },
		{ "{\"data\":{\"edxml\":\"PGEv", true },
		{ "{\"data\":{\"edxml\":\"<", true },
	};
	struct vt_vxp_result r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_error err = { 0 };
		struct got g = { 0 };
		int rc = read_as(cases[i].text, 1, true, cases[i].lgsp, &g, &r,
		    &err);

		vt_buf_release(&g.file);
		assert_vt_error(rc, &err, VT_ENET);
	}
}

/* Neither a row nor what stands beside the rows takes all memory. */
static void
parts_of_an_answer_have_a_size(void **state)
{
	static const struct {
		const char *before, *head, *tail, *behind;
		size_t max; /* of head, tail and what is between them */
	} parts[] = {
		{ "{\"data\":[", "{\"a\":\"", "\"}", "],\"status\":\"OK\"}",
		    VT_VXP_ROW_MAX },
		{ "", "{\"a\":\"", "\",\"status\":\"OK\"}", "",
		    VT_VXP_REST_MAX },
		{ "", "{\"status\":\"OK\",\"data\":null,\"a\":\"", "\"}", "",
		    VT_VXP_REST_MAX },
	};
	struct vt_vxp_result r;
	struct vt_buf text;
	size_t i, k, more;

	(void)state;
	for (i = 0; i < 6; i++) {
		struct vt_error err = { 0 };
		struct got g = { 0 };
		int rc;

		k = i / 2;
		more = i % 2;
		vt_buf_init(&text, 200000);
		vt_buf_puts(&text, parts[k].before);
		vt_buf_puts(&text, parts[k].head);
		while (text.len + strlen(parts[k].tail) <
		       strlen(parts[k].before) + parts[k].max + more)
			assert_int_equal(vt_buf_putc(&text, 'a'), VT_OK);
		vt_buf_puts(&text, parts[k].tail);
		vt_buf_puts(&text, parts[k].behind);
		rc = read_answer(vt_buf_str(&text), 4096, true, &g, &r, &err);
		if (more == 0)
			assert_vt_ok(rc, &err);
		else
			assert_vt_error(rc, &err, VT_ELIMIT);
		vt_buf_release(&text);
		vt_buf_release(&g.file);
	}
}

static void
a_call_may_stop_it(void **state)
{
	struct got g = { .code = VT_ENOTFOUND };
	struct vt_error err = { 0 };
	struct vt_vxp_result r;

	(void)state;
	assert_vt_error(read_answer("{\"data\":[{\"docId\":\"1\"},{\"docId\":"
				    "\"2\"}],"
				    "\"status\":\"OK\"}",
			    1, false, &g, &r, &err),
	    &err, VT_ENOTFOUND);
	assert_string_equal(g.rows, "1 ");
	vt_buf_release(&g.file);
}

/* A platform says whether it has files beside the message. */
static void
files_beside_the_message(void **state)
{
	static const struct {
		const char *parts;
		bool any;
	} cases[] = {
		{ "[]", false },
		{ "[ \n]", false },
		{ "null", false },
		{ "[{\"fileName\":\"a\",\"fileContent\":\"QQ==\"}]", true },
	};
	struct vt_error err = { 0 };
	struct vt_vxp_result r;
	char text[256];
	struct got g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&g, 0, sizeof(g));
		vt_buf_init(&g.file, 1000);
		snprintf(text, sizeof(text),
		    "{\"data\":{\"edxml\":\"<a/>\",\"attachments\":%s}}",
		    cases[i].parts);
		assert_vt_ok(read_as(text, 1, true, true, &g, &r, &err), &err);
		assert_int_equal(r.has_parts, cases[i].any);
		assert_string_equal(vt_buf_str(&g.file), "<a/>");
		vt_buf_release(&g.file);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_as_the_official_client),
		cmocka_unit_test(a_secret_has_a_length),
		cmocka_unit_test(checks_a_mac),
		cmocka_unit_test(signed_text_is_ascii),
		cmocka_unit_test(too_long_values_are_refused),
		cmocka_unit_test(ambiguous_values_are_refused),
		cmocka_unit_test(time_stamps),
		cmocka_unit_test(both_forms_of_hash_file),
		cmocka_unit_test(ids),
		cmocka_unit_test(files_beside_the_message),
		cmocka_unit_test(reads_answers),
		cmocka_unit_test(reads_answers_of_a_platform),
		cmocka_unit_test(reads_a_file_in_base64),
		cmocka_unit_test(reads_a_long_file),
		cmocka_unit_test(refuses_what_is_no_answer),
		cmocka_unit_test(a_file_that_is_cut_is_told_apart),
		cmocka_unit_test(parts_of_an_answer_have_a_size),
		cmocka_unit_test(a_call_may_stop_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
