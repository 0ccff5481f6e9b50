/* Names of the pinned enumerators of documents, as feeds and verdicts spell them. */
#include <string.h>

#include <tocsin/document.h>
#include <tocsin/version.h>

static const char *const venue_names[TOCSIN_VENUE_COUNT] = {"unknown", "mainstream_site",   "site",    "hot_forum",
                                                            "forum",   "celebrity_account", "account", "own"};
static const char *const attention_names[TOCSIN_ATTENTION_COUNT] = {"low", "elevated", "high"};
static const char *const field_names[TOCSIN_FIELD_COUNT] = {"title", "text"};

const char *tocsin_version(void) { return TOCSIN_VERSION_STRING; }

uint32_t tocsin_version_number(void) {
    return TOCSIN_VERSION_MAJOR * 10000u + TOCSIN_VERSION_MINOR * 100u + TOCSIN_VERSION_PATCH;
}

const char *tocsin_venue_name(tocsin_venue venue) {
    return (unsigned)venue < TOCSIN_VENUE_COUNT ? venue_names[venue] : venue_names[0];
}

int tocsin_venue_from_name(const char *name, size_t length, tocsin_venue *venue) {
    if (!name || !venue) return 0;
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) {
        if (strlen(venue_names[i]) == length && !memcmp(venue_names[i], name, length)) {
            *venue = (tocsin_venue)i;
            return 1;
        }
    }
    return 0;
}

const char *tocsin_attention_name(tocsin_attention attention) {
    return (unsigned)attention < TOCSIN_ATTENTION_COUNT ? attention_names[attention] : attention_names[0];
}

const char *tocsin_field_name(tocsin_field field) {
    return (unsigned)field < TOCSIN_FIELD_COUNT ? field_names[field] : "unknown";
}
