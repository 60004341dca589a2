/* pdf_seed.c - what a field says of how it is signed (12.7.5.5, Tables 235 ff.)
 */
#include <string.h>

#include "pdf_int.h"
#include "pdf_sign.h"

#define CLAUSE "ISO 32000-2, 12.7.5.5"
#define VERSION 3 /* of /V: PDF 2.0 */
#define VALUES_MAX 256

/* Bits of /Ff of the seed values; each makes an entry binding. */
#define BIT(n) (1 << ((n)-1))

struct seed {
	struct vt_pdf *pdf;
	const struct vt_pdf_sign *how;
	const char *field;
	const struct vt_pdf_obj *dict; /* the one that is being read */
	int64_t flags;
	struct vt_error *err;
};

static int
unmet(struct seed *s, const char *key)
{
	return vt_error_set(s->err, VT_EREFUSED, CLAUSE,
	    "field %s prescribes a /%s that this signature has not", s->field,
	    key);
}

static int
broken(struct seed *s, const char *key)
{
	return vt_error_set(s->err, VT_EFORMAT, CLAUSE,
	    "/%s of field %s cannot be understood", key, s->field);
}

/* DICT and its flags, of which KNOWN are all that there may be. */
static int
enter(struct seed *s, const struct vt_pdf_obj *dict, const char *key,
    int64_t known)
{
	const struct vt_pdf_obj *v;
	int rc;

	s->dict = dict;
	s->flags = 0;
	if (dict->type != VT_PDF_DICT)
		return broken(s, key);
	if ((rc = vt_pdf_lookup(s->pdf, dict, "Ff", &v, s->err)) != VT_OK)
		return rc;
	if (v->type == VT_PDF_INT)
		s->flags = v->u.integer;
	else if (v->type != VT_PDF_NULL)
		return broken(s, key);
	return (s->flags & ~known) != 0 ? broken(s, key) : VT_OK;
}

/* Is the value WORD, as name or text? */
static bool
is_word(const struct vt_pdf_obj *v, const char *word)
{
	return word != NULL && (vt_pdf_is_name(v, word) ||
				   (v->type == VT_PDF_STRING &&
				       vt_bytes_equal_str(v->u.string, word)));
}

typedef int fits_fn(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret);

/* One of the values under KEY, an array or one alone, fits. */
static int
any(struct seed *s, const char *key, fits_fn *fits, bool *ret)
{
	const struct vt_pdf_obj *v, *item;
	size_t i, n;
	int rc;

	*ret = false;
	if ((rc = vt_pdf_lookup(s->pdf, s->dict, key, &v, s->err)) != VT_OK)
		return rc;
	if (v->type != VT_PDF_ARRAY)
		return fits(s, key, v, ret);
	n = v->u.array.n < VALUES_MAX ? v->u.array.n : VALUES_MAX;
	for (i = 0; i < n && !*ret; i++)
		if ((rc = vt_pdf_resolve(s->pdf, &v->u.array.items[i], &item,
			 s->err)) != VT_OK ||
		    (rc = fits(s, key, item, ret)) != VT_OK)
			return rc;
	return VT_OK;
}

/* Where bit N is set, one of the values under KEY must fit. */
static int
demand(struct seed *s, int n, const char *key, fits_fn *fits)
{
	bool ok;
	int rc;

	if ((s->flags & BIT(n)) == 0)
		return VT_OK;
	if ((rc = any(s, key, fits, &ok)) != VT_OK)
		return rc;
	return ok ? VT_OK : unmet(s, key);
}

/* --- the signature --- */

static int
fits_filter(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret)
{
	(void)s;
	(void)key;
	*ret = is_word(v, "Adobe.PPKLite");
	return VT_OK;
}

static int
fits_subfilter(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret)
{
	(void)key;
	*ret = is_word(v,
	    s->how->timestamp ? "ETSI.RFC3161" : "ETSI.CAdES.detached");
	return VT_OK;
}

