/*
 * tocsin review: which documents to label next, as a sheet. A label teaches most if rules and learned score disagree; a
 * random share keeps the sheet representative of the feed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/sheet_cell.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "learn/id_hash.h"
#include "learn/labelled.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/document_walk.h"
#include "tocsin/review_choose.h"
#include "tocsin/verdict_sheet.h"

#define KEPT_TIMES 4 /* candidates of a reason for each document: near-duplicates are dropped */
#define MOST_COUNT 20000

static const char help[] =
    "usage: tocsin review [OPTION…] -p PLAN FEED… -o SHEET\n"
    "\n"
    "Chooses the documents of feeds whose labels would help most, and writes them to a sheet (CSV, UTF-8 with a mark)\n"
    "with verdict, learned score and the reason: the rules and the score disagree, the score is unsure, or chance "
    "(one\n"
    "in five, for rates that hold for the whole feed). It takes one of several near-duplicates. People fill in\n"
    "expect_tier, and optionally expect_clauses and expect_accept (every tier that a careful person could defend). "
    "Then\n"
    "train and score read the sheet.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder or image\n"
    "  -o, --output FILE     the sheet\n"
    "  -n, --count N         documents in it; default 200\n"
    "      --learned NAME    the learned score to use; default: the plan's first\n"
    "      --labels FILE     table of labels by id: leave these documents out\n"
    "      --format NAME, --field FIELD=NAME, --encoding NAME   as classify\n"
    "\n"
    "A ' is put before a cell that a spreadsheet would take for a formula. The same feeds give the same sheet.\n"
    "\n"
    "Exit status: 0 done; 1 done, but lines were rejected; 2 wrong usage, or a plan does not compile; 3 an input or\n"
    "output failed.\n"
    "\n"
    "  tocsin review -p plan feed.ndjson.zst -n 100 -o to-label.csv\n";

enum {
    REVIEW_PLAN,
    REVIEW_OUTPUT,
    REVIEW_COUNT,
    REVIEW_LEARNED,
    REVIEW_LABELS
};

static const option_spec specs[] = {
    {"plan", 'p', 1}, {"output", 'o', 1}, {"count", 'n', 1}, {"learned", 0, 1}, {"labels", 0, 1}};

typedef struct review_run {
    const char *plan_path, *output_path, *learned, *labels;
    char **files;
    int file_count, has_learned;
    uint64_t most;
    size_t learned_index;
    document_walk walk;
    tocsin_plan *plan;
    tocsin_scanner *scanner;
    labelled_set known; /* its ids are left out */
    review_chooser chooser;
} review_run;

static int compare_bytes(tocsin_bytes a, tocsin_bytes b) {
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int is_known(const review_run *run, tocsin_bytes id) {
    size_t low = 0, high = run->known.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare_bytes(run->known.items[middle].document.id, id);
        if (!order) return 1;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

typedef struct key_list {
    uint64_t *keys;
    size_t count, capacity;
} key_list;

static void take_key(void *context, uint64_t key) {
    key_list *list = context;
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 256;
        list->keys = tool_reallocate(list->keys, list->capacity, sizeof *list->keys);
    }
    list->keys[list->count++] = key;
}

static int compare_keys(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void find_keys(const review_run *run, review_candidate *candidate) {
    const tocsin_feature_options options = TOCSIN_FEATURE_OPTIONS_INIT;
    key_list list = {NULL, 0, 0};
    if (tocsin_scanner_features(run->scanner, &options, take_key, &list) != TOCSIN_OK) tool_out_of_memory();
    if (list.count) qsort(list.keys, list.count, sizeof *list.keys, compare_keys);
    for (size_t i = 0; i < list.count; i++) {
        if (candidate->key_count && list.keys[candidate->key_count - 1] == list.keys[i]) continue;
        list.keys[candidate->key_count++] = list.keys[i];
    }
    candidate->keys = list.keys;
}

static char *finish(tocsin_buffer *text) {
    char *copy = tool_copy(text->length ? text->data : "");
    tocsin_buffer_release(text);
    return copy;
}

static char *clauses_of(const tocsin_verdict *verdict) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    verdict_sheet_clauses(&text, verdict);
    return finish(&text);
}

static char *evidence_of(const tocsin_verdict *verdict) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    verdict_sheet_words(&text, verdict);
    return finish(&text);
}

