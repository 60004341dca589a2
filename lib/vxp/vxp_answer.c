/* vxp_answer.c - an answer of the axis, read in pieces of any size */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/vxp.h"

#define CHUNK 4096 /* characters of base64 that are decoded at once */
#define DATA "data"

/* What the next byte belongs to. */
enum place {
	REST, /* all but the value of "data"; kept, for jansson to judge */
	ROWS, /* in the array, between rows */
	ROW,
	BASE64
};

/* Where a JSON text is, by brackets and quotes. */
struct nesting {
	int depth;
	bool string, escape;
};

struct vt_vxp_answer {
	struct vt_vxp_answer_calls calls;
	enum place place;
	struct vt_buf rest, row;
	struct nesting in_rest, in_row;
	size_t seen; /* bytes of a mark of byte order, then of all else */

	char key[sizeof(DATA)]; /* the last string of the outer object */
	size_t key_len;
	bool data_next; /* the value that follows is data's */
	bool has_data;

	bool row_before, comma_before;

	struct vt_base64_decoder decoder;
	char chunk[CHUNK];
	size_t chunk_len;
	bool escape;
	int unicode; /* digits of \uXXXX that are to come */
	unsigned unit;
};

int
vt_vxp_answer_new(const struct vt_vxp_answer_calls *calls,
    struct vt_vxp_answer **ret, struct vt_error *err)
{
	struct vt_vxp_answer *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return vt_error_nomem(err);
	a->calls = *calls;
	vt_buf_init(&a->rest, VT_VXP_REST_MAX);
	vt_buf_init(&a->row, VT_VXP_ROW_MAX);
	*ret = a;
	return VT_OK;
}

void
vt_vxp_answer_free(struct vt_vxp_answer *a)
{
	if (a == NULL)
		return;
	vt_buf_release(&a->rest);
	vt_buf_release(&a->row);
	free(a);
}

static int
no_answer(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "the answer is not one of the axis' protocol");
}

static int
keep(struct vt_buf *b, int c, struct vt_error *err)
{
	int rc = vt_buf_putc(b, c);

	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a part of the answer is longer than %zu bytes", b->max);
	return rc == VT_OK ? VT_OK : (int)vt_error_nomem(err);
}

/* false: C closes what was never opened. */
static bool
step(struct nesting *n, int c)
{
	if (n->string) {
		if (n->escape)
			n->escape = false;
		else if (c == '\\')
			n->escape = true;
		else if (c == '"')
			n->string = false;
		return true;
	}
	if (c == '"')
		n->string = true;
	else if (c == '{' || c == '[')
		n->depth++;
	else if (c == '}' || c == ']')
		n->depth--;
	return n->depth >= 0;
}

/* ---- all but data ---- */

static bool
blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Which key the present value has, in the outer object. */
static void
note_key(struct vt_vxp_answer *a, int c, bool in_string)
{
	if (in_string) {
		if (c != '"' && a->key_len < sizeof(a->key))
			a->key[a->key_len++] = (char)c;
	} else if (c == '"')
		a->key_len = 0;
	else if (c == ':')
		a->data_next = a->key_len == strlen(DATA) &&
			       memcmp(a->key, DATA, strlen(DATA)) == 0;
	else if (!blank(c))
		a->data_next = false;
}

static int
feed_rest(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	bool in_string = a->in_rest.string;
	bool data = a->in_rest.depth == 1 && !in_string && a->data_next;
	int rc;

	if (a->in_rest.depth == 0 && blank(c))
		return VT_OK;
	if (a->in_rest.depth == 0 && (c != '{' || a->rest.len > 0))
		return no_answer(err); /* all is one object */
	if ((rc = keep(&a->rest, c, err)) != VT_OK)
		return rc;
	if (data && c == '[') {
		a->place = ROWS;
		a->has_data = true;
		a->row_before = a->comma_before = a->data_next = false;
		return VT_OK;
	}
	if (data && c == '"' && a->calls.file != NULL) {
		a->place = BASE64;
		a->has_data = true;
		a->data_next = false;
		memset(&a->decoder, 0, sizeof(a->decoder));
		return VT_OK;
	}
	if (a->in_rest.depth == 1)
		note_key(a, c, in_string);
	return step(&a->in_rest, c) ? VT_OK : no_answer(err);
}

