/*
 * Words obstacles in English. Each change has two texts: the present state, and the state that would help, worded to
 * follow "if".
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/buffer.h"
#include "rule/rule_counterfactual.h"
#include "rule/rule_print.h"

typedef struct teller {
    const tocsin__rule_program *program;
    const tocsin__rule_names *names;
    const tocsin__rule_change *change;
    tocsin__arena *arena;
    tocsin_buffer text; /* being put together */
    tocsin_status status;
} teller;

/* The two texts. */
typedef struct told {
    const char *text, *change;
} told;

static const char *finish(teller *t) {
    const char *copy = tocsin__arena_copy(t->arena, t->text.data ? t->text.data : "", t->text.length);
    if (!copy) t->status = TOCSIN_ERROR_MEMORY;
    t->text.length = 0;
    return copy ? copy : "";
}

/* Formats text in the arena. */
__attribute__((format(printf, 2, 3))) static const char *say(teller *t, const char *format, ...) {
    char small[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length >= 0 && !t->status) t->status = tocsin__buffer_reserve(&t->text, (size_t)length);
    if (length >= 0 && !t->status) {
        (void)vsnprintf(t->text.data, (size_t)length + 1, format, again);
        t->text.length = (size_t)length;
    }
    va_end(again);
    return finish(t);
}

static const char *print(teller *t, uint32_t at, tocsin__rule_naming naming) {
    tocsin_status status = tocsin__rule_print_node(t->program, t->names, at, naming, &t->text);
    if (status) t->status = status;
    return finish(t);
}

static const char *name(teller *t, uint32_t at) { return print(t, at, TOCSIN__RULE_NAMED); }

/* A node and the "!" before it. */
static const char *condition_of(teller *t, uint32_t at) {
    while (at > 0 && t->program->nodes[at - 1].kind == TOCSIN__RULE_NOT) at--;
    return print(t, at, TOCSIN__RULE_NAMED_WITHIN);
}

static const char *place(teller *t) {
    const tocsin__rule_where *where = &t->change->where;
    const char *side = "of";
    switch (where->kind) {
        case TOCSIN__RULE_IN_SENTENCE: return "in the same sentence";
        case TOCSIN__RULE_IN_PARAGRAPH: return "in the same paragraph";
        case TOCSIN__RULE_IN_TITLE: return "in the title";
        case TOCSIN__RULE_IN_TEXT: return "in the text";
        case TOCSIN__RULE_AROUND: break;
        case TOCSIN__RULE_BEHIND: side = "after"; break;
        case TOCSIN__RULE_AHEAD: side = "before"; break;
        default: return "there";
    }
    return say(t, "within %llu characters %s %s", (unsigned long long)where->distance, side, name(t, where->node));
}

static const char *bound(uint8_t compare) {
    static const char *const bounds[] = {"", "under ", "", "at most ", "over ", "other than ", "at least "};
    return bounds[compare];
}

/* A score with up to six decimals. */
static const char *number(teller *t, const tocsin__rule_node *node, uint64_t value) {
    if (tocsin__rule_measure_of(node->kind)->value == TOCSIN__RULE_WHOLE) {
        return say(t, "%llu", (unsigned long long)value);
    }
    char text[48];
    int length = snprintf(text, sizeof text, "%llu.%06llu", (unsigned long long)(value / 1000000),
                          (unsigned long long)(value % 1000000));
    while (text[length - 1] == '0') length--; /* down to the point at most */
    if (text[length - 1] == '.') length--;
    return say(t, "%.*s", length, text);
}

/* The bound that a comparison needs, worded to stand before the number. */
static const char *asked_bound(const teller *t, const tocsin__rule_node *node) {
    return bound(tocsin__rule_wanted(node, t->change->wanted));
}

