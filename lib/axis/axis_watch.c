/* axis_watch.c - shuts down the connections that take too long */
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "axis_int.h"

/*
 * An idle limit alone is none: a byte now and then resets it.  Here each step
 * of a connection has its end, set anew only by the step after it: the headers
 * whole, the body whole, the answer taken.
 */
struct axis_watched {
	struct axis_watched *next, **link;
	int fd;
	int64_t deadline; /* seconds of the monotonic clock */
};

struct axis_watch {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	struct axis_watched *first;
	bool stop;
};

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec;
}

/* The socket stays open: to close it is for its own thread. */
static void
shut_late(struct axis_watch *w)
{
	struct axis_watched *c;

	for (c = w->first; c != NULL; c = c->next)
		if (c->deadline <= now())
			(void)shutdown(c->fd, SHUT_RDWR);
}

static void *
watch(void *ctx)
{
	struct axis_watch *w = ctx;
	struct timespec t;

	(void)pthread_mutex_lock(&w->mutex);
	while (!w->stop) {
		shut_late(w);
		(void)clock_gettime(CLOCK_MONOTONIC, &t);
		t.tv_sec++;
		(void)pthread_cond_timedwait(&w->wake, &w->mutex, &t);
	}
	(void)pthread_mutex_unlock(&w->mutex);
	return NULL;
}

int
vt_axis_watch_new(struct axis_watch **ret, struct vt_error *err)
{
	struct axis_watch *w = calloc(1, sizeof(*w));
	pthread_condattr_t attr;

	if (w == NULL)
		return vt_error_nomem(err);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&w->mutex, NULL);
	(void)pthread_cond_init(&w->wake, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&w->thread, NULL, watch, w) != 0) {
		(void)pthread_cond_destroy(&w->wake);
		(void)pthread_mutex_destroy(&w->mutex);
		free(w);
		return vt_error_set(err, VT_EIO, NULL, "cannot start a thread");
	}
	*ret = w;
	return VT_OK;
}

void
vt_axis_watch_free(struct axis_watch *w)
{
	struct axis_watched *c;

	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->mutex);
	w->stop = true;
	(void)pthread_cond_signal(&w->wake);
	(void)pthread_mutex_unlock(&w->mutex);
	(void)pthread_join(w->thread, NULL);
	while ((c = w->first) != NULL) {
		w->first = c->next;
		free(c);
	}
	(void)pthread_cond_destroy(&w->wake);
	(void)pthread_mutex_destroy(&w->mutex);
	free(w);
}

struct axis_watched *
vt_axis_watch_add(struct axis_watch *w, int fd)
{
	struct axis_watched *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->fd = fd;
	c->deadline = INT64_MAX;
	(void)pthread_mutex_lock(&w->mutex);
	c->next = w->first;
	c->link = &w->first;
	if (w->first != NULL)
		w->first->link = &c->next;
	w->first = c;
	(void)pthread_mutex_unlock(&w->mutex);
	return c;
}

void
vt_axis_watch_remove(struct axis_watch *w, struct axis_watched *c)
{
	(void)pthread_mutex_lock(&w->mutex);
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	(void)pthread_mutex_unlock(&w->mutex);
	free(c);
}

void
vt_axis_watch_set(struct axis_watch *w, struct axis_watched *c,
    unsigned seconds)
{
	(void)pthread_mutex_lock(&w->mutex);
	c->deadline = now() + seconds;
	(void)pthread_mutex_unlock(&w->mutex);
}
