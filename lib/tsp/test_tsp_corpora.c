/*
 * test_tsp_corpora.c - time stamps that other people made
 *
 * Every time stamp of every signature in VANTHU_CORPORA/dss-cades (esig/dss):
 * what it is over is found, and it holds, or why not.
 */
#include "test_tsp_util.h"

#include "vanthu/ocsp.h"
#include "vanthu/source.h"

#define DIR_NAME "dss-cades/validation/"

enum outcome {
	HOLDS,
	BROKEN,   /* the imprint is of something else */
	NO_TOKEN, /* the attribute's value is none */
	CONTENT,  /* over content: not this test's, or it is not at hand */
	OLD       /* an archive time stamp of an older form */
};

static const struct {
	const char *name;
	size_t signer;
	enum vt_cms_stamp_kind kind;
	enum outcome outcome;
	enum vt_cms_index index; /* of an archive time stamp */
	unsigned version;        /* of that; 0: no archive time stamp */
	bool whole;
	size_t certs, crls, ocsps; /* what it covers */
} rows[] = {
#define T VT_CMS_STAMP_SIGNATURE
#define A VT_CMS_STAMP_ARCHIVE
#define O VT_CMS_STAMP_ARCHIVE_OLD
#define C VT_CMS_STAMP_CONTENT
#define STAMP(name, i, outcome)                                                \
	{                                                                      \
		name, i, T, outcome, VT_CMS_INDEX_FINE, 0, 0, 0, 0, 0          \
	}
#define OF_KIND(name, kind, outcome)                                           \
	{                                                                      \
		name, 0, kind, outcome, VT_CMS_INDEX_FINE, 0, 0, 0, 0, 0       \
	}
#define ARCHIVE(name, index, ...)                                              \
	{                                                                      \
		name, 0, A, HOLDS, VT_CMS_INDEX_##index, __VA_ARGS__           \
	}
	STAMP("Signature-15-CBp-LT-2.p7m", 0, HOLDS),
	ARCHIVE("Signature-C-B-LTA-10.p7m", FINE, 1, true, 4, 0, 3),
	OF_KIND("Signature-C-B-LTA-10.p7m", O, OLD),
	STAMP("Signature-C-B-LTA-10.p7m", 0, HOLDS),
	/* the token as the value of an OCTET STRING */
	STAMP("Signature-C-DE_CRY-3.p7m", 0, NO_TOKEN),
	STAMP("cades-broken-sig-tst.p7m", 0, HOLDS),
	STAMP("cades-lta-duplicated-atst.p7m", 0, HOLDS),
	ARCHIVE("cades-lta-duplicated-atst.p7m", FINE, 3, true, 5, 1, 1),
	ARCHIVE("cades-lta-duplicated-atst.p7m", FINE, 3, true, 5, 1, 1),
	OF_KIND("cades-t-copied-sigtst.p7m", C, CONTENT),
	STAMP("cades-t-copied-sigtst.p7m", 0, BROKEN),
	STAMP("cades_signeddata_extended_after_lta.p7m", 0, HOLDS),
	/* the second one is older: certificates and a list came later */
	ARCHIVE("cades_signeddata_extended_after_lta.p7m", FINE, 1, true, 5, 2,
	    1),
	ARCHIVE("cades_signeddata_extended_after_lta.p7m", FINE, 1, false, 4, 1,
	    1),
	STAMP("dss-1220/CAdES-BpLTA_removed_ocsp.p7m", 0, HOLDS),
	/* an answer was taken out afterwards */
	ARCHIVE("dss-1220/CAdES-BpLTA_removed_ocsp.p7m", DANGLING, 1, false, 0,
	    0, 0),
	STAMP("dss-1401/sig_with_atsv2.p7s", 0, HOLDS),
	OF_KIND("dss-1401/sig_with_atsv2.p7s", O, OLD),
	OF_KIND("dss-1469/cadesLTAwithATv2.sig", O, OLD),
	STAMP("dss-1469/cadesLTAwithATv2.sig", 0, HOLDS),
	STAMP("dss-646/CAdES_A_DETACHED.csig", 0, HOLDS),
	OF_KIND("dss-646/CAdES_A_DETACHED.csig", O, OLD),
	STAMP("evidence-record/C-E-ERS-parallel-ers.p7m", 0, HOLDS),
	STAMP("evidence-record/C-E-ERS_renewed_hashtree.p7m", 0, HOLDS),
	STAMP("evidence-record/Double-C-E-ERS.p7m", 0, HOLDS),
	STAMP("evidence-record/Double-C-E-ERS.p7m", 1, HOLDS),
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

static void
index_is(size_t row, const struct vt_cms *cms, size_t i, size_t k,
    const struct vt_cms *token)
{
	struct vt_cms_archive a;
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_ocsps ocsps = { 0 };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_cms_archive_read(cms, i, k, token, &a, &err), &err);
	assert_int_equal(a.index, rows[row].index);
	assert_int_equal(a.version, rows[row].version);
	assert_int_equal(a.whole, rows[row].whole);
	assert_int_equal(a.sound, a.index == VT_CMS_INDEX_FINE);
	assert_vt_ok(vt_cms_archive_validation(cms, i, token, &certs, &crls,
			 &ocsps, &err),
	    &err);
	assert_int_equal(certs.n, rows[row].certs);
	assert_int_equal(crls.n, rows[row].crls);
	assert_int_equal(ocsps.n, rows[row].ocsps);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	vt_ocsps_release(&ocsps);
}

