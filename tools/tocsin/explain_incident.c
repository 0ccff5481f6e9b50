/*
 * The tracker of the last commit takes the document and is then thrown away: so the watcher's own code answers, and the
 * database is only read. A document without a time counts as arriving now, in the time of the feed.
 */
#include "tocsin/explain_incident.h"

#include <inttypes.h>
#include <string.h>

#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "store/incident_query.h"

static const char *const joined_by[] = {"", "words", "matter", "centroid"};
static const char *const attached_as[] = {"", "answer", "rebuttal", "echo"};

static int load(const char *database, tocsin_tracker **tracker) {
    const char *problem = "";
    tocsin_buffer bytes;
    tocsin_error error = {0};
    tocsin_buffer_init(&bytes, NULL);
    int loaded = incident_tracker_read(database, &bytes, &problem);
    if (!loaded) console_error("%s: %s", database, problem);
    if (loaded && !bytes.length) loaded = tocsin_tracker_create(NULL, tracker, &error) == TOCSIN_OK;
    if (loaded && bytes.length) loaded = !tocsin_tracker_restore(bytes.data, bytes.length, NULL, tracker, &error);
    if (!loaded && error.message[0]) console_error("%s: %s", database, error.message);
    tocsin_buffer_release(&bytes);
    return loaded;
}

static void append_json(tocsin_buffer *out, const tocsin_tracked *tracked) {
    const uint64_t joins = tracked->is_new ? 0 : tracked->incident;
    text_puts(out, ",\"incident\":{\"joins\":");
    text_printf(out, joins ? "%" PRIu64 : "null", joins);
    text_printf(out, ",\"begins\":%s,\"returns\":%" PRIu64 ",\"joined_by\":", tracked->is_new ? "true" : "false",
                tracked->returns);
    text_printf(out, joins ? "\"%s\"" : "null", joined_by[tracked->joined_by]);
    text_printf(out, ",\"score\":%.3f,\"attached\":", tracked->score);
    text_printf(out, tracked->attached_as ? "\"%s\"" : "null", attached_as[tracked->attached_as]);
    text_printf(out, ",\"attention\":\"%s\"}", tocsin_attention_name(tracked->attention));
}

static const char *why(tocsin_joined_by by) {
    switch (by) {
        case TOCSIN_JOINED_BY_WORDS: return message("the same words");
        case TOCSIN_JOINED_BY_MATTER: return message("the same place, topics and time");
        case TOCSIN_JOINED_BY_CENTROID: return message("what weighs most in its posts");
        default: return "";
    }
}

static const char *what(tocsin_attached_as as) {
    if (as == TOCSIN_ATTACHED_AS_ANSWER) return message("an answer");
    return as == TOCSIN_ATTACHED_AS_REBUTTAL ? message("a rebuttal") : message("an echo");
}

static void append_text(tocsin_buffer *out, tocsin_tracker *tracker, const tocsin_tracked *tracked) {
    const uint64_t id = tracked->returns ? tracked->returns : tracked->incident;
    const tocsin_incident *incident = tocsin_tracker_get(tracker, id);
    text_puts(out, message("\nincident: "));
    if (!tracked->incident) {
        text_puts(out, message("none: no tier, and nothing that an incident is about\n"));
        return;
    }
    if (tracked->is_new && !tracked->returns) {
        text_puts(out, message("it would begin a new one\n"));
        return;
    }
    if (tracked->returns) {
        text_printf(out, message("it would begin a new one, which resumes %" PRIu64), id);
    } else if (tracked->attached_as) {
        text_printf(out, message("attached to %" PRIu64 " as %s, by %s (%.2f)"), id, what(tracked->attached_as),
                    why(tracked->joined_by), tracked->score);
    } else {
        text_printf(out, message("joins %" PRIu64 " by %s (%.2f)"), id, why(tracked->joined_by), tracked->score);
    }
    text_puts(out, ": ");
    if (incident) utf8_append_visible(out, incident->sample, strlen(incident->sample), 0);
    text_puts(out, "\n");
}

int explain_incident(const char *database, const tocsin_document *document, const tocsin_verdict *verdict, int json,
                     tocsin_buffer *out) {
    tocsin_tracker *tracker = NULL;
    tocsin_tracked tracked;
    tocsin_error error = {0};
    tocsin_document now = *document;
    if (!load(database, &tracker)) return 0;
    if (now.time == TOCSIN_TIME_UNKNOWN) now.time = tocsin_tracker_now(tracker);
    const int added = tocsin_tracker_add(tracker, &now, verdict, &tracked, &error) == TOCSIN_OK;
    if (!added) console_error("%s", error.message);
    if (added && json) append_json(out, &tracked);
    if (added && !json) append_text(out, tracker, &tracked);
    tocsin_tracker_free(tracker);
    return added;
}
