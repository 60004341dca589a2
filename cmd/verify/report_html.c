/* report_html.c - verification reports as one page to print and to file */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report_html.h"
#include "report_int.h"
#include "vanthu/confine.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/text.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

#define TEXT_MAX (1024u * 1024) /* bytes of one text on the page */

struct report_page {
	struct vt_out *out;  /* NULL: standard output */
	struct vt_error err; /* the first thing that went wrong; it sticks */
};

/* ---- writing ---- */

static void
put_raw(struct report_page *p, const char *html)
{
	struct vt_bytes b = vt_bytes_str(html);

	if (p->err.code != VT_OK)
		return;
	if (p->out != NULL)
		(void)vt_out_write(p->out, b, &p->err);
	else
		(void)vt_fd_write(STDOUT_FILENO, b, &p->err);
}

/* Foreign text: nothing in it acts, neither as markup nor on the reader. */
static void
put_text(struct report_page *p, const char *s)
{
	struct vt_buf html;

	if (s == NULL || p->err.code != VT_OK)
		return;
	vt_buf_init(&html, 6 * TEXT_MAX);
	(void)vt_text_html(&html, vt_bytes_str(s)); /* too long: cut */
	put_raw(p, vt_buf_str(&html));
	vt_buf_release(&html);
}

/* Numbers and our own words only: not escaped. */
static void put_format(struct report_page *p, const char *fmt, ...)
    VT_PRINTF(2, 3);

static void
put_format(struct report_page *p, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	put_raw(p, line);
}

static void
put_row(struct report_page *p, const char *name, const char *value)
{
	put_raw(p, "<tr><th scope=\"row\">");
	put_text(p, name);
	put_raw(p, "</th><td>");
	put_text(p, value);
	put_raw(p, "</td></tr>\n");
}

static void
put_row_time(struct report_page *p, const char *name, int64_t t)
{
	char when[VT_TIME_TEXT];

	put_row(p, name,
	    t == VT_TIME_NONE ? vt_tr("not stated") : vt_time_local(t, when));
}

static const char *
class_of(enum vt_report_verdict v)
{
	return v == VT_REPORT_VALID     ? "yes"
	       : v == VT_REPORT_INVALID ? "no"
					: "open";
}

static void
put_verdict(struct report_page *p, const char *tag, enum vt_report_verdict v,
    const char *reason, const char *detail)
{
	put_format(p, "<%s class=\"verdict %s\"><strong>", tag, class_of(v));
	put_text(p, report_verdict_text(v));
	put_raw(p, "</strong> ");
	put_text(p, vt_reason_text(reason));
	if (detail != NULL && strcmp(detail, vt_reason_text(reason)) != 0) {
		put_raw(p, "<br>");
		put_text(p, detail);
	}
	put_format(p, "</%s>\n", tag);
}

static void
put_list(struct report_page *p, const char *name, const struct vt_list *list)
{
	size_t i;

	if (list->n == 0)
		return;
	put_raw(p, "<tr><th scope=\"row\">");
	put_text(p, name);
	put_raw(p, "</th><td><ul>");
	for (i = 0; i < list->n; i++) {
		put_raw(p, "<li>");
		put_text(p, list->items[i]);
		put_raw(p, "</li>");
	}
	put_raw(p, "</ul></td></tr>\n");
}

/* ---- one signature: the seven items of TT 15/2025, and more ---- */

static void
put_tree(struct report_page *p, const struct vt_report_signature *s)
{
	size_t i;

	put_raw(p, "<tr><th scope=\"row\">");
	put_text(p, vt_tr("Trust tree"));
	put_raw(p, "</th><td>");
	if (s->tree == NULL) {
		put_text(p, vt_tr("none that is trusted here"));
	} else {
		put_raw(p, "<div class=\"tree\">");
		for (i = s->path.n; i-- > 0;) {
			put_raw(p, "<div>");
			put_text(p, s->path.items[i]);
		}
		put_raw(p, "<div><em>");
		put_text(p, s->signer.name);
		put_raw(p, "</em></div>");
		for (i = 0; i < s->path.n; i++)
			put_raw(p, "</div>");
		put_raw(p, "</div>");
	}
	put_raw(p, "</td></tr>\n");
}

