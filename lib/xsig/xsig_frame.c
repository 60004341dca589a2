/* xsig_frame.c - a document with something put in, all else as it was */
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "xsig_int.h"

int
vt_xsig_buf_error(int rc, struct vt_error *err)
{
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the signed XML would be longer than %u bytes",
		    VT_XML_TREE_MAX);
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

int
vt_xsig_base64_put(struct vt_buf *out, struct vt_bytes b)
{
	int rc;

	if ((rc = vt_buf_reserve(out, VT_BASE64_LEN(b.len) + 1)) == VT_OK)
		out->len += vt_base64(b, (char *)out->data + out->len);
	return rc;
}

/* How many elements stand before NODE in the document. */
static size_t
element_number(const struct vt_xml_tree *tree, const struct vt_xml_node *node)
{
	const struct vt_xml_node *n = vt_xml_tree_document(tree);
	size_t count = 0;

	for (; n != node; n = vt_xml_node_after(n, NULL))
		if (n->kind == VT_XML_ELEMENT)
			count++;
	return count;
}

int
vt_xsig_frame(struct vt_source *src, const struct vt_xsig *xs,
    const struct vt_xml_node *in, const char *open, const char *close,
    struct xsig_frame *f, struct vt_error *err)
{
	struct xsig_place place;
	struct vt_bytes doc;
	struct vt_buf all;
	int rc;

	vt_buf_init(&all, VT_XML_TREE_MAX);
	doc.len = (size_t)vt_source_size(src);
	if (vt_buf_reserve(&all, doc.len) != VT_OK)
		return vt_error_nomem(err);
	if ((rc = vt_source_read(src, 0, all.data, doc.len, err)) != VT_OK)
		goto out;
	doc.data = all.data;
	if (!vt_xsig_place(doc, element_number(xs->tree, in), &place)) {
		rc = vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "where the signature would go cannot be found");
		goto out;
	}
	if ((rc = vt_buf_bytes_put(&f->text,
		 vt_bytes_slice(doc, 0, place.at))) == VT_OK &&
	    place.empty.len > 0)
		rc = vt_buf_putc(&f->text, '>');
	if (rc == VT_OK)
		rc = vt_buf_puts(&f->text, open);
	f->at = f->text.len;
	if (rc == VT_OK)
		rc = vt_buf_puts(&f->text, close);
	if (rc == VT_OK && place.empty.len > 0)
		rc = vt_buf_printf(&f->text, "</%.*s", (int)place.empty.len,
		    (const char *)place.empty.data);
	/* Of "/>" the second half stays. */
	if (rc == VT_OK)
		rc = vt_buf_bytes_put(&f->text,
		    vt_bytes_slice(doc,
			place.at + (place.empty.len > 0 ? 1 : 0), doc.len));
	rc = vt_xsig_buf_error(rc, err);
out:
	vt_buf_release(&all);
	return rc;
}

int
vt_xsig_splice(const struct xsig_frame *f, const struct vt_buf *what,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_bytes all = vt_buf_bytes(&f->text);
	int rc;

	if ((rc = vt_buf_bytes_put(ret, vt_bytes_slice(all, 0, f->at))) ==
		VT_OK &&
	    (rc = vt_buf_bytes_put(ret, vt_buf_bytes(what))) == VT_OK)
		rc = vt_buf_bytes_put(ret, vt_bytes_slice(all, f->at, all.len));
	return vt_xsig_buf_error(rc, err);
}

int
vt_xsig_hand_out(const struct vt_buf *result, vt_sink_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_bytes(vt_buf_bytes(result), &src, err)) == VT_OK)
		rc = vt_source_stream(src, 0, result->len, fn, ctx, err);
	vt_source_free(src);
	return rc;
}
