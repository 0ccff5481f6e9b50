#ifndef TOCSIN_TOOLS_SCHEMA_H
#define TOCSIN_TOOLS_SCHEMA_H

/* The tables of the database, and the migration from earlier versions. */

#include "store/database.h"

/* Brings the tables up to DATABASE_VERSION, in one transaction. */
int schema_migrate(database *db);

#endif
