/* office_sign.c - a signature on a registered document */
#include "vanthu/office_sign.h"

#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/office_extend.h"
#include "vanthu/office_register.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

#include "office_mail_int.h"

#define DETAIL_MAX 4096 /* bytes of one line of the history */

int
vt_office_sign_facts(struct vt_source *src, struct vt_sign_options *opts,
    struct vt_error *err)
{
	struct vt_verify_options how = {
		.trust = opts->trust,
		.pdf_password = opts->pdf_password,
		.at = opts->at,
	};
	struct vt_report *report = NULL;
	int rc;

	opts->person_signed = false;
	if (opts->role != VT_SIGN_AGENCY)
		return VT_OK;
	if ((rc = vt_verify_confined(src, NULL, &how, &report, err)) != VT_OK)
		return rc;
	opts->person_signed = vt_report_signed_by_person(report,
	    vt_cert_sha256(opts->signer->cert));
	vt_report_free(report);
	return VT_OK;
}

/* Before any work, and once more when the result is to be entered. */
static int
may_sign(const struct vt_record *rec, const unsigned char *main_file,
    struct vt_error *err)
{
	if (vt_record_incoming(rec))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "an incoming document stays as it came");
	if (vt_state_locked(rec->state))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the document was issued already");
	if (rec->nfiles == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the record has no file");
	if (main_file != NULL &&
	    memcmp(rec->files[0].sha256, main_file, VT_SHA256_LEN) != 0)
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
	struct vt_sign_words *w = &opts->words;
	struct vt_record_code code;

	if (opts->role != VT_SIGN_AGENCY || opts->kit == NULL)
		return VT_OK;
	if ((w->code != NULL &&
		(vt_record_code_parse(w->code, &code, NULL) != VT_OK ||
		    code.number != rec->number ||
		    strcmp(code.notation, rec->notation) != 0)) ||
	    (w->date.year != 0 && vt_date_compare(w->date, rec->date) != 0))
		return vt_error_set(err, VT_EARG, "NĐ 30/2020/NĐ-CP, 15",
		    "number and date of a record are those of the record: %s",
		    rec->code);
	w->code = rec->code;
	w->date = rec->date;
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

/* Sign SRC into a file without a name below the office, as a source. */
static int
sign(struct vt_office *o, struct vt_source *src, const char *name,
    const struct vt_sign_options *opts, struct vt_sign_result *res,
    struct vt_out **ret_out, struct vt_source **ret, struct vt_error *err)
{
	struct vt_sign_options with = *opts;
	char *path = vt_path_join(o->home, "signed");
	struct vt_out *out = NULL;
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	with.name = name;
	if ((rc = vt_office_sign_facts(src, &with, err)) == VT_OK &&
	    (rc = vt_office_sign_source(src, path, &with, &out, res, err)) ==
		VT_OK)
		rc = vt_source_fd(vt_out_fd(out), ret, err);
	free(path);
	if (rc == VT_OK)
		*ret_out = out;
	else
		vt_out_abort(out);
	return rc;
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
note_warnings(struct vt_office *o, int64_t id, const struct vt_sign_result *res,
    struct vt_error *err)
{
	struct vt_json_out *json;
	struct vt_buf line;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&line, DETAIL_MAX);
	for (i = 0; i < res->nwarnings && rc == VT_OK; i++) {
		vt_buf_reset(&line);
		json = vt_json_out_new();
		vt_json_put_str(json, "code", res->warnings[i].code);
		vt_json_put_str(json, "message", res->warnings[i].text);
		if ((rc = vt_json_write(json, &line, err)) == VT_OK)
			rc = vt_store_event_add(o->store, id, "sign-warning",
			    NULL, vt_buf_str(&line), err);
		vt_json_out_free(json);
	}
	vt_buf_release(&line);
	return rc;
}

static int
enter(struct vt_office *o, int64_t id, const unsigned char *signed_file,
    const struct vt_sign_result *res, struct vt_office_signed *done,
    struct vt_error *err)
{
	struct vt_record_file file = { .name = done->name, .size = done->size };
	struct vt_record now;
	int rc;

	vt_record_init(&now);
	memcpy(file.sha256, done->sha256, sizeof(file.sha256));
	file.seq = res->format == VT_SIGN_DETACHED ? -1 : 0;
	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	if ((rc = vt_store_record_get(o->store, id, &now, err)) == VT_OK &&
	    (rc = may_sign(&now, signed_file, err)) == VT_OK &&
	    (rc = vt_store_file_add(o->store, id, &file, "signed", NULL,
		 err)) == VT_OK &&
	    (rc = note_warnings(o, id, res, err)) == VT_OK &&
	    (rc = vt_store_verdict_set(o->store, id, done->verdict, err)) ==
		VT_OK &&
	    (rc = vt_store_state_set(o->store, id, VT_STATE_SIGNED, "signed",
		 NULL, err)) == VT_OK)
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

int
vt_office_sign_record(struct vt_office *o, const char *ref,
    const struct vt_sign_options *opts, struct vt_sign_result *ret_result,
    struct vt_office_signed *ret, struct vt_error *err)
{
	struct vt_sign_options with = *opts;
	struct vt_office_signed done = { 0 };
	struct vt_sign_result res = { 0 };
	struct vt_source *src = NULL, *made = NULL;
	struct vt_out *out = NULL;
	struct vt_record rec;
	bool before;
	size_t file;
	int64_t id;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_record(o, ref, false, &id, &rec, err)) != VT_OK ||
	    (rc = may_sign(&rec, NULL, err)) != VT_OK ||
	    (rc = take_words(&rec, &with, err)) != VT_OK ||
	    (rc = vt_office_object(o, rec.files[0].sha256, rec.files[0].name,
		 &src, err)) != VT_OK ||
	    (rc = vt_office_signed_before(o, &rec, src, opts, &file, &before,
		 err)) != VT_OK)
		goto out;
	if (before) {
		if ((rc = tell_before(&rec, file, &done, err)) == VT_OK) {
			*ret = done;
			done.name = NULL;
		}
		goto out;
	}
	if ((rc = sign(o, src, rec.files[0].name, &with, &res, &out, &made,
		 err)) != VT_OK ||
	    (rc = judge(made, res.format == VT_SIGN_DETACHED ? src : NULL, opts,
		 &done.verdict, err)) != VT_OK)
		goto out;
	if ((done.name = file_name(&rec.files[0], res.format)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_objects_put(o->objects, made, done.sha256, &done.size,
		 err)) != VT_OK ||
	    (rc = enter(o, id, rec.files[0].sha256, &res, &done, err)) != VT_OK)
		goto out;
	vt_record_ref(&rec, done.ref);
	*ret_result = res;
	*ret = done;
	done.name = NULL;
out:
	free(done.name);
	vt_source_free(made);
	vt_source_free(src);
	vt_out_abort(out);
	vt_record_release(&rec);
	return rc;
}
