/* test_cms_sign.c - what we make is what others accept, and ourselves */
#include "test_cms_util.h"

static const char text[] = "Công văn số 05/UBND-VX về việc thử nghiệm\n";
#define TEXT VT_BYTES_LIT(text)

static const char *const names[] = { "officer", "officer3072", "officer-pss",
	"officer-ec", "public-ca" };

static const struct vt_cms_sign plain = { .signing_time = VT_TIME_NONE };

static void
sign_detached(const char *name, const struct vt_cms_sign *how,
    struct vt_bytes content, struct vt_buf *ret)
{
	struct vt_signer *signer = pki_signer(name);
	struct vt_cms_digest *d = NULL;
	struct vt_error err = { 0 };
	size_t bound = 0;

	assert_vt_ok(vt_cms_sign_size(signer, how, &bound, &err), &err);
	assert_vt_ok(vt_cms_sign_digest(signer, &d, &err), &err);
	assert_vt_ok(vt_cms_digest_update(d, content, &err), &err);
	assert_vt_ok(vt_cms_sign(signer, how, d, ret, &err), &err);
	assert_true(ret->len <= bound);
	assert_true(bound - ret->len < 16);
	vt_cms_digest_free(d);
	vt_signer_free(signer);
}

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	assert_true(piece.len <= 64 * 1024);
	return vt_buf_bytes_put(ctx, piece);
}

static int
patch_buf(void *ctx, uint64_t off, struct vt_bytes b, struct vt_error *err)
{
	struct vt_buf *buf = ctx;

	(void)err;
	assert_true(off + b.len <= buf->len);
	memcpy(buf->data + off, b.data, b.len);
	return VT_OK;
}

static void
sign_attached(const char *name, const struct vt_cms_sign *how,
    struct vt_bytes content, struct vt_buf *ret)
{
	struct vt_signer *signer = pki_signer(name);
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	assert_vt_ok(vt_source_bytes(content, &src, &err), &err);
	assert_vt_ok(vt_cms_sign_attached(signer, how, src, to_buf, patch_buf,
			 ret, &err),
	    &err);
	vt_source_free(src);
	vt_signer_free(signer);
}

/* openssl cms -verify -cades, over TEXT; its output is DIR/out. */
static int
openssl_verify(const char *dir, struct vt_bytes der, bool detached,
    const char *roots)
{
	char sig[512], content[512], log[512], out[512], ca[512];

	snprintf(sig, sizeof(sig), "%s/sig", dir);
	snprintf(content, sizeof(content), "%s/content", dir);
	snprintf(log, sizeof(log), "%s/log", dir);
	snprintf(out, sizeof(out), "%s/out", dir);
	write_file(sig, der);
	write_file(content, TEXT);
	pki(roots, ".crt", ca, sizeof(ca));
	if (detached)
		return RUN(log, "openssl", "cms", "-verify", "-cades",
		    "-binary", "-inform", "DER", "-in", sig, "-content",
		    content, "-CAfile", ca, "-purpose", "any", "-out", out);
	return RUN(log, "openssl", "cms", "-verify", "-cades", "-binary",
	    "-inform", "DER", "-in", sig, "-CAfile", ca, "-purpose", "any",
	    "-out", out);
}

static void
openssl_accepts_what_we_make(void **state)
{
	char *dir = test_dir_new();
	char path[512];
	struct vt_buf sig, out;
	size_t i, attached;

	(void)state;
	for (i = 0; i < 5; i++)
		for (attached = 0; attached < 2; attached++) {
			vt_buf_init(&sig, 1 << 20);
			vt_buf_init(&out, 1 << 20);
			if (attached)
				sign_attached(names[i], &plain, TEXT, &sig);
			else
				sign_detached(names[i], &plain, TEXT, &sig);
			assert_int_equal(openssl_verify(dir, vt_buf_bytes(&sig),
					     attached == 0,
					     i == 4 ? "public-root"
						    : "duty-chain"),
			    0);
			snprintf(path, sizeof(path), "%s/out", dir);
			test_read(path, &out);
			assert_bytes_equal(vt_buf_bytes(&out), TEXT);
			/* The oracle can say no. */
			sig.data[sig.len - 1] ^= 1;
			assert_int_not_equal(openssl_verify(dir,
						 vt_buf_bytes(&sig),
						 attached == 0,
						 i == 4 ? "public-root"
							: "duty-chain"),
			    0);
			vt_buf_release(&sig);
			vt_buf_release(&out);
		}
	test_dir_free(dir);
}

