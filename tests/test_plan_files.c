/* The files of a plan's folder: which are read, which are refused with which status, and that no file stays open. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failing_allocator.h"
#include "plan/plan_files_read.h"
#include "suite.h"

#define LIMIT 1000

static char top[64];

static char *at(const char *name) {
    static char paths[4][256];
    static int turn;
    char *path = paths[turn++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", top, name);
    return path;
}

static void put(const char *name, const char *text, size_t length) {
    FILE *file = fopen(at(name), "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
}

static void link_to(const char *target, const char *name) { ck_assert_int_eq(symlink(target, at(name)), 0); }

static void make_folder(void) {
    static char large[LIMIT + 1];
    memset(large, 'x', sizeof large);
    (void)snprintf(top, sizeof top, "/tmp/tocsin-files-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(top));
    static const char *const folders[] = {"p", "p/sub", "p/sub/deep", "p2", "bare", "links"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) ck_assert_int_eq(mkdir(at(folders[i]), 0777), 0);
    put("p/plan.yaml", "plan: x\n", 8);
    put("p/a.txt", "火\n", 4);
    put("p/empty.txt", "", 0);
    put("p/sub/deep/b.csv", "term\n", 5);
    put("p/名单.txt", "词\n", 4);
    put("p/..odd", "odd", 3);
    put("p/limit.txt", large, LIMIT);
    put("p/large.txt", large, LIMIT + 1);
    put("p/locked.txt", "x", 1);
    put("p2/secret.txt", "secret", 6);
    put("secret.txt", "secret", 6);
    link_to("../secret.txt", "p/out.txt");
    link_to("../p2", "p/outdir");
    link_to("sub/deep/b.csv", "p/in.txt");
    link_to("sub", "p/indir");
    link_to("../p/a.txt", "p/around.txt");
    link_to("nothing", "p/dangling.txt");
    link_to("loop.txt", "p/loop.txt");
    link_to("/dev/null", "p/device.txt");
    link_to(".", "p/here");
    link_to("../p/plan.yaml", "links/plan.yaml");
    ck_assert_int_eq(mkfifo(at("p/fifo.txt"), 0666), 0);
    ck_assert_int_eq(chmod(at("p/locked.txt"), 0), 0);
}

static void remove_folder(void) {
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", top);
    ck_assert_int_eq(system(command), 0);
}

static tocsin__plan_files *open_plan(const char *name) {
    tocsin__plan_files *files = NULL;
    tocsin_error error = {0};
    tocsin_status status = tocsin__plan_files_open(at(name), LIMIT, tocsin_allocator_default(), &files, &error);
    ck_assert_msg(status == TOCSIN_OK, "%s: %s", error.file, error.message);
    return files;
}

static const struct {
    const char *name;
    tocsin_status status;
    const char *is; /* the bytes, or the message */
} names[] = {
    {"plan.yaml", TOCSIN_OK, "plan: x\n"},
    {"a.txt", TOCSIN_OK, "火\n"},
    {"./a.txt", TOCSIN_OK, "火\n"},
    {"sub/../a.txt", TOCSIN_OK, "火\n"},
    {"sub//deep/./b.csv", TOCSIN_OK, "term\n"},
    {"名单.txt", TOCSIN_OK, "词\n"},
    {"..odd", TOCSIN_OK, "odd"},
    {"empty.txt", TOCSIN_OK, ""},
    {"in.txt", TOCSIN_OK, "term\n"},
    {"indir/deep/b.csv", TOCSIN_OK, "term\n"},
    {"around.txt", TOCSIN_OK, "火\n"},
    {"here/here/a.txt", TOCSIN_OK, "火\n"},
    {"limit.txt", TOCSIN_OK, NULL},
    {"large.txt", TOCSIN_ERROR_TOO_LARGE, "the file has more than 1000 bytes"},
    {"missing.txt", TOCSIN_ERROR_NOT_FOUND, "there is no such file"},
    {"missing/a.txt", TOCSIN_ERROR_NOT_FOUND, "there is no such file"},
    {"a.txt/b", TOCSIN_ERROR_NOT_FOUND, "a part of the name is not a folder"},
    {"dangling.txt", TOCSIN_ERROR_NOT_FOUND, "there is no such file"},
    {"", TOCSIN_ERROR_NOT_FOUND, "there is no such file"},
    {"sub", TOCSIN_ERROR_IO, "it is a folder"},
    {"sub/", TOCSIN_ERROR_IO, "it is a folder"},
    {".", TOCSIN_ERROR_IO, "it is a folder"},
    {"sub/..", TOCSIN_ERROR_IO, "it is a folder"},
    {"fifo.txt", TOCSIN_ERROR_IO, "it is not a regular file"},
    {"loop.txt", TOCSIN_ERROR_IO, "too many symbolic links, or one that changed meanwhile"},
    {"/etc/passwd", TOCSIN_ERROR_OUTSIDE, "the name is absolute; lists stand in the plan's folder or below it"},
    {"../secret.txt", TOCSIN_ERROR_OUTSIDE,
     "the name leaves the plan's folder; lists stand in the plan's folder or below it"},
    {"sub/../../secret.txt", TOCSIN_ERROR_OUTSIDE,
     "the name leaves the plan's folder; lists stand in the plan's folder or below it"},
    {"../p/a.txt", TOCSIN_ERROR_OUTSIDE,
     "the name leaves the plan's folder; lists stand in the plan's folder or below it"},
    {"..", TOCSIN_ERROR_OUTSIDE, "the name leaves the plan's folder; lists stand in the plan's folder or below it"},
    {"../p2/secret.txt", TOCSIN_ERROR_OUTSIDE,
     "the name leaves the plan's folder; lists stand in the plan's folder or below it"},
    {"out.txt", TOCSIN_ERROR_OUTSIDE,
     "a symbolic link leads out of the plan's folder; lists stand in the plan's folder or below it"},
    {"outdir/secret.txt", TOCSIN_ERROR_OUTSIDE,
     "a symbolic link leads out of the plan's folder; lists stand in the plan's folder or below it"},
    {"device.txt", TOCSIN_ERROR_OUTSIDE,
     "a symbolic link leads out of the plan's folder; lists stand in the plan's folder or below it"},
};

