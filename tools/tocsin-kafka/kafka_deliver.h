#ifndef TOCSIN_TOOLS_KAFKA_DELIVER_H
#define TOCSIN_TOOLS_KAFKA_DELIVER_H

/* A graded batch to its topics, and the offsets of its messages to the group: both or neither. */

#include "tocsin-kafka/kafka_worker.h"

/*
 * Tries for as long as it takes, with growing pauses. 1: the batch is done with, or will be read again; 0: the worker
 * is to end, and what was not written is read again by the next one.
 */
int kafka_deliver(kafka_worker *worker);

#endif
