/* Passwords are checked one at a time, because each check takes 32 MB and a twentieth of a second. */
#include "serve/serve_access.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "serve/serve_file.h"

#define MOST_FILE 65536
#define MOST_COOKIE 1024
#define NAME_DAYS 90

/* The next line, without its end; *at moves past it. */
static char *next_line(char **at) {
    char *line = *at;
    if (!*line) return NULL;
    char *end = line + strcspn(line, "\n");
    *at = *end ? end + 1 : end;
    *end = '\0';
    if (end > line && end[-1] == '\r') end[-1] = '\0';
    return line;
}

/* The secret of a person, by name: the token, or the hash of a password; NULL if there is none. The caller frees it. */
static char *find_secret(const serve_access *access, const char *name) {
    char *text = access->kind == ACCESS_OPEN ? tool_copy("") : serve_read_file(access->path, MOST_FILE), *at = text,
         *line;
    char *found = access->kind == ACCESS_OPEN ? tool_copy("open") : NULL;
    const size_t length = strlen(name);
    while (text && !found && (line = next_line(&at))) {
        if (access->kind == ACCESS_TOKEN) {
            found = tool_copy(line);
        } else if (length && *line != '#' && !strncmp(line, name, length) && line[length] == ':') {
            found = tool_copy(line + length + 1);
        }
    }
    tool_free(text);
    return found;
}

static int check_passwords(const char *path, char *text) {
    char *at = text, *line;
    int number = 0, people = 0, good = 1;
    while ((line = next_line(&at))) {
        number++;
        if (!*line || *line == '#') continue;
        char *colon = strchr(line, ':');
        if (!colon || colon == line || colon - line > DESK_MOST_NAME || !secret_is_hash(colon + 1)) {
            console_error("%s:%d: a line is NAME:HASH, as tocsin serve --make-password NAME writes it", path, number);
            good = 0;
        }
        people++;
    }
    if (!people) console_error("%s: it lists no person", path);
    return good && people;
}

int access_begin(serve_access *access, access_kind kind, const char *path) {
    *access = (serve_access){.kind = kind, .path = path};
    pthread_mutex_init(&access->lock, NULL);
    if (!secret_random(access->key, sizeof access->key)) {
        console_error("the system gives no random numbers");
        return 0;
    }
    if (kind == ACCESS_OPEN) return 1;
    char *text = serve_read_file(path, MOST_FILE), *at = text;
    if (!text) {
        console_error("%s: cannot be read: %s", path, strerror(errno));
        return 0;
    }
    int good;
    if (kind == ACCESS_PASSWORDS) {
        good = check_passwords(path, text);
    } else {
        const char *line = next_line(&at);
        good = line && strlen(line) >= ACCESS_LEAST_TOKEN;
        if (!good)
            console_error("%s: its first line is the token, of at least %d characters", path, ACCESS_LEAST_TOKEN);
    }
    tool_free(text);
    return good;
}

void access_end(serve_access *access) { pthread_mutex_destroy(&access->lock); }

void access_name_cookies(serve_access *access, unsigned port) {
    snprintf(access->cookie, sizeof access->cookie, "tocsin_%u", port);
    snprintf(access->stranger_cookie, sizeof access->stranger_cookie, "tocsin_new_%u", port);
    snprintf(access->name_cookie, sizeof access->name_cookie, "tocsin_name_%u", port);
}

static void put_hex(tocsin_buffer *out, const char *text) {
    for (; *text; text++) text_printf(out, "%02x", (unsigned char)*text);
}

/* 0 if it is no text of this length. */
static int take_hex(const char *hex, char *text, size_t room) {
    const size_t length = strlen(hex);
    unsigned byte;
    if (length % 2 || length / 2 >= room || strspn(hex, "0123456789abcdef") != length) return 0;
    for (size_t i = 0; i < length / 2; i++) {
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1 || !byte) return 0;
        text[i] = (char)byte;
    }
    text[length / 2] = '\0';
    return utf8_valid_prefix(text, length / 2) == length / 2;
}

/* The signature of a session; 0 if the name is unknown. */
static int sign(const serve_access *access, const access_session *s, char signature[SECRET_SIGNATURE]) {
    char *secret = s->name[0] || access->kind == ACCESS_OPEN ? find_secret(access, s->name) : tool_copy("nobody");
    tocsin_buffer text;
    if (!secret) return 0;
    tocsin_buffer_init(&text, NULL);
    text_printf(&text, "session %s %" PRId64 " %d %s ", s->id, s->expires, s->admitted, secret);
    put_hex(&text, s->name);
    secret_sign(access->key, text.data, signature);
    tocsin_buffer_release(&text);
    tool_free(secret);
    return 1;
}

/* ID.EXPIRES.ADMITTED.NAME.SIGNATURE */
static int parse_cookie(const serve_access *access, char *cookie, int64_t now, access_session *s) {
    char *parts[5], signature[SECRET_SIGNATURE], *rest = cookie;
    for (int i = 0; i < 5; i++) {
        parts[i] = rest;
        rest = strchr(rest, '.');
        if (!rest != (i == 4)) return 0;
        if (rest) *rest++ = '\0';
    }
    if (strlen(parts[0]) != 32 || !take_hex(parts[3], s->name, sizeof s->name)) return 0;
    memcpy(s->id, parts[0], 33);
    s->expires = strtoll(parts[1], NULL, 10);
    s->admitted = parts[2][0] == '1';
    return s->expires > now && sign(access, s, signature) && secret_is_equal(signature, parts[4]);
}

