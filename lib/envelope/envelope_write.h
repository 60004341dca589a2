/* envelope_write.h - what planning and writing an envelope share */
#ifndef ENVELOPE_WRITE_H
#define ENVELOPE_WRITE_H

#include "envelope_int.h"

#define MEMBER_NAME (36 + 1 + EXTENSION_MAX)

/* One attachment to be written. */
struct vt_edxml_plan {
	char name[VT_ENVELOPE_NAME_MAX];
	char description[VT_ENVELOPE_NAME_MAX];
	char type[sizeof("application/octet-stream") + EXTENSION_MAX];
	struct vt_source *content; /* borrowed */
	bool zip;
	uint64_t zip_off, zip_len; /* of its archive in the spool */
};

struct vt_edxml_plans {
	const char *dir;
	int fd; /* the archives, one behind the other; -1: none yet */
};

/* Decide on FILE, the INDEX-th; SEED tells one message from another. */
int vt_edxml_plan(struct vt_edxml_plan *plan,
    const struct vt_envelope_file *file, size_t index, const char *seed,
    struct vt_edxml_plans *plans, struct vt_error *err);

#endif
