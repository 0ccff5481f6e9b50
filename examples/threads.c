/*
 * One plan for all threads, a scanner for each: nothing else is shared, and nothing is locked. Lines of standard input
 * are graded by four threads, which take them in turn.
 */
#define _POSIX_C_SOURCE 200809L /* getline */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <tocsin/tocsin.h>

#define THREADS 4
#define MOST_LINES 10000

typedef struct line {
    char *text;
    size_t length;
} line;

typedef struct worker {
    pthread_t thread;
    size_t first; /* and every THREADS-th line after it */
    const tocsin_plan *plan;
    const line *lines;
    size_t count;
    size_t graded, with_tier;
} worker;

static void *work(void *context) {
    worker *w = context;
    tocsin_scanner *scanner = NULL;
    const tocsin_verdict *verdict;
    if (tocsin_scanner_create(w->plan, NULL, &scanner, NULL) != TOCSIN_OK) return NULL;
    for (size_t i = w->first; i < w->count; i += THREADS) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        document.text = (tocsin_bytes){w->lines[i].text, w->lines[i].length};
        if (tocsin_classify(scanner, &document, &verdict, NULL) != TOCSIN_OK) continue;
        w->graded++;
        w->with_tier += verdict->tier != TOCSIN_TIER_NONE;
    }
    tocsin_scanner_free(scanner);
    return NULL;
}

static size_t read_lines(line *lines) {
    size_t count = 0, room = 0;
    ssize_t length;
    char *text = NULL;
    for (; count < MOST_LINES && (length = getline(&text, &room, stdin)) > 0; text = NULL, room = 0) {
        lines[count++] = (line){text, (size_t)length};
    }
    free(text);
    return count;
}

int main(int argc, char **argv) {
    static line lines[MOST_LINES];
    worker workers[THREADS];
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    size_t graded = 0, with_tier = 0;
    if (argc != 2 || tocsin_plan_compile_file(argv[1], NULL, NULL, &plan, &error) != TOCSIN_OK) {
        fprintf(stderr, "%s\n", argc == 2 ? error.message : "usage: threads PLAN < LINES");
        return 2;
    }
    const size_t count = read_lines(lines);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (worker){.first = i, .plan = plan, .lines = lines, .count = count};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i])) abort();
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        graded += workers[i].graded;
        with_tier += workers[i].with_tier;
    }
    printf("%zu of %zu lines graded, %zu with a tier\n", graded, count, with_tier);
    for (size_t i = 0; i < count; i++) free(lines[i].text);
    tocsin_plan_release(plan);
    return graded == count ? 0 : 1;
}
