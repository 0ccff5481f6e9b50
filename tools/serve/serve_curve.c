/*
 * The curve is drawn twice, for a wide and a narrow page, and the style shows one of them: a picture that is only
 * scaled down is not readable on a telephone. The numbers are part of the picture.
 */
#include <inttypes.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "serve/serve_pages.h"

#define HOUR_MS INT64_C(3600000)
#define MOST_HOURS 336
#define LEAST_HOURS 6 /* of the picture: one bar alone shows no course */
#define MOST_MARKS 40
#define TOP 22
#define PLOT 130
#define LEFT 34
#define RIGHT 8

typedef struct curve_mark {
    int64_t time;
    int number;
} curve_mark;

typedef struct curve {
    int64_t first; /* hour */
    int64_t posts[MOST_HOURS];
    size_t hours;
    int64_t most, sum;
    curve_mark marks[MOST_MARKS];
    int mark_count, events;
} curve;

static void take_hour(void *context, const char *const *cells) {
    curve *c = context;
    const int64_t hour = page_number(cells[0]), posts = page_number(cells[1]);
    if (!c->hours) c->first = hour;
    if (hour < c->first || hour - c->first >= MOST_HOURS) return;
    c->hours = (size_t)(hour - c->first) + 1;
    c->posts[c->hours - 1] = posts;
    c->sum += posts;
    if (posts > c->most) c->most = posts;
}

static void take_mark(void *context, const char *const *cells) {
    curve *c = context;
    c->events++;
    if (!*cells[1] || c->mark_count == MOST_MARKS) return;
    c->marks[c->mark_count++] = (curve_mark){page_number(cells[1]), c->events};
}

/* 1, 2 or 5 times a power of ten, so that there are at most four lines. */
static int64_t line_step(int64_t most) {
    int64_t step = 1;
    while (most / step > 4) {
        if (most / (step * 2) <= 4) return step * 2;
        if (most / (step * 5) <= 4) return step * 5;
        step *= 10;
    }
    return step;
}

static double across(const curve *c, int width, double hours) {
    return LEFT + hours * (width - LEFT - RIGHT) / (double)(c->hours ? c->hours : 1);
}

static void put_grid(tocsin_buffer *out, const curve *c, int width) {
    const int64_t step = line_step(c->most);
    for (int64_t at = 0; at <= c->most; at += step) {
        const double y = TOP + PLOT - PLOT * (double)at / (double)(c->most ? c->most : 1);
        text_printf(out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, width - RIGHT, y,
                    y);
        text_printf(out, "<text class=\"end\" x=\"%d\" y=\"%.1f\">%" PRId64 "</text>", LEFT - 4, y + 4, at);
    }
}

static void put_bars(tocsin_buffer *out, const curve *c, int width) {
    for (size_t h = 0; h < c->hours; h++) {
        if (!c->posts[h]) continue;
        double height = PLOT * (double)c->posts[h] / (double)c->most;
        if (height < 2) height = 2;
        double wide = (across(c, width, 1) - LEFT) * 0.9;
        if (wide > 60) wide = 60;
        text_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
                    across(c, width, (double)h), TOP + PLOT - height, wide < 1 ? 1 : wide, height);
        time_append(out, (c->first + (int64_t)h) * HOUR_MS);
        text_printf(out, ": %" PRId64 "</title></rect>", c->posts[h]);
    }
}

/* Numbers of the list of events; a number that would cover an earlier one is left out. */
static void put_marks(tocsin_buffer *out, const curve *c, int width) {
    double last = -100;
    for (int i = 0; i < c->mark_count; i++) {
        const double hours = (double)(c->marks[i].time - c->first * HOUR_MS) / (double)HOUR_MS;
        if (hours < 0 || hours > (double)c->hours) continue;
        const double x = across(c, width, hours);
        text_printf(out, "<line class=\"event\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x, x, TOP - 4,
                    TOP + PLOT);
        if (x - last < 14) continue;
        text_printf(out, "<text class=\"event\" x=\"%.1f\" y=\"%d\">%d</text>", x, TOP - 8, c->marks[i].number);
        last = x;
    }
}

static void put_times(tocsin_buffer *out, const curve *c, int width) {
    const int y = TOP + PLOT + 16;
    text_printf(out, "<text class=\"start\" x=\"%d\" y=\"%d\">", LEFT, y);
    time_append(out, c->first * HOUR_MS);
    text_printf(out, "</text><text class=\"end\" x=\"%d\" y=\"%d\">", width - RIGHT, y);
    time_append(out, (c->first + (int64_t)c->hours) * HOUR_MS);
    text_puts(out, "</text>");
}

static void put_picture(serve_page *page, const curve *c, int width, const char *kind) {
    tocsin_buffer *out = page->out;
    text_printf(out, "<svg class=\"curve %s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", kind, width,
                TOP + PLOT + 22);
    text_printf(out,
                page_say(page, "每小时帖数，共 %" PRId64 " 帖，最多 %" PRId64 " 帖\">",
                         "posts by the hour: %" PRId64 " in all, at most %" PRId64 "\">"),
                c->sum, c->most);
    put_grid(out, c, width);
    put_bars(out, c, width);
    put_marks(out, c, width);
    put_times(out, c, width);
    text_puts(out, "</svg>");
}

void serve_curve(serve_page *page, int64_t incident) {
    const page_ask ask = {.incident = incident};
    curve *c = tool_allocate(1, sizeof *c);
    page_rows(page, PAGE_HOURS, &ask, take_hour, c);
    page_rows(page, PAGE_EVENTS, &ask, take_mark, c);
    if (c->hours) {
        if (c->hours < LEAST_HOURS) c->hours = LEAST_HOURS;
        text_puts(page->out, "<figure>");
        put_picture(page, c, 720, "wide");
        put_picture(page, c, 350, "narrow");
        text_printf(page->out, "<figcaption>%s</figcaption></figure>\n",
                    page_say(page, "每小时帖数；竖线为“经过”中的编号",
                             "Posts by the hour; lines are the numbers of the timeline"));
    }
    tool_free(c);
}
