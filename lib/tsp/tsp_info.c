/* tsp_info.c - the TSTInfo of a token (RFC 3161, 2.4.2), taken strictly */
#include <string.h>

#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include "tsp_int.h"
#include "vanthu/error.h"
#include "vanthu/time.h"

#define CLAUSE "RFC 3161, 2.4.2"

/* The digests that a stamp may be over; what is weak, trust's table says. */
static const struct {
	int nid;
	const char *name, *fetch;
	size_t len;
} digests[] = {
	{ NID_sha256, "sha256", "SHA256", 32 },
	{ NID_sha384, "sha384", "SHA384", 48 },
	{ NID_sha512, "sha512", "SHA512", 64 },
	{ NID_sha1, "sha1", "SHA1", 20 },
	{ NID_sha224, "sha224", "SHA224", 28 },
	{ NID_sha3_256, "sha3-256", "SHA3-256", 32 },
	{ NID_sha3_384, "sha3-384", "SHA3-384", 48 },
	{ NID_sha3_512, "sha3-512", "SHA3-512", 64 },
	{ NID_md5, "md5", "MD5", 16 },
};

/* DER has one way to write a value: what we read, written again, is the same.
 */
static bool
is_der(const struct vt_tsp *t)
{
	unsigned char *again = NULL;
	int n = i2d_TS_TST_INFO(t->tst, &again);
	bool same = n > 0 && vt_bytes_equal(VT_BYTES(again, (size_t)n),
				 vt_buf_bytes(&t->content));

	OPENSSL_free(again);
	return same;
}

static bool
digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/*
 * YYYYMMDDhhmmss[.s...]Z; in DER a fraction does not end in 0.  The time of
 * day must exist: OpenSSL checks the calendar.
 */
static bool
time_read(const ASN1_GENERALIZEDTIME *g, int64_t *ret)
{
	const unsigned char *s = ASN1_STRING_get0_data(g);
	size_t i, n = (size_t)ASN1_STRING_length(g);
	int f[6] = { 0 };

	if (n < 15 || s[n - 1] != 'Z' || ASN1_GENERALIZEDTIME_check(g) != 1)
		return false;
	for (i = 0; i < 14; i++)
		if (!digit(s[i]))
			return false;
	if (n > 15) {
		if (s[14] != '.' || n == 16 || s[n - 2] == '0')
			return false;
		for (i = 15; i < n - 1; i++)
			if (!digit(s[i]))
				return false;
	}
	f[0] = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 +
	       (s[3] - '0');
	for (i = 1; i < 6; i++)
		f[i] = (s[2 + 2 * i] - '0') * 10 + (s[3 + 2 * i] - '0');
	if (f[3] > 23 || f[4] > 59 || f[5] > 59)
		return false;
	*ret = vt_time_of_fields(f[0], f[1], f[2], f[3], f[4], f[5]);
	return true;
}

/* Seconds, and thousandths from 1 to 999 (and thousandths of these). */
static bool
accuracy_read(const TS_ACCURACY *a, int64_t *ret)
{
	const ASN1_INTEGER *part;
	int64_t s = 0, ms = 0, us = 0;

	*ret = -1;
	if (a == NULL)
		return true;
	part = TS_ACCURACY_get_seconds(a);
	if (part != NULL &&
	    (ASN1_INTEGER_get_int64(&s, part) != 1 || s < 0 || s > INT32_MAX))
		return false;
	part = TS_ACCURACY_get_millis(a);
	if (part != NULL &&
	    (ASN1_INTEGER_get_int64(&ms, part) != 1 || ms < 1 || ms > 999))
		return false;
	part = TS_ACCURACY_get_micros(a);
	if (part != NULL &&
	    (ASN1_INTEGER_get_int64(&us, part) != 1 || us < 1 || us > 999))
		return false;
	*ret = s * 1000 + ms + (us > 0);
	return true;
}

static int
imprint_read(struct vt_tsp *t, struct vt_error *err)
{
	TS_MSG_IMPRINT *m = TS_TST_INFO_get_msg_imprint(t->tst);
	const ASN1_OCTET_STRING *hash = TS_MSG_IMPRINT_get_msg(m);
	const X509_ALGOR *alg = TS_MSG_IMPRINT_get_algo(m);
	const ASN1_OBJECT *oid;
	size_t i, n = sizeof(digests) / sizeof(digests[0]);
	int nid, type;

	X509_ALGOR_get0(&oid, &type, NULL, alg);
	nid = OBJ_obj2nid(oid);
	for (i = 0; i < n; i++)
		if (digests[i].nid == nid)
			break;
	if (i == n)
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "the time stamp is over a digest that is not known here");
	if (type != V_ASN1_UNDEF && type != V_ASN1_NULL)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the digest of the time stamp has parameters");
	t->fetch = digests[i].fetch;
	t->info.digest = digests[i].name;
	t->info.imprint = VT_BYTES(ASN1_STRING_get0_data(hash),
	    (size_t)ASN1_STRING_length(hash));
	if (t->info.imprint.len != digests[i].len)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the imprint is not as long as its digest");
	return VT_OK;
}

static int
extensions_known(const struct vt_tsp *t, struct vt_error *err)
{
	int i, n = TS_TST_INFO_get_ext_count(t->tst);

	for (i = 0; i < n; i++)
		if (X509_EXTENSION_get_critical(TS_TST_INFO_get_ext(t->tst, i)))
			return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
			    "the time stamp has a critical extension that is "
			    "not known here");
	return VT_OK;
}

int
vt_tsp_info_read(struct vt_tsp *t, struct vt_error *err)
{
	struct vt_bytes b = vt_buf_bytes(&t->content);
	const unsigned char *p = b.data;
	const ASN1_INTEGER *nonce;
	int rc;

	t->tst = d2i_TS_TST_INFO(NULL, &p, (long)b.len);
	ERR_clear_error();
	if (t->tst == NULL || p != b.data + b.len || !is_der(t))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "its content is not one TSTInfo in DER");
	if (TS_TST_INFO_get_version(t->tst) != 1)
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "a time stamp of version %ld",
		    TS_TST_INFO_get_version(t->tst));
	if ((rc = imprint_read(t, err)) != VT_OK ||
	    (rc = extensions_known(t, err)) != VT_OK)
		return rc;
	if (!time_read(TS_TST_INFO_get_time(t->tst), &t->info.time) ||
	    !accuracy_read(TS_TST_INFO_get_accuracy(t->tst),
		&t->info.accuracy_ms))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "its time or accuracy is not one");
	if (OBJ_obj2txt(t->info.policy, sizeof(t->info.policy),
		TS_TST_INFO_get_policy_id(t->tst), 1) <= 0)
		t->info.policy[0] = '\0';
	t->info.ordering = TS_TST_INFO_get_ordering(t->tst) != 0;
	nonce = TS_TST_INFO_get_nonce(t->tst);
	if (nonce != NULL)
		t->info.nonce = VT_BYTES(ASN1_STRING_get0_data(nonce),
		    (size_t)ASN1_STRING_length(nonce));
	return VT_OK;
}
