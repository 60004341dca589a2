/* test_envelope_codes.c - the tables of codes, and what a DocumentType means */
#include "test_edxml.h"
#include "vanthu/record.h"

static void
every_place_of_a_list_is_one_type(void **state)
{
	const struct vt_edxml_type *a, *b;
	size_t i, j;

	(void)state;
	for (i = 0; (a = vt_edxml_type_at(i)) != NULL; i++) {
		assert_true(a->list == 1 || a->list == 2);
		for (j = 0; j < i; j++) {
			b = vt_edxml_type_at(j);
			assert_false(a->list == b->list && a->index != 0 &&
				     a->index == b->index);
			assert_false(a->list == b->list &&
				     vt_record_same(a->name, b->name));
		}
	}
	assert_true(i > 40);
}

/* What an office registers can be sent. */
static void
every_type_of_the_decree_is_in_list_b(void **state)
{
	const struct vt_record_type *type;
	const struct vt_edxml_type *found;
	size_t i;

	(void)state;
	for (i = 0; (type = vt_record_type_at(i)) != NULL; i++) {
		found = vt_edxml_type_by_name(type->name);
		if (found == NULL)
			fail_msg("no %s", type->name);
		assert_int_equal(found->list, 2);
	}
}

static void
a_type_is_told_by_its_name_first(void **state)
{
	static const struct {
		int type, detail; /* -1: absent */
		const char *name; /* NULL: absent */
		int list, index;  /* 0: not known */
	} cases[] = {
		{ 2, 18, "Công văn", 2, 18 },
		{ 1, 0, "Công văn", 2, 18 },   /* the Java SDK, for anything */
		{ 1, 0, "Thông tư", 1, 9 },    /* the same */
		{ 18, -1, "Công văn", 2, 18 }, /* the .NET SDK */
		{ 2, 1, "Báo cáo", 2, 14 },    /* a gateway */
		{ -1, -1, " CÔNG  VĂN\n", 2, 18 },
		{ -1, -1, "Cong van", 2, 18 },
		{ -1, -1, "Quyết định", 2, 2 }, /* in both lists */
		{ 1, 8, "Quyết định", 2, 2 },
		{ 2, 18, "Sổ tay", 0, 0 }, /* never by the numbers then */
		{ -1, -1, "Quyết định (cá biệt)", 2, 2 },
		{ -1, -1, "Luật", 1, 2 },
		{ 2, 18, NULL, 2, 18 },
		{ 1, 2, NULL, 1, 2 },
		{ 18, -1, NULL, 2, 18 },
		{ 18, 0, NULL, 2, 18 },
		{ 18, 3, NULL, 0, 0 },
		{ 1, 0, NULL, 0, 0 },
		{ 2, -1, NULL, 0, 0 },
		{ 2, 99, NULL, 0, 0 },
		{ -1, 18, NULL, 0, 0 },
		{ -1, -1, NULL, 0, 0 },
	};
	const struct vt_edxml_type *found;
	struct vt_envelope env;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vt_envelope_init(&env);
		env.type = cases[i].type;
		env.type_detail = cases[i].detail;
		assert_int_equal(vt_envelope_set(&env.type_name, cases[i].name,
				     NULL),
		    VT_OK);
		found = vt_envelope_type(&env);
		if (cases[i].list == 0) {
			if (found != NULL)
				fail_msg("case %zu is %s", i, found->name);
		} else if (found == NULL || found->list != cases[i].list ||
			   found->index != cases[i].index) {
			fail_msg("case %zu", i);
		}
		vt_envelope_release(&env);
	}
}

static void
priorities_have_words(void **state)
{
	(void)state;
	assert_null(vt_priority_text(-1));
	assert_string_equal(vt_priority_text(0), "thường");
	assert_string_equal(vt_priority_text(VT_PRIORITY_MAX),
	    "hỏa tốc hẹn giờ");
	assert_null(vt_priority_text(VT_PRIORITY_MAX + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_of_a_list_is_one_type),
		cmocka_unit_test(every_type_of_the_decree_is_in_list_b),
		cmocka_unit_test(a_type_is_told_by_its_name_first),
		cmocka_unit_test(priorities_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
