/* pdf_load.c - indirect objects (ISO 32000-2, 7.3.8 and 7.3.10) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

static const struct vt_pdf_obj null_object = { .type = VT_PDF_NULL };

int
vt_pdf_alloc(struct vt_pdf *pdf, size_t len, void **ret, struct vt_error *err)
{
	struct pdf_arena *a = pdf->arena;

	if ((*ret = vt_pdf_arena_alloc(a, len)) != NULL)
		return VT_OK;
	if (len >= a->max || a->used >= a->max - len)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the objects need more than %zu bytes of memory", a->max);
	return vt_error_nomem(err);
}

/* "stream" and its end of line are read; DICT says how long it is. */
static int
read_stream(struct vt_pdf *pdf, struct pdf_lex *lx, uint32_t num,
    const struct vt_pdf_obj *dict, struct vt_pdf_obj *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *length = vt_pdf_find(dict, "Length");
	uint64_t off = lx->in.pos, len;
	int rc;

	if (length != NULL) {
		rc = vt_pdf_resolve(pdf, length, &length, err);
		if (rc != VT_OK)
			return rc;
	}
	if (length == NULL || length->type != VT_PDF_INT ||
	    length->u.integer < 0 ||
	    (uint64_t)length->u.integer > pdf->size - off) {
		len = PDF_LENGTH_UNKNOWN;
	} else {
		len = (uint64_t)length->u.integer;
		lx->in.pos = off + len;
		while (pdf_is_space(pdf_peek(&lx->in)))
			lx->in.pos++;
	}
	if (len == PDF_LENGTH_UNKNOWN ||
	    !vt_pdf_in_accept(&lx->in, "endstream")) {
		if ((rc = vt_pdf_length_recover(pdf, off, &len, num, dict,
			 err)) != VT_OK)
			return rc;
		lx->in.pos = off + len;
		vt_pdf_in_eol(&lx->in);
		if (!vt_pdf_in_accept(&lx->in, "endstream"))
			return vt_pdf_bad(err, off + len,
			    "ISO 32000-2, 7.3.8.2",
			    VT_N_("/Length does not lead to \"endstream\""));
	}
	ret->type = VT_PDF_STREAM;
	ret->u.stream.dict = dict;
	ret->u.stream.off = off;
	ret->u.stream.len = len;
	return lx->in.rc;
}

/* 7.3.8.1: "stream" ends with CR LF or LF, not with CR alone. */
static int
stream_start(struct vt_pdf *pdf, struct pdf_lex *lx, uint32_t num,
    struct vt_error *err)
{
	uint64_t pos = lx->in.pos;
	int c;

	while ((c = pdf_peek(&lx->in)) == ' ' || c == '\t')
		lx->in.pos++;
	if (c == '\n' && lx->in.pos == pos) {
		lx->in.pos++;
		return VT_OK;
	}
	if (!vt_pdf_in_eol(&lx->in))
		return vt_pdf_bad(err, pos, "ISO 32000-2, 7.3.8.1",
		    VT_N_("no end of line behind \"stream\""));
	if (lx->in.pos != pos + 2 || c != '\r')
		vt_pdf_note(pdf, false, VT_PDF_F_OBJECT, pos, num,
		    "ISO 32000-2, 7.3.8.1",
		    VT_N_("an odd end of line behind \"stream\""));
	return VT_OK;
}

/* What follows the value: a stream's data, "endobj". */
static int
object_end(struct vt_pdf *pdf, struct pdf_lex *lx, uint32_t num,
    struct vt_pdf_obj *obj, uint64_t *ret_end, struct vt_error *err)
{
	struct vt_pdf_obj *dict;
	void *mem;
	int rc;

