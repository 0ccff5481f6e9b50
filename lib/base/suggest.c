/*
 * Edit distance with transpositions (Damerau, restricted), over bytes: names are short and mostly ASCII. A name is near
 * enough if the distance is at most a third of the longer name; one edit is always allowed for names of three bytes and
 * more.
 */
#include "base/suggest.h"

#include <string.h>

#define LONGEST 64

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t distance(const char *a, size_t n, const char *b, size_t m) {
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= m; j++) rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t cost = a[i - 1] != b[j - 1];
            row[j] = smaller(smaller(above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smaller(row[j], higher[j - 2] + 1);
            }
        }
    }
    return rows[n % 3][m];
}

size_t tocsin__suggest(const char *wanted, size_t length, const char *const *names, size_t count) {
    size_t best = count, best_distance = LONGEST;
    if (length == 0 || length > LONGEST) return count;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(names[i]);
        if (other == 0 || other > LONGEST) continue;
        size_t longer = other > length ? other : length;
        size_t allowed = longer / 3 ? longer / 3 : 1;
        size_t d = distance(wanted, length, names[i], other);
        if (d <= allowed && d < longer && d < best_distance) {
            best = i;
            best_distance = d;
        }
    }
    return best;
}
