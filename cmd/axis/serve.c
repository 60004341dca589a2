/* serve.c - the server, from its options to its end */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "axis.h"
#include "vanthu/axis.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/text.h"

#define MB (1024 * 1024)
#define PEM_MAX (256u * 1024)
#define MAX_SIZE 1024 /* MB: what an office takes in */
#define CONNECTIONS_MAX 1000
#define STOP_S 25 /* that running calls get */

struct logging {
	bool quiet, journal;
};

/* One line, written at once: other threads write theirs. */
static void
log_line(void *ctx, const char *text)
{
	const struct logging *l = ctx;
	struct vt_buf line;

	if (l->quiet)
		return;
	vt_buf_init(&line, 4096);
	if (vt_buf_printf(&line, "%svanthu-axis: ", l->journal ? "<6>" : "") ==
		VT_OK &&
	    vt_text_escape(&line, vt_bytes_str(text)) == VT_OK &&
	    vt_buf_putc(&line, '\n') == VT_OK)
		(void)vt_fd_write(STDERR_FILENO, vt_buf_bytes(&line), NULL);
	vt_buf_release(&line);
}

static bool
combine(struct vt_cli *cli, const struct options *o)
{
	bool tls = o->tls_cert != NULL && o->tls_key != NULL;

	if (o->listen == NULL)
		vt_cli_usage(cli, "where? --listen ADDR:PORT");
	else if ((o->tls_cert != NULL) != (o->tls_key != NULL))
		vt_cli_usage(cli, "--tls-cert and --tls-key go together");
	else if (tls == o->loopback_http)
		vt_cli_usage(cli,
		    "it takes --tls-cert and --tls-key, or --loopback-http");
	else if (vt_cli_given(cli, "max-size") &&
		 (o->max_size == 0 || o->max_size > MAX_SIZE))
		vt_cli_usage(cli, "--max-size is from 1 to %d", MAX_SIZE);
	else if (vt_cli_given(cli, "connections") &&
		 (o->connections == 0 || o->connections > CONNECTIONS_MAX))
		vt_cli_usage(cli, "--connections is from 1 to %d",
		    CONNECTIONS_MAX);
	else if (vt_cli_given(cli, "per-address") &&
		 (o->per_address == 0 || o->per_address > CONNECTIONS_MAX))
		vt_cli_usage(cli, "--per-address is from 1 to %d",
		    CONNECTIONS_MAX);
	else
		return true;
	return false;
}

static void
tell(struct vt_cli *cli, const struct options *o, unsigned port)
{
	const char *colon = strrchr(o->listen, ':');
	int len = colon != NULL ? (int)(colon - o->listen) : 0;
	const char *scheme = o->loopback_http ? "http" : "https";
	struct vt_json_out *out = vt_cli_json(cli);
	char url[128];

	snprintf(url, sizeof(url), "%s://%.*s:%u", scheme, len, o->listen,
	    port);
	if (out != NULL) {
		vt_json_put_str(out, "url", url);
		vt_cli_json_end(cli, out);
	} else
		vt_cli_line(cli, vt_tr("listening: %s"), url);
	(void)fflush(stdout); /* who started it waits for that line */
}

/* Until somebody wants it to end. */
static void
wait_for_end(const sigset_t *signals)
{
	int number;

	while (sigwait(signals, &number) != 0)
		;
}

static int
read_pem(const struct options *o, struct vt_buf *cert, struct vt_buf *key,
    struct vt_error *err)
{
	int rc;

	if (o->loopback_http)
		return VT_OK;
	rc = vt_file_read(o->tls_cert, PEM_MAX, cert, err);
	return rc == VT_OK ? vt_file_read(o->tls_key, PEM_MAX, key, err) : rc;
}

void
axis_serve(struct vt_cli *cli, const struct options *o)
{
	struct logging logging = { cli->quiet,
		getenv("JOURNAL_STREAM") != NULL };
	struct vt_axis_options opts = {
		.listen = o->listen,
		.max_size = (uint64_t)o->max_size * MB,
		.connections = (unsigned)o->connections,
		.per_address = (unsigned)o->per_address,
		.log = log_line,
		.log_ctx = &logging,
	};
	struct vt_axis_server *server = NULL;
	struct vt_buf cert = { 0 }, key = { 0 };
	struct vt_axis *a = NULL;
	struct vt_error err = { 0 };
	sigset_t signals;

	if (!combine(cli, o))
		return;
	/* before there is a thread: all of them inherit it */
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	vt_log_set(log_line, &logging);
	/* the command line is judged before there is an axis */
	if (vt_axis_listen_check(o->listen, !o->loopback_http, &err) == VT_OK &&
	    vt_axis_open(cli->argv[0], &a, &err) == VT_OK &&
	    read_pem(o, &cert, &key, &err) == VT_OK) {
		opts.cert = vt_buf_bytes(&cert);
		opts.key = vt_buf_bytes(&key);
		if (vt_axis_server_start(a, &opts, &server, &err) == VT_OK) {
			tell(cli, o, vt_axis_server_port(server));
			wait_for_end(&signals);
			vt_axis_server_stop(server, STOP_S);
		}
	}
	if (err.code != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	if (key.data != NULL)
		explicit_bzero(key.data, key.len);
	vt_buf_release(&cert);
	vt_buf_release(&key);
	vt_axis_close(a);
}
