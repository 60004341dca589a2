/* axis_take.c - a file is sent: every doubt is cleared before it is kept */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "axis_call_int.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"

static const char *
value(const struct axis_call *c, const char *name)
{
	return vt_vxp_values_get(c->values, name);
}

/* ---- before the file comes ---- */

/* Each recipient once, in the order in which they are named. */
static int
add_recipient(struct vt_list *to, const char *code, struct vt_error *err)
{
	size_t i;

	if (!vt_axis_code_valid(code))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "a recipient's code cannot be one");
	for (i = 0; i < to->n; i++)
		if (strcmp(to->items[i], code) == 0)
			return VT_OK;
	return vt_list_add(to, code, err);
}

/* "to" is the text of a JSON array of codes. */
static int
take_recipients(struct axis_call *c, const char *text, struct vt_error *err)
{
	struct vt_json *root = NULL;
	const char *code;
	size_t i;
	int rc;

	if ((rc = vt_json_parse(vt_bytes_str(text), &root, err)) != VT_OK)
		return rc;
	if (!vt_json_is_array(root) || vt_json_len(root) == 0 ||
	    vt_json_len(root) > VT_AXIS_TO_MAX)
		rc = vt_error_set(err, VT_EARG, NULL,
		    "to is no list of 1 to %d codes", VT_AXIS_TO_MAX);
	for (i = 0; rc == VT_OK && i < vt_json_len(root); i++) {
		code = vt_json_str(vt_json_at(root, i));
		rc = add_recipient(&c->to, code != NULL ? code : "", err);
	}
	vt_json_free(root);
	c->has_to = rc == VT_OK;
	return rc;
}

static bool
known_sender(struct axis_call *c, const char *from)
{
	struct vt_error err = { 0 };
	bool locked = false;
	int64_t id;
	int rc;

	vt_axis_lock(c->a);
	rc = vt_axis_speaks_for(c->a, &c->account, from, &c->sender, &err);
	if (rc == VT_OK && c->sender != 0) /* a member's lock is no centre's */
		rc = vt_axis_agency_find(c->a, from, &id, &locked, &err);
	vt_axis_unlock(c->a);
	if (rc != VT_OK)
		vt_axis_refuse_error(c, rc, &err);
	else if (c->sender == 0)
		vt_axis_refuse(c, 200, VT_VXP_NO_SENDER, NULL);
	else if (locked)
		vt_axis_refuse(c, 200, VT_VXP_LOCKED, NULL);
	return !c->ready;
}

void
vt_axis_take_begin(struct axis_call *c)
{
	const char *type = value(c, "messagetype"), *from = value(c, "from");
	const char *to = value(c, "to");
	struct vt_error err = { 0 };
	int rc;

	if (value(c, "hash-file") == NULL || type == NULL ||
	    (strcmp(type, "edoc") != 0 && strcmp(type, "status") != 0)) {
		vt_axis_refuse(c, 400, VT_VXP_BAD_FILE,
		    "messagetype, hash-file");
		return;
	}
	if (!known_sender(c, from != NULL ? from : c->account.code))
		return;
	if (to != NULL && to[0] != '\0' &&
	    (rc = take_recipients(c, to, &err)) != VT_OK) {
		vt_axis_refuse(c, rc == VT_EREFUSED ? 200 : 400,
		    rc == VT_EREFUSED ? VT_VXP_NO_RECEIVER : VT_VXP_BAD_FILE,
		    err.text);
		return;
	}
	if ((rc = vt_file_nameless(c->a->dir, &c->fd, &err)) != VT_OK ||
	    (rc = vt_sha256_new(&c->digest, &err)) != VT_OK)
		vt_axis_refuse_error(c, rc, &err);
}

/* ---- while it comes ---- */

