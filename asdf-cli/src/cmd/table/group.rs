//! Rows that have the same values, as one.

use super::rows::{Head, Kind, Rows};
use crate::columns::{self, Cell};
use crate::usage::refused;
use asdf_core::Result;

/// A row for each set of values: how many rows have it, and least, greatest and mean of the other columns of numbers.
///
/// # Errors
/// There is nothing to group by.
pub(super) fn group(table: &Rows, lists: &[String]) -> Result<Rows> {
    let names: Vec<String> = lists.iter().flat_map(|list| columns::split(list)).collect();
    if names.is_empty() {
        return Err(refused("--group-by needs a column"));
    }
    let groups = groups(table, &names);
    let numbers: Vec<(usize, &Head)> = table
        .heads
        .iter()
        .enumerate()
        .filter(|(_, head)| matches!(head.kind, Kind::Int | Kind::Float))
        .filter(|(_, head)| !names.contains(&head.name))
        .collect();
    let heads = names.iter().enumerate().map(|(place, name)| {
        let known = table.heads.iter().find(|head| head.name == *name);
        known
            .cloned()
            .unwrap_or_else(|| Head::new(name, kind_of(&groups, place)))
    });
    let mut heads: Vec<Head> = heads.collect();
    heads.push(Head::new("count", Kind::Int));
    for (_, head) in &numbers {
        for (end, kind) in [
            ("min", head.kind),
            ("max", head.kind),
            ("mean", Kind::Float),
        ] {
            let mut own = Head::new(&format!("{}_{end}", head.name), kind);
            own.unit.clone_from(&head.unit);
            heads.push(own);
        }
    }
    let cells = groups.iter().map(|(key, rows)| {
        let mut cells = key.clone();
        cells.push(Cell::Int(i128::try_from(rows.len()).unwrap_or(i128::MAX)));
        for (column, _) in &numbers {
            let values = rows
                .iter()
                .filter_map(|row| table.cells.get(*row)?.get(*column));
            cells.extend(summary(values));
        }
        cells
    });
    Ok(Rows::of_cells(heads, cells.collect()))
}

/// The values that rows have in these columns, in their order, and which rows have them.
type Groups = Vec<(Vec<Cell>, Vec<usize>)>;

fn groups(table: &Rows, names: &[String]) -> Groups {
    let key = |row: usize| -> Vec<Cell> { names.iter().map(|name| table.get(row, name)).collect() };
    let mut keys: Vec<(usize, Vec<Cell>)> = (0..table.len()).map(|row| (row, key(row))).collect();
    let compare = |a: &[Cell], b: &[Cell]| {
        let mut pairs = a.iter().zip(b).map(|(a, b)| a.order(b));
        pairs
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    };
    keys.sort_by(|a, b| compare(&a.1, &b.1));
    let mut groups: Groups = Vec::new();
    for (row, key) in keys {
        match groups.last_mut() {
            Some((last, rows)) if compare(last, &key).is_eq() => rows.push(row),
            _ => groups.push((key, vec![row])),
        }
    }
    groups
}

/// The kind of a column that is not shown.
fn kind_of(groups: &[(Vec<Cell>, Vec<usize>)], place: usize) -> Kind {
    let mut kinds = groups.iter().filter_map(|(key, _)| match key.get(place)? {
        Cell::Empty => None,
        Cell::Bool(_) => Some(Kind::Bool),
        Cell::Int(value) => Some(Kind::of_integer(*value)),
        Cell::Float(_) => Some(Kind::Float),
        Cell::Text(_) | Cell::Time(..) => Some(Kind::Text),
    });
    let first = kinds.next().unwrap_or(Kind::Empty);
    if kinds.all(|kind| kind == first) {
        first
    } else {
        Kind::Text
    }
}

/// Least, greatest and mean of the numbers that are there; NaN are left out.
fn summary<'c>(values: impl Iterator<Item = &'c Cell>) -> [Cell; 3] {
    let (mut least, mut most): (Option<&Cell>, Option<&Cell>) = (None, None);
    let (mut sum, mut count) = (0.0, 0_u32);
    for cell in values {
        let Some(number) = cell.number().filter(|number| !number.is_nan()) else {
            continue;
        };
        sum += number;
        count += 1;
        if least.is_none_or(|least| cell.order(least).is_lt()) {
            least = Some(cell);
        }
        if most.is_none_or(|most| cell.order(most).is_gt()) {
            most = Some(cell);
        }
    }
    let mean = if count > 0 {
        Cell::Float(sum / f64::from(count))
    } else {
        Cell::Empty
    };
    let or_empty = |cell: Option<&Cell>| cell.cloned().unwrap_or(Cell::Empty);
    [or_empty(least), or_empty(most), mean]
}
