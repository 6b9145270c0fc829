//! The keys: one table of what each key means where. Dispatch, the bar at the bottom, the help and the
//! page for users read it.

mod command;
mod files;
mod image;
mod table;
mod user;

use crate::app::Screen;
use crate::key::Key;
use crate::key::Script;
use crate::key::Stroke;
use crate::pane::cursor::Motion;
use crate::pane::image::ImageKey;
pub use command::HELP as COMMAND_HELP;
use std::sync::LazyLock;
pub(crate) use user::Own;
pub use user::UserKeys;

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Everywhere, unless a narrower place says otherwise.
    Global,
    /// In every list.
    List,
    /// In every sheet of cells.
    Sheet,
    /// In the tree.
    Tree,
    /// In the picture of an array.
    Image,
    /// In a table whose rows can be sorted and filtered.
    Table,
    /// In a matrix.
    Grid,
    /// In the blocks.
    Blocks,
    /// In the HDUs.
    Hdus,
    /// In the problems.
    Problems,
    /// In the statistics.
    Stats,
    /// In a plot.
    Plot,
    /// In a comparison.
    Diff,
    /// In the bytes of a block.
    Hex,
    /// In the list of files.
    Files,
}

impl Mode {
    /// What the help calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::List => "Lists",
            Self::Sheet => "Cells",
            Self::Tree => "Tree",
            Self::Image => "Image",
            Self::Table => "Table",
            Self::Grid => "Matrix",
            Self::Blocks => "Blocks",
            Self::Hdus => "HDUs",
            Self::Problems => "Problems",
            Self::Stats => "Statistics",
            Self::Plot => "Plot",
            Self::Diff => "Comparison",
            Self::Hex => "Bytes of a block",
            Self::Files => "List of files",
        }
    }

    /// All of them, in the order of the help.
    pub const ALL: [Self; 15] = [
        Self::Global,
        Self::List,
        Self::Files,
        Self::Tree,
        Self::Image,
        Self::Sheet,
        Self::Grid,
        Self::Table,
        Self::Blocks,
        Self::Hex,
        Self::Stats,
        Self::Plot,
        Self::Problems,
        Self::Hdus,
        Self::Diff,
    ];
}

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// End the browser.
    Quit,
    /// Show the keys.
    Help,
    /// Type a path or command.
    Command,
    /// Type a text to search for.
    Search,
    /// Go to the next hit.
    Next,
    /// Go to the previous hit.
    Previous,
    /// Give the keys to the other pane.
    Focus,
    /// Give the keys to the detail.
    Detail,
    /// Fill the screen with something else.
    Show(Screen),
    /// Choose a file to open.
    OpenFile,
    /// Choose a file to compare with.
    Compare,
    /// Show the next open file.
    NextFile,
    /// Close the file that shows.
    CloseFile,
    /// Copy the value.
    CopyValue,
    /// Copy the path.
    CopyPath,
    /// Draw everything anew.
    Redraw,
    /// Read the file again.
    Reload,
    /// Stop until the shell continues.
    Suspend,
    /// Leave what was opened last.
    Back,
    /// Move.
    Move(Motion),
    /// Open, or do what is most likely wanted.
    Enter,
    /// Open the branch.
    Open,
    /// Close the branch, or go to what it hangs from.
    Close,
    /// Open or close the branch.
    Fold,
    /// Close all.
    FoldAll,
    /// Open all.
    UnfoldAll,
    /// Go to the next array.
    NextArray,
    /// Go to the previous array.
    PreviousArray,
    /// Sort.
    Sort,
    /// Hide or show the history.
    Hide,
    /// One further along the chosen axis.
    NextSlice,
    /// One back along the chosen axis.
    PreviousSlice,
    /// Choose the next axis.
    NextAxis,
    /// Choose the previous axis.
    PreviousAxis,
    /// Exchange rows and columns.
    Transpose,
    /// Bring the chosen axis down the rows.
    BringAxis,
    /// Type a condition on the rows.
    Filter,
    /// Check the selected block.
    Check,
    /// Check all blocks.
    CheckAll,
    /// Go to an array that uses the block.
    GoToArray,
    /// Stored or decoded bytes.
    Decoded,
    /// A digit of a count, which the key itself tells.
    Count,
    /// Something with the picture.
    Image(ImageKey),
    /// Something with the plot.
    Plot(PlotKey),
    /// Something with the list of files.
    Files(FilesKey),
    /// Show the list of files, or the file again.
    ShowFiles,
    /// Go to the next file of the list.
    NextListed,
    /// Go to the previous one.
    PreviousListed,
    /// Something with a column of a table.
    Column(ColumnKey),
    /// Show all that can be done here.
    Palette,
    /// Set a bookmark.
    Bookmark,
    /// Show the bookmarks.
    Bookmarks,
}

