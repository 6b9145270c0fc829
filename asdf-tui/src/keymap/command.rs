//! What the command line of the browser takes.

/// What can be typed, for the help.
pub const HELP: [(&str, &str); 6] = [
    (
        ":roman.meta.exposure",
        "go to a node; /roman/meta and items[3] are paths as well",
    ),
    (":120", "go to a row"),
    (":3, 17", "go to an element of a matrix, by its index"),
    (":open FILE", "open a file"),
    (":diff FILE", "compare with a file"),
    (
        ":blocks",
        "a screen by its name; also :quit :close :check :sort",
    ),
];
