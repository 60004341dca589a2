/* envelope_rules.c - which elements edXML has, and where their values go */
#include <string.h>

#include "envelope_read.h"

#define ENV(field) offsetof(struct vt_envelope, field)
#define ORGAN(field) offsetof(struct vt_organ, field)
#define STAFF(field) offsetof(struct vt_staff, field)
#define RESPONSE(field) offsetof(struct vt_response, field)
#define TRACE(field) offsetof(struct vt_trace, field)
#define RECEIVER(field) offsetof(struct vt_receiver_change, field)
#define REPLACED(field) offsetof(struct vt_replaced, field)
#define ERROR(field) offsetof(struct vt_axis_error, field)
#define REFERENCE(field) offsetof(struct vt_reference, field)
#define ATTACHMENT(field) offsetof(struct vt_attachment, field)

#define BOX(parent, name, node, value, many, off)                              \
	{                                                                      \
		NODE_##parent, name, NODE_##node, INTO_##value, many, off      \
	}
#define ONE(parent, name, value, off)                                          \
	{                                                                      \
		NODE_##parent, name, NODE_LEAF, AS_##value, false, off         \
	}
#define MANY(parent, name, value, off)                                         \
	{                                                                      \
		NODE_##parent, name, NODE_LEAF, AS_##value, true, off          \
	}

/*
 * Rows of one parent stand together.  The order of elements differs between
 * producers and means nothing; the odd spellings are the regulation's.
 */
