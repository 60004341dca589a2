/* test_store_agency.c - the directory of agencies, groups, upgrades */
#include "test_store_util.h"

#include <sqlite3.h>

#include "vanthu/store_agency.h"

static const struct vt_date today = { 2026, 11, 30 };

/* ALIASES: with spaces between, or NULL. */
static struct vt_agency
agency(const char *code, const char *name, const char *parent,
    const char *aliases)
{
	struct vt_agency a = { 0 };
	const char *p;
	char word[40];
	size_t n;

	a.code = strdup(code);
	a.name = strdup(name);
	a.parent = parent != NULL ? strdup(parent) : NULL;
	for (p = aliases; p != NULL && *p != '\0'; p += n) {
		p += strspn(p, " ");
		n = strcspn(p, " ");
		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		assert_int_equal(vt_list_add(&a.aliases, word, NULL), VT_OK);
	}
	return a;
}

static enum vt_agency_change
put(struct vt_store *s, int64_t import, struct vt_agency a)
{
	struct vt_error err = { 0 };
	enum vt_agency_change change = VT_AGENCY_SAME;

	assert_vt_ok(vt_store_agency_put(s, &a, import, &change, &err), &err);
	vt_agency_release(&a);
	return change;
}

static int64_t
begin(struct vt_store *s)
{
	struct vt_error err = { 0 };
	int64_t import = 0;

	assert_vt_ok(vt_store_begin(s, &err), &err);
	assert_vt_ok(vt_store_agency_import(s, &import, &err), &err);
	return import;
}

static int
tell_code(void *ctx, const struct vt_agency *a, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s ", a->code);
}

/* The codes of who is gone now, "" for none; RET is what is shared. */
static int64_t
end(struct vt_store *s, int64_t import, const char *gone)
{
	struct vt_error err = { 0 };
	int64_t shared = -1;
	struct vt_buf b;

	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_agency_gone(s, import, tell_code, &b, &err),
	    &err);
	assert_string_equal(vt_buf_str(&b), gone);
	vt_buf_release(&b);
	assert_vt_ok(vt_store_agency_index(s, &shared, &err), &err);
	assert_vt_ok(vt_store_commit(s, &err), &err);
	return shared;
}

/* Whom CODE names today: a code, or "". */
static void
is_named(struct vt_store *s, const char *code, const char *expected)
{
	struct vt_error err = { 0 };
	struct vt_agency a = { 0 };
	int64_t id = -1;

	assert_vt_ok(vt_store_agency_find(s, code, today, &id, &err), &err);
	if (id != 0)
		assert_vt_ok(vt_store_agency_get(s, id, &a, &err), &err);
	assert_string_equal(a.code != NULL ? a.code : "", expected);
	vt_agency_release(&a);
}

static void
found(struct vt_store *s, struct vt_agency_query q, const char *words,
    const char *expected)
{
	struct vt_list list = { NULL, 0 };
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 1000);
	q.on = today;
	q.words = words != NULL ? &list : NULL;
	if (words != NULL)
		assert_int_equal(vt_list_add(&list, words, NULL), VT_OK);
	assert_vt_ok(vt_store_agencies(s, &q, tell_code, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), expected);
	vt_buf_release(&b);
	vt_list_release(&list);
}

/* A province, a department, a commune that was merged into another. */
static void
fill_directory(struct vt_store *s)
{
	int64_t import = begin(s);
	struct vt_agency old = agency("H37.20", "Xã Cũ", "H37", NULL);

	old.to = (struct vt_date){ 2025, 6, 30 };
	put(s, import,
	    agency("H37", "Ủy ban nhân dân tỉnh Lạng Sơn", NULL,
		"000.00.00.H37"));
	put(s, import,
	    agency("H37.02", "Sở Nội vụ", "H37", "000.00.02.H37 02.H37"));
	put(s, import, old);
	put(s, import, agency("H37.30", "Xã Mới", "H37", "H37.20 H37.21"));
	put(s, import, agency("H40", "UBND tỉnh Nam Định", NULL, NULL));
	put(s, import, agency("H40.02", "Sở Nội vụ", "H40", NULL));
	assert_int_equal(end(s, import, ""), 0);
}

