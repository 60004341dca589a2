/* envelope_name.c - names of attachments, as files and on the wire */
#include <stdio.h>
#include <string.h>

#include "envelope_int.h"
#include "vanthu/text.h"

#define STEM_BYTES 200 /* so that a number still fits behind it */

static bool
is_letter_or_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/*
 * Where the extension of NAME begins, at its dot; its end where there is none.
 * The SDK's own reader forgives a '>' behind it.
 */
static size_t
extension_at(const char *name, size_t *ret_end)
{
	size_t len = strlen(name), i;

	while (len > 0 && (name[len - 1] == '>' || name[len - 1] == ' '))
		len--;
	*ret_end = len;
	for (i = len; i > 0 && len - i < EXTENSION_MAX - 1; i--) {
		if (name[i - 1] == '.')
			return i - 1 > 0 && i < len ? i - 1 : len;
		if (!is_letter_or_digit((unsigned char)name[i - 1]))
			break;
	}
	return len;
}

char *
vt_edxml_extension(const char *name, char out[EXTENSION_MAX])
{
	size_t end, i = extension_at(name, &end), n = 0;

	for (i += i < end ? 1 : 0; i < end && n + 1 < EXTENSION_MAX; i++)
		out[n++] = name[i] >= 'A' && name[i] <= 'Z'
			       ? (char)(name[i] - 'A' + 'a')
			       : name[i];
	out[n] = '\0';
	return out;
}

/* What neither a folder nor a terminal minds. */
static bool
fit(struct vt_bytes c)
{
	return c.data[0] != '/' && c.data[0] != '\\' && !vt_text_hides(c);
}

/* Up to CHARS characters and LIMIT bytes of IN, made safe; bytes written. */
static size_t
put_safe(struct vt_bytes in, size_t chars, size_t limit, char *out)
{
	size_t pos = 0, start, n = 0;
	struct vt_bytes c;

	while (pos < in.len && chars-- > 0) {
		start = pos;
		if (vt_utf8_next(in, &pos) < 0)
			c = VT_BYTES_LIT("_");
		else
			c = vt_bytes_slice(in, start, pos - start);
		if (!fit(c) || (n == 0 && c.data[0] == '.'))
			c = VT_BYTES_LIT("_"); /* no hidden file, no ".." */
		if (n + c.len > limit)
			break;
		memcpy(out + n, c.data, c.len);
		n += c.len;
	}
	return n;
}

char *
vt_edxml_name(const char *name, size_t chars, char out[VT_ENVELOPE_NAME_MAX])
{
	size_t end, dot = extension_at(name, &end), n;
	struct vt_bytes stem = VT_BYTES(name, dot);
	struct vt_bytes ext = VT_BYTES(name + dot, end - dot);

	stem = vt_edxml_trim(stem);
	n = put_safe(stem, chars - ext.len, STEM_BYTES, out);
	while (n > 0 && out[n - 1] == ' ')
		n--;
	memcpy(out + n, ext.data, ext.len); /* letters and digits */
	n += ext.len;
	out[n] = '\0';
	return out;
}

/* The name of attachment I before those of the same name are told apart. */
static char *
plain_name(const struct vt_envelope *env, size_t i,
    char out[VT_ENVELOPE_NAME_MAX])
{
	const char *name = env->attachments[i].name;
	char ext[VT_ENVELOPE_NAME_MAX] = "";

	if (name != NULL)
		vt_edxml_name(name, SIZE_MAX, out);
	if (name != NULL && out[0] == '.')
		memcpy(ext, out, strlen(out) + 1);
	if (name == NULL || out[0] == '\0' || ext[0] != '\0')
		snprintf(out, VT_ENVELOPE_NAME_MAX, "attachment-%zu%.16s",
		    i + 1, ext);
	return out;
}

static bool
taken(const struct vt_envelope *env, const char *name, size_t n)
{
	char other[VT_ENVELOPE_NAME_MAX];
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(plain_name(env, i, other), name) == 0)
			return true;
	return false;
}

char *
vt_envelope_file_name(const struct vt_envelope *env, size_t index,
    char out[VT_ENVELOPE_NAME_MAX])
{
	char plain[VT_ENVELOPE_NAME_MAX];
	size_t end, dot;
	int gap;

	plain_name(env, index, out);
	if (!taken(env, out, index))
		return out;
	/*
	 * The number is unlike that of any other attachment; the gap grows
	 * where one is called "a-2.pdf" from the start.
	 */
	memcpy(plain, out, sizeof(plain));
	dot = extension_at(plain, &end);
	for (gap = 1; gap <= VT_ENVELOPE_ATTACHMENTS_MAX; gap++) {
		snprintf(out, VT_ENVELOPE_NAME_MAX, "%.*s%.*s%zu%s", (int)dot,
		    plain, gap > 8 ? 8 : gap, "--------", index + 1,
		    plain + dot);
		if (gap > 8 || !taken(env, out, env->nattachments))
			break;
	}
	return out;
}
