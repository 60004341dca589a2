/* base_source_room.c - memory of private copies, of one or of many in turn */
#include <string.h>
#include <sys/mman.h>

#include "base_source_int.h"

#define HUGE_PAGE ((size_t)2 << 20) /* bytes, on most machines */

void *
vt_source_map(size_t size)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return map != MAP_FAILED ? map : NULL;
}

/* LEN bytes from where a huge page may begin; LEN is a multiple of one. */
static void *
map_huge(size_t len)
{
	char *map = mmap(NULL, len + HUGE_PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (map == MAP_FAILED)
		return NULL;
	before = (HUGE_PAGE - (uintptr_t)map % HUGE_PAGE) % HUGE_PAGE;
	if (before > 0)
		(void)munmap(map, before);
	(void)munmap(map + before + len, HUGE_PAGE - before);
	(void)madvise(map + before, len, MADV_HUGEPAGE);
	return map + before;
}

void
vt_source_room_release(struct vt_source_room *room)
{
	if (room->map != NULL)
		(void)munmap(room->map, room->len);
	*room = (struct vt_source_room){ .huge = room->huge };
}

static bool
room_grow(struct vt_source_room *room, size_t size)
{
	vt_source_room_release(room);
	if (room->huge) {
		size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
		room->map = map_huge(size);
	} else {
		room->map = vt_source_map(size);
	}
	room->len = room->map != NULL ? size : 0;
	return room->map != NULL;
}

void *
vt_source_room_lend(struct vt_source_room *room, size_t size)
{
	if (room->len < size && !room_grow(room, size))
		return NULL;
	room->lent = true;
	return room->map;
}

void
vt_source_room_filled(struct vt_source_room *room, size_t len)
{
	if (room->used > len)
		memset((char *)room->map + len, 0, room->used - len);
	room->used = len;
}
