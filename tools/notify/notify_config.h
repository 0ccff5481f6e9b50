#ifndef TOCSIN_TOOLS_NOTIFY_CONFIG_H
#define TOCSIN_TOOLS_NOTIFY_CONFIG_H

/*
 * Who is notified, and how: a file of sections [channel NAME] with lines KEY = VALUE. Secrets are in files of their
 * own, which the file names.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

typedef enum channel_kind {
    CHANNEL_WEBHOOK,
    CHANNEL_WECOM,
    CHANNEL_DINGTALK,
    CHANNEL_FEISHU,
    CHANNEL_SMTP,
    CHANNEL_COMMAND,
    CHANNEL_KIND_COUNT
} channel_kind;

#define CHANNEL_TIMES 8

/* The config owns the strings; "" if a key is missing. */
typedef struct notify_channel {
    char *name;
    channel_kind kind;
    char *url, *secret, *user, *password; /* the secret ones come from files */
    char *header;                         /* a request header, secret */
    char *template;                       /* of a webhook */
    char *content_type;
    char *ca_file, *from, *to, *command;
    char *routes, *tiers, *events; /* ",a,b,"; "" means any */
    char *loud;                    /* tiers that are sent during quiet hours too */
    char *escalate_to;
    int plain_smtp; /* no STARTTLS */
    int only_digest;
    int quiet_from, quiet_until;               /* minutes of the day; equal: no quiet hours */
    int digests[CHANNEL_TIMES], digest_count;  /* minutes of the day */
    int64_t update_ms, remind_ms, escalate_ms; /* 0: never */
    int64_t retry_ms;                          /* after the first attempt; doubled after each further one */
    int64_t reminders;                         /* at most */
    int64_t attempts;                          /* after this many the delivery is given up */
    int64_t per_minute;                        /* 0: no limit */
    int64_t timeout;                           /* seconds */
    size_t most_bytes;                         /* of a text */
    uint64_t line;                             /* of its section */
} notify_channel;

typedef struct notify_config {
    notify_channel *channels;
    size_t count;
} notify_config;

/* Every problem is reported with file and line; then the result is 0. */
int notify_config_read(notify_config *config, const char *path);
void notify_config_release(notify_config *config);

/* Whether the name is one of ",a,b,"; "" contains every name. */
int notify_list_has(const char *list, const char *name);

#define NOTIFY_NAME_BYTES 129 /* hold an id of a plan */

/* Takes the next name of such a list, cut to the size, and moves *list on; 0 at the end. A name may be empty. */
int notify_list_next(const char **list, char *name, size_t size);

#endif
