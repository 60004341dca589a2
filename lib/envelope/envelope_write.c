/* envelope_write.c - an envelope in the shape of the axis' own Java SDK */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "envelope_write.h"
#include "vanthu/encode.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"

/* Consumers look for the literal prefix (edxml-axis, 1.1). */
#define E(name) "edXML:" name

#define PIECE (48 * 1024) /* a multiple of 3 */

struct writer {
	struct vt_xml_writer *xml;
	const char *too_long;  /* an element whose text no reader would take */
	unsigned char left[3]; /* bytes that wait for their quantum */
	size_t nleft;
	char *base64;
};

/* An element whether or not there is a text for it. */
static void
put(struct writer *w, const char *qname, const char *text)
{
	if (text != NULL && strlen(text) > VT_ENVELOPE_TEXT_MAX)
		w->too_long = qname;
	vt_xml_leaf(w->xml, qname, text);
}

static void
put_some(struct writer *w, const char *qname, const char *text)
{
	if (text != NULL)
		put(w, qname, text);
}

static void
put_number(struct writer *w, const char *qname, int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", n);
	if (n >= 0)
		put(w, qname, text);
}

static void
put_date(struct writer *w, const char *qname, struct vt_date d)
{
	char text[VT_TIME_TEXT];

	if (d.year != 0)
		put(w, qname, vt_edxml_date_text(d, text));
}

static void
put_time(struct writer *w, const char *qname, int64_t t)
{
	char text[VT_TIME_TEXT];

	if (t != VT_TIME_NONE)
		put(w, qname, vt_edxml_time_text(t, text));
}

static void
put_list(struct writer *w, const char *qname, const struct vt_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		put(w, qname, list->items[i]);
}

static void
put_organ(struct writer *w, const char *qname, const struct vt_organ *o)
{
	vt_xml_open(w->xml, qname);
	put(w, E("OrganId"), o->id);
	put_some(w, E("OrganizationInCharge"), o->in_charge);
	put(w, E("OrganName"), o->name);
	put(w, E("OrganAdd"), o->address);
	put_some(w, E("Email"), o->email);
	put_some(w, E("Telephone"), o->telephone);
	put_some(w, E("Fax"), o->fax);
	put_some(w, E("Website"), o->website);
	vt_xml_close(w->xml);
}

static void
put_staff(struct writer *w, const struct vt_staff *s)
{
	if (s->department == NULL && s->department_id == NULL &&
	    s->name == NULL && s->id == NULL && s->email == NULL &&
	    s->mobile == NULL)
		return;
	vt_xml_open(w->xml, E("StaffInfo"));
	put_some(w, E("Department"), s->department);
	put_some(w, E("DepartmentId"), s->department_id);
	put_some(w, E("Staff"), s->name);
	put_some(w, E("StaffId"), s->id);
	put_some(w, E("Email"), s->email);
	put_some(w, E("Mobile"), s->mobile);
	vt_xml_close(w->xml);
}

static void
put_responses(struct writer *w, const struct vt_envelope *env)
{
	const struct vt_response *r;
	size_t i;

	for (i = 0; i < env->nresponse_for; i++) {
		r = &env->response_for[i];
		vt_xml_open(w->xml, E("ResponseFor"));
		put_some(w, E("OrganId"), r->organ_id);
		put_some(w, E("Code"), r->code);
		put_some(w, E("DocumentId"), r->document_id);
		put_date(w, E("PromulgationDate"), r->date);
		vt_xml_close(w->xml);
	}
}

/* Receivers go by the name; the numbers follow the lists of the regulation. */
static void
put_type(struct writer *w, const struct vt_envelope *env)
{
	const struct vt_edxml_type *known = vt_envelope_type(env);
	int type = env->type, detail = env->type_detail;

	if (type < 0 && known != NULL) {
		type = known->list;
		detail = known->index;
	}
	if (type < 0 && detail < 0 && env->type_name == NULL)
		return;
	vt_xml_open(w->xml, E("DocumentType"));
	put_number(w, E("Type"), type);
	put_number(w, E("TypeDetail"), detail);
	put_some(w, E("TypeName"), env->type_name);
	vt_xml_close(w->xml);
}

static void
put_signer(struct writer *w, const struct vt_envelope *env)
{
	if (env->competence == NULL && env->position == NULL &&
	    env->signer == NULL)
		return;
	vt_xml_open(w->xml, E("SignerInfo"));
	put_some(w, E("Competence"), env->competence);
	put_some(w, E("Position"), env->position);
	put_some(w, E("FullName"), env->signer);
	vt_xml_close(w->xml);
}

