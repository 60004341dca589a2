/* office.h - one office: its folder, and what its clerks do */
#ifndef VANTHU_OFFICE_H
#define VANTHU_OFFICE_H

#include "vanthu/bytes.h"

struct vt_conf;
struct vt_error;
struct vt_objects;
struct vt_store;

/* ---- opening ---- */

/*
 * An office that is open: its folder and what stands in there.  All is owned
 * by the office and may be used directly.
 */
struct vt_office {
	char *home;
	struct vt_conf *conf;          /* vanthu.conf */
	char *organ_id, *name;         /* of [office] */
	struct vt_store *store;        /* register.db */
	struct vt_objects *objects;    /* objects/ */
	struct vt_objects *quarantine; /* quarantine/: what no book took */
	char *trust_dir;               /* trust/, for vt_trust_open() */
};

/*
 * Open the office in the folder HOME; WHO goes into the history.
 * VT_ENOTFOUND: there is none; VT_EIO; VT_EFORMAT: its vanthu.conf; VT_ENOMEM.
 */
int vt_office_open(const char *home, const char *who, struct vt_office **ret,
    struct vt_error *err);
void vt_office_close(struct vt_office *o); /* NULL is allowed */

struct vt_office_plan {
	const char *organ_id, *name;
	const char *transport; /* an address, or NULL: none yet */
	/* The agency's certificate, PEM or DER, copied into the office. */
	const char *agency_cert; /* a path, or NULL */
};

/*
 * Make an office in the folder HOME.  vanthu.conf comes last and makes it one:
 * until then the same call can be repeated.  VT_EEXISTS: an office is there.
 * VT_EARG: PLAN breaks a rule; an agency id that is lawful but of no pattern
 * that we know is a line in NOTES (may be NULL).  VT_EIO; VT_EFORMAT: the
 * certificate; VT_ENOMEM.
 */
int vt_office_create(const char *home, const struct vt_office_plan *plan,
    struct vt_list *notes, struct vt_error *err);

#endif
