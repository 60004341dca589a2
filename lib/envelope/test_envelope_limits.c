/* test_envelope_limits.c - each limit of envelope.h, on both its sides */
#include "envelope_int.h"
#include "test_edxml.h"
#include "vanthu/xml.h"

#define ROOM (64u * 1024 * 1024)

/* TEXT with N times PIECE, in which %zu is the number, before AT. */
static void
insert(struct vt_bytes text, const char *at, const char *piece, size_t n,
    struct vt_buf *ret)
{
	size_t i, where = vt_bytes_find(text, 0, at);
	const char *number = strstr(piece, "%zu");

	assert_true(where != SIZE_MAX);
	vt_buf_init(ret, ROOM);
	vt_buf_bytes_put(ret, vt_bytes_slice(text, 0, where));
	for (i = 0; i < n; i++) {
		if (number == NULL)
			vt_buf_puts(ret, piece);
		else
			vt_buf_printf(ret, "%.*s%zu%s", (int)(number - piece),
			    piece, i, number + 3);
	}
	vt_buf_bytes_put(ret, vt_bytes_slice(text, where, SIZE_MAX));
}

static int
read_with(struct vt_bytes text, const char *at, const char *piece, size_t n,
    struct vt_error *err)
{
	struct vt_envelope env;
	struct vt_buf more;
	int rc;

	insert(text, at, piece, n, &more);
	if ((rc = read_bytes(vt_buf_bytes(&more), &env, err)) == VT_OK)
		vt_envelope_release(&env);
	vt_buf_release(&more);
	return rc;
}

static void
lists_have_an_end(void **state)
{
	static const struct {
		const char *at, *piece;
		size_t max;
	} cases[] = {
		{ "</" P "Appendixes>", "<" P "Appendix>a</" P "Appendix>",
		    VT_ENVELOPE_TO_MAX - 2 },
		{ "</" P "ToPlaces>", "<" P "Place>a</" P "Place>",
		    VT_ENVELOPE_TO_MAX - 2 },
		{ "<" P "SteeringType>",
		    "<" P "ResponseFor><" P "Code>a</" P "Code></" P
		    "ResponseFor>",
		    VT_ENVELOPE_TO_MAX - 2 },
		{ "</" P "TraceHeaderList>", "<" P "TraceHeader/>",
		    VT_ENVELOPE_TO_MAX - 1 },
		{ "</" P "edXMLHeader>",
		    "<" P "ErrorList><" P "Error/></" P "ErrorList>",
		    VT_ENVELOPE_TO_MAX },
		{ "</AttachmentEncoded>",
		    "<Attachment><AttachmentName>a</AttachmentName>"
		    "<ContentTransferEncoded/></Attachment>",
		    VT_ENVELOPE_ATTACHMENTS_MAX - 3 },
	};
	struct vt_error err;
	struct vt_buf text;
	size_t i;

	(void)state;
	test_read_data("envelope/producers/java-new.edxml", &text);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (read_with(vt_buf_bytes(&text), cases[i].at, cases[i].piece,
			cases[i].max, &err) != VT_OK)
			fail_msg("case %zu: %s", i, err.text);
		if (read_with(vt_buf_bytes(&text), cases[i].at, cases[i].piece,
			cases[i].max + 1, &err) != VT_ELIMIT)
			fail_msg("case %zu: %s", i, err.text);
	}
	vt_buf_release(&text);
}

/* Each Reference needs its attachment, so that the first is over both. */
static void
manifests_have_an_end(void **state)
{
	struct vt_error err;
	struct vt_buf text;

	(void)state;
	test_read_data("envelope/producers/java-new.edxml", &text);
	assert_vt_error(read_with(vt_buf_bytes(&text), "</" P "edXMLManifest>",
			    "<" P "Reference><" P "ContentId>%zu</" P
			    "ContentId></" P "Reference>",
			    VT_ENVELOPE_ATTACHMENTS_MAX - 3, &err),
	    &err, VT_EFORMAT);
	assert_vt_error(read_with(vt_buf_bytes(&text), "</" P "edXMLManifest>",
			    "<" P "Reference><" P "ContentId>%zu</" P
			    "ContentId></" P "Reference>",
			    VT_ENVELOPE_ATTACHMENTS_MAX - 2, &err),
	    &err, VT_ELIMIT);
	vt_buf_release(&text);
}

