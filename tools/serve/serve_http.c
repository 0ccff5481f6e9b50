/* libmicrohttpd gets each answer as a whole: a page has a few hundred kilobytes at most. */
#define _GNU_SOURCE /* strchrnul */

#include "serve/serve_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define HEADER_BYTES 65536
#define STACK_BYTES 1048576
#define PATIENCE_SECONDS 10 /* seconds at the end for unfinished requests */

struct http_server {
    struct MHD_Daemon *daemon;
    atomic_int requests; /* that have no answer yet */
    atomic_int open;     /* the handler can be called */
    http_handler handler;
    void *context;
};

/* The received part of a request. */
typedef struct upload {
    tocsin_buffer body;
    size_t bytes;
    double began;
} upload;

static const char *find_field(const http_field *fields, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(fields[i].name, name)) return fields[i].value;
    }
    return NULL;
}

const char *http_query(const http_request *request, const char *name) {
    const char *value = find_field(request->query, request->query_count, name);
    return value ? value : "";
}

const char *http_form(const http_request *request, const char *name) {
    const char *value = find_field(request->form, request->form_count, name);
    return value ? value : "";
}

int http_has_form(const http_request *request, const char *name) {
    return find_field(request->form, request->form_count, name) != NULL;
}

int http_cookie(const http_request *request, const char *name, char *value, size_t room) {
    const size_t length = strlen(name);
    for (const char *at = request->cookies; *at; at = *at ? at + 1 : at) {
        at += strspn(at, " ;");
        const char *end = strchrnul(at, ';');
        if (!strncmp(at, name, length) && at[length] == '=' && (size_t)(end - at) - length - 1 < room) {
            const size_t bytes = (size_t)(end - at) - length - 1;
            memcpy(value, at + length + 1, bytes);
            value[bytes] = '\0';
            return 1;
        }
        at = end;
    }
    return 0;
}

void http_append_escaped(tocsin_buffer *out, const char *text) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (; *text; text++) text_printf(out, strchr(plain, *text) ? "%c" : "%%%02X", (unsigned char)*text);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes a part of a form, with line ends as \n; NULL if it is no text. */
static char *decode(const char *text, size_t length) {
    char *decoded = tool_allocate(length + 1, 1);
    size_t made = 0, good = 1;
    for (size_t i = 0; i < length && good; i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%') {
            const int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < length ? hex_digit(text[i + 2]) : -1;
            good = high >= 0 && low >= 0;
            c = (char)(high * 16 + low);
            i += 2;
        }
        good = good && c;
        if (c != '\r') decoded[made++] = c;
    }
    decoded[made] = '\0';
    if (good && utf8_valid_prefix(decoded, made) == made) return decoded;
    tool_free(decoded);
    return NULL;
}

static void release_fields(http_field *fields, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tool_free(fields[i].name);
        tool_free(fields[i].value);
    }
    tool_free(fields);
}

/* a=1&b=2 */
static http_fault parse_form(const char *text, size_t length, http_field **fields, size_t *count) {
    http_fault fault = HTTP_GOOD;
    *fields = tool_allocate(HTTP_MOST_FIELDS, sizeof **fields);
    *count = 0;
    for (size_t at = 0; at < length && fault == HTTP_GOOD;) {
        const char *end = memchr(text + at, '&', length - at);
        const size_t part = end ? (size_t)(end - text) - at : length - at;
        const char *equals = memchr(text + at, '=', part);
        const size_t name = equals ? (size_t)(equals - text) - at : part;
        if (part && *count == HTTP_MOST_FIELDS) {
            fault = HTTP_MALFORMED;
        } else if (part) {
            http_field *f = &(*fields)[(*count)++];
            f->name = decode(text + at, name);
            f->value = equals ? decode(equals + 1, part - name - 1) : tool_copy("");
            if (!f->name || !f->value) fault = HTTP_MALFORMED;
        }
        at += part + 1;
    }
    if (fault == HTTP_GOOD) return fault;
    release_fields(*fields, *count);
    *fields = NULL;
    *count = 0;
    return fault;
}

static const char *header(struct MHD_Connection *connection, const char *name) {
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

static void put_address(struct MHD_Connection *connection, char *text, size_t room) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    text[0] = '\0';
    if (!info || !info->client_addr) return;
    const struct sockaddr *address = info->client_addr;
    const void *bytes = address->sa_family == AF_INET6
                            ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                            : (const void *)&((const struct sockaddr_in *)address)->sin_addr;
    inet_ntop(address->sa_family, bytes, text, (socklen_t)room);
}

