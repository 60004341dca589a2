/* test_envelope.c - reading: what each producer writes, and what is refused */
#include "test_edxml.h"

static int
read_data(const char *name, struct vt_envelope *env, struct vt_error *err)
{
	struct vt_buf buf;
	int rc;

	test_read_data(name, &buf);
	rc = read_bytes(vt_buf_bytes(&buf), env, err);
	vt_buf_release(&buf);
	return rc;
}

static void
assert_date(struct vt_date d, const char *text)
{
	char got[VT_TIME_TEXT];

	assert_string_equal(vt_date_text(d, got), text);
}

static void
assert_time(int64_t t, const char *text)
{
	char got[VT_TIME_TEXT];

	assert_string_equal(vt_time_utc(t, got), text);
}

static void
read_takes_what_the_java_sdk_writes(void **state)
{
	struct vt_envelope env;
	struct vt_error err;

	(void)state;
	assert_vt_ok(read_data("envelope/good/java-document.edxml", &env, &err),
	    &err);
	assert_int_equal(env.kind, VT_ENVELOPE_DOCUMENT);
	assert_string_equal(env.from.id, "000.00.16.H40");
	assert_string_equal(env.from.name, "Sở Nội vụ tỉnh Nam Định");
	assert_string_equal(env.from.website, "example.gov.vn");
	assert_int_equal(env.nto, 2);
	assert_string_equal(env.to[0].id, "000.00.00.H42");
	assert_string_equal(env.to[1].id, "H37.02.02");
	assert_string_equal(env.to[1].in_charge, "Chi cục Văn thư - Lưu trữ");
	assert_string_equal(env.document_id,
	    "000.00.16.H40,2026/11/23,0015/SNV-VP");
	assert_string_equal(env.code_number, "0015");
	assert_string_equal(env.code_notation, "SNV-VP");
	assert_string_equal(env.place, "Nam Định");
	assert_date(env.date, "2026-11-23");
	assert_int_equal(env.type, 2);
	assert_int_equal(env.type_detail, 18);
	assert_string_equal(env.type_name, "Công văn");
	assert_string_equal(env.subject, "V/v gửi, nhận văn bản điện tử");
	assert_string_equal(env.content,
	    "V/v gửi, nhận văn bản điện tử giữa các cơ quan");
	assert_string_equal(env.competence, "KT. GIÁM ĐỐC");
	assert_string_equal(env.position, "Phó Giám đốc");
	assert_string_equal(env.signer, "Trần Thị Bình");
	assert_date(env.due_date, "2026-12-15");
	assert_int_equal(env.other.priority, 1);
	assert_string_equal(env.other.typer_notation, "TTB");
	assert_int_equal(env.other.copies, 2);
	assert_int_equal(env.other.pages, 3);
	assert_false(env.other.direction);
	assert_int_equal(env.other.appendixes.n, 1);
	assert_int_equal(env.nresponse_for, 1); /* the empty one is gone */
	assert_string_equal(env.response_for[0].organ_id, "000.00.00.H42");
	assert_string_equal(env.response_for[0].code, "267/UBND-VP5");
	assert_date(env.response_for[0].date, "2026-10-06");
	assert_int_equal(env.steering_type, 1);
	assert_int_equal(env.tasks.n, 1);
	assert_int_equal(env.to_places.n, 2);
	assert_string_equal(env.to_places.items[1], "Lưu: VT");
	assert_int_equal(env.ntrace, 1);
	assert_string_equal(env.trace[0].organ_id, "000.00.16.H40");
	assert_time(env.trace[0].time, "2026-11-23T02:15:30Z");
	assert_int_equal(env.business.type, VT_BUSINESS_NEW);
	assert_string_equal(env.business.reason, "Văn bản điện tử mới");
	assert_string_equal(env.business.staff.name, "Lê Văn Thư");
	assert_int_equal(env.nattachments, 2);
	assert_string_equal(env.attachments[0].content_id, "209");
	assert_string_equal(env.attachments[1].name, "phu-luc.txt");
	assert_false(env.attachments[0].extracted);
	assert_int_equal(env.signature, VT_ENVELOPE_SIGNATURE_PLACEHOLDER);
	assert_false(vt_envelope_secret(&env));
	vt_envelope_release(&env);
}

