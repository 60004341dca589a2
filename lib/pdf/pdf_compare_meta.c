/* pdf_compare_meta.c - what is said about a document, not in it */
#include <string.h>

#include "pdf_compare_int.h"

#define EXTENSION_DEPTH 4

/* A value that shows nothing by itself. */
static bool
is_scalar(const struct vt_pdf_obj *v)
{
	return v->type != VT_PDF_DICT && v->type != VT_PDF_STREAM &&
	       v->type != VT_PDF_ARRAY && v->type != VT_PDF_REF;
}

static void
note(struct pdf_step *st)
{
	st->metadata_changed = true;
	vt_pdf_note_added(st, VT_PDF_ADDED_VALIDATION);
}

/* 14.3.3: texts and dates.  What is no such must be as it was. */
PDF_RULE(vt_pdf_rule_info)
{
	const struct vt_pdf_entry *e;
	const struct vt_pdf_obj *old, *v;
	size_t i, n;
	bool ok;
	int rc;

	*ret = (va->type == VT_PDF_DICT || va->type == VT_PDF_NULL) &&
	       vb->type == VT_PDF_DICT && vb->u.dict.n <= VT_PDF_EXCUSED_MAX;
	for (i = 0; *ret && i < vb->u.dict.n; i++) {
		e = &vb->u.dict.entries[i];
		old = va->type == VT_PDF_DICT ? vt_pdf_value_of(va, e->key, &n)
					      : NULL;
		if (old != NULL && vt_pdf_equal(old, &e->value))
			continue;
		rc = vt_pdf_side(st->b, &e->value, &v, &ok, err);
		if (rc != VT_OK)
			return rc;
		*ret = ok && is_scalar(v);
	}
	if (*ret)
		note(st);
	return VT_OK;
}

/* 14.3.2: an XMP packet, where we can see what it is. */
PDF_RULE(vt_pdf_rule_metadata)
{
	struct vt_error e = { 0 };
	struct vt_buf text;
	int rc;

	*ret = false;
	if ((va->type != VT_PDF_STREAM && va->type != VT_PDF_NULL) ||
	    vb->type != VT_PDF_STREAM ||
	    !vt_pdf_is_name(vt_pdf_find(vb, "Type"), "Metadata") ||
	    !vt_pdf_is_name(vt_pdf_find(vb, "Subtype"), "XML"))
		return VT_OK;
	vt_buf_init(&text, VT_PDF_XMP_MAX);
	rc = vt_pdf_stream_data(st->b, vb, &text, &e);
	if (rc == VT_OK)
		*ret = vt_pdf_is_xmp(vt_buf_bytes(&text));
	else if (rc == VT_EUNSUPPORTED && vt_pdf_encrypted(st->b))
		*ret = true; /* nothing else refers to it, all the same */
	vt_buf_release(&text);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &e);
	if (*ret)
		note(st);
	return VT_OK;
}

/* 7.12: developers' names, and numbers and texts of theirs. */
static bool
is_extension(const struct vt_pdf_obj *v, unsigned depth)
{
	size_t i;

	if (v->type == VT_PDF_ARRAY) {
		for (i = 0; i < v->u.array.n; i++)
			if (!is_extension(&v->u.array.items[i], depth + 1))
				return false;
		return depth < EXTENSION_DEPTH;
	}
	if (v->type != VT_PDF_DICT)
		return is_scalar(v);
	if (depth > 0 && vt_pdf_find(v, "Type") != NULL &&
	    !vt_pdf_is_name(vt_pdf_find(v, "Type"), "DeveloperExtensions"))
		return false;
	for (i = 0; i < v->u.dict.n; i++)
		if (!is_extension(&v->u.dict.entries[i].value, depth + 1))
			return false;
	return depth < EXTENSION_DEPTH;
}

PDF_RULE(vt_pdf_rule_extensions)
{
	(void)va;
	(void)err;
	*ret = vb->type == VT_PDF_DICT && is_extension(vb, 0);
	if (*ret)
		note(st);
	return VT_OK;
}

/* 14.7.1: flags. */
PDF_RULE(vt_pdf_rule_mark_info)
{
	size_t i;

	(void)va;
	(void)err;
	*ret = vb->type == VT_PDF_DICT;
	for (i = 0; *ret && i < vb->u.dict.n; i++)
		*ret = vb->u.dict.entries[i].value.type == VT_PDF_BOOL;
	if (*ret)
		note(st);
	return VT_OK;
}

/* 7.7.2: "1.7", say. */
PDF_RULE(vt_pdf_rule_version)
{
	struct vt_bytes v =
	    vb->type == VT_PDF_NAME ? vb->u.name : VT_BYTES(NULL, 0);

	(void)va;
	(void)err;
	*ret = v.len == 3 && (v.data[0] == '1' || v.data[0] == '2') &&
	       v.data[1] == '.' && v.data[2] >= '0' && v.data[2] <= '9';
	if (*ret)
		note(st);
	return VT_OK;
}
