/* conf.c - vanthu.conf, by inih */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "vanthu/bytes.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/text.h"

#define PIECE 190 /* bytes of a line that every build of inih takes whole */

struct key {
	const char *section, *name;
	bool needed;
	const char *words;  /* the only values, with spaces between, or NULL */
	const char *unless; /* what holds unless said, or NULL */
};

static const struct key keys[] = {
	{ "office", "organ_id", true, NULL, NULL },
	{ "office", "name", true, NULL, NULL },
	{ "office", "language", false, "vi en", NULL },
	{ "office", "place", false, NULL, NULL },
	{ "office", "agency_cert", false, NULL, NULL },
	{ "office", "holidays", false, NULL, NULL },
	{ "office", "workdays", false, NULL, NULL },
	{ "transport", "url", false, NULL, NULL },
	{ "transport", "system_id", false, NULL, NULL },
	{ "transport", "secret", false, NULL, NULL },
	{ "transport", "ca", false, NULL, NULL },
	{ "transport", "cert", false, NULL, NULL },
	{ "transport", "key", false, NULL, NULL },
	{ "transport", "known_hosts", false, NULL, NULL },
	{ "transport", "timeout", false, NULL, "30" },
	{ "transport", "hash_file", false, "padded unpadded", "padded" },
	{ "transport", "get", false, "base64 raw", "base64" },
	{ "transport", "inner", false, NULL, NULL },
	{ "transport", "members", false, NULL, NULL },
	{ "receive", "register", false, "auto ask", "auto" },
	{ "receive", "organisation", false, "auto hold refuse ignore", "auto" },
	{ "receive", "unsigned", false, "hold refuse register", "hold" },
	{ "receive", "invalid", false, "hold refuse", "hold" },
	{ "receive", "fetch", false, "yes no", "no" },
	{ "sign", "tsa", false, NULL, NULL },
	{ "sign", "level", false, "B T LT LTA", "B" },
	{ "sign", "unattended", false, "yes no", "no" },
	{ "fetch", "allow", false, NULL, NULL },
	{ "fetch", "proxy", false, NULL, NULL },
	{ "fetch", "ca", false, NULL, NULL },
	{ "token", "module", false, NULL, NULL },
	{ "trust", "aia", false, "yes no", "no" },
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))

struct vt_conf {
	char *values[NKEYS];
};

struct vt_conf *
vt_conf_new(void)
{
	return calloc(1, sizeof(struct vt_conf));
}

void
vt_conf_free(struct vt_conf *conf)
{
	size_t i;

	if (conf == NULL)
		return;
	for (i = 0; i < NKEYS; i++)
		free(conf->values[i]);
	free(conf);
}

static size_t
find_key(const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (strcmp(keys[i].section, section) == 0 &&
		    strcmp(keys[i].name, name) == 0)
			break;
	return i;
}

static bool
known_section(const char *section)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (strcmp(keys[i].section, section) == 0)
			return true;
	return false;
}

const char *
vt_conf_get(const struct vt_conf *conf, const char *section, const char *key)
{
	size_t i = find_key(section, key);

	if (i == NKEYS)
		return NULL;
	return conf->values[i] != NULL ? conf->values[i] : keys[i].unless;
}

