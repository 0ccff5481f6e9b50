/*
 * Turns trees into a program: checks that sets of hits stand where they are needed, expands defines, flattens "&" and
 * "|", and writes nodes in preorder. Each define is read and checked once, however often others use it (its tree is
 * shared until nodes are written). So defines that double at every level reach the limit of nodes and not the limit of
 * memory. The defines that a define refers to are checked before it, from a list, so that a chain of a million defines
 * needs no deep stack.
 *
 * Everything that evaluation would otherwise compute for every document is computed here once. Slots are bitsets over
 * hits. How many are alive at once follows from the shape of the tree, as the number of registers does for an
 * arithmetic expression. rule_eval.c and rule_witness.c use slots in exactly the order that is counted here.
 */
#include "rule/rule_compile.h"

#include <stdio.h>
#include <string.h>

#include <tocsin/plan.h>

#include "base/bitset.h"
#include "base/vec.h"
#include "rule/rule_ast.h"

typedef tocsin__rule_ast ast;

/* A condition, a set of hits, or a problem, which fits everywhere. */
enum {
    CONDITION,
    SET,
    ANY
};

typedef struct shape {
    int type;
    int verdict;  /* a clause or tier is compared */
    uint8_t kind; /* of the root, after defines are expanded */
    uint32_t height;
    uint32_t size; /* nodes after defines are expanded; UINT32_MAX: at least as many */
} shape;

typedef struct define {
    tocsin__rule_unit unit;
    ast *root;       /* NULL if it could not be parsed */
    const ast *left; /* references that are not followed yet */
    enum {
        UNREAD,
        CHECKING,
        CHECKED
    } state;
    int bad;
    shape shape;
} define;

typedef struct compiler {
    const tocsin__rule_names *names;
    tocsin__arena *arena; /* holds everything during compiling */
    int allow_verdict;
    uint32_t max_nodes;
    tocsin__rule_unit main;
    define *defines;
    int bad; /* a define in use has a problem */
    tocsin_status status;
    uint32_t *chain; /* defines that are being followed, each from the one before */
    size_t chain_length;
    TOCSIN_VEC(tocsin__rule_node) nodes;
    TOCSIN_VEC(uint32_t) named; /* by node: its define, plus 1 */
} compiler;

static tocsin_status begin(compiler *c, const tocsin__rule_names *names, const tocsin__rule_options *options,
                           tocsin__arena *arena, tocsin_diagnostics *define_diagnostics) {
    memset(c, 0, sizeof *c);
    c->names = names;
    c->arena = arena;
    c->allow_verdict = options->allow_verdict;
    c->max_nodes = options->max_nodes ? options->max_nodes : TOCSIN_MAX_RULE_NODES;
    c->defines = tocsin__arena_allocate(arena, names->define_count * sizeof *c->defines);
    c->chain = tocsin__arena_allocate(arena, names->define_count * sizeof *c->chain);
    if (!c->defines || !c->chain) return TOCSIN_ERROR_MEMORY;
    memset(c->defines, 0, names->define_count * sizeof *c->defines);
    for (size_t i = 0; i < names->define_count; i++) {
        c->defines[i].unit.source = &names->defines[i].source;
        c->defines[i].unit.diagnostics = define_diagnostics;
    }
    return TOCSIN_OK;
}

/* ---- types ---- */

static tocsin__rule_shown name_of(const compiler *c, uint64_t index) {
    const char *name = c->names->defines[index].name;
    return tocsin__rule_show(name, strlen(name));
}

static const char *operator_name(uint8_t kind) {
    switch (kind) {
        case TOCSIN__RULE_NEAR: return "near";
        case TOCSIN__RULE_BEFORE: return "before";
        case TOCSIN__RULE_AFTER: return "after";
        case TOCSIN__RULE_UNLESS: return "unless";
        default: return tocsin__rule_measure_of(kind)->shown;
    }
}

