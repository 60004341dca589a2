/* test_verify_time_xml.c - levels and proven times of XAdES signatures
 *
 * The document is written in its canonical form, so that what is digested is
 * what stands there.
 */
#include "test_verify_time.h"

#include "vanthu/encode.h"
#include "vanthu/xsig.h"

#define DS "http://www.w3.org/2000/09/xmldsig#"
#define XA "http://uri.etsi.org/01903/v1.3.2#"
#define X141 "http://uri.etsi.org/01903/v1.4.1#"
#define EXC "http://www.w3.org/2001/10/xml-exc-c14n#"
#define SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"
#define HEAD "<a><b>x</b>"
#define TAIL "</a>"
#define METHOD "Algorithm=\"" SHA256 "\"></ds:DigestMethod>"

struct note {
	struct vt_buf head, properties; /* up to, and in, the unsigned ones */
};

#define NOTE_TAIL                                                              \
	"</xa:UnsignedSignatureProperties></xa:UnsignedProperties>"            \
	"</xa:QualifyingProperties></ds:Object></ds:Signature>" TAIL

static void
base64_put(struct vt_buf *out, struct vt_bytes b)
{
	char *text = malloc(VT_BASE64_LEN(b.len) + 1);

	assert_non_null(text);
	vt_base64(b, text);
	vt_buf_puts(out, text);
	free(text);
}

static void
digest_put(struct vt_buf *out, struct vt_bytes b)
{
	unsigned char md[VT_SHA256_LEN];

	assert_vt_ok(vt_sha256(b, md, NULL), NULL);
	base64_put(out, VT_BYTES(md, sizeof(md)));
}

static void
signed_properties(struct vt_buf *out, const struct party *p, const char *data)
{
	vt_buf_init(out, BUF_MAX);
	vt_buf_puts(out,
	    "<xa:SignedProperties xmlns:xa=\"" XA "\" Id=\"props\">"
	    "<xa:SignedSignatureProperties>"
	    "<xa:SigningTime>2026-01-02T10:04:05+07:00</xa:SigningTime>"
	    "<xa:SigningCertificateV2><xa:Cert><xa:CertDigest>"
	    "<ds:DigestMethod xmlns:ds=\"" DS "\" " METHOD
	    "<ds:DigestValue xmlns:ds=\"" DS "\">");
	digest_put(out, vt_cert_der(p->cert));
	vt_buf_puts(out,
	    "</ds:DigestValue></xa:CertDigest></xa:Cert>"
	    "</xa:SigningCertificateV2></xa:SignedSignatureProperties>");
	vt_buf_puts(out, data);
	vt_buf_puts(out, "</xa:SignedProperties>");
}

static void
signed_info(struct vt_buf *out, struct vt_bytes properties)
{
	vt_buf_init(out, BUF_MAX);
	vt_buf_puts(out,
	    "<ds:SignedInfo xmlns:ds=\"" DS "\"><ds:CanonicalizationMethod "
	    "Algorithm=\"" EXC "\"></ds:CanonicalizationMethod>"
	    "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/"
	    "xmldsig-more#rsa-sha256\"></ds:SignatureMethod>"
	    "<ds:Reference Id=\"r0\" URI=\"\"><ds:Transforms><ds:Transform "
	    "Algorithm=\"" DS "enveloped-signature\"></"
	    "ds:Transform><ds:Transform Algorithm=\"" EXC
	    "\"></ds:Transform></ds:Transforms><ds:DigestMethod " METHOD
	    "<ds:DigestValue>");
	digest_put(out, vt_bytes_str(HEAD TAIL));
	vt_buf_puts(out,
	    "</ds:DigestValue></ds:Reference><ds:Reference Id=\"rp\" Type=\""
	    "http://uri.etsi.org/01903#SignedProperties\" URI=\"#props\">"
	    "<ds:Transforms><ds:Transform Algorithm=\"" EXC "\"></ds:Transform>"
	    "</ds:Transforms><ds:DigestMethod " METHOD "<ds:DigestValue>");
	digest_put(out, properties);
	vt_buf_puts(out, "</ds:DigestValue></ds:Reference></ds:SignedInfo>");
}

