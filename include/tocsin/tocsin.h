/**
 * tocsin: compiles word lists and a plan of graded rules, and grades documents with it.
 *
 * This header includes all the others. Offsets everywhere are bytes, 0-based, half-open, in the original field, unless
 * a name says folded.
 */
#ifndef TOCSIN_TOCSIN_H
#define TOCSIN_TOCSIN_H

#include <tocsin/allocator.h>
#include <tocsin/builder.h>
#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/examples.h>
#include <tocsin/explain.h>
#include <tocsin/export.h>
#include <tocsin/fold.h>
#include <tocsin/image.h>
#include <tocsin/learned.h>
#include <tocsin/lint.h>
#include <tocsin/plan.h>
#include <tocsin/scanner.h>
#include <tocsin/slot.h>
#include <tocsin/status.h>
#include <tocsin/stream.h>
#include <tocsin/track.h>
#include <tocsin/verdict.h>
#include <tocsin/version.h>

#endif
