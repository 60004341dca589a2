/* office_stamper.h - a time-stamping authority, reached by vanthu-fetch */
#ifndef VANTHU_OFFICE_STAMPER_H
#define VANTHU_OFFICE_STAMPER_H

#include "vanthu/sign.h"         /* enum vt_level */
#include "vanthu/verify_fetch.h" /* vt_fetcher_tell_fn */

struct vt_stamper;

#define VT_STAMPER_TRIES 3   /* of one request */
#define VT_STAMPER_S 15      /* seconds that each may take */
#define VT_STAMPER_PAUSE_S 1 /* before the second; then thrice as long */

/* What an office's vanthu.conf says of signing; zeroed it is none. */
struct vt_office_signing {
	char *tsa; /* URL of the authority, or NULL; owned */
	enum vt_level level;
};

/*
 * Read them from the office in the folder HOME; where there is no vanthu.conf
 * that can be opened, there are none.  VT_EFORMAT, VT_ELIMIT: the settings
 * cannot be read as such; VT_ENOMEM; VT_EIO.
 */
int vt_office_signing_read(const char *home, struct vt_office_signing *ret,
    struct vt_error *err);
void vt_office_signing_release(struct vt_office_signing *s);

/*
 * The authority at URL, under the rules of the office in HOME (RFC 3161, 3.4).
 * What may pass by itself (VT_ENET) is tried VT_STAMPER_TRIES times, with
 * growing pauses; TELL (may be NULL) is told of each failure that is tried
 * again.  *RET is for vt_stamper_free().  VT_ENOMEM.
 */
int vt_office_stamper(const char *home, const char *language, const char *url,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_stamper **ret,
    struct vt_error *err);

/*
 * What signing above level B needs, for one run of a program: an authority, and
 * a way to fetch what LT embeds.
 */
struct vt_office_stamping {
	struct vt_stamper *stamper;
	struct vt_stamping *stamping; /* NULL: no authority is named */
	struct vt_fetcher *fetcher;   /* NULL: offline */
	bool aia;
};

/*
 * TSA: its URL, or NULL: none.  OFFLINE: nothing else is fetched.  TRUST is
 * borrowed as long as *RET is used.  Errors as the parts'.
 */
int vt_office_stamping_open(const char *home, const char *language,
    const char *tsa, bool offline, const struct vt_trust *trust,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_office_stamping *ret,
    struct vt_error *err);
void vt_office_stamping_close(struct vt_office_stamping *s);

#endif
