#ifndef TOCSIN_TOOLS_LINT_FOLDER_H
#define TOCSIN_TOOLS_LINT_FOLDER_H

/* What the tool finds beside the library: lists that lie in a plan's folder and that nothing in the plan names. */

#include <tocsin/tocsin.h>

typedef struct folder_findings {
    tocsin_diagnostic *list; /* by name */
    size_t count;
} folder_findings;

/* path is the plan's, as it was given; an image has no folder, and what cannot be looked at has no findings. */
void lint_folder(const char *path, const tocsin_plan *plan, folder_findings *findings);

/* Adds another finding, of the plan at this path. */
void lint_folder_add(folder_findings *findings, const char *path, tocsin_diagnostic finding);

void lint_folder_release(folder_findings *findings);

#endif
