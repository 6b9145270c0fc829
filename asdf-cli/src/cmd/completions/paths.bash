
# Paths within the tree of a file that is named.
_asdf_with_paths() {
    _asdf "$@"
    # A colon and an equals sign are words of their own: SRC:PATH, NAME=PATH.
    local cur="${COMP_WORDS[COMP_CWORD]}" at=$((COMP_CWORD - 1)) file="" word number
    local command="${COMP_WORDS[1]}" is_path=""
    if [[ $cur == : || $cur == = ]]; then
        cur=""
    elif [[ ${COMP_WORDS[at]} == = ]]; then
        ((at -= 1))
    fi
    case " OPTIONS " in
        *" $command:${COMP_WORDS[at]} "*) is_path=1 ;;
        # NAME=PATH after an option.
        *" $command:${COMP_WORDS[at - 1]} "*) [[ ${COMP_WORDS[COMP_CWORD - 1]} == = ]] && is_path=1 ;;
    esac
    if [[ -z $is_path ]]; then
        case " COMMANDS " in
            *" $command "*) ;;
            *)
                # NAME=VALUE: a value comes next.
                if [[ ${COMP_WORDS[COMP_CWORD - 1]} == --limit ]]; then
                    COMPREPLY=("${COMPREPLY[@]/%/=}")
                    compopt -o nospace 2>/dev/null
                fi
                return
                ;;
        esac
        [[ $cur == -* ]] && return
    fi
    # The file that is nearest before, else one after the cursor.
    for ((number = ${#COMP_WORDS[@]} - 1; number > 1; number--)); do
        word=${COMP_WORDS[number]}
        if ((number != COMP_CWORD)) && [[ -f $word ]]; then
            if ((number < COMP_CWORD)); then
                file=$word
                break
            elif [[ -n $is_path ]]; then
                file=$word
            fi
        fi
    done
    [[ -n $file ]] || return
    # What is typed, without the quoting of the shell; of a list of columns the last one.
    local typed=$cur front=""
    case $typed in
        \'* | \"*) typed=${typed:1} ;;
        *) typed=${typed//\\/} ;;
    esac
    if [[ -n $is_path && $typed == *,* ]]; then
        front="${typed%,*},"
        typed=${typed##*,}
    fi
    local paths
    mapfile -t paths < <("${COMP_WORDS[0]}" complete-paths -- "$file" "$typed" 2>/dev/null | cut -f1)
    if ((${#paths[@]})); then
        COMPREPLY=("${paths[@]/#/$front}")
        # Readline quotes names of files as they need it.
        compopt -o nospace -o filenames 2>/dev/null
    fi
}
complete -F _asdf_with_paths -o bashdefault -o default asdf
