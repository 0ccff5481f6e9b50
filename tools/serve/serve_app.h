#ifndef TOCSIN_TOOLS_SERVE_APP_H
#define TOCSIN_TOOLS_SERVE_APP_H

/* Turns a request into its page: decides who may see what, and checks what a form must carry. */

#include "serve/serve_page.h"

/* Answers one request; context is the serve_app. By any thread. */
void serve_answer(void *context, const http_request *request, http_answer *answer);

#endif
