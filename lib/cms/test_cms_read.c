/* test_cms_read.c - messages that others made, and damaged ones */
#include "test_cms_util.h"

static const char text[] = "Nội dung của một văn bản thử nghiệm\r\n";
#define TEXT VT_BYTES_LIT(text)

static char *dir;

static int
setup(void **state)
{
	char path[512];

	(void)state;
	dir = test_dir_new();
	snprintf(path, sizeof(path), "%s/content", dir);
	write_file(path, TEXT);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	test_dir_free(dir);
	return 0;
}

/* openssl cms -sign -cades -binary over TEXT, by NAME, with more options. */
static void
openssl_sign(const char *name, const char *const more[], struct vt_buf *ret)
{
	const char *argv[32] = { "openssl", "cms", "-sign", "-cades",
		"-binary" };
	char key[512], cert[512], in[512], out[512], log[512];
	size_t n = 5, i;

	snprintf(in, sizeof(in), "%s/content", dir);
	snprintf(out, sizeof(out), "%s/out", dir);
	snprintf(log, sizeof(log), "%s/log", dir);
	unlink(out);
	argv[n++] = "-inkey";
	argv[n++] = pki(name, ".key", key, sizeof(key));
	argv[n++] = "-signer";
	argv[n++] = pki(name, ".crt", cert, sizeof(cert));
	argv[n++] = "-in";
	argv[n++] = in;
	argv[n++] = "-out";
	argv[n++] = out;
	for (i = 0; more[i] != NULL; i++)
		argv[n++] = more[i];
	argv[n] = NULL;
	assert_int_equal(run_log(log, argv), 0);
	vt_buf_init(ret, 4 << 20);
	test_read(out, ret);
}
#define OPENSSL_SIGN(name, ret, ...)                                           \
	openssl_sign(name, (const char *const[]){ __VA_ARGS__, NULL }, ret)

static void
assert_accepted(struct vt_bytes b, const struct vt_bytes *content)
{
	struct checked c;

	check(b, 0, content, NULL, &c);
	assert_vt_ok(c.rc, &c.err);
	assert_string_equal(vt_cms_reason_name(c.facts.reason), "fine");
	assert_string_equal(vt_cms_reason_name(c.facts.cades_reason), "fine");
	assert_true(c.facts.intact);
	assert_true(c.facts.cades);
	assert_int_equal(c.facts.weak, 0);
	checked_free(&c);
}

static void
accepts_what_openssl_makes(void **state)
{
	static const char *const names[] = { "officer", "officer3072",
		"officer-ec", "officer-pss", "public-ca" };
	static const char pss[] = "rsa_padding_mode:pss",
			  salt[] = "rsa_pss_saltlen:digest";
	struct vt_bytes content = TEXT;
	struct vt_buf b;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		const char *md = i == 4 ? "sha384" : "sha256";
		/* Unasked, it names rsaEncryption with a PSS key. */
		const char *opt = i == 3 ? "-keyopt" : NULL;

		OPENSSL_SIGN(names[i], &b, "-outform", "DER", "-md", md, opt,
		    pss, opt, salt);
		assert_accepted(vt_buf_bytes(&b), &content);
		vt_buf_release(&b);
		OPENSSL_SIGN(names[i], &b, "-outform", "DER", "-md", md,
		    "-nodetach", opt, pss, opt, salt);
		assert_accepted(vt_buf_bytes(&b), NULL);
		vt_buf_release(&b);
		if (i != 3) { /* OpenSSL 3.0 cannot stream PSS */
			OPENSSL_SIGN(names[i], &b, "-outform", "DER", "-md", md,
			    "-nodetach", "-stream");
			assert_int_equal(b.data[1], 0x80); /* BER it is */
			assert_accepted(vt_buf_bytes(&b), NULL);
			vt_buf_release(&b);
		}
		OPENSSL_SIGN(names[i], &b, "-outform", "PEM", "-md", md,
		    "-nodetach", opt, pss, opt, salt);
		assert_accepted(vt_buf_bytes(&b), NULL);
		vt_buf_release(&b);
		OPENSSL_SIGN(names[i], &b, "-outform", "DER", "-md", md,
		    "-keyid", opt, pss, opt, salt);
		assert_accepted(vt_buf_bytes(&b), &content);
		vt_buf_release(&b);
	}
	OPENSSL_SIGN("officer", &b, "-outform", "DER", "-keyopt",
	    "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest");
	assert_accepted(vt_buf_bytes(&b), &content);
	vt_buf_release(&b);
	OPENSSL_SIGN("officer", &b, "-outform", "DER", "-md", "sha512");
	assert_accepted(vt_buf_bytes(&b), &content);
	vt_buf_release(&b);
}

