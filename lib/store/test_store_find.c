/* test_store_find.c - search, lists, counts, hostile text */
#include "test_store_util.h"

static void
search_does_what_design_c_asks(void **state)
{
	static const struct {
		const char *words;
		size_t want;
	} cases[] = {
		{ "cai cach thu tuc", 1 }, { "cải cách thủ tục", 1 },
		{ "CẢI CÁCH", 1 }, { "phuong thuc", 1 }, { "day manh", 1 },
		{ "hien dai", 1 }, { "don doc", 1 }, { "đẩy mạnh", 1 },
		{ "đay manh", 0 }, /* has a mark: as typed, or not at all */
		{ "ủy ban", 1 },   /* is written Uỷ */
		{ "uỷ ban", 1 }, { "UỶ BAN", 1 },
		{ "hóa", 1 },                         /* is written hoá */
		{ "cái cách", 0 },                    /* is cải */
		{ "duong", 1 },                       /* đường */
		{ "dương", 0 }, { "ca\xcc\x89i", 1 }, /* decomposed */
		{ "thu\xcc\x89 tu\xcc\xa3"
		  "c",
		    1 },
		{ "thủ tuc", 1 }, /* word by word */
		{ "thu-tuc", 1 }, /* a phrase */
		{ "tuc-thu", 0 }, { "131/NQ-CP", 1 }, { "02/UBND-NVK", 1 },
		{ "cong van", 2 },           /* the type's name */
		{ "nothing", 0 }, { "", 2 }, /* no word: no condition */
		{ "-", 0 }, { "\"", 0 }, { "cai OR nothing", 0 },
		{ "cai*", 1 }, /* no query language */
		{ "NOT", 0 }, { "marked:cai", 0 }, { "cai' --", 1 },
		{ "hành trích", 0 }, /* the end of one text, the next */
	};
	struct fixture *f = *state;
	size_t i;

	enter(f->s, "out", "Kế hoạch khác");
	/* decomposed on purpose, in part */
	enter(f->s, "out",
	    "Đẩy mạnh ca\xcc\x89i ca\xcc\x81"
	    "ch thủ tục và hiện đại hoá phương thức, đôn đốc; Uỷ ban, đường, "
	    "131/NQ-CP");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].words[0] == '\0') {
			struct vt_store_query q = { .limit = 0 };
			size_t n = 0;

			assert_int_equal(vt_store_list(f->s, &q, count_record,
					     &n, NULL),
			    VT_OK);
			assert_int_equal(n, cases[i].want);
		} else if (hits(f->s, cases[i].words) != cases[i].want)
			fail_msg("%s: %zu", cases[i].words,
			    hits(f->s, cases[i].words));
}

static int
collect_number(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	char ref[VT_REF_TEXT];

	(void)err;
	return vt_buf_printf(ctx, "%s ", vt_record_ref(rec, ref));
}

static void
lists_are_newest_first_and_filtered(void **state)
{
	struct fixture *f = *state;
	struct vt_store_query q = { .book = "out" };
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct vt_buf b;
	int i;

	for (i = 1; i <= 4; i++) {
		fill(&rec, i == 3 ? "in" : "out", "x");
		rec.date.day = i;
		assert_vt_ok(vt_store_begin(f->s, &err), &err);
		assert_vt_ok(vt_store_record_add(f->s, &rec, "registered", NULL,
				 &err),
		    &err);
		assert_vt_ok(vt_store_commit(f->s, &err), &err);
		vt_record_release(&rec);
	}
	vt_buf_init(&b, 1000);
#define LIST(want)                                                             \
	do {                                                                   \
		vt_buf_reset(&b);                                              \
		assert_vt_ok(vt_store_list(f->s, &q, collect_number, &b,       \
				 &err),                                        \
		    &err);                                                     \
		assert_string_equal(vt_buf_str(&b), want);                     \
	} while (0)
	LIST("out/2026/3 out/2026/2 out/2026/1 ");
	q.limit = 2;
	LIST("out/2026/3 out/2026/2 ");
	q.book = NULL;
	LIST("out/2026/3 in/2026/1 ");
	q.limit = 0;
	q.from = (struct vt_date){ 2026, 11, 2 };
	q.to = (struct vt_date){ 2026, 11, 3 };
	LIST("in/2026/1 out/2026/2 ");
	q.oldest_first = true;
	LIST("out/2026/2 in/2026/1 ");
	q.year = 2025;
	LIST("");
	vt_buf_release(&b);
}

