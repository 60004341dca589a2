/* zip_input.c - a vt_source in libzip's terms, and libzip's errors in ours */
#include <errno.h>
#include <string.h>

#include "vanthu/source.h"
#include "zip_int.h"

static zip_int64_t
input_read(struct vt_zip_input *in, void *data, zip_uint64_t len)
{
	uint64_t size = vt_source_size(in->src);
	int rc;

	if (in->pos >= size)
		return 0;
	if (len > size - in->pos)
		len = size - in->pos;
	rc = vt_source_read(in->src, in->pos, data, (size_t)len, &in->err);
	if (rc != VT_OK) {
		if (in->rc == VT_OK)
			in->rc = rc;
		zip_error_set(&in->zerr, ZIP_ER_READ, EIO);
		return -1;
	}
	in->pos += len;
	return (zip_int64_t)len;
}

static zip_int64_t
input_stat(struct vt_zip_input *in, zip_stat_t *st)
{
	zip_stat_init(st);
	st->size = vt_source_size(in->src);
	st->valid |= ZIP_STAT_SIZE;
	return sizeof(*st);
}

static zip_int64_t
input_call(void *arg, void *data, zip_uint64_t len, zip_source_cmd_t cmd)
{
	struct vt_zip_input *in = arg;
	zip_int64_t pos;

	switch (cmd) {
	case ZIP_SOURCE_OPEN:
		in->pos = 0;
		return 0;
	case ZIP_SOURCE_READ:
		return input_read(in, data, len);
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_FREE:
		return 0;
	case ZIP_SOURCE_STAT:
		return input_stat(in, data);
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&in->zerr, data, len);
	case ZIP_SOURCE_SEEK:
		pos = zip_source_seek_compute_offset(in->pos,
		    vt_source_size(in->src), data, len, &in->zerr);
		if (pos < 0)
			return -1;
		in->pos = (uint64_t)pos;
		return 0;
	case ZIP_SOURCE_TELL:
		return (zip_int64_t)in->pos;
	case ZIP_SOURCE_SUPPORTS:
		return ZIP_SOURCE_SUPPORTS_SEEKABLE;
	default:
		zip_error_set(&in->zerr, ZIP_ER_OPNOTSUPP, 0);
		return -1;
	}
}

zip_source_t *
vt_zip_input_source(struct vt_zip_input *in)
{
	zip_error_init(&in->zerr);
	return zip_source_function_create(input_call, in, NULL);
}

#define ZLIB_NO_MEMORY (-4) /* Z_MEM_ERROR; zlib is libzip's own affair */

int
vt_zip_error(const zip_error_t *e, struct vt_error *err)
{
	if (zip_error_code_zip(e) == ZIP_ER_ZLIB &&
	    zip_error_code_system(e) == ZLIB_NO_MEMORY)
		return vt_error_nomem(err);
	switch (zip_error_code_zip(e)) {
	case ZIP_ER_MEMORY:
		return vt_error_nomem(err);
	case ZIP_ER_NOZIP:
		return vt_error_set(err, VT_EFORMAT, "APPNOTE 4.3",
		    "this is not a ZIP archive");
	case ZIP_ER_COMPNOTSUPP:
	case ZIP_ER_ENCRNOTSUPP:
	case ZIP_ER_NOPASSWD:
	case ZIP_ER_MULTIDISK:
		return vt_error_set(err, VT_EUNSUPPORTED, "APPNOTE 4.4",
		    "the ZIP archive is encrypted, split or packed by a "
		    "method other than deflate");
	case ZIP_ER_CRC:
		return vt_error_set(err, VT_EFORMAT, "APPNOTE 4.4.7",
		    "a member of the ZIP archive does not fit its CRC-32");
	case ZIP_ER_INCONS:
		return vt_error_set(err, VT_EFORMAT, "APPNOTE 4.3",
		    "the parts of the ZIP archive contradict each other");
	default:
		return vt_error_set(err, VT_EFORMAT, "APPNOTE 4.3",
		    "the ZIP archive is damaged");
	}
}

uint32_t
vt_zip_le(const unsigned char *p, unsigned bytes)
{
	uint32_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | p[bytes];
	return n;
}
