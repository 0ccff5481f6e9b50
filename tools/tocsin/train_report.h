#ifndef TOCSIN_TOOLS_TRAIN_REPORT_H
#define TOCSIN_TOOLS_TRAIN_REPORT_H

/* What training reports: its quality, on documents that were not trained on, and what it has learned. */

#include <tocsin/bytes.h>

#include "learn/training.h"

void train_report(const training *t, tocsin_buffer *out);

/* The learning curve: the results with a part of the labels. Trains again for each part. */
void train_report_curve(training *t, tocsin_buffer *out);

#endif
