/* axis.h - what the parts of vanthu-axis share */
#ifndef CMD_AXIS_H
#define CMD_AXIS_H

#include <stdbool.h>
#include <stdint.h>

#include "vanthu/time.h"

struct vt_cli;

/* What stands on the command line. */
struct options {
	const char *name, *secret, *code102, *parent, *mail;
	int64_t quota;

	struct vt_date before;
	bool yes;

	const char *listen, *tls_cert, *tls_key;
	bool loopback_http;
	int64_t max_size, connections, per_address;
};

void axis_agency(struct vt_cli *cli, const struct options *o);
void axis_list(struct vt_cli *cli);
void axis_prune(struct vt_cli *cli, const struct options *o);
void axis_serve(struct vt_cli *cli, const struct options *o);

#endif
