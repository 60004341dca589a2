/* objects_int.h - inside objects */
#ifndef VANTHU_OBJECTS_INT_H
#define VANTHU_OBJECTS_INT_H

#define VT_OBJECTS_FOLDER 2 /* digits that name the folder: "ab/cdef..." */

struct vt_objects {
	char *dir;
};

#endif
