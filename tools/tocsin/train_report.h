#ifndef TOCSIN_TOOLS_TRAIN_REPORT_H
#define TOCSIN_TOOLS_TRAIN_REPORT_H

/* What training shows: how well it went, by documents that were not trained on, and what it has learned. */

#include <tocsin/bytes.h>

#include "learn/training.h"

void train_report(const training *t, tocsin_buffer *out);

/* The learning curve: what a part of the labels would have reached. Trains anew for each. */
void train_report_curve(training *t, tocsin_buffer *out);

#endif