static told tell_far(teller *t, const tocsin__rule_node *node) {
    const tocsin__rule_change *c = t->change;
    const char *a = name(t, c->node + 1), *b = name(t, t->program->nodes[c->node + 1].end), *text, *now = "", *change;
    const unsigned long long wanted = node->value;
    const int after = node->kind == TOCSIN__RULE_AFTER, ordered = after || node->kind == TOCSIN__RULE_BEFORE;
    if (c->now == UINT64_MAX) {
        text = say(t, "%s and %s have no two hits in one field", a, b);
    } else if (ordered && !c->in_order) {
        text = after ? say(t, "%s does not come after %s", a, b) : say(t, "%s does not come before %s", a, b);
        now = " (not in this order now)";
    } else {
        text = say(t, "%s and %s are %llu characters apart", a, b, (unsigned long long)c->now);
        now = say(t, " (%llu now)", (unsigned long long)c->now);
    }
    change = after     ? say(t, "%s were within %llu characters after %s%s", a, wanted, b, now)
             : ordered ? say(t, "%s were within %llu characters after %s%s", b, wanted, a, now)
                       : say(t, "%s and %s were within %llu characters%s", a, b, wanted, now);
    return (told){text, change};
}

static told tell_measured(teller *t, const tocsin__rule_node *node, const char *word, const char *what) {
    const char *now = number(t, node, t->change->now);
    const int learned = node->kind == TOCSIN__RULE_LEARNED;
    const char *asked = number(t, node, learned ? (uint32_t)node->value : node->value);
    return (told){say(t, "%s(%s) is %s", word, what, now),
                  say(t, "%s(%s) were %s%s (%s now)", word, what, asked_bound(t, node), asked, now)};
}

static told tell_venue(teller *t) {
    const tocsin__rule_change *c = t->change;
    const char *change = say(t, "venue were %s", tocsin_venue_name((tocsin_venue)c->low));
    for (unsigned i = 1; i <= TOCSIN_VENUE_COUNT; i++) {
        const tocsin_venue other = (tocsin_venue)(i % TOCSIN_VENUE_COUNT);
        if (c->high >> other & 1) change = say(t, "%s or %s", change, tocsin_venue_name(other));
    }
    return (told){say(t, "venue is %s", tocsin_venue_name((tocsin_venue)c->now)), change};
}

static told tell_reach(teller *t) {
    const unsigned long long low = t->change->low, high = t->change->high;
    const char *text = say(t, "reach is %llu", (unsigned long long)t->change->now);
    if (low == high) return (told){text, say(t, "reach were %llu", low)};
    if (high == UINT64_MAX) return (told){text, say(t, "reach were at least %llu", low)};
    if (!low) return (told){text, say(t, "reach were at most %llu", high)};
    return (told){text, say(t, "reach were from %llu to %llu", low, high)};
}

static told tell_verdict(teller *t, const tocsin__rule_node *node) {
    const tocsin__rule_change *c = t->change;
    const tocsin__rule_names *names = t->names;
    if (node->kind == TOCSIN__RULE_CLAUSE) {
        const char *id = names->clauses[node->value].id;
        return (told){say(t, "clause %s %s", id, c->wanted ? "does not hold" : "holds"),
                      say(t, "clause %s %s", id, c->wanted ? "held" : "did not hold")};
    }
    const char *asked = node->value == UINT64_MAX ? "none" : names->tiers[node->value];
    return (told){say(t, "the tier is %s", c->tier < 0 ? "none" : names->tiers[c->tier]),
                  say(t, "the tier were %s%s", asked_bound(t, node), asked)};
}

static told tell_scope(teller *t, const tocsin__rule_node *node) {
    const char *inside = name(t, t->change->node + 1);
    const char *scope = node->kind == TOCSIN__RULE_SENTENCE    ? "one sentence"
                        : node->kind == TOCSIN__RULE_PARAGRAPH ? "one paragraph"
                        : node->value == TOCSIN_FIELD_TITLE    ? "the title"
                                                               : "the text";
    return (told){say(t, "%s holds, but not within %s", inside, scope), say(t, "%s held within %s", inside, scope)};
}

