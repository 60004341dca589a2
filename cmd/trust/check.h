/* check.h - "trust check": one certificate judged and shown */
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>

struct vt_cli;
struct vt_trust;

/*
 * Judge the first certificate of the file PATH at AT; others in it help to
 * complete its path.  Notes the status.
 */
void check_file(struct vt_cli *cli, const char *path,
    const struct vt_trust *trust, int64_t at);

#endif
