/* Names in English: reports Chinese characters in them, and parts without one in a plan that gives them to others. */
#include "base/diagnostics_add.h"
#include "plan/plan_lint.h"
#include "plan/plan_names.h"

typedef struct name_check {
    tocsin_diagnostics *list;
    size_t given; /* English names so far */
    int tells;    /* the second round, after it is known whether there are any */
} name_check;

static tocsin_status check(name_check *c, const char *what, const char *id, tocsin__place place,
                           const tocsin__plan_text *name, const tocsin__plan_text *name_en) {
    c->given += name_en->value != NULL;
    if (!c->tells) return TOCSIN_OK;
    if (!name_en->value && name->value && c->given) {
        return tocsin__diagnose(c->list, TOCSIN_SEVERITY_NOTE, "english-name-missing", place,
                                "%s%s%s has no name_en, and others have: English reports call it by its name", what,
                                *id ? " " : "", id);
    }
    if (!name_en->value || !tocsin__plan_has_han(name_en)) return TOCSIN_OK;
    return tocsin__diagnose(c->list, TOCSIN_SEVERITY_WARNING, "english-name-chinese", name_en->place,
                            "the name_en of %s%s%s has Chinese characters", what, *id ? " " : "", id);
}

static tocsin_status check_rules(name_check *c, const tocsin__plan_clauses *rules, const char *what) {
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < rules->count && !status; i++) {
        const tocsin__plan_clause *rule = &rules->items[i];
        status = check(c, what, rule->id.value, rule->id.place, &rule->name, &rule->name_en);
    }
    return status;
}

static tocsin_status check_plan(name_check *c, const tocsin__plan_description *d) {
    tocsin_status status = check(c, "the plan", "", d->name.place, &d->name, &d->name_en);
    for (size_t t = 0; t < d->tier_count && !status; t++) {
        const tocsin__plan_tier *tier = &d->tiers[t];
        status = check(c, "tier", tier->id.value, tier->id.place, &tier->name, &tier->name_en);
        if (!status) status = check_rules(c, &tier->clauses, "clause");
    }
    return status ? status : check_rules(c, &d->routes, "route");
}

tocsin_status tocsin__lint_names(const tocsin_plan *plan, tocsin_diagnostics *list) {
    name_check c = {.list = list};
    tocsin_status status = check_plan(&c, plan->description);
    c.tells = 1;
    return status ? status : check_plan(&c, plan->description);
}
