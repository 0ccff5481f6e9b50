/*
 * A heap by time, and a queue by arrival that shows up to which time messages are due: if one was held long enough, so
 * are all with earlier times; otherwise they would come after it. Messages that were taken out of the order of their
 * lane are kept as ranges of offsets until all messages before them were taken too.
 */
#include "tocsin/message_order.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/document.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

typedef struct held {
    int64_t time, offset;
    size_t lane;
    void *message;
} held;

typedef struct arrival {
    double when;
    int64_t time;
} arrival;

typedef struct range {
    int64_t first, last;
} range;

typedef struct waiting {
    int64_t offset;
    int taken;
} waiting;

typedef struct order_lane {
    int64_t next;  /* the offset after the last message seen */
    range *ranges; /* taken, from the lowest held message on; ascending, apart */
    size_t range_count, range_capacity;
    waiting *queue; /* seen and held, in order; those before first are gone */
    size_t first, last, capacity;
} order_lane;

struct message_order {
    double wait;
    size_t most;
    held *heap;
    size_t count, capacity;
    arrival *arrivals;
    size_t arrived_first, arrived_last, arrived_capacity;
    int64_t latest, due; /* times */
    order_lane *lanes;
    size_t lane_count;
};

message_order *message_order_create(double wait, size_t most) {
    message_order *order = tool_allocate(1, sizeof *order);
    order->wait = wait;
    order->most = most;
    order->latest = order->due = INT64_MIN;
    return order;
}

void message_order_free(message_order *order) {
    if (!order) return;
    for (size_t i = 0; i < order->lane_count; i++) {
        tool_free(order->lanes[i].ranges);
        tool_free(order->lanes[i].queue);
    }
    tool_free(order->lanes);
    tool_free(order->heap);
    tool_free(order->arrivals);
    tool_free(order);
}

static void insert_range(order_lane *lane, size_t at, range one) {
    if (lane->range_count == lane->range_capacity) {
        lane->range_capacity = lane->range_capacity ? 2 * lane->range_capacity : 16;
        lane->ranges = tool_reallocate(lane->ranges, lane->range_capacity, sizeof *lane->ranges);
    }
    memmove(lane->ranges + at + 1, lane->ranges + at, (lane->range_count - at) * sizeof *lane->ranges);
    lane->ranges[at] = one;
    lane->range_count++;
}

