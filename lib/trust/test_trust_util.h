/* test_trust_util.h - one tree for each test, whose root's list is known */
#ifndef VT_TEST_TRUST_UTIL_H
#define VT_TEST_TRUST_UTIL_H

#include "test_pki.h"

#define KEY_COMPROMISE 1
#define HOLD 6 /* certificateHold */

static struct pki p;

static inline int
setup(void **state)
{
	(void)state;
	pki_init(&p);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root, .from = T0, .until = T1 });
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	pki_release(&p);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
