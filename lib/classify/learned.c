/*
 * Computes learned scores of the scanner's document. A score is computed when a rule first uses it, and kept until the
 * next document. The first one counts the document's features for all scores that read the same part of it. Tables are
 * made with the scanner, so no memory is needed later.
 */
#include <tocsin/learned.h>

#include <string.h>

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/utf8.h"
#include "classify/scanner_internal.h"
#include "learn/ngrams.h"
#include "learn/plain_ranges.h"
#include "text/icu_properties.h"

typedef void range_sink(void *context, tocsin_field field, size_t from, size_t to);

/* The byte that is the given number of characters before (or after) `at`, at most `limit`. */
static size_t back(const tocsin__view *view, size_t at, size_t limit, uint32_t characters) {
    for (; characters > 0 && at > limit; characters--) at = tocsin__view_previous(view, at);
    return at;
}

static size_t forth(const tocsin__view *view, size_t at, uint32_t characters) {
    for (size_t next; characters > 0 && at < view->length; characters--, at = next) {
        (void)tocsin__view_next(view, at, &next);
    }
    return at;
}

/* A sink behind which only the plain parts of a field get through. */
typedef struct plain_sink {
    tocsin__plain_walk walk;
    range_sink *sink;
    void *context;
} plain_sink;

/* Ranges come in order and do not overlap. */
static void only_plain(void *context, tocsin_field field, size_t from, size_t to) {
    plain_sink *p = context;
    tocsin__plain_walk *walk = &p->walk;
    while (walk->to <= from && tocsin__plain_next(walk)) {
    }
    for (; walk->from < to && walk->to > from; (void)tocsin__plain_next(walk)) {
        p->sink(p->context, field, walk->from > from ? walk->from : from, walk->to < to ? walk->to : to);
        if (walk->to >= to) return; /* the rest of this part may be in the next range */
    }
}

/*
 * Visits the windows of one field, whose first hit has the index *hit among the hits; windows that touch are
 * joined.
 */
static void each_window(const tocsin_scanner *s, tocsin_field field, size_t *hit, uint32_t window,
                        const uint64_t *around, range_sink *sink, void *context) {
    const tocsin__view *view = &s->texts[field].view;
    size_t from = 0, to = 0;
    int open = 0;
    for (; *hit < s->hits.length && s->hits.data[*hit].field == field; ++*hit) {
        const uint32_t topic = s->hits.data[*hit].topic;
        const tocsin__hit_place *place = &s->places.data[*hit];
        if (!(around[topic / 64] >> topic % 64 & 1)) continue;
        const size_t start = back(view, place->start, open && to < place->start ? to : 0, window);
        const size_t end = forth(view, place->end, window);
        if (open && start > to) sink(context, field, from, to);
        if (!open || start > to) from = start;
        if (!open || end > to) to = end;
        open = 1;
    }
    if (open) sink(context, field, from, to);
}

/* Visits the parts of the document from which n-grams are taken, in order. */
static void each_range(const tocsin_scanner *s, int is_plain, uint32_t window, const uint64_t *around, range_sink *sink,
                       void *context) {
    size_t hit = 0;
    for (int field = 0; field < TOCSIN_FIELD_COUNT; field++) {
        const tocsin__text *text = &s->texts[field];
        plain_sink plain = {.sink = sink, .context = context};
        const int marks = is_plain && tocsin__may_have_marks(text);
        range_sink *to = marks ? only_plain : sink;
        if (marks) tocsin__plain_begin(&plain.walk, &text->view);
        if (window) {
            each_window(s, (tocsin_field)field, &hit, window, around, to, marks ? &plain : context);
        } else {
            to(marks ? &plain : context, (tocsin_field)field, 0, text->view.length);
        }
    }
}

