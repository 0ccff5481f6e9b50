#ifndef TOCSIN_TOOLS_PLAN_WATCH_H
#define TOCSIN_TOOLS_PLAN_WATCH_H

/* A plan that is compiled anew when one of its files changes, or on SIGHUP, while documents are graded. */

#include <tocsin/tocsin.h>

typedef struct plan_watch plan_watch;

/*
 * Starts a thread that compiles the plan at path aside and publishes it in the slot, whose plan is the first one. With
 * path NULL there is no file to watch, and plans come by plan_watch_offer alone. A
 * plan that does not compile, fails its examples, has other tiers, or has lost more than half of a topic's terms is not
 * published: why is said, and the old one stays. path and slot stay until the watch is stopped. NULL after a message.
 */
plan_watch *plan_watch_start(const char *path, tocsin_slot *slot);

/*
 * A plan as an image that came from elsewhere: published as one that changed on the disk, or refused with the reason.
 * origin names it in messages. Whether it is in use now. By any thread.
 */
int plan_watch_offer(plan_watch *watch, const char *origin, const void *bytes, size_t length);

/* How many plans took the place of another so far, and how many were not taken; 0 for NULL. By any thread. */
void plan_watch_count(const plan_watch *watch, uint64_t *taken, uint64_t *refused);

/* Metrics of the plan in the slot, or of the first one, whose info this is, when slot is NULL; watch may be NULL. */
void plan_metrics_append(tocsin_buffer *out, const tocsin_plan_info *first, tocsin_slot *slot, const plan_watch *watch);

/* Ends the thread, after what it is compiling. NULL does nothing. */
void plan_watch_stop(plan_watch *watch);

#endif
