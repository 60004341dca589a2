/* transport_dav_list.c - what a server says is in our folder (RFC 4918, 9.1)
 *
 * Its names are foreign text: only the last part of a path is taken, where the
 * one before is our own folder, and a message is asked for below our own URL,
 * wherever the server says that it lies.
 */
#include <string.h>

#include "transport_dav_int.h"
#include "vanthu/xml.h"

#define NS "DAV:"

enum text { NOTHING, HREF, MODIFIED };

struct reading {
	const char *own;
	struct transport_oldest *ret;
	struct transport_parts *parts;
	unsigned depth; /* open elements */
	enum text in;
	struct vt_buf text;
	bool answer; /* this is a multistatus */
	/* of the present response */
	struct transport_item item;
	bool folder;
};

static int
hex(int c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL)
		return -1;
	return at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* The LEN bytes of TEXT, with %XX resolved; false: no name of a file. */
static bool
unescape(const char *text, size_t len, char *out, size_t size)
{
	size_t i, n = 0;
	int c;

	for (i = 0; i < len; i++) {
		c = (unsigned char)text[i];
		if (c == '%') {
			if (i + 2 >= len || hex(text[i + 1]) < 0 ||
			    hex(text[i + 2]) < 0)
				return false;
			c = hex(text[i + 1]) * 16 + hex(text[i + 2]);
			i += 2;
		}
		if (c == '\0' || c == '/' || n + 1 >= size)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return n > 0;
}

/* .../OWN/NAME */
static void
take_href(struct reading *r)
{
	const char *text = vt_buf_str(&r->text), *last, *before;
	char parent[VT_TRANSPORT_ORGAN_MAX + 1], name[NAME_MAX + 1];

	r->item.name[0] = '\0';
	if (strpbrk(text, "?#") != NULL ||
	    (last = strrchr(text, '/')) == NULL || last == text)
		return;
	for (before = last - 1; before > text && *before != '/'; before--)
		;
	if (*before != '/' ||
	    !unescape(before + 1, (size_t)(last - before - 1), parent,
		sizeof(parent)) ||
	    strcmp(parent, r->own) != 0 ||
	    !unescape(last + 1, strlen(last + 1), name, sizeof(name)) ||
	    !(vt_transport_is_message(name) || vt_transport_is_part(name)))
		return;
	memcpy(r->item.name, name, strlen(name) + 1);
}

static bool
is(const struct vt_xml_element *el, const char *local)
{
	return el->ns != NULL && strcmp(el->ns, NS) == 0 &&
	       strcmp(el->local, local) == 0;
}

static int
on_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct reading *r = ctx;

	if (r->depth == 0) {
		if (!is(el, "multistatus"))
			return vt_error_set(err, VT_EFORMAT, "RFC 4918, 14.16",
			    "the server does not list a folder");
		r->answer = true;
	}
	r->in = NOTHING;
	if (r->depth == 1 && is(el, "response")) {
		memset(&r->item, 0, sizeof(r->item));
		r->folder = false;
	} else if (r->depth == 2 && is(el, "href"))
		r->in = HREF;
	else if (r->depth > 2 && is(el, "getlastmodified"))
		r->in = MODIFIED;
	else if (r->depth > 2 && is(el, "collection"))
		r->folder = true;
	vt_buf_reset(&r->text);
	r->depth++;
	return VT_OK;
}

/* A name that is longer than may be is none. */
static int
on_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct reading *r = ctx;
	int rc;

	if (r->in == NOTHING)
		return VT_OK;
	if ((rc = vt_buf_bytes_put(&r->text, piece)) == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc == VT_ELIMIT)
		r->in = NOTHING;
	return VT_OK;
}

static int
on_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct reading *r = ctx;
	int64_t t;

	(void)err;
	r->depth--;
	if (r->in == HREF)
		take_href(r);
	else if (r->in == MODIFIED &&
		 vt_http_date_parse(vt_buf_str(&r->text), &t))
		r->item.mtime.tv_sec = (time_t)t;
	r->in = NOTHING;
	if (r->depth == 1 && is(el, "response") && !r->folder &&
	    r->item.name[0] != '\0') {
		if (r->item.name[0] != '.')
			vt_transport_oldest_add(r->ret, &r->item);
		else if (vt_transport_part_old(r->item.mtime.tv_sec))
			vt_transport_parts_add(r->parts, r->item.name);
	}
	return VT_OK;
}

int
vt_dav_listing_read(struct vt_source *src, bool cut, const char *own,
    struct transport_oldest *ret, struct transport_parts *parts,
    struct vt_error *err)
{
	static const struct vt_xml_handler handler = { .start = on_start,
		.end = on_end,
		.text = on_text };
	struct reading r = { .own = own, .ret = ret, .parts = parts };
	struct vt_error why = { 0 };
	int rc;

	vt_buf_init(&r.text, VT_HTTP_URL_MAX);
	rc = vt_xml_parse(src, &handler, &r, &why);
	vt_buf_release(&r.text);
	/* it ends within an element: what came before is as good */
	if (rc == VT_OK || (rc == VT_EFORMAT && cut && r.answer))
		return VT_OK;
	/* something else stands between us, or it is out of order */
	if (rc == VT_EFORMAT || rc == VT_ELIMIT)
		rc = VT_ENET;
	return vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
}
