/* test_verify_wire.c - reports that came from a worker, honest and forged */
#include "test_util.h"

#include "vanthu/time.h"
#include "vanthu/verify.h"
#include "verify_int.h"
#include "verify_want.h"
#include "verify_wire.h"

#define WIRE_MAX (1u << 20)

static char *
copy(const char *s)
{
	char *c = strdup(s);

	assert_non_null(c);
	return c;
}

static void
fill_signature(struct vt_report_signature *s)
{
	struct vt_error err = { 0 };

	s->format = "pades";
	s->level = "LTA";
	s->field = copy("Chữ ký 1");
	s->verdict = VT_REPORT_VALID;
	s->reason = "ok";
	s->intact = s->have_certificate = true;
	memset(s->certificate_sha256, 7, VT_SHA256_LEN);
	s->signer.name = copy("Nguyễn Thị Ánh (TEST)");
	s->signer.serial = copy("0A");
	s->tree = copy("gốc");
	assert_vt_ok(vt_list_add(&s->path, "CA", &err), &err);
	assert_vt_ok(vt_list_add(&s->notes, "", &err), &err);
	s->timestamp = s->instant = 1800000000;
	s->stamps = calloc(1, sizeof(*s->stamps));
	assert_non_null(s->stamps);
	s->nstamps = 1;
	s->stamps[0].kind = "signature";
	s->stamps[0].time = 1800000000;
	s->stamps[0].verdict = VT_REPORT_VALID;
	s->stamps[0].reason = "ok";
	s->revocation = VT_REVOKED_NO;
	s->covers = VT_COVERS_WHOLE;
	s->covered_to = 1ull << 40;
}

/* An envelope of one signed attachment and one that is not. */
static struct vt_report *
sample(void)
{
	struct vt_report *r = calloc(1, sizeof(*r));
	struct vt_error err = { 0 };

	assert_non_null(r);
	r->file = copy("a.edxml");
	r->format = VT_REPORT_EDXML;
	r->verdict = VT_REPORT_UNSIGNED;
	r->reason = "unsigned";
	r->judged_at = 1800000001;
	r->attachments = calloc(2, sizeof(*r->attachments));
	assert_non_null(r->attachments);
	r->nattachments = 2;
	r->attachments[0].file = copy("a.pdf");
	r->attachments[0].format = VT_REPORT_PDF;
	r->attachments[0].encrypted = true;
	r->attachments[0].verdict = VT_REPORT_VALID;
	r->attachments[0].reason = "ok";
	assert_vt_ok(vt_report_add_signatures(&r->attachments[0], 1, &err),
	    &err);
	fill_signature(&r->attachments[0].signatures[0]);
	r->attachments[1].file = copy("b.txt");
	r->attachments[1].verdict = VT_REPORT_UNSIGNED;
	r->attachments[1].reason = "unsigned";
	return r;
}

static int
read_back(struct vt_bytes wire, struct vt_report *r, struct vt_bytes *rest,
    struct vt_error *err)
{
	memset(r, 0, sizeof(*r));
	*rest = wire;
	return vt_verify_wire_get(rest, r, err);
}

static void
write_out(const struct vt_report *r, struct vt_buf *wire)
{
	struct vt_error err = { 0 };

	vt_buf_init(wire, WIRE_MAX);
	assert_vt_ok(vt_verify_wire_put(r, wire, &err), &err);
}

static void
what_was_written_is_read(void **state)
{
	struct vt_report *r = sample(), got;
	const struct vt_report_signature *s;
	struct vt_error err = { 0 };
	struct vt_buf wire, again;
	struct vt_bytes rest;

	(void)state;
	write_out(r, &wire);
	assert_vt_ok(read_back(vt_buf_bytes(&wire), &got, &rest, &err), &err);
	assert_int_equal(rest.len, 0);
	assert_string_equal(got.file, "a.edxml");
	assert_int_equal(got.nattachments, 2);
	s = &got.attachments[0].signatures[0];
	assert_string_equal(s->signer.name, "Nguyễn Thị Ánh (TEST)");
	assert_null(s->signer.unit);
	assert_string_equal(s->notes.items[0], "");
	assert_int_equal(s->covered_to, 1ull << 40);
	/* Nothing is left out: the same bytes come again. */
	write_out(&got, &again);
	assert_bytes_equal(vt_buf_bytes(&again), vt_buf_bytes(&wire));
	vt_buf_release(&again);
	vt_buf_release(&wire);
	vt_report_release(&got);
	vt_report_free(r);
}

