/*
 * Compiles a plan: YAML, lists, venues, rules, engines, in that order. Every stage goes on after a problem, so that one
 * run reports them all. The engines, which take longest, are compiled only if there was no error.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "plan/plan_build.h"
#include "plan/plan_files_read.h"

static void free_plan(tocsin_plan *plan) {
    tocsin_allocator allocator = plan->allocator;
    tocsin__matcher_release(&plan->matcher);
    tocsin__matcher_release(&plan->guard.first.matcher);
    tocsin__matcher_release(&plan->guard.second.matcher);
    tocsin__lexicon_release(&plan->lexicon);
    tocsin__venue_catalogue_release(plan->venues);
    tocsin__plan_description_release(plan->description);
    for (size_t i = 0; i < plan->learned_count; i++) tocsin__learned_file_release(plan->learned_files[i]);
    for (size_t i = 0; i < plan->vocabulary_count; i++) tocsin__learned_table_release(plan->learned_tables[i]);
    tocsin__vec_release(&plan->sources.list, &allocator);
    tocsin__arena_release(&plan->arena);
    tocsin__deallocate(&allocator, plan, sizeof *plan);
}

const tocsin_plan *tocsin_plan_retain(const tocsin_plan *plan) {
    /* The number of owners is the only thing in an immutable plan that changes. */
    if (plan) atomic_fetch_add_explicit(&((tocsin_plan *)(uintptr_t)plan)->owners, 1, memory_order_relaxed);
    return plan;
}

void tocsin_plan_release(const tocsin_plan *plan) {
    tocsin_plan *own = (tocsin_plan *)(uintptr_t)plan;
    if (own && atomic_fetch_sub_explicit(&own->owners, 1, memory_order_acq_rel) == 1) free_plan(own);
}

const tocsin_plan_info *tocsin_plan_get_info(const tocsin_plan *plan) { return plan ? &plan->info : NULL; }

/* Size of the struct in version 0.1, without the members that were removed since. */
#define LEAST_OPTIONS (offsetof(tocsin_plan_options, without_sources) + sizeof(uint32_t))

tocsin_status tocsin_plan_options_init(tocsin_plan_options *options, size_t size) {
    static const tocsin_plan_options defaults = TOCSIN_PLAN_OPTIONS_INIT;
    return tocsin__init_struct(options, size, &defaults, sizeof defaults, LEAST_OPTIONS);
}

tocsin_status tocsin__plan_take_options(const tocsin_plan_options *given, tocsin_plan_options *out,
                                        tocsin_error *error) {
    const tocsin_plan_options defaults = TOCSIN_PLAN_OPTIONS_INIT;
    *out = defaults;
    tocsin_status status =
        tocsin__take_struct(given, "options", "TOCSIN_PLAN_OPTIONS_INIT", out, sizeof *out, LEAST_OPTIONS, error);
    if (!status) status = tocsin__take_allocator(&out->allocator, "options->allocator", &out->allocator, error);
    return status ? status
                  : tocsin__check_value((int)out->engine, TOCSIN_ENGINE_FILTER + 1, "options->", "engine",
                                        "tocsin_engine", error);
}

static tocsin_status options_resolve(const tocsin_plan_options *given, tocsin_plan_options *out, tocsin_error *error) {
    tocsin_status status = tocsin__plan_take_options(given, out, error);
    if (status) return status;
    if (!out->max_term_length) out->max_term_length = TOCSIN_MAX_TERM_LENGTH;
    if (!out->max_terms) out->max_terms = TOCSIN_MAX_TERMS;
    if (!out->max_rule_nodes) out->max_rule_nodes = TOCSIN_MAX_RULE_NODES;
    if (!out->max_source_bytes) out->max_source_bytes = TOCSIN_MAX_SOURCE_BYTES;
    return TOCSIN_OK;
}

/* The description of the base plan if it was read from the same text and nothing was reported; otherwise NULL. */
static tocsin__plan_description *kept_description(const tocsin__plan_build *build, tocsin_bytes text) {
    const tocsin_plan *base = build->kept ? build->kept->base : NULL;
    if (!base || !base->description_is_clean || !base->sources.list.length) return NULL;
    const tocsin__plan_source *source = &base->sources.list.data[0];
    if (strcmp(base->description->file, build->plan_name) != 0 || source->bytes.length != text.length ||
        !tocsin__allocator_equals(&base->description->arena.allocator, &build->plan->allocator)) {
        return NULL;
    }
    return memcmp(source->bytes.data, text.data, text.length) ? NULL : base->description;
}

static tocsin_status describe(tocsin__plan_build *build, tocsin_bytes text) {
    tocsin_plan *plan = build->plan;
    const size_t remarks = tocsin__plan_remarks(build);
    tocsin__plan_description *kept = kept_description(build, text);
    if (kept) plan->description = tocsin__plan_description_retain(kept);
    tocsin_status status = kept ? TOCSIN_OK
                                : tocsin__plan_description_create(build->plan_name, text, &plan->allocator,
                                                                  build->report.diagnostics, &plan->description);
    plan->description_is_clean = tocsin__plan_remarks(build) == remarks;
    return status;
}

