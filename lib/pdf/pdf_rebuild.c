/*
 * pdf_rebuild.c - a cross-reference that is broken, where there is only one
 * that it can have been (ISO 32000-2, 7.5)
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.5.4"
#define PIECE (64u * 1024)
#define BEFORE 32u /* bytes before "obj" that hold its numbers */

struct found {
	uint64_t off;
	struct vt_pdf_ref ref;
};

struct rebuild {
	struct vt_pdf *pdf;
	struct found *items; /* in the order of the file */
	size_t n, cap;
	uint64_t *trailers; /* behind the word */
	size_t ntrailers, ctrailers;
	struct vt_pdf_ref catalog; /* of /Type /Catalog; the last one */
	size_t ncatalogs;
	bool encrypted; /* something says so, perhaps a broken trailer */
	struct vt_error *err;
};

static int
refuse(struct rebuild *r, const char *why)
{
	return vt_error_set(r->err, VT_EFORMAT, CLAUSE, "%s", vt_tr(why));
}

/* --- looking through the bytes --- */

/* A number that ends before AT, after white space; where it begins, or 0. */
static size_t
number_before(struct vt_bytes b, size_t at, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0, unit = 1;
	size_t i = at;

	while (i > 0 && pdf_is_space(b.data[i - 1]))
		i--;
	if (i == at || i == 0)
		return 0;
	at = i;
	while (i > 0 && b.data[i - 1] >= '0' && b.data[i - 1] <= '9') {
		if (unit > 10000000000u)
			return 0;
		v += (uint64_t)(b.data[--i] - '0') * unit;
		unit *= 10;
	}
	if (i == at || v > max)
		return 0;
	*ret = v;
	return i;
}

/* "num gen obj" with the word at AT; its place in B, or SIZE_MAX. */
static size_t
object_here(struct vt_bytes b, size_t at, struct vt_pdf_ref *ret)
{
	uint64_t num = 0, gen = 0;
	size_t i;

	if (at + 3 < b.len && pdf_is_regular(b.data[at + 3]))
		return SIZE_MAX;
	if ((i = number_before(b, at, PDF_GEN_MAX, &gen)) == 0)
		return SIZE_MAX;
	/* The first of the file may begin what is seen of it. */
	i = number_before(b, i, PDF_NUM_MAX, &num);
	if (num == 0 || (i > 0 && pdf_is_regular(b.data[i - 1])))
		return SIZE_MAX;
	*ret = (struct vt_pdf_ref){ (uint32_t)num, (uint32_t)gen };
	return i;
}

