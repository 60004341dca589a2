/* vxp_sign.c - the signed text of a call: made, checked, read */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/text.h"
#include "vanthu/vxp.h"

int
vt_vxp_hmac(struct vt_bytes secret, struct vt_bytes text,
    char out[VT_SHA256_HEX], struct vt_error *err)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (secret.len > VT_VXP_SECRET_MAX ||
	    HMAC(EVP_sha256(), secret.data, (int)secret.len, text.data,
		text.len, mac, &len) == NULL ||
	    len != VT_SHA256_LEN)
		return vt_error_set(err, VT_ECRYPTO, NULL,
		    "no HMAC-SHA256 can be made");
	vt_hex(VT_BYTES(mac, len), out);
	return VT_OK;
}

int
vt_vxp_hmac_check(struct vt_bytes secret, struct vt_bytes text, const char *hex,
    bool *ret, struct vt_error *err)
{
	char right[VT_SHA256_HEX], given[VT_SHA256_HEX] = "";
	size_t i;
	int rc;

	if ((rc = vt_vxp_hmac(secret, text, right, err)) != VT_OK)
		return rc;
	for (i = 0; i < sizeof(given) - 1 && hex[i] != '\0'; i++)
		given[i] = (char)(hex[i] >= 'A' && hex[i] <= 'F' ? hex[i] + 32
								 : hex[i]);
	*ret = CRYPTO_memcmp(right, given, sizeof(right)) == 0 &&
	       strlen(hex) == sizeof(right) - 1;
	return VT_OK;
}

/* ---- making ---- */

static int
put_unit(struct vt_buf *b, unsigned unit)
{
	return vt_buf_printf(b, "\\u%04x", unit);
}

/* A JSON string of ASCII alone (RFC 8259, 7): a header holds nothing else. */
static int
put_string(struct vt_buf *b, const char *s)
{
	struct vt_bytes text = vt_bytes_str(s);
	size_t pos = 0;
	int32_t c;
	int rc = vt_buf_putc(b, '"');

	while (rc == VT_OK && pos < text.len) {
		if ((c = vt_utf8_next(text, &pos)) < 0)
			return VT_EARG;
		if (c == '"' || c == '\\') {
			rc = vt_buf_putc(b, '\\');
			if (rc == VT_OK)
				rc = vt_buf_putc(b, (int)c);
		} else if (c >= ' ' && c <= '~')
			rc = vt_buf_putc(b, (int)c);
		else if (c < 0x10000)
			rc = put_unit(b, (unsigned)c);
		else {
			c -= 0x10000;
			rc = put_unit(b, 0xd800u | (unsigned)(c >> 10));
			if (rc == VT_OK)
				rc = put_unit(b, 0xdc00u | (c & 0x3ff));
		}
	}
	return rc == VT_OK ? vt_buf_putc(b, '"') : rc;
}

static int
put_value(struct vt_buf *text, struct vt_buf *names,
    const struct vt_vxp_value *v, bool first)
{
	int rc;

	if ((rc = vt_buf_puts(text, first ? "{" : ",")) != VT_OK ||
	    (rc = vt_buf_printf(text, "\"" VT_VXP_PREFIX "%s\":", v->name)) !=
		VT_OK ||
	    (rc = put_string(text, v->value)) != VT_OK)
		return rc;
	return vt_buf_printf(names, first ? "%s" : ";%s", v->name);
}

int
vt_vxp_sign_text(const struct vt_vxp_value *values, size_t n,
    struct vt_buf *ret_text, struct vt_buf *ret_names, struct vt_error *err)
{
	struct vt_buf text, names;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&text, VT_VXP_HEADER_MAX);
	vt_buf_init(&names, VT_VXP_HEADER_MAX);
	for (i = 0; rc == VT_OK && i < n; i++)
		rc = put_value(&text, &names, &values[i], i == 0);
	if (rc == VT_OK)
		rc = vt_buf_puts(&text, n > 0 ? "}" : "{}");
	if (rc == VT_OK) {
		*ret_text = text;
		*ret_names = names;
		return VT_OK;
	}
	vt_buf_release(&text);
	vt_buf_release(&names);
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the values of the call are longer than %d bytes",
		    VT_VXP_HEADER_MAX);
	if (rc == VT_EARG)
		return vt_error_set(err, VT_EARG, NULL,
		    "a value of the call is not UTF-8");
	return vt_error_nomem(err);
}

/* ---- reading ---- */

struct vt_vxp_values {
	struct vt_json *root;
};

static const char *
short_name(const char *key)
{
	size_t len = strlen(VT_VXP_PREFIX);

	return strncasecmp(key, VT_VXP_PREFIX, len) == 0 ? key + len : NULL;
}

const char *
vt_vxp_values_get(const struct vt_vxp_values *v, const char *name)
{
	const char *key, *own, *like = NULL;
	size_t i;

	for (i = 0; (key = vt_json_key(v->root, i)) != NULL; i++) {
		if ((own = short_name(key)) == NULL ||
		    strcasecmp(own, name) != 0)
			continue;
		if (strcmp(own, name) == 0)
			return vt_json_str(vt_json_get(v->root, key));
		if (like == NULL)
			like = key;
	}
	return like != NULL ? vt_json_str(vt_json_get(v->root, like)) : NULL;
}

static bool
all_strings(const struct vt_json *root)
{
	const char *key;
	size_t i;

	for (i = 0; (key = vt_json_key(root, i)) != NULL; i++)
		if (vt_json_str(vt_json_get(root, key)) == NULL)
			return false;
	return true;
}

int
vt_vxp_values_parse(struct vt_bytes text, struct vt_vxp_values **ret,
    struct vt_error *err)
{
	struct vt_json *root = NULL;
	struct vt_vxp_values *v;
	int rc;

	if ((rc = vt_json_parse(text, &root, err)) != VT_OK)
		return rc;
	if (!vt_json_is_object(root) || !all_strings(root)) {
		vt_json_free(root);
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the signed values are no JSON object of strings");
	}
	if ((v = calloc(1, sizeof(*v))) == NULL) {
		vt_json_free(root);
		return vt_error_nomem(err);
	}
	v->root = root;
	*ret = v;
	return VT_OK;
}

void
vt_vxp_values_free(struct vt_vxp_values *v)
{
	if (v == NULL)
		return;
	vt_json_free(v->root);
	free(v);
}
