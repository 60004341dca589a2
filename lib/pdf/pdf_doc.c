/* pdf_doc.c - opening a document, and what is noticed in it */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define HEADER_WITHIN 1024

int
vt_pdf_pass(struct vt_error *err, const struct vt_error *e)
{
	if (err != NULL && err->code == VT_OK)
		*err = *e;
	return e->code;
}

int
vt_pdf_bad(struct vt_error *err, uint64_t off, const char *clause,
    const char *why)
{
	return vt_error_set(err, VT_EFORMAT, clause, "byte %llu: %s",
	    (unsigned long long)off, vt_tr(why));
}

static bool
known(const struct vt_pdf *pdf, enum vt_pdf_finding_code code, uint64_t off,
    uint32_t num)
{
	size_t i;

	for (i = 0; i < pdf->nfindings; i++)
		if (pdf->findings[i].code == code &&
		    pdf->findings[i].off == off && pdf->findings[i].num == num)
			return true;
	return false;
}

void
vt_pdf_note(struct vt_pdf *pdf, bool damage, enum vt_pdf_finding_code code,
    uint64_t off, uint32_t num, const char *clause, const char *msgid, ...)
{
	struct vt_pdf_finding *f;
	va_list ap;

	if (known(pdf, code, off, num)) /* an object may be loaded again */
		return;
	if (damage)
		pdf->ndamage++;
	if (pdf->nfindings == VT_PDF_FINDINGS_MAX)
		return;
	if (pdf->findings == NULL) {
		f = calloc(VT_PDF_FINDINGS_MAX, sizeof(*f));
		if (f == NULL)
			return; /* damage was counted */
		pdf->findings = f;
	}
	f = &pdf->findings[pdf->nfindings++];
	f->damage = damage;
	f->code = code;
	f->off = off;
	f->num = num;
	f->clause = clause;
	va_start(ap, msgid);
	vsnprintf(f->text, sizeof(f->text), vt_tr(msgid), ap);
	va_end(ap);
}

int
vt_pdf_damage(struct vt_pdf *pdf, enum vt_pdf_finding_code code, uint64_t off,
    uint32_t num, const char *clause, const char *why, struct vt_error *err)
{
	if (pdf->mode == VT_PDF_STRICT)
		return vt_pdf_bad(err, off, clause, why);
	vt_pdf_note(pdf, true, code, off, num, clause, "%s", vt_tr(why));
	return VT_OK;
}

/* 7.5.2; readers take a header anywhere in the first 1,024 bytes. */
static int
find_header(struct vt_pdf *pdf, struct vt_error *err)
{
	unsigned char head[HEADER_WITHIN + 8];
	size_t n = sizeof(head), at;
	struct vt_bytes b;
	int rc;

	if (pdf->size < n)
		n = (size_t)pdf->size;
	if ((rc = vt_source_read(pdf->src, 0, head, n, err)) != VT_OK)
		return rc;
	b = VT_BYTES(head, n);
	at = vt_bytes_find(b, 0, "%PDF-");
	if (at == SIZE_MAX || at > HEADER_WITHIN)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.5.2",
		    "not a PDF: no \"%%PDF-\" in the first %d bytes",
		    HEADER_WITHIN);
	if (at != 0)
		vt_pdf_note(pdf, false, VT_PDF_F_HEADER, 0, 0,
		    "ISO 32000-2, 7.5.2",
		    VT_N_("%zu bytes stand before the header"), at);
	b = vt_bytes_slice(b, at + 5, 3);
	if (b.len < 3 || (b.data[0] != '1' && b.data[0] != '2') ||
	    b.data[1] != '.' || b.data[2] < '0' || b.data[2] > '9')
		vt_pdf_note(pdf, false, VT_PDF_F_HEADER, at, 0,
		    "ISO 32000-2, 7.5.2",
		    VT_N_("the header names no version of PDF"));
	pdf->header = at;
	return VT_OK;
}

