#ifndef TOCSIN_TESTS_IMAGE_PLAN_H
#define TOCSIN_TESTS_IMAGE_PLAN_H

/* A small plan with a bit of everything, for the tests of images. Any failure ends the test. */

#include <tocsin/tocsin.h>

/* A tocsin_source_reader of it. */
tocsin_status image_read_source(void *context, const char *name, tocsin_buffer *out);

/* Compiles the plan; options may be NULL. */
tocsin_plan *image_make_plan(const tocsin_plan_options *options);

/* The image of a plan, and the image of this plan; *image is made. */
void image_save(const tocsin_plan *plan, tocsin_buffer *image);
void image_make(tocsin_buffer *image);

/* The plan of so many bytes, or why there is none. */
tocsin_status image_open_bytes(const char *bytes, size_t length, tocsin_plan **plan, tocsin_error *error);

/* The verdicts of a plan on some texts, as one string; *out is made. */
void image_grade(const tocsin_plan *plan, const char *const *list, size_t count, tocsin_buffer *out);

/* The texts are made for the plan. */
void image_assert_same_verdicts(const tocsin_plan *plan, const tocsin_plan *other);

#endif
