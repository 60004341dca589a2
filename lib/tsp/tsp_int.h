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
	const char *fetch; /* the imprint's digest, for OpenSSL */
	struct vt_tsp_info info;
};

/* Fill T's info from its content.  VT_EFORMAT, VT_EUNSUPPORTED, VT_ENOMEM. */
int vt_tsp_info_read(struct vt_tsp *t, struct vt_error *err);

#endif
