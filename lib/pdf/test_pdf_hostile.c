/* test_pdf_hostile.c - files cut and changed at every byte */
#include "test_pdf_signing.h"

static const struct vt_pdf_sign plain = { .when = VT_TIME_NONE,
	.hole = DUMMY_HOLE };

/* A file of either kind with a signature in it, small as can be. */
static void
build_signed(void (*build)(struct build *), struct vt_buf *ret)
{
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;

	build(&p);
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &plain, &s, &err), &err);
	*ret = s.bytes;
	memset(&s.bytes, 0, sizeof(s.bytes));
	signed_release(&s);
	vt_buf_release(&p.b);
}

static void (*const builds[])(
    struct build *) = { build_minimal, build_compressed };

/* Whatever is cut off, the rest is an earlier state or nothing. */
static void
cut_at_every_byte(void **state)
{
	struct vt_pdf_sigfields fields;
	enum vt_pdf_mode mode;
	size_t i, n, first;
	struct vt_buf b;
	struct build p;
	struct open o;
	int rc;

	(void)state;
	for (i = 0; i < 2; i++) {
		builds[i](&p);
		first = p.b.len; /* the unsigned revision */
		vt_buf_release(&p.b);
		build_signed(builds[i], &b);
		for (n = 0; n < b.len; n++) {
			mode = n % 2 == 0 ? VT_PDF_STRICT : VT_PDF_TOLERANT;
			rc = open_bytes(&o, VT_BYTES(b.data, n), mode);
			if (rc != VT_OK) {
				assert_vt_error(rc, &o.err, VT_EFORMAT);
				assert_true(n < first - 6 || n > first);
				open_close(&o);
				continue;
			}
			/* "%%EOF" may be missing, the number may not. */
			assert_true(n >= first - 7);
			memset(&fields, 0, sizeof(fields));
			assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields,
					 &o.err),
			    &o.err);
			if (n < b.len - 7)
				assert_int_equal(fields.n, 0);
			vt_pdf_sigfields_release(&fields);
			walk_everything(o.pdf);
			open_close(&o);
		}
		vt_buf_release(&b);
	}
}

/* No answer is checked here but that there is one. */
static void
changed_at_every_byte(void **state)
{
	static const unsigned char values[] = { 0, ' ', '\n', '0', '9', '-',
		'<', '>', '(', ')', '[', ']', '/', '%', 'R', 0xff };
	struct vt_error err;
	struct signed_file s;
	unsigned char old;
	size_t i, n, k;
	struct vt_buf b;
	struct open o;

	(void)state;
	for (i = 0; i < 2; i++) {
		build_signed(builds[i], &b);
		for (n = 0; n < b.len; n++) {
			old = b.data[n];
			if (old == '0' && n > 2 && b.data[n - 1] == '0' &&
			    b.data[n - 2] == '0' && n % 16 != 0)
				continue; /* the hole is long */
			for (k = 0; k < sizeof(values); k++) {
				b.data[n] = values[k];
				if (open_bytes(&o, vt_buf_bytes(&b),
					k % 2 == 0 ? VT_PDF_TOLERANT
						   : VT_PDF_STRICT) == VT_OK)
					walk_everything(o.pdf);
				else
					assert_string_not_equal(o.err.text, "");
				open_close(&o);
			}
			if (n % 8 == 0) {
				memset(&err, 0, sizeof(err));
				sign_bytes(vt_buf_bytes(&b), &plain, &s, &err);
				signed_release(&s);
			}
			b.data[n] = old;
		}
		vt_buf_release(&b);
	}
}

/* Each number of the file in turn becomes an extreme one. */
static void
every_number_made_extreme(void **state)
{
	static const char *const extremes[] = { "-1", "0", "2147483647",
		"2147483648", "4294967296", "9223372036854775807",
		"9223372036854775808", "-9223372036854775808",
		"18446744073709551616", "99999999999999999999999999", "1.5" };
	struct vt_buf b, changed;
	size_t i, k, n, end;
	struct open o;

	(void)state;
	for (i = 0; i < 2; i++) {
		build_signed(builds[i], &b);
		for (n = 0; n < b.len; n = end + 1) {
			for (end = n; end < b.len && b.data[end] >= '0' &&
				      b.data[end] <= '9';)
				end++;
			if (end == n || end - n > 12)
				continue;
			for (k = 0; k < sizeof(extremes) / sizeof(*extremes);
			     k++) {
				vt_buf_init(&changed, BUILD_MAX);
				vt_buf_put(&changed, b.data, n);
				vt_buf_puts(&changed, extremes[k]);
				vt_buf_put(&changed, b.data + end, b.len - end);
				if (open_bytes(&o, vt_buf_bytes(&changed),
					VT_PDF_TOLERANT) == VT_OK)
					walk_everything(o.pdf);
				open_close(&o);
				vt_buf_release(&changed);
			}
		}
		vt_buf_release(&b);
	}
}

/* What is no PDF at all. */
static void
rubbish(void **state)
{
	static const char *const texts[] = { "", "%PDF-", "%PDF-1.4",
		"%PDF-1.4\nstartxref\n1\n%%EOF",
		"%PDF-1.4\nstartxref\n9\n%%EOF",
		"%PDF-1.4\nxref\ntrailer<<>>startxref 9 %%EOF",
		"%PDF-1.4\nxref\n0 0\ntrailer<<startxref 9 %%EOF",
		"%PDF-1.4\n1 0 obj<</Type/XRef/W[1 1 1]/Size 0/Length 0>>"
		"stream\nendstream endobj startxref 9 %%EOF",
		"PK\3\4", "startxref" };
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (open_bytes(&o, vt_bytes_str(texts[i]), VT_PDF_TOLERANT) ==
		    VT_OK)
			walk_everything(o.pdf);
		else
			assert_true(o.err.code == VT_EFORMAT);
		open_close(&o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(changed_at_every_byte),
		cmocka_unit_test(every_number_made_extreme),
		cmocka_unit_test(rubbish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
