/* test_envelope_write.c - writing: the SDK's shape, and the way back */
#include "test_util.h"
#include "vanthu/envelope.h"
#include "vanthu/source.h"
#include "vanthu/zip.h"

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : vt_error_nomem(err);
}

static int
read_bytes(struct vt_bytes text, struct vt_envelope *env, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	vt_envelope_init(env);
	assert_vt_ok(vt_source_bytes(text, &src, err), err);
	rc = vt_envelope_read(src, env, err);
	if (rc == VT_OK)
		rc = vt_envelope_extract(src, env, NULL, NULL, NULL, err);
	vt_source_free(src);
	return rc;
}

static void
read_data(const char *name, struct vt_envelope *env, struct vt_buf *text)
{
	struct vt_error err = { 0 };

	test_read_data(name, text);
	assert_vt_ok(read_bytes(vt_buf_bytes(text), env, &err), &err);
}

/* A file in memory. */
struct file {
	const char *name;
	struct vt_bytes content;
};

static int
write_files(const struct vt_envelope *env, const struct file *files, size_t n,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_envelope_file list[8] = { 0 };
	size_t i;
	int rc;

	memset(err, 0, sizeof(*err));
	vt_buf_init(ret, 64u * 1024 * 1024);
	for (i = 0; i < n; i++) {
		list[i].name = files[i].name;
		assert_vt_ok(vt_source_bytes(files[i].content, &list[i].content,
				 err),
		    err);
	}
	rc = vt_envelope_write(env, list, n, NULL, to_buf, ret, err);
	for (i = 0; i < n; i++)
		vt_source_free(list[i].content);
	return rc;
}

#define PDF                                                                    \
	{                                                                      \
		"a.pdf", VT_BYTES_LIT("%PDF-1.4\n%%EOF\n")                     \
	}

/* The part of TEXT from FROM to the end of TO. */
static struct vt_bytes
part(struct vt_bytes text, const char *from, const char *to)
{
	size_t a = vt_bytes_find(text, 0, from);
	size_t b = vt_bytes_find(text, a, to);

	assert_true(a != SIZE_MAX && b != SIZE_MAX);
	return vt_bytes_slice(text, a, b + strlen(to) - a);
}

static void
remove_all(struct vt_buf *buf, const char *what)
{
	size_t at, len = strlen(what);

	while ((at = vt_bytes_find(vt_buf_bytes(buf), 0, what)) != SIZE_MAX) {
		memmove(buf->data + at, buf->data + at + len,
		    buf->len - at - len);
		buf->len -= len;
	}
}

static void
write_gives_the_sdks_header_byte_for_byte(void **state)
{
	static const char from[] = "<edXML xmlns=";
	static const char to[] = "</edXML:TraceHeaderList>";
	static const char *const names[] = {
		"envelope/good/java-document.edxml",
		"envelope/good/update.edxml", "envelope/good/replace.edxml"
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, got;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		read_data(names[i], &env, &text);
		remove_all(&text, "        <edXML:ResponseFor />\n");
		assert_vt_ok(write_files(&env, NULL, 0, &got, &err), &err);
		assert_bytes_equal(part(vt_buf_bytes(&got), from, to),
		    part(vt_buf_bytes(&text), from, to));
		vt_envelope_release(&env);
		vt_buf_release(&text);
		vt_buf_release(&got);
	}
}

static void
write_gives_the_header_of_the_corpus(void **state)
{
	static const char from[] = "<?xml", to[] = "</edXML:TraceHeaderList>";
	char *path = test_corpus("edxml/edoc_revocation.edxml");
	struct vt_envelope env;
	struct vt_error err = { 0 };
	struct vt_buf text, got;

	(void)state;
	test_read(path, &text);
	free(path);
	assert_vt_ok(read_bytes(vt_buf_bytes(&text), &env, &err), &err);
	assert_vt_ok(write_files(&env, NULL, 0, &got, &err), &err);
	remove_all(&text, "\r");
	assert_bytes_equal(part(vt_buf_bytes(&got), from, to),
	    part(vt_buf_bytes(&text), from, to));
	vt_envelope_release(&env);
	vt_buf_release(&text);
	vt_buf_release(&got);
}

