/* test_envelope_files.c - attachments: out of base64 and ZIP, and their names
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "test_util.h"
#include "vanthu/encode.h"
#include "vanthu/envelope.h"
#include "vanthu/source.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define PDF_SHA256                                                             \
	"e33d2c29b10fe10764f780b556257d37e445a7b6cdfe99e4d10db020d76b913c"
#define TXT_SHA256                                                             \
	"a082169a4ebc0f3fdd1887edd5070b332c421f6fbd467c82f3e4a5d3a1ff0cc4"

struct taken {
	size_t n;
	struct vt_buf last; /* content of the last one */
	int answer;
};

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : vt_error_nomem(err);
}

static int
take(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct taken *t = ctx;
	unsigned char digest[VT_SHA256_LEN];

	assert_int_equal(index, t->n);
	assert_true(a->extracted);
	assert_int_equal(a->size, vt_source_size(content));
	assert_vt_ok(vt_sha256_source(content, digest, err), err);
	assert_memory_equal(digest, a->sha256, sizeof(digest));
	t->n++;
	if (t->answer != VT_OK)
		return vt_error_set(err, (enum vt_code)t->answer, NULL,
		    "not taken");
	vt_buf_reset(&t->last);
	return vt_source_stream(content, 0, vt_source_size(content), to_buf,
	    &t->last, err);
}

/* Read and extract TEXT; ENV is to be released whatever comes of it. */
static int
extract(struct vt_bytes text, struct vt_envelope *env, struct taken *t,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	vt_envelope_init(env);
	memset(t, 0, sizeof(*t));
	vt_buf_init(&t->last, 64u * 1024 * 1024);
	assert_vt_ok(vt_source_bytes(text, &src, err), err);
	assert_vt_ok(vt_envelope_read(src, env, err), err);
	rc = vt_envelope_extract(src, env, NULL, take, t, err);
	vt_source_free(src);
	return rc;
}

static void
release(struct vt_envelope *env, struct taken *t)
{
	vt_envelope_release(env);
	vt_buf_release(&t->last);
}

static void
extract_unwraps_by_content(void **state)
{
	static const struct {
		const char *name;
		size_t n, size;
		enum vt_attachment_encoding encoding;
		const char *sha256, *type; /* of the last one */
	} cases[] = {
		{ "java-document", 2, 40, VT_ATTACHMENT_ZIP, TXT_SHA256,
		    "application/zip" },
		{ "net-document", 1, 233, VT_ATTACHMENT_ZIP, PDF_SHA256,
		    "application/pdf" },
		{ "xlink-undeclared", 1, 233, VT_ATTACHMENT_RAW, PDF_SHA256,
		    "application/pdf" },
		{ "other-prefix", 1, 233, VT_ATTACHMENT_RAW, PDF_SHA256,
		    "application/pdf" },
		{ "zip-as-text", 1, 40, VT_ATTACHMENT_ZIP, TXT_SHA256,
		    "text/plain" },
		{ "zip-as-pdf", 1, 233, VT_ATTACHMENT_ZIP, PDF_SHA256,
		    "application/pdf" },
		{ "zip-itself", 1, 208, VT_ATTACHMENT_RAW, NULL,
		    "application/zip" },
		{ "zip-untyped", 1, 208, VT_ATTACHMENT_RAW, NULL,
		    "application/octet-stream" },
	};
	const struct vt_attachment *a;
	struct vt_envelope env;
	struct vt_error err;
	char name[128], hex[VT_SHA256_HEX];
	struct vt_buf text;
	struct taken t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(name, sizeof(name), "envelope/good/%s.edxml",
		    cases[i].name);
		test_read_data(name, &text);
		assert_vt_ok(extract(vt_buf_bytes(&text), &env, &t, &err),
		    &err);
		assert_int_equal(t.n, cases[i].n);
		a = &env.attachments[t.n - 1];
		if (a->encoding != cases[i].encoding)
			print_error("%s\n", name);
		assert_int_equal(a->encoding, cases[i].encoding);
		assert_int_equal(a->size, cases[i].size);
		assert_string_equal(a->content_type, cases[i].type);
		vt_hex(VT_BYTES(a->sha256, sizeof(a->sha256)), hex);
		if (cases[i].sha256 != NULL)
			assert_string_equal(hex, cases[i].sha256);
		release(&env, &t);
		vt_buf_release(&text);
	}
}

