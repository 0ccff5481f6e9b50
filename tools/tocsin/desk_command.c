/* tocsin desk: people's decisions about incidents, and views of incidents, in a terminal. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tocsin/document.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "store/desk_store.h"
#include "tocsin/command.h"

#define WAIT_SECONDS 30 /* the wait for another program's transaction */
#define LIST_LIMIT 50
#define LINE_BYTES 120 /* of a text that is shown on one line */

static const char help[] =
    "usage: tocsin desk --db FILE [OPTION…] ACTION [ID [ARGUMENT…]]\n"
    "\n"
    "Shows incidents and records people's decisions about them: who, when, what. Decisions are never changed later; a\n"
    "watcher and tocsin notify see them within a second. ID is the permanent number of an incident.\n"
    "\n"
    "  list                  incidents that are open or acknowledged, the highest tier first\n"
    "  show ID               everything about one: sheet, events, decisions, messages, posts\n"
    "  labels                posts of false alarms and of corrected tiers, as labelled documents for train and score\n"
    "  ack ID                somebody works on it: reminders end. Revokes close and false-alarm\n"
    "  assign ID NAME        give it to a person\n"
    "  close ID [WHY]        nothing more has to be done\n"
    "  false-alarm ID [WHY]  no messages about it until it has ten times the posts, or another tier\n"
    "  merge ID INTO         show it as a part of another one; split ID undoes this\n"
    "  split ID POST…        make a new incident of posts (ids) that the tracker put into the wrong one\n"
    "  note ID TEXT          TEXT - is read from standard input, also for WHY and VALUE\n"
    "  set ID FIELD=VALUE…   fields of the handling sheet: link unit person stage responsible deadline verified\n"
    "                        instruction answer result answered briefing approved; tier=ID corrects the tier\n"
    "  fill FILE             sheets that report --sheets --format json printed and people filled in; - is standard "
    "input\n"
    "\n"
    "      --db FILE         the database\n"
    "      --by WHO          the person who decides (for all actions except list, show and labels)\n"
    "      --state NAME      list: open, acknowledged, closed, false_alarm, all\n"
    "      --tier NAME       list: only this tier, by its name or id\n"
    "      --limit N         list: at most N incidents (default 50)\n"
    "      --json            list and show: JSON\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage, or an impossible action; 3 the database or the output failed.\n"
    "\n"
    "  tocsin desk --db incidents.db ack 12 --by 王敏\n"
    "  tocsin desk --db incidents.db set 12 verified=8分钟到场 answer=10:40已发布 --by 王敏\n";

enum {
    OPTION_DB,
    OPTION_BY,
    OPTION_STATE,
    OPTION_TIER,
    OPTION_LIMIT,
    OPTION_JSON
};

static const option_spec specs[] = {{"db", 0, 1},   {"by", 0, 1},    {"state", 0, 1},
                                    {"tier", 0, 1}, {"limit", 0, 1}, {"json", 0, 0}};

static const char *const states[] = {"open", "acknowledged", "closed", "false_alarm", "all"};

typedef struct desk_run {
    const char *database, *by;
    desk_filter filter;
    int json;
    char **words; /* the operands: the verb, the incident, and the rest */
    int count;
    int64_t id;
    tocsin_buffer typed; /* the content of standard input */
    database db;
} desk_run;

typedef struct desk_verb {
    const char *name;
    int kind;        /* -1: it decides nothing; DESK_KIND_COUNT: a file decides */
    int least, most; /* operands after the verb */
} desk_verb;

static const desk_verb verbs[] = {{"list", -1, 0, 0},
                                  {"show", -1, 1, 1},
                                  {"labels", -1, 0, 0},
                                  {"ack", DESK_ACKNOWLEDGE, 1, 1},
                                  {"assign", DESK_ASSIGN, 2, 2},
                                  {"close", DESK_CLOSE, 1, 2},
                                  {"false-alarm", DESK_FALSE_ALARM, 1, 2},
                                  {"merge", DESK_MERGE, 2, 2},
                                  {"split", DESK_SPLIT, 1, INT32_MAX},
                                  {"note", DESK_NOTE, 2, 2},
                                  {"set", DESK_SET, 2, INT32_MAX},
                                  {"fill", DESK_KIND_COUNT, 1, 1}};

static void put_time(tocsin_buffer *out, int64_t milliseconds) {
    struct tm parts;
    char text[32] = "-";
    if (tool_local_time(milliseconds, &parts)) {
        strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
    }
    text_printf(out, "%-16s", text);
}

