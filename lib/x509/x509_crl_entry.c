/* x509_crl_entry.c - the entries of a revocation list (RFC 5280, 5.3) */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "x509_crl_int.h"

#define INDEX_MIN 64 /* entries for which an index pays */

/* RFC 5280, 5.3.1 to 5.3.3: the contents of the OIDs. */
#define OID_REASON VT_BYTES_LIT("\x55\x1d\x15")
#define OID_INVALIDITY VT_BYTES_LIT("\x55\x1d\x18")
#define OID_ISSUER VT_BYTES_LIT("\x55\x1d\x1d")

struct entry {
	struct vt_bytes serial; /* the whole INTEGER */
	struct vt_bytes date;   /* the whole time */
	struct vt_bytes exts;   /* empty: none */
};

struct ext {
	struct vt_bytes oid, value;
	bool critical;
};

static bool
entry_next(struct vt_bytes *rest, struct entry *ret)
{
	struct vt_der seq, d;

	if (!vt_der_take(rest, VT_DER_SEQUENCE, &seq) ||
	    !vt_der_take(&seq.body, VT_DER_INTEGER, &d) ||
	    !vt_der_integer_ok(d.body))
		return false;
	ret->serial = d.whole;
	if (!vt_der_take(&seq.body, VT_DER_UTCTIME, &d) &&
	    !vt_der_take(&seq.body, VT_DER_GENTIME, &d))
		return false;
	ret->date = d.whole;
	ret->exts = VT_BYTES(NULL, 0);
	if (seq.body.len == 0)
		return true;
	if (!vt_der_take(&seq.body, VT_DER_SEQUENCE, &d) || d.body.len == 0)
		return false;
	ret->exts = d.body;
	return seq.body.len == 0;
}

static bool
ext_next(struct vt_bytes *rest, struct ext *ret)
{
	struct vt_der seq, d;

	if (!vt_der_take(rest, VT_DER_SEQUENCE, &seq) ||
	    !vt_der_take(&seq.body, VT_DER_OID, &d))
		return false;
	ret->oid = d.body;
	ret->critical = false;
	if (vt_der_take(&seq.body, VT_DER_BOOLEAN, &d)) {
		if (d.body.len != 1)
			return false;
		ret->critical = d.body.data[0] != 0;
	}
	if (!vt_der_take(&seq.body, VT_DER_OCTETS, &d) || seq.body.len != 0)
		return false;
	ret->value = d.body;
	return true;
}

static bool
ext_find(struct vt_bytes exts, struct vt_bytes oid, struct ext *ret)
{
	while (exts.len > 0 && ext_next(&exts, ret))
		if (vt_bytes_equal(ret->oid, oid))
			return true;
	return false;
}

static bool
is_indirect(const struct vt_crl *crl)
{
	return crl->scope != NULL && crl->scope->indirectCRL > 0;
}

/*
 * The issuer of an entry is read, in lists that have others'; nothing else.
 * *STRANGE: one must be understood, and is not.
 */
static bool
exts_ok(const struct vt_crl *crl, struct vt_bytes rest, bool *strange)
{
	struct ext seen[VT_CRL_ENTRY_EXTENSIONS_MAX];
	size_t n = 0, i;

	if (rest.len > 0 && !crl->version2)
		return false;
	while (rest.len > 0) {
		if (n == VT_CRL_ENTRY_EXTENSIONS_MAX ||
		    !ext_next(&rest, &seen[n]))
			return false;
		for (i = 0; i < n; i++)
			if (vt_bytes_equal(seen[i].oid, seen[n].oid))
				return false;
		if (!vt_bytes_equal(seen[n].oid, OID_ISSUER))
			*strange = *strange || seen[n].critical;
		else if (!is_indirect(crl))
			return false;
		n++;
	}
	return true;
}

static int
entries_look(const struct vt_crl *crl)
{
	/* Only a memory of what always comes out the same. */
	atomic_int *memory = (atomic_int *)&crl->entries_sound;
	struct vt_bytes rest = crl->entries;
	struct entry e;
	bool strange = false;
	int sound = atomic_load(memory);

	if (sound != 0)
		return sound;
	while (rest.len > 0 && sound == 0)
		if (!entry_next(&rest, &e) || !exts_ok(crl, e.exts, &strange))
			sound = CRL_ENTRIES_BAD;
	if (sound == 0)
		sound = strange ? CRL_ENTRIES_STRANGE : CRL_ENTRIES_SOUND;
	atomic_store(memory, sound);
	return sound;
}

bool
vt_crl_sound(const struct vt_crl *crl)
{
	return crl->sound && !crl->strange &&
	       entries_look(crl) == CRL_ENTRIES_SOUND;
}

bool
vt_crl_strange(const struct vt_crl *crl)
{
	int entries = crl->sound ? entries_look(crl) : CRL_ENTRIES_BAD;

	return entries == CRL_ENTRIES_STRANGE ||
	       (entries == CRL_ENTRIES_SOUND && crl->strange);
}

/* ---- the one that is about a certificate ---- */

static int64_t
time_of(struct vt_bytes der)
{
	const unsigned char *p = der.data;
	ASN1_TIME *t = d2i_ASN1_TIME(NULL, &p, (long)der.len);
	int64_t at;

	if (!vt_x509_time(t, &at))
		at = 0;
	ASN1_TIME_free(t);
	return at;
}

/*
 * 5.3.2: since when it is known or suspected to be of no use may be earlier
 * than when that was written down.
 */
