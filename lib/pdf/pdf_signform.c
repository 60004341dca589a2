/* pdf_signform.c - the form, the page and the field of a new signature */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"
#include "pdf_sign.h"

#define TEXT_MAX VT_PDF_OBJECT_MAX

/* --- finding the field --- */

struct search {
	struct vt_pdf *pdf;
	const char *name; /* NULL: a free "SignatureN" is wanted */
	struct vt_pdf_ref found;
	bool is_there;
	bool is_sig;
	unsigned char taken[512]; /* bit N: "SignatureN" is a name in use */
	unsigned next;
};

static int
look(void *ctx, const struct pdf_field *f, struct vt_error *err)
{
	const char *digits;
	struct search *s = ctx;
	unsigned long n;
	char *end;

	(void)err;
	if (s->name != NULL) {
		if (strcmp(f->name, s->name) == 0 && !s->is_there) {
			s->is_there = true;
			s->found = f->ref;
			s->is_sig = f->terminal && strcmp(f->type, "Sig") == 0;
		}
		return VT_OK;
	}
	if (!f->root || strncmp(f->name, "Signature", 9) != 0)
		return VT_OK;
	digits = f->name + 9;
	n = strtoul(digits, &end, 10);
	if (*digits >= '1' && *digits <= '9' && *end == '\0' &&
	    n < 8 * sizeof(s->taken))
		s->taken[n / 8] |= (unsigned char)(1u << n % 8);
	return VT_OK;
}

static int
free_name(const struct search *s, char *out, size_t len, struct vt_error *err)
{
	unsigned n;

	for (n = 1; n < 8 * sizeof(s->taken); n++)
		if ((s->taken[n / 8] >> n % 8 & 1) == 0) {
			snprintf(out, len, "Signature%u", n);
			return VT_OK;
		}
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "the form has too many signature fields");
}

static int
existing_field(const struct search *s, const struct vt_pdf_sign *how,
    const struct vt_pdf_sigfields *all, struct pdf_target *ret,
    struct vt_error *err)
{
	const char *name = how->field;
	const struct vt_pdf_obj *field;
	size_t i;
	int rc;

	if (!s->is_sig)
		return vt_error_set(err, VT_EREFUSED, "ISO 32000-2, 12.7.5.5",
		    "%s is not a signature field", name);
	if (s->found.num == 0)
		return vt_error_set(err, VT_EUNSUPPORTED, "ISO 32000-2, 12.7.3",
		    "field %s is not an object of its own", name);
	for (i = 0; i < all->n; i++) {
		if (all->items[i].field.num != s->found.num)
			continue;
		if (all->items[i].is_signed)
			return vt_error_set(err, VT_EREFUSED,
			    "ISO 32000-2, 12.7.5.5",
			    "field %s is signed already", name);
		ret->lock = &all->items[i].locks;
	}
	if ((rc = vt_pdf_get(s->pdf, s->found, &field, err)) != VT_OK ||
	    (rc = vt_pdf_lock_check(s->pdf, field, name, err)) != VT_OK)
		return rc;
	return vt_pdf_seed_check(s->pdf, field, name, how, err);
}

int
vt_pdf_sign_target(struct vt_pdf *pdf, const struct vt_pdf_sign *how,
    const struct vt_pdf_sigfields *all, struct pdf_target *ret,
    struct vt_error *err)
{
	const char *wanted = how->field;
	struct search s = { .pdf = pdf, .name = wanted };
	int rc;

	memset(ret, 0, sizeof(*ret));
	if (wanted != NULL &&
	    (wanted[0] == '\0' || strlen(wanted) > VT_PDF_NAME_MAX))
		return vt_error_set(err, VT_EARG, NULL,
		    "a field needs a name, of at most %d bytes",
		    VT_PDF_NAME_MAX);
	if ((rc = vt_pdf_fields_walk(pdf, look, &s, err)) != VT_OK)
		return rc;
	if (s.is_there) {
		ret->field = s.found;
		return existing_field(&s, how, all, ret, err);
	}
	if (wanted == NULL)
		return free_name(&s, ret->name, sizeof(ret->name), err);
	if (strchr(wanted, '.') != NULL)
		return vt_error_set(err, VT_ENOTFOUND, "ISO 32000-2, 12.7.4.2",
		    "there is no field %s, and a new one cannot have a period "
		    "in its name",
		    wanted);
	snprintf(ret->name, sizeof(ret->name), "%s", wanted);
	return VT_OK;
}

/* --- changing what is there --- */

/*
 * REFS, the text of references, appended to the array under KEY of DICT.  Where
 * the array is an object of its own, that is put, and *RET stays empty; else
 * *RET is the new value.
 */
static int
append_to(struct vt_pdf *pdf, struct vt_pdf_update *up,
    const struct vt_pdf_obj *dict, const char *key, struct vt_bytes refs,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_pdf_ref array = { 0, 0 };
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	rc = vt_pdf_array_append(pdf, vt_pdf_find(dict, key), refs, &text,
	    &array, err);
	if (rc != VT_OK)
		goto out;
	if (array.num != 0)
		rc = vt_pdf_update_put(up, array, vt_buf_bytes(&text), err);
	else if ((rc = vt_buf_bytes_put(ret, vt_buf_bytes(&text))) != VT_OK)
		rc = vt_pdf_buf_error(rc, err);
out:
	vt_buf_release(&text);
	return rc;
}

