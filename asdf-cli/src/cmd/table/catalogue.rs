//! Rows of a catalogue, in place of those of files.

mod place;

use super::rows::Row;
use crate::columns::{Cell, Column, Place};
use crate::context::Context;
use crate::usage::refused;
use asdf_archive::read::{Bounds, Catalogue, Keep, Rows};
use asdf_archive::schema::{self, LEAF};
use asdf_core::{Result, TreePath};
use place::{Cone, Period, Region};
use std::path::PathBuf;

/// Where rows come from in place of files, and which of them.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Catalogues")]
pub(super) struct FromArgs {
    /// The rows of a catalogue that `asdf index` made: columns are those of the catalogue, or paths of trees
    #[arg(long, value_name = "CATALOGUE", conflicts_with_all = ["files", "arrays"])]
    pub(super) from: Option<PathBuf>,
    /// Only files whose footprint touches this circle, in degrees (ICRS)
    #[arg(
        long,
        value_name = "RA,DEC,RADIUS",
        requires = "from",
        allow_hyphen_values = true
    )]
    cone: Option<Cone>,
    /// Only files whose footprint touches this polygon: POLYGON ICRS RA DEC RA DEC ...
    #[arg(long, value_name = "POLYGON", requires = "from")]
    region: Option<Region>,
    /// Only files that were taken within this time: dates or modified Julian dates, either of which may be left out
    #[arg(long, value_name = "FROM..TO", requires = "from")]
    time: Option<Period>,
}

/// What is read to know whether a row may be wanted: few bytes each.
const PLACE: [&str; 5] = ["s_ra", "s_dec", "s_fov", "t_min", "t_max"];

impl FromArgs {
    /// The rows for which `holds` is true, with what of the columns nobody has.
    ///
    /// # Errors
    /// It is not a catalogue, or cannot be read; a column is a card.
    pub(super) fn rows(
        &self,
        columns: &[Column],
        holds: &dyn Fn(&Row) -> bool,
        context: &Context,
    ) -> Result<(Vec<Row>, Vec<usize>)> {
        let Some(path) = &self.from else {
            return Ok((Vec::new(), Vec::new()));
        };
        let catalogue = Catalogue::open(path)?;
        let known = catalogue.columns();
        let mut wanted: Vec<(Option<usize>, String, &schema::Column)> = Vec::new();
        let mut missing = Vec::new();
        for (number, column) in columns.iter().enumerate() {
            let found = find(column, &known)?;
            if found.is_empty() {
                missing.push(number);
            }
            // What a pattern finds is known by the pattern's number.
            let is_found = matches!(column.place, Place::Pattern(_)) && !column.is_alias;
            let pattern = is_found.then_some(number);
            let found = found.into_iter();
            wanted.extend(found.map(|(name, known)| (pattern, name, known)));
        }
        let mut names = vec!["access_url", "s_region"];
        names.extend(wanted.iter().map(|(_, _, column)| column.name.as_str()));
        let is_near = |rows: &Rows<'_>, row: usize| self.may_be(rows, row);
        let is_limited = self.cone.is_some() || self.region.is_some() || self.time.is_some();
        let keep = Keep {
            columns: &PLACE,
            groups: &|bounds| self.may_hold(bounds),
            rows: &is_near,
        };
        let mut out = Vec::new();
        catalogue.scan(&names, is_limited.then_some(keep), |rows| {
            for number in 0..rows.len {
                if !self.touches(rows.text(1, number)) {
                    continue;
                }
                let mut row = Row::new(rows.text(0, number).unwrap_or_default().into());
                for (place, (pattern, name, column)) in wanted.iter().enumerate() {
                    let cell = rows.cell(place + 2, number).map_or(Cell::Empty, cell);
                    match pattern {
                        Some(pattern) => {
                            row.set_found(*pattern, name.clone(), cell, column.unit.clone());
                        }
                        None => row.set(name, cell, column.unit.clone()),
                    }
                }
                if holds(&row) {
                    out.push(row);
                }
            }
            Ok(())
        })?;
        context.explain_file(path, &format!("{} parts", catalogue.names().len()));
        Ok((out, missing))
    }

