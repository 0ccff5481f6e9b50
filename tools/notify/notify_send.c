/*
 * Sends with libcurl. A robot of WeCom, DingTalk or Feishu answers 200 even if it rejects a message and reports that in
 * the body, so the body decides. Redirects are not followed: a message only goes to the address in the file.
 */
#include "notify/notify_send.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "feed/ndjson.h"
#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "notify/hmac_text.h"

#define MOST_ANSWER 65536
#define MAIL_LINE 76

typedef struct answer {
    tocsin_buffer body;
} answer;

typedef struct upload {
    const tocsin_buffer *text;
    size_t at;
} upload;

int notify_send_begin(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }

void notify_send_end(void) { curl_global_cleanup(); }

static void put_template_value(tocsin_buffer *out, const notify_message *m, const char *name, size_t length) {
    char number[24];
    const char *text = "";
    tocsin_buffer quoted;
    tocsin_buffer_init(&quoted, NULL);
#define IS(word) (length == sizeof word - 1 && !memcmp(name, word, length))
    if (IS("title") || IS("text")) {
        const tocsin_buffer *from = IS("title") ? &m->title : &m->text;
        utf8_append_json(&quoted, from->length ? from->data : "", from->length);
    } else {
        snprintf(number, sizeof number, "%" PRId64, IS("delivery") ? m->delivery : m->facts.incident);
        if (IS("incident") || IS("delivery")) text = number;
        if (IS("number") && m->facts.number) text = m->facts.number;
        if (IS("tier") && m->facts.tier) text = m->facts.tier;
        if (IS("url") && m->facts.url) text = m->facts.url;
        if (IS("kind")) text = m->kind;
        if (IS("channel")) text = m->channel;
        if (IS("repeat")) text = m->repeat ? "true" : "false";
        utf8_append_json(&quoted, text, strlen(text));
    }
#undef IS
    text_append(out, quoted.data + 1, quoted.length - 2); /* the template has the quotes */
    tocsin_buffer_release(&quoted);
}

/* Values are escaped as in a JSON string. */
static void fill_template(tocsin_buffer *out, const char *template, const notify_message *m) {
    for (const char *c = template; *c;) {
        const char *open = strstr(c, "{{"), *end = open ? strstr(open, "}}") : NULL;
        text_append(out, c, end ? (size_t)(open - c) : strlen(c));
        if (!end) return;
        put_template_value(out, m, open + 2, (size_t)(end - open) - 2);
        c = end + 2;
    }
}

