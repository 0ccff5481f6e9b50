#ifndef TOCSIN_TESTS_HYPERSCAN_ENGINE_H
#define TOCSIN_TESTS_HYPERSCAN_ENGINE_H

/* Hyperscan as the engine of a plan; in a build without it, tocsin's own engine again. */
#ifdef TOCSIN_WITHOUT_HYPERSCAN
#define HYPERSCAN_ENGINE TOCSIN_ENGINE_FILTER
#define HYPERSCAN_ENGINE_NAME "filter"
#else
#define HYPERSCAN_ENGINE TOCSIN_ENGINE_HYPERSCAN
#define HYPERSCAN_ENGINE_NAME "hyperscan"
#endif

#endif
