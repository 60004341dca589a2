/* jobs.c - operands handed out to workers, and their results in order */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs.h"
#include "vanthu/file.h"
#include "vanthu/sign.h"

#define JOBS_EACH 4 /* for each processor */
#define AHEAD 64    /* results a worker that wait for an earlier one */

struct count {
	size_t done[SIGN_OUTCOMES];
};

/* A result that waits for its turn. */
struct result {
	bool there;
	enum sign_outcome outcome;
	struct vt_cli_said said;
	unsigned char *text; /* what SAID shows, and PENDING; owned */
	char *pending;       /* its name is not durable yet; or NULL */
	bool asked;          /* it is, when the folder is heard of */
};

struct worker {
	pid_t pid; /* 0: there is none */
	int fd;
	bool busy;
	size_t file;
};

struct pool {
	struct vt_cli *cli;
	struct sign_plan *plan;
	const struct vt_list *files;
	const bool *again; /* those that are not to be tried */
	struct sign_folder folder;
	struct worker workers[SIGN_JOBS];
	size_t jobs;
	struct result *ring;
	size_t nring;
	size_t next, shown; /* to hand out; to say */
	struct count count;
};

static struct result *
result_of(struct pool *p, size_t file)
{
	return &p->ring[file % p->nring];
}

static void
fail_again(struct vt_cli *cli, const char *file)
{
	struct vt_error err = { 0 };

	vt_error_set(&err, VT_EEXISTS, NULL,
	    "an earlier operand has the same result");
	vt_cli_fail(cli, file, &err);
}

static void
show(struct pool *p)
{
	struct result *r;

	while (p->shown < p->next && (r = result_of(p, p->shown))->there &&
	       r->pending == NULL) {
		vt_cli_repeat(p->cli, &r->said);
		if (p->again[p->shown])
			fail_again(p->cli, p->files->items[p->shown]);
		free(r->text);
		p->count.done[r->outcome]++;
		memset(r, 0, sizeof(*r));
		p->shown++;
		vt_cli_progress(p->cli, vt_tr("signed"), p->shown, p->files->n);
	}
}

/* There is no room for its name on the disk, or worse: it is not there. */
static void
unsettled(struct pool *p, size_t file, const struct vt_error *why)
{
	struct result *r = result_of(p, file);

	(void)unlink(r->pending);
	vt_cli_fail(p->cli, p->files->items[file], why);
	free(r->text);
	*r = (struct result){ .there = true, .outcome = SIGN_FAILED };
}

/* Have the names made durable of what was signed since the last time. */
static void
settle(struct pool *p)
{
	struct result *r;
	size_t i;

	if (p->folder.asked)
		return;
	for (i = p->shown; i < p->next; i++) {
		r = result_of(p, i);
		if (!r->there || r->pending == NULL)
			continue;
		r->asked = true;
		p->folder.asked = true;
	}
	if (p->folder.asked)
		sign_folder_ask(&p->folder);
}

/* They are, or cannot be. */
static void
settled(struct pool *p)
{
	struct vt_error err = { 0 };
	int rc = sign_folder_hear(&p->folder, &err);
	struct result *r;
	size_t i;

	for (i = p->shown; i < p->next; i++) {
		r = result_of(p, i);
		if (!r->asked)
			continue;
		if (rc != VT_OK)
			unsettled(p, i, &err);
		r->pending = NULL;
		r->asked = false;
	}
}

/* --- workers --- */

static int
worker_start(struct pool *p, struct worker *w, struct vt_error *err)
{
	pid_t parent = getpid();
	int fds[2];
	size_t i;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return vt_error_io(err, "cannot start a worker");
	(void)fflush(stdout); /* or both would print it */
	vt_cli_progress_end(p->cli);
	if ((w->pid = fork()) < 0) {
		w->pid = 0;
		vt_error_io(err, "cannot start a worker");
		close(fds[0]);
		close(fds[1]);
		return err != NULL ? (int)err->code : VT_EIO;
	}
	if (w->pid == 0) {
		close(fds[0]);
		if (p->folder.pid > 0)
			close(p->folder.fd);
		for (i = 0; i < p->jobs; i++)
			if (p->workers[i].pid > 0)
				close(p->workers[i].fd);
		sign_worker(p->cli, p->plan, p->files, fds[1], parent);
	}
	close(fds[1]);
	w->fd = fds[0];
	return VT_OK;
}

static void
worker_end(struct worker *w)
{
	if (w->pid == 0)
		return;
	close(w->fd);
	while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	w->busy = false;
}

