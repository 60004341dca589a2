/* xml_parse.c - the only caller of libxml2's parser: SAX2, fed in pieces */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"
#include "xml_lib.h"

#if LIBXML_VERSION >= 21200
#define XML_ERROR_ARG const xmlError *
#else
#define XML_ERROR_ARG xmlError *
#endif

struct parse {
	const struct vt_xml_handler *handler;
	void *ctx;
	struct vt_error *err;
	const struct xml_lib *lib;
	xmlParserCtxt *xml;
	int rc;
	unsigned depth;
	bool ending; /* all of the input was fed */
	/*
	 * libxml2 hands wrapped base64 over line by line; gathered here, the
	 * handler sees few large pieces.
	 */
	unsigned char *text;
	size_t text_len;
	bool after_cr; /* within a CDATA section, behind a carriage return */
	/* Between two tags: CDATA sections, and other text but white space. */
	unsigned sections;
	bool plain;
	struct vt_buf values; /* attribute values with references resolved */
	struct vt_xml_attr attrs[VT_XML_ATTRS];
	struct vt_xml_ns nss[VT_XML_ATTRS];
};

static unsigned
line_of(const struct parse *p)
{
	int line = p->lib->line(p->xml);

	return line > 0 ? (unsigned)line : 1;
}

/* End the parse with RC; only from SAX callbacks, where libxml2 allows it. */
static void
stop(struct parse *p, int rc)
{
	if (p->rc == VT_OK)
		p->rc = rc;
	p->lib->stop(p->xml);
}

static void
flush_text(struct parse *p)
{
	size_t len = p->text_len;
	int rc;

	p->text_len = 0;
	if (p->rc != VT_OK || len == 0 || p->handler->text == NULL)
		return;
	rc = p->handler->text(p->ctx, VT_BYTES(p->text, len), p->err);
	if (rc != VT_OK)
		stop(p, rc);
}

/* The text ends at a tag or mark. */
static void
end_text(struct parse *p)
{
	flush_text(p);
	p->sections = 0;
	p->plain = false;
}

static void
text_put(struct parse *p, const xmlChar *data, size_t left)
{
	size_t n;

	while (p->rc == VT_OK && left > 0) {
		n = VT_XML_TEXT_PIECE - p->text_len;
		if (n > left)
			n = left;
		memcpy(p->text + p->text_len, data, n);
		p->text_len += n;
		data += n;
		left -= n;
		if (p->text_len == VT_XML_TEXT_PIECE)
			flush_text(p);
	}
}

/* One more section, or plain text, where there was something before. */
static void
seam_tell(struct parse *p)
{
	int rc;

	if (p->rc != VT_OK || p->handler->seam == NULL)
		return;
	if ((rc = p->handler->seam(p->ctx, p->err)) != VT_OK)
		stop(p, rc);
}

static void
on_text(void *arg, const xmlChar *data, int len)
{
	struct parse *p = arg;
	size_t n = len > 0 ? (size_t)len : 0, i;

	for (i = 0; i < n && !p->plain; i++)
		p->plain = memchr(" \t\r\n", data[i], 4) == NULL;
	if (i > 0 && p->plain && p->sections == 1)
		seam_tell(p);
	text_put(p, data, n);
}

/*
 * A long section comes in pieces, which lie where they stand in the input: the
 * first of them is right behind its mark.
 */
static bool
section_begins(const struct parse *p, const xmlChar *data)
{
	static const char mark[] = "<![CDATA[";
	const xmlParserInput *in = p->xml->input;
	size_t len = sizeof(mark) - 1;

	return in == NULL || data != in->cur ||
	       ((size_t)(in->cur - in->base) >= len &&
		   memcmp(in->cur - len, mark, len) == 0);
}

/*
 * Where it is fed in pieces libxml2 leaves the line ends of a section as they
 * are; nothing else can be a CR there (XML 1.0, 2.11).
 */
static void
on_section(void *arg, const xmlChar *data, int len)
{
	struct parse *p = arg;
	size_t n = len > 0 ? (size_t)len : 0, run;

	if (p->rc != VT_OK)
		return;
	if (section_begins(p, data)) {
		p->after_cr = false;
		p->sections++;
		if (p->sections == 2 || (p->sections == 1 && p->plain))
			seam_tell(p);
	}
	while (p->rc == VT_OK && n > 0) {
		if (p->after_cr && *data == '\n') {
			data++;
			n--;
		}
		for (run = 0; run < n && data[run] != '\r'; run++)
			;
		text_put(p, data, run);
		p->after_cr = run < n;
		if (run < n) {
			text_put(p, (const xmlChar *)"\n", 1);
			run++;
		}
		data += run;
		n -= run;
	}
}

