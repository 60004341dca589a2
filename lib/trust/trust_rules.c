/* trust_rules.c - what a path must keep (RFC 5280, 6.1) */
#include <string.h>

#include <openssl/err.h>

#include "trust_int.h"

#define HOST_MAX 253 /* characters of a DNS name (RFC 1035, 2.3.4) */
#define LABEL_MAX 63

#define BAD_PATH "bad-path"
#define BAD_NAME "name-constraints"

/* OpenSSL's findings; what is not here is a broken rule without a text. */
static const struct fault_text {
	int code;
	const char *reason;
	const char *msgid;
} texts[] = {
	{ X509_V_ERR_CERT_SIGNATURE_FAILURE, BAD_PATH,
	    VT_N_("its signature does not hold") },
	{ X509_V_ERR_INVALID_CA, BAD_PATH,
	    VT_N_("it issued a certificate but is no CA") },
	{ X509_V_ERR_KEYUSAGE_NO_CERTSIGN, BAD_PATH,
	    VT_N_("its key may not sign certificates") },
	{ X509_V_ERR_PATH_LENGTH_EXCEEDED, BAD_PATH,
	    VT_N_("more CAs stand below it than it allows") },
	{ X509_V_ERR_CERT_CHAIN_TOO_LONG, BAD_PATH,
	    VT_N_("the path is too long") },
	{ X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, BAD_PATH,
	    VT_N_("it has a critical extension that is not known here") },
	{ X509_V_ERR_INVALID_EXTENSION, BAD_PATH,
	    VT_N_("it has an extension that breaks its rules") },
	{ X509_V_ERR_INVALID_POLICY_EXTENSION, BAD_PATH,
	    VT_N_("its policies break their rules") },
	{ X509_V_ERR_NO_EXPLICIT_POLICY, BAD_PATH,
	    VT_N_("a policy is required, and none holds on the whole path") },
	{ X509_V_ERR_PERMITTED_VIOLATION, BAD_NAME,
	    VT_N_("a CA above does not permit its name") },
	{ X509_V_ERR_EXCLUDED_VIOLATION, BAD_NAME,
	    VT_N_("a CA above excludes its name") },
	{ X509_V_ERR_SUBTREE_MINMAX, BAD_NAME,
	    VT_N_("a name constraint has a minimum or maximum") },
	{ X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, BAD_NAME,
	    VT_N_("a name constraint is of a kind not known here") },
	{ X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, BAD_NAME,
	    VT_N_("a name constraint cannot be read") },
	{ X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, BAD_NAME,
	    VT_N_("a name under constraint cannot be read") },
	{ X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, BAD_PATH,
	    VT_N_("it is a CA without a key usage") },
	{ X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA, BAD_PATH,
	    VT_N_("it may sign certificates but is no CA") },
	{ X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, BAD_PATH,
	    VT_N_("it does not name its issuer's key") },
	{ X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, BAD_PATH,
	    VT_N_("it is a CA that does not name its key") },
	{ X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3, BAD_PATH,
	    VT_N_("it has not version 3") },
};

struct check {
	const struct vt_trust_path *path;
	struct vt_trust_fault *fault;
};

/* The first fault stays, but for one that names are to blame for. */
static void
fault_set(struct vt_trust_fault *fault, const char *reason, const char *msgid,
    size_t depth)
{
	if (fault->reason != NULL)
		return;
	fault->reason = reason;
	fault->msgid = msgid;
	fault->depth = depth;
}

/*
 * The form of an anchor is not judged: it is trusted as it is (RFC 5280,
 * 6.1.1 (d)), and roots from before the rules are in use.
 */
static bool
anchor_form(int code)
{
	switch (code) {
	case X509_V_ERR_CA_CERT_MISSING_KEY_USAGE:
	case X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER:
	case X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER:
	case X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3:
	case X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN:
	case X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL:
	case X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL:
		return true;
	default:
		return false;
	}
}

