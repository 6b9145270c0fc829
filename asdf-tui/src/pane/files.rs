//! The files of a folder or a list: a row each, with columns of values, marks, and the picture of the selected one.

pub mod listing;
pub mod thumbnail;

use crate::pane::cursor::Cursor;
use asdf_core::inspect::escape;
use listing::FileRow;
use listing::FileTable;
use listing::ListAsk;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use thumbnail::Thumbnail;

/// The picture of a file, or why there is none; `None` while it is made.
type Pictured = Option<Result<Arc<Thumbnail>, String>>;

/// The state of the pane.
#[derive(Debug)]
pub struct FilesPane {
    /// What is listed, and how.
    pub ask: ListAsk,
    /// That by which the rows that show were found.
    pub shown: ListAsk,
    /// That by which none could be: what was typed is mended in the next line.
    pub refused: Option<ListAsk>,
    /// The rows, or why there are none; `None` while they are read for the first time.
    pub table: Option<Result<Arc<FileTable>, String>>,
    /// Whether the rows are being read.
    pub is_busy: bool,
    /// How many files have been read, of how many.
    pub progress: Option<(u64, u64)>,
    /// The folder that all files are below, with the slash after it; as their names begin.
    pub folder: String,
    /// The selected row of those that show.
    pub cursor: Cursor,
    /// The selected column.
    pub column: usize,
    /// Files that are marked.
    pub marks: BTreeSet<PathBuf>,
    /// What the cells of a row must contain, in small letters.
    pub wanted: String,
    /// The picture of a file.
    pub thumbnail: Option<(PathBuf, Pictured)>,
    /// The file that was opened last from the list.
    pub opened: Option<PathBuf>,
}

impl FilesPane {
    /// A list whose rows have been asked for.
    pub fn new(ask: ListAsk) -> Self {
        Self {
            folder: common_folder(&ask.files),
            shown: ask.clone(),
            refused: None,
            ask,
            table: None,
            is_busy: true,
            progress: None,
            cursor: Cursor::default(),
            column: 0,
            marks: BTreeSet::new(),
            wanted: String::new(),
            thumbnail: None,
            opened: None,
        }
    }

    /// Takes rows; the selected file stays selected.
    pub fn take(&mut self, found: Result<FileTable, String>) {
        let selected = self.selected().map(|row| row.path.clone());
        let selected = selected.or_else(|| self.opened.clone());
        self.is_busy = false;
        self.progress = None;
        self.shown = self.ask.clone();
        self.refused = None;
        self.table = Some(found.map(Arc::new));
        let columns = self.columns();
        self.column = self.column.min(columns.saturating_sub(1));
        if let Some(path) = selected {
            self.select(&path);
        }
    }

    /// What was asked for cannot be had: the rows stay, and so does what is asked of them.
    pub fn refuse(&mut self) {
        self.is_busy = false;
        self.progress = None;
        self.refused = Some(std::mem::replace(&mut self.ask, self.shown.clone()));
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.whole().map_or(1, |table| table.heads.len().max(1))
    }

    /// The rows, where they are there.
    pub fn whole(&self) -> Option<&FileTable> {
        self.table.as_ref()?.as_ref().ok().map(|table| &**table)
    }

