#ifndef TOCSIN_VERSION_H
#define TOCSIN_VERSION_H

#include <stdint.h>

#include <tocsin/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of these headers; the build reads the three numbers from here. */
#define TOCSIN_VERSION_MAJOR 0
#define TOCSIN_VERSION_MINOR 2
#define TOCSIN_VERSION_PATCH 0
#define TOCSIN_VERSION_STRING "0.2.0"

/** Version of the loaded library, "MAJOR.MINOR.PATCH". Ownership: static storage, never freed. Thread-safe always. */
TOCSIN_API const char *tocsin_version(void);

/**
 * Version as a number that increases with each version: 10000 times MAJOR, 100 times MINOR, PATCH. Thread-safe always.
 */
TOCSIN_API uint32_t tocsin_version_number(void);

/** Version of the loaded Hyperscan (or Vectorscan). Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_version_engine(void);

/** The sources of the fold tables: versions of ICU and Unicode. Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_version_tables(void);

#ifdef __cplusplus
}
#endif

#endif