int
vt_pdf_first_object(struct vt_pdf *pdf, struct vt_pdf_obj *ret,
    struct vt_error *err)
{
	struct pdf_lex lx;
	int i, rc = VT_OK;

	vt_pdf_lex_init(&lx);
	vt_pdf_in_source(&lx.in, pdf->src, pdf->header,
	    pdf->size - pdf->header < 4096 ? pdf->size : pdf->header + 4096,
	    err);
	for (i = 0; i < 2 && rc == VT_OK; i++) {
		rc = vt_pdf_lex_next(&lx);
		if (rc == VT_OK && lx.tok != PDF_T_INT)
			rc = VT_EFORMAT;
	}
	if (rc == VT_OK)
		rc = vt_pdf_lex_word(&lx, "obj");
	if (rc == VT_OK)
		rc = vt_pdf_parse(pdf, &lx, 0, 0, ret, err);
	vt_pdf_lex_release(&lx);
	return rc;
}

/* A linearized file says so in its first object (F.3.3). */
static int
find_linearized(struct vt_pdf *pdf, struct vt_error *err)
{
	struct vt_error e = { 0 };
	const struct vt_pdf_obj *v;
	struct vt_pdf_obj obj;
	int rc;

	rc = vt_pdf_first_object(pdf, &obj, &e);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &e);
	if (rc != VT_OK) /* damage is judged where the object is used */
		return VT_OK;
	v = vt_pdf_find(&obj, "Linearized");
	if (v == NULL || (v->type != VT_PDF_INT && v->type != VT_PDF_REAL))
		return VT_OK;
	v = vt_pdf_find(&obj, "L");
	pdf->linearized = v != NULL && v->type == VT_PDF_INT && v->u.integer > 0
			      ? (uint64_t)v->u.integer
			      : UINT64_MAX;
	return VT_OK;
}

static void
check_trailers(struct vt_pdf *pdf)
{
	const struct vt_pdf_obj *v;
	size_t i;

	for (i = 0; i < pdf->nsections; i++) {
		v = vt_pdf_find(pdf->sections[i].trailer, "Encrypt");
		if (v != NULL && v->type != VT_PDF_NULL)
			pdf->encrypted = true;
	}
	v = vt_pdf_find(pdf->sections[0].trailer, "Size");
	if (v != NULL && v->type == VT_PDF_INT && pdf->highest > 0 &&
	    v->u.integer != (int64_t)pdf->highest + 1)
		vt_pdf_note(pdf, false, VT_PDF_F_SIZE, UINT64_MAX, 0,
		    "ISO 32000-2, 7.5.5",
		    VT_N_("/Size is %lld, the highest object number %u"),
		    (long long)v->u.integer, pdf->highest);
}

int
vt_pdf_open(struct vt_source *src, enum vt_pdf_mode mode, struct vt_pdf **ret,
    struct vt_error *err)
{
	return vt_pdf_open_with(src, mode, NULL, ret, err);
}

int
vt_pdf_new(struct vt_source *src, enum vt_pdf_mode mode, struct vt_pdf **ret,
    struct vt_error *err)
{
	struct vt_pdf *pdf;
	int rc;

	if ((pdf = calloc(1, sizeof(*pdf))) == NULL)
		return vt_error_nomem(err);
	pdf->src = src;
	pdf->mode = mode;
	pdf->size = vt_source_size(src);
	pdf->keep.max = pdf->objs.max = VT_PDF_ARENA_MAX;
	pdf->arena = &pdf->keep;
	if ((rc = find_header(pdf, err)) != VT_OK)
		vt_pdf_free(pdf);
	else
		*ret = pdf;
	return rc;
}

