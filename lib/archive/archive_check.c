/* archive_check.c - is everything there, and is it what it was? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/archive.h"
#include "vanthu/bytes.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/store_derived.h"
#include "vanthu/store_evidence.h"

/* objects/ and quarantine/ */
enum place { OBJECTS, QUARANTINE, NPLACES };

static const char *const folders[NPLACES] = { "objects", "quarantine" };

/*
 * Digests in ascending order, on disk: of millions of objects memory would
 * have to hold too many.
 */
struct digests {
	FILE *file;
	unsigned char last[VT_SHA256_LEN];
	bool any; /* LAST is one */
};

struct check {
	struct vt_store *s;
	struct vt_objects *objects[NPLACES];
	vt_archive_finding_fn *fn;
	void *ctx;
	struct vt_archive_checked done;
	struct digests disk[NPLACES];      /* what lies in the folder */
	struct digests books[NPLACES];     /* what the books know of */
	enum vt_object_fact fact[NPLACES]; /* of the last in BOOKS */
	enum place place;                  /* of the walk that goes on */
};

const char *
vt_archive_fact_name(enum vt_archive_fact fact)
{
	static const char *const names[] = {
		[VT_ARCHIVE_MISSING] = "missing",
		[VT_ARCHIVE_CHANGED] = "changed",
		[VT_ARCHIVE_FOREIGN] = "foreign",
	};

	return names[fact];
}

/* ---- ordered digests ---- */

static int
digests_add(struct digests *d, const unsigned char *sha256,
    struct vt_error *err)
{
	if (fwrite(sha256, VT_SHA256_LEN, 1, d->file) != 1)
		return vt_error_io(err, "cannot write a temporary file");
	memcpy(d->last, sha256, VT_SHA256_LEN);
	d->any = true;
	return VT_OK;
}

static bool
digests_is_last(const struct digests *d, const unsigned char *sha256)
{
	return d->any && memcmp(d->last, sha256, VT_SHA256_LEN) == 0;
}

static int
digests_rewind(struct digests *d, struct vt_error *err)
{
	d->any = false;
	if (fflush(d->file) != 0 || fseek(d->file, 0, SEEK_SET) != 0)
		return vt_error_io(err, "cannot read a temporary file");
	return VT_OK;
}

/* The next one into LAST; ANY is false behind the end. */
static int
digests_next(struct digests *d, struct vt_error *err)
{
	d->any = fread(d->last, VT_SHA256_LEN, 1, d->file) == 1;
	if (!d->any && ferror(d->file))
		return vt_error_io(err, "cannot read a temporary file");
	return VT_OK;
}

/* ---- findings ---- */

static int
find(struct check *c, struct vt_archive_finding *f, enum place place,
    const char *path, struct vt_error *err)
{
	char name[VT_SHA256_HEX + 1], hex[VT_SHA256_HEX];

	f->folder = folders[place];
	f->path = path;
	if (f->sha256 != NULL) {
		vt_hex(VT_BYTES(f->sha256, VT_SHA256_LEN), hex);
		snprintf(name, sizeof(name), "%.2s/%s", hex, hex + 2);
		f->path = name;
	}
	c->done.findings++;
	return c->fn(c->ctx, f, err);
}

static int
record_ref(struct check *c, int64_t id, char ref[VT_REF_TEXT],
    struct vt_archive_finding *f, struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	if (id == 0)
		return VT_OK;
	if ((rc = vt_store_record_get(c->s, id, &rec, err)) != VT_OK)
		return rc;
	f->ref = vt_record_ref(&rec, ref);
	vt_record_release(&rec);
	return VT_OK;
}

/* The name that an owner gives to a digest. */
struct naming {
	const unsigned char *sha256;
	int64_t id;
	char *name;
	char *dossier;
};

