/* source.h - bytes of any size that are read at any place */
#ifndef VANTHU_SOURCE_H
#define VANTHU_SOURCE_H

#include "vanthu/bytes.h"
#include "vanthu/digest.h"
#include "vanthu/limits.h"

struct vt_error;

/*
 * Up to VT_SOURCE_COPY_MAX a source holds a private copy, so nobody can change
 * the bytes while they are judged; above it the file is read where it is, and
 * vt_source_unchanged() tells whether it was touched meanwhile.
 */

struct vt_source;

/* "-" is standard input.  VT_EIO (also for a folder); VT_ENOMEM. */
int vt_source_open(const char *path, struct vt_source **ret,
    struct vt_error *err);
/*
 * The same, with the private copy in memory that was one's before: for many
 * files one after the other.  ROOM, zeroed at first, must outlive the source,
 * and lends its memory to one at a time; what was in it stays there until the
 * next is read, and nothing of it longer, or until it is released.  HUGE, which
 * the owner may set at first: in pages of 2 MiB where the kernel has them, so
 * that to fork, and to read the next one after that, takes one page and not
 * one for each 4 KiB.
 */
struct vt_source_room {
	bool huge;
	bool lent;
	void *map;
	size_t len;
	size_t used; /* bytes of MAP that one was read into */
};
int vt_source_open_into(const char *path, struct vt_source_room *room,
    struct vt_source **ret, struct vt_error *err);
/*
 * The same, ROOM may be NULL, for what is to be signed, sent or kept: a device,
 * /dev/null too, is no document.  VT_EUNSUPPORTED: it is one.
 */
int vt_source_open_document(const char *path, struct vt_source_room *room,
    struct vt_source **ret, struct vt_error *err);
void vt_source_room_release(struct vt_source_room *room); /* when not lent */
/* Reads from FD, which it duplicates; a pipe is spooled first. */
int vt_source_fd(int fd, struct vt_source **ret, struct vt_error *err);
/*
 * Reads from FD, a file of the caller's own that nobody else can change; it
 * must stay open as long as the source lives.  Nothing is copied.  VT_EIO.
 */
int vt_source_borrow(int fd, struct vt_source **ret, struct vt_error *err);
/* Borrows B, which must outlive the source, and not change meanwhile. */
int vt_source_bytes(struct vt_bytes b, struct vt_source **ret,
    struct vt_error *err);
/*
 * All of SRC in memory, and what it keeps of its digest; at most
 * VT_SOURCE_COPY_MAX.  VT_ELIMIT; VT_EIO.
 */
int vt_source_copy(struct vt_source *src, struct vt_source **ret,
    struct vt_error *err);
/* The first LEN bytes of SRC as a source of their own; SRC must outlive it. */
int vt_source_prefix(struct vt_source *src, uint64_t len,
    struct vt_source **ret, struct vt_error *err);
void vt_source_free(struct vt_source *src); /* NULL is allowed */
/*
 * Memory of SRC is not given to processes that are forked from now on, which
 * then cost less; or it is again.  Without an effect on what is no copy of its
 * own.
 */
void vt_source_hide(struct vt_source *src, bool hidden);
/* SRC for one more owner: it is gone once each has freed it. */
struct vt_source *vt_source_hold(struct vt_source *src);

uint64_t vt_source_size(const struct vt_source *src);
/* The descriptor that it reads from, borrowed; -1: all of it is in memory. */
int vt_source_descriptor(const struct vt_source *src);

/* Exactly LEN bytes from OFF.  VT_EFORMAT past the end; VT_EIO. */
int vt_source_read(struct vt_source *src, uint64_t off, void *buf, size_t len,
    struct vt_error *err);

/*
 * Show LEN bytes from OFF, less where the source ends before.  *RET is
 * borrowed until the next call on SRC.  LEN at most VT_SOURCE_COPY_MAX
 * (VT_ELIMIT).
 */
int vt_source_view(struct vt_source *src, uint64_t off, size_t len,
    struct vt_bytes *ret, struct vt_error *err);

/*
 * Hand LEN bytes from OFF, in order and in pieces of at most 64 KiB, to FN.
 * Stops with FN's code where that is not VT_OK.
 */
typedef int vt_sink_fn(void *ctx, struct vt_bytes piece, struct vt_error *err);
int vt_source_stream(struct vt_source *src, uint64_t off, uint64_t len,
    vt_sink_fn *fn, void *ctx, struct vt_error *err);

/*
 * vt_sha256_source(); where all of SRC is in memory it keeps the digest, which
 * is made once, and how it stood on the way, for whoever has to digest its
 * beginning again.
 */
int vt_source_digest(struct vt_source *src, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err);
/*
 * The digest of the first *RET_LEN bytes, at most LEN, to be copied; NULL: none
 * was kept.  *RET_LEN is the most there is.
 */
const struct vt_sha256 *vt_source_digested(const struct vt_source *src,
    uint64_t len, uint64_t *ret_len);

/* VT_EIO where a file that was not copied changed since it was opened. */
int vt_source_unchanged(const struct vt_source *src, struct vt_error *err);

#endif
