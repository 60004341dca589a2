/* algorithms.h - which digests and keys prove something, and until when */
#ifndef VANTHU_ALGORITHMS_H
#define VANTHU_ALGORITHMS_H

#include "vanthu/x509.h"

#define VT_ALGORITHMS_MAX (64u * 1024) /* bytes of a table */
#define VT_ALGORITHMS_LINES 512

/*
 * A dated table of what is acceptable; what is not in it is not.  A line is
 *
 *	digest NAME [from DATE] [until DATE]
 *	rsa|dsa|ec|ed BITS [from DATE] [until DATE]
 *
 * with NAME as vt_cert_digest() has it and DATE as YYYY-MM-DD at +07:00, both
 * days included.  A line for keys holds from its BITS up to the next line of
 * its kind.  "#" starts a comment.
 */
struct vt_algorithms;

/* The table of lib/trust/algorithms.txt, which is built in. */
int vt_algorithms_new(struct vt_algorithms **ret, struct vt_error *err);
/* VT_EFORMAT: names the line; VT_ELIMIT; VT_ENOMEM. */
int vt_algorithms_parse(struct vt_bytes text, struct vt_algorithms **ret,
    struct vt_error *err);
/* The same of a file.  VT_EIO too. */
int vt_algorithms_read(const char *path, struct vt_algorithms **ret,
    struct vt_error *err);
void vt_algorithms_free(struct vt_algorithms *a); /* NULL is allowed */
const unsigned char *vt_algorithms_sha256(const struct vt_algorithms *a);

/*
 * Acceptable at AT, the instant by which the signature is proven to have
 * existed.  NAME: NULL is a digest that is not known, "" none of its own.
 */
bool vt_algorithms_digest(const struct vt_algorithms *a, const char *name,
    int64_t at);
bool vt_algorithms_key(const struct vt_algorithms *a, enum vt_key_type type,
    int bits, int64_t at);

/*
 * Append what is not acceptable at AT to WEAK, each once: "sha1", "rsa-1024",
 * "unknown-digest", "unknown-key".  VT_ENOMEM.
 */
int vt_algorithms_weak_digest(const struct vt_algorithms *a, const char *name,
    int64_t at, struct vt_list *weak, struct vt_error *err);
int vt_algorithms_weak_key(const struct vt_algorithms *a,
    const struct vt_cert *cert, int64_t at, struct vt_list *weak,
    struct vt_error *err);

#endif