static void renew(const serve_access *access, access_session *s) {
    *s = (access_session){.expires = (int64_t)time(NULL) + ACCESS_HOURS * INT64_C(3600), .is_new = 1};
    s->admitted = access->kind == ACCESS_OPEN;
    if (!secret_random_text(s->id, 16)) memset(s->id, '0', 32);
}

static int find_session(const serve_access *access, const http_request *request, const char *name, int64_t now,
                        access_session *session) {
    char cookie[MOST_COOKIE];
    *session = (access_session){0};
    return http_cookie(request, name, cookie, sizeof cookie) && parse_cookie(access, cookie, now, session);
}

void access_load(serve_access *access, const http_request *request, access_session *session) {
    char cookie[MOST_COOKIE];
    const int64_t now = (int64_t)time(NULL);
    if (!find_session(access, request, access->cookie, now, session) &&
        !find_session(access, request, access->stranger_cookie, now, session)) {
        renew(access, session);
    } else if (session->expires - now < ACCESS_HOURS * 1800) {
        session->expires = now + ACCESS_HOURS * INT64_C(3600);
        session->is_new = 1;
    }
    if (access->kind == ACCESS_OPEN && http_cookie(request, access->name_cookie, cookie, sizeof cookie) &&
        !take_hex(cookie, session->name, sizeof session->name)) {
        session->name[0] = '\0';
    }
}

/* The count of an address, or the oldest count. */
static access_failures *failures_of(serve_access *access, const char *address) {
    access_failures *oldest = &access->failures[0];
    for (int i = 0; i < ACCESS_ADDRESSES; i++) {
        access_failures *f = &access->failures[i];
        if (!strcmp(f->address, address)) return f;
        if (f->since < oldest->since) oldest = f;
    }
    *oldest = (access_failures){0};
    snprintf(oldest->address, sizeof oldest->address, "%s", address);
    return oldest;
}

static int is_known(const serve_access *access, const char *name, const char *secret) {
    /* An unknown name takes as long as a known one. */
    static const char nobody[] =
        "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    char *wanted = find_secret(access, name);
    int good;
    if (access->kind == ACCESS_TOKEN) {
        good = wanted && secret_is_equal(wanted, secret);
    } else {
        good = secret_is_password(secret, wanted ? wanted : nobody) && wanted;
    }
    tool_free(wanted);
    return good;
}

access_result access_log_in(serve_access *access, const http_request *request, const char *name, const char *secret,
                            access_session *session) {
    access_result result = ACCESS_WRONG;
    char *file = serve_read_file(access->path, MOST_FILE);
    tool_free(file);
    if (!file) return ACCESS_FAILED;
    if (!*name || strlen(name) > DESK_MOST_NAME) return ACCESS_WRONG;
    pthread_mutex_lock(&access->lock);
    access_failures *f = failures_of(access, request->address);
    const double now = tool_seconds();
    if (now - f->since > 60) f->count = 0;
    if (f->count >= ACCESS_FAILURES) {
        result = ACCESS_TOO_OFTEN;
    } else if (is_known(access, name, secret)) {
        result = ACCESS_ADMITTED;
        f->count = 0;
    } else {
        if (!f->count++) f->since = now;
    }
    pthread_mutex_unlock(&access->lock);
    if (result != ACCESS_ADMITTED) return result;
    renew(access, session);
    session->admitted = 1;
    snprintf(session->name, sizeof session->name, "%s", name);
    return result;
}

static tocsin_buffer *new_cookie(http_answer *answer) {
    if (answer->cookie_count == sizeof answer->cookies / sizeof *answer->cookies) answer->cookie_count--;
    tocsin_buffer *cookie = &answer->cookies[answer->cookie_count++];
    cookie->length = 0;
    return cookie;
}

void access_put_cookie(serve_access *access, const access_session *session, http_answer *answer) {
    char signature[SECRET_SIGNATURE];
    access_session signed_session = session ? *session : (access_session){0};
    if (access->kind == ACCESS_OPEN) signed_session.name[0] = '\0'; /* open access has a cookie of its own */
    tocsin_buffer *cookie = new_cookie(answer);
    if (!session || !sign(access, &signed_session, signature)) {
        text_printf(cookie, "%s=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict", access->cookie);
        return;
    }
    text_printf(cookie, "%s=%s.%" PRId64 ".%d.", session->admitted ? access->cookie : access->stranger_cookie,
                session->id, session->expires, session->admitted);
    put_hex(cookie, signed_session.name);
    text_printf(cookie, ".%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict", signature, ACCESS_HOURS * 3600);
}

void access_put_name(serve_access *access, const char *name, http_answer *answer) {
    if (!*name || strlen(name) > DESK_MOST_NAME) return;
    tocsin_buffer *cookie = new_cookie(answer);
    text_printf(cookie, "%s=", access->name_cookie);
    put_hex(cookie, name);
    text_printf(cookie, "; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict", NAME_DAYS * 86400);
}

void access_make_token(const serve_access *access, const access_session *session, char token[SECRET_SIGNATURE]) {
    char text[64];
    snprintf(text, sizeof text, "form %s", session->id);
    secret_sign(access->key, text, token);
}
