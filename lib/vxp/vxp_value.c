/* vxp_value.c - time stamps, digests and ids, as the axis writes them */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "vanthu/time.h"
#include "vanthu/vxp.h"

char *
vt_vxp_time(int64_t t, unsigned ms, char out[VT_VXP_TIME_TEXT])
{
	struct vt_date d = vt_date_of(t);
	int64_t s = t - vt_date_start(d);

	snprintf(out, VT_VXP_TIME_TEXT, "%02u%02u%04uT%02u%02u%02u+%04u",
	    (unsigned)d.day % 100, (unsigned)d.month % 100,
	    (unsigned)d.year % 10000, (unsigned)(s / 3600) % 100,
	    (unsigned)(s / 60) % 60, (unsigned)s % 60, ms % 10000);
	return out;
}

/* N digits of TEXT, to be at most MAX. */
static bool
digits(const char *text, int n, int max, int *ret)
{
	int i;

	for (*ret = 0, i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*ret = *ret * 10 + (text[i] - '0');
	}
	return *ret <= max;
}

bool
vt_vxp_time_parse(const char *text, int64_t *ret)
{
	int day, month, year, hour, min, sec, ms;
	char date[VT_TIME_TEXT];
	struct vt_date d;

	if (strlen(text) != strlen("ddMMyyyyTHHmmss+SSSS") || text[8] != 'T' ||
	    text[15] != '+' || !digits(text, 2, 31, &day) ||
	    !digits(text + 2, 2, 12, &month) ||
	    !digits(text + 4, 4, 9999, &year) ||
	    !digits(text + 9, 2, 23, &hour) ||
	    !digits(text + 11, 2, 59, &min) ||
	    !digits(text + 13, 2, 60, &sec) || !digits(text + 16, 4, 999, &ms))
		return false;
	snprintf(date, sizeof(date), "%04d-%02d-%02d", year, month, day);
	if (!vt_date_parse(date, &d))
		return false;
	*ret = vt_date_start(d) + hour * 3600 + min * 60 + sec;
	return true;
}

char *
vt_vxp_hash_file(const unsigned char sha256[VT_SHA256_LEN], bool padded,
    char out[VT_SHA256_HEX])
{
	size_t i, n = 0;

	for (i = 0; i < VT_SHA256_LEN; i++)
		n += (size_t)snprintf(out + n, VT_SHA256_HEX - n,
		    padded ? "%02x" : "%x", (unsigned)sha256[i]);
	return out;
}

bool
vt_vxp_hash_file_is(const char *text, const unsigned char sha256[VT_SHA256_LEN])
{
	char form[VT_SHA256_HEX];

	return strcasecmp(text, vt_vxp_hash_file(sha256, true, form)) == 0 ||
	       strcasecmp(text, vt_vxp_hash_file(sha256, false, form)) == 0;
}

bool
vt_vxp_doc_id_valid(const char *id)
{
	size_t i;

	for (i = 0; id[i] != '\0'; i++)
		if (i >= VT_VXP_DOC_ID_MAX || id[i] <= ' ' || id[i] > '~' ||
		    id[i] == '"' || id[i] == '\\')
			return false;
	return i > 0;
}
