/* test_office_word.h - what B holds, and a clerk's word on it */
#ifndef TEST_OFFICE_WORD_H
#define TEST_OFFICE_WORD_H

#include "test_office_post.h"

#include "vanthu/time.h"

/* Does O register nothing by itself? */
static inline void
set_ask(struct vt_office *o, bool ask)
{
	struct vt_error err = { 0 };

	assert_vt_ok(vt_conf_set(o->conf, "receive", "register",
			 ask ? "ask" : "auto", &err),
	    &err);
}

/* I comes while B knows no anchor, so that nothing of it is proven. */
static inline void
come_blind(const struct world *w, struct vt_office *o, const struct post *post,
    size_t i)
{
	struct got got = { 0 };
	char *trust = o->trust_dir;

	o->trust_dir = in(w->dir, "none");
	(void)mkdir(o->trust_dir, 0700);
	come(w, o, post, i, &got);
	free(o->trust_dir);
	o->trust_dir = trust;
	assert_int_equal(strncmp(got.text, "held:", 5), 0);
}

/* What becomes of I, "RESULT:REF:REASON;", with the year for %d. */
#define assert_comes(w, o, post, i, want)                                      \
	do {                                                                   \
		struct got got_ = { 0 };                                       \
                                                                               \
		come((w), (o), (post), (i), &got_);                            \
		assert_got((w), &got_, (want));                                \
	} while (0)

static inline void
assert_got(const struct world *w, const struct got *got, const char *want)
{
	char text[1024];

	snprintf(text, sizeof(text), want, w->year, w->year);
	assert_string_equal(got->text, text);
}

struct wanted {
	const char *business;
	int64_t id;
	size_t n;
	char detail[1024];
};

static inline int
look(void *ctx, const struct vt_office_received *r, struct vt_error *err)
{
	struct wanted *want = ctx;

	(void)err;
	if (r->business == NULL || strcmp(r->business, want->business) != 0)
		return VT_OK;
	want->id = r->id;
	want->n++;
	snprintf(want->detail, sizeof(want->detail), "%s",
	    r->detail != NULL ? r->detail : "");
	return VT_OK;
}

/* The one message that asks for BUSINESS and waits. */
static inline int64_t
held(struct vt_office *o, const char *business)
{
	struct wanted want = { .business = business };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_office_pending(o, look, &want, &err), &err);
	assert_int_equal(want.n, 1);
	return want.id;
}

static inline void
agree(const struct world *w, struct vt_office *o, int64_t id, const char *want)
{
	struct vt_error err = { 0 };
	struct got got = { 0 };

	assert_vt_ok(vt_office_agree(o, id, note, &got, NULL, &err), &err);
	assert_got(w, &got, want);
}

static inline void
may_not_agree(struct vt_office *o, int64_t id, const char *text)
{
	struct vt_error err = { 0 };
	struct got got = { 0 };

	assert_vt_error(vt_office_agree(o, id, note, &got, NULL, &err), &err,
	    VT_EREFUSED);
	assert_error_text(&err, text);
	assert_string_equal(got.text, "");
}

static inline void
refuse(const struct world *w, struct vt_office *o, int64_t id, const char *want)
{
	struct vt_error err = { 0 };
	struct got got = { 0 };

	assert_vt_ok(vt_office_refuse(o, id, "không", note, &got, NULL, &err),
	    &err);
	assert_got(w, &got, want);
}

static inline void
decline(const struct world *w, struct vt_office *o, int64_t id,
    const char *want)
{
	struct vt_error err = { 0 };
	struct got got = { 0 };

	assert_vt_ok(vt_office_decline(o, id, "không", note, &got, NULL, &err),
	    &err);
	assert_got(w, &got, want);
}

/* ---- what the sender sees, and what it has still to send ---- */

/* What A reads of its requests, in the order that it made them. */
static inline int
add_request(void *ctx, const struct vt_office_recipient *r,
    struct vt_error *err)
{
	char *text = ctx;
	size_t i, len;

	(void)err;
	for (i = 0; i < r->nasked; i++) {
		len = strlen(text);
		snprintf(text + len, 1024 - len, "%s=%s[%s];",
		    r->asked[i].business,
		    vt_delivery_state_name(r->asked[i].state),
		    r->asked[i].reason != NULL ? r->asked[i].reason : "");
	}
	return VT_OK;
}

/* A takes all that waits for it, and has so many answers, as it sees them. */
static inline void
assert_answers(struct world *w, int64_t id, const char *want)
{
	struct vt_error err = { 0 };
	char text[1024] = "";
	struct got got;

	receive(w->a, &got);
	assert_vt_ok(vt_office_recipients(w->a, id, add_request, text, &err),
	    &err);
	assert_string_equal(text, want);
}

struct trying {
	struct vt_store *store;
	const char *business;
	enum vt_delivery_state state;
	int64_t next;
};

static inline int
put_off(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	const struct trying *t = ctx;
	struct vt_delivery next = *d;

	if (strcmp(m->business, t->business) != 0)
		return VT_OK;
	next.state = t->state;
	next.attempts = 2;
	next.next_try = t->next;
	return vt_store_delivery_update(t->store, &next, err);
}

static inline void
note_tries(struct vt_office *o, const char *business,
    enum vt_delivery_state state, int64_t next)
{
	const struct vt_delivery_query q = { .due = VT_TIME_NONE };
	struct trying t = { o->store, business, state, next };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_store_begin(o->store, &err), &err);
	assert_vt_ok(vt_store_deliveries(o->store, &q, put_off, &t, &err),
	    &err);
	assert_vt_ok(vt_store_commit(o->store, &err), &err);
}

/* O's messages that are BUSINESS have failed for now, and are tried at NEXT. */
static inline void
try_at(struct vt_office *o, const char *business, int64_t next)
{
	note_tries(o, business, VT_DELIVERY_QUEUED, next);
}

static inline struct vt_office *
other_b(const struct world *w, struct vt_office *b, const char *name)
{
	if (b != w->b)
		vt_office_close(b);
	return make_office(w, name, B);
}

#endif
