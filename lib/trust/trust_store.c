/* trust_store.c - what is trusted, and where it is read from */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "trust_int.h"
#include "vanthu/file.h"

enum role { ROLE_ANCHORS, ROLE_CHAIN, ROLE_CRLS, ROLE_OCSPS };

int
vt_trust_new(struct vt_trust **ret, struct vt_error *err)
{
	struct vt_trust *trust;
	int rc;

	if ((trust = calloc(1, sizeof(*trust))) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_algorithms_new(&trust->algorithms, err)) != VT_OK ||
	    (rc = vt_trust_cache_new(&trust->cache, err)) != VT_OK) {
		vt_trust_free(trust);
		return rc;
	}
	*ret = trust;
	return VT_OK;
}

void
vt_trust_free(struct vt_trust *trust)
{
	size_t i;

	if (trust == NULL)
		return;
	for (i = 0; i < trust->anchors.n; i++)
		free(trust->trees[i]);
	free(trust->trees);
	vt_certs_release(&trust->anchors);
	vt_certs_release(&trust->certs);
	vt_crls_release(&trust->crls);
	vt_ocsps_release(&trust->ocsps);
	vt_algorithms_free(trust->algorithms);
	vt_trust_cache_free(trust->cache);
	free(trust);
}

int
vt_trust_add_anchor(struct vt_trust *trust, struct vt_cert *cert,
    const char *tree, struct vt_error *err)
{
	size_t n = trust->anchors.n;
	char **trees, *name;
	int rc;

	if (tree == NULL)
		tree = vt_cert_title(cert);
	if ((name = strdup(tree)) == NULL)
		return vt_error_nomem(err);
	trees = realloc(trust->trees, (n + 1) * sizeof(*trees));
	if (trees == NULL) {
		free(name);
		return vt_error_nomem(err);
	}
	trust->trees = trees;
	rc = vt_certs_add(&trust->anchors, cert, err);
	if (trust->anchors.n > n)
		trust->trees[n] = name;
	else
		free(name); /* it was there */
	return rc;
}

int
vt_trust_add_cert(struct vt_trust *trust, struct vt_cert *cert,
    struct vt_error *err)
{
	return vt_certs_add(&trust->certs, cert, err);
}

int
vt_trust_add_crl(struct vt_trust *trust, struct vt_crl *crl,
    struct vt_error *err)
{
	return vt_crls_add(&trust->crls, crl, err);
}

int
vt_trust_add_ocsp(struct vt_trust *trust, struct vt_ocsp *ocsp,
    struct vt_error *err)
{
	return vt_ocsps_add(&trust->ocsps, ocsp, err);
}

const struct vt_algorithms *
vt_trust_algorithms(const struct vt_trust *trust)
{
	return trust->algorithms;
}

void
vt_trust_set_algorithms(struct vt_trust *trust, struct vt_algorithms *a)
{
	vt_algorithms_free(trust->algorithms);
	trust->algorithms = a;
}

size_t
vt_trust_anchors(const struct vt_trust *trust)
{
	return trust->anchors.n;
}

const struct vt_certs *
vt_trust_certs(const struct vt_trust *trust)
{
	return &trust->certs;
}

const char *
vt_trust_tree(const struct vt_trust *trust, const struct vt_cert *cert)
{
	size_t i;

	for (i = 0; i < trust->anchors.n; i++)
		if (vt_cert_equal(trust->anchors.items[i], cert))
			return trust->trees[i];
	return NULL;
}

static int
load_ocsp(struct vt_trust *trust, const char *path, struct vt_error *err)
{
	struct vt_ocsp *ocsp;
	int rc;

	if ((rc = vt_ocsp_read_file(path, &ocsp, err)) != VT_OK)
		return rc;
	rc = vt_trust_add_ocsp(trust, ocsp, err);
	vt_ocsp_free(ocsp);
	return rc;
}

static int
load_file(struct vt_trust *trust, const char *path, enum role role,
    struct vt_error *err)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	size_t i;
	int rc;

	if (role == ROLE_OCSPS)
		return load_ocsp(trust, path, err);
	rc = vt_x509_read_file(path, role == ROLE_CRLS ? NULL : &certs, &crls,
	    err);
	for (i = 0; i < certs.n && rc == VT_OK; i++) {
		if (role == ROLE_ANCHORS)
			rc = vt_trust_add_anchor(trust, certs.items[i], NULL,
			    err);
		else
			rc = vt_trust_add_cert(trust, certs.items[i], err);
	}
	for (i = 0; i < crls.n && rc == VT_OK; i++)
		rc = vt_trust_add_crl(trust, crls.items[i], err);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	if (rc != VT_OK)
		vt_error_prefix(err, path);
	return rc;
}

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* An update has removed it since its name was read. */
static bool
is_gone(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 && errno == ENOENT;
}