/* It broke off: its file has failed, and the next gets a new worker. */
static void
worker_lost(struct pool *p, struct worker *w)
{
	struct result *r = result_of(p, w->file);
	struct vt_error err = { 0 };

	worker_end(w);
	vt_error_set(&err, VT_EIO, NULL, "the process that signed it died");
	vt_cli_fail(p->cli, p->files->items[w->file], &err);
	r->there = true;
	r->outcome = SIGN_FAILED;
}

/* The N bytes that follow a word; false: they do not come. */
static bool
read_text(struct worker *w, const struct sign_word *word, struct result *r)
{
	size_t n, len = word->nout + word->nerr + word->npending;

	if (len == 0)
		return true;
	if ((r->text = malloc(len + 1)) == NULL)
		return false;
	r->text[len] = '\0';
	if (word->npending > 0)
		r->pending = (char *)r->text + word->nout + word->nerr;
	r->said.out = VT_BYTES(r->text, word->nout);
	r->said.err = VT_BYTES(r->text + word->nout, word->nerr);
	return vt_fd_read(w->fd, r->text, len, &n, NULL) == VT_OK && n == len;
}

static void
hear(struct pool *p, struct worker *w)
{
	struct result *r = result_of(p, w->file);
	struct sign_word word;
	size_t n;

	if (vt_fd_read(w->fd, &word, sizeof(word), &n, NULL) != VT_OK ||
	    n != sizeof(word)) {
		worker_lost(p, w);
	} else if (word.says == SIGN_SAYS_ASK) {
		if (sign_worker_answer(p->plan->opts->signer, &word, w->fd) !=
		    VT_OK)
			worker_lost(p, w);
	} else if (!read_text(w, &word, r)) {
		free(r->text);
		memset(r, 0, sizeof(*r));
		worker_lost(p, w);
	} else {
		r->said.status = word.status;
		r->said.warnings = word.warnings;
		r->outcome = word.outcome;
		r->there = true;
		w->busy = false;
	}
}

/* The next operand to W; VT_OK also where there is none for it now. */
static int
hand_out(struct pool *p, struct worker *w, struct vt_error *err)
{
	struct sign_order order;
	int rc;

	while (p->next < p->files->n && p->again[p->next] &&
	       p->next < p->shown + p->nring) {
		*result_of(p, p->next++) =
		    (struct result){ .there = true, .outcome = SIGN_FAILED };
		show(p);
	}
	if (p->next == p->files->n || p->next == p->shown + p->nring)
		return VT_OK;
	if (w->pid == 0 && (rc = worker_start(p, w, err)) != VT_OK)
		return rc;
	w->busy = true;
	order.file = w->file = p->next++;
	if (sign_tell(w->fd, &order, sizeof(order)) != VT_OK)
		worker_lost(p, w);
	return VT_OK;
}

/* Wait for what the others say; false: none is at work. */
static bool
listen_once(struct pool *p)
{
	struct pollfd fds[SIGN_JOBS + 1];
	struct worker *of[SIGN_JOBS];
	size_t i, n = 0, all;

	for (i = 0; i < p->jobs; i++) {
		if (!p->workers[i].busy)
			continue;
		of[n] = &p->workers[i];
		fds[n++] =
		    (struct pollfd){ .fd = p->workers[i].fd, .events = POLLIN };
	}
	all = n;
	if (p->folder.asked)
		fds[all++] =
		    (struct pollfd){ .fd = p->folder.fd, .events = POLLIN };
	if (all == 0)
		return false;
	if (sign_stop_wait(fds, all) <= 0)
		return true; /* a signal */
	for (i = 0; i < n; i++)
		if (fds[i].revents != 0)
			hear(p, of[i]);
	if (all > n && fds[n].revents != 0)
		settled(p);
	return true;
}

static int
run_pool(struct pool *p, struct vt_error *err)
{
	int rc = VT_OK;
	size_t i;

	if (p->folder.path != NULL &&
	    (rc = sign_folder_start(&p->folder, err)) != VT_OK)
		return rc;
	do {
		for (i = 0; i < p->jobs && rc == VT_OK && sign_stopped() == 0;
		     i++)
			if (!p->workers[i].busy)
				rc = hand_out(p, &p->workers[i], err);
		settle(p);
		show(p);
	} while (listen_once(p) ||
		 (rc == VT_OK && sign_stopped() == 0 && p->next < p->files->n));
	show(p);
	return rc;
}

static void
pool_run(struct pool *p)
{
	struct vt_error err = { 0 };
	size_t i;

	p->nring = p->jobs * AHEAD;
	if ((p->ring = calloc(p->nring, sizeof(*p->ring))) == NULL) {
		vt_error_nomem(&err);
		vt_cli_fail(p->cli, NULL, &err);
		return;
	}
	sign_stop_hold(true);
	if (run_pool(p, &err) != VT_OK)
		vt_cli_fail(p->cli, NULL, &err);
	for (i = 0; i < p->jobs; i++)
		worker_end(&p->workers[i]);
	sign_folder_end(&p->folder);
	for (i = 0; i < p->nring; i++)
		free(p->ring[i].text);
	free(p->ring);
	sign_stop_hold(false);
}