static const char *condition_name(uint8_t kind) {
    switch (kind) {
        case TOCSIN__RULE_OR: return "\"|\" with a condition in it";
        case TOCSIN__RULE_AND: return "\"&\"";
        case TOCSIN__RULE_NOT: return "\"!\"";
        case TOCSIN__RULE_ATLEAST: return "atleast(…)";
        case TOCSIN__RULE_SENTENCE: return "sentence(…)";
        case TOCSIN__RULE_PARAGRAPH: return "paragraph(…)";
        case TOCSIN__RULE_FIELD: return "title(…) or text(…) of a condition";
        case TOCSIN__RULE_CLAUSE: return "clause(…)";
        default: return "a comparison";
    }
}

static void want_set(compiler *c, const ast *parent, const ast *child, int type) {
    if (type != CONDITION) return;
    tocsin__rule_shown named = child->kind == TOCSIN__RULE_DEFINE ? name_of(c, child->value) : (tocsin__rule_shown){""};
    int named_so = child->kind == TOCSIN__RULE_DEFINE;
    tocsin__rule_report(
        child->unit, TOCSIN_SEVERITY_ERROR, "rule-type", child->offset,
        "%s%s%s is a condition, and %s takes hits: topics, \"|\", near, before, after, unless, title(…) "
        "and text(…) of them",
        named_so ? "the define \"" : "", named_so ? named.text : condition_name(child->kind), named_so ? "\"" : "",
        operator_name(parent->kind));
}

/* An "&" inside an "&", or a "|" inside a "|", is written as one node. */
static int joins(uint8_t kind, uint8_t parent) {
    return kind == parent && (parent == TOCSIN__RULE_OR || parent == TOCSIN__RULE_AND);
}

static uint32_t add(uint32_t a, uint32_t b) { return a > UINT32_MAX - b ? UINT32_MAX : a + b; }

static shape check_reference(compiler *c, const ast *node) {
    const define *d = &c->defines[node->value];
    shape found = {ANY, 0, TOCSIN__RULE_BAD, 1, 1};
    if (d->bad || d->state != CHECKED) {
        c->bad = 1;
        return found;
    }
    if (d->shape.verdict && node->unit == &c->main && !c->allow_verdict) {
        tocsin__rule_report(node->unit, TOCSIN_SEVERITY_ERROR, "rule-verdict", node->offset,
                            "the define \"%s\" asks for a clause or the tier, which only routes may",
                            name_of(c, node->value).text);
    }
    return d->shape;
}

static int type_of(const ast *node, int children_sets, int child_any) {
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: return SET;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_FIELD: return !children_sets ? CONDITION : child_any ? ANY : SET;
        case TOCSIN__RULE_BAD: return ANY;
        default: return CONDITION;
    }
}

static shape check(compiler *c, ast *node) {
    shape all = {ANY, node->kind == TOCSIN__RULE_CLAUSE || node->kind == TOCSIN__RULE_TIER, node->kind, 1, 1};
    int sets = 1, any = 0;
    const tocsin__rule_measure *measure = tocsin__rule_measure_of(node->kind);
    int takes_hits =
        (node->kind >= TOCSIN__RULE_NEAR && node->kind <= TOCSIN__RULE_UNLESS) || (measure && measure->takes_hits);
    if (node->kind == TOCSIN__RULE_DEFINE) return check_reference(c, node);
    for (ast *child = node->first; child; child = child->next) {
        shape part = check(c, child);
        if (takes_hits) want_set(c, node, child, part.type);
        sets &= part.type != CONDITION;
        any |= part.type == ANY;
        all.verdict |= part.verdict;
        if (all.height <= part.height) all.height = part.height + 1;
        all.size = add(all.size, part.size - (uint32_t)joins(part.kind, node->kind));
    }
    if (all.height > TOCSIN__RULE_MAX_DEPTH) {
        tocsin__rule_report(node->unit, TOCSIN_SEVERITY_ERROR, "rule-limit", node->offset,
                            "operators and parentheses are nested more than %d deep once defines are put in",
                            TOCSIN__RULE_MAX_DEPTH);
        all.height = 1;
    }
    all.type = type_of(node, sets, any);
    node->is_set = all.type == SET;
    return all;
}

