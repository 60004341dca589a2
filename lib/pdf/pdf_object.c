/* pdf_object.c - objects from tokens (ISO 32000-2, 7.3) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define SHORT_DICT 16 /* entries */

/* An array or dictionary whose end was not seen yet. */
struct frame {
	bool dict;
	uint64_t start;
	size_t first; /* its first item on the stack */
};

struct parser {
	struct vt_pdf *pdf;
	struct pdf_lex *lx;
	uint32_t in_stream;
	uint32_t num;
	struct vt_error *err;
	struct vt_pdf_obj *items;
	size_t n, cap;
	struct frame frames[VT_PDF_DEPTH_MAX];
	size_t depth;
};

static int
damaged(struct parser *p, uint64_t off, const char *clause, const char *why)
{
	return vt_pdf_bad(p->err, off, clause, why);
}

static int
push(struct parser *p, const struct vt_pdf_obj *obj)
{
	struct vt_pdf_obj *items;
	size_t cap;

	if (p->n == p->cap) {
		cap = p->cap == 0 ? 32 : 2 * p->cap;
		if (cap > VT_PDF_ARENA_MAX / sizeof(*items))
			return vt_error_set(p->err, VT_ELIMIT, NULL,
			    "an object has too many parts");
		items = realloc(p->items, cap * sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(p->err);
		p->items = items;
		p->cap = cap;
	}
	p->items[p->n++] = *obj;
	return VT_OK;
}

static int
copy_text(struct parser *p, struct vt_bytes *ret)
{
	struct vt_bytes b = vt_buf_bytes(&p->lx->text);
	void *copy;
	int rc;

	if ((rc = vt_pdf_alloc(p->pdf, b.len, &copy, p->err)) != VT_OK)
		return rc;
	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	*ret = VT_BYTES(copy, b.len);
	return VT_OK;
}

/* "num gen R": the two integers last pushed become a reference (7.3.10). */
static int
fold_reference(struct parser *p, size_t first)
{
	struct vt_pdf_obj *num, *gen;

	if (p->n - first < 2)
		return damaged(p, p->lx->start, "ISO 32000-2, 7.3.10",
		    VT_N_("\"R\" without two integers before it"));
	num = &p->items[p->n - 2];
	gen = &p->items[p->n - 1];
	if (num->type != VT_PDF_INT || gen->type != VT_PDF_INT ||
	    num->u.integer < 0 || num->u.integer > PDF_NUM_MAX ||
	    gen->u.integer < 0 || gen->u.integer > PDF_GEN_MAX)
		return damaged(p, p->lx->start, "ISO 32000-2, 7.3.10",
		    VT_N_("a reference to an impossible number"));
	num->type = VT_PDF_REF;
	num->u.ref = (struct vt_pdf_ref){ (uint32_t)num->u.integer,
		(uint32_t)gen->u.integer };
	num->end = p->lx->end;
	p->n--;
	return VT_OK;
}

static int
key_compare(const void *va, const void *vb)
{
	const struct vt_pdf_entry *a = *(const struct vt_pdf_entry *const *)va;
	const struct vt_pdf_entry *b = *(const struct vt_pdf_entry *const *)vb;
	int c = vt_pdf_key_order(a, b);

	return c != 0                        ? c
	       : a->key_start < b->key_start ? -1
					     : a->key_start > b->key_start;
}

/* Looks at each pair: for dictionaries that are as short as most are. */
static bool
has_equal_keys(const struct vt_pdf_entry *e, size_t n)
{
	size_t i, k;

	for (i = 1; i < n; i++)
		for (k = 0; k < i; k++)
			if (vt_bytes_equal(e[i].key, e[k].key))
				return true;
	return false;
}

/* 7.3.7: no two entries shall have the same key; readers differ on which. */
static int
check_duplicates(struct parser *p, const struct vt_pdf_entry *e, size_t n)
{
	const struct vt_pdf_entry **sorted;
	size_t i;
	int rc = VT_OK;

	if (n < 2 || (n <= SHORT_DICT && !has_equal_keys(e, n)))
		return VT_OK;
	if ((sorted = malloc(n * sizeof(*sorted))) == NULL)
		return vt_error_nomem(p->err);
	for (i = 0; i < n; i++)
		sorted[i] = &e[i];
	qsort(sorted, n, sizeof(*sorted), key_compare);
	for (i = 1; i < n && rc == VT_OK; i++) {
		if (!vt_bytes_equal(sorted[i - 1]->key, sorted[i]->key))
			continue;
		if (vt_pdf_equal(&sorted[i - 1]->value, &sorted[i]->value))
			vt_pdf_note(p->pdf, false, VT_PDF_F_OBJECT,
			    sorted[i]->key_start, p->num, "ISO 32000-2, 7.3.7",
			    VT_N_("a key stands twice with the same value"));
		else
			rc = vt_pdf_damage(p->pdf, VT_PDF_F_OBJECT,
			    sorted[i]->key_start, p->num, "ISO 32000-2, 7.3.7",
			    VT_N_("a key stands twice with different values"),
			    p->err);
	}
	free(sorted);
	return rc;
}

static int
close_dict(struct parser *p, const struct frame *f, struct vt_pdf_obj *ret)
{
	struct vt_pdf_obj *items =
	    p->items == NULL ? NULL : p->items + f->first;
	size_t i, n = p->n - f->first;
	struct vt_pdf_entry *e;
	void *mem;
	int rc;

	if (n % 2 != 0)
		return damaged(p, f->start, "ISO 32000-2, 7.3.7",
		    VT_N_("a dictionary with a key that has no value"));
	n /= 2;
	if ((rc = vt_pdf_alloc(p->pdf, n * sizeof(*e), &mem, p->err)) != VT_OK)
		return rc;
	e = mem;
	for (i = 0; i < n; i++) {
		if (items[2 * i].type != VT_PDF_NAME)
			return damaged(p, items[2 * i].start,
			    "ISO 32000-2, 7.3.7",
			    VT_N_("a dictionary key that is not a name"));
		e[i].key = items[2 * i].u.name;
		e[i].key_start = items[2 * i].start;
		e[i].value = items[2 * i + 1];
	}
	ret->type = VT_PDF_DICT;
	ret->u.dict.entries = e;
	ret->u.dict.n = n;
	return check_duplicates(p, e, n);
}

static int
close_array(struct parser *p, const struct frame *f, struct vt_pdf_obj *ret)
{
	size_t n = p->n - f->first;
	void *mem;
	int rc;

	rc = vt_pdf_alloc(p->pdf, n * sizeof(*p->items), &mem, p->err);
	if (rc != VT_OK)
		return rc;
	if (n > 0)
		memcpy(mem, p->items + f->first, n * sizeof(*p->items));
	ret->type = VT_PDF_ARRAY;
	ret->u.array.items = mem;
	ret->u.array.n = n;
	return VT_OK;
}

static int
open_frame(struct parser *p, bool dict)
{
	if (p->depth == VT_PDF_DEPTH_MAX)
		return vt_error_set(p->err, VT_ELIMIT, NULL,
		    "byte %llu: arrays and dictionaries lie too deep in each "
		    "other",
		    (unsigned long long)p->lx->start);
	p->frames[p->depth++] = (struct frame){ dict, p->lx->start, p->n };
	return VT_OK;
}

static int
close_frame(struct parser *p, bool dict)
{
	struct vt_pdf_obj obj = { 0 };
	struct frame f;
	int rc;

	if (p->depth == 0 || p->frames[p->depth - 1].dict != dict)
		return damaged(p, p->lx->start, "ISO 32000-2, 7.3",
		    VT_N_("a bracket or parenthesis that closes nothing"));
	f = p->frames[p->depth - 1];
	obj.in_stream = p->in_stream;
	obj.start = f.start;
	obj.end = p->lx->end;
	rc = dict ? close_dict(p, &f, &obj) : close_array(p, &f, &obj);
	if (rc != VT_OK)
		return rc;
	p->depth--;
	p->n = f.first;
	return push(p, &obj);
}

static int
word(struct parser *p, struct vt_pdf_obj *obj)
{
	if (vt_pdf_lex_is(p->lx, "true") || vt_pdf_lex_is(p->lx, "false")) {
		obj->type = VT_PDF_BOOL;
		obj->u.boolean = p->lx->text.data[0] == 't';
		return push(p, obj);
	}
	if (vt_pdf_lex_is(p->lx, "null")) {
		obj->type = VT_PDF_NULL;
		return push(p, obj);
	}
	if (vt_pdf_lex_is(p->lx, "R") && p->depth > 0)
		return fold_reference(p, p->frames[p->depth - 1].first);
	return damaged(p, p->lx->start, "ISO 32000-2, 7.3",
	    VT_N_("a word that is no object"));
}

static int
one_token(struct parser *p)
{
	struct pdf_lex *lx = p->lx;
	struct vt_pdf_obj obj = { 0 };
	int rc;

	obj.in_stream = p->in_stream;
	obj.start = lx->start;
	obj.end = lx->end;
	switch (lx->tok) {
	case PDF_T_INT:
		obj.type = VT_PDF_INT;
		obj.u.integer = lx->integer;
		return push(p, &obj);
	case PDF_T_REAL:
		obj.type = VT_PDF_REAL;
		obj.u.real.value = lx->real;
		rc = copy_text(p, &obj.u.real.text);
		return rc == VT_OK ? push(p, &obj) : rc;
	case PDF_T_STRING:
		obj.type = VT_PDF_STRING;
		obj.hex = lx->hex;
		rc = copy_text(p, &obj.u.string);
		return rc == VT_OK ? push(p, &obj) : rc;
	case PDF_T_NAME:
		obj.type = VT_PDF_NAME;
		if (lx->mixed)
			vt_pdf_note(p->pdf, false, VT_PDF_F_NAME, lx->start,
			    p->num, "ISO 32000-2, 7.3.5",
			    VT_N_("a name that readers read in different "
				  "ways"));
		if (lx->stray)
			vt_pdf_note(p->pdf, false, VT_PDF_F_OBJECT, lx->start,
			    p->num, "ISO 32000-2, 7.3.5",
			    VT_N_("a name with a \"#\" that two hexadecimal "
				  "digits "
				  "do not follow"));
		rc = copy_text(p, &obj.u.name);
		return rc == VT_OK ? push(p, &obj) : rc;
	case PDF_T_ARRAY:
		return open_frame(p, false);
	case PDF_T_DICT:
		return open_frame(p, true);
	case PDF_T_ARRAY_END:
		return close_frame(p, false);
	case PDF_T_DICT_END:
		return close_frame(p, true);
	case PDF_T_WORD:
		return word(p, &obj);
	case PDF_T_BAD:
		return damaged(p, lx->start, "ISO 32000-2, 7.3", lx->why);
	case PDF_T_EOF:
		break;
	}
	return damaged(p, lx->start, "ISO 32000-2, 7.3",
	    VT_N_("the text ends within an object"));
}

/* An object may itself be a reference: look ahead over "num gen R". */
static int
top_reference(struct parser *p)
{
	struct pdf_lex *lx = p->lx;
	uint64_t pos = lx->in.pos;
	int rc;

	if (p->items[0].type != VT_PDF_INT)
		return VT_OK;
	if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
		return rc;
	if (lx->tok == PDF_T_INT) {
		if ((rc = one_token(p)) != VT_OK ||
		    (rc = vt_pdf_lex_next(lx)) != VT_OK)
			return rc;
		if (vt_pdf_lex_is(lx, "R"))
			return fold_reference(p, 0);
	}
	lx->in.pos = pos;
	return VT_OK;
}

int
vt_pdf_parse(struct vt_pdf *pdf, struct pdf_lex *lx, uint32_t in_stream,
    uint32_t num, struct vt_pdf_obj *ret, struct vt_error *err)
{
	struct parser p;
	int rc;

	p.pdf = pdf; /* the frames are set when used */
	p.lx = lx;
	p.in_stream = in_stream;
	p.num = num;
	p.err = err;
	p.items = NULL;
	p.n = p.cap = p.depth = 0;
	do {
		if ((rc = vt_pdf_lex_next(lx)) != VT_OK ||
		    (rc = one_token(&p)) != VT_OK)
			goto out;
	} while (p.depth > 0);
	if ((rc = top_reference(&p)) != VT_OK)
		goto out;
	*ret = p.items[0];
out:
	free(p.items);
	return rc;
}

const struct vt_pdf_obj *
vt_pdf_find(const struct vt_pdf_obj *dict, const char *key)
{
	size_t i;

	if (dict->type == VT_PDF_STREAM)
		dict = dict->u.stream.dict;
	if (dict->type != VT_PDF_DICT)
		return NULL;
	for (i = dict->u.dict.n; i-- > 0;) /* most readers use the last */
		if (vt_bytes_equal_str(dict->u.dict.entries[i].key, key))
			return &dict->u.dict.entries[i].value;
	return NULL;
}

bool
vt_pdf_is_name(const struct vt_pdf_obj *obj, const char *name)
{
	return obj != NULL && obj->type == VT_PDF_NAME &&
	       vt_bytes_equal_str(obj->u.name, name);
}
