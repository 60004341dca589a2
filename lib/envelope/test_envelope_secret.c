/* test_envelope_secret.c - what is known before anything is stored */
#include "test_edxml.h"

static void
secret_is_what_says_so_exactly(void **state)
{
	static const struct {
		const char *from, *to;
		bool secret;
	} cases[] = {
		{ "TypeName>Công văn<", "TypeName>MẬT<", true },
		{ "TypeName>Công văn<", "TypeName>\n TỐI MẬT <", true },
		{ "TypeName>Công văn<", "TypeName>TUYỆT MẬT<", true },
		{ "Liên thông văn bản quốc gia", "TỐI MẬT", true },
		{ ">Danh sách các đơn vị<", ">MẬT<", true },
		{ "TyperNotation>TTB<", "TyperNotation>MẬT<", true },
		{ "<" P "Direction>",
		    "<" P "Security>MẬT</" P "Security><" P "Direction>",
		    true },
		{ "<" P "Direction>",
		    "<x xmlns='urn:x'><y>a</y><z>MẬT</z></x><" P "Direction>",
		    true },
		{ "<" P "Direction>",
		    "<x><!--a-->M&#x1EAC;<![CDATA[T]]></x><" P "Direction>",
		    true },
		{ "TypeName>Công văn<", "TypeName>Công văn MẬT<", false },
		{ "V/v gửi, nhận văn bản điện tử<", "MẬT<", false },
		{ "V/v gửi, nhận văn bản điện tử giữa các cơ quan", "MẬT",
		    false },
		{ "Như trên", "MẬT", false },
		{ "<" P "Direction>", "<x>M</x><x>ẬT</x><" P "Direction>",
		    false },
		{ "<" P "Direction>", "<x>KHÔNG MẬT</x><" P "Direction>",
		    false },
	};
	struct vt_source *src = NULL;
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf good, text;
	bool scanned;
	size_t i;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &good);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		replace(vt_buf_bytes(&good), cases[i].from, cases[i].to, &text);
		assert_vt_ok(read_bytes(vt_buf_bytes(&text), &env, &err), &err);
		if (vt_envelope_secret(&env) != cases[i].secret)
			print_error("case %zu: %s\n", i, cases[i].to);
		assert_int_equal(vt_envelope_secret(&env), cases[i].secret);
		vt_envelope_release(&env);
		/* The scan says the same, also of a part. */
		vt_buf_puts(&text, "<");
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err),
		    &err);
		scanned = !cases[i].secret;
		assert_vt_ok(vt_envelope_scan_secret(src, &scanned, &err),
		    &err);
		assert_int_equal(scanned, cases[i].secret);
		vt_source_free(src);
		vt_buf_release(&text);
	}
	vt_buf_release(&good);
}

/* It is not what the rules have, and not what nobody has to look at. */
static void
secret_is_not_what_says_so_in_other_letters(void **state)
{
	static const struct {
		const char *from, *to;
		bool perhaps;
	} cases[] = {
		{ "TypeName>Công văn<", "TypeName>Mật<", true },
		{ "TypeName>Công văn<", "TypeName>\n tối mật <", true },
		{ "Liên thông văn bản quốc gia", "Tuyệt mật", true },
		{ "<" P "Direction>",
		    "<x>M&#x1EAD;<![CDATA[t]]></x><" P "Direction>", true },
		{ "TypeName>Công văn<", "TypeName>Công văn mật<", false },
		{ "V/v gửi, nhận văn bản điện tử<", "Mật<", false },
		{ "Như trên", "Mật", false },
		{ "TypeName>Công văn<", "TypeName>Công văn<", false },
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf good, text;
	size_t i;

	(void)state;
	test_read_data("envelope/good/java-document.edxml", &good);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		replace(vt_buf_bytes(&good), cases[i].from, cases[i].to, &text);
		assert_vt_ok(read_bytes(vt_buf_bytes(&text), &env, &err), &err);
		assert_false(vt_envelope_secret(&env));
		if (env.perhaps_secret != cases[i].perhaps)
			fail_msg("case %zu: %s", i, cases[i].to);
		vt_envelope_release(&env);
		vt_buf_release(&text);
	}
	vt_buf_release(&good);
}

