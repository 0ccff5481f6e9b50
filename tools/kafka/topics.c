/* Asks the cluster at the start, so that a later failure shows at once, with its reason. */
#include "kafka/topics.h"

#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
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

static uint64_t limit_of(const rd_kafka_ConfigResource_t *topic) {
    size_t count = 0;
    if (rd_kafka_ConfigResource_error(topic)) return 0;
    const rd_kafka_ConfigEntry_t **properties = rd_kafka_ConfigResource_configs(topic, &count);
    for (size_t i = 0; i < count; i++) {
        const char *value = rd_kafka_ConfigEntry_value(properties[i]);
        if (value && !strcmp(rd_kafka_ConfigEntry_name(properties[i]), "max.message.bytes")) {
            return strtoull(value, NULL, 10);
        }
    }
    return 0;
}

static void take_limits(rd_kafka_event_t *event, const char *const *topics, size_t count, uint64_t *limits) {
    const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(event);
    size_t answers = 0;
    if (!result || rd_kafka_event_error(event)) return;
    const rd_kafka_ConfigResource_t **all = rd_kafka_DescribeConfigs_result_resources(result, &answers);
    for (size_t i = 0; i < answers; i++) {
        for (size_t j = 0; j < count; j++) {
            if (!strcmp(rd_kafka_ConfigResource_name(all[i]), topics[j])) limits[j] = limit_of(all[i]);
        }
    }
}

void kafka_topic_limits(rd_kafka_t *client, const char *const *topics, size_t count, uint64_t *limits,
                        int milliseconds) {
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_ConfigResource_t **resources = tool_allocate(count, sizeof *resources);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    char wrong[128];
    for (size_t i = 0; i < count; i++) {
        limits[i] = 0;
        resources[i] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topics[i]);
    }
    if (!rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, wrong, sizeof wrong)) {
        rd_kafka_DescribeConfigs(client, resources, count, options, queue);
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, milliseconds + 200);
        if (event) {
            take_limits(event, topics, count, limits);
            rd_kafka_event_destroy(event);
        }
    }
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_ConfigResource_destroy_array(resources, count);
    tool_free(resources);
    rd_kafka_queue_destroy(queue);
}
