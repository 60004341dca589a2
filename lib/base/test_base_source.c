#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "test_util.h"
#include "vanthu/digest.h"
#include "vanthu/encode.h"
#include "vanthu/source.h"

#define BIG (VT_SOURCE_COPY_MAX + 3 * 65536 + 77)

static char *dir;
static unsigned char *big; /* BIG bytes */

static int
setup_all(void **state)
{
	uint32_t x = 12345;
	size_t i;

	(void)state;
	dir = test_dir_new();
	if (chdir(dir) != 0 || (big = malloc(BIG)) == NULL)
		return -1;
	for (i = 0; i < BIG; i++) {
		x = x * 1664525 + 1013904223;
		big[i] = (unsigned char)(x >> 24);
	}
	return vt_file_write("big", VT_BYTES(big, BIG), NULL) != VT_OK ||
	       vt_file_write("limit", VT_BYTES(big, VT_SOURCE_COPY_MAX),
		   NULL) != VT_OK ||
	       vt_file_write("small", VT_BYTES(big, 1000), NULL) != VT_OK ||
	       vt_file_write("empty", VT_BYTES(NULL, 0), NULL) != VT_OK;
}

static int
teardown_all(void **state)
{
	(void)state;
	free(big);
	if (chdir("/") != 0)
		return -1;
	test_dir_free(dir);
	return 0;
}

struct gathered {
	struct vt_buf buf;
	size_t pieces;
	struct vt_source *src; /* looked at meanwhile, if set */
};

static int
gather(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct gathered *g = ctx;
	struct vt_bytes other;

	assert_true(piece.len > 0 && piece.len <= 65536);
	if (g->src != NULL)
		assert_vt_ok(vt_source_view(g->src, 7, 70000, &other, err),
		    err);
	g->pieces++;
	return vt_buf_bytes_put(&g->buf, piece);
}

/* All that can be asked of SRC, which holds the first LEN bytes of BIG. */
static void
try_source(struct vt_source *src, size_t len)
{
	static const size_t offs[] = { 0, 1, 999, 1000, 65535, 65536, 65537,
		VT_SOURCE_COPY_MAX - 1, VT_SOURCE_COPY_MAX, BIG - 1, BIG };
	static const size_t lens[] = { 0, 1, 2, 1000, 65536, 65537, 200000 };
	struct gathered g = { .src = src };
	struct vt_error err = { 0 };
	unsigned char *back = malloc(200000);
	struct vt_bytes b, want;
	size_t i, j;
	int rc;

	assert_int_equal(vt_source_size(src), len);
	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		for (j = 0; j < sizeof(lens) / sizeof(lens[0]); j++) {
			want = vt_bytes_slice(VT_BYTES(big, len), offs[i],
			    lens[j]);
			assert_vt_ok(vt_source_view(src, offs[i], lens[j], &b,
					 &err),
			    &err);
			assert_bytes_equal(b, want);
			rc = vt_source_read(src, offs[i], back, lens[j], &err);
			if (offs[i] > len || lens[j] > len - offs[i]) {
				assert_vt_error(rc, &err, VT_EFORMAT);
				vt_error_clear(&err);
				continue;
			}
			assert_vt_ok(rc, &err);
			assert_bytes_equal(VT_BYTES(back, lens[j]), want);
		}
	}
	assert_vt_error(vt_source_read(src, UINT64_MAX, back, 2, &err), &err,
	    VT_EFORMAT);
	vt_error_clear(&err);
	assert_vt_error(vt_source_stream(src, 1, UINT64_MAX, gather, &g, &err),
	    &err, VT_EFORMAT);
	vt_error_clear(&err);
	assert_vt_error(vt_source_view(src, 0, VT_SOURCE_COPY_MAX + 1, &b,
			    &err),
	    &err, VT_ELIMIT);
	vt_error_clear(&err);
	assert_vt_ok(vt_source_view(src, UINT64_MAX, 1, &b, &err), &err);
	assert_int_equal(b.len, 0);

	vt_buf_init(&g.buf, BIG);
	assert_vt_ok(vt_source_stream(src, 0, len, gather, &g, &err), &err);
	assert_bytes_equal(vt_buf_bytes(&g.buf), VT_BYTES(big, len));
	assert_int_equal(g.pieces, (len + 65535) / 65536);
	vt_buf_release(&g.buf);
	assert_vt_ok(vt_source_unchanged(src, &err), &err);
	free(back);
}

