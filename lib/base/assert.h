#ifndef TOCSIN_BASE_ASSERT_H
#define TOCSIN_BASE_ASSERT_H

/*
 * What the library holds true of its own data, said so that a test finds out. A failed assert is a mistake in the
 * library, never bad input. It has no side effect, and a release has none of it: the library does not abort.
 *
 * TOCSIN_ASSERT_LEVEL is 0 with NDEBUG (a release), otherwise 2 (debug, asan and tsan):
 *
 *   1  tocsin__assert: looks at a few numbers
 *   2  tocsin__assert_all: looks at a whole array, or takes longer than what it guards
 */

#ifndef TOCSIN_ASSERT_LEVEL
#ifdef NDEBUG
#define TOCSIN_ASSERT_LEVEL 0
#else
#define TOCSIN_ASSERT_LEVEL 2
#endif
#endif

/* Says what was not so on standard error, and aborts. */
__attribute__((noreturn)) void tocsin__assert_failed(const char *file, int line, const char *condition);

/* Where it is off the condition is compiled, for its names must stay right, and not evaluated. */
#define TOCSIN__ASSERT_ON(condition) ((condition) ? (void)0 : tocsin__assert_failed(__FILE__, __LINE__, #condition))
#define TOCSIN__ASSERT_OFF(condition) ((void)sizeof((condition) ? 1 : 0))

#if TOCSIN_ASSERT_LEVEL >= 1
#define tocsin__assert(condition) TOCSIN__ASSERT_ON(condition)
#else
#define tocsin__assert(condition) TOCSIN__ASSERT_OFF(condition)
#endif

/* Before a function that only asserts call. */
#define TOCSIN__FOR_ASSERTS __attribute__((unused))

#if TOCSIN_ASSERT_LEVEL >= 2
#define tocsin__assert_all(condition) TOCSIN__ASSERT_ON(condition)
#else
#define tocsin__assert_all(condition) TOCSIN__ASSERT_OFF(condition)
#endif

#endif
