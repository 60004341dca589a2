/* record_code.c - numbers, notations and codes (NĐ 30/2020, Đ.15, annex I) */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/text.h"

#include "record_int.h"

#define CLAUSE_NUMBER "NĐ 30/2020, PL.I II.3"
#define CLAUSE_TYPE "NĐ 30/2020, PL.III"

char *
vt_record_number_text(int64_t number, char out[VT_RECORD_NUMBER_TEXT])
{
	snprintf(out, VT_RECORD_NUMBER_TEXT, "%02lld", (long long)number);
	return out;
}

/*
 * A code with whose fold GROUP agrees though it is not spelled so: QD for QĐ,
 * TTR for TTr.  A marked letter that got lost makes another document of it.
 */
static const struct vt_record_type *
misspelled(const char *group)
{
	const struct vt_record_type *type;
	size_t i;

	if (vt_record_type_find(group) != NULL)
		return NULL;
	for (i = 0; (type = vt_record_type_at(i)) != NULL; i++)
		if (type->prefix && vt_record_same(type->code, group))
			return type;
	return NULL;
}

/* The letters of one group: one lets us in a capital or a digit first. */
static int
group_check(const char *notation, const char *group, size_t len,
    struct vt_error *err)
{
	struct vt_bytes b = VT_BYTES(group, len);
	size_t pos = 0;
	int32_t c;

	if (len == 0)
		return vt_error_set(err, VT_EARG, CLAUSE_NUMBER,
		    "\"%s\" has an empty group", notation);
	c = vt_utf8_next(b, &pos);
	if (!vt_record_is_upper((uint32_t)c) && !(c < 0x80 && isdigit(c)))
		return vt_error_set(err, VT_EARG, CLAUSE_NUMBER,
		    "each group of \"%s\" begins with a capital or a digit",
		    notation);
	return VT_OK;
}

/*
 * What all notations keep: letters of Vietnamese, digits, "&" and "." in
 * groups joined by "-", two at least.
 */
static int
groups_check(const char *notation, struct vt_error *err)
{
	const char *p, *dash;
	char *fold = NULL;
	size_t groups = 0;
	int rc;

	if ((rc = vt_record_fold(notation, &fold, err)) != VT_OK)
		return rc;
	for (p = fold; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80 ||
		    (!isalnum((unsigned char)*p) && strchr("-&.", *p) == NULL))
			break;
	/* A fold that is shorter lost a mark that stands on no letter. */
	if (*p != '\0' || strlen(fold) != vt_utf8_len(vt_bytes_str(notation)))
		rc = vt_error_set(err, VT_EARG, CLAUSE_NUMBER,
		    "\"%s\" is not made of letters and digits joined by \"-\"",
		    notation);
	free(fold);
	for (p = notation; rc == VT_OK; p = dash + 1) {
		dash = p + strcspn(p, "-");
		groups++;
		rc = group_check(notation, p, (size_t)(dash - p), err);
		if (*dash == '\0')
			break;
	}
	if (rc == VT_OK && groups < 2)
		rc = vt_error_set(err, VT_EARG, CLAUSE_NUMBER,
		    "\"%s\" has one group: at least two are joined by \"-\"",
		    notation);
	if (rc == VT_OK &&
	    vt_utf8_len(vt_bytes_str(notation)) > VT_RECORD_NOTATION_MAX)
		rc = vt_error_set(err, VT_EARG, "NĐ 30/2020, PL.VI",
		    "the notation is longer than %d characters",
		    VT_RECORD_NOTATION_MAX);
	return rc;
}

/* Check NOTATION; TYPE NULL: that of any document. */
static int
notation_check(const struct vt_record_type *type, const char *notation,
    struct vt_error *err)
{
	const struct vt_record_type *other;
	char *group = NULL;
	int rc;

	if ((rc = groups_check(notation, err)) != VT_OK)
		return rc;
	group = vt_bytes_dup(VT_BYTES(notation, strcspn(notation, "-")));
	if (group == NULL)
		return vt_error_nomem(err);
	other = misspelled(group);
	if (other != NULL)
		rc = vt_error_set(err, VT_EARG, CLAUSE_TYPE,
		    "\"%s\" is not an abbreviation of a type: \"%s\" is", group,
		    other->code);
	else if (type != NULL && type->prefix && strcmp(type->code, group) != 0)
		rc = vt_error_set(err, VT_EARG, CLAUSE_TYPE,
		    "the notation of %s begins with \"%s-\", not \"%s-\"",
		    type->name, type->code, group);
	else if (type != NULL && !type->prefix &&
		 (other = vt_record_type_find(group)) != NULL && other->prefix)
		rc = vt_error_set(err, VT_EARG, CLAUSE_TYPE,
		    "\"%s\" stands for %s, not for %s", group, other->name,
		    type->name);
	free(group);
	return rc;
}

int
vt_record_notation_check(const struct vt_record_type *type,
    const char *notation, struct vt_error *err)
{
	return notation_check(type, notation, err);
}

int
vt_record_code_parse(const char *code, struct vt_record_code *ret,
    struct vt_error *err)
{
	struct vt_record_code c = { 0, 0, NULL };
	struct vt_error why = { 0 };
	const char *p;
	size_t n;

