/*
 * Many posts, few matters: a tracker adds each post that repeats another one, or reports more about the same matter, to
 * one incident. Lines of standard input are posts, a minute apart. When many posts are about one matter its attention
 * rises, and a post is then graded again, for clauses that depend on attention.
 */
#define _POSIX_C_SOURCE 200809L /* getline */

#include <stdio.h>
#include <stdlib.h>

#include <tocsin/tocsin.h>

static tocsin_status take(tocsin_scanner *scanner, tocsin_tracker *tracker, tocsin_document *document,
                          tocsin_error *error) {
    const tocsin_verdict *verdict = NULL;
    tocsin_tracked tracked;
    tocsin_status status = tocsin_classify(scanner, document, &verdict, error);
    if (status == TOCSIN_OK) status = tocsin_tracker_add(tracker, document, verdict, &tracked, error);
    if (status != TOCSIN_OK || !tracked.incident || tracked.attention <= verdict->attention) return status;
    document->attention = tracked.attention;
    status = tocsin_classify(scanner, document, &verdict, error);
    if (status == TOCSIN_OK) status = tocsin_tracker_raise(tracker, document, verdict, &tracked, error);
    return status;
}

static void print_incidents(tocsin_tracker *tracker) {
    for (size_t i = 0; i < tocsin_tracker_count(tracker); i++) {
        const tocsin_incident *incident = tocsin_tracker_at(tracker, i);
        printf("%llu %s, attention %s, %llu posts: %s\n", (unsigned long long)incident->id, incident->tier_id,
               tocsin_attention_name(incident->attention), (unsigned long long)incident->posts, incident->sample);
    }
}

int main(int argc, char **argv) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_tracker *tracker = NULL;
    tocsin_error error = {0};
    char *text = NULL;
    size_t room = 0;
    ssize_t length;
    int64_t time = INT64_C(1764000000000); /* milliseconds since 1970: the posts' own, no clock is read */
    tocsin_status status = TOCSIN_ERROR_ARGUMENT;
    if (argc == 2) status = tocsin_plan_compile_file(argv[1], NULL, NULL, &plan, &error);
    if (status == TOCSIN_OK) status = tocsin_scanner_create(plan, NULL, &scanner, &error);
    if (status == TOCSIN_OK) status = tocsin_tracker_create(NULL, &tracker, &error);
    while (status == TOCSIN_OK && (length = getline(&text, &room, stdin)) > 0) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        if (text[length - 1] == '\n') length--;
        document.text = (tocsin_bytes){text, (size_t)length};
        document.time = time += 60000;
        status = take(scanner, tracker, &document, &error);
    }
    if (status == TOCSIN_OK) print_incidents(tracker);
    if (status != TOCSIN_OK) fprintf(stderr, "%s\n", argc == 2 ? error.message : "usage: incidents PLAN < POSTS");
    free(text);
    tocsin_tracker_free(tracker);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return status == TOCSIN_OK ? 0 : 2;
}
