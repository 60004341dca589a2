/* fetch.h - one object from a web server, by a program of its own */
#ifndef VANTHU_FETCH_H
#define VANTHU_FETCH_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;

/*
 * Who judges opens no socket: vanthu-fetch(1) does, which knows neither keys
 * nor documents, and obeys the office's vanthu.conf(5) on where it may go.
 */

/* Who asks.  All borrowed; zeroed, it is the default office's, in English. */
struct vt_fetch_options {
	const char *home;     /* the office's folder; NULL: the default one */
	const char *language; /* of messages, as LANGUAGE has it, or NULL */
	unsigned timeout_s;   /* for one request; 0: VT_FETCH_S */
	/*
	 * The program; NULL: the vanthu-fetch in the folder of the running
	 * program, else the installed one.
	 */
	const char *program;
};

struct vt_fetch_request {
	const char *url;
	const char *content_type; /* of BODY, for POST; NULL: GET */
	struct vt_bytes body;
	size_t max; /* bytes of the answer; 0: VT_FETCH_MAX */
};

/*
 * Run the program and read its answer, within the time and MAX, whatever it
 * does.  It inherits no descriptor, and nothing of the environment.  On VT_OK
 * RET is the caller's to release, and foreign: a server wrote it.
 *
 * The error's text begins with the URL, or as much of it as fits.  VT_ENET: a
 * retry may help; VT_EREFUSED: it does not; VT_ELIMIT: the answer is too long;
 * VT_EARG: no such content type; VT_EIO: the program cannot be run, or failed
 * by itself; VT_ENOMEM.
 */
int vt_fetch(const struct vt_fetch_options *options,
    const struct vt_fetch_request *request, struct vt_buf *ret,
    struct vt_error *err);

#endif
