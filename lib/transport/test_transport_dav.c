/* test_transport_dav.c - the driver for WebDAV against answers of every kind */
#include "test_canned.h"

#define DIR_URL " /a/" OWN "/ "
#define FILE_URL(name) " /a/" OWN "/" name " "
#define TO "/a/H40.17/"
#define LISTING(responses)                                                     \
	"<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\">" responses    \
	"</d:multistatus>"
#define RESPONSE(href, when)                                                   \
	"<d:response><d:href>" href "</d:href><d:propstat><d:prop>"            \
	"<d:getlastmodified>" when "</d:getlastmodified></d:prop>"             \
	"</d:propstat></d:response>"
#define DAY(n) "Mon, 0" n " Nov 2026 00:00:00 GMT"
#define LIST "207 Multi-Status"

static int
offer(struct server *w, const char *text, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, NULL), NULL);
	rc = vt_transport_offer(w->t, VT_TRANSPORT_DOCUMENT, "H40.17", "n", src,
	    err);
	vt_source_free(src);
	return rc;
}

#define PUT "PUT " TO ".n.part "
#define MOVE "MOVE " TO ".n.part "
#define DELETE "DELETE " TO ".n.part "
#define GET "GET " TO "n.edxml "

static void
a_message_gets_its_name_last(void **state)
{
	static const struct canned c[] = { { PUT, "201 Created", "" },
		{ MOVE, "201 Created", "" }, { 0 } };
	struct vt_error err = { 0 };
	struct server w;

	(void)state;
	start_way(&w, "dav+http", c, NULL);
	assert_vt_ok(offer(&w, "<a/>", &err), &err);
	assert_int_equal(times(&w, "If-None-Match: *\r\n"), 1);
	assert_int_equal(times(&w, "Overwrite: F\r\n"), 1);
	assert_int_equal(times(&w, TO "n.edxml\r\n"), 1); /* Destination */
	/* H40.16:a-secret-of-it */
	assert_int_equal(times(&w, "Authorization: Basic "
				   "SDQwLjE2OmEtc2VjcmV0LW9mLWl0\r\n"),
	    2);
	stop(&w);
}

/* What each answer to an offer comes to. */
static void
answers_to_an_offer(void **state)
{
	static const struct {
		struct canned c[8];
		enum vt_code code;
	} cases[] = {
		/* left by a cut */
		{ { { PUT, "412 There", "" }, { DELETE, "204 Gone", "" },
		      { PUT, "201 Created", "" }, { MOVE, "201 Created", "" } },
		    VT_OK },
		/* no folder yet; or another made it */
		{ { { PUT, "409 Conflict", "" },
		      { "MKCOL " TO " ", "201 Made", "" },
		      { PUT, "201 Created", "" }, { MOVE, "204 Moved", "" } },
		    VT_OK },
		{ { { PUT, "404 No", "" }, { "MKCOL " TO " ", "405 There", "" },
		      { PUT, "204 Put", "" }, { MOVE, "201 Created", "" } },
		    VT_OK },
		{ { { PUT, "409 Conflict", "" },
		      { "MKCOL " TO " ", "403 No", "" } },
		    VT_EREFUSED },
		{ { { PUT, "409 Conflict", "" },
		      { "MKCOL " TO " ", "201 Made", "" },
		      { PUT, "409 Conflict", "" } },
		    VT_EREFUSED },
		/* the name is taken: by the same, by others */
		{ { { PUT, "201 Created", "" }, { MOVE, "412 There", "" },
		      { GET, "200 OK", "<a/>" }, { DELETE, "204 Gone", "" } },
		    VT_OK },
		{ { { PUT, "201 Created", "" }, { MOVE, "412 There", "" },
		      { GET, "200 OK", "<b/>" }, { DELETE, "204 Gone", "" } },
		    VT_EEXISTS },
		{ { { PUT, "201 Created", "" }, { MOVE, "412 There", "" },
		      { GET, "200 OK", "<a/>?" }, { DELETE, "204 Gone", "" } },
		    VT_EEXISTS },
		{ { { PUT, "201 Created", "" }, { MOVE, "412 There", "" },
		      { GET, "200 OK", "<a" }, { DELETE, "204 Gone", "" } },
		    VT_EEXISTS },
		/* taken in between, or it can not be told */
		{ { { PUT, "201 Created", "" }, { MOVE, "412 There", "" },
		      { GET, "404 Gone", "" }, { MOVE, "201 Created", "" } },
		    VT_OK },
		{ { { PUT, "201 Created", "" }, { MOVE, "412 There", "" },
		      { GET, "503 Busy", "<a/>" } },
		    VT_ENET },
		{ { { PUT, "201 Created", "" }, { MOVE, "412 There", "" },
		      { GET, "403 No", "<c/>" } },
		    VT_EREFUSED },
		/* neither here nor there */
		{ { { PUT, "201 Created", "" }, { MOVE, "404 No", "" } },
		    VT_ENET },
		{ { { PUT, "200 OK", "<html>" }, { MOVE, "200 OK", "<html>" } },
		    VT_ENET },
		{ { { PUT, "201 Created", "" }, { MOVE, "202 Later", "" } },
		    VT_ENET },
		{ { { PUT, "401 Who", "" } }, VT_EKEY },
		{ { { PUT, "403 No", "" } }, VT_EREFUSED },
		{ { { PUT, "423 Locked", "" } }, VT_ENET },
		{ { { PUT, "507 Full", "" } }, VT_ENET },
		{ { { PUT, "302 Go\r\nLocation: /b", "" } }, VT_EREFUSED },
		{ { { PUT, "201 Created", "" }, { MOVE, "423 Locked", "" } },
		    VT_ENET },
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_error err = { 0 };
		struct server w;
		int rc;

		start_way(&w, "dav+http", cases[i].c, NULL);
		rc = offer(&w, "<a/>", &err);
		if (rc != (int)cases[i].code)
			fail_msg("case %zu: %d, not %d: %s", i, rc,
			    (int)cases[i].code, err.text);
		for (k = 0; cases[i].c[k].call != NULL; k++)
			if (!w.used[k])
				fail_msg("case %zu: no %s", i,
				    cases[i].c[k].call);
		stop(&w);
	}
}

