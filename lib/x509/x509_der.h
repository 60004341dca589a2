/* x509_der.h - elements of DER, read one after the other */
#ifndef VT_X509_DER_H
#define VT_X509_DER_H

#include "vanthu/bytes.h"

enum vt_der_tag {
	VT_DER_BOOLEAN = 0x01,
	VT_DER_INTEGER = 0x02,
	VT_DER_BITS = 0x03,
	VT_DER_OCTETS = 0x04,
	VT_DER_OID = 0x06,
	VT_DER_ENUM = 0x0a,
	VT_DER_UTCTIME = 0x17,
	VT_DER_GENTIME = 0x18,
	VT_DER_SEQUENCE = 0x30,
	VT_DER_EXPLICIT0 = 0xa0
};

struct vt_der {
	unsigned char tag; /* its one byte */
	struct vt_bytes body;
	struct vt_bytes whole; /* tag and length too */
};

/*
 * The first element of *REST, which becomes what stands behind it.  false: no
 * element of one tag byte with the shortest form of a length.
 */
bool vt_der_next(struct vt_bytes *rest, struct vt_der *ret);
/* The same where its tag is TAG; else nothing is taken. */
bool vt_der_take(struct vt_bytes *rest, unsigned char tag, struct vt_der *ret);
/* An INTEGER's contents in their shortest form. */
bool vt_der_integer_ok(struct vt_bytes body);

#endif
