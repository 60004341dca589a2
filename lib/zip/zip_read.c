/* zip_read.c - members out of an archive, with limits */
#include <stdlib.h>
#include <string.h>

#include "vanthu/source.h"
#include "vanthu/zip.h"
#include "zip_int.h"

#define PIECE (64 * 1024)

#define LOCAL_HEADER 30   /* APPNOTE 4.3.7, without name and extra field */
#define ENTRY_MORE_MAX 64 /* too little for an entry and an end record */

struct vt_zip {
	struct vt_zip_input in;
	zip_t *archive;
	size_t n;
	struct vt_zip_member *members;
	uint32_t crc;   /* of the last member */
	uint64_t total; /* bytes read from it so far */
};

bool
vt_zip_probe(struct vt_source *src)
{
	struct vt_bytes head;

	return vt_source_view(src, 0, 4, &head, NULL) == VT_OK &&
	       head.len == 4 && memcmp(head.data, "PK\3\4", 4) == 0;
}

static int
load_member(struct vt_zip *zip, size_t i, uint64_t *total, struct vt_error *err)
{
	struct vt_zip_member *m = &zip->members[i];
	zip_stat_t st;
	size_t len;

	if (zip_stat_index(zip->archive, i, 0, &st) != 0)
		return vt_zip_error(zip_get_error(zip->archive), err);
	if ((st.valid & ZIP_STAT_NAME) == 0 ||
	    (st.valid & ZIP_STAT_SIZE) == 0 ||
	    (st.valid & ZIP_STAT_COMP_SIZE) == 0)
		return vt_error_set(err, VT_EFORMAT, "APPNOTE 4.3.12",
		    "the ZIP archive is damaged");
	if (((st.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
		st.encryption_method != ZIP_EM_NONE) ||
	    ((st.valid & ZIP_STAT_COMP_METHOD) != 0 &&
		st.comp_method != ZIP_CM_STORE &&
		st.comp_method != ZIP_CM_DEFLATE))
		return vt_error_set(err, VT_EUNSUPPORTED, "APPNOTE 4.4",
		    "the ZIP archive is encrypted, split or packed by a "
		    "method other than deflate");
	len = strlen(st.name);
	if (len > VT_ZIP_NAME_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a name in the ZIP archive is longer than %d bytes",
		    VT_ZIP_NAME_MAX);
	if (st.size > VT_ZIP_TOTAL_MAX - *total)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the ZIP archive holds more than %llu bytes",
		    (unsigned long long)VT_ZIP_TOTAL_MAX);
	*total += st.size;
	zip->crc = (st.valid & ZIP_STAT_CRC) != 0 ? st.crc : 0;
	*m = (struct vt_zip_member){ .name = st.name,
		.size = st.size,
		.packed = st.comp_size,
		.folder = len > 0 && st.name[len - 1] == '/' };
	return VT_OK;
}

static int
load_members(struct vt_zip *zip, struct vt_error *err)
{
	zip_int64_t n = zip_get_num_entries(zip->archive, 0);
	uint64_t total = 0;
	size_t i;
	int rc;

	if (n < 0 || n > VT_ZIP_COUNT_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the ZIP archive has more than %d members",
		    VT_ZIP_COUNT_MAX);
	zip->n = (size_t)n;
	zip->members = calloc(zip->n + 1, sizeof(*zip->members));
	if (zip->members == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < zip->n; i++)
		if ((rc = load_member(zip, i, &total, err)) != VT_OK)
			return rc;
	return VT_OK;
}

