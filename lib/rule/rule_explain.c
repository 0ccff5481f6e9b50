/*
 * Explanations. There are few facts, and each has few values that matter (seven venues, three levels, the thresholds in
 * the program). So all combinations are tried, and for each the missing words are counted: the facts that are reported
 * are then true together, however often the expression uses the same fact.
 */
#include "rule/rule_explain.h"

#include <string.h>

#include "rule/rule_counterfactual.h"
#include "rule/rule_eval.h"
#include "rule/rule_witness.h"

/* Thresholds of reach that are tried, the nearest to the document's first. */
#define MOST_REACHES 64

/* Attempts to change words until one makes the program hold. */
#define MOST_TRIES 8

typedef struct facts {
    tocsin_venue venue;
    uint64_t reach;
    tocsin_attention attention; /* the document's own */
} facts;

typedef struct choices {
    tocsin_venue venues[TOCSIN_VENUE_COUNT];
    size_t venue_count;
    tocsin_attention attentions[TOCSIN_ATTENTION_COUNT];
    size_t attention_count;
    uint64_t reaches[MOST_REACHES + 1];
    size_t reach_count;
    facts failed[MOST_TRIES]; /* the facts for which changes of words did not help */
    size_t failed_count;
} choices;

tocsin_attention tocsin__rule_attention_of(const tocsin__rule_attention *a, uint64_t reach, const uint64_t *counts) {
    tocsin_attention highest = tocsin__rule_attention_of_reach(a->own, reach, a->elevated, a->high);
    for (size_t i = 0; i < a->elevated_topic_count && highest < TOCSIN_ATTENTION_ELEVATED; i++) {
        if (counts[a->elevated_topics[i]]) highest = TOCSIN_ATTENTION_ELEVATED;
    }
    for (size_t i = 0; i < a->high_topic_count && highest < TOCSIN_ATTENTION_HIGH; i++) {
        if (counts[a->high_topics[i]]) highest = TOCSIN_ATTENTION_HIGH;
    }
    return highest;
}

static tocsin_attention attention_with(const tocsin__rule_search *m, const facts *f, const uint64_t *counts) {
    if (!m->attention) return f->attention;
    tocsin__rule_attention a = *m->attention;
    a.own = f->attention;
    return tocsin__rule_attention_of(&a, f->reach, counts);
}