/* ---- defines ---- */

static void report_cycle(compiler *c, const ast *node) {
    char path[320] = "";
    size_t used = 0, from = c->chain_length;
    while (from > 0 && c->chain[from - 1] != node->value) from--;
    for (size_t i = from ? from - 1 : 0; i < c->chain_length && used + 80 < sizeof path; i++) {
        used += (size_t)snprintf(path + used, sizeof path - used, "%s → ", name_of(c, c->chain[i]).text);
    }
    tocsin__rule_report(node->unit, TOCSIN_SEVERITY_ERROR, "rule-cycle", node->offset,
                        "the define \"%s\" is made of itself: %s%s", name_of(c, node->value).text, path,
                        name_of(c, node->value).text);
}

static void enter(compiler *c, uint64_t index) {
    define *d = &c->defines[index];
    d->state = CHECKING;
    d->root = tocsin__rule_parse(&d->unit, c->names, 1, c->max_nodes, c->arena);
    d->left = d->unit.references;
    c->chain[c->chain_length++] = (uint32_t)index;
}

/* Resolves a define that only names another one to that one, so that a chain of names is followed once. */
static void leave(compiler *c, define *d) {
    c->bad = 0;
    if (d->root) d->shape = check(c, d->root);
    if (d->root && !c->bad && d->shape.size > c->max_nodes) {
        tocsin__rule_report(&d->unit, TOCSIN_SEVERITY_ERROR, "rule-limit", 0,
                            "the define \"%s\" has more than %u operators and operands once defines are put in",
                            name_of(c, (uint64_t)(d - c->defines)).text, c->max_nodes);
    }
    d->bad = c->bad || d->unit.errors || !d->root;
    if (!d->bad && d->root->kind == TOCSIN__RULE_DEFINE) d->root = c->defines[d->root->value].root;
    c->bad = 0;
    if (d->unit.status) c->status = d->unit.status;
    d->state = CHECKED;
    c->chain_length--;
}

/* Reads and checks the defines that a list of references leads to, the innermost first. */
static void follow(compiler *c, const ast *references) {
    for (; references && !c->status; references = references->reference) {
        if (c->defines[references->value].state == UNREAD) enter(c, references->value);
        while (c->chain_length > 0 && !c->status) {
            define *d = &c->defines[c->chain[c->chain_length - 1]];
            const ast *next = d->left;
            if (!next) {
                leave(c, d);
                continue;
            }
            d->left = next->reference;
            if (c->defines[next->value].state == CHECKING) report_cycle(c, next);
            if (c->defines[next->value].state == UNREAD) enter(c, next->value);
        }
    }
}

/* ---- from nodes to a program ---- */

typedef struct slots {
    uint32_t fill;    /* slots to compute the set */
    uint32_t support; /* slots to find the hits that made some of its members, the members included */
} slots;

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

static slots set_slots(const tocsin__rule_node *nodes, uint32_t at) {
    const tocsin__rule_node *node = &nodes[at];
    slots all = {1, 1};
    if (node->kind == TOCSIN__RULE_TOPIC) return all;
    if (node->kind == TOCSIN__RULE_OR) {
        for (uint32_t child = at + 1; child < node->end; child = nodes[child].end) {
            slots part = set_slots(nodes, child);
            all.fill = larger(all.fill, (child > at + 1) + part.fill);
            all.support = larger(all.support, 1 + larger(part.fill, part.support));
        }
        return all;
    }
    slots a = set_slots(nodes, at + 1);
    if (node->kind == TOCSIN__RULE_FIELD) return (slots){a.fill, a.support + 1};
    slots b = set_slots(nodes, nodes[at + 1].end);
    all.fill = larger(larger(a.fill, 1 + b.fill), 3);
    all.support = larger(larger(a.support, 1 + larger(b.fill, b.support)), 3);
    return all;
}

