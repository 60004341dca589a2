/* time.h - instants, dates, the working zone of the offices */
#ifndef VANTHU_TIME_H
#define VANTHU_TIME_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Instants are seconds since 1970-01-01T00:00:00Z.  Texts are RFC 3339.  The
 * offices' calendar (year of a number, working day) is UTC+7, all year.
 */
#define VT_TIME_NONE INT64_MIN /* "no instant is known" */
#define VT_TIME_TEXT 32        /* room for any text made here */
#define VT_ZONE_SECONDS 25200  /* +07:00 */

int64_t vt_time_now(void);
/* RFC 3339 with its zone, or a date alone (00:00 at +07:00).  false: not so. */
bool vt_time_parse(const char *text, int64_t *ret);
/* "2026-11-23T02:15:30Z"; out has VT_TIME_TEXT bytes; out is returned. */
char *vt_time_utc(int64_t t, char *out);
/* "2026-11-23T09:15:30+07:00" */
char *vt_time_local(int64_t t, char *out);

struct vt_date {
	int year, month, day; /* 1..12, 1..31; all 0: no date */
};

/* YYYY-MM-DD, of the proleptic Gregorian calendar, 1000 to 9999. */
bool vt_date_parse(const char *text, struct vt_date *ret);
char *vt_date_text(struct vt_date d, char *out); /* "" for no date */
struct vt_date vt_date_of(int64_t t);            /* at +07:00 */
int64_t vt_date_start(struct vt_date d);         /* its 00:00 at +07:00 */
int vt_date_compare(struct vt_date a, struct vt_date b);

/* Seconds since 1970 of a calendar time in UTC; fields are not checked. */
int64_t vt_time_of_fields(int year, int month, int day, int hour, int min,
    int sec);

#endif