static void
put_other(struct writer *w, const struct vt_envelope *env)
{
	vt_xml_open(w->xml, E("OtherInfo"));
	put_number(w, E("Priority"), env->other.priority);
	put_some(w, E("SphereOfPromulgation"), env->other.sphere);
	put_some(w, E("TyperNotation"), env->other.typer_notation);
	put_number(w, E("PromulgationAmount"), env->other.copies);
	put_number(w, E("PageAmount"), env->other.pages);
	put(w, E("Direction"), env->other.direction ? "true" : "false");
	if (env->other.appendixes.n > 0) {
		vt_xml_open(w->xml, E("Appendixes"));
		put_list(w, E("Appendix"), &env->other.appendixes);
		vt_xml_close(w->xml);
	}
	put_list(w, E("ReplyFors"), &env->other.reply_for);
	put_list(w, E("ReferenceCodes"), &env->other.reference_codes);
	vt_xml_close(w->xml);
}

static void
put_code(struct writer *w, const struct vt_envelope *env)
{
	vt_xml_open(w->xml, E("Code"));
	put(w, E("CodeNumber"), env->code_number);
	put(w, E("CodeNotation"), env->code_notation);
	vt_xml_close(w->xml);
	vt_xml_open(w->xml, E("PromulgationInfo"));
	put_some(w, E("Place"), env->place);
	put_date(w, E("PromulgationDate"), env->date);
	vt_xml_close(w->xml);
}

/* The order of the SDK's MessageHeader. */
static void
put_document(struct writer *w, const struct vt_envelope *env)
{
	size_t i;

	vt_xml_open(w->xml, E("MessageHeader"));
	put_organ(w, E("From"), &env->from);
	for (i = 0; i < env->nto; i++)
		put_organ(w, E("To"), &env->to[i]);
	put(w, E("DocumentId"), env->document_id);
	put_code(w, env);
	put_type(w, env);
	put(w, E("Subject"), env->subject);
	put(w, E("Content"), env->content);
	put_signer(w, env);
	put_date(w, E("DueDate"), env->due_date);
	put_other(w, env);
	put_responses(w, env);
	put_number(w, E("SteeringType"),
	    env->steering_type < 0 ? 0 : env->steering_type);
	if (env->tasks.n > 0) {
		vt_xml_open(w->xml, E("ResponseForTask"));
		put_list(w, E("TaskCode"), &env->tasks);
		vt_xml_close(w->xml);
	}
	put_some(w, E("ApplicationType"), env->application_type);
	if (env->to_places.n > 0) {
		vt_xml_open(w->xml, E("ToPlaces"));
		put_list(w, E("Place"), &env->to_places);
		vt_xml_close(w->xml);
	}
	vt_xml_close(w->xml);
}

/* Some producers say so beside another type, too: nothing read is lost. */
static bool
has_update(const struct vt_envelope *env)
{
	return env->business.content_changed ||
	       env->business.receivers_changed || env->business.nreceivers > 0;
}

static void
put_update(struct writer *w, const struct vt_envelope *env)
{
	size_t i;

	vt_xml_open(w->xml, E("BussinessDocumentInfo"));
	put_number(w, E("DocumentInfo"), env->business.content_changed);
	put_number(w, E("DocumentReceiver"), env->business.receivers_changed);
	if (env->business.nreceivers > 0)
		vt_xml_open(w->xml, E("ReceiverList"));
	for (i = 0; i < env->business.nreceivers; i++) {
		vt_xml_open(w->xml, E("Receiver"));
		put_number(w, E("ReceiverType"),
		    env->business.receivers[i].added);
		put_some(w, E("OrganId"), env->business.receivers[i].organ_id);
		vt_xml_close(w->xml);
	}
	if (env->business.nreceivers > 0)
		vt_xml_close(w->xml);
	vt_xml_close(w->xml);
}

static void
put_replaced(struct writer *w, const struct vt_envelope *env)
{
	const struct vt_replaced *r;
	size_t i;

	vt_xml_open(w->xml, E("ReplacementInfoList"));
	for (i = 0; i < env->business.nreplaced; i++) {
		r = &env->business.replaced[i];
		vt_xml_open(w->xml, E("ReplacementInfo"));
		put_some(w, E("DocumentId"), r->document_id);
		if (r->organ_ids.n > 0) {
			vt_xml_open(w->xml, E("OrganIdList"));
			put_list(w, E("OrganId"), &r->organ_ids);
			vt_xml_close(w->xml);
		}
		vt_xml_close(w->xml);
	}
	vt_xml_close(w->xml);
}