static void
value_put(struct vt_buf *out, const struct party *p, struct vt_bytes info)
{
	unsigned char value[512];
	size_t n = sizeof(value);
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	assert_true(
	    EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, p->key) == 1 &&
	    EVP_DigestSign(c, value, &n, info.data, info.len) == 1);
	base64_put(out, VT_BYTES(value, n));
	EVP_MD_CTX_free(c);
}

/* DATA is what stands among the signed properties of the data objects. */
static void
note_new_with(struct note *n, const struct party *p, const char *data)
{
	struct vt_buf properties, info;

	vt_buf_init(&n->head, BUF_MAX);
	vt_buf_init(&n->properties, BUF_MAX);
	signed_properties(&properties, p, data);
	signed_info(&info, vt_buf_bytes(&properties));
	vt_buf_puts(&n->head,
	    HEAD "<ds:Signature xmlns:ds=\"" DS "\" Id=\"sig\">");
	vt_buf_bytes_put(&n->head, vt_buf_bytes(&info));
	vt_buf_puts(&n->head, "<ds:SignatureValue Id=\"value\">");
	value_put(&n->head, p, vt_buf_bytes(&info));
	vt_buf_puts(&n->head, "</ds:SignatureValue><ds:KeyInfo><ds:X509Data>"
			      "<ds:X509Certificate>");
	base64_put(&n->head, vt_cert_der(p->cert));
	vt_buf_puts(&n->head, "</ds:X509Certificate><ds:X509Certificate>");
	base64_put(&n->head, vt_cert_der(p->above));
	vt_buf_puts(&n->head,
	    "</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>"
	    "<xa:QualifyingProperties xmlns:xa=\"" XA "\" Target=\"#sig\">");
	vt_buf_bytes_put(&n->head, vt_buf_bytes(&properties));
	vt_buf_puts(&n->head,
	    "<xa:UnsignedProperties><xa:UnsignedSignatureProperties>");
	vt_buf_release(&properties);
	vt_buf_release(&info);
}

static void
note_new(struct note *n, const struct party *p)
{
	note_new_with(n, p, "");
}

static void
note_free(struct note *n)
{
	vt_buf_release(&n->head);
	vt_buf_release(&n->properties);
}

static void
note_put(const struct note *n, struct vt_bytes more, struct vt_buf *ret)
{
	vt_buf_init(ret, BUF_MAX);
	vt_buf_bytes_put(ret, vt_buf_bytes(&n->head));
	vt_buf_bytes_put(ret, vt_buf_bytes(&n->properties));
	vt_buf_bytes_put(ret, more);
	vt_buf_puts(ret, NOTE_TAIL);
}

/* What a stamp at the end, as OPENING begins it, must be over. */
static void
imprint_of(const struct note *n, const char *opening, const char *closing,
    struct vt_buf *ret)
{
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;
	struct vt_error err = { 0 };
	struct vt_buf more, text;

	vt_buf_init(&more, BUF_MAX);
	vt_buf_printf(&more, "%sMAA=%s", opening, closing);
	note_put(n, vt_buf_bytes(&more), &text);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	assert_vt_ok(vt_xsig_open(src, &xs, &err), &err);
	vt_buf_init(ret, BUF_MAX);
	assert_vt_ok(vt_xsig_stamp_imprint(xs, 0, vt_xsig_nstamps(xs, 0) - 1,
			 NULL, to_buf, ret, &err),
	    &err);
	vt_xsig_free(xs);
	vt_source_free(src);
	vt_buf_release(&more);
	vt_buf_release(&text);
}

static void
note_add(struct note *n, bool archive, struct stamp s, bool broken)
{
	const char *opening =
	    archive ? "<xb:ArchiveTimeStamp xmlns:xb=\"" X141 "\">"
		      "<xa:EncapsulatedTimeStamp>"
		    : "<xa:SignatureTimeStamp><xa:EncapsulatedTimeStamp>";
	const char *closing =
	    archive ? "</xa:EncapsulatedTimeStamp></xb:ArchiveTimeStamp>"
		    : "</xa:EncapsulatedTimeStamp></xa:SignatureTimeStamp>";
	struct vt_buf what, token;

	imprint_of(n, opening, closing, &what);
	if (broken)
		what.data[0] ^= 1;
	token_put(s, vt_buf_bytes(&what), &token);
	vt_buf_puts(&n->properties, opening);
	base64_put(&n->properties, vt_buf_bytes(&token));
	vt_buf_puts(&n->properties, closing);
	vt_buf_release(&what);
	vt_buf_release(&token);
}

