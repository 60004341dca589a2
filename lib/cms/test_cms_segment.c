/* test_cms_segment.c - content in segments, right and made to deceive */
#include "test_cms_splice.h"

/* The usual message, its eContent being VALUE, an element as it stands. */
static void
message_with(struct vt_bytes value, struct vt_buf *ret)
{
	struct vt_buf middle, inner;
	struct cms_tlv digests;
	struct vt_bytes in;
	struct parts p;

	parts_usual(&p);
	in = p.middle;
	next(&in, CMS_SET, &digests);
	vt_buf_init(&middle, 64u << 20);
	vt_buf_init(&inner, 64u << 20);
	put(&inner, CMS_OID, B(oid_data));
	put(&inner, CMS_CTX0, value);
	vt_buf_bytes_put(&middle, digests.whole);
	put(&middle, CMS_SEQUENCE, vt_buf_bytes(&inner));
	p.middle = vt_buf_bytes(&middle);
	parts_put(&p, ret);
	parts_release(&p);
	vt_buf_release(&middle);
	vt_buf_release(&inner);
}

#define W1 "Quy\xe1\xba\xbft \xc4\x91" /* 10 bytes of the text */
#define W2 "\xe1\xbb\x8bnh s\xe1\xbb\x91 01/Q\xc4\x90-UBND" /* and the rest */

