/* show.c - vanthu register list, show, export, check */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "register.h"
#include "vanthu/cli.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/store_derived.h"
#include "vanthu/store_evidence.h"

#define YEAR_MAX 9999

struct lines {
	struct vt_cli *cli;
	size_t n;
};

/* What --json says in these words, for people. */
static const struct {
	const char *word;
	const char *text;
} words_of_history[] = {
	{ "registered", VT_N_("registered") },
	{ "imported", VT_N_("imported") },
	{ "signed", VT_N_("signed") },
	{ "issued", VT_N_("issued") },
	{ "recalled", VT_N_("recalled") },
	{ "replaced", VT_N_("replaced") },
	{ "assigned", VT_N_("assigned") },
	{ "processing", VT_N_("processing") },
	{ "done", VT_N_("done") },
	{ "returned", VT_N_("returned") },
	{ "corrected", VT_N_("corrected") },
	{ "told", VT_N_("told of") },
	{ "attached", VT_N_("attached") },
	{ "received", VT_N_("received") },
	{ "judged", VT_N_("judged") },
	{ "named", VT_N_("given its document id") },
	{ "sent", VT_N_("sent") },
	{ "recall", VT_N_("recall sent") },
	{ "update", VT_N_("update sent") },
	{ "updated", VT_N_("updated") },
	{ "agreed", VT_N_("agreed to") },
	{ "declined", VT_N_("declined") },
	{ "linked", VT_N_("linked") },
	{ "sign-warning", VT_N_("signed with a warning") },
	{ "derived", VT_N_("a file was made of it") },
	{ "evidence-pruned", VT_N_("evidence was pruned") },
};

static const char *
word_text(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(words_of_history) / sizeof(words_of_history[0]);
	     i++)
		if (strcmp(words_of_history[i].word, word) == 0)
			return vt_tr(words_of_history[i].text);
	return word;
}

/* Who issued an incoming document, as a person calls it. */
static const char *
issuer(const struct vt_record *rec)
{
	return rec->organ_name != NULL ? rec->organ_name
	       : rec->organ_id != NULL ? rec->organ_id
				       : "";
}

static int
list_one(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	char ref[VT_REF_TEXT], date[VT_TIME_TEXT];
	struct lines *l = ctx;
	struct vt_json_out *o = vt_cli_json(l->cli);

	(void)err;
	l->n++;
	if (o != NULL) {
		vt_store_record_to_json(rec, o);
		vt_cli_json_end(l->cli, o);
		return VT_OK;
	}
	vt_record_ref(rec, ref);
	vt_date_text(rec->date, date);
	if (vt_record_incoming(rec))
		vt_cli_line(l->cli, "%s  %s  %s  %s  %s: %s", ref, date,
		    word_text(vt_state_name(rec->state)), rec->code,
		    issuer(rec), rec->subject);
	else
		vt_cli_line(l->cli, "%s  %s  %s  %s  %s", ref, date,
		    word_text(vt_state_name(rec->state)), rec->code,
		    rec->subject);
	return VT_OK;
}

bool
register_year(struct vt_cli *cli, const struct register_args *a)
{
	if (!vt_cli_given(cli, "year") ||
	    (a->year >= 1000 && a->year <= YEAR_MAX))
		return true;
	vt_cli_usage(cli, "--year has four digits");
	return false;
}

void
register_list(struct vt_cli *cli, const struct register_args *a)
{
	struct vt_office *o;
	struct vt_list words = { 0 };
	struct vt_store_query q = { .to = a->to,
		.limit = (size_t)a->limit,
		.words = &words };
	struct lines l = { cli, 0 };
	struct vt_error err = { 0 };
	int first = 0;

	if (vt_cli_given(cli, "limit") && a->limit == 0) {
		vt_cli_usage(cli, "--limit is at least 1");
		return;
	}
	if (!register_year(cli, a))
		return;
	if (a->from != NULL && !vt_date_parse(a->from, &q.from)) {
		vt_cli_usage(cli, "--%s: %s is not a date like 2026-11-23",
		    "from", a->from);
		return;
	}
	q.year = (int)a->year;
	if (cli->argc > 0 && vt_book_valid(cli->argv[0]))
		q.book = cli->argv[first++];
	if (register_operands(cli, first, &words) &&
	    (o = register_open(cli)) != NULL) {
		if (vt_store_list(o->store, &q, list_one, &l, &err) != VT_OK)
			vt_cli_fail(cli, NULL, &err);
		else if (l.n == 0)
			vt_cli_note(cli, VT_EXIT_NO);
		vt_office_close(o);
	}
	vt_list_release(&words);
}

static int
event_json(void *ctx, const struct vt_event *e, struct vt_error *err)
{
	struct vt_json_out *o = ctx;

	(void)err;
	vt_json_begin_object(o, NULL);
	vt_json_put_time(o, "at", e->at);
	vt_json_put_str(o, "who", e->who);
	vt_json_put_str(o, "what", e->what);
	vt_json_put_str(o, "reason", e->reason);
	vt_json_put_str(o, "detail", e->detail);
	vt_json_end(o);
	return VT_OK;
}

