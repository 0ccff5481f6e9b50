#ifndef TOCSIN_TOOLS_NOTIFY_SEND_H
#define TOCSIN_TOOLS_NOTIFY_SEND_H

/* Makes one attempt to deliver a message. Blocks for at most the channel's timeout. */

#include "notify/notify_config.h"
#include "notify/notify_text.h"

typedef enum notify_outcome {
    NOTIFY_SENT,
    NOTIFY_AGAIN, /* later */
    NOTIFY_NEVER  /* it is refused permanently */
} notify_outcome;

typedef struct notify_result {
    notify_outcome outcome;
    int uncertain;    /* it is unknown whether it arrived */
    int64_t wait_ms;  /* the wait that the receiver asks for; 0: none */
    char reason[320]; /* without secrets */
} notify_result;

/* Call once, before the first attempt and before there are threads. 0 if libcurl cannot be used. */
int notify_send_begin(void);
void notify_send_end(void);

void notify_send(const notify_channel *channel, const notify_message *message, notify_result *result);

/* In notify_run.c: gives the message as JSON to the standard input of a program. */
void notify_run_command(const notify_channel *channel, const notify_message *message, notify_result *result);

/* {"channel","kind","delivery","repeat","incident","number","tier","event","title","text","url",…} */
void notify_append_json(tocsin_buffer *out, const notify_message *message);

#endif
