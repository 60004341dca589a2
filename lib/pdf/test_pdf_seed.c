/* test_pdf_seed.c - what a field prescribes: ISO 32000-2, 12.7.5.5 */
#include "test_pdf_signing.h"

#define CLAUSE "ISO 32000-2, 12.7.5.5"

static void
build_fields(struct build *p, const char *keys)
{
	char text[1024];

	build_begin(p, "");
	build_page(p);
	build_object(p, 1,
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]>>>>");
	snprintf(text, sizeof(text), "<</FT/Sig/T(f)%s>>", keys);
	build_object(p, 5, text);
	build_object(p, 6, "<</FT/Sig/T(other)>>");
	build_table(p, 0, 6, "/Root 1 0 R");
}

/* "DER" is what the certificate of this test is, "ABOVE" what issued it. */
static bool
cert_of(void *ctx, const char *key, const char *name, struct vt_bytes value)
{
	(void)ctx;
	if (strcmp(key, "Subject") == 0)
		return vt_bytes_equal_str(value, "DER");
	if (strcmp(key, "Issuer") == 0)
		return vt_bytes_equal_str(value, "ABOVE");
	if (strcmp(key, "KeyUsage") == 0)
		return vt_bytes_equal_str(value, "X1");
	if (strcmp(key, "SubjectDN") == 0)
		return (strcmp(name, "CN") == 0 &&
			   vt_bytes_equal_str(value, "Nguyễn A")) ||
		       (strcmp(name, "O") == 0 &&
			   vt_bytes_equal_str(value, "UBND"));
	return false;
}

static struct vt_pdf_sign
plan(void)
{
	return (struct vt_pdf_sign){ .field = "f",
		.when = VT_TIME_NONE,
		.hole = DUMMY_HOLE,
		.digest = "SHA256",
		.cert = cert_of };
}

static void
seeds(void **state)
{
	static const struct {
		const char *seeds;
		const char *unmet; /* NULL: it is signed */
		enum vt_code code;
	} cases[] = {
		{ "", NULL, 0 },
		/* advice */
		{ "/Ff 0/Filter/X/SubFilter[/Y]/V 9/DigestMethod[(MD5)]", NULL,
		    0 },
		{ "/Ff 1/Filter/Adobe.PPKLite", NULL, 0 },
		{ "/Ff 1/Filter/X", "/Filter", VT_EREFUSED },
		{ "/Ff 1", "/Filter", VT_EREFUSED },
		{ "/Ff 2/SubFilter[/adbe.pkcs7.detached/ETSI.CAdES.detached]",
		    NULL, 0 },
		{ "/Ff 2/SubFilter[/adbe.pkcs7.detached]", "/SubFilter",
		    VT_EREFUSED },
		{ "/Ff 4/V 3", NULL, 0 },
		{ "/Ff 4/V 4", "/V", VT_EREFUSED },
		{ "/Ff 64/DigestMethod[(SHA512)(SHA256)]", NULL, 0 },
		{ "/Ff 64/DigestMethod[(SHA512)]", "/DigestMethod",
		    VT_EREFUSED },
		{ "/Ff 16/LegalAttestation[(x)]", "/LegalAttestation",
		    VT_EREFUSED },
		{ "/Ff 32/AddRevInfo true", "/AddRevInfo", VT_EREFUSED },
		{ "/Ff 32/AddRevInfo false", NULL, 0 },
		{ "/Ff 128/LockDocument/true", "/LockDocument", VT_EREFUSED },
		{ "/Ff 128/LockDocument/auto", NULL, 0 },
		{ "/Ff 256/AppearanceFilter(x)", "/AppearanceFilter",
		    VT_EREFUSED },
		{ "/MDP<</P 0>>", NULL, 0 },
		{ "/MDP<</P 2>>", "/MDP", VT_EREFUSED },
		{ "/MDP<</P 4>>", "/MDP", VT_EFORMAT },
		{ "/MDP 1", "/MDP", VT_EFORMAT },
		{ "/TimeStamp<</URL(http://x)>>", NULL, 0 },
		{ "/TimeStamp<</URL(http://x)/Ff 1>>", "time stamp",
		    VT_EREFUSED },
		{ "/TimeStamp<</Ff 2>>", "/TimeStamp", VT_EFORMAT },
		{ "/Ff 512", "/SV", VT_EFORMAT },
		{ "/Ff(x)", "/SV", VT_EFORMAT },
		{ "/Cert<<>>", NULL, 0 },
		{ "/Cert 7", "/Cert", VT_EFORMAT },
		{ "/Cert<</Ff 16>>", "/Cert", VT_EFORMAT },
		{ "/Cert<</Subject[(no)]>>", NULL, 0 },
		{ "/Cert<</Ff 1/Subject[(no)(DER)]>>", NULL, 0 },
		{ "/Cert<</Ff 1/Subject[(no)]>>", "/Subject", VT_EREFUSED },
		{ "/Cert<</Ff 2/Issuer(ABOVE)>>", NULL, 0 },
		{ "/Cert<</Ff 2/Issuer[]>>", "/Issuer", VT_EREFUSED },
		{ "/Cert<</Ff 4/OID[(1.2)]>>", "/OID", VT_EREFUSED },
		{ "/Cert<</Ff 8/SubjectDN[<</CN(No)>><</O(UBND)/CN"
		  "(Nguy\341\273\205n A)>>]>>",
		    "/SubjectDN", VT_EREFUSED }, /* no text string */
		{ "/Cert<</Ff 8/SubjectDN[<</CN(No)>><</O(UBND)/CN"
		  "<FEFF004E00670075007900 1EC5006E00200041>>>]>>",
		    "/SubjectDN", VT_EREFUSED }, /* an odd digit */
		{ "/Cert<</Ff 8/SubjectDN[<</CN(No)>><</O(UBND)/CN"
		  "<FEFF004E006700750079 1EC5006E00200041>>>]>>",
		    NULL, 0 },
		{ "/Cert<</Ff 8/SubjectDN[<</O(UBND)/CN(No)>>]>>", "/SubjectDN",
		    VT_EREFUSED },
		{ "/Cert<</Ff 32/KeyUsage[(X0)(X1)]>>", NULL, 0 },
		{ "/Cert<</Ff 32/KeyUsage[(X0)]>>", "/KeyUsage", VT_EREFUSED },
		{ "/Cert<</Ff 64/URL(http://x)>>", "/URL", VT_EREFUSED },
	};
	struct vt_pdf_sign how = plan();
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;
	char keys[512];
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(keys, sizeof(keys), "/SV<<%s>>", cases[i].seeds);
		build_fields(&p, keys);
		rc = sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err);
		if (cases[i].unmet == NULL) {
			if (rc != VT_OK)
				print_error("%s\n", cases[i].seeds);
			assert_vt_ok(rc, &err);
			assert_signed(&s, vt_buf_bytes(&p.b), "f");
		} else {
			if (rc != (int)cases[i].code)
				print_error("%s\n", cases[i].seeds);
			assert_error_clause(rc, &err, cases[i].code, CLAUSE);
			assert_error_text(&err, cases[i].unmet);
		}
		memset(&err, 0, sizeof(err));
		signed_release(&s);
		vt_buf_release(&p.b);
	}
}

