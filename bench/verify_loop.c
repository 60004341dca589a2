/*
 * verify_loop.c - one file judged many times in one process, without workers:
 * what confinement costs is the difference to vanthu verify.
 *
 * verify_loop N ANCHORS CHAIN CRLS FILE; prints CPU milliseconds for one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

static double
cpu_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int
main(int argc, char *argv[])
{
	struct vt_verify_options opts = { .at = VT_TIME_NONE };
	struct vt_trust *trust = NULL;
	struct vt_report *r = NULL;
	struct vt_error err = { 0 };
	double start;
	long i, n;

	if (argc != 6 || (n = strtol(argv[1], NULL, 10)) < 1)
		return 2;
	if (vt_trust_new(&trust, &err) != VT_OK ||
	    vt_trust_load_anchors(trust, argv[2], &err) != VT_OK ||
	    vt_trust_load_chain(trust, argv[3], &err) != VT_OK ||
	    vt_trust_load_crls(trust, argv[4], &err) != VT_OK)
		goto out;
	vt_trust_warm(trust);
	opts.trust = trust;
	start = cpu_ms();
	for (i = 0; i < n; i++) {
		vt_report_free(r);
		r = NULL;
		if (vt_verify_file(argv[5], &opts, &r, &err) != VT_OK)
			goto out;
	}
	printf("%.3f %s\n", (cpu_ms() - start) / (double)n, r->reason);
out:
	if (err.code != VT_OK)
		fprintf(stderr, "verify_loop: %s\n", err.text);
	vt_report_free(r);
	vt_trust_free(trust);
	return err.code != VT_OK;
}
