/* base_time.c - RFC 3339, and the calendar of the offices (UTC+7) */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "vanthu/time.h"

#define DAY 86400
/* The first and last second whose year has four digits. */
#define TIME_FIRST (-62167219200) /* 0000-01-01T00:00:00 */
#define TIME_LAST 253402300799    /* 9999-12-31T23:59:59 */

int64_t
vt_time_now(void)
{
	return (int64_t)time(NULL);
}

/* Days since 1970-01-01; the year starts in March, so leap days come last. */
static int64_t
days_of(int64_t year, int month, int day)
{
	int64_t era, yoe, doy;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	yoe = year - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static struct vt_date
date_of_days(int64_t days)
{
	struct vt_date d;
	int64_t era, doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	d.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	d.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	d.year = (int)(yoe + era * 400 + (d.month <= 2));
	return d;
}

int64_t
vt_time_of_fields(int year, int month, int day, int hour, int min, int sec)
{
	return days_of(year, month, day) * DAY + (int64_t)hour * 3600 +
	       (int64_t)min * 60 + sec;
}

/* N digits at *P, stepped over; -1: not so. */
static int
digits(const char **p, int n)
{
	int value = 0;

	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

static bool
step(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
date_scan(const char **p, struct vt_date *ret)
{
	struct vt_date d;

	d.year = digits(p, 4);
	if (d.year < 1000 || !step(p, '-'))
		return false;
	d.month = digits(p, 2);
	if (d.month < 1 || d.month > 12 || !step(p, '-'))
		return false;
	d.day = digits(p, 2);
	if (d.day < 1 || d.day > month_days(d.year, d.month))
		return false;
	*ret = d;
	return true;
}

/* "Z", "+07:00": seconds east of Greenwich. */
static bool
zone_scan(const char **p, int *ret)
{
	int sign, hour, min;

	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		*ret = 0;
		return true;
	}
	if (**p != '+' && **p != '-')
		return false;
	sign = **p == '-' ? -1 : 1;
	(*p)++;
	hour = digits(p, 2);
	if (hour < 0 || hour > 23 || !step(p, ':'))
		return false;
	min = digits(p, 2);
	if (min < 0 || min > 59)
		return false;
	*ret = sign * (hour * 3600 + min * 60);
	return true;
}

/* A second 60 is one only at the end of a month in UTC (RFC 3339, 5.7). */
static bool
leap_second_ok(int64_t after)
{
	return after % DAY == 0 && date_of_days(after / DAY).day == 1;
}

bool
vt_time_parse(const char *text, int64_t *ret)
{
	const char *p = text;
	struct vt_date d;
	int hour, min, sec, zone;
	int64_t t;

	if (!date_scan(&p, &d))
		return false;
	if (*p == '\0') {
		*ret = vt_date_start(d);
		return true;
	}
	if (!step(&p, 'T') && !step(&p, 't'))
		return false;
	hour = digits(&p, 2);
	if (hour < 0 || hour > 23 || !step(&p, ':'))
		return false;
	min = digits(&p, 2);
	if (min < 0 || min > 59 || !step(&p, ':'))
		return false;
	sec = digits(&p, 2);
	if (sec < 0 || sec > 60)
		return false;
	if (step(&p, '.')) {
		if (digits(&p, 1) < 0)
			return false;
		while (*p >= '0' && *p <= '9')
			p++;
	}
	if (!zone_scan(&p, &zone) || *p != '\0')
		return false;
	t = vt_time_of_fields(d.year, d.month, d.day, hour, min, sec) - zone;
	if (sec == 60 && !leap_second_ok(t))
		return false;
	*ret = t;
	return true;
}

/* Seconds since 1970 on the clock of ZONE, held to the years that can be
 * written. */
static int64_t
time_in_zone(int64_t t, int zone)
{
	if (t > TIME_LAST - zone)
		return TIME_LAST;
	if (t < TIME_FIRST - zone)
		return TIME_FIRST;
	return t + zone;
}

static int64_t
day_of(int64_t t)
{
	return (t >= 0 ? t : t - (DAY - 1)) / DAY;
}

static char *
time_text(int64_t t, int zone, const char *suffix, char *out)
{
	struct vt_date d;
	int64_t days, sec;

	if (t == VT_TIME_NONE) {
		out[0] = '\0';
		return out;
	}
	t = time_in_zone(t, zone);
	days = day_of(t);
	sec = t - days * DAY;
	d = date_of_days(days);
	snprintf(out, VT_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d%s", d.year,
	    d.month, d.day, (int)(sec / 3600), (int)(sec / 60 % 60),
	    (int)(sec % 60), suffix);
	return out;
}

char *
vt_time_utc(int64_t t, char *out)
{
	return time_text(t, 0, "Z", out);
}

char *
vt_time_local(int64_t t, char *out)
{
	return time_text(t, VT_ZONE_SECONDS, "+07:00", out);
}

bool
vt_date_parse(const char *text, struct vt_date *ret)
{
	const char *p = text;
	struct vt_date d;

	if (!date_scan(&p, &d) || *p != '\0')
		return false;
	*ret = d;
	return true;
}

char *
vt_date_text(struct vt_date d, char *out)
{
	out[0] = '\0';
	if (d.year != 0)
		snprintf(out, VT_TIME_TEXT, "%04d-%02d-%02d", d.year, d.month,
		    d.day);
	return out;
}

struct vt_date
vt_date_of(int64_t t)
{
	struct vt_date none = { 0, 0, 0 };

	if (t == VT_TIME_NONE)
		return none;
	return date_of_days(day_of(time_in_zone(t, VT_ZONE_SECONDS)));
}

int64_t
vt_date_start(struct vt_date d)
{
	return vt_time_of_fields(d.year, d.month, d.day, 0, 0, 0) -
	       VT_ZONE_SECONDS;
}

int
vt_date_compare(struct vt_date a, struct vt_date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	if (a.day != b.day)
		return a.day < b.day ? -1 : 1;
	return 0;
}
