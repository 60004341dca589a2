/* test_pdf_update.c - incremental updates: ISO 32000-2, 7.5.6 */
#include "test_pdf_signing.h"

/* Write UP over the source of O; the new file's bytes. */
static void
write_update(struct vt_pdf_update *up, uint64_t *off, size_t n,
    struct vt_buf *ret)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.pdf");
	struct vt_error err = { 0 };
	struct vt_out *out = NULL;

	assert_vt_ok(vt_out_open(path, &out, &err), &err);
	assert_vt_ok(vt_pdf_update_write(up, out, off, n, &err), &err);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	test_read(path, ret);
	free(path);
	test_dir_free(dir);
}

static void
objects_are_added_and_replaced(void **state)
{
	void (*const builds[])(
	    struct build *) = { build_minimal, build_compressed };
	struct vt_pdf_update *up;
	struct vt_pdf_ref fresh, ref = { 3, 0 };
	struct build p;
	struct open o, after;
	struct vt_buf b;
	uint64_t off[2];
	uint32_t highest;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		builds[i](&p);
		open_ok(&o, &p, VT_PDF_STRICT);
		highest = vt_pdf_highest(o.pdf);
		up = NULL;
		assert_vt_ok(vt_pdf_update_new(o.pdf, &up, &o.err), &o.err);
		assert_vt_ok(vt_pdf_update_alloc(up, &fresh, &o.err), &o.err);
		assert_int_equal(fresh.num, highest + 1);
		assert_vt_ok(vt_pdf_update_put(up, fresh,
				 VT_BYTES_LIT("(first)"), &o.err),
		    &o.err);
		assert_vt_ok(vt_pdf_update_put(up, ref,
				 VT_BYTES_LIT("<</Type/Page/Parent 2 0 R>>"),
				 &o.err),
		    &o.err);
		assert_vt_ok(vt_pdf_update_put(up, fresh,
				 VT_BYTES_LIT("(last)"), &o.err),
		    &o.err);
		write_update(up, off, 2, &b);
		vt_pdf_update_free(up);
		assert_memory_equal(b.data + off[0], "(last)", 6);
		assert_memory_equal(b.data + off[1], "<</Type/Page", 12);
		assert_memory_equal(b.data, p.b.data, p.b.len);

		assert_vt_ok(open_bytes(&after, vt_buf_bytes(&b),
				 VT_PDF_STRICT),
		    &after.err);
		assert_bytes_str(get(&after, fresh.num)->u.string, "last");
		assert_null(vt_pdf_find(get(&after, 3), "Contents"));
		assert_int_equal(get(&after, 4)->type, VT_PDF_STREAM);
		assert_int_equal(vt_pdf_nrevisions(after.pdf), 2);
		assert_int_equal(vt_pdf_nfindings(after.pdf), 0);
		open_close(&after);
		vt_buf_release(&b);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* A reference to nothing must not come to mean one of our objects. */
static void
dangling_references_stay_dangling(void **state)
{
	struct vt_pdf_sign how = { .when = VT_TIME_NONE, .hole = DUMMY_HOLE };
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;
	struct open o;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	build_object(&p, 5, "[6 0 R 9 0 R <</A 7 0 R>> 2000000000 0 R]");
	build_table(&p, 0, 5, "/Root 1 0 R/Odd 8 0 R");
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err), &err);
	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s.bytes), VT_PDF_STRICT),
	    &o.err);
	assert_int_equal(get(&o, 6)->type, VT_PDF_NULL);
	assert_int_equal(get(&o, 9)->type, VT_PDF_NULL);
	assert_int_equal(get(&o, 10)->type, VT_PDF_DICT);
	open_close(&o);
	signed_release(&s);
	vt_buf_release(&p.b);
}

