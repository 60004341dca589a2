/* test_verify.c - formats by content, XML, envelopes, and what goes wrong */
#include "test_util.h"

#include "vanthu/limits.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

static struct vt_source *
source(struct vt_bytes b)
{
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	assert_vt_ok(vt_source_bytes(b, &src, &err), &err);
	return src;
}

/* Judge B, without anchors. */
static int
judge(struct vt_bytes b, struct vt_report **ret, struct vt_error *err)
{
	const struct vt_verify_options opts = { .at = VT_TIME_NONE };
	struct vt_source *src = source(b);
	int rc;

	*ret = NULL;
	rc = vt_verify_source(src, "name", &opts, ret, err);
	vt_source_free(src);
	if (rc != VT_OK)
		assert_null(*ret);
	return rc;
}

static void
expect(const char *text, enum vt_report_format f, enum vt_report_verdict v,
    const char *reason)
{
	struct vt_report *r;
	struct vt_error err = { 0 };

	assert_vt_ok(judge(vt_bytes_str(text), &r, &err), &err);
	assert_int_equal(r->format, f);
	assert_int_equal(r->verdict, v);
	assert_string_equal(r->reason, reason);
	assert_string_equal(r->file, "name");
	assert_int_equal(r->size, strlen(text));
	assert_true(r->judged_at > 1700000000);
	assert_int_equal(r->nsignatures, r->verdict == VT_REPORT_INVALID);
	vt_report_free(r);
}

