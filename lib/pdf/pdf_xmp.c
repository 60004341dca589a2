/* pdf_xmp.c - whether metadata are what they claim to be (14.3.2)
 *
 * Nobody reads them here.  A stream that may change after a signature must not
 * be anything but metadata, so its elements must close each other, and the root
 * be that of an XMP packet.  Not a validating parser; what is odd is refused.
 */
#include <string.h>

#include "pdf_compare_int.h"

struct xmp {
	struct vt_bytes b;
	size_t at;
	struct vt_bytes
	    open[VT_PDF_XMP_DEPTH_MAX]; /* the elements that are not closed */
	size_t depth;
	size_t roots;
};

static int
peek(const struct xmp *x)
{
	return x->at < x->b.len ? x->b.data[x->at] : -1;
}

static bool
accept(struct xmp *x, const char *text)
{
	if (!vt_bytes_starts(vt_bytes_slice(x->b, x->at, SIZE_MAX), text))
		return false;
	x->at += strlen(text);
	return true;
}

static bool
skip_to(struct xmp *x, const char *text)
{
	size_t at = vt_bytes_find(x->b, x->at, text);

	if (at == SIZE_MAX)
		return false;
	x->at = at + strlen(text);
	return true;
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_blanks(struct xmp *x)
{
	while (is_blank(peek(x)))
		x->at++;
}

static bool
is_name_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '-' ||
	       c == '.' || c >= 0x80;
}

static struct vt_bytes
name(struct xmp *x)
{
	size_t from = x->at;

	while (is_name_char(peek(x)))
		x->at++;
	return vt_bytes_slice(x->b, from, x->at - from);
}

/* "&amp;" and its kin, and numbers; any other would need a declaration. */
static bool
reference(struct xmp *x)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;",
		"&apos;" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (accept(x, known[i]))
			return true;
	if (!accept(x, "&#") || !is_name_char(peek(x)))
		return false;
	name(x);
	return accept(x, ";");
}

/* Up to STOP, which is not part of it, and which must come. */
static bool
text(struct xmp *x, int stop)
{
	const unsigned char *s = x->b.data;
	size_t n = x->b.len;

	while (x->at < n && s[x->at] != stop) {
		if (s[x->at] == 0 || s[x->at] == '<')
			return false;
		if (s[x->at] != '&')
			x->at++;
		else if (!reference(x))
			return false;
	}
	return x->at < n;
}

static bool
attributes(struct xmp *x)
{
	int quote;

	for (;;) {
		if (!is_blank(peek(x)))
			return true;
		skip_blanks(x);
		if (!is_name_char(peek(x)))
			return true;
		name(x);
		skip_blanks(x);
		if (!accept(x, "="))
			return false;
		skip_blanks(x);
		quote = peek(x);
		if (quote != '"' && quote != '\'')
			return false;
		x->at++;
		if (!text(x, quote))
			return false;
		x->at++;
	}
}

static bool
is_root(struct vt_bytes n)
{
	return vt_bytes_equal_str(n, "x:xmpmeta") ||
	       vt_bytes_equal_str(n, "x:xapmeta") ||
	       vt_bytes_equal_str(n, "rdf:RDF");
}

/* Behind "<". */
static bool
element(struct xmp *x)
{
	struct vt_bytes n;

	if (accept(x, "/")) {
		n = name(x);
		skip_blanks(x);
		return x->depth > 0 && vt_bytes_equal(x->open[--x->depth], n) &&
		       accept(x, ">");
	}
	n = name(x);
	if (n.len == 0 || x->depth == VT_PDF_XMP_DEPTH_MAX ||
	    (x->depth == 0 && (!is_root(n) || x->roots++ > 0)) ||
	    !attributes(x))
		return false;
	if (accept(x, "/>"))
		return true;
	x->open[x->depth++] = n;
	return accept(x, ">");
}

static bool
markup(struct xmp *x)
{
	if (accept(x, "<?"))
		return skip_to(x, "?>");
	if (accept(x, "<!--"))
		return skip_to(x, "-->");
	if (x->depth > 0 && accept(x, "<![CDATA["))
		return skip_to(x, "]]>");
	x->at++;
	return element(x);
}

bool
vt_pdf_is_xmp(struct vt_bytes b)
{
	struct xmp x = { .b = b };
	bool ok = true;

	accept(&x, "\xef\xbb\xbf");
	while (ok && x.at < b.len) {
		if (b.data[x.at] == '<')
			ok = markup(&x);
		else if (x.depth > 0)
			ok = text(&x, '<');
		else
			/* Some writers pad with NUL behind the packet. */
			ok = is_blank(b.data[x.at]) || b.data[x.at] == 0
				 ? ++x.at > 0
				 : false;
	}
	return ok && x.depth == 0 && x.roots == 1;
}
