/* test_xsig_sign.c - enveloped signatures made here */
#include "test_xsig_util.h"

#define NOW 1795478400 /* 2026-11-24T00:00:00Z */

static const char plain[] = "<a><b>1</b></a>";

/* A key that is not the certificate's. */
static int
key_lies(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	int rc = test_key_signs(ctx, alg, hash, digest, out, ret_len, err);

	out[*ret_len - 1] ^= 1;
	return rc;
}

static const struct vt_signer_ops liar = { key_lies, test_key_free, true };

static int
try_sign(struct vt_bytes doc, const char *name, bool pss,
    const struct vt_signer_ops *ops, struct vt_buf *ret, struct vt_error *err)
{
	const struct vt_xsig_sign how = { .pss = pss, .signing_time = NOW };
	struct vt_cert *cert = pki_cert(name);
	struct vt_signer *signer = NULL;
	struct vt_source *src = NULL;
	int rc;

	vt_buf_init(ret, DOC_MAX);
	assert_vt_ok(vt_signer_new(ops, pki_key(name), cert, NULL, &signer,
			 err),
	    err);
	assert_vt_ok(vt_source_bytes(doc, &src, err), err);
	rc = vt_xsig_sign(src, signer, &how, test_buf_sink, ret, err);
	vt_source_free(src);
	vt_signer_free(signer);
	vt_cert_free(cert);
	return rc;
}

static void
made(struct vt_bytes doc, const char *name, bool pss, struct vt_buf *ret)
{
	struct vt_error err = { 0 };

	assert_vt_ok(try_sign(doc, name, pss, &test_key, ret, &err), &err);
}

/* N signatures, all XAdES over the whole. */
static void
assert_holds(const struct vt_buf *text, size_t n)
{
	struct vt_xsig *xs = xsig_of(vt_buf_str(text));
	struct vt_xsig_facts f;
	size_t i;

	assert_int_equal(vt_xsig_count(xs), n);
	for (i = 0; i < n; i++) {
		facts_of(xs, i, NULL, NULL, &f);
		assert_true(f.xades);
		assert_int_equal(f.covers, VT_XSIG_COVERS_WHOLE);
		assert_null(f.uncovered);
		assert_int_equal(f.weak, 0);
		assert_int_equal(vt_xsig_signature(xs, i)->claimed_time, NOW);
	}
	vt_xsig_free(xs);
}

/* TEXT is DOC with something put in at one place, just before END. */
static void
assert_around(const struct vt_buf *text, struct vt_bytes doc, const char *end)
{
	size_t tail = strlen(end), head = doc.len - tail;

	assert_true(text->len > doc.len);
	assert_memory_equal(text->data, doc.data, head);
	assert_memory_equal(text->data + text->len - tail, end, tail);
	assert_string_equal((const char *)doc.data + head, end);
	assert_memory_equal(text->data + head, "<ds:", 4);
}

static void
every_kind_of_key_signs(void **state)
{
	static const struct {
		const char *name;
		bool pss;
		const char *word, *digest;
	} cases[] = {
		{ "officer", false, "rsa", "sha256" },
		{ "officer", true, "rsa-pss", "sha256" },
		{ "officer3072", false, "rsa", "sha256" },
		{ "officer-ec", false, "ecdsa", "sha256" },
		{ "officer-pss", false, "rsa-pss", "sha256" },
	};
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	struct vt_buf text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		made(vt_bytes_str(plain), cases[i].name, cases[i].pss, &text);
		assert_holds(&text, 1);
		assert_around(&text, vt_bytes_str(plain), "</a>");
		xs = xsig_of(vt_buf_str(&text));
		facts_of(xs, 0, NULL, NULL, &f);
		assert_string_equal(f.signature, cases[i].word);
		assert_string_equal(f.digest, cases[i].digest);
		assert_string_equal(f.weakest_digest, cases[i].digest);
		vt_xsig_free(xs);
		vt_buf_release(&text);
	}
}

