/* key_p11_uri.c - the "pkcs11:" URI (RFC 7512) */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/text.h"

#define CLAUSE "RFC 7512, 2.3"
#define SCHEME "pkcs11:"
#define UNRESERVED "-._~"
#define RES_AVAIL ":[]@!$'()*+,="
#define PATH_CHARS UNRESERVED RES_AVAIL "&"
#define QUERY_CHARS UNRESERVED RES_AVAIL "/?|"

/* The attributes whose values are text; all but these three kinds of others. */
struct attr {
	const char *name;
	size_t off; /* of the char * in struct vt_key_uri */
};
#define ATTR(name, field)                                                      \
	{                                                                      \
		name, offsetof(struct vt_key_uri, field)                       \
	}

static const struct attr path_attrs[] = {
	ATTR("token", token),
	ATTR("manufacturer", manufacturer),
	ATTR("serial", serial),
	ATTR("model", model),
	ATTR("library-manufacturer", library_manufacturer),
	ATTR("library-description", library_description),
	ATTR("library-version", library_version),
	ATTR("slot-manufacturer", slot_manufacturer),
	ATTR("slot-description", slot_description),
	ATTR("object", object),
};
#define NPATH (sizeof(path_attrs) / sizeof(path_attrs[0]))

static const struct attr query_attrs[] = {
	ATTR("pin-source", pin_source),
	ATTR("module-name", module_name),
	ATTR("module-path", module_path),
};
#define NQUERY (sizeof(query_attrs) / sizeof(query_attrs[0]))

static const char *const types[] = {
	[VT_KEY_CLASS_PRIVATE] = "private",
	[VT_KEY_CLASS_CERT] = "cert",
	[VT_KEY_CLASS_PUBLIC] = "public",
	[VT_KEY_CLASS_SECRET] = "secret-key",
	[VT_KEY_CLASS_DATA] = "data",
};
#define NTYPES (sizeof(types) / sizeof(types[0]))

static char **
field(struct vt_key_uri *uri, const struct attr *a)
{
	return (char **)(void *)((char *)uri + a->off);
}

void
vt_key_uri_release(struct vt_key_uri *uri)
{
	size_t i;

	for (i = 0; i < NPATH; i++)
		free(*field(uri, &path_attrs[i]));
	for (i = 0; i < NQUERY; i++)
		free(*field(uri, &query_attrs[i]));
	memset(uri, 0, sizeof(*uri));
}

static bool
allowed(int c, const char *others)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || (c != 0 && strchr(others, c) != NULL);
}

static int
hex(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Undo the percent signs of VALUE; CHARS may stand for themselves. */
static int
decode(struct vt_bytes value, const char *chars, struct vt_buf *ret,
    struct vt_error *err)
{
	size_t i;
	int hi, lo, c;

	vt_buf_reset(ret);
	for (i = 0; i < value.len; i++) {
		c = value.data[i];
		if (c == '%') {
			hi = i + 2 < value.len ? hex(value.data[i + 1]) : -1;
			lo = hi >= 0 ? hex(value.data[i + 2]) : -1;
			if (hi < 0 || lo < 0)
				return vt_error_set(err, VT_EARG, CLAUSE,
				    "a percent sign is not followed by two "
				    "hexadecimal digits");
			c = hi * 16 + lo;
			i += 2;
		} else if (!allowed(c, chars)) {
			return vt_error_set(err, VT_EARG, CLAUSE,
			    "the character \"%c\" must be written as %%%02X",
			    c > 0x20 && c < 0x7f ? c : '?', (unsigned)c);
		}
		if (vt_buf_putc(ret, c) != VT_OK)
			return vt_error_nomem(err);
	}
	return VT_OK;
}

static int
text_value(const char *name, const struct vt_buf *value, char **ret,
    struct vt_error *err)
{
	struct vt_bytes b = vt_buf_bytes(value);

	if (!vt_utf8_valid(b))
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "the value of %s is not UTF-8", name);
	if (b.len > 0 && memchr(b.data, '\0', b.len) != NULL)
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "the value of %s holds a NUL", name);
	if ((*ret = vt_bytes_dup(b)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

static int
slot_id(struct vt_key_uri *uri, const struct vt_buf *value,
    struct vt_error *err)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < value->len; i++) {
		if (value->data[i] < '0' || value->data[i] > '9' ||
		    n > (UINT64_MAX - 9) / 10)
			return vt_error_set(err, VT_EARG, CLAUSE,
			    "slot-id is not a number");
		n = n * 10 + (uint64_t)(value->data[i] - '0');
	}
	if (value->len == 0)
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "slot-id is not a number");
	uri->slot_id = n;
	uri->has_slot_id = true;
	return VT_OK;
}

