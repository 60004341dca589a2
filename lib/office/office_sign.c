/* office_sign.c - a signature on a registered document */
#include "vanthu/office_sign.h"

#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/sign.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

#include "office_mail_int.h"
#include "office_sign_int.h"

/* The place in REC of the file that is SEQ there, or REC->nfiles: none. */
static size_t
place_of(const struct vt_record *rec, int seq)
{
	size_t i = 0;

	while (i < rec->nfiles && rec->files[i].seq != seq)
		i++;
	return i;
}

/* Before any work, and once more when the result is to be entered. */
static int
may_sign(const struct vt_record *rec, int seq, const unsigned char *sha256,
    struct vt_error *err)
{
	size_t i = place_of(rec, seq);

	if (vt_record_incoming(rec))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "an incoming document stays as it came");
	if (vt_state_locked(rec->state))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the document was issued already");
	if (rec->nfiles == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the record has no file");
	if (i == rec->nfiles)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the record has no such file");
	if (sha256 != NULL &&
	    memcmp(rec->files[i].sha256, sha256, VT_SHA256_LEN) != 0)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "another version was put into the record meanwhile");
	return VT_OK;
}

/*
 * What the agency's signature shows is what was registered (NĐ 30/2020, 15);
 * nobody else says it.
 */
static int
take_words(const struct vt_record *rec, struct vt_sign_options *opts,
    struct vt_error *err)
{
	int rc;

	if ((opts->role != VT_SIGN_AGENCY &&
		opts->role != VT_SIGN_ATTACHMENT) ||
	    opts->kit == NULL)
		return VT_OK;
	if ((rc = vt_office_words_check(rec, opts, err)) != VT_OK)
		return rc;
	opts->words.code = rec->code;
	opts->words.date = rec->date;
	return VT_OK;
}

/* An attachment waits for a person's signature on its document. */
static int
take_facts(struct vt_office *o, const struct vt_record *rec,
    struct vt_sign_options *opts, struct vt_error *err)
{
	struct vt_office_signers who;
	int rc;

	if (opts->role != VT_SIGN_ATTACHMENT)
		return VT_OK;
	opts->document_seen = true;
	if ((rc = vt_office_main_signers(o, rec, opts, &who, err)) != VT_OK)
		return rc;
	opts->person_signed = who.person;
	opts->person_expired = who.expired;
	return VT_OK;
}

/* What the record's file is called once it is signed. */
static char *
file_name(const struct vt_record_file *file, enum vt_sign_format format)
{
	return format == VT_SIGN_PDF || format == VT_SIGN_XML
		   ? strdup(file->name)
		   : vt_sign_name(file->name, NULL, format);
}

static int
judge(struct vt_source *src, struct vt_source *content,
    const struct vt_sign_options *opts, const char **ret, struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = opts->trust,
		.pdf_password = opts->pdf_password,
		.at = opts->at,
		.content = content,
	};
	struct vt_report *report = NULL;
	int rc;

	if ((rc = vt_verify_confined(src, NULL, &how, &report, err)) != VT_OK)
		return rc;
	*ret = vt_report_verdict_name(report->verdict);
	/* Not to be expected, and worse than no signature. */
	if (report->verdict == VT_REPORT_INVALID)
		rc = vt_error_set(err, VT_ECRYPTO, NULL,
		    "the signed document does not hold: %s",
		    vt_reason_text(report->reason));
	vt_report_free(report);
	return rc;
}

static int
enter(struct vt_office *o, int64_t id, const struct vt_record_file *old,
    const struct vt_office_making *m, const struct vt_sign_options *opts,
    struct vt_office_signed *done, struct vt_error *err)
{
	struct vt_record_file file = { .name = done->name, .size = done->size };
	struct vt_evidence e = { .name = old->name };
	struct vt_record now;
	int rc;

	vt_record_init(&now);
	memcpy(file.sha256, done->sha256, sizeof(file.sha256));
	memcpy(e.before, old->sha256, sizeof(e.before));
	memcpy(e.after, done->sha256, sizeof(e.after));
	file.seq = m->res.format == VT_SIGN_DETACHED ? -1 : old->seq;
	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	if ((rc = vt_store_record_get(o->store, id, &now, err)) == VT_OK &&
	    (rc = may_sign(&now, old->seq, old->sha256, err)) == VT_OK &&
	    (rc = vt_store_file_add(o->store, id, &file, "signed", NULL,
		 err)) == VT_OK)
		rc = vt_office_making_enter(o, id, m, opts, &e, err);
	/* What an attachment is says nothing of the document. */
	if (rc == VT_OK && old->seq == 0 &&
	    (rc = vt_store_verdict_set(o->store, id, done->verdict, err)) ==
		VT_OK)
		rc = vt_store_state_set(o->store, id, VT_STATE_SIGNED, "signed",
		    NULL, err);
	if (rc == VT_OK)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	done->version = file.version;
out:
	vt_record_release(&now);
	return rc;
}

