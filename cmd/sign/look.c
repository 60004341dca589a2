/* look.c - who signs, what is seen of it, and where */
#include <stdlib.h>
#include <string.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/sign.h"

/* What stands behind --as, and what goes with it. */
static const struct {
	const char *name;
	enum vt_sign_role role;
	bool number, date, text, copy_form;
} roles[] = {
	{ "person", VT_SIGN_PERSON, false, false, false, false },
	{ "agency", VT_SIGN_AGENCY, false, false, false, false },
	{ "attachment", VT_SIGN_ATTACHMENT, true, false, false, false },
	{ "copy", VT_SIGN_COPY, false, false, false, true },
	{ "incoming", VT_SIGN_INCOMING, true, true, false, false },
	{ "comment", VT_SIGN_COMMENT, false, false, true, false },
};
#define NROLES (sizeof(roles) / sizeof(roles[0]))

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
goes(struct vt_cli *cli, const char *option, bool given, bool allowed,
    bool needed, const char *as)
{
	if (given && !allowed) {
		if (as == NULL)
			vt_cli_usage(cli, "%s goes with --as only", option);
		else
			vt_cli_usage(cli, "%s does not go with --as %s", option,
			    as);
		return false;
	}
	if (needed && !given) {
		vt_cli_usage(cli, "--as %s needs %s", as, option);
		return false;
	}
	return true;
}

static bool
check_words(struct vt_cli *cli, const struct sign_args *a, size_t i,
    struct vt_sign_options *opts)
{
	bool known = i < NROLES;
	size_t k = 0;

	if (!goes(cli, "--number", a->number != NULL, known && roles[i].number,
		known && roles[i].number, a->as) ||
	    !goes(cli, "--date", a->date.year != 0, known && roles[i].date,
		false, a->as) ||
	    !goes(cli, "--text", a->text != NULL, known && roles[i].text,
		known && roles[i].text, a->as) ||
	    !goes(cli, "--copy-form", a->copy_form != NULL,
		known && roles[i].copy_form, known && roles[i].copy_form,
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
points(const char **s, double *ret)
{
	char *end;

	if ((**s < '0' || **s > '9') && **s != '.')
		return false;
	*ret = strtod(*s, &end);
	*s = end;
	return *ret <= 14400.0;
}

static bool
check_page(struct vt_cli *cli, const char *text, long *ret)
{
	char *end;

	*ret = strcmp(text, "last") == 0 ? -1 : strtol(text, &end, 10);
	if (*ret == -1 || (*ret > 0 && *end == '\0'))
		return true;
	vt_cli_usage(cli, "--page takes a number from 1, or last, not %s",
	    text);
	return false;
}

static bool
check_place(struct vt_cli *cli, const struct sign_args *a,
    struct vt_sign_place *ret)
{
	const char *s = a->at;

	if ((a->field != NULL) + (a->below != NULL) + (s != NULL) > 1 ||
	    (a->page != NULL && (a->field != NULL || a->below != NULL))) {
		vt_cli_usage(cli, "--at with --page, --field and --below are "
				  "three ways to say where");
		return false;
	}
	ret->field = a->field;
	ret->below = a->below;
	if (a->page != NULL && !check_page(cli, a->page, &ret->page))
		return false;
	ret->at = s != NULL;
	if (s == NULL || (points(&s, &ret->x) && *s++ == ',' &&
			     points(&s, &ret->y) && *s == '\0'))
		return true;
	vt_cli_usage(cli,
	    "--at takes X,Y in points from the lower left, not "
	    "%s",
	    a->at);
	return false;
}

bool
sign_args_look(struct vt_cli *cli, const struct sign_args *a,
    struct vt_sign_options *opts)
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
	opts->role = a->as != NULL ? roles[i].role : VT_SIGN_PLAIN;
	if (a->as == NULL)
		i = NROLES;
	return goes(cli, "--page, --at or --below", placed, i < NROLES, false,
		   a->as) &&
	       check_words(cli, a, i, opts) &&
	       check_place(cli, a, &opts->place);
}