static void
note_stamp(struct note *n, struct stamp s)
{
	note_add(n, false, s, false);
}

static void
note_archive(struct note *n, struct stamp s)
{
	note_add(n, true, s, false);
}

static void
note_values(struct note *n, const struct vt_crls *set)
{
	size_t i;

	vt_buf_puts(&n->properties, "<xa:RevocationValues><xa:CRLValues>");
	for (i = 0; i < set->n; i++) {
		vt_buf_puts(&n->properties, "<xa:EncapsulatedCRLValue>");
		base64_put(&n->properties, vt_crl_der(set->items[i]));
		vt_buf_puts(&n->properties, "</xa:EncapsulatedCRLValue>");
	}
	vt_buf_puts(&n->properties, "</xa:CRLValues></xa:RevocationValues>");
}

static void
expect_note(const struct world *w, const struct note *n, int64_t at,
    struct want want, const char *file, int line)
{
	struct vt_report *r;
	struct vt_buf text;

	note_put(n, VT_BYTES(NULL, 0), &text);
	r = judge_at(w, vt_buf_bytes(&text), at);
	assert_int_equal(r->nsignatures, 1);
	expect_signature(r, 0, want, file, line);
	assert_int_equal(r->verdict, want.verdict);
	vt_report_free(r);
	vt_buf_release(&text);
}

#define expect_xml(w, n, ...)                                                  \
	expect_note((w), (n), VT_TIME_NONE,                                    \
	    (struct want){ .verdict = __VA_ARGS__ }, __FILE__, __LINE__)

static struct party
rsa_person(const struct world *w, int64_t from, int64_t until)
{
	return party_new((struct spec){ .cn = "Signer",
	    .issuer = &w->ca,
	    .key = EVP_RSA_gen(2048),
	    .from = from,
	    .until = until,
	    .ext = { LEAF_EXT } });
}

static void
levels(void **state)
{
	struct vt_crls lists = { 0 };
	struct world w;
	struct note n;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), IN(1000)));
	set_list(&lists, &w.ca, AGO(1), IN(1));
	note_new(&n, &w.signer);
	expect_xml(&w, &n, VALID, "ok", "B", VT_TIME_NONE);
	note_stamp(&n, BY(&w.tsa, AGO(10)));
	expect_xml(&w, &n, VALID, "ok", "T", AGO(10), "ok");
	/* The CA's list alone is not all that is needed. */
	note_values(&n, &lists);
	expect_xml(&w, &n, VALID, "ok", "T", AGO(10), "ok");
	set_list(&lists, &w.root, AGO(1), IN(1));
	note_values(&n, &lists);
	expect_xml(&w, &n, VALID, "ok", "LT", AGO(10), "ok");
	note_archive(&n, BY(&w.tsa, AGO(5)));
	expect_xml(&w, &n, VALID, "ok", "LTA", AGO(10), "ok");
	note_free(&n);
	vt_crls_release(&lists);
	world_free(&w);
}

static void
an_expired_signer(void **state)
{
	struct world w;
	struct note n;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	note_new(&n, &w.signer);
	expect_xml(&w, &n, OPEN, "expired", "B", VT_TIME_NONE);
	note_stamp(&n, BY(&w.tsa, AGO(200)));
	expect_xml(&w, &n, VALID, "ok", "T", AGO(200), "ok");
	note_free(&n);
	note_new(&n, &w.signer);
	note_stamp(&n, BY(&w.tsa, AGO(99)));
	expect_xml(&w, &n, OPEN, "expired", "T", AGO(99), "ok");
	note_free(&n);
	/* Of something else: a forgery, also where one beside it holds. */
	note_new(&n, &w.signer);
	note_add(&n, false, BY(&w.tsa, AGO(200)), true);
	expect_xml(&w, &n, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	note_stamp(&n, BY(&w.tsa, AGO(150)));
	expect_xml(&w, &n, OPEN, "time-stamp-broken", "T", AGO(150));
	note_free(&n);
	/* By who may not; of tomorrow; by SHA-1. */
	note_new(&n, &w.signer);
	note_stamp(&n, BY(&w.signer, AGO(200)));
	expect_xml(&w, &n, OPEN, "expired", "T", VT_TIME_NONE, "wrong-usage");
	note_free(&n);
	note_new(&n, &w.signer);
	note_stamp(&n, BY(&w.tsa, IN(1)));
	expect_xml(&w, &n, OPEN, "time-stamp-order", "T", VT_TIME_NONE,
	    "time-stamp-order");
	note_free(&n);
	note_new(&n, &w.signer);
	note_stamp(&n,
	    (struct stamp){ .tsa = &w.tsa, AGO(200), .md = EVP_sha1() });
	expect_xml(&w, &n, OPEN, "expired", "T", VT_TIME_NONE,
	    "weak-algorithm");
	note_free(&n);
	world_free(&w);
}

static void
a_claim_in_the_wrong_zone(void **state)
{
	int64_t claim = 1767323045; /* 2026-01-02T10:04:05+07:00 */
	struct world w;
	struct note n;
	int i;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), IN(1000)));
	for (i = -1; i <= 1; i++) {
		note_new(&n, &w.signer);
		note_stamp(&n, BY(&w.tsa, claim + i * 7 * 3600));
		expect_xml(&w, &n, VALID, "ok", "T", claim + i * 7 * 3600, "ok",
		    i != 0);
		note_free(&n);
	}
	world_free(&w);
}

