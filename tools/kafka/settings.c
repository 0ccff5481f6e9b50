/*
 * Secrets come from a file and go only into librdkafka: never into a message, and not onto the command line, which
 * every user of a machine can read. librdkafka's own messages quote values, so they are passed on only for properties
 * without secrets.
 */
#include "kafka/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/nearest_name.h"
#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "kafka/client.h"
#include "program/console.h"

#define MAX_FILE 65536
#define AGAIN_SECONDS 60.0

typedef struct setting {
    char *key, *value;
} setting;

struct kafka_settings {
    setting *items;
    size_t count, capacity;
    rd_kafka_conf_t *trial; /* each property is tried in this first */
};

/* Properties that the program sets itself, and the option for the user; NULL: there is none. */
static const struct {
    const char *key, *option;
} owned[] = {
    {"bootstrap.servers", "-b"},         {"metadata.broker.list", "-b"},      {"group.id", "-g"},
    {"group.instance.id", "--instance"}, {"transactional.id", "--instance"},  {"enable.idempotence", NULL},
    {"enable.auto.commit", NULL},        {"auto.commit.enable", NULL},        {"enable.auto.offset.store", NULL},
    {"enable.partition.eof", NULL},      {"delivery.report.only.error", NULL}};

kafka_settings *kafka_settings_create(void) {
    kafka_settings *settings = tool_allocate(1, sizeof *settings);
    settings->trial = rd_kafka_conf_new();
    return settings;
}

/* A compiler may leave out a memset before free; it must keep a volatile write. */
static void wipe(char *text) {
    for (volatile char *at = text; *at; at++) *at = '\0';
}

void kafka_settings_free(kafka_settings *settings) {
    if (!settings) return;
    for (size_t i = 0; i < settings->count; i++) {
        wipe(settings->items[i].value);
        tool_free(settings->items[i].key);
        tool_free(settings->items[i].value);
    }
    tool_free(settings->items);
    rd_kafka_conf_destroy(settings->trial);
    tool_free(settings);
}

static int is_secret(const char *key) {
    static const char *const parts[] = {"password", "secret", "key.pem", "ssl.key", "token", "oauthbearer.config"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strstr(key, parts[i]) && !strstr(key, "location")) return 1;
    }
    return 0;
}

/* The property with the nearest name, to be freed; NULL if none is near. */
static char *nearest_property(kafka_settings *settings, const char *key) {
    size_t count = 0, names = 0;
    const char **dump = rd_kafka_conf_dump(settings->trial, &count);
    const char **keys = tool_allocate(count / 2 + 1, sizeof *keys);
    for (size_t i = 0; i + 1 < count; i += 2) keys[names++] = dump[i];
    const char *near = nearest_name(key, strlen(key), keys, names);
    char *copy = near ? tool_copy(near) : NULL;
    tool_free(keys);
    rd_kafka_conf_dump_free(dump, count);
    return copy;
}

static int refuse_unknown(kafka_settings *settings, const char *where, const char *key) {
    char *near = nearest_property(settings, key);
    if (near) {
        console_error("%s: librdkafka has no property %.100s; did you mean %s?", where, key, near);
    } else {
        console_error("%s: librdkafka has no property %.100s", where, key);
    }
    tool_free(near);
    return 0;
}

static int refuse_owned(const char *where, const char *key) {
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
        if (strcmp(owned[i].key, key)) continue;
        if (owned[i].option) {
            console_error("%s: %s is set by the option %s", where, key, owned[i].option);
        } else {
            console_error("%s: %s cannot be set: exactly-once delivery depends on it", where, key);
        }
        return 1;
    }
    return 0;
}

static int add(kafka_settings *settings, const char *where, const char *key, const char *value) {
    char wrong[512] = "";
    if (refuse_owned(where, key)) return 0;
    switch (rd_kafka_conf_set(settings->trial, key, value, wrong, sizeof wrong)) {
        case RD_KAFKA_CONF_UNKNOWN: return refuse_unknown(settings, where, key);
        case RD_KAFKA_CONF_INVALID:
            console_error("%s: %s: %s", where, key, is_secret(key) ? "its value is not accepted" : wrong);
            return 0;
        default: break;
    }
    if (settings->count == settings->capacity) {
        settings->capacity = settings->capacity ? 2 * settings->capacity : 16;
        settings->items = tool_reallocate(settings->items, settings->capacity, sizeof *settings->items);
    }
    settings->items[settings->count++] = (setting){tool_copy(key), tool_copy(value)};
    return 1;
}