static void
read_entry(const struct entry *e, struct vt_crl_entry *ret)
{
	struct ext ext;
	struct vt_der d;
	int64_t at;

	ret->at = time_of(e->date);
	if (ext_find(e->exts, OID_INVALIDITY, &ext) &&
	    (at = time_of(ext.value)) < ret->at)
		ret->at = at;
	ret->reason = CRL_REASON_UNSPECIFIED;
	if (ext_find(e->exts, OID_REASON, &ext) &&
	    vt_der_take(&ext.value, VT_DER_ENUM, &d) && d.body.len == 1)
		ret->reason = d.body.data[0];
	ret->remove = ret->reason == CRL_REASON_REMOVE_FROM_CRL;
}

/* 5.3.3: from this entry on they are this issuer's certificates. */
static bool
names_issuer(struct vt_bytes value, const X509_NAME *issuer)
{
	const unsigned char *p = value.data;
	GENERAL_NAMES *names = d2i_GENERAL_NAMES(NULL, &p, (long)value.len);
	const GENERAL_NAME *name;
	bool found = false;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		found = name->type == GEN_DIRNAME &&
			X509_NAME_cmp(name->d.directoryName, issuer) == 0;
	}
	GENERAL_NAMES_free(names);
	return found;
}

/*
 * A list should have one entry for a certificate.  Where it has more, whoever
 * reads the first and whoever reads the last must not be told less than is
 * said: revoked rather than not, for good rather than on hold, and the earliest
 * time.
 */
static void
join(const struct entry *e, bool *found, struct vt_crl_entry *ret)
{
	struct vt_crl_entry one;

	read_entry(e, &one);
	if (!*found || (ret->remove && !one.remove)) {
		*ret = one;
	} else if (ret->remove == one.remove) {
		if (ret->reason == CRL_REASON_CERTIFICATE_HOLD)
			ret->reason = one.reason;
		if (one.at < ret->at)
			ret->at = one.at;
	}
	*found = true;
}

static bool
scan(const struct vt_crl *crl, const struct vt_cert *cert,
    struct vt_crl_entry *ret)
{
	const X509_NAME *issuer = X509_get_issuer_name(cert->x);
	struct vt_bytes rest = crl->entries;
	bool ours = X509_NAME_cmp(issuer, crl->issuer) == 0;
	bool indirect = is_indirect(crl), found = false;
	struct entry e;
	struct ext ext;

	if (!ours && !indirect)
		return false;
	while (rest.len > 0 && entry_next(&rest, &e)) {
		if (indirect && ext_find(e.exts, OID_ISSUER, &ext))
			ours = names_issuer(ext.value, issuer);
		if (ours && vt_bytes_equal(e.serial, cert->serial_der))
			join(&e, &found, ret);
	}
	return found;
}

static struct vt_bytes
spot_serial(const struct vt_crl *crl, const struct vt_crl_spot *spot)
{
	return VT_BYTES(crl->entries.data + spot->serial, spot->len);
}

static int
compare(struct vt_bytes a, struct vt_bytes b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return memcmp(a.data, b.data, a.len);
}

/* The first of those that are not less, and its equals behind it. */
static bool
look_up(const struct vt_crl *crl, const struct vt_cert *cert,
    struct vt_crl_entry *ret)
{
	size_t from = 0, to = crl->nindex, mid;
	struct vt_bytes rest;
	struct entry e;
	bool found = false;

	if (X509_NAME_cmp(X509_get_issuer_name(cert->x), crl->issuer) != 0)
		return false;
	while (from < to) {
		mid = from + (to - from) / 2;
		if (compare(spot_serial(crl, &crl->index[mid]),
			cert->serial_der) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	for (;
	     from < crl->nindex && compare(spot_serial(crl, &crl->index[from]),
				       cert->serial_der) == 0;
	     from++) {
		rest = vt_bytes_slice(crl->entries, crl->index[from].entry,
		    crl->entries.len);
		if (entry_next(&rest, &e))
			join(&e, &found, ret);
	}
	return found;
}

bool
vt_crl_find(const struct vt_crl *crl, const struct vt_cert *cert,
    struct vt_crl_entry *ret)
{
	bool found;

	ERR_set_mark();
	found =
	    crl->index != NULL ? look_up(crl, cert, ret) : scan(crl, cert, ret);
	ERR_pop_to_mark();
	return found;
}

static size_t
count(const struct vt_crl *crl)
{
	struct vt_bytes rest = crl->entries;
	struct entry e;
	size_t n = 0;

	while (rest.len > 0 && entry_next(&rest, &e))
		n++;
	return n;
}

/* By serial number, then as they stand. */
static int
compare_spots(const void *a, const void *b, void *crl)
{
	const struct vt_crl_spot *x = a, *y = b;
	int order = compare(spot_serial(crl, x), spot_serial(crl, y));

	return order != 0 ? order : x->entry < y->entry ? -1 : 1;
}

void
vt_crl_warm(struct vt_crl *crl)
{
	const unsigned char *start = crl->entries.data;
	struct vt_bytes rest = crl->entries;
	struct vt_crl_spot *spots;
	struct entry e;
	size_t n = count(crl), i;

	/* The issuer of an indirect list's entry stands somewhere before it. */
	if (!vt_crl_sound(crl) || crl->index != NULL || n < INDEX_MIN ||
	    is_indirect(crl) || (spots = calloc(n, sizeof(*spots))) == NULL)
		return;
	for (i = 0; i < n; i++) {
		spots[i].entry = (uint32_t)(rest.data - start);
		if (!entry_next(&rest, &e))
			break;
		spots[i].serial = (uint32_t)(e.serial.data - start);
		spots[i].len = (uint32_t)e.serial.len;
	}
	qsort_r(spots, n, sizeof(*spots), compare_spots, crl);
	crl->index = spots;
	crl->nindex = n;
}
