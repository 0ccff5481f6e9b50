/*
 * The file is read as a whole, and every problem in it is reported, not only the first; the content of a secret file is
 * never printed.
 */
#include "notify/notify_config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/nearest_name.h"
#include "feed/span_parse.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"

#define MOST_FILE 1048576
#define LONGEST_SPAN INT64_C(3600000000000) /* a million hours */

static const char *const kind_names[CHANNEL_KIND_COUNT] = {"webhook", "wecom", "dingtalk", "feishu", "smtp", "command"};
static const int64_t per_minute[CHANNEL_KIND_COUNT] = {0, 20, 20, 100, 0, 0};
/* The limits of the services, minus the text around the message. */
static const size_t most_bytes[CHANNEL_KIND_COUNT] = {60000, 4096, 19000, 19000, 500000, 500000};

static const char *const template_names[] = {"title", "text",     "incident", "number",  "tier", "kind",
                                             "url",   "delivery", "repeat",   "channel", NULL};

static const char *const keys[] = {
    "type",        "url",   "url-file", "secret-file", "user",         "password-file", "header-file", "template-file",
    "ca-file",     "from",  "to",       "command",     "routes",       "tiers",         "events",      "quiet-except",
    "tls",         "send",  "quiet",    "digest",      "update-every", "remind",        "escalate",    "escalate-to",
    "remind-most", "retry", "attempts", "per-minute",  "timeout",      "content-type"};
#define KEY_COUNT (sizeof keys / sizeof *keys)

typedef struct reading {
    const char *path;
    uint64_t line;
    int wrong;
    notify_config *config;
} reading;

static void complain(reading *r, uint64_t line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void complain(reading *r, uint64_t line, const char *format, ...) {
    tocsin_buffer out;
    va_list arguments;
    tocsin_buffer_init(&out, NULL);
    va_start(arguments, format);
    text_vprintf(&out, format, arguments);
    va_end(arguments);
    console_line("%s:%" PRIu64 ": %s", r->path, line, message_told(out.data));
    tocsin_buffer_release(&out);
    r->wrong = 1;
}

static char *read_whole(reading *r, const char *path) {
    tocsin_buffer out;
    char block[4096];
    size_t length;
    tocsin_buffer_init(&out, NULL);
    FILE *file = fopen(path, "re");
    if (!file) complain(r, r->line, "%s: %s", path, strerror(errno));
    while (file && out.length < MOST_FILE && (length = fread(block, 1, sizeof block, file))) {
        text_append(&out, block, length);
    }
    if (file && ferror(file)) complain(r, r->line, "%s: %s", path, strerror(errno));
    if (file) fclose(file);
    char *text = tool_copy(out.length ? out.data : "");
    tocsin_buffer_release(&out);
    return text;
}

static char *trim(char *text) {
    char *end = text + strlen(text);
    while (end > text && strchr(" \t\r\n", end[-1])) *--end = '\0';
    return text + strspn(text, " \t");
}

/* The first line of a file. */
static char *read_secret(reading *r, const char *path) {
    char *whole = read_whole(r, path);
    whole[strcspn(whole, "\r\n")] = '\0';
    char *secret = tool_copy(trim(whole));
    if (!*secret && !r->wrong) complain(r, r->line, "%s: its first line is empty", path);
    tool_free(whole);
    return secret;
}

static char *read_list(const char *value) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    text_puts(&out, ",");
    for (const char *c = value; *c; c++) {
        if (*c != ' ' && *c != '\t') text_append(&out, c, 1);
    }
    text_puts(&out, ",");
    char *list = tool_copy(out.data);
    tocsin_buffer_release(&out);
    return list;
}

int notify_list_has(const char *list, const char *name) {
    const size_t length = strlen(name);
    if (!*list) return 1;
    for (const char *c = list; (c = strchr(c, ',')) && c[1]; c++) {
        if (!strncmp(c + 1, name, length) && c[1 + length] == ',') return 1;
    }
    return 0;
}

int notify_list_next(const char **list, char *name, size_t size) {
    const char *at = *list + (**list == ',');
    const size_t length = strcspn(at, ",");
    if (!*at) return 0;
    snprintf(name, size, "%.*s", (int)utf8_cut(at, length, size - 1), at);
    *list = at + length;
    return 1;
}