int
vt_zip_open(struct vt_source *src, struct vt_zip **ret, struct vt_error *err)
{
	struct vt_zip *zip;
	zip_source_t *in = NULL;
	zip_error_t zerr;
	int rc;

	/* To libzip nothing at all is an archive without members. */
	if (vt_source_size(src) == 0)
		return vt_error_set(err, VT_EFORMAT, "APPNOTE 4.3",
		    "this is not a ZIP archive");
	zip_error_init(&zerr);
	if ((zip = calloc(1, sizeof(*zip))) == NULL)
		return vt_error_nomem(err);
	zip->in.src = src;
	if ((in = vt_zip_input_source(&zip->in)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	/*
	 * Not ZIP_CHECKCONS: it refuses what Info-ZIP writes with a data
	 * descriptor.  Where it matters vt_zip_sole() is stricter than that.
	 */
	zip->archive = zip_open_from_source(in, ZIP_RDONLY, &zerr);
	if (zip->archive == NULL) {
		rc = zip->in.rc;
		if (rc == VT_OK)
			rc = vt_zip_error(&zerr, err);
		else if (err != NULL && err->code == VT_OK)
			*err = zip->in.err;
		goto out;
	}
	in = NULL; /* the archive's */
	if ((rc = load_members(zip, err)) != VT_OK)
		goto out;
	*ret = zip;
	zip = NULL;
out:
	zip_source_free(in);
	vt_zip_free(zip);
	zip_error_fini(&zerr);
	return rc;
}

void
vt_zip_free(struct vt_zip *zip)
{
	if (zip == NULL)
		return;
	if (zip->archive != NULL)
		zip_discard(zip->archive);
	free(zip->members);
	free(zip);
}

size_t
vt_zip_count(const struct vt_zip *zip)
{
	return zip->n;
}

struct vt_zip_member
vt_zip_member(const struct vt_zip *zip, size_t i)
{
	return zip->members[i];
}

int
vt_zip_find(const struct vt_zip *zip, const char *name, size_t *ret,
    struct vt_error *err)
{
	size_t i, found = SIZE_MAX;

	for (i = 0; i < zip->n; i++) {
		if (strcmp(zip->members[i].name, name) != 0)
			continue;
		if (found != SIZE_MAX)
			return vt_error_set(err, VT_EFORMAT, NULL,
			    "the ZIP archive has two members named %s", name);
		found = i;
	}
	if (found == SIZE_MAX)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the ZIP archive has no member named %s", name);
	*ret = found;
	return VT_OK;
}

/*
 * Does the directory's one entry stand at OFF, speak of the member whose LOCAL
 * header starts the archive, and end the archive but for the end record?
 */
static bool
sole_entry(const struct vt_zip *zip, const unsigned char *local, uint64_t off)
{
	const struct vt_zip_member *m = &zip->members[0];
	struct vt_source *src = zip->in.src;
	unsigned char entry[ZIP_ENTRY], end[ZIP_END_RECORD];
	uint32_t name, more;
	uint64_t next;

	if (vt_source_read(src, off, entry, sizeof(entry), NULL) != VT_OK ||
	    memcmp(entry, "PK\1\2", 4) != 0)
		return false;
	name = vt_zip_le(entry + 28, 2);
	more = vt_zip_le(entry + 30, 2) + vt_zip_le(entry + 32, 2);
	if (vt_zip_le(entry + 10, 2) != vt_zip_le(local + 8, 2) ||
	    vt_zip_le(entry + 16, 4) != zip->crc ||
	    vt_zip_le(entry + 20, 4) != m->packed ||
	    vt_zip_le(entry + 24, 4) != m->size ||
	    vt_zip_le(entry + 42, 4) != 0 || name != vt_zip_le(local + 26, 2) ||
	    more > ENTRY_MORE_MAX)
		return false;
	next = off + ZIP_ENTRY + name + more;
	return vt_source_read(src, next, end, sizeof(end), NULL) == VT_OK &&
	       memcmp(end, "PK\5\6", 4) == 0 && vt_zip_le(end + 8, 2) == 1 &&
	       vt_zip_le(end + 10, 2) == 1 &&
	       vt_zip_le(end + 12, 4) == next - off &&
	       vt_zip_le(end + 16, 4) == off && vt_zip_le(end + 20, 2) == 0 &&
	       next + ZIP_END_RECORD == vt_source_size(src);
}

/*
 * Readers that follow the directory and readers that go from local header to
 * local header (Java's) must see the same one file: the local header stands
 * at the start, its content is followed by the directory, that by the end.
 * Comments and long extra fields could hide a second directory.
 */
bool
vt_zip_sole(const struct vt_zip *zip)
{
	static const unsigned descriptors[] = { 0, 12, 16, 20, 24 };
	struct vt_source *src = zip->in.src;
	unsigned char local[LOCAL_HEADER];
	uint64_t off;
	size_t i, n;

	if (zip->n != 1 ||
	    vt_source_read(src, 0, local, sizeof(local), NULL) != VT_OK ||
	    memcmp(local, "PK\3\4", 4) != 0)
		return false;
	off = LOCAL_HEADER + (uint64_t)vt_zip_le(local + 26, 2) +
	      vt_zip_le(local + 28, 2);
	if (zip->members[0].packed > vt_source_size(src))
		return false;
	off += zip->members[0].packed;
	/* Flag bit 3: CRC and sizes follow the content (4.3.9). */
	n = sizeof(descriptors) / sizeof(descriptors[0]);
	if ((local[6] & 8) == 0) {
		if (vt_zip_le(local + 18, 4) != zip->members[0].packed)
			return false;
		n = 1;
	}
	for (i = 0; i < n; i++)
		if (sole_entry(zip, local, off + descriptors[i]))
			return true;
	return false;
}

static int
read_failed(struct vt_zip *zip, zip_error_t *e, struct vt_error *err)
{
	if (zip->in.rc == VT_OK)
		return vt_zip_error(e, err);
	if (err != NULL && err->code == VT_OK)
		*err = zip->in.err;
	return zip->in.rc;
}

static uint64_t
member_limit(const struct vt_zip_member *m)
{
	if (m->packed > VT_ZIP_TOTAL_MAX / VT_ZIP_RATIO)
		return VT_ZIP_TOTAL_MAX;
	if (m->packed * VT_ZIP_RATIO < VT_ZIP_RATIO_FREE)
		return VT_ZIP_RATIO_FREE;
	return m->packed * VT_ZIP_RATIO;
}

int
vt_zip_read(struct vt_zip *zip, size_t i, vt_sink_fn *sink, void *ctx,
    struct vt_error *err)
{
	uint64_t limit = member_limit(&zip->members[i]), done = 0;
	unsigned char *piece = NULL;
	zip_file_t *file;
	zip_int64_t n;
	int rc;

	if ((file = zip_fopen_index(zip->archive, i, 0)) == NULL)
		return read_failed(zip, zip_get_error(zip->archive), err);
	if ((piece = malloc(PIECE)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	while ((n = zip_fread(file, piece, PIECE)) > 0) {
		done += (uint64_t)n;
		zip->total += (uint64_t)n;
		if (done > limit || zip->total > VT_ZIP_TOTAL_MAX) {
			rc = vt_error_set(err, VT_ELIMIT, NULL,
			    "a member of the ZIP archive grows to more than "
			    "%llu bytes",
			    (unsigned long long)(done > limit
						     ? limit
						     : VT_ZIP_TOTAL_MAX));
			goto out;
		}
		rc = sink(ctx, VT_BYTES(piece, (size_t)n), err);
		if (rc != VT_OK)
			goto out;
	}
	if (n < 0)
		rc = read_failed(zip, zip_file_get_error(file), err);
	else if (done != zip->members[i].size) /* others would cut it off */
		rc = vt_error_set(err, VT_EFORMAT, "APPNOTE 4.3.12",
		    "the ZIP archive is damaged");
	else
		rc = VT_OK;
out:
	(void)zip_fclose(file);
	free(piece);
	return rc;
}
