/* An explanation as JSON: the verdict, every clause, the nearest change. */
#include <string.h>

#include "base/buffer.h"
#include "classify/verdict_json.h"

#include <tocsin/explain.h>

static const char *kind_name(tocsin_obstacle_kind kind) {
    switch (kind) {
        case TOCSIN_OBSTACLE_TOPIC: return "topic";
        case TOCSIN_OBSTACLE_FAR: return "far";
        case TOCSIN_OBSTACLE_SCOPE: return "scope";
        case TOCSIN_OBSTACLE_BLOCKED: return "blocked";
        case TOCSIN_OBSTACLE_COUNT: return "count";
        case TOCSIN_OBSTACLE_VENUE: return "venue";
        case TOCSIN_OBSTACLE_REACH: return "reach";
        case TOCSIN_OBSTACLE_ATTENTION: return "attention";
        case TOCSIN_OBSTACLE_VERDICT: return "verdict";
        case TOCSIN_OBSTACLE_LEARNED: return "learned";
    }
    return "other";
}

static tocsin_status member(const char *key, const char *value, tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_puts(out, key);
    return status ? status : tocsin__string_to_json(value, out);
}

static tocsin_status obstacle(const tocsin_obstacle *o, tocsin_buffer *out) {
    tocsin_status status = member("{\"kind\":", kind_name(o->kind), out);
    if (!status) status = member(",\"text\":", o->text, out);
    if (!status) status = member(",\"condition\":", o->condition, out);
    if (!status) status = member(",\"change\":", o->change, out);
    if (!status && o->span_count) {
        status = tocsin__buffer_puts(out, ",\"spans\":");
        if (!status) status = tocsin__evidence_to_json(o->spans, o->span_count, 0, out);
    }
    return status ? status : tocsin__buffer_puts(out, "}");
}

/* Writes what a rule reports and why; closes the object. */
static tocsin_status reasons(const tocsin_explained_clause *c, tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_puts(out, c->holds ? ",\"holds\":true,\"because\":" : ",\"holds\":false");
    if (!status && c->holds) status = tocsin__evidence_to_json(c->evidence, c->evidence_count, 0, out);
    if (!status && !c->holds) status = tocsin__buffer_puts(out, ",\"missing\":[");
    for (size_t i = 0; !c->holds && i < c->obstacle_count && !status; i++) {
        if (i) status = tocsin__buffer_puts(out, ",");
        if (!status) status = obstacle(tocsin_explained_obstacle(c, i), out);
    }
    if (!status && !c->holds) status = tocsin__buffer_puts(out, "]");
    return status ? status : tocsin__buffer_puts(out, "}");
}

static tocsin_status clause(const tocsin_explained_clause *c, tocsin_buffer *out) {
    tocsin_status status = member("{\"clause\":", c->id, out);
    if (!status) status = member(",\"name\":", c->name, out);
    if (!status && strcmp(c->name, c->name_en) != 0) status = member(",\"name_en\":", c->name_en, out);
    if (!status) status = member(",\"tier\":", c->tier_id, out);
    if (!status) status = member(",\"when\":", c->when, out);
    return status ? status : reasons(c, out);
}

static tocsin_status rule(const tocsin_explained_clause *c, tocsin_buffer *out) {
    tocsin_status status = member("{\"when\":", c->when, out);
    return status ? status : reasons(c, out);
}

static tocsin_status contribution(const tocsin_contribution *c, tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_puts(out, "{\"contribution\":");
    if (!status) status = tocsin__number_to_json(c->value, out);
    if (!status && c->topic_id) status = member(",\"topic\":", c->topic_id, out);
    if (!status && !c->topic_id) {
        status = tocsin__buffer_printf(out, ",\"field\":\"%s\",\"start\":%zu,\"end\":%zu,\"text\":",
                                       tocsin_field_name(c->field), c->start, c->end);
        if (!status) status = tocsin__buffer_json_string(out, c->text.data, c->text.length);
    }
    return status ? status : tocsin__buffer_puts(out, "}");
}

static tocsin_status scores(const tocsin_explanation *e, tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_puts(out, ",\"learned\":[");
    for (size_t i = 0; i < e->learned_count && !status; i++) {
        const tocsin_explained_learned *one = tocsin_explanation_learned(e, i);
        status = member(i ? ",{\"name\":" : "{\"name\":", one->id, out);
        if (!status) status = tocsin__buffer_puts(out, ",\"probability\":");
        if (!status) status = tocsin__number_to_json(one->probability, out);
        if (!status) status = tocsin__buffer_puts(out, ",\"contributions\":[");
        for (size_t j = 0; j < one->contribution_count && !status; j++) {
            if (j) status = tocsin__buffer_puts(out, ",");
            if (!status) status = contribution(tocsin_explained_contribution(one, j), out);
        }
        if (!status) status = tocsin__buffer_puts(out, "]}");
    }
    return status ? status : tocsin__buffer_puts(out, "]");
}

tocsin_status tocsin_explanation_to_json(const tocsin_explanation *e, tocsin_buffer *out) {
    if (!e || !out || e->struct_size != sizeof *e) return TOCSIN_ERROR_ARGUMENT;
    size_t before = out->length;
    tocsin_status status = tocsin__buffer_puts(out, "{\"verdict\":");
    if (!status) status = tocsin_verdict_to_json(e->verdict, out);
    if (!status && e->about) status = tocsin__buffer_puts(out, ",\"about\":");
    if (!status && e->about) status = rule(e->about, out);
    if (!status && e->raised) status = member(",\"raised\":{\"topic\":", e->raised->topic_id, out);
    if (!status && e->raised) status = tocsin__buffer_puts(out, ",\"text\":");
    if (!status && e->raised) status = tocsin__buffer_json_string(out, e->raised->text.data, e->raised->text.length);
    if (!status && e->raised) {
        status = tocsin__buffer_printf(out, ",\"field\":\"%s\",\"start\":%zu,\"end\":%zu}",
                                       tocsin_field_name(e->raised->field), e->raised->start, e->raised->end);
    }
    if (!status && e->needs) status = member(",\"needs\":", e->needs, out);
    if (!status) status = tocsin__buffer_puts(out, ",\"clauses\":[");
    for (size_t i = 0; i < e->clause_count && !status; i++) {
        if (i) status = tocsin__buffer_puts(out, ",");
        if (!status) status = clause(tocsin_explanation_clause(e, i), out);
    }
    if (!status) status = tocsin__buffer_puts(out, "],\"nearest\":");
    if (!status && e->nearest) {
        status = member("{\"clause\":", tocsin_explanation_clause(e, e->nearest->clause)->id, out);
        if (!status) status = member(",\"tier\":", tocsin_explanation_clause(e, e->nearest->clause)->tier_id, out);
        if (!status) status = member(",\"text\":", e->nearest->text, out);
        if (!status) status = tocsin__buffer_puts(out, "}");
    } else if (!status) {
        status = tocsin__buffer_puts(out, "null");
    }
    if (!status && e->learned_count) status = scores(e, out);
    if (!status) status = tocsin__buffer_puts(out, "}");
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}
