# Completion of tocsin and tocsin-kafka for bash. What there is to complete is asked of the programs themselves.
_tocsin() {
    local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]-} help
    COMPREPLY=()
    case ${COMP_WORDS[0]##*/} in
        tocsin-kafka) help=$("${COMP_WORDS[0]}" --help 2>/dev/null) ;;
        *)
            if [ "$COMP_CWORD" = 1 ]; then
                help=$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\)[ ,].*/\1/p' | sort -u)
                mapfile -t COMPREPLY < <(compgen -W "$help --help --version" -- "$word")
                return
            fi
            help=$("${COMP_WORDS[0]}" help "$verb" 2>/dev/null)
            ;;
    esac
    case $word in
        -*)
            help=$(printf '%s\n' "$help" | grep -oE -- '(^|[ ,[])--[a-z][a-z-]+' | tr -d ' ,[' | sort -u)
            mapfile -t COMPREPLY < <(compgen -W "$help --help" -- "$word")
            ;;
        *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _tocsin tocsin tocsin-kafka
