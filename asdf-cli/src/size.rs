//! Sizes for people.

pub(crate) use asdf_core::human_bytes as human;
