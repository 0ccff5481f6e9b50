/* Reads an image, and makes a plan of it again by compiling its sources. */
#include <tocsin/image.h>

#include <string.h>

#include "base/arena.h"
#include "base/arguments.h"
#include "base/diagnostics_add.h"
#include "base/fail.h"
#include "base/hash.h"
#include "codec/container.h"
#include "codec/little_endian.h"
#include "codec/whole_file.h"
#include "plan/image_internal.h"
#include "plan/plan_build.h"
#include "text/fold_tables.h"

struct tocsin_image {
    tocsin_allocator allocator;
    tocsin_buffer file;
    tocsin__container container;
    tocsin_buffer facts, records; /* the content of the sections */
    tocsin__arena arena;          /* names */
    tocsin_image_source *sources;
    tocsin_image_section sections[TOCSIN__CONTAINER_SECTIONS];
    tocsin_image_info info;
};

int tocsin_image_recognises(const void *bytes, size_t length) {
    return bytes && tocsin__container_recognises((tocsin_bytes){bytes, length});
}

const tocsin_image_info *tocsin_image_get_info(const tocsin_image *image) { return image ? &image->info : NULL; }

const tocsin_image_source *tocsin_image_get_source(const tocsin_image *image, size_t index) {
    return image && index < image->info.source_count ? &image->sources[index] : NULL;
}

const tocsin_image_section *tocsin_image_get_section(const tocsin_image *image, size_t index) {
    return image && index < image->container.count ? &image->sections[index] : NULL;
}

void tocsin_image_free(tocsin_image *image) {
    if (!image) return;
    tocsin_allocator allocator = image->allocator;
    tocsin_buffer_release(&image->file);
    tocsin_buffer_release(&image->facts);
    tocsin_buffer_release(&image->records);
    tocsin__arena_release(&image->arena);
    tocsin__deallocate(&allocator, image, sizeof *image);
}

static tocsin_status damaged(tocsin_error *error, const char *section) {
    return tocsin__fail(error, TOCSIN_ERROR_IMAGE, "the image is damaged: section %s has no such form", section);
}

/* Reads the text at *at of the facts and moves *at past it; NULL if there is none, and *status says why. */
static const char *take_text(tocsin_image *image, size_t *at, tocsin_status *status) {
    const tocsin_buffer *facts = &image->facts;
    *status = TOCSIN_ERROR_IMAGE;
    if (facts->length - *at < 4) return NULL;
    const uint32_t length = tocsin__get32(facts->data + *at);
    *at += 4;
    if (length > facts->length - *at || memchr(facts->data + *at, '\0', length)) return NULL;
    const char *text = tocsin__arena_copy(&image->arena, facts->data + *at, length);
    *status = text ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    *at += length;
    return text;
}

static tocsin_status read_facts(tocsin_image *image) {
    tocsin_image_info *info = &image->info;
    const char *facts = image->facts.data;
    if (image->facts.length < TOCSIN__FACTS_NAME) return TOCSIN_ERROR_IMAGE;
    info->tier_count = tocsin__get32(facts + TOCSIN__FACTS_TIER_COUNT);
    info->clause_count = tocsin__get32(facts + TOCSIN__FACTS_CLAUSE_COUNT);
    info->route_count = tocsin__get32(facts + TOCSIN__FACTS_ROUTE_COUNT);
    info->topic_count = tocsin__get32(facts + TOCSIN__FACTS_TOPIC_COUNT);
    info->term_count = tocsin__get64(facts + TOCSIN__FACTS_TERM_COUNT);
    info->pattern_count = tocsin__get64(facts + TOCSIN__FACTS_PATTERN_COUNT);
    info->regex_count = tocsin__get64(facts + TOCSIN__FACTS_REGEX_COUNT);
    info->venue_count = tocsin__get64(facts + TOCSIN__FACTS_VENUE_COUNT);
    size_t at = TOCSIN__FACTS_NAME;
    tocsin_status status;
    info->name = take_text(image, &at, &status);
    if (!status) info->version = take_text(image, &at, &status);
    if (!status && (at != image->facts.length || tocsin__get32(facts + TOCSIN__FACTS_ENGINE) > TOCSIN_ENGINE_FILTER)) {
        status = TOCSIN_ERROR_IMAGE;
    }
    return status;
}

