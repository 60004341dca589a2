/* test_xml_c14n.c - the canonical form, by hand and beside libxml2's */
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "test_util.h"
#include "vanthu/xml_tree.h"

static int
gather(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	assert_true(piece.len > 0 && piece.len <= 64 * 1024);
	return vt_buf_bytes_put(ctx, piece);
}

static struct vt_xml_tree *
tree_of(struct vt_bytes text)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_xml_tree *tree = NULL;

	assert_vt_ok(vt_source_bytes(text, &src, &err), &err);
	assert_vt_ok(vt_xml_tree_read(src, &tree, &err), &err);
	vt_source_free(src);
	return tree;
}

/* The element number N in document order, from 1; 0: the document. */
static const struct vt_xml_node *
element(const struct vt_xml_tree *tree, unsigned n)
{
	const struct vt_xml_node *node = vt_xml_tree_document(tree);

	while (node != NULL && n > 0) {
		node = vt_xml_node_after(node, NULL);
		if (node != NULL && node->kind == VT_XML_ELEMENT)
			n--;
	}
	return node;
}

static void
canonical(const struct vt_xml_tree *tree, const struct vt_xml_node *node,
    const struct vt_xml_c14n *how, struct vt_buf *ret)
{
	struct vt_error err = { 0 };

	vt_buf_init(ret, 4 * 1024 * 1024);
	assert_vt_ok(vt_xml_canonical(tree, node, how, gather, ret, &err),
	    &err);
}

static void
assert_canonical(const char *text, unsigned at, const struct vt_xml_c14n *how,
    const char *wanted)
{
	struct vt_xml_tree *tree = tree_of(vt_bytes_str(text));
	struct vt_buf got;

	canonical(tree, element(tree, at), how, &got);
	assert_string_equal(vt_buf_str(&got), wanted);
	vt_buf_release(&got);
	vt_xml_tree_free(tree);
}

static const struct vt_xml_c14n inclusive = { .method = VT_XML_C14N };
static const struct vt_xml_c14n with_comments = { .method = VT_XML_C14N,
	.comments = true };
static const struct vt_xml_c14n later = { .method = VT_XML_C14N_11 };
static const struct vt_xml_c14n exclusive = { .method = VT_XML_C14N_EXC };

/* Canonical XML 1.0, 3.1 to 3.4, without what needs a DTD. */
static void
examples_of_the_recommendation(void **state)
{
	static const char outside[] =
	    "<?xml version=\"1.0\"?>\n\n<?xml-stylesheet   href=\"doc.xsl\"\n"
	    "   type=\"text/xsl\"   ?>\n\n\n"
	    "<doc>Hello, world!<!-- Comment 1 --></doc>\n\n"
	    "<?pi-without-data     ?>\n\n<!-- Comment 2 -->\n\n"
	    "<!-- Comment 3 -->\n";

	(void)state;
	assert_canonical(outside, 0, &inclusive,
	    "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n"
	    "<doc>Hello, world!</doc>\n<?pi-without-data?>");
	assert_canonical(outside, 0, &with_comments,
	    "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n"
	    "<doc>Hello, world!<!-- Comment 1 --></doc>\n<?pi-without-data?>\n"
	    "<!-- Comment 2 -->\n<!-- Comment 3 -->");
	assert_canonical("<doc>\n<e2   ></e2>\n<e3 name = \"elem3\" id=\"e\"/>"
			 "<e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" "
			 "attr=\"I'm\"\n xmlns:b=\"http://www.ietf.org\"\n "
			 "xmlns:a=\"http://www.w3.org\"\n "
			 "xmlns=\"http://example.org\"/>\n<e6 xmlns=\"\" "
			 "xmlns:a=\"http://www.w3.org\"><e7 "
			 "xmlns=\"http://www.ietf.org\"><e8 xmlns=\"\" "
			 "xmlns:a=\"http://www.w3.org\"/></e7></e6>\n</doc>",
	    0, &inclusive,
	    "<doc>\n<e2></e2>\n<e3 id=\"e\" name=\"elem3\"></e3>"
	    "<e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" "
	    "xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" attr2=\"all\" "
	    "b:attr=\"sorted\" a:attr=\"out\"></e5>\n<e6 "
	    "xmlns:a=\"http://www.w3.org\"><e7 xmlns=\"http://www.ietf.org\">"
	    "<e8 xmlns=\"\"></e8></e7></e6>\n</doc>");
	assert_canonical("<doc><t>1&#xA;2&#xd;&#x9;</t><v><![CDATA[value>\"0\" "
			 "&& value<\"10\"]]></v><a e='v>\"0\" &amp;&amp; "
			 "v&lt;\"9\"?\"a\":\"\"' n=' A &#xD;&#xA;&#x9; B'/>"
			 "</doc>",
	    0, &inclusive,
	    "<doc><t>1\n2&#xD;\t</t><v>value&gt;\"0\" &amp;&amp; "
	    "value&lt;\"10\"</v><a e=\"v>&quot;0&quot; &amp;&amp; "
	    "v&lt;&quot;9&quot;?&quot;a&quot;:&quot;&quot;\" "
	    "n=\" A &#xD;&#xA;&#x9; B\"></a></doc>");
}

