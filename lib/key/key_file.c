/* key_file.c - key files, passphrases, and how much work they may ask for */
#include <openssl/asn1t.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "key_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

int
vt_key_pass_get(struct key_pass *p, struct vt_error *err)
{
	int rc;

	if (p->asked)
		return VT_OK;
	if (p->ask == NULL || p->ask->fn == NULL)
		return vt_error_set(err, VT_EKEY, NULL, "%s needs a passphrase",
		    p->what);
	rc = p->ask->fn(p->ask->ctx, p->what, &p->secret, err);
	p->asked = rc == VT_OK;
	return rc;
}

void
vt_key_pass_release(struct key_pass *p)
{
	vt_secret_release(&p->secret);
}

int
vt_key_read(const char *path, struct vt_buf *ret, struct vt_error *err)
{
	return vt_file_read(path, VT_KEY_FILE_MAX, ret, err);
}

void
vt_key_clear(struct vt_buf *buf)
{
	if (buf->data != NULL)
		OPENSSL_cleanse(buf->data, buf->len);
	vt_buf_release(buf);
}

int
vt_key_iterations_add(int64_t n, uint64_t *total, struct vt_error *err)
{
	if (n < 1)
		return vt_error_set(err, VT_EFORMAT, "RFC 8018, 4.2",
		    "an iteration count is not a positive number");
	if (n > VT_KEY_ITERATIONS_MAX ||
	    *total + (uint64_t)n > VT_KEY_ITERATIONS_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 8018, 4.2",
		    "the passphrase would have to be hashed more than %d times",
		    VT_KEY_ITERATIONS_MAX);
	*total += (uint64_t)n;
	return VT_OK;
}

static int
unsupported(struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_EUNSUPPORTED, "RFC 8018, 6",
	    "the key is encrypted in a way that is not supported");
}

static int
integer_add(const ASN1_INTEGER *n, uint64_t *total, struct vt_error *err)
{
	int64_t v;

	if (ASN1_INTEGER_get_int64(&v, n) != 1) {
		ERR_clear_error();
		v = ASN1_STRING_type(n) == V_ASN1_NEG_INTEGER ? 0 : INT64_MAX;
	}
	return vt_key_iterations_add(v, total, err);
}

/* PBES2 (RFC 8018, 6.2): the count is that of its PBKDF2. */
static int
pbes2_add(const ASN1_TYPE *param, uint64_t *total, struct vt_error *err)
{
	PBE2PARAM *pbe = NULL;
	PBKDF2PARAM *kdf = NULL;
	int rc = VT_EUNSUPPORTED;

	pbe = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), param);
	if (pbe != NULL &&
	    OBJ_obj2nid(pbe->keyfunc->algorithm) == NID_id_pbkdf2)
		kdf = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM),
		    pbe->keyfunc->parameter);
	if (kdf != NULL)
		rc = integer_add(kdf->iter, total, err);
	else
		rc = unsupported(err);
	PBKDF2PARAM_free(kdf);
	PBE2PARAM_free(pbe);
	return rc;
}

int
vt_key_iterations(const X509_ALGOR *alg, uint64_t *total, struct vt_error *err)
{
	const ASN1_OBJECT *oid;
	const void *value;
	PBEPARAM *pbe;
	int type, rc;

	X509_ALGOR_get0(&oid, &type, &value, alg);
	switch (OBJ_obj2nid(oid)) {
	case NID_pbes2:
		return pbes2_add(alg->parameter, total, err);
	case NID_pbe_WithSHA1And128BitRC4:
	case NID_pbe_WithSHA1And40BitRC4:
	case NID_pbe_WithSHA1And3_Key_TripleDES_CBC:
	case NID_pbe_WithSHA1And2_Key_TripleDES_CBC:
	case NID_pbe_WithSHA1And128BitRC2_CBC:
	case NID_pbe_WithSHA1And40BitRC2_CBC:
		break;
	default:
		return unsupported(err);
	}
	pbe =
	    ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), alg->parameter);
	if (pbe == NULL)
		return unsupported(err);
	rc = integer_add(pbe->iter, total, err);
	PBEPARAM_free(pbe);
	return rc;
}
