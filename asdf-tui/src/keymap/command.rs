//! What the command line of the browser takes.

/// What can be typed, for the help.
pub const HELP: [(&str, &str); 39] = [
    (
        ":roman.meta.exposure",
        "go to a node; /roman/meta and items[3] are paths as well",
    ),
    (":120", "go to a row"),
    (":3, 17", "go to an element of a matrix, by its index"),
    (":open FILE", "open a file"),
    (":diff FILE", "compare with a file"),
    (":files FOLDER", "list the files of a folder"),
    (
        ":columns t=meta.exposure_time,meta.filter",
        "columns of the list of files, as -k of asdf table; none without any",
    ),
    (
        ":where t > 100",
        "only such files, as --where of asdf table; all without a condition",
    ),
    (
        ":sort -t,file",
        "list of files by columns, as --sort of asdf table",
    ),
    (
        ":bookmark NAME",
        "bookmark of this place; :bookmarks shows them",
    ),
    (
        ":session save FILE",
        "keep open files, places, list, marks and bookmarks",
    ),
    (
        ":session open FILE",
        "bring them back; asdf browse --session FILE too",
    ),
    (
        ":blocks",
        "a screen by its name; also :quit :close :check :sort :reload",
    ),
    (
        ":plot A B against C",
        "columns of the table that shows, else arrays with one axis; without against by row or WCS",
    ),
    (
        ":format .3f",
        "table: numbers of the column; also .2e, hms, dms, hex, none",
    ),
    (
        ":export FILE.ecsv",
        "table: what shows as ECSV or CSV, by the name",
    ),
    (":hist A", "histogram of a column or an array"),
    (":512, 20", "picture: go to the pixel x, y, from 0"),
    (
        ":5:22:01.2 -69:30:00",
        "picture: go to a position; also 5h22m1.2s -69d30m, 80.5 -69.5, J052201-693000",
    ),
    (
        ":peak",
        "picture: brightest pixel of the plane; :min the least",
    ),
    (
        ":wave 5.2um",
        "picture: plane nearest to a value; λ, freq, velo, names of the WCS",
    ),
    (":plane 12", "picture: plane by its number"),
    (
        ":limits 0.4 6",
        "picture: limits; also zscale, minmax, 99.5%",
    ),
    (":stretch log", "picture: stretch"),
    (":cmap viridis", "picture: colours"),
    (
        ":contours 0.5 1 2",
        "picture: lines of equal value; auto, auto:10, none",
    ),
    (
        ":rgb RED GREEN BLUE",
        "picture: arrays or open files as colours; without names those called red, green, blue; none",
    ),
    (
        ":rgb stretch 2",
        "picture: its linear stretch; q 8 the softening, minimum 0 black, red=ARRAY one colour",
    ),
    (":zoom 1/4", "picture: zoom; fit; :origin upper"),
    (
        ":aper 5 8 12",
        "picture: radius of the aperture, ring of the sky; with \" in seconds of arc",
    ),
    (
        ":regions FILE",
        "picture: draw a region file of DS9; :regions save FILE writes one",
    ),
    (
        ":catalog FILE",
        "picture: sources of a CSV, ECSV, VOTable, FITS or ASDF file, or of a table of the tree",
    ),
    (":mark LABEL", "picture: marker at the crosshair"),
    (":clear", "picture: regions, markers and sources away"),
    (
        ":second FILE PATH",
        "picture: the second image of b, e and E; FILE or PATH alone; none",
    ),
    (
        ":match linear",
        "picture: second image by the WCS of both: nearest, linear, none",
    ),
    (
        ":collapse mean 3..7",
        "picture: planes as one; median, sum, max, moment0, moment1, moment2, none",
    ),
    (
        ":12.5, 20",
        "WCS (7): the point that is followed; a position on the sky too",
    ),
    ("Tab ↑ ↓", "while typing: complete, lines typed before"),
];
