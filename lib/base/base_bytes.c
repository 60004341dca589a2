/* base_bytes.c - borrowed bytes, bounded buffers, secrets, lists */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"

#define BUF_FIRST 64 /* bytes of a buffer's first allocation */

bool
vt_add(size_t a, size_t b, size_t *ret)
{
	if (a > SIZE_MAX - b)
		return false;
	*ret = a + b;
	return true;
}

bool
vt_mul(size_t a, size_t b, size_t *ret)
{
	if (b != 0 && a > SIZE_MAX / b)
		return false;
	*ret = a * b;
	return true;
}

struct vt_bytes
vt_bytes_str(const char *s)
{
	return VT_BYTES(s, strlen(s));
}

bool
vt_bytes_equal(struct vt_bytes a, struct vt_bytes b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool
vt_bytes_equal_str(struct vt_bytes a, const char *s)
{
	return vt_bytes_equal(a, vt_bytes_str(s));
}

bool
vt_bytes_starts(struct vt_bytes a, const char *prefix)
{
	size_t len = strlen(prefix);

	return a.len >= len &&
	       vt_bytes_equal(VT_BYTES(a.data, len), VT_BYTES(prefix, len));
}

struct vt_bytes
vt_bytes_slice(struct vt_bytes b, size_t off, size_t len)
{
	if (off >= b.len)
		return VT_BYTES(NULL, 0);
	if (len > b.len - off)
		len = b.len - off;
	return VT_BYTES(b.data + off, len);
}

size_t
vt_bytes_find(struct vt_bytes b, size_t off, const char *needle)
{
	const unsigned char *p;

	if (off > b.len || b.data == NULL)
		return off == b.len && needle[0] == '\0' ? off : SIZE_MAX;
	p = memmem(b.data + off, b.len - off, needle, strlen(needle));
	return p != NULL ? (size_t)(p - b.data) : SIZE_MAX;
}

char *
vt_bytes_dup(struct vt_bytes b)
{
	char *s;

	if (b.len > 0 && memchr(b.data, '\0', b.len) != NULL)
		return NULL;
	if (b.len == SIZE_MAX || (s = malloc(b.len + 1)) == NULL)
		return NULL;
	if (b.len > 0)
		memcpy(s, b.data, b.len);
	s[b.len] = '\0';
	return s;
}

void
vt_buf_init(struct vt_buf *buf, size_t max)
{
	memset(buf, 0, sizeof(*buf));
	buf->max = max;
}

void
vt_buf_release(struct vt_buf *buf)
{
	free(buf->data);
	vt_buf_init(buf, buf->max);
}

void
vt_buf_reset(struct vt_buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

int
vt_buf_reserve(struct vt_buf *buf, size_t more)
{
	size_t need, cap;
	unsigned char *data;

	if (!vt_add(buf->len, more, &need) || need > buf->max ||
	    !vt_add(need, 1, &need)) /* the NUL */
		return VT_ELIMIT;
	if (need <= buf->cap)
		return VT_OK;
	cap = buf->cap < BUF_FIRST ? BUF_FIRST : buf->cap;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	if (cap - 1 > buf->max)
		cap = buf->max + 1; /* NEED fits, so this does not wrap */
	if ((data = realloc(buf->data, cap)) == NULL)
		return VT_ENOMEM;
	if (buf->data == NULL)
		data[0] = '\0';
	buf->data = data;
	buf->cap = cap;
	return VT_OK;
}

int
vt_buf_put(struct vt_buf *buf, const void *data, size_t len)
{
	int rc = vt_buf_reserve(buf, len);

	if (rc != VT_OK)
		return rc;
	if (len > 0)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return VT_OK;
}

int
vt_buf_bytes_put(struct vt_buf *buf, struct vt_bytes b)
{
	return vt_buf_put(buf, b.data, b.len);
}

int
vt_buf_puts(struct vt_buf *buf, const char *s)
{
	return vt_buf_put(buf, s, strlen(s));
}

int
vt_buf_putc(struct vt_buf *buf, int c)
{
	unsigned char byte = (unsigned char)c;

	return vt_buf_put(buf, &byte, 1);
}

int
vt_buf_printf(struct vt_buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n, rc;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return VT_ENOMEM;
	if ((rc = vt_buf_reserve(buf, (size_t)n)) != VT_OK)
		return rc;
	va_start(ap, fmt);
	vsnprintf((char *)buf->data + buf->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)n;
	return VT_OK;
}

struct vt_bytes
vt_buf_bytes(const struct vt_buf *buf)
{
	return VT_BYTES(buf->data, buf->len);
}

const char *
vt_buf_str(const struct vt_buf *buf)
{
	return buf->data != NULL ? (const char *)buf->data : "";
}

unsigned char *
vt_buf_take(struct vt_buf *buf, size_t *ret_len)
{
	unsigned char *data = buf->data;

	if (ret_len != NULL)
		*ret_len = buf->len;
	vt_buf_init(buf, buf->max);
	return data;
}

int
vt_secret_set(struct vt_secret *s, const void *data, size_t len,
    struct vt_error *err)
{
	char *copy;

	if (len == SIZE_MAX || (copy = malloc(len + 1)) == NULL)
		return vt_error_nomem(err);
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	vt_secret_release(s);
	s->data = copy;
	s->len = len;
	return VT_OK;
}

void
vt_secret_release(struct vt_secret *s)
{
	if (s->data != NULL)
		explicit_bzero(s->data, s->len);
	free(s->data);
	s->data = NULL;
	s->len = 0;
}

int
vt_str_set(char **field, const char *s, struct vt_error *err)
{
	char *copy = NULL;

	if (s != NULL && (copy = strdup(s)) == NULL)
		return vt_error_nomem(err);
	free(*field);
	*field = copy;
	return VT_OK;
}

int
vt_list_add(struct vt_list *list, const char *s, struct vt_error *err)
{
	char **items, *copy;
	size_t size;

	if (!vt_add(list->n, 1, &size) || !vt_mul(size, sizeof(*items), &size))
		return vt_error_nomem(err);
	if ((copy = strdup(s)) == NULL)
		return vt_error_nomem(err);
	if ((items = realloc(list->items, size)) == NULL) {
		free(copy);
		return vt_error_nomem(err);
	}
	items[list->n++] = copy;
	list->items = items;
	return VT_OK;
}

void
vt_list_release(struct vt_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->items[i]);
	free(list->items);
	list->items = NULL;
	list->n = 0;
}
