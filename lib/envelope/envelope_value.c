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
	/* Is there such a day?  base knows. */
	return vt_date_parse(vt_date_text(d, text), ret);
}

bool
vt_edxml_date_parse(struct vt_bytes text, struct vt_date *ret)
{
	size_t pos = 0;

	if (text.len == 0) {
		*ret = (struct vt_date){ 0 };
		return true;
	}
	return date_at(text, &pos, ret) && pos == text.len;
}

bool
vt_edxml_time_parse(struct vt_bytes text, int64_t *ret)
{
	char zoned[VT_TIME_TEXT];
	struct vt_date d;
	int hour, min, sec;
	size_t pos = 0;

	if (text.len == 0) {
		*ret = VT_TIME_NONE;
		return true;
	}
	if (date_at(text, &pos, &d) &&
	    (sign(text, &pos, ' ') || sign(text, &pos, 'T')) &&
	    digits(text, &pos, 1, 2, &hour) && sign(text, &pos, ':') &&
	    digits(text, &pos, 2, 2, &min) && sign(text, &pos, ':') &&
	    digits(text, &pos, 2, 2, &sec) && pos == text.len) {
		if (hour > 23 || min > 59 || sec > 59)
			return false;
		/* Nothing on the wire names a zone: the offices' own. */
		*ret = vt_date_start(d) + 3600 * (int64_t)hour +
		       60 * (int64_t)min + sec;
		return true;
	}
	if (text.len >= sizeof(zoned))
		return false;
	memcpy(zoned, text.data, text.len);
	zoned[text.len] = '\0';
	return vt_time_parse(zoned, ret);
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
