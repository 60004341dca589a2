/* office_lines.c - a file of lines, in constant memory */
#include "office_lines.h"

#include <string.h>

#include "vanthu/error.h"
#include "vanthu/source.h"

struct lines {
	vt_office_line_fn *fn;
	void *ctx;
	struct vt_buf text; /* the present line, as far as it was read */
	bool too_long;      /* it is, and the rest is passed over */
	size_t line;
};

static int
line_end(struct lines *l, struct vt_error *err)
{
	struct vt_bytes text = vt_buf_bytes(&l->text);
	size_t i = 0;
	int rc = VT_OK;

	l->line++;
	if (text.len > 0 && text.data[text.len - 1] == '\r')
		text.len--;
	while (i < text.len && memchr(" \t\r", text.data[i], 3) != NULL)
		i++;
	if (i < text.len || l->too_long)
		rc = l->fn(l->ctx, l->line, text, l->too_long, err);
	vt_buf_reset(&l->text);
	l->too_long = false;
	return rc;
}

static int
piece_of_lines(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct lines *l = ctx;
	size_t end;
	int rc;

	while (piece.len > 0) {
		end = vt_bytes_find(piece, 0, "\n");
		rc = l->too_long ? VT_OK
				 : vt_buf_bytes_put(&l->text,
				       vt_bytes_slice(piece, 0, end));
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc == VT_ELIMIT)
			l->too_long = true;
		if (end == SIZE_MAX)
			break;
		if ((rc = line_end(l, err)) != VT_OK)
			return rc;
		piece = vt_bytes_slice(piece, end + 1, SIZE_MAX);
	}
	return VT_OK;
}

int
vt_office_lines(struct vt_source *src, vt_office_line_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct lines l = { .fn = fn, .ctx = ctx };
	int rc;

	vt_buf_init(&l.text, VT_OFFICE_LINE_MAX);
	rc = vt_source_stream(src, 0, vt_source_size(src), piece_of_lines, &l,
	    err);
	/* a last line without its end */
	if (rc == VT_OK && (l.text.len > 0 || l.too_long))
		rc = line_end(&l, err);
	vt_buf_release(&l.text);
	return rc;
}
