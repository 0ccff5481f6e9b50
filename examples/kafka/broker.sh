#!/bin/sh
# Apache Kafka on this machine, for trying and testing: KRaft, one node or three, on loopback only.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
home=${TOCSIN_KAFKA_HOME:-$here/../../build/kafka}
port=${TOCSIN_KAFKA_PORT:-19092}
heap=${TOCSIN_KAFKA_HEAP:-512m}
version=${TOCSIN_KAFKA_VERSION:-}

usage() {
    cat <<'END'
broker.sh VERB

  fetch              Kafka from Maven Central, where it is not there yet (mvn and a Java runtime of 17 or newer)
  start [N] [secure] a cluster of N nodes, 1 (default) or 3, with what was kept from before; secure: node 1 has a
                     listener besides, with TLS and passwords (users worker and stranger; stranger may do nothing)
  topics NAME[:PARTITIONS[:KEY=VALUE,…]]…   create topics, with their properties; 6 partitions unless told
  set TOPIC KEY=VALUE   a property of a topic
  stop [N]           the cluster, or node N of it
  resume N           node N, which was stopped
  status             which nodes run, and where
  wipe               stop, and forget all data

The brokers listen on 127.0.0.1, from port TOCSIN_KAFKA_PORT (19092) on; the secure listener is 50 above. Data, logs and
Kafka itself are in TOCSIN_KAFKA_HOME (build/kafka). TOCSIN_KAFKA_VERSION=V takes another version than pom.xml's,
TOCSIN_KAFKA_HEAP=512m is the memory of each node.
Exit status: 0 done, 1 failed, 2 wrong usage, 4 Kafka is not here and cannot be had.
END
}

library() { echo "$home/lib${version:+-$version}"; }

java_of() { java -cp "$(library)/*" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn "$@"; }

fetch() {
    [ ! -f "$(library)/.complete" ] || return 0
    for program in java mvn; do
        command -v $program >/dev/null || {
            echo "broker.sh: there is no $program; Debian's packages are default-jre-headless and maven" >&2
            return 4
        }
    done
    mkdir -p "$home"
    mvn -q -B -f "$here/pom.xml" ${version:+"-Dkafka.version=$version"} dependency:copy-dependencies \
        "-DoutputDirectory=$(library)" >"$home/fetch.log" 2>&1 || {
        grep -m 3 ERROR "$home/fetch.log" >&2 || true
        echo "broker.sh: Kafka cannot be fetched; is Maven Central within reach? All that was said: $home/fetch.log" >&2
        return 4
    }
    touch "$(library)/.complete"
}

node_port() { echo $((port + $1 - 1)); }
controller_port() { echo $((port + 100 + $1 - 1)); }

voters() {
    voters=
    for n in $(seq "$1"); do voters="$voters${voters:+,}$n@127.0.0.1:$(controller_port "$n")"; done
    echo "$voters"
}

# A certificate of its own and the passwords of two users, once
secrets() {
    [ ! -f "$home/tls/broker.pem" ] || return 0
    mkdir -p "$home/tls"
    chmod 700 "$home/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$home/tls/key.pem" -out "$home/tls/ca.pem" 2>/dev/null
    openssl pkcs8 -topk8 -nocrypt -in "$home/tls/key.pem" -out "$home/tls/pkcs8.pem"
    cat "$home/tls/pkcs8.pem" "$home/tls/ca.pem" >"$home/tls/broker.pem"
    for user in worker stranger; do
        openssl rand -hex 16 >"$home/tls/$user.password"
        cat >"$home/tls/$user.conf" <<END
# For -X @FILE
security.protocol=SASL_SSL
ssl.ca.location=$home/tls/ca.pem
sasl.mechanisms=PLAIN
sasl.username=$user
sasl.password=$(cat "$home/tls/$user.password")
END
        chmod 600 "$home/tls/$user.conf"
    done
}

secure_properties() {
    cat <<END
listener.name.sasl_ssl.ssl.keystore.type=PEM
listener.name.sasl_ssl.ssl.keystore.location=$home/tls/broker.pem
listener.name.sasl_ssl.sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
user_worker="$(cat "$home/tls/worker.password")" user_stranger="$(cat "$home/tls/stranger.password")";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:worker
END
}