static void
read_takes_what_the_net_sdk_writes(void **state)
{
	struct vt_envelope env;
	struct vt_error err;

	(void)state;
	assert_vt_ok(read_data("envelope/good/net-document.edxml", &env, &err),
	    &err);
	assert_string_equal(env.from.id, "H37.02");
	assert_null(env.from.address);
	assert_int_equal(env.nto, 1);
	assert_string_equal(env.document_id, "H37.02-2026-74/BC-SNV");
	assert_int_equal(env.type, 18);
	assert_int_equal(env.type_detail, -1);
	assert_string_equal(env.type_name, "Báo cáo");
	assert_int_equal(env.due_date.year, 0);
	assert_null(env.other.sphere);
	assert_int_equal(env.other.appendixes.n, 0);
	assert_true(env.business.paper);
	assert_int_equal(env.ntrace, 3);
	assert_string_equal(env.trace[0].organ_id, "H37.02");
	assert_null(env.trace[1].organ_id); /* "null" */
	assert_int_equal(env.trace[1].time, VT_TIME_NONE);
	assert_null(env.trace[2].organ_id);
	assert_time(env.trace[2].time, "2026-11-20T09:46:10Z");
	assert_int_equal(env.nattachments, 1);
	assert_string_equal(env.attachments[0].content_id, "8f14e45f");
	/* The manifest knows the true type and a description. */
	assert_string_equal(env.attachments[0].content_type, "application/pdf");
	assert_string_equal(env.attachments[0].description, "Toàn văn");
	assert_int_equal(env.signature, VT_ENVELOPE_SIGNATURE_PLACEHOLDER);
	vt_envelope_release(&env);
}

static void
read_takes_a_status_of_another_container(void **state)
{
	struct vt_envelope env;
	struct vt_error err;

	(void)state;
	assert_vt_ok(read_data("envelope/good/bkav-status.edxml", &env, &err),
	    &err);
	assert_int_equal(env.kind, VT_ENVELOPE_STATUS);
	assert_string_equal(env.from.id, "000.00.00.H42");
	assert_string_equal(env.status.code, "02"); /* it says 2 */
	assert_string_equal(env.status.description, "Gửi nhầm cơ quan nhận");
	assert_time(env.status.time, "2026-11-23T03:02:03Z");
	assert_string_equal(env.status.staff.department, "Phòng Hành chính");
	assert_int_equal(env.nresponse_for, 1);
	assert_string_equal(env.response_for[0].organ_id, "000.00.16.H40");
	assert_date(env.response_for[0].date, "2026-11-23");
	assert_int_equal(env.signature, VT_ENVELOPE_SIGNATURE_ABSENT);
	vt_envelope_release(&env);
}

/* Another prefix, another order, old dates, references, CDATA, unknown ones. */
static void
read_takes_any_prefix_and_order(void **state)
{
	struct vt_envelope env;
	struct vt_error err;

	(void)state;
	assert_vt_ok(read_data("envelope/good/other-prefix.edxml", &env, &err),
	    &err);
	assert_string_equal(env.subject, "Q&A <1> <&> \xe1\xba\xa5 \rcuối ");
	assert_string_equal(env.code_number, "01/2026");
	assert_date(env.date, "2026-01-05");
	assert_date(env.due_date, "2026-01-31");
	assert_int_equal(env.type, -1);
	assert_string_equal(env.type_name, "Quyết định");
	assert_string_equal(env.to[0].id, "H40.16");
	assert_string_equal(env.application_type, "MCDT_DT");
	assert_true(env.other.direction);
	assert_string_equal(env.other.reply_for.items[0], "a");
	assert_string_equal(env.attachments[0].content_id, "x");
	assert_string_equal(env.attachments[0].name, "quyet-dinh.PDF");
	assert_int_equal(env.signature, VT_ENVELOPE_SIGNATURE_UNVERIFIED);
	vt_envelope_release(&env);
}

