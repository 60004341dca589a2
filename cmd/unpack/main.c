/* vanthu-unpack: what is in an edXML file, and its attachments out of it */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/source.h"
#include "vanthu/verify.h"

/* Files that are made on the way, before all is known to be sound. */
#define HELD_MAX 64

struct unpack {
	struct vt_cli *cli;
	const char *dir;
	struct vt_envelope env;
	struct vt_list written;
	const char *signature; /* the envelope's own; NULL: not judged */
	struct vt_out *held[HELD_MAX]; /* of the first attachments */
	size_t nheld;
	bool more; /* than HELD_MAX: the others take a second pass */
	/* Where large ones are gathered, and then left. */
	struct vt_out *scratch_out[VT_ENVELOPE_SCRATCH];
	int scratch[VT_ENVELOPE_SCRATCH];
};

/* Without a place for them it goes without: it may be that none is large. */
static void
open_scratch(struct unpack *u, size_t i)
{
	u->scratch_out[i] = NULL;
	u->scratch[i] = -1;
	if (vt_out_open_in(u->dir, &u->scratch_out[i], NULL) == VT_OK)
		u->scratch[i] = vt_out_fd(u->scratch_out[i]);
}

/* CONTENT as a file without a name yet; one that is its own is kept. */
static int
make_file(struct unpack *u, struct vt_source *content, struct vt_out **ret,
    struct vt_error *err)
{
	int fd = vt_source_descriptor(content), rc;
	struct vt_out *out = NULL;
	size_t i;

	for (i = 0; i < VT_ENVELOPE_SCRATCH; i++) {
		if (fd < 0 || fd != u->scratch[i])
			continue;
		*ret = u->scratch_out[i];
		open_scratch(u, i);
		return VT_OK;
	}
	if ((rc = vt_out_open_in(u->dir, &out, err)) != VT_OK)
		return rc;
	rc = vt_out_source(out, content, err);
	if (rc == VT_OK)
		*ret = out;
	else
		vt_out_abort(out);
	return rc;
}

/* Called for each attachment, in order, while the message is read. */
static int
hold(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct unpack *u = ctx;
	int rc;

	(void)a;
	if (index >= HELD_MAX) {
		u->more = true;
		return VT_OK;
	}
	rc = make_file(u, content, &u->held[index], err);
	if (rc == VT_OK)
		u->nheld = index + 1;
	return rc;
}

/* Give OUT the name of attachment INDEX; OUT is gone then. */
static int
commit(struct unpack *u, struct vt_out *out, size_t index, struct vt_error *err)
{
	char name[VT_ENVELOPE_NAME_MAX];
	char *path;
	int rc;

	vt_envelope_file_name(&u->env, index, name);
	if ((path = vt_path_join(u->dir, name)) == NULL)
		rc = vt_error_nomem(err);
	else
		rc = vt_out_rename(out, path, err);
	if (rc != VT_OK)
		vt_out_abort(out);
	else if ((rc = vt_out_commit(out, err)) == VT_OK &&
		 (rc = vt_list_add(&u->written, path, err)) != VT_OK)
		(void)unlink(path);
	free(path);
	return rc;
}

/* The second time: all were found sound, what is not held is written. */
static int
take(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct unpack *u = ctx;
	struct vt_out *out = NULL;
	int rc;

	(void)a;
	if (index < u->nheld)
		return VT_OK;
	if ((rc = make_file(u, content, &out, err)) != VT_OK)
		return rc;
	return commit(u, out, index, err);
}

/* A name that is taken is told before anything is written. */
static int
check_names(struct unpack *u, struct vt_error *err)
{
	char name[VT_ENVELOPE_NAME_MAX], *path;
	size_t i;
	int rc = VT_OK;

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

/* All is sound: names for what is held, then the rest. */
static int
name_all(struct unpack *u, struct vt_source *src, struct vt_error *err)
{
	struct vt_out *out;
	size_t i;
	int rc;

	if (vt_envelope_secret(&u->env))
		return vt_error_set(err, VT_EREFUSED, "Law 117/2025/QH15",
		    "the envelope says that it is a state secret; its "
		    "attachments are not written");
	rc = check_names(u, err);
	if (rc == VT_OK)
		rc = vt_verify_envelope_integrity(src, u->env.signature,
		    &u->signature, err);
	for (i = 0; rc == VT_OK && i < u->nheld; i++) {
		out = u->held[i];
		u->held[i] = NULL;
		rc = commit(u, out, i, err);
	}
	if (rc == VT_OK && u->more)
		rc = vt_envelope_extract_into(src, &u->env, u->scratch, take, u,
		    err);
	return rc;
}

/*
 * All or nothing: no file has a name before the whole message was read; then
 * only the folder can fail, and what was named goes away.
 */
static int
extract(struct unpack *u, struct vt_source *src, struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 0; i < VT_ENVELOPE_SCRATCH; i++)
		open_scratch(u, i);
	rc = vt_envelope_unpack(src, &u->env, u->dir, u->scratch, hold, u, err);
	if (rc == VT_OK)
		rc = name_all(u, src, err);
	for (i = 0; rc != VT_OK && i < u->written.n; i++)
		(void)unlink(u->written.items[i]);
	for (i = 0; i < u->nheld; i++)
		vt_out_abort(u->held[i]);
	for (i = 0; i < VT_ENVELOPE_SCRATCH; i++)
		vt_out_abort(u->scratch_out[i]);
	return rc;
}

/* A list is told of a state secret too. */
static int
look(struct unpack *u, struct vt_source *src, struct vt_error *err)
{
	int rc;

	rc = vt_envelope_unpack(src, &u->env, NULL, NULL, NULL, NULL, err);
	if (rc == VT_OK && vt_envelope_secret(&u->env))
		rc = vt_envelope_extract(src, &u->env, NULL, NULL, NULL, err);
	if (rc == VT_OK)
		rc = vt_verify_envelope_integrity(src, u->env.signature,
		    &u->signature, err);
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
	if ((rc = vt_source_open(file, &src, &err)) == VT_OK)
		rc = list ? look(&u, src, &err) : extract(&u, src, &err);
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

	vt_crypto_unconfigured(true);
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
