/* axis_tls.c - tells what is wrong with a server's certificate before it serves
 */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "axis_int.h"

/* A key that asks for a passphrase is refused, not waited for. */
static int
no_passphrase(char *buf, int size, int rwflag, void *ctx)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)ctx;
	return -1;
}

int
vt_axis_tls_check(struct vt_bytes cert, struct vt_bytes key,
    struct vt_error *err)
{
	BIO *c = BIO_new_mem_buf(cert.data, (int)cert.len);
	BIO *k = BIO_new_mem_buf(key.data, (int)key.len);
	EVP_PKEY *pkey = NULL;
	X509 *x = NULL;
	int rc = VT_OK;

	if (c == NULL || k == NULL)
		rc = vt_error_nomem(err);
	else if ((x = PEM_read_bio_X509(c, NULL, no_passphrase, NULL)) == NULL)
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "the server's certificate is none in PEM");
	else if ((pkey = PEM_read_bio_PrivateKey(k, NULL, no_passphrase,
		      NULL)) == NULL)
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "the server's key is none in PEM without a passphrase");
	else if (X509_check_private_key(x, pkey) != 1)
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "the server's key is not that of its certificate");
	EVP_PKEY_free(pkey);
	X509_free(x);
	BIO_free(c);
	BIO_free(k);
	ERR_clear_error();
	return rc;
}
