/* pdf_dss.c - the document security store (ISO 32000-2, 12.8.4.3) */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"
#include "vanthu/pdf_dss.h"
#include "vanthu/time.h"

struct reading {
	struct vt_pdf *pdf;
	struct vt_pdf_dss *dss;
	size_t bytes; /* decoded until now */
	size_t refs;  /* of all entries of /VRI */
	/* Where in the items each is, ascending by kind and number. */
	size_t sorted[VT_PDF_DSS_ITEMS_MAX];
	/* The same of the entries, until no item moves any more. */
	size_t vri[VT_PDF_VRI_REFS_MAX];
};

/* Damage is counted; what ends the work is passed on. */
static int
count(struct reading *r, const struct vt_error *e, struct vt_error *err)
{
	if (e->code == VT_ENOMEM || e->code == VT_EIO)
		return vt_pdf_pass(err, e);
	if (e->code == VT_ELIMIT)
		r->dss->cut = true;
	r->dss->unreadable++;
	return VT_OK;
}

/* KEY of DICT, resolved; VT_PDF_NULL where it cannot be read. */
static int
look(struct reading *r, const struct vt_pdf_obj *dict, const char *key,
    const struct vt_pdf_obj **ret, struct vt_error *err)
{
	static const struct vt_pdf_obj none = { .type = VT_PDF_NULL };
	struct vt_error e = { 0 };

	*ret = &none;
	return vt_pdf_lookup(r->pdf, dict, key, ret, &e) == VT_OK
		   ? VT_OK
		   : count(r, &e, err);
}

static int
stream_bytes(struct reading *r, const struct vt_pdf_obj *stream,
    unsigned char **ret, size_t *ret_len, struct vt_error *err)
{
	struct vt_error e = { 0 };
	struct vt_buf buf;
	int rc;

	vt_buf_init(&buf, VT_PDF_DSS_BYTES_MAX - r->bytes);
	rc = vt_pdf_stream_data(r->pdf, stream, &buf, &e);
	if (rc == VT_OK && buf.len > 0) {
		r->bytes += buf.len;
		*ret = vt_buf_take(&buf, ret_len);
	}
	vt_buf_release(&buf);
	return rc == VT_OK ? VT_OK : count(r, &e, err);
}

static size_t
place(const struct reading *r, enum vt_pdf_dss_kind kind, struct vt_pdf_ref ref,
    bool *ret_found)
{
	size_t low = 0, high = r->dss->n, mid;
	const struct vt_pdf_dss_item *it;

	while (low < high) {
		mid = low + (high - low) / 2;
		it = &r->dss->items[r->sorted[mid]];
		if (it->kind < kind ||
		    (it->kind == kind && it->ref.num < ref.num))
			low = mid + 1;
		else
			high = mid;
	}
	it = low < r->dss->n ? &r->dss->items[r->sorted[low]] : NULL;
	*ret_found = it != NULL && it->kind == kind && it->ref.num == ref.num;
	return low;
}

static int
append(struct reading *r, size_t at, enum vt_pdf_dss_kind kind,
    struct vt_pdf_ref ref, const struct vt_pdf_obj *stream,
    struct vt_error *err)
{
	struct vt_pdf_dss *dss = r->dss;
	struct vt_pdf_dss_item *more;
	unsigned char *der = NULL;
	size_t len = 0;
	int rc;

	if ((rc = stream_bytes(r, stream, &der, &len, err)) != VT_OK ||
	    len == 0)
		return rc;
	if ((dss->n & (dss->n - 1)) == 0) { /* room for twice as many */
		more = realloc(dss->items,
		    (dss->n == 0 ? 1 : 2 * dss->n) * sizeof(*more));
		if (more == NULL) {
			free(der);
			return vt_error_nomem(err);
		}
		dss->items = more;
	}
	memmove(&r->sorted[at + 1], &r->sorted[at],
	    (dss->n - at) * sizeof(r->sorted[0]));
	r->sorted[at] = dss->n;
	dss->items[dss->n++] = (struct vt_pdf_dss_item){ kind, ref, der, len };
	return VT_OK;
}

