#ifndef TOCSIN_TOOLS_STOP_SIGNAL_H
#define TOCSIN_TOOLS_STOP_SIGNAL_H

/* SIGINT and SIGTERM as a request to finish: the first is noted, the next one ends the program as usual. */

/*
 * Notes the signals from now on, except one that was ignored when the program started (nohup, a background job).
 * Returns a descriptor that can be read once a signal came, or -1 when there is none; call once.
 */
int stop_signal_install(void);

/* "SIGINT" or "SIGTERM" once it came; else NULL. */
const char *stop_signal_name(void);

/* Ends the program by the signal that came, so that who started it sees that it was stopped; returns if none did. */
void stop_signal_end(void);

#endif
