/*
 * A set is an array with one char for each hit, a scope an array of visible hits, and pairs are searched among all
 * pairs; only the input is shared with the evaluator. A random tree is written with random spellings and parentheses,
 * so that the parser and its precedence are tested too.
 */
#include "rule_naive.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

typedef struct view {
    const tocsin__rule_input *input;
    const char *kept;
    int document; /* no scope around */
    char in[WORLD_HITS];
} view;

static int holds(const naive_node *node, const view *v);
static void set_of(const naive_node *node, const view *v, char *out);

static int is_set(const naive_node *node) {
    switch (node->kind) {
        case NAIVE_TOPIC:
        case NAIVE_NEAR:
        case NAIVE_BEFORE:
        case NAIVE_AFTER:
        case NAIVE_UNLESS: return 1;
        case NAIVE_OR:
            for (int i = 0; i < node->children; i++) {
                if (!is_set(node->child[i])) return 0;
            }
            return 1;
        case NAIVE_TITLE:
        case NAIVE_TEXT: return is_set(node->child[0]);
        default: return 0;
    }
}

static void restrict_field(view *v, int field) {
    v->document = 0;
    for (size_t i = 0; i < v->input->hit_count; i++) v->in[i] = v->in[i] && v->input->hits[i].field == field;
}

static int gap_within(const tocsin__rule_hit *x, const tocsin__rule_hit *y, int distance) {
    long gap;
    if (x->field != y->field) return 0;
    gap = x->start >= y->start ? (long)x->start - (long)y->end : (long)y->start - (long)x->end;
    return gap <= distance;
}

static int follows(const tocsin__rule_hit *a, const tocsin__rule_hit *b, int distance) {
    return a->field == b->field && a->end <= b->start && (long)b->start - (long)a->end <= distance;
}

/* Returns whether a hit of the right side stands where the operator wants it, relative to a hit of the left side. */
static int is_pair(const naive_node *node, const tocsin__rule_hit *left, const tocsin__rule_hit *right) {
    switch (node->kind) {
        case NAIVE_BEFORE: return follows(left, right, node->value);
        case NAIVE_AFTER: return follows(right, left, node->value);
        default: return gap_within(left, right, node->value);
    }
}

static void pair_set(const naive_node *node, const view *v, char *out) {
    char a[WORLD_HITS], b[WORLD_HITS];
    view all = *v;
    size_t n = v->input->hit_count;
    const tocsin__rule_hit *hits = v->input->hits;
    if (node->kind == NAIVE_UNLESS) all.kept = NULL;
    set_of(node->child[0], v, a);
    set_of(node->child[1], &all, b);
    memset(out, 0, n);
    if (node->kind == NAIVE_UNLESS) memcpy(out, a, n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (i == j || !a[i] || !b[j]) continue;
            if (!is_pair(node, &hits[i], &hits[j])) continue;
            out[i] = node->kind != NAIVE_UNLESS;
        }
    }
}

static void set_of(const naive_node *node, const view *v, char *out) {
    char part[WORLD_HITS];
    view narrow = *v;
    size_t n = v->input->hit_count;
    switch (node->kind) {
        case NAIVE_TOPIC:
            for (size_t i = 0; i < n; i++) {
                out[i] = v->in[i] && (int)v->input->hits[i].topic == node->value && (!v->kept || v->kept[i]);
            }
            break;
        case NAIVE_OR:
            memset(out, 0, n);
            for (int c = 0; c < node->children; c++) {
                set_of(node->child[c], v, part);
                for (size_t i = 0; i < n; i++) out[i] |= part[i];
            }
            break;
        case NAIVE_TITLE:
        case NAIVE_TEXT:
            restrict_field(&narrow, node->kind == NAIVE_TEXT);
            set_of(node->child[0], &narrow, out);
            break;
        default: pair_set(node, v, out); break;
    }
}

/*
 * -1, 0 or 1: the result of the comparison with the node's value.
 */
