/* update.h - "trust update": the lists that the store's certificates name */
#ifndef UPDATE_H
#define UPDATE_H

struct vt_cli;

/*
 * Fetch what the certificates of the store DIR name, under the rules of the
 * office.  Shows what became of each address; notes the status.
 */
void update_store(struct vt_cli *cli, const char *dir);

#endif