static int
load_entry(struct vt_trust *trust, const char *dir, const char *name,
    enum role role, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct stat st;
	char *path;
	int rc = VT_OK;

	if ((path = vt_path_join(dir, name)) == NULL)
		return vt_error_nomem(err);
	if (stat(path, &st) != 0)
		rc = vt_error_io(&why, "cannot read %s", path);
	else if (S_ISREG(st.st_mode))
		rc = load_file(trust, path, role, &why);
	if (rc == VT_EIO && is_gone(path))
		rc = VT_OK;
	else if (rc != VT_OK && err != NULL)
		*err = why;
	free(path);
	return rc;
}

/* In the order of names, so that the same folder gives the same answer. */
static int
load_dir(struct vt_trust *trust, const char *dir, enum role role,
    struct vt_error *err)
{
	struct dirent **names;
	int i, n, rc = VT_OK;

	if ((n = scandir(dir, &names, visible, alphasort)) < 0)
		return vt_error_io(err, "cannot read the folder %s", dir);
	if (n > VT_TRUST_FILES)
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d files in %s", VT_TRUST_FILES, dir);
	for (i = 0; i < n; i++) {
		if (rc == VT_OK)
			rc =
			    load_entry(trust, dir, names[i]->d_name, role, err);
		free(names[i]);
	}
	free(names);
	return rc;
}

static bool
has_dir(const char *dir, const char *name)
{
	struct stat st;
	char *path = name == NULL ? strdup(dir) : vt_path_join(dir, name);
	bool yes = path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return yes;
}

static int
load(struct vt_trust *trust, const char *path, enum role role,
    struct vt_error *err)
{
	if (has_dir(path, NULL))
		return load_dir(trust, path, role, err);
	return load_file(trust, path, role, err);
}

int
vt_trust_load_anchors(struct vt_trust *trust, const char *path,
    struct vt_error *err)
{
	if (has_dir(path, "anchors"))
		return vt_trust_load_office(trust, path, err);
	return load(trust, path, ROLE_ANCHORS, err);
}

int
vt_trust_load_chain(struct vt_trust *trust, const char *path,
    struct vt_error *err)
{
	return load(trust, path, ROLE_CHAIN, err);
}

int
vt_trust_load_crls(struct vt_trust *trust, const char *path,
    struct vt_error *err)
{
	return load(trust, path, ROLE_CRLS, err);
}

int
vt_trust_load_ocsps(struct vt_trust *trust, const char *path,
    struct vt_error *err)
{
	return load(trust, path, ROLE_OCSPS, err);
}

/* FROM is the first part that is wanted. */
static int
load_parts(struct vt_trust *trust, const char *dir, enum role from,
    struct vt_error *err)
{
	static const char *const parts[] = {
		[ROLE_ANCHORS] = "anchors",
		[ROLE_CHAIN] = "intermediates",
		[ROLE_CRLS] = "crls",
		[ROLE_OCSPS] = "ocsp",
	};
	struct stat st;
	char *path;
	int role, rc = VT_OK;

	for (role = from; role <= ROLE_OCSPS && rc == VT_OK; role++) {
		if ((path = vt_path_join(dir, parts[role])) == NULL)
			return vt_error_nomem(err);
		if (stat(path, &st) == 0 || errno != ENOENT)
			rc = load_dir(trust, path, (enum role)role, err);
		free(path);
	}
	return rc;
}

int
vt_trust_load_office(struct vt_trust *trust, const char *dir,
    struct vt_error *err)
{
	return load_parts(trust, dir, ROLE_ANCHORS, err);
}

static int
load_list(struct vt_trust *trust, const struct vt_list *paths,
    int (*fn)(struct vt_trust *, const char *, struct vt_error *),
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; paths != NULL && i < paths->n && rc == VT_OK; i++)
		rc = fn(trust, paths->items[i], err);
	return rc;
}

int
vt_trust_open(const char *dir, const struct vt_trust_named *named,
    struct vt_trust **ret, struct vt_error *err)
{
	bool anchors = named->anchors != NULL && named->anchors->n > 0;
	struct vt_trust *trust;
	int rc;

	if ((rc = vt_trust_new(&trust, err)) != VT_OK)
		return rc;
	if ((dir != NULL &&
		(rc = load_parts(trust, dir,
		     anchors ? ROLE_CHAIN : ROLE_ANCHORS, err)) != VT_OK) ||
	    (rc = load_list(trust, named->anchors, vt_trust_load_anchors,
		 err)) != VT_OK ||
	    (rc = load_list(trust, named->chain, vt_trust_load_chain, err)) !=
		VT_OK ||
	    (rc = load_list(trust, named->crls, vt_trust_load_crls, err)) !=
		VT_OK) {
		vt_trust_free(trust);
		return rc;
	}
	*ret = trust;
	return VT_OK;
}
