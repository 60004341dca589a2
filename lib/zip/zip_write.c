/* zip_write.c - an archive that every reader opens, the same for one input */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/text.h"
#include "vanthu/zip.h"
#include "zip_int.h"

#define DOS_DATE_1980_01_01 0x21

struct vt_zip_writer {
	int fd;
	uint64_t start; /* of the archive in FD */
	zip_t *archive;
	struct vt_zip_input **inputs; /* one a member; libzip borrows them */
	size_t n;
	uint64_t pos; /* where libzip writes next */
	uint64_t end; /* bytes written */
	int rc;       /* the first failure of FD itself */
	struct vt_error err;
	zip_error_t zerr;
};

/* libzip goes back to fill in sizes. */
static int
output_put(struct vt_zip_writer *w, struct vt_bytes b)
{
	int rc;

	if (lseek(w->fd, (off_t)(w->start + w->pos), SEEK_SET) < 0)
		rc = vt_error_io(&w->err, "cannot write the ZIP archive");
	else
		rc = vt_fd_write(w->fd, b, &w->err);
	if (rc == VT_OK && (w->pos += b.len) > w->end)
		w->end = w->pos;
	return rc;
}

static zip_int64_t
output_write(struct vt_zip_writer *w, const void *data, zip_uint64_t len)
{
	int rc = output_put(w, VT_BYTES(data, (size_t)len));

	if (rc == VT_OK)
		return (zip_int64_t)len;
	if (w->rc == VT_OK)
		w->rc = rc;
	zip_error_set(&w->zerr, ZIP_ER_WRITE, EIO);
	return -1;
}

static zip_int64_t
output_call(void *arg, void *data, zip_uint64_t len, zip_source_cmd_t cmd)
{
	struct vt_zip_writer *w = arg;
	zip_int64_t pos;

	switch (cmd) {
	case ZIP_SOURCE_STAT: /* nothing is there yet */
		zip_stat_init(data);
		((zip_stat_t *)data)->size = 0;
		((zip_stat_t *)data)->valid |= ZIP_STAT_SIZE;
		return sizeof(zip_stat_t);
	case ZIP_SOURCE_BEGIN_WRITE:
		w->pos = 0;
		return 0;
	case ZIP_SOURCE_WRITE:
		return output_write(w, data, len);
	case ZIP_SOURCE_SEEK_WRITE:
		pos = zip_source_seek_compute_offset(w->pos, w->end, data, len,
		    &w->zerr);
		if (pos < 0)
			return -1;
		w->pos = (uint64_t)pos;
		return 0;
	case ZIP_SOURCE_TELL_WRITE:
		return (zip_int64_t)w->pos;
	case ZIP_SOURCE_OPEN:
	case ZIP_SOURCE_READ:
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_SEEK:
	case ZIP_SOURCE_TELL:
	case ZIP_SOURCE_COMMIT_WRITE:
	case ZIP_SOURCE_ROLLBACK_WRITE:
	case ZIP_SOURCE_REMOVE:
	case ZIP_SOURCE_FREE:
		return 0;
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&w->zerr, data, len);
	case ZIP_SOURCE_SUPPORTS:
		return ZIP_SOURCE_SUPPORTS_WRITABLE;
	default:
		zip_error_set(&w->zerr, ZIP_ER_OPNOTSUPP, 0);
		return -1;
	}
}

