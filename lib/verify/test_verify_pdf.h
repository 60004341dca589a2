/* test_verify_pdf.h - a PDF that is signed, stamped and completed by hand */
#ifndef TEST_VERIFY_PDF_H
#define TEST_VERIFY_PDF_H

#include "test_verify_time.h"

#define HOLE 16384 /* bytes of DER for which there is room */

struct paper {
	struct vt_buf b;
	size_t xref;   /* the last section */
	unsigned last; /* object number */
	size_t n;      /* signature fields */
	unsigned fields[32];
	char dss[32]; /* what the catalog says of it */
	size_t at[16];
	unsigned nums[16];
	size_t nat; /* objects of the revision that is being written */
	const struct vt_cert *above; /* of whoever signed last */
};

/* --- objects, and the table behind them --- */

static inline void
object_begin(struct paper *p, unsigned num)
{
	assert_true(p->nat < 16);
	p->nums[p->nat] = num;
	p->at[p->nat++] = p->b.len;
	vt_buf_printf(&p->b, "%u 0 obj\n", num);
	if (num > p->last)
		p->last = num;
}

static inline void
object_end(struct paper *p)
{
	vt_buf_puts(&p->b, "\nendobj\n");
}

static inline void
object(struct paper *p, unsigned num, const char *body)
{
	object_begin(p, num);
	vt_buf_puts(&p->b, body);
	object_end(p);
}

static inline void
revision_end(struct paper *p)
{
	size_t i, prev = p->xref;

	p->xref = p->b.len;
	vt_buf_puts(&p->b, "xref\n");
	if (prev == 0)
		vt_buf_puts(&p->b, "0 1\n0000000000 65535 f \n");
	for (i = 0; i < p->nat; i++)
		vt_buf_printf(&p->b, "%u 1\n%010zu 00000 n \n", p->nums[i],
		    p->at[i]);
	vt_buf_printf(&p->b, "trailer\n<</Size %u/Root 1 0 R", p->last + 1);
	if (prev != 0)
		vt_buf_printf(&p->b, "/Prev %zu", prev);
	assert_int_equal(vt_buf_printf(&p->b, ">>\nstartxref\n%zu\n%%%%EOF\n",
			     p->xref),
	    VT_OK);
	p->nat = 0;
}

static inline void
catalog(struct paper *p)
{
	object_begin(p, 1);
	vt_buf_printf(&p->b, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R%s>>",
	    p->dss);
	object_end(p);
}

/* The form and the page, with all the fields there are. */
static inline void
form(struct paper *p)
{
	int k;
	size_t i;

	for (k = 0; k < 2; k++) {
		object_begin(p, k == 0 ? 5 : 3);
		vt_buf_puts(&p->b,
		    k == 0 ? "<</SigFlags 3/Fields["
			   : "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
			     "/Contents 4 0 R/Annots[");
		for (i = 0; i < p->n; i++)
			vt_buf_printf(&p->b, "%u 0 R ", p->fields[i]);
		vt_buf_puts(&p->b, "]>>");
		object_end(p);
	}
}

