/* test_zip.c - archives read with limits, and written for every reader */
#include <fcntl.h>
#include <sys/wait.h>

#include "test_util.h"
#include "vanthu/source.h"
#include "vanthu/zip.h"

/*
 * An archive by hand (APPNOTE 4.3): stored or given bytes, so that each field
 * can lie.
 */
struct member {
	const char *name;
	struct vt_bytes data; /* as packed */
	unsigned method;      /* 0: store, 8: deflate */
	unsigned flags;
	uint32_t crc, size; /* claimed */
};

static void
put(struct vt_buf *b, uint32_t value, unsigned bytes)
{
	for (; bytes > 0; bytes--, value >>= 8)
		assert_int_equal(vt_buf_putc(b, (int)(value & 0xff)), VT_OK);
}

static void
put_common(struct vt_buf *b, const struct member *m)
{
	put(b, 20, 2);
	put(b, m->flags, 2);
	put(b, m->method, 2);
	put(b, 0, 2);
	put(b, 0x21, 2);
	put(b, m->crc, 4);
	put(b, (uint32_t)m->data.len, 4);
	put(b, m->size, 4);
	put(b, (uint32_t)strlen(m->name), 2);
	put(b, 0, 2);
}

static void
put_local(struct vt_buf *b, const struct member *m)
{
	vt_buf_put(b, "PK\3\4", 4);
	put_common(b, m);
	vt_buf_puts(b, m->name);
	vt_buf_bytes_put(b, m->data);
}

static void
put_entry(struct vt_buf *b, const struct member *m, uint32_t off)
{
	vt_buf_put(b, "PK\1\2", 4);
	put(b, 20, 2);
	put_common(b, m);
	put(b, 0, 2);
	put(b, 0, 2);
	put(b, 0, 2);
	put(b, 0, 4);
	put(b, off, 4);
	vt_buf_puts(b, m->name);
}

static void
put_end(struct vt_buf *b, unsigned n, uint32_t dir_off, const char *comment)
{
	uint32_t dir_len = (uint32_t)b->len - dir_off;

	vt_buf_put(b, "PK\5\6", 4);
	put(b, 0, 4);
	put(b, n, 2);
	put(b, n, 2);
	put(b, dir_len, 4);
	put(b, dir_off, 4);
	put(b, (uint32_t)strlen(comment), 2);
	vt_buf_puts(b, comment);
}

static void
archive(struct vt_buf *b, const struct member *m, unsigned n)
{
	uint32_t off[8], dir;
	unsigned i;

	vt_buf_init(b, 1024 * 1024);
	for (i = 0; i < n; i++) {
		off[i] = (uint32_t)b->len;
		put_local(b, &m[i]);
	}
	dir = (uint32_t)b->len;
	for (i = 0; i < n; i++)
		put_entry(b, &m[i], off[i]);
	put_end(b, n, dir, "");
}

#define CRC_ABC 0x352441c2 /* of "abc" */
#define ABC(n)                                                                 \
	{                                                                      \
		(n), VT_BYTES_LIT("abc"), 0, 0x800, CRC_ABC, 3                 \
	}

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : vt_error_nomem(err);
}

static int
count(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	*(uint64_t *)ctx += piece.len;
	return VT_OK;
}

/* Open the archive in B and read its first member into OUT (may be NULL). */
static int
read_first(struct vt_bytes b, struct vt_buf *out, struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_zip *zip = NULL;
	uint64_t n = 0;
	int rc;

	memset(err, 0, sizeof(*err));
	assert_vt_ok(vt_source_bytes(b, &src, err), err);
	rc = vt_zip_open(src, &zip, err);
	if (rc == VT_OK && vt_zip_count(zip) > 0)
		rc = out != NULL ? vt_zip_read(zip, 0, to_buf, out, err)
				 : vt_zip_read(zip, 0, count, &n, err);
	vt_zip_free(zip);
	vt_source_free(src);
	return rc;
}