static uint64_t apart(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

/* Inserts a reach, sorted by distance from the first; if the list is full, the farthest is dropped. */
static void add_reach(choices *c, uint64_t reach) {
    size_t at = c->reach_count;
    for (size_t i = 0; i < c->reach_count; i++) {
        if (c->reaches[i] == reach) return;
    }
    while (at > 1 && apart(c->reaches[at - 1], c->reaches[0]) > apart(reach, c->reaches[0])) at--;
    if (at > MOST_REACHES) return;
    if (c->reach_count <= MOST_REACHES) c->reach_count++;
    memmove(c->reaches + at + 1, c->reaches + at, (c->reach_count - at - 1) * sizeof *c->reaches);
    c->reaches[at] = reach;
}

/* Collects the values of each fact that the program distinguishes, the document's own first. */
static void collect(choices *c, const tocsin__rule_search *m, const facts *now) {
    const tocsin__rule_program *program = m->program;
    int venues = 0, attentions = 0;
    memset(c, 0, sizeof *c);
    c->venues[c->venue_count++] = now->venue;
    c->attentions[c->attention_count++] = now->attention;
    c->reaches[c->reach_count++] = now->reach;
    for (uint32_t i = 0; i < program->node_count; i++) {
        const tocsin__rule_node *node = &program->nodes[i];
        venues |= node->kind == TOCSIN__RULE_VENUE;
        attentions |= node->kind == TOCSIN__RULE_ATTENTION;
        if (node->kind != TOCSIN__RULE_REACH) continue;
        add_reach(c, node->value);
        add_reach(c, node->value + 1);
        if (node->value) add_reach(c, node->value - 1);
    }
    for (int i = 1; venues && i <= TOCSIN_VENUE_COUNT; i++) {
        tocsin_venue venue = (tocsin_venue)(i % TOCSIN_VENUE_COUNT);
        if (venue != now->venue) c->venues[c->venue_count++] = venue;
    }
    if (attentions && m->attention) { /* if reach raises attention, only less reach can lower it */
        if (now->reach >= m->attention->high && m->attention->high) add_reach(c, m->attention->high - 1);
        if (now->reach >= m->attention->elevated && m->attention->elevated) add_reach(c, m->attention->elevated - 1);
    }
    for (int step = 1; attentions && step < TOCSIN_ATTENTION_COUNT; step++) {
        int up = (int)now->attention + step, down = (int)now->attention - step;
        if (up < TOCSIN_ATTENTION_COUNT) c->attentions[c->attention_count++] = (tocsin_attention)up;
        if (down >= 0) c->attentions[c->attention_count++] = (tocsin_attention)down;
    }
}

static void set_facts(tocsin__rule_search *m, const facts *f) {
    m->input.venue = f->venue;
    m->input.reach = f->reach;
    m->input.attention = attention_with(m, f, m->input.topic_counts);
}

static int same_facts(const facts *a, const facts *b) {
    return a->venue == b->venue && a->reach == b->reach && a->attention == b->attention;
}

/* Another level changes nothing if the document's reach or words raise it higher still. */
static int is_idle(tocsin__rule_search *m, const facts *f, const facts *now) {
    facts before = *f;
    before.attention = now->attention;
    return f->attention != now->attention && (m->input.attention != f->attention ||
                                              attention_with(m, &before, m->input.topic_counts) == m->input.attention);
}

static uint64_t cost_with(tocsin__rule_search *m, const choices *c, const facts *f, const facts *now) {
    uint64_t changed = (uint64_t)(f->venue != now->venue) + (f->reach != now->reach) + (f->attention != now->attention);
    for (size_t i = 0; i < c->failed_count; i++) {
        if (same_facts(&c->failed[i], f)) return TOCSIN__RULE_NEVER;
    }
    set_facts(m, f);
    if (is_idle(m, f, now)) return TOCSIN__RULE_NEVER;
    uint64_t words = tocsin__rule_find_changes(m, 0, 1, 0);
    return words == TOCSIN__RULE_NEVER ? words : words + changed * m->costs.fact;
}

static uint64_t best_facts(tocsin__rule_search *m, const choices *c, const facts *now, facts *best) {
    uint64_t lowest = TOCSIN__RULE_NEVER;
    *best = *now;
    for (size_t a = 0; a < c->attention_count; a++) {
        for (size_t r = 0; r < c->reach_count; r++) {
            for (size_t v = 0; v < c->venue_count; v++) {
                facts tried = {c->venues[v], c->reaches[r], c->attentions[a]};
                uint64_t cost = cost_with(m, c, &tried, now);
                if (cost >= lowest) continue;
                lowest = cost;
                *best = tried;
            }
        }
    }
    return lowest;
}

/* The first leaf of a kind whose result the change of facts reverses; node_count if there is none. */
static uint32_t turned(tocsin__rule_search *m, tocsin__rule_kind kind, const facts *now, const facts *then) {
    uint32_t at = 0;
    for (; at < m->program->node_count; at++) {
        if (m->run.nodes[at].kind != kind) continue;
        set_facts(m, now);
        int before = tocsin__rule_holds_at(&m->run, at);
        set_facts(m, then);
        if (tocsin__rule_holds_at(&m->run, at) != before) break;
    }
    return at;
}

/* Whether the program holds over the changed document with these facts. */
static int helps(tocsin__rule_search *m, tocsin__rule_input *changed, const facts *f) {
    changed->venue = f->venue;
    changed->reach = f->reach;
    changed->attention = attention_with(m, f, changed->topic_counts);
    return tocsin__rule_holds(m->program, changed, m->scratch);
}

static void change_venue(tocsin__rule_search *m, const choices *c, tocsin__rule_input *changed, const facts *now,
                         const facts *then) {
    uint64_t others = 0;
    for (size_t i = 0; i < c->venue_count; i++) {
        facts other = *then;
        other.venue = c->venues[i];
        if (other.venue == then->venue || other.venue == now->venue || !helps(m, changed, &other)) continue;
        others |= UINT64_C(1) << other.venue;
    }
    tocsin__rule_change *change =
        tocsin__rule_add_change(m, turned(m, TOCSIN__RULE_VENUE, now, then), TOCSIN__RULE_FACT_VENUE);
    if (!change) return;
    change->now = now->venue;
    change->low = then->venue;
    change->high = others;
}

/*
 * The reach farthest from the document's with which it still holds. Nothing changes between the thresholds of the
 * program and of attention.
 */
static uint64_t last_reach(tocsin__rule_search *m, const choices *c, tocsin__rule_input *changed, const facts *then,
                           int up) {
    uint64_t tried[MOST_REACHES + 8], last = up ? UINT64_MAX : 0;
    size_t count = 0;
    for (size_t i = 0; i < c->reach_count; i++) tried[count++] = c->reaches[i];
    if (m->attention) {
        const uint64_t limits[] = {m->attention->elevated, m->attention->high};
        for (size_t i = 0; i < 2; i++) {
            tried[count++] = limits[i];
            tried[count++] = limits[i] - (limits[i] > 0);
        }
    }
    tried[count++] = last;
    for (size_t i = 0; i < count; i++) {
        facts other = *then;
        other.reach = tried[i];
        if (up ? tried[i] <= then->reach || tried[i] > last : tried[i] >= then->reach || tried[i] < last) continue;
        if (!helps(m, changed, &other)) last = up ? tried[i] - 1 : tried[i] + 1;
    }
    return last;
}

static void change_reach(tocsin__rule_search *m, const choices *c, tocsin__rule_input *changed, const facts *now,
                         const facts *then) {
    const int up = then->reach > now->reach;
    const uint64_t last = last_reach(m, c, changed, then, up);
    uint32_t at = turned(m, TOCSIN__RULE_REACH, now, then);
    if (at == m->program->node_count) at = turned(m, TOCSIN__RULE_ATTENTION, now, then);
    tocsin__rule_change *change = tocsin__rule_add_change(m, at, TOCSIN__RULE_FACT_REACH);
    if (!change) return;
    change->now = now->reach;
    change->low = up ? then->reach : last;
    change->high = up ? last : then->reach;
}

static void change_attention(tocsin__rule_search *m, const facts *now, const facts *then) {
    set_facts(m, now);
    const tocsin_attention before = m->input.attention;
    tocsin__rule_change *change =
        tocsin__rule_add_change(m, turned(m, TOCSIN__RULE_ATTENTION, now, then), TOCSIN__RULE_FACT_ATTENTION);
    if (!change) return;
    change->now = before;
    change->low = then->attention;
}

static void change_facts(tocsin__rule_search *m, const choices *c, tocsin__rule_input *changed, const facts *now,
                         const facts *then) {
    if (then->venue != now->venue) change_venue(m, c, changed, now, then);
    if (then->reach != now->reach) change_reach(m, c, changed, now, then);
    if (then->attention != now->attention) change_attention(m, now, then);
    (void)helps(m, changed, then);
}

/* Sorts by place in the program: a stable sort for few elements. */
static void sort(tocsin__rule_obstacle *o, size_t count) {
    for (size_t i = 1; i < count; i++) {
        tocsin__rule_obstacle moving = o[i];
        size_t at = i;
        for (; at > 0 && o[at - 1].node > moving.node; at--) o[at] = o[at - 1];
        o[at] = moving;
    }
}

/* Words the changes in English. */
static tocsin_status tell_changes(tocsin__rule_search *m, tocsin__rule_explanation *e) {
    size_t size = m->changes.length * sizeof(tocsin__rule_obstacle);
    tocsin__rule_obstacle *kept = tocsin__arena_allocate(m->arena, size);
    if (!kept) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < m->changes.length; i++) {
        if (tocsin__rule_tell(m->program, m->names, &m->changes.data[i], m->arena, &kept[i]))
            return TOCSIN_ERROR_MEMORY;
    }
    sort(kept, m->changes.length);
    e->obstacles = kept;
    e->obstacle_count = m->changes.length;
    return TOCSIN_OK;
}

