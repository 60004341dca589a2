/* x509_name.c - names, times and numbers of X.509 as text */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/objects.h>

#include "x509_int.h"

bool
vt_x509_time(const ASN1_TIME *t, int64_t *ret)
{
	struct tm tm;

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return false;
	*ret = vt_time_of_fields(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
	return true;
}

int
vt_x509_name_line(const X509_NAME *name, char **ret, struct vt_error *err)
{
	/* RFC 4514 leaves UTF-8 as it is; OpenSSL's preset escapes it. */
	unsigned long flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
	BIO *bio;
	char *data;
	long n = -1;
	int rc = VT_OK;

	*ret = NULL;
	if ((bio = BIO_new(BIO_s_mem())) == NULL)
		return vt_error_nomem(err);
	if (X509_NAME_print_ex(bio, name, 0, flags) >= 0)
		n = BIO_get_mem_data(bio, &data);
	if (n > (long)VT_X509_TEXT_MAX)
		rc = vt_error_set(err, VT_ELIMIT, "RFC 4514, 2",
		    "a name is longer than %u bytes", VT_X509_TEXT_MAX);
	else if (n < 0 || (*ret = vt_bytes_dup(
			       VT_BYTES(n > 0 ? data : "", (size_t)n))) == NULL)
		rc = vt_error_nomem(err);
	BIO_free(bio);
	return rc;
}

/*
 * A string as UTF-8, or NULL where it is empty or not text.  A NUL inside,
 * with which a name may hide its end from C code, shows as U+FFFD.
 */
static int
string_text(const ASN1_STRING *s, char **ret, struct vt_error *err)
{
	unsigned char *utf8 = NULL;
	struct vt_buf buf;
	int i, n;

	*ret = NULL;
	if ((n = ASN1_STRING_to_UTF8(&utf8, s)) <= 0) {
		OPENSSL_free(utf8);
		return VT_OK;
	}
	vt_buf_init(&buf, VT_X509_TEXT_MAX);
	for (i = 0; i < n; i++) {
		if (utf8[i] == '\0')
			(void)vt_buf_puts(&buf, "\xef\xbf\xbd");
		else
			(void)vt_buf_putc(&buf, utf8[i]);
	}
	OPENSSL_free(utf8);
	if ((*ret = (char *)vt_buf_take(&buf, NULL)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

/* The narrowest value of NID, which stands last. */
static int
name_last(const X509_NAME *name, int nid, char **ret, struct vt_error *err)
{
	int at, i = -1;

	*ret = NULL;
	while ((at = X509_NAME_get_index_by_NID(name, nid, i)) >= 0)
		i = at;
	if (i < 0)
		return VT_OK;
	return string_text(X509_NAME_ENTRY_get_data(
			       X509_NAME_get_entry(name, i)),
	    ret, err);
}

/* All units, the narrowest first. */
static int
name_units(const X509_NAME *name, char **ret, struct vt_error *err)
{
	struct vt_buf buf;
	char *one;
	int at[VT_X509_UNITS_MAX], i = -1, n = 0, rc = VT_OK;

	*ret = NULL;
	vt_buf_init(&buf, VT_X509_TEXT_MAX);
	while (
	    n < VT_X509_UNITS_MAX && (i = X509_NAME_get_index_by_NID(name,
					  NID_organizationalUnitName, i)) >= 0)
		at[n++] = i;
	while (n-- > 0 && rc == VT_OK) {
		rc = string_text(X509_NAME_ENTRY_get_data(
				     X509_NAME_get_entry(name, at[n])),
		    &one, err);
		if (rc != VT_OK || one == NULL)
			continue;
		if (buf.len > 0)
			rc = vt_buf_puts(&buf, ", ");
		if (rc == VT_OK)
			rc = vt_buf_puts(&buf, one);
		free(one);
	}
	if (rc == VT_ELIMIT) /* show what fits */
		rc = VT_OK;
	if (rc == VT_OK && buf.len > 0 &&
	    (*ret = (char *)vt_buf_take(&buf, NULL)) == NULL)
		rc = VT_ENOMEM;
	vt_buf_release(&buf);
	return rc == VT_ENOMEM ? vt_error_nomem(err) : (enum vt_code)rc;
}

int
vt_x509_name_parts(const X509_NAME *name, char **ret, struct vt_error *err)
{
	static const int nids[VT_NAME_COUNT] = {
		[VT_NAME_CN] = NID_commonName,
		[VT_NAME_O] = NID_organizationName,
		[VT_NAME_OU] = NID_undef, /* may be several */
		[VT_NAME_UID] = NID_userId,
		[VT_NAME_EMAIL] = NID_pkcs9_emailAddress,
	};
	int i, rc = VT_OK;

	for (i = 0; i < VT_NAME_COUNT && rc == VT_OK; i++)
		rc = i == VT_NAME_OU ? name_units(name, &ret[i], err)
				     : name_last(name, nids[i], &ret[i], err);
	return rc;
}

int
vt_x509_alt_email(const X509 *x, char **ret, struct vt_error *err)
{
	GENERAL_NAMES *names;
	const GENERAL_NAME *name;
	int i, rc = VT_OK;

	*ret = NULL;
	names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names) && *ret == NULL; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_EMAIL)
			continue;
		if ((rc = string_text(name->d.rfc822Name, ret, err)) != VT_OK)
			break;
	}
	GENERAL_NAMES_free(names);
	return rc;
}