static int take(void *context, const tocsin_document *document, tocsin_error *error) {
    review_run *run = context;
    const tocsin_verdict *verdict;
    double learned = -1;
    if (is_known(run, document->id)) return 1;
    if (tocsin_classify(run->scanner, document, &verdict, error) != TOCSIN_OK) return 0;
    if (run->has_learned) (void)tocsin_scanner_get_learned(run->scanner, run->learned_index, &learned);
    const uint64_t chance = id_hash(document->id, ID_HASH_SAMPLE);
    for (int why = 0; why < REVIEW_WHYS; why++) {
        const double rank = review_rank((review_why)why, verdict->tier, learned);
        if (!review_wants(&run->chooser, (review_why)why, rank, chance)) continue;
        review_candidate made = {.document = labelled_copy(document),
                                 .tier = tool_copy(verdict->tier_id),
                                 .clauses = clauses_of(verdict),
                                 .evidence = evidence_of(verdict),
                                 .learned = learned,
                                 .rank = rank,
                                 .chance = chance,
                                 .why = (review_why)why};
        made.document.venue = verdict->venue;
        find_keys(run, &made);
        review_add(&run->chooser, made);
    }
    return 1;
}

/* ---- the sheet ---- */

static void put_row(const review_candidate *c, tocsin_buffer *out) {
    static const char *const reasons[REVIEW_WHYS] = {"disagrees", "unsure", "verdict", "random"};
    const tocsin_document *d = &c->document;
    char number[32] = "";
    sheet_put_cell(out, d->id.data, d->id.length, 0);
    sheet_put_text(out, d->venue == TOCSIN_VENUE_UNKNOWN ? "" : tocsin_venue_name(d->venue));
    sheet_put_cell(out, d->source.data, d->source.length, 0);
    (void)snprintf(number, sizeof number, "%" PRIu64, d->reach);
    sheet_put_text(out, d->reach ? number : "");
    sheet_put_cell(out, d->title.data, d->title.length, 0);
    sheet_put_cell(out, d->text.data, d->text.length, 0);
    sheet_put_text(out, c->tier);
    sheet_put_text(out, c->clauses);
    sheet_put_text(out, c->evidence);
    (void)snprintf(number, sizeof number, "%.3f", c->learned);
    sheet_put_text(out, c->learned < 0 ? "" : number);
    sheet_put_text(out, reasons[c->why]);
    sheet_put_text(out, "");
    sheet_put_text(out, "");
    sheet_put_text(out, "");
    sheet_put_cell(out, "", 0, 1);
}

static int write_sheet(review_run *run) {
    review_candidate **chosen = tool_allocate((size_t)run->most + 1, sizeof *chosen);
    const size_t count = review_choose(&run->chooser, (size_t)run->most, chosen);
    size_t by_reason[REVIEW_WHYS] = {0};
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    text_puts(&text, SHEET_MARK
              "id,venue,source,reach,title,text,tier,clauses,evidence,learned,why,expect_tier,expect_clauses,"
              "expect_accept,note\r\n");
    for (size_t i = 0; i < count; i++) {
        put_row(chosen[i], &text);
        by_reason[chosen[i]->why]++;
    }
    tool_free(chosen);
    output *out = output_open(run->output_path);
    output_status status = out ? output_write(out, text.data, text.length) : OUTPUT_FAILED;
    if (status == OUTPUT_OK) status = output_commit(out);
    output_close(out);
    tocsin_buffer_release(&text);
    if (status != OUTPUT_OK) return EXIT_IO;
    console_error(
        "%zu documents to label: %zu where rules and score disagree, %zu unsure, %zu that the rules found, %zu by "
        "chance",
        count, by_reason[REVIEW_DISAGREES], by_reason[REVIEW_UNSURE], by_reason[REVIEW_VERDICT],
        by_reason[REVIEW_RANDOM]);
    return EXIT_DONE;
}

