/* base_source.c - bytes of any size: memory, a file, a pipe */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base_source_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#define PIECE (64u * 1024)
#define DEV_NULL makedev(1, 3)
/* What is digested twice at most, for how much is kept. */
#define DIGESTED_EACH (16u * 1024)
#define DIGESTED_MAX 64

struct vt_source {
	unsigned held; /* by owners beside the first */
	uint64_t size;
	struct vt_bytes memory; /* all of it, where FD and PARENT are unset */
	unsigned char *copy;    /* MEMORY, if it came from malloc() */
	void *map;              /* MEMORY, if it came from mmap() */
	size_t map_len;
	struct vt_source_room *room; /* whose memory MEMORY is, or NULL */
	int fd;
	bool borrowed;            /* FD is another's */
	struct stat opened;       /* how FD looked then */
	struct vt_source *parent; /* whose first SIZE bytes these are */
	unsigned char *window;    /* what views of a file show */
	size_t window_cap;
	size_t window_len;
	uint64_t window_off;
	struct vt_sha256 *digested[DIGESTED_MAX]; /* after each DIGESTED_EACH */
	size_t ndigested;
	bool has_sha256; /* of all of it; of MEMORY alone */
	unsigned char sha256[VT_SHA256_LEN];
};

static struct vt_source *
source_new(void)
{
	struct vt_source *src = calloc(1, sizeof(*src));

	if (src != NULL)
		src->fd = -1;
	return src;
}

static void
digest_forget(struct vt_source *src)
{
	while (src->ndigested > 0)
		vt_sha256_free(src->digested[--src->ndigested]);
	src->has_sha256 = false;
}

void
vt_source_free(struct vt_source *src)
{
	if (src == NULL)
		return;
	if (src->held > 0) {
		src->held--;
		return;
	}
	if (src->fd >= 0 && !src->borrowed)
		close(src->fd);
	free(src->copy);
	if (src->map != NULL)
		(void)munmap(src->map, src->map_len);
	if (src->room != NULL)
		src->room->lent = false;
	free(src->window);
	digest_forget(src);
	free(src);
}

struct vt_source *
vt_source_hold(struct vt_source *src)
{
	src->held++;
	return src;
}

void
vt_source_hide(struct vt_source *src, bool hidden)
{
	int advice = hidden ? MADV_DONTFORK : MADV_DOFORK;

	if (src->map != NULL)
		(void)madvise(src->map, src->map_len, advice);
	else if (src->room != NULL)
		(void)madvise(src->room->map, src->room->len, advice);
}

static bool
in_memory(const struct vt_source *src)
{
	return src->fd < 0 && src->parent == NULL;
}

/* The rest of FD into a file; START has been read from it already. */
static int
spool(int fd, struct vt_bytes start, struct vt_source *src,
    struct vt_error *err)
{
	unsigned char *piece = malloc(PIECE);
	uint64_t total = start.len;
	size_t n = 0;
	int rc;

	if (piece == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_file_nameless(NULL, &src->fd, err)) != VT_OK)
		goto out;
	rc = vt_fd_write(src->fd, start, err);
	while (rc == VT_OK) {
		rc = vt_fd_read(fd, piece, PIECE, &n, err);
		if (rc != VT_OK || n == 0)
			break;
		if ((total += n) > VT_SOURCE_SPOOL_MAX)
			rc = vt_error_set(err, VT_ELIMIT, NULL,
			    "the input is longer than %llu bytes",
			    VT_SOURCE_SPOOL_MAX);
		else
			rc = vt_fd_write(src->fd, VT_BYTES(piece, n), err);
	}
	if (rc == VT_OK && fstat(src->fd, &src->opened) != 0)
		rc = vt_error_io(err, "cannot read");
	src->size = total;
out:
	free(piece);
	return rc;
}

/* Up to VT_SOURCE_COPY_MAX bytes are kept in memory, more in a file. */
static int
read_stream(int fd, struct vt_source *src, struct vt_error *err)
{
	struct vt_buf buf;
	size_t n;
	int rc = VT_OK;

	vt_buf_init(&buf, VT_SOURCE_COPY_MAX + PIECE);
	do {
		if (vt_buf_reserve(&buf, PIECE) != VT_OK) {
			rc = vt_error_nomem(err);
			goto out;
		}
		rc = vt_fd_read(fd, buf.data + buf.len, PIECE, &n, err);
		if (rc != VT_OK)
			goto out;
		buf.len += n;
	} while (n == PIECE && buf.len <= VT_SOURCE_COPY_MAX);
	if (buf.len > VT_SOURCE_COPY_MAX) {
		rc = spool(fd, vt_buf_bytes(&buf), src, err);
		goto out;
	}
	src->size = buf.len;
	src->copy = vt_buf_take(&buf, NULL);
	src->memory = VT_BYTES(src->copy, src->size);
out:
	vt_buf_release(&buf);
	return rc;
}

