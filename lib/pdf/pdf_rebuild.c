/*
 * pdf_rebuild.c - a cross-reference that is broken, where there is only one
 * that it can have been (ISO 32000-2, 7.5)
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_rebuild.h"

/* An object stream, and the revision that it is of. */
struct packed {
	uint32_t num;
	size_t revision;
};

int
vt_pdf_rebuild_refuse(struct pdf_rebuild *r, const char *why)
{
	return vt_error_set(r->err, VT_EFORMAT, PDF_REBUILD_CLAUSE, "%s",
	    vt_tr(why));
}

/* --- the section that was not there --- */

static int
by_number(const void *va, const void *vb)
{
	const struct pdf_xentry *a = va, *b = vb;

	if (a->num != b->num)
		return a->num < b->num ? -1 : 1;
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return a->where < b->where ? -1 : a->where > b->where;
}

static int
by_stream(const void *va, const void *vb)
{
	const struct packed *a = va, *b = vb;

	return a->num < b->num ? -1 : a->num > b->num;
}

/* How many revisions end before OFF. */
static size_t
revision_at(const struct pdf_rebuild *r, uint64_t off)
{
	size_t low = 0, high = r->ends.n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (r->ends.at[mid] <= off)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t
revision_of(const struct pdf_rebuild *r, const struct pdf_xentry *e,
    const struct packed *streams, size_t n)
{
	struct packed key = { .num = (uint32_t)(e->where >> 32) };
	const struct packed *found;

	if (e->type == VT_PDF_IN_FILE)
		return revision_at(r, e->where + r->pdf->header);
	found = bsearch(&key, streams, n, sizeof(key), by_stream);
	return found != NULL ? found->revision : 0;
}

/*
 * Ascending, each number once.  Of several the one of the latest revision
 * counts (7.5.6); within a revision somebody would have to choose.
 */
static int
settle(struct pdf_rebuild *r, const struct packed *streams, size_t n)
{
	struct pdf_section *s = &r->pdf->sections[0];
	struct pdf_xentry *e = s->entries;
	size_t i, kept = 0, a, b;

	if (s->n == 0)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("no object is to be found"));
	qsort(e, s->n, sizeof(*e), by_number);
	for (i = 1; i < s->n; i++) {
		if (e[i].num != e[kept].num) {
			e[++kept] = e[i];
			continue;
		}
		a = revision_of(r, &e[kept], streams, n);
		b = revision_of(r, &e[i], streams, n);
		if (a == b)
			return vt_error_set(r->err, VT_EFORMAT,
			    PDF_REBUILD_CLAUSE,
			    "object %u is there more than once", e[i].num);
		r->replaced = true;
		if (b > a)
			e[kept] = e[i];
	}
	s->n = kept + 1;
	return VT_OK;
}

static int
make_section(struct pdf_rebuild *r)
{
	struct pdf_section *s = &r->pdf->sections[0];
	struct pdf_xentry e = { .type = VT_PDF_IN_FILE };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < r->n && rc == VT_OK; i++) {
		e.num = r->items[i].ref.num;
		e.gen = (uint16_t)r->items[i].ref.gen;
		e.where = r->items[i].off - r->pdf->header;
		rc = vt_pdf_xref_add(r->pdf, s, &e, r->err);
	}
	return rc == VT_OK ? settle(r, NULL, 0) : rc;
}

/* What object stream STM holds, as entries behind those of the file. */
static int
add_packed(struct pdf_rebuild *r, uint32_t stm)
{
	struct pdf_xentry e = { .type = VT_PDF_IN_STREAM };
	const struct pdf_objstm *os;
	struct vt_bytes data;
	size_t i, k;
	int rc;

	if ((rc = vt_pdf_objstm_data(r->pdf, stm, &data, r->err)) != VT_OK)
		return rc;
	for (k = 0; k < PDF_OBJSTM_CACHE && r->pdf->objstm[k].num != stm; k++)
		;
	os = &r->pdf->objstm[k];
	if (k == PDF_OBJSTM_CACHE || os->n > UINT16_MAX)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("an object stream holds too much"));
	for (i = 0; i < os->n && rc == VT_OK; i++) {
		e.num = os->entries[i].num;
		e.where = (uint64_t)stm << 32 | i;
		rc = vt_pdf_xref_add(r->pdf, &r->pdf->sections[0], &e, r->err);
	}
	r->pdf->sections[0].kind = VT_PDF_XREF_STREAM;
	return rc;
}

