/* test_xml.c - reading: what is told, what is refused, at what cost */
#include <fcntl.h>

#include "test_util.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"

/* What a parse told, one event a line. */
struct log {
	struct vt_buf text;
	size_t pieces, bytes;
	int fail_at_start; /* a code to answer with */
};

static int
log_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct log *log = ctx;
	size_t i;

	if (log->fail_at_start != VT_OK)
		return vt_error_set(err, (enum vt_code)log->fail_at_start, NULL,
		    "stop here");
	vt_buf_printf(&log->text, "<%s|%s|%s", el->prefix ? el->prefix : "-",
	    el->ns ? el->ns : "-", el->local);
	for (i = 0; i < el->nattrs; i++)
		vt_buf_printf(&log->text, " %s:%s{%s}=%.*s",
		    el->attrs[i].prefix ? el->attrs[i].prefix : "-",
		    el->attrs[i].local, el->attrs[i].ns ? el->attrs[i].ns : "-",
		    (int)el->attrs[i].value.len,
		    (const char *)el->attrs[i].value.data);
	vt_buf_puts(&log->text, ">\n");
	return VT_OK;
}

static int
log_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct log *log = ctx;

	(void)err;
	assert_int_equal(el->nattrs, 0);
	vt_buf_printf(&log->text, "</%s>\n", el->local);
	return VT_OK;
}

static int
log_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct log *log = ctx;

	(void)err;
	assert_true(piece.len > 0 && piece.len <= VT_XML_TEXT_PIECE);
	log->pieces++;
	log->bytes += piece.len;
	if (log->bytes < 4096) {
		vt_buf_bytes_put(&log->text, piece);
		vt_buf_puts(&log->text, "\n");
	}
	return VT_OK;
}

static int
log_mark(void *ctx, const struct vt_xml_mark *mark, struct vt_error *err)
{
	struct log *log = ctx;

	(void)err;
	vt_buf_printf(&log->text, "%s %u [%.*s]\n",
	    mark->target != NULL ? mark->target : "comment", mark->line,
	    (int)mark->text.len, (const char *)mark->text.data);
	return VT_OK;
}

static const struct vt_xml_handler handler = { .start = log_start,
	.end = log_end,
	.text = log_text,
	.mark = log_mark };

static int
parse(struct vt_bytes text, struct log *log, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	vt_buf_init(&log->text, 1024 * 1024);
	assert_vt_ok(vt_source_bytes(text, &src, err), err);
	rc = vt_xml_parse(src, &handler, log, err);
	vt_source_free(src);
	return rc;
}

/* Parse TEXT for its answer alone. */
static int
answer(const char *text, struct vt_error *err)
{
	struct log log = { 0 };
	int rc = parse(vt_bytes_str(text), &log, err);

	vt_buf_release(&log.text);
	return rc;
}

static void
assert_log(const char *text, const char *expected)
{
	struct log log = { 0 };
	struct vt_error err = { 0 };

	assert_vt_ok(parse(vt_bytes_str(text), &log, &err), &err);
	assert_string_equal(vt_buf_str(&log.text), expected);
	vt_buf_release(&log.text);
}

static void
parse_tells_tags_text_and_namespaces(void **state)
{
	(void)state;
	assert_log("<?xml version='1.0' encoding='utf-8'?>\n"
		   "<a xmlns='urn:d' xmlns:p='urn:p' x='1' p:y=\"2\">"
		   "t<p:b/>u<c xmlns=''>v</c></a>",
	    "<-|urn:d|a -:x{-}=1 p:y{urn:p}=2>\nt\n"
	    "<p|urn:p|b>\n</b>\nu\n<-|-|c>\nv\n</c>\n</a>\n");
}

static void
parse_resolves_references_and_cdata(void **state)
{
	(void)state;
	assert_log("<a>&amp;&lt;&gt;&quot;&apos;&#x1ea5;&#10;<![CDATA[<&]]>"
		   "\r\nz</a>",
	    "<-|-|a>\n&<>\"'\xe1\xba\xa5\n<&\nz\n</a>\n");
}

static void
parse_gives_attribute_values_as_meant(void **state)
{
	(void)state;
	assert_log("<a b='x&amp;y&#38;&lt;&quot;&#39;&#65;'/>",
	    "<-|-|a -:b{-}=x&y&<\"'A>\n</a>\n");
	assert_log("<a b='&amp;#38;'/>", "<-|-|a -:b{-}=&#38;>\n</a>\n");
	assert_log("<a b=''/>", "<-|-|a -:b{-}=>\n</a>\n");
}

