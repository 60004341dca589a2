/* pdf_in.c - a window that moves over the text being read */
#include <string.h>

#include "pdf_int.h"

void
vt_pdf_in_source(struct pdf_in *in, struct vt_source *src, uint64_t pos,
    uint64_t limit, struct vt_error *err)
{
	in->src = src;
	in->win = in->buf;
	in->nwin = 0;
	in->base = pos;
	in->pos = pos;
	in->limit = limit;
	in->rc = VT_OK;
	in->err = err;
}

void
vt_pdf_in_bytes(struct pdf_in *in, struct vt_bytes b, uint64_t pos,
    struct vt_error *err)
{
	in->src = NULL;
	in->win = b.data;
	in->nwin = b.len;
	in->base = 0;
	in->pos = pos;
	in->limit = b.len;
	in->rc = VT_OK;
	in->err = err;
}

int
vt_pdf_in_fill(struct pdf_in *in)
{
	uint64_t len;

	if (in->rc != VT_OK || in->src == NULL || in->pos >= in->limit)
		return -1;
	/* Most objects are short: begin with a quarter of the room. */
	len = in->nwin == 0 ? PDF_IN_BUF / 4 : PDF_IN_BUF;
	if (len > in->limit - in->pos)
		len = in->limit - in->pos;
	in->rc =
	    vt_source_read(in->src, in->pos, in->buf, (size_t)len, in->err);
	if (in->rc != VT_OK)
		return -1;
	in->base = in->pos;
	in->nwin = (size_t)len;
	return in->buf[0];
}

bool
vt_pdf_in_accept(struct pdf_in *in, const char *text)
{
	uint64_t pos = in->pos;

	for (; *text != '\0'; text++)
		if (pdf_getc(in) != (unsigned char)*text) {
			in->pos = pos;
			return false;
		}
	return true;
}

bool
vt_pdf_in_eol(struct pdf_in *in)
{
	int c = pdf_peek(in);

	if (c != '\r' && c != '\n')
		return false;
	in->pos++;
	if (c == '\r' && pdf_peek(in) == '\n')
		in->pos++;
	return true;
}
