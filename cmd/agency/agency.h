/* agency.h - inside vanthu-agency */
#ifndef VANTHU_AGENCY_H
#define VANTHU_AGENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "vanthu/bytes.h"

struct vt_cli;
struct vt_office;

struct options {
	bool partial, shrink, all;
	const char *which; /* list of the axis */
	int64_t limit;
	struct vt_list add, remove;
};

/* change.c: what changes the directory */
void agency_import(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts);
void agency_refresh(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts);
void agency_alias(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts);
void agency_group(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts);

/* show.c: what is in it */
void agency_list(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts);
void agency_show(struct vt_cli *cli, struct vt_office *o);
void agency_groups(struct vt_cli *cli, struct vt_office *o);
void agency_group_show(struct vt_cli *cli, struct vt_office *o,
    const char *group, bool changed);

#endif
