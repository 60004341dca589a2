/* office_agency_check.c - may an entry stand in the directory? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_agency_int.h"
#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/store_agency.h"
#include "vanthu/text.h"
#include "vanthu/transport.h"

#define CLAUSE "QĐ 20/2020/QĐ-TTg"
#define NAME_MAX_CHARS 500 /* longer than the 200 of the standard */
#define ALIASES_MAX 64
#define BETWEEN " \t,;"

static int
check_code(const char *code, struct vt_error *err)
{
	if (vt_record_organ_check(code) == VT_ORGAN_BAD ||
	    !vt_transport_organ_valid(code))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "\"%s\" is not an agency's identifier", code);
	return VT_OK;
}

static int
check_text(char **field, const char *key, struct vt_error *err)
{
	struct vt_error why = { 0 };
	char *text = *field;
	int rc;

	*field = NULL;
	rc = vt_record_put(field, text, &why);
	if (rc != VT_OK)
		vt_error_set(err, (enum vt_code)rc, why.clause, "\"%s\": %s",
		    key, why.text);
	else if (*field != NULL &&
		 vt_utf8_len(vt_bytes_str(*field)) > NAME_MAX_CHARS)
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "\"%s\" has more than %d characters", key, NAME_MAX_CHARS);
	free(text);
	return rc;
}

int
vt_office_agency_codes(const char *text, struct vt_list *ret,
    struct vt_error *err)
{
	char code[VT_TRANSPORT_ORGAN_MAX + 1];
	size_t n;
	int rc = VT_OK;

	for (; rc == VT_OK && *text != '\0'; text += n) {
		text += strspn(text, BETWEEN);
		if ((n = strcspn(text, BETWEEN)) == 0)
			continue;
		snprintf(code, sizeof(code), "%.*s", (int)n, text);
		if (n >= sizeof(code))
			return vt_error_set(err, VT_EFORMAT, CLAUSE,
			    "\"%s\" is not an agency's identifier", code);
		rc = vt_list_add(ret, code, err);
	}
	return rc;
}

int
vt_office_agency_check(struct vt_agency *a, struct vt_error *err)
{
	size_t i;
	int rc;

	if (a->code == NULL)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "\"organ_id\" is missing");
	if ((rc = check_code(a->code, err)) != VT_OK ||
	    (rc = check_text(&a->name, "name", err)) != VT_OK ||
	    (rc = check_text(&a->email, "email", err)) != VT_OK ||
	    (rc = check_text(&a->phone, "phone", err)) != VT_OK ||
	    (a->parent != NULL && (rc = check_code(a->parent, err)) != VT_OK))
		return rc;
	if (a->name == NULL)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "\"name\" is missing");
	if (a->parent != NULL && strcmp(a->parent, a->code) == 0)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "%s is its own parent", a->code);
	if (a->from.year != 0 && a->to.year != 0 &&
	    vt_date_compare(a->from, a->to) > 0)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "\"valid_to\" is before \"valid_from\"");
	if (a->aliases.n > ALIASES_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "%s has more than %d aliases", a->code, ALIASES_MAX);
	for (i = 0; i < a->aliases.n; i++)
		if ((rc = check_code(a->aliases.items[i], err)) != VT_OK)
			return rc;
	return VT_OK;
}