/* ---- the command line ---- */

static int find_learned(review_run *run) {
    run->has_learned = run->learned ? tocsin_plan_find(run->plan, TOCSIN_PART_LEARNED, run->learned,
                                                       strlen(run->learned), &run->learned_index)
                                    : tocsin_plan_learned(run->plan, 0) != NULL;
    if (run->learned && !run->has_learned) {
        return options_usage("review", "--learned: the plan has no learned weights called \"%.100s\"", run->learned);
    }
    return EXIT_DONE;
}

static int review_feeds(review_run *run) {
    tocsin_error error = {0};
    int status = plan_load(run->plan_path, 1, &run->plan);
    if (status == EXIT_DONE) status = find_learned(run);
    if (status != EXIT_DONE) return status;
    if (tocsin_scanner_create(run->plan, NULL, &run->scanner, &error) != TOCSIN_OK) {
        console_error("cannot start: %s", message_told(error.message));
        return EXIT_IO;
    }
    if (run->labels) {
        const labelled_options options = {
            .info = tocsin_plan_get_info(run->plan), .labels = run->labels, .keep_missing = 1};
        status = labelled_read(&run->known, &options, NULL, 0);
        if (status != EXIT_DONE) return status;
    }
    run->chooser.keep = (size_t)run->most * KEPT_TIMES;
    run->walk.take = take;
    run->walk.context = run;
    const int walked = walk_files(&run->walk, run->files, run->file_count);
    if (walked == EXIT_IO) return walked;
    status = write_sheet(run);
    return status == EXIT_DONE && run->known.problems ? EXIT_REJECTED : status > walked ? status : walked;
}

static int take_option(review_run *run, option_parser *parser, int option) {
    switch (option) {
        case OPTION_OPERAND: run->files[run->file_count++] = parser->argv[parser->at - 1]; return 1;
        case REVIEW_PLAN: run->plan_path = parser->value; return 1;
        case REVIEW_OUTPUT: run->output_path = parser->value; return 1;
        case REVIEW_COUNT:
            if (!options_natural(parser, "count", &run->most)) return 0;
            if (run->most >= 1 && run->most <= MOST_COUNT) return 1;
            options_usage("review", "--count is from 1 to %d", MOST_COUNT);
            return 0;
        case REVIEW_LEARNED: run->learned = parser->value; return 1;
        case REVIEW_LABELS: run->labels = parser->value; return 1;
        default: return 0;
    }
}

static int run_review(int argc, char **argv) {
    review_run run = {.most = 200, .walk = {.input = INPUT_OPTIONS_INIT}};
    option_parser parser;
    int option, status = EXIT_DONE;
    run.files = tool_allocate((size_t)argc + 1, sizeof *run.files);
    options_start(&parser, "review", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){&run.walk.format, &run.walk.names, &run.walk.input.encoding});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && !run.plan_path) status = options_usage("review", "which plan? -p PLAN");
    if (status == EXIT_DONE && !run.file_count) status = options_usage("review", "which feeds? FEED…");
    if (status == EXIT_DONE && !run.output_path) status = options_usage("review", "where does the sheet go? -o FILE");
    if (status == EXIT_DONE) status = review_feeds(&run);
    review_release(&run.chooser);
    labelled_release(&run.known);
    tocsin_scanner_free(run.scanner);
    tocsin_plan_release(run.plan);
    tool_free(run.files);
    return status;
}

const command review_command = {"review", help, run_review};