/* SIZE bytes of memory for SRC: ROOM's, where there is one and it is free. */
static unsigned char *
copy_memory(struct vt_source *src, size_t size, struct vt_source_room *room)
{
	void *map;

	if (room == NULL || room->lent) {
		src->map = vt_source_map(size);
		src->map_len = size;
		return src->map;
	}
	if ((map = vt_source_room_lend(room, size)) != NULL)
		src->room = room;
	return map;
}

/* A file's SIZE bytes, or as many as there are. */
static int
read_copy(int fd, size_t size, struct vt_source_room *room,
    struct vt_source *src, struct vt_error *err)
{
	unsigned char *to = copy_memory(src, size, room);
	size_t got = 0;
	ssize_t n = 0;

	if (to == NULL)
		return vt_error_nomem(err);
	while (got < size) {
		n = pread(fd, to + got, size - got, (off_t)got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	if (src->room != NULL)
		vt_source_room_filled(room, got);
	if (n < 0)
		return vt_error_io(err, "cannot read");
	src->size = got;
	src->memory = VT_BYTES(to, got);
	return VT_OK;
}

/* STREAM: read on from where FD stands, though it may be a file. */
static int
source_of_fd(int fd, bool stream, struct vt_source_room *room,
    struct vt_source **ret, struct vt_error *err)
{
	struct vt_source *src = source_new();
	struct stat st;
	int rc;

	if (src == NULL)
		return vt_error_nomem(err);
	if (fstat(fd, &st) != 0) {
		rc = vt_error_io(err, "cannot read");
	} else if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		rc = vt_error_io(err, "cannot read");
	} else if (!S_ISREG(st.st_mode) || st.st_size == 0 || stream) {
		/* a file of size 0 may be one of /proc, which has no size */
		rc = read_stream(fd, src, err);
	} else if (st.st_size <= (off_t)VT_SOURCE_COPY_MAX) {
		rc = read_copy(fd, (size_t)st.st_size, room, src, err);
	} else if ((src->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0) {
		rc = vt_error_io(err, "cannot read");
	} else {
		src->opened = st;
		src->size = (uint64_t)st.st_size;
		rc = VT_OK;
	}
	if (rc == VT_OK)
		*ret = src;
	else
		vt_source_free(src);
	return rc;
}

int
vt_source_fd(int fd, struct vt_source **ret, struct vt_error *err)
{
	return source_of_fd(fd, false, NULL, ret, err);
}

int
vt_source_borrow(int fd, struct vt_source **ret, struct vt_error *err)
{
	struct vt_source *src = source_new();

	if (src == NULL)
		return vt_error_nomem(err);
	if (fstat(fd, &src->opened) != 0) {
		vt_source_free(src);
		return vt_error_io(err, "cannot read");
	}
	src->fd = fd;
	src->borrowed = true;
	src->size = (uint64_t)src->opened.st_size;
	*ret = src;
	return VT_OK;
}

/*
 * A device has no end (/dev/zero), or is no document (a disk).  A terminal ends
 * where its user says so, and what is thrown away at once.
 */
static bool
is_endless(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	return S_ISBLK(st.st_mode) ||
	       (S_ISCHR(st.st_mode) && st.st_rdev != DEV_NULL && !isatty(fd));
}

static bool
is_device(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	       (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode));
}

static int
open_into(const char *path, bool document, struct vt_source_room *room,
    struct vt_source **ret, struct vt_error *err)
{
	int fd, rc;

	if (strcmp(path, "-") == 0)
		return source_of_fd(STDIN_FILENO,
		    lseek(STDIN_FILENO, 0, SEEK_CUR) > 0, room, ret, err);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
		return vt_error_io(err, "cannot open");
	if (document && is_device(fd))
		rc = vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "it is a device, no document");
	else if (is_endless(fd))
		rc = vt_error_set(err, VT_EIO, NULL, "it is a device, no file");
	else
		rc = source_of_fd(fd, false, room, ret, err);
	close(fd);
	return rc;
}

int
vt_source_open_into(const char *path, struct vt_source_room *room,
    struct vt_source **ret, struct vt_error *err)
{
	return open_into(path, false, room, ret, err);
}

int
vt_source_open_document(const char *path, struct vt_source_room *room,
    struct vt_source **ret, struct vt_error *err)
{
	return open_into(path, true, room, ret, err);
}

int
vt_source_open(const char *path, struct vt_source **ret, struct vt_error *err)
{
	return vt_source_open_into(path, NULL, ret, err);
}

