/* meta.h - the JSON file that says what an envelope's header holds */
#ifndef PACK_META_H
#define PACK_META_H

struct vt_envelope;
struct vt_error;

#define META_MAX (16 * 1024 * 1024) /* bytes of the file */

/*
 * Read PATH ("-": standard input) into ENV, which is initialised.  The keys
 * are those of vanthu.unpack/1; others, and values of another type, are
 * VT_EFORMAT naming the key.
 */
int meta_read(const char *path, struct vt_envelope *env, struct vt_error *err);

#endif
