/* Heights are the same in each picture; a wider one has longer axes, more bars and more times below. */
#include "tocsin/report_curve.h"

#include <inttypes.h>
#include <string.h>

#include <tocsin/document.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define HEIGHT 118
#define LEFT 30
#define MARGIN 4 /* at the right */
#define TOP 22
#define BOTTOM 98
#define BAR_WIDTH 3.3 /* the least width, with the space after it */
#define TICK_WIDTH 45 /* between two labels of the axis */
#define MARK_WIDTH 14 /* between two numbers of events */
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)

int tier_rank(const report_data *data, int64_t tier) {
    const int64_t rank = (int64_t)(data->tiers.count - data->former_tiers) - 1 - tier;
    return rank < 0 ? 0 : rank > 4 ? 4 : (int)rank;
}

void tier_append(tocsin_buffer *out, const report_data *data, int64_t tier, const char *tier_id) {
    text_printf(out, "<span class=\"tier r%d\">", tier_rank(data, tier));
    html_append(out, report_name_of(&data->tiers, tier_id));
    text_puts(out, "</span>");
}

/* The least of 1, 2, 4, 6, 10, 20, 40, 60, 100, … that is at least `most`: except for 1, its half is a whole number. */
static int64_t round_up(int64_t most) {
    static const int64_t steps[] = {1, 2, 4, 6, 10};
    int64_t scale = 1;
    for (;;) {
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            if (steps[i] * scale >= most) return steps[i] * scale;
        }
        scale *= 10;
    }
}

typedef struct plot {
    tocsin_buffer *out;
    int width;   /* of the picture */
    int64_t top; /* the value at the upper line */
    size_t bars;
} plot;

static int right_of(const plot *p) { return p->width - MARGIN; }

static double x_of(const plot *p, double bar) {
    return LEFT + (right_of(p) - LEFT) * bar / (double)(p->bars ? p->bars : 1);
}

static double y_of(const plot *p, int64_t value) {
    return BOTTOM - (double)(BOTTOM - TOP) * (double)value / (double)p->top;
}

static void open_plot(const plot *p, const char *class_name, const char *label) {
    text_printf(p->out, "<svg%s viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", class_name, p->width, HEIGHT,
                label);
    for (int half = 0; half <= 2; half++) {
        const int64_t value = p->top * half / 2;
        if (half == 1 && p->top % 2) continue;
        text_printf(p->out,
                    "<line class=\"%s\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/><text class=\"y\" x=\"%d\""
                    " y=\"%.1f\">%" PRId64 "</text>",
                    half ? "grid" : "axis", LEFT, y_of(p, value), right_of(p), y_of(p, value), LEFT - 4,
                    y_of(p, value) + 3, value);
    }
}

static void put_bar(const plot *p, size_t bar, int64_t from, int64_t value, const char *class_name) {
    const double step = (right_of(p) - LEFT) / (double)p->bars, height = y_of(p, 0) - y_of(p, value);
    text_printf(p->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>", class_name,
                x_of(p, (double)bar), y_of(p, from) - height, step * 0.88, height < 1 ? 1 : height);
}

static void put_value(const plot *p, size_t bar, int64_t value) {
    const double step = (right_of(p) - LEFT) / (double)p->bars;
    text_printf(p->out, "<text class=\"v\" x=\"%.1f\" y=\"%.1f\">%" PRId64 "</text>",
                x_of(p, (double)bar) + step * 0.44, y_of(p, value) - 3, value);
}

/* Writes a label below the axis, inside the picture. */
static void put_tick(const plot *p, double bar, int64_t time, int clock) {
    const double x = x_of(p, bar);
    text_printf(p->out,
                "<line class=\"axis\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/><text class=\"x\" x=\"%.1f\""
                " y=\"%d\">",
                x, BOTTOM, x, BOTTOM + 3, x, BOTTOM + 14);
    time_append_part(p->out, time, clock ? "%H:%M" : "%m-%d");
    text_puts(p->out, "</text>");
}

