/* record_organ.c - names of agencies, compared softly */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"

#define KEY_MAX 8192 /* bytes */

static const struct {
	const char *word, *means;
} abbreviations[] = {
	{ "hdnd", "hoi dong nhan dan" },
	{ "ubnd", "uy ban nhan dan" },
	{ "ubmttq", "uy ban mat tran to quoc" },
	{ "tp", "thanh pho" },
	{ "tx", "thi xa" },
	{ "tt", "thi tran" },
};

static int
put_word(struct vt_buf *key, const char *word, size_t len)
{
	size_t i, n = sizeof(abbreviations) / sizeof(abbreviations[0]);
	int rc = key->len > 0 ? vt_buf_putc(key, ' ') : VT_OK;

	for (i = 0; i < n; i++)
		if (strlen(abbreviations[i].word) == len &&
		    memcmp(abbreviations[i].word, word, len) == 0)
			break;
	if (rc != VT_OK)
		return rc;
	return i < n ? vt_buf_puts(key, abbreviations[i].means)
		     : vt_buf_put(key, word, len);
}

/* Letters of other scripts stand as they are. */
static bool
in_word(char c)
{
	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c);
}

int
vt_record_organ_key(const char *name, char **ret, struct vt_error *err)
{
	char *folded = NULL;
	const char *p, *end;
	struct vt_buf key;
	int rc;

	if ((rc = vt_record_fold(name, &folded, err)) != VT_OK)
		return rc;
	vt_buf_init(&key, KEY_MAX);
	rc = vt_buf_puts(&key, "");
	for (p = folded; *p != '\0' && rc == VT_OK; p = end) {
		while (*p != '\0' && !in_word(*p))
			p++;
		for (end = p; in_word(*end); end++)
			;
		if (end > p)
			rc = put_word(&key, p, (size_t)(end - p));
	}
	free(folded);
	if (rc == VT_ELIMIT) /* no agency is called so */
		vt_buf_reset(&key);
	else if (rc != VT_OK) {
		vt_buf_release(&key);
		return vt_error_nomem(err);
	}
	*ret = strdup(vt_buf_str(&key));
	vt_buf_release(&key);
	return *ret != NULL ? VT_OK : vt_error_nomem(err);
}
