/* envelope_read.c - the header of a message; the attachments are passed over */
#include <stdlib.h>
#include <string.h>

#include "envelope_int.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"

#define SHOWN_MAX 40

struct frame {
	enum vt_node node;
	const struct vt_rule *rule; /* NULL at the root */
	void *object;               /* whose parts the elements in it fill in */
	uint64_t seen;              /* by slot */
};

struct reader {
	struct vt_envelope *env;
	struct frame stack[VT_XML_DEPTH + 1];
	unsigned depth;
	unsigned skipped; /* depth within an element that we do not know */
	struct vt_buf text;
	size_t total; /* bytes of all values */
	struct vt_reference *references;
	size_t nreferences;
	bool status;   /* it is in Bkav's container */
	bool business; /* BussinessDocType was there */
	struct vt_edxml_secret_scan secret;
};

static int
too_many(const char *what, unsigned line, struct vt_error *err)
{
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "too many elements %s (line %u)", what, line);
}

static int
check_root(const struct vt_xml_element *el, struct vt_error *err)
{
	if (strcmp(el->local, "edXML") == 0 && el->ns != NULL &&
	    strcmp(el->ns, VT_EDXML_NS) == 0)
		return VT_OK;
	if (el->ns != NULL && strstr(el->ns, "e-doc.vn") != NULL)
		return vt_error_set(err, VT_EUNSUPPORTED, QCVN,
		    "an envelope of the form that came before QCVN 102:2016");
	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "the root element is %s, not edXML of %s", el->local, VT_EDXML_NS);
}

/* A signature may stand in what we else skip. */
static void
note_signature(struct reader *r, const struct vt_xml_element *el)
{
	enum vt_envelope_signature found = VT_ENVELOPE_SIGNATURE_ABSENT;

	if (el->ns == NULL)
		return;
	if (strcmp(el->ns, XMLDSIG_NS) == 0 &&
	    strcmp(el->local, "Signature") == 0)
		found = VT_ENVELOPE_SIGNATURE_UNVERIFIED;
	else if (r->skipped == 0 && r->stack[r->depth].node == NODE_HEADER &&
		 strcmp(el->ns, VT_EDXML_NS) == 0 &&
		 (strcmp(el->local, "Signature") == 0 ||
		     strcmp(el->local, "DigitalSignature") == 0))
		found = VT_ENVELOPE_SIGNATURE_PLACEHOLDER;
	if (found > r->env->signature)
		r->env->signature = found;
}

/* The object that the parts of a new element go to. */
static int
open_object(struct reader *r, const struct vt_rule *rule, void *outer,
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
		return vt_envelope_add_receiver(env,
		    (struct vt_receiver_change **)ret, err);
	case INTO_REPLACED:
		if (env->business.nreplaced == VT_ENVELOPE_TO_MAX)
			return too_many(rule->name, line, err);
		return vt_envelope_add_replaced(env, (struct vt_replaced **)ret,
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

static int
on_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct reader *r = ctx;
	struct frame *top = &r->stack[r->depth], *new;
	const struct vt_rule *rule;
	uint64_t bit;
	int rc;

	vt_edxml_secret_start(&r->secret, el->local);
	if (r->depth == 0) {
		if ((rc = check_root(el, err)) != VT_OK)
			return rc;
		r->stack[++r->depth] =
		    (struct frame){ .node = NODE_EDXML, .object = r->env };
		return VT_OK;
	}
	note_signature(r, el);
	if (r->skipped > 0) {
		r->skipped++;
		return VT_OK;
	}
	if (top->node == NODE_LEAF)
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s has an element in it, not text alone "
		    "(line %u)",
		    top->rule->name, el->line);
	rule = NULL;
	if (el->ns != NULL && strcmp(el->ns, VT_EDXML_NS) == 0)
		rule = vt_edxml_rule(top->node, el->local);
	if (rule == NULL) {
		r->skipped = 1;
		return VT_OK;
	}
	bit = UINT64_C(1) << vt_edxml_slot(rule);
	if (!rule->many && (top->seen & bit) != 0)
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s stands twice in its parent (line %u)",
		    rule->name, el->line);
	top->seen |= bit;
	new = &r->stack[r->depth + 1];
	*new = (struct frame){ .node = rule->node, .rule = rule };
	if (rule->node == NODE_MESSAGE && strcmp(rule->name, "Status") == 0)
		r->status = true;
	vt_buf_reset(&r->text);
	rc = open_object(r, rule, top->object, el->line, &new->object, err);
	if (rc == VT_OK)
		r->depth++;
	return rc;
}

