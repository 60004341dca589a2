/* report.c - the report for people: the seven items of TT 15/2025, and more */
#include <stdio.h>
#include <string.h>

#include "report_int.h"
#include "vanthu/cli.h"
#include "vanthu/json.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

/* In the order of enum vt_report_verdict. */
static const char *const verdicts[] = {
	VT_N_("UNDETERMINED"),
	VT_N_("VALID"),
	VT_N_("UNSIGNED"),
	VT_N_("UNDETERMINED"),
	VT_N_("INVALID"),
};

const char *
report_verdict_text(enum vt_report_verdict v)
{
	return vt_tr(verdicts[v]);
}

static const char *
or_unknown(const char *s)
{
	return s != NULL ? s : vt_tr("not stated");
}

bool
report_is_stamp(const struct vt_report_signature *s)
{
	return strcmp(s->format, "rfc3161") == 0;
}

const char *
report_own_detail(const struct vt_report *r)
{
	size_t i;

	for (i = 0; i < r->nsignatures; i++)
		if (r->signatures[i].verdict == r->verdict)
			return NULL;
	for (i = 0; i < r->nattachments; i++)
		if (r->attachments[i].verdict == r->verdict)
			return NULL;
	return r->detail;
}

static void
show_signer(struct vt_cli *cli, const struct vt_report_signature *s)
{
	if (report_is_stamp(s))
		vt_cli_line(cli, vt_tr("    authority: %s"),
		    or_unknown(s->signer.name));
	else if (s->signer.uid != NULL)
		vt_cli_line(cli, vt_tr("    signer: %s (%s)"),
		    or_unknown(s->signer.name), s->signer.uid);
	else
		vt_cli_line(cli, vt_tr("    signer: %s"),
		    or_unknown(s->signer.name));
}

static void
show_who(struct vt_cli *cli, const struct vt_report_signature *s)
{
	struct vt_buf line;
	size_t i;

	if (!s->have_certificate)
		return;
	vt_cli_line(cli, vt_tr("    issuer: %s"), or_unknown(s->issuer));
	show_signer(cli, s);
	if (s->signer.unit != NULL)
		vt_cli_line(cli, vt_tr("    managing unit: %s, %s"),
		    s->signer.unit, or_unknown(s->signer.organization));
	else
		vt_cli_line(cli, vt_tr("    managing unit: %s"),
		    or_unknown(s->signer.organization));

	vt_buf_init(&line, 4096); /* a longer path is cut */
	for (i = s->path.n; i-- > 0;)
		if (vt_buf_printf(&line, "%s%s", s->path.items[i],
			i > 0 ? " > " : "") != VT_OK)
			break;
	if (s->tree != NULL)
		vt_cli_line(cli, vt_tr("    trust tree: %s"),
		    line.len > 0 ? vt_buf_str(&line) : s->tree);
	else
		vt_cli_line(cli, "%s",
		    vt_tr("    trust tree: none that is trusted here"));
	vt_buf_release(&line);
}

static void
show_time(struct vt_cli *cli, const struct vt_report_signature *s)
{
	char when[VT_TIME_TEXT];

	if (s->timestamp != VT_TIME_NONE)
		vt_cli_line(cli, vt_tr("    time: %s, proven by a time stamp"),
		    vt_time_local(s->timestamp, when));
	else if (s->claimed_time != VT_TIME_NONE)
		vt_cli_line(cli,
		    vt_tr("    time: %s, as the signer says; not proven"),
		    vt_time_local(s->claimed_time, when));
	else
		vt_cli_line(cli, "%s", vt_tr("    time: not stated"));
}

static void
show_integrity(struct vt_cli *cli, const struct vt_report_signature *s)
{
	size_t i;

	if (!s->intact)
		vt_cli_line(cli, "%s", vt_tr("    integrity: NOT established"));
	else if (s->changed_after)
		vt_cli_line(cli, "%s",
		    vt_tr("    integrity: what was signed is intact, but the "
			  "document was CHANGED afterwards"));
	else
		vt_cli_line(cli, "%s", vt_tr("    integrity: intact"));
	for (i = 0; i < s->changes.n; i++)
		vt_cli_line(cli, vt_tr("      changed: %s"),
		    s->changes.items[i]);
}

