/* test_alloc.h - each allocation of a program in turn fails */
#ifndef VANTHU_TEST_ALLOC_H
#define VANTHU_TEST_ALLOC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/*
 * The program's own malloc() stands before the C library's, also for what
 * is linked in or loaded.  Sanitizers bring one themselves: then nothing is
 * tried.
 */
#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define NO_FAILING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NO_FAILING 1
#endif
#endif

/* A test that skips uses none of them. */
#define MAYBE __attribute__((unused))
static MAYBE long live;           /* blocks not freed yet */
static MAYBE long countdown = -1; /* the allocation that fails; < 0: none */
static MAYBE bool failed;

#ifndef NO_FAILING
/* Seen by the C library too: strdup() must come here as free() does. */
#pragma GCC visibility push(default)

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

#ifdef TEST_ALLOC_OWN
/* Only what the program itself asks for fails, not what a library does. */
extern const char __executable_start[], etext[];
#define OWN(caller)                                                            \
	((uintptr_t)(caller) >= (uintptr_t)__executable_start &&               \
	    (uintptr_t)(caller) < (uintptr_t)etext)
#else
#define OWN(caller) ((void)(caller), true)
#endif

static bool
fail_now(const void *caller)
{
	if (countdown < 0 || !OWN(caller) || countdown-- != 0)
		return false;
	failed = true;
	return true;
}

void *
malloc(size_t n)
{
	void *p =
	    fail_now(__builtin_return_address(0)) ? NULL : __libc_malloc(n);

	live += p != NULL;
	return p;
}

void *
calloc(size_t n, size_t size)
{
	void *p = fail_now(__builtin_return_address(0))
		      ? NULL
		      : __libc_calloc(n, size);

	live += p != NULL;
	return p;
}

void *
realloc(void *old, size_t n)
{
	void *p = fail_now(__builtin_return_address(0))
		      ? NULL
		      : __libc_realloc(old, n);

	live += p != NULL && old == NULL;
	return p;
}

void
free(void *p)
{
	live -= p != NULL;
	__libc_free(p);
}

#pragma GCC visibility pop
#endif

#endif
