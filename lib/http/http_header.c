/* http_header.c - the lines of an answer's head that decide something here */
#include <string.h>
#include <strings.h>

#include "http_int.h"

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
vt_http_header(struct vt_bytes line, const char *name, struct vt_bytes *ret)
{
	size_t len = strlen(name);

	if (line.len <= len || line.data[len] != ':' ||
	    strncasecmp((const char *)line.data, name, len) != 0)
		return false;
	line = vt_bytes_slice(line, len + 1, line.len);
	while (line.len > 0 && is_blank(line.data[0]))
		line = vt_bytes_slice(line, 1, line.len);
	while (line.len > 0 && is_blank(line.data[line.len - 1]))
		line = vt_bytes_slice(line, 0, line.len - 1);
	*ret = line;
	return true;
}

static bool
is_word(struct vt_bytes text, const char *word)
{
	return text.len == strlen(word) &&
	       strncasecmp((const char *)text.data, word, text.len) == 0;
}

bool
vt_http_packed(struct vt_bytes line, unsigned *gzip)
{
	struct vt_bytes value;

	if (vt_http_header(line, "Transfer-Encoding", &value))
		return !is_word(value, "chunked");
	if (gzip == NULL || !vt_http_header(line, "Content-Encoding", &value) ||
	    value.len == 0 || is_word(value, "identity"))
		return false;
	return !is_word(value, "gzip") || ++*gzip > 1;
}

int
vt_http_packed_error(struct vt_error *err)
{
	return vt_error_set(err, VT_ENET, "RFC 9112, 6.1",
	    "no whole answer: it is packed in a way that was not asked for");
}
