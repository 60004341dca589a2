/* test_transport_axis.c - the axis' driver against answers of every kind */
#include "test_canned.h"
#include "vanthu/encode.h"

static void
start(struct server *w, const struct canned *c,
    const struct vt_transport_settings *more)
{
	start_way(w, "vxp+http", c, more);
}

static int
offer(struct server *w, const char *text, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, NULL), NULL);
	rc = vt_transport_offer(w->t, VT_TRANSPORT_STATUS, "H40.17", "n", src,
	    err);
	vt_source_free(src);
	return rc;
}

#define OK "{\"status\":\"OK\",\"ErrorCode\":\"0\"}"

static void
offers_one_recipient(void **state)
{
	static const struct canned c[] = {
		{ "/a/sendEdoc ", "201 Created", OK }, { 0 }
	};
	struct vt_error err = { 0 };
	struct server w;

	(void)state;
	start(&w, c, NULL);
	assert_vt_ok(offer(&w, "<a/>", &err), &err);
	assert_int_equal(times(&w, "XroadVnpt-to: [\"H40.17\"]\r\n"), 1);
	assert_int_equal(times(&w, "XroadVnpt-from: " OWN "\r\n"), 1);
	assert_int_equal(times(&w, "XroadVnpt-messagetype: status\r\n"), 1);
	assert_int_equal(times(&w, "Content-Length: 6\r\n"), 1);
	assert_int_equal(times(&w, "\r\n\r\n<a/>\r\n"), 1);
	assert_int_equal(times(&w,
			     "Content-Type: application/octet-stream\r\n"),
	    2);
	assert_int_equal(times(&w, "a-secret"), 0);
	stop(&w);
}

static void
a_member_sends_by_its_centre(void **state)
{
	static const struct canned c[] = { { "/a/sendEdoc ", NULL, OK },
		{ 0 } };
	const struct vt_transport_settings s = { .system_id = "00.40.W00",
		.hash_file = "unpadded" };
	struct vt_error err = { 0 };
	struct server w;

	(void)state;
	start(&w, c, &s);
	assert_vt_ok(offer(&w, "<a/>", &err), &err);
	assert_int_equal(times(&w, "XroadVnpt-systemid: 00.40.W00\r\n"), 1);
	assert_int_equal(times(&w, "XroadVnpt-from: " OWN "\r\n"), 1);
	stop(&w);
}

