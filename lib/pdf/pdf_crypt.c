/* pdf_crypt.c - what /Encrypt says, and opening by a password (7.6.2, 7.6.4)
 */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "pdf_crypt.h"

#define CLAUSE "ISO 32000-2, 7.6.2"

static int
unsupported(struct vt_error *err, const char *why)
{
	return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
	    "the document is encrypted in a way that is not supported: %s",
	    vt_tr(why));
}

static int
read_int(struct vt_pdf *pdf, const struct vt_pdf_obj *dict, const char *key,
    int64_t def, int64_t *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	int rc;

	*ret = def;
	if ((rc = vt_pdf_lookup(pdf, dict, key, &v, err)) != VT_OK)
		return rc;
	if (v->type == VT_PDF_INT)
		*ret = v->u.integer;
	else if (v->type != VT_PDF_NULL)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "/%s of /Encrypt is not an integer", key);
	return VT_OK;
}

static int
read_string(struct vt_pdf *pdf, const struct vt_pdf_obj *dict, const char *key,
    struct vt_bytes *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	int rc = vt_pdf_lookup(pdf, dict, key, &v, err);

	*ret = VT_BYTES(NULL, 0);
	if (rc == VT_OK && v->type == VT_PDF_STRING)
		*ret = v->u.string;
	return rc;
}

static int
read_bool(struct vt_pdf *pdf, const struct vt_pdf_obj *dict, const char *key,
    bool def, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	int rc = vt_pdf_lookup(pdf, dict, key, &v, err);

	*ret = rc == VT_OK && v->type == VT_PDF_BOOL ? v->u.boolean : def;
	return rc;
}

/* --- crypt filters (7.6.5, 7.6.6) --- */

static int
filter_add(struct vt_pdf *pdf, const struct vt_pdf_entry *e,
    struct pdf_crypt *c, struct vt_error *err)
{
	struct pdf_crypt_filter *f = &c->filters[c->nfilters];
	const struct vt_pdf_obj *dict, *cfm;
	int rc;

	if (c->nfilters == VT_PDF_CRYPT_FILTERS_MAX)
		return vt_error_set(err, VT_ELIMIT, CLAUSE,
		    "the document has more than %d crypt filters",
		    VT_PDF_CRYPT_FILTERS_MAX);
	if ((rc = vt_pdf_resolve(pdf, &e->value, &dict, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "CFM", &cfm, err)) != VT_OK)
		return rc;
	if (e->key.len >= sizeof(f->name))
		return unsupported(err, VT_N_("an unknown crypt filter"));
	memcpy(f->name, e->key.data, e->key.len);
	f->name[e->key.len] = '\0';
	if (vt_pdf_is_name(cfm, "V2"))
		f->cipher = PDF_RC4;
	else if (vt_pdf_is_name(cfm, "AESV2"))
		f->cipher = PDF_AES128;
	else if (vt_pdf_is_name(cfm, "AESV3"))
		f->cipher = PDF_AES256;
	else if (cfm->type == VT_PDF_NULL || vt_pdf_is_name(cfm, "None"))
		f->cipher = PDF_CIPHER_NONE;
	else
		return unsupported(err, VT_N_("an unknown crypt filter"));
	/* Each has the key that the version prescribes. */
	if (f->cipher != PDF_CIPHER_NONE &&
	    (f->cipher == PDF_AES256) != (c->version == 5))
		return unsupported(err,
		    VT_N_("a crypt filter of another version"));
	c->nfilters++;
	return VT_OK;
}

static int
filter_named(const struct pdf_crypt *c, const struct vt_pdf_obj *name,
    enum pdf_cipher *ret, struct vt_error *err)
{
	size_t i;

	*ret = PDF_CIPHER_NONE;
	if (name->type == VT_PDF_NULL || vt_pdf_is_name(name, "Identity"))
		return VT_OK;
	for (i = 0; i < c->nfilters; i++)
		if (vt_pdf_is_name(name, c->filters[i].name)) {
			*ret = c->filters[i].cipher;
			return VT_OK;
		}
	return unsupported(err, VT_N_("a crypt filter that is not there"));
}

