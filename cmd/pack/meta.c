/* meta.c - keys and values of the meta file, each held to its kind */
#include <stddef.h>
#include <string.h>

#include "meta.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/record.h"
#include "vanthu/source.h"

enum kind {
	KEY_TEXT,
	KEY_DATE,   /* "YYYY-MM-DD" */
	KEY_TIME,   /* RFC 3339 */
	KEY_NUMBER, /* an integer, at least 0 */
	KEY_BOOL,
	KEY_TEXTS, /* an array of texts */
	KEY_PART,  /* an object: its own table */
	KEY_PARTS, /* an array of objects, each added by ADD */
	KEY_KIND,
	KEY_TYPE,
	KEY_BUSINESS,
	KEY_CHANGE,
	KEY_IGNORED /* what unpack tells and pack finds out itself */
};

/* One key of an object; OFF is where in the object's struct its value goes. */
struct key {
	const char *name; /* NULL ends a table */
	enum kind kind;
	size_t off;
	const struct key *part;
	int (*add)(struct vt_envelope *env, void **ret, struct vt_error *err);
};

struct reader {
	struct vt_envelope *env;
	struct vt_error *err;
};

#define DEFINE_ADD(name, type)                                                 \
	static int add_##name(struct vt_envelope *env, void **ret,             \
	    struct vt_error *err)                                              \
	{                                                                      \
		type *item = NULL;                                             \
		int rc = vt_envelope_add_##name(env, &item, err);              \
                                                                               \
		*ret = item;                                                   \
		return rc;                                                     \
	}

DEFINE_ADD(to, struct vt_organ)
DEFINE_ADD(response, struct vt_response)
DEFINE_ADD(trace, struct vt_trace)
DEFINE_ADD(receiver, struct vt_receiver_change)
DEFINE_ADD(replaced, struct vt_replaced)
DEFINE_ADD(error, struct vt_axis_error)

#define KEY(name, kind, type, field)                                           \
	{                                                                      \
		name, KEY_##kind, offsetof(type, field), NULL, NULL            \
	}
#define PART(name, type, field, table)                                         \
	{                                                                      \
		name, KEY_PART, offsetof(type, field), table, NULL             \
	}
#define HERE(name, table)                                                      \
	{                                                                      \
		name, KEY_PART, 0, table, NULL                                 \
	}
#define PARTS(name, table, add)                                                \
	{                                                                      \
		name, KEY_PARTS, 0, table, add                                 \
	}
#define END                                                                    \
	{                                                                      \
		NULL, KEY_IGNORED, 0, NULL, NULL                               \
	}

static const struct key organ_keys[] = {
	KEY("organ_id", TEXT, struct vt_organ, id),
	KEY("name", TEXT, struct vt_organ, name),
	KEY("in_charge", TEXT, struct vt_organ, in_charge),
	KEY("address", TEXT, struct vt_organ, address),
	KEY("email", TEXT, struct vt_organ, email),
	KEY("telephone", TEXT, struct vt_organ, telephone),
	KEY("fax", TEXT, struct vt_organ, fax),
	KEY("website", TEXT, struct vt_organ, website),
	END,
};

static const struct key staff_keys[] = {
	KEY("department", TEXT, struct vt_staff, department),
	KEY("department_id", TEXT, struct vt_staff, department_id),
	KEY("name", TEXT, struct vt_staff, name),
	KEY("id", TEXT, struct vt_staff, id),
	KEY("email", TEXT, struct vt_staff, email),
	KEY("mobile", TEXT, struct vt_staff, mobile),
	END,
};

static const struct key response_keys[] = {
	KEY("organ_id", TEXT, struct vt_response, organ_id),
	KEY("code", TEXT, struct vt_response, code),
	KEY("date", DATE, struct vt_response, date),
	KEY("document_id", TEXT, struct vt_response, document_id),
	END,
};

static const struct key trace_keys[] = {
	KEY("organ_id", TEXT, struct vt_trace, organ_id),
	KEY("timestamp", TIME, struct vt_trace, time),
	END,
};

static const struct key receiver_keys[] = {
	KEY("organ_id", TEXT, struct vt_receiver_change, organ_id),
	KEY("change", CHANGE, struct vt_receiver_change, added),
	END,
};

static const struct key replaced_keys[] = {
	KEY("document_id", TEXT, struct vt_replaced, document_id),
	KEY("organ_ids", TEXTS, struct vt_replaced, organ_ids),
	END,
};

static const struct key error_keys[] = {
	KEY("code", TEXT, struct vt_axis_error, code),
	KEY("description", TEXT, struct vt_axis_error, description),
	END,
};

#define ENV(name, kind, field) KEY(name, kind, struct vt_envelope, field)

static const struct key code_keys[] = {
	ENV("number", TEXT, code_number),
	ENV("notation", TEXT, code_notation),
	END,
};

static const struct key promulgation_keys[] = {
	ENV("place", TEXT, place),
	ENV("date", DATE, date),
	END,
};