/* Marks midnights or full hours, far enough apart that labels do not touch. */
static void put_hour_ticks(const plot *p, int64_t first, int64_t hours, int64_t each) {
    static const int64_t steps[] = {1, 2, 3, 6, 12, 24, 48, 96, 168};
    size_t s = 0;
    while (s + 1 < sizeof steps / sizeof *steps && hours / steps[s] > (right_of(p) - LEFT) / TICK_WIDTH) s++;
    const int64_t offset = utc_offset_hours(first * HOUR_MS);
    for (int64_t hour = first; hour <= first + hours; hour++) {
        const int64_t local = hour + offset;
        const double bar = (double)(hour - first) / (double)each;
        if (local % steps[s] || x_of(p, bar) > right_of(p) - 8) continue;
        put_tick(p, bar, hour * HOUR_MS, local % 24 != 0);
    }
}

static int is_rise(const char *kind) {
    return !strcmp(kind, "tier") || !strcmp(kind, "attention") || !strcmp(kind, "returned");
}

static void put_rises(const plot *p, const report_incident *i, int64_t first, int64_t each) {
    for (size_t e = 0; e < i->event_count; e++) {
        if (i->events[e].time == TOCSIN_TIME_UNKNOWN || !is_rise(i->events[e].kind)) continue;
        const double bar = ((double)i->events[e].time / (double)HOUR_MS - (double)first) / (double)each;
        if (bar < 0 || bar > (double)p->bars) continue;
        const double x = x_of(p, bar);
        text_printf(p->out, "<path class=\"rise\" d=\"M%.1f 1l4 7h-8z\"/>", x);
    }
}

static const char *each_of(report_language l, int64_t each) {
    static const struct {
        int64_t each;
        const char *names[2];
    } known[] = {{1, {"每小时帖数", "posts an hour"}},
                 {2, {"每 2 小时帖数", "posts in 2 hours"}},
                 {3, {"每 3 小时帖数", "posts in 3 hours"}},
                 {6, {"每 6 小时帖数", "posts in 6 hours"}}};
    size_t k = 0;
    while (k + 1 < sizeof known / sizeof *known && known[k].each < each) k++;
    return known[k].names[l];
}

static void put_hours(const plot *p, const report_incident *i, const int64_t *sums, int64_t each, int rank) {
    char class_name[8] = {'r', (char)('0' + rank), '\0'};
    size_t most = 0, last = 0;
    for (size_t b = 0; b < p->bars; b++) {
        if (!sums[b]) continue;
        if (sums[b] > sums[most]) most = b;
        last = b;
        put_bar(p, b, 0, sums[b], class_name);
        time_append(p->out, (i->hours[0].hour + (int64_t)b * each) * HOUR_MS);
        text_printf(p->out, ": %" PRId64 "</title></rect>", sums[b]);
    }
    put_value(p, most, sums[most]);
    if ((last - most) * 12 > p->bars) put_value(p, last, sums[last]);
}

/* Draws each event with its number in the list, except those that would cover an earlier one. */
static void put_numbers(const plot *p, const report_incident *i, int64_t first, int64_t each) {
    double last = -MARK_WIDTH;
    for (size_t e = 0; e < i->event_count; e++) {
        if (i->events[e].time == TOCSIN_TIME_UNKNOWN) continue;
        const double bar = ((double)i->events[e].time / (double)HOUR_MS - (double)first) / (double)each;
        if (bar < 0 || bar > (double)p->bars) continue;
        const double x = x_of(p, bar);
        text_printf(p->out, "<line class=\"event\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x, x, TOP - 10,
                    BOTTOM);
        if (x - last < MARK_WIDTH) continue;
        text_printf(p->out, "<text class=\"event\" x=\"%.1f\" y=\"%d\">%zu</text>", x, TOP - 12, e + 1);
        last = x;
    }
}

/* From the first post to now, but not more than a day after the latest one. */
static int64_t hours_of(const report_data *data, const report_incident *i) {
    int64_t hours = data->now / HOUR_MS - i->hours[0].hour + 1;
    if (hours > (int64_t)i->hour_count + 24) hours = (int64_t)i->hour_count + 24;
    if (hours < (int64_t)i->hour_count) hours = (int64_t)i->hour_count;
    return hours < 6 ? 6 : hours;
}

static int64_t hours_of_a_bar(int64_t hours, int width) {
    static const int64_t widths[] = {1, 2, 3, 6};
    size_t w = 0;
    while (w + 1 < sizeof widths / sizeof *widths && (double)(hours / widths[w]) * BAR_WIDTH > width) w++;
    return widths[w];
}