static char *trimmed(char *text) {
    char *end = text + strlen(text);
    while (*text == ' ' || *text == '\t') text++;
    while (end > text && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) *--end = '\0';
    return text;
}

/* Reads a line of a file and changes it in place. */
static int take_line(kafka_settings *settings, const char *where, char *line) {
    line = trimmed(line);
    if (!*line || *line == '#') return 1;
    char *equals = strchr(line, '=');
    if (!equals || equals == line) {
        console_error("%s: wants KEY=VALUE", where);
        return 0;
    }
    *equals = '\0';
    return add(settings, where, trimmed(line), trimmed(equals + 1));
}

static int take_file(kafka_settings *settings, const char *path) {
    struct stat about;
    char where[512];
    char *text = tool_allocate(MAX_FILE + 1, 1);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t length = fd < 0 ? -1 : read(fd, text, MAX_FILE);
    int ok = length >= 0 && length < MAX_FILE, number = 0;
    if (length < 0) console_error("%s: cannot be read: %s", path, strerror(errno));
    if (length == MAX_FILE) console_error("%s: more than %d bytes of settings", path, MAX_FILE - 1);
    if (ok && !fstat(fd, &about) && (about.st_mode & (S_IRGRP | S_IROTH)) && strstr(text, "password")) {
        console_event("warning", NULL, "%s: other users can read the passwords in it: chmod 600", path);
    }
    if (fd >= 0) close(fd);
    for (char *line = text, *next; ok && line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        snprintf(where, sizeof where, "%.400s:%d", path, ++number);
        ok = take_line(settings, where, line);
    }
    for (ssize_t i = 0; i < length; i++) ((volatile char *)text)[i] = '\0';
    tool_free(text);
    return ok;
}

int kafka_settings_take(kafka_settings *settings, const char *given) {
    if (*given == '@') return take_file(settings, given + 1);
    char *copy = tool_copy(given), *equals = strchr(copy, '=');
    int ok = 0;
    if (!equals || equals == copy) {
        console_error("-X: wants KEY=VALUE, or @FILE");
    } else {
        *equals = '\0';
        if (is_secret(copy)) {
            console_error("-X %s: everybody on this machine can read a command line: put it into a file, -X @FILE",
                          copy);
        } else {
            ok = add(settings, "-X", copy, equals + 1);
        }
    }
    tool_free(copy);
    return ok;
}

/* A repeated message is printed again only after a while. */
static int is_old(const char *text) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char last[256];
    static double said;
    const double now = tool_seconds();
    pthread_mutex_lock(&lock);
    const int old = !strncmp(text, last, sizeof last - 1) && now - said < AGAIN_SECONDS;
    if (!old) {
        snprintf(last, sizeof last, "%s", text);
        said = now;
    }
    pthread_mutex_unlock(&lock);
    return old;
}

static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text) {
    (void)client;
    /* Every client gets every property, so the warning that a producer does not use those of consumers is no news. */
    if (!strcmp(facility, "CONFWARN") && strstr(text, "will be ignored by this")) return;
    if (is_old(text)) return;
    console_event(level <= 3 ? "error" : level == 4 ? "warning" : "info", NULL, "%s: %s", facility, text);
}

static void set_pairs(rd_kafka_conf_t *configuration, const char *const *pairs) {
    char wrong[512];
    for (; pairs && pairs[0]; pairs += 2) {
        if (!pairs[1]) continue;
        if (rd_kafka_conf_set(configuration, pairs[0], pairs[1], wrong, sizeof wrong) != RD_KAFKA_CONF_OK) {
            console_error("%s: %s", pairs[0], wrong);
        }
    }
}

rd_kafka_conf_t *kafka_settings_configure(const kafka_settings *settings, const char *const *defaults,
                                          const char *const *fixed) {
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    set_pairs(configuration, defaults);
    for (size_t i = 0; i < settings->count; i++) {
        const char *pair[] = {settings->items[i].key, settings->items[i].value, NULL};
        set_pairs(configuration, pair);
    }
    set_pairs(configuration, fixed);
    rd_kafka_conf_set_log_cb(configuration, on_log);
    return configuration;
}

rd_kafka_t *kafka_client_create(rd_kafka_type_t type, rd_kafka_conf_t *configuration) {
    char wrong[512];
    rd_kafka_t *client = rd_kafka_new(type, configuration, wrong, sizeof wrong);
    if (client) return client;
    rd_kafka_conf_destroy(configuration);
    console_error("cannot create a client of Kafka: %s", wrong);
    return NULL;
}
