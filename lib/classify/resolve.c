/*
 * Decides which occurrences count. They come from left to right, longest first, so that three questions need no look
 * back: is the occurrence inside a phrase of its `unless`, is it inside a hit of its own topic (火 inside 火灾
 * counts once), and are its edges word edges? Only the ends of phrases and hits are remembered, so a field gives
 * the same hits in lists of any length, and counts stay exact if there are more hits than are kept.
 */
#include "base/bitset.h"
#include "base/utf8.h"
#include "classify/scanner_internal.h"
#include "match/quantity_match.h"
#include "text/bounds.h"
#include "text/numeral.h"

static tocsin_status raise_reach(tocsin_scanner *s, tocsin__reach *reach, uint32_t number, uint32_t end) {
    if (!reach->end[number] && tocsin__vec_push(&reach->touched, &s->allocator, number)) return TOCSIN_ERROR_MEMORY;
    if (reach->end[number] < end) reach->end[number] = end;
    return TOCSIN_OK;
}

static void clear_reach(tocsin__reach *reach) {
    for (size_t i = 0; i < reach->touched.length; i++) reach->end[reach->touched.data[i]] = 0;
    reach->touched.length = 0;
}

#define FEW_PHRASES 8 /* of a term: up to this number, each is tested */

/* The field that is being searched. */
typedef struct search {
    tocsin_scanner *scanner;
    tocsin_field field;
} search;

static int is_open(const tocsin_scanner *s, tocsin_field field, size_t at, tocsin__edge edge) {
    const tocsin__bounds_text text = {&s->texts[field].view, s->original[field], &s->folders[field]->map};
    return edge == TOCSIN__EDGE_START ? tocsin__bounds_open_start(&text, at) : tocsin__bounds_open_end(&text, at);
}

static tocsin_status test_edge(void *context, const tocsin__view *text, size_t at, tocsin__edge edge, uint32_t bounds,
                               int *open) {
    const search *edges = context;
    *open = is_open(edges->scanner, edges->field, at, edge);
    if (!*open || bounds != TOCSIN__BOUNDS_WORD) return TOCSIN_OK;
    return tocsin__words_whole(edges->scanner->words, text, at, at, open);
}

/* Edges of regexes are tested during the search for their starts. */
static tocsin_status check_bounds(tocsin_scanner *s, tocsin_field field, const tocsin__posted_term *term,
                                  const tocsin__hit *hit, int *open) {
    *open = 1;
    if (term->bounds == TOCSIN__BOUNDS_NONE || term->kind == TOCSIN__TERM_REGEX) return TOCSIN_OK;
    *open = is_open(s, field, hit->start, TOCSIN__EDGE_START) && is_open(s, field, hit->end, TOCSIN__EDGE_END);
    if (!*open || term->bounds != TOCSIN__BOUNDS_WORD) return TOCSIN_OK;
    return tocsin__words_whole(s->words, &s->texts[field].view, hit->start, hit->end, open);
}

static int has_phrase(const tocsin_plan *plan, const tocsin__posted_term *term, uint32_t phrase) {
    const uint32_t *phrases = plan->unless_phrases + term->unless_first;
    uint32_t low = 0, high = term->unless_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (phrases[middle] < phrase) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < term->unless_count && phrases[low] == phrase;
}

/*
 * If a term has very many phrases, only those that end after the hit's start are tested: few do, and the others never
 * will.
 */
static int is_covered_by_one_of_many(tocsin_scanner *s, const tocsin__posted_term *term, const tocsin__hit *hit) {
    tocsin__reach *reach = &s->phrase_reach;
    for (size_t i = 0; i < reach->touched.length;) {
        const uint32_t phrase = reach->touched.data[i];
        if (reach->end[phrase] <= hit->start) {
            reach->end[phrase] = 0;
            reach->touched.data[i] = reach->touched.data[--reach->touched.length];
        } else if (reach->end[phrase] >= hit->end && has_phrase(s->plan, term, phrase)) {
            return 1;
        } else {
            i++;
        }
    }
    return 0;
}

