/* trust_office.c - the folder in which an office keeps what it trusts */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trust_int.h"
#include "vanthu/encode.h"
#include "vanthu/file.h"

#define FOLDER_MODE 0755
#define DIGITS_MIN 8 /* of a fingerprint that names an object */

static const struct folder {
	const char *name;
	const char *suffix;
} folders[] = {
	[VT_TRUST_ANCHOR] = { "anchors", "crt" },
	[VT_TRUST_INTERMEDIATE] = { "intermediates", "crt" },
	[VT_TRUST_CRL] = { "crls", "crl" },
	[VT_TRUST_OCSP] = { "ocsp", "ocsp" },
};

#define NFOLDERS (sizeof(folders) / sizeof(folders[0]))

/* What one file holds. */
struct contents {
	struct vt_certs certs;
	struct vt_crls crls;
};

static void
contents_release(struct contents *c)
{
	vt_certs_release(&c->certs);
	vt_crls_release(&c->crls);
}

static void
entry_release(struct vt_trust_entry *e)
{
	free(e->name);
	free(e->title);
	free(e->path);
}

void
vt_trust_entries_release(struct vt_trust_entries *entries)
{
	size_t i;

	for (i = 0; i < entries->n; i++)
		entry_release(&entries->items[i]);
	free(entries->items);
	memset(entries, 0, sizeof(*entries));
}

/* Takes over the strings of E, also where it fails. */
static int
entries_add(struct vt_trust_entries *entries, struct vt_trust_entry *e,
    const unsigned char *sha256, const char *name, const char *title,
    const char *path, struct vt_error *err)
{
	struct vt_trust_entry *more;
	char hex[VT_SHA256_HEX];

	memcpy(e->sha256, sha256, VT_SHA256_LEN);
	vt_hex(VT_BYTES(sha256, VT_SHA256_LEN), hex);
	memcpy(e->id, hex, VT_TRUST_ID - 1);
	e->id[VT_TRUST_ID - 1] = '\0';
	e->name = strdup(name);
	e->title = strdup(title);
	e->path = strdup(path);
	more = realloc(entries->items, (entries->n + 1) * sizeof(*more));
	if (more != NULL)
		entries->items = more;
	if (more == NULL || e->name == NULL || e->title == NULL ||
	    e->path == NULL) {
		entry_release(e);
		return vt_error_nomem(err);
	}
	entries->items[entries->n++] = *e;
	return VT_OK;
}

static int
add_cert(struct vt_trust_entries *entries, enum vt_trust_kind kind,
    const struct vt_cert *cert, const char *path, struct vt_error *err)
{
	struct vt_trust_entry e = { .kind = kind };

	e.from = vt_cert_not_before(cert);
	e.until = vt_cert_not_after(cert);
	return entries_add(entries, &e, vt_cert_sha256(cert),
	    vt_cert_subject_line(cert), vt_cert_title(cert), path, err);
}

static int
add_crl(struct vt_trust_entries *entries, const struct vt_crl *crl,
    const char *path, struct vt_error *err)
{
	struct vt_trust_entry e = { .kind = VT_TRUST_CRL };

	e.from = vt_crl_this_update(crl);
	e.until = vt_crl_next_update(crl);
	return entries_add(entries, &e, vt_crl_sha256(crl),
	    vt_crl_issuer_line(crl), vt_crl_issuer_line(crl), path, err);
}

static int
list_ocsp(const char *path, struct vt_trust_entries *entries,
    struct vt_error *err)
{
	struct vt_trust_entry e = { .kind = VT_TRUST_OCSP };
	struct vt_ocsp *ocsp;
	int rc;

	if ((rc = vt_ocsp_read_file(path, &ocsp, err)) != VT_OK)
		return rc;
	e.from = vt_ocsp_produced_at(ocsp);
	e.until = VT_TIME_NONE;
	rc = entries_add(entries, &e, vt_ocsp_sha256(ocsp),
	    vt_ocsp_responder(ocsp), vt_ocsp_responder(ocsp), path, err);
	vt_ocsp_free(ocsp);
	return rc;
}

static enum vt_trust_kind
kind_of(const struct vt_cert *cert)
{
	return vt_cert_self_signed(cert) ? VT_TRUST_ANCHOR
					 : VT_TRUST_INTERMEDIATE;
}

static int
contents_entries(const struct contents *c, const char *path,
    struct vt_trust_entries *entries, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < c->certs.n && rc == VT_OK; i++)
		rc = add_cert(entries, kind_of(c->certs.items[i]),
		    c->certs.items[i], path, err);
	for (i = 0; i < c->crls.n && rc == VT_OK; i++)
		rc = add_crl(entries, c->crls.items[i], path, err);
	return rc;
}

int
vt_trust_inspect(const char *path, struct vt_trust_entries *ret,
    struct vt_error *err)
{
	struct vt_trust_entries entries = { 0 };
	struct contents c = { 0 };
	int rc;

