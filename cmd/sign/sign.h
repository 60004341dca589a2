/* sign.h - what the parts of vanthu-sign share */
#ifndef CMD_SIGN_H
#define CMD_SIGN_H

#include "vanthu/bytes.h"

struct vt_cli;
struct vt_error;
struct vt_office;
struct vt_sign_options;
struct vt_signer;

/* What stands on the command line; NULL: not given. */
struct sign_args {
	const char *as, *p12, *key, *cert, *chain, *passphrase, *rsa;
	const char *output, *output_dir, *files_from;
	bool attached;
};

/* The operands and the names in --files-from; false: a usage error was said. */
bool sign_args_files(struct vt_cli *cli, const struct sign_args *a,
    struct vt_list *ret);
/* Do they fit together?  OPTS gets what signing asks for; false as above. */
bool sign_args_check(struct vt_cli *cli, const struct sign_args *a,
    const struct vt_list *files, struct vt_sign_options *opts);

/* The signer that they name; the passphrase is asked for once. */
int sign_key_load(struct vt_cli *cli, const struct sign_args *a,
    struct vt_signer **ret, struct vt_error *err);

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
