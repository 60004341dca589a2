/* office_derive.c - stamps and comments on what came, and copies of records */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/office_register.h"
#include "vanthu/office_sign.h"
#include "vanthu/sign.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/store_derived.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

#include "office_mail_int.h"
#include "office_sign_int.h"

/* What is made, and of what. */
struct work {
	struct vt_office *o;
	struct vt_sign_options opts;
	struct vt_record rec;
	const char *role, *words; /* as they are kept */
	/* The file to go on from: the main one, or the last made of it. */
	unsigned char base[VT_SHA256_LEN];
	/* What an earlier run may have made; its name is owned. */
	struct vt_office_signed found;
	char number[VT_RECORD_NUMBER_TEXT];
};

/* ---- rules ---- */

static int
may_derive(const struct work *w, struct vt_error *err)
{
	bool copy = w->opts.role == VT_SIGN_COPY;

	if (!copy && !vt_record_incoming(&w->rec))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "an arrival stamp or a comment goes on an incoming "
		    "document");
	if (w->rec.nfiles == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the record has no file");
	/* What came through an axis is the original itself. */
	if (copy && w->opts.words.copy != VT_SIGN_TRICH_SAO &&
	    vt_record_incoming(&w->rec) && w->rec.document_id != NULL)
		return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 25",
		    "it came as an electronic document, of which there is no "
		    "sao y and no sao lục: the file itself is the original");
	return VT_OK;
}

/* The number and the day of arrival are those of the book. */
static int
take_arrival(struct work *w, struct vt_error *err)
{
	struct vt_sign_words *words = &w->opts.words;
	struct vt_date day;
	char *end;

	if (w->opts.role != VT_SIGN_INCOMING)
		return VT_OK;
	day = vt_date_of(w->rec.arrived != VT_TIME_NONE ? w->rec.arrived
							: w->rec.registered);
	if ((words->code != NULL &&
		(strtoll(words->code, &end, 10) != w->rec.number ||
		    *end != '\0')) ||
	    (words->date.year != 0 && vt_date_compare(words->date, day) != 0))
		return vt_error_set(err, VT_EARG, "NĐ 30/2020/NĐ-CP, 22",
		    "number and day of an arrival are those of the book");
	words->code = vt_record_number_text(w->rec.number, w->number);
	words->date = day;
	return VT_OK;
}

/* ---- what was made before ---- */

struct look {
	struct work *w;
	bool skip; /* the rest: it was found */
};

static bool
same_words(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Comments go on the stamped file, stamps on the commented one. */
static bool
goes_on(const struct work *w, const char *role)
{
	return w->opts.role != VT_SIGN_COPY &&
	       strcmp(role, vt_sign_role_name(VT_SIGN_COPY)) != 0;
}

static int
is_found(struct work *w, const struct vt_derived *d, bool *ret,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	*ret = false;
	if (strcmp(d->role, w->role) != 0 || !same_words(d->words, w->words))
		return VT_OK;
	/* One document arrives once, whoever stamped it. */
	*ret = w->opts.role == VT_SIGN_INCOMING;
	if (*ret)
		return VT_OK;
	/* A copy of another version is another copy. */
	if (w->opts.role == VT_SIGN_COPY &&
	    memcmp(d->source, w->rec.files[0].sha256, VT_SHA256_LEN) != 0)
		return VT_OK;
	if ((rc = vt_office_object(w->o, d->sha256, d->name, &src, err)) ==
	    VT_OK)
		rc = vt_office_holds_own(src, NULL, &w->opts, ret, err);
	vt_source_free(src);
	return rc;
}

static int
look_at(void *ctx, const struct vt_derived *d, struct vt_error *err)
{
	struct look *l = ctx;
	struct work *w = l->w;
	int rc;

	if (goes_on(w, d->role))
		memcpy(w->base, d->sha256, VT_SHA256_LEN);
	if (l->skip || (rc = is_found(w, d, &l->skip, err)) != VT_OK)
		return l->skip ? VT_OK : rc;
	if (!l->skip)
		return VT_OK;
	if ((w->found.name = strdup(d->name)) == NULL)
		return vt_error_nomem(err);
	memcpy(w->found.sha256, d->sha256, VT_SHA256_LEN);
	w->found.size = d->size;
	w->found.version = d->seq;
	w->found.already = true;
	return VT_OK;
}

static int
base_only(void *ctx, const struct vt_derived *d, struct vt_error *err)
{
	struct look *l = ctx;

	(void)err;
	if (goes_on(l->w, d->role))
		memcpy(l->w->base, d->sha256, VT_SHA256_LEN);
	return VT_OK;
}

/* ---- making ---- */

/* "letter.incoming.pdf" */
static char *
name_of(const struct work *w)
{
	const char *name = w->rec.files[0].name, *dot = strrchr(name, '.');
	char *ret;

	if (dot == NULL || dot == name)
		dot = name + strlen(name);
	return asprintf(&ret, "%.*s.%s%s", (int)(dot - name), name, w->role,
		   dot) < 0
		   ? NULL
		   : ret;
}

/* Our signature must be there and hold, whatever those before it are. */
static int
check_made(const struct work *w, struct vt_source *made,
    struct vt_office_signed *done, struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = w->opts.trust,
		.pdf_password = w->opts.pdf_password,
		.at = VT_TIME_NONE,
	};
	struct vt_report *report = NULL;
	bool own = false;
	int rc;

	if ((rc = vt_office_holds_own(made, NULL, &w->opts, &own, err)) !=
		VT_OK ||
	    (rc = vt_verify_confined(made, NULL, &how, &report, err)) != VT_OK)
		return rc;
	done->verdict = vt_report_verdict_name(report->verdict);
	if (!own)
		rc = vt_error_set(err, VT_ECRYPTO, NULL,
		    "the signed document does not hold: %s",
		    vt_reason_text(report->reason));
	vt_report_free(report);
	return rc;
}

