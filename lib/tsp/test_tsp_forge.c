/* test_tsp_forge.c - tokens that an authority signed and that break a rule */
#include "test_dir.h"
#include "test_tsp_util.h"

#define TYPE "-econtent_type", "id-smime-ct-TSTInfo"
static const char *const usual[] = { TYPE, "-cades", NULL };
static const char *const pss[] = { TYPE, "-cades", "-keyopt",
	"rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest", NULL };
static const char *const unbound[] = { TYPE, NULL };
static const char *const data[] = { "-cades", NULL };
static const char *const bare[] = { TYPE, "-noattr", NULL };

/* Sign T, and read it; FACTS only where that is VT_OK. */
static int
judge(const struct tst *t, const char *const *options,
    struct vt_tsp_info *ret_info, struct vt_tsp_facts *ret,
    struct vt_error *err)
{
	struct vt_buf content, der;
	struct vt_tsp *tsp = NULL;
	int rc;

	memset(ret, 0, sizeof(*ret));
	vt_buf_init(&content, 65536);
	tst_put(&content, t);
	sign(dir, vt_buf_bytes(&content), options, &der);
	rc = vt_tsp_parse(vt_buf_bytes(&der), 0, &tsp, err);
	if (rc == VT_OK) {
		*ret_info = *vt_tsp_info(tsp);
		ret_info->nonce.data = ret_info->serial.data = NULL;
		ret_info->tsa.data = ret_info->imprint.data = NULL;
		assert_vt_ok(check(tsp, TEXT, NULL, ret, err), err);
	}
	vt_tsp_free(tsp);
	vt_buf_release(&content);
	vt_buf_release(&der);
	return rc;
}

static void
the_signature_decides(void **state)
{
	static const struct {
		const char *const *options;
		int rc;
		enum vt_cms_reason reason;
	} cases[] = {
		{ usual, VT_OK, VT_CMS_FINE },
		{ pss, VT_OK, VT_CMS_FINE },
		/* RFC 3161, 2.4.2: the certificate is bound. */
		{ unbound, VT_OK, VT_CMS_NO_SIGNING_CERT },
		{ bare, VT_OK, VT_CMS_NO_ATTRIBUTES },
		{ data, VT_EFORMAT, VT_CMS_NOT_CHECKED },
	};
	struct vt_tsp_info info;
	struct vt_tsp_facts f;
	struct vt_buf imprint;
	struct tst t = tst_good(&imprint);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_error err = { 0 };

		assert_int_equal(judge(&t, cases[i].options, &info, &f, &err),
		    cases[i].rc);
		assert_int_equal(f.reason, cases[i].reason);
		assert_int_equal(f.intact, cases[i].reason == VT_CMS_FINE);
	}
	vt_buf_release(&imprint);
}

static void
two_signers_are_refused(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf imprint, content, der;
	struct tst t = tst_good(&imprint);
	struct vt_tsp *tsp = NULL;
	char *crt = pki("officer.crt"), *key = pki("officer.key");
	const char *options[] = { TYPE, "-cades", "-signer", crt, "-inkey", key,
		NULL };

	(void)state;
	vt_buf_init(&content, 65536);
	tst_put(&content, &t);
	sign(dir, vt_buf_bytes(&content), options, &der);
	assert_vt_error(vt_tsp_parse(vt_buf_bytes(&der), 0, &tsp, &err), &err,
	    VT_EFORMAT);
	free(crt);
	free(key);
	vt_buf_release(&imprint);
	vt_buf_release(&content);
	vt_buf_release(&der);
}

#define TIME(s) VT_BYTES_LIT(s)

