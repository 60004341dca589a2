/* transport_sftp_fetch.c - what waits in our folder, and what becomes of it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport_sftp_int.h"
#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define DEAD_NAME 180 /* bytes of a name that are kept in dead/ */
#define DEAD_TRIES 8

/* ---- the listing ---- */

struct listing {
	int fd;
	uint64_t len, most;
	bool cut; /* this is only the beginning */
};

static int
keep_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct listing *l = ctx;

	l->cut = piece.len > l->most - l->len;
	if (l->cut)
		return VT_ELIMIT;
	l->len += piece.len;
	return vt_fd_write(l->fd, piece, err);
}

/* Nobody has sent us anything yet: then it is for us to make the folder. */
static int
list(struct sftp *s, struct listing *l, struct vt_error *err)
{
	char *path = vt_sftp_way_path(s, s->own, NULL, "");
	struct vt_error why = { 0 };
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	rc = vt_sftp_list(s->client, path, keep_piece, l, &why);
	if (rc == VT_ENOTFOUND)
		rc = vt_sftp_folder(s->client, path, &why);
	free(path);
	return l->cut ? VT_OK : vt_sftp_way_note(s, rc, &why, err);
}

struct splitting {
	struct transport_oldest *oldest;
	struct transport_parts *parts;
	struct transport_item item;
	size_t len; /* of the present name; more than NAME_MAX: too long */
};

/* What cannot be asked for by this name is no message of ours. */
static bool
usable(const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7f ||
		    strchr("\"'\\/", name[i]) != NULL)
			return false;
	return true;
}

static void
add(const struct splitting *p)
{
	if (!usable(p->item.name))
		return;
	if (vt_transport_is_message(p->item.name))
		vt_transport_oldest_add(p->oldest, &p->item);
	else if (vt_transport_is_part(p->item.name))
		vt_transport_parts_add(p->parts, p->item.name);
}

/* One name a line, in no order. */
static int
split_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct splitting *p = ctx;
	size_t i;

	(void)err;
	for (i = 0; i < piece.len; i++) {
		if (piece.data[i] == '\n') {
			if (p->len <= NAME_MAX) {
				p->item.name[p->len] = '\0';
				add(p);
			}
			p->len = 0;
		} else if (p->len < NAME_MAX)
			p->item.name[p->len++] = (char)piece.data[i];
		else
			p->len = NAME_MAX + 1;
	}
	return VT_OK;
}

struct names {
	struct sftp *s;
	struct vt_source *src;
	struct transport_parts *parts; /* of whatever age */
	struct vt_source *kinds;       /* what they are, once it was asked */
};

/* As far as it comes; where it does not, all are asked for. */
static int
list_kinds(struct names *n, struct vt_error *err)
{
	char *path = vt_sftp_way_path(n->s, n->s->own, NULL, "");
	struct listing l = { .fd = -1, .most = VT_SFTP_LONG_MAX };
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_file_nameless(NULL, &l.fd, err)) == VT_OK) {
		(void)vt_sftp_list_long(n->s->client, path, keep_piece, &l,
		    NULL);
		rc = vt_source_fd(l.fd, &n->kinds, err);
		close(l.fd);
	}
	free(path);
	return rc;
}

static int
read_listing(void *ctx, struct transport_oldest *o, struct vt_error *err)
{
	struct names *n = ctx;
	struct splitting p = { .oldest = o, .parts = n->parts };
	int rc;

	rc = vt_source_stream(n->src, 0, vt_source_size(n->src), split_piece,
	    &p, err);
	vt_transport_oldest_end(o);
	if (rc == VT_OK && o->n > 0 && n->kinds == NULL)
		rc = list_kinds(n, err);
	return rc == VT_OK && o->n > 0 ? vt_sftp_way_mark(n->kinds, o, err)
				       : rc;
}

/*
 * A listing tells no times: each is asked for.  Whatever comes of it, what is
 * left is left until the next time.
 */
static void
drop_parts(struct sftp *s, const struct transport_parts *p)
{
	int64_t modified;
	size_t i;

	for (i = 0; i < p->n; i++) {
		char *path = vt_sftp_way_path(s, s->own, NULL, p->names[i]);

		if (path != NULL &&
		    vt_sftp_modified(s->client, path, &modified, NULL) ==
			VT_OK &&
		    vt_transport_part_old(modified) &&
		    vt_sftp_remove(s->client, path, NULL) == VT_OK)
			vt_log("%s: never came whole: taken away", p->names[i]);
		free(path);
	}
}

/* ---- one message ---- */

static int
get(void *state, struct vt_transport_message *m, struct transport_file *f,
    struct vt_error *err)
{
	struct sftp *s = state;
	char *path = vt_sftp_way_path(s, s->own, NULL, m->id);
	struct vt_error why = { 0 };
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	rc = vt_sftp_get(s->client, path, vt_transport_file_put, f, &why);
	free(path);
	if (f->full)
		return VT_OK;
	rc = vt_sftp_way_note(s, rc, &why, err);
	/* Anybody can make folders here that look like messages. */
	f->its_own = vt_sftp_way_answers(s, rc);
	return rc;
}