/* No later revision has another one of this number. */
static bool
counts(const struct pdf_rebuild *r, const struct pdf_found *item)
{
	struct vt_pdf_xref x;

	return vt_pdf_xref_find(r->pdf, item->ref.num, &x) &&
	       x.type == VT_PDF_IN_FILE && x.off == item->off;
}

/*
 * Each object parses, ends before the next begins, and may tell more: what is
 * in an object stream, which one is the catalog, a trailer.
 */
static int
read_objects(struct pdf_rebuild *r, struct packed **ret_streams, size_t *ret_n)
{
	const struct vt_pdf_obj *obj;
	struct packed *streams;
	struct vt_pdf_ref ref;
	uint64_t end = 0;
	size_t i, mark;
	int rc;

	if ((streams = calloc(r->n + 1, sizeof(*streams))) == NULL)
		return vt_error_nomem(r->err);
	*ret_streams = streams;
	for (i = 0; i < r->n; i++) {
		if (r->items[i].off < end)
			return vt_error_set(r->err, VT_EFORMAT,
			    PDF_REBUILD_CLAUSE,
			    "object %u begins within another one",
			    r->items[i].ref.num);
		mark = vt_pdf_mark(r->pdf);
		rc = vt_pdf_load_at(r->pdf, r->items[i].off, &ref, &obj, &end,
		    r->err);
		if (rc != VT_OK)
			return rc;
		if (vt_pdf_find(obj, "ByteRange") != NULL) /* "/Byte#52ange" */
			return vt_pdf_rebuild_refuse(r,
			    VT_N_("what is signed already is not repaired"));
		if (vt_pdf_is_name(vt_pdf_find(obj, "Type"), "ObjStm") &&
		    counts(r, &r->items[i]))
			streams[(*ret_n)++] = (struct packed){ ref.num,
				revision_at(r, r->items[i].off) };
		if (vt_pdf_is_name(vt_pdf_find(obj, "Type"), "Catalog") &&
		    counts(r, &r->items[i])) {
			r->catalog = ref;
			r->ncatalogs++;
		}
		if (obj->type == VT_PDF_STREAM &&
		    vt_pdf_is_name(vt_pdf_find(obj, "Type"), "XRef")) {
			rc = vt_pdf_place_add(r, &r->trailers,
			    obj->u.stream.dict->start);
			if (rc != VT_OK)
				return rc;
			/* What it deletes is not looked for. */
			if (revision_at(r, r->items[i].off) > 0)
				r->deleted = true;
		}
		vt_pdf_rewind(r->pdf, mark);
	}
	return VT_OK;
}

/* All that is in object streams, once the streams themselves are known. */
static int
read_packed(struct pdf_rebuild *r, struct packed *streams, size_t n)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++)
		rc = add_packed(r, streams[i].num);
	if (rc != VT_OK || n == 0)
		return rc;
	qsort(streams, n, sizeof(*streams), by_stream);
	return settle(r, streams, n);
}

/* --- the trailer --- */

/* A dictionary at OFF, which lives as long as the document; or NULL. */
static int
trailer_at(struct pdf_rebuild *r, uint64_t off, const struct vt_pdf_obj **ret)
{
	struct vt_error e = { 0 };
	struct pdf_lex lx;
	void *mem;
	int rc;

	*ret = NULL;
	r->pdf->arena = &r->pdf->keep;
	vt_pdf_lex_init(&lx);
	vt_pdf_in_source(&lx.in, r->pdf->src, off, r->pdf->size, &e);
	rc = vt_pdf_alloc(r->pdf, sizeof(**ret), &mem, &e);
	if (rc == VT_OK)
		rc = vt_pdf_parse(r->pdf, &lx, 0, 0, mem, &e);
	vt_pdf_lex_release(&lx);
	r->pdf->arena = &r->pdf->objs;
	if (rc == VT_EFORMAT)
		return VT_OK; /* it tells nothing then */
	if (rc != VT_OK)
		return vt_pdf_pass(r->err, &e);
	if (((struct vt_pdf_obj *)mem)->type == VT_PDF_DICT)
		*ret = mem;
	return VT_OK;
}

