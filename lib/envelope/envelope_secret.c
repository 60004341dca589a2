/* envelope_secret.c - does an envelope say that it is a state secret? */
#include <string.h>

#include "envelope_int.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"

#define TAG_TEXT 80 /* bytes of a mark: more than a prefix and TypeName */

static bool
is_secret(const char *text)
{
	return text != NULL && vt_secrecy_of_text(text) != VT_SECRECY_NONE;
}

static void
judge(struct vt_edxml_secret_scan *scan)
{
	scan->text[scan->len] = '\0';
	if (!scan->long_text) {
		scan->found = scan->found || is_secret(scan->text);
		scan->like = scan->like || vt_secrecy_is_like(scan->text);
	}
	scan->len = 0;
	scan->long_text = false;
}

void
vt_edxml_secret_start(struct vt_edxml_secret_scan *scan, const char *local)
{
	if (scan->inside > 0)
		judge(scan);
	scan->depth++;
	if (scan->inside == 0 &&
	    (strcmp(local, "OtherInfo") == 0 || strcmp(local, "TypeName") == 0))
		scan->inside = scan->depth;
}

void
vt_edxml_secret_text(struct vt_edxml_secret_scan *scan, struct vt_bytes piece)
{
	struct vt_bytes tail;

	if (scan->inside == 0)
		return;
	if (scan->len == 0 && !scan->long_text) /* skip what is before */
		while (piece.len > 0 && strchr(" \t\r\n", piece.data[0]) &&
		       piece.data[0] != '\0')
			piece = VT_BYTES(piece.data + 1, piece.len - 1);
	tail = piece;
	if (tail.len > SECRET_TEXT - scan->len)
		tail.len = SECRET_TEXT - scan->len;
	if (tail.len > 0)
		memcpy(scan->text + scan->len, tail.data, tail.len);
	scan->len += tail.len;
	tail = vt_bytes_slice(piece, tail.len, piece.len);
	if (vt_edxml_trim(tail).len > 0) /* more than white space behind */
		scan->long_text = true;
}

void
vt_edxml_secret_end(struct vt_edxml_secret_scan *scan)
{
	if (scan->inside > 0)
		judge(scan);
	if (scan->inside == scan->depth)
		scan->inside = 0;
	if (scan->depth > 0)
		scan->depth--;
}

static int
scan_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	(void)err;
	vt_edxml_secret_start(ctx, el->local);
	return VT_OK;
}

static int
scan_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	vt_edxml_secret_text(ctx, piece);
	return VT_OK;
}

static int
scan_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	(void)el;
	(void)err;
	vt_edxml_secret_end(ctx);
	return VT_OK;
}

/*
 * What is no XML, or stops to be: marks and the text between them, without the
 * rules that make a parser give up.
 */
struct raw {
	struct vt_edxml_secret_scan scan;
	bool mark; /* between '<' and '>' */
	char name[TAG_TEXT + 1];
	size_t len;
	char last; /* of the mark so far */
};

static void
raw_mark(struct raw *raw)
{
	bool end = raw->name[0] == '/';
	char *name = raw->name + (end ? 1 : 0), *colon;

	raw->name[raw->len] = '\0';
	name[strcspn(name, "/ \t\r\n")] = '\0';
	if ((colon = strrchr(name, ':')) != NULL)
		name = colon + 1;
	if (raw->name[0] == '!' || raw->name[0] == '?')
		return;
	if (!end)
		vt_edxml_secret_start(&raw->scan, name);
	if (end || raw->last == '/')
		vt_edxml_secret_end(&raw->scan);
}

static void
raw_name(struct raw *raw, struct vt_bytes piece)
{
	size_t n = TAG_TEXT - raw->len;

	if (piece.len == 0)
		return;
	if (n > piece.len)
		n = piece.len;
	memcpy(raw->name + raw->len, piece.data, n);
	raw->len += n;
	raw->last = (char)piece.data[piece.len - 1];
}

static int
raw_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct raw *raw = ctx;
	struct vt_bytes run;
	size_t end;

	(void)err;
	while (piece.len > 0) {
		end = vt_bytes_find(piece, 0, raw->mark ? ">" : "<");
		run = vt_bytes_slice(piece, 0, end);
		if (raw->mark)
			raw_name(raw, run);
		else
			vt_edxml_secret_text(&raw->scan, run);
		if (end == SIZE_MAX)
			break;
		if (raw->mark)
			raw_mark(raw);
		raw->mark = !raw->mark;
		raw->len = 0;
		raw->name[0] = raw->last = '\0';
		piece = vt_bytes_slice(piece, end + 1, SIZE_MAX);
	}
	return VT_OK;
}

static int
scan_raw(struct vt_source *src, bool *ret, struct vt_error *err)
{
	struct raw raw = { .mark = false };
	int rc;

	rc =
	    vt_source_stream(src, 0, vt_source_size(src), raw_piece, &raw, err);
	if (rc != VT_OK)
		return rc;
	if (!raw.mark) /* it ends within a text */
		vt_edxml_secret_end(&raw.scan);
	*ret = raw.scan.found;
	return VT_OK;
}

int
vt_envelope_scan_secret(struct vt_source *src, bool *ret, struct vt_error *err)
{
	static const struct vt_xml_handler handler = { .start = scan_start,
		.end = scan_end,
		.text = scan_text };
	struct vt_edxml_secret_scan scan = { 0 };
	struct vt_error why = { 0 };
	int rc;

	rc = vt_xml_parse(src, &handler, &scan, &why);
	if (!scan.found && (rc == VT_EIO || rc == VT_ENOMEM)) {
		if (err != NULL && err->code == VT_OK)
			*err = why;
		return rc;
	}
	if (rc != VT_OK && !scan.found)
		return scan_raw(src, ret, err);
	*ret = scan.found;
	return VT_OK;
}

static bool
list_secret(const struct vt_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (is_secret(list->items[i]))
			return true;
	return false;
}

bool
vt_envelope_secret(const struct vt_envelope *env)
{
	return env->secret || is_secret(env->type_name) ||
	       is_secret(env->other.sphere) ||
	       is_secret(env->other.typer_notation) ||
	       list_secret(&env->other.appendixes) ||
	       list_secret(&env->other.reply_for) ||
	       list_secret(&env->other.reference_codes);
}