static const struct vt_rule rules[] = {
	BOX(EDXML, "edXMLEnvelope", ENVELOPE, SAME, false, 0),
	BOX(EDXML, "AttachmentEncoded", ENCODED, SAME, false, 0),
	BOX(EDXML, "ErrorList", ERRORS, SAME, true, 0),

	BOX(ENVELOPE, "edXMLHeader", HEADER, SAME, false, 0),
	BOX(ENVELOPE, "edXMLBody", BODY, SAME, false, 0),
	BOX(ENVELOPE, "ErrorList", ERRORS, SAME, true, 0),

	/* Bkav's axis calls the MessageHeader of a status so. */
	BOX(HEADER, "MessageHeader", MESSAGE, SAME, false, 0),
	BOX(HEADER, "Status", MESSAGE, SAME, false, 0),
	BOX(HEADER, "TraceHeaderList", TRACES, SAME, false, 0),
	BOX(HEADER, "ErrorList", ERRORS, SAME, true, 0),

	BOX(MESSAGE, "From", ORGAN, PART, false, ENV(from)),
	BOX(MESSAGE, "To", ORGAN, TO, true, 0),
	ONE(MESSAGE, "DocumentId", ID, ENV(document_id)),
	BOX(MESSAGE, "Code", CODE, SAME, false, 0),
	BOX(MESSAGE, "PromulgationInfo", PROMULGATION, SAME, false, 0),
	BOX(MESSAGE, "DocumentType", TYPE, SAME, false, 0),
	ONE(MESSAGE, "Subject", TEXT, ENV(subject)),
	ONE(MESSAGE, "Content", TEXT, ENV(content)),
	BOX(MESSAGE, "SignerInfo", SIGNER, SAME, false, 0),
	ONE(MESSAGE, "DueDate", DATE, ENV(due_date)),
	BOX(MESSAGE, "ToPlaces", PLACES, SAME, false, 0),
	BOX(MESSAGE, "OtherInfo", OTHER, SAME, false, 0),
	BOX(MESSAGE, "ResponseFor", RESPONSE, RESPONSE, true, 0),
	ONE(MESSAGE, "SteeringType", LOOSE_COUNT, ENV(steering_type)),
	BOX(MESSAGE, "ResponseForTask", TASK, SAME, true, 0),
	ONE(MESSAGE, "ApplicationType", TEXT, ENV(application_type)),
	BOX(MESSAGE, "StaffInfo", STAFF, PART, false, ENV(status.staff)),
	ONE(MESSAGE, "StatusCode", STATUS, ENV(status.code)),
	ONE(MESSAGE, "Description", TEXT, ENV(status.description)),
	ONE(MESSAGE, "Timestamp", TIME, ENV(status.time)),
	ONE(MESSAGE, "TimeStamp", TIME, ENV(status.time)),
	BOX(MESSAGE, "ErrorList", ERRORS, SAME, true, 0),

	ONE(ORGAN, "OrganId", ID, ORGAN(id)),
	ONE(ORGAN, "OrganizationInCharge", TEXT, ORGAN(in_charge)),
	ONE(ORGAN, "OrganName", TEXT, ORGAN(name)),
	ONE(ORGAN, "OrganAdd", TEXT, ORGAN(address)),
	ONE(ORGAN, "Email", TEXT, ORGAN(email)),
	ONE(ORGAN, "Telephone", TEXT, ORGAN(telephone)),
	ONE(ORGAN, "Fax", TEXT, ORGAN(fax)),
	ONE(ORGAN, "Website", TEXT, ORGAN(website)),

	ONE(CODE, "CodeNumber", TEXT, ENV(code_number)),
	ONE(CODE, "CodeNotation", TEXT, ENV(code_notation)),

	ONE(PROMULGATION, "Place", TEXT, ENV(place)),
	ONE(PROMULGATION, "PromulgationDate", DATE, ENV(date)),

	ONE(TYPE, "Type", LOOSE_COUNT, ENV(type)),
	ONE(TYPE, "TypeDetail", LOOSE_COUNT, ENV(type_detail)),
	ONE(TYPE, "TypeName", TEXT, ENV(type_name)),

	ONE(SIGNER, "Competence", TEXT, ENV(competence)),
	ONE(SIGNER, "Position", TEXT, ENV(position)),
	ONE(SIGNER, "FullName", TEXT, ENV(signer)),

	MANY(PLACES, "Place", LIST, ENV(to_places)),

	ONE(OTHER, "Priority", PRIORITY, ENV(other.priority)),
	ONE(OTHER, "SphereOfPromulgation", TEXT, ENV(other.sphere)),
	ONE(OTHER, "TyperNotation", TEXT, ENV(other.typer_notation)),
	ONE(OTHER, "PromulgationAmount", COUNT, ENV(other.copies)),
	ONE(OTHER, "PageAmount", COUNT, ENV(other.pages)),
	ONE(OTHER, "Direction", BOOL, ENV(other.direction)),
	BOX(OTHER, "Appendixes", APPENDIXES, SAME, false, 0),
	MANY(OTHER, "ReplyFors", LIST, ENV(other.reply_for)),
	MANY(OTHER, "ReferenceCodes", LIST, ENV(other.reference_codes)),

	MANY(APPENDIXES, "Appendix", LIST, ENV(other.appendixes)),

	ONE(RESPONSE, "OrganId", ID, RESPONSE(organ_id)),
	ONE(RESPONSE, "Code", TEXT, RESPONSE(code)),
	ONE(RESPONSE, "PromulgationDate", DATE, RESPONSE(date)),
	ONE(RESPONSE, "DocumentId", ID, RESPONSE(document_id)),

	MANY(TASK, "TaskCode", LIST, ENV(tasks)),

	ONE(STAFF, "Department", TEXT, STAFF(department)),
	ONE(STAFF, "DepartmentId", TEXT, STAFF(department_id)),
	ONE(STAFF, "Staff", TEXT, STAFF(name)),
	ONE(STAFF, "StaffId", TEXT, STAFF(id)),
	ONE(STAFF, "Email", TEXT, STAFF(email)),
	ONE(STAFF, "Mobile", TEXT, STAFF(mobile)),

	BOX(TRACES, "TraceHeader", TRACE, TRACE, true, 0),
	BOX(TRACES, "Bussiness", BUSINESS, SAME, false, 0),
	ONE(TRACES, "Paper", PAPER, ENV(business.paper)),

	ONE(TRACE, "OrganId", TRACE_ID, TRACE(organ_id)),
	ONE(TRACE, "Timestamp", TRACE_TIME, TRACE(time)),

	ONE(BUSINESS, "DocumentId", ID, ENV(business.document_id)),
	ONE(BUSINESS, "BussinessDocType", BUSINESS, ENV(business.type)),
	ONE(BUSINESS, "BussinessDocReason", TEXT, ENV(business.reason)),
	ONE(BUSINESS, "Paper", PAPER, ENV(business.paper)),
	BOX(BUSINESS, "BussinessDocumentInfo", UPDATE, SAME, false, 0),
	BOX(BUSINESS, "ReplacementInfoList", REPLACEMENTS, SAME, false, 0),
	BOX(BUSINESS, "StaffInfo", STAFF, PART, false, ENV(business.staff)),

	ONE(UPDATE, "DocumentInfo", BOOL, ENV(business.content_changed)),
	ONE(UPDATE, "DocumentReceiver", BOOL, ENV(business.receivers_changed)),
	BOX(UPDATE, "ReceiverList", RECEIVERS, SAME, false, 0),

	BOX(RECEIVERS, "Receiver", RECEIVER, RECEIVER, true, 0),

	ONE(RECEIVER, "ReceiverType", CHANGE, RECEIVER(added)),
	ONE(RECEIVER, "OrganId", ID, RECEIVER(organ_id)),

	BOX(REPLACEMENTS, "ReplacementInfo", REPLACEMENT, REPLACED, true, 0),

	ONE(REPLACEMENT, "DocumentId", ID, REPLACED(document_id)),
	BOX(REPLACEMENT, "OrganIdList", ORGAN_IDS, SAME, false, 0),

	MANY(ORGAN_IDS, "OrganId", ID_LIST, REPLACED(organ_ids)),

	BOX(BODY, "edXMLManifest", MANIFEST, SAME, false, 0),
	BOX(BODY, "Manifest", MANIFEST, SAME, false, 0),
	BOX(BODY, "ErrorList", ERRORS, SAME, true, 0),

	BOX(ERRORS, "Error", ERROR, ERROR, true, 0),

	ONE(ERROR, "Code", TEXT, ERROR(code)),
	ONE(ERROR, "Description", TEXT, ERROR(description)),

	BOX(MANIFEST, "Reference", REFERENCE, REFERENCE, true, 0),

	ONE(REFERENCE, "ContentId", CONTENT_ID, REFERENCE(content_id)),
	ONE(REFERENCE, "ContentType", ID, REFERENCE(content_type)),
	ONE(REFERENCE, "Description", TEXT, REFERENCE(description)),
	ONE(REFERENCE, "AttachmentName", NAME, REFERENCE(name)),

	BOX(ENCODED, "Attachment", ATTACHMENT, ATTACHMENT, true, 0),

	ONE(ATTACHMENT, "ContentId", CONTENT_ID, ATTACHMENT(content_id)),
	ONE(ATTACHMENT, "AttachmentName", NAME, ATTACHMENT(name)),
	ONE(ATTACHMENT, "Description", TEXT, ATTACHMENT(description)),
	ONE(ATTACHMENT, "ContentType", ID, ATTACHMENT(wire_type)),
	ONE(ATTACHMENT, "ContentTransferEncoded", CONTENT, 0),
};

#define NRULES (sizeof(rules) / sizeof(rules[0]))

const struct vt_rule *
vt_edxml_rule(enum vt_node parent, const char *name)
{
	size_t i;

	for (i = 0; i < NRULES; i++)
		if (rules[i].parent == parent &&
		    strcmp(rules[i].name, name) == 0)
			return &rules[i];
	return NULL;
}

unsigned
vt_edxml_slot(const struct vt_rule *rule)
{
	const struct vt_rule *first = rule, *r;

	while (first > rules && first[-1].parent == rule->parent)
		first--;
	/* Two spellings of one element fill one place. */
	for (r = first; r < rule; r++)
		if (r->node == rule->node && r->value == rule->value &&
		    r->off == rule->off)
			break;
	return (unsigned)(r - first);
}
