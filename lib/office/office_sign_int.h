/* office_sign_int.h - what signing a record's file and deriving one share */
#ifndef VANTHU_OFFICE_SIGN_INT_H
#define VANTHU_OFFICE_SIGN_INT_H

#include "vanthu/office.h"
#include "vanthu/sign.h"
#include "vanthu/store_evidence.h"

#include "office_parts.h"

/* A signed file on its way into the office. */
struct vt_office_making {
	struct vt_sign_result res;
	struct vt_sign_evidence evidence;
	struct vt_out *out;
	struct vt_source *made; /* what was written */
	struct vt_office_parts parts;
};

void vt_office_making_release(struct vt_office_making *m);

/*
 * Sign SRC, which is called NAME, into a file without a name below the office,
 * and put what its signer was checked by into objects/.
 */
int vt_office_make(struct vt_office *o, struct vt_source *src, const char *name,
    const struct vt_sign_options *opts, struct vt_office_making *ret,
    struct vt_error *err);

/*
 * In the caller's transaction, with what M made: its warnings go into the
 * history of record ID, and E, of which the file's name and digests are filled
 * in, becomes evidence of it.
 */
int vt_office_making_enter(struct vt_office *o, int64_t id,
    const struct vt_office_making *m, const struct vt_sign_options *opts,
    struct vt_evidence *e, struct vt_error *err);

/* Is the last signature in SRC, over CONTENT where detached, of OPTS's key? */
int vt_office_holds_own(struct vt_source *src, struct vt_source *content,
    const struct vt_sign_options *opts, bool *ret, struct vt_error *err);

/*
 * Has the key of OPTS signed file I of REC already, which is SRC?  *RET true:
 * file *RET_FILE of it holds that signature, intact and the last one.
 */
int vt_office_signed_before(struct vt_office *o, const struct vt_record *rec,
    size_t i, struct vt_source *src, const struct vt_sign_options *opts,
    size_t *ret_file, bool *ret, struct vt_error *err);

/* Who signed a file; as vt_report_signed_by_person(). */
struct vt_office_signers {
	bool person, expired;
	bool agency; /* an intact one of the key that is to sign */
};

/*
 * Who signed the main file of REC, inside or by a detached signature that the
 * record holds.  Errors as vt_office_sign_facts().
 */
int vt_office_main_signers(struct vt_office *o, const struct vt_record *rec,
    const struct vt_sign_options *opts, struct vt_office_signers *ret,
    struct vt_error *err);

/* VT_EARG: what the caller says of number or date is not what REC says. */
int vt_office_words_check(const struct vt_record *rec,
    const struct vt_sign_options *opts, struct vt_error *err);

#endif
