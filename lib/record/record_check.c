/* record_check.c - is a record fit for its book? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/text.h"

#define CLAUSE_FIELDS "NĐ 30/2020, PL.VI II"
#define CLAUSE_TYPES "NĐ 30/2020, PL.III"
#define PAGES_USUAL 999 /* PageAmount has three digits */

/* Put what ERR says on the list of notes, and forget it. */
static int
note_error(struct vt_list *notes, struct vt_error *why, struct vt_error *err)
{
	char line[sizeof(why->clause) + sizeof(why->text) + 4];
	int rc = VT_OK;

	if (why->code == VT_ENOMEM)
		return vt_error_nomem(err);
	if (notes != NULL) {
		snprintf(line, sizeof(line), "%s%s%s", why->clause,
		    why->clause[0] != '\0' ? ": " : "", why->text);
		rc = vt_list_add(notes, line, err);
	}
	vt_error_clear(why);
	return rc;
}

/* Characters of one field; STRICT: more is an error, else only too many. */
static int
length_check(const char *key, const char *text, size_t max, bool strict,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_error why = { 0 };
	size_t n = text != NULL ? vt_utf8_len(vt_bytes_str(text)) : 0;

	if (n <= max)
		return VT_OK;
	if (n > VT_RECORD_TEXT_MAX)
		max = VT_RECORD_TEXT_MAX;
	vt_error_set(&why, VT_EARG, CLAUSE_FIELDS,
	    "%s has %zu characters: at most %zu are allowed", key, n, max);
	if (!strict && n <= VT_RECORD_TEXT_MAX)
		return note_error(notes, &why, err);
	return vt_error_set(err, VT_EARG, why.clause, "%s", why.text);
}

static int
lengths_check(const struct vt_record *rec, bool strict, struct vt_list *notes,
    struct vt_error *err)
{
	const struct {
		const char *key, *text;
		size_t max;
	} texts[] = {
		{ "subject", rec->subject, VT_RECORD_SUBJECT_MAX },
		{ "signer", rec->signer, VT_RECORD_SIGNER_MAX },
		{ "position", rec->position, VT_RECORD_POSITION_MAX },
		{ "organ_name", rec->organ_name, VT_RECORD_NAME_MAX },
		{ "sender_name", rec->sender_name, VT_RECORD_NAME_MAX },
		{ "keeper", rec->keeper, VT_RECORD_NAME_MAX },
		{ "reply_to", rec->reply_to, VT_RECORD_NAME_MAX },
		{ "document_id", rec->document_id, VT_RECORD_DOCUMENT_ID_MAX },
		{ "type", rec->type, VT_RECORD_TEXT_MAX },
		{ "code", rec->code, VT_RECORD_TEXT_MAX },
	};
	size_t i, n = 0, max;
	int rc = VT_OK;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++)
		rc = length_check(texts[i].key, texts[i].text, texts[i].max,
		    strict, notes, err);
	for (i = 0; i < rec->places.n; i++)
		n += vt_utf8_len(vt_bytes_str(rec->places.items[i])) + 2;
	max = strict ? VT_RECORD_PLACES_MAX : VT_RECORD_TEXT_MAX;
	if (rc == VT_OK && n > max)
		rc = vt_error_set(err, VT_EARG, CLAUSE_FIELDS,
		    "%s has %zu characters: at most %zu are allowed", "places",
		    n, max);
	return rc;
}

static int
missing(const char *key, struct vt_error *err)
{
	return vt_error_set(err, VT_EARG, CLAUSE_FIELDS, "%s is missing", key);
}

/* What both books ask for. */
static int
common_check(const struct vt_record *rec, struct vt_list *notes,
    struct vt_error *err)
{
	bool in = vt_record_incoming(rec);
	struct vt_error why = { 0 };
	size_t i;
	int rc;

	if ((rc = vt_secrecy_allow(rec->secrecy, err)) != VT_OK)
		return rc;
	if (rec->book == NULL || !vt_book_valid(rec->book))
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no book \"%s\"",
		    rec->book != NULL ? rec->book : "");
	if (rec->number < 0 || rec->number > VT_RECORD_NUMBER_MAX)
		return vt_error_set(err, VT_EARG, NULL,
		    "numbers go from 1 to %d", VT_RECORD_NUMBER_MAX);
	if (rec->year < 1000 || rec->year > 9999)
		return missing("year", err);
	if (rec->date.year == 0)
		return missing("date", err);
	if (rec->subject == NULL)
		return missing("subject", err);
	if (rec->type == NULL)
		return missing("type", err);
	if (!vt_state_fits(in, rec->state))
		return vt_error_set(err, VT_EARG, NULL,
		    "a record of the book %s cannot be \"%s\"", rec->book,
		    vt_state_name(rec->state));
	for (i = 0; i < rec->places.n; i++)
		if (strchr(rec->places.items[i], ';') != NULL)
			return vt_error_set(err, VT_EARG, NULL,
			    "the place \"%s\" holds a \";\"",
			    rec->places.items[i]);
	if (rec->organ_id != NULL) {
		if (vt_record_organ_check(rec->organ_id) == VT_ORGAN_BAD)
			return vt_error_set(err, VT_EARG, "QĐ 20/2020/QĐ-TTg",
			    "\"%s\" is not an agency's identifier",
			    rec->organ_id);
		if (vt_record_organ_check(rec->organ_id) != VT_ORGAN_GOOD) {
			vt_error_set(&why, VT_EARG, "QĐ 20/2020/QĐ-TTg",
			    "\"%s\" is of no form that agencies' identifiers "
			    "have",
			    rec->organ_id);
			return note_error(notes, &why, err);
		}
	}
	return VT_OK;
}

