/* store_json.c - a record as JSON, and back (vanthu-json(5)) */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/json.h"

#include "store_int.h"

#define SHA256_PREFIX "sha256:"

static void
put_date(struct vt_json_out *o, const char *key, struct vt_date d)
{
	char text[VT_TIME_TEXT];

	vt_json_put_str(o, key, d.year != 0 ? vt_date_text(d, text) : NULL);
}

static void
put_count(struct vt_json_out *o, const char *key, int n)
{
	if (n != 0)
		vt_json_put_int(o, key, n);
	else
		vt_json_put_null(o, key);
}

static void
put_files(struct vt_json_out *o, const struct vt_record *rec)
{
	size_t i;

	vt_json_begin_array(o, "files");
	for (i = 0; i < rec->nfiles; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "name", rec->files[i].name);
		vt_json_put_int(o, "size", (int64_t)rec->files[i].size);
		vt_json_put_sha256(o, "sha256", rec->files[i].sha256);
		vt_json_end(o);
	}
	vt_json_end(o);
}

void
vt_store_record_to_json(const struct vt_record *rec, struct vt_json_out *o)
{
	char ref[VT_REF_TEXT];
	size_t i;

	vt_json_put_str(o, "ref", vt_record_ref(rec, ref));
	vt_json_put_str(o, "book", rec->book);
	vt_json_put_int(o, "year", rec->year);
	vt_json_put_int(o, "number", rec->number);
	vt_json_put_str(o, "code", rec->code);
	put_date(o, "date", rec->date);
	vt_json_put_time(o, "arrived", rec->arrived);
	vt_json_put_str(o, "organ_id", rec->organ_id);
	vt_json_put_str(o, "organ_name", rec->organ_name);
	vt_json_put_str(o, "sender_id", rec->sender_id);
	vt_json_put_str(o, "sender_name", rec->sender_name);
	vt_json_put_str(o, "type", rec->type);
	vt_json_put_str(o, "subject", rec->subject);
	vt_json_put_str(o, "signer", rec->signer);
	vt_json_put_str(o, "urgency", vt_urgency_name(rec->urgency));
	vt_json_put_str(o, "secrecy", vt_secrecy_name(rec->secrecy));
	put_date(o, "due", rec->due);
	vt_json_put_str(o, "state", vt_state_name(rec->state));
	put_files(o, rec);
	vt_json_put_str(o, "verdict", rec->verdict);

	vt_json_put_str(o, "notation", rec->notation);
	vt_json_put_str(o, "position", rec->position);
	vt_json_put_str(o, "competence",
	    rec->competence != VT_COMPETENCE_NONE
		? vt_competence_name(rec->competence)
		: NULL);
	put_count(o, "pages", rec->pages);
	put_count(o, "copies", rec->copies);
	vt_json_put_str(o, "keeper", rec->keeper);
	vt_json_begin_array(o, "places");
	for (i = 0; i < rec->places.n; i++)
		vt_json_put_str(o, NULL, rec->places.items[i]);
	vt_json_end(o);
	vt_json_put_str(o, "reply_to", rec->reply_to);
	vt_json_put_bool(o, "paper", rec->paper);
	vt_json_put_time(o, "registered", rec->registered);
	vt_json_put_str(o, "document_id", rec->document_id);
	vt_json_put_sha256(o, "given", rec->has_given ? rec->given : NULL);
}

static int
bad_value(const char *key, struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "the value of \"%s\" is not of its kind", key);
}

/* The keys whose value is a text that record reads, or null. */
static const char *const text_keys[] = { "code", "notation", "date", "arrived",
	"registered", "organ_id", "organ_name", "sender_id", "sender_name",
	"type", "subject", "signer", "position", "competence", "urgency", "due",
	"keeper", "reply_to", "state", "verdict", "document_id" };

