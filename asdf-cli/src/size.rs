//! Sizes for people.

pub(crate) use asdf_core::inspect::human_bytes as human;