static int
event_line(void *ctx, const struct vt_event *e, struct vt_error *err)
{
	char at[VT_TIME_TEXT];

	(void)err;
	vt_cli_line(ctx, "    %s  %s  %s%s%s%s%s", vt_time_local(e->at, at),
	    e->who, word_text(e->what), e->reason != NULL ? ": " : "",
	    e->reason != NULL ? e->reason : "", e->detail != NULL ? "  " : "",
	    e->detail != NULL ? e->detail : "");
	return VT_OK;
}

/* An instant as the clock on the wall shows it; NULL: KEY is none. */
static const char *
instant_text(const struct vt_record *rec, const char *key,
    char out[VT_TIME_TEXT])
{
	int64_t t = VT_TIME_NONE;

	if (strcmp(key, "arrived") == 0)
		t = rec->arrived;
	else if (strcmp(key, "registered") == 0)
		t = rec->registered;
	return t != VT_TIME_NONE ? vt_time_local(t, out) : NULL;
}

static void
show_text(struct vt_cli *cli, const struct vt_record *rec)
{
	char hex[VT_SHA256_HEX], ref[VT_REF_TEXT], at[VT_TIME_TEXT];
	struct vt_error err = { 0 };
	const char *key, *instant;
	char *text;
	size_t i;

	vt_cli_line(cli, "%s", vt_record_ref(rec, ref));
	for (i = 0; (key = vt_record_key_at(i)) != NULL; i++) {
		text = NULL;
		if (vt_record_field_text(rec, key, &text, &err) != VT_OK) {
			vt_cli_fail(cli, NULL, &err);
			return;
		}
		if (text != NULL) {
			instant = instant_text(rec, key, at);
			vt_cli_line(cli, "    %s: %s", key,
			    instant != NULL ? instant : text);
		}
		vt_record_put(&text, NULL, NULL);
	}
	for (i = 0; i < rec->nfiles; i++)
		vt_cli_line(cli, vt_tr("    file %zu: %s, %llu bytes, %s"), i,
		    rec->files[i].name, (unsigned long long)rec->files[i].size,
		    vt_hex(VT_BYTES(rec->files[i].sha256, VT_SHA256_LEN), hex));
}

static int
derived_json(void *ctx, const struct vt_derived *d, struct vt_error *err)
{
	struct vt_json_out *o = ctx;

	(void)err;
	vt_json_begin_object(o, NULL);
	vt_json_put_int(o, "seq", d->seq);
	vt_json_put_str(o, "role", d->role);
	vt_json_put_str(o, "name", d->name);
	vt_json_put_int(o, "size", (int64_t)d->size);
	vt_json_put_sha256(o, "sha256", d->sha256);
	vt_json_put_sha256(o, "source", d->source);
	vt_json_put_str(o, "words", d->words);
	vt_json_put_time(o, "added", d->added);
	vt_json_end(o);
	return VT_OK;
}

static int
derived_line(void *ctx, const struct vt_derived *d, struct vt_error *err)
{
	char hex[VT_SHA256_HEX];

	(void)err;
	vt_cli_line(ctx, vt_tr("    made of it %d: %s, %llu bytes, %s"), d->seq,
	    d->name, (unsigned long long)d->size,
	    vt_hex(VT_BYTES(d->sha256, VT_SHA256_LEN), hex));
	return VT_OK;
}

/* What is kept beside its files. */
static int
beside_json(struct vt_office *o, int64_t id, struct vt_json_out *json,
    struct vt_error *err)
{
	int64_t checks;
	int rc;

	vt_json_begin_array(json, "derived");
	rc = vt_store_derived_list(o->store, id, derived_json, json, err);
	vt_json_end(json);
	if (rc == VT_OK &&
	    (rc = vt_store_evidence_count(o->store, id, &checks, err)) == VT_OK)
		vt_json_put_int(json, "evidence", checks);
	return rc == VT_OK ? register_recipients_json(o, id, json, err) : rc;
}

static int
beside_text(struct vt_cli *cli, struct vt_office *o, int64_t id,
    const struct vt_record *rec, struct vt_error *err)
{
	char ref[VT_REF_TEXT];
	int64_t checks;
	int rc;

	if ((rc = vt_store_derived_list(o->store, id, derived_line, cli,
		 err)) != VT_OK ||
	    (rc = vt_store_evidence_count(o->store, id, &checks, err)) != VT_OK)
		return rc;
	if (checks > 0)
		vt_cli_line(cli,
		    vt_tr("    evidence of %lld checks: vanthu archive "
			  "evidence %s"),
		    (long long)checks, vt_record_ref(rec, ref));
	return register_recipients_text(cli, o, id, err);
}

