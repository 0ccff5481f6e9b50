/*
 * An explanation for people: the verdict, the text with marked words, then for each clause why it holds or fails, then
 * the nearest change. Words that decided are marked in one way, words that blocked a clause in another. Everything from
 * the document or the plan is made visible before it is printed, so no post can control the reader's terminal.
 */
#include "tocsin/explain_text.h"

#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/message.h"

#define LEARNED_SHOWN 8 /* contributions of each sign */
#define RULE_SHOWN 240  /* bytes: two or three lines of a terminal */

typedef enum mark_kind {
    MARK_AGAINST, /* a hit that blocks a clause or is too far from another */
    MARK_FOR      /* evidence; takes precedence */
} mark_kind;

typedef struct mark {
    size_t start, end;
    mark_kind kind;
} mark;

typedef struct mark_list {
    mark *marks;
    size_t count, capacity;
} mark_list;

typedef struct style {
    const char *mark_for, *mark_against, *end_for, *end_against;
    const char *holds, *fails, *quiet, *strong, *end;
    const tocsin_plan *plan;
} style;

static const style plain = {"【", "〔", "】", "〕", "", "", "", "", "", NULL};
static const style coloured = {"\033[1;31m", "\033[33m", "\033[0m", "\033[0m", "\033[1;32m",
                               "\033[2m",    "\033[2m",  "\033[1m", "\033[0m", NULL};

/* Evidence from a verdict, a clause or an obstacle. */
typedef struct evidence_source {
    const tocsin_verdict *verdict;
    const tocsin_explained_clause *clause;
    const tocsin_obstacle *obstacle;
} evidence_source;

static const tocsin_evidence *evidence_at(const evidence_source *source, size_t index) {
    if (source->verdict) return tocsin_verdict_evidence(source->verdict, index);
    if (source->clause) return tocsin_explained_evidence(source->clause, index);
    return tocsin_obstacle_span(source->obstacle, index);
}

static void add_marks(mark_list *list, evidence_source source, tocsin_field field, mark_kind kind) {
    const tocsin_evidence *span;
    for (size_t i = 0; (span = evidence_at(&source, i)) != NULL; i++) {
        if (span->field != field || span->start >= span->end) continue;
        if (list->count == list->capacity) {
            list->capacity = list->capacity ? 2 * list->capacity : 32;
            list->marks = tool_reallocate(list->marks, list->capacity, sizeof *list->marks);
        }
        list->marks[list->count++] = (mark){span->start, span->end, kind};
    }
}

/* By start, then the stronger first, then the longer first. */
static int compare_marks(const void *left, const void *right) {
    const mark *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->kind != b->kind) return a->kind > b->kind ? -1 : 1;
    return a->end == b->end ? 0 : a->end > b->end ? -1 : 1;
}

/* Joins marks of one kind that overlap; of two kinds the weaker one is cut. */
static void resolve_marks(mark_list *list) {
    size_t kept = 0;
    if (list->count) qsort(list->marks, list->count, sizeof *list->marks, compare_marks);
    for (size_t i = 0; i < list->count; i++) {
        mark next = list->marks[i];
        mark *last = kept ? &list->marks[kept - 1] : NULL;
        if (last && next.start < last->end) {
            if (next.kind == last->kind) {
                if (next.end > last->end) last->end = next.end;
                continue;
            }
            if (next.kind == MARK_AGAINST) {
                next.start = last->end;
                if (next.start >= next.end) continue;
            } else {
                last->end = next.start;
            }
        }
        list->marks[kept++] = next;
    }
    list->count = kept;
}

static void render_field(tocsin_buffer *out, const style *s, tocsin_bytes text, const mark_list *list) {
    size_t at = 0;
    for (size_t i = 0; i < list->count; i++) {
        const mark *m = &list->marks[i];
        utf8_append_visible(out, text.data + at, m->start - at, 1);
        text_puts(out, m->kind == MARK_FOR ? s->mark_for : s->mark_against);
        utf8_append_visible(out, text.data + m->start, m->end - m->start, 1);
        text_puts(out, m->kind == MARK_FOR ? s->end_for : s->end_against);
        at = m->end;
    }
    utf8_append_visible(out, text.data + at, text.length - at, 1);
    text_puts(out, "\n");
}

static void render_marked(tocsin_buffer *out, const style *s, const tocsin_explanation *explanation, tocsin_field field,
                          tocsin_bytes text) {
    mark_list list = {0};
    if (!text.length) return;
    const tocsin_explained_clause *about = explanation->about;
    add_marks(&list, (evidence_source){.verdict = explanation->verdict}, field, MARK_FOR);
    if (about) add_marks(&list, (evidence_source){.clause = about}, field, MARK_FOR);
    for (size_t i = 0; i < explanation->clause_count; i++) {
        const tocsin_explained_clause *clause = tocsin_explanation_clause(explanation, i);
        add_marks(&list, (evidence_source){.clause = clause}, field, MARK_FOR);
        for (size_t j = 0; j < clause->obstacle_count; j++) {
            add_marks(&list, (evidence_source){.obstacle = tocsin_explained_obstacle(clause, j)}, field, MARK_AGAINST);
        }
    }
    resolve_marks(&list);
    text_printf(out, "\n%s%s%s\n", s->quiet, tocsin_field_name(field), s->end);
    render_field(out, s, text, &list);
    tool_free(list.marks);
}

