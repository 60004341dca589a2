/* look.c - who signs, what is seen of it, and where */
#include <stdlib.h>
#include <string.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/record.h"
#include "vanthu/sign.h"

enum goes {
	NO,
	MAY,
	MUST,
	FILE_MUST /* of a record it is known */
};

/* What stands behind --as, and what goes with it. */
static const struct {
	const char *name;
	enum vt_sign_role role;
	enum goes number, date, text, copy_form, image, seal, spots;
} roles[] = {
	{ "person", VT_SIGN_PERSON, NO, NO, NO, NO, MAY, NO, MAY },
	{ "agency", VT_SIGN_AGENCY, MAY, MAY, NO, NO, MAY, MAY, MAY },
	{ "attachment", VT_SIGN_ATTACHMENT, FILE_MUST, NO, NO, NO, NO, NO, NO },
	{ "copy", VT_SIGN_COPY, NO, NO, NO, MUST, NO, NO, NO },
	{ "incoming", VT_SIGN_INCOMING, FILE_MUST, MAY, NO, NO, NO, NO, NO },
	{ "comment", VT_SIGN_COMMENT, NO, NO, MUST, NO, NO, NO, NO },
	{ NULL, VT_SIGN_PLAIN, NO, NO, NO, NO, NO, NO, NO },
};
#define NROLES (sizeof(roles) / sizeof(roles[0]) - 1) /* the last: none */

static const struct {
	const char *name;
	enum vt_sign_copy form;
} forms[] = {
	{ "sao-y", VT_SIGN_SAO_Y },
	{ "sao-luc", VT_SIGN_SAO_LUC },
	{ "trich-sao", VT_SIGN_TRICH_SAO },
};
#define NFORMS (sizeof(forms) / sizeof(forms[0]))

/* OPTION belongs to some roles only, and some of these need it. */
static bool
goes(struct vt_cli *cli, const char *option, bool given, enum goes how,
    const char *as)
{
	if (given && how == NO) {
		if (as == NULL)
			vt_cli_usage(cli, "%s goes with --as only", option);
		else
			vt_cli_usage(cli, "%s does not go with --as %s", option,
			    as);
		return false;
	}
	if (how == MUST && !given) {
		vt_cli_usage(cli, "--as %s needs %s", as, option);
		return false;
	}
	return true;
}

static bool
any_file(const struct vt_list *files)
{
	struct vt_ref ref;
	size_t i = 0;

	while (i < files->n && vt_ref_parse(files->items[i], false, &ref))
		i++;
	return i < files->n;
}

static bool
check_words(struct vt_cli *cli, const struct sign_args *a,
    const struct vt_list *files, size_t i, struct vt_sign_options *opts)
{
	enum goes number = roles[i].number;
	size_t k = 0;

	if (number == FILE_MUST)
		number = any_file(files) ? MUST : MAY;
	if (!goes(cli, "--number", a->number != NULL, number, a->as) ||
	    !goes(cli, "--date", a->date.year != 0, roles[i].date, a->as) ||
	    !goes(cli, "--text", a->text != NULL, roles[i].text, a->as) ||
	    !goes(cli, "--copy-form", a->copy_form != NULL, roles[i].copy_form,
		a->as))
		return false;
	opts->words.code = a->number;
	opts->words.date = a->date;
	opts->words.text = a->text;
	if (a->copy_form == NULL)
		return true;
	while (k < NFORMS && strcmp(forms[k].name, a->copy_form) != 0)
		k++;
	if (k == NFORMS) {
		vt_cli_usage(cli,
		    "--copy-form is sao-y, sao-luc or trich-sao, not %s",
		    a->copy_form);
		return false;
	}
	opts->words.copy = forms[k].form;
	return true;
}

/* A number of points; *S is moved behind it. */
static bool
number(const char **s, double *ret)
{
	char *end;

	if ((**s < '0' || **s > '9') && **s != '.')
		return false;
	*ret = strtod(*s, &end);
	*s = end;
	return *ret <= 14400.0;
}