static void
put_time(struct report_page *p, const struct vt_report_signature *s)
{
	struct vt_buf line;
	char when[VT_TIME_TEXT];

	vt_buf_init(&line, 1024);
	if (s->timestamp != VT_TIME_NONE)
		(void)vt_buf_printf(&line, vt_tr("%s, proven by a time stamp"),
		    vt_time_local(s->timestamp, when));
	else if (s->claimed_time != VT_TIME_NONE)
		(void)vt_buf_printf(&line,
		    vt_tr("%s, as the signer says; not proven"),
		    vt_time_local(s->claimed_time, when));
	else
		(void)vt_buf_puts(&line, vt_tr("not stated"));
	put_row(p, vt_tr("4. Time of signing"), vt_buf_str(&line));
	vt_buf_release(&line);
}

static void
put_seven(struct report_page *p, const struct vt_report_signature *s)
{
	struct vt_buf line;
	char from[VT_TIME_TEXT], to[VT_TIME_TEXT];

	put_row(p, vt_tr("1. Issuer of the certificate"), s->issuer);
	vt_buf_init(&line, TEXT_MAX);
	(void)vt_buf_printf(&line, s->signer.uid != NULL ? "%s (%s)" : "%s",
	    s->signer.name != NULL ? s->signer.name : "",
	    s->signer.uid != NULL ? s->signer.uid : "");
	put_row(p,
	    report_is_stamp(s) ? vt_tr("2. Authority of the time stamp")
			       : vt_tr("2. Signer"),
	    vt_buf_str(&line));
	vt_buf_reset(&line);
	(void)vt_buf_printf(&line, s->signer.unit != NULL ? "%s, %s" : "%s%s",
	    s->signer.unit != NULL ? s->signer.unit : "",
	    s->signer.organization != NULL ? s->signer.organization : "");
	put_row(p, vt_tr("3. Managing unit"), vt_buf_str(&line));
	put_time(p, s);
	put_row(p, vt_tr("5. Integrity"),
	    !s->intact         ? vt_tr("NOT established")
	    : s->changed_after ? vt_tr("what was signed is intact, but the "
				       "document was CHANGED afterwards")
			       : vt_tr("intact"));
	put_row(p, vt_tr("6. Validity of the certificate"),
	    report_validity(s, &line));
	vt_buf_reset(&line);
	if (s->not_before != VT_TIME_NONE)
		(void)vt_buf_printf(&line, vt_tr("%s to %s"),
		    vt_time_local(s->not_before, from),
		    vt_time_local(s->not_after, to));
	put_row(p, vt_tr("7. Period of the certificate"), vt_buf_str(&line));
	vt_buf_release(&line);
}

static void
put_stamps(struct report_page *p, const struct vt_report_signature *s)
{
	char when[VT_TIME_TEXT];
	size_t i;

	if (s->nstamps == 0)
		return;
	put_raw(p, "<tr><th scope=\"row\">");
	put_text(p, vt_tr("Time stamps"));
	put_raw(p, "</th><td><ul>");
	for (i = 0; i < s->nstamps; i++) {
		const struct vt_report_stamp *t = &s->stamps[i];

		put_raw(p, "<li>");
		if (t->time != VT_TIME_NONE)
			put_text(p, vt_time_local(t->time, when));
		put_raw(p, " ");
		put_text(p, t->authority);
		put_raw(p, ": ");
		put_text(p, report_verdict_text(t->verdict));
		put_raw(p, ", ");
		put_text(p, vt_reason_text(t->reason));
		put_raw(p, "</li>");
	}
	put_raw(p, "</ul></td></tr>\n");
}