static int
object_id(struct vt_key_uri *uri, const struct vt_buf *value,
    struct vt_error *err)
{
	if (value->len == 0 || value->len > VT_KEY_ID_MAX)
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "the id has %zu bytes, not 1 to %d", value->len,
		    VT_KEY_ID_MAX);
	memcpy(uri->id, value->data, value->len);
	uri->id_len = value->len;
	uri->has_id = true;
	return VT_OK;
}

static int
object_type(struct vt_key_uri *uri, const struct vt_buf *value,
    struct vt_error *err)
{
	size_t i;

	for (i = 1; i < NTYPES; i++)
		if (strcmp(vt_buf_str(value), types[i]) == 0) {
			uri->type = (enum vt_key_class)i;
			return VT_OK;
		}
	return vt_error_set(err, VT_EARG, CLAUSE,
	    "there is no type of objects \"%s\"", vt_buf_str(value));
}

/* "3" or "3.1" */
static bool
is_version(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0)
		return false;
	if (s[n] == '\0')
		return true;
	return s[n] == '.' && s[n + 1] != '\0' &&
	       s[n + 1 + strspn(s + n + 1, "0123456789")] == '\0';
}

static int
path_attr(struct vt_key_uri *uri, struct vt_bytes name,
    const struct vt_buf *value, struct vt_error *err)
{
	char **to;
	size_t i;
	int rc;

	for (i = 0; i < NPATH; i++)
		if (vt_bytes_equal_str(name, path_attrs[i].name)) {
			to = field(uri, &path_attrs[i]);
			if (*to != NULL)
				goto twice;
			rc = text_value(path_attrs[i].name, value, to, err);
			if (rc == VT_OK && to == &uri->library_version &&
			    !is_version(*to))
				rc = vt_error_set(err, VT_EARG, CLAUSE,
				    "library-version is not MAJOR or "
				    "MAJOR.MINOR");
			return rc;
		}
	if (vt_bytes_equal_str(name, "slot-id")) {
		if (uri->has_slot_id)
			goto twice;
		return slot_id(uri, value, err);
	}
	if (vt_bytes_equal_str(name, "id")) {
		if (uri->has_id)
			goto twice;
		return object_id(uri, value, err);
	}
	if (vt_bytes_equal_str(name, "type")) {
		if (uri->type != VT_KEY_CLASS_ANY)
			goto twice;
		return object_type(uri, value, err);
	}
	if (vt_bytes_equal_str(name, "pin-value"))
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "pin-value stands in the path; and a PIN does not belong "
		    "into an argument at all: give it by --passphrase tty:, "
		    "file:, fd: or env:");
	/* It would narrow the choice in a way that we cannot follow. */
	return vt_error_set(err, VT_EARG, CLAUSE,
	    "there is no attribute \"%.*s\" in the path", (int)name.len,
	    (const char *)name.data);
twice:
	return vt_error_set(err, VT_EARG, CLAUSE,
	    "the attribute %.*s is there a second time", (int)name.len,
	    (const char *)name.data);
}