static int is_covered(tocsin_scanner *s, const tocsin__posted_term *term, const tocsin__hit *hit) {
    const uint32_t *phrases = s->plan->unless_phrases + term->unless_first;
    if (term->unless_count > FEW_PHRASES) return is_covered_by_one_of_many(s, term, hit);
    for (uint32_t i = 0; i < term->unless_count; i++) {
        if (s->phrase_reach.end[phrases[i]] >= hit->end) return 1;
    }
    return 0;
}

static int has_phrase_at(const tocsin__view *text, size_t at, size_t end, tocsin_bytes phrase) {
    size_t read = 0;
    while (read < phrase.length && at < end) {
        if (tocsin__utf8_next(phrase.data, phrase.length, read, &read) != tocsin__view_next(text, at, &at)) return 0;
    }
    return read == phrase.length && at <= end;
}

/* The phrases inside a match come after it, maybe in another block, so they are searched in the text of the match. */
static int contains_phrase(const tocsin_scanner *s, const tocsin__view *text, const tocsin__posted_term *term,
                           const tocsin__hit *hit) {
    const tocsin__lexicon *lexicon = &s->plan->lexicon;
    const tocsin__unless *unless = lexicon->unless + term->unless_first;
    for (size_t at = hit->start, next; at < hit->end && term->unless_count; at = next) {
        (void)tocsin__view_next(text, at, &next);
        for (uint32_t i = 0; i < term->unless_count; i++) {
            if (has_phrase_at(text, at, hit->end, lexicon->phrases[unless[i].phrase])) return 1;
        }
    }
    return 0;
}

/*
 * If the fold leaves characters out, 3-5 becomes 35 and 1.5 becomes 15: a number with signs of its own is read again in
 * the spelling of the original. Characters without a meaning in numbers are ignored: 1 2, 1*2. *is_other: as
 * tocsin__numeral_is_other_before says, as of 1/3, which becomes 13.
 */
static tocsin_status read_as_written(tocsin_scanner *s, tocsin_field field, tocsin__quantity_hit *found,
                                     int *is_other) {
    size_t from = found->number_start;
    tocsin_bytes folded;
    tocsin__numeral numeral;
    int has_sign = 0;
    if (!s->number_folder) return TOCSIN_OK;
    /* 三十、四十 is 三十四 and 十: if the quantity begins with the number, the number may begin earlier. */
    if (from == found->start) from = tocsin__numeral_reach(&s->texts[field].view, from);
    const tocsin__offset_map *map = &s->folders[field]->map;
    const size_t start = tocsin__offset_map_start(map, from), end = tocsin__offset_map_end(map, found->number_end);
    const tocsin_status status = tocsin_fold(s->number_folder, s->original[field].data + start, end - start, &folded);
    if (status) return status;
    const tocsin__view view = {folded.data, folded.length, NULL};
    for (size_t at = 0; at < folded.length;) {
        has_sign |= tocsin__numeral_is_sign(tocsin__utf8_next(folded.data, folded.length, at, &at));
    }
    if (!has_sign) return TOCSIN_OK;
    const int whole = from == found->number_start && tocsin__numeral_read(&view, 0, view.length, &numeral) &&
                      numeral.end == view.length;
    if (!whole && !tocsin__numeral_read_before(&view, view.length, &numeral)) return TOCSIN_OK;
    *is_other = tocsin__numeral_is_other_before(&view, numeral.start, numeral.end);
    found->value = numeral.value;
    found->bounded = numeral.bounded;
    return TOCSIN_OK;
}