static void
records_are_found_by_what_is_known(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct vt_date last;
	struct vt_ref ref;
	int64_t one = enter(f->s, "out", "một"), id = 0,
		in = enter(f->s, "in", "đến");

	assert_true(vt_ref_parse("out/2026/01", true, &ref));
	assert_vt_ok(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err);
	assert_int_equal(id, one);
	assert_true(vt_ref_parse("1/UBND-NVK", true, &ref));
	assert_vt_ok(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err);
	assert_int_equal(id, one);
	assert_vt_error(vt_store_ref_find(f->s, &ref, 2027, &id, &err), &err,
	    VT_ENOTFOUND);
	vt_error_clear(&err);
	assert_true(vt_ref_parse("out/2026/9", true, &ref));
	assert_vt_error(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err,
	    VT_ENOTFOUND);
	vt_error_clear(&err);
	/* a second series: the short form is ambiguous then */
	enter(f->s, "out.A", "hai");
	assert_true(vt_ref_parse("1/UBND-NVK", true, &ref));
	assert_vt_error(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err,
	    VT_EARG);
	vt_error_clear(&err);

	fill(&rec, "out", "một");
	assert_vt_ok(vt_store_same_find(f->s, &rec, &id, &err), &err);
	assert_int_equal(id, one);
	rec.date.day = 24;
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	rec.date.year = 0; /* --date was not given */
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL), VT_OK);
	rec.has_given = true;
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	rec.has_given = false;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_state_set(f->s, one, VT_STATE_ISSUED, "issued",
			 NULL, &err),
	    &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	vt_record_release(&rec);

	fill(&rec, "in", "nữa");
	assert_vt_ok(vt_record_put(&rec.code, "5 / BNV-VP", &err), &err);
	assert_vt_ok(vt_store_code_find(f->s, &rec, &id, &err), &err);
	assert_int_equal(id, in);
	assert_vt_ok(vt_record_put(&rec.organ_id, "H40.17", &err), &err);
	assert_int_equal(vt_store_code_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	vt_record_release(&rec);

	assert_vt_ok(vt_store_last_date(f->s, "out", 0, &last, &err), &err);
	assert_int_equal(last.day, 23);
	assert_vt_ok(vt_store_last_date(f->s, "out.B", 0, &last, &err), &err);
	assert_int_equal(last.year, 0);
}

static int
sum_count(void *ctx, const struct vt_store_count *c, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s/%d %s %lld\n", c->book, c->year,
	    vt_state_name(c->state), (long long)c->n);
}

static void
counts_are_kept(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_buf b;
	int64_t id = enter(f->s, "out", "a");

	enter(f->s, "out", "b");
	enter(f->s, "in", "c");
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_state_set(f->s, id, VT_STATE_SIGNED, "signed",
			 NULL, &err),
	    &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_counts(f->s, sum_count, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b),
	    "in/2026 registered 1\nout/2026 registered 1\nout/2026 signed 1\n");
	vt_buf_release(&b);
}

static void
foreign_text_is_only_text(void **state)
{
	static const char *const texts[] = { "'; DROP TABLE record; --",
		"\" OR 1=1", "%s%n", "\x1b[31mđỏ\x1b[0m", "\xf0\x9f\x98\x80",
		"\xe2\x80\xae" };
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec, got;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fill(&rec, "in", "x");
		free(rec.subject);
		rec.subject = strdup(texts[i]);
		assert_vt_ok(vt_store_begin(f->s, &err), &err);
		assert_vt_ok(vt_store_record_add(f->s, &rec, "registered",
				 texts[i], &err),
		    &err);
		assert_vt_ok(vt_store_commit(f->s, &err), &err);
		assert_vt_ok(vt_store_record_get(f->s, rec.id, &got, &err),
		    &err);
		assert_string_equal(got.subject, texts[i]);
		vt_record_release(&got);
		vt_record_release(&rec);
		hits(f->s, texts[i]);
	}
	assert_int_equal(findings(f->s), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(search_does_what_design_c_asks),
		TEST(lists_are_newest_first_and_filtered),
		TEST(records_are_found_by_what_is_known),
		TEST(counts_are_kept),
		TEST(foreign_text_is_only_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
