/* test_pdf_stream.c - streams, filters, object streams: ISO 32000-2, 7.3.8 ff.
 */
#include "test_pdf_build.h"

/* Object 5 as written in TEXT, object 6 the integer 5. */
static void
with_text(struct build *p, const char *text, size_t len)
{
	build_begin(p, "");
	build_page(p);
	p->off[5] = p->b.len;
	vt_buf_put(&p->b, text, len);
	build_object(p, 6, "5");
	build_table(p, 0, 6, "/Root 1 0 R");
}

static void
lengths(void **state)
{
	static const struct {
		const char *text;
		long len; /* -1: refused */
		bool noted;
	} cases[] = {
		{ "<</Length 5>>stream\nhello\nendstream", 5, false },
		{ "<</Length 5>>stream\r\nhello\r\nendstream", 5, false },
		{ "<</Length 5>>stream\nhelloendstream", 5, false },
		{ "<</Length 6 0 R>>stream\nhello\nendstream", 5, false },
		{ "<</Length 0>>stream\nendstream", 0, false },
		{ "<</Length 5>>stream\rhello\rendstream", 5, true },
		{ "<</Length 5>>stream \nhello\nendstream", 5, true },
		{ "<</Length 3>>stream\nhello\nendstream", 5, true },
		{ "<</Length 9>>stream\nhello\nendstream", 5, true },
		{ "<</Length 0>>stream\nhello\r\nendstream", 5, true },
		{ "<</Length 5>>stream\nhe endstream o\nendstream", -1, false },
		{ "<</Length 100>>stream\nhello\nendstream", 5, true },
		{ "<</Length -1>>stream\nhello\nendstream", 5, true },
		{ "<</Length 9223372036854775807>>stream\nhello\nendstream", 5,
		    true },
		{ "<</Length 9223372036854775808>>stream\nhello\nendstream", 5,
		    true },
		{ "<</Length(5)>>stream\nhello\nendstream", 5, true },
		{ "<</Length 5 0 R>>stream\nhello\nendstream", -1, false },
		{ "<</Length 99 0 R>>stream\nhello\nendstream", 5, true },
		{ "<<>>stream\nhello\nendstream", 5, true },
		{ "<<>>stream\nhe endstream o\nendstream", -1, false },
		{ "<<>>stream\nhello\nendstream endobj 5 0 obj endstream", -1,
		    false },
		{ "<<>>stream\nhello\nendstreamx", -1, false },
		{ "<<>>stream\nhello\nendstream 7", -1, false },
		{ "<<>>stream\nhello\nendstream endobj word", -1, false },
		{ "<</Length 5>>streamhello\nendstream", -1, false },
		{ "<</Length 5>>stream\nhello\nendstrea", -1, false },
	};
	const struct vt_pdf_obj *s;
	char text[200];
	struct build p;
	struct open o;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = snprintf(text, sizeof(text), "5 0 obj %s endobj ",
		    cases[i].text);
		with_text(&p, text, (size_t)n);
		open_ok(&o, &p, VT_PDF_STRICT);
		if (cases[i].len < 0 && strstr(text, "streamhello") != NULL) {
			/* A word of its own: no stream, no "endobj" either. */
			assert_int_equal(get(&o, 5)->type, VT_PDF_DICT);
			assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
		} else if (cases[i].len < 0) {
			struct vt_error err = { 0 };

			assert_vt_error(vt_pdf_get(o.pdf,
					    (struct vt_pdf_ref){ 5, 0 }, &s,
					    &err),
			    &err, VT_EFORMAT);
		} else {
			s = get(&o, 5);
			assert_int_equal(s->type, VT_PDF_STREAM);
			assert_int_equal(s->u.stream.len, cases[i].len);
			assert_memory_equal(p.b.data + s->u.stream.off, "hello",
			    (size_t)cases[i].len);
			assert_int_equal(vt_pdf_nfindings(o.pdf) > 0,
			    cases[i].noted);
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
a_missing_endobj_and_an_empty_object(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	with_text(&p, "5 0 obj (x)\n", 12);
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_bytes_str(get(&o, 5)->u.string, "x");
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	open_close(&o);
	vt_buf_release(&p.b);

	with_text(&p, "5 0 obj endobj\n", 15);
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(get(&o, 5)->type, VT_PDF_NULL);
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	open_close(&o);
	vt_buf_release(&p.b);
}

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
	vt_buf_init(&big, 128u << 20);
	assert_int_equal(vt_buf_reserve(&big, 100u << 20), VT_OK);
	memset(big.data, 0, 100u << 20);
	big.len = 100u << 20;
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

/* Objects 5 and 6 in object stream 7, which may itself be at OTHER. */
static void
with_objstm(struct build *p, const char *keys, const char *data, unsigned other,
    unsigned index)
{
	struct vt_buf rows;
	unsigned i;

	vt_buf_init(&rows, 4096);
	build_begin(p, "");
	build_page(p);
	build_stream(p, 7, keys, vt_bytes_str(data));
	build_row(&rows, 0, 0, 65535);
	for (i = 1; i <= 4; i++)
		build_row(&rows, 1, p->off[i], 0);
	build_row(&rows, 2, 7, 0);
	build_row(&rows, 2, 7, index);
	if (other != 0)
		build_row(&rows, 2, other, 0);
	else
		build_row(&rows, 1, p->off[7], 0);
	build_row(&rows, 1, p->b.len, 0);
	build_xref_stream(p, 8, "/Size 9/Root 1 0 R", vt_buf_bytes(&rows),
	    true);
	vt_buf_release(&rows);
}

static void
object_streams(void **state)
{
	static const struct {
		const char *keys, *data;
		unsigned other, index;
		bool five, six; /* can be read */
	} cases[] = {
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 0, 1, true,
		    true },
		/* /Extends is for writers; not followed, even to itself. */
		{ "/Type/ObjStm/N 2/First 8/Extends 7 0 R", "5 0 6 4 (a) (b)",
		    0, 1, true, true },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 0, 0, true,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 0, 2, true,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "6 0 5 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b", 0, 1, true,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 99(a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 -4(a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 9/First 8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2147483647/First 8", "5 0 6 4 (a) (b)", 0, 1,
		    false, false },
		{ "/Type/ObjStm/N -1/First 8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 99", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First -8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2", "5 0 6 4 (a) (b)", 0, 1, false, false },
		{ "/Type/Other/N 2/First 8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		/* /N stands in the stream that it is needed for. */
		{ "/Type/ObjStm/N 5 0 R/First 8", "5 0 6 2 2 (b)  ", 0, 1,
		    false, false },
		/* An object stream within another, and within itself. */
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 6, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 7, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 4, 1, false,
		    false },
	};
	const struct vt_pdf_obj *v;
	struct vt_error err;
	struct build p;
	struct open o;
	size_t i, k;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with_objstm(&p, cases[i].keys, cases[i].data, cases[i].other,
		    cases[i].index);
		open_ok(&o, &p, VT_PDF_STRICT);
		for (k = 5; k <= 6; k++) {
			memset(&err, 0, sizeof(err));
			rc = vt_pdf_get(o.pdf,
			    (struct vt_pdf_ref){ (uint32_t)k, 0 }, &v, &err);
			if (k == 5 ? cases[i].five : cases[i].six)
				assert_bytes_str(v->u.string,
				    k == 5 ? "a" : "b");
			else
				assert_vt_error(rc, &err, VT_EFORMAT);
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* Many objects spread over bombs: time is bounded, not only memory. */
static void
object_stream_bombs(void **state)
{
	enum { N = 8 };
	struct vt_buf data, packed, rows;
	const struct vt_pdf_obj *v;
	struct vt_error err = { 0 };
	struct build p;
	struct open o;
	size_t i, k, n = 0;
	int rc = VT_OK;

	(void)state;
	vt_buf_init(&data, 64u << 20);
	vt_buf_init(&rows, 1 << 20);
	build_begin(&p, "");
	build_page(&p);
	for (i = 0; i < N; i++) {
		vt_buf_reset(&data);
		for (k = 0; k < 16; k++)
			vt_buf_printf(&data, "%4zu %4zu ", 100 + i + N * k, k);
		vt_buf_puts(&data, "1111111111111111");
		assert_int_equal(vt_buf_reserve(&data, 30u << 20), VT_OK);
		memset(data.data + data.len, ' ', (30u << 20) - data.len);
		data.len = 30u << 20;
		build_deflate(vt_buf_bytes(&data), &packed);
		build_stream(&p, (unsigned)(10 + i),
		    "/Type/ObjStm/N 16/First 160/Filter/FlateDecode",
		    vt_buf_bytes(&packed));
		vt_buf_release(&packed);
	}
	for (i = 1; i <= 4; i++)
		build_row(&rows, 1, p.off[i], 0);
	for (i = 0; i < N; i++)
		build_row(&rows, 1, p.off[10 + i], 0);
	for (k = 0; k < 16; k++)
		for (i = 0; i < N; i++)
			build_row(&rows, 2, 10 + i, (unsigned)k);
	build_xref_stream(&p, 9, "/Size 300/Root 1 0 R/Index[1 4 10 8 100 128]",
	    vt_buf_bytes(&rows), true);
	open_ok(&o, &p, VT_PDF_STRICT);
	for (i = 0; i < N * 16 && rc == VT_OK; i++) {
		rc = vt_pdf_get(o.pdf,
		    (struct vt_pdf_ref){ (uint32_t)(100 + i), 0 }, &v, &err);
		n += rc == VT_OK;
	}
	assert_vt_error(rc, &err, VT_ELIMIT);
	assert_in_range(n, 1, 40);
	open_close(&o);
	vt_buf_release(&p.b);
	vt_buf_release(&data);
	vt_buf_release(&rows);
}

/* What was loaded before a mark stays, what came later is given back. */
static void
marks_nest(void **state)
{
	const struct vt_pdf_obj *pages, *kids;
	struct build p;
	struct open o;
	size_t outer, inner, i;

	(void)state;
	build_compressed(&p);
	open_ok(&o, &p, VT_PDF_STRICT);
	outer = vt_pdf_mark(o.pdf);
	pages = get(&o, 2);
	inner = vt_pdf_mark(o.pdf);
	for (i = 0; i < 1000; i++) {
		assert_int_equal(get(&o, 3)->type, VT_PDF_DICT);
		assert_int_equal(get(&o, 4)->type, VT_PDF_STREAM);
		assert_int_equal(get(&o, 1)->type, VT_PDF_DICT);
		vt_pdf_rewind(o.pdf, inner);
	}
	assert_ptr_equal(get(&o, 2), pages);
	assert_vt_ok(vt_pdf_lookup(o.pdf, pages, "Kids", &kids, &o.err),
	    &o.err);
	assert_int_equal(kids->u.array.n, 1);
	vt_pdf_rewind(o.pdf, outer);
	assert_int_equal(vt_pdf_mark(o.pdf), outer);
	open_close(&o);
	vt_buf_release(&p.b);
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
		cmocka_unit_test(filters_are_counted),
		cmocka_unit_test(lengths),
		cmocka_unit_test(a_missing_endobj_and_an_empty_object),
		cmocka_unit_test(what_we_deflate_is_read),
		cmocka_unit_test(simple_filters),
		cmocka_unit_test(lzw_with_wide_codes),
		cmocka_unit_test(predictors),
		cmocka_unit_test(flate_that_is_cut_or_too_much),
		cmocka_unit_test(object_streams),
		cmocka_unit_test(object_stream_bombs),
		cmocka_unit_test(marks_nest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
