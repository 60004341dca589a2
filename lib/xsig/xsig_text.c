/* xsig_text.c - reading elements strictly: what stands in them, and what not */
#include <stdlib.h>
#include <string.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "xsig_int.h"

#define PIECE 4096 /* characters of base64 that are decoded at once */

bool
vt_xsig_blank(struct vt_bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (memchr(" \t\r\n", text.data[i], 4) == NULL)
			return false;
	return true;
}

bool
vt_xsig_structure(const struct vt_xml_node *node, bool comments)
{
	const struct vt_xml_node *n;

	for (n = node->child; n != NULL; n = n->next)
		switch (n->kind) {
		case VT_XML_TEXT:
			if (!vt_xsig_blank(n->text))
				return false;
			break;
		case VT_XML_COMMENT:
			if (!comments)
				return false;
			break;
		case VT_XML_ELEMENT:
			break;
		default:
			return false;
		}
	return true;
}

const struct vt_xml_node *
vt_xsig_child(const struct vt_xml_node *node)
{
	return vt_xml_node_element(node->child);
}

const struct vt_xml_node *
vt_xsig_next(const struct vt_xml_node *node)
{
	return vt_xml_node_element(node->next);
}

const struct vt_xml_node *
vt_xsig_take(const struct vt_xml_node **cur, const char *ns, const char *local)
{
	const struct vt_xml_node *n = *cur;

	if (!vt_xml_node_is(n, ns, local))
		return NULL;
	*cur = vt_xsig_next(n);
	return n;
}

int
vt_xsig_attr(const struct vt_xml_node *node, const char *local, char **ret,
    struct vt_error *err)
{
	const struct vt_xml_attr *a = vt_xml_node_attr(node, local);