static void
write_gives_a_status(void **state)
{
	static const char wanted[] =
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<edXML xmlns=\"" VT_EDXML_NS "\">\n"
	    "  <edXML:edXMLEnvelope xmlns:edXML=\"" VT_EDXML_NS "\">\n"
	    "    <edXML:edXMLHeader>\n"
	    "      <edXML:MessageHeader>\n"
	    "        <edXML:From>\n"
	    "          <edXML:OrganId>000.00.00.H42</edXML:OrganId>\n"
	    "          <edXML:OrganName>UBND tỉnh Ninh Bình</edXML:OrganName>\n"
	    "          <edXML:OrganAdd />\n"
	    "        </edXML:From>\n"
	    "        <edXML:ResponseFor>\n"
	    "          <edXML:OrganId>000.00.16.H40</edXML:OrganId>\n"
	    "          <edXML:Code>0015/SNV-VP</edXML:Code>\n"
	    "          <edXML:DocumentId>000.00.16.H40,2026/11/23,0015/SNV-VP"
	    "</edXML:DocumentId>\n"
	    "          <edXML:PromulgationDate>2026/11/23"
	    "</edXML:PromulgationDate>\n"
	    "        </edXML:ResponseFor>\n"
	    "        <edXML:StaffInfo>\n"
	    "          <edXML:Department>Phòng Hành chính</edXML:Department>\n"
	    "          <edXML:Staff>Đỗ Thị Lan</edXML:Staff>\n"
	    "        </edXML:StaffInfo>\n"
	    "        <edXML:StatusCode>02</edXML:StatusCode>\n"
	    "        <edXML:Description>Gửi nhầm cơ quan nhận"
	    "</edXML:Description>\n"
	    "        <edXML:Timestamp>2026/11/23 10:02:03"
	    "</edXML:Timestamp>\n"
	    "      </edXML:MessageHeader>\n"
	    "      <edXML:ErrorList>\n"
	    "        <edXML:Error>\n"
	    "          <edXML:Code>N.MessageHeader.From.OrganId</edXML:Code>\n"
	    "          <edXML:Description>x</edXML:Description>\n"
	    "        </edXML:Error>\n"
	    "      </edXML:ErrorList>\n"
	    "    </edXML:edXMLHeader>\n"
	    "  </edXML:edXMLEnvelope>\n"
	    "</edXML>\n";
	static const struct file file = PDF;
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, got;

	(void)state;
	read_data("envelope/good/bkav-status.edxml", &env, &text);
	assert_vt_ok(write_files(&env, NULL, 0, &got, &err), &err);
	assert_string_equal(vt_buf_str(&got), wanted);
	vt_buf_release(&got);
	assert_vt_error(write_files(&env, &file, 1, &got, &err), &err, VT_EARG);
	assert_int_equal(got.len, 0);
	vt_envelope_release(&env);
	vt_buf_release(&text);
	vt_buf_release(&got);
}

/* An archive of one member NAME, "abc". */
static void
make_zip(const char *name, struct vt_buf *ret)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.zip");
	struct vt_zip_writer *w = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_out *out = NULL;

	assert_vt_ok(vt_source_bytes(VT_BYTES_LIT("abc"), &src, &err), &err);
	assert_vt_ok(vt_out_open(path, &out, &err), &err);
	assert_vt_ok(vt_zip_writer_new(vt_out_fd(out), &w, &err), &err);
	assert_vt_ok(vt_zip_writer_add(w, name, src, &err), &err);
	assert_vt_ok(vt_zip_writer_end(w, &err), &err);
	vt_zip_writer_free(w);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	vt_source_free(src);
	test_read(path, ret);
	free(path);
	test_dir_free(dir);
}