static const struct key type_keys[] = {
	ENV("type", NUMBER, type),
	ENV("detail", NUMBER, type_detail),
	END,
};

static const struct key signer_keys[] = {
	ENV("competence", TEXT, competence),
	ENV("position", TEXT, position),
	ENV("name", TEXT, signer),
	END,
};

static const struct key business_keys[] = {
	ENV("type", BUSINESS, business.type),
	ENV("reason", TEXT, business.reason),
	ENV("document_id", TEXT, business.document_id),
	ENV("paper", BOOL, business.paper),
	ENV("content_changed", BOOL, business.content_changed),
	ENV("receivers_changed", BOOL, business.receivers_changed),
	PARTS("receivers", receiver_keys, add_receiver),
	PARTS("replaced", replaced_keys, add_replaced),
	PART("staff", struct vt_envelope, business.staff, staff_keys),
	END,
};

static const struct key status_keys[] = {
	ENV("code", TEXT, status.code),
	ENV("description", TEXT, status.description),
	ENV("timestamp", TIME, status.time),
	PART("staff", struct vt_envelope, status.staff, staff_keys),
	END,
};

static const struct key envelope_keys[] = {
	ENV("schema", IGNORED, kind),
	ENV("file", IGNORED, kind),
	ENV("attachments", IGNORED, kind),
	ENV("signature", IGNORED, kind),
	ENV("kind", KIND, kind),
	PART("from", struct vt_envelope, from, organ_keys),
	PARTS("to", organ_keys, add_to),
	ENV("document_id", TEXT, document_id),
	HERE("code", code_keys),
	HERE("promulgation", promulgation_keys),
	ENV("type", TYPE, type_name),
	HERE("type_code", type_keys),
	ENV("type_meant", IGNORED, kind),
	ENV("subject", TEXT, subject),
	ENV("content", TEXT, content),
	HERE("signer", signer_keys),
	ENV("due_date", DATE, due_date),
	ENV("priority", NUMBER, other.priority),
	ENV("sphere", TEXT, other.sphere),
	ENV("typer_notation", TEXT, other.typer_notation),
	ENV("copies", NUMBER, other.copies),
	ENV("pages", NUMBER, other.pages),
	ENV("direction", BOOL, other.direction),
	ENV("appendixes", TEXTS, other.appendixes),
	ENV("reply_for", TEXTS, other.reply_for),
	ENV("reference_codes", TEXTS, other.reference_codes),
	ENV("steering_type", NUMBER, steering_type),
	ENV("tasks", TEXTS, tasks),
	ENV("application_type", TEXT, application_type),
	ENV("to_places", TEXTS, to_places),
	HERE("business", business_keys),
	PARTS("response_for", response_keys, add_response),
	PARTS("trace", trace_keys, add_trace),
	HERE("status", status_keys),
	PARTS("errors", error_keys, add_error),
	END,
};

static int read_object(const struct reader *r, const struct key *keys,
    const char *name, const struct vt_json *v, void *object);

static int
bad_value(const struct reader *r, const char *key, const char *msgid)
{
	return vt_error_set(r->err, VT_EFORMAT, NULL, msgid, key);
}

static int
read_text(const struct reader *r, const char *key, const struct vt_json *v,
    char **to)
{
	const char *text = vt_json_str(v);

	if (text == NULL)
		return bad_value(r, key, VT_N_("the key %s must be a text"));
	return vt_envelope_set(to, text, r->err);
}

static int
read_texts(const struct reader *r, const char *key, const struct vt_json *v,
    struct vt_list *to)
{
	const char *text;
	size_t i;
	int rc = VT_OK;

	if (!vt_json_is_array(v))
		return bad_value(r, key,
		    VT_N_("the key %s must be an array of texts"));
	for (i = 0; rc == VT_OK && i < vt_json_len(v); i++) {
		if ((text = vt_json_str(vt_json_at(v, i))) == NULL)
			return bad_value(r, key,
			    VT_N_("the key %s must be an array of texts"));
		rc = vt_list_add(to, text, r->err);
	}
	return rc;
}

static int
read_parts(const struct reader *r, const struct key *key,
    const struct vt_json *v)
{
	void *item;
	size_t i;
	int rc = VT_OK;

	if (!vt_json_is_array(v))
		return bad_value(r, key->name,
		    VT_N_("the key %s must be an array of objects"));
	for (i = 0; rc == VT_OK && i < vt_json_len(v); i++) {
		rc = key->add(r->env, &item, r->err);
		if (rc == VT_OK)
			rc = read_object(r, key->part, key->name,
			    vt_json_at(v, i), item);
	}
	return rc;
}

/* The name of a type, or its abbreviation by Decree 30/2020. */
static int
read_type(const struct reader *r, const struct key *key,
    const struct vt_json *v, char **to)
{
	const struct vt_record_type *type;
	const char *text = vt_json_str(v);

	if (text == NULL)
		return bad_value(r, key->name,
		    VT_N_("the key %s must be a text"));
	if ((type = vt_record_type_find(text)) != NULL)
		text = type->name;
	return vt_envelope_set(to, text, r->err);
}