static void
read_finds_members_in_order(void **state)
{
	static const struct member m[] = { ABC("a.txt"),
		ABC("ti\xe1\xba\xbfng Vi\xe1\xbb\x87t/"), ABC("../../c") };
	struct vt_source *src = NULL;
	struct vt_zip *zip = NULL;
	struct vt_error err = { 0 };
	struct vt_buf b, out;
	size_t i;

	(void)state;
	archive(&b, m, 3);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err), &err);
	assert_true(vt_zip_probe(src));
	assert_vt_ok(vt_zip_open(src, &zip, &err), &err);
	assert_int_equal(vt_zip_count(zip), 3);
	for (i = 0; i < 3; i++)
		assert_string_equal(vt_zip_member(zip, i).name, m[i].name);
	assert_false(vt_zip_member(zip, 0).folder);
	assert_true(vt_zip_member(zip, 1).folder);
	assert_int_equal(vt_zip_member(zip, 0).size, 3);
	assert_vt_ok(vt_zip_find(zip, "../../c", &i, &err), &err);
	assert_int_equal(i, 2);
	assert_int_equal(vt_zip_find(zip, "b", &i, NULL), VT_ENOTFOUND);
	assert_false(vt_zip_sole(zip));
	vt_buf_init(&out, 100);
	assert_vt_ok(vt_zip_read(zip, 2, to_buf, &out, &err), &err);
	assert_bytes_str(vt_buf_bytes(&out), "abc");
	vt_buf_release(&out);
	vt_zip_free(zip);
	vt_source_free(src);
	vt_buf_release(&b);
}

static void
find_refuses_two_members_of_one_name(void **state)
{
	static const struct member m[] = { ABC("a"), ABC("a") };
	struct vt_source *src = NULL;
	struct vt_zip *zip = NULL;
	struct vt_error err = { 0 };
	struct vt_buf b;
	size_t i;

	(void)state;
	archive(&b, m, 2);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err), &err);
	assert_vt_ok(vt_zip_open(src, &zip, &err), &err);
	assert_vt_error(vt_zip_find(zip, "a", &i, &err), &err, VT_EFORMAT);
	vt_zip_free(zip);
	vt_source_free(src);
	vt_buf_release(&b);
}

static void
read_refuses_damage(void **state)
{
	struct member m[] = { ABC("a") };
	struct vt_error err;
	struct vt_buf b, out;
	size_t n;
	int rc;

	(void)state;
	vt_buf_init(&out, 100);
	m[0].crc ^= 1;
	archive(&b, m, 1);
	rc = read_first(vt_buf_bytes(&b), &out, &err);
	assert_error_clause(rc, &err, VT_EFORMAT, "APPNOTE 4.4.7");
	vt_buf_release(&b);
	m[0] = (struct member)ABC("a");
	m[0].size = 2; /* claims less than there is */
	archive(&b, m, 1);
	assert_int_not_equal(read_first(vt_buf_bytes(&b), &out, &err), VT_OK);
	vt_buf_release(&b);
	m[0] = (struct member)ABC("a");
	m[0].method = 8; /* "abc" is no deflate stream */
	archive(&b, m, 1);
	assert_vt_error(read_first(vt_buf_bytes(&b), &out, &err), &err,
	    VT_EFORMAT);
	vt_buf_release(&b);
	m[0] = (struct member)ABC("a");
	archive(&b, m, 1);
	for (n = 0; n < b.len; n++) /* cut anywhere */
		assert_vt_error(read_first(VT_BYTES(b.data, n), &out, &err),
		    &err, VT_EFORMAT);
	vt_buf_release(&out);
	vt_buf_release(&b);
}

static void
read_survives_every_changed_byte(void **state)
{
	static const struct member m[] = { ABC("a.txt"), ABC("b") };
	struct vt_error err;
	struct vt_buf b;
	unsigned bit;
	size_t n;

	(void)state;
	archive(&b, m, 2);
	for (n = 0; n < b.len; n++)
		for (bit = 1; bit < 256; bit <<= 1) {
			b.data[n] ^= (unsigned char)bit;
			(void)read_first(vt_buf_bytes(&b), NULL, &err);
			b.data[n] ^= (unsigned char)bit;
		}
	vt_buf_release(&b);
}

static void
read_refuses_encryption_and_other_methods(void **state)
{
	static const unsigned methods[] = { 1, 6, 9, 12, 14, 93, 95 };
	struct member m[] = { ABC("a") };
	struct vt_error err;
	struct vt_buf b;
	size_t i;

	(void)state;
	m[0].flags |= 1;
	archive(&b, m, 1);
	assert_vt_error(read_first(vt_buf_bytes(&b), NULL, &err), &err,
	    VT_EUNSUPPORTED);
	vt_buf_release(&b);
	m[0].flags &= ~1u;
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		m[0].method = methods[i];
		archive(&b, m, 1);
		assert_vt_error(read_first(vt_buf_bytes(&b), NULL, &err), &err,
		    VT_EUNSUPPORTED);
		vt_buf_release(&b);
	}
}

