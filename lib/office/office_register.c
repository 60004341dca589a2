/* office_register.c - documents get their number */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/text.h"

#include "office_register_int.h"

#define STDIN "-"
#define STDIN_NAME "stdin" /* what a file without a name is called */
#define CLOCK_SKEW 86400   /* seconds that an arrival may lie ahead */
#define CLAUSE_SERIES "NĐ 30/2020, Đ.15 k1"

int
vt_office_note(struct vt_list *notes, struct vt_error *err, const char *msgid,
    ...)
{
	char line[VT_TEXT_MAX];
	va_list ap;

	if (notes == NULL)
		return VT_OK;
	va_start(ap, msgid);
	vsnprintf(line, sizeof(line), vt_tr(msgid), ap);
	va_end(ap);
	return vt_list_add(notes, line, err);
}

int
vt_office_record(struct vt_office *o, const char *text, bool record_only,
    int64_t *ret_id, struct vt_record *ret, struct vt_error *err)
{
	struct vt_ref ref;
	int64_t id;
	int rc;

	if (!vt_ref_parse(text, record_only, &ref))
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is no record: name it as BOOK/YEAR/NUMBER", text);
	rc = vt_store_ref_find(o->store, &ref, vt_date_of(vt_time_now()).year,
	    &id, err);
	if (rc == VT_OK && ret != NULL)
		rc = vt_store_record_get(o->store, id, ret, err);
	if (rc == VT_OK && ret_id != NULL)
		*ret_id = id;
	return rc;
}

/* ---- files ---- */

/* The last part of PATH as a name in the books, for free(). */
static int
file_name(const char *path, char **ret, struct vt_error *err)
{
	const char *slash = strrchr(path, '/'), *name;
	struct vt_bytes b;
	struct vt_buf buf;
	unsigned char utf8[4];
	size_t pos = 0;
	int32_t c;
	int rc = VT_OK;

	name = slash != NULL ? slash + 1 : path;
	if (strcmp(path, STDIN) == 0)
		name = STDIN_NAME;
	b = vt_bytes_str(name);
	vt_buf_init(&buf, SIZE_MAX);
	/* the books hold UTF-8: other bytes and controls become "_" */
	while (pos < b.len && rc == VT_OK) {
		c = vt_utf8_next(b, &pos);
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			c = '_';
		rc = vt_buf_put(&buf, utf8, vt_utf8_put(c, utf8));
	}
	if (rc == VT_OK)
		rc = vt_record_clean(vt_buf_str(&buf), ret, err);
	else
		rc = vt_error_nomem(err);
	vt_buf_release(&buf);
	return rc;
}

static int
source_keep(struct vt_office *o, const char *path, struct vt_source *src,
    struct vt_record_file *file, struct vt_list *notes, struct vt_error *err)
{
	struct vt_record_file kept;
	int rc;

	memset(&kept, 0, sizeof(kept));
	kept.seq = -1;
	if ((rc = file_name(path, &kept.name, err)) != VT_OK)
		return rc;
	if (vt_source_size(src) == 0)
		rc = vt_office_note(notes, err, VT_N_("%s is empty"), path);
	if (rc == VT_OK)
		rc = vt_objects_put(o->objects, src, kept.sha256, &kept.size,
		    err);
	if (rc == VT_OK)
		*file = kept;
	else
		free(kept.name);
	return rc;
}

int
vt_office_file_keep(struct vt_office *o, const char *path,
    struct vt_record_file *file, struct vt_list *notes, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_open_document(path, NULL, &src, err)) == VT_OK)
		rc = source_keep(o, path, src, file, notes, err);
	vt_source_free(src);
	return rc;
}

/*
 * Look at all of PATHS before the first one is kept: a wrong name is no reason
 * to store the files before it.
 */
