/* envelope_read.c - the header of a message; the attachments are passed over */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope_read.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

static int
too_many(const char *what, unsigned line, struct vt_error *err)
{
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "too many elements %s (line %u)", what, line);
}

/*
 * The form before: a SOAP envelope of e-doc.vn/Schema, whose attachments are
 * MIME parts.  Nothing on today's axis is of it.
 */
static bool
is_old(const char *local, const char *ns)
{
	static const char *const soap[] = {
		"http://schemas.xmlsoap.org/soap/envelope/",
		"http://www.w3.org/2003/05/soap-envelope"
	};

	return strstr(ns, "e-doc.vn") != NULL ||
	       (strcmp(local, "Envelope") == 0 &&
		   (strcmp(ns, soap[0]) == 0 || strcmp(ns, soap[1]) == 0));
}

static int
too_old(struct vt_error *err)
{
	return vt_error_set(err, VT_EUNSUPPORTED, QCVN,
	    "an envelope of the form that came before QCVN 102:2016");
}

/* MIME's header fields, or the first line that parts its parts. */
static int
check_mime(struct vt_source *src, struct vt_error *err)
{
	static const char *const starts[] = { "MIME-Version:", "Content-Type:",
		"Message-ID:", "--" };
	struct vt_bytes head;
	size_t i, len;
	int rc;

	if ((rc = vt_source_view(src, 0, 16, &head, err)) != VT_OK)
		return rc;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		len = strlen(starts[i]);
		if (head.len >= len &&
		    strncasecmp((const char *)head.data, starts[i], len) == 0)
			return too_old(err);
	}
	return VT_OK;
}

static int
check_root(const struct vt_xml_element *el, struct vt_error *err)
{
	if (strcmp(el->local, "edXML") == 0 && el->ns != NULL &&
	    strcmp(el->ns, VT_EDXML_NS) == 0)
		return VT_OK;
	if (el->ns != NULL && is_old(el->local, el->ns))
		return too_old(err);
	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "the root element is %s, not edXML of %s", el->local, VT_EDXML_NS);
}

/*
 * A signature may stand in what we else skip.  Of XMLDSig's namespace it is
 * one to be judged, unless there is nothing in it that signs: Bkav's axis has
 * KeyInfo alone, with a token.
 */
static void
note_signature(struct vt_edxml_reader *r, const struct vt_xml_element *el)
{
	enum vt_envelope_signature found = VT_ENVELOPE_SIGNATURE_ABSENT;
	bool dsig = el->ns != NULL && strcmp(el->ns, XMLDSIG_NS) == 0;

	if (r->dsig > 0 && dsig &&
	    (strcmp(el->local, "SignedInfo") == 0 ||
		strcmp(el->local, "SignatureValue") == 0))
		found = VT_ENVELOPE_SIGNATURE_UNVERIFIED;
	else if (dsig && strcmp(el->local, "Signature") == 0)
		found = VT_ENVELOPE_SIGNATURE_PLACEHOLDER;
	else if (r->skipped == 0 && r->stack[r->depth].node == NODE_HEADER &&
		 el->ns != NULL && strcmp(el->ns, VT_EDXML_NS) == 0 &&
		 (strcmp(el->local, "Signature") == 0 ||
		     strcmp(el->local, "DigitalSignature") == 0))
		found = VT_ENVELOPE_SIGNATURE_PLACEHOLDER;
	if (r->dsig > 0 || (dsig && strcmp(el->local, "Signature") == 0))
		r->dsig++;
	if (found > r->env->signature)
		r->env->signature = found;
}