static void
read_limits_names_and_claims(void **state)
{
	char name[VT_ZIP_NAME_MAX + 2];
	struct member m[3] = { ABC(name), ABC("b"), ABC("c") };
	struct vt_error err;
	struct vt_buf b;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[VT_ZIP_NAME_MAX] = '\0';
	archive(&b, m, 1);
	assert_vt_ok(read_first(vt_buf_bytes(&b), NULL, &err), &err);
	vt_buf_release(&b);
	name[VT_ZIP_NAME_MAX] = 'n';
	name[VT_ZIP_NAME_MAX + 1] = '\0';
	archive(&b, m, 1);
	assert_vt_error(read_first(vt_buf_bytes(&b), NULL, &err), &err,
	    VT_ELIMIT);
	vt_buf_release(&b);
	name[1] = '\0';
	m[1].size = m[2].size = 0xf0000000;
	archive(&b, m, 3);
	assert_vt_error(read_first(vt_buf_bytes(&b), NULL, &err), &err,
	    VT_ELIMIT);
	vt_buf_release(&b);
}

/* An end record that claims more members than there is room for. */
static void
read_refuses_a_claimed_number_of_members(void **state)
{
	static const struct member m[] = { ABC("a") };
	struct vt_error err;
	struct vt_buf b;

	(void)state;
	archive(&b, m, 1);
	memset(b.data + b.len - 14, 0xff, 4);
	assert_int_not_equal(read_first(vt_buf_bytes(&b), NULL, &err), VT_OK);
	vt_buf_release(&b);
}

static void
sole_is_one_file_for_every_reader(void **state)
{
	struct member m = ABC("a"), other = ABC("b");
	struct vt_source *src = NULL;
	struct vt_zip *zip = NULL;
	struct vt_error err = { 0 };
	struct vt_buf b;
	uint32_t dir;
	int kind;

	(void)state;
	for (kind = 0; kind < 7; kind++) {
		vt_buf_init(&b, 4096);
		if (kind == 1)
			put_local(&b, &other); /* hidden before */
		dir = (uint32_t)b.len;
		put_local(&b, &m);
		if (kind == 2)
			put_local(&b, &other); /* hidden behind */
		if (kind == 3)
			vt_buf_puts(&b, "gap");
		if (kind == 4) /* the local header says another method */
			b.data[8] = 8;
		if (kind == 5) /* and another length */
			b.data[18] = 2;
		m.data = VT_BYTES_LIT("abc");
		{
			uint32_t at = (uint32_t)b.len;

			put_entry(&b, &m, dir);
			put_end(&b, 1, at, kind == 6 ? "comment" : "");
		}
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err),
		    &err);
		assert_vt_ok(vt_zip_open(src, &zip, &err), &err);
		if (vt_zip_sole(zip) != (kind == 0))
			fail_msg("kind %d", kind);
		vt_zip_free(zip);
		vt_source_free(src);
		vt_buf_release(&b);
	}
}

/* A file of SIZE bytes that pack well, or (RANDOM) do not. */
static struct vt_source *
plain(uint64_t size, bool random, struct vt_buf *b)
{
	struct vt_source *src = NULL;
	uint32_t x = 1;
	uint64_t i;

	vt_buf_init(b, size);
	for (i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		vt_buf_putc(b, random ? (int)(x >> 24) : 'a');
	}
	assert_int_equal(vt_source_bytes(vt_buf_bytes(b), &src, NULL), VT_OK);
	return src;
}

static int
write_to(int fd, const char *const *names, struct vt_source *const *contents,
    size_t n, struct vt_error *err)
{
	struct vt_zip_writer *w = NULL;
	size_t i;
	int rc = vt_zip_writer_new(fd, &w, err);

	for (i = 0; rc == VT_OK && i < n; i++)
		rc = vt_zip_writer_add(w, names[i], contents[i], err);
	if (rc == VT_OK)
		rc = vt_zip_writer_end(w, err);
	vt_zip_writer_free(w);
	return rc;
}

