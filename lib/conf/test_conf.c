#include "test_dir.h"
#include "vanthu/conf.h"

#define NEEDED "organ_id=000.00.01.H26\nname=Sở Nội vụ\n"

static int
read_text(struct vt_bytes text, struct vt_conf **ret, struct vt_error *err)
{
	unlink("c");
	assert_int_equal(vt_file_write("c", text, NULL), VT_OK);
	return vt_conf_read("c", ret, err);
}

static void
settings_are_read(void **state)
{
	static const char text[] = "# a comment; with = signs [x]\n"
				   "; another\r\n"
				   "\n"
				   "   \t \n"
				   "[office]\r\n"
				   "organ_id = 000.00.01.H26\n"
				   "name=UBND: \"tỉnh\" A;B # 1  \n"
				   "language : vi\n"
				   "[transport]\n"
				   "url = spool:/srv/a b=c\n"
				   "[fetch]\n"
				   "allow = ocsp.lan [::1]:8080\n"
				   "[office]\n"
				   "place = Hà Nội";
	struct vt_error err = { 0 };
	struct vt_conf *c;

	(void)state;
	assert_vt_ok(read_text(VT_BYTES_LIT(text), &c, &err), &err);
	assert_string_equal(vt_conf_get(c, "office", "organ_id"),
	    "000.00.01.H26");
	assert_string_equal(vt_conf_get(c, "office", "name"),
	    "UBND: \"tỉnh\" A;B # 1");
	assert_string_equal(vt_conf_get(c, "office", "language"), "vi");
	assert_string_equal(vt_conf_get(c, "office", "place"), "Hà Nội");
	assert_string_equal(vt_conf_get(c, "transport", "url"),
	    "spool:/srv/a b=c");
	assert_string_equal(vt_conf_get(c, "receive", "register"), "auto");
	assert_string_equal(vt_conf_get(c, "fetch", "allow"),
	    "ocsp.lan [::1]:8080");
	assert_null(vt_conf_get(c, "fetch", "proxy"));
	assert_string_equal(vt_conf_get(c, "trust", "aia"), "no");
	assert_null(vt_conf_get(c, "office", "agency_cert"));
	assert_null(vt_conf_get(c, "office", "other"));
	vt_conf_free(c);
	vt_conf_free(NULL);
}

static void
refused_with_the_line(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		{ "x = 1\n", "c:1: x stands before" },
		{ "[ofice]\nname = x\n", "c:2: there is no section [ofice]" },
		{ "[office]\nnme = x\n", "c:2: there is no key nme" },
		{ "[office]\nName = x\n", "c:2: there is no key Name" },
		{ "[office]\nname = x\n\nname = x\n", "c:4: name is there" },
		{ "[office]\nname = x\n[receive]\n[office]\nname = y\n",
		    "c:5: name is there a second time" },
		{ "[office]\nname =\n", "c:2: name has no value" },
		{ "[office]\nname\n", "c:2: the line is neither" },
		{ "[office\nname = x\n", "c:1: something stands behind" },
		{ "[office] name = x\n", "c:1: something stands behind" },
		{ "[office]\nname = x\n y = z\n", "c:3: the line starts" },
		{ "[office]\nname = x\n\ty\n", "c:3: the line starts" },
		{ "[office]\nname = x ; y\n", "c:2: a semicolon" },
		{ "[office]\nname = x\t; y\n", "c:2: a semicolon" },
		{ "[office] ; y\n", "c:1: something" },
		{ "[office]\nlanguage = fr\n", "c:2: language is \"fr\"" },
		{ "[office]\nlanguage = v\n", "language is \"v\"" },
		{ "[office]\nlanguage = vi en\n", "language is" },
		{ "[office]\nlanguage = n\n", "language is" },
		{ "[office]\nlanguage = VI\n", "language is" },
		{ "[receive]\nregister = Auto\n", "register is \"Auto\"" },
		{ "[trust]\naia = true\n", "aia is \"true\"" },
		{ "[office]\nname = \xff\n", "c:2: the text is not UTF-8" },
		{ "[office]\nname = \x1b[31m\n", "c:2: the line holds" },
		{ "[office]\nname = a\rb\n", "c:2: the line holds" },
		{ "\xef\xbb\xbf[office]\n", "c:1: the line holds" },
		{ "", "organ_id is missing in section [office]" },
		{ "[office]\norgan_id = x\n", "name is missing" },
	};
	struct vt_conf *c = NULL;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		if (read_text(vt_bytes_str(cases[i].text), &c, &err) !=
		    VT_EFORMAT)
			fail_msg("accepted: %s", cases[i].text);
		if (strstr(err.text, cases[i].part) == NULL)
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_null(c);
	}
	memset(&err, 0, sizeof(err));
	assert_vt_error(read_text(VT_BYTES("[office]\n\0\n", 11), &c, &err),
	    &err, VT_EFORMAT);
}