/* The object that the parts of a new element go to. */
static int
open_object(struct vt_edxml_reader *r, const struct vt_rule *rule, void *outer,
    unsigned line, void **ret, struct vt_error *err)
{
	struct vt_envelope *env = r->env;
	void *list;

	switch (rule->value) {
	case INTO_PART:
		*ret = (unsigned char *)outer + rule->off;
		return VT_OK;
	case INTO_TO:
		if (env->nto == VT_ENVELOPE_TO_MAX)
			return too_many(rule->name, line, err);
		return vt_envelope_add_to(env, (struct vt_organ **)ret, err);
	case INTO_RESPONSE:
		if (env->nresponse_for == VT_ENVELOPE_TO_MAX)
			return too_many(rule->name, line, err);
		return vt_envelope_add_response(env, (struct vt_response **)ret,
		    err);
	case INTO_TRACE:
		if (env->ntrace == VT_ENVELOPE_TO_MAX)
			return too_many(rule->name, line, err);
		return vt_envelope_add_trace(env, (struct vt_trace **)ret, err);
	case INTO_RECEIVER:
		if (env->business.nreceivers == VT_ENVELOPE_TO_MAX)
			return too_many(rule->name, line, err);
		r->change = false;
		return vt_envelope_add_receiver(env,
		    (struct vt_receiver_change **)ret, err);
	case INTO_REPLACED:
		if (env->business.nreplaced == VT_ENVELOPE_TO_MAX)
			return too_many(rule->name, line, err);
		return vt_envelope_add_replaced(env, (struct vt_replaced **)ret,
		    err);
	case INTO_ERROR:
		if (env->nerrors == VT_ENVELOPE_TO_MAX)
			return too_many(rule->name, line, err);
		return vt_envelope_add_error(env, (struct vt_axis_error **)ret,
		    err);
	case INTO_REFERENCE:
		if (r->nreferences == VT_ENVELOPE_ATTACHMENTS_MAX)
			return too_many(rule->name, line, err);
		list = vt_edxml_grow(r->references, &r->nreferences,
		    sizeof(*r->references));
		if (list == NULL)
			return vt_error_nomem(err);
		r->references = list;
		*ret = &r->references[r->nreferences - 1];
		return VT_OK;
	case INTO_ATTACHMENT:
		if (env->nattachments == VT_ENVELOPE_ATTACHMENTS_MAX)
			return too_many(rule->name, line, err);
		list = vt_edxml_grow(env->attachments, &env->nattachments,
		    sizeof(*env->attachments));
		if (list == NULL)
			return vt_error_nomem(err);
		env->attachments = list;
		*ret = &env->attachments[env->nattachments - 1];
		return VT_OK;
	default:
		*ret = outer;
		return VT_OK;
	}
}

/*
 * Elements of other namespaces are none of ours.  One of ours that has lost its
 * namespace, or an attachment in another, would be lost without a word.
 */
static int
check_foreign(enum vt_node parent, const struct vt_xml_element *el,
    struct vt_error *err)
{
	const struct vt_rule *rule = vt_edxml_rule(parent, el->local);

	if (rule == NULL ||
	    (el->ns != NULL && rule->node != NODE_ENCODED &&
		rule->node != NODE_ATTACHMENT && rule->value != AS_CONTENT))
		return VT_OK;
	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "the element %s is not of the namespace %s (line %u)", el->local,
	    VT_EDXML_NS, el->line);
}

/*
 * Where no rule is we do not look, but a reader that takes each attachment in
 * the document, wherever it stands, would show one that nobody judged.
 */
static int
check_stray(const struct vt_xml_element *el, struct vt_error *err)
{
	if (strcmp(el->local, "ContentTransferEncoded") != 0)
		return VT_OK;
	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "an attachment stands where none can be (line %u)", el->line);
}

/* The attachment itself begins: is it taken out now, or later? */
static int
start_content(struct vt_edxml_reader *r, struct vt_error *err)
{
	if (r->x == NULL)
		return VT_OK;
	if (!r->header_done || r->secret.found)
		r->later = true;
	return r->later ? VT_OK : vt_edxml_content_start(r->x, err);
}

/* xlink:href, where it was not declared as well (Reference alone has one). */
static int
read_href(struct vt_reference *ref, const struct vt_xml_element *el,
    struct vt_error *err)
{
	struct vt_bytes value;
	size_t i;

	for (i = 0; i < el->nattrs; i++) {
		if (strcmp(el->attrs[i].local, "href") != 0 &&
		    strcmp(el->attrs[i].local, "xlink:href") != 0)
			continue;
		value = vt_edxml_content_id(el->attrs[i].value);
		if (value.len > 0 && ref->href == NULL &&
		    (ref->href = vt_bytes_dup(value)) == NULL)
			return vt_error_nomem(err);
	}
	return VT_OK;
}