/* The item for one entry of an array; *RET is SIZE_MAX where there is none. */
static int
item(struct reading *r, enum vt_pdf_dss_kind kind,
    const struct vt_pdf_obj *entry, size_t *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *stream;
	struct vt_error e = { 0 };
	struct vt_pdf_ref ref;
	bool found;
	size_t at, n = r->dss->n;
	int rc;

	*ret = SIZE_MAX;
	if (entry->type == VT_PDF_REF) {
		at = place(r, kind, entry->u.ref, &found);
		if (found) {
			*ret = r->sorted[at];
			return VT_OK;
		}
	}
	if (vt_pdf_resolve_ref(r->pdf, entry, &stream, &ref, &e) != VT_OK)
		return count(r, &e, err);
	if (stream->type != VT_PDF_STREAM) {
		r->dss->unreadable++;
		return VT_OK;
	}
	if (n == VT_PDF_DSS_ITEMS_MAX) {
		r->dss->cut = true;
		return VT_OK;
	}
	at = place(r, kind, ref, &found);
	if (!found && (rc = append(r, at, kind, ref, stream, err)) != VT_OK)
		return rc;
	if (found || r->dss->n > n)
		*ret = r->sorted[at];
	return VT_OK;
}

/* The array under KEY; the items go into VRI too, where that is not NULL. */
static int
array(struct reading *r, const struct vt_pdf_obj *dict, const char *key,
    enum vt_pdf_dss_kind kind, struct vt_pdf_vri *vri, struct vt_error *err)
{
	const struct vt_pdf_obj *list;
	size_t i, at, mark = vt_pdf_mark(r->pdf), inner;
	int rc;

	rc = look(r, dict, key, &list, err);
	if (rc == VT_OK && list->type != VT_PDF_ARRAY) {
		r->dss->unreadable += list->type != VT_PDF_NULL;
		list = NULL;
	}
	for (i = 0; rc == VT_OK && list != NULL && i < list->u.array.n; i++) {
		if (r->dss->cut)
			break;
		inner = vt_pdf_mark(r->pdf);
		rc = item(r, kind, &list->u.array.items[i], &at, err);
		vt_pdf_rewind(r->pdf, inner);
		if (rc != VT_OK || vri == NULL || at == SIZE_MAX)
			continue;
		if (r->refs == VT_PDF_VRI_REFS_MAX) {
			r->dss->cut = true;
			break;
		}
		r->vri[r->refs++] = at;
		vri->n++;
	}
	vt_pdf_rewind(r->pdf, mark);
	return rc;
}

/* /TU and /TS of an entry. */
static int
vri_time(struct reading *r, const struct vt_pdf_obj *dict,
    struct vt_pdf_vri *vri, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	int rc;

	if ((rc = look(r, dict, "TU", &v, err)) != VT_OK)
		return rc;
	if (v->type == VT_PDF_STRING &&
	    !vt_pdf_date_parse(v->u.string, &vri->made))
		vri->made = VT_TIME_NONE;
	if ((rc = look(r, dict, "TS", &v, err)) != VT_OK)
		return rc;
	return v->type == VT_PDF_STREAM
		   ? stream_bytes(r, v, &vri->ts, &vri->ts_len, err)
		   : VT_OK;
}

static int
vri_entry(struct reading *r, const struct vt_pdf_entry *e,
    struct vt_pdf_vri *vri, struct vt_error *err)
{
	const struct vt_pdf_obj *dict;
	struct vt_error why = { 0 };
	struct vt_buf name;
	int rc;

	memset(vri, 0, sizeof(*vri));
	vri->made = VT_TIME_NONE;
	r->dss->nvri++;
	vt_buf_init(&name, VT_PDF_OBJECT_MAX);
	if ((rc = vt_pdf_put_name(&name, e->key)) == VT_OK)
		rc = vt_buf_putc(&name, '\0');
	vri->name = (char *)vt_buf_take(&name, NULL);
	if (rc != VT_OK)
		return vt_pdf_buf_error(rc, err);
	if (vt_pdf_resolve(r->pdf, &e->value, &dict, &why) != VT_OK)
		return count(r, &why, err);
	if ((rc = array(r, dict, "Cert", VT_PDF_DSS_CERT, vri, err)) != VT_OK ||
	    (rc = array(r, dict, "CRL", VT_PDF_DSS_CRL, vri, err)) != VT_OK ||
	    (rc = array(r, dict, "OCSP", VT_PDF_DSS_OCSP, vri, err)) != VT_OK)
		return rc;
	return vri_time(r, dict, vri, err);
}