	rc = vt_x509_read_file(path, &c.certs, &c.crls, err);
	if (rc == VT_OK)
		rc = contents_entries(&c, path, &entries, err);
	contents_release(&c);
	if (rc != VT_OK) {
		vt_trust_entries_release(&entries);
		return rc;
	}
	*ret = entries;
	return VT_OK;
}

/* DIR/FOLDER/ID.SUFFIX, the folder being made. */
static int
object_path(const char *dir, enum vt_trust_kind kind,
    const unsigned char *sha256, bool make, struct vt_buf *path,
    struct vt_error *err)
{
	char hex[VT_SHA256_HEX];
	int rc;

	vt_hex(VT_BYTES(sha256, VT_SHA256_LEN), hex);
	hex[VT_TRUST_ID - 1] = '\0';
	if (vt_buf_printf(path, "%s/%s", dir, folders[kind].name) != VT_OK)
		return vt_error_nomem(err);
	if (make &&
	    (rc = vt_dir_make(vt_buf_str(path), FOLDER_MODE, err)) != VT_OK)
		return rc;
	if (vt_buf_printf(path, "/%s.%s", hex, folders[kind].suffix) != VT_OK)
		return vt_error_nomem(err);
	return VT_OK;
}

int
vt_trust_store_one(const char *dir, enum vt_trust_kind kind,
    const unsigned char *sha256, struct vt_bytes der, struct vt_error *err)
{
	struct vt_buf path, there;
	int rc;

	vt_buf_init(&path, 1 << 16);
	vt_buf_init(&there, VT_CRL_MAX);
	if ((rc = object_path(dir, kind, sha256, true, &path, err)) != VT_OK)
		goto out;
	if (access(vt_buf_str(&path), F_OK) != 0) {
		rc = vt_file_write(vt_buf_str(&path), der, err);
		goto out;
	}
	if ((rc = vt_file_read(vt_buf_str(&path), VT_CRL_MAX, &there, err)) ==
		VT_OK &&
	    !vt_bytes_equal(vt_buf_bytes(&there), der))
		rc = vt_error_set(err, VT_EEXISTS, NULL,
		    "%s is there already and holds something else",
		    vt_buf_str(&path));
out:
	vt_buf_release(&path);
	vt_buf_release(&there);
	return rc;
}

int
vt_trust_store_remove(const char *dir, enum vt_trust_kind kind,
    const unsigned char *sha256, struct vt_error *err)
{
	struct vt_buf path;
	int rc;

	vt_buf_init(&path, 1 << 16);
	rc = object_path(dir, kind, sha256, false, &path, err);
	if (rc == VT_OK && unlink(vt_buf_str(&path)) != 0 && errno != ENOENT)
		rc = vt_error_io(err, "cannot remove %s", vt_buf_str(&path));
	vt_buf_release(&path);
	return rc;
}

static bool
agreed(const struct vt_trust_entries *seen, const unsigned char *sha256)
{
	size_t i;

	for (i = 0; i < seen->n; i++)
		if (memcmp(seen->items[i].sha256, sha256, VT_SHA256_LEN) == 0)
			return true;
	return false;
}

static bool
all_agreed(const struct contents *c, const struct vt_trust_entries *seen)
{
	size_t i;

	for (i = 0; i < c->certs.n; i++)
		if (!agreed(seen, vt_cert_sha256(c->certs.items[i])))
			return false;
	for (i = 0; i < c->crls.n; i++)
		if (!agreed(seen, vt_crl_sha256(c->crls.items[i])))
			return false;
	return true;
}

int
vt_trust_store(const char *dir, const char *path,
    const struct vt_trust_entries *seen, struct vt_error *err)
{
	struct contents c = { 0 };
	size_t i;
	int rc;

	rc = vt_x509_read_file(path, &c.certs, &c.crls, err);
	if (rc == VT_OK && !all_agreed(&c, seen))
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "%s changed since it was shown", path);
	for (i = 0; i < c.certs.n && rc == VT_OK; i++)
		rc = vt_trust_store_one(dir, kind_of(c.certs.items[i]),
		    vt_cert_sha256(c.certs.items[i]),
		    vt_cert_der(c.certs.items[i]), err);
	for (i = 0; i < c.crls.n && rc == VT_OK; i++)
		rc = vt_trust_store_one(dir, VT_TRUST_CRL,
		    vt_crl_sha256(c.crls.items[i]), vt_crl_der(c.crls.items[i]),
		    err);
	contents_release(&c);
	return rc;
}

/* ---- list, remove ---- */

static int
list_file(const char *path, enum vt_trust_kind kind,
    struct vt_trust_entries *entries, struct vt_error *err)
{
	struct contents c = { 0 };
	size_t i;
	int rc;