static int count_open(void) {
    int count = 0;
    for (int fd = 0; fd < 256; fd++) count += fcntl(fd, F_GETFD) != -1;
    return count;
}

START_TEST(names_are_read_or_refused) {
    make_folder();
    int open_before = count_open();
    tocsin__plan_files *files = open_plan("p");
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    (void)tocsin_buffer_append(&out, "before", 6);
    tocsin_status status = tocsin__plan_files_read(files, names[_i].name, &out);
    ck_assert_msg(status == names[_i].status, "%s: %s", names[_i].name, tocsin_status_string(status));
    ck_assert_int_eq(memcmp(out.data, "before", 6), 0);
    const tocsin_error *error = tocsin__plan_files_last_error(files);
    if (status) {
        ck_assert_uint_eq(out.length, 6);
        ck_assert_str_eq(error->message, names[_i].is);
        ck_assert_str_eq(error->file, names[_i].name);
        ck_assert_int_eq(error->status, status);
    } else if (names[_i].is) {
        ck_assert_str_eq(out.data + 6, names[_i].is);
        ck_assert_int_eq(error->status, TOCSIN_OK);
    } else {
        ck_assert_uint_eq(out.length, 6 + LIMIT);
    }
    tocsin_buffer_release(&out);
    tocsin__plan_files_close(files);
    ck_assert_int_eq(count_open(), open_before);
    remove_folder();
}
END_TEST

START_TEST(unreadable_files_are_reported) {
    make_folder();
    tocsin__plan_files *files = open_plan("p/plan.yaml");
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    tocsin_status status = tocsin__plan_files_read(files, "locked.txt", &out);
    if (geteuid() != 0) {
        ck_assert_int_eq(status, TOCSIN_ERROR_IO);
        ck_assert_str_eq(tocsin__plan_files_last_error(files)->message, "permission denied");
    }
    tocsin_buffer_release(&out);
    tocsin__plan_files_close(files);
    remove_folder();
}
END_TEST

static const struct {
    const char *path;
    tocsin_status status;
    const char *is; /* the plan's name, or the message */
} plans[] = {
    {"p", TOCSIN_OK, "plan.yaml"},
    {"p/", TOCSIN_OK, "plan.yaml"},
    {"p/plan.yaml", TOCSIN_OK, "plan.yaml"},
    {"p/a.txt", TOCSIN_OK, "a.txt"},
    {"p/here/plan.yaml", TOCSIN_OK, "plan.yaml"},
    {"links", TOCSIN_OK, "plan.yaml"},
    {"links/plan.yaml", TOCSIN_OK, "plan.yaml"},
    {"p/in.txt", TOCSIN_OK, "b.csv"},
    {"p/sub", TOCSIN_ERROR_NOT_FOUND, "there is no plan.yaml in this folder"},
    {"bare", TOCSIN_ERROR_NOT_FOUND, "there is no plan.yaml in this folder"},
    {"none", TOCSIN_ERROR_NOT_FOUND, "there is no such file"},
    {"p/a.txt/x", TOCSIN_ERROR_NOT_FOUND, "a part of the name is not a folder"},
    {"p/loop.txt", TOCSIN_ERROR_IO, "too many symbolic links, or one that changed meanwhile"},
};

