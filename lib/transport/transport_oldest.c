/* transport_oldest.c - the oldest messages of a folder, however many there are
 */
#include <stdlib.h>
#include <string.h>

#include "transport_int.h"

bool
vt_transport_is_message(const char *name)
{
	size_t len = strlen(name), suffix = strlen(TRANSPORT_SUFFIX);

	return name[0] != '.' && len > suffix && len <= NAME_MAX &&
	       strcmp(name + len - suffix, TRANSPORT_SUFFIX) == 0;
}

static int
compare(const struct transport_item *a, const struct transport_item *b)
{
	if (a->mtime.tv_sec != b->mtime.tv_sec)
		return a->mtime.tv_sec < b->mtime.tv_sec ? -1 : 1;
	if (a->mtime.tv_nsec != b->mtime.tv_nsec)
		return a->mtime.tv_nsec < b->mtime.tv_nsec ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int
compare_qsort(const void *a, const void *b)
{
	return compare(a, b);
}

void
vt_transport_oldest_add(struct transport_oldest *o,
    const struct transport_item *item)
{
	if (o->after != NULL && compare(item, o->after) <= 0)
		return;
	o->items[o->n++] = *item;
	if (o->n == 2 * TRANSPORT_BATCH)
		vt_transport_oldest_end(o);
}

void
vt_transport_oldest_end(struct transport_oldest *o)
{
	qsort(o->items, o->n, sizeof(*o->items), compare_qsort);
	o->n = o->n < TRANSPORT_BATCH ? o->n : TRANSPORT_BATCH;
}