static int
new_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static void
write_is_read_back_and_repeatable(void **state)
{
	static const char *const names[] = { "V\xc4\x83n b\xe1\xba\xa3n.txt",
		"dir/empty", "random.bin" };
	struct vt_source *contents[3], *src = NULL;
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.zip");
	struct vt_buf raw[3], once, out, again;
	struct vt_error err = { 0 };
	struct vt_zip *zip = NULL;
	size_t i;
	int fd;

	(void)state;
	contents[0] = plain(100000, false, &raw[0]);
	contents[1] = plain(0, false, &raw[1]);
	contents[2] = plain(200000, true, &raw[2]);
	fd = new_file(path);
	assert_vt_ok(write_to(fd, names, contents, 3, &err), &err);
	close(fd);
	test_read(path, &once);
	/* Each local header: deflate, and no flag bit 3. */
	assert_memory_equal(once.data, "PK\3\4", 4);
	assert_int_equal(once.data[6] & 8, 0);
	assert_int_equal(once.data[7] & 8, 8); /* UTF-8 */
	assert_int_equal(once.data[8], 8);
	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	assert_vt_ok(vt_zip_open(src, &zip, &err), &err);
	assert_int_equal(vt_zip_count(zip), 3);
	for (i = 0; i < 3; i++) {
		assert_string_equal(vt_zip_member(zip, i).name, names[i]);
		vt_buf_init(&out, 1024 * 1024);
		assert_vt_ok(vt_zip_read(zip, i, to_buf, &out, &err), &err);
		assert_bytes_equal(vt_buf_bytes(&out), vt_buf_bytes(&raw[i]));
		vt_buf_release(&out);
	}
	vt_zip_free(zip);
	vt_source_free(src);
	unlink(path);
	sleep(1); /* another second, another zone: the same bytes */
	setenv("TZ", "Asia/Ho_Chi_Minh", 1);
	fd = new_file(path);
	assert_vt_ok(write_to(fd, names, contents, 3, &err), &err);
	close(fd);
	test_read(path, &again);
	assert_bytes_equal(vt_buf_bytes(&again), vt_buf_bytes(&once));
	for (i = 0; i < 3; i++) {
		vt_source_free(contents[i]);
		vt_buf_release(&raw[i]);
	}
	vt_buf_release(&once);
	vt_buf_release(&again);
	free(path);
	test_dir_free(dir);
}

static void
write_starts_where_the_file_ends(void **state)
{
	static const char *const names[] = { "a" };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a");
	struct vt_error err = { 0 };
	struct vt_source *content;
	struct vt_buf raw, all;
	int fd = new_file(path);

	(void)state;
	content = plain(10, false, &raw);
	assert_int_equal(write(fd, "before", 6), 6);
	assert_vt_ok(write_to(fd, names, &content, 1, &err), &err);
	close(fd);
	test_read(path, &all);
	assert_memory_equal(all.data, "beforePK\3\4", 10);
	assert_vt_ok(read_first(VT_BYTES(all.data + 6, all.len - 6), NULL,
			 &err),
	    &err);
	vt_source_free(content);
	vt_buf_release(&raw);
	vt_buf_release(&all);
	free(path);
	test_dir_free(dir);
}

static void
write_refuses_names_that_are_paths(void **state)
{
	static const char *const names[] = { "", "/a", "a/", "a//b", ".", "..",
		"../a", "a/../b", "a/..", "a\\b", "a\nb", "a\x7f", "\xff",
		"C:\\a" };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a");
	struct vt_zip_writer *w = NULL;
	struct vt_error err = { 0 };
	struct vt_source *content;
	struct vt_buf raw;
	int fd = new_file(path);
	size_t i;

	(void)state;
	content = plain(10, false, &raw);
	assert_vt_ok(vt_zip_writer_new(fd, &w, &err), &err);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_zip_writer_add(w, names[i], content, &err),
		    &err, VT_EARG);
	}
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_zip_writer_end(w, &err), &err, VT_EARG);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_zip_writer_add(w, "a", content, &err), &err);
	assert_vt_error(vt_zip_writer_add(w, "a", content, &err), &err,
	    VT_EEXISTS);
	vt_zip_writer_free(w);
	close(fd);
	vt_source_free(content);
	vt_buf_release(&raw);
	free(path);
	test_dir_free(dir);
}

