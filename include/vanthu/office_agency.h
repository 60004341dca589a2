/* office_agency.h - the directory of agencies of an office */
#ifndef VANTHU_OFFICE_AGENCY_H
#define VANTHU_OFFICE_AGENCY_H

#include "vanthu/bytes.h"
#include "vanthu/store_agency.h"
#include "vanthu/transport.h" /* enum vt_transport_directory */

struct vt_error;
struct vt_json_out;
struct vt_office;

/* ---- lists come in ---- */

/* What became of one agency: VT_AGENCY_NEW, _CHANGED or _GONE. */
struct vt_office_agency_change {
	enum vt_agency_change what;
	char *code, *name;
};

/* What an import did.  For vt_office_directory_release(). */
struct vt_office_directory {
	struct vt_office_agency_change *items;
	size_t n, cap;
	size_t counts[VT_AGENCY_CHANGES]; /* of each kind */
	size_t skipped; /* entries of an axis that cannot be used */
	int64_t shared; /* aliases of more than one agency, and so nobody's */
};

void vt_office_directory_release(struct vt_office_directory *d);

struct vt_office_import_how {
	bool partial; /* what the list does not hold stays as it is */
	/* More than half of the directory may go: else that is refused. */
	bool shrink;
};

/*
 * The directory becomes what the file PATH says ("-": standard input), in one
 * transaction: all of it or nothing.  It is JSON lines with the keys of
 * vt_office_agency_to_json(), or CSV whose first line names them as columns.
 * VT_EFORMAT, VT_ELIMIT: with file and line; VT_EREFUSED: too much would go;
 * VT_EIO; VT_ENOMEM.
 */
int vt_office_agency_import(struct vt_office *o, const char *path,
    const struct vt_office_import_how *how, struct vt_office_directory *ret,
    struct vt_error *err);
/*
 * The same from the axis.  What cannot stand in a directory is skipped, and
 * counted.  VT_EUNSUPPORTED: the office's transport has none; and the errors
 * of vt_transport_agencies().
 */
int vt_office_agency_refresh(struct vt_office *o,
    enum vt_transport_directory which, const struct vt_office_import_how *how,
    struct vt_office_directory *ret, struct vt_error *err);

/* ---- asking ---- */

/* The members of an object that is open; ON is the day that says "state". */
void vt_office_agency_to_json(const struct vt_agency *a, struct vt_date on,
    struct vt_json_out *o);
/* "valid" "expired" "gone"; not translated. */
const char *vt_agency_state(const struct vt_agency *a, struct vt_date on);
/*
 * The agency that CODE names today, whether it is valid or not.  VT_ENOTFOUND:
 * none; the text names others that may be meant.
 */
int vt_office_agency_get(struct vt_office *o, const char *code,
    struct vt_agency *ret, struct vt_error *err);

/* ---- by hand; each in a transaction of its own, with an event ---- */

/*
 * OLD names, from now on, the agency that NEW names: a code of before, or the
 * tax code in its certificate.  VT_EARG: OLD can be no code; VT_EREFUSED: a
 * valid agency has it; VT_ENOTFOUND: there is no NEW.
 */
int vt_office_alias(struct vt_office *o, const char *old, const char *new,
    struct vt_error *err);
/* VT_ENOTFOUND: it was not added by hand. */
int vt_office_alias_remove(struct vt_office *o, const char *old,
    struct vt_error *err);
/*
 * Add to and remove from a group; either list may be NULL.  VT_EARG: no name
 * or no code; VT_EREFUSED: ADD holds one that the directory, which is not
 * empty, does not know; VT_ENOTFOUND: REMOVE one that is not in the group.
 */
int vt_office_group(struct vt_office *o, const char *group,
    const struct vt_list *add, const struct vt_list *remove,
    struct vt_error *err);

#endif
