/*
 * test_pdf_crypt.c - encrypted documents (ISO 32000-2, 7.6), made by qpdf
 */
#include "test_pdf_signing.h"

#define TITLE "\xfe\xff\x1e\xcd" /* a letter that PDFDocEncoding has not */
#define XMP "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"

static char *dir;

static const struct how {
	const char *what;
	const char *args[6]; /* of qpdf --encrypt, behind the passwords */
	bool clear_metadata;
} hows[] = {
	{ "RC4, 40 bits", { "40" }, false },
	{ "RC4, 128 bits", { "128", "--use-aes=n" }, false },
	{ "RC4, crypt filters", { "128", "--use-aes=n", "--force-V4" }, false },
	{ "AES, 128 bits", { "128", "--use-aes=y" }, false },
	{ "AES, 128 bits, clear metadata",
	    { "128", "--use-aes=y", "--cleartext-metadata" }, true },
	{ "AES, 256 bits, revision 5", { "256", "--force-R5" }, false },
	{ "AES, 256 bits", { "256" }, false },
	{ "AES, 256 bits, clear metadata", { "256", "--cleartext-metadata" },
	    true },
};

#define NHOWS (sizeof(hows) / sizeof(hows[0]))

static struct vt_secret
secret(const char *text)
{
	struct vt_secret s = { 0 };

	assert_vt_ok(vt_secret_set(&s, text, strlen(text), NULL), NULL);
	return s;
}

static int
open_secret(struct open *o, struct vt_bytes b, enum vt_pdf_mode mode,
    const char *password)
{
	struct vt_secret s = secret(password);
	int rc;

	memset(o, 0, sizeof(*o));
	assert_vt_ok(vt_source_bytes(b, &o->src, &o->err), &o->err);
	rc = vt_pdf_open_with(o->src, mode, &s, &o->pdf, &o->err);
	vt_secret_release(&s);
	return rc;
}

/* Strings of both kinds, in an array too, metadata, a form with a field. */
static void
build_plain(struct build *p)
{
	build_begin(p, "");
	build_object(p, 1,
	    "<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R/AcroForm 7 0 R"
	    "/Lang(vi)>>");
	build_object(p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	build_object(p, 3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
	    "/Annots[8 0 R]/PieceInfo<</A[(in) 1 (a list)]>>>>");
	build_stream(p, 4, "", VT_BYTES_LIT("0 0 m 10 10 l S"));
	build_object(p, 5, "<</Title<FEFF1ECD>/Empty()>>");
	build_stream(p, 6, "/Type/Metadata/Subtype/XML", VT_BYTES_LIT(XMP));
	build_object(p, 7, "<</Fields[8 0 R]/DA(/Helv 0 Tf)>>");
	build_object(p, 8,
	    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Empty)/Rect[0 0 0 0]/F 4"
	    "/P 3 0 R/TU(for the leader)>>");
	build_table(p, 0, 8, "/Root 1 0 R/Info 5 0 R");
}

/* BUILT encrypted; MORE are arguments between the key length and "--". */
static void
encrypt(const struct build *built, const struct how *how, const char *user,
    const char *owner, const char *more, bool packed, struct vt_buf *ret)
{
	char *in = vt_path_join(dir, "in.pdf"),
	     *out = vt_path_join(dir, "out.pdf");
	const char *argv[24] = { "qpdf", "--allow-weak-crypto",
		packed ? "--object-streams=generate"
		       : "--object-streams=disable",
		"--encrypt", user, owner };
	struct vt_error err = { 0 };
	size_t n = 6, i;

	for (i = 0; i < 6 && how->args[i] != NULL; i++)
		argv[n++] = how->args[i];
	if (more != NULL)
		argv[n++] = more;
	argv[n++] = "--";
	argv[n++] = in;
	argv[n++] = out;
	assert_vt_ok(vt_file_write(in, vt_buf_bytes(&built->b), &err), &err);
	assert_int_equal(run_program(argv), 0);
	test_read(out, ret);
	unlink(in);
	unlink(out);
	free(in);
	free(out);
}

static void
check_with_qpdf(struct vt_bytes b, const char *password)
{
	char *path = vt_path_join(dir, "check.pdf"), arg[64];
	const char *argv[] = { "qpdf", arg, "--check", path, NULL };
	struct vt_error err = { 0 };

	snprintf(arg, sizeof(arg), "--password=%s", password);
	assert_vt_ok(vt_file_write(path, b, &err), &err);
	assert_int_equal(run_program(argv), 0);
	unlink(path);
	free(path);
}

