/*
 * Preloaded library that behaves like code that has taken over a program. When the program first writes a result, it
 * tries each forbidden action and writes a line to standard error: the name of the action, and "done" or the error.
 * INTRUDER gives a folder with a file that must stay, a colon, and a port of this machine.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[512];
static int port;

static const char *in_folder(const char *name) {
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int opens(const char *path, int flags) {
    const int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    return fd < 0;
}

static int starts_a_program(void) {
    char name[] = "true", *words[] = {name, NULL}, *none[] = {NULL};
    pid_t child;
    int status = 0;
    const int failure = posix_spawn(&child, "/bin/true", NULL, NULL, words, none);
    if (!failure) waitpid(child, &status, 0);
    errno = failure;
    return failure != 0;
}

static int connects(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int failed = connect(fd, (struct sockaddr *)&to, sizeof to);
    const int kept = errno;
    close(fd);
    errno = kept;
    return failed;
}

static int renames(void) {
    char from[1024];
    snprintf(from, sizeof from, "%s", in_folder("kept"));
    return rename(from, in_folder("moved")) || rename(in_folder("moved"), from);
}

static void told(const char *what, int failed) {
    dprintf(STDERR_FILENO, "intruder: %s: %s\n", what, failed ? strerrorname_np(errno) : "done");
}

static void intrude(void) {
    told("read", opens(in_folder("kept"), O_RDONLY));
    told("write", opens(in_folder("kept"), O_WRONLY));
    told("truncate", truncate(in_folder("kept"), 0));
    told("rename", renames());
    told("make", opens(in_folder("new"), O_WRONLY | O_CREAT));
    told("make a folder", mkdir(in_folder("folder"), 0700));
    told("link", symlink("/etc/passwd", in_folder("link")));
    told("delete", unlink(in_folder("kept")));
    told("start a program", starts_a_program());
    told("connect", connects());
    told("signal", kill(getppid(), 0));
}

__attribute__((constructor)) static void configure(void) {
    const char *told_us = getenv("INTRUDER");
    const char *colon = told_us ? strrchr(told_us, ':') : NULL;
    if (!colon) return;
    snprintf(folder, sizeof folder, "%.*s", (int)(colon - told_us), told_us);
    port = atoi(colon + 1);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    static atomic_int begun;
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (!real) abort();
    if (port && fd != STDERR_FILENO && !atomic_exchange(&begun, 1)) intrude();
    return real(fd, bytes, size);
}