/* Writes the request of a robot, with the parts that depend on the time. */
static void put_body(tocsin_buffer *out, const notify_channel *c, const notify_message *m) {
    tocsin_buffer key;
    const long long seconds = (long long)time(NULL);
    switch (c->kind) {
        case CHANNEL_WECOM:
            text_puts(out, "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":");
            utf8_append_json(out, m->text.data, m->text.length);
            text_puts(out, "}}");
            return;
        case CHANNEL_DINGTALK:
            text_puts(out, "{\"msgtype\":\"text\",\"text\":{\"content\":");
            utf8_append_json(out, m->text.data, m->text.length);
            text_puts(out, "}}");
            return;
        case CHANNEL_FEISHU:
            text_puts(out, "{");
            if (*c->secret) {
                tocsin_buffer_init(&key, NULL);
                text_printf(&key, "%lld\n%s", seconds, c->secret);
                text_printf(out, "\"timestamp\":\"%lld\",\"sign\":\"", seconds);
                hmac_text_append(out, key.data, key.length, "", 0);
                text_puts(out, "\",");
                tocsin_buffer_release(&key);
            }
            text_puts(out, "\"msg_type\":\"text\",\"content\":{\"text\":");
            utf8_append_json(out, m->text.data, m->text.length);
            text_puts(out, "}}");
            return;
        default:
            if (*c->template) {
                fill_template(out, c->template, m);
            } else {
                notify_append_json(out, m);
            }
    }
}

/* DingTalk needs the time and its signature in the address. */
static void put_address(tocsin_buffer *out, CURL *curl, const notify_channel *c) {
    tocsin_buffer data, sign;
    text_puts(out, c->url);
    if (c->kind != CHANNEL_DINGTALK) return;
    const long long now = (long long)tool_now();
    tocsin_buffer_init(&data, NULL);
    tocsin_buffer_init(&sign, NULL);
    text_printf(&data, "%lld\n%s", now, c->secret);
    hmac_text_append(&sign, c->secret, strlen(c->secret), data.data, data.length);
    char *escaped = curl_easy_escape(curl, sign.data, (int)sign.length);
    text_printf(out, "%ctimestamp=%lld&sign=%s", strchr(c->url, '?') ? '&' : '?', now, escaped ? escaped : "");
    curl_free(escaped);
    tocsin_buffer_release(&data);
    tocsin_buffer_release(&sign);
}

static size_t take_answer(char *data, size_t size, size_t count, void *context) {
    answer *a = context;
    if (a->body.length < MOST_ANSWER) text_append(&a->body, data, size * count);
    return size * count;
}

static size_t give_mail(char *data, size_t size, size_t count, void *context) {
    upload *u = context;
    const size_t room = size * count, left = u->text->length - u->at, part = left < room ? left : room;
    memcpy(data, u->text->data + u->at, part);
    u->at += part;
    return part;
}

static void set_reason(notify_result *result, const notify_channel *c, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* If a receiver repeats the address or a secret in its answer, that part is left out. */
static void set_reason(notify_result *result, const notify_channel *c, const char *format, ...) {
    const char *const slash = strrchr(c->url, '/'), *const secrets[] = {slash ? slash + 1 : "", c->secret, c->password,
                                                                        c->header};
    tocsin_buffer out, shown;
    va_list arguments;
    tocsin_buffer_init(&out, NULL);
    tocsin_buffer_init(&shown, NULL);
    va_start(arguments, format);
    text_vprintf(&out, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const size_t length = strlen(secrets[i]);
        for (char *at = out.data; length > 3 && (at = strstr(at, secrets[i])); at += length) memset(at, '*', length);
    }
    utf8_append_visible(&shown, out.data, out.length, 0);
    notify_shorten(&shown, sizeof result->reason - 1);
    snprintf(result->reason, sizeof result->reason, "%.*s", (int)shown.length, shown.data);
    tocsin_buffer_release(&out);
    tocsin_buffer_release(&shown);
}

/* Reads the values of an answer that is a JSON object; 0 if it is none. */
static int parse_answer(ndjson_parser *parser, answer *a, const ndjson_keys *keys, ndjson_value *values) {
    static const char padding[64] = {0};
    const size_t length = a->body.length;
    text_append(&a->body, padding, sizeof padding);
    return length && ndjson_parse(parser, a->body.data, length, keys, values) == NDJSON_OK;
}

static void set_refused(notify_result *result, const notify_channel *c, int64_t code, const ndjson_value *said) {
    set_reason(result, c, "it answered 200 with error %" PRId64 ": %.*s", code,
               said->kind == NDJSON_STRING ? (int)said->length : 0, said->text ? said->text : "");
}

/* Reads a robot's answer from its body: 0 means accepted. */
static void read_robot(const notify_channel *c, ndjson_parser *parser, answer *a, notify_result *result) {
    static const ndjson_keys keys = {{"errcode", "errmsg", "code", "msg", "StatusCode"}, {7, 6, 4, 3, 10}, 5, 0};
    ndjson_value values[5];
    result->outcome = NOTIFY_AGAIN;
    if (!parse_answer(parser, a, &keys, values)) {
        set_reason(result, c, "it answered 200, but not as a robot does");
        result->uncertain = 1;
    } else {
        const ndjson_value *code = &values[0], *said = &values[1];
        if (c->kind == CHANNEL_FEISHU) {
            code = values[2].kind == NDJSON_INTEGER ? &values[2] : &values[4];
            said = &values[3];
        }
        if (code->kind == NDJSON_INTEGER && code->integer == 0) {
            result->outcome = NOTIFY_SENT;
        } else if (code->kind == NDJSON_INTEGER) {
            set_refused(result, c, code->integer, said);
            const int limited = code->integer == 45009 || code->integer == 130101 || code->integer == 660026 ||
                                code->integer == 11232 || code->integer == 9499;
            if (limited) result->wait_ms = 60000;
        } else {
            set_reason(result, c, "it answered 200 without saying whether it took it");
            result->uncertain = 1;
        }
    }
}

/* A webhook accepts a message by its status; but some answer 200 and report in JSON that they refused it. */
static void read_webhook(const notify_channel *c, ndjson_parser *parser, answer *a, notify_result *result) {
    static const ndjson_keys keys = {{"errcode", "errmsg", "error"}, {7, 6, 5}, 3, 0};
    ndjson_value values[3];
    result->outcome = NOTIFY_SENT;
    if (!parse_answer(parser, a, &keys, values)) return;
    const int by_code = values[0].kind == NDJSON_INTEGER && values[0].integer != 0;
    const int by_text = values[2].kind == NDJSON_STRING && values[2].length > 0;
    if (!by_code && !by_text) return;
    result->outcome = NOTIFY_AGAIN;
    set_refused(result, c, by_code ? values[0].integer : 0, by_text ? &values[2] : &values[1]);
}

static void read_body(const notify_channel *c, answer *a, notify_result *result) {
    ndjson_parser *parser = ndjson_parser_create();
    if (!parser) tool_out_of_memory();
    (c->kind == CHANNEL_WEBHOOK ? read_webhook : read_robot)(c, parser, a, result);
    ndjson_parser_free(parser);
}

static void read_status(CURL *curl, const notify_channel *c, answer *a, notify_result *result) {
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
    result->outcome = NOTIFY_AGAIN;
    if (status >= 200 && status < 300) {
        read_body(c, a, result);
        return;
    }
    const int healing =
        status == 401 || status == 403 || status == 404 || status == 408 || status == 425 || status == 429;
    if (status >= 300 && status < 500 && !healing) result->outcome = NOTIFY_NEVER;
    result->uncertain = status >= 500;
    result->wait_ms = wait > 0 && wait < 86400 ? (int64_t)wait * 1000 : 0;
    set_reason(result, c, "it answered %ld", status);
}

static void read_failure(const notify_channel *c, CURLcode code, const char *said, notify_result *result) {
    result->outcome = NOTIFY_AGAIN;
    result->uncertain = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
                        code == CURLE_SEND_ERROR || code == CURLE_PARTIAL_FILE || code == CURLE_WEIRD_SERVER_REPLY;
    set_reason(result, c, "%s", *said ? said : curl_easy_strerror(code));
}

static void set_common(CURL *curl, const notify_channel *c, char *said, answer *a, const char *protocols) {
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, said);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)c->timeout);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)c->timeout);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, a);
    if (*c->ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, c->ca_file);
    if (*c->user) curl_easy_setopt(curl, CURLOPT_USERNAME, c->user);
    if (*c->password) curl_easy_setopt(curl, CURLOPT_PASSWORD, c->password);
}

