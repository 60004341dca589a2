/* http_pace.c - whether a transfer still gets anywhere */
#include "http_int.h"
#include "vanthu/limits.h"

void
vt_http_pace_start(struct http_pace *p, unsigned silent_s, int64_t ms)
{
	*p = (struct http_pace){ .silent_s = silent_s,
		.ms = ms,
		.changed_ms = ms };
}

/* MOVED is less than before where it begins anew, on another connection. */
enum http_moves
vt_http_pace_look(struct http_pace *p, uint64_t moved, int64_t ms)
{
	int64_t most =
	    (int64_t)1000 * VT_HTTP_RATE_MIN * VT_HTTP_PATIENCE * p->silent_s;

	p->owed += (ms - p->ms) * VT_HTTP_RATE_MIN;
	if (moved > p->moved)
		p->owed -= 1000 * (int64_t)(moved - p->moved);
	if (p->owed < 0)
		p->owed = 0;
	if (moved != p->moved)
		p->changed_ms = ms;
	p->moved = moved;
	p->ms = ms;
	if (ms - p->changed_ms > 1000 * (int64_t)p->silent_s)
		return HTTP_STALLED;
	return p->owed > most ? HTTP_SLOW : HTTP_MOVES;
}

void
vt_http_pace_waive(struct http_pace *p, int64_t ms)
{
	p->changed_ms += ms - p->ms;
	p->ms = ms;
}

int
vt_http_pace_error(const struct http_pace *p, enum http_moves how,
    struct vt_error *err)
{
	if (how == HTTP_STALLED)
		return vt_error_set(err, VT_ENET, NULL,
		    "no whole answer: nothing came for %u seconds",
		    p->silent_s);
	return vt_error_set(err, VT_ENET, NULL,
	    "no whole answer: for too long it was slower than %d bytes a "
	    "second",
	    VT_HTTP_RATE_MIN);
}