tocsin_status tocsin__learned_create(tocsin_scanner *s) {
    const tocsin_plan *plan = s->plan;
    if (!plan->learned_count) return TOCSIN_OK;
    s->learned = tocsin__allocate_zeroed(&s->allocator, plan->learned_count * sizeof *s->learned);
    if (!s->learned) return TOCSIN_ERROR_MEMORY;
    if (!plan->vocabulary_count) return TOCSIN_OK;
    s->features = tocsin__allocate_zeroed(&s->allocator, plan->vocabulary_count * sizeof *s->features);
    if (!s->features) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < plan->vocabulary_count; i++) {
        const size_t features = (size_t)plan->vocabularies[i]->count + 1;
        tocsin__counts *counts = &s->features[i].counts;
        counts->counts = tocsin__allocate_zeroed(&s->allocator, features * sizeof *counts->counts);
        counts->touched = tocsin__allocate(&s->allocator, features * sizeof *counts->touched);
        if (!counts->counts || !counts->touched) return TOCSIN_ERROR_MEMORY;
    }
    return TOCSIN_OK;
}

void tocsin__learned_release(tocsin_scanner *s) {
    const tocsin_plan *plan = s->plan;
    for (size_t i = 0; s->features && i < plan->vocabulary_count; i++) {
        const size_t features = (size_t)plan->vocabularies[i]->count + 1;
        tocsin__counts *counts = &s->features[i].counts;
        tocsin__deallocate(&s->allocator, counts->counts, features * sizeof *counts->counts);
        tocsin__deallocate(&s->allocator, counts->touched, features * sizeof *counts->touched);
    }
    tocsin__deallocate(&s->allocator, s->features, plan->vocabulary_count * sizeof *s->features);
    tocsin__deallocate(&s->allocator, s->learned, plan->learned_count * sizeof *s->learned);
    s->features = NULL;
    s->learned = NULL;
}

void tocsin__learned_forget(tocsin_scanner *s) {
    if (!s->learned_asked) return;
    for (size_t i = 0; i < s->plan->learned_count; i++) s->learned[i].known = 0;
    for (size_t i = 0; i < s->plan->vocabulary_count; i++) {
        tocsin__counts_clear(&s->features[i].counts);
        s->features[i].known = 0;
    }
    s->learned_asked = 0;
}

typedef struct counting {
    const tocsin_scanner *scanner;
    const tocsin__vocabulary *vocabulary;
    tocsin__counts *counts;
} counting;

static void add_range(void *context, tocsin_field field, size_t from, size_t to) {
    const counting *c = context;
    tocsin__counts_add_text(c->vocabulary, c->counts, &c->scanner->texts[field], from, to);
}

static int has_feature(const tocsin_scanner *s, const tocsin__topic_feature *of) {
    return of->least ? s->topic_values[of->topic] >= of->least : s->topic_counts[of->topic] > 0;
}

/* The document's features of a score's vocabulary, for all its scores. */
static const tocsin__counts *features_of(tocsin_scanner *s, const tocsin__scorer *scorer) {
    const tocsin__vocabulary *vocabulary = scorer->vocabulary;
    tocsin__counted_features *features = &s->features[scorer->number];
    if (features->known) return &features->counts;
    counting c = {s, vocabulary, &features->counts};
    each_range(s, vocabulary->plain, vocabulary->window, vocabulary->around, add_range, &c);
    for (uint32_t i = 0; i < vocabulary->topic_count; i++) {
        if (has_feature(s, &vocabulary->topics[i])) {
            tocsin__counts_add_feature(&features->counts, vocabulary->topics[i].feature);
        }
    }
    features->known = 1;
    return &features->counts;
}

uint32_t tocsin__learned_score(void *context, uint32_t index) {
    tocsin_scanner *s = context;
    const tocsin__scorer *scorer = &s->plan->learned[index];
    tocsin__learned_state *state = &s->learned[index];
    if (!scorer->weights) return 0;
    if (state->known) return state->millionths;
    s->learned_asked = 1;
    const tocsin__counts *counts = features_of(s, scorer);
    state->millionths = tocsin__score_probability(scorer->weights, tocsin__score_decide(scorer, counts));
    state->known = 1;
    return state->millionths;
}