static void
put_trace(struct writer *w, const struct vt_envelope *env)
{
	size_t i;

	vt_xml_open(w->xml, E("TraceHeaderList"));
	for (i = 0; i < env->ntrace; i++) {
		vt_xml_open(w->xml, E("TraceHeader"));
		put_some(w, E("OrganId"), env->trace[i].organ_id);
		put_time(w, E("Timestamp"), env->trace[i].time);
		vt_xml_close(w->xml);
	}
	vt_xml_open(w->xml, E("Bussiness"));
	put_some(w, E("DocumentId"), env->business.document_id);
	put_number(w, E("BussinessDocType"), (int)env->business.type);
	put_some(w, E("BussinessDocReason"), env->business.reason);
	put_number(w, E("Paper"), env->business.paper);
	if (env->business.type == VT_BUSINESS_UPDATE || has_update(env))
		put_update(w, env);
	if (env->business.nreplaced > 0)
		put_replaced(w, env);
	put_staff(w, &env->business.staff);
	vt_xml_close(w->xml);
	vt_xml_close(w->xml);
}

static void
put_status(struct writer *w, const struct vt_envelope *env)
{
	vt_xml_open(w->xml, E("MessageHeader"));
	put_organ(w, E("From"), &env->from);
	put_responses(w, env);
	put_staff(w, &env->status.staff);
	put(w, E("StatusCode"), env->status.code);
	put_some(w, E("Description"), env->status.description);
	put_time(w, E("Timestamp"), env->status.time);
	vt_xml_close(w->xml);
}

/* Of others: an axis writes one, the SDK never does. */
static void
put_errors(struct writer *w, const struct vt_envelope *env)
{
	size_t i;

	if (env->nerrors == 0)
		return;
	vt_xml_open(w->xml, E("ErrorList"));
	for (i = 0; i < env->nerrors; i++) {
		vt_xml_open(w->xml, E("Error"));
		put_some(w, E("Code"), env->errors[i].code);
		put_some(w, E("Description"), env->errors[i].description);
		vt_xml_close(w->xml);
	}
	vt_xml_close(w->xml);
}

static void
put_content_id(struct writer *w, const char *qname, size_t index)
{
	char text[32];

	snprintf(text, sizeof(text), "cid:%zu", index + 1);
	put(w, qname, text);
}

static void
put_manifest(struct writer *w, const struct vt_edxml_plan *plans, size_t n)
{
	size_t i;

	vt_xml_open(w->xml, E("edXMLBody"));
	vt_xml_open(w->xml, E("edXMLManifest"));
	vt_xml_attr(w->xml, "version", "1.0");
	for (i = 0; i < n; i++) {
		vt_xml_open(w->xml, E("Reference"));
		put_content_id(w, E("ContentId"), i);
		put(w, E("ContentType"), plans[i].type);
		put(w, E("Description"), plans[i].description);
		put(w, E("AttachmentName"), plans[i].name);
		vt_xml_close(w->xml);
	}
	vt_xml_close(w->xml);
	vt_xml_close(w->xml);
}

/* One line of base64, however the pieces fall. */
static int
put_base64(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct writer *w = ctx;
	struct vt_bytes part;
	size_t n;

	(void)err;
	while (w->nleft > 0 && w->nleft < 3 && piece.len > 0) {
		w->left[w->nleft++] = piece.data[0];
		piece = vt_bytes_slice(piece, 1, piece.len);
	}
	if (w->nleft == 3) {
		n = vt_base64(VT_BYTES(w->left, 3), w->base64);
		vt_xml_plain(w->xml, VT_BYTES(w->base64, n));
		w->nleft = 0;
	}
	while (piece.len >= 3) {
		part = vt_bytes_slice(piece, 0,
		    piece.len < PIECE ? piece.len / 3 * 3 : PIECE);
		n = vt_base64(part, w->base64);
		vt_xml_plain(w->xml, VT_BYTES(w->base64, n));
		piece = vt_bytes_slice(piece, part.len, piece.len);
	}
	while (piece.len > 0) {
		w->left[w->nleft++] = piece.data[0];
		piece = vt_bytes_slice(piece, 1, piece.len);
	}
	return vt_xml_writer_state(w->xml);
}

static void
end_base64(struct writer *w)
{
	size_t n = vt_base64(VT_BYTES(w->left, w->nleft), w->base64);

	vt_xml_plain(w->xml, VT_BYTES(w->base64, n));
	w->nleft = 0;
}

static int
put_archive(struct writer *w, int fd, const struct vt_edxml_plan *plan,
    struct vt_error *err)
{
	uint64_t off = plan->zip_off, end = plan->zip_off + plan->zip_len;
	unsigned char *piece = malloc(PIECE);
	ssize_t n;
	int rc = VT_OK;