static int
enter(struct work *w, int64_t id, const struct vt_office_making *m,
    struct vt_office_signed *done, struct vt_error *err)
{
	struct vt_derived d = { .record = id,
		.role = w->role,
		.name = done->name,
		.size = done->size,
		.words = w->words };
	struct vt_evidence e = { .name = done->name };
	unsigned char base[VT_SHA256_LEN];
	struct look l = { .w = w };
	struct vt_record now;
	int rc;

	memcpy(d.sha256, done->sha256, sizeof(d.sha256));
	memcpy(d.source, w->base, sizeof(d.source));
	memcpy(e.before, w->base, sizeof(e.before));
	memcpy(e.after, done->sha256, sizeof(e.after));
	memcpy(base, w->base, sizeof(base));
	vt_record_init(&now);
	if ((rc = vt_store_begin(w->o->store, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_record_get(w->o->store, id, &now, err)) == VT_OK) {
		memcpy(w->base, now.files[0].sha256, sizeof(w->base));
		rc = vt_store_derived_list(w->o->store, id, base_only, &l, err);
	}
	if (rc == VT_OK && memcmp(base, w->base, sizeof(base)) != 0)
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "another version was put into the record meanwhile");
	if (rc == VT_OK &&
	    (rc = vt_store_derived_add(w->o->store, &d, err)) == VT_OK &&
	    (rc = vt_office_making_enter(w->o, id, m, &w->opts, &e, err)) ==
		VT_OK)
		rc = vt_store_commit(w->o->store, err);
	if (rc != VT_OK)
		vt_store_rollback(w->o->store);
	done->version = d.seq;
	vt_record_release(&now);
	return rc;
}

static int
make(struct work *w, int64_t id, struct vt_sign_result *ret_result,
    struct vt_office_signed *done, struct vt_error *err)
{
	struct vt_office_making m = { 0 };
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_office_object(w->o, w->base, w->rec.files[0].name, &src,
		 err)) != VT_OK ||
	    (rc = vt_office_make(w->o, src, w->rec.files[0].name, &w->opts, &m,
		 err)) != VT_OK ||
	    (rc = check_made(w, m.made, done, err)) != VT_OK)
		goto out;
	if ((done->name = name_of(w)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_objects_put(w->o->objects, m.made, done->sha256,
		 &done->size, err)) != VT_OK ||
	    (rc = enter(w, id, &m, done, err)) != VT_OK)
		goto out;
	*ret_result = m.res;
out:
	vt_source_free(src);
	vt_office_making_release(&m);
	return rc;
}

int
vt_office_derive(struct vt_office *o, const char *ref,
    const struct vt_sign_options *opts, struct vt_sign_result *ret_result,
    struct vt_office_signed *ret, struct vt_error *err)
{
	struct work w = { .o = o,
		.opts = *opts,
		.role = vt_sign_role_name(opts->role),
		.words = opts->role == VT_SIGN_COPY
			     ? vt_sign_copy_name(opts->words.copy)
			     : opts->words.text };
	struct look l = { .w = &w };
	struct vt_office_signed done = { 0 };
	int64_t id;
	int rc;

	vt_record_init(&w.rec);
	if ((rc = vt_office_record(o, ref, false, &id, &w.rec, err)) != VT_OK ||
	    (rc = may_derive(&w, err)) != VT_OK ||
	    (rc = take_arrival(&w, err)) != VT_OK)
		goto out;
	memcpy(w.base, w.rec.files[0].sha256, sizeof(w.base));
	if ((rc = vt_store_derived_list(o->store, id, look_at, &l, err)) !=
		VT_OK ||
	    (!w.found.already &&
		(rc = make(&w, id, ret_result, &done, err)) != VT_OK))
		goto out;
	*ret = w.found.already ? w.found : done;
	vt_record_ref(&w.rec, ret->ref);
	w.found.name = done.name = NULL;
out:
	free(w.found.name);
	free(done.name);
	vt_record_release(&w.rec);
	return rc;
}