/* Writes one line of text, with control characters made visible. */
static void put_line(tocsin_buffer *out, const char *text) {
    const size_t length = strlen(text);
    const size_t shown = utf8_cut(text, length, LINE_BYTES);
    utf8_append_visible(out, text, shown, 0);
    if (shown < length) text_puts(out, "…");
}

static const char *state_text(const char *state) {
    if (!strcmp(state, "open")) return message("open");
    if (!strcmp(state, "acknowledged")) return message("acknowledged");
    return strcmp(state, "closed") ? message("false alarm") : message("closed");
}

static const char *part_text(desk_part part) {
    switch (part) {
        case DESK_PART_SHEET: return message("sheet");
        case DESK_PART_EVENTS: return message("events");
        case DESK_PART_ACTIONS: return message("decisions");
        case DESK_PART_TOLD: return message("messages");
        default: return message("latest posts");
    }
}

/* Words for the database's names of events, decisions and messages; other names are unchanged. */
static const char *word_text(const char *word) {
    const char *const words[][2] = {{"began", message("began")},
                                    {"returned", message("returned")},
                                    {"tier", message("tier rose")},
                                    {"clause", message("clause added")},
                                    {"attention", message("attention rose")},
                                    {"merged", message("merged")},
                                    {"outgrown", message("outgrew a false alarm")},
                                    {"answered", message("answered")},
                                    {"refuted", message("refuted")},
                                    {"doubted", message("doubted")},
                                    {"acknowledge", message("acknowledged")},
                                    {"assign", message("assigned")},
                                    {"close", message("closed")},
                                    {"false_alarm", message("false alarm")},
                                    {"merge", message("merged into")},
                                    {"split", message("split off")},
                                    {"note", message("note")},
                                    {"set", message("filled in")},
                                    {"sent", message("sent")},
                                    {"dead", message("not delivered")},
                                    {"waiting", message("waiting")},
                                    {"sending", message("being sent")},
                                    {"dropped", message("dropped")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!strcmp(words[i][0], word)) return words[i][1];
    }
    return word;
}

static void put_incident(tocsin_buffer *out, const desk_incident *i) {
    text_printf(out, "%6" PRId64 "  ", i->id);
    put_line(out, messages_are_english() ? i->tier_name_en : i->tier_name);
    text_printf(out, "  %s", state_text(i->state));
    if (i->by[0]) {
        text_puts(out, " (");
        put_line(out, i->by);
        text_puts(out, ")");
    }
    if (i->assigned[0]) {
        text_puts(out, " → ");
        put_line(out, i->assigned);
    }
    text_puts(out, "  ");
    text_printf(out, message("%" PRId64 " posts, reach %" PRId64 ", %" PRId64 " new events"), i->posts, i->reach,
                i->news);
    text_puts(out, "  ");
    put_time(out, i->last_time);
    text_puts(out, "  ");
    put_line(out, i->about);
    text_puts(out, "\n");
}

static int list(desk_run *run, tocsin_buffer *out) {
    desk_list found;
    if (run->filter.tier && !desk_has_tier(&run->db, run->filter.tier)) {
        console_error("%s: the plan has no %s \"%.100s\"", run->database, "tier", run->filter.tier);
        return EXIT_USAGE;
    }
    if (!desk_list_read(&run->db, &run->filter, &found)) return EXIT_IO;
    for (size_t i = 0; i < found.count; i++) {
        if (run->json) {
            desk_append_json(out, &found.items[i]);
        } else {
            put_incident(out, &found.items[i]);
        }
    }
    if (found.matching > (int64_t)found.count) {
        console_error("%" PRId64 " more; --limit shows more", found.matching - (int64_t)found.count);
    }
    desk_list_release(&found);
    return EXIT_DONE;
}

typedef struct shown_part {
    tocsin_buffer *out;
    desk_part part;
} shown_part;

static void put_row(void *context, int64_t time, const char *a, const char *b, const char *c) {
    const shown_part *shown = context;
    tocsin_buffer *out = shown->out;
    const int is_told = shown->part == DESK_PART_TOLD;
    const int is_word = shown->part == DESK_PART_EVENTS || shown->part == DESK_PART_ACTIONS;
    text_puts(out, "  ");
    put_time(out, time);
    const char *const words[] = {is_word ? word_text(a) : a, is_told ? word_text(b) : b, is_told ? message_told(c) : c};
    for (size_t i = 0; i < 3; i++) {
        text_puts(out, "  ");
        put_line(out, words[i]);
    }
    text_puts(out, "\n");
}