static void
segments_are_put_together(void **state)
{
	static const struct {
		const char *what;
		struct vt_bytes value;
		int rc;
		bool same; /* the content that was signed */
	} cases[] = {
		{ "definite", VT_BYTES_LIT("\x24\x24\x04\x0a" W1 "\x04\x16" W2),
		    VT_OK, true },
		{ "indefinite",
		    VT_BYTES_LIT(
			"\x24\x80\x04\x0a" W1 "\x04\x16" W2 "\x00\x00"),
		    VT_OK, true },
		{ "long lengths, empty segments",
		    VT_BYTES_LIT("\x24\x80\x04\x82\x00\x0a" W1
				 "\x04\x00\x24\x00\x24\x80\x00\x00\x04\x81"
				 "\x16" W2 "\x00\x00"),
		    VT_OK, true },
		{ "nested",
		    VT_BYTES_LIT("\x24\x80\x24\x0c\x04\x0a" W1
				 "\x24\x80\x04\x16" W2 "\x00\x00\x00\x00"),
		    VT_OK, true },
		{ "other order",
		    VT_BYTES_LIT(
			"\x24\x80\x04\x16" W2 "\x04\x0a" W1 "\x00\x00"),
		    VT_OK, false },
		{ "nothing", VT_BYTES_LIT("\x24\x80\x00\x00"), VT_OK, false },
		{ "no end", VT_BYTES_LIT("\x24\x80\x04\x0a" W1), VT_EFORMAT,
		    false },
		{ "half an end", VT_BYTES_LIT("\x24\x80\x04\x0a" W1 "\x00"),
		    VT_EFORMAT, false },
		{ "another type",
		    VT_BYTES_LIT("\x24\x80\x0c\x0a" W1 "\x00\x00"), VT_EFORMAT,
		    false },
		/* what is inside ends behind what it is in */
		{ "a segment too long",
		    VT_BYTES_LIT("\x24\x80\x24\x03\x04\x05\x61\x62\x63\x64\x65"
				 "\x00\x00"),
		    VT_EFORMAT, false },
		{ "a header too long",
		    VT_BYTES_LIT("\x24\x80\x24\x03\x04\x82\x00\x04\x61\x62\x63"
				 "\x64\x00\x00"),
		    VT_EFORMAT, false },
		{ "a header of one byte",
		    VT_BYTES_LIT("\x24\x80\x24\x01\x04\x04\x61\x62\x63\x64\x00"
				 "\x00"),
		    VT_EFORMAT, false },
		{ "an end too late",
		    VT_BYTES_LIT("\x24\x80\x24\x03\x24\x80\x00\x00\x00\x00"),
		    VT_EFORMAT, false },
		{ "a length beyond all",
		    VT_BYTES_LIT("\x24\x80\x04\x87\xff\xff\xff\xff\xff\xff\xff"
				 "\x00\x00"),
		    VT_EFORMAT, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct checked c;
		struct vt_buf der;

		vt_buf_init(&der, 1 << 20);
		message_with(cases[i].value, &der);
		check(vt_buf_bytes(&der), 0, NULL, NULL, &c);
		if (c.rc != cases[i].rc || c.facts.intact != cases[i].same)
			fail_msg("%s: %s, %s", cases[i].what,
			    vt_code_name((enum vt_code)c.rc),
			    vt_cms_reason_name(c.facts.reason));
		if (c.rc == VT_OK && !cases[i].same)
			assert_int_equal(c.facts.reason, VT_CMS_DIGEST_DIFFERS);
		checked_free(&c);
		vt_buf_release(&der);
	}
}

static void
segments_are_not_nested_without_end(void **state)
{
	size_t depth, i;

	(void)state;
	for (depth = VT_CMS_DEPTH_MAX; depth <= VT_CMS_DEPTH_MAX + 1; depth++) {
		struct checked c;
		struct vt_buf value, der;

		vt_buf_init(&value, 1024);
		vt_buf_init(&der, 1 << 20);
		for (i = 0; i < depth; i++)
			vt_buf_put(&value, "\x24\x80", 2);
		put(&value, CMS_OCTETS, TEXT);
		for (i = 0; i < depth; i++)
			vt_buf_put(&value, "\x00\x00", 2);
		message_with(vt_buf_bytes(&value), &der);
		check(vt_buf_bytes(&der), 0, NULL, NULL, &c);
		assert_int_equal(c.rc,
		    depth == VT_CMS_DEPTH_MAX ? VT_OK : VT_ELIMIT);
		assert_int_equal(c.facts.intact, c.rc == VT_OK);
		checked_free(&c);
		vt_buf_release(&value);
		vt_buf_release(&der);
	}
}

static int
sum(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_sha256_update(ctx, piece, err);
}

/* A file that no source copies, in segments of all sizes about the window's. */
static void
segments_of_all_sizes_in_a_file(void **state)
{
	static const size_t sizes[] = { 0, 1, 9, 10, 11, 4096, 65525, 65526,
		65535, 65536, 65537, 131071, 131072, 200000, 2 };
	unsigned char a[VT_SHA256_LEN], b[VT_SHA256_LEN];
	char *dir = test_dir_new(), *path = vt_path_join(dir, "m");
	struct vt_sha256 *want = NULL, *got = NULL;
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_cms *cms = NULL;
	struct vt_buf value, der;
	uint64_t total = 0;
	uint32_t seed = 1;
	size_t i, k;

	(void)state;
	assert_vt_ok(vt_sha256_new(&want, &err), &err);
	assert_vt_ok(vt_sha256_new(&got, &err), &err);
	vt_buf_init(&value, 64u << 20);
	vt_buf_init(&der, 64u << 20);
	vt_buf_put(&value, "\x24\x80", 2);
	for (i = 0; value.len < VT_SOURCE_COPY_MAX + 100000; i++) {
		size_t n = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
		size_t at;

		assert_int_equal(vt_cms_put_header(&value, CMS_OCTETS, n),
		    VT_OK);
		at = value.len;
		assert_int_equal(vt_buf_reserve(&value, n), VT_OK);
		for (k = 0; k < n; k++) {
			seed = seed * 1664525 + 1013904223;
			value.data[at + k] = (unsigned char)(seed >> 24);
		}
		value.len += n;
		total += n;
		assert_vt_ok(vt_sha256_update(want,
				 VT_BYTES(value.data + at, n), &err),
		    &err);
	}
	vt_buf_put(&value, "\x00\x00", 2);
	message_with(vt_buf_bytes(&value), &der);
	write_file(path, vt_buf_bytes(&der));
	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	assert_true(vt_source_descriptor(src) >= 0);
	assert_vt_ok(vt_cms_open(src, 0, &cms, &err), &err);
	assert_true(vt_cms_content_size(cms) == total);
	assert_vt_ok(vt_cms_content(cms, sum, got, &err), &err);
	assert_vt_ok(vt_sha256_final(want, a, &err), &err);
	assert_vt_ok(vt_sha256_final(got, b, &err), &err);
	assert_memory_equal(a, b, VT_SHA256_LEN);
	vt_sha256_free(want);
	vt_sha256_free(got);
	vt_cms_free(cms);
	vt_source_free(src);
	vt_buf_release(&value);
	vt_buf_release(&der);
	free(path);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_are_put_together),
		cmocka_unit_test(segments_are_not_nested_without_end),
		cmocka_unit_test(segments_of_all_sizes_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