static void
assert_stream(struct open *o, const struct vt_pdf_obj *dict, const char *key,
    const char *want)
{
	const struct vt_pdf_obj *v;
	struct vt_buf data;

	vt_buf_init(&data, 4096);
	assert_vt_ok(vt_pdf_lookup(o->pdf, dict, key, &v, &o->err), &o->err);
	assert_int_equal(v->type, VT_PDF_STREAM);
	assert_vt_ok(vt_pdf_stream_data(o->pdf, v, &data, &o->err), &o->err);
	assert_true(vt_bytes_starts(vt_buf_bytes(&data), want));
	vt_buf_release(&data);
}

/* What build_plain() wrote is what is read. */
static void
assert_readable(struct open *o)
{
	const struct vt_pdf_obj *catalog, *v, *page, *info, *form;

	assert_vt_ok(vt_pdf_catalog(o->pdf, &catalog, NULL, &o->err), &o->err);
	assert_bytes_str(vt_pdf_find(catalog, "Lang")->u.string, "vi");
	assert_stream(o, catalog, "Metadata", XMP);
	assert_vt_ok(vt_pdf_page(o->pdf, 0, &page, NULL, &o->err), &o->err);
	assert_stream(o, page, "Contents", "0 0 m 10 10 l S");
	v = vt_pdf_find(vt_pdf_find(page, "PieceInfo"), "A");
	assert_bytes_str(v->u.array.items[0].u.string, "in");
	assert_bytes_str(v->u.array.items[2].u.string, "a list");
	assert_vt_ok(vt_pdf_lookup(o->pdf, vt_pdf_trailer(o->pdf), "Info",
			 &info, &o->err),
	    &o->err);
	assert_bytes_str(vt_pdf_find(info, "Title")->u.string, TITLE);
	assert_bytes_str(vt_pdf_find(info, "Empty")->u.string, "");
	assert_vt_ok(vt_pdf_lookup(o->pdf, catalog, "AcroForm", &form, &o->err),
	    &o->err);
	assert_bytes_str(vt_pdf_find(form, "DA")->u.string, "/Helv 0 Tf");
}

static void
opens(struct vt_bytes b, const char *password)
{
	struct open o;

	assert_vt_ok(open_secret(&o, b, VT_PDF_STRICT, password), &o.err);
	assert_true(vt_pdf_encrypted(o.pdf));
	assert_false(vt_pdf_locked(o.pdf));
	assert_readable(&o);
	walk_everything(o.pdf);
	assert_int_equal(vt_pdf_ndamage(o.pdf), 0);
	open_close(&o);
}

static void
stays_shut(struct vt_bytes b, const char *password)
{
	struct open o;

	assert_vt_error(open_secret(&o, b, VT_PDF_STRICT, password), &o.err,
	    VT_EKEY);
	assert_null(o.pdf);
	open_close(&o);
	if (password[0] != '\0') { /* who gives one is told in both modes */
		assert_vt_error(open_secret(&o, b, VT_PDF_TOLERANT, password),
		    &o.err, VT_EKEY);
		open_close(&o);
		return;
	}
	assert_vt_ok(open_secret(&o, b, VT_PDF_TOLERANT, ""), &o.err);
	assert_true(vt_pdf_locked(o.pdf));
	assert_int_equal(vt_pdf_ndamage(o.pdf), 0);
	walk_everything(o.pdf);
	open_close(&o);
}

static void
both_passwords_open_every_kind(void **state)
{
	struct build p;
	struct vt_buf b;
	size_t i;

	(void)state;
	build_plain(&p);
	for (i = 0; i < 2 * NHOWS; i++) {
		encrypt(&p, &hows[i / 2], "user", "owner", NULL, i % 2 == 1,
		    &b);
		opens(vt_buf_bytes(&b), "user");
		opens(vt_buf_bytes(&b), "owner");
		stays_shut(vt_buf_bytes(&b), "");
		stays_shut(vt_buf_bytes(&b), "User");
		stays_shut(vt_buf_bytes(&b), "userr");
		vt_buf_release(&b);
	}
	vt_buf_release(&p.b);
}

static void
none_is_needed_where_the_user_has_none(void **state)
{
	struct build p;
	struct vt_buf b;
	size_t i;

	(void)state;
	build_plain(&p);
	for (i = 0; i < NHOWS; i++) {
		encrypt(&p, &hows[i], "", "owner", NULL, true, &b);
		opens(vt_buf_bytes(&b), "");
		opens(vt_buf_bytes(&b), "owner");
		opens(vt_buf_bytes(&b), "for another file of the batch");
		vt_buf_release(&b);
	}
	vt_buf_release(&p.b);
}