	*ret_end = lx->end;
	if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
		return rc;
	if (obj->type == VT_PDF_DICT && vt_pdf_lex_is(lx, "stream")) {
		rc = vt_pdf_alloc(pdf, sizeof(*dict), &mem, err);
		if (rc != VT_OK)
			return rc;
		dict = mem;
		*dict = *obj;
		if ((rc = stream_start(pdf, lx, num, err)) != VT_OK ||
		    (rc = read_stream(pdf, lx, num, dict, obj, err)) != VT_OK)
			return rc;
		*ret_end = lx->in.pos;
		if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
			return rc;
	}
	if (vt_pdf_lex_is(lx, "endobj"))
		*ret_end = lx->end;
	else
		vt_pdf_note(pdf, false, VT_PDF_F_OBJECT, *ret_end, num,
		    "ISO 32000-2, 7.3.10", VT_N_("\"endobj\" is missing"));
	return VT_OK;
}

/* "num gen obj"; white space before it is a deviation, all else damage. */
static int
object_start(struct vt_pdf *pdf, struct pdf_lex *lx, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	uint64_t off = lx->in.pos;
	unsigned char before;
	int64_t num, gen;
	int c, rc;

	if (off > pdf->header) {
		rc = vt_source_read(pdf->src, off - 1, &before, 1, err);
		if (rc != VT_OK)
			return rc;
		if (before >= '0' && before <= '9')
			goto bad; /* would read 1 where 11 is written */
	}
	while (pdf_is_space(pdf_peek(&lx->in)))
		lx->in.pos++;
	c = pdf_peek(&lx->in);
	if (c < '0' || c > '9')
		goto bad;
	if (lx->in.pos != off)
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, off, 0,
		    "ISO 32000-2, 7.5.4",
		    VT_N_("an offset leads to white space before an object"));
	if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
		return rc;
	num = lx->tok == PDF_T_INT ? lx->integer : -1;
	if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
		return rc;
	gen = lx->tok == PDF_T_INT ? lx->integer : -1;
	if ((rc = vt_pdf_lex_word(lx, "obj")) != VT_OK && rc != VT_EFORMAT)
		return rc;
	if (rc != VT_OK || num < 0 || num > PDF_NUM_MAX || gen < 0 ||
	    gen > PDF_GEN_MAX)
		goto bad;
	*ret = (struct vt_pdf_ref){ (uint32_t)num, (uint32_t)gen };
	return VT_OK;
bad:
	if (lx->in.rc != VT_OK)
		return lx->in.rc;
	return vt_pdf_bad(err, off, "ISO 32000-2, 7.3.10",
	    VT_N_("no object begins here"));
}

/* "12endobj", as some write a stream's length; false: something else. */
static bool
tight_number(struct vt_pdf *pdf, struct pdf_lex *lx, uint32_t num,
    struct vt_pdf_obj *ret)
{
	uint64_t pos = lx->in.pos, start;
	int64_t v = 0;
	int c, n;

	while (pdf_is_space(pdf_peek(&lx->in)))
		lx->in.pos++;
	start = lx->in.pos;
	for (n = 0; n < 18 && (c = pdf_peek(&lx->in)) >= '0' && c <= '9'; n++) {
		v = v * 10 + (c - '0');
		lx->in.pos++;
	}
	ret->end = lx->end = lx->in.pos;
	if (n == 0 || !vt_pdf_in_accept(&lx->in, "endobj") ||
	    pdf_is_regular(pdf_peek(&lx->in))) {
		lx->in.pos = pos;
		return false;
	}
	lx->in.pos = ret->end;
	vt_pdf_note(pdf, false, VT_PDF_F_OBJECT, start, num,
	    "ISO 32000-2, 7.3.10",
	    VT_N_("\"endobj\" follows a number without a space"));
	ret->type = VT_PDF_INT;
	ret->start = start;
	ret->u.integer = v;
	return true;
}

/* "1 0 obj endobj": no value is null, and nothing is guessed. */
static int
object_value(struct vt_pdf *pdf, struct pdf_lex *lx, uint32_t num,
    struct vt_pdf_obj *ret, struct vt_error *err)
{
	uint64_t pos = lx->in.pos;
	int rc;

