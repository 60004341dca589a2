/* tsp_stamper.c - whoever reaches an authority */
#include <stdlib.h>

#include "vanthu/error.h"
#include "vanthu/stamper.h"

int
vt_stamper_new(const struct vt_stamper_ops *ops, void *ctx,
    struct vt_stamper **ret, struct vt_error *err)
{
	struct vt_stamper *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return vt_error_nomem(err);
	s->ops = ops;
	s->ctx = ctx;
	*ret = s;
	return VT_OK;
}

void
vt_stamper_free(struct vt_stamper *stamper)
{
	if (stamper == NULL)
		return;
	if (stamper->ops->free != NULL)
		stamper->ops->free(stamper->ctx);
	free(stamper);
}
