/* The plan itself knows its sources: they are read through an image in memory. */
#include "tocsin/lint_folder.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "feed/tool_memory.h"

static int has_ending(const char *name, const char *ending) {
    const size_t length = strlen(name), tail = strlen(ending);
    return length > tail && !strcmp(name + length - tail, ending);
}

static int is_source(const tocsin_image *image, const char *name) {
    const tocsin_image_source *source;
    for (size_t i = 0; (source = tocsin_image_get_source(image, i)); i++) {
        if (!strcmp(source->name, name)) return 1;
    }
    return 0;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const tocsin_diagnostic *)a)->file, ((const tocsin_diagnostic *)b)->file);
}

void lint_folder_add(folder_findings *findings, const char *path, tocsin_diagnostic finding) {
    finding.file = tool_copy(path);
    findings->list = tool_reallocate(findings->list, findings->count + 1, sizeof *findings->list);
    findings->list[findings->count++] = finding;
}

static void look(DIR *folder, const tocsin_image *image, folder_findings *findings) {
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        const char *name = entry->d_name;
        if (name[0] == '.' || (!has_ending(name, ".txt") && !has_ending(name, ".csv")) || is_source(image, name)) {
            continue;
        }
        lint_folder_add(findings, name,
                        (tocsin_diagnostic){TOCSIN_SEVERITY_WARNING, "unused-list", NULL, 0, 0,
                                            "nothing in the plan names this list"});
    }
    if (findings->count) qsort(findings->list, findings->count, sizeof *findings->list, by_name);
}

/* The folder that contains the plan of this path. */
static char *folder_of(const char *path) {
    struct stat facts;
    char *folder = tool_copy(path);
    if (!stat(path, &facts) && S_ISDIR(facts.st_mode)) return folder;
    char *slash = strrchr(folder, '/');
    if (!slash) {
        tool_free(folder);
        return tool_copy(".");
    }
    slash[slash == folder] = '\0';
    return folder;
}

void lint_folder(const char *path, const tocsin_plan *plan, folder_findings *findings) {
    tocsin_buffer bytes;
    tocsin_image *image = NULL;
    char start[8] = {0};
    *findings = (folder_findings){NULL, 0};
    FILE *file = fopen(path, "rb");
    const size_t length = file ? fread(start, 1, sizeof start, file) : 0;
    if (file) (void)fclose(file);
    if (tocsin_image_recognises(start, length)) return;
    tocsin_buffer_init(&bytes, NULL);
    char *folder = folder_of(path);
    DIR *stream = opendir(folder);
    if (stream && tocsin_plan_save_to_buffer(plan, &bytes, NULL) == TOCSIN_OK &&
        tocsin_image_read(bytes.data, bytes.length, NULL, &image, NULL) == TOCSIN_OK) {
        look(stream, image, findings);
    }
    if (stream) closedir(stream);
    tocsin_image_free(image);
    tocsin_buffer_release(&bytes);
    tool_free(folder);
}

void lint_folder_release(folder_findings *findings) {
    for (size_t i = 0; i < findings->count; i++) tool_free((void *)(uintptr_t)findings->list[i].file);
    tool_free(findings->list);
}