int
vt_zip_writer_new(int fd, struct vt_zip_writer **ret, struct vt_error *err)
{
	struct vt_zip_writer *w;
	zip_source_t *to;
	zip_error_t zerr;
	off_t start;
	int rc = VT_OK;

	zip_error_init(&zerr);
	if ((w = calloc(1, sizeof(*w))) == NULL)
		return vt_error_nomem(err);
	zip_error_init(&w->zerr);
	w->fd = fd;
	if ((start = lseek(fd, 0, SEEK_END)) < 0) {
		rc = vt_error_io(err, "cannot write the ZIP archive");
		goto out;
	}
	w->start = (uint64_t)start;
	if ((to = zip_source_function_create(output_call, w, NULL)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	w->archive = zip_open_from_source(to, ZIP_CREATE | ZIP_TRUNCATE, &zerr);
	if (w->archive == NULL) {
		zip_source_free(to);
		rc = vt_zip_error(&zerr, err);
		goto out;
	}
	*ret = w;
	w = NULL;
out:
	vt_zip_writer_free(w);
	zip_error_fini(&zerr);
	return rc;
}

void
vt_zip_writer_free(struct vt_zip_writer *w)
{
	size_t i;

	if (w == NULL)
		return;
	if (w->archive != NULL)
		zip_discard(w->archive);
	for (i = 0; i < w->n; i++)
		free(w->inputs[i]);
	free(w->inputs);
	free(w);
}

static bool
name_safe(const char *name)
{
	struct vt_bytes b = vt_bytes_str(name);
	const char *part;
	size_t i, n;

	if (b.len == 0 || !vt_utf8_valid(b))
		return false;
	for (i = 0; i < b.len; i++)
		if (b.data[i] < 0x20 || b.data[i] == 0x7f || b.data[i] == '\\')
			return false;
	for (part = name;; part += n + 1) { /* no part is empty, "." or ".." */
		n = strcspn(part, "/");
		if (n == 0 || (n == 1 && part[0] == '.') ||
		    (n == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		if (part[n] == '\0')
			return true;
	}
}

static struct vt_zip_input *
new_input(struct vt_zip_writer *w, struct vt_source *content)
{
	struct vt_zip_input **list, *in;
	size_t size;

	if (!vt_mul(w->n + 1, sizeof(struct vt_zip_input *), &size) ||
	    (list = realloc(w->inputs, size)) == NULL)
		return NULL;
	w->inputs = list;
	if ((in = calloc(1, sizeof(*in))) == NULL)
		return NULL;
	in->src = content;
	w->inputs[w->n++] = in;
	return in;
}

int
vt_zip_writer_add(struct vt_zip_writer *w, const char *name,
    struct vt_source *content, struct vt_error *err)
{
	struct vt_zip_input *in;
	zip_source_t *from;
	zip_int64_t i;

	if (strlen(name) > VT_ZIP_NAME_MAX || w->n == VT_ZIP_COUNT_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "too many members for a ZIP archive, or too long a name");
	if (!name_safe(name))
		return vt_error_set(err, VT_EARG, "APPNOTE 4.4.17",
		    "%s is not fit to be a name in a ZIP archive", name);
	if ((in = new_input(w, content)) == NULL ||
	    (from = vt_zip_input_source(in)) == NULL)
		return vt_error_nomem(err);
	i = zip_file_add(w->archive, name, from, ZIP_FL_ENC_UTF_8);
	if (i < 0) {
		zip_source_free(from);
		if (zip_error_code_zip(zip_get_error(w->archive)) ==
		    ZIP_ER_EXISTS)
			return vt_error_set(err, VT_EEXISTS, NULL,
			    "the ZIP archive has two members named %s", name);
		return vt_zip_error(zip_get_error(w->archive), err);
	}
	if (zip_set_file_compression(w->archive, (zip_uint64_t)i,
		ZIP_CM_DEFLATE, 6) != 0 ||
	    zip_file_set_dostime(w->archive, (zip_uint64_t)i, 0,
		DOS_DATE_1980_01_01, 0) != 0)
		return vt_zip_error(zip_get_error(w->archive), err);
	return VT_OK;
}

/* Set bit 11 of the flags at OFF: what follows is UTF-8 (APPNOTE 4.4.4). */
static int
set_utf8(struct vt_zip_writer *w, uint64_t off, unsigned char flags[2],
    struct vt_error *err)
{
	flags[1] |= 0x08;
	return vt_fd_patch(w->fd, w->start + off, VT_BYTES(flags, 2), err);
}

static int
read_at(struct vt_zip_writer *w, uint64_t off, unsigned char *out, size_t len,
    struct vt_error *err)
{
	if (pread(w->fd, out, len, (off_t)(w->start + off)) == (ssize_t)len)
		return VT_OK;
	return vt_error_io(err, "cannot read the ZIP archive");
}

/*
 * libzip leaves the flag out where a name is ASCII; Java's writer never does.
 * What needs ZIP64 is left as it is: such names are ASCII, or have the flag.
 */
static int
flag_names(struct vt_zip_writer *w, struct vt_error *err)
{
	unsigned char b[ZIP_ENTRY];
	uint64_t off;
	size_t i;
	int rc;

	if ((rc = read_at(w, w->end - ZIP_END_RECORD, b, ZIP_END_RECORD,
		 err)) != VT_OK)
		return rc;
	off = vt_zip_le(b + 16, 4);
	if (vt_zip_le(b + 10, 2) != w->n || off == UINT32_MAX)
		return VT_OK;
	for (i = 0; rc == VT_OK && i < w->n; i++) {
		if ((rc = read_at(w, off, b, ZIP_ENTRY, err)) != VT_OK ||
		    vt_zip_le(b + 42, 4) == UINT32_MAX)
			break;
		rc = set_utf8(w, off + 8, b + 8, err);
		if (rc == VT_OK)
			rc = set_utf8(w, vt_zip_le(b + 42, 4) + 6, b + 8, err);
		off += ZIP_ENTRY + vt_zip_le(b + 28, 2) + vt_zip_le(b + 30, 2) +
		       vt_zip_le(b + 32, 2);
	}
	return rc;
}

int
vt_zip_writer_end(struct vt_zip_writer *w, struct vt_error *err)
{
	size_t i;

	if (w->n == 0)
		return vt_error_set(err, VT_EARG, NULL,
		    "a ZIP archive without members is not written");
	if (zip_close(w->archive) == 0) {
		w->archive = NULL; /* freed */
		return flag_names(w, err);
	}
	for (i = 0; w->rc == VT_OK && i < w->n; i++)
		if (w->inputs[i]->rc != VT_OK) {
			w->rc = w->inputs[i]->rc;
			w->err = w->inputs[i]->err;
		}
	if (w->rc == VT_OK)
		return vt_zip_error(zip_get_error(w->archive), err);
	if (err != NULL && err->code == VT_OK)
		*err = w->err;
	return w->rc;
}
