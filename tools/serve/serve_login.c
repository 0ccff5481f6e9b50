/* Login with a name and a password, or with a name and the common token; and logout. */
#include <string.h>

#include "feed/utf8_text.h"
#include "serve/serve_pages.h"

/* The page after the login, only one of this server. */
static const char *target_of(const char *to) {
    if (to[0] != '/' || to[1] == '/' || to[1] == '\\') return "/";
    for (const char *c = to; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == '\\') return "/";
    }
    return to;
}

static void put_login(serve_page *page, const char *wrong, const char *name, const char *to) {
    tocsin_buffer *out = page->out;
    const int passwords = page->app->access.kind == ACCESS_PASSWORDS;
    const char *title = page_say(page, "登录", "Log in");
    page_begin(page, title, PLACE_NONE, "login");
    text_printf(out, "<h1>%s</h1>\n", title);
    if (wrong) text_printf(out, "<p role=\"alert\" class=\"wrong\">%s</p>\n", wrong);
    text_printf(out,
                "<form method=\"post\" action=\"/login\"><input type=\"hidden\" name=\"token\" value=\"%s\"><input"
                " type=\"hidden\" name=\"to\" value=\"",
                page->token);
    html_append(out, target_of(to));
    text_printf(
        out,
        "\"><p><label for=\"name\">%s</label> <input id=\"name\" name=\"name\" required autocomplete=\"username\""
        " value=\"",
        page_say(page, "姓名", "Name"));
    html_append(out, name);
    text_printf(
        out,
        "\"></p><p><label for=\"secret\">%s</label> <input id=\"secret\" name=\"secret\" type=\"password\" required"
        " autocomplete=\"%s\"></p><p><button class=\"main\">%s</button></p></form>\n",
        passwords ? page_say(page, "密码", "Password") : page_say(page, "口令", "Token"),
        passwords ? "current-password" : "off", title);
    page_end(page);
}

void serve_login(serve_page *page) {
    if (page->session.admitted) {
        page_go_to(page, target_of(http_query(page->request, "to")));
    } else {
        put_login(page, NULL, "", http_query(page->request, "to"));
    }
}

void serve_take_login(serve_page *page) {
    const http_request *r = page->request;
    const char *name = http_form(r, "name"), *wrong = NULL;
    switch (access_log_in(&page->app->access, r, name, http_form(r, "secret"), &page->session)) {
        case ACCESS_ADMITTED:
            access_put_cookie(&page->app->access, &page->session, page->answer);
            page_go_to(page, target_of(http_form(r, "to")));
            return;
        case ACCESS_WRONG:
            page->answer->status = 401;
            wrong = page_say(page, "姓名或密码（口令）不对。", "The name or the password (token) is wrong.");
            break;
        case ACCESS_TOO_OFTEN:
            page->answer->status = 429;
            wrong = page_say(page, "错误次数太多，请一分钟后再试。", "Too many wrong ones: try again in a minute.");
            break;
        case ACCESS_FAILED:
            page->answer->status = 503;
            wrong =
                page_say(page, "密码（口令）文件读不出来。", "The file of passwords (or the token) cannot be read.");
            break;
    }
    put_login(page, wrong, name, http_form(r, "to"));
}
