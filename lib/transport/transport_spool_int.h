/* transport_spool_int.h - inside the spool: a folder for each office */
#ifndef VANTHU_TRANSPORT_SPOOL_INT_H
#define VANTHU_TRANSPORT_SPOOL_INT_H

#include <stddef.h>

#include "vanthu/transport.h"

struct vt_out;

struct vt_spool {
	char *dir;
	char *own; /* DIR/ORGANID of ours */
	int fd;    /* of OWN */
	/* Messages without a name yet. */
	struct vt_out *gathered[VT_TRANSPORT_GATHER_MAX];
	size_t n;
};

/*
 * Make the folder of an office and open it.  It must be a folder of its own:
 * through a link a message would end up who knows where.
 */
int vt_spool_folder(const char *path, int *ret, struct vt_error *err);

/* transport_spool_offer.c: the driver's calls. */
int vt_spool_offer(void *state, enum vt_transport_class class, const char *to,
    const char *name, struct vt_source *content, struct vt_error *err);
int vt_spool_gather(void *state, const char *to, const char *name,
    struct vt_source *content, struct vt_error *err);
int vt_spool_hand_over(void *state, struct vt_error *err);

#endif