/* A trailer of which only the root is known; nowhere in the file. */
static int
own_trailer(struct pdf_rebuild *r)
{
	struct vt_pdf_entry *e;
	struct vt_pdf_obj *dict;
	void *mem;
	int rc;

	if (r->encrypted)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("it may be encrypted, and has no trailer to say so"));
	if (r->ncatalogs != 1)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("there is no trailer, and not just one catalog"));
	r->pdf->arena = &r->pdf->keep;
	rc = vt_pdf_alloc(r->pdf, sizeof(*dict) + sizeof(*e), &mem, r->err);
	r->pdf->arena = &r->pdf->objs;
	if (rc != VT_OK)
		return rc;
	dict = mem;
	e = (struct vt_pdf_entry *)(dict + 1);
	e->key = VT_BYTES_LIT("Root");
	e->value.type = VT_PDF_REF;
	e->value.u.ref = r->catalog;
	dict->type = VT_PDF_DICT;
	dict->u.dict.entries = e;
	dict->u.dict.n = 1;
	r->pdf->sections[0].trailer = dict;
	return VT_OK;
}

int
vt_pdf_rebuild_trailer(struct pdf_rebuild *r, const struct vt_pdf_obj **ret)
{
	const struct vt_pdf_obj *dict, *root, *known = NULL;
	size_t i;
	int rc;

	*ret = NULL;
	for (i = 0; i < r->trailers.n; i++) {
		if ((rc = trailer_at(r, r->trailers.at[i], &dict)) != VT_OK)
			return rc;
		if (dict == NULL ||
		    (root = vt_pdf_find(dict, "Root")) == NULL ||
		    root->type != VT_PDF_REF)
			continue;
		if (known != NULL && !vt_pdf_equal(root, known))
			return vt_pdf_rebuild_refuse(r,
			    VT_N_("its trailers name different catalogs"));
		known = root;
		*ret = dict;
	}
	return VT_OK;
}

static int
find_trailer(struct pdf_rebuild *r)
{
	const struct vt_pdf_obj *dict;
	int rc;

	if ((rc = vt_pdf_rebuild_trailer(r, &dict)) != VT_OK)
		return rc;
	if (dict == NULL)
		return own_trailer(r);
	r->pdf->sections[0].trailer = dict;
	return VT_OK;
}

/* --- nothing is missing --- */

static int
check_references(struct pdf_rebuild *r, const struct vt_pdf_obj *obj)
{
	struct vt_pdf_xref x;
	size_t i;
	int rc = VT_OK;

	if (obj->type == VT_PDF_STREAM)
		obj = obj->u.stream.dict;
	if (obj->type == VT_PDF_REF &&
	    (!vt_pdf_xref_find(r->pdf, obj->u.ref.num, &x) ||
		x.ref.gen != obj->u.ref.gen))
		return vt_error_set(r->err, VT_EFORMAT, PDF_REBUILD_CLAUSE,
		    "object %u is referred to and is not there",
		    obj->u.ref.num);
	if (obj->type == VT_PDF_ARRAY)
		for (i = 0; i < obj->u.array.n && rc == VT_OK; i++)
			rc = check_references(r, &obj->u.array.items[i]);
	if (obj->type == VT_PDF_DICT)
		for (i = 0; i < obj->u.dict.n && rc == VT_OK; i++)
			rc = check_references(r, &obj->u.dict.entries[i].value);
	return rc;
}

/* What a later revision deleted must not come back. */
static int
check_deleted(struct pdf_rebuild *r)
{
	if (r->replaced && (r->deleted || r->frees > r->tables))
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("objects were replaced and deleted, and which of "
			  "them count is not to be known"));
	return VT_OK;
}

static int
check_whole(struct pdf_rebuild *r)
{
	const struct vt_pdf_obj *obj;
	struct vt_pdf_xref x;
	size_t pos = 0, mark;
	int rc;

	rc = check_references(r, vt_pdf_trailer(r->pdf));
	while (rc == VT_OK && vt_pdf_xref_next(r->pdf, &pos, &x)) {
		mark = vt_pdf_mark(r->pdf);
		if ((rc = vt_pdf_get(r->pdf, x.ref, &obj, r->err)) == VT_OK)
			rc = check_references(r, obj);
		vt_pdf_rewind(r->pdf, mark);
	}
	return rc == VT_OK ? vt_pdf_page_count(r->pdf, &pos, r->err) : rc;
}

