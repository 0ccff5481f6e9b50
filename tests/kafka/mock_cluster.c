/*
 * librdkafka's mock cluster as a process of its own. Programs reach it over loopback; commands on standard input, one a
 * line, set which errors it returns. It prints its address first, and "ok" after each command; it ends at the end of
 * its input.
 *
 *   topic NAME PARTITIONS              a topic
 *   leader NAME PARTITION BROKER       who leads a partition
 *   errors API COUNT CODE…             all CODEs in turn answer the next COUNT requests of that kind
 *   refuse NAME CODE                   the answer to a request for the topic; 0: nothing is refused
 *   down BROKER, up BROKER             takes no connections, takes them again
 *   slow BROKER MILLISECONDS           how long an answer takes
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#define MOST_WORDS 32

static void push_errors(rd_kafka_mock_cluster_t *cluster, char **words, int count) {
    const int times = atoi(words[2]);
    for (int t = 0; t < times; t++) {
        for (int i = 3; i < count; i++) {
            const rd_kafka_resp_err_t error = atoi(words[i]);
            rd_kafka_mock_push_request_errors_array(cluster, (int16_t)atoi(words[1]), 1, &error);
        }
    }
}

/* Whether the command is known. */
static int obey(rd_kafka_mock_cluster_t *cluster, char **words, int count) {
    const char *verb = words[0];
    if (count == 3 && !strcmp(verb, "topic")) {
        return !rd_kafka_mock_topic_create(cluster, words[1], atoi(words[2]), 1);
    }
    if (count == 4 && !strcmp(verb, "leader")) {
        return !rd_kafka_mock_partition_set_leader(cluster, words[1], atoi(words[2]), atoi(words[3]));
    }
    if (count > 3 && !strcmp(verb, "errors")) {
        push_errors(cluster, words, count);
        return 1;
    }
    if (count == 2 && !strcmp(verb, "clear")) {
        rd_kafka_mock_clear_request_errors(cluster, (int16_t)atoi(words[1]));
        return 1;
    }
    if (count == 3 && !strcmp(verb, "refuse")) {
        rd_kafka_mock_topic_set_error(cluster, words[1], atoi(words[2]));
        return 1;
    }
    if (count == 2 && !strcmp(verb, "down")) return !rd_kafka_mock_broker_set_down(cluster, atoi(words[1]));
    if (count == 2 && !strcmp(verb, "up")) return !rd_kafka_mock_broker_set_up(cluster, atoi(words[1]));
    if (count == 3 && !strcmp(verb, "slow")) {
        return !rd_kafka_mock_broker_set_rtt(cluster, atoi(words[1]), atoi(words[2]));
    }
    return 0;
}

int main(int argc, char **argv) {
    char line[1024], wrong[256], *words[MOST_WORDS];
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, NULL, wrong, sizeof wrong);
    rd_kafka_mock_cluster_t *cluster = client ? rd_kafka_mock_cluster_new(client, argc > 1 ? atoi(argv[1]) : 1) : NULL;
    if (!cluster) {
        fprintf(stderr, "mock_cluster: %s\n", wrong);
        return 1;
    }
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        int count = 0;
        for (char *word = strtok(line, " \n"); word && count < MOST_WORDS; word = strtok(NULL, " \n")) {
            words[count++] = word;
        }
        if (!count || !obey(cluster, words, count)) {
            fprintf(stderr, "mock_cluster: what is %s?\n", line);
            return 1;
        }
        printf("ok\n");
        fflush(stdout);
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
    return 0;
}
