//! The keys of the list of files, and those that go through it.

use super::Action;
use super::Binding;
use super::FilesKey;
use super::Mode;
use super::table::bind;
use super::table::hinted;

const fn key(keys: &'static [&'static str], key: FilesKey, help: &'static str) -> Binding {
    bind(Mode::Files, keys, Action::Files(key), help)
}

/// The keys of the list of files.
pub(super) const BINDINGS: &[Binding] = &[
    hinted(key(&["<enter>"], FilesKey::Open, "open the file"), "open"),
    hinted(
        key(&["<space>", "m"], FilesKey::Mark, "mark the file, or not"),
        "mark",
    ),
    key(
        &["*"],
        FilesKey::MarkAll,
        "mark all files that show, or none",
    ),
    hinted(
        key(
            &["&"],
            FilesKey::Condition,
            "only files with exptime > 100 and filter ~ \"F1\", as --where of asdf table",
        ),
        "filter",
    ),
    hinted(
        key(
            &["s"],
            FilesKey::Sort,
            "sort by the column: up, down, as the files were given",
        ),
        "sort",
    ),
    hinted(
        key(
            &["c"],
            FilesKey::Columns,
            "type the columns: PATH or NAME=PATH, with commas, as -k of asdf table",
        ),
        "columns",
    ),
    key(&["h", "<left>"], FilesKey::Left, "column to the left"),
    key(&["l", "<right>"], FilesKey::Right, "column to the right"),
    key(
        &["e"],
        FilesKey::Second,
        "open the file with the marked one as second image: their difference",
    ),
    key(
        &["E"],
        FilesKey::Beside,
        "the same with both beside each other",
    ),
    key(
        &["w"],
        FilesKey::Write,
        "write the names of the marked files into a file",
    ),
    bind(
        Mode::Global,
        &["F"],
        Action::ShowFiles,
        "the list of files; back to the file",
    ),
    bind(
        Mode::Global,
        &["<a-n>"],
        Action::NextListed,
        "next file of the list, at the same place of a picture",
    ),
    bind(
        Mode::Global,
        &["<a-p>"],
        Action::PreviousListed,
        "previous file of the list",
    ),
];
