/* tools.h - the programs vanthu-TOOL that lie beside this one */
#ifndef VANTHU_TOOLS_H
#define VANTHU_TOOLS_H

#include "vanthu/bytes.h"

struct vt_error;

/* The folder of this program, for free().  VT_EIO. */
int tools_dir(char **ret, struct vt_error *err);
/* The names of the tools in DIR, without "vanthu-", in order.  VT_EIO. */
int tools_find(const char *dir, struct vt_list *ret, struct vt_error *err);
/* What tool NAME in DIR says of itself in one line; "" where it does not. */
void tools_summary(const char *dir, const char *name, struct vt_buf *ret);
/* The completion of `vanthu` itself; each tool has its own beside it. */
void tools_complete(void);

#endif
