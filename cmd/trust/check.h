/* check.h - "trust check": one certificate judged and shown */
#ifndef CHECK_H
#define CHECK_H

struct vt_cli;
struct vt_trust;
struct vt_trust_query;

/*
 * Judge the first certificate of the file PATH as WITH says, but for what the
 * file itself gives: its other certificates help to complete the path.  Notes
 * the status.
 */
void check_file(struct vt_cli *cli, const char *path,
    const struct vt_trust *trust, const struct vt_trust_query *with);

#endif