static void
we_accept_what_we_make(void **state)
{
	static const char *const families[] = { "rsa", "rsa", "rsa-pss",
		"ecdsa", "ecdsa" };
	struct vt_bytes content = TEXT, other = VT_BYTES_LIT("another");
	struct checked c;
	struct vt_buf sig;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		vt_buf_init(&sig, 1 << 20);
		sign_detached(names[i], &plain, content, &sig);
		check(vt_buf_bytes(&sig), 0, &content, NULL, &c);
		assert_vt_ok(c.rc, &c.err);
		assert_int_equal(c.facts.reason, VT_CMS_FINE);
		assert_int_equal(c.facts.cades_reason, VT_CMS_FINE);
		assert_true(c.facts.intact && c.facts.cades);
		assert_int_equal(c.facts.weak, 0);
		assert_string_equal(c.facts.signature, families[i]);
		assert_string_equal(c.facts.digest,
		    i == 4 ? "sha384" : "sha256");
		assert_false(vt_cms_attached(c.cms));
		assert_true(vt_cms_is_data(c.cms));
		assert_int_equal(vt_cms_signer(c.cms, 0)->claimed_time,
		    VT_TIME_NONE);
		checked_free(&c);

		check(vt_buf_bytes(&sig), 0, &other, NULL, &c);
		assert_false(c.facts.intact || c.facts.cades);
		assert_int_equal(c.facts.reason, VT_CMS_DIGEST_DIFFERS);
		checked_free(&c);
		vt_buf_release(&sig);

		vt_buf_init(&sig, 1 << 20);
		sign_attached(names[i], &plain, content, &sig);
		check(vt_buf_bytes(&sig), 0, NULL, NULL, &c);
		assert_vt_ok(c.rc, &c.err);
		assert_true(c.facts.intact && c.facts.cades);
		assert_true(vt_cms_attached(c.cms));
		assert_int_equal(vt_cms_content_size(c.cms), content.len);
		checked_free(&c);
		vt_buf_release(&sig);
	}
}

static void
rsa_key_signs_pss_where_asked(void **state)
{
	const struct vt_cms_sign how = { .pss = true,
		.signing_time = VT_TIME_NONE };
	struct vt_bytes content = TEXT;
	char *dir = test_dir_new();
	struct checked c;
	struct vt_buf sig;

	(void)state;
	vt_buf_init(&sig, 1 << 20);
	sign_detached("officer", &how, content, &sig);
	check(vt_buf_bytes(&sig), 0, &content, NULL, &c);
	assert_true(c.facts.cades);
	assert_string_equal(c.facts.signature, "rsa-pss");
	checked_free(&c);
	assert_int_equal(openssl_verify(dir, vt_buf_bytes(&sig), true,
			     "duty-chain"),
	    0);
	vt_buf_release(&sig);
	test_dir_free(dir);
}

static void
signing_time_only_where_asked(void **state)
{
	static const struct {
		int64_t t;
		unsigned char tag;
	} cases[] = {
		{ 1795400130, CMS_UTCTIME },          /* 2026 */
		{ -631152000, CMS_UTCTIME },          /* 1950-01-01 */
		{ INT64_C(2524607999), CMS_UTCTIME }, /* 2049-12-31 23:59:59 */
		{ INT64_C(2524608000), CMS_TIME },    /* 2050-01-01 */
		{ -631152001, CMS_TIME },
	};
	struct vt_bytes content = TEXT;
	char *dir = test_dir_new();
	struct checked c;
	struct vt_buf sig;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_cms_sign how = { .signing_time = cases[i].t };
		const struct vt_cms_signer *s;
		size_t at;

		vt_buf_init(&sig, 1 << 20);
		sign_detached("officer-ec", &how, content, &sig);
		check(vt_buf_bytes(&sig), 0, &content, NULL, &c);
		assert_true(c.facts.cades);
		s = vt_cms_signer(c.cms, 0);
		assert_int_equal(s->claimed_time, cases[i].t);
		at = vt_bytes_find(s->signed_attrs, 0,
		    (const char[]){ 0x09, 0x05, 0x31, 0 });
		assert_true(at != SIZE_MAX);
		assert_int_equal(s->signed_attrs.data[at + 4], cases[i].tag);
		checked_free(&c);
		assert_int_equal(openssl_verify(dir, vt_buf_bytes(&sig), true,
				     "duty-chain"),
		    0);
		vt_buf_release(&sig);
	}
	test_dir_free(dir);
}

