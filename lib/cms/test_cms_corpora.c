/*
 * test_cms_corpora.c - signatures that other people made and judged
 *
 * VANTHU_CORPORA/dss-cades, from the tests of esig/dss.  What that project
 * says of a file is in dss-expected.json beside it; where we differ, why.
 */
#include "test_cms_util.h"

#define DIR_NAME "dss-cades/validation/"

enum row_kind {
	GOOD,      /* technically valid there, intact and CAdES here */
	GOOD_WEAK, /* the same, and weak */
	NEGATIVE,  /* not valid there, not accepted here */
	STRICTER,  /* valid there, refused here */
	ODD,       /* valid there; it holds, and is refused here */
	COUNTER,   /* the fault is in a counter-signature */
	LATER,     /* the fault is in what this module does not judge */
	NKINDS
};

static const struct {
	const char *name;
	enum row_kind kind;
	const char *content; /* a file or "=text"; NULL: inside */
	enum vt_cms_reason reason;
} rows[] = {
	{ "Signature-15-CBp-LT-2.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-C-B-LTA-10.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-C-DE_CRY-3.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-C-HU_MIC-1.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "Signature-CBp-B-1.p7m", GOOD_WEAK, NULL, VT_CMS_FINE },
	{ "cades-bes-signeddata-detached.p7s", GOOD, "=Hello World",
	    VT_CMS_FINE },
	{ "cades-lta-duplicated-atst.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "cades_signeddata_extended_after_lta.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "cms-wrong-sign-cert-hash-algo.pkcs7", GOOD_WEAK, NULL, VT_CMS_FINE },
	{ "dss-1220/CAdES-BpLTA_removed_ocsp.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "dss-1401/sig_with_atsv2.p7s", GOOD, NULL, VT_CMS_FINE },
	{ "dss-1419/CAdES-BpB-att-SHA3_256-SHA3_256withRSA.p7m", GOOD, NULL,
	    VT_CMS_FINE },
	{ "evidence-record/C-E-ERS-parallel-ers.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "evidence-record/C-E-ERS_renewed_hashtree.p7m", GOOD, NULL,
	    VT_CMS_FINE },
	{ "evidence-record/Double-C-E-ERS.p7m", GOOD, NULL, VT_CMS_FINE },
	{ "signedFile.pdf.p7s", GOOD, NULL, VT_CMS_FINE },
	{ "d-trust.tsr", GOOD, NULL, VT_CMS_FINE }, /* a time stamp */

	{ "cades-broken-sig-tst.p7m", NEGATIVE, NULL, VT_CMS_SIGNATURE_WRONG },
	{ "cms-no-sign-cert.p7m", NEGATIVE, NULL, VT_CMS_NOT_CHECKED },
	{ "dss-1419/CAdES-BpB-att-SHA256-SHA3_256withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-1419/CAdES-BpB-att-SHA256-SHA512withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-1419/CAdES-BpB-att-SHA3_224-SHA256withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-1419/CAdES-BpB-att-SHA3_384-SHA256withRSA.p7m", NEGATIVE, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	{ "dss-951/NexU-CAdES-B-B-Detached-Sha512.p7m", NEGATIVE, "=",
	    VT_CMS_DIGEST_DIFFERS },
	{ "evidence-record/C-E-ERS-detached-ber.p7s", NEGATIVE,
	    "evidence-record/TestDataLogo.png", VT_CMS_FINE },

	/* PSS by SHA3-256 over content by SHA-256, and a salt of 64 bytes */
	{ "dss-1419/CAdES-BpB-att-SHA256-SHA3_256withRSAandMGF1.p7m", ODD, NULL,
	    VT_CMS_BAD_ALGORITHMS },
	/* two signing-certificate-v2, and zeros behind it */
	{ "cades-double-signing-certificate.p7m", STRICTER, "=",
	    VT_CMS_BAD_ATTRIBUTES },
	/* signed over attributes that are not in DER's order */
	/* content that is not at hand; its attributes are judged first */
	{ "dss-1469/cadesLTAwithATv2.sig", NEGATIVE, "=",
	    VT_CMS_DIGEST_DIFFERS },
	{ "dss-646/CAdES_A_DETACHED.csig", STRICTER, "=",
	    VT_CMS_BAD_ATTRIBUTES },

	/* a counter-signature with two signing times */
	{ "cades-double-signing-time.p7m", COUNTER, NULL, VT_CMS_FINE },
	/* a time stamp taken from another signature */
	{ "cades-t-copied-sigtst.p7m", LATER, NULL, VT_CMS_FINE },
};

static char *
path_of(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), DIR_NAME "%s", name);
	return test_corpus(path);
}

static void
content_read(const char *name, struct vt_buf *ret)
{
	char *path;

	vt_buf_init(ret, 16 << 20);
	if (name[0] == '=') {
		assert_int_equal(vt_buf_puts(ret, name + 1), VT_OK);
		return;
	}
	path = path_of(name);
	test_read(path, ret);
	free(path);
}

/* Every signature of the folder is in the table; *RET counts them. */
static void
all_are_here(const char *dir, const char *prefix, size_t *ret)
{
	struct dirent *e;
	DIR *d = opendir(dir);

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };
		char name[512], *path = vt_path_join(dir, e->d_name);
		struct stat st;
		bool is_cms = false;
		size_t i = 0;

		assert_non_null(path);
		assert_int_equal(stat(path, &st), 0);
		snprintf(name, sizeof(name), "%s%s", prefix, e->d_name);
		if (S_ISDIR(st.st_mode) && e->d_name[0] != '.') {
			snprintf(name, sizeof(name), "%s%s/", prefix,
			    e->d_name);
			all_are_here(path, name, ret);
		} else if (S_ISREG(st.st_mode)) {
			assert_vt_ok(vt_source_open(path, &src, &err), &err);
			assert_vt_ok(vt_cms_probe(src, &is_cms, &err), &err);
			vt_source_free(src);
		}
		while (is_cms && i < sizeof(rows) / sizeof(rows[0]) &&
		       strcmp(rows[i].name, name) != 0)
			i++;
		if (i == sizeof(rows) / sizeof(rows[0]))
			fail_msg("%s is not judged", name);
		*ret += is_cms;
		free(path);
	}
	closedir(d);
}

