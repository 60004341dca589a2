/* register.h - what the parts of vanthu-register share */
#ifndef REGISTER_H
#define REGISTER_H

#include "vanthu/bytes.h"
#include "vanthu/time.h"

struct vt_cli;
struct vt_error;
struct vt_json_out;
struct vt_office;
struct vt_record;

/* What stands on the command line; NULL, 0 or no date: not given. */
struct register_args {
	const char *type, *notation, *subject, *signer, *competence, *position;
	const char *urgency, *secrecy, *keeper, *reply_to, *series;
	const char *from, *code, *reason, *extract, *output;
	struct vt_date date, due, to;
	int64_t arrived, pages, copies, year, limit;
	bool paper, again;
	struct vt_list places;
};

/* enter.c */
void register_out(struct vt_cli *cli, const struct register_args *a);
void register_in(struct vt_cli *cli, const struct register_args *a);

/* show.c */
void register_list(struct vt_cli *cli, const struct register_args *a);
void register_show(struct vt_cli *cli, const struct register_args *a);
void register_export(struct vt_cli *cli);
void register_check(struct vt_cli *cli);

/* The year that was given has four digits; false: a usage error was said. */
bool register_year(struct vt_cli *cli, const struct register_args *a);

/* print.c */
void register_print(struct vt_cli *cli, const struct register_args *a);

/* recipient.c: to whom the record ID went, one by one */
int register_recipients_json(struct vt_office *o, int64_t id,
    struct vt_json_out *json, struct vt_error *err);
int register_recipients_text(struct vt_cli *cli, struct vt_office *o,
    int64_t id, struct vt_error *err);

/* edit.c */
void register_set(struct vt_cli *cli, const struct register_args *a);
void register_attach(struct vt_cli *cli);
void register_return(struct vt_cli *cli, const struct register_args *a);
void register_told(struct vt_cli *cli, const struct register_args *a);
void register_import(struct vt_cli *cli);

/* main.c: the office, once the command line is known to be right; or NULL. */
struct vt_office *register_open(struct vt_cli *cli);

/* The operands from the FROM-th on. */
bool register_operands(struct vt_cli *cli, int from, struct vt_list *ret);
/* NOTES as warnings; empties them. */
void register_notes(struct vt_cli *cli, struct vt_list *notes);
/* A record that was entered or changed: its reference, or with --json all. */
void register_result(struct vt_cli *cli, const struct vt_record *rec,
    bool existing);

#endif