static told tell_blocked(teller *t, const tocsin__rule_node *node) {
    const uint32_t first = t->change->node + 1;
    const char *a = name(t, first), *b = name(t, t->program->nodes[first].end);
    const unsigned long long distance = node->value;
    return (told){say(t, "%s is within %llu characters of %s", b, distance, a),
                  say(t, "no %s were within %llu characters of %s", b, distance, a)};
}

static told tell_topic(teller *t, const tocsin__rule_node *node) {
    const char *topic = t->names->topics[node->value], *where = place(t);
    if (t->change->kind == TOCSIN__RULE_ADD_TOPIC) {
        return (told){say(t, "no word of topic %s is %s", topic, where),
                      say(t, "a word of topic %s were %s", topic, where)};
    }
    return (told){say(t, "a word of topic %s is %s", topic, where),
                  say(t, "no word of topic %s were %s", topic, where)};
}

static told tell(teller *t, const tocsin__rule_node *node) {
    const tocsin__rule_change *c = t->change;
    switch (c->kind) {
        case TOCSIN__RULE_ADD_TOPIC:
        case TOCSIN__RULE_REMOVE_TOPIC: return tell_topic(t, node);
        case TOCSIN__RULE_BRING_NEAR: return tell_far(t, node);
        case TOCSIN__RULE_CLEAR_BLOCKED: return tell_blocked(t, node);
        case TOCSIN__RULE_INTO_SCOPE: return tell_scope(t, node);
        case TOCSIN__RULE_UNDO:
            return (told){say(t, "%s holds", name(t, c->node)), say(t, "%s did not hold", name(t, c->node))};
        case TOCSIN__RULE_MEASURE:
        case TOCSIN__RULE_BEST_VALUE:
            return tell_measured(t, node, tocsin__rule_measure_of(node->kind)->word, name(t, c->node + 1));
        case TOCSIN__RULE_ANY_VALUE: {
            const char *what = name(t, c->node + 1);
            return (told){say(t, "no number of %s is %s", what, place(t)),
                          say(t, "value(%s) were %s%s", what, asked_bound(t, node), number(t, node, node->value))};
        }
        case TOCSIN__RULE_SCORE_LEARNED:
            return tell_measured(t, node, "learned", t->names->learned[node->value >> TOCSIN__RULE_WEIGHTS_SHIFT]);
        case TOCSIN__RULE_FACT_VENUE: return tell_venue(t);
        case TOCSIN__RULE_FACT_REACH: return tell_reach(t);
        case TOCSIN__RULE_FACT_ATTENTION:
            return (told){say(t, "attention is %s", tocsin_attention_name((tocsin_attention)c->now)),
                          say(t, "attention were %s", tocsin_attention_name((tocsin_attention)c->low))};
        default: return tell_verdict(t, node);
    }
}

static tocsin_obstacle_kind obstacle_kind(tocsin__rule_change_kind kind) {
    switch (kind) {
        case TOCSIN__RULE_ADD_TOPIC: return TOCSIN_OBSTACLE_TOPIC;
        case TOCSIN__RULE_BRING_NEAR: return TOCSIN_OBSTACLE_FAR;
        case TOCSIN__RULE_INTO_SCOPE: return TOCSIN_OBSTACLE_SCOPE;
        case TOCSIN__RULE_MEASURE:
        case TOCSIN__RULE_ANY_VALUE:
        case TOCSIN__RULE_BEST_VALUE: return TOCSIN_OBSTACLE_COUNT;
        case TOCSIN__RULE_SCORE_LEARNED: return TOCSIN_OBSTACLE_LEARNED;
        case TOCSIN__RULE_VERDICT_CLAUSE:
        case TOCSIN__RULE_VERDICT_TIER: return TOCSIN_OBSTACLE_VERDICT;
        case TOCSIN__RULE_FACT_VENUE: return TOCSIN_OBSTACLE_VENUE;
        case TOCSIN__RULE_FACT_REACH: return TOCSIN_OBSTACLE_REACH;
        case TOCSIN__RULE_FACT_ATTENTION: return TOCSIN_OBSTACLE_ATTENTION;
        default: return TOCSIN_OBSTACLE_BLOCKED;
    }
}