static int measure(const naive_node *node, const view *v) {
    const tocsin__rule_input *input = v->input;
    const naive_node *what = node->child[0];
    char set[WORLD_HITS];
    double count = 0, score = 0, terms = 0;
    set_of(what, v, set);
    for (size_t i = 0; i < input->hit_count; i++) {
        int seen = 0;
        if (!set[i]) continue;
        for (size_t j = 0; j < i; j++) seen |= set[j] && input->hits[j].term == input->hits[i].term;
        terms += !seen;
        count += 1;
        score += (double)input->hits[i].weight;
    }
    if (node->kind == NAIVE_DISTINCT) return (terms > node->value) - (terms < node->value);
    if (v->document && what->kind == NAIVE_TOPIC) {
        view all = *v;
        double listed = 0, listed_score = 0;
        all.kept = NULL;
        set_of(what, &all, set);
        for (size_t i = 0; i < input->hit_count; i++) {
            if (!set[i]) continue;
            listed += 1;
            listed_score += (double)input->hits[i].weight;
        }
        count += (double)input->topic_counts[what->value] - listed;
        score += input->topic_scores[what->value] - listed_score;
    }
    if (node->kind == NAIVE_COUNT) return (count > node->value) - (count < node->value);
    double asked = node->value / 10.0, larger = score > asked ? score : asked;
    double difference = score > asked ? score - asked : asked - score;
    if (difference <= 1e-6 * larger) return 0;
    return score > asked ? 1 : -1;
}

static int compares(const char *compare, int outcome) {
    if (!strcmp(compare, ">=")) return outcome >= 0;
    if (!strcmp(compare, "<=")) return outcome <= 0;
    if (!strcmp(compare, ">")) return outcome > 0;
    if (!strcmp(compare, "<")) return outcome < 0;
    if (!strcmp(compare, "==")) return outcome == 0;
    return outcome != 0;
}

static int measure_holds(const naive_node *node, const view *v) {
    view everything = *v;
    everything.kept = NULL;
    int all = measure(node, &everything), some = measure(node, v);
    if (!v->kept) return compares(node->compare, all);
    if (!strcmp(node->compare, ">=")) return some >= 0;
    if (!strcmp(node->compare, ">")) return some > 0;
    if (!strcmp(node->compare, "==")) return all == 0 && some == 0;
    if (!strcmp(node->compare, "!=")) return all < 0 || some > 0;
    return compares(node->compare, all);
}

/* the largest value in millionths, plus 1; 0: no hit has a value */
static uint64_t largest_value(const naive_node *set, const view *v) {
    char in[WORLD_HITS];
    view all = *v;
    uint64_t largest = 0, listed = 0;
    const tocsin__rule_input *input = v->input;
    set_of(set, v, in);
    for (size_t i = 0; i < input->hit_count; i++) {
        if (in[i] && input->hits[i].value > largest) largest = input->hits[i].value;
    }
    if (!v->document || set->kind != NAIVE_TOPIC) return largest;
    all.kept = NULL;
    set_of(set, &all, in);
    for (size_t i = 0; i < input->hit_count; i++) {
        if (in[i] && input->hits[i].value > listed) listed = input->hits[i].value;
    }
    return input->topic_values[set->value] > listed ? input->topic_values[set->value] : largest;
}

static int value_order(const naive_node *node, uint64_t value) {
    const uint64_t asked = (uint64_t)node->value * 100000 + 1;
    return (value > asked) - (value < asked);
}

/* Without a value no comparison holds. */
static int value_holds(const naive_node *node, const view *v) {
    view everything = *v;
    everything.kept = NULL;
    const uint64_t largest = largest_value(node->child[0], &everything), seen = largest_value(node->child[0], v);
    const int all = value_order(node, largest), some = value_order(node, seen);
    if (!seen) return 0;
    if (!strcmp(node->compare, ">=")) return some >= 0;
    if (!strcmp(node->compare, ">")) return some > 0;
    if (!strcmp(node->compare, "==")) return all == 0 && some == 0;
    if (!strcmp(node->compare, "!=")) return all < 0 || (all > 0 && some > 0);
    return compares(node->compare, all);
}

static int part_holds(const naive_node *node, const view *v) {
    const tocsin__rule_hit *hits = v->input->hits;
    for (size_t i = 0; i < v->input->hit_count; i++) {
        view part = *v;
        if (!v->in[i]) continue;
        part.document = 0;
        for (size_t j = 0; j < v->input->hit_count; j++) {
            int same = node->kind == NAIVE_SENTENCE ? hits[i].sentence == hits[j].sentence
                                                    : hits[i].paragraph == hits[j].paragraph;
            part.in[j] = v->in[j] && same;
        }
        if (holds(node->child[0], &part)) return 1;
    }
    return 0;
}

