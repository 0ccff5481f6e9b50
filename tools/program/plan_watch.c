/*
 * The folders of all files of the plan are watched, not the files, because editors write another file and rename it.
 * The folders of links that lead to the plan are watched too, but only the links in them count: a replaced link leads
 * to another plan. A plan that was read in the middle of a change is read again after the next event. After an event
 * the thread waits a moment, because files are often saved together.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "program/plan_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/metrics_file.h"
#include "program/plan_argument.h"

#define QUIET_MILLISECONDS 200 /* without an event, before the plan is read */
#define MAX_LINKS 40           /* of a chain, as many as Linux follows */
#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE)

enum {
    ASKED_RELOAD = 'h',
    ASKED_STOP = 's'
};

/* A watched folder; name: the only file in it that counts; NULL: all count. */
typedef struct watched_folder {
    int number;
    char *name;
} watched_folder;

struct plan_watch {
    const char *path;
    watched_folder *folders;
    size_t folder_count;
    tocsin_slot *slot;
    pthread_mutex_t lock; /* protects the published plan */
    uint64_t content;     /* of the published plan */
    int events;           /* of inotify */
    pthread_t thread;
    atomic_uint_fast64_t taken, refused;
};

static int ends[2] = {-1, -1}; /* requests to the thread, also from a signal */

static void ask(char what) {
    int error = errno;
    if (write(ends[1], &what, 1) < 0 && errno == EAGAIN) errno = error; /* full: the thread will wake anyway */
    errno = error;
}

static void on_hangup(int number) {
    (void)number;
    ask(ASKED_RELOAD);
}

/* The plan as an image, which knows its files and their hashes; NULL without memory. */
static tocsin_image *image_of(const tocsin_plan *plan) {
    tocsin_buffer bytes;
    tocsin_image *image = NULL;
    tocsin_buffer_init(&bytes, NULL);
    if (tocsin_plan_save_to_buffer(plan, &bytes, NULL) == TOCSIN_OK) {
        (void)tocsin_image_read(bytes.data, bytes.length, NULL, &image, NULL);
    }
    tocsin_buffer_release(&bytes);
    return image;
}

static void free_folders(plan_watch *watch) {
    for (size_t i = 0; i < watch->folder_count; i++) tool_free(watch->folders[i].name);
    tool_free(watch->folders);
}

/* A folder in which all files count stays so. */
static void note_folder(plan_watch *watch, int number, const char *name) {
    for (size_t i = 0; i < watch->folder_count; i++) {
        const watched_folder *known = &watch->folders[i];
        if (known->number == number && (!known->name || (name && !strcmp(known->name, name)))) return;
    }
    watch->folders = tool_reallocate(watch->folders, watch->folder_count + 1, sizeof *watch->folders);
    watch->folders[watch->folder_count++] = (watched_folder){number, name ? tool_copy(name) : NULL};
}

/* Watches the folders of all links on the way to path, which is modified and restored. */
static void watch_links(plan_watch *watch, char *path, int depth) {
    for (char *at = path + (path[0] == '/');; at++) {
        at += strcspn(at, "/");
        const char ended = *at;
        char target[PATH_MAX];
        *at = '\0';
        const ssize_t length = *path ? readlink(path, target, sizeof target - 1) : -1;
        if (length > 0 && depth < MAX_LINKS) {
            tocsin_buffer folder;
            const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
            target[length] = '\0';
            tocsin_buffer_init(&folder, NULL);
            text_append(&folder, path, (size_t)(name - path));
            text_puts(&folder, ".");
            const int number = inotify_add_watch(watch->events, folder.data, EVENTS);
            if (number >= 0) note_folder(watch, number, name);
            folder.length = 0;
            if (target[0] != '/') text_append(&folder, path, (size_t)(name - path));
            text_puts(&folder, target);
            char *next = tool_copy(folder.data);
            watch_links(watch, next, depth + 1);
            tool_free(next);
            tocsin_buffer_release(&folder);
        }
        *at = ended;
        if (!ended) return;
    }
}

static void watch_folder_of(plan_watch *watch, const char *folder, const char *name) {
    tocsin_buffer path;
    tocsin_buffer_init(&path, NULL);
    text_printf(&path, "%s/%s", folder, name);
    char *slash = strrchr(path.data, '/');
    *slash = '\0';
    const int number = inotify_add_watch(watch->events, path.data, EVENTS);
    if (number < 0) {
        console_error("%s: changes in this folder are not seen: %s", path.data, strerror(errno));
    } else {
        note_folder(watch, number, NULL);
    }
    tocsin_buffer_release(&path);
}

/* Watches the plan's present folder, whatever it contains: a plan that does not compile will be corrected there. */
static void watch_place(plan_watch *watch) {
    char real[PATH_MAX];
    struct stat about;
    char *path = tool_copy(watch->path);
    watch_links(watch, path, 0);
    tool_free(path);
    if (realpath(watch->path, real) && !stat(real, &about) && S_ISDIR(about.st_mode)) watch_folder_of(watch, real, "");
}

