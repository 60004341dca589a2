/* axis_call.c - one call: who asks, for what, and what is answered */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "axis_call_int.h"
#include "vanthu/json.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define BODY_MAX (64u * 1024) /* bytes of the body of all calls but a send */

/*
 * The official client takes its time once and keeps it as long as it runs, so
 * an old one is no sign of a replay, and a young one would be no defence: what
 * is sent twice is known by its digest, and all else may be asked twice.
 */
#define STAMP_PAST (31 * 86400)
#define STAMP_FUTURE 86400

struct axis_endpoint {
	const char *name;
	/* Once the headers are here; may answer already.  NULL: nothing. */
	void (*begin)(struct axis_call *c);
	/* Answers, at the latest. */
	void (*end)(struct axis_call *c);
	bool file; /* the body is a file, of any size */
};

static const char *
value(const struct axis_call *c, const char *name)
{
	return vt_vxp_values_get(c->values, name);
}

static bool
is_status(const struct axis_call *c)
{
	const char *type = value(c, "messagetype");

	return type != NULL && strcmp(type, "status") == 0;
}

/* The id of a message that the call needs; NULL: it was refused. */
static const char *
need_doc_id(struct axis_call *c, const char *name)
{
	const char *id = value(c, name);

	if (id == NULL || !vt_vxp_doc_id_valid(id)) {
		vt_axis_refuse(c, 400, VT_VXP_BAD_FILE, "docId");
		return NULL;
	}
	snprintf(c->answer.doc_id, sizeof(c->answer.doc_id), "%s", id);
	return id;
}

/* ---- the calls ---- */

static int
take_time(const struct axis_call *c, const char *name, int64_t *ret,
    struct vt_error *err)
{
	const char *text = value(c, name);

	*ret = VT_TIME_NONE;
	if (text == NULL || text[0] == '\0' || vt_axis_time_parse(text, ret))
		return VT_OK;
	return vt_error_set(err, VT_EARG, NULL, "%s is no dd/MM/yyyy HH:mm:ss",
	    name);
}

static void
answer_rows(struct axis_call *c, int rc, struct vt_buf *rows,
    const struct vt_error *err)
{
	if (rc == VT_OK)
		vt_axis_accept_rows(c, vt_buf_bytes(rows));
	else
		vt_axis_refuse_error(c, rc, err);
	vt_buf_release(rows);
}

static void
received(struct axis_call *c)
{
	struct vt_error err = { 0 };
	struct axis_period p;
	struct vt_buf rows;
	int rc;

	vt_buf_init(&rows, VT_AXIS_ROWS_MAX);
	if ((rc = take_time(c, "fromDate", &p.from, &err)) == VT_OK &&
	    (rc = take_time(c, "toDate", &p.to, &err)) == VT_OK)
		rc = vt_axis_received(c->a, &c->account, is_status(c), &p,
		    &rows, &err);
	answer_rows(c, rc, &rows, &err);
}

static void
sent(struct axis_call *c)
{
	const char *id = value(c, "docId");
	struct vt_error err = { 0 };
	struct vt_buf rows;
	int rc;

	vt_buf_init(&rows, VT_AXIS_ROWS_MAX);
	rc = vt_axis_sent_rows(c->a, &c->account, is_status(c),
	    id != NULL && id[0] != '\0' ? id : NULL, &rows, &err);
	answer_rows(c, rc, &rows, &err);
}

static void
get_file(struct axis_call *c, bool raw)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	const char *id;
	int rc;

	if ((id = need_doc_id(c, "docId")) == NULL)
		return;
	/* filePath is the asker's own: where it keeps the file is its thing */
	rc = vt_axis_get(c->a, &c->account, id, sha256, &err);
	if (rc == VT_OK)
		vt_axis_accept_file(c, sha256, raw);
	else
		vt_axis_refuse_error(c, rc, &err);
}

static void
get(struct axis_call *c)
{
	get_file(c, false);
}

static void
download(struct axis_call *c)
{
	get_file(c, true);
}

static void
update(struct axis_call *c)
{
	const char *id, *status = value(c, "status");
	const char *why = value(c, "description");
	struct vt_error err = { 0 };
	int rc;

	/* who writes it so here has a "docId" from an earlier call beside it */
	if ((id = need_doc_id(c, "docid")) == NULL)
		return;
	if (why != NULL && strlen(why) > VT_AXIS_REASON_MAX)
		why = NULL;
	rc = vt_axis_update(c->a, &c->account, id, status != NULL ? status : "",
	    why, &err);
	if (rc == VT_OK)
		vt_axis_accept(c, VT_BYTES_LIT(""));
	else
		vt_axis_refuse_error(c, rc, &err);
}