/* 7.6.4.3.2: PDFDocEncoding; 7.6.4.3.3: UTF-8. */
static void
passwords_beyond_ascii(void **state)
{
	static const char *const words[] = { "caf\xc3\xa9",
		"m\xe1\xba\xadt kh\xe1\xba\xa9u" };
	struct build p;
	struct vt_buf b;
	size_t i;

	(void)state;
	build_plain(&p);
	for (i = 0; i < 2 * NHOWS; i++) {
		encrypt(&p, &hows[i / 2], words[i % 2], "owner", NULL, false,
		    &b);
		opens(vt_buf_bytes(&b), words[i % 2]);
		vt_buf_release(&b);
	}
	vt_buf_release(&p.b);
}

/* --- signing --- */

static int
sign_secret(struct vt_bytes b, const struct vt_pdf_sign *how,
    const char *password, struct vt_buf *ret, struct vt_error *err)
{
	char *path = vt_path_join(dir, "signed.pdf");
	struct vt_pdf_signing *s = NULL;
	struct vt_out *out = NULL;
	struct open o;
	int rc;

	assert_vt_ok(open_secret(&o, b, VT_PDF_STRICT, password), &o.err);
	assert_vt_ok(vt_out_open(path, &out, err), err);
	rc = vt_pdf_sign_prepare(o.pdf, how, out, &s, err);
	if (rc == VT_OK) {
		assert_vt_ok(vt_pdf_sign_finish(s, VT_BYTES_LIT(DUMMY), err),
		    err);
		assert_vt_ok(vt_out_commit(out, err), err);
		test_read(path, ret);
		unlink(path);
	} else {
		vt_out_abort(out);
	}
	vt_pdf_signing_free(s);
	open_close(&o);
	free(path);
	return rc;
}

static void
assert_dummy(struct vt_bytes all, const char *name)
{
	struct vt_pdf_sigfields fields = { 0 };
	const struct vt_pdf_sigfield *f = NULL;
	struct open o;
	size_t i;

	assert_vt_ok(open_secret(&o, all, VT_PDF_STRICT, "user"), &o.err);
	assert_readable(&o);
	assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &fields, &o.err), &o.err);
	for (i = 0; i < fields.n; i++)
		if (strcmp(fields.items[i].name, name) == 0)
			f = &fields.items[i];
	assert_non_null(f);
	assert_true(f->is_signed && f->has_range);
	assert_int_equal(f->range[1], f->contents_start);
	assert_int_equal(f->range[2], f->contents_end);
	assert_int_equal(f->range[2] + f->range[3], all.len);
	/* Not encrypted: as it is in every document. */
	assert_memory_equal(f->contents, DUMMY, sizeof(DUMMY) - 1);
	assert_string_equal(f->signer, "Nguy\xe1\xbb\x85n V\xc4\x83n A");
	assert_string_equal(f->reason, "a (reason)");
	assert_int_equal(f->claimed, 1795478400);
	vt_pdf_sigfields_release(&fields);
	/* Others' strings are not in plain beside it. */
	assert_int_equal(vt_bytes_find(all, 0, "a (reason"), SIZE_MAX);
	assert_int_equal(vt_bytes_find(all, 0, "(for the leader)"), SIZE_MAX);
	open_close(&o);
}

static void
signatures_are_added_to_every_kind(void **state)
{
	static const char *const fields[] = { "Signature1", "Empty",
		"Signature2" };
	struct vt_pdf_sign how = { .name = "Nguy\xe1\xbb\x85n V\xc4\x83n A",
		.reason = "a (reason)",
		.when = 1795478400,
		.hole = DUMMY_HOLE };
	struct vt_buf b, next;
	struct vt_error err = { 0 };
	struct build p;
	size_t i, k;

	(void)state;
	build_plain(&p);
	for (i = 0; i < 2 * NHOWS; i++) {
		encrypt(&p, &hows[i / 2], "user", "owner", NULL, i % 2 == 1,
		    &b);
		for (k = 0; k < 3; k++) {
			how.field = k == 1 ? "Empty" : NULL;
			assert_vt_ok(sign_secret(vt_buf_bytes(&b), &how,
					 k == 0 ? "user" : "owner", &next,
					 &err),
			    &err);
			assert_true(next.len > b.len);
			assert_bytes_equal(vt_bytes_slice(vt_buf_bytes(&next),
					       0, b.len),
			    vt_buf_bytes(&b));
			vt_buf_release(&b);
			b = next;
			assert_dummy(vt_buf_bytes(&b), fields[k]);
		}
		check_with_qpdf(vt_buf_bytes(&b), "user");
		check_with_qpdf(vt_buf_bytes(&b), "owner");
		vt_buf_release(&b);
	}
	vt_buf_release(&p.b);
}

