/* stop.c - Ctrl-C: what is in hand is finished, no more is begun */
#include <poll.h>
#include <signal.h>

#include "jobs.h"

static const int wanted[] = { SIGINT, SIGTERM, SIGHUP };
#define N (sizeof(wanted) / sizeof(wanted[0]))

static volatile sig_atomic_t noted;
static sigset_t usual; /* the mask before sign_stop_hold() */

static void
note(int sig)
{
	if (noted == 0)
		noted = sig;
}

void
sign_stop_watch(void)
{
	/* The second one ends us at once. */
	struct sigaction act = { .sa_handler = note,
		.sa_flags = SA_RESTART | (int)SA_RESETHAND };
	struct sigaction old;
	size_t i;

	sigemptyset(&act.sa_mask);
	for (i = 0; i < N; i++)
		if (sigaction(wanted[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			(void)sigaction(wanted[i], &act, NULL);
}

int
sign_stopped(void)
{
	return noted;
}

void
sign_stop_hold(bool hold)
{
	sigset_t set;
	size_t i;

	if (!hold) {
		(void)sigprocmask(SIG_SETMASK, &usual, NULL);
		return;
	}
	sigemptyset(&set);
	for (i = 0; i < N; i++)
		sigaddset(&set, wanted[i]);
	(void)sigprocmask(SIG_BLOCK, &set, &usual);
}

int
sign_stop_wait(struct pollfd *fds, size_t n)
{
	int ready = ppoll(fds, (nfds_t)n, NULL, &usual);
	sigset_t held;

	/* Where there is something to hear, a signal may wait still. */
	(void)sigprocmask(SIG_SETMASK, &usual, &held);
	(void)sigprocmask(SIG_SETMASK, &held, NULL);
	return ready;
}

void
sign_stop_ignore(void)
{
	struct sigaction act = { .sa_handler = SIG_IGN };
	size_t i;

	sigemptyset(&act.sa_mask);
	for (i = 0; i < N; i++)
		(void)sigaction(wanted[i], &act, NULL);
	sign_stop_hold(false);
}