static int
read_number(const struct reader *r, const struct key *key,
    const struct vt_json *v, int *to)
{
	int64_t n;

	if (!vt_json_int(v, &n) || n < 0 || n > 999999999)
		return bad_value(r, key->name,
		    VT_N_("the key %s must be a number from 0 on"));
	*to = (int)n;
	return VT_OK;
}

static int
read_word(const struct reader *r, const struct key *key,
    const struct vt_json *v, void *to)
{
	const char *text = vt_json_str(v);

	if (text == NULL)
		text = "";
	switch (key->kind) {
	case KEY_KIND:
		if (strcmp(text, "document") != 0 &&
		    strcmp(text, "status") != 0)
			return bad_value(r, key->name,
			    VT_N_("the key %s must be document or status"));
		*(enum vt_envelope_kind *)to = strcmp(text, "status") == 0
						   ? VT_ENVELOPE_STATUS
						   : VT_ENVELOPE_DOCUMENT;
		return VT_OK;
	case KEY_BUSINESS:
		if (!vt_business_parse(text, to))
			return bad_value(r, key->name,
			    VT_N_("the key %s must be new, recall, update or "
				  "replace"));
		return VT_OK;
	default:
		if (strcmp(text, "added") != 0 && strcmp(text, "removed") != 0)
			return bad_value(r, key->name,
			    VT_N_("the key %s must be added or removed"));
		*(bool *)to = strcmp(text, "added") == 0;
		return VT_OK;
	}
}

static int
read_value(const struct reader *r, const struct key *key,
    const struct vt_json *v, void *object)
{
	void *to = (unsigned char *)object + key->off;
	const char *text;

	if (key->kind == KEY_IGNORED || vt_json_is_null(v))
		return VT_OK;
	switch (key->kind) {
	case KEY_TEXT:
		return read_text(r, key->name, v, to);
	case KEY_TYPE:
		return read_type(r, key, v, to);
	case KEY_DATE:
		text = vt_json_str(v);
		if (text == NULL || !vt_date_parse(text, to))
			return bad_value(r, key->name,
			    VT_N_("the key %s must be a date, YYYY-MM-DD"));
		return VT_OK;
	case KEY_TIME:
		text = vt_json_str(v);
		if (text == NULL || !vt_time_parse(text, to))
			return bad_value(r, key->name,
			    VT_N_("the key %s must be a time by RFC 3339"));
		return VT_OK;
	case KEY_NUMBER:
		return read_number(r, key, v, to);
	case KEY_BOOL:
		if (!vt_json_bool(v, to))
			return bad_value(r, key->name,
			    VT_N_("the key %s must be true or false"));
		return VT_OK;
	case KEY_TEXTS:
		return read_texts(r, key->name, v, to);
	case KEY_PART:
		return read_object(r, key->part, key->name, v, to);
	case KEY_PARTS:
		return read_parts(r, key, v);
	default:
		return read_word(r, key, v, to);
	}
}

/* Depth is that of the tables, three. */
static int
read_object(const struct reader *r, const struct key *keys, const char *name,
    const struct vt_json *v, void *object)
{
	const struct key *key;
	const char *word;
	size_t i;
	int rc = VT_OK;

	if (!vt_json_is_object(v))
		return bad_value(r, name,
		    VT_N_("the key %s must be an object"));
	for (i = 0; rc == VT_OK && i < vt_json_len(v); i++) {
		word = vt_json_key(v, i);
		for (key = keys; key->name != NULL; key++)
			if (strcmp(key->name, word) == 0)
				break;
		if (key->name == NULL)
			return vt_error_set(r->err, VT_EFORMAT, NULL,
			    "the key %s is not known in %s", word, name);
		rc = read_value(r, key, vt_json_get(v, word), object);
	}
	return rc;
}

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : vt_error_nomem(err);
}

/* A meta file may come from a pipe, so it is not a plain file. */
static int
load(const char *path, struct vt_buf *ret, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_open(path, &src, err)) != VT_OK)
		return rc;
	if (vt_source_size(src) > META_MAX)
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "%s is longer than %zu bytes", path, (size_t)META_MAX);
	else
		rc = vt_source_stream(src, 0, vt_source_size(src), to_buf, ret,
		    err);
	vt_source_free(src);
	return rc;
}

int
meta_read(const char *path, struct vt_envelope *env, struct vt_error *err)
{
	const struct reader r = { env, err };
	struct vt_json *root = NULL;
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, META_MAX);
	rc = load(path, &text, err);
	if (rc == VT_OK)
		rc = vt_json_parse(vt_buf_bytes(&text), &root, err);
	if (rc == VT_OK)
		rc = read_object(&r, envelope_keys, "--meta", root, env);
	vt_json_free(root);
	vt_buf_release(&text);
	return rc;
}
