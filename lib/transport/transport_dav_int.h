/* transport_dav_int.h - what the parts of the driver dav share */
#ifndef VANTHU_TRANSPORT_DAV_INT_H
#define VANTHU_TRANSPORT_DAV_INT_H

#include "transport_http_int.h"

/* The message that is handed over or ended, as the server gave it. */
struct dav_message {
	char etag[VT_HTTP_ETAG_MAX + 1];
	int64_t modified, size;
};

/* A folder on a WebDAV server. */
struct dav {
	struct transport_http http; /* first: see there */
	struct dav_message now;
};

/* One request.  Status and headers are in the reply, whatever they say. */
struct dav_call {
	const char *method;
	const char *url;
	const char *lines[2]; /* headers, up to the first NULL */
	const char *match;    /* the entity tag that URL must still have */
	bool file;            /* a file comes or goes */
	struct vt_source *source;
	struct vt_bytes body; /* where SOURCE is NULL */
	int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err);
	void *ctx;
	uint64_t max; /* bytes that come; 0: of a page that nobody reads */
};

/* As vt_http_client_send(). */
int vt_dav_send(struct dav *d, const struct dav_call *call,
    struct vt_http_reply *ret, struct vt_error *err);
/*
 * VT_OK for 2xx; VT_EKEY: our account is not known; VT_ENET: later; else
 * VT_EREFUSED.
 */
int vt_dav_check(long status, struct vt_error *err);
/* The same; VT_ENET, too, for a 2xx that is neither: who answers so is not it.
 */
int vt_dav_check_only(long status, long good, long as_good,
    struct vt_error *err);
/*
 * BASE/ORGAN/NAME, or BASE/ORGAN/FOLDER/NAME, for free().  NAME may be any
 * bytes, and is empty for the folder itself.  NULL: no memory.
 */
char *vt_dav_url(const struct dav *d, const char *organ, const char *folder,
    const char *name);
/* Make the folder URL; VT_OK where it is there already. */
int vt_dav_folder(struct dav *d, const char *url, struct vt_error *err);

/* ---- transport_dav_list.c ---- */

/*
 * Add the messages in our folder that the listing SRC tells, the answer to a
 * PROPFIND, to RET, and what is left of others and old to PARTS.  CUT: SRC is
 * only its beginning.  VT_ENET: no such answer.
 */
int vt_dav_listing_read(struct vt_source *src, bool cut, const char *own,
    struct transport_oldest *ret, struct transport_parts *parts,
    struct vt_error *err);

/* ---- transport_dav_fetch.c ---- */

int vt_dav_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err);
int vt_dav_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err);
int vt_dav_fail(void *state, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err);

#endif