/// What keys mean to a column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKey {
    /// Hide it.
    Hide,
    /// Show all.
    ShowAll,
    /// Keep it at the left, or no more.
    Pin,
    /// Statistics and frequencies.
    Summary,
}

/// What keys mean in the list of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilesKey {
    /// Open the selected file.
    Open,
    /// Mark it, or take the mark away.
    Mark,
    /// Mark all that show, or none.
    MarkAll,
    /// Type a condition.
    Condition,
    /// Type columns.
    Columns,
    /// Sort by the selected column.
    Sort,
    /// The column to the left.
    Left,
    /// The column to the right.
    Right,
    /// Open it with the marked file as second image.
    Second,
    /// Open it with the marked file beside it.
    Beside,
    /// Write the names of the marked files.
    Write,
}

/// What keys mean in a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlotKey {
    /// The vertical axis logarithmic or not.
    LogUp,
    /// The horizontal one.
    LogAcross,
    /// A line, dots, a histogram.
    Drawing,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where.
    pub mode: Mode,
    /// The keys as a script each, any of them.
    pub keys: &'static [&'static str],
    /// What they mean.
    pub action: Action,
    /// What the help says.
    pub help: &'static str,
    /// What the bar at the bottom says, if it says anything.
    pub hint: Option<&'static str>,
}

impl Binding {
    /// The keys as people call them: `j ↓`, `Ctrl-d`.
    pub fn label(&self) -> String {
        let keys = self.keys.iter().map(|keys| {
            let keys = strokes(keys);
            keys.iter().map(ToString::to_string).collect::<String>()
        });
        keys.collect::<Vec<_>>().join(" ")
    }
}

/// All keys.
pub fn bindings() -> impl Iterator<Item = &'static Binding> {
    table::BINDINGS
        .iter()
        .chain(files::BINDINGS)
        .chain(image::BINDINGS)
}

fn strokes(script: &str) -> Vec<Key> {
    let script: Script = script.parse().unwrap_or_default();
    let keys = script.0.into_iter().filter_map(|stroke| match stroke {
        Stroke::Key(key) => Some(key),
        Stroke::Wait => None,
    });
    keys.collect()
}

static PARSED: LazyLock<Vec<(Mode, Vec<Key>, Action)>> = LazyLock::new(|| {
    let each = bindings().flat_map(|binding| {
        let keys = binding.keys.iter();
        keys.map(|keys| (binding.mode, strokes(keys), binding.action))
    });
    each.collect()
});

/// What keys mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// This.
    Action(Action),
    /// They begin a combination.
    Begins,
    /// Nothing.
    Nothing,
}

/// What keys mean in these places, the narrowest first.
pub fn meaning(modes: &[Mode], keys: &[Key]) -> Meaning {
    for mode in modes {
        let mut begins = false;
        for (place, bound, action) in &*PARSED {
            if place == mode && bound == keys {
                return Meaning::Action(*action);
            }
            begins |= place == mode && bound.starts_with(keys);
        }
        if begins {
            return Meaning::Begins;
        }
    }
    Meaning::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_script_of_the_table_is_well_formed() {
        for binding in bindings() {
            for keys in binding.keys {
                assert!(keys.parse::<Script>().is_ok(), "{keys}");
                assert!(!strokes(keys).is_empty(), "{keys}");
            }
        }
    }

    #[test]
    fn no_key_means_two_things_at_one_place() {
        let mut seen = HashSet::new();
        for (mode, keys, action) in &*PARSED {
            assert!(seen.insert((*mode, keys.clone())), "{mode:?} {action:?}");
        }
    }

    #[test]
    fn a_combination_is_waited_for() {
        let keys = strokes("za");
        assert_eq!(meaning(&[Mode::Tree], &keys[..1]), Meaning::Begins);
        assert_eq!(meaning(&[Mode::Tree], &keys), Meaning::Action(Action::Fold));
        assert_eq!(meaning(&[Mode::Hex], &keys), Meaning::Nothing);
    }
}
