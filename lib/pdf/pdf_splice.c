/* pdf_splice.c - changed texts that keep every byte that is not changed */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

struct splice {
	struct vt_pdf *pdf;
	const struct vt_pdf_obj *dict;
	struct vt_bytes text; /* of the dictionary */
	uint64_t start;       /* where that stands */
	size_t done;          /* bytes of TEXT that were handled */
	struct vt_buf *out;
};

static int
copy_to(struct splice *s, uint64_t pos)
{
	size_t to = (size_t)(pos - s->start);
	int rc;

	rc = vt_pdf_crypt_plain(s->pdf, s->dict, s->text, s->start + s->done,
	    pos, s->out);
	s->done = to;
	return rc;
}

/* A space where two words would run together. */
static int
put_value(struct splice *s, struct vt_bytes value, int next)
{
	int rc = vt_buf_putc(s->out, ' ');

	if (rc == VT_OK)
		rc = vt_buf_bytes_put(s->out, value);
	if (rc == VT_OK && pdf_is_regular(next))
		rc = vt_buf_putc(s->out, ' ');
	return rc;
}

static int
change_entry(struct splice *s, const struct vt_pdf_entry *e,
    const struct vt_pdf_change *c)
{
	size_t behind = (size_t)(e->value.end - s->start);
	int next = behind < s->text.len ? s->text.data[behind] : -1;
	int rc;

	rc = copy_to(s, c->value.len == 0 ? e->key_start : e->value.start);
	s->done = behind;
	if (rc != VT_OK)
		return rc;
	return c->value.len == 0 ? VT_OK : put_value(s, c->value, next);
}

static int
splice(struct splice *s, const struct vt_pdf_obj *dict,
    const struct vt_pdf_change *changes, size_t n, bool *found)
{
	const struct vt_pdf_entry *e;
	size_t i, k;
	int rc;

	for (i = 0; i < dict->u.dict.n; i++) {
		e = &dict->u.dict.entries[i];
		for (k = 0; k < n; k++) {
			if (!vt_bytes_equal_str(e->key, changes[k].key))
				continue;
			found[k] = true;
			rc = change_entry(s, e, &changes[k]);
			if (rc != VT_OK)
				return rc;
			break;
		}
	}
	/* New keys come before the ">>" at the end. */
	if ((rc = copy_to(s, dict->end - 2)) != VT_OK)
		return rc;
	for (k = 0; k < n; k++) {
		if (found[k] || changes[k].value.len == 0)
			continue;
		rc = vt_buf_printf(s->out, "/%s ", changes[k].key);
		if (rc == VT_OK)
			rc = vt_buf_bytes_put(s->out, changes[k].value);
		if (rc != VT_OK)
			return rc;
	}
	return copy_to(s, dict->end);
}

int
vt_pdf_splice(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    const struct vt_pdf_change *changes, size_t n, struct vt_buf *out,
    struct vt_error *err)
{
	struct splice s = { pdf, dict, .start = dict->start, .out = out };
	struct vt_buf text;
	bool *found = NULL;
	int rc;

	if (dict->type != VT_PDF_DICT)
		return vt_error_set(err, VT_EARG, NULL,
		    "only a dictionary can be changed");
	vt_buf_init(&text, VT_PDF_OBJECT_MAX);
	if ((rc = vt_pdf_source_text(pdf, dict, &text, err)) != VT_OK)
		goto out;
	if ((found = calloc(n + 1, sizeof(*found))) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	s.text = vt_buf_bytes(&text);
	if ((rc = splice(&s, dict, changes, n, found)) != VT_OK)
		rc = vt_pdf_buf_error(rc, err);
out:
	free(found);
	vt_buf_release(&text);
	return rc;
}

int
vt_pdf_array_append(struct vt_pdf *pdf, const struct vt_pdf_obj *array,
    struct vt_bytes item, struct vt_buf *out, struct vt_pdf_ref *ret_ref,
    struct vt_error *err)
{
	struct vt_pdf_ref ref = { 0, 0 };
	const struct vt_pdf_obj *v = NULL;
	struct vt_buf text;
	int rc = VT_OK;

	if (array != NULL) {
		rc = vt_pdf_resolve_ref(pdf, array, &v, &ref, err);
		if (rc != VT_OK)
			return rc;
	}
	if (v == NULL || v->type == VT_PDF_NULL) {
		ref.num = 0; /* what refers to nothing is replaced */
		rc = vt_buf_putc(out, '[');
	} else if (v->type == VT_PDF_ARRAY) {
		vt_buf_init(&text, VT_PDF_OBJECT_MAX);
		rc = vt_pdf_source_text(pdf, v, &text, err);
		if (rc == VT_OK)
			rc = vt_pdf_crypt_plain(pdf, v, vt_buf_bytes(&text),
			    v->start, v->end, out);
		vt_buf_release(&text);
		if (rc != VT_OK)
			return rc;
		out->len--; /* its "]" */
		if (v->u.array.n > 0)
			rc = vt_buf_putc(out, ' ');
	} else {
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.3.6",
		    "byte %llu: an array is expected here",
		    (unsigned long long)v->start);
	}
	if (rc == VT_OK)
		rc = vt_buf_bytes_put(out, item);
	if (rc == VT_OK)
		rc = vt_buf_putc(out, ']');
	*ret_ref = ref;
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
}
