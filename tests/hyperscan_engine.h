#ifndef TOCSIN_TESTS_HYPERSCAN_ENGINE_H
#define TOCSIN_TESTS_HYPERSCAN_ENGINE_H

/* Hyperscan as the engine of a plan; of a tocsin that is built without it, its own engine once more. */
#ifdef TOCSIN_WITHOUT_HYPERSCAN
#define HYPERSCAN_ENGINE TOCSIN_ENGINE_FILTER
#define HYPERSCAN_ENGINE_NAME "filter"
#else
#define HYPERSCAN_ENGINE TOCSIN_ENGINE_HYPERSCAN
#define HYPERSCAN_ENGINE_NAME "hyperscan"
#endif

#endif
