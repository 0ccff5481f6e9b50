/* A message as one line of JSON: for a webhook without a template, and for a command on its standard input. */
#include <inttypes.h>
#include <string.h>

#include "feed/utf8_text.h"
#include "notify/notify_send.h"

static void put_member(tocsin_buffer *out, const char *key, const char *text, size_t length) {
    text_printf(out, ",\"%s\":", key);
    utf8_append_json(out, length ? text : "", length);
}

static void put_words(tocsin_buffer *out, const char *key, const char *text) {
    put_member(out, key, text ? text : "", text ? strlen(text) : 0);
}

void notify_append_json(tocsin_buffer *out, const notify_message *m) {
    const outbox_facts *f = &m->facts;
    text_printf(out, "{\"delivery\":%" PRId64 ",\"repeat\":%s,\"incident\":%" PRId64, m->delivery,
                m->repeat ? "true" : "false", f->incident);
    put_words(out, "channel", m->channel);
    put_words(out, "kind", m->kind);
    put_words(out, "number", f->number);
    put_words(out, "event", f->kind);
    put_words(out, "detail", f->detail);
    put_words(out, "tier", f->tier_id);
    put_words(out, "tier_name", f->tier);
    put_words(out, "attention", f->attention);
    text_printf(out, ",\"posts\":%" PRId64 ",\"reach\":%" PRId64 ",\"last_hour\":%" PRId64, f->posts, f->reach,
                f->last_hour);
    put_words(out, "places", f->places);
    put_words(out, "routes", f->routes);
    put_words(out, "clauses", f->clauses);
    put_words(out, "source", f->source);
    put_words(out, "url", f->url);
    put_member(out, "title", m->title.data, m->title.length);
    put_member(out, "text", m->text.data, m->text.length);
    text_puts(out, "}\n");
}