static int
on_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct vt_edxml_reader *r = ctx;
	struct vt_edxml_frame *top = &r->stack[r->depth], *new;
	const struct vt_rule *rule;
	uint64_t bit;
	int rc;

	vt_edxml_secret_start(&r->secret, el->local);
	if (r->depth == 0) {
		if ((rc = check_root(el, err)) != VT_OK)
			return rc;
		r->stack[++r->depth] =
		    (struct vt_edxml_frame){ .node = NODE_EDXML,
			    .object = r->env };
		return VT_OK;
	}
	note_signature(r, el);
	if (r->skipped > 0) {
		r->skipped++;
		return check_stray(el, err);
	}
	if (top->node == NODE_LEAF)
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s has an element in it, not text alone "
		    "(line %u)",
		    top->rule->name, el->line);
	rule = NULL;
	if (el->ns != NULL && strcmp(el->ns, VT_EDXML_NS) == 0)
		rule = vt_edxml_rule(top->node, el->local);
	if (rule == NULL && (rc = check_foreign(top->node, el, err)) != VT_OK)
		return rc;
	if (rule == NULL) {
		r->skipped = 1;
		return check_stray(el, err);
	}
	bit = UINT64_C(1) << vt_edxml_slot(rule);
	if (!rule->many && (top->seen & bit) != 0)
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s stands twice in its parent (line %u)",
		    rule->name, el->line);
	top->seen |= bit;
	new = &r->stack[r->depth + 1];
	*new = (struct vt_edxml_frame){ .node = rule->node, .rule = rule };
	if (rule->node == NODE_MESSAGE && strcmp(rule->name, "Status") == 0)
		r->status = true;
	vt_buf_reset(&r->text);
	if (rule->node == NODE_MESSAGE)
		r->message = true;
	rc = open_object(r, rule, top->object, el->line, &new->object, err);
	if (rc == VT_OK && rule->node == NODE_REFERENCE)
		rc = read_href(new->object, el, err);
	if (rc == VT_OK && rule->value == AS_CONTENT)
		rc = start_content(r, err);
	if (rc == VT_OK)
		r->depth++;
	return rc;
}

static int
on_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct vt_edxml_reader *r = ctx;
	struct vt_edxml_frame *top = &r->stack[r->depth];
	int rc;

	vt_edxml_secret_text(&r->secret, piece);
	if (r->skipped > 0)
		return VT_OK;
	if (top->node != NODE_LEAF) {
		if (vt_edxml_trim(piece).len == 0 || top->node == NODE_ERROR)
			return VT_OK;
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s has text beside its elements",
		    top->rule != NULL ? top->rule->name : "edXML");
	}
	if (top->rule->value == AS_CONTENT)
		return r->x == NULL || r->later
			   ? VT_OK
			   : vt_edxml_content_put(r->x, piece, err);
	rc = vt_buf_bytes_put(&r->text, piece);
	if (rc == VT_ELIMIT || r->text.len > VT_ENVELOPE_HEADER_MAX - r->total)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the text of %s is too long", top->rule->name);
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

/* A reader that stops at a comment would see another value. */
static int
on_mark(void *ctx, const struct vt_xml_mark *mark, struct vt_error *err)
{
	struct vt_edxml_reader *r = ctx;

	if (r->skipped > 0 || r->stack[r->depth].node != NODE_LEAF)
		return VT_OK;
	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "a comment or instruction stands in the text of %s (line %u)",
	    r->stack[r->depth].rule->name, mark->line);
}

int
vt_edxml_missing(const char *element, struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "the element %s is missing or empty", element);
}

static void
release_reference(struct vt_reference *ref)
{
	free(ref->content_id);
	free(ref->content_type);
	free(ref->description);
	free(ref->name);
	free(ref->href);
}

static int
end_reference(struct vt_edxml_reader *r, struct vt_reference *ref)
{
	if (ref->content_id == NULL) {
		ref->content_id = ref->href;
		ref->href = NULL;
	}
	if (ref->content_id == NULL && ref->content_type == NULL &&
	    ref->description == NULL && ref->name == NULL) {
		release_reference(ref);
		r->nreferences--;
	}
	return VT_OK;
}

static int
end_receiver(struct vt_edxml_reader *r, const struct vt_receiver_change *c,
    struct vt_error *err)
{
	if (!r->change && c->organ_id == NULL) {
		r->env->business.nreceivers--;
		return VT_OK;
	}
	if (!r->change) /* "removed" would be a guess */
		return vt_edxml_missing("ReceiverType", err);
	if (c->organ_id == NULL)
		return vt_edxml_missing("Receiver/OrganId", err);
	return VT_OK;
}