void curve_append_hours(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l,
                        const curve_look *look) {
    if (!i->hour_count) return;
    const int64_t hours = hours_of(data, i), each = hours_of_a_bar(hours, look->width);
    plot p = {out, look->width, 1, (size_t)((hours + each - 1) / each)};
    int64_t *sums = tool_allocate(p.bars, sizeof *sums);
    int64_t most = 1;
    for (size_t h = 0; h < i->hour_count; h++) sums[h / (size_t)each] += i->hours[h].posts;
    for (size_t b = 0; b < p.bars; b++) most = sums[b] > most ? sums[b] : most;
    p.top = round_up(most);
    open_plot(&p, look->class_name, each_of(l, each));
    put_hours(&p, i, sums, each, tier_rank(data, i->tier));
    put_hour_ticks(&p, i->hours[0].hour, hours, each);
    (look->is_numbered ? put_numbers : put_rises)(&p, i, i->hours[0].hour, each);
    text_puts(out, "</svg>");
    tool_free(sums);
}

const char *curve_unit(const report_data *data, const report_incident *i, report_language l, int width) {
    return each_of(l, hours_of_a_bar(hours_of(data, i), width));
}

void curve_append_period(tocsin_buffer *out, const report_data *data, const report_incident *i) {
    time_append(out, i->hours[0].hour * HOUR_MS);
    text_puts(out, " – ");
    time_append_part(out, (i->hours[0].hour + hours_of(data, i)) * HOUR_MS, "%m-%d %H:%M");
}

void curve_append_incident(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    static const curve_look look = {CURVE_NARROW, "", 0};
    if (!i->hour_count) return;
    text_puts(out, "<figure>");
    curve_append_hours(out, data, i, l, &look);
    text_printf(out, "<figcaption><span class=\"key r%d\"></span>%s <span class=\"rise\">▲</span>%s · ",
                tier_rank(data, i->tier), curve_unit(data, i, l, look.width),
                say(l, "级别或关注度上升", "tier or attention rose"));
    curve_append_period(out, data, i);
    text_puts(out, "</figcaption></figure>\n");
}

static int64_t day_start(const report_data *data, size_t day) {
    const int64_t start = (data->first_day + (int64_t)day) * DAY_MS;
    return start - utc_offset_hours(start) * HOUR_MS;
}

static int64_t graded(const report_data *data, size_t day, size_t tier) {
    return data->graded[day * (data->tiers.count + 1) + tier];
}

static void put_day(const plot *p, const report_data *data, size_t d) {
    int64_t sum = 0;
    for (size_t t = 0; t < data->tiers.count; t++) {
        const int64_t documents = graded(data, d, t);
        char class_name[8] = {'r', (char)('0' + tier_rank(data, (int64_t)t - (int64_t)data->former_tiers)), '\0'};
        if (!documents) continue;
        put_bar(p, d, sum, documents, class_name);
        time_append_part(p->out, day_start(data, d), "%Y-%m-%d ");
        html_append(p->out, data->tiers.items[t].name);
        text_printf(p->out, ": %" PRId64 "</title></rect>", documents);
        sum += documents;
    }
    if (sum && p->bars <= 14) put_value(p, d, sum);
}

void curve_append_days(tocsin_buffer *out, const report_data *data, report_language l) {
    int64_t most = 1;
    for (size_t d = 0; d < data->day_count; d++) {
        int64_t sum = 0;
        for (size_t t = 0; t < data->tiers.count; t++) sum += graded(data, d, t);
        most = sum > most ? sum : most;
    }
    const plot p = {out, CURVE_NARROW, round_up(most), data->day_count < 7 ? 7 : data->day_count};
    text_puts(out, "<figure>");
    open_plot(&p, "", say(l, "每天各级别帖数", "documents of each tier by the day"));
    for (size_t d = 0; d < data->day_count; d++) put_day(&p, data, d);
    for (size_t d = 0, step = 1 + data->day_count / 7; d < data->day_count; d += step) {
        put_tick(&p, (double)d, day_start(data, d), 0);
    }
    text_printf(out, "</svg><figcaption>%s", say(l, "每天帖数：", "documents by the day: "));
    for (size_t t = data->tiers.count; t-- > 0;) {
        text_printf(out, "<span class=\"key r%d\"></span>", tier_rank(data, (int64_t)t - (int64_t)data->former_tiers));
        html_append(out, data->tiers.items[t].name);
        text_puts(out, " ");
    }
    text_puts(out, "</figcaption></figure>\n");
}