static uint32_t most_slots(const tocsin__rule_node *nodes, uint32_t node_count) {
    uint32_t most = 0;
    for (uint32_t at = 0; at < node_count;) {
        if (nodes[at].flags & TOCSIN__RULE_IS_SET) {
            slots s = set_slots(nodes, at);
            most = larger(most, larger(s.fill, s.support));
            at = nodes[at].end;
        } else {
            at++;
        }
    }
    return most;
}

static int holds_empty(const tocsin__rule_node *nodes, uint32_t at) {
    const tocsin__rule_node *node = &nodes[at];
    uint64_t able = 0, parts = 0;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS:
        case TOCSIN__RULE_VALUE: return 0;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: return (node->compare & (node->value ? TOCSIN__RULE_LT : TOCSIN__RULE_EQ)) != 0;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST:
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH:
        case TOCSIN__RULE_FIELD: break;
        default: return 1;
    }
    for (uint32_t child = at + 1; child < node->end; child = nodes[child].end) {
        parts++;
        able += (nodes[child].flags & TOCSIN__RULE_HOLDS_EMPTY) != 0;
    }
    if (node->kind == TOCSIN__RULE_AND) return able == parts;
    return able >= (node->kind == TOCSIN__RULE_ATLEAST ? node->value : 1);
}

static uint32_t needs(uint8_t kind) {
    switch (kind) {
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER: return TOCSIN__RULE_NEEDS_POSITIONS | TOCSIN__RULE_HAS_ORDER;
        case TOCSIN__RULE_DISTINCT: return TOCSIN__RULE_HAS_DISTINCT;
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_UNLESS: return TOCSIN__RULE_NEEDS_POSITIONS;
        case TOCSIN__RULE_SENTENCE: return TOCSIN__RULE_NEEDS_SENTENCES;
        case TOCSIN__RULE_PARAGRAPH: return TOCSIN__RULE_NEEDS_PARAGRAPHS;
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE: return TOCSIN__RULE_NEEDS_VERDICT;
        default: return 0;
    }
}

static void mark_facts(tocsin__rule_node *nodes, uint32_t node_count) {
    const unsigned inherited = TOCSIN__RULE_HAS_FACTS | TOCSIN__RULE_HAS_LEARNED;
    for (uint32_t at = node_count; at-- > 0;) {
        unsigned flags = nodes[at].flags;
        if (nodes[at].kind >= TOCSIN__RULE_REACH) flags |= TOCSIN__RULE_HAS_FACTS;
        if (nodes[at].kind == TOCSIN__RULE_LEARNED) flags |= TOCSIN__RULE_HAS_LEARNED;
        for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
            flags |= nodes[child].flags & inherited;
        }
        nodes[at].flags = (uint8_t)flags;
    }
}

static tocsin_status lay_out(const tocsin__rule_node *nodes, const uint32_t *defines, uint32_t node_count,
                             size_t topic_count, tocsin__arena *arena, const tocsin__rule_program **program) {
    size_t words = tocsin__bits_words(topic_count);
    tocsin__rule_program *made = tocsin__arena_allocate(arena, sizeof *made);
    tocsin__rule_node *copy = tocsin__arena_allocate(arena, node_count * sizeof *copy);
    uint64_t *topics = tocsin__arena_allocate(arena, words * sizeof *topics);
    uint32_t *named = tocsin__arena_allocate(arena, node_count * sizeof *named);
    if (!made || !copy || !topics || !named) return TOCSIN_ERROR_MEMORY;
    memcpy(named, defines, node_count * sizeof *named);
    memcpy(copy, nodes, node_count * sizeof *copy);
    memset(topics, 0, words * sizeof *topics);
    mark_facts(copy, node_count);
    memset(made, 0, sizeof *made);
    made->nodes = copy;
    made->defines = named;
    made->node_count = node_count;
    made->slots = most_slots(copy, node_count);
    made->topics = topics;
    made->topic_count = (uint32_t)topic_count;
    for (uint32_t at = 0; at < node_count; at++) {
        made->flags |= needs(copy[at].kind);
        if (copy[at].kind == TOCSIN__RULE_TOPIC) tocsin__bits_set(topics, (size_t)copy[at].value);
    }
    if (!(copy[0].flags & TOCSIN__RULE_HOLDS_EMPTY)) made->flags |= TOCSIN__RULE_NEEDS_HIT;
    *program = made;
    return TOCSIN_OK;
}

