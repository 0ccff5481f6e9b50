#ifndef TOCSIN_TOOLS_SERVE_HTTP_H
#define TOCSIN_TOOLS_SERVE_HTTP_H

/*
 * HTTP for the desk: a request with its fields, and an answer that is one text. Only this part uses libmicrohttpd. Each
 * connection has its own thread, so that a request that waits for the database does not delay others.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#define HTTP_MOST_BODY 262144      /* bytes of a form; a longer one is read to its end, dropped, and refused */
#define HTTP_MOST_DROPPED 16777216 /* if it is still longer, the connection is closed */
#define HTTP_MOST_FIELDS 64
#define HTTP_MOST_CONNECTIONS 64
#define HTTP_IDLE_SECONDS 20   /* after which an idle connection is closed */
#define HTTP_UPLOAD_SECONDS 60 /* for a whole form */

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
    const char *host;                    /* headers; "" if missing */
    const char *origin, *site, *referer; /* Origin, Sec-Fetch-Site, Referer */
    const char *cookies;
    const char *address; /* of the client */
    http_fault fault;
    http_field *query, *form;
    size_t query_count, form_count;
} http_request;

/* The value of a field of the address or of the form; "" if there is none. */
const char *http_query(const http_request *request, const char *name);
const char *http_form(const http_request *request, const char *name);
int http_has_form(const http_request *request, const char *name);

/* Copies the value of a cookie; 0 if there is none, or not enough room. */
int http_cookie(const http_request *request, const char *name, char *value, size_t room);

typedef struct http_answer {
    unsigned status;
    const char *type; /* of the body */
    tocsin_buffer body;
    tocsin_buffer location;   /* of a redirect; empty: none */
    tocsin_buffer cookies[4]; /* complete lines of Set-Cookie */
    size_t cookie_count;
    int keeps; /* whether a browser may cache it for some minutes */
} http_answer;

/* Several threads may call it at once. */
typedef void (*http_handler)(void *context, const http_request *request, http_answer *answer);

typedef struct http_server http_server;

/* "127.0.0.1:8119", "[::1]:8119", "localhost:8119"; *loopback: only this machine reaches it. 0 if it is no address. */
int http_parse_listen(const char *text, int *loopback);

/*
 * Accepts requests, and answers them after http_open, so that the handler can know the port. On failure NULL with
 * *problem, in static storage. handler and context must stay until the end.
 */
http_server *http_start(const char *listen, http_handler handler, void *context, const char **problem);

/* The port on which it listens. */
unsigned http_port(const http_server *server);

/* From now on requests are answered. */
void http_open(http_server *server);

/* Ends after the running answers, for which it waits some seconds. */
void http_stop(http_server *server);

/* Appends text as a part of an address or of a cookie: characters other than letters and digits as %41. */
void http_append_escaped(tocsin_buffer *out, const char *text);

#endif