/* Reads the plan itself: if it cannot be read at all, the call fails; problems in it are reported. */
static tocsin_status read_description(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, &plan->allocator);
    tocsin_status status = build->read(build->context, build->plan_name, &bytes);
    if (status) {
        (void)tocsin__fail_at(build->error, status, build->plan_name, 0, 0, "the plan cannot be read: %s",
                              tocsin_status_string(status));
    } else if (bytes.length > build->options.max_source_bytes) {
        status = tocsin__fail_at(build->error, TOCSIN_ERROR_TOO_LARGE, build->plan_name, 0, 0,
                                 "the plan has %zu bytes, over the limit of %llu", bytes.length,
                                 (unsigned long long)build->options.max_source_bytes);
    } else {
        status = describe(build, (tocsin_bytes){bytes.data ? bytes.data : "", bytes.length});
    }
    if (!status) build->report.errors += plan->description->errors;
    if (!status) {
        status = tocsin__plan_keep_source(build, build->plan_name, (tocsin_bytes){bytes.data, bytes.length}, 0);
    }
    tocsin_buffer_release(&bytes);
    return status;
}

static tocsin_status first_error(const tocsin__plan_build *build) {
    const tocsin_diagnostics *list = build->report.diagnostics;
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        if (d->severity != TOCSIN_SEVERITY_ERROR) continue;
        return tocsin__fail_at(build->error, TOCSIN_ERROR_PLAN, d->file, d->line, d->column, "%s", d->message);
    }
    const size_t errors = tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR); /* the list is full */
    return tocsin__fail(build->error, TOCSIN_ERROR_PLAN, "the plan does not compile: %zu error%s", errors,
                        errors == 1 ? "" : "s");
}

static tocsin_status build_all(tocsin__plan_build *build) {
    tocsin_status status = read_description(build);
    if (!status) status = tocsin__plan_build_lexicon(build);
    if (!status) status = tocsin__plan_build_venues(build);
    if (!status) status = tocsin__plan_build_learned(build);
    if (!status) status = tocsin__plan_build_rules(build);
    if (!status) status = tocsin__plan_build_examples(build);
    if (!status && !build->report.errors) status = tocsin__plan_build_patterns(build);
    if (!status && !build->report.errors) status = tocsin__plan_build_guard(build);
    build->plan->sources.content = tocsin__hash_end(&build->hash);
    if (!status && !build->report.errors) status = tocsin__plan_build_info(build);
    if (!status) status = build->report.status;
    tocsin__diagnostics_sort(build->report.diagnostics);
    if (!status && build->report.errors) status = first_error(build);
    return status;
}

static void say_why(tocsin_error *error, tocsin_status status) {
    if (error && error->status != status) (void)tocsin__fail(error, status, "%s", tocsin_status_string(status));
}

tocsin_status tocsin__plan_compile(tocsin_source_reader read, void *context, const char *plan_name,
                                   const tocsin_plan_options *options, const tocsin__plan_kept *kept,
                                   tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error) {
    tocsin_error said = {0};
    tocsin__plan_build build = {0};
    tocsin_diagnostics *own = NULL;
    if (!read) return tocsin__null_argument(error, "read");
    if (!plan_name) return tocsin__null_argument(error, "plan_name");
    if (!plan) return tocsin__null_argument(error, "plan");
    tocsin_status status = options_resolve(options, &build.options, error);
    if (status) return status;
    tocsin__hash_begin(&build.hash);
    build.kept = kept;
    build.read = read;
    build.context = context;
    build.plan_name = plan_name;
    build.error = &said;
    if (!diagnostics) status = tocsin_diagnostics_create(&build.options.allocator, &own);
    build.report.diagnostics = diagnostics ? diagnostics : own;
    if (!status) {
        build.plan = tocsin__allocate_zeroed(&build.options.allocator, sizeof *build.plan);
        if (!build.plan) status = TOCSIN_ERROR_MEMORY;
    }
    if (!status) {
        atomic_init(&build.plan->owners, 1);
        build.plan->allocator = build.options.allocator;
        build.plan->options = build.options;
        tocsin__arena_init(&build.plan->arena, &build.options.allocator);
        status = build_all(&build);
        tocsin__frequency_free(build.frequency);
    }
    if (!status) {
        *plan = build.plan;
    } else if (build.plan) {
        free_plan(build.plan);
    }
    tocsin_diagnostics_free(own);
    if (status) {
        say_why(&said, status);
        if (error) *error = said;
    }
    return status;
}

tocsin_status tocsin_plan_compile(tocsin_source_reader read, void *context, const char *plan_name,
                                  const tocsin_plan_options *options, tocsin_diagnostics *diagnostics,
                                  tocsin_plan **plan, tocsin_error *error) {
    return tocsin__plan_compile(read, context, plan_name, options, NULL, diagnostics, plan, error);
}

tocsin_status tocsin_plan_compile_file(const char *path, const tocsin_plan_options *options,
                                       tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error) {
    tocsin_plan_options resolved;
    tocsin__plan_files *files = NULL;
    if (!path) return tocsin__null_argument(error, "path");
    if (!plan) return tocsin__null_argument(error, "plan");
    tocsin_status status = options_resolve(options, &resolved, error);
    if (status) return status;
    status = tocsin__plan_files_open(path, resolved.max_source_bytes, &resolved.allocator, &files, error);
    if (status) return status;
    tocsin_error said = {0};
    status = tocsin_plan_compile(tocsin__plan_files_read, files, tocsin__plan_files_plan_name(files), &resolved,
                                 diagnostics, plan, &said);
    if (status && error) {
        const tocsin_error *why = tocsin__plan_files_last_error(files);
        *error = status != TOCSIN_ERROR_PLAN && why->status == status ? *why : said;
    }
    tocsin__plan_files_close(files);
    return status;
}
