/* vanthu-unpack: what is in an edXML file, and its attachments out of it */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/source.h"
#include "vanthu/verify.h"

struct unpack {
	struct vt_cli *cli;
	const char *dir;
	struct vt_envelope env;
	struct vt_list written;
	const char *signature; /* the envelope's own; NULL: not judged */
};

static int
to_out(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_out_write(ctx, piece, err);
}

static int
write_file(const char *path, struct vt_source *content, struct vt_error *err)
{
	struct vt_out *out = NULL;
	int rc;

	if ((rc = vt_out_open(path, &out, err)) != VT_OK)
		return rc;
	rc = vt_source_stream(content, 0, vt_source_size(content), to_out, out,
	    err);
	if (rc == VT_OK)
		return vt_out_commit(out, err);
	vt_out_abort(out);
	return rc;
}

/* Called once for each attachment, in order, after all were found sound. */
static int
take(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct unpack *u = ctx;
	char name[VT_ENVELOPE_NAME_MAX];
	char *path;
	int rc;

	(void)a;
	vt_envelope_file_name(&u->env, index, name);
	if ((path = vt_path_join(u->dir, name)) == NULL)
		return vt_error_nomem(err);
	if ((rc = write_file(path, content, err)) == VT_OK &&
	    (rc = vt_list_add(&u->written, path, err)) != VT_OK)
		(void)unlink(path);
	free(path);
	return rc;
}

/* A name that is taken is told before anything is written. */
static int
check_names(struct unpack *u, struct vt_error *err)
{
	char name[VT_ENVELOPE_NAME_MAX];
	char *path;
	size_t i;
	int rc = VT_OK;

	if (access(u->dir, F_OK) != 0)
		return vt_error_io(err, "cannot write into the folder %s",
		    u->dir);
	for (i = 0; rc == VT_OK && i < u->env.nattachments; i++) {
		vt_envelope_file_name(&u->env, i, name);
		if ((path = vt_path_join(u->dir, name)) == NULL)
			return vt_error_nomem(err);
		if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			rc = vt_error_set(err, VT_EEXISTS, NULL,
			    "%s exists already and is not overwritten", path);
		free(path);
	}
	return rc;
}

/*
 * All or nothing: the first pass decodes everything and writes nothing, the
 * second fails only where the folder does; then what it made goes away.
 */
static int
extract(struct unpack *u, struct vt_source *src, struct vt_error *err)
{
	size_t i;
	int rc;

	if (vt_envelope_secret(&u->env))
		return vt_error_set(err, VT_EREFUSED, "Law 117/2025/QH15",
		    "the envelope says that it is a state secret; its "
		    "attachments are not written");
	rc = check_names(u, err);
	if (rc == VT_OK)
		rc = vt_envelope_extract(src, &u->env, u->dir, NULL, NULL, err);
	if (rc == VT_OK)
		rc = vt_envelope_extract(src, &u->env, u->dir, take, u, err);
	if (rc == VT_OK)
		return rc;
	for (i = 0; i < u->written.n; i++)
		(void)unlink(u->written.items[i]);
	return rc;
}

static void
show(struct unpack *u, const char *file, bool list)
{
	struct vt_json_out *o;
	size_t i;

	if (u->cli->json) {
		o = vt_cli_json(u->cli);
		vt_json_put_str(o, "file", file);
		show_json(o, &u->env, &u->written, u->signature);
		vt_cli_json_end(u->cli, o);
	} else if (list) {
		show_text(u->cli, &u->env, u->signature);
	} else {
		for (i = 0; i < u->written.n; i++)
			vt_cli_line(u->cli, "%s", u->written.items[i]);
	}
}

static void
unpack(struct vt_cli *cli, const char *file, const char *dir, bool list)
{
	struct unpack u = { .cli = cli, .dir = dir != NULL ? dir : "." };
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	int rc;

	vt_envelope_init(&u.env);
	if ((rc = vt_source_open(file, &src, &err)) == VT_OK &&
	    (rc = vt_envelope_read(src, &u.env, &err)) == VT_OK)
		rc = list ? vt_envelope_extract(src, &u.env, NULL, NULL, NULL,
				&err)
			  : extract(&u, src, &err);
	if (rc == VT_OK)
		rc = vt_verify_envelope_integrity(src, u.env.signature,
		    &u.signature, &err);
	if (rc != VT_OK) {
		vt_cli_fail(cli, file, &err);
	} else {
		if (vt_envelope_secret(&u.env))
			vt_cli_warn(cli, file,
			    "the envelope says that it is a state secret");
		show(&u, file, list);
	}
	vt_source_free(src);
	vt_envelope_release(&u.env);
	vt_list_release(&u.written);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	const char *dir = NULL;
	bool list = false;
	const struct vt_opt table[] = {
		{ "list", 0, VT_OPT_FLAG, &list, NULL,
		    VT_N_("tell what is in it, write nothing"), 0 },
		{ "directory", 'C', VT_OPT_STR, &dir, VT_N_("DIR"),
		    VT_N_("where the attachments go (here)"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "unpack",
		.summary = VT_N_("open an edXML file"),
		.operands = VT_N_("FILE.edxml"),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu unpack -C attachments message.edxml",
	};

	if (!vt_cli_init(&cli, &spec, argc, argv))
		return vt_cli_finish(&cli);
	if (cli.argc != 1)
		vt_cli_usage(&cli, "one edXML file is opened at a time");
	else if (list && dir != NULL)
		vt_cli_usage(&cli, "--list writes nothing: -C has no meaning");
	else
		unpack(&cli, cli.argv[0], dir, list);
	return vt_cli_finish(&cli);
}
