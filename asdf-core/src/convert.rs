//! A tree or an array in another format.

mod json;

pub use json::{References, float_json, write_json};
