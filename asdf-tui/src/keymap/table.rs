//! The table itself.

use super::Action;
use super::Binding;
use super::ColumnKey;
use super::Mode;
use super::PlotKey;
use crate::app::Screen;
use crate::pane::cursor::Motion;

pub(super) const fn bind(
    mode: Mode,
    keys: &'static [&'static str],
    action: Action,
    help: &'static str,
) -> Binding {
    Binding {
        mode,
        keys,
        action,
        help,
        hint: None,
    }
}

pub(super) const fn hinted(binding: Binding, hint: &'static str) -> Binding {
    Binding {
        hint: Some(hint),
        ..binding
    }
}

/// All keys but those of the picture.
pub(super) const BINDINGS: &[Binding] = &[
    hinted(
        bind(Mode::Global, &["q", "<c-c>"], Action::Quit, "quit"),
        "quit",
    ),
    hinted(bind(Mode::Global, &["?"], Action::Help, "the keys"), "help"),
    hinted(
        bind(
            Mode::Global,
            &["/"],
            Action::Search,
            "search keys and values, cards of a header, cells of a table; capitals count when there are some",
        ),
        "search",
    ),
    bind(Mode::Global, &["n"], Action::Next, "next hit"),
    bind(Mode::Global, &["N"], Action::Previous, "previous hit"),
    hinted(
        bind(
            Mode::Global,
            &[":"],
            Action::Command,
            "go to a path or row, or run a command",
        ),
        "go to",
    ),
    bind(Mode::Global, &["1"], Action::Show(Screen::Tree), "tree"),
    bind(
        Mode::Global,
        &["2"],
        Action::Detail,
        "the selected node in detail",
    ),
    bind(
        Mode::Global,
        &["3"],
        Action::Show(Screen::Image),
        "picture of the selected array",
    ),
    bind(
        Mode::Global,
        &["4"],
        Action::Show(Screen::Table),
        "cells of the selected array or table",
    ),
    bind(Mode::Global, &["5"], Action::Show(Screen::Blocks), "blocks"),
    bind(
        Mode::Global,
        &["6"],
        Action::Show(Screen::Stats),
        "statistics of the selected array",
    ),
    bind(
        Mode::Global,
        &["7"],
        Action::Show(Screen::World),
        "WCS or transform of the node or array: a point (typed after :) in every frame, footprint",
    ),
    bind(
        Mode::Global,
        &["8"],
        Action::Show(Screen::Problems),
        "warnings and violations of schemas",
    ),
    bind(
        Mode::Global,
        &["9"],
        Action::Show(Screen::Hdus),
        "HDUs of a FITS file",
    ),
    bind(
        Mode::Global,
        &["<tab>", "<s-tab>"],
        Action::Focus,
        "other pane",
    ),
    bind(Mode::Global, &["o"], Action::OpenFile, "open another file"),
    bind(
        Mode::Global,
        &["D"],
        Action::Compare,
        "compare with another file",
    ),
    bind(
        Mode::Global,
        &["<c-n>"],
        Action::NextFile,
        "next open file, or of the list; the same place of a picture there",
    ),
    bind(
        Mode::Global,
        &["<c-w>"],
        Action::CloseFile,
        "close the file",
    ),
    bind(
        Mode::Global,
        &["y"],
        Action::CopyValue,
        "copy the value (OSC 52)",
    ),
    bind(
        Mode::Global,
        &["Y"],
        Action::CopyPath,
        "copy the path (OSC 52)",
    ),
    bind(
        Mode::Global,
        &["<c-l>"],
        Action::Redraw,
        "draw everything anew",
    ),
    bind(
        Mode::Global,
        &["<c-r>"],
        Action::Reload,
        "read the file again, at the same place",
    ),
    bind(
        Mode::Global,
        &["<c-p>"],
        Action::Palette,
        "all commands, paths, files and bookmarks, found by some letters",
    ),
    bind(
        Mode::Global,
        &["\""],
        Action::Bookmark,
        "bookmark: file, path, place and look of the picture",
    ),
    bind(
        Mode::Global,
        &["'"],
        Action::Bookmarks,
        "the bookmarks; Enter goes to one",
    ),
    bind(Mode::Global, &["<c-z>"], Action::Suspend, "suspend"),
    bind(Mode::Global, &["<esc>"], Action::Back, "back"),
    bind(
        Mode::List,
        &["j", "<down>"],
        Action::Move(Motion::Down),
        "down",
    ),
    bind(Mode::List, &["k", "<up>"], Action::Move(Motion::Up), "up"),
    bind(
        Mode::List,
        &["<c-d>"],
        Action::Move(Motion::HalfDown),
        "half a screen down",
    ),
    bind(
        Mode::List,
        &["<c-u>"],
        Action::Move(Motion::HalfUp),
        "half a screen up",
    ),
    bind(
        Mode::List,
        &["<pagedown>", "<c-f>", "<space>"],
        Action::Move(Motion::PageDown),
        "a screen down",
    ),
    bind(
        Mode::List,
        &["<pageup>", "<c-b>"],
        Action::Move(Motion::PageUp),
        "a screen up",
    ),
    bind(
        Mode::List,
        &["g", "<home>"],
        Action::Move(Motion::Top),
        "first row",
    ),
    bind(
        Mode::List,
        &["G", "<end>"],
        Action::Move(Motion::Bottom),
        "last row",
    ),
    hinted(
        bind(
            Mode::Tree,
            &["<enter>"],
            Action::Enter,
            "open or close the branch; picture or cells of an array or table",
        ),
        "open",
    ),
    bind(
        Mode::Tree,
        &["l", "<right>"],
        Action::Open,
        "open the branch, then go into it",
    ),
    bind(
        Mode::Tree,
        &["h", "<left>"],
        Action::Close,
        "close the branch, then go to its parent",
    ),
    hinted(
        bind(Mode::Tree, &["J"], Action::NextArray, "next array"),
        "next array",
    ),
    bind(Mode::Tree, &["K"], Action::PreviousArray, "previous array"),
    bind(
        Mode::Tree,
        &["p"],
        Action::Show(Screen::Plot),
        "plot of an array with one axis",
    ),
    bind(
        Mode::Tree,
        &["za"],
        Action::Fold,
        "open or close the branch",
    ),
    bind(Mode::Tree, &["zM"], Action::FoldAll, "close all"),
    bind(Mode::Tree, &["zR"], Action::UnfoldAll, "open all"),
    bind(
        Mode::Tree,
        &["s"],
        Action::Sort,
        "keys as in the file, or sorted",
    ),
    bind(
        Mode::Tree,
        &["."],
        Action::Hide,
        "hide or show history and library",
    ),
    bind(
        Mode::Sheet,
        &["h", "<left>"],
        Action::Move(Motion::Left),
        "left",
    ),
    bind(
        Mode::Sheet,
        &["l", "<right>"],
        Action::Move(Motion::Right),
        "right",
    ),
    bind(
        Mode::Sheet,
        &["H"],
        Action::Move(Motion::HalfLeft),
        "half a screen to the left",
    ),
    bind(
        Mode::Sheet,
        &["L"],
        Action::Move(Motion::HalfRight),
        "half a screen to the right",
    ),
    bind(
        Mode::Sheet,
        &["0", "^"],
        Action::Move(Motion::First),
        "first column",
    ),
    bind(
        Mode::Sheet,
        &["$"],
        Action::Move(Motion::Last),
        "last column",
    ),
    hinted(
        bind(
            Mode::Grid,
            &["]"],
            Action::NextSlice,
            "next slice along the axis",
        ),
        "next slice",
    ),
    bind(
        Mode::Grid,
        &["["],
        Action::PreviousSlice,
        "previous slice along the axis",
    ),
    bind(Mode::Grid, &["}"], Action::NextAxis, "choose the next axis"),
    bind(
        Mode::Grid,
        &["{"],
        Action::PreviousAxis,
        "choose the previous axis",
    ),
    hinted(
        bind(
            Mode::Grid,
            &["t"],
            Action::Transpose,
            "exchange rows and columns",
        ),
        "transpose",
    ),
    bind(
        Mode::Grid,
        &["p"],
        Action::Show(Screen::Plot),
        "plot of an array with one axis",
    ),
    bind(
        Mode::Grid,
        &["T"],
        Action::BringAxis,
        "the chosen axis down the rows",
    ),
    bind(
        Mode::Table,
        &["p"],
        Action::Show(Screen::Plot),
        "histogram of the column",
    ),
    hinted(
        bind(
            Mode::Table,
            &["i"],
            Action::Column(ColumnKey::Summary),
            "statistics and frequencies of the column, of the rows that show",
        ),
        "column",
    ),
    bind(
        Mode::Table,
        &["-"],
        Action::Column(ColumnKey::Hide),
        "hide the column",
    ),
    bind(
        Mode::Table,
        &["+"],
        Action::Column(ColumnKey::ShowAll),
        "show all columns",
    ),
    bind(
        Mode::Table,
        &["!"],
        Action::Column(ColumnKey::Pin),
        "keep the column at the left, or no more",
    ),
    hinted(
        bind(
            Mode::Table,
            &["s"],
            Action::Sort,
            "sort by the column: up, down, not at all",
        ),
        "sort",
    ),
    hinted(
        bind(
            Mode::Table,
            &["&"],
            Action::Filter,
            "only rows with flux > 3 and name ~ ngc (or), or a text in any cell",
        ),
        "filter",
    ),
    hinted(
        bind(
            Mode::Blocks,
            &["<enter>"],
            Action::Enter,
            "bytes of the block",
        ),
        "bytes",
    ),
    hinted(
        bind(
            Mode::Blocks,
            &["c"],
            Action::Check,
            "compute the checksum of the block",
        ),
        "check",
    ),
    hinted(
        bind(
            Mode::Blocks,
            &["C"],
            Action::CheckAll,
            "compute all checksums",
        ),
        "check all",
    ),
    hinted(
        bind(
            Mode::Blocks,
            &["a"],
            Action::GoToArray,
            "go to the array of the block",
        ),
        "array",
    ),
    bind(
        Mode::Hex,
        &["d"],
        Action::Decoded,
        "stored or decoded bytes",
    ),
    hinted(
        bind(
            Mode::Plot,
            &["t"],
            Action::Plot(PlotKey::Drawing),
            "a line, dots, a histogram",
        ),
        "line, dots, histogram",
    ),
    hinted(
        bind(
            Mode::Plot,
            &["^"],
            Action::Plot(PlotKey::LogUp),
            "vertical axis by logarithm",
        ),
        "log up",
    ),
    hinted(
        bind(
            Mode::Plot,
            &["_"],
            Action::Plot(PlotKey::LogAcross),
            "horizontal axis by logarithm",
        ),
        "log across",
    ),
    hinted(
        bind(
            Mode::Stats,
            &["<enter>"],
            Action::Enter,
            "cells of the array",
        ),
        "cells",
    ),
    hinted(
        bind(
            Mode::Problems,
            &["<enter>"],
            Action::Enter,
            "go to the node",
        ),
        "go to node",
    ),
    hinted(
        bind(
            Mode::Hdus,
            &["<enter>", "l", "<right>"],
            Action::Enter,
            "the cards of the header",
        ),
        "header",
    ),
    bind(
        Mode::Hdus,
        &["h", "<left>"],
        Action::Close,
        "back to the list",
    ),
    hinted(
        bind(Mode::Diff, &["<enter>"], Action::Enter, "go to the node"),
        "go to node",
    ),
];
