//! A budget was exceeded.

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