static enum MHD_Result take_query(void *context, enum MHD_ValueKind kind, const char *key, const char *value) {
    http_request *request = context;
    (void)kind;
    if (request->query_count == HTTP_MOST_FIELDS) return MHD_NO;
    if (!value) value = "";
    if (utf8_valid_prefix(value, strlen(value)) != strlen(value)) value = "";
    http_field *f = &request->query[request->query_count++];
    f->name = tool_copy(key);
    f->value = tool_copy(value);
    return MHD_YES;
}

static void read_body(http_request *request, struct MHD_Connection *connection, const upload *up) {
    static const char form[] = "application/x-www-form-urlencoded";
    if (up->bytes > HTTP_MOST_BODY) {
        request->fault = HTTP_TOO_LARGE;
    } else if (up->bytes && strncasecmp(header(connection, "Content-Type"), form, sizeof form - 1)) {
        request->fault = HTTP_MALFORMED;
    } else {
        request->fault =
            parse_form(up->body.data ? up->body.data : "", up->body.length, &request->form, &request->form_count);
    }
}

/* Headers of every answer: nothing from elsewhere is loaded, framed, guessed or cached. */
static const char *const fixed_headers[][2] = {
    {"Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src"
                                " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"}, /* without any referrer, the desk's own forms would have no Origin */
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Vary", "Cookie"},
};

/* If a proxy says that the browser speaks TLS with it, the browser keeps the cookies for TLS. */
static enum MHD_Result send_answer(struct MHD_Connection *connection, http_answer *answer) {
    const int is_encrypted = !strcasecmp(header(connection, "X-Forwarded-Proto"), "https");
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->body.length, answer->body.data, MHD_RESPMEM_MUST_COPY);
    if (!response) return MHD_NO;
    for (size_t i = 0; i < sizeof fixed_headers / sizeof *fixed_headers; i++) {
        MHD_add_response_header(response, fixed_headers[i][0], fixed_headers[i][1]);
    }
    MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "Cache-Control", answer->keeps ? "private, max-age=300" : "no-store");
    if (answer->location.length) MHD_add_response_header(response, "Location", answer->location.data);
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED) MHD_add_response_header(response, "Allow", "GET, HEAD, POST");
    for (size_t i = 0; i < answer->cookie_count; i++) {
        if (is_encrypted) text_puts(&answer->cookies[i], "; Secure");
        MHD_add_response_header(response, "Set-Cookie", answer->cookies[i].data);
    }
    const enum MHD_Result queued = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result respond(http_server *server, struct MHD_Connection *connection, const char *path,
                               const char *method, const upload *up) {
    char address[INET6_ADDRSTRLEN];
    http_answer answer = {.status = MHD_HTTP_OK, .type = "text/html; charset=utf-8"};
    put_address(connection, address, sizeof address);
    http_request request = {.method = method,
                            .path = path,
                            .host = header(connection, "Host"),
                            .origin = header(connection, "Origin"),
                            .site = header(connection, "Sec-Fetch-Site"),
                            .referer = header(connection, "Referer"),
                            .cookies = header(connection, "Cookie"),
                            .address = address};
    tocsin_buffer_init(&answer.body, NULL);
    tocsin_buffer_init(&answer.location, NULL);
    for (size_t i = 0; i < sizeof answer.cookies / sizeof *answer.cookies; i++) {
        tocsin_buffer_init(&answer.cookies[i], NULL);
    }
    request.query = tool_allocate(HTTP_MOST_FIELDS, sizeof *request.query);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_query, &request);
    read_body(&request, connection, up);
    server->handler(server->context, &request, &answer);
    const enum MHD_Result sent = send_answer(connection, &answer);
    release_fields(request.query, request.query_count);
    release_fields(request.form, request.form_count);
    tocsin_buffer_release(&answer.body);
    tocsin_buffer_release(&answer.location);
    for (size_t i = 0; i < sizeof answer.cookies / sizeof *answer.cookies; i++) {
        tocsin_buffer_release(&answer.cookies[i]);
    }
    return sent;
}

