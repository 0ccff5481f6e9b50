/*
 * Finds the nearest name by edit distance (insert, delete, replace, swap two neighbours); at most a third of the longer
 * name may be wrong. A name that is cut short ("--form") is near the name that it starts.
 */
#include "feed/nearest_name.h"

#include <string.h>

#define NAME_MAX_LENGTH 40 /* longer than any name here */

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t edit_distance(const char *a, size_t n, const char *b, size_t m) {
    size_t rows[3][NAME_MAX_LENGTH + 1];
    for (size_t j = 0; j <= m; j++) rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *twice = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], twice[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *nearest_name(const char *written, size_t length, const char *const *names, size_t count) {
    const char *nearest = NULL;
    size_t fewest = NAME_MAX_LENGTH;
    if (length == 0 || length > NAME_MAX_LENGTH) return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(names[i]);
        if (size > NAME_MAX_LENGTH) continue;
        size_t distance = edit_distance(written, length, names[i], size);
        size_t allowed = (length > size ? length : size) / 3;
        if (length >= 3 && length < size && !strncmp(written, names[i], length)) distance = allowed = 1;
        if (distance <= allowed && distance < fewest) {
            fewest = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
