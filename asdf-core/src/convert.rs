//! A tree or an array in another format.

mod json;
mod json_read;
mod json_text;
mod yaml;

pub use json::{References, write_json};
pub use json_read::read_json;
pub use yaml::write_yaml;
