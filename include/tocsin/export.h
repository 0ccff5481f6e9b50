#ifndef TOCSIN_EXPORT_H
#define TOCSIN_EXPORT_H

/** Marks the functions that the shared library exports; */
#if defined(__GNUC__) || defined(__clang__)
#define TOCSIN_API __attribute__((visibility("default")))
#else
#define TOCSIN_API
#endif

#endif