static void
read_takes_updates_and_replacements(void **state)
{
	struct vt_envelope env;
	struct vt_error err;

	(void)state;
	assert_vt_ok(read_data("envelope/good/update.edxml", &env, &err), &err);
	assert_int_equal(env.business.type, VT_BUSINESS_UPDATE);
	assert_string_equal(env.business.document_id,
	    "000.00.16.H40,2026/11/20,0014/SNV-VP");
	assert_true(env.business.content_changed);
	assert_true(env.business.receivers_changed);
	assert_int_equal(env.business.nreceivers, 2);
	assert_false(env.business.receivers[0].added);
	assert_string_equal(env.business.receivers[0].organ_id, "H37.02.02");
	assert_true(env.business.receivers[1].added);
	vt_envelope_release(&env);
	assert_vt_ok(read_data("envelope/good/replace.edxml", &env, &err),
	    &err);
	assert_int_equal(env.business.type, VT_BUSINESS_REPLACE);
	assert_int_equal(env.business.nreplaced, 2);
	assert_string_equal(env.business.replaced[1].document_id,
	    "000.00.16.H40,2026/11/21,0013/SNV-VP");
	assert_int_equal(env.business.replaced[0].organ_ids.n, 2);
	assert_int_equal(env.business.replaced[1].organ_ids.n, 0);
	vt_envelope_release(&env);
}

static void
read_takes_an_undeclared_xlink(void **state)
{
	struct vt_envelope env;
	struct vt_error err;

	(void)state;
	assert_vt_ok(read_data("envelope/good/xlink-undeclared.edxml", &env,
			 &err),
	    &err);
	vt_envelope_release(&env);
}

#define END_OF_SUBJECT "</" P "Subject>"

#define STRAY                                                                  \
	"<Attachment><ContentTransferEncoded>eA==</ContentTransferEncoded>"    \
	"</Attachment>"