static void
count(struct axis_call *c, bool status)
{
	struct vt_error err = { 0 };
	char text[48];
	int64_t n = 0;
	int rc;

	rc = vt_axis_count(c->a, &c->account, status, &n, &err);
	snprintf(text, sizeof(text), ",\"count\":%lld", (long long)n);
	if (rc == VT_OK)
		vt_axis_accept(c, vt_bytes_str(text));
	else
		vt_axis_refuse_error(c, rc, &err);
}

static void
count_edoc(struct axis_call *c)
{
	count(c, false);
}

static void
count_status(struct axis_call *c)
{
	count(c, true);
}

static void
agencies(struct axis_call *c, const char *key)
{
	struct vt_error err = { 0 };
	struct vt_buf rows;
	int rc;

	vt_buf_init(&rows, VT_AXIS_ROWS_MAX);
	rc = vt_axis_agency_rows(c->a, key, &rows, &err);
	answer_rows(c, rc, &rows, &err);
}

static void
agencies_old(struct axis_call *c)
{
	agencies(c, "oldCode");
}

static void
agencies_102(struct axis_call *c)
{
	agencies(c, "code102");
}

static void
agencies_centre(struct axis_call *c)
{
	agencies(c, "centerCode");
}

static bool
need_centre(struct axis_call *c)
{
	if (!c->account.centre)
		vt_axis_refuse(c, 403, VT_VXP_NO_SENDER, "W00");
	return c->account.centre;
}

static void
register_begin(struct axis_call *c)
{
	if (need_centre(c))
		vt_buf_init(&c->body, BODY_MAX);
}

static void
register_end(struct axis_call *c)
{
	struct vt_error err = { 0 };
	struct vt_json *root = NULL;
	struct vt_axis_agency agency = { 0 };
	int rc;

	rc = vt_json_parse(vt_buf_bytes(&c->body), &root, &err);
	if (rc == VT_OK) {
		agency.code = vt_json_str(vt_json_get(root, "code"));
		agency.name = vt_json_str(vt_json_get(root, "name"));
		agency.parent = vt_json_str(vt_json_get(root, "pcode"));
		agency.mail = vt_json_str(vt_json_get(root, "mail"));
		if (agency.parent != NULL && agency.parent[0] == '\0')
			agency.parent = NULL;
		if (agency.mail != NULL && agency.mail[0] == '\0')
			agency.mail = NULL;
	}
	if (rc != VT_OK || agency.code == NULL || agency.name == NULL)
		vt_axis_refuse(c, 400, VT_VXP_BAD_FILE, "code, name");
	else if ((rc = vt_axis_member_put(c->a, &c->account, &agency, &err)) ==
		 VT_OK)
		vt_axis_accept(c, VT_BYTES_LIT(""));
	else
		vt_axis_refuse_error(c, rc, &err);
	vt_json_free(root);
}

static void
delete_end(struct axis_call *c)
{
	const char *code = value(c, "AgencyCode");
	struct vt_error err = { 0 };
	int rc;

	if (!need_centre(c))
		return;
	if (code == NULL)
		vt_axis_refuse(c, 400, VT_VXP_BAD_FILE, "AgencyCode");
	else if ((rc = vt_axis_member_remove(c->a, &c->account, code, &err)) ==
		 VT_OK)
		vt_axis_accept(c, VT_BYTES_LIT(""));
	else
		vt_axis_refuse_error(c, rc, &err);
}

static const struct axis_endpoint endpoints[] = {
	{ "sendEdoc", vt_axis_take_begin, vt_axis_take_end, true },
	{ "getReceivedEdocList", NULL, received, false },
	{ "getEdoc", NULL, get, false },
	{ "downloadEdoc", NULL, download, false },
	{ "updateStatus", NULL, update, false },
	{ "getSentEdocList", NULL, sent, false },
	{ "countReceiveEdoc", NULL, count_edoc, false },
	{ "countReceiveStatus", NULL, count_status, false },
	{ "getAgenciesList", NULL, agencies_old, false },
	{ "getAgenciesListQD20", NULL, agencies_102, false },
	{ "getSynchronizeUnit", NULL, agencies_centre, false },
	{ "registerAgency", register_begin, register_end, false },
	{ "deleteAgency", NULL, delete_end, false },
};

/* ---- who asks ---- */

static bool
good_stamp(const struct axis_call *c)
{
	const char *text = value(c, "timestamp");
	int64_t t, now = vt_time_now();

	return text != NULL && vt_vxp_time_parse(text, &t) &&
	       t > now - STAMP_PAST && t < now + STAMP_FUTURE;
}

/*
 * The account's own word, and nothing that came beside it.  *RET_WHY: what is
 * wrong where the secret is right, else as it was.
 */