/* Which code says that a retry may help, and when. */
static void
refusals_and_delays(void **state)
{
	static const struct {
		struct canned c;
		enum vt_code code;
		int64_t wait;
	} cases[] = {
		{ { "/a/sendEdoc ", NULL,
		      "{\"status\":\"FAIL\",\"ErrorCode\":18}" },
		    VT_EREFUSED, 0 },
		{ { "/a/sendEdoc ", NULL,
		      "{\"status\":\"FAIL\",\"ErrorCode\":\"15\"}" },
		    VT_EKEY, 0 },
		{ { "/a/sendEdoc ", NULL,
		      "{\"status\":\"FAIL\",\"ErrorCode\":\"20\"}" },
		    VT_ENET, 0 },
		{ { "/a/sendEdoc ", "503 Busy\r\nRetry-After: 77",
		      "{\"status\":\"FAIL\",\"ErrorCode\":\"18\"}" },
		    VT_ENET, 77 },
		{ { "/a/sendEdoc ", "429 Busy\r\nRetry-After: 99999999", "no" },
		    VT_ENET, 86400 },
		{ { "/a/sendEdoc ", "500 Ouch", OK }, VT_ENET, 0 },
		{ { "/a/sendEdoc ", "403 No", OK }, VT_EREFUSED, 0 },
		{ { "/a/sendEdoc ", "401 Who", "<p>" }, VT_EREFUSED, 0 },
		{ { "/a/sendEdoc ", "302 Go\r\nLocation: /b", OK }, VT_EREFUSED,
		    0 },
		{ { "/a/sendEdoc ", NULL, "" }, VT_ENET, 0 },
		{ { "/a/sendEdoc ", NULL, "<html>" }, VT_ENET, 0 },
		{ { "/a/sendEdoc ", NULL, "{\"status\":\"OK\"" }, VT_ENET, 0 },
		{ { "/a/sendEdoc ", NULL, "{\"ErrorCode\":\"0\"}" }, VT_ENET,
		    0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct canned c[2] = { cases[i].c, { 0 } };
		struct vt_error err = { 0 };
		struct server w;

		start(&w, c, NULL);
		assert_vt_error(offer(&w, "<a/>", &err), &err, cases[i].code);
		assert_int_equal(vt_transport_retry_after(w.t), cases[i].wait);
		stop(&w);
	}
}

/* ---- fetching ---- */

struct taken {
	struct vt_buf said; /* "ID FROM CONTENT;" of each */
	bool fail, leave;
};

static int
take(void *ctx, struct vt_transport *t, const struct vt_transport_message *m,
    struct vt_error *err)
{
	char text[64] = "";
	struct taken *k = ctx;
	uint64_t size = vt_source_size(m->content);

	assert_true(size < sizeof(text));
	assert_vt_ok(vt_source_read(m->content, 0, text, (size_t)size, err),
	    err);
	assert_vt_ok(vt_buf_printf(&k->said, "%s %s %s;", m->id,
			 m->from != NULL ? m->from : "-", text),
	    NULL);
	if (k->leave)
		return VT_OK;
	return k->fail ? vt_transport_fail(t, m, "hỏng", err)
		       : vt_transport_done(t, m, err);
}

#define EMPTY "{\"status\":\"OK\",\"data\":[]}"
#define LIST(rows) "{\"data\":[" rows "],\"status\":\"OK\"}"
#define ROW(id, from) "{\"docId\":\"" id "\",\"from\":\"" from "\"}"
/* What waits: documents, and no status. */
#define LISTED(rows)                                                           \
	{ "/a/getReceivedEdocList ", NULL, LIST(rows) },                       \
	{                                                                      \
		"/a/getReceivedEdocList ", NULL, EMPTY                         \
	}
#define D1 ROW("d1", "H1")
#define D2 ROW("d2", "H1")

static int
fetch(const struct canned *c, const struct vt_transport_settings *s,
    struct taken *k, size_t max, struct server *w, struct vt_error *err)
{
	vt_buf_init(&k->said, 4096);
	start(w, c, s);
	return vt_transport_fetch(w->t, max, take, k, err);
}

static void
fetches_and_confirms(void **state)
{
	static const struct canned c[] = {
		{ "/a/getReceivedEdocList ", NULL,
		    LIST(ROW("d1", "H40.17") "," ROW("d2", "a b")) },
		{ "/a/getReceivedEdocList ", NULL, LIST(ROW("s1", "H40.18")) },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDEv\\nPg==\"}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDIvPg==\"}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDMvPg==\"}" },
		{ "/a/updateStatus ", NULL, OK },
		{ "/a/updateStatus ", NULL, OK },
		{ "/a/updateStatus ", NULL, OK },
		{ 0 },
	};
	struct vt_error err = { 0 };
	struct taken k = { 0 };
	struct server w;

	(void)state;
	assert_vt_ok(fetch(c, NULL, &k, 10, &w, &err), &err);
	assert_string_equal(vt_buf_str(&k.said),
	    "d1 H40.17 <1/>;d2 - <2/>;s1 H40.18 <3/>;");
	assert_int_equal(times(&w, "XroadVnpt-status: done\r\n"), 3);
	assert_int_equal(times(&w, "XroadVnpt-docId: d1\r\n"), 2);
	stop(&w);
	vt_buf_release(&k.said);
}