/* /Encrypt and /ID are those of the revision before. */
static void
the_trailer_keeps_what_the_key_needs(void **state)
{
	static const char *const keys[] = { "Encrypt", "ID", "Root" };
	const struct vt_pdf_sign how = { .when = VT_TIME_NONE,
		.hole = DUMMY_HOLE };
	const struct vt_pdf_revision *old, *new;
	struct vt_error err = { 0 };
	struct vt_buf b, next;
	struct build p;
	struct open o;
	size_t i, k;

	(void)state;
	build_plain(&p);
	for (i = 0; i < NHOWS; i++) {
		encrypt(&p, &hows[i], "user", "owner", NULL, i % 2 == 0, &b);
		assert_vt_ok(sign_secret(vt_buf_bytes(&b), &how, "owner", &next,
				 &err),
		    &err);
		assert_vt_ok(open_secret(&o, vt_buf_bytes(&next), VT_PDF_STRICT,
				 "user"),
		    &o.err);
		assert_int_equal(vt_pdf_nrevisions(o.pdf), 2);
		old = vt_pdf_revision(o.pdf, 0);
		new = vt_pdf_revision(o.pdf, 1);
		assert_int_equal(old->kind, new->kind);
		for (k = 0; k < 3; k++)
			assert_true(
			    vt_pdf_equal(vt_pdf_find(old->trailer, keys[k]),
				vt_pdf_find(new->trailer, keys[k])));
		open_close(&o);
		vt_buf_release(&b);
		vt_buf_release(&next);
	}
	vt_buf_release(&p.b);
}

/* 7.6.4.2, Table 22: what users may not do, the owner may. */
static void
permissions(void **state)
{
	static const struct how rc4 = { "", { "40" }, false },
				aes = { "", { "256" }, false };
	static const struct {
		const struct how *how;
		const char *arg;
		bool fill, add;
	} cases[] = {
		{ &aes, "--modify=all", true, true },
		{ &aes, "--modify=annotate", true, false },
		{ &aes, "--modify=form", true, false },
		{ &aes, "--modify=assembly", false, false },
		{ &aes, "--modify=none", false, false },
		{ &rc4, "--modify=y", true, true },
		{ &rc4, "--modify=n", true, false },
		{ &rc4, "--annotate=n", false, false },
	};
	struct vt_pdf_sign how = { .when = VT_TIME_NONE, .hole = DUMMY_HOLE };
	struct vt_buf b, signed_ = { 0 };
	struct build p;
	size_t i, k;

	(void)state;
	build_plain(&p);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		encrypt(&p, cases[i].how, "", "owner", cases[i].arg, false, &b);
		for (k = 0; k < 2; k++) {
			bool may = k == 0 ? cases[i].fill : cases[i].add;
			struct vt_error err = { 0 };
			int rc;

			how.field = k == 0 ? "Empty" : "New";
			rc = sign_secret(vt_buf_bytes(&b), &how, "", &signed_,
			    &err);
			if (may)
				assert_vt_ok(rc, &err);
			else
				assert_error_clause(rc, &err, VT_EREFUSED,
				    "ISO 32000-2, 7.6.4.2");
			vt_buf_release(&signed_);
			vt_error_clear(&err);
			assert_vt_ok(sign_secret(vt_buf_bytes(&b), &how,
					 "owner", &signed_, &err),
			    &err);
			vt_buf_release(&signed_);
		}
		vt_buf_release(&b);
	}
	vt_buf_release(&p.b);
}

/* --- what is not as it should be --- */

/* Bit 3 of /P, printing, as it was not. */
static void
loosen(struct vt_buf *b)
{
	size_t at = vt_bytes_find(vt_buf_bytes(b), 0, "/P -");
	char old[16], new[16];
	int value;

	assert_int_not_equal(at, SIZE_MAX);
	value = (int)strtol((const char *)b->data + at + 3, NULL, 10);
	snprintf(old, sizeof(old), "%d", value);
	snprintf(new, sizeof(new), "%d", (int)((unsigned)value ^ 4u));
	assert_int_equal(strlen(old), strlen(new));
	memcpy(b->data + at + 3, new, strlen(new));
}

