/* show.h - an envelope as a JSON object and as lines for people */
#ifndef UNPACK_SHOW_H
#define UNPACK_SHOW_H

struct vt_cli;
struct vt_envelope;
struct vt_list;

/*
 * The keys that "vanthu pack --meta" reads, without "schema" and "file".
 * WRITTEN has the path of each attachment, or nothing.  SIGNATURE is the word
 * of vt_verify_envelope_integrity(), or NULL.
 */
struct vt_json_out;
void show_json(struct vt_json_out *o, const struct vt_envelope *env,
    const struct vt_list *written, const char *signature);
void show_text(struct vt_cli *cli, const struct vt_envelope *env,
    const char *signature);

#endif
