/* Compiled as C17 and as C++17: every initialiser of the public headers, and an enumerator of each family. */
#include <tocsin/tocsin.h>

extern const tocsin_document tocsin_initialised_document;
const tocsin_document tocsin_initialised_document = TOCSIN_DOCUMENT_INIT;

extern const tocsin_plan_options tocsin_initialised_plan_options;
const tocsin_plan_options tocsin_initialised_plan_options = TOCSIN_PLAN_OPTIONS_INIT;

extern const tocsin_scanner_options tocsin_initialised_scanner_options;
const tocsin_scanner_options tocsin_initialised_scanner_options = TOCSIN_SCANNER_OPTIONS_INIT;

extern const int tocsin_enumerators[];
const int tocsin_enumerators[] = {
    TOCSIN_OK,           TOCSIN_VENUE_COUNT,   TOCSIN_ATTENTION_COUNT, TOCSIN_FIELD_COUNT,
    TOCSIN_TIER_NONE,    TOCSIN_ENGINE_AUTO,   TOCSIN_SEVERITY_ERROR,  TOCSIN_INCOMPLETE_HITS,
    TOCSIN_FOLD_NFKC_CF, TOCSIN_BETWEEN_SPACE, TOCSIN_OBSTACLE_FAR,    TOCSIN_VERSION_MAJOR,
};
