#ifndef TOCSIN_TOOLS_KAFKA_DELIVER_H
#define TOCSIN_TOOLS_KAFKA_DELIVER_H

/* Sends a graded batch to its topics and commits the offsets of its messages to the group: both or neither. */

#include "tocsin-kafka/kafka_worker.h"

/*
 * Tries as long as necessary, with growing pauses. 1: the batch is finished, or will be read again; 0: the worker must
 * end, and the next one will read again what was not written.
 */
int kafka_deliver(kafka_worker *worker);

#endif
