/*
 * Runs a program of the operator as a channel: words separated by spaces, without a shell; the message is JSON on its
 * input.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "notify/notify_send.h"
#include "program/console.h"

#define MOST_WORDS 32

extern char **environ;

static pid_t start(char *command, int in[2], int *problem) {
    char *words[MOST_WORDS + 1] = {0}, *rest = NULL;
    posix_spawn_file_actions_t actions;
    pid_t child = -1;
    int count = 0;
    for (char *word = strtok_r(command, " ", &rest); word && count < MOST_WORDS; word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    *problem = posix_spawnp(&child, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    return *problem ? -1 : child;
}

/* Writes what the program reads before the timeout. */
static void give(int fd, const tocsin_buffer *text, double until) {
    for (size_t at = 0; at < text->length;) {
        struct pollfd one = {fd, POLLOUT, 0};
        const double left = until - tool_seconds();
        if (left <= 0 || poll(&one, 1, (int)(left * 1000) + 1) <= 0) return;
        const ssize_t n = write(fd, text->data + at, text->length - at);
        if (n < 0 && errno != EAGAIN && errno != EINTR) return; /* it need not read everything */
        if (n > 0) at += (size_t)n;
    }
}

static int wait_for_end(pid_t child, double until, int *state) {
    static const struct timespec nap = {0, 10000000};
    pid_t ended;
    while (!(ended = waitpid(child, state, WNOHANG)) && tool_seconds() < until) nanosleep(&nap, NULL);
    if (ended) return 1;
    kill(child, SIGKILL);
    waitpid(child, state, 0);
    return 0;
}

void notify_run_command(const notify_channel *channel, const notify_message *message, notify_result *result) {
    int in[2], problem = 0, state = 0;
    const double until = tool_seconds() + (double)channel->timeout;
    tocsin_buffer text;
    result->outcome = NOTIFY_AGAIN;
    if (pipe(in)) {
        snprintf(result->reason, sizeof result->reason, "%s", strerror(errno));
        return;
    }
    fcntl(in[0], F_SETFD, FD_CLOEXEC);
    fcntl(in[1], F_SETFD, FD_CLOEXEC);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    char *command = tool_copy(channel->command);
    const pid_t child = start(command, in, &problem);
    tool_free(command);
    close(in[0]);
    if (child < 0) {
        snprintf(result->reason, sizeof result->reason, "it cannot be started: %s", strerror(problem));
        close(in[1]);
        return;
    }
    tocsin_buffer_init(&text, NULL);
    notify_append_json(&text, message);
    give(in[1], &text, until);
    close(in[1]);
    tocsin_buffer_release(&text);
    result->uncertain = 1;
    if (!wait_for_end(child, until, &state)) {
        snprintf(result->reason, sizeof result->reason, "it did not end within %d s", (int)channel->timeout);
    } else if (WIFEXITED(state) && !WEXITSTATUS(state)) {
        result->outcome = NOTIFY_SENT;
        result->uncertain = 0;
    } else if (WIFEXITED(state)) {
        snprintf(result->reason, sizeof result->reason, "it ended with status %d", WEXITSTATUS(state));
    } else {
        snprintf(result->reason, sizeof result->reason, "it was ended by signal %d", WTERMSIG(state));
    }
}