int
vt_source_bytes(struct vt_bytes b, struct vt_source **ret, struct vt_error *err)
{
	struct vt_source *src = source_new();

	if (src == NULL)
		return vt_error_nomem(err);
	src->memory = b;
	src->size = b.len;
	*ret = src;
	return VT_OK;
}

/* What was kept of the digest of SRC is known of its copy as well. */
static int
copy_digest(const struct vt_source *src, struct vt_source *copy,
    struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 0; i < src->ndigested; i++) {
		rc = vt_sha256_copy(src->digested[i], &copy->digested[i], err);
		if (rc != VT_OK)
			return rc;
		copy->ndigested++;
	}
	copy->has_sha256 = src->has_sha256;
	memcpy(copy->sha256, src->sha256, VT_SHA256_LEN);
	return VT_OK;
}

int
vt_source_copy(struct vt_source *src, struct vt_source **ret,
    struct vt_error *err)
{
	size_t size = (size_t)src->size;
	struct vt_source *copy;
	int rc;

	if (src->size > VT_SOURCE_COPY_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %u bytes in memory", VT_SOURCE_COPY_MAX);
	if (size == 0)
		return vt_source_bytes(VT_BYTES(NULL, 0), ret, err);
	if ((copy = source_new()) == NULL)
		return vt_error_nomem(err);
	if ((copy->map = vt_source_map(size)) == NULL) {
		rc = vt_error_nomem(err);
	} else {
		copy->map_len = copy->size = size;
		copy->memory = VT_BYTES(copy->map, size);
		if ((rc = vt_source_read(src, 0, copy->map, size, err)) ==
		    VT_OK)
			rc = copy_digest(src, copy, err);
	}
	if (rc == VT_OK)
		*ret = copy;
	else
		vt_source_free(copy);
	return rc;
}

int
vt_source_prefix(struct vt_source *parent, uint64_t len, struct vt_source **ret,
    struct vt_error *err)
{
	struct vt_source *src;

	if (len > parent->size)
		return vt_error_set(err, VT_EARG, NULL,
		    "the input is shorter than its part");
	if (in_memory(parent))
		return vt_source_bytes(VT_BYTES(parent->memory.data,
					   (size_t)len),
		    ret, err);
	if ((src = source_new()) == NULL)
		return vt_error_nomem(err);
	src->parent = parent;
	src->size = len;
	*ret = src;
	return VT_OK;
}

uint64_t
vt_source_size(const struct vt_source *src)
{
	return src->size;
}

int
vt_source_descriptor(const struct vt_source *src)
{
	while (src->parent != NULL)
		src = src->parent;
	return src->fd;
}

/* LEN bytes that lie within SRC, which is no memory. */
static int
file_read(struct vt_source *src, uint64_t off, unsigned char *buf, size_t len,
    struct vt_error *err)
{
	size_t got = 0;
	ssize_t n;

	while (src->parent != NULL)
		src = src->parent;
	while (got < len) {
		n = pread(src->fd, buf + got, len - got, (off_t)(off + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vt_error_io(err, "cannot read");
		if (n == 0)
			return vt_error_set(err, VT_EIO, NULL,
			    "the file became shorter while it was read");
		got += (size_t)n;
	}
	return VT_OK;
}

static int
past_end(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, NULL, "the input ends too early");
}

int
vt_source_read(struct vt_source *src, uint64_t off, void *buf, size_t len,
    struct vt_error *err)
{
	if (off > src->size || len > src->size - off)
		return past_end(err);
	if (!in_memory(src))
		return file_read(src, off, buf, len, err);
	if (len > 0)
		memcpy(buf, src->memory.data + off, len);
	return VT_OK;
}

/* Read on beyond what was asked for: readers look at neighbours next. */
static int
window_fill(struct vt_source *src, uint64_t off, size_t len,
    struct vt_error *err)
{
	size_t want = len > PIECE ? len : PIECE;
	unsigned char *window;
	int rc;

	if (want > src->window_cap) {
		if ((window = realloc(src->window, want)) == NULL)
			return vt_error_nomem(err);
		src->window = window;
		src->window_cap = want;
	}
	if (want > src->size - off)
		want = (size_t)(src->size - off);
	src->window_len = 0;
	rc = file_read(src, off, src->window, want, err);
	if (rc != VT_OK)
		return rc;
	src->window_off = off;
	src->window_len = want;
	return VT_OK;
}

int
vt_source_view(struct vt_source *src, uint64_t off, size_t len,
    struct vt_bytes *ret, struct vt_error *err)
{
	uint64_t at;
	int rc;

