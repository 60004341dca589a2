/* xsig_place.c - where in the bytes of a document an element ends */
#include <string.h>

#include "xsig_int.h"

/*
 * The document was read by vt_xml_tree_read() before: it is well-formed, in
 * UTF-8, and has no DOCTYPE, so that tags, comments, sections and instructions
 * are all there is, and '<' begins nothing else.
 */

/* Behind END, from AT on; or the end of all. */
static size_t
behind(struct vt_bytes doc, size_t at, const char *end)
{
	size_t found = vt_bytes_find(doc, at, end);

	return found == SIZE_MAX ? doc.len : found + strlen(end);
}

/* Behind the '>' of the tag at AT; its values may have '>' in them. */
static size_t
tag_end(struct vt_bytes doc, size_t at)
{
	unsigned char quote = 0;

	for (; at < doc.len; at++) {
		if (quote != 0) {
			if (doc.data[at] == quote)
				quote = 0;
		} else if (doc.data[at] == '"' || doc.data[at] == '\'') {
			quote = doc.data[at];
		} else if (doc.data[at] == '>') {
			return at + 1;
		}
	}
	return doc.len;
}

static size_t
name_len(struct vt_bytes doc, size_t at)
{
	size_t i;

	for (i = at; i < doc.len && memchr(" \t\r\n/>", doc.data[i], 6) == NULL;
	     i++)
		;
	return i - at;
}

bool
vt_xsig_place(struct vt_bytes doc, size_t element, struct xsig_place *ret)
{
	size_t at = 0, end, n = 0, depth = 0, wanted = 0;
	bool inside = false;

	while ((at = vt_bytes_find(doc, at, "<")) != SIZE_MAX) {
		struct vt_bytes rest = vt_bytes_slice(doc, at, doc.len);

		if (vt_bytes_starts(rest, "<!--")) {
			at = behind(doc, at + 4, "-->");
		} else if (vt_bytes_starts(rest, "<![CDATA[")) {
			at = behind(doc, at + 9, "]]>");
		} else if (vt_bytes_starts(rest, "<?")) {
			at = behind(doc, at + 2, "?>");
		} else if (vt_bytes_starts(rest, "</")) {
			if (inside && depth == wanted) {
				*ret = (struct xsig_place){ .at = at };
				return true;
			}
			depth--;
			at = tag_end(doc, at);
		} else {
			end = tag_end(doc, at);
			if (n == element && doc.data[end - 2] == '/') {
				*ret = (struct xsig_place){ .at = end - 2,
					.empty = vt_bytes_slice(doc, at + 1,
					    name_len(doc, at + 1)) };
				return true;
			}
			if (doc.data[end - 2] != '/')
				depth++;
			if (n++ == element) {
				inside = true;
				wanted = depth;
			}
			at = end;
		}
	}
	return false;
}