static void
pss_with_another_salt_or_mgf_is_refused(void **state)
{
	static const char *const opts[][4] = {
		{ "-keyopt", "rsa_pss_saltlen:max", "-keyopt",
		    "rsa_mgf1_md:sha256" },
		{ "-keyopt", "rsa_pss_saltlen:20", "-keyopt",
		    "rsa_mgf1_md:sha256" },
		{ "-keyopt", "rsa_pss_saltlen:digest", "-keyopt",
		    "rsa_mgf1_md:sha512" },
	};
	struct vt_bytes content = TEXT, other = VT_BYTES_LIT("other");
	struct checked c;
	struct vt_buf b;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		OPENSSL_SIGN("officer", &b, "-outform", "DER", "-keyopt",
		    "rsa_padding_mode:pss", opts[i][0], opts[i][1], opts[i][2],
		    opts[i][3]);
		check(vt_buf_bytes(&b), 0, &content, NULL, &c);
		/* It holds, but is none that we accept. */
		assert_true(c.facts.intact);
		assert_false(c.facts.cades);
		assert_int_equal(c.facts.cades_reason, VT_CMS_BAD_PARAMETERS);
		checked_free(&c);
		check(vt_buf_bytes(&b), 0, &other, NULL, &c);
		assert_false(c.facts.intact);
		assert_int_equal(c.facts.reason, VT_CMS_BAD_PARAMETERS);
		checked_free(&c);
		vt_buf_release(&b);
	}
}

static void
weak_algorithms_are_named(void **state)
{
	struct vt_bytes content = TEXT;
	struct checked c;
	struct vt_buf b;

	(void)state;
	/* -cades with SHA-1 makes openssl use the older attribute, too */
	OPENSSL_SIGN("officer", &b, "-outform", "DER", "-md", "sha1");
	check(vt_buf_bytes(&b), 0, &content, NULL, &c);
	assert_true(c.facts.intact);
	assert_true((c.facts.weak & VT_CMS_WEAK_DIGEST) != 0);
	assert_true((c.facts.weak & VT_CMS_WEAK_REFERENCE) != 0);
	assert_string_equal(c.facts.weak_digest, "sha1");
	checked_free(&c);
	vt_buf_release(&b);

	OPENSSL_SIGN("officer", &b, "-outform", "DER", "-md", "md5");
	check(vt_buf_bytes(&b), 0, &content, NULL, &c);
	assert_true((c.facts.weak & VT_CMS_WEAK_DIGEST) != 0);
	assert_string_equal(c.facts.weak_digest, "md5");
	checked_free(&c);
	vt_buf_release(&b);

	OPENSSL_SIGN("weak-rsa1024", &b, "-outform", "DER");
	check(vt_buf_bytes(&b), 0, &content, NULL, &c);
	assert_true(c.facts.cades);
	assert_int_equal(c.facts.weak, VT_CMS_WEAK_KEY);
	assert_int_equal(c.facts.key_bits, 1024);
	checked_free(&c);
	vt_buf_release(&b);
}