static int
read_filters(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_crypt *c, struct vt_error *err)
{
	const struct vt_pdf_obj *cf, *streams, *strings, *files;
	size_t i;
	int rc;

	if (c->version < 4) {
		c->streams = c->strings = c->files = PDF_RC4;
		return VT_OK;
	}
	if ((rc = vt_pdf_lookup(pdf, dict, "CF", &cf, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "StmF", &streams, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "StrF", &strings, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "EFF", &files, err)) != VT_OK)
		return rc;
	if (cf->type == VT_PDF_DICT)
		for (i = 0; i < cf->u.dict.n; i++)
			if ((rc = filter_add(pdf, &cf->u.dict.entries[i], c,
				 err)) != VT_OK)
				return rc;
	if ((rc = filter_named(c, streams, &c->streams, err)) != VT_OK ||
	    (rc = filter_named(c, strings, &c->strings, err)) != VT_OK)
		return rc;
	c->files = c->streams;
	return files->type == VT_PDF_NULL
		   ? VT_OK
		   : filter_named(c, files, &c->files, err);
}

/*
 * A stream's own /Crypt filter, its first one (7.4.10), or what its type says
 * (7.6.6, Table 20; 7.6.4.2, /EncryptMetadata).
 */
int
vt_pdf_crypt_stream(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    const struct vt_pdf_obj *filter, const struct vt_pdf_obj *parms,
    enum pdf_cipher *ret, struct vt_error *err)
{
	const struct pdf_crypt *c = pdf->crypt;
	const struct vt_pdf_obj *v;
	int rc;

	*ret = PDF_CIPHER_NONE;
	if (c == NULL)
		return VT_OK;
	if (vt_pdf_is_name(filter, "Crypt")) {
		if ((rc = vt_pdf_lookup(pdf, parms, "Name", &v, err)) != VT_OK)
			return rc;
		return filter_named(c, v, ret, err);
	}
	if ((rc = vt_pdf_lookup(pdf, stream, "Type", &v, err)) != VT_OK)
		return rc;
	if (vt_pdf_is_name(v, "XRef") ||
	    (vt_pdf_is_name(v, "Metadata") && !c->metadata))
		return VT_OK;
	*ret = vt_pdf_is_name(v, "EmbeddedFile") ? c->files : c->streams;
	return VT_OK;
}

/* --- /Encrypt --- */

static int
read_versions(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_crypt *c, struct pdf_crypt_dict *d, struct vt_error *err)
{
	const struct vt_pdf_obj *filter;
	int64_t v, r, length, p;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "Filter", &filter, err)) != VT_OK ||
	    (rc = read_int(pdf, dict, "V", 0, &v, err)) != VT_OK ||
	    (rc = read_int(pdf, dict, "R", 0, &r, err)) != VT_OK ||
	    (rc = read_int(pdf, dict, "Length", 40, &length, err)) != VT_OK ||
	    (rc = read_int(pdf, dict, "P", 0, &p, err)) != VT_OK ||
	    (rc = read_bool(pdf, dict, "EncryptMetadata", true, &d->metadata,
		 err)) != VT_OK)
		return rc;
	if (!vt_pdf_is_name(filter, "Standard"))
		return unsupported(err,
		    VT_N_("not to a password, but to certificates"));
	if ((v != 1 && v != 2 && v != 4 && v != 5) || r < 2 || r > 6 ||
	    (v == 5) != (r >= 5) || (v == 4) != (r == 4))
		return unsupported(err, VT_N_("an unknown version"));
	if (length < 40 && length >= 5) /* some write bytes */
		length *= 8;
	if (v == 2 && (length < 40 || length > 128 || length % 8 != 0))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "/Length of /Encrypt makes no sense");
	c->version = (int)v;
	c->revision = d->revision = (int)r;
	/* A key of revision 2 has 40 bits, whatever /Length says. */
	d->nkey = v == 1 || r == 2 ? 5 : v == 4 ? 16 : (size_t)length / 8;
	d->permissions = (uint32_t)p; /* also where written unsigned */
	c->permissions = d->permissions;
	/* Before version 4 nothing says that metadata is left out. */
	d->metadata = d->metadata || v < 4;
	c->metadata = d->metadata;
	return VT_OK;
}

