#!/usr/bin/env bash
# What the completion for bash offers: verbs, options of a verb, files. check_completion.sh FOLDER_OF_TOCSIN SOURCE
set -eu
PATH=$1:$PATH
# shellcheck disable=SC1090
. "$2"
die() { echo "$*" >&2; exit 1; }

# offered WORD…: what is offered for the last of the words of a command line
offered() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _tocsin
    printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
}

verbs=$(offered tocsin '')
for verb in classify explain lint compile diff import fold watch report events desk notify prune backup init train score review; do
    case " $verbs" in *" $verb "*) ;; *) die "the verb $verb is not offered: $verbs" ;; esac
done
[ "$(offered tocsin cl)" = "classify " ] || die "cl: $(offered tocsin cl)"
[ "$(offered tocsin classify --re)" = "--records --rejects --reload " ] || die "--re: $(offered tocsin classify --re)"
[ "$(offered tocsin watch --order)" = "--order-wait " ] || die "--order: $(offered tocsin watch --order)"
[ "$(offered tocsin-kafka --at)" = "--at-least-once " ] || die "--at: $(offered tocsin-kafka --at)"
cd "$(dirname "$2")"
[ "$(offered tocsin lint tocsin.b)" = "tocsin.bash " ] || die "a file: $(offered tocsin lint tocsin.b)"
if command -v zsh >/dev/null; then zsh -n _tocsin || die "zsh does not understand _tocsin"; fi
echo "verbs, options and files"