/* The value of a quantity's hit, as in tocsin__rule_hit; *out stays 0 without one. */
static tocsin_status value_of(tocsin_scanner *s, tocsin_field field, const tocsin__hit *hit,
                              const tocsin__posted_term *term, uint64_t *out) {
    const tocsin_plan *plan = s->plan;
    const size_t number = hit->pattern - plan->literal_count - plan->regex_count;
    tocsin__quantity_hit found = {.value = 0};
    if (!tocsin__quantity_read(&plan->quantities.forms[number], &s->texts[field].view, hit->start, hit->end, &found))
        return TOCSIN_OK;
    int is_other = 0;
    const tocsin_status status = read_as_written(s, field, &found, &is_other);
    if (status || is_other) return status;
    const double value = (double)found.value * term->unit;
    if (value >= (double)TOCSIN__RULE_MOST_VALUE) found.bounded = 1;
    if (found.bounded) s->verdict.incomplete |= TOCSIN_INCOMPLETE_VALUES;
    *out = TOCSIN__RULE_MOST_VALUE + 1;
    if (value >= (double)TOCSIN__RULE_MOST_VALUE) return TOCSIN_OK;
    /* Integer units keep every digit. */
    const uint64_t whole = (uint64_t)term->unit;
    const int exact = (double)whole >= term->unit && (double)whole <= term->unit;
    *out = 1 + (exact ? found.value * whole : (uint64_t)(value + 0.5));
    return TOCSIN_OK;
}

/* Counts a hit and, if there is room, keeps it in the order of the rules: start, end, topic. */
static tocsin_status keep(tocsin_scanner *s, tocsin_field field, const tocsin__hit *hit,
                          const tocsin__posted_term *term) {
    const uint32_t topic = term->topic;
    if (!s->topic_counts[topic]) {
        if (tocsin__vec_push(&s->touched_topics, &s->allocator, topic)) return TOCSIN_ERROR_MEMORY;
        tocsin__bits_set(s->topic_bits, topic);
        s->topics_present |= tocsin__rule_topic_bit(topic);
    }
    uint64_t value = 0;
    if (term->kind == TOCSIN__TERM_QUANTITY) {
        const tocsin_status status = value_of(s, field, hit, term, &value);
        if (status) return status;
    }
    s->topic_counts[topic]++;
    s->topic_scores[topic] += term->weight;
    if (value > s->topic_values[topic]) s->topic_values[topic] = value;
    if (s->hits.length >= s->options.max_hits) {
        s->verdict.incomplete |= TOCSIN_INCOMPLETE_HITS;
        return TOCSIN_OK;
    }
    const tocsin__rule_hit rule = {0, 0, 0, 0, topic, hit->pattern, (float)term->weight, (uint8_t)field, value};
    const tocsin__hit_place place = {hit->start, hit->end, term->term};
    if (tocsin__vec_push(&s->hits, &s->allocator, rule) || tocsin__vec_push(&s->places, &s->allocator, place)) {
        return TOCSIN_ERROR_MEMORY;
    }
    size_t at = s->places.length - 1;
    for (; at > 0; at--) {
        const tocsin__hit_place *before = &s->places.data[at - 1];
        if (s->hits.data[at - 1].field != field || before->start != hit->start) break;
        if (before->end < hit->end || (before->end == hit->end && s->hits.data[at - 1].topic <= topic)) break;
        s->places.data[at] = *before;
        s->hits.data[at] = s->hits.data[at - 1];
    }
    s->places.data[at] = place;
    s->hits.data[at] = rule;
    return TOCSIN_OK;
}

/*
 * The number of a quantity inside a longer hit of its topic, which alone counts, is that hit's: 等了{n}分钟 inside
 * 等了.*才来. A quantity has its own number and no other.
 */
static tocsin_status lend_value(tocsin_scanner *s, tocsin_field field, const tocsin__hit *hit,
                                const tocsin__posted_term *term) {
    for (size_t at = s->hits.length; at > 0 && s->hits.data[at - 1].field == field; at--) {
        tocsin__rule_hit *around = &s->hits.data[at - 1];
        const tocsin__hit_place *place = &s->places.data[at - 1];
        if (around->topic != term->topic || place->end < hit->end) continue;
        if (s->plan->lexicon.terms[place->term].kind == TOCSIN__TERM_QUANTITY) return TOCSIN_OK;
        uint64_t value = 0;
        const tocsin_status status = value_of(s, field, hit, term, &value);
        if (value > around->value) around->value = value;
        if (value > s->topic_values[term->topic]) s->topic_values[term->topic] = value;
        return status;
    }
    return TOCSIN_OK;
}