static void
parse_tells_of_comments_and_instructions(void **state)
{
	(void)state;
	assert_log("<!--x--><a>1<!--y -->2<?z?>\n3<?z  a b?></a>",
	    "comment 1 [x]\n<-|-|a>\n1\ncomment 1 [y ]\n2\nz 1 []\n\n3\n"
	    "z 2 [a b]\n</a>\n");
}

static void
parse_lets_an_undeclared_attribute_prefix_pass(void **state)
{
	(void)state;
	assert_log("<a xlink:href='cid:1'/>",
	    "<-|-|a xlink:href{-}=cid:1>\n</a>\n");
}

static void
parse_takes_a_byte_order_mark_and_ascii(void **state)
{
	(void)state;
	assert_log("\xef\xbb\xbf<a/>", "<-|-|a>\n</a>\n");
	assert_log("<?xml version='1.0' encoding='US-ASCII'?><a/>",
	    "<-|-|a>\n</a>\n");
	assert_log("\n<a/>\n", "<-|-|a>\n</a>\n");
}

static void
parse_refuses_what_is_not_well_formed(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		{ "", "the file is empty" },
		{ "\xef\xbb\xbf", "this is not XML" },
		{ "hello", "this is not XML" },
		{ "{}", "this is not XML" },
		{ "<", "line 1" },
		{ "<a", "line 1" },
		{ "<a>", "line 1" },
		{ "<a>\n<b>\n</a>", "does not match its start tag (line 3)" },
		{ "<a/><b/>", "behind its root element (line 1)" },
		{ "<a/>text", "behind its root element (line 1)" },
		{ "<a b='1'\nb='2'/>", "an attribute stands twice" },
		{ "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
		    "an attribute stands twice" },
		{ "<a b=1/>", "line 1" },
		{ "<a b='<'/>", "line 1" },
		{ "<a>&unknown;</a>", "an entity that is not declared" },
		{ "<a b='&unknown;'/>", "an entity that is not declared" },
		{ "<a>&#0;</a>", "not UTF-8, or a character" },
		{ "<a>&#x1F;</a>", "not UTF-8, or a character" },
		{ "<a>&#xFFFE;</a>", "not UTF-8, or a character" },
		{ "<a>\x01</a>", "line 1" },
		{ "<a>\xff</a>", "line 1" },
		{ "<a>\xc0\xaf</a>", "line 1" },
		{ "<a>\xed\xa0\x80</a>", "line 1" },
		{ "<a>\xc3</a>", "line 1" },
		{ "<a>]]></a>", "line 1" },
		{ "<a><!-- -- --></a>", "line 1" },
		{ "<a><![CDATA[</a>", "line 1" },
		{ "<p:a/>", "the prefix of p:a is not declared (line 1)" },
		{ "<a>\n<x:b/></a>",
		    "the prefix of x:b is not declared (line 2)" },
		{ "<?xml version='1.0' encoding='UTF-8'", "line 1" },
		{ "<?xml?><a/>", "line 1" },
		{ "<a><?xml version='1.0'?></a>", "line 1" },
	};
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (answer(cases[i].text, &err) != VT_EFORMAT)
			print_error("case %zu: %s\n", i, cases[i].text);
		assert_int_equal(err.code, VT_EFORMAT);
		assert_error_text(&err, cases[i].part);
		assert_true(strncmp(err.clause, "XML 1.0", 7) == 0 ||
			    strncmp(err.clause, "Namespaces", 10) == 0);
	}
}

static void
parse_refuses_any_doctype(void **state)
{
	static const char *const cases[] = {
		"<!DOCTYPE a><a/>",
		"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
		"<!DOCTYPE a PUBLIC '-//X' 'http://127.0.0.1/x.dtd'><a/>",
		"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
		"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
		"<a>&x;</a>",
		"<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>"
		"<a/>",
		"<!DOCTYPE a [<!ATTLIST a b CDATA 'default'>]><a/>",
		"<!-- x --><!DOCTYPE a [<!ELEMENT a ANY>]><a/>",
	};
	struct vt_error err;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = answer(cases[i], &err);
		assert_error_clause(rc, &err, VT_EFORMAT, "XML 1.0, 2.8");
		assert_error_text(&err, "DOCTYPE is not accepted (line 1)");
	}
}

