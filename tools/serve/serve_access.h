#ifndef TOCSIN_TOOLS_SERVE_ACCESS_H
#define TOCSIN_TOOLS_SERVE_ACCESS_H

/*
 * Who may see the desk. A session is a signed cookie: nothing is kept of it, and the key is new each time the server
 * starts. The file with the token or the passwords is read anew for each request, so that somebody who is taken out of
 * it is out at once. By any thread.
 */

#include <pthread.h>
#include <stdint.h>

#include "serve/serve_http.h"
#include "serve/serve_secret.h"
#include "store/desk_store.h"

#define ACCESS_HOURS 12
#define ACCESS_ADDRESSES 64
#define ACCESS_FAILURES 10 /* of an address within a minute */
#define ACCESS_LEAST_TOKEN 16

typedef enum access_kind {
    ACCESS_OPEN,  /* who reaches the address is let in, and says who it is */
    ACCESS_TOKEN, /* one secret for all; who comes in says who it is */
    ACCESS_PASSWORDS
} access_kind;

typedef struct access_failures {
    char address[48];
    double since;
    int count;
} access_failures;

typedef struct serve_access {
    access_kind kind;
    const char *path;
    unsigned char key[SECRET_KEY_BYTES];
    char cookie[32], name_cookie[32];
    char stranger_cookie[32]; /* of who is not let in yet: it never takes the place of the other one */
    pthread_mutex_t lock;
    access_failures failures[ACCESS_ADDRESSES];
} serve_access;

typedef struct access_session {
    char id[33];
    char name[DESK_MOST_NAME + 1]; /* who it is; "" while nobody said so */
    int64_t expires;               /* seconds since 1970 */
    int admitted;
    int is_new; /* its cookie is to be set */
} access_session;

typedef enum access_result {
    ACCESS_ADMITTED,
    ACCESS_WRONG, /* name, password or token */
    ACCESS_TOO_OFTEN,
    ACCESS_FAILED /* the file cannot be read */
} access_result;

/* 0 after messages that name the file and the line. */
int access_begin(serve_access *access, access_kind kind, const char *path);
void access_end(serve_access *access);

/* Once the port is known: cookies of two desks on one machine have different names. */
void access_name_cookies(serve_access *access, unsigned port);

/* The session of a request, or a new one. */
void access_load(serve_access *access, const http_request *request, access_session *session);

/* Makes the session that of somebody who showed what they know; it gets a new id then. */
access_result access_log_in(serve_access *access, const http_request *request, const char *name, const char *secret,
                            access_session *session);

/* Sets the cookie of the session; or, for NULL, takes it away. */
void access_put_cookie(serve_access *access, const access_session *session, http_answer *answer);

/* Remembers a name that was typed, where there are no passwords. */
void access_put_name(serve_access *access, const char *name, http_answer *answer);

/* What each form of the session carries. */
void access_make_token(const serve_access *access, const access_session *session, char token[SECRET_SIGNATURE]);

#endif
