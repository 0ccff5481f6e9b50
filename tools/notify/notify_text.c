/*
 * A message begins with the most important facts, so that a cut at its end loses the least important ones. Text of
 * posts is quoted, with control characters made visible; the only advice is to verify and to answer early with facts.
 */
#include "notify/notify_text.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <tocsin/document.h>

#include "feed/tool_clock.h"
#include "feed/utf8_text.h"

#define TITLE_BYTES 240
#define MORE "…"

static const char *const sentence_ends[] = {"。", "！", "？", "；", "\n"};

/* The end of the last sentence in the first `most` bytes; 0 if there is none in their second half. */
static size_t last_sentence(const char *text, size_t most) {
    for (size_t end = most; end > most / 2; end--) {
        for (size_t i = 0; i < sizeof sentence_ends / sizeof *sentence_ends; i++) {
            const size_t length = strlen(sentence_ends[i]);
            if (end >= length && !memcmp(text + end - length, sentence_ends[i], length)) return end;
        }
    }
    return 0;
}

void notify_shorten(tocsin_buffer *text, size_t most) {
    if (text->length <= most) return;
    const size_t room = most > strlen(MORE) ? most - strlen(MORE) : 0;
    const size_t fits = utf8_cut(text->data, text->length, room);
    const size_t sentence = last_sentence(text->data, fits);
    text->length = sentence ? sentence : fits;
    text_puts(text, MORE);
}

static void put_visible(tocsin_buffer *out, const char *text) { utf8_append_visible(out, text, strlen(text), 0); }

/* Appends a line, if there is content for it. */
static void put_line(tocsin_buffer *out, const char *head, const char *text) {
    if (!*text) return;
    text_puts(out, head);
    put_visible(out, text);
    text_puts(out, "\n");
}

static const char *kind_text(const outbox_facts *f, int english) {
    static const char *const names[][3] = {{"began", "新事件", "new"},
                                           {"returned", "再度出现", "returned"},
                                           {"tier", "升级", "tier raised"},
                                           {"clause", "新增条款", "new clause"},
                                           {"attention", "关注度上升", "attention raised"},
                                           {"merged", "合并", "merged"},
                                           {"outgrown", "误报后增长", "outgrew a false alarm"},
                                           {"answered", "已回应", "answered"},
                                           {"refuted", "已辟谣", "refuted by the service"},
                                           {"doubted", "有人称不实", "said to be untrue"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(names[i][0], f->kind)) return names[i][english ? 2 : 1];
    }
    return f->kind;
}

static const char *attention_text(const outbox_facts *f, int english) {
    static const char *const names[][2] = {{"low", "低"}, {"elevated", "升高"}, {"high", "高"}};
    for (size_t i = 0; i < sizeof names / sizeof *names && !english; i++) {
        if (!strcmp(names[i][0], f->attention)) return names[i][1];
    }
    return f->attention;
}

static const char *prefix_text(const notify_message *m, int english) {
    if (!strcmp(m->kind, "reminder")) return english ? "[reminder] " : "【催办】";
    if (!strcmp(m->kind, "escalation")) return english ? "[not acknowledged] " : "【无人受理】";
    return "";
}

static void put_time(tocsin_buffer *out, int64_t milliseconds) {
    struct tm parts;
    char text[40];
    if (!tool_local_time(milliseconds, &parts)) return;
    if (strftime(text, sizeof text, "%Y-%m-%d %H:%M %z", &parts)) text_puts(out, text);
}

void notify_compose(notify_message *m, int english, size_t most) {
    const outbox_facts *f = &m->facts;
    tocsin_buffer *title = &m->title, *out = &m->text;
    const char *repeated = english ? "[may be a repetition] " : "（可能重复）";
    title->length = out->length = 0;
    text_printf(title, "%s%s[", m->repeat ? repeated : "", prefix_text(m, english));
    put_visible(title, f->tier);
    text_printf(title, "] %s %s ", kind_text(f, english), f->number);
    put_visible(title, f->about);
    notify_shorten(title, TITLE_BYTES);
    text_append(out, title->data, title->length);
    text_puts(out, "\n");
    text_printf(out,
                english ? "%" PRId64 " posts, %" PRId64 " of them in the last hour; reach %" PRId64 "; attention %s\n"
                        : "帖数 %" PRId64 "，近一小时 %" PRId64 "；传播量 %" PRId64 "；关注度 %s\n",
                f->posts, f->last_hour, f->reach, attention_text(f, english));
    put_line(out, english ? "Places: " : "地点：", f->places);
    put_line(out, english ? "Told by the plan: " : "通知：", f->routes);
    text_puts(out, english ? "Latest post: " : "最新帖子：");
    put_time(out, f->time);
    text_puts(out, " ");
    put_visible(out, *f->url ? f->url : f->source);
    text_puts(out, "\n");
    put_line(out, english ? "It says: " : "内容：", f->text);
    put_line(out, english ? "Clauses: " : "条款：", f->clauses);
    text_printf(out,
                english ? "Verify the facts, and publish what is accurate early. Acknowledge: tocsin desk ack %" PRId64
                        : "请先核实，尽早发布准确情况。受理：tocsin desk ack %" PRId64,
                f->incident);
    notify_shorten(out, most);
}

void notify_compose_digest(notify_message *m, const desk_list *open, int english, size_t most) {
    tocsin_buffer *title = &m->title, *out = &m->text;
    title->length = out->length = 0;
    if (m->repeat) text_puts(title, english ? "[may be a repetition] " : "（可能重复）");
    text_printf(title, english ? "Open incidents: %" PRId64 : "未办结事件 %" PRId64 " 起", open->matching);
    text_append(out, title->data, title->length);
    text_puts(out, "\n");
    for (size_t i = 0; i < open->count; i++) {
        const desk_incident *d = &open->items[i];
        text_printf(out, "%" PRId64 " [", d->id);
        put_visible(out, english ? d->tier_name_en : d->tier_name);
        text_printf(out,
                    english ? "] %s, %" PRId64 " posts, reach %" PRId64 ": "
                            : "] %s，%" PRId64 " 帖，传播量 %" PRId64 "：",
                    strcmp(d->state, "open") ? (english ? "acknowledged" : "已受理") : (english ? "open" : "待处理"),
                    d->posts, d->reach);
        put_visible(out, d->about);
        text_puts(out, "\n");
    }
    notify_shorten(out, most);
}
