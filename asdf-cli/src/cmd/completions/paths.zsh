# Paths within the tree of the file that was named before.
_asdf() {
    local file="" word
    local -a commands paths
    commands=(COMMANDS)
    if [[ $PREFIX != -* ]] && (( ${commands[(Ie)${words[2]}]} )); then
        for word in ${words[3,CURRENT-1]}; do
            [[ -f $word ]] && file=$word
        done
        if [[ -n $file ]]; then
            paths=(${(f)"$(${words[1]} complete-paths -- $file $PREFIX 2>/dev/null | cut -f1)"})
            (( $#paths )) && compadd -Q -S '' -- $paths && return 0
        fi
    fi
    _asdf_options "$@"
}

if [ "$funcstack[1]" = "_asdf" ]; then
    _asdf "$@"
else
    compdef _asdf asdf
fi