	if (piece == NULL)
		return vt_error_nomem(err);
	while (rc == VT_OK && off < end) {
		n = pread(fd, piece, end - off < PIECE ? end - off : PIECE,
		    (off_t)off);
		if (n <= 0) {
			rc = vt_error_io(err, "cannot read a temporary file");
			break;
		}
		off += (uint64_t)n;
		rc = put_base64(w, VT_BYTES(piece, (size_t)n), err);
	}
	free(piece);
	return rc;
}

static int
put_attachments(struct writer *w, const struct vt_edxml_plan *plans, size_t n,
    int fd, struct vt_error *err)
{
	const struct vt_edxml_plan *p;
	size_t i;
	int rc = VT_OK;

	/* No prefix from here on. */
	vt_xml_open(w->xml, "AttachmentEncoded");
	for (i = 0; rc == VT_OK && i < n; i++) {
		p = &plans[i];
		vt_xml_open(w->xml, "Attachment");
		put_content_id(w, "ContentId", i);
		put(w, "AttachmentName", p->name);
		put(w, "Description", p->description);
		put(w, "ContentType", p->type);
		vt_xml_open(w->xml, "ContentTransferEncoded");
		if (p->zip)
			rc = put_archive(w, fd, p, err);
		else
			rc = vt_source_stream(p->content, 0,
			    vt_source_size(p->content), put_base64, w, err);
		end_base64(w);
		vt_xml_close(w->xml);
		vt_xml_close(w->xml);
	}
	vt_xml_close(w->xml);
	return rc;
}

static int
put_all(struct writer *w, const struct vt_envelope *env,
    const struct vt_edxml_plan *plans, size_t n, int fd, struct vt_error *err)
{
	int rc = VT_OK;

	vt_xml_open(w->xml, "edXML");
	vt_xml_attr(w->xml, "xmlns", VT_EDXML_NS);
	vt_xml_open(w->xml, E("edXMLEnvelope"));
	vt_xml_attr(w->xml, "xmlns:edXML", VT_EDXML_NS);
	vt_xml_open(w->xml, E("edXMLHeader"));
	if (env->kind == VT_ENVELOPE_STATUS) {
		put_status(w, env);
	} else {
		put_document(w, env);
		put_trace(w, env);
	}
	put_errors(w, env);
	vt_xml_close(w->xml);
	if (env->kind == VT_ENVELOPE_DOCUMENT)
		put_manifest(w, plans, n);
	vt_xml_close(w->xml);
	if (n > 0)
		rc = put_attachments(w, plans, n, fd, err);
	if (w->too_long != NULL)
		return vt_error_set(err, VT_EARG, NULL,
		    "the text of %s is too long", w->too_long);
	/* A failure of the sink is told by the end of the XML. */
	if (vt_xml_writer_state(w->xml) != VT_OK || rc == VT_OK)
		rc = vt_xml_writer_end(w->xml, err);
	return rc;
}

static int
check(const struct vt_envelope *env, size_t nfiles, struct vt_error *err)
{
	if (vt_envelope_secret(env))
		return vt_error_set(err, VT_EREFUSED, "Law 117/2025/QH15",
		    "a document of that secrecy is not sent over a network");
	if (env->kind == VT_ENVELOPE_STATUS && nfiles > 0)
		return vt_error_set(err, VT_EARG, QCVN,
		    "a status message has an attachment");
	if (nfiles > VT_ENVELOPE_ATTACHMENTS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d attachments", VT_ENVELOPE_ATTACHMENTS_MAX);
	return vt_edxml_check(env, VT_EARG, err);
}

int
vt_envelope_write(const struct vt_envelope *env,
    const struct vt_envelope_file *files, size_t nfiles, const char *spool_dir,
    vt_sink_fn *sink, void *ctx, struct vt_error *err)
{
	struct vt_edxml_plans plans = { .dir = spool_dir, .fd = -1 };
	struct vt_edxml_plan *list = NULL;
	struct writer w = { .xml = NULL };
	size_t i;
	int rc;

	if ((rc = check(env, nfiles, err)) != VT_OK)
		return rc;
	list = calloc(nfiles + 1, sizeof(*list));
	w.base64 = malloc(VT_BASE64_LEN(PIECE) + 1);
	if (list == NULL || w.base64 == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	for (i = 0; rc == VT_OK && i < nfiles; i++)
		rc = vt_edxml_plan(&list[i], &files[i], i, env->document_id,
		    &plans, err);
	if (rc == VT_OK)
		rc = vt_xml_writer_new(sink, ctx, &w.xml, err);
	if (rc == VT_OK)
		rc = put_all(&w, env, list, nfiles, plans.fd, err);
	vt_xml_writer_free(w.xml);
out:
	if (plans.fd >= 0)
		close(plans.fd);
	free(w.base64);
	free(list);
	return rc;
}
