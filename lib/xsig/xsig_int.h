/* xsig_int.h - what the parts of xsig share */
#ifndef VT_XSIG_INT_H
#define VT_XSIG_INT_H

#include <openssl/evp.h>

#include "vanthu/x509.h"
#include "vanthu/xml_tree.h"
#include "vanthu/xsig.h"

#define XSIG_NS "http://www.w3.org/2000/09/xmldsig#"
#define XSIG_XADES_NS "http://uri.etsi.org/01903/v1.3.2#"
#define XSIG_C14N_EXC "http://www.w3.org/2001/10/xml-exc-c14n#"
#define XSIG_XADES_141 "http://uri.etsi.org/01903/v1.4.1#"

/* --- algorithms; xsig_alg.c --- */

enum xsig_md {
	XSIG_MD5,
	XSIG_SHA1,
	XSIG_SHA224,
	XSIG_SHA256,
	XSIG_SHA384,
	XSIG_SHA512,
	XSIG_SHA3_224,
	XSIG_SHA3_256,
	XSIG_SHA3_384,
	XSIG_SHA3_512,
	XSIG_NMD,
	XSIG_MD_UNKNOWN = XSIG_NMD
};

const char *vt_xsig_md_name(enum xsig_md md); /* NULL: unknown */
size_t vt_xsig_md_len(enum xsig_md md);
bool vt_xsig_md_weak(enum xsig_md md);
enum xsig_md vt_xsig_md_of(const char *uri);

enum xsig_family {
	XSIG_FAMILY_NONE,
	XSIG_RSA,
	XSIG_PSS,
	XSIG_ECDSA,
	XSIG_ED25519,
	XSIG_ED448
};

struct xsig_alg {
	enum xsig_family family;
	enum xsig_md md; /* XSIG_MD_UNKNOWN for the Edwards curves */
};

struct xsig_alg vt_xsig_alg_of(const char *uri); /* XSIG_FAMILY_NONE */
const char *vt_xsig_family_name(enum xsig_family family);

/* A digest being made.  The calls give VT_ECRYPTO, VT_ENOMEM. */
struct xsig_hash;
int vt_xsig_hash_new(enum xsig_md md, struct xsig_hash **ret,
    struct vt_error *err);
int vt_xsig_hash_put(void *hash, struct vt_bytes piece, struct vt_error *err);
/* OUT has EVP_MAX_MD_SIZE bytes; HASH may then only be freed. */
int vt_xsig_hash_end(struct xsig_hash *hash, unsigned char *out,
    struct vt_error *err);
void vt_xsig_hash_free(struct xsig_hash *hash); /* NULL is allowed */

/* VT_XSIG_FINE, _BAD_KEY or _SIGNATURE_WRONG. */
enum vt_xsig_reason vt_xsig_verify(EVP_PKEY *key, struct xsig_alg alg,
    struct vt_bytes message, struct vt_bytes value);

/* --- what a signature is made of --- */

struct xsig_c14n {
	enum vt_xml_method method;
	bool comments;
	struct vt_list prefixes;
};

struct xsig_ref {
	struct vt_xsig_reference pub;
	char *uri, *target_path;
	const struct vt_xml_node *node;
	/* What can be said before anything is digested; else VT_XSIG_FINE. */
	enum vt_xsig_reason form;
	bool outside;  /* what it means is not in this document */
	bool comments; /* they are in the node set (XPointer) */
	const struct vt_xml_node *target;  /* an element or the document */
	bool enveloped, base64, canonical; /* the transforms */
	struct xsig_c14n c14n;             /* where canonical */
	enum xsig_md md;
	unsigned char value[EVP_MAX_MD_SIZE];
};

/* One Cert of SigningCertificate or SigningCertificateV2. */
struct xsig_cert_id {
	unsigned version; /* 1 or 2 */
	enum xsig_md md;
	unsigned char value[EVP_MAX_MD_SIZE];
	char *serial;             /* 1: decimal; NULL: not given */
	struct vt_buf issuer_der; /* 2: an IssuerSerial, or empty */
};

struct xsig_stamp {
	struct vt_xsig_stamp pub;
	struct vt_buf token;
	const struct vt_xml_node *property;
	struct xsig_c14n c14n;
};