/* An archive time stamp shows that the one before it is older than its end. */
static void
renewed(void **state)
{
	struct party old;
	struct world w;
	struct note n;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), AGO(100)));
	old = authority(&w.ca, AGO(1000), AGO(50));
	store_list(&w, &w.ca, AGO(150), AGO(40));
	note_new(&n, &w.signer);
	note_stamp(&n, BY(&old, AGO(200)));
	expect_xml(&w, &n, OPEN, "expired", "T", VT_TIME_NONE, "expired");
	/* No lists came with it: it is not of a level above T. */
	note_archive(&n, BY(&w.tsa, AGO(60)));
	expect_xml(&w, &n, VALID, "ok", "T", AGO(200), "ok");
	note_free(&n);
	/* Too late. */
	note_new(&n, &w.signer);
	note_stamp(&n, BY(&old, AGO(200)));
	note_archive(&n, BY(&w.tsa, AGO(49)));
	expect_xml(&w, &n, OPEN, "expired", "T", AGO(49), "expired");
	note_free(&n);
	/* Older than what it is over. */
	note_new(&n, &w.signer);
	note_stamp(&n, BY(&w.tsa, AGO(200)));
	note_archive(&n, BY(&w.tsa, AGO(300)));
	expect_xml(&w, &n, OPEN, "time-stamp-order", "T", AGO(300),
	    "time-stamp-order");
	note_free(&n);
	party_free(&old);
	world_free(&w);
}

/*
 * Its CA ended 50 days ago; the lists count where they are proven older.  The
 * other CA's are only kept here, which is no level above T.
 */
static void
values_known_too_late(void **state)
{
	struct vt_crls lists = { 0 };
	struct party ca, old;
	struct world w;
	struct note n;
	int i;

	(void)state;
	world_init(&w);
	ca = ca_new("Old", &w.root, AGO(3000), AGO(50));
	add_cert(w.trust, &ca);
	store_list(&w, &w.root, AGO(70), AGO(40));
	old = w.ca;
	w.ca = ca;
	signer_is(&w, rsa_person(&w, AGO(1000), AGO(100)));
	w.ca = old;
	set_list(&lists, &ca, AGO(150), AGO(90));
	for (i = 0; i < 3; i++) {
		note_new(&n, &w.signer);
		note_stamp(&n, BY(&w.tsa, AGO(200)));
		if (i < 2)
			note_values(&n, &lists);
		note_archive(&n, BY(&w.tsa, i == 0 ? AGO(60) : AGO(49)));
		if (i == 2) /* behind what should prove them */
			note_values(&n, &lists);
		expect_xml(&w, &n, i == 0 ? VALID : OPEN,
		    i == 0 ? "ok" : "revocation-unknown", "T", AGO(200));
		note_free(&n);
	}
	vt_crls_release(&lists);
	party_free(&ca);
	world_free(&w);
}

#define OPENED_AS_PDF "<!--\n%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n-->"

static void
expect_named(const struct world *w, struct vt_bytes text, const char *name,
    enum vt_report_verdict want)
{
	const struct vt_verify_options opts = { .trust = w->trust,
		.at = VT_TIME_NONE };
	struct vt_report *r[2] = { NULL };
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	size_t i;

