/* transport_spool.c - a folder for each office: DIR/ORGANID/NAME.edxml */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport_int.h"
#include "transport_spool_int.h"
#include "vanthu/bytes.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#define DEAD_NAME 200       /* bytes of a name that are kept in dead/ */
#define DEAD_SAME (1 << 30) /* messages of one name in dead/ */
#define FOLDER_MODE 0770

static void
spool_close(void *state)
{
	struct vt_spool *s = state;

	if (s == NULL)
		return;
	while (s->n > 0)
		vt_out_abort(s->gathered[--s->n]);
	if (s->fd >= 0)
		close(s->fd);
	free(s->own);
	free(s->dir);
	free(s);
}

int
vt_spool_folder(const char *path, int *ret, struct vt_error *err)
{
	int rc;

	if ((rc = vt_dir_make(path, FOLDER_MODE, err)) != VT_OK)
		return rc;
	*ret = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*ret == -1)
		return vt_error_io(err, "cannot open the folder %s", path);
	return VT_OK;
}

static int
spool_open(const char *rest, const char *own,
    const struct vt_transport_settings *settings, void **ret,
    struct vt_error *err)
{
	struct vt_spool *s;
	int rc = VT_ENOMEM;

	(void)settings;
	if (rest[0] == '\0')
		return vt_error_set(err, VT_EARG, NULL,
		    "spool: names no folder");
	/* else each caller's present folder would be another spool */
	if (rest[0] != '/')
		return vt_error_set(err, VT_EARG, NULL,
		    "spool: %s is not a path from / on", rest);
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return vt_error_nomem(err);
	s->fd = -1;
	if ((s->dir = strdup(rest)) == NULL ||
	    (s->own = vt_path_join(rest, own)) == NULL) {
		vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_spool_folder(s->own, &s->fd, err)) != VT_OK)
		goto out;
	*ret = s;
	s = NULL;
out:
	spool_close(s);
	return rc;
}

/* ---- fetching ---- */

static void
item_set(struct transport_item *item, const struct stat *st)
{
	item->mtime = st->st_mtim;
	item->dev = st->st_dev;
	item->ino = st->st_ino;
	item->size = st->st_size;
}

/* Add the messages of our folder to OLDEST. */
static int
scan(const struct vt_spool *s, struct transport_oldest *oldest,
    struct vt_error *err)
{
	struct transport_item item;
	const struct dirent *d;
	struct stat st;
	DIR *dir = NULL;
	int fd, rc = VT_OK;

	fd = openat(s->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || (dir = fdopendir(fd)) == NULL) {
		rc = vt_error_io(err, "cannot read the folder %s", s->own);
		if (fd != -1)
			close(fd);
		return rc;
	}
	for (;;) {
		errno = 0;
		if ((d = readdir(dir)) == NULL)
			break;
		if (!vt_transport_is_message(d->d_name) ||
		    fstatat(s->fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
		    !S_ISREG(st.st_mode))
			continue;
		memset(&item, 0, sizeof(item));
		memcpy(item.name, d->d_name, strlen(d->d_name));
		item_set(&item, &st);
		vt_transport_oldest_add(oldest, &item);
	}
	if (errno != 0)
		rc = vt_error_io(err, "cannot read the folder %s", s->own);
	closedir(dir);
	vt_transport_oldest_end(oldest);
	return rc;
}

/* *RET is NULL where the message can not be had: gone, or not ours to read. */
static int
item_open(const struct vt_spool *s, struct transport_item *item,
    struct vt_source **ret, struct vt_error *err)
{
	struct vt_error local = { 0 };
	struct stat st;
	int fd, rc;

	*ret = NULL;
	fd = openat(s->fd, item->name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		vt_log("%s/%s: passed over: %s", s->own, item->name,
		    strerror(errno));
		if (fd != -1)
			close(fd);
		return VT_OK;
	}
	item_set(item, &st);
	rc = vt_source_fd(fd, ret, &local);
	close(fd);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc != VT_OK)
		vt_log("%s/%s: passed over: %s", s->own, item->name,
		    local.text);
	return VT_OK;
}

static int
spool_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	struct vt_spool *s = state;
	struct vt_transport_message m = { 0 };
	struct vt_source *src = NULL;
	struct transport_oldest o = { 0 };
	struct transport_item last, now;
	size_t i, taken = 0;
	int rc = VT_OK;

	o.items = calloc(2 * TRANSPORT_BATCH, sizeof(*o.items));
	if (o.items == NULL)
		return vt_error_nomem(err);
	do {
		o.n = 0;
		rc = scan(s, &o, err);
		o.after = &last;
		for (i = 0; rc == VT_OK && i < o.n && taken < max; i++) {
			last = now = o.items[i];
			rc = item_open(s, &now, &src, err);
			if (src == NULL)
				continue;
			m.id = now.name;
			m.content = src;
			m.driver = &now;
			m.driver_size = sizeof(now);
			rc = take(ctx, t, &m, err);
			vt_source_free(src);
			src = NULL;
			taken++;
		}
	} while (rc == VT_OK && taken < max && o.n == TRANSPORT_BATCH);
	free(o.items);
	return rc;
}

