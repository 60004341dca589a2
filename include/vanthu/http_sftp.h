/* http_sftp.h - files on a server, over SSH (SFTP, version 3) */
#ifndef VANTHU_HTTP_SFTP_H
#define VANTHU_HTTP_SFTP_H

#include "vanthu/bytes.h"

struct vt_error;
struct vt_source;

/*
 * A server that an office has configured.  Nobody is asked for anything: its
 * key must be known, and ours is in a file or held by an agent.  Copied.
 */
struct vt_sftp_rules {
	const char *host; /* a name, or an address, IPv6 in brackets */
	unsigned port;
	const char *user;
	const char *known_hosts; /* a file; see sshd(8) */
	const char *key;         /* a private key, a file; NULL: an agent's */
	const char *passphrase;  /* of the key, or NULL */
	unsigned connect_s;      /* seconds until we are logged in */
	/*
	 * Seconds in which nothing moves; a file may be VT_HTTP_PATIENCE times
	 * so long behind VT_HTTP_RATE_MIN, all else may take no longer.
	 */
	unsigned timeout_s;
	/* Called while a call waits, at most once a second; NULL: nothing is.
	 */
	void (*idle)(void *ctx);
	void *idle_ctx; /* borrowed */
};

struct vt_sftp;

/*
 * VT_EIO: a file of RULES cannot be read, or libcurl, which is loaded now, is
 * not installed.  VT_EUNSUPPORTED: libcurl does not
 * speak SFTP here, or by a library whose rename writes over what is there.
 * VT_ENOMEM.
 */
int vt_sftp_new(const struct vt_sftp_rules *rules, struct vt_sftp **ret,
    struct vt_error *err);
void vt_sftp_free(struct vt_sftp *s); /* NULL is allowed */

/*
 * Paths are from the server's root on; of any bytes but controls, quotes and
 * backslashes (VT_EARG).
 *
 * Of all calls: VT_ENET: a retry may help; VT_EREFUSED: the server is not the
 * one that is known, or does not let us; VT_EKEY: it does not take our key;
 * VT_ENOTFOUND: there is no such file or folder, with no error set; a sink's or
 * source's own code; VT_ENOMEM.
 */

/* The names in a folder, each with a line end, of what kind they may be. */
int vt_sftp_list(struct vt_sftp *s, const char *path,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);
/* The same as the server writes it for people, a line each, and ".", "..". */
int vt_sftp_list_long(struct vt_sftp *s, const char *path,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);
int vt_sftp_get(struct vt_sftp *s, const char *path,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);
/* When PATH was written to last, by the server's clock; VT_EREFUSED: it does
 * not say. */
int vt_sftp_modified(struct vt_sftp *s, const char *path, int64_t *ret,
    struct vt_error *err);
/* Write over PATH, or make it, and the folders above it that are missing. */
int vt_sftp_put(struct vt_sftp *s, const char *path, struct vt_source *source,
    struct vt_error *err);
/*
 * VT_EEXISTS, with no error set: it could not be, most likely because TO is
 * there (SFTP 3 does not say why).
 */
int vt_sftp_rename(struct vt_sftp *s, const char *from, const char *to,
    struct vt_error *err);
/* VT_EREFUSED, too, where it is gone already, or there already. */
int vt_sftp_remove(struct vt_sftp *s, const char *path, struct vt_error *err);
int vt_sftp_folder(struct vt_sftp *s, const char *path, struct vt_error *err);

#endif