	rc = vt_pdf_lex_word(lx, "endobj");
	lx->in.pos = pos;
	if (rc == VT_EFORMAT)
		return tight_number(pdf, lx, num, ret)
			   ? VT_OK
			   : vt_pdf_parse(pdf, lx, 0, num, ret, err);
	if (rc != VT_OK)
		return rc;
	vt_pdf_note(pdf, false, VT_PDF_F_OBJECT, pos, num,
	    "ISO 32000-2, 7.3.10", VT_N_("an object without a value"));
	ret->start = ret->end = lx->end = pos;
	return VT_OK;
}

int
vt_pdf_load_at(struct vt_pdf *pdf, uint64_t off, struct vt_pdf_ref *ret_ref,
    const struct vt_pdf_obj **ret, uint64_t *ret_end, struct vt_error *err)
{
	struct vt_pdf_obj *obj;
	struct pdf_lex lx;
	void *mem;
	int rc;

	if (off >= pdf->size)
		return vt_pdf_bad(err, off, "ISO 32000-2, 7.5.4",
		    VT_N_("the file ends before this offset"));
	vt_pdf_lex_init(&lx);
	lx.skim = pdf->skim;
	vt_pdf_in_source(&lx.in, pdf->src, off, pdf->size, err);
	if ((rc = object_start(pdf, &lx, ret_ref, err)) != VT_OK ||
	    (rc = vt_pdf_alloc(pdf, sizeof(*obj), &mem, err)) != VT_OK)
		goto out;
	obj = mem;
	rc = object_value(pdf, &lx, ret_ref->num, obj, err);
	if (rc == VT_OK)
		rc = object_end(pdf, &lx, ret_ref->num, obj, ret_end, err);
	if (rc == VT_OK && obj->type == VT_PDF_STREAM)
		obj->u.stream.ref = *ret_ref;
	if (rc == VT_OK)
		rc = vt_pdf_crypt_object(pdf, *ret_ref, obj, err);
	if (rc == VT_OK)
		*ret = obj;
out:
	vt_pdf_lex_release(&lx);
	return rc;
}

int
vt_pdf_load_head(struct vt_pdf *pdf, const struct vt_pdf_xref *x,
    const struct vt_pdf_obj **ret, struct vt_error *err)
{
	struct vt_pdf_obj *obj;
	struct vt_pdf_ref found;
	struct pdf_lex lx;
	void *mem;
	int rc;

	*ret = NULL;
	if (x->type != VT_PDF_IN_FILE || x->off >= pdf->size)
		return VT_OK;
	vt_pdf_lex_init(&lx);
	lx.skim = pdf->skim;
	vt_pdf_in_source(&lx.in, pdf->src, x->off, pdf->size, err);
	if ((rc = object_start(pdf, &lx, &found, err)) != VT_OK ||
	    (rc = vt_pdf_alloc(pdf, sizeof(*obj), &mem, err)) != VT_OK)
		goto out;
	obj = mem;
	if ((rc = vt_pdf_parse(pdf, &lx, 0, found.num, obj, err)) == VT_OK)
		rc = vt_pdf_lex_next(&lx);
	if (rc == VT_OK && obj->type == VT_PDF_DICT &&
	    vt_pdf_lex_is(&lx, "stream") && found.num == x->ref.num &&
	    found.gen == x->ref.gen)
		*ret = obj;
out:
	vt_pdf_lex_release(&lx);
	return rc == VT_ENOMEM || rc == VT_EIO ? rc : VT_OK;
}

static int
load_in_file(struct vt_pdf *pdf, const struct vt_pdf_xref *x,
    const struct vt_pdf_obj **ret, struct vt_pdf_extent *ext,
    struct vt_error *err)
{
	struct vt_pdf_ref found;
	int rc;

	rc = vt_pdf_load_at(pdf, x->off, &found, ret, &ext->end, err);
	if (rc != VT_OK)
		return rc;
	if (found.num != x->ref.num || found.gen != x->ref.gen)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.5.4",
		    "byte %llu: object %u %u stands here",
		    (unsigned long long)x->off, found.num, found.gen);
	ext->start = x->off;
	ext->in_stream = 0;
	return VT_OK;
}

static int
load(struct vt_pdf *pdf, const struct vt_pdf_xref *x,
    const struct vt_pdf_obj **ret, struct vt_pdf_extent *ext,
    struct vt_error *err)
{
	struct vt_error e = { 0 };
	unsigned i;
	int rc;

