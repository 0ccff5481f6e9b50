/*
 * tocsin train: reads labelled documents and writes a weights file. Problems of the labels are reported before
 * training, and the file appears under its name only when it is complete.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "learn/id_hash.h"
#include "learn/labelled.h"
#include "learn/target.h"
#include "learn/training.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/document_walk.h"
#include "tocsin/train_report.h"

#define FEWEST 20 /* clear labels of each class: with fewer, every figure is chance */
#define DEFAULT_COST 10.0
#define DEFAULT_DOCUMENTS 2
#define DEFAULT_FEATURES 200000
#define MOST_FEATURES 1000000 /* the limit of the library */
#define MOST_WINDOW 100000

static const char help[] =
    "usage: tocsin train [OPTION…] -p PLAN NAME LABELLED… -o WEIGHTS\n"
    "       tocsin train [OPTION…] -p PLAN NAME --labels FILE.tsv FEED… -o WEIGHTS\n"
    "\n"
    "Learns from labelled documents the probability that a document meets a target, and writes weights, which a rule\n"
    "uses as learned(NAME) >= 0.6. LABELLED is NDJSON with \"expect\": {\"tier\", \"clauses\", \"accept\"}, or a "
    "filled-in sheet\n"
    "of review (.csv). A table of labels has the columns id and tier, and optionally clauses, accept, venue and "
    "source;\n"
    "the documents then come from the feeds.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder or image; its topics and folding are used\n"
    "  -o, --output FILE     the weights file\n"
    "      --labels FILE     table of labels by id, tab-separated\n"
    "      --target TEXT     the target: \"tier >= ID\" or \"clause(ID)\"; default: every tier except none\n"
    "      --open HOW        labels that accept several tiers: leave (not used), or count 0.25, 0.5, 0.75 or 1; "
    "default 0.5\n"
    "      --window N        learn from N characters around hits; default: from the whole document\n"
    "      --around TOPICS   with --window: the topics, with commas between\n"
    "      --none FEED       documents without a label that count as tier none\n"
    "      --sample N        use N of these, chosen by their ids; default 4000\n"
    "      --holdout 1/N     leave out one document in N, by its id; score --part held measures with those\n"
    "      --min-documents N leave out features that occur in fewer than N documents; default 2\n"
    "      --max-features N  at most N features, those that occur in most documents; default 200000\n"
    "  -C, --cost NUMBER     weight of the labels against the preference for small weights; default 10\n"
    "      --curve           show the results with fewer labels\n"
    "  -q, --quiet           no report\n"
    "      --format NAME, --field FIELD=NAME, --encoding NAME   as classify\n"
    "\n"
    "The report shows precision and recall by threshold, each label judged by weights that were trained without it "
    "and\n"
    "without its near-duplicates. The same input gives the same file.\n"
    "\n"
    "Exit status: 0 done; 1 done, but labels or lines were rejected; 2 wrong usage, or the labels are not enough to\n"
    "learn from; 3 an input or output failed.\n"
    "\n"
    "  tocsin train -p plan 重大 labelled.ndjson --holdout 1/5 -o plan/重大.tsv\n"
    "  tocsin train -p plan 重大 --labels labels.tsv feed.ndjson.zst --none feed.ndjson.zst -o plan/重大.tsv\n";

enum {
    TRAIN_PLAN,
    TRAIN_OUTPUT,
    TRAIN_LABELS,
    TRAIN_TARGET,
    TRAIN_OPEN,
    TRAIN_WINDOW,
    TRAIN_AROUND,
    TRAIN_NONE,
    TRAIN_SAMPLE,
    TRAIN_HOLDOUT,
    TRAIN_MIN_DOCUMENTS,
    TRAIN_MAX_FEATURES,
    TRAIN_COST,
    TRAIN_CURVE,
    TRAIN_QUIET
};