/* Watches the folders of the plan and of its lists; a folder that is already watched stays so. */
static void watch_files(plan_watch *watch, const tocsin_image *image) {
    char real[PATH_MAX];
    struct stat about;
    if (!watch->path) return;
    watch_place(watch);
    if (!realpath(watch->path, real) || stat(real, &about)) return;
    if (S_ISDIR(about.st_mode)) {
        for (size_t i = 0; i < tocsin_image_get_info(image)->source_count; i++) {
            watch_folder_of(watch, real, tocsin_image_get_source(image, i)->name);
        }
        return;
    }
    char *slash = strrchr(real, '/');
    *slash = '\0';
    watch_folder_of(watch, real, slash + 1); /* an image contains its lists */
    for (size_t i = 1; i < tocsin_image_get_info(image)->source_count; i++) {
        const char *name = tocsin_image_get_source(image, i)->name;
        if (strchr(name, '/')) watch_folder_of(watch, real, name);
    }
}

/* The reason not to replace the present plan by another; NULL if there is none. */
static const char *objection(const tocsin_plan_info *old, const tocsin_plan_info *new, const char **topic) {
    if (old->tier_count != new->tier_count) return "it has other tiers";
    for (size_t i = 0; i < old->tier_count; i++) {
        if (strcmp(tocsin_plan_tier(old->plan, i)->id, tocsin_plan_tier(new->plan, i)->id)) return "it has other tiers";
    }
    for (size_t i = 0; i < old->topic_count; i++) {
        const uint32_t before = tocsin_plan_topic(old->plan, i)->tier; /* for a topic, its number of terms */
        size_t j;
        *topic = tocsin_plan_topic(old->plan, i)->id;
        if (!tocsin_plan_find(new->plan, TOCSIN_PART_TOPIC, *topic, strlen(*topic), &j)) continue;
        if (tocsin_plan_topic(new->plan, j)->tier < before - before / 2)
            return "more than half of a topic's terms are gone";
    }
    *topic = NULL;
    return NULL;
}

/* Called with the lock held; returns whether the plan was published. */
static int publish(plan_watch *watch, const tocsin_plan *plan, const tocsin_image *image) {
    const tocsin_plan_info *info = tocsin_plan_get_info(plan);
    const tocsin_plan *before = tocsin_slot_acquire(watch->slot, NULL);
    const char *topic = NULL, *why = objection(tocsin_plan_get_info(before), info, &topic);
    tocsin_plan_release(before);
    if (why) {
        atomic_fetch_add(&watch->refused, 1);
        console_error("the new plan is not used: %s%s%s; restart to use it", why, topic ? ": " : "",
                      topic ? topic : "");
        return 0;
    }
    watch->content = tocsin_image_get_info(image)->content;
    uint64_t generation = tocsin_slot_publish(watch->slot, plan);
    atomic_fetch_add(&watch->taken, 1);
    console_event("info", NULL, "the plan is now %s%s%s, %zu terms: generation %" PRIu64, info->name,
                  *info->version ? " " : "", info->version, info->term_count, generation);
    return 1;
}

static void stay(plan_watch *watch) {
    atomic_fetch_add(&watch->refused, 1);
    console_error("the plan stays as it was: generation %" PRIu64, tocsin_slot_generation(watch->slot));
}

static void reload(plan_watch *watch, int asked) {
    tocsin_plan *plan = NULL;
    if (plan_load_checked(watch->path, 1, 0, &plan) != EXIT_DONE) {
        watch_place(watch);
        stay(watch);
        return;
    }
    tocsin_image *image = image_of(plan);
    pthread_mutex_lock(&watch->lock);
    if (image && tocsin_image_get_info(image)->content != watch->content) {
        watch_files(watch, image);
        (void)publish(watch, plan, image);
    } else if (asked) {
        console_event("info", NULL, "the plan has not changed: generation %" PRIu64,
                      tocsin_slot_generation(watch->slot));
    }
    pthread_mutex_unlock(&watch->lock);
    tocsin_image_free(image);
    tocsin_plan_release(plan);
}

int plan_watch_offer(plan_watch *watch, const char *origin, const void *bytes, size_t length) {
    tocsin_plan *plan = NULL;
    int used = 0;
    if (plan_load_image(origin, bytes, length, &plan) != EXIT_DONE) {
        stay(watch);
        return 0;
    }
    tocsin_image *image = image_of(plan);
    pthread_mutex_lock(&watch->lock);
    if (image) used = tocsin_image_get_info(image)->content == watch->content || publish(watch, plan, image);
    pthread_mutex_unlock(&watch->lock);
    tocsin_image_free(image);
    tocsin_plan_release(plan);
    return used;
}