/* The first range that ends after offset. */
static size_t find_range(const order_lane *lane, int64_t offset) {
    size_t low = 0, high = lane->range_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (lane->ranges[middle].last < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t message_order_lane(message_order *order, int64_t next, const char *taken) {
    order->lanes = tool_reallocate(order->lanes, order->lane_count + 1, sizeof *order->lanes);
    order_lane *lane = &order->lanes[order->lane_count];
    *lane = (order_lane){.next = next};
    for (char *at = (char *)(uintptr_t)taken; *at;) {
        range one;
        one.first = one.last = strtoll(at, &at, 10);
        if (*at == '-') one.last = strtoll(at + 1, &at, 10);
        insert_range(lane, lane->range_count, one);
        if (*at != ',') break;
        at++;
    }
    return order->lane_count++;
}

static int is_before(const held *a, const held *b) {
    if (a->time != b->time) return a->time < b->time;
    return a->lane != b->lane ? a->lane < b->lane : a->offset < b->offset;
}

static void swap(held *a, held *b) {
    const held kept = *a;
    *a = *b;
    *b = kept;
}

static void push(message_order *order, held one) {
    if (order->count == order->capacity) {
        order->capacity = order->capacity ? 2 * order->capacity : 256;
        order->heap = tool_reallocate(order->heap, order->capacity, sizeof *order->heap);
    }
    size_t at = order->count++;
    for (order->heap[at] = one; at && is_before(&order->heap[at], &order->heap[(at - 1) / 2]); at = (at - 1) / 2) {
        swap(&order->heap[at], &order->heap[(at - 1) / 2]);
    }
}

static held pop(message_order *order) {
    const held top = order->heap[0];
    order->heap[0] = order->heap[--order->count];
    for (size_t at = 0, child; (child = 2 * at + 1) < order->count; at = child) {
        if (child + 1 < order->count && is_before(&order->heap[child + 1], &order->heap[child])) child++;
        if (!is_before(&order->heap[child], &order->heap[at])) break;
        swap(&order->heap[at], &order->heap[child]);
    }
    return top;
}

/* Makes room at the end of a queue whose front has moved on. */
static void *make_room(void *items, size_t size, size_t *first, size_t *last, size_t *capacity) {
    if (*last < *capacity) return items;
    if (*first > *capacity / 2) {
        memmove(items, (char *)items + *first * size, (*last - *first) * size);
        *last -= *first;
        *first = 0;
        return items;
    }
    *capacity = *capacity ? 2 * *capacity : 256;
    return tool_reallocate(items, *capacity, size);
}

int message_order_add(message_order *order, size_t number, int64_t offset, int64_t time, double now, void *message) {
    order_lane *lane = &order->lanes[number];
    const size_t at = find_range(lane, offset);
    lane->next = offset + 1;
    if (at < lane->range_count && lane->ranges[at].first <= offset) return 0;
    if (time == TOCSIN_TIME_UNKNOWN) time = order->latest;
    if (time > order->latest) order->latest = time;
    lane->queue = make_room(lane->queue, sizeof *lane->queue, &lane->first, &lane->last, &lane->capacity);
    lane->queue[lane->last++] = (waiting){offset, 0};
    order->arrivals = make_room(order->arrivals, sizeof *order->arrivals, &order->arrived_first, &order->arrived_last,
                                &order->arrived_capacity);
    order->arrivals[order->arrived_last++] = (arrival){now, time};
    push(order, (held){time, offset, number, message});
    return 1;
}

static int64_t place_of(const order_lane *lane) {
    return lane->first < lane->last ? lane->queue[lane->first].offset : lane->next;
}

static void take_offset(order_lane *lane, int64_t offset) {
    size_t at = find_range(lane, offset);
    size_t low = lane->first, high = lane->last;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (lane->queue[middle].offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    lane->queue[low].taken = 1;
    if (at && lane->ranges[at - 1].last + 1 == offset) {
        lane->ranges[at - 1].last = offset;
        if (at < lane->range_count && lane->ranges[at].first == offset + 1) {
            lane->ranges[at - 1].last = lane->ranges[at].last;
            memmove(lane->ranges + at, lane->ranges + at + 1, (--lane->range_count - at) * sizeof *lane->ranges);
        }
    } else if (at < lane->range_count && lane->ranges[at].first == offset + 1) {
        lane->ranges[at].first = offset;
    } else {
        insert_range(lane, at, (range){offset, offset});
    }
    while (lane->first < lane->last && lane->queue[lane->first].taken) lane->first++;
    const size_t below = find_range(lane, place_of(lane));
    lane->range_count -= below;
    memmove(lane->ranges, lane->ranges + below, lane->range_count * sizeof *lane->ranges);
}

void *message_order_next(message_order *order, double now, int all) {
    for (; order->arrived_first < order->arrived_last; order->arrived_first++) {
        const arrival *one = &order->arrivals[order->arrived_first];
        if (now - one->when < order->wait) break;
        if (one->time > order->due) order->due = one->time;
    }
    if (!order->count || (!all && order->count <= order->most && order->heap[0].time > order->due)) return NULL;
    const held next = pop(order);
    take_offset(&order->lanes[next.lane], next.offset);
    return next.message;
}

size_t message_order_held(const message_order *order) { return order->count; }

int64_t message_order_place(const message_order *order, size_t number, tocsin_buffer *taken) {
    const order_lane *lane = &order->lanes[number];
    const int64_t place = place_of(lane);
    const size_t from = find_range(lane, place);
    for (size_t i = from; i < lane->range_count; i++) {
        const range *one = &lane->ranges[i];
        text_printf(taken, "%s%" PRId64, i > from ? "," : "", one->first);
        if (one->last > one->first) text_printf(taken, "-%" PRId64, one->last);
    }
    return place;
}
