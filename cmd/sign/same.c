/* same.c - is a file what signing would make of its input now? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sign.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/office_sign.h"
#include "vanthu/sign.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

/*
 * Two signatures with one look are the same bytes but for the value of the last
 * one's /Contents, since what is written depends on the input, the words and
 * the time alone.  (In an encrypted document strings differ each time: then it
 * is not known to be the same.)
 */
static bool
same_but_contents(struct vt_bytes a, struct vt_bytes b)
{
	static const char mark[] = "/Contents<";
	size_t i, from, to, next;

	if (a.len != b.len)
		return false;
	for (from = 0; (next = vt_bytes_find(a, from, mark)) != SIZE_MAX;
	     from = next + 1)
		;
	if (from == 0) /* the last one begins at FROM - 1 */
		return false;
	from += sizeof(mark) - 2;
	for (to = from; to < a.len && a.data[to] != '>'; to++)
		;
	for (i = 0; i < a.len; i++)
		if (a.data[i] != b.data[i] && (i < from || i >= to))
			return false;
	return true;
}

/* Sign SRC as if it were TIME, into a file that gets no name. */
static int
sign_then(struct vt_source *src, const struct sign_plan *plan, int64_t time,
    struct vt_out **ret, struct vt_error *err)
{
	struct vt_sign_options with = *plan->opts;
	struct vt_sign_result res = { 0 };
	struct vt_out *out = NULL;
	char spool[64];
	int rc;

	with.at = time;
	snprintf(spool, sizeof(spool), "/var/tmp/vanthu-same.%ld.%lld",
	    (long)getpid(), (long long)vt_time_now());
	if ((rc = vt_office_sign_facts(src, &with, err)) == VT_OK &&
	    (rc = vt_out_open(spool, &out, err)) == VT_OK &&
	    (rc = vt_sign_source(src, &with, out, &res, err)) == VT_OK)
		*ret = out;
	else
		vt_out_abort(out);
	return rc;
}

bool
sign_same(struct vt_source *src, struct vt_source *made,
    const struct sign_plan *plan, int64_t time)
{
	struct vt_source *again = NULL;
	struct vt_out *out = NULL;
	struct vt_bytes a, b;
	bool same = false;

	if (time != VT_TIME_NONE &&
	    vt_source_size(made) <= VT_SOURCE_COPY_MAX &&
	    sign_then(src, plan, time, &out, NULL) == VT_OK &&
	    vt_source_borrow(vt_out_fd(out), &again, NULL) == VT_OK &&
	    vt_source_size(again) == vt_source_size(made) &&
	    vt_source_view(made, 0, VT_SOURCE_COPY_MAX, &a, NULL) == VT_OK &&
	    vt_source_view(again, 0, VT_SOURCE_COPY_MAX, &b, NULL) == VT_OK)
		same = same_but_contents(a, b);
	vt_source_free(again);
	vt_out_abort(out);
	return same;
}