/* true where VALUE is one of WORDS. */
static bool
one_of(const char *value, const char *words)
{
	size_t len = strlen(value);
	const char *p;

	if (len == 0 || strchr(value, ' ') != NULL)
		return false;
	for (p = words; (p = strstr(p, value)) != NULL; p += len)
		if ((p == words || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

static int
check_value(size_t i, const char *value, enum vt_code code,
    struct vt_error *err)
{
	if (value[0] == '\0')
		return vt_error_set(err, code, NULL, "%s has no value",
		    keys[i].name);
	if (keys[i].words != NULL && !one_of(value, keys[i].words))
		return vt_error_set(err, code, NULL,
		    "%s is \"%s\", not one of: %s", keys[i].name, value,
		    keys[i].words);
	return VT_OK;
}

/*
 * How much of REST inih gets at a time.  It drops the blanks around a piece,
 * and one that begins as a comment does is a comment.  0: there is no such
 * place.
 */
static size_t
piece_len(struct vt_bytes rest)
{
	size_t n = PIECE;

	if (rest.len <= PIECE)
		return rest.len;
	while (n > 0 && (strchr(" \t", rest.data[n - 1]) != NULL ||
			    strchr(" \t;#", rest.data[n]) != NULL))
		n--;
	return n;
}

/*
 * What inih would take in some other way than it is written: a line that is
 * cut, a line that goes on, a comment behind a value, a mark of byte order.
 */
static int
check_line(struct vt_bytes line, enum vt_code code, struct vt_error *err)
{
	size_t pos = 0, i;
	bool text = false;
	int32_t c;

	if (line.len > VT_CONF_LINE_MAX)
		return vt_error_set(err, code == VT_EFORMAT ? VT_ELIMIT : code,
		    NULL, "the line is longer than %d bytes", VT_CONF_LINE_MAX);
	while (pos < line.len) {
		c = vt_utf8_next(line, &pos);
		if (c < 0)
			return vt_error_set(err, code, NULL,
			    "the text is not UTF-8");
		if (c != '\t' &&
		    (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfeff))
			return vt_error_set(err, code, NULL,
			    "the line holds a control character");
		text = text || (c != ' ' && c != '\t');
	}
	if (text && (line.data[0] == ' ' || line.data[0] == '\t'))
		return vt_error_set(err, code, NULL,
		    "the line starts with a space");
	if (!text || line.data[0] == '#' || line.data[0] == ';')
		return VT_OK;
	for (i = line.len; i > 0 && line.data[i - 1] == ' ';)
		i--;
	if (line.data[0] == '[')
		return line.data[i - 1] == ']' ? VT_OK
					       : vt_error_set(err, code, NULL,
						     "something stands behind "
						     "the name of the section");
	for (i = 0; i < line.len && i < PIECE; i++)
		if (line.data[i] == '=' || line.data[i] == ':')
			break;
	if (i == line.len || i == PIECE)
		return vt_error_set(err, code, NULL,
		    "the line is neither \"[section]\" nor \"key = value\"");
	for (i = 1; i < line.len; i++)
		if (line.data[i] == ';' &&
		    (line.data[i - 1] == ' ' || line.data[i - 1] == '\t'))
			return vt_error_set(err, code, NULL,
			    "a semicolon after a space would start a comment");
	for (pos = 0; pos < line.len; pos += i)
		if ((i = piece_len(vt_bytes_slice(line, pos, line.len))) == 0)
			return vt_error_set(err, code, NULL,
			    "the line has too many spaces, \";\" or \"#\" "
			    "in a row");
	return VT_OK;
}

/* One run of inih over a file. */
struct reading {
	struct vt_conf *conf;
	struct vt_bytes rest; /* lines that inih has not seen */
	struct vt_bytes more; /* of the line that it has seen a piece of */
	bool goes_on;         /* what it sees is not the first piece */
	int line;
	int rc;
	struct vt_error err; /* the first */
};

/* The next line of the file, checked; of a comment only as much as inih takes.
 */
static int
next_line(struct reading *r, struct vt_bytes *ret)
{
	struct vt_bytes line =
	    vt_bytes_slice(r->rest, 0, vt_bytes_find(r->rest, 0, "\n"));
	int rc;

	r->line++;
	r->rest = vt_bytes_slice(r->rest, line.len + 1, r->rest.len);
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	if ((rc = check_line(line, VT_EFORMAT, &r->err)) != VT_OK)
		return rc;
	if (line.len > 0 && strchr(" \t;#[", line.data[0]) != NULL)
		line = vt_bytes_slice(line, 0, PIECE);
	*ret = line;
	return VT_OK;
}

/*
 * The next piece for inih, as fgets() would give it.  A longer line is handed
 * over as inih knows lines that go on: with a blank before each further piece.
 */
static char *
next_piece(char *out, int size, void *stream)
{
	struct reading *r = stream;
	size_t len;

	r->goes_on = r->more.len > 0;
	if (!r->goes_on) {
		if (r->rest.len == 0 || r->rc != VT_OK)
			return NULL;
		if ((r->rc = next_line(r, &r->more)) != VT_OK)
			return NULL;
	}
	len = piece_len(r->more);
	snprintf(out, (size_t)size, "%s%.*s\n", r->goes_on ? " " : "", (int)len,
	    (const char *)r->more.data);
	r->more = vt_bytes_slice(r->more, len, r->more.len);
	return out;
}

/* What follows of the value whose first piece was taken. */
static int
take_more(struct reading *r, size_t i, const char *value)
{
	size_t len = strlen(r->conf->values[i]), more = strlen(value);
	char *all = realloc(r->conf->values[i], len + more + 1);

	if (all == NULL)
		return vt_error_nomem(&r->err);
	memcpy(all + len, value, more + 1);
	r->conf->values[i] = all;
	return check_value(i, all, VT_EFORMAT, &r->err);
}

static int
take_value(struct reading *r, const char *section, const char *name,
    const char *value)
{
	size_t i = find_key(section, name);

	if (i == NKEYS) {
		if (section[0] == '\0')
			return vt_error_set(&r->err, VT_EFORMAT, NULL,
			    "%s stands before the first section", name);
		if (!known_section(section))
			return vt_error_set(&r->err, VT_EFORMAT, NULL,
			    "there is no section [%s]", section);
		return vt_error_set(&r->err, VT_EFORMAT, NULL,
		    "there is no key %s in section [%s]", name, section);
	}
	if (r->goes_on)
		return take_more(r, i, value);
	if (r->conf->values[i] != NULL)
		return vt_error_set(&r->err, VT_EFORMAT, NULL,
		    "%s is there a second time", name);
	if (check_value(i, value, VT_EFORMAT, &r->err) != VT_OK)
		return VT_EFORMAT;
	if ((r->conf->values[i] = strdup(value)) == NULL)
		return vt_error_nomem(&r->err);
	return VT_OK;
}

static int
on_value(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;

	if (r->rc == VT_OK)
		r->rc =
		    take_value(r, section, name, value != NULL ? value : "");
	return r->rc == VT_OK;
}

static int
read_text(struct reading *r, const char *path, struct vt_error *err)
{
	char where[VT_TEXT_MAX];
	int bad = ini_parse_stream(next_piece, r, on_value, r);

	if (r->rc == VT_OK && bad < 0)
		return vt_error_nomem(err);
	if (r->rc == VT_OK && bad == 0)
		return VT_OK;
	if (r->rc == VT_OK)
		r->rc = vt_error_set(&r->err, VT_EFORMAT, NULL,
		    "the file is not as vanthu.conf(5) says");
	snprintf(where, sizeof(where), "%s:%d", path, r->line);
	vt_error_set(err, r->err.code, NULL, "%s", r->err.text);
	vt_error_prefix(err, where);
	return r->rc;
}

static int
check_needed(const struct vt_conf *conf, const char *path, enum vt_code code,
    struct vt_error *err)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (keys[i].needed && conf->values[i] == NULL)
			return vt_error_set(err, code, NULL,
			    "%s: %s is missing in section [%s]", path,
			    keys[i].name, keys[i].section);
	return VT_OK;
}

int
vt_conf_read(const char *path, struct vt_conf **ret, struct vt_error *err)
{
	struct reading r = { .conf = vt_conf_new() };
	struct vt_buf buf;
	int rc;

	if (r.conf == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_file_read(path, VT_CONF_MAX, &buf, err)) != VT_OK) {
		vt_conf_free(r.conf);
		return rc;
	}
	r.rest = vt_buf_bytes(&buf);
	rc = read_text(&r, path, err);
	if (rc == VT_OK)
		rc = check_needed(r.conf, path, VT_EFORMAT, err);
	vt_buf_release(&buf);
	if (rc == VT_OK)
		*ret = r.conf;
	else
		vt_conf_free(r.conf);
	return rc;
}

int
vt_conf_set(struct vt_conf *conf, const char *section, const char *key,
    const char *value, struct vt_error *err)
{
	size_t i = find_key(section, key), len;
	struct vt_buf line;
	char *copy = NULL;
	int rc;

	if (i == NKEYS)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no key %s in section [%s]", key, section);
	if (value != NULL) {
		if ((rc = check_value(i, value, VT_EARG, err)) != VT_OK)
			return rc;
		len = strlen(value);
		if (value[0] == ' ' || value[0] == '\t' ||
		    value[len - 1] == ' ' || value[len - 1] == '\t')
			return vt_error_set(err, VT_EARG, NULL,
			    "%s starts or ends with a space", key);
		vt_buf_init(&line, VT_CONF_MAX);
		if (vt_buf_printf(&line, "%s = %s", key, value) != VT_OK)
			rc = vt_error_nomem(err);
		else
			rc = check_line(vt_buf_bytes(&line), VT_EARG, err);
		vt_buf_release(&line);
		vt_error_prefix(err, key);
		if (rc != VT_OK)
			return rc;
		if ((copy = strdup(value)) == NULL)
			return vt_error_nomem(err);
	}
	free(conf->values[i]);
	conf->values[i] = copy;
	return VT_OK;
}

int
vt_conf_write(const struct vt_conf *conf, const char *path,
    struct vt_error *err)
{
	const char *section = "";
	struct vt_buf text;
	size_t i;
	int rc;

	if ((rc = check_needed(conf, path, VT_EARG, err)) != VT_OK)
		return rc;
	vt_buf_init(&text, VT_CONF_MAX);
	rc = vt_buf_puts(&text, "# see vanthu.conf(5)\n");
	for (i = 0; rc == VT_OK && i < NKEYS; i++) {
		if (conf->values[i] == NULL)
			continue;
		if (strcmp(section, keys[i].section) != 0)
			rc = vt_buf_printf(&text, "\n[%s]\n", keys[i].section);
		section = keys[i].section;
		if (rc == VT_OK)
			rc = vt_buf_printf(&text, "%s = %s\n", keys[i].name,
			    conf->values[i]);
	}
	if (rc == VT_OK)
		rc = vt_file_write(path, vt_buf_bytes(&text), err);
	else
		rc = vt_error_nomem(err);
	vt_buf_release(&text);
	return rc;
}

bool
vt_conf_language(const char *home, char *ret, size_t size)
{
	char *path = vt_path_join(home, VT_CONF_NAME);
	struct vt_conf *conf = NULL;
	const char *language = NULL;

	if (path != NULL && vt_conf_read(path, &conf, NULL) == VT_OK)
		language = vt_conf_get(conf, "office", "language");
	if (language != NULL)
		snprintf(ret, size, "%s", language);
	vt_conf_free(conf);
	free(path);
	return language != NULL;
}