static void
read_refuses_with_the_element_and_the_rule(void **state)
{
	static const struct {
		const char *from, *to; /* in good/java-document.edxml */
		enum vt_code code;
		const char *part; /* of the message */
	} cases[] = {
		/* What is missing. */
		{ P "Subject>", P "Xubject>", VT_EFORMAT, "Subject" },
		{ "V/v gửi, nhận văn bản điện tử</", " \t\n</", VT_EFORMAT,
		    "Subject is missing" },
		{ P "From>", P "Fram>", VT_EFORMAT, "From/OrganId" },
		{ P "To>", P "Ti>", VT_EFORMAT, "To is missing" },
		{ ">H37.02.02<", "><", VT_EFORMAT, "To/OrganId" },
		{ "000.00.16.H40,2026/11/23,0015/SNV-VP", "", VT_EFORMAT,
		    "DocumentId is missing" },
		{ P "CodeNumber>", P "CodeNumbers>", VT_EFORMAT, "CodeNumber" },
		{ "2026/11/23</" P "PromulgationDate",
		    "</" P "PromulgationDate", VT_EFORMAT,
		    "PromulgationDate is missing" },
		{ P "MessageHeader>", P "Message>", VT_EFORMAT,
		    "From/OrganId" },
		{ P "BussinessDocType>", P "BusinessDocType>", VT_EFORMAT,
		    "BussinessDocType is missing" },
		{ P "ContentTransferEncoded", P "Content", VT_EFORMAT,
		    "ContentTransferEncoded is missing" },
		{ "AttachmentName>", "Name>", VT_EFORMAT,
		    "AttachmentName is missing" },
		{ "<ContentId>cid:209", "<ContentId>cid:211", VT_EFORMAT,
		    "the attachment 209, which is not there" },
		/* What stands twice. */
		{ END_OF_SUBJECT, END_OF_SUBJECT "<" P "Subject/>", VT_EFORMAT,
		    "Subject stands twice" },
		{ "<" P "Code>", "<" P "Code/><" P "Code>", VT_EFORMAT,
		    "Code stands twice" },
		{ "<" P "To>", "<" P "From/><" P "To>", VT_EFORMAT,
		    "From stands twice" },
		{ "</" P "MessageHeader>",
		    "</" P "MessageHeader><" P "MessageHeader/>", VT_EFORMAT,
		    "MessageHeader stands twice" },
		{ "</" P "MessageHeader>",
		    "</" P "MessageHeader><" P "Status/>", VT_EFORMAT,
		    "Status stands twice" },
		{ "<AttachmentEncoded>",
		    "<AttachmentEncoded/><AttachmentEncoded>", VT_EFORMAT,
		    "AttachmentEncoded stands twice" },
		{ "</" P "edXMLEnvelope>",
		    "</" P "edXMLEnvelope><edXMLEnvelope/>", VT_EFORMAT,
		    "edXMLEnvelope stands twice" },
		{ "H37.02.02", "000.00.00.H42", VT_EFORMAT,
		    "the receiver 000.00.00.H42 stands twice" },
		{ "cid:210", "cid:209", VT_EFORMAT, "have the ContentId 209" },
		{ "<ContentId>cid:210", "<ContentId>cid:209", VT_EFORMAT, "" },
		/* Values that are none. */
		{ "2026/12/15", "2026/02/29", VT_EFORMAT, "DueDate" },
		{ "2026/12/15", "2026/12-15", VT_EFORMAT, "DueDate" },
		{ "2026/12/15", "2026.12.15", VT_EFORMAT, "DueDate" },
		{ "2026/12/15", "15/2026/12", VT_EFORMAT, "DueDate" },
		{ "2026/12/15", "12/31/2026", VT_EFORMAT, "DueDate" },
		{ "2026/12/15", "2026/12/15 x", VT_EFORMAT, "DueDate" },
		{ "2026/12/15", "0000/00/00", VT_EFORMAT, "DueDate" },
		{ "2026/12/15", "99999/12/15", VT_EFORMAT, "DueDate" },
		{ "Priority>1<", "Priority>5<", VT_EFORMAT, "Priority" },
		{ "Priority>1<", "Priority>-1<", VT_EFORMAT, "Priority" },
		{ "Priority>1<", "Priority>1.0<", VT_EFORMAT, "Priority" },
		{ "PageAmount>3<", "PageAmount>ba<", VT_EFORMAT, "PageAmount" },
		{ "PageAmount>3<", "PageAmount>99999999999<", VT_EFORMAT,
		    "PageAmount" },
		{ "Direction>false<", "Direction>maybe<", VT_EFORMAT,
		    "Direction" },
		{ "BussinessDocType>0<", "BussinessDocType>4<", VT_EFORMAT,
		    "BussinessDocType" },
		{ "BussinessDocType>0<", "BussinessDocType><", VT_EFORMAT,
		    "BussinessDocType" },
		{ "<" P "DocumentId>000",
		    "<" P "StatusCode>01</" P "StatusCode><" P "DocumentId>000",
		    VT_EFORMAT, "a status message has an attachment" },
		{ "<" P "DocumentId>000",
		    "<" P "StatusCode>001</" P "StatusCode><" P
		    "DocumentId>000",
		    VT_EFORMAT, "StatusCode can not be \"001\"" },
		{ "<" P "DocumentId>000",
		    "<" P "StatusCode>x</" P "StatusCode><" P "DocumentId>000",
		    VT_EFORMAT, "StatusCode can not be" },
		/* Ids that could be paths. */
		{ ">000.00.16.H40<", ">../H40<", VT_EFORMAT,
		    "From/OrganId is not an agency's id" },
		{ ">000.00.16.H40<", ">.<", VT_EFORMAT, "From/OrganId" },
		{ ">000.00.16.H40<", ">H40/16<", VT_EFORMAT, "From/OrganId" },
		{ ">000.00.16.H40<", ">H40.000000000000000000000000000000000<",
		    VT_EFORMAT, "From/OrganId" },
		/* What is where it must not be. */
		{ END_OF_SUBJECT, "<b/>" END_OF_SUBJECT, VT_EFORMAT,
		    "Subject has an element in it" },
		{ END_OF_SUBJECT, "<!-- x -->" END_OF_SUBJECT, VT_EFORMAT,
		    "a comment or instruction stands in the text of Subject" },
		{ END_OF_SUBJECT, "<?x?>" END_OF_SUBJECT, VT_EFORMAT,
		    "a comment or instruction stands in the text of Subject" },
		{ "<" P "SignerInfo>", "<" P "SignerInfo>text", VT_EFORMAT,
		    "SignerInfo has text beside" },
		{ "<AttachmentEncoded>", "<AttachmentEncoded>text", VT_EFORMAT,
		    "AttachmentEncoded has text beside" },
		{ "</edXML>", "text</edXML>", VT_EFORMAT,
		    "edXML has text beside" },
		/* Attachments that others would find, and nobody judged. */
		{ "<" P "Subject>", STRAY "<" P "Subject>", VT_EFORMAT,
		    "stands where none can be" },
		{ "<" P "Subject>",
		    "<f:x xmlns:f='urn:f'><y>" STRAY "</y></f:x><" P "Subject>",
		    VT_EFORMAT, "stands where none can be" },
		{ "</edXML>",
		    "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>"
		    "<Object>" STRAY "</Object></Signature></edXML>",
		    VT_EFORMAT, "stands where none can be" },
		/* Not of this kind. */
		{ VT_EDXML_NS, "http://www.e-doc.vn/Schema/", VT_EUNSUPPORTED,
		    "before QCVN 102:2016" },
		{ VT_EDXML_NS, "urn:x", VT_EFORMAT, "the root element is" },
		{ " xmlns=\"" VT_EDXML_NS "\"", "", VT_EFORMAT,
		    "the root element is" },
		{ "<edXML ",
		    "<?xml-stylesheet href='x'?><!DOCTYPE edXML>"
		    "<edXML ",
		    VT_EFORMAT, "DOCTYPE" },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf good, bad;
	size_t i;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &good);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		replace(vt_buf_bytes(&good), cases[i].from, cases[i].to, &bad);
		if (read_bytes(vt_buf_bytes(&bad), &env, &err) !=
		    (int)cases[i].code)
			print_error("case %zu: %s: %s\n", i, cases[i].to,
			    err.text);
		assert_int_equal(err.code, cases[i].code);
		assert_error_text(&err, cases[i].part);
		vt_buf_release(&bad);
	}
	vt_buf_release(&good);
}

