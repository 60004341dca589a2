/* axis_look.c - whom a message is from and for, read by a confined worker */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "axis_int.h"
#include "vanthu/confine.h"
#include "vanthu/envelope.h"
#include "vanthu/source.h"
#include "vanthu/text.h"

#define TITLE_MAX 500 /* bytes of a subject that are kept */

/* ---- in the worker: the answer is texts, each behind its length ---- */

struct task {
	int fd;
};

static int
put_text(struct vt_buf *b, const char *text, size_t most)
{
	uint32_t len = text == NULL ? 0 : (uint32_t)strnlen(text, most);
	int rc = vt_buf_put(b, &len, sizeof(len));

	return rc == VT_OK && len > 0 ? vt_buf_put(b, text, len) : rc;
}

/* An id that is cut is another's. */
static int
put_id(struct vt_buf *b, const char *id, struct vt_error *err)
{
	if (id != NULL && strlen(id) > VT_AXIS_NAME_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "an id or a number in the message is longer than %d bytes",
		    VT_AXIS_NAME_MAX);
	return put_text(b, id, VT_AXIS_NAME_MAX) == VT_OK
		   ? VT_OK
		   : (int)vt_error_nomem(err);
}

/* NUMBER/NOTATION of the document. */
static int
put_code(struct vt_buf *b, const struct vt_envelope *env, struct vt_error *err)
{
	char *code = NULL;
	int rc;

	if (asprintf(&code, "%s/%s",
		env->code_number != NULL ? env->code_number : "",
		env->code_notation != NULL ? env->code_notation : "") < 0)
		return vt_error_nomem(err);
	rc = put_id(b, code, err);
	free(code);
	return rc;
}

static int
put_all(struct vt_buf *b, const struct vt_envelope *env, struct vt_error *err)
{
	bool status = env->kind == VT_ENVELOPE_STATUS;
	const struct vt_response *response = env->response_for;
	size_t i;
	int rc;

	if (vt_buf_putc(b, status ? 1 : 0) != VT_OK)
		return vt_error_nomem(err);
	if ((rc = put_id(b, env->from.id, err)) != VT_OK ||
	    (rc = put_id(b, status ? response->document_id : env->document_id,
		 err)) != VT_OK ||
	    (rc = status ? put_id(b, response->code, err)
			 : put_code(b, env, err)) != VT_OK)
		return rc;
	if (put_text(b, status ? env->status.code : env->subject, TITLE_MAX) !=
	    VT_OK)
		return vt_error_nomem(err);
	if (status)
		return put_id(b, response->organ_id, err);
	for (i = 0; rc == VT_OK && i < env->nto; i++)
		rc = put_id(b, env->to[i].id, err);
	return rc;
}

static int
read_envelope(void *ctx, struct vt_buf *answer, struct vt_error *err)
{
	const struct task *t = ctx;
	struct vt_source *src = NULL;
	struct vt_envelope env;
	int rc;

	if ((rc = vt_source_borrow(t->fd, &src, err)) != VT_OK)
		return rc;
	if ((rc = vt_envelope_read(src, &env, err)) == VT_OK) {
		rc = put_all(answer, &env, err);
		vt_envelope_release(&env);
	}
	vt_source_free(src);
	return rc;
}

/* ---- in the server: nothing that comes is believed ---- */

/* The next text of B, for free(); NULL where it is empty. */
static int
take_text(struct vt_bytes *b, char **ret, struct vt_error *err)
{
	struct vt_bytes text;
	uint32_t len;

	*ret = NULL;
	if (b->len < sizeof(len))
		goto wrong;
	memcpy(&len, b->data, sizeof(len));
	*b = vt_bytes_slice(*b, sizeof(len), b->len);
	if (len > b->len || len > VT_AXIS_NAME_MAX)
		goto wrong;
	text = vt_bytes_slice(*b, 0, len);
	*b = vt_bytes_slice(*b, len, b->len);
	/* a subject may be cut within a letter */
	while (text.len > 0 && !vt_utf8_valid(text) && len - text.len < 4)
		text.len--;
	if (!vt_utf8_valid(text))
		goto wrong;
	if (text.len > 0 && (*ret = vt_bytes_dup(text)) == NULL)
		return memchr(text.data, '\0', text.len) != NULL
			   ? (int)vt_error_set(err, VT_EFORMAT, NULL,
				 "the worker's answer is not one")
			   : (int)vt_error_nomem(err);
	return VT_OK;
wrong:
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "the worker's answer is not one");
}

static int
take_all(struct vt_bytes b, struct axis_looked *ret, struct vt_error *err)
{
	char *to = NULL;
	int rc;

	ret->status = b.len > 0 && b.data[0] == 1;
	b = vt_bytes_slice(b, 1, b.len);
	if ((rc = take_text(&b, &ret->from, err)) != VT_OK ||
	    (rc = take_text(&b, &ret->document_id, err)) != VT_OK ||
	    (rc = take_text(&b, &ret->notation, err)) != VT_OK ||
	    (rc = take_text(&b, &ret->title, err)) != VT_OK)
		return rc;
	while (rc == VT_OK && b.len > 0 && ret->to.n <= VT_ENVELOPE_TO_MAX) {
		rc = take_text(&b, &to, err);
		if (rc == VT_OK && to != NULL)
			rc = vt_list_add(&ret->to, to, err);
		free(to);
		to = NULL;
	}
	return rc;
}

void
vt_axis_looked_release(struct axis_looked *l)
{
	free(l->from);
	free(l->document_id);
	free(l->notation);
	free(l->title);
	vt_list_release(&l->to);
	memset(l, 0, sizeof(*l));
}

int
vt_axis_look_end(enum vt_confine_end end, int rc)
{
	/* as where the axis is stopped, or all of it is slow */
	if (end == VT_CONFINE_KILLED || end == VT_CONFINE_LATE)
		return VT_EIO;
	return rc;
}

int
vt_axis_look(int fd, uint64_t size, struct axis_looked *ret,
    struct vt_error *err)
{
	struct task t = { fd };
	const struct vt_confine_task task = {
		.fn = read_envelope,
		.ctx = &t,
		.files = &fd,
		.nfiles = 1,
		.input = size,
	};
	enum vt_confine_end end = VT_CONFINE_ANSWERED;
	struct vt_confine_worker *w = NULL;
	struct vt_buf answer;
	int rc;

	memset(ret, 0, sizeof(*ret));
	vt_buf_init(&answer, VT_CONFINE_ANSWER);
	if ((rc = vt_confine_start(&task, &w, err)) == VT_OK &&
	    (rc = vt_confine_finish(w, &end, NULL, &answer, err)) == VT_OK)
		rc = take_all(vt_buf_bytes(&answer), ret, err);
	rc = vt_axis_look_end(end, rc);
	vt_buf_release(&answer);
	if (rc != VT_OK)
		vt_axis_looked_release(ret);
	return rc;
}