static int
add_object(struct rebuild *r, uint64_t off, struct vt_pdf_ref ref)
{
	struct found *items;
	size_t cap;

	if (r->n == VT_PDF_ENTRIES_MAX)
		return vt_error_set(r->err, VT_ELIMIT, NULL,
		    "more than %d cross-reference entries", VT_PDF_ENTRIES_MAX);
	if (r->n == r->cap) {
		cap = r->cap == 0 ? 64 : 2 * r->cap;
		items = realloc(r->items, cap * sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(r->err);
		r->items = items;
		r->cap = cap;
	}
	r->items[r->n++] = (struct found){ off, ref };
	return VT_OK;
}

static int
add_trailer(struct rebuild *r, uint64_t off)
{
	uint64_t *t;
	size_t cap;

	if (r->ntrailers == VT_PDF_SECTIONS_MAX)
		return vt_error_set(r->err, VT_ELIMIT, "ISO 32000-2, 7.5.6",
		    "more than %d cross-reference sections",
		    VT_PDF_SECTIONS_MAX);
	if (r->ntrailers == r->ctrailers) {
		cap = r->ctrailers == 0 ? 8 : 2 * r->ctrailers;
		if ((t = realloc(r->trailers, cap * sizeof(*t))) == NULL)
			return vt_error_nomem(r->err);
		r->trailers = t;
		r->ctrailers = cap;
	}
	r->trailers[r->ntrailers++] = off;
	return VT_OK;
}

/*
 * One window B, which stands at OFF; what begins in its first BEFORE bytes was
 * seen in the one before.
 */
static int
look(struct rebuild *r, struct vt_bytes b, uint64_t off, bool first, bool last)
{
	size_t at, where, from = first ? 0 : BEFORE;
	size_t to = last || b.len < BEFORE ? b.len : b.len - BEFORE;
	struct vt_pdf_ref ref;
	int rc;

	for (at = from; (at = vt_bytes_find(b, at, "obj")) < to; at++) {
		where = object_here(b, at, &ref);
		if (where != SIZE_MAX &&
		    (rc = add_object(r, off + where, ref)) != VT_OK)
			return rc;
	}
	for (at = from; (at = vt_bytes_find(b, at, "trailer")) < to; at++)
		if ((at == 0 || !pdf_is_regular(b.data[at - 1])) &&
		    (rc = add_trailer(r, off + at + 7)) != VT_OK)
			return rc;
	/* In what nobody can read now nothing signed may be hidden. */
	if (vt_bytes_find(b, 0, "/ByteRange") != SIZE_MAX)
		return refuse(r,
		    VT_N_("what is signed already is not repaired"));
	if (vt_bytes_find(b, 0, "/Encrypt") != SIZE_MAX)
		r->encrypted = true;
	return VT_OK;
}

static int
look_through(struct rebuild *r)
{
	uint64_t off = r->pdf->header, size = r->pdf->size;
	bool first = true;
	struct vt_bytes b;
	int rc = VT_OK;

	while (rc == VT_OK && off < size) {
		bool last = size - off <= PIECE;

		rc = vt_source_view(r->pdf->src, off, PIECE, &b, r->err);
		if (rc == VT_OK)
			rc = look(r, b, off, first, last);
		if (last)
			break;
		off += PIECE - 2 * BEFORE;
		first = false;
	}
	return rc;
}

/* --- the section that was not there --- */

static int
by_number(const void *va, const void *vb)
{
	const struct pdf_xentry *a = va, *b = vb;

	return a->num < b->num ? -1 : a->num > b->num;
}

/* Ascending, each number once: else somebody would have to choose. */
static int
sort(struct rebuild *r)
{
	struct pdf_section *s = &r->pdf->sections[0];
	size_t i;

	if (s->n == 0)
		return refuse(r, VT_N_("no object is to be found"));
	qsort(s->entries, s->n, sizeof(*s->entries), by_number);
	for (i = 1; i < s->n; i++)
		if (s->entries[i].num == s->entries[i - 1].num)
			return vt_error_set(r->err, VT_EFORMAT, CLAUSE,
			    "object %u is there more than once",
			    s->entries[i].num);
	return VT_OK;
}

static int
make_section(struct rebuild *r)
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
	return rc == VT_OK ? sort(r) : rc;
}

/* What object stream STM holds, as entries behind those of the file. */
static int
add_packed(struct rebuild *r, uint32_t stm)
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
		return refuse(r, VT_N_("an object stream holds too much"));
	for (i = 0; i < os->n && rc == VT_OK; i++) {
		e.num = os->entries[i].num;
		e.where = (uint64_t)stm << 32 | i;
		rc = vt_pdf_xref_add(r->pdf, &r->pdf->sections[0], &e, r->err);
	}
	r->pdf->sections[0].kind = VT_PDF_XREF_STREAM;
	return rc;
}

/*
 * Each object parses, ends before the next begins, and may tell more: what is
 * in an object stream, which one is the catalog, a trailer.
 */
static int
read_objects(struct rebuild *r, uint32_t **ret_streams, size_t *ret_n)
{
	const struct vt_pdf_obj *obj;
	struct vt_pdf_ref ref;
	uint32_t *streams;
	uint64_t end = 0;
	size_t i, mark;
	int rc;

	if ((streams = calloc(r->n + 1, sizeof(*streams))) == NULL)
		return vt_error_nomem(r->err);
	*ret_streams = streams;
	for (i = 0; i < r->n; i++) {
		if (r->items[i].off < end)
			return vt_error_set(r->err, VT_EFORMAT, CLAUSE,
			    "object %u begins within another one",
			    r->items[i].ref.num);
		mark = vt_pdf_mark(r->pdf);
		rc = vt_pdf_load_at(r->pdf, r->items[i].off, &ref, &obj, &end,
		    r->err);
		if (rc != VT_OK)
			return rc;
		if (vt_pdf_is_name(vt_pdf_find(obj, "Type"), "ObjStm"))
			streams[(*ret_n)++] = ref.num;
		if (vt_pdf_is_name(vt_pdf_find(obj, "Type"), "Catalog")) {
			r->catalog = ref;
			r->ncatalogs++;
		}
		if (obj->type == VT_PDF_STREAM &&
		    vt_pdf_is_name(vt_pdf_find(obj, "Type"), "XRef") &&
		    (rc = add_trailer(r, obj->u.stream.dict->start)) != VT_OK)
			return rc;
		vt_pdf_rewind(r->pdf, mark);
	}
	return VT_OK;
}

