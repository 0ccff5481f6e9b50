/* Progress is measured on disk, where the total is known; speed is in bytes of text, because text is graded. */
#include "tocsin/classify_report.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/tool_clock.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"

#define PROGRESS_SECONDS 0.5 /* between two progress lines */
#define EARLY_SECONDS 2.0    /* no estimate of the remaining time before this */

/* 0 if one of them has no size (a pipe) or cannot be examined. */
static uint64_t size_on_disk(char **files, int count) {
    uint64_t total = 0;
    for (int i = 0; i < count; i++) {
        struct stat about;
        int failed = strcmp(files[i], "-") ? stat(files[i], &about) : fstat(STDIN_FILENO, &about);
        if (failed || !S_ISREG(about.st_mode)) return 0;
        total += (uint64_t)about.st_size;
    }
    return total;
}

void classify_report_start(classify_report *report, const tocsin_plan_info *info, char **files, int count) {
    report->info = info;
    report->started = tool_seconds();
    report->next = report->started + PROGRESS_SECONDS;
    report->disk_total = size_on_disk(files, count);
}

static const char *plural(uint64_t count) { return count == 1 ? "" : "s"; }

static void append_left(tocsin_buffer *line, double seconds) {
    uint64_t left = (uint64_t)(seconds + 0.5);
    if (left >= 3600) {
        text_printf(line, message(", %" PRIu64 ":%02u:%02u left"), left / 3600, (unsigned)(left / 60 % 60),
                    (unsigned)(left % 60));
    } else {
        text_printf(line, message(", %u:%02u left"), (unsigned)(left / 60), (unsigned)(left % 60));
    }
}

void classify_report_progress(classify_report *report, const classify_tally *total, uint64_t bytes, uint64_t disk) {
    double now = tool_seconds(), seconds = now - report->started;
    if (now < report->next) return;
    report->next = now + PROGRESS_SECONDS;
    tocsin_buffer line;
    tocsin_buffer_init(&line, NULL);
    int known = report->disk_total && disk <= report->disk_total;
    double part = known ? (double)disk / (double)report->disk_total : 0;
    if (known) {
        text_printf(&line, message("%.0f %% of %.1f MB"), 100 * part, (double)report->disk_total / 1e6);
    } else {
        text_printf(&line, message("%.1f MB"), (double)bytes / 1e6);
    }
    if (part > 0 && seconds >= EARLY_SECONDS) append_left(&line, seconds / part - seconds);
    text_printf(&line, message(", %.1f MB/s, %" PRIu64 " document%s"), (double)bytes / 1e6 / seconds, total->documents,
                plural(total->documents));
    for (size_t i = report->info->tier_count; i-- > 0;) {
        text_printf(&line, message(", %" PRIu64 " %s"), total->tiers[i], tocsin_plan_tier(report->info->plan, i)->id);
    }
    if (total->rejected) text_printf(&line, message(", %" PRIu64 " rejected"), total->rejected);
    console_progress("%s", line.data);
    tocsin_buffer_release(&line);
}

void classify_report_summary(const classify_report *report, const classify_tally *total, uint64_t bytes) {
    double seconds = tool_seconds() - report->started;
    if (seconds < 1e-6) seconds = 1e-6;
    console_error("%" PRIu64 " document%s, %.1f MB in %.2f s: %.1f MB/s, %.0f documents/s", total->documents,
                  plural(total->documents), (double)bytes / 1e6, seconds, (double)bytes / 1e6 / seconds,
                  (double)total->documents / seconds);
    for (size_t i = report->info->tier_count; i-- > 0;) {
        const tocsin_plan_item *tier = tocsin_plan_tier(report->info->plan, i);
        const char *name = messages_are_english() ? tier->name_en : tier->name;
        const int named = strcmp(tier->id, name) != 0;
        console_line("%12" PRIu64 "  %s%s%s", total->tiers[i], tier->id, named ? " " : "", named ? name : "");
    }
    console_line("%12" PRIu64 "  none", total->tiers[total->tier_count]);
    if (total->rejected) console_line("%12" PRIu64 "  rejected", total->rejected);
    if (total->incomplete) console_line("%12" PRIu64 "  incomplete: a limit was reached", total->incomplete);
    if (total->malformed) console_line("%12" PRIu64 "  with malformed UTF-8", total->malformed);
    feed_faults_summary(&total->faults);
}