/* GOOD with TO in the place of FROM is read. */
static void
read_changed(const struct vt_buf *good, const char *from, const char *to,
    struct vt_envelope *ret)
{
	struct vt_error err;
	struct vt_buf other;

	replace(vt_buf_bytes(good), from, to, &other);
	if (read_bytes(vt_buf_bytes(&other), ret, &err) != VT_OK)
		print_error("with %s\n", to);
	assert_vt_ok(err.code, &err);
	vt_buf_release(&other);
}

static void
read_takes_what_it_may_not_mind(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "2026/12/15", "2026-12-15" },
		{ "2026/12/15", "15/12/2026" },
		{ "2026/12/15", "2026/12/5" },
		{ "2026/12/15", "  \n2026/12/15\t" },
		{ "2026/12/15", "2026/12/15 00:00:00" },
		{ "2026/12/15", "15/12/2026 7:30" },
		{ "2026/12/15", "2026-12-15T00:00:00.0000000+07:00" },
		{ "2026/11/23 09:15:30", "not a time" },
		{ "2026/11/23 09:15:30", "2026-11-23T09:15:30+07:00" },
		{ "<" P "Type>2<", "<" P "Type>null<" },
		{ "SteeringType>1<", "SteeringType>x<" },
		{ "Direction>false<", "Direction>1<" },
		{ P "SignerInfo>", P "Unknown>" },
		{ P "edXMLManifest", P "Manifest" },
		{ "<" P "DueDate>2026/12/15</" P "DueDate>", "" },
		{ "<" P "Subject>", "<!-- c --><" P "Subject>" },
		{ "CodeNotation>SNV-VP<", "CodeNotation><" },
		{ ">000.00.00.H42<", ">anh_bạn/../x<" }, /* not our sender */
		{ "<AttachmentName>0015-SNV-VP.pdf</AttachmentName>", "" },
		{ "<" P "edXMLBody>",
		    "<" P "ErrorList><" P "Error>x</" P "Error></" P
		    "ErrorList><" P "edXMLBody>" },
	};
	struct vt_envelope env;
	struct vt_buf good;
	size_t i;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &good);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_changed(&good, cases[i].from, cases[i].to, &env);
		vt_envelope_release(&env);
	}
	vt_buf_release(&good);
}

static void
read_takes_for_absent_what_a_program_lacked(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "2026/12/15", "0001/01/01" },
		{ "2026/12/15", "01/01/0001" },
		{ "2026/12/15", "0001-01-01T00:00:00" },
		{ "2026/12/15", " null " },
		{ "Priority>1<", "Priority>null<" },
		{ "PageAmount>3<", "PageAmount>null<" },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf good, other;
	size_t i;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &good);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_changed(&good, cases[i].from, cases[i].to, &env);
		assert_int_equal(env.due_date.year, i < 4 ? 0 : 2026);
		assert_int_equal(env.other.priority, i == 4 ? 0 : 1);
		assert_int_equal(env.other.pages, i == 5 ? -1 : 3);
		vt_envelope_release(&env);
	}
	replace(vt_buf_bytes(&good), "PromulgationDate>2026/11/23",
	    "PromulgationDate>0001/01/01", &other);
	assert_int_equal(read_bytes(vt_buf_bytes(&other), &env, &err),
	    VT_EFORMAT);
	assert_error_text(&err, "PromulgationDate is missing or empty");
	vt_buf_release(&other);
	vt_buf_release(&good);
}

