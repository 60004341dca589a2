/* pdf_compare_tell.c - what is said of two states */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

int
vt_pdf_differ(struct pdf_step *st, enum vt_pdf_difference_code code,
    struct vt_pdf_ref ref, struct vt_error *err, const char *msgid, ...)
{
	struct vt_pdf_comparison *c = st->ret;
	struct vt_pdf_difference *more, *d;
	va_list ap;

	c->result = VT_PDF_CHANGED;
	c->total++;
	if (c->n == VT_PDF_DIFFERENCES_MAX)
		return VT_OK;
	if ((c->n & (c->n - 1)) == 0) {
		more = realloc(c->items,
		    (c->n == 0 ? 1 : 2 * c->n) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		c->items = more;
	}
	d = &c->items[c->n++];
	memset(d, 0, sizeof(*d));
	d->code = code;
	d->ref = ref;
	d->page = SIZE_MAX;
	d->end = st->end;
	va_start(ap, msgid);
	vsnprintf(d->text, sizeof(d->text), vt_tr(msgid), ap);
	va_end(ap);
	return VT_OK;
}

void
vt_pdf_incomplete(struct pdf_step *st, const struct vt_error *why)
{
	if (st->ret->reason[0] == '\0')
		snprintf(st->ret->reason, sizeof(st->ret->reason), "%.*s",
		    (int)sizeof(st->ret->reason) - 1, why->text);
}

bool
vt_pdf_is_exhausted(struct pdf_step *st, size_t more)
{
	struct vt_error e = { 0 };

	st->s->looked += more;
	if (st->s->looked <= VT_PDF_COMPARE_MAX)
		return false;
	if (st->ret->reason[0] == '\0') {
		vt_error_set(&e, VT_ELIMIT, NULL,
		    "the document has more than %d objects to compare",
		    VT_PDF_COMPARE_MAX);
		vt_pdf_incomplete(st, &e);
	}
	return true;
}

void
vt_pdf_note_added(struct pdf_step *st, enum vt_pdf_added added)
{
	if (added > st->ret->added)
		st->ret->added = added;
}

static int add(struct pdf_step *st, struct vt_error *err, const char *msgid,
    ...) VT_PRINTF(3, 4);

static int
add(struct pdf_step *st, struct vt_error *err, const char *msgid, ...)
{
	struct vt_list *list = &st->ret->additions;
	char text[160];
	va_list ap;

	if (list->n == VT_PDF_DIFFERENCES_MAX)
		return VT_OK;
	va_start(ap, msgid);
	vsnprintf(text, sizeof(text), vt_tr(msgid), ap);
	va_end(ap);
	return vt_list_add(list, text, err);
}

static int
add_field(struct pdf_step *st, const struct pdf_new_field *f,
    struct vt_error *err)
{
	if (f->timestamp)
		return add(st, err, VT_N_("time stamp %s was added"), f->name);
	if (f->is_signed)
		return add(st, err, VT_N_("signature %s was added"), f->name);
	return add(st, err, VT_N_("an empty signature field, %s, was added"),
	    f->name);
}

int
vt_pdf_tell_additions(struct pdf_step *st, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	if (st->metadata_changed)
		rc = add(st, err,
		    VT_N_("what is said about the document was changed: its "
			  "metadata"));
	if (rc == VT_OK && st->dss_changed)
		rc = add(st, err,
		    VT_N_("certificates and revocation data were added"));
	for (i = 0; i < st->nadded && rc == VT_OK; i++)
		if (st->added[i].used)
			rc = add_field(st, &st->added[i], err);
	for (i = 0; i < st->nfilled && rc == VT_OK; i++)
		if (st->filled[i].used &&
		    st->filled[i].filling == PDF_FILL_VALUE)
			rc = st->filled[i].sig
				 ? add(st, err, VT_N_("field %s was signed"),
				       st->filled[i].name)
				 : add(st, err, VT_N_("field %s was filled"),
				       st->filled[i].name);
	return rc;
}