static void
without_the_certificate_it_must_be_given(void **state)
{
	struct vt_bytes content = TEXT;
	struct vt_cert *cert = pki_cert("officer"), *other = pki_cert("agency");
	struct vt_error err = { 0 };
	struct vt_certs extra = { 0 };
	struct checked c;
	struct vt_buf b;

	(void)state;
	OPENSSL_SIGN("officer", &b, "-outform", "DER", "-nocerts");
	check(vt_buf_bytes(&b), 0, &content, NULL, &c);
	assert_false(c.facts.intact);
	assert_int_equal(c.facts.reason, VT_CMS_NO_CERTIFICATE);
	assert_null(c.facts.cert);
	assert_int_equal(vt_cms_ncerts(c.cms), 0);
	checked_free(&c);
	assert_vt_ok(vt_certs_add(&extra, other, &err), &err);
	check(vt_buf_bytes(&b), 0, &content, &extra, &c);
	assert_int_equal(c.facts.reason, VT_CMS_NO_CERTIFICATE);
	checked_free(&c);
	assert_vt_ok(vt_certs_add(&extra, cert, &err), &err);
	check(vt_buf_bytes(&b), 0, &content, &extra, &c);
	assert_true(c.facts.cades);
	assert_true(vt_cert_equal(c.facts.cert, cert));
	checked_free(&c);
	vt_certs_release(&extra);
	vt_cert_free(cert);
	vt_cert_free(other);
	vt_buf_release(&b);
}

static void
two_signers_are_both_judged(void **state)
{
	struct vt_cms_digest *d = NULL;
	struct vt_cms_facts facts;
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_buf b;
	char key[512], cert[512];
	size_t i;

	(void)state;
	OPENSSL_SIGN("officer", &b, "-outform", "DER", "-signer",
	    pki("agency2", ".crt", cert, sizeof(cert)), "-inkey",
	    pki("agency2", ".key", key, sizeof(key)), "-nodetach");
	assert_vt_ok(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err), &err);
	assert_int_equal(vt_cms_nsigners(cms), 2);
	assert_vt_ok(vt_cms_digest_new(cms, &d, &err), &err);
	assert_vt_ok(vt_cms_content(cms, vt_cms_digest_update, d, &err), &err);
	for (i = 0; i < 2; i++) {
		assert_vt_ok(vt_cms_check(cms, i, d, NULL, &facts, &err), &err);
		assert_true(facts.cades);
	}
	assert_int_equal(vt_cms_check(cms, 2, d, NULL, &facts, &err), VT_EARG);
	vt_cms_digest_free(d);
	vt_cms_free(cms);
	vt_buf_release(&b);
}

static void
absent_content_is_not_intact(void **state)
{
	struct vt_cms_facts facts;
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_buf b;

	(void)state;
	OPENSSL_SIGN("officer-ec", &b, "-outform", "DER");
	assert_vt_ok(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err), &err);
	assert_vt_ok(vt_cms_check(cms, 0, NULL, NULL, &facts, &err), &err);
	assert_false(facts.intact || facts.cades);
	assert_int_equal(facts.reason, VT_CMS_NO_CONTENT);
	assert_non_null(facts.cert);
	assert_vt_error(vt_cms_content(cms, vt_cms_digest_update, NULL, &err),
	    &err, VT_ENOTFOUND);
	vt_cms_free(cms);
	vt_buf_release(&b);
}

static void
bytes_behind_are_refused(void **state)
{
	static const struct {
		unsigned flags;
		const char *tail;
		size_t len;
		bool ok;
	} cases[] = {
		{ 0, "", 0, true },
		{ 0, "\0", 1, false },
		{ 0, "\n", 1, false },
		{ 0, "\x30\x00", 2, false },
		{ VT_CMS_ZERO_PADDED, "", 0, true },
		{ VT_CMS_ZERO_PADDED, "\0", 1, true },
		{ VT_CMS_ZERO_PADDED, "\0\0\0\0\0", 5, true },
		{ VT_CMS_ZERO_PADDED, "\0\0\1", 3, false },
		{ VT_CMS_ZERO_PADDED, "\1\0\0", 3, false },
		{ VT_CMS_ZERO_PADDED, "\n", 1, false },
	};
	static const char *const kinds[] = { "-binary", "-nodetach",
		"-stream" };
	struct vt_bytes content = TEXT;
	struct vt_buf b;
	size_t i, k;

	(void)state;
	for (k = 0; k < 3; k++) {
		OPENSSL_SIGN("officer-ec", &b, "-outform", "DER", kinds[k],
		    k == 2 ? "-nodetach" : "-binary");
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct checked c;
			size_t len = b.len;

			assert_int_equal(vt_buf_put(&b, cases[i].tail,
					     cases[i].len),
			    VT_OK);
			check(vt_buf_bytes(&b), cases[i].flags,
			    k == 0 ? &content : NULL, NULL, &c);
			if (cases[i].ok) {
				assert_vt_ok(c.rc, &c.err);
				assert_true(c.facts.cades);
			} else {
				assert_error_clause(c.rc, &c.err, VT_EFORMAT,
				    "RFC 5652, 3");
			}
			checked_free(&c);
			b.len = len;
		}
		vt_buf_release(&b);
	}
}

