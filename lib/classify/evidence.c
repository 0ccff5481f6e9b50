/* Turns hits into evidence: the words of the original that make a clause hold. */
#include "base/bitset.h"
#include "classify/scanner_internal.h"
#include "rule/rule_witness.h"

tocsin__rule_input tocsin__rule_input_of(const tocsin_scanner *s, uint64_t reach) {
    return (tocsin__rule_input){.hits = s->hits.data,
                                .hit_count = s->hits.length,
                                .topic_counts = s->topic_counts,
                                .topic_scores = s->topic_scores,
                                .topic_values = s->topic_values,
                                .venue = s->verdict.venue,
                                .reach = reach,
                                .attention = s->verdict.attention,
                                .clauses_held = s->clause_bits,
                                .tier = s->verdict.tier,
                                .learned = tocsin__learned_score,
                                .learned_context = (void *)(uintptr_t)s};
}

static int get_hit(const tocsin_scanner *s, size_t index, tocsin_hit *hit) {
    if (index >= s->hits.length) return 0;
    const tocsin__hit_place *place = &s->places.data[index];
    const tocsin_field field = (tocsin_field)s->hits.data[index].field;
    const tocsin__offset_map *map = &s->folders[field]->map;
    *hit = (tocsin_hit){place->term, s->hits.data[index].topic, field,
                        tocsin__offset(s, field, tocsin__offset_map_start(map, place->start)),
                        tocsin__offset(s, field, tocsin__offset_map_end(map, place->end))};
    return 1;
}

int tocsin_scanner_get_hit(const tocsin_scanner *s, size_t index, tocsin_hit *hit) {
    if (!s || !hit) return 0;
    tocsin__busy *busy = &((tocsin_scanner *)(uintptr_t)s)->busy; /* reading does not change the scanner itself */
    if (!tocsin__busy_take(busy)) return 0;
    const int found = get_hit(s, index, hit);
    tocsin__busy_give(busy);
    return found;
}

tocsin_status tocsin_scanner_mute(tocsin_scanner *scanner, uint32_t term) {
    if (!scanner) return TOCSIN_ERROR_ARGUMENT;
    if (!tocsin__busy_take(&scanner->busy)) return TOCSIN_ERROR_BUSY;
    const int known = term == TOCSIN_NO_TERM || term < scanner->plan->lexicon.term_count;
    if (known) scanner->muted = term;
    tocsin__busy_give(&scanner->busy);
    return known ? TOCSIN_OK : TOCSIN_ERROR_ARGUMENT;
}

tocsin_evidence tocsin__evidence_of(const tocsin_scanner *s, uint32_t clause, size_t hit) {
    const tocsin__hit_place *place = &s->places.data[hit];
    const tocsin__term *term = &s->plan->lexicon.terms[place->term];
    const tocsin_field field = (tocsin_field)s->hits.data[hit].field;
    const tocsin__offset_map *map = &s->folders[field]->map;
    size_t start = tocsin__offset_map_start(map, place->start), end = tocsin__offset_map_end(map, place->end);
    const uint64_t value = s->hits.data[hit].value;
    return (tocsin_evidence){.clause = clause,
                             .topic = term->topic,
                             .clause_id = clause == TOCSIN__NO_CLAUSE ? "about" : s->plan->items.clauses[clause].id,
                             .topic_id = s->plan->items.topics[term->topic].id,
                             .term = term->original,
                             .field = field,
                             .start = tocsin__offset(s, field, start),
                             .end = tocsin__offset(s, field, end),
                             .text = {s->original[field].data + start, end - start},
                             .has_value = value != 0,
                             .value = value ? (double)(value - 1) / 1e6 : 0};
}

tocsin_status tocsin__add_evidence(tocsin_scanner *s, uint32_t clause, uint64_t reach) {
    const tocsin__rule_program *program = s->plan->clauses[clause].program;
    const tocsin__rule_input input = tocsin__rule_input_of(s, reach);
    const size_t hits = s->hits.length, first = s->evidence.length;
    size_t words = tocsin__rule_scratch_size(program, hits) / sizeof(uint64_t) + 1;
    tocsin_status status = tocsin__vec_reserve(&s->support_scratch, words, &s->allocator);
    if (!status) status = tocsin__vec_reserve(&s->support, tocsin__bits_words(hits) + 1, &s->allocator);
    if (status) return status;
    uint64_t learned = tocsin__rule_witness(program, &input, s->support_scratch.data, s->support.data), total_seen = 0;
    size_t total = tocsin__bits_count(s->support.data, 0, hits);
    size_t kept = total < s->max_evidence ? total : s->max_evidence;
    size_t hit = 0;
    for (size_t i = 0; i < kept && !status; i++, hit++) {
        hit = tocsin__bits_next(s->support.data, hit, hits);
        status = tocsin__vec_push(&s->evidence, &s->allocator, tocsin__evidence_of(s, clause, hit));
    }
    total_seen = total;
    for (; learned && !status; learned &= learned - 1) {
        status = tocsin__learned_evidence(s, clause, (uint32_t)__builtin_ctzll(learned), s->max_evidence, &kept,
                                          &total_seen);
    }
    if (total_seen > kept) s->verdict.incomplete |= TOCSIN_INCOMPLETE_EVIDENCE;
    const tocsin_plan_item *item = &s->plan->items.clauses[clause];
    const tocsin_held_clause held = {clause, item->id, item->tier, first, kept, total_seen};
    return status ? status : tocsin__vec_push(&s->clauses, &s->allocator, held);
}
