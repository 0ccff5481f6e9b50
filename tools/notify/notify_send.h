#ifndef TOCSIN_TOOLS_NOTIFY_SEND_H
#define TOCSIN_TOOLS_NOTIFY_SEND_H

/* One attempt to deliver a message. Blocks for at most the channel's timeout. */

#include "notify/notify_config.h"
#include "notify/notify_text.h"

typedef enum notify_outcome {
    NOTIFY_SENT,
    NOTIFY_AGAIN, /* later */
    NOTIFY_NEVER  /* it is refused for good */
} notify_outcome;

typedef struct notify_result {
    notify_outcome outcome;
    int uncertain;    /* not known to have been sent, but it may have come through */
    int64_t wait_ms;  /* what the receiver asks to wait; 0: nothing said */
    char reason[320]; /* without what is secret */
} notify_result;

/* Once, before the first one and before there are threads. 0 when there is no libcurl to use. */
int notify_send_begin(void);
void notify_send_end(void);

void notify_send(const notify_channel *channel, const notify_message *message, notify_result *result);

/* In notify_run.c: message as JSON on the standard input of a program. */
void notify_run_command(const notify_channel *channel, const notify_message *message, notify_result *result);

/* {"channel","kind","delivery","repeat","incident","number","tier","event","title","text","url",…} */
void notify_append_json(tocsin_buffer *out, const notify_message *message);

#endif