/* Exclusive XML Canonicalization 1.0, 2.2. */
static void
subtrees_take_over_what_they_must(void **state)
{
	static const char text[] =
	    "<n0:pdu xmlns:n0='http://a.example' xmlns:n9='u' xml:lang='vi' "
	    "xml:space='preserve' xml:id='x'>"
	    "<n1:elem2 xmlns:n1='http://b.example' xml:lang='en'>"
	    "<n3:stuff xmlns:n3='ftp://example.org'/></n1:elem2></n0:pdu>";
	struct vt_list prefixes = { 0 };
	struct vt_xml_c14n listed = exclusive;

	(void)state;
	assert_canonical(text, 2, &inclusive,
	    "<n1:elem2 xmlns:n0=\"http://a.example\" "
	    "xmlns:n1=\"http://b.example\" xmlns:n9=\"u\" xml:id=\"x\" "
	    "xml:lang=\"en\" xml:space=\"preserve\">"
	    "<n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>");
	assert_canonical(text, 2, &later,
	    "<n1:elem2 xmlns:n0=\"http://a.example\" "
	    "xmlns:n1=\"http://b.example\" xmlns:n9=\"u\" xml:lang=\"en\" "
	    "xml:space=\"preserve\">"
	    "<n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>");
	assert_canonical(text, 2, &exclusive,
	    "<n1:elem2 xmlns:n1=\"http://b.example\" xml:lang=\"en\">"
	    "<n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>");
	assert_int_equal(vt_list_add(&prefixes, "n9", NULL), VT_OK);
	assert_int_equal(vt_list_add(&prefixes, "nowhere", NULL), VT_OK);
	listed.prefixes = &prefixes;
	assert_canonical(text, 2, &listed,
	    "<n1:elem2 xmlns:n1=\"http://b.example\" xmlns:n9=\"u\" "
	    "xml:lang=\"en\">"
	    "<n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>");
	vt_list_release(&prefixes);
}

static void
what_is_left_out_leaves_no_trace(void **state)
{
	struct vt_xml_tree *tree = tree_of(
	    VT_BYTES_LIT("<a xmlns='u'> <b xmlns='v'>t<c/></b>\n<b/></a>"));
	struct vt_xml_c14n how = inclusive;
	struct vt_buf got;

	(void)state;
	how.without = element(tree, 2);
	canonical(tree, vt_xml_tree_document(tree), &how, &got);
	assert_string_equal(vt_buf_str(&got), "<a xmlns=\"u\"> \n<b></b></a>");
	vt_buf_release(&got);
	how.without = element(tree, 1);
	canonical(tree, vt_xml_tree_document(tree), &how, &got);
	assert_int_equal(got.len, 0);
	vt_buf_release(&got);
	vt_xml_tree_free(tree);
}

static void
joining_of_bases_is_refused(void **state)
{
	struct vt_xml_tree *tree = tree_of(
	    VT_BYTES_LIT("<a xml:base='http://a/'><b xml:base='c'/></a>"));
	struct vt_error err = { 0 };
	struct vt_buf got;
	int rc;

	(void)state;
	vt_buf_init(&got, 4096);
	rc = vt_xml_canonical(tree, element(tree, 2), &later, gather, &got,
	    &err);
	assert_error_clause(rc, &err, VT_EUNSUPPORTED,
	    "Canonical XML 1.1, 2.4");
	vt_buf_release(&got);
	vt_xml_tree_free(tree);
}

static int
stop_at_once(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	int *calls = ctx;

	(void)piece;
	++*calls;
	return vt_error_set(err, VT_EREFUSED, NULL, "enough");
}