static void
chain_is_embedded_once_and_sorted(void **state)
{
	struct vt_cert *ca = pki_cert("duty-ca"), *root = pki_cert("duty-root");
	struct vt_cert *own = pki_cert("officer");
	const struct vt_bytes chain[] = { vt_cert_der(root), vt_cert_der(ca),
		vt_cert_der(root), vt_cert_der(own) };
	const struct vt_cms_sign how = { .signing_time = VT_TIME_NONE,
		.chain = chain,
		.nchain = 4 };
	struct vt_bytes content = TEXT;
	struct checked c;
	struct vt_buf sig;
	size_t i;

	(void)state;
	vt_buf_init(&sig, 1 << 20);
	sign_detached("officer", &how, content, &sig);
	check(vt_buf_bytes(&sig), 0, &content, NULL, &c);
	assert_true(c.facts.cades);
	assert_true(vt_cert_equal(c.facts.cert, own));
	assert_int_equal(vt_cms_ncerts(c.cms), 3);
	assert_int_equal(vt_cms_certs(c.cms)->n, 3);
	for (i = 1; i < 3; i++)
		assert_true(vt_cms_der_compare(vt_cms_cert(c.cms, i - 1),
				vt_cms_cert(c.cms, i)) < 0);
	checked_free(&c);
	vt_buf_release(&sig);
	vt_cert_free(own);
	vt_cert_free(ca);
	vt_cert_free(root);
}

static void
attached_lengths_at_their_edges(void **state)
{
	static const size_t sizes[] = { 0, 1, 127, 128, 255, 256, 65535, 65536,
		65537, 1 << 20 };
	struct vt_buf content, sig;
	struct checked c;
	size_t i;

	(void)state;
	vt_buf_init(&content, 2 << 20);
	assert_int_equal(vt_buf_reserve(&content, 1 << 20), VT_OK);
	memset(content.data, 'v', 1 << 20);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct vt_bytes der;

		vt_buf_init(&sig, 4 << 20);
		sign_attached("officer-ec", &plain,
		    VT_BYTES(content.data, sizes[i]), &sig);
		der = vt_buf_bytes(&sig);
		check(der, 0, NULL, NULL, &c);
		assert_vt_ok(c.rc, &c.err);
		assert_true(c.facts.cades);
		assert_int_equal(vt_cms_content_size(c.cms), sizes[i]);
		checked_free(&c);
		vt_buf_release(&sig);
	}
	vt_buf_release(&content);
}

/* Where the pieces of a message begin. */
struct pages {
	struct vt_buf *buf;
	size_t whole;  /* as long as one may be */
	size_t astray; /* of these, begun within a page */
};

static int
to_pages(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct pages *p = ctx;

	if (piece.len == 64 * 1024) {
		p->whole++;
		p->astray += p->buf->len % 4096 != 0;
	}
	return to_buf(p->buf, piece, err);
}

static void
attached_content_is_handed_out_page_by_page(void **state)
{
	static const size_t sizes[] = { 300000, 5 * 65536, 1 << 20 };
	static unsigned char content[1 << 20];
	struct vt_signer *signer = pki_signer("officer");
	struct vt_source *src;
	struct vt_error err = { 0 };
	struct checked c;
	struct vt_buf sig;
	struct pages p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(content); i++)
		content[i] = (unsigned char)(i * 31 + i / 4096);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		vt_buf_init(&sig, 4 << 20);
		p = (struct pages){ .buf = &sig };
		assert_vt_ok(vt_source_bytes(VT_BYTES(content, sizes[i]), &src,
				 &err),
		    &err);
		assert_vt_ok(vt_cms_sign_attached(signer, &plain, src, to_pages,
				 NULL, &p, &err),
		    &err);
		/* all but what lies in the pages of the head and of the end */
		assert_true(p.whole >= sizes[i] / 65536 - 1);
		assert_int_equal(p.astray, 0);
		check(vt_buf_bytes(&sig), 0, NULL, NULL, &c);
		assert_vt_ok(c.rc, &c.err);
		assert_true(c.facts.intact && c.facts.cades);
		assert_int_equal(vt_cms_content_size(c.cms), sizes[i]);
		checked_free(&c);
		vt_source_free(src);
		vt_buf_release(&sig);
	}
	vt_signer_free(signer);
}