const char *
report_validity(const struct vt_report_signature *s, struct vt_buf *line)
{
	char at[VT_TIME_TEXT], when[VT_TIME_TEXT];
	const char *text;

	vt_buf_reset(line);
	vt_time_local(s->instant, at);
	if (s->instant < s->not_before)
		text = vt_tr("the certificate is not valid yet at %s");
	else if (s->instant > s->not_after)
		text = vt_tr("the certificate had expired at %s");
	else if (s->revocation == VT_REVOKED_NO)
		text = vt_tr("the certificate is valid at %s, not revoked");
	else if (s->revocation == VT_REVOKED_UNKNOWN)
		text = vt_tr("the certificate is within its period at %s, "
			     "whether revoked is NOT known");
	else {
		(void)vt_buf_printf(line,
		    vt_tr("the certificate was revoked on %s"),
		    vt_time_local(s->revoked_at, when));
		return vt_buf_str(line);
	}
	(void)vt_buf_printf(line, text, at);
	return vt_buf_str(line);
}

static void
show_certificate(struct vt_cli *cli, const struct vt_report_signature *s)
{
	char from[VT_TIME_TEXT], to[VT_TIME_TEXT];
	struct vt_buf line;

	if (!s->have_certificate)
		return;
	vt_buf_init(&line, 1024);
	vt_cli_line(cli, vt_tr("    validity: %s"), report_validity(s, &line));
	vt_buf_release(&line);
	vt_cli_line(cli, vt_tr("    certificate period: %s to %s"),
	    vt_time_local(s->not_before, from),
	    vt_time_local(s->not_after, to));
}

static void
show_stamps(struct vt_cli *cli, const struct vt_report_signature *s)
{
	char when[VT_TIME_TEXT];
	size_t i;

	for (i = 0; i < s->nstamps; i++) {
		const struct vt_report_stamp *t = &s->stamps[i];

		vt_cli_line(cli, vt_tr("    time stamp: %s, %s: %s: %s"),
		    t->time != VT_TIME_NONE ? vt_time_local(t->time, when)
					    : vt_tr("not stated"),
		    or_unknown(t->authority), report_verdict_text(t->verdict),
		    vt_reason_text(t->reason));
	}
}

/* How much of the file, as a bar. */
#define BAR 40

static void
show_picture(struct vt_cli *cli, const struct vt_report *r,
    const struct vt_report_signature *s)
{
	char bar[BAR + 1];
	size_t n = r->size == 0 ? 0 : (size_t)(s->covered_to * BAR / r->size);

	memset(bar, '.', BAR);
	memset(bar, '#', n < BAR ? n : BAR);
	bar[BAR] = '\0';
	vt_cli_line(cli, "      [%s]", bar);
}

static void
show_coverage(struct vt_cli *cli, const struct vt_report *r,
    const struct vt_report_signature *s)
{
	size_t i;

	switch (s->covers) {
	case VT_COVERS_WHOLE:
		vt_cli_line(cli, "%s", vt_tr("    covers: the whole file"));
		break;
	case VT_COVERS_REVISION:
		vt_cli_line(cli,
		    vt_tr("    covers: the revision of the first %llu of %llu "
			  "bytes"),
		    (unsigned long long)s->covered_to,
		    (unsigned long long)r->size);
		show_picture(cli, r, s);
		break;
	case VT_COVERS_PART:
		vt_cli_line(cli, "%s",
		    vt_tr("    covers: nothing that can be relied on"));
		break;
	}
	for (i = 0; i < s->weak.n; i++)
		vt_cli_line(cli, vt_tr("    weak: %s"), s->weak.items[i]);
	for (i = 0; i < s->notes.n; i++)
		vt_cli_line(cli, vt_tr("    note: %s"), s->notes.items[i]);
}

static void
show_signature(struct vt_cli *cli, const struct vt_report *r,
    const struct vt_report_signature *s)
{
	const char *why = vt_reason_text(s->reason);

	vt_cli_line(cli,
	    report_is_stamp(s)
		? vt_tr("  time stamp of the document, %zu of %zu: %s: %s")
		: vt_tr("  signature %zu of %zu: %s: %s"),
	    s->index + 1, r->nsignatures, report_verdict_text(s->verdict), why);
	if (s->detail != NULL && strcmp(s->detail, why) != 0)
		vt_cli_line(cli, "    %s", s->detail);
	show_who(cli, s);
	show_time(cli, s);
	show_integrity(cli, s);
	show_certificate(cli, s);
	show_stamps(cli, s);
	show_coverage(cli, r, s);
}

