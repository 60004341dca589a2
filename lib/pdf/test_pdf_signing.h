/* test_pdf_signing.h - sign a built PDF with a dummy, and look at the result */
#ifndef TEST_PDF_SIGNING_H
#define TEST_PDF_SIGNING_H

#include "test_pdf_build.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "vanthu/time.h"

#define DUMMY "0\x82 not a signature, but this module cannot tell"
#define DUMMY_HOLE 200

struct signed_file {
	struct vt_buf bytes;
	uint64_t range[4];
	struct vt_buf covered; /* what was handed out to be signed */
};

static inline void
signed_release(struct signed_file *s)
{
	vt_buf_release(&s->bytes);
	vt_buf_release(&s->covered);
}

static inline int
collect_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	assert_in_range(piece.len, 1, 65536);
	return vt_buf_bytes_put(ctx, piece);
}

/* 0 done, else as the program says; -1: there is no such program. */
static inline int
run_program(const char *const argv[])
{
	static const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
		NULL };
	posix_spawn_file_actions_t actions;
	int status, rc;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	rc = posix_spawnp(&pid, argv[0], &actions, NULL,
	    (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env);
	posix_spawn_file_actions_destroy(&actions);
	if (rc != 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	if (WIFEXITED(status))
		return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
	return 128 + WTERMSIG(status);
}

/* qpdf finds neither error nor warning; without qpdf nothing is known. */
static inline void
assert_qpdf_content(struct vt_bytes b)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.pdf");
	const char *argv[] = { "qpdf", "--check", path, NULL };
	struct vt_error err = { 0 };
	int rc;

	assert_vt_ok(vt_file_write(path, b, &err), &err);
	rc = run_program(argv);
	if (rc < 0)
		print_message("qpdf is not installed: not asked\n");
	else
		assert_int_equal(rc, 0);
	free(path);
	test_dir_free(dir);
}

/* Sign SRC; on failure nothing is left. */
static inline int
sign_source(struct vt_source *src, const struct vt_pdf_sign *how,
    struct signed_file *ret, struct vt_error *err)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "signed.pdf");
	struct vt_pdf_signing *s = NULL;
	struct vt_out *out = NULL;
	struct vt_pdf *pdf = NULL;
	int rc;

	memset(ret, 0, sizeof(*ret));
	vt_buf_init(&ret->covered, TEST_FILE_MAX);
	assert_vt_ok(vt_out_open(path, &out, err), err);
	if ((rc = vt_pdf_open(src, VT_PDF_STRICT, &pdf, err)) == VT_OK)
		rc = vt_pdf_sign_prepare(pdf, how, out, &s, err);
	if (rc == VT_OK) {
		vt_pdf_sign_range(s, ret->range);
		assert_vt_ok(vt_pdf_sign_stream(s, collect_piece, &ret->covered,
				 err),
		    err);
		assert_vt_ok(vt_pdf_sign_finish(s, VT_BYTES_LIT(DUMMY), err),
		    err);
		assert_vt_ok(vt_out_commit(out, err), err);
		test_read(path, &ret->bytes);
	} else {
		assert_null(s);
		vt_out_abort(out);
		assert_int_equal(test_dir_count(dir), 0);
	}
	vt_pdf_signing_free(s);
	vt_pdf_free(pdf);
	free(path);
	test_dir_free(dir);
	return rc;
}

static inline int
sign_bytes(struct vt_bytes b, const struct vt_pdf_sign *how,
    struct signed_file *ret, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	assert_vt_ok(vt_source_bytes(b, &src, err), err);
	rc = sign_source(src, how, ret, err);
	vt_source_free(src);
	return rc;
}