	if (len > VT_SOURCE_COPY_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %u bytes in one piece", VT_SOURCE_COPY_MAX);
	if (off >= src->size)
		len = 0;
	else if (len > src->size - off)
		len = (size_t)(src->size - off);
	if (len == 0) {
		*ret = VT_BYTES(NULL, 0);
		return VT_OK;
	}
	if (in_memory(src)) {
		*ret = VT_BYTES(src->memory.data + off, len);
		return VT_OK;
	}
	at = off - src->window_off;
	if (off < src->window_off || at > src->window_len ||
	    len > src->window_len - at) {
		if ((rc = window_fill(src, off, len, err)) != VT_OK)
			return rc;
		at = 0;
	}
	*ret = VT_BYTES(src->window + at, len);
	return VT_OK;
}

int
vt_source_stream(struct vt_source *src, uint64_t off, uint64_t len,
    vt_sink_fn *fn, void *ctx, struct vt_error *err)
{
	unsigned char *piece = NULL;
	const unsigned char *data;
	size_t n;
	int rc = VT_OK;

	if (off > src->size || len > src->size - off)
		return past_end(err);
	/* Not the window: FN may look at SRC itself. */
	if (!in_memory(src) && (piece = malloc(PIECE)) == NULL)
		return vt_error_nomem(err);
	for (; rc == VT_OK && len > 0; off += n, len -= n) {
		n = len < PIECE ? (size_t)len : PIECE;
		data = piece;
		if (piece == NULL)
			data = src->memory.data + off;
		else if ((rc = file_read(src, off, piece, n, err)) != VT_OK)
			break;
		rc = fn(ctx, VT_BYTES(data, n), err);
	}
	free(piece);
	return rc;
}

/* Digest the next DIGESTED_EACH bytes, and keep how that stands. */
static int
digest_step(struct vt_source *src, struct vt_sha256 *d, struct vt_error *err)
{
	struct vt_bytes b = vt_bytes_slice(src->memory,
	    src->ndigested * DIGESTED_EACH, DIGESTED_EACH);
	int rc;

	if ((rc = vt_sha256_update(d, b, err)) == VT_OK &&
	    (rc = vt_sha256_copy(d, &src->digested[src->ndigested], err)) ==
		VT_OK)
		src->ndigested++;
	return rc;
}

/* The same for all of it, which is in memory. */
static int
digest_memory(struct vt_source *src, struct vt_error *err)
{
	struct vt_sha256 *d = NULL;
	int rc = vt_sha256_new(&d, err);

	while (rc == VT_OK && src->ndigested < DIGESTED_MAX &&
	       src->size / DIGESTED_EACH > src->ndigested)
		rc = digest_step(src, d, err);
	if (rc == VT_OK)
		rc = vt_sha256_update(d,
		    vt_bytes_slice(src->memory, src->ndigested * DIGESTED_EACH,
			src->memory.len),
		    err);
	if (rc == VT_OK)
		rc = vt_sha256_final(d, src->sha256, err);
	src->has_sha256 = rc == VT_OK;
	if (rc != VT_OK)
		digest_forget(src);
	vt_sha256_free(d);
	return rc;
}

int
vt_source_digest(struct vt_source *src, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err)
{
	int rc;

	if (!in_memory(src))
		return vt_sha256_source(src, out, err);
	if (!src->has_sha256 && (rc = digest_memory(src, err)) != VT_OK)
		return rc;
	memcpy(out, src->sha256, VT_SHA256_LEN);
	return VT_OK;
}

const struct vt_sha256 *
vt_source_digested(const struct vt_source *src, uint64_t len, uint64_t *ret_len)
{
	uint64_t n = len / DIGESTED_EACH;

	if (n > src->ndigested)
		n = src->ndigested;
	*ret_len = n * DIGESTED_EACH;
	return n > 0 ? src->digested[n - 1] : NULL;
}

int
vt_source_unchanged(const struct vt_source *src, struct vt_error *err)
{
	struct stat st;

	while (src->parent != NULL)
		src = src->parent;
	if (src->fd < 0)
		return VT_OK;
	if (fstat(src->fd, &st) != 0)
		return vt_error_io(err, "cannot read");
	if (st.st_size != src->opened.st_size ||
	    st.st_mtim.tv_sec != src->opened.st_mtim.tv_sec ||
	    st.st_mtim.tv_nsec != src->opened.st_mtim.tv_nsec ||
	    st.st_ctim.tv_sec != src->opened.st_ctim.tv_sec ||
	    st.st_ctim.tv_nsec != src->opened.st_ctim.tv_nsec)
		return vt_error_set(err, VT_EIO, NULL,
		    "the file was changed while it was read");
	return VT_OK;
}
