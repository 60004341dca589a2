/* pdf_equal.c - whether two objects have the same value */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

static bool equal_at(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b,
    unsigned depth);

int
vt_pdf_key_order(const struct vt_pdf_entry *a, const struct vt_pdf_entry *b)
{
	size_t n = a->key.len < b->key.len ? a->key.len : b->key.len;
	int c = n == 0 ? 0 : memcmp(a->key.data, b->key.data, n);

	return c != 0 ? c
		      : (a->key.len > b->key.len) - (a->key.len < b->key.len);
}

static int
entry_compare(const void *va, const void *vb)
{
	const struct vt_pdf_entry *a = *(const struct vt_pdf_entry *const *)va;
	const struct vt_pdf_entry *b = *(const struct vt_pdf_entry *const *)vb;
	int c = vt_pdf_key_order(a, b);

	return c != 0 ? c : a < b ? -1 : a > b;
}

void
vt_pdf_keys_sort(const struct vt_pdf_obj *dict, const struct vt_pdf_entry **ret)
{
	size_t i;

	for (i = 0; i < dict->u.dict.n; i++)
		ret[i] = &dict->u.dict.entries[i];
	if (i > 1)
		qsort(ret, i, sizeof(*ret), entry_compare);
}

/* The entries by key; a null value is as good as no key (7.3.7). */
static size_t
sort_entries(const struct vt_pdf_obj *dict, const struct vt_pdf_entry **ret)
{
	size_t i, n = 0;

	for (i = 0; i < dict->u.dict.n; i++)
		if (dict->u.dict.entries[i].value.type != VT_PDF_NULL)
			ret[n++] = &dict->u.dict.entries[i];
	qsort(ret, n, sizeof(*ret), entry_compare);
	return n;
}

/* The same keys in the same order, as most dictionaries are written again. */
static bool
same_order(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b)
{
	size_t i;

	if (a->u.dict.n != b->u.dict.n)
		return false;
	for (i = 0; i < a->u.dict.n; i++)
		if ((a->u.dict.entries[i].value.type == VT_PDF_NULL) !=
			(b->u.dict.entries[i].value.type == VT_PDF_NULL) ||
		    !vt_bytes_equal(a->u.dict.entries[i].key,
			b->u.dict.entries[i].key))
			return false;
	return true;
}

static bool
equal_dict(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b,
    unsigned depth)
{
	const struct vt_pdf_entry **sorted;
	size_t i, na, nb, n = a->u.dict.n + b->u.dict.n;
	bool equal = true;

	if (same_order(a, b)) {
		for (i = 0; equal && i < a->u.dict.n; i++)
			equal = equal_at(&a->u.dict.entries[i].value,
			    &b->u.dict.entries[i].value, depth + 1);
		return equal;
	}

	/* Without memory nothing is known to be equal. */
	if ((sorted = malloc(n * sizeof(*sorted))) == NULL)
		return false;
	na = sort_entries(a, sorted);
	nb = sort_entries(b, sorted + na);
	equal = na == nb;
	for (i = 0; equal && i < na; i++)
		equal = vt_bytes_equal(sorted[i]->key, sorted[na + i]->key) &&
			equal_at(&sorted[i]->value, &sorted[na + i]->value,
			    depth + 1);
	free(sorted);
	return equal;
}

/* Not an integer that is too long, nor more digits than a double has. */
static bool
plain_real(struct vt_bytes text)
{
	return text.len <= 16 && memchr(text.data, '.', text.len) != NULL;
}

static bool
equal_number(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b)
{
	if (a->type == VT_PDF_INT && b->type == VT_PDF_INT)
		return a->u.integer == b->u.integer;
	if (a->type == VT_PDF_REAL && b->type == VT_PDF_REAL)
		return vt_bytes_equal(a->u.real.text, b->u.real.text) ||
		       (plain_real(a->u.real.text) &&
			   plain_real(b->u.real.text) &&
			   a->u.real.value == b->u.real.value);
	return false;
}

static bool
equal_at(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b, unsigned depth)
{
	size_t i;

	if (depth > VT_PDF_DEPTH_MAX + 1)
		return false;
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VT_PDF_NULL:
		return true;
	case VT_PDF_BOOL:
		return a->u.boolean == b->u.boolean;
	case VT_PDF_INT:
	case VT_PDF_REAL:
		return equal_number(a, b);
	case VT_PDF_STRING:
		return vt_bytes_equal(a->u.string, b->u.string);
	case VT_PDF_NAME:
		return vt_bytes_equal(a->u.name, b->u.name);
	case VT_PDF_ARRAY:
		if (a->u.array.n != b->u.array.n)
			return false;
		for (i = 0; i < a->u.array.n; i++)
			if (!equal_at(&a->u.array.items[i],
				&b->u.array.items[i], depth + 1))
				return false;
		return true;
	case VT_PDF_DICT:
		return equal_dict(a, b, depth);
	case VT_PDF_STREAM:
		return a->u.stream.len == b->u.stream.len &&
		       equal_dict(a->u.stream.dict, b->u.stream.dict, depth);
	case VT_PDF_REF:
		return a->u.ref.num == b->u.ref.num &&
		       a->u.ref.gen == b->u.ref.gen;
	}
	return false;
}

bool
vt_pdf_equal(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b)
{
	return equal_at(a, b, 0);
}
