# Paths within the tree of a file that is named.
_asdf() {
    local file="" word is_path="" typed front=""
    local -a commands options paths
    commands=(COMMANDS)
    options=(OPTIONS)
    (( ${options[(Ie)${words[2]}:${words[CURRENT-1]}]} )) && is_path=1
    if [[ $PREFIX == --*=* ]] && (( ${options[(Ie)${words[2]}:${PREFIX%%=*}]} )); then
        compset -P '*='
        is_path=1
    fi
    # FILE:PATH, up to the last colon.
    if [[ ${words[2]} == cp && -f ${(Q)PREFIX%:*} && $PREFIX == *:* ]]; then
        file=${(Q)PREFIX%:*}
        front=${PREFIX%:*}:
        typed=${(Q)PREFIX##*:}
        paths=(${(f)"$(${words[1]} complete-paths -- $file $typed 2>/dev/null | cut -f1)"})
        (( $#paths )) && compadd -U -S '' -P $front -- $paths && return 0
    fi
    if [[ -n $is_path ]] || { [[ $PREFIX != -* ]] && (( ${commands[(Ie)${words[2]}]} )); }; then
        # The file that is nearest before, else one after the cursor.
        for word in ${words[3,CURRENT-1]}; do
            [[ -f ${(Q)word} ]] && file=${(Q)word}
        done
        if [[ -n $is_path && -z $file ]]; then
            for word in ${words[CURRENT+1,-1]}; do
                [[ -f ${(Q)word} ]] && file=${(Q)word} && break
            done
        fi
        if [[ -n $file ]]; then
            # Of a list of columns the last one.
            [[ -n $is_path && $PREFIX == *,* ]] && front=${PREFIX%,*},
            typed=${(Q)PREFIX#$front}
            paths=(${(f)"$(${words[1]} complete-paths -- $file $typed 2>/dev/null | cut -f1)"})
            # What is offered fits what was typed, whatever that looks like to the shell.
            (( $#paths )) && compadd -U -S '' -P "$front" -- $paths && return 0
        fi
    fi
    _asdf_options "$@"
}

if [ "$funcstack[1]" = "_asdf" ]; then
    _asdf "$@"
else
    compdef _asdf asdf
fi