# configure N NODES SECURE
configure() {
    listener=PLAINTEXT://127.0.0.1:$(node_port "$1") replicas=1 in_sync=1
    [ "$2" = 1 ] || replicas=3 in_sync=2
    secure=
    if [ "$3" = secure ] && [ "$1" = 1 ]; then
        secrets
        listener=$listener,SASL_SSL://127.0.0.1:$((port + 50))
        secure=$(secure_properties)
    fi
    mkdir -p "$home/node$1"
    cat >"$home/node$1/server.properties" <<END
process.roles=broker,controller
node.id=$1
controller.quorum.voters=$(voters "$2")
listeners=$listener,CONTROLLER://127.0.0.1:$(controller_port "$1")
advertised.listeners=$listener
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=$home/node$1/data
default.replication.factor=$replicas
min.insync.replicas=$in_sync
offsets.topic.replication.factor=$replicas
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=$replicas
transaction.state.log.min.isr=$in_sync
transaction.state.log.num.partitions=3
num.partitions=6
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
controlled.shutdown.enable=true
$secure
END
}

running() { [ -f "$home/node$1/pid" ] && kill -0 "$(cat "$home/node$1/pid")" 2>/dev/null; }

launch() {
    java -Xmx"$heap" -Xshare:auto -XX:+UseSerialGC -cp "$(library)/*" kafka.Kafka "$home/node$1/server.properties" \
        >"$home/node$1/server.log" 2>&1 &
    echo $! >"$home/node$1/pid"
}

await() {
    for _ in $(seq 300); do
        ! grep -q 'Kafka Server started' "$home/node$1/server.log" || return 0
        running "$1" || break
        sleep 0.2
    done
    tail -n 20 "$home/node$1/server.log" >&2
    echo "broker.sh: node $1 did not start; all that it said: $home/node$1/server.log" >&2
    return 1
}

brokers() {
    brokers=
    for n in $(seq "$1"); do brokers="$brokers${brokers:+,}127.0.0.1:$(node_port "$n")"; done
    echo "$brokers"
}

start() {
    nodes=${1:-1}
    case $nodes in 1 | 3) ;; *) usage >&2; return 2 ;; esac
    fetch
    for n in $(seq "$nodes"); do ! running "$n" || { echo "broker.sh: node $n runs already" >&2; return 1; }; done
    mkdir -p "$home"
    echo "$nodes" >"$home/nodes"
    for n in $(seq "$nodes"); do
        configure "$n" "$nodes" "${2:-}"
        java_of kafka.tools.StorageTool format --ignore-formatted -t MkU3OEVBNTcwNTJENDM2Qg \
            -c "$home/node$n/server.properties" >"$home/node$n/format.log" 2>&1
        launch "$n"
    done
    for n in $(seq "$nodes"); do await "$n"; done
    echo "broker.sh: Kafka $(ls "$(library)" | sed -n 's/^kafka_2.13-\(.*\)\.jar$/\1/p') at $(brokers "$nodes")"
}

topics() {
    [ $# -gt 0 ] || { usage >&2; return 2; }
    for topic; do
        name=${topic%%:*} partitions=6 properties=
        case $topic in *:*) partitions=${topic#*:} ;; esac
        case $partitions in *:*) properties=${partitions#*:} partitions=${partitions%%:*} ;; esac
        configs=$(echo "$properties" | sed 's/^\(.\)/--config \1/; s/,/ --config /g')
        # shellcheck disable=SC2086
        java_of org.apache.kafka.tools.TopicCommand --bootstrap-server "$(brokers "$(cat "$home/nodes")")" \
            --create --if-not-exists --topic "$name" --partitions "$partitions" $configs &
    done
    wait
}

set_property() {
    [ $# = 2 ] || { usage >&2; return 2; }
    java_of org.apache.kafka.tools.ConfigCommand --bootstrap-server "$(brokers "$(cat "$home/nodes")")" \
        --alter --entity-type topics --entity-name "$1" --add-config "$2"
}

stop_node() {
    running "$1" || return 0
    kill "$(cat "$home/node$1/pid")"
    for _ in $(seq 150); do
        running "$1" || { rm -f "$home/node$1/pid"; return 0; }
        sleep 0.2
    done
    kill -9 "$(cat "$home/node$1/pid")"
    rm -f "$home/node$1/pid"
}

stop() {
    if [ $# -gt 0 ]; then
        stop_node "$1"
        return
    fi
    for n in 1 2 3; do stop_node "$n" & done
    wait
}

resume() {
    [ $# = 1 ] && [ -f "$home/node$1/server.properties" ] || { usage >&2; return 2; }
    ! running "$1" || return 0
    launch "$1"
    await "$1"
}

status() {
    any=0
    for n in 1 2 3; do
        ! running "$n" || { any=1; echo "node $n: 127.0.0.1:$(node_port "$n"), process $(cat "$home/node$n/pid")"; }
    done
    [ $any = 1 ] || echo "no node runs"
}

wipe() {
    stop
    rm -rf "$home"/node[123] "$home/nodes"
}

verb=${1:-help}
[ $# = 0 ] || shift
case $verb in
    fetch | start | topics | stop | resume | status | wipe) "$verb" "$@" ;;
    set) set_property "$@" ;;
    help | -h | --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