	n = strspn(code, "0123456789");
	if (n == 0 || code[n] != '/')
		return vt_error_set(err, VT_EFORMAT, CLAUSE_NUMBER,
		    "\"%s\" is not a number, \"/\" and a notation", code);
	for (p = code; p < code + n && c.number <= VT_RECORD_NUMBER_MAX; p++)
		c.number = c.number * 10 + (*p - '0');
	if (c.number == 0 || c.number > VT_RECORD_NUMBER_MAX)
		return vt_error_set(err, VT_EFORMAT, CLAUSE_NUMBER,
		    "\"%s\": numbers go from 01 to %d", code,
		    VT_RECORD_NUMBER_MAX);
	if (c.number < 10 ? n != 2 : code[0] == '0')
		return vt_error_set(err, VT_EFORMAT, CLAUSE_NUMBER,
		    "\"%s\": a number below 10, and no other, has one zero "
		    "before it",
		    code);
	p = code + n + 1;
	if (strspn(p, "0123456789") == 4 && p[4] == '/') {
		for (n = 0; n < 4; n++)
			c.year = c.year * 10 + (*p++ - '0');
		p++;
	}
	c.notation = p;
	if (notation_check(NULL, p, &why) != VT_OK)
		return vt_error_set(err,
		    why.code == VT_EARG ? VT_EFORMAT : why.code, why.clause,
		    "%s", why.text);
	*ret = c;
	return VT_OK;
}

/* Hyphens and dashes that word processors put for "-". */
static bool
is_dash(uint32_t c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

int
vt_record_code_key(const char *code, char **ret, struct vt_error *err)
{
	struct vt_record_chars s = { NULL, 0 };
	bool leading = true;
	size_t i, n = 0;
	char *key;
	int rc;

	rc = vt_record_chars_of(vt_bytes_str(code), &s, err);
	if (rc != VT_OK)
		return rc;
	vt_record_chars_lower(&s);
	for (i = 0; i < s.n; i++)
		if (!vt_record_is_space(s.c[i]))
			s.c[n++] = is_dash(s.c[i]) ? '-' : s.c[i];
	s.n = n;
	for (i = 0, n = 0; i < s.n; i++) {
		leading = leading && s.c[i] == '0' && i + 1 < s.n &&
			  s.c[i + 1] >= '0' && s.c[i + 1] <= '9';
		if (!leading)
			s.c[n++] = s.c[i];
	}
	s.n = n;
	if ((key = vt_record_chars_text(&s)) == NULL)
		rc = vt_error_nomem(err);
	else
		*ret = key;
	vt_record_chars_release(&s);
	return rc;
}

int
vt_record_code_split(const char *code, char **ret_number, char **ret_notation,
    struct vt_error *err)
{
	size_t n = strcspn(code, "/");
	char *number, *notation;

	number = vt_bytes_dup(VT_BYTES(code, n));
	notation = vt_bytes_dup(vt_bytes_str(code + n + (code[n] == '/')));
	if (number == NULL || notation == NULL) {
		free(number);
		free(notation);
		return vt_error_nomem(err);
	}
	*ret_number = number;
	*ret_notation = notation;
	return VT_OK;
}

int
vt_record_document_id(const char *organ_id, struct vt_date date,
    const char *code, char **ret, struct vt_error *err)
{
	struct vt_buf b;
	int rc;

	vt_buf_init(&b, SIZE_MAX);
	rc = vt_buf_printf(&b, "%s,%04d/%02d/%02d,%s", organ_id, date.year,
	    date.month, date.day, code);
	if (rc != VT_OK) {
		vt_buf_release(&b);
		return vt_error_nomem(err);
	}
	*ret = (char *)vt_buf_take(&b, NULL);
	return VT_OK;
}

/* PATTERN: 9 is a digit, A a capital, all else itself; the length matched. */
static size_t
pattern_match(const char *id, const char *pattern)
{
	size_t i;

	for (i = 0; pattern[i] != '\0'; i++)
		if (pattern[i] == '9'   ? !isdigit((unsigned char)id[i])
		    : pattern[i] == 'A' ? !isupper((unsigned char)id[i])
					: id[i] != pattern[i])
			return 0;
	return i;
}

enum vt_record_organ
vt_record_organ_check(const char *id)
{
	static const char *const whole[] = {
		"999.99.99.A99",               /* QCVN 102:2016 */
		"99.A99", "99.99.A99",         /* its short form */
		"9999999999", "9999999999-999" /* a tax code, for enterprises */
	};
	enum vt_record_organ form = VT_ORGAN_UNKNOWN;
	size_t i, n = strlen(id);

	if (n == 0 || n > VT_RECORD_ORGAN_MAX || id[0] == '.' ||
	    id[n - 1] == '.' || strstr(id, "..") != NULL ||
	    !isalnum((unsigned char)id[0]))
		return VT_ORGAN_BAD;
	for (i = 0; i < n; i++) {
		if ((unsigned char)id[i] >= 0x80 ||
		    (!isalnum((unsigned char)id[i]) &&
			strchr(".-_", id[i]) == NULL))
			return VT_ORGAN_BAD;
		if (islower((unsigned char)id[i]) || id[i] == '_')
			form = VT_ORGAN_FOREIGN;
	}
	if (form == VT_ORGAN_FOREIGN)
		return form;
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (pattern_match(id, whole[i]) == n)
			return VT_ORGAN_GOOD;
	/* QĐ 20/2020: level 1, then any number of groups */
	if (pattern_match(id, "A99") == 3 && (n == 3 || id[3] == '.') &&
	    strchr(id, '-') == NULL)
		return VT_ORGAN_GOOD;
	return form;
}
