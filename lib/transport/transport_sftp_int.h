/* transport_sftp_int.h - what the parts of the driver sftp share */
#ifndef VANTHU_TRANSPORT_SFTP_INT_H
#define VANTHU_TRANSPORT_SFTP_INT_H

#include "transport_int.h"
#include "vanthu/http_sftp.h"

/* A folder on a server, and our account there. */
struct sftp {
	char *user, *host, *dir; /* DIR from "/" on, without one at its end */
	unsigned port;           /* 0: the usual */
	char *own;
	char *known_hosts, *key, *secret_path; /* or NULL */
	unsigned timeout_s;
	vt_transport_idle_fn *idle; /* or NULL */
	void *idle_ctx;
	/* from the first call on */
	struct vt_sftp *client;
	/* Calls in a row without any answer, and what the last one met. */
	unsigned silent;
	struct vt_error why;
};

/* VT_OK: S has a client.  Else as vt_sftp_new(); VT_EKEY: no known hosts. */
int vt_sftp_way_ready(struct sftp *s, struct vt_error *err);
/* What a call came to, RC and WHY, as it is remembered; ERR gets WHY. */
int vt_sftp_way_note(struct sftp *s, int rc, const struct vt_error *why,
    struct vt_error *err);
/*
 * Something was not to be had, RC: is it that alone?  Where there was no answer
 * the server is asked for what it surely has, once in a row of such; if it has
 * that it is not silent.
 */
bool vt_sftp_way_answers(struct sftp *s, int rc);
/* DIR/ORGAN/NAME, or DIR/ORGAN/FOLDER/NAME, for free(); NULL: no memory. */
char *vt_sftp_way_path(const struct sftp *s, const char *organ,
    const char *folder, const char *name);
/*
 * Write CONTENT to PART, over what is there, and move it to FINAL.  VT_EEXISTS,
 * with no error set: FINAL is taken; PART stays.
 */
int vt_sftp_way_put(struct sftp *s, const char *part, const char *final,
    struct vt_source *content, struct vt_error *err);

/* ---- transport_sftp_fetch.c ---- */

int vt_sftp_way_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err);
int vt_sftp_way_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err);
int vt_sftp_way_fail(void *state, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err);

/* ---- transport_sftp_kind.c ---- */

/*
 * What LINE of a listing for people says that its name is, as by the first
 * letter of ls -l; '\0': it is no such line.
 */
char vt_sftp_way_kind(struct vt_bytes line, struct vt_bytes *ret_name);
/* Set the kind of those of O, in their order, that LISTING tells one of. */
int vt_sftp_way_mark(struct vt_source *listing, struct transport_oldest *o,
    struct vt_error *err);

#endif