static void
extract_refuses_bad_and_hostile_content(void **state)
{
	static const struct {
		const char *name;
		enum vt_code code;
		const char *part;
	} cases[] = {
		{ "bad/base64", VT_EFORMAT, "a.pdf is not base64" },
		{ "bad/zip-two-members", VT_EFORMAT, "a ZIP of 2 members" },
		{ "hostile/zip-bomb", VT_ELIMIT, "bomb.txt: a member" },
		{ "hostile/zip-two-ways", VT_EFORMAT,
		    "may be read in two ways" },
	};
	struct vt_envelope env;
	struct vt_error err;
	char name[128];
	struct vt_buf text;
	struct taken t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(name, sizeof(name), "envelope/%s.edxml",
		    cases[i].name);
		test_read_data(name, &text);
		assert_vt_error(extract(vt_buf_bytes(&text), &env, &t, &err),
		    &err, cases[i].code);
		assert_error_text(&err, cases[i].part);
		assert_int_equal(t.n, 0);
		release(&env, &t);
		vt_buf_release(&text);
	}
}

/* An envelope of one attachment NAME of TYPE whose element holds BASE64. */
static void
make(const char *type, const char *name, const char *base64, struct vt_buf *ret)
{
	vt_buf_init(ret, 64u * 1024 * 1024);
	vt_buf_printf(ret,
	    "<edXML xmlns='" VT_EDXML_NS "'><edXMLEnvelope><edXMLHeader>"
	    "<MessageHeader><From><OrganId>H40</OrganId></From><To><OrganId>"
	    "H42</OrganId></To><DocumentId>x</DocumentId><Code><CodeNumber>1"
	    "</CodeNumber></Code><PromulgationInfo><PromulgationDate>"
	    "2026/01/05</PromulgationDate></PromulgationInfo><Subject>s"
	    "</Subject></MessageHeader></edXMLHeader></edXMLEnvelope>"
	    "<AttachmentEncoded><Attachment><ContentType>%s</ContentType>"
	    "<AttachmentName>%s</AttachmentName><ContentTransferEncoded>",
	    type, name);
	vt_buf_puts(ret, base64);
	vt_buf_puts(ret,
	    "</ContentTransferEncoded></Attachment></AttachmentEncoded>"
	    "</edXML>");
}

static void
extract_is_strict_about_base64(void **state)
{
	static const struct {
		const char *base64, *content; /* NULL: refused */
	} cases[] = {
		{ "YQ==", "a" },
		{ " Y\tQ\r\n=\n= ", "a" },
		{ "<![CDATA[YWJj]]>", "abc" },
		{ "&#89;WJj", "abc" },
		{ "", NULL }, /* nothing: of no use to anybody */
		{ "  \n ", NULL },
		{ "Y", NULL },
		{ "YQ", NULL },
		{ "YQ=", NULL },
		{ "YR==", NULL }, /* pad bits */
		{ "YWI=YWI=", NULL },
		{ "YQ==YQ==", NULL },
		{ "YWJj=", NULL },
		{ "YWJj====", NULL },
		{ "=YWJ", NULL },
		{ "YW-j", NULL },
		{ "YW_j", NULL },
		{ "YWJ\xc2\xa0j", NULL },
		{ "YWJj!", NULL },
		{ "data:;base64,YWJj", NULL },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text;
	struct taken t;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make("text/plain", "a.txt", cases[i].base64, &text);
		rc = extract(vt_buf_bytes(&text), &env, &t, &err);
		if (cases[i].content == NULL) {
			if (rc != VT_EFORMAT)
				print_error("case %zu\n", i);
			assert_vt_error(rc, &err, VT_EFORMAT);
			assert_error_text(&err, "a.txt");
			assert_int_equal(t.n, 0);
		} else {
			assert_vt_ok(rc, &err);
			assert_bytes_str(vt_buf_bytes(&t.last),
			    cases[i].content);
		}
		release(&env, &t);
		vt_buf_release(&text);
	}
}

