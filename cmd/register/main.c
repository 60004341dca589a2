/* vanthu-register: the books */
#include "register.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/office.h"

enum verb {
	OUT,
	IN,
	LIST,
	SHOW,
	SET,
	ATTACH,
	RETURN,
	TOLD,
	PRINT,
	CHECK,
	IMPORT,
	EXPORT,
};

#define FOR(verb) (1u << (verb))
#define ENTERS (FOR(OUT) | FOR(IN))

static const struct vt_verb verbs[] = {
	[OUT] = { "out", VT_N_("[FILE...]"),
	    VT_N_("give an outgoing document its number") },
	[IN] = { "in", VT_N_("[FILE...]"),
	    VT_N_("give an incoming document its arrival number") },
	[LIST] = { "list", VT_N_("[BOOK] [QUERY...]"),
	    VT_N_("records, newest first") },
	[SHOW] = { "show", VT_N_("REF..."), VT_N_("all that is known of one") },
	[SET] = { "set", VT_N_("REF KEY=VALUE..."), VT_N_("correct a record") },
	[ATTACH] = { "attach", VT_N_("REF FILE..."),
	    VT_N_("add files to a record") },
	[RETURN] = { "return", VT_N_("REF"),
	    VT_N_("return an incoming document to its sender") },
	[TOLD] = { "told", VT_N_("REF"),
	    VT_N_("who works on it knows what was changed or refused") },
	[PRINT] = { "print", VT_N_("out|in|follow-up"),
	    VT_N_("a year's book as NĐ 30/2020/NĐ-CP, Annex IV, has it") },
	[CHECK] = { "check", "", VT_N_("look for damage in the books") },
	[IMPORT] = { "import", VT_N_("FILE.jsonl"),
	    VT_N_("enter records that have their numbers") },
	[EXPORT] = { "export", "", VT_N_("write all records as JSON lines") },
	{ NULL, NULL, NULL },
};