static int
read_strings(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_crypt_dict *d, struct vt_error *err)
{
	const struct vt_pdf_obj *id = vt_pdf_find(vt_pdf_trailer(pdf), "ID");
	int rc;

	d->id = VT_BYTES(NULL, 0);
	if (id != NULL && (rc = vt_pdf_resolve(pdf, id, &id, err)) != VT_OK)
		return rc;
	if (id != NULL && id->type == VT_PDF_ARRAY && id->u.array.n > 0 &&
	    id->u.array.items[0].type == VT_PDF_STRING)
		d->id = id->u.array.items[0].u.string;
	if ((rc = read_string(pdf, dict, "O", &d->o, err)) != VT_OK ||
	    (rc = read_string(pdf, dict, "U", &d->u, err)) != VT_OK ||
	    (rc = read_string(pdf, dict, "OE", &d->oe, err)) != VT_OK ||
	    (rc = read_string(pdf, dict, "UE", &d->ue, err)) != VT_OK)
		return rc;
	return read_string(pdf, dict, "Perms", &d->perms, err);
}

/* Older revisions take PDFDocEncoding (7.6.4.3.2); what has none, as it is. */
static int
find_key(const struct pdf_crypt_dict *d, struct vt_bytes password,
    struct pdf_crypt *c, bool *ret, struct vt_error *err)
{
	struct vt_buf doc;
	int rc;

	vt_buf_init(&doc, PDF_PASSWORD_MAX);
	*ret = false;
	if (d->revision < 5) {
		rc = vt_pdf_text_doc(password, &doc);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc == VT_OK)
			rc = vt_pdf_crypt_key(d, vt_buf_bytes(&doc), c, ret,
			    err);
		else
			rc = VT_OK;
		if (doc.data != NULL)
			OPENSSL_cleanse(doc.data, doc.cap);
		vt_buf_release(&doc);
		if (rc != VT_OK || *ret)
			return rc;
	}
	return vt_pdf_crypt_key(d, password, c, ret, err);
}

static int
open_dict(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_crypt *c, struct vt_error *err)
{
	struct vt_bytes password =
	    VT_BYTES(pdf->password.data, pdf->password.len);
	struct pdf_crypt_dict d = { 0 };
	bool opened;
	int rc;

	if ((rc = read_versions(pdf, dict, c, &d, err)) != VT_OK ||
	    (rc = read_filters(pdf, dict, c, err)) != VT_OK ||
	    (rc = read_strings(pdf, dict, &d, err)) != VT_OK ||
	    (rc = vt_pdf_evp_new(&c->evp, err)) != VT_OK ||
	    (rc = find_key(&d, password, c, &opened, err)) != VT_OK)
		return rc;
	/* Among many files some need none to be read. */
	if (!opened && password.len > 0) {
		rc = vt_pdf_crypt_key(&d, VT_BYTES(NULL, 0), c, &opened, err);
		if (rc != VT_OK)
			return rc;
	}
	/* /AuthEvent /EFOpen: only what is embedded needs the password. */
	c->keyless = !opened && c->streams == PDF_CIPHER_NONE &&
		     c->strings == PDF_CIPHER_NONE;
	if (opened || c->keyless)
		return VT_OK;
	if (password.len > 0)
		return vt_error_set(err, VT_EKEY, "ISO 32000-2, 7.6.4",
		    "the password does not open the document");
	return vt_error_set(err, VT_EKEY, "ISO 32000-2, 7.6.4",
	    "the document opens only with a password");
}

void
vt_pdf_crypt_free(struct pdf_crypt *c)
{
	if (c == NULL)
		return;
	vt_pdf_evp_release(&c->evp);
	OPENSSL_cleanse(c, sizeof(*c));
	free(c);
}