/* Half an archive, with and without a content type that says archive. */
static void
extract_keeps_or_refuses_a_damaged_zip(void **state)
{
	static const struct {
		const char *type, *name;
		enum vt_code code;
	} cases[] = {
		{ "application/zip", "a.txt", VT_EFORMAT },
		{ "APPLICATION/ZIP", "a.txt", VT_EFORMAT },
		{ "application/zip", "a.zip", VT_OK },
		{ "application/zip", "a.docx", VT_OK },
		{ "text/plain", "a.txt", VT_OK },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text;
	struct taken t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make(cases[i].type, cases[i].name, "UEsDBBQAAAAIAAAA", &text);
		assert_int_equal(extract(vt_buf_bytes(&text), &env, &t, &err),
		    cases[i].code);
		if (cases[i].code == VT_OK)
			assert_int_equal(env.attachments[0].encoding,
			    VT_ATTACHMENT_RAW);
		release(&env, &t);
		vt_buf_release(&text);
	}
}

static void
extract_stops_with_the_takers_code(void **state)
{
	struct vt_source *src = NULL;
	struct taken t = { .answer = VT_EREFUSED };
	struct vt_envelope env;
	struct vt_error err = { 0 };
	struct vt_buf text;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &text);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	assert_vt_ok(vt_envelope_read(src, &env, &err), &err);
	assert_vt_error(vt_envelope_extract(src, &env, NULL, take, &t, &err),
	    &err, VT_EREFUSED);
	assert_int_equal(t.n, 1);
	vt_envelope_release(&env);
	vt_source_free(src);
	vt_buf_release(&text);
}

static void
extract_tells_a_spool_that_is_not_there(void **state)
{
	struct vt_source *src = NULL;
	struct vt_envelope env;
	struct vt_error err = { 0 };
	struct vt_buf text, base64;
	struct taken t = { .answer = VT_EREFUSED };
	int i;

	(void)state;
	vt_buf_init(&base64, 4u * 1024 * 1024);
	for (i = 0; i < 500000; i++) /* more than stays in memory */
		vt_buf_puts(&base64, "YWJj");
	make("text/plain", "a.txt", vt_buf_str(&base64), &text);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	assert_vt_ok(vt_envelope_read(src, &env, &err), &err);
	assert_vt_error(vt_envelope_extract(src, &env, "/nonexistent/x", take,
			    &t, &err),
	    &err, VT_EIO);
	/* Nobody asks for it, and it is no ZIP: it need not be kept. */
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_envelope_extract(src, &env, "/nonexistent/x", NULL,
			 NULL, &err),
	    &err);
	assert_int_equal(env.attachments[0].size, 1500000);
	vt_envelope_release(&env);
	vt_source_free(src);
	vt_buf_release(&text);
	vt_buf_release(&base64);
}

static void
digest_is_of_what_is_said(void **state)
{
	static const struct {
		const char *from, *to;
		bool same;
	} cases[] = {
		{ "</edXML:TraceHeaderList>",
		    "<edXML:TraceHeader><edXML:OrganId>001.00.20.TT2"
		    "</edXML:OrganId></edXML:TraceHeader>"
		    "</edXML:TraceHeaderList>",
		    true },
		{ "cid:209", "cid:999", true },
		{ "2026/12/15", "2026-12-15", true },
		{ "<edXML:Subject>", "<!-- --><edXML:Subject>", true },
		{ "gửi, nhận văn bản điện tử<", "gửi văn bản điện tử<", false },
		{ "2026/12/15", "2026/12/16", false },
		{ "BussinessDocType>0<", "BussinessDocType>1<", false },
		{ "Văn bản điện tử mới", "x", false },
		{ "phu-luc.txt", "phu-luc-2.txt", false },
		{ "Paper>0<", "Paper>1<", false },
		{ "Như trên", "", false },
		{ "JVBERi0", "JVBERi1", false },
	};
	unsigned char first[VT_SHA256_LEN], other[VT_SHA256_LEN];
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf good, text;
	struct taken t;
	size_t i, pos, at;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &good);
	assert_vt_ok(extract(vt_buf_bytes(&good), &env, &t, &err), &err);
	assert_vt_ok(vt_envelope_digest(&env, first, &err), &err);
	env.attachments[0].extracted = false;
	assert_vt_error(vt_envelope_digest(&env, other, &err), &err, VT_EARG);
	release(&env, &t);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vt_buf_init(&text, 1024 * 1024);
		for (pos = 0; (at = vt_bytes_find(vt_buf_bytes(&good), pos,
				   cases[i].from)) != SIZE_MAX;
		     pos = at + strlen(cases[i].from)) {
			vt_buf_put(&text, good.data + pos, at - pos);
			vt_buf_puts(&text, cases[i].to);
		}
		assert_true(pos > 0);
		vt_buf_put(&text, good.data + pos, good.len - pos);
		assert_vt_ok(extract(vt_buf_bytes(&text), &env, &t, &err),
		    &err);
		assert_vt_ok(vt_envelope_digest(&env, other, &err), &err);
		if ((memcmp(first, other, sizeof(first)) == 0) != cases[i].same)
			fail_msg("case %zu: %s", i, cases[i].to);
		release(&env, &t);
		vt_buf_release(&text);
	}
	vt_buf_release(&good);
}

