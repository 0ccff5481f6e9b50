#ifndef TOCSIN_TOOLS_SCHEMA_H
#define TOCSIN_TOOLS_SCHEMA_H

/* The tables of the database, as the steps that make them. */

#include "store/database.h"

/* SQL that turns the tables of each version into those of the next; the first step begins with an empty file. */
extern const char *const schema_steps[]; /* DATABASE_VERSION of them */

#endif
