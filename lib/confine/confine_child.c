/* confine_child.c - what every process that is forked here does first */
#include <sys/prctl.h>

#include <signal.h>
#include <unistd.h>

#include "confine_int.h"

static void
signals_default(void)
{
	static const int all[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM,
		SIGCHLD, SIGUSR1, SIGUSR2, SIGXCPU };
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		(void)signal(all[i], SIG_DFL);
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
