/* Asked at the start, so that what would fail later fails at once and says why. */
#include "kafka/topics.h"

#include <stdlib.h>
#include <string.h>

#include "program/console.h"

int kafka_topic_partitions(rd_kafka_t *client, const char *brokers, const char *topic, int milliseconds) {
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
    int partitions = 0;
    if (!handle) {
        console_error("topic %s: %s", topic, rd_kafka_err2str(rd_kafka_last_error()));
        return 0;
    }
    const rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, handle, &metadata, milliseconds);
    if (error) {
        console_error("no broker answered at %s within %d s: %s", brokers, milliseconds / 1000,
                      rd_kafka_err2str(error));
    } else if (metadata->topic_cnt != 1 || metadata->topics[0].err || !metadata->topics[0].partition_cnt) {
        const rd_kafka_resp_err_t why = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN;
        console_error("topic %s cannot be used: %s", topic,
                      why == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ? "the cluster has no such topic"
                                                                     : rd_kafka_err2str(why));
    } else {
        partitions = metadata->topics[0].partition_cnt;
    }
    if (metadata) rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(handle);
    return partitions;
}

/* The value of a property in the answer; 0 when it is not there. */
static uint64_t limit_in(rd_kafka_event_t *event) {
    size_t resources = 0, entries = 0;
    const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(event);
    if (!result || rd_kafka_event_error(event)) return 0;
    const rd_kafka_ConfigResource_t **all = rd_kafka_DescribeConfigs_result_resources(result, &resources);
    if (resources != 1 || rd_kafka_ConfigResource_error(all[0])) return 0;
    const rd_kafka_ConfigEntry_t **properties = rd_kafka_ConfigResource_configs(all[0], &entries);
    for (size_t i = 0; i < entries; i++) {
        const char *value = rd_kafka_ConfigEntry_value(properties[i]);
        if (value && !strcmp(rd_kafka_ConfigEntry_name(properties[i]), "max.message.bytes")) {
            return strtoull(value, NULL, 10);
        }
    }
    return 0;
}

uint64_t kafka_topic_limit(rd_kafka_t *client, const char *topic, int milliseconds) {
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    char wrong[128];
    uint64_t limit = 0;
    if (!rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, wrong, sizeof wrong)) {
        rd_kafka_DescribeConfigs(client, &resource, 1, options, queue);
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, milliseconds + 1000);
        if (event) {
            limit = limit_in(event);
            rd_kafka_event_destroy(event);
        }
    }
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_ConfigResource_destroy(resource);
    rd_kafka_queue_destroy(queue);
    return limit;
}