	assert_vt_ok(vt_source_bytes(text, &src, &err), &err);
	assert_vt_ok(vt_verify_source(src, name, &opts, &r[0], &err), &err);
	assert_vt_ok(vt_verify_confined(src, name, &opts, &r[1], &err), &err);
	for (i = 0; i < 2; i++) {
		assert_int_equal(r[i]->signatures[0].verdict, VALID);
		if (r[i]->verdict != want)
			fail_msg("%s: %s", name,
			    vt_report_verdict_name(r[i]->verdict));
		assert_string_equal(r[i]->reason,
		    want == VALID ? "ok" : "malformed");
		vt_report_free(r[i]);
	}
	vt_source_free(src);
}

/* Of another file it says nothing, whatever it is called. */
static void
what_is_not_of_the_content_that_is_named(void **state)
{
	struct vt_verify_options opts = { .at = VT_TIME_NONE };
	struct vt_report *r = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_buf text;
	struct world w;
	struct note n;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), IN(1000)));
	note_new(&n, &w.signer);
	note_put(&n, VT_BYTES(NULL, 0), &text);
	opts.trust = w.trust;
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	assert_vt_ok(vt_source_bytes(VT_BYTES_LIT("other"), &opts.content,
			 &err),
	    &err);
	assert_vt_ok(vt_verify_source(src, "a.p7s", &opts, &r, &err), &err);
	assert_int_equal(r->verdict, OPEN);
	assert_string_equal(r->reason, "signed-in-part");
	assert_non_null(strstr(r->detail, "held against"));
	vt_report_free(r);
	vt_source_free(opts.content);
	vt_source_free(src);
	vt_buf_release(&text);
	note_free(&n);
	world_free(&w);
}

/*
 * Comments are not signed: with one, the same XML is a PDF for whoever opens it
 * as that.
 */
static void
what_is_opened_as_something_else(void **state)
{
	static const char *const fine[] = { "", "x", "-", "a.xml", "a.pdf.xml",
		"pdf", "a.pdf/x", "a.pdfx", ".", "a..", "dir.pdf/a.xml",
		"a.svg" };
	static const char *const other[] = { "a.pdf", "A.PDF", "d/a.Pdf",
		"a.pdf.", "a.pdf . ", "a.docx", "a.html", ".pdf", "a.txt",
		"a.CSV", "a.json", "a.html>", "a.txt >> ", "a.txt\n",
		"a.csv\r\n\t" };
	struct vt_buf text, poly;
	struct world w;
	struct note n;
	size_t i;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), IN(1000)));
	note_new(&n, &w.signer);
	note_put(&n, VT_BYTES(NULL, 0), &text);
	for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		expect_named(&w, vt_buf_bytes(&text), fine[i], VALID);
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		expect_named(&w, vt_buf_bytes(&text), other[i], OPEN);
	vt_buf_init(&poly, BUF_MAX);
	vt_buf_puts(&poly, OPENED_AS_PDF);
	vt_buf_bytes_put(&poly, vt_buf_bytes(&text));
	expect_named(&w, vt_buf_bytes(&poly), "a.xml", OPEN);
	expect_named(&w, vt_buf_bytes(&poly), "-", OPEN);
	vt_buf_release(&poly);
	vt_buf_release(&text);
	note_free(&n);
	world_free(&w);
}

/* --- stamps of what was signed (EN 319 132-1, 5.2.8) --- */

#define ALL "AllDataObjectsTimeStamp"
#define EACH "IndividualDataObjectsTimeStamp"
#define INCLUDE(id)                                                            \
	"<xa:Include URI=\"#" id "\" referencedData=\"true\"></xa:Include>"

/* P signs behind a stamp KIND over WHAT, which includes INCLUDES. */
static void
note_new_behind(struct note *n, const struct party *p, const char *kind,
    const char *includes, struct stamp s, const char *what)
{
	struct vt_buf token, data;

	token_put(s, vt_bytes_str(what), &token);
	vt_buf_init(&data, BUF_MAX);
	vt_buf_printf(&data,
	    "<xa:SignedDataObjectProperties><xa:%s>%s"
	    "<xa:EncapsulatedTimeStamp>",
	    kind, includes);
	base64_put(&data, vt_buf_bytes(&token));
	vt_buf_printf(&data,
	    "</xa:EncapsulatedTimeStamp></xa:%s>"
	    "</xa:SignedDataObjectProperties>",
	    kind);
	note_new_with(n, p, vt_buf_str(&data));
	vt_buf_release(&data);
	vt_buf_release(&token);
}