/* Whether an event concerns a file that counts; an event without a folder (too many came) does. */
static int counts(const plan_watch *watch, const struct inotify_event *event) {
    if (event->wd < 0) return 1;
    for (size_t i = 0; i < watch->folder_count; i++) {
        const watched_folder *folder = &watch->folders[i];
        if (folder->number != event->wd) continue;
        if (!folder->name || (event->len && !strcmp(folder->name, event->name))) return 1;
    }
    return 0;
}

/* Reads all pending events; returns whether one of them counts. */
static int drain(const plan_watch *watch) {
    _Alignas(struct inotify_event) char room[4096];
    ssize_t length;
    int any = 0;
    while ((length = read(watch->events, room, sizeof room)) > 0) {
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *event = (const void *)(room + at);
            any |= counts(watch, event);
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    return any;
}

static void *run(void *context) {
    plan_watch *watch = context;
    struct pollfd both[2] = {{ends[0], POLLIN, 0}, {watch->events, POLLIN, 0}};
    int pending = 0;
    for (;;) {
        char asked = 0;
        int ready = poll(both, 2, pending ? QUIET_MILLISECONDS : -1);
        if (ready < 0) continue;
        if (both[0].revents && read(ends[0], &asked, 1) == 1 && asked == ASKED_STOP) return NULL;
        const int changed = both[1].revents && drain(watch);
        if (watch->path && ((ready == 0 && pending) || asked == ASKED_RELOAD)) reload(watch, asked == ASKED_RELOAD);
        pending = asked != ASKED_RELOAD && (changed || (pending && ready > 0));
    }
}

static int open_ends(void) {
    if (pipe(ends)) return 0;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    return 1;
}

plan_watch *plan_watch_start(const char *path, tocsin_slot *slot) {
    plan_watch *watch = tool_allocate(1, sizeof *watch);
    watch->path = path;
    watch->slot = slot;
    pthread_mutex_init(&watch->lock, NULL);
    watch->events = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    const tocsin_plan *plan = tocsin_slot_acquire(slot, NULL);
    tocsin_image *image = image_of(plan);
    tocsin_plan_release(plan);
    if (!image) tool_out_of_memory();
    watch->content = tocsin_image_get_info(image)->content;
    if (watch->events >= 0) watch_files(watch, image);
    tocsin_image_free(image);
    struct sigaction action = {.sa_handler = on_hangup, .sa_flags = (int)SA_RESTART};
    sigemptyset(&action.sa_mask);
    if (watch->events >= 0 && open_ends() && !sigaction(SIGHUP, &action, NULL) &&
        !pthread_create(&watch->thread, NULL, run, watch)) {
        return watch;
    }
    console_error("the plan cannot be watched: %s", strerror(errno));
    if (watch->events >= 0) close(watch->events);
    pthread_mutex_destroy(&watch->lock);
    free_folders(watch);
    tool_free(watch);
    return NULL;
}

/* How many plans were taken so far, and how many were refused; 0 for NULL. Any thread may call it. */
static void plan_watch_count(const plan_watch *watch, uint64_t *taken, uint64_t *refused) {
    *taken = watch ? atomic_load(&watch->taken) : 0;
    *refused = watch ? atomic_load(&watch->refused) : 0;
}

void plan_watch_stop(plan_watch *watch) {
    if (!watch) return;
    signal(SIGHUP, SIG_IGN);
    ask(ASKED_STOP);
    pthread_join(watch->thread, NULL);
    close(watch->events);
    pthread_mutex_destroy(&watch->lock);
    free_folders(watch);
    tool_free(watch);
}

void plan_metrics_append(tocsin_buffer *out, const tocsin_plan_info *first, tocsin_slot *slot,
                         const plan_watch *watch) {
    uint64_t generation = 1, taken = 0, refused = 0;
    const tocsin_plan *plan = slot ? tocsin_slot_acquire(slot, &generation) : NULL;
    const tocsin_plan_info *info = plan ? tocsin_plan_get_info(plan) : first;
    plan_watch_count(watch, &taken, &refused);
    metrics_append_head(out, "tocsin_plan_info", "gauge", "The plan that documents are graded by.");
    text_puts(out, "tocsin_plan_info{name=\"");
    metrics_append_label(out, info->name);
    text_puts(out, "\",version=\"");
    metrics_append_label(out, info->version);
    text_printf(out, "\",content=\"%016" PRIx64 "\"} 1\n", info->content);
    metrics_append_one(out, "tocsin_plan_terms", "gauge", "Terms of the plan.", info->term_count);
    metrics_append_one(out, "tocsin_plan_generation", "gauge", "Plans so far, with this one.", generation);
    metrics_append_one(out, "tocsin_plan_reloads_total", "counter", "Plans that took the place of another.", taken);
    metrics_append_one(out, "tocsin_plan_reload_failures_total", "counter", "Plans that were not taken.", refused);
    tocsin_plan_release(plan);
}
