/* key_token.h - keys in tokens: PKCS#11 modules, slots, one PIN for a run */
#ifndef VANTHU_KEY_TOKEN_H
#define VANTHU_KEY_TOKEN_H

#include "vanthu/bytes.h"
#include "vanthu/error.h" /* VT_TEXT_MAX */
#include "vanthu/limits.h"

struct vt_cert;
struct vt_key_ask; /* key.h */
struct vt_signer;  /* signer.h */

enum vt_key_class {
	VT_KEY_CLASS_ANY = 0,
	VT_KEY_CLASS_PRIVATE,
	VT_KEY_CLASS_CERT,
	VT_KEY_CLASS_PUBLIC,
	VT_KEY_CLASS_SECRET,
	VT_KEY_CLASS_DATA
};

/*
 * What a "pkcs11:" URI says (RFC 7512, 2.3).  Strings are decoded UTF-8, NULL
 * where the attribute is absent; they are owned.
 */
struct vt_key_uri {
	char *token, *manufacturer, *serial, *model;
	char *library_manufacturer, *library_description, *library_version;
	char *slot_manufacturer, *slot_description;
	bool has_slot_id;
	uint64_t slot_id;
	enum vt_key_class type;
	char *object;
	bool has_id;
	unsigned char id[VT_KEY_ID_MAX];
	size_t id_len;
	/* of the query */
	char *pin_source, *module_name, *module_path;
};

/*
 * Parse TEXT strictly: any character that RFC 7512 does not allow, an attribute
 * twice, one that is not known in the path, a value that is no UTF-8 or holds a
 * NUL, a module-path that is not absolute, is VT_EARG, with the clause.  So is
 * pin-value: a secret is never an argument.  Attributes of the query that are
 * not known are a vendor's and passed over.  VT_ELIMIT; VT_ENOMEM.  Release RET
 * with vt_key_uri_release().
 */
int vt_key_uri_parse(const char *text, struct vt_key_uri *ret,
    struct vt_error *err);
void vt_key_uri_release(struct vt_key_uri *uri); /* a zeroed one is allowed */
/* Append "NAME=VALUE", VALUE as RFC 7512 wants it in a path. */
int vt_key_uri_put(struct vt_buf *out, const char *name, struct vt_bytes value);

/* --- modules --- */

enum vt_key_source {
	VT_KEY_FROM_NAMED,  /* by the URI or by who calls */
	VT_KEY_FROM_CONF,   /* by vanthu.conf */
	VT_KEY_FROM_P11KIT, /* p11-kit's folders say so */
	VT_KEY_FROM_KNOWN   /* it lies where such modules are installed */
};

struct vt_key_module_path {
	char *path; /* absolute */
	enum vt_key_source source;
};

struct vt_key_module_paths {
	struct vt_key_module_path *items;
	size_t n;
};

/*
 * Which modules this machine has, the likeliest first, each file once.  NAMED
 * (may be NULL) and CONF (may be NULL) are paths that stand in front, whether
 * the files are there or not.  Reads p11-kit's *.module files without p11-kit;
 * those that hold anchors only, or are not for us, are left out.  VT_EARG:
 * a path that is not absolute; VT_ENOMEM.
 */
int vt_key_modules(const char *named, const char *conf,
    struct vt_key_module_paths *ret, struct vt_error *err);
void vt_key_modules_release(struct vt_key_module_paths *paths);
/* The module PATH has the module-name NAME (RFC 7512, 2.3). */
bool vt_key_module_named(const char *path, const char *name);

enum vt_key_pin {
	VT_KEY_PIN_GOOD, /* no wrong PIN since the last right one */
	VT_KEY_PIN_LOW,  /* a wrong PIN was given */
	VT_KEY_PIN_LAST, /* one more wrong PIN locks the token */
	VT_KEY_PIN_LOCKED,
	VT_KEY_PIN_UNSET, /* the user has none yet */
	VT_KEY_PIN_CHANGE /* it has to be changed before it is used */
};

/* "good", "low", "last", "locked", "unset", "change". */
const char *vt_key_pin_name(enum vt_key_pin pin);