/* The digest stays two bytes behind: CRLF follows the file. */
static int
digest_piece(struct axis_call *c, struct vt_bytes piece, struct vt_error *err)
{
	size_t all = c->nlast + piece.len, old, i;
	unsigned char last[2];
	int rc;

	if (all <= 2) {
		for (i = 0; i < piece.len; i++)
			c->last[c->nlast++] = piece.data[i];
		return VT_OK;
	}
	old = all - 2 < c->nlast ? all - 2 : c->nlast; /* that leave LAST */
	rc = vt_sha256_update(c->digest, VT_BYTES(c->last, old), err);
	if (rc == VT_OK)
		rc = vt_sha256_update(c->digest,
		    vt_bytes_slice(piece, 0, all - 2 - old), err);
	for (i = 0; i < 2; i++)
		last[i] = all - 2 + i < c->nlast
			      ? c->last[all - 2 + i]
			      : piece.data[all - 2 + i - c->nlast];
	memcpy(c->last, last, sizeof(last));
	c->nlast = 2;
	return rc;
}

void
vt_axis_take_piece(struct axis_call *c, struct vt_bytes piece)
{
	struct vt_error err = { 0 };
	int rc;

	if ((rc = vt_fd_write(c->fd, piece, &err)) != VT_OK ||
	    (rc = digest_piece(c, piece, &err)) != VT_OK)
		vt_axis_refuse_error(c, rc, &err);
	c->len += piece.len;
}

/* ---- when it is here ---- */

/* A file that itself ends with CRLF, and came with nothing behind it. */
static int
digest_all(struct axis_call *c, unsigned char sha256[VT_SHA256_LEN],
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_borrow(c->fd, &src, err)) == VT_OK)
		rc = vt_sha256_source(src, sha256, err);
	vt_source_free(src);
	return rc;
}

/* Is it what hash-file says?  The CRLF behind it is cut away. */
static int
check_digest(struct axis_call *c, unsigned char sha256[VT_SHA256_LEN],
    struct vt_error *err)
{
	const char *said = value(c, "hash-file");
	bool crlf = c->nlast == 2 && memcmp(c->last, "\r\n", 2) == 0;
	int rc = VT_OK;

	if (!crlf)
		rc = vt_sha256_update(c->digest, VT_BYTES(c->last, c->nlast),
		    err);
	if (rc == VT_OK)
		rc = vt_sha256_final(c->digest, sha256, err);
	if (rc != VT_OK)
		return rc;
	if (vt_vxp_hash_file_is(said, sha256)) {
		if (!crlf)
			return VT_OK;
		c->len -= 2;
		return ftruncate(c->fd, (off_t)c->len) == 0
			   ? VT_OK
			   : (int)vt_error_io(err, "cannot cut a file");
	}
	if (crlf && (rc = digest_all(c, sha256, err)) != VT_OK)
		return rc;
	if (crlf && vt_vxp_hash_file_is(said, sha256))
		return VT_OK;
	return vt_error_set(err, VT_EARG, NULL,
	    "hash-file is not that of the file");
}

/* The envelope is from whom the account sends, by whichever code. */
static int
check_from(struct axis_call *c, const struct axis_looked *looked, bool *ret,
    struct vt_error *err)
{
	int64_t id = 0;
	bool locked;
	int rc = VT_OK;

	*ret = false;
	if (looked->from == NULL)
		return VT_OK;
	vt_axis_lock(c->a);
	rc = vt_axis_agency_find(c->a, looked->from, &id, &locked, err);
	vt_axis_unlock(c->a);
	*ret = id != 0 && id == c->sender;
	return rc;
}

static int
recipients(struct axis_call *c, const struct axis_looked *looked,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; !c->has_to && rc == VT_OK && i < looked->to.n; i++)
		rc = add_recipient(&c->to, looked->to.items[i], err);
	return rc;
}

/* Those that do not get it, each with its reason. */
static int
put_missed(struct vt_buf *b, const struct axis_sent *sent, struct vt_error *err)
{
	struct vt_json_out *o;
	size_t i;
	int rc = VT_OK;

	for (i = 0; rc == VT_OK && i < sent->nmissed; i++) {
		if ((o = vt_json_out_new()) == NULL)
			return vt_error_nomem(err);
		vt_json_put_str(o, "to", sent->missed[i].code);
		vt_json_put_str(o, "status", "FAIL");
		vt_json_put_str(o, "ErrorCode", sent->missed[i].error);
		rc = vt_axis_row_put(b, o, err);
		vt_json_out_free(o);
	}
	return rc;
}