/* ---- fetching ---- */

struct taken {
	struct vt_buf said; /* "ID=CONTENT;" of each */
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
	assert_null(m->from);
	assert_vt_ok(vt_source_read(m->content, 0, text, (size_t)size, err),
	    err);
	assert_vt_ok(vt_buf_printf(&k->said, "%s=%s;", m->id, text), NULL);
	if (k->leave)
		return VT_OK;
	return k->fail ? vt_transport_fail(t, m, "hỏng", err)
		       : vt_transport_done(t, m, err);
}

static int
fetch(const struct canned *c, struct taken *k, size_t max, struct server *w,
    struct vt_error *err)
{
	vt_buf_init(&k->said, 4096);
	start_way(w, "dav+http", c, NULL);
	return vt_transport_fetch(w->t, max, take, k, err);
}

static void
fetched(const struct canned *c, struct taken *k, size_t max, enum vt_code code,
    const char *said)
{
	struct vt_error err = { 0 };
	struct server w;
	int rc = fetch(c, k, max, &w, &err);
	size_t i;

	if (rc != (int)code)
		fail_msg("%d, not %d: %s", rc, (int)code, err.text);
	assert_string_equal(vt_buf_str(&k->said), said);
	for (i = 0; c[i].call != NULL; i++)
		if (!w.used[i])
			fail_msg("no %s", c[i].call);
	stop(&w);
	vt_buf_release(&k->said);
}

#define TAG "\r\nETag: \"1-2\""

static void
the_oldest_come_first(void **state)
{
	static const struct canned c[] = {
		{ "PROPFIND" DIR_URL, LIST,
		    LISTING(RESPONSE("/a/" OWN "/", DAY("1"))
			    RESPONSE("/a/" OWN "/c.edxml", DAY("3"))
				RESPONSE("/a/" OWN "/a.edxml", DAY("2"))
				    RESPONSE("/a/" OWN "/b.edxml", DAY("2"))) },
		{ "GET" FILE_URL("a.edxml"), "200 OK" TAG, "1" },
		{ "DELETE" FILE_URL("a.edxml"), "204 Gone", "" },
		{ "GET" FILE_URL("b.edxml"), "200 OK" TAG, "2" },
		{ "DELETE" FILE_URL("b.edxml"), "204 Gone", "" },
		{ 0 },
	};
	struct taken k = { 0 };

	(void)state;
	fetched(c, &k, 2, VT_OK, "a.edxml=1;b.edxml=2;");
}

