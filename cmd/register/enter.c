/* enter.c - vanthu register out, in */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "register.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/store.h"

bool
register_operands(struct vt_cli *cli, int from, struct vt_list *ret)
{
	struct vt_error err = { 0 };
	int i;

	for (i = from; i < cli->argc; i++)
		if (vt_list_add(ret, cli->argv[i], &err) != VT_OK) {
			vt_cli_fail(cli, NULL, &err);
			return false;
		}
	return true;
}

void
register_notes(struct vt_cli *cli, struct vt_list *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++)
		vt_cli_warn(cli, NULL, "%s", notes->items[i]);
	vt_list_release(notes);
}

void
register_result(struct vt_cli *cli, const struct vt_record *rec, bool existing)
{
	struct vt_json_out *o = vt_cli_json(cli);
	char ref[VT_REF_TEXT];

	if (o == NULL) {
		vt_cli_line(cli, "%s", vt_record_ref(rec, ref));
		return;
	}
	vt_store_record_to_json(rec, o);
	vt_json_put_bool(o, "existing", existing);
	vt_cli_json_end(cli, o);
}

/* A value that is not one of its kind: the line is wrong. */
static bool
field(struct vt_cli *cli, struct vt_record *rec, const char *key,
    const char *option, const char *value)
{
	struct vt_error err = { 0 };
	int rc;

	if (value == NULL)
		return true;
	rc = vt_record_field_set(rec, key, value, &err);
	if (rc == VT_ENOMEM)
		vt_cli_fail(cli, NULL, &err);
	else if (rc != VT_OK)
		vt_cli_usage(cli, "%s: %s", option, err.text);
	return rc == VT_OK;
}

static bool
places(struct vt_cli *cli, struct vt_record *rec, const struct vt_list *given)
{
	struct vt_error err = { 0 };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < given->n && rc == VT_OK; i++)
		rc = vt_record_place_add(rec, given->items[i], &err);
	if (rc == VT_ENOMEM)
		vt_cli_fail(cli, NULL, &err);
	else if (rc != VT_OK)
		vt_cli_usage(cli, "%s: %s", "--place", err.text);
	return rc == VT_OK;
}

/* What both books ask for, and the secrecy before all else. */
static bool
common(struct vt_cli *cli, struct vt_record *rec, const struct register_args *a)
{
	rec->date = a->date;
	rec->due = a->due;
	return field(cli, rec, "secrecy", "--secrecy", a->secrecy) &&
	       field(cli, rec, "urgency", "--urgency", a->urgency) &&
	       field(cli, rec, "type", "--type", a->type) &&
	       field(cli, rec, "subject", "--subject", a->subject);
}

/* The record that this one answers, by its reference. */
static bool
reply_to(struct vt_cli *cli, struct vt_office *o, struct vt_record *rec,
    const char *text)
{
	struct vt_error err = { 0 };
	struct vt_record answered;
	char ref[VT_REF_TEXT];
	int rc;

	if (text == NULL)
		return true;
	rc = vt_office_record(o, text, true, NULL, &answered, &err);
	if (rc == VT_OK) {
		rc = vt_record_put(&rec->reply_to,
		    vt_record_ref(&answered, ref), &err);
		vt_record_release(&answered);
	}
	if (rc != VT_OK)
		vt_cli_fail(cli, text, &err);
	return rc == VT_OK;
}

static bool
out_record(struct vt_cli *cli, const struct register_args *a,
    struct vt_record *rec)
{
	char book[VT_BOOK_MAX];

	if (a->type == NULL || a->notation == NULL || a->subject == NULL) {
		vt_cli_usage(cli,
		    "--type, --notation and --subject are needed");
		return false;
	}
	if (a->series != NULL) {
		snprintf(book, sizeof(book), "%s.%s", VT_BOOK_OUT, a->series);
		if (vt_record_put(&rec->book, book, NULL) != VT_OK ||
		    !vt_book_valid(rec->book)) {
			vt_cli_usage(cli, "%s cannot name a series", a->series);
			return false;
		}
	}
	if (a->pages > INT32_MAX || a->copies > INT32_MAX) {
		vt_cli_usage(cli, "so many pages or copies cannot be");
		return false;
	}
	rec->pages = (int)a->pages;
	rec->copies = (int)a->copies;
	rec->paper = a->paper;
	return common(cli, rec, a) &&
	       field(cli, rec, "notation", "--notation", a->notation) &&
	       field(cli, rec, "signer", "--signer", a->signer) &&
	       field(cli, rec, "position", "--position", a->position) &&
	       field(cli, rec, "competence", "--competence", a->competence) &&
	       field(cli, rec, "keeper", "--keeper", a->keeper) &&
	       places(cli, rec, &a->places);
}

void
register_out(struct vt_cli *cli, const struct register_args *a)
{
	struct vt_office *o = NULL;
	struct vt_list paths = { 0 }, notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	bool existing = false;

	vt_record_init(&rec);
	if (!out_record(cli, a, &rec) || !register_operands(cli, 0, &paths) ||
	    (o = register_open(cli)) == NULL ||
	    !reply_to(cli, o, &rec, a->reply_to))
		goto out;
	if (vt_office_register_out(o, &rec, &paths, a->again, &existing, &notes,
		&err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		goto out;
	}
	register_notes(cli, &notes);
	if (existing)
		vt_cli_info(cli, "it was registered before");
	register_result(cli, &rec, existing);
out:
	vt_office_close(o);
	vt_list_release(&notes);
	vt_list_release(&paths);
	vt_record_release(&rec);
}

/*
 * An issuer is named by its identifier or, where it has none, in words: what
 * has a space or a letter with a mark in it.
 */
static bool
issuer(struct vt_cli *cli, struct vt_record *rec, const char *text)
{
	const char *p = text;

	while (*p != '\0' && (unsigned char)*p < 0x80 &&
	       !isspace((unsigned char)*p))
		p++;
	if (*p != '\0')
		return field(cli, rec, "organ_name", "--from", text);
	if (vt_record_organ_check(text) == VT_ORGAN_BAD) {
		vt_cli_usage(cli, "\"%s\" is not an agency's identifier", text);
		return false;
	}
	return field(cli, rec, "organ_id", "--from", text);
}

void
register_in(struct vt_cli *cli, const struct register_args *a)
{
	struct vt_office *o = NULL;
	struct vt_list paths = { 0 }, notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	bool existing = false;

	vt_record_init(&rec);
	rec.arrived = a->arrived;
	if (a->from == NULL || a->code == NULL || a->date.year == 0 ||
	    a->type == NULL || a->subject == NULL) {
		vt_cli_usage(cli, "--from, --code, --date, --type and "
				  "--subject are needed");
		goto out;
	}
	if (!common(cli, &rec, a) || !issuer(cli, &rec, a->from) ||
	    !field(cli, &rec, "code", "--code", a->code) ||
	    !register_operands(cli, 0, &paths) ||
	    (o = register_open(cli)) == NULL)
		goto out;
	if (vt_office_register_in(o, &rec, &paths, a->again, &existing, &notes,
		&err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		goto out;
	}
	register_notes(cli, &notes);
	register_result(cli, &rec, existing);
out:
	vt_office_close(o);
	vt_list_release(&notes);
	vt_list_release(&paths);
	vt_record_release(&rec);
}
