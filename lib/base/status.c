/* The text for every status; a test walks the whole list. */
#include <tocsin/status.h>

const char *tocsin_status_string(tocsin_status status) {
    switch (status) {
        case TOCSIN_OK: return "success";
        case TOCSIN_ERROR_ARGUMENT: return "invalid argument";
        case TOCSIN_ERROR_MEMORY: return "out of memory";
        case TOCSIN_ERROR_UNSUPPORTED: return "not supported by this build or machine";
        case TOCSIN_ERROR_BUSY: return "in use by another call";
        case TOCSIN_ERROR_STOPPED: return "stopped by the caller";
        case TOCSIN_ERROR_PLAN: return "the plan does not compile";
        case TOCSIN_ERROR_IO: return "input or output failed";
        case TOCSIN_ERROR_NOT_FOUND: return "no such file or source";
        case TOCSIN_ERROR_OUTSIDE: return "outside the plan's folder";
        case TOCSIN_ERROR_IMAGE: return "a damaged image, or not an image";
        case TOCSIN_ERROR_LIMIT: return "a limit was reached";
        case TOCSIN_ERROR_TOO_LARGE: return "too large";
        case TOCSIN_ERROR_ENGINE: return "the matching engine failed";
        case TOCSIN_ERROR_FOLD: return "normalisation failed";
    }
    return "unknown status";
}
