#ifndef TOCSIN_BASE_ASSERT_H
#define TOCSIN_BASE_ASSERT_H

/*
 * Checks that the library's own data is as the comments say, so that a test notices if it is not. A failed assert is a
 * mistake in the library, never bad input. Asserts have no side effect, and a release has none: the library never
 * aborts.
 *
 * TOCSIN_ASSERT_LEVEL is 0 with NDEBUG (a release), otherwise 2 (debug, asan and tsan):
 *
 *   1  tocsin__assert: looks at a few numbers
 *   2  tocsin__assert_all: looks at a whole array, or takes longer than the code that it guards
 */

#ifndef TOCSIN_ASSERT_LEVEL
#ifdef NDEBUG
#define TOCSIN_ASSERT_LEVEL 0
#else
#define TOCSIN_ASSERT_LEVEL 2
#endif
#endif

/* Prints the condition that failed to standard error, and aborts. */
__attribute__((noreturn)) void tocsin__assert_failed(const char *file, int line, const char *condition);

/* With asserts off, the condition is compiled, so that its names stay valid, but not evaluated. */
#define TOCSIN__ASSERT_ON(condition) ((condition) ? (void)0 : tocsin__assert_failed(__FILE__, __LINE__, #condition))
#define TOCSIN__ASSERT_OFF(condition) ((void)sizeof((condition) ? 1 : 0))

#if TOCSIN_ASSERT_LEVEL >= 1
#define tocsin__assert(condition) TOCSIN__ASSERT_ON(condition)
#else
#define tocsin__assert(condition) TOCSIN__ASSERT_OFF(condition)
#endif

/* Goes before a function that only asserts call. */
#define TOCSIN__FOR_ASSERTS __attribute__((unused))

#if TOCSIN_ASSERT_LEVEL >= 2
#define tocsin__assert_all(condition) TOCSIN__ASSERT_ON(condition)
#else
#define tocsin__assert_all(condition) TOCSIN__ASSERT_OFF(condition)
#endif

#endif
