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
 * Fill OPTS->person_signed, person_expired and agency_signed for SRC: verify it
 * against OPTS->trust and look for a person's signature, one that is intact,
 * not invalid, not expired, and not of the key that is to sign now.  Only the
 * agency's role asks for it; else nothing is read.  Errors as
 * vt_verify_source().
 */
int vt_office_sign_facts(struct vt_source *src, struct vt_sign_options *opts,
    struct vt_error *err);

/*
 * The same for SRC, a file that is to be signed as an attachment outside its
 * record: it must be one of an outgoing record, whose main document is looked
 * at; fills OPTS->document_seen.  VT_EREFUSED: it is none (NĐ 30/2020, 32);
 * VT_EARG: OPTS has another number than the record; VT_EIO.
 */
int vt_office_sign_attached(struct vt_office *o, struct vt_source *src,
    struct vt_sign_options *opts, struct vt_error *err);

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
 * Sign the file SEQ (0: the main one) of the outgoing record that REF names,
 * and keep the result in the record: a PDF or, with OPTS->attached, any other
 * file as its next version; a detached signature as a further file of the
 * record.  Its warnings go into the history, what its signer was checked by
 * becomes evidence of the record (store_evidence.h), and where it is the main
 * file, the record becomes "signed"; all in one transaction.  Where the latest
 * signature on it is an intact one of this key, nothing is done, and that file
 * is told.  OPTS is as for vt_sign_source(); what the agency must know of a
 * person's signature is found out here, of an attachment on the main file; and
 * what the agency's signature shows of number and date is the record's: VT_EARG
 * where OPTS has others.  VT_EARG, VT_ENOTFOUND: no such record or file;
 * VT_EREFUSED: an incoming or an issued one, another signed it meanwhile, or a
 * rule; else as vt_sign_source().  Free RET->name.
 */
int vt_office_sign_record(struct vt_office *o, const char *ref, int seq,
    const struct vt_sign_options *opts, struct vt_sign_result *ret_result,
    struct vt_office_signed *ret, struct vt_error *err);

/*
 * The attachments of the record that REF names, as SEQ above; detached
 * signatures of its files are none.  Free *RET.  VT_ENOTFOUND: there is none.
 */
int vt_office_attachments(struct vt_office *o, const char *ref, int **ret,
    size_t *ret_n, struct vt_error *err);

/*
 * Make a signed file of the record that REF names, beside its files
 * (store_derived.h): with the arrival stamp, whose number and date are the
 * record's, or a comment, on the received document or what was made of it last;
 * or a copy that the agency makes of the main file.  RET->version is its number
 * among these.  What an earlier run made is told: one arrival stamp, the same
 * comment or form of copy by this key.  VT_EREFUSED: a record of the other
 * direction; a sao y or sao lục of what came as an electronic document (NĐ
 * 30/2020, 25); another was made meanwhile; a rule.  Others as above.
 */
int vt_office_derive(struct vt_office *o, const char *ref,
    const struct vt_sign_options *opts, struct vt_sign_result *ret_result,
    struct vt_office_signed *ret, struct vt_error *err);

#endif