static int
query_attr(struct vt_key_uri *uri, struct vt_bytes name,
    const struct vt_buf *value, struct vt_error *err)
{
	char **to;
	size_t i;
	int rc;

	if (vt_bytes_equal_str(name, "pin-value"))
		return vt_error_set(err, VT_EARG, "RFC 7512, 7",
		    "a PIN does not belong into an argument, where others see "
		    "it: leave pin-value out and give the PIN by --passphrase "
		    "tty:, file:, fd: or env:");
	for (i = 0; i < NQUERY; i++) {
		if (!vt_bytes_equal_str(name, query_attrs[i].name))
			continue;
		to = field(uri, &query_attrs[i]);
		if (*to != NULL)
			return vt_error_set(err, VT_EARG, CLAUSE,
			    "the attribute %s is there a second time",
			    query_attrs[i].name);
		rc = text_value(query_attrs[i].name, value, to, err);
		if (rc == VT_OK && to == &uri->module_path && **to != '/')
			rc = vt_error_set(err, VT_EARG, CLAUSE,
			    "module-path is not a path from / on");
		return rc;
	}
	return VT_OK; /* a vendor's */
}

typedef int attr_fn(struct vt_key_uri *uri, struct vt_bytes name,
    const struct vt_buf *value, struct vt_error *err);

/* The attributes of TEXT, parted by SEP. */
static int
attrs(struct vt_bytes text, int sep, const char *chars, attr_fn *fn,
    struct vt_key_uri *uri, struct vt_error *err)
{
	const char stop[2] = { (char)sep, '\0' };
	struct vt_bytes one, name;
	struct vt_buf value;
	size_t at = 0, eq, i;
	int rc = VT_OK;

	vt_buf_init(&value, VT_KEY_URI_MAX);
	while (rc == VT_OK && at <= text.len && text.len > 0) {
		one = vt_bytes_slice(text, at,
		    vt_bytes_find(text, at, stop) == SIZE_MAX
			? text.len - at
			: vt_bytes_find(text, at, stop) - at);
		at += one.len + 1;
		eq = vt_bytes_find(one, 0, "=");
		if (eq == SIZE_MAX || eq == 0) {
			rc = vt_error_set(err, VT_EARG, CLAUSE,
			    "\"%.*s\" is not NAME=VALUE", (int)one.len,
			    (const char *)one.data);
			break;
		}
		name = vt_bytes_slice(one, 0, eq);
		for (i = 0; i < name.len && rc == VT_OK; i++)
			if (!allowed(name.data[i], "-_"))
				rc = vt_error_set(err, VT_EARG, CLAUSE,
				    "\"%.*s\" is not the name of an attribute",
				    (int)name.len, (const char *)name.data);
		if (rc == VT_OK)
			rc = decode(vt_bytes_slice(one, eq + 1, one.len), chars,
			    &value, err);
		if (rc == VT_OK)
			rc = fn(uri, name, &value, err);
	}
	vt_buf_release(&value);
	return rc;
}

int
vt_key_uri_parse(const char *text, struct vt_key_uri *ret, struct vt_error *err)
{
	struct vt_key_uri uri = { 0 };
	struct vt_bytes all, path;
	size_t query;
	int rc;

	if (strlen(text) > VT_KEY_URI_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the URI is longer than %d bytes", VT_KEY_URI_MAX);
	if (strncasecmp(text, SCHEME, strlen(SCHEME)) != 0)
		return vt_error_set(err, VT_EARG, "RFC 7512, 2.3",
		    "a token is named by a URI that starts with pkcs11: "
		    "(vanthu token list shows those of the tokens here)");
	all = vt_bytes_str(text + strlen(SCHEME));
	query = vt_bytes_find(all, 0, "?");
	path = vt_bytes_slice(all, 0, query);
	rc = attrs(path, ';', PATH_CHARS, path_attr, &uri, err);
	if (rc == VT_OK && query != SIZE_MAX)
		rc = attrs(vt_bytes_slice(all, query + 1, all.len), '&',
		    QUERY_CHARS, query_attr, &uri, err);
	if (rc == VT_OK)
		*ret = uri;
	else
		vt_key_uri_release(&uri);
	return rc;
}

int
vt_key_uri_put(struct vt_buf *out, const char *name, struct vt_bytes value)
{
	size_t i;
	int rc;

	rc = vt_buf_printf(out, "%s=", name);
	for (i = 0; i < value.len && rc == VT_OK; i++)
		rc = allowed(value.data[i], UNRESERVED)
			 ? vt_buf_putc(out, value.data[i])
			 : vt_buf_printf(out, "%%%02X", value.data[i]);
	return rc;
}