int tocsin_scanner_get_learned(tocsin_scanner *scanner, size_t index, double *probability) {
    if (!scanner || !probability || !tocsin__busy_take(&scanner->busy)) return 0;
    const int there = index < scanner->plan->learned_count && scanner->plan->learned[index].weights;
    if (there) *probability = tocsin__learned_score(scanner, (uint32_t)index) / 1e6;
    tocsin__busy_give(&scanner->busy);
    return there;
}

/*
 * ---- the contributions to a score ----
 */

/* The features that raise a score most, or lower it most: the strongest first. */
typedef struct strongest {
    uint32_t features[TOCSIN__LEARNED_SHOWN];
    double values[TOCSIN__LEARNED_SHOWN];
    size_t count;
} strongest;

static void offer(strongest *list, uint32_t feature, double value) {
    size_t at = list->count;
    while (at > 0 && list->values[at - 1] < value) at--;
    if (at == TOCSIN__LEARNED_SHOWN) return;
    if (list->count < TOCSIN__LEARNED_SHOWN) list->count++;
    for (size_t i = list->count - 1; i > at; i--) {
        list->features[i] = list->features[i - 1];
        list->values[i] = list->values[i - 1];
    }
    list->features[at] = feature;
    list->values[at] = value;
}

/* What all occurrences of a feature add to the score, times the sign. */
static double part_of(const tocsin__scorer *scorer, const tocsin__counts *counts, uint32_t feature, double norm,
                      int sign) {
    const tocsin__factor *factor = tocsin__factor_of(scorer, feature);
    const double value = tocsin__feature_times(scorer, counts, feature) * (double)factor->idf;
    return norm > 0 ? sign * value * (double)factor->weight / norm : 0;
}

typedef struct marking {
    tocsin_scanner *scanner;
    const tocsin__scorer *scorer;
    const tocsin__counts *counts;
    const strongest *chosen;
    double norm;
    int sign;
    tocsin_field field;
    size_t first; /* index of the first stretch of this field */
    tocsin_status status;
} marking;

/* Joins the last stretch with earlier ones that it touches. */
static void join(marking *m) {
    tocsin__stretch *data = m->scanner->stretches.data;
    for (size_t *length = &m->scanner->stretches.length; *length > m->first + 1; --*length) {
        tocsin__stretch *last = &data[*length - 1], *before = &data[*length - 2];
        if (last->start > before->end) return;
        if (last->start < before->start) before->start = last->start;
        if (last->end > before->end) before->end = last->end;
        before->value += last->value;
    }
}

static inline void mark(void *context, uint64_t key, size_t start, size_t end) {
    marking *m = context;
    const uint32_t feature = tocsin__vocabulary_find(m->scorer->vocabulary, tocsin__feature_hash(key));
    size_t i = 0;
    while (i < m->chosen->count && m->chosen->features[i] != feature) i++;
    if (feature == UINT32_MAX || i == m->chosen->count || m->status) return;
    const double part = m->sign * part_of(m->scorer, m->counts, feature, m->norm, m->sign);
    const tocsin__stretch stretch = {m->field, start, end, part / m->counts->counts[feature]};
    m->status = tocsin__vec_push(&m->scanner->stretches, &m->scanner->allocator, stretch);
    if (!m->status) join(m);
}

static void mark_range(void *context, tocsin_field field, size_t from, size_t to) {
    marking *m = context;
    m->field = field;
    m->first = m->scanner->stretches.length;
    tocsin__each_ngram(&m->scanner->texts[field].view, from, to, mark, m);
}

tocsin_status tocsin__learned_stretches(tocsin_scanner *s, uint32_t index, int sign) {
    const tocsin__scorer *scorer = &s->plan->learned[index];
    s->stretches.length = 0;
    if (!scorer->weights) return TOCSIN_OK;
    (void)tocsin__learned_score(s, index);
    const tocsin__counts *counts = features_of(s, scorer);
    const double norm = tocsin__score_norm(scorer, counts);
    strongest chosen = {.count = 0};
    for (size_t i = 0; i < counts->touched_count; i++) {
        const uint32_t feature = counts->touched[i];
        const double value = part_of(scorer, counts, feature, norm, sign);
        if (value > 0) offer(&chosen, feature, value);
    }
    marking m = {.scanner = s, .scorer = scorer, .counts = counts, .chosen = &chosen, .norm = norm, .sign = sign};
    const tocsin__vocabulary *vocabulary = scorer->vocabulary;
    if (chosen.count) each_range(s, vocabulary->plain, vocabulary->window, vocabulary->around, mark_range, &m);
    return m.status;
}

