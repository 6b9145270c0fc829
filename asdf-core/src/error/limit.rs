//! A budget was exceeded.

use super::Error;

/// A limit with what was asked of it; raise it in [`crate::Limits`] or with `--limit NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} would be {needed}, limit `{name}` is {allowed}")]
pub struct LimitExceeded {
    /// What is being counted, for people.
    pub what: &'static str,
    /// The limit's name, as in [`crate::Limits`].
    pub name: &'static str,
    /// What the file asks for (a lower bound when counting stopped).
    pub needed: u64,
    /// What is allowed.
    pub allowed: u64,
}

impl LimitExceeded {
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
}
