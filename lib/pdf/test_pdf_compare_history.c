/*
 * test_pdf_compare_history.c - honest histories, by our own writer
 *
 * VANTHU_CORPORA/{qpdf,pdfjs,pdfbox-sign,pyhanko-pdf}: signed, extended, signed
 * again, and at last tampered with.
 */
#include "test_pdf_signing.h"

#include "vanthu/pdf_compare.h"

#define FILE_SIZE_MAX 300000 /* of those that are tried */

static struct vt_list files; /* nftw() has no context */

static int
collect_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t len = strlen(path);

	(void)ftw;
	if (type == FTW_F && len > 4 && st->st_size <= FILE_SIZE_MAX &&
	    strcasecmp(path + len - 4, ".pdf") == 0)
		return vt_list_add(&files, path, NULL);
	return 0;
}

/* Put VALUE for KEY into the dictionary that is object NUM. */
static int
change(struct vt_pdf *pdf, struct vt_pdf_update *up, uint32_t num,
    const char *key, const char *value, struct vt_error *err)
{
	struct vt_pdf_change c = { key, vt_bytes_str(value) };
	struct vt_pdf_ref ref = { num, 0 };
	const struct vt_pdf_obj *v;
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, BUILD_MAX);
	rc = vt_pdf_get(pdf, ref, &v, err);
	if (rc == VT_OK && v->type != VT_PDF_DICT)
		rc = VT_EUNSUPPORTED;
	if (rc == VT_OK)
		rc = vt_pdf_splice(pdf, v, &c, 1, &text, err);
	if (rc == VT_OK)
		rc = vt_pdf_update_put(up, ref, vt_buf_bytes(&text), err);
	vt_buf_release(&text);
	return rc;
}

/* What B is with the changes that MAKE tells; false: it cannot be done. */
static bool
updated(const struct vt_buf *b,
    int (*make)(struct vt_pdf *pdf, struct vt_pdf_update *up,
	struct vt_error *err),
    struct vt_buf *ret)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.pdf");
	struct vt_pdf_update *up = NULL;
	struct vt_error err = { 0 };
	struct vt_out *out = NULL;
	struct open o;
	int rc;

	assert_vt_ok(open_bytes(&o, vt_buf_bytes(b), VT_PDF_STRICT), &o.err);
	assert_vt_ok(vt_pdf_update_new(o.pdf, &up, &err), &err);
	if ((rc = make(o.pdf, up, &err)) == VT_OK) {
		assert_vt_ok(vt_out_open(path, &out, &err), &err);
		assert_vt_ok(vt_pdf_update_write(up, out, NULL, 0, &err), &err);
		assert_vt_ok(vt_out_commit(out, &err), &err);
		test_read(path, ret);
	}
	vt_pdf_update_free(up);
	open_close(&o);
	free(path);
	test_dir_free(dir);
	return rc == VT_OK;
}

/* Validation data, as a level LT has them. */
static int
add_dss(struct vt_pdf *pdf, struct vt_pdf_update *up, struct vt_error *err)
{
	const struct vt_pdf_obj *catalog;
	struct vt_pdf_ref root, cert;
	char dss[256];
	int rc;

	if ((rc = vt_pdf_catalog(pdf, &catalog, &root, err)) != VT_OK ||
	    (rc = vt_pdf_update_alloc(up, &cert, err)) != VT_OK ||
	    (rc = vt_pdf_update_put(up, cert,
		 VT_BYTES_LIT("<</Length 4>>\nstream\ncert\nendstream"),
		 err)) != VT_OK)
		return rc;
	if (vt_pdf_find(catalog, "DSS") != NULL)
		return VT_EUNSUPPORTED;
	snprintf(dss, sizeof(dss),
	    "<</Type/DSS/Certs[%u 0 R]/VRI<</0123456789ABCDEF0123456789ABCDEF"
	    "01234567<</Cert[%u 0 R]>>>>>>",
	    cert.num, cert.num);
	return change(pdf, up, root.num, "DSS", dss, err);
}