static int
paths_check(const struct vt_list *paths, struct vt_error *err)
{
	struct stat st;
	size_t i, inputs = 0;

	for (i = 0; i < paths->n; i++) {
		if (strcmp(paths->items[i], STDIN) == 0) {
			if (inputs++ > 0)
				return vt_error_set(err, VT_EARG, NULL,
				    "standard input can be read only once");
		} else if (stat(paths->items[i], &st) != 0)
			return vt_error_io(err, "cannot open %s",
			    paths->items[i]);
		else if (S_ISDIR(st.st_mode))
			return vt_error_set(err, VT_EIO, NULL, "%s is a folder",
			    paths->items[i]);
		else if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
			return vt_error_set(err, VT_EUNSUPPORTED, NULL,
			    "%s is a device, no document", paths->items[i]);
	}
	if (paths->n > VT_RECORD_FILES_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a record has at most %d files", VT_RECORD_FILES_MAX);
	return VT_OK;
}

/* Keep PATHS from the FROM-th on. */
static int
files_keep(struct vt_office *o, const struct vt_list *paths, size_t from,
    struct vt_record *rec, struct vt_list *notes, struct vt_error *err)
{
	struct vt_record_file file;
	size_t i;
	int rc = VT_OK;

	for (i = from; i < paths->n && rc == VT_OK; i++) {
		rc = vt_office_file_keep(o, paths->items[i], &file, notes, err);
		if (rc != VT_OK)
			break;
		rc = vt_record_file_add(rec, file.name, file.size, file.sha256,
		    err);
		free(file.name);
	}
	return rc;
}

int
vt_office_files_keep(struct vt_office *o, const struct vt_list *paths,
    struct vt_record *rec, struct vt_list *notes, struct vt_error *err)
{
	int rc;

	if ((rc = paths_check(paths, err)) != VT_OK)
		return rc;
	return files_keep(o, paths, 0, rec, notes, err);
}

/* ---- outgoing ---- */

/* What the clerk need not say. */
static int
out_defaults(const struct vt_office *o, struct vt_record *rec, int64_t now,
    struct vt_error *err)
{
	int rc = VT_OK;

	if (rec->book == NULL)
		rc = vt_record_put(&rec->book, VT_BOOK_OUT, err);
	if (rc == VT_OK && rec->organ_id == NULL)
		rc = vt_record_put(&rec->organ_id, o->organ_id, err);
	if (rc == VT_OK && rec->organ_name == NULL)
		rc = vt_record_put(&rec->organ_name, o->name, err);
	if (rec->date.year == 0)
		rec->date = vt_date_of(now);
	rec->year = rec->date.year;
	rec->registered = now;
	rec->state = VT_STATE_REGISTERED;
	if (rc == VT_OK && vt_book_incoming(rec->book))
		rc = vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is not a book of outgoing documents", rec->book);
	return rc;
}

/* A series runs with the calendar: not before its last date, not ahead. */
static int
out_date_check(struct vt_office *o, const struct vt_record *rec, int64_t now,
    struct vt_error *err)
{
	char date[VT_TIME_TEXT], other[VT_TIME_TEXT];
	struct vt_date last;
	int rc;

	if (vt_date_compare(rec->date, vt_date_of(now)) > 0)
		return vt_error_set(err, VT_EREFUSED, CLAUSE_SERIES,
		    "the date %s is in the future",
		    vt_date_text(rec->date, date));
	rc = vt_store_last_date(o->store, rec->book, 0, &last, err);
	if (rc == VT_OK && last.year != 0 &&
	    vt_date_compare(rec->date, last) < 0)
		rc = vt_error_set(err, VT_EREFUSED, CLAUSE_SERIES,
		    "the date %s is before %s, the last one in the book %s",
		    vt_date_text(rec->date, date), vt_date_text(last, other),
		    rec->book);
	return rc;
}

/* The same document, where a killed or repeated run entered it before. */
static int
out_existing(struct vt_office *o, const struct vt_record *rec, bool dated,
    struct vt_record *ret, bool *ret_existing, struct vt_error *err)
{
	struct vt_record want = *rec; /* borrows all of it */
	struct vt_error why = { 0 };
	int64_t id;
	int rc;

	if (!dated)
		memset(&want.date, 0, sizeof(want.date));
	rc = vt_store_same_find(o->store, &want, &id, &why);
	if (rc == VT_ENOTFOUND) {
		*ret_existing = false;
		return VT_OK;
	}
	if (rc == VT_OK)
		rc = vt_store_record_get(o->store, id, ret, err);
	else
		vt_error_set(err, why.code, why.clause, "%s", why.text);
	*ret_existing = rc == VT_OK;
	return rc;
}

/* Tell of another record with the same code (NĐ 30/2020, PL.VI I). */
static int
code_note(struct vt_office *o, const struct vt_record *rec,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_record other;
	char ref[VT_REF_TEXT];
	int64_t id;
	int rc;

	rc = vt_store_code_find(o->store, rec, &id, &why);
	if (rc == VT_ENOTFOUND && vt_record_incoming(rec) &&
	    rec->organ_id == NULL) {
		vt_error_clear(&why);
		rc = vt_store_code_name_find(o->store, rec, &id, &why);
	}
	if (rc == VT_ENOTFOUND)
		return VT_OK;
	if (rc != VT_OK)
		return vt_error_set(err, why.code, why.clause, "%s", why.text);
	if ((rc = vt_store_record_get(o->store, id, &other, err)) != VT_OK)
		return rc;
	rc = vt_office_note(notes, err,
	    VT_N_("%s has the same code, %s, and the same issuer"),
	    vt_record_ref(&other, ref), other.code);
	vt_record_release(&other);
	return rc;
}

/*
 * While the files were kept, or another had the book, the day may have turned:
 * a document that says none is of that on which it takes its number.
 */
static void
out_today(struct vt_record *rec)
{
	int64_t now = vt_time_now();
	struct vt_date today = vt_date_of(now);

	if (rec->due.year != 0 && vt_date_compare(rec->due, today) < 0)
		return;
	rec->registered = now;
	rec->date = today;
	rec->year = today.year;
}

/* Enter REC, unless another run did meanwhile. */
static int
out_enter(struct vt_office *o, struct vt_record *rec, bool dated, bool again,
    struct vt_record *found, bool *ret_existing, struct vt_list *notes,
    struct vt_error *err)
{
	int rc;

	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	if (!again && ((rc = out_existing(o, rec, dated, found, ret_existing,
			    err)) != VT_OK ||
			  *ret_existing)) {
		vt_store_rollback(o->store);
		return rc;
	}
	if (!dated)
		out_today(rec);
	if ((rc = out_date_check(o, rec, rec->registered, err)) == VT_OK &&
	    (rc = vt_store_record_add(o->store, rec, "registered", NULL,
		 err)) == VT_OK &&
	    (rc = code_note(o, rec, notes, err)) == VT_OK)
		return vt_store_commit(o->store, err);
	vt_store_rollback(o->store);
	return rc;
}

/* Digest the main document; it stays open, for standard input comes once. */
static int
main_digest(const char *path, struct vt_source **ret, struct vt_record *rec,
    struct vt_error *err)
{
	int rc;

	if ((rc = vt_source_open_document(path, NULL, ret, err)) == VT_OK &&
	    (rc = vt_sha256_source(*ret, rec->given, err)) == VT_OK)
		rec->has_given = true;
	return rc;
}

/* Keep all files; the main document is open as MAIN, or there is none. */
static int
out_files(struct vt_office *o, const struct vt_list *paths,
    struct vt_source *main, struct vt_record *rec, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_record_file file;
	int rc;

	if (main == NULL)
		return VT_OK;
	if ((rc = source_keep(o, paths->items[0], main, &file, notes, err)) !=
	    VT_OK)
		return rc;
	rc = vt_record_file_add(rec, file.name, file.size, file.sha256, err);
	free(file.name);
	return rc == VT_OK ? files_keep(o, paths, 1, rec, notes, err) : rc;
}

int
vt_office_register_out(struct vt_office *o, struct vt_record *rec,
    const struct vt_list *paths, bool again, bool *ret_existing,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_source *main = NULL;
	struct vt_record found;
	bool dated = rec->date.year != 0, existing = false;
	int64_t now = vt_time_now();
	int rc;

	vt_record_init(&found);
	/* a secret file is not even opened */
	if ((rc = vt_secrecy_allow(rec->secrecy, err)) != VT_OK ||
	    (rc = out_defaults(o, rec, now, err)) != VT_OK ||
	    (rc = vt_record_check(rec, notes, err)) != VT_OK ||
	    (rc = paths_check(paths, err)) != VT_OK)
		goto out;
	if (paths->n > 0 &&
	    (rc = main_digest(paths->items[0], &main, rec, err)) != VT_OK)
		goto out;
	/* looked up before anything is stored, and again when locked */
	if (!again && ((rc = out_existing(o, rec, dated, &found, &existing,
			    err)) != VT_OK ||
			  existing))
		goto out;
	if ((rc = out_date_check(o, rec, now, err)) == VT_OK &&
	    (rc = out_files(o, paths, main, rec, notes, err)) == VT_OK)
		rc = out_enter(o, rec, dated, again, &found, &existing, notes,
		    err);
out:
	vt_source_free(main);
	if (rc == VT_OK && existing) {
		vt_record_release(rec);
		*rec = found;
	}
	if (rc == VT_OK)
		*ret_existing = existing;
	return rc;
}

/* ---- incoming ---- */

/*
 * The same document, where it came by a transport: its issuer is named by an
 * id, as a name may be that of several, and the date is the same.
 */
static int
in_arrived(struct vt_office *o, const struct vt_record *rec,
    struct vt_record *ret, bool *ret_arrived, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_record known;
	int64_t id;
	int rc;

	*ret_arrived = false;
	if (rec->organ_id == NULL)
		return VT_OK;
	rc = vt_store_code_find(o->store, rec, &id, &why);
	if (rc == VT_ENOTFOUND)
		return VT_OK;
	if (rc != VT_OK)
		return vt_error_set(err, why.code, why.clause, "%s", why.text);
	if ((rc = vt_store_record_get(o->store, id, &known, err)) != VT_OK)
		return rc;
	*ret_arrived = known.document_id != NULL &&
		       vt_date_compare(known.date, rec->date) == 0 &&
		       known.state != VT_STATE_RETURNED &&
		       known.state != VT_STATE_RECALLED &&
		       known.state != VT_STATE_REPLACED;
	if (*ret_arrived)
		*ret = known;
	else
		vt_record_release(&known);
	return VT_OK;
}

static bool
has_file(const struct vt_record *rec, const unsigned char sha256[VT_SHA256_LEN])
{
	size_t i;

	for (i = 0; i < rec->nfiles; i++)
		if (memcmp(rec->files[i].sha256, sha256, VT_SHA256_LEN) == 0)
			return true;
	return false;
}

/* The paper, REC, comes to the record KNOWN, which keeps all that it says. */
static int
in_join(struct vt_office *o, struct vt_record *rec, struct vt_record *known,
    struct vt_list *notes, struct vt_error *err)
{
	char ref[VT_REF_TEXT];
	int64_t id = known->id;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < rec->nfiles && rc == VT_OK; i++) {
		if (has_file(known, rec->files[i].sha256))
			continue;
		rec->files[i].seq = -1;
		rc = vt_store_file_add(o->store, id, &rec->files[i], "attached",
		    NULL, err);
	}
	known->paper = true;
	if (rc != VT_OK ||
	    (rc = vt_store_record_update(o->store, known, "received", NULL,
		 err)) != VT_OK ||
	    (rc = vt_office_note(notes, err,
		 VT_N_("%s came by the axis before; what is on paper is with "
		       "it now"),
		 vt_record_ref(known, ref))) != VT_OK)
		return rc;
	vt_record_release(rec);
	return vt_store_record_get(o->store, id, rec, err);
}