static void
times_are_taken_strictly(void **state)
{
	static const struct {
		struct vt_bytes time;
		int64_t second; /* -1: refused */
		uint32_t micros;
	} cases[] = {
		{ TIME("\x18\x0f"
		       "20240229235959Z"),
		    1709251199, 0 },
		{ TIME("\x18\x11"
		       "20240229235959.5Z"),
		    1709251199, 500000 },
		{ TIME("\x18\x18"
		       "20240229235959.12345678Z"),
		    1709251199, 123456 },
		/* X.690, 11.7: no zero at the end, no lone point, seconds, Z */
		{ TIME("\x18\x12"
		       "20240229235959.50Z"),
		    -1, 0 },
		{ TIME("\x18\x10"
		       "20240229235959.Z"),
		    -1, 0 },
		{ TIME("\x18\x0d"
		       "202402292359Z"),
		    -1, 0 },
		{ TIME("\x18\x0e"
		       "20240229235959"),
		    -1, 0 },
		{ TIME("\x18\x13"
		       "20240229235959+0700"),
		    -1, 0 },
		{ TIME("\x18\x11"
		       "20240229235959,5Z"),
		    -1, 0 },
		/* not of the calendar, not of the clock */
		{ TIME("\x18\x0f"
		       "20230229235959Z"),
		    -1, 0 },
		{ TIME("\x18\x0f"
		       "20240229245959Z"),
		    -1, 0 },
		{ TIME("\x18\x0f"
		       "20240229236059Z"),
		    -1, 0 },
		{ TIME("\x18\x0f"
		       "20240229235960Z"),
		    -1, 0 },
		/* UTCTime */
		{ TIME("\x17\x0d"
		       "240229235959Z"),
		    -1, 0 },
	};
	struct vt_tsp_info info;
	struct vt_tsp_facts f;
	struct vt_buf imprint;
	struct tst t = tst_good(&imprint);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_error err = { 0 };
		int rc;

		t.time = cases[i].time;
		rc = judge(&t, usual, &info, &f, &err);
		if (cases[i].second < 0) {
			assert_vt_error(rc, &err, VT_EFORMAT);
			continue;
		}
		assert_vt_ok(rc, &err);
		assert_true(f.intact);
		assert_int_equal(info.time, cases[i].second);
		assert_int_equal(info.micros, cases[i].micros);
	}
	vt_buf_release(&imprint);
}

/* One piece of a good TSTInfo made another. */
static void
pieces_are_taken_strictly(void **state)
{
	static const struct {
		const char *what;
		struct vt_bytes value;
		int rc;
		int64_t accuracy;
	} cases[] = {
		{ "version", VT_BYTES_LIT("\x02\x01\x02"), VT_EUNSUPPORTED, 0 },
		{ "version", VT_BYTES_LIT("\x02\x02\x00\x01"), VT_EFORMAT, 0 },
		{ "accuracy", VT_BYTES_LIT("\x30\x03\x02\x01\x02"), VT_OK,
		    2000 },
		{ "accuracy",
		    VT_BYTES_LIT("\x30\x0a\x02\x01\x00\x80\x01\x02\x81\x02\x03"
				 "\xe7"),
		    VT_OK, 3 },
		{ "accuracy", VT_BYTES_LIT("\x30\x00"), VT_OK, 0 },
		/* thousandths from 1 to 999, seconds from 0 */
		{ "accuracy", VT_BYTES_LIT("\x30\x04\x80\x02\x03\xe8"),
		    VT_EFORMAT, 0 },
		{ "accuracy", VT_BYTES_LIT("\x30\x03\x80\x01\x00"), VT_EFORMAT,
		    0 },
		{ "accuracy", VT_BYTES_LIT("\x30\x04\x81\x02\x03\xe8"),
		    VT_EFORMAT, 0 },
		{ "accuracy", VT_BYTES_LIT("\x30\x03\x02\x01\xff"), VT_EFORMAT,
		    0 },
		/* DER leaves out what is the default */
		{ "ordering", VT_BYTES_LIT("\x01\x01\x00"), VT_EFORMAT, 0 },
		{ "ordering", VT_BYTES_LIT("\x01\x01\x01"), VT_EFORMAT, 0 },
		{ "ordering", VT_BYTES_LIT("\x01\x01\xff"), VT_OK, -1 },
		/* 2.5.29.9 with no value, critical and not */
		{ "extensions",
		    VT_BYTES_LIT("\xa1\x0c\x30\x0a\x06\x03\x55\x1d\x09\x01\x01"
				 "\xff\x04\x00"),
		    VT_EUNSUPPORTED, 0 },
		{ "extensions",
		    VT_BYTES_LIT(
			"\xa1\x09\x30\x07\x06\x03\x55\x1d\x09\x04\x00"),
		    VT_OK, -1 },
		{ "tail", VT_BYTES_LIT("\x05\x00"), VT_EFORMAT, 0 },
		{ "behind", VT_BYTES_LIT("\x00"), VT_EFORMAT, 0 },
		{ "nonce", VT_BYTES_LIT("\x02\x02\x00\x01"), VT_EFORMAT, 0 },
	};
	struct vt_tsp_info info;
	struct vt_tsp_facts f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_buf imprint;
		struct tst t = tst_good(&imprint);
		struct vt_error err = { 0 };
		int rc;

#define IS(x) (strcmp(cases[i].what, x) == 0)
		*(IS("version")        ? &t.version
		    : IS("accuracy")   ? &t.accuracy
		    : IS("ordering")   ? &t.ordering
		    : IS("nonce")      ? &t.nonce
		    : IS("extensions") ? &t.extensions
		    : IS("tail")       ? &t.tail
				       : &t.behind) = cases[i].value;
		rc = judge(&t, usual, &info, &f, &err);
		if (rc != cases[i].rc)
			fail_msg("case %zu (%s): %s, %s", i, cases[i].what,
			    vt_code_name((enum vt_code)rc), err.text);
		if (rc == VT_OK) {
			assert_true(f.intact);
			assert_int_equal(info.accuracy_ms, cases[i].accuracy);
		}
		vt_buf_release(&imprint);
	}
}