static void puts_visible(tocsin_buffer *out, const char *text) { utf8_append_visible(out, text, strlen(text), 0); }

/* A rule with its defines written out may be pages long; --json has all of it. */
static void puts_cut(tocsin_buffer *out, const char *text) {
    size_t length = strlen(text), shown = utf8_cut(text, length, RULE_SHOWN);
    utf8_append_visible(out, text, shown, 0);
    if (shown < length) text_puts(out, " …");
}

/* Writes a sentence of the library in the user's language. */
static void puts_sentence(tocsin_buffer *out, const char *text) {
    tocsin_buffer sentence;
    tocsin_buffer_init(&sentence, NULL);
    message_append_sentence(&sentence, text);
    if (tocsin_buffer_append(&sentence, "", 1) != TOCSIN_OK) tool_out_of_memory();
    puts_cut(out, sentence.data);
    tocsin_buffer_release(&sentence);
}

/* The display name, which the sentences of the library use too. */
static const char *name_of_topic(const tocsin_plan *plan, const tocsin_evidence *hit) {
    const tocsin_plan_item *topic = hit->topic == TOCSIN_NO_TOPIC ? NULL : tocsin_plan_topic(plan, hit->topic);
    return topic ? topic->name : hit->topic_id;
}

static void render_hits(tocsin_buffer *out, const style *s, evidence_source source) {
    const tocsin_evidence *hit;
    int width = 0;
    for (size_t i = 0; (hit = evidence_at(&source, i)) != NULL; i++) {
        int length = (int)strlen(name_of_topic(s->plan, hit));
        if (length > width && length <= 24) width = length;
    }
    for (size_t i = 0; (hit = evidence_at(&source, i)) != NULL; i++) {
        const char *name = name_of_topic(s->plan, hit);
        const int length = (int)strlen(name);
        text_puts(out, "    ");
        puts_visible(out, name);
        text_printf(out, "%*s", length < width ? width - length + 2 : 2, "");
        utf8_append_visible(out, hit->text.data, hit->text.length, 0);
        if (hit->topic == TOCSIN_NO_TOPIC) {
            text_printf(out, "  %+.2f", hit->contribution);
        } else if (hit->term.length != hit->text.length || memcmp(hit->term.data, hit->text.data, hit->text.length)) {
            text_puts(out, " = ");
            utf8_append_visible(out, hit->term.data, hit->term.length, 0);
        }
        text_printf(out, "  %s%s %zu-%zu%s\n", s->quiet, tocsin_field_name(hit->field), hit->start, hit->end, s->end);
    }
}

static void render_obstacles(tocsin_buffer *out, const style *s, const tocsin_explained_clause *clause) {
    for (size_t i = 0; i < clause->obstacle_count; i++) {
        const tocsin_obstacle *obstacle = tocsin_explained_obstacle(clause, i);
        text_puts(out, obstacle->kind == TOCSIN_OBSTACLE_BLOCKED ? message("    blocked: ") : message("    because: "));
        puts_sentence(out, obstacle->text);
        text_puts(out, "\n");
        render_hits(out, s, (evidence_source){.obstacle = obstacle});
    }
    for (size_t i = 0; i < clause->obstacle_count; i++) {
        text_puts(out, i ? message(" and ") : message("    would hold if "));
        puts_sentence(out, tocsin_explained_obstacle(clause, i)->change);
    }
    if (clause->obstacle_count) text_puts(out, "\n");
}

static void render_clause(tocsin_buffer *out, const style *s, const tocsin_explained_clause *clause) {
    text_printf(out, "\n%s", clause->holds ? s->holds : s->fails);
    puts_visible(out, clause->id);
    text_printf(out, " %s%s (", clause->holds ? message("holds") : message("does not hold"), s->end);
    puts_visible(out, clause->tier_id);
    text_puts(out, ")");
    const char *name = messages_are_english() ? clause->name_en : clause->name;
    if (strcmp(clause->id, name)) {
        text_puts(out, ": ");
        puts_visible(out, name);
    }
    text_puts(out, message("\n    when: "));
    puts_cut(out, clause->when);
    text_puts(out, "\n");
    if (clause->holds) {
        render_hits(out, s, (evidence_source){.clause = clause});
    } else {
        render_obstacles(out, s, clause);
    }
}

