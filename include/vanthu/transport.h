/* transport.h - moves files from one office to another, whatever is in them */
#ifndef VANTHU_TRANSPORT_H
#define VANTHU_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vanthu/limits.h"

struct vt_error;
struct vt_source;

/*
 * One way to and from the other offices.  A transport's "ok" says that a file
 * was handed over and will not be lost on the way; that its receiver has it is
 * for the receiver to say, in a message of its own.
 *
 * VT_ENET and VT_EIO of these calls: the way is closed at present, a retry may
 * help; VT_EKEY: it may once the secret or certificate that opens the way is
 * put right.  VT_EREFUSED and VT_EARG: it never will.
 */
struct vt_transport;

/*
 * What vanthu.conf says of the way, in [transport]; see vanthu.conf(5). Zeroed:
 * nothing.  Borrowed until vt_transport_open() returns.
 */
struct vt_transport_settings {
	/* Paths below that do not begin with "/" go from here on. */
	const char *folder;
	const char *system_id; /* the account there; NULL: the office's id */
	const char *secret; /* a file, its first line; nobody else's to read */
	const char *ca;     /* roots of the server, PEM; NULL: the system's */
	const char *cert,
	    *key; /* ours for the server, PEM; SFTP: a key alone */
	const char *known_hosts; /* SFTP: keys of servers; see sshd(8) */
	const char *timeout;   /* seconds in which nothing moves; NULL: "30" */
	const char *hash_file; /* VXP: "padded" or "unpadded"; NULL: padded */
	const char *get;       /* VXP: "base64" or "raw"; NULL: base64 */
	bool discreet;         /* errors do not tell what messages are called */
};

/*
 * For who writes URL into a vanthu.conf: VT_EARG where it is without TLS and
 * its host is not this machine by its text.  (Where a name leads to is seen at
 * each connection, and one that a resolver takes to this machine works.)
 */
int vt_transport_plain_check(const char *url, struct vt_error *err);

/*
 * Open the way that URL names, as the office OWN.  Nothing is sent yet, and no
 * file of SETTINGS (NULL: none) is read before it is needed.
 *
 * "spool:DIR" is a folder of folders, DIR/ORGANID/NAME.edxml, each of them made
 * where it is missing; what carries it elsewhere (sftp, rsync, NFS) gives a
 * file its name last, and begins unfinished names with a dot.
 * "vxp+https://HOST/PATH" is the national axis, or one that speaks as it does;
 * "dav+https://HOST/PATH" is a folder of such folders on a WebDAV server (RFC
 * 4918); a name begins with a dot until the file is whole, and is never taken
 * from another.  "vxp+http://" and "dav+http://" are the same without TLS, on
 * this machine alone.  "sftp://USER@HOST/PATH" is the same on a server of SSH,
 * whose rename refuses a name that is taken (version 3 of SFTP).
 * "lgsp+https://HOST/PATH" is the platform of a province, as one client of one
 * has been seen to speak to it; "lgsp+http://" as above.
 *
 * VT_EARG: not such a URL or setting, or an id that can not be one; VT_EIO;
 * VT_ENOMEM.
 */
int vt_transport_open(const char *url, const char *own,
    const struct vt_transport_settings *settings, struct vt_transport **ret,
    struct vt_error *err);
void vt_transport_close(struct vt_transport *t); /* NULL is allowed */

/* true where ID may be an organ id and, as it is, the name of a folder. */
bool vt_transport_organ_valid(const char *id);

/* What is carried, where that makes a difference on the way. */
enum vt_transport_class { VT_TRANSPORT_DOCUMENT = 0, VT_TRANSPORT_STATUS };

/*
 * Hand CONTENT over to the office TO as NAME (letters, digits, "-", "_", "."),
 * whole or not at all.  NAME identifies the message: offering it again with the
 * same bytes is as good as once.  VT_EEXISTS: NAME is there with other bytes.
 */
int vt_transport_offer(struct vt_transport *t, enum vt_transport_class class,
    const char *to, const char *name, struct vt_source *content,
    struct vt_error *err);

/*
 * Offers that are handed over together, where that costs less than one by one:
 * _gather() takes one, and nobody sees it before _hand_over(), which makes all
 * of them visible and safe, in the order of gathering.  Where that fails, or
 * _gather() does, each must be offered by itself: which were handed over is not
 * known.  VT_EUNSUPPORTED: this way can not.  VT_ELIMIT: hand over first.
 */
#define VT_TRANSPORT_GATHER_MAX 256
bool vt_transport_gathers(const struct vt_transport *t);
int vt_transport_gather(struct vt_transport *t, enum vt_transport_class class,
    const char *to, const char *name, struct vt_source *content,
    struct vt_error *err);
