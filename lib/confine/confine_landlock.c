/* confine_landlock.c - no path can be opened (Linux 5.13 and on) */
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <linux/landlock.h>
#include <unistd.h>

#include "confine_int.h"

/*
 * The rules as the newest kernel known here takes them: an older header has
 * fewer members.  The kernel accepts members it does not know while they are 0.
 */
struct ruleset {
	uint64_t fs;     /* ABI 1 */
	uint64_t net;    /* ABI 4 */
	uint64_t scoped; /* ABI 6 */
};

/* Every right that each ABI added. */
static uint64_t
fs_rights(long abi)
{
	uint64_t bits = (1ull << 13) - 1;

	if (abi >= 2)
		bits |= 1ull << 13; /* refer */
	if (abi >= 3)
		bits |= 1ull << 14; /* truncate */
	if (abi >= 5)
		bits |= 1ull << 15; /* ioctl on devices */
	return bits;
}

bool
vt_confine_landlock(void)
{
	struct ruleset rules = { 0 };
	long abi, fd, rc;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return false;
	rules.fs = fs_rights(abi);
	if (abi >= 4)
		rules.net = 3; /* bind and connect by TCP */
	if (abi >= 6)
		rules.scoped = 3; /* abstract sockets, signals */
	fd = syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
	if (fd < 0)
		return false;
	rc = syscall(SYS_landlock_restrict_self, (int)fd, 0);
	close((int)fd);
	return rc == 0;
}
