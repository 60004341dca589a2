/* test_dir.h - a folder of each test's own, which is the current one */
#ifndef VANTHU_TEST_DIR_H
#define VANTHU_TEST_DIR_H

#include "test_util.h"

static char *dir;

static inline int
setup(void **state)
{
	(void)state;
	dir = test_dir_new();
	return chdir(dir);
}

static inline int
teardown(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	test_dir_free(dir);
	return 0;
}

#endif