static int show(desk_run *run, tocsin_buffer *out) {
    desk_list found;
    run->filter = (desk_filter){.state = "all", .incident = run->id};
    if (!desk_list_read(&run->db, &run->filter, &found)) return EXIT_IO;
    const int64_t id = found.count ? found.items[0].id : 0;
    if (id && run->json) {
        desk_show_json(&run->db, id, out);
    } else if (id) {
        put_incident(out, &found.items[0]);
        for (int part = 0; part < DESK_PART_COUNT; part++) {
            text_printf(out, "%s\n", part_text((desk_part)part));
            desk_part_read(&run->db, (desk_part)part, id, put_row, &(shown_part){out, (desk_part)part});
        }
    } else {
        console_error("%s: there is no incident %" PRId64, run->database, run->id);
    }
    desk_list_release(&found);
    return id ? EXIT_DONE : EXIT_USAGE;
}

static int labels(desk_run *run, tocsin_buffer *out) {
    int64_t count, without;
    if (!desk_labels_read(&run->db, out, &count, &without)) return EXIT_IO;
    console_error("%" PRId64 " labelled posts; %" PRId64 " without text, which watch keeps with --keep-text", count,
                  without);
    return EXIT_DONE;
}

/* An operand, or all of standard input for "-". */
static const char *text_of(desk_run *run, const char *word) {
    char block[4096];
    size_t length;
    if (strcmp(word, "-") != 0) return word;
    while ((length = fread(block, 1, sizeof block, stdin))) text_append(&run->typed, block, length);
    text_puts(&run->typed, "");
    while (run->typed.length && run->typed.data[run->typed.length - 1] == '\n') {
        run->typed.data[--run->typed.length] = '\0';
    }
    return run->typed.length ? run->typed.data : "";
}

static int decide(desk_run *run, const desk_action *action) {
    int64_t number;
    switch (desk_add(&run->db, action, &number)) {
        case DESK_DONE:
        case DESK_REPEATED: return EXIT_DONE;
        case DESK_REFUSED: console_error("desk: %s", message_told(run->db.problem)); return EXIT_USAGE;
        default: return EXIT_IO;
    }
}

/* Sets each FIELD=VALUE; if one is wrong, the earlier ones stay set, and that is reported. */
static int set_fields(desk_run *run, desk_action *action) {
    int status = EXIT_DONE;
    for (int i = 2; i < run->count && status == EXIT_DONE; i++) {
        char *field = tool_copy(run->words[i]);
        char *equals = strchr(field, '=');
        if (equals) {
            *equals = '\0';
            action->field = field;
            action->detail = text_of(run, equals + 1);
            status = decide(run, action);
        } else {
            status = options_usage("desk", "set takes FIELD=VALUE, not \"%.100s\"", field);
        }
        if (status != EXIT_DONE && i > 2) console_error("desk: %d fields before that one are set", i - 2);
        tool_free(field);
    }
    return status;
}

static int take_id(const char *word, int64_t *id) {
    *id = 0;
    for (const char *c = word; *c; c++) {
        if (*c < '0' || *c > '9' || *id > INT64_MAX / 10 - 1) return 0;
        *id = *id * 10 + (*c - '0');
    }
    return *id > 0;
}

/* All of the file; 0 after a message. */
static int read_file(const char *path, tocsin_buffer *into) {
    char block[4096];
    size_t length;
    FILE *file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    if (file) {
        while ((length = fread(block, 1, sizeof block, file))) text_append(into, block, length);
    }
    const int good = file && !ferror(file);
    if (!good) console_error("%s: cannot be read: %s", path, strerror(errno));
    if (file && file != stdin) fclose(file);
    text_puts(into, "");
    return good;
}

static int fill(desk_run *run) {
    int64_t set = 0;
    if (!read_file(run->words[1], &run->typed)) return EXIT_IO;
    const desk_result result = desk_fill(&run->db, run->typed.data ? run->typed.data : "", run->by, &set);
    if (result == DESK_REFUSED) {
        console_error("desk: %s: %s", run->words[1], message_told(run->db.problem));
        return EXIT_USAGE;
    }
    if (result == DESK_DONE) console_error("%" PRId64 " fields are set", set);
    return result == DESK_DONE ? EXIT_DONE : EXIT_IO;
}

