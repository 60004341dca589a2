/* list.c - the names of files, from a file */
#include <stdlib.h>
#include <string.h>

#include "sign.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

#define LIST_MAX VT_SOURCE_COPY_MAX /* bytes of all names */

static int
add(struct vt_list *list, struct vt_bytes name, int sep, struct vt_error *err)
{
	char *s;
	int rc;

	if (sep == '\n' && name.len > 0 && name.data[name.len - 1] == '\r')
		name = vt_bytes_slice(name, 0, name.len - 1);
	if (name.len == 0)
		return VT_OK;
	if ((s = vt_bytes_dup(name)) == NULL)
		return vt_error_nomem(err);
	rc = vt_list_add(list, s, err);
	free(s);
	return rc;
}

int
sign_list_read(const char *file, struct vt_list *ret, struct vt_error *err)
{
	const struct vt_bytes mark = vt_bytes_str("\xef\xbb\xbf");
	struct vt_source *src = NULL;
	struct vt_bytes all;
	const unsigned char *end;
	size_t i = 0, len;
	int sep, rc;

	if ((rc = vt_source_open(file, &src, err)) != VT_OK)
		return rc;
	if (vt_source_size(src) > LIST_MAX) {
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "the list %s is longer than %u bytes", file, LIST_MAX);
		goto out;
	}
	if ((rc = vt_source_view(src, 0, LIST_MAX, &all, err)) != VT_OK)
		goto out;
	sep = all.len > 0 && memchr(all.data, '\0', all.len) != NULL ? '\0'
								     : '\n';
	if (sep == '\n' &&
	    vt_bytes_equal(vt_bytes_slice(all, 0, mark.len), mark))
		i = mark.len;
	while (i < all.len) {
		end = memchr(all.data + i, sep, all.len - i);
		len =
		    end == NULL ? all.len - i : (size_t)(end - (all.data + i));
		if ((rc = add(ret, vt_bytes_slice(all, i, len), sep, err)) !=
		    VT_OK)
			goto out;
		i += len + 1;
	}
out:
	vt_source_free(src);
	return rc;
}
