#ifndef TOCSIN_TOOLS_KAFKA_CLIENT_H
#define TOCSIN_TOOLS_KAFKA_CLIENT_H

/* What every client of Kafka here is made with. */

#include <librdkafka/rdkafka.h>

#include "kafka/settings.h"

/*
 * A configuration that logs through the console: first `defaults`, then what the user gave, then `fixed`; both are keys
 * and values in turn up to a NULL, and a value of NULL leaves its key alone. Whoever makes a client of it owns it.
 */
rd_kafka_conf_t *kafka_settings_configure(const kafka_settings *settings, const char *const *defaults,
                                          const char *const *fixed);

/* A client of that configuration, which is used up in any case; NULL after a message. */
rd_kafka_t *kafka_client_create(rd_kafka_type_t type, rd_kafka_conf_t *configuration);

#endif
