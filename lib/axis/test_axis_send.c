/* test_axis_send.c - how much of a sender may wait, whoever asks at once */
#include "test_util.h"

#include "axis_int.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"

#define A "H99.01"
#define B "H99.02"
#define QUOTA 1000

struct world {
	char *dir;
	struct vt_axis *a;
	struct axis_account account;
	struct vt_list to;
	struct axis_looked looked;
};

static int
setup(void **state)
{
	const struct vt_axis_agency a = { .code = A, .name = "a" };
	const struct vt_axis_agency b = { .code = B, .name = "b" };
	struct world *w = calloc(1, sizeof(*w));
	bool locked;
	char *dir;

	assert_non_null(w);
	w->dir = test_dir_new();
	dir = vt_path_join(w->dir, "axis");
	assert_vt_ok(vt_axis_create(dir, NULL), NULL);
	assert_vt_ok(vt_axis_open(dir, &w->a, NULL), NULL);
	free(dir);
	assert_vt_ok(vt_axis_agency_put(w->a, &a, NULL, NULL, NULL), NULL);
	assert_vt_ok(vt_axis_agency_put(w->a, &b, NULL, NULL, NULL), NULL);
	assert_vt_ok(vt_axis_agency_find(w->a, A, &w->account.id, &locked,
			 NULL),
	    NULL);
	w->account.quota = QUOTA;
	assert_vt_ok(vt_list_add(&w->to, B, NULL), NULL);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	vt_axis_close(w->a);
	vt_list_release(&w->to);
	test_dir_free(w->dir);
	free(w);
	return 0;
}

/* A message of SIZE bytes, each of them FILL. */
static void
make(struct world *w, unsigned char fill, uint64_t size, struct axis_sending *s)
{
	struct vt_source *src = NULL;
	unsigned char bytes[QUOTA];

	memset(bytes, fill, sizeof(bytes));
	*s = (struct axis_sending){ .account = &w->account,
		.sender = w->account.id,
		.looked = &w->looked,
		.to = &w->to,
		.size = size };
	assert_vt_ok(vt_sha256(VT_BYTES(bytes, size), s->sha256, NULL), NULL);
	assert_vt_ok(vt_source_bytes(VT_BYTES(bytes, size), &src, NULL), NULL);
	assert_vt_ok(vt_objects_put(w->a->objects, src, s->sha256, NULL, NULL),
	    NULL);
	vt_source_free(src);
}

/* Several may ask before the first of them is in the queues. */
static void
who_asks_at_once_shares_the_room(void **state)
{
	struct axis_sending first, second, third;
	struct world *w = *state;
	const char *code;
	struct vt_error err = { 0 };

	make(w, 1, 600, &first);
	make(w, 2, 600, &second);
	make(w, 3, 400, &third);
	assert_vt_ok(vt_axis_send_begin(w->a, &first, &code, &err), &err);
	assert_vt_error(vt_axis_send_begin(w->a, &second, &code, &err), &err,
	    VT_ELIMIT);
	assert_vt_ok(vt_axis_send_begin(w->a, &third, &code, &err), &err);
	vt_axis_send_end(w->a, &first); /* it failed: its room is free */
	assert_vt_ok(vt_axis_send_begin(w->a, &second, &code, &err), &err);
	vt_axis_send_end(w->a, &third);
	vt_axis_send_end(w->a, &second);
	assert_null(w->a->sending);
}

/* Whose first answer was lost asks for no more than there is. */
static void
what_waits_takes_its_room_once(void **state)
{
	struct axis_sending first, again, other;
	struct world *w = *state;
	struct axis_sent sent;
	const char *code;
	struct vt_error err = { 0 };

	make(w, 1, 600, &first);
	assert_vt_ok(vt_axis_send_begin(w->a, &first, &code, &err), &err);
	assert_vt_ok(vt_axis_send(w->a, &first, &sent, &err), &err);
	free(sent.missed);
	vt_axis_send_end(w->a, &first);
	make(w, 1, 600, &again);
	assert_vt_ok(vt_axis_send_begin(w->a, &again, &code, &err), &err);
	assert_vt_ok(vt_axis_send(w->a, &again, &sent, &err), &err);
	assert_true(sent.again);
	free(sent.missed);
	vt_axis_send_end(w->a, &again);
	make(w, 2, 401, &other);
	assert_vt_error(vt_axis_send_begin(w->a, &other, &code, &err), &err,
	    VT_ELIMIT);
	make(w, 2, 400, &other);
	assert_vt_ok(vt_axis_send_begin(w->a, &other, &code, &err), &err);
	vt_axis_send_end(w->a, &other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    who_asks_at_once_shares_the_room, setup, teardown),
		cmocka_unit_test_setup_teardown(what_waits_takes_its_room_once,
		    setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
