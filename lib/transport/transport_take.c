/* transport_take.c - a message that is fetched into a file and handed over */
#include <stdlib.h>
#include <unistd.h>

#include "transport_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#define FAILURES 3 /* one after the other: it is not the messages */

int
vt_transport_file_put(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct transport_file *f = ctx;
	uint64_t room = VT_OFFICE_MESSAGE_MAX + 1 - f->len;
	int rc;

	f->full = piece.len >= room;
	if (f->full)
		piece.len = (size_t)room;
	if ((rc = vt_fd_write(f->fd, piece, err)) != VT_OK)
		return rc;
	f->len += piece.len;
	return f->full ? (int)vt_error_set(err, VT_ELIMIT, NULL,
			     "the message is longer than %llu bytes",
			     (unsigned long long)VT_OFFICE_MESSAGE_MAX)
		       : VT_OK;
}

int
vt_transport_compare_piece(void *ctx, struct vt_bytes piece,
    struct vt_error *err)
{
	struct transport_comparison *c = ctx;
	uint64_t left = vt_source_size(c->content) - c->off;
	struct vt_bytes own;
	int rc;

	if (piece.len > left)
		return VT_EEXISTS;
	for (; piece.len > 0;
	     piece = vt_bytes_slice(piece, own.len, SIZE_MAX)) {
		rc = vt_source_view(c->content, c->off, piece.len, &own, err);
		if (rc != VT_OK)
			return rc;
		if (!vt_bytes_equal(own, vt_bytes_slice(piece, 0, own.len)))
			return VT_EEXISTS;
		c->off += own.len;
	}
	return VT_OK;
}

static int
get_and_take(struct transport_taking *k, const struct vt_transport_message *one,
    bool *ret_taken, bool *ret_its_own, struct vt_error *err)
{
	struct vt_transport_message m = *one;
	struct transport_file f = { .fd = -1 };
	struct vt_source *src = NULL;
	int rc;

	*ret_taken = false;
	if ((rc = vt_file_nameless(NULL, &f.fd, err)) == VT_OK &&
	    (rc = k->get(k->state, &m, &f, err)) == VT_OK &&
	    (rc = vt_source_fd(f.fd, &src, err)) == VT_OK) {
		m.content = src;
		*ret_taken = true;
		rc = k->take(k->ctx, k->t, &m, err);
	}
	*ret_its_own = f.its_own;
	vt_source_free(src);
	if (f.fd >= 0)
		close(f.fd);
	return rc;
}

/* The first is told. */
static void
remember(struct transport_taking *k, const struct vt_transport_message *m,
    struct vt_error *why)
{
	if (k->first.code != VT_OK)
		return;
	vt_error_prefix(why, vt_transport_called(k->t, m));
	k->first = *why;
}

/* One that is not given must not keep the others out. */
int
vt_transport_take_one(struct transport_taking *k,
    const struct vt_transport_message *m, struct vt_error *err)
{
	struct vt_error why = { 0 };
	bool taken, its_own;
	int rc;

	rc = get_and_take(k, m, &taken, &its_own, &why);
	if (rc == VT_ENOTFOUND && !taken) {
		vt_log("%s: passed over: it is gone", m->id);
		return VT_OK;
	}
	if (rc != VT_OK && (taken || rc == VT_ENOMEM || rc == VT_EIO))
		return vt_error_set(err, (enum vt_code)rc, why.clause, "%s",
		    why.text);
	k->done += taken;
	k->failures = rc == VT_OK || its_own ? 0 : k->failures + 1;
	k->over = k->done >= k->max || k->failures >= FAILURES;
	if (rc != VT_OK)
		remember(k, m, &why);
	return VT_OK;
}

static void
pass_over(struct transport_taking *k, const struct vt_transport_message *m)
{
	struct vt_error why = { 0 };

	vt_error_set(&why, VT_EREFUSED, NULL,
	    "it is no file, and is not asked for");
	remember(k, m, &why);
}

int
vt_transport_take_oldest(struct transport_taking *k,
    int (*read)(void *ctx, struct transport_oldest *o, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct transport_oldest o = { 0 };
	struct transport_item last;
	size_t i;
	int rc = VT_OK;

	o.items = calloc(2 * TRANSPORT_BATCH, sizeof(*o.items));
	if (o.items == NULL)
		return vt_error_nomem(err);
	k->over = k->max == 0;
	while (rc == VT_OK && !k->over &&
	       (o.after == NULL || o.n == TRANSPORT_BATCH)) {
		o.n = 0;
		rc = read(ctx, &o, err);
		vt_transport_oldest_end(&o);
		o.after = &last;
		for (i = 0; rc == VT_OK && i < o.n && !k->over; i++) {
			const struct vt_transport_message m = {
				.id = o.items[i].name,
			};

			last = o.items[i];
			if (o.items[i].kind == TRANSPORT_NO_FILE)
				pass_over(k, &m);
			else
				rc = vt_transport_take_one(k, &m, err);
		}
	}
	free(o.items);
	return rc == VT_OK ? vt_transport_take_end(k, err) : rc;
}

int
vt_transport_take_end(const struct transport_taking *k, struct vt_error *err)
{
	if (k->first.code == VT_OK)
		return VT_OK;
	return vt_error_set(err, k->first.code, k->first.clause, "%s",
	    k->first.text);
}