struct vt_office *
register_open(struct vt_cli *cli)
{
	struct vt_office *o = NULL;
	struct vt_error err = { 0 };

	if (vt_office_open(cli->home, NULL, &o, &err) != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	return o;
}

static void
run(struct vt_cli *cli, const struct register_args *a)
{
	switch ((enum verb)cli->verb) {
	case OUT:
		register_out(cli, a);
		break;
	case IN:
		register_in(cli, a);
		break;
	case LIST:
		register_list(cli, a);
		break;
	case SHOW:
		register_show(cli, a);
		break;
	case SET:
		register_set(cli, a);
		break;
	case ATTACH:
		register_attach(cli);
		break;
	case RETURN:
		register_return(cli, a);
		break;
	case TOLD:
		register_told(cli, a);
		break;
	case PRINT:
		register_print(cli, a);
		break;
	case CHECK:
		register_check(cli);
		break;
	case IMPORT:
		register_import(cli);
		break;
	case EXPORT:
		register_export(cli);
		break;
	}
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct register_args a = { .arrived = VT_TIME_NONE };
	const struct vt_opt table[] = {
		{ "type", 0, VT_OPT_STR, &a.type, VT_N_("CODE"),
		    VT_N_("type of document: QĐ, TB, ..., CV, ThC"), ENTERS },
		{ "notation", 0, VT_OPT_STR, &a.notation, VT_N_("NOTATION"),
		    VT_N_("what stands behind the number: QĐ-UBND"), FOR(OUT) },
		{ "subject", 0, VT_OPT_STR, &a.subject, VT_N_("TEXT"),
		    VT_N_("what it is about"), ENTERS },
		{ "date", 0, VT_OPT_DATE, &a.date, VT_N_("DATE"),
		    VT_N_("date of the document (out: today)"), ENTERS },
		{ "signer", 0, VT_OPT_STR, &a.signer, VT_N_("NAME"),
		    VT_N_("who signs it"), FOR(OUT) },
		{ "competence", 0, VT_OPT_STR, &a.competence,
		    VT_N_("TM|Q|KT|TL|TUQ"),
		    VT_N_("in whose stead the signer signs"), FOR(OUT) },
		{ "position", 0, VT_OPT_STR, &a.position, VT_N_("TEXT"),
		    VT_N_("the signer's post"), FOR(OUT) },
		{ "urgency", 0, VT_OPT_STR, &a.urgency,
		    VT_N_("none|khan|thuong-khan|hoa-toc"),
		    VT_N_("how urgent it is"), ENTERS },
		{ "secrecy", 0, VT_OPT_STR, &a.secrecy,
		    VT_N_("none|mat|toi-mat|tuyet-mat"),
		    VT_N_("state secrets are refused"), ENTERS },
		{ "due", 0, VT_OPT_DATE, &a.due, VT_N_("DATE"),
		    VT_N_("when the answer or the work is due"), ENTERS },
		{ "pages", 0, VT_OPT_INT, &a.pages, VT_N_("N"),
		    VT_N_("pages of one copy"), FOR(OUT) },
		{ "copies", 0, VT_OPT_INT, &a.copies, VT_N_("N"),
		    VT_N_("copies issued"), FOR(OUT) },
		{ "keeper", 0, VT_OPT_STR, &a.keeper, VT_N_("UNIT"),
		    VT_N_("who keeps the copy on file"), FOR(OUT) },
		{ "place", 0, VT_OPT_LIST, &a.places, VT_N_("TEXT"),
		    VT_N_("a place that it goes to; may be repeated"),
		    FOR(OUT) },
		{ "reply-to", 0, VT_OPT_STR, &a.reply_to, VT_N_("REF"),
		    VT_N_("the record that it answers"), FOR(OUT) },
		{ "series", 0, VT_OPT_STR, &a.series, VT_N_("CODE"),
		    VT_N_("number it in the book out.CODE"), FOR(OUT) },
		{ "paper", 0, VT_OPT_FLAG, &a.paper, NULL,
		    VT_N_("it is a document on paper"), FOR(OUT) },
		{ "again", 0, VT_OPT_FLAG, &a.again, NULL,
		    VT_N_("a new number, though the same is there"), ENTERS },
		{ "from", 0, VT_OPT_STR, &a.from, VT_N_("ORGAN|D"),
		    VT_N_("in: the issuer's identifier or name; list: "
			  "documents from that date on"),
		    FOR(IN) | FOR(LIST) },
		{ "code", 0, VT_OPT_STR, &a.code, VT_N_("CODE"),
		    VT_N_("number and notation, as they are written"),
		    FOR(IN) },
		{ "arrived", 0, VT_OPT_TIME, &a.arrived, VT_N_("TIME"),
		    VT_N_("when it arrived (now)"), FOR(IN) },
		{ "year", 0, VT_OPT_INT, &a.year, VT_N_("Y"),
		    VT_N_("records of that year's books"),
		    FOR(LIST) | FOR(PRINT) },
		{ "to", 0, VT_OPT_DATE, &a.to, VT_N_("D"),
		    VT_N_("documents up to that date"), FOR(LIST) },
		{ "limit", 0, VT_OPT_INT, &a.limit, VT_N_("N"),
		    VT_N_("at most so many records"), FOR(LIST) },
		{ "reason", 0, VT_OPT_STR, &a.reason, VT_N_("TEXT"),
		    VT_N_("why, for the history"),
		    FOR(SET) | FOR(RETURN) | FOR(TOLD) },
		{ "extract", 0, VT_OPT_STR, &a.extract, VT_N_("NAME"),
		    VT_N_("copy that file of the record to -o"), FOR(SHOW) },
		{ "output", 'o', VT_OPT_STR, &a.output, VT_N_("FILE"),
		    VT_N_("show: where the copy goes; print: .html or .csv"),
		    FOR(SHOW) | FOR(PRINT) },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "register",
		.summary = VT_N_("keep the books of documents"),
		.opts = table,
		.verbs = verbs,
		.language = vt_conf_language,
		.example = "vanthu register out --type CV --notation "
			   "UBND-NVK --subject 'Về việc ...' letter.pdf",
	};

	vt_crypto_unconfigured(true);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &a);
	vt_list_release(&a.places);
	return vt_cli_finish(&cli);
}