int
vt_pdf_open_chain(struct vt_pdf *pdf, struct vt_error *err)
{
	int rc;

	pdf->no_lookup = true;
	if ((rc = find_linearized(pdf, err)) != VT_OK ||
	    (rc = vt_pdf_xref_read(pdf, err)) != VT_OK ||
	    (rc = vt_pdf_revisions_make(pdf, err)) != VT_OK)
		return rc;
	check_trailers(pdf);
	pdf->arena = &pdf->objs;
	pdf->no_lookup = false;
	return vt_pdf_crypt_open(pdf, err);
}

int
vt_pdf_open_with(struct vt_source *src, enum vt_pdf_mode mode,
    const struct vt_secret *password, struct vt_pdf **ret, struct vt_error *err)
{
	struct vt_pdf *pdf = NULL;
	int rc;

	if ((rc = vt_pdf_new(src, mode, &pdf, err)) != VT_OK)
		return rc;
	if (password != NULL && password->len > 0 &&
	    (rc = vt_secret_set(&pdf->password, password->data, password->len,
		 err)) != VT_OK)
		goto out;
	if ((rc = vt_pdf_xref_tail(pdf, err)) != VT_OK ||
	    (rc = vt_pdf_open_chain(pdf, err)) != VT_OK)
		goto out;
	*ret = pdf;
	pdf = NULL;
out:
	vt_pdf_free(pdf);
	return rc;
}

void
vt_pdf_free(struct vt_pdf *pdf)
{
	size_t i;

	if (pdf == NULL)
		return;
	for (i = 0; i < pdf->nsections; i++)
		vt_pdf_section_release(&pdf->sections[i]);
	for (i = 0; i < PDF_OBJSTM_CACHE; i++)
		vt_pdf_objstm_release(&pdf->objstm[i]);
	free(pdf->sections);
	free(pdf->index);
	free(pdf->revisions);
	free(pdf->findings);
	free(pdf->lengths);
	free(pdf->offsets);
	vt_pdf_crypt_free(pdf->crypt);
	vt_secret_release(&pdf->password);
	vt_pdf_arena_rewind(&pdf->keep, 0);
	vt_pdf_arena_rewind(&pdf->objs, 0);
	vt_source_free(pdf->own);
	free(pdf);
}

struct vt_source *
vt_pdf_source(const struct vt_pdf *pdf)
{
	return pdf->src;
}

uint64_t
vt_pdf_header(const struct vt_pdf *pdf)
{
	return pdf->header;
}

const struct vt_pdf_obj *
vt_pdf_trailer(const struct vt_pdf *pdf)
{
	return pdf->sections[0].trailer;
}

uint32_t
vt_pdf_highest(const struct vt_pdf *pdf)
{
	return pdf->highest;
}

size_t
vt_pdf_nfindings(const struct vt_pdf *pdf)
{
	return pdf->nfindings;
}

const struct vt_pdf_finding *
vt_pdf_finding(const struct vt_pdf *pdf, size_t i)
{
	return i < pdf->nfindings ? &pdf->findings[i] : NULL;
}

size_t
vt_pdf_ndamage(const struct vt_pdf *pdf)
{
	return pdf->ndamage;
}

int
vt_pdf_catalog(struct vt_pdf *pdf, const struct vt_pdf_obj **ret,
    struct vt_pdf_ref *ret_ref, struct vt_error *err)
{
	const struct vt_pdf_obj *root, *catalog;
	struct vt_pdf_ref ref;
	int rc;

	root = vt_pdf_find(vt_pdf_trailer(pdf), "Root");
	if (root == NULL || root->type != VT_PDF_REF)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.5.5",
		    "the trailer has no /Root that is a reference");
	rc = vt_pdf_resolve_ref(pdf, root, &catalog, &ref, err);
	if (rc != VT_OK)
		return rc;
	if (catalog->type != VT_PDF_DICT)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.7.2",
		    "the catalog, object %u, is not a dictionary",
		    root->u.ref.num);
	*ret = catalog;
	if (ret_ref != NULL)
		*ret_ref = ref;
	return VT_OK;
}