/* Numbers come from the objects, whatever /Size says. */
static void
numbers_do_not_follow_size(void **state)
{
	static const struct {
		const char *size;
		uint32_t fresh;
	} cases[] = { { "/Size 2", 5 }, { "/Size 5", 5 }, { "/Size 9", 9 },
		{ "/Size 0", 5 } };
	struct vt_pdf_update *up;
	struct vt_pdf_ref fresh;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_begin(&p, "");
		build_page(&p);
		build_table(&p, 0, 4, "/Root 1 0 R");
		memcpy(p.b.data + vt_bytes_find(vt_buf_bytes(&p.b), 0, "/Size"),
		    cases[i].size, 7);
		open_ok(&o, &p, VT_PDF_STRICT);
		up = NULL;
		assert_vt_ok(vt_pdf_update_new(o.pdf, &up, &o.err), &o.err);
		assert_vt_ok(vt_pdf_update_alloc(up, &fresh, &o.err), &o.err);
		assert_int_equal(fresh.num, cases[i].fresh);
		vt_pdf_update_free(up);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
splices(void **state)
{
	static const struct {
		const char *dict;
		const char *after; /* /A (new), /B removed, /N 7 added */
	} cases[] = {
		{ "<<>>", "<</A (new)/N 7>>" },
		{ "<</A 1>>", "<</A  (new)/N 7>>" },
		{ "<</A/x>>", "<</A (new)/N 7>>" },
		{ "<</A(old)/C 1>>", "<</A (new)/C 1/N 7>>" },
		{ "<< /C 1 /B 2 /D 3 >>", "<< /C 1  /D 3 /A (new)/N 7>>" },
		{ "<</B[1 2]/A 5 0 R/C 6 0 R>>", "<</A  (new)/C 6 0 R/N 7>>" },
		{ "<</C 1% /A 2\n>>", "<</C 1% /A 2\n/A (new)/N 7>>" },
		{ "<</#41 1/C<</A 1/B 2>>>>",
		    "<</#41  (new)/C<</A 1/B 2>>/N 7>>" },
	};
	static const struct vt_pdf_change changes[] = {
		{ "A", { (const unsigned char *)"(new)", 5 } },
		{ "B", { NULL, 0 } },
		{ "N", { (const unsigned char *)"7", 1 } },
	};
	struct vt_buf out;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_begin(&p, "");
		build_page(&p);
		build_object(&p, 5, cases[i].dict);
		build_object(&p, 6, "[1]");
		build_table(&p, 0, 6, "/Root 1 0 R");
		open_ok(&o, &p, VT_PDF_STRICT);
		vt_buf_init(&out, 1000);
		assert_vt_ok(vt_pdf_splice(o.pdf, get(&o, 5), changes, 3, &out,
				 &o.err),
		    &o.err);
		assert_string_equal(vt_buf_str(&out), cases[i].after);
		assert_vt_error(vt_pdf_splice(o.pdf, get(&o, 6), changes, 3,
				    &out, &o.err),
		    &o.err, VT_EARG);
		vt_buf_release(&out);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
tolerant_documents_are_not_updated(void **state)
{
	struct vt_pdf_update *up = NULL;
	struct build p;
	struct open o;

	(void)state;
	build_minimal(&p);
	open_ok(&o, &p, VT_PDF_TOLERANT);
	assert_vt_error(vt_pdf_update_new(o.pdf, &up, &o.err), &o.err, VT_EARG);
	assert_null(up);
	open_close(&o);
	vt_buf_release(&p.b);
}

/*
 * A sparse file of SIZE bytes: header and objects in front, a stream of
 * nothing, and the section at its end.
 */
static char *
sparse(const char *dir, uint64_t size)
{
	char *path = vt_path_join(dir, "big.pdf"), tail[400];
	uint64_t xref;
	struct build p;
	size_t i;
	int fd, n;

	build_begin(&p, "");
	build_page(&p);
	p.off[5] = p.b.len;
	build_text(&p, "5 0 obj\n<</Length %llu>>\nstream\n",
	    (unsigned long long)(size - 4096 - p.b.len - 60));
	i = p.b.len;
	xref = size - 400;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, p.b.data, i, 0), i);
	n = snprintf(tail, sizeof(tail), "\nendstream\nendobj\n");
	/* The data ends where /Length says. */
	assert_int_equal(pwrite(fd, tail, (size_t)n,
			     (off_t)(i + size - 4096 - p.off[5] - 60)),
	    n);
	n = snprintf(tail, sizeof(tail),
	    "xref\n0 6\n0000000000 65535 f \n%010zu 00000 n \n%010zu 00000 n "
	    "\n%010zu 00000 n \n%010zu 00000 n \n%010zu 00000 n \n"
	    "trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%llu\n%%%%EOF\n",
	    p.off[1], p.off[2], p.off[3], p.off[4], p.off[5],
	    (unsigned long long)xref);
	assert_int_equal(pwrite(fd, tail, (size_t)n, (off_t)xref), n);
	assert_int_equal(ftruncate(fd, (off_t)(xref + (uint64_t)n)), 0);
	close(fd);
	vt_buf_release(&p.b);
	return path;
}

