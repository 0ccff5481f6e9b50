#ifndef TOCSIN_TOOLS_KAFKA_SETTINGS_H
#define TOCSIN_TOOLS_KAFKA_SETTINGS_H

/* Properties of librdkafka from the user. kafka/client.h makes clients with them. */

typedef struct kafka_settings kafka_settings;

kafka_settings *kafka_settings_create(void);

/* Overwrites the values before it frees them. NULL does nothing. */
void kafka_settings_free(kafka_settings *settings);

/*
 * KEY=VALUE, or @FILE with one of them a line, where # begins a comment. A property is refused if it does not exist, if
 * the program sets it itself, or if it holds a secret and does not come from a file: returns 0 after a message,
 * otherwise 1.
 */
int kafka_settings_take(kafka_settings *settings, const char *setting);

#endif