static int
fits_version(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret)
{
	(void)s;
	(void)key;
	*ret = v->type == VT_PDF_INT && v->u.integer <= VERSION;
	return VT_OK;
}

static int
fits_digest(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret)
{
	(void)key;
	*ret = is_word(v, s->how->digest);
	return VT_OK;
}

/* What only a certification, or another format, could do. */
static int
fits_none(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret)
{
	(void)s;
	(void)key;
	*ret = v->type == VT_PDF_NULL || is_word(v, "false") ||
	       is_word(v, "auto") || (v->type == VT_PDF_BOOL && !v->u.boolean);
	return VT_OK;
}

/* The reasons at LIST; *RET: one of them is what is given. */
static int
look_for_reason(struct seed *s, const struct vt_pdf_obj *list,
    struct vt_buf *first, bool *ret)
{
	const struct vt_pdf_obj *v;
	struct vt_buf text;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&text, VT_PDF_NAME_MAX);
	for (i = 0; i < list->u.array.n && i < VALUES_MAX && !*ret; i++) {
		rc =
		    vt_pdf_resolve(s->pdf, &list->u.array.items[i], &v, s->err);
		if (rc != VT_OK)
			break;
		vt_buf_reset(&text);
		if (v->type != VT_PDF_STRING ||
		    vt_pdf_text(v->u.string, &text) != VT_OK ||
		    (i == 0 &&
			vt_buf_put(first, text.data, text.len) != VT_OK)) {
			rc = broken(s, "Reasons");
			break;
		}
		*ret = s->how->reason != NULL &&
		       strcmp(vt_buf_str(&text), s->how->reason) == 0;
	}
	vt_buf_release(&text);
	return rc;
}

/*
 * "." alone, or nothing: there must be no reason.  Else whoever signs gives it,
 * even where there is only one: it is his word, not the document's.
 */
static int
check_reasons(struct seed *s)
{
	const struct vt_pdf_obj *list;
	struct vt_buf first;
	bool none, found = false;
	int rc;

	if ((s->flags & BIT(4)) == 0)
		return VT_OK;
	if ((rc = vt_pdf_lookup(s->pdf, s->dict, "Reasons", &list, s->err)) !=
	    VT_OK)
		return rc;
	if (list->type != VT_PDF_ARRAY && list->type != VT_PDF_NULL)
		return broken(s, "Reasons");
	vt_buf_init(&first, VT_PDF_NAME_MAX);
	none = list->type == VT_PDF_NULL || list->u.array.n == 0;
	if (!none)
		rc = look_for_reason(s, list, &first, &found);
	if (rc == VT_OK && !none && list->u.array.n == 1)
		none = strcmp(vt_buf_str(&first), ".") == 0;
	if (rc == VT_OK && none && s->how->reason != NULL)
		rc = unmet(s, "Reasons");
	else if (rc == VT_OK && !none && s->how->reason == NULL)
		rc = vt_error_set(s->err, VT_EREFUSED, CLAUSE,
		    "field %s asks for a reason, such as \"%s\"; --reason "
		    "gives it",
		    s->field, vt_buf_str(&first));
	else if (rc == VT_OK && !none && !found)
		rc = unmet(s, "Reasons");
	vt_buf_release(&first);
	return rc;
}

/* Table 238: none says that it must be a certification, P 0 that it must not.
 */
static int
check_mdp(struct seed *s)
{
	const struct vt_pdf_obj *mdp, *p;
	int rc;

	if ((rc = vt_pdf_lookup(s->pdf, s->dict, "MDP", &mdp, s->err)) !=
		VT_OK ||
	    mdp->type == VT_PDF_NULL)
		return rc;
	if (mdp->type != VT_PDF_DICT)
		return broken(s, "MDP");
	if ((rc = vt_pdf_lookup(s->pdf, mdp, "P", &p, s->err)) != VT_OK)
		return rc;
	if (p->type != VT_PDF_INT || p->u.integer < 0 || p->u.integer > 3)
		return broken(s, "MDP");
	return p->u.integer == 0 ? VT_OK : unmet(s, "MDP");
}

