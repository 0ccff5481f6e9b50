/*
 * Computes positions of hits in folded code points, of which the view has the same number, and the sentence and
 * paragraph in which each hit starts. This happens only if a rule that may hold needs it, in one walk over the text:
 * most documents have no hits, and most hits no such rule.
 */
#include "base/utf8.h"
#include "classify/scanner_internal.h"
#include "rule/rule_program.h"
#include "text/sentence_breaks.h"

#define EDGES (TOCSIN__RULE_NEEDS_SENTENCES | TOCSIN__RULE_NEEDS_PARAGRAPHS)

static void locate_points(tocsin_scanner *s) {
    size_t at = 0, points = 0;
    for (size_t i = 0; i < s->hits.length; i++) {
        tocsin__rule_hit *hit = &s->hits.data[i];
        const tocsin__hit_place *place = &s->places.data[i];
        const char *text = s->texts[hit->field].view.text;
        if (i && s->hits.data[i - 1].field != hit->field) at = points = 0;
        points += tocsin__utf8_count_valid(text + at, place->start - at);
        at = place->start;
        hit->start = (uint32_t)points;
        hit->end = hit->start + (uint32_t)tocsin__utf8_count_valid(text + place->start, place->end - place->start);
    }
}

static void locate_edges(tocsin_scanner *s) {
    tocsin__breaks breaks = {NULL, 0, 0, 0, 0};
    int field = -1;
    for (size_t i = 0; i < s->hits.length; i++) {
        tocsin__rule_hit *hit = &s->hits.data[i];
        if (hit->field != field) {
            field = hit->field;
            const tocsin_bytes text = s->original[field];
            breaks = (tocsin__breaks){text.data, text.length, 0, breaks.sentence + 1, breaks.paragraph + 1};
        }
        tocsin__breaks_advance(&breaks, tocsin__offset_map_start(&s->folders[field]->map, s->places.data[i].start));
        hit->sentence = breaks.sentence;
        hit->paragraph = breaks.paragraph;
    }
}

void tocsin__locate_hits(tocsin_scanner *s, uint32_t needs) {
    uint32_t missing = needs & ~s->located;
    if (missing & TOCSIN__RULE_NEEDS_POSITIONS) locate_points(s);
    if (missing & EDGES) locate_edges(s);
    s->located |= needs & EDGES ? needs | EDGES : needs;
}