	*ret = NULL;
	if (a == NULL)
		return VT_OK;
	/* XML has no NUL. */
	if ((*ret = vt_bytes_dup(a->value)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

/* RC of a buffer of at most MAX bytes. */
static int
not_put(int rc, size_t max, struct vt_error *err)
{
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a part of a signature in XML is longer than %zu bytes",
		    max);
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : rc;
}

static int
text_gather(const struct vt_xml_node *node, struct vt_buf *ret, bool *ok,
    struct vt_error *err)
{
	int rc = vt_xml_node_text(node, ret);

	*ok = rc == VT_OK;
	return rc == VT_EFORMAT ? VT_OK : not_put(rc, ret->max, err);
}

int
vt_xsig_text(const struct vt_xml_node *node, char **ret, struct vt_error *err)
{
	struct vt_bytes text;
	struct vt_buf buf;
	bool ok;
	int rc;

	*ret = NULL;
	vt_buf_init(&buf, VT_XSIG_TEXT_MAX);
	if ((rc = text_gather(node, &buf, &ok, err)) != VT_OK || !ok)
		goto out;
	text = vt_buf_bytes(&buf);
	while (text.len > 0 && vt_xsig_blank(vt_bytes_slice(text, 0, 1)))
		text = vt_bytes_slice(text, 1, text.len);
	while (text.len > 0 &&
	       vt_xsig_blank(vt_bytes_slice(text, text.len - 1, 1)))
		text.len--;
	if ((*ret = vt_bytes_dup(text)) == NULL)
		rc = vt_error_nomem(err);
out:
	vt_buf_release(&buf);
	return rc;
}

/* In pieces, so that white space takes no room in RET. */
static int
base64_put(struct vt_base64_decoder *d, struct vt_bytes text,
    struct vt_buf *ret, bool *ok, struct vt_error *err)
{
	unsigned char piece[PIECE / 4 * 3 + 3];
	size_t at, len;
	int rc = VT_OK;

	*ok = true;
	for (at = 0; at < text.len && *ok && rc == VT_OK; at += PIECE) {
		*ok = vt_base64_decode(d, vt_bytes_slice(text, at, PIECE),
		    piece, &len);
		if (*ok)
			rc = vt_buf_put(ret, piece, len);
	}
	return not_put(rc, ret->max, err);
}

int
vt_xsig_base64(const struct vt_xml_node *node, struct vt_buf *ret, bool *ok,
    struct vt_error *err)
{
	struct vt_base64_decoder d = { 0 };
	const struct vt_xml_node *n;
	int rc;

	*ok = false;
	for (n = node->child; n != NULL; n = n->next) {
		if (n->kind != VT_XML_TEXT)
			return VT_OK;
		rc = base64_put(&d, n->text, ret, ok, err);
		if (rc != VT_OK || !*ok)
			return rc;
		*ok = false;
	}
	*ok = vt_base64_decode_end(&d);
	return VT_OK;
}

int
vt_xsig_digest_read(const struct vt_xml_node **cur, enum xsig_md *md,
    unsigned char *value, enum vt_xsig_reason *form, struct vt_error *err)
{
	const struct vt_xml_node *method, *digest;
	struct vt_buf buf;
	char *uri = NULL;
	bool ok = false;
	int rc;

	vt_buf_init(&buf, VT_XSIG_TEXT_MAX);
	*form = VT_XSIG_MALFORMED;
	rc = VT_OK;
	method = vt_xsig_take(cur, XSIG_NS, "DigestMethod");
	digest =
	    method != NULL ? vt_xsig_take(cur, XSIG_NS, "DigestValue") : NULL;
	if (digest == NULL || !vt_xsig_structure(method, false) ||
	    (rc = vt_xsig_attr(method, "Algorithm", &uri, err)) != VT_OK ||
	    uri == NULL)
		goto out;
	if ((rc = vt_xsig_base64(digest, &buf, &ok, err)) != VT_OK || !ok)
		goto out;
	*md = vt_xsig_md_of(uri);
	*form = VT_XSIG_UNSUPPORTED;
	if (*md == XSIG_MD_UNKNOWN || vt_xsig_child(method) != NULL)
		goto out;
	*form = VT_XSIG_MALFORMED;
	if (buf.len != vt_xsig_md_len(*md))
		goto out;
	memcpy(value, buf.data, buf.len);
	*form = VT_XSIG_FINE;
out:
	free(uri);
	vt_buf_release(&buf);
	return rc;
}

/* --- canonicalisations --- */

static const struct {
	const char *uri;
	enum vt_xml_method method;
	bool comments;
} methods[] = {
	{ "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", VT_XML_C14N,
	    false },
	{ "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
	    VT_XML_C14N, true },
	{ "http://www.w3.org/2006/12/xml-c14n11", VT_XML_C14N_11, false },
	{ "http://www.w3.org/2006/12/xml-c14n11#WithComments", VT_XML_C14N_11,
	    true },
	{ "http://www.w3.org/2001/10/xml-exc-c14n#", VT_XML_C14N_EXC, false },
	{ "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
	    VT_XML_C14N_EXC, true },
};

#define EXC_NS "http://www.w3.org/2001/10/xml-exc-c14n#"

/* PrefixList: names with white space between them, #default for "". */
static int
prefixes_read(char *text, struct vt_list *ret, struct vt_error *err)
{
	char *p, *save = NULL;
	int rc = VT_OK;

	for (p = strtok_r(text, " \t\r\n", &save); p != NULL && rc == VT_OK;
	     p = strtok_r(NULL, " \t\r\n", &save))
		rc = vt_list_add(ret, strcmp(p, "#default") == 0 ? "" : p, err);
	return rc;
}

int
vt_xsig_c14n_read(const struct vt_xml_node *node, struct xsig_c14n *ret,
    bool *known, struct vt_error *err)
{
	const struct vt_xml_node *child = vt_xsig_child(node);
	char *uri = NULL, *list = NULL;
	size_t i, n = sizeof(methods) / sizeof(methods[0]);
	int rc;

	*known = false;
	if ((rc = vt_xsig_attr(node, "Algorithm", &uri, err)) != VT_OK ||
	    uri == NULL || !vt_xsig_structure(node, false))
		goto out;
	for (i = 0; i < n && strcmp(uri, methods[i].uri) != 0; i++)
		;
	if (i == n)
		goto out;
	ret->method = methods[i].method;
	ret->comments = methods[i].comments;
	if (child != NULL) {
		if (ret->method != VT_XML_C14N_EXC ||
		    !vt_xml_node_is(child, EXC_NS, "InclusiveNamespaces") ||
		    child->child != NULL || vt_xsig_next(child) != NULL ||
		    (rc = vt_xsig_attr(child, "PrefixList", &list, err)) !=
			VT_OK ||
		    (list != NULL && (rc = prefixes_read(list, &ret->prefixes,
					  err)) != VT_OK))
			goto out;
	}
	*known = true;
out:
	free(list);
	free(uri);
	return rc;
}

void
vt_xsig_c14n_release(struct xsig_c14n *c)
{
	vt_list_release(&c->prefixes);
}

/* --- where things are --- */

int
vt_xsig_path(const struct vt_xml_node *node, char **ret, struct vt_error *err)
{
	const struct vt_xml_node *up[VT_XML_DEPTH + 1];
	struct vt_buf buf;
	size_t n = 0;
	int rc = VT_OK;

	vt_buf_init(&buf, VT_XSIG_TEXT_MAX);
	for (; node->kind == VT_XML_ELEMENT; node = node->parent)
		up[n++] = node;
	if (n == 0)
		rc = vt_buf_putc(&buf, '/');
	while (n-- > 0 && rc == VT_OK)
		rc = vt_buf_printf(&buf, "/%s%s%s",
		    up[n]->prefix != NULL ? up[n]->prefix : "",
		    up[n]->prefix != NULL ? ":" : "", up[n]->local);
	if (rc == VT_ELIMIT) /* what fits */
		rc = VT_OK;
	free(*ret);
	*ret = NULL;
	if (rc != VT_OK || (*ret = vt_bytes_dup(vt_buf_bytes(&buf))) == NULL)
		rc = vt_error_nomem(err);
	vt_buf_release(&buf);
	return rc;
}

enum vt_xsig_reason
vt_xsig_id_find(const struct vt_xsig *xs, struct vt_bytes id,
    const struct vt_xml_node **ret)
{
	const struct vt_xml_node *node = NULL;
	size_t low = 0, high = xs->nids, mid;
	bool usable = false;

	*ret = NULL;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (vt_xsig_id_order(xs->ids[mid].value, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < xs->nids && vt_bytes_equal(xs->ids[low].value, id);
	     low++) {
		if (node != NULL && node != xs->ids[low].node)
			return VT_XSIG_DUPLICATE_ID;
		node = xs->ids[low].node;
		usable = usable || xs->ids[low].usable;
	}
	if (node == NULL || !usable)
		return VT_XSIG_REFERENCE_MISSING;
	*ret = node;
	return VT_XSIG_FINE;
}

int
vt_xsig_id_order(struct vt_bytes a, struct vt_bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int d = n > 0 ? memcmp(a.data, b.data, n) : 0;

	return d != 0 ? d : (a.len > b.len) - (a.len < b.len);
}

void *
vt_xsig_grown(void *items, size_t n, size_t size, size_t max, int *rc,
    struct vt_error *err)
{
	unsigned char *more;

	if (n >= max) {
		*rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %zu parts of a kind in signed XML", max);
		return NULL;
	}
	/* Powers of two are where there is no room left. */
	if ((n & (n - 1)) != 0)
		return items;
	more = realloc(items, (n == 0 ? 1 : 2 * n) * size);
	if (more == NULL) {
		*rc = vt_error_nomem(err);
		return NULL;
	}
	memset(more + n * size, 0, (n == 0 ? 1 : n) * size);
	return more;
}
