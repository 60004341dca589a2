/* test_office_register.c - the clerk's calls, where the tools do not reach */
#include "test_util.h"

#include "vanthu/digest.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

struct fixture {
	char *dir, *home;
	struct vt_office *o;
};

static int
setup(void **state)
{
	const struct vt_office_plan plan = { .organ_id = "H40",
		.name = "Tỉnh" };
	struct fixture *f = calloc(1, sizeof(*f));

	f->dir = test_dir_new();
	f->home = vt_path_join(f->dir, "office");
	if (vt_office_create(f->home, &plan, NULL, NULL) != VT_OK ||
	    vt_office_open(f->home, "thuhà", &f->o, NULL) != VT_OK)
		return -1;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vt_office_close(f->o);
	test_dir_free(f->dir);
	free(f->home);
	free(f);
	return 0;
}

static void
fill(struct vt_record *rec, bool incoming)
{
	vt_record_init(rec);
	assert_int_equal(vt_record_put(&rec->type, "CV", NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec->subject, "Về việc", NULL), VT_OK);
	if (incoming) {
		assert_int_equal(vt_record_put(&rec->code, "05/A-B", NULL),
		    VT_OK);
		assert_int_equal(vt_record_put(&rec->organ_id, "H41", NULL),
		    VT_OK);
		rec->date = (struct vt_date){ 2026, 1, 2 };
	} else
		assert_int_equal(vt_record_put(&rec->notation, "A-B", NULL),
		    VT_OK);
}

/* An incoming record that came by a transport, and was answered with 03. */
static int64_t
arrive(struct vt_office *o, unsigned char key)
{
	const struct vt_list none = { 0 };
	struct vt_inbox m = { .key = { key },
		.result = VT_INBOX_REGISTERED,
		.answered = VT_STATUS_ACCEPTED };
	struct vt_error err = { 0 };
	struct vt_record rec;
	bool existing;
	int64_t id;

	fill(&rec, true);
	assert_vt_ok(vt_office_register_in(o, &rec, &none, false, &existing,
			 NULL, &err),
	    &err);
	m.record = id = rec.id;
	m.from_id = strdup("H41");
	m.document_id = strdup("H41,2026/01/02,05/A-B");
	m.business = strdup("new");
	assert_vt_ok(vt_store_begin(o->store, &err), &err);
	assert_vt_ok(vt_store_inbox_add(o->store, &m, &err), &err);
	assert_vt_ok(vt_store_commit(o->store, &err), &err);
	vt_inbox_release(&m);
	vt_record_release(&rec);
	return id;
}

static int
show(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	(void)err;
	assert_int_equal(m->kind, VT_MESSAGE_STATUS);
	assert_int_equal(d->state, VT_DELIVERY_QUEUED);
	return vt_buf_printf(ctx, "%s>%s(%s) ", m->business, d->organ_id,
	    m->reason != NULL ? m->reason : "");
}

static void
assert_told(struct vt_office *o, int64_t id, const char *want)
{
	const struct vt_delivery_query q = { .record = id,
		.due = VT_TIME_NONE };
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_deliveries(o->store, &q, show, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b), want);
	vt_buf_release(&b);
}

static int
set(struct vt_office *o, int64_t id, const char *assignment,
    struct vt_error *err)
{
	struct vt_list list = { 0 };
	struct vt_record rec;
	int rc;

	assert_int_equal(vt_list_add(&list, assignment, NULL), VT_OK);
	vt_error_clear(err);
	rc = vt_office_register_set(o, id, &list, "vì sao", &rec, NULL, err);
	if (rc == VT_OK)
		vt_record_release(&rec);
	vt_list_release(&list);
	return rc;
}

static void
the_sender_is_told_of_the_work(void **state)
{
	struct fixture *f = *state;
	struct vt_error err;
	int64_t id = arrive(f->o, 1);

	assert_vt_ok(set(f->o, id, "keeper=Phòng A", &err), &err);
	assert_told(f->o, id, "");
	assert_vt_ok(set(f->o, id, "state=assigned", &err), &err);
	assert_told(f->o, id, "04>H41(vì sao) ");
	assert_vt_ok(set(f->o, id, "state=done", &err), &err);
	assert_told(f->o, id, "04>H41(vì sao) 06>H41(vì sao) ");
	/* a state that may not follow: told to nobody */
	assert_vt_error(set(f->o, id, "state=assigned", &err), &err,
	    VT_EREFUSED);
	assert_vt_error(set(f->o, id, "state=returned", &err), &err,
	    VT_EREFUSED);
	assert_told(f->o, id, "04>H41(vì sao) 06>H41(vì sao) ");
}

