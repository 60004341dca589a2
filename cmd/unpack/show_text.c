/* show_text.c - an envelope for people */
#include <string.h>

#include "show.h"
#include "vanthu/cli.h"
#include "vanthu/encode.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/record.h"

static const char *
some(const char *text)
{
	return text != NULL ? text : "";
}

static void
line(struct vt_cli *cli, const char *label, const char *text)
{
	if (text != NULL)
		vt_cli_line(cli, "%s: %s", vt_tr(label), text);
}

static void
line2(struct vt_cli *cli, const char *label, const char *a, const char *b)
{
	if (a != NULL || b != NULL)
		vt_cli_line(cli, "%s: %s%s%s", vt_tr(label), some(a),
		    a != NULL && b != NULL ? "  " : "", some(b));
}

static void
line_date(struct vt_cli *cli, const char *label, struct vt_date d)
{
	char text[VT_TIME_TEXT];

	if (d.year != 0)
		line(cli, label, vt_date_text(d, text));
}

static void
line_time(struct vt_cli *cli, const char *label, int64_t t, const char *who)
{
	char text[VT_TIME_TEXT] = "";

	if (t != VT_TIME_NONE)
		vt_time_local(t, text);
	line2(cli, label, text[0] != '\0' ? text : NULL, who);
}

static const char *
business_text(enum vt_business type)
{
	static const char *const texts[] = { VT_N_("new document"),
		VT_N_("recall"), VT_N_("update"), VT_N_("replacement") };

	return vt_tr(texts[type]);
}

static const char *
type_text(const struct vt_envelope *env)
{
	const struct vt_edxml_type *type = vt_envelope_type(env);

	if (env->type_name != NULL)
		return env->type_name;
	return type != NULL ? type->name : NULL;
}

static void
show_document(struct vt_cli *cli, const struct vt_envelope *env)
{
	size_t i;

	for (i = 0; i < env->nto; i++)
		line2(cli, VT_N_("to"), env->to[i].id, env->to[i].name);
	line(cli, VT_N_("document id"), env->document_id);
	vt_cli_line(cli, "%s: %s/%s", vt_tr("code"), some(env->code_number),
	    some(env->code_notation));
	line_date(cli, VT_N_("date"), env->date);
	line(cli, VT_N_("type"), type_text(env));
	line(cli, VT_N_("subject"), env->subject);
	line2(cli, VT_N_("signer"), env->signer, env->position);
	line_date(cli, VT_N_("due"), env->due_date);
	if (env->other.priority > 0)
		line(cli, VT_N_("priority"),
		    vt_priority_text(env->other.priority));
	line2(cli, VT_N_("business"), business_text(env->business.type),
	    env->business.reason);
	line(cli, VT_N_("of document"), env->business.document_id);
	for (i = 0; i < env->business.nreplaced; i++)
		line(cli, VT_N_("replaces"),
		    env->business.replaced[i].document_id);
	for (i = 0; i < env->ntrace; i++)
		line_time(cli, VT_N_("passed"), env->trace[i].time,
		    env->trace[i].organ_id);
}

static void
show_attachment(struct vt_cli *cli, const struct vt_attachment *a)
{
	char hex[VT_SHA256_HEX];

	vt_cli_line(cli, "%s: %s  %llu  sha256:%s", vt_tr("attachment"),
	    a->name, (unsigned long long)a->size,
	    vt_hex(VT_BYTES(a->sha256, sizeof(a->sha256)), hex));
}

/* The words of JSON, for people. */
static void
show_signature(struct vt_cli *cli, const char *signature)
{
	static const struct {
		const char *word, *text;
	} words[] = {
		{ "absent", VT_N_("none") },
		{ "placeholder", VT_N_("a placeholder") },
		{ "valid", VT_N_("intact; whose it is was not judged") },
		{ "invalid", VT_N_("BROKEN") },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (signature != NULL && strcmp(signature, words[i].word) == 0)
			break;
	line(cli, VT_N_("signature"),
	    i < sizeof(words) / sizeof(words[0]) ? vt_tr(words[i].text)
						 : vt_tr("not judged"));
}

/* The table's words, where the sender has none of its own. */
static const char *
status_text(const struct vt_envelope *env)
{
	enum vt_status status;

	if (env->status.description != NULL ||
	    !vt_status_parse(env->status.code, &status))
		return env->status.description;
	return vt_status_text(status);
}

void
show_text(struct vt_cli *cli, const struct vt_envelope *env,
    const char *signature)
{
	size_t i;

	line(cli, VT_N_("kind"),
	    env->kind == VT_ENVELOPE_STATUS ? vt_tr("status message")
					    : vt_tr("document"));
	line2(cli, VT_N_("from"), env->from.id, env->from.name);
	if (env->kind == VT_ENVELOPE_DOCUMENT) {
		show_document(cli, env);
	} else {
		line2(cli, VT_N_("status"), env->status.code, status_text(env));
		line_time(cli, VT_N_("time"), env->status.time, NULL);
	}
	for (i = 0; i < env->nresponse_for; i++)
		line2(cli, VT_N_("answers"), env->response_for[i].organ_id,
		    env->response_for[i].document_id != NULL
			? env->response_for[i].document_id
			: env->response_for[i].code);
	for (i = 0; i < env->nerrors; i++)
		line2(cli, VT_N_("the axis says"), env->errors[i].code,
		    env->errors[i].description);
	for (i = 0; i < env->nattachments; i++)
		show_attachment(cli, &env->attachments[i]);
	show_signature(cli, signature);
}
