/*
 * A request is checked in this order: its host (a foreign page whose name leads here has another one), the session,
 * access, and for a form its origin and its token. Only then the database is opened, anew for each request, so that a
 * database that is being restored or upgraded is never seen half done.
 */
#include "serve/serve_app.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "feed/tool_clock.h"
#include "feed/utf8_text.h"
#include "program/message.h"
#include "serve/serve_assets.h"
#include "serve/serve_pages.h"
#include "store/day_query.h"

static int is_host(const serve_app *app, const char *host) {
    static const char *const loopback[] = {"localhost", "127.0.0.1", "[::1]"};
    char name[300];
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
        snprintf(name, sizeof name, "%s:%u", loopback[i], app->port);
        if (!strcasecmp(host, name)) return 1;
        if (app->port == 80 && !strcasecmp(host, loopback[i])) return 1;
    }
    const char *colon = strrchr(app->listen, ':');
    snprintf(name, sizeof name, "%.*s:%u", (int)(colon - app->listen), app->listen, app->port);
    if (!strcasecmp(host, name)) return 1;
    for (size_t i = 0; i < app->host_count; i++) {
        if (!strcasecmp(host, app->hosts[i])) return 1;
    }
    return 0;
}

/* Whether an address begins with the requested host. */
static int is_own_address(const http_request *r, const char *url) {
    const char *at = !strncmp(url, "http://", 7) ? url + 7 : !strncmp(url, "https://", 8) ? url + 8 : "";
    const size_t length = strlen(r->host);
    return !strncasecmp(at, r->host, length) && (!at[length] || at[length] == '/');
}

/* Whether the browser says that a request comes from a page of this server, or from no page. */
static int is_own_origin(const http_request *r) {
    if (*r->site && strcmp(r->site, "same-origin") != 0 && strcmp(r->site, "none") != 0) return 0;
    return !*r->origin || is_own_address(r, r->origin);
}

/*
 * A link in a message or on another site sends no cookie, because the cookie is only sent by this server's own pages; a
 * page that then requests itself again has it. A request from elsewhere never makes a session.
 */
static int comes_from_elsewhere(const http_request *r) {
    return !is_own_origin(r) || (!*r->site && *r->referer && !is_own_address(r, r->referer));
}

static void put_language(serve_page *page) {
    const char *asked = http_query(page->request, "lang");
    char kept[8];
    page->language = page->app->language;
    if (strcmp(asked, "zh") != 0 && strcmp(asked, "en") != 0) {
        asked = http_cookie(page->request, "tocsin_lang", kept, sizeof kept) ? kept : "";
    } else {
        tocsin_buffer *cookie = &page->answer->cookies[page->answer->cookie_count++];
        text_printf(cookie, "tocsin_lang=%s; Path=/; Max-Age=31536000; SameSite=Strict", asked);
    }
    if (!strcmp(asked, "zh")) page->language = REPORT_CHINESE;
    if (!strcmp(asked, "en")) page->language = REPORT_ENGLISH;
}

/* Answers with style, script or icon; they are the same for everybody. */
static int answer_file(const http_request *r, http_answer *answer) {
    for (size_t i = 0; i < serve_asset_count; i++) {
        const serve_asset *f = &serve_assets[i];
        if (strcmp(r->path, f->path) != 0) continue;
        text_append(&answer->body, (const char *)f->bytes, f->length);
        answer->type = f->type;
        answer->keeps = 1;
        return 1;
    }
    return 0;
}

static void answer_health(serve_app *app, http_answer *answer) {
    database db;
    const int good =
        database_open(&db, app->database, DATABASE_READ) && database_number(&db, "SELECT count(*) FROM meta", -1) >= 0;
    database_close(&db);
    answer->type = "application/json";
    answer->status = good ? 200 : 503;
    text_puts(&answer->body, good ? "{\"status\":\"ok\"}\n" : "{\"status\":\"the database cannot be read\"}\n");
}

/* "/incident/12" and "/incident/12/sheet"; 0 if it is neither. */
static int64_t take_incident(const char *path, int *sheet) {
    static const char prefix[] = "/incident/";
    const char *at = path + sizeof prefix - 1;
    int64_t id = 0;
    if (strncmp(path, prefix, sizeof prefix - 1) != 0) return 0;
    for (; *at >= '0' && *at <= '9' && id < INT64_MAX / 10 - 1; at++) id = id * 10 + (*at - '0');
    *sheet = !strcmp(at, "/sheet");
    return *sheet || !*at ? id : 0;
}

static void no_such_page(serve_page *page) {
    page_problem(page, 404, page_say(page, "没有这个页面", "No such page"),
                 page_say(page, "请从“今天”或“查找”进入。", "Go by Today or Search."));
}

static void show(serve_page *page) {
    const char *path = page->request->path;
    int sheet = 0;
    const int64_t incident = take_incident(path, &sheet);
    if (!strcmp(path, "/")) {
        serve_today(page);
    } else if (!strcmp(path, "/search")) {
        serve_search(page);
    } else if (!strcmp(path, "/plan")) {
        serve_plan(page);
    } else if (incident) {
        (sheet ? serve_sheet : serve_incident)(page, incident);
    } else {
        no_such_page(page);
    }
}

/* Spaces around a typed line or note come from the keyboard: a phone adds one after a word. */
static void trim_fields(const http_request *r) {
    static const char *const names[] = {"by", "whom", "into", "text"};
    for (size_t i = 0; i < r->form_count; i++) {
        char *value = r->form[i].value;
        int is_trimmed = 0;
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) is_trimmed |= !strcmp(r->form[i].name, names[n]);
        if (!is_trimmed) continue;
        const size_t before = strspn(value, " \t\n");
        size_t length = strlen(value + before);
        while (length && strchr(" \t\n", value[before + length - 1])) length--;
        memmove(value, value + before, length);
        value[length] = '\0';
    }
}