static int
end_attachment(struct vt_edxml_reader *r, const struct vt_edxml_frame *f,
    struct vt_error *err)
{
	const struct vt_rule *content =
	    vt_edxml_rule(NODE_ATTACHMENT, "ContentTransferEncoded");
	struct vt_attachment *a = f->object;

	if ((f->seen >> vt_edxml_slot(content) & 1) == 0)
		return vt_edxml_missing(content->name, err);
	if (r->x == NULL || r->later)
		return VT_OK;
	vt_edxml_join(r, a);
	if (a->name == NULL)
		return vt_edxml_missing("AttachmentName", err);
	return vt_edxml_content_end(r->x, err);
}

/* What must be in an element is asked for where it ends. */
static int
end_of(struct vt_edxml_reader *r, const struct vt_edxml_frame *f, unsigned line,
    struct vt_error *err)
{
	struct vt_response *response;

	switch (f->node) {
	case NODE_LEAF:
		r->total += r->text.len;
		return vt_edxml_set(r, f, line, err);
	case NODE_RESPONSE: /* the SDK writes an empty one */
		response = f->object;
		if (response->organ_id == NULL && response->code == NULL &&
		    response->document_id == NULL && response->date.year == 0)
			r->env->nresponse_for--;
		return VT_OK;
	case NODE_BUSINESS:
		return r->business ? VT_OK
				   : vt_edxml_missing("BussinessDocType", err);
	case NODE_RECEIVER:
		return end_receiver(r, f->object, err);
	case NODE_REFERENCE:
		return end_reference(r, f->object);
	case NODE_ATTACHMENT:
		return end_attachment(r, f, err);
	case NODE_ENVELOPE:
		r->header_done = true;
		return VT_OK;
	default:
		return VT_OK;
	}
}

static int
on_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct vt_edxml_reader *r = ctx;
	int rc;

	vt_edxml_secret_end(&r->secret);
	if (r->dsig > 0)
		r->dsig--;
	if (r->skipped > 0) {
		r->skipped--;
		return VT_OK;
	}
	rc = end_of(r, &r->stack[r->depth], el->line, err);
	r->depth--;
	vt_buf_reset(&r->text);
	return rc;
}

int
vt_edxml_read(struct vt_source *src, struct vt_edxml_extract *x,
    struct vt_envelope *env, bool *ret_later, struct vt_error *err)
{
	static const struct vt_xml_handler handler = { .start = on_start,
		.end = on_end,
		.text = on_text,
		.mark = on_mark };
	struct vt_edxml_reader r = { .env = env, .x = x };
	size_t i;
	int rc;

	vt_buf_init(&r.text, VT_ENVELOPE_TEXT_MAX);
	rc = check_mime(src, err);
	if (rc == VT_OK)
		rc = vt_xml_parse(src, &handler, &r, err);
	if (rc == VT_OK)
		rc = vt_edxml_finish(&r, err);
	*ret_later = r.later;
	for (i = 0; i < r.nreferences; i++)
		release_reference(&r.references[i]);
	free(r.references);
	vt_buf_release(&r.text);
	return rc;
}

int
vt_envelope_read(struct vt_source *src, struct vt_envelope *ret,
    struct vt_error *err)
{
	struct vt_envelope env;
	bool later;
	int rc;

	vt_envelope_init(&env);
	rc = vt_edxml_read(src, NULL, &env, &later, err);
	if (rc == VT_OK)
		*ret = env;
	else
		vt_envelope_release(&env);
	return rc;
}

static int
probe_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	bool *edxml = ctx;

	(void)err;
	*edxml = check_root(el, NULL) == VT_OK;
	return VT_EREFUSED; /* the root is all that was asked for */
}

int
vt_envelope_probe(struct vt_source *src, bool *ret, struct vt_error *err)
{
	static const struct vt_xml_handler handler = { .start = probe_start };
	bool edxml = false;
	struct vt_error why = { 0 };
	int rc;

	rc = vt_xml_parse(src, &handler, &edxml, &why);
	if (rc == VT_EIO || rc == VT_ENOMEM) {
		if (err != NULL && err->code == VT_OK)
			*err = why;
		return rc;
	}
	*ret = edxml;
	return VT_OK;
}