static void
files_travel_raw_or_in_a_zip_and_come_back(void **state)
{
	struct vt_buf zip, zeros;
	struct vt_envelope env, again;
	struct vt_error err;
	struct vt_buf text, got;
	size_t i;

	(void)state;
	make_zip("inner.pdf", &zip);
	vt_buf_init(&zeros, 4u * 1024 * 1024);
	assert_int_equal(vt_buf_reserve(&zeros, 3u * 1024 * 1024), VT_OK);
	memset(zeros.data, 0, 3u * 1024 * 1024);
	zeros.len = 3u * 1024 * 1024;
	{
		const struct {
			struct file file;
			const char *type;
			enum vt_attachment_encoding encoding;
		} cases[] = {
			{ PDF, "application/pdf", VT_ATTACHMENT_RAW },
			{ { "in/b.DOCX", VT_BYTES_LIT("x") },
			    "application/docx", VT_ATTACHMENT_RAW },
			{ { "c.zip", vt_buf_bytes(&zip) }, "application/zip",
			    VT_ATTACHMENT_RAW },
			{ { "d.txt", VT_BYTES_LIT("Văn bản") },
			    "application/zip", VT_ATTACHMENT_ZIP },
			{ { "không đuôi", VT_BYTES_LIT("y") },
			    "application/zip", VT_ATTACHMENT_ZIP },
			/* Named like a PDF, an archive by content. */
			{ { "e.pdf", vt_buf_bytes(&zip) }, "application/zip",
			    VT_ATTACHMENT_ZIP },
			/* Packed it would be a bomb to every reader. */
			{ { "f.bin", vt_buf_bytes(&zeros) }, "application/bin",
			    VT_ATTACHMENT_RAW },
		};
		struct file files[7];

		for (i = 0; i < 7; i++)
			files[i] = cases[i].file;
		read_data("envelope/good/java-document.edxml", &env, &text);
		assert_vt_ok(write_files(&env, files, 7, &got, &err), &err);
		assert_vt_ok(read_bytes(vt_buf_bytes(&got), &again, &err),
		    &err);
		assert_int_equal(again.nattachments, 7);
		for (i = 0; i < 7; i++) {
			const struct vt_attachment *a = &again.attachments[i];
			unsigned char digest[VT_SHA256_LEN];

			if (a->encoding != cases[i].encoding)
				print_error("case %zu\n", i);
			assert_int_equal(a->encoding, cases[i].encoding);
			assert_string_equal(a->content_type, cases[i].type);
			assert_string_equal(a->wire_type, cases[i].type);
			assert_vt_ok(vt_sha256(files[i].content, digest, &err),
			    &err);
			assert_memory_equal(a->sha256, digest, sizeof(digest));
		}
		assert_string_equal(again.attachments[1].name, "b.DOCX");
		assert_string_equal(again.attachments[4].name, "không đuôi");
		vt_envelope_release(&again);
	}
	/* One line of base64; no prefix on what is around it. */
	assert_int_not_equal(vt_bytes_find(vt_buf_bytes(&got), 0,
				 "\n  <AttachmentEncoded>\n    <Attachment>\n"
				 "      <ContentId>cid:1</ContentId>\n"
				 "      <AttachmentName>a.pdf</AttachmentName>"
				 "\n      <Description>a.pdf</Description>\n"
				 "      <ContentType>application/pdf"
				 "</ContentType>\n"
				 "      <ContentTransferEncoded>"
				 "JVBERi0xLjQKJSVFT0YK"
				 "</ContentTransferEncoded>\n"
				 "    </Attachment>\n"),
	    SIZE_MAX);
	vt_envelope_release(&env);
	vt_buf_release(&text);
	vt_buf_release(&got);
	vt_buf_release(&zip);
	vt_buf_release(&zeros);
}

