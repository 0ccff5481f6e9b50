/*
 * A small parser of its own: getopt_long is no part of POSIX, takes shortened names that a later option makes
 * ambiguous, and cannot say what was meant.
 */
#include "program/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "feed/nearest_name.h"
#include "feed/text_decoder.h"
#include "program/console.h"
#include "program/message.h"
#include "program/plan_argument.h"

#define OPTIONS_MAX 24 /* of one verb, help included */

void options_start(option_parser *parser, const char *verb, const option_spec *specs, size_t count, int argc,
                   char **argv) {
    *parser = (option_parser){verb, specs, count, argc, argv, 1, NULL, 0, NULL};
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
    for (size_t i = 0; i < parser->spec_count && count < OPTIONS_MAX; i++) names[count++] = parser->specs[i].name;
    const char *near = nearest_name(name, length, names, count);
    int shown = (int)(length < 200 ? length : 200);
    if (near) {
        options_usage(parser->verb, "there is no option --%.*s; did you mean --%s?", shown, name, near);
    } else {
        options_usage(parser->verb, "there is no option --%.*s", shown, name);
    }
    return OPTION_WRONG;
}

/* The value that stands in the next word. */
static int next_word(option_parser *parser, int index) {
    if (parser->at == parser->argc) {
        options_usage(parser->verb, "--%s needs a value", parser->specs[index].name);
        return OPTION_WRONG;
    }
    parser->value = parser->argv[parser->at++];
    return index;
}

static int long_option(option_parser *parser, const char *word) {
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    for (size_t i = 0; i < parser->spec_count; i++) {
        const option_spec *spec = &parser->specs[i];
        if (strlen(spec->name) != length || memcmp(spec->name, word, length)) continue;
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

int options_next(option_parser *parser) {
    parser->value = NULL;
    if (parser->letters) return short_option(parser);
    if (parser->at == parser->argc) return OPTION_END;
    const char *word = parser->argv[parser->at++];
    if (!parser->operands_only && !strcmp(word, "--")) {
        parser->operands_only = 1;
        return options_next(parser);
    }
    if (parser->operands_only || word[0] != '-' || !word[1]) {
        parser->value = word;
        return OPTION_OPERAND;
    }
    if (word[1] == '-') return long_option(parser, word + 2);
    parser->letters = word + 1;
    return short_option(parser);
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

int options_field(const option_parser *parser, feed_names *names) {
    const char *wrong = feed_names_set(names, parser->value);
    if (wrong) options_usage(parser->verb, "--field %s: %s", parser->value, wrong);
    return !wrong;
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
