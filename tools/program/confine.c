/*
 * The C library of Debian 12 has no wrappers for Landlock, and its kernel headers only have version 2: so the calls are
 * made by number, with the constants from the kernel's documentation. Each version of the kernel's interface adds
 * rights; a program must not ask for rights that the running kernel does not know.
 */
#define _GNU_SOURCE /* O_PATH */

#include "program/confine.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "program/output.h"

#if defined(TOCSIN_CONFINE) && defined(SYS_landlock_create_ruleset)

#define ASK_VERSION 1u
#define RULE_PATH 1

/* Rights over files. */
#define EXECUTE (UINT64_C(1) << 0)
#define WRITE_FILE (UINT64_C(1) << 1)
#define REMOVE_FILE (UINT64_C(1) << 5)
#define MAKE_FILE (UINT64_C(1) << 8)
#define REMOVE_AND_MAKE (UINT64_C(0x1ff) << 4) /* also folders, devices, sockets, pipes and links */
#define LINK_ELSEWHERE (UINT64_C(1) << 13)     /* version 2 */
#define TRUNCATE (UINT64_C(1) << 14)           /* version 3 */
#define DEVICE_CONTROL (UINT64_C(1) << 15)     /* version 5 */
/* Network, version 4: bind and connect by TCP. */
#define TCP UINT64_C(3)
/* Version 6: abstract sockets and signals stay among confined processes. */
#define SCOPES UINT64_C(3)

typedef struct landlock_rights {
    uint64_t files, network, scopes;
} landlock_rights;

typedef struct landlock_path {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed)) landlock_path;

/* The rights to give up, as far as the running kernel's version has them. */
static landlock_rights rights_of(long version) {
    landlock_rights rights = {EXECUTE | WRITE_FILE | REMOVE_AND_MAKE, 0, 0};
    if (version >= 2) rights.files |= LINK_ELSEWHERE;
    if (version >= 3) rights.files |= TRUNCATE;
    if (version >= 4) rights.network = TCP;
    if (version >= 5) rights.files |= DEVICE_CONTROL;
    if (version >= 6) rights.scopes = SCOPES;
    return rights;
}

/*
 * Allows writing files in a folder; for a path that is no regular file (a device, a pipe), allows writing the path
 * itself.
 */
static void give_back(int rules, const landlock_rights *taken, const char *path) {
    char *name = output_target(path);
    landlock_path rule = {taken->files & (WRITE_FILE | TRUNCATE), -1};
    if (output_replaces(name)) {
        char *slash = strrchr(name, '/');
        if (slash) slash[slash == name] = '\0';
        rule.allowed |= MAKE_FILE | REMOVE_FILE;
        rule.parent = open(slash ? name : ".", O_PATH | O_CLOEXEC);
    } else {
        rule.parent = open(name, O_PATH | O_CLOEXEC);
    }
    /* A file that cannot be opened here cannot be written later either; that is reported then. */
    if (rule.parent >= 0) {
        syscall(SYS_landlock_add_rule, rules, RULE_PATH, &rule, 0);
        close(rule.parent);
    }
    tool_free(name);
}

void confine(const char *const *files, size_t count) {
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
    if (version < 1) return;
    const landlock_rights rights = rights_of(version);
    /* A kernel accepts a longer struct than it knows if the rest is 0. */
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof rights, 0);
    if (rules < 0) return;
    for (size_t i = 0; i < count; i++) {
        if (files[i] && strcmp(files[i], "-") != 0) give_back(rules, &rights, files[i]);
    }
    if (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

#else

void confine(const char *const *files, size_t count) { (void)files, (void)count; }

#endif