static void
the_sink_can_stop(void **state)
{
	struct vt_error err = { 0 };
	struct vt_xml_tree *tree;
	struct vt_buf text;
	int calls = 0, i;

	(void)state;
	vt_buf_init(&text, 1024 * 1024);
	vt_buf_puts(&text, "<a>");
	for (i = 0; i < 10000; i++)
		vt_buf_puts(&text, "<b>&#13;</b>");
	vt_buf_puts(&text, "</a>");
	tree = tree_of(vt_buf_bytes(&text));
	assert_vt_error(vt_xml_canonical(tree, vt_xml_tree_document(tree),
			    &inclusive, stop_at_once, &calls, &err),
	    &err, VT_EREFUSED);
	assert_int_equal(calls, 1);
	vt_xml_tree_free(tree);
	vt_buf_release(&text);
}

/* --- beside libxml2 --- */

static uint32_t seed;

static unsigned
roll(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static const char *const prefixes[] = { "", "p", "q", "r" };
static const char *const uris[] = { "urn:a", "urn:b", "http://c/", "" };

/* What is in scope, by prefix: an index of URIS, or -1. */
struct scope {
	int uri[4];
};

static void
make_text(struct vt_buf *out)
{
	static const char *const pieces[] = { "t", " ", "\n", "&amp;", "&lt;",
		"&#13;", "&#9;", ">", "\"", "\xe1\xba\xa5", "<![CDATA[<&>]]>",
		"<!--c-->", "<?pi d?>", "<!-- -->", "<?x?>" };

	while (roll(3) != 0)
		vt_buf_puts(out,
		    pieces[roll(sizeof(pieces) / sizeof(pieces[0]))]);
}

static void
make_attrs(struct vt_buf *out, const struct scope *in)
{
	static const char *const values[] = { "v", "&lt;&quot;&#39;&amp;",
		"&#10;", " a\n b ", "" };
	static const char *const locals[] = { "a", "b", "z" };
	static const char *const xml[] = { "lang='vi'", "space='preserve'",
		"base='http://x/'", "id='i'" };
	unsigned used = 0, p, l;

	while (roll(3) != 0) {
		p = roll(4);
		l = roll(3);
		/* No name may stand twice, by another prefix either. */
		if (p != 0 && in->uri[p] < 0)
			continue;
		if (used & (1u << l))
			continue;
		used |= 1u << l;
		vt_buf_printf(out, " %s%s%s='%s'", prefixes[p],
		    p != 0 ? ":" : "", locals[l], values[roll(5)]);
	}
	l = roll(20);
	if (l < 4 && (l < 3 || strstr(vt_buf_str(out), xml[3]) == NULL))
		vt_buf_printf(out, " xml:%s", xml[l]); /* one Id is enough */
}

static void
make_element(struct vt_buf *out, struct scope in, unsigned depth)
{
	unsigned p;
	int u;

	struct vt_buf decls;

	vt_buf_init(&decls, 4096);
	for (p = 0; p < 4; p++) {
		if (roll(4) != 0)
			continue;
		u = (int)roll(p == 0 ? 4 : 3); /* only the default ends */
		in.uri[p] = u == 3 ? -1 : u;
		vt_buf_printf(&decls, " xmlns%s%s='%s'", p != 0 ? ":" : "",
		    prefixes[p], uris[u]);
	}
	p = roll(4);
	if (p != 0 && in.uri[p] < 0)
		p = 0;
	vt_buf_printf(out, "<%s%se%s", prefixes[p], p != 0 ? ":" : "",
	    vt_buf_str(&decls));
	vt_buf_release(&decls);
	make_attrs(out, &in);
	vt_buf_puts(out, ">");
	make_text(out);
	while (depth < 6 && roll(3) != 0) {
		make_element(out, in, depth + 1);
		make_text(out);
	}
	vt_buf_printf(out, "</%s%se>", prefixes[p], p != 0 ? ":" : "");
}

static void
make_document(struct vt_buf *out)
{
	static const char *const marks[] = { "<!--o-->", "<?o?>", "\n", "" };

	vt_buf_puts(out, marks[roll(4)]);
	vt_buf_puts(out, marks[roll(4)]);
	make_element(out, (struct scope){ { -1, -1, -1, -1 } }, 0);
	vt_buf_puts(out, marks[roll(4)]);
	vt_buf_puts(out, marks[roll(4)]);
}

struct choice {
	xmlNode *apex, *without;
	bool comments;
};

static int
is_visible(void *ctx, xmlNode *node, xmlNode *parent)
{
	const struct choice *c = ctx;
	xmlNode *n = node;
	bool in = c->apex == NULL;

	if (node->type == XML_COMMENT_NODE && !c->comments)
		return 0;
	if (node->type == XML_NAMESPACE_DECL) /* has no parent of its own */
		n = parent;
	for (; n != NULL && n->type != XML_DOCUMENT_NODE; n = n->parent) {
		if (n == c->without)
			return 0;
		if (n == c->apex)
			in = true;
	}
	return in;
}

/* As element(), in libxml2's tree. */
static xmlNode *
their_element(xmlDoc *doc, unsigned n)
{
	xmlNode *node = xmlDocGetRootElement(doc);

	while (n > 0) {
		if (node->type == XML_ELEMENT_NODE && --n == 0)
			return node;
		if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
			node = node->children;
			continue;
		}
		while (node->next == NULL)
			node = node->parent;
		node = node->next;
	}
	return NULL;
}

