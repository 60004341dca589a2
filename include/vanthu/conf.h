/* conf.h - an office's vanthu.conf, read strictly and written once */
#ifndef VANTHU_CONF_H
#define VANTHU_CONF_H

#include <stdbool.h>
#include <stddef.h>

struct vt_error;

#define VT_CONF_NAME "vanthu.conf" /* in the office's folder */
#define VT_CONF_MAX (64u * 1024)   /* bytes of a file */
#define VT_CONF_LINE_MAX 1000      /* bytes of a line, "key = value" */

/*
 * The settings, each of them known here:
 *
 *	[office]    organ_id	the agency's id (needed)
 *		    name	its name (needed)
 *		    language	vi or en
 *		    place	where it issues documents
 *		    agency_cert	the agency's certificate, a path from the
 *				office's folder on
 *		    holidays	dates on which nobody works, with spaces between
 *		    workdays	dates on which they do, though on a weekend
 *	[transport] url		how documents travel; see transport.h
 *		    system_id	the account there: organ_id unless said
 *		    secret	its secret, a file; paths are as agency_cert's
 *		    ca		roots of the server, a file
 *		    cert	our certificate for it, a file
 *		    key		its key, a file: in cert unless said
 *		    known_hosts	keys of servers of SSH, a file
 *		    timeout	seconds in which nothing moves: 30 unless said
 *		    hash_file	padded (unless said) or unpadded
 *		    get		base64 (unless said) or raw
 *		    inner	"spool:DIR" for offices of one organisation
 *		    members	their ids, with spaces between
 *	[receive]   register	auto (unless said) or ask
 *		    organisation	whether who signed must belong to the
 *				sender: auto (unless said; hold, once there is a
 *				directory), hold, refuse or ignore
 *		    unsigned	hold (unless said), refuse or register
 *		    invalid	hold (unless said) or refuse
 *	[sign]      tsa		URL of the time-stamping authority
 *		    level	of signatures: B (unless said), T, LT or LTA
 *		    unattended	whether the agency's key signs where nobody is
 *				at a terminal: no (unless said) or yes
 *	[fetch]     allow	hosts that need not be public; see http.h
 *		    proxy	"http://HOST:PORT"
 *		    ca		roots of web servers, a path as agency_cert's
 *	[token]     module	the PKCS#11 module, a path from / on
 *	[trust]     aia		whether certificates that are missing on a path
 *				are fetched: no (unless said) or yes
 */
struct vt_conf;

/*
 * Read the file PATH.  Refused with its line: a section, key or value that is
 * not known, a key twice, a needed one missing, text that is not UTF-8 or holds
 * controls, a line too long, or one that goes on in the next; a comment is a
 * line of its own.  VT_EIO; VT_EFORMAT; VT_ELIMIT; VT_ENOMEM.
 */
int vt_conf_read(const char *path, struct vt_conf **ret, struct vt_error *err);

/* The value, else what holds unless said, else NULL.  Borrowed. */
const char *vt_conf_get(const struct vt_conf *conf, const char *section,
    const char *key);

/* Making one.  VALUE NULL takes the key out.  VT_EARG: could not be read so. */
struct vt_conf *vt_conf_new(void); /* NULL: no memory */
int vt_conf_set(struct vt_conf *conf, const char *section, const char *key,
    const char *value, struct vt_error *err);
/* Write the new file PATH, whole or not at all.  VT_EARG: a needed key is
 * missing.  VT_EEXISTS; VT_EIO. */
int vt_conf_write(const struct vt_conf *conf, const char *path,
    struct vt_error *err);

void vt_conf_free(struct vt_conf *conf); /* NULL is allowed */

/*
 * The language of the office in the folder HOME ("vi"); false where there is
 * no office or its file says none.  For vt_cli_spec's language.
 */
bool vt_conf_language(const char *home, char *ret, size_t size);

#endif