/* "X,Y", both in points. */
static bool
point(const char *s, double *x, double *y)
{
	return number(&s, x) && *s++ == ',' && number(&s, y) && *s == '\0';
}

static bool
check_page(struct vt_cli *cli, const char *text, long *ret)
{
	char *end;

	if (strcmp(text, "last") == 0) {
		*ret = -1;
		return true;
	}
	*ret = strtol(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *ret > 0 && *end == '\0')
		return true;
	vt_cli_usage(cli, "--page takes a number from 1, or last, not %s",
	    text);
	return false;
}

static bool
check_place(struct vt_cli *cli, const struct sign_args *a,
    struct vt_sign_place *ret)
{
	if ((a->field != NULL) + (a->below != NULL) + (a->at != NULL) > 1 ||
	    (a->page != NULL && (a->field != NULL || a->below != NULL))) {
		vt_cli_usage(cli, "--at with --page, --field and --below are "
				  "three ways to say where");
		return false;
	}
	ret->field = a->field;
	ret->below = a->below;
	if (a->page != NULL && !check_page(cli, a->page, &ret->page))
		return false;
	ret->at = a->at != NULL;
	if (a->at == NULL || point(a->at, &ret->x, &ret->y))
		return true;
	vt_cli_usage(cli,
	    "--at takes X,Y in points from the lower left, not "
	    "%s",
	    a->at);
	return false;
}

static bool
check_spot(struct vt_cli *cli, const char *option, const char *s,
    struct vt_sign_spot *ret)
{
	ret->given = s != NULL;
	if (s == NULL || point(s, &ret->x, &ret->y))
		return true;
	vt_cli_usage(cli,
	    "%s takes X,Y in points from the lower left of page 1, not %s",
	    option, s);
	return false;
}

/* The image, and where number and date go. */
static bool
check_image(struct vt_cli *cli, const struct sign_args *a, size_t i,
    struct vt_sign_options *opts)
{
	if (!goes(cli, "--image", a->image != NULL, roles[i].image, a->as) ||
	    !goes(cli, "--seal-width", a->seal_width != 0, roles[i].seal,
		a->as) ||
	    !goes(cli, "--number-at or --date-at",
		a->number_at != NULL || a->date_at != NULL, roles[i].spots,
		a->as))
		return false;
	if (a->seal_width != 0 && a->image == NULL) {
		vt_cli_usage(cli, "--seal-width is of the --image");
		return false;
	}
	if (a->image == NULL && roles[i].image == MAY &&
	    (a->at != NULL || a->below != NULL || a->page != NULL)) {
		vt_cli_usage(cli, "--as %s shows nothing without --image",
		    a->as);
		return false;
	}
	opts->seal_mm = (double)a->seal_width;
	return check_spot(cli, "--number-at", a->number_at, &opts->number_at) &&
	       check_spot(cli, "--date-at", a->date_at, &opts->date_at);
}

bool
sign_args_look(struct vt_cli *cli, const struct sign_args *a,
    const struct vt_list *files, struct vt_sign_options *opts)
{
	bool placed = a->at != NULL || a->below != NULL || a->page != NULL;
	size_t i = 0;

	while (a->as != NULL && i < NROLES && strcmp(roles[i].name, a->as) != 0)
		i++;
	if (a->as != NULL && i == NROLES) {
		vt_cli_usage(cli,
		    "--as is person, agency, attachment, copy, incoming or "
		    "comment, not %s",
		    a->as);
		return false;
	}
	if (a->as == NULL)
		i = NROLES;
	opts->role = roles[i].role;
	return goes(cli, "--page, --at or --below", placed,
		   i < NROLES ? MAY : NO, a->as) &&
	       check_words(cli, a, files, i, opts) &&
	       check_image(cli, a, i, opts) &&
	       check_place(cli, a, &opts->place);
}
