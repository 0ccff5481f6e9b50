#ifndef TOCSIN_TOOLS_MESSAGE_ORDER_H
#define TOCSIN_TOOLS_MESSAGE_ORDER_H

/*
 * Messages that come by several lanes, each in its order, are taken in the order of their times: each is held for a
 * while, in which an earlier one may still come. Where a reader goes on that ends at any moment is known of each lane.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

typedef struct message_order message_order;

/* wait: seconds that each is held; most: so many are held at once, then the earliest is due whatever the time. */
message_order *message_order_create(double wait, size_t most);

/* The messages that are held are forgotten; they are to be freed before, by message_order_next. */
void message_order_free(message_order *order);

/* A lane, 0 and up, that is read from offset next on; taken is what message_order_place gave, or "". */
size_t message_order_lane(message_order *order, int64_t next, const char *taken);

/*
 * A message that came now (seconds of a clock that only goes forward); offsets of a lane rise. time may be
 * TOCSIN_TIME_UNKNOWN: then it is the latest one so far. 0: it was taken before, by a reader that ended; nothing keeps
 * it.
 */
int message_order_add(message_order *order, size_t lane, int64_t offset, int64_t time, double now, void *message);

/* Takes the next one that is due; all are, when so told. NULL: none. */
void *message_order_next(message_order *order, double now, int all);

/* How many are held. */
size_t message_order_held(const message_order *order);

/* Where the lane is to be read from next time; appends which offsets from there on were taken already. */
int64_t message_order_place(const message_order *order, size_t lane, tocsin_buffer *taken);

#endif
