
# Paths within the tree of a file that is named.
function __asdf_tree_file
    set -l words (commandline -opc)
    test (count $words) -ge 3; or return 1
    contains -- $words[2] COMMANDS; or return 1
    __asdf_named_file $words[3..-1]
end
function __asdf_named_file
    set -l found
    for word in $argv
        test -f "$word"; and set found $word
    end
    test -n "$found"; and echo $found
end
function __asdf_tree_paths
    set -l file (__asdf_tree_file)
    # The argument of an option may stand before the file.
    test -n "$file"; or set file (__asdf_named_file (commandline -opc)[2..-1])
    test -n "$file"; or set file (__asdf_named_file (commandline -op)[2..-1])
    test -n "$file"; or return 1
    set -l words (commandline -opc)
    set -l typed (string replace -r '^-[^=]*=' '' -- (commandline -ct))
    # Without the quoting of the shell; of a list of columns the last one.
    set typed (string replace -r '^[\'"]' '' -- $typed)
    set typed (string replace -a '\\' '' -- $typed)
    set -l front (string match -r '^.*,' -- $typed)
    set typed (string replace -r '^.*,' '' -- $typed)
    for line in ($words[1] complete-paths -- $file "$typed" 2>/dev/null)
        echo "$front$line"
    end
end
# FILE:PATH, up to the last colon.
function __asdf_copied_paths
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test "$words[2]" = cp; or return 1
    set -l typed (string replace -a '\\' '' -- (string replace -r '^[\'"]' '' -- (commandline -ct)))
    set -l file (string replace -r ':[^:]*$' '' -- "$typed")
    string match -q '*:*' -- "$typed"; and test -f "$file"; or return 1
    for line in ($words[1] complete-paths -- $file (string replace -r '^.*:' '' -- "$typed") 2>/dev/null)
        echo "$file:$line"
    end
end
complete -c asdf -n '__asdf_copied_paths >/dev/null' -f -a '(__asdf_copied_paths)'
complete -c asdf -n '__asdf_tree_file >/dev/null' -f -a '(__asdf_tree_paths)'