static void
show_one(struct vt_cli *cli, struct vt_office *o, const char *operand)
{
	struct vt_error err = { 0 };
	struct vt_json_out *json;
	struct vt_record rec;
	int64_t id;
	int rc;

	rc = vt_office_record(o, operand, true, &id, &rec, &err);
	if (rc != VT_OK) {
		vt_cli_fail(cli, operand, &err);
		return;
	}
	if ((json = vt_cli_json(cli)) != NULL) {
		vt_store_record_to_json(&rec, json);
		rc = beside_json(o, id, json, &err);
		vt_json_begin_array(json, "history");
		if (rc == VT_OK)
			rc = vt_store_events(o->store, id, event_json, json,
			    &err);
		vt_json_end(json);
		if (rc == VT_OK)
			vt_cli_json_end(cli, json);
		else
			vt_json_out_free(json);
	} else {
		show_text(cli, &rec);
		rc = beside_text(cli, o, id, &rec, &err);
		if (rc == VT_OK)
			rc = vt_store_events(o->store, id, event_line, cli,
			    &err);
	}
	if (rc != VT_OK)
		vt_cli_fail(cli, operand, &err);
	vt_record_release(&rec);
}

/* One file of a record, to a path. */
static void
extract(struct vt_cli *cli, const struct register_args *a, struct vt_office *o)
{
	char hex[VT_SHA256_HEX];
	struct vt_office_file file = { 0 };
	struct vt_error err = { 0 };
	struct vt_json_out *json;

	if (vt_office_extract(o, cli->argv[0], a->extract, a->output, &file,
		&err) != VT_OK) {
		vt_cli_fail(cli, cli->argv[0], &err);
		return;
	}
	if ((json = vt_cli_json(cli)) != NULL) {
		vt_json_put_str(json, "ref", cli->argv[0]);
		vt_json_put_str(json, "name", file.name);
		vt_json_put_int(json, "size", (int64_t)file.size);
		vt_json_put_sha256(json, "sha256", file.sha256);
		vt_json_put_bool(json, "derived", file.derived > 0);
		vt_json_put_str(json, "output", a->output);
		vt_cli_json_end(cli, json);
	} else if (strcmp(a->output, "-") != 0) {
		vt_cli_line(cli, vt_tr("%s: %s, %llu bytes, %s, as %s"),
		    cli->argv[0], file.name, (unsigned long long)file.size,
		    vt_hex(VT_BYTES(file.sha256, VT_SHA256_LEN), hex),
		    a->output);
	}
	free(file.name);
}

void
register_show(struct vt_cli *cli, const struct register_args *a)
{
	struct vt_office *o;
	int i;

	if (cli->argc == 0)
		vt_cli_usage(cli, "which record?");
	else if ((a->extract != NULL) != (a->output != NULL))
		vt_cli_usage(cli, "--extract NAME goes with -o FILE");
	else if (a->extract != NULL && cli->argc != 1)
		vt_cli_usage(cli, "--extract goes with one record");
	else if (a->output != NULL && strcmp(a->output, "-") == 0 && cli->json)
		vt_cli_usage(cli, "-o - and --json would both write to "
				  "standard output");
	else if ((o = register_open(cli)) != NULL) {
		if (a->extract != NULL)
			extract(cli, a, o);
		for (i = 0; a->extract == NULL && i < cli->argc; i++)
			show_one(cli, o, cli->argv[i]);
		vt_office_close(o);
	}
}

/* JSON whether or not --json was said: there is no other form. */
static int
export_one(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	struct vt_json_out *o = vt_json_out_new();

	if (o == NULL)
		return vt_error_nomem(err);
	vt_json_put_str(o, "schema", "vanthu.register/1");
	vt_store_record_to_json(rec, o);
	vt_cli_json_end(ctx, o);
	return VT_OK;
}

void
register_export(struct vt_cli *cli)
{
	struct vt_office *o;
	struct vt_store_query q = { .oldest_first = true };
	struct vt_error err = { 0 };

	if (cli->argc != 0)
		vt_cli_usage(cli, "export takes no operand");
	else if ((o = register_open(cli)) != NULL) {
		if (vt_store_list(o->store, &q, export_one, cli, &err) != VT_OK)
			vt_cli_fail(cli, NULL, &err);
		vt_office_close(o);
	}
}

static int
finding(void *ctx, const char *where, const char *text, struct vt_error *err)
{
	struct lines *l = ctx;
	struct vt_json_out *o = vt_cli_json(l->cli);

	(void)err;
	l->n++;
	vt_cli_note(l->cli, VT_EXIT_NO);
	if (o == NULL) {
		vt_cli_line(l->cli, "%s: %s", where, text);
		return VT_OK;
	}
	vt_json_put_str(o, "where", where);
	vt_json_put_str(o, "finding", text);
	vt_cli_json_end(l->cli, o);
	return VT_OK;
}

void
register_check(struct vt_cli *cli)
{
	struct vt_office *o;
	struct lines l = { cli, 0 };
	struct vt_error err = { 0 };

	if (cli->argc != 0)
		vt_cli_usage(cli, "check takes no operand");
	else if ((o = register_open(cli)) != NULL) {
		if (vt_office_register_check(o, finding, &l, &err) != VT_OK)
			vt_cli_fail(cli, NULL, &err);
		else if (l.n == 0)
			vt_cli_info(cli, "the books are sound");
		vt_office_close(o);
	}
}
