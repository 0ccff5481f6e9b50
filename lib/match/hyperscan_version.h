#ifndef TOCSIN_MATCH_HYPERSCAN_VERSION_H
#define TOCSIN_MATCH_HYPERSCAN_VERSION_H

/* Of the Hyperscan that is loaded, not of its headers. Static storage. */
const char *tocsin__hyperscan_version(void);

#endif