/* What it is signed by cannot be told: nothing that is demanded is met. */
static void
who_knows_nothing_meets_nothing(void **state)
{
	static const char *const seeds[] = { "/SV<</Ff 64/DigestMethod[(SHA256)"
					     "]>>",
		"/SV<</Cert<</Ff 1/Subject[(DER)]>>>>" };
	struct vt_pdf_sign how = plan();
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;
	size_t i;

	(void)state;
	how.digest = NULL;
	how.cert = NULL;
	for (i = 0; i < 2; i++) {
		build_fields(&p, seeds[i]);
		assert_error_clause(sign_bytes(vt_buf_bytes(&p.b), &how, &s,
					&err),
		    &err, VT_EREFUSED, CLAUSE);
		memset(&err, 0, sizeof(err));
		signed_release(&s);
		vt_buf_release(&p.b);
	}
	how.stamped = true;
	build_fields(&p, "/SV<</TimeStamp<</Ff 1>>>>");
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err), &err);
	signed_release(&s);
	vt_buf_release(&p.b);
}

static void
reasons(void **state)
{
	static const struct {
		const char *seeds, *given, *said; /* said NULL: refused */
	} cases[] = {
		{ "/Ff 0/Reasons[(A)]", NULL, "" },
		{ "/Ff 0/Reasons[(A)]", "B", "B" },
		{ "/Ff 8/Reasons[(A)]", NULL, NULL },
		{ "/Ff 8/Reasons[(A)]", "A", "A" },
		{ "/Ff 8/Reasons[(A)]", "B", NULL },
		{ "/Ff 8/Reasons[(A)(B)]", NULL, NULL },
		{ "/Ff 8/Reasons[(A)(B)]", "B", "B" },
		{ "/Ff 8/Reasons[(.)]", NULL, "" },
		{ "/Ff 8/Reasons[(.)]", "A", NULL },
		{ "/Ff 8", NULL, "" },
		{ "/Ff 8", "A", NULL },
		{ "/Ff 8/Reasons[7]", NULL, NULL },
		{ "/Ff 8/Reasons 7", NULL, NULL },
	};
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_pdf_sign how = plan();
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;
	struct open o;
	char keys[512];
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(keys, sizeof(keys), "/SV<<%s>>", cases[i].seeds);
		build_fields(&p, keys);
		how.reason = cases[i].given;
		rc = sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err);
		if (cases[i].said == NULL) {
			assert_int_not_equal(rc, VT_OK);
			assert_error_text(&err, "eason");
		} else {
			assert_vt_ok(rc, &err);
			assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s.bytes),
					 VT_PDF_STRICT),
			    &o.err);
			assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields,
					 &o.err),
			    &o.err);
			assert_string_equal(fields.items[0].reason != NULL
						? fields.items[0].reason
						: "",
			    cases[i].said);
			vt_pdf_sigfields_release(&fields);
			open_close(&o);
		}
		memset(&err, 0, sizeof(err));
		signed_release(&s);
		vt_buf_release(&p.b);
	}
}