/* A file that is another one when it is read the second time. */
struct two_faced {
	const char *path;
	size_t pieces;
};

static int
change_meanwhile(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct two_faced *t = ctx;
	int fd;

	(void)piece;
	(void)err;
	if (t->pieces++ == 0) {
		fd = open(t->path, O_WRONLY);
		assert_true(fd >= 0);
		assert_int_equal(pwrite(fd, "X", 1, (20 << 20) - 1), 1);
		close(fd);
	}
	return VT_OK;
}

static void
content_that_changes_is_noticed(void **state)
{
	char *dir = test_dir_new(), path[512];
	struct vt_signer *signer = pki_signer("officer-ec");
	struct two_faced t = { path, 0 };
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/big", dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(ftruncate(fd, 20 << 20), 0);
	close(fd);
	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	assert_vt_error(vt_cms_sign_attached(signer, &plain, src,
			    change_meanwhile, NULL, &t, &err),
	    &err, VT_EIO);
	assert_true(t.pieces > 300); /* it was streamed */
	vt_source_free(src);
	vt_signer_free(signer);
	test_dir_free(dir);
}

/* Around the sizes where a length takes one more octet, and of any value. */
static void
lengths_are_right_whatever_the_key_makes(void **state)
{
	static unsigned char content[70000];
	static const char *const keys[] = { "officer", "officer-ec" };
	size_t sizes[64], n = 0, i, k;
	struct vt_buf probe, sig;
	struct checked c;

	(void)state;
	vt_buf_init(&probe, 1 << 20);
	for (k = 0; k < 2; k++) {
		vt_buf_reset(&probe);
		sign_attached(keys[k], &plain, VT_BYTES(content, 60000),
		    &probe);
		n = 0;
		for (i = 0; i < 40; i++) /* 65,536 for each of four headers */
			sizes[n++] = 65535 - (probe.len - 60000) + i;
		for (i = 0; i < 24; i++)
			sizes[n++] = i;
		for (i = 0; i < n; i++) {
			vt_buf_init(&sig, 1 << 20);
			sign_attached(keys[k], &plain,
			    VT_BYTES(content, sizes[i]), &sig);
			check(vt_buf_bytes(&sig), 0, NULL, NULL, &c);
			assert_vt_ok(c.rc, &c.err);
			assert_true(c.facts.cades);
			assert_int_equal(vt_cms_content_size(c.cms), sizes[i]);
			assert_int_equal(vt_cms_size(c.cms), sig.len);
			checked_free(&c);
			vt_buf_release(&sig);
		}
	}
	vt_buf_release(&probe);
}

/* Read once, it is what was handed out that is signed. */
static void
content_is_read_once_where_that_is_enough(void **state)
{
	char *dir = test_dir_new(), path[512];
	struct vt_signer *signer = pki_signer("officer");
	struct two_faced t = { path, 0 };
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/big", dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(ftruncate(fd, 20 << 20), 0);
	close(fd);
	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	assert_vt_ok(vt_cms_sign_attached(signer, &plain, src, change_meanwhile,
			 NULL, &t, &err),
	    &err);
	assert_true(t.pieces > 300 && t.pieces < 400);
	/* And whoever writes the file asks for that: */
	assert_vt_error(vt_source_unchanged(src, &err), &err, VT_EIO);
	vt_source_free(src);
	vt_signer_free(signer);
	test_dir_free(dir);
}

static int
refuse_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)ctx;
	(void)piece;
	return vt_error_set(err, VT_EIO, NULL, "the disk is full");
}

static void
sink_that_fails_is_heard(void **state)
{
	struct vt_signer *signer = pki_signer("officer-ec");
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_source_bytes(TEXT, &src, &err), &err);
	assert_vt_error(vt_cms_sign_attached(signer, &plain, src, refuse_piece,
			    patch_buf, NULL, &err),
	    &err, VT_EIO);
	assert_error_text(&err, "disk");
	vt_source_free(src);
	vt_signer_free(signer);
}

/* --- signers that misbehave --- */