static void
a_file(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} cases[] = { { "empty", 0 }, { "small", 1000 },
		{ "limit", VT_SOURCE_COPY_MAX }, { "big", BIG } };
	struct vt_error err = { 0 };
	struct vt_source *src, *part;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(vt_source_open(cases[i].name, &src, &err), &err);
		try_source(src, cases[i].len);
		assert_vt_ok(vt_source_prefix(src, cases[i].len / 2, &part,
				 &err),
		    &err);
		try_source(part, cases[i].len / 2);
		vt_source_free(part);
		assert_vt_error(vt_source_prefix(src, cases[i].len + 1, &part,
				    &err),
		    &err, VT_EARG);
		vt_error_clear(&err);
		vt_source_free(src);
	}
}

static void
memory(void **state)
{
	struct vt_error err = { 0 };
	struct vt_source *src, *part, *part_of_part;

	(void)state;
	assert_vt_ok(vt_source_bytes(VT_BYTES(NULL, 0), &src, &err), &err);
	try_source(src, 0);
	vt_source_free(src);
	assert_vt_ok(vt_source_bytes(VT_BYTES(big, BIG), &src, &err), &err);
	try_source(src, BIG);
	assert_vt_ok(vt_source_prefix(src, 70000, &part, &err), &err);
	assert_vt_ok(vt_source_prefix(part, 1000, &part_of_part, &err), &err);
	try_source(part, 70000);
	try_source(part_of_part, 1000);
	vt_source_free(part_of_part);
	vt_source_free(part);
	vt_source_free(src);
	vt_source_free(NULL);
}

struct feed {
	int fd;
	size_t len;
};

static void *
feed_pipe(void *arg)
{
	struct feed *feed = arg;

	vt_fd_write(feed->fd, VT_BYTES(big, feed->len), NULL);
	close(feed->fd);
	return NULL;
}

static void
a_pipe(void **state)
{
	static const size_t lens[] = { 0, 1, 65536, VT_SOURCE_COPY_MAX,
		VT_SOURCE_COPY_MAX + 1, BIG };
	struct vt_error err = { 0 };
	struct vt_source *src;
	struct feed feed;
	pthread_t thread;
	int fds[2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		err = (struct vt_error){ 0 };
		assert_vt_error(vt_source_open_document("/", NULL, &src, &err),
		    &err, VT_EIO);
		assert_int_equal(pipe(fds), 0);
		err = (struct vt_error){ 0 };
		feed.fd = fds[1];
		feed.len = lens[i];
		pthread_create(&thread, NULL, feed_pipe, &feed);
		assert_vt_ok(vt_source_fd(fds[0], &src, &err), &err);
		close(fds[0]);
		pthread_join(thread, NULL);
		try_source(src, lens[i]);
		vt_source_free(src);
	}
}

/* Files that are written first and read then; they have no name. */
static void
a_borrowed_file(void **state)
{
	static const size_t lens[] = { 0, 1, 65537, BIG };
	char *own = test_dir_new();
	struct vt_error err = { 0 };
	struct vt_source *src;
	char byte;
	size_t i;
	int fd = -1;

	(void)state;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		assert_vt_ok(vt_file_nameless(i % 2 == 0 ? own : NULL, &fd,
				 &err),
		    &err);
		assert_vt_ok(vt_fd_write(fd, VT_BYTES(big, lens[i]), &err),
		    &err);
		assert_vt_ok(vt_source_borrow(fd, &src, &err), &err);
		assert_int_equal(vt_source_descriptor(src), fd);
		try_source(src, lens[i]);
		vt_source_free(src);
		/* it is still open */
		assert_int_equal(pread(fd, &byte, 1, 0), lens[i] > 0);
		close(fd);
	}
	assert_int_equal(test_dir_count(own), 0);
	assert_vt_error(vt_file_nameless("/nonexistent", &fd, &err), &err,
	    VT_EIO);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_source_borrow(-1, &src, &err), &err, VT_EIO);
	test_dir_free(own);
}

static void
standard_input(void **state)
{
	struct vt_error err = { 0 };
	int saved = dup(0), fd = open("big", O_RDONLY);
	struct vt_source *src;
	struct vt_bytes b;

	(void)state;
	assert_int_equal(dup2(fd, 0), 0);
	assert_vt_ok(vt_source_open("-", &src, &err), &err);
	try_source(src, BIG);
	vt_source_free(src);
	/* what another program has read of it is gone */
	assert_int_equal(lseek(0, BIG - 10, SEEK_SET), BIG - 10);
	assert_vt_ok(vt_source_open("-", &src, &err), &err);
	assert_vt_ok(vt_source_view(src, 0, 100, &b, &err), &err);
	assert_bytes_equal(b, VT_BYTES(big + BIG - 10, 10));
	vt_source_free(src);
	dup2(saved, 0);
	close(saved);
	close(fd);
}