/* Copies the changed hits to the arena, where the whole explanation is. */
static tocsin_status keep_hits(tocsin__rule_input *changed, tocsin__arena *arena) {
    const size_t size = changed->hit_count * sizeof *changed->hits;
    tocsin__rule_hit *hits = tocsin__arena_allocate(arena, size + 1);
    if (!hits) return TOCSIN_ERROR_MEMORY;
    if (size) memcpy(hits, changed->hits, size);
    changed->hits = hits;
    return TOCSIN_OK;
}

static void forget(tocsin__rule_search *m) {
    for (size_t i = 0; i < 2 * (size_t)m->program->node_count; i++) m->known[i] = TOCSIN__RULE_UNKNOWN;
}

/* Finds the changes of words, makes them in a copy of the hits, and tests whether the program holds over it. */
static int try_changes(tocsin__rule_search *m, const facts *then, tocsin__rule_input *changed) {
    *changed = m->input;
    m->changes.length = 0;
    m->last = SIZE_MAX;
    m->moved = 0;
    set_facts(m, then);
    tocsin__rule_edit_begin(m->edit, &m->input, m->names, m->arena);
    (void)tocsin__rule_find_changes(m, 0, 1, 1);
    if (m->edit->status) m->status = m->edit->status;
    if (m->status) return 0;
    tocsin__rule_edit_finish(m->edit, changed);
    m->scratch = tocsin__arena_allocate(m->arena, tocsin__rule_scratch_size(m->program, changed->hit_count));
    if (!m->scratch) m->status = TOCSIN_ERROR_MEMORY;
    return !m->status && helps(m, changed, then);
}

