/* pdf_arena.c - memory for objects, given back in the reverse order */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CHUNK (16u * 1024)

struct pdf_chunk {
	struct pdf_chunk *below;
	size_t mark; /* the arena's "used" when this chunk began */
	size_t cap;
	size_t used;
	max_align_t data[];
};

void *
vt_pdf_arena_alloc(struct pdf_arena *a, size_t len)
{
	struct pdf_chunk *c = a->top;
	size_t cap;
	void *p;

	if (len > a->max)
		return NULL;
	len = (len + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
	if (len == 0)
		len = sizeof(
		    max_align_t); /* a mark before differs from one behind */
	if (len > a->max || a->used > a->max - len)
		return NULL;
	if (c == NULL || c->cap - c->used < len) {
		cap = len > CHUNK ? len : CHUNK;
		if ((c = malloc(sizeof(*c) + cap)) == NULL)
			return NULL;
		c->below = a->top;
		c->mark = a->used;
		c->cap = cap;
		c->used = 0;
		a->top = c;
	}
	p = (unsigned char *)c->data + c->used;
	c->used += len;
	a->used += len;
	memset(p, 0, len);
	return p;
}

void
vt_pdf_arena_rewind(struct pdf_arena *a, size_t mark)
{
	struct pdf_chunk *c;

	while ((c = a->top) != NULL && c->mark >= mark) {
		a->top = c->below;
		free(c);
	}
	if (c != NULL && mark < a->used)
		c->used = mark - c->mark;
	if (mark < a->used)
		a->used = mark;
}