static int fact_holds(const naive_node *node, const tocsin__rule_input *input) {
    int among;
    switch (node->kind) {
        case NAIVE_REACH:
            return compares(node->compare,
                            (input->reach > (uint64_t)node->value) - (input->reach < (uint64_t)node->value));
        case NAIVE_ATTENTION: return compares(node->compare, (int)input->attention - node->value);
        case NAIVE_TIER: return compares(node->compare, input->tier - node->value);
        case NAIVE_LEARNED: {
            const int score = (int)(input->learned(input->learned_context, (uint32_t)node->value / 11) / 100000);
            return compares(node->compare, score - node->value % 11);
        }
        case NAIVE_CLAUSE: return (int)(*input->clauses_held >> node->value & 1);
        default: among = node->value >> input->venue & 1; return strcmp(node->compare, "in") ? !among : among;
    }
}

static int topic_holds(const naive_node *node, const view *v) {
    char set[WORLD_HITS];
    const tocsin__rule_input *input = v->input;
    uint64_t listed = 0;
    set_of(node, v, set);
    for (size_t i = 0; i < input->hit_count; i++) {
        if (set[i]) return 1;
        listed += (int)input->hits[i].topic == node->value;
    }
    return v->document && input->topic_counts[node->value] > listed;
}

static int holds(const naive_node *node, const view *v) {
    char set[WORLD_HITS];
    view narrow = *v;
    int held = 0;
    switch (node->kind) {
        case NAIVE_TOPIC: return topic_holds(node, v);
        case NAIVE_OR:
        case NAIVE_AND:
        case NAIVE_ATLEAST:
            for (int i = 0; i < node->children; i++) held += holds(node->child[i], v);
            return held >= (node->kind == NAIVE_OR ? 1 : node->kind == NAIVE_AND ? node->children : node->value);
        case NAIVE_NOT: narrow.kept = NULL; return !holds(node->child[0], &narrow);
        case NAIVE_NEAR:
        case NAIVE_BEFORE:
        case NAIVE_AFTER:
        case NAIVE_UNLESS:
            set_of(node, v, set);
            return v->input->hit_count > 0 && memchr(set, 1, v->input->hit_count) != NULL;
        case NAIVE_SENTENCE:
        case NAIVE_PARAGRAPH: return part_holds(node, v);
        case NAIVE_TITLE:
        case NAIVE_TEXT: restrict_field(&narrow, node->kind == NAIVE_TEXT); return holds(node->child[0], &narrow);
        case NAIVE_COUNT:
        case NAIVE_DISTINCT:
        case NAIVE_SCORE: return measure_holds(node, v);
        case NAIVE_VALUE: return value_holds(node, v);
        default: return fact_holds(node, v->input);
    }
}

static view everything(const tocsin__rule_input *input, const char *kept) {
    view v;
    memset(&v, 0, sizeof v);
    v.input = input;
    v.kept = kept;
    v.document = 1;
    memset(v.in, 1, input->hit_count);
    return v;
}

int naive_holds(const naive_node *node, const tocsin__rule_input *input, const char *kept) {
    view v = everything(input, kept);
    return holds(node, &v);
}

/* Adds the hits from which the members of a set come. */
static void support_set(const naive_node *node, const view *v, const char *members, char *out) {
    char a[WORLD_HITS], b[WORLD_HITS], part[WORLD_HITS], a_used[WORLD_HITS] = {0}, b_used[WORLD_HITS] = {0};
    const tocsin__rule_hit *hits = v->input->hits;
    size_t n = v->input->hit_count;
    view narrow = *v;
    if (node->kind == NAIVE_TOPIC) {
        for (size_t i = 0; i < n; i++) out[i] |= members[i];
    } else if (node->kind == NAIVE_OR) {
        for (int c = 0; c < node->children; c++) {
            set_of(node->child[c], v, part);
            for (size_t i = 0; i < n; i++) part[i] = part[i] && members[i];
            support_set(node->child[c], v, part, out);
        }
    } else if (node->kind == NAIVE_TITLE || node->kind == NAIVE_TEXT) {
        restrict_field(&narrow, node->kind == NAIVE_TEXT);
        for (size_t i = 0; i < n; i++) part[i] = members[i] && narrow.in[i];
        support_set(node->child[0], &narrow, part, out);
    } else if (node->kind == NAIVE_UNLESS) {
        support_set(node->child[0], v, members, out);
    } else {
        set_of(node->child[0], v, a);
        set_of(node->child[1], v, b);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                if (i == j || !a[i] || !b[j]) continue;
                if (members[i] && is_pair(node, &hits[i], &hits[j])) a_used[i] = b_used[j] = 1;
            }
        }
        support_set(node->child[0], v, a_used, out);
        support_set(node->child[1], v, b_used, out);
    }
}

