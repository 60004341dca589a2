/* test_axis_serve.c - nobody holds the server by taking his time */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <time.h>

#include "test_util.h"
#include "vanthu/axis.h"

#define TRIES 200 /* of 50 ms: far more than it takes */

struct world {
	char *dir;
	struct vt_axis *a;
	struct vt_axis_server *s;
};

static int
setup(void **state)
{
	const struct vt_axis_options opts = { .listen = "127.0.0.1:0",
		.idle_s = 1 };
	struct world *w = calloc(1, sizeof(*w));
	struct vt_error err = { 0 };
	char *dir;

	assert_non_null(w);
	w->dir = test_dir_new();
	dir = vt_path_join(w->dir, "axis");
	assert_vt_ok(vt_axis_create(dir, &err), &err);
	assert_vt_ok(vt_axis_open(dir, &w->a, &err), &err);
	assert_vt_ok(vt_axis_server_start(w->a, &opts, &w->s, &err), &err);
	free(dir);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	vt_axis_server_stop(w->s, 5);
	vt_axis_close(w->a);
	test_dir_free(w->dir);
	free(w);
	return 0;
}

static int
connected_from(const struct world *w, const char *address)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)vt_axis_server_port(w->s)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(s >= 0);
	assert_int_equal(inet_pton(AF_INET, address, &from.sin_addr), 1);
	assert_int_equal(bind(s, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(s, (struct sockaddr *)&in, sizeof(in)), 0);
	return s;
}

static int
connected(const struct world *w)
{
	return connected_from(w, "127.0.0.1");
}

/* Send a piece of TEXT now and then; true: the server has had enough. */
static bool
cut_while(int s, const char *text)
{
	struct pollfd p = { .fd = s, .events = POLLIN };
	char answer[4096];
	ssize_t n;
	int i;

	for (i = 0; i < TRIES; i++) {
		(void)send(s, text, strlen(text), MSG_NOSIGNAL);
		if (poll(&p, 1, 50) <= 0)
			continue;
		n = recv(s, answer, sizeof(answer), 0);
		if (n == 0 || (n < 0 && errno != EINTR))
			return true;
	}
	return false;
}

static void
slow_headers(void **state)
{
	int s = connected(*state);

	assert_true(send(s, "GET /x HTTP/1.1\r\n", 17, MSG_NOSIGNAL) > 0);
	assert_true(cut_while(s, "A: b\r\n"));
	close(s);
}

static void
nothing_at_all(void **state)
{
	int s = connected(*state);

	assert_true(cut_while(s, ""));
	close(s);
}

static void
slow_body(void **state)
{
	static const char head[] =
	    "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n";
	int s = connected(*state);

	assert_true(send(s, head, strlen(head), MSG_NOSIGNAL) > 0);
	assert_true(cut_while(s, "x"));
	close(s);
}

/* Who is at work is not cut. */
static void
the_others_are_served(void **state)
{
	static const char request[] = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";
	int slow = connected(*state), s = connected(*state), i;
	char answer[4096];

	assert_true(send(slow, "GET /", 5, MSG_NOSIGNAL) > 0);
	for (i = 0; i < 3; i++) {
		assert_true(
		    send(s, request, strlen(request), MSG_NOSIGNAL) > 0);
		assert_true(recv(s, answer, sizeof(answer), 0) > 0);
		assert_memory_equal(answer, "HTTP/1.1 404", 12);
	}
	close(slow);
	close(s);
}

static bool
is_served(int s)
{
	static const char request[] = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";
	char answer[4096];

	return send(s, request, strlen(request), MSG_NOSIGNAL) > 0 &&
	       recv(s, answer, sizeof(answer), 0) > 0;
}

/* Who holds all that he can get keeps nobody else out. */
static void
one_address_has_its_part(void **state)
{
	const struct vt_axis_options opts = { .listen = "127.0.0.1:0",
		.connections = 8,
		.per_address = 2 };
	struct world *w = *state, own = { NULL, w->a, NULL };
	struct vt_error err = { 0 };
	int held[2], s, i;

	assert_vt_ok(vt_axis_server_start(w->a, &opts, &own.s, &err), &err);
	for (i = 0; i < 2; i++) {
		held[i] = connected_from(&own, "127.0.0.2");
		assert_true(is_served(held[i]));
	}
	s = connected_from(&own, "127.0.0.2");
	assert_false(is_served(s));
	close(s);
	s = connected_from(&own, "127.0.0.3");
	assert_true(is_served(s));
	close(s);
	assert_true(is_served(held[0]));
	close(held[0]);
	close(held[1]);
	vt_axis_server_stop(own.s, 5);
}

static void
addresses(void **state)
{
	static const char *const bad[] = { "", ":", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
		"localhost:80", "::1:80", "[::1]80", "[::1", "]:80",
		"0.0.0.0:0", "192.0.2.1:0", "[::]:0", "[::ffff:192.0.2.1]:0",
		"127.0.0.1:00000000001" };
	struct world *w = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct vt_axis_options opts = { .listen = bad[i] };
		struct vt_axis_server *s = NULL;
		struct vt_error err = { 0 };

		assert_vt_error(vt_axis_server_start(w->a, &opts, &s, &err),
		    &err, VT_EARG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(slow_headers, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_at_all, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(slow_body, setup, teardown),
		cmocka_unit_test_setup_teardown(the_others_are_served, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(one_address_has_its_part, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(addresses, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
