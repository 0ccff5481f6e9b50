#ifndef TOCSIN_TOOLS_LINT_FOLDER_H
#define TOCSIN_TOOLS_LINT_FOLDER_H

/* Problems that the tool finds beside the library: lists in a plan's folder that the plan does not name. */

#include <tocsin/tocsin.h>

typedef struct folder_findings {
    tocsin_diagnostic *list; /* by name */
    size_t count;
} folder_findings;

/* path is the plan's path as it was given; an image has no folder, and a folder that cannot be read has no findings. */
void lint_folder(const char *path, const tocsin_plan *plan, folder_findings *findings);

/* Adds another finding about the plan at this path. */
void lint_folder_add(folder_findings *findings, const char *path, tocsin_diagnostic finding);

void lint_folder_release(folder_findings *findings);

#endif
