//! A budget was exceeded.

use super::Error;
use std::fmt;

/// A limit with what was asked of it; raise it in [`crate::Limits`] or with `--limit NAME=VALUE`, unless it is fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitExceeded {
    /// What is being counted, for people.
    pub what: &'static str,
    /// The limit's name, as in [`crate::Limits`], or [`LimitExceeded::FIXED`].
    pub name: &'static str,
    /// What the file asks for (a lower bound when counting stopped).
    pub needed: u64,
    /// What is allowed.
    pub allowed: u64,
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            name,
            needed,
            allowed,
        } = self;
        if self.is_fixed() {
            write!(f, "{what} would be {needed}, the fixed limit is {allowed}")
        } else {
            write!(f, "{what} would be {needed}, limit `{name}` is {allowed}")
        }
    }
}

impl std::error::Error for LimitExceeded {}

impl LimitExceeded {
    /// Stands for the name of a limit that cannot be raised.
    pub const FIXED: &'static str = "";

    /// True when it cannot be raised.
    pub fn is_fixed(&self) -> bool {
        self.name == Self::FIXED
    }

    /// An error when more is needed than allowed.
    pub(crate) fn check(
        what: &'static str,
        name: &'static str,
        needed: u64,
        allowed: u64,
    ) -> Result<(), Error> {
        let fact = Self {
            what,
            name,
            needed,
            allowed,
        };
        if needed <= allowed {
            Ok(())
        } else {
            Err(fact.into())
        }
    }

    /// The same for a limit that cannot be raised.
    pub(crate) fn fixed(what: &'static str, needed: u64, allowed: u64) -> Result<(), Error> {
        Self::check(what, Self::FIXED, needed, allowed)
    }
}