static void support(const naive_node *node, const view *v, char *out) {
    char set[WORLD_HITS];
    view narrow = *v;
    const tocsin__rule_hit *hits = v->input->hits;
    if (!holds(node, v)) return;
    if (is_set(node) && node->kind != NAIVE_OR && node->kind != NAIVE_TITLE && node->kind != NAIVE_TEXT) {
        set_of(node, v, set);
        support_set(node, v, set, out);
        return;
    }
    switch (node->kind) {
        case NAIVE_OR:
        case NAIVE_AND:
        case NAIVE_ATLEAST:
            for (int i = 0; i < node->children; i++) support(node->child[i], v, out);
            break;
        case NAIVE_TITLE:
        case NAIVE_TEXT:
            restrict_field(&narrow, node->kind == NAIVE_TEXT);
            support(node->child[0], &narrow, out);
            break;
        case NAIVE_SENTENCE:
        case NAIVE_PARAGRAPH:
            for (size_t i = 0; i < v->input->hit_count; i++) {
                for (size_t j = 0; j < v->input->hit_count; j++) {
                    int same = node->kind == NAIVE_SENTENCE ? hits[i].sentence == hits[j].sentence
                                                            : hits[i].paragraph == hits[j].paragraph;
                    narrow.in[j] = v->in[j] && v->in[i] && same;
                }
                narrow.document = 0;
                if (v->in[i]) support(node->child[0], &narrow, out);
            }
            break;
        case NAIVE_COUNT:
        case NAIVE_DISTINCT:
        case NAIVE_SCORE:
            if (node->compare[0] == '<') break;
            if (!strcmp(node->compare, "!=") && measure(node, v) < 0) break;
            set_of(node->child[0], v, set);
            support_set(node->child[0], v, set, out);
            break;
        case NAIVE_VALUE:
            set_of(node->child[0], v, set);
            for (size_t i = 0; i < v->input->hit_count; i++) {
                const int order = value_order(node, hits[i].value);
                const int above = value_order(node, largest_value(node->child[0], v)) > 0;
                set[i] = set[i] && hits[i].value && compares(node->compare, order);
                if (!strcmp(node->compare, "!=") && above != (order > 0)) set[i] = 0;
            }
            support_set(node->child[0], v, set, out);
            break;
        default: break;
    }
}

void naive_support(const naive_node *node, const tocsin__rule_input *input, char *out) {
    view v = everything(input, NULL);
    memset(out, 0, WORLD_HITS);
    support(node, &v, out);
}

/* ---- random trees ---- */

static naive_node *plant(naive_forest *forest, naive_kind kind) {
    naive_node *node = &forest->nodes[forest->used++];
    memset(node, 0, sizeof *node);
    node->kind = kind;
    return node;
}

static const char *compare_of(world_random *random) {
    static const char *const signs[] = {">=", ">=", "<=", ">", "<", "==", "!="};
    return signs[world_below(random, sizeof signs / sizeof *signs)];
}

static naive_node *make_set(naive_forest *forest, world_random *random, int depth) {
    static const naive_kind kinds[] = {NAIVE_TOPIC,  NAIVE_TOPIC, NAIVE_OR,     NAIVE_NEAR,  NAIVE_NEAR,
                                       NAIVE_BEFORE, NAIVE_AFTER, NAIVE_UNLESS, NAIVE_TITLE, NAIVE_TEXT};
    naive_kind kind = depth <= 1 ? NAIVE_TOPIC : kinds[world_below(random, sizeof kinds / sizeof *kinds)];
    naive_node *node = plant(forest, kind);
    node->value = (int)world_below(random, world_below(random, 3) ? 8 : 30);
    if (kind == NAIVE_TOPIC) node->value = (int)world_below(random, WORLD_TOPICS);
    node->children = kind == NAIVE_TOPIC ? 0 : kind == NAIVE_TITLE || kind == NAIVE_TEXT ? 1 : 2;
    if (kind == NAIVE_OR) node->children += (int)world_below(random, 2);
    for (int i = 0; i < node->children; i++) node->child[i] = make_set(forest, random, depth - 1);
    return node;
}

