/*
 * kill-at - run a command, and kill it at one of its system calls
 *
 * kill-at FILE COMMAND [ARG...]
 * kill-at -p PROCESS -n CALL [-g] FILE COMMAND [ARG...]
 *
 * The command is process 0; whatever it starts, threads too, has the next
 * numbers, in the order of their start.  The calls of each are counted from 1;
 * the execve(2) by which the command begins is ours and not counted.  Without
 * -p and -n nothing is killed, and FILE gets a line "PROCESS CALLS" for each.
 * With them the process gets SIGKILL in place of that call, with -g all that
 * live by then, and FILE gets the name of the call, and "online" where one of
 * them had called connect(2); nothing, if there was no such call.  Ends as the
 * command did, with 128 and the signal where it was killed.  What outlives the
 * command is let go.
 *
 * Built with -include of a header that defines CALLS, a list of NAME(call);
 * kill-points makes it of <sys/syscall.h>.
 */
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES_MAX 4096

static const struct {
	long number;
	const char *name;
} names[] = {
#define NAME(call) { SYS_##call, #call },
	CALLS
#undef NAME
};

static struct process {
	pid_t pid;
	unsigned long calls;
	bool ended;
} processes[PROCESSES_MAX];
static size_t nprocesses;

static long victim = -1; /* process, its call */
static unsigned long at;
static bool group, killed, online;
static FILE *said;

static struct process *
process_of(pid_t pid)
{
	size_t i;

	/* the last one: a number may be given again */
	for (i = nprocesses; i > 0; i--)
		if (processes[i - 1].pid == pid && !processes[i - 1].ended)
			return &processes[i - 1];
	if (nprocesses == PROCESSES_MAX)
		errx(2, "more than %d processes", PROCESSES_MAX);
	processes[nprocesses] = (struct process){ pid, 0, false };
	return &processes[nprocesses++];
}

static const char *
name_of(unsigned long long number)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((unsigned long long)names[i].number == number)
			return names[i].name;
	return "?";
}

/* PROCESS is about to make a call. */
static void
entered(struct process *p, unsigned long long number)
{
	size_t i;

	p->calls++;
	if (killed)
		return;
	if (victim < 0 || p != &processes[victim] || p->calls != at) {
		online = online || number == SYS_connect;
		return;
	}
	killed = true;
	fprintf(said, "%s%s\n", name_of(number), online ? " online" : "");
	(void)kill(p->pid, SIGKILL);
	for (i = 0; group && i < nprocesses; i++)
		if (!processes[i].ended)
			(void)kill(processes[i].pid, SIGKILL);
}

/* One stop; lets PROCESS go on. */
static void
stopped(struct process *p, int status)
{
	const int event = status >> 16;
	struct ptrace_syscall_info info;
	unsigned long child;
	int pass = 0;

	/* it started while all that there was were killed */
	if (killed && group)
		(void)kill(p->pid, SIGKILL);
	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	    event == PTRACE_EVENT_CLONE) {
		if (ptrace(PTRACE_GETEVENTMSG, p->pid, NULL, &child) == 0)
			(void)process_of((pid_t)child);
	} else if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof(info),
			&info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY)
			entered(p, info.entry.nr);
	} else if (event == 0) {
		pass = WSTOPSIG(status);
	}
	/* behind the kill nothing is counted any more */
	(void)ptrace(killed ? PTRACE_CONT : PTRACE_SYSCALL, p->pid, NULL,
	    (long)pass);
}

static int
follow(pid_t command)
{
	struct process *p;
	pid_t pid;
	int status, ended = -1;
	size_t i;

	while (ended < 0 && (pid = waitpid(-1, &status, __WALL)) != -1) {
		p = process_of(pid);
		if (WIFSTOPPED(status)) {
			stopped(p, status);
			continue;
		}
		p->ended = true;
		if (pid == command)
			ended = status;
	}
	if (ended < 0)
		err(2, "waitpid");
	for (i = 0; victim < 0 && i < nprocesses; i++)
		fprintf(said, "%zu %lu\n", i, processes[i].calls);
	return WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
}

static void
usage(void)
{
	fputs("usage: kill-at [-p PROCESS -n CALL [-g]] FILE COMMAND...\n",
	    stderr);
	exit(2);
}

int
main(int argc, char *argv[])
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
			     PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			     PTRACE_O_TRACEEXEC;
	pid_t command;
	int opt, go[2], status;
	char c;

	while ((opt = getopt(argc, argv, "+gn:p:")) != -1)
		switch (opt) {
		case 'g':
			group = true;
			break;
		case 'n':
			at = strtoul(optarg, NULL, 10);
			break;
		case 'p':
			victim = strtol(optarg, NULL, 10);
			break;
		default:
			usage();
		}
	if (argc - optind < 2 || (victim >= 0) != (at > 0) ||
	    victim >= PROCESSES_MAX)
		usage();
	if ((said = fopen(argv[optind], "we")) == NULL)
		err(2, "%s", argv[optind]);
	if (pipe(go) != 0 || (command = fork()) == -1)
		err(2, "fork");
	if (command == 0) {
		close(go[1]);
		if (read(go[0], &c, 1) != 1)
			_exit(126);
		close(go[0]);
		execvp(argv[optind + 1], argv + optind + 1);
		_exit(127);
	}
	if (ptrace(PTRACE_SEIZE, command, NULL, options) != 0)
		err(2, "ptrace");
	(void)process_of(command);
	close(go[0]);
	if (write(go[1], "", 1) != 1)
		err(2, "pipe");
	close(go[1]);
	/* a command that is told to end by the keyboard tells us by ending */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
	status = follow(command);
	if (fclose(said) != 0)
		err(2, "%s", argv[optind]);
	return status;
}
