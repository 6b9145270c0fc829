
# Paths within the tree of the file that was named before.
function __asdf_tree_file
    set -l words (commandline -opc)
    test (count $words) -ge 3; or return 1
    contains -- $words[2] COMMANDS; or return 1
    set -l found
    for word in $words[3..-1]
        test -f "$word"; and set found $word
    end
    test -n "$found"; and echo $found
end
function __asdf_tree_paths
    set -l words (commandline -opc)
    $words[1] complete-paths -- (__asdf_tree_file) (commandline -ct) 2>/dev/null
end
complete -c asdf -n '__asdf_tree_file >/dev/null' -f -a '(__asdf_tree_paths)'
