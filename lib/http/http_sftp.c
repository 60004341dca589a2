/* http_sftp.c - files on a server over SSH, by one handle of libcurl */
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "http_int.h"
#include "vanthu/http_sftp.h"
#include "vanthu/limits.h"
#include "vanthu/source.h"

#define SLOW 64 /* bytes a second: less is nothing */
#define FILE_MODE 0660L
#define FOLDER_MODE 0770L
#define DEFAULT_PORT 22

struct vt_sftp {
	const struct http_curl *lib;
	CURL *curl;
	char *base; /* "sftp://HOST:PORT" */
	char *user, *known_hosts, *key;
	struct vt_secret passphrase;
	unsigned connect_s, timeout_s;
	void (*idle)(void *ctx);
	void *idle_ctx;
	int64_t idle_ms; /* when it was called last */
};

/* One request. */
struct step {
	struct vt_sftp *s;
	char *url;
	struct curl_slist *commands;
	bool file;  /* it takes its time */
	bool time;  /* nothing but when it was changed */
	bool names; /* of a folder nothing else is listed */
	int64_t modified;
	struct vt_source *source;
	uint64_t sent;
	int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err);
	void *ctx;
	struct http_pace pace;
	int rc; /* of the source or the sink */
	bool slow;
	bool no; /* the server did not do the command */
	struct vt_error why;
	char said[CURL_ERROR_SIZE];
};

/* ---- the client ---- */

/* libssh's rename writes over what is there, where the server can do that. */
static int
check_libcurl(const struct http_curl *lib, struct vt_error *err)
{
	const curl_version_info_data *v = lib->version_info(CURLVERSION_NOW);
	const char *const *p = v->protocols;

	while (*p != NULL && strcmp(*p, "sftp") != 0)
		p++;
	if (*p == NULL || v->libssh_version == NULL ||
	    strncmp(v->libssh_version, "libssh2/", 8) != 0)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "libcurl has no SFTP by libssh2 here");
	return VT_OK;
}

int
vt_sftp_new(const struct vt_sftp_rules *rules, struct vt_sftp **ret,
    struct vt_error *err)
{
	const char *pass = rules->passphrase;
	const struct http_curl *lib;
	struct vt_sftp *s;
	int rc;

	if ((rc = vt_http_check_readable(rules->known_hosts, err)) != VT_OK ||
	    (rc = vt_http_check_readable(rules->key, err)) != VT_OK)
		return rc;
	if ((lib = vt_http_curl(err)) == NULL)
		return VT_EIO;
	if (lib->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return vt_error_nomem(err);
	if ((rc = check_libcurl(lib, err)) != VT_OK ||
	    (s = calloc(1, sizeof(*s))) == NULL) {
		lib->global_cleanup();
		return rc != VT_OK ? rc : (int)vt_error_nomem(err);
	}
	s->lib = lib;
	if (asprintf(&s->base, "sftp://%s:%u", rules->host,
		rules->port != 0 ? rules->port : DEFAULT_PORT) < 0)
		s->base = NULL;
	s->curl = lib->easy_init();
	s->user = strdup(rules->user);
	s->known_hosts = strdup(rules->known_hosts);
	s->key = rules->key != NULL ? strdup(rules->key) : NULL;
	rc = pass != NULL
		 ? vt_secret_set(&s->passphrase, pass, strlen(pass), err)
		 : VT_OK;
	s->connect_s = rules->connect_s;
	s->timeout_s = rules->timeout_s;
	s->idle = rules->idle;
	s->idle_ctx = rules->idle_ctx;
	if (rc != VT_OK || s->base == NULL || s->curl == NULL ||
	    s->user == NULL || s->known_hosts == NULL ||
	    (rules->key != NULL && s->key == NULL)) {
		vt_sftp_free(s);
		return vt_error_nomem(err);
	}
	*ret = s;
	return VT_OK;
}

void
vt_sftp_free(struct vt_sftp *s)
{
	if (s == NULL)
		return;
	s->lib->easy_cleanup(s->curl);
	free(s->base);
	free(s->user);
	free(s->known_hosts);
	free(s->key);
	vt_secret_release(&s->passphrase);
	s->lib->global_cleanup();
	free(s);
}

/* ---- what libcurl calls ---- */

static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)ctx;
	if (purpose != CURLSOCKTYPE_IPCXN ||
	    vt_http_address(&address->addr) == HTTP_NOBODY)
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* A key that is not known is never taken, nor added to those that are. */
static int
on_key(CURL *curl, const struct curl_khkey *known,
    const struct curl_khkey *found, enum curl_khmatch match, void *ctx)
{
	(void)curl;
	(void)known;
	(void)found;
	(void)ctx;
	return match == CURLKHMATCH_OK ? CURLKHSTAT_FINE : CURLKHSTAT_REJECT;
}