static void
a_list_says_what_is_new_changed_and_gone(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_agency twice = agency("H37", "Tỉnh", NULL, NULL);
	enum vt_agency_change change;
	int64_t import, valid = -1, all = -1;
	bool any = true;

	assert_vt_ok(vt_store_agency_any(f->s, &any, &err), &err);
	assert_false(any);
	fill_directory(f->s);
	assert_vt_ok(vt_store_agency_any(f->s, &any, &err), &err);
	assert_true(any);

	import = begin(f->s);
	assert_int_equal(put(f->s, import,
			     agency("H37", "Ủy ban nhân dân tỉnh Lạng Sơn",
				 NULL, "000.00.00.H37")),
	    VT_AGENCY_SAME);
	assert_vt_error(vt_store_agency_put(f->s, &twice, import, &change,
			    &err),
	    &err, VT_EEXISTS);
	/* the order of aliases says nothing, nor does its own code */
	assert_int_equal(put(f->s, import,
			     agency("H37.02", "Sở Nội vụ", "H37",
				 "02.H37 H37.02 000.00.02.H37")),
	    VT_AGENCY_SAME);
	assert_int_equal(put(f->s, import,
			     agency("H37.30", "Xã Mới", "H37", "H37.21")),
	    VT_AGENCY_CHANGED);
	assert_int_equal(put(f->s, import, agency("H41", "Tỉnh", NULL, NULL)),
	    VT_AGENCY_NEW);
	end(f->s, import, "H37.20 H40 H40.02 ");
	assert_vt_ok(vt_store_agency_count(f->s, today, &valid, &all, &err),
	    &err);
	assert_int_equal(valid, 4);
	assert_int_equal(all, 7);
	is_named(f->s, "H40", "H40"); /* gone, and known */
	import = begin(f->s);
	assert_int_equal(put(f->s, import,
			     agency("H40", "UBND tỉnh Nam Định", NULL, NULL)),
	    VT_AGENCY_CHANGED);
	vt_store_rollback(f->s);
	assert_int_equal(findings(f->s), 0);
	vt_agency_release(&twice);
}

static void
a_code_names_the_valid_agency(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	int64_t import, id;

	fill_directory(f->s);
	is_named(f->s, "H37.02", "H37.02");
	is_named(f->s, "000.00.02.H37", "H37.02");
	is_named(f->s, "H37.20", "H37.30"); /* whose code it was has expired */
	is_named(f->s, "H37.99", "");
	/* an alias of two is nobody's, a code is its own agency's */
	import = begin(f->s);
	put(f->s, import, agency("H1", "Một", NULL, "X.1 H2"));
	put(f->s, import, agency("H2", "Hai", NULL, "X.1"));
	assert_int_equal(end(f->s, import,
			     "H37 H37.02 H37.20 H37.30 H40 H40.02 "),
	    1);
	is_named(f->s, "X.1", "");
	is_named(f->s, "H2", "H2");
	/* what is said by hand counts more, and outlives every list */
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_agency_find(f->s, "H2", today, &id, &err), &err);
	assert_vt_ok(vt_store_alias_add(f->s, "X.1", id, &err), &err);
	assert_vt_ok(vt_store_alias_add(f->s, "X.2", id, &err), &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	is_named(f->s, "X.1", "H2");
	import = begin(f->s);
	assert_int_equal(put(f->s, import, agency("H2", "Hai", NULL, NULL)),
	    VT_AGENCY_SAME);
	end(f->s, import, "H1 ");
	is_named(f->s, "X.1", "H2");
	is_named(f->s, "X.2", "H2");
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_alias_remove(f->s, "X.2", &err), &err);
	assert_vt_error(vt_store_alias_remove(f->s, "H2", &err), &err,
	    VT_ENOTFOUND);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	is_named(f->s, "X.2", "");
}

static void
words_match_without_marks_and_the_best_fit_is_first(void **state)
{
	struct fixture *f = *state;

	fill_directory(f->s);
	found(f->s, (struct vt_agency_query){ 0 }, "so noi vu",
	    "H37.02 H40.02 ");
	found(f->s, (struct vt_agency_query){ 0 }, "SỞ NỘI VỤ nam định",
	    "H40.02 ");
	found(f->s, (struct vt_agency_query){ 0 }, "sở nôi vụ", "");
	found(f->s, (struct vt_agency_query){ 0 }, "000.00.02.H37", "H37.02 ");
	/* the province itself before those below it; who has expired, last */
	found(f->s, (struct vt_agency_query){ 0 }, "lạng sơn",
	    "H37.30 H37.02 H37 H37.20 ");
	found(f->s, (struct vt_agency_query){ 0 },
	    "ủy ban nhân dân tỉnh lạng sơn", "H37 H37.30 H37.02 H37.20 ");
	found(f->s, (struct vt_agency_query){ .valid = true }, "xa", "H37.30 ");
	found(f->s, (struct vt_agency_query){ .limit = 1 }, "xa", "H37.30 ");
	found(f->s, (struct vt_agency_query){ .name = "SO NOI VU" }, NULL,
	    "H37.02 H40.02 ");
	found(f->s, (struct vt_agency_query){ .name = "UBND tỉnh LẠNG-SƠN" },
	    NULL, "H37 ");
	found(f->s,
	    (struct vt_agency_query){ .name = "Uỷ ban nhân dân tỉnh Nam Định" },
	    NULL, "H40 ");
	found(f->s, (struct vt_agency_query){ .like = "000.00" }, NULL,
	    "H37 H37.02 ");
	found(f->s, (struct vt_agency_query){ 0 }, "...", "");
	found(f->s, (struct vt_agency_query){ 0 }, NULL,
	    "H37 H37.02 H37.30 H40 H40.02 H37.20 ");
}

/* ---- no statement looks at every agency ---- */

struct plans {
	sqlite3 *db;
	size_t n, scans;
};

