/* transport.h - moves files from one office to another, whatever is in them */
#ifndef VANTHU_TRANSPORT_H
#define VANTHU_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "vanthu/limits.h"

struct vt_error;
struct vt_source;

/*
 * One way to and from the other offices.  A transport's "ok" says that a file
 * was handed over and will not be lost on the way; that its receiver has it is
 * for the receiver to say, in a message of its own.
 *
 * VT_ENET and VT_EIO of these calls: the way is closed at present, a retry may
 * help.  VT_EREFUSED and VT_EARG: it never will.
 */
struct vt_transport;

/*
 * Open the way that URL names, as the office OWN.  "spool:DIR" is a folder of
 * folders, DIR/ORGANID/NAME.edxml, each of them made where it is missing; what
 * carries it elsewhere (sftp, rsync, NFS) gives a file its name last, and
 * begins unfinished names with a dot.  VT_EARG: not such a URL, or an id that
 * can not be one; VT_EIO; VT_ENOMEM.
 */
int vt_transport_open(const char *url, const char *own,
    struct vt_transport **ret, struct vt_error *err);
void vt_transport_close(struct vt_transport *t); /* NULL is allowed */

/* true where ID may be an organ id and, as it is, the name of a folder. */
bool vt_transport_organ_valid(const char *id);

/*
 * Hand CONTENT over to the office TO as NAME (letters, digits, "-", "_", "."),
 * whole or not at all.  NAME identifies the message: offering it again with the
 * same bytes is as good as once.  VT_EEXISTS: NAME is there with other bytes.
 */
int vt_transport_offer(struct vt_transport *t, const char *to, const char *name,
    struct vt_source *content, struct vt_error *err);

/*
 * A message that waits for us.  ID is the transport's name of it, foreign text
 * of at most 255 bytes; it lives, like CONTENT, until the call returns.
 */
struct vt_transport_message {
	const char *id;
	struct vt_source *content;
	const void *driver; /* the driver's own, for done and fail */
};

/*
 * Called for each message.  It says vt_transport_done() or _fail() before it
 * returns, or neither: then the message comes again at the next fetch.
 */
typedef int vt_transport_take_fn(void *ctx, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err);

/*
 * Hand at most MAX messages to TAKE, the oldest first, each at most once a
 * call; what can not be read is passed over.  Stops with TAKE's code where that
 * is not VT_OK.
 */
int vt_transport_fetch(struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err);

/*
 * Take M out of the way: it is safe with us, or it is of no use and REASON says
 * why (UTF-8, kept beside it).  A message that was replaced meanwhile is left:
 * it comes as the new message that it is.  One that is gone is as good.
 */
int vt_transport_done(struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err);
int vt_transport_fail(struct vt_transport *t,
    const struct vt_transport_message *m, const char *reason,
    struct vt_error *err);

#endif