/* Whatever a server lists, what is asked for lies below our own folder. */
static void
names_lead_nowhere_else(void **state)
{
	static const struct canned c[] = {
		{ "PROPFIND" DIR_URL, LIST,
		    LISTING(RESPONSE("http://elsewhere.example/x/" OWN
				     "/a.edxml",
			DAY("1")) RESPONSE("/a/" OWN "/..%2F..%2Fetc%2Fb.edxml",
			DAY("1")) RESPONSE("/a/" OWN "/%00c.edxml",
			DAY("1")) RESPONSE("/a/" OWN "/../c.edxml",
			DAY("1")) RESPONSE("/a/" OWN "/dead/d.edxml",
			DAY("1")) RESPONSE("/a/H40.17/e.edxml",
			DAY("1")) RESPONSE("/a/" OWN "/.f.edxml",
			DAY("1")) RESPONSE("/a/" OWN "/%2Eg.edxml",
			DAY("1")) RESPONSE("/a/" OWN "/h.txt",
			DAY("1")) RESPONSE("/a/" OWN "/i.edxml?x=y",
			DAY("1")) RESPONSE("/a/" OWN "/j.edxml#k",
			DAY("1")) RESPONSE("/a/" OWN "/k%2.edxml",
			DAY("1")) RESPONSE("l.edxml", DAY("1")) RESPONSE("",
			DAY("1")) RESPONSE("/",
			DAY("1")) "<d:response><d:href>/a/" OWN
				  "/m.edxml</d:href>"
				  "<d:propstat><d:prop><d:resourcetype><d:"
				  "collection/>"
				  "</d:resourcetype></d:prop></d:propstat></"
				  "d:response>"
				  "<x><d:href>/a/" OWN
				  "/n.edxml</d:href></x>" RESPONSE(
				      "/proxied/" OWN "/%0d%0Ao%20%C3%A1.edxml",
				      "never")) },
		{ "GET" FILE_URL("%0D%0Ao%20%C3%A1.edxml"), "200 OK" TAG, "1" },
		{ "DELETE" FILE_URL("%0D%0Ao%20%C3%A1.edxml"), "204 Gone", "" },
		{ "GET" FILE_URL("a.edxml"), "404 No", "" },
		{ 0 },
	};
	struct taken k = { 0 };

	(void)state;
	fetched(c, &k, 10, VT_OK, "\r\no \xc3\xa1.edxml=1;");
}

static void
listings_that_are_none(void **state)
{
	static const struct {
		const char *head, *body;
		enum vt_code code;
	} cases[] = {
		{ LIST, "", VT_ENET },
		{ LIST, "<html/>", VT_ENET },
		{ LIST, "<multistatus/>", VT_ENET },
		{ LIST, "<d:multistatus xmlns:d=\"DAV:\">", VT_ENET },
		{ LIST,
		    "<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]>" LISTING(
			""),
		    VT_ENET },
		{ "200 OK", LISTING(""), VT_ENET },
		{ "405 No", "", VT_EREFUSED },
		{ "401 Who", "", VT_EKEY },
		{ "503 Busy", "", VT_ENET },
		{ LIST, LISTING(""), VT_OK },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct canned c[] = {
			{ "PROPFIND" DIR_URL, cases[i].head, cases[i].body },
			{ 0 },
		};
		struct taken k = { 0 };

		fetched(c, &k, 10, cases[i].code, "");
	}
}

/* One that is not to be had does not keep the others out. */
static void
one_failure_is_passed_over(void **state)
{
	static const struct canned c[] = {
		{ "PROPFIND" DIR_URL, LIST,
		    LISTING(RESPONSE("/a/" OWN "/a.edxml", DAY("1"))
			    RESPONSE("/a/" OWN "/b.edxml", DAY("2"))
				RESPONSE("/a/" OWN "/c.edxml", DAY("3"))) },
		{ "GET" FILE_URL("a.edxml"), "500 Ouch", "no" },
		{ "GET" FILE_URL("b.edxml"), "403 No", "no" },
		{ "GET" FILE_URL("c.edxml"), "200 OK" TAG, "3" },
		{ 0 },
	};
	struct taken k = { .leave = true };

	(void)state;
	fetched(c, &k, 10, VT_ENET, "c.edxml=3;");
}

static void
a_folder_that_is_missing_is_made(void **state)
{
	static const struct canned c[] = {
		{ "PROPFIND" DIR_URL, "404 No", "" },
		{ "MKCOL" DIR_URL, "201 Made", "" },
		{ 0 },
	};
	struct taken k = { 0 };

	(void)state;
	fetched(c, &k, 10, VT_OK, "");
}

/* ---- out of the way ---- */

#define ONE                                                                    \
	{                                                                      \
		"PROPFIND" DIR_URL, LIST,                                      \
		    LISTING(RESPONSE("/a/" OWN "/a.edxml", DAY("1")))          \
	}
#define GOT(head)                                                              \
	{                                                                      \
		"GET" FILE_URL("a.edxml"), "200 OK" head, "1"                  \
	}