/* All in this process. */
static void
run_here(struct pool *p)
{
	const char *file;

	for (; p->shown < p->files->n && sign_stopped() == 0; p->shown++) {
		file = p->files->items[p->shown];
		if (p->files->n > 1)
			vt_cli_progress(p->cli, file, p->shown, p->files->n);
		if (p->again[p->shown]) {
			fail_again(p->cli, file);
			p->count.done[SIGN_FAILED]++;
		} else {
			p->count.done[sign_operand(p->cli, p->plan, file)]++;
		}
	}
	vt_cli_progress_end(p->cli);
}

/* --- operands whose results would have one name --- */

struct named {
	const char *name;
	size_t file;
};

static int
named_compare(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c != 0 ? c : x->file < y->file ? -1 : 1;
}

/* For each of FILES: does one before it have its name?  For free(), or NULL. */
static bool *
find_again(const struct vt_list *files, bool one_folder)
{
	struct named *names = calloc(files->n, sizeof(*names));
	bool *ret = calloc(files->n, sizeof(*ret));
	const char *slash;
	size_t i;

	if (names == NULL || ret == NULL) {
		free(names);
		free(ret);
		return NULL;
	}
	for (i = 0; i < files->n; i++) {
		slash = one_folder ? strrchr(files->items[i], '/') : NULL;
		names[i].name = slash != NULL ? slash + 1 : files->items[i];
		names[i].file = i;
	}
	qsort(names, files->n, sizeof(*names), named_compare);
	for (i = 1; i < files->n; i++)
		ret[names[i].file] =
		    strcmp(names[i].name, names[i - 1].name) == 0;
	free(names);
	return ret;
}

/* The folder that all results go to, for free(); or NULL. */
static char *
one_folder(const struct vt_list *files, const char *output_dir)
{
	const char *first = files->items[0], *slash;
	size_t i, len;

	if (output_dir != NULL)
		return strdup(output_dir);
	slash = strrchr(first, '/');
	len = slash != NULL ? (size_t)(slash - first) + 1 : 0;
	for (i = 1; i < files->n; i++)
		if (strncmp(files->items[i], first, len) != 0 ||
		    strchr(files->items[i] + len, '/') != NULL)
			return NULL;
	return len == 0 ? strdup(".") : strndup(first, len);
}

static void
summary(struct vt_cli *cli, const struct pool *p)
{
	const size_t *n = p->count.done;
	size_t tried = p->shown, all = p->files->n;

	vt_cli_progress_end(cli);
	if (all > 1)
		vt_cli_line(cli,
		    vt_tr("%zu files: %zu signed, %zu signed before, %zu "
			  "failed, %zu not tried"),
		    all, n[SIGN_DONE], n[SIGN_ALREADY], n[SIGN_FAILED],
		    all - tried);
	if (tried < all && sign_stopped() != 0)
		vt_cli_warn(cli, NULL,
		    "interrupted: %zu of %zu files were not "
		    "tried; run it again for the rest",
		    all - tried, all);
}

int64_t
sign_jobs_usual(void)
{
	return JOBS_EACH * vt_cli_processors(SIGN_JOBS / JOBS_EACH);
}

void
sign_jobs(struct vt_cli *cli, struct sign_plan *plan,
    const struct vt_list *files, size_t jobs, int *ret_signal)
{
	struct pool p = { .cli = cli, .plan = plan, .files = files };
	struct vt_error err = { 0 };
	bool *again = find_again(files, plan->output_dir != NULL);

	*ret_signal = 0;
	if (again == NULL) {
		vt_error_nomem(&err);
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	p.again = again;
	p.jobs = jobs < files->n ? jobs : files->n;
	/* One alone is made whole or not at all, however we end. */
	if (files->n > 1)
		sign_stop_watch();
	if (files->n > 1)
		p.folder.path = one_folder(files, plan->output_dir);
	/* One worker, too, goes on while we wait for the folder. */
	plan->folder_later = p.folder.path != NULL &&
			     (p.jobs > 1 || plan->opts->signer->ops->forks);
	if (p.jobs > 1 || plan->folder_later)
		pool_run(&p);
	else
		run_here(&p);
	free(p.folder.path);
	vt_source_room_release(&plan->room);
	summary(cli, &p);
	if (p.shown < files->n)
		*ret_signal = sign_stopped();
	free(again);
}
