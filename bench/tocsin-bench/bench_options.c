/*
 * Lists are given with commas or by repeating the option, so that one run, and so one state of the machine, covers a
 * whole table.
 */
#include "tocsin-bench/bench_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tocsin-bench/bench_fail.h"

#define LEAST_ROUNDS 1
#define MOST_SWAPS 100000 /* a second */
#define MOST_THREADS 256
#define LONGEST_NUMBERS 200
#define TREE_PLAN "examples/fire-service"

static const char help[] =
    "usage: tocsin-bench [OPTION…]\n"
    "\n"
    "Measures engines side by side on the same documents, after checking that they find the same hits.\n"
    "\n"
    "  --corpus NAME     a file (NDJSON with \"text\", or one document a line; plain or zstd), or posts,\n"
    "                    news, mixed (generated), manpages-zh; default: all four\n"
    "  --lexicon FILE    a term a line, or the first column of a table; several are merged; default: made-up words\n"
    "  --compounds N     add N terms of two words each, for more terms than the lists have\n"
    "  --terms N,…       number of terms, taken after a shuffle with the seed; default 1000,10000\n"
    "  --min-chars N,…   only terms of at least N Han characters; default 2\n"
    "  --engine E,…      tocsin, match, hyperscan, icu+hyperscan, icu, naive, memcpy, tocsin-hyperscan,\n"
    "                    match-hyperscan; default: all but the last two; naive only if it takes under a second\n"
    "  --stage S,…       fold, match, scan, classify; default: all\n"
    "  --plan PLAN       plan for the stage classify; default: the fire-service plan\n"
    "  --rounds N        report the median of N rounds; default 7\n"
    "  --max-bytes N     read at most N bytes of a corpus; default 33554432\n"
    "  --doc-bytes N,…   join and cut the text into documents of this size; 0, the default, leaves them as they are\n"
    "  --threads N       also compare one thread with N that share the plan (tocsin: scan and classify)\n"
    "  --swaps N         also grade with and without N new plans published each second (classify)\n"
    "  --track N         also grade with and without a tracker of incidents, N times each (classify)\n"
    "  --seed N          seed of the shuffle and of generated text; default 1\n"
    "  --json FILE, --csv FILE\n"
    "  --dump DIR        write corpus and lexicon, original and folded, for the programs of bench/peers, and end\n"
    "\n"
    "Exit status: 0 done; 1 engines found different numbers of hits; 2 wrong usage; 3 something failed.\n";

/* The names stay where the command line has them; commas become ends. */
static void put_names(bench_names *names, char *value) {
    for (char *at = value, *comma; at; at = comma) {
        comma = strchr(at, ',');
        if (comma) *comma++ = '\0';
        if (names->count == BENCH_LIST_MAX) bench_fail(BENCH_USAGE, "more than %d names", BENCH_LIST_MAX);
        if (*at) names->at[names->count++] = at;
    }
}

static uint64_t natural(const char *option, const char *value) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (errno || *end || end == value || *value == '-') bench_fail(BENCH_USAGE, "%s: %s is no number", option, value);
    return number;
}

static void put_numbers(const char *option, bench_numbers *numbers, const char *value) {
    char list[LONGEST_NUMBERS];
    if (strlen(value) >= sizeof list) bench_fail(BENCH_USAGE, "%s: the list is too long", option);
    strcpy(list, value);
    for (char *at = list, *comma; at; at = comma) {
        comma = strchr(at, ',');
        if (comma) *comma++ = '\0';
        if (numbers->count == BENCH_LIST_MAX) bench_fail(BENCH_USAGE, "%s: too many numbers", option);
        numbers->at[numbers->count++] = natural(option, at);
    }
}

typedef struct option_place {
    const char *name;
    bench_names *paths; /* one of these five is set; a path may have commas in it */
    bench_names *names;
    bench_numbers *numbers;
    uint64_t *number;
    const char **text;
} option_place;

static void put_option(const option_place *place, char *value) {
    if (place->paths) {
        if (place->paths->count == BENCH_LIST_MAX) bench_fail(BENCH_USAGE, "%s: too many", place->name);
        place->paths->at[place->paths->count++] = value;
    } else if (place->names) {
        put_names(place->names, value);
    } else if (place->numbers) {
        put_numbers(place->name, place->numbers, value);
    } else if (place->number) {
        *place->number = natural(place->name, value);
    } else {
        *place->text = value;
    }
}

static void read_all(int argc, char **argv, bench_options *o) {
    const option_place places[] = {{.name = "--corpus", .paths = &o->corpora},
                                   {.name = "--lexicon", .paths = &o->lexicons},
                                   {.name = "--engine", .names = &o->engines},
                                   {.name = "--stage", .names = &o->stages},
                                   {.name = "--terms", .numbers = &o->terms},
                                   {.name = "--min-chars", .numbers = &o->min_han},
                                   {.name = "--plan", .text = &o->plan},
                                   {.name = "--doc-bytes", .numbers = &o->document_bytes},
                                   {.name = "--rounds", .number = &o->rounds},
                                   {.name = "--seed", .number = &o->seed},
                                   {.name = "--max-bytes", .number = &o->max_bytes},
                                   {.name = "--json", .text = &o->json},
                                   {.name = "--compounds", .number = &o->compounds},
                                   {.name = "--threads", .number = &o->threads},
                                   {.name = "--swaps", .number = &o->swaps},
                                   {.name = "--track", .number = &o->track},
                                   {.name = "--csv", .text = &o->csv},
                                   {.name = "--dump", .text = &o->dump}};
    const size_t count = sizeof places / sizeof *places;
    for (int i = 1; i < argc; i++) {
        size_t which = 0, length = strcspn(argv[i], "=");
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            fputs(help, stdout);
            exit(BENCH_DONE);
        }
        while (which < count &&
               (strlen(places[which].name) != length || strncmp(places[which].name, argv[i], length))) {
            which++;
        }
        if (which == count) bench_fail(BENCH_USAGE, "there is no option %s; see --help", argv[i]);
        char *value = argv[i][length] ? argv[i] + length + 1 : i + 1 < argc ? argv[++i] : NULL;
        if (!value) bench_fail(BENCH_USAGE, "%s needs a value", argv[i]);
        put_option(&places[which], value);
    }
}

void bench_options_read(int argc, char **argv, bench_options *o) {
    *o = (bench_options){.rounds = 7, .seed = 1, .max_bytes = (uint64_t)32 << 20};
    read_all(argc, argv, o);
    if (!o->corpora.count) o->corpora = (bench_names){{"posts", "news", "mixed", "manpages-zh"}, 4};
    if (!o->terms.count) put_numbers("--terms", &o->terms, "1000,10000");
    if (!o->min_han.count) put_numbers("--min-chars", &o->min_han, "2");
    if (!o->document_bytes.count) put_numbers("--doc-bytes", &o->document_bytes, "0");
    /* The plan of the tree in which it runs, otherwise the installed one. */
    if (!o->plan) o->plan = access(TREE_PLAN, R_OK) ? TOCSIN_BENCH_PLAN : TREE_PLAN;
    if (o->threads == 1 || o->threads > MOST_THREADS) bench_fail(BENCH_USAGE, "--threads: 2 to %d", MOST_THREADS);
    if (o->swaps > MOST_SWAPS) bench_fail(BENCH_USAGE, "--swaps: 1 to %d", MOST_SWAPS);
    if (o->rounds < LEAST_ROUNDS) bench_fail(BENCH_USAGE, "--rounds: at least one");
}

int bench_names_hold(const bench_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (!strcmp(names->at[i], name)) return 1;
    }
    return names->count == 0;
}
