//! Units that are compared with numbers that have none, and those that do not convert.

use super::{Expr, Valued};
use crate::context::Context;
use asdf_core::tagged::UnitName;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// What the values of a name are compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Against {
    /// A number without a unit.
    Number,
    /// A value in this unit.
    Unit(String),
    /// One another, to sort them.
    Others,
}

/// The units that the values of names have which are compared.
#[derive(Debug)]
pub(crate) struct Units<'e> {
    compared: Vec<(&'e str, Against)>,
    /// In the order of the names; `None` for numbers without a unit.
    met: Mutex<Vec<BTreeSet<Option<String>>>>,
}

impl<'e> Units<'e> {
    /// Of a condition, and of the columns that rows are sorted by.
    pub(crate) fn new(condition: Option<&'e Expr>, orders: &'e [String]) -> Self {
        let compared = condition.map(Expr::units).unwrap_or_default();
        let against = |unit: Option<String>| unit.map_or(Against::Number, Against::Unit);
        let compared = compared
            .into_iter()
            .map(|(name, unit)| (name, against(unit)));
        let sorted = orders.iter().map(|name| (name.as_str(), Against::Others));
        let compared: Vec<_> = compared.chain(sorted).collect();
        let met = Mutex::new(vec![BTreeSet::new(); compared.len()]);
        Self { compared, met }
    }

    /// Notes the units of the values that the names have.
    pub(crate) fn note(&self, value: &dyn Fn(&str) -> Valued) {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        for ((name, _), met) in self.compared.iter().zip(met.iter_mut()) {
            let valued = value(name);
            if valued.cell.number().is_some() && !met.contains(&valued.unit) {
                met.insert(valued.unit);
            }
        }
    }

    /// Tells where numbers of several units are compared as they stand, and where a unit does not convert.
    pub(crate) fn complain(&self, context: &Context) {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = BTreeSet::new();
        for ((name, against), met) in self.compared.iter().zip(met.iter()) {
            let units = || {
                let units = met.iter().map(|unit| unit.as_deref().unwrap_or("none"));
                units.collect::<Vec<_>>().join(", ")
            };
            let text = match against {
                Against::Number if met.len() > 1 => format!(
                    "{name} has several units ({}), and its numbers are compared as they stand; a text such as \"2 m\" converts",
                    units()
                ),
                Against::Others if met.len() > 1 => format!(
                    "{name} has several units ({}), and its numbers are sorted as they stand",
                    units()
                ),
                Against::Unit(wanted) => {
                    let converts = |unit: &&String| UnitName::new(wanted).factor_to(unit).is_err();
                    let Some(unit) = met.iter().flatten().find(converts) else {
                        continue;
                    };
                    format!(
                        "{name} has the unit `{unit}`, into which `{wanted}` does not convert: such values fit no comparison"
                    )
                }
                Against::Number | Against::Others => continue,
            };
            if told.insert(text.clone()) {
                context.caution(&text);
            }
        }
    }
}
