#ifndef TOCSIN_TOOLS_SCHEMA_H
#define TOCSIN_TOOLS_SCHEMA_H

/* The tables of the database, and how those of an earlier version become them. */

#include "store/database.h"

/* Brings the tables up to DATABASE_VERSION, in one transaction. */
int schema_migrate(database *db);

#endif