static int
read_texts(const struct vt_json *object, struct vt_record *rec,
    struct vt_error *err)
{
	const struct vt_json *v;
	struct vt_error why;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(text_keys) / sizeof(text_keys[0]); i++) {
		v = vt_json_get(object, text_keys[i]);
		if (v == NULL || vt_json_is_null(v))
			continue;
		if (vt_json_str(v) == NULL)
			return bad_value(text_keys[i], err);
		vt_error_clear(&why);
		rc = vt_record_field_set(rec, text_keys[i], vt_json_str(v),
		    &why);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc != VT_OK)
			return vt_error_set(err, VT_EFORMAT, NULL, "%s: %s",
			    text_keys[i], why.text);
	}
	return VT_OK;
}

/* An integer of at most MAX, or null or nothing for 0. */
static int
read_int(const struct vt_json *object, const char *key, int64_t max,
    int64_t *ret, struct vt_error *err)
{
	const struct vt_json *v = vt_json_get(object, key);

	*ret = 0;
	if (v == NULL || vt_json_is_null(v))
		return VT_OK;
	if (!vt_json_int(v, ret) || *ret < 0 || *ret > max)
		return bad_value(key, err);
	return VT_OK;
}

/* "sha256:<hex>" */
static bool
read_sha256(const struct vt_json *v, unsigned char sha256[VT_SHA256_LEN])
{
	const char *text = vt_json_str(v);
	size_t n;

	return text != NULL && strlen(text) == strlen(SHA256_PREFIX) + 64 &&
	       strncmp(text, SHA256_PREFIX, strlen(SHA256_PREFIX)) == 0 &&
	       vt_hex_decode(vt_bytes_str(text + strlen(SHA256_PREFIX)), sha256,
		   &n);
}

/* What one folder can hold under this name. */
static bool
is_file_name(const char *name)
{
	return name != NULL && strlen(name) <= NAME_MAX &&
	       strchr(name, '/') == NULL && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static int
read_files(const struct vt_json *object, struct vt_record *rec,
    struct vt_error *err)
{
	const struct vt_json *files = vt_json_get(object, "files"), *file;
	unsigned char sha256[VT_SHA256_LEN];
	char *name;
	int64_t size;
	size_t i;
	int rc = VT_OK;

	if (files == NULL || vt_json_is_null(files))
		return VT_OK;
	if (!vt_json_is_array(files))
		return bad_value("files", err);
	for (i = 0; i < vt_json_len(files) && rc == VT_OK; i++) {
		file = vt_json_at(files, i);
		if (vt_json_str(vt_json_get(file, "name")) == NULL ||
		    !vt_json_int(vt_json_get(file, "size"), &size) ||
		    size < 0 ||
		    !read_sha256(vt_json_get(file, "sha256"), sha256))
			return bad_value("files", err);
		name = NULL;
		rc = vt_record_put(&name,
		    vt_json_str(vt_json_get(file, "name")), err);
		if (rc == VT_OK && !is_file_name(name))
			rc = bad_value("files", err);
		if (rc == VT_OK)
			rc = vt_record_file_add(rec, name, (uint64_t)size,
			    sha256, err);
		free(name);
	}
	return rc;
}

static int
read_places(const struct vt_json *object, struct vt_record *rec,
    struct vt_error *err)
{
	const struct vt_json *places = vt_json_get(object, "places");
	char *clean;
	size_t i;
	int rc = VT_OK;

	if (places == NULL || vt_json_is_null(places))
		return VT_OK;
	if (!vt_json_is_array(places))
		return bad_value("places", err);
	for (i = 0; i < vt_json_len(places) && rc == VT_OK; i++) {
		clean = NULL;
		if (vt_json_str(vt_json_at(places, i)) == NULL)
			return bad_value("places", err);
		rc = vt_record_put(&clean, vt_json_str(vt_json_at(places, i)),
		    err);
		/* ";" parts them in the store */
		if (rc == VT_OK && clean != NULL && strchr(clean, ';') != NULL)
			rc = bad_value("places", err);
		if (rc == VT_OK && clean != NULL)
			rc = vt_list_add(&rec->places, clean, err);
		free(clean);
	}
	return rc;
}

/* Book, year and number, by themselves or by "ref". */
static int
read_ref(const struct vt_json *object, struct vt_record *rec,
    struct vt_error *err)
{
	const struct vt_json *v = vt_json_get(object, "ref");
	struct vt_ref ref = { .book = "" };
	int64_t year, number;
	int rc;

	if ((rc = read_int(object, "year", 9999, &year, err)) != VT_OK ||
	    (rc = read_int(object, "number", VT_RECORD_NUMBER_MAX, &number,
		 err)) != VT_OK)
		return rc;
	if (v != NULL && !vt_json_is_null(v) &&
	    (vt_json_str(v) == NULL ||
		!vt_ref_parse(vt_json_str(v), false, &ref)))
		return bad_value("ref", err);
	v = vt_json_get(object, "book");
	if (v != NULL && !vt_json_is_null(v)) {
		if (vt_json_str(v) == NULL)
			return bad_value("book", err);
		if ((rc = vt_record_put(&rec->book, vt_json_str(v), err)) !=
		    VT_OK)
			return rc;
	}
	if (ref.book[0] != '\0') {
		if ((rec->book != NULL && strcmp(rec->book, ref.book) != 0) ||
		    (year != 0 && year != ref.year) ||
		    (number != 0 && number != ref.number))
			return vt_error_set(err, VT_EFORMAT, NULL,
			    "\"ref\" and book, year or number disagree");
		year = ref.year;
		number = ref.number;
		if ((rc = vt_record_put(&rec->book, ref.book, err)) != VT_OK)
			return rc;
	}
	rec->year = (int)year;
	rec->number = number;
	return VT_OK;
}

/*
 * The code of an outgoing record is its number and its notation, which it may
 * leave out.
 */
static int
read_code(struct vt_record *rec, struct vt_error *err)
{
	char *number = NULL, *notation = NULL;
	int rc;

	if (rec->book == NULL || vt_record_incoming(rec) || rec->code == NULL)
		return VT_OK;
	rc = vt_record_code_split(rec->code, &number, &notation, err);
	if (rc == VT_OK && (strspn(number, "0123456789") != strlen(number) ||
			       strtoll(number, NULL, 10) != rec->number ||
			       (rec->notation != NULL &&
				   strcmp(rec->notation, notation) != 0)))
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "\"code\" and number or notation disagree");
	if (rc == VT_OK && rec->notation == NULL)
		rc = vt_record_put(&rec->notation, notation, err);
	free(number);
	free(notation);
	return rc;
}