static void
write_is_stable_and_keeps_the_digest(void **state)
{
	static const char *const names[] = {
		"envelope/good/java-document.edxml",
		"envelope/good/net-document.edxml",
		"envelope/good/other-prefix.edxml",
		"envelope/good/update.edxml", "envelope/good/replace.edxml"
	};
	static const struct file files[] = { PDF,
		{ "b.txt", VT_BYTES_LIT("b") } };
	unsigned char one[VT_SHA256_LEN], two[VT_SHA256_LEN];
	struct vt_envelope env, again;
	struct vt_error err;
	struct vt_buf text, first, second;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		read_data(names[i], &env, &text);
		assert_vt_ok(write_files(&env, files, 2, &first, &err), &err);
		assert_vt_ok(read_bytes(vt_buf_bytes(&first), &again, &err),
		    &err);
		assert_string_equal(again.subject, env.subject);
		assert_vt_ok(vt_envelope_digest(&again, one, &err), &err);
		assert_vt_ok(write_files(&again, files, 2, &second, &err),
		    &err);
		assert_bytes_equal(vt_buf_bytes(&second), vt_buf_bytes(&first));
		vt_envelope_release(&again);
		assert_vt_ok(read_bytes(vt_buf_bytes(&second), &again, &err),
		    &err);
		assert_vt_ok(vt_envelope_digest(&again, two, &err), &err);
		assert_memory_equal(one, two, sizeof(one));
		vt_envelope_release(&again);
		vt_envelope_release(&env);
		vt_buf_release(&text);
		vt_buf_release(&first);
		vt_buf_release(&second);
	}
}

static void
long_names_are_cut_before_their_extension(void **state)
{
	static const struct file file = {
		"/tmp/x/Kế hoạch triển khai công tác văn thư, lưu trữ và quản "
		"lý tài liệu điện tử năm 2027 (dự thảo).docx",
		VT_BYTES_LIT("x")
	};
	struct vt_envelope env, again;
	struct vt_error err;
	struct vt_buf text, got;

	(void)state;
	read_data("envelope/good/java-document.edxml", &env, &text);
	assert_vt_ok(write_files(&env, &file, 1, &got, &err), &err);
	assert_vt_ok(read_bytes(vt_buf_bytes(&got), &again, &err), &err);
	assert_string_equal(again.attachments[0].name,
	    "Kế hoạch triển khai công tác văn thư, lưu trữ.docx");
	assert_string_equal(again.attachments[0].description, file.name + 7);
	vt_envelope_release(&again);
	vt_envelope_release(&env);
	vt_buf_release(&text);
	vt_buf_release(&got);
}

static void
names_that_could_harm_are_not_sent(void **state)
{
	static const struct {
		const char *name, *sent, *description;
	} cases[] = {
		{ "a\x1b[31m.pdf", "a_[31m.pdf", "a_[31m.pdf" },
		{ "a\xe2\x80\xae"
		  "fdp.exe",
		    "a_fdp.exe",
		    "a\xe2\x80\xae"
		    "fdp.exe" },
		{ "a\xff.pdf", "a_.pdf", "a_.pdf" },
		{ ".profile", "_profile", ".profile" },
		{ "..", "_.", ".." },
	};
	struct vt_envelope env, again;
	struct vt_error err;
	struct vt_buf text, got;
	struct file file = { NULL, VT_BYTES_LIT("x") };
	size_t i;

	(void)state;
	read_data("envelope/good/java-document.edxml", &env, &text);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		file.name = cases[i].name;
		assert_vt_ok(write_files(&env, &file, 1, &got, &err), &err);
		assert_vt_ok(read_bytes(vt_buf_bytes(&got), &again, &err),
		    &err);
		assert_string_equal(again.attachments[0].name, cases[i].sent);
		assert_string_equal(again.attachments[0].description,
		    cases[i].description);
		vt_envelope_release(&again);
		vt_buf_release(&got);
	}
	file.name = "folder/";
	assert_vt_error(write_files(&env, &file, 1, &got, &err), &err, VT_EARG);
	vt_buf_release(&got);
	vt_envelope_release(&env);
	vt_buf_release(&text);
}

/* Break one thing of a good envelope. */
typedef void break_fn(struct vt_envelope *env);