/* Up to the limit whole, above it refused: never cut. */
static void
long_lines(void **state)
{
	char text[VT_CONF_LINE_MAX + 200];
	struct vt_error err;
	struct vt_conf *c;
	size_t len, n;
	int rc;

	(void)state;
	for (len = VT_CONF_LINE_MAX - 3; len < VT_CONF_LINE_MAX + 30; len++) {
		memset(&err, 0, sizeof(err));
		n = (size_t)snprintf(text, sizeof(text),
		    "[office]\n" NEEDED "place=");
		memset(text + n, 'x', len - strlen("place="));
		text[n + len - strlen("place=")] = '\0';
		rc = read_text(vt_bytes_str(text), &c, &err);
		if (len > VT_CONF_LINE_MAX) {
			assert_vt_error(rc, &err, VT_ELIMIT);
			assert_error_text(&err, "c:4: ");
			continue;
		}
		assert_vt_ok(rc, &err);
		assert_int_equal(strlen(vt_conf_get(c, "office", "place")),
		    len - strlen("place="));
		vt_conf_free(c);
	}
}

/* Whatever stands where inih would end a line, the value is what was written.
 */
static void
long_values_are_whole(void **state)
{
	static const char *const fills[] = { "x", "ố", "a b", "x;", "a\t#b",
		"[x]", "a = b: ", "a  \"b'", "x;;;;#" };
	char text[VT_CONF_LINE_MAX + 100], value[VT_CONF_LINE_MAX];
	struct vt_error err;
	struct vt_conf *c;
	size_t i, len, n;

	(void)state;
	for (i = 0; i < sizeof(fills) / sizeof(fills[0]); i++)
		for (len = 150; len < 800; len += 7) {
			for (n = 0; n < len; n += strlen(fills[i]))
				memcpy(value + n, fills[i], strlen(fills[i]));
			memcpy(value + n, "end", sizeof("end"));
			snprintf(text, sizeof(text),
			    "[office]\norgan_id = H1\nname = %s\nplace = P\n",
			    value);
			memset(&err, 0, sizeof(err));
			assert_vt_ok(read_text(vt_bytes_str(text), &c, &err),
			    &err);
			assert_string_equal(vt_conf_get(c, "office", "name"),
			    value);
			assert_string_equal(vt_conf_get(c, "office", "place"),
			    "P");
			vt_conf_free(c);
		}
}

/* A comment that is longer than a piece belongs to no value. */
static void
long_comments(void **state)
{
	char text[VT_CONF_LINE_MAX];
	struct vt_error err = { 0 };
	struct vt_conf *c;
	size_t n;

	(void)state;
	n = (size_t)snprintf(text, sizeof(text), "[office]\n" NEEDED "# ");
	memset(text + n, 'x', 400);
	snprintf(text + n + 400, sizeof(text) - n - 400,
	    "\nplace = P\nx = 1\n");
	assert_vt_error(read_text(vt_bytes_str(text), &c, &err), &err,
	    VT_EFORMAT);
	assert_error_text(&err, "c:6: there is no key x");
	memset(text + n + 400, 0, sizeof(text) - n - 400);
	assert_vt_ok(read_text(vt_bytes_str(text), &c, &err), &err);
	assert_string_equal(vt_conf_get(c, "office", "name"), "Sở Nội vụ");
	vt_conf_free(c);
}

/* Where it cannot be handed over in pieces, it is refused, not cut. */
static void
lines_that_cannot_be_parted(void **state)
{
	char text[VT_CONF_LINE_MAX];
	struct vt_error err = { 0 };
	struct vt_conf *c;

	(void)state;
	snprintf(text, sizeof(text), "[office]\n" NEEDED "place = a%400sb\n",
	    "");
	assert_vt_error(read_text(vt_bytes_str(text), &c, &err), &err,
	    VT_EFORMAT);
	assert_error_text(&err, "c:4: the line has too many spaces");
	memset(text, ' ', 300);
	snprintf(text + 300, sizeof(text) - 300, "\n[office]\n" NEEDED);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(read_text(vt_bytes_str(text), &c, &err), &err);
	vt_conf_free(c);
}