static tocsin_status consider(tocsin_scanner *s, tocsin_field field, const tocsin__hit *hit,
                              const tocsin__posted_term *term) {
    const tocsin__view *text = &s->texts[field].view;
    const int is_inside = s->topic_reach.end[term->topic] >= hit->end;
    int open;
    if ((is_inside && term->kind != TOCSIN__TERM_QUANTITY) || term->term == s->muted) return TOCSIN_OK;
    if (is_covered(s, term, hit)) return TOCSIN_OK;
    if (term->kind == TOCSIN__TERM_REGEX && contains_phrase(s, text, term, hit)) return TOCSIN_OK;
    if (tocsin__takes_malformed(s->folders[field], text, s->original[field], hit)) return TOCSIN_OK;
    tocsin_status status = check_bounds(s, field, term, hit, &open);
    if (status || !open) return status;
    if (is_inside) return lend_value(s, field, hit, term);
    status = raise_reach(s, &s->topic_reach, term->topic, hit->end);
    return status ? status : keep(s, field, hit, term);
}

/* Handles occurrences that start together: first the phrases among them, then the terms. */
static tocsin_status resolve_start(tocsin_scanner *s, tocsin_field field, const tocsin__hit *hits, size_t count) {
    const tocsin_plan *plan = s->plan;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < count && !status; i++) {
        uint32_t phrase = plan->postings[hits[i].pattern].phrase;
        if (phrase != TOCSIN__NO_PHRASE) status = raise_reach(s, &s->phrase_reach, phrase, hits[i].end);
    }
    for (size_t i = 0; i < count && !status; i++) {
        const tocsin__posting *posting = &plan->postings[hits[i].pattern];
        for (uint32_t t = 0; t < posting->term_count && !status; t++) {
            status = consider(s, field, &hits[i], &plan->posted_terms[posting->term_first + t]);
        }
    }
    return status;
}

static tocsin_status resolve(void *context, const tocsin__hit *hits, size_t count) {
    const search *searched = context;
    tocsin_scanner *s = searched->scanner;
    tocsin_status status = TOCSIN_OK;
    size_t fetched = 0;
    for (size_t at = 0, end; at < count && !status; at = end) {
        if (at >= fetched) {
            const size_t more = count - at < TOCSIN__FETCHED ? count - at : TOCSIN__FETCHED;
            TOCSIN__FETCH_POSTINGS(s->plan, hits + at, more);
            fetched = at + more;
            status = tocsin__may_go_on(s);
            if (status) break;
        }
        for (end = at + 1; end < count && hits[end].start == hits[at].start;) end++;
        status = resolve_start(s, searched->field, hits + at, end - at);
    }
    return status;
}

static tocsin_status find_in_field(tocsin_scanner *s, tocsin_field field) {
    search searched = {s, field};
    const tocsin__edge_test test = {test_edge, &searched, TOCSIN__BOUNDS_NONE};
    tocsin__matcher_test_edges(&s->matcher_scratch, &test);
    s->matcher_scratch.stop = s->stop;
    s->matcher_scratch.stop_context = s->stop_context;
    tocsin_status status =
        tocsin__matcher_scan(&s->plan->matcher, &s->matcher_scratch, &s->texts[field], resolve, &searched);
    if (s->matcher_scratch.others.dropped) s->verdict.incomplete |= TOCSIN_INCOMPLETE_HITS;
    tocsin__matcher_test_edges(&s->matcher_scratch, NULL);
    clear_reach(&s->topic_reach);
    clear_reach(&s->phrase_reach);
    return status;
}

tocsin_status tocsin__find_hits(tocsin_scanner *s) {
    tocsin_status status = TOCSIN_OK;
    for (int field = 0; field < TOCSIN_FIELD_COUNT && !status; field++) {
        if (s->texts[field].view.length) status = find_in_field(s, (tocsin_field)field);
    }
    return status;
}
