/*
 * test_xsig_xmlsec.c - beside xmlsec: it verifies what is signed here, here
 * is verified what it signs, and of other people's files both say the same
 */
#include "test_xsig_util.h"

#ifndef HAVE_XMLSEC

static void
xmlsec_is_not_there(void **state)
{
	(void)state;
	skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xmlsec_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <libxml/tree.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/parser.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#define SIG(alg, refs, objects) SIGNATURE(C14N_EXC, alg, refs, objects)
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"

static void
say_nothing(void *ctx, const char *text, ...)
{
	(void)ctx;
	(void)text;
}

static int
setup(void **state)
{
	(void)state;
	if (xmlSecInit() < 0 || xmlSecCryptoInit() < 0)
		return -1;
	xmlSecErrorsDefaultCallbackEnableOutput(0);
	xmlSetGenericErrorFunc(NULL, say_nothing);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	xmlSecCryptoShutdown();
	xmlSecShutdown();
	return 0;
}

/* Signature number I of DOC, in document order. */
static xmlNode *
their_signature(xmlDoc *doc, size_t i)
{
	xmlNode *n = xmlDocGetRootElement(doc);

	for (;;) {
		if (xmlSecCheckNodeName(n, xmlSecNodeSignature, xmlSecDSigNs) &&
		    i-- == 0)
			return n;
		if (n->type == XML_ELEMENT_NODE && n->children != NULL) {
			n = n->children;
			continue;
		}
		while (n != NULL && n->next == NULL)
			n = n->parent;
		if (n == NULL || n->type == XML_DOCUMENT_NODE)
			return NULL;
		n = n->next;
	}
}

static xmlDoc *
their_document(struct vt_bytes text)
{
	static const xmlChar *ids[] = { BAD_CAST "Id", BAD_CAST "ID",
		BAD_CAST "id", NULL };
	xmlDoc *doc = xmlSecParseMemory(text.data, (xmlSecSize)text.len, 0);

	assert_non_null(doc);
	xmlSecAddIDs(doc, xmlDocGetRootElement(doc), ids);
	return doc;
}

/* What xmlsec says of signature I under the key of CERT, and of nothing that
 * is outside. */
static bool
they_accept(struct vt_bytes text, size_t i, const struct vt_cert *cert)
{
	struct vt_bytes der = vt_cert_der(cert);
	xmlDoc *doc = their_document(text);
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(NULL);
	bool accepted;

	assert_non_null(ctx);
	ctx->enabledReferenceUris =
	    xmlSecTransformUriTypeEmpty | xmlSecTransformUriTypeSameDocument;
	ctx->signKey = xmlSecCryptoAppKeyLoadMemory(der.data,
	    (xmlSecSize)der.len, xmlSecKeyDataFormatCertDer, NULL, NULL, NULL);
	accepted = ctx->signKey != NULL && /* one that it can read */
		   xmlSecDSigCtxVerify(ctx, their_signature(doc, i)) == 0 &&
		   ctx->status == xmlSecDSigStatusSucceeded;
	xmlSecDSigCtxDestroy(ctx);
	xmlFreeDoc(doc);
	return accepted;
}

static const char *const templates[] = {
	"<a>x<b/>" SIG(RSA_SHA256, REFERENCE_WHOLE, "") "</a>",
	"<a Id='r' xmlns='urn:u' xmlns:p='urn:v' p:c='1'>x" SIG(RSA_SHA256,
	    REFERENCE("URI='#r'", TRANSFORM(ENVELOPED) TRANSFORM(C14N_10)),
	    "") "</a>",
	"<a xmlns='urn:u' xml:lang='vi'><b Id='r' p:c='&#9;' "
	"xmlns:p='urn:v'>&#13;"
	"<!--x--></b>" SIG(RSA_SHA256,
	    REFERENCE("URI='#r'", TRANSFORM(C14N_11)), "") "</a>",
	"<a><b Id='r'>t<!--x--></b>" SIG(RSA_SHA256,
	    REFERENCE("URI=\"#xpointer(id('r'))\"",
		TRANSFORM(C14N_EXC "WithComments")),
	    "") "</a>",
	"<?x y?><a>t<!--x--></a>", /* see below */
	SIG(MORE "rsa-sha512",
	    REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
	    "<ds:Object Id='o'>SGVsbG8=</ds:Object>"),
	SIG(XMLDSIG "rsa-sha1", REFERENCE_PLAIN("URI='#o'"),
	    "<ds:Object Id='o'><b xmlns=''>t</b></ds:Object>"),
	"<a><x:b xmlns:x='urn:u' xmlns:y='urn:v' Id='r' z='y:q'/>" SIG(
	    RSA_SHA256,
	    REFERENCE("URI='#r'", "<ds:Transform Algorithm='" C14N_EXC
				  "'><i:InclusiveNamespaces xmlns:i='" C14N_EXC
				  "' PrefixList='y #default'/></ds:Transform>"),
	    "") "</a>",
};

#define NTEMPLATES (sizeof(templates) / sizeof(templates[0]))

static char *
template_of(size_t i)
{
	char *text = text_dup(templates[i]);

	/* The whole with its comments, which only XPointer names. */
	if (strstr(text, "<ds:Signature") == NULL)
		text = text_replace(text, "t<!--x-->",
		    "t<!--x-->" SIG(RSA_SHA256,
			REFERENCE("URI='#xpointer(/)'",
			    TRANSFORM(ENVELOPED)
				TRANSFORM(C14N_10 "#WithComments")),
			""));
	return text;
}

static void
they_accept_what_is_signed_here(void **state)
{
	struct vt_cert *officer = pki_cert("officer");
	struct vt_cert *agency = pki_cert("agency");
	char *template, *text;
	size_t i;

	(void)state;
	for (i = 0; i < NTEMPLATES; i++) {
		template = template_of(i);
		text = sign(template);
		assert_reason(text, VT_XSIG_FINE);
		if (!they_accept(vt_bytes_str(text), 0, officer))
			print_error("%s\n", text);
		assert_true(they_accept(vt_bytes_str(text), 0, officer));
		assert_false(they_accept(vt_bytes_str(text), 0, agency));
		free(text);
		free(template);
	}
	vt_cert_free(officer);
	vt_cert_free(agency);
}

/* TEMPLATE signed by xmlsec, for free(). */
static char *
they_sign(const char *template, const char *name)
{
	struct vt_cert *cert = pki_cert(name);
	char path[512], *b = base64_of(vt_cert_der(cert)), *text;
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(NULL);
	xmlChar *out = NULL;
	xmlDoc *doc;
	int len;

	text = text_replace(text_dup(template), HOLE_CERT, b);
	text = text_replace(text, ">" HOLE_VALUE "<", "><");
	while (strstr(text, HOLE_DIGEST) != NULL)
		text = text_replace(text, HOLE_DIGEST, "");
	doc = their_document(vt_bytes_str(text));
	ctx->signKey =
	    xmlSecCryptoAppKeyLoad(pki(name, ".key", path, sizeof(path)),
		xmlSecKeyDataFormatPem, NULL, NULL, NULL);
	assert_non_null(ctx->signKey);
	assert_int_equal(xmlSecDSigCtxSign(ctx, their_signature(doc, 0)), 0);
	xmlDocDumpMemory(doc, &out, &len);
	assert_non_null(out);
	free(text);
	text = text_dup((char *)out);
	xmlFree(out);
	xmlSecDSigCtxDestroy(ctx);
	xmlFreeDoc(doc);
	vt_cert_free(cert);
	free(b);
	return text;
}

static void
what_they_sign_holds_here(void **state)
{
	char *template, *text;
	size_t i;

	(void)state;
	for (i = 0; i < NTEMPLATES; i++) {
		template = template_of(i);
		text = they_sign(template, "officer");
		assert_reason(text, VT_XSIG_FINE);
		free(text);
		free(template);
	}
	text = they_sign("<a><b/>" SIG(MORE "ecdsa-sha256", REFERENCE_WHOLE,
			     "") "</a>",
	    "officer-ec");
	assert_reason(text, VT_XSIG_FINE);
	free(text);
	text = they_sign("<a><b/>" SIG(MORE "ecdsa-sha384", REFERENCE_WHOLE,
			     "") "</a>",
	    "public-ca");
	assert_reason(text, VT_XSIG_FINE);
	free(text);
}

/* --- other people's files --- */

struct tally {
	size_t both, neither, only_here, only_there;
};

/* xmlsec 1.2 knows no PSS, and no relative namespace names. */
static bool
beyond_them(const char *name, const struct vt_xsig_facts *f)
{
	return strcmp(f->signature, "rsa-pss") == 0 ||
	       strstr(name, "valid_signature.xml") != NULL ||
	       strstr(name, "_root_level_sig_namespace.xml") != NULL ||
	       strstr(name, "expectedVerify.xml") != NULL;
}

static void
file_compare(const char *path, const struct vt_certs *extra, struct tally *t)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;
	struct vt_xsig_facts f;
	struct vt_buf text;
	bool theirs;
	size_t i;

	vt_buf_init(&text, DOC_MAX);
	test_read(path, &text);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	if (vt_xsig_open(src, &xs, &err) == VT_OK)
		for (i = 0; i < vt_xsig_count(xs); i++) {
			facts_of(xs, i, NULL, extra, &f);
			if (f.cert == NULL || f.signature == NULL)
				continue;
			theirs = they_accept(vt_buf_bytes(&text), i, f.cert);
			if (f.intact && theirs)
				t->both++;
			else if (!f.intact && !theirs)
				t->neither++;
			else if (f.intact && beyond_them(path, &f))
				t->only_here++;
			else if (f.intact) {
				print_error("%s: only here\n", path);
				fail();
			} else {
				/* Each time we say why. */
				print_message("%s, %zu: %s\n",
				    strrchr(path, '/') + 1, i,
				    vt_xsig_reason_name(f.reason));
				assert_true(
				    f.reason == VT_XSIG_UNSUPPORTED_TRANSFORM ||
				    f.reason == VT_XSIG_MISPLACED ||
				    f.reason == VT_XSIG_MALFORMED);
				t->only_there++;
			}
		}
	vt_xsig_free(xs);
	vt_source_free(src);
	vt_buf_release(&text);
}

