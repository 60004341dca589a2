/* test_cms_validation.c - certificates, lists and answers in a message */
#include "test_cms_splice.h"

#include "vanthu/ocsp.h"

static const unsigned char a_certs[] = { P9, 0x10, 0x02, 0x17 };
static const unsigned char a_lists[] = { P9, 0x10, 0x02, 0x18 };
static const unsigned char a_adobe[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f,
	0x01, 0x01, 0x08 };
/* RFC 5940: an answer; what others write; and a kind that is not read */
static const unsigned char ri_ocsp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07,
	0x10, 0x02 };
static const unsigned char ri_basic[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07,
	0x30, 0x01, 0x01 };
static const unsigned char ri_scvp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07,
	0x10, 0x04 };

static struct {
	struct vt_buf crl;
	struct vt_ocsp *answer;
	struct vt_cert *ca, *root;
} have;

/* An answer of the test PKI's responder about its officer. */
static struct vt_ocsp *
answer_make(void)
{
	static const char *const names[] = { "ocsp", "duty-ca", "officer" };
	char crt[3][512], key[512], path[3][512];
	char *dir = test_dir_new();
	struct vt_ocsp *ocsp = NULL;
	struct vt_error err = { 0 };
	int i;

	for (i = 0; i < 3; i++) {
		pki(names[i], ".crt", crt[i], sizeof(crt[i]));
		snprintf(path[i], sizeof(path[i]), "%s/%d", dir, i);
	}
	pki("ocsp", ".key", key, sizeof(key));
	write_file(path[0], NONE);
	assert_int_equal(RUN("/dev/null", "openssl", "ocsp", "-issuer", crt[1],
			     "-cert", crt[2], "-reqout", path[1]),
	    0);
	assert_int_equal(RUN("/dev/null", "openssl", "ocsp", "-index", path[0],
			     "-CA", crt[1], "-rsigner", crt[0], "-rkey", key,
			     "-ndays", "1", "-reqin", path[1], "-respout",
			     path[2]),
	    0);
	assert_vt_ok(vt_ocsp_read_file(path[2], &ocsp, &err), &err);
	test_dir_free(dir);
	return ocsp;
}

struct sets {
	struct vt_certs certs;
	struct vt_crls crls;
	struct vt_ocsps ocsps;
};

static void
sets_release(struct sets *s)
{
	vt_certs_release(&s->certs);
	vt_crls_release(&s->crls);
	vt_ocsps_release(&s->ocsps);
}

static void
collect(const struct parts *p, struct sets *ret)
{
	struct vt_error err = { 0 };
	struct opened o;

	memset(ret, 0, sizeof(*ret));
	parts_open(p, &o);
	assert_vt_ok(vt_cms_validation(o.cms, 0, &ret->certs, &ret->crls,
			 &ret->ocsps, &err),
	    &err);
	opened_free(&o);
}

#define assert_sets(p, certs, crls, ocsps)                                     \
	sets_are(p, certs, crls, ocsps, __FILE__, __LINE__)

static void
sets_are(const struct parts *p, size_t certs, size_t crls, size_t ocsps,
    const char *file, int line)
{
	struct sets s;

	collect(p, &s);
	if (s.certs.n != certs || s.crls.n != crls || s.ocsps.n != ocsps) {
		print_error("%zu certificates, %zu lists, %zu answers\n",
		    s.certs.n, s.crls.n, s.ocsps.n);
		_fail(file, line);
	}
	sets_release(&s);
}

/* RevocationValues: PART tags what is in LIST. */
static void
lists_attr(struct vt_buf *out, struct vt_bytes oid, unsigned char part,
    struct vt_bytes list)
{
	struct vt_buf b;