int
vt_pdf_put_spliced(struct vt_pdf *pdf, struct vt_pdf_update *up,
    struct vt_pdf_ref ref, const struct vt_pdf_obj *dict,
    const struct vt_pdf_change *changes, size_t n, struct vt_error *err)
{
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	rc = vt_pdf_splice(pdf, dict, changes, n, &text, err);
	if (rc == VT_OK)
		rc = vt_pdf_update_put(up, ref, vt_buf_bytes(&text), err);
	vt_buf_release(&text);
	return rc;
}

/* References to all added widgets, or to those on PAGE alone. */
static int
refs_text(const struct pdf_signing *s, const size_t *page, struct vt_buf *out,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < s->nadded && rc == VT_OK; i++)
		if (page == NULL || s->added[i].page == *page)
			rc = vt_buf_printf(out, "%s%u %u R",
			    out->len > 0 ? " " : "", s->added[i].ref.num,
			    s->added[i].ref.gen);
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
}

/* The form's own dictionary with the fields in it, in *OUT; or no change. */
static int
form_text(const struct pdf_signing *s, const struct vt_pdf_obj *form,
    struct vt_buf *out, struct vt_error *err)
{
	struct vt_pdf_change changes[2];
	const struct vt_pdf_obj *flags;
	struct vt_buf refs, fields, sigflags;
	size_t n = 0;
	int rc;

	vt_buf_init(&refs, TEXT_MAX);
	vt_buf_init(&fields, TEXT_MAX);
	vt_buf_init(&sigflags, 32);
	if (form->type != VT_PDF_DICT) {
		if ((rc = refs_text(s, NULL, &refs, err)) == VT_OK &&
		    (rc = vt_buf_printf(out, "<</Fields[%s]/SigFlags 3>>",
			 vt_buf_str(&refs))) != VT_OK)
			rc = vt_pdf_buf_error(rc, err);
		goto out;
	}
	rc = vt_pdf_lookup(s->pdf, form, "SigFlags", &flags, err);
	if (rc == VT_OK && s->nadded > 0 &&
	    (rc = refs_text(s, NULL, &refs, err)) == VT_OK)
		rc = append_to(s->pdf, s->up, form, "Fields",
		    vt_buf_bytes(&refs), &fields, err);
	if (rc != VT_OK)
		goto out;
	if (fields.len > 0)
		changes[n++] =
		    (struct vt_pdf_change){ "Fields", vt_buf_bytes(&fields) };
	/* 12.7.3, Table 225: signatures exist, append only. */
	if (flags->type != VT_PDF_INT || (flags->u.integer & 3) != 3) {
		rc = vt_buf_printf(&sigflags, "%lld",
		    flags->type == VT_PDF_INT && flags->u.integer >= 0
			? (long long)(flags->u.integer | 3)
			: 3LL);
		if (rc != VT_OK) {
			rc = vt_pdf_buf_error(rc, err);
			goto out;
		}
		changes[n++] = (struct vt_pdf_change){ "SigFlags",
			vt_buf_bytes(&sigflags) };
	}
	if (n > 0)
		rc = vt_pdf_splice(s->pdf, form, changes, n, out, err);
out:
	vt_buf_release(&refs);
	vt_buf_release(&fields);
	vt_buf_release(&sigflags);
	return rc;
}

int
vt_pdf_sign_form(struct pdf_signing *s, struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *v, *form = NULL;
	struct vt_pdf_ref root, ref = { 0, 0 };
	struct vt_pdf_change change = { "AcroForm", { NULL, 0 } };
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	if ((rc = vt_pdf_catalog(s->pdf, &catalog, &root, err)) != VT_OK ||
	    (rc = vt_pdf_form(s->pdf, &form, err)) != VT_OK)
		goto out;
	if ((v = vt_pdf_find(catalog, "AcroForm")) != NULL &&
	    form->type != VT_PDF_NULL) {
		rc = vt_pdf_resolve_ref(s->pdf, v, &form, &ref, err);
		if (rc != VT_OK)
			goto out;
	}
	rc = form_text(s, form, &text, err);
	if (rc != VT_OK || text.len == 0)
		goto out;
	change.value = vt_buf_bytes(&text);
	rc = ref.num != 0 ? vt_pdf_update_put(s->up, ref, change.value, err)
			  : vt_pdf_put_spliced(s->pdf, s->up, root, catalog,
				&change, 1, err);
out:
	vt_buf_release(&text);
	return rc;
}

static int
put_page(struct pdf_signing *s, size_t index, struct vt_error *err)
{
	struct vt_pdf_change change = { "Annots", { NULL, 0 } };
	const struct vt_pdf_obj *page;
	struct vt_pdf_ref ref;
	struct vt_buf refs, text;
	int rc;

	vt_buf_init(&refs, TEXT_MAX);
	vt_buf_init(&text, TEXT_MAX);
	if ((rc = vt_pdf_page(s->pdf, index, &page, &ref, err)) == VT_OK &&
	    (rc = refs_text(s, &index, &refs, err)) == VT_OK)
		rc = append_to(s->pdf, s->up, page, "Annots",
		    vt_buf_bytes(&refs), &text, err);
	if (rc == VT_OK && text.len > 0) {
		change.value = vt_buf_bytes(&text);
		rc = vt_pdf_put_spliced(s->pdf, s->up, ref, page, &change, 1,
		    err);
	}
	vt_buf_release(&refs);
	vt_buf_release(&text);
	return rc;
}

int
vt_pdf_sign_pages(struct pdf_signing *s, struct vt_error *err)
{
	size_t i, k;
	int rc = VT_OK;

	for (i = 0; i < s->nadded && rc == VT_OK; i++) {
		for (k = 0; k < i; k++) /* each page once */
			if (s->added[k].page == s->added[i].page)
				break;
		if (k == i)
			rc = put_page(s, s->added[i].page, err);
	}
	return rc;
}
