/* No sign and no blanks: characters that strtol and sscanf would skip are mistakes here. */
#include "feed/span_parse.h"

#include <string.h>

static int64_t unit_of(char unit) {
    switch (unit) {
        case 's': return 1000;
        case 'm': return 60000;
        case 'h': return 3600000;
        case 'd': return 86400000;
        default: return 0;
    }
}

int64_t span_parse(const char *text, const char *units, int64_t most) {
    int64_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        if (number > most / 10) return 0;
        number = number * 10 + (*text - '0');
    }
    if (!*text || text[1] || !strchr(units, *text)) return 0;
    const int64_t unit = unit_of(*text);
    return unit && number <= most / unit ? number * unit : 0;
}