static size_t
on_content(char *data, size_t size, size_t n, void *ctx)
{
	struct step *x = ctx;
	size_t len = size * n;

	if (x->sink != NULL)
		x->rc = x->sink(x->ctx, VT_BYTES(data, len), &x->why);
	return x->rc == VT_OK ? len : CURL_WRITEFUNC_ERROR;
}

static size_t
on_body(char *out, size_t size, size_t n, void *ctx)
{
	struct step *x = ctx;
	uint64_t left = vt_source_size(x->source) - x->sent;
	size_t room = size * n;

	room = room < left ? room : (size_t)left;
	x->rc = vt_source_read(x->source, x->sent, out, room, &x->why);
	if (x->rc != VT_OK)
		return CURL_READFUNC_ABORT;
	x->sent += room;
	return room;
}

static int
on_progress(void *ctx, curl_off_t to_get, curl_off_t got, curl_off_t to_put,
    curl_off_t put)
{
	struct step *x = ctx;
	struct vt_sftp *s = x->s;
	int64_t now = vt_http_now_ms();

	(void)to_get;
	(void)to_put;
	/* silence is libcurl's to see: what is said at logging in moves, too */
	x->slow = vt_http_pace_look(&x->pace, (uint64_t)(got + put), now) ==
		  HTTP_SLOW;
	if (!x->slow && s->idle != NULL && now - s->idle_ms >= HTTP_IDLE_MS) {
		s->idle(s->idle_ctx);
		s->idle_ms = vt_http_now_ms();
		vt_http_pace_waive(&x->pace, s->idle_ms);
	}
	return x->slow;
}

/* A connection that was kept may be gone: the file is sent once more. */
static int
on_seek(void *ctx, curl_off_t offset, int origin)
{
	struct step *x = ctx;

	if (origin != SEEK_SET || offset < 0 ||
	    (uint64_t)offset > vt_source_size(x->source))
		return CURL_SEEKFUNC_FAIL;
	x->sent = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

/* ---- one request ---- */

#define SET(option, value)                                                     \
	(code = code == CURLE_OK                                               \
		    ? x->s->lib->easy_setopt(x->s->curl, option, value)        \
		    : code)

static CURLcode
set_login(struct step *x)
{
	const struct vt_sftp *s = x->s;
	CURLcode code = CURLE_OK;

	SET(CURLOPT_USERNAME, s->user);
	SET(CURLOPT_SSH_KNOWNHOSTS, s->known_hosts);
	SET(CURLOPT_SSH_KEYFUNCTION, on_key);
	if (s->key != NULL) {
		SET(CURLOPT_SSH_AUTH_TYPES, (long)CURLSSH_AUTH_PUBLICKEY);
		SET(CURLOPT_SSH_PRIVATE_KEYFILE, s->key);
		SET(CURLOPT_KEYPASSWD,
		    s->passphrase.data != NULL ? s->passphrase.data : "");
	} else
		SET(CURLOPT_SSH_AUTH_TYPES, (long)CURLSSH_AUTH_AGENT);
	return code;
}

static CURLcode
set_all(struct step *x)
{
	const struct vt_sftp *s = x->s;
	CURLcode code = CURLE_OK;

	SET(CURLOPT_PROTOCOLS_STR, "sftp");
	SET(CURLOPT_URL, x->url);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_ERRORBUFFER, x->said);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(CURLOPT_CONNECTTIMEOUT, (long)s->connect_s);
	SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)s->timeout_s);
	SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW);
	SET(CURLOPT_LOW_SPEED_TIME, (long)s->timeout_s);
	SET(CURLOPT_TIMEOUT,
	    (long)(x->file ? VT_HTTP_FILE_S : VT_HTTP_PATIENCE * s->timeout_s));
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_XFERINFODATA, x);
	SET(CURLOPT_WRITEFUNCTION, on_content);
	SET(CURLOPT_WRITEDATA, x);
	if (x->source != NULL) {
		SET(CURLOPT_UPLOAD, 1L);
		SET(CURLOPT_INFILESIZE_LARGE,
		    (curl_off_t)vt_source_size(x->source));
		SET(CURLOPT_READFUNCTION, on_body);
		SET(CURLOPT_READDATA, x);
		SET(CURLOPT_SEEKFUNCTION, on_seek);
		SET(CURLOPT_SEEKDATA, x);
		SET(CURLOPT_FTP_CREATE_MISSING_DIRS, 1L);
		SET(CURLOPT_NEW_FILE_PERMS, FILE_MODE);
		SET(CURLOPT_NEW_DIRECTORY_PERMS, FOLDER_MODE);
	}
	if (x->commands != NULL) {
		SET(CURLOPT_QUOTE, x->commands);
		SET(CURLOPT_NOBODY, 1L);
		SET(CURLOPT_NEW_DIRECTORY_PERMS, FOLDER_MODE);
	} else if (x->time) {
		SET(CURLOPT_FILETIME, 1L);
		SET(CURLOPT_NOBODY, 1L);
	} else if (x->names)
		SET(CURLOPT_DIRLISTONLY, 1L);
	return code == CURLE_OK ? set_login(x) : code;
}