/* Something drawn over the first page. */
static int
tamper(struct vt_pdf *pdf, struct vt_pdf_update *up, struct vt_error *err)
{
	struct vt_pdf_ref page, next;
	char contents[64];
	int rc;

	if ((rc = vt_pdf_page(pdf, 0, NULL, &page, err)) != VT_OK ||
	    (rc = vt_pdf_update_alloc(up, &next, err)) != VT_OK ||
	    (rc = vt_pdf_update_put(up, next,
		 VT_BYTES_LIT("<</Length 15>>\nstream\n0 0 99 99 re f  \n"
			      "endstream"),
		 err)) != VT_OK)
		return rc;
	snprintf(contents, sizeof(contents), "%u 0 R", next.num);
	return change(pdf, up, page.num, "Contents", contents, err);
}

/* Everything that is sound is taken for intact; what of it is unchanged? */
static void
count(const char *path, const struct vt_buf *b, size_t *ret_n,
    size_t *ret_unchanged, size_t *ret_changed)
{
	bool intact[VT_PDF_SIGNATURES_MAX] = { false };
	struct vt_pdf_comparison c = { 0 };
	struct vt_pdf_signed *s = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	size_t i;

	*ret_n = *ret_unchanged = *ret_changed = 0;
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(b), &src, &err), &err);
	assert_vt_ok(vt_pdf_signed_open(src, &s, &err), &err);
	for (i = 0; i < vt_pdf_signed_n(s); i++)
		intact[i] = vt_pdf_signed_at(s, i)->sound;
	for (i = 0; i < vt_pdf_signed_n(s); i++) {
		if (!intact[i] ||
		    vt_pdf_signed_at(s, i)->covers == VT_PDF_COVERS_PART)
			continue;
		++*ret_n;
		assert_vt_ok(vt_pdf_signed_compare(s, i, intact, &c, &err),
		    &err);
		*ret_unchanged += c.result == VT_PDF_UNCHANGED;
		*ret_changed += c.result == VT_PDF_CHANGED;
		if (c.n > 0 && strstr(c.items[0].text, "/Contents") == NULL)
			print_message("%s: %s\n", path, c.items[0].text);
		vt_pdf_comparison_release(&c);
	}
	vt_pdf_signed_free(s);
	vt_source_free(src);
}

/* Signed, extended, signed: all hold; then one page is other: none does. */
static bool
goes_well(const char *path)
{
	static const struct vt_pdf_sign how = { .when = VT_TIME_NONE,
		.hole = DUMMY_HOLE };
	struct vt_buf b, extended = { 0 }, bad = { 0 };
	struct signed_file one = { 0 }, two = { 0 };
	size_t before, n, unchanged, changed;
	struct vt_error err = { 0 };
	bool done = false;

	test_read(path, &b);
	if (sign_bytes(vt_buf_bytes(&b), &how, &one, &err) != VT_OK)
		goto out;
	count(path, &one.bytes, &before, &unchanged, &changed);
	if (before == 0 || unchanged < before) /* others' signatures */
		goto out;
	if (!updated(&one.bytes, add_dss, &extended))
		goto out;
	count(path, &extended, &n, &unchanged, &changed);
	if (n != before || unchanged != n)
		fail_msg("%s: extended, %zu of %zu", path, unchanged, n);
	assert_vt_ok(sign_bytes(vt_buf_bytes(&extended), &how, &two, &err),
	    &err);
	count(path, &two.bytes, &n, &unchanged, &changed);
	if (n != before + 1 || unchanged != n)
		fail_msg("%s: signed again, %zu of %zu", path, unchanged, n);
	if (!updated(&two.bytes, tamper, &bad))
		goto out;
	count(path, &bad, &n, &unchanged, &changed);
	if (n != before + 1 || changed != n)
		fail_msg("%s: tampered with, %zu of %zu", path, changed, n);
	done = true;
out:
	vt_buf_release(&b);
	vt_buf_release(&extended);
	vt_buf_release(&bad);
	signed_release(&one);
	signed_release(&two);
	return done;
}

static void
honest_histories_are_told_from_others(void **state)
{
	static const char *const folders[] = { "qpdf", "pdfjs", "pdfbox-sign",
		"pyhanko-pdf", NULL };
	size_t i, done = 0;
	char *path;

	(void)state;
	for (i = 0; folders[i] != NULL; i++) {
		path = test_corpus(folders[i]);
		assert_int_equal(nftw(path, collect_file, 16, FTW_PHYS), 0);
		free(path);
	}
	for (i = 0; i < files.n; i++)
		done += goes_well(files.items[i]);
	print_message("%zu of %zu files\n", done, files.n);
	assert_true(done >= 300);
	vt_list_release(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_histories_are_told_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