static naive_node *make_fact(naive_forest *forest, world_random *random, int verdict) {
    naive_node *node = plant(forest, (naive_kind)(NAIVE_REACH + (int)world_below(random, verdict ? 6 : 4)));
    if (node->kind == NAIVE_TIER && !verdict) node->kind = NAIVE_ATTENTION;
    node->compare = compare_of(random);
    switch (node->kind) {
        case NAIVE_REACH: node->value = (int)world_below(random, 12); break;
        case NAIVE_ATTENTION: node->value = (int)world_below(random, TOCSIN_ATTENTION_COUNT); break;
        case NAIVE_TIER: node->value = (int)world_below(random, WORLD_TIERS + 1) - 1; break;
        case NAIVE_CLAUSE: node->value = (int)world_below(random, WORLD_CLAUSES); break;
        case NAIVE_LEARNED: node->value = (int)world_below(random, WORLD_LEARNED * 11); break;
        default:
            node->compare = world_below(random, 2) ? "in" : "not in";
            node->value = 1 + (int)world_below(random, (1u << TOCSIN_VENUE_COUNT) - 1);
            if (world_below(random, 2)) node->value = 1 << world_below(random, TOCSIN_VENUE_COUNT);
            break;
    }
    return node;
}

static naive_node *make(naive_forest *forest, world_random *random, int depth, int words) {
    static const naive_kind kinds[] = {NAIVE_AND,      NAIVE_AND,       NAIVE_OR,    NAIVE_NOT,  NAIVE_ATLEAST,
                                       NAIVE_SENTENCE, NAIVE_PARAGRAPH, NAIVE_TITLE, NAIVE_TEXT, NAIVE_COUNT,
                                       NAIVE_SCORE,    NAIVE_DISTINCT,  NAIVE_VALUE};
    uint32_t choice = world_below(random, 14);
    if (words && (choice < 3 || depth <= 1)) return make_set(forest, random, depth);
    if (choice == 3 || depth <= 1) return make_fact(forest, random, words);
    naive_node *node = plant(forest, kinds[world_below(random, words ? sizeof kinds / sizeof *kinds : 5)]);
    node->children = 1;
    if (node->kind >= NAIVE_COUNT && node->kind <= NAIVE_VALUE) {
        node->compare = compare_of(random);
        node->value = (int)world_below(random, node->kind >= NAIVE_SCORE ? 40 : 5);
        node->child[0] = make_set(forest, random, depth - 1);
        return node;
    }
    if (node->kind == NAIVE_AND || node->kind == NAIVE_OR) node->children = 2 + (int)world_below(random, 2);
    if (node->kind == NAIVE_ATLEAST) node->children = 1 + (int)world_below(random, 4);
    node->value = node->kind == NAIVE_ATLEAST ? 1 + (int)world_below(random, (uint32_t)node->children) : 0;
    for (int i = 0; i < node->children; i++) node->child[i] = make(forest, random, depth - 1, words);
    return node;
}

naive_node *naive_make(naive_forest *forest, world_random *random, int depth) {
    forest->used = 0;
    return make(forest, random, depth, 1);
}

naive_node *naive_make_facts(naive_forest *forest, world_random *random, int depth) {
    forest->used = 0;
    return make(forest, random, depth, 0);
}

/* ---- text ---- */

static void write(const naive_node *node, world_random *random, tocsin_buffer *out, int tightness);

static void put(tocsin_buffer *out, const char *text) { (void)tocsin__buffer_puts(out, text); }

static void write_between(const naive_node *node, world_random *random, tocsin_buffer *out, const char *sign,
                          const char *word, int tightness) {
    for (int i = 0; i < node->children; i++) {
        if (i > 0) put(out, " ");
        if (i > 0) put(out, word && world_below(random, 3) == 0 ? word : sign);
        if (i > 0) put(out, world_below(random, 5) ? " " : "\n  ");
        write(node->child[i], random, out, tightness + (i > 0 && !word));
    }
}

