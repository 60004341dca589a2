/* test_verify_limits.c - parts of a file that are judged up to a bound */
#include "test_armour.h"
#include "test_verify_time.h"

#include "vanthu/envelope.h"

#define FILE_TEXT VT_BYTES_LIT("a,b\n")

static struct vt_report *
judge(const struct world *w, struct vt_bytes file, const char *name)
{
	const struct vt_verify_options opts = { .trust = w->trust,
		.at = VT_TIME_NONE };
	struct vt_report *r = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	assert_vt_ok(vt_source_bytes(file, &src, &err), &err);
	assert_vt_ok(vt_verify_source(src, name, &opts, &r, &err), &err);
	vt_source_free(src);
	return r;
}

/* --- detached signatures in an envelope, before what they sign --- */

/* The signer's, over FILE_TEXT. */
static void
detached(const struct world *w, struct vt_buf *ret)
{
	const struct vt_cms_sign how = { .signing_time = today };
	struct vt_signer *signer = signer_of(&w->signer);
	struct vt_cms_digest *digest = NULL;
	struct vt_error err = { 0 };

	vt_buf_init(ret, BUF_MAX);
	assert_vt_ok(vt_cms_sign_digest(signer, &digest, &err), &err);
	assert_vt_ok(vt_cms_digest_update(digest, FILE_TEXT, &err), &err);
	assert_vt_ok(vt_cms_sign(signer, &how, digest, ret, &err), &err);
	vt_cms_digest_free(digest);
	vt_signer_free(signer);
}

/* N files, and SIGNATURE of each before them. */
static void
enveloped(struct vt_bytes signature, size_t n, struct vt_buf *ret)
{
	struct vt_envelope_file files[2 * (VT_VERIFY_LATE_MAX + 1)];
	char names[2 * (VT_VERIFY_LATE_MAX + 1)][32];
	struct vt_source *sig = NULL, *text = NULL;
	struct vt_error err = { 0 };
	struct vt_envelope env;
	struct vt_organ *to;
	size_t i;

	vt_envelope_init(&env);
	assert_vt_ok(vt_envelope_add_to(&env, &to, &err), &err);
	assert_vt_ok(vt_envelope_set(&env.from.id, "H99.01", &err), &err);
	assert_vt_ok(vt_envelope_set(&env.from.name, "A", &err), &err);
	assert_vt_ok(vt_envelope_set(&to->id, "H99.02", &err), &err);
	assert_vt_ok(vt_envelope_set(&env.document_id, "x", &err), &err);
	assert_vt_ok(vt_envelope_set(&env.code_number, "7", &err), &err);
	assert_vt_ok(vt_envelope_set(&env.code_notation, "SA", &err), &err);
	assert_vt_ok(vt_envelope_set(&env.type_name, "Công văn", &err), &err);
	assert_vt_ok(vt_envelope_set(&env.subject, "V/v", &err), &err);
	env.date = (struct vt_date){ 2026, 1, 5 };
	assert_vt_ok(vt_source_bytes(signature, &sig, &err), &err);
	assert_vt_ok(vt_source_bytes(FILE_TEXT, &text, &err), &err);
	for (i = 0; i < n; i++) {
		snprintf(names[i], sizeof(names[i]), "%zu.csv.p7s", i);
		snprintf(names[n + i], sizeof(names[n + i]), "%zu.csv", i);
		files[i] = (struct vt_envelope_file){ names[i], sig };
		files[n + i] = (struct vt_envelope_file){ names[n + i], text };
	}
	vt_buf_init(ret, BUF_MAX);
	assert_vt_ok(vt_envelope_write(&env, files, 2 * n, NULL, to_buf, ret,
			 &err),
	    &err);
	vt_source_free(sig);
	vt_source_free(text);
	vt_envelope_release(&env);
}

static void
detached_signatures_are_counted(void **state)
{
	struct vt_buf sig, env;
	struct vt_report *r;
	struct world w;
	size_t n, i;

	(void)state;
	world_init(&w);
	detached(&w, &sig);
	for (n = VT_VERIFY_LATE_MAX; n <= VT_VERIFY_LATE_MAX + 1; n++) {
		enveloped(vt_buf_bytes(&sig), n, &env);
		r = judge(&w, vt_buf_bytes(&env), "a.edxml");
		assert_int_equal(r->nattachments, 2 * n);
		for (i = 0; i < VT_VERIFY_LATE_MAX; i++)
			assert_string_equal(r->attachments[i].reason, "ok");
		if (n == VT_VERIFY_LATE_MAX) {
			assert_string_equal(r->reason, "unsigned");
		} else {
			assert_string_equal(r->attachments[i].reason, "limit");
			assert_string_equal(r->attachments[i]
						.signatures[0]
						.reason,
			    "limit");
			assert_int_equal(r->verdict, VT_REPORT_UNDETERMINED);
			assert_string_equal(r->reason, "limit");
		}
		vt_report_free(r);
		vt_buf_release(&env);
	}
	vt_buf_release(&sig);
	world_free(&w);
}

static void
a_detached_signature_has_a_size(void **state)
{
	struct vt_buf sig, pem, env;
	struct vt_report *r;
	struct world w;
	size_t more;

	(void)state;
	world_init(&w);
	detached(&w, &sig);
	for (more = 0; more < 2; more++) {
		test_armour(vt_buf_bytes(&sig), VT_VERIFY_LATE_BYTES + more,
		    &pem);
		enveloped(vt_buf_bytes(&pem), 1, &env);
		r = judge(&w, vt_buf_bytes(&env), "a.edxml");
		assert_string_equal(r->attachments[0].reason,
		    more == 0 ? "ok" : "limit");
		assert_string_equal(r->reason,
		    more == 0 ? "unsigned" : "limit");
		vt_report_free(r);
		vt_buf_release(&pem);
		vt_buf_release(&env);
	}
	vt_buf_release(&sig);
	world_free(&w);
}

/* --- what a signer says of the content --- */

static void
a_description_has_a_length(void **state)
{
	char type[VT_VERIFY_NOTE_MAX + 2];
	const struct vt_cms_sign how = { .mime_type = type };
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_signer *signer;
	struct vt_report *r;
	struct vt_buf b;
	struct world w;
	size_t more;

	(void)state;
	world_init(&w);
	for (more = 0; more < 2; more++) {
		memset(type, 'x', sizeof(type));
		type[VT_VERIFY_NOTE_MAX + more] = '\0';
		signer = signer_of(&w.signer);
		vt_buf_init(&b, BUF_MAX);
		assert_vt_ok(vt_source_bytes(FILE_TEXT, &src, &err), &err);
		assert_vt_ok(vt_cms_sign_attached(signer, &how, src, to_buf,
				 NULL, &b, &err),
		    &err);
		r = judge(&w, vt_buf_bytes(&b), "a.p7m");
		assert_string_equal(r->reason, "ok");
		assert_int_equal(r->signatures[0].notes.n, 1 - more);
		if (more == 0)
			assert_non_null(
			    strstr(r->signatures[0].notes.items[0], type));
		vt_report_free(r);
		vt_source_free(src);
		vt_signer_free(signer);
		vt_buf_release(&b);
	}
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(detached_signatures_are_counted),
		cmocka_unit_test(a_detached_signature_has_a_size),
		cmocka_unit_test(a_description_has_a_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