static void
read_refuses_bad_statuses(void **state)
{
	static const struct {
		const char *from, *to, *part;
	} cases[] = {
		{ "<OrganId>000.00.16.H40</OrganId>", "",
		    "ResponseFor/OrganId" },
		{ "<DocumentId>000.00.16.H40,2026/11/23,0015/SNV-VP"
		  "</DocumentId>",
		    "", "ResponseFor/DocumentId" },
		{ "ResponseFor>", "Response>", "ResponseFor is missing" },
		{ "</ResponseFor>",
		    "</ResponseFor><ResponseFor><Code>1/A</Code>"
		    "</ResponseFor>",
		    "names 2 documents" },
		{ "<StatusCode>2</StatusCode>", "", "StatusCode is missing" },
		{ "23/11/2026 10:02:03", "23/11/2026 24:02:03", "TimeStamp" },
		{ "23/11/2026 10:02:03", "23/11/2026 10:02:03 AM",
		    "TimeStamp" },
		{ "23/11/2026 10:02:03", "11/23/2026 10:02:03", "TimeStamp" },
		{ "23/11/2026 10:02:03", "2026-11-23T10:02:03+7", "TimeStamp" },
		{ "</TimeStamp>",
		    "</TimeStamp><Timestamp>2026/11/23 10:02:03</Timestamp>",
		    "Timestamp stands twice" },
		{ "<OrganId>000.00.00.H42", "<OrganId>../../x",
		    "From/OrganId" },
		{ "<OrganId>000.00.16.H40", "<OrganId>../../x",
		    "ResponseFor/OrganId" },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf good, bad;
	size_t i;

	(void)state;
	test_read_data("envelope/good/bkav-status.edxml", &good);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		replace(vt_buf_bytes(&good), cases[i].from, cases[i].to, &bad);
		assert_vt_error(read_bytes(vt_buf_bytes(&bad), &env, &err),
		    &err, VT_EFORMAT);
		assert_error_text(&err, cases[i].part);
		vt_buf_release(&bad);
	}
	vt_buf_release(&good);
}

static void
read_refuses_the_bad_and_hostile_files(void **state)
{
	static const struct {
		const char *name;
		enum vt_code code;
	} cases[] = {
		{ "bad/before-2016.edxml", VT_EUNSUPPORTED },
		{ "bad/comment-in-value.edxml", VT_EFORMAT },
		{ "bad/date.edxml", VT_EFORMAT },
		{ "bad/duplicate-subject.edxml", VT_EFORMAT },
		{ "bad/latin-1.edxml", VT_EUNSUPPORTED },
		{ "bad/manifest.edxml", VT_EFORMAT },
		{ "bad/no-subject.edxml", VT_EFORMAT },
		{ "bad/truncated.edxml", VT_EFORMAT },
		{ "bad/utf-16.edxml", VT_EUNSUPPORTED },
		{ "hostile/billion-laughs.edxml", VT_EFORMAT },
		{ "hostile/doctype.edxml", VT_EFORMAT },
		{ "hostile/external-entity.edxml", VT_EFORMAT },
		{ "hostile/parameter-entity.edxml", VT_EFORMAT },
		{ "hostile/sentinel.txt", VT_EFORMAT },
	};
	struct vt_envelope env;
	struct vt_error err;
	char name[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(name, sizeof(name), "envelope/%s", cases[i].name);
		if (read_data(name, &env, &err) != (int)cases[i].code)
			print_error("%s\n", name);
		assert_int_equal(err.code, cases[i].code);
		assert_null(strstr(err.text, "SENTINEL"));
	}
}

