/* archive.c - hồ sơ: opened, filled, listed */
#include "vanthu/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

#define CLAUSE_FIELDS "NĐ 30/2020, PL.VI II"
#define NOTATION_USUAL 20 /* FileNotation of the decree */
#define STDIN_NAME "stdin"

/* End a transaction by what RC says of it. */
static int
end(struct vt_store *s, int rc, struct vt_error *err)
{
	if (rc == VT_OK)
		return vt_store_commit(s, err);
	vt_store_rollback(s);
	return rc;
}

/* TEXT clean and neither empty nor longer than MAX characters. */
static int
field(const char *key, const char *text, size_t max, char **ret,
    struct vt_error *err)
{
	char *clean = NULL;
	size_t n;
	int rc;

	if ((rc = vt_record_put(&clean, text, err)) != VT_OK) {
		if (rc == VT_EFORMAT && err != NULL)
			err->code = VT_EARG;
		return rc == VT_EFORMAT ? VT_EARG : rc;
	}
	if (clean == NULL)
		return vt_error_set(err, VT_EARG, CLAUSE_FIELDS,
		    "%s is missing", key);
	n = vt_utf8_len(vt_bytes_str(clean));
	if (n > max) {
		free(clean);
		return vt_error_set(err, VT_EARG, CLAUSE_FIELDS,
		    "%s has %zu characters, at most %zu are kept to", key, n,
		    max);
	}
	*ret = clean;
	return VT_OK;
}

static int
note_code(const char *code, struct vt_list *notes, struct vt_error *err)
{
	char line[512];

	if (notes == NULL || vt_utf8_len(vt_bytes_str(code)) <= NOTATION_USUAL)
		return VT_OK;
	snprintf(line, sizeof(line),
	    vt_tr("%s has more than %d characters, which not every archive "
		  "takes"),
	    code, NOTATION_USUAL);
	return vt_list_add(notes, line, err);
}

/* In the transaction; the same again is found and is as good. */
static int
open_in(struct vt_store *s, struct vt_dossier *d, struct vt_error *err)
{
	struct vt_error local = { 0 };
	struct vt_dossier known;
	int rc;

	rc = vt_store_dossier_find(s, d->code, &known, &local);
	if (rc == VT_ENOTFOUND)
		return vt_store_dossier_add(s, d, err);
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    local.text);
	if (strcmp(known.title, d->title) != 0 ||
	    known.retention != d->retention) {
		rc = vt_error_set(err, VT_EEXISTS, NULL,
		    "the file of records %s is open already: %s", d->code,
		    known.title);
		vt_dossier_release(&known);
		return rc;
	}
	vt_dossier_release(d);
	*d = known;
	return VT_OK;
}

int
vt_archive_open(struct vt_store *s, const char *code, const char *title,
    int retention, struct vt_dossier *ret, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_dossier d = { .retention = retention };
	int rc;

	if (retention != VT_RETENTION_FOREVER &&
	    (retention < 1 || retention > VT_RETENTION_MAX))
		return vt_error_set(err, VT_EARG, NULL,
		    "a retention is years, 1 to %d, or vinh-vien",
		    VT_RETENTION_MAX);
	if ((rc = field("code", code, VT_ARCHIVE_CODE_MAX, &d.code, err)) !=
		VT_OK ||
	    (rc = field("title", title, VT_ARCHIVE_TITLE_MAX, &d.title, err)) !=
		VT_OK ||
	    (rc = note_code(d.code, notes, err)) != VT_OK ||
	    (rc = vt_store_begin(s, err)) != VT_OK)
		goto out;
	rc = end(s, open_in(s, &d, err), err);
	if (rc == VT_OK && ret != NULL) {
		*ret = d;
		return VT_OK;
	}
out:
	vt_dossier_release(&d);
	return rc;
}

/* ---- adding ---- */

struct same {
	const struct vt_dossier_member *wanted;
	struct vt_dossier_member *found; /* filled in */
	bool is;
};

static int
compare_member(void *ctx, const struct vt_dossier_member *m,
    struct vt_error *err)
{
	struct same *same = ctx;
	char *name = NULL;

	if (same->is || m->record != same->wanted->record ||
	    (m->record == 0 &&
		memcmp(m->sha256, same->wanted->sha256, VT_SHA256_LEN) != 0))
		return VT_OK;
	if (m->name != NULL && (name = strdup(m->name)) == NULL)
		return vt_error_nomem(err);
	*same->found = *m;
	same->found->name = name;
	same->is = true;
	return VT_OK;
}