static void
folder_compare(const char *folder, const struct vt_certs *extra,
    struct tally *t)
{
	char path[1024];
	struct dirent *e;
	struct stat st;
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] == '.' || stat(path, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			folder_compare(path, extra, t);
		else if (strstr(e->d_name, ".xml") != NULL)
			file_compare(path, extra, t);
	}
	closedir(dir);
}

static void
of_the_corpora_both_say_the_same(void **state)
{
	char *xades = test_corpus("dss-xades/validation");
	char *plain = test_corpus("xml-crypto");
	char *client = test_corpus("xml-crypto/client_public.der");
	struct vt_certs extra = { 0 };
	struct vt_error err = { 0 };
	struct tally t = { 0 };

	(void)state;
	assert_vt_ok(vt_x509_read_file(client, &extra, NULL, &err), &err);
	folder_compare(xades, NULL, &t);
	folder_compare(plain, &extra, &t);
	print_message("both %zu, neither %zu, only here %zu, only there %zu\n",
	    t.both, t.neither, t.only_here, t.only_there);
	assert_true(t.both >= 39);
	assert_true(t.neither >= 20);
	vt_certs_release(&extra);
	free(client);
	free(plain);
	free(xades);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_accept_what_is_signed_here),
		cmocka_unit_test(what_they_sign_holds_here),
		cmocka_unit_test(of_the_corpora_both_say_the_same),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

#endif
