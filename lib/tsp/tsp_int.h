/* tsp_int.h - what the parts of tsp share */
#ifndef TSP_INT_H
#define TSP_INT_H

#include <openssl/evp.h>
#include <openssl/ts.h>

#include "vanthu/tsp.h"

struct vt_error;

struct vt_tsp {
	struct vt_cms *cms;
	struct vt_buf der;
	struct vt_buf content; /* the TSTInfo as it came */
	TS_TST_INFO *tst;
	const struct tsp_md *md; /* of the imprint */
	struct vt_buf tsa;       /* what its info borrows */
	struct vt_tsp_info info;
};

/* A digest that an imprint may be by; what is weak, trust's table says. */
struct tsp_md {
	int nid;
	const char *name;
	const char *fetch; /* for OpenSSL */
	size_t len;
};

/* By an AlgorithmIdentifier without parameters; VT_EFORMAT, VT_EUNSUPPORTED. */
int vt_tsp_md_of(const X509_ALGOR *alg, const struct tsp_md **ret,
    struct vt_error *err);
const struct tsp_md *vt_tsp_md_named(const char *name); /* or NULL */
/* The imprint of M; the codes above, and its length is the digest's. */
int vt_tsp_imprint_read(TS_MSG_IMPRINT *m, const struct tsp_md **ret_md,
    struct vt_bytes *ret, struct vt_error *err);

/*
 * Step over one element of *IN, of definite length and with a tag of one
 * octet, ID; false: none is there, and *IN is as it was.
 */
bool vt_tsp_take(struct vt_bytes *in, unsigned char *ret_id,
    struct vt_bytes *ret_value, struct vt_bytes *ret_whole);

/* Fill T's info from its content.  VT_EFORMAT, VT_EUNSUPPORTED, VT_ENOMEM. */
int vt_tsp_info_read(struct vt_tsp *t, struct vt_error *err);

#endif