static bool
encoding_known(const char *name)
{
	return strcasecmp(name, "UTF-8") == 0 ||
	       strcasecmp(name, "UTF8") == 0 ||
	       strcasecmp(name, "US-ASCII") == 0 ||
	       strcasecmp(name, "ASCII") == 0;
}

static void
on_document(void *arg)
{
	struct parse *p = arg;
	const char *name;

#if LIBXML_VERSION >= 21400
	name = (const char *)p->lib->encoding(p->xml);
#else
	name = (const char *)p->xml->encoding;
#endif
	if (p->rc == VT_OK && name != NULL && !encoding_known(name))
		stop(p, vt_error_set(p->err, VT_EUNSUPPORTED, "XML 1.0, 4.3.3",
			    "the encoding is %s; only UTF-8 is read", name));
}

/*
 * Billion laughs, external entities and parameter entities all need a DOCTYPE,
 * and no edXML has one.
 */
static void
on_doctype(void *arg, const xmlChar *name, const xmlChar *id,
    const xmlChar *system)
{
	struct parse *p = arg;

	(void)name;
	(void)id;
	(void)system;
	if (p->rc == VT_OK)
		stop(p, vt_error_set(p->err, VT_EFORMAT, "XML 1.0, 2.8",
			    "a DOCTYPE is not accepted (line %u)", line_of(p)));
}

/*
 * A value as the document means it: libxml2, asked not to replace entities,
 * leaves an ampersand written as "&#38;".
 */
static int
put_value(struct parse *p, const xmlChar *from, const xmlChar *to)
{
	static const char amp[] = "&#38;";
	size_t n;
	int rc;

	while (from < to) {
		n = 1;
		if (*from == '&' && (size_t)(to - from) >= sizeof(amp) - 1 &&
		    memcmp(from, amp, sizeof(amp) - 1) == 0)
			n = sizeof(amp) - 1;
		if ((rc = vt_buf_putc(&p->values, *from)) != VT_OK)
			return rc;
		from += n;
	}
	return VT_OK;
}

static int
gather_attrs(struct parse *p, int n, const xmlChar **a, int nns)
{
	size_t off[VT_XML_ATTRS + 1];
	int i, rc = VT_OK;

	vt_buf_reset(&p->values);
	if (n < 0 || n > VT_XML_ATTRS || nns > VT_XML_ATTRS)
		rc = VT_ELIMIT;
	for (i = 0; rc == VT_OK && i < n; i++) {
		off[i] = p->values.len;
		p->attrs[i] = (struct vt_xml_attr){
			.local = (const char *)a[5 * i],
			.prefix = (const char *)a[5 * i + 1],
			.ns = (const char *)a[5 * i + 2],
		};
		rc = put_value(p, a[5 * i + 3], a[5 * i + 4]);
	}
	if (rc == VT_ELIMIT)
		return vt_error_set(p->err, VT_ELIMIT, NULL,
		    "a tag has too many or too long attributes (line %u)",
		    line_of(p));
	if (rc != VT_OK)
		return vt_error_nomem(p->err);
	off[n] = p->values.len;
	for (i = 0; i < n; i++) /* the buffer moves no more */
		p->attrs[i].value = vt_bytes_slice(vt_buf_bytes(&p->values),
		    off[i], off[i + 1] - off[i]);
	return VT_OK;
}

/* gather_attrs() has seen that N is not too many. */
static void
gather_namespaces(struct parse *p, int n, const xmlChar **ns)
{
	int i;

	for (i = 0; i < n; i++)
		p->nss[i] = (struct vt_xml_ns){
			.prefix =
			    ns[2 * i] != NULL ? (const char *)ns[2 * i] : "",
			.uri = ns[2 * i + 1] != NULL
				   ? (const char *)ns[2 * i + 1]
				   : "",
		};
}

static void
on_start(void *arg, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *ns, int nns, const xmlChar **namespaces, int nattrs,
    int ndefaulted, const xmlChar **attrs)
{
	struct parse *p = arg;
	struct vt_xml_element el = {
		.local = (const char *)local,
		.prefix = (const char *)prefix,
		.ns = (const char *)ns,
	};
	int rc;

	(void)ndefaulted;
	end_text(p);
	if (p->rc != VT_OK)
		return;
	el.line = line_of(p);
	if (++p->depth > VT_XML_DEPTH)
		rc = vt_error_set(p->err, VT_ELIMIT, NULL,
		    "more than %d elements stand in each other (line %u)",
		    VT_XML_DEPTH, el.line);
	else if (prefix != NULL && ns == NULL)
		rc =
		    vt_error_set(p->err, VT_EFORMAT, "Namespaces in XML 1.0, 5",
			"the prefix of %s:%s is not declared (line %u)",
			el.prefix, el.local, el.line);
	else
		rc = gather_attrs(p, nattrs, attrs, nns);
	if (rc == VT_OK && p->handler->start != NULL) {
		gather_namespaces(p, nns, namespaces);
		el.attrs = p->attrs;
		el.nattrs = (size_t)nattrs;
		el.nss = p->nss;
		el.nnss = (size_t)nns;
		rc = p->handler->start(p->ctx, &el, p->err);
	}
	if (rc != VT_OK)
		stop(p, rc);
}

