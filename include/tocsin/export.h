#ifndef TOCSIN_EXPORT_H
#define TOCSIN_EXPORT_H

/** Marks what the shared library exports; everything else is hidden. */
#if defined(__GNUC__) || defined(__clang__)
#define TOCSIN_API __attribute__((visibility("default")))
#else
#define TOCSIN_API
#endif

#endif