static int
sign_never(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	(void)ctx, (void)alg, (void)hash, (void)digest, (void)out,
	    (void)ret_len;
	return vt_error_set(err, VT_EKEY, NULL, "the token was pulled out");
}

static int
sign_rubbish(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	(void)ctx, (void)alg, (void)hash, (void)digest, (void)err;
	memset(out, 'r', 256);
	*ret_len = 256;
	return VT_OK;
}

/* Signs well, but with the key that CTX is, whatever the certificate says. */
static int
sign_other(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	return test_signer_sign(ctx, alg, hash, digest, out, ret_len, err);
}

static void
signer_that_fails_leaves_nothing(void **state)
{
	static const struct {
		struct vt_signer_ops ops;
		const char *key;
		const char *text;
	} cases[] = {
		{ { sign_never, test_signer_free, true }, "officer",
		    "pulled out" },
		{ { sign_rubbish, test_signer_free, true }, "officer",
		    "verify" },
		{ { sign_other, test_signer_free, true }, "agency", "verify" },
	};
	struct vt_cert *cert = pki_cert("officer");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_error err = { 0 };
		struct vt_signer *signer = NULL;
		struct vt_cms_digest *d = NULL;
		struct vt_buf out;

		vt_buf_init(&out, 1 << 20);
		assert_vt_ok(vt_signer_new(&cases[i].ops, pki_key(cases[i].key),
				 cert, NULL, &signer, &err),
		    &err);
		assert_vt_ok(vt_cms_sign_digest(signer, &d, &err), &err);
		assert_vt_error(vt_cms_sign(signer, &plain, d, &out, &err),
		    &err, VT_EKEY);
		assert_error_text(&err, cases[i].text);
		assert_int_equal(out.len, 0);
		vt_cms_digest_free(d);
		vt_signer_free(signer);
		vt_buf_release(&out);
	}
	vt_cert_free(cert);
}

static void
too_little_room_leaves_nothing(void **state)
{
	struct vt_signer *signer = pki_signer("officer");
	struct vt_cms_digest *d = NULL;
	struct vt_error err = { 0 };
	struct vt_buf out;

	(void)state;
	vt_buf_init(&out, 100);
	assert_vt_ok(vt_cms_sign_digest(signer, &d, &err), &err);
	assert_vt_error(vt_cms_sign(signer, &plain, d, &out, &err), &err,
	    VT_ELIMIT);
	assert_int_equal(out.len, 0);
	vt_cms_digest_free(d);
	vt_signer_free(signer);
	vt_buf_release(&out);
}

static void
digest_of_another_key_is_refused(void **state)
{
	struct vt_signer *p256 = pki_signer("officer-ec");
	struct vt_signer *p384 = pki_signer("public-ca");
	struct vt_cms_digest *d = NULL;
	struct vt_error err = { 0 };
	struct vt_buf out;

	(void)state;
	vt_buf_init(&out, 1 << 20);
	assert_vt_ok(vt_cms_sign_digest(p256, &d, &err), &err);
	assert_vt_error(vt_cms_sign(p384, &plain, d, &out, &err), &err,
	    VT_EARG);
	assert_int_equal(out.len, 0);
	/* read once, it takes no more */
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_cms_sign(p256, &plain, d, &out, &err), &err);
	assert_vt_error(vt_cms_digest_update(d, TEXT, &err), &err, VT_EARG);
	vt_cms_digest_free(d);
	vt_signer_free(p256);
	vt_signer_free(p384);
	vt_buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssl_accepts_what_we_make),
		cmocka_unit_test(we_accept_what_we_make),
		cmocka_unit_test(rsa_key_signs_pss_where_asked),
		cmocka_unit_test(signing_time_only_where_asked),
		cmocka_unit_test(chain_is_embedded_once_and_sorted),
		cmocka_unit_test(attached_lengths_at_their_edges),
		cmocka_unit_test(attached_content_is_handed_out_page_by_page),
		cmocka_unit_test(content_that_changes_is_noticed),
		cmocka_unit_test(lengths_are_right_whatever_the_key_makes),
		cmocka_unit_test(content_is_read_once_where_that_is_enough),
		cmocka_unit_test(sink_that_fails_is_heard),
		cmocka_unit_test(signer_that_fails_leaves_nothing),
		cmocka_unit_test(too_little_room_leaves_nothing),
		cmocka_unit_test(digest_of_another_key_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
