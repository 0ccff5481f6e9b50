/*
 * Targets of training. There are only two forms: more would be a second rule language, and a target must be something
 * that people label.
 */
#include "learn/target.h"

#include <stdio.h>
#include <string.h>

static char reason[200];

static const char *skip(const char *s) {
    while (*s == ' ') s++;
    return s;
}

static int takes(const char **s, const char *word) {
    const size_t length = strlen(word);
    if (strncmp(*s, word, length) != 0) return 0;
    *s = skip(*s + length);
    return 1;
}

static size_t name_length(const char *s) { return strcspn(s, " )"); }

static const char *parse_clause(const char *s, const tocsin_plan_info *info, learn_target *target) {
    const size_t length = name_length(s);
    if (tocsin_plan_find(info->plan, TOCSIN_PART_CLAUSE, s, length, &target->clause)) {
        target->tiers = 0;
        return !strcmp(skip(s + length), ")") ? NULL : "\")\" is missing after the clause";
    }
    (void)snprintf(reason, sizeof reason, "\"%.60s\" is not a clause of the plan", s);
    return reason;
}

const char *target_parse(const char *text, const tocsin_plan_info *info, learn_target *target) {
    static const struct {
        const char *sign;
        int less, same, more;
    } signs[] = {{">=", 0, 1, 1}, {"<=", 1, 1, 0}, {"==", 0, 1, 0}, {"!=", 1, 0, 1}, {">", 0, 0, 1}, {"<", 1, 0, 0}};
    const char *s = skip(text);
    size_t sign = 0, found;
    if (takes(&s, "clause") && takes(&s, "(")) return parse_clause(s, info, target);
    s = skip(text);
    if (!takes(&s, "tier")) return "a target is \"tier >= ID\" or \"clause(ID)\"";
    while (sign < sizeof signs / sizeof *signs && !takes(&s, signs[sign].sign)) sign++;
    if (sign == sizeof signs / sizeof *signs) return "tier is followed by one of >= <= == != > <";
    const size_t length = name_length(s);
    int32_t tier = TOCSIN_TIER_NONE, wanted = -2;
    if (length == strlen("none") && !memcmp(s, "none", length)) wanted = TOCSIN_TIER_NONE;
    if (tocsin_plan_find(info->plan, TOCSIN_PART_TIER, s, length, &found)) wanted = (int32_t)found;
    if (wanted == -2 || *skip(s + length)) {
        (void)snprintf(reason, sizeof reason, "\"%.60s\" is not a tier of the plan", s);
        return reason;
    }
    target->tiers = 0;
    for (; tier < (int32_t)info->tier_count; tier++) {
        const int holds = tier < wanted ? signs[sign].less : tier > wanted ? signs[sign].more : signs[sign].same;
        if (holds) target->tiers |= labelled_tier_bit(tier);
    }
    const uint64_t all = (labelled_tier_bit((int32_t)info->tier_count) - 1);
    return target->tiers && target->tiers != all ? NULL : "every document is of the target, or none is";
}

target_answer target_of(const learn_target *target, const labelled_document *d) {
    if (target->tiers) return target->tiers & labelled_tier_bit(d->tier) ? TARGET_YES : TARGET_NO;
    if (!d->clauses) return TARGET_UNKNOWN;
    return d->clauses[target->clause / 64] >> target->clause % 64 & 1 ? TARGET_YES : TARGET_NO;
}

int target_is_open(const learn_target *target, const labelled_document *d) {
    if (!target->tiers) return labelled_is_open(d);
    return (d->accept & target->tiers) && (d->accept & ~target->tiers);
}
