/*
 * test_cms_archive.c - archive time stamps, right and made to deceive
 *
 * How others make them is in test_tsp_corpora.c.
 */
#include "test_cms_archive.h"

#include "vanthu/ocsp.h"

/* Stamp K of O: its token, and what is found out about it. */
static struct vt_cms *
archive_read(const struct opened *o, size_t k, struct vt_cms_archive *ret)
{
	struct vt_cms_stamp s = vt_cms_stamp(o->cms, 0, k);
	struct vt_error err = { 0 };
	struct vt_cms *token = NULL;

	assert_int_equal(s.kind, VT_CMS_STAMP_ARCHIVE);
	assert_vt_ok(vt_cms_parse(s.token, 0, &token, &err), &err);
	assert_vt_ok(vt_cms_archive_read(o->cms, 0, k, token, ret, &err), &err);
	return token;
}

static int
collect(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	return vt_buf_bytes_put(ctx, piece);
}

/* hashedMessage of TOKEN's TSTInfo. */
static struct vt_bytes
imprint_of(const struct vt_cms *token, struct vt_buf *tst)
{
	struct vt_error err = { 0 };
	struct vt_bytes in;
	struct cms_tlv t;

	vt_buf_init(tst, 65536);
	assert_vt_ok(vt_cms_content(token, collect, tst, &err), &err);
	in = vt_buf_bytes(tst);
	next(&in, CMS_SEQUENCE, &t);
	in = t.value;
	next(&in, CMS_INTEGER, &t);
	next(&in, CMS_OID, &t);
	next(&in, CMS_SEQUENCE, &t);
	in = t.value;
	next(&in, CMS_SEQUENCE, &t);
	next(&in, CMS_OCTETS, &t);
	return t.value;
}

/* Does TOKEN stamp what it must be over? */
static bool
imprint_holds(const struct opened *o, const struct vt_cms *token,
    enum cms_md_id md)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct vt_error err = { 0 };
	struct vt_buf b, tst;
	bool holds;

	vt_buf_init(&b, 1 << 20);
	assert_vt_ok(vt_cms_archive_stream(o->cms, 0, token, o->content,
			 vt_cms_md(md)->name, collect, &b, &err),
	    &err);
	assert_vt_ok(vt_cms_hash(md, NONE, vt_buf_bytes(&b), hash, NULL), NULL);
	holds = vt_bytes_equal(VT_BYTES(hash, vt_cms_md(md)->len),
	    imprint_of(token, &tst));
	vt_buf_release(&b);
	vt_buf_release(&tst);
	return holds;
}

static void
counts_are(const struct opened *o, const struct vt_cms *token, size_t certs,
    size_t crls)
{
	struct vt_certs c = { 0 };
	struct vt_crls l = { 0 };
	struct vt_ocsps a = { 0 };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_cms_archive_validation(o->cms, 0, token, &c, &l, &a,
			 &err),
	    &err);
	assert_int_equal(c.n, certs);
	assert_int_equal(l.n, crls);
	assert_int_equal(a.n, 0);
	vt_certs_release(&c);
	vt_crls_release(&l);
	vt_ocsps_release(&a);
}

/* --- tests --- */

static void
every_version_is_read(void **state)
{
	static const struct how hows[] = {
		{ .version = 3, .md = CMS_SHA256 },
		{ .version = 3, .md = CMS_SHA512 },
		{ .version = 2, .md = CMS_SHA384 },
		{ .version = 1, .md = CMS_SHA256 },
		{ .version = 1, .md = CMS_SHA256, .plain = true },
	};
	struct parts p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hows) / sizeof(hows[0]); i++) {
		struct vt_cms_archive a;
		struct vt_cms *token;
		struct opened o;

		message_make(&p);
		archive_add(&p, &hows[i]);
		parts_open(&p, &o);
		assert_int_equal(vt_cms_nstamps(o.cms, 0), 2);
		assert_int_equal(vt_cms_stamp(o.cms, 0, 0).kind,
		    VT_CMS_STAMP_SIGNATURE);
		assert_true(vt_cms_signer(o.cms, 0)->has_archive);
		token = archive_read(&o, 1, &a);
		assert_int_equal(a.index, VT_CMS_INDEX_FINE);
		assert_true(a.sound && a.whole);
		assert_int_equal(a.version, hows[i].version);
		assert_string_equal(a.digest, vt_cms_md(hows[i].md)->name);
		assert_int_equal(a.stamps, 1);
		assert_true(imprint_holds(&o, token, hows[i].md));
		counts_are(&o, token, 3, 1);
		vt_cms_free(token);
		opened_free(&o);
		parts_release(&p);
	}
}

