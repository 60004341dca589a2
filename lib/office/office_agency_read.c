/* office_agency_read.c - a list of agencies, as JSON lines or as CSV */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_agency_int.h"
#include "office_lines.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/store_agency.h"

#define COLUMNS_MAX 64
#define MARK "\xef\xbb\xbf" /* of byte order: Excel begins a file so */

enum key {
	ORGAN_ID,
	NAME,
	ALIASES,
	PARENT,
	EMAIL,
	PHONE,
	VALID_FROM,
	VALID_TO,
	STATE,
	KEYS
};

static const char *const keys[KEYS] = {
	[ORGAN_ID] = "organ_id",
	[NAME] = "name",
	[ALIASES] = "aliases",
	[PARENT] = "parent",
	[EMAIL] = "email",
	[PHONE] = "phone",
	[VALID_FROM] = "valid_from",
	[VALID_TO] = "valid_to",
	[STATE] = "state",
};

struct reading {
	vt_office_agency_entry_fn *fn;
	void *ctx;
	bool begun, csv;
	char separator;
	enum key columns[COLUMNS_MAX]; /* KEYS: of nothing that we know */
	size_t ncolumns;
};

/* ---- one value ---- */

static int
set_text(char **field, const char *text, struct vt_error *err)
{
	free(*field);
	*field = strdup(text);
	return *field != NULL ? VT_OK : vt_error_nomem(err);
}

static int
set_date(struct vt_date *field, enum key key, const char *text,
    struct vt_error *err)
{
	if (!vt_date_parse(text, field))
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "\"%s\" is \"%s\", not a date", keys[key], text);
	return VT_OK;
}

static int
set_value(struct vt_agency *a, enum key key, const char *text,
    struct vt_error *err)
{
	switch (key) {
	case ORGAN_ID:
		return set_text(&a->code, text, err);
	case NAME:
		return set_text(&a->name, text, err);
	case ALIASES:
		return vt_office_agency_codes(text, &a->aliases, err);
	case PARENT:
		return set_text(&a->parent, text, err);
	case EMAIL:
		return set_text(&a->email, text, err);
	case PHONE:
		return set_text(&a->phone, text, err);
	case VALID_FROM:
		return set_date(&a->from, key, text, err);
	case VALID_TO:
		return set_date(&a->to, key, text, err);
	case STATE: /* the rest is in the dates */
		a->gone = strcmp(text, "gone") == 0;
		return VT_OK;
	default:
		return VT_OK;
	}
}

/* ---- JSON ---- */

static int
json_aliases(struct vt_agency *a, const struct vt_json *v, struct vt_error *err)
{
	const char *code;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < vt_json_len(v) && rc == VT_OK; i++) {
		code = vt_json_str(vt_json_at(v, i));
		rc = code != NULL ? vt_list_add(&a->aliases, code, err)
				  : VT_EFORMAT;
	}
	if (rc == VT_EFORMAT || !vt_json_is_array(v))
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "\"%s\" is not an array of texts", keys[ALIASES]);
	return rc;
}

static int
json_entry(struct vt_bytes text, struct vt_agency *a, struct vt_error *err)
{
	const struct vt_json *v;
	struct vt_json *json = NULL;
	enum key key;
	int rc;

	if ((rc = vt_json_parse(text, &json, err)) != VT_OK)
		return rc;
	if (!vt_json_is_object(json))
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "the line is not a JSON object");
	for (key = 0; key < KEYS && rc == VT_OK; key++) {
		v = vt_json_get(json, keys[key]);
		if (v == NULL || vt_json_is_null(v))
			continue;
		if (key == ALIASES)
			rc = json_aliases(a, v, err);
		else if (vt_json_str(v) == NULL)
			rc = vt_error_set(err, VT_EFORMAT, NULL,
			    "\"%s\" is not a text", keys[key]);
		else
			rc = set_value(a, key, vt_json_str(v), err);
	}
	vt_json_free(json);
	return rc;
}

/* ---- CSV (RFC 4180), each record on one line ---- */

/* The next field of TEXT from *POS on; *RET_LAST: no other follows. */
static int
csv_field(struct vt_bytes text, char separator, size_t *pos, struct vt_buf *ret,
    bool *ret_last, struct vt_error *err)
{
	size_t i = *pos;
	bool quoted = i < text.len && text.data[i] == '"';
	int rc = VT_OK;

	vt_buf_reset(ret);
	for (i += quoted; i < text.len && rc == VT_OK; i++) {
		if (quoted && text.data[i] == '"') {
			if (i + 1 == text.len || text.data[i + 1] != '"')
				break;
			i++;
		} else if (!quoted && text.data[i] == separator)
			break;
		else if (text.data[i] == '\0' || text.data[i] == '"')
			return vt_error_set(err, VT_EFORMAT, "RFC 4180, 2",
			    "column %zu: a sign that may not stand there",
			    i + 1);
		rc = vt_buf_putc(ret, text.data[i]);
	}
	if (rc != VT_OK)
		return vt_error_nomem(err);
	if (quoted && i++ >= text.len)
		return vt_error_set(err, VT_EFORMAT, "RFC 4180, 2",
		    "a quoted field does not end on its line");
	if (i < text.len && text.data[i] != separator)
		return vt_error_set(err, VT_EFORMAT, "RFC 4180, 2",
		    "column %zu: a sign that may not stand there", i + 1);
	*ret_last = i >= text.len;
	*pos = i + 1;
	return VT_OK;
}