static int
look_at_plan(unsigned type, void *ctx, void *stmt, void *unused)
{
	struct plans *p = ctx;
	const char *sql = sqlite3_sql(stmt), *step;
	sqlite3_stmt *plan = NULL;
	char *explain;

	(void)type;
	(void)unused;
	if (strncmp(sql, "SELECT", 6) != 0)
		return 0;
	explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(p->db, explain, -1, &plan, NULL),
	    SQLITE_OK);
	sqlite3_free(explain);
	p->n++;
	while (sqlite3_step(plan) == SQLITE_ROW) {
		step = (const char *)sqlite3_column_text(plan, 3);
		if (strncmp(step, "SCAN", 4) == 0 &&
		    strstr(step, "VIRTUAL TABLE INDEX") == NULL)
			p->scans++;
	}
	sqlite3_finalize(plan);
	return 0;
}

/* store.c's handle begins with its database */
static sqlite3 *
database(struct vt_store *s)
{
	sqlite3 *db;

	memcpy(&db, s, sizeof(db));
	return db;
}

static void
nothing_is_looked_for_by_a_scan(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct plans p = { 0 };
	struct vt_agency a = { 0 };
	int64_t id;

	fill_directory(f->s);
	assert_int_equal(sqlite3_open(f->path, &p.db), SQLITE_OK);
	sqlite3_trace_v2(database(f->s), SQLITE_TRACE_STMT, look_at_plan, &p);
	found(f->s, (struct vt_agency_query){ 0 }, "so noi vu",
	    "H37.02 H40.02 ");
	found(f->s, (struct vt_agency_query){ .name = "SO NOI VU" }, NULL,
	    "H37.02 H40.02 ");
	found(f->s, (struct vt_agency_query){ .like = "000.00" }, NULL,
	    "H37 H37.02 ");
	assert_vt_ok(vt_store_agency_find(f->s, "H37.21", today, &id, &err),
	    &err);
	assert_vt_ok(vt_store_agency_get(f->s, id, &a, &err), &err);
	vt_agency_release(&a);
	assert_true(p.n >= 9);
	assert_int_equal(p.scans, 0);
	/* the test sees one where there is one */
	found(f->s, (struct vt_agency_query){ .limit = 1 }, NULL, "H37 ");
	assert_true(p.scans > 0);
	sqlite3_trace_v2(database(f->s), 0, NULL, NULL);
	sqlite3_close(p.db);
}

/* ---- groups ---- */

static int
tell_group(void *ctx, const char *group, int64_t members, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s:%d ", group, (int)members);
}

static void
groups_are_of_codes(void **state)
{
	struct fixture *f = *state;
	struct vt_list list = { NULL, 0 };
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 100);
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_group_add(f->s, "sở", "H37.02", &err), &err);
	assert_vt_ok(vt_store_group_add(f->s, "sở", "H37.01", &err), &err);
	assert_vt_ok(vt_store_group_add(f->s, "sở", "H37.02", &err), &err);
	assert_vt_ok(vt_store_group_add(f->s, "xã", "H37.30", &err), &err);
	assert_vt_ok(vt_store_group_remove(f->s, "xã", "H37.30", &err), &err);
	assert_vt_error(vt_store_group_remove(f->s, "xã", "H37.30", &err), &err,
	    VT_ENOTFOUND);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_vt_ok(vt_store_groups(f->s, tell_group, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), "sở:2 ");
	vt_buf_release(&b);
	assert_vt_ok(vt_store_group_members(f->s, "sở", &list, &err), &err);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0], "H37.01");
	vt_list_release(&list);
	assert_vt_ok(vt_store_group_members(f->s, "xã", &list, &err), &err);
	assert_int_equal(list.n, 0);
}

/* ---- a register of before ---- */

#define OF_VERSION_5 "DROP INDEX delivery_refused;"
#define OF_VERSION_4 OF_VERSION_5 "ALTER TABLE inbox DROP COLUMN detail;"
#define OF_VERSION_3                                                           \
	OF_VERSION_4                                                           \
	"DROP INDEX event_changed; DROP TABLE agency_search;"                  \
	"DROP TABLE agency_group;"                                             \
	"DROP TABLE agency_code; DROP TABLE agency;"                           \
	"ALTER TABLE delivery DROP COLUMN role; PRAGMA user_version = 3"

static void
a_register_of_version_3_is_upgraded(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_store *other = NULL;

	enter(f->s, "out", "một");
	vt_store_close(f->s);
	f->s = NULL;
	assert_int_equal(sqlite_shell(f->path, OF_VERSION_3), 0);
	assert_vt_ok(vt_store_open(f->path, "thuhà", &f->s, &err), &err);
	assert_vt_ok(vt_store_open(f->path, "thuhà", &other, &err), &err);
	fill_directory(other);
	is_named(f->s, "000.00.00.H37", "H37");
	assert_int_equal(hits(f->s, "một"), 1);
	assert_int_equal(findings(f->s), 0);
	vt_store_close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_says_what_is_new_changed_and_gone),
		TEST(a_code_names_the_valid_agency),
		TEST(words_match_without_marks_and_the_best_fit_is_first),
		TEST(nothing_is_looked_for_by_a_scan),
		TEST(groups_are_of_codes),
		TEST(a_register_of_version_3_is_upgraded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
