/* test_stamp_kit.h - a kit and a folder for each test */
#ifndef TEST_STAMP_KIT_H
#define TEST_STAMP_KIT_H

#include "test_stamp.h"

static struct vt_stamp_kit *kit;
static char *dir, *pdf; /* a file in it that is not there yet */

static inline int
setup(void **state)
{
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_stamp_kit_new(NULL, &kit, &err), &err);
	dir = test_dir_new();
	pdf = vt_path_join(dir, "a.pdf");
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	vt_stamp_kit_free(kit);
	test_dir_free(dir);
	free(pdf);
	return 0;
}

#endif
