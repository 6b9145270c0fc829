//! What is tried: commands, the files they start from.

use super::inputs;

/// Commands that are still to be written; empty in the end, and then a command that does not exist fails.
pub(crate) const NOT_YET: &[&str] = &[];

/// One command on one folder.
#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Separated by single blanks.
    pub(crate) arguments: &'static str,
    pub(crate) files: &'static [(&'static str, Input)],
    /// Whether the command can run again on its own result.
    pub(crate) repeatable: bool,
}

/// Commands that change a file in place: their interrupted work is interrupted again while it is undone, by a command
/// that finds nothing to change itself.
pub(crate) const IN_PLACE: [(&str, &str); 4] = [
    ("set, shrinks", SAME_VALUE),
    ("rm, last array", SAME_VALUE),
    ("set, elements", SAME_VALUE),
    ("set, header card", SAME_CARD),
];

const SAME_VALUE: &str = "set x.asdf meta.n 1";
const SAME_CARD: &str = "set x.fits fits/1/header/EXTNAME ODD";

/// Fits into the padding of 300 bytes and nowhere else.
const LONG: &str =
    "set x.asdf meta.s seventy_bytes_of_text_that_do_not_fit_into_anything_that_was_there_before";

/// The bytes of a file.
pub(crate) type Input = fn() -> Vec<u8>;

fn with_room() -> Vec<u8> {
    inputs::blocks(300)
}

fn tight() -> Vec<u8> {
    inputs::blocks(0)
}

/// Every scenario.
pub(crate) fn all() -> Vec<Scenario> {
    let mut all = edits();
    all.extend(elements());
    all.extend(cards());
    all.extend(conversions());
    all.extend(containers());
    all
}

fn scenario(
    name: &'static str,
    arguments: &'static str,
    files: &'static [(&'static str, Input)],
) -> Scenario {
    Scenario {
        name,
        arguments,
        files,
        repeatable: true,
    }
}

fn once(
    name: &'static str,
    arguments: &'static str,
    files: &'static [(&'static str, Input)],
) -> Scenario {
    Scenario {
        repeatable: false,
        ..scenario(name, arguments, files)
    }
}

/// The bytes of the editor that `edit` starts.
pub(crate) const EDITOR: &str =
    "#!/bin/sh\nsed -i 's/some text/a text of another length/' \"$1\"\n";

fn edits() -> Vec<Scenario> {
    vec![
        scenario(
            "set, same length",
            "set x.asdf meta.n 2",
            &[("x.asdf", with_room)],
        ),
        scenario(
            "set, grows into the padding",
            LONG,
            &[("x.asdf", with_room)],
        ),
        scenario(
            "set, shrinks",
            "set x.asdf meta.s x",
            &[("x.asdf", with_room)],
        ),
        scenario("set, no room: rewrite", LONG, &[("x.asdf", tight)]),
        scenario("set, no blocks", LONG, &[("x.asdf", inputs::plain)]),
        scenario("set, streamed block", LONG, &[("x.asdf", inputs::streamed)]),
        once("rm, scalar", "rm x.asdf meta.s", &[("x.asdf", with_room)]),
        once("rm, array", "rm x.asdf a", &[("x.asdf", tight)]),
        once("rm, last array", "rm x.asdf b", &[("x.asdf", with_room)]),
        scenario("edit, room", "edit x.asdf", &[("x.asdf", with_room)]),
        scenario("edit, no room", "edit x.asdf", &[("x.asdf", tight)]),
    ]
}

fn elements() -> Vec<Scenario> {
    vec![
        scenario(
            "set, elements",
            "set x.asdf a[100:700:3] 7",
            &[("x.asdf", with_room)],
        ),
        scenario(
            "set, elements of a streamed block",
            "set x.asdf rows[10:20,::2] 9",
            &[("x.asdf", inputs::streamed)],
        ),
        scenario(
            "set, elements of a compressed block",
            "set x.asdf a1[:50] -3",
            &[("x.asdf", || inputs::made("codec_zlib.asdf"))],
        ),
    ]
}

fn cards() -> Vec<Scenario> {
    const OBSERVER: &str = "set x.fits fits/1/header/OBSERVER somebody";
    const SUMS: &[(&str, Input)] = &[("x.fits", || inputs::fits("checksum.fits"))];
    vec![
        scenario("set, header card", OBSERVER, SUMS),
        once(
            "rm, header card",
            "rm x.fits fits/1/header/OBSERVER",
            &[("x.fits", inputs::observed)],
        ),
        scenario(
            "set, header card, no room: rewrite",
            OBSERVER,
            &[("x.fits", inputs::full_header)],
        ),
        scenario(
            "set, tree in a FITS file",
            "set x.fits meta.name another",
            &[("x.fits", || inputs::fits("embedded/product.fits"))],
        ),
    ]
}

fn conversions() -> Vec<Scenario> {
    const PARTS: &[(&str, Input)] = &[
        ("exploded.asdf", || inputs::made("exploded.asdf")),
        ("exploded0000.asdf", || inputs::made("exploded0000.asdf")),
        ("exploded0001.asdf", || inputs::made("exploded0001.asdf")),
    ];
    vec![
        scenario(
            "convert onto itself, zlib",
            "convert --force --compress zlib x.asdf x.asdf",
            &[("x.asdf", with_room)],
        ),
        scenario(
            "convert onto itself, lz4, streamed",
            "convert --force --compress lz4 x.asdf x.asdf",
            &[("x.asdf", inputs::streamed)],
        ),
        scenario(
            "convert over another file",
            "convert --force --compress zstd x.asdf y.asdf",
            &[("x.asdf", tight), ("y.asdf", inputs::plain)],
        ),
        once(
            "convert to a new file",
            "convert --compress none x.asdf z.asdf",
            &[("x.asdf", tight)],
        ),
        scenario("implode", "implode --force exploded.asdf", PARTS),
        once(
            "implode, in place",
            "implode --force exploded.asdf -o exploded.asdf",
            PARTS,
        ),
        scenario("explode", "explode --force x.asdf", &[("x.asdf", tight)]),
        once(
            "explode, in place",
            "explode --force x.asdf -o x.asdf",
            &[("x.asdf", tight)],
        ),
        scenario(
            "repair over another file",
            "repair -o y.asdf --force x.asdf",
            &[("x.asdf", inputs::damaged), ("y.asdf", inputs::plain)],
        ),
    ]
}

/// FITS files made of ASDF files, and back.
fn containers() -> Vec<Scenario> {
    vec![
        once(
            "embed in a new file",
            "embed x.asdf y.fits",
            &[("x.asdf", tight)],
        ),
        scenario(
            "embed over another file",
            "embed --force x.asdf y.fits",
            &[
                ("x.asdf", tight),
                ("y.fits", || inputs::fits("checksum.fits")),
            ],
        ),
        once(
            "strip, in place",
            "strip --force x.fits x.fits",
            &[("x.fits", || inputs::fits("embedded/product.fits"))],
        ),
        scenario(
            "convert to FITS over another file",
            "convert --force x.asdf y.fits",
            &[
                ("x.asdf", tight),
                ("y.fits", || inputs::fits("checksum.fits")),
            ],
        ),
    ]
}
