//! Differences as lines for people.

use crate::context::{Context, Failure};
use crate::junit::Fault;
use crate::palette::{Palette, paint};
use asdf_core::array::ElementPair;
use asdf_core::inspect::{Diff, Difference, DifferenceKind, Side, escape};
use std::io::Write;

/// Writes a line for each difference.
pub(super) fn show(context: &mut Context, found: &Diff) -> Result<(), Failure> {
    for line in lines(found, context.palette) {
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}

/// What differs, for a report of many comparisons.
pub(super) fn fault(found: &Diff) -> Fault {
    let mut kinds: Vec<String> = Vec::new();
    for difference in &found.differences {
        let kind = difference.kind.name();
        if !kinds.iter().any(|known| known == kind) {
            kinds.push(kind.to_owned());
        }
    }
    Fault {
        kinds,
        lines: lines(found, Palette::new(false)),
        is_error: false,
    }
}

fn lines(found: &Diff, palette: Palette) -> Vec<String> {
    let mut lines = Vec::new();
    for difference in &found.differences {
        let path = difference.path.to_string();
        let path = paint(
            palette.key,
            escape(if path.is_empty() { "/" } else { &path }),
        );
        let words = |side: &Option<Side>| {
            let text = side.as_ref().map(|side| escape(side.text()).into_owned());
            text.unwrap_or_default()
        };
        let (a, b) = (words(&difference.a), words(&difference.b));
        let change = format!("{} → {}", paint(palette.bad, &a), paint(palette.good, &b));
        let line = match &difference.kind {
            DifferenceKind::OnlyInA => format!("- {path}: {}", paint(palette.bad, &a)),
            DifferenceKind::OnlyInB => format!("+ {path}: {}", paint(palette.good, &b)),
            DifferenceKind::Value => format!("~ {path}: {change}"),
            DifferenceKind::Elements(_) => format!("~ {path}: {}", elements(difference)),
            DifferenceKind::Unreadable(_) => format!("! {path}: cannot be compared"),
            DifferenceKind::Block => {
                let none = |text: &str| if text.is_empty() { "none" } else { text }.to_owned();
                let (a, b) = (paint(palette.bad, none(&a)), paint(palette.good, none(&b)));
                format!("~ a block that no array names: {a} → {b}")
            }
            kind => format!("~ {path}: {} {change}", paint(palette.kind, kind.name())),
        };
        lines.push(line);
    }
    if found.more > 0 {
        let more = format!("and {} more", found.more);
        lines.push(paint(palette.faint, more));
    }
    lines
}

/// `12 of 4096 elements differ, largest 0.5 at [17, 20] (1.25 → 1.75)`
fn elements(difference: &Difference) -> String {
    let DifferenceKind::Elements(found) = &difference.kind else {
        return String::new();
    };
    let mut text = format!("{} of {} elements differ", found.differing, found.count);
    let pair = |pair: &ElementPair| {
        let (a, b) = (escape(&pair.a).into_owned(), escape(&pair.b).into_owned());
        format!("at {:?} ({a} → {b})", pair.index)
    };
    match (&found.largest, &found.first) {
        (Some((distance, largest)), _) => {
            text.push_str(&format!(", largest {} {}", distance, pair(largest)));
        }
        (None, Some(first)) => text.push_str(&format!(", first {}", pair(first))),
        (None, None) => {}
    }
    if found.nans > 0 {
        text.push_str(&format!(", {} NaN in one only", found.nans));
    }
    if found.masks > 0 {
        text.push_str(&format!(", {} masked in one only", found.masks));
    }
    text
}
