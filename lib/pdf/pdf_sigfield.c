/* pdf_sigfield.c - signature fields and dictionaries (12.7.5.5, 12.8.1) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"
#include "pdf_sign.h"
#include "vanthu/time.h"

#define TEXT_MAX (64u * 1024) /* UTF-8 of /Name, /Reason, /Location */

int
vt_pdf_put_name(struct vt_buf *buf, struct vt_bytes name)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < name.len && rc == VT_OK; i++)
		rc = vt_buf_putc(buf, name.data[i] == 0 ? '?' : name.data[i]);
	return rc;
}

/* The text or name under KEY in a copy; NULL where neither. */
static int
text_of(struct vt_pdf *pdf, const struct vt_pdf_obj *dict, const char *key,
    char **ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	struct vt_buf buf;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, key, &v, err)) != VT_OK)
		return rc;
	vt_buf_init(&buf, TEXT_MAX);
	if (v->type == VT_PDF_STRING)
		rc = vt_pdf_text(v->u.string, &buf);
	else if (v->type == VT_PDF_NAME)
		rc = vt_pdf_put_name(&buf, v->u.name);
	else
		return VT_OK;
	if (rc == VT_OK)
		rc = vt_buf_putc(&buf, '\0'); /* never NULL, even where empty */
	if (rc == VT_OK)
		*ret = (char *)vt_buf_take(&buf, NULL);
	vt_buf_release(&buf);
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
}

/* /ByteRange shall be direct: what it says must not depend on other objects. */
static void
read_range(const struct vt_pdf_obj *sig, struct vt_pdf_sigfield *ret)
{
	const struct vt_pdf_obj *v = vt_pdf_find(sig, "ByteRange");
	size_t i;

	if (v == NULL || v->type != VT_PDF_ARRAY)
		return;
	ret->nrange = v->u.array.n;
	if (ret->nrange != 4)
		return;
	for (i = 0; i < 4; i++)
		if (v->u.array.items[i].type != VT_PDF_INT ||
		    v->u.array.items[i].u.integer < 0)
			return;
	for (i = 0; i < 4; i++)
		ret->range[i] = (uint64_t)v->u.array.items[i].u.integer;
	ret->has_range = true;
}

static int
read_contents(struct vt_pdf *pdf, const struct vt_pdf_obj *sig,
    struct vt_pdf_sigfield *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *direct = vt_pdf_find(sig, "Contents"), *v;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, sig, "Contents", &v, err)) != VT_OK)
		return rc;
	if (v->type != VT_PDF_STRING)
		return VT_OK;
	ret->contents = malloc(v->u.string.len == 0 ? 1 : v->u.string.len);
	if (ret->contents == NULL)
		return vt_error_nomem(err);
	if (v->u.string.len > 0)
		memcpy(ret->contents, v->u.string.data, v->u.string.len);
	ret->contents_len = v->u.string.len;
	if (v == direct && v->hex && v->in_stream == 0) {
		ret->contents_start = v->start;
		ret->contents_end = v->end;
	}
	return VT_OK;
}

static int
read_value(struct vt_pdf *pdf, const struct vt_pdf_obj *sig,
    struct vt_pdf_sigfield *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *m;
	int rc;

	ret->is_signed = true;
	ret->extent.start = sig->start;
	ret->extent.end = sig->end;
	ret->extent.in_stream = sig->in_stream;
	read_range(sig, ret);
	if ((rc = vt_pdf_lookup(pdf, sig, "M", &m, err)) != VT_OK)
		return rc;
	if (m->type == VT_PDF_STRING &&
	    !vt_pdf_date_parse(m->u.string, &ret->claimed))
		ret->claimed = VT_TIME_NONE;
	if ((rc = text_of(pdf, sig, "Type", &ret->type, err)) != VT_OK ||
	    (rc = text_of(pdf, sig, "Filter", &ret->filter, err)) != VT_OK ||
	    (rc = text_of(pdf, sig, "SubFilter", &ret->subfilter, err)) !=
		VT_OK ||
	    (rc = text_of(pdf, sig, "Name", &ret->signer, err)) != VT_OK ||
	    (rc = text_of(pdf, sig, "Reason", &ret->reason, err)) != VT_OK ||
	    (rc = text_of(pdf, sig, "Location", &ret->location, err)) !=
		VT_OK ||
	    (rc = read_contents(pdf, sig, ret, err)) != VT_OK)
		return rc;
	return vt_pdf_references_read(pdf, sig, ret, err);
}