static void
on_end(void *arg, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *ns)
{
	struct parse *p = arg;
	struct vt_xml_element el = {
		.local = (const char *)local,
		.prefix = (const char *)prefix,
		.ns = (const char *)ns,
	};
	int rc;

	end_text(p);
	if (p->rc != VT_OK)
		return;
	p->depth--;
	el.line = line_of(p);
	if (p->handler->end == NULL)
		return;
	if ((rc = p->handler->end(p->ctx, &el, p->err)) != VT_OK)
		stop(p, rc);
}

static void
on_mark(struct parse *p, const xmlChar *target, const xmlChar *text)
{
	struct vt_xml_mark mark = {
		.target = (const char *)target,
		.text = vt_bytes_str(text != NULL ? (const char *)text : ""),
	};
	int rc;

	end_text(p);
	if (p->rc != VT_OK || p->handler->mark == NULL)
		return;
	mark.line = line_of(p);
	rc = p->handler->mark(p->ctx, &mark, p->err);
	if (rc != VT_OK)
		stop(p, rc);
}

static void
on_comment(void *arg, const xmlChar *value)
{
	on_mark(arg, NULL, value);
}

static void
on_instruction(void *arg, const xmlChar *target, const xmlChar *data)
{
	on_mark(arg, target, data);
}

/* libxml2's own texts are not in our catalogue; these are. */
static const char *
reason_of(int code)
{
	switch (code) {
	case XML_ERR_DOCUMENT_EMPTY:
		return VT_N_("there is no root element (line %u)");
	case XML_ERR_DOCUMENT_END:
		return VT_N_(
		    "the document ends too early, or goes on behind its "
		    "root element (line %u)");
	case XML_ERR_TAG_NAME_MISMATCH:
		return VT_N_(
		    "an end tag does not match its start tag (line %u)");
	case XML_ERR_TAG_NOT_FINISHED:
		return VT_N_("the document ends within an element (line %u)");
	case XML_ERR_INVALID_CHAR:
	case XML_ERR_INVALID_CHARREF:
	case XML_ERR_INVALID_ENCODING:
		return VT_N_(
		    "bytes that are not UTF-8, or a character that XML "
		    "does not allow (line %u)");
	case XML_ERR_UNDECLARED_ENTITY:
	case XML_WAR_UNDECLARED_ENTITY:
		return VT_N_("an entity that is not declared (line %u)");
	case XML_ERR_ATTRIBUTE_REDEFINED:
	case XML_NS_ERR_ATTRIBUTE_REDEFINED:
		return VT_N_("an attribute stands twice in a tag (line %u)");
	default:
		return VT_N_("not well-formed XML (line %u)");
	}
}

/*
 * Errors are recorded only; a fatal one ends the calls of libxml2 by itself,
 * and the parse after the present piece.  Everything comes here, so nothing is
 * printed.
 */
static void
on_error(void *arg, XML_ERROR_ARG e)
{
	struct parse *p = arg;
	unsigned line = e->line > 0 ? (unsigned)e->line : 1;

	if (p->rc != VT_OK || e->level < XML_ERR_ERROR)
		return;
	switch (e->code) {
	case XML_NS_ERR_UNDEFINED_NAMESPACE:
		return; /* on_start() refuses it for elements */
	case XML_ERR_NO_MEMORY:
		p->rc = vt_error_nomem(p->err);
		return;
	case XML_ERR_INTERNAL_ERROR: /* its limits on names and tags */
	case XML_ERR_NAME_TOO_LONG:
		if (p->ending) /* or a tag without an end */
			break;
		p->rc = vt_error_set(p->err, VT_ELIMIT, NULL,
		    "a name, tag or comment is too long (line %u)", line);
		return;
	case XML_ERR_UNKNOWN_ENCODING:
	case XML_ERR_UNSUPPORTED_ENCODING:
		p->rc = vt_error_set(p->err, VT_EUNSUPPORTED, "XML 1.0, 4.3.3",
		    "the encoding is not UTF-8 (line %u)", line);
		return;
	default:
		break;
	}
	p->rc = vt_error_set(p->err, VT_EFORMAT, "XML 1.0", reason_of(e->code),
	    line);
}