/* ---- taking out of the way ---- */

/* true where the name still means the file that was handed over. */
static bool
still_there(const struct vt_spool *s, const struct transport_item *item)
{
	struct stat st;

	return fstatat(s->fd, item->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_dev == item->dev && st.st_ino == item->ino &&
	       st.st_size == item->size &&
	       st.st_mtim.tv_sec == item->mtime.tv_sec &&
	       st.st_mtim.tv_nsec == item->mtime.tv_nsec;
}

static int
spool_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err)
{
	const struct vt_spool *s = state;
	const struct transport_item *item = m->driver;

	/*
	 * Not made durable: a file that a crash brings back is a duplicate,
	 * which its receiver knows.
	 */
	if (still_there(s, item) && unlinkat(s->fd, item->name, 0) == -1 &&
	    errno != ENOENT)
		return vt_error_io(err, "cannot remove it from the folder %s",
		    s->own);
	return VT_OK;
}

/* Put the reason first: a message in dead/ is never without one. */
static int
bury(const struct vt_spool *s, int dead, const char *dir,
    const struct transport_item *item, const char *name, const char *reason,
    struct vt_error *err)
{
	char file[DEAD_NAME + 16 + sizeof(TRANSPORT_REASON)];
	struct vt_buf text;
	char *path = NULL;
	int rc;

	vt_buf_init(&text, VT_TRANSPORT_REASON_MAX + 2);
	snprintf(file, sizeof(file), "%s" TRANSPORT_REASON, name);
	if ((path = vt_path_join(dir, file)) == NULL ||
	    vt_buf_put(&text, reason,
		strnlen(reason, VT_TRANSPORT_REASON_MAX)) != VT_OK ||
	    vt_buf_putc(&text, '\n') != VT_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	rc = vt_file_replace(path, vt_buf_bytes(&text), NULL);
	if (rc == VT_EIO) /* without its name */
		rc = vt_error_io(err, "cannot write into the folder %s", dir);
	else if (rc != VT_OK)
		rc = vt_error_nomem(err);
	if (rc != VT_OK)
		goto out;
	if (renameat2(s->fd, item->name, dead, name, RENAME_NOREPLACE) == -1 &&
	    errno != ENOENT)
		rc = vt_error_io(err, "cannot remove it from the folder %s",
		    s->own);
out:
	vt_buf_release(&text);
	free(path);
	return rc;
}

/* The I-th name that ITEM may have in dead/; true where it is taken. */
static bool
dead_name(int dead, const struct transport_item *item, int i,
    char name[DEAD_NAME + 16])
{
	struct stat st;

	snprintf(name, DEAD_NAME + 16, i == 0 ? "%.*s" : "%.*s.%d", DEAD_NAME,
	    item->name, i);
	return fstatat(dead, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * A name that is free, with few looks: whoever sends the same name again and
 * again must not make each search longer than the one before.
 */
static void
dead_free_name(int dead, const struct transport_item *item,
    char name[DEAD_NAME + 16])
{
	int taken = 0, free_one = 1, i;

	if (!dead_name(dead, item, 0, name))
		return;
	while (free_one < DEAD_SAME && dead_name(dead, item, free_one, name)) {
		taken = free_one;
		free_one *= 2;
	}
	while (free_one - taken > 1) {
		i = taken + (free_one - taken) / 2;
		if (dead_name(dead, item, i, name))
			taken = i;
		else
			free_one = i;
	}
	(void)dead_name(dead, item, free_one, name);
}

static int
spool_fail(void *state, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err)
{
	const struct vt_spool *s = state;
	const struct transport_item *item = m->driver;
	char name[DEAD_NAME + 16];
	char *dir;
	int fd = -1, rc;

	if (!still_there(s, item))
		return VT_OK;
	if ((dir = vt_path_join(s->own, TRANSPORT_DEAD)) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_spool_folder(dir, &fd, err)) != VT_OK)
		goto out;
	dead_free_name(fd, item, name);
	rc = bury(s, fd, dir, item, name, reason, err);
out:
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}

const struct vt_transport_driver vt_transport_spool = {
	.scheme = "spool",
	.open = spool_open,
	.offer = vt_spool_offer,
	.fetch = spool_fetch,
	.done = spool_done,
	.fail = spool_fail,
	.gather = vt_spool_gather,
	.hand_over = vt_spool_hand_over,
	.close = spool_close,
};
