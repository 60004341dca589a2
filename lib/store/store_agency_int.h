/* store_agency_int.h - inside store: a row of the directory */
#ifndef VANTHU_STORE_AGENCY_INT_H
#define VANTHU_STORE_AGENCY_INT_H

#include "store_int.h"

struct vt_agency;

/* The columns that vt_agency_row() reads, of the table agency AS a. */
#define VT_AGENCY_COLUMNS                                                      \
	"a.id, a.code, a.name, a.parent, a.email, a.phone, a.valid_from,"      \
	" a.valid_to, a.gone"
/* RET is emptied first; its aliases are not among it. */
void vt_agency_row(struct vt_sql *q, struct vt_agency *ret);
int vt_agency_aliases(struct vt_store *s, struct vt_agency *a,
    struct vt_error *err);

#endif