static void
a_return_tells_the_reason_once(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id = arrive(f->o, 1);
	int i;

	assert_vt_error(vt_office_register_return(f->o, id, " ", &rec, &err),
	    &err, VT_EARG);
	for (i = 0; i < 2; i++) {
		vt_error_clear(&err);
		assert_vt_ok(vt_office_register_return(f->o, id, "gửi nhầm",
				 &rec, &err),
		    &err);
		assert_int_equal(rec.state, VT_STATE_RETURNED);
		vt_record_release(&rec);
	}
	assert_told(f->o, id, "02>H41(gửi nhầm) ");
}

static void
what_came_on_paper_is_told_to_nobody(void **state)
{
	const struct vt_list none = { 0 };
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	bool existing;

	fill(&rec, true);
	assert_vt_ok(vt_office_register_in(f->o, &rec, &none, false, &existing,
			 NULL, &err),
	    &err);
	assert_vt_ok(set(f->o, rec.id, "state=done", &err), &err);
	assert_told(f->o, rec.id, "");
	vt_record_release(&rec);
}

static void
a_secret_file_is_not_even_opened(void **state)
{
	struct fixture *f = *state;
	struct vt_list paths = { 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	bool existing;

	assert_int_equal(vt_list_add(&paths, "/nowhere/at/all", NULL), VT_OK);
	fill(&rec, false);
	rec.secrecy = VT_SECRECY_TOI_MAT;
	assert_vt_error(vt_office_register_out(f->o, &rec, &paths, false,
			    &existing, NULL, &err),
	    &err, VT_EREFUSED);
	vt_record_release(&rec);
	vt_error_clear(&err);
	fill(&rec, true);
	rec.secrecy = VT_SECRECY_MAT;
	assert_vt_error(vt_office_register_in(f->o, &rec, &paths, false,
			    &existing, NULL, &err),
	    &err, VT_EREFUSED);
	vt_record_release(&rec);
	vt_list_release(&paths);
}

static void
records_are_named_in_either_way(void **state)
{
	const struct vt_list none = { 0 };
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id = 0;
	bool existing;

	fill(&rec, false);
	assert_vt_ok(vt_office_register_out(f->o, &rec, &none, false, &existing,
			 NULL, &err),
	    &err);
	assert_vt_ok(vt_office_record(f->o, "1/A-B", true, &id, NULL, &err),
	    &err);
	assert_int_equal(id, rec.id);
	assert_vt_error(vt_office_record(f->o, "1/A-B", false, &id, NULL, &err),
	    &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_office_record(f->o, "2/A-B", true, &id, NULL, &err),
	    &err, VT_ENOTFOUND);
	vt_record_release(&rec);
}

static int
stop_at_two(void *ctx, size_t line, const struct vt_record *rec, bool existing,
    const struct vt_error *failure, struct vt_error *err)
{
	(void)rec;
	(void)existing;
	(void)failure;
	*(size_t *)ctx = line;
	return line == 2 ? vt_error_set(err, VT_EIO, NULL, "stop") : VT_OK;
}

/* Over a batch's end, and stopped by whoever listens. */
static void
an_import_may_be_stopped(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_source *src;
	struct vt_buf b;
	size_t line = 0;
	int i;

	vt_buf_init(&b, SIZE_MAX);
	for (i = 1; i <= 4001; i++)
		assert_int_equal(vt_buf_printf(&b,
				     "{\"ref\":\"out/2026/%d\",\"subject\":"
				     "\"s\",\"type\":\"CV\",\"date\":"
				     "\"2026-01-01\",\"code\":\"%d/A-B\"}\n",
				     i, i),
		    VT_OK);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err), &err);
	assert_vt_error(vt_office_register_import(f->o, src, stop_at_two, &line,
			    NULL, &err),
	    &err, VT_EIO);
	assert_int_equal(line, 2);
	vt_source_free(src);
	vt_buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		TEST(the_sender_is_told_of_the_work),
		TEST(a_return_tells_the_reason_once),
		TEST(what_came_on_paper_is_told_to_nobody),
		TEST(a_secret_file_is_not_even_opened),
		TEST(records_are_named_in_either_way),
		TEST(an_import_may_be_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
