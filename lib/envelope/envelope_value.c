/* envelope_value.c - dates, times and numbers as they stand on the wire */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope_int.h"

#define NUMBER_DIGITS 9 /* of what is read into an int */

static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct vt_bytes
vt_edxml_trim(struct vt_bytes text)
{
	while (text.len > 0 && is_space(text.data[0]))
		text = VT_BYTES(text.data + 1, text.len - 1);
	while (text.len > 0 && is_space(text.data[text.len - 1]))
		text.len--;
	return text;
}

/* MIN to MAX digits at *POS. */
static bool
digits(struct vt_bytes b, size_t *pos, size_t min, size_t max, int *ret)
{
	size_t n = 0;
	int value = 0;

	while (n < max && *pos < b.len && b.data[*pos] >= '0' &&
	       b.data[*pos] <= '9') {
		value = 10 * value + (b.data[(*pos)++] - '0');
		n++;
	}
	*ret = value;
	return n >= min;
}

static bool
sign(struct vt_bytes b, size_t *pos, char c)
{
	if (*pos >= b.len || b.data[*pos] != c)
		return false;
	(*pos)++;
	return true;
}

/* yyyy/MM/dd, yyyy-MM-dd, or dd/MM/yyyy as the systems of 2012 write it. */
static bool
date_at(struct vt_bytes b, size_t *pos, struct vt_date *ret)
{
	char text[VT_TIME_TEXT];
	struct vt_date d;
	size_t start = *pos;
	char c;

	if (digits(b, pos, 4, 4, &d.year) && *pos < b.len) {
		c = b.data[*pos] == '-' ? '-' : '/';
		if (!sign(b, pos, c) || !digits(b, pos, 1, 2, &d.month) ||
		    !sign(b, pos, c) || !digits(b, pos, 1, 2, &d.day))
			return false;
	} else {
		*pos = start;
		if (!digits(b, pos, 1, 2, &d.day) || !sign(b, pos, '/') ||
		    !digits(b, pos, 1, 2, &d.month) || !sign(b, pos, '/') ||
		    !digits(b, pos, 4, 4, &d.year))
			return false;
	}
	/* Programs in .NET write 0001/01/01 for a date that they lack. */
	if (d.year == 1 && d.month == 1 && d.day == 1) {
		*ret = (struct vt_date){ 0 };
		return true;
	}
	/* Is there such a day?  base knows. */
	return vt_date_parse(vt_date_text(d, text), ret);
}

/* HH:mm, HH:mm:ss or with a fraction of a second, which is dropped. */
static bool
clock_at(struct vt_bytes b, size_t *pos, int *ret_seconds)
{
	int hour, min, sec = 0, fraction;

	if (!digits(b, pos, 1, 2, &hour) || !sign(b, pos, ':') ||
	    !digits(b, pos, 2, 2, &min) ||
	    (sign(b, pos, ':') && !digits(b, pos, 2, 2, &sec)) ||
	    (sign(b, pos, '.') &&
		!digits(b, pos, 1, NUMBER_DIGITS, &fraction)) ||
	    hour > 23 || min > 59 || sec > 59)
		return false;
	*ret_seconds = 3600 * hour + 60 * min + sec;
	return true;
}

/* Z or +07:00; nothing is the offices' own zone. */
static bool
zone_at(struct vt_bytes b, size_t *pos, int *ret_seconds)
{
	int hour, min, factor = 1;

	*ret_seconds = VT_ZONE_SECONDS;
	if (*pos == b.len)
		return true;
	if (sign(b, pos, 'Z')) {
		*ret_seconds = 0;
		return true;
	}
	if (sign(b, pos, '-'))
		factor = -1;
	else if (!sign(b, pos, '+'))
		return false;
	if (!digits(b, pos, 2, 2, &hour) || !sign(b, pos, ':') ||
	    !digits(b, pos, 2, 2, &min) || hour > 23 || min > 59)
		return false;
	*ret_seconds = factor * (3600 * hour + 60 * min);
	return true;
}

/* A date, and the time behind it where there is one. */
static bool
moment(struct vt_bytes b, struct vt_date *ret_date, int64_t *ret_time)
{
	int seconds = 0, zone = VT_ZONE_SECONDS;
	size_t pos = 0;

	if (!date_at(b, &pos, ret_date))
		return false;
	if (pos < b.len &&
	    ((!sign(b, &pos, ' ') && !sign(b, &pos, 'T')) ||
		!clock_at(b, &pos, &seconds) || !zone_at(b, &pos, &zone)))
		return false;
	*ret_time = ret_date->year == 0 ? VT_TIME_NONE
					: vt_date_start(*ret_date) +
					      VT_ZONE_SECONDS + seconds - zone;
	return pos == b.len;
}

/* With a zone of its own a time may be of another day here. */
bool
vt_edxml_date_parse(struct vt_bytes text, struct vt_date *ret)
{
	struct vt_date written;
	int64_t t;

	*ret = (struct vt_date){ 0 };
	if (text.len == 0)
		return true;
	if (!moment(text, &written, &t))
		return false;
	if (t != VT_TIME_NONE)
		*ret = vt_date_of(t);
	return true;
}

bool
vt_edxml_time_parse(struct vt_bytes text, int64_t *ret)
{
	struct vt_date written;

	*ret = VT_TIME_NONE;
	return text.len == 0 || moment(text, &written, ret);
}

bool
vt_edxml_count_parse(struct vt_bytes text, int max, int *ret)
{
	size_t pos = 0;
	int n;

	if (!digits(text, &pos, 1, NUMBER_DIGITS, &n) || pos != text.len ||
	    n > max)
		return false;
	*ret = n;
	return true;
}

bool
vt_edxml_bool_parse(struct vt_bytes text, bool *ret)
{
	static const char *const words[] = { "0", "1", "false", "true" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text.len == strlen(words[i]) &&
		    strncasecmp((const char *)text.data, words[i], text.len) ==
			0) {
			*ret = (i & 1) != 0;
			return true;
		}
	return false;
}

char *
vt_edxml_date_text(struct vt_date d, char *out)
{
	char *p;

	for (p = vt_date_text(d, out); *p != '\0'; p++)
		if (*p == '-')
			*p = '/';
	return out;
}

char *
vt_edxml_time_text(int64_t t, char *out)
{
	vt_time_local(t, out); /* 2026-11-23T09:15:30+07:00 */
	out[4] = out[7] = '/';
	out[10] = ' ';
	out[19] = '\0';
	return out;
}

void *
vt_edxml_grow(void *items, size_t *n, size_t size)
{
	unsigned char *p = items;
	size_t room = *n, bytes;

	/* N is a power of two where the room is used up. */
	if ((room & (room - 1)) == 0) {
		room = room == 0 ? 1 : 2 * room;
		if (!vt_mul(room, size, &bytes) ||
		    (p = realloc(items, bytes)) == NULL)
			return NULL;
	}
	memset(p + *n * size, 0, size);
	(*n)++;
	return p;
}
