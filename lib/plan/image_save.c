/* Saves a compiled plan as an image. */
#include <tocsin/image.h>
#include <tocsin/version.h>

#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "codec/compress.h"
#include "codec/container.h"
#include "codec/little_endian.h"
#include "codec/whole_file.h"
#include "plan/image_internal.h"
#include "plan/plan_build.h"
#include "text/fold_tables.h"

static tocsin_status put_text(tocsin_buffer *out, const char *text) {
    char length[4];
    tocsin__put32(length, (uint32_t)strlen(text));
    tocsin_status status = tocsin_buffer_append(out, length, sizeof length);
    return status ? status : tocsin_buffer_append(out, text, strlen(text));
}

static tocsin_status put_facts(const tocsin_plan *plan, tocsin_buffer *out) {
    const tocsin_plan_info *info = &plan->info;
    const tocsin_plan_options *options = &plan->options;
    char facts[TOCSIN__FACTS_NAME];
    tocsin__put32(facts + TOCSIN__FACTS_ENGINE, options->engine);
    tocsin__put32(facts + TOCSIN__FACTS_NATIVE_CPU, options->native_cpu != 0);
    tocsin__put32(facts + TOCSIN__FACTS_MAX_TERM_LENGTH, options->max_term_length);
    tocsin__put32(facts + TOCSIN__FACTS_MAX_TERMS, options->max_terms);
    tocsin__put32(facts + TOCSIN__FACTS_MAX_RULE_NODES, options->max_rule_nodes);
    tocsin__put32(facts + TOCSIN__FACTS_SOURCE_COUNT, (uint32_t)plan->sources.list.length);
    tocsin__put64(facts + TOCSIN__FACTS_MAX_SOURCE_BYTES, options->max_source_bytes);
    tocsin__put32(facts + TOCSIN__FACTS_TIER_COUNT, (uint32_t)info->tier_count);
    tocsin__put32(facts + TOCSIN__FACTS_CLAUSE_COUNT, (uint32_t)info->clause_count);
    tocsin__put32(facts + TOCSIN__FACTS_ROUTE_COUNT, (uint32_t)info->route_count);
    tocsin__put32(facts + TOCSIN__FACTS_TOPIC_COUNT, (uint32_t)info->topic_count);
    tocsin__put64(facts + TOCSIN__FACTS_TERM_COUNT, info->term_count);
    tocsin__put64(facts + TOCSIN__FACTS_PATTERN_COUNT, info->pattern_count);
    tocsin__put64(facts + TOCSIN__FACTS_REGEX_COUNT, info->regex_count);
    tocsin__put64(facts + TOCSIN__FACTS_VENUE_COUNT, info->venue_count);
    tocsin_status status = tocsin_buffer_append(out, facts, sizeof facts);
    if (!status) status = put_text(out, info->name);
    return status ? status : put_text(out, info->version);
}

static tocsin__section section_of(const char *name, tocsin__codec codec, const tocsin_buffer *stored, uint64_t length) {
    tocsin__section section = {.codec = codec, .stored = {stored->data, stored->length}, .length = length};
    memcpy(section.name, name, strlen(name));
    return section;
}

/* The sources in the form of an image; *length: the length of their records. */
static tocsin_status pack_sources(const tocsin_plan *plan, tocsin_buffer *frame, uint64_t *length) {
    tocsin_buffer records;
    tocsin_status status = TOCSIN_OK;
    tocsin_buffer_init(&records, &plan->allocator);
    for (size_t i = 0; i < plan->sources.list.length && !status; i++) {
        const tocsin__plan_source *source = &plan->sources.list.data[i];
        status = tocsin__image_put_source(&records, (tocsin_bytes){source->name, strlen(source->name)}, source->bytes);
    }
    *length = records.length;
    if (!status) status = tocsin__compress((tocsin_bytes){records.data, records.length}, frame);
    tocsin_buffer_release(&records);
    return status;
}

tocsin_status tocsin_plan_save_to_buffer(const tocsin_plan *plan, tocsin_buffer *out, tocsin_error *error) {
    if (!plan) return tocsin__null_argument(error, "plan");
    if (!out) return tocsin__null_argument(error, "out");
    if (plan->options.without_sources) {
        return tocsin__fail(error, TOCSIN_ERROR_UNSUPPORTED, "the plan was compiled without keeping its sources");
    }
    tocsin_buffer facts, frame;
    uint64_t length = 0;
    tocsin_buffer_init(&facts, &plan->allocator);
    tocsin_buffer_init(&frame, &plan->allocator);
    tocsin_status status = put_facts(plan, &facts);
    if (!status) status = pack_sources(plan, &frame, &length);
    tocsin__container container = {.version = TOCSIN__CONTAINER_VERSION,
                                   .content = plan->sources.content,
                                   .tables = tocsin__fold_tables_id,
                                   .writer = TOCSIN_VERSION_STRING,
                                   .count = 2};
    container.sections[0] = section_of(TOCSIN__IMAGE_FACTS, TOCSIN__CODEC_RAW, &facts, facts.length);
    container.sections[1] = section_of(TOCSIN__IMAGE_SOURCES, TOCSIN__CODEC_ZSTD, &frame, length);
    if (!status) status = tocsin__container_write(&container, out);
    tocsin_buffer_release(&facts);
    tocsin_buffer_release(&frame);
    return status ? tocsin__fail(error, status, "out of memory") : TOCSIN_OK;
}

tocsin_status tocsin_plan_save(const tocsin_plan *plan, const char *path, tocsin_error *error) {
    tocsin_buffer image;
    if (!plan) return tocsin__null_argument(error, "plan");
    if (!path) return tocsin__null_argument(error, "path");
    if (!*path) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "path is empty");
    tocsin_buffer_init(&image, &plan->allocator);
    tocsin_status status = tocsin_plan_save_to_buffer(plan, &image, error);
    if (!status) {
        status = tocsin__file_replace(path, (tocsin_bytes){image.data, image.length}, &plan->allocator, error);
    }
    tocsin_buffer_release(&image);
    return status;
}