struct xsig_sig {
	struct vt_xsig_signature pub;
	char *id;
	const struct vt_xml_node *node, *signed_info, *value_node, *key_info;
	const struct vt_xml_node *objects; /* the first one */
	enum vt_xsig_reason form;          /* VT_XSIG_FINE, or why it is none */
	struct xsig_c14n c14n;             /* of SignedInfo */
	struct xsig_alg alg;
	struct vt_buf value;
	struct xsig_ref *refs;
	size_t nrefs, nown; /* with and without those of manifests */
	/* KeyInfo's certificates come first. */
	struct vt_certs certs;
	size_t nkey_certs;
	struct vt_buf *crls, *ocsps;
	size_t ncrls, nocsps;
	/* XAdES */
	const struct vt_xml_node *qualifying, *properties; /* signed ones */
	const struct vt_xml_node *unsigned_props;
	enum vt_xsig_reason xades_form;
	bool time_bad;
	struct xsig_cert_id *cert_ids;
	size_t ncert_ids;
	struct xsig_stamp *stamps;
	size_t nstamps;
	char *uncovered; /* of the latest check */
};

/* An attribute that may be an Id. */
struct xsig_id {
	struct vt_bytes value;
	const struct vt_xml_node *node;
	bool usable; /* one that references mean; else it only makes doubt */
};

struct vt_xsig {
	struct vt_xml_tree *tree;
	struct xsig_id *ids; /* sorted by value */
	size_t nids;
	struct xsig_sig *sigs;
	size_t nsigs;
	uint64_t work;                    /* bytes digested so far */
	const char *pass_ns, *pass_local; /* need not be covered, or NULL */
};

/* --- reading; xsig_read.c, xsig_ref.c, xsig_xades.c --- */

/* Only FINE goes on; codes are VT_ENOMEM and the like. */
int vt_xsig_read(struct vt_xsig *xs, struct xsig_sig *s, struct vt_error *err);
/* Read the ds:Reference NODE into one more of S. */
int vt_xsig_ref_read(struct vt_xsig *xs, struct xsig_sig *s,
    const struct vt_xml_node *node, struct vt_error *err);
void vt_xsig_ref_release(struct xsig_ref *r);
int vt_xsig_xades_read(const struct vt_xsig *xs, struct xsig_sig *s,
    struct vt_error *err);
void vt_xsig_xades_release(struct xsig_sig *s);
/* An element of this name in one of the namespaces of XAdES. */
bool vt_xsig_is_xades(const struct vt_xml_node *node, const char *local);
/* Where NODE is a property with time stamps, take them. */
int vt_xsig_stamp_read(const struct vt_xsig *xs, struct xsig_sig *s,
    const struct vt_xml_node *node, struct vt_error *err);
void vt_xsig_stamps_release(struct xsig_sig *s);
/* Base64 of a certificate, to certs if it is one; of anything, to VALUES. */
int vt_xsig_cert_put(struct xsig_sig *s, const struct vt_xml_node *node,
    struct vt_error *err);
int vt_xsig_value_put(struct vt_buf **values, size_t *n,
    const struct vt_xml_node *node, struct vt_error *err);

/* --- helpers for them; xsig_text.c --- */

/* Only elements and white space (and comments, where allowed) stand in it. */
bool vt_xsig_structure(const struct vt_xml_node *node, bool comments);
/* *CUR, an element or NULL, if it has this name; *CUR goes on behind it. */
const struct vt_xml_node *vt_xsig_take(const struct vt_xml_node **cur,
    const char *ns, const char *local);
/* First child element. */
const struct vt_xml_node *vt_xsig_child(const struct vt_xml_node *node);
/* The next sibling element. */
const struct vt_xml_node *vt_xsig_next(const struct vt_xml_node *node);
/* The attribute as a string for free(); *RET NULL: none.  VT_ENOMEM. */
int vt_xsig_attr(const struct vt_xml_node *node, const char *local, char **ret,
    struct vt_error *err);
/*
 * The text of an element that holds only text, without the white space around
 * it, for free(); *RET NULL: it is not so.  VT_ELIMIT; VT_ENOMEM.
 */
int vt_xsig_text(const struct vt_xml_node *node, char **ret,
    struct vt_error *err);
/*
 * The same from base64 to bytes; *OK false: not so.  RET was initialised.
 * VT_ELIMIT: longer than its maximum.
 */
int vt_xsig_base64(const struct vt_xml_node *node, struct vt_buf *ret, bool *ok,
    struct vt_error *err);
/* DigestMethod and DigestValue, stepped over; false: not as they should be. */
int vt_xsig_digest_read(const struct vt_xml_node **cur, enum xsig_md *md,
    unsigned char *value, enum vt_xsig_reason *form, struct vt_error *err);
/* An element with Algorithm that is a canonicalisation.  *KNOWN false: not. */
int vt_xsig_c14n_read(const struct vt_xml_node *node, struct xsig_c14n *ret,
    bool *known, struct vt_error *err);
void vt_xsig_c14n_release(struct xsig_c14n *c);
/* "/a/b", for free(). */
int vt_xsig_path(const struct vt_xml_node *node, char **ret,
    struct vt_error *err);
