#ifndef TOCSIN_TOOLS_SERVE_HTTP_H
#define TOCSIN_TOOLS_SERVE_HTTP_H

/*
 * HTTP as the desk uses it: a request with its fields, an answer that is one text. The only part that knows
 * libmicrohttpd. Each connection has a thread of its own, so that one that waits for the database holds up no other.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#define HTTP_MOST_BODY 262144      /* bytes of a form; a longer one is read to its end, dropped, and refused */
#define HTTP_MOST_DROPPED 16777216 /* beyond it the connection is closed */
#define HTTP_MOST_FIELDS 64
#define HTTP_MOST_CONNECTIONS 64
#define HTTP_IDLE_SECONDS 20   /* of a connection on which nothing moves */
#define HTTP_UPLOAD_SECONDS 60 /* for the whole of a form */

typedef struct http_field {
    char *name, *value; /* UTF-8 without U+0000; line ends are \n */
} http_field;

typedef enum http_fault {
    HTTP_GOOD,
    HTTP_TOO_LARGE, /* the body */
    HTTP_MALFORMED  /* the body is no form, or not UTF-8 */
} http_fault;

typedef struct http_request {
    const char *method, *path;           /* the path is decoded */
    const char *host;                    /* headers; "" where there is none */
    const char *origin, *site, *referer; /* Origin, Sec-Fetch-Site, Referer */
    const char *cookies;
    const char *address; /* of the client */
    http_fault fault;
    http_field *query, *form;
    size_t query_count, form_count;
} http_request;

/* The value of a field of the address or of the form; "" when there is none. */
const char *http_query(const http_request *request, const char *name);
const char *http_form(const http_request *request, const char *name);
int http_has_form(const http_request *request, const char *name);

/* Copies the value of a cookie; 0 when there is none, or no room for it. */
int http_cookie(const http_request *request, const char *name, char *value, size_t room);

typedef struct http_answer {
    unsigned status;
    const char *type; /* of the body */
    tocsin_buffer body;
    tocsin_buffer location;   /* of another page; empty: none */
    tocsin_buffer cookies[4]; /* whole lines of Set-Cookie */
    size_t cookie_count;
    int keeps; /* whether a browser may keep it for some minutes */
} http_answer;

/* Called by several threads at once. */
typedef void (*http_handler)(void *context, const http_request *request, http_answer *answer);

typedef struct http_server http_server;

/* "127.0.0.1:8119", "[::1]:8119", "localhost:8119"; *loopback: nobody else reaches it. 0 when it is none. */
int http_parse_listen(const char *text, int *loopback);

/*
 * Takes requests, and answers them once http_open was called, so that the handler may know the port. NULL with
 * *problem, in static storage. handler and context stay until the end.
 */
http_server *http_start(const char *listen, http_handler handler, void *context, const char **problem);

/* The port that it answers on. */
unsigned http_port(const http_server *server);

/* From now on requests are answered. */
void http_open(http_server *server);

/* Ends after the answers that go on, for which it waits some seconds. */
void http_stop(http_server *server);

/* Appends text as a part of an address or of a cookie: what is neither a letter nor a digit as %41. */
void http_append_escaped(tocsin_buffer *out, const char *text);

#endif
