/*
 * Reads the sources that a plan names: term lists into one lexicon, venue catalogues into one catalogue. A source that
 * cannot be read is one problem, reported at the place that names it; the others are still read.
 */
#include "base/buffer.h"
#include "lexicon/lexicon_builder.h"
#include "plan/plan_build.h"

static const char *why_unreadable(tocsin_status status) {
    switch (status) {
        case TOCSIN_ERROR_OUTSIDE: return "is outside the plan's folder";
        case TOCSIN_ERROR_NOT_FOUND: return "does not exist";
        case TOCSIN_ERROR_TOO_LARGE: return "is too large";
        default: return "cannot be read";
    }
}

tocsin_status tocsin__plan_read_unkept(tocsin__plan_build *build, const tocsin__plan_text *name, tocsin_buffer *out,
                                       int *read) {
    *read = 0;
    if (!name->value) return TOCSIN_OK;
    out->length = 0;
    tocsin_status status = build->read(build->context, name->value, out);
    if (status == TOCSIN_ERROR_MEMORY) return status;
    if (!status && out->length > build->options.max_source_bytes) status = TOCSIN_ERROR_TOO_LARGE;
    if (status) {
        TOCSIN__PLAN_ERROR(&build->report, "unreadable-source", name->place, "%s %s",
                           tocsin__show(name->value, name->length).text, why_unreadable(status));
        return build->report.status;
    }
    *read = 1;
    return TOCSIN_OK;
}

tocsin_status tocsin__plan_read_source(tocsin__plan_build *build, const tocsin__plan_text *name, tocsin_buffer *out,
                                       int *read) {
    tocsin_status status = tocsin__plan_read_unkept(build, name, out, read);
    if (status || !*read) return status;
    return tocsin__plan_keep_source(build, name->value, (tocsin_bytes){out->data, out->length}, 0);
}

/* Reads a list into the lexicon; what the plan has in common with its base plan is taken from there. */
static tocsin_status add_list(tocsin__plan_build *build, tocsin__lexicon_builder *builder, const char *name,
                              tocsin_bytes bytes, uint32_t topic) {
    const tocsin__plan_kept *kept = build->kept;
    if (!kept) return tocsin__lexicon_add_list(builder, name, bytes, topic);
    const tocsin_fold_options *fold = &build->plan->description->fold, *was = &kept->base->description->fold;
    tocsin__lexicon_rows known = {&kept->base->lexicon, NULL, 0};
    known.rows = kept->rows(build->context, name, &known.count);
    const int same = known.rows && fold->profile == was->profile && fold->between_han == was->between_han &&
                     fold->between_latin == was->between_latin;
    return tocsin__lexicon_add_rows(builder, name, bytes, topic, same ? &known : NULL);
}

static tocsin_status add_lists(tocsin__plan_build *build, tocsin__lexicon_builder *builder) {
    const tocsin__plan_description *description = build->plan->description;
    tocsin_status status = TOCSIN_OK;
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, &build->plan->allocator);
    for (uint32_t t = 0; t < description->topic_count && !status; t++) {
        const tocsin__plan_texts *lists = &description->topics[t].terms;
        for (size_t i = 0; i < lists->count && !status; i++) {
            const char *name = lists->items[i].value;
            int read = 1;
            if (!name || tocsin__lexicon_needs_list(builder, name)) {
                status = tocsin__plan_read_source(build, &lists->items[i], &bytes, &read);
            }
            if (status || !read) continue;
            status = add_list(build, builder, name, (tocsin_bytes){bytes.data ? bytes.data : "", bytes.length}, t);
        }
    }
    tocsin_buffer_release(&bytes);
    return status;
}

tocsin_status tocsin__plan_build_lexicon(tocsin__plan_build *build) {
    static const tocsin__term_bounds bounds[] = {TOCSIN__BOUNDS_AUTO, TOCSIN__BOUNDS_WORD, TOCSIN__BOUNDS_NONE};
    tocsin_plan *plan = build->plan;
    const tocsin__plan_description *description = plan->description;
    size_t count = description->topic_count;
    tocsin__lexicon_builder *builder = NULL;
    tocsin__lexicon_topic *topics = tocsin__arena_allocate(&plan->arena, (count + 1) * sizeof *topics);
    if (!topics) return TOCSIN_ERROR_MEMORY;
    for (size_t t = 0; t < count; t++) {
        const tocsin__plan_topic *topic = &description->topics[t];
        topics[t] = (tocsin__lexicon_topic){topic->id.value ? topic->id.value : "", bounds[topic->bounds]};
    }
    const tocsin__lexicon_options options = {
        description->fold,        build->options.max_term_length, build->options.max_terms, topics, count,
        build->report.diagnostics};
    tocsin_status status = tocsin__lexicon_builder_create(&options, &plan->allocator, &builder);
    if (!status) status = add_lists(build, builder);
    if (!status) status = tocsin__lexicon_finish(builder, &plan->lexicon);
    if (!status) build->report.errors += plan->lexicon.errors;
    tocsin__lexicon_builder_free(builder);
    return status;
}

tocsin_status tocsin__plan_build_venues(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_texts *files = &plan->description->venues;
    tocsin_buffer bytes;
    const tocsin__plan_kept *kept = build->kept;
    const int same =
        kept && kept->venues && tocsin__allocator_equals(&kept->base->venues->arena.allocator, &plan->allocator);
    tocsin_status status = TOCSIN_OK;
    tocsin_buffer_init(&bytes, &plan->allocator);
    if (same) {
        plan->venues = tocsin__venue_catalogue_retain(kept->base->venues);
    } else {
        status = tocsin__venue_catalogue_create(&plan->allocator, &plan->venues);
    }
    for (size_t i = 0; i < files->count && !status; i++) {
        int read;
        status = tocsin__plan_read_source(build, &files->items[i], &bytes, &read);
        if (status || !read || same) continue;
        status = tocsin__venue_catalogue_add(plan->venues, files->items[i].value,
                                             (tocsin_bytes){bytes.data ? bytes.data : "", bytes.length},
                                             build->report.diagnostics);
    }
    if (plan->venues) build->report.errors += plan->venues->errors;
    tocsin_buffer_release(&bytes);
    return status;
}