static int
on_fault(int ok, X509_STORE_CTX *ctx)
{
	struct check *check;
	size_t depth, i;
	int code;

	if (ok)
		return 1;
	check = vt_trust_walk_arg(ctx);
	code = X509_STORE_CTX_get_error(ctx);
	depth = (size_t)X509_STORE_CTX_get_error_depth(ctx);
	/* A duty of those who issue, not of the path (PKITS 4.6.4). */
	if (code == X509_V_ERR_CA_BCONS_NOT_CRITICAL)
		return 1;
	if (depth + 1 == check->path->n && anchor_form(code))
		return 1;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].code == code)
			break;
	if (i < sizeof(texts) / sizeof(texts[0]))
		fault_set(check->fault, texts[i].reason, texts[i].msgid, depth);
	else
		fault_set(check->fault, BAD_PATH,
		    VT_N_("it breaks the rules for certificates"), depth);
	return 1; /* go on: the caller reads the fault */
}

/* ---- names under constraint, and constraints ---- */

static bool
host_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Letters, digits, hyphens and underscores between single dots; no wildcard. */
static bool
host_ok(struct vt_bytes s)
{
	size_t i, label = 0;

	if (s.len == 0 || s.len > HOST_MAX)
		return false;
	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '.' && label > 0)
			label = 0;
		else if (host_char(s.data[i]))
			label++;
		else
			return false;
		if (label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

/* Visible ASCII: mail addresses and URIs are no more (RFC 5280, 4.2.1.6). */
static bool
ascii_ok(struct vt_bytes s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.data[i] <= ' ' || s.data[i] > '~')
			return false;
	return s.len > 0;
}

/* One "@", with something before it and a host behind. */
static bool
mailbox_ok(struct vt_bytes s)
{
	size_t at = vt_bytes_find(s, 0, "@");

	return ascii_ok(s) && at != SIZE_MAX && at > 0 &&
	       host_ok(vt_bytes_slice(s, at + 1, s.len));
}

/*
 * RFC 3986, 3.2: the host ends at a port, a path, a query or a fragment, and
 * may stand behind a user.  OpenSSL compares all up to the first ":" or "/"
 * with constraints, so it must be the same here.
 */
static bool
uri_ok(struct vt_bytes s)
{
	size_t at = vt_bytes_find(s, 0, "://"), i;
	bool port = false;

	if (!ascii_ok(s))
		return false;
	if (at == SIZE_MAX || (at + 3 < s.len && s.data[at + 3] == '['))
		return true; /* no host, or an address: no constraint fits */
	for (i = at + 3; i < s.len && s.data[i] != '/'; i++) {
		if (memchr("?#@\\", s.data[i], 4) != NULL ||
		    (port && (s.data[i] < '0' || s.data[i] > '9')))
			return false;
		port = port || s.data[i] == ':';
	}
	return true;
}

static struct vt_bytes
ia5_of(const GENERAL_NAME *name)
{
	return VT_BYTES(ASN1_STRING_get0_data(name->d.ia5),
	    (size_t)ASN1_STRING_length(name->d.ia5));
}

/* A name that is no name may slip past a constraint; so may a wildcard. */
static bool
names_ok(const X509 *x)
{
	GENERAL_NAMES *names;
	const GENERAL_NAME *name;
	bool ok = true;
	int i;

	names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names) && ok; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_DNS)
			ok = host_ok(ia5_of(name));
		else if (name->type == GEN_EMAIL)
			ok = mailbox_ok(ia5_of(name));
		else if (name->type == GEN_URI)
			ok = uri_ok(ia5_of(name));
	}
	GENERAL_NAMES_free(names);
	return ok;
}

/* A host; or, with a dot before it, all below it. */
static bool
hosts_ok(struct vt_bytes s)
{
	return host_ok(
	    vt_bytes_starts(s, ".") ? vt_bytes_slice(s, 1, s.len) : s);
}