/* All values together; each is as long as one may be. */
static void
values_have_a_sum(void **state)
{
	size_t n = VT_ENVELOPE_HEADER_MAX / VT_ENVELOPE_TEXT_MAX;
	struct vt_error err;
	struct vt_buf text, piece;
	size_t i;

	(void)state;
	test_read_data("envelope/producers/java-new.edxml", &text);
	vt_buf_init(&piece, 2 * VT_ENVELOPE_TEXT_MAX);
	vt_buf_puts(&piece, "<" P "Appendix>");
	for (i = 0; i < VT_ENVELOPE_TEXT_MAX; i++)
		vt_buf_putc(&piece, 'x');
	vt_buf_puts(&piece, "</" P "Appendix>");
	assert_int_equal(read_with(vt_buf_bytes(&text), "</" P "Appendixes>",
			     vt_buf_str(&piece), n - 1, &err),
	    VT_OK);
	assert_vt_error(read_with(vt_buf_bytes(&text), "</" P "Appendixes>",
			    vt_buf_str(&piece), n, &err),
	    &err, VT_ELIMIT);
	vt_buf_release(&piece);
	vt_buf_release(&text);
}

static void
names_have_a_length(void **state)
{
	struct vt_error err;
	struct vt_buf text, piece;
	size_t len, i;

	(void)state;
	test_read_data("envelope/producers/java-new.edxml", &text);
	for (len = VT_ENVELOPE_ATTACHMENT_NAME_MAX;
	     len <= VT_ENVELOPE_ATTACHMENT_NAME_MAX + 1; len++) {
		vt_buf_init(&piece, 4096);
		vt_buf_puts(&piece, "<Attachment><AttachmentName>");
		for (i = 0; i < len; i++)
			vt_buf_putc(&piece, 'n');
		vt_buf_puts(&piece, "</AttachmentName><ContentTransferEncoded>"
				    "YQ==</ContentTransferEncoded>"
				    "</Attachment>");
		assert_int_equal(read_with(vt_buf_bytes(&text),
				     "</AttachmentEncoded>", vt_buf_str(&piece),
				     1, &err),
		    len > VT_ENVELOPE_ATTACHMENT_NAME_MAX ? VT_ELIMIT : VT_OK);
		vt_buf_release(&piece);
	}
	vt_buf_release(&text);
}

static void
a_sent_name_has_50_characters(void **state)
{
	char name[VT_ENVELOPE_NAME_MAX], got[VT_ENVELOPE_NAME_MAX];
	size_t chars, i;

	(void)state;
	for (chars = VT_ENVELOPE_NAME_SENT_MAX;
	     chars <= VT_ENVELOPE_NAME_SENT_MAX + 1; chars++) {
		name[0] = '\0';
		for (i = 0; i < chars - 4; i++)
			memcpy(name + 3 * i, "\xe1\xba\xa5", 4);
		memcpy(name + 3 * i, ".txt", 5);
		vt_edxml_name(name, VT_ENVELOPE_NAME_SENT_MAX, got);
		assert_int_equal(strlen(got),
		    3 * (VT_ENVELOPE_NAME_SENT_MAX - 4) + 4);
		assert_int_equal(strcmp(got, name) == 0,
		    chars == VT_ENVELOPE_NAME_SENT_MAX);
	}
}

/* Elements that we do not know count as well. */
static void
depth_has_an_end(void **state)
{
	struct vt_error err;
	struct vt_buf text, piece;
	size_t depth, i;

	(void)state;
	test_read_data("envelope/producers/java-new.edxml", &text);
	for (depth = VT_XML_DEPTH - 1; depth <= VT_XML_DEPTH; depth++) {
		vt_buf_init(&piece, 4096);
		for (i = 0; i < depth; i++)
			vt_buf_puts(&piece, "<x>");
		for (i = 0; i < depth; i++)
			vt_buf_puts(&piece, "</x>");
		assert_int_equal(read_with(vt_buf_bytes(&text),
				     "<AttachmentEncoded>", vt_buf_str(&piece),
				     1, &err),
		    depth == VT_XML_DEPTH ? VT_ELIMIT : VT_OK);
		vt_buf_release(&piece);
	}
	vt_buf_release(&text);
}

static void
an_attachment_has_a_size(void **state)
{
	struct vt_attachment a = { .name = (char[]){ "a" } };
	struct vt_envelope env = { .attachments = &a, .nattachments = 1 };
	struct vt_edxml_extract x = { .env = &env, .spool = { .fd = -1 } };
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_edxml_content_start(&x, &err), &err);
	x.spool.discard = true; /* nobody writes 8 GiB here */
	x.spool.size = VT_ENVELOPE_ATTACHMENT_MAX - 3;
	assert_vt_ok(vt_edxml_content_put(&x, VT_BYTES_LIT("YWJj"), &err),
	    &err);
	assert_vt_error(vt_edxml_content_put(&x, VT_BYTES_LIT("YWJj"), &err),
	    &err, VT_ELIMIT);
	vt_edxml_spool_release(&x.spool);
	free(x.decoded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_have_an_end),
		cmocka_unit_test(manifests_have_an_end),
		cmocka_unit_test(values_have_a_sum),
		cmocka_unit_test(names_have_a_length),
		cmocka_unit_test(a_sent_name_has_50_characters),
		cmocka_unit_test(depth_has_an_end),
		cmocka_unit_test(an_attachment_has_a_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
