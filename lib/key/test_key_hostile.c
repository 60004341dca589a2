/* test_key_hostile.c - files made to hang, exhaust or deceive */
#include "test_key.h"

/* Read and refused without anybody being asked, so nothing was derived. */
static void
iteration_bombs_are_refused_at_once(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t asked;

	(void)state;
	assert_error_clause(load_p12(pki("bomb.p12"), GOOD, &asked, &signer,
				&err),
	    &err, VT_ELIMIT, "RFC 8018, 4.2");
	assert_int_equal(asked, 0);
	assert_null(signer);
}

/*
 * A count of 4 bytes in a PKCS#12 or PKCS#8 file, set to what it should not
 * be.  WHICH is the place of the one to set.
 */
static void
set_count(const char *from, const char *to, size_t which, int64_t count)
{

	struct vt_error err = { 0 };
	unsigned char *p;
	struct vt_buf b;
	size_t i, seen = 0;

	vt_buf_init(&b, 1 << 20);
	test_read(from, &b);
	for (i = 0; i + 5 <= b.len; i++) {
		p = b.data + i;
		if (p[0] != 0x02 || p[1] != 3 || p[2] != 1 || p[3] != 0x11 ||
		    p[4] != 0x70) /* INTEGER 70000 */
			continue;
		if (seen++ != which)
			continue;
		p[2] = (unsigned char)(count >> 16);
		p[3] = (unsigned char)(count >> 8);
		p[4] = (unsigned char)count;
	}
	assert_true(seen > which);
	unlink(to);
	assert_vt_ok(vt_file_write(to, vt_buf_bytes(&b), &err), &err);
	vt_buf_release(&b);
}

static void
every_count_is_counted(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t asked;

	(void)state;
	/* the certificates stand in the first part, the MAC at the end */
	OPENSSL("pkcs12", "-export", "-iter", "70000", "-inkey",
	    pki("officer-ec.key"), "-in", pki("officer-ec.crt"), "-passout",
	    "pass:" GOOD, "-out", own("iter.p12"));
	assert_vt_ok(load_p12(own("iter.p12"), GOOD, &asked, &signer, &err),
	    &err);
	assert_int_equal(asked, 1);
	vt_signer_free(signer);
	signer = NULL;
	/* the sum is what is limited: 3 x 8,388,607 of 10,000,000 */
	set_count(own("iter.p12"), own("one.p12"), 0, 0x7fffff);
	set_count(own("one.p12"), own("two.p12"), 1, 0x7fffff);
	assert_error_clause(load_p12(own("two.p12"), GOOD, &asked, &signer,
				&err),
	    &err, VT_ELIMIT, "RFC 8018, 4.2");
	assert_int_equal(asked, 0);
	/* negative, zero */
	set_count(own("iter.p12"), own("neg.p12"), 0, 0x811170);
	assert_error_clause(load_p12(own("neg.p12"), GOOD, &asked, &signer,
				&err),
	    &err, VT_EFORMAT, "RFC 8018, 4.2");
	assert_int_equal(asked, 0);
	OPENSSL("pkcs8", "-topk8", "-iter", "70000", "-in",
	    pki("officer-ec.key"), "-passout", "pass:" GOOD, "-outform", "DER",
	    "-out", own("iter.der"));
	set_count(own("iter.der"), own("neg.der"), 0, 0x800000);
	assert_error_clause(load_pem(own("neg.der"), pki("officer-ec.crt"),
				GOOD, &asked, &signer, &err),
	    &err, VT_EFORMAT, "RFC 8018, 4.2");
	assert_int_equal(asked, 0);
	assert_null(signer);
}

/* As many as are allowed, and one more; PKCS#8 has one derivation. */
static void
the_limit_of_iterations_has_two_sides(void **state)
{
	const unsigned char max[] = { 2, 4, 0, VT_KEY_ITERATIONS_MAX >> 16,
		VT_KEY_ITERATIONS_MAX >> 8 & 0xff,
		VT_KEY_ITERATIONS_MAX & 0xff };
	char count[16];
	struct vt_signer *signer = NULL;
	struct vt_error err;
	unsigned char *at;
	struct vt_buf b;
	size_t asked;

	(void)state;
	snprintf(count, sizeof(count), "%d", VT_KEY_ITERATIONS_MAX);
	OPENSSL("pkcs8", "-topk8", "-iter", count, "-in", pki("officer-ec.key"),
	    "-passout", "pass:" GOOD, "-outform", "DER", "-out",
	    own("max.der"));
	assert_vt_ok(load_pem(own("max.der"), pki("officer-ec.crt"), GOOD,
			 &asked, &signer, &err),
	    &err);
	vt_signer_free(signer);
	signer = NULL;
	vt_buf_init(&b, 1 << 16);
	test_read(own("max.der"), &b);
	at = memmem(b.data, b.len, max, sizeof(max));
	assert_non_null(at);
	at[5]++;
	assert_vt_ok(vt_file_write(own("over.der"), vt_buf_bytes(&b), &err),
	    &err);
	vt_buf_release(&b);
	assert_error_clause(load_pem(own("over.der"), pki("officer-ec.crt"),
				GOOD, &asked, &signer, &err),
	    &err, VT_ELIMIT, "RFC 8018, 4.2");
	assert_int_equal(asked, 0);
	assert_null(signer);
}