/* The type and the notation keep the decree's annexes. */
static int
notation_check(const struct vt_record *rec, struct vt_error *err)
{
	const struct vt_record_type *type = vt_record_type_find(rec->type);

	if (type != NULL)
		return vt_record_notation_check(type, rec->notation, err);
	type = vt_record_type_by_name(rec->type);
	if (type == NULL)
		return vt_error_set(err, VT_EARG, CLAUSE_TYPES,
		    "\"%s\" is not the code of a type of document", rec->type);
	return vt_error_set(err, VT_EARG, CLAUSE_TYPES,
	    "\"%s\" is not the code of a type of document: \"%s\" is",
	    rec->type, type->code);
}

static int
dates_check(const struct vt_record *rec, struct vt_error *err)
{
	if (rec->year != rec->date.year)
		return vt_error_set(err, VT_EARG, "NĐ 30/2020, Đ.15 k1",
		    "the date is not of the year %d", rec->year);
	if (rec->due.year != 0 && vt_date_compare(rec->due, rec->date) < 0)
		return vt_error_set(err, VT_EARG, NULL,
		    "the due date is before the document's");
	return VT_OK;
}

/* STRICT: we issue it now; else others did, and nothing can be changed. */
static int
outgoing_check(const struct vt_record *rec, bool strict, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	if (rec->notation == NULL)
		return missing("notation", err);
	if (strict) {
		if ((rc = notation_check(rec, err)) != VT_OK ||
		    (rc = dates_check(rec, err)) != VT_OK)
			return rc;
	} else if ((notation_check(rec, &why) != VT_OK &&
		       (rc = note_error(notes, &why, err)) != VT_OK) ||
		   (dates_check(rec, &why) != VT_OK &&
		       (rc = note_error(notes, &why, err)) != VT_OK))
		return rc;
	if ((rc = lengths_check(rec, strict, notes, err)) != VT_OK)
		return rc;
	if (rec->pages > PAGES_USUAL || rec->copies > PAGES_USUAL) {
		vt_error_set(&why, VT_EARG, CLAUSE_FIELDS,
		    "more than %d pages or copies", PAGES_USUAL);
		return note_error(notes, &why, err);
	}
	return VT_OK;
}

static int
incoming_check(const struct vt_record *rec, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_record_code code;
	struct vt_error why = { 0 };
	int rc;

	if (rec->organ_id == NULL && rec->organ_name == NULL)
		return missing("organ_id", err);
	if (rec->code == NULL)
		return missing("code", err);
	if (rec->arrived == VT_TIME_NONE)
		return missing("arrived", err);
	if ((rc = lengths_check(rec, false, notes, err)) != VT_OK)
		return rc;
	if (vt_record_type_find(rec->type) == NULL) {
		vt_error_set(&why, VT_EARG, CLAUSE_TYPES,
		    "\"%s\" is not the code of a type of document", rec->type);
		if ((rc = note_error(notes, &why, err)) != VT_OK)
			return rc;
	}
	if (vt_record_code_parse(rec->code, &code, &why) != VT_OK &&
	    (rc = note_error(notes, &why, err)) != VT_OK)
		return rc;
	if (vt_date_compare(rec->date, vt_date_of(rec->arrived)) > 0) {
		vt_error_set(&why, VT_EARG, NULL,
		    "the document's date is after its arrival");
		return note_error(notes, &why, err);
	}
	return VT_OK;
}

static int
record_check(const struct vt_record *rec, bool strict, struct vt_list *notes,
    struct vt_error *err)
{
	int rc;

	if ((rc = common_check(rec, notes, err)) != VT_OK)
		return rc;
	return vt_record_incoming(rec)
		   ? incoming_check(rec, notes, err)
		   : outgoing_check(rec, strict, notes, err);
}

int
vt_record_check(const struct vt_record *rec, struct vt_list *notes,
    struct vt_error *err)
{
	return record_check(rec, true, notes, err);
}

int
vt_record_check_history(const struct vt_record *rec, struct vt_list *notes,
    struct vt_error *err)
{
	return record_check(rec, false, notes, err);
}