static const option_spec specs[] = {
    {"plan", 'p', 1},        {"output", 'o', 1},     {"labels", 0, 1}, {"target", 0, 1}, {"open", 0, 1},
    {"window", 0, 1},        {"around", 0, 1},       {"none", 0, 1},   {"sample", 0, 1}, {"holdout", 0, 1},
    {"min-documents", 0, 1}, {"max-features", 0, 1}, {"cost", 'C', 1}, {"curve", 0, 0},  {"quiet", 'q', 0}};

/* A document of the background, kept while the least hashes are searched. */
typedef struct sampled {
    uint64_t hash;
    tocsin_document document;
} sampled;

typedef struct train_run {
    const char *plan_path, *output_path, *name, *target_text, *holdout, *around, *none;
    char **files;
    int file_count, curve, quiet;
    uint64_t open_quarters, sample, window, min_documents, max_features, parts;
    double cost;
    labelled_options options;
    tocsin_plan *plan;
    tocsin_scanner *scanner;
    learn_target target;
    labelled_set set;
    sampled *background; /* a heap, the greatest hash first; at the end by id */
    size_t background_count;
    uint32_t *around_topics;
    training training;
    char default_target[64];
} train_run;

/* ---- the background ---- */

static int compare_bytes(tocsin_bytes a, tocsin_bytes b) {
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int is_labelled(const train_run *run, tocsin_bytes id) {
    size_t low = 0, high = run->set.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare_bytes(run->set.items[middle].document.id, id);
        if (!order) return 1;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

static void sift_down(sampled *heap, size_t count, size_t at) {
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].hash > heap[child].hash) child++;
        if (heap[at].hash >= heap[child].hash) return;
        const sampled moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

static int take_background(void *context, const tocsin_document *document, tocsin_error *error) {
    train_run *run = context;
    const uint64_t hash = id_hash(document->id, ID_HASH_SAMPLE);
    (void)error;
    if (is_labelled(run, document->id) || !run->sample) return 1;
    if (run->background_count == run->sample) {
        if (hash >= run->background[0].hash) return 1;
        labelled_free_copy(&run->background[0].document);
        run->background[0] = (sampled){hash, labelled_copy(document)};
        sift_down(run->background, run->background_count, 0);
        return 1;
    }
    run->background[run->background_count++] = (sampled){hash, labelled_copy(document)};
    if (run->background_count == run->sample) {
        for (size_t i = run->background_count / 2; i-- > 0;) sift_down(run->background, run->background_count, i);
    }
    return 1;
}

static int compare_sampled(const void *left, const void *right) {
    const sampled *a = left, *b = right;
    return compare_bytes(a->document.id, b->document.id);
}

static int read_background(train_run *run) {
    char path[4096];
    char *files[] = {path};
    document_walk walk = {.format = run->options.format,
                          .names = run->options.names,
                          .input = run->options.input,
                          .take = take_background,
                          .context = run};
    if (!run->none) return EXIT_DONE;
    if ((size_t)snprintf(path, sizeof path, "%s", run->none) >= sizeof path) return EXIT_IO;
    run->background = tool_allocate((size_t)run->sample + 1, sizeof *run->background);
    const int status = walk_files(&walk, files, 1);
    qsort(run->background, run->background_count, sizeof *run->background, compare_sampled);
    if (run->background_count < run->sample) {
        console_error("%s has %zu documents without a label, fewer than --sample %" PRIu64, run->none,
                      run->background_count, run->sample);
    }
    return status;
}

/* ---- documents to features ---- */

static int add_document(train_run *run, const tocsin_document *document, training_document facts) {
    const tocsin_verdict *verdict;
    tocsin_error error = {0};
    if (tocsin_classify(run->scanner, document, &verdict, &error) != TOCSIN_OK) {
        console_error("%.*s: %s", (int)document->id.length, document->id.data, message_told(error.message));
        return 0;
    }
    training_add(&run->training, run->scanner, facts);
    return 1;
}

/* Adds the labels for training, by id, then the background. */
static int add_documents(train_run *run) {
    size_t clear[2] = {0, 0}, held = 0, unknown = 0;
    int done = 1;
    for (size_t i = 0; i < run->set.count && done; i++) {
        const labelled_document *d = &run->set.items[i];
        const target_answer answer = target_of(&run->target, d);
        const int open = target_is_open(&run->target, d);
        const int is_held = id_is_held(d->document.id, run->parts);
        held += (size_t)is_held;
        unknown += (size_t)(!is_held && answer == TARGET_UNKNOWN);
        if (is_held || answer == TARGET_UNKNOWN) continue;
        clear[answer == TARGET_YES] += (size_t)!open;
        done = add_document(run, &d->document, (training_document){d->document.id, answer == TARGET_YES, open, 0});
        if (i % 500 == 0) console_progress("%zu of %zu documents", i, run->set.count);
    }
    for (size_t i = 0; i < run->background_count && done; i++) {
        const tocsin_document *d = &run->background[i].document;
        done = add_document(run, d, (training_document){d->id, 0, 0, 1});
    }
    console_progress_end();
    if (!done) return EXIT_IO;
    if (unknown) console_error("%zu labels say nothing of clauses and are left out", unknown);
    if (held) console_error("%zu labelled documents are held out", held);
    if (clear[0] + run->background_count < FEWEST || clear[1] < FEWEST) {
        console_error("too few labels: %zu clear ones are of the target and %zu are not; each must be %d at least",
                      clear[1], clear[0] + run->background_count, FEWEST);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static uint64_t hash_labels(const train_run *run) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    for (size_t i = 0; i < run->set.count; i++) {
        const labelled_document *d = &run->set.items[i];
        if (id_is_held(d->document.id, run->parts)) continue;
        text_append(&text, d->document.id.data, d->document.id.length);
        text_printf(&text, "\t%d\t%llx", d->tier, (unsigned long long)d->accept);
        const size_t words = run->options.info->clause_count / 64 + 1;
        for (size_t w = 0; d->clauses && w < words; w++) {
            text_printf(&text, "\t%llx", (unsigned long long)d->clauses[w]);
        }
        text_puts(&text, "\n");
    }
    const uint64_t hash = id_hash((tocsin_bytes){text.data, text.length}, 0);
    tocsin_buffer_release(&text);
    return hash;
}

/* ---- options that need the plan ---- */

static int find_around(train_run *run) {
    const tocsin_plan_info *info = run->options.info;
    run->around_topics = tool_allocate(info->topic_count + 1, sizeof *run->around_topics);
    run->training.features.around = run->around_topics;
    for (const char *s = run->around; s && *s;) {
        const size_t length = strcspn(s, ",");
        size_t t;
        if (!tocsin_plan_find(info->plan, TOCSIN_PART_TOPIC, s, length, &t)) {
            return options_usage("train", "--around: \"%.*s\" is not a topic of the plan", (int)length, s);
        }
        if (run->training.features.around_count < info->topic_count) {
            run->around_topics[run->training.features.around_count++] = (uint32_t)t;
        }
        s += length + (s[length] == ',');
    }
    return EXIT_DONE;
}

static int find_target(train_run *run) {
    const tocsin_plan_info *info = run->options.info;
    if (!run->target_text) {
        (void)snprintf(run->default_target, sizeof run->default_target, "tier >= %s",
                       tocsin_plan_tier(info->plan, 0)->id);
        run->target_text = run->default_target;
    }
    const char *wrong = target_parse(run->target_text, info, &run->target);
    return wrong ? options_usage("train", "--target: %s", wrong) : EXIT_DONE;
}

static void warn_of_name(const train_run *run) {
    size_t index;
    if (tocsin_plan_find(run->plan, TOCSIN_PART_LEARNED, run->name, strlen(run->name), &index)) return;
    console_error("the plan has no learned weights called \"%s\" yet: add learned: {%s: {weights: FILE}}", run->name,
                  run->name);
}

static int prepare(train_run *run) {
    tocsin_error error = {0};
    plan_leave_weights();
    int status = plan_load(run->plan_path, 1, &run->plan);
    if (status != EXIT_DONE) return status;
    run->options.info = tocsin_plan_get_info(run->plan);
    run->training.plan = run->plan;
    run->training.features = (tocsin_feature_options)TOCSIN_FEATURE_OPTIONS_INIT;
    run->training.features.window = (uint32_t)run->window;
    status = find_target(run);
    if (status == EXIT_DONE) status = find_around(run);
    if (status != EXIT_DONE) return status;
    warn_of_name(run);
    const uint32_t quarters = (uint32_t)run->open_quarters, half = quarters % 2 == 0 ? 2 : 1;
    const uint32_t unit = quarters % 4 == 0 ? 4 : half;
    run->training.clear_repeats = 4 / unit;
    run->training.open_repeats = quarters / unit;
    run->training.settings = (learn_settings){run->cost / run->training.clear_repeats, (uint32_t)run->min_documents,
                                              (size_t)run->max_features};
    if (tocsin_scanner_create(run->plan, NULL, &run->scanner, &error) != TOCSIN_OK) {
        console_error("cannot start: %s", message_told(error.message));
        return EXIT_IO;
    }
    return EXIT_DONE;
}

static int write_weights(const train_run *run) {
    tocsin_buffer text;
    output *out = output_open(run->output_path);
    if (!out) return EXIT_IO;
    tocsin_buffer_init(&text, NULL);
    char *topics = tool_copy(run->around ? run->around : "");
    for (char *s = topics; *s; s++) {
        if (*s == ',') *s = '\t';
    }
    char holdout[32];
    (void)snprintf(holdout, sizeof holdout, "1/%" PRIu64, run->parts);
    training_write(&run->training, run->name, run->target_text, run->parts ? holdout : NULL, topics, hash_labels(run),
                   &text);
    output_status status = output_write(out, text.data, text.length);
    if (status == OUTPUT_OK) status = output_commit(out);
    output_close(out);
    tocsin_buffer_release(&text);
    tool_free(topics);
    return status == OUTPUT_OK ? EXIT_DONE : EXIT_IO;
}

static int print_report(train_run *run) {
    tocsin_buffer out;
    if (run->quiet) return EXIT_DONE;
    tocsin_buffer_init(&out, NULL);
    train_report(&run->training, &out);
    if (run->curve) train_report_curve(&run->training, &out);
    const int status = output_print(&out);
    tocsin_buffer_release(&out);
    return status;
}

static int worse(int a, int b) { return a > b ? a : b; }

static int train_labels(train_run *run) {
    int status = prepare(run), rejected = EXIT_DONE;
    if (status == EXIT_DONE) status = labelled_read(&run->set, &run->options, run->files, run->file_count);
    if (status != EXIT_DONE) return status;
    if (run->set.problems) {
        console_error("%zu labels are wrong: nothing is written", run->set.problems);
        return EXIT_USAGE;
    }
    if (run->set.rejected || run->set.missing) rejected = EXIT_REJECTED;
    status = read_background(run);
    if (status > EXIT_REJECTED) return status;
    rejected = worse(rejected, status);
    status = add_documents(run);
    if (status != EXIT_DONE) return status;
    training_deal(&run->training);
    const char *wrong = training_run(&run->training);
    if (wrong) {
        console_progress_end();
        console_error("%s", wrong);
        return EXIT_USAGE;
    }
    status = write_weights(run);
    if (status == EXIT_DONE) status = print_report(run);
    return worse(status, rejected);
}

/* ---- the command line ---- */

static int read_open(train_run *run, const option_parser *parser) {
    static const char *const ways[] = {"leave", "0.25", "0.5", "0.75", "1"};
    const int choice = options_choice(parser, "open", ways, sizeof ways / sizeof *ways);
    run->open_quarters = choice < 0 ? 0 : (uint64_t)choice;
    return choice >= 0;
}

static int read_bounded(const option_parser *parser, const char *option, uint64_t least, uint64_t most, uint64_t *out) {
    if (!options_natural(parser, option, out)) return 0;
    if (*out >= least && *out <= most) return 1;
    options_usage("train", "--%s is from %" PRIu64 " to %" PRIu64, option, least, most);
    return 0;
}

static int read_cost(train_run *run, const option_parser *parser) {
    char *end;
    run->cost = strtod(parser->value, &end);
    if (!*end && end != parser->value && run->cost >= 1e-6 && run->cost <= 1e6) return 1;
    options_usage("train", "--cost: \"%.100s\" is not a number from 0.000001 to 1000000", parser->value);
    return 0;
}

static int read_holdout(train_run *run, const option_parser *parser) {
    run->parts = id_hash_parts(parser->value);
    if (!run->parts)
        options_usage("train", "--holdout: \"%.100s\" is not one part of 2 to 1000, as 1/5", parser->value);
    return run->parts != 0;
}

static int take_option(train_run *run, option_parser *parser, int option) {
    switch (option) {
        case OPTION_OPERAND:
            if (run->name) {
                run->files[run->file_count++] = parser->argv[parser->at - 1];
            } else {
                run->name = parser->value;
            }
            return 1;
        case TRAIN_PLAN: run->plan_path = parser->value; return 1;
        case TRAIN_OUTPUT: run->output_path = parser->value; return 1;
        case TRAIN_LABELS: run->options.labels = parser->value; return 1;
        case TRAIN_TARGET: run->target_text = parser->value; return 1;
        case TRAIN_OPEN: return read_open(run, parser);
        case TRAIN_WINDOW: return read_bounded(parser, "window", 1, MOST_WINDOW, &run->window);
        case TRAIN_AROUND: run->around = parser->value; return 1;
        case TRAIN_NONE: run->none = parser->value; return 1;
        case TRAIN_SAMPLE: return read_bounded(parser, "sample", 1, 1000000, &run->sample);
        case TRAIN_HOLDOUT: return read_holdout(run, parser);
        case TRAIN_MIN_DOCUMENTS: return read_bounded(parser, "min-documents", 1, 1000000, &run->min_documents);
        case TRAIN_MAX_FEATURES: return read_bounded(parser, "max-features", 1, MOST_FEATURES, &run->max_features);
        case TRAIN_COST: return read_cost(run, parser);
        case TRAIN_CURVE: run->curve = 1; return 1;
        case TRAIN_QUIET: run->quiet = 1; return 1;
        default: return 0;
    }
}

static int check(const train_run *run) {
    if (!run->plan_path) return options_usage("train", "which plan? -p PLAN");
    if (!run->name) return options_usage("train", "what are the weights called? NAME");
    if (strpbrk(run->name, "\t\r\n")) return options_usage("train", "a name has no tabs and no line ends");
    if (!run->file_count) return options_usage("train", "which labelled documents? LABELLED…");
    if (!run->output_path || !strcmp(run->output_path, "-")) {
        return options_usage("train", "where do the weights go? -o FILE");
    }
    if ((run->window != 0) != (run->around != NULL)) return options_usage("train", "--window and --around go together");
    return EXIT_DONE;
}

static void release(train_run *run) {
    for (size_t i = 0; i < run->background_count; i++) labelled_free_copy(&run->background[i].document);
    tool_free(run->background);
    training_release(&run->training);
    labelled_release(&run->set);
    tool_free(run->around_topics);
    tocsin_scanner_free(run->scanner);
    tocsin_plan_release(run->plan);
    tool_free(run->files);
}

static int run_train(int argc, char **argv) {
    train_run run = {.open_quarters = 2,
                     .sample = 4000,
                     .min_documents = DEFAULT_DOCUMENTS,
                     .max_features = DEFAULT_FEATURES,
                     .cost = DEFAULT_COST,
                     .options = {.input = INPUT_OPTIONS_INIT}};
    option_parser parser;
    int option, status = EXIT_DONE;
    run.files = tool_allocate((size_t)argc + 1, sizeof *run.files);
    options_start(&parser, "train", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){&run.options.format, &run.options.names, &run.options.input.encoding});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE) status = check(&run);
    if (status == EXIT_DONE && !learn_is_possible()) {
        console_error("this tocsin was built without liblinear: it can use weights, but not train them");
        status = EXIT_USAGE;
    }
    if (status == EXIT_DONE) status = train_labels(&run);
    release(&run);
    return status;
}

const command train_command = {"train", help, run_train};
