/*
 * Carries out the decisions of forms. Each form carries a unique name, so that it counts once however often it is sent.
 * If another person has changed the state after the page was made, the user is asked before deciding again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/message.h"
#include "serve/serve_pages.h"

#define WAIT_SECONDS 30

/* Waiting for a locked database ends after a while, or when the server stops. */
static int go_on_waiting(void *context, double seconds) {
    serve_app *app = context;
    return !atomic_load(&app->stop) && seconds < WAIT_SECONDS;
}

typedef struct same_action {
    const desk_action *action;
    int same;
} same_action;

static void compare_action(void *context, const char *const *cells) {
    same_action *c = context;
    const desk_action *a = c->action;
    c->same = !strcmp(cells[0], desk_kind_name(a->kind)) && !strcmp(cells[1], a->who) &&
              !strcmp(cells[2], a->detail ? a->detail : "") && !strcmp(cells[3], a->field ? a->field : "");
}

/*
 * Whether the form was sent before with the same content: after "back", a browser sends an old form with other words.
 */
static int is_same(serve_page *page, const desk_action *action, int64_t number) {
    same_action c = {action, 0};
    page_rows(page, PAGE_ACTION, &(page_ask){.from = number}, compare_action, &c);
    return c.same;
}

desk_result serve_add(serve_page *page, const desk_action *action, char **problem) {
    int64_t number = 0;
    *problem = NULL;
    database_set_waiting(&page->db, go_on_waiting, page->app);
    const desk_result result = desk_add(&page->db, action, &number);
    if (result == DESK_REFUSED || result == DESK_FAILED) *problem = tool_copy(message_told(page->db.problem));
    database_set_waiting(&page->db, NULL, NULL);
    if (result != DESK_REPEATED || is_same(page, action, number)) return result;
    *problem =
        tool_copy(page_say(page, "这张表单已经用过一次，内容不同（可能是用“后退”打开的旧页面）。",
                           "This form was sent before with something else in it, as after going back in the browser."));
    return result;
}

void serve_refuse(serve_page *page, desk_result result, const char *problem) {
    const char *what = page_say(page, "没有保存", "It was not kept");
    if (result == DESK_FAILED || result == DESK_REPEATED) {
        page->db.failed = 0; /* reported here; the page itself makes no more queries */
        page_send_again(page, result == DESK_FAILED ? 503 : 409, what, problem,
                        page_say(page, "再发送一次", "Send it again"), result == DESK_REPEATED);
    } else {
        page_problem(page, 422, what, problem);
    }
}

static const struct {
    const char *name;
    desk_kind kind;
} verbs[] = {{"ack", DESK_ACKNOWLEDGE}, {"note", DESK_NOTE},   {"close", DESK_CLOSE}, {"false_alarm", DESK_FALSE_ALARM},
             {"assign", DESK_ASSIGN},   {"merge", DESK_MERGE}, {"split", DESK_SPLIT}, {"tier", DESK_SET}};

static int find_verb(const char *name, desk_kind *kind) {
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        const size_t length = strlen(verbs[i].name);
        if (strncmp(verbs[i].name, name, length) != 0 || (name[length] && name[length] != '-')) continue;
        *kind = verbs[i].kind;
        return 1;
    }
    return 0;
}

/* The decisions of others since the page was made. */
typedef struct meanwhile {
    serve_page *page;
    int64_t seen;
    const char *form, *who;
    tocsin_buffer text; /* empty: nothing */
} meanwhile;

static int is_state(const char *kind) {
    static const char *const states[] = {"acknowledge", "close", "false_alarm", "assign", "merge"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (!strcmp(states[i], kind)) return 1;
    }
    return 0;
}

static const char *decided_text(const serve_page *page, const char *kind) {
    if (!strcmp(kind, "acknowledge")) return page_say(page, "受理", "acknowledged it");
    if (!strcmp(kind, "close")) return page_say(page, "办结", "closed it");
    if (!strcmp(kind, "assign")) return page_say(page, "交办", "assigned it");
    return strcmp(kind, "merge") ? page_say(page, "判为误报", "called it a false alarm")
                                 : page_say(page, "合并", "merged it");
}

static void take_decision(void *context, const char *const *cells) {
    meanwhile *m = context;
    if (page_number(cells[0]) <= m->seen || !is_state(cells[2]) || !strcmp(cells[3], m->who)) return;
    if (m->text.length) text_puts(&m->text, page_say(m->page, "；", "; "));
    time_append(&m->text, page_number(cells[1]));
    text_printf(&m->text, " %s %s", cells[3], decided_text(m->page, cells[2]));
}