int
vt_pdf_sigfield_fill(struct vt_pdf *pdf, const struct pdf_field *f,
    struct vt_pdf_sigfield *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v, *sig;
	int rc;

	memset(ret, 0, sizeof(*ret));
	ret->claimed = VT_TIME_NONE;
	ret->field = f->ref;
	if ((ret->name = strdup(f->name)) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_pdf_lock_read(pdf, f->obj, ret, err)) != VT_OK)
		return rc;
	if ((v = vt_pdf_find(f->obj, "V")) == NULL)
		return VT_OK;
	rc = vt_pdf_resolve_ref(pdf, v, &sig, &ret->value, err);
	if (rc != VT_OK)
		return rc;
	return sig->type == VT_PDF_DICT ? read_value(pdf, sig, ret, err)
					: VT_OK;
}

void
vt_pdf_sigfield_release(struct vt_pdf_sigfield *f)
{
	free(f->name);
	free(f->type);
	free(f->filter);
	free(f->subfilter);
	free(f->signer);
	free(f->reason);
	free(f->location);
	free(f->contents);
	vt_list_release(&f->locks.names);
	vt_list_release(&f->mdp_locks.names);
	memset(f, 0, sizeof(*f));
}

struct collect {
	struct vt_pdf *pdf;
	struct vt_pdf_sigfields *all;
};

static int
collect(void *ctx, const struct pdf_field *field, struct vt_error *err)
{
	struct collect *c = ctx;
	struct vt_pdf_sigfield f, *items;
	size_t n = c->all->n;
	int rc;

	if (strcmp(field->type, "Sig") != 0 ||
	    (!field->terminal && vt_pdf_find(field->obj, "V") == NULL))
		return VT_OK;
	rc = vt_pdf_sigfield_fill(c->pdf, field, &f, err);
	if (rc != VT_OK) {
		vt_pdf_sigfield_release(&f);
		return rc;
	}
	if ((n & (n - 1)) == 0) { /* room for twice as many at powers of 2 */
		items = realloc(c->all->items,
		    (n == 0 ? 1 : 2 * n) * sizeof(*items));
		if (items == NULL) {
			vt_pdf_sigfield_release(&f);
			return vt_error_nomem(err);
		}
		c->all->items = items;
	}
	c->all->items[c->all->n++] = f;
	return VT_OK;
}

static int
read_perms(struct vt_pdf *pdf, struct vt_pdf_sigfields *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *perms, *v;
	int rc;

	if ((rc = vt_pdf_catalog(pdf, &catalog, NULL, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, catalog, "Perms", &perms, err)) != VT_OK)
		return rc;
	v = vt_pdf_find(perms, "DocMDP");
	if (v == NULL || v->type == VT_PDF_NULL)
		return VT_OK;
	ret->certified = true;
	return vt_pdf_resolve_ref(pdf, v, &v, &ret->docmdp, err);
}

int
vt_pdf_sigfields_read(struct vt_pdf *pdf, struct vt_pdf_sigfields *ret,
    struct vt_error *err)
{
	struct vt_pdf_sigfields all = { 0 };
	struct collect c = { pdf, &all };
	size_t mark = vt_pdf_mark(pdf);
	int rc;

	rc = vt_pdf_fields_walk(pdf, collect, &c, err);
	if (rc == VT_OK)
		rc = read_perms(pdf, &all, err);
	vt_pdf_rewind(pdf, mark);
	if (rc != VT_OK) {
		vt_pdf_sigfields_release(&all);
		return rc;
	}
	*ret = all;
	return VT_OK;
}

void
vt_pdf_sigfields_release(struct vt_pdf_sigfields *fields)
{
	size_t i;

	for (i = 0; i < fields->n; i++)
		vt_pdf_sigfield_release(&fields->items[i]);
	free(fields->items);
	memset(fields, 0, sizeof(*fields));
}
