/* test_office_post.h - messages that A wrote, to be delivered in any order */
#ifndef TEST_OFFICE_POST_H
#define TEST_OFFICE_POST_H

#include "test_office_mail.h"

#include "vanthu/office_change.h"

#define POST_MAX 8 /* messages */

struct post {
	struct vt_buf bytes[POST_MAX];
	size_t n;
};

static inline int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Take what waits for B out of its folder, in the order of sending. */
static inline void
collect(const struct world *w, struct post *post)
{
	char *dir = in(w->dir, "axis/" B), *names[POST_MAX], *path;
	struct dirent *e;
	size_t n = 0, i;
	DIR *d = opendir(dir);

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (strstr(e->d_name, ".edxml") != NULL) {
			assert_true(n < POST_MAX);
			assert_non_null(names[n++] = strdup(e->d_name));
		}
	closedir(d);
	qsort(names, n, sizeof(*names), compare_names);
	for (i = 0; i < n; i++) {
		path = in(dir, names[i]);
		assert_true(post->n < POST_MAX);
		test_read(path, &post->bytes[post->n++]);
		assert_int_equal(unlink(path), 0);
		free(path);
		free(names[i]);
	}
	free(dir);
}

static inline void
post_release(struct post *post)
{
	size_t i;

	for (i = 0; i < post->n; i++)
		vt_buf_release(&post->bytes[i]);
}

/* One message comes to O; what became of it is added to GOT. */
static inline void
come(const struct world *w, struct vt_office *o, const struct post *post,
    size_t i, struct got *got)
{
	struct vt_error err = { 0 };

	drop(w, B, "m", vt_buf_bytes(&post->bytes[i]));
	assert_vt_ok(vt_office_receive(o, 0, note, got, NULL, &err), &err);
}

static inline void
update_with(struct world *w, int64_t id, const char *name, const char *text,
    const char *reason)
{
	struct vt_error err = { 0 };
	struct vt_list files = { 0 };
	const struct vt_office_update what = { .files = &files };
	char *path = in(w->dir, name);

	assert_vt_ok(vt_file_write(path, vt_bytes_str(text), &err), &err);
	assert_vt_ok(vt_list_add(&files, path, &err), &err);
	assert_vt_ok(vt_office_update(w->a, id, &what, reason, NULL, &err),
	    &err);
	assert_int_equal(unlink(path), 0);
	vt_list_release(&files);
	free(path);
}

#endif