static void
the_table_is_whole(void **state)
{
	char *dir = path_of("");
	size_t n = 0;

	(void)state;
	all_are_here(dir, "", &n);
	assert_int_equal(n, sizeof(rows) / sizeof(rows[0]));
	free(dir);
}

/* What dss-expected.json says of NAME: "technically-valid", ...; NULL. */
static const char *
coarse(struct vt_bytes json, const char *name)
{
	static const char *const words[] = { "technically-valid",
		"has-negative", "blevel-overridden-check" };
	char key[512];
	size_t at, i;

	snprintf(key, sizeof(key), "\"file\": \"" DIR_NAME "%s\"", name);
	at = vt_bytes_find(json, 0, key);
	if (at == SIZE_MAX)
		return NULL;
	at = vt_bytes_find(json, at, "\"coarse\": \"");
	assert_true(at != SIZE_MAX);
	for (i = 0; i < 3; i++)
		if (vt_bytes_starts(vt_bytes_slice(json, at + 11, json.len),
			words[i]))
			return words[i];
	fail_msg("%s: what is expected of it?", name);
	return NULL;
}

/* The first counter-signature is none that we take. */
static bool
counter_is_refused(const struct vt_cms *cms)
{
	struct vt_cms_facts f;
	struct vt_error err = { 0 };

	if (vt_cms_ncounters(cms, 0) == 0)
		return false;
	assert_vt_ok(vt_cms_counter_check(cms, 0, 0, NULL, &f, &err), &err);
	return !f.intact;
}

/* What the table says of row I is so. */
static bool
row_holds(size_t i, const struct checked *c)
{
	const struct vt_cms_facts *f = &c->facts;

	switch (rows[i].kind) {
	case GOOD:
	case LATER:
		return f->cades && f->weak == 0 && f->reason == rows[i].reason;
	case GOOD_WEAK:
		return f->cades && f->weak != 0 && f->reason == rows[i].reason;
	case COUNTER:
		return f->cades && f->weak == 0 && counter_is_refused(c->cms);
	case ODD:
		return f->intact && !f->cades &&
		       f->cades_reason == rows[i].reason;
	case STRICTER: /* SHA-1, too */
		return !f->intact && f->reason == rows[i].reason;
	default:
		return !f->cades && f->reason == rows[i].reason;
	}
}

static void
judgement_is_that_of_dss(void **state)
{
	size_t i, bad = 0, seen[NKINDS] = { 0 }, valid = 0, intact = 0;
	char *expected = test_corpus("dss-expected.json");
	struct vt_buf json;

	(void)state;
	vt_buf_init(&json, 1 << 20);
	test_read(expected, &json);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *says = coarse(vt_buf_bytes(&json), rows[i].name);
		char *path = path_of(rows[i].name);
		struct vt_buf b, content;
		struct vt_bytes in;
		struct checked c;
		bool neg;

		vt_buf_init(&b, 16 << 20);
		test_read(path, &b);
		content_read(rows[i].content != NULL ? rows[i].content : "=",
		    &content);
		in = vt_buf_bytes(&content);
		check(vt_buf_bytes(&b), VT_CMS_ZERO_PADDED,
		    rows[i].content != NULL ? &in : NULL, NULL, &c);
		neg = says != NULL && strcmp(says, "has-negative") == 0;
		if (!row_holds(i, &c) ||
		    (neg && c.facts.cades && rows[i].kind != COUNTER &&
			rows[i].kind != LATER)) {
			print_error("%s: %s, %s, weak %x\n", rows[i].name,
			    vt_cms_reason_name(c.facts.reason),
			    vt_cms_reason_name(c.facts.cades_reason),
			    c.facts.weak);
			bad++;
		}
		seen[rows[i].kind]++;
		/* "=" is content that nobody has. */
		if (says != NULL && strcmp(says, "technically-valid") == 0 &&
		    (rows[i].content == NULL || in.len > 0)) {
			valid++;
			intact += c.facts.intact;
		}
		checked_free(&c);
		vt_buf_release(&b);
		vt_buf_release(&content);
		free(path);
	}
	print_message("%zu good, %zu good but weak, %zu refused as there, "
		      "%zu refused only here, %zu for later; "
		      "%zu of %zu technically valid are intact\n",
	    seen[GOOD], seen[GOOD_WEAK], seen[NEGATIVE] + seen[COUNTER],
	    seen[STRICTER] + seen[ODD], seen[LATER], intact, valid);
	assert_int_equal(bad, 0);
	assert_true(valid >= 15);
	assert_true(intact * 100 >= valid * 97);
	vt_buf_release(&json);
	free(expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(judgement_is_that_of_dss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