static void
a_file_without_a_size(void **state)
{
	struct vt_error err = { 0 };
	struct vt_source *src;

	(void)state;
	assert_vt_ok(vt_source_open("/proc/self/status", &src, &err), &err);
	assert_true(vt_source_size(src) > 100);
	vt_source_free(src);
	assert_vt_ok(vt_source_open("/dev/null", &src, &err), &err);
	assert_int_equal(vt_source_size(src), 0);
	vt_source_free(src);
}

static void
what_cannot_be_opened(void **state)
{
	static const char *const names[] = { "none", ".", "", "small/x" };
	struct vt_error err;
	struct vt_source *src = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_source_open(names[i], &src, &err), &err,
		    VT_EIO);
		assert_null(src);
	}
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_source_fd(-1, &src, &err), &err, VT_EIO);
}

static void
a_small_file_is_copied(void **state)
{
	struct vt_error err = { 0 };
	struct vt_source *src;

	(void)state;
	assert_vt_ok(vt_file_write("copied", VT_BYTES(big, 1000), &err), &err);
	assert_vt_ok(vt_source_open("copied", &src, &err), &err);
	assert_int_equal(truncate("copied", 0), 0);
	try_source(src, 1000);
	vt_source_free(src);
}

static void
a_change_of_a_big_file_is_seen(void **state)
{
	struct vt_error err = { 0 };
	unsigned char digest[VT_SHA256_LEN], byte;
	struct vt_source *src, *part;
	int fd;

	(void)state;
	assert_vt_ok(vt_file_write("changed", VT_BYTES(big, BIG), &err), &err);
	assert_vt_ok(vt_source_open("changed", &src, &err), &err);
	assert_vt_ok(vt_source_prefix(src, BIG - 1, &part, &err), &err);
	assert_vt_ok(vt_source_unchanged(src, &err), &err);
	fd = open("changed", O_WRONLY);
	usleep(20000); /* the clock of some file systems is coarse */
	assert_int_equal(pwrite(fd, "x", 1, 12345), 1);
	close(fd);
	assert_vt_error(vt_source_unchanged(src, &err), &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_error(vt_source_unchanged(part, &err), &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_error(vt_sha256_source(src, digest, &err), &err, VT_EIO);
	vt_error_clear(&err);
	assert_int_equal(truncate("changed", 5), 0);
	assert_vt_error(vt_source_read(src, BIG - 1, &byte, 1, &err), &err,
	    VT_EIO);
	vt_source_free(part);
	vt_source_free(src);
}

static int
refuse_third(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	size_t *n = ctx;

	(void)piece;
	return ++*n == 3 ? (int)vt_error_set(err, VT_EREFUSED, NULL, "no")
			 : VT_OK;
}

static void
streaming_stops_where_told(void **state)
{
	struct vt_error err = { 0 };
	struct vt_source *src;
	size_t n = 0;

	(void)state;
	assert_vt_ok(vt_source_open("big", &src, &err), &err);
	assert_vt_error(vt_source_stream(src, 5, 500000, refuse_third, &n,
			    &err),
	    &err, VT_EREFUSED);
	assert_int_equal(n, 3);
	vt_source_free(src);
}

/* FIPS 180-4's examples. */
static void
digests(void **state)
{
	static const char *const cases[][2] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		      "7852b855" },
		{ "abc",
		    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
		    "f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd4"
		    "19db06c1" },
	};
	unsigned char digest[VT_SHA256_LEN];
	char hex[VT_SHA256_HEX];
	struct vt_error err = { 0 };
	struct vt_source *src;
	struct vt_sha256 *d;
	struct vt_bytes b;
	size_t i, j;

	(void)state;
	for (i = 0; i < 3; i++) {
		b = vt_bytes_str(cases[i][0]);
		assert_vt_ok(vt_sha256(b, digest, &err), &err);
		assert_string_equal(vt_hex(VT_BYTES(digest, 32), hex),
		    cases[i][1]);
		assert_vt_ok(vt_source_bytes(b, &src, &err), &err);
		assert_vt_ok(vt_sha256_source(src, digest, &err), &err);
		assert_string_equal(vt_hex(VT_BYTES(digest, 32), hex),
		    cases[i][1]);
		vt_source_free(src);
		assert_vt_ok(vt_sha256_new(&d, &err), &err);
		for (j = 0; j < b.len; j++)
			assert_vt_ok(vt_sha256_update(d,
					 vt_bytes_slice(b, j, 1), &err),
			    &err);
		assert_vt_ok(vt_sha256_final(d, digest, &err), &err);
		assert_string_equal(vt_hex(VT_BYTES(digest, 32), hex),
		    cases[i][1]);
		vt_sha256_free(d);
	}
	vt_sha256_free(NULL);
}