static unsigned
count_elements(const struct vt_xml_tree *tree)
{
	const struct vt_xml_node *node;
	unsigned n = 0;

	for (node = vt_xml_tree_root(tree); node != NULL;
	     node = vt_xml_node_after(node, NULL))
		n += node->kind == VT_XML_ELEMENT;
	return n;
}

/* true where both said something. */
static bool
compare(struct vt_bytes text)
{
	static const int modes[] = { XML_C14N_1_0, XML_C14N_1_1,
		XML_C14N_EXCLUSIVE_1_0 };
	struct vt_xml_tree *tree = tree_of(text);
	struct vt_list list = { 0 };
	xmlChar *theirs[5] = { 0 }; /* ends with NULL */
	unsigned n = count_elements(tree), at = roll(n + 1), out, i;
	struct vt_xml_c14n how = { .method = roll(3), .comments = roll(2) };
	struct choice c = { .comments = how.comments };
	struct vt_error err = { 0 };
	xmlOutputBuffer *buf;
	struct vt_buf got;
	xmlDoc *doc;
	int rc, k = 0;
	bool said;

	doc = xmlReadMemory((const char *)text.data, (int)text.len, "", NULL,
	    XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOENT);
	assert_non_null(doc);
	c.apex = their_element(doc, at);
	/* Not the root: there it takes what follows to stand before. */
	out = roll(2) == 0 ? 0 : at + 1 + roll(4);
	if (out > 1 && out <= n &&
	    vt_xml_node_within(element(tree, out), element(tree, at))) {
		how.without = element(tree, out);
		c.without = their_element(doc, out);
	}
	for (i = 0; i < 4 && how.method == VT_XML_C14N_EXC; i++)
		if (roll(4) == 0) {
			assert_int_equal(vt_list_add(&list, prefixes[i], NULL),
			    VT_OK);
			theirs[k++] =
			    BAD_CAST(i == 0 ? "#default" : prefixes[i]);
		}
	how.prefixes = &list;
	buf = xmlAllocOutputBuffer(NULL);
	rc = xmlC14NExecute(doc, is_visible, &c, modes[how.method],
	    k > 0 ? theirs : NULL, how.comments, buf);
	assert_true(rc >= 0);
	vt_buf_init(&got, 4 * 1024 * 1024);
	rc =
	    vt_xml_canonical(tree, element(tree, at), &how, gather, &got, &err);
	said = rc == VT_OK;
	if (said && (got.len != xmlOutputBufferGetSize(buf) ||
			memcmp(got.data, xmlOutputBufferGetContent(buf),
			    got.len) != 0)) {
		print_error("method %d comments %d element %u without %u "
			    "listed %d of\n%.*s\nours\n%s\nlibxml2's\n%s\n",
		    how.method, how.comments, at, how.without != NULL ? out : 0,
		    k, (int)text.len, (const char *)text.data, vt_buf_str(&got),
		    (const char *)xmlOutputBufferGetContent(buf));
		fail();
	}
	vt_buf_release(&got);
	xmlOutputBufferClose(buf);
	xmlFreeDoc(doc);
	vt_list_release(&list);
	vt_xml_tree_free(tree);
	return said;
}

static void
random_documents_come_out_as_with_libxml2(void **state)
{
	struct vt_buf text;
	unsigned i, said = 0;

	(void)state;
	vt_buf_init(&text, 1024 * 1024);
	for (i = 0; i < 5000; i++) {
		seed = i;
		vt_buf_reset(&text);
		make_document(&text);
		said += compare(vt_buf_bytes(&text));
	}
	assert_true(said > 4750); /* some join bases */
	vt_buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_of_the_recommendation),
		cmocka_unit_test(subtrees_take_over_what_they_must),
		cmocka_unit_test(what_is_left_out_leaves_no_trace),
		cmocka_unit_test(joining_of_bases_is_refused),
		cmocka_unit_test(the_sink_can_stop),
		cmocka_unit_test(random_documents_come_out_as_with_libxml2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