static void
read_refuses_a_file_cut_anywhere(void **state)
{
	static const char *const names[] = { "envelope/good/bkav-status.edxml",
		"envelope/good/other-prefix.edxml" };
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf buf;
	size_t i, n, end;

	(void)state;
	for (i = 0; i < 2; i++) {
		test_read_data(names[i], &buf);
		for (end = buf.len; buf.data[end - 1] != '>'; end--)
			;
		for (n = 0; n < end; n++) {
			if (read_bytes(VT_BYTES(buf.data, n), &env, &err) !=
			    VT_EFORMAT)
				print_error("cut at %zu\n", n);
			assert_int_equal(err.code, VT_EFORMAT);
		}
		vt_buf_release(&buf);
	}
}

static void
read_survives_every_changed_byte(void **state)
{
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf buf;
	size_t n;
	int bit;

	(void)state;
	test_read_data("envelope/good/bkav-status.edxml", &buf);
	for (n = 0; n < buf.len; n++)
		for (bit = 1; bit < 256; bit <<= 1) {
			buf.data[n] ^= (unsigned char)bit;
			if (read_bytes(vt_buf_bytes(&buf), &env, &err) == VT_OK)
				vt_envelope_release(&env);
			buf.data[n] ^= (unsigned char)bit;
		}
	vt_buf_release(&buf);
}

static void
read_limits_values_and_lists(void **state)
{
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf good, bad, many;
	int i;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &good);
	for (i = VT_ENVELOPE_TEXT_MAX; i <= VT_ENVELOPE_TEXT_MAX + 1; i++) {
		vt_buf_init(&many, 2 * VT_ENVELOPE_TEXT_MAX);
		while (many.len < (size_t)i)
			vt_buf_putc(&many, 'x');
		replace(vt_buf_bytes(&good), "V/v gửi, nhận văn bản điện tử<",
		    "<", &bad);
		vt_buf_release(&bad);
		vt_buf_putc(&many, '<');
		replace(vt_buf_bytes(&good), "V/v gửi, nhận văn bản điện tử<",
		    vt_buf_str(&many), &bad);
		assert_int_equal(read_bytes(vt_buf_bytes(&bad), &env, &err),
		    i > VT_ENVELOPE_TEXT_MAX ? VT_ELIMIT : VT_OK);
		if (err.code == VT_OK)
			vt_envelope_release(&env);
		vt_buf_release(&bad);
		vt_buf_release(&many);
	}
	for (i = VT_ENVELOPE_TO_MAX - 2; i <= VT_ENVELOPE_TO_MAX - 1; i++) {
		int n;

		vt_buf_init(&many, 8u * 1024 * 1024);
		for (n = 0; n < i; n++)
			vt_buf_printf(&many,
			    "<" P "To><" P "OrganId>H40.%d</" P "OrganId></" P
			    "To>",
			    n);
		vt_buf_puts(&many, "<" P "DocumentId>000");
		replace(vt_buf_bytes(&good), "<" P "DocumentId>000",
		    vt_buf_str(&many), &bad);
		/* It stands in ResponseFor too, which then has receivers. */
		assert_int_equal(read_bytes(vt_buf_bytes(&bad), &env, &err),
		    i == VT_ENVELOPE_TO_MAX - 2 ? VT_OK : VT_ELIMIT);
		if (err.code == VT_OK) {
			assert_int_equal(env.nto, VT_ENVELOPE_TO_MAX);
			vt_envelope_release(&env);
		}
		vt_buf_release(&bad);
		vt_buf_release(&many);
	}
	vt_buf_release(&good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_takes_what_the_java_sdk_writes),
		cmocka_unit_test(read_takes_what_the_net_sdk_writes),
		cmocka_unit_test(read_takes_a_status_of_another_container),
		cmocka_unit_test(read_takes_any_prefix_and_order),
		cmocka_unit_test(read_takes_updates_and_replacements),
		cmocka_unit_test(read_takes_an_undeclared_xlink),
		cmocka_unit_test(read_refuses_with_the_element_and_the_rule),
		cmocka_unit_test(read_takes_what_it_may_not_mind),
		cmocka_unit_test(read_takes_for_absent_what_a_program_lacked),
		cmocka_unit_test(read_refuses_bad_statuses),
		cmocka_unit_test(read_refuses_the_bad_and_hostile_files),
		cmocka_unit_test(read_refuses_a_file_cut_anywhere),
		cmocka_unit_test(read_survives_every_changed_byte),
		cmocka_unit_test(read_limits_values_and_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
