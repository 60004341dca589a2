/* test_transport_gather.c - several messages at once, either way */
#include "test_util.h"

#include "vanthu/source.h"
#include "vanthu/transport.h"

#define A "H99.01"
#define B "H99.02"

struct world {
	char *dir;
	struct vt_transport *a, *b;
};

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct vt_error err = { 0 };
	char url[512];

	assert_non_null(w);
	w->dir = test_dir_new();
	snprintf(url, sizeof(url), "spool:%s/axis", w->dir);
	assert_vt_ok(vt_transport_open(url, A, NULL, &w->a, &err), &err);
	assert_vt_ok(vt_transport_open(url, B, NULL, &w->b, &err), &err);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	vt_transport_close(w->a);
	vt_transport_close(w->b);
	test_dir_free(w->dir);
	free(w);
	return 0;
}

typedef int offer_fn(struct vt_transport *t, enum vt_transport_class class,
    const char *to, const char *name, struct vt_source *content,
    struct vt_error *err);

static int
give(offer_fn *fn, const struct world *w, const char *name, const char *text,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, NULL), NULL);
	rc = fn(w->a, VT_TRANSPORT_STATUS, B, name, src, err);
	vt_source_free(src);
	return rc;
}

static size_t
waiting(const struct world *w)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/axis/" B, w->dir);
	return test_dir_count(path);
}

struct kept {
	struct vt_transport_message *items[8];
	size_t n;
};

static int
keep(void *ctx, struct vt_transport *t, const struct vt_transport_message *m,
    struct vt_error *err)
{
	struct kept *k = ctx;

	(void)t;
	return vt_transport_keep(m, &k->items[k->n++], err);
}

/* They are seen once they are handed over, and in their order. */
static void
gathered_messages_arrive_together(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_bytes b;
	struct kept k = { .n = 0 };
	size_t i;

	assert_true(vt_transport_gathers(w->a));
	assert_vt_ok(vt_transport_hand_over(w->a, &err), &err); /* none */
	assert_vt_ok(give(vt_transport_gather, w, "1", "one", &err), &err);
	assert_vt_ok(give(vt_transport_gather, w, "2", "two", &err), &err);
	assert_vt_ok(give(vt_transport_gather, w, "3", "three", &err), &err);
	assert_int_equal(waiting(w), 0);
	assert_vt_ok(vt_transport_hand_over(w->a, &err), &err);
	assert_int_equal(waiting(w), 3);

	assert_vt_ok(vt_transport_fetch(w->b, SIZE_MAX, keep, &k, &err), &err);
	assert_int_equal(k.n, 3);
	for (i = 0; i < 3; i++) { /* long after the fetch */
		static const char *const ids[] = { "1.edxml", "2.edxml",
			"3.edxml" };
		static const char *const texts[] = { "one", "two", "three" };

		assert_string_equal(k.items[i]->id, ids[i]);
		assert_vt_ok(vt_source_view(k.items[i]->content, 0, 10, &b,
				 &err),
		    &err);
		assert_bytes_str(b, texts[i]);
		assert_vt_ok(vt_transport_done(w->b, k.items[i], &err), &err);
		vt_transport_message_free(k.items[i]);
		assert_int_equal(waiting(w), 2 - i);
	}
	vt_transport_message_free(NULL);
}

/* What is there already, or comes meanwhile, is for a single offer to judge. */
static void
a_name_that_is_taken_is_not_gathered(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };

	assert_vt_ok(give(vt_transport_offer, w, "1", "one", &err), &err);
	assert_vt_error(give(vt_transport_gather, w, "1", "one", &err), &err,
	    VT_EEXISTS);
	vt_error_clear(&err);
	assert_vt_ok(give(vt_transport_gather, w, "2", "two", &err), &err);
	assert_vt_ok(give(vt_transport_offer, w, "2", "two", &err), &err);
	assert_vt_error(vt_transport_hand_over(w->a, &err), &err, VT_EEXISTS);
	vt_error_clear(&err);
	assert_vt_ok(give(vt_transport_offer, w, "2", "two", &err), &err);
	assert_int_equal(waiting(w), 2);
}

static void
no_more_are_gathered_than_said(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	char name[16];
	int i;

	for (i = 0; i < VT_TRANSPORT_GATHER_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		assert_vt_ok(give(vt_transport_gather, w, name, "x", &err),
		    &err);
	}
	assert_vt_error(give(vt_transport_gather, w, "y", "x", &err), &err,
	    VT_ELIMIT);
	vt_error_clear(&err);
	assert_vt_error(give(vt_transport_gather, w, "../y", "x", &err), &err,
	    VT_EARG);
	vt_error_clear(&err);
	assert_int_equal(waiting(w), 0); /* closed, they are gone */
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(gathered_messages_arrive_together),
		TEST(a_name_that_is_taken_is_not_gathered),
		TEST(no_more_are_gathered_than_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