struct expected {
	const char *file;
	enum vt_envelope_kind kind;
	const char *from, *status, *meant_by, *when;
};

static void
corpus_is_read_right(void **state)
{
	static const struct expected cases[] = {
		{ "status_inbox__01.edxml", VT_ENVELOPE_STATUS, "000.00.00.H41",
		    "01", "000.00.00.G22", "2015-09-20T04:08:36Z" },
		{ "status_acceptance_03.edxml", VT_ENVELOPE_STATUS,
		    "000.00.00.H41", "03", "000.00.00.G22",
		    "2015-09-20T04:08:36Z" },
		{ "status_finish_06.edxml", VT_ENVELOPE_STATUS, "000.00.00.H41",
		    "06", "000.00.00.G22", "2015-09-20T04:08:36Z" },
		{ "status_cancellation_13.edxml", VT_ENVELOPE_STATUS,
		    "000.00.00.G22", "13", "000.00.00.H41",
		    "2015-09-20T04:08:36Z" },
		{ "edoc_revocation.edxml", VT_ENVELOPE_DOCUMENT,
		    "000.00.00.G22", NULL, "000.00.00.H14", NULL },
	};
	char *dir = test_corpus("edxml"), *path, when[VT_TIME_TEXT];
	char hex[VT_SHA256_HEX];
	const struct expected *e;
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text;
	struct taken t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		e = &cases[i];
		path = vt_path_join(dir, e->file);
		test_read(path, &text);
		free(path);
		assert_vt_ok(extract(vt_buf_bytes(&text), &env, &t, &err),
		    &err);
		assert_int_equal(env.kind, e->kind);
		assert_string_equal(env.from.id, e->from);
		assert_int_equal(env.nresponse_for, 1);
		assert_string_equal(env.response_for[0].organ_id, e->meant_by);
		assert_false(vt_envelope_secret(&env));
		if (e->status != NULL) {
			assert_string_equal(env.status.code, e->status);
			assert_string_equal(vt_time_utc(env.status.time, when),
			    e->when);
			assert_string_equal(env.response_for[0].document_id,
			    "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT");
			assert_int_equal(env.signature,
			    VT_ENVELOPE_SIGNATURE_ABSENT);
		} else {
			assert_int_equal(env.nto, 3);
			assert_string_equal(env.code_number, "7816");
			assert_int_equal(env.business.type, VT_BUSINESS_RECALL);
			assert_int_equal(env.signature,
			    VT_ENVELOPE_SIGNATURE_PLACEHOLDER);
			assert_int_equal(t.n, 1);
			assert_int_equal(env.attachments[0].encoding,
			    VT_ATTACHMENT_ZIP);
			/* By base64 -d and funzip: an edXML itself. */
			assert_int_equal(env.attachments[0].size, 388347);
			vt_hex(VT_BYTES(env.attachments[0].sha256,
				   VT_SHA256_LEN),
			    hex);
			assert_string_equal(hex,
			    "8385739ec4a4ed36d71eabcaead629641ffc5ffff3d487ff"
			    "5c34d2f821c9f36e");
			assert_true(
			    vt_bytes_starts(vt_buf_bytes(&t.last), "<?xml"));
		}
		release(&env, &t);
		vt_buf_release(&text);
	}
	free(dir);
}

/* ---- size ---- */

#define LARGE_MIB (SANITIZED ? 24 : 300)
#define MEMORY_MIB 32