/* What was digested on the way leads to the digest of all. */
static void
a_digest_is_kept_on_the_way(void **state)
{
	const size_t sizes[] = { 0, 1, 16383, 16384, 16385, 100000, 1048576,
		1048577, 3000000 };
	unsigned char whole[VT_SHA256_LEN], got[VT_SHA256_LEN];
	const struct vt_sha256 *kept;
	struct vt_error err = { 0 };
	struct vt_source *src, *copy;
	struct vt_sha256 *d;
	uint64_t at, copied;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_vt_ok(vt_source_bytes(VT_BYTES(big, sizes[i]), &src,
				 &err),
		    &err);
		assert_null(vt_source_digested(src, sizes[i], &at));
		assert_vt_ok(vt_sha256(VT_BYTES(big, sizes[i]), whole, &err),
		    &err);
		assert_vt_ok(vt_source_digest(src, got, &err), &err);
		assert_memory_equal(got, whole, sizeof(got));
		assert_null(vt_source_digested(src, 16383, &at));
		kept = vt_source_digested(src, sizes[i], &at);
		assert_int_equal(kept != NULL, sizes[i] >= 16384);
		if (kept != NULL) {
			assert_true(at > 0 && at <= sizes[i]);
			assert_true(at == 1048576 || sizes[i] - at < 16384);
			assert_vt_ok(vt_sha256_copy(kept, &d, &err), &err);
			assert_vt_ok(vt_sha256_update(d,
					 VT_BYTES(big + at, sizes[i] - at),
					 &err),
			    &err);
			assert_vt_ok(vt_sha256_final(d, got, &err), &err);
			assert_memory_equal(got, whole, sizeof(got));
			vt_sha256_free(d);
		}
		assert_vt_ok(vt_source_digest(src, got, &err), &err);
		assert_memory_equal(got, whole, sizeof(got));
		/* and of a copy all of it is known */
		assert_vt_ok(vt_source_copy(src, &copy, &err), &err);
		(void)vt_source_digested(src, sizes[i], &at);
		vt_source_free(src);
		kept = vt_source_digested(copy, sizes[i], &copied);
		assert_int_equal(kept != NULL, sizes[i] >= 16384);
		assert_int_equal(copied, at);
		assert_vt_ok(vt_source_digest(copy, got, &err), &err);
		assert_memory_equal(got, whole, sizeof(got));
		vt_source_free(copy);
	}
	/* a file that may change is digested, and nothing of it kept */
	assert_vt_ok(vt_source_open("big", &src, &err), &err);
	assert_vt_ok(vt_sha256(VT_BYTES(big, BIG), whole, &err), &err);
	assert_vt_ok(vt_source_digest(src, got, &err), &err);
	assert_memory_equal(got, whole, sizeof(got));
	assert_null(vt_source_digested(src, BIG, &at));
	vt_source_free(src);
}

/* One file after the other in the same memory, and two at once not. */
static void
room_is_lent_to_one(void **state)
{
	struct vt_source_room room = { 0 };
	struct vt_source *a, *b;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_source_open_into("small", &room, &a, &err), &err);
	assert_true(room.lent && room.len == 1000);
	assert_vt_ok(vt_source_open_into("limit", &room, &b, &err), &err);
	try_source(a, 1000);
	try_source(b, VT_SOURCE_COPY_MAX);
	assert_int_equal(room.len, 1000);
	vt_source_free(b);
	vt_source_free(a);
	assert_false(room.lent);
	/* longer: it grows; shorter: nothing of the longer one is seen */
	assert_vt_ok(vt_source_open_into("limit", &room, &a, &err), &err);
	assert_int_equal(room.len, VT_SOURCE_COPY_MAX);
	try_source(a, VT_SOURCE_COPY_MAX);
	vt_source_free(a);
	assert_vt_ok(vt_source_open_into("small", &room, &a, &err), &err);
	assert_true(room.lent && room.len == VT_SOURCE_COPY_MAX);
	try_source(a, 1000);
	vt_source_free(a);
	/* what is not copied takes none of it */
	assert_vt_ok(vt_source_open_into("big", &room, &a, &err), &err);
	assert_false(room.lent);
	vt_source_free(a);
	assert_vt_error(vt_source_open_into("none", &room, &a, &err), &err,
	    VT_EIO);
	assert_false(room.lent);
	vt_source_room_release(&room);
	assert_null(room.map);
}

