/*
 * A small parser of options: getopt_long is not in POSIX, accepts abbreviations that a later option makes ambiguous,
 * and cannot suggest what was meant.
 */
#define _GNU_SOURCE /* setenv, tzset */

#include "program/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed/nearest_name.h"
#include "feed/text_decoder.h"
#include "program/console.h"
#include "program/message.h"
#include "program/plan_argument.h"

#define OPTIONS_MAX 40 /* options of one verb, help included */

enum {
    FEED_OPTION_FORMAT,
    FEED_OPTION_FIELD,
    FEED_OPTION_ENCODING,
    FEED_OPTION_SET,
    FEED_OPTION_SHAPE,
    FEED_OPTION_TIME_ZONE,
    FEED_OPTION_COLLECTED,
    FEED_OPTION_STRICT,
    FEED_OPTION_HTML,
    FEED_OPTION_RECORDS,
    FEED_OPTION_FURTHER,
    FEED_OPTIONS
};

static const option_spec feed_specs[FEED_OPTIONS] = {{"format", 0, OPTION_VALUE},
                                                     {"field", 0, OPTION_VALUES},
                                                     {"encoding", 0, OPTION_VALUE},
                                                     {"set", 0, OPTION_VALUES},
                                                     {"shape", 0, OPTION_VALUE},
                                                     {"time-zone", 0, OPTION_VALUE},
                                                     {"collected", 0, OPTION_VALUE},
                                                     {"strict", 0, 0},
                                                     {"html", 0, 0},
                                                     {"records", 0, OPTION_VALUE},
                                                     {"further", 0, OPTION_VALUE}};

void options_start(option_parser *parser, const char *verb, const option_spec *specs, size_t count, int argc,
                   char **argv) {
    *parser = (option_parser){.verb = verb, .specs = specs, .spec_count = count, .argc = argc, .argv = argv, .at = 1};
}

void options_read_feed(option_parser *parser, feed_targets targets) { parser->feed = targets; }

/* Whether the verb has that feed option. */
static int has_feed_option(const option_parser *parser, int option) {
    if (option == FEED_OPTION_FORMAT || option == FEED_OPTION_FURTHER) return parser->feed.format != NULL;
    return option == FEED_OPTION_ENCODING ? parser->feed.encoding != NULL : parser->feed.names != NULL;
}

/* First the verb's options, then those of feeds; NULL after the last, and for options that the verb does not have. */
static const option_spec *spec_at(const option_parser *parser, size_t i) {
    if (i < parser->spec_count) return &parser->specs[i];
    i -= parser->spec_count;
    return i < FEED_OPTIONS && has_feed_option(parser, (int)i) ? &feed_specs[i] : NULL;
}

int options_usage(const char *verb, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, message(format), arguments);
    va_end(arguments);
    console_error("%s%s%s", verb, *verb ? ": " : "", text);
    console_error("see: %s%s%s --help", console_get_program(), *verb ? " " : "", verb);
    return EXIT_USAGE;
}

static int wrong_name(const option_parser *parser, const char *name, size_t length) {
    const char *names[OPTIONS_MAX] = {"help"};
    size_t count = 1;
    for (size_t i = 0; i < parser->spec_count + FEED_OPTIONS && count < OPTIONS_MAX; i++) {
        const option_spec *spec = spec_at(parser, i);
        if (spec) names[count++] = spec->name;
    }
    const char *near = nearest_name(name, length, names, count);
    int shown = (int)(length < 200 ? length : 200);
    if (near) {
        options_usage(parser->verb, "there is no option --%.*s; did you mean --%s?", shown, name, near);
    } else {
        options_usage(parser->verb, "there is no option --%.*s", shown, name);
    }
    return OPTION_WRONG;
}

/* Takes the next word as the value. */
static int next_word(option_parser *parser, int index) {
    if (parser->at == parser->argc) {
        options_usage(parser->verb, "--%s needs a value", spec_at(parser, (size_t)index)->name);
        return OPTION_WRONG;
    }
    parser->value = parser->argv[parser->at++];
    return index;
}

