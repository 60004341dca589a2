/* office_register_int.h - what the clerk's calls share */
#ifndef VANTHU_OFFICE_REGISTER_INT_H
#define VANTHU_OFFICE_REGISTER_INT_H

#include <stdint.h>

#include "vanthu/bytes.h"

struct vt_error;
struct vt_office;
struct vt_record;

/* A translated line for NOTES, which may be NULL. */
int vt_office_note(struct vt_list *notes, struct vt_error *err,
    const char *msgid, ...) __attribute__((format(printf, 3, 4)));
/* Keep the files PATHS, and describe them in REC behind those it has. */
int vt_office_files_keep(struct vt_office *o, const struct vt_list *paths,
    struct vt_record *rec, struct vt_list *notes, struct vt_error *err);
/*
 * Queue what tells the sender of an incoming record's new state, where it came
 * by a transport; in the caller's transaction.
 */
int vt_office_state_answer(struct vt_office *o, const struct vt_record *rec,
    const char *reason, struct vt_error *err);

#endif
