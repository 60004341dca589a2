/* test_pdf_corpus.c - other people's files; qpdf says what it thinks of ours */
#include "test_pdf_signing.h"

#include <time.h>

static struct vt_list files; /* nftw() has no context */

static int
collect_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t len = strlen(path);

	(void)st;
	(void)ftw;
	if (type == FTW_F && len > 4 && strcasecmp(path + len - 4, ".pdf") == 0)
		return vt_list_add(&files, path, NULL);
	return 0;
}

static void
collect(const char *const folders[])
{
	char *path;

	vt_list_release(&files);
	memset(&files, 0, sizeof(files));
	for (; *folders != NULL; folders++) {
		path = test_corpus(*folders);
		assert_int_equal(nftw(path, collect_file, 16, FTW_PHYS), 0);
		free(path);
	}
}

/* 0, 2 (errors), 3 (warnings) as `qpdf --check` ends; 9: it crashed. */
static int
qpdf_check(const char *path)
{
	const char *argv[] = { "qpdf", "--check", path, NULL };
	int rc = run_program(argv);

	return rc >= 128 ? 9 : rc;
}

/* Pages that qpdf counts, or -1. */
static long
qpdf_pages(const char *dir, const char *path)
{
	char *list = vt_path_join(dir, "pages");
	const char *argv[] = { "sh", "-c", "exec qpdf --show-npages \"$1\" >$2",
		"sh", path, list, NULL };
	struct vt_buf b;
	long n = -1;

	if (run_program(argv) == 0) {
		test_read(list, &b);
		n = strtol(vt_buf_str(&b), NULL, 10);
		vt_buf_release(&b);
	}
	unlink(list);
	free(list);
	return n;
}

static void
compare_pages(const char *dir, const char *path, struct vt_bytes b)
{
	struct vt_error err = { 0 };
	struct open o;
	size_t n = 0;
	long want;

	if ((want = qpdf_pages(dir, path)) < 0)
		return;
	assert_vt_ok(open_bytes(&o, b, VT_PDF_STRICT), &o.err);
	assert_vt_ok(vt_pdf_page_count(o.pdf, &n, &err), &err);
	assert_int_equal(n, want);
	open_close(&o);
}

/* The output is no worse than the input was, and has as many pages. */
static void
ask_qpdf(const char *in, const struct signed_file *s)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "signed.pdf");
	struct vt_error err = { 0 };
	int before = qpdf_check(in), after;

	if (before >= 0) {
		assert_vt_ok(vt_file_write(path, vt_buf_bytes(&s->bytes), &err),
		    &err);
		after = qpdf_check(path);
		if (before != 9 && after != before && !(after == 0) &&
		    !(before == 2 && after == 3))
			fail_msg("%s: qpdf says %d, before it said %d", in,
			    after, before);
		if (before == 0)
			compare_pages(dir, path, vt_buf_bytes(&s->bytes));
	}
	free(path);
	test_dir_free(dir);
}

static const char *
last_name(const struct vt_buf *b, char *out, size_t len)
{
	struct vt_pdf_sigfields f = { 0 };
	size_t i, k = 0;
	struct open o;

	assert_vt_ok(open_bytes(&o, vt_buf_bytes(b), VT_PDF_STRICT), &o.err);
	assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &f, &o.err), &o.err);
	for (i = 0; i < f.n; i++)
		if (f.items[i].contents_start > f.items[k].contents_start)
			k = i;
	assert_true(f.n > 0);
	snprintf(out, len, "%s", f.items[k].name);
	vt_pdf_sigfields_release(&f);
	open_close(&o);
	return out;
}

