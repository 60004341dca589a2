/* file.h - whole files in, and files out that are there whole or not at all */
#ifndef VANTHU_FILE_H
#define VANTHU_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "vanthu/bytes.h"

struct vt_error;
struct vt_source;

/*
 * Read a whole regular file of at most MAX bytes into RET, which the caller
 * releases.  VT_EIO; VT_ELIMIT.
 */
int vt_file_read(const char *path, size_t max, struct vt_buf *ret,
    struct vt_error *err);

/*
 * A file without a name, to be written and read, in the folder DIR, or where
 * there is room if that is NULL.  Close *RET_FD.  VT_EIO.
 */
int vt_file_nameless(const char *dir, int *ret_fd, struct vt_error *err);

/* Write all of B to FD, over short writes and EINTR.  VT_EIO. */
int vt_fd_write(int fd, struct vt_bytes b, struct vt_error *err);
/*
 * FD is written up to END: of a long file the disk writes the first part while
 * the next is made, so that fsync(), whose word alone counts, has less to wait
 * for.  *BEGUN is how far that is, 0 at first; kept by the caller.
 */
void vt_fd_begin(int fd, uint64_t end, uint64_t *begun);
/* Write all of B at OFF, wherever FD stands.  VT_EIO. */
int vt_fd_patch(int fd, uint64_t off, struct vt_bytes b, struct vt_error *err);
/* Read up to LEN bytes, less only at the end of the file.  VT_EIO. */
int vt_fd_read(int fd, void *buf, size_t len, size_t *ret_n,
    struct vt_error *err);

/* Make a folder durable after entries changed.  VT_EIO. */
int vt_dir_sync(const char *path, struct vt_error *err);
/* Make PATH and its missing parents, durably.  VT_EIO. */
int vt_dir_make(const char *path, mode_t mode, struct vt_error *err);
/* "DIR/NAME" for free(), or NULL. */
char *vt_path_join(const char *dir, const char *name);
/* The folder of the running program, for free(), or NULL. */
char *vt_program_dir(void);

/*
 * A file being made.  It has no name (or a dot-name of its own in the same
 * folder) until vt_out_commit(), which syncs it, gives it its name unless that
 * name is taken (VT_EEXISTS), and syncs the folder.  Anything else leaves
 * nothing behind.
 */
struct vt_out;

int vt_out_open(const char *path, struct vt_out **ret, struct vt_error *err);
/* One in the folder DIR whose name vt_out_rename() tells, before the commit. */
int vt_out_open_in(const char *dir, struct vt_out **ret, struct vt_error *err);
/* It is to get the name PATH, which is in the folder that it was opened in. */
int vt_out_rename(struct vt_out *out, const char *path, struct vt_error *err);
/*
 * Has it no name at all so far?  Then it may get the name PATH in another
 * folder of the same file system.
 */
bool vt_out_nameless(const struct vt_out *out);
int vt_out_move(struct vt_out *out, const char *path, struct vt_error *err);
int vt_out_fd(const struct vt_out *out); /* stays ours; may be sought, read */
int vt_out_write(struct vt_out *out, struct vt_bytes b, struct vt_error *err);
/* Write all of SRC.  VT_EIO: also where SRC changed meanwhile. */
int vt_out_source(struct vt_out *out, struct vt_source *src,
    struct vt_error *err);
/* Replace bytes that were written before, at OFF. */
int vt_out_patch(struct vt_out *out, uint64_t off, struct vt_bytes b,
    struct vt_error *err);
/* Write all of it to FD: what is to have no name.  VT_EIO. */
int vt_out_copy(struct vt_out *out, int fd, struct vt_error *err);
int vt_out_empty(struct vt_out *out, struct vt_error *err); /* begin anew */
/*
 * All is written and the commit comes later: the disk begins, so that the
 * commit, whose word alone counts, has less to wait for.
 */
void vt_out_begin(struct vt_out *out);
int vt_out_commit(struct vt_out *out, struct vt_error *err); /* frees OUT */
/*
 * The same but for the folder: the file is durable, its name is not, before
 * the caller has called vt_dir_sync(); that may serve several.
 */
int vt_out_commit_name(struct vt_out *out, struct vt_error *err);
/*
 * vt_out_commit() of N that were opened in this order, with few waits for the
 * disk: all data are synced, then all get their names, then the folders are
 * synced.  Many on one file system are synced with it, by syncfs(2), where that
 * is known to be as good.  RCS[i] is VT_OK, or VT_EEXISTS: the name was taken.
 * Else VT_EIO: none is there that was not before.  Frees all of OUTS.
 */
int vt_out_commit_all(struct vt_out **outs, size_t n, int *rcs,
    struct vt_error *err);
void vt_out_abort(struct vt_out *out); /* frees OUT; NULL is allowed */

/* The same in one call: B under PATH, whole or not at all. */
int vt_file_write(const char *path, struct vt_bytes b, struct vt_error *err);
/* The same, but a file that is there is replaced in one step. */
int vt_file_replace(const char *path, struct vt_bytes b, struct vt_error *err);

#endif
