/* transport_int.h - what a way between offices must be able to do */
#ifndef VANTHU_TRANSPORT_INT_H
#define VANTHU_TRANSPORT_INT_H

#include "vanthu/bytes.h"
#include "vanthu/transport.h"

/*
 * A driver.  Its calls do what those of transport.h of the same name do; ids
 * and names were checked before.
 */
struct vt_transport_driver {
	const char *scheme; /* what stands before the ":" of a URL */
	int (*open)(const char *rest, const char *own,
	    const struct vt_transport_settings *settings, void **ret,
	    struct vt_error *err);
	int (*offer)(void *state, enum vt_transport_class class, const char *to,
	    const char *name, struct vt_source *content, struct vt_error *err);
	int (*fetch)(void *state, struct vt_transport *t, size_t max,
	    vt_transport_take_fn *take, void *ctx, struct vt_error *err);
	int (*done)(void *state, const struct vt_transport_message *m,
	    struct vt_error *err);
	int (*fail)(void *state, const struct vt_transport_message *m,
	    const char *reason, struct vt_error *err);
	void (*close)(void *state);
	/* NULL: there is nothing of the kind */
	int64_t (*retry_after)(const void *state);
	bool (*silent)(const void *state);
	int (*agencies)(void *state, enum vt_transport_directory which,
	    vt_transport_agency_fn *fn, void *ctx, struct vt_error *err);
	int (*sent)(void *state, enum vt_transport_class class,
	    vt_transport_sent_fn *fn, void *ctx, struct vt_error *err);
};

extern const struct vt_transport_driver vt_transport_spool;
extern const struct vt_transport_driver vt_transport_vxp_https;
extern const struct vt_transport_driver vt_transport_vxp_http;

/* ---- transport_secret.c: what drivers that log in share ---- */

/*
 * The first line of the file PATH, which must be a regular file that others
 * can neither read nor write.  VT_EKEY: it is missing, open to others, or
 * empty.
 */
int vt_transport_secret(const char *path, struct vt_secret *ret,
    struct vt_error *err);
/* PATH, from FOLDER on where it does not begin with "/", for free(). */
char *vt_transport_path(const char *folder, const char *path);
/* TEXT as whole seconds from 1 to 3600, UNLESS where it is NULL.  VT_EARG. */
int vt_transport_seconds(const char *text, unsigned unless, unsigned *ret,
    struct vt_error *err);

#endif
