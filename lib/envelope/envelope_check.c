/* envelope_check.c - what an envelope must have to be of use */
#include <stdlib.h>
#include <string.h>

#include "envelope_int.h"
#include "vanthu/record.h"

#define STEERING_MAX 3

struct check {
	enum vt_code code;
	struct vt_error *err;
};

static int
missing(const struct check *c, const char *element)
{
	return vt_error_set(c->err, c->code, QCVN,
	    "the element %s is missing or empty", element);
}

static bool
blank(const char *text)
{
	return text == NULL || vt_edxml_trim(vt_bytes_str(text)).len == 0;
}

/* An id may become the name of a folder: other signs are never let in. */
static int
check_organ_id(const struct check *c, const char *id, const char *element)
{
	if (blank(id))
		return missing(c, element);
	if (vt_record_organ_check(id) == VT_ORGAN_BAD)
		return vt_error_set(c->err, c->code, "QD 20/2020/QD-TTg",
		    "%s is not an agency's id: %s", element, id);
	return VT_OK;
}

static int
compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
check_receivers(const struct check *c, const struct vt_envelope *env)
{
	const char **ids;
	size_t i;
	int rc = VT_OK;

	if (env->nto == 0)
		return missing(c, "To");
	if (env->nto > VT_ENVELOPE_TO_MAX)
		return vt_error_set(c->err, VT_ELIMIT, NULL,
		    "more than %d receivers", VT_ENVELOPE_TO_MAX);
	if ((ids = calloc(env->nto, sizeof(*ids))) == NULL)
		return vt_error_nomem(c->err);
	for (i = 0; rc == VT_OK && i < env->nto; i++) {
		ids[i] = env->to[i].id;
		if (blank(ids[i]))
			rc = missing(c, "To/OrganId");
		else if (c->code == VT_EARG) /* those of others may be old */
			rc = check_organ_id(c, ids[i], "To/OrganId");
	}
	if (rc == VT_OK)
		qsort(ids, env->nto, sizeof(*ids), compare_ids);
	for (i = 1; rc == VT_OK && i < env->nto; i++)
		if (strcmp(ids[i - 1], ids[i]) == 0)
			rc = vt_error_set(c->err, c->code, QCVN,
			    "the receiver %s stands twice in To", ids[i]);
	free(ids);
	return rc;
}

static int
check_business(const struct check *c, const struct vt_envelope *env)
{
	size_t i;

	if (c->code != VT_EARG)
		return VT_OK;
	if (env->steering_type > STEERING_MAX)
		return vt_error_set(c->err, c->code, QCVN,
		    "SteeringType is 0 to %d, not %d", STEERING_MAX,
		    env->steering_type);
	if (env->business.type == VT_BUSINESS_UPDATE &&
	    blank(env->business.document_id))
		return missing(c, "Bussiness/DocumentId");
	for (i = 0; i < env->business.nreceivers; i++)
		if (blank(env->business.receivers[i].organ_id))
			return missing(c, "Receiver/OrganId");
	if (env->business.type != VT_BUSINESS_REPLACE)
		return VT_OK;
	if (env->business.nreplaced == 0)
		return missing(c, "ReplacementInfoList");
	for (i = 0; i < env->business.nreplaced; i++)
		if (blank(env->business.replaced[i].document_id))
			return missing(c, "ReplacementInfo/DocumentId");
	return VT_OK;
}

static int
check_document(const struct check *c, const struct vt_envelope *env)
{
	int rc;

	if ((rc = check_receivers(c, env)) != VT_OK)
		return rc;
	if (blank(env->code_number))
		return missing(c, "CodeNumber");
	if (env->date.year == 0)
		return missing(c, "PromulgationDate");
	/* After what it can be made of, so that pack names what is missing. */
	if (blank(env->document_id))
		return missing(c, "DocumentId");
	if (blank(env->subject))
		return missing(c, "Subject");
	if (env->other.priority < 0 || env->other.priority > VT_PRIORITY_MAX)
		return vt_error_set(c->err, c->code, QCVN,
		    "Priority is 0 to %d, not %d", VT_PRIORITY_MAX,
		    env->other.priority);
	return check_business(c, env);
}

static int
check_our_status(const struct check *c, const struct vt_envelope *env)
{
	enum vt_status status = VT_STATUS_NONE;

	(void)vt_status_parse(env->status.code, &status);
	if (env->status.time == VT_TIME_NONE)
		return missing(c, "Timestamp");
	if ((status == VT_STATUS_REFUSED || status == VT_STATUS_TAKE_BACK) &&
	    blank(env->status.description))
		return missing(c, "Description");
	return VT_OK;
}

static int
check_status(const struct check *c, const struct vt_envelope *env)
{
	int rc;

	if (env->nresponse_for == 0)
		return missing(c, "ResponseFor");
	if (env->nresponse_for > 1)
		return vt_error_set(c->err, c->code, QCVN,
		    "a status message names %zu documents in ResponseFor, "
		    "not one",
		    env->nresponse_for);
	rc = check_organ_id(c, env->response_for[0].organ_id,
	    "ResponseFor/OrganId");
	if (rc != VT_OK)
		return rc;
	if (blank(env->response_for[0].document_id))
		return missing(c, "ResponseFor/DocumentId");
	if (blank(env->status.code))
		return missing(c, "StatusCode");
	if (strlen(env->status.code) != 2 ||
	    strspn(env->status.code, "0123456789") != 2)
		return vt_error_set(c->err, c->code, QCVN,
		    "StatusCode is two digits, not %s", env->status.code);
	return c->code == VT_EARG ? check_our_status(c, env) : VT_OK;
}

int
vt_edxml_check(const struct vt_envelope *env, enum vt_code code,
    struct vt_error *err)
{
	const struct check c = { code, err };
	int rc;

	rc = check_organ_id(&c, env->from.id, "From/OrganId");
	if (rc != VT_OK)
		return rc;
	return env->kind == VT_ENVELOPE_STATUS ? check_status(&c, env)
					       : check_document(&c, env);
}