/* The lock of the field becomes that of the signature, and then it holds. */
static void
locks_are_obeyed(void **state)
{
	static const struct {
		const char *lock;
		enum vt_pdf_lock_action action;
		bool other, another; /* may be signed then */
	} cases[] = {
		{ "<</Action/All>>", VT_PDF_LOCK_ALL, false, false },
		{ "<</Action/Include/Fields[(other)]>>", VT_PDF_LOCK_INCLUDE,
		    false, true },
		{ "<</Action/Exclude/Fields[(other)]>>", VT_PDF_LOCK_EXCLUDE,
		    true, false },
		{ "<</Action/Include/Fields[]/P 1>>", VT_PDF_LOCK_INCLUDE,
		    false, false },
		{ "<</Action/Include/Fields[<FEFF1EE6>]/P 2>>",
		    VT_PDF_LOCK_INCLUDE, true, true },
	};
	struct vt_pdf_sign next = { .when = VT_TIME_NONE, .hole = DUMMY_HOLE };
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_pdf_sign how = plan();
	struct vt_error err = { 0 };
	struct signed_file s, then;
	struct build p;
	struct open o;
	char keys[512];
	size_t i, k;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(keys, sizeof(keys), "/Lock%s", cases[i].lock);
		build_fields(&p, keys);
		assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err),
		    &err);
		assert_signed(&s, vt_buf_bytes(&p.b), "f");
		assert_qpdf_content(vt_buf_bytes(&s.bytes));
		assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s.bytes),
				 VT_PDF_STRICT),
		    &o.err);
		assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields, &o.err),
		    &o.err);
		assert_true(fields.items[0].fieldmdp);
		assert_int_equal(fields.items[0].mdp_locks.action,
		    cases[i].action);
		assert_int_equal(fields.items[0].mdp_locks.names.n,
		    fields.items[0].locks.names.n);
		for (k = 0; k < fields.items[0].locks.names.n; k++)
			assert_string_equal(fields.items[0]
						.mdp_locks.names.items[k],
			    fields.items[0].locks.names.items[k]);
		vt_pdf_sigfields_release(&fields);
		open_close(&o);
		for (k = 0; k < 2; k++) {
			next.field = k == 0 ? "other" : NULL;
			rc = sign_bytes(vt_buf_bytes(&s.bytes), &next, &then,
			    &err);
			if (k == 0 ? cases[i].other : cases[i].another)
				assert_vt_ok(rc, &err);
			else
				assert_vt_error(rc, &err, VT_EREFUSED);
			memset(&err, 0, sizeof(err));
			signed_release(&then);
		}
		signed_release(&s);
		vt_buf_release(&p.b);
	}
}

static void
a_lock_without_sense_is_refused(void **state)
{
	static const char *const locks[] = { "7", "<<>>", "<</Action/Most>>",
		"<</Action/Include>>", "<</Action/Exclude/Fields(x)>>",
		"<</Action/Include/Fields[7]>>", "<</Action/All/P 0>>",
		"<</Action/All/P/x>>" };
	struct vt_pdf_sign how = plan();
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;
	char keys[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		snprintf(keys, sizeof(keys), "/Lock %s", locks[i]);
		build_fields(&p, keys);
		assert_error_clause(sign_bytes(vt_buf_bytes(&p.b), &how, &s,
					&err),
		    &err, VT_EFORMAT, CLAUSE);
		memset(&err, 0, sizeof(err));
		signed_release(&s);
		vt_buf_release(&p.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seeds),
		cmocka_unit_test(who_knows_nothing_meets_nothing),
		cmocka_unit_test(reasons),
		cmocka_unit_test(locks_are_obeyed),
		cmocka_unit_test(a_lock_without_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
