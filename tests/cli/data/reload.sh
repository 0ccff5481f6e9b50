# A classify that reads a pipe and watches its plan: start OPTION…, send TEXT, said MESSAGE [TIMES], finish.
sent=0

start() {
    mkfifo feed
    tocsin classify --all -q --reload "$@" feed > verdicts 2> messages &
    pid=$!
    exec 3> feed
}

send() {
    sent=$((sent + 1))
    printf '{"text": "%s", "venue": "account"}\n' "$1" >&3
    i=0
    while [ "$(wc -l < verdicts)" -lt "$sent" ] && [ $i -lt 15000 ]; do sleep 0.02; i=$((i + 1)); done
}

said() {
    i=0
    while [ "$(grep -c "$1" messages)" -lt "${2:-1}" ] && [ $i -lt 15000 ]; do sleep 0.02; i=$((i + 1)); done
}

finish() {
    exec 3>&-
    wait $pid || echo "exit $?"
    sed 's/"clauses".*"generation"/"generation"/' verdicts
    cat messages >&2
}