int
vt_sftp_way_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	struct sftp *s = state;
	struct transport_taking k = { .get = get,
		.state = s,
		.t = t,
		.take = take,
		.ctx = ctx,
		.max = max };
	struct names n = { .s = s };
	struct listing l = { .fd = -1, .most = VT_SFTP_LIST_MAX };
	int rc;

	if ((n.parts = calloc(1, sizeof(*n.parts))) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_sftp_way_ready(s, err)) != VT_OK ||
	    (rc = vt_file_nameless(NULL, &l.fd, err)) != VT_OK)
		goto out;
	if ((rc = list(s, &l, err)) == VT_OK &&
	    (rc = vt_source_fd(l.fd, &n.src, err)) == VT_OK &&
	    (rc = vt_transport_take_oldest(&k, read_listing, &n, err)) == VT_OK)
		drop_parts(s, n.parts);
	vt_source_free(n.src);
	vt_source_free(n.kinds);
	close(l.fd);
out:
	free(n.parts);
	return rc;
}

/* ---- taking out of the way ---- */

static int
stop_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)ctx;
	(void)piece;
	(void)err;
	return VT_EEXISTS;
}

/* RC is of a call that PATH was asked for in vain: VT_OK where it is gone. */
static int
unless_gone(struct sftp *s, const char *path, int rc)
{
	struct vt_error why = { 0 };

	if (rc != VT_EREFUSED && rc != VT_EEXISTS)
		return rc;
	return vt_sftp_get(s->client, path, stop_piece, NULL, &why) ==
		       VT_ENOTFOUND
		   ? VT_OK
		   : rc;
}

int
vt_sftp_way_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err)
{
	struct sftp *s = state;
	char *path = vt_sftp_way_path(s, s->own, NULL, m->id);
	struct vt_error why = { 0 };
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	rc = vt_sftp_remove(s->client, path, &why);
	if ((rc = unless_gone(s, path, rc)) == VT_OK)
		vt_error_clear(&why);
	free(path);
	return vt_sftp_way_note(s, rc, &why, err);
}

/* Put the reason under the name that the message gets: that keeps the name. */
static int
put_reason(struct sftp *s, const char *name, const char *reason,
    struct vt_error *err)
{
	char file[DEAD_NAME + 64], text[VT_TRANSPORT_REASON_MAX + 2];
	char *part, *final = NULL;
	struct vt_source *src = NULL;
	int len, rc;

	len = snprintf(text, sizeof(text), "%.*s\n", VT_TRANSPORT_REASON_MAX,
	    reason);
	snprintf(file, sizeof(file), ".%s" TRANSPORT_PART, name);
	part = vt_sftp_way_path(s, s->own, TRANSPORT_DEAD, file);
	snprintf(file, sizeof(file), "%s" TRANSPORT_REASON, name);
	final = vt_sftp_way_path(s, s->own, TRANSPORT_DEAD, file);
	if (part == NULL || final == NULL)
		rc = vt_error_nomem(err);
	else if ((rc = vt_source_bytes(VT_BYTES(text, (size_t)len), &src,
		      err)) == VT_OK)
		rc = vt_sftp_way_put(s, part, final, src, err);
	if (rc == VT_EEXISTS)
		(void)vt_sftp_remove(s->client, part, NULL);
	vt_source_free(src);
	free(part);
	free(final);
	return rc;
}

int
vt_sftp_way_fail(void *state, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err)
{
	struct sftp *s = state;
	char name[DEAD_NAME + 32], *to = NULL;
	char *from = vt_sftp_way_path(s, s->own, NULL, m->id);
	struct vt_error why = { 0 };
	int i, rc = from != NULL ? VT_EEXISTS : (int)vt_error_nomem(err);

	for (i = 0; rc == VT_EEXISTS && i < DEAD_TRIES; i++) {
		/* whoever sends one name often makes no search longer so */
		snprintf(name, sizeof(name), i == 0 ? "%.*s" : "%.*s.%lld",
		    DEAD_NAME, m->id, (long long)vt_time_now() + i);
		free(to);
		to = vt_sftp_way_path(s, s->own, TRANSPORT_DEAD, name);
		if (to == NULL)
			rc = vt_error_nomem(err);
		else if ((rc = put_reason(s, name, reason, err)) == VT_OK) {
			rc = vt_sftp_rename(s->client, from, to, &why);
			rc = unless_gone(s, from, rc);
			rc = vt_sftp_way_note(s, rc, &why, err);
		}
	}
	free(from);
	free(to);
	return rc != VT_EEXISTS ? rc
				: (int)vt_error_set(err, VT_ENET, NULL,
				      "the server does not give it its name");
}
