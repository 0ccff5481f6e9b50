/*
 * The reason for refusing an action is stored where a failure of the database is, so that a caller looks in one place.
 */
#include <stdarg.h>
#include <stdio.h>

#include "store/desk_store.h"

desk_result desk_refuse(database *db, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (!db->failed) vsnprintf(db->problem, sizeof db->problem, format, arguments);
    va_end(arguments);
    return DESK_REFUSED;
}
