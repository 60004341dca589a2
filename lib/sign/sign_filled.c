/* sign_filled.c - a number or a date that the document has already */
#include <stdio.h>
#include <string.h>

#include "sign_look.h"
#include "vanthu/error.h"
#include "vanthu/text.h"

#define SHOWN_MAX 1024 /* bytes of a text that is to be a number or a date */

/* The characters of LINES without blanks; *RET_ALL: each could be read. */
static int
put_shown(const struct vt_pdf_lines *lines, struct vt_buf *out, bool *ret_all)
{
	unsigned char c[4];
	size_t i, k;
	int rc = VT_OK;

	*ret_all = lines->unreadable == 0;
	for (i = 0; i < lines->n; i++)
		for (k = 0; k < lines->items[i].n && rc == VT_OK; k++)
			if (lines->items[i].chars[k].c != ' ')
				rc = vt_buf_put(out, c,
				    vt_utf8_put(lines->items[i].chars[k].c, c));
	return rc;
}

/* Is SHOWN the text WHOLE, or PARTS, of which the rest is printed? */
static bool
is_text(const char *shown, const char *whole, const char *parts)
{
	const char *w = whole;

	if (parts[0] != '\0' && strcmp(shown, parts) == 0)
		return true;
	for (; *w != '\0'; w++)
		if (*w != ' ' && *w != *shown++)
			return false;
	return *shown == '\0';
}

static int
differs(enum sign_step step, const char *has, const char *wanted,
    struct vt_error *err)
{
	if (step == SIGN_STEP_NUMBER)
		return vt_error_set(err, VT_EREFUSED,
		    "NĐ 30/2020, Annex I, II.3",
		    "the document has the number %s already, not %s", has,
		    wanted);
	return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020, Annex I, II.4",
	    "the document has the date \"%s\" already, not \"%s\"", has,
	    wanted);
}

/* What the field holds, of a text field: that of a signature holds none. */
static int
check_value(struct vt_pdf *pdf, const struct vt_pdf_place *at,
    enum sign_step step, const char *whole, struct vt_error *err)
{
	struct vt_buf text, nfc;
	int rc;

	vt_buf_init(&text, SHOWN_MAX);
	vt_buf_init(&nfc, SHOWN_MAX);
	rc = vt_pdf_field_text(pdf, at, &text, err);
	if (rc == VT_OK)
		rc = vt_text_nfc(&nfc, vt_buf_bytes(&text), err);
	if (rc == VT_OK && !vt_bytes_equal_str(vt_buf_bytes(&nfc), whole))
		rc = differs(step, nfc.len > 0 ? (const char *)nfc.data : "?",
		    whole, err);
	vt_buf_release(&nfc);
	vt_buf_release(&text);
	return rc;
}

int
vt_sign_filled(struct vt_pdf *pdf, const struct vt_pdf_place *at,
    enum sign_step step, const char *whole, const char *parts,
    struct vt_error *err)
{
	struct vt_pdf_lines lines = { NULL, 0, 0 };
	struct vt_buf shown;
	bool all = false;
	int rc;

	if (at->is_text &&
	    (rc = check_value(pdf, at, step, whole, err)) != VT_OK)
		return rc;
	if ((rc = vt_pdf_field_lines(pdf, at, &lines, err)) != VT_OK)
		return rc;
	vt_buf_init(&shown, SHOWN_MAX);
	if ((rc = put_shown(&lines, &shown, &all)) != VT_OK)
		rc = rc == VT_ELIMIT ? differs(step, "?", whole, err)
				     : (int)vt_error_nomem(err);
	else if (!all || shown.len == 0)
		rc = vt_error_set(err, VT_EREFUSED,
		    "NĐ 30/2020, Annex I, II.3, II.4",
		    "field %s of the document is filled, and what it shows "
		    "cannot be read: whether that is %s is not known",
		    step == SIGN_STEP_NUMBER ? SIGN_FIELD_NUMBER
					     : SIGN_FIELD_DATE,
		    whole);
	else if (!is_text((const char *)shown.data, whole, parts))
		rc = differs(step, (const char *)shown.data, whole, err);
	vt_buf_release(&shown);
	vt_pdf_lines_release(&lines);
	return rc;
}
