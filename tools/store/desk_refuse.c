/* Why an action is not taken stands where a failure of the database stands: a caller has one place to look at. */
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