/* HH:MM as a minute of the day; *end is after it. -1 if it is none. */
static int minute_of(const char *text, const char **end) {
    int hour = 0, minute = 0, used = 0;
    if (sscanf(text, " %2d:%2d%n", &hour, &minute, &used) != 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return -1;
    }
    *end = text + used;
    return hour * 60 + minute;
}

static void take_quiet(reading *r, notify_channel *c, const char *value) {
    const char *end = "";
    c->quiet_from = minute_of(value, &end);
    c->quiet_until = c->quiet_from >= 0 && *end == '-' ? minute_of(end + 1, &end) : -1;
    if (c->quiet_until >= 0 && !*end) return;
    c->quiet_from = c->quiet_until = 0;
    complain(r, r->line, "quiet is two times of day, as 22:00-07:00, not \"%.40s\"", value);
}

static void take_digests(reading *r, notify_channel *c, const char *value) {
    const char *end = value;
    for (c->digest_count = 0; c->digest_count < CHANNEL_TIMES; end++) {
        const int minute = minute_of(end, &end);
        if (minute < 0) break;
        c->digests[c->digest_count++] = minute;
        if (!*end) return;
        if (*end != ',') break;
    }
    complain(r, r->line, "digest is up to %d times of day, as 10:00,16:00,21:00, not \"%.60s\"", CHANNEL_TIMES, value);
}

static int64_t take_number(reading *r, const char *key, const char *value, int64_t least, int64_t most) {
    long long number = 0;
    int used = 0;
    if (sscanf(value, "%9lld%n", &number, &used) == 1 && !value[used] && number >= least && number <= most) {
        return number;
    }
    complain(r, r->line, "%s is a number from %" PRId64 " to %" PRId64 ", not \"%.40s\"", key, least, most, value);
    return least;
}

/* 30s, 15m, 2h, in milliseconds; 0 means never. */
static int64_t take_span(reading *r, const char *key, const char *value) {
    const int64_t span = span_parse(value, "smh", LONGEST_SPAN);
    if (!span && strcmp(value, "0") != 0)
        complain(r, r->line, "%s is a span as 30s, 15m or 2h, not \"%.40s\"", key, value);
    return span;
}

/* The existing events; a channel that names another one would receive nothing, and nobody would notice. */
static void check_events(reading *r, const char *list) {
    static const char known[] = ",began,returned,tier,attention,outgrown,clause,merged,answered,refuted,doubted,";
    char name[41];
    while (notify_list_next(&list, name, sizeof name)) {
        if (*name && notify_list_has(known, name)) continue;
        complain(r, r->line,
                 "there is no event \"%s\": began, returned, tier, attention, outgrown, clause, merged,"
                 " answered, refuted, doubted",
                 name);
    }
}

static void check_template(reading *r, const char *path, const char *text) {
    uint64_t line = 1;
    const char *start = text;
    if (!text[strspn(text, " \t\r\n")]) {
        console_line("%s: it is empty", path);
        r->wrong = 1;
    }
    for (const char *c = text; *c; c++) {
        if (*c == '\n') {
            line++;
            start = c + 1;
        }
        if (strncmp(c, "{{", 2) != 0) continue;
        const char *end = strstr(c, "}}");
        const size_t length = end ? (size_t)(end - c - 2) : 0;
        size_t i = 0;
        while (template_names[i] &&
               (strlen(template_names[i]) != length || strncmp(template_names[i], c + 2, length) != 0)) {
            i++;
        }
        if (template_names[i]) continue;
        console_line("%s:%" PRIu64 ":%zu: there is no {{%.*s}}", path, line, (size_t)(c - start) + 1,
                     (int)(length < 40 ? length : 40), c + 2);
        r->wrong = 1;
    }
}

static void set(char **place, char *text) {
    tool_free(*place);
    *place = text;
}

static void take_kind(reading *r, notify_channel *c, const char *value) {
    int kind = 0;
    while (kind < CHANNEL_KIND_COUNT && strcmp(kind_names[kind], value) != 0) kind++;
    if (kind == CHANNEL_KIND_COUNT) {
        complain(r, r->line, "there is no type \"%.40s\": webhook, wecom, dingtalk, feishu, smtp, command", value);
        return;
    }
    c->kind = (channel_kind)kind;
    c->per_minute = per_minute[kind];
    c->most_bytes = most_bytes[kind];
}

