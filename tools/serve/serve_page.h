#ifndef TOCSIN_TOOLS_SERVE_PAGE_H
#define TOCSIN_TOOLS_SERVE_PAGE_H

/* One page while it is made, and what all pages have in common. */

#include <stdatomic.h>

#include <tocsin/tocsin.h>

#include "serve/serve_access.h"
#include "serve/serve_http.h"
#include "store/incident_query.h"
#include "store/page_query.h"
#include "tocsin/report_words.h"

/* What the server is; shared by all threads, and the same from its start on but for `stop`. */
typedef struct serve_app {
    const char *database;
    report_language language; /* for who has not chosen one */
    serve_access access;
    const char *const *hosts; /* names by which browsers reach it, besides its address */
    size_t host_count;
    const char *listen; /* the address as it was given */
    unsigned port;
    tocsin_slot *plan;       /* NULL: none was given */
    const char *score;       /* a file of tocsin score --json; NULL: none was given */
    atomic_int stop;         /* who waits for the database gives up */
    pthread_mutex_t reports; /* what reads them keeps what it says in static storage */
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
    int64_t now;     /* by the clock on the wall */
    int64_t due_now; /* what deadlines run to */
} serve_page;

/* The places of the head of each page. */
typedef enum page_place {
    PLACE_TODAY,
    PLACE_SEARCH,
    PLACE_PLAN,
    PLACE_NONE
} page_place;

/* page_read of the page's database, names in its language. */
void page_rows(serve_page *page, page_query query, const page_ask *ask, page_row row, void *context);

/* Head and navigation; title is escaped. kind is the class of <main>. */
void page_begin(serve_page *page, const char *title, page_place place, const char *kind);
void page_end(serve_page *page);

/* A whole page that says what is wrong; what was typed is shown again, so that nothing is lost. */
void page_problem(serve_page *page, unsigned status, const char *what, const char *detail);

/* The same with a form that sends what was typed once more; it counts once all the same, unless it is sent as new. */
void page_send_again(serve_page *page, unsigned status, const char *what, const char *detail, const char *button,
                     int as_new);

/* Another page; status 303. */
void page_go_to(serve_page *page, const char *path);

/* One of the two languages. */
const char *page_say(const serve_page *page, const char *chinese, const char *english);

/* Text of a database; what would reorder or hide the rest is made visible, and it keeps to itself. */
void page_text(serve_page *page, const char *text);

/* The same with its lines. */
void page_lines(serve_page *page, const char *text);

/* Text with its marks, "start end,start end" in bytes; at most so many bytes of it. */
void page_marked(serve_page *page, const char *text, const char *marks, size_t most);

/* A time out of a row; a dash when it is not known. */
void page_time(serve_page *page, const char *milliseconds);

/* A number out of a row. */
int64_t page_number(const char *text);

/* A link to where a post stands, when it is one of the web; otherwise what it says. */
void page_link(serve_page *page, const char *url);

/* Begins a form that acts: its address, and what it carries unseen. `seen` is the last action that it knows of. */
void page_form(serve_page *page, const char *path, const char *kind, int64_t seen);

/* Who acts: a field, or a hidden one for somebody who is logged in. */
void page_name_field(serve_page *page, const char *id);

/* Who acts, as the form says it, or as the session does. */
const char *page_actor(const serve_page *page);

/* One incident in a list; cells as page_desk_cell. */
void page_desk_row(serve_page *page, const char *const *cells);

/* Whether a deadline of the plan or of the sheet is over of an incident, and what it is for was not filled in. */
int page_is_overdue(serve_page *page, const char *const *cells);

const char *page_state(const serve_page *page, const char *state);

/* The class of a tier: the highest one, others. */
void page_tier(serve_page *page, const char *label, int top);

/* What an event says, from its kind, its detail, and what the plan calls that. */
void page_event(serve_page *page, const char *kind, const char *detail, const char *name);

/* The number of an incident as people write it: 12, or 20261126-12; 0 when it is none. */
int64_t page_incident_of(const char *text);

#endif
