/* pdf_compare_dict.c - two dictionaries, key by key */
#include "pdf_compare_int.h"

const struct vt_pdf_obj *
vt_pdf_value_of(const struct vt_pdf_obj *dict, struct vt_bytes key,
    size_t *ret_n)
{
	const struct vt_pdf_obj *v = NULL;
	size_t i;

	*ret_n = 0;
	for (i = 0; i < dict->u.dict.n; i++)
		if (vt_bytes_equal(dict->u.dict.entries[i].key, key)) {
			v = &dict->u.dict.entries[i].value;
			++*ret_n;
		}
	return v;
}

static bool
is_among(struct vt_bytes key, const char *const keys[])
{
	size_t i;

	for (i = 0; keys[i] != NULL; i++)
		if (vt_bytes_equal_str(key, keys[i]))
			return true;
	return false;
}

/* Both are in the order of their keys. */
static bool
entries_fit(const struct vt_pdf_entry **a, size_t na,
    const struct vt_pdf_entry **b, size_t nb, const char *const keys[])
{
	const struct vt_pdf_entry *e;
	size_t i = 0, k = 0;
	int c;

	while (i < na || k < nb) {
		c = i == na ? 1 : k == nb ? -1 : vt_pdf_key_order(a[i], b[k]);
		e = c <= 0 ? a[i] : b[k];
		if ((c <= 0 && i + 1 < na &&
			vt_pdf_key_order(a[i], a[i + 1]) == 0) ||
		    (c >= 0 && k + 1 < nb &&
			vt_pdf_key_order(b[k], b[k + 1]) == 0))
			return false; /* twice */
		if (!is_among(e->key, keys) &&
		    (c == 0 ? !vt_pdf_equal(&a[i]->value, &b[k]->value)
			    : e->value.type != VT_PDF_NULL))
			return false;
		i += c <= 0;
		k += c >= 0;
	}
	return true;
}

bool
vt_pdf_same_but(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b,
    const char *const keys[])
{
	const struct vt_pdf_entry *ea[VT_PDF_EXCUSED_MAX];
	const struct vt_pdf_entry *eb[VT_PDF_EXCUSED_MAX];

	if (a->type != VT_PDF_DICT || b->type != VT_PDF_DICT ||
	    a->u.dict.n > VT_PDF_EXCUSED_MAX ||
	    b->u.dict.n > VT_PDF_EXCUSED_MAX)
		return false;
	vt_pdf_keys_sort(a, ea);
	vt_pdf_keys_sort(b, eb);
	return entries_fit(ea, a->u.dict.n, eb, b->u.dict.n, keys);
}

bool
vt_pdf_has_doubles(const struct vt_pdf_obj *dict)
{
	const struct vt_pdf_entry *e[VT_PDF_EXCUSED_MAX];
	size_t i, n = dict->u.dict.n;

	if (n > VT_PDF_EXCUSED_MAX)
		return true;
	vt_pdf_keys_sort(dict, e);
	for (i = 1; i < n; i++)
		if (vt_pdf_key_order(e[i - 1], e[i]) == 0)
			return true;
	return false;
}

int
vt_pdf_side(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    const struct vt_pdf_obj **ret, bool *ret_ok, struct vt_error *err)
{
	static const struct vt_pdf_obj nothing = { .type = VT_PDF_NULL };
	struct vt_error e = { 0 };
	int rc;

	*ret = &nothing;
	rc = obj == NULL ? VT_OK : vt_pdf_resolve(pdf, obj, ret, &e);
	*ret_ok = rc == VT_OK;
	if (rc != VT_OK)
		*ret = &nothing;
	if (rc == VT_ELIMIT || rc == VT_EUNSUPPORTED)
		pdf->unsure = true;
	return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e) : VT_OK;
}

int
vt_pdf_both(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, const char *key, const struct vt_pdf_obj **ra,
    const struct vt_pdf_obj **rb, bool *ret_ok, struct vt_error *err)
{
	bool a, b;
	int rc;

	rc = vt_pdf_side(st->a, vt_pdf_find(va, key), ra, &a, err);
	if (rc == VT_OK)
		rc = vt_pdf_side(st->b, vt_pdf_find(vb, key), rb, &b, err);
	*ret_ok = rc == VT_OK && a && b;
	return rc;
}
