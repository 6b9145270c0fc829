//! Units of what conditions compare.

use super::rows::Row;
use crate::columns::Expr;
use crate::context::Context;
use asdf_core::tagged::UnitName;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The units that the values of names have which are compared with written values.
pub(super) struct Units<'e> {
    compared: Vec<(&'e str, Option<String>)>,
    /// In the order of the names; `None` for numbers without a unit.
    met: Mutex<Vec<BTreeSet<Option<String>>>>,
}

impl<'e> Units<'e> {
    pub(super) fn new(condition: Option<&'e Expr>) -> Self {
        let compared = condition.map(Expr::units).unwrap_or_default();
        let met = Mutex::new(vec![BTreeSet::new(); compared.len()]);
        Self { compared, met }
    }

    /// Notes the units of rows.
    pub(super) fn note(&self, rows: &[Row]) {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        for ((name, _), met) in self.compared.iter().zip(met.iter_mut()) {
            for row in rows {
                let valued = row.valued(name);
                if valued.cell.number().is_some() && !met.contains(&valued.unit) {
                    met.insert(valued.unit);
                }
            }
        }
    }

    /// Tells where numbers of several units are compared with one that has none, and where a unit does not convert.
    pub(super) fn complain(&self, context: &Context) {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = BTreeSet::new();
        for ((name, wanted), met) in self.compared.iter().zip(met.iter()) {
            let text = match wanted {
                None if met.len() > 1 => {
                    let units = met.iter().map(|unit| unit.as_deref().unwrap_or("none"));
                    let units: Vec<&str> = units.collect();
                    format!(
                        "{name} has several units ({}), and its numbers are compared as they stand; a text such as \"2 m\" converts",
                        units.join(", ")
                    )
                }
                Some(wanted) => {
                    let converts = |unit: &&String| UnitName::new(wanted).factor_to(unit).is_err();
                    let Some(unit) = met.iter().flatten().find(converts) else {
                        continue;
                    };
                    format!(
                        "{name} has the unit `{unit}`, into which `{wanted}` does not convert: such values fit no comparison"
                    )
                }
                None => continue,
            };
            if told.insert(text.clone()) {
                context.caution(&text);
            }
        }
    }
}
