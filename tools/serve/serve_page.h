#ifndef TOCSIN_TOOLS_SERVE_PAGE_H
#define TOCSIN_TOOLS_SERVE_PAGE_H

/* One page during its creation, and the common parts of all pages. */

#include <stdatomic.h>

#include <tocsin/tocsin.h>

#include "serve/serve_access.h"
#include "serve/serve_http.h"
#include "store/incident_query.h"
#include "store/page_query.h"
#include "tocsin/report_words.h"

/* The server's settings; all threads share them, and only `stop` changes after the start. */
typedef struct serve_app {
    const char *database;
    report_language language; /* for readers who have not chosen one */
    serve_access access;
    const char *const *hosts; /* further names by which browsers reach the server */
    size_t host_count;
    const char *listen; /* the address as it was given */
    unsigned port;
    tocsin_slot *plan; /* NULL: no plan was given */
    const char *score; /* a file of tocsin score --json; NULL: none was given */
    atomic_int stop;   /* threads that wait for the database give up */
} serve_app;

typedef struct serve_page {
    serve_app *app;
    const http_request *request;
    http_answer *answer;
    tocsin_buffer *out; /* the body of the answer */
    report_language language;
    access_session session;
    char token[SECRET_SIGNATURE];
    database db;     /* open while a page needs it */
    int64_t now;     /* by the wall clock */
    int64_t due_now; /* what deadlines run to */
} serve_page;

/* The entries of the navigation of each page. */
typedef enum page_place {
    PLACE_TODAY,
    PLACE_SEARCH,
    PLACE_PLAN,
    PLACE_NONE
} page_place;

/* page_read of the page's database, with names in its language. */
void page_rows(serve_page *page, page_query query, const page_ask *ask, page_row row, void *context);

/* Head and navigation; title is escaped here. kind is the class of <main>. */
void page_begin(serve_page *page, const char *title, page_place place, const char *kind);
void page_end(serve_page *page);

/* A whole page that reports a problem; entered text is shown again, so that nothing is lost. */
void page_problem(serve_page *page, unsigned status, const char *what, const char *detail);

/* The same with a form that sends the entered text again; it still counts only once, unless it is sent as new. */
void page_send_again(serve_page *page, unsigned status, const char *what, const char *detail, const char *button,
                     int as_new);

/* Redirects to another page; status 303. */
void page_go_to(serve_page *page, const char *path);

/* The text in the page's language. */
const char *page_say(const serve_page *page, const char *chinese, const char *english);

/*
 * Appends text of a database; characters that reorder or hide text are made visible, and the text is isolated from its
 * surroundings.
 */
void page_text(serve_page *page, const char *text);

/* The same with its line ends. */
void page_lines(serve_page *page, const char *text);

/* Appends text with marks, given as "start end,start end" in bytes; at most this many bytes of it. */
void page_marked(serve_page *page, const char *text, const char *marks, size_t most);

/* Appends a time of a row; a dash if it is unknown. */
void page_time(serve_page *page, const char *milliseconds);

/* A number out of a row. */
int64_t page_number(const char *text);

/* Appends a link to a post if it is a web address; otherwise its text. */
void page_link(serve_page *page, const char *url);

/*
 * Begins a form for a decision: its address, and its hidden fields. `seen` is the last action that the reader has seen.
 */
void page_form(serve_page *page, const char *path, const char *kind, int64_t seen);

/* The field for the person's name; a hidden one if the person is logged in. */
void page_name_field(serve_page *page, const char *id);

/* The person's name, from the form or from the session. */
const char *page_actor(const serve_page *page);

/* One incident in a list; cells as page_desk_cell. */
void page_desk_row(serve_page *page, const char *const *cells);

/* Says for how many hours nothing has come since the latest post; nothing if it is less than one, or a feed of the
 * past. */
void page_silence(serve_page *page, int64_t latest);

/* Whether a deadline of the plan or of the sheet is over of an incident, and what it is for was not filled in. */
int page_is_overdue(serve_page *page, const char *const *cells);

const char *page_state(const serve_page *page, const char *state);

/* The style class of a tier: one for the highest tier, another for the rest. */
void page_tier(serve_page *page, const char *label, int top);

/* Words an event by its kind, its detail, and the plan's name for the detail. */
void page_event(serve_page *page, const char *kind, const char *detail, const char *name);

/* The number of an incident as people write it: 12, or 20261126-12; 0 if it is none. */
int64_t page_incident_of(const char *text);

#endif