    /// Whether the numbers of a row group do not rule all of its rows out.
    fn may_hold(&self, bounds: &dyn Fn(&str) -> Bounds) -> bool {
        let circles = [
            self.cone.as_ref().map(Cone::circle),
            self.region.as_ref().map(Region::circle),
        ];
        let place = [bounds("s_ra"), bounds("s_dec"), bounds("s_fov")];
        let mut circles = circles.into_iter().flatten();
        let is_in_time = self.time.as_ref().is_none_or(|time| {
            // A file without an end was taken at its start, and the other way round.
            let (start, end) = (bounds("t_min"), bounds("t_max"));
            match (start, end) {
                (Bounds::Empty, Bounds::Empty) => false,
                (Bounds::Within(a, b), Bounds::Within(c, d)) => {
                    time.overlaps(Some(a.min(c)), Some(b.max(d)))
                }
                _ => true,
            }
        });
        is_in_time && circles.all(|circle| place::may_be_near(circle, place))
    }

    /// Whether the numbers of a row do not rule it out.
    fn may_be(&self, rows: &Rows<'_>, row: usize) -> bool {
        let number = |column| rows.number(column, row);
        let circle = || Some([number(0)?, number(1)?, number(2)? / 2.0]);
        let is_in_time = self
            .time
            .as_ref()
            .is_none_or(|time| time.overlaps(number(3), number(4)));
        let is_near = |other: [f64; 3]| circle().is_some_and(|own| place::near(own, other));
        is_in_time
            && self.cone.as_ref().is_none_or(|cone| is_near(cone.circle()))
            && self
                .region
                .as_ref()
                .is_none_or(|region| is_near(region.circle()))
    }

    /// Whether a footprint is where it is to be.
    fn touches(&self, footprint: Option<&str>) -> bool {
        if self.cone.is_none() && self.region.is_none() {
            return true;
        }
        let Some(own) = footprint.and_then(asdf_core::wcs::SkyRegion::parse) else {
            return false;
        };
        self.cone.as_ref().is_none_or(|cone| cone.touches(&own))
            && self
                .region
                .as_ref()
                .is_none_or(|region| region.touches(&own))
    }
}

/// The columns of a catalogue that a column of the table stands for, with the names that they have in it.
fn find<'c>(
    column: &Column,
    known: &'c [schema::Column],
) -> Result<Vec<(String, &'c schema::Column)>> {
    match &column.place {
        Place::Path(path) => {
            let (text, pointer) = (path.to_string(), path.as_path());
            let pointer = pointer.map(|path| path.to_string());
            let named = |known: &&schema::Column| {
                known.name == text || known.name == format!("{LEAF}{text}")
            };
            let own = known.iter().find(named);
            let by_path = |known: &&schema::Column| known.path.is_some() && known.path == pointer;
            let own = own.or_else(|| known.iter().find(by_path));
            Ok(own
                .map(|own| (column.name().to_owned(), own))
                .into_iter()
                .collect())
        }
        Place::Pattern(pattern) => {
            let fits = |known: &&schema::Column| {
                let path = known
                    .path
                    .as_deref()
                    .and_then(|path| TreePath::parse(path).ok());
                path.is_some_and(|path| pattern.matches(&path))
            };
            let found = known.iter().filter(fits);
            let found = found.filter_map(|known| Some((known.path.clone()?, known)));
            let mut found: Vec<(String, &schema::Column)> = found.collect();
            if let ([first, second, ..], true) = (found.as_slice(), column.is_alias) {
                let reason = format!(
                    "`{}` is one column, and there are several nodes for it: {}, {}",
                    column.name(),
                    first.0,
                    second.0
                );
                return Err(refused(reason));
            }
            if column.is_alias {
                for found in &mut found {
                    column.name().clone_into(&mut found.0);
                }
            }
            Ok(found)
        }
        Place::Card(hdu, keyword) => {
            let reason = format!("a catalogue has no cards: {hdu}:{keyword} is read of files only");
            Err(refused(reason))
        }
    }
}

/// A value of a catalogue as one of a table.
fn cell(cell: &schema::Cell) -> Cell {
    match cell {
        schema::Cell::Bool(value) => Cell::Bool(*value),
        schema::Cell::Int(value) => Cell::Int((*value).into()),
        schema::Cell::Float(value) => Cell::Float(*value),
        other => Cell::Text(other.text()),
    }
}