static inline void
paper_new(struct paper *p)
{
	memset(p, 0, sizeof(*p));
	vt_buf_init(&p->b, BUF_MAX);
	vt_buf_puts(&p->b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	catalog(p);
	object(p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	object(p, 4, "<</Length 14>>\nstream\n0 0 m 10 10 l \nendstream");
	form(p);
	revision_end(p);
}

static inline void
paper_free(struct paper *p)
{
	vt_buf_release(&p->b);
}

/* What is drawn is something else from here on. */
static inline void
paper_redrawn(struct paper *p)
{
	object(p, 4, "<</Length 14>>\nstream\n0 0 m 99 99 l \nendstream");
	revision_end(p);
}

/* --- signatures and document time stamps --- */

/* The bytes before and behind the hole of the last signature. */
struct covered {
	struct vt_bytes head, tail;
};

/* A revision with one more field, whose value is a dictionary with KEYS. */
static inline struct covered
field_add(struct paper *p, const char *keys)
{
	unsigned value = p->last + 1, field = p->last + 2;
	size_t range, hole, end;
	char text[64];

	object_begin(p, value);
	vt_buf_printf(&p->b, "<<%s", keys);
	range = p->b.len;
	vt_buf_puts(&p->b,
	    "/ByteRange[0 0000000000 0000000000 0000000000]/Contents");
	hole = p->b.len;
	vt_buf_printf(&p->b, "<%0*d>>>", 2 * HOLE, 0);
	end = hole + 2 * HOLE + 2;
	object_end(p);
	object_begin(p, field);
	vt_buf_printf(&p->b,
	    "<</Type/Annot/Subtype/Widget/FT/Sig/T(F%zu)/Rect[0 0 0 0]/F 132"
	    "/P 3 0 R/V %u 0 R>>",
	    p->n, value);
	object_end(p);
	assert_true(p->n < 32);
	p->fields[p->n++] = field;
	form(p);
	revision_end(p);
	snprintf(text, sizeof(text), "/ByteRange[0 %010zu %010zu %010zu]", hole,
	    end, p->b.len - end);
	memcpy(p->b.data + range, text, strlen(text));
	return (struct covered){ VT_BYTES(p->b.data, hole),
		VT_BYTES(p->b.data + end, p->b.len - end) };
}

static inline void
hole_fill(struct paper *p, struct covered c, struct vt_bytes der)
{
	char hex[3];
	size_t i;

	assert_true(der.len <= HOLE);
	for (i = 0; i < der.len; i++) {
		snprintf(hex, sizeof(hex), "%02x", der.data[i]);
		memcpy(p->b.data + c.head.len + 1 + 2 * i, hex, 2);
	}
}

/* What a signature in a PDF may have beside the usual. */
struct pdf_how {
	int64_t m;            /* /M; VT_TIME_NONE: none */
	int64_t signing_time; /* 0: none, as it must be */
	struct stamp stamp;   /* within the signature; .tsa NULL: none */
	bool of_another;      /* it is not over this signature */
};

static inline void
paper_sign(struct paper *p, const struct party *who, struct pdf_how how)
{
	const struct vt_cms_sign s = {
		.signing_time =
		    how.signing_time != 0 ? how.signing_time : VT_TIME_NONE,
	};
	struct vt_signer *signer = signer_of(who);
	struct vt_cms_digest *d = NULL;
	struct vt_error err = { 0 };
	time_t m = (time_t)how.m;
	CMS_ContentInfo *cms;
	struct covered c;
	char keys[256], when[64] = "";
	struct vt_buf der;
	struct tm tm;

	if (how.m != VT_TIME_NONE)
		strftime(when, sizeof(when), "/M(D:%Y%m%d%H%M%SZ)",
		    gmtime_r(&m, &tm));
	snprintf(keys, sizeof(keys),
	    "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/%s%s",
	    how.signing_time != 0 ? "adbe.pkcs7.detached"
				  : "ETSI.CAdES.detached",
	    when);
	p->above = who->above;
	c = field_add(p, keys);
	assert_vt_ok(vt_cms_sign_digest(signer, &d, &err), &err);
	assert_vt_ok(vt_cms_digest_update(d, c.head, &err), &err);
	assert_vt_ok(vt_cms_digest_update(d, c.tail, &err), &err);
	vt_buf_init(&der, BUF_MAX);
	assert_vt_ok(vt_cms_sign(signer, &s, d, &der, &err), &err);
	if (how.stamp.tsa != NULL) {
		cms = cms_of(vt_buf_bytes(&der));
		vt_buf_release(&der);
		if (how.of_another)
			add_stamp_of(cms, 0, how.stamp, vt_bytes_str("other"));
		else
			add_stamp(cms, how.stamp);
		cms_put(cms, &der);
		CMS_ContentInfo_free(cms);
	}
	hole_fill(p, c, vt_buf_bytes(&der));
	vt_buf_release(&der);
	vt_cms_digest_free(d);
	vt_signer_free(signer);
}

#define DTS "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161"

/* A document time stamp; KEYS are DTS, or something odd. */
static inline void
paper_stamp_as(struct paper *p, struct stamp s, const char *keys, bool broken)
{
	struct covered c = field_add(p, keys);
	struct vt_buf all, token;

	vt_buf_init(&all, BUF_MAX);
	vt_buf_bytes_put(&all, c.head);
	vt_buf_bytes_put(&all, c.tail);
	if (broken)
		all.data[20] ^= 1;
	token_put(s, vt_buf_bytes(&all), &token);
	hole_fill(p, c, vt_buf_bytes(&token));
	vt_buf_release(&all);
	vt_buf_release(&token);
}

static inline void
paper_stamp(struct paper *p, struct stamp s)
{
	paper_stamp_as(p, s, DTS, false);
}

static inline void
dss_stream(struct paper *p, unsigned object, struct vt_bytes der)
{
	object_begin(p, object);
	vt_buf_printf(&p->b, "<</Length %zu>>\nstream\n", der.len);
	vt_buf_bytes_put(&p->b, der);
	vt_buf_puts(&p->b, "\nendstream");
	object_end(p);
}

/*
 * A revision with lists in a /DSS, and the certificate of the signer's issuer,
 * in place of one that was there.
 */
static inline void
paper_dss(struct paper *p, const struct vt_crls *set)
{
	unsigned above = p->last + 1, first = above + 1, dss;
	size_t i;

	dss_stream(p, above, vt_cert_der(p->above));
	for (i = 0; i < set->n; i++)
		dss_stream(p, first + (unsigned)i, vt_crl_der(set->items[i]));
	dss = p->last + 1;
	object_begin(p, dss);
	vt_buf_printf(&p->b, "<</Type/DSS/Certs[%u 0 R]/CRLs[", above);
	for (i = 0; i < set->n; i++)
		vt_buf_printf(&p->b, "%u 0 R ", first + (unsigned)i);
	vt_buf_puts(&p->b, "]>>");
	object_end(p);
	snprintf(p->dss, sizeof(p->dss), "/DSS %u 0 R", dss);
	catalog(p);
	revision_end(p);
}

/* --- what is expected --- */

static inline void
expect_paper(const struct world *w, const struct paper *p, int64_t at,
    enum vt_report_verdict verdict, const struct want *want, size_t n,
    const char *file, int line)
{
	struct vt_report *r = judge_at(w, vt_buf_bytes(&p->b), at);
	size_t i;

	if (r->nsignatures != n || r->verdict != verdict) {
		tell(r);
		print_error("%s, not %s; %zu signatures, not %zu\n",
		    vt_report_verdict_name(r->verdict),
		    vt_report_verdict_name(verdict), r->nsignatures, n);
		_fail(file, line);
	}
	for (i = 0; i < n; i++)
		expect_signature(r, i, want[i], file, line);
	vt_report_free(r);
}

/* The file, then each signature, are ... */
#define expect_pdf(w, p, at, verdict, ...)                                     \
	expect_paper((w), (p), (at), (verdict),                                \
	    (const struct want[]){ __VA_ARGS__ },                              \
	    sizeof((const struct want[]){ __VA_ARGS__ }) /                     \
		sizeof(struct want),                                           \
	    __FILE__, __LINE__)
#define WANT(...)                                                              \
	{                                                                      \
		.verdict = __VA_ARGS__                                         \
	}

#endif