static void
a_cut_anywhere_is_refused(void **state)
{
	struct vt_report *r = sample(), got;
	struct vt_buf wire;
	struct vt_bytes rest;
	size_t i;

	(void)state;
	write_out(r, &wire);
	for (i = 0; i < wire.len; i++) {
		struct vt_error err = { 0 };

		assert_vt_error(read_back(vt_bytes_slice(vt_buf_bytes(&wire), 0,
					      i),
				    &got, &rest, &err),
		    &err, VT_EFORMAT);
		vt_report_release(&got);
	}
	vt_buf_release(&wire);
	vt_report_free(r);
}

/* Whatever stands there, it is refused or can be shown and released. */
static void
any_byte_may_be_another(void **state)
{
	struct vt_report *r = sample(), got;
	struct vt_buf wire, again;
	struct vt_bytes rest;
	size_t i, k, refused = 0;
	static const unsigned char other[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

	(void)state;
	write_out(r, &wire);
	for (i = 0; i < wire.len; i++)
		for (k = 0; k < sizeof(other); k++) {
			unsigned char was = wire.data[i];

			wire.data[i] = other[k];
			if (read_back(vt_buf_bytes(&wire), &got, &rest, NULL) !=
			    VT_OK)
				refused++;
			else {
				write_out(&got, &again);
				vt_buf_release(&again);
			}
			vt_report_release(&got);
			wire.data[i] = was;
		}
	assert_true(refused > wire.len / 2);
	vt_buf_release(&wire);
	vt_report_free(r);
}

/* CHANGE makes of an honest report one that nobody could have written. */
static void
assert_refused(void (*change)(struct vt_report *))
{
	struct vt_report *r = sample(), got;
	struct vt_error err = { 0 };
	struct vt_buf wire;
	struct vt_bytes rest;

	change(r);
	write_out(r, &wire);
	assert_vt_error(read_back(vt_buf_bytes(&wire), &got, &rest, &err), &err,
	    VT_EFORMAT);
	vt_report_release(&got);
	vt_buf_release(&wire);
	vt_report_free(r);
}

static void
better_than_its_parts(struct vt_report *r)
{
	r->verdict = VT_REPORT_VALID;
}

static void
valid_without_a_signature(struct vt_report *r)
{
	r->attachments[1].verdict = VT_REPORT_VALID;
	r->verdict = VT_REPORT_VALID;
}

static void
valid_by_a_time_stamp_alone(struct vt_report *r)
{
	r->attachments[0].signatures[0].format = "rfc3161";
}

static void
valid_and_changed(struct vt_report *r)
{
	r->attachments[0].signatures[0].changed_after = true;
}

static void
valid_and_not_intact(struct vt_report *r)
{
	r->attachments[0].signatures[0].intact = false;
}

static void
valid_and_unknown_revocation(struct vt_report *r)
{
	r->attachments[0].signatures[0].revocation = VT_REVOKED_UNKNOWN;
}

static void
valid_for_a_bad_reason(struct vt_report *r)
{
	r->attachments[0].signatures[0].reason = "revoked";
}

static void
a_stamp_valid_for_a_bad_reason(struct vt_report *r)
{
	r->attachments[0].signatures[0].stamps[0].reason = "revoked";
}

static void
a_stamp_without_a_reason(struct vt_report *r)
{
	r->attachments[0].signatures[0].stamps[0].reason = NULL;
}

static void
a_stamp_of_no_kind(struct vt_report *r)
{
	r->attachments[0].signatures[0].stamps[0].kind = NULL;
}

static void
a_reason_of_its_own(struct vt_report *r)
{
	r->reason = "because";
}

static void
a_word_of_its_own(struct vt_report *r)
{
	r->attachments[0].signatures[0].level = "XL";
}

static void
not_judged(struct vt_report *r)
{
	r->attachments[1].verdict = VT_REPORT_NONE;
}

static void
an_envelope_signature_without_a_reason(struct vt_report *r)
{
	r->envelope_signature = "valid";
}

static void
an_absent_envelope_signature_with_one(struct vt_report *r)
{
	r->envelope_signature = "absent";
	r->envelope_reason = "ok";
}

static void
an_envelope_signature_of_another_word(struct vt_report *r)
{
	r->envelope_signature = "cades";
	r->envelope_reason = "ok";
}

static void
a_reason_of_no_envelope_signature(struct vt_report *r)
{
	r->attachments[0].envelope_reason = "ok";
}

static void
what_nobody_could_have_written_is_refused(void **state)
{
	(void)state;
	assert_refused(better_than_its_parts);
	assert_refused(valid_without_a_signature);
	assert_refused(valid_by_a_time_stamp_alone);
	assert_refused(valid_and_changed);
	assert_refused(valid_and_not_intact);
	assert_refused(valid_and_unknown_revocation);
	assert_refused(valid_for_a_bad_reason);
	assert_refused(a_stamp_valid_for_a_bad_reason);
	assert_refused(a_stamp_without_a_reason);
	assert_refused(a_stamp_of_no_kind);
	assert_refused(a_reason_of_its_own);
	assert_refused(a_word_of_its_own);
	assert_refused(not_judged);
	assert_refused(an_envelope_signature_without_a_reason);
	assert_refused(an_absent_envelope_signature_with_one);
	assert_refused(an_envelope_signature_of_another_word);
	assert_refused(a_reason_of_no_envelope_signature);
}

static void
bytes_beside_a_report(void **state)
{
	struct vt_buf wire;
	struct vt_bytes rest, got;
	struct vt_error err = { 0 };

	(void)state;
	vt_buf_init(&wire, WIRE_MAX);
	assert_vt_ok(vt_verify_wire_put_bytes(VT_BYTES_LIT("abc"), &wire, &err),
	    &err);
	assert_vt_ok(vt_verify_wire_put_bytes(VT_BYTES_LIT(""), &wire, &err),
	    &err);
	rest = vt_buf_bytes(&wire);
	assert_vt_ok(vt_verify_wire_get_bytes(&rest, &got, &err), &err);
	assert_bytes_str(got, "abc");
	assert_vt_ok(vt_verify_wire_get_bytes(&rest, &got, &err), &err);
	assert_int_equal(got.len, 0);
	assert_vt_error(vt_verify_wire_get_bytes(&rest, &got, &err), &err,
	    VT_EFORMAT);
	vt_buf_release(&wire);
}

/* What the fuzz target begins with is a report as it is sent today. */
static void
the_seed_is_a_report(void **state)
{
	static const char name[] = "fuzz/verify_wire/report";
	struct vt_report *r = sample();
	struct vt_error err = { 0 };
	struct vt_buf wire, seed;
	char *path = vt_path_join(getenv("VANTHU_TESTDATA"), name);

	(void)state;
	assert_non_null(path);
	write_out(r, &wire);
	vt_buf_init(&seed, WIRE_MAX);
	assert_vt_ok(vt_file_read(path, WIRE_MAX, &seed, &err), &err);
	assert_bytes_equal(vt_buf_bytes(&seed), vt_buf_bytes(&wire));
	vt_buf_release(&seed);
	vt_buf_release(&wire);
	vt_report_free(r);
	free(path);
}

/* Longer lists and texts are cut; what is cut is read again. */
static void
lists_and_texts_are_cut(void **state)
{
	char *text = malloc(VT_VERIFY_TEXT_MAX + 2);
	struct vt_error err = { 0 };
	struct vt_report *r, got;
	struct vt_bytes rest;
	struct vt_buf wire;
	size_t more, i;

	(void)state;
	assert_non_null(text);
	for (more = 0; more < 2; more++) {
		r = sample();
		memset(text, 'x', VT_VERIFY_TEXT_MAX + more);
		text[VT_VERIFY_TEXT_MAX + more] = '\0';
		free(r->detail);
		r->detail = copy(text);
		vt_list_release(&r->notes);
		for (i = 0; i < VT_VERIFY_LIST_MAX + more; i++)
			assert_vt_ok(vt_list_add(&r->notes, "n", &err), &err);
		write_out(r, &wire);
		assert_vt_ok(read_back(vt_buf_bytes(&wire), &got, &rest, &err),
		    &err);
		assert_int_equal(got.notes.n, VT_VERIFY_LIST_MAX);
		assert_int_equal(strlen(got.detail), VT_VERIFY_TEXT_MAX);
		vt_report_release(&got);
		vt_buf_release(&wire);
		vt_report_free(r);
	}
	free(text);
}

/* A worker notes so many, and says of the next that it is not now. */
static void
wants_are_counted(void **state)
{
	struct vt_wants *w = calloc(1, sizeof(*w));
	struct vt_error err = { 0 };
	struct vt_trust_want want = { .kind = VT_WANT_CRL };
	struct vt_buf ret;
	char url[32];
	size_t i;

	(void)state;
	assert_non_null(w);
	vt_buf_init(&ret, 16);
	for (i = 0; i <= VT_VERIFY_WANTS_MAX; i++) {
		snprintf(url, sizeof(url), "http://h/%zu", i);
		want.url = url;
		assert_int_equal(vt_wants_note(w, &want, &ret, &err),
		    VT_ELIMIT);
		assert_int_equal(w->n,
		    i < VT_VERIFY_WANTS_MAX ? i + 1 : VT_VERIFY_WANTS_MAX);
	}
	vt_buf_release(&ret);
	vt_wants_release(w);
	free(w);
}

/* Where missing issuers are not fetched, a worker that asks for one lies. */
static void
an_issuer_is_wanted_only_where_it_may_be(void **state)
{
	static const enum vt_trust_want_kind kinds[] = { VT_WANT_CRL,
		VT_WANT_OCSP, VT_WANT_DELTA, VT_WANT_ISSUER };
	const size_t nkinds = sizeof(kinds) / sizeof(kinds[0]);
	struct vt_wants *w = calloc(1, sizeof(*w));
	struct vt_trust_want want = { .url = "http://h/" };
	struct vt_error err = { 0 };
	struct vt_buf wire, ret;
	struct vt_bytes rest;
	size_t i, aia;

	(void)state;
	assert_non_null(w);
	vt_buf_init(&ret, 16);
	for (i = 0; i < 2 * nkinds; i++) {
		want.kind = kinds[i / 2];
		aia = i % 2;
		assert_int_equal(vt_wants_note(w, &want, &ret, &err),
		    VT_ELIMIT);
		vt_buf_init(&wire, WIRE_MAX);
		assert_vt_ok(vt_wants_put(w, &wire, &err), &err);
		vt_wants_release(w);
		w->aia = aia == 1;
		rest = vt_buf_bytes(&wire);
		if (want.kind == VT_WANT_ISSUER && aia == 0)
			assert_vt_error(vt_wants_get(&rest, w, &err), &err,
			    VT_EFORMAT);
		else
			assert_vt_ok(vt_wants_get(&rest, w, &err), &err);
		memset(&err, 0, sizeof(err));
		vt_wants_release(w);
		vt_buf_release(&wire);
	}
	free(w);
}

/* Longer than any address that is asked: a worker that says so lies. */
static void
the_address_of_a_want_has_a_length(void **state)
{
	struct vt_wants *w = calloc(1, sizeof(*w)),
			*back = calloc(1, sizeof(*back));
	char url[VT_TRUST_URL_MAX + 2];
	struct vt_trust_want want = { .kind = VT_WANT_CRL, .url = url };
	struct vt_error err = { 0 };
	struct vt_buf wire;
	struct vt_bytes in;
	size_t more;

	(void)state;
	assert_true(w != NULL && back != NULL);
	for (more = 0; more < 2; more++) {
		memset(url, 'x', sizeof(url));
		url[VT_TRUST_URL_MAX + more] = '\0';
		vt_buf_init(&wire, WIRE_MAX);
		assert_int_equal(vt_wants_note(w, &want, &wire, &err),
		    VT_ELIMIT);
		assert_vt_ok(vt_wants_put(w, &wire, &err), &err);
		in = vt_buf_bytes(&wire);
		if (more == 0) {
			assert_vt_ok(vt_wants_get(&in, back, &err), &err);
			assert_string_equal(back->items[0].url, url);
		} else {
			assert_vt_error(vt_wants_get(&in, back, &err), &err,
			    VT_EFORMAT);
		}
		vt_buf_release(&wire);
		vt_wants_release(w);
		vt_wants_release(back);
	}
	free(w);
	free(back);
}

static void
parts_of_a_report_are_counted(void **state)
{
	struct vt_verify_stamp stamp = { 0 };
	struct vt_report *r = calloc(1, sizeof(*r));
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	assert_non_null(r);
	assert_vt_error(vt_report_add_signatures(r, VT_VERIFY_SIGNATURES + 1,
			    &err),
	    &err, VT_ELIMIT);
	assert_int_equal(r->nsignatures, 0);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_report_add_signatures(r, VT_VERIFY_SIGNATURES, &err),
	    &err);
	assert_int_equal(r->nsignatures, VT_VERIFY_SIGNATURES);
	for (i = 0; i < VT_VERIFY_STAMPS; i++)
		assert_vt_ok(vt_verify_stamp_tell(&stamp, &r->signatures[0],
				 &err),
		    &err);
	assert_vt_error(vt_verify_stamp_tell(&stamp, &r->signatures[0], &err),
	    &err, VT_ELIMIT);
	assert_int_equal(r->signatures[0].nstamps, VT_VERIFY_STAMPS);
	vt_report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_and_texts_are_cut),
		cmocka_unit_test(wants_are_counted),
		cmocka_unit_test(an_issuer_is_wanted_only_where_it_may_be),
		cmocka_unit_test(the_address_of_a_want_has_a_length),
		cmocka_unit_test(parts_of_a_report_are_counted),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_cut_anywhere_is_refused),
		cmocka_unit_test(any_byte_may_be_another),
		cmocka_unit_test(what_nobody_could_have_written_is_refused),
		cmocka_unit_test(bytes_beside_a_report),
		cmocka_unit_test(the_seed_is_a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