/* A message that was replaced meanwhile stays. */
static void
done_is_for_the_same_message(void **state)
{
	static const struct {
		struct canned c[6];
		enum vt_code code;
	} cases[] = {
		{ { ONE, GOT(TAG), { "DELETE", "412 Other", "" } }, VT_OK },
		{ { ONE, GOT(TAG), { "DELETE", "404 Gone", "" } }, VT_OK },
		{ { ONE, GOT(TAG), { "DELETE", "423 Locked", "" } }, VT_ENET },
		{ { ONE, GOT("\r\nETag: W/\"1\""),
		      { "HEAD", "200 OK\r\nETag: \"1\"", "1" },
		      { "DELETE", "204 Gone", "" } },
		    VT_OK },
		{ { ONE, GOT("\r\nETag: W/\"1\""),
		      { "HEAD", "200 OK\r\nETag: W/\"2\"", "1" } },
		    VT_OK },
		{ { ONE, GOT(""), { "HEAD", "200 OK", "12" } }, VT_OK },
		{ { ONE, GOT("\r\nLast-Modified: " DAY("1")),
		      { "HEAD", "200 OK\r\nLast-Modified: " DAY("2"), "1" } },
		    VT_OK },
		{ { ONE, GOT(""), { "HEAD", "404 Gone", "" } }, VT_OK },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken k = { 0 };

		fetched(cases[i].c, &k, 10, cases[i].code, "a.edxml=1;");
	}
}

/* A tag that is longer than is kept is none: the message is looked at. */
static void
a_tag_has_a_longest(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		char tag[VT_HTTP_ETAG_MAX + 2], head[VT_HTTP_ETAG_MAX + 64];
		const struct canned c[] = { ONE,
			{ "GET" FILE_URL("a.edxml"), head, "1" },
			{ i == 0 ? "DELETE" : "HEAD", "404 Gone", "" }, { 0 } };
		struct taken k = { 0 };

		memset(tag, '"', sizeof(tag));
		tag[VT_HTTP_ETAG_MAX + i] = '\0';
		snprintf(head, sizeof(head), "200 OK\r\nETag: %s", tag);
		fetched(c, &k, 10, VT_OK, "a.edxml=1;");
	}
}

#define DEAD FILE_URL("dead/a.edxml.reason")

static void
failed_ones_are_buried_with_the_reason(void **state)
{
	static const struct {
		struct canned c[9];
		enum vt_code code;
	} cases[] = {
		{ { ONE, GOT(TAG), { "MKCOL", "201 Made", "" },
		      { "PUT" DEAD, "201 Created", "" },
		      { "MOVE" FILE_URL("a.edxml"), "201 Created", "" } },
		    VT_OK },
		/* the name is taken, for the reason and for the message */
		{ { ONE, GOT(TAG), { "MKCOL", "405 There", "" },
		      { "PUT" DEAD, "412 There", "" },
		      { "PUT", "201 Created", "" },
		      { "MOVE" FILE_URL("a.edxml"), "201 Created", "" } },
		    VT_OK },
		{ { ONE, GOT(TAG), { "MKCOL", "405 There", "" },
		      { "PUT" DEAD, "201 Created", "" },
		      { "MOVE", "412 There", "" },
		      { "HEAD", "200 OK" TAG, "1" },
		      { "PUT", "201 Created", "" },
		      { "MOVE", "201 Created", "" } },
		    VT_OK },
		/* it is another by now */
		{ { ONE, GOT(TAG), { "MKCOL", "405 There", "" },
		      { "PUT" DEAD, "201 Created", "" },
		      { "MOVE", "412 Other", "" },
		      { "HEAD", "200 OK\r\nETag: \"3\"", "1" } },
		    VT_OK },
		{ { ONE, GOT(TAG), { "MKCOL", "405 There", "" },
		      { "PUT" DEAD, "507 Full", "" } },
		    VT_ENET },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken k = { .fail = true };

		fetched(cases[i].c, &k, 10, cases[i].code, "a.edxml=1;");
	}
}

/* The folder is asked for, and nothing of it is fetched. */
static void
an_open_way_is_told(void **state)
{
	static const struct {
		struct canned c[2];
		enum vt_code code;
	} cases[] = {
		{ { { "PROPFIND" DIR_URL, LIST,
		      LISTING(RESPONSE("/a/" OWN "/a.edxml", DAY("1"))) } },
		    VT_OK },
		{ { { "PROPFIND" DIR_URL, "503 Busy", "" } }, VT_ENET },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_error err = { 0 };
		struct server w;

		start_way(&w, "dav+http", cases[i].c, NULL);
		assert_int_equal(vt_transport_reach(w.t, &err), cases[i].code);
		stop(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_gets_its_name_last),
		cmocka_unit_test(answers_to_an_offer),
		cmocka_unit_test(the_oldest_come_first),
		cmocka_unit_test(names_lead_nowhere_else),
		cmocka_unit_test(listings_that_are_none),
		cmocka_unit_test(one_failure_is_passed_over),
		cmocka_unit_test(a_folder_that_is_missing_is_made),
		cmocka_unit_test(done_is_for_the_same_message),
		cmocka_unit_test(a_tag_has_a_longest),
		cmocka_unit_test(failed_ones_are_buried_with_the_reason),
		cmocka_unit_test(an_open_way_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