	if (kind == VT_TRUST_OCSP)
		return list_ocsp(path, entries, err);
	rc = vt_x509_read_file(path, kind == VT_TRUST_CRL ? NULL : &c.certs,
	    &c.crls, err);
	if (rc != VT_OK)
		vt_error_prefix(err, path);
	for (i = 0; i < c.certs.n && rc == VT_OK; i++)
		rc = add_cert(entries, kind, c.certs.items[i], path, err);
	for (i = 0; i < c.crls.n && rc == VT_OK; i++)
		rc = add_crl(entries, c.crls.items[i], path, err);
	contents_release(&c);
	return rc;
}

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int
list_folder(const char *dir, enum vt_trust_kind kind,
    struct vt_trust_entries *entries, struct vt_error *err)
{
	struct dirent **names = NULL;
	struct stat st;
	char *folder, *path;
	int i, n = 0, rc = VT_OK;

	if ((folder = vt_path_join(dir, folders[kind].name)) == NULL)
		return vt_error_nomem(err);
	if (stat(folder, &st) != 0 && errno == ENOENT)
		goto out;
	if ((n = scandir(folder, &names, visible, alphasort)) < 0)
		rc = vt_error_io(err, "cannot read the folder %s", folder);
	for (i = 0; i < n; i++) {
		path = vt_path_join(folder, names[i]->d_name);
		if (path == NULL && rc == VT_OK)
			rc = vt_error_nomem(err);
		else if (rc == VT_OK && stat(path, &st) == 0 &&
			 S_ISREG(st.st_mode))
			rc = list_file(path, kind, entries, err);
		free(path);
		free(names[i]);
	}
	free(names);
out:
	free(folder);
	return rc;
}

static int
entry_compare(const void *a, const void *b)
{
	const struct vt_trust_entry *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return memcmp(x->sha256, y->sha256, VT_SHA256_LEN);
}

int
vt_trust_list(const char *dir, struct vt_trust_entries *ret,
    struct vt_error *err)
{
	struct vt_trust_entries entries = { 0 };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < NFOLDERS && rc == VT_OK; i++)
		rc = list_folder(dir, (enum vt_trust_kind)i, &entries, err);
	if (rc != VT_OK) {
		vt_trust_entries_release(&entries);
		return rc;
	}
	if (entries.n > 0)
		qsort(entries.items, entries.n, sizeof(entries.items[0]),
		    entry_compare);
	*ret = entries;
	return VT_OK;
}

static bool
fits(const struct vt_trust_entry *e, const char *digits)
{
	char hex[VT_SHA256_HEX];

	vt_hex(VT_BYTES(e->sha256, VT_SHA256_LEN), hex);
	return strncasecmp(hex, digits, strlen(digits)) == 0;
}

static bool
digits_ok(const char *digits)
{
	size_t n = strspn(digits, "0123456789abcdefABCDEF");

	return n >= DIGITS_MIN && n < VT_SHA256_HEX && digits[n] == '\0';
}

/* One object, or none where it shares its file with others. */
static int
find_one(const struct vt_trust_entries *entries, const char *digits,
    const struct vt_trust_entry **ret, struct vt_error *err)
{
	const struct vt_trust_entry *found = NULL;
	size_t i;

	for (i = 0; i < entries->n; i++) {
		if (!fits(&entries->items[i], digits))
			continue;
		if (found != NULL)
			return vt_error_set(err, VT_EARG, NULL,
			    "%s names several objects; give more digits",
			    digits);
		found = &entries->items[i];
	}
	if (found == NULL)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "nothing in the trust store is named %s", digits);
	for (i = 0; i < entries->n; i++)
		if (&entries->items[i] != found &&
		    strcmp(entries->items[i].path, found->path) == 0)
			return vt_error_set(err, VT_EREFUSED, NULL,
			    "%s holds other objects too", found->path);
	*ret = found;
	return VT_OK;
}

int
vt_trust_remove(const char *dir, const char *id, struct vt_error *err)
{
	struct vt_trust_entries entries = { 0 };
	const struct vt_trust_entry *e = NULL;
	char *folder = NULL, *slash;
	int rc;

	if (!digits_ok(id))
		return vt_error_set(err, VT_EARG, NULL,
		    "%s is not an id: at least %d hexadecimal digits", id,
		    DIGITS_MIN);
	if ((rc = vt_trust_list(dir, &entries, err)) != VT_OK ||
	    (rc = find_one(&entries, id, &e, err)) != VT_OK)
		goto out;
	if ((folder = strdup(e->path)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((slash = strrchr(folder, '/')) != NULL)
		*slash = '\0';
	if (unlink(e->path) != 0)
		rc = vt_error_io(err, "cannot remove %s", e->path);
	else
		rc = vt_dir_sync(folder, err);
out:
	free(folder);
	vt_trust_entries_release(&entries);
	return rc;
}