    /// The rows that show.
    pub fn rows(&self) -> Vec<&FileRow> {
        let Some(table) = self.whole() else {
            return Vec::new();
        };
        let shows = |row: &&FileRow| {
            self.wanted.is_empty()
                || row
                    .cells
                    .iter()
                    .any(|cell| cell.to_lowercase().contains(&self.wanted))
        };
        table.rows.iter().filter(shows).collect()
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&FileRow> {
        let at = usize::try_from(self.cursor.at).ok()?;
        self.rows().get(at).copied()
    }

    /// Selects the row of a file; false where none shows.
    pub fn select(&mut self, path: &Path) -> bool {
        let place = self.rows().iter().position(|row| row.path == path);
        if let Some(place) = place {
            self.cursor.at = place as u64;
        }
        place.is_some()
    }

    /// The file after another one in the rows that show, or before it.
    pub fn beside(&self, path: &Path, is_forward: bool) -> Option<PathBuf> {
        let rows = self.rows();
        let at = rows.iter().position(|row| row.path == path);
        let next = match (at, is_forward) {
            (Some(at), true) => at.checked_add(1)?,
            (Some(at), false) => at.checked_sub(1)?,
            // It does not show: that where the list stands.
            (None, _) => usize::try_from(self.cursor.at).ok()?,
        };
        rows.get(next).map(|row| row.path.clone())
    }

    /// The next column, or the one before.
    pub fn step_column(&mut self, is_forward: bool) {
        let last = self.columns().saturating_sub(1);
        self.column = if is_forward {
            (self.column + 1).min(last)
        } else {
            self.column.saturating_sub(1)
        };
    }

    /// Marks the selected file, or takes its mark away.
    pub fn mark(&mut self) {
        let Some(path) = self.selected().map(|row| row.path.clone()) else {
            return;
        };
        if !self.marks.remove(&path) {
            self.marks.insert(path);
        }
    }

    /// Marks all files that show; when all are marked takes the marks away.
    pub fn mark_all(&mut self) {
        let paths: Vec<PathBuf> = self.rows().iter().map(|row| row.path.clone()).collect();
        if paths.iter().all(|path| self.marks.contains(path)) {
            for path in &paths {
                self.marks.remove(path);
            }
        } else {
            self.marks.extend(paths);
        }
    }

    /// The names of the marked files in the order of the list, a line each; of the selected one where none is marked.
    pub fn marked_names(&self) -> String {
        let name = |path: &PathBuf| format!("{}\n", path.display());
        if self.marks.is_empty() {
            let selected = self.selected().map(|row| row.path.display().to_string());
            return selected.unwrap_or_default();
        }
        let listed = self.ask.files.iter();
        listed
            .filter(|path| self.marks.contains(*path))
            .map(name)
            .collect()
    }

    /// Sorts by the selected column: upwards, downwards, as the files were given.
    pub fn sort(&mut self) {
        let name = self
            .whole()
            .and_then(|table| table.heads.get(self.column))
            .map(|head| head.name.clone());
        let Some(name) = name else { return };
        self.ask.sort = if self.ask.sort == name {
            format!("-{name}")
        } else if self.ask.sort.strip_prefix('-') == Some(&name) {
            String::new()
        } else {
            name
        };
    }
}

/// The folder that all files are below: what their names have in common, up to a slash.
fn common_folder(files: &[PathBuf]) -> String {
    let mut names = files.iter().map(|path| path.display().to_string());
    let mut common = names.next().unwrap_or_default();
    for name in names {
        let same = common.char_indices().zip(name.chars());
        let same = same.take_while(|((_, own), other)| own == other);
        let end = same
            .last()
            .map_or(0, |((at, char), _)| at + char.len_utf8());
        common.truncate(end);
    }
    let end = common.rfind('/').map_or(0, |at| at + 1);
    common.truncate(end);
    escape(&common).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pane(names: &[&str]) -> FilesPane {
        let files: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        let ask = ListAsk::of(files);
        let table = listing::names(&ask);
        let mut pane = FilesPane::new(ask);
        pane.take(Ok(table));
        pane
    }

    #[test]
    fn marks_are_told_in_the_order_of_the_list() {
        let mut pane = pane(&["c.asdf", "a.asdf", "b.asdf"]);
        assert_eq!(pane.marked_names(), "c.asdf");
        pane.mark();
        pane.cursor.at = 2;
        pane.mark();
        assert_eq!(pane.marked_names(), "c.asdf\nb.asdf\n");
        pane.mark_all();
        assert_eq!(pane.marks.len(), 3);
        pane.mark_all();
        assert!(pane.marks.is_empty());
    }

    #[test]
    fn the_folder_of_all_files_is_known() {
        let folder = |names: &[&str]| pane(names).folder;
        assert_eq!(folder(&["night/a.asdf", "night/b/a.asdf"]), "night/");
        assert_eq!(folder(&["night1/a", "night2/a"]), "");
        assert_eq!(folder(&["/data/é/a.asdf"]), "/data/é/");
    }

    #[test]
    fn the_next_file_is_that_of_the_rows_that_show() {
        let mut pane = pane(&["a1", "b", "a2"]);
        let next = |pane: &FilesPane, name: &str, is_forward| {
            let found = pane.beside(Path::new(name), is_forward);
            found.map(|path| path.display().to_string())
        };
        assert_eq!(next(&pane, "a1", true).as_deref(), Some("b"));
        pane.wanted = "a".to_owned();
        assert_eq!(next(&pane, "a1", true).as_deref(), Some("a2"));
        assert_eq!(next(&pane, "a2", true), None);
        assert_eq!(next(&pane, "a1", false), None);
        assert_eq!(next(&pane, "b", true).as_deref(), Some("a1"));
    }
}