static void
parse_reads_utf8_only(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
#define CASE(s) { s, sizeof(s) - 1 }
		CASE("\xff\xfe<\0a\0/\0>\0"),
		CASE("\xfe\xff\0<\0a\0/\0>"),
		CASE("<\0a\0/\0>\0"),
		CASE("\0<\0a\0/\0>"),
		CASE("\0\0\0<\0\0\0a"),
		CASE("<\0\0\0a\0\0\0"),
		CASE("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"),
		CASE("<?xml version='1.0' encoding='windows-1258'?><a/>"),
		CASE("<?xml version='1.0' encoding='UTF-7'?><a/>"),
		CASE("<?xml version='1.0' encoding='no-such'?><a/>"),
#undef CASE
	};
	struct log log = { 0 };
	struct vt_error err;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = parse(VT_BYTES(cases[i].text, cases[i].len), &log, &err);
		if (rc != VT_EUNSUPPORTED)
			print_error("case %zu\n", i);
		assert_error_clause(rc, &err, VT_EUNSUPPORTED,
		    "XML 1.0, 4.3.3");
		assert_int_equal(log.text.len, 0);
		vt_buf_release(&log.text);
	}
}

static void
nest(struct vt_buf *buf, int depth)
{
	int i;

	vt_buf_init(buf, 65536);
	for (i = 0; i < depth; i++)
		vt_buf_puts(buf, "<a>");
	for (i = 0; i < depth; i++)
		vt_buf_puts(buf, "</a>");
}

static void
parse_limits_depth(void **state)
{
	struct vt_error err;
	struct vt_buf buf;

	(void)state;
	nest(&buf, VT_XML_DEPTH);
	assert_vt_ok(answer(vt_buf_str(&buf), &err), &err);
	vt_buf_release(&buf);
	nest(&buf, VT_XML_DEPTH + 1);
	assert_vt_error(answer(vt_buf_str(&buf), &err), &err, VT_ELIMIT);
	vt_buf_release(&buf);
}

static void
parse_limits_attributes(void **state)
{
	struct vt_error err;
	struct vt_buf buf;
	int i, n;

	(void)state;
	for (n = VT_XML_ATTRS; n <= VT_XML_ATTRS + 1; n++) {
		vt_buf_init(&buf, 65536);
		vt_buf_puts(&buf, "<a");
		for (i = 0; i < n; i++)
			vt_buf_printf(&buf, " b%d='x'", i);
		vt_buf_puts(&buf, "/>");
		assert_int_equal(answer(vt_buf_str(&buf), &err),
		    n > VT_XML_ATTRS ? VT_ELIMIT : VT_OK);
		vt_buf_release(&buf);
	}
	for (n = VT_XML_ATTR_MAX; n <= VT_XML_ATTR_MAX + 1; n++) {
		vt_buf_init(&buf, 2 * VT_XML_ATTR_MAX);
		vt_buf_puts(&buf, "<a b='");
		for (i = 0; i < n; i++)
			vt_buf_putc(&buf, 'x');
		vt_buf_puts(&buf, "'/>");
		assert_int_equal(answer(vt_buf_str(&buf), &err),
		    n > VT_XML_ATTR_MAX ? VT_ELIMIT : VT_OK);
		vt_buf_release(&buf);
	}
}

/* HEAD, then UNIT until there are SIZE bytes, then TAIL. */
static int
large(const char *head, const char *unit, size_t size, const char *tail,
    struct log *log, struct vt_error *err)
{
	struct vt_buf buf;
	int rc;

	vt_buf_init(&buf, size + 4096);
	vt_buf_puts(&buf, head);
	while (buf.len < size)
		vt_buf_puts(&buf, unit);
	vt_buf_puts(&buf, tail);
	rc = parse(vt_buf_bytes(&buf), log, err);
	vt_buf_release(&buf);
	vt_buf_release(&log->text);
	return rc;
}

#define MIB ((size_t)1024 * 1024)
#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16
#define SPACE64                                                                \
	"                                                                "
#define ZERO64                                                                 \
	"0000000000000000000000000000000000000000000000000000000000000000"

static void
parse_gathers_wrapped_text(void **state)
{
	struct log log = { 0 };
	struct vt_error err;
	size_t n = 8 * MIB;

	(void)state;
	assert_vt_ok(large("<a>",
			 "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xt"
			 "bm9wcXJzdHV2d3h5eg==\r\n",
			 n, "</a>", &log, &err),
	    &err);
	assert_true(log.bytes > n * 9 / 10);
	assert_true(log.pieces <= n / VT_XML_TEXT_PIECE + 1);
}

