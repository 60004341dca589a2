/* store_row.c - a record and its row */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

/* In the order of VT_STORE_COLUMNS. */
enum column {
	COL_ID,
	COL_BOOK,
	COL_YEAR,
	COL_NUMBER,
	COL_CODE,
	COL_NOTATION,
	COL_DATE,
	COL_ARRIVED,
	COL_REGISTERED,
	COL_ORGAN_ID,
	COL_ORGAN_NAME,
	COL_SENDER_ID,
	COL_SENDER_NAME,
	COL_TYPE,
	COL_SUBJECT,
	COL_SIGNER,
	COL_POSITION,
	COL_COMPETENCE,
	COL_URGENCY,
	COL_DUE,
	COL_PAGES,
	COL_COPIES,
	COL_KEEPER,
	COL_PLACES,
	COL_REPLY_TO,
	COL_PAPER,
	COL_STATE,
	COL_VERDICT,
	COL_DOCUMENT_ID,
	COL_GIVEN
};

#define TEXT(column, field)                                                    \
	{                                                                      \
		column, offsetof(struct vt_record, field)                      \
	}

/* The columns that hold a text as it is. */
static const struct {
	enum column column;
	size_t offset;
} texts[] = {
	TEXT(COL_BOOK, book),
	TEXT(COL_CODE, code),
	TEXT(COL_NOTATION, notation),
	TEXT(COL_ORGAN_ID, organ_id),
	TEXT(COL_ORGAN_NAME, organ_name),
	TEXT(COL_SENDER_ID, sender_id),
	TEXT(COL_SENDER_NAME, sender_name),
	TEXT(COL_TYPE, type),
	TEXT(COL_SUBJECT, subject),
	TEXT(COL_SIGNER, signer),
	TEXT(COL_POSITION, position),
	TEXT(COL_KEEPER, keeper),
	TEXT(COL_REPLY_TO, reply_to),
	TEXT(COL_VERDICT, verdict),
	TEXT(COL_DOCUMENT_ID, document_id),
};

/* The columns whose words record knows. */
static const struct {
	enum column column;
	const char *key;
} words[] = {
	{ COL_COMPETENCE, "competence" },
	{ COL_URGENCY, "urgency" },
	{ COL_PLACES, "places" },
	{ COL_STATE, "state" },
};

void
vt_store_row(struct vt_sql *q, struct vt_record *ret)
{
	struct vt_error why = { 0 };
	const char *text;
	size_t i;
	int rc;

	ret->id = vt_sql_get_int(q, COL_ID);
	ret->year = (int)vt_sql_get_int(q, COL_YEAR);
	ret->number = vt_sql_get_int(q, COL_NUMBER);
	ret->date = vt_sql_get_date(q, COL_DATE);
	ret->arrived = vt_sql_get_time(q, COL_ARRIVED);
	ret->registered = vt_sql_get_time(q, COL_REGISTERED);
	ret->due = vt_sql_get_date(q, COL_DUE);
	ret->pages = (int)vt_sql_get_int(q, COL_PAGES);
	ret->copies = (int)vt_sql_get_int(q, COL_COPIES);
	ret->paper = vt_sql_get_int(q, COL_PAPER) != 0;
	ret->has_given = vt_sql_get_sha256(q, COL_GIVEN, ret->given);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		vt_sql_get_text(q, texts[i].column,
		    (char **)((char *)ret + texts[i].offset));
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		text = vt_sql_get_str(q, words[i].column);
		rc = vt_record_field_set(ret, words[i].key,
		    text != NULL ? text : "", &why);
		if (rc == VT_OK)
			continue;
		/* whoever asked is not at fault: the row is */
		vt_sql_fail(q, rc == VT_ENOMEM
				   ? vt_error_nomem(q->err)
				   : vt_error_set(q->err, VT_EIO, NULL,
					 "%s: the register is damaged: %s",
					 q->s->path, why.text));
		break;
	}
}

void
vt_store_row_bind(struct vt_sql *q, const struct vt_record *rec)
{
	char *places = NULL;

	vt_sql_text(q, rec->book);
	vt_sql_int(q, rec->year);
	vt_sql_int(q, rec->number);
	vt_sql_text(q, rec->code);
	vt_sql_text(q, rec->notation);
	vt_sql_date(q, rec->date);
	vt_sql_time(q, rec->arrived);
	vt_sql_time(q, rec->registered);
	vt_sql_text(q, rec->organ_id);
	vt_sql_text(q, rec->organ_name);
	vt_sql_text(q, rec->sender_id);
	vt_sql_text(q, rec->sender_name);
	vt_sql_text(q, rec->type);
	vt_sql_text(q, rec->subject);
	vt_sql_text(q, rec->signer);
	vt_sql_text(q, rec->position);
	vt_sql_text(q, vt_competence_name(rec->competence));
	vt_sql_text(q, vt_urgency_name(rec->urgency));
	vt_sql_date(q, rec->due);
	vt_sql_id(q, rec->pages);
	vt_sql_id(q, rec->copies);
	vt_sql_text(q, rec->keeper);
	vt_sql_fail(q, vt_record_field_text(rec, "places", &places, q->err));
	vt_sql_text_copy(q, places);
	free(places);
	vt_sql_text(q, rec->reply_to);
	vt_sql_int(q, rec->paper);
	vt_sql_text(q, vt_state_name(rec->state));
	vt_sql_text(q, rec->verdict);
	vt_sql_text(q, rec->document_id);
	vt_sql_sha256(q, rec->has_given ? rec->given : NULL);
}

int
vt_store_row_files(struct vt_store *s, struct vt_record *rec,
    struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_sql q;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT seq, max(version), name, size, sha256 FROM file"
	    " WHERE record = ? GROUP BY seq ORDER BY seq",
	    err);
	vt_sql_int(&q, rec->id);
	while (vt_sql_row(&q)) {
		vt_sql_get_sha256(&q, 4, sha256);
		rc = vt_record_file_add(rec, vt_sql_get_str(&q, 2),
		    (uint64_t)vt_sql_get_int(&q, 3), sha256, err);
		if (rc != VT_OK) {
			vt_sql_fail(&q, rc);
			break;
		}
		rec->files[rec->nfiles - 1].seq = (int)vt_sql_get_int(&q, 0);
		rec->files[rec->nfiles - 1].version =
		    (int)vt_sql_get_int(&q, 1);
	}
	return vt_sql_end(&q);
}

int
vt_store_record_get(struct vt_store *s, int64_t id, struct vt_record *ret,
    struct vt_error *err)
{
	struct vt_record rec;
	struct vt_sql q;
	bool found;
	int rc;

	vt_record_init(&rec);
	vt_sql_begin(&q, s,
	    "SELECT " VT_STORE_COLUMNS " FROM record AS r WHERE r.id = ?", err);
	vt_sql_int(&q, id);
	if ((found = vt_sql_row(&q)))
		vt_store_row(&q, &rec);
	rc = vt_sql_end(&q);
	if (rc == VT_OK && !found)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such record");
	if (rc == VT_OK)
		rc = vt_store_row_files(s, &rec, err);
	if (rc == VT_OK)
		*ret = rec;
	else
		vt_record_release(&rec);
	return rc;
}
