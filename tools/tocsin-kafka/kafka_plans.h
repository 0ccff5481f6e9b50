#ifndef TOCSIN_TOOLS_KAFKA_PLANS_H
#define TOCSIN_TOOLS_KAFKA_PLANS_H

/* Plans for all workers: a compacted topic of one partition; its newest usable image is the plan. */

#include "kafka/client.h"
#include "program/plan_watch.h"

typedef struct kafka_plans kafka_plans;

/*
 * topic and stop_fd, which becomes readable when the worker must end, must stay until kafka_plans_close. NULL after a
 * message.
 */
kafka_plans *kafka_plans_open(const kafka_settings *settings, const char *brokers, const char *topic, int stop_fd);

/* The newest plan; waits until there is one. NULL if the worker must end. */
tocsin_plan *kafka_plans_first(kafka_plans *plans);

/* Starts a thread that offers the newest plan and then all that follow; 0 after a message. */
int kafka_plans_follow(kafka_plans *plans, plan_watch *watch);

/* NULL does nothing. */
void kafka_plans_close(kafka_plans *plans);

#endif