	vt_buf_init(&b, 1 << 20);
	vt_buf_bytes_put(&b, list);
	wrap(&b, CMS_SEQUENCE);
	wrap(&b, part);
	wrap(&b, CMS_SEQUENCE);
	attr(out, oid, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static void
all_places_are_looked_at(void **state)
{
	struct parts p;
	struct vt_buf b;

	(void)state;
	parts_usual(&p);
	assert_sets(&p, 1, 0, 0);
	vt_buf_bytes_put(&p.certs, vt_cert_der(have.ca));
	assert_sets(&p, 2, 0, 0);
	vt_buf_bytes_put(&p.crls, vt_buf_bytes(&have.crl));
	assert_sets(&p, 2, 1, 0);
	vt_buf_init(&b, 1 << 20);
	vt_buf_bytes_put(&b, vt_cert_der(have.root));
	vt_buf_bytes_put(&b, vt_cert_der(have.ca)); /* twice by now */
	wrap(&b, CMS_SEQUENCE);
	attr(&p.attrs, B(a_certs), vt_buf_bytes(&b));
	assert_sets(&p, 3, 1, 0);
	lists_attr(&p.attrs, B(a_lists), CMS_CTX1, vt_ocsp_basic(have.answer));
	assert_sets(&p, 3, 1, 1);
	vt_buf_release(&b);
	parts_release(&p);

	parts_usual(&p);
	lists_attr(&p.attrs, B(a_lists), CMS_CTX0, vt_buf_bytes(&have.crl));
	assert_sets(&p, 1, 1, 0);
	parts_release(&p);
}

/* RFC 5940: answers among the lists. */
static void
answers_among_the_lists(void **state)
{
	const struct {
		struct vt_bytes oid, value;
		size_t n;
	} cases[] = {
		{ B(ri_ocsp), vt_ocsp_der(have.answer), 1 },
		{ B(ri_basic), vt_ocsp_basic(have.answer), 1 },
		{ B(ri_scvp), vt_ocsp_der(have.answer), 0 },
		{ B(ri_ocsp), VT_BYTES_LIT("\x30\x03\x0a\x01\x01"), 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct opened o;
		struct vt_buf b;
		struct parts p;

		parts_usual(&p);
		p.version = 5; /* RFC 5652, 5.1 */
		vt_buf_init(&b, 1 << 20);
		put(&b, CMS_OID, cases[i].oid);
		vt_buf_bytes_put(&b, cases[i].value);
		put(&p.crls, CMS_CTX1, vt_buf_bytes(&b));
		assert_sets(&p, 1, 0, cases[i].n);
		parts_open(&p, &o);
		assert_true(vt_cms_signer(o.cms, 0)->has_validation);
		opened_free(&o);
		vt_buf_release(&b);
		parts_release(&p);
	}
}

/* Adobe's, which is signed. */
static void
archival_information(void **state)
{
	struct spec s = usual;
	struct vt_buf a, der;
	struct parts p;
	struct checked c;

	(void)state;
	good_attrs(&a);
	lists_attr(&a, B(a_adobe), CMS_CTX1, vt_ocsp_der(have.answer));
	sort(&a);
	s.attrs = vt_buf_bytes(&a);
	vt_buf_init(&der, 1 << 20);
	build(&der, &s);
	check(vt_buf_bytes(&der), 0, NULL, NULL, &c);
	assert_true(c.facts.cades);
	checked_free(&c);
	parts_read(&p, vt_buf_bytes(&der));
	assert_sets(&p, 1, 0, 1);
	/* Unsigned it is read, too: a token may have it so. */
	lists_attr(&p.attrs, B(a_adobe), CMS_CTX0, vt_buf_bytes(&have.crl));
	assert_sets(&p, 1, 1, 1);
	parts_release(&p);
	vt_buf_release(&a);
	vt_buf_release(&der);
}

/* What cannot be read is passed over, and hides nothing. */
static void
rubbish_is_passed_over(void **state)
{
	static const struct vt_bytes rubbish[] = {
		VT_BYTES_LIT("\x05\x00"),
		VT_BYTES_LIT("\x30\x00"),
		VT_BYTES_LIT("\x30\x02\x05\x00"),
		VT_BYTES_LIT("\x30\x05\xa0\x03\x30\x01\x00"),
		VT_BYTES_LIT("\x30\x04\xa1\x02\x04\x00"),
		VT_BYTES_LIT("\x30\x06\xa2\x04\x30\x02\x06\x00"),
	};
	struct parts p;
	size_t i;

	(void)state;
	parts_usual(&p);
	for (i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++) {
		attr(&p.attrs, B(a_certs), rubbish[i]);
		attr(&p.attrs, B(a_lists), rubbish[i]);
		attr(&p.attrs, B(a_adobe), rubbish[i]);
	}
	assert_sets(&p, 1, 0, 0);
	lists_attr(&p.attrs, B(a_lists), CMS_CTX0, vt_buf_bytes(&have.crl));
	assert_sets(&p, 1, 1, 0);
	parts_release(&p);
}

static void
sets_that_are_not_wanted(void **state)
{
	struct vt_crls crls = { 0 };
	struct vt_error err = { 0 };
	struct opened o;
	struct parts p;

	(void)state;
	parts_usual(&p);
	lists_attr(&p.attrs, B(a_lists), CMS_CTX0, vt_buf_bytes(&have.crl));
	lists_attr(&p.attrs, B(a_lists), CMS_CTX1, vt_ocsp_basic(have.answer));
	parts_open(&p, &o);
	assert_vt_ok(vt_cms_validation(o.cms, 0, NULL, &crls, NULL, &err),
	    &err);
	assert_int_equal(crls.n, 1);
	vt_crls_release(&crls);
	opened_free(&o);
	parts_release(&p);
}

/* Each value of each attribute, with its kind. */
static void
unsigned_attributes_are_listed(void **state)
{
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_buf der;
	struct opened o;
	struct parts p;
	size_t i;

	(void)state;
	parts_usual(&p);
	attr(&p.attrs, B(a_other), VT_BYTES_LIT("\x05\x00\x02\x01\x07"));
	attr(&p.attrs, B(a_certs), VT_BYTES_LIT("\x30\x00"));
	attr(&p.attrs, B(a_other), NONE);
	parts_open(&p, &o);
	assert_int_equal(vt_cms_nunsigned(o.cms, 0), 3);
	assert_int_equal(vt_cms_unsigned(o.cms, 0, 0).kind, VT_CMS_ATTR_OTHER);
	assert_bytes_equal(vt_cms_unsigned(o.cms, 0, 0).oid, B(a_other));
	assert_bytes_equal(vt_cms_unsigned(o.cms, 0, 1).value,
	    VT_BYTES_LIT("\x02\x01\x07"));
	assert_int_equal(vt_cms_unsigned(o.cms, 0, 2).kind,
	    VT_CMS_ATTR_CERT_VALUES);
	opened_free(&o);
	/* The whole of it ends where its padding begins. */
	vt_buf_init(&der, 1 << 20);
	parts_put(&p, &der);
	i = der.len;
	vt_buf_put(&der, "\0\0\0", 3);
	assert_vt_ok(vt_cms_parse(vt_buf_bytes(&der), VT_CMS_ZERO_PADDED, &cms,
			 &err),
	    &err);
	assert_int_equal(vt_cms_size(cms), i);
	vt_cms_free(cms);
	vt_buf_release(&der);
	/* Broken ones make it no message; too many, one over a limit. */
	for (i = 3; i < VT_CMS_ATTRS_MAX; i++)
		attr(&p.attrs, B(a_other), NONE);
	parts_open(&p, &o);
	opened_free(&o);
	attr(&p.attrs, B(a_other), NONE);
	assert_int_equal(parts_refused(&p), VT_ELIMIT);
	parts_release(&p);
	parts_usual(&p);
	attr(&p.attrs, B(a_other), VT_BYTES_LIT("\x05"));
	assert_int_equal(parts_refused(&p), VT_EFORMAT);
	parts_release(&p);
}

static int
setup(void **state)
{
	(void)state;
	pki_file("duty-ca.crl.der", &have.crl);
	have.answer = answer_make();
	have.ca = pki_cert("duty-ca");
	have.root = pki_cert("duty-root");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	vt_buf_release(&have.crl);
	vt_ocsp_free(have.answer);
	vt_cert_free(have.ca);
	vt_cert_free(have.root);
	return 0;
}

static void
values_are_counted(void **state)
{
	struct opened o;
	struct parts p;
	size_t n;

	(void)state;
	parts_usual(&p);
	parts_open(&p, &o);
	n = vt_cms_nunsigned(o.cms, 0);
	opened_free(&o);
	{
		struct vt_buf values;

		vt_buf_init(&values, 4 * VT_CMS_VALUES_MAX);
		for (; n < VT_CMS_VALUES_MAX; n++)
			vt_buf_put(&values, "\x05\x00", 2);
		attr(&p.attrs, B(a_other), vt_buf_bytes(&values));
		vt_buf_release(&values);
	}
	parts_open(&p, &o);
	assert_int_equal(vt_cms_nunsigned(o.cms, 0), VT_CMS_VALUES_MAX);
	opened_free(&o);
	attr(&p.attrs, B(a_other), VT_BYTES_LIT("\x05\x00"));
	assert_int_equal(parts_refused(&p), VT_ELIMIT);
	parts_release(&p);
}

static void
certificates_are_counted(void **state)
{
	struct vt_cert *cert = pki_cert("officer");
	struct cms_tlv t;
	struct vt_bytes in;
	struct opened o;
	struct parts p;
	size_t n = 0;

	(void)state;
	parts_usual(&p);
	for (in = vt_buf_bytes(&p.certs); vt_cms_tlv(&in, CMS_DER, &t);)
		n++;
	for (; n < VT_CMS_CERTS_MAX; n++)
		vt_buf_bytes_put(&p.certs, vt_cert_der(cert));
	parts_open(&p, &o);
	opened_free(&o);
	vt_buf_bytes_put(&p.certs, vt_cert_der(cert));
	assert_int_equal(parts_refused(&p), VT_ELIMIT);
	parts_release(&p);
	vt_cert_free(cert);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_are_counted),
		cmocka_unit_test(values_are_counted),
		cmocka_unit_test(all_places_are_looked_at),
		cmocka_unit_test(answers_among_the_lists),
		cmocka_unit_test(archival_information),
		cmocka_unit_test(rubbish_is_passed_over),
		cmocka_unit_test(sets_that_are_not_wanted),
		cmocka_unit_test(unsigned_attributes_are_listed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