/* Huge pages: where they begin, as many as it takes, and only for its own. */
static void
room_of_huge_pages(void **state)
{
	static const unsigned char none[4096];
	struct vt_source_room room = { .huge = true };
	const unsigned char *map;
	struct vt_source *a;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_source_open_into("limit", &room, &a, &err), &err);
	assert_int_equal(room.len, VT_SOURCE_COPY_MAX);
	try_source(a, VT_SOURCE_COPY_MAX);
	vt_source_free(a);
	assert_vt_ok(vt_source_open_into("small", &room, &a, &err), &err);
	try_source(a, 1000);
	/* whoever is forked now finds nothing of the longer one */
	map = room.map;
	assert_memory_equal(map + 1000, none, sizeof(none));
	assert_memory_equal(map + VT_SOURCE_COPY_MAX - sizeof(none), none,
	    sizeof(none));
	vt_source_free(a);
	vt_source_room_release(&room);
	assert_null(room.map);
	assert_vt_ok(vt_source_open_into("small", &room, &a, &err), &err);
	assert_int_equal(room.len, 2 << 20);
	assert_int_equal((uintptr_t)room.map % (2 << 20), 0);
	try_source(a, 1000);
	vt_source_free(a);
	vt_source_room_release(&room);
}

/* The status of a process forked now that reads all of A, "small". */
static int
fork_reads(struct vt_source *a)
{
	struct vt_bytes b;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		(void)signal(SIGSEGV, SIG_DFL);
		_exit(vt_source_view(a, 0, 1000, &b, NULL) != VT_OK ||
		      memcmp(b.data, big, 1000) != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Lent or a copy's own: memory that is hidden is not there in a child. */
static void
hidden_memory_is_not_inherited(void **state)
{
	struct vt_source_room rooms[2] = { { .huge = true }, { 0 } };
	struct vt_source *a;
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_vt_ok(vt_source_open_into("small",
				 i < 2 ? &rooms[i] : NULL, &a, &err),
		    &err);
		assert_int_equal(fork_reads(a), 0);
		vt_source_hide(a, true);
		assert_int_not_equal(fork_reads(a), 0);
		vt_source_hide(a, false);
		assert_int_equal(fork_reads(a), 0);
		vt_source_free(a);
	}
	vt_source_room_release(&rooms[0]);
	vt_source_room_release(&rooms[1]);
}

/* What is signed or kept is a file, or comes through a pipe. */
static void
devices_are_no_documents(void **state)
{
	static const char *const names[] = { "/dev/null", "/dev/zero" };
	struct vt_source *src = NULL;
	struct vt_error err;
	size_t i;
	int fds[2];
	char path[64];

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		err = (struct vt_error){ 0 };
		assert_vt_error(vt_source_open_document(names[i], NULL, &src,
				    &err),
		    &err, VT_EUNSUPPORTED);
		assert_null(src);
	}
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "text", 4), 4);
	close(fds[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	assert_vt_ok(vt_source_open_document(path, NULL, &src, &err), &err);
	assert_true(vt_source_size(src) == 4);
	vt_source_free(src);
	close(fds[0]);
}

/* What has no end is no document; what is thrown away has one. */
static void
devices_are_not_read(void **state)
{
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_int_equal(vt_source_open("/dev/zero", &src, &err), VT_EIO);
	assert_non_null(strstr(err.text, "device"));
	err = (struct vt_error){ 0 };
	assert_int_equal(vt_source_open("/dev/full", &src, &err), VT_EIO);
	err = (struct vt_error){ 0 };
	assert_vt_ok(vt_source_open("/dev/null", &src, &err), &err);
	assert_true(vt_source_size(src) == 0);
	vt_source_free(src);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file),
		cmocka_unit_test(memory),
		cmocka_unit_test(a_pipe),
		cmocka_unit_test(a_borrowed_file),
		cmocka_unit_test(standard_input),
		cmocka_unit_test(a_file_without_a_size),
		cmocka_unit_test(what_cannot_be_opened),
		cmocka_unit_test(devices_are_not_read),
		cmocka_unit_test(devices_are_no_documents),
		cmocka_unit_test(a_small_file_is_copied),
		cmocka_unit_test(a_change_of_a_big_file_is_seen),
		cmocka_unit_test(streaming_stops_where_told),
		cmocka_unit_test(digests),
		cmocka_unit_test(a_digest_is_kept_on_the_way),
		cmocka_unit_test(room_is_lent_to_one),
		cmocka_unit_test(room_of_huge_pages),
		cmocka_unit_test(hidden_memory_is_not_inherited),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
