/* office_sign.h - a signature on a registered document, kept in its record */
#ifndef VANTHU_OFFICE_SIGN_H
#define VANTHU_OFFICE_SIGN_H

#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/record.h" /* VT_REF_TEXT */

struct vt_error;
struct vt_office;
struct vt_sign_options;
struct vt_sign_result;
struct vt_source;

/*
 * Fill OPTS->person_signed for SRC: verify it against OPTS->trust and look for
 * a person's signature, one that is intact, not invalid, and not of the key
 * that is to sign now.  Only the agency's role asks for it; else nothing is
 * read.  Errors as vt_verify_source().
 */
int vt_office_sign_facts(struct vt_source *src, struct vt_sign_options *opts,
    struct vt_error *err);

struct vt_office_signed {
	char ref[VT_REF_TEXT];
	char *name; /* of the file now in the record; owned */
	unsigned char sha256[VT_SHA256_LEN];
	uint64_t size;
	int version;
	const char *verdict; /* static: verify's word on it; or NULL */
	bool already;        /* it was there: an earlier run signed it */
};

/*
 * Sign the main file of the outgoing record that REF names, and keep the result
 * in the record: a PDF or, with OPTS->attached, any other file as its next
 * version; a detached signature as a further file of the record.  Its warnings
 * go into the history, and the record becomes "signed".  Where the latest
 * signature on it is an intact one of this key, nothing is done, and that file
 * is told.  OPTS is as for vt_sign_source(); person_signed is found out here,
 * and what the agency's signature shows of number and date is the record's:
 * VT_EARG where OPTS has others.  VT_EARG, VT_ENOTFOUND:
 * no such record, or it has no file; VT_EREFUSED: an incoming or an issued one,
 * another signed it meanwhile, or a rule; else as vt_sign_source().  Free
 * RET->name.
 */
int vt_office_sign_record(struct vt_office *o, const char *ref,
    const struct vt_sign_options *opts, struct vt_sign_result *ret_result,
    struct vt_office_signed *ret, struct vt_error *err);

#endif
