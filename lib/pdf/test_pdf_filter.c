/* test_pdf_filter.c - what filters make of data: ISO 32000-2, 7.4 */
#include "test_pdf_build.h"

#include "vanthu/limits.h"

static int
decode(const char *keys, struct vt_bytes data, struct vt_buf *ret,
    struct vt_error *err)
{
	struct build p;
	struct open o;
	int rc;

	build_begin(&p, "");
	build_page(&p);
	build_stream(&p, 5, keys, data);
	build_table(&p, 0, 5, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	rc = vt_pdf_stream_data(o.pdf, get(&o, 5), ret, err);
	open_close(&o);
	vt_buf_release(&p.b);
	return rc;
}

static void
decodes_to(const char *keys, struct vt_bytes data, struct vt_bytes want)
{
	struct vt_error err = { 0 };
	struct vt_buf out;

	vt_buf_init(&out, 1 << 20);
	assert_vt_ok(decode(keys, data, &out, &err), &err);
	assert_bytes_equal(vt_buf_bytes(&out), want);
	vt_buf_release(&out);
}

static void
decode_fails(const char *keys, struct vt_bytes data, enum vt_code code)
{
	struct vt_error err = { 0 };
	struct vt_buf out;

	vt_buf_init(&out, 1 << 20);
	assert_vt_error(decode(keys, data, &out, &err), &err, code);
	assert_int_equal(out.len, 0);
	vt_buf_release(&out);
}

#define L VT_BYTES_LIT

static void
what_we_deflate_is_read(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf packed;

	(void)state;
	vt_buf_init(&packed, 100);
	assert_vt_ok(vt_pdf_deflate(L("abcabcabcabc"), &packed, &err), &err);
	decodes_to("/Filter/FlateDecode", vt_buf_bytes(&packed),
	    L("abcabcabcabc"));
	vt_buf_release(&packed);
	vt_buf_init(&packed, 4);
	assert_vt_error(vt_pdf_deflate(L("abc"), &packed, &err), &err,
	    VT_ELIMIT);
	assert_int_equal(packed.len, 0);
	vt_buf_release(&packed);
}

static void
simple_filters(void **state)
{
	(void)state;
	decodes_to("", L("as it is"), L("as it is"));
	decodes_to("/Filter null", L("as it is"), L("as it is"));
	decodes_to("/Filter[]", L("as it is"), L("as it is"));
	decodes_to("/Filter/ASCIIHexDecode", L("48 65\n6c6C6f7>junk"),
	    L("Hellop"));
	decodes_to("/Filter/ASCII85Decode", L("87cURD]i,\"Ebo80~>"),
	    L("Hello World!"));
	decodes_to("/Filter/ASCII85Decode", L("z87cUR DZ~>"),
	    L("\0\0\0\0Hello"));
	decodes_to("/Filter/RunLengthDecode",
	    L("\x02"
	      "abc\xfe"
	      "x\x80junk"),
	    L("abcxxx"));
	/* The example of 7.4.4.2. */
	decodes_to("/Filter/LZWDecode",
	    L("\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"), L("-----A---B"));
	decodes_to("/Filter[/ASCIIHexDecode/LZWDecode]",
	    L("800B6050220C0C8501>"), L("-----A---B"));

	decode_fails("/Filter/ASCIIHexDecode", L("4x>"), VT_EFORMAT);
	decode_fails("/Filter/ASCII85Decode", L("87cUz~>"), VT_EFORMAT);
	decode_fails("/Filter/ASCII85Decode", L("uuuuu~>"), VT_EFORMAT);
	decode_fails("/Filter/ASCII85Decode", L("!~>"), VT_EFORMAT);
	decode_fails("/Filter/RunLengthDecode",
	    L("\x05"
	      "abc"),
	    VT_EFORMAT);
	decode_fails("/Filter/RunLengthDecode", L("\xfe"), VT_EFORMAT);
	decode_fails("/Filter/LZWDecode", L("\xff\xff\xff"), VT_EFORMAT);
	decode_fails("/Filter/FlateDecode", L("not deflated"), VT_EFORMAT);
	decode_fails("/Filter/DCTDecode", L("x"), VT_EUNSUPPORTED);
	decode_fails("/Filter/Crypt", L("x"), VT_EUNSUPPORTED);
	decode_fails("/Filter 5", L("x"), VT_EUNSUPPORTED);
	decode_fails("/Filter[/A85/A85/A85/A85/A85]", L("x"), VT_ELIMIT);
}

/* Long enough for every code width, the table being full, and clearing it. */
static void
lzw_with_wide_codes(void **state)
{
	struct vt_buf plain, code;
	uint32_t bits = 0;
	unsigned nbits = 0, width = 9, next = 258, i;

	(void)state;
	vt_buf_init(&plain, 1 << 20);
	vt_buf_init(&code, 1 << 20);
	/* An encoder that never looks back: every byte is its own code. */
	for (i = 0; i < 20000; i++) {
		if (next == 258 && i > 0) { /* the clear code */
			bits = bits << width | 256;
			nbits += width;
			width = 9;
		}
		bits = bits << width | (i * 7 & 0xff);
		nbits += width;
		vt_buf_putc(&plain, (int)(i * 7 & 0xff));
		while (nbits >= 8) {
			nbits -= 8;
			vt_buf_putc(&code, (int)(bits >> nbits & 0xff));
		}
		next++;
		if (next == 4095) {
			next = 258;
			continue;
		}
		/* The decoder is one entry behind. */
		if (next - 1 + 1 >= 1u << width && width < 12)
			width++;
	}
	bits = bits << width | 257;
	nbits += width;
	while (nbits >= 8) {
		nbits -= 8;
		vt_buf_putc(&code, (int)(bits >> nbits & 0xff));
	}
	vt_buf_putc(&code, (int)(bits << (8 - nbits) & 0xff));
	decodes_to("/Filter/LZWDecode", vt_buf_bytes(&code),
	    vt_buf_bytes(&plain));
	vt_buf_release(&plain);
	vt_buf_release(&code);
}

static void
predictors(void **state)
{
	/* One row of each PNG filter; the values worked out by hand. */
	static const unsigned char png[] = { 0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1,
		3, 1, 1, 1, 4, 1, 1, 1 };
	static const unsigned char png_out[] = { 1, 2, 3, 1, 2, 3, 2, 3, 4, 2,
		3, 4, 3, 4, 5 };
	static const unsigned char tiff8[] = { 1, 1, 1, 5, 1, 1 };
	static const unsigned char tiff8_out[] = { 1, 2, 3, 5, 6, 7 };
	static const unsigned char tiff4[] = { 0x11, 0x1f };
	static const unsigned char tiff4_out[] = { 0x12, 0x32 };
	static const unsigned char tiff16[] = { 0, 0xff, 0, 1 };
	static const unsigned char tiff16_out[] = { 0, 0xff, 1, 0 };
	struct vt_buf packed;
#define FLATE "/Filter/FlateDecode/DecodeParms"

	(void)state;
	build_deflate(VT_BYTES(png, sizeof(png)), &packed);
	decodes_to(FLATE "<</Predictor 15/Columns 3>>", vt_buf_bytes(&packed),
	    VT_BYTES(png_out, sizeof(png_out)));
	decodes_to("/Filter[/FlateDecode]/DecodeParms[<</Predictor 10"
		   "/Columns 3>>]",
	    vt_buf_bytes(&packed), VT_BYTES(png_out, sizeof(png_out)));
	decode_fails(FLATE "<</Predictor 9/Columns 3>>", vt_buf_bytes(&packed),
	    VT_EFORMAT);
	decode_fails(FLATE "<</Predictor 12/Columns 0>>", vt_buf_bytes(&packed),
	    VT_EFORMAT);
	decode_fails(FLATE "<</Predictor 12/Columns 9223372036854775807>>",
	    vt_buf_bytes(&packed), VT_EFORMAT);
	decode_fails(FLATE "<</Predictor 12/Colors 33>>", vt_buf_bytes(&packed),
	    VT_EFORMAT);
	decode_fails(FLATE "<</Predictor 12/BitsPerComponent 3>>",
	    vt_buf_bytes(&packed), VT_EFORMAT);
	decode_fails(FLATE "<</Predictor(x)>>", vt_buf_bytes(&packed),
	    VT_EFORMAT);
	vt_buf_release(&packed);
	/* A filter type that PNG does not have. */
	build_deflate(L("\5abc"), &packed);
	decode_fails(FLATE "<</Predictor 12/Columns 3>>", vt_buf_bytes(&packed),
	    VT_EFORMAT);
	vt_buf_release(&packed);

	build_deflate(VT_BYTES(tiff8, sizeof(tiff8)), &packed);
	decodes_to(FLATE "<</Predictor 2/Columns 3>>", vt_buf_bytes(&packed),
	    VT_BYTES(tiff8_out, sizeof(tiff8_out)));
	vt_buf_release(&packed);
	build_deflate(VT_BYTES(tiff4, sizeof(tiff4)), &packed);
	decodes_to(FLATE "<</Predictor 2/Columns 4/BitsPerComponent 4>>",
	    vt_buf_bytes(&packed), VT_BYTES(tiff4_out, sizeof(tiff4_out)));
	vt_buf_release(&packed);
	build_deflate(VT_BYTES(tiff16, sizeof(tiff16)), &packed);
	decodes_to(FLATE "<</Predictor 2/Columns 2/BitsPerComponent 16>>",
	    vt_buf_bytes(&packed), VT_BYTES(tiff16_out, sizeof(tiff16_out)));
	vt_buf_release(&packed);
}

static void
flate_that_is_cut_or_too_much(void **state)
{
	struct vt_buf packed, twice, big;
	struct vt_error err = { 0 };
	struct vt_buf out;

	(void)state;
	vt_buf_init(&big, 2 * VT_PDF_DECODED_MAX);
	assert_int_equal(vt_buf_reserve(&big, VT_PDF_DECODED_MAX + 1), VT_OK);
	memset(big.data, 0, VT_PDF_DECODED_MAX + 1);
	big.len = VT_PDF_DECODED_MAX;
	build_deflate(vt_buf_bytes(&big), &packed);
	vt_buf_init(&out, SIZE_MAX / 2);
	assert_vt_ok(decode("/Filter/FlateDecode", vt_buf_bytes(&packed), &out,
			 &err),
	    &err);
	assert_int_equal(out.len, VT_PDF_DECODED_MAX);
	vt_buf_release(&out);
	vt_buf_release(&packed);

	big.len = VT_PDF_DECODED_MAX + 1;
	build_deflate(vt_buf_bytes(&big), &packed);
	build_deflate(vt_buf_bytes(&packed), &twice);
	vt_buf_init(&out, SIZE_MAX / 2);
	assert_vt_error(decode("/Filter/FlateDecode", vt_buf_bytes(&packed),
			    &out, &err),
	    &err, VT_ELIMIT);
	vt_error_clear(&err);
	assert_vt_error(decode("/Filter[/FlateDecode/FlateDecode]",
			    vt_buf_bytes(&twice), &out, &err),
	    &err, VT_ELIMIT);
	vt_error_clear(&err);

	vt_buf_release(&packed);
	big.len = 20u << 20; /* below the limit for one, not for its ratio */
	build_deflate(vt_buf_bytes(&big), &packed);
	vt_buf_release(&twice);
	build_deflate(vt_buf_bytes(&packed), &twice);
	assert_vt_ok(decode("/Filter/FlateDecode", vt_buf_bytes(&packed), &out,
			 &err),
	    &err);
	assert_int_equal(out.len, 20u << 20);
	vt_buf_reset(&out);
	assert_vt_error(decode("/Filter[/FlateDecode/FlateDecode]",
			    vt_buf_bytes(&twice), &out, &err),
	    &err, VT_ELIMIT);
	vt_error_clear(&err);

	packed.len -= 5; /* its checksum, and one more */
	vt_buf_release(&out);
	vt_buf_init(&out, SIZE_MAX / 2);
	assert_vt_error(decode("/Filter/FlateDecode", vt_buf_bytes(&packed),
			    &out, &err),
	    &err, VT_EFORMAT);
	vt_buf_release(&out);
	vt_buf_release(&packed);
	vt_buf_release(&twice);
	vt_buf_release(&big);
}

static void
filters_are_counted(void **state)
{
	char keys[128], hex[256] = "A", next[256];
	struct vt_buf out;
	struct vt_error err = { 0 };
	size_t i, k, n;

	(void)state;
	for (n = 1; n <= VT_PDF_FILTERS_MAX + 1; n++) {
		memset(next, 0, sizeof(next));
		for (i = 0; hex[i] != '\0'; i++)
			snprintf(next + 2 * i, 3, "%02X", (unsigned)hex[i]);
		next[2 * i] = '>';
		memcpy(hex, next, sizeof(hex));
		snprintf(keys, sizeof(keys), "/Filter[");
		for (k = 0; k < n; k++)
			strncat(keys, "/ASCIIHexDecode",
			    sizeof(keys) - strlen(keys) - 1);
		strncat(keys, "]", sizeof(keys) - strlen(keys) - 1);
		if (n <= VT_PDF_FILTERS_MAX) {
			decodes_to(keys, vt_bytes_str(hex), L("A"));
			continue;
		}
		vt_buf_init(&out, 1 << 20);
		assert_vt_error(decode(keys, vt_bytes_str(hex), &out, &err),
		    &err, VT_ELIMIT);
		vt_buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_we_deflate_is_read),
		cmocka_unit_test(simple_filters),
		cmocka_unit_test(lzw_with_wide_codes),
		cmocka_unit_test(predictors),
		cmocka_unit_test(flate_that_is_cut_or_too_much),
		cmocka_unit_test(filters_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
