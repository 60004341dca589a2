/* json_in.c - JSON read, by jansson */
#include <jansson.h>

#include "vanthu/error.h"
#include "vanthu/json.h"

/* Only a name for jansson's value: a struct vt_json is never defined. */
static const json_t *
value(const struct vt_json *v)
{
	return (const json_t *)v;
}

static const struct vt_json *
named(const json_t *v)
{
	return (const struct vt_json *)v;
}

/*
 * The limits, before anything is built: jansson's own are far above ours, and
 * finding the n-th member walks through those before it.  What is no JSON at
 * all is left to jansson.
 */
static int
check_limits(struct vt_bytes text, struct vt_error *err)
{
	size_t members[VT_JSON_DEPTH + 1] = { 0 }, i;
	bool object[VT_JSON_DEPTH + 1] = { false };
	int depth = 0;
	bool string = false;
	unsigned char c;

	for (i = 0; i < text.len; i++) {
		c = text.data[i];
		if (string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				string = false;
		} else if (c == '"') {
			string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > VT_JSON_DEPTH)
				return vt_error_set(err, VT_ELIMIT, NULL,
				    "JSON nested deeper than %d",
				    VT_JSON_DEPTH);
			members[depth] = 1;
			object[depth] = c == '{';
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		} else if (c == ',' && object[depth] &&
			   ++members[depth] > VT_JSON_MEMBERS) {
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "a JSON object with more than %d members",
			    VT_JSON_MEMBERS);
		}
	}
	return VT_OK;
}

static int
not_json(const json_error_t *why, struct vt_error *err)
{
	const char *clause = "RFC 8259, 2", *text;

	switch (json_error_code(why)) {
	case json_error_out_of_memory:
		return vt_error_nomem(err);
	case json_error_duplicate_key:
		clause = "RFC 8259, 4";
		text = VT_N_("line %d, column %d: the same name twice in one "
			     "JSON object");
		break;
	case json_error_invalid_utf8:
		clause = "RFC 8259, 8.1";
		text = VT_N_("line %d, column %d: JSON text that is not UTF-8");
		break;
	case json_error_null_character:
	case json_error_null_byte_in_key:
		clause = "RFC 8259, 7";
		text = VT_N_("line %d, column %d: a NUL in a JSON string");
		break;
	case json_error_premature_end_of_input:
		text = VT_N_("line %d, column %d: the JSON text ends too "
			     "early");
		break;
	case json_error_end_of_input_expected:
		text = VT_N_("line %d, column %d: something follows the JSON "
			     "value");
		break;
	case json_error_numeric_overflow:
		clause = "RFC 8259, 6";
		text = VT_N_("line %d, column %d: a JSON number is out of "
			     "range");
		break;
	default:
		text = VT_N_("line %d, column %d: this is not JSON");
		break;
	}
	return vt_error_set(err, VT_EFORMAT, clause, text, why->line,
	    why->column);
}

int
vt_json_parse(struct vt_bytes text, struct vt_json **ret, struct vt_error *err)
{
	json_error_t why;
	json_t *root;
	int rc;

	if (text.len > VT_JSON_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "JSON longer than %u bytes", VT_JSON_MAX);
	if ((rc = check_limits(text, err)) != VT_OK)
		return rc;
	root = json_loadb(text.len > 0 ? (const char *)text.data : "", text.len,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (root == NULL)
		return not_json(&why, err);
	*ret = (struct vt_json *)root;
	return VT_OK;
}

void
vt_json_free(struct vt_json *root)
{
	json_decref((json_t *)root);
}

bool
vt_json_is_object(const struct vt_json *v)
{
	return json_is_object(value(v));
}

bool
vt_json_is_array(const struct vt_json *v)
{
	return json_is_array(value(v));
}

bool
vt_json_is_null(const struct vt_json *v)
{
	return json_is_null(value(v));
}

const struct vt_json *
vt_json_get(const struct vt_json *object, const char *key)
{
	return named(json_object_get(value(object), key));
}

const char *
vt_json_str(const struct vt_json *v)
{
	return json_string_value(value(v));
}

bool
vt_json_int(const struct vt_json *v, int64_t *ret)
{
	if (!json_is_integer(value(v)))
		return false;
	*ret = json_integer_value(value(v));
	return true;
}

bool
vt_json_bool(const struct vt_json *v, bool *ret)
{
	if (!json_is_boolean(value(v)))
		return false;
	*ret = json_is_true(value(v));
	return true;
}

size_t
vt_json_len(const struct vt_json *v)
{
	if (vt_json_is_array(v))
		return json_array_size(value(v));
	return json_object_size(value(v));
}

const struct vt_json *
vt_json_at(const struct vt_json *array, size_t i)
{
	return named(json_array_get(value(array), i));
}

const char *
vt_json_key(const struct vt_json *object, size_t i)
{
	json_t *o = (json_t *)object; /* jansson's iterators take no const */
	void *at = json_object_iter(o);

	while (at != NULL && i-- > 0)
		at = json_object_iter_next(o, at);
	return at != NULL ? json_object_iter_key(at) : NULL;
}