static int
by_code(struct step *x, CURLcode code, struct vt_error *err)
{
	const char *said =
	    x->said[0] != '\0' ? x->said : x->s->lib->easy_strerror(code);

	if (x->rc != VT_OK)
		return vt_error_set(err, (enum vt_code)x->rc, x->why.clause,
		    "%s", x->why.text);
	if (x->slow)
		return vt_http_pace_error(&x->pace, HTTP_SLOW, err);
	x->no = code == CURLE_QUOTE_ERROR;
	switch (code) {
	case CURLE_REMOTE_FILE_NOT_FOUND:
		return VT_ENOTFOUND;
	case CURLE_LOGIN_DENIED:
		return vt_error_set(err, VT_EKEY, NULL,
		    "the server does not take our key: %s", said);
	case CURLE_REMOTE_ACCESS_DENIED:
	case CURLE_QUOTE_ERROR:
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the server does not let us: %s", said);
	default:
		return vt_http_code_error(x->s->lib, code, said, false, err);
	}
}

static int
perform(struct step *x, struct vt_error *err)
{
	const struct http_curl *lib = x->s->lib;
	CURLcode code;
	int rc;

	vt_http_pace_start(&x->pace, x->s->timeout_s, vt_http_now_ms());
	lib->easy_reset(x->s->curl); /* the connections stay */
	if (x->url == NULL || set_all(x) != CURLE_OK)
		rc = vt_error_nomem(err);
	else if ((code = lib->easy_perform(x->s->curl)) != CURLE_OK)
		rc = by_code(x, code, err);
	else {
		curl_off_t t = -1;

		rc = VT_OK;
		if (lib->easy_getinfo(x->s->curl, CURLINFO_FILETIME_T, &t) ==
		    CURLE_OK)
			x->modified = t;
	}
	/* the handle must not look at what ends here */
	lib->easy_reset(x->s->curl);
	lib->slist_free_all(x->commands);
	free(x->url);
	return rc;
}

static int
check_path(const char *path, struct vt_error *err)
{
	size_t i;

	for (i = 0; path[i] != '\0'; i++)
		if ((unsigned char)path[i] < ' ' || path[i] == 0x7f ||
		    path[i] == '"' || path[i] == '\\' || path[i] == '\'')
			return vt_error_set(err, VT_EARG, NULL,
			    "a path that cannot be asked for");
	return VT_OK;
}

