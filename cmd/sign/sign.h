/* sign.h - what the parts of vanthu-sign share */
#ifndef CMD_SIGN_H
#define CMD_SIGN_H

#include "vanthu/bytes.h"

struct vt_cli;
struct vt_error;
struct vt_office;
struct vt_sign_options;

/* Where the results go. */
struct sign_plan {
	struct vt_sign_options *opts;
	const char *output;       /* -o, or NULL */
	const char *output_dir;   /* or NULL */
	struct vt_office *office; /* opened for the first record, or NULL */
};

/* Sign one operand and say so. */
void sign_operand(struct vt_cli *cli, struct sign_plan *plan,
    const char *operand);

/* Add the names in FILE, parted by NUL where there is one, else by newline. */
int sign_list_read(const char *file, struct vt_list *ret, struct vt_error *err);

#endif
