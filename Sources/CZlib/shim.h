#ifndef AUTERITY_CZLIB_SHIM_H
#define AUTERITY_CZLIB_SHIM_H

#include <zlib.h>

// Macros of zlib that Swift does not see.

static inline int czlib_deflate_begin(z_stream *stream, int level, int window, int memory) {
    return deflateInit2(stream, level, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY);
}

static inline int czlib_inflate_begin(z_stream *stream, int window) {
    return inflateInit2(stream, window);
}

#endif
