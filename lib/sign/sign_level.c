/* sign_level.c - the names of levels, and each step by its format */
#include <string.h>

#include "sign_level_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

static const char *const names[] = { "B", "T", "LT", "LTA" };

#define NNAMES (sizeof(names) / sizeof(names[0]))

const char *
vt_level_name(enum vt_level level)
{
	return names[level];
}

bool
vt_level_parse(const char *name, enum vt_level *ret)
{
	size_t i;

	for (i = 0; i < NNAMES; i++)
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum vt_level)i;
			return true;
		}
	return false;
}

int
vt_sign_piece_out(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_out_write(ctx, piece, err);
}

int
vt_sign_add_timestamp(struct vt_source *src, enum vt_sign_format format,
    const struct vt_secret *password, struct vt_stamping *s, const bool *which,
    struct vt_out *out, struct vt_error *err)
{
	if (format == VT_SIGN_XML)
		return vt_level_xml_stamp(src, s, vt_sign_piece_out, out, err);
	return format == VT_SIGN_PDF
		   ? vt_level_pdf_stamp(src, password, s, out, err)
		   : vt_level_cms_stamp(src, s, which, vt_sign_piece_out, out,
			 err);
}

int
vt_sign_add_validation(struct vt_source *src, enum vt_sign_format format,
    const struct vt_secret *password, const bool *which,
    const struct vt_trust_used *data, struct vt_out *out, bool *ret_added,
    struct vt_error *err)
{
	return format == VT_SIGN_PDF
		   ? vt_level_pdf_data(src, password, data, out, ret_added, err)
		   : vt_level_cms_data(src, which, data, out, ret_added, err);
}

int
vt_sign_add_archive(struct vt_source *src, enum vt_sign_format format,
    const struct vt_secret *password, struct vt_stamping *s, const bool *which,
    struct vt_source *content, struct vt_out *out, struct vt_error *err)
{
	return format == VT_SIGN_PDF
		   ? vt_level_pdf_stamp(src, password, s, out, err)
		   : vt_level_cms_archive(src, s, which, content, out, err);
}
