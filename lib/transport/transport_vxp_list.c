/* transport_vxp_list.c - what else an axis tells: agencies, and what was sent
 */
#include <stdio.h>
#include <string.h>

#include "transport_vxp_int.h"
#include "vanthu/json.h"

#define NUMBER 24 /* room for a number that stands as one */
#define NUMBERS 5

/* A row's texts; what is a number there is made one. */
struct row {
	const struct vt_json *json;
	char numbers[NUMBERS][NUMBER];
	size_t n;
};

static const char *
text_of(struct row *r, const char *key)
{
	const struct vt_json *v = vt_json_get(r->json, key);
	int64_t number;

	if (!vt_json_int(v, &number) || r->n == NUMBERS)
		return vt_json_str(v);
	snprintf(r->numbers[r->n], NUMBER, "%lld", (long long)number);
	return r->numbers[r->n++];
}

/* true, "true", 1 or "1" */
static bool
yes(const struct vt_json *json, const char *key)
{
	const struct vt_json *v = vt_json_get(json, key);
	const char *text = vt_json_str(v);
	int64_t number;
	bool b;

	if (vt_json_bool(v, &b))
		return b;
	if (vt_json_int(v, &number))
		return number != 0;
	return text != NULL &&
	       (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

struct agencies {
	vt_transport_agency_fn *fn;
	void *ctx;
};

static int
take_agency(void *ctx, const struct vt_json *json, struct vt_error *err)
{
	const struct agencies *a = ctx;
	struct row r = { .json = json };
	const struct vt_transport_agency agency = {
		.id = text_of(&r, "id"),
		.parent = text_of(&r, "pid"),
		.code = text_of(&r, "code"),
		.code102 = vt_json_str(vt_json_get(json, "code102")),
		.old_code = vt_json_str(vt_json_get(json, "oldCode")),
		.center_code = vt_json_str(vt_json_get(json, "centerCode")),
		.name = vt_json_str(vt_json_get(json, "name")),
		.mail = vt_json_str(vt_json_get(json, "mail")),
		.version = text_of(&r, "version"),
		.modified = text_of(&r, "modifyDate"),
		.deleted = yes(json, "deleted"),
		.is_agency = yes(json, "isAgency"),
	};

	return a->fn(a->ctx, &agency, err);
}

int
vt_vxp_agencies(void *state, enum vt_transport_directory which,
    vt_transport_agency_fn *fn, void *ctx, struct vt_error *err)
{
	static const char *const paths[] = {
		[VT_TRANSPORT_AGENCIES] = "getAgenciesList",
		[VT_TRANSPORT_AGENCIES_QD20] = "getAgenciesListQD20",
		[VT_TRANSPORT_UNITS] = "getSynchronizeUnit",
	};
	struct agencies a = { fn, ctx };
	struct vxp_call call = { .path = paths[which],
		.answer = { .row = take_agency, .ctx = &a },
		.max = VT_VXP_DIRECTORY_MAX };
	struct vt_vxp_result r;

	if (which == VT_TRANSPORT_AGENCIES_QD20)
		vt_vxp_call_value(&call, "level", "0"); /* all of them */
	return vt_vxp_call_send(state, &call, &r, err);
}

struct sent {
	vt_transport_sent_fn *fn;
	void *ctx;
};

static int
take_sent(void *ctx, const struct vt_json *json, struct vt_error *err)
{
	const struct sent *s = ctx;
	const struct vt_transport_sent sent = {
		.id = vt_json_str(vt_json_get(json, "senderDocId")),
		.receiver_id = vt_json_str(vt_json_get(json, "receiverDocId")),
		.from = vt_json_str(vt_json_get(json, "fromCode")),
		.to = vt_json_str(vt_json_get(json, "toCode")),
		.send_status = vt_json_str(vt_json_get(json, "sendStatus")),
		.send_text = vt_json_str(vt_json_get(json, "sendStatusDesc")),
		.receive_status =
		    vt_json_str(vt_json_get(json, "receiveStatus")),
		.receive_text =
		    vt_json_str(vt_json_get(json, "receiveStatusDesc")),
		.sent = vt_json_str(vt_json_get(json, "sentTime")),
		.received = vt_json_str(vt_json_get(json, "receivedTime")),
		.title = vt_json_str(vt_json_get(json, "title")),
		.notation = vt_json_str(vt_json_get(json, "notation")),
	};

	return s->fn(s->ctx, &sent, err);
}

int
vt_vxp_sent(void *state, enum vt_transport_class class,
    vt_transport_sent_fn *fn, void *ctx, struct vt_error *err)
{
	struct sent s = { fn, ctx };
	struct vxp_call call = { .path = "getSentEdocList",
		.answer = { .row = take_sent, .ctx = &s },
		.max = VT_VXP_DIRECTORY_MAX };
	struct vt_vxp_result r;

	vt_vxp_call_value(&call, "servicetype", "eDoc");
	vt_vxp_call_value(&call, "messagetype", vt_vxp_class_name(class));
	return vt_vxp_call_send(state, &call, &r, err);
}
