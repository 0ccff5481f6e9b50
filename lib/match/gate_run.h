#ifndef TOCSIN_MATCH_GATE_RUN_H
#define TOCSIN_MATCH_GATE_RUN_H

/* One piece of a text on its way through the gate, for the gate_run files. */

#include "match/gate_layout.h"
#include "text/text_units.h"

typedef struct tocsin__gate_run {
    const tocsin__gate *gate;
    const tocsin__view *view;
    size_t from, to; /* starts that are asked for */
    tocsin__hits *hits;
    tocsin_status status;
    tocsin__units text;
    uint16_t found[TOCSIN__UNITS_MOST + TOCSIN__UNITS_SLACK]; /* units at which windows begin whose bits are set */
} tocsin__gate_run;

/* gate_settle.c: looks up and compares `count` windows of `size` units that were found. */
void tocsin__gate_settle(tocsin__gate_run *run, unsigned size, size_t count);

/* Finds the windows of the units and settles them. */
tocsin__gate_function tocsin__gate_run_portable;
#ifdef TOCSIN__FOLD_X86
tocsin__gate_function tocsin__gate_run_avx2;
#endif

#endif
