/* test_envelope_unpack.c - in one pass as in two */
#include "test_edxml.h"

struct taken {
	size_t n;
	int answer;
};

static int
take(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct taken *t = ctx;

	assert_int_equal(index, t->n);
	assert_true(a->extracted);
	assert_non_null(a->name);
	assert_int_equal(a->size, vt_source_size(content));
	t->n++;
	return t->answer == VT_OK ? VT_OK
				  : vt_error_set(err, (enum vt_code)t->answer,
					NULL, "not taken");
}

static int
unpack(struct vt_bytes text, struct vt_envelope *env, struct taken *t,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	assert_vt_ok(vt_source_bytes(text, &src, err), err);
	rc = vt_envelope_unpack(src, env, NULL, NULL, t != NULL ? take : NULL,
	    t, err);
	vt_source_free(src);
	return rc;
}

static int
in_two(struct vt_bytes text, struct vt_envelope *env, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	assert_vt_ok(vt_source_bytes(text, &src, err), err);
	if ((rc = vt_envelope_read(src, env, err)) == VT_OK) {
		rc = vt_envelope_extract(src, env, NULL, NULL, NULL, err);
		if (rc != VT_OK)
			vt_envelope_release(env);
	}
	vt_source_free(src);
	return rc;
}

static const char *const messages[] = { "good/java-document",
	"good/net-document", "good/other-prefix", "good/update", "good/replace",
	"good/bkav-status", "good/xlink-undeclared", "good/zip-as-text",
	"good/zip-as-pdf", "good/zip-itself", "good/zip-untyped",
	"producers/java-new", "producers/java-relayed", "producers/net-report",
	"producers/net-empty-parts", "producers/gateway-nested",
	"producers/gateway-prefix", "producers/gateway-attachments-first",
	"hostile/names", "hostile/zip-slip", "bad/base64",
	"bad/zip-two-members", "bad/manifest", "bad/truncated",
	"hostile/zip-bomb", "hostile/zip-two-ways",
	"producers/gateway-lost-namespace" };

static void
one_pass_says_what_two_say(void **state)
{
	unsigned char a[VT_SHA256_LEN], b[VT_SHA256_LEN];
	struct vt_envelope one, two;
	struct vt_error err, why;
	struct vt_buf text;
	struct taken t;
	char name[128];
	size_t i, j;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		snprintf(name, sizeof(name), "envelope/%s.edxml", messages[i]);
		test_read_data(name, &text);
		rc = in_two(vt_buf_bytes(&text), &two, &why);
		t = (struct taken){ 0 };
		if (unpack(vt_buf_bytes(&text), &one, &t, &err) != rc)
			fail_msg("%s: %s, not %s", name, err.text, why.text);
		vt_buf_release(&text);
		if (rc != VT_OK) {
			assert_string_equal(err.text, why.text);
			continue;
		}
		assert_int_equal(t.n, two.nattachments);
		assert_vt_ok(vt_envelope_digest(&one, a, &err), &err);
		assert_vt_ok(vt_envelope_digest(&two, b, &err), &err);
		assert_memory_equal(a, b, sizeof(a));
		for (j = 0; j < two.nattachments; j++) {
			assert_int_equal(one.attachments[j].encoding,
			    two.attachments[j].encoding);
			assert_string_equal(one.attachments[j].content_type,
			    two.attachments[j].content_type);
		}
		vt_envelope_release(&one);
		vt_envelope_release(&two);
	}
}

static void
nothing_is_taken_of_what_is_secret(void **state)
{
	static const char *const names[] = { "secret-sphere", "secret-type",
		"secret-unknown-element" };
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text;
	struct taken t;
	char name[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(name, sizeof(name), "envelope/bad/%s.edxml", names[i]);
		test_read_data(name, &text);
		t = (struct taken){ 0 };
		assert_vt_ok(unpack(vt_buf_bytes(&text), &env, &t, &err), &err);
		assert_true(vt_envelope_secret(&env));
		assert_int_equal(t.n, 0);
		assert_true(env.nattachments > 0);
		assert_false(env.attachments[0].extracted);
		vt_envelope_release(&env);
		vt_buf_release(&text);
	}
}

/* The attachments stand first: what follows them may say so as well. */
static void
a_secret_may_be_told_late(void **state)
{
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, bad;
	struct taken t = { 0 };

	(void)state;
	test_read_data("envelope/producers/gateway-attachments-first.edxml",
	    &text);
	replace(vt_buf_bytes(&text), "000.00.12.H37-261123-0002", "TỐI MẬT",
	    &bad);
	assert_vt_ok(unpack(vt_buf_bytes(&bad), &env, &t, &err), &err);
	assert_true(vt_envelope_secret(&env));
	assert_int_equal(t.n, 0);
	vt_envelope_release(&env);
	vt_buf_release(&text);
	vt_buf_release(&bad);
}

static void
a_taker_that_refuses_ends_it(void **state)
{
	struct taken t = { .answer = VT_EREFUSED };
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text;

	(void)state;
	memset(&env, 0x5a, sizeof(env)); /* it is not touched */
	test_read_data("envelope/producers/java-new.edxml", &text);
	assert_vt_error(unpack(vt_buf_bytes(&text), &env, &t, &err), &err,
	    VT_EREFUSED);
	assert_int_equal(t.n, 1);
	assert_int_equal(((unsigned char *)&env)[0], 0x5a);
	vt_buf_release(&text);
}

/* Damage behind an attachment is found after it was taken. */
static void
what_follows_an_attachment_counts(void **state)
{
	static const struct {
		const char *from, *to, *part;
	} cases[] = {
		{ "</AttachmentEncoded>",
		    "</AttachmentEncoded><edXMLEnvelope/>",
		    "edXMLEnvelope stands twice" },
		{ "</AttachmentEncoded>", "</AttachmentEncoded>x",
		    "edXML has text beside" },
		{ "</edXML>", "", "ends too early" },
		{ "<ContentId>cid:211</ContentId>",
		    "<ContentId>cid:209</ContentId>", "" },
		{ "</Attachment>\n  </Att",
		    "<ContentTransferEncoded>YQ==</ContentTransferEncoded>"
		    "</Attachment>\n  </Att",
		    "ContentTransferEncoded stands twice" },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text, bad;
	struct taken t;
	size_t i;

	(void)state;
	test_read_data("envelope/producers/java-new.edxml", &text);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		replace(vt_buf_bytes(&text), cases[i].from, cases[i].to, &bad);
		t = (struct taken){ 0 };
		assert_vt_error(unpack(vt_buf_bytes(&bad), &env, &t, &err),
		    &err, VT_EFORMAT);
		assert_error_text(&err, cases[i].part);
		assert_true(t.n >= 2);
		vt_buf_release(&bad);
	}
	vt_buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_pass_says_what_two_say),
		cmocka_unit_test(nothing_is_taken_of_what_is_secret),
		cmocka_unit_test(a_secret_may_be_told_late),
		cmocka_unit_test(a_taker_that_refuses_ends_it),
		cmocka_unit_test(what_follows_an_attachment_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