static void
the_bytes_around_it_stay(void **state)
{
	static const struct {
		const char *doc, *end;
	} cases[] = {
		{ "<a/>", "/>" },
		{ "<a b='>' c=\"/>\" />", "/>" },
		{ "\xef\xbb\xbf<a>x</a>", "</a>" },
		{ "<?xml version='1.0'?>\r\n<a>\r\n</a>\r\n", "</a>\r\n" },
		{ "<!-- <a> --><a><!-- </a> --></a><!-- </a> -->",
		    "</a><!-- </a> -->" },
		{ "<a><![CDATA[</a>]]></a>", "</a>" },
		{ "<?p </a> ?><a><?p </a> ?></a><?p </a>?>", "</a><?p </a>?>" },
		{ "<a><a><a/></a></a  >\n", "</a  >\n" },
		{ "<a b='&lt;/a>'><b c=\"'>\"/></a>", "</a>" },
		{ "<x:a xmlns:x='urn:x' xmlns='urn:y' x:b=''><b/></x:a>",
		    "</x:a>" },
		{ "<a xmlns:ds='urn:other' xmlns:xades='urn:z'><ds:b/></a>",
		    "</a>" },
		{ "<ă đ='ơ'>ư</ă>", "</ă>" },
	};
	struct vt_buf text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		made(vt_bytes_str(cases[i].doc), "officer-ec", false, &text);
		assert_holds(&text, 1);
		if (strcmp(cases[i].end, "/>") != 0)
			assert_around(&text, vt_bytes_str(cases[i].doc),
			    cases[i].end);
		vt_buf_release(&text);
	}
}

static void
each_further_one_covers_those_before(void **state)
{
	static const char *const names[] = { "officer", "agency", "officer-ec",
		"officer-pss" };
	struct vt_buf all[5];
	char *text;
	size_t i;

	(void)state;
	vt_buf_init(&all[0], DOC_MAX);
	assert_int_equal(vt_buf_puts(&all[0], plain), VT_OK);
	for (i = 0; i < 4; i++) {
		made(vt_buf_bytes(&all[i]), names[i], false, &all[i + 1]);
		assert_holds(&all[i + 1], i + 1);
	}
	/* What the first one signed breaks all of them; the last one's own
	 * value no other. */
	text = text_replace(text_dup(vt_buf_str(&all[4])), "<b>1", "<b>2");
	assert_reason(text, VT_XSIG_DIGEST_DIFFERS);
	free(text);
	/* A signature that was taken out is missed by those that came later. */
	assert_false(
	    vt_bytes_equal(vt_buf_bytes(&all[3]), vt_buf_bytes(&all[4])));
	for (i = 0; i < 5; i++)
		vt_buf_release(&all[i]);
}

static void
beside_others_that_stay_whole(void **state)
{
	static const char enveloped[] = "<a><b>1</b>" SIGNATURE(C14N_EXC,
	    RSA_SHA256, REFERENCE_WHOLE, "") "</a>";
	static const char part[] = "<a><b Id='b'>1</b>" SIGNATURE(C14N_EXC,
	    RSA_SHA256, REFERENCE("URI='#b'", TRANSFORM(C14N_EXC)), "") "</a>";
	const char *const templates[] = { enveloped, part };
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	struct vt_buf out;
	size_t i;
	char *text;

	(void)state;
	for (i = 0; i < 2; i++) {
		text = sign(templates[i]);
		made(vt_bytes_str(text), "agency", false, &out);
		xs = xsig_of(vt_buf_str(&out));
		assert_int_equal(vt_xsig_count(xs), 2);
		facts_of(xs, 0, NULL, NULL, &f);
		assert_true(f.intact);
		facts_of(xs, 1, NULL, NULL, &f);
		assert_true(f.xades);
		vt_xsig_free(xs);
		vt_buf_release(&out);
		free(text);
	}
}

static void
assert_refused(const char *doc, enum vt_code code, const char *part)
{
	struct vt_error err = { 0 };
	struct vt_buf out;
	int rc;

	rc = try_sign(vt_bytes_str(doc), "officer", false, &test_key, &out,
	    &err);
	assert_vt_error(rc, &err, code);
	assert_error_text(&err, part);
	assert_int_equal(out.len, 0);
	vt_buf_release(&out);
}