double tocsin__learned_topic(const tocsin_scanner *s, uint32_t index, uint32_t *which) {
    const tocsin__scorer *scorer = &s->plan->learned[index];
    const tocsin__vocabulary *vocabulary = scorer->vocabulary;
    const tocsin__counts *counts = &s->features[scorer->number].counts;
    const double norm = tocsin__score_norm(scorer, counts);
    const uint32_t topic = vocabulary->topics[*which].topic;
    double sum = 0;
    for (; *which < vocabulary->topic_count && vocabulary->topics[*which].topic == topic; ++*which) {
        const tocsin__topic_feature *of = &vocabulary->topics[*which];
        if (has_feature(s, of)) sum += part_of(scorer, counts, of->feature, norm, 1);
    }
    return sum;
}

/* Whether a stretch has at least two letters or digits: a comma or a single 了 tells a reader nothing. */
static int is_telling(const tocsin_scanner *s, const tocsin__stretch *stretch) {
    const tocsin__view *view = &s->texts[stretch->field].view;
    int letters = 0;
    for (size_t at = stretch->start, next; at < stretch->end && letters < 2; at = next) {
        letters += tocsin__is_letter_or_decimal(tocsin__view_next(view, at, &next));
    }
    return letters == 2;
}

/* Leaves out stretches that mean nothing to a reader, unless there are no others. */
static void keep_telling(tocsin_scanner *s) {
    tocsin__stretch *data = s->stretches.data;
    size_t kept = 0;
    for (size_t i = 0; i < s->stretches.length; i++) {
        if (is_telling(s, &data[i])) data[kept++] = data[i];
    }
    if (kept) s->stretches.length = kept;
}

tocsin_status tocsin__learned_evidence(tocsin_scanner *s, uint32_t clause, uint32_t index, size_t most, size_t *count,
                                       uint64_t *total) {
    tocsin_status status = tocsin__learned_stretches(s, index, 1);
    keep_telling(s);
    *total += s->stretches.length;
    for (size_t i = 0; i < s->stretches.length && *count < most && !status; i++, ++*count) {
        const tocsin__stretch *stretch = &s->stretches.data[i];
        const tocsin_field field = stretch->field;
        const tocsin__offset_map *map = &s->folders[field]->map;
        const size_t start = tocsin__offset_map_start(map, stretch->start);
        const size_t end = tocsin__offset_map_end(map, stretch->end);
        const tocsin_evidence evidence = {.clause = clause,
                                          .topic = TOCSIN_NO_TOPIC,
                                          .clause_id = s->plan->items.clauses[clause].id,
                                          .topic_id = s->plan->learned_labels[index],
                                          .term = {"", 0},
                                          .field = field,
                                          .start = tocsin__offset(s, field, start),
                                          .end = tocsin__offset(s, field, end),
                                          .text = {s->original[field].data + start, end - start},
                                          .contribution = stretch->value};
        status = tocsin__vec_push(&s->evidence, &s->allocator, evidence);
    }
    return status;
}

/* ---- features for training ---- */

uint32_t tocsin_features_version(void) { return TOCSIN__FEATURES_VERSION; }

typedef struct handing {
    const tocsin_scanner *scanner;
    tocsin_feature_sink sink;
    void *context;
} handing;

static inline void hand(void *context, uint64_t key, size_t start, size_t end) {
    const handing *h = context;
    (void)start;
    (void)end;
    h->sink(h->context, key);
}

static void hand_range(void *context, tocsin_field field, size_t from, size_t to) {
    const handing *h = context;
    tocsin__each_ngram(&h->scanner->texts[field].view, from, to, hand, context);
}