static int
authenticate(struct axis_call *c, const struct axis_request *r, bool *ret,
    const char **ret_why, struct vt_error *err)
{
	struct vt_bytes text = vt_bytes_str(r->sign_header);
	struct vt_secret secret = { 0 };
	bool found = false, right = false;
	const char *own;
	int rc;

	rc = vt_axis_account(c->a, r->system_id, &c->account, &secret, &found,
	    err);
	if (rc == VT_OK)
		rc = vt_vxp_hmac_check(VT_BYTES(secret.data, secret.len), text,
		    r->hash_header, &right, err);
	vt_secret_release(&secret);
	if (rc != VT_OK || !found || !right)
		return rc;
	/* a text that the account has signed, and cannot be read, is no call */
	if (vt_vxp_values_parse(text, &c->values, NULL) != VT_OK)
		return VT_OK;
	own = value(c, "systemid");
	if (own == NULL || strcmp(own, c->account.code) != 0)
		return VT_OK;
	*ret = good_stamp(c);
	if (!*ret)
		*ret_why = "dau thoi gian lech qua xa dong ho cua truc";
	return VT_OK;
}

static bool
let_in(struct axis_call *c, const struct axis_request *r)
{
	struct vt_error err = { 0 };
	const char *why = NULL;
	bool right = false;
	int rc = VT_OK;

	if (r->system_id != NULL && r->sign_header != NULL &&
	    r->hash_header != NULL && vt_axis_code_valid(r->system_id))
		rc = authenticate(c, r, &right, &why, &err);
	if (rc != VT_OK)
		vt_axis_refuse_error(c, rc, &err);
	else if (!right) {
		memset(&c->account, 0, sizeof(c->account));
		vt_axis_refuse(c, 401, VT_VXP_BAD_ACCOUNT, why);
	} else if (c->account.locked)
		vt_axis_refuse(c, 403, VT_VXP_LOCKED, NULL);
	return !c->ready;
}

/* By what stands behind the last slash: a client may be told any path. */
static const struct axis_endpoint *
find_endpoint(const char *path)
{
	const char *name = strrchr(path, '/');
	size_t i;

	for (i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++)
		if (name != NULL && strcmp(name + 1, endpoints[i].name) == 0)
			return &endpoints[i];
	return NULL;
}

/* ---- one call ---- */

int
vt_axis_call_new(struct vt_axis *a, const struct axis_request *r,
    uint64_t max_size, struct axis_call **ret)
{
	struct axis_call *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return VT_ENOMEM;
	c->a = a;
	c->fd = c->answer.fd = -1;
	c->endpoint = find_endpoint(r->path);
	*ret = c;
	if (c->endpoint == NULL ||
	    (strcmp(r->method, "POST") != 0 && strcmp(r->method, "GET") != 0)) {
		vt_axis_refuse(c, c->endpoint == NULL ? 404 : 405,
		    VT_VXP_BAD_FILE, NULL);
		return VT_OK;
	}
	c->room = c->endpoint->file ? max_size + 2 : BODY_MAX;
	if (!let_in(c, r))
		return VT_OK;
	if (r->announced != UINT64_MAX && r->announced > c->room)
		vt_axis_refuse(c, 413, VT_VXP_BAD_FILE, NULL);
	else if (c->endpoint->begin != NULL)
		c->endpoint->begin(c);
	return VT_OK;
}

bool
vt_axis_call_ready(const struct axis_call *c)
{
	return c->ready;
}

void
vt_axis_call_body(struct axis_call *c, struct vt_bytes piece)
{
	if (c->ready)
		return;
	if (piece.len > c->room) {
		vt_axis_refuse(c, 413, VT_VXP_BAD_FILE, NULL);
		return;
	}
	c->room -= piece.len;
	if (c->endpoint->file)
		vt_axis_take_piece(c, piece);
	else if (c->body.max > 0 && vt_buf_bytes_put(&c->body, piece) != VT_OK)
		vt_axis_refuse(c, 503, VT_VXP_AXIS, NULL);
}

struct axis_answer *
vt_axis_call_end(struct axis_call *c)
{
	if (!c->ready)
		c->endpoint->end(c);
	return &c->answer;
}

const char *
vt_axis_call_account(const struct axis_call *c)
{
	return c->account.code[0] != '\0' ? c->account.code : "-";
}

void
vt_axis_call_free(struct axis_call *c)
{
	if (c == NULL)
		return;
	vt_vxp_values_free(c->values);
	vt_sha256_free(c->digest);
	vt_list_release(&c->to);
	vt_buf_release(&c->body);
	vt_buf_release(&c->answer.text);
	vt_source_free(c->answer.file);
	if (c->answer.fd >= 0)
		close(c->answer.fd);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}