static void
imprints_are_taken_strictly(void **state)
{
	static const struct {
		struct vt_bytes alg;
		size_t len;
		int rc;
	} cases[] = {
		{ VT_BYTES_LIT(SHA256_ALG), 32, VT_OK },
		{ VT_BYTES_LIT(SHA256_ALG), 31, VT_EFORMAT },
		{ VT_BYTES_LIT(SHA256_ALG), 0, VT_EFORMAT },
		/* NULL for parameters, something else, an unknown digest */
		{ VT_BYTES_LIT("\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04"
			       "\x02\x01\x05\x00"),
		    32, VT_OK },
		{ VT_BYTES_LIT("\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04"
			       "\x02\x01\x30\x00"),
		    32, VT_EFORMAT },
		{ VT_BYTES_LIT("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04"
			       "\x02\x7f"),
		    32, VT_EUNSUPPORTED },
		/* SHA-512's name over the bytes of SHA-256 */
		{ VT_BYTES_LIT("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04"
			       "\x02\x03"),
		    32, VT_EFORMAT },
	};
	struct vt_tsp_info info;
	struct vt_tsp_facts f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_buf imprint, other;
		struct tst t = tst_good(&imprint);
		struct vt_error err = { 0 };

		vt_buf_init(&other, 1024);
		imprint_put(&other, cases[i].alg, cases[i].len);
		t.imprint = vt_buf_bytes(&other);
		assert_int_equal(judge(&t, usual, &info, &f, &err),
		    cases[i].rc);
		assert_int_equal(f.intact, cases[i].rc == VT_OK);
		vt_buf_release(&imprint);
		vt_buf_release(&other);
	}
}

/* Told apart: the signature covers it, so it is no forgery. */
static void
the_name_of_the_authority(void **state)
{
	/* [0] { [4] { SEQUENCE { } } }: the empty name; [0] { [2] "a" } */
	static const struct vt_bytes other[] = {
		VT_BYTES_LIT("\xa0\x04\xa4\x02\x30\x00"),
		VT_BYTES_LIT("\xa0\x03\x82\x01"
			     "a"),
	};
	struct vt_tsp_info info;
	struct vt_tsp_facts f;
	struct vt_buf imprint;
	struct tst t = tst_good(&imprint);
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	assert_vt_ok(judge(&t, usual, &info, &f, &err), &err);
	assert_true(f.named);
	assert_int_equal(info.tsa.len, 0);
	for (i = 0; i < 2; i++) {
		t.tsa = other[i];
		assert_vt_ok(judge(&t, usual, &info, &f, &err), &err);
		assert_true(f.intact);
		assert_false(f.named);
		assert_int_equal(info.tsa.len, t.tsa.len - 2);
	}
	vt_buf_release(&imprint);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signature_decides),
		cmocka_unit_test(two_signers_are_refused),
		cmocka_unit_test(times_are_taken_strictly),
		cmocka_unit_test(pieces_are_taken_strictly),
		cmocka_unit_test(imprints_are_taken_strictly),
		cmocka_unit_test(the_name_of_the_authority),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