static const xmlSAXHandler sax = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startDocument = on_document,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_section,
	.comment = on_comment,
	.processingInstruction = on_instruction,
	.serror = on_error,
};

/*
 * libxml2 guesses encodings from the first bytes: UTF-16, UCS-4 and EBCDIC are
 * refused before it sees them.
 */
static int
check_start(struct vt_source *src, struct vt_error *err)
{
	static const unsigned char bom[] = { 0xef, 0xbb, 0xbf };
	struct vt_bytes head;
	size_t i = 0;
	int rc;

	if ((rc = vt_source_view(src, 0, 5, &head, err)) != VT_OK)
		return rc;
	if (head.len >= 3 && memcmp(head.data, bom, 3) == 0)
		i = 3;
	if (head.len == 0)
		return vt_error_set(err, VT_EFORMAT, "XML 1.0, 2.1",
		    "the file is empty");
	if (head.len >= 2 &&
	    ((head.data[0] == 0xff && head.data[1] == 0xfe) ||
		(head.data[0] == 0xfe && head.data[1] == 0xff) ||
		head.data[0] == 0 || head.data[1] == 0))
		return vt_error_set(err, VT_EUNSUPPORTED, "XML 1.0, 4.3.3",
		    "the encoding is not UTF-8 (line %u)", 1U);
	if (i == head.len || memchr("< \t\r\n", head.data[i], 5) == NULL)
		return vt_error_set(err, VT_EFORMAT, "XML 1.0, 2.1",
		    "this is not XML");
	return VT_OK;
}

/* Stop before libxml2's own, larger limits make it slow. */
static int
check_limits(struct parse *p, struct vt_error *err)
{
	const xmlParserInput *in = p->xml->input;

	if (in != NULL && in->end - in->cur > VT_XML_TAG_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a name, tag or comment is too long (line %u)", line_of(p));
	if (p->xml->dict != NULL &&
	    p->lib->names(p->xml->dict) > VT_XML_NAMES_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d different names (line %u)", VT_XML_NAMES_MAX,
		    line_of(p));
	return VT_OK;
}

static int
feed(void *arg, struct vt_bytes piece, struct vt_error *err)
{
	struct parse *p = arg;
	int status;

	status =
	    p->lib->feed(p->xml, (const char *)piece.data, (int)piece.len, 0);
	if (p->rc == VT_OK && status != 0 && p->xml->wellFormed == 0)
		p->rc = vt_error_set(err, VT_EFORMAT, "XML 1.0",
		    reason_of(status), line_of(p));
	if (p->rc == VT_OK)
		p->rc = check_limits(p, err);
	return p->rc;
}

int
vt_xml_parse(struct vt_source *src, const struct vt_xml_handler *handler,
    void *ctx, struct vt_error *err)
{
	struct parse p = { .handler = handler, .ctx = ctx, .err = err };
	xmlSAXHandler copy = sax;
	xmlStructuredErrorFunc outer;
	void *outer_ctx;
	int rc;

	if ((rc = check_start(src, err)) != VT_OK)
		return rc;
	if ((p.lib = vt_xml_lib(err)) == NULL)
		return VT_EUNSUPPORTED;
	outer = *p.lib->error_fn();
	outer_ctx = *p.lib->error_ctx();
	vt_buf_init(&p.values, VT_XML_ATTR_MAX);
	/* What libxml2 cannot lay at the parser's door it would print. */
	p.lib->set_error(&p, on_error);
	p.text = malloc(VT_XML_TEXT_PIECE);
	p.xml = p.lib->open(&copy, &p, NULL, 0, NULL);
	if (p.text == NULL || p.xml == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	/* Never HUGE, NOENT or DTDLOAD: its own limits stay in force. */
	p.lib->use_options(p.xml, XML_PARSE_NONET);
	rc = vt_source_stream(src, 0, vt_source_size(src), feed, &p, err);
	if (rc != VT_OK)
		goto out;
	p.ending = true;
	(void)p.lib->feed(p.xml, "", 0, 1);
	if (p.rc == VT_OK && (p.xml->wellFormed == 0 || p.depth != 0))
		p.rc = vt_error_set(err, VT_EFORMAT, "XML 1.0",
		    reason_of(p.xml->errNo), line_of(&p));
	rc = p.rc;
out:
	if (p.xml != NULL)
		p.lib->close(p.xml);
	p.lib->set_error(outer_ctx, outer);
	free(p.text);
	vt_buf_release(&p.values);
	return rc;
}