/* RET tells of file I of REC, as it stands there. */
static int
tell_before(const struct vt_record *rec, size_t i, struct vt_office_signed *ret,
    struct vt_error *err)
{
	const struct vt_record_file *f = &rec->files[i];

	if ((ret->name = strdup(f->name)) == NULL)
		return vt_error_nomem(err);
	memcpy(ret->sha256, f->sha256, sizeof(ret->sha256));
	ret->size = f->size;
	ret->version = f->version;
	ret->already = true;
	vt_record_ref(rec, ret->ref);
	return VT_OK;
}

/* File I of REC, which is SRC, as OPTS has it. */
static int
sign_file(struct vt_office *o, int64_t id, const struct vt_record *rec,
    size_t i, struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_sign_result *ret_result, struct vt_office_signed *done,
    struct vt_error *err)
{
	const struct vt_record_file *old = &rec->files[i];
	struct vt_office_making m = { 0 };
	int rc;

	if ((rc = vt_office_make(o, src, old->name, opts, &m, err)) != VT_OK ||
	    (rc = judge(m.made, m.res.format == VT_SIGN_DETACHED ? src : NULL,
		 opts, &done->verdict, err)) != VT_OK)
		goto out;
	if ((done->name = file_name(old, m.res.format)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_objects_put(o->objects, m.made, done->sha256, &done->size,
		 err)) != VT_OK ||
	    (rc = enter(o, id, old, &m, opts, done, err)) != VT_OK)
		goto out;
	vt_record_ref(rec, done->ref);
	*ret_result = m.res;
out:
	vt_office_making_release(&m);
	return rc;
}

int
vt_office_sign_record(struct vt_office *o, const char *ref, int seq,
    const struct vt_sign_options *opts, struct vt_sign_result *ret_result,
    struct vt_office_signed *ret, struct vt_error *err)
{
	struct vt_sign_options with = *opts;
	struct vt_office_signed done = { 0 };
	struct vt_source *src = NULL;
	struct vt_record rec;
	size_t i, kept;
	bool before;
	int64_t id;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_record(o, ref, false, &id, &rec, err)) != VT_OK ||
	    (rc = may_sign(&rec, seq, NULL, err)) != VT_OK ||
	    (rc = take_words(&rec, &with, err)) != VT_OK ||
	    (rc = take_facts(o, &rec, &with, err)) != VT_OK)
		goto out;
	i = place_of(&rec, seq);
	if ((rc = vt_office_object(o, rec.files[i].sha256, rec.files[i].name,
		 &src, err)) != VT_OK ||
	    (rc = vt_office_signed_before(o, &rec, i, src, opts, &kept, &before,
		 err)) != VT_OK)
		goto out;
	/* What was sealed with another number is not signed as this record. */
	if (before && with.role == VT_SIGN_AGENCY &&
	    (rc = vt_sign_said(src, &with, err)) != VT_OK)
		goto out;
	rc = before ? tell_before(&rec, kept, &done, err)
		    : sign_file(o, id, &rec, i, src, &with, ret_result, &done,
			  err);
	if (rc == VT_OK) {
		*ret = done;
		done.name = NULL;
	}
out:
	free(done.name);
	vt_source_free(src);
	vt_record_release(&rec);
	return rc;
}

/* Is file I of REC a detached signature of another one in it? */
static bool
is_signature(const struct vt_record *rec, size_t i)
{
	size_t k = 0;

	while (k < rec->nfiles &&
	       !vt_office_signature_of(rec->files[i].name, rec->files[k].name))
		k++;
	return k < rec->nfiles;
}

int
vt_office_attachments(struct vt_office *o, const char *ref, int **ret,
    size_t *ret_n, struct vt_error *err)
{
	struct vt_record rec;
	size_t i, n = 0;
	int *seqs = NULL;
	int64_t id;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_record(o, ref, false, &id, &rec, err)) != VT_OK)
		goto out;
	if ((seqs = calloc(rec.nfiles + 1, sizeof(*seqs))) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	for (i = 0; i < rec.nfiles; i++)
		if (rec.files[i].seq != 0 && !is_signature(&rec, i))
			seqs[n++] = rec.files[i].seq;
	if (n == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the record has no attachment");
	if (rc == VT_OK) {
		*ret = seqs;
		*ret_n = n;
		seqs = NULL;
	}
out:
	free(seqs);
	vt_record_release(&rec);
	return rc;
}