	for (i = 0; i < pdf->nest; i++)
		if (pdf->loading[i] == x->ref.num)
			return vt_error_set(err, VT_EFORMAT,
			    "ISO 32000-2, 7.3.10",
			    "it needs itself to be read");
	if (pdf->nest == VT_PDF_NEST_MAX)
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 7.3.10",
		    "more than %d objects, each needed to read the one before",
		    VT_PDF_NEST_MAX);
	pdf->loading[pdf->nest++] = x->ref.num;
	if (x->type == VT_PDF_IN_FILE)
		rc = load_in_file(pdf, x, ret, ext, &e);
	else
		rc = vt_pdf_objstm_get(pdf, x->stream, x->index, x->ref.num,
		    ret, ext, &e);
	pdf->nest--;
	if (rc == VT_EFORMAT)
		vt_pdf_note(pdf, true, VT_PDF_F_OBJECT,
		    x->type == VT_PDF_IN_FILE ? x->off : UINT64_MAX, x->ref.num,
		    "ISO 32000-2, 7.3.10", VT_N_("object %u: %s"), x->ref.num,
		    e.text);
	if (rc == VT_OK)
		return VT_OK;
	if (pdf->named) /* the innermost object is to blame */
		vt_pdf_pass(err, &e);
	else
		vt_error_set(err, e.code, e.clause[0] != '\0' ? e.clause : NULL,
		    "object %u: %s", x->ref.num, e.text);
	pdf->named = pdf->nest > 0;
	return rc;
}

static int
by_mark(const void *va, const void *vb)
{
	const struct pdf_filled *a = va, *b = vb;

	return a->mark < b->mark ? -1 : a->mark > b->mark;
}

/* Remember that SLOT holds something to be forgotten when rewinding. */
static void
note_filled(struct vt_pdf *pdf, uint32_t slot)
{
	size_t i;

	if (pdf->nfilled == sizeof(pdf->filled) / sizeof(pdf->filled[0])) {
		/* Most were filled again since: begin anew with what is. */
		pdf->nfilled = 0;
		for (i = 0; i < PDF_CACHE; i++)
			if (pdf->cache[i].num != 0 && i != slot)
				pdf->filled[pdf->nfilled++] =
				    (struct pdf_filled){ pdf->cache[i].mark,
					    (uint32_t)i };
		qsort(pdf->filled, pdf->nfilled, sizeof(pdf->filled[0]),
		    by_mark);
	}
	pdf->filled[pdf->nfilled++] =
	    (struct pdf_filled){ pdf->cache[slot].mark, slot };
}

int
vt_pdf_get(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj **ret, struct vt_error *err)
{
	struct pdf_cached *c = &pdf->cache[ref.num % PDF_CACHE];
	const struct vt_pdf_obj *obj;
	struct vt_pdf_extent ext = { 0 };
	struct vt_pdf_xref x;
	size_t mark;
	int rc;

	if (ref.num != 0 && c->num == ref.num && c->gen == ref.gen) {
		*ret = c->obj;
		return VT_OK;
	}
	if (pdf->no_lookup)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.5.8.2",
		    "a cross-reference stream refers to object %u", ref.num);
	if (ref.num == 0 || !vt_pdf_xref_find(pdf, ref.num, &x) ||
	    x.type == VT_PDF_FREE || x.ref.gen != ref.gen) {
		*ret = &null_object;
		return VT_OK;
	}
	if (x.type == VT_PDF_IN_FILE && x.off == pdf->header) {
		/* The header is no object: an unused entry, badly written. */
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, UINT64_MAX, ref.num,
		    "ISO 32000-2, 7.5.4",
		    VT_N_("an entry in use has offset 0"));
		*ret = &null_object;
		return VT_OK;
	}
	mark = pdf->objs.used;
	if ((rc = load(pdf, &x, &obj, &ext, err)) != VT_OK)
		return rc;
	c->num = ref.num;
	c->gen = ref.gen;
	c->mark = mark;
	c->obj = obj;
	c->extent = ext;
	note_filled(pdf, ref.num % PDF_CACHE);
	*ret = obj;
	return VT_OK;
}