static enum key
key_of(const char *name)
{
	enum key key = 0;

	while (key < KEYS && strcmp(keys[key], name) != 0)
		key++;
	return key;
}

/* The first line says what the columns are. */
static int
csv_head(struct reading *r, struct vt_bytes text, struct vt_error *err)
{
	bool known[KEYS + 1] = { false }, last = false;
	struct vt_buf field;
	size_t pos = 0;
	enum key key;
	int rc = VT_OK;

	r->separator = vt_bytes_find(text, 0, ";") != SIZE_MAX &&
			       vt_bytes_find(text, 0, ",") == SIZE_MAX
			   ? ';'
			   : ',';
	vt_buf_init(&field, VT_OFFICE_LINE_MAX);
	while (!last && rc == VT_OK) {
		if ((rc = csv_field(text, r->separator, &pos, &field, &last,
			 err)) != VT_OK)
			break;
		key = key_of(vt_buf_str(&field));
		if (key != KEYS && known[key])
			rc = vt_error_set(err, VT_EFORMAT, NULL,
			    "the column \"%s\" is there twice", keys[key]);
		else if (r->ncolumns == COLUMNS_MAX)
			rc = vt_error_set(err, VT_ELIMIT, NULL,
			    "more than %d columns", COLUMNS_MAX);
		else
			r->columns[r->ncolumns++] = key;
		known[key] = true;
	}
	vt_buf_release(&field);
	if (rc == VT_OK && (!known[ORGAN_ID] || !known[NAME]))
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "it is neither JSON lines, nor CSV whose first line names "
		    "the columns \"organ_id\" and \"name\"");
	return rc;
}

static int
csv_entry(const struct reading *r, struct vt_bytes text, struct vt_agency *a,
    struct vt_error *err)
{
	struct vt_buf field;
	bool last = false;
	size_t pos = 0, n;
	int rc = VT_OK;

	vt_buf_init(&field, VT_OFFICE_LINE_MAX);
	for (n = 0; !last && rc == VT_OK; n++) {
		rc = csv_field(text, r->separator, &pos, &field, &last, err);
		if (rc == VT_OK && n < r->ncolumns && field.len > 0)
			rc = set_value(a, r->columns[n], vt_buf_str(&field),
			    err);
	}
	vt_buf_release(&field);
	if (rc == VT_OK && n != r->ncolumns)
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "%zu columns, not %zu as in the first line", n,
		    r->ncolumns);
	return rc;
}

/* ---- lines ---- */

static int
read_line(struct reading *r, struct vt_bytes text, struct vt_error *err)
{
	struct vt_agency a = { 0 };
	int rc;

	if (!r->begun) {
		r->begun = true;
		if (vt_bytes_starts(text, MARK))
			text = vt_bytes_slice(text, strlen(MARK), SIZE_MAX);
		r->csv = !vt_bytes_starts(text, "{");
		if (r->csv)
			return csv_head(r, text, err);
	}
	rc = r->csv ? csv_entry(r, text, &a, err) : json_entry(text, &a, err);
	if (rc == VT_OK && (rc = vt_office_agency_check(&a, err)) == VT_OK)
		rc = r->fn(r->ctx, &a, err);
	vt_agency_release(&a);
	return rc;
}

static int
take_line(void *ctx, size_t line, struct vt_bytes text, bool too_long,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	char where[32];
	int rc;

	if (too_long)
		rc = vt_error_set(&why, VT_ELIMIT, NULL,
		    "the line is longer than %u bytes", VT_OFFICE_LINE_MAX);
	else
		rc = read_line(ctx, text, &why);
	if (rc == VT_OK)
		return VT_OK;
	snprintf(where, sizeof(where), "%zu", line);
	vt_error_prefix(&why, where);
	return vt_error_set(err, why.code, why.clause, "%s", why.text);
}

int
vt_office_agency_read(struct vt_source *src, vt_office_agency_entry_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct reading r = { .fn = fn, .ctx = ctx };

	return vt_office_lines(src, take_line, &r, err);
}