/* Table 239. */
static int
check_timestamp(struct seed *s)
{
	const struct vt_pdf_obj *stamp, *ff;
	int rc;

	if ((rc = vt_pdf_lookup(s->pdf, s->dict, "TimeStamp", &stamp,
		 s->err)) != VT_OK ||
	    stamp->type == VT_PDF_NULL)
		return rc;
	if (stamp->type != VT_PDF_DICT)
		return broken(s, "TimeStamp");
	if ((rc = vt_pdf_lookup(s->pdf, stamp, "Ff", &ff, s->err)) != VT_OK)
		return rc;
	if (ff->type != VT_PDF_NULL &&
	    (ff->type != VT_PDF_INT || ff->u.integer < 0 || ff->u.integer > 1))
		return broken(s, "TimeStamp");
	if (ff->type == VT_PDF_NULL || ff->u.integer == 0 || s->how->stamped)
		return VT_OK;
	return vt_error_set(s->err, VT_EREFUSED, CLAUSE,
	    "field %s asks for a time stamp, which level T has", s->field);
}

/* --- the certificate --- */

static int
fits_cert(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret)
{
	*ret = v->type == VT_PDF_STRING && s->how->cert != NULL &&
	       s->how->cert(s->how->cert_ctx, key, NULL, v->u.string);
	return VT_OK;
}

/* All attributes of one name in /SubjectDN. */
static int
fits_name(struct seed *s, const char *key, const struct vt_pdf_obj *v,
    bool *ret)
{
	const struct vt_pdf_obj *part;
	char name[64];
	struct vt_buf text;
	size_t i;
	int rc = VT_OK;

	*ret = v->type == VT_PDF_DICT && s->how->cert != NULL;
	if (!*ret)
		return VT_OK;
	vt_buf_init(&text, VT_PDF_NAME_MAX);
	for (i = 0; i < v->u.dict.n && *ret; i++) {
		rc = vt_pdf_resolve(s->pdf, &v->u.dict.entries[i].value, &part,
		    s->err);
		if (rc != VT_OK)
			break;
		vt_buf_reset(&text);
		*ret = v->u.dict.entries[i].key.len < sizeof(name) &&
		       part->type == VT_PDF_STRING &&
		       vt_pdf_text(part->u.string, &text) == VT_OK;
		if (!*ret)
			break;
		snprintf(name, sizeof(name), "%.*s",
		    (int)v->u.dict.entries[i].key.len,
		    (const char *)v->u.dict.entries[i].key.data);
		*ret = s->how->cert(s->how->cert_ctx, key, name,
		    vt_buf_bytes(&text));
	}
	vt_buf_release(&text);
	return rc;
}

/* Table 236; a constraint that is not set is advice. */
static int
check_cert(struct seed *s)
{
	const struct vt_pdf_obj *cert;
	int rc;

	if ((rc = vt_pdf_lookup(s->pdf, s->dict, "Cert", &cert, s->err)) !=
		VT_OK ||
	    cert->type == VT_PDF_NULL)
		return rc;
	if ((rc = enter(s, cert, "Cert", 0x7f & ~BIT(5))) != VT_OK ||
	    (rc = demand(s, 1, "Subject", fits_cert)) != VT_OK ||
	    (rc = demand(s, 2, "Issuer", fits_cert)) != VT_OK ||
	    (rc = demand(s, 3, "OID", fits_cert)) != VT_OK ||
	    (rc = demand(s, 4, "SubjectDN", fits_name)) != VT_OK ||
	    (rc = demand(s, 6, "KeyUsage", fits_cert)) != VT_OK)
		return rc;
	return demand(s, 7, "URL", fits_none);
}