static int long_option(option_parser *parser, const char *word) {
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    for (size_t i = 0; i < parser->spec_count + FEED_OPTIONS; i++) {
        const option_spec *spec = spec_at(parser, i);
        if (!spec || strlen(spec->name) != length || memcmp(spec->name, word, length) != 0) continue;
        if (spec->takes_value && !equals) return next_word(parser, (int)i);
        if (!spec->takes_value && equals) {
            options_usage(parser->verb, "--%s takes no value", spec->name);
            return OPTION_WRONG;
        }
        parser->value = equals ? equals + 1 : NULL;
        return (int)i;
    }
    return wrong_name(parser, word, length);
}

static int short_option(option_parser *parser) {
    char letter = *parser->letters++;
    const char *rest = *parser->letters ? parser->letters : NULL;
    parser->letters = rest;
    for (size_t i = 0; i < parser->spec_count; i++) {
        const option_spec *spec = &parser->specs[i];
        if (spec->letter != letter) continue;
        if (!spec->takes_value) return (int)i;
        if (!rest) return next_word(parser, (int)i);
        parser->value = rest;
        parser->letters = NULL;
        return (int)i;
    }
    options_usage(parser->verb, "there is no option -%c", letter);
    return OPTION_WRONG;
}

static int next_option(option_parser *parser) {
    parser->value = NULL;
    if (parser->letters) return short_option(parser);
    if (parser->at == parser->argc) return OPTION_END;
    const char *word = parser->argv[parser->at++];
    if (!parser->operands_only && !strcmp(word, "--")) {
        parser->operands_only = 1;
        return next_option(parser);
    }
    if (parser->operands_only || word[0] != '-' || !word[1]) {
        parser->value = word;
        return OPTION_OPERAND;
    }
    if (word[1] == '-') return long_option(parser, word + 2);
    parser->letters = word + 1;
    return short_option(parser);
}

/* 0 after a message. */
static int note_seen(option_parser *parser, int index) {
    const option_spec *spec = spec_at(parser, (size_t)index);
    const size_t own = (size_t)index < parser->spec_count ? (size_t)index : (size_t)index - parser->spec_count;
    uint64_t *seen = (size_t)index < parser->spec_count ? &parser->seen : &parser->feed_seen;
    if (spec->takes_value == OPTION_VALUE && *seen >> own & 1) {
        options_usage(parser->verb, "--%s is given twice", spec->name);
        return 0;
    }
    *seen |= UINT64_C(1) << own;
    return 1;
}

/* For an unknown name, tzset silently uses UTC. */
static int is_known_zone(const char *name) {
    static const char *const short_names[] = {"UTC", "GMT", "EST", "MST", "HST", "CET", "EET", "MET", "WET"};
    const size_t letters = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++) {
        if (!strcmp(name, short_names[i])) return 1;
    }
    return letters && (strlen(tzname[0]) != letters || strncmp(tzname[0], name, letters) != 0);
}

/* The time zone belongs to the process: it is set through TZ, and times are also printed in it. */
static const char *set_time_zone(const char *name) {
    char posix[64] = "";
    int hours, minutes = 0, used = 0;
    char sign;
    const int is_offset = (sscanf(name, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) == 3 && !name[used]) ||
                          (sscanf(name, "%c%2d%2d%n", &sign, &hours, &minutes, &used) == 3 && !name[used]);
    if (is_offset) {
        if (!strchr("+-", sign) || hours > 14 || minutes > 59 || hours < 0 || minutes < 0) return "is not a time zone";
        (void)snprintf(posix, sizeof posix, "<%c%02d%02d>%c%02d:%02d", sign, hours, minutes, sign == '+' ? '-' : '+',
                       hours, minutes);
    }
    if (!strcmp(name, "Z")) name = "UTC";
    if (setenv("TZ", is_offset ? posix : name, 1)) return "cannot be set";
    tzset();
    return is_offset || is_known_zone(name) ? NULL : "is not a time zone: write +08:00, or a name as Asia/Shanghai";
}