static void
clear(char **field)
{
	free(*field);
	*field = NULL;
}

static void
set(char **field, const char *text)
{
	assert_int_equal(vt_envelope_set(field, text, NULL), VT_OK);
}

static void
no_from(struct vt_envelope *env)
{
	clear(&env->from.id);
}

static void
bad_from(struct vt_envelope *env)
{
	set(&env->from.id, "../x");
}

static void
bad_to(struct vt_envelope *env)
{
	set(&env->to[1].id, "a/b");
}

static void
same_to(struct vt_envelope *env)
{
	set(&env->to[1].id, env->to[0].id);
}

static void
no_id(struct vt_envelope *env)
{
	clear(&env->document_id);
}

static void
no_number(struct vt_envelope *env)
{
	clear(&env->code_number);
}

static void
no_date(struct vt_envelope *env)
{
	env->date = (struct vt_date){ 0 };
}

static void
no_subject(struct vt_envelope *env)
{
	set(&env->subject, " ");
}

static void
long_subject(struct vt_envelope *env)
{
	char *text = malloc(VT_ENVELOPE_TEXT_MAX + 2);

	assert_non_null(text);
	memset(text, 'x', VT_ENVELOPE_TEXT_MAX + 1);
	text[VT_ENVELOPE_TEXT_MAX + 1] = '\0';
	set(&env->subject, text);
	free(text);
}

static void
bad_subject(struct vt_envelope *env)
{
	set(&env->subject, "a\x01");
}

static void
not_utf8(struct vt_envelope *env)
{
	set(&env->place, "\xc3(");
}

static void
bad_priority(struct vt_envelope *env)
{
	env->other.priority = 5;
}

static void
update_of_nothing(struct vt_envelope *env)
{
	env->business.type = VT_BUSINESS_UPDATE;
}

static void
replace_of_nothing(struct vt_envelope *env)
{
	env->business.type = VT_BUSINESS_REPLACE;
}

static void
secret_type(struct vt_envelope *env)
{
	set(&env->type_name, "TỐI MẬT");
}

static void
secret_appendix(struct vt_envelope *env)
{
	assert_int_equal(vt_list_add(&env->other.appendixes, "MẬT", NULL),
	    VT_OK);
}

static void
write_refuses_what_is_not_fit_to_be_sent(void **state)
{
	static const struct {
		break_fn *fn;
		enum vt_code code;
		const char *part;
	} cases[] = {
		{ no_from, VT_EARG, "From/OrganId" },
		{ bad_from, VT_EARG, "From/OrganId" },
		{ bad_to, VT_EARG, "To/OrganId" },
		{ same_to, VT_EARG, "stands twice" },
		{ no_id, VT_EARG, "DocumentId" },
		{ no_number, VT_EARG, "CodeNumber" },
		{ no_date, VT_EARG, "PromulgationDate" },
		{ no_subject, VT_EARG, "Subject" },
		{ long_subject, VT_EARG, "edXML:Subject is too long" },
		{ bad_subject, VT_EFORMAT, "a character that XML" },
		{ not_utf8, VT_EFORMAT, "a character that XML" },
		{ bad_priority, VT_EARG, "Priority is 0 to 4, not 5" },
		{ update_of_nothing, VT_EARG, "Bussiness/DocumentId" },
		{ replace_of_nothing, VT_EARG, "ReplacementInfoList" },
		{ secret_type, VT_EREFUSED, "secrecy" },
		{ secret_appendix, VT_EREFUSED, "secrecy" },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_data("envelope/good/java-document.edxml", &env, &text);
		cases[i].fn(&env);
		if (write_files(&env, NULL, 0, &got, &err) !=
		    (int)cases[i].code)
			print_error("case %zu\n", i);
		assert_int_equal(err.code, cases[i].code);
		assert_error_text(&err, cases[i].part);
		vt_envelope_release(&env);
		vt_buf_release(&text);
		vt_buf_release(&got);
	}
}

