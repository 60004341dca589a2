/* base_out_all.c - many files made durable with few waits for the disk */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "vanthu/error.h"
#include "vanthu/file.h"

#include "base_file_int.h"

#define MANY 4 /* files, from which on syncing all that is there pays */
#define MAGIC_XFS 0x58465342

/*
 * Before Linux 5.8 syncfs(2) does not say that something could not be written.
 */
static bool
kernel_tells(void)
{
	struct utsname u;
	int major, minor;

	return uname(&u) == 0 &&
	       sscanf(u.release, "%d.%d", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 8));
}

/* Those of which syncfs(2) is known to wait for data, names and the disk. */
static bool
system_syncs(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0)
		return false;
	switch ((unsigned long)fs.f_type) {
	case EXT4_SUPER_MAGIC:
	case MAGIC_XFS:
	case BTRFS_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case TMPFS_MAGIC:
		return true;
	default:
		return false;
	}
}

/* Can OUTS be synced by one call? */
static bool
at_once(struct vt_out *const *outs, size_t n)
{
	struct stat first, st;
	size_t i;

	if (n < MANY || fstat(outs[0]->fd, &first) != 0)
		return false;
	for (i = 1; i < n; i++)
		if (fstat(outs[i]->fd, &st) != 0 || st.st_dev != first.st_dev)
			return false;
	return kernel_tells() && system_syncs(outs[0]->fd);
}

/*
 * The first was opened before anything was written into the others: its
 * descriptor is told of every failure since then.
 */
static int
sync_data(struct vt_out *const *outs, size_t n, bool whole,
    struct vt_error *err)
{
	size_t i;

	if (whole)
		return syncfs(outs[0]->fd) == 0
			   ? VT_OK
			   : (int)vt_error_io(err, "cannot write %s",
				 outs[0]->path);
	for (i = 0; i < n; i++)
		if (fsync(outs[i]->fd) != 0)
			return vt_error_io(err, "cannot write %s",
			    outs[i]->path);
	return VT_OK;
}

static bool
same_folder(const struct vt_out *a, const struct vt_out *b)
{
	struct stat x, y;

	return fstat(a->dir, &x) == 0 && fstat(b->dir, &y) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int
sync_names(struct vt_out *const *outs, size_t n, bool whole,
    struct vt_error *err)
{
	size_t i, k;

	if (whole)
		return syncfs(outs[0]->fd) == 0
			   ? VT_OK
			   : (int)vt_error_io(err, "cannot make %s durable",
				 outs[0]->path);
	for (i = 0; i < n; i++) {
		for (k = 0; k < i; k++)
			if (same_folder(outs[k], outs[i]))
				break;
		if (k == i && vt_folder_sync(outs[i]->dir) != 0)
			return vt_error_io(err, "cannot make %s durable",
			    outs[i]->path);
	}
	return VT_OK;
}

static int
name_all(struct vt_out *const *outs, size_t n, int *rcs, size_t *ret_n,
    struct vt_error *err)
{
	for (*ret_n = 0; *ret_n < n; (*ret_n)++) {
		rcs[*ret_n] = VT_OK;
		if (vt_out_name(outs[*ret_n]) == 0)
			continue;
		if (errno != EEXIST)
			return vt_error_io(err, "cannot make %s",
			    outs[*ret_n]->path);
		rcs[*ret_n] = VT_EEXISTS;
	}
	return VT_OK;
}

int
vt_out_commit_all(struct vt_out **outs, size_t n, int *rcs,
    struct vt_error *err)
{
	bool whole = at_once(outs, n);
	size_t i, named = 0;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++)
		if (outs[i]->name == NULL)
			rc = vt_error_set(err, VT_EARG, NULL,
			    "%s is not a file name", outs[i]->path);
	if (rc == VT_OK && (rc = sync_data(outs, n, whole, err)) == VT_OK &&
	    (rc = name_all(outs, n, rcs, &named, err)) == VT_OK)
		rc = sync_names(outs, n, whole, err);
	for (i = 0; i < n; i++) {
		if (rc != VT_OK && i < named && rcs[i] == VT_OK)
			(void)unlinkat(outs[i]->dir, outs[i]->name, 0);
		vt_out_abort(outs[i]);
		outs[i] = NULL;
	}
	return rc;
}
