/* bytes.h - borrowed bytes, bounded buffers, secrets, checked arithmetic */
#ifndef VANTHU_BYTES_H
#define VANTHU_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vt_error;

/* Bytes that somebody else owns. */
struct vt_bytes {
	const unsigned char *data;
	size_t len;
};

#define VT_BYTES(ptr, n)                                                       \
	((struct vt_bytes){ (const unsigned char *)(ptr), (n) })
#define VT_BYTES_LIT(s) VT_BYTES(s, sizeof(s) - 1)

struct vt_bytes vt_bytes_str(const char *s); /* without the NUL */
bool vt_bytes_equal(struct vt_bytes a, struct vt_bytes b);
bool vt_bytes_equal_str(struct vt_bytes a, const char *s);
bool vt_bytes_starts(struct vt_bytes a, const char *prefix);
/* The part of B from OFF, at most LEN long; empty where B ends before. */
struct vt_bytes vt_bytes_slice(struct vt_bytes b, size_t off, size_t len);
/* Where NEEDLE first stands in B from OFF on, or SIZE_MAX. */
size_t vt_bytes_find(struct vt_bytes b, size_t off, const char *needle);
/* A NUL-terminated copy for free(), or NULL: out of memory, or a NUL in B. */
char *vt_bytes_dup(struct vt_bytes b);

/*
 * A growing buffer that cannot exist without a maximum.  DATA is always
 * NUL-terminated behind LEN once anything was put.  The calls that add return
 * VT_OK, VT_ENOMEM, or VT_ELIMIT where MAX would be passed; then nothing was
 * added.  They set no error text: the caller knows what was too long.
 */
struct vt_buf {
	unsigned char *data;
	size_t len;
	size_t cap;
	size_t max;
};

void vt_buf_init(struct vt_buf *buf, size_t max);
void vt_buf_release(struct vt_buf *buf); /* a zeroed one is allowed */
void vt_buf_reset(struct vt_buf *buf);   /* empty it, keep the memory */
int vt_buf_reserve(struct vt_buf *buf, size_t more);
int vt_buf_put(struct vt_buf *buf, const void *data, size_t len);
int vt_buf_bytes_put(struct vt_buf *buf, struct vt_bytes b);
int vt_buf_puts(struct vt_buf *buf, const char *s);
int vt_buf_putc(struct vt_buf *buf, int c);
int vt_buf_printf(struct vt_buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct vt_bytes vt_buf_bytes(const struct vt_buf *buf); /* borrows */
const char *vt_buf_str(const struct vt_buf *buf); /* "" where empty; borrows */
/* Hand the memory over, for free(); the buffer is empty afterwards. */
unsigned char *vt_buf_take(struct vt_buf *buf, size_t *ret_len);

/* A passphrase or PIN: cleared when released. */
struct vt_secret {
	char *data; /* NUL-terminated */
	size_t len;
};

int vt_secret_set(struct vt_secret *s, const void *data, size_t len,
    struct vt_error *err);
void vt_secret_release(struct vt_secret *s); /* a zeroed one is allowed */

/* Replace *FIELD, owned, by a copy of S; NULL makes it NULL.  VT_ENOMEM. */
int vt_str_set(char **field, const char *s, struct vt_error *err);

/* A list of strings that it owns. */
struct vt_list {
	char **items;
	size_t n;
};

int vt_list_add(struct vt_list *list, const char *s, struct vt_error *err);
void vt_list_release(struct vt_list *list);

/* false where the sum or product does not fit; then *RET is untouched. */
bool vt_add(size_t a, size_t b, size_t *ret);
bool vt_mul(size_t a, size_t b, size_t *ret);

#endif