static int
in_enter(struct vt_office *o, struct vt_record *rec, bool again,
    bool *ret_existing, struct vt_list *notes, struct vt_error *err)
{
	struct vt_record known;
	bool arrived = false;
	int rc = VT_OK;

	if (!again)
		rc = in_arrived(o, rec, &known, &arrived, err);
	if (rc == VT_OK && arrived) {
		rc = in_join(o, rec, &known, notes, err);
		vt_record_release(&known);
	} else if (rc == VT_OK && (rc = vt_store_record_add(o->store, rec,
				       "registered", NULL, err)) == VT_OK) {
		rc = code_note(o, rec, notes, err);
	}
	*ret_existing = arrived;
	return rc;
}

int
vt_office_register_in(struct vt_office *o, struct vt_record *rec,
    const struct vt_list *paths, bool again, bool *ret_existing,
    struct vt_list *notes, struct vt_error *err)
{
	int64_t now = vt_time_now();
	int rc;

	if ((rc = vt_secrecy_allow(rec->secrecy, err)) != VT_OK)
		return rc;
	if (rec->arrived == VT_TIME_NONE)
		rec->arrived = now;
	/* a slip of the hand here would open another year's book */
	if (rec->arrived > now + CLOCK_SKEW)
		return vt_error_set(err, VT_EREFUSED, CLAUSE_SERIES,
		    "the arrival is in the future");
	rec->year = vt_date_of(rec->arrived).year;
	rec->registered = now;
	rec->state = VT_STATE_REGISTERED;
	if ((rc = vt_record_put(&rec->book, VT_BOOK_IN, err)) != VT_OK ||
	    (rc = vt_record_check(rec, notes, err)) != VT_OK ||
	    (rc = vt_office_files_keep(o, paths, rec, notes, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	rc = in_enter(o, rec, again, ret_existing, notes, err);
	if (rc == VT_OK)
		return vt_store_commit(o->store, err);
	vt_store_rollback(o->store);
	return rc;
}