static void
truncation_at_every_byte_is_refused(void **state)
{
	static const char *const kinds[] = { "-binary", "-nodetach",
		"-stream" };
	struct vt_buf b;
	size_t k, len;

	(void)state;
	for (k = 0; k < 3; k++) {
		OPENSSL_SIGN("officer-ec", &b, "-outform", "DER", kinds[k],
		    k == 2 ? "-nodetach" : "-binary");
		for (len = 0; len < b.len; len++) {
			struct vt_error err = { 0 };
			struct vt_cms *cms = NULL;
			/* a copy of its own, so that ASan sees overreads */
			unsigned char *copy = malloc(len + 1);
			int rc;

			memcpy(copy, b.data, len);
			rc = vt_cms_parse(VT_BYTES(copy, len),
			    len % 2 ? VT_CMS_ZERO_PADDED : 0, &cms, &err);
			assert_vt_error(rc, &err, VT_EFORMAT);
			assert_null(cms);
			free(copy);
		}
		vt_buf_release(&b);
	}
}

/* Where the issuer's name in the first SignerInfo stands in B. */
static void
sid_place(struct vt_bytes b, size_t *ret_from, size_t *ret_to)
{
	const struct vt_cms_signer *s;
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	const unsigned char *at;

	assert_vt_ok(vt_cms_parse(b, 0, &cms, &err), &err);
	s = vt_cms_signer(cms, 0);
	at = memmem(b.data, b.len, s->der.data, s->der.len);
	assert_non_null(at);
	*ret_from =
	    (size_t)(at - b.data) + (size_t)(s->issuer.data - s->der.data);
	*ret_to = *ret_from + s->issuer.len;
	vt_cms_free(cms);
}

/*
 * Each byte of a message, changed in several ways: never accepted.  A letter's
 * case in the name by which the SignerInfo refers to the certificate is no
 * change: names are compared without it (RFC 5280, 7.1).
 */
static void
each_byte_flipped_is_never_accepted(void **state)
{
	static const unsigned char masks[] = { 0x01, 0x80, 0xff, 0x20 };
	static const char *const signers[] = { "officer-ec", "officer" };
	static const char *const kinds[] = { "-binary", "-nodetach",
		"-stream" };
	struct vt_bytes content = TEXT;
	size_t k, i, m, from, to, bad = 0;
	struct vt_buf b;

	(void)state;
	for (k = 0; k < 6; k++) {
		/* While it is alive, only changed ones are parsed anew. */
		struct vt_cert *alive = pki_cert(signers[k / 3]);

		OPENSSL_SIGN(signers[k / 3], &b, "-outform", "DER",
		    kinds[k % 3], k % 3 == 2 ? "-nodetach" : "-binary");
		sid_place(vt_buf_bytes(&b), &from, &to);
		for (i = 0; i < b.len; i++)
			for (m = 0; m < sizeof(masks); m++) {
				if (masks[m] == 0x20 && i >= from && i < to &&
				    ((b.data[i] | 0x20) >= 'a' &&
					(b.data[i] | 0x20) <= 'z'))
					continue;
				b.data[i] ^= masks[m];
				if (accepted(vt_buf_bytes(&b), 0,
					k % 3 == 0 ? &content : NULL)) {
					print_error("%s %s: byte %zu, mask "
						    "%02x\n",
					    signers[k / 3], kinds[k % 3], i,
					    masks[m]);
					bad++;
				}
				b.data[i] ^= masks[m];
			}
		assert_true(accepted(vt_buf_bytes(&b), 0,
		    k % 3 == 0 ? &content : NULL));
		vt_buf_release(&b);
		vt_cert_free(alive);
	}
	assert_int_equal(bad, 0);
}

