#ifndef TOCSIN_TOOLS_KAFKA_SETTINGS_H
#define TOCSIN_TOOLS_KAFKA_SETTINGS_H

/* Properties of librdkafka as a user gives them, and what every client here is made with. */

#include <librdkafka/rdkafka.h>

typedef struct kafka_settings kafka_settings;

kafka_settings *kafka_settings_create(void);

/* Overwrites the values before it frees them. NULL does nothing. */
void kafka_settings_free(kafka_settings *settings);

/*
 * KEY=VALUE, or @FILE with one of them a line, where # begins a comment. A property that does not exist, that the
 * program sets itself, or that holds a secret and does not come from a file is refused: 0 after a message, else 1.
 */
int kafka_settings_take(kafka_settings *settings, const char *setting);

/*
 * A configuration that logs through the console: first `defaults`, then what the user gave, then `fixed`; both are keys
 * and values in turn up to a NULL, and a value of NULL leaves its key alone. Whoever makes a client of it owns it.
 */
rd_kafka_conf_t *kafka_settings_configure(const kafka_settings *settings, const char *const *defaults,
                                          const char *const *fixed);

/* A client of that configuration, which is used up in any case; NULL after a message. */
rd_kafka_t *kafka_client_create(rd_kafka_type_t type, rd_kafka_conf_t *configuration);

#endif
