/* archive.h - the verbs of vanthu-archive */
#ifndef VANTHU_CMD_ARCHIVE_H
#define VANTHU_CMD_ARCHIVE_H

struct vt_cli;
struct vt_office;

/* What stands on the command line. */
struct archive_args {
	const char *title, *retention, *file;
};

/* Each says what it did, and notes its status in CLI. */
void archive_open(struct vt_cli *cli, struct vt_office *o,
    const struct archive_args *a);
void archive_add(struct vt_cli *cli, struct vt_office *o, const char *code,
    const char *operand);
void archive_list(struct vt_cli *cli, struct vt_office *o);
void archive_check(struct vt_cli *cli, struct vt_office *o);

#endif