static void
secret_long_texts_are_none(void **state)
{
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_buf text;
	bool secret = true;
	int i;

	(void)state;
	vt_buf_init(&text, 1024 * 1024);
	vt_buf_puts(&text, "<a><OtherInfo><x>");
	for (i = 0; i < 300000; i++)
		vt_buf_putc(&text, ' ');
	vt_buf_puts(&text, "MẬT");
	for (i = 0; i < 300000; i++)
		vt_buf_putc(&text, '\n');
	vt_buf_puts(&text, "x</x></OtherInfo><x>MẬT</x></a>");
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	assert_vt_ok(vt_envelope_scan_secret(src, &secret, &err), &err);
	assert_false(secret);
	vt_source_free(src);
	/* White space alone behind it changes nothing. */
	text.data[vt_bytes_find(vt_buf_bytes(&text), 0, "\nx") + 1] = ' ';
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	assert_vt_ok(vt_envelope_scan_secret(src, &secret, &err), &err);
	assert_true(secret);
	vt_source_free(src);
	vt_buf_release(&text);
}

/* What is no XML at all still says it. */
static void
secret_is_seen_before_and_behind_what_is_broken(void **state)
{
	static const struct {
		const char *text;
		bool secret;
	} cases[] = {
		{ "\n<?xml version='1.0'?><a><OtherInfo><x>MẬT</x></a>", true },
		{ "<!DOCTYPE a [<!ENTITY b 'c'>]><a><OtherInfo><x>\r\n TỐI MẬT"
		  " </x></OtherInfo></a>",
		    true },
		{ "<a>\xff</a><q:TypeName a='b'\n>TUYỆT MẬT</q:TypeName>",
		    true },
		{ "<a></b><TypeName>MA\xcc\xa3\xcc\x82T", true },
		{ "\xff<OtherInfo/><a>MẬT</a>", false },
		{ "\xff<OtherInfo><x/></OtherInfo><a>MẬT</a>", false },
		{ "\xff<OtherInfo><x>a</x></OtherInfo ><a>MẬT</a>", false },
		{ "\xff<Subject>MẬT</Subject>", false },
		{ "\xff<TypeName>MẬT vụ</TypeName>", false },
		{ "\xff<TypeNames>MẬT</TypeNames>", false },
		{ "MẬT", false },
		{ "<", false },
		{ ">", false },
		{ "", false },
	};
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_buf text;
	size_t i, pad;
	bool secret;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		/* and wherever the pieces part in which it is read */
		for (pad = 0; pad < 128; pad++) {
			vt_buf_init(&text, 1024 * 1024);
			vt_buf_puts(&text, "&");
			while (pad > 0 && text.len < 65536 - pad)
				vt_buf_putc(&text, ' ');
			vt_buf_puts(&text, cases[i].text);
			assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src,
					 &err),
			    &err);
			secret = !cases[i].secret;
			assert_vt_ok(vt_envelope_scan_secret(src, &secret,
					 &err),
			    &err);
			if (secret != cases[i].secret)
				fail_msg("case %zu, %zu", i, pad);
			vt_source_free(src);
			vt_buf_release(&text);
		}
}

static void
probe_knows_the_root_alone(void **state)
{
	static const struct {
		const char *text;
		bool edxml;
	} cases[] = {
		{ "<edXML xmlns='" VT_EDXML_NS "'><broken", true },
		{ "<?xml version='1.0'?><!--x-->\n<q:edXML "
		  "xmlns:q='" VT_EDXML_NS "'/>",
		    true },
		{ "<edXML/>", false },
		{ "<edXMLEnvelope xmlns='" VT_EDXML_NS "'/>", false },
		{ "<!DOCTYPE edXML><edXML xmlns='" VT_EDXML_NS "'/>", false },
		{ "%PDF-1.7", false },
		{ "", false },
	};
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	size_t i;
	bool got;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got = !cases[i].edxml;
		assert_vt_ok(vt_source_bytes(vt_bytes_str(cases[i].text), &src,
				 &err),
		    &err);
		assert_vt_ok(vt_envelope_probe(src, &got, &err), &err);
		assert_int_equal(got, cases[i].edxml);
		vt_source_free(src);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secret_is_what_says_so_exactly),
		cmocka_unit_test(secret_is_not_what_says_so_in_other_letters),
		cmocka_unit_test(secret_long_texts_are_none),
		cmocka_unit_test(
		    secret_is_seen_before_and_behind_what_is_broken),
		cmocka_unit_test(probe_knows_the_root_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