/* ---- nodes ---- */

/* The size is checked before nodes are written, so defines that double at every level cost nothing. */
static void check_size(compiler *c, uint32_t size) {
    const ast *largest = NULL;
    if (size <= c->max_nodes) return;
    for (const ast *r = c->main.references; r; r = r->reference) {
        if (!largest || c->defines[r->value].shape.size >= c->defines[largest->value].shape.size) largest = r;
    }
    tocsin__rule_report(&c->main, TOCSIN_SEVERITY_ERROR, "rule-limit", largest ? largest->offset : 0,
                        "the expression has more than %u operators and operands once defines are put in: the define "
                        "\"%s\" puts in %u each time",
                        c->max_nodes, largest ? name_of(c, largest->value).text : "",
                        largest ? c->defines[largest->value].shape.size : 0);
}

static void emit(compiler *c, const ast *node, uint8_t parent) {
    uint32_t named = 0;
    if (node->kind == TOCSIN__RULE_DEFINE) {
        named = (uint32_t)node->value + 1;
        node = c->defines[node->value].root;
    }
    const int joined = joins(node->kind, parent);
    size_t at = c->nodes.length;
    if (c->status) return;
    if (!joined) {
        tocsin__rule_node made = {node->kind, node->compare, node->is_set ? TOCSIN__RULE_IS_SET : 0, 0, 0, node->value};
        c->status = tocsin__vec_push(&c->nodes, &c->arena->allocator, made);
        if (!c->status) c->status = tocsin__vec_push(&c->named, &c->arena->allocator, named);
        if (c->status) return;
    }
    for (const ast *child = node->first; child; child = child->next) emit(c, child, node->kind);
    if (joined || c->status) return;
    c->nodes.data[at].end = (uint32_t)c->nodes.length;
    if (holds_empty(c->nodes.data, (uint32_t)at)) c->nodes.data[at].flags |= TOCSIN__RULE_HOLDS_EMPTY;
    if ((node->kind == TOCSIN__RULE_SENTENCE || node->kind == TOCSIN__RULE_PARAGRAPH) &&
        (c->nodes.data[at].flags & TOCSIN__RULE_HOLDS_EMPTY)) {
        tocsin__rule_report(node->unit, TOCSIN_SEVERITY_WARNING, "rule-scope", node->offset,
                            "%s asks for no word that must be there: it looks only where some hit is",
                            condition_name(node->kind));
    }
}

