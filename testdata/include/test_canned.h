/* test_canned.h - a server that answers what it is told to, and a way to it */
#ifndef TEST_CANNED_H
#define TEST_CANNED_H

#include <sys/socket.h>
#include <sys/stat.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>

#include "test_util.h"
#include "vanthu/source.h"
#include "vanthu/transport.h"

#define OWN "H40.16"
#define REQUEST_MAX (256u * 1024)
#define CALLS_MAX 64

/* What is answered to a request: the first that fits and was not used. */
struct canned {
	const char *call; /* what its first line has: "/a/getEdoc " */
	const char *head; /* NULL: 200 */
	const char *body;
};

/* A server that answers what it is told to. */
struct server {
	const struct canned *canned;
	bool used[CALLS_MAX];
	int fd;
	pthread_t thread;
	struct vt_buf seen; /* the requests, one behind the other */
	char *dir;
	struct vt_transport *t;
};

/* One request with its body; false: there is none. */
static inline bool
read_request(int s, struct vt_buf *request)
{
	size_t end, length;
	const char *text;
	char piece[4096];
	ssize_t n;

	vt_buf_reset(request);
	for (;;) {
		end = vt_bytes_find(vt_buf_bytes(request), 0, "\r\n\r\n");
		text = end == SIZE_MAX
			   ? NULL
			   : strstr(vt_buf_str(request), "Content-Length: ");
		length = text == NULL ? 0 : strtoul(text + 16, NULL, 10);
		if (end != SIZE_MAX && request->len >= end + 4 + length)
			return true;
		if ((n = read(s, piece, sizeof(piece))) <= 0 ||
		    vt_buf_put(request, piece, (size_t)n) != VT_OK)
			return false;
	}
}

static inline bool
first_line_has(const struct vt_buf *request, const char *part)
{
	const char *text = vt_buf_str(request), *at = strstr(text, part);

	return at != NULL && at < strchr(text, '\n');
}

static inline void
answer(struct server *w, int s, const struct vt_buf *request)
{
	const struct canned *c = w->canned;
	char text[256];
	size_t i;

	for (i = 0; c[i].call != NULL; i++) {
		if (!w->used[i] && first_line_has(request, c[i].call))
			break;
	}
	if (c[i].call == NULL)
		fail_msg("nobody expects %s", vt_buf_str(request));
	w->used[i] = true;
	snprintf(text, sizeof(text),
	    "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n",
	    c[i].head != NULL ? c[i].head : "200 OK", strlen(c[i].body));
	assert_vt_ok(vt_fd_write(s, vt_bytes_str(text), NULL), NULL);
	if (vt_bytes_starts(vt_buf_bytes(request), "HEAD "))
		return;
	assert_vt_ok(vt_fd_write(s, vt_bytes_str(c[i].body), NULL), NULL);
}

static inline void *
serve(void *ctx)
{
	struct server *w = ctx;
	struct vt_buf request;
	int s;

	vt_buf_init(&request, REQUEST_MAX);
	while ((s = accept(w->fd, NULL, NULL)) >= 0) {
		while (read_request(s, &request)) {
			(void)vt_buf_bytes_put(&w->seen,
			    vt_buf_bytes(&request));
			answer(w, s, &request);
		}
		close(s);
	}
	vt_buf_release(&request);
	return NULL;
}

/* A server with the answers C, and a way to it. */
static inline void
start_way(struct server *w, const char *scheme, const struct canned *c,
    const struct vt_transport_settings *more)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct vt_transport_settings s =
	    more != NULL ? *more : (struct vt_transport_settings){ 0 };
	socklen_t len = sizeof(in);
	struct vt_error err = { 0 };
	char url[64], *path;

	memset(w, 0, sizeof(*w));
	w->canned = c;
	vt_buf_init(&w->seen, 16 * REQUEST_MAX);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(w->fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(listen(w->fd, 4), 0);
	assert_int_equal(getsockname(w->fd, (struct sockaddr *)&in, &len), 0);
	assert_int_equal(pthread_create(&w->thread, NULL, serve, w), 0);
	w->dir = test_dir_new();
	path = vt_path_join(w->dir, "secret");
	assert_vt_ok(vt_file_write(path, VT_BYTES_LIT("a-secret-of-it\n"),
			 &err),
	    &err);
	assert_int_equal(chmod(path, 0600), 0);
	free(path);
	s.folder = w->dir;
	s.secret = "secret";
	snprintf(url, sizeof(url), "%s://127.0.0.1:%u/a/", scheme,
	    ntohs(in.sin_port));
	assert_vt_ok(vt_transport_open(url, OWN, &s, &w->t, &err), &err);
}

static inline void
stop(struct server *w)
{
	vt_transport_close(w->t);
	(void)shutdown(w->fd, SHUT_RDWR);
	(void)pthread_join(w->thread, NULL);
	close(w->fd);
	vt_buf_release(&w->seen);
	test_dir_free(w->dir);
}

static inline size_t
times(const struct server *w, const char *part)
{
	const char *at = vt_buf_str(&w->seen);
	size_t n = 0;

	for (; (at = strstr(at, part)) != NULL; at += strlen(part))
		n++;
	return n;
}

#endif