/* Shows what raises a learned score and what lowers it, the strongest of each first. */
static void render_learned(tocsin_buffer *out, const style *s, const tocsin_explained_learned *learned) {
    text_puts(out, "\n");
    puts_visible(out, learned->id);
    text_printf(out, message(": learned score %.2f\n"), learned->probability);
    for (int against = 0; against < 2; against++) {
        size_t shown = 0;
        for (size_t i = 0; i < learned->contribution_count && shown < LEARNED_SHOWN; i++) {
            const tocsin_contribution *c =
                tocsin_explained_contribution(learned, against ? learned->contribution_count - 1 - i : i);
            if (against != (c->value < 0)) break;
            text_puts(out, !shown ? against ? message("    against: ") : message("    for: ") : ", ");
            if (c->topic_id) {
                text_puts(out, message("topic "));
                size_t topic;
                const int found =
                    tocsin_plan_find(s->plan, TOCSIN_PART_TOPIC, c->topic_id, strlen(c->topic_id), &topic);
                puts_visible(out, found ? tocsin_plan_topic(s->plan, topic)->name : c->topic_id);
            } else {
                utf8_append_visible(out, c->text.data, c->text.length, 0);
            }
            text_printf(out, " %s%+.2f%s", s->quiet, c->value, s->end);
            shown++;
        }
        if (shown) text_puts(out, "\n");
    }
}

static void render_verdict(tocsin_buffer *out, const style *s, const tocsin_plan_info *info,
                           const tocsin_verdict *verdict, const tocsin_evidence *raised) {
    text_puts(out, s->strong);
    puts_visible(out, verdict->tier_id);
    if (verdict->tier != TOCSIN_TIER_NONE) {
        const tocsin_plan_item *tier = tocsin_plan_tier(info->plan, (size_t)verdict->tier);
        const char *name = messages_are_english() ? tier->name_en : tier->name;
        if (strcmp(name, tier->id) != 0) {
            text_puts(out, " ");
            puts_visible(out, name);
        }
    }
    text_puts(out, s->end);
    for (size_t i = 0; i < verdict->clause_count; i++) {
        text_puts(out, i ? ", " : message(" by "));
        puts_visible(out, tocsin_verdict_clause(verdict, i)->id);
    }
    text_printf(out, message("; venue %s, attention %s"), tocsin_venue_name(verdict->venue),
                tocsin_attention_name(verdict->attention));
    if (raised) {
        text_puts(out, " (");
        puts_visible(out, name_of_topic(info->plan, raised));
        text_puts(out, " ");
        utf8_append_visible(out, raised->text.data, raised->text.length, 0);
        text_puts(out, ")");
    }
    text_puts(out, "\n");
    for (size_t i = 0; i < verdict->route_count; i++) {
        text_puts(out, i ? ", " : message("routes: "));
        puts_visible(out, tocsin_verdict_route(verdict, i));
    }
    if (verdict->route_count) text_puts(out, "\n");
    if (verdict->incomplete) text_puts(out, message("incomplete: a limit was reached, there may be more\n"));
    if (verdict->malformed) {
        text_printf(out, message("malformed UTF-8: %llu\n"), (unsigned long long)verdict->malformed);
    }
}

/* Shows the plan's subject, if it has one, and whether the document is about it. */
static void render_about(tocsin_buffer *out, const style *s, const tocsin_explanation *explanation) {
    const tocsin_explained_clause *about = explanation->about;
    if (!about) return;
    text_printf(out, "\n%s", about->holds ? s->holds : s->fails);
    if (about->holds) {
        text_printf(out, message("about the plan's subject%s\n"), s->end);
        render_hits(out, s, (evidence_source){.clause = about});
        return;
    }
    text_puts(out, message("not about: needs "));
    puts_sentence(out, explanation->needs);
    text_printf(out, "%s\n", s->end);
    render_obstacles(out, s, about);
}

void explain_text_render(tocsin_buffer *out, const tocsin_plan_info *info, const tocsin_document *document,
                         const tocsin_explanation *explanation, int colour) {
    style chosen = colour ? coloured : plain;
    const style *s = &chosen;
    chosen.plan = info->plan;
    render_verdict(out, s, info, explanation->verdict, explanation->raised);
    render_marked(out, s, explanation, TOCSIN_FIELD_TITLE, document->title);
    render_marked(out, s, explanation, TOCSIN_FIELD_TEXT, document->text);
    render_about(out, s, explanation);
    if (explanation->needs) return; /* nothing else was examined */
    for (int holds = 1; holds >= 0; holds--) {
        for (size_t i = explanation->clause_count; i-- > 0;) {
            if (!tocsin_explanation_clause(explanation, i)->holds == !holds)
                render_clause(out, s, tocsin_explanation_clause(explanation, i));
        }
    }
    for (size_t i = 0; i < explanation->learned_count; i++)
        render_learned(out, s, tocsin_explanation_learned(explanation, i));
    text_puts(out, message("\nnearest: "));
    puts_sentence(out, explanation->nearest ? explanation->nearest->text : message("no change would raise the tier"));
    text_puts(out, "\n");
}