static void
parse_takes_large_text_and_refuses_large_tags(void **state)
{
	struct log log = { 0 };
	struct vt_error err;

	(void)state;
	assert_vt_ok(large("<a>", X64, 32 * MIB, "</a>", &log, &err), &err);
	assert_int_equal(log.bytes, 32 * MIB);
	assert_int_not_equal(large("<a><![CDATA[", X64, 20 * MIB, "]]></a>",
				 &log, &err),
	    VT_OK);
	assert_int_not_equal(large("<a b='", X64, 20 * MIB, "'/>", &log, &err),
	    VT_OK);
	assert_int_not_equal(large("<", X64, 20 * MIB, "/>", &log, &err),
	    VT_OK);
	assert_int_not_equal(large("<!--", X64, 20 * MIB, "--><a/>", &log,
				 &err),
	    VT_OK);
	assert_int_not_equal(large("<a ", SPACE64, 20 * MIB, "/>", &log, &err),
	    VT_OK);
	assert_int_not_equal(large("<a>&#", ZERO64, 20 * MIB, "65;</a>", &log,
				 &err),
	    VT_OK);
}

/* Every name is kept by libxml2's dictionary, which has a limit. */
static void
parse_limits_the_number_of_names(void **state)
{
	struct log log = { 0 };
	struct vt_error err;
	struct vt_buf buf;
	int rc;
	unsigned i;

	(void)state;
	vt_buf_init(&buf, 64 * MIB);
	vt_buf_puts(&buf, "<a>");
	for (i = 0; buf.len < 40 * MIB; i++)
		vt_buf_printf(&buf, "<a-rather-long-name-for-an-element-%u/>",
		    i);
	vt_buf_puts(&buf, "</a>");
	rc = parse(vt_buf_bytes(&buf), &log, &err);
	assert_vt_error(rc, &err, VT_ELIMIT);
	assert_error_text(&err, "different names");
	vt_buf_release(&buf);
	vt_buf_release(&log.text);
}

/* Some names are libxml2's own; text comes in pieces, which add to a tag. */
static void
names_and_tags_have_two_sides(void **state)
{
	struct log log = { 0 };
	struct vt_error err;
	struct vt_buf buf;
	size_t more, i;
	int rc;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&buf, 2 * MIB);
		vt_buf_puts(&buf, "<a>");
		for (i = 0; i < VT_XML_NAMES_MAX - 100 + 100 * more; i++)
			vt_buf_printf(&buf, "<n%zu/>", i);
		vt_buf_puts(&buf, "</a>");
		rc = parse(vt_buf_bytes(&buf), &log, &err);
		assert_int_equal(rc, more == 0 ? VT_OK : VT_ELIMIT);
		vt_buf_release(&log.text);
		vt_buf_release(&buf);
	}
	assert_vt_ok(large("<!--", X64, VT_XML_TAG_MAX - 3, "--><a/>", &log,
			 &err),
	    &err);
	assert_vt_error(large("<!--", X64, VT_XML_TAG_MAX + 128 * 1024,
			    "--><a/>", &log, &err),
	    &err, VT_ELIMIT);
}

/* Quadratic in libxml2: 100 s for 9 MB, were it let. */
static void
parse_refuses_tags_of_many_attributes_at_once(void **state)
{
	static const char *const formats[] = { " a%u=''", " xmlns:a%u='u'" };
	struct log log = { 0 };
	struct vt_error err;
	struct vt_buf buf;
	size_t sizes[] = { 200 * 1024, 9 * MIB }, i, j;
	unsigned n;

	(void)state;
	for (i = 0; i < 2; i++)
		for (j = 0; j < 2; j++) {
			vt_buf_init(&buf, 10 * MIB);
			vt_buf_puts(&buf, "<a");
			for (n = 0; buf.len < sizes[j]; n++)
				vt_buf_printf(&buf, formats[i], n);
			vt_buf_puts(&buf, "/>");
			alarm(20);
			assert_vt_error(parse(vt_buf_bytes(&buf), &log, &err),
			    &err, VT_ELIMIT);
			alarm(0);
			vt_buf_release(&buf);
			vt_buf_release(&log.text);
		}
}