static tocsin_status hand_features(const tocsin_scanner *s, const tocsin_feature_options *options,
                                   tocsin_feature_sink sink, void *context) {
    const size_t topics = s->plan->info.topic_count, words = topics / 64 + 1;
    uint64_t *around = tocsin__allocate_zeroed(&s->allocator, words * sizeof *around);
    if (!around) return TOCSIN_ERROR_MEMORY;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < options->around_count && !status; i++) {
        const uint32_t topic = options->around[i];
        if (topic >= topics) status = TOCSIN_ERROR_ARGUMENT;
        if (!status) around[topic / 64] |= UINT64_C(1) << topic % 64;
    }
    if (!status) {
        handing h = {s, sink, context};
        each_range(s, 1, options->window, around, hand_range, &h);
        for (uint32_t t = 0; t < topics; t++) {
            if (s->topic_counts[t]) sink(context, TOCSIN__FEATURE_TOPIC | t);
            for (uint32_t step = 1; step <= TOCSIN__FEATURE_STEPS; step++) {
                if (s->topic_values[t] <= tocsin__feature_step(step) * 1000000) break;
                sink(context, TOCSIN__FEATURE_TOPIC | (uint64_t)step << TOCSIN__FEATURE_STEP | t);
            }
        }
    }
    tocsin__deallocate(&s->allocator, around, words * sizeof *around);
    return status;
}

tocsin_status tocsin_feature_options_init(tocsin_feature_options *options, size_t size) {
    static const tocsin_feature_options defaults = TOCSIN_FEATURE_OPTIONS_INIT;
    return tocsin__init_struct(options, size, &defaults, sizeof defaults, sizeof defaults);
}

tocsin_status tocsin_scanner_features(const tocsin_scanner *s, const tocsin_feature_options *options,
                                      tocsin_feature_sink sink, void *context) {
    tocsin_feature_options taken = TOCSIN_FEATURE_OPTIONS_INIT;
    if (!s || !options || !sink) return TOCSIN_ERROR_ARGUMENT;
    if (tocsin__take_struct(options, "options", "TOCSIN_FEATURE_OPTIONS_INIT", &taken, sizeof taken, sizeof taken,
                            NULL) ||
        (taken.around_count && !taken.around)) {
        return TOCSIN_ERROR_ARGUMENT;
    }
    tocsin__busy *busy = &((tocsin_scanner *)(uintptr_t)s)->busy; /* reading does not change the scanner itself */
    if (!tocsin__busy_take(busy)) return TOCSIN_ERROR_BUSY;
    const tocsin_status status = hand_features(s, &taken, sink, context);
    tocsin__busy_give(busy);
    return status;
}

tocsin_status tocsin_feature_to_text(const tocsin_plan *plan, uint64_t feature, tocsin_buffer *out) {
    char text[16];
    size_t length = 0;
    const uint64_t mask = (UINT64_C(1) << TOCSIN__FEATURE_CHARACTER) - 1;
    if (!plan || !out || !feature) return TOCSIN_ERROR_ARGUMENT;
    if (feature & TOCSIN__FEATURE_TOPIC) {
        const uint64_t topic = feature & UINT32_MAX;
        const uint64_t step = (feature & ~TOCSIN__FEATURE_TOPIC) >> TOCSIN__FEATURE_STEP;
        if (topic >= plan->info.topic_count || step > TOCSIN__FEATURE_STEPS) return TOCSIN_ERROR_ARGUMENT;
        const char *id = plan->items.topics[topic].id;
        return step ? tocsin__buffer_printf(out, "value:%s>=%llu", id,
                                            (unsigned long long)tocsin__feature_step((uint32_t)step))
                    : tocsin__buffer_printf(out, "topic:%s", id);
    }
    for (int i = 2; i >= 0; i--) {
        const uint64_t character = feature >> (i * TOCSIN__FEATURE_CHARACTER) & mask;
        if (character > 0x110000) return TOCSIN_ERROR_ARGUMENT;
        if (character) length += tocsin__utf8_put(text + length, (uint32_t)character - 1);
    }
    return tocsin_buffer_append(out, text, length);
}
