/* office_workday.c - the working days of an office */
#include <string.h>

#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/office_overview.h"
#include "vanthu/time.h"

#define DAY 86400
#define SEARCHED 366 /* days; no year is without a working day */
#define DATE_LEN 10  /* YYYY-MM-DD */

/* Is D among the dates of LIST, which may be NULL?  VT_EFORMAT: no dates. */
static int
listed(const char *list, const char *key, struct vt_date d, bool *ret,
    struct vt_error *err)
{
	char word[DATE_LEN + 1];
	struct vt_date one;
	size_t n;

	*ret = false;
	for (; list != NULL && *list != '\0'; list += n) {
		list += strspn(list, " ");
		n = strcspn(list, " ");
		if (n == 0)
			continue;
		word[0] = '\0';
		if (n == DATE_LEN) {
			memcpy(word, list, n);
			word[n] = '\0';
		}
		if (!vt_date_parse(word, &one))
			return vt_error_set(err, VT_EFORMAT, NULL,
			    "%s, [office] %s: \"%.*s\" is no date "
			    "(YYYY-MM-DD)",
			    VT_CONF_NAME, key, (int)n, list);
		if (vt_date_compare(one, d) == 0)
			*ret = true;
	}
	return VT_OK;
}

/* The day that begins at START, at +07:00. */
static int
is_workday(const struct vt_conf *conf, int64_t start, bool *ret,
    struct vt_error *err)
{
	struct vt_date d = vt_date_of(start);
	/* 1970-01-01 was a Thursday; 0 is Monday */
	int64_t weekday = ((start + VT_ZONE_SECONDS) / DAY + 3) % 7;
	bool holiday, made_up;
	int rc;

	rc = listed(vt_conf_get(conf, "office", "holidays"), "holidays", d,
	    &holiday, err);
	if (rc == VT_OK)
		rc = listed(vt_conf_get(conf, "office", "workdays"), "workdays",
		    d, &made_up, err);
	if (rc == VT_OK)
		*ret = made_up || (weekday < 5 && !holiday);
	return rc;
}

int
vt_office_workday(const struct vt_conf *conf, int64_t now, int64_t *ret,
    struct vt_error *err)
{
	int64_t start = vt_date_start(vt_date_of(now));
	bool works = false;
	int i, rc = VT_OK;

	for (i = 0; i < SEARCHED && rc == VT_OK && !works; i++) {
		start -= DAY;
		rc = is_workday(conf, start, &works, err);
	}
	if (rc == VT_OK)
		*ret = start;
	return rc;
}