/* RFC 5280, 4.2.1.10: what a constraint on names of this kind may look like. */
static bool
base_ok(const GENERAL_NAME *base)
{
	int n;

	switch (base->type) {
	case GEN_DNS: /* an empty one is about all */
		return ia5_of(base).len == 0 || host_ok(ia5_of(base));
	case GEN_EMAIL:
		return mailbox_ok(ia5_of(base)) || hosts_ok(ia5_of(base));
	case GEN_URI:
		return hosts_ok(ia5_of(base));
	case GEN_IPADD:
		n = ASN1_STRING_length(base->d.iPAddress);
		return n == 8 || n == 32;
	default:
		return true;
	}
}

static bool
bases_ok(const STACK_OF(GENERAL_SUBTREE) * trees)
{
	int i;

	for (i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++)
		if (!base_ok(sk_GENERAL_SUBTREE_value(trees, i)->base))
			return false;
	return true;
}

static bool
constraints_ok(const X509 *x)
{
	NAME_CONSTRAINTS *nc =
	    X509_get_ext_d2i(x, NID_name_constraints, NULL, NULL);
	bool ok = nc != NULL && bases_ok(nc->permittedSubtrees) &&
		  bases_ok(nc->excludedSubtrees);

	NAME_CONSTRAINTS_free(nc);
	return ok;
}

/* RFC 5280, 4.2.1.10: name constraints stand in CAs only, and critical. */
static void
check_constraints(const struct check *check)
{
	const X509 *x;
	size_t i = check->path->n;
	int at;
	bool constrained = false;

	while (i-- > 0) {
		x = vt_cert_x509(check->path->certs[i]);
		if (constrained && !names_ok(x))
			fault_set(check->fault, BAD_NAME,
			    VT_N_("a name under constraint is no such name"),
			    i);
		at = X509_get_ext_by_NID(x, NID_name_constraints, -1);
		if (at < 0)
			continue;
		constrained = true;
		if (!vt_cert_is_ca(check->path->certs[i]))
			fault_set(check->fault, BAD_NAME,
			    VT_N_("it has name constraints but is no CA"), i);
		if (!X509_EXTENSION_get_critical(X509_get_ext(x, at)))
			fault_set(check->fault, BAD_NAME,
			    VT_N_("its name constraints are not critical"), i);
		if (!constraints_ok(x))
			fault_set(check->fault, BAD_NAME,
			    VT_N_("a name constraint cannot be read"), i);
	}
}

/* What OpenSSL leaves out; the anchor is taken as it is. */
static void
check_more(const struct check *check)
{
	const struct vt_trust_path *path = check->path;
	const char *defect;
	size_t i;

	for (i = 0; i + 1 < path->n; i++)
		if ((defect = vt_cert_defect(path->certs[i])) != NULL)
			fault_set(check->fault, BAD_PATH, defect, i);
	check_constraints(check);
}

/* OpenSSL gives up, where it should find fault: anybody can send such a key. */
static bool
keys_readable(const struct vt_trust_path *path, struct vt_trust_fault *fault)
{
	size_t i;

	for (i = 0; i < path->n; i++)
		if (vt_cert_key(path->certs[i]) == NULL)
			fault_set(fault, BAD_PATH,
			    VT_N_("its key cannot be read"), i);
	return fault->reason == NULL;
}

int
vt_trust_path_check(const struct vt_trust_path *path,
    const struct vt_trust_policies *policies, struct vt_trust_fault *ret,
    struct vt_error *err)
{
	struct vt_trust_fault fault = { 0 };
	struct check check = { path, &fault };
	int n, rc;

	if ((rc = vt_trust_walk(path, policies, on_fault, &check, &n, err)) !=
	    VT_OK)
		return rc;
	if (n < 0 && keys_readable(path, &fault))
		return vt_error_set(err, VT_ECRYPTO, NULL,
		    "a certification path could not be checked");
	if (n == 0)
		fault_set(&fault, BAD_PATH,
		    VT_N_("it breaks the rules for certificates"), 0);
	check_more(&check);
	*ret = fault;
	return VT_OK;
}
