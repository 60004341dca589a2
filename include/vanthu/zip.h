/* zip.h - ZIP archives (PKWARE APPNOTE 6.3) read with limits, and written */
#ifndef VANTHU_ZIP_H
#define VANTHU_ZIP_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;
struct vt_source;

struct vt_zip; /* an archive that is read */

/* Its name is borrowed from the archive. */
struct vt_zip_member {
	/*
	 * As stored, in UTF-8 (from CP437 where the archive does not say
	 * UTF-8).  Foreign text: it is never used as a path here, and is not
	 * fit to be one.
	 */
	const char *name;
	uint64_t size;   /* as the archive claims */
	uint64_t packed; /* as the archive claims */
	bool folder;     /* the name ends with a slash */
};

/* true where SRC begins like an archive with members: "PK\3\4". */
bool vt_zip_probe(struct vt_source *src);

/*
 * Read the directory of SRC, which must outlive *RET.  Free with
 * vt_zip_free().  VT_EFORMAT: not an archive, or its directory is damaged.
 * VT_ELIMIT: more than VT_ZIP_COUNT_MAX members, a
 * name too long, the claimed sizes sum to more than VT_ZIP_TOTAL_MAX.
 * VT_EUNSUPPORTED: an encrypted member, or a method other than store and
 * deflate.  VT_EIO; VT_ENOMEM.
 */
int vt_zip_open(struct vt_source *src, struct vt_zip **ret,
    struct vt_error *err);
void vt_zip_free(struct vt_zip *zip); /* NULL is allowed */

size_t vt_zip_count(const struct vt_zip *zip);
/* The I-th member in the order of the directory, I < vt_zip_count(). */
struct vt_zip_member vt_zip_member(const struct vt_zip *zip, size_t i);
/* The member of that very name; VT_ENOTFOUND; VT_EFORMAT: two have it. */
int vt_zip_find(const struct vt_zip *zip, const char *name, size_t *ret,
    struct vt_error *err);

/*
 * true where the archive is one member and nothing else from its first byte to
 * its directory, so that no reader finds another file in it.
 */
bool vt_zip_sole(const struct vt_zip *zip);

/*
 * Hand the bytes of member I, inflated, in pieces to SINK, as in
 * vt_source_stream().  VT_EFORMAT: damaged, or CRC-32 or size disagree: what
 * was handed over is then worth nothing.  VT_ELIMIT, for each member and for
 * the sum of all that was read from ZIP; VT_EIO; SINK's own code.
 */
int vt_zip_read(struct vt_zip *zip, size_t i,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

/*
 * Writing: members are deflated, without data descriptors, dated 1980-01-01,
 * with their names in UTF-8 whatever the locale, and the flag that says so, so
 * that the same input gives the same bytes.
 */
struct vt_zip_writer;

/*
 * The archive is written from FD's present end on.  FD can be sought, such as
 * vt_out_fd(), and stays the caller's.
 */
int vt_zip_writer_new(int fd, struct vt_zip_writer **ret, struct vt_error *err);
void vt_zip_writer_free(struct vt_zip_writer *w); /* NULL is allowed */
/*
 * Add CONTENT, which must live until vt_zip_writer_end(), as NAME, which is
 * copied.  VT_EEXISTS: a member has that name; VT_EARG: the name is empty,
 * absolute, has a "." or ".." part, a backslash or a control character, or is
 * not UTF-8; VT_ELIMIT.
 */
int vt_zip_writer_add(struct vt_zip_writer *w, const char *name,
    struct vt_source *content, struct vt_error *err);
/* Write it all.  W may then only be freed.  VT_EIO; VT_ENOMEM. */
int vt_zip_writer_end(struct vt_zip_writer *w, struct vt_error *err);

#endif
