/*
 * Explanations. Facts are few and each has few values that matter (seven venues, three levels, the thresholds that the
 * program names), so all combinations are tried and the words that would still be missing are counted for each: what is
 * told of facts is then true of them together, however often the expression asks for the same one.
 */
#include "rule/rule_explain.h"

#include <string.h>

#include "rule/rule_evaluate.h"
#include "rule/rule_least.h"
#include "rule/rule_mend.h"

/* Thresholds of reach that are tried, the nearest to the document's first. */
#define MOST_REACHES 64

typedef struct facts {
    tocsin_venue venue;
    uint64_t reach;
    tocsin_attention attention;
} facts;

typedef struct choices {
    tocsin_venue venues[TOCSIN_VENUE_COUNT];
    size_t venue_count;
    tocsin_attention attentions[TOCSIN_ATTENTION_COUNT];
    size_t attention_count;
    uint64_t reaches[MOST_REACHES + 1];
    size_t reach_count;
} choices;

static uint64_t apart(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

/* Sorted in by distance from the first; the farthest falls out when there are too many. */
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

/* The values of each fact that the program tells apart, the document's own first. */
static void collect(choices *c, const tocsin__rule_program *program, const facts *now) {
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
    for (int step = 1; attentions && step < TOCSIN_ATTENTION_COUNT; step++) {
        int up = (int)now->attention + step, down = (int)now->attention - step;
        if (up < TOCSIN_ATTENTION_COUNT) c->attentions[c->attention_count++] = (tocsin_attention)up;
        if (down >= 0) c->attentions[c->attention_count++] = (tocsin_attention)down;
    }
}

static void set_facts(tocsin__rule_mender *m, const facts *f) {
    m->input.venue = f->venue;
    m->input.reach = f->reach;
    m->input.attention = f->attention;
}

static uint64_t cost_with(tocsin__rule_mender *m, const facts *f, const facts *now) {
    uint64_t changed = (uint64_t)(f->venue != now->venue) + (f->reach != now->reach) + (f->attention != now->attention);
    set_facts(m, f);
    uint64_t words = tocsin__rule_mend(m, 0, 1, 0);
    return words == TOCSIN__RULE_NEVER ? words : words + changed * m->costs.fact;
}

static uint64_t best_facts(tocsin__rule_mender *m, const choices *c, const facts *now, facts *best) {
    uint64_t lowest = TOCSIN__RULE_NEVER;
    *best = *now;
    for (size_t a = 0; a < c->attention_count; a++) {
        for (size_t r = 0; r < c->reach_count; r++) {
            for (size_t v = 0; v < c->venue_count; v++) {
                facts tried = {c->venues[v], c->reaches[r], c->attentions[a]};
                uint64_t cost = cost_with(m, &tried, now);
                if (cost >= lowest) continue;
                lowest = cost;
                *best = tried;
            }
        }
    }
    return lowest;
}

/* The first leaf of a kind that the change of facts turns around; node_count when there is none. */
static uint32_t turned(tocsin__rule_mender *m, tocsin__rule_kind kind, const facts *now, const facts *then) {
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

static void say_venue(tocsin__rule_mender *m, const choices *c, const facts *now, const facts *then, uint64_t cost) {
    const char *change = tocsin__rule_say(m, "venue were %s", tocsin_venue_name(then->venue));
    for (size_t i = 0; i < c->venue_count; i++) {
        facts other = *then;
        other.venue = c->venues[i];
        if (other.venue == then->venue || cost_with(m, &other, now) != cost) continue;
        change = tocsin__rule_say(m, "%s or %s", change, tocsin_venue_name(other.venue));
    }
    tocsin__rule_say_fact(m, turned(m, TOCSIN__RULE_VENUE, now, then), TOCSIN_OBSTACLE_VENUE,
                          tocsin__rule_say(m, "venue is %s", tocsin_venue_name(now->venue)), change);
}

static void say_reach(tocsin__rule_mender *m, const facts *now, const facts *then, uint64_t cost) {
    int up = then->reach > now->reach;
    facts beyond = *then;
    beyond.reach = up ? then->reach + 1 : then->reach - (then->reach > 0);
    int open = (!up && !then->reach) || cost_with(m, &beyond, now) == cost;
    const char *bound = !open ? "" : up ? "at least " : "at most ";
    tocsin__rule_say_fact(m, turned(m, TOCSIN__RULE_REACH, now, then), TOCSIN_OBSTACLE_REACH,
                          tocsin__rule_say(m, "reach is %llu", (unsigned long long)now->reach),
                          tocsin__rule_say(m, "reach were %s%llu", bound, (unsigned long long)then->reach));
}

static void say_facts(tocsin__rule_mender *m, const choices *c, const facts *now, const facts *then, uint64_t cost) {
    if (then->venue != now->venue) say_venue(m, c, now, then, cost);
    if (then->reach != now->reach) say_reach(m, now, then, cost);
    if (then->attention != now->attention) {
        tocsin__rule_say_fact(m, turned(m, TOCSIN__RULE_ATTENTION, now, then), TOCSIN_OBSTACLE_ATTENTION,
                              tocsin__rule_say(m, "attention is %s", tocsin_attention_name(now->attention)),
                              tocsin__rule_say(m, "attention were %s", tocsin_attention_name(then->attention)));
    }
    set_facts(m, then);
}

/* By place in the program; of few, and stable. */
static void sort(tocsin__rule_obstacle *o, size_t count) {
    for (size_t i = 1; i < count; i++) {
        tocsin__rule_obstacle moving = o[i];
        size_t at = i;
        for (; at > 0 && o[at - 1].node > moving.node; at--) o[at] = o[at - 1];
        o[at] = moving;
    }
}

static tocsin_status keep_obstacles(tocsin__rule_mender *m, tocsin__rule_explanation *e) {
    size_t size = m->obstacles.length * sizeof *m->obstacles.data;
    tocsin__rule_obstacle *kept = tocsin__arena_allocate(m->arena, size);
    if (!kept) return TOCSIN_ERROR_MEMORY;
    if (size) memcpy(kept, m->obstacles.data, size);
    sort(kept, m->obstacles.length);
    e->obstacles = kept;
    e->obstacle_count = m->obstacles.length;
    return TOCSIN_OK;
}

static tocsin_status explain_failure(tocsin__rule_mender *m, tocsin__rule_explanation *e) {
    size_t nodes = m->program->node_count;
    facts now = {m->input.venue, m->input.reach, m->input.attention}, then;
    choices c;
    m->memo = tocsin__arena_allocate(m->arena, 2 * nodes * sizeof *m->memo);
    m->support = tocsin__arena_allocate(m->arena, m->run.words * sizeof *m->support);
    if (!m->memo || !m->support) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < 2 * nodes; i++) m->memo[i] = TOCSIN__RULE_UNKNOWN;
    collect(&c, m->program, &now);
    e->cost = best_facts(m, &c, &now, &then);
    if (e->cost != TOCSIN__RULE_NEVER && !m->status) {
        say_facts(m, &c, &now, &then, e->cost);
        (void)tocsin__rule_mend(m, 0, 1, 1);
    }
    e->venue = then.venue;
    e->reach = then.reach;
    e->attention = then.attention;
    return m->status ? m->status : keep_obstacles(m, e);
}

tocsin_status tocsin__rule_explain(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                   const tocsin__rule_input *input, const tocsin__rule_costs *costs,
                                   tocsin__arena *arena, tocsin__rule_explanation *explanation) {
    tocsin__rule_explanation made = {0};
    tocsin__rule_mender m;
    void *scratch = tocsin__arena_allocate(arena, tocsin__rule_scratch_size(program, input->hit_count));
    if (!scratch) return TOCSIN_ERROR_MEMORY;
    made.holds = tocsin__rule_holds(program, input, scratch);
    made.venue = input->venue;
    made.reach = input->reach;
    made.attention = input->attention;
    if (made.holds) {
        tocsin__rule_least least = {0};
        tocsin_status status = tocsin__rule_find_least(program, input, scratch, arena, &least);
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
    m.where = "there";
    tocsin_buffer_init(&m.text, &arena->allocator);
    tocsin__rule_run_begin(&m.run, program, &m.input, scratch, NULL);
    tocsin_status status = explain_failure(&m, &made);
    tocsin__vec_release(&m.obstacles, &arena->allocator);
    tocsin_buffer_release(&m.text);
    if (!status) *explanation = made;
    return status;
}