tocsin_status tocsin__rule_compile(const tocsin__rule_source *source, const tocsin__rule_names *names,
                                   const tocsin__rule_options *options, tocsin__arena *arena,
                                   tocsin_diagnostics *diagnostics, const tocsin__rule_program **program) {
    tocsin__arena scratch;
    compiler c;
    tocsin__arena_init(&scratch, &arena->allocator);
    tocsin_status status = begin(&c, names, options, &scratch, NULL);
    if (status) goto done;
    c.main.source = source;
    c.main.diagnostics = diagnostics;
    ast *root = tocsin__rule_parse(&c.main, names, options->allow_verdict, c.max_nodes, &scratch);
    follow(&c, c.main.references);
    if (root && !c.status) {
        const shape found = check(&c, root);
        if (!c.main.errors && !c.bad) check_size(&c, found.size);
    }
    if (root && !c.main.errors && !c.bad && !c.status) emit(&c, root, 0);
    status = c.main.status ? c.main.status : c.status;
    if (!status && (!root || c.main.errors || c.bad)) status = TOCSIN_ERROR_PLAN;
    if (!status) {
        status = lay_out(c.nodes.data, c.named.data, (uint32_t)c.nodes.length, names->topic_count, arena, program);
    }
    tocsin__vec_release(&c.nodes, &scratch.allocator);
    tocsin__vec_release(&c.named, &scratch.allocator);
done:
    tocsin__arena_release(&scratch);
    return status;
}

tocsin_status tocsin__rule_copy(const tocsin__rule_program *program, size_t topic_count, tocsin__arena *arena,
                                const tocsin__rule_program **copy) {
    const size_t words = tocsin__bits_words(topic_count), had = tocsin__bits_words(program->topic_count);
    const size_t count = program->node_count;
    tocsin__rule_program *made = tocsin__arena_allocate(arena, sizeof *made);
    tocsin__rule_node *nodes = tocsin__arena_allocate(arena, count * sizeof *nodes);
    uint64_t *topics = tocsin__arena_allocate(arena, words * sizeof *topics);
    uint32_t *defines = tocsin__arena_allocate(arena, count * sizeof *defines);
    if (!made || !nodes || !topics || !defines) return TOCSIN_ERROR_MEMORY;
    memcpy(nodes, program->nodes, count * sizeof *nodes);
    memcpy(defines, program->defines, count * sizeof *defines);
    memset(topics, 0, words * sizeof *topics);
    memcpy(topics, program->topics, had * sizeof *topics);
    *made = *program;
    made->nodes = nodes;
    made->defines = defines;
    made->topics = topics;
    made->topic_count = (uint32_t)topic_count;
    *copy = made;
    return TOCSIN_OK;
}

static int is_topic(const tocsin__rule_names *names, const char *name) {
    if (names->operands) return tocsin__map_find(names->operands, name, strlen(name)) < names->topic_count;
    for (size_t i = 0; i < names->topic_count; i++) {
        if (!strcmp(names->topics[i], name)) return 1;
    }
    return 0;
}

static void check_name(compiler *c, size_t index) {
    define *d = &c->defines[index];
    const char *name = c->names->defines[index].name;
    const char *problem = tocsin__rule_name_problem(name, strlen(name));
    tocsin__rule_shown shown = name_of(c, index);
    if (problem) {
        tocsin__rule_report(&d->unit, TOCSIN_SEVERITY_ERROR, "rule-name", 0, "the name of the define \"%s\" %s",
                            shown.text, problem);
    }
    if (is_topic(c->names, name)) {
        tocsin__rule_report(&d->unit, TOCSIN_SEVERITY_ERROR, "rule-name", 0,
                            "the define \"%s\" has the name of a topic", shown.text);
    }
}

tocsin_status tocsin__rule_check_defines(const tocsin__rule_names *names, const tocsin__rule_options *options,
                                         const tocsin_allocator *allocator, tocsin_diagnostics *diagnostics) {
    tocsin__arena scratch;
    compiler c;
    int bad = 0;
    tocsin__arena_init(&scratch, allocator);
    tocsin_status status = begin(&c, names, options, &scratch, diagnostics);
    for (size_t i = 0; !status && i < names->define_count; i++) {
        ast reference = {.kind = TOCSIN__RULE_DEFINE, .value = i};
        check_name(&c, i);
        follow(&c, &reference);
        bad |= c.defines[i].bad || c.defines[i].unit.errors;
        status = c.status;
    }
    if (!status && bad) status = TOCSIN_ERROR_PLAN;
    tocsin__arena_release(&scratch);
    return status;
}