/* Stamp K of signer I is what ROW says. */
static void
stamp_is(size_t row, const struct vt_cms *cms, size_t i, size_t k,
    struct vt_cms_digest *content)
{
	struct vt_cms_stamp s = vt_cms_stamp(cms, i, k);
	struct vt_tsp *t = NULL;
	struct vt_tsp_digest *d = NULL;
	struct vt_tsp_facts f;
	struct vt_error err = { 0 };
	int rc;

	assert_int_equal(s.kind, rows[row].kind);
	rc = vt_tsp_parse(s.token, 0, &t, &err);
	if (rows[row].outcome == NO_TOKEN) {
		assert_vt_error(rc, &err, VT_EFORMAT);
		return;
	}
	assert_vt_ok(rc, &err);
	if (s.kind == A)
		index_is(row, cms, i, k, vt_tsp_cms(t));
	if (s.kind == A || s.kind == T) {
		assert_vt_ok(vt_tsp_digest_new(t, &d, &err), &err);
		if (s.kind == T)
			rc = vt_tsp_digest_update(d,
			    vt_cms_signer(cms, i)->signature, &err);
		else
			rc = vt_cms_archive_stream(cms, i, vt_tsp_cms(t),
			    content, vt_tsp_info(t)->digest,
			    vt_tsp_digest_update, d, &err);
		assert_vt_ok(rc, &err);
		assert_vt_ok(vt_tsp_check(t, d, vt_cms_certs(cms), &f, &err),
		    &err);
		assert_true(f.cms.intact && f.cms.cades && f.named);
		assert_int_equal(f.imprint, rows[row].outcome == HOLDS);
		assert_int_equal(f.intact, f.imprint);
	}
	vt_tsp_digest_free(d);
	vt_tsp_free(t);
}

static void
file_is(const char *path, const char *name, size_t *seen)
{
	struct vt_source *src = NULL;
	struct vt_cms *cms = NULL;
	struct vt_cms_digest *d = NULL;
	struct vt_error err = { 0 };
	size_t i, k, row = 0;

	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	/* One names its signer by an empty key identifier. */
	if (vt_cms_open(src, VT_CMS_ZERO_PADDED, &cms, &err) == VT_EFORMAT) {
		assert_string_equal(name, "cms-no-sign-cert.p7m");
		vt_source_free(src);
		return;
	}
	assert_non_null(cms);
	assert_vt_ok(vt_cms_digest_new(cms, &d, &err), &err);
	if (vt_cms_attached(cms))
		assert_vt_ok(vt_cms_content(cms, vt_cms_digest_update, d, &err),
		    &err);
	for (i = 0; i < vt_cms_nsigners(cms); i++)
		for (k = 0; k < vt_cms_nstamps(cms, i); k++, row++) {
			while (
			    row < NROWS && (strcmp(rows[row].name, name) != 0 ||
					       rows[row].signer != i))
				row++;
			if (row == NROWS)
				fail_msg("%s: stamp %zu of signer %zu is not "
					 "judged",
				    name, k, i);
			stamp_is(row, cms, i, k, d);
			++*seen;
		}
	vt_cms_digest_free(d);
	vt_cms_free(cms);
	vt_source_free(src);
}

static void
folder_is(const char *dir, const char *prefix, size_t *seen)
{
	struct dirent *e;
	DIR *d = opendir(dir);

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char name[512], *path = in_dir(dir, e->d_name);
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };
		struct stat st;
		bool is_cms = false;

		assert_int_equal(stat(path, &st), 0);
		snprintf(name, sizeof(name), "%s%s%s", prefix, e->d_name,
		    S_ISDIR(st.st_mode) ? "/" : "");
		if (S_ISDIR(st.st_mode) && e->d_name[0] != '.')
			folder_is(path, name, seen);
		if (S_ISREG(st.st_mode)) {
			assert_vt_ok(vt_source_open(path, &src, &err), &err);
			assert_vt_ok(vt_cms_probe(src, &is_cms, &err), &err);
			vt_source_free(src);
		}
		if (is_cms)
			file_is(path, name, seen);
		free(path);
	}
	closedir(d);
}

static void
every_time_stamp_is_judged(void **state)
{
	char *dir = test_corpus(DIR_NAME);
	size_t seen = 0;

	(void)state;
	folder_is(dir, "", &seen);
	print_message("%zu time stamps\n", seen);
	assert_int_equal(seen, NROWS);
	free(dir);
}

/* A token of a real authority, by itself. */
static void
a_real_token(void **state)
{
	char *path = test_corpus(DIR_NAME "d-trust.tsr");
	struct vt_tsp *t = NULL;
	struct vt_tsp_digest *d = NULL;
	struct vt_tsp_facts f;
	struct vt_error err = { 0 };
	struct vt_buf b;

	(void)state;
	read_at(path, &b);
	assert_vt_ok(vt_tsp_parse(vt_buf_bytes(&b), 0, &t, &err), &err);
	assert_vt_ok(vt_tsp_digest_new(t, &d, &err), &err);
	assert_vt_ok(vt_tsp_check(t, d, NULL, &f, &err), &err);
	assert_true(f.cms.intact && f.cms.cades && f.named);
	assert_false(f.imprint);
	assert_int_equal(vt_tsp_info(t)->accuracy_ms, 1000);
	vt_tsp_digest_free(d);
	vt_tsp_free(t);
	vt_buf_release(&b);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_time_stamp_is_judged),
		cmocka_unit_test(a_real_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