/* libmicrohttpd calls it after the headers, for each part of the body, and at its end. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *length, void **state) {
    static const struct timespec nap = {0, 1000000};
    http_server *server = context;
    upload *up = *state;
    (void)version;
    if (!up) {
        *state = up = tool_allocate(1, sizeof *up);
        tocsin_buffer_init(&up->body, NULL);
        up->began = tool_seconds();
        atomic_fetch_add(&server->requests, 1);
        return MHD_YES;
    }
    while (!*length && !atomic_load(&server->open)) nanosleep(&nap, NULL);
    if (!*length) return respond(server, connection, path, method, up);
    up->bytes += *length;
    if (up->bytes <= HTTP_MOST_BODY) text_append(&up->body, data, *length);
    *length = 0;
    if (up->bytes > HTTP_MOST_DROPPED || tool_seconds() - up->began > HTTP_UPLOAD_SECONDS) return MHD_NO;
    return MHD_YES;
}

static void end_request(void *context, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code) {
    http_server *server = context;
    upload *up = *state;
    (void)connection, (void)code;
    if (!up) return;
    atomic_fetch_sub(&server->requests, 1);
    tocsin_buffer_release(&up->body);
    tool_free(up);
    *state = NULL;
}

/* Mistakes of clients do not go to our log. */
static void be_silent(void *context, const char *format, va_list arguments) {
    (void)context, (void)format, (void)arguments;
}

typedef struct listen_address {
    struct sockaddr_storage storage;
    int family;
} listen_address;

static int parse_port(const char *text, uint16_t *port) {
    unsigned long number = 0;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9' || (number = number * 10 + (unsigned)(*c - '0')) > 65535) return 0;
    }
    *port = htons((uint16_t)number);
    return *text != '\0';
}

static int parse_listen(const char *text, listen_address *address) {
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2];
    struct sockaddr_in *four = (struct sockaddr_in *)&address->storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address->storage;
    *address = (listen_address){.family = AF_INET};
    if (!colon || (size_t)(colon - text) >= sizeof host) return 0;
    snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
    if (host[0] == '[' && host[strlen(host) - 1] == ']') {
        address->family = AF_INET6;
        host[strlen(host) - 1] = '\0';
        six->sin6_family = AF_INET6;
        return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1 && parse_port(colon + 1, &six->sin6_port);
    }
    four->sin_family = AF_INET;
    const char *name = strcmp(host, "localhost") ? host : "127.0.0.1";
    return inet_pton(AF_INET, name, &four->sin_addr) == 1 && parse_port(colon + 1, &four->sin_port);
}

int http_parse_listen(const char *text, int *loopback) {
    listen_address address;
    if (!parse_listen(text, &address)) return 0;
    const struct sockaddr_in *four = (const struct sockaddr_in *)&address.storage;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address.storage;
    *loopback =
        address.family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) : ntohl(four->sin_addr.s_addr) >> 24 == 127;
    return 1;
}

http_server *http_start(const char *listen, http_handler handler, void *context, const char **problem) {
    listen_address address;
    *problem = "it is not an address and port";
    if (!parse_listen(listen, &address)) return NULL;
    http_server *server = tool_allocate(1, sizeof *server);
    server->handler = handler;
    server->context = context;
    const unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
                           MHD_USE_ITC | MHD_USE_ERROR_LOG | (address.family == AF_INET6 ? MHD_USE_IPv6 : 0);
    errno = 0;
    server->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, be_silent, NULL,
                         MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address.storage, MHD_OPTION_NOTIFY_COMPLETED,
                         end_request, server, MHD_OPTION_CONNECTION_LIMIT, HTTP_MOST_CONNECTIONS,
                         MHD_OPTION_CONNECTION_TIMEOUT, HTTP_IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)HEADER_BYTES, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES, MHD_OPTION_END);
    if (server->daemon) return server;
    *problem = errno ? strerror(errno) : "libmicrohttpd does not start";
    tool_free(server);
    return NULL;
}

unsigned http_port(const http_server *server) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void http_open(http_server *server) { atomic_store(&server->open, 1); }

void http_stop(http_server *server) {
    static const struct timespec nap = {0, 20000000};
    if (!server) return;
    const double began = tool_seconds();
    const MHD_socket listening = MHD_quiesce_daemon(server->daemon);
    while (atomic_load(&server->requests) && tool_seconds() - began < PATIENCE_SECONDS) nanosleep(&nap, NULL);
    MHD_stop_daemon(server->daemon);
    if (listening != MHD_INVALID_SOCKET) close(listening);
    tool_free(server);
}
