/* test_xml_write.c - writing: the shape, what is escaped, what is refused */
#include "test_util.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	assert_true(piece.len > 0);
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : vt_error_nomem(err);
}

static int
refuse(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)ctx;
	(void)piece;
	return vt_error_set(err, VT_EIO, NULL, "the disk is full");
}

static struct vt_xml_writer *
begin(struct vt_buf *buf)
{
	struct vt_xml_writer *w = NULL;
	struct vt_error err = { 0 };

	vt_buf_init(buf, 1024 * 1024);
	assert_vt_ok(vt_xml_writer_new(to_buf, buf, &w, &err), &err);
	return w;
}

static void
write_lays_out_as_the_sdk_does(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf buf;
	struct vt_xml_writer *w = begin(&buf);

	(void)state;
	vt_xml_open(w, "edXML");
	vt_xml_attr(w, "xmlns", "urn:x");
	vt_xml_open(w, "edXML:a");
	vt_xml_attr(w, "b", "<\"&>\n\t\r'");
	vt_xml_leaf(w, "c", "x < y & z > \"q\" \r\n");
	vt_xml_leaf(w, "d", NULL);
	vt_xml_leaf(w, "e", "");
	vt_xml_close(w);
	vt_xml_open(w, "f");
	vt_xml_text(w, VT_BYTES_LIT("1"));
	vt_xml_plain(w, VT_BYTES_LIT("2"));
	vt_xml_text(w, VT_BYTES_LIT("3"));
	assert_vt_ok(vt_xml_writer_end(w, &err), &err); /* closes the rest */
	vt_xml_writer_free(w);
	assert_string_equal(vt_buf_str(&buf),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<edXML xmlns=\"urn:x\">\n"
	    "  <edXML:a b=\"&lt;&quot;&amp;&gt;&#10;&#9;&#13;'\">\n"
	    "    <c>x &lt; y &amp; z &gt; \"q\" &#13;\n</c>\n"
	    "    <d />\n"
	    "    <e />\n"
	    "  </edXML:a>\n"
	    "  <f>123</f>\n"
	    "</edXML>\n");
	vt_buf_release(&buf);
}

static void
write_refuses_what_xml_can_not_hold(void **state)
{
	static const char *const cases[] = { "\x01", "a\x1f", "\x7f\xff",
		"\xc0\x80", "\xed\xa0\x80", "\xef\xbf\xbe", "\xef\xbf\xbf",
		"\xc3", "\x0b", "\x1b[31m" };
	struct vt_error err;
	struct vt_buf buf;
	size_t i;
	struct vt_xml_writer *w;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		w = begin(&buf);
		vt_xml_leaf(w, "a", cases[i]);
		assert_int_equal(vt_xml_writer_state(w), VT_EFORMAT);
		assert_error_clause(vt_xml_writer_end(w, &err), &err,
		    VT_EFORMAT, "XML 1.0, 2.2");
		vt_xml_writer_free(w);
		vt_buf_release(&buf);
		assert_false(vt_xml_text_valid(vt_bytes_str(cases[i])));
	}
	assert_true(vt_xml_text_valid(VT_BYTES_LIT("\t\r\n \x7f\xc2\x80")));
	assert_true(vt_xml_text_valid(VT_BYTES_LIT("\xf4\x8f\xbf\xbf")));
	assert_false(vt_xml_text_valid(VT_BYTES("\0", 1)));
}

static void
write_tells_a_failing_sink_once(void **state)
{
	struct vt_xml_writer *w = NULL;
	struct vt_error err = { 0 };
	int i;

	(void)state;
	assert_vt_ok(vt_xml_writer_new(refuse, NULL, &w, &err), &err);
	vt_xml_open(w, "a");
	for (i = 0; i < 100000; i++)
		vt_xml_leaf(w, "b", "text");
	assert_int_equal(vt_xml_writer_state(w), VT_EIO);
	assert_vt_error(vt_xml_writer_end(w, &err), &err, VT_EIO);
	assert_string_equal(err.text, "the disk is full");
	vt_xml_writer_free(w);
}

static void
write_limits_depth(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf buf;
	struct vt_xml_writer *w = begin(&buf);
	int i;

	(void)state;
	for (i = 0; i < VT_XML_DEPTH; i++)
		vt_xml_open(w, "a");
	assert_int_equal(vt_xml_writer_state(w), VT_OK);
	vt_xml_open(w, "a");
	assert_vt_error(vt_xml_writer_end(w, &err), &err, VT_ELIMIT);
	vt_xml_writer_free(w);
	vt_buf_release(&buf);
}

static int
keep_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return to_buf(ctx, piece, err);
}

static void
what_is_written_is_read_back(void **state)
{
	static const struct vt_xml_handler handler = { .text = keep_text };
	static const char text[] = "\t <&>\"' \r\n\r \xe1\xba\xa5 "
				   "\xf0\x9f\x98\x80 ]]> \xc2\x85";
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_buf buf, again;
	struct vt_xml_writer *w = begin(&buf);

	(void)state;
	vt_xml_leaf(w, "a", text);
	assert_vt_ok(vt_xml_writer_end(w, &err), &err);
	vt_xml_writer_free(w);
	vt_buf_init(&again, 4096);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&buf), &src, &err), &err);
	assert_vt_ok(vt_xml_parse(src, &handler, &again, &err), &err);
	assert_bytes_str(vt_buf_bytes(&again), text);
	vt_source_free(src);
	vt_buf_release(&again);
	vt_buf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_lays_out_as_the_sdk_does),
		cmocka_unit_test(write_refuses_what_xml_can_not_hold),
		cmocka_unit_test(write_tells_a_failing_sink_once),
		cmocka_unit_test(write_limits_depth),
		cmocka_unit_test(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
