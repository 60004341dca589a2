/* objects_list.c - everything that lies in a folder of objects */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/bytes.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/objects.h"

#include "objects_int.h"

/* The digits of LEN, lower case; a name in capitals is not one of ours. */
static bool
is_hex(const char *name, size_t len)
{
	return strlen(name) == len && strspn(name, "0123456789abcdef") == len;
}

static int
not_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
entries_free(struct dirent **entries, int n)
{
	while (n > 0)
		free(entries[--n]);
	free(entries);
}

/* Is FOLDER/NAME, both as they should be, an object?  Writes its digest. */
static bool
object_parse(const char *folder, const char *name,
    unsigned char sha256[VT_SHA256_LEN])
{
	char hex[VT_SHA256_HEX];
	size_t n;

	if (!is_hex(name, 2 * VT_SHA256_LEN - VT_OBJECTS_FOLDER))
		return false;
	memcpy(hex, folder, VT_OBJECTS_FOLDER);
	memcpy(hex + VT_OBJECTS_FOLDER, name, strlen(name) + 1);
	return vt_hex_decode(vt_bytes_str(hex), sha256, &n);
}

/* Name what lies in DIR/FOLDER. */
static int
folder_each(const char *dir, const char *folder, vt_object_fn *fn, void *ctx,
    struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	char *path = vt_path_join(dir, folder), *name;
	struct dirent **entries = NULL;
	int i, n, rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	if ((n = scandir(path, &entries, not_dots, by_bytes)) < 0) {
		if (errno == ENOTDIR) /* a file where a folder should be */
			rc = fn(ctx, NULL, folder, err);
		else
			rc =
			    vt_error_io(err, "cannot read the folder %s", path);
		free(path);
		return rc;
	}
	for (i = 0; i < n && rc == VT_OK; i++) {
		if ((name = vt_path_join(folder, entries[i]->d_name)) == NULL) {
			rc = vt_error_nomem(err);
			break;
		}
		rc = fn(ctx,
		    object_parse(folder, entries[i]->d_name, sha256) ? sha256
								     : NULL,
		    name, err);
		free(name);
	}
	entries_free(entries, n);
	free(path);
	return rc;
}

int
vt_objects_each(struct vt_objects *o, vt_object_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct dirent **entries = NULL;
	int i, n, rc = VT_OK;

	if ((n = scandir(o->dir, &entries, not_dots, by_bytes)) < 0)
		return vt_error_io(err, "cannot read the folder %s", o->dir);
	for (i = 0; i < n && rc == VT_OK; i++)
		rc = is_hex(entries[i]->d_name, VT_OBJECTS_FOLDER)
			 ? folder_each(o->dir, entries[i]->d_name, fn, ctx, err)
			 : fn(ctx, NULL, entries[i]->d_name, err);
	entries_free(entries, n);
	return rc;
}