static void take_words(reading *r, notify_channel *c, const char *key, const char *value) {
    if (!strcmp(key, "url")) set(&c->url, tool_copy(value));
    if (!strcmp(key, "user")) set(&c->user, tool_copy(value));
    if (!strcmp(key, "ca-file")) set(&c->ca_file, tool_copy(value));
    if (!strcmp(key, "from")) set(&c->from, tool_copy(value));
    if (!strcmp(key, "command")) set(&c->command, tool_copy(value));
    if (!strcmp(key, "escalate-to")) set(&c->escalate_to, tool_copy(value));
    if (!strcmp(key, "content-type")) set(&c->content_type, tool_copy(value));
    if (!strcmp(key, "to")) set(&c->to, read_list(value));
    if (!strcmp(key, "routes")) set(&c->routes, read_list(value));
    if (!strcmp(key, "tiers")) set(&c->tiers, read_list(value));
    if (!strcmp(key, "events")) {
        set(&c->events, read_list(value));
        check_events(r, c->events);
    }
    if (!strcmp(key, "quiet-except")) set(&c->loud, read_list(value));
    if (!strcmp(key, "url-file")) set(&c->url, read_secret(r, value));
    if (!strcmp(key, "secret-file")) set(&c->secret, read_secret(r, value));
    if (!strcmp(key, "password-file")) set(&c->password, read_secret(r, value));
    if (!strcmp(key, "header-file")) set(&c->header, read_secret(r, value));
    if (!strcmp(key, "template-file")) {
        set(&c->template, read_whole(r, value));
        check_template(r, value, c->template);
    }
}

static void take_setting(reading *r, notify_channel *c, const char *key, const char *value) {
    if (!strcmp(key, "type")) take_kind(r, c, value);
    if (!strcmp(key, "quiet")) take_quiet(r, c, value);
    if (!strcmp(key, "digest")) take_digests(r, c, value);
    if (!strcmp(key, "update-every")) c->update_ms = take_span(r, key, value);
    if (!strcmp(key, "remind")) c->remind_ms = take_span(r, key, value);
    if (!strcmp(key, "escalate")) c->escalate_ms = take_span(r, key, value);
    if (!strcmp(key, "retry")) c->retry_ms = take_span(r, key, value);
    if (!strcmp(key, "remind-most")) c->reminders = take_number(r, key, value, 0, 1000);
    if (!strcmp(key, "attempts")) c->attempts = take_number(r, key, value, 1, 1000);
    if (!strcmp(key, "per-minute")) c->per_minute = take_number(r, key, value, 0, 100000);
    if (!strcmp(key, "timeout")) c->timeout = take_number(r, key, value, 1, 600);
    if (!strcmp(key, "tls")) {
        c->plain_smtp = !strcmp(value, "none");
        if (!c->plain_smtp && strcmp(value, "required") != 0) complain(r, r->line, "tls is required or none");
    }
    if (!strcmp(key, "send")) {
        c->only_digest = !strcmp(value, "digest");
        if (!c->only_digest && strcmp(value, "all") != 0) complain(r, r->line, "send is all or digest");
    }
    take_words(r, c, key, value);
}

/* Checks the settings that a kind of channel needs. */
static void check_channel(reading *r, const notify_channel *c) {
    const int http = c->kind != CHANNEL_SMTP && c->kind != CHANNEL_COMMAND;
    if (c->kind != CHANNEL_COMMAND && !*c->url) complain(r, c->line, "channel %s needs url-file or url", c->name);
    if (http && *c->url && strncmp(c->url, "http://", 7) != 0 && strncmp(c->url, "https://", 8) != 0) {
        complain(r, c->line, "channel %s: its url begins with neither https:// nor http://", c->name);
    }
    if (c->kind == CHANNEL_SMTP) {
        if (*c->url && strncmp(c->url, "smtp://", 7) != 0 && strncmp(c->url, "smtps://", 8) != 0) {
            complain(r, c->line, "channel %s: its url begins with neither smtp:// nor smtps://", c->name);
        }
        if (!*c->from || !*c->to) complain(r, c->line, "channel %s needs from and to", c->name);
        if (strpbrk(c->from, "\r\n<>") || strpbrk(c->to, "\r\n<>")) complain(r, c->line, "from and to are addresses");
    }
    if (c->kind == CHANNEL_DINGTALK && !*c->secret) complain(r, c->line, "channel %s needs secret-file", c->name);
    if (c->kind == CHANNEL_COMMAND && !*c->command) complain(r, c->line, "channel %s needs command", c->name);
    if (c->only_digest && !c->digest_count) complain(r, c->line, "channel %s: send = digest needs digest", c->name);
    if (c->escalate_ms && !*c->escalate_to) complain(r, c->line, "channel %s: escalate needs escalate-to", c->name);
    if (!*c->escalate_to) return;
    for (size_t i = 0; i < r->config->count; i++) {
        if (!strcmp(r->config->channels[i].name, c->escalate_to)) return;
    }
    complain(r, c->line, "channel %s: there is no channel %s to escalate to", c->name, c->escalate_to);
}

