#ifndef TOCSIN_TOOLS_SERVE_ASSETS_H
#define TOCSIN_TOOLS_SERVE_ASSETS_H

/* Files of this folder that are built into the program. */

#include <stddef.h>

typedef struct serve_asset {
    const char *path, *type;
    const unsigned char *bytes;
    size_t length;
} serve_asset;

extern const serve_asset serve_assets[];
extern const size_t serve_asset_count;

#endif
