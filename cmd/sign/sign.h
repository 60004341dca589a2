/* sign.h - what the parts of vanthu-sign share */
#ifndef CMD_SIGN_H
#define CMD_SIGN_H

#include "vanthu/bytes.h"
#include "vanthu/sign.h" /* enum vt_sign_format */
#include "vanthu/source.h"

struct vt_cli;
struct vt_error;
struct vt_office;
struct vt_office_stamping;
struct vt_report_signature;
struct vt_signer;

/* What stands on the command line; NULL: not given. */
struct sign_args {
	const char *as, *p12, *key, *cert, *chain, *passphrase, *rsa;
	const char *token;
	const char *pdf_password, *level, *tsa;
	struct vt_list anchors, crls;
	const char *output, *output_dir, *files_from;
	const char *countersign, *content;
	const char *at, *field, *below, *page; /* where it is seen */
	const char *copy_form, *number, *text; /* what is read there */
	const char *reason;
	const char *image, *number_at, *date_at;
	int64_t seal_width; /* millimetres; 0: as the image says */
	struct vt_date date;
	bool attached, enveloped, cosign, offline, last_try;
	bool repair;
	int64_t jobs;
};

/* The operands and the names in --files-from; false: a usage error was said. */
bool sign_args_files(struct vt_cli *cli, const struct sign_args *a,
    struct vt_list *ret);
/* Do they fit together?  OPTS gets what signing asks for; false as above. */
bool sign_args_check(struct vt_cli *cli, const struct sign_args *a,
    const struct vt_list *files, struct vt_sign_options *opts);

/*
 * Of these what a visible signature shows, and where; false as above.  A record
 * among FILES says number and date itself.
 */
bool sign_args_look(struct vt_cli *cli, const struct sign_args *a,
    const struct vt_list *files, struct vt_sign_options *opts);

/*
 * Is the agency's key about to be used where nobody is at a terminal, and the
 * office does not allow that?  Without an office there is nobody to say so.
 */
int sign_unattended(const struct vt_cli *cli, bool *ret, struct vt_error *err);
/* Who runs this, where it is by sudo: "clerk (sudo: officer)"; else NULL. */
const char *sign_operator(char *out, size_t size);

/* Whose key it is, for messages. */
const char *sign_key_name(const struct sign_args *a);
/* The signer that they name; the passphrase is asked for once. */
int sign_key_load(struct vt_cli *cli, const struct sign_args *a,
    struct vt_signer **ret, struct vt_error *err);

/* The signer in the token that --token names; the PIN is asked for once. */
int sign_token_load(struct vt_cli *cli, const struct sign_args *a,
    struct vt_signer **ret, struct vt_error *err);

/* What opens encrypted PDFs, where that was asked for; else RET stays empty. */
int sign_pdf_password(struct vt_cli *cli, const struct sign_args *a,
    struct vt_secret *ret, struct vt_error *err);

/*
 * The level that A or the office's settings name, and what it needs, into OPTS
 * and *RET, which is to be closed; false: an error was said.
 */
bool sign_level_open(struct vt_cli *cli, const struct sign_args *a,
    struct vt_sign_options *opts, struct vt_office_stamping *ret);

/* Where the results go. */
struct sign_plan {
	struct vt_sign_options *opts;
	const char *output;       /* -o, or NULL */
	const char *output_dir;   /* or NULL */
	const char *content;      /* --content, or NULL: by the name */
	struct vt_office *office; /* opened for the first record, or NULL */
	/*
	 * Who runs this makes the folder durable, once for several files, and
	 * tells of none before; PENDING, for free(), is the file just made.
	 */
	bool folder_later;
	char *pending;
	struct vt_source_room room; /* for what is signed */
};

enum sign_outcome {
	SIGN_FAILED,
	SIGN_DONE,
	SIGN_ALREADY, /* an earlier run did it */
	SIGN_OUTCOMES
};

/*
 * Sign one operand and say so.  This may run in a process that was forked: what
 * cannot be shared by two (a data base) is opened in here.
 */
enum sign_outcome sign_operand(struct vt_cli *cli, struct sign_plan *plan,
    const char *operand);

/* Is there an office in the home directory? */
bool sign_has_office(const struct vt_cli *cli);
/* Open it into PLAN, unless it is open. */
int sign_open_office(struct vt_cli *cli, struct sign_plan *plan,
    struct vt_error *err);
/* The same of the record REF: its main file, its attachments, or what is made
 * of it, as the role has it. */
enum sign_outcome sign_record(struct vt_cli *cli, struct sign_plan *plan,
    const char *ref);

struct vt_office_signed;
/* Say that OPERAND was signed as OUTPUT; RECORD is NULL for a file. */
void sign_show(struct vt_cli *cli, const struct sign_plan *plan,
    const char *operand, const char *output, const struct vt_sign_result *res,
    const struct vt_office_signed *record);

/* What OUTPUT is, where it is what signing would make. */
struct sign_found {
	bool already;
	uint64_t size;
	int64_t time;  /* claimed */
	char level[8]; /* "B", ...; empty: below */
};

/*
 * Does OUTPUT exist and carry an intact signature of the plan's key over this
 * very SRC?  VT_OK with ALREADY false: no, or there is nothing.
 */
int sign_again(struct vt_source *src, const char *output,
    const struct sign_plan *plan, enum vt_sign_format format,
    struct sign_found *ret, struct vt_error *err);

/*
 * Is MADE, as far as its signature OWN reaches, what signing SRC by PLAN makes,
 * had it been done when OWN says?  For what is to be seen: one key may put
 * several stamps on one input.
 */
bool sign_same(struct vt_source *src, struct vt_source *made,
    const struct sign_plan *plan, const struct vt_report_signature *own);

/*
 * Add the names in FILE, "-" being standard input; parted by NUL where there is
 * one, else by newline, as other systems write it, too (CR before it, a mark
 * of UTF-8 at the start).
 */
int sign_list_read(const char *file, struct vt_list *ret, struct vt_error *err);

#endif