/* What came later is not covered, and does no harm. */
static void
what_is_added_later(void **state)
{
	const struct how h = { .version = 3, .md = CMS_SHA256 };
	struct vt_cert *cert = pki_cert("agency"), *more = pki_cert("revoked");
	struct vt_cms_archive a;
	struct vt_cms *token;
	struct opened o;
	struct vt_buf b;
	struct parts p;

	(void)state;
	message_make(&p);
	archive_add(&p, &h);
	vt_buf_bytes_put(&p.certs, vt_cert_der(cert));
	vt_buf_init(&b, 1 << 16);
	vt_buf_bytes_put(&b, vt_cert_der(more));
	wrap(&b, CMS_SEQUENCE);
	attr(&p.attrs, B(a_certs), vt_buf_bytes(&b));
	vt_buf_release(&b);
	archive_add(&p, &h);
	parts_open(&p, &o);
	token = archive_read(&o, 1, &a);
	assert_true(a.sound && !a.whole);
	assert_int_equal(a.stamps, 1);
	assert_true(imprint_holds(&o, token, CMS_SHA256));
	counts_are(&o, token, 3, 1);
	vt_cms_free(token);
	/* The second covers the first, too. */
	token = archive_read(&o, 2, &a);
	assert_true(a.sound && a.whole);
	assert_int_equal(a.stamps, 3);
	assert_true(imprint_holds(&o, token, CMS_SHA256));
	counts_are(&o, token, 5, 1);
	vt_cms_free(token);
	opened_free(&o);
	parts_release(&p);
	vt_cert_free(cert);
	vt_cert_free(more);
}

/* An index that names what is not there is of something else. */
static void
what_is_taken_away_or_changed(void **state)
{
	const struct how h = { .version = 3, .md = CMS_SHA256 };
	struct vt_cert *cert = pki_cert("duty-ca");
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		struct vt_cms_archive a;
		struct vt_cms *token;
		struct opened o;
		struct vt_buf ats;
		struct parts p;
		bool imprint = true;

		message_make(&p);
		archive_make(&p, &h, &ats);
		switch (i) {
		case 0: /* a certificate less */
			p.certs.len -= vt_cert_der(cert).len;
			break;
		case 1: /* the same number of them, one twice */
			p.certs.len -= vt_cert_der(cert).len;
			vt_buf_bytes_put(&p.certs, vt_buf_bytes(&p.certs));
			break;
		case 2: /* no unsigned attribute left */
			p.attrs.len = 0;
			break;
		case 3: /* the last of them another */
			p.attrs.data[p.attrs.len - 1] ^= 1;
			break;
		default: /* the signature itself: a matter of the imprint */
			((unsigned char *)(uintptr_t)p.signature.data)[9] ^= 1;
			imprint = false;
		}
		attr(&p.attrs, B(a_archive), vt_buf_bytes(&ats));
		parts_open(&p, &o);
		token = archive_read(&o, vt_cms_nstamps(o.cms, 0) - 1, &a);
		assert_int_equal(a.index,
		    imprint ? VT_CMS_INDEX_DANGLING : VT_CMS_INDEX_FINE);
		assert_int_equal(a.sound, !imprint);
		assert_int_equal(a.whole, !imprint);
		if (imprint) {
			assert_int_equal(a.stamps, 0);
			counts_are(&o, token, 0, 0);
		}
		assert_int_equal(imprint_holds(&o, token, CMS_SHA256), imprint);
		vt_cms_free(token);
		opened_free(&o);
		vt_buf_release(&ats);
		parts_release(&p);
	}
	vt_cert_free(cert);
}

