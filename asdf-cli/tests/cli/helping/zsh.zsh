# Types each argument into an interactive zsh, presses TAB, and prints what stands on the line then.
zmodload zsh/zpty || exit 9
zpty z "TERM=dumb zsh -f -i"
zpty -w z "PS1=; autoload -U compinit; compinit -u -D; show() { print -r -- \"\$BUFFER\" >> out.txt }; zle -N show; bindkey '^X' show; bindkey '^I' complete-word; source ./_asdf; print ready > ready.txt"
for i in {1..300}; do [[ -f ready.txt ]] && break; sleep 0.1; done
n=0
for line in "$@"; do
    (( n++ ))
    zpty -w -n z "$line"
    sleep 0.5
    zpty -w -n z $'\t'
    sleep 0.5
    zpty -w -n z $'\x18'
    for i in {1..200}; do [[ -f out.txt && $(wc -l < out.txt) -ge $n ]] && break; sleep 0.1; done
    zpty -w -n z $'\x15'
    sleep 0.2
done
zpty -d z
cat out.txt
