/* tsp_info.c - the TSTInfo of a token (RFC 3161, 2.4.2), taken strictly */
#include <string.h>

#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include "tsp_int.h"
#include "vanthu/error.h"
#include "vanthu/time.h"

#define CLAUSE "RFC 3161, 2.4.2"

bool
vt_tsp_take(struct vt_bytes *in, unsigned char *ret_id,
    struct vt_bytes *ret_value, struct vt_bytes *ret_whole)
{
	const unsigned char *p = in->data;
	long len;
	int tag, class, rc;

	if (in->len == 0)
		return false;
	rc = ASN1_get_object(&p, &len, &tag, &class, (long)in->len);
	ERR_clear_error();
	if ((rc & ~V_ASN1_CONSTRUCTED) != 0 || tag > 30)
		return false;
	*ret_id = in->data[0];
	*ret_value = VT_BYTES(p, (size_t)len);
	*ret_whole = VT_BYTES(in->data, (size_t)(p - in->data) + (size_t)len);
	*in = vt_bytes_slice(*in, ret_whole->len, in->len);
	return true;
}

/* X.690, 11.1: a TRUE is 0xff.  What was read does not tell. */
static bool
truth_is_der(struct vt_bytes tst)
{
	struct vt_bytes body, value, whole;
	unsigned char id;

	if (!vt_tsp_take(&tst, &id, &body, &whole))
		return false;
	while (vt_tsp_take(&body, &id, &value, &whole))
		if (id == V_ASN1_BOOLEAN &&
		    (value.len != 1 || value.data[0] != 0xff))
			return false;
	return true;
}

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
	return same && truth_is_der(vt_buf_bytes(&t->content));
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
time_read(const ASN1_GENERALIZEDTIME *g, int64_t *ret, uint32_t *ret_micros)
{
	const unsigned char *s = ASN1_STRING_get0_data(g);
	size_t i, n = (size_t)ASN1_STRING_length(g);
	uint32_t unit = 100000, micros = 0;
	int f[6] = { 0 };

	if (n < 15 || s[n - 1] != 'Z' || ASN1_GENERALIZEDTIME_check(g) != 1)
		return false;
	for (i = 0; i < 14; i++)
		if (!digit(s[i]))
			return false;
	if (n > 15) {
		if (s[14] != '.' || n == 16 || s[n - 2] == '0')
			return false;
		for (i = 15; i < n - 1; i++, unit /= 10) {
			if (!digit(s[i]))
				return false;
			micros += unit * (uint32_t)(s[i] - '0');
		}
	}
	f[0] = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 +
	       (s[3] - '0');
	for (i = 1; i < 6; i++)
		f[i] = (s[2 + 2 * i] - '0') * 10 + (s[3 + 2 * i] - '0');
	if (f[3] > 23 || f[4] > 59 || f[5] > 59)
		return false;
	*ret = vt_time_of_fields(f[0], f[1], f[2], f[3], f[4], f[5]);
	*ret_micros = micros;
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

/* The authority's name, as the GeneralName that it is. */
static int
tsa_read(struct vt_tsp *t, struct vt_error *err)
{
	GENERAL_NAME *name = TS_TST_INFO_get_tsa(t->tst);
	unsigned char *der = NULL;
	int n, rc;

	if (name == NULL)
		return VT_OK;
	if ((n = i2d_GENERAL_NAME(name, &der)) <= 0)
		return vt_error_nomem(err);
	vt_buf_init(&t->tsa, VT_TSP_MAX);
	rc = vt_buf_put(&t->tsa, der, (size_t)n);
	OPENSSL_free(der);
	if (rc != VT_OK)
		return vt_error_nomem(err);
	t->info.tsa = vt_buf_bytes(&t->tsa);
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

static struct vt_bytes
integer(const ASN1_INTEGER *n)
{
	if (n == NULL)
		return VT_BYTES(NULL, 0);
	return VT_BYTES(ASN1_STRING_get0_data(n),
	    (size_t)ASN1_STRING_length(n));
}

int
vt_tsp_info_read(struct vt_tsp *t, struct vt_error *err)
{
	struct vt_bytes b = vt_buf_bytes(&t->content);
	const unsigned char *p = b.data;
	int n, rc;

	t->tst = d2i_TS_TST_INFO(NULL, &p, (long)b.len);
	ERR_clear_error();
	if (t->tst == NULL || p != b.data + b.len || !is_der(t))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "its content is not one TSTInfo in DER");
	if (TS_TST_INFO_get_version(t->tst) != 1)
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "a time stamp of version %ld",
		    TS_TST_INFO_get_version(t->tst));
	if ((rc = vt_tsp_imprint_read(TS_TST_INFO_get_msg_imprint(t->tst),
		 &t->md, &t->info.imprint, err)) != VT_OK ||
	    (rc = extensions_known(t, err)) != VT_OK ||
	    (rc = tsa_read(t, err)) != VT_OK)
		return rc;
	t->info.digest = t->md->name;
	if (!time_read(TS_TST_INFO_get_time(t->tst), &t->info.time,
		&t->info.micros) ||
	    !accuracy_read(TS_TST_INFO_get_accuracy(t->tst),
		&t->info.accuracy_ms))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "its time or accuracy is not one");
	n = OBJ_obj2txt(t->info.policy, sizeof(t->info.policy),
	    TS_TST_INFO_get_policy_id(t->tst), 1);
	if (n <= 0 || (size_t)n >= sizeof(t->info.policy))
		return vt_error_set(err, n <= 0 ? VT_EFORMAT : VT_ELIMIT,
		    CLAUSE, "the policy of a time stamp is too long");
	t->info.ordering = TS_TST_INFO_get_ordering(t->tst) != 0;
	t->info.serial = integer(TS_TST_INFO_get_serial(t->tst));
	t->info.nonce = integer(TS_TST_INFO_get_nonce(t->tst));
	return VT_OK;
}