static void act(serve_page *page) {
    int sheet = 0;
    const int64_t incident = take_incident(page->request->path, &sheet);
    trim_fields(page->request);
    if (incident) {
        (sheet ? serve_fill : serve_decide)(page, incident);
    } else {
        no_such_page(page);
    }
}

static void with_database(serve_page *page, database_mode mode, void (*make)(serve_page *)) {
    if (database_open(&page->db, page->app->database, mode)) {
        page->due_now = day_due_now(&page->db, page->now);
        make(page);
    }
    if (page->db.failed) {
        char problem[2 * sizeof page->db.problem]; /* Chinese may be longer */
        snprintf(problem, sizeof problem, "%s", message_told(page->db.problem));
        page->answer->location.length = 0;
        page_problem(page, 503, page_say(page, "数据库现在用不了", "The database cannot be used now"), problem);
    }
    database_close(&page->db);
}

/* Refuses a form with a page that gives the reason; 1 if it did. */
static int refuses_form(serve_page *page) {
    const http_request *r = page->request;
    const char *what = page_say(page, "没有保存", "It was not kept");
    if (r->fault == HTTP_TOO_LARGE) {
        char detail[200];
        snprintf(
            detail, sizeof detail,
            page_say(page, "内容太长：一次最多 %d KB，什么都没有保存。请缩短，或用 tocsin desk 记录。",
                     "It is too long: at most %d KB at once; nothing of it was kept. Shorten it, or use tocsin desk."),
            HTTP_MOST_BODY / 1024);
        page_problem(page, 413, what, detail);
    } else if (r->fault == HTTP_MALFORMED) {
        page_problem(page, 400, what,
                     page_say(page, "表单格式不对，或不是 UTF-8。", "It is not a form, or not UTF-8."));
    } else if (!is_own_origin(r)) {
        page_problem(page, 403, what, page_say(page, "表单来自别的网站。", "The form comes from another site."));
    } else if (!secret_is_equal(http_form(r, "token"), page->token)) {
        const char *why = page_say(page, "页面已过期（服务重启过，或登录已到期）。",
                                   "The page is out of date: the server was restarted, or the session is over.");
        if (*r->origin && page->session.admitted && strcmp(r->path, "/login") != 0) {
            page_send_again(page, 403, what, why, page_say(page, "再发送一次", "Send it again"), 0);
        } else {
            page_problem(page, 403, what, why);
        }
    } else {
        return 0;
    }
    return 1;
}

static void take_form(serve_page *page) {
    const char *path = page->request->path;
    if (refuses_form(page)) return;
    if (!strcmp(path, "/login") && page->app->access.kind != ACCESS_OPEN) {
        serve_take_login(page);
    } else if (!strcmp(path, "/logout")) {
        access_put_cookie(&page->app->access, NULL, page->answer);
        page_go_to(page, "/login");
    } else if (!page->session.admitted) {
        page_problem(page, 401, page_say(page, "没有保存", "It was not kept"),
                     page_say(page, "请先登录。", "Log in first."));
    } else {
        with_database(page, DATABASE_ACT, act);
    }
}

static void take_page(serve_page *page) {
    const char *path = page->request->path;
    if (!strcmp(path, "/login") && page->app->access.kind != ACCESS_OPEN) {
        serve_login(page);
    } else if (!page->session.admitted) {
        page_go_to(page, "/login?to=");
        http_append_escaped(&page->answer->location, path);
    } else {
        with_database(page, DATABASE_READ, show);
    }
}

static void put_bridge(serve_page *page) {
    tocsin_buffer *out = page->out;
    text_puts(out,
              "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>tocsin</title><meta http-equiv=\"refresh\""
              " content=\"0;url=");
    html_append(out, page->request->path);
    text_puts(out, "\"></head><body><p><a href=\"");
    html_append(out, page->request->path);
    text_printf(out, "\">%s</a></p></body></html>\n", page_say(page, "打开", "Open"));
}

static void refuse_host(http_answer *answer) {
    answer->status = 421;
    answer->type = "text/plain; charset=utf-8";
    text_puts(&answer->body, "tocsin serve does not answer by this name; start it with --host NAME if it should.\n");
}

static void answer_page(void *context, const http_request *request, http_answer *answer) {
    serve_app *app = context;
    const int reads = !strcmp(request->method, "GET") || !strcmp(request->method, "HEAD");
    serve_page page = {.app = app, .request = request, .answer = answer, .out = &answer->body, .now = tool_now()};
    if (reads && !strcmp(request->path, "/healthz")) {
        answer_health(app, answer);
        return;
    }
    if (!is_host(app, request->host)) {
        refuse_host(answer);
        return;
    }
    if (reads && answer_file(request, answer)) return;
    put_language(&page);
    messages_speak(page.language == REPORT_ENGLISH ? MESSAGE_ENGLISH : MESSAGE_CHINESE);
    access_load(&app->access, request, &page.session);
    const int elsewhere = page.session.is_new && comes_from_elsewhere(request);
    if (elsewhere && reads) {
        put_bridge(&page);
        return;
    }
    access_make_token(&app->access, &page.session, page.token);
    if (page.session.is_new && !elsewhere) access_put_cookie(&app->access, &page.session, answer);
    if (reads) {
        take_page(&page);
    } else if (!strcmp(request->method, "POST")) {
        take_form(&page);
    } else {
        page_problem(&page, 405, page_say(&page, "不支持的请求", "No such method"), request->method);
    }
}

/* The store's messages are in the language of the page. */
void serve_answer(void *context, const http_request *request, http_answer *answer) {
    answer_page(context, request, answer);
    messages_speak(MESSAGE_USER);
}
