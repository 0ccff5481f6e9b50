#ifndef TOCSIN_TESTS_HYPERSCAN_ENGINE_H
#define TOCSIN_TESTS_HYPERSCAN_ENGINE_H

/* The engine to compare with: Hyperscan, or tocsin's own engine again in a build without Hyperscan. */
#ifdef TOCSIN_WITHOUT_HYPERSCAN
#define HYPERSCAN_ENGINE TOCSIN_ENGINE_FILTER
#define HYPERSCAN_ENGINE_NAME "filter"
#else
#define HYPERSCAN_ENGINE TOCSIN_ENGINE_HYPERSCAN
#define HYPERSCAN_ENGINE_NAME "hyperscan"
#endif

#endif