static void
what_cannot_be_signed_is_refused(void **state)
{
	static const char broken[] = "<a><b>1</b>" SIGNATURE(C14N_EXC,
	    RSA_SHA256, REFERENCE_WHOLE, "") "</a>";
	/* The last signature lies within what the first one signs. */
	static const char covered[] = "<a>" SIGNATURE(C14N_EXC, RSA_SHA256,
	    REFERENCE("URI='#c'", TRANSFORM(C14N_EXC)),
	    "") "<c Id='c'>@IN@</c></a>";
	char *text, *inner;

	(void)state;
	assert_refused("<!DOCTYPE a><a/>", VT_EFORMAT, "DOCTYPE");
	assert_refused("<a><b></a>", VT_EFORMAT, "");
	assert_refused("no XML", VT_EFORMAT, "");
	assert_refused("<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
	    VT_EUNSUPPORTED, "encoding");
	text = text_replace(sign(broken), "<b>1", "<b>2");
	assert_refused(text, VT_EREFUSED, "does not hold");
	free(text);

	inner = sign("<c Id='c'>" SIGNATURE(C14N_EXC, RSA_SHA256,
	    REFERENCE("URI='#c'", TRANSFORM(ENVELOPED) TRANSFORM(C14N_EXC)),
	    "") "</c>");
	inner = text_replace(inner, "Id='sig'", "Id='in'");
	inner = text_replace(inner, "Id='value'", "Id='inv'");
	text = text_replace(text_dup(covered), "<c Id='c'>@IN@</c>", inner);
	free(inner);
	inner = sign(text);
	assert_reason(inner, VT_XSIG_FINE);
	assert_refused(inner, VT_EREFUSED, "would break one");
	free(inner);
	free(text);
}

static void
a_key_that_lies_signs_nothing(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf out;
	int rc;

	(void)state;
	rc = try_sign(vt_bytes_str(plain), "officer", false, &liar, &out, &err);
	assert_vt_error(rc, &err, VT_EKEY);
	assert_int_equal(out.len, 0);
	vt_buf_release(&out);
}

static void
two_are_never_the_same(void **state)
{
	struct vt_buf a, b;

	(void)state;
	made(vt_bytes_str(plain), "officer", false, &a);
	made(vt_bytes_str(plain), "officer", false, &b);
	assert_false(vt_bytes_equal(vt_buf_bytes(&a), vt_buf_bytes(&b)));
	vt_buf_release(&a);
	vt_buf_release(&b);
}

struct stamping {
	int rc;             /* what the authority answers with */
	size_t asked;       /* and how often it was asked */
	struct vt_buf over; /* ... over what */
};

static int
stamp(void *ctx, struct vt_bytes over, struct vt_buf *ret, struct vt_error *err)
{
	struct stamping *s = ctx;

	s->asked++;
	vt_buf_reset(&s->over);
	assert_int_equal(vt_buf_bytes_put(&s->over, over), VT_OK);
	if (s->rc != VT_OK)
		return vt_error_set(err, s->rc, NULL, "no stamp");
	assert_int_equal(vt_buf_puts(ret, "a token"), VT_OK);
	return VT_OK;
}

static int
try_stamp(struct vt_bytes doc, struct stamping *s, struct vt_buf *ret,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	vt_buf_init(ret, DOC_MAX);
	vt_buf_init(&s->over, DOC_MAX);
	assert_vt_ok(vt_source_bytes(doc, &src, err), err);
	rc = vt_xsig_stamp_add(src, stamp, s, test_buf_sink, ret, err);
	vt_source_free(src);
	vt_buf_release(&s->over);
	return rc;
}

/* N stamps of the last of the signatures in TEXT, each read as it was given. */
static void
assert_stamped(const struct vt_buf *text, size_t n)
{
	struct vt_xsig *xs = xsig_of(vt_buf_str(text));
	size_t i = vt_xsig_count(xs) - 1, k;

	assert_int_equal(vt_xsig_nstamps(xs, i), n);
	for (k = 0; k < n; k++) {
		const struct vt_xsig_stamp *t = vt_xsig_stamp(xs, i, k);

		assert_int_equal(t->kind, VT_XSIG_STAMP_SIGNATURE);
		assert_true(t->supported);
		assert_true(vt_bytes_equal_str(t->token, "a token"));
	}
	vt_xsig_free(xs);
}

