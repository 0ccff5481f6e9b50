#ifndef TOCSIN_CLASSIFY_SCANNER_SLOT_H
#define TOCSIN_CLASSIFY_SCANNER_SLOT_H

/* A scanner of a slot takes the slot's plan before each document. */

#include "classify/scanner_internal.h"

/* Takes the slot's plan; on failure the scanner is unchanged. */
tocsin_status tocsin__scanner_refresh(tocsin_scanner *scanner, tocsin_error *error);

/* The same, only if the scanner's plan is no longer the slot's: called before every document. */
static inline tocsin_status tocsin__scanner_catch_up(tocsin_scanner *scanner, tocsin_error *error) {
    const int is_current = !scanner->slot || tocsin_slot_generation(scanner->slot) == scanner->generation;
    return is_current ? TOCSIN_OK : tocsin__scanner_refresh(scanner, error);
}

#endif
