//! A budget was exceeded.

use super::Error;
use crate::limits::Limit;
use std::fmt;

/// A limit with what was asked of it; raise it in [`Limits`](crate::limits::Limits) or with `--limit NAME=VALUE`, unless it
/// is fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitExceeded {
    /// What is being counted, for people.
    pub what: &'static str,
    /// The limit, or `None` for one that cannot be raised.
    pub limit: Option<Limit>,
    /// What the file asks for (a lower bound when counting stopped).
    pub needed: u64,
    /// What is allowed.
    pub allowed: u64,
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            limit,
            needed,
            allowed,
        } = self;
        match limit {
            Some(limit) => write!(f, "{what} would be {needed}, limit `{limit}` is {allowed}"),
            None => write!(f, "{what} would be {needed}, the fixed limit is {allowed}"),
        }
    }
}

impl std::error::Error for LimitExceeded {}

impl LimitExceeded {
    /// The one constructor: of a limit that can be raised, or of a fixed one (`None`).
    pub(crate) fn new(
        what: &'static str,
        limit: impl Into<Option<Limit>>,
        needed: u64,
        allowed: u64,
    ) -> Self {
        Self {
            what,
            limit: limit.into(),
            needed,
            allowed,
        }
    }

    /// True when it cannot be raised.
    pub fn is_fixed(&self) -> bool {
        self.limit.is_none()
    }

    /// An error when more is needed than allowed.
    pub(crate) fn check(
        what: &'static str,
        limit: impl Into<Option<Limit>>,
        needed: u64,
        allowed: u64,
    ) -> Result<(), Error> {
        if needed <= allowed {
            Ok(())
        } else {
            Err(Self::new(what, limit, needed, allowed).into())
        }
    }

    /// The same for a limit that cannot be raised.
    pub(crate) fn fixed(what: &'static str, needed: u64, allowed: u64) -> Result<(), Error> {
        Self::check(what, None, needed, allowed)
    }

    /// The same for a limit that can be raised up to `most`, where numbers of the library end.
    pub(crate) fn capped(
        what: &'static str,
        (limit, allowed): (Limit, u64),
        needed: u64,
        most: u64,
    ) -> Result<(), Error> {
        let limit = Some(limit).filter(|_| allowed <= most);
        Self::check(what, limit, needed, allowed.min(most))
    }
}