static void
fetches_raw(void **state)
{
	static const struct canned c[] = {
		LISTED(D1 "," D2),
		{ "/a/downloadEdoc ", NULL, "<1/>" },
		{ "/a/downloadEdoc ", NULL,
		    "{\"status\":\"FAIL\",\"ErrorCode\":\"10\",\"ErrorDesc\":"
		    "\"khong co\"}" },
		{ "/a/updateStatus ", NULL, OK },
		{ 0 },
	};
	const struct vt_transport_settings s = { .get = "raw" };
	struct vt_error err = { 0 };
	struct taken k = { 0 };
	struct server w;

	(void)state;
	assert_vt_error(fetch(c, &s, &k, 10, &w, &err), &err, VT_EREFUSED);
	assert_error_text(&err, "d2: the axis refuses: khong co (10)");
	assert_string_equal(vt_buf_str(&k.said), "d1 H1 <1/>;");
	stop(&w);
	vt_buf_release(&k.said);
}

/* What its sender has damaged comes as far as it goes, and is judged as that.
 */
static void
damage_is_handed_over(void **state)
{
	static const struct canned c[] = {
		LISTED(D1 "," D2),
		{ "/a/getEdoc ", NULL, "{\"status\":\"OK\",\"data\":\"\"}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDIvPg==\"}" },
		{ "/a/updateStatus ", NULL, OK },
		{ "/a/updateStatus ", NULL, OK },
		{ 0 },
	};
	struct taken k = { .fail = true };
	struct vt_error err = { 0 };
	struct server w;

	(void)state;
	assert_vt_ok(fetch(c, NULL, &k, 10, &w, &err), &err);
	assert_string_equal(vt_buf_str(&k.said), "d1 H1 ;d2 H1 <2/>;");
	assert_int_equal(times(&w, "XroadVnpt-status: fail\r\n"), 2);
	/* a header is ASCII; the signed text has the whole */
	assert_int_equal(times(&w, "XroadVnpt-description: h?ng\r\n"), 2);
	assert_int_equal(times(&w, "\"XroadVnpt-description\":\"h\\u1ecfng\""),
	    2);
	stop(&w);
	vt_buf_release(&k.said);
}

/* One that is not to be had does not keep the others out. */
static void
one_failure_is_passed_over(void **state)
{
	static const struct canned c[] = {
		LISTED(D1 "," D2 "," ROW("d3", "H1")),
		{ "/a/getEdoc ", "500 Ouch", "no" },
		{ "/a/getEdoc ", NULL, "{\"status\":\"OK\",\"data\":null}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDIvPg==\"}" },
		{ "/a/updateStatus ", NULL, OK },
		{ 0 },
	};
	struct vt_error err = { 0 };
	struct taken k = { 0 };
	struct server w;

	(void)state;
	assert_vt_error(fetch(c, NULL, &k, 10, &w, &err), &err, VT_ENET);
	assert_error_text(&err, "d1: the server answers 500");
	assert_string_equal(vt_buf_str(&k.said), "d3 H1 <2/>;");
	stop(&w);
	vt_buf_release(&k.said);
}

#define CUT "{\"status\":\"OK\",\"data\":\"PDIv"

/*
 * Nothing is said of what was cut: its sender has no part in it, and it comes
 * again.  Nor do the few that are never to be had keep all others out.
 */
static void
what_is_cut_stays_there(void **state)
{
	static const struct canned c[] = {
		LISTED(D1 "," D2 "," ROW("d3", "H1") "," ROW("d4",
		    "H1") "," ROW("d5", "H1")),
		{ "/a/getEdoc ", NULL, CUT },
		{ "/a/getEdoc ", NULL, CUT },
		{ "/a/getEdoc ", NULL, "{\"status\":\"OK\",\"data\":null}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"FAIL\",\"ErrorCode\":\"10\",\"ErrorDesc\":"
		    "\"khong co\"}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDIvPg==\"}" },
		{ "/a/updateStatus ", NULL, OK },
		{ 0 },
	};
	struct vt_error err = { 0 };
	struct taken k = { 0 };
	struct server w;

	(void)state;
	assert_vt_error(fetch(c, NULL, &k, 10, &w, &err), &err, VT_ENET);
	assert_error_text(&err, "d1: the answer ends within the file");
	assert_string_equal(vt_buf_str(&k.said), "d5 H1 <2/>;");
	stop(&w);
	vt_buf_release(&k.said);
}