static void
permissions_that_were_changed_are_damage(void **state)
{
	struct build p, q = { 0 };
	struct open o;

	(void)state;
	build_plain(&p);
	encrypt(&p, &hows[6], "user", "owner", "--modify=none", false, &q.b);
	loosen(&q.b);
	assert_error_clause(open_secret(&o, vt_buf_bytes(&q.b), VT_PDF_STRICT,
				"user"),
	    &o.err, VT_EFORMAT, "ISO 32000-2, 7.6.4.4.12");
	open_close(&o);
	vt_buf_release(&q.b);
	/* Older kinds have no such check: the key itself depends on it. */
	encrypt(&p, &hows[3], "user", "owner", "--modify=none", false, &q.b);
	loosen(&q.b);
	stays_shut(vt_buf_bytes(&q.b), "user");
	vt_buf_release(&q.b);
	vt_buf_release(&p.b);
}

static void
unknown_handlers_are_not_for_us(void **state)
{
	static const char *const dicts[] = { "<</Filter/Adobe.PubSec/V 4>>",
		"<</Filter/Standard/V 3/R 3/O()/U()/P 0>>",
		"<</Filter/Standard/V 5/R 4/O()/U()/P 0>>",
		"<</Filter/Standard/V 4/R 4/StmF/X/StrF/X/O()/U()/P 0>>",
		"<</Filter/Standard/V 4/R 4/CF<</X<</CFM/AESV3>>>>"
		"/StmF/X/StrF/X/O()/U()/P 0>>",
		"<</Filter/Standard/V 9/R 9>>", "<<>>" };
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(dicts) / sizeof(dicts[0]); i++) {
		build_begin(&p, "");
		build_page(&p);
		build_object(&p, 5, dicts[i]);
		build_table(&p, 0, 5, "/Root 1 0 R/Encrypt 5 0 R");
		open_fails(&p, VT_PDF_STRICT, VT_EUNSUPPORTED,
		    "ISO 32000-2, 7.6.2");
		open_ok(&o, &p, VT_PDF_TOLERANT);
		assert_true(vt_pdf_encrypted(o.pdf) && vt_pdf_locked(o.pdf));
		check_page(&o);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
broken_dictionaries_are_damage(void **state)
{
	static const char *const dicts[] = { "[]", "null",
		"<</Filter/Standard/V 1/R 2/O(short)/U(short)/P 0>>",
		"<</Filter/Standard/V 2/R 3/Length 7/O()/U()/P 0>>",
		"<</Filter/Standard/V 5/R 6/O()/U()/OE()/UE()/Perms()/P 0>>",
		"<</Filter/Standard/V 1/R 2/P[]>>" };
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(dicts) / sizeof(dicts[0]); i++) {
		build_begin(&p, "");
		build_page(&p);
		build_object(&p, 5, dicts[i]);
		build_table(&p, 0, 5, "/Root 1 0 R/Encrypt 5 0 R");
		open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, NULL);
		open_ok(&o, &p, VT_PDF_TOLERANT);
		assert_true(vt_pdf_locked(o.pdf));
		assert_true(vt_pdf_ndamage(o.pdf) > 0);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* Some would read what others cannot. */
static void
revisions_are_encrypted_alike(void **state)
{
	struct build p, q;
	struct open o;

	(void)state;
	build_plain(&p);
	q = p;
	memset(&q.b, 0, sizeof(q.b));
	encrypt(&p, &hows[4], "", "owner", NULL, false, &q.b);
	memset(q.off, 0, sizeof(q.off));
	q.b.max = BUILD_MAX;
	build_object(&q, 20, "(plain)");
	build_table(&q, 20, 20, "/Root 1 0 R/Prev 1");
	assert_vt_error(open_secret(&o, vt_buf_bytes(&q.b), VT_PDF_STRICT, ""),
	    &o.err, VT_EFORMAT);
	open_close(&o);
	vt_buf_release(&q.b);
	vt_buf_release(&p.b);
}

static int
group_setup(void **state)
{
	static const char *const argv[] = { "qpdf", "--version", NULL };

	(void)state;
	dir = test_dir_new();
	return run_program(argv) == 0 ? 0 : -1;
}

static int
group_teardown(void **state)
{
	(void)state;
	test_dir_free(dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_passwords_open_every_kind),
		cmocka_unit_test(none_is_needed_where_the_user_has_none),
		cmocka_unit_test(passwords_beyond_ascii),
		cmocka_unit_test(signatures_are_added_to_every_kind),
		cmocka_unit_test(the_trailer_keeps_what_the_key_needs),
		cmocka_unit_test(permissions),
		cmocka_unit_test(permissions_that_were_changed_are_damage),
		cmocka_unit_test(unknown_handlers_are_not_for_us),
		cmocka_unit_test(broken_dictionaries_are_damage),
		cmocka_unit_test(revisions_are_encrypted_alike),
	};
	static const char *const argv[] = { "qpdf", "--version", NULL };

	if (run_program(argv) != 0) {
		fprintf(stderr, "qpdf is not installed\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