/* The trailer that counts says it, or nothing does. */
static int
open_encrypted(struct pdf_rebuild *r)
{
	const struct vt_pdf_obj *v =
	    vt_pdf_find(vt_pdf_trailer(r->pdf), "Encrypt");

	r->pdf->encrypted = v != NULL && v->type != VT_PDF_NULL;
	if (r->encrypted && !r->pdf->encrypted)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("not all of its trailers say that it is encrypted"));
	return vt_pdf_crypt_open(r->pdf, r->err);
}

static int
rebuild(struct pdf_rebuild *r)
{
	struct packed *streams = NULL;
	size_t n = 0;
	int rc;

	r->pdf->nsections = 1;
	r->pdf->nrevisions = 1;
	r->pdf->revisions[0].end = r->pdf->size;
	if ((rc = vt_pdf_rebuild_look(r)) != VT_OK ||
	    (rc = make_section(r)) != VT_OK ||
	    (rc = read_objects(r, &streams, &n)) != VT_OK ||
	    (rc = find_trailer(r)) != VT_OK)
		goto out;
	r->pdf->revisions[0].trailer = r->pdf->sections[0].trailer;
	if ((rc = open_encrypted(r)) != VT_OK ||
	    (rc = read_packed(r, streams, n)) != VT_OK ||
	    (rc = check_deleted(r)) != VT_OK)
		goto out;
	r->pdf->revisions[0].kind = r->pdf->sections[0].kind;
	rc = check_whole(r);
out:
	free(streams);
	return rc;
}

static void
release(struct pdf_rebuild *r)
{
	free(r->items);
	free(r->trailers.at);
	free(r->sections.at);
	free(r->ends.at);
}

static int
open_found(struct vt_source *src, const struct vt_secret *password,
    struct vt_pdf **ret, struct vt_error *err)
{
	struct pdf_rebuild r = { .err = err };
	struct vt_pdf *pdf = NULL;
	int rc;

	if ((rc = vt_pdf_new(src, VT_PDF_STRICT, &pdf, err)) != VT_OK)
		return rc;
	r.pdf = pdf;
	pdf->rebuilt = pdf->repaired = true;
	pdf->arena = &pdf->objs;
	pdf->sections = calloc(1, sizeof(*pdf->sections));
	pdf->revisions = calloc(1, sizeof(*pdf->revisions));
	pdf->csections = 1;
	if (pdf->sections == NULL || pdf->revisions == NULL)
		rc = vt_error_nomem(err);
	else if (password != NULL && password->len > 0)
		rc = vt_secret_set(&pdf->password, password->data,
		    password->len, err);
	if (rc == VT_OK)
		rc = rebuild(&r);
	release(&r);
	if (rc == VT_OK) {
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, UINT64_MAX, 0,
		    PDF_REBUILD_CLAUSE,
		    VT_N_("the cross-reference was damaged and is rebuilt"));
		*ret = pdf;
		pdf = NULL;
	}
	vt_pdf_free(pdf);
	return rc;
}

static int
open_tail(struct vt_source *src, const struct vt_secret *password,
    struct vt_pdf **ret, struct vt_error *err)
{
	struct pdf_rebuild r = { .err = err };
	int rc;

	if ((rc = vt_pdf_new(src, VT_PDF_STRICT, &r.pdf, err)) != VT_OK)
		return rc;
	r.pdf->repaired = true;
	rc = vt_pdf_rebuild_tail(&r, password);
	release(&r);
	if (rc != VT_OK) {
		vt_pdf_free(r.pdf);
		return rc;
	}
	vt_pdf_note(r.pdf, false, VT_PDF_F_XREF, UINT64_MAX, 0,
	    "ISO 32000-2, 7.5.5",
	    VT_N_("the last \"startxref\" has no offset; the section before it "
		  "counts"));
	*ret = r.pdf;
	return VT_OK;
}

int
vt_pdf_open_rebuilt(struct vt_source *src, const struct vt_secret *password,
    struct vt_pdf **ret, struct vt_error *err)
{
	struct vt_error e = { 0 }, why = { 0 };
	int rc;

	if ((rc = open_found(src, password, ret, &e)) != VT_EFORMAT)
		return rc == VT_OK ? VT_OK : vt_pdf_pass(err, &e);
	rc = open_tail(src, password, ret, &why);
	if (rc == VT_EFORMAT) /* the first reason is that of more files */
		return vt_pdf_pass(err, &e);
	return rc == VT_OK ? VT_OK : vt_pdf_pass(err, &why);
}
