/*
 * Opens a plan in any form: a file, a folder or an image. It is above the compiler and the reader of images, which know
 * nothing of each other.
 */
#include <tocsin/image.h>

#include <string.h>

#include "base/arguments.h"
#include "codec/whole_file.h"
#include "plan/plan_internal.h"

static tocsin_status load_image(const char *path, const tocsin_plan_options *options, tocsin_diagnostics *diagnostics,
                                tocsin_plan **plan, tocsin_error *error) {
    tocsin_plan_options taken;
    tocsin_image *image = NULL;
    tocsin_status status = tocsin__plan_take_options(options, &taken, error);
    if (!status) status = tocsin_image_open(path, &taken.allocator, &image, error);
    if (!status) status = tocsin_plan_from_image(image, options, diagnostics, plan, error);
    tocsin_image_free(image);
    return status;
}

tocsin_status tocsin_plan_load(const char *path, const tocsin_plan_options *options, tocsin_diagnostics *diagnostics,
                               tocsin_plan **plan, tocsin_error *error) {
    char start[8];
    if (!path) return tocsin__null_argument(error, "path");
    if (!plan) return tocsin__null_argument(error, "plan");
    return tocsin_image_recognises(start, tocsin__file_start(path, start, sizeof start))
               ? load_image(path, options, diagnostics, plan, error)
               : tocsin_plan_compile_file(path, options, diagnostics, plan, error);
}