/* BASE and PATH, which goes from "/" on; NULL: no memory. */
static char *
url_of(const struct vt_sftp *s, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/";
	static const char digits[] = "0123456789ABCDEF";
	size_t len = strlen(s->base);
	char *url = malloc(len + 3 * strlen(path) + 1), *out = url + len;

	if (url == NULL)
		return NULL;
	memcpy(url, s->base, len);
	for (; *path != '\0'; path++)
		if (strchr(plain, *path) != NULL)
			*out++ = *path;
		else {
			*out++ = '%';
			*out++ = digits[(unsigned char)*path >> 4];
			*out++ = digits[(unsigned char)*path & 15];
		}
	*out = '\0';
	return url;
}

static int
list(struct step *x, const char *path, struct vt_error *err)
{
	char *folder = NULL;
	int rc;

	if ((rc = check_path(path, err)) != VT_OK)
		return rc;
	if (asprintf(&folder, "%s/", path) < 0)
		return vt_error_nomem(err);
	x->url = url_of(x->s, folder);
	free(folder);
	return perform(x, err);
}

int
vt_sftp_list(struct vt_sftp *s, const char *path,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct step x = { .s = s, .sink = sink, .ctx = ctx, .names = true };

	return list(&x, path, err);
}

int
vt_sftp_list_long(struct vt_sftp *s, const char *path,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct step x = { .s = s, .sink = sink, .ctx = ctx };

	return list(&x, path, err);
}

int
vt_sftp_get(struct vt_sftp *s, const char *path,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct step x = { .s = s, .sink = sink, .ctx = ctx, .file = true };
	int rc;

	if ((rc = check_path(path, err)) != VT_OK)
		return rc;
	x.url = url_of(s, path);
	return perform(&x, err);
}

int
vt_sftp_modified(struct vt_sftp *s, const char *path, int64_t *ret,
    struct vt_error *err)
{
	struct step x = { .s = s, .time = true, .modified = -1 };
	int rc;

	if ((rc = check_path(path, err)) != VT_OK)
		return rc;
	x.url = url_of(s, path);
	if ((rc = perform(&x, err)) != VT_OK)
		return rc;
	if (x.modified < 0)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the server does not say when a file was changed");
	*ret = x.modified;
	return VT_OK;
}

int
vt_sftp_put(struct vt_sftp *s, const char *path, struct vt_source *source,
    struct vt_error *err)
{
	struct step x = { .s = s, .source = source, .file = true };
	int rc;

	if ((rc = check_path(path, err)) != VT_OK)
		return rc;
	x.url = url_of(s, path);
	return perform(&x, err);
}

/* NAME "FROM" and, where that is not NULL, "TO".  *RET_NO: not done. */
static int
command(struct vt_sftp *s, const char *name, const char *from, const char *to,
    bool *ret_no, struct vt_error *err)
{
	struct step x = { .s = s };
	char *line = NULL;
	int rc, n;

	*ret_no = false;

	if ((rc = check_path(from, err)) != VT_OK ||
	    (to != NULL && (rc = check_path(to, err)) != VT_OK))
		return rc;
	n = to != NULL ? asprintf(&line, "%s \"%s\" \"%s\"", name, from, to)
		       : asprintf(&line, "%s \"%s\"", name, from);
	if (n < 0 || (x.commands = s->lib->slist_append(NULL, line)) == NULL)
		rc = vt_error_nomem(err);
	free(n < 0 ? NULL : line);
	if (rc != VT_OK)
		return rc;
	x.url = url_of(s, "/");
	rc = perform(&x, err);
	*ret_no = x.no;
	return rc;
}

int
vt_sftp_rename(struct vt_sftp *s, const char *from, const char *to,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	bool no;
	int rc = command(s, "rename", from, to, &no, &why);

	if (no)
		return VT_EEXISTS;
	return rc == VT_OK ? VT_OK
			   : (int)vt_error_set(err, (enum vt_code)rc,
				 why.clause, "%s", why.text);
}

int
vt_sftp_remove(struct vt_sftp *s, const char *path, struct vt_error *err)
{
	bool no;

	return command(s, "rm", path, NULL, &no, err);
}

int
vt_sftp_folder(struct vt_sftp *s, const char *path, struct vt_error *err)
{
	bool no;

	return command(s, "mkdir", path, NULL, &no, err);
}