/* ---- rows ---- */

static int
end_row(struct vt_vxp_answer *a, struct vt_error *err)
{
	struct vt_json *row = NULL;
	int rc;

	a->place = ROWS;
	a->row_before = true;
	a->comma_before = false;
	if (a->calls.row == NULL)
		return VT_OK;
	rc = vt_json_parse(vt_buf_bytes(&a->row), &row, err);
	if (rc == VT_OK)
		rc = a->calls.row(a->calls.ctx, row, err);
	vt_json_free(row);
	return rc;
}

static int
feed_row(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	int rc;

	if ((rc = keep(&a->row, c, err)) != VT_OK)
		return rc;
	if (!step(&a->in_row, c))
		return no_answer(err);
	return a->in_row.depth == 0 ? end_row(a, err) : VT_OK;
}

static int
feed_rows(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	if (blank(c))
		return VT_OK;
	if (c == '{' && (!a->row_before || a->comma_before)) {
		vt_buf_reset(&a->row);
		memset(&a->in_row, 0, sizeof(a->in_row));
		a->place = ROW;
		return feed_row(a, c, err);
	}
	if (c == ',' && a->row_before && !a->comma_before) {
		a->comma_before = true;
		return VT_OK;
	}
	if (c != ']' || a->comma_before)
		return no_answer(err);
	a->place = REST;
	return keep(&a->rest, c, err);
}

/* ---- a file ---- */

static int
decode(struct vt_vxp_answer *a, struct vt_error *err)
{
	unsigned char bytes[CHUNK / 4 * 3 + 3];
	size_t len = 0;

	if (!vt_base64_decode(&a->decoder, VT_BYTES(a->chunk, a->chunk_len),
		bytes, &len))
		return vt_error_set(err, VT_EFORMAT, "RFC 4648",
		    "the file in the answer is not base64");
	a->chunk_len = 0;
	return len > 0 ? a->calls.file(a->calls.ctx, VT_BYTES(bytes, len), err)
		       : VT_OK;
}

static int
add(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	a->chunk[a->chunk_len++] = (char)c;
	return a->chunk_len == CHUNK ? decode(a, err) : VT_OK;
}

/* RFC 8259, 7: producers write "/" and "+" and line ends as escapes. */
static int
feed_escape(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	const char *digit;

	if (a->unicode > 0) {
		if (c == '\0' || (digit = strchr(hex, c)) == NULL)
			return no_answer(err);
		a->unit = a->unit * 16 + (unsigned)(digit - hex < 16
							? digit - hex
							: digit - hex - 6);
		if (--a->unicode > 0)
			return VT_OK;
		a->escape = false;
		return add(a, a->unit < 0x80 ? (int)a->unit : '!', err);
	}
	if (c == 'u') {
		a->unicode = 4;
		a->unit = 0;
		return VT_OK;
	}
	a->escape = false;
	if (c == 'n' || c == 'r' || c == 't')
		return add(a, ' ', err);
	return c == '/' ? add(a, c, err) : no_answer(err);
}

static int
feed_base64(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	int rc;

	if (a->escape)
		return feed_escape(a, c, err);
	if (c == '\\') {
		a->escape = true;
		return VT_OK;
	}
	if (c != '"')
		return add(a, c, err);
	if ((rc = decode(a, err)) != VT_OK)
		return rc;
	if (!vt_base64_decode_end(&a->decoder))
		return vt_error_set(err, VT_EFORMAT, "RFC 4648",
		    "the file in the answer is not base64");
	a->place = REST;
	return keep(&a->rest, c, err);
}