static void
parse_stops_with_the_handlers_code(void **state)
{
	struct log log = { .fail_at_start = VT_EREFUSED };
	struct vt_error err = { 0 };
	int rc = parse(VT_BYTES_LIT("<a><b/></a>"), &log, &err);

	(void)state;
	assert_vt_error(rc, &err, VT_EREFUSED);
	assert_string_equal(err.text, "stop here");
	assert_int_equal(log.text.len, 0);
	vt_buf_release(&log.text);
}

/* Characters, references and tags that lie across two pieces of the input. */
static void
parse_does_not_mind_where_pieces_end(void **state)
{
	static const char tail[] =
	    "\xe1\xba\xa5&amp;&#x1ea5;<b c='\xe1\xba\xa5&amp;'>"
	    "<![CDATA[\xe1\xba\xa5]]></b>\r\n</a>";
	struct vt_error err;
	struct vt_buf buf;
	struct log log;
	size_t shift, i;

	(void)state;
	for (shift = 0; shift < sizeof(tail) + 8; shift++) {
		memset(&log, 0, sizeof(log));
		vt_buf_init(&buf, 2 * 65536);
		vt_buf_puts(&buf, "<a>");
		for (i = 3; i < 65536 - shift; i++)
			vt_buf_putc(&buf, 'x');
		vt_buf_puts(&buf, tail);
		assert_vt_ok(parse(vt_buf_bytes(&buf), &log, &err), &err);
		assert_int_equal(log.bytes,
		    65536 - 3 - shift + 3 + 1 + 3 + 3 + 1);
		vt_buf_release(&buf);
		vt_buf_release(&log.text);
	}
}

static void
parse_refuses_a_document_cut_anywhere(void **state)
{
	static const char text[] =
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:a xmlns:p=\"u\" "
	    "b='1'><!--c--><d>\xe1\xba\xa5&amp;</d><![CDATA[e]]></p:a>";
	struct log log = { 0 };
	struct vt_error err;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(text) - 1; n++) {
		assert_int_equal(parse(VT_BYTES(text, n), &log, &err),
		    VT_EFORMAT);
		vt_buf_release(&log.text);
	}
	assert_vt_ok(parse(VT_BYTES(text, n), &log, &err), &err);
	vt_buf_release(&log.text);
}

/* libxml2 prints what nobody catches. */
static void
parse_prints_nothing(void **state)
{
	static const char *const cases[] = { "<a>", "<a xlink:b=''/>",
		"<!DOCTYPE a><a/>", "<a>\xff</a>", "<a b='&x;'/>",
		"<?xml version='1.0' encoding='no-such'?><a/>",
		"<a xmlns='relative'/>" };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "stderr");
	struct vt_error err;
	struct stat st;
	int saved = dup(STDERR_FILENO), fd;
	size_t i;

	(void)state;
	assert_non_null(path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_true(saved >= 0 && fd >= 0);
	fflush(stderr);
	dup2(fd, STDERR_FILENO);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		(void)answer(cases[i], &err);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 0);
	close(fd);
	close(saved);
	free(path);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_tells_tags_text_and_namespaces),
		cmocka_unit_test(parse_resolves_references_and_cdata),
		cmocka_unit_test(parse_gives_attribute_values_as_meant),
		cmocka_unit_test(parse_tells_of_comments_and_instructions),
		cmocka_unit_test(
		    parse_lets_an_undeclared_attribute_prefix_pass),
		cmocka_unit_test(parse_takes_a_byte_order_mark_and_ascii),
		cmocka_unit_test(parse_refuses_what_is_not_well_formed),
		cmocka_unit_test(parse_refuses_any_doctype),
		cmocka_unit_test(parse_reads_utf8_only),
		cmocka_unit_test(parse_limits_depth),
		cmocka_unit_test(parse_limits_attributes),
		cmocka_unit_test(parse_gathers_wrapped_text),
		cmocka_unit_test(parse_takes_large_text_and_refuses_large_tags),
		cmocka_unit_test(parse_limits_the_number_of_names),
		cmocka_unit_test(names_and_tags_have_two_sides),
		cmocka_unit_test(parse_refuses_tags_of_many_attributes_at_once),
		cmocka_unit_test(parse_stops_with_the_handlers_code),
		cmocka_unit_test(parse_does_not_mind_where_pieces_end),
		cmocka_unit_test(parse_refuses_a_document_cut_anywhere),
		cmocka_unit_test(parse_prints_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