int
vt_pdf_object_extent(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    struct vt_pdf_extent *ret, struct vt_error *err)
{
	const struct pdf_cached *c = &pdf->cache[ref.num % PDF_CACHE];
	const struct vt_pdf_obj *obj;
	int rc;

	if ((rc = vt_pdf_get(pdf, ref, &obj, err)) != VT_OK)
		return rc;
	if (ref.num == 0 || c->num != ref.num || c->gen != ref.gen)
		return vt_error_set(err, VT_ENOTFOUND, "ISO 32000-2, 7.3.10",
		    "there is no object %u %u", ref.num, ref.gen);
	*ret = c->extent;
	return VT_OK;
}

int
vt_pdf_resolve_ref(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    const struct vt_pdf_obj **ret, struct vt_pdf_ref *ret_ref,
    struct vt_error *err)
{
	struct vt_pdf_ref ref = { 0, 0 };
	int hops, rc;

	for (hops = 0; obj->type == VT_PDF_REF; hops++) {
		if (hops == VT_PDF_REF_HOPS_MAX)
			return vt_error_set(err, VT_EFORMAT,
			    "ISO 32000-2, 7.3.10",
			    "object %u: references lead in a circle",
			    obj->u.ref.num);
		ref = obj->u.ref;
		if ((rc = vt_pdf_get(pdf, ref, &obj, err)) != VT_OK)
			return rc;
	}
	*ret = obj;
	*ret_ref = ref;
	return VT_OK;
}

int
vt_pdf_resolve(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    const struct vt_pdf_obj **ret, struct vt_error *err)
{
	struct vt_pdf_ref ref;

	return vt_pdf_resolve_ref(pdf, obj, ret, &ref, err);
}

int
vt_pdf_lookup(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    const char *key, const struct vt_pdf_obj **ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v = vt_pdf_find(dict, key);

	return vt_pdf_resolve(pdf, v == NULL ? &null_object : v, ret, err);
}

size_t
vt_pdf_mark(const struct vt_pdf *pdf)
{
	return pdf->objs.used;
}

void
vt_pdf_rewind(struct vt_pdf *pdf, size_t mark)
{
	struct pdf_cached *c;

	if (mark >= pdf->objs.used)
		return;
	/* What an object needed was loaded after its mark, and noted before. */
	while (pdf->nfilled > 0 && pdf->filled[pdf->nfilled - 1].mark >= mark) {
		c = &pdf->cache[pdf->filled[--pdf->nfilled].slot];
		if (c->mark >= mark)
			c->num = 0;
	}
	vt_pdf_arena_rewind(&pdf->objs, mark);
}

int
vt_pdf_source_text(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    struct vt_buf *ret, struct vt_error *err)
{
	size_t len = (size_t)(obj->end - obj->start), old = ret->len;
	struct vt_bytes data;
	int rc;

	if (obj->end - obj->start > VT_PDF_OBJECT_MAX)
		return vt_pdf_buf_error(VT_ELIMIT, err);
	if (obj->in_stream != 0) {
		rc = vt_pdf_objstm_data(pdf, obj->in_stream, &data, err);
		if (rc != VT_OK)
			return rc;
		rc = vt_buf_bytes_put(ret,
		    vt_bytes_slice(data, (size_t)obj->start, len));
		return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
	}
	if ((rc = vt_buf_reserve(ret, len)) != VT_OK)
		return vt_pdf_buf_error(rc, err);
	while (len > 0) {
		unsigned char piece[4096];
		size_t n = len < sizeof(piece) ? len : sizeof(piece);

		rc = vt_source_read(pdf->src, obj->end - len, piece, n, err);
		if (rc == VT_OK && (rc = vt_buf_put(ret, piece, n)) != VT_OK)
			rc = vt_pdf_buf_error(rc, err);
		if (rc != VT_OK) {
			ret->len = old;
			return rc;
		}
		len -= n;
	}
	return VT_OK;
}
