/*
 * The handler writes to a pipe that the reader waits on together with its input, so a signal just before the wait is
 * not missed.
 */
#include "program/stop_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t came;
static int ends[2] = {-1, -1};

static void note(int number) {
    int error = errno;
    came = number;
    if (write(ends[1], "", 1) < 0) came = number; /* the pipe is full, so it is already readable */
    errno = error;
}

static void watch(int number) {
    struct sigaction before, action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    if (!sigaction(number, NULL, &before) && before.sa_handler != SIG_IGN) sigaction(number, &action, NULL);
}

int stop_signal_install(void) {
    if (pipe(ends)) return -1;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    watch(SIGINT);
    watch(SIGTERM);
    return ends[0];
}

const char *stop_signal_name(void) { return came == SIGINT ? "SIGINT" : came == SIGTERM ? "SIGTERM" : NULL; }

void stop_signal_end(void) {
    if (!came) return;
    signal(came, SIG_DFL);
    raise(came);
}