static uint32_t topic_of(const tocsin__rule_node *node) {
    return node->kind == TOCSIN__RULE_TOPIC ? (uint32_t)node->value : TOCSIN_NO_TOPIC;
}

/* Fills in the numbers of a change, for the interface. */
static void measure(const tocsin__rule_program *program, const tocsin__rule_change *c, tocsin__rule_obstacle *o) {
    const tocsin__rule_node *node = &program->nodes[c->node];
    const double unit = o->kind == TOCSIN_OBSTACLE_COUNT || o->kind == TOCSIN_OBSTACLE_LEARNED
                            ? (tocsin__rule_measure_of(node->kind)->value == TOCSIN__RULE_WHOLE ? 1 : 1e6)
                            : 1;
    o->topic = TOCSIN_NO_TOPIC;
    switch (c->kind) {
        case TOCSIN__RULE_ADD_TOPIC:
        case TOCSIN__RULE_REMOVE_TOPIC: o->topic = topic_of(node); break;
        case TOCSIN__RULE_CLEAR_BLOCKED: o->distance = (uint32_t)node->value; break;
        case TOCSIN__RULE_BRING_NEAR:
            o->distance = (uint32_t)node->value;
            o->now = c->now == UINT64_MAX ? -1 : (double)c->now;
            o->needed = (double)node->value;
            break;
        case TOCSIN__RULE_MEASURE:
        case TOCSIN__RULE_ANY_VALUE:
        case TOCSIN__RULE_BEST_VALUE:
            o->topic = topic_of(node + 1);
            o->now = c->kind == TOCSIN__RULE_ANY_VALUE ? 0 : (double)c->now / unit;
            o->needed = (double)node->value / unit;
            break;
        case TOCSIN__RULE_SCORE_LEARNED:
            o->now = (double)c->now / unit;
            o->needed = (double)(uint32_t)node->value / unit;
            break;
        case TOCSIN__RULE_FACT_REACH:
            o->now = (double)c->now;
            o->needed = (double)(c->low || c->high == UINT64_MAX ? c->low : c->high);
            break;
        case TOCSIN__RULE_FACT_VENUE:
        case TOCSIN__RULE_FACT_ATTENTION:
            o->now = (double)c->now;
            o->needed = (double)c->low;
            break;
        case TOCSIN__RULE_VERDICT_TIER:
            o->now = c->tier;
            o->needed = node->value == UINT64_MAX ? TOCSIN_TIER_NONE : (double)node->value;
            break;
        default: break;
    }
}

tocsin_status tocsin__rule_tell(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                const tocsin__rule_change *change, tocsin__arena *arena,
                                tocsin__rule_obstacle *obstacle) {
    teller t = {program, names, change, arena, {0}, TOCSIN_OK};
    tocsin_buffer_init(&t.text, &arena->allocator);
    const told texts = tell(&t, &program->nodes[change->node]);
    const char *condition = condition_of(&t, change->node);
    tocsin_buffer_release(&t.text);
    if (t.status) return t.status;
    *obstacle = (tocsin__rule_obstacle){.kind = obstacle_kind(change->kind),
                                        .node = change->node,
                                        .condition = condition,
                                        .text = texts.text,
                                        .change = texts.change,
                                        .hits = change->hits,
                                        .hit_count = change->hit_count,
                                        .hit_total = change->hit_total};
    measure(program, change, obstacle);
    return TOCSIN_OK;
}