static void
indexes_are_taken_strictly(void **state)
{
	static const struct {
		struct how how;
		enum vt_cms_index index;
		int stream; /* the code of streaming */
	} cases[] = {
		{ { .version = 3, .none = true }, VT_CMS_INDEX_ABSENT,
		    VT_EUNSUPPORTED },
		{ { .version = 3, .twice = true }, VT_CMS_INDEX_MALFORMED,
		    VT_EUNSUPPORTED },
		/* only the first version has a default */
		{ { .version = 2, .plain = true }, VT_CMS_INDEX_MALFORMED,
		    VT_OK },
		{ { .version = 3, .plain = true }, VT_CMS_INDEX_MALFORMED,
		    VT_OK },
		{ { .version = 3,
		      .behind = { (const unsigned char *)"\5\0", 2 } },
		    VT_CMS_INDEX_MALFORMED, VT_OK },
		{ { .version = 3,
		      .more = { (const unsigned char *)"short", 5 } },
		    VT_CMS_INDEX_MALFORMED, VT_OK },
		{ { .version = 3,
		      .more = { (const unsigned char
					*)"01234567890123456789012345678901",
			  32 } },
		    VT_CMS_INDEX_DANGLING, VT_OK },
		{ { .version = 3,
		      .alg = { (const unsigned char
				       *)"\x30\x04\x06\x02\x2a\x03",
			  6 } },
		    VT_CMS_INDEX_UNSUPPORTED, VT_OK },
		/* the token's digest is another */
		{ { .version = 3, .token = CMS_SHA512 }, VT_CMS_INDEX_MALFORMED,
		    VT_OK },
		/* SHA-512's name over hashes of SHA-256 */
		{ { .version = 3,
		      .alg = { (const unsigned char
				       *)"\x30\x0b\x06\x09\x60\x86\x48\x01\x65"
					 "\x03\x04\x02\x03",
			  13 } },
		    VT_CMS_INDEX_MALFORMED, VT_OK },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct how h = cases[i].how;
		struct vt_error err = { 0 };
		struct vt_cms_archive a;
		struct vt_cms *token;
		struct opened o;
		struct vt_buf b;
		struct parts p;

		h.md = CMS_SHA256;
		message_make(&p);
		archive_add(&p, &h);
		parts_open(&p, &o);
		token = archive_read(&o, 1, &a);
		if (a.index != cases[i].index)
			fail_msg("case %zu: %d", i, (int)a.index);
		assert_false(a.sound || a.whole || a.stamps != 0);
		counts_are(&o, token, 0, 0);
		vt_buf_init(&b, 1 << 20);
		assert_int_equal(vt_cms_archive_stream(o.cms, 0, token,
				     o.content, "sha256", collect, &b, &err),
		    cases[i].stream);
		vt_buf_release(&b);
		vt_cms_free(token);
		opened_free(&o);
		parts_release(&p);
	}
}

/* Two certificates are in it, and the last of them again and again. */
static void
entries_of_an_index_are_counted(void **state)
{
	struct how h = { .version = 3,
		.md = CMS_SHA256,
		.twice_n = VT_CMS_INDEX_MAX - 2 };
	struct vt_cms_archive a;
	struct vt_cms *token;
	struct opened o;
	struct parts p;
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++, h.twice_n++) {
		message_make(&p);
		archive_add(&p, &h);
		parts_open(&p, &o);
		token = archive_read(&o, 1, &a);
		assert_int_equal(a.index,
		    more == 0 ? VT_CMS_INDEX_FINE : VT_CMS_INDEX_UNSUPPORTED);
		assert_int_equal(a.sound, more == 0);
		assert_int_equal(a.whole, more == 0);
		vt_cms_free(token);
		opened_free(&o);
		parts_release(&p);
	}
}