static void
put_signature(struct report_page *p, const struct vt_report *r,
    const struct vt_report_signature *s)
{
	struct vt_buf title;

	vt_buf_init(&title, 256);
	(void)vt_buf_printf(&title,
	    report_is_stamp(s) ? vt_tr("Time stamp of the document, %zu of %zu")
			       : vt_tr("Signature %zu of %zu"),
	    s->index + 1, r->nsignatures);
	put_raw(p, "<section class=\"signature\"><h3>");
	put_text(p, vt_buf_str(&title));
	vt_buf_release(&title);
	put_raw(p, "</h3>\n");
	put_verdict(p, "p", s->verdict, s->reason, s->detail);
	put_raw(p, "<table>\n");
	if (s->have_certificate) {
		put_seven(p, s);
		put_tree(p, s);
		put_row(p, vt_tr("Serial number"), s->signer.serial);
	}
	put_row(p, vt_tr("Kind"), s->format);
	if (s->level != NULL)
		put_row(p, vt_tr("Level"), s->level);
	if (s->field != NULL)
		put_row(p, vt_tr("Field"), s->field);
	put_row_time(p, vt_tr("Judged at"), s->instant);
	put_stamps(p, s);
	put_list(p, vt_tr("Changed after signing"), &s->changes);
	put_list(p, vt_tr("Weak"), &s->weak);
	put_list(p, vt_tr("Notes"), &s->notes);
	put_raw(p, "</table></section>\n");
}

/* ---- the coverage picture: one bar a signature, over the file's bytes ---- */

static void
put_coverage(struct report_page *p, const struct vt_report *r)
{
	size_t i;

	if (r->format != VT_REPORT_PDF || r->nsignatures == 0 || r->size == 0)
		return;
	put_raw(p, "<h3>");
	put_text(p, vt_tr("What each signature covers"));
	put_raw(p, "</h3>\n<table class=\"coverage\">\n");
	for (i = 0; i < r->nsignatures; i++) {
		const struct vt_report_signature *s = &r->signatures[i];
		uint64_t to = s->covers == VT_COVERS_PART ? 0 : s->covered_to;
		double share = 100.0 * (double)to / (double)r->size;

		put_format(p,
		    "<tr><th scope=\"row\">%zu</th><td class=\"bar\">"
		    "<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" "
		    "role=\"img\"><rect class=\"file\" width=\"100\" "
		    "height=\"6\"/><rect class=\"%s\" width=\"%.3f\" "
		    "height=\"6\"/></svg></td><td>%llu / %llu</td></tr>\n",
		    s->index + 1, class_of(s->verdict), share,
		    (unsigned long long)to, (unsigned long long)r->size);
	}
	put_raw(p, "</table>\n");
}

/* ---- one file ---- */

static void
put_layers(struct report_page *p, const struct vt_report *r)
{
	struct vt_buf line;
	const char *name;
	unsigned bit;
	size_t i;

	vt_buf_init(&line, 1024);
	for (i = 0; vt_confine_layer(i, &bit, &name); i++)
		if ((r->confined & bit) != 0)
			(void)vt_buf_printf(&line, "%s%s",
			    line.len > 0 ? ", " : "", name);
	put_row(p, vt_tr("Judged in confinement by"),
	    line.len > 0 ? vt_buf_str(&line) : vt_tr("nothing"));
	vt_buf_release(&line);
}

static void
put_file(struct report_page *p, const struct vt_report *r, const char *content,
    bool attachment)
{
	const char *h = attachment ? "h3" : "h2", *hint;
	char hex[VT_SHA256_HEX];
	size_t i;

	put_format(p, "<article>\n<%s>", h);
	put_text(p, r->file);
	put_format(p, "</%s>\n", h);
	put_verdict(p, "p", r->verdict, r->reason, report_own_detail(r));
	hint = vt_reason_hint(r->reason);
	if (hint != NULL && r->nattachments == 0) {
		put_raw(p, "<p class=\"hint\">");
		put_text(p, hint);
		put_raw(p, "</p>\n");
	}
	put_raw(p, "<table>\n");
	put_row(p, "SHA-256", vt_hex(VT_BYTES(r->sha256, VT_SHA256_LEN), hex));
	put_format(p, "<tr><th scope=\"row\">%s</th><td>%llu</td></tr>\n",
	    vt_tr("Bytes"), (unsigned long long)r->size);
	put_row(p, vt_tr("Format"), vt_report_format_name(r->format));
	if (content != NULL)
		put_row(p, vt_tr("Held against"), content);
	put_row_time(p, vt_tr("Judged at"), r->judged_at);
	if (!attachment)
		put_layers(p, r);
	put_list(p, vt_tr("Notes"), &r->notes);
	put_raw(p, "</table>\n");
	put_coverage(p, r);
	for (i = 0; i < r->nsignatures; i++)
		put_signature(p, r, &r->signatures[i]);
	for (i = 0; i < r->nattachments; i++)
		put_file(p, &r->attachments[i], NULL, true);
	put_raw(p, "</article>\n");
}