static void
a_stamp_goes_to_the_last_one(void **state)
{
	struct stamping s = { .rc = VT_OK };
	struct vt_buf one, two, three, four;
	struct vt_error err = { 0 };

	(void)state;
	made(vt_bytes_str(plain), "officer", false, &one);
	assert_vt_ok(try_stamp(vt_buf_bytes(&one), &s, &two, &err), &err);
	assert_holds(&two, 1);
	assert_stamped(&two, 1);
	/* A further signature covers it; and then gets its own, twice. */
	made(vt_buf_bytes(&two), "officer-ec", false, &three);
	assert_vt_ok(try_stamp(vt_buf_bytes(&three), &s, &four, &err), &err);
	assert_holds(&four, 2);
	assert_stamped(&four, 1);
	vt_buf_release(&three);
	assert_vt_ok(try_stamp(vt_buf_bytes(&four), &s, &three, &err), &err);
	assert_holds(&three, 2);
	assert_stamped(&three, 2);
	assert_int_equal(s.asked, 3);
	vt_buf_release(&one);
	vt_buf_release(&two);
	vt_buf_release(&three);
	vt_buf_release(&four);
}

/* What stands in TEXT for FROM is TO; for free(). */
static char *
with(const struct vt_buf *text, const char *from, const char *to)
{
	const char *at = strstr(vt_buf_str(text), from);
	char *ret = NULL;

	assert_non_null(at);
	assert_true(asprintf(&ret, "%.*s%s%s", (int)(at - vt_buf_str(text)),
			vt_buf_str(text), to, at + strlen(from)) > 0);
	return ret;
}

static void
what_takes_no_stamp_is_refused(void **state)
{
	static const struct {
		const char *from, *to;
		enum vt_code code;
	} cases[] = {
		{ "<b>1</b>", "<b>2</b>", VT_EREFUSED }, /* it is broken */
		{ "</xades:SignedProperties>",
		    "</xades:SignedProperties><xades:UnsignedProperties>"
		    "<xades:UnsignedDataObjectProperties/>"
		    "</xades:UnsignedProperties>",
		    VT_EUNSUPPORTED },
		{ "</xades:SignedProperties>",
		    "</xades:SignedProperties><xades:UnsignedProperties/>"
		    "<xades:UnsignedProperties/>",
		    VT_EREFUSED },
		{ "<xades:QualifyingProperties ", "<xades:Others ",
		    VT_EFORMAT }, /* no longer XML */
	};
	struct stamping s = { .rc = VT_OK };
	struct vt_error err = { 0 };
	struct vt_buf one, out;
	char *doc;
	size_t i;
	int rc;

	(void)state;
	made(vt_bytes_str(plain), "officer", false, &one);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		doc = with(&one, cases[i].from, cases[i].to);
		vt_error_clear(&err);
		rc = try_stamp(vt_bytes_str(doc), &s, &out, &err);
		assert_vt_error(rc, &err, cases[i].code);
		assert_int_equal(out.len, 0);
		vt_buf_release(&out);
		free(doc);
	}
	/* No signature, and plain XMLDSig. */
	vt_error_clear(&err);
	rc = try_stamp(vt_bytes_str(plain), &s, &out, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	vt_buf_release(&out);
	doc = sign("<a><b/>" SIGNATURE(C14N_EXC, RSA_SHA256, REFERENCE_WHOLE,
	    "") "</a>");
	vt_error_clear(&err);
	rc = try_stamp(vt_bytes_str(doc), &s, &out, &err);
	assert_vt_error(rc, &err, VT_EREFUSED);
	vt_buf_release(&out);
	free(doc);
	assert_int_equal(s.asked, 0);
	/* The authority does not answer. */
	s.rc = VT_ENET;
	vt_error_clear(&err);
	rc = try_stamp(vt_buf_bytes(&one), &s, &out, &err);
	assert_vt_error(rc, &err, VT_ENET);
	assert_int_equal(out.len, 0);
	vt_buf_release(&out);
	vt_buf_release(&one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_key_signs),
		cmocka_unit_test(the_bytes_around_it_stay),
		cmocka_unit_test(each_further_one_covers_those_before),
		cmocka_unit_test(beside_others_that_stay_whole),
		cmocka_unit_test(what_cannot_be_signed_is_refused),
		cmocka_unit_test(a_key_that_lies_signs_nothing),
		cmocka_unit_test(two_are_never_the_same),
		cmocka_unit_test(a_stamp_goes_to_the_last_one),
		cmocka_unit_test(what_takes_no_stamp_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
