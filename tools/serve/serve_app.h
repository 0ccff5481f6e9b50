#ifndef TOCSIN_TOOLS_SERVE_APP_H
#define TOCSIN_TOOLS_SERVE_APP_H

/* From a request to its page: who may see what, and what a form must carry. */

#include "serve/serve_page.h"

/* Answers one request; context is the serve_app. By any thread. */
void serve_answer(void *context, const http_request *request, http_answer *answer);

#endif
