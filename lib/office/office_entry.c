/* office_entry.c - what the book gets to know of a document that came */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_register_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/text.h"

int
vt_office_put_text(char **field, const char *text, struct vt_error *err)
{
	struct vt_bytes b;
	unsigned char c[4];
	struct vt_buf buf;
	size_t pos = 0;
	int32_t ch;
	int rc = VT_OK;

	if (text == NULL)
		return VT_OK;
	b = vt_bytes_str(text);
	vt_buf_init(&buf, b.len + 1);
	while (rc == VT_OK && pos < b.len) {
		ch = vt_utf8_next(b, &pos);
		if (ch < 0x20 || (ch >= 0x7f && ch < 0xa0))
			ch = ' ';
		rc = vt_buf_put(&buf, c, vt_utf8_put(ch, c));
	}
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = vt_record_put(field, vt_buf_str(&buf), err);
	vt_buf_release(&buf);
	return rc;
}

int
vt_office_put_code(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_error *err)
{
	struct vt_buf code;
	int rc;

	if (env->code_notation == NULL)
		return vt_office_put_text(&rec->code, env->code_number, err);
	vt_buf_init(&code, 2 * VT_ENVELOPE_TEXT_MAX + 2);
	rc = vt_buf_printf(&code, "%s/%s",
	    env->code_number != NULL ? env->code_number : "",
	    env->code_notation);
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = vt_office_put_text(&rec->code, vt_buf_str(&code), err);
	vt_buf_release(&code);
	return rc;
}

/* Types are known by their names: the numbers differ from sender to sender. */
static int
put_type(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_error *err)
{
	const struct vt_record_type *type = NULL;

	if (env->type_name != NULL)
		type = vt_record_type_by_name(env->type_name);
	if (type != NULL)
		return vt_office_put_text(&rec->type, type->code, err);
	/* A công văn is what is nothing else (NĐ 30/2020, Đ.7). */
	return vt_office_put_text(&rec->type,
	    env->type_name != NULL ? env->type_name : "CV", err);
}

/* "TL. BỘ TRƯỞNG" as well as "TL." */
static enum vt_competence
competence_of(const char *text)
{
	enum vt_competence c = VT_COMPETENCE_NONE;
	char word[8];
	size_t len;

	if (text == NULL)
		return c;
	len = strcspn(text, " .");
	if (len == 0 || len >= sizeof(word))
		return c;
	memcpy(word, text, len);
	word[len] = '\0';
	return vt_competence_parse(word, &c) ? c : VT_COMPETENCE_NONE;
}

static void
put_numbers(const struct vt_envelope *env, int64_t now, struct vt_record *rec)
{
	rec->year = vt_date_of(now).year;
	rec->arrived = rec->registered = now;
	rec->date = env->date;
	rec->due = env->due_date;
	rec->state = VT_STATE_REGISTERED;
	rec->competence = competence_of(env->competence);
	rec->pages = env->other.pages > 0 ? env->other.pages : 0;
	rec->copies = env->other.copies > 0 ? env->other.copies : 0;
	rec->paper = env->business.paper;
	if (env->other.priority >= VT_URGENCY_HOA_TOC)
		rec->urgency = VT_URGENCY_HOA_TOC; /* 4: at a time */
	else if (env->other.priority > 0)
		rec->urgency = (enum vt_urgency)env->other.priority;
}

/* "Nơi nhận" (PL.VI, field 16): as many of them as a record holds. */
static int
put_places(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_list *notes, struct vt_error *err)
{
	size_t i, n = 0;
	char *text = NULL;
	int rc = VT_OK;

	for (i = 0; i < env->to_places.n && rc == VT_OK; i++) {
		rc = vt_office_put_text(&text, env->to_places.items[i], err);
		if (rc != VT_OK || text == NULL)
			continue;
		n += vt_utf8_len(vt_bytes_str(text)) + 2;
		if (n > VT_RECORD_TEXT_MAX) {
			rc = vt_office_note(notes, err,
			    VT_N_("the places that it goes to are cut"));
			break;
		}
		rc = vt_record_place_add(rec, text, err);
	}
	free(text);
	return rc;
}

static int
put_files(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_error *err)
{
	char name[VT_ENVELOPE_NAME_MAX];
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < env->nattachments && rc == VT_OK; i++)
		rc = vt_record_file_add(rec,
		    vt_envelope_file_name(env, i, name),
		    env->attachments[i].size, env->attachments[i].sha256, err);
	return rc;
}

int
vt_office_record_of(const struct vt_envelope *env, int64_t now,
    enum vt_report_verdict verdict, struct vt_record *ret,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_record rec;
	const struct {
		char **field;
		const char *text;
	} texts[] = {
		{ &rec.book, VT_BOOK_IN },
		{ &rec.notation, env->code_notation },
		{ &rec.organ_id, env->from.id },
		{ &rec.organ_name, env->from.name },
		{ &rec.subject, env->subject },
		{ &rec.signer, env->signer },
		{ &rec.position, env->position },
		{ &rec.document_id, env->document_id },
		{ &rec.verdict, vt_report_verdict_name(verdict) },
	};
	size_t i;
	int rc = VT_OK;

	vt_record_init(&rec);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++)
		rc = vt_office_put_text(texts[i].field, texts[i].text, err);
	put_numbers(env, now, &rec);
	if (rc == VT_OK && (rc = vt_office_put_code(env, &rec, err)) == VT_OK &&
	    (rc = put_type(env, &rec, err)) == VT_OK &&
	    (rc = put_places(env, &rec, notes, err)) == VT_OK &&
	    (rc = put_files(env, &rec, err)) == VT_OK)
		rc = vt_record_check(&rec, notes, err);
	if (rc == VT_OK)
		*ret = rec;
	else
		vt_record_release(&rec);
	return rc;
}

static int
keep_file(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	int rc;

	(void)index;
	rc = vt_objects_put(ctx, content, sha256, NULL, err);
	if (rc == VT_OK && memcmp(sha256, a->sha256, sizeof(sha256)) != 0)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "an attachment changed while it was read");
	return rc;
}

int
vt_office_keep_files(struct vt_office *o, struct vt_source *src,
    struct vt_envelope *env, struct vt_error *err)
{
	return vt_envelope_extract(src, env, o->home, keep_file, o->objects,
	    err);
}

int
vt_office_keep_unpacked(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_office_unpacked *u = in->unpacked;
	size_t i;
	int rc = VT_OK;

	if (u == NULL)
		return vt_office_keep_files(in->o, in->src, in->env, err);
	for (i = 0; i < u->n && rc == VT_OK; i++)
		rc = vt_objects_put_as(in->o->objects, u->files[i],
		    in->env->attachments[i].sha256, err);
	return rc;
}