static int
on_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct reader *r = ctx;
	struct frame *top = &r->stack[r->depth];
	int rc;

	vt_edxml_secret_text(&r->secret, piece);
	if (r->skipped > 0)
		return VT_OK;
	if (top->node != NODE_LEAF) {
		if (vt_edxml_trim(piece).len == 0)
			return VT_OK;
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s has text beside its elements",
		    top->rule != NULL ? top->rule->name : "edXML");
	}
	if (top->rule->value == AS_CONTENT)
		return VT_OK;
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
	struct reader *r = ctx;

	if (r->skipped > 0 || r->stack[r->depth].node != NODE_LEAF)
		return VT_OK;
	return vt_error_set(err, VT_EFORMAT, QCVN,
	    "a comment or instruction stands in the text of %s (line %u)",
	    r->stack[r->depth].rule->name, mark->line);
}

static int
set_text(char **field, struct vt_bytes text, struct vt_error *err)
{
	if (text.len == 0)
		return VT_OK;
	*field = vt_bytes_dup(text);
	return *field != NULL ? VT_OK : vt_error_nomem(err);
}

static int
add_text(struct vt_list *list, struct vt_bytes text, struct vt_error *err)
{
	char *copy;
	int rc;

	if (text.len == 0)
		return VT_OK;
	if (list->n == VT_ENVELOPE_TO_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d values in a list", VT_ENVELOPE_TO_MAX);
	if ((copy = vt_bytes_dup(text)) == NULL)
		return vt_error_nomem(err);
	rc = vt_list_add(list, copy, err);
	free(copy);
	return rc;
}

static int
set_business(struct reader *r, struct vt_bytes text)
{
	int n;

	if (!vt_edxml_count_parse(text, VT_BUSINESS_REPLACE, &n))
		return VT_EFORMAT;
	r->env->business.type = (enum vt_business)n;
	r->business = true;
	return VT_OK;
}

/* Two digits on the wire, but some systems keep a number and send that. */
static int
set_status(char **field, struct vt_bytes text, struct vt_error *err)
{
	char code[] = "00";
	int n;

	if (!vt_edxml_count_parse(text, 99, &n) || text.len > 2)
		return VT_EFORMAT;
	code[0] = (char)('0' + n / 10);
	code[1] = (char)('0' + n % 10);
	return vt_envelope_set(field, code, err);
}

/* VT_EFORMAT without a text: the value is not of its kind. */
static int
set_typed(struct reader *r, const struct vt_rule *rule, void *to,
    struct vt_bytes trimmed, struct vt_error *err)
{
	bool ok = true;

	switch (rule->value) {
	case AS_BUSINESS:
		return set_business(r, trimmed);
	case AS_STATUS:
		return set_status(to, trimmed, err);
	case AS_TRACE_ID: /* some hops write their missing id so */
		if (vt_bytes_equal_str(trimmed, "null"))
			return VT_OK;
		return set_text(to, trimmed, err);
	case AS_TRACE_TIME:
		if (!vt_edxml_time_parse(trimmed, to))
			*(int64_t *)to = VT_TIME_NONE;
		return VT_OK;
	case AS_LOOSE_COUNT:
		if (!vt_edxml_count_parse(trimmed, 999999999, to))
			*(int *)to = -1;
		return VT_OK;
	case AS_DATE:
		ok = vt_edxml_date_parse(trimmed, to);
		break;
	case AS_TIME:
		ok = vt_edxml_time_parse(trimmed, to);
		break;
	case AS_COUNT:
		ok = trimmed.len == 0 ||
		     vt_edxml_count_parse(trimmed, 999999999, to);
		break;
	case AS_PRIORITY:
		ok = trimmed.len == 0 ||
		     vt_edxml_count_parse(trimmed, PRIORITY_MAX, to);
		break;
	case AS_BOOL:
		ok = trimmed.len == 0 || vt_edxml_bool_parse(trimmed, to);
		break;
	default:
		break;
	}
	return ok ? VT_OK : VT_EFORMAT;
}

/* Bytes of a value that a message shows: whole characters. */
static size_t
shown(struct vt_bytes value)
{
	size_t n = SHOWN_MAX;

	if (value.len <= n)
		return value.len;
	while (n > 0 && (value.data[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static int
set_value(struct reader *r, const struct frame *leaf, unsigned line,
    struct vt_error *err)
{
	const struct vt_rule *rule = leaf->rule;
	void *to = (unsigned char *)leaf->object + rule->off;
	struct vt_bytes text = vt_buf_bytes(&r->text), trimmed;
	int rc;

	trimmed = vt_edxml_trim(text);
	switch (rule->value) {
	case AS_CONTENT:
		return VT_OK;
	case AS_TEXT:
		return set_text(to, text, err);
	case AS_ID:
		return set_text(to, trimmed, err);
	case AS_CONTENT_ID:
		if (vt_bytes_starts(trimmed, "cid:"))
			trimmed = vt_bytes_slice(trimmed, 4, trimmed.len);
		return set_text(to, trimmed, err);
	case AS_NAME:
		if (text.len > VT_ENVELOPE_ATTACHMENT_NAME_MAX)
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "the text of %s is too long", rule->name);
		return set_text(to, text, err);
	case AS_LIST:
		return add_text(to, text, err);
	case AS_ID_LIST:
		return add_text(to, trimmed, err);
	default:
		break;
	}
	rc = set_typed(r, rule, to, trimmed, err);
	if (rc == VT_EFORMAT)
		vt_error_set(err, rc, QCVN,
		    "the element %s can not be \"%.*s\" (line %u)", rule->name,
		    (int)shown(trimmed), (const char *)trimmed.data, line);
	return rc;
}

/* What must be in an element is asked for where it ends. */
static int
end_of(struct reader *r, const struct frame *f, unsigned line,
    struct vt_error *err)
{
	const struct vt_rule *content;
	struct vt_response *response;

	switch (f->node) {
	case NODE_LEAF:
		r->total += r->text.len;
		return set_value(r, f, line, err);
	case NODE_RESPONSE: /* the SDK writes an empty one */
		response = f->object;
		if (response->organ_id == NULL && response->code == NULL &&
		    response->document_id == NULL && response->date.year == 0)
			r->env->nresponse_for--;
		return VT_OK;
	case NODE_BUSINESS:
		if (r->business)
			return VT_OK;
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s is missing or empty", "BussinessDocType");
	case NODE_ATTACHMENT:
		content =
		    vt_edxml_rule(NODE_ATTACHMENT, "ContentTransferEncoded");
		if ((f->seen >> vt_edxml_slot(content) & 1) != 0)
			return VT_OK;
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the element %s is missing or empty", content->name);
	default:
		return VT_OK;
	}
}

static int
on_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct reader *r = ctx;
	int rc;

	vt_edxml_secret_end(&r->secret);
	if (r->skipped > 0) {
		r->skipped--;
		return VT_OK;
	}
	rc = end_of(r, &r->stack[r->depth], el->line, err);
	r->depth--;
	vt_buf_reset(&r->text);
	return rc;
}

static struct vt_attachment *
attachment_by_id(struct vt_envelope *env, const char *id)
{
	size_t i;

	for (i = 0; i < env->nattachments; i++)
		if (env->attachments[i].content_id != NULL &&
		    strcmp(env->attachments[i].content_id, id) == 0)
			return &env->attachments[i];
	return NULL;
}

static void
fill(char **field, char **from)
{
	if (*field != NULL)
		return;
	*field = *from;
	*from = NULL;
}

/* What the manifest promises must be there; what it says more is taken over. */
static int
join_manifest(struct reader *r, struct vt_error *err)
{
	struct vt_reference *ref;
	struct vt_attachment *a;
	size_t i;

	for (i = 0; i < r->nreferences; i++) {
		ref = &r->references[i];
		a = ref->content_id != NULL
			? attachment_by_id(r->env, ref->content_id)
			: NULL;
		if (a == NULL)
			return vt_error_set(err, VT_EFORMAT, QCVN,
			    "the manifest names the attachment %s, which is "
			    "not there",
			    ref->content_id != NULL ? ref->content_id : "\"\"");
		if (a->extracted) /* a mark of this loop alone */
			return vt_error_set(err, VT_EFORMAT, QCVN,
			    "two attachments have the ContentId %s",
			    ref->content_id);
		a->extracted = true;
		fill(&a->name, &ref->name);
		fill(&a->description, &ref->description);
		fill(&a->content_type, &ref->content_type);
	}
	for (i = 0; i < r->env->nattachments; i++)
		r->env->attachments[i].extracted = false;
	return VT_OK;
}

static int
check_attachments(struct reader *r, struct vt_error *err)
{
	struct vt_attachment *a;
	size_t i;
	int rc;

	if ((rc = join_manifest(r, err)) != VT_OK)
		return rc;
	for (i = 0; i < r->env->nattachments; i++) {
		a = &r->env->attachments[i];
		if (a->content_id != NULL &&
		    attachment_by_id(r->env, a->content_id) != a)
			return vt_error_set(err, VT_EFORMAT, QCVN,
			    "two attachments have the ContentId %s",
			    a->content_id);
		if (a->name == NULL)
			return vt_error_set(err, VT_EFORMAT, QCVN,
			    "the element %s is missing or empty",
			    "AttachmentName");
		if (a->content_type == NULL && a->wire_type != NULL &&
		    (a->content_type = strdup(a->wire_type)) == NULL)
			return vt_error_nomem(err);
	}
	return VT_OK;
}

static int
finish(struct reader *r, struct vt_error *err)
{
	struct vt_envelope *env = r->env;
	int rc;

	env->secret = r->secret.found;
	if (r->status || env->status.code != NULL)
		env->kind = VT_ENVELOPE_STATUS;
	if (env->kind == VT_ENVELOPE_STATUS &&
	    (env->nattachments > 0 || r->nreferences > 0))
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "a status message has an attachment");
	if ((rc = vt_edxml_check(env, VT_EFORMAT, err)) != VT_OK)
		return rc;
	return check_attachments(r, err);
}

int
vt_envelope_read(struct vt_source *src, struct vt_envelope *ret,
    struct vt_error *err)
{
	static const struct vt_xml_handler handler = { .start = on_start,
		.end = on_end,
		.text = on_text,
		.mark = on_mark };
	struct vt_envelope env;
	struct reader r = { .env = &env };
	size_t i;
	int rc;

	vt_envelope_init(&env);
	vt_buf_init(&r.text, VT_ENVELOPE_TEXT_MAX);
	rc = vt_xml_parse(src, &handler, &r, err);
	if (rc == VT_OK)
		rc = finish(&r, err);
	if (rc == VT_OK)
		*ret = env;
	else
		vt_envelope_release(&env);
	for (i = 0; i < r.nreferences; i++) {
		free(r.references[i].content_id);
		free(r.references[i].content_type);
		free(r.references[i].description);
		free(r.references[i].name);
	}
	free(r.references);
	vt_buf_release(&r.text);
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