static void post(CURL *curl, const notify_channel *c, const notify_message *m, notify_result *result) {
    char said[CURL_ERROR_SIZE] = "", type[160];
    answer a;
    tocsin_buffer body, address;
    tocsin_buffer_init(&a.body, NULL);
    tocsin_buffer_init(&body, NULL);
    tocsin_buffer_init(&address, NULL);
    put_body(&body, c, m);
    put_address(&address, curl, c);
    snprintf(type, sizeof type, "Content-Type: %.100s; charset=utf-8", c->content_type);
    struct curl_slist *headers = curl_slist_append(NULL, type);
    if (*c->header) headers = curl_slist_append(headers, c->header);
    headers = curl_slist_append(headers, "Expect:");
    set_common(curl, c, said, &a, "http,https");
    curl_easy_setopt(curl, CURLOPT_URL, address.data);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.length);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    const CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK) {
        read_status(curl, c, &a, result);
    } else {
        read_failure(c, code, said, result);
    }
    curl_slist_free_all(headers);
    tocsin_buffer_release(&a.body);
    tocsin_buffer_release(&body);
    tocsin_buffer_release(&address);
}

/* The addresses of ",a,b,", for the envelope or the header. */
static struct curl_slist *addresses(const notify_channel *c, tocsin_buffer *head) {
    struct curl_slist *list = NULL;
    for (const char *at = c->to + 1; *at;) {
        const size_t length = strcspn(at, ",");
        char one[320];
        snprintf(one, sizeof one, "<%.*s>", (int)(length < 300 ? length : 300), at);
        if (length) list = curl_slist_append(list, one);
        if (length) text_printf(head, "%s%s", head->length ? ", " : "", one);
        at += length + (at[length] == ',');
    }
    return list;
}