static void
big_files_are_refused(void **state)
{
	size_t size = VT_CONF_MAX + 1, i;
	char *text = malloc(size);
	struct vt_error err = { 0 };
	struct vt_conf *c;

	(void)state;
	for (i = 0; i < size; i++)
		text[i] = i % 60 == 59 ? '\n' : '#';
	assert_vt_error(read_text(VT_BYTES(text, size), &c, &err), &err,
	    VT_ELIMIT);
	free(text);
	vt_error_clear(&err);
	assert_vt_error(vt_conf_read("none", &c, &err), &err, VT_EIO);
}

static void
what_is_written_is_read_back(void **state)
{
	struct vt_conf *c = vt_conf_new(), *back;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_error(vt_conf_write(c, "new", &err), &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_ok(vt_conf_set(c, "receive", "register", "ask", &err), &err);
	assert_vt_ok(vt_conf_set(c, "office", "name", "Sở = [Nội] vụ;#", &err),
	    &err);
	assert_vt_ok(vt_conf_set(c, "office", "organ_id", "old", &err), &err);
	assert_vt_ok(vt_conf_set(c, "office", "organ_id", "H26", &err), &err);
	assert_vt_ok(vt_conf_set(c, "office", "place", "x", &err), &err);
	assert_vt_ok(vt_conf_set(c, "office", "place", NULL, &err), &err);
	assert_vt_ok(vt_conf_write(c, "new", &err), &err);
	assert_vt_ok(vt_conf_read("new", &back, &err), &err);
	assert_string_equal(vt_conf_get(back, "office", "name"),
	    "Sở = [Nội] vụ;#");
	assert_string_equal(vt_conf_get(back, "office", "organ_id"), "H26");
	assert_string_equal(vt_conf_get(back, "receive", "register"), "ask");
	assert_null(vt_conf_get(back, "office", "place"));
	assert_vt_error(vt_conf_write(c, "new", &err), &err, VT_EEXISTS);
	vt_conf_free(c);
	vt_conf_free(back);
}

static void
values_that_could_not_be_read(void **state)
{
	static const char *const bad[] = { "", " x", "x ", "\tx", "a\nb", "a\r",
		"a ; b", "\xff", "\x1b", "\xc2\x9b" };
	struct vt_conf *c = vt_conf_new();
	struct vt_error err;
	char text[VT_CONF_LINE_MAX];
	size_t i;

	(void)state;
	assert_int_equal(vt_conf_set(c, "office", "name", "kept", NULL), VT_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_conf_set(c, "office", "name", bad[i], &err),
		    &err, VT_EARG);
	}
	memset(text, 'x', sizeof(text));
	text[VT_CONF_LINE_MAX - strlen("name = ") + 1] = '\0';
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_conf_set(c, "office", "name", text, &err), &err,
	    VT_EARG);
	assert_string_equal(vt_conf_get(c, "office", "name"), "kept");
	text[VT_CONF_LINE_MAX - strlen("name = ")] = '\0';
	assert_int_equal(vt_conf_set(c, "office", "name", text, NULL), VT_OK);
	assert_int_equal(vt_conf_set(c, "office", "nam", "x", NULL), VT_EARG);
	assert_int_equal(vt_conf_set(c, "ofice", "name", "x", NULL), VT_EARG);
	assert_int_equal(vt_conf_set(c, "office", "language", "fr", NULL),
	    VT_EARG);
	vt_conf_free(c);
}

static void
the_language_of_an_office(void **state)
{
	char language[8] = "";

	(void)state;
	assert_false(vt_conf_language(".", language, sizeof(language)));
	assert_int_equal(vt_file_write(VT_CONF_NAME,
			     VT_BYTES_LIT("[office]\n" NEEDED), NULL),
	    VT_OK);
	assert_false(vt_conf_language(".", language, sizeof(language)));
	assert_int_equal(vt_file_replace(VT_CONF_NAME,
			     VT_BYTES_LIT("[office]\n" NEEDED "language=vi\n"),
			     NULL),
	    VT_OK);
	assert_true(vt_conf_language(".", language, sizeof(language)));
	assert_string_equal(language, "vi");
	assert_true(vt_conf_language(dir, language, sizeof(language)));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(settings_are_read),
		T(refused_with_the_line),
		T(long_lines),
		T(long_values_are_whole),
		T(long_comments),
		T(lines_that_cannot_be_parted),
		T(big_files_are_refused),
		T(what_is_written_is_read_back),
		T(values_that_could_not_be_read),
		T(the_language_of_an_office),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