/* M becomes the member as it is stored. */
static int
add_in(struct vt_store *s, const char *code, struct vt_dossier_member *m,
    bool *ret_existing, struct vt_error *err)
{
	struct vt_dossier_member found = { 0 };
	struct same same = { m, &found, false };
	struct vt_dossier d;
	int rc;

	if ((rc = vt_store_dossier_find(s, code, &d, err)) != VT_OK)
		return rc;
	m->dossier = d.id;
	vt_dossier_release(&d);
	rc = vt_store_members(s, m->dossier, compare_member, &same, err);
	if (rc != VT_OK)
		return rc;
	*ret_existing = same.is;
	if (!same.is)
		return vt_store_member_add(s, m, err);
	vt_dossier_member_release(m);
	*m = found;
	return VT_OK;
}

static int
add(struct vt_store *s, const char *code, struct vt_dossier_member *m,
    struct vt_dossier_member *ret, bool *ret_existing, struct vt_error *err)
{
	bool existing = false;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = end(s, add_in(s, code, m, &existing, err), err);
	if (rc != VT_OK)
		return rc;
	if (ret_existing != NULL)
		*ret_existing = existing;
	if (ret != NULL) {
		*ret = *m;
		memset(m, 0, sizeof(*m)); /* transferred */
	}
	return VT_OK;
}

int
vt_archive_add_record(struct vt_store *s, const char *code, int64_t record,
    struct vt_dossier_member *ret, bool *ret_existing, struct vt_error *err)
{
	struct vt_dossier_member m = { .record = record };
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(s, record, &rec, err)) != VT_OK)
		return rc;
	vt_record_release(&rec);
	rc = add(s, code, &m, ret, ret_existing, err);
	vt_dossier_member_release(&m);
	return rc;
}

/* What is behind the last "/" of PATH, in the form that texts have here. */
static int
name_of(const char *path, char **ret, struct vt_error *err)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		path = STDIN_NAME;
	else if (slash != NULL)
		path = slash + 1;
	return field("name", path, VT_RECORD_TEXT_MAX, ret, err);
}

int
vt_archive_add_file(struct vt_store *s, struct vt_objects *objects,
    const char *code, const char *path, struct vt_dossier_member *ret,
    bool *ret_existing, struct vt_error *err)
{
	struct vt_dossier_member m = { 0 };
	struct vt_source *src = NULL;
	struct vt_dossier d;
	int rc;

	/* Before anything is kept that nothing would know of. */
	if ((rc = vt_store_dossier_find(s, code, &d, err)) != VT_OK)
		return rc;
	vt_dossier_release(&d);
	if ((rc = name_of(path, &m.name, err)) == VT_OK &&
	    (rc = vt_source_open_document(path, NULL, &src, err)) == VT_OK &&
	    (rc = vt_objects_put(objects, src, m.sha256, &m.size, err)) ==
		VT_OK)
		rc = add(s, code, &m, ret, ret_existing, err);
	vt_source_free(src);
	vt_dossier_member_release(&m);
	return rc;
}

/* ---- listing ---- */

struct listing {
	struct vt_store *s;
	vt_archive_dossier_fn *dossier;
	vt_archive_member_fn *member;
	void *ctx;
};

static int
list_member(void *ctx, const struct vt_dossier_member *m, struct vt_error *err)
{
	const struct listing *l = ctx;
	struct vt_record rec;
	int rc;

	if (m->record == 0)
		return l->member(l->ctx, m, NULL, err);
	if ((rc = vt_store_record_get(l->s, m->record, &rec, err)) != VT_OK)
		return rc;
	rc = l->member(l->ctx, m, &rec, err);
	vt_record_release(&rec);
	return rc;
}

static int
list_dossier(void *ctx, const struct vt_dossier *d, struct vt_error *err)
{
	const struct listing *l = ctx;
	int rc;

	if ((rc = l->dossier(l->ctx, d, err)) != VT_OK || l->member == NULL)
		return rc;
	return vt_store_members(l->s, d->id, list_member, ctx, err);
}

int
vt_archive_list(struct vt_store *s, vt_archive_dossier_fn *dossier,
    vt_archive_member_fn *member, void *ctx, struct vt_error *err)
{
	struct listing l = { s, dossier, member, ctx };
	int rc;

	if ((rc = vt_store_begin_read(s, err)) != VT_OK)
		return rc;
	rc = vt_store_dossiers(s, list_dossier, &l, err);
	vt_store_rollback(s);
	return rc;
}