static void
the_content_tells_the_format(void **state)
{
	static const struct {
		struct vt_bytes head;
		enum vt_report_format want;
	} cases[] = {
		{ VT_BYTES_LIT(""), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("text"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("\0\0\0"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("<"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("< a"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("<3"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("<HTML><p>"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("<!doctype HTML><p>"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("<!DOCTYPE a>"), VT_REPORT_XML },
		{ VT_BYTES_LIT("<?xml version='1.0'?>"), VT_REPORT_XML },
		{ VT_BYTES_LIT("\xef\xbb\xbf \n<a/>"), VT_REPORT_XML },
		{ VT_BYTES_LIT("<!-- x --><a/>"), VT_REPORT_XML },
		{ VT_BYTES_LIT("\xfe\xff\0<\0a"), VT_REPORT_XML },
		{ VT_BYTES_LIT("<edXML xmlns=\"http://www.mic.gov.vn/TBT/"
			       "QCVN_102_2016\"/>"),
		    VT_REPORT_EDXML },
		{ VT_BYTES_LIT("%PDF-1.7\n"), VT_REPORT_PDF },
		{ VT_BYTES_LIT("x%PDF-1.7\nstartxref\n"), VT_REPORT_PDF },
		{ VT_BYTES_LIT("about %PDF-1.7\n"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("about startxref\n"), VT_REPORT_OTHER },
		{ VT_BYTES_LIT("$PDF-1.7\nstartxref\n0\n%%EOF"),
		    VT_REPORT_PDF },
		{ VT_BYTES_LIT("0\x80\6\11*\x86H\x86\xf7\15\1\7\2\xa0"),
		    VT_REPORT_CMS },
		{ VT_BYTES_LIT("-----BEGIN CMS-----\n"), VT_REPORT_CMS },
		{ VT_BYTES_LIT("-----BEGIN CERTIFICATE-----\n"),
		    VT_REPORT_OTHER },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_source *src = source(cases[i].head);
		struct vt_error err = { 0 };
		enum vt_report_format got;

		assert_vt_ok(vt_verify_format(src, &got, &err), &err);
		if (got != cases[i].want)
			print_error("case %zu\n", i);
		assert_int_equal(got, cases[i].want);
		vt_source_free(src);
	}
}

static void
what_is_not_signed(void **state)
{
	(void)state;
	expect("", VT_REPORT_OTHER, VT_REPORT_UNSIGNED, "unsigned");
	expect("text", VT_REPORT_OTHER, VT_REPORT_UNSIGNED, "unsigned");
	expect("<a><b>x</b></a>", VT_REPORT_XML, VT_REPORT_UNSIGNED,
	    "unsigned");
	/* An element of that name in no namespace signs nothing. */
	expect("<a><Signature/></a>", VT_REPORT_XML, VT_REPORT_UNSIGNED,
	    "unsigned");
}

static void
an_empty_signature_in_xml_is_malformed(void **state)
{
	(void)state;
	expect("<a><s:Signature xmlns:s=\"http://www.w3.org/2000/09/xmldsig#\""
	       "/></a>",
	    VT_REPORT_XML, VT_REPORT_INVALID, "malformed-signature");
	expect("<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>",
	    VT_REPORT_XML, VT_REPORT_INVALID, "malformed-signature");
}

static void
what_cannot_be_read_is_an_error(void **state)
{
	static const char *const bad[] = {
		"<?xml version=\"1.0\"?><a><b></a>",
		"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
		"<a/>behind",
		"%PDF-1.7\nnothing more\n",
		"-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n",
		"-----BEGIN CMS-----\n",
		"<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"/>",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_report *r;
		struct vt_error err = { 0 };
		int rc = judge(vt_bytes_str(bad[i]), &r, &err);

		if (rc != VT_EFORMAT)
			print_error("case %zu\n", i);
		assert_vt_error(rc, &err, VT_EFORMAT);
	}
}

/*
 * A file that says that it has a signature and cannot be read is never
 * "unsigned" and never fine.
 */
static void
a_broken_pdf_that_claims_a_signature_is_invalid(void **state)
{
	static const char *const bad[] = {
		"%PDF-1.7\n1 0 obj\n<</Type/Sig/ByteRange[0 1 2 3]>>\n",
		"%PDF-1.7\n/ByteRange [0 10 20 30] startxref\n0\n%%EOF\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_report *r;
		struct vt_error err = { 0 };

		assert_vt_ok(judge(vt_bytes_str(bad[i]), &r, &err), &err);
		assert_int_equal(r->verdict, VT_REPORT_INVALID);
		vt_report_free(r);
	}
}

/* A form too long to be read may show the signature, or not. */
static void
a_form_past_its_limit_leaves_it_open(void **state)
{
	enum { ROOM = 16 * VT_PDF_FIELDS_MAX + 1000 };
	struct vt_report *r;
	struct vt_error err;
	struct vt_buf b;
	size_t i, more, at;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, ROOM);
		vt_buf_puts(&b, "%PDF-1.7\n1 0 obj\n<</AcroForm<</Fields[");
		for (i = 0; i < VT_PDF_FIELDS_MAX + more; i++)
			vt_buf_puts(&b, "<</FT/Tx>> ");
		vt_buf_puts(&b,
		    "]>>>>\nendobj\n2 0 obj\n<</ByteRange[0 1 2 3]>>\n"
		    "endobj\n");
		at = b.len;
		assert_int_equal(vt_buf_printf(&b,
				     "xref\n0 2\n0000000000 65535 f \n"
				     "0000000009 00000 n \ntrailer\n"
				     "<</Size 2/Root 1 0 R>>\nstartxref\n%zu\n"
				     "%%%%EOF\n",
				     at),
		    VT_OK);
		memset(&err, 0, sizeof(err));
		assert_vt_ok(judge(vt_buf_bytes(&b), &r, &err), &err);
		assert_int_equal(r->verdict,
		    more == 0 ? VT_REPORT_INVALID : VT_REPORT_UNDETERMINED);
		assert_string_equal(r->reason,
		    more == 0 ? "stray-signature" : "limit");
		vt_report_free(r);
		vt_buf_release(&b);
	}
}

static void
statuses_of_the_axis_are_unsigned(void **state)
{
	static const char *const names[] = { "edxml/status_inbox__01.edxml",
		"edxml/status_acceptance_03.edxml" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct vt_verify_options opts = { .at = VT_TIME_NONE };
		char *path = test_corpus(names[i]);
		struct vt_report *r = NULL;
		struct vt_error err = { 0 };

		assert_vt_ok(vt_verify_file(path, &opts, &r, &err), &err);
		assert_int_equal(r->format, VT_REPORT_EDXML);
		assert_int_equal(r->verdict, VT_REPORT_UNSIGNED);
		vt_report_free(r);
		free(path);
	}
}

/* Its attachment, named .doc, is an envelope. */
static void
an_envelope_in_an_envelope_is_not_opened(void **state)
{
	const struct vt_verify_options opts = { .at = VT_TIME_NONE };
	char *path = test_corpus("edxml/edoc_revocation.edxml");
	struct vt_report *r = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_verify_file(path, &opts, &r, &err), &err);
	assert_int_equal(r->verdict, VT_REPORT_UNDETERMINED);
	assert_string_equal(r->reason, "nested");
	assert_int_equal(r->nattachments, 1);
	assert_int_equal(r->attachments[0].format, VT_REPORT_EDXML);
	assert_string_equal(r->attachments[0].reason, "nested");
	vt_report_free(r);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_content_tells_the_format),
		cmocka_unit_test(what_is_not_signed),
		cmocka_unit_test(an_empty_signature_in_xml_is_malformed),
		cmocka_unit_test(what_cannot_be_read_is_an_error),
		cmocka_unit_test(
		    a_broken_pdf_that_claims_a_signature_is_invalid),
		cmocka_unit_test(a_form_past_its_limit_leaves_it_open),
		cmocka_unit_test(statuses_of_the_axis_are_unsigned),
		cmocka_unit_test(an_envelope_in_an_envelope_is_not_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
