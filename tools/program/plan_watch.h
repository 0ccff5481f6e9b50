#ifndef TOCSIN_TOOLS_PLAN_WATCH_H
#define TOCSIN_TOOLS_PLAN_WATCH_H

/* Compiles a plan anew if one of its files changes, or on SIGHUP, while documents are graded. */

#include <tocsin/tocsin.h>

typedef struct plan_watch plan_watch;

/*
 * Starts a thread that compiles the plan at path and publishes it in the slot, whose plan is the first one. If path is
 * NULL, there is no file to watch, and plans only come by plan_watch_offer. A plan that does not compile, fails its
 * examples, has other tiers, or has lost more than half of a topic's terms is not published: the reason is reported,
 * and the old plan stays. path and slot must stay until the watch is stopped. NULL after a message.
 */
plan_watch *plan_watch_start(const char *path, tocsin_slot *slot);

/*
 * Offers a plan as an image: it is published like a changed file, or refused with the reason. origin is its name in
 * messages. Returns whether it is in use now. Any thread may call it.
 */
int plan_watch_offer(plan_watch *watch, const char *origin, const void *bytes, size_t length);

/* Metrics of the plan in the slot or, if slot is NULL, of the first plan, whose info this is; watch may be NULL. */
void plan_metrics_append(tocsin_buffer *out, const tocsin_plan_info *first, tocsin_slot *slot, const plan_watch *watch);

/* Ends the thread after its present compilation. */
void plan_watch_stop(plan_watch *watch);

#endif
