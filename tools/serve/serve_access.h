#ifndef TOCSIN_TOOLS_SERVE_ACCESS_H
#define TOCSIN_TOOLS_SERVE_ACCESS_H

/*
 * Decides who may see the desk. A session is a signed cookie: the server stores nothing of it, and its key is new at
 * each start. The file with the token or the passwords is read anew for each request, so that a person who is removed
 * from it is locked out at once. Any thread may call these functions.
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
    ACCESS_OPEN,  /* anybody who reaches the address is let in and enters a name */
    ACCESS_TOKEN, /* one secret for all; each person enters a name */
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
    char stranger_cookie[32]; /* for a client who is not logged in: it never replaces the other cookie */
    pthread_mutex_t lock;
    access_failures failures[ACCESS_ADDRESSES];
} serve_access;

typedef struct access_session {
    char id[33];
    char name[DESK_MOST_NAME + 1]; /* the person's name; "" if none was entered */
    int64_t expires;               /* seconds since 1970 */
    int admitted;
    int is_new; /* its cookie must be set */
} access_session;

typedef enum access_result {
    ACCESS_ADMITTED,
    ACCESS_WRONG, /* wrong name, password or token */
    ACCESS_TOO_OFTEN,
    ACCESS_FAILED /* the file is not readable */
} access_result;

/* 0 after messages with file and line. */
int access_begin(serve_access *access, access_kind kind, const char *path);
void access_end(serve_access *access);

/* Call it when the port is known: cookies of two desks on one machine have different names. */
void access_name_cookies(serve_access *access, unsigned port);

/* The session of a request, or a new one. */
void access_load(serve_access *access, const http_request *request, access_session *session);

/* Logs a person in if the secret is right; the session then gets a new id. */
access_result access_log_in(serve_access *access, const http_request *request, const char *name, const char *secret,
                            access_session *session);

/* Sets the cookie of the session; NULL removes it. */
void access_put_cookie(serve_access *access, const access_session *session, http_answer *answer);

/* Stores an entered name in the session, if there are no passwords. */
void access_put_name(serve_access *access, const char *name, http_answer *answer);

/* Makes the token that each form of the session carries. */
void access_make_token(const serve_access *access, const access_session *session, char token[SECRET_SIGNATURE]);

#endif
