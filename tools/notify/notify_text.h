#ifndef TOCSIN_TOOLS_NOTIFY_TEXT_H
#define TOCSIN_TOOLS_NOTIFY_TEXT_H

/* Words a message in Chinese or in English, and shortens it to fit. */

#include <stddef.h>

#include <tocsin/bytes.h>

#include "store/desk_store.h"
#include "store/outbox_store.h"

typedef struct notify_message {
    int64_t delivery; /* the same for each attempt, so that a receiver recognises a repeated message */
    int repeat;       /* an earlier attempt may have arrived */
    const char *kind; /* "news", "reminder", "escalation", "digest" */
    const char *channel;
    outbox_facts facts; /* all zero for a digest */
    tocsin_buffer title, text;
} notify_message;

void notify_compose(notify_message *message, int english, size_t most);
void notify_compose_digest(notify_message *message, const desk_list *open, int english, size_t most);

/* Cuts after the last sentence that fits, otherwise between two characters, and notes that something is missing. */
void notify_shorten(tocsin_buffer *text, size_t most);

#endif
