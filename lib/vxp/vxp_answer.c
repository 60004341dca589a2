/* vxp_answer.c - an answer of the axis, read in pieces of any size */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vxp_int.h"

#define DATA "data"
#define FILE_KEY "edxml" /* of a platform, in "data" */

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
		a->key_next = true;
	else if (!vt_vxp_blank(c))
		a->key_next = false;
}

/* Is what follows the value of KEY? */
static bool
value_of(const struct vt_vxp_answer *a, const char *key)
{
	return a->key_next && a->key_len == strlen(key) &&
	       memcmp(a->key, key, a->key_len) == 0;
}

/* Does C begin a value that is not kept?  Then what is to be done with it. */
static bool
leave_rest(struct vt_vxp_answer *a, int c)
{
	bool data = a->in_rest.depth == 1 && value_of(a, DATA);
	bool in_data = a->in_data && a->in_rest.depth == 2;

	if (data && c == '[') {
		a->place = ROWS;
		a->row_before = a->comma_before = false;
	} else if (data && c == '"' && a->calls.file != NULL &&
		   !a->calls.lgsp) {
		a->place = BASE64;
		memset(&a->decoder, 0, sizeof(a->decoder));
	} else if (in_data && value_of(a, FILE_KEY) && c == '"' &&
		   a->calls.file != NULL) {
		a->place = TEXT;
		a->begun = a->escape = false;
		a->high = 0;
		memset(&a->decoder, 0, sizeof(a->decoder));
	} else if (in_data && value_of(a, PARTS_KEY) && c == '[') {
		a->place = SKIP;
		a->key_next = false;
		memset(&a->in_row, 0, sizeof(a->in_row));
		(void)step(&a->in_row, c);
		return true;
	} else {
		if (data && c == '{' && a->calls.lgsp)
			a->in_data = true;
		return false;
	}
	/* rows that nobody asked for are no file */
	a->has_data = a->place != ROWS || a->calls.row != NULL;
	a->key_next = false;
	return true;
}

static int
feed_rest(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	bool in_string = a->in_rest.string;
	int rc;

	if (a->in_rest.depth == 0 && vt_vxp_blank(c))
		return VT_OK;
	if (a->in_rest.depth == 0 && (c != '{' || a->rest.len > 0))
		return vt_vxp_no_answer(err); /* all is one object */
	if ((rc = vt_vxp_keep(&a->rest, c, err)) != VT_OK)
		return rc;
	if (!in_string && leave_rest(a, c))
		return VT_OK;
	if (a->in_rest.depth == 1 || (a->in_data && a->in_rest.depth == 2))
		note_key(a, c, in_string);
	if (!step(&a->in_rest, c))
		return vt_vxp_no_answer(err);
	if (a->in_rest.depth < 2)
		a->in_data = false;
	return VT_OK;
}

static int
feed_skip(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	if (!step(&a->in_row, c))
		return vt_vxp_no_answer(err);
	if (a->in_row.depth > 0) {
		a->has_parts = a->has_parts || !vt_vxp_blank(c);
		return VT_OK;
	}
	a->place = REST;
	return vt_vxp_keep(&a->rest, c, err); /* "[" stands there already */
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

	if ((rc = vt_vxp_keep(&a->row, c, err)) != VT_OK)
		return rc;
	if (!step(&a->in_row, c))
		return vt_vxp_no_answer(err);
	return a->in_row.depth == 0 ? end_row(a, err) : VT_OK;
}

static int
feed_rows(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	if (vt_vxp_blank(c))
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
		return vt_vxp_no_answer(err);
	a->place = REST;
	return vt_vxp_keep(&a->rest, c, err);
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
			rc = vt_vxp_feed_run(a,
			    vt_bytes_slice(piece, i, piece.len), &run, err);
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
			rc = vt_vxp_feed_base64(a, c, err);
			break;
		case TEXT:
			rc = vt_vxp_feed_text(a, c, err);
			break;
		case SKIP:
			rc = feed_skip(a, c, err);
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
take_id(const struct vt_json *object, const char *key,
    struct vt_vxp_result *ret)
{
	const char *id = vt_json_str(vt_json_get(object, key));

	if (id != NULL && vt_vxp_doc_id_valid(id))
		snprintf(ret->doc_id, sizeof(ret->doc_id), "%s", id);
}

/* false: it is no such answer. */
static bool
take_result(const struct vt_json *root, struct vt_vxp_result *ret)
{
	const char *status = vt_json_str(vt_json_get(root, "status"));

	if (status == NULL)
		return false;
	take_text(root, "ErrorCode", ret->code, sizeof(ret->code));
	take_text(root, "ErrorDesc", ret->text, sizeof(ret->text));
	ret->ok = strcmp(status, "OK") == 0 &&
		  (ret->code[0] == '\0' || strcmp(ret->code, VT_VXP_OK) == 0);
	take_id(root, "DocId", ret);
	return true;
}

static bool
take_lgsp_result(const struct vt_json *root, struct vt_vxp_result *ret)
{
	const struct vt_json *data = vt_json_get(root, DATA);
	bool said = vt_json_bool(vt_json_get(root, "success"), &ret->ok);

	take_text(data, "errorCode", ret->code, sizeof(ret->code));
	take_text(data, "errorDesc", ret->text, sizeof(ret->text));
	if (ret->text[0] == '\0')
		take_text(root, "message", ret->text, sizeof(ret->text));
	take_id(data, "docId", ret);
	take_id(root, "docId", ret);
	/* getEdoc is not known to say so */
	if (!said && (ret->has_data || data != NULL))
		ret->ok = ret->has_data;
	if (ret->code[0] != '\0' && strcmp(ret->code, VT_VXP_OK) != 0)
		ret->ok = false;
	return said || data != NULL;
}

/* What stands where rows are: a text, too, or nothing may stand for none. */
static bool
is_nothing(const struct vt_json *data)
{
	return data == NULL || vt_json_is_null(data) ||
	       vt_json_str(data) != NULL ||
	       (vt_json_is_object(data) && vt_json_len(data) == 0);
}

int
vt_vxp_answer_end(struct vt_vxp_answer *a, struct vt_vxp_result *ret,
    struct vt_error *err)
{
	struct vt_json *root = NULL;
	int rc;

	if (a->place == BASE64 || a->place == TEXT)
		return vt_error_set(err, VT_ENET, NULL,
		    "the answer ends within the file");
	if (a->place != REST)
		return vt_vxp_no_answer(err);
	rc = vt_json_parse(vt_buf_bytes(&a->rest), &root, err);
	if (rc != VT_OK)
		return rc;
	memset(ret, 0, sizeof(*ret));
	ret->has_data = a->has_data;
	ret->has_parts = a->has_parts;
	if (!(a->calls.lgsp ? take_lgsp_result(root, ret)
			    : take_result(root, ret)))
		rc = vt_vxp_no_answer(err);
	else if (ret->ok && a->calls.row != NULL && !a->has_data &&
		 !is_nothing(vt_json_get(root, DATA)))
		rc = vt_vxp_no_answer(err);
	else if (!vt_json_int(vt_json_get(root, "count"), &ret->count))
		ret->count = -1;
	vt_json_free(root);
	return rc;
}