int
vt_store_record_from_json(const struct vt_json *object, struct vt_record *ret,
    struct vt_error *err)
{
	const struct vt_json *v;
	struct vt_record rec;
	int64_t pages, copies;
	int rc;

	if (!vt_json_is_object(object))
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the line is not a JSON object");
	vt_record_init(&rec);
	/* first of all: nothing of a secret is even copied */
	v = vt_json_get(object, "secrecy");
	if (v != NULL && !vt_json_is_null(v)) {
		if (vt_json_str(v) == NULL ||
		    !vt_secrecy_parse(vt_json_str(v), &rec.secrecy))
			return bad_value("secrecy", err);
		if ((rc = vt_secrecy_allow(rec.secrecy, err)) != VT_OK)
			return rc;
	}
	rec.state = VT_STATE_REGISTERED;
	v = vt_json_get(object, "paper");
	if (v != NULL && !vt_json_is_null(v) && !vt_json_bool(v, &rec.paper)) {
		rc = bad_value("paper", err);
		goto out;
	}
	v = vt_json_get(object, "given");
	if (v != NULL && !vt_json_is_null(v)) {
		if (!read_sha256(v, rec.given)) {
			rc = bad_value("given", err);
			goto out;
		}
		rec.has_given = true;
	}
	if ((rc = read_ref(object, &rec, err)) == VT_OK &&
	    (rc = read_texts(object, &rec, err)) == VT_OK &&
	    (rc = read_int(object, "pages", 99999, &pages, err)) == VT_OK &&
	    (rc = read_int(object, "copies", 99999, &copies, err)) == VT_OK &&
	    (rc = read_places(object, &rec, err)) == VT_OK &&
	    (rc = read_files(object, &rec, err)) == VT_OK &&
	    (rc = read_code(&rec, err)) == VT_OK) {
		rec.pages = (int)pages;
		rec.copies = (int)copies;
	}
out:
	if (rc == VT_OK)
		*ret = rec;
	else
		vt_record_release(&rec);
	return rc;
}
