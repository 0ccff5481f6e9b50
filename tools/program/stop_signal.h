#ifndef TOCSIN_TOOLS_STOP_SIGNAL_H
#define TOCSIN_TOOLS_STOP_SIGNAL_H

/* Treats SIGINT and SIGTERM as a request to finish: the first one is noted, the next one ends the program as usual. */

/*
 * Notes the signals from now on, except a signal that was ignored when the program started (nohup, a background job).
 * Returns a descriptor that is readable after a signal, or -1 if there is none; call once.
 */
int stop_signal_install(void);

/* "SIGINT" or "SIGTERM" after it came; otherwise NULL. */
const char *stop_signal_name(void);

/*
 * Ends the program with the signal that came, so that the parent process sees that it was stopped; returns if there was
 * none.
 */
void stop_signal_end(void);

#endif
