/* test_xml_cdata.c - CDATA sections: their line ends, and text in pieces */
#include "test_util.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"

struct log {
	struct vt_buf text;
	size_t seams;
};

static int
log_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct log *log = ctx;

	(void)err;
	return vt_buf_bytes_put(&log->text, piece);
}

static int
log_seam(void *ctx, struct vt_error *err)
{
	struct log *log = ctx;

	(void)err;
	log->seams++;
	return VT_OK;
}

/* All the text of XML is EXPECTED; seams that were told. */
static size_t
read_text(const char *xml, const char *expected)
{
	static const struct vt_xml_handler handler = { .text = log_text,
		.seam = log_seam };
	struct log log = { .seams = 0 };
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;

	vt_buf_init(&log.text, 4096);
	assert_vt_ok(vt_source_bytes(vt_bytes_str(xml), &src, &err), &err);
	assert_vt_ok(vt_xml_parse(src, &handler, &log, &err), &err);
	assert_string_equal(vt_buf_str(&log.text), expected);
	vt_source_free(src);
	vt_buf_release(&log.text);
	return log.seams;
}

/* XML 1.0, 2.11; libxml2 gives sections in pieces of 300 bytes. */
static void
line_ends_are_normalised(void **state)
{
	char text[2048], expected[2048];
	size_t n;

	(void)state;
	read_text("<a><![CDATA[1\r\n2\r3\n4\r\r\n5]]></a>", "1\n2\n3\n4\n\n5");
	/* What ends with a section is not put together with what follows. */
	read_text("<a><![CDATA[1\r]]>\n2</a>", "1\n\n2");
	read_text("<a><![CDATA[1\r]]><![CDATA[\n2]]></a>", "1\n\n2");
	read_text("<a><![CDATA[1\r]]></a>", "1\n");
	read_text("<a><b><![CDATA[1\r]]></b><b><![CDATA[\n2]]></b></a>",
	    "1\n\n2");
	for (n = 290; n < 310; n++) {
		snprintf(text, sizeof(text), "<a><![CDATA[%0*d\r\n%0*d]]></a>",
		    (int)n, 0, 700, 0);
		snprintf(expected, sizeof(expected), "%0*d\n%0*d", (int)n, 0,
		    700, 0);
		assert_int_equal(read_text(text, expected), 0);
	}
}

static void
text_in_pieces_is_told(void **state)
{
	static const struct {
		const char *xml, *text;
		bool seam;
	} cases[] = {
		{ "<a>1000</a>", "1000", false },
		{ "<a>10&#48;0</a>", "1000", false },
		{ "<a><![CDATA[1000]]></a>", "1000", false },
		{ "<a>\n<![CDATA[1000]]>\r\n</a>", "\n1000\n", false },
		{ "<a><b><![CDATA[1]]></b><b><![CDATA[2]]></b>3</a>", "123",
		    false },
		{ "<a>100<![CDATA[0]]></a>", "1000", true },
		{ "<a><![CDATA[100]]>0</a>", "1000", true },
		{ "<a><![CDATA[]]>1000</a>", "1000", true },
		{ "<a><![CDATA[100]]><![CDATA[0]]></a>", "1000", true },
		{ "<a><![CDATA[100]]> <![CDATA[]]></a>", "100 ", true },
		{ "<a><b/>100<![CDATA[0]]></a>", "1000", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(read_text(cases[i].xml, cases[i].text) > 0,
		    cases[i].seam);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends_are_normalised),
		cmocka_unit_test(text_in_pieces_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
