/* transport_int.h - what a way between offices must be able to do */
#ifndef VANTHU_TRANSPORT_INT_H
#define VANTHU_TRANSPORT_INT_H

#include <sys/types.h>

#include <limits.h>
#include <time.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"
#include "vanthu/transport.h"

/*
 * A driver.  Its calls do what those of transport.h of the same name do; ids
 * and names were checked before.
 */
struct vt_transport_driver {
	const char *scheme; /* what stands before the ":" of a URL */
	int (*open)(const char *rest, const char *own,
	    const struct vt_transport_settings *settings, void **ret,
	    struct vt_error *err);
	int (*offer)(void *state, enum vt_transport_class class, const char *to,
	    const char *name, struct vt_source *content, struct vt_error *err);
	/* MAX 0: the list is asked for, whatever comes of it */
	int (*fetch)(void *state, struct vt_transport *t, size_t max,
	    vt_transport_take_fn *take, void *ctx, struct vt_error *err);
	int (*done)(void *state, const struct vt_transport_message *m,
	    struct vt_error *err);
	int (*fail)(void *state, const struct vt_transport_message *m,
	    const char *reason, struct vt_error *err);
	void (*close)(void *state);
	/* NULL: there is nothing of the kind */
	int (*gather)(void *state, const char *to, const char *name,
	    struct vt_source *content, struct vt_error *err);
	int (*hand_over)(void *state, struct vt_error *err);
	int64_t (*retry_after)(const void *state);
	bool (*silent)(const void *state);
	bool (*way_failed)(const void *state); /* NULL: it never does */
	void (*idle)(void *state, vt_transport_idle_fn *fn, void *ctx);
	int (*agencies)(void *state, enum vt_transport_directory which,
	    vt_transport_agency_fn *fn, void *ctx, struct vt_error *err);
	int (*sent)(void *state, enum vt_transport_class class,
	    vt_transport_sent_fn *fn, void *ctx, struct vt_error *err);
};

extern const struct vt_transport_driver vt_transport_spool;
extern const struct vt_transport_driver vt_transport_vxp_https;
extern const struct vt_transport_driver vt_transport_vxp_http;
extern const struct vt_transport_driver vt_transport_dav_https;
extern const struct vt_transport_driver vt_transport_dav_http;
extern const struct vt_transport_driver vt_transport_sftp;
extern const struct vt_transport_driver vt_transport_lgsp_https;
extern const struct vt_transport_driver vt_transport_lgsp_http;

/* ---- transport_secret.c: what drivers that log in share ---- */

/*
 * The first line of the file PATH, which must be a regular file that others
 * can neither read nor write.  VT_EKEY: it is missing, open to others, or
 * empty.
 */
int vt_transport_secret(const char *path, struct vt_secret *ret,
    struct vt_error *err);
/* VT_EKEY: PATH is no regular file, or open to others. */
int vt_transport_private(const char *path, struct vt_error *err);
/* PATH, from FOLDER on where it does not begin with "/", for free(). */
char *vt_transport_path(const char *folder, const char *path);
/* TEXT as whole seconds from 1 to 3600, UNLESS where it is NULL.  VT_EARG. */
int vt_transport_seconds(const char *text, unsigned unless, unsigned *ret,
    struct vt_error *err);

/* ---- transport_oldest.c: messages in a folder, the oldest first ---- */

#define TRANSPORT_SUFFIX ".edxml"
#define TRANSPORT_PART ".part"     /* behind a dot and a name: it is coming */
#define TRANSPORT_DEAD "dead"      /* the folder of those that are of no use */
#define TRANSPORT_REASON ".reason" /* behind a name: why it is there */
#define TRANSPORT_BATCH 1024       /* messages whose order is held in memory */

/* A message as it was when it was listed; what a driver does not know is 0. */
struct transport_item {
	char name[NAME_MAX + 1];
	struct timespec mtime;
	dev_t dev;
	ino_t ino;
	off_t size;
	enum { TRANSPORT_ANY, TRANSPORT_FILE, TRANSPORT_NO_FILE } kind;
};

/* true where NAME is a message's; it is one of a folder, whatever is in it. */
bool vt_transport_is_message(const char *name);

/*
 * The TRANSPORT_BATCH oldest of all that are added and that come behind AFTER
 * (NULL: all), in order.  ITEMS, the caller's, has room for twice as many.
 */
struct transport_oldest {
	const struct transport_item *after;
	struct transport_item *items;
	size_t n;
};
void vt_transport_oldest_add(struct transport_oldest *o,
    const struct transport_item *item);
void vt_transport_oldest_end(struct transport_oldest *o);

/* ---- transport_part.c: what never came whole ---- */

/*
 * A sender whose try was cut begins anew under the same name; one that gave up
 * leaves a part.  In our own folder it goes once nothing has been added to it
 * for so long that no try lasts: a sender that moves it into place after all
 * finds it gone, and sends again.
 */
#define TRANSPORT_PART_S (7 * 24 * 3600)
#define TRANSPORT_PARTS 64 /* taken away by one fetch */

struct transport_parts {
	size_t n;
	char names[TRANSPORT_PARTS][NAME_MAX + 1];
};
/* true where NAME is what an office calls a message of its own on its way. */
bool vt_transport_is_part(const char *name);
void vt_transport_parts_add(struct transport_parts *p, const char *name);
/* MODIFIED: by the server's clock; 0: not known, and then never. */
bool vt_transport_part_old(int64_t modified);

/* ---- transport_take.c: fetching, for drivers that list, then get ---- */

/* A message on its way into a file without a name. */
struct transport_file {
	int fd;
	uint64_t len;
	bool full; /* it is longer than what is taken */
	/* It failed, and others need not: the server answers. */
	bool its_own;
};

/* Of the type vt_sink_fn, with a transport_file.  VT_ELIMIT: it is full. */
int vt_transport_file_put(void *ctx, struct vt_bytes piece,
    struct vt_error *err);

/* What is there already, beside what was to be put there. */
struct transport_comparison {
	struct vt_source *content;
	uint64_t off; /* equal so far */
};

/* Of the type vt_sink_fn.  VT_EEXISTS, with no error set: it is another. */
int vt_transport_compare_piece(void *ctx, struct vt_bytes piece,
    struct vt_error *err);

/* One run of fetch. */
struct transport_taking {
	/*
	 * Write the message M to FILE.  VT_OK where it is full, too: to judge
	 * that is for who takes it.  VT_ENOTFOUND: it is gone.
	 */
	int (*get)(void *state, struct vt_transport_message *m,
	    struct transport_file *file, struct vt_error *err);
	void *state;
	struct vt_transport *t;
	vt_transport_take_fn *take;
	void *ctx;
	size_t max;
	/* how far it is */
	bool over; /* no more, please */
	size_t done, failures;
	struct vt_error first;
};

/*
 * Get M (all but its content is set) and hand it over.  That it can not be had
 * is remembered and no failure: what else waits must not wait for it.
 */
int vt_transport_take_one(struct transport_taking *k,
    const struct vt_transport_message *m, struct vt_error *err);
/*
 * All messages of a folder, whose names READ adds to O again and again.  What
 * it says is no file is told as one that can not be had.
 */
int vt_transport_take_oldest(struct transport_taking *k,
    int (*read)(void *ctx, struct transport_oldest *o, struct vt_error *err),
    void *ctx, struct vt_error *err);
/* What the run came to: the first that could not be had. */
int vt_transport_take_end(const struct transport_taking *k,
    struct vt_error *err);

#endif