static void
most_files_take_a_signature(void **state)
{
	static const char *const folders[] = { "qpdf", "pdfjs", "pyhanko-pdf",
		NULL };
	static const struct vt_pdf_sign how = { .when = VT_TIME_NONE,
		.hole = DUMMY_HOLE };
	size_t i, done = 0, refused[VT_NCODES] = { 0 };
	char name[VT_PDF_NAME_MAX + 1];
	struct signed_file s;
	struct vt_error err;
	struct vt_buf b;
	int rc;

	(void)state;
	collect(folders);
	for (i = 0; i < files.n; i++) {
		memset(&err, 0, sizeof(err));
		test_read(files.items[i], &b);
		rc = sign_bytes(vt_buf_bytes(&b), &how, &s, &err);
		if (rc == VT_OK) {
			done++;
			assert_signed(&s, vt_buf_bytes(&b),
			    last_name(&s.bytes, name, sizeof(name)));
			ask_qpdf(files.items[i], &s);
		} else {
			assert_true(rc == VT_EFORMAT || rc == VT_EUNSUPPORTED ||
				    rc == VT_EREFUSED || rc == VT_ELIMIT ||
				    rc == VT_EKEY);
			assert_int_equal(err.code, rc);
			assert_string_not_equal(err.text, "");
			assert_string_not_equal(err.clause, "");
			refused[rc]++;
		}
		signed_release(&s);
		vt_buf_release(&b);
	}
	print_message("%zu files, %zu signed; refused: %zu damaged, %zu not "
		      "supported, %zu by a rule, %zu over a limit, %zu need a "
		      "password\n",
	    files.n, done, refused[VT_EFORMAT], refused[VT_EUNSUPPORTED],
	    refused[VT_EREFUSED], refused[VT_ELIMIT], refused[VT_EKEY]);
	assert_true(files.n >= 496);
	assert_true(done * 100 >= files.n * 80);
	vt_list_release(&files);
}

/* Anything may be the answer, but there is one, soon. */
static void
every_file_is_read_or_refused(void **state)
{
	static const char *const folders[] = { "pdf101-dos", "pdf-attacks",
		"pdf-shadow", "dss-pades", "pdfbox-sign", "qpdf", "pdfjs",
		"pyhanko-pdf", NULL };
	struct timespec from, to;
	size_t i, readable = 0;
	struct vt_buf b;
	struct open o;

	(void)state;
	collect(folders);
	for (i = 0; i < files.n; i++) {
		clock_gettime(CLOCK_MONOTONIC, &from);
		test_read(files.items[i], &b);
		if (open_bytes(&o, vt_buf_bytes(&b), VT_PDF_TOLERANT) ==
		    VT_OK) {
			readable++;
			walk_everything(o.pdf);
		} else {
			assert_string_not_equal(o.err.text, "");
		}
		open_close(&o);
		vt_buf_release(&b);
		clock_gettime(CLOCK_MONOTONIC, &to);
		if (to.tv_sec - from.tv_sec > 5)
			fail_msg("%s: %ld s", files.items[i],
			    (long)(to.tv_sec - from.tv_sec));
	}
	print_message("%zu files, %zu readable\n", files.n, readable);
	vt_list_release(&files);
}

/* What a verifier needs of real signatures: the hole is where they say. */
static void
real_signatures_have_their_hole_where_they_say(void **state)
{
	static const char *const folders[] = { "dss-pades", NULL };
	struct vt_pdf_sigfields f = { 0 };
	const struct vt_pdf_sigfield *s;
	size_t i, k, n = 0, fit = 0;
	struct vt_buf b;
	struct open o;

	(void)state;
	collect(folders);
	for (i = 0; i < files.n; i++) {
		test_read(files.items[i], &b);
		if (open_bytes(&o, vt_buf_bytes(&b), VT_PDF_TOLERANT) !=
			VT_OK ||
		    vt_pdf_sigfields_read(o.pdf, &f, NULL) != VT_OK) {
			open_close(&o);
			vt_buf_release(&b);
			continue;
		}
		for (k = 0; k < f.n; k++) {
			s = &f.items[k];
			if (!s->is_signed || !s->has_range)
				continue;
			n++;
			fit += s->range[0] == 0 &&
			       s->range[1] == s->contents_start &&
			       s->range[2] == s->contents_end;
		}
		vt_pdf_sigfields_release(&f);
		open_close(&o);
		vt_buf_release(&b);
	}
	print_message("%zu signatures, %zu with an exact hole\n", n, fit);
	assert_true(n >= 40);
	assert_true(fit >= n - 5); /* some are attacks */
	vt_list_release(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(most_files_take_a_signature),
		cmocka_unit_test(every_file_is_read_or_refused),
		cmocka_unit_test(
		    real_signatures_have_their_hole_where_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