/* The signature named NAME covers all of S, and is the last one's. */
static inline void
assert_signed(const struct signed_file *s, struct vt_bytes before,
    const char *name)
{
	struct vt_bytes all = vt_buf_bytes(&s->bytes);
	const struct vt_pdf_sigfield *f = NULL;
	struct vt_pdf_sigfields fields = { 0 };
	struct open o;
	size_t i, gap;

	assert_true(all.len > before.len);
	assert_bytes_equal(vt_bytes_slice(all, 0, before.len), before);
	assert_vt_ok(open_bytes(&o, all, VT_PDF_STRICT), &o.err);
	assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields, &o.err), &o.err);
	for (i = 0; i < fields.n; i++)
		if (strcmp(fields.items[i].name, name) == 0) {
			assert_null(f);
			f = &fields.items[i];
		}
	assert_non_null(f);
	assert_true(f->is_signed);
	assert_true(f->has_range);
	assert_memory_equal(f->range, s->range, sizeof(s->range));
	assert_int_equal(f->range[0], 0);
	assert_int_equal(f->range[1], f->contents_start);
	assert_int_equal(f->range[2], f->contents_end);
	assert_int_equal(f->range[2] + f->range[3], all.len);
	assert_int_equal(all.data[f->range[1]], '<');
	assert_int_equal(all.data[f->range[2] - 1], '>');
	gap = (size_t)(f->range[2] - f->range[1]);
	assert_int_equal(gap, 2 * f->contents_len + 2);
	assert_memory_equal(f->contents, DUMMY, sizeof(DUMMY) - 1);
	for (i = sizeof(DUMMY) - 1; i < f->contents_len; i++)
		assert_int_equal(f->contents[i], 0);
	assert_int_equal(s->covered.len, all.len - gap);
	assert_memory_equal(s->covered.data, all.data, f->range[1]);
	assert_memory_equal(s->covered.data + f->range[1],
	    all.data + f->range[2], f->range[3]);
	assert_string_equal(f->type, "Sig");
	assert_string_equal(f->filter, "Adobe.PPKLite");
	assert_string_equal(f->subfilter, "ETSI.CAdES.detached");
	vt_pdf_sigfields_release(&fields);
	open_close(&o);
}

/* How often REF stands in the array under KEY of DICT. */
static inline size_t
count_in(struct open *o, const struct vt_pdf_obj *dict, const char *key,
    struct vt_pdf_ref ref)
{
	const struct vt_pdf_obj *v;
	size_t i, n = 0;

	assert_vt_ok(vt_pdf_lookup(o->pdf, dict, key, &v, &o->err), &o->err);
	assert_int_equal(v->type, VT_PDF_ARRAY);
	for (i = 0; i < v->u.array.n; i++)
		n += v->u.array.items[i].type == VT_PDF_REF &&
		     v->u.array.items[i].u.ref.num == ref.num;
	return n;
}

/* The field is in the form once, its widget on the first page once. */
static inline void
assert_in_form(const struct signed_file *s, const char *name)
{
	const struct vt_pdf_obj *catalog, *form, *page, *flags, *field;
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_pdf_ref ref = { 0, 0 }, page_ref;
	struct open o;
	size_t i;

	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s->bytes), VT_PDF_STRICT),
	    &o.err);
	assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields, &o.err), &o.err);
	for (i = 0; i < fields.n; i++)
		if (strcmp(fields.items[i].name, name) == 0)
			ref = fields.items[i].field;
	assert_vt_ok(vt_pdf_catalog(o.pdf, &catalog, NULL, &o.err), &o.err);
	assert_vt_ok(vt_pdf_lookup(o.pdf, catalog, "AcroForm", &form, &o.err),
	    &o.err);
	assert_int_equal(count_in(&o, form, "Fields", ref), 1);
	assert_vt_ok(vt_pdf_lookup(o.pdf, form, "SigFlags", &flags, &o.err),
	    &o.err);
	assert_int_equal(flags->u.integer & 3, 3);
	assert_vt_ok(vt_pdf_page(o.pdf, 0, &page, &page_ref, &o.err), &o.err);
	assert_int_equal(count_in(&o, page, "Annots", ref), 1);
	field = get(&o, ref.num);
	assert_int_equal(vt_pdf_find(field, "P")->u.ref.num, page_ref.num);
	vt_pdf_sigfields_release(&fields);
	open_close(&o);
}

#endif