static tocsin_status read_sources(tocsin_image *image) {
    const tocsin_bytes records = {image->records.data ? image->records.data : "", image->records.length};
    const size_t count = tocsin__get32(image->facts.data + TOCSIN__FACTS_SOURCE_COUNT);
    size_t at = 0, n = 0;
    if (!count || count > records.length / TOCSIN__SOURCE_HEADER) return TOCSIN_ERROR_IMAGE;
    if (tocsin__hash(records.data, records.length) != image->container.content) return TOCSIN_ERROR_IMAGE;
    image->sources = tocsin__arena_allocate(&image->arena, count * sizeof *image->sources);
    if (!image->sources) return TOCSIN_ERROR_MEMORY;
    for (; at < records.length && n < count; n++) {
        tocsin_bytes name;
        tocsin_image_source *source = &image->sources[n];
        if (!tocsin__image_next_source(records, &at, &name, &source->bytes)) return TOCSIN_ERROR_IMAGE;
        source->name = tocsin__arena_copy(&image->arena, name.data, name.length);
        if (!source->name) return TOCSIN_ERROR_MEMORY;
    }
    image->info.source_count = n;
    return n == count && at == records.length ? TOCSIN_OK : TOCSIN_ERROR_IMAGE;
}

static tocsin_status read_named(tocsin_image *image, const char *name, tocsin_buffer *out, tocsin_error *error) {
    const tocsin__section *section = tocsin__container_find(&image->container, name);
    if (!section) return tocsin__fail(error, TOCSIN_ERROR_IMAGE, "the image is damaged: it has no section %s", name);
    if (section->length > TOCSIN_MAX_IMAGE_BYTES) {
        return tocsin__fail(error, TOCSIN_ERROR_TOO_LARGE, "section %s of the image has %llu bytes, more than %llu",
                            name, (unsigned long long)section->length, (unsigned long long)TOCSIN_MAX_IMAGE_BYTES);
    }
    return tocsin__section_read(section, out, error);
}

static void describe(tocsin_image *image) {
    const tocsin__container *container = &image->container;
    tocsin_image_info *info = &image->info;
    info->format = container->version;
    info->writer = container->writer;
    info->content = container->content;
    info->tables = container->tables;
    info->same_tables = container->tables == tocsin__fold_tables_id;
    info->bytes = image->file.length;
    info->section_count = container->count;
    for (size_t i = 0; i < container->count; i++) {
        const tocsin__section *section = &container->sections[i];
        image->sections[i] = (tocsin_image_section){section->name, (uint64_t)(section->stored.data - image->file.data),
                                                    section->stored.length, section->length, section->checksum};
    }
}

static tocsin_status read_image(tocsin_image *image, tocsin_error *error) {
    const tocsin_bytes file = {image->file.data ? image->file.data : "", image->file.length};
    tocsin_status status = tocsin__container_read(file, &image->container, error);
    if (status) return status;
    describe(image);
    status = read_named(image, TOCSIN__IMAGE_FACTS, &image->facts, error);
    if (!status) status = read_named(image, TOCSIN__IMAGE_SOURCES, &image->records, error);
    if (status) return status;
    const char *section = TOCSIN__IMAGE_FACTS;
    status = read_facts(image);
    if (!status) {
        section = TOCSIN__IMAGE_SOURCES;
        status = read_sources(image);
    }
    if (status == TOCSIN_ERROR_IMAGE) return damaged(error, section);
    return status ? tocsin__fail(error, status, "out of memory") : TOCSIN_OK;
}