static void
answer_sent(struct axis_call *c, const struct axis_sent *sent)
{
	struct vt_buf rows, members;
	struct vt_error err = { 0 };
	int rc;

	vt_buf_init(&rows, VT_JSON_MAX);
	vt_buf_init(&members, VT_JSON_MAX + 256);
	snprintf(c->answer.doc_id, sizeof(c->answer.doc_id), "%s",
	    sent->doc_id);
	c->answer.again = sent->again;
	rc = put_missed(&rows, sent, &err);
	if (rc == VT_OK)
		rc = vt_buf_printf(&members, ",\"DocId\":\"%s\"", sent->doc_id);
	if (rc == VT_OK && rows.len > 0)
		rc = vt_buf_printf(&members, ",\"data\":[%s]",
		    vt_buf_str(&rows));
	if (rc == VT_OK)
		vt_axis_accept(c, vt_buf_bytes(&members));
	else /* it is kept: the same again is answered */
		vt_axis_refuse(c, 503, VT_VXP_AXIS, NULL);
	vt_buf_release(&rows);
	vt_buf_release(&members);
}

/* The file first, durably, then its place in the queues. */
static int
store(struct axis_call *c, struct axis_sending *s, struct axis_sent *ret,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_borrow(c->fd, &src, err)) == VT_OK)
		rc = vt_objects_put(c->a->objects, src, s->sha256, NULL, err);
	vt_source_free(src);
	return rc == VT_OK ? vt_axis_send(c->a, s, ret, err) : rc;
}

static void
keep(struct axis_call *c, struct axis_sending *s)
{
	const char *code = NULL;
	struct vt_error err = { 0 };
	struct axis_sent sent;
	int rc;

	rc = vt_axis_send_begin(c->a, s, &code, &err);
	if (rc == VT_EREFUSED && code != NULL) {
		vt_axis_refuse(c, 200, code, NULL);
		return;
	}
	if (rc == VT_ELIMIT) {
		vt_axis_refuse(c, 503, VT_VXP_AXIS, err.text);
		return;
	}
	if (rc == VT_OK) {
		rc = store(c, s, &sent, &err);
		vt_axis_send_end(c->a, s);
	}
	if (rc != VT_OK) {
		vt_axis_refuse_error(c, rc == VT_EEXISTS ? VT_EIO : rc, &err);
		return;
	}
	answer_sent(c, &sent);
	free(sent.missed);
}

static void
take_looked(struct axis_call *c, const struct axis_looked *looked,
    const unsigned char *sha256)
{
	struct axis_sending s = { .account = &c->account,
		.sender = c->sender,
		.status = looked->status, /* by content: some say it wrong */
		.looked = looked,
		.to = &c->to,
		.size = c->len };
	struct vt_error err = { 0 };
	bool own = false;
	int rc;

	memcpy(s.sha256, sha256, sizeof(s.sha256));
	if ((rc = check_from(c, looked, &own, &err)) != VT_OK)
		vt_axis_refuse_error(c, rc, &err);
	else if (!own)
		vt_axis_refuse(c, 200, VT_VXP_NO_SENDER, "From/OrganId");
	else if ((rc = recipients(c, looked, &err)) != VT_OK)
		vt_axis_refuse(c, 200,
		    rc == VT_EREFUSED ? VT_VXP_NO_RECEIVER : VT_VXP_AXIS,
		    err.text);
	else
		keep(c, &s);
}

void
vt_axis_take_end(struct axis_call *c)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct axis_looked looked;
	struct vt_error err = { 0 };
	int rc;

	if ((rc = check_digest(c, sha256, &err)) == VT_OK &&
	    (rc = vt_axis_look(c->fd, c->len, &looked, &err)) == VT_OK) {
		take_looked(c, &looked, sha256);
		vt_axis_looked_release(&looked);
		return;
	}
	if (rc == VT_ELIMIT) /* of the message, or the worker gave up on it */
		vt_axis_refuse(c, 200, VT_VXP_BAD_EDXML, err.text);
	else
		vt_axis_refuse_error(c, rc, &err);
}