static int
name_set(struct naming *n, const unsigned char *sha256, const char *name,
    struct vt_error *err)
{
	if (n->name != NULL || name == NULL ||
	    memcmp(sha256, n->sha256, VT_SHA256_LEN) != 0)
		return VT_OK;
	if ((n->name = strdup(name)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

static int
name_of_file(void *ctx, const struct vt_record_file *file, struct vt_error *err)
{
	return name_set(ctx, file->sha256, file->name, err);
}

static int
name_of_derived(void *ctx, const struct vt_derived *d, struct vt_error *err)
{
	return name_set(ctx, d->sha256, d->name, err);
}

static int
name_of_member(void *ctx, const struct vt_dossier_member *m,
    struct vt_error *err)
{
	return m->record != 0 ? VT_OK : name_set(ctx, m->sha256, m->name, err);
}

static int
name_of_dossier(void *ctx, const struct vt_dossier *d, struct vt_error *err)
{
	struct naming *n = ctx;

	if (d->id != n->id || n->dossier != NULL)
		return VT_OK;
	if ((n->dossier = strdup(d->code)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

static int
name_message(struct check *c, enum vt_digest_owner owner, int64_t id,
    char ref[VT_REF_TEXT], struct vt_archive_finding *f, struct vt_error *err)
{
	struct vt_outbox out;
	struct vt_inbox in;
	int64_t record;
	int rc;

	f->message = id;
	if (owner == VT_DIGEST_OUTBOX) {
		f->owner = "sent";
		rc = vt_store_outbox_get(c->s, id, &out, err);
		if (rc != VT_OK)
			return rc;
		record = out.record;
		vt_outbox_release(&out);
	} else {
		f->owner = "received";
		if ((rc = vt_store_inbox_get(c->s, id, &in, err)) != VT_OK)
			return rc;
		record = in.record;
		vt_inbox_release(&in);
	}
	return record_ref(c, record, ref, f, err);
}

/* Whose it is, in words that a clerk can look up. */
static int
find_owned(struct check *c, const unsigned char *sha256,
    enum vt_digest_owner owner, int64_t id, enum place place,
    enum vt_archive_fact fact, struct vt_error *err)
{
	struct vt_archive_finding f = { .fact = fact, .sha256 = sha256 };
	struct naming n = { sha256, id, NULL, NULL };
	char ref[VT_REF_TEXT];
	int rc;

	switch (owner) {
	case VT_DIGEST_FILE:
		f.owner = "record";
		rc = record_ref(c, id, ref, &f, err);
		if (rc == VT_OK)
			rc = vt_store_files(c->s, id, name_of_file, &n, err);
		break;
	case VT_DIGEST_DOSSIER:
		f.owner = "dossier";
		rc = vt_store_dossiers(c->s, name_of_dossier, &n, err);
		if (rc == VT_OK)
			rc =
			    vt_store_members(c->s, id, name_of_member, &n, err);
		break;
	case VT_DIGEST_EVIDENCE:
		f.owner = "evidence";
		rc = record_ref(c, id, ref, &f, err);
		break;
	case VT_DIGEST_DERIVED:
		f.owner = "derived";
		rc = record_ref(c, id, ref, &f, err);
		if (rc == VT_OK)
			rc = vt_store_derived_list(c->s, id, name_of_derived,
			    &n, err);
		break;
	default:
		rc = name_message(c, owner, id, ref, &f, err);
	}
	f.name = n.name;
	f.dossier = n.dossier;
	if (rc == VT_OK)
		rc = find(c, &f, place, NULL, err);
	free(n.name);
	free(n.dossier);
	return rc;
}

/* ---- what is on disk ---- */

static int
see_object(void *ctx, const unsigned char *sha256, const char *name,
    struct vt_error *err)
{
	struct check *c = ctx;
	struct vt_archive_finding f = { .fact = VT_ARCHIVE_FOREIGN };

	if (sha256 == NULL)
		return find(c, &f, c->place, name, err);
	return digests_add(&c->disk[c->place], sha256, err);
}

/* ---- what the books say ---- */

static int
see_owner(void *ctx, const unsigned char sha256[VT_SHA256_LEN],
    enum vt_digest_owner owner, int64_t id, struct vt_error *err)
{
	struct check *c = ctx;
	enum place place =
	    owner == VT_DIGEST_QUARANTINED ? QUARANTINE : OBJECTS;
	int rc;

	if (!digests_is_last(&c->books[place], sha256)) {
		c->done.objects++;
		if ((rc = digests_add(&c->books[place], sha256, err)) !=
			VT_OK ||
		    (rc = vt_objects_check(c->objects[place], sha256,
			 &c->fact[place], err)) != VT_OK)
			return rc;
	}
	if (c->fact[place] == VT_OBJECT_GOOD)
		return VT_OK;
	return find_owned(c, sha256, owner, id, place,
	    c->fact[place] == VT_OBJECT_MISSING ? VT_ARCHIVE_MISSING
						: VT_ARCHIVE_CHANGED,
	    err);
}

/* ---- what only the disk knows ---- */

struct strays {
	enum place place;
	unsigned char (*items)[VT_SHA256_LEN];
	bool *known; /* by a book, after all */
	size_t n, cap;
};

static int
strays_add(struct strays *s, const unsigned char *sha256, struct vt_error *err)
{
	size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
	void *items;

	if (s->n == s->cap) {
		items = reallocarray(s->items, cap, sizeof(*s->items));
		if (items == NULL)
			return vt_error_nomem(err);
		s->items = items;
		s->cap = cap;
	}
	memcpy(s->items[s->n++], sha256, VT_SHA256_LEN);
	return VT_OK;
}

/* Walk through both orders at once. */
static int
find_strays(struct check *c, enum place place, struct strays *ret,
    struct vt_error *err)
{
	struct digests *disk = &c->disk[place], *books = &c->books[place];
	int rc;

	if ((rc = digests_rewind(disk, err)) != VT_OK ||
	    (rc = digests_rewind(books, err)) != VT_OK ||
	    (rc = digests_next(books, err)) != VT_OK)
		return rc;
	while ((rc = digests_next(disk, err)) == VT_OK && disk->any) {
		while (rc == VT_OK && books->any &&
		       memcmp(books->last, disk->last, VT_SHA256_LEN) < 0)
			rc = digests_next(books, err);
		if (rc == VT_OK && !digests_is_last(books, disk->last))
			rc = strays_add(ret, disk->last, err);
		if (rc != VT_OK)
			break;
	}
	return rc;
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, VT_SHA256_LEN);
}

static void
known(struct strays *s, const unsigned char *sha256)
{
	unsigned char(*hit)[VT_SHA256_LEN];

	hit = bsearch(sha256, s->items, s->n, sizeof(*s->items), compare);
	if (hit != NULL)
		s->known[hit - s->items] = true;
}

static int
note_known(void *ctx, const unsigned char sha256[VT_SHA256_LEN],
    enum vt_digest_owner owner, int64_t id, struct vt_error *err)
{
	struct strays *s = ctx;

	(void)id;
	(void)err;
	if ((owner == VT_DIGEST_QUARANTINED) == (s->place == QUARANTINE))
		known(s, sha256);
	return VT_OK;
}

/* Evidence that was pruned is known until it is gone. */
static int
note_unwanted(void *ctx, const unsigned char sha256[VT_SHA256_LEN], bool owned,
    struct vt_error *err)
{
	(void)owned;
	(void)err;
	known(ctx, sha256);
	return VT_OK;
}

/*
 * Objects come before the books know of them: what arrived while we looked is
 * looked up once more before it is called foreign.
 */
static int
tell_strays(struct check *c, enum place place, struct vt_error *err)
{
	struct strays s = { .place = place };
	size_t i;
	int rc;

	if ((rc = find_strays(c, place, &s, err)) != VT_OK || s.n == 0)
		goto out;
	if ((s.known = calloc(s.n, sizeof(*s.known))) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	rc = vt_store_digests(c->s, note_known, &s, err);
	if (rc == VT_OK && place == OBJECTS)
		rc = vt_store_unwanted(c->s, note_unwanted, &s, err);
	for (i = 0; i < s.n && rc == VT_OK; i++) {
		struct vt_archive_finding f = { .fact = VT_ARCHIVE_FOREIGN,
			.sha256 = s.items[i] };

		if (!s.known[i])
			rc = find(c, &f, place, NULL, err);
	}
out:
	free(s.known);
	free(s.items);
	return rc;
}

/* ---- all of it ---- */

static int
open_files(struct check *c, struct vt_error *err)
{
	size_t i;

	for (i = 0; i < NPLACES; i++)
		if ((c->disk[i].file = tmpfile()) == NULL ||
		    (c->books[i].file = tmpfile()) == NULL)
			return vt_error_io(err, "cannot make a temporary file");
	return VT_OK;
}

static void
close_files(struct check *c)
{
	size_t i;

	for (i = 0; i < NPLACES; i++) {
		if (c->disk[i].file != NULL)
			fclose(c->disk[i].file);
		if (c->books[i].file != NULL)
			fclose(c->books[i].file);
	}
}

int
vt_archive_check(struct vt_store *s, struct vt_objects *objects,
    struct vt_objects *quarantine, vt_archive_finding_fn *fn, void *ctx,
    struct vt_archive_checked *ret, struct vt_error *err)
{
	struct check c = { .s = s,
		.objects = { objects, quarantine },
		.fn = fn,
		.ctx = ctx };
	size_t i;
	int rc;

	rc = open_files(&c, err);
	for (i = 0; i < NPLACES && rc == VT_OK; i++) {
		c.place = (enum place)i;
		rc = vt_objects_each(c.objects[i], see_object, &c, err);
	}
	if (rc == VT_OK && (rc = vt_store_begin_read(s, err)) == VT_OK) {
		rc = vt_store_digests(s, see_owner, &c, err);
		vt_store_rollback(s);
	}
	for (i = 0; i < NPLACES && rc == VT_OK; i++)
		rc = tell_strays(&c, (enum place)i, err);
	close_files(&c);
	if (rc == VT_OK)
		*ret = c.done;
	return rc;
}