static void
armour_is_strict(void **state)
{
	static const struct {
		const char *before, *begin, *end, *after;
		bool ok;
	} cases[] = {
		{ "", "PKCS7", "PKCS7", "", true },
		{ "\xef\xbb\xbf\r\n ", "PKCS7", "PKCS7", "\n\r\n", true },
		{ "", "CMS", "CMS", "\n", true },
		{ "", "CMS", "PKCS7", "\n", false },
		{ "", "CERTIFICATE", "CERTIFICATE", "\n", false },
		{ "x", "CMS", "CMS", "\n", false },
		{ "", "CMS", "CMS", "\nx", false },
		{ "", "CMS", "XXX", "", false },
	};
	struct vt_bytes content = TEXT;
	struct vt_buf b, pem;
	char *base64;
	size_t i, n;

	(void)state;
	OPENSSL_SIGN("officer-ec", &b, "-outform", "DER");
	base64 = malloc(b.len * 2);
	n = (size_t)EVP_EncodeBlock((unsigned char *)base64, b.data,
	    (int)b.len);
	vt_buf_init(&pem, 1 << 20);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct checked c;

		vt_buf_reset(&pem);
		vt_buf_printf(&pem,
		    "%s-----BEGIN %s-----\n%.*s\n%s\n"
		    "-----END %s-----%s",
		    cases[i].before, cases[i].begin, (int)n / 2, base64,
		    base64 + n / 2, cases[i].end, cases[i].after);
		check(vt_buf_bytes(&pem), 0, &content, NULL, &c);
		if (cases[i].ok)
			assert_vt_ok(c.rc, &c.err);
		else
			assert_vt_error(c.rc, &c.err, VT_EFORMAT);
		checked_free(&c);
	}
	/* not base64, cut off, empty */
	for (i = 0; i < 3; i++) {
		struct checked c;

		vt_buf_reset(&pem);
		vt_buf_printf(&pem,
		    "-----BEGIN CMS-----\n%.*s%s\n"
		    "-----END CMS-----\n",
		    i == 2 ? 0 : (int)n / 2 - (int)i, base64,
		    i == 0 ? "*" : "");
		check(vt_buf_bytes(&pem), 0, &content, NULL, &c);
		assert_vt_error(c.rc, &c.err, VT_EFORMAT);
		checked_free(&c);
	}
	free(base64);
	vt_buf_release(&pem);
	vt_buf_release(&b);
}

static void
probe_knows_its_own(void **state)
{
	static const struct {
		struct vt_bytes b;
		bool yes;
	} cases[] = {
		{ VT_BYTES_LIT(""), false },
		{ VT_BYTES_LIT("0"), false },
		{ VT_BYTES_LIT("%PDF-1.7"), false },
		{ VT_BYTES_LIT("0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
			       "\x02"),
		    true },
		{ VT_BYTES_LIT("0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
			       "\x03"),
		    false },
		{ VT_BYTES_LIT("0\x82\x12\x34\x06\x09\x2a\x86\x48\x86\xf7\x0d"
			       "\x01\x07\x02"),
		    true },
		{ VT_BYTES_LIT("0\xff\x06\x09\x2a\x86"), false },
		{ VT_BYTES_LIT("-----BEGIN PKCS7-----"), true },
		{ VT_BYTES_LIT("\n-----BEGIN CMS-----"), true },
		{ VT_BYTES_LIT("-----BEGIN CERTIFICATE-----"), false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };
		bool yes = !cases[i].yes;

		assert_vt_ok(vt_source_bytes(cases[i].b, &src, &err), &err);
		assert_vt_ok(vt_cms_probe(src, &yes, &err), &err);
		assert_int_equal(yes, cases[i].yes);
		vt_source_free(src);
	}
}

