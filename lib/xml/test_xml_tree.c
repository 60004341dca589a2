/* test_xml_tree.c - the tree, and going about in it */
#include "test_util.h"
#include "vanthu/xml_tree.h"

static struct vt_xml_tree *
tree_of(const char *text)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_xml_tree *tree = NULL;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, &err), &err);
	assert_vt_ok(vt_xml_tree_read(src, &tree, &err), &err);
	vt_source_free(src);
	return tree;
}

static void
assert_refused(struct vt_bytes text, enum vt_code code)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_xml_tree *tree = NULL;
	int rc;

	assert_vt_ok(vt_source_bytes(text, &src, &err), &err);
	rc = vt_xml_tree_read(src, &tree, &err);
	vt_source_free(src);
	assert_vt_error(rc, &err, code);
	assert_null(tree);
}

static void
tree_holds_what_was_read(void **state)
{
	struct vt_xml_tree *tree;
	const struct vt_xml_node *root, *n;

	(void)state;
	tree =
	    tree_of("<?p one?>\n<a xmlns='u' xmlns:q='v' q:z='1' b='2' a='3'>"
		    "t<q:b/><!--c-->&amp;<![CDATA[<]]></a>");
	root = vt_xml_tree_root(tree);
	assert_true(vt_xml_node_is(root, "u", "a"));
	assert_false(vt_xml_node_is(root, NULL, "a"));
	assert_false(vt_xml_node_is(root, "u", "b"));
	assert_false(vt_xml_node_is(NULL, "u", "b"));
	assert_int_equal(root->nnss, 2);
	assert_string_equal(root->nss[0].prefix, "");
	assert_string_equal(root->nss[1].uri, "v");
	assert_int_equal(root->nattrs, 3);
	assert_string_equal(root->attrs[0].local, "a"); /* sorted */
	assert_string_equal(root->attrs[2].local, "z");
	assert_bytes_str(vt_xml_node_attr(root, "b")->value, "2");
	assert_null(vt_xml_node_attr(root, "z")); /* of a namespace */
	n = vt_xml_tree_document(tree)->child;
	assert_int_equal(n->kind, VT_XML_INSTRUCTION);
	assert_string_equal(n->local, "p");
	assert_bytes_str(n->text, "one");
	assert_ptr_equal(n->next, root);
	n = root->child;
	assert_int_equal(n->kind, VT_XML_TEXT);
	n = n->next;
	assert_true(vt_xml_node_is(n, "v", "b"));
	assert_ptr_equal(n->ns, root->nss[1].uri); /* one pointer each */
	assert_ptr_equal(vt_xml_node_element(root->child), n);
	assert_null(vt_xml_node_element(n->next));
	n = n->next;
	assert_int_equal(n->kind, VT_XML_COMMENT);
	assert_bytes_str(n->text, "c");
	assert_bytes_str(n->next->text, "&<");
	vt_xml_tree_free(tree);
}

static void
nodes_are_numbered_in_document_order(void **state)
{
	struct vt_xml_tree *tree = tree_of("<a><b><c/>t</b><d/></a>");
	const struct vt_xml_node *root = vt_xml_tree_root(tree), *n, *b;
	uint32_t i = 0;

	(void)state;
	for (n = vt_xml_tree_document(tree); n != NULL;
	     n = vt_xml_node_after(n, NULL))
		assert_int_equal(n->first, i++);
	assert_int_equal(i, 6);
	b = root->child;
	assert_int_equal(b->last, 4);
	i = 0;
	for (n = b; n != NULL; n = vt_xml_node_after(n, b))
		i++;
	assert_int_equal(i, 3);
	assert_true(vt_xml_node_within(b->child, b));
	assert_true(vt_xml_node_within(b, b));
	assert_false(vt_xml_node_within(b->next, b));
	assert_false(vt_xml_node_within(root, b));
	vt_xml_tree_free(tree);
}

static void
text_is_given_only_where_nothing_else_stands(void **state)
{
	struct vt_xml_tree *tree =
	    tree_of("<a><b>x&#65;<![CDATA[y]]></b><c>x<!---->y</c><d/></a>");
	const struct vt_xml_node *n = vt_xml_tree_root(tree)->child;
	struct vt_buf buf;

	(void)state;
	vt_buf_init(&buf, 16);
	assert_int_equal(vt_xml_node_text(n, &buf), VT_OK);
	assert_string_equal(vt_buf_str(&buf), "xAy");
	assert_int_equal(vt_xml_node_text(n->next, &buf), VT_EFORMAT);
	vt_buf_reset(&buf);
	assert_int_equal(vt_xml_node_text(n->next->next, &buf), VT_OK);
	assert_int_equal(buf.len, 0);
	vt_buf_release(&buf);
	vt_buf_init(&buf, 2);
	assert_int_equal(vt_xml_node_text(n, &buf), VT_ELIMIT);
	vt_buf_release(&buf);
	vt_xml_tree_free(tree);
}

static void
what_the_parser_refuses_is_refused(void **state)
{
	(void)state;
	assert_refused(VT_BYTES_LIT("<!DOCTYPE a><a/>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"),
	    VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<a>&e;</a>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<a b='1' b='2'/>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<p:a/>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<a p:b='1'/>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<a xmlns:p=''/>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT(
			   "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>"),
	    VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<a/><b/>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<a/>x"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT("<a>"), VT_EFORMAT);
	assert_refused(VT_BYTES_LIT(""), VT_EFORMAT);
}

/* COUNT times PART in <a>...</a>. */
static struct vt_buf
many(const char *part, size_t count)
{
	struct vt_buf buf;
	size_t i;

	vt_buf_init(&buf, VT_XML_TREE_MAX + 1024);
	vt_buf_puts(&buf, "<a>");
	for (i = 0; i < count; i++)
		vt_buf_puts(&buf, part);
	vt_buf_puts(&buf, "</a>");
	return buf;
}

static void
a_limit_reached_is_told(void **state)
{
	struct vt_buf buf;

	(void)state;
	buf = many("<b/>", 1000);
	vt_xml_tree_free(tree_of(vt_buf_str(&buf)));
	vt_buf_release(&buf);
	/* Small parts need more memory than they take in the file. */
	buf = many("<b/>", VT_XML_TREE_MEM / sizeof(struct vt_xml_node) + 1);
	assert_refused(vt_buf_bytes(&buf), VT_ELIMIT);
	vt_buf_release(&buf);
	buf = many("0123456789abcdef", VT_XML_TREE_MAX / 16 + 1);
	assert_true(buf.len > VT_XML_TREE_MAX);
	assert_refused(vt_buf_bytes(&buf), VT_ELIMIT);
	vt_buf_release(&buf);
	buf = many("0123456789abcdef", VT_XML_TREE_MAX / 16 - 1);
	assert_true(buf.len <= VT_XML_TREE_MAX);
	vt_xml_tree_free(tree_of(vt_buf_str(&buf)));
	vt_buf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_holds_what_was_read),
		cmocka_unit_test(nodes_are_numbered_in_document_order),
		cmocka_unit_test(text_is_given_only_where_nothing_else_stands),
		cmocka_unit_test(what_the_parser_refuses_is_refused),
		cmocka_unit_test(a_limit_reached_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