static void
write_refuses_an_empty_file(void **state)
{
	static const struct file files[] = { PDF, { "b.pdf", { NULL, 0 } } };
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, got;

	(void)state;
	read_data("envelope/good/java-document.edxml", &env, &text);
	assert_vt_error(write_files(&env, files, 2, &got, &err), &err,
	    VT_EFORMAT);
	assert_error_text(&err, "b.pdf is empty");
	assert_int_equal(got.len, 0);
	vt_envelope_release(&env);
	vt_buf_release(&text);
	vt_buf_release(&got);
}

static int
full(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	size_t *left = ctx;

	if (piece.len > *left)
		return vt_error_set(err, VT_EIO, NULL, "the disk is full");
	*left -= piece.len;
	return VT_OK;
}

static void
write_tells_a_failing_sink(void **state)
{
	struct vt_envelope_file file = { "a.pdf", NULL };
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, content;
	size_t left, i;

	(void)state;
	read_data("envelope/good/java-document.edxml", &env, &text);
	vt_buf_init(&content, 1024 * 1024);
	for (i = 0; i < 500000; i++)
		vt_buf_putc(&content, (int)(i * 7 & 0xff));
	assert_int_equal(vt_source_bytes(vt_buf_bytes(&content), &file.content,
			     NULL),
	    VT_OK);
	for (left = 0; left < 700000; left += 65536) {
		size_t room = left;

		memset(&err, 0, sizeof(err));
		if (left < 600000)
			assert_vt_error(vt_envelope_write(&env, &file, 1, NULL,
					    full, &room, &err),
			    &err, VT_EIO);
	}
	vt_source_free(file.content);
	vt_buf_release(&content);
	vt_envelope_release(&env);
	vt_buf_release(&text);
}

/* What is known of a type by its name, where the caller gives no numbers. */
static void
write_adds_the_numbers_of_a_known_type(void **state)
{
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, got;

	(void)state;
	read_data("envelope/good/java-document.edxml", &env, &text);
	env.type = env.type_detail = -1;
	assert_vt_ok(write_files(&env, NULL, 0, &got, &err), &err);
	assert_int_not_equal(vt_bytes_find(vt_buf_bytes(&got), 0,
				 "<edXML:Type>2</edXML:Type>\n          "
				 "<edXML:TypeDetail>18</edXML:TypeDetail>\n"
				 "          <edXML:TypeName>Công văn<"),
	    SIZE_MAX);
	vt_buf_release(&got);
	set(&env.type_name, "Luật");
	assert_vt_ok(write_files(&env, NULL, 0, &got, &err), &err);
	assert_int_not_equal(vt_bytes_find(vt_buf_bytes(&got), 0,
				 "<edXML:Type>1</edXML:Type>\n          "
				 "<edXML:TypeDetail>2</edXML:TypeDetail>\n"),
	    SIZE_MAX);
	vt_buf_release(&got);
	set(&env.type_name, "Sổ tay");
	assert_vt_ok(write_files(&env, NULL, 0, &got, &err), &err);
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&got), 0, "<edXML:Type>"),
	    SIZE_MAX);
	vt_buf_release(&got);
	vt_envelope_release(&env);
	vt_buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_gives_the_sdks_header_byte_for_byte),
		cmocka_unit_test(write_gives_the_header_of_the_corpus),
		cmocka_unit_test(write_gives_a_status),
		cmocka_unit_test(files_travel_raw_or_in_a_zip_and_come_back),
		cmocka_unit_test(write_is_stable_and_keeps_the_digest),
		cmocka_unit_test(long_names_are_cut_before_their_extension),
		cmocka_unit_test(names_that_could_harm_are_not_sent),
		cmocka_unit_test(write_refuses_what_is_not_fit_to_be_sent),
		cmocka_unit_test(write_refuses_an_empty_file),
		cmocka_unit_test(write_tells_a_failing_sink),
		cmocka_unit_test(write_adds_the_numbers_of_a_known_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