/* 0 after a message. */
static int take_feed_option(option_parser *parser, int option) {
    static const char *const formats[] = {"ndjson", "json", "csv", "tsv", "text"};
    static const feed_format chosen[] = {FEED_NDJSON, FEED_JSON, FEED_CSV, FEED_TSV, FEED_TEXT};
    feed_names *names = parser->feed.names;
    const char *wrong = NULL;
    switch (option) {
        case FEED_OPTION_FORMAT: {
            const int choice = options_choice(parser, "format", formats, 5);
            if (choice >= 0) *parser->feed.format = chosen[choice];
            return choice >= 0;
        }
        case FEED_OPTION_ENCODING: return options_encoding(parser, parser->feed.encoding);
        case FEED_OPTION_FIELD: wrong = feed_names_set(names, parser->value); break;
        case FEED_OPTION_SET: wrong = feed_names_set_constant(names, parser->value); break;
        case FEED_OPTION_SHAPE: wrong = feed_names_set_shape(names, parser->value); break;
        case FEED_OPTION_TIME_ZONE: wrong = set_time_zone(parser->value); break;
        case FEED_OPTION_COLLECTED: names->names[FIELD_COLLECTED] = parser->value; break;
        case FEED_OPTION_RECORDS: wrong = feed_names_set_records(names, parser->value); break;
        case FEED_OPTION_FURTHER: wrong = feed_names_set_further(names, parser->value); break;
        case FEED_OPTION_STRICT: names->strict = 1; break;
        default: names->html = 1;
    }
    if (wrong) options_usage(parser->verb, "--%s %s: %s", feed_specs[option].name, parser->value, message_told(wrong));
    return !wrong;
}

int options_next(option_parser *parser) {
    for (;;) {
        const int option = next_option(parser);
        if (option < 0) return option;
        if (!note_seen(parser, option)) return OPTION_WRONG;
        if ((size_t)option < parser->spec_count) return option;
        if (!take_feed_option(parser, option - (int)parser->spec_count)) return OPTION_WRONG;
    }
}

int options_choice(const option_parser *parser, const char *option, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(parser->value, names[i])) return (int)i;
    }
    const char *near = nearest_name(parser->value, strlen(parser->value), names, count);
    if (near) {
        options_usage(parser->verb, "--%s: \"%.100s\" is not known; did you mean %s?", option, parser->value, near);
    } else {
        char known[256] = "";
        for (size_t i = 0, used = 0; i < count && used < sizeof known; i++) {
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", names[i]);
        }
        options_usage(parser->verb, "--%s: \"%.100s\" is not one of %s", option, parser->value, known);
    }
    return -1;
}

int options_natural(const option_parser *parser, const char *option, uint64_t *number) {
    uint64_t value = 0;
    const char *s = parser->value;
    for (; *s >= '0' && *s <= '9'; s++) {
        uint64_t digit = (uint64_t)(*s - '0');
        if (value > (UINT64_MAX - digit) / 10) break;
        value = value * 10 + digit;
    }
    if (*s || s == parser->value) {
        options_usage(parser->verb, "--%s: \"%.100s\" is not a whole number from 0 to %llu", option, parser->value,
                      (unsigned long long)UINT64_MAX);
        return 0;
    }
    *number = value;
    return 1;
}

int options_encoding(const option_parser *parser, const char **encoding) {
    if (text_decoder_known(parser->value)) {
        *encoding = parser->value;
        return 1;
    }
    const char *near = text_decoder_nearest(parser->value);
    options_usage(parser->verb, "--encoding: \"%.100s\" is not known%s%s%s", parser->value,
                  near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    return 0;
}