/* ---- the page ---- */

static const char style[] =
    "body{font:11pt/1.4 \"Liberation Serif\",\"Times New Roman\",serif;"
    "max-width:50em;margin:1em auto;padding:0 1em;color:#000;background:#fff}"
    "h1{font-size:16pt}h2{font-size:13pt;overflow-wrap:anywhere}"
    "h3{font-size:11pt;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0}"
    "th,td{border:1px solid #999;padding:.2em .5em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}"
    "th[scope=row]{width:30%;font-weight:normal;background:#f4f4f4}"
    ".coverage th[scope=row]{width:2em}.coverage .bar{width:60%}"
    "ul{margin:0;padding-left:1.2em}"
    ".verdict{border-left:6px solid;padding:.3em .6em;font-size:12pt}"
    ".verdict.yes{border-color:#060}.verdict.no{border-color:#a00}"
    ".verdict.open{border-color:#b60}"
    ".hint{font-style:italic}"
    ".tree div{padding-left:1em;border-left:1px solid #999}"
    "svg{width:100%;height:1em;display:block}"
    "rect.file{fill:#ddd}rect.yes{fill:#060}rect.no{fill:#a00}"
    "rect.open{fill:#b60}"
    "@media print{body{margin:0;max-width:none}"
    "section,tr{break-inside:avoid}h2,h3{break-after:avoid}"
    ".verdict,rect{print-color-adjust:exact}}";

static void
put_start(struct report_page *p)
{
	/* TRANSLATORS: the language of this catalogue, as in HTML: en, vi */
	put_format(p, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n",
	    vt_tr("en"));
	put_raw(p,
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<title>");
	put_text(p, vt_tr("Verification of signatures"));
	put_raw(p, "</title>\n<style>");
	put_raw(p, style);
	put_raw(p, "</style>\n</head>\n<body>\n<h1>");
	put_text(p, vt_tr("Verification of signatures"));
	put_raw(p, "</h1>\n");
}

int
report_page_open(const char *path, struct report_page **ret,
    struct vt_error *err)
{
	struct report_page *p = calloc(1, sizeof(*p));
	int rc = VT_OK;

	if (p == NULL)
		return vt_error_nomem(err);
	if (strcmp(path, "-") != 0)
		rc = vt_out_open(path, &p->out, err);
	if (rc != VT_OK) {
		free(p);
		return rc;
	}
	put_start(p);
	*ret = p;
	return VT_OK;
}

static int
failed(struct report_page *p, struct vt_error *err)
{
	if (p->err.code != VT_OK && err != NULL && err->code == VT_OK)
		*err = p->err;
	return (int)p->err.code;
}

int
report_page_add(struct report_page *p, const struct vt_report *report,
    const char *content, struct vt_error *err)
{
	put_file(p, report, content, false);
	return failed(p, err);
}

int
report_page_fail(struct report_page *p, const char *file,
    const struct vt_error *why, struct vt_error *err)
{
	put_raw(p, "<article>\n<h2>");
	put_text(p, file);
	put_raw(p, "</h2>\n<p class=\"verdict open\"><strong>");
	put_text(p, vt_tr("NOT JUDGED"));
	put_raw(p, "</strong> ");
	put_text(p, why->clause);
	put_raw(p, why->clause[0] != '\0' ? ": " : "");
	put_text(p, why->text);
	put_raw(p, "</p>\n</article>\n");
	return failed(p, err);
}

int
report_page_commit(struct report_page *p, struct vt_error *err)
{
	struct vt_out *out;
	int rc;

	put_raw(p, "</body>\n</html>\n");
	if ((rc = failed(p, err)) != VT_OK)
		return rc;
	out = p->out;
	p->out = NULL;
	return out != NULL ? vt_out_commit(out, err) : VT_OK;
}

void
report_page_free(struct report_page *p)
{
	if (p == NULL)
		return;
	if (p->out != NULL)
		vt_out_abort(p->out);
	free(p);
}