/* As many bytes of PIECE as are base64 and nothing else, at once. */
static int
feed_run(struct vt_vxp_answer *a, struct vt_bytes piece, size_t *ret_n,
    struct vt_error *err)
{
	const unsigned char *quote, *escape;
	size_t n = CHUNK - a->chunk_len;

	n = n < piece.len ? n : piece.len;
	quote = memchr(piece.data, '"', n);
	if (quote != NULL)
		n = (size_t)(quote - piece.data);
	escape = memchr(piece.data, '\\', n);
	if (escape != NULL)
		n = (size_t)(escape - piece.data);
	memcpy(a->chunk + a->chunk_len, piece.data, n);
	a->chunk_len += n;
	*ret_n = n;
	return a->chunk_len == CHUNK ? decode(a, err) : VT_OK;
}

/* ---- the whole ---- */

int
vt_vxp_answer_feed(void *answer, struct vt_bytes piece, struct vt_error *err)
{
	static const char mark[] = "\xef\xbb\xbf"; /* .NET puts one first */
	struct vt_vxp_answer *a = answer;
	size_t i, run = 0;
	int c, rc = VT_OK;

	for (i = 0; rc == VT_OK && i < piece.len; i++) {
		if (a->place == BASE64 && !a->escape) {
			rc = feed_run(a, vt_bytes_slice(piece, i, piece.len),
			    &run, err);
			i += run;
			if (rc != VT_OK || i == piece.len)
				break;
		}
		c = piece.data[i];
		if (a->seen < 3 && c == (unsigned char)mark[a->seen]) {
			a->seen++;
			continue;
		}
		a->seen = 3;
		switch (a->place) {
		case ROWS:
			rc = feed_rows(a, c, err);
			break;
		case ROW:
			rc = feed_row(a, c, err);
			break;
		case BASE64:
			rc = feed_base64(a, c, err);
			break;
		case REST:
		default:
			rc = feed_rest(a, c, err);
			break;
		}
	}
	return rc;
}

/* A value that some write as a number; cut where it does not fit. */
static void
take_text(const struct vt_json *root, const char *key, char *out, size_t size)
{
	const struct vt_json *v = vt_json_get(root, key);
	const char *text = vt_json_str(v);
	int64_t n;

	if (text != NULL)
		snprintf(out, size, "%s", text);
	else if (vt_json_int(v, &n))
		snprintf(out, size, "%lld", (long long)n);
	else
		out[0] = '\0';
}

static void
take_result(const struct vt_vxp_answer *a, const struct vt_json *root,
    struct vt_vxp_result *ret)
{
	const char *status = vt_json_str(vt_json_get(root, "status"));
	const char *id = vt_json_str(vt_json_get(root, "DocId"));

	memset(ret, 0, sizeof(*ret));
	take_text(root, "ErrorCode", ret->code, sizeof(ret->code));
	take_text(root, "ErrorDesc", ret->text, sizeof(ret->text));
	ret->ok = strcmp(status, "OK") == 0 &&
		  (ret->code[0] == '\0' || strcmp(ret->code, VT_VXP_OK) == 0);
	ret->has_data = a->has_data;
	if (id != NULL && vt_vxp_doc_id_valid(id))
		snprintf(ret->doc_id, sizeof(ret->doc_id), "%s", id);
	if (!vt_json_int(vt_json_get(root, "count"), &ret->count))
		ret->count = -1;
}

int
vt_vxp_answer_end(struct vt_vxp_answer *a, struct vt_vxp_result *ret,
    struct vt_error *err)
{
	struct vt_json *root = NULL;
	int rc;

	if (a->place != REST)
		return no_answer(err);
	rc = vt_json_parse(vt_buf_bytes(&a->rest), &root, err);
	if (rc != VT_OK)
		return rc;
	if (vt_json_str(vt_json_get(root, "status")) == NULL)
		rc = no_answer(err);
	else
		take_result(a, root, ret);
	vt_json_free(root);
	return rc;
}
