/* "&", "|" and "!" of topics become words; what says more than that stands as the rule has it. */
#include "rule/rule_phrase.h"

#include "base/buffer.h"
#include "rule/rule_print.h"

typedef struct phrase {
    const tocsin__rule_program *program;
    const tocsin__rule_names *names;
    const char *const *topics;
    tocsin_buffer *out;
} phrase;

static tocsin_status say(const phrase *p, uint32_t at, uint8_t within);

static tocsin_status say_list(const phrase *p, uint32_t at, const char *between) {
    const tocsin__rule_node *nodes = p->program->nodes;
    tocsin_status status = TOCSIN_OK;
    for (uint32_t child = at + 1; child < nodes[at].end && !status; child = nodes[child].end) {
        const int without = nodes[at].kind == TOCSIN__RULE_AND && nodes[child].kind == TOCSIN__RULE_NOT;
        if (child > at + 1) status = tocsin__buffer_puts(p->out, without ? " " : between);
        if (!status) status = say(p, child, nodes[at].kind);
    }
    return status;
}

static tocsin_status say(const phrase *p, uint32_t at, uint8_t within) {
    const tocsin__rule_node *node = &p->program->nodes[at];
    const int grouped = within && (node->kind == TOCSIN__RULE_OR || node->kind == TOCSIN__RULE_AND) &&
                        !(within == TOCSIN__RULE_OR && node->kind == TOCSIN__RULE_AND);
    tocsin_status status = grouped ? tocsin__buffer_puts(p->out, "(") : TOCSIN_OK;
    if (status) return status;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: status = tocsin__buffer_puts(p->out, p->topics[node->value]); break;
        case TOCSIN__RULE_OR: status = say_list(p, at, ", or "); break;
        case TOCSIN__RULE_AND: status = say_list(p, at, " with "); break;
        case TOCSIN__RULE_NOT:
            status = tocsin__buffer_puts(p->out, "without ");
            if (!status) status = say(p, at + 1, node->kind);
            break;
        default: status = tocsin__rule_print_node(p->program, p->names, at, TOCSIN__RULE_NAMED, p->out); break;
    }
    if (!status && grouped) status = tocsin__buffer_puts(p->out, ")");
    return status;
}

tocsin_status tocsin__rule_phrase(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                  const char *const *topics, tocsin_buffer *out) {
    const phrase p = {program, names, topics, out};
    const size_t before = out->length;
    tocsin_status status = say(&p, 0, 0);
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}
