/* Writes a message as one line of JSON: for a webhook without a template, and for a command's standard input. */
#include "feed/json_members.h"
#include "feed/utf8_text.h"
#include "notify/notify_send.h"

void notify_append_json(tocsin_buffer *out, const notify_message *m) {
    const outbox_facts *f = &m->facts;
    text_puts(out, "{");
    json_put_number(out, "delivery", m->delivery);
    json_put_flag(out, "repeat", m->repeat);
    json_put_number(out, "incident", f->incident);
    json_put_text(out, "channel", m->channel);
    json_put_text(out, "kind", m->kind);
    json_put_text(out, "number", f->number);
    json_put_text(out, "event", f->kind);
    json_put_text(out, "detail", f->detail);
    json_put_text(out, "tier", f->tier_id);
    json_put_text(out, "tier_name", f->tier);
    json_put_text(out, "attention", f->attention);
    json_put_number(out, "posts", f->posts);
    json_put_number(out, "reach", f->reach);
    json_put_number(out, "last_hour", f->last_hour);
    json_put_text(out, "places", f->places);
    json_put_text(out, "routes", f->routes);
    json_put_text(out, "clauses", f->clauses);
    json_put_text(out, "source", f->source);
    json_put_text(out, "url", f->url);
    json_put_bytes(out, "title", (tocsin_bytes){m->title.data, m->title.length});
    json_put_bytes(out, "text", (tocsin_bytes){m->text.data, m->text.length});
    text_puts(out, "}\n");
}
