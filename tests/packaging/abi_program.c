/*
 * A program that is compiled with the headers of one version and run with the library of another. It uses every struct
 * that a program fills in, every kind of object, and the elements of every list. It prints values that must not depend
 * on either version. check_abi.sh compiles and runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

static const char plan_text[] =
    "plan: abi\nversion: \"1\"\ntopics:\n  fire: {terms: [fire.txt]}\n  bad: {terms: [bad.txt]}\n"
    "define: {both: fire & bad}\ntiers:\n  - {id: low, clauses: [{id: L1, when: fire}]}\n"
    "  - {id: high, clauses: [{id: H1, when: both & reach >= 100}]}\n"
    "routes: [{id: office, when: tier >= high}]\n";

static void must(int condition, const char *what, const tocsin_error *error) {
    if (condition) return;
    fprintf(stderr, "%s: %s\n", what, error ? error->message : "");
    exit(1);
}

/*
 * Returns whether the library is too old to accept longer structs: then the options are left out, and the program says
 * so.
 */
static int refused(tocsin_status status, const tocsin_error *error) {
    if (status != TOCSIN_ERROR_ARGUMENT || !strstr(error->message, "this library knows")) return 0;
    fprintf(stderr, "left out: %s\n", error->message);
    return 1;
}

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    static const char fire[] = "火灾\n", bad[] = "推诿\n迟到\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan_text, sizeof plan_text - 1);
    if (!strcmp(name, "fire.txt")) return tocsin_buffer_append(out, fire, sizeof fire - 1);
    return tocsin_buffer_append(out, bad, sizeof bad - 1);
}

static void print_verdict(const tocsin_verdict *verdict) {
    printf("%.*s %s, tier %d, %zu clauses, %zu routes:", (int)verdict->id.length, verdict->id.data, verdict->tier_id,
           (int)verdict->tier, verdict->clause_count, verdict->route_count);
    for (size_t i = 0; i < verdict->clause_count; i++) printf(" %s", tocsin_verdict_clause(verdict, i)->id);
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        printf(" %.*s[%zu-%zu]%s", (int)e->text.length, e->text.data, e->start, e->end, e->topic_id);
    }
    for (size_t i = 0; i < verdict->topic_count; i++) printf(" %s", tocsin_verdict_topic(verdict, i)->id);
    printf("%s%s\n", verdict->route_count ? " to " : "", verdict->route_count ? tocsin_verdict_route(verdict, 0) : "");
}

static int print_one(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    (void)context;
    must(verdict != NULL, "batch", why);
    printf("%zu: ", index);
    print_verdict(verdict);
    return 0;
}

static void grade(tocsin_scanner *scanner) {
    tocsin_document documents[3];
    tocsin_error error = {0};
    tocsin_stream *stream = NULL;
    const tocsin_verdict *verdict = NULL;
    const tocsin_explanation *explanation = NULL;
    for (int i = 0; i < 3; i++) {
        static const char *const texts[] = {"发生火灾", "火灾，推诿", "晴"};
        const tocsin_document init = TOCSIN_DOCUMENT_INIT;
        documents[i] = init;
        must(i || !tocsin_document_init(&documents[i], sizeof documents[i]), "document_init", NULL);
        documents[i].id.data = "abc" + i;
        documents[i].id.length = 1;
        documents[i].text.data = texts[i];
        documents[i].text.length = strlen(texts[i]);
        documents[i].reach = 100;
        documents[i].time = INT64_C(1790000000000);
    }
    must(!tocsin_classify_batch(scanner, documents, 3, print_one, NULL, &error), "batch", &error);
    must(!tocsin_explain(scanner, &documents[0], &explanation, &error), "explain", &error);
    for (size_t i = 0; i < explanation->clause_count; i++) {
        const tocsin_explained_clause *clause = tocsin_explanation_clause(explanation, i);
        const tocsin_obstacle *obstacle = tocsin_explained_obstacle(clause, 0);
        printf("%s %d %s\n", clause->id, clause->holds, obstacle ? obstacle->change : "");
    }
    must(!tocsin_stream_create(scanner, &stream, &error), "stream", &error);
    must(!tocsin_stream_begin(stream, &documents[0], &error), "begin", &error);
    must(!tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, "迟到", strlen("迟到"), &error), "write", &error);
    must(!tocsin_stream_end(stream, &verdict, &error), "end", &error);
    print_verdict(verdict);
    tocsin_tracker *tracker = NULL;
    tocsin_tracked tracked;
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    options.max_incidents = 10;
    tocsin_status status = tocsin_tracker_create(&options, &tracker, &error);
    if (refused(status, &error)) status = tocsin_tracker_create(NULL, &tracker, &error);
    must(!status, "tracker", &error);
    must(!tocsin_tracker_add(tracker, &documents[1], verdict, &tracked, &error), "track", &error);
    const tocsin_incident *incident = tocsin_tracker_get(tracker, tracked.incident);
    must(incident != NULL, "incident", NULL);
    printf("incident %llu, %llu posts, %s\n", (unsigned long long)incident->id, (unsigned long long)incident->posts,
           incident->tier_id);
    tocsin_stream_free(stream);
    tocsin_tracker_free(tracker);
}

int main(void) {
    tocsin_plan *plan = NULL, *loaded = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_image *image = NULL;
    tocsin_diagnostics *list = NULL;
    tocsin_buffer bytes;
    tocsin_error error = {0};
    tocsin_term term;
    tocsin_plan_options plan_options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    plan_options.max_terms = 100;
    options.max_evidence = 5;
    must(!tocsin_diagnostics_create(NULL, &list), "diagnostics", NULL);
    tocsin_status status = tocsin_plan_compile(read_source, NULL, "plan.yaml", &plan_options, list, &plan, &error);
    if (refused(status, &error))
        status = tocsin_plan_compile(read_source, NULL, "plan.yaml", NULL, list, &plan, &error);
    must(!status, "compile", &error);
    const tocsin_plan_info *info = tocsin_plan_get_info(plan);
    printf("%s %s: %zu tiers, %zu clauses, %zu terms, %zu problems\n", info->name, info->version, info->tier_count,
           info->clause_count, info->term_count, tocsin_diagnostics_count(list));
    for (size_t i = 0; tocsin_plan_get_term(plan, i, &term); i++) {
        printf("%.*s %s:%u\n", (int)term.text.length, term.text.data, term.file, (unsigned)term.line);
    }
    for (size_t i = 0; i < info->clause_count; i++)
        printf("%s: %s\n", tocsin_plan_clause(plan, i)->id, tocsin_plan_clause(plan, i)->when);
    tocsin_buffer_init(&bytes, NULL);
    must(!tocsin_plan_save_to_buffer(plan, &bytes, &error), "save", &error);
    must(!tocsin_image_read(bytes.data, bytes.length, NULL, &image, &error), "read", &error);
    must(!tocsin_plan_from_image(image, NULL, NULL, &loaded, &error), "from image", &error);
    printf("%zu sources\n", tocsin_image_get_info(image)->source_count);
    status = tocsin_scanner_create(loaded, &options, &scanner, &error);
    if (refused(status, &error)) status = tocsin_scanner_create(loaded, NULL, &scanner, &error);
    must(!status, "scanner", &error);
    grade(scanner);
    tocsin_scanner_free(scanner);
    tocsin_image_free(image);
    tocsin_buffer_release(&bytes);
    tocsin_plan_release(loaded);
    tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
    return 0;
}
