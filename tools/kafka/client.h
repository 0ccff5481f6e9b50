#ifndef TOCSIN_TOOLS_KAFKA_CLIENT_H
#define TOCSIN_TOOLS_KAFKA_CLIENT_H

/* Makes the clients of Kafka. */

#include <librdkafka/rdkafka.h>

#include "kafka/settings.h"

/*
 * Makes a configuration that logs through the console: first `defaults`, then the user's settings, then `fixed`; both
 * arrays alternate keys and values up to a NULL; a NULL value skips its key. The caller owns it until it makes a client
 * of it.
 */
rd_kafka_conf_t *kafka_settings_configure(const kafka_settings *settings, const char *const *defaults,
                                          const char *const *fixed);

/* Makes a client with that configuration, which is consumed in any case; NULL after a message. */
rd_kafka_t *kafka_client_create(rd_kafka_type_t type, rd_kafka_conf_t *configuration);

#endif
