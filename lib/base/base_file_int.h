/* base_file_int.h - inside base: files that are made */
#ifndef VANTHU_BASE_FILE_INT_H
#define VANTHU_BASE_FILE_INT_H

#include <sys/types.h>

struct vt_out;

#define VT_OUT_TMP (sizeof(".vanthu-") + 16) /* room for a temporary name */

struct vt_out {
	char *path;
	const char *name; /* the last part of PATH */
	int dir;          /* the folder, so that it may be renamed */
	int fd;
	char tmp[VT_OUT_TMP]; /* its name until commit, or empty: none */
	uint64_t begun;       /* up to here it is on its way to the disk */
};

/* fsync() a folder; some file systems cannot and say EINVAL.  0, or -1. */
int vt_folder_sync(int fd);
/* "a/b" of "a/b/c", "." of "c", "/" of "/c"; for free(). */
char *vt_path_parent(const char *path);
/* Give OUT its name unless that is taken; 0, or -1 with errno. */
int vt_out_name(struct vt_out *out);

#endif
