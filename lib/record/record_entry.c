/* record_entry.c - one record: its life, its fields by name */
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"

enum kind {
	KIND_TEXT,
	KIND_VERBATIM, /* a text, as it was written */
	KIND_DATE,
	KIND_TIME,
	KIND_COUNT, /* an int, 0: not said */
	KIND_BOOL,
	KIND_COMPETENCE,
	KIND_URGENCY,
	KIND_SECRECY,
	KIND_STATE,
	KIND_LIST
};

#define FIELD(key, kind)                                                       \
	{                                                                      \
#key, kind, offsetof(struct vt_record, key)                    \
	}

static const struct field {
	const char *key;
	enum kind kind;
	size_t offset;
} fields[] = {
	FIELD(code, KIND_VERBATIM),
	FIELD(notation, KIND_TEXT),
	FIELD(date, KIND_DATE),
	FIELD(arrived, KIND_TIME),
	FIELD(registered, KIND_TIME),
	FIELD(organ_id, KIND_TEXT),
	FIELD(organ_name, KIND_TEXT),
	FIELD(sender_id, KIND_TEXT),
	FIELD(sender_name, KIND_TEXT),
	FIELD(type, KIND_TEXT),
	FIELD(subject, KIND_TEXT),
	FIELD(signer, KIND_TEXT),
	FIELD(position, KIND_TEXT),
	FIELD(competence, KIND_COMPETENCE),
	FIELD(urgency, KIND_URGENCY),
	FIELD(secrecy, KIND_SECRECY),
	FIELD(due, KIND_DATE),
	FIELD(pages, KIND_COUNT),
	FIELD(copies, KIND_COUNT),
	FIELD(keeper, KIND_TEXT),
	FIELD(places, KIND_LIST),
	FIELD(reply_to, KIND_TEXT),
	FIELD(paper, KIND_BOOL),
	FIELD(state, KIND_STATE),
	FIELD(verdict, KIND_TEXT),
	FIELD(document_id, KIND_TEXT),
};

#define NFIELDS (sizeof(fields) / sizeof(fields[0]))
#define COUNT_MAX 99999 /* pages, copies */

static bool
is_text(enum kind kind)
{
	return kind == KIND_TEXT || kind == KIND_VERBATIM;
}

void
vt_record_init(struct vt_record *rec)
{
	memset(rec, 0, sizeof(*rec));
	rec->arrived = VT_TIME_NONE;
	rec->registered = VT_TIME_NONE;
}

void
vt_record_release(struct vt_record *rec)
{
	size_t i;

	for (i = 0; i < NFIELDS; i++)
		if (is_text(fields[i].kind))
			free(*(char **)((char *)rec + fields[i].offset));
	free(rec->book);
	vt_list_release(&rec->places);
	for (i = 0; i < rec->nfiles; i++)
		free(rec->files[i].name);
	free(rec->files);
	vt_record_init(rec);
}