/* One is left out of the index: it was there, and is not covered. */
static void
what_the_index_leaves_out(void **state)
{
	struct how h = { .version = 3, .md = CMS_SHA256 };
	struct vt_cert *cert = pki_cert("duty-ca");
	struct vt_cms_archive a;
	struct vt_cms *token;
	struct opened o;
	struct parts p;

	(void)state;
	message_make(&p);
	h.skip = vt_cert_der(cert);
	archive_add(&p, &h);
	parts_open(&p, &o);
	token = archive_read(&o, 1, &a);
	assert_true(a.sound && !a.whole);
	counts_are(&o, token, 2, 1);
	vt_cms_free(token);
	opened_free(&o);
	parts_release(&p);
	vt_cert_free(cert);
}

/* Only the digests that are asked for are made. */
static void
the_content_is_digested_for_the_stamps(void **state)
{
	static const enum cms_md_id mds[] = { CMS_SHA256, CMS_SHA384,
		CMS_SHA512, CMS_SHA1 };
	const struct how h = { .version = 3, .md = CMS_SHA512 };
	struct vt_bytes digest;
	struct opened o;
	struct parts p;
	size_t i;

	(void)state;
	message_make(&p);
	archive_add(&p, &h);
	parts_open(&p, &o);
	for (i = 0; i < 4; i++)
		assert_int_equal(vt_cms_digest_get(o.content, mds[i], &digest,
				     NULL),
		    mds[i] == CMS_SHA256 || mds[i] == CMS_SHA512 ? VT_OK
								 : VT_EARG);
	opened_free(&o);
	parts_release(&p);
}

static void
limits_and_arguments(void **state)
{
	const struct how h = { .version = 3, .md = CMS_SHA256 };
	struct vt_cms_archive a;
	struct vt_error err = { 0 };
	struct vt_cms *token;
	struct vt_buf ats;
	struct opened o;
	struct parts p;
	size_t i;

	(void)state;
	message_make(&p);
	archive_make(&p, &h, &ats);
	for (i = 0; i < VT_CMS_ARCHIVES_MAX; i++)
		attr(&p.attrs, B(a_archive), vt_buf_bytes(&ats));
	parts_open(&p, &o);
	assert_int_equal(vt_cms_nstamps(o.cms, 0), VT_CMS_ARCHIVES_MAX + 1);
	token = archive_read(&o, VT_CMS_ARCHIVES_MAX, &a);
	assert_true(a.sound && a.whole);
	assert_vt_error(vt_cms_archive_read(o.cms, 0, 0, token, &a, &err), &err,
	    VT_EARG);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_cms_archive_read(o.cms, 1, 1, token, &a, &err), &err,
	    VT_EARG);
	vt_cms_free(token);
	opened_free(&o);
	attr(&p.attrs, B(a_archive), vt_buf_bytes(&ats));
	assert_int_equal(parts_refused(&p), VT_ELIMIT);
	parts_release(&p);

	/* Any stamps: one attribute with as many values as may be. */
	parts_usual(&p);
	vt_buf_release(&ats);
	vt_buf_init(&ats, 4096);
	for (i = 0; i < VT_CMS_STAMPS_MAX; i++)
		vt_buf_put(&ats, "\x30\x00", 2);
	attr(&p.attrs, B(a_stamped), vt_buf_bytes(&ats));
	parts_open(&p, &o);
	assert_int_equal(vt_cms_nstamps(o.cms, 0), VT_CMS_STAMPS_MAX);
	opened_free(&o);
	attr(&p.attrs, B(a_stamped), VT_BYTES_LIT("\x30\x00"));
	assert_int_equal(parts_refused(&p), VT_ELIMIT);
	parts_release(&p);
	vt_buf_release(&ats);
}

static int
setup(void **state)
{
	(void)state;
	dir = test_dir_new();
	authority_write();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	test_dir_free(dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_is_read),
		cmocka_unit_test(what_is_added_later),
		cmocka_unit_test(what_is_taken_away_or_changed),
		cmocka_unit_test(indexes_are_taken_strictly),
		cmocka_unit_test(entries_of_an_index_are_counted),
		cmocka_unit_test(what_the_index_leaves_out),
		cmocka_unit_test(the_content_is_digested_for_the_stamps),
		cmocka_unit_test(limits_and_arguments),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