static int act(desk_run *run, const desk_verb *verb) {
    if (verb->kind == DESK_KIND_COUNT) return fill(run);
    desk_action action = {.kind = (desk_kind)verb->kind, .incident = run->id, .who = run->by};
    if (action.kind == DESK_SET) return set_fields(run, &action);
    if (action.kind == DESK_MERGE && !take_id(run->words[2], &action.other)) {
        return options_usage("desk", "\"%.100s\" is not the number of an incident", run->words[2]);
    }
    if (action.kind == DESK_SPLIT && run->count > 2) {
        for (int i = 2; i < run->count; i++) text_printf(&run->typed, "%s\n", run->words[i]);
        action.detail = run->typed.data;
    } else if (action.kind != DESK_MERGE && run->count > 2)
        action.detail = text_of(run, run->words[2]);
    return decide(run, &action);
}

static int run_verb(desk_run *run, const desk_verb *verb) {
    tocsin_buffer out;
    int status;
    tocsin_buffer_init(&out, NULL);
    if (verb->kind >= 0) {
        status = act(run, verb);
    } else if (!strcmp(verb->name, "list")) {
        status = list(run, &out);
    } else {
        status = strcmp(verb->name, "show") ? labels(run, &out) : show(run, &out);
    }
    if (run->db.failed) {
        console_error("%s: %s", run->database, message_told(run->db.problem));
        status = EXIT_IO;
    }
    if (status == EXIT_DONE && out.length) status = output_print(&out);
    tocsin_buffer_release(&out);
    return status;
}

/* Another program has a transaction open: reports it once and waits. */
static int waiting(void *context, double seconds) {
    const desk_run *run = context;
    if ((int)seconds == 2) console_error("%s: another program holds the database; waiting", run->database);
    return seconds < WAIT_SECONDS;
}

static int open_and_run(desk_run *run, const desk_verb *verb) {
    int status = EXIT_IO;
    const int opened = database_open(&run->db, run->database, verb->kind < 0 ? DATABASE_READ : DATABASE_ACT);
    database_set_waiting(&run->db, waiting, run);
    if (opened) {
        status = run_verb(run, verb);
    } else {
        console_error("%s: %s", run->database, message_told(run->db.problem));
    }
    database_close(&run->db);
    return status;
}

static const desk_verb *find_verb(const desk_run *run) {
    for (size_t i = 0; run->count && i < sizeof verbs / sizeof *verbs; i++) {
        if (!strcmp(run->words[0], verbs[i].name)) return &verbs[i];
    }
    return NULL;
}

static int start(desk_run *run) {
    const desk_verb *verb = find_verb(run);
    if (!run->database) return options_usage("desk", "which database? --db FILE");
    if (!run->count) return options_usage("desk", "what is to be done? list, show, ack, …");
    if (!verb) return options_usage("desk", "\"%.100s\" is not an action of desk", run->words[0]);
    if (run->count - 1 < verb->least || run->count - 1 > verb->most) {
        return options_usage("desk", "%s: wrong number of arguments", verb->name);
    }
    if (verb->least && verb->kind != DESK_KIND_COUNT && !take_id(run->words[1], &run->id)) {
        return options_usage("desk", "\"%.100s\" is not the number of an incident", run->words[1]);
    }
    if (verb->kind >= 0 && !run->by) return options_usage("desk", "%s: who decides? --by WHO", verb->name);
    return open_and_run(run, verb);
}

static int take_option(desk_run *run, option_parser *parser, int option) {
    uint64_t number;
    int choice;
    switch (option) {
        case OPTION_OPERAND: run->words[run->count++] = parser->argv[parser->at - 1]; return 1;
        case OPTION_DB: run->database = parser->value; return 1;
        case OPTION_BY: run->by = parser->value; return 1;
        case OPTION_STATE:
            choice = options_choice(parser, "state", states, sizeof states / sizeof *states);
            if (choice >= 0) run->filter.state = states[choice];
            return choice >= 0;
        case OPTION_TIER: run->filter.tier = parser->value; return 1;
        case OPTION_LIMIT:
            if (!options_natural(parser, "limit", &number)) return 0;
            run->filter.limit = number > INT64_MAX ? INT64_MAX : (int64_t)number;
            return 1;
        case OPTION_JSON: run->json = 1; return 1;
        default: return 0;
    }
}

static int run_desk(int argc, char **argv) {
    desk_run run = {.filter = {.limit = LIST_LIMIT}};
    option_parser parser;
    int option, status = EXIT_DONE;
    tzset();
    run.words = tool_allocate((size_t)argc + 1, sizeof *run.words);
    tocsin_buffer_init(&run.typed, NULL);
    options_start(&parser, "desk", specs, sizeof specs / sizeof *specs, argc, argv);
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE) status = start(&run);
    tocsin_buffer_release(&run.typed);
    tool_free(run.words);
    return status;
}

const command desk_command = {"desk", help, run_desk};