static void
write_tells_a_full_disk(void **state)
{
	static const char *const names[] = { "a" };
	struct vt_error err = { 0 };
	struct vt_source *content;
	struct vt_buf raw;
	int fd = open("/dev/full", O_RDWR | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		skip();
	content = plain(100000, true, &raw);
	assert_vt_error(write_to(fd, names, &content, 1, &err), &err, VT_EIO);
	close(fd);
	vt_source_free(content);
	vt_buf_release(&raw);
}

/* A reader that goes by the directory would see another file. */
static void
read_refuses_a_length_that_the_directory_denies(void **state)
{
	static const char *const names[] = { "a" };
	static const unsigned char sizes[] = { 0, 1, 99, 100, 101, 255 };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.zip");
	struct vt_error err = { 0 };
	struct vt_source *content;
	struct vt_buf raw, all;
	int fd = new_file(path);
	size_t at, i;

	(void)state;
	content = plain(100, false, &raw);
	assert_vt_ok(write_to(fd, names, &content, 1, &err), &err);
	close(fd);
	test_read(path, &all);
	at = vt_bytes_find(vt_buf_bytes(&all), 0, "PK\1\2");
	assert_int_not_equal(at, SIZE_MAX);
	for (i = 0; i < sizeof(sizes); i++) {
		all.data[at + 24] = sizes[i];
		if (sizes[i] == 100)
			assert_vt_ok(read_first(vt_buf_bytes(&all), NULL, &err),
			    &err);
		else
			assert_vt_error(read_first(vt_buf_bytes(&all), NULL,
					    &err),
			    &err, VT_EFORMAT);
	}
	vt_source_free(content);
	vt_buf_release(&raw);
	vt_buf_release(&all);
	free(path);
	test_dir_free(dir);
}

/* What we pack ourselves, zeros at more than 1000 to 1, is a bomb to read. */
static void
read_stops_a_bomb(void **state)
{
	static const char *const names[] = { "a" };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.zip");
	struct vt_source *content, *src = NULL;
	struct vt_error err = { 0 };
	struct vt_zip *zip = NULL;
	uint64_t n = 0;
	struct vt_buf raw;
	int fd = new_file(path);

	(void)state;
	content = plain(8 * 1024 * 1024, false, &raw);
	assert_vt_ok(write_to(fd, names, &content, 1, &err), &err);
	close(fd);
	vt_source_free(content);
	vt_buf_release(&raw);
	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	assert_vt_ok(vt_zip_open(src, &zip, &err), &err);
	assert_vt_error(vt_zip_read(zip, 0, count, &n, &err), &err, VT_ELIMIT);
	assert_true(n <= VT_ZIP_RATIO_FREE + 65536);
	vt_zip_free(zip);
	vt_source_free(src);
	/* Within the free megabyte any ratio is fine. */
	unlink(path);
	fd = new_file(path);
	content = plain(VT_ZIP_RATIO_FREE, false, &raw);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(write_to(fd, names, &content, 1, &err), &err);
	close(fd);
	vt_source_free(content);
	vt_buf_release(&raw);
	test_read(path, &raw);
	assert_vt_ok(read_first(vt_buf_bytes(&raw), NULL, &err), &err);
	vt_buf_release(&raw);
	free(path);
	test_dir_free(dir);
}

static void
unzip_reads_what_is_written_in_the_c_locale(void **state)
{
	static const char *const names[] = { "C\xc3\xb4ng v\xc4\x83n.txt" };
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.zip");
	struct vt_error err = { 0 };
	struct vt_source *content;
	struct vt_buf raw;
	int fd, status = -1;
	pid_t pid;

	(void)state;
	if (access("/usr/bin/unzip", X_OK) != 0)
		skip();
	setenv("LC_ALL", "C", 1);
	content = plain(1000, false, &raw);
	fd = new_file(path);
	assert_vt_ok(write_to(fd, names, &content, 1, &err), &err);
	close(fd);
	if ((pid = fork()) == 0) {
		execl("/usr/bin/unzip", "unzip", "-tqq", path, (char *)NULL);
		_exit(127);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
	vt_source_free(content);
	vt_buf_release(&raw);
	free(path);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_finds_members_in_order),
		cmocka_unit_test(find_refuses_two_members_of_one_name),
		cmocka_unit_test(read_refuses_damage),
		cmocka_unit_test(read_survives_every_changed_byte),
		cmocka_unit_test(read_refuses_encryption_and_other_methods),
		cmocka_unit_test(read_limits_names_and_claims),
		cmocka_unit_test(read_refuses_a_claimed_number_of_members),
		cmocka_unit_test(
		    read_refuses_a_length_that_the_directory_denies),
		cmocka_unit_test(sole_is_one_file_for_every_reader),
		cmocka_unit_test(write_is_read_back_and_repeatable),
		cmocka_unit_test(write_starts_where_the_file_ends),
		cmocka_unit_test(write_refuses_names_that_are_paths),
		cmocka_unit_test(write_tells_a_full_disk),
		cmocka_unit_test(read_stops_a_bomb),
		cmocka_unit_test(unzip_reads_what_is_written_in_the_c_locale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