bool vt_xsig_blank(struct vt_bytes text);
/* The element that has ID; *RET NULL: REASON says why. */
enum vt_xsig_reason vt_xsig_id_find(const struct vt_xsig *xs,
    struct vt_bytes id, const struct vt_xml_node **ret);
/* Order of Ids. */
int vt_xsig_id_order(struct vt_bytes a, struct vt_bytes b);
/*
 * ITEMS, of N elements of SIZE and grown by this alone, with room for one more,
 * zeroed.  NULL: *RC is VT_ELIMIT past MAX, or VT_ENOMEM, and ITEMS stays.
 */
void *vt_xsig_grown(void *items, size_t n, size_t size, size_t max, int *rc,
    struct vt_error *err);

/* --- making; xsig_place.c --- */

/* Where an element ends in the bytes of its document. */
struct xsig_place {
	size_t at;             /* of "</name>", or of "/>" */
	struct vt_bytes empty; /* its name, where it ends in "/>"; else empty */
};

/* Of element number ELEMENT (from 0) of DOC; false: there is none. */
bool vt_xsig_place(struct vt_bytes doc, size_t element, struct xsig_place *ret);

/* --- making; xsig_frame.c --- */

#define XSIG_SIGNATURE_MAX (4u << 20) /* bytes of what is put in */
#define XSIG_FRAME_MAX (VT_XML_TREE_MAX + XSIG_SIGNATURE_MAX)

/* A document as it will be, but for what is new, which goes to AT. */
struct xsig_frame {
	struct vt_buf text;
	size_t at;
};

/*
 * SRC, which is XS, with OPEN and CLOSE at the end of its element IN, and AT
 * between the two.  F->text was initialised.
 */
int vt_xsig_frame(struct vt_source *src, const struct vt_xsig *xs,
    const struct vt_xml_node *in, const char *open, const char *close,
    struct xsig_frame *f, struct vt_error *err);
/* F with WHAT in it. */
int vt_xsig_splice(const struct xsig_frame *f, const struct vt_buf *what,
    struct vt_buf *ret, struct vt_error *err);
int vt_xsig_hand_out(const struct vt_buf *result, vt_sink_fn *fn, void *ctx,
    struct vt_error *err);
/* RC of a buffer that was being filled, as an error. */
int vt_xsig_buf_error(int rc, struct vt_error *err);
int vt_xsig_base64_put(struct vt_buf *out, struct vt_bytes b);

/* --- judging; xsig_digest.c, xsig_key.c, xsig_cover.c --- */

/* What references to the outside mean, digested once for each algorithm. */
struct xsig_content {
	struct vt_source *src; /* NULL: not at hand */
	bool have[XSIG_NMD];
	unsigned char value[XSIG_NMD][EVP_MAX_MD_SIZE];
	struct vt_xml_tree *tree; /* where a transform asked for it */
	bool no_tree;             /* it is not XML that we read */
};

void vt_xsig_content_release(struct xsig_content *c);
/* Sets pub.holds and pub.reason. */
int vt_xsig_ref_check(struct vt_xsig *xs, const struct xsig_sig *s,
    struct xsig_ref *r, struct xsig_content *content, struct vt_error *err);
/* Hand what R digests to FN: the octets behind its transforms.  */
int vt_xsig_ref_stream(struct vt_xsig *xs, const struct xsig_sig *s,
    const struct xsig_ref *r, struct xsig_content *content, vt_sink_fn *fn,
    void *ctx, enum vt_xsig_reason *reason, struct vt_error *err);
/* Count going over all nodes at NODE as work; false: no more is to be done. */
bool vt_xsig_work(struct vt_xsig *xs, const struct vt_xml_node *node);
/* Canonical form of NODE as C says, counted as work. */
int vt_xsig_canonical(struct vt_xsig *xs, const struct vt_xml_node *node,
    const struct xsig_c14n *c, vt_sink_fn *fn, void *ctx, struct vt_error *err);
/* Chooses the certificate; sets cert, reason, and what XAdES says of it. */
int vt_xsig_key_check(struct vt_xsig *xs, const struct xsig_sig *s,
    const struct vt_certs *extra, struct vt_xsig_facts *f,
    struct vt_error *err);
/*
 * The object whose text alone is signed, as the octets that it is base64 of,
 * where its attributes say what nothing signed does: as what they are opened.
 * NULL: none.
 */
const struct vt_xml_node *vt_xsig_octets_bare(const struct xsig_sig *s);
/* Sets covers and uncovered, or reason to VT_XSIG_LIMIT; uses what
 * vt_xsig_ref_check() found. */
int vt_xsig_cover(struct vt_xsig *xs, struct xsig_sig *s,
    struct vt_xsig_facts *f, struct vt_error *err);

#endif