/*
 * A file that begins to be encrypted, or ends to, in a later revision would be
 * read by some with and by others without a key.
 */
static int
check_revisions(struct vt_pdf *pdf, const struct vt_pdf_obj *encrypt,
    struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	size_t i;

	for (i = 0; i < pdf->nrevisions; i++) {
		if (pdf->revisions[i].missing)
			continue;
		v = vt_pdf_find(pdf->revisions[i].trailer, "Encrypt");
		if (v == NULL || !vt_pdf_equal(v, encrypt))
			return vt_error_set(err, VT_EFORMAT, CLAUSE,
			    "not all revisions are encrypted in the same way");
	}
	return VT_OK;
}

static int
open_crypt(struct vt_pdf *pdf, const struct vt_pdf_obj *encrypt,
    struct vt_error *err)
{
	const struct vt_pdf_obj *dict;
	struct pdf_crypt *c = NULL;
	struct vt_pdf_ref ref;
	struct vt_pdf_xref x;
	int rc;

	if ((rc = check_revisions(pdf, encrypt, err)) != VT_OK ||
	    (rc = vt_pdf_resolve_ref(pdf, encrypt, &dict, &ref, err)) != VT_OK)
		return rc;
	if (dict->type != VT_PDF_DICT ||
	    (ref.num != 0 && (!vt_pdf_xref_find(pdf, ref.num, &x) ||
				 x.type != VT_PDF_IN_FILE)))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "/Encrypt is not a dictionary of the file's own");
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return vt_error_nomem(err);
	c->self = ref.num;
	if ((rc = open_dict(pdf, dict, c, err)) != VT_OK) {
		vt_pdf_crypt_free(c);
		return rc;
	}
	pdf->crypt = c;
	return VT_OK;
}

int
vt_pdf_crypt_open(struct vt_pdf *pdf, struct vt_error *err)
{
	static const struct vt_pdf_obj none = { .type = VT_PDF_NULL };
	const struct vt_pdf_obj *v =
	    vt_pdf_find(vt_pdf_trailer(pdf), "Encrypt");
	struct vt_error e = { 0 };
	int rc;

	if (!pdf->encrypted)
		return VT_OK;
	rc = open_crypt(pdf, v != NULL ? v : &none, &e);
	vt_pdf_rewind(pdf, 0); /* all that was read without a key */
	if (rc == VT_OK)
		return VT_OK;
	/* A password that is wrong is the caller's, not the file's, fault. */
	if (pdf->mode == VT_PDF_STRICT || rc == VT_ENOMEM || rc == VT_EIO ||
	    rc == VT_ECRYPTO || (rc == VT_EKEY && pdf->password.len > 0))
		return vt_pdf_pass(err, &e);
	if (rc == VT_EFORMAT)
		vt_pdf_note(pdf, true, VT_PDF_F_OTHER, UINT64_MAX, 0, CLAUSE,
		    "%s", e.text);
	return VT_OK;
}

bool
vt_pdf_encrypted(const struct vt_pdf *pdf)
{
	return pdf->encrypted;
}

bool
vt_pdf_locked(const struct vt_pdf *pdf)
{
	return pdf->encrypted && pdf->crypt == NULL;
}

/* 7.6.4.2, Table 22. */
bool
vt_pdf_permits(const struct vt_pdf *pdf, enum vt_pdf_permission what)
{
	const struct pdf_crypt *c = pdf->crypt;
	uint32_t p;

	if (c == NULL || c->owner)
		return true;
	p = c->permissions;
	switch (what) {
	case VT_PDF_FILL_FIELD:
		/* Revision 2 has no bit 9. */
		return (p & 1u << 5) != 0 ||
		       (c->revision >= 3 && (p & 1u << 8) != 0);
	case VT_PDF_ADD_FIELD:
		return (p & 1u << 5) != 0 && (p & 1u << 3) != 0;
	case VT_PDF_MODIFY:
		break;
	}
	return (p & 1u << 3) != 0;
}
