/* key_p11_int.h - what the parts of PKCS#11 share (PKCS#11 2.40) */
#ifndef KEY_P11_INT_H
#define KEY_P11_INT_H

#include <sys/types.h>

#include <p11-kit/pkcs11.h>

#include "key_int.h"
#include "vanthu/key_token.h"

/* A module that was loaded and started in this process. */
struct p11_module {
	void *dl;
	CK_FUNCTION_LIST *f;
	bool started; /* by us: to be finalized by us */
	pid_t owner;
};

/*
 * dlopen PATH and C_Initialize it.  VT_EKEY, with what to do; VT_ENOMEM.  The
 * text speaks of the module, not of its path.
 */
int vt_key_p11_load(const char *path, struct p11_module *ret,
    struct vt_error *err);
/* End it; only in the process that loaded it is anything called. */
void vt_key_p11_unload(struct p11_module *m); /* a zeroed one is allowed */

/* "CKR_PIN_INCORRECT"; for one that is not known "CKR_0x...", in OUT. */
#define P11_WORD 32
const char *vt_key_p11_word(CK_RV rv, char out[P11_WORD]);
/* VT_EKEY: "the token says CKR_..." */
int vt_key_p11_error(CK_RV rv, struct vt_error *err);
/* It says that the token or the session is there no more. */
bool vt_key_p11_is_gone(CK_RV rv);

/* Text of N bytes, padded with blanks; OUT has N + 1 bytes. */
void vt_key_p11_text(const CK_UTF8CHAR *text, size_t n, char *out);
enum vt_key_pin vt_key_p11_pin(CK_FLAGS flags);

/*
 * Handles of the objects that TEMPL describes, MAX at most; what is beyond is
 * left out.
 */
CK_RV vt_key_p11_find(const struct p11_module *m, CK_SESSION_HANDLE session,
    CK_ATTRIBUTE *templ, CK_ULONG n, CK_OBJECT_HANDLE *out, CK_ULONG max,
    CK_ULONG *ret_n);
/*
 * The value of an attribute; false: there is none, it may not be read, or it is
 * longer than what RET may hold.
 */
bool vt_key_p11_get(const struct p11_module *m, CK_SESSION_HANDLE session,
    CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct vt_buf *ret);
/* The mechanism TYPE of the slot signs. */
bool vt_key_p11_signs(const struct p11_module *m, CK_SLOT_ID slot,
    CK_MECHANISM_TYPE type);

/*
 * What a started module shows without any PIN, as bytes that
 * vt_key_p11_parse() reads.  In a process that may die of it.
 */
int vt_key_p11_look(const struct p11_module *m, struct vt_buf *out,
    struct vt_error *err);
/* What the process of a probe wrote; trusts nothing in it.  VT_EFORMAT. */
int vt_key_p11_parse(struct vt_bytes text, struct vt_key_module *ret,
    struct vt_error *err);

/* The modules that the *.module files in DIR name (p11-kit's pkcs11.conf(5)).
 */
int vt_key_p11_configs(const char *dir, struct vt_list *ret,
    struct vt_error *err);

/*
 * The one module and slot of this machine that HOW's URI means, asked for
 * without a PIN.  *RET_PATH for free().  VT_EKEY: none, or several.
 */
int vt_key_p11_choose(const struct vt_key_token *how,
    const struct vt_key_uri *uri, char **ret_path, struct vt_key_slot *ret,
    struct vt_error *err);
void vt_key_p11_slot_release(struct vt_key_slot *slot);

/* A session with a token. */
struct p11_session {
	struct p11_module module;
	CK_SESSION_HANDLE handle;
	CK_SLOT_ID slot;
	char label[33];
	bool own_pad;         /* the PIN is typed on the reader */
	struct vt_secret pin; /* kept only where each signature wants it */
	bool gone;            /* it is not called any more */
};

/* Open, look at the flags of the PIN, ask for it and log in: once. */
int vt_key_p11_login(const struct vt_key_token *how, const char *path,
    const struct vt_key_slot *slot, struct p11_session *ret,
    struct vt_error *err);
/* Say what went wrong with a PIN that was given; never "try again". */
int vt_key_p11_pin_error(const struct p11_session *s, CK_RV rv,
    struct vt_error *err);
void vt_key_p11_close(struct p11_session *s); /* a zeroed one is allowed */

struct p11_key {
	CK_OBJECT_HANDLE handle;
	unsigned char id[VT_KEY_ID_MAX];
	size_t id_len;
	bool each_time; /* CKA_ALWAYS_AUTHENTICATE */
};

/*
 * The private key that URI means, and in OWN its certificate: of the file
 * CERT_PATH where that is given, else of the token.  ALL receives the token's
 * certificates.  VT_EKEY.
 */
int vt_key_p11_key(const struct p11_session *s, const struct vt_key_uri *uri,
    const char *cert_path, struct p11_key *ret, struct vt_certs *own,
    struct vt_certs *all, struct vt_error *err);

extern const struct vt_signer_ops vt_key_p11_ops; /* its ctx: p11_signer */

struct p11_signer {
	struct p11_session session;
	struct p11_key key;
	struct vt_cert *cert; /* a reference of its own */
};

#endif
