/* archive.h - the verbs of vanthu-archive */
#ifndef VANTHU_CMD_ARCHIVE_H
#define VANTHU_CMD_ARCHIVE_H

#include <stdbool.h>

#include "vanthu/time.h" /* struct vt_date */

struct vt_cli;
struct vt_office;

/* What stands on the command line. */
struct archive_args {
	const char *title, *retention, *file;
	const char *dir, *reason;
	struct vt_date before;
	bool prune, yes;
};

/* Each says what it did, and notes its status in CLI. */
void archive_open(struct vt_cli *cli, struct vt_office *o,
    const struct archive_args *a);
void archive_add(struct vt_cli *cli, struct vt_office *o, const char *code,
    const char *operand);
void archive_list(struct vt_cli *cli, struct vt_office *o);
void archive_check(struct vt_cli *cli, struct vt_office *o);
void archive_evidence(struct vt_cli *cli, struct vt_office *o,
    const struct archive_args *a);
void archive_prune(struct vt_cli *cli, struct vt_office *o,
    const struct archive_args *a);

#endif