static void
other_kinds_are_unsupported(void **state)
{
	char out[512], in[512], log[512], cert[512];
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_buf b;

	(void)state;
	snprintf(in, sizeof(in), "%s/content", dir);
	snprintf(out, sizeof(out), "%s/enveloped", dir);
	snprintf(log, sizeof(log), "%s/log", dir);
	assert_int_equal(RUN(log, "openssl", "cms", "-encrypt", "-binary",
			     "-aes256", "-in", in, "-out", out, "-outform",
			     "DER", pki("officer", ".crt", cert, sizeof(cert))),
	    0);
	vt_buf_init(&b, 1 << 20);
	test_read(out, &b);
	assert_vt_error(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err), &err,
	    VT_EUNSUPPORTED);
	vt_buf_release(&b);
}

/* Certificates only: a SignedData without a signer. */
static void
no_signer_is_refused(void **state)
{
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	char path[512];
	struct vt_buf b;

	(void)state;
	vt_buf_init(&b, 1 << 20);
	test_read(pki("duty", ".p7b", path, sizeof(path)), &b);
	assert_error_clause(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err), &err,
	    VT_EFORMAT, "RFC 5652, 5.1");
	assert_error_text(&err, "no signer");
	vt_buf_release(&b);
}

static int
count_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	assert_true(piece.len <= 64 * 1024);
	*(uint64_t *)ctx += piece.len;
	return VT_OK;
}

/* 40 MB in segments of 4 KB, over the size that sources copy. */
static void
large_ber_content_streams(void **state)
{
	char key[512], cert[512], big[512], out[512], log[512];
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_cms_digest *d = NULL;
	struct vt_cms_facts facts;
	struct vt_cms *cms = NULL;
	uint64_t n = 0;
	int fd;

	(void)state;
	snprintf(big, sizeof(big), "%s/big", dir);
	snprintf(out, sizeof(out), "%s/big.p7m", dir);
	snprintf(log, sizeof(log), "%s/log", dir);
	fd = open(big, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(ftruncate(fd, 40 << 20), 0);
	close(fd);
	assert_int_equal(RUN(log, "openssl", "cms", "-sign", "-cades",
			     "-binary", "-nodetach", "-stream", "-outform",
			     "DER", "-in", big, "-out", out, "-signer",
			     pki("officer-ec", ".crt", cert, sizeof(cert)),
			     "-inkey",
			     pki("officer-ec", ".key", key, sizeof(key))),
	    0);
	assert_vt_ok(vt_source_open(out, &src, &err), &err);
	assert_vt_ok(vt_cms_open(src, 0, &cms, &err), &err);
	assert_int_equal(vt_cms_content_size(cms), 40 << 20);
	assert_vt_ok(vt_cms_content(cms, count_piece, &n, &err), &err);
	assert_int_equal(n, 40 << 20);
	assert_vt_ok(vt_cms_digest_new(cms, &d, &err), &err);
	assert_vt_ok(vt_cms_content(cms, vt_cms_digest_update, d, &err), &err);
	assert_vt_ok(vt_cms_check(cms, 0, d, NULL, &facts, &err), &err);
	assert_true(facts.cades);
	vt_cms_digest_free(d);
	vt_cms_free(cms);
	vt_source_free(src);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_openssl_makes),
		cmocka_unit_test(pss_with_another_salt_or_mgf_is_refused),
		cmocka_unit_test(weak_algorithms_are_named),
		cmocka_unit_test(without_the_certificate_it_must_be_given),
		cmocka_unit_test(two_signers_are_both_judged),
		cmocka_unit_test(absent_content_is_not_intact),
		cmocka_unit_test(bytes_behind_are_refused),
		cmocka_unit_test(truncation_at_every_byte_is_refused),
		cmocka_unit_test(each_byte_flipped_is_never_accepted),
		cmocka_unit_test(armour_is_strict),
		cmocka_unit_test(probe_knows_its_own),
		cmocka_unit_test(other_kinds_are_unsupported),
		cmocka_unit_test(no_signer_is_refused),
		cmocka_unit_test(large_ber_content_streams),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
