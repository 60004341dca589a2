/* report_json.c - vanthu.verify/1: see vanthu-json(5) */
#include "report_int.h"
#include "vanthu/confine.h"
#include "vanthu/json.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

static void
put_list(struct vt_json_out *o, const char *key, const struct vt_list *list)
{
	size_t i;

	vt_json_begin_array(o, key);
	for (i = 0; i < list->n; i++)
		vt_json_put_str(o, NULL, list->items[i]);
	vt_json_end(o);
}

static void
put_stamps(struct vt_json_out *o, const struct vt_report_signature *s)
{
	size_t i;

	vt_json_begin_array(o, "timestamps");
	for (i = 0; i < s->nstamps; i++) {
		const struct vt_report_stamp *t = &s->stamps[i];

		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "kind", t->kind);
		vt_json_put_time(o, "time", t->time);
		vt_json_put_str(o, "authority", t->authority);
		vt_json_put_str(o, "verdict",
		    vt_report_verdict_name(t->verdict));
		vt_json_put_str(o, "reason", t->reason);
		vt_json_end(o);
	}
	vt_json_end(o);
}

static void
put_signature(struct vt_json_out *o, const struct vt_report_signature *s)
{
	vt_json_begin_object(o, NULL);
	vt_json_put_int(o, "index", (int64_t)s->index);
	vt_json_put_str(o, "format", s->format);
	vt_json_put_str(o, "level", s->level);
	vt_json_put_str(o, "verdict", vt_report_verdict_name(s->verdict));
	vt_json_put_str(o, "reason", s->reason);
	vt_json_put_bool(o, "intact", s->intact);

	vt_json_begin_object(o, "signer");
	vt_json_put_str(o, "name", s->signer.name);
	vt_json_put_str(o, "organization", s->signer.organization);
	vt_json_put_str(o, "unit", s->signer.unit);
	vt_json_put_str(o, "email", s->signer.email);
	vt_json_put_str(o, "serial", s->signer.serial);
	vt_json_put_str(o, "uid", s->signer.uid);
	vt_json_end(o);

	vt_json_put_str(o, "issuer", s->issuer);
	vt_json_put_str(o, "tree", s->tree);
	vt_json_put_time(o, "claimed_time", s->claimed_time);
	vt_json_put_time(o, "timestamp", s->timestamp);

	vt_json_begin_object(o, "certificate");
	vt_json_put_time(o, "not_before", s->not_before);
	vt_json_put_time(o, "not_after", s->not_after);
	vt_json_put_str(o, "revocation", vt_revocation_name(s->revocation));
	vt_json_put_time(o, "revoked_at", s->revoked_at);
	vt_json_put_sha256(o, "sha256",
	    s->have_certificate ? s->certificate_sha256 : NULL);
	vt_json_end(o);

	vt_json_put_str(o, "covers", vt_report_covers_name(s->covers));
	vt_json_put_bool(o, "changed_after", s->changed_after);
	put_list(o, "weak", &s->weak);
	vt_json_put_str(o, "sub_indication",
	    vt_reason_subindication(s->reason));
	vt_json_put_str(o, "detail", s->detail);
	vt_json_put_str(o, "field", s->field);
	put_list(o, "path", &s->path);
	put_list(o, "changes", &s->changes);
	put_list(o, "notes", &s->notes);
	vt_json_put_time(o, "judged_at", s->instant);
	vt_json_put_bool(o, "claimed_shifted", s->claimed_shifted);
	put_stamps(o, s);
	vt_json_end(o);
}

/* What held the process that parsed the file. */
static void
put_confined(struct vt_json_out *o, unsigned layers)
{
	const char *name;
	unsigned bit;
	size_t i;

	vt_json_begin_array(o, "confined");
	for (i = 0; vt_confine_layer(i, &bit, &name); i++)
		if ((layers & bit) != 0)
			vt_json_put_str(o, NULL, name);
	vt_json_end(o);
}

static void
put_members(struct vt_json_out *o, const struct vt_report *r,
    const char *content)
{
	size_t i;

	vt_json_put_str(o, "file", r->file);
	vt_json_put_sha256(o, "sha256", r->sha256);
	vt_json_put_str(o, "format", vt_report_format_name(r->format));
	if (r->encrypted)
		vt_json_put_bool(o, "encrypted", true);
	vt_json_put_str(o, "verdict", vt_report_verdict_name(r->verdict));
	vt_json_put_str(o, "reason", r->reason);
	vt_json_put_time(o, "judged_at", r->judged_at);
	vt_json_begin_array(o, "signatures");
	for (i = 0; i < r->nsignatures; i++)
		put_signature(o, &r->signatures[i]);
	vt_json_end(o);
	if (r->format == VT_REPORT_EDXML) {
		vt_json_begin_array(o, "attachments");
		for (i = 0; i < r->nattachments; i++) {
			vt_json_begin_object(o, NULL);
			put_members(o, &r->attachments[i], NULL);
			vt_json_end(o);
		}
		vt_json_end(o);
	}
	if (r->envelope_signature != NULL) {
		vt_json_begin_object(o, "envelope_signature");
		vt_json_put_str(o, "verdict", r->envelope_signature);
		vt_json_put_str(o, "reason", r->envelope_reason);
		vt_json_end(o);
	}
	vt_json_put_str(o, "sub_indication",
	    vt_reason_subindication(r->reason));
	vt_json_put_str(o, "detail", r->detail);
	vt_json_put_int(o, "size", (int64_t)r->size);
	if (content != NULL)
		vt_json_put_str(o, "content", content);
	put_list(o, "notes", &r->notes);
}

void
report_json(struct vt_json_out *o, const struct vt_report *r,
    const char *content)
{
	put_members(o, r, content);
	put_confined(o, r->confined);
}
