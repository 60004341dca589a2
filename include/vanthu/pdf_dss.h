/* pdf_dss.h - the validation data that a PDF carries */
#ifndef VANTHU_PDF_DSS_H
#define VANTHU_PDF_DSS_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"
#include "vanthu/pdf.h" /* struct vt_pdf_ref */

struct vt_error;
struct vt_out;
struct vt_pdf_signed;

/* ISO 32000-2, 12.8.4.3; EN 319 142-1, 5.4.2. */

struct vt_pdf_dss_item {
	enum vt_pdf_dss_kind {
		VT_PDF_DSS_CERT, /* a certificate */
		VT_PDF_DSS_CRL,  /* a CertificateList */
		VT_PDF_DSS_OCSP  /* an OCSPResponse */
	} kind;
	struct vt_pdf_ref ref; /* the stream that holds it */
	unsigned char *der;    /* as it stands there, not parsed; owned */
	size_t len;
};

/* What the file says was needed for one signature. */
struct vt_pdf_vri {
	char *name; /* of its key: SHA-1 of the signature in hex, say */
	const struct vt_pdf_dss_item **items; /* of the dictionary's items */
	size_t n;
	int64_t made;      /* /TU, a claim; VT_TIME_NONE */
	unsigned char *ts; /* /TS, a time-stamp token, or NULL */
	size_t ts_len;
};

struct vt_pdf_dss {
	bool present; /* the catalog has a /DSS that is a dictionary */
	/*
	 * Each stream once for each kind that it is listed as, whether by the
	 * dictionary itself or only by an entry of /VRI; in no order.
	 */
	struct vt_pdf_dss_item *items;
	size_t n;
	struct vt_pdf_vri *vri;
	size_t nvri;
	/*
	 * What could not be read, because it is damaged, encrypted or no
	 * stream, and what a limit cut off: less is proven then, never more.
	 */
	size_t unreadable;
	bool cut;
};

/*
 * Read /DSS of the document as PDF shows it (so of an earlier state, where
 * PDF was opened for that).  No such dictionary: VT_OK and not present.  RET
 * is the caller's, to be released.  VT_EIO, VT_ENOMEM.
 */
int vt_pdf_dss_read(struct vt_pdf *pdf, struct vt_pdf_dss *ret,
    struct vt_error *err);
/*
 * The same of the state that signature I closed, so of what a document time
 * stamp covers; not present where that state cannot be read.
 */
int vt_pdf_signed_dss(struct vt_pdf_signed *s, size_t i, struct vt_pdf_dss *ret,
    struct vt_error *err);
void vt_pdf_dss_release(struct vt_pdf_dss *dss);

/* --- writing --- */

/* DER of what is to be added, each once; borrowed. */
struct vt_pdf_dss_more {
	const struct vt_bytes *certs; /* certificates */
	size_t ncerts;
	const struct vt_bytes *crls; /* CertificateLists */
	size_t ncrls;
	const struct vt_bytes *ocsps; /* OCSPResponses */
	size_t nocsps;
};

/*
 * Write PDF (strict mode) with one more revision to OUT, which holds nothing
 * yet: what it has in /DSS stays, MORE stands behind it.  No /VRI is made: what
 * it would say stands in the data itself.  VT_EREFUSED: a certification or a
 * field lock allows no change.  VT_EARG: MORE is empty.  Others as
 * vt_pdf_update_write().
 */
int vt_pdf_dss_add(struct vt_pdf *pdf, const struct vt_pdf_dss_more *more,
    struct vt_out *out, struct vt_error *err);

#endif