static void
a_file_too_long_for_ten_digits_is_refused(void **state)
{
	struct vt_pdf_sign how = { .when = VT_TIME_NONE, .hole = 10 };
	char *dir = test_dir_new(), *path = sparse(dir, 9999999999u);
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct signed_file s;

	(void)state;
	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	assert_error_clause(sign_source(src, &how, &s, &err), &err, VT_ELIMIT,
	    "ISO 32000-2, 7.5.4");
	signed_release(&s);
	vt_source_free(src);
	free(path);
	test_dir_free(dir);
}

/* More than 100,000,000 bytes: digits that once broke others' files. */
static void
a_long_file_is_signed(void **state)
{
	struct vt_pdf_sign how = { .when = VT_TIME_NONE, .hole = DUMMY_HOLE };
	char *dir = test_dir_new(), *path = sparse(dir, 120000000);
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_buf before;
	struct signed_file s;

	(void)state;
	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	assert_vt_ok(sign_source(src, &how, &s, &err), &err);
	test_read(path, &before);
	assert_true(s.range[2] > 100000000);
	assert_signed(&s, vt_buf_bytes(&before), "Signature1");
	vt_buf_release(&before);
	signed_release(&s);
	vt_source_free(src);
	free(path);
	test_dir_free(dir);
}

/* Linearized or not, object streams or not, as another program makes them. */
static void
what_qpdf_writes_is_read_and_signed(void **state)
{
	static const struct {
		const char *option[2];
		enum vt_pdf_xref_kind kind;
		bool linearized;
	} cases[] = {
		{ { "--object-streams=disable", "--" }, VT_PDF_XREF_TABLE,
		    false },
		{ { "--object-streams=generate", "--" }, VT_PDF_XREF_STREAM,
		    false },
		{ { "--object-streams=disable", "--linearize" },
		    VT_PDF_XREF_TABLE, true },
		{ { "--object-streams=generate", "--linearize" },
		    VT_PDF_XREF_STREAM, true },
	};
	static const struct vt_pdf_sign how = { .when = VT_TIME_NONE,
		.hole = DUMMY_HOLE };
	char *dir = test_dir_new(), *in = vt_path_join(dir, "in.pdf");
	char *made = vt_path_join(dir, "made.pdf");
	const char *argv[] = { "qpdf", NULL, NULL, in, made, NULL };
	const struct vt_pdf_revision *r;
	struct vt_error err = { 0 };
	struct vt_pdf *old = NULL;
	struct signed_file s;
	struct build p;
	struct vt_buf b;
	struct open o;
	size_t i;

	(void)state;
	build_minimal(&p);
	assert_vt_ok(vt_file_write(in, vt_buf_bytes(&p.b), &err), &err);
	vt_buf_release(&p.b);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		argv[1] = cases[i].option[0];
		argv[2] = cases[i].option[1];
		if (run_program(argv) != 0) {
			free(in);
			free(made);
			test_dir_free(dir);
			skip(); /* no qpdf */
		}
		test_read(made, &b);
		unlink(made);
		assert_vt_ok(sign_bytes(vt_buf_bytes(&b), &how, &s, &err),
		    &err);
		assert_signed(&s, vt_buf_bytes(&b), "Signature1");
		assert_in_form(&s, "Signature1");
		assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s.bytes),
				 VT_PDF_STRICT),
		    &o.err);
		assert_int_equal(vt_pdf_nrevisions(o.pdf), 2);
		r = vt_pdf_revision(o.pdf, 0);
		assert_int_equal(r->linearized, cases[i].linearized);
		assert_int_equal(r->kind, cases[i].kind);
		assert_int_equal(r->end, b.len);
		assert_int_equal(vt_pdf_revision(o.pdf, 1)->kind,
		    cases[i].kind);
		assert_int_equal(vt_pdf_nfindings(o.pdf), 0);
		assert_vt_ok(vt_pdf_open_revision(o.pdf, 0, &old, &err), &err);
		assert_int_equal(vt_pdf_nrevisions(old), 1);
		vt_pdf_free(old);
		open_close(&o);
		signed_release(&s);
		vt_buf_release(&b);
	}
	free(in);
	free(made);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_added_and_replaced),
		cmocka_unit_test(dangling_references_stay_dangling),
		cmocka_unit_test(numbers_do_not_follow_size),
		cmocka_unit_test(splices),
		cmocka_unit_test(tolerant_documents_are_not_updated),
		cmocka_unit_test(a_file_too_long_for_ten_digits_is_refused),
		cmocka_unit_test(a_long_file_is_signed),
		cmocka_unit_test(what_qpdf_writes_is_read_and_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
