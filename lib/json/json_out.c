/*
 * json_out.c - JSON made
 *
 * Written straight into a buffer, not by jansson: a result is one line that
 * may end up on a terminal, so invisible and bidirectional characters are
 * written as \u escapes, which mean the same to every reader, while letters
 * stay legible.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

#define SHA256_LEN 32
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

struct vt_json_out {
	struct vt_buf buf;
	int rc;    /* the first failure */
	int depth; /* open values */
	char close[VT_JSON_DEPTH];
	bool started[VT_JSON_DEPTH]; /* has a member already */
};

struct vt_json_out *
vt_json_out_new(void)
{
	struct vt_json_out *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	vt_buf_init(&o->buf, VT_JSON_MAX);
	o->rc = vt_buf_putc(&o->buf, '{');
	o->close[0] = '}';
	o->depth = 1;
	return o;
}

void
vt_json_out_free(struct vt_json_out *o)
{
	if (o == NULL)
		return;
	vt_buf_release(&o->buf);
	free(o);
}

static void
put(struct vt_json_out *o, struct vt_bytes b)
{
	if (o->rc == VT_OK)
		o->rc = vt_buf_bytes_put(&o->buf, b);
}

static void
put_unit(struct vt_json_out *o, unsigned int unit)
{
	if (o->rc == VT_OK)
		o->rc = vt_buf_printf(&o->buf, "\\u%04x", unit);
}

/* RFC 8259, 7 */
static void
put_character(struct vt_json_out *o, int32_t c, struct vt_bytes as_is)
{
	if (c < 0) {
		put(o, VT_BYTES_LIT(REPLACEMENT));
	} else if (c == '"' || c == '\\') {
		put(o, VT_BYTES_LIT("\\"));
		put(o, as_is);
	} else if (c == '\n') {
		put(o, VT_BYTES_LIT("\\n"));
	} else if (!vt_text_hides(as_is)) {
		put(o, as_is);
	} else if (c < 0x10000) {
		put_unit(o, (unsigned int)c);
	} else {
		put_unit(o, 0xd800u + ((unsigned int)c - 0x10000u) / 0x400u);
		put_unit(o, 0xdc00u + ((unsigned int)c & 0x3ffu));
	}
}

static void
put_string(struct vt_json_out *o, struct vt_bytes s)
{
	size_t pos = 0, start;
	int32_t c;

	put(o, VT_BYTES_LIT("\""));
	while (pos < s.len && o->rc == VT_OK) {
		start = pos;
		c = vt_utf8_next(s, &pos);
		put_character(o, c, vt_bytes_slice(s, start, pos - start));
	}
	put(o, VT_BYTES_LIT("\""));
}

/* What stands before a value. */
static void
begin(struct vt_json_out *o, const char *key)
{
	int top = o->depth - 1;

	if (top < 0) /* the object itself was ended */
		o->rc = VT_EARG;
	if (o->rc != VT_OK)
		return;
	if (o->started[top])
		put(o, VT_BYTES_LIT(","));
	o->started[top] = true;
	if (o->close[top] == '}') {
		put_string(o, vt_bytes_str(key != NULL ? key : ""));
		put(o, VT_BYTES_LIT(":"));
	}
}

static void
open_value(struct vt_json_out *o, const char *key, const char *bracket,
    char close)
{
	if (o == NULL)
		return;
	begin(o, key);
	if (o->rc == VT_OK && o->depth == VT_JSON_DEPTH)
		o->rc = VT_ELIMIT;
	if (o->rc != VT_OK)
		return;
	put(o, vt_bytes_str(bracket));
	o->close[o->depth] = close;
	o->started[o->depth] = false;
	o->depth++;
}

void
vt_json_begin_object(struct vt_json_out *o, const char *key)
{
	open_value(o, key, "{", '}');
}

void
vt_json_begin_array(struct vt_json_out *o, const char *key)
{
	open_value(o, key, "[", ']');
}

void
vt_json_end(struct vt_json_out *o)
{
	if (o == NULL || o->rc != VT_OK)
		return;
	if (o->depth == 0) {
		o->rc = VT_EARG;
		return;
	}
	o->depth--;
	put(o, VT_BYTES(&o->close[o->depth], 1));
}

static void
put_word(struct vt_json_out *o, const char *key, const char *word)
{
	if (o == NULL)
		return;
	begin(o, key);
	put(o, vt_bytes_str(word));
}

void
vt_json_put_null(struct vt_json_out *o, const char *key)
{
	put_word(o, key, "null");
}

void
vt_json_put_bool(struct vt_json_out *o, const char *key, bool b)
{
	put_word(o, key, b ? "true" : "false");
}

void
vt_json_put_int(struct vt_json_out *o, const char *key, int64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	put_word(o, key, text);
}

void
vt_json_put_bytes(struct vt_json_out *o, const char *key, struct vt_bytes s)
{
	if (o == NULL)
		return;
	begin(o, key);
	put_string(o, s);
}

void
vt_json_put_str(struct vt_json_out *o, const char *key, const char *s)
{
	if (s == NULL)
		vt_json_put_null(o, key);
	else
		vt_json_put_bytes(o, key, vt_bytes_str(s));
}

void
vt_json_put_time(struct vt_json_out *o, const char *key, int64_t t)
{
	char text[VT_TIME_TEXT];

	vt_json_put_str(o, key,
	    t == VT_TIME_NONE ? NULL : vt_time_utc(t, text));
}

void
vt_json_put_sha256(struct vt_json_out *o, const char *key,
    const unsigned char *digest)
{
	char text[sizeof("sha256:") + 2 * SHA256_LEN];

	if (digest == NULL) {
		vt_json_put_null(o, key);
		return;
	}
	snprintf(text, sizeof(text), "sha256:");
	vt_hex(VT_BYTES(digest, SHA256_LEN), text + strlen("sha256:"));
	vt_json_put_str(o, key, text);
}

int
vt_json_write(const struct vt_json_out *o, struct vt_buf *ret,
    struct vt_error *err)
{
	size_t was = ret->len;
	int rc = o->rc, i;

	if (rc == VT_OK)
		rc = vt_buf_bytes_put(ret, vt_buf_bytes(&o->buf));
	for (i = o->depth - 1; rc == VT_OK && i >= 0; i--)
		rc = vt_buf_putc(ret, o->close[i]);
	if (rc == VT_OK)
		return VT_OK;
	if (ret->data != NULL) {
		ret->len = was;
		ret->data[was] = '\0';
	}
	if (rc == VT_ELIMIT)
		return vt_error_set(err, rc, NULL, "the result is too long");
	if (rc == VT_EARG)
		return vt_error_set(err, rc, NULL,
		    "the result was ended more often than begun");
	return vt_error_nomem(err);
}