static tocsin_status create(const tocsin_allocator *allocator, tocsin_image **image, tocsin_error *error) {
    tocsin_allocator resolved;
    tocsin_status status = tocsin__take_allocator(allocator, "allocator", &resolved, error);
    if (status) return status;
    tocsin_image *made = tocsin__allocate_zeroed(&resolved, sizeof *made);
    if (!made) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "out of memory");
    made->allocator = resolved;
    tocsin_buffer_init(&made->file, &resolved);
    tocsin_buffer_init(&made->facts, &resolved);
    tocsin_buffer_init(&made->records, &resolved);
    tocsin__arena_init(&made->arena, &resolved);
    *image = made;
    return TOCSIN_OK;
}

/* Gives the result to the caller, or frees it. */
static tocsin_status finish(tocsin_image *made, tocsin_status status, tocsin_image **image) {
    if (status) {
        tocsin_image_free(made);
    } else {
        *image = made;
    }
    return status;
}

tocsin_status tocsin_image_read(const void *bytes, size_t length, const tocsin_allocator *allocator,
                                tocsin_image **image, tocsin_error *error) {
    tocsin_image *made = NULL;
    if (!bytes) return tocsin__null_argument(error, "bytes");
    if (!image) return tocsin__null_argument(error, "image");
    tocsin_status status = create(allocator, &made, error);
    if (status) return status;
    status = tocsin_buffer_append(&made->file, bytes, length);
    status = status ? tocsin__fail(error, status, "out of memory") : read_image(made, error);
    return finish(made, status, image);
}

tocsin_status tocsin_image_open(const char *path, const tocsin_allocator *allocator, tocsin_image **image,
                                tocsin_error *error) {
    tocsin_image *made = NULL;
    if (!path) return tocsin__null_argument(error, "path");
    if (!image) return tocsin__null_argument(error, "image");
    tocsin_status status = create(allocator, &made, error);
    if (status) return status;
    status = tocsin__file_read(path, TOCSIN_MAX_IMAGE_BYTES, &made->file, error);
    if (!status) status = read_image(made, error);
    return finish(made, status, image);
}

/* A tocsin_source_reader. */
static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    const tocsin_image *image = context;
    for (size_t i = 0; i < image->info.source_count; i++) {
        const tocsin_image_source *source = &image->sources[i];
        if (!strcmp(source->name, name)) return tocsin_buffer_append(out, source->bytes.data, source->bytes.length);
    }
    return TOCSIN_ERROR_NOT_FOUND;
}

static uint32_t given_or(uint32_t given, const tocsin_image *image, size_t fact) {
    return given ? given : tocsin__get32(image->facts.data + fact);
}

tocsin_status tocsin_plan_from_image(const tocsin_image *image, const tocsin_plan_options *options,
                                     tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error) {
    tocsin_plan_options as_saved;
    if (!image) return tocsin__null_argument(error, "image");
    tocsin_status status = tocsin__plan_take_options(options, &as_saved, error);
    if (status) return status;
    as_saved.engine = (tocsin_engine)given_or(as_saved.engine, image, TOCSIN__FACTS_ENGINE);
    as_saved.native_cpu = given_or(as_saved.native_cpu, image, TOCSIN__FACTS_NATIVE_CPU);
    as_saved.max_term_length = given_or(as_saved.max_term_length, image, TOCSIN__FACTS_MAX_TERM_LENGTH);
    as_saved.max_terms = given_or(as_saved.max_terms, image, TOCSIN__FACTS_MAX_TERMS);
    as_saved.max_rule_nodes = given_or(as_saved.max_rule_nodes, image, TOCSIN__FACTS_MAX_RULE_NODES);
    if (!as_saved.max_source_bytes) {
        as_saved.max_source_bytes = tocsin__get64(image->facts.data + TOCSIN__FACTS_MAX_SOURCE_BYTES);
    }
    status = tocsin_plan_compile(read_source, (void *)(uintptr_t)image, image->sources[0].name, &as_saved, diagnostics,
                                 plan, error);
    if (!status && !image->info.same_tables) {
        const tocsin__place nowhere = {"", 0, 0};
        (void)tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_WARNING, "image-tables", nowhere,
                               "the image was written with other fold tables than these, of %s: verdicts may differ",
                               tocsin__fold_tables_source);
    }
    return status;
}