static int
text_copy(char **ret, const char *text, struct vt_error *err)
{
	*ret = NULL;
	if (text != NULL && (*ret = strdup(text)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

int
vt_record_copy(const struct vt_record *rec, struct vt_record *ret,
    struct vt_error *err)
{
	struct vt_record copy = *rec;
	const char *from;
	size_t i;
	int rc = VT_OK;

	/* cut every tie first, so that a failure releases only what is ours */
	copy.book = NULL;
	copy.files = NULL;
	copy.nfiles = 0;
	memset(&copy.places, 0, sizeof(copy.places));
	for (i = 0; i < NFIELDS; i++)
		if (is_text(fields[i].kind))
			*(char **)((char *)&copy + fields[i].offset) = NULL;

	rc = text_copy(&copy.book, rec->book, err);
	for (i = 0; i < NFIELDS && rc == VT_OK; i++)
		if (is_text(fields[i].kind)) {
			memcpy(&from, (const char *)rec + fields[i].offset,
			    sizeof(from));
			rc = text_copy((char **)((char *)&copy +
						 fields[i].offset),
			    from, err);
		}
	for (i = 0; i < rec->places.n && rc == VT_OK; i++)
		rc = vt_list_add(&copy.places, rec->places.items[i], err);
	for (i = 0; i < rec->nfiles && rc == VT_OK; i++) {
		rc = vt_record_file_add(&copy, rec->files[i].name,
		    rec->files[i].size, rec->files[i].sha256, err);
		if (rc == VT_OK) {
			copy.files[i].seq = rec->files[i].seq;
			copy.files[i].version = rec->files[i].version;
		}
	}
	if (rc == VT_OK)
		*ret = copy;
	else
		vt_record_release(&copy);
	return rc;
}

int
vt_record_place_add(struct vt_record *rec, const char *text,
    struct vt_error *err)
{
	char *clean = NULL, *p;
	int rc;

	if ((rc = vt_record_put(&clean, text, err)) != VT_OK)
		return rc;
	for (p = clean; p != NULL && *p != '\0'; p++)
		if (*p == ';')
			*p = ',';
	if (clean != NULL)
		rc = vt_list_add(&rec->places, clean, err);
	free(clean);
	return rc;
}

int
vt_record_file_add(struct vt_record *rec, const char *name, uint64_t size,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err)
{
	struct vt_record_file *files, *file;
	size_t bytes;

	if (rec->nfiles >= VT_RECORD_FILES_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a record has at most %d files", VT_RECORD_FILES_MAX);
	if (!vt_mul(rec->nfiles + 1, sizeof(*files), &bytes) ||
	    (files = realloc(rec->files, bytes)) == NULL)
		return vt_error_nomem(err);
	rec->files = files;
	file = &files[rec->nfiles];
	memset(file, 0, sizeof(*file));
	if ((file->name = strdup(name)) == NULL)
		return vt_error_nomem(err);
	file->size = size;
	memcpy(file->sha256, sha256, VT_SHA256_LEN);
	file->seq = (int)rec->nfiles;
	file->version = 1;
	rec->nfiles++;
	return VT_OK;
}

bool
vt_record_incoming(const struct vt_record *rec)
{
	return rec->book != NULL && vt_book_incoming(rec->book);
}

char *
vt_record_ref(const struct vt_record *rec, char out[VT_REF_TEXT])
{
	return vt_ref_text(rec->book, rec->year, rec->number, out);
}

const char *
vt_record_key_at(size_t i)
{
	return i < NFIELDS ? fields[i].key : NULL;
}

static const struct field *
field_find(const char *key)
{
	size_t i;

	for (i = 0; i < NFIELDS; i++)
		if (strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

static bool
count_parse(const char *text, int *ret)
{
	size_t n = strspn(text, "0123456789");
	int v = 0;

	if (text[n] != '\0' || n > 5)
		return false;
	while (*text != '\0')
		v = v * 10 + (*text++ - '0');
	*ret = v;
	return v <= COUNT_MAX;
}

/* Part TEXT at ";" into a new list. */
static int
list_parse(const char *text, struct vt_list *ret, struct vt_error *err)
{
	struct vt_list list = { NULL, 0 };
	char *part, *clean;
	size_t n;
	int rc = VT_OK;

	for (; rc == VT_OK; text += n + 1) {
		n = strcspn(text, ";");
		clean = NULL;
		if ((part = vt_bytes_dup(VT_BYTES(text, n))) == NULL) {
			rc = vt_error_nomem(err);
			break;
		}
		rc = vt_record_put(&clean, part, err);
		if (rc == VT_OK && clean != NULL)
			rc = vt_list_add(&list, clean, err);
		free(clean);
		free(part);
		if (text[n] == '\0')
			break;
	}
	if (rc != VT_OK) {
		vt_list_release(&list);
		return rc;
	}
	vt_list_release(ret);
	*ret = list;
	return VT_OK;
}

/* Read TEXT, which is not empty, into the word or number at P. */
static bool
value_parse(enum kind kind, const char *text, void *p)
{
	switch (kind) {
	case KIND_DATE:
		return vt_date_parse(text, p);
	case KIND_TIME:
		return vt_time_parse(text, p);
	case KIND_COUNT:
		return count_parse(text, p);
	case KIND_BOOL:
		*(bool *)p = strcmp(text, "true") == 0;
		return *(bool *)p || strcmp(text, "false") == 0;
	case KIND_COMPETENCE:
		return vt_competence_parse(text, p);
	case KIND_URGENCY:
		return vt_urgency_parse(text, p);
	case KIND_SECRECY:
		return vt_secrecy_parse(text, p);
	case KIND_STATE:
		return vt_state_parse(text, p);
	case KIND_TEXT:
	case KIND_VERBATIM:
	case KIND_LIST:
		break;
	}
	return false;
}

/* Put the value that means "not said" at P. */
static void
value_clear(enum kind kind, void *p)
{
	switch (kind) {
	case KIND_DATE:
		memset(p, 0, sizeof(struct vt_date));
		break;
	case KIND_TIME:
		*(int64_t *)p = VT_TIME_NONE;
		break;
	case KIND_COUNT:
		*(int *)p = 0;
		break;
	case KIND_BOOL:
		*(bool *)p = false;
		break;
	case KIND_COMPETENCE:
		*(enum vt_competence *)p = VT_COMPETENCE_NONE;
		break;
	case KIND_URGENCY:
		*(enum vt_urgency *)p = VT_URGENCY_NONE;
		break;
	case KIND_SECRECY:
		*(enum vt_secrecy *)p = VT_SECRECY_NONE;
		break;
	case KIND_STATE:
		*(enum vt_state *)p = VT_STATE_NONE;
		break;
	case KIND_TEXT:
	case KIND_VERBATIM:
	case KIND_LIST:
		break;
	}
}

int
vt_record_field_set(struct vt_record *rec, const char *key, const char *value,
    struct vt_error *err)
{
	const struct field *f = field_find(key);
	struct vt_record scratch;
	void *p;

	if (f == NULL)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "a record has no field \"%s\"", key);
	p = (char *)rec + f->offset;
	if (f->kind == KIND_TEXT)
		return vt_record_put(p, value, err);
	if (f->kind == KIND_VERBATIM)
		return vt_record_put_verbatim(p, value, err);
	if (f->kind == KIND_LIST)
		return list_parse(value, p, err);
	if (*value == '\0') {
		value_clear(f->kind, p);
		return VT_OK;
	}
	/* a failed parse may leave half a value: try it elsewhere first */
	vt_record_init(&scratch);
	if (!value_parse(f->kind, value, (char *)&scratch + f->offset))
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is not a value for %s", value, key);
	value_parse(f->kind, value, p);
	return VT_OK;
}

static int
list_text(const struct vt_list *list, struct vt_buf *b)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < list->n && rc == VT_OK; i++) {
		if (i > 0)
			rc = vt_buf_puts(b, "; ");
		if (rc == VT_OK)
			rc = vt_buf_puts(b, list->items[i]);
	}
	return rc;
}

int
vt_record_field_text(const struct vt_record *rec, const char *key, char **ret,
    struct vt_error *err)
{
	const struct field *f = field_find(key);
	char small[VT_TIME_TEXT] = "";
	const char *text = small;
	const void *p;
	struct vt_buf b;
	int rc = VT_OK;

	if (f == NULL)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "a record has no field \"%s\"", key);
	p = (const char *)rec + f->offset;
	vt_buf_init(&b, SIZE_MAX);
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_VERBATIM:
		text = *(char *const *)p;
		break;
	case KIND_DATE:
		vt_date_text(*(const struct vt_date *)p, small);
		break;
	case KIND_TIME:
		if (*(const int64_t *)p != VT_TIME_NONE)
			vt_time_utc(*(const int64_t *)p, small);
		break;
	case KIND_COUNT:
		if (*(const int *)p != 0)
			snprintf(small, sizeof(small), "%d", *(const int *)p);
		break;
	case KIND_BOOL:
		text = *(const bool *)p ? "true" : "";
		break;
	case KIND_COMPETENCE:
		text = vt_competence_name(*(const enum vt_competence *)p);
		break;
	case KIND_URGENCY:
		text = vt_urgency_name(*(const enum vt_urgency *)p);
		break;
	case KIND_SECRECY:
		text = vt_secrecy_name(*(const enum vt_secrecy *)p);
		break;
	case KIND_STATE:
		text = vt_state_name(*(const enum vt_state *)p);
		break;
	case KIND_LIST:
		rc = list_text(p, &b);
		text = vt_buf_str(&b);
		break;
	}
	if (rc == VT_OK && text != NULL && *text != '\0') {
		if ((*ret = strdup(text)) == NULL)
			rc = VT_ENOMEM;
	} else if (rc == VT_OK)
		*ret = NULL;
	vt_buf_release(&b);
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}