/* In the order of the list, whatever it repeats, in both kinds. */
static void
each_message_is_fetched_once(void **state)
{
	struct canned c[] = {
		{ "/a/getReceivedEdocList ", NULL, NULL },
		{ "/a/getReceivedEdocList ", NULL,
		    LIST(ROW("s", "H2") "," ROW("d2", "H2")) },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDEvPg==\"}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDIvPg==\"}" },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDMvPg==\"}" },
		{ "/a/updateStatus ", NULL, OK },
		{ "/a/updateStatus ", NULL, OK },
		{ "/a/updateStatus ", NULL, OK },
		{ 0 },
	};
	struct vt_error err = { 0 };
	struct taken k = { 0 };
	struct vt_buf list;
	struct server w;
	int i;

	(void)state;
	vt_buf_init(&list, 64u << 20);
	assert_vt_ok(vt_buf_puts(&list, "{\"data\":["), NULL);
	for (i = 0; i <= VT_VXP_LISTED_MAX; i++) /* more than are kept */
		assert_vt_ok(vt_buf_puts(&list, "{\"docId\":\"d1\"},"), NULL);
	assert_vt_ok(vt_buf_puts(&list, ROW("d2", "H1") "],\"status\":\"OK\"}"),
	    NULL);
	c[0].body = vt_buf_str(&list);
	assert_vt_ok(fetch(c, NULL, &k, 10, &w, &err), &err);
	assert_string_equal(vt_buf_str(&k.said),
	    "d1 - <1/>;d2 H1 <2/>;s H2 <3/>;");
	assert_int_equal(times(&w, " /a/getEdoc "), 3);
	stop(&w);
	vt_buf_release(&k.said);
	vt_buf_release(&list);
}

/* Ended ones, ids that are none, and what is for another member. */
static void
rows_are_chosen(void **state)
{
	static const struct canned c[] = {
		{ "/a/getReceivedEdocList ", NULL,
		    LIST("{\"docId\":\"a\",\"status\":\"done\"},"
			 "{\"docId\":\"b\\r\\nX: y\"},{\"id\":\"c\"},"
			 "{\"docId\":\"d\",\"to\":\"H40.17\"},"
			 "{\"docId\":\"e\",\"to\":\"" OWN "\"},"
			 "{\"docId\":\"f\",\"status\":\"initial\"}") },
		{ "/a/getReceivedEdocList ", NULL, EMPTY },
		{ "/a/getEdoc ", NULL,
		    "{\"status\":\"OK\",\"data\":\"PDIvPg==\"}" },
		{ 0 },
	};
	const struct vt_transport_settings s = { .system_id = "00.40.W00" };
	struct taken k = { .leave = true };
	struct vt_error err = { 0 };
	struct server w;

	(void)state;
	/* who can not be asked for is told behind what can */
	assert_vt_error(fetch(c, &s, &k, 1, &w, &err), &err, VT_EREFUSED);
	assert_error_text(&err,
	    "the axis lists 2 messages without an id that can be");
	assert_string_equal(vt_buf_str(&k.said), "e - <2/>;");
	assert_int_equal(times(&w, "updateStatus"), 0);
	stop(&w);
	vt_buf_release(&k.said);
}

/* ---- what else it tells ---- */

static int
note_agency(void *ctx, const struct vt_transport_agency *a,
    struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s<%s %s %s %s %d%d;", a->id,
	    a->parent != NULL ? a->parent : "-", a->code,
	    a->code102 != NULL ? a->code102 : "-",
	    a->name != NULL ? a->name : "-", a->deleted, a->is_agency);
}

