/* pdf_signrules.c - whether a further signature is allowed (12.8.2, 12.7.5.5)
 */
#include <string.h>

#include "pdf_int.h"
#include "pdf_sign.h"

static int
certified_level(struct vt_pdf *pdf, const struct vt_pdf_sigfields *all,
    int *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *sig;
	size_t i;
	int rc;

	*ret = 0;
	if (!all->certified)
		return VT_OK;
	for (i = 0; i < all->n; i++)
		if (all->items[i].is_signed && all->docmdp.num != 0 &&
		    all->items[i].value.num == all->docmdp.num) {
			*ret = all->items[i].docmdp;
			return VT_OK;
		}
	/* Not the value of a field: it binds all the same. */
	if (all->docmdp.num == 0) {
		*ret = 1;
		return VT_OK;
	}
	if ((rc = vt_pdf_get(pdf, all->docmdp, &sig, err)) != VT_OK)
		return rc;
	return vt_pdf_docmdp_level(pdf, sig, ret, err);
}

int
vt_pdf_sign_allowed(struct vt_pdf *pdf, const struct vt_pdf_sigfields *all,
    struct vt_error *err)
{
	int level, rc;
	size_t i;

	if ((rc = certified_level(pdf, all, &level, err)) != VT_OK)
		return rc;
	for (i = 0; i < all->n && level != 1; i++)
		if (all->items[i].is_signed && all->items[i].docmdp == 1)
			level = 1;
	if (level == 1)
		return vt_error_set(err, VT_EREFUSED, "ISO 32000-2, 12.8.2.2",
		    "the document is certified and allows no change, a "
		    "signature neither");
	for (i = 0; i < all->n; i++)
		if (all->items[i].is_signed && all->items[i].lock == 1)
			return vt_error_set(err, VT_EREFUSED,
			    "ISO 32000-2, 12.7.5.5",
			    "the signature in field %s locks the document",
			    all->items[i].name);
	return VT_OK;
}

int
vt_pdf_sign_may_show(struct vt_pdf *pdf, const struct vt_pdf_sigfields *all,
    struct vt_error *err)
{
	int level, rc;

	if ((rc = certified_level(pdf, all, &level, err)) != VT_OK)
		return rc;
	if (level != 0)
		return vt_error_set(err, VT_EREFUSED, "ISO 32000-2, 12.8.2.2",
		    "the document is certified: a signature is seen only in a "
		    "field that it has already");
	return VT_OK;
}

/* 12.8.2.4: what an earlier signature locked stays as it is. */
int
vt_pdf_sign_unlocked(const struct vt_pdf_sigfields *all, const char *name,
    struct vt_error *err)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->items[i].is_signed &&
		    vt_pdf_locks(&all->items[i].mdp_locks, name))
			return vt_error_set(err, VT_EREFUSED,
			    "ISO 32000-2, 12.8.2.4",
			    "the signature in field %s locks field %s",
			    all->items[i].name, name);
	return VT_OK;
}

int
vt_pdf_sign_permitted(const struct vt_pdf *pdf, bool adds, struct vt_error *err)
{
	if (vt_pdf_permits(pdf, adds ? VT_PDF_ADD_FIELD : VT_PDF_FILL_FIELD))
		return VT_OK;
	return vt_error_set(err, VT_EREFUSED, "ISO 32000-2, 7.6.4.2",
	    !adds
		? VT_N_("the document's owner does not permit its fields to be "
			"filled; the owner's password would")
		: VT_N_("the document's owner does not permit new signature "
			"fields; the owner's password would"));
}