static void
derivations_without_a_count_are_refused(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t asked;

	(void)state;
	OPENSSL("pkcs8", "-topk8", "-scrypt", "-in", pki("officer-ec.key"),
	    "-passout", "pass:" GOOD, "-out", own("scrypt.key"));
	assert_vt_error(load_pem(own("scrypt.key"), pki("officer-ec.crt"), GOOD,
			    &asked, &signer, &err),
	    &err, VT_EUNSUPPORTED);
	assert_int_equal(asked, 0);
	assert_null(signer);
}

static void
a_file_without_a_mac_is_refused(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t asked;

	(void)state;
	OPENSSL("pkcs12", "-export", "-nomac", "-inkey", pki("officer-ec.key"),
	    "-in", pki("officer-ec.crt"), "-passout", "pass:" GOOD, "-out",
	    own("nomac.p12"));
	assert_error_clause(load_p12(own("nomac.p12"), GOOD, &asked, &signer,
				&err),
	    &err, VT_EUNSUPPORTED, "RFC 7292, 4");
	assert_int_equal(asked, 0);
	assert_null(signer);
}

/* Cut anywhere, or one byte another: never a signer but of the same key. */
static void
damaged_files_are_survived(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	struct vt_buf b;
	size_t i, ok = 0;

	(void)state;
	OPENSSL("pkcs12", "-export", "-iter", "1", "-noiter", "-nomaciter",
	    "-inkey", pki("officer-ec.key"), "-in", pki("officer-ec.crt"),
	    "-passout", "pass:" GOOD, "-out", own("small.p12"));
	vt_buf_init(&b, 1 << 20);
	test_read(own("small.p12"), &b);
	for (i = 0; i < b.len; i++) {
		unlink(own("cut.p12"));
		assert_vt_ok(vt_file_write(own("cut.p12"), VT_BYTES(b.data, i),
				 &err),
		    &err);
		assert_int_not_equal(load_p12(own("cut.p12"), GOOD, NULL,
					 &signer, &err),
		    VT_OK);
		assert_true(err.text[0] != '\0');
		assert_null(signer);

		b.data[i] ^= 0x41;
		unlink(own("cut.p12"));
		assert_vt_ok(vt_file_write(own("cut.p12"), vt_buf_bytes(&b),
				 &err),
		    &err);
		if (load_p12(own("cut.p12"), GOOD, NULL, &signer, &err) ==
		    VT_OK) {
			assert_signs(signer, VT_SIGALG_ECDSA);
			vt_signer_free(signer);
			signer = NULL;
			ok++;
		} else {
			assert_true(err.text[0] != '\0');
		}
		assert_null(signer);
		b.data[i] ^= 0x41;
	}
	/* the MAC covers nearly all; its own frame it does not */
	assert_true(ok < 16);
	vt_buf_release(&b);
}

static void
large_files_are_not_read(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	int fd;

	(void)state;
	fd = open(own("large"), O_CREAT | O_WRONLY, 0600);
	assert_int_equal(ftruncate(fd, (off_t)VT_KEY_FILE_MAX + 1), 0);
	close(fd);
	assert_vt_error(load_p12(own("large"), GOOD, NULL, &signer, &err), &err,
	    VT_ELIMIT);
	assert_vt_error(load_pem(own("large"), pki("officer.crt"), GOOD, NULL,
			    &signer, &err),
	    &err, VT_ELIMIT);
	assert_null(signer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iteration_bombs_are_refused_at_once),
		cmocka_unit_test(every_count_is_counted),
		cmocka_unit_test(the_limit_of_iterations_has_two_sides),
		cmocka_unit_test(derivations_without_a_count_are_refused),
		cmocka_unit_test(a_file_without_a_mac_is_refused),
		cmocka_unit_test(damaged_files_are_survived),
		cmocka_unit_test(large_files_are_not_read),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
