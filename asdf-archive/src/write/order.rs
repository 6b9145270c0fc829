//! The order of the rows of a part: along the sky, then by name.

use crate::fault::fault;
use crate::part::Part;
use crate::schema::Cell;
use asdf_core::Result;
use std::collections::HashMap;
use std::ops::Range;

/// The rows of all sources, in the order in which they are written.
pub(super) struct Order {
    rows: Vec<Row>,
    sources: usize,
}

/// A row of a file.
struct Row {
    /// The cell of its centre; files without a place on the sky come last.
    cell: i64,
    url: Box<str>,
    source: usize,
    place: usize,
    /// The rows of its arrays.
    arrays: Range<usize>,
}

/// Rows of each source, and the order of all of them, counted through the sources.
type Gathered = (Vec<Vec<Range<usize>>>, Vec<u64>);

impl Order {
    /// All rows.
    pub(super) fn of_all(sources: &[[Part; 2]]) -> Result<Self> {
        Self::new(sources, false)
    }

    /// Of several rows of a file only the newest, and none of files that are gone.
    pub(super) fn of_newest(sources: &[[Part; 2]]) -> Result<Self> {
        Self::new(sources, true)
    }

    fn new(sources: &[[Part; 2]], newest: bool) -> Result<Self> {
        let mut rows: Vec<Row> = Vec::new();
        // The age of the row of a file, and its place among the rows.
        let mut known: HashMap<Box<str>, (i64, usize)> = HashMap::new();
        for (source, tables) in sources.iter().enumerate() {
            for (row, age) in rows_of(source, tables)? {
                let place = match known.get(&row.url).filter(|_| newest) {
                    Some((other, _)) if *other > age => continue,
                    Some((_, place)) => *place,
                    None => rows.len(),
                };
                if newest {
                    known.insert(row.url.clone(), (age, place));
                }
                match rows.get_mut(place) {
                    Some(old) => *old = row,
                    None => rows.push(row),
                }
            }
        }
        rows.retain(|row| !newest || row.cell != GONE);
        rows.sort_by(|a, b| (a.cell, &a.url).cmp(&(b.cell, &b.url)));
        Ok(Self {
            rows,
            sources: sources.len(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Rows of arrays.
    pub(super) fn arrays(&self) -> usize {
        self.rows.iter().map(|row| row.arrays.len()).sum()
    }

    /// Rows that are written together.
    pub(super) fn windows(&self, size: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.rows.len();
        let size = size.max(1);
        (0..count)
            .step_by(size)
            .map(move |start| start..(start + size).min(count))
    }

    /// The rows of a window, cut where their arrays become more than that many.
    pub(super) fn pieces(&self, window: Range<usize>, most: usize) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let (mut start, mut count) = (window.start, 0);
        for row in window.clone() {
            let own = self.rows.get(row).map_or(0, |row| row.arrays.len());
            if count > 0 && count + own > most {
                out.push(start..row);
                (start, count) = (row, 0);
            }
            count += own;
        }
        out.push(start..window.end);
        out
    }

    /// Where the rows of a window stand in the tables of files.
    pub(super) fn files(&self, window: Range<usize>) -> Gathered {
        let rows = self.rows.get(window).unwrap_or_default();
        self.gathered(rows, |row| row.place..row.place + 1)
    }

    /// Where the rows of their arrays stand.
    pub(super) fn arrays_of(&self, window: Range<usize>) -> Gathered {
        let rows = self.rows.get(window).unwrap_or_default();
        self.gathered(rows, |row| row.arrays.clone())
    }

    /// The ranges of each source in its own order, and for each wanted row its number among all that are gathered.
    fn gathered(&self, rows: &[Row], range: impl Fn(&Row) -> Range<usize>) -> Gathered {
        let mut by_source: Vec<Vec<(Range<usize>, usize)>> = vec![Vec::new(); self.sources];
        for (number, row) in rows.iter().enumerate() {
            if let Some(own) = by_source.get_mut(row.source) {
                own.push((range(row), number));
            }
        }
        let mut starts = vec![0; rows.len()];
        let mut total = 0;
        let mut ranges = Vec::with_capacity(self.sources);
        for own in &mut by_source {
            own.sort_by_key(|(range, _)| range.start);
            for (range, number) in own.iter() {
                if let Some(start) = starts.get_mut(*number) {
                    *start = total;
                }
                total += range.len();
            }
            ranges.push(own.iter().map(|(range, _)| range.clone()).collect());
        }
        let wanted = rows.iter().zip(starts);
        let wanted = wanted.flat_map(|(row, start)| {
            let count = range(row).len();
            (start..start + count).map(|number| number as u64)
        });
        (ranges, wanted.collect())
    }
}

/// What no cell has as its number: a file that is gone has no place, but its age counts.
const GONE: i64 = -1;

/// The rows of a source, with their age.
fn rows_of(source: usize, [files, arrays]: &[Part; 2]) -> Result<Vec<(Row, i64)>> {
    let column = |name: &str| files.values(name);
    let (urls, cells) = (column("access_url")?, column("_healpix_29")?);
    let (counts, ages) = (column("n_arrays")?, column("generation")?);
    let statuses = column("status")?;
    let mut out = Vec::with_capacity(files.rows());
    let mut start = 0;
    for place in 0..files.rows() {
        let count = int(&counts, place).and_then(|count| usize::try_from(count).ok());
        let own = start..start + count.unwrap_or(0);
        start = own.end;
        let is_gone = text(&statuses, place) == Some("gone");
        let cell = int(&cells, place).unwrap_or(i64::MAX);
        let row = Row {
            cell: if is_gone { GONE } else { cell },
            url: text(&urls, place).unwrap_or_default().into(),
            source,
            place,
            arrays: own,
        };
        out.push((row, int(&ages, place).unwrap_or(0)));
    }
    if start == arrays.rows() {
        return Ok(out);
    }
    let text = format!(
        "{start} rows of arrays were expected, found {}",
        arrays.rows()
    );
    Err(fault(text).at_file(arrays.path()))
}

fn int(cells: &[Option<Cell>], row: usize) -> Option<i64> {
    match cells.get(row)? {
        Some(Cell::Int(value)) => Some(*value),
        _ => None,
    }
}

fn text(cells: &[Option<Cell>], row: usize) -> Option<&str> {
    match cells.get(row)? {
        Some(Cell::Text(text)) => Some(text),
        _ => None,
    }
}
