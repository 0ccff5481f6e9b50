/*
 * A verdict as one line of JSON. The first six keys are a contract; the keys after them appear only if they carry
 * information.
 */
#include "classify/verdict_json.h"

#include <string.h>

#include "base/buffer.h"
#include "classify/document_check.h"
#include "classify/lists.h"

tocsin_status tocsin__string_to_json(const char *string, tocsin_buffer *out) {
    return tocsin__buffer_json_string(out, string, strlen(string));
}

/* Writes up to six decimals, without zeros at the end. */
static tocsin_status value_to_json(double value, tocsin_buffer *out) {
    uint64_t millionths = (uint64_t)(value * 1e6 + 0.5);
    tocsin_status status = tocsin__buffer_printf(out, ",\"value\":%llu", (unsigned long long)(millionths / 1000000));
    uint64_t rest = millionths % 1000000;
    if (!status && rest) status = tocsin__buffer_puts(out, ".");
    for (uint64_t unit = 100000; rest && !status; rest %= unit, unit /= 10) {
        status = tocsin__buffer_printf(out, "%llu", (unsigned long long)(rest / unit));
    }
    return status;
}

tocsin_status tocsin__number_to_json(double number, tocsin_buffer *out) {
    const double size = number < 0 ? -number : number;
    const uint64_t rounded = size < 1e12 ? (uint64_t)(size * 1e4 + 0.5) : UINT64_C(10000000000000000);
    return tocsin__buffer_printf(out, "%s%llu.%04llu", number < 0 && rounded ? "-" : "",
                                 (unsigned long long)(rounded / 10000), (unsigned long long)(rounded % 10000));
}

static tocsin_status one_evidence(const tocsin_evidence *e, int with_clause, tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_puts(out, "{");
    if (!status && with_clause) {
        status = tocsin__buffer_puts(out, "\"clause\":");
        if (!status) status = tocsin__string_to_json(e->clause_id, out);
        if (!status) status = tocsin__buffer_puts(out, ",");
    }
    if (!status) status = tocsin__buffer_puts(out, "\"topic\":");
    if (!status) status = tocsin__string_to_json(e->topic_id, out);
    if (!status) status = tocsin__buffer_puts(out, ",\"term\":");
    if (!status) status = tocsin__buffer_json_string(out, e->term.data, e->term.length);
    if (!status) {
        status = tocsin__buffer_printf(out, ",\"field\":\"%s\",\"start\":%zu,\"end\":%zu,\"text\":",
                                       tocsin_field_name(e->field), e->start, e->end);
    }
    if (!status) status = tocsin__buffer_json_string(out, e->text.data, e->text.length);
    if (!status && e->has_value) status = value_to_json(e->value, out);
    if (!status && e->topic == TOCSIN_NO_TOPIC) {
        status = tocsin__buffer_puts(out, ",\"contribution\":");
        if (!status) status = tocsin__number_to_json(e->contribution, out);
    }
    return status ? status : tocsin__buffer_puts(out, "}");
}

tocsin_status tocsin__evidence_to_json(const tocsin_evidence_list *evidence, size_t count, int with_clause,
                                       tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_puts(out, "[");
    for (size_t i = 0; i < count && !status; i++) {
        if (i) status = tocsin__buffer_puts(out, ",");
        if (!status) status = one_evidence(&tocsin__evidence_array(evidence)[i], with_clause, out);
    }
    return status ? status : tocsin__buffer_puts(out, "]");
}

static tocsin_status clauses_and_routes(const tocsin_verdict *v, tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_puts(out, ",\"clauses\":[");
    for (size_t i = 0; i < v->clause_count && !status; i++) {
        if (i) status = tocsin__buffer_puts(out, ",");
        if (!status) status = tocsin__string_to_json(tocsin_verdict_clause(v, i)->id, out);
    }
    if (!status) status = tocsin__buffer_puts(out, "],\"routes\":[");
    for (size_t i = 0; i < v->route_count && !status; i++) {
        if (i) status = tocsin__buffer_puts(out, ",");
        if (!status) status = tocsin__string_to_json(tocsin_verdict_route(v, i), out);
    }
    return status ? status : tocsin__buffer_printf(out, "],\"attention\":\"%s\"", tocsin_attention_name(v->attention));
}

/* Writes the limits that were reached, and the exact counts that the capped lists do not show. */
static tocsin_status limits(const tocsin_verdict *v, tocsin_buffer *out) {
    static const struct {
        uint32_t flag;
        const char *name;
    } names[] = {{TOCSIN_INCOMPLETE_HITS, "hits"},
                 {TOCSIN_INCOMPLETE_TITLE, "title"},
                 {TOCSIN_INCOMPLETE_TEXT, "text"},
                 {TOCSIN_INCOMPLETE_EVIDENCE, "evidence"},
                 {TOCSIN_INCOMPLETE_VALUES, "values"}};
    const char *separator = "";
    tocsin_status status = tocsin__buffer_puts(out, ",\"incomplete\":[");
    for (size_t i = 0; i < sizeof names / sizeof *names && !status; i++) {
        if (!(v->incomplete & names[i].flag)) continue;
        status = tocsin__buffer_printf(out, "%s\"%s\"", separator, names[i].name);
        separator = ",";
    }
    if (!status) status = tocsin__buffer_puts(out, "],\"counts\":{");
    for (size_t i = 0; i < v->topic_count && !status; i++) {
        if (i) status = tocsin__buffer_puts(out, ",");
        if (!status) status = tocsin__string_to_json(tocsin_verdict_topic(v, i)->id, out);
        if (!status) status = tocsin__buffer_printf(out, ":%llu", (unsigned long long)tocsin_verdict_topic(v, i)->hits);
    }
    return status ? status : tocsin__buffer_puts(out, "}");
}

tocsin_status tocsin_verdict_to_json(const tocsin_verdict *v, tocsin_buffer *out) {
    if (tocsin__check_verdict(v, NULL) || !out) return TOCSIN_ERROR_ARGUMENT;
    size_t before = out->length;
    tocsin_status status = tocsin__buffer_puts(out, "{\"id\":");
    if (!status) status = tocsin__buffer_json_string(out, v->id.data, v->id.length);
    if (!status) status = tocsin__buffer_puts(out, ",\"tier\":");
    if (!status) status = tocsin__string_to_json(v->tier_id, out);
    if (!status) status = clauses_and_routes(v, out);
    if (!status) status = tocsin__buffer_puts(out, ",\"evidence\":");
    if (!status) status = tocsin__evidence_to_json(v->evidence, v->evidence_count, 1, out);
    if (!status && v->venue != TOCSIN_VENUE_UNKNOWN) {
        status = tocsin__buffer_printf(out, ",\"venue\":\"%s\"", tocsin_venue_name(v->venue));
    }
    if (!status && v->incomplete) status = limits(v, out);
    if (!status && v->malformed) {
        status = tocsin__buffer_printf(out, ",\"malformed\":%llu", (unsigned long long)v->malformed);
    }
    if (!status && v->generation) {
        status = tocsin__buffer_printf(out, ",\"generation\":%llu", (unsigned long long)v->generation);
    }
    const tocsin_plan_info *info = tocsin_plan_get_info(v->plan);
    if (!status && info && info->about)
        status = tocsin__buffer_puts(out, v->about ? ",\"about\":true" : ",\"about\":false");
    if (!status) status = tocsin__buffer_puts(out, "}");
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}