int vt_transport_hand_over(struct vt_transport *t, struct vt_error *err);

/*
 * Seconds that the other side asked us to wait, with the last call that it
 * failed for now; 0: it did not say.
 */
int64_t vt_transport_retry_after(const struct vt_transport *t);

/*
 * true: the other side has not answered at all, or not to an end in time, twice
 * in a row.  Whatever is asked of it now fails as the last call did, and is not
 * tried.
 */
bool vt_transport_silent(const struct vt_transport *t);

/*
 * true: where the last offer was refused (VT_EREFUSED), it was not for what was
 * offered: the server is not who it should be, it answers as one that was moved
 * or is closed to us, an address is not one that may be used.  Somebody has to
 * put it right; then the same offer may succeed.
 */
bool vt_transport_way_failed(const struct vt_transport *t);

/*
 * VT_OK: the way is open: what waits for us there was listed, and left as it
 * is.  Tells a message that is never carried from a way that carries nothing.
 */
int vt_transport_reach(struct vt_transport *t, struct vt_error *err);

/*
 * Before the first call of T: while any of them waits for the other side, FN is
 * called again and again, at most once a second; it must not call T, and may
 * take its time.  A way that is no network does not wait, and never calls it.
 */
typedef void vt_transport_idle_fn(void *ctx);
void vt_transport_idle(struct vt_transport *t, vt_transport_idle_fn *fn,
    void *ctx);

/*
 * A message that waits for us.  ID is the transport's name of it, foreign text
 * of at most 255 bytes; it lives, like CONTENT, until the call returns.
 */
struct vt_transport_message {
	const char *id;
	/* Cut at VT_OFFICE_MESSAGE_MAX + 1 bytes where it is longer. */
	struct vt_source *content;
	/* The office that the way itself knows it to be from; else NULL. */
	const char *from;
	const void *driver; /* the driver's own, for done and fail */
	size_t driver_size; /* bytes */
};

/*
 * How an error calls the message M: by its id, or, where T is discreet, as any
 * other.  No other text of T's errors names one.
 */
const char *vt_transport_called(const struct vt_transport *t,
    const struct vt_transport_message *m);

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
 * M for longer than the call that handed it over; done and fail take it as
 * well, while the transport is open.  The caller's, for _message_free().
 * VT_EUNSUPPORTED: the way knows it by its name alone, which may be that of
 * another message later; VT_ENOMEM.
 */
int vt_transport_keep(const struct vt_transport_message *m,
    struct vt_transport_message **ret, struct vt_error *err);
void vt_transport_message_free(struct vt_transport_message *m); /* or NULL */

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

/* ---- what only an axis can tell; VT_EUNSUPPORTED: this way can not ---- */

enum vt_transport_directory {
	VT_TRANSPORT_AGENCIES = 0,  /* getAgenciesList */
	VT_TRANSPORT_AGENCIES_QD20, /* getAgenciesListQD20 */
	VT_TRANSPORT_UNITS          /* getSynchronizeUnit */
};

/*
 * One agency as the axis lists it: foreign text, NULL where it is absent. Lives
 * until the call returns.
 */
struct vt_transport_agency {
	const char *id, *parent; /* of the list's own: "id", "pid" */
	const char *code;
	const char *code102, *old_code, *center_code; /* its other codes */
	const char *name, *mail;
	const char *version, *modified;
	bool deleted, is_agency;
};

typedef int vt_transport_agency_fn(void *ctx,
    const struct vt_transport_agency *a, struct vt_error *err);

/*
 * Hand every agency of the directory to FN, in its order; memory does not grow
 * with their number.  Stops with FN's code where that is not VT_OK; whatever it
 * was told before a failure may be a part.
 */
int vt_transport_agencies(struct vt_transport *t,
    enum vt_transport_directory which, vt_transport_agency_fn *fn, void *ctx,
    struct vt_error *err);

/* What became of one sending, as the axis says it; foreign text. */
struct vt_transport_sent {
	const char *id, *receiver_id; /* the axis' names of it at either end */
	const char *from, *to;
	const char *send_status, *send_text;
	const char *receive_status, *receive_text;
	const char *sent, *received; /* times, as written */
	const char *title, *notation;
};

typedef int vt_transport_sent_fn(void *ctx, const struct vt_transport_sent *s,
    struct vt_error *err);

/*
 * Hand what we sent to FN (getSentEdocList).  It is the axis' own record and no
 * receipt of an office.
 */
int vt_transport_sent_list(struct vt_transport *t,
    enum vt_transport_class class, vt_transport_sent_fn *fn, void *ctx,
    struct vt_error *err);

#endif