/* An envelope whose attachment is SIZE bytes of PDF-like noise. */
static void
make_large(const char *path, uint64_t size)
{
	unsigned char piece[3 * 1024];
	char base64[VT_BASE64_LEN(sizeof(piece)) + 1];
	struct vt_buf frame;
	FILE *f = fopen(path, "w");
	uint32_t x = 1;
	uint64_t i;
	size_t j, n, cut;

	assert_non_null(f);
	make("application/pdf", "a.pdf", "", &frame);
	cut =
	    vt_bytes_find(vt_buf_bytes(&frame), 0, "</ContentTransferEncoded>");
	assert_int_equal(fwrite(frame.data, 1, cut, f), cut);
	for (i = 0; i < size; i += sizeof(piece)) {
		for (j = 0; j < sizeof(piece); j++) {
			x = x * 1664525 + 1013904223;
			piece[j] = (unsigned char)(x >> 24);
		}
		n = vt_base64(VT_BYTES(piece, sizeof(piece)), base64);
		assert_int_equal(fwrite(base64, 1, n, f), n);
	}
	n = frame.len - cut;
	assert_int_equal(fwrite(frame.data + cut, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	vt_buf_release(&frame);
}

static int
count_only(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	(void)index;
	(void)content;
	(void)err;
	*(uint64_t *)ctx = a->size;
	return VT_OK;
}

/* In a process of its own, whose memory can be told apart. */
static int
read_in_child(const char *path, const char *dir, uint64_t *ret_size)
{
	struct vt_source *src = NULL;
	struct vt_envelope env;
	struct vt_error err = { 0 };
	int rc;

	if ((rc = vt_source_open(path, &src, &err)) != VT_OK ||
	    (rc = vt_envelope_read(src, &env, &err)) != VT_OK)
		return rc;
	rc = vt_envelope_extract(src, &env, dir, count_only, ret_size, &err);
	vt_envelope_release(&env);
	vt_source_free(src);
	return rc;
}

static void
memory_does_not_grow_with_an_attachment(void **state)
{
	uint64_t size = (uint64_t)LARGE_MIB * 1024 * 1024, got = 0;
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.edxml");
	struct rusage use;
	int status = -1;
	pid_t pid;

	(void)state;
	size -= size % (3 * 1024);
	make_large(path, size);
	if ((pid = fork()) == 0) {
		if (read_in_child(path, dir, &got) != VT_OK || got != size)
			_exit(1);
		_exit(0);
	}
	assert_true(pid > 0 && wait4(pid, &status, 0, &use) == pid);
	assert_int_equal(status, 0);
	if (!SANITIZED)
		assert_true(use.ru_maxrss < MEMORY_MIB * 1024);
	assert_int_equal(test_dir_count(dir), 1); /* nothing stayed there */
	free(path);
	test_dir_free(dir);
}

/* 100 MB of elements, or of text, that mean nothing to us. */
static void
memory_does_not_grow_with_what_is_skipped(void **state)
{
	static const char *const units[] = { "<x>yyyyyyyyyyyyyyyyyyyyyyy</x>",
		"<TraceHeader/>", "                                ",
		"<MessageHeader><Subject/></MessageHeader>" };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.edxml");
	struct rusage use;
	uint64_t got;
	size_t i, n;
	int status = -1;
	pid_t pid;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		assert_non_null(f = fopen(path, "w"));
		fputs("<edXML xmlns='" VT_EDXML_NS "'><edXMLEnvelope>"
		      "<edXMLHeader><TraceHeaderList>",
		    f);
		for (n = 0; n < (size_t)LARGE_MIB / 3 * 1024 * 1024;
		     n += strlen(units[i]))
			fputs(units[i], f);
		assert_int_equal(fclose(f), 0);
		if ((pid = fork()) == 0)
			_exit(read_in_child(path, dir, &got));
		assert_true(pid > 0 && wait4(pid, &status, 0, &use) == pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status),
		    i == 1 ? VT_ELIMIT : VT_EFORMAT);
		if (!SANITIZED)
			assert_true(use.ru_maxrss < MEMORY_MIB * 1024);
	}
	free(path);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extract_unwraps_by_content),
		cmocka_unit_test(extract_refuses_bad_and_hostile_content),
		cmocka_unit_test(extract_is_strict_about_base64),
		cmocka_unit_test(extract_keeps_or_refuses_a_damaged_zip),
		cmocka_unit_test(extract_stops_with_the_takers_code),
		cmocka_unit_test(extract_tells_a_spool_that_is_not_there),
		cmocka_unit_test(digest_is_of_what_is_said),
		cmocka_unit_test(corpus_is_read_right),
		cmocka_unit_test(memory_does_not_grow_with_an_attachment),
		cmocka_unit_test(memory_does_not_grow_with_what_is_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
