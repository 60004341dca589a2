/* recipient.c - to whom a record went, beside what is in the book of it */
#include "register.h"

#include "vanthu/cli.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/store.h"

static int
recipient_json(void *ctx, const struct vt_office_recipient *r,
    struct vt_error *err)
{
	const struct vt_delivery *d = r->delivery;
	struct vt_json_out *o = ctx;

	(void)err;
	vt_json_begin_object(o, NULL);
	vt_json_put_str(o, "to", d->organ_id);
	if (d->organ_id == NULL) {
		vt_json_put_str(o, "unit", d->unit);
		vt_json_put_str(o, "post", d->organ_name);
	}
	vt_json_put_str(o, "role", vt_role_name(d->role));
	vt_json_put_str(o, "state", vt_delivery_state_name(d->state));
	vt_json_end(o);
	return VT_OK;
}

static int
recipient_line(void *ctx, const struct vt_office_recipient *r,
    struct vt_error *err)
{
	static const char *const formats[] = {
		[VT_ROLE_ACT] = VT_N_("    to %s: %s"),
		[VT_ROLE_REPORT] = VT_N_("    to %s (to report): %s"),
		[VT_ROLE_KNOW] = VT_N_("    to %s (to know): %s"),
	};
	const struct vt_delivery *d = r->delivery;

	(void)err;
	vt_cli_line(ctx, vt_tr(formats[d->role]),
	    d->organ_id != NULL ? d->organ_id
	    : d->unit != NULL   ? d->unit
				: d->organ_name,
	    vt_delivery_state_name(d->state));
	return VT_OK;
}

/* That it went to nobody is no failure. */
static int
recipients(struct vt_office *o, int64_t id, vt_office_recipient_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc = vt_office_recipients(o, id, fn, ctx, &why);

	if (rc == VT_OK || rc == VT_ENOTFOUND)
		return VT_OK;
	return vt_error_set(err, why.code, why.clause, "%s", why.text);
}

int
register_recipients_json(struct vt_office *o, int64_t id,
    struct vt_json_out *json, struct vt_error *err)
{
	int rc;

	vt_json_begin_array(json, "recipients");
	rc = recipients(o, id, recipient_json, json, err);
	vt_json_end(json);
	return rc;
}

int
register_recipients_text(struct vt_cli *cli, struct vt_office *o, int64_t id,
    struct vt_error *err)
{
	return recipients(o, id, recipient_line, cli, err);
}