/* All that is in object streams, once the streams themselves are known. */
static int
read_packed(struct rebuild *r, const uint32_t *streams, size_t n)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++)
		rc = add_packed(r, streams[i]);
	return rc == VT_OK && n > 0 ? sort(r) : rc;
}

/* --- the trailer --- */

/* A dictionary at OFF, which lives as long as the document; or NULL. */
static int
trailer_at(struct rebuild *r, uint64_t off, const struct vt_pdf_obj **ret)
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
own_trailer(struct rebuild *r)
{
	struct vt_pdf_entry *e;
	struct vt_pdf_obj *dict;
	void *mem;
	int rc;

	if (r->encrypted)
		return refuse(r,
		    VT_N_("it may be encrypted, and has no trailer to say so"));
	if (r->ncatalogs != 1)
		return refuse(r,
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

/* The last of those that name a root; they must all name the same. */
static int
find_trailer(struct rebuild *r)
{
	const struct vt_pdf_obj *dict, *root, *known = NULL;
	size_t i;
	int rc;

	for (i = 0; i < r->ntrailers; i++) {
		if ((rc = trailer_at(r, r->trailers[i], &dict)) != VT_OK)
			return rc;
		if (dict == NULL ||
		    (root = vt_pdf_find(dict, "Root")) == NULL ||
		    root->type != VT_PDF_REF)
			continue;
		if (known != NULL && !vt_pdf_equal(root, known))
			return refuse(r,
			    VT_N_("its trailers name different catalogs"));
		known = root;
		r->pdf->sections[0].trailer = dict;
	}
	return known != NULL ? VT_OK : own_trailer(r);
}

/* --- nothing is missing --- */

static int
check_references(struct rebuild *r, const struct vt_pdf_obj *obj)
{
	struct vt_pdf_xref x;
	size_t i;
	int rc = VT_OK;

	if (obj->type == VT_PDF_STREAM)
		obj = obj->u.stream.dict;
	if (obj->type == VT_PDF_REF &&
	    (!vt_pdf_xref_find(r->pdf, obj->u.ref.num, &x) ||
		x.ref.gen != obj->u.ref.gen))
		return vt_error_set(r->err, VT_EFORMAT, CLAUSE,
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

static int
check_whole(struct rebuild *r)
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
open_encrypted(struct rebuild *r)
{
	const struct vt_pdf_obj *v =
	    vt_pdf_find(vt_pdf_trailer(r->pdf), "Encrypt");

	r->pdf->encrypted = v != NULL && v->type != VT_PDF_NULL;
	if (r->encrypted && !r->pdf->encrypted)
		return refuse(r,
		    VT_N_("not all of its trailers say that it is encrypted"));
	return vt_pdf_crypt_open(r->pdf, r->err);
}

static int
rebuild(struct rebuild *r)
{
	uint32_t *streams = NULL;
	size_t n = 0;
	int rc;

	r->pdf->nsections = 1;
	r->pdf->nrevisions = 1;
	r->pdf->revisions[0].end = r->pdf->size;
	if ((rc = look_through(r)) != VT_OK ||
	    (rc = make_section(r)) != VT_OK ||
	    (rc = read_objects(r, &streams, &n)) != VT_OK ||
	    (rc = find_trailer(r)) != VT_OK)
		goto out;
	r->pdf->revisions[0].trailer = r->pdf->sections[0].trailer;
	if ((rc = open_encrypted(r)) != VT_OK ||
	    (rc = read_packed(r, streams, n)) != VT_OK)
		goto out;
	r->pdf->revisions[0].kind = r->pdf->sections[0].kind;
	rc = check_whole(r);
out:
	free(streams);
	return rc;
}

int
vt_pdf_open_rebuilt(struct vt_source *src, const struct vt_secret *password,
    struct vt_pdf **ret, struct vt_error *err)
{
	struct rebuild r = { .err = err };
	struct vt_pdf *pdf = NULL;
	int rc;

	if ((rc = vt_pdf_new(src, VT_PDF_STRICT, &pdf, err)) != VT_OK)
		return rc;
	r.pdf = pdf;
	pdf->rebuilt = true;
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
	free(r.items);
	free(r.trailers);
	if (rc == VT_OK) {
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, UINT64_MAX, 0, CLAUSE,
		    VT_N_("the cross-reference was damaged and is rebuilt"));
		*ret = pdf;
		pdf = NULL;
	}
	vt_pdf_free(pdf);
	return rc;
}
