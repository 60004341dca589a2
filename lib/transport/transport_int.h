/* transport_int.h - what a way between offices must be able to do */
#ifndef VANTHU_TRANSPORT_INT_H
#define VANTHU_TRANSPORT_INT_H

#include "vanthu/transport.h"

/*
 * A driver.  Its calls do what those of transport.h of the same name do; ids
 * and names were checked before.
 */
struct vt_transport_driver {
	const char *scheme; /* what stands before the ":" of a URL */
	int (*open)(const char *rest, const char *own, void **ret,
	    struct vt_error *err);
	int (*offer)(void *state, const char *to, const char *name,
	    struct vt_source *content, struct vt_error *err);
	int (*fetch)(void *state, struct vt_transport *t, size_t max,
	    vt_transport_take_fn *take, void *ctx, struct vt_error *err);
	int (*done)(void *state, const struct vt_transport_message *m,
	    struct vt_error *err);
	int (*fail)(void *state, const struct vt_transport_message *m,
	    const char *reason, struct vt_error *err);
	void (*close)(void *state);
};

extern const struct vt_transport_driver vt_transport_spool;

#endif