static void
show_head(struct vt_cli *cli, const struct vt_report *r)
{
	vt_cli_line(cli, "%s: %s: %s", r->file, report_verdict_text(r->verdict),
	    vt_reason_text(r->reason));
}

static void
show_envelope_signature(struct vt_cli *cli, const struct vt_report *r)
{
	int v;

	for (v = VT_REPORT_VALID; v <= VT_REPORT_INVALID; v++)
		if (strcmp(r->envelope_signature,
			vt_report_verdict_name((enum vt_report_verdict)v)) == 0)
			vt_cli_line(cli,
			    vt_tr("  envelope's signature: %s: %s"),
			    report_verdict_text((enum vt_report_verdict)v),
			    vt_reason_text(r->envelope_reason));
	if (strcmp(r->envelope_signature, "absent") == 0)
		vt_cli_line(cli, "%s", vt_tr("  envelope's signature: none"));
	else if (strcmp(r->envelope_signature, "placeholder") == 0)
		vt_cli_line(cli, "%s",
		    vt_tr("  envelope's signature: a placeholder"));
}

static void
show_text(struct vt_cli *cli, const struct vt_report *r, const char *content)
{
	const char *hint;
	size_t i;

	show_head(cli, r);
	if (content != NULL)
		vt_cli_line(cli, vt_tr("  held against %s"), content);
	if (report_own_detail(r) != NULL)
		vt_cli_line(cli, "  %s", r->detail);
	for (i = 0; i < r->nsignatures; i++)
		show_signature(cli, r, &r->signatures[i]);
	for (i = 0; i < r->notes.n; i++)
		vt_cli_line(cli, vt_tr("  note: %s"), r->notes.items[i]);
	if (r->envelope_signature != NULL)
		show_envelope_signature(cli, r);
	for (i = 0; i < r->nattachments; i++)
		show_text(cli, &r->attachments[i], NULL);
	hint = vt_reason_hint(r->reason);
	if (hint != NULL && r->nattachments == 0)
		vt_cli_hint(cli, "%s", hint);
}

static enum vt_exit
status_of(enum vt_report_verdict v)
{
	switch (v) {
	case VT_REPORT_VALID:
		return VT_EXIT_OK;
	case VT_REPORT_UNSIGNED:
	case VT_REPORT_INVALID:
		return VT_EXIT_NO;
	case VT_REPORT_UNDETERMINED:
	case VT_REPORT_NONE:
		break;
	}
	return VT_EXIT_UNDECIDED;
}

void
report_show(struct vt_cli *cli, const struct vt_report *report,
    const char *content, bool brief)
{
	struct vt_json_out *o = vt_cli_json(cli);

	if (o != NULL)
		report_json(o, report, content);
	else if (brief && !cli->verbose)
		show_head(cli, report);
	else
		show_text(cli, report, content);
	vt_cli_json_end(cli, o);
}

void
report_note(struct vt_cli *cli, const struct vt_report *report)
{
	vt_cli_note(cli, status_of(report->verdict));
}

void
report_count(struct report_count *count, const struct vt_report *report)
{
	count->files++;
	if (report == NULL) {
		count->failed++;
		return;
	}
	switch (report->verdict) {
	case VT_REPORT_VALID:
		count->valid++;
		break;
	case VT_REPORT_INVALID:
		count->invalid++;
		break;
	case VT_REPORT_UNSIGNED:
		count->unsigned_++;
		break;
	case VT_REPORT_UNDETERMINED:
	case VT_REPORT_NONE:
		count->undetermined++;
		break;
	}
}

void
report_summary(struct vt_cli *cli, const struct report_count *count)
{
	vt_cli_line(cli,
	    vt_tr("%zu files: %zu valid, %zu invalid, %zu undetermined, "
		  "%zu unsigned, %zu not judged"),
	    count->files, count->valid, count->invalid, count->undetermined,
	    count->unsigned_, count->failed);
}