static void begin_channel(reading *r, const char *name) {
    notify_config *config = r->config;
    for (size_t i = 0; i < config->count; i++) {
        if (!strcmp(config->channels[i].name, name)) complain(r, r->line, "channel %s again", name);
    }
    config->channels = tool_reallocate(config->channels, config->count + 1, sizeof *config->channels);
    notify_channel *c = &config->channels[config->count++];
    *c = (notify_channel){.name = tool_copy(name), .kind = CHANNEL_KIND_COUNT, .line = r->line};
    c->update_ms = 600000;
    c->retry_ms = 5000;
    c->reminders = 3;
    c->attempts = 10;
    c->timeout = 20;
    char **const texts[] = {&c->url,  &c->secret, &c->user,    &c->password, &c->header, &c->template, &c->ca_file,
                            &c->from, &c->to,     &c->command, &c->routes,   &c->tiers,  &c->loud,     &c->escalate_to};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = tool_copy("");
    c->events = tool_copy(",began,returned,tier,attention,outgrown,");
    c->content_type = tool_copy("application/json");
}

static void take_line(reading *r, char *line) {
    char name[64];
    int used = 0;
    if (!*line || *line == '#' || *line == ';') return;
    if (*line == '[') {
        if (sscanf(line, "[channel %63[A-Za-z0-9_.-]]%n", name, &used) == 1 && used && !line[used]) {
            begin_channel(r, name);
        } else {
            complain(r, r->line, "a section is [channel NAME], with letters, digits, _ . - in its name");
        }
        return;
    }
    char *equals = strchr(line, '=');
    if (!equals) {
        complain(r, r->line, "a line is KEY = VALUE, or [channel NAME]");
        return;
    }
    *equals = '\0';
    const char *key = trim(line), *value = trim(equals + 1);
    size_t i = 0;
    while (i < KEY_COUNT && strcmp(keys[i], key) != 0) i++;
    if (i == KEY_COUNT) {
        const char *near = nearest_name(key, strlen(key), keys, KEY_COUNT);
        complain(r, r->line, near ? "there is no \"%.40s\"; did you mean %s?" : "there is no \"%.40s\"%s", key,
                 near ? near : "");
    } else if (!r->config->count) {
        complain(r, r->line, "%s comes before the first [channel NAME]", key);
    } else {
        take_setting(r, &r->config->channels[r->config->count - 1], key, value);
    }
}

int notify_config_read(notify_config *config, const char *path) {
    reading r = {.path = path, .config = config};
    *config = (notify_config){0};
    char *whole = read_whole(&r, path);
    for (char *line = whole; line;) {
        char *next = strchr(line, '\n');
        if (next) *next++ = '\0';
        r.line++;
        take_line(&r, trim(line));
        line = next;
    }
    tool_free(whole);
    for (size_t i = 0; i < config->count; i++) {
        if (config->channels[i].kind == CHANNEL_KIND_COUNT) {
            complain(&r, config->channels[i].line, "channel %s needs type", config->channels[i].name);
        } else {
            check_channel(&r, &config->channels[i]);
        }
    }
    if (!config->count && !r.wrong) complain(&r, r.line, "there is no [channel NAME]");
    return !r.wrong;
}

void notify_config_release(notify_config *config) {
    for (size_t i = 0; i < config->count; i++) {
        notify_channel *c = &config->channels[i];
        char *const texts[] = {c->name,     c->url,          c->secret,  c->user, c->password,   c->header,
                               c->template, c->content_type, c->ca_file, c->from, c->to,         c->command,
                               c->routes,   c->tiers,        c->events,  c->loud, c->escalate_to};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) tool_free(texts[k]);
    }
    tool_free(config->channels);
    *config = (notify_config){0};
}