static tocsin_status prepare(tocsin__rule_search *m) {
    const size_t nodes = m->program->node_count;
    m->known = tocsin__arena_allocate(m->arena, 2 * nodes * sizeof *m->known);
    m->refused = tocsin__arena_allocate(m->arena, 2 * nodes);
    m->witness = tocsin__arena_allocate(m->arena, m->run.words * sizeof *m->witness);
    if (!m->known || !m->refused || !m->witness) return TOCSIN_ERROR_MEMORY;
    memset(m->refused, 0, 2 * nodes);
    forget(m);
    return TOCSIN_OK;
}

/*
 * Finds the cheapest changes that really help. If the changes do not help, the last one is excluded and others are
 * searched; if no words were changed, the facts are excluded.
 */
static tocsin_status explain_failure(tocsin__rule_search *m, tocsin__rule_explanation *e) {
    const tocsin_attention own = m->attention ? m->attention->own : m->input.attention;
    facts now = {m->input.venue, m->input.reach, own}, then = now;
    choices c;
    int found = 0;
    tocsin_status status = prepare(m);
    if (status) return status;
    collect(&c, m, &now);
    e->cost = TOCSIN__RULE_NEVER;
    for (int tries = 0; tries < MOST_TRIES && !found && !m->status; tries++) {
        const uint64_t cost = best_facts(m, &c, &now, &then);
        if (cost == TOCSIN__RULE_NEVER || m->status) break;
        m->adds_partner = 0;
        found = try_changes(m, &then, &e->changed);
        if (!found && m->moved) {
            m->adds_partner = 1;
            found = try_changes(m, &then, &e->changed);
        }
        if (found) {
            e->cost = cost;
        } else if (m->last != SIZE_MAX) {
            m->refused[m->last] = 1;
            forget(m);
        } else {
            c.failed[c.failed_count++] = then;
        }
    }
    if (m->status) return m->status;
    if (!found) {
        m->changes.length = 0;
        memset(&e->changed, 0, sizeof e->changed);
        return TOCSIN_OK;
    }
    change_facts(m, &c, &e->changed, &now, &then);
    e->venue = e->changed.venue;
    e->reach = e->changed.reach;
    e->attention = e->changed.attention;
    return m->status ? m->status : tell_changes(m, e);
}

tocsin_status tocsin__rule_explain(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                   const tocsin__rule_input *input, const tocsin__rule_costs *costs,
                                   const tocsin__rule_attention *attention, tocsin__arena *arena,
                                   tocsin__rule_explanation *explanation) {
    tocsin__rule_explanation made = {0};
    tocsin__rule_search m;
    tocsin__rule_edit edit;
    void *scratch = tocsin__arena_allocate(arena, tocsin__rule_scratch_size(program, input->hit_count));
    if (!scratch) return TOCSIN_ERROR_MEMORY;
    made.holds = tocsin__rule_holds(program, input, scratch);
    made.venue = input->venue;
    made.reach = input->reach;
    made.attention = input->attention;
    if (made.holds) {
        tocsin__rule_minimal least = {0};
        tocsin_status status = tocsin__rule_find_minimal(program, input, scratch, arena, &least);
        if (status) return status;
        made.least = least.hits;
        made.least_count = least.count;
        made.least_exact = least.exact;
        *explanation = made;
        return TOCSIN_OK;
    }
    memset(&m, 0, sizeof m);
    m.program = program;
    m.names = names;
    m.input = *input;
    m.costs = costs && (costs->fact || costs->word || costs->verdict) ? *costs : (tocsin__rule_costs){1, 1, 1};
    m.arena = arena;
    m.attention = attention;
    memset(&edit, 0, sizeof edit);
    m.edit = &edit;
    m.next_term = UINT32_C(1) << 31;
    tocsin__rule_run_begin(&m.run, program, &m.input, scratch, NULL);
    tocsin_status status = explain_failure(&m, &made);
    if (!status && made.obstacle_count) status = keep_hits(&made.changed, arena);
    tocsin__rule_edit_release(&edit, arena);
    tocsin__vec_release(&m.changes, &arena->allocator);
    if (!status) *explanation = made;
    return status;
}