/* Whether a page that asks must be shown before anything is decided. */
static int asks_first(serve_page *page, const desk_action *action) {
    static const unsigned asked =
        1u << DESK_ACKNOWLEDGE | 1u << DESK_CLOSE | 1u << DESK_FALSE_ALARM | 1u << DESK_ASSIGN;
    meanwhile m = {.page = page, .seen = page_number(http_form(page->request, "seen")), .who = action->who};
    if (!(asked >> action->kind & 1)) return 0;
    tocsin_buffer_init(&m.text, NULL);
    page_rows(page, PAGE_ACTIONS, &(page_ask){.incident = action->incident}, take_decision, &m);
    const int asks = m.text.length > 0;
    if (asks) {
        page_send_again(page, 409, page_say(page, "打开页面之后，别人已经处置", "Somebody decided meanwhile"),
                        m.text.data, page_say(page, "仍然执行", "Decide it all the same"), 0);
    }
    tocsin_buffer_release(&m.text);
    return asks;
}

/* What is missing, in the reader's language; NULL: nothing. */
static const char *find_missing(const serve_page *page, const desk_action *a) {
    if (!*a->who) return page_say(page, "请填写经办人姓名。", "Say who you are: the name is missing.");
    if (strlen(a->who) > DESK_MOST_NAME) return page_say(page, "姓名太长。", "The name is too long.");
    if (a->kind == DESK_NOTE && !*a->detail) return page_say(page, "备注为空。", "The note is empty.");
    if (a->kind == DESK_ASSIGN && !*a->detail)
        return page_say(page, "请填写交办给谁。", "To whom? The name is missing.");
    if (a->kind == DESK_MERGE && !a->other)
        return page_say(page, "请填写要并入的事件编号。", "Into which incident? Give its number.");
    return NULL;
}

static desk_action action_of(const serve_page *page, int64_t incident, desk_kind kind) {
    const http_request *r = page->request;
    desk_action a = {.kind = kind, .incident = incident, .who = page_actor(page), .form = http_form(r, "form")};
    a.detail = http_form(r, "text");
    if (kind == DESK_ASSIGN) a.detail = http_form(r, "whom");
    if (kind == DESK_MERGE) a.other = page_incident_of(http_form(r, "into"));
    if (kind == DESK_SPLIT) a.incident = page_incident_of(http_form(r, "action"));
    if (kind == DESK_MERGE || kind == DESK_SPLIT) a.detail = "";
    if (kind == DESK_SET) {
        a.field = "tier";
        a.detail = http_form(r, "tier");
    }
    if (!*a.form) a.form = NULL;
    return a;
}

/*
 * A note that was entered beside another decision is its reason, if that decision has one; otherwise it is a note of
 * its own.
 */
static int has_note_beside(const desk_action *a) { return a->kind == DESK_ACKNOWLEDGE && *a->detail; }

static desk_result add_all(serve_page *page, const desk_action *a, char **problem) {
    desk_action first = *a;
    char form[80];
    if (has_note_beside(a)) first.detail = "";
    const desk_result result = serve_add(page, &first, problem);
    if (*problem || !has_note_beside(a)) return result;
    desk_action note = *a;
    note.kind = DESK_NOTE;
    snprintf(form, sizeof form, "%.64s.note", a->form ? a->form : "");
    note.form = a->form ? form : NULL;
    return serve_add(page, &note, problem);
}

void serve_decide(serve_page *page, int64_t incident) {
    desk_kind kind;
    char path[64], *problem, *cells[DESK_CELLS];
    if (!serve_find(page, incident, cells)) return;
    serve_free_cells(cells);
    if (!find_verb(http_form(page->request, "action"), &kind)) {
        page_problem(page, 400, page_say(page, "没有保存", "It was not kept"),
                     page_say(page, "表单没有说明要做什么。", "The form does not say what is to be done."));
        return;
    }
    const desk_action action = action_of(page, incident, kind);
    const char *missing = find_missing(page, &action);
    if (missing) {
        page_problem(page, 422, page_say(page, "没有保存", "It was not kept"), missing);
        return;
    }
    if (asks_first(page, &action)) return;
    const desk_result result = add_all(page, &action, &problem);
    if (!problem) {
        if (page->app->access.kind == ACCESS_OPEN) access_put_name(&page->app->access, action.who, page->answer);
        snprintf(path, sizeof path, "/incident/%" PRId64 "?said=done", incident);
        page_go_to(page, path);
    } else {
        serve_refuse(page, result, problem);
    }
    tool_free(problem);
}
