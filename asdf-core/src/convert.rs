//! A tree or an array in another format.

mod json;
mod yaml;

pub use json::{References, write_json};
pub use yaml::write_yaml;