static void put_mail(tocsin_buffer *out, const notify_channel *c, const notify_message *m, const char *to) {
    char date[64];
    tocsin_buffer encoded;
    struct tm parts;
    const time_t now = time(NULL);
    gmtime_r(&now, &parts);
    strftime(date, sizeof date, "%d %b %Y %H:%M:%S +0000", &parts);
    tocsin_buffer_init(&encoded, NULL);
    text_printf(out,
                "Date: %s\r\nFrom: <%s>\r\nTo: %s\r\nMessage-ID: <tocsin-%s-%" PRId64 "@%s>\r\nX-Tocsin-Repeat: %s\r\n",
                date, c->from, to, c->name, m->delivery, strchr(c->from, '@') ? strchr(c->from, '@') + 1 : "localhost",
                m->repeat ? "yes" : "no");
    text_puts(out, "Subject:");
    for (size_t at = 0; at < m->title.length;) { /* each encoded word has complete characters */
        const size_t part = utf8_cut(m->title.data + at, m->title.length - at, 42);
        text_puts(out, " =?UTF-8?B?");
        base64_text_append(out, m->title.data + at, part);
        at += part;
        text_puts(out, at < m->title.length ? "?=\r\n" : "?=");
        if (!part) break;
    }
    text_puts(out, "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
                   "base64\r\n\r\n");
    base64_text_append(&encoded, m->text.data, m->text.length);
    for (size_t at = 0; at < encoded.length; at += MAIL_LINE) {
        text_append(out, encoded.data + at, encoded.length - at < MAIL_LINE ? encoded.length - at : MAIL_LINE);
        text_puts(out, "\r\n");
    }
    tocsin_buffer_release(&encoded);
}

static void mail(CURL *curl, const notify_channel *c, const notify_message *m, notify_result *result) {
    char said[CURL_ERROR_SIZE] = "";
    answer a;
    tocsin_buffer text, to;
    tocsin_buffer_init(&a.body, NULL);
    tocsin_buffer_init(&text, NULL);
    tocsin_buffer_init(&to, NULL);
    struct curl_slist *list = addresses(c, &to);
    put_mail(&text, c, m, to.length ? to.data : "");
    upload u = {&text, 0};
    set_common(curl, c, said, &a, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_URL, c->url);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(c->plain_smtp ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, c->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, list);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_mail);
    curl_easy_setopt(curl, CURLOPT_READDATA, &u);
    const CURLcode code = curl_easy_perform(curl);
    result->outcome = NOTIFY_SENT;
    if (code != CURLE_OK) read_failure(c, code, said, result);
    curl_slist_free_all(list);
    tocsin_buffer_release(&a.body);
    tocsin_buffer_release(&text);
    tocsin_buffer_release(&to);
}

void notify_send(const notify_channel *channel, const notify_message *message, notify_result *result) {
    *result = (notify_result){.outcome = NOTIFY_AGAIN};
    if (channel->kind == CHANNEL_COMMAND) {
        notify_run_command(channel, message, result);
        return;
    }
    CURL *curl = curl_easy_init();
    if (!curl) tool_out_of_memory();
    if (channel->kind == CHANNEL_SMTP) {
        mail(curl, channel, message, result);
    } else {
        post(curl, channel, message, result);
    }
    curl_easy_cleanup(curl);
}
