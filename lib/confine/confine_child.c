/* confine_child.c - what every process that is forked here does first */
#include <sys/prctl.h>

#include <signal.h>
#include <unistd.h>

#include "confine_int.h"

/* Whatever the host of this library catches: a crash is to end this process. */
static void
signals_default(void)
{
	sigset_t none;
	int i;

	for (i = 1; i <= SIGRTMAX; i++) /* some can not be caught */
		(void)signal(i, SIG_DFL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* the write fails */
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

void
vt_confine_child(pid_t parent)
{
	signals_default();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}
