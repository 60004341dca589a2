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
#include "vanthu/verify.h"

static const char mark[] = "/Contents<";

/* What stands between the "<" and the ">" of the first /Contents from FROM. */
static bool
next_contents(struct vt_bytes b, size_t from, struct vt_bytes *ret)
{
	size_t i = vt_bytes_find(b, from, mark), n = 0;

	if (i == SIZE_MAX)
		return false;
	i += sizeof(mark) - 1;
	while (i + n < b.len && b.data[i + n] != '>')
		n++;
	*ret = VT_BYTES(b.data + i, n);
	return true;
}

/*
 * Two signatures with one look are the same bytes but for the values of
 * /Contents behind the input, FROM bytes, since what is written depends on the
 * input, the words and the time alone.  (In an encrypted document strings
 * differ each time: then it is not known to be the same.)
 */
static bool
same_but_contents(struct vt_bytes a, struct vt_bytes b, size_t from)
{
	struct vt_bytes value;
	size_t off;

	if (a.len != b.len || memcmp(a.data, b.data, from) != 0)
		return false;
	while (next_contents(a, from, &value)) {
		off = (size_t)(value.data - a.data);
		if (memcmp(a.data + from, b.data + from, off - from) != 0)
			return false;
		from = off + value.len;
	}
	return memcmp(a.data + from, b.data + from, a.len - from) == 0;
}

/*
 * Sign SRC as if it were TIME, with ROOM bytes for the signature, into a file
 * that gets no name.  What a higher level adds is no part of the look.
 */
static int
sign_then(struct vt_source *src, const struct sign_plan *plan, int64_t time,
    size_t room, struct vt_out **ret, struct vt_error *err)
{
	struct vt_sign_options with = *plan->opts;
	struct vt_sign_result res = { 0 };
	struct vt_out *out = NULL;
	char spool[64];
	int rc;

	with.at = time;
	with.room = room;
	with.level = VT_LEVEL_B;
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
    const struct sign_plan *plan, const struct vt_report_signature *own)
{
	uint64_t from = vt_source_size(src), to = own->covered_to;
	struct vt_source *again = NULL;
	struct vt_out *out = NULL;
	struct vt_bytes a, b, hole;
	bool same = false;

	if (own->claimed_time != VT_TIME_NONE && from < to &&
	    to <= VT_SOURCE_COPY_MAX &&
	    vt_source_view(made, 0, to, &a, NULL) == VT_OK &&
	    next_contents(a, (size_t)from, &hole) &&
	    sign_then(src, plan, own->claimed_time, hole.len / 2, &out, NULL) ==
		VT_OK &&
	    vt_source_borrow(vt_out_fd(out), &again, NULL) == VT_OK &&
	    vt_source_view(again, 0, VT_SOURCE_COPY_MAX, &b, NULL) == VT_OK)
		same = same_but_contents(a, b, (size_t)from);
	vt_source_free(again);
	vt_out_abort(out);
	return same;
}