/* Items were counted through; now that none moves, point at them. */
static int
vri_point(struct reading *r, struct vt_error *err)
{
	struct vt_pdf_dss *dss = r->dss;
	size_t i, k, at = 0;

	for (i = 0; i < dss->nvri; i++) {
		if (dss->vri[i].n == 0)
			continue;
		dss->vri[i].items =
		    calloc(dss->vri[i].n, sizeof(*dss->vri[i].items));
		if (dss->vri[i].items == NULL)
			return vt_error_nomem(err);
		for (k = 0; k < dss->vri[i].n; k++)
			dss->vri[i].items[k] = &dss->items[r->vri[at++]];
	}
	return VT_OK;
}

static int
vri_read(struct reading *r, const struct vt_pdf_obj *dss, struct vt_error *err)
{
	const struct vt_pdf_obj *all;
	size_t i, n, mark;
	int rc;

	if ((rc = look(r, dss, "VRI", &all, err)) != VT_OK)
		return rc;
	if (all->type != VT_PDF_DICT || all->u.dict.n == 0) {
		r->dss->unreadable +=
		    all->type != VT_PDF_NULL && all->type != VT_PDF_DICT;
		return VT_OK;
	}
	n = all->u.dict.n;
	if (n > VT_PDF_VRI_MAX) {
		n = VT_PDF_VRI_MAX;
		r->dss->cut = true;
	}
	if ((r->dss->vri = calloc(n, sizeof(*r->dss->vri))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < n && rc == VT_OK; i++) {
		mark = vt_pdf_mark(r->pdf);
		rc =
		    vri_entry(r, &all->u.dict.entries[i], &r->dss->vri[i], err);
		vt_pdf_rewind(r->pdf, mark);
	}
	return rc == VT_OK ? vri_point(r, err) : rc;
}

static int
read_all(struct reading *r, struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *dss;
	struct vt_error e = { 0 };
	int rc;

	if (vt_pdf_catalog(r->pdf, &catalog, NULL, &e) != VT_OK)
		return count(r, &e, err);
	if ((rc = look(r, catalog, "DSS", &dss, err)) != VT_OK ||
	    dss->type != VT_PDF_DICT)
		return rc;
	r->dss->present = true;
	if ((rc = array(r, dss, "Certs", VT_PDF_DSS_CERT, NULL, err)) !=
		VT_OK ||
	    (rc = array(r, dss, "CRLs", VT_PDF_DSS_CRL, NULL, err)) != VT_OK ||
	    (rc = array(r, dss, "OCSPs", VT_PDF_DSS_OCSP, NULL, err)) != VT_OK)
		return rc;
	return vri_read(r, dss, err);
}

int
vt_pdf_dss_read(struct vt_pdf *pdf, struct vt_pdf_dss *ret,
    struct vt_error *err)
{
	struct vt_pdf_dss dss = { 0 };
	size_t mark = vt_pdf_mark(pdf);
	struct reading *r;
	int rc;

	if ((r = malloc(sizeof(*r))) == NULL)
		return vt_error_nomem(err);
	r->pdf = pdf; /* the arrays are set when used */
	r->dss = &dss;
	r->bytes = r->refs = 0;
	rc = read_all(r, err);
	vt_pdf_rewind(pdf, mark);
	free(r);
	if (rc == VT_OK)
		*ret = dss;
	else
		vt_pdf_dss_release(&dss);
	return rc;
}

int
vt_pdf_signed_dss(struct vt_pdf_signed *s, size_t i, struct vt_pdf_dss *ret,
    struct vt_error *err)
{
	const struct vt_pdf_signature *sig = &s->items[i].pub;
	struct vt_error why = { 0 };
	struct vt_pdf *state = NULL;
	int rc;

	memset(ret, 0, sizeof(*ret));
	if (sig->covers == VT_PDF_COVERS_PART)
		return VT_OK;
	rc = vt_pdf_signed_state(s, sig->end, &state, &why, err);
	if (rc == VT_OK && state != NULL)
		rc = vt_pdf_dss_read(state, ret, err);
	return rc;
}

void
vt_pdf_dss_release(struct vt_pdf_dss *dss)
{
	size_t i;

	for (i = 0; i < dss->n; i++)
		free(dss->items[i].der);
	for (i = 0; i < dss->nvri; i++) {
		free(dss->vri[i].name);
		free(dss->vri[i].items);
		free(dss->vri[i].ts);
	}
	free(dss->items);
	free(dss->vri);
	memset(dss, 0, sizeof(*dss));
}
