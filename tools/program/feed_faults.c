/*
 * One line for the first fault of a kind and one for the count, because a feed of a million posts may have a million
 * faults.
 */
#include "program/feed_faults.h"

#include <inttypes.h>

#include "program/console.h"
#include "program/message.h"

void feed_faults_add(feed_faults *faults, feed_fault fault, uint64_t count, const char *file, uint64_t line,
                     const char *what) {
    if (count && !faults->count[fault]) console_line("%s:%" PRIu64 ": %s", file, line, message_told(what));
    faults->count[fault] += count;
}

void feed_faults_note(feed_faults *faults, const document_reader *reader, const char *file, uint64_t line) {
    for (int fault = 0; fault < FEED_FAULT_COUNT; fault++) {
        const char *what = document_reader_fault(reader, (feed_fault)fault);
        if (what) feed_faults_add(faults, (feed_fault)fault, 1, file, line, message_told(what));
    }
}

void feed_faults_summary(const feed_faults *faults) {
    if (faults->count[FEED_FAULT_TIME]) {
        console_line("%12" PRIu64 "  graded without a time: it cannot be read", faults->count[FEED_FAULT_TIME]);
    }
    if (faults->count[FEED_FAULT_REACH]) {
        console_line("%12" PRIu64 "  graded without a reach: it cannot be read", faults->count[FEED_FAULT_REACH]);
    }
    if (faults->count[FEED_FAULT_VENUE]) {
        console_line("%12" PRIu64 "  graded without their venue: it is not known", faults->count[FEED_FAULT_VENUE]);
    }
    if (faults->count[FEED_FAULT_REPAIRED]) {
        console_line("%12" PRIu64 "  graded although they are not quite JSON", faults->count[FEED_FAULT_REPAIRED]);
    }
}
