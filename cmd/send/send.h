/* send.h - inside vanthu-send */
#ifndef VANTHU_SEND_H
#define VANTHU_SEND_H

#include "vanthu/bytes.h" /* struct vt_list */

struct vt_cli;
struct vt_office;

/* What stands on the command line. */
struct send_args {
	struct vt_list to, report, know, units, post, add, remove;
	struct vt_list meant; /* filled: the ids that it goes to */
	const char *status, *resend, *recall, *update, *replace, *by;
	const char *reason;
	bool queue, ask;
};

/* Print what the recipients of the record REF, ID, did; ONLY: of those named
 * there (NULL: of all).  NOBODY: it is no failure that there are none. */
void send_show(struct vt_cli *cli, struct vt_office *o, const char *ref,
    int64_t id, const struct send_args *only, bool nobody);
/* The same of all, each with what the axis itself says. */
void send_ask(struct vt_cli *cli, struct vt_office *o, const char *ref,
    int64_t id);
/* One line on standard error for each of NOTES. */
void send_notes(struct vt_cli *cli, const char *what,
    const struct vt_list *notes);

/* --recall, --update, --replace */
void send_change(struct vt_cli *cli, struct vt_office *o,
    const struct send_args *a);

#endif