int
vt_pdf_seed_check(struct vt_pdf *pdf, const struct vt_pdf_obj *field,
    const char *name, const struct vt_pdf_sign *how, struct vt_error *err)
{
	struct seed s = { .pdf = pdf, .how = how, .field = name, .err = err };
	const struct vt_pdf_obj *sv;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, field, "SV", &sv, err)) != VT_OK ||
	    sv->type == VT_PDF_NULL)
		return rc;
	if ((rc = enter(&s, sv, "SV", 0x1ff)) != VT_OK ||
	    (rc = demand(&s, 1, "Filter", fits_filter)) != VT_OK ||
	    (rc = demand(&s, 2, "SubFilter", fits_subfilter)) != VT_OK ||
	    (rc = demand(&s, 3, "V", fits_version)) != VT_OK ||
	    (rc = check_reasons(&s)) != VT_OK ||
	    (rc = demand(&s, 5, "LegalAttestation", fits_none)) != VT_OK ||
	    (rc = demand(&s, 6, "AddRevInfo", fits_none)) != VT_OK ||
	    (rc = demand(&s, 7, "DigestMethod", fits_digest)) != VT_OK ||
	    (rc = demand(&s, 8, "LockDocument", fits_none)) != VT_OK ||
	    (rc = demand(&s, 9, "AppearanceFilter", fits_none)) != VT_OK ||
	    (rc = check_mdp(&s)) != VT_OK ||
	    (rc = check_timestamp(&s)) != VT_OK)
		return rc;
	return check_cert(&s);
}

int
vt_pdf_lock_check(struct vt_pdf *pdf, const struct vt_pdf_obj *field,
    const char *name, struct vt_error *err)
{
	struct seed s = { .pdf = pdf, .field = name, .err = err };
	const struct vt_pdf_obj *lock, *action, *fields, *p, *v;
	size_t i;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, field, "Lock", &lock, err)) != VT_OK ||
	    lock->type == VT_PDF_NULL)
		return rc;
	if ((rc = vt_pdf_lookup(pdf, lock, "Action", &action, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, lock, "Fields", &fields, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, lock, "P", &p, err)) != VT_OK)
		return rc;
	if (lock->type != VT_PDF_DICT ||
	    (p->type != VT_PDF_NULL &&
		(p->type != VT_PDF_INT || p->u.integer < 1 ||
		    p->u.integer > 3)))
		return broken(&s, "Lock");
	if (vt_pdf_is_name(action, "All"))
		return VT_OK;
	if ((!vt_pdf_is_name(action, "Include") &&
		!vt_pdf_is_name(action, "Exclude")) ||
	    fields->type != VT_PDF_ARRAY)
		return broken(&s, "Lock");
	for (i = 0; i < fields->u.array.n; i++) {
		rc = vt_pdf_resolve(pdf, &fields->u.array.items[i], &v, err);
		if (rc != VT_OK)
			return rc;
		if (v->type != VT_PDF_STRING)
			return broken(&s, "Lock");
	}
	return VT_OK;
}

static int
put_names(struct vt_buf *b, const struct vt_list *names)
{
	size_t i;
	int rc = vt_buf_puts(b, "/Fields[");

	for (i = 0; i < names->n && rc == VT_OK; i++)
		rc = vt_pdf_text_put(b, names->items[i]);
	return rc == VT_OK ? vt_buf_puts(b, "]") : rc;
}

int
vt_pdf_lock_put(struct vt_buf *b, const struct vt_pdf_field_lock *lock,
    struct vt_pdf_ref catalog)
{
	static const char *const actions[] = {
		[VT_PDF_LOCK_ALL] = "All",
		[VT_PDF_LOCK_INCLUDE] = "Include",
		[VT_PDF_LOCK_EXCLUDE] = "Exclude",
	};
	int rc;

	if (lock == NULL || lock->action == VT_PDF_LOCK_NONE)
		return VT_OK;
	rc = vt_buf_printf(b,
	    "/Reference[<</Type/SigRef/TransformMethod/FieldMDP/Data %u %u R"
	    "/TransformParams<</Type/TransformParams/V/1.2/Action/%s",
	    catalog.num, catalog.gen, actions[lock->action]);
	if (rc == VT_OK && lock->action != VT_PDF_LOCK_ALL)
		rc = put_names(b, &lock->names);
	return rc == VT_OK ? vt_buf_puts(b, ">>>>]") : rc;
}
