/* x509_crl_int.h - what the parts of a revocation list share */
#ifndef VT_X509_CRL_INT_H
#define VT_X509_CRL_INT_H

#include "x509_der.h"
#include "x509_int.h"

/* Where an entry and its serial number stand, from the entries' start on. */
struct vt_crl_spot {
	uint32_t entry, serial, len;
};

enum { CRL_ENTRIES_BAD = -1, CRL_ENTRIES_SOUND = 1, CRL_ENTRIES_STRANGE };

/* Slices lie in DER. */
struct vt_crl {
	atomic_size_t refs;
	unsigned char *der;
	size_t len;
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_bytes tbs;     /* what is signed */
	struct vt_bytes entries; /* revokedCertificates, without its header */
	X509_NAME *issuer;
	X509_ALGOR *alg;
	ASN1_BIT_STRING *sig;
	STACK_OF(X509_EXTENSION) * exts; /* or NULL */
	char *issuer_line;
	int64_t this_update, next_update;
	int64_t keeps_since;
	bool version2;
	/* All but the entries, and what is critical and not known here. */
	bool sound;
	bool strange;                /* such is there */
	atomic_int entries_sound;    /* 0: not looked at yet; a CRL_ENTRIES_ */
	ISSUING_DIST_POINT *scope;   /* or NULL */
	ASN1_INTEGER *number, *base; /* or NULL; BASE of a delta */
	struct vt_crl_spot *index;   /* by serial number; NULL: none */
	size_t nindex;
};

#endif