struct vt_key_cert {
	struct vt_cert *cert; /* a reference of its own */
	unsigned char id[VT_KEY_ID_MAX];
	size_t id_len;
	char label[VT_KEY_LABEL_MAX + 1]; /* foreign text, UTF-8 */
	bool has_key; /* a key of this id can be seen without the PIN */
};

struct vt_key_slot {
	uint64_t id;
	char description[65], manufacturer[33]; /* of the slot */
	bool has_token;
	/* of the token; foreign text, UTF-8, without the padding */
	char label[33], maker[33], model[17], serial[17];
	bool initialized, login_required, own_pad;
	enum vt_key_pin pin;
	bool rsa, pss, ecdsa; /* what it signs with */
	struct vt_key_cert *certs;
	size_t ncerts;
};

enum vt_key_state {
	VT_KEY_MODULE_OK,
	VT_KEY_MODULE_ABSENT,  /* no such file */
	VT_KEY_MODULE_REFUSED, /* it cannot be loaded, or its start fails */
	VT_KEY_MODULE_DIED,    /* it took its process with it */
	VT_KEY_MODULE_LATE     /* it did not answer in time */
};

/* "ok", "absent", "refused", "died", "late". */
const char *vt_key_state_name(enum vt_key_state state);

/* What a module said when it was asked, without any PIN. */
struct vt_key_module {
	enum vt_key_state state;
	char reason[VT_TEXT_MAX]; /* translated; where it is not OK */
	char manufacturer[33], description[33], version[16];
	struct vt_key_slot *slots;
	size_t nslots;
};

/*
 * Load the module PATH in a process of its own, ask it and end it: a module
 * that crashes, hangs, exits or answers nonsense is a state, not an error.
 * Forks, so not while threads run.  No login is tried.  VT_EIO, VT_ENOMEM.
 */
int vt_key_module_probe(const char *path, struct vt_key_module *ret,
    struct vt_error *err);
void vt_key_module_release(struct vt_key_module *module);

/* The token in SLOT of MODULE is one that URI names; its objects aside. */
bool vt_key_slot_fits(const struct vt_key_uri *uri,
    const struct vt_key_module *module, const struct vt_key_slot *slot);

/* --- a signer --- */

struct vt_key_token {
	const char *uri;
	const char *conf_module; /* vanthu.conf's [token] module, or NULL */
	/* the signer's certificate, or NULL: the token's */
	const char *cert_path;
	const char *chain_path; /* further certificates, or NULL */
	/* WHAT is the token's label; may be NULL: no PIN */
	const struct vt_key_ask *ask;
	bool last_try; /* go on where one wrong PIN more locks the token */
	/* What the user should know before the PIN is asked; may be NULL. */
	void (*say)(void *ctx, const char *text);
	void *say_ctx;
};

/*
 * A signer from a token.  The module is the URI's module-path; else vanthu.conf
 * says it; else all that the machine has are asked (vt_key_module_probe()) for
 * a token that fits.  One session, one login, one PIN: ASK is called once at
 * most, a PIN is never given a second time after it was refused, and where the
 * token says that one try is left, none is made unless LAST_TRY.  The PIN is
 * cleared after the login, but for a key that wants it before each signature
 * (CKA_ALWAYS_AUTHENTICATE), where the same right PIN is given each time and
 * cleared with the signer.  The certificate is the one in CERT_PATH that fits
 * the key, else the token's own of the same CKA_ID.  Every signature is checked
 * with the certificate before it is given out.
 *
 * A token that is gone once stays gone: each further vt_signer_sign() is
 * VT_EKEY, and the module is not called again.
 *
 * Processes and threads: PKCS#11 forbids the use of a module in a forked child
 * (PKCS#11 2.40, 5.4 C_Initialize).  The signer signs only in the process that
 * made it (VT_EARG in others, where freeing it calls no module either), and
 * from one thread at a time; its ops do not say forks.  Forking beside it is
 * safe as long as the child leaves by _exit() or exec.
 *
 * VT_EARG: a URI that is not one, VT_EKEY: all that concerns modules, tokens,
 * PIN, keys and certificates, with what to do next; VT_EIO, VT_EFORMAT,
 * VT_ELIMIT, VT_ENOMEM as vt_key_pem().
 */
int vt_key_token(const struct vt_key_token *how, struct vt_signer **ret,
    struct vt_error *err);

#endif
