
# Paths within the tree of the file that was named before.
_asdf_with_paths() {
    _asdf "$@"
    local cur="${COMP_WORDS[COMP_CWORD]}" file="" word
    case " COMMANDS " in
        *" ${COMP_WORDS[1]} "*) ;;
        *) return ;;
    esac
    [[ $cur == -* ]] && return
    # A colon is a word of its own: SRC:PATH.
    [[ $cur == : ]] && cur=""
    for word in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
        if [[ -f $word ]]; then
            file=$word
        fi
    done
    [[ -n $file ]] || return
    local paths
    mapfile -t paths < <("${COMP_WORDS[0]}" complete-paths -- "$file" "$cur" 2>/dev/null | cut -f1)
    if ((${#paths[@]})); then
        COMPREPLY=("${paths[@]}")
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _asdf_with_paths -o bashdefault -o default asdf
