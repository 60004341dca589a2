/* envelope_set.c - the text of an element as the value that it stands for */
#include <stdlib.h>
#include <string.h>

#include "envelope_read.h"
#include "vanthu/error.h"

#define SHOWN_MAX 40

struct vt_bytes
vt_edxml_content_id(struct vt_bytes text)
{
	text = vt_edxml_trim(text);
	if (vt_bytes_starts(text, "cid:"))
		text = vt_bytes_slice(text, 4, text.len);
	return text;
}

static int
set_text(char **field, struct vt_bytes text, struct vt_error *err)
{
	if (text.len == 0)
		return VT_OK;
	*field = vt_bytes_dup(text);
	return *field != NULL ? VT_OK : vt_error_nomem(err);
}

static int
add_text(struct vt_list *list, struct vt_bytes text, struct vt_error *err)
{
	char *copy;
	int rc;

	if (text.len == 0)
		return VT_OK;
	if (list->n == VT_ENVELOPE_TO_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d values in a list", VT_ENVELOPE_TO_MAX);
	if ((copy = vt_bytes_dup(text)) == NULL)
		return vt_error_nomem(err);
	rc = vt_list_add(list, copy, err);
	free(copy);
	return rc;
}

static int
set_business(struct vt_edxml_reader *r, struct vt_bytes text)
{
	int n;

	if (!vt_edxml_count_parse(text, VT_BUSINESS_REPLACE, &n))
		return VT_EFORMAT;
	r->env->business.type = (enum vt_business)n;
	r->business = true;
	return VT_OK;
}

/* Two digits on the wire, but some systems keep a number and send that. */
static int
set_status(char **field, struct vt_bytes text, struct vt_error *err)
{
	char code[] = "00";
	int n;

	if (!vt_edxml_count_parse(text, 99, &n) || text.len > 2)
		return VT_EFORMAT;
	code[0] = (char)('0' + n / 10);
	code[1] = (char)('0' + n % 10);
	return vt_envelope_set(field, code, err);
}

/* VT_EFORMAT without a text: the value is not of its kind. */
static int
set_typed(struct vt_edxml_reader *r, const struct vt_rule *rule, void *to,
    struct vt_bytes trimmed, struct vt_error *err)
{
	/* "null": some programs write so what they do not have */
	struct vt_bytes value =
	    vt_bytes_equal_str(trimmed, "null") ? VT_BYTES(NULL, 0) : trimmed;
	bool ok = true, paper = false;

	switch (rule->value) {
	case AS_BUSINESS:
		return set_business(r, trimmed);
	case AS_STATUS:
		return set_status(to, trimmed, err);
	case AS_TRACE_ID: /* some hops write their missing id so */
		if (vt_bytes_equal_str(trimmed, "null"))
			return VT_OK;
		return set_text(to, trimmed, err);
	case AS_TRACE_TIME:
		if (!vt_edxml_time_parse(trimmed, to))
			*(int64_t *)to = VT_TIME_NONE;
		return VT_OK;
	case AS_LOOSE_COUNT:
		if (!vt_edxml_count_parse(trimmed, 999999999, to))
			*(int *)to = -1;
		return VT_OK;
	case AS_DATE:
		ok = vt_edxml_date_parse(value, to);
		break;
	case AS_TIME:
		ok = vt_edxml_time_parse(value, to);
		break;
	case AS_COUNT:
		ok = value.len == 0 ||
		     vt_edxml_count_parse(value, 999999999, to);
		break;
	case AS_PRIORITY:
		ok = value.len == 0 ||
		     vt_edxml_count_parse(value, VT_PRIORITY_MAX, to);
		break;
	case AS_BOOL:
		ok = trimmed.len == 0 || vt_edxml_bool_parse(trimmed, to);
		break;
	case AS_PAPER: /* it may stand in two places */
		ok = trimmed.len == 0 || vt_edxml_bool_parse(trimmed, &paper);
		*(bool *)to = *(bool *)to || paper;
		break;
	case AS_CHANGE:
		r->change = trimmed.len > 0;
		ok = !r->change || vt_edxml_bool_parse(trimmed, to);
		break;
	default:
		break;
	}
	return ok ? VT_OK : VT_EFORMAT;
}

/* Bytes of a value that a message shows: whole characters. */
static size_t
shown(struct vt_bytes value)
{
	size_t n = SHOWN_MAX;

	if (value.len <= n)
		return value.len;
	while (n > 0 && (value.data[n] & 0xc0) == 0x80)
		n--;
	return n;
}

int
vt_edxml_set(struct vt_edxml_reader *r, const struct vt_edxml_frame *leaf,
    unsigned line, struct vt_error *err)
{
	const struct vt_rule *rule = leaf->rule;
	void *to = (unsigned char *)leaf->object + rule->off;
	struct vt_bytes text = vt_buf_bytes(&r->text), trimmed;
	int rc;

	trimmed = vt_edxml_trim(text);
	switch (rule->value) {
	case AS_CONTENT:
		return VT_OK;
	case AS_TEXT:
		return set_text(to, text, err);
	case AS_ID:
		return set_text(to, trimmed, err);
	case AS_CONTENT_ID:
		return set_text(to, vt_edxml_content_id(text), err);
	case AS_NAME:
		if (text.len > VT_ENVELOPE_ATTACHMENT_NAME_MAX)
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "the text of %s is too long", rule->name);
		return set_text(to, text, err);
	case AS_LIST:
		return add_text(to, text, err);
	case AS_ID_LIST:
		return add_text(to, trimmed, err);
	default:
		break;
	}
	rc = set_typed(r, rule, to, trimmed, err);
	if (rc == VT_EFORMAT)
		vt_error_set(err, rc, QCVN,
		    "the element %s can not be \"%.*s\" (line %u)", rule->name,
		    (int)shown(trimmed), (const char *)trimmed.data, line);
	return rc;
}