static void
lists_agencies(void **state)
{
	static const struct canned c[] = {
		{ "/a/getAgenciesListQD20 ", NULL,
		    LIST("{\"id\":7,\"pid\":\"1\",\"code\":\"H40.16\","
			 "\"code102\":\"000.00.16.H40\",\"name\":\"Sở\","
			 "\"deleted\":false,\"isAgency\":\"true\"},"
			 "{\"id\":\"8\",\"code\":9,\"deleted\":1}") },
		{ "/a/getAgenciesList ", "500 Ouch", "no" },
		{ 0 },
	};
	struct vt_error err = { 0 };
	struct vt_buf said;
	struct server w;

	(void)state;
	vt_buf_init(&said, 4096);
	start(&w, c, NULL);
	assert_vt_ok(vt_transport_agencies(w.t, VT_TRANSPORT_AGENCIES_QD20,
			 note_agency, &said, &err),
	    &err);
	assert_string_equal(vt_buf_str(&said),
	    "7<1 H40.16 000.00.16.H40 Sở 01;8<- 9 - - 10;");
	assert_vt_error(vt_transport_agencies(w.t, VT_TRANSPORT_AGENCIES,
			    note_agency, &said, &err),
	    &err, VT_ENET);
	stop(&w);
	vt_buf_release(&said);
}

static int
note_sent(void *ctx, const struct vt_transport_sent *s, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s %s %s;", s->id, s->to, s->receive_status);
}

static void
lists_what_was_sent(void **state)
{
	static const struct canned c[] = {
		{ "/a/getSentEdocList ", NULL,
		    LIST("{\"senderDocId\":\"a\",\"toCode\":\"H40.17\","
			 "\"receiveStatus\":\"done\"}") },
		{ 0 },
	};
	struct vt_error err = { 0 };
	struct vt_buf said;
	struct server w;

	(void)state;
	vt_buf_init(&said, 4096);
	start(&w, c, NULL);
	assert_vt_ok(vt_transport_sent_list(w.t, VT_TRANSPORT_DOCUMENT,
			 note_sent, &said, &err),
	    &err);
	assert_string_equal(vt_buf_str(&said), "a H40.17 done;");
	stop(&w);
	vt_buf_release(&said);
}

/* It is asked what waits, and nothing of that is fetched. */
static void
an_open_way_is_told(void **state)
{
	static const struct canned rows[] = {
		LISTED(D1),
		{ 0 },
	};
	static const struct canned busy[] = {
		{ "/a/getReceivedEdocList ", "503 Busy", "no" },
		{ 0 },
	};
	struct vt_error err = { 0 };
	struct server w;

	(void)state;
	start(&w, rows, NULL);
	assert_vt_ok(vt_transport_reach(w.t, &err), &err);
	assert_int_equal(times(&w, "/a/getEdoc "), 0);
	stop(&w);
	start(&w, busy, NULL);
	assert_vt_error(vt_transport_reach(w.t, &err), &err, VT_ENET);
	stop(&w);
}

/* Who waits in vain twice is told at once the third time. */
static void
silence_ends_the_run(void **state)
{
	static const struct canned c[] = { { "/a/sendEdoc ", NULL, OK },
		{ 0 } };
	struct vt_error err = { 0 };
	struct server w;
	int i;

	(void)state;
	start(&w, c, NULL);
	(void)shutdown(w.fd, SHUT_RDWR);
	(void)pthread_join(w.thread, NULL);
	close(w.fd);
	for (i = 0; i < 4; i++) {
		assert_int_equal(vt_transport_silent(w.t), i >= 2);
		memset(&err, 0, sizeof(err));
		assert_vt_error(offer(&w, "<a/>", &err), &err, VT_ENET);
		assert_error_text(&err, "no connection");
	}
	vt_transport_close(w.t);
	vt_buf_release(&w.seen);
	test_dir_free(w.dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offers_one_recipient),
		cmocka_unit_test(a_member_sends_by_its_centre),
		cmocka_unit_test(refusals_and_delays),
		cmocka_unit_test(fetches_and_confirms),
		cmocka_unit_test(fetches_raw),
		cmocka_unit_test(damage_is_handed_over),
		cmocka_unit_test(one_failure_is_passed_over),
		cmocka_unit_test(what_is_cut_stays_there),
		cmocka_unit_test(each_message_is_fetched_once),
		cmocka_unit_test(rows_are_chosen),
		cmocka_unit_test(lists_agencies),
		cmocka_unit_test(lists_what_was_sent),
		cmocka_unit_test(an_open_way_is_told),
		cmocka_unit_test(silence_ends_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
