/* base_source_int.h - memory that private copies are read into */
#ifndef BASE_SOURCE_INT_H
#define BASE_SOURCE_INT_H

#include "vanthu/source.h"

/*
 * Anonymous memory with its pages in place: each of the heap's would fault,
 * where a worker was forked.  For munmap(); or NULL.
 */
void *vt_source_map(size_t size);

/* Of ROOM, which is not lent: SIZE bytes; it is lent from now on.  Or NULL. */
void *vt_source_room_lend(struct vt_source_room *room, size_t size);
/* LEN bytes were read into it: of what was in it before, nothing is left. */
void vt_source_room_filled(struct vt_source_room *room, size_t len);

#endif
