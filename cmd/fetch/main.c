/* vanthu-fetch: one object from a web server; the only tool with a socket */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/http.h"
#include "vanthu/json.h"

#define BODY_MAX (16u * 1024 * 1024) /* of a request, from standard input */
#define ANSWER_MAX (64 * 1024 * 1024)
#define SECONDS_UNLESS_SAID 20
#define SECONDS_MOST 3600

struct options {
	const char *post, *output;
	int64_t max, timeout;
};

/* The office's settings; an office that was not asked for may be missing. */
static int
read_conf(const struct vt_cli *cli, struct vt_conf **ret, struct vt_error *err)
{
	char *path = vt_path_join(cli->home, VT_CONF_NAME);
	int rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	if (cli->home_given || access(path, R_OK) == 0)
		rc = vt_conf_read(path, ret, err);
	free(path);
	return rc;
}

/* The rules that CONF (may be NULL) sets; *CA is for free(). */
static int
take_rules(const struct vt_cli *cli, const struct vt_conf *conf,
    struct vt_http_rules *ret, char **ca, struct vt_error *err)
{
	const char *name;

	if (conf == NULL)
		return VT_OK;
	ret->allow = vt_conf_get(conf, "fetch", "allow");
	ret->proxy = vt_conf_get(conf, "fetch", "proxy");
	if ((name = vt_conf_get(conf, "fetch", "ca")) == NULL)
		return VT_OK;
	*ca = name[0] == '/' ? strdup(name) : vt_path_join(cli->home, name);
	ret->ca = *ca;
	return *ca != NULL ? VT_OK : (int)vt_error_nomem(err);
}

static int
read_body(struct vt_buf *ret, struct vt_error *err)
{
	unsigned char piece[64 * 1024];
	size_t n;
	int rc;

	do {
		rc = vt_fd_read(STDIN_FILENO, piece, sizeof(piece), &n, err);
		if (rc != VT_OK)
			return rc;
		rc = vt_buf_put(ret, piece, n);
		if (rc == VT_ELIMIT)
			return vt_error_set(err, rc, NULL,
			    "standard input is longer than %zu bytes",
			    ret->max);
		if (rc != VT_OK)
			return vt_error_nomem(err);
	} while (n == sizeof(piece));
	return VT_OK;
}

static void
show(struct vt_cli *cli, const char *output, struct vt_bytes answer)
{
	unsigned char digest[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	struct vt_json_out *o = vt_cli_json(cli);

	if (o == NULL)
		return;
	if (vt_sha256(answer, digest, &err) != VT_OK)
		vt_cli_fail(cli, output, &err);
	vt_json_put_str(o, "url", cli->argv[0]);
	vt_json_put_str(o, "output", output);
	vt_json_put_int(o, "size", (int64_t)answer.len);
	vt_json_put_sha256(o, "sha256", digest);
	vt_cli_json_end(cli, o);
}

static int
put(const char *output, struct vt_bytes answer, struct vt_error *err)
{
	if (output == NULL || strcmp(output, "-") == 0)
		return vt_fd_write(STDOUT_FILENO, answer, err);
	return vt_file_write(output, answer, err);
}

static void
fetch(struct vt_cli *cli, const struct options *o)
{
	struct vt_http_request q = {
		.url = cli->argv[0],
		.content_type = o->post,
		.max = (size_t)o->max,
		.timeout_s = (unsigned)o->timeout,
		.last = true,
	};
	struct vt_http_rules rules = { 0 };
	struct vt_buf body, answer = { 0 };
	struct vt_conf *conf = NULL;
	struct vt_error err = { 0 };
	char *ca = NULL;
	int rc;

	vt_buf_init(&body, BODY_MAX);
	if ((rc = read_conf(cli, &conf, &err)) != VT_OK ||
	    (rc = take_rules(cli, conf, &rules, &ca, &err)) != VT_OK)
		goto out;
	if (o->post != NULL && (rc = read_body(&body, &err)) != VT_OK)
		goto out;
	q.body = vt_buf_bytes(&body);
	rc = vt_http_send(&rules, &q, &answer, &err);
	if (rc == VT_OK)
		rc = put(o->output, vt_buf_bytes(&answer), &err);
	if (rc == VT_OK)
		show(cli, o->output, vt_buf_bytes(&answer));
out:
	if (rc != VT_OK)
		vt_cli_fail(cli, cli->argv[0], &err);
	vt_buf_release(&answer);
	vt_buf_release(&body);
	vt_conf_free(conf);
	free(ca);
}

int
main(int argc, char *argv[])
{
	struct options o = { .max = ANSWER_MAX,
		.timeout = SECONDS_UNLESS_SAID };
	struct vt_cli cli;
	const struct vt_opt table[] = {
		{ "post", 0, VT_OPT_STR, &o.post, VT_N_("TYPE"),
		    VT_N_("send standard input, which is of this content type"),
		    0 },
		{ "max", 0, VT_OPT_INT, &o.max, VT_N_("BYTES"),
		    VT_N_("the longest answer that is taken"), 0 },
		{ "timeout", 0, VT_OPT_INT, &o.timeout, VT_N_("SECONDS"),
		    VT_N_("the longest that all of it may take"), 0 },
		{ "output", 'o', VT_OPT_STR, &o.output, VT_N_("FILE"),
		    VT_N_("where the answer goes"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "fetch",
		.summary = VT_N_("fetch one object from a web server"),
		.operands = VT_N_("URL"),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu fetch -o ca.crl http://ca.example.vn/ca.crl",
	};

	vt_crypto_unconfigured(false);
	if (vt_cli_init(&cli, &spec, argc, argv)) {
		bool to_stdout = o.output == NULL || strcmp(o.output, "-") == 0;

		if (cli.argc != 1)
			vt_cli_usage(&cli, "which URL? one is fetched");
		else if (o.max == 0 || o.max > ANSWER_MAX)
			vt_cli_usage(&cli, "--max is from 1 to %d", ANSWER_MAX);
		else if (o.timeout == 0 || o.timeout > SECONDS_MOST)
			vt_cli_usage(&cli, "--timeout is from 1 to %d",
			    SECONDS_MOST);
		else if (cli.json && to_stdout)
			vt_cli_usage(&cli,
			    "--json needs a file for the answer: -o FILE");
		else if (o.output == NULL && isatty(STDOUT_FILENO) == 1)
			vt_cli_usage(&cli,
			    "the answer is not for a terminal: -o FILE, or "
			    "-o - if it must be");
		else
			fetch(&cli, &o);
	}
	return vt_cli_finish(&cli);
}
