/*
 * cli_language.c - which language, and its catalogue
 *
 * The catalogues are gettext's .mo files, but they are read here: the C
 * library's gettext() stays silent in the C.UTF-8 locale from glibc 2.39 on,
 * and any other locale may not be there (a bare Debian, cron).
 */
#include <fcntl.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli_int.h"
#include "vanthu/file.h"

#define MO_MAGIC 0x950412deu
#define MO_HEADER 20
#define MO_MAX (16u * 1024 * 1024)
#define TAG_MAX 16 /* bytes of "vi" or "vi_VN" */

/* One catalogue for the life of the program, as vt_translate_set() is. */
static struct vt_bytes catalogue;
static char spoken[TAG_MAX] = "en"; /* its language */

static uint32_t
mo_word(size_t off)
{
	uint32_t v = 0;

	if (off <= catalogue.len && catalogue.len - off >= sizeof(v))
		memcpy(&v, catalogue.data + off, sizeof(v));
	return v;
}

/* String I of the table at OFF, or NULL where the file is broken. */
static const char *
mo_string(size_t table, size_t i)
{
	size_t len = mo_word(table + 8 * i), off = mo_word(table + 8 * i + 4);

	if (off >= catalogue.len || len >= catalogue.len - off ||
	    catalogue.data[off + len] != '\0')
		return NULL;
	return (const char *)catalogue.data + off;
}

static const char *
translate(const char *msgid)
{
	size_t low = 0, high = mo_word(8), middle;
	const char *s;
	int order;

	if (msgid[0] == '\0') /* gettext keeps its header there */
		return NULL;
	while (low < high) {
		middle = low + (high - low) / 2;
		if ((s = mo_string(mo_word(12), middle)) == NULL)
			return NULL;
		order = strcmp(msgid, s);
		if (order == 0)
			return mo_string(mo_word(16), middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static bool
mo_open(const char *path)
{
	struct stat st;
	void *map;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool ok;

	if (fd < 0)
		return false;
	ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	     st.st_size >= MO_HEADER && st.st_size <= (off_t)MO_MAX;
	map = ok ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
		 : MAP_FAILED;
	close(fd);
	if (map == MAP_FAILED)
		return false;
	catalogue = VT_BYTES(map, (size_t)st.st_size);
	/* written on a machine of another byte order: not ours */
	if (mo_word(0) == MO_MAGIC && mo_word(4) >> 16 == 0 &&
	    mo_word(8) <= catalogue.len / 16) {
		vt_translate_set(translate);
		return true;
	}
	vt_cli_language_release();
	return false;
}

void
vt_cli_language_release(void)
{
	vt_translate_set(NULL);
	if (catalogue.data != NULL)
		munmap((void *)(uintptr_t)catalogue.data, catalogue.len);
	catalogue = VT_BYTES(NULL, 0);
	snprintf(spoken, sizeof(spoken), "en");
}

const char *
vt_cli_language(void)
{
	return spoken;
}

/* The build tree's, those beside the program, the installed ones. */
static bool
catalogue_find(const char *tag)
{
	static const char *const places[] = { "%s/../po/%s.mo",
		"%s/../share/locale/%s/LC_MESSAGES/vanthu.mo" };
	char *dir = vt_program_dir();
	struct vt_buf path;
	bool found = false;
	size_t i;

	vt_buf_init(&path, CLI_LINE_MAX);
	for (i = 0; !found && dir != NULL && i < 2; i++) {
		vt_buf_reset(&path);
		found = vt_buf_printf(&path, places[i], dir, tag) == VT_OK &&
			mo_open(vt_buf_str(&path));
	}
	vt_buf_reset(&path);
	if (!found &&
	    vt_buf_printf(&path, VT_LOCALEDIR "/%s/LC_MESSAGES/vanthu.mo",
		tag) == VT_OK)
		found = mo_open(vt_buf_str(&path));
	vt_buf_release(&path);
	free(dir);
	if (found)
		snprintf(spoken, sizeof(spoken), "%s", tag);
	return found;
}

/*
 * Take the language that NAME ("vi_VN.UTF-8", LEN bytes) asks for; false
 * where we do not speak it.
 */
static bool
language_take(const char *name, size_t len)
{
	char tag[TAG_MAX];
	size_t n;
	char *region;

	for (n = 0; n < len && n < TAG_MAX - 1; n++) {
		if (!((name[n] >= 'a' && name[n] <= 'z') ||
			(name[n] >= 'A' && name[n] <= 'Z') || name[n] == '_'))
			break;
		tag[n] = name[n];
	}
	tag[n] = '\0';
	if (n < 2)
		return false;
	if (strncmp(tag, "en", 2) == 0 && (tag[2] == '\0' || tag[2] == '_'))
		return true;
	if (catalogue_find(tag))
		return true;
	if ((region = strchr(tag, '_')) == NULL)
		return false;
	*region = '\0';
	return strlen(tag) >= 2 && catalogue_find(tag);
}

/* LANGUAGE is a list: the first that we speak. */
static bool
list_take(const char *list)
{
	size_t len;

	for (; list[0] != '\0'; list += len + (list[len] == ':')) {
		len = strcspn(list, ":");
		if (language_take(list, len))
			return true;
	}
	return false;
}

/* What the locale's variables say, or NULL where that is no language. */
static const char *
locale_wish(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value == NULL || value[0] == '\0')
			continue;
		if (strcmp(value, "C") == 0 || strcmp(value, "POSIX") == 0 ||
		    strncmp(value, "C.", 2) == 0)
			return NULL;
		return value;
	}
	return NULL;
}

void
vt_cli_language_set(bool (*language)(const char *, char *, size_t),
    const char *home)
{
	const char *list = getenv("LANGUAGE"), *wish = locale_wish();
	char office[TAG_MAX];

	/* Letters are UTF-8, numbers and order are C's: always there. */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		setlocale(LC_CTYPE, "C.utf8");
	vt_cli_language_release();
	if (list != NULL && list_take(list))
		return;
	if (wish != NULL) {
		language_take(wish, strlen(wish));
		return;
	}
	if (list != NULL && list[0] != '\0')
		return;
	if (language != NULL && language(home, office, sizeof(office)))
		language_take(office, strlen(office));
}
