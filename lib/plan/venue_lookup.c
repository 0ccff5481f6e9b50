/*
 * A source is written once, in lower case, into a buffer on the stack, as host and path without parts that do not
 * count. Then each suffix of the host at a label boundary is looked up in a hash table, beginning with the longest
 * possible one. Sources longer than the longest pattern are cut: only a pattern of that length could match the rest.
 */
#include <string.h>

#include "plan/venue_catalogue.h"

typedef struct address {
    char text[TOCSIN__VENUE_PATTERN_MAX + 1]; /* the host, then the path with its / */
    size_t length;
    size_t host; /* bytes of the host; 0 if it is longer than any pattern */
} address;

static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* The start of the part after scheme:// or //; 0 if there is no such beginning. */
static size_t after_scheme(const char *s, size_t length) {
    size_t at = 0;
    if (length && is_letter(s[0])) {
        while (at < length && (is_letter(s[at]) || is_digit(s[at]) || s[at] == '+' || s[at] == '-' || s[at] == '.')) {
            at++;
        }
        if (at >= length || s[at] != ':') return 0;
        at++;
    }
    return at + 2 <= length && s[at] == '/' && s[at + 1] == '/' ? at + 2 : 0;
}

static size_t authority_length(const char *s, size_t length) {
    size_t at = 0;
    while (at < length && s[at] != '/' && s[at] != '?' && s[at] != '#' && s[at] != '\\') at++;
    return at;
}

static size_t path_length(const char *s, size_t length) {
    size_t at = 0;
    while (at < length && s[at] != '?' && s[at] != '#') at++;
    return at;
}

/* A host without its port and without dots at its end. */
static size_t bare_host(const char *s, size_t length) {
    size_t at = length;
    while (at > 0 && is_digit(s[at - 1])) at--;
    if (at > 1 && s[at - 1] == ':') length = at - 1;
    while (length > 0 && s[length - 1] == '.') length--;
    return length;
}

static void add(address *a, const char *s, size_t length) {
    size_t room = sizeof a->text - a->length;
    if (length > room) length = room;
    for (size_t i = 0; i < length; i++) {
        a->text[a->length + i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] + ('a' - 'A') : s[i]);
    }
    a->length += length;
}

static void read_address(address *a, const char *s, size_t length) {
    while (length && is_space(s[length - 1])) length--;
    while (length && is_space(*s)) {
        s++;
        length--;
    }
    size_t scheme = after_scheme(s, length);
    s += scheme;
    length -= scheme;
    a->length = 0;
    size_t authority = authority_length(s, length);
    if (scheme) {
        size_t user = authority;
        while (user > 0 && s[user - 1] != '@') user--;
        a->host = bare_host(s + user, authority - user);
        add(a, s + user, a->host);
        add(a, s + authority, path_length(s + authority, length - authority));
    } else {
        a->host = bare_host(s, authority);
        add(a, s, length);
    }
    if (a->host > TOCSIN__VENUE_PATTERN_MAX) a->host = 0;
}

static tocsin_venue find(const tocsin__map *map, const char *key, size_t length) {
    uint32_t value = tocsin__map_find(map, key, length);
    return value == TOCSIN__MAP_NONE ? TOCSIN_VENUE_UNKNOWN : (tocsin_venue)(value & 7u);
}

static tocsin_venue find_family(const tocsin__venue_catalogue *catalogue, const address *a) {
    size_t at = a->length < catalogue->longest_family ? a->length : catalogue->longest_family;
    tocsin_venue venue = TOCSIN_VENUE_UNKNOWN;
    for (; at > 0 && venue == TOCSIN_VENUE_UNKNOWN; at--) {
        if (a->text[at - 1] == '/') venue = find(&catalogue->families, a->text, at);
    }
    return venue;
}

static tocsin_venue find_host(const tocsin__venue_catalogue *catalogue, const char *host, size_t length) {
    size_t from = length;
    for (size_t labels = 0; from > 0; from--) {
        if (host[from - 1] == '.' && ++labels == catalogue->most_labels) break;
    }
    while (from < length) {
        tocsin_venue venue = find(&catalogue->hosts, host + from, length - from);
        if (venue != TOCSIN_VENUE_UNKNOWN) return venue;
        const char *dot = memchr(host + from, '.', length - from);
        from = dot ? (size_t)(dot - host) + 1 : length;
    }
    return TOCSIN_VENUE_UNKNOWN;
}

tocsin_venue tocsin__venue_lookup(const tocsin__venue_catalogue *catalogue, tocsin_bytes source) {
    address a;
    if (!catalogue || !source.length) return TOCSIN_VENUE_UNKNOWN;
    read_address(&a, source.data, source.length);
    tocsin_venue venue = TOCSIN_VENUE_UNKNOWN;
    if (catalogue->channels.count) venue = find(&catalogue->channels, a.text, a.length);
    if (venue == TOCSIN_VENUE_UNKNOWN) venue = find_family(catalogue, &a);
    if (venue == TOCSIN_VENUE_UNKNOWN && catalogue->most_labels) venue = find_host(catalogue, a.text, a.host);
    return venue;
}