static void
stamps_of_the_data(void **state)
{
#define DATA HEAD TAIL
	static const struct {
		const char *kind, *includes, *what, *stamp;
	} cases[] = {
		{ ALL, "", DATA, "ok" },
		{ EACH, INCLUDE("r0"), DATA, "ok" },
		{ EACH, INCLUDE("r0") INCLUDE("r0"), DATA DATA, "ok" },
		{ EACH,
		    "<xa:Include URI=\"#r0\" referencedData=\"1\">"
		    "</xa:Include>",
		    DATA, "ok" },
		{ ALL, "", HEAD " " TAIL, "time-stamp-broken" },
		{ EACH, INCLUDE("r0"), DATA DATA, "time-stamp-broken" },
		{ EACH, INCLUDE("r0"), "", "time-stamp-broken" },
		/* named otherwise than the standard has it */
		{ ALL, INCLUDE("r0"), DATA, "time-stamp-unknown" },
		{ EACH, "", DATA, "time-stamp-unknown" },
		{ EACH, INCLUDE("rp"), DATA, "time-stamp-unknown" },
		{ EACH, INCLUDE("sig"), DATA, "time-stamp-unknown" },
		{ EACH, INCLUDE("none"), DATA, "time-stamp-unknown" },
		{ EACH, INCLUDE("r0") INCLUDE("none"), DATA,
		    "time-stamp-unknown" },
		{ EACH, "<xa:Include URI=\"#r0\"></xa:Include>", DATA,
		    "time-stamp-unknown" },
		{ EACH,
		    "<xa:Include URI=\"#r0\" referencedData=\"false\">"
		    "</xa:Include>",
		    DATA, "time-stamp-unknown" },
	};
	struct world w;
	struct note n;
	size_t i;
	bool broken;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), IN(1000)));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		note_new_behind(&n, &w.signer, cases[i].kind, cases[i].includes,
		    BY(&w.tsa, AGO(10)), cases[i].what);
		broken = strcmp(cases[i].stamp, "time-stamp-broken") == 0;
		expect_xml(&w, &n, broken ? OPEN : VALID,
		    broken ? cases[i].stamp : "ok", "B", VT_TIME_NONE,
		    cases[i].stamp);
		note_free(&n);
	}
	world_free(&w);
#undef DATA
}

static void
stamps_of_the_data_come_first(void **state)
{
	static const char *const kinds[] = { ALL, EACH };
	static const char *const includes[] = { "", INCLUDE("r0") };
	struct world w;
	struct note n;
	size_t i;

	(void)state;
	world_init(&w);
	signer_is(&w, rsa_person(&w, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	for (i = 0; i < 2; i++) {
		/* no proof that the signature was there */
		note_new_behind(&n, &w.signer, kinds[i], includes[i],
		    BY(&w.tsa, AGO(110)), HEAD TAIL);
		expect_xml(&w, &n, OPEN, "expired", "B", VT_TIME_NONE, "ok");
		note_stamp(&n, BY(&w.tsa, AGO(105)));
		expect_xml(&w, &n, VALID, "ok", "T", AGO(105), "ok");
		note_stamp(&n, BY(&w.tsa, AGO(111)));
		expect_xml(&w, &n, OPEN, "time-stamp-order", "T", AGO(111),
		    "time-stamp-order");
		note_free(&n);
		note_new_behind(&n, &w.signer, kinds[i], includes[i],
		    BY(&w.tsa, AGO(99)), HEAD TAIL);
		expect_xml(&w, &n, INVALID, "signed-after-expiry", "B",
		    VT_TIME_NONE, "ok");
		note_free(&n);
	}
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_of_the_data),
		cmocka_unit_test(stamps_of_the_data_come_first),
		cmocka_unit_test(levels),
		cmocka_unit_test(what_is_opened_as_something_else),
		cmocka_unit_test(what_is_not_of_the_content_that_is_named),
		cmocka_unit_test(an_expired_signer),
		cmocka_unit_test(a_claim_in_the_wrong_zone),
		cmocka_unit_test(renewed),
		cmocka_unit_test(values_known_too_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
