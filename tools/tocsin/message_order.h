#ifndef TOCSIN_TOOLS_MESSAGE_ORDER_H
#define TOCSIN_TOOLS_MESSAGE_ORDER_H

/*
 * Messages come in several lanes, each in its own order, and are taken in the order of their times: each is held for a
 * while, in case an earlier one comes. For each lane it is known where a reader that ends at any moment must go on.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

typedef struct message_order message_order;

/* wait: seconds for which each is held; most: if more are held, the earliest is due whatever its time. */
message_order *message_order_create(double wait, size_t most);

/* Forgets the held messages; free them before with message_order_next. */
void message_order_free(message_order *order);

/* Adds a lane, numbered from 0, that is read from offset next on; taken is the result of message_order_place, or "". */
size_t message_order_lane(message_order *order, int64_t next, const char *taken);

/*
 * Adds a message that came now (seconds of a monotonic clock); offsets of a lane must rise. time may be
 * TOCSIN_TIME_UNKNOWN: then the latest time so far counts. 0: a reader that ended took it before; it is not kept.
 */
int message_order_add(message_order *order, size_t lane, int64_t offset, int64_t time, double now, void *message);

/* Takes the next due message; with `all`, every message is due. NULL: there is none. */
void *message_order_next(message_order *order, double now, int all);

/* How many are held. */
size_t message_order_held(const message_order *order);

/* The offset from which the lane must be read next time; appends the later offsets that were already taken. */
int64_t message_order_place(const message_order *order, size_t lane, tocsin_buffer *taken);

#endif
