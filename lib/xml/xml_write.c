/* xml_write.c - XML out, in the layout that the axis' own SDK writes */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/text.h"
#include "vanthu/xml.h"

#define PENDING (64 * 1024)

struct vt_xml_writer {
	vt_sink_fn *sink;
	void *ctx;
	int rc;
	struct vt_error err; /* of the first failure */
	struct vt_buf buf;   /* not handed over yet */
	const char *names[VT_XML_DEPTH];
	bool children[VT_XML_DEPTH]; /* has child elements */
	unsigned depth;
	bool tag_open; /* the start tag lacks its '>' */
};

static bool
char_valid(int32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' ||
	       (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) ||
	       (c >= 0x10000 && c <= 0x10ffff);
}

bool
vt_xml_text_valid(struct vt_bytes text)
{
	size_t pos = 0;

	while (pos < text.len)
		if (!char_valid(vt_utf8_next(text, &pos)))
			return false;
	return true;
}

static void
fail(struct vt_xml_writer *w, int rc)
{
	if (w->rc == VT_OK)
		w->rc = rc;
}

static void
hand_over(struct vt_xml_writer *w)
{
	if (w->rc == VT_OK && w->buf.len > 0)
		fail(w, w->sink(w->ctx, vt_buf_bytes(&w->buf), &w->err));
	vt_buf_reset(&w->buf);
}

static void
put(struct vt_xml_writer *w, const void *data, size_t len)
{
	const unsigned char *from = data;
	size_t n;

	while (w->rc == VT_OK && len > 0) {
		if (w->buf.len == PENDING)
			hand_over(w);
		n = PENDING - w->buf.len;
		if (n > len)
			n = len;
		if (vt_buf_put(&w->buf, from, n) != VT_OK)
			fail(w, vt_error_nomem(&w->err));
		from += n;
		len -= n;
	}
}

static void
put_str(struct vt_xml_writer *w, const char *s)
{
	put(w, s, strlen(s));
}

static void
escape(struct vt_xml_writer *w, struct vt_bytes text, bool attribute)
{
	size_t i, from = 0;
	const char *ref;

	if (w->rc == VT_OK && !vt_xml_text_valid(text))
		fail(w, vt_error_set(&w->err, VT_EFORMAT, "XML 1.0, 2.2",
			    "a text has a character that XML does not allow"));
	for (i = 0; i < text.len; i++) {
		ref = NULL;
		switch (text.data[i]) {
		case '&':
			ref = "&amp;";
			break;
		case '<':
			ref = "&lt;";
			break;
		case '>':
			ref = "&gt;";
			break;
		case '\r':
			ref = "&#13;";
			break;
		case '"':
			ref = attribute ? "&quot;" : NULL;
			break;
		case '\n':
			ref = attribute ? "&#10;" : NULL;
			break;
		case '\t':
			ref = attribute ? "&#9;" : NULL;
			break;
		}
		if (ref == NULL)
			continue;
		put(w, text.data + from, i - from);
		put_str(w, ref);
		from = i + 1;
	}
	put(w, text.data + from, text.len - from);
}

static void
finish_tag(struct vt_xml_writer *w)
{
	if (w->tag_open)
		put_str(w, ">");
	w->tag_open = false;
}

static void
new_line(struct vt_xml_writer *w)
{
	unsigned i;

	put_str(w, "\n");
	for (i = 0; i < w->depth; i++)
		put_str(w, "  ");
}

int
vt_xml_writer_new(vt_sink_fn *sink, void *ctx, struct vt_xml_writer **ret,
    struct vt_error *err)
{
	struct vt_xml_writer *w;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		return vt_error_nomem(err);
	w->sink = sink;
	w->ctx = ctx;
	vt_buf_init(&w->buf, PENDING);
	put_str(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	*ret = w;
	return VT_OK;
}

void
vt_xml_writer_free(struct vt_xml_writer *w)
{
	if (w == NULL)
		return;
	vt_buf_release(&w->buf);
	free(w);
}

void
vt_xml_open(struct vt_xml_writer *w, const char *qname)
{
	if (w->rc != VT_OK)
		return;
	if (w->depth == VT_XML_DEPTH) {
		fail(w, vt_error_set(&w->err, VT_ELIMIT, NULL,
			    "more than %d elements stand in each other",
			    VT_XML_DEPTH));
		return;
	}
	finish_tag(w);
	if (w->depth > 0)
		w->children[w->depth - 1] = true;
	new_line(w);
	put_str(w, "<");
	put_str(w, qname);
	w->names[w->depth] = qname;
	w->children[w->depth] = false;
	w->depth++;
	w->tag_open = true;
}

void
vt_xml_attr(struct vt_xml_writer *w, const char *qname, const char *value)
{
	put_str(w, " ");
	put_str(w, qname);
	put_str(w, "=\"");
	escape(w, vt_bytes_str(value), true);
	put_str(w, "\"");
}

void
vt_xml_text(struct vt_xml_writer *w, struct vt_bytes text)
{
	if (text.len == 0)
		return;
	finish_tag(w);

	escape(w, text, false);
}

void
vt_xml_plain(struct vt_xml_writer *w, struct vt_bytes text)
{
	if (text.len == 0)
		return;
	finish_tag(w);

	put(w, text.data, text.len);
}

void
vt_xml_close(struct vt_xml_writer *w)
{
	if (w->rc != VT_OK || w->depth == 0)
		return;
	w->depth--;
	if (w->tag_open) {
		put_str(w, " />");
	} else {
		if (w->children[w->depth])
			new_line(w);
		put_str(w, "</");
		put_str(w, w->names[w->depth]);
		put_str(w, ">");
	}
	w->tag_open = false;
}

void
vt_xml_leaf(struct vt_xml_writer *w, const char *qname, const char *text)
{
	vt_xml_open(w, qname);
	if (text != NULL)
		vt_xml_text(w, vt_bytes_str(text));
	vt_xml_close(w);
}

int
vt_xml_writer_state(const struct vt_xml_writer *w)
{
	return w->rc;
}

int
vt_xml_writer_end(struct vt_xml_writer *w, struct vt_error *err)
{
	while (w->rc == VT_OK && w->depth > 0)
		vt_xml_close(w);
	put_str(w, "\n");
	hand_over(w);
	if (w->rc != VT_OK && err != NULL && err->code == VT_OK)
		*err = w->err;
	return w->rc;
}