static void write_call(const naive_node *node, world_random *random, tocsin_buffer *out, const char *name) {
    (void)tocsin__buffer_printf(out, "%s(", name);
    if (node->kind == NAIVE_ATLEAST) (void)tocsin__buffer_printf(out, "%d, ", node->value);
    for (int i = 0; i < node->children; i++) {
        if (i > 0) put(out, ", ");
        write(node->child[i], random, out, 0);
    }
    put(out, ")");
}

static void write_venues(const naive_node *node, world_random *random, tocsin_buffer *out) {
    int left = node->value, one = !(left & (left - 1));
    if (one && world_below(random, 2)) {
        put(out, strcmp(node->compare, "in") ? "venue != " : "venue == ");
    } else {
        (void)tocsin__buffer_printf(out, "venue %s (", node->compare);
        one = 0;
    }
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) {
        if (!(left >> i & 1)) continue;
        left &= ~(1 << i);
        put(out, tocsin_venue_name((tocsin_venue)i));
        if (left) put(out, ",");
    }
    if (!one) put(out, ")");
}

static void write_plain(const naive_node *node, world_random *random, tocsin_buffer *out) {
    static const char *const proximity[] = {"near", "before", "after", "unless"};
    static const char *const calls[] = {"sentence", "paragraph", "title", "text",
                                        "count",    "distinct",  "score", "value"};
    char sign[32];
    switch (node->kind) {
        case NAIVE_TOPIC: put(out, world_names.topics[node->value]); return;
        case NAIVE_OR: write_between(node, random, out, "|", "or", 1); return;
        case NAIVE_AND: write_between(node, random, out, "&", "and", 2); return;
        case NAIVE_NOT:
            put(out, world_below(random, 3) ? "!" : "not ");
            write(node->child[0], random, out, 5);
            return;
        case NAIVE_ATLEAST: write_call(node, random, out, "atleast"); return;
        case NAIVE_NEAR:
        case NAIVE_BEFORE:
        case NAIVE_AFTER:
        case NAIVE_UNLESS:
            (void)snprintf(sign, sizeof sign, "%s/%d", proximity[node->kind - NAIVE_NEAR], node->value);
            write_between(node, random, out, sign, NULL, 4);
            return;
        case NAIVE_CLAUSE: (void)tocsin__buffer_printf(out, "clause(%s)", world_names.clauses[node->value].id); return;
        case NAIVE_VENUE: write_venues(node, random, out); return;
        case NAIVE_REACH: put(out, "reach "); break;
        case NAIVE_LEARNED:
            (void)tocsin__buffer_printf(out, "learned(%s) ", world_names.learned[node->value / 11]);
            break;
        case NAIVE_ATTENTION: put(out, "attention "); break;
        case NAIVE_TIER: put(out, "tier "); break;
        default: write_call(node, random, out, calls[node->kind - NAIVE_SENTENCE]); break;
    }
    if (!node->compare) return;
    (void)tocsin__buffer_printf(out, "%s ", node->compare);
    if (node->kind == NAIVE_ATTENTION) {
        put(out, tocsin_attention_name((tocsin_attention)node->value));
    } else if (node->kind == NAIVE_TIER) {
        put(out, node->value < 0 ? "none" : world_names.tiers[node->value]);
    } else if (node->kind == NAIVE_LEARNED) {
        (void)tocsin__buffer_printf(out, "%d.%d", node->value % 11 / 10, node->value % 11 % 10);
    } else if (node->kind == NAIVE_SCORE || node->kind == NAIVE_VALUE) {
        (void)tocsin__buffer_printf(out, "%d.%d", node->value / 10, node->value % 10);
    } else {
        (void)tocsin__buffer_printf(out, "%d", node->value);
    }
}

static void write(const naive_node *node, world_random *random, tocsin_buffer *out, int tightness) {
    int own = node->kind == NAIVE_OR                                   ? 1
              : node->kind == NAIVE_AND                                ? 2
              : node->compare && node->kind != NAIVE_CLAUSE            ? 3
              : node->kind >= NAIVE_NEAR && node->kind <= NAIVE_UNLESS ? 4
              : node->kind == NAIVE_NOT                                ? 5
                                                                       : 6;
    int more = own < tightness || world_below(random, 8) == 0;
    if (more) put(out, "(");
    write_plain(node, random, out);
    if (more) put(out, ")");
}

void naive_write(const naive_node *node, world_random *random, tocsin_buffer *out) { write(node, random, out, 0); }