START_TEST(plans_are_found) {
    make_folder();
    tocsin__plan_files *files = NULL;
    tocsin_error error = {0};
    tocsin_status status =
        tocsin__plan_files_open(at(plans[_i].path), LIMIT, tocsin_allocator_default(), &files, &error);
    ck_assert_msg(status == plans[_i].status, "%s", error.message);
    if (status) {
        ck_assert_ptr_null(files);
        ck_assert_str_eq(error.message, plans[_i].is);
        ck_assert_str_eq(error.file, at(plans[_i].path));
    } else {
        tocsin_buffer out;
        tocsin_buffer_init(&out, NULL);
        ck_assert_str_eq(tocsin__plan_files_plan_name(files), plans[_i].is);
        ck_assert_int_eq(tocsin__plan_files_read(files, plans[_i].is, &out), TOCSIN_OK);
        ck_assert_uint_gt(out.length, 0);
        tocsin_buffer_release(&out);
    }
    tocsin__plan_files_close(files);
    remove_folder();
}
END_TEST

START_TEST(a_linked_plan_brings_its_own_folder) {
    make_folder();
    tocsin__plan_files *files = open_plan("links/plan.yaml");
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin__plan_files_read(files, "a.txt", &out), TOCSIN_OK);
    ck_assert_str_eq(out.data, "火\n");
    tocsin_buffer_release(&out);
    tocsin__plan_files_close(files);
    remove_folder();
}
END_TEST

START_TEST(wrong_paths_are_refused) {
    tocsin__plan_files *files = NULL;
    tocsin_error error = {0};
    const tocsin_allocator *allocator = tocsin_allocator_default();
    ck_assert_int_eq(tocsin__plan_files_open("", LIMIT, allocator, &files, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin__plan_files_open(NULL, LIMIT, allocator, &files, NULL), TOCSIN_ERROR_ARGUMENT);
    char path[2 * PATH_MAX];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    ck_assert_int_eq(tocsin__plan_files_open(path, LIMIT, allocator, &files, &error), TOCSIN_ERROR_IO);
    ck_assert_str_eq(error.message, "the name is too long");
    ck_assert_ptr_null(files);
    ck_assert_int_eq(tocsin__plan_files_open("/", LIMIT, allocator, &files, &error), TOCSIN_ERROR_NOT_FOUND);
    make_folder();
    files = open_plan("p");
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin__plan_files_read(files, path, &out), TOCSIN_ERROR_IO);
    ck_assert_str_eq(tocsin__plan_files_last_error(files)->message, "the name is too long");
    tocsin_buffer_release(&out);
    tocsin__plan_files_close(files);
    tocsin__plan_files_close(NULL);
    remove_folder();
}
END_TEST

/* A file of /proc states a size of 0 but has bytes; a growing file is similar. */
START_TEST(files_may_be_longer_than_their_stated_size) {
    static const uint64_t limits[] = {1 << 20, 10};
    for (size_t i = 0; i < 2; i++) {
        tocsin__plan_files *files = NULL;
        ck_assert_int_eq(
            tocsin__plan_files_open("/proc/self/status", limits[i], tocsin_allocator_default(), &files, NULL),
            TOCSIN_OK);
        tocsin_buffer out;
        tocsin_buffer_init(&out, NULL);
        ck_assert_int_eq(tocsin__plan_files_read(files, "status", &out), i ? TOCSIN_ERROR_TOO_LARGE : TOCSIN_OK);
        ck_assert_int_eq(out.length > 10, i == 0);
        tocsin_buffer_release(&out);
        tocsin__plan_files_close(files);
    }
}
END_TEST

static const int ways_to_fail[] = {0, 1}; /* all allocations from there on, or only that one */

START_TEST(failing_memory_leaks_nothing) {
    make_folder();
    for (size_t i = 1, done = 0; !done; i++) {
        failing_allocator s = {.fail_at = i, .fail_onwards = !ways_to_fail[_i]};
        tocsin_allocator allocator = failing_allocator_get(&s);
        tocsin__plan_files *files = NULL;
        tocsin_buffer out;
        tocsin_buffer_init(&out, &allocator);
        tocsin_status status = tocsin__plan_files_open(at("p"), LIMIT, &allocator, &files, NULL);
        if (!status) status = tocsin__plan_files_read(files, "limit.txt", &out);
        done = s.calls < i;
        ck_assert_int_eq(status, done ? TOCSIN_OK : TOCSIN_ERROR_MEMORY);
        tocsin_buffer_release(&out);
        tocsin__plan_files_close(files);
        ck_assert_uint_eq(s.live, 0);
        ck_assert_uint_eq(s.wrong, 0);
        ck_assert_uint_lt(i, 1000);
    }
    remove_folder();
}
END_TEST

TOCSIN_SUITE("plan_files",
             TOCSIN_LOOP(names_are_read_or_refused, names) TOCSIN_CASE(unreadable_files_are_reported)
                 TOCSIN_LOOP(plans_are_found, plans) TOCSIN_CASE(a_linked_plan_brings_its_own_folder)
                     TOCSIN_CASE(wrong_paths_are_refused) TOCSIN_CASE(files_may_be_longer_than_their_stated_size)
                         TOCSIN_LOOP(failing_memory_leaks_nothing, ways_to_fail))
