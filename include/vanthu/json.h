/* json.h - JSON (RFC 8259) made and read; strict both ways */
#ifndef VANTHU_JSON_H
#define VANTHU_JSON_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;

/*
 * Making.  A value is built from the outside in, its members in the order of
 * the calls; KEY is NULL inside an array.  A failure (out of memory) sticks and
 * is told once, by vt_json_write().  Text that is not UTF-8 has its broken
 * bytes replaced by U+FFFD.  A NULL text is written as null.
 */
struct vt_json_out;

struct vt_json_out *vt_json_out_new(void); /* an open object; NULL: no memory */
void vt_json_out_free(struct vt_json_out *o); /* NULL is allowed everywhere */

void vt_json_begin_object(struct vt_json_out *o, const char *key);
void vt_json_begin_array(struct vt_json_out *o, const char *key);
void vt_json_end(struct vt_json_out *o); /* the innermost open one */

void vt_json_put_str(struct vt_json_out *o, const char *key, const char *s);
void vt_json_put_bytes(struct vt_json_out *o, const char *key,
    struct vt_bytes s);
void vt_json_put_int(struct vt_json_out *o, const char *key, int64_t n);
void vt_json_put_bool(struct vt_json_out *o, const char *key, bool b);
void vt_json_put_null(struct vt_json_out *o, const char *key);
/* RFC 3339 in UTC; VT_TIME_NONE is null. */
void vt_json_put_time(struct vt_json_out *o, const char *key, int64_t t);
/* "sha256:<hex>" of 32 bytes; NULL is null. */
void vt_json_put_sha256(struct vt_json_out *o, const char *key,
    const unsigned char *digest);

/*
 * Append the object on one line, without a newline.  VT_ENOMEM, also where an
 * earlier call failed; VT_ELIMIT.
 */
int vt_json_write(const struct vt_json_out *o, struct vt_buf *ret,
    struct vt_error *err);

/*
 * Reading.  Refused (VT_EFORMAT with line and column): duplicate keys, text
 * that is not UTF-8, NUL in strings, anything behind the value.  VT_ELIMIT:
 * deeper than VT_JSON_DEPTH, longer than VT_JSON_MAX, an object of more than
 * VT_JSON_MEMBERS members.
 */

struct vt_json; /* a value of the tree; borrowed from its root */

int vt_json_parse(struct vt_bytes text, struct vt_json **ret,
    struct vt_error *err);
void vt_json_free(struct vt_json *root); /* the root only; NULL is allowed */

bool vt_json_is_object(const struct vt_json *v); /* NULL is nothing of all */
bool vt_json_is_array(const struct vt_json *v);
bool vt_json_is_null(const struct vt_json *v);
const struct vt_json *vt_json_get(const struct vt_json *object,
    const char *key);                             /* NULL where absent */
const char *vt_json_str(const struct vt_json *v); /* NULL: no string */
bool vt_json_int(const struct vt_json *v, int64_t *ret);
bool vt_json_bool(const struct vt_json *v, bool *ret);
size_t vt_json_len(const struct vt_json *v); /* members; 0 for all else */
const struct vt_json *vt_json_at(const struct vt_json *array, size_t i);
/* The name of an object's I-th member in the order of the text, or NULL. */
const char *vt_json_key(const struct vt_json *object, size_t i);

#endif
