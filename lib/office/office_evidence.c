/* office_evidence.c - a signature being made, and what its signer was checked
 * by
 */
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/objects.h"
#include "vanthu/office_extend.h"
#include "vanthu/office_sign.h"
#include "vanthu/sign_level.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

#include <stdlib.h>

#include "office_sign_int.h"

#define DETAIL_MAX 4096 /* bytes of one line of the history */

void
vt_office_making_release(struct vt_office_making *m)
{
	vt_sign_evidence_release(&m->evidence);
	vt_source_free(m->made);
	vt_out_abort(m->out);
	m->made = NULL;
	m->out = NULL;
}

/* ---- what it was checked by ---- */

static int
keep(struct vt_office *o, struct vt_office_making *m,
    const struct vt_sign_options *opts, struct vt_error *err)
{
	const struct vt_trust_used *stamps = NULL;
	struct vt_trust_used *used = &m->evidence.used;
	const struct vt_cert *signer = opts->signer->cert;
	int rc;

	/* An authority that was asked was checked, too. */
	if (opts->stamping != NULL &&
	    ((rc = vt_stamping_trial(opts->stamping, &stamps, NULL, err)) !=
		    VT_OK ||
		(rc = vt_trust_used_merge(used, stamps, err)) != VT_OK))
		return rc;
	if ((rc = vt_office_part_keep(o, &m->parts, VT_EVIDENCE_SIGNER,
		 vt_cert_der(signer), err)) != VT_OK)
		return rc;
	return vt_office_parts_keep(o, &m->parts, used, signer, err);
}

int
vt_office_make(struct vt_office *o, struct vt_source *src, const char *name,
    const struct vt_sign_options *opts, struct vt_office_making *ret,
    struct vt_error *err)
{
	struct vt_sign_options with = *opts;
	char *path = vt_path_join(o->home, "signed");
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	with.name = name;
	with.evidence = &ret->evidence;
	if ((rc = vt_office_sign_facts(src, &with, err)) == VT_OK &&
	    (rc = vt_office_sign_source(src, path, &with, &ret->out, &ret->res,
		 err)) == VT_OK &&
	    (rc = vt_source_fd(vt_out_fd(ret->out), &ret->made, err)) == VT_OK)
		rc = keep(o, ret, opts, err);
	free(path);
	return rc;
}

/* ---- in the transaction ---- */

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

int
vt_office_making_enter(struct vt_office *o, int64_t id,
    const struct vt_office_making *m, const struct vt_sign_options *opts,
    struct vt_evidence *e, struct vt_error *err)
{
	int rc;

	e->record = id;
	e->at = m->res.time;
	e->role = vt_sign_role_name(opts->role);
	e->key = opts->token ? "token" : "file";
	e->level = vt_level_name(opts->level);
	e->signer = vt_cert_title(opts->signer->cert);
	e->verdict = vt_verdict_name(m->evidence.verdict);
	e->reason = m->evidence.reason;
	e->revocation = vt_revocation_name(m->evidence.revocation);
	e->parts = m->parts.items;
	e->nparts = m->parts.n;
	if ((rc = note_warnings(o, id, &m->res, err)) != VT_OK ||
	    (rc = vt_office_parts_again(o, &m->parts, err)) != VT_OK)
		return rc;
	return vt_store_evidence_add(o->store, e, err);
}
