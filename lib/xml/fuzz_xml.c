/* fuzz_xml.c - any bytes as a document: read, and put out in canonical form */
#include "fuzz.h"
#include "vanthu/xml_tree.h"

static int
gather(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	return vt_buf_bytes_put(ctx, piece);
}

/* The canonical form of TEXT; false: it has none. */
static bool
canonical(struct vt_bytes text, const struct vt_xml_c14n *how,
    struct vt_buf *ret)
{
	struct vt_xml_tree *tree = NULL;
	struct vt_source *src = NULL;
	bool ok;

	vt_buf_init(ret, 64u << 20);
	ok = vt_source_bytes(text, &src, NULL) == VT_OK &&
	     vt_xml_tree_read(src, &tree, NULL) == VT_OK &&
	     vt_xml_canonical(tree, vt_xml_tree_document(tree), how, gather,
		 ret, NULL) == VT_OK;
	vt_xml_tree_free(tree);
	vt_source_free(src);
	return ok;
}

/* What is canonical stays so, whatever it was made of. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_xml_c14n how = { .method = VT_XML_C14N };
	struct vt_buf once, twice;
	unsigned i;

	for (i = 0; i < 6; i++) {
		how.method = (enum vt_xml_method)(i / 2);
		how.comments = i % 2 != 0;
		if (canonical(VT_BYTES(data, size), &how, &once)) {
			FUZZ_PROMISE(
			    canonical(vt_buf_bytes(&once), &how, &twice));
			FUZZ_PROMISE(vt_bytes_equal(vt_buf_bytes(&once),
			    vt_buf_bytes(&twice)));
			vt_buf_release(&twice);
		}
		vt_buf_release(&once);
	}
	return 0;
}
